"""Does one thing with a profile of Threads at a Graph server with an independent client and prints what came of it as JSON: reads
it as somebody else's program would, or makes one post of each kind.

    python client.py '{"act": "posts", "server": "http://localhost:3000", "token": "…", "profile": "1"}'
"""

import hashlib
import json
import sys
import time
import urllib.request

from pyfacebook import ThreadsGraphAPI

order = json.loads(sys.argv[1])
threads = ThreadsGraphAPI(access_token=order["token"], version="v1.0", base_url=order["server"].rstrip("/") + "/")
profile = order["profile"]
FIELDS = "id,text,media_type,permalink,timestamp,username,reply_audience,topic_tag,link_attachment_url"


def posts():
    listed = threads.get_connection(profile, "threads", fields="id", limit=100)["data"]
    return [threads.get_object(one["id"], fields=FIELDS) for one in listed]


def answers():
    """What the profile published as an answer, each with what it answers."""
    listed = threads.get_connection(profile, "replies", fields="id,text,replied_to", limit=100)["data"]
    return [{"id": one["id"], "text": one["text"], "above": one["replied_to"]["id"]} for one in listed]


def publish(**container):
    made = finished(threads.post_object(profile, connection="threads", data=container)["id"])
    return threads.post_object(profile, connection="threads_publish", data={"creation_id": made})["id"]


def finished(container):
    while (said := threads.get_object(container, fields="status")["status"]) != "FINISHED":
        assert said == "IN_PROGRESS", said
        time.sleep(0.1)
    return container


def make():
    """A text and a picture; and a second text that is taken down."""
    made = [
        publish(media_type="TEXT", text="Text alone."),
        publish(media_type="IMAGE", text="One picture.", image_url=order["server"] + "/sample.png"),
    ]
    threads.delete_object(publish(media_type="TEXT", text="To be taken down."))
    return made


def more():
    """A thread of two, to which only who is mentioned may reply and that is filed under a topic; and a card."""
    first = publish(media_type="TEXT", text="Part one.", reply_control="mentioned_only", topic_tag="Water")
    second = publish(media_type="TEXT", text="Part two.", reply_to_id=first)
    return [first, second, publish(media_type="TEXT", text="A card.", link_attachment="https://town.example/")]


def film():
    """A video, once it is ready."""
    return [publish(media_type="VIDEO", text="One video.", video_url=order["film"], alt_text="A parade.")]


def mixed():
    """A video and a picture in one carousel."""
    film = {"media_type": "VIDEO", "video_url": order["film"]}
    picture = {"media_type": "IMAGE", "image_url": order["server"] + "/sample.png"}
    parts = [{**part, "is_carousel_item": "true"} for part in (film, picture)]
    items = [threads.post_object(profile, connection="threads", data=part) for part in parts]
    children = ",".join(finished(item["id"]) for item in items)
    return [publish(media_type="CAROUSEL", text="A film and a picture.", children=children)]


def films():
    found = []
    for one in threads.get_connection(profile, "threads", fields="id", limit=100)["data"]:
        post = threads.get_object(one["id"], fields="id,text,media_type,media_url,alt_text")
        assert post["media_type"] == "VIDEO", post
        with urllib.request.urlopen(post["media_url"]) as answer:
            sha256 = hashlib.sha256(answer.read()).hexdigest()
        found.append({"id": post["id"], "text": post["text"], "alt": post["alt_text"], "sha256": sha256})
    return found


def albums():
    """Carousels, each with what it is made of in its order."""
    found = []
    for one in threads.get_connection(profile, "threads", fields="id,text,media_type,children", limit=100)["data"]:
        assert one["media_type"] == "CAROUSEL_ALBUM", one
        rows = [threads.get_object(row["id"], fields="media_type,media_url,alt_text") for row in one["children"]["data"]]
        items = []
        for row in rows:
            with urllib.request.urlopen(row["media_url"]) as answer:
                sha256 = hashlib.sha256(answer.read()).hexdigest()
            items.append({"kind": row["media_type"], "sha256": sha256})
        found.append({"text": one["text"], "items": items})
    return found


acts = {"posts": posts, "answers": answers, "make": make, "more": more, "film": film, "films": films, "albums": albums}
print(json.dumps({**acts, "mixed": mixed}[order["act"]]()))

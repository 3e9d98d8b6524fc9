"""Does one thing with a profile of Threads at a Graph server with an independent client and prints what came of it as JSON: reads
it as somebody else's program would, or makes one post of each kind.

    python client.py '{"act": "posts", "server": "http://localhost:3000", "token": "…", "profile": "1"}'
"""

import json
import sys

from pyfacebook import ThreadsGraphAPI

order = json.loads(sys.argv[1])
threads = ThreadsGraphAPI(access_token=order["token"], version="v1.0", base_url=order["server"].rstrip("/") + "/")
profile = order["profile"]
FIELDS = "id,text,media_type,permalink,timestamp,username"


def posts():
    listed = threads.get_connection(profile, "threads", fields="id", limit=100)["data"]
    return [threads.get_object(one["id"], fields=FIELDS) for one in listed]


def publish(**container):
    made = threads.post_object(profile, connection="threads", data=container)
    return threads.post_object(profile, connection="threads_publish", data={"creation_id": made["id"]})["id"]


def make():
    """A text and a picture; and a second text that is taken down."""
    made = [
        publish(media_type="TEXT", text="Text alone."),
        publish(media_type="IMAGE", text="One picture.", image_url=order["server"] + "/sample.png"),
    ]
    threads.delete_object(publish(media_type="TEXT", text="To be taken down."))
    return made


print(json.dumps({"posts": posts, "make": make}[order["act"]]()))

"""Does one thing with an account of Instagram at a Graph server with Meta's own client and prints what came of it as JSON: reads
it as somebody else's program would, with the pictures' bytes by their hash, or makes one post of each kind.

    python client.py '{"act": "posts", "server": "http://localhost:3000", "app": ["1", "secret"], "token": "…", "account": "1"}'
"""

import hashlib
import json
import sys
import time
import urllib.request

from facebook_business.adobjects.igmedia import IGMedia
from facebook_business.adobjects.iguser import IGUser
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession

order = json.loads(sys.argv[1])
FacebookSession.GRAPH = order["server"]
api = FacebookAdsApi.init(*order["app"], order["token"], api_version="v25.0", crash_log=False)
account = IGUser(order["account"])


def picture(found):
    with urllib.request.urlopen(found["media_url"]) as answer:
        return {"alt": found.get("alt_text"), "sha256": hashlib.sha256(answer.read()).hexdigest()}


def shown(media):
    fields = ["id", "media_type", "media_url", "alt_text"]
    whole = IGMedia(media["id"]).api_get(fields=[*fields, "caption", "permalink", "timestamp"])
    if whole["media_type"] == "CAROUSEL_ALBUM":
        pictures = [picture(one) for one in IGMedia(media["id"]).get_children(fields=fields)]
    else:
        pictures = [picture(whole)]
    return {"id": whole["id"], "caption": whole["caption"], "permalink": whole["permalink"], "pictures": pictures}


def posts():
    return [shown(media) for media in account.get_media(fields=["id"], params={"limit": 100})]


def make():
    """One picture, and a carousel."""
    address = order["picture"]
    one = account.create_media(params={"image_url": address, "caption": "One picture.", "alt_text": "A square."})
    children = [account.create_media(params={"image_url": address, "is_carousel_item": True})["id"] for _ in range(3)]
    carousel = account.create_media(params={"media_type": "CAROUSEL", "children": children, "caption": "Three pictures."})
    return [account.create_media_publish(params={"creation_id": each["id"]})["id"] for each in (one, carousel)]


def more():
    """A picture that two others are invited to share, with a comment of the account's own below it; a story; and a picture that is
    taken down."""
    address = order["picture"]
    shared = account.create_media(params={"image_url": address, "caption": "Shared.", "collaborators": ["one", "two.2"]})
    post = IGMedia(account.create_media_publish(params={"creation_id": shared["id"]})["id"])
    comment = post.create_comment(params={"message": "By the account itself."})
    told = account.create_media(params={"media_type": "STORIES", "image_url": address})
    story = account.create_media_publish(params={"creation_id": told["id"]})
    other = account.create_media(params={"image_url": address, "caption": "To be taken down."})
    IGMedia(account.create_media_publish(params={"creation_id": other["id"]})["id"]).api_delete()
    return [post["id"], comment["id"], story["id"]]


def film():
    """A reel, once it is ready."""
    made = account.create_media(params={"media_type": "REELS", "video_url": order["picture"], "caption": "One video."})["id"]
    return [account.create_media_publish(params={"creation_id": finished(made)})["id"]]


def finished(container):
    while (said := api.call("GET", (container,), params={"fields": "status_code"}).json()["status_code"]) != "FINISHED":
        assert said == "IN_PROGRESS", said
        time.sleep(0.1)
    return container


def mixed():
    """A video and a picture in one carousel; the addresses of both stand with a space between."""
    video, picture = order["picture"].split()
    item = {"is_carousel_item": True}
    film = account.create_media(params={"media_type": "VIDEO", "video_url": video, **item})["id"]
    children = [finished(film), account.create_media(params={"image_url": picture, **item})["id"]]
    whole = account.create_media(params={"media_type": "CAROUSEL", "children": children, "caption": "A film and a picture."})
    return [account.create_media_publish(params={"creation_id": finished(whole["id"])})["id"]]


def films():
    fields = ["id", "media_type", "media_product_type", "media_url", "caption"]
    found = []
    for media in account.get_media(fields=fields, params={"limit": 100}):
        assert (media["media_type"], media["media_product_type"]) == ("VIDEO", "REELS"), media
        with urllib.request.urlopen(media["media_url"]) as answer:
            sha256 = hashlib.sha256(answer.read()).hexdigest()
        found.append({"id": media["id"], "caption": media["caption"], "sha256": sha256})
    return found


def comments():
    """What stands below the account's media, and by whom."""
    found = []
    for media in account.get_media(fields=["id"], params={"limit": 100}):
        for one in IGMedia(media["id"]).get_comments(fields=["id", "text", "username"]):
            found.append({"below": media["id"], "id": one["id"], "words": one["text"], "by": one["username"]})
    return found


def invited():
    """Who is invited to share each of them."""
    ids = [media["id"] for media in account.get_media(fields=["id"], params={"limit": 100})]
    rows = {one: api.call("GET", (one, "collaborators")).json()["data"] for one in ids}
    return [{"below": one, "names": [row["username"] for row in rows[one]]} for one in ids]


def stories():
    fields = ["id", "media_product_type", "media_url", "permalink"]
    found = []
    for media in account.get_stories(fields=fields):
        with urllib.request.urlopen(media["media_url"]) as answer:
            sha256 = hashlib.sha256(answer.read()).hexdigest()
        found.append({"id": media["id"], "kind": media["media_product_type"], "sha256": sha256})
    return found


def albums():
    """Carousels, each with what it is made of in its order."""
    found = []
    for media in account.get_media(fields=["id", "media_type", "caption"], params={"limit": 100}):
        assert media["media_type"] == "CAROUSEL_ALBUM", media
        items = []
        for one in IGMedia(media["id"]).get_children(fields=["media_type", "media_url"]):
            with urllib.request.urlopen(one["media_url"]) as answer:
                sha256 = hashlib.sha256(answer.read()).hexdigest()
            items.append({"kind": one["media_type"], "sha256": sha256})
        found.append({"caption": media["caption"], "items": items})
    return found


acts = {"albums": albums, "comments": comments, "invited": invited, "mixed": mixed, "more": more, "stories": stories}
print(json.dumps({**acts, "posts": posts, "make": make, "film": film, "films": films}[order["act"]]()))

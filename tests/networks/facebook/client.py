"""Does one thing at a Graph server with Meta's own client and prints what came of it as JSON: reads a page as somebody
else's program would, with the pictures' bytes by their hash, or makes one post of each kind.

    python client.py '{"act": "posts", "server": "http://localhost:3000", "app": ["1", "secret"], "token": "…", "page": "1"}'
"""

import hashlib
import json
import sys
import tempfile
import time
import urllib.request

from facebook_business.adobjects.advideo import AdVideo
from facebook_business.adobjects.comment import Comment
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.pagepost import PagePost
from facebook_business.adobjects.photo import Photo
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession

order = json.loads(sys.argv[1])
FacebookSession.GRAPH = order["server"]
api = FacebookAdsApi.init(*order["app"], order["token"], api_version="v25.0", crash_log=False)
page = Page(order["page"])

# A picture of one white point.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082"
)

SRT = "1\n00:00:00,500 --> 00:00:01,000\nBy another program.\n".encode()


def photo(identity):
    found = Photo(identity).api_get(fields=["id", "alt_text_custom", "images"])
    with urllib.request.urlopen(found["images"][0]["source"]) as answer:
        return {"alt": found["alt_text_custom"], "sha256": hashlib.sha256(answer.read()).hexdigest()}


def attached(post):
    """The pictures of a post, one or an album, and the link of its card."""
    pictures, card = [], None
    for one in post.get_attachments():
        if one.get("type") == "album":
            pictures += [photo(each["target"]["id"]) for each in one["subattachments"]["data"]]
        elif one.get("type") == "photo":
            pictures.append(photo(one["target"]["id"]))
        else:
            card = one.get("unshimmed_url")
    return pictures, card


def shown(post):
    found = PagePost(post["id"]).api_get(fields=["id", "message", "created_time", "permalink_url", "is_published"])
    pictures, card = attached(PagePost(post["id"]))
    said = {name: found.get(name) for name in ("id", "message", "created_time", "permalink_url", "is_published")}
    return {**said, "pictures": pictures, "card": card}


def posts():
    return [shown(post) for post in page.get_published_posts(fields=["id"], params={"limit": 100})]


def upload(alt):
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(PNG)
        file.seek(0)
        fields = {"published": "false", "alt_text_custom": alt}
        # The client has no word for a file that goes along with a picture; its transport does.
        files = {"source": ("picture.png", file, "image/png")}
        return api.call("POST", (page.get_id(), "photos"), params=fields, files=files).json()["id"]


def make():
    """A post of each kind; then the first is edited and the last is taken down."""
    made = [
        page.create_feed(params={"message": "Text alone."}),
        page.create_feed(params={"message": "With a card.", "link": "https://town.example/"}),
    ]
    for count in (1, 3):
        photos = [{"media_fbid": upload(f"Picture {place}.")} for place in range(count)]
        made.append(page.create_feed(params={"message": f"{count} pictures.", "attached_media": photos}))
    made.append(page.create_feed(params={"message": "To be taken down."}))
    PagePost(made[0]["id"]).api_update(params={"message": "Text alone, corrected."})
    PagePost(made[-1]["id"]).api_delete()
    return [post["id"] for post in made]


def film():
    """A video that is seen by nobody until it is ready; then its words are changed."""
    given = {"file_url": order["film"], "description": "One video.", "published": False}
    video = AdVideo(page.create_video(params=given)["id"])
    while (said := video.api_get(fields=["status"])["status"]["video_status"]) != "ready":
        assert said == "processing", said
        time.sleep(0.1)
    video.api_update(params={"published": True})
    video.api_update(params={"description": "One video, corrected."})
    return [video["id"]]


def reel():
    """A reel: begun, given, told to be shown, out by itself; then its words are changed."""
    begun = page.create_video_reel(params={"upload_phase": "start"})
    give(begun)
    video = AdVideo(begun["video_id"])
    until(video, "uploading_phase")
    told = {"upload_phase": "finish", "video_id": video["id"], "video_state": "PUBLISHED", "description": "One reel."}
    # The client raises on a no, and keeps nothing of a bare yes.
    page.create_video_reel(params=told)
    until(video, "publishing_phase")
    video.api_update(params={"description": "One reel, corrected."})
    return [video["id"]]


def give(begun):
    """Has the film fetched for what was begun: no interface of Graph."""
    headers = {"Authorization": f"OAuth {order['token']}", "file_url": order["film"]}
    urllib.request.urlopen(urllib.request.Request(begun["upload_url"], method="POST", headers=headers)).close()


def until(video, phase):
    while (said := video.api_get(fields=["status"])["status"])[phase]["status"] != "complete":
        assert said["video_status"] not in ("error", "expired", "upload_failed"), said
        time.sleep(0.1)


def films():
    return read(page.get_videos)


def reels():
    return read(page.get_video_reels)


def read(edge):
    found = []
    for video in edge(fields=["id", "description", "published", "source", "permalink_url"]):
        with urllib.request.urlopen(video["source"]) as answer:
            sha256 = hashlib.sha256(answer.read()).hexdigest()
        said = {name: video[name] for name in ("id", "description", "published", "permalink_url")}
        found.append({**said, "sha256": sha256})
    return found


def captions():
    """The captions of the page's videos, with their words."""
    found = []
    for video in page.get_videos(fields=["id"]):
        for one in AdVideo(video["id"]).get_captions(fields=["locale", "uri"]):
            with urllib.request.urlopen(one["uri"]) as answer:
                found.append({"video": video["id"], "locale": one["locale"], "words": answer.read().decode()})
    return found


def caption():
    """Captions for each of the page's videos."""
    videos = list(page.get_videos(fields=["id"]))
    with tempfile.NamedTemporaryFile(suffix=".srt") as file:
        file.write(SRT)
        for video in videos:
            file.seek(0)
            # As with pictures, the file goes by the client's transport.
            files = {"captions_file": ("words.es_ES.srt", file, "application/x-subrip")}
            said = api.call("POST", (video["id"], "captions"), params={"default_locale": "none"}, files=files).json()
            assert said == {"success": True}, said
    return [video["id"] for video in videos]


def comments():
    """What stands below the page's posts and videos."""
    found = []
    nodes = [PagePost(post["id"]) for post in page.get_published_posts(fields=["id"])]
    for node in nodes + [AdVideo(video["id"]) for video in page.get_videos(fields=["id"])]:
        for one in node.get_comments(fields=["id", "message", "from"], params={"filter": "toplevel"}):
            found.append({"below": node["id"], "id": one["id"], "words": one["message"], "by": one["from"]["id"]})
    return found


def comment():
    """One below each post, by the page itself."""
    said = {"message": "By the page itself."}
    posts = page.get_published_posts(fields=["id"])
    made = [PagePost(post["id"]).create_comment(params=said) for post in posts]
    assert all(isinstance(one, Comment) for one in made), made
    return [one["id"] for one in made]


def story():
    """A picture and a video that are shown for a day: each is given first, and then shown."""
    page.create_photo_story(params={"photo_id": upload("Not shown.")})
    begun = page.create_video_story(params={"upload_phase": "start"})
    give(begun)
    until(AdVideo(begun["video_id"]), "uploading_phase")
    page.create_video_story(params={"upload_phase": "finish", "video_id": begun["video_id"]})
    return [begun["video_id"]]


def stories():
    """The page's stories, as they are listed."""
    return api.call("GET", (page.get_id(), "stories")).json()["data"]


acts = {"comments": comments, "comment": comment, "story": story, "stories": stories, "reel": reel, "reels": reels}
print(json.dumps({**acts, "caption": caption, "posts": posts, "make": make, "film": film, "films": films, "captions": captions}[order["act"]]()))

"""Does one thing at an interface like X's with X's own client and prints what came of it as JSON: reads an account's posts
as somebody else's program would, with the pictures' bytes by their hash, or makes one of each kind and takes one down, or a thread to
which nobody but those mentioned may reply.

    python client.py '{"act": "posts", "server": "http://localhost:3000", "token": "…"}'
"""

import base64
import hashlib
import json
import sys
import time
import urllib.request

from xdk import Client

order = json.loads(sys.argv[1])
client = Client(base_url=order["server"], access_token=order["token"])

# A picture of one white point.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082"
)


def plain(found):
    return found.model_dump(exclude_none=True) if hasattr(found, "model_dump") else found


def fetched(medium):
    with urllib.request.urlopen(medium["url"]) as answer:
        return {"alt": medium["alt_text"], "sha256": hashlib.sha256(answer.read()).hexdigest()}


def posts():
    me = plain(client.users.get_me())["data"]
    pages = client.users.get_posts(
        me["id"],
        max_results=20,
        post_fields=["created_at", "entities", "text", "attachments", "conversation_id", "reply_settings"],
        expansions=["attachments.media_keys", "attachments.poll_ids"],
        media_fields=["url", "alt_text"],
        poll_fields=["options", "duration_minutes"],
    )
    page = plain(next(iter(pages)))
    media = {one["media_key"]: one for one in page.get("includes", {}).get("media", [])}
    polls = {one["id"]: one for one in page.get("includes", {}).get("polls", [])}
    found = []
    for post in page.get("data", []):
        keys = post.get("attachments", {}).get("media_keys", [])
        pictures = [fetched(media[key]) for key in keys]
        shown = {"id": post["id"], "text": post["text"], "pictures": pictures, "root": post.get("conversation_id")}
        asked = [polls[name] for name in post.get("attachments", {}).get("poll_ids", [])]
        polled = [{"minutes": one["duration_minutes"], "answers": [answer["label"] for answer in one["options"]]} for one in asked]
        found.append({**shown, "replies": post.get("reply_settings"), "poll": polled[0] if polled else None})
    return found


def make():
    text = plain(client.posts.create({"text": "Text alone."}))["data"]
    body = {"media": base64.b64encode(PNG).decode(), "media_category": "tweet_image"}
    medium = plain(client.media.upload(body))["data"]["id"]
    client.media.create_metadata({"id": medium, "metadata": {"alt_text": {"text": "A point."}}})
    pictured = plain(client.posts.create({"text": "One picture.", "media": {"media_ids": [medium]}}))["data"]
    gone = plain(client.posts.create({"text": "Not for long."}))["data"]
    client.posts.delete(gone["id"])
    return [text["id"], pictured["id"], plain(client.posts.get_by_id(text["id"]))["data"]["text"]]


def asked():
    """A poll; and a thread of two, to which only who is mentioned may reply."""
    poll = plain(client.posts.create({"text": "A question?", "poll": {"options": ["Yes", "No"], "duration_minutes": 60}}))["data"]
    first = plain(client.posts.create({"text": "Part one.", "reply_settings": "mentionedUsers"}))["data"]
    reply = {"in_reply_to_tweet_id": first["id"]}
    second = plain(client.posts.create({"text": "Part two.", "reply": reply}))["data"]
    return [poll["id"], first["id"], second["id"]]


def film():
    """A video in pieces, posted once X has worked on it."""
    with open(order["film"], "rb") as file:
        whole = file.read()
    begin = {"media_type": "video/mp4", "media_category": "tweet_video", "total_bytes": len(whole)}
    identity = plain(client.media.initialize_upload(begin))["data"]["id"]
    pieces = [whole[start : start + 4_000_000] for start in range(0, len(whole), 4_000_000)]
    for number, piece in enumerate(pieces):
        client.media.append_upload(identity, {"segment_index": number, "media": base64.b64encode(piece).decode()})
    said = plain(client.media.finalize_upload(identity))["data"]["processing_info"]
    while said["state"] != "succeeded":
        assert said["state"] == "in_progress", said
        time.sleep(0.1)
        said = plain(client.media.get_upload_status(identity, command="STATUS"))["data"]["processing_info"]
    return [plain(client.posts.create({"text": "One video.", "media": {"media_ids": [identity]}}))["data"]["id"]]


def films():
    me = plain(client.users.get_me())["data"]
    pages = client.users.get_posts(
        me["id"], max_results=20, post_fields=["attachments"], expansions=["attachments.media_keys"], media_fields=["variants"]
    )
    page = plain(next(iter(pages)))
    media = {one["media_key"]: one for one in page["includes"]["media"]}
    found = []
    for post in page["data"]:
        [key] = post["attachments"]["media_keys"]
        with urllib.request.urlopen(media[key]["variants"][0]["url"]) as answer:
            found.append({"id": post["id"], "sha256": hashlib.sha256(answer.read()).hexdigest()})
    return found


print(json.dumps({"posts": posts, "make": make, "asked": asked, "film": film, "films": films}[order["act"]]()))

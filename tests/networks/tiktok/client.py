"""Signs in to an interface like TikTok's with a client that is not ours, as a creator does, makes one post, or asks how one stands, and
prints its identity and how it stands as JSON. What it does that with: the file of a video, the addresses of pictures, an identity.

    python client.py '{"act": "film", "server": "http://localhost:3000", "app": ["key", "secret"], "with": "film.mp4"}'
"""

import json
import sys
import time
import urllib.parse

import requests
from tiktok_api_client import TikTok

order = json.loads(sys.argv[1])
there = urllib.parse.urlsplit(order["server"])


class Transport(requests.adapters.HTTPAdapter):
    """The client knows TikTok's own addresses alone: what it sends there comes here."""

    def send(self, request, **more):
        request.url = urllib.parse.urlsplit(request.url)._replace(scheme=there.scheme, netloc=there.netloc).geturl()
        answer = super().send(request, **more)
        # Of the answer to bytes, TikTok's guide names the status alone; the client wants to read a body.
        if request.method == "PUT" and answer.ok and not answer.content:
            answer._content = b"{}"
        return answer


requests.sessions.HTTPAdapter = Transport


def signed_in():
    """Consent, with the client's own proof of who asked for it, and the tokens for it."""
    client = TikTok(*order["app"], "https://town.example/return", state="one")
    sent_on = requests.get(client.get_authorization_url(), allow_redirects=False)
    back = urllib.parse.parse_qs(urllib.parse.urlsplit(sent_on.headers["location"]).query)
    assert back["state"] == ["one"], back
    assert client.exchange_code_for_token(back["code"][0])["access_token"]
    return client


def done(client, identity):
    """How a post stands, once it is over."""
    while (said := client.check_upload_status(identity)["data"])["status"].startswith("PROCESSING"):
        time.sleep(0.1)
    return [identity, said]


def film(client):
    given = {"title": "One video.", "privacy_level": "PUBLIC_TO_EVERYONE", "video_path": order["with"]}
    made = client.create_video("FILE_UPLOAD", "POST_VIDEO_FILE", **given)
    return done(client, made["initial_response"]["data"]["publish_id"])


def pictures(client):
    given = {"title": "Pictures", "privacy_level": "PUBLIC_TO_EVERYONE", "description": "One picture and another."}
    made = client.create_photo("DIRECT_POST", photo_images=order["with"], **given)
    return done(client, made["photo_upload_response"]["data"]["publish_id"])


def stands(client):
    return done(client, order["with"])


print(json.dumps({"film": film, "pictures": pictures, "stands": stands}[order["act"]](signed_in())))

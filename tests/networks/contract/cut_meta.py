"""Cuts meta.json out of Meta's own descriptions of its nodes: the operations that we call, by the names and types of their
parameters, and the fields of what they answer.

    python3 cut_meta.py FOLDER_OF_API_SPECS > meta.json
"""

import json
import pathlib
import sys

# Node, and of it: what is read of it, what is sent to it, its edges.
NODES = {
    "Page": [
        ("GET", None),
        ("POST", "feed"),
        ("POST", "photos"),
        ("GET", "published_posts"),
        ("GET", "videos"),
        ("POST", "videos"),
        ("GET", "stories"),
        ("POST", "photo_stories"),
        ("POST", "video_stories"),
        ("GET", "video_reels"),
        ("POST", "video_reels"),
    ],
    "PagePost": [("GET", None), ("POST", None), ("DELETE", None), ("GET", "comments"), ("POST", "comments")],
    "Comment": [],
    "Photo": [("GET", None)],
    "AdVideo": [("GET", None), ("POST", None), ("DELETE", None), ("GET", "captions"), ("POST", "captions"), ("GET", "comments"), ("POST", "comments"), ("POST", "thumbnails")],
    "IGUser": [
        ("GET", None),
        ("GET", "content_publishing_limit"),
        ("GET", "media"),
        ("GET", "stories"),
        ("POST", "media"),
        ("POST", "media_publish"),
    ],
    "IGMedia": [("GET", None), ("DELETE", None), ("GET", "children"), ("GET", "collaborators"), ("GET", "comments"), ("POST", "comments")],
    "IGComment": [],
    "ContentPublishingLimitResponse": [],
}


def typed(all_of_them):
    return {one["name"]: one["type"] for one in sorted(all_of_them, key=lambda one: one["name"])}


def main():
    folder, cut = pathlib.Path(sys.argv[1]), {}
    for node, operations in NODES.items():
        whole = json.loads((folder / f"{node}.json").read_text(encoding="utf-8"))
        found = {}
        for method, edge in operations:
            for api in whole["apis"]:
                if api["method"] == method and api.get("endpoint") == edge:
                    name = f"{method} {edge or ''}".strip()
                    found[name] = {"returns": api["return"], "params": typed(api["params"])}
        assert len(found) == len(operations), node
        cut[node] = {"fields": typed(whole["fields"]), "operations": found}
    json.dump(cut, sys.stdout, indent=1, ensure_ascii=False)
    print()


main()

"""Cuts telegram.json out of a description of the Bot API that is not ours: the methods that we call and the types that
they answer, by the names and types of their fields.

    python3 cut_telegram.py api.json > telegram.json
"""

import json
import sys

METHODS = [
    "getMe",
    "getChat",
    "getChatMember",
    "sendMessage",
    "sendPhoto",
    "sendMediaGroup",
    "sendVideo",
    "sendDocument",
    "editMessageText",
    "editMessageCaption",
    "deleteMessages",
    "pinChatMessage",
    "unpinChatMessage",
]
TYPES = [
    "User",
    "ChatFullInfo",
    "ChatMemberAdministrator",
    "Message",
    "Chat",
    "PhotoSize",
    "InputMediaPhoto",
    "Video",
    "Document",
]


def fields(whole):
    named = sorted(whole.get("fields", []), key=lambda one: one["name"])
    return {one["name"]: {"types": one["types"], "required": one["required"]} for one in named}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        whole = json.load(file)
    methods = {name: {"returns": whole["methods"][name]["returns"], "fields": fields(whole["methods"][name])} for name in METHODS}
    types = {name: fields(whole["types"][name]) for name in TYPES}
    json.dump({"version": whole["version"], "methods": methods, "types": types}, sys.stdout, indent=1, ensure_ascii=False)
    print()


main()

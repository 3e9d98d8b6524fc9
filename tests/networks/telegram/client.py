"""Does one thing at a Bot API server with a client that is not ours, whose types refuse what is not of the interface, and prints what
came of it as JSON: makes one message of each kind and answers the numbers of those that are left (`film` is the file of a video), or
reads some messages.

A bot cannot read a channel, and is sent no update of what it posted itself. The one message that the interface shows to it is the one
that is pinned: so each is read by being pinned, without a sound, for as long as that takes. What is gone cannot be pinned.

    python client.py '{"act": "read", "server": "http://localhost:3000", "token": "1:a", "chat": "@town", "messages": [7]}'
"""

import asyncio
import json
import sys

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, FSInputFile, InputMediaPhoto

order = json.loads(sys.argv[1])


def photo(name):
    return BufferedInputFile(b"a picture " + name.encode(), filename=name)


def shown(message):
    """A message in what a reader sees of it."""
    said = {"id": message.message_id, "text": message.text or message.caption, "album": message.media_group_id}
    if message.video:
        said["video"] = [message.video.width, message.video.height, message.video.duration]
    if message.document:
        said["document"] = [message.document.file_name, message.document.file_size]
    return {**said, "pictured": bool(message.photo)}


async def pinned(bot, chat):
    """The newest message of those that are pinned."""
    found = (await bot.get_chat(chat)).pinned_message
    return found and shown(found)


async def read(bot, chat):
    """What is pinned, and then some messages, nothing where one is not there. No more than one may be pinned."""
    head, found = await pinned(bot, chat), []
    if head and order["messages"]:
        await bot.unpin_chat_message(chat_id=chat, message_id=head["id"])
    for message in order["messages"]:
        try:
            await bot.pin_chat_message(chat, message, disable_notification=True)
        except TelegramBadRequest as refused:
            assert "not found" in refused.message, refused
            found.append(None)
            continue
        found.append(await pinned(bot, chat))
        assert found[-1]["id"] == message, found
        await bot.unpin_chat_message(chat_id=chat, message_id=message)
    if head and order["messages"]:
        await bot.pin_chat_message(chat, head["id"], disable_notification=True)
    return [head, *found]


async def main():
    session = AiohttpSession(api=TelegramAPIServer.from_base(order["server"]))
    async with Bot(order["token"], session=session) as bot:
        chat = (await bot.get_chat(order["chat"])).id
        member = await bot.get_chat_member(chat, (await bot.get_me()).id)
        assert member.can_post_messages, member
        if order["act"] == "read":
            return await read(bot, chat)
        text = await bot.send_message(chat, "Text alone.")
        one = await bot.send_photo(chat, photo("one"), caption="One picture.")
        media = [InputMediaPhoto(media=photo(name), caption=name) for name in ("first", "second")]
        album = await bot.send_media_group(chat, media)
        document = await bot.send_document(chat, BufferedInputFile(b"%PDF-1.4", filename="acta.pdf"), caption="A document.")
        assert document.document.file_name == "acta.pdf", document
        film = FSInputFile(order["film"], filename="film.mp4")
        shown = {"width": 640, "height": 360, "duration": 10, "supports_streaming": True}
        video = await bot.send_video(chat, film, caption="A video.", cover=photo("cover"), **shown)
        assert (video.video.width, video.video.duration) == (640, 10), video
        await bot.pin_chat_message(chat, text.message_id, disable_notification=True)
        await bot.pin_chat_message(chat, document.message_id, disable_notification=True)
        await bot.unpin_chat_message(chat_id=chat, message_id=text.message_id)
        gone = await bot.send_message(chat, "To be taken down.")
        await bot.edit_message_text("Text alone, corrected.", chat_id=chat, message_id=text.message_id)
        await bot.edit_message_caption(chat_id=chat, message_id=one.message_id, caption="One picture, corrected.")
        await bot.delete_messages(chat, [gone.message_id])
        return [text.message_id, one.message_id, *(message.message_id for message in album), document.message_id, video.message_id]


print(json.dumps(asyncio.run(main())))

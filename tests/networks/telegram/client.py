"""Does one thing of each kind at a Bot API server with a client that is not ours, whose types refuse what is not of the
interface, and prints the numbers of the messages that are left as JSON. `film` is the file of a video.

    python client.py '{"server": "http://localhost:3000", "token": "1:a", "chat": "@town", "film": "film.mp4"}'
"""

import asyncio
import json
import sys

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import BufferedInputFile, FSInputFile, InputMediaPhoto

order = json.loads(sys.argv[1])


def photo(name):
    return BufferedInputFile(b"a picture " + name.encode(), filename=name)


async def main():
    session = AiohttpSession(api=TelegramAPIServer.from_base(order["server"]))
    async with Bot(order["token"], session=session) as bot:
        chat = (await bot.get_chat(order["chat"])).id
        member = await bot.get_chat_member(chat, (await bot.get_me()).id)
        assert member.can_post_messages, member
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

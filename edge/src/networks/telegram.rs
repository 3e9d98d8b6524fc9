//! A Telegram channel, by a bot that administers it (Bot API 10.3, <https://core.telegram.org/bots/api>). Nothing there
//! makes a repeated message harmless, and a bot cannot read what stands in its channel: of what got no answer a person
//! is asked. Pictures go out in one call with their text, so that there is one moment at which all of it is visible.

mod connect;

use domain::{
    ChannelId, Millis, OrganisationId, Refusal, RenderedPicture, RenderedVideo, Rendition,
    delivery::{Deed, FailureKind, Outcome, Receipt, Sighting},
    json, record,
};
use serde_json::Value;

use super::{Checked, Errand, Name, Network, Weight, film, paper, picture, unavailable};
use crate::{
    app::App,
    outbound::{self, Address, Answer, Call},
    vault::{Keyring, Kind, Secret},
};

pub use connect::connect;

/// What the rest of an invocation spends once a video, or a document, goes out: asking for the channel, and writing down what came of it.
const AFTER_A_VIDEO: u32 = 12;

/// A channel of Telegram.
pub struct Telegram;

/// A bot that we may speak through.
struct Bot<'a> {
    app: &'a App,
    server: Address,
    token: Secret,
}

impl<'a> Bot<'a> {
    fn new(app: &'a App, server: Address, token: Secret) -> Self {
        Self { app, server, token }
    }

    async fn open(app: &'a App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Self, Outcome> {
        let keys = Keyring::of(app, org, channel).await.map_err(unavailable)?;
        let closed = "no access is stored: connect the channel again";
        let closed = || Outcome::Unauthorised { message: closed.to_owned(), status: 401 };
        let (token, _) = keys.get(Kind::Token).ok_or_else(closed)?;
        let server = Address::parse(settings["server"].as_str().unwrap_or_default()).map_err(|_| closed())?;
        Ok(Self::new(app, server, token.clone()))
    }

    async fn of(errand: &Errand<'a>) -> Result<Self, Outcome> {
        Self::open(errand.app, errand.org, errand.channel, errand.settings).await
    }

    /// A call of a method. The token stands in the path.
    fn method(&self, method: &str) -> Call {
        Call::post(self.server.at(&format!("/bot{}/{method}", self.token.reveal()))).hiding(&self.token)
    }

    /// What a method answers.
    async fn ask(&self, weight: Weight, call: Call) -> Result<Value, Outcome> {
        let sent = outbound::send(self.app, weight.wait(call)).await;
        let answer = sent.map_err(|trouble| weight.of_trouble(trouble))?;
        let body = answer.json().unwrap_or_default();
        match (answer.is_success(), body["ok"] == true) {
            (true, true) => Ok(body["result"].clone()),
            (true, false) => Err(weight.of_nonsense(&answer)),
            (false, _) => Err(self.outcome(weight, &answer, &body)),
        }
    }

    /// What a no comes to. How long it asks to wait stands beside it.
    fn outcome(&self, weight: Weight, answer: &Answer, body: &Value) -> Outcome {
        let seconds = body["parameters"]["retry_after"].as_i64();
        let until = seconds.map(|seconds| self.app.now().plus(Millis::seconds(seconds.clamp(1, 86_400))));
        weight.of_answer(Name::Telegram, answer, until)
    }
}

impl Network for Telegram {
    async fn create(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let bot = Bot::of(errand).await?;
        let (chat, rendition) = (errand.setting("chat"), errand.rendition);
        let text = rendition.as_sent(Name::Telegram);
        let call = match rendition.pictures.as_slice() {
            _ if rendition.document.is_some() => document(errand, &bot, chat, &text).await?,
            _ if rendition.video.is_some() => film(errand, &bot, chat, &text).await?,
            [] => bot.method("sendMessage").json(&json!({ "chat_id": chat, "text": text })),
            pictures => album(errand, &bot, chat, &text, pictures).await?,
        };
        // A safe step first: a network that is away is found out here, where a retry is harmless.
        bot.ask(Weight::Safe, bot.method("getChat").json(&json!({ "chat_id": chat }))).await?;
        let sent = bot.ask(Weight::Visible, call).await?;
        receipt(errand, &sent).map(Outcome::Accepted).ok_or(Outcome::NoAnswer {
            message: "the answer is not of this network's interface".to_owned(),
            status: Some(200),
        })
    }

    async fn edit(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let out = errand.out.ok_or_else(gone)?;
        let first = ids(&out.native_id).first().copied().ok_or_else(gone)?;
        if out.revision.as_deref() != Some(&*likeness(errand.rendition)) {
            // The pictures of a message can be exchanged one by one, and half of a correction is worse than none.
            return Ok(Outcome::Handed);
        }
        let bot = Bot::of(errand).await?;
        let text = errand.rendition.as_sent(Name::Telegram);
        let (method, field) = match errand.rendition.is_pictured() {
            false => ("editMessageText", "text"),
            true => ("editMessageCaption", "caption"),
        };
        let mut body = json!({ "chat_id": errand.setting("chat"), "message_id": first });
        body[field] = text.into();
        match bot.ask(Weight::Visible, bot.method(method).json(&body)).await {
            // It says already what it is to say: an edit whose answer was lost, or none.
            Err(Outcome::Refused { message, .. }) if message.to_lowercase().contains("not modified") => {}
            // A no that nobody knows may be the same in other words, and nothing can be read back: a person looks.
            Err(Outcome::Refused { kind: FailureKind::Nonsense, message, status }) => {
                return Err(Outcome::NoAnswer { message, status: Some(status) });
            }
            Err(outcome) => return Err(outcome),
            Ok(_) => {}
        }
        Ok(Outcome::Accepted(errand.receipt(out.native_id.clone(), out.address.clone(), out.revision.clone())))
    }

    async fn delete(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let ids = errand.out.map(|out| ids(&out.native_id)).unwrap_or_default();
        if ids.is_empty() {
            return Err(gone());
        }
        let bot = Bot::of(errand).await?;
        if let Some(first) = ids.first().filter(|_| errand.rendition.pin) {
            let body = json!({ "chat_id": errand.setting("chat"), "message_id": first });
            // It may never have been pinned, or a person took it off: whatever this comes to, the message goes.
            let _ = bot.ask(Weight::Safe, bot.method("unpinChatMessage").json(&body)).await;
        }
        // Those that are gone already are passed over.
        let body = json!({ "chat_id": errand.setting("chat"), "message_ids": ids });
        bot.ask(Weight::Visible, bot.method("deleteMessages").json(&body)).await?;
        Ok(Outcome::Accepted(errand.gone()))
    }

    async fn look(&self, _: &Errand<'_>, _: Deed) -> Result<Sighting, Outcome> {
        // A bot is never shown what stands in its channel.
        Ok(Sighting::ForAPerson)
    }
}

/// Pins the first message of a receipt, without a sound. What is pinned already is left as it is: the channel names the newest
/// message that is, which is ours unless something newer was pinned since, and pinning again changes nothing then.
///
/// # Errors
/// What came of it otherwise.
pub async fn pin(
    app: &App,
    org: &OrganisationId,
    channel: &ChannelId,
    settings: &Value,
    message: &str,
) -> Result<(), Outcome> {
    let first = ids(message).first().copied().ok_or_else(gone)?;
    let bot = Bot::open(app, org, channel, settings).await?;
    let chat = settings["chat"].as_str().unwrap_or_default();
    let there = bot.ask(Weight::Safe, bot.method("getChat").json(&json!({ "chat_id": chat }))).await?;
    if there["pinned_message"]["message_id"].as_i64() == Some(first) {
        return Ok(());
    }
    let body = json!({ "chat_id": chat, "message_id": first, "disable_notification": true });
    bot.ask(Weight::Visible, bot.method("pinChatMessage").json(&body)).await.map(drop)
}

/// The call that sends the video, the text as its caption.
async fn film(errand: &Errand<'_>, bot: &Bot<'_>, chat: &str, text: &str) -> Result<Call, Outcome> {
    let video = errand.rendition.video.as_ref();
    let video = video.ok_or_else(|| Outcome::NotSent { message: "there is no video".to_owned() })?;
    let poster = match &video.poster {
        Some(poster) => Some(picture::poster_bytes(errand, poster).await?),
        None => None,
    };
    let source = film::find(errand, video, AFTER_A_VIDEO).await?;
    let number = |number: u32| number.to_string();
    let (width, height, seconds) = (number(video.width), number(video.height), number(video.millis.div_ceil(1_000)));
    let mut fields = vec![
        ("chat_id", chat),
        ("caption", text),
        ("width", &width),
        ("height", &height),
        ("duration", &seconds),
        ("supports_streaming", "true"),
    ];
    fields.extend(poster.as_ref().map(|_| ("cover", "attach://poster")));
    let boundary = errand.app.secret();
    let mut form = film::in_a_form(source, &boundary, &fields, ("video", video.mime.mime()));
    if let Some(jpeg) = poster {
        form = film::behind_a_picture(form, &boundary, ("poster", &jpeg));
    }
    let (outgoing, mime) = form;
    Ok(bot.method("sendVideo").video(outgoing, mime))
}

/// The call that sends the document, the text as its caption. Readers see what the file is called, so it is called by its title.
async fn document(errand: &Errand<'_>, bot: &Bot<'_>, chat: &str, text: &str) -> Result<Call, Outcome> {
    let document = errand.rendition.document.as_ref();
    let document = document.ok_or_else(|| Outcome::NotSent { message: "there is no document".to_owned() })?;
    let source = paper::find(errand, document, AFTER_A_VIDEO).await?;
    let fields = [("chat_id", chat), ("caption", text)];
    let (outgoing, mime) = paper::in_a_form(source, &errand.app.secret(), &fields, document);
    Ok(bot.method("sendDocument").video(outgoing, mime))
}

/// The call that sends pictures, the text as the caption of the first: a photo alone, or an album.
async fn album(
    errand: &Errand<'_>,
    bot: &Bot<'_>,
    chat: &str,
    text: &str,
    pictures: &[RenderedPicture],
) -> Result<Call, Outcome> {
    let unsent = || Outcome::NotSent { message: "a picture could not be made ready".to_owned() };
    let parts = web_sys::FormData::new().map_err(|_| unsent())?;
    let add = |name: &str, value: &str| parts.append_with_str(name, value).map_err(|_| unsent());
    add("chat_id", chat)?;
    let alone = pictures.len() == 1;
    if alone {
        add("caption", text)?;
    } else {
        let media = (0..pictures.len()).map(|place| {
            let caption = if place == 0 { text } else { "" };
            json!({ "type": "photo", "media": format!("attach://photo{place}"), "caption": caption })
        });
        add("media", &Value::from(media.collect::<Vec<_>>()).to_string())?;
    }
    for (place, one) in pictures.iter().enumerate() {
        let blob = picture::blob(errand, one).await?;
        let name = if alone { "photo".to_owned() } else { format!("photo{place}") };
        parts.append_with_blob_and_filename(&name, &blob, "picture").map_err(|_| unsent())?;
    }
    Ok(bot.method(if alone { "sendPhoto" } else { "sendMediaGroup" }).parts(parts))
}

/// The receipt of a message, or of the messages of an album.
fn receipt(errand: &Errand<'_>, sent: &Value) -> Option<Receipt> {
    let messages = sent.as_array().map_or(std::slice::from_ref(sent), Vec::as_slice);
    let ids: Option<Vec<String>> = messages.iter().map(|one| Some(one["message_id"].as_i64()?.to_string())).collect();
    let ids = ids.filter(|ids| !ids.is_empty())?;
    let address = address(&messages[0]["chat"], &ids[0]);
    Some(errand.receipt(ids.join(","), address, Some(likeness(errand.rendition))))
}

/// Where readers find a message: a public channel by its name, a private one (for its members) by its number.
fn address(chat: &Value, message: &str) -> Option<String> {
    if let Some(name) = chat["username"].as_str().filter(|name| connect::is_name(name)) {
        return Some(format!("https://t.me/{name}/{message}"));
    }
    let number = chat["id"].as_i64()?.to_string();
    Some(format!("https://t.me/c/{}/{message}", number.strip_prefix("-100")?))
}

/// The numbers of the messages of a receipt.
fn ids(native: &str) -> Vec<i64> {
    native.split(',').filter_map(|id| id.parse().ok()).collect()
}

/// What tells one set of pictures, one video with its poster, or one document with its name, from another: they cannot be
/// exchanged by an edit of the text.
fn likeness(rendition: &Rendition) -> String {
    let poster = |video: &'_ RenderedVideo| video.poster.as_ref().map(|poster| poster.hash.clone());
    let video = rendition.video.iter().flat_map(|video| [Some(video.hash.clone()), poster(video)]).flatten();
    let document = rendition.document.iter().flat_map(|document| [document.hash.clone(), document.title.clone()]);
    let pictures = rendition.pictures.iter().map(|picture| picture.hash.clone());
    let hashes: Vec<String> = pictures.chain(video).chain(document).collect();
    record::sha256_hex(hashes.join(" ").as_bytes()).chars().take(16).collect()
}

fn gone() -> Outcome {
    Outcome::Refused { kind: FailureKind::Gone, message: "the message is no longer there".to_owned(), status: 404 }
}

/// Asks whether the bot may still post in the channel. Nothing is posted.
///
/// # Errors
/// `Unavailable`.
pub async fn check(app: &App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Checked, Refusal> {
    let chat = settings["chat"].as_str().unwrap_or_default();
    let asked = async {
        let bot = Bot::open(app, org, channel, settings).await?;
        connect::look_at(&bot, chat).await
    };
    Ok(match asked.await {
        Ok(place) if place.may_all => {
            Checked::Works { handle: place.handle(), limits: None, expires: None, settings: settings.clone() }
        }
        Ok(_) => Checked::Refused { message: "the bot may not post, edit and delete messages".to_owned() },
        Err(outcome) => Checked::from(outcome),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_found_by_the_name_of_its_channel_or_by_its_number() {
        let public = json!({ "id": -1_001_234, "username": "villaserena" });
        assert_eq!(address(&public, "7").as_deref(), Some("https://t.me/villaserena/7"));
        assert_eq!(address(&json!({ "id": -1_001_234 }), "7").as_deref(), Some("https://t.me/c/1234/7"));
        assert_eq!(address(&json!({ "id": 5 }), "7"), None);
        assert_eq!(
            address(&json!({ "id": -1_001_234, "username": "a/../b" }), "7").as_deref(),
            Some("https://t.me/c/1234/7")
        );
    }

    #[test]
    fn an_album_is_all_of_its_messages() {
        assert_eq!(ids("7,8,9"), [7, 8, 9]);
        assert_eq!(ids(""), [0_i64; 0]);
    }
}

//! A Bot API server: one bot, one channel that it administers, messages, albums, videos, documents and what is pinned.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Query, Request, State},
    http::{HeaderMap, Response, Uri},
    routing::any,
};
use serde_json::{Map, Value, json};

use crate::{
    Shared,
    world::{answer, hash},
};

/// The token of the bot.
pub const BOT: &str = "110201543:sandbox-bot_of-the-town";

/// The name of its channel.
pub const CHANNEL: &str = "villaserena";

const CHAT: i64 = -1_001_234_567_890;

/// The channel and what stands in it.
#[derive(Debug)]
pub struct Telegram {
    /// What the bot may do, of the three that we need.
    rights: [bool; 3],
    /// Whether the bot is in the channel.
    member: bool,
    /// Whether the channel has a name of its own.
    public: bool,
    /// Whether the token opens anything.
    live: bool,
    /// How many seconds a sender is asked to wait; 0 asks for nothing.
    wait: i64,
    messages: Vec<Message>,
    /// The numbers of those that are pinned, the last one last.
    pinned: Vec<i64>,
    /// How often a pin is refused.
    unpinnable: u32,
    last: i64,
}

#[derive(Debug, Clone)]
struct Message {
    id: i64,
    text: String,
    /// The hash of its picture.
    picture: Option<String>,
    /// Its video: the hash, and what was said of it.
    video: Option<Value>,
    /// Its document: the hash, and what the file is called.
    document: Option<Value>,
    album: Option<i64>,
}

impl Message {
    /// Whether its text is a caption.
    fn is_pictured(&self) -> bool {
        self.picture.is_some() || self.video.is_some() || self.document.is_some()
    }
}

impl Default for Telegram {
    fn default() -> Self {
        Self {
            rights: [true; 3],
            member: true,
            public: true,
            live: true,
            wait: 0,
            messages: Vec::new(),
            pinned: Vec::new(),
            unpinnable: 0,
            last: 6,
        }
    }
}

impl Telegram {
    /// What readers see: an album is one thing.
    pub(crate) fn visible(&self) -> Vec<Value> {
        let mut seen: Vec<(Option<i64>, Value)> = Vec::new();
        for message in &self.messages {
            let picture = message.picture.iter().cloned().map(Value::from);
            match seen.last_mut() {
                Some((album @ Some(_), one)) if *album == message.album => {
                    if let Some(pictures) = one["pictures"].as_array_mut() {
                        pictures.extend(picture);
                    }
                }
                _ => seen.push((
                    message.album,
                    json!({
                        "id": message.id, "text": message.text, "pictures": picture.collect::<Vec<_>>(),
                        "video": message.video, "document": message.document,
                        "pinned": self.pinned.contains(&message.id),
                    }),
                )),
            }
        }
        seen.into_iter().map(|(_, one)| one).collect()
    }

    pub(crate) fn set(&mut self, settings: &Value) {
        let flag = |name: &str| settings["telegram"][name].as_bool();
        let [post, edit, delete] = ["may_post", "may_edit", "may_delete"].map(flag);
        for (place, on) in [post, edit, delete].into_iter().enumerate() {
            self.rights[place] = on.unwrap_or(self.rights[place]);
        }
        self.member = flag("member").unwrap_or(self.member);
        self.public = flag("public").unwrap_or(self.public);
        self.live = flag("live").unwrap_or(self.live);
        self.wait = settings["telegram"]["wait"].as_i64().unwrap_or(self.wait);
        let unpinnable = settings["telegram"]["unpinnable"].as_u64().and_then(|many| u32::try_from(many).ok());
        self.unpinnable = unpinnable.unwrap_or(self.unpinnable);
    }

    fn chat(&self) -> Value {
        let mut chat = json!({ "id": CHAT, "type": "channel", "title": "Villaserena informa" });
        if self.public {
            chat["username"] = CHANNEL.into();
        }
        chat
    }

    fn shown(&self, message: &Message) -> Value {
        let mut shown = json!({ "message_id": message.id, "date": 1_795_435_200, "chat": self.chat() });
        let field = if message.is_pictured() { "caption" } else { "text" };
        if !message.text.is_empty() {
            shown[field] = message.text.clone().into();
        }
        if message.picture.is_some() {
            let size = json!({ "file_id": "f", "file_unique_id": "u", "width": 90, "height": 60 });
            shown["photo"] = json!([size]);
        }
        if let Some(video) = &message.video {
            shown["video"] = json!({
                "file_id": "f", "file_unique_id": "u", "width": video["width"], "height": video["height"],
                "duration": video["duration"],
            });
        }
        if let Some(document) = &message.document {
            shown["document"] = json!({
                "file_id": "f", "file_unique_id": "u", "file_name": document["name"], "file_size": document["bytes"],
            });
        }
        if let Some(album) = message.album {
            shown["media_group_id"] = album.to_string().into();
        }
        shown
    }

    fn add(&mut self, text: &str, picture: Option<String>, album: Option<i64>) -> Value {
        self.say(Message { id: 0, text: text.to_owned(), picture, video: None, document: None, album })
    }

    fn say(&mut self, mut message: Message) -> Value {
        self.last += 1;
        message.id = self.last;
        let shown = self.shown(&message);
        self.messages.push(message);
        shown
    }

    /// Does what a method says.
    fn call(&mut self, method: &str, asked: &Asked) -> Result<Value, Response<Body>> {
        let me =
            json!({ "id": 110_201_543, "is_bot": true, "first_name": "Villaserena", "username": "villaserena_bot" });
        if method == "getMe" {
            return Ok(me);
        }
        let chat = asked.text("chat_id");
        let named = self.public && chat.strip_prefix('@') == Some(CHANNEL);
        if !named && chat != CHAT.to_string() {
            return Err(refuse(400, "Bad Request: chat not found"));
        }
        if !self.member {
            return Err(refuse(403, "Forbidden: bot is not a member of the channel chat"));
        }
        if self.wait > 0 && method.starts_with("send") {
            let said = format!("Too Many Requests: retry after {}", self.wait);
            let parameters = json!({ "retry_after": self.wait });
            return Err(answer(
                429,
                json!({ "ok": false, "error_code": 429, "description": said, "parameters": parameters }),
            ));
        }
        let [post, edit, delete] = self.rights;
        let may = |on: bool| if on { Ok(()) } else { Err(refuse(400, "Bad Request: not enough rights")) };
        match method {
            "getChat" => {
                let mut full = self.chat();
                let gifts = json!({ "unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false, "premium_subscription": false, "gifts_from_channels": false });
                full["accepted_gift_types"] = gifts;
                full["accent_color_id"] = 1.into();
                full["max_reaction_count"] = 11.into();
                // Of those that are pinned, the newest.
                if let Some(newest) = self.messages.iter().rev().find(|one| self.pinned.contains(&one.id)) {
                    full["pinned_message"] = self.shown(newest);
                }
                Ok(full)
            }
            "getChatMember" => {
                let mut member = json!({ "status": "administrator", "user": me });
                let others = [
                    "can_be_edited",
                    "is_anonymous",
                    "can_manage_chat",
                    "can_manage_video_chats",
                    "can_restrict_members",
                    "can_promote_members",
                    "can_change_info",
                    "can_invite_users",
                    "can_post_stories",
                    "can_edit_stories",
                    "can_delete_stories",
                    "can_send_welcome_messages",
                ];
                for name in others {
                    member[name] = false.into();
                }
                for (name, on) in
                    [("can_post_messages", post), ("can_edit_messages", edit), ("can_delete_messages", delete)]
                {
                    member[name] = on.into();
                }
                Ok(member)
            }
            "sendMessage" => {
                may(post)?;
                let text = long_enough(asked.text("text"), 4_096, "message")?;
                if text.trim().is_empty() {
                    return Err(refuse(400, "Bad Request: message text is empty"));
                }
                Ok(self.add(text, None, None))
            }
            "sendPhoto" => {
                may(post)?;
                let caption = long_enough(asked.text("caption"), 1_024, "message caption")?;
                Ok(self.add(caption, asked.picture("photo")?, None))
            }
            "sendVideo" => {
                may(post)?;
                let text = long_enough(asked.text("caption"), 1_024, "message caption")?.to_owned();
                let number = |name: &str| asked.number(name).unwrap_or_default();
                let mut video = json!({
                    "sha256": asked.picture("video")?, "width": number("width"), "height": number("height"),
                    "duration": number("duration"), "streaming": asked.text("supports_streaming") == "true",
                });
                if let Some(cover) = asked.cover()? {
                    video["cover"] = cover.into();
                }
                Ok(self.say(Message { id: 0, text, picture: None, video: Some(video), document: None, album: None }))
            }
            "sendDocument" => {
                may(post)?;
                let text = long_enough(asked.text("caption"), 1_024, "message caption")?.to_owned();
                let (name, bytes) = asked.named.get(asked.attached("document")).cloned().unwrap_or_default();
                if bytes > 50_000_000 {
                    return Err(refuse(413, "Request Entity Too Large"));
                }
                let sha256 = asked.picture("document")?;
                let document = json!({ "sha256": sha256, "name": name, "bytes": bytes });
                Ok(self.say(Message { id: 0, text, picture: None, video: None, document: Some(document), album: None }))
            }
            "pinChatMessage" => {
                // The right to edit is the right to pin, in channels.
                may(edit)?;
                let id = asked.number("message_id").unwrap_or_default();
                if !self.messages.iter().any(|one| one.id == id) {
                    return Err(refuse(400, "Bad Request: message to pin not found"));
                }
                if self.unpinnable > 0 {
                    self.unpinnable -= 1;
                    return Err(refuse(400, "Bad Request: not enough rights to manage pinned messages in the chat"));
                }
                self.pinned.retain(|other| *other != id);
                self.pinned.push(id);
                Ok(true.into())
            }
            "unpinChatMessage" => {
                may(edit)?;
                let id = asked.number("message_id");
                if !self.pinned.iter().any(|other| Some(*other) == id) {
                    return Err(refuse(400, "Bad Request: message to unpin not found"));
                }
                self.pinned.retain(|other| Some(*other) != id);
                Ok(true.into())
            }
            "sendMediaGroup" => {
                may(post)?;
                self.album(asked)
            }
            "editMessageText" | "editMessageCaption" => {
                may(edit)?;
                let pictured = method == "editMessageCaption";
                let text = asked.text(if pictured { "caption" } else { "text" });
                let text = long_enough(text, if pictured { 1_024 } else { 4_096 }, "message")?.to_owned();
                let id = asked.number("message_id");
                let found = self.messages.iter_mut().find(|one| Some(one.id) == id && one.is_pictured() == pictured);
                let Some(found) = found else { return Err(refuse(400, "Bad Request: message to edit not found")) };
                if found.text == text {
                    return Err(refuse(
                        400,
                        "Bad Request: message is not modified: specified new message content is exactly the same",
                    ));
                }
                found.text = text;
                let found = found.clone();
                Ok(self.shown(&found))
            }
            "deleteMessages" => {
                may(delete)?;
                let ids: Vec<i64> = asked.list("message_ids").iter().filter_map(Value::as_i64).collect();
                self.messages.retain(|one| !ids.contains(&one.id));
                self.pinned.retain(|one| !ids.contains(one));
                Ok(true.into())
            }
            _ => Err(refuse(404, "Not Found")),
        }
    }

    fn album(&mut self, asked: &Asked) -> Result<Value, Response<Body>> {
        let media = asked.list("media");
        if !(2..=10).contains(&media.len()) {
            return Err(refuse(400, "Bad Request: wrong number of items in the album"));
        }
        let album = self.last;
        let mut parts = Vec::new();
        for one in &media {
            let file = one["media"].as_str().and_then(|media| media.strip_prefix("attach://")).unwrap_or_default();
            let caption = long_enough(one["caption"].as_str().unwrap_or_default(), 1_024, "message caption")?;
            parts.push((caption.to_owned(), asked.picture(file)?));
        }
        Ok(parts.into_iter().map(|(caption, picture)| self.add(&caption, picture, Some(album))).collect())
    }
}

/// Telegram counts UTF-16 code units.
fn long_enough<'a>(text: &'a str, most: usize, what: &str) -> Result<&'a str, Response<Body>> {
    if text.encode_utf16().count() > most {
        Err(refuse(400, &format!("Bad Request: {what} is too long")))
    } else {
        Ok(text)
    }
}

/// What a call brings: JSON, or a form, with files or without.
pub(crate) struct Asked {
    /// The fields; of a form, all of them texts.
    pub fields: Map<String, Value>,
    /// The hashes of the files, by name.
    pub files: BTreeMap<String, String>,
    /// What the files are called and how many bytes they have, by name.
    named: BTreeMap<String, (String, usize)>,
    /// Whether it is a form.
    pub in_form: bool,
}

impl Asked {
    /// Reads a call.
    pub async fn read(headers: &HeaderMap, bytes: &Bytes) -> Self {
        let mime = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        if mime.starts_with("application/x-www-form-urlencoded") {
            let uri = format!("/?{}", String::from_utf8_lossy(bytes)).parse::<Uri>().unwrap_or_default();
            let fields = Query::<Map<String, Value>>::try_from_uri(&uri).map(|Query(fields)| fields);
            let fields = fields.unwrap_or_default();
            return Self { fields, files: BTreeMap::new(), named: BTreeMap::new(), in_form: true };
        }
        if !mime.starts_with("multipart/form-data") {
            return Self {
                fields: serde_json::from_slice(bytes).unwrap_or_default(),
                files: BTreeMap::new(),
                named: BTreeMap::new(),
                in_form: false,
            };
        }
        let mut asked = Self { fields: Map::new(), files: BTreeMap::new(), named: BTreeMap::new(), in_form: true };
        let mut request = Request::new(Body::from(bytes.clone()));
        *request.headers_mut() = headers.clone();
        // What came is all here already.
        DefaultBodyLimit::disable().apply(&mut request);
        if let Ok(mut form) = Multipart::from_request(request, &()).await {
            while let Ok(Some(field)) = form.next_field().await {
                let (name, file) = (field.name().unwrap_or_default().to_owned(), field.file_name().map(str::to_owned));
                let bytes = field.bytes().await.unwrap_or_default();
                if let Some(file) = file {
                    asked.named.insert(name.clone(), (file, bytes.len()));
                    asked.files.insert(name, hash(&bytes));
                } else {
                    asked.fields.insert(name, String::from_utf8_lossy(&bytes).into_owned().into());
                }
            }
        }
        asked
    }

    #[cfg(test)]
    pub fn of(fields: Value, files: &[&str]) -> Self {
        let files = files.iter().map(|name| ((*name).to_owned(), String::new())).collect::<BTreeMap<_, _>>();
        let fields = fields.as_object().cloned().unwrap_or_default();
        Self { in_form: !files.is_empty(), fields, files, named: BTreeMap::new() }
    }

    fn text(&self, name: &str) -> &str {
        self.fields.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn number(&self, name: &str) -> Option<i64> {
        let value = self.fields.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }

    fn list(&self, name: &str) -> Vec<Value> {
        let Some(value) = self.fields.get(name) else { return Vec::new() };
        let told = value.as_str().and_then(|text| serde_json::from_str::<Vec<Value>>(text).ok());
        told.or_else(|| value.as_array().cloned()).unwrap_or_default()
    }

    /// Whether a field, or an item of an album, is a file of this name.
    pub fn attaches(&self, file: &str) -> bool {
        let named = format!("attach://{file}");
        self.list("media").iter().any(|one| one["media"] == named) || self.fields.values().any(|value| *value == named)
    }

    /// The cover of a video, if it comes with one.
    fn cover(&self) -> Result<Option<String>, Response<Body>> {
        if self.text("cover").is_empty() { Ok(None) } else { self.picture("cover") }
    }

    /// What the part with the file of a field is called: like the field, or as the field says.
    fn attached<'a>(&'a self, name: &'a str) -> &'a str {
        self.text(name).strip_prefix("attach://").unwrap_or(name)
    }

    fn picture(&self, name: &str) -> Result<Option<String>, Response<Body>> {
        let found = self.files.get(self.attached(name)).cloned();
        found.map(Some).ok_or_else(|| refuse(400, "Bad Request: there is no photo in the request"))
    }
}

/// The Bot API's way to say no.
pub(crate) fn refuse(status: u16, description: &str) -> Response<Body> {
    answer(status, json!({ "ok": false, "error_code": status, "description": description }))
}

/// The method of a path of the Bot API (`/bot{token}/{method}`).
pub(crate) fn method_of(path: &str) -> Option<&str> {
    path.strip_prefix("/bot")?.split_once('/').map(|(_, method)| method)
}

pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/{bot}/{method}", any(called))
}

async fn called(
    State(world): State<Shared>,
    Path((bot, method)): Path<(String, String)>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response<Body> {
    let Some(token) = bot.strip_prefix("bot") else { return crate::world::error(404, "Record not found") };
    let asked = Asked::read(&headers, &bytes).await;
    let mut telegram = world.telegram();
    if token != BOT || !telegram.live {
        return refuse(401, "Unauthorized");
    }
    match telegram.call(&method, &asked) {
        Ok(result) => answer(200, json!({ "ok": true, "result": result })),
        Err(refused) => refused,
    }
}

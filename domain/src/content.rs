//! The content of a post: what is to be said, and how it goes to each channel in each language.
//! Separate from `post`: the content is what is hashed, approved and sent; the post is its life.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ChannelId, Collaborators, Contacts, Focus, Language, MediaId, Mentions, Moment, Network, PictureType, Poll, Poster,
    Refusal, Replies, Showing, Topic, Utm,
    basis::Basis,
    captions, contacts, document,
    poll::{self, RenderedPoll},
    poster, record,
    text::chain,
    video::{self, Codec, VideoType},
};

/// What kind of post it is: an organisation may declare kinds that need no approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Everyday information.
    #[default]
    Routine,
    /// An event: needs a start and a place.
    Event,
    /// A notice of works, cuts or closures.
    Service,
    /// Anything that may hurt or divide.
    Sensitive,
    /// A text with legal effect.
    Legal,
    /// An emergency.
    Emergency,
}

impl Kind {
    /// Every kind, in the order in which the desk lists them.
    pub const ALL: [Kind; 6] =
        [Kind::Routine, Kind::Event, Kind::Service, Kind::Sensitive, Kind::Legal, Kind::Emergency];
}

/// Everything that will be said, and nothing else: notes and comments are other types and cannot get in here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// What kind of post.
    pub kind: Kind,
    /// The heading on the noticeboard and the name in the calendar, by language.
    #[serde(default)]
    pub titles: BTreeMap<Language, String>,
    /// The one text, by language. The first language of `Target` that has one is the source.
    pub texts: BTreeMap<Language, String>,
    /// The pictures, in order.
    #[serde(default)]
    pub pictures: Vec<Picture>,
    /// The video. Not written where there is none: what was hashed before there were videos keeps its hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<Video>,
    /// The document. Not written where there is none, as the video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// A web address that goes with the text (a card on Bluesky, appended elsewhere).
    #[serde(default)]
    pub link: Option<String>,
    /// The event it announces.
    #[serde(default)]
    pub event: Option<Event>,
    /// What the account itself writes below it once it is out, by language ([`crate::first_comment`]). Not written where there
    /// is none, as the video.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub comments: BTreeMap<Language, String>,
    /// Who may reply to it. Not written where everybody may, as the video.
    #[serde(default, skip_serializing_if = "Replies::is_open")]
    pub replies: Replies,
    /// The poll whose question is the text. Not written where there is none, as the video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    /// How the links to the organisation's own websites are marked ([`crate::utm`]). Not written where they are not, as the video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm: Option<Utm>,
    /// By what right it is said ([`crate::basis`]). Not written where nobody says so, as the video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// The accounts of whom its texts name ([`crate::contacts`]). Not written where they name nobody, as the video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Contacts>,
    /// Where it goes, and in which languages.
    pub targets: Vec<Target>,
    /// Versions that somebody edited; the others are derived.
    #[serde(default)]
    pub versions: Vec<Version>,
}

/// A picture in a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// The stored object.
    pub media: MediaId,
    /// SHA-256 of its bytes, 64 hexadecimal digits: what is approved is these bytes.
    pub hash: String,
    /// Its type.
    pub mime: PictureType,
    /// Its size.
    pub bytes: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The name of the file it came from, only to tell a copied name from an alt text.
    #[serde(default)]
    pub file_name: String,
    /// What it shows, by language.
    pub alt: BTreeMap<Language, String>,
    /// What must be seen of it where it is cut. Not written where that is its middle, as the video of a post without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus: Option<Focus>,
}

/// A video in a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Video {
    /// The stored video.
    pub media: MediaId,
    /// What names it (`video::identity`), 64 hexadecimal digits: what is approved is these bytes.
    pub hash: String,
    /// Its type.
    pub mime: VideoType,
    /// How its picture is coded.
    pub codec: Codec,
    /// Its size.
    pub bytes: u32,
    /// Pixels across, as it is shown.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// How long it lasts, in milliseconds.
    pub millis: u32,
    /// Pictures a second.
    pub rate: u32,
    /// Whether it has sound.
    pub sound: bool,
    /// The name of the file it came from.
    #[serde(default)]
    pub file_name: String,
    /// What it shows and says, by language.
    pub alt: BTreeMap<Language, String>,
    /// Its captions by language, as [`captions::Said`] is written: a text, as the alt texts are, because the approver's page
    /// has a reader of such a map already. Not written where there are none, as the video itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub captions: BTreeMap<Language, String>,
    /// What stands in its place until it is played. Not written where nobody chose one, as the video itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<Poster>,
}

impl Video {
    /// What is said of its captions in a language.
    pub fn captioned(&self, language: &Language) -> Option<captions::Said> {
        captions::Said::read(self.captions.get(language)?)
    }
}

/// A document in a post: a PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The stored object.
    pub media: MediaId,
    /// SHA-256 of its bytes, 64 hexadecimal digits: what is approved is these bytes.
    pub hash: String,
    /// Its size.
    pub bytes: u32,
    /// Its pages.
    pub pages: u32,
    /// Whether it is tagged.
    pub tagged: bool,
    /// The name of the file it came from, which goes nowhere.
    #[serde(default)]
    pub file_name: String,
    /// What it is called, by language: the words of its link.
    pub title: BTreeMap<Language, String>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// When it starts.
    pub start: Moment,
    /// When it ends.
    #[serde(default)]
    pub end: Option<Moment>,
    /// Where.
    pub place: String,
    /// Whether it was called off.
    #[serde(default)]
    pub cancelled: bool,
}

/// A channel a post goes to, and the languages it goes in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The channel.
    pub channel: ChannelId,
    /// The languages, in order; each is a publication of its own.
    pub languages: Vec<Language>,
    /// How its video is shown there, where the network wants that said. Not written where it is not, as the video.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub showing: Option<Showing>,
    /// The topic that it is filed under there, where the network has such a thing. Not written where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// Whether it is pinned there once it is out, where that is offered ([`crate::pin`]). Not written where it is not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pin: bool,
    /// The accounts that are invited to share it there, where the network invites any. Not written where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collaborators: Option<Collaborators>,
    /// The pages that are mentioned there where their names stand in the text, where a mention is a name. Not written where there
    /// are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mentions: Option<Mentions>,
    /// Whether it goes there as a story ([`crate::story`]). Not written where it does not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub story: bool,
    /// Whether its video goes there as a reel ([`crate::reel`]); never a story at once ([`Target::guise`]). Not written where it does not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reel: bool,
}

impl Target {
    /// A channel in some languages, and nothing more to say.
    pub const fn new(channel: ChannelId, languages: Vec<Language>) -> Self {
        Self {
            channel,
            languages,
            showing: None,
            topic: None,
            collaborators: None,
            mentions: None,
            story: false,
            reel: false,
            pin: false,
        }
    }
}

/// A version that somebody edited for one channel in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// The channel.
    pub channel: ChannelId,
    /// The language.
    pub language: Language,
    /// Its own text.
    pub text: String,
    /// A content warning in front of the text (Mastodon's spoiler text).
    #[serde(default)]
    pub warning: Option<String>,
}

/// Exactly what goes to one channel in one language. The only type a network adapter is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendition {
    /// The language.
    pub language: Language,
    /// The heading, where the channel shows one.
    pub title: Option<String>,
    /// The text.
    pub text: String,
    /// The content warning.
    pub warning: Option<String>,
    /// The pictures, each with its alt text in this language.
    pub pictures: Vec<RenderedPicture>,
    /// The video, with what it shows in this language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<RenderedVideo>,
    /// The document, with what it is called in this language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<RenderedDocument>,
    /// The web address that goes with it.
    pub link: Option<String>,
    /// The event.
    pub event: Option<Event>,
    /// How the video is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub showing: Option<Showing>,
    /// The topic that it is filed under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// Whether it is pinned once it is out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pin: bool,
    /// The accounts that are invited to share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collaborators: Option<Collaborators>,
    /// The pages that are mentioned where their names stand in the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mentions: Option<Mentions>,
    /// Whether it is a story, where the network has them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub story: bool,
    /// Whether its video is a reel, where that is chosen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reel: bool,
    /// The first comment, as it was written: where it goes is [`Rendition::first_comment`]. No part of what makes the post visible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Who may reply, as it was chosen: what the network is told is [`Replies::sent`].
    #[serde(default, skip_serializing_if = "Replies::is_open")]
    pub replies: Replies,
    /// The poll, with its answers in this language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<RenderedPoll>,
    /// How links are marked; none once they are ([`Rendition::parts`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utm: Option<Utm>,
    /// The accounts of whom its texts name; none once they stand there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Contacts>,
}

impl Rendition {
    /// SHA-256 over the canonical JSON, 64 hexadecimal digits: the ledger names by it what an attempt sent.
    pub fn hash(&self) -> String {
        record::sha256_hex(record::canonical(self).as_bytes())
    }

    /// Whether something hangs below the text: a caption is shorter then, and no card is made of the address.
    pub fn is_pictured(&self) -> bool {
        !self.pictures.is_empty() || self.video.is_some() || self.document.is_some()
    }

    /// Whether something of it would not be sent to a network: the video, the document or the poll. The rules refuse that, but for
    /// channels where a person publishes by hand; and such a channel may have become another since.
    pub fn is_left_out_of(&self, network: Network) -> bool {
        let (alone, unfilmed) = (self.pictures.is_empty(), self.video.is_none());
        let films = |takes: video::Takes| takes.beside || alone;
        let papers = |takes: document::Takes| takes.beside || (alone && unfilmed);
        (self.video.is_some() && !video::takes(network).is_some_and(films))
            || (self.document.is_some() && !document::takes(network).is_some_and(papers))
            || (self.poll.is_some() && poll::takes(network).is_none() && !poll::is_told(network))
    }
}

/// A document as it goes out in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedDocument {
    /// The stored object.
    pub media: MediaId,
    /// SHA-256 of its bytes.
    pub hash: String,
    /// Its size.
    pub bytes: u32,
    /// Its pages.
    pub pages: u32,
    /// What it is called; its file goes out under it ([`crate::document::sent_name`]).
    pub title: String,
}

/// A video as it goes out in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedVideo {
    /// The stored video.
    pub media: MediaId,
    /// What names it.
    pub hash: String,
    /// Its type.
    pub mime: VideoType,
    /// Its size.
    pub bytes: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// How long it lasts, in milliseconds.
    pub millis: u32,
    /// What it shows and says.
    pub alt: String,
    /// The file of its captions in this language, as it is named in the content. None where they are in the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captions: Option<String>,
    /// What stands in its place until it is played.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<Poster>,
}

impl RenderedVideo {
    /// The file of its captions.
    pub fn captioned(&self) -> Option<captions::Name> {
        match captions::Said::read(self.captions.as_deref()?)? {
            captions::Said::File(name) => Some(name),
            captions::Said::InPicture => None,
        }
    }
}

/// A picture as it goes out in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedPicture {
    /// The stored object.
    pub media: MediaId,
    /// SHA-256 of its bytes.
    pub hash: String,
    /// Its type.
    pub mime: PictureType,
    /// Its size.
    pub bytes: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// What it shows.
    pub alt: String,
    /// What must be seen of it where it is cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus: Option<Focus>,
}

/// Ceilings far above every network's, so that nothing unbounded is stored.
mod ceiling {
    /// One text, in bytes (the noticeboard takes 10,000 graphemes; a family emoji has 25 bytes).
    pub const TEXT: usize = 60_000;
    /// One title, in bytes.
    pub const TITLE: usize = 1_000;
    /// One alt text, in bytes.
    pub const ALT: usize = 12_000;
    /// A web address.
    pub const LINK: usize = 2_048;
    /// A place.
    pub const PLACE: usize = 500;
    /// Pictures.
    pub const PICTURES: usize = 20;
    /// Channels.
    pub const TARGETS: usize = 40;
    /// Languages of one channel.
    pub const LANGUAGES: usize = 8;
    /// The answers of a poll in one language, in bytes.
    pub const ANSWERS: usize = 4_000;
    /// Everything, as canonical JSON. Below D1's 2 MB a row and the statement's 100 KB of bound text.
    pub const ALL: usize = 400_000;
}

impl Content {
    /// Refuses what could not be stored or sent in any form: too large, doubled targets, a link that is no web
    /// address or carries credentials. What a reader could mind is left to `policy`.
    ///
    /// # Errors
    /// `TooLarge` names the field; `Doubled`, `BadLink`, `EventBackwards` say the rest.
    pub fn parse(self) -> Result<Self, Refusal> {
        let too_large = |field: &str, limit: usize, length: usize| Refusal::TooLarge {
            field: field.to_owned(),
            limit: limit as u64,
            length: length as u64,
        };
        let within = |field: &str, limit: usize, length: usize| {
            if length > limit { Err(too_large(field, limit, length)) } else { Ok(()) }
        };
        within("pictures", ceiling::PICTURES, self.pictures.len())?;
        within("targets", ceiling::TARGETS, self.targets.len())?;
        for title in self.titles.values() {
            within("title", ceiling::TITLE, title.len())?;
        }
        for text in self.texts.values().chain(self.versions.iter().map(|version| &version.text)) {
            within("text", ceiling::TEXT, text.len())?;
        }
        for text in self.texts.values().chain(self.versions.iter().map(|version| &version.text)) {
            within("parts", chain::MOST_PARTS, chain::parts(text).len())?;
        }
        within("comments", ceiling::LANGUAGES, self.comments.len())?;
        for comment in self.comments.values() {
            within("comment", ceiling::TEXT, comment.len())?;
        }
        for picture in &self.pictures {
            if picture.hash.len() != 64 || !picture.hash.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(Refusal::Malformed { field: "pictures.hash".to_owned() });
            }
            within("file_name", 300, picture.file_name.len())?;
            for alt in picture.alt.values() {
                within("alt", ceiling::ALT, alt.len())?;
            }
        }
        if let Some(video) = &self.video {
            if video.hash.len() != 64 || !video.hash.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(Refusal::Malformed { field: "video.hash".to_owned() });
            }
            within("file_name", 300, video.file_name.len())?;
            for alt in video.alt.values() {
                within("alt", ceiling::ALT, alt.len())?;
            }
            within("captions", ceiling::LANGUAGES, video.captions.len())?;
            if !video.captions.values().all(|said| captions::Said::read(said).is_some()) {
                return Err(Refusal::Malformed { field: "video.captions".to_owned() });
            }
            if let Some(poster) = &video.poster {
                within("poster", poster::MOST_BYTES as usize, poster.bytes as usize)?;
                if poster.at.is_some_and(|at| at > video.millis) {
                    return Err(Refusal::Malformed { field: "video.poster".to_owned() });
                }
            }
        }
        if let Some(poll) = &self.poll {
            within("poll", ceiling::LANGUAGES, poll.answers.len())?;
            for answers in poll.answers.values() {
                within("poll", ceiling::ANSWERS, answers.len())?;
            }
            if !(1..=poll::LONGEST).contains(&poll.minutes) {
                return Err(Refusal::Malformed { field: "poll".to_owned() });
            }
        }
        if let Some(document) = &self.document {
            if document.hash.len() != 64 || !document.hash.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(Refusal::Malformed { field: "document.hash".to_owned() });
            }
            within("file_name", 300, document.file_name.len())?;
            for title in document.title.values() {
                within("title", ceiling::TITLE, title.len())?;
            }
        }
        for (place, target) in self.targets.iter().enumerate() {
            within("languages", ceiling::LANGUAGES, target.languages.len())?;
            let doubled = self.targets.iter().skip(place + 1).any(|other| other.channel == target.channel)
                || has_doubles(&target.languages);
            if doubled {
                return Err(Refusal::Doubled { field: "targets".to_owned() });
            }
            if target.reel && target.story {
                return Err(Refusal::Malformed { field: "targets.reel".to_owned() });
            }
        }
        for (place, version) in self.versions.iter().enumerate() {
            let same = |other: &Version| other.channel == version.channel && other.language == version.language;
            if self.versions.iter().skip(place + 1).any(same) {
                return Err(Refusal::Doubled { field: "versions".to_owned() });
            }
        }
        if let Some(link) = &self.link {
            within("link", ceiling::LINK, link.len())?;
            if !is_web_address(link) {
                return Err(Refusal::BadLink);
            }
        }
        if let Some(event) = &self.event {
            within("place", ceiling::PLACE, event.place.len())?;
            if event.end.is_some_and(|end| end <= event.start) {
                return Err(Refusal::EventBackwards);
            }
        }
        if let Some(basis) = &self.basis {
            basis.check()?;
        }
        within("content", ceiling::ALL, record::canonical(&self).len())?;
        Ok(self)
    }

    /// SHA-256 over the canonical JSON: what an approval is given for, 64 hexadecimal digits.
    pub fn hash(&self) -> String {
        record::sha256_hex(record::canonical(self).as_bytes())
    }

    /// The version that somebody edited for a channel and language, if one was.
    pub fn version(&self, channel: &ChannelId, language: &Language) -> Option<&Version> {
        self.versions.iter().find(|version| version.channel == *channel && version.language == *language)
    }

    /// What goes to a channel in a language: the edited version, or the one derived from the common text.
    /// `None` if there is no text in that language at all.
    pub fn rendition(&self, channel: &ChannelId, language: &Language) -> Option<Rendition> {
        let version = self.version(channel, language);
        let target = self.targets.iter().find(|target| target.channel == *channel);
        let text = match version {
            Some(version) => version.text.clone(),
            None => self.texts.get(language)?.clone(),
        };
        let pictures = self.pictures.iter().map(|picture| RenderedPicture {
            media: picture.media.clone(),
            hash: picture.hash.clone(),
            mime: picture.mime,
            bytes: picture.bytes,
            width: picture.width,
            height: picture.height,
            alt: picture.alt.get(language).cloned().unwrap_or_default(),
            focus: picture.focus,
        });
        let video = self.video.as_ref().map(|video| RenderedVideo {
            media: video.media.clone(),
            hash: video.hash.clone(),
            mime: video.mime,
            bytes: video.bytes,
            width: video.width,
            height: video.height,
            millis: video.millis,
            alt: video.alt.get(language).cloned().unwrap_or_default(),
            captions: video.captions.get(language).filter(|said| *said != captions::IN_PICTURE).cloned(),
            poster: video.poster.clone(),
        });
        let document = self.document.as_ref().map(|document| RenderedDocument {
            media: document.media.clone(),
            hash: document.hash.clone(),
            bytes: document.bytes,
            pages: document.pages,
            title: document.title.get(language).map(|title| title.trim().to_owned()).unwrap_or_default(),
        });
        let comment = self.comments.get(language).filter(|comment| !comment.trim().is_empty());
        let contacts = self.contacts_in([Some(&text), comment].into_iter().flatten().map(String::as_str));
        Some(Rendition {
            language: language.clone(),
            title: self.titles.get(language).filter(|title| !title.trim().is_empty()).cloned(),
            text,
            warning: version.and_then(|version| version.warning.clone()).filter(|warning| !warning.trim().is_empty()),
            pictures: pictures.collect(),
            video,
            document,
            link: self.link.clone(),
            event: self.event.clone(),
            showing: target.and_then(|target| target.showing),
            topic: target.and_then(|target| target.topic.clone()),
            pin: target.is_some_and(|target| target.pin),
            collaborators: target.and_then(|target| target.collaborators.clone()),
            mentions: target.and_then(|target| target.mentions.clone()),
            story: target.is_some_and(|target| target.story),
            // The choice stays for the next video; without one there is nothing to make a reel of.
            reel: self.video.is_some() && target.is_some_and(|target| target.reel),
            comment: comment.cloned(),
            replies: self.replies,
            poll: self.poll.as_ref().map(|poll| poll.rendered(language)),
            utm: self.utm.clone(),
            contacts,
        })
    }

    /// Whether every thread of this content has as many parts in `after`, channel by channel: what a correction may change of
    /// one that is out. One part more would stand behind answers that came meanwhile; one less leaves a hole where it was.
    pub fn keeps_its_parts(&self, after: &Content, network_of: impl Fn(&ChannelId) -> Option<Network>) -> bool {
        self.destinations().all(|(channel, language)| {
            let parts = |content: &Content| {
                let whole = content.rendition(channel, language);
                network_of(channel).zip(whole).map_or(0, |(network, whole)| whole.parts(network).len())
            };
            parts(self) == parts(after)
        })
    }

    /// Whether `after` changes nothing but words: titles (the document's too), texts, versions, alt texts, captions, answers.
    /// What a translator may do.
    pub fn changes_only_words(&self, after: &Content) -> bool {
        let wordless = |content: &Content| Content {
            titles: BTreeMap::new(),
            texts: BTreeMap::new(),
            comments: BTreeMap::new(),
            versions: Vec::new(),
            // They follow from the words and the book.
            contacts: None,
            pictures: content
                .pictures
                .iter()
                .map(|picture| Picture { alt: BTreeMap::new(), ..picture.clone() })
                .collect(),
            video: content.video.as_ref().map(|video| Video {
                alt: BTreeMap::new(),
                captions: BTreeMap::new(),
                ..video.clone()
            }),
            poll: content.poll.as_ref().map(|poll| Poll { answers: BTreeMap::new(), ..poll.clone() }),
            document: content.document.as_ref().map(|document| Document { title: BTreeMap::new(), ..document.clone() }),
            ..content.clone()
        };
        wordless(self) == wordless(after)
    }

    /// Whether `after` changes nothing but pictures, the video, the document and what is said of them. What a designer may do.
    pub fn changes_only_pictures(&self, after: &Content) -> bool {
        let bare = |content: &Content| Content { pictures: Vec::new(), video: None, document: None, ..content.clone() };
        bare(self) == bare(after)
    }

    /// Every (channel, language) the post goes out in, in order.
    pub fn destinations(&self) -> impl Iterator<Item = (&ChannelId, &Language)> {
        self.targets.iter().flat_map(|target| target.languages.iter().map(move |language| (&target.channel, language)))
    }

    /// A name for lists: the first title, else the first line of the first text; in the language that the post goes
    /// out in first, for a map knows only the order of the alphabet.
    pub fn heading(&self) -> String {
        let first_of = |map: &BTreeMap<Language, String>| {
            let going = self.destinations().filter_map(|(_, language)| map.get(language));
            going.chain(map.values()).find(|text| !text.trim().is_empty()).cloned()
        };
        let full = first_of(&self.titles).or_else(|| first_of(&self.texts)).unwrap_or_default();
        contacts::plain(full.trim().lines().next().unwrap_or_default()).chars().take(120).collect()
    }
}

fn has_doubles(languages: &[Language]) -> bool {
    languages.iter().enumerate().any(|(place, language)| languages[..place].contains(language))
}

/// Whether a text is an `http(s)` address with a host and without credentials, spaces or control characters.
pub fn is_web_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let clean = !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\'));
    clean && !authority.is_empty() && !authority.contains('@') && !authority.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(n: u128) -> ChannelId {
        ChannelId::from_bits(n)
    }

    fn notice() -> Content {
        Content {
            texts: BTreeMap::from([(Language::spanish(), "Mañana no hay agua.".to_owned())]),
            targets: vec![Target::new(channel(1), vec![Language::spanish()])],
            ..Content::default()
        }
    }

    #[test]
    fn what_a_network_is_not_sent_is_known_whatever_stands_beside() {
        use crate::policy::draft::bench;
        let of = |network: Network, document: bool, pictures: usize, video: bool| {
            let content = Content {
                document: document.then(|| bench::document("Acta")),
                pictures: vec![bench::picture("La plaza"); pictures],
                video: video.then(|| bench::video("La banda")),
                ..notice()
            };
            content.rendition(&channel(1), &Language::spanish()).unwrap().is_left_out_of(network)
        };
        for network in [Network::Linkedin, Network::Telegram] {
            assert!(!of(network, true, 0, false), "{network:?}: a document alone");
            assert!(of(network, true, 1, false), "{network:?}: the pictures or the document");
            assert!(of(network, true, 0, true), "{network:?}: the video or the document");
        }
        for network in Network::ALL {
            assert!(!of(network, false, 1, false), "{network:?}");
            let takes_all = matches!(network, Network::Noticeboard | Network::Website);
            assert_eq!(of(network, true, 1, false), !takes_all, "{network:?}");
        }
        assert!(of(Network::Bluesky, true, 0, false), "it takes none");
    }

    #[test]
    fn a_version_is_derived_until_somebody_edits_it() {
        let mut content = notice();
        let derived = content.rendition(&channel(1), &Language::spanish()).map(|r| r.text);
        assert_eq!(derived.as_deref(), Some("Mañana no hay agua."));
        content.versions.push(Version {
            channel: channel(1),
            language: Language::spanish(),
            text: "Sin agua mañana".to_owned(),
            warning: None,
        });
        let edited = content.rendition(&channel(1), &Language::spanish()).map(|r| r.text);
        assert_eq!(edited.as_deref(), Some("Sin agua mañana"));
    }

    #[test]
    fn a_missing_language_has_no_rendition() {
        assert_eq!(notice().rendition(&channel(1), &Language::english()), None);
    }

    #[test]
    fn any_change_changes_the_hash() {
        let before = notice().hash();
        let mut content = notice();
        content.targets[0].languages.push(Language::english());
        assert_ne!(content.hash(), before);
        assert_eq!(notice().hash(), before);
    }

    #[test]
    fn what_has_no_video_is_written_and_named_as_before_there_were_any() {
        let (content, language) = (notice(), Language::spanish());
        let rendition = content.rendition(&channel(1), &language).unwrap();
        assert!(!record::canonical(&content).contains("video") && !record::canonical(&rendition).contains("video"));
        let before: Content = serde_json::from_str(&record::canonical(&content)).unwrap();
        assert_eq!(before.hash(), content.hash());
        let mut filmed = content.clone();
        filmed.video = Some(crate::policy::draft::bench::video("La banda toca"));
        assert_ne!(filmed.hash(), content.hash());
        let film = filmed.rendition(&channel(1), &language).unwrap();
        assert_eq!(film.video.as_ref().map(|video| video.alt.as_str()), Some("La banda toca"));
        assert!(film.is_pictured() && film.hash() != rendition.hash());
        assert!(filmed.changes_only_pictures(&content) && !filmed.changes_only_words(&content));
    }

    #[test]
    fn what_has_no_document_is_written_and_named_as_before_there_were_any() {
        let (content, language) = (notice(), Language::spanish());
        let rendition = content.rendition(&channel(1), &language).unwrap();
        assert!(
            !record::canonical(&content).contains("document") && !record::canonical(&rendition).contains("document")
        );
        let mut with = content.clone();
        with.document =
            Some(Document { hash: "a".repeat(64), ..crate::policy::draft::bench::document(" Acta del pleno ") });
        assert_eq!(with.clone().parse(), Ok(with.clone()));
        assert_ne!(with.hash(), content.hash());
        let sent = with.rendition(&channel(1), &language).unwrap();
        assert!(sent.is_pictured() && sent.hash() != rendition.hash());
        assert_eq!(sent.document.map(|document| document.title).as_deref(), Some("Acta del pleno"));
        assert!(with.changes_only_pictures(&content) && !with.changes_only_words(&content));
        let mut renamed = with.clone();
        renamed.document.iter_mut().for_each(|document| drop(document.title.insert(language.clone(), "Acta".into())));
        assert!(with.changes_only_words(&renamed) && with.hash() != renamed.hash());
        with.document.iter_mut().for_each(|document| document.hash = "../../etc/passwd".to_owned());
        assert_eq!(with.parse(), Err(Refusal::Malformed { field: "document.hash".to_owned() }));
    }

    #[test]
    fn who_is_mentioned_is_approved_and_with_nobody_nothing_is_named_anew() {
        let language = Language::spanish();
        let mut content = notice();
        content.texts.insert(language.clone(), "Con Villa Serena, mañana no hay agua.".to_owned());
        let bare = content.clone();
        assert!(!record::canonical(&bare).contains("mentions"));
        content.targets[0].mentions = Mentions::with(None, "villa-serena", "Villa Serena");
        assert_eq!(content.clone().parse(), Ok(content.clone()));
        assert_ne!(content.hash(), bare.hash());
        let [sent, before] = [&content, &bare].map(|one| one.rendition(&channel(1), &language).unwrap());
        assert_ne!(sent.hash(), before.hash());
        // Not a letter of what is read is another, so it counts the same.
        assert_eq!(sent.as_sent(Network::Linkedin), before.as_sent(Network::Linkedin));
        let page = "Villa Serena (linkedin.com/company/villa-serena)";
        assert_eq!(sent.mentioned(Network::Linkedin).as_deref(), Some(page));
        assert_eq!((sent.mentioned(Network::Bluesky), before.mentioned(Network::Linkedin)), (None, None));
    }

    #[test]
    fn a_cut_is_approved_and_a_text_without_one_is_named_as_before() {
        let text = |text: &str| {
            let texts = BTreeMap::from([(Language::spanish(), text.to_owned())]);
            Content { texts, ..notice() }
        };
        let (whole, thread) = (text("Uno\n\nDos"), text("Uno\n---\nDos"));
        assert_ne!(whole.hash(), thread.hash());
        let on = |network| move |_: &ChannelId| Some(network);
        assert!(!whole.keeps_its_parts(&thread, on(Network::X)));
        assert!(whole.keeps_its_parts(&thread, on(Network::Telegram)), "there they are paragraphs");
        assert!(thread.keeps_its_parts(&text("Uno\n---\nTres"), on(Network::X)));
        let many = |count: usize| text(&["Uno"; 26][..count].join("\n---\n"));
        assert!(many(25).parse().is_ok());
        let refused = Refusal::TooLarge { field: "parts".to_owned(), limit: 25, length: 26 };
        assert_eq!(many(26).parse(), Err(refused));
    }

    #[test]
    fn captions_are_a_part_of_what_is_approved_and_without_them_nothing_is_named_anew() {
        let language = Language::spanish();
        let mut bare = notice();
        bare.video = Some(Video { hash: "a".repeat(64), ..crate::policy::draft::bench::video("La banda toca") });
        assert!(!record::canonical(&bare).contains("captions"));
        let of = |said: &str| {
            let mut content = bare.clone();
            content.video.as_mut().unwrap().captions.insert(language.clone(), said.to_owned());
            content
        };
        let named = |digit: &str| format!("{}-900", digit.repeat(64));
        let (one, other, inside) = (of(&named("b")), of(&named("c")), of(captions::IN_PICTURE));
        let hashes: std::collections::BTreeSet<_> =
            [&bare, &one, &other, &inside].map(Content::hash).into_iter().collect();
        assert_eq!(hashes.len(), 4, "other words are another content");
        let sent = |content: &Content| content.rendition(&channel(1), &language).unwrap().video.unwrap().captions;
        assert_eq!((sent(&one), sent(&inside), sent(&bare)), (Some(named("b")), None, None));
        assert!(bare.changes_only_words(&one) && bare.changes_only_pictures(&one));
        assert_eq!(one.clone().parse(), Ok(one));
        let malformed = Refusal::Malformed { field: "video.captions".to_owned() };
        assert_eq!(of("../../etc/passwd").parse(), Err(malformed));
    }

    #[test]
    fn a_poster_and_a_focus_are_approved_and_without_them_nothing_is_named_anew() {
        let mut bare = notice();
        let hash = "a".repeat(64);
        bare.video = Some(Video { hash: hash.clone(), ..crate::policy::draft::bench::video("La banda toca") });
        bare.pictures = vec![Picture { hash, ..crate::policy::draft::bench::picture("La plaza") }];
        let written = record::canonical(&bare);
        assert!(!written.contains("poster") && !written.contains("focus"));
        assert_eq!(serde_json::from_str::<Content>(&written).unwrap().hash(), bare.hash());
        let with = |poster: &str| {
            let mut content = bare.clone();
            content.video.as_mut().unwrap().poster = Some(poster.to_owned().try_into().unwrap());
            content
        };
        let name = |tail: &str| format!("{}-{}-{tail}", MediaId::from_bits(5), "b".repeat(64));
        let (own, frame) = (with(&name("9000-1280x720")), with(&name("9000-1280x720-30000")));
        let mut seen = bare.clone();
        seen.pictures[0].focus = Focus::at(0, 1_000);
        let hashes: std::collections::BTreeSet<_> =
            [&bare, &own, &frame, &seen].map(Content::hash).into_iter().collect();
        assert_eq!(hashes.len(), 4);
        for content in [&own, &frame, &seen] {
            assert_eq!(content.clone().parse().as_ref(), Ok(content));
            assert!(bare.changes_only_pictures(content) && !bare.changes_only_words(content));
            assert_eq!(serde_json::from_str::<Content>(&record::canonical(content)).as_ref().unwrap(), content);
        }
        let goes = frame.rendition(&channel(1), &Language::spanish()).unwrap().video.unwrap();
        assert_eq!(goes.poster.and_then(|poster| poster.at), Some(30_000));
        let behind = with(&name("9000-1280x720-30001")).parse();
        assert_eq!(behind, Err(Refusal::Malformed { field: "video.poster".to_owned() }), "behind its end");
        let limit = u64::from(poster::MOST_BYTES);
        let heavy = with(&name(&format!("{}-1280x720", limit + 1))).parse();
        assert_eq!(heavy, Err(Refusal::TooLarge { field: "poster".to_owned(), limit, length: limit + 1 }));
    }

    #[test]
    fn a_doubled_channel_is_refused() {
        let mut content = notice();
        content.targets.push(content.targets[0].clone());
        assert_eq!(content.parse(), Err(Refusal::Doubled { field: "targets".to_owned() }));
    }

    #[test]
    fn a_link_with_credentials_or_script_is_refused() {
        for link in ["https://town@evil.example", "javascript:alert(1)", "http://", "https://a b", "ftp://x.example"] {
            assert!(!is_web_address(link), "{link}");
        }
        assert!(is_web_address("https://town.example/a?b=c@d"));
    }

    #[test]
    fn an_event_cannot_end_before_it_starts() {
        let mut content = notice();
        content.event =
            Some(Event { start: Moment(10), end: Some(Moment(10)), place: "Plaza".to_owned(), cancelled: false });
        assert_eq!(content.parse(), Err(Refusal::EventBackwards));
    }

    #[test]
    fn the_heading_is_in_the_first_language_it_goes_out_in() {
        let (es, en) = (Language::spanish(), Language::english());
        let mut content = Content {
            titles: BTreeMap::from([(en.clone(), "Water".to_owned()), (es.clone(), "Agua".to_owned())]),
            ..Content::default()
        };
        assert_eq!(content.heading(), "Water");
        content.targets = vec![Target::new(ChannelId::from_bits(1), vec![es.clone(), en])];
        assert_eq!(content.heading(), "Agua");
        content.titles.clear();
        content.texts.insert(es, "Con @[Cruz Roja]\nHoy".to_owned());
        assert_eq!(content.heading(), "Con Cruz Roja", "whoever is named is called by name");
    }
}

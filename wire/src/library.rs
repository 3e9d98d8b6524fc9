//! The library: every stored picture and video, what is said of it, where it is used, and what whoever is seen consented to.

use chrono::NaiveDate;
use domain::{
    Act, CampaignId, ChannelId, MediaId, MemberId, Moment, Network, Picture, PostId, StageName, Video,
    consent::{Age, Consent, Flaw, Giver, Scope},
    delivery::PublicationState,
    library::{Asset, Said},
    look::Look,
};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Page, Who, records::text};

/// What there is, the newest first, sifted by words and marks.
pub const LIST: Endpoint<Query, Page<Filed>> = Endpoint::new(Get, "/api/library", Who::May(Act::Read));
/// The same page with the posts that have each: for who takes the list out as a file.
pub const USED: Endpoint<Query, Page<Used>> = Endpoint::new(Get, "/api/library/used", Who::May(Act::Read));
/// The folders and tags that there are.
pub const SHELVES: Endpoint<Nothing, Shelves> = Endpoint::new(Get, "/api/library/shelves", Who::May(Act::Read));
/// One of them with everything about it.
pub const ASSET: Endpoint<Nothing, AssetView> = Endpoint::new(Get, "/api/library/{media}", Who::May(Act::Read));
/// Says something of it. What may not go out any more after that is held.
pub const DESCRIBE: Endpoint<Describe, AssetView> = Endpoint::new(Put, "/api/library/{media}", Who::May(Act::Upload));
/// Registers a consent, a new one (version 0, under an identity that the desk drew) or a changed one. Of one that was taken back:
/// erases whose it was, where neither words nor a proof come.
pub const KEEP_CONSENT: Endpoint<KeepConsent, AssetView> =
    Endpoint::new(Put, "/api/library/{media}/consents/{consent}", Who::May(Act::KeepConsents));
/// Notes that a consent was taken back: what is placed is held, and the answer lists every use.
pub const WITHDRAW: Endpoint<Withdraw, AssetView> =
    Endpoint::new(Post, "/api/library/{media}/consents/{consent}/withdrawal", Who::May(Act::KeepConsents));
/// Pictures that look like one, the most alike first.
pub const ALIKE: Endpoint<Alike, Vec<Like>> = Endpoint::new(Get, "/api/library/alike", Who::May(Act::Read));
/// Deletes an asset that nothing names, with what was cut from it. What was consented to stays in the register.
pub const DELETE: Endpoint<Nothing, Nothing> =
    Endpoint::new(Delete, "/api/library/{media}", Who::May(Act::KeepConsents));
/// Takes an uploaded picture as the newer version of one of the library, which keeps what is said of it and the consents of whoever is
/// seen. An older version is taken as well: it is shown again then. What may not go out any more after that is held.
pub const REPLACE: Endpoint<Replace, AssetView> =
    Endpoint::new(Post, "/api/library/{media}/versions", Who::May(Act::Upload));
/// Of some pictures, those of which the library shows another version, and that one.
pub const NEWER: Endpoint<Held, Vec<Superseded>> = Endpoint::new(Get, "/api/library/newer", Who::May(Act::Read));
/// What was consented to for what is deleted by now, what was deleted last first.
pub const REGISTER: Endpoint<Nothing, Register> =
    Endpoint::new(Get, "/api/library/register", Who::May(Act::KeepConsents));
/// All that was consented to, a page at a time: for who takes the register out as a file. The record keeps that it was, before the
/// first page is given.
pub const TAKE_OUT: Endpoint<TakeOut, Page<Registered>> =
    Endpoint::new(Post, "/api/library/consents", Who::May(Act::KeepConsents));
/// Takes back a consent for what is deleted, with all that whoever gave it consented to there, and erases whose they were.
pub const FORGET: Endpoint<Nothing, Register> =
    Endpoint::new(Delete, "/api/library/register/{consent}", Who::May(Act::KeepConsents));

/// All of them.
pub const LISTED: &[Listed] = &[
    LIST.listed(),
    USED.listed(),
    SHELVES.listed(),
    ALIKE.listed(),
    NEWER.listed(),
    REGISTER.listed(),
    TAKE_OUT.listed(),
    FORGET.listed(),
    ASSET.listed(),
    DESCRIBE.listed(),
    DELETE.listed(),
    REPLACE.listed(),
    KEEP_CONSENT.listed(),
    WITHDRAW.listed(),
];

/// What is wanted: all of it must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Words of its name, alt texts, tags or author; the last one may be begun only.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "text")]
    pub words: Option<String>,
    /// With this tag.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "text")]
    pub tag: Option<String>,
    /// In this folder.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "text")]
    pub folder: Option<String>,
    /// Only these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sift: Option<Sift>,
    /// Where the page begins: what the page before said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// What one looks after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sift {
    /// Nobody wrote what it shows.
    NoAlt,
    /// It shows people who have to consent.
    Persons,
    /// Its licence is over.
    Ended,
}

impl Sift {
    /// All, in the order in which the desk offers them.
    pub const ALL: [Sift; 3] = [Sift::NoAlt, Sift::Persons, Sift::Ended];

    /// As it is written in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Sift::NoAlt => "no_alt",
            Sift::Persons => "persons",
            Sift::Ended => "ended",
        }
    }
}

/// Folders and tags.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Shelves {
    /// At most 200, in the order of their letters.
    pub folders: Vec<String>,
    /// At most 200, in the order of their letters.
    pub tags: Vec<String>,
}

/// The stored object, as a post takes it: with the alt texts of the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Body {
    /// A picture.
    Picture {
        /// It.
        picture: Picture,
    },
    /// A video.
    Video {
        /// It.
        video: Video,
    },
}

/// An asset in a list: in its newest version, which it is named by; any other version leads to it too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// What is said of it, in all its versions.
    pub asset: Asset,
    /// What is stored, of the newest version.
    pub body: Body,
    /// Who brought it.
    pub by: MemberId,
    /// When.
    pub added: Moment,
    /// Whether it shows people and no consent runs today. Whether one covers all of them, the page of the asset says.
    pub uncovered: bool,
}

/// An asset with everything about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetView {
    /// As in the list.
    pub filed: Filed,
    /// The name of who brought it.
    pub brought_by: String,
    /// Why it may not be used today on any channel, if it may not.
    pub flaw: Option<Flaw>,
    /// What was consented to, the oldest first; nothing for who does not keep it.
    pub consents: Option<Vec<Consent>>,
    /// Where it is used, what changed last first, as far as whoever asks sees it.
    pub uses: Vec<Use>,
    /// Whether there are more.
    pub more: bool,
    /// What it looks like, if the browser that brought it saw a shape.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
    /// All its versions, the oldest first; one where there was never another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Version>,
}

/// A version of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// What is stored.
    pub body: Body,
    /// The name of who made it one.
    pub by: String,
    /// When.
    pub at: Moment,
}

impl Body {
    /// The stored object.
    pub const fn media(&self) -> &MediaId {
        match self {
            Body::Picture { picture } => &picture.media,
            Body::Video { video } => &video.media,
        }
    }
}

/// What is to be the newest version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replace {
    /// The uploaded picture.
    pub by: MediaId,
}

/// Pictures that somebody has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Their identities, with commas between them; at most 60 are looked at.
    #[serde(deserialize_with = "held")]
    pub media: String,
}

/// In an address, what is made of digits may be read as a number.
fn held<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(text(from)?.unwrap_or_default())
}

/// A picture of which another version is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Superseded {
    /// Which.
    pub media: MediaId,
    /// The one that is shown.
    pub by: Picture,
}

/// What something looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alike {
    /// What others are compared with.
    #[serde(deserialize_with = "look")]
    pub look: Look,
}

/// In an address, 16 digits may be read as a number.
fn look<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Look, D::Error> {
    let read = text(from)?.unwrap_or_default();
    read.parse().map_err(serde::de::Error::custom)
}

/// A picture that looks like another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Like {
    /// It.
    pub filed: Filed,
    /// What the posts are called that have it, at most three, what changed last first, as far as whoever asks sees them.
    pub uses: Vec<String>,
    /// Whether there are more.
    pub more: bool,
}

/// An asset, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// It.
    pub filed: Filed,
    /// The posts that have it, or what was cut from it, as far as whoever asks sees them: of at most twenty.
    pub uses: Vec<Named>,
    /// Whether there are more.
    pub more: bool,
}

/// A post, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Which.
    pub post: PostId,
    /// What it is called.
    pub heading: String,
}

/// Where the page begins.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeOut {
    /// What the page before said; nothing begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A consent as it stands in the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// What for.
    pub media: MediaId,
    /// What that is called; nothing where it is deleted.
    pub name: Option<String>,
    /// What was consented to.
    pub consent: Consent,
}

/// The consents of what is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Register {
    /// At most 50.
    pub gone: Vec<Gone>,
    /// Whether there are more.
    pub more: bool,
}

/// An asset that was deleted, of which consents are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// SHA-256 of its bytes: where they are stored anew, what was consented to holds for them again.
    pub hash: String,
    /// When it was deleted.
    pub at: Moment,
    /// What was consented to, the oldest first.
    pub consents: Vec<Consent>,
}

/// A post that has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// Which.
    pub post: PostId,
    /// What it is called.
    pub heading: String,
    /// Where it is.
    pub stage: StageName,
    /// When it goes out, or went.
    pub slot: Option<Moment>,
    /// What became of it on each channel; nothing before it is placed.
    pub going: Vec<Out>,
    /// Why it may not have it: when it goes out, or today if it is out or has no hour. Of all its channels.
    pub flaw: Option<Flaw>,
    /// What of it the post has: versions, and what was cut from one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub has: Vec<MediaId>,
}

/// A publication that has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Out {
    /// Where.
    pub channel: ChannelId,
    /// On which network.
    pub network: Network,
    /// How far it is.
    pub state: PublicationState,
    /// Where it can be seen there, if it is out.
    pub address: Option<String>,
    /// Why it may not be there.
    pub flaw: Option<Flaw>,
}

/// What is said of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Describe {
    /// The version that was read.
    pub version: u64,
    /// What is said of it now.
    pub said: Said,
}

/// A consent as somebody writes it down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepConsent {
    /// The version that was read; 0 for a new one.
    pub version: u64,
    /// Who.
    pub who: String,
    /// How old.
    pub age: Age,
    /// Who gave it.
    pub giver: Giver,
    /// Where it holds.
    pub scope: Scope,
    /// For this campaign only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignId>,
    /// The first day.
    #[serde(with = "domain::slot::day")]
    pub first: NaiveDate,
    /// The last day.
    #[serde(with = "domain::slot::day")]
    pub last: NaiveDate,
    /// Where it is written.
    pub proof: String,
}

/// A consent is taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// The version that was read.
    pub version: u64,
}

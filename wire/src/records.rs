//! The record: its chain page by page, searched, taken out as a file, lawfully erased.

use domain::{
    Act, ChannelId, MemberId, Moment, PostId, RecordId,
    record::{Entry, export::Stretch},
};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// A page of the chain, from a number on: what a verification reads.
pub const RECORDS: Endpoint<From, Records> = Endpoint::new(Get, "/api/records", Who::May(Act::ReadRecord));
/// Verifies a stretch of the chain in the engine (the desk can do the same by itself).
pub const VERIFY: Endpoint<From, Verified> = Endpoint::new(Get, "/api/records/verification", Who::May(Act::ReadRecord));
/// Looks for entries, the newest first.
pub const SEARCH: Endpoint<Search, Found> = Endpoint::new(Get, "/api/records/search", Who::May(Act::ReadRecord));
/// Begins to take out what a search shows: keeps it in the record, and answers by which name its pages are asked for.
pub const EXPORT: Endpoint<Export, Begun> = Endpoint::new(Post, "/api/records/exports", Who::May(Act::ReadRecord));
/// A page of what is taken out: for whoever began it, and as it was kept.
pub const EXPORTED: Endpoint<Onward, Exported> =
    Endpoint::new(Get, "/api/records/exports/{export}", Who::May(Act::ReadRecord));
/// A stretch of the chain without what it holds: what ties exported entries to the published heads.
pub const LINKS: Endpoint<Stand, Stretch> = Endpoint::new(Get, "/api/records/links", Who::May(Act::ReadRecord));
/// Erases the body of an entry, with the reason; the chain still verifies and the erasure is itself kept.
pub const ERASE: Endpoint<Erase, Nothing> = Endpoint::new(Post, "/api/records/erasures", Who::May(Act::EraseRecord));

/// All of them.
pub const LISTED: &[Listed] = &[
    RECORDS.listed(),
    VERIFY.listed(),
    SEARCH.listed(),
    EXPORT.listed(),
    EXPORTED.listed(),
    LINKS.listed(),
    ERASE.listed(),
];

/// From where.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct From {
    /// Entries after this number.
    #[serde(default)]
    pub after: u64,
}

/// From which entry on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stand {
    /// Its number.
    pub from: u64,
}

/// A page of the record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Records {
    /// The chain's value before the first entry of the page.
    pub before: String,
    /// At most 50 entries.
    pub entries: Vec<Entry>,
    /// The number of the last sealed entry.
    pub head: u64,
    /// The chain's value after it.
    pub head_chain: String,
    /// When it was sealed.
    pub head_at: Option<Moment>,
    /// How many entries wait for their seal.
    pub unsealed: u64,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verified {
    /// The number of the last entry that was checked.
    pub upto: u64,
    /// The chain's value there.
    pub chain: String,
    /// Where it breaks, if it does.
    pub broken: Option<domain::record::Break>,
    /// Whether there is more to check after `upto`.
    pub more: bool,
}

/// What is looked for: all of it must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// Before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Names of subjects, with commas between them: one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subjects: Option<String>,
    /// What this member did, or what was done to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<MemberId>,
    /// What the engine did by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<bool>,
    /// About this post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<PostId>,
    /// About this channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelId>,
    /// Words that stand in what is kept, whatever their capitals and accents.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "text")]
    pub text: Option<String>,
    /// Where the page begins: what the page before said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A text that a query string may have made a number or a truth of.
pub(crate) fn text<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<String>, D::Error> {
    struct Text;
    impl de::Visitor<'_> for Text {
        type Value = Option<String>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a text")
        }
        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Some(text.to_owned()))
        }
        fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
            Ok(Some(number.to_string()))
        }
        fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
            Ok(Some(number.to_string()))
        }
        fn visit_bool<E>(self, truth: bool) -> Result<Self::Value, E> {
            Ok(Some(truth.to_string()))
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    }
    reader.deserialize_any(Text)
}

/// An entry as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The entry.
    pub entry: Entry<String>,
    /// The post that it is about.
    pub post: Option<PostId>,
    /// What that post is called now.
    pub heading: Option<String>,
}

/// A page of what was found, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// At most 50.
    pub entries: Vec<Kept>,
    /// Where older ones are looked for; nothing when there are none.
    pub next: Option<String>,
    /// How far back was looked, where the page is not full and there is more to look through.
    pub looked_back_to: Option<Moment>,
    /// The members by name, those who left too.
    pub members: Vec<(MemberId, String)>,
    /// The channels by name.
    pub channels: Vec<(ChannelId, String)>,
    /// The number of the last sealed entry.
    pub head: u64,
    /// When it was sealed.
    pub head_at: Option<Moment>,
    /// How many entries wait for their seal.
    pub unsealed: u64,
    /// What of it was kept elsewhere, if the organisation was filled from a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought: Option<Brought>,
}

/// What of a record was brought here with a copy: nobody here saw it happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// The number of the last entry that came along.
    pub upto: u64,
    /// When.
    pub at: Moment,
}

/// As what entries are taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// For a spreadsheet, as text.
    Csv,
    /// For a spreadsheet, as a workbook.
    Xlsx,
    /// For whoever verifies it.
    Json,
}

/// Takes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// What, from the newest on.
    pub search: Search,
    /// As what.
    pub format: Format,
}

/// What is taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// The entry that says so.
    pub export: RecordId,
    /// Nothing after this number is in it.
    pub upto: u64,
}

/// The next page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Onward {
    /// Where it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A page of what is taken out, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// The entries, with what verifies them.
    pub entries: Vec<Entry<String>>,
    /// Where the next page begins; nothing after the last.
    pub next: Option<String>,
}

/// Erases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erase {
    /// The entry's number.
    pub seq: u64,
    /// Why, with the legal ground.
    pub reason: String,
}

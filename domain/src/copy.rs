//! A copy of one whole organisation that its people take with them: what is in it, in which order, and what stays behind and why.
//! Separate from the backup, which is a deployment's and the operator's: this one is readable without us, and another deployment
//! can be filled from it. The engine, the desk and the journeys go by the same list.

pub mod archive;
pub mod reading;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    Moment, Organisation,
    record::{self, Entry, GENESIS},
    workbook::zip,
};

/// What a copy is called.
pub const FORMAT: &str = "pregon/organisation/1";

/// How far the tables are that this version knows: the last of the engine's migrations. A copy of another one is not brought in:
/// rows that a migration would have changed have not been.
pub const LEVEL: &str = "0064_contacts";

/// The file that says what the others are.
pub const MANIFEST: &str = "manifest.json";

/// The file of the record.
const RECORD: &str = "tables/record.jsonl";

/// Within what the key of a table is nobody else's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The whole deployment: of two organisations none has the same.
    Deployment,
    /// The organisation.
    Organisation,
    /// It has none: the rows stand in the order in which they were written.
    Row,
}

use Reach::{Deployment, Organisation as Ours, Row};

/// A table that is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Within what its key is nobody else's.
    pub reach: Reach,
    key: &'static str,
    columns: &'static str,
}

impl Table {
    /// The columns that its rows are ordered by.
    pub fn key(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.key.split(' ')
    }

    /// The columns that are copied: all but the organisation, what the database reckons by itself, and [`COLUMNS_LEFT`].
    pub fn columns(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.columns.split(' ')
    }

    /// Its columns that hold an identity, and the tables whose it is ([`NAMED`]).
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &'static [&'static str])> + use<> {
        let name = self.name;
        NAMED.iter().filter(move |(table, _, _)| *table == name).map(|(_, column, of)| (*column, *of))
    }

    /// Its columns that are JSON ([`JSON`]).
    pub fn json(&self) -> &'static [&'static str] {
        JSON.iter().find(|(table, _)| *table == self.name).map(|(_, columns)| *columns).unwrap_or_default()
    }

    /// The name of its file in a copy.
    pub fn file(&self) -> String {
        ["tables/", self.name, ".jsonl"].concat()
    }
}

const fn table(name: &'static str, reach: Reach, key: &'static str, columns: &'static str) -> Table {
    Table { name, reach, key, columns }
}

/// Every table that is copied, those that others name before these. They are read from the last to the first, so that whatever a row
/// names is read after it, and is in the copy although people go on working meanwhile.
pub const TABLES: &[Table] = &[
    table("member", Deployment, "id", "id name email role access removed_at created_at"),
    table(
        "channel",
        Deployment,
        "id",
        "id network name handle address languages limits health settings created_at created_by assisted \
         connected_at connected_by published_at patience",
    ),
    table("media", Deployment, "id", "id hash mime bytes width height name by created_at"),
    table("asset", Ours, "media", "media kind version name said shows until made_of by added_at"),
    table("thumbnail", Ours, "media", "media hash mime bytes look added_at"),
    table("video", Deployment, "id", "id name bytes by created_at hash facts"),
    table("video_part", Deployment, "video place", "video place hash bytes"),
    table("document", Deployment, "id", "id name bytes hash by brought_at scan facts"),
    table("caption", Ours, "hash", "hash vtt bytes ends by created_at"),
    table("campaign", Ours, "id", "id version name first_day last_day archived created_at goal basis budget"),
    table("pillar", Ours, "id", "id version name archived created_at"),
    table("audience", Ours, "id", "id version name who found languages needs archived created_at"),
    table("promise", Ours, "id", "id version channel count per pillar audience first_day last_day created_at"),
    table("mark", Ours, "id", "id version kind text first_day last_day changed_at"),
    table("template", Ours, "id", "id version name body created_at changed_at"),
    table("contact", Ours, "id", "id version name body created_at changed_at"),
    table("reply", Ours, "id", "id version heading searched body hands agreed_by agreed_at created_at changed_at"),
    table("foreign_calendar", Ours, "id", "id version name address active edition kept shortfall"),
    table("series", Ours, "id", "id source version rule by created_at"),
    table(
        "post",
        Deployment,
        "id",
        "id author version rounds stage stage_data content content_hash approved_hash correcting kind heading \
         destinations slot_at waivers created_at changed_at changed_by hands facts round_due_at submitted \
         before plan margin campaign pillar was_at audience series turn written_by written_at behind movers",
    ),
    table("submission", Ours, "post round", "post round by at content"),
    table("revision", Ours, "post version", "post version round by at hash content"),
    table("comment", Deployment, "id", "id post audience round at version data deleted_at"),
    table("decision", Deployment, "id", "id post round step by at data signed attested"),
    table("checks", Row, "rowid", "post at data"),
    table("remark", Ours, "post matter", "post matter at data"),
    table("emergency", Deployment, "id", "id post state data signed due_at asked_at rights"),
    table(
        "outside_link",
        Deployment,
        "id",
        "id post round step content_hash mailbox language sent_at times expires_at opened_at decided_at \
         revoked_at",
    ),
    table("publication", Deployment, "id", "id post channel network language created_at"),
    table(
        "act",
        Deployment,
        "id",
        "id publication post channel seq deed state data content_hash rendition due_at ends_at created_at \
         fence tried asked tried_before rendition_hash part barred",
    ),
    table(
        "attempt",
        Deployment,
        "id",
        "id act number fence started_at ended_at outcome status message sent code meaning answer history",
    ),
    table(
        "notice",
        Deployment,
        "id",
        "id post language rendition event_at published_at corrected_at withdrawn_at listed",
    ),
    table("notice_media", Ours, "media notice", "media notice"),
    table("pin", Ours, "publication", "publication channel message state tried said"),
    table(
        "task",
        Deployment,
        "id",
        "id version title instructions about post by at assignee member due_at urgency rank by_when state \
         over history changed_at unit",
    ),
    table("custody", Ours, "channel member", "channel member since by"),
    table(
        "consent",
        Ours,
        "media id",
        "id media version who age giver scope campaign first_day last_day proof withdrawn_at by created_at",
    ),
    table("asset_word", Ours, "word added_at media", "word added_at media"),
    table("media_use", Ours, "media post", "media post"),
    table("media_named", Ours, "media post place", "media post place"),
    table("asset_gone", Ours, "media", "media root hash video at erased"),
    table("bylaws", Ours, "version", "version data changed_at"),
    table("telling", Ours, "member", "member data at_once changed_at"),
    table("saved_view", Ours, "member", "member version views"),
    table("proposal", Ours, "id", "id link link_name line name email language media hash mime bytes width height at"),
    table("chain_day", Ours, "day", "day seq chain"),
    table("record", Ours, "seq", "id at subject body salt digest seq chain"),
];

/// Tables that are not copied, each with the reason.
pub const LEFT: &[(&str, &str)] = &[
    ("organisation", "it stands in the manifest"),
    ("passkey", "a passkey opens one address alone"),
    ("session", "of this address"),
    ("challenge", "of this address"),
    ("invitation", "a secret link of this address"),
    ("recovery_code", "a secret, and what it opens stays here"),
    ("recovery", "of this address"),
    ("mail_code", "a secret, and over in minutes"),
    ("throttle", "the deployment's"),
    ("secret", "sealed under the deployment's key: channels are connected again"),
    ("oauth_flow", "over in minutes"),
    ("presence", "over in minutes"),
    ("chain_head", "follows from the record"),
    ("mail", "was sent, or is the deployment's to send"),
    ("heartbeat", "the deployment's"),
    ("organisation_key", "sealed under the deployment's key; its public half is in every receipt"),
    ("decision_code", "a secret, and over in minutes"),
    ("outside_token", "a secret link of this address"),
    ("outside_code", "a secret, and over in minutes"),
    ("outside_session", "of this address"),
    ("told", "was told here"),
    ("subscription", "a device listens to one address alone"),
    ("push_key", "sealed under the deployment's key"),
    ("offer", "over in hours"),
    ("sitting", "somebody writes at this moment"),
    ("allowance", "what a network lets through now"),
    ("pulse", "counts by itself"),
    ("calendar_feed", "a secret link of this address"),
    ("calendar_share", "a secret link of this address"),
    ("calendar_opening", "of those links"),
    ("proposal_link", "a secret link of this address"),
    ("loose_photo", "on its way; what came of it is a proposal or a picture"),
    ("client_key", "sealed under the deployment's key"),
    ("arrival", "while this deployment is filled itself"),
    ("foreign_month", "read anew from its calendar"),
    ("post_word", "read anew from its posts"),
];

/// Columns of copied tables that are not, each with the reason.
pub const COLUMNS_LEFT: &[(&str, &str, &str)] = &[
    ("member", "seen_at", "of this address"),
    ("channel", "last_success", "of an access that does not come along"),
    ("channel", "expires_at", "of an access that does not come along"),
    ("channel", "last_error", "of an access that does not come along"),
    ("channel", "watch_at", "of an access that does not come along"),
    ("act", "lease_at", "of a worker of this deployment"),
    ("act", "container", "of an upload that this deployment began"),
    ("act", "waits", "of what a network lets through now"),
    ("foreign_calendar", "due_at", "when this deployment asks again"),
    ("foreign_calendar", "read_at", "when this deployment asked"),
    ("foreign_calendar", "trouble", "what this deployment found"),
    ("foreign_calendar", "trouble_at", "what this deployment found"),
    ("foreign_calendar", "etag", "of what this deployment keeps of it"),
    ("pin", "due_at", "when this deployment tries again"),
    ("post", "unworded", "its words are read anew"),
];

/// Columns that hold an identity besides a table's own, and the tables whose it is. Where the key of those is the deployment's, a row
/// that named another organisation's would stand among what is theirs: their next act could not be numbered, their next word not be
/// kept.
pub const NAMED: &[(&str, &str, &[&str])] = &[
    ("asset", "media", &["media", "video"]),
    ("asset", "made_of", &["media", "video"]),
    ("thumbnail", "media", &["media"]),
    ("video_part", "video", &["video"]),
    ("promise", "channel", &["channel"]),
    ("series", "source", &["post"]),
    ("submission", "post", &["post"]),
    ("revision", "post", &["post"]),
    ("comment", "post", &["post"]),
    ("decision", "post", &["post"]),
    ("checks", "post", &["post"]),
    ("remark", "post", &["post"]),
    ("emergency", "post", &["post"]),
    ("outside_link", "post", &["post"]),
    ("publication", "post", &["post"]),
    ("publication", "channel", &["channel"]),
    ("act", "publication", &["publication"]),
    ("act", "post", &["post"]),
    ("act", "channel", &["channel"]),
    ("attempt", "act", &["act"]),
    // A notice has the identity of its publication.
    ("notice", "id", &["publication"]),
    ("notice", "post", &["post"]),
    ("notice_media", "media", &["media", "video", "document"]),
    ("notice_media", "notice", &["notice"]),
    ("pin", "publication", &["publication"]),
    ("pin", "channel", &["channel"]),
    ("task", "post", &["post"]),
    ("task", "member", &["member"]),
    ("custody", "channel", &["channel"]),
    ("custody", "member", &["member"]),
    ("consent", "media", &["media", "video"]),
    ("asset_word", "media", &["media", "video"]),
    ("media_use", "media", &["media", "video", "document"]),
    ("media_use", "post", &["post"]),
    ("media_named", "media", &["media", "video", "document"]),
    ("media_named", "post", &["post"]),
    ("asset_gone", "media", &["media", "video", "document"]),
    ("asset_gone", "root", &["media", "video", "document"]),
    ("telling", "member", &["member"]),
    ("saved_view", "member", &["member"]),
    ("proposal", "media", &["media"]),
];

/// Columns that are JSON, of the tables that have any. Much is asked of them in one query for all organisations, and one that is no
/// JSON would fail it for all.
pub const JSON: &[(&str, &[&str])] = &[
    ("member", &["access"]),
    ("channel", &["languages", "limits", "settings"]),
    ("asset", &["said"]),
    ("video", &["facts"]),
    ("document", &["scan", "facts"]),
    ("audience", &["languages"]),
    ("template", &["body"]),
    ("contact", &["body"]),
    ("reply", &["body", "hands"]),
    ("foreign_calendar", &["shortfall"]),
    ("series", &["rule"]),
    (
        "post",
        &[
            "stage_data",
            "content",
            "destinations",
            "waivers",
            "hands",
            "facts",
            "submitted",
            "before",
            "plan",
            "margin",
            "behind",
            "movers",
        ],
    ),
    ("submission", &["content"]),
    ("revision", &["content"]),
    ("comment", &["data"]),
    ("decision", &["data", "signed", "attested"]),
    ("checks", &["data"]),
    ("remark", &["data"]),
    ("emergency", &["data", "signed", "rights"]),
    ("act", &["data", "rendition"]),
    ("attempt", &["history"]),
    ("notice", &["rendition"]),
    ("task", &["about", "assignee", "history"]),
    ("bylaws", &["data"]),
    ("telling", &["data", "at_once"]),
    ("saved_view", &["views"]),
    ("record", &["body"]),
];

/// The copied table of a name.
pub fn of_name(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

/// Stored bytes that a row names, by whom they are named and what they are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Object {
    /// The picture, video or document.
    pub media: String,
    /// SHA-256 of the bytes.
    pub hash: String,
}

impl Object {
    /// The name of its file in a copy. The same bytes are there once, whoever names them.
    pub fn file(&self) -> String {
        ["media/", &self.hash].concat()
    }
}

/// The stored bytes that a row names, if it does.
pub fn object(table: &str, row: &str) -> Option<Object> {
    let named = match table {
        "media" | "document" => "id",
        "thumbnail" | "proposal" => "media",
        "video_part" => "video",
        _ => return None,
    };
    let row: Value = serde_json::from_str(row).ok()?;
    let text = |field: &str| row.get(field)?.as_str().map(str::to_owned);
    Some(Object { media: text(named)?, hash: text("hash")? })
}

/// The head of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The number of the last entry.
    pub seq: u64,
    /// The chain's value after it.
    pub chain: String,
}

/// A file of a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name.
    pub name: String,
    /// How many rows it has, each a line.
    pub rows: u64,
    /// How many bytes.
    pub bytes: u64,
    /// SHA-256 of them.
    pub hash: String,
}

/// What a copy says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// [`LEVEL`].
    pub level: String,
    /// When it was begun.
    pub at: Moment,
    /// Whose it is, with its settings.
    pub organisation: Organisation,
    /// Where its record stands, if anything is kept.
    pub head: Option<Head>,
    /// How many entries of the record had no seal yet: they are not in it.
    pub unsealed: u64,
    /// Its files of rows, in the order of [`TABLES`], and those that are for people.
    pub files: Vec<File>,
    /// How many pictures, parts of videos and documents are in it.
    pub objects: u64,
    /// What a row names and the store did not have any more.
    pub missing: Vec<Object>,
}

/// Why a file is no copy that can be brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// It is something else, or was unpacked and packed again.
    Other,
    /// It is of another version of Pregón.
    Level,
    /// A file is not there.
    Lacks {
        /// Its name.
        name: String,
    },
    /// A file is not what it was, or nobody knows it.
    Altered {
        /// Its name.
        name: String,
    },
}

impl Manifest {
    /// Reads what a copy says of itself.
    ///
    /// # Errors
    /// `Other`, `Level`, `Lacks`.
    pub fn read(bytes: &[u8]) -> Result<Self, Flaw> {
        /// What every version of it says.
        #[derive(Deserialize)]
        struct Beginning {
            format: String,
            level: String,
        }
        let beginning: Beginning = serde_json::from_slice(bytes).map_err(|_| Flaw::Other)?;
        if beginning.format != FORMAT {
            return Err(Flaw::Other);
        }
        if beginning.level != LEVEL {
            return Err(Flaw::Level);
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(|_| Flaw::Other)?;
        let lacks = TABLES.iter().map(Table::file).find(|name| manifest.files.iter().all(|file| file.name != *name));
        match lacks {
            Some(name) => Err(Flaw::Lacks { name }),
            None => Ok(manifest),
        }
    }

    /// Whether all that it says is there, by the names of what is.
    ///
    /// # Errors
    /// `Lacks`; `Altered`, named [`MANIFEST`], where there are more or fewer objects.
    pub fn complete<'a>(&self, names: impl Iterator<Item = &'a str>) -> Result<(), Flaw> {
        let names: std::collections::BTreeSet<&str> = names.collect();
        if let Some(file) = self.files.iter().find(|file| !names.contains(file.name.as_str())) {
            return Err(Flaw::Lacks { name: file.name.clone() });
        }
        let objects = names.iter().filter(|name| name.starts_with("media/")).count() as u64;
        if objects == self.objects { Ok(()) } else { Err(Flaw::Altered { name: MANIFEST.to_owned() }) }
    }

    /// Whether a file is what it says; the record also whether its entries follow from one another, up to its head.
    ///
    /// # Errors
    /// `Altered`.
    pub fn check(&self, name: &str, bytes: &[u8]) -> Result<(), Flaw> {
        let mut sum = Sum::default();
        sum.take(bytes);
        let hash = sum.hash();
        let rows = || bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        let sound = match (name.strip_prefix("media/"), self.files.iter().find(|file| file.name == name)) {
            (Some(named), _) => named == hash,
            (None, Some(file)) => {
                let same = file.hash == hash && file.bytes == sum.bytes();
                match name {
                    RECORD => same && file.rows == rows() && self.leads(bytes),
                    _ => same && (!name.starts_with("tables/") || file.rows == rows()),
                }
            }
            (None, None) => name == MANIFEST,
        };
        if sound { Ok(()) } else { Err(Flaw::Altered { name: name.to_owned() }) }
    }

    /// Whether the rows of a record lead from its beginning to the head.
    fn leads(&self, rows: &[u8]) -> bool {
        let lines = rows.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let end = lines
            .map(serde_json::from_slice::<Entry<String>>)
            .try_fold((0, GENESIS.to_owned()), |(seq, chain), entry| {
                record::verify((seq, &chain), &[entry.ok()?]).ok()
            });
        let head = self.head.as_ref().map_or((0, GENESIS), |head| (head.seq, head.chain.as_str()));
        end.is_some_and(|(seq, chain)| (seq, chain.as_str()) == head)
    }

    /// How many rows of a table it has.
    pub fn rows(&self, table: &Table) -> u64 {
        let name = table.file();
        self.files.iter().find(|file| file.name == name).map_or(0, |file| file.rows)
    }
}

/// What is reckoned of a file while it is written or read.
#[derive(Debug, Clone, Default)]
pub struct Sum {
    left: Option<u32>,
    digest: Sha256,
    bytes: u64,
}

impl Sum {
    /// Takes what comes next.
    pub fn take(&mut self, bytes: &[u8]) {
        self.left = Some(zip::more(self.left.unwrap_or(zip::FIRST), bytes));
        self.digest.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// How many bytes there were.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The checksum of a zip.
    pub fn checksum(&self) -> u32 {
        !self.left.unwrap_or(zip::FIRST)
    }

    /// SHA-256.
    pub fn hash(&self) -> String {
        record::to_hex(&self.digest.clone().finalize())
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::{BTreeMap, BTreeSet},
        fs,
    };

    use super::*;

    fn migrations() -> Vec<(String, String)> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../edge/migrations");
        let mut all: Vec<(String, String)> = fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "sql"))
            .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
            .collect();
        all.sort();
        all
    }

    /// The text between the bracket that opens at the beginning and the one that closes it.
    fn within(text: &str) -> &str {
        let mut depth = 0;
        for (at, letter) in text.char_indices() {
            match letter {
                '(' => depth += 1,
                ')' if depth == 1 => return &text[1..at],
                ')' => depth -= 1,
                _ => {}
            }
        }
        panic!("no bracket closes {text}")
    }

    /// What stands between the commas that are in no bracket.
    fn pieces(text: &str) -> Vec<String> {
        let (mut depth, mut pieces) = (0, vec![String::new()]);
        for letter in text.chars() {
            match letter {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            match letter {
                ',' if depth == 0 => pieces.push(String::new()),
                letter => pieces.last_mut().unwrap().push(letter),
            }
        }
        pieces
    }

    /// The column that a piece defines, unless it is none, or one that the database reckons.
    fn column(piece: &str) -> Option<String> {
        let first = piece.split_whitespace().next()?;
        let none = ["PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].contains(&first) || piece.contains("GENERATED");
        (!none).then(|| first.to_owned())
    }

    /// Every table of the database with its columns, as the migrations leave them.
    fn database() -> BTreeMap<String, BTreeSet<String>> {
        let mut tables = BTreeMap::<String, BTreeSet<String>>::new();
        for (_, text) in migrations() {
            let bare: Vec<&str> = text.lines().map(|line| line.split("--").next().unwrap()).collect();
            let bare = bare.join("\n");
            let starts = ["CREATE TABLE ", "ALTER TABLE ", "DROP TABLE "];
            let mut found: Vec<(usize, &str)> = starts.iter().flat_map(|start| bare.match_indices(*start)).collect();
            found.sort_unstable();
            for (at, start) in found {
                let rest = &bare[at + start.len()..];
                let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap();
                let (name, rest) = rest.split_at(end);
                match start {
                    "CREATE TABLE " => {
                        let columns =
                            pieces(within(rest.trim_start())).iter().filter_map(|piece| column(piece)).collect();
                        tables.insert(name.to_owned(), columns);
                    }
                    "DROP TABLE " => {
                        tables.remove(name).unwrap();
                    }
                    _ => {
                        let change = rest.split(';').next().unwrap().trim();
                        if let Some(added) = change.strip_prefix("ADD COLUMN ") {
                            tables.get_mut(name).unwrap().extend(column(added));
                        } else {
                            let to = change.strip_prefix("RENAME TO ").unwrap_or_else(|| panic!("{name} {change}"));
                            let columns = tables.remove(name).unwrap();
                            tables.insert(to.to_owned(), columns);
                        }
                    }
                }
            }
        }
        tables
    }

    #[test]
    fn every_table_is_copied_or_left_with_a_reason() {
        let database = database();
        assert!(database.len() > 70, "only {} tables were found in the migrations", database.len());
        let copied: BTreeSet<&str> = TABLES.iter().map(|table| table.name).collect();
        let left: BTreeSet<&str> = LEFT.iter().map(|(name, _)| *name).collect();
        assert_eq!(copied.intersection(&left).next(), None);
        let known: BTreeSet<&str> = copied.union(&left).copied().collect();
        let there: BTreeSet<&str> = database.keys().map(String::as_str).collect();
        assert_eq!(known, there, "a new table is copied (TABLES) or left with its reason (LEFT)");
        assert!(LEFT.iter().all(|(_, why)| !why.is_empty()));
    }

    #[test]
    fn every_column_is_copied_or_left_with_a_reason() {
        let database = database();
        for table in TABLES {
            let mut known: BTreeSet<String> = table.columns().map(str::to_owned).collect();
            assert_eq!(known.len(), table.columns().count(), "{}: a column stands twice", table.name);
            let left = COLUMNS_LEFT.iter().filter(|(of, _, _)| *of == table.name);
            known.extend(left.map(|(_, column, _)| (*column).to_owned()));
            known.insert("org".to_owned());
            assert_eq!(known, database[table.name], "{}: a new column is copied, or left with its reason", table.name);
            let keyed = table.key().all(|key| key == "rowid" || table.columns().any(|column| column == key));
            assert!(keyed, "{} is ordered by what is not copied", table.name);
        }
        assert!(COLUMNS_LEFT.iter().all(|(of, _, why)| of_name(of).is_some() && !why.is_empty()));
    }

    #[test]
    fn what_a_row_names_stands_before_it() {
        // `REFERENCES` of the migrations, but to the organisation.
        let order: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
        let place = |name: &str| order.iter().position(|table| *table == name);
        for (before, behind) in [
            ("video", "video_part"),
            ("post", "decision"),
            ("post", "comment"),
            ("post", "checks"),
            ("post", "remark"),
            ("post", "revision"),
            ("post", "outside_link"),
            ("post", "publication"),
            ("channel", "publication"),
            ("publication", "act"),
            ("act", "attempt"),
            ("notice", "notice_media"),
            ("channel", "custody"),
            ("member", "custody"),
            ("member", "telling"),
            ("member", "saved_view"),
        ] {
            assert!(place(before).unwrap() < place(behind).unwrap(), "{before} stands behind {behind}");
        }
    }

    #[test]
    fn what_is_named_and_what_is_json_is_copied() {
        for (table, column, of) in NAMED {
            assert!(of_name(table).unwrap().columns().any(|one| one == *column), "{table}.{column}");
            for of in *of {
                let of = of_name(of).unwrap();
                assert!(of.reach == Deployment && of.columns().any(|one| one == "id"), "{table}.{column}");
            }
        }
        for (table, columns) in JSON {
            let known: Vec<&str> = of_name(table).unwrap().columns().collect();
            assert!(columns.iter().all(|column| known.contains(column)), "{table}");
        }
        // A column that is called as a table whose key is the deployment's names a row of it.
        for table in TABLES {
            let named: Vec<&str> = table.named().map(|(column, _)| column).collect();
            // Whether what is gone was a video is a number.
            let called = |column: &&str| {
                of_name(column).is_some_and(|of| of.reach == Deployment)
                    && (table.name, *column) != ("asset_gone", "video")
            };
            let forgotten = table.columns().filter(called).find(|column| !named.contains(column));
            assert_eq!(forgotten, None, "{}", table.name);
        }
    }

    #[test]
    fn what_the_migrations_call_json_is_known_as_such() {
        for (_, text) in migrations() {
            let mut within = String::new();
            for line in text.lines() {
                if let Some(name) = line.strip_prefix("CREATE TABLE ") {
                    within = name.split_whitespace().next().unwrap().to_owned();
                } else if let Some(name) = line.strip_prefix("ALTER TABLE ") {
                    within = name.split_whitespace().next().unwrap().to_owned();
                }
                let Some((before, remark)) = line.split_once("-- ") else { continue };
                if !remark.starts_with("JSON") {
                    continue;
                }
                let before = before.split_once("ADD COLUMN ").map_or(before, |(_, rest)| rest);
                let (Some(column), Some(table)) = (before.split_whitespace().next(), of_name(&within)) else {
                    continue;
                };
                if table.columns().any(|one| one == column) {
                    assert!(table.json().contains(&column), "{within}.{column}");
                }
            }
        }
    }

    #[test]
    fn the_level_is_the_last_migration() {
        assert_eq!(migrations().last().unwrap().0, LEVEL);
    }

    #[test]
    fn a_row_names_its_bytes() {
        let named = |media: &str| Some(Object { media: media.to_owned(), hash: "ab".to_owned() });
        assert_eq!(object("media", r#"{"id":"m","hash":"ab"}"#), named("m"));
        assert_eq!(object("video_part", r#"{"video":"v","place":0,"hash":"ab"}"#), named("v"));
        assert_eq!(object("thumbnail", r#"{"media":"m","hash":"ab"}"#), named("m"));
        // A proposal without a photo, a video whose parts are rows of their own, and a caption, which is a text.
        assert_eq!(object("proposal", r#"{"id":"p","media":null,"hash":null}"#), None);
        assert_eq!(object("video", r#"{"id":"v","hash":"ab"}"#), None);
        assert_eq!(object("caption", r#"{"hash":"ab"}"#), None);
    }

    fn manifest() -> Manifest {
        let organisation = Organisation {
            id: crate::OrganisationId::from_bits(1),
            slug: "villa".to_owned().try_into().unwrap(),
            name: "Villa".to_owned(),
            kind: crate::BodyKind::Municipality,
            zone: "Europe/Madrid".to_owned(),
            languages: vec![crate::Language::spanish()],
            colour: crate::Colour::DEFAULT,
            crest: None,
            policy: crate::Policy::default(),
            pause: None,
            version: 1,
        };
        let files = TABLES.iter().map(|table| {
            let (bytes, rows) = if table.name == "post" { ("{\"id\":\"a\"}\n", 1) } else { ("", 0) };
            let hash = record::sha256_hex(bytes.as_bytes());
            File { name: table.file(), rows, bytes: bytes.len() as u64, hash }
        });
        Manifest {
            format: FORMAT.to_owned(),
            level: LEVEL.to_owned(),
            at: Moment(1),
            organisation,
            head: None,
            unsealed: 0,
            files: files.collect(),
            objects: 1,
            missing: Vec::new(),
        }
    }

    fn written(manifest: &Manifest) -> Vec<u8> {
        serde_json::to_vec(manifest).unwrap()
    }

    #[test]
    fn what_a_copy_says_of_itself_is_read_back() {
        let sound = manifest();
        assert_eq!(Manifest::read(&written(&sound)), Ok(sound.clone()));
        assert_eq!(sound.rows(of_name("post").unwrap()), 1);
        assert_eq!(Manifest::read(b"{}"), Err(Flaw::Other));
        let other = Manifest { format: "pregon/organisation/2".to_owned(), ..sound.clone() };
        assert_eq!(Manifest::read(&written(&other)), Err(Flaw::Other));
        let older = Manifest { level: "0001_house".to_owned(), ..sound.clone() };
        assert_eq!(Manifest::read(&written(&older)), Err(Flaw::Level));
        let mut fewer = sound;
        fewer.files.remove(0);
        assert_eq!(Manifest::read(&written(&fewer)), Err(Flaw::Lacks { name: "tables/member.jsonl".to_owned() }));
    }

    #[test]
    fn a_file_that_was_changed_is_found() {
        let manifest = manifest();
        let altered = |name: &str| Err(Flaw::Altered { name: name.to_owned() });
        assert_eq!(manifest.check("tables/post.jsonl", b"{\"id\":\"a\"}\n"), Ok(()));
        assert_eq!(manifest.check("tables/post.jsonl", b"{\"id\":\"b\"}\n"), altered("tables/post.jsonl"));
        assert_eq!(manifest.check("tables/unknown.jsonl", b""), altered("tables/unknown.jsonl"));
        let hash = record::sha256_hex(b"picture");
        assert_eq!(manifest.check(&format!("media/{hash}"), b"picture"), Ok(()));
        assert_eq!(manifest.check(&format!("media/{hash}"), b"Picture"), altered(&format!("media/{hash}")));
        let names: Vec<String> = TABLES.iter().map(Table::file).chain([format!("media/{hash}")]).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(manifest.complete(names.iter().copied()), Ok(()));
        assert_eq!(
            manifest.complete(names[1..].iter().copied()),
            Err(Flaw::Lacks { name: "tables/member.jsonl".to_owned() })
        );
        assert_eq!(manifest.complete(names[..names.len() - 1].iter().copied()), altered(MANIFEST));
    }

    #[test]
    fn a_record_is_held_against_its_head() {
        let mut manifest = manifest();
        let (mut rows, mut chain) = (String::new(), GENESIS.to_owned());
        for seq in 1..=3 {
            let digest = record::digest("salt", "{}");
            chain = record::link(&chain, seq, Moment(7), &digest);
            let row = Entry {
                id: crate::RecordId::from_bits(seq.into()),
                seq,
                at: Moment(7),
                subject: "policy".to_owned(),
                body: Some("{}".to_owned()),
                salt: Some("salt".to_owned()),
                digest,
                chain: chain.clone(),
            };
            rows += &(serde_json::to_string(&row).unwrap() + "\n");
        }
        let described = |rows: &str| File {
            name: RECORD.to_owned(),
            rows: rows.lines().count() as u64,
            bytes: rows.len() as u64,
            hash: record::sha256_hex(rows.as_bytes()),
        };
        let mut with = |rows: &str, head: Option<Head>| {
            manifest.files.retain(|file| file.name != RECORD);
            manifest.files.push(described(rows));
            manifest.head = head;
            manifest.check(RECORD, rows.as_bytes())
        };
        let altered = Err(Flaw::Altered { name: RECORD.to_owned() });
        let head = |chain: &str| Some(Head { seq: 3, chain: chain.to_owned() });
        assert_eq!(with(&rows, head(&chain)), Ok(()));
        assert_eq!(with(&rows, head(GENESIS)), altered);
        // Whoever changes an entry can write its sum anew, and not the chain that was published.
        assert_eq!(with(&rows.replacen("policy", "access", 1), head(&chain)), Ok(()), "a subject is in no chain");
        assert_eq!(with(&rows.replacen("{}", "{1}", 1), head(&chain)), altered);
        let shorter: String = rows.lines().take(2).map(|line| line.to_owned() + "\n").collect();
        assert_eq!(with(&shorter, head(&chain)), altered);
        assert_eq!(with("", None), Ok(()));
    }

    #[test]
    fn a_sum_does_not_care_where_it_was_cut() {
        let (mut whole, mut cut) = (Sum::default(), Sum::default());
        whole.take(b"123456789");
        cut.take(b"1234");
        cut.take(b"");
        cut.take(b"56789");
        assert_eq!((cut.checksum(), cut.bytes(), cut.hash()), (whole.checksum(), 9, whole.hash()));
        assert_eq!(whole.checksum(), 0xcbf4_3926);
        assert_eq!(whole.hash(), record::sha256_hex(b"123456789"));
        assert_eq!(Sum::default().checksum(), 0);
    }
}

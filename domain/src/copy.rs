//! A copy of one whole organisation that its people take with them: what is in it, in which order, and what stays behind and why.
//! What it says of itself is in `manifest`, and how it is held against that in `check`. Separate from the backup, which is a
//! deployment's and the operator's: this one is readable without us, and another deployment can be filled from it. The engine, the
//! desk and the journeys go by the same list.

pub mod archive;
mod check;
mod manifest;
pub mod reading;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::{
    check::Sum,
    manifest::{FORMAT, File, Flaw, Head, MANIFEST, Manifest},
};

/// How far the tables are that this version knows: the last of the engine's migrations. A copy of another one is not brought in:
/// rows that a migration would have changed have not been.
pub const LEVEL: &str = "0065_message";

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
    table(
        "asset",
        Ours,
        "media",
        "media kind version name said shows until made_of by added_at newest version_at version_by",
    ),
    table("thumbnail", Ours, "media", "media hash mime bytes look added_at"),
    table("video", Deployment, "id", "id name bytes by created_at hash facts"),
    table("video_part", Deployment, "video place", "video place hash bytes"),
    table("document", Deployment, "id", "id name bytes hash by brought_at scan facts"),
    table("caption", Ours, "hash", "hash vtt bytes ends by created_at"),
    table("campaign", Ours, "id", "id version name first_day last_day archived created_at goal basis budget"),
    table("pillar", Ours, "id", "id version name archived created_at"),
    table("audience", Ours, "id", "id version name who found languages needs archived created_at"),
    table("message", Ours, "id", "id version pillar name audiences first_day last_day archived created_at"),
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
         before plan margin campaign pillar was_at audience message series turn written_by written_at behind movers",
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
    // Before what is deleted: a kit that was read a moment earlier may name it.
    table("brand", Ours, "version", "version kit changed_at"),
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
    ("decision", "brought_at", "when this deployment took it in"),
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
    ("asset", "newest", &["media", "video"]),
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
    ("message", &["audiences"]),
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
    ("brand", &["kit"]),
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
}

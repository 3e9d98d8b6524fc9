//! Looking for entries: which index leads, what is asked of the rows besides, and how far back one question looks.
//!
//! What an index answers reads as many rows as are shown. For the rest (words, several conditions at once) the newest
//! [`REACH`] entries of the leading index are looked through and no more: the answer says how far back that went, and the
//! next question goes on from there. So no question reads the archive. SQLite's own index of words (FTS5) would, but a
//! database that has one cannot be exported from D1, and a record that cannot be saved is none.

use domain::{ChannelId, MemberId, Moment, OrganisationId, PostId};
use serde::Deserialize;
use wire::records::{Kept, Search};

use super::{Row, entry};
use crate::{
    binds,
    store::{Answer, Bind, Db, StoreError, id},
};

/// How many entries one question looks through at most.
pub const REACH: u32 = 2_000;

/// More words are not asked for.
const WORDS: usize = 6;

/// Later than any entry.
const END: i64 = i64::MAX >> 12;

/// Where a page begins: before this entry.
pub type Cursor = (Moment, u64);

/// What is looked for, understood.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// Not before.
    pub from: Option<Moment>,
    /// Before.
    pub until: Option<Moment>,
    /// One of these subjects; none: any.
    pub subjects: Vec<String>,
    /// Who did it, or to whom it was done.
    pub person: Option<MemberId>,
    /// Only what the engine did by itself.
    pub engine: bool,
    /// About this post.
    pub post: Option<PostId>,
    /// About this channel.
    pub channel: Option<ChannelId>,
    /// Words in it, folded: all of them, wherever they stand.
    pub words: Vec<String>,
    /// Where the page begins.
    pub before: Option<Cursor>,
}

impl Which {
    /// From what was asked. Nothing if the cursor is none or a subject is no name.
    pub fn of(search: &Search) -> Option<Self> {
        let subjects = search.subjects.as_deref().unwrap_or_default().split(',').filter(|name| !name.is_empty());
        let subjects: Vec<String> = subjects.map(str::to_owned).collect();
        let plain =
            |name: &String| name.len() < 40 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let before = match search.cursor.as_deref() {
            Some(text) => Some(from_cursor(text)?),
            None => None,
        };
        let words = search.text.as_deref().map(fold).unwrap_or_default();
        let words = words.split_whitespace().take(WORDS).map(str::to_owned).collect();
        (subjects.len() <= 40 && subjects.iter().all(plain)).then(|| Self {
            from: search.from,
            until: search.until,
            subjects,
            person: search.person.clone(),
            engine: search.engine == Some(true),
            post: search.post.clone(),
            channel: search.channel.clone(),
            words,
            before,
        })
    }

    /// The condition that an index leads by, with that index; several are read side by side.
    fn leads(&self) -> Vec<(&'static str, &'static str)> {
        if self.post.is_some() {
            vec![("record_by_post", "post = ?5")]
        } else if self.person.is_some() {
            vec![("record_by_who", "who = ?5"), ("record_by_about", "about = ?5 AND who IS NOT ?5")]
        } else if self.channel.is_some() {
            vec![("record_by_channel", "channel = ?5")]
        } else if self.engine {
            vec![("record_by_who", "who = ?5")]
        } else if self.subjects.len() == 1 {
            vec![("record_by_subject", "subject = ?5")]
        } else {
            vec![("record_by_time", "?5 IS NULL")]
        }
    }

    /// What `?5` is.
    fn leader(&self) -> Bind {
        match (&self.post, &self.person, &self.channel, self.subjects.as_slice()) {
            (Some(post), ..) => post.into(),
            (_, Some(member), ..) => member.into(),
            (_, _, Some(channel), _) => channel.into(),
            _ if self.engine => "engine".into(),
            (.., [subject]) => subject.into(),
            _ => Bind::Null,
        }
    }

    /// What is asked of the rows besides, with its values from `?7` on.
    fn besides(&self) -> (Vec<String>, Vec<Bind>) {
        let (mut asked, mut binds) = (Vec::new(), Vec::new());
        let mut ask = |sql: &str, bind: Bind| {
            asked.push(sql.replace('?', &format!("?{}", 7 + binds.len())));
            binds.push(bind);
        };
        let leads = self.leads()[0].0;
        if let Some(member) = self.person.as_ref().filter(|_| leads != "record_by_who") {
            ask("(who = ? OR about = ?)", member.into());
        }
        if let Some(channel) = self.channel.as_ref().filter(|_| leads != "record_by_channel") {
            ask("channel = ?", channel.into());
        }
        if self.engine && (leads != "record_by_who" || self.person.is_some()) {
            ask("who = ?", "engine".into());
        }
        if !self.subjects.is_empty() && leads != "record_by_subject" {
            ask("subject IN (SELECT value FROM json_each(?))", Bind::json(&self.subjects));
        }
        for word in &self.words {
            // First whether the body has it at all, then whether a value has it: names of fields are no words.
            let in_body = json_inside(word);
            ask(&format!("instr({}, ?) > 0", folded("body", &in_body)), in_body.into());
            let value = folded("v.atom", word);
            ask(
                &format!("EXISTS (SELECT 1 FROM json_tree(body) v WHERE v.type = 'text' AND instr({value}, ?) > 0)"),
                word.into(),
            );
        }
        (asked, binds)
    }

    /// The rows of the leading index, the newest first: `?6` of them at most.
    fn leading(&self, columns: &str) -> String {
        let parts: Vec<String> = self
            .leads()
            .iter()
            .map(|(index, lead)| {
                format!(
                    "SELECT {columns} FROM record INDEXED BY {index} WHERE org = ?1 AND seq IS NOT NULL AND {lead}
                       AND at >= ?2 AND (at, seq) < (?3, ?4)"
                )
            })
            .collect();
        // Of two the database merges what each index gives in order.
        format!("{} ORDER BY at DESC, seq DESC LIMIT ?6", parts.join(" UNION ALL "))
    }

    fn binds(&self, org: &OrganisationId, most: u32) -> Vec<Bind> {
        let until = self.until.unwrap_or(Moment(END));
        let (at, seq) = self.before.filter(|(at, _)| *at < until).unwrap_or((until, 0));
        binds![org, self.from.unwrap_or(Moment(0)), at, seq, self.leader(), most]
    }

    /// The query of a page of at most `most` entries; one more is asked for, to know whether there are more.
    pub fn query(&self, org: &OrganisationId, most: u32) -> (String, Vec<Bind>) {
        let (asked, more) = self.besides();
        let rows = self.leading("id, seq, at, subject, body, salt, digest, chain, post, who, about, channel");
        let mut binds = self.binds(org, if asked.is_empty() { most + 1 } else { REACH });
        binds.extend(more);
        let asked = match asked.as_slice() {
            [] => String::new(),
            asked => format!("WHERE {} LIMIT {}", asked.join(" AND "), most + 1),
        };
        let sql = format!(
            "SELECT r.*, p.heading FROM (SELECT * FROM ({rows}) {asked}) r LEFT JOIN post p ON p.org = ?1 AND p.id = r.post"
        );
        (sql, binds)
    }

    /// The query of the last entry that was looked through, if there may be more behind it.
    fn horizon(&self, org: &OrganisationId) -> (String, Vec<Bind>) {
        let sql = format!("SELECT at, seq FROM ({}) LIMIT 1 OFFSET {}", self.leading("at, seq"), REACH - 1);
        (sql, self.binds(org, REACH))
    }
}

#[derive(Deserialize)]
struct Hit {
    entry: Row,
    post: Option<String>,
    heading: Option<String>,
}

/// A page.
pub struct Page {
    /// The entries.
    pub entries: Vec<Kept>,
    /// Where the next begins.
    pub next: Option<Cursor>,
    /// How far back was looked, if the page is not full and there is more.
    pub looked_back_to: Option<Moment>,
}

/// The page that a query answered.
///
/// # Errors
/// `Down`, `Row`.
pub async fn page(
    db: &Db,
    org: &OrganisationId,
    which: &Which,
    most: u32,
    answer: &Answer,
) -> Result<Page, StoreError> {
    let kept = |hit: Hit| {
        let post = hit.post.as_deref().map(id).transpose()?;
        Ok(Kept { entry: entry(hit.entry)?, post, heading: hit.heading })
    };
    let mut entries: Vec<Kept> = answer.results::<Hit>()?.into_iter().map(kept).collect::<Result<_, StoreError>>()?;
    // They come in this order; that they do is the database's habit and not its promise.
    entries.sort_by_key(|kept| std::cmp::Reverse((kept.entry.at, kept.entry.seq)));
    if entries.len() > most as usize {
        entries.truncate(most as usize);
        let next = entries.last().map(|last| (last.entry.at, last.entry.seq));
        return Ok(Page { entries, next, looked_back_to: None });
    }
    if which.besides().0.is_empty() {
        return Ok(Page { entries, next: None, looked_back_to: None });
    }
    #[derive(Deserialize)]
    struct Last {
        at: f64,
        seq: f64,
    }
    let (sql, binds) = which.horizon(org);
    let last: Option<Last> = db.first(&sql, binds).await?;
    let next = last.map(|last| (Moment(last.at as i64), last.seq as u64));
    Ok(Page { entries, looked_back_to: next.map(|(at, _)| at), next })
}

/// A cursor as the contract carries it.
pub fn to_cursor((at, seq): Cursor) -> String {
    format!("{}-{seq}", at.0)
}

fn from_cursor(text: &str) -> Option<Cursor> {
    let (at, seq) = text.split_once('-')?;
    Some((Moment(at.parse().ok()?), seq.parse().ok()?))
}

/// Letters that are found by their plain one, in Spain's languages.
const FOLDED: &[(char, &str)] =
    &[('a', "áàÁÀ"), ('e', "éèÉÈ"), ('i', "íïÍÏ"), ('o', "óòÓÒ"), ('u', "úüÚÜ"), ('n', "ñÑ"), ('c', "çÇ")];

/// A text in plain small letters.
fn fold(text: &str) -> String {
    let plain = |letter: char| FOLDED.iter().find(|(_, all)| all.contains(letter)).map(|(plain, _)| *plain);
    text.chars().map(|letter| plain(letter).unwrap_or_else(|| letter.to_ascii_lowercase())).collect()
}

/// SQL that folds a column, as far as these words need it: each letter costs a pass over the text. In steps of one letter:
/// the database reads no expression that is nested deeper.
fn folded(column: &str, words: &str) -> String {
    let needed = FOLDED.iter().filter(|(plain, _)| words.contains(*plain));
    let steps = needed.fold(format!("SELECT lower({column}) AS t"), |sql, (plain, all)| {
        let step = all.chars().fold("t".to_owned(), |step, letter| format!("replace({step}, '{letter}', '{plain}')"));
        format!("SELECT {step} AS t FROM ({sql})")
    });
    format!("({steps})")
}

/// As it stands inside of a text of JSON.
fn json_inside(text: &str) -> String {
    let written = serde_json::to_string(text).unwrap_or_default();
    written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_accents_and_capitals() {
        assert_eq!(fold("La ALCALDÍA pidió Ñoño"), "la alcaldia pidio nono");
        assert!(folded("body", "pozo").contains("'ó', 'o'") && !folded("body", "pozo").contains("'á'"));
        assert_eq!(json_inside("\"1\"\n"), r#"\"1\"\n"#);
    }

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        assert_eq!(from_cursor(&to_cursor((Moment(17), 3))), Some((Moment(17), 3)));
        for text in ["", "17", "-", "a-b", "17-"] {
            assert_eq!(from_cursor(text), None);
        }
    }

    #[test]
    fn what_leads_is_not_asked_again_and_nothing_is_forgotten() {
        let search = |change: fn(&mut Search)| {
            let mut search = Search::default();
            change(&mut search);
            Which::of(&search).unwrap()
        };
        let leads = |which: &Which| (which.leads()[0].0, which.besides().0.len());
        assert_eq!(leads(&search(|_| ())), ("record_by_time", 0));
        let one = search(|search| search.subjects = Some("access".to_owned()));
        assert_eq!(leads(&one), ("record_by_subject", 0));
        let two = search(|search| search.subjects = Some("access,task".to_owned()));
        assert_eq!(leads(&two), ("record_by_time", 1));
        let all = search(|search| {
            search.post = Some(PostId::from_bits(1));
            search.person = Some(MemberId::from_bits(2));
            search.channel = Some(ChannelId::from_bits(3));
            search.engine = Some(true);
            search.subjects = Some("task".to_owned());
            search.text = Some("Agua  CLARA".to_owned());
        });
        assert_eq!(leads(&all), ("record_by_post", 8));
        assert_eq!(all.words, ["agua", "clara"]);
        assert!(Which::of(&Search { subjects: Some("x'; DROP".to_owned()), ..Search::default() }).is_none());
    }
}

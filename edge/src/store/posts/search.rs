//! Posts by their words: which those are, and what is found by them. Separate from the lists: those are read by what a post is.

use std::collections::HashMap;

use domain::{Moment, OrganisationId, PostId, library::Wanted, sought::Spoken};
use serde::Deserialize;
use wire::posts::Hit;

use super::{LIST, ListRow};
use crate::{
    binds,
    store::{Bind, Db, StoreError, Unit, acts, id, json},
};

/// A page.
const PAGE: usize = 20;
/// So many that have the leading word are looked at for the others in one go; then it is asked whether to look further back. So
/// nobody's words read the archive.
const LOOKED: usize = 1_000;
/// A beginning of a word that is so common finds so many, whichever they are: one more letter tells them apart.
const MOST_BEGUN: usize = 2_000;
/// So many posts are read in one go: three statements each, of which an invocation has fifty.
const MOST_READ: usize = 10;

/// What a post says, as `domain::sought::Spoken` is written. Of each text the beginning, which has more words than are kept: the
/// longest that a post may have would take all of an invocation's time to read.
const SPOKEN: &str = "json_object(
    'titles', json((SELECT json_group_object(t.key, substr(t.value, 1, 400)) FROM json_each(content, '$.titles') t)),
    'texts', json((SELECT json_group_object(t.key, substr(t.value, 1, 4000)) FROM json_each(content, '$.texts') t)),
    'versions', json((SELECT json_group_array(json_array(t.value ->> '$.language', substr(t.value ->> '$.text', 1, 4000)))
      FROM (SELECT value FROM json_each(content, '$.versions') WHERE type = 'object' LIMIT 8) t))) AS spoken";

/// Reads the words of some posts whose words are not known, the newest first; of one organisation, or of any for the clock.
/// Answers whether there may be more. Where somebody writes in one meanwhile nothing is kept of it: the next one reads it anew.
///
/// # Errors
/// `Down`, `Row`.
pub async fn learn(db: &Db, org: Option<&OrganisationId>) -> Result<bool, StoreError> {
    #[derive(Deserialize)]
    struct Unread {
        org: String,
        id: String,
        content_hash: String,
        spoken: String,
    }
    let (of, order) = if org.is_some() { ("org = ?1 AND ", "ORDER BY created_at DESC ") } else { ("", "") };
    let sql = format!(
        "SELECT org, id, content_hash, {SPOKEN} FROM post INDEXED BY post_unworded
         WHERE {of}unworded = 1 {order}LIMIT {MOST_READ}"
    );
    let rows: Vec<Unread> = db.all(&sql, org.map(Bind::from).into_iter().collect()).await?;
    let mut unit = Unit::new();
    for row in &rows {
        // Of what cannot be read no words are kept: a few of those would be the first of every run, for everybody.
        let words = json::<Spoken>(&row.spoken).map(|spoken| spoken.words()).unwrap_or_default();
        let words = Bind::json(&words);
        let with_words = || binds![&row.org, &row.id, &row.content_hash, words.clone()];
        unit.then(
            "DELETE FROM post_word WHERE org = ?1 AND post = ?2 AND word NOT IN (SELECT value FROM json_each(?4))
               AND EXISTS (SELECT 1 FROM post WHERE id = ?2 AND +org = ?1 AND content_hash = ?3)",
            with_words(),
        );
        unit.then(
            "INSERT OR IGNORE INTO post_word (org, word, at, post)
             SELECT ?1, j.value, p.created_at, p.id FROM post p CROSS JOIN json_each(?4) j
             WHERE p.id = ?2 AND +p.org = ?1 AND p.content_hash = ?3",
            with_words(),
        );
        unit.then(
            "UPDATE post SET unworded = 0 WHERE id = ?2 AND +org = ?1 AND content_hash = ?3",
            binds![&row.org, &row.id, &row.content_hash],
        );
    }
    if !unit.is_empty() {
        db.commit(unit).await?;
    }
    Ok(rows.len() == MOST_READ)
}

/// A page of what has all that is wanted, what was begun last first, and behind which the next one goes on.
///
/// # Errors
/// `Down`, `Row`.
pub async fn find(
    db: &Db,
    org: &OrganisationId,
    wanted: &Wanted,
    after: Option<(Moment, PostId)>,
) -> Result<(Vec<Hit>, Option<(Moment, PostId)>), StoreError> {
    #[derive(Deserialize)]
    struct Found {
        begun_at: f64,
        spoken: String,
        row: ListRow,
    }
    #[derive(Deserialize)]
    struct Last {
        at: f64,
        post: String,
    }
    let answers = db.many(queries(org, wanted, after)).await?;
    let [found, looked] = &answers[..] else { return Err(StoreError::Row("an answer is missing".to_owned())) };
    let mut found: Vec<Found> = found.results()?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = match found.last().filter(|_| more) {
        Some(last) => Some((Moment(last.begun_at as i64), id(&last.row.id)?)),
        // Less than a page among those that were looked at, and there are older ones.
        None => match looked.results::<Last>()?.first() {
            Some(last) => Some((Moment(last.at as i64), id(&last.post)?)),
            None => None,
        },
    };
    let placed: Vec<&String> = found.iter().filter(|one| one.row.slot_at.is_some()).map(|one| &one.row.id).collect();
    let states = if placed.is_empty() { HashMap::new() } else { acts::states(db, org, &placed).await? };
    let hit = |one: Found| {
        let passage = json::<Spoken>(&one.spoken)?.passage(wanted);
        Ok(Hit { row: one.row.shown(&states)?, passage })
    };
    Ok((found.into_iter().map(hit).collect::<Result<_, StoreError>>()?, last))
}

/// Adds a bind; answers its number.
fn bind(binds: &mut Vec<Bind>, value: impl Into<Bind>) -> usize {
    binds.push(value.into());
    binds.len()
}

/// That a word begins so. No word has the last sign: behind the beginning it stands after all that begin so.
fn begins(binds: &mut Vec<Bind>, begun: &str) -> String {
    let (low, high) = (bind(binds, begun), bind(binds, format!("{begun}\u{10FFFF}")));
    format!("word >= ?{low} AND word < ?{high}")
}

/// The query of a page, one more than a page if there are more; and that of the last one that it looks at, if it does not look at
/// all. One word leads, the longest, in the order of the list; the rest is looked up by key.
fn queries(org: &OrganisationId, wanted: &Wanted, after: Option<(Moment, PostId)>) -> Vec<(String, Vec<Bind>)> {
    let (at, post) = match &after {
        Some((at, post)) => (*at, post.as_str()),
        None => (Moment(i64::MAX >> 12), ""),
    };
    let mut binds = binds![org, at, post];
    let behind = format!("at <= ?2 AND (at < ?2 OR post < ?3) ORDER BY at DESC, post DESC LIMIT {LOOKED}");
    let (mut whole, begun) = (wanted.whole.iter(), wanted.begun.as_ref());
    let (leading, begun) = match (whole.next(), begun) {
        (None, Some(begun)) => {
            let begins = begins(&mut binds, begun);
            let some = format!("SELECT post, at FROM post_word WHERE org = ?1 AND {begins} LIMIT {MOST_BEGUN}");
            (format!("SELECT DISTINCT post, at FROM ({some}) WHERE {behind}"), None)
        }
        (word, begun) => {
            // Without a word at all nothing is found: none is empty.
            let word = bind(&mut binds, word.map_or("", String::as_str));
            (format!("SELECT post, at FROM post_word WHERE org = ?1 AND word = ?{word} AND {behind}"), begun)
        }
    };
    // Of as many binds as it names, and no more.
    let last = format!("SELECT at, post FROM ({leading}) ORDER BY at DESC, post DESC LIMIT 1 OFFSET {}", LOOKED - 1);
    let looked = (last, binds.clone());
    let mut rest = String::new();
    let mut also = |condition: String| {
        rest.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM post_word x WHERE x.org = ?1 AND x.post = w.post AND {condition})"
        ));
    };
    for word in whole {
        let word = bind(&mut binds, word);
        also(format!("x.word = ?{word}"));
    }
    if let Some(begun) = begun {
        also(begins(&mut binds, begun));
    }
    // What they say is read of a page alone.
    let sql = format!(
        "SELECT {LIST}, {SPOKEN}, f.at AS begun_at
         FROM (SELECT w.post, w.at FROM ({leading}) w WHERE 1{rest} ORDER BY w.at DESC, w.post DESC LIMIT {}) f
         CROSS JOIN post ON post.id = f.post AND +post.org = ?1 ORDER BY f.at DESC, f.post DESC",
        PAGE + 1
    );
    vec![(sql, binds), looked]
}

//! Posts by their words: which those are, and what is found by them. Separate from the lists: those are read by what a post is.

use std::collections::{BTreeSet, HashMap};

use domain::{
    Millis, Moment, OrganisationId, PostId,
    library::Wanted,
    sought::{self, Spoken},
};
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

/// A day, of which so many words may be written down.
const DAY: i64 = Millis::days(1).0;

/// The condition that something waits to be read: anything, or, once the day's share of what is older is used, what was changed
/// since a moment. Of the heartbeat's row.
pub const UNREAD: &str =
    "EXISTS (SELECT 1 FROM organisation o CROSS JOIN post p INDEXED BY post_unworded ON p.org = o.id
  WHERE p.unworded = 1 AND p.changed_at > CASE WHEN worded_day IS ?3 AND worded >= ?4 THEN ?5 ELSE 0 END)";

/// The binds of [`UNREAD`], from `?3` on.
pub fn unread(now: Moment) -> Vec<Bind> {
    binds![now.0.div_euclid(DAY), sought::OF_BEFORE, now.minus(sought::LATELY)]
}

/// Reads the words of some posts whose words are not known, what was changed last first; of one organisation, or of any for the
/// clock. What has no words yet waits for another day once this one has had enough; what says something else than it did does not.
/// Answers whether there may be more. Where somebody writes in one meanwhile nothing is kept of it: the next one reads it anew.
///
/// # Errors
/// `Down`, `Row`.
pub async fn learn(db: &Db, org: Option<&OrganisationId>, now: Moment) -> Result<bool, StoreError> {
    #[derive(Deserialize)]
    struct Unread {
        org: String,
        id: String,
        content_hash: String,
        changed_at: f64,
        known: f64,
        today: f64,
        spoken: String,
    }
    let day = now.0.div_euclid(DAY);
    let of = |org: &str| {
        format!(
            "SELECT x.id FROM post x INDEXED BY post_unworded WHERE x.org = {org} AND x.unworded = 1
             ORDER BY x.changed_at DESC LIMIT {MOST_READ}"
        )
    };
    let these = match org {
        Some(_) => of("?2"),
        // By organisations, so that the index has the order of each.
        None => format!(
            "SELECT p.id FROM organisation o CROSS JOIN post p ON p.id IN ({})
             ORDER BY p.changed_at DESC LIMIT {MOST_READ}",
            of("o.id")
        ),
    };
    let sql = format!(
        "SELECT org, id, content_hash, changed_at,
           EXISTS (SELECT 1 FROM post_word w WHERE w.org = post.org AND w.post = post.id) AS known,
           (SELECT CASE WHEN worded_day IS ?1 THEN worded ELSE 0 END FROM heartbeat WHERE id = 1) AS today, {SPOKEN}
         FROM post WHERE id IN ({these}) ORDER BY changed_at DESC"
    );
    let binds = std::iter::once(Bind::from(day)).chain(org.map(Bind::from)).collect();
    let rows: Vec<Unread> = db.all(&sql, binds).await?;
    let mut unit = Unit::new();
    let (mut read, mut written) = (0, 0);
    for row in &rows {
        // What cannot be read is found by nothing, and keeps nobody from finding the others.
        let words = match json::<Spoken>(&row.spoken) {
            Ok(spoken) => spoken.words(),
            Err(error) => {
                worker::console_error!("words: {error}");
                BTreeSet::new()
            }
        };
        if row.known < 1.0 {
            // The last one of the day goes over it a little: else the clock would come back for it each minute.
            if sought::room(row.today as usize + written, Moment(row.changed_at as i64), now) == 0 {
                continue;
            }
            written += words.len();
        }
        read += 1;
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
    // A rehearsal writes in an hour what a town does in a year, and costs nothing.
    if written > 0 && !cfg!(feature = "rehearsal") {
        unit.then(
            "UPDATE heartbeat SET worded = ?2 + CASE WHEN worded_day IS ?1 THEN worded ELSE 0 END, worded_day = ?1
             WHERE id = 1",
            binds![day, written as u64],
        );
    }
    if !unit.is_empty() {
        db.commit(unit).await?;
    }
    Ok(read == MOST_READ)
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

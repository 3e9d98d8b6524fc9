//! Comments: rows, threads, and what one act on a comment writes. Knows no caller: whoever is outside, without an
//! account, reads and writes through the very same functions, and by their types only what is theirs.

use std::collections::HashSet;

use domain::{
    ChannelId, CommentId, Language, MediaId, MemberId, Moment, Network, OrganisationId, PostId, SeriesId,
    comment::{Anchor, Audience, Comment, External, ExternalComment, Internal, MOST},
    json,
    people::People,
    record::Subject,
};
use serde::Deserialize;

use super::{
    Answer, Bind, Db, StoreError, Unit,
    bylaws::{self, MemberRow},
    id, json as parse, records,
};
use crate::{app::App, binds};

#[derive(Deserialize)]
struct Row {
    version: f64,
    data: String,
}

/// A comment with its version.
#[derive(Debug, Clone)]
pub struct Stored<A: Audience> {
    /// The comment.
    pub comment: Comment<A>,
    /// Counts its changes.
    pub version: u64,
}

impl<A: Audience> TryFrom<Row> for Stored<A> {
    type Error = StoreError;
    // A comment of the other thread is not one: the type says so, whatever the query did.
    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self { comment: parse(&row.data)?, version: row.version as u64 })
    }
}

/// The query of a thread of a post, oldest first; of one round, or of all.
pub fn query<A: Audience>(org: &OrganisationId, post: &PostId, round: Option<u32>) -> (String, Vec<Bind>) {
    let sql = "SELECT version, data FROM comment
      WHERE org = ?1 AND post = ?2 AND audience = ?3 AND (?4 IS NULL OR round = ?4) ORDER BY at, id LIMIT ?5";
    (sql.to_owned(), binds![org, post, A::NAME, round, MOST as u64])
}

/// Reads the answer to [`query`].
///
/// # Errors
/// `Row`.
pub fn thread<A: Audience>(answer: &Answer) -> Result<Vec<Comment<A>>, StoreError> {
    let rows: Vec<Row> = answer.results()?;
    rows.into_iter().map(|row| Stored::try_from(row).map(|stored| stored.comment)).collect()
}

/// The thread that people outside read too: all that they are ever shown. Of one round, or of all.
///
/// # Errors
/// `Down`, `Row`.
#[allow(dead_code, reason = "the door of those who approve from outside calls it")]
pub async fn external(
    db: &Db,
    org: &OrganisationId,
    post: &PostId,
    round: Option<u32>,
) -> Result<Vec<ExternalComment>, StoreError> {
    let answers = db.many(vec![query::<External>(org, post, round)]).await?;
    answers.first().map_or(Ok(Vec::new()), thread)
}

/// The query of the posts of a series that have comments which are not dealt with; those of the house only for who reads them.
pub fn open_in_series_query(org: &OrganisationId, series: &SeriesId, inside: bool) -> (String, Vec<Bind>) {
    // In this order: by the posts of the series, not through all comments of the organisation.
    let sql = "SELECT DISTINCT c.post FROM post p CROSS JOIN comment c ON c.org = p.org AND c.post = p.id
      WHERE p.org = ?1 AND p.series = ?2 AND (c.audience = ?3 OR ?4) AND c.deleted_at IS NULL
        AND json_extract(c.data, '$.resolved') IS NULL";
    (sql.to_owned(), binds![org, series, External::NAME, inside])
}

/// Reads the answer to [`open_in_series_query`].
///
/// # Errors
/// `Row`.
pub fn spoken_of(answer: &Answer) -> Result<HashSet<PostId>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        post: String,
    }
    answer.results::<Row>()?.iter().map(|row| id(&row.post)).collect()
}

/// What has to be known before something is said.
pub struct Ground<A: Audience> {
    /// In which round the post is, or was last.
    pub round: u32,
    /// Where it goes.
    pub channels: Vec<ChannelId>,
    /// What stands under that identity already.
    pub same: Option<Stored<A>>,
    /// The comment that is answered, if it is one of that thread.
    pub answered: Option<Comment<A>>,
    /// How many there are in the thread.
    pub count: usize,
    /// Whether all that is attached or pointed at is the organisation's.
    pub own_pictures: bool,
    /// Who is there.
    pub people: People,
}

/// What somebody is about to say.
pub struct Saying<'a> {
    /// Under which identity.
    pub comment: &'a CommentId,
    /// Of which post.
    pub post: &'a PostId,
    /// What it answers.
    pub answers: Option<&'a CommentId>,
    /// What it speaks of.
    pub anchor: &'a Anchor,
    /// What goes with it.
    pub attached: &'a [MediaId],
}

#[derive(Deserialize)]
struct PostRow {
    rounds: f64,
    destinations: String,
    count: f64,
    strange: f64,
}

/// Reads that, in one trip. Nothing if there is no such post.
///
/// # Errors
/// `Down`, `Row`.
pub async fn ground<A: Audience>(
    db: &Db,
    org: &OrganisationId,
    saying: &Saying<'_>,
) -> Result<Option<Ground<A>>, StoreError> {
    let Saying { comment, post, answers, anchor, attached } = saying;
    let pointed = match anchor {
        Anchor::Picture { hash, .. } => Some(hash),
        _ => None,
    };
    let about = "SELECT rounds, destinations,
        (SELECT COUNT(*) FROM comment c WHERE c.org = ?1 AND c.post = ?2 AND c.audience = ?3) AS count,
        (SELECT COUNT(*) FROM json_each(?4) j WHERE NOT EXISTS (SELECT 1 FROM media m WHERE m.org = ?1 AND m.id = j.value))
        + (?5 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM media m WHERE m.org = ?1 AND m.hash = ?5)) AS strange
      FROM post WHERE org = ?1 AND id = ?2";
    let one = "SELECT version, data FROM comment WHERE org = ?1 AND id = ?2 AND post = ?3 AND audience = ?4";
    let queries = vec![
        (about.to_owned(), binds![org, *post, A::NAME, Bind::json(attached), pointed]),
        (one.to_owned(), binds![org, *comment, *post, A::NAME]),
        (one.to_owned(), binds![org, *answers, *post, A::NAME]),
        (bylaws::MEMBERS.to_owned(), binds![org]),
    ];
    let read = db.many(queries).await?;
    let [about, same, answered, members] = read.as_slice() else { return Err(missing()) };
    let Some(row) = about.results::<PostRow>()?.pop() else { return Ok(None) };
    let stored = |answer: &Answer| answer.results::<Row>()?.pop().map(Stored::<A>::try_from).transpose();
    Ok(Some(Ground {
        round: row.rounds as u32,
        channels: channels(&row.destinations)?,
        same: stored(same)?,
        answered: stored(answered)?.map(|stored| stored.comment),
        count: row.count as usize,
        own_pictures: row.strange == 0.0,
        people: people(&members.results()?)?,
    }))
}

fn missing() -> StoreError {
    StoreError::Row("an answer is missing".to_owned())
}

fn channels(destinations: &str) -> Result<Vec<ChannelId>, StoreError> {
    let going: Vec<(ChannelId, Network, Language)> = parse(destinations)?;
    Ok(going.into_iter().map(|(channel, ..)| channel).collect())
}

fn people(rows: &[MemberRow]) -> Result<People, StoreError> {
    Ok(People { colleagues: bylaws::colleagues(rows.iter())?, ..People::default() })
}

/// A comment of either thread.
pub enum Either {
    /// The house's.
    Internal(Stored<Internal>),
    /// The one for everybody in the round.
    External(Stored<External>),
}

/// A comment, and the post that it is on.
pub struct Found {
    /// The comment.
    pub comment: Either,
    /// The post.
    pub post: PostId,
    /// Where the post goes.
    pub channels: Vec<ChannelId>,
}

/// A comment of an organisation, in one trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn find(db: &Db, org: &OrganisationId, comment: &CommentId) -> Result<Option<Found>, StoreError> {
    #[derive(Deserialize)]
    struct One {
        audience: String,
        post: String,
        destinations: String,
        version: f64,
        data: String,
    }
    let sql = "SELECT c.audience, c.post, p.destinations, c.version, c.data FROM comment c
      JOIN post p ON p.id = c.post AND p.org = c.org WHERE c.org = ?1 AND c.id = ?2";
    let Some(one) = db.first::<One>(sql, binds![org, comment]).await? else { return Ok(None) };
    let row = Row { version: one.version, data: one.data };
    let comment = match one.audience == External::NAME {
        true => Either::External(row.try_into()?),
        false => Either::Internal(row.try_into()?),
    };
    Ok(Some(Found { comment, post: id(&one.post)?, channels: channels(&one.destinations)? }))
}

/// Adds a new comment to a unit of work, with its entry in the record. `Unique` when the identity stands already.
pub fn write<A: Audience>(app: &App, unit: &mut Unit, org: &OrganisationId, comment: &Comment<A>) {
    insert(unit, org, comment);
    records::keep(app, unit, org, Subject::Comment, &written(comment));
}

/// What the record says of a new comment.
pub fn written<A: Audience>(comment: &Comment<A>) -> serde_json::Value {
    json!({ "what": "comment_written", "comment": comment })
}

/// Adds the row of a new comment.
pub fn insert<A: Audience>(unit: &mut Unit, org: &OrganisationId, comment: &Comment<A>) {
    unit.then(
        "INSERT INTO comment (id, org, post, audience, round, at, version, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, ?7)",
        binds![&comment.id, org, &comment.post, A::NAME, comment.round, comment.at(), Bind::json(comment)],
    );
}

/// Adds a changed comment to a unit of work, with its entry in the record; nothing is written unless the stored version
/// is still `before`.
pub fn change<A: Audience>(
    app: &App,
    unit: &mut Unit,
    org: &OrganisationId,
    comment: &Comment<A>,
    before: u64,
    what: &'static str,
) {
    unit.expect("(SELECT version FROM comment WHERE org = ?1 AND id = ?2) = ?3", binds![org, &comment.id, before]);
    unit.then(
        "UPDATE comment SET version = version + 1, data = ?3, deleted_at = ?4 WHERE org = ?1 AND id = ?2",
        binds![org, &comment.id, Bind::json(comment), comment.deleted.as_ref().map(|mark| mark.at)],
    );
    // What it said before stands in the entries before.
    let says = comment.wordings.last().map(|wording| &wording.text);
    let body = json!({
        "what": what, "comment": comment.id, "post": comment.post, "audience": A::NAME, "text": says,
        "resolved": comment.resolved, "deleted": comment.deleted, "at": app.now(),
    });
    records::keep(app, unit, org, Subject::Comment, &body);
}

/// Both threads and everybody who is or was a member.
pub struct Threads {
    /// The house's, if it was asked for.
    pub internal: Option<Vec<Comment<Internal>>>,
    /// The other one.
    pub external: Vec<ExternalComment>,
    /// Everybody by name.
    pub names: Vec<(MemberId, String)>,
    /// Those who are there.
    pub people: People,
    /// Where the post goes.
    pub channels: Vec<ChannelId>,
}

/// Adds to a unit of work that both threads are read as they are behind it: what changed is answered in the same trip.
pub fn then_read(unit: &mut Unit, org: &OrganisationId, post: &PostId, house: bool) {
    let queries = [
        ("SELECT destinations FROM post WHERE org = ?1 AND id = ?2".to_owned(), binds![org, post]),
        (bylaws::MEMBERS.to_owned(), binds![org]),
        query::<External>(org, post, None),
    ];
    let inside = house.then(|| query::<Internal>(org, post, None));
    for (sql, binds) in queries.into_iter().chain(inside) {
        unit.then(sql, binds);
    }
}

/// Reads what [`then_read`] asked, out of the answers of the whole unit. Nothing if there is no such post.
///
/// # Errors
/// `Row`.
pub fn read(answers: &[Answer], house: bool) -> Result<Option<Threads>, StoreError> {
    #[derive(Deserialize)]
    struct Going {
        destinations: String,
    }
    let asked = answers.len().checked_sub(if house { 4 } else { 3 }).and_then(|from| answers.get(from..));
    let Some([going, members, external, inside @ ..]) = asked else { return Err(missing()) };
    let Some(going) = going.results::<Going>()?.pop() else { return Ok(None) };
    let rows: Vec<MemberRow> = members.results()?;
    Ok(Some(Threads {
        internal: inside.first().map(thread).transpose()?,
        external: thread(external)?,
        people: people(&rows)?,
        names: bylaws::names(rows)?,
        channels: channels(&going.destinations)?,
    }))
}

/// Adds to a unit of work that the words of what was taken away before a moment go. They stay in the record.
pub fn sweep(unit: &mut Unit, before: Moment) {
    unit.then(
        "UPDATE comment SET data = json_set(data, '$.wordings', json('[]')), deleted_at = NULL WHERE deleted_at < ?1",
        binds![before],
    );
}

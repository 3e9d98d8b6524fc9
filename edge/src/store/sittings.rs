//! Sittings: who is writing in which post, and since when. A row while it lasts, an entry of the record when it is over.
//!
//! Separate from `posts`: the composer saves every few seconds, and a trail of that would be nothing but noise. A sitting
//! ends with what is done with the post (it is submitted, placed …), or when nobody of that session has written for half
//! an hour. While it lasts each save writes one row, the same one.

use domain::{Millis, Moment, OrganisationId, PostId, record::canonical};

use super::{Bind, Db, StoreError, Unit};
use crate::{app::App, binds, caller::Caller};

/// Who has not written for so long has done something else.
pub const PAUSE: Millis = Millis::minutes(30);

/// Adds to a unit of work that the caller wrote in a post.
pub fn note(app: &App, unit: &mut Unit, caller: &Caller, post: &PostId, before: Option<&str>, after: &str) {
    let sql =
        "INSERT INTO sitting (org, post, session, id, salt, actor, began_at, last_at, saves, before, content_hash)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 1, ?8, ?9)
      ON CONFLICT (org, post, session) DO UPDATE SET last_at = ?7, saves = saves + 1, content_hash = ?9";
    let id = domain::RecordId::from_bits(app.bits());
    let actor = canonical(&app.actor());
    unit.then(
        sql,
        binds![
            caller.org(),
            post,
            &caller.session,
            &id,
            app.salt(),
            actor,
            app.now(),
            before.map(str::to_owned),
            after
        ],
    );
}

/// The entry of a sitting, in canonical JSON: the names in order, the actor as it was written.
const ENTRY: &str = "INSERT INTO record (id, org, at, subject, body, salt)
  SELECT id, org, last_at, 'drafting', json_object('actor', json(actor), 'before', before, 'content_hash', content_hash,
    'from', began_at, 'post', post, 'saves', saves, 'until', last_at, 'what', 'written'), salt FROM sitting";

/// Adds to a unit of work that every sitting over a post is over.
pub fn end(unit: &mut Unit, org: &OrganisationId, post: &PostId) {
    unit.then(format!("{ENTRY} WHERE org = ?1 AND post = ?2"), binds![org, post]);
    unit.then("DELETE FROM sitting WHERE org = ?1 AND post = ?2", binds![org, post]);
}

/// The same of several posts.
pub fn end_all(unit: &mut Unit, org: &OrganisationId, posts: &[&PostId]) {
    let (these, of) = (Bind::json(&posts), "WHERE org = ?1 AND post IN (SELECT value FROM json_each(?2))");
    unit.then(format!("{ENTRY} {of}"), binds![org, these.clone()]);
    unit.then(format!("DELETE FROM sitting {of}"), binds![org, these]);
}

/// Ends what nobody goes on with. Twice: there is nothing left to end.
///
/// # Errors
/// `Down`.
pub async fn end_lapsed(db: &Db, now: Moment) -> Result<(), StoreError> {
    let since = now.minus(PAUSE);
    let mut unit = Unit::new();
    unit.then(format!("{ENTRY} WHERE last_at < ?1"), binds![since]);
    unit.then("DELETE FROM sitting WHERE last_at < ?1", binds![since]);
    db.commit(unit).await.map(drop)
}

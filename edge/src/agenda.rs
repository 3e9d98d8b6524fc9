//! The clock of rounds: who still has to decide is reminded, more people are asked, and it is said when nobody decided in
//! time; in the organisation's working hours. Nothing here agrees to anything.
//!
//! Twice: what has struck is guarded by the time at which it was to strike, and each letter by its own.

use domain::{Effect, Language, Moment, OrganisationId, Post, PostId, Stage};
use serde::Deserialize;

use crate::{
    app::App,
    binds, mail,
    store::{
        StoreError, Unit, bylaws, id, json,
        outside::{self, Host},
        posts::Bench,
        records,
    },
    zones,
};

/// Posts of one run, over all organisations; what is left strikes with the next tick. Each takes two trips, three if
/// somebody outside is written to.
const MOST: u32 = 8;

#[derive(Deserialize)]
struct Row {
    org: String,
    id: String,
    zone: String,
    name: String,
    languages: String,
    author: String,
    version: f64,
    rounds: f64,
    stage_data: String,
    round_due_at: f64,
}

const DUE: &str =
    "SELECT p.org, p.id, o.zone, o.name, o.languages, p.author, p.version, p.rounds, p.stage_data, p.round_due_at
  FROM post p INDEXED BY post_round_due JOIN organisation o ON o.id = p.org
  WHERE p.round_due_at <= ?1 ORDER BY p.round_due_at LIMIT ?2";

/// Lets everything strike that is due, a bounded number of posts.
///
/// # Errors
/// `Down`: the next tick does what this one could not.
pub async fn strike(app: &App) -> Result<(), StoreError> {
    let rows: Vec<Row> = app.db.all(DUE, binds![app.now(), MOST]).await?;
    for row in rows {
        if !app.ledger().affords(9) {
            break;
        }
        match of_post(app, &row).await {
            // Somebody decided, or another tick was first.
            Ok(()) | Err(StoreError::Guard) => {}
            // One post's trouble does not stop the others (house rule 7).
            Err(error) => worker::console_error!("agenda: {error}"),
        }
    }
    Ok(())
}

async fn of_post(app: &App, row: &Row) -> Result<(), StoreError> {
    let (org, post): (OrganisationId, PostId) = (id(&row.org)?, id(&row.id)?);
    let ((_, bylaws), members) = bylaws::read(&app.db, &org).await?;
    let people = bylaws::people(&bylaws, &members)?;
    let at = app.now();
    let zone = zones::zone(&row.zone, at).map_err(|_| StoreError::Row("zone".to_owned()))?;
    let author: domain::MemberId = id(&row.author)?;
    let stage: Stage = json(&row.stage_data)?;
    // What strikes is in the round; the content is not asked.
    let post = Post {
        version: row.version as u64,
        rounds: row.rounds as u32,
        stage,
        ..Post::new(post, author.clone(), domain::Content::default())
    };
    let bench = Bench { member: author, at, bylaws, people, zone };
    let since = Moment(row.round_due_at as i64);
    let (effects, next) = post.ring(since, bench.now());
    let mut unit = Unit::new();
    let standing = "EXISTS (SELECT 1 FROM post WHERE org = ?1 AND id = ?2 AND version = ?3 AND round_due_at = ?4)";
    unit.expect(standing, binds![&org, &post.id, post.version, since]);
    unit.then("UPDATE post SET round_due_at = ?3 WHERE org = ?1 AND id = ?2", binds![&org, &post.id, next]);
    for effect in effects {
        match effect {
            Effect::Keep { subject, body } => records::keep(app, &mut unit, &org, subject, &body),
            Effect::Notify(notice) => mail::notify(app, &mut unit, &org, &notice),
            Effect::Invite(invited) => {
                let languages: Vec<Language> = json(&row.languages)?;
                let language = languages.into_iter().next().unwrap_or_else(Language::spanish);
                let host = Host { org: &org, name: &row.name, language, zone: &row.zone };
                outside::invite(app, &mut unit, &host, &invited).await?;
            }
        }
    }
    app.db.commit(unit).await.map(drop)
}

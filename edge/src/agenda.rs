//! The clock of rounds: who still has to decide is reminded, more people are asked, and it is said when nobody decided in
//! time; in the organisation's working hours. What was planned gives its hour up, or takes the next free hole, as the
//! circuit says. Nothing here agrees to anything. Emergencies have theirs here too, by the clock on the wall.
//!
//! Twice: what has struck is guarded by the time at which it was to strike, and each letter by its own.

use domain::{
    Content, Effect, Language, Millis, Moment, Notice, OrganisationId, Post, PostId, Role, Stage,
    emergency::{Emergency, Owed},
    record::Subject,
};
use serde::Deserialize;

use crate::{
    app::App,
    binds, mail,
    store::{
        Bind, StoreError, Unit, bylaws, emergencies, id, json, name,
        outside::{self, Host},
        posts::{self, Bench},
        records,
    },
    zones,
};

/// Posts of one run, over all organisations; what is left strikes with the next tick. Each takes two trips, one more where
/// the next free hole is looked for, and one more if somebody outside is written to.
const MOST: u32 = 8;

/// After so long what could not be read is looked at again.
const UNREADABLE: Millis = Millis::days(1);

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
    kind: String,
    plan: Option<String>,
    round_due_at: f64,
}

/// Of each organisation the first, then of each the second: none takes the turns of the others.
const DUE: &str =
    "SELECT p.org, p.id, o.zone, o.name, o.languages, p.author, p.version, p.rounds, p.stage_data, p.plan,
    p.kind, p.round_due_at
  FROM (SELECT org, id, round_due_at, ROW_NUMBER() OVER (PARTITION BY org ORDER BY round_due_at) AS place
      FROM post INDEXED BY post_round_due
      WHERE round_due_at <= ?1 AND NOT EXISTS (SELECT 1 FROM arrival a WHERE a.org = post.org)
      ORDER BY place, round_due_at LIMIT ?2) d
    JOIN post p ON p.id = d.id AND +p.org = d.org JOIN organisation o ON o.id = p.org
  ORDER BY d.place, d.round_due_at";

/// Lets everything strike that is due, a bounded number of posts.
///
/// # Errors
/// `Down`: the next tick does what this one could not.
pub async fn strike(app: &App) -> Result<(), StoreError> {
    // First: they are few, and they are the ones that cannot wait.
    let late: Vec<emergencies::Due> = app.db.all(emergencies::DUE, binds![app.now(), MOST]).await?;
    for row in late {
        if !app.ledger().affords(5) {
            return Ok(());
        }
        match of_emergency(app, &row).await {
            Ok(()) | Err(StoreError::Guard) => {}
            Err(error) => {
                worker::console_error!("agenda: {error}");
                put_off(app, &error, "emergency SET due_at", (&row.org, &row.id)).await;
            }
        }
    }
    let rows: Vec<Row> = app.db.all(DUE, binds![app.now(), MOST]).await?;
    for row in rows {
        if !app.ledger().affords(9) {
            break;
        }
        match of_post(app, &row).await {
            // Somebody decided, or another tick was first.
            Ok(()) | Err(StoreError::Guard) => {}
            // One post's trouble does not stop the others (house rule 7).
            Err(error) => {
                worker::console_error!("agenda: {error}");
                put_off(app, &error, "post SET round_due_at", (&row.org, &row.id)).await;
            }
        }
    }
    Ok(())
}

/// What cannot be read strikes again a day later: the first that are due are looked at first, so that a few of those would stand
/// before everybody else's for ever.
async fn put_off(app: &App, error: &StoreError, what: &str, (org, id): (&str, &str)) {
    if let StoreError::Row(_) = error {
        let sql = format!("UPDATE {what} = ?3 WHERE org = ?1 AND id = ?2");
        if let Err(error) = app.db.run(&sql, binds![org, id, app.now().plus(UNREADABLE)]).await {
            worker::console_error!("agenda: {error}");
        }
    }
}

async fn of_post(app: &App, row: &Row) -> Result<(), StoreError> {
    let (org, post): (OrganisationId, PostId) = (id(&row.org)?, id(&row.id)?);
    let ((_, bylaws), members) = bylaws::read(&app.db, &org).await?;
    let people = bylaws::people(&bylaws, &members)?;
    let at = app.now();
    let zone = zones::zone(&row.zone, at).map_err(|_| StoreError::Row("zone".to_owned()))?;
    let author: domain::MemberId = id(&row.author)?;
    let stage: Stage = json(&row.stage_data)?;
    // What strikes is in the round; of the content only the kind is asked, for there are days that hold some of them back.
    let content = Content { kind: name(&row.kind)?, ..Content::default() };
    let post = Post {
        version: row.version as u64,
        rounds: row.rounds as u32,
        stage,
        plan: row.plan.as_deref().map(json).transpose()?,
        ..Post::new(post, author.clone(), content)
    };
    let bench = Bench { member: author, at, bylaws, people, zone };
    let since = Moment(row.round_due_at as i64);
    let (mut effects, mut next) = post.ring(since, bench.now());
    let mut unit = Unit::new();
    let unchanged = "EXISTS (SELECT 1 FROM post WHERE org = ?1 AND id = ?2 AND version = ?3 AND round_due_at = ?4)";
    unit.expect(unchanged, binds![&org, &post.id, post.version, since]);
    let channels = post.round().map(|round| round.channels.clone()).unwrap_or_default();
    let room = post.wants_room(at);
    let standing = match room {
        Some(from) => posts::room(&app.db, &org, &post.id, &channels, from).await?,
        None => posts::Standing::default(),
    };
    if let Some((plan, told)) = post.hour_strikes(since, standing.room(), bench.now()) {
        effects.extend(told);
        let struck = Post { plan: Some(plan), ..post.clone() };
        next = struck.next_ring(bench.now());
        let slot = struck.slot().map(|slot| slot.at);
        if let (Some(_), Some(at)) = (room, slot) {
            posts::still_free(&mut unit, &org, &post.id, &channels, at);
        }
        // With the version: a decision that was read before this does not land at an hour that was lost.
        let sql = "UPDATE post SET plan = ?3, slot_at = ?4, version = version + 1 WHERE org = ?1 AND id = ?2";
        unit.then(sql, binds![&org, &post.id, struck.plan.as_ref().map(Bind::json), slot]);
    }
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

/// What was owed in an emergency did not come: on the record once, and told to whoever asked and who administers. The
/// second word is not waited for any longer; a ratification still is, and stays late.
async fn of_emergency(app: &App, row: &emergencies::Due) -> Result<(), StoreError> {
    let (org, emergency): (OrganisationId, Emergency) = (id(&row.org)?, json(&row.data)?);
    let members: Vec<bylaws::MemberRow> = app.db.all(bylaws::MEMBERS, binds![&org]).await?;
    let (at, owed) = (app.now(), emergency.owed(app.now()));
    let colleagues = bylaws::colleagues(members.iter())?.into_iter();
    let administrators = colleagues.filter(|colleague| colleague.role == Role::Administrator);
    let to = administrators.map(|colleague| colleague.id).chain([emergency.first.by.clone()]).collect();
    let due = Moment(row.due_at as i64);
    let mut unit = Unit::new();
    emergencies::struck(&mut unit, &org, &emergency.id, owed, due);
    let what = if owed == Owed::Dropped { "nobody_agreed_in_time" } else { "nobody_ratified_in_time" };
    let body =
        domain::json!({ "what": what, "post": emergency.post, "emergency": emergency.id, "since": due, "at": at });
    records::keep(app, &mut unit, &org, Subject::Incident, &body);
    mail::notify(app, &mut unit, &org, &Notice::Unanswered { post: emergency.post, to, at: due });
    app.db.commit(unit).await.map(drop)
}

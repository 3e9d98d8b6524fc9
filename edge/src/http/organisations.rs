//! Handlers of `wire::organisations`: data, policy, declarations, the pause.

use domain::{
    Declaration, Language, MemberId, Millis, Notice, Organisation, OrganisationId, Policy, Refusal,
    delivery::{ActState, Hold},
    json,
    post::parse_reason,
    record::Subject,
};
use serde::Deserialize;
use wire::{Nothing, organisations};

use crate::{
    answer::Refused,
    app::App,
    ask::{Api, Ask, mount},
    binds,
    caller::Caller,
    http::people::parse_name,
    mail,
    store::{self, Bind, StoreError, Unit, name_of, records},
    zones,
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &organisations::ORGANISATION, organisation);
    let api = mount(api, &organisations::CHANGE, change);
    let api = mount(api, &organisations::CHANGE_POLICY, change_policy);
    let api = mount(api, &organisations::CHANGE_UTM, change_utm);
    let api = mount(api, &organisations::DECLARE, declare);
    let api = mount(api, &organisations::PAUSE, pause);
    mount(api, &organisations::RESUME, resume)
}

async fn organisation(ask: Ask<Nothing>) -> Result<Organisation, Refused> {
    Ok(ask.caller()?.organisation.clone())
}

/// Checks what every organisation is made of, and answers its name trimmed.
///
/// # Errors
/// `Malformed`, `TooLarge`, `Doubled`, `UnknownZone`.
pub fn parse_data(app: &App, name: &str, zone: &str, languages: &[Language]) -> Result<String, Refusal> {
    let name = parse_name(name)?;
    zones::zone(zone, app.now())?;
    if languages.is_empty() || languages.len() > 8 {
        return Err(Refusal::Malformed { field: "languages".to_owned() });
    }
    if languages.iter().enumerate().any(|(place, language)| languages[..place].contains(language)) {
        return Err(Refusal::Doubled { field: "languages".to_owned() });
    }
    Ok(name)
}

/// The guard of every change: the version that it started from.
fn at_version(unit: &mut Unit, org: &OrganisationId, version: u64) {
    let standing = "EXISTS (SELECT 1 FROM organisation WHERE id = ?1 AND version = ?2)";
    unit.expect(standing, binds![org, version]);
}

/// Writes a change; answers the organisation as it stands after it.
async fn commit(app: &App, org: &OrganisationId, unit: Unit) -> Result<Organisation, Refused> {
    let written = app.db.commit(unit).await;
    let standing = store::organisations::read(&app.db, org).await?.ok_or(Refusal::NotFound)?;
    match written {
        Ok(_) => Ok(standing),
        Err(StoreError::Guard) => Err(Refusal::Stale { current: standing.version }.into()),
        Err(error) => Err(error.into()),
    }
}

async fn change(ask: Ask<organisations::ChangeOrganisation>) -> Result<Organisation, Refused> {
    #[derive(Deserialize)]
    struct Row {
        found: u8,
    }
    let (caller, app, body) = (ask.caller()?, &ask.app, &ask.body);
    let org = caller.org();
    let name = parse_data(app, &body.name, &body.zone, &body.languages)?;
    if let Some(crest) = &body.crest {
        let sql = "SELECT EXISTS (SELECT 1 FROM media WHERE org = ?1 AND id = ?2) AS found";
        let row: Option<Row> = app.db.first(sql, binds![org, crest]).await?;
        if row.is_none_or(|row| row.found == 0) {
            return Err(Refusal::NotFound.into());
        }
    }
    let mut unit = Unit::new();
    at_version(&mut unit, org, body.version);
    if body.zone != caller.organisation.zone {
        // What is kept of them stands on the wall of before.
        store::foreign::hurry(&mut unit, org);
    }
    let sql = "UPDATE organisation SET name = ?2, kind = ?3, zone = ?4, languages = ?5, colour = ?6, crest = ?7,
      version = version + 1 WHERE id = ?1";
    let (kind, languages, colour) = (name_of(&body.kind), Bind::json(&body.languages), body.colour.to_string());
    unit.then(sql, binds![org, &name, kind, &body.zone, languages, colour, body.crest.as_ref()]);
    let kept = json!({
        "what": "data_changed", "by": caller.member, "version": body.version + 1, "name": name, "kind": body.kind,
        "zone": body.zone, "languages": body.languages, "colour": body.colour, "crest": body.crest,
    });
    records::keep(app, &mut unit, org, Subject::Policy, &kept);
    commit(app, org, unit).await
}

/// A minute is one tick of the clock; after a day a notice is no news.
const WINDOWS: std::ops::RangeInclusive<i64> = Millis::minutes(1).0..=Millis::hours(24).0;

async fn change_policy(ask: Ask<organisations::ChangePolicy>) -> Result<Organisation, Refused> {
    let (caller, app, body) = (ask.caller()?, &ask.app, &ask.body);
    if !WINDOWS.contains(&body.window.0) {
        return Err(Refusal::Malformed { field: "window".to_owned() }.into());
    }
    known(app, caller.org(), "alert", &body.alert).await?;
    known(app, caller.org(), "duty", &body.duty).await?;
    let policy = Policy {
        rules: body.rules.clone(),
        unapproved: caller.organisation.policy.unapproved.clone(),
        window: body.window,
        alert: body.alert.clone(),
        duty: body.duty.clone(),
        telling: caller.organisation.policy.telling.clone(),
        utm: caller.organisation.policy.utm.clone(),
    };
    let kept = json!({ "what": "policy_changed", "by": caller.member, "version": body.version + 1, "policy": policy });
    write_policy(app, caller, body.version, &policy, Subject::Policy, &kept).await
}

async fn change_utm(ask: Ask<organisations::ChangeUtm>) -> Result<Organisation, Refused> {
    let (caller, app, body) = (ask.caller()?, &ask.app, &ask.body);
    let mut policy = caller.organisation.policy.clone();
    policy.utm = body.sites.clone().parse()?;
    let kept = json!({
        "what": "utm_changed", "by": caller.member, "version": body.version + 1, "sites": policy.utm,
    });
    write_policy(app, caller, body.version, &policy, Subject::Policy, &kept).await
}

/// Adopts or withdraws. The version is the one this request read: two administrators at once cannot lose each other's.
async fn declare(ask: Ask<organisations::Declare>) -> Result<Organisation, Refused> {
    let (caller, app, body) = (ask.caller()?, &ask.app, &ask.body);
    let mut policy = caller.organisation.policy.clone();
    policy.unapproved.retain(|declaration| declaration.kind != body.kind);
    let reason = body.reason.as_deref().map(parse_reason).transpose()?;
    if let Some(reason) = &reason {
        let declaration =
            Declaration { kind: body.kind, by: caller.member.clone(), at: app.now(), reason: reason.clone() };
        policy.unapproved.push(declaration);
        policy.unapproved.sort_by_key(|declaration| declaration.kind);
    }
    let kept = json!({
        "what": if reason.is_some() { "adopted" } else { "withdrawn" }, "kind": body.kind, "by": caller.member,
        "reason": reason,
    });
    write_policy(app, caller, caller.organisation.version, &policy, Subject::Declaration, &kept).await
}

/// Writes a policy over the version that the change started from.
///
/// # Errors
/// `Stale`, `Unavailable`.
pub async fn write_policy(
    app: &App,
    caller: &Caller,
    version: u64,
    policy: &Policy,
    subject: Subject,
    kept: &serde_json::Value,
) -> Result<Organisation, Refused> {
    let mut unit = Unit::new();
    at_version(&mut unit, caller.org(), version);
    let sql = "UPDATE organisation SET policy = ?2, version = version + 1 WHERE id = ?1";
    unit.then(sql, binds![caller.org(), Bind::json(policy)]);
    records::keep(app, &mut unit, caller.org(), subject, kept);
    commit(app, caller.org(), unit).await
}

/// Whether all of them are members here.
async fn known(app: &App, org: &OrganisationId, field: &str, members: &[MemberId]) -> Result<(), Refused> {
    #[derive(Deserialize)]
    struct Row {
        known: usize,
    }
    if members.is_empty() {
        return Ok(());
    }
    if members.len() > 100 {
        return Err(Refusal::TooLarge { field: field.to_owned(), limit: 100, length: members.len() as u64 }.into());
    }
    let sql = "SELECT COUNT(*) AS known FROM member WHERE org = ?1 AND removed_at IS NULL
      AND id IN (SELECT value FROM json_each(?2))";
    let row: Option<Row> = app.db.first(sql, binds![org, Bind::json(&members)]).await?;
    // Somebody who stands twice is known once: also not as it should be.
    if row.is_some_and(|row| row.known == members.len()) {
        Ok(())
    } else {
        Err(Refusal::Malformed { field: field.to_owned() }.into())
    }
}

/// The stop that stops: the flag and every act that still waits, in one batch. What was claimed meanwhile meets the
/// flag at the point of no return. Taking down stays possible. A second pause keeps the first one's reason.
async fn pause(ask: Ask<organisations::PauseAll>) -> Result<Organisation, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let (org, by, now) = (caller.org(), &caller.member, app.now());
    let reason = parse_reason(&ask.body.reason)?;
    let mut unit = Unit::new();
    let sql = "UPDATE organisation SET paused_at = ?2, paused_by = ?3, pause_reason = ?4
      WHERE id = ?1 AND paused_at IS NULL";
    unit.then(sql, binds![org, now, by, &reason]);
    let ours = format!(
        "EXISTS (SELECT 1 FROM organisation WHERE id = '{org}' AND paused_at = {} AND paused_by = '{by}')",
        now.0
    );
    let kept = json!({ "what": "paused", "by": by, "reason": reason });
    records::keep_if(app, &mut unit, org, Subject::Pause, &kept, &ours);
    let held = ActState::Held { reason: Hold::Paused };
    let sql = "UPDATE act SET state = ?2, data = ?3
      WHERE org = ?1 AND state = 'waiting' AND deed <> 'delete'";
    unit.then(sql, binds![org, held.name(), Bind::json(&held)]);
    mail::notify(app, &mut unit, org, &Notice::Paused);
    commit(app, org, unit).await
}

/// Lifts the flag only: what was held stays held, and is released post by post.
async fn resume(ask: Ask<Nothing>) -> Result<Organisation, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let org = caller.org();
    let mut unit = Unit::new();
    if store::arrivals::find(&app.db, org).await?.is_some() {
        return Err(Refusal::Arriving.into());
    }
    unit.expect("NOT EXISTS (SELECT 1 FROM arrival WHERE org = ?1)", binds![org]);
    let paused = format!("EXISTS (SELECT 1 FROM organisation WHERE id = '{org}' AND paused_at IS NOT NULL)");
    let kept = json!({ "what": "resumed", "by": caller.member, "paused": caller.organisation.pause });
    records::keep_if(app, &mut unit, org, Subject::Pause, &kept, &paused);
    let sql = "UPDATE organisation SET paused_at = NULL, paused_by = NULL, pause_reason = NULL WHERE id = ?1";
    unit.then(sql, binds![org]);
    commit(app, org, unit).await
}

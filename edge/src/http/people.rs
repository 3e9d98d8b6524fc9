//! Handlers of `wire::people`: the members, and how they come and go.

mod invitations;

use domain::{Access, Act, ChannelId, MemberId, OrganisationId, Refusal, Role, json, may, record::Subject, text::line};
use serde::Deserialize;
use wire::{Nothing, people};

use crate::{
    answer::Refused,
    app::App,
    ask::{Api, Ask, mount},
    binds,
    store::{self, Bind, StoreError, Unit, name_of, records, sessions, sharing},
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &people::MEMBERS, members);
    let api = mount(api, &people::CHANGE_MEMBER, change);
    let api = mount(api, &people::REMOVE_MEMBER, remove);
    invitations::mount_all(api)
}

async fn members(ask: Ask<Nothing>) -> Result<Vec<people::MemberRow>, Refused> {
    let caller = ask.caller()?;
    let mut rows = store::people::of_organisation(&ask.app.db, caller.org()).await?;
    if !may(caller.role, Act::ManagePeople) {
        rows.iter_mut().filter(|row| row.id != caller.member).for_each(|row| row.email = None);
    }
    Ok(rows)
}

/// Who still administers, at that point of the batch.
const ADMINISTERED: &str = "EXISTS (SELECT 1 FROM member WHERE org = ?1 AND role = 'administrator'
  AND removed_at IS NULL)";

fn guarded(error: StoreError) -> Refusal {
    match error {
        StoreError::Guard => Refusal::LastAdministrator,
        other => other.into(),
    }
}

async fn change(ask: Ask<people::ChangeMember>) -> Result<people::MemberRow, Refused> {
    let (caller, member, app) = (ask.caller()?, ask.part::<MemberId>("member")?, &ask.app);
    let org = caller.org();
    let before = store::people::read(&app.db, org, &member).await?.ok_or(Refusal::NotFound)?;
    let (name, email) = (parse_name(&ask.body.name)?, parse_email(ask.body.email.as_deref())?);
    let (role, access) = (ask.body.role, &ask.body.access);
    check_access(app, org, role, access).await?;

    let mut unit = Unit::new();
    let sql = "UPDATE member SET name = ?3, email = ?4, role = ?5, access = ?6
      WHERE org = ?1 AND id = ?2 AND removed_at IS NULL";
    unit.then(sql, binds![org, &member, &name, email.clone(), name_of(&role), Bind::json(access)]);
    unit.expect(ADMINISTERED, binds![org]);
    // A contract that is prolonged ends nobody's work.
    if shrinks(before.role, role) || !access.widens(&before.access) {
        sessions::end_all(&mut unit, org, &member);
    }
    if before.email != email {
        // A code that was sent to the old address must not open anything for who reads it.
        unit.then("DELETE FROM mail_code WHERE org = ?1 AND member = ?2", binds![org, &member]);
    }
    let body = json!({
        "what": "member_changed", "member": member, "by": caller.member, "name": name,
        "role": json!({ "from": before.role, "to": role }), "access": json!({ "from": before.access, "to": access }),
        "address_changed": before.email != email,
    });
    records::keep(app, &mut unit, org, Subject::Access, &body);
    app.db.commit(unit).await.map_err(guarded)?;
    Ok(people::MemberRow { name, email, role, access: access.clone(), ..before })
}

/// Whether a role loses anything that another had.
fn shrinks(from: Role, to: Role) -> bool {
    Act::ALL.into_iter().any(|act| may(from, act) && !may(to, act))
}

async fn remove(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let (caller, member, app) = (ask.caller()?, ask.part::<MemberId>("member")?, &ask.app);
    let (org, now) = (caller.org(), app.now());
    let before = store::people::read(&app.db, org, &member).await?.ok_or(Refusal::NotFound)?;
    let mut unit = Unit::new();
    let gone = "SET removed_at = ?3 WHERE org = ?1 AND removed_at IS NULL AND";
    unit.then(format!("UPDATE member {gone} id = ?2"), binds![org, &member, now]);
    unit.expect(ADMINISTERED, binds![org]);
    unit.then(format!("UPDATE passkey {gone} member = ?2"), binds![org, &member, now]);
    sessions::end_all(&mut unit, org, &member);
    // Every other way back in their name, what they kept for themselves, and what they invited and nobody has accepted yet.
    for table in ["recovery_code", "mail_code", "saved_view"] {
        unit.then(format!("DELETE FROM {table} WHERE org = ?1 AND member = ?2"), binds![org, &member]);
    }
    let sql = "UPDATE recovery SET ended_at = ?3 WHERE org = ?1 AND member = ?2 AND ended_at IS NULL";
    unit.then(sql, binds![org, &member, now]);
    unit.then("DELETE FROM invitation WHERE org = ?1 AND by = ?2 AND used_at IS NULL", binds![org, &member]);
    sharing::let_go(&mut unit, org, &member, now);
    let body = json!({
        "what": "member_removed", "member": member, "name": before.name, "role": before.role, "by": caller.member,
    });
    records::keep(app, &mut unit, org, Subject::Access, &body);
    app.db.commit(unit).await.map_err(guarded)?;
    Ok(Nothing {})
}

/// Only an agency is limited, and an agency always is: to channels of this organisation, between two dates.
///
/// # Errors
/// `Malformed` with the field `access`, `Doubled`, `Unavailable`.
pub async fn check_access(app: &App, org: &OrganisationId, role: Role, access: &Access) -> Result<(), Refused> {
    #[derive(Deserialize)]
    struct Row {
        known: usize,
    }
    let malformed = || Refusal::Malformed { field: "access".to_owned() };
    match (role, access) {
        (Role::Agency, Access::Limited { channels, from, until }) => {
            if channels.is_empty() || channels.len() > 100 || from >= until {
                return Err(malformed().into());
            }
            let doubled = |(place, channel): (usize, &ChannelId)| channels[..place].contains(channel);
            if channels.iter().enumerate().any(doubled) {
                return Err(Refusal::Doubled { field: "access".to_owned() }.into());
            }
            let sql = "SELECT COUNT(*) AS known FROM channel WHERE org = ?1
              AND id IN (SELECT value FROM json_each(?2))";
            let row: Option<Row> = app.db.first(sql, binds![org, Bind::json(channels)]).await?;
            if row.is_some_and(|row| row.known == channels.len()) { Ok(()) } else { Err(malformed().into()) }
        }
        (Role::Agency, Access::Everywhere) | (_, Access::Limited { .. }) => Err(malformed().into()),
        (_, Access::Everywhere) => Ok(()),
    }
}

/// A name.
///
/// # Errors
/// `Malformed`, `TooLarge`.
pub fn parse_name(name: &str) -> Result<String, Refusal> {
    line::name(name, "name", 200)
}

/// What somebody calls a device.
///
/// # Errors
/// `Malformed`, `TooLarge`.
pub fn parse_label(label: &str) -> Result<String, Refusal> {
    line::name(label, "label", 100)
}

/// An address for mail, in small letters: `local@domain.tld`, at most 254 bytes. More is for the mail server to say.
/// An empty one is none.
///
/// # Errors
/// `Malformed`, `TooLarge`.
pub fn parse_email(email: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(email) = email.map(str::trim).filter(|email| !email.is_empty()) else { return Ok(None) };
    let email = line::name(email, "email", 254)?.to_lowercase();
    let fits = email.split_once('@').is_some_and(|(local, host)| {
        let clean =
            !email.chars().any(|letter| letter.is_whitespace() || matches!(letter, '<' | '>' | ',' | ';' | '"'));
        let host_fits = host.contains('.') && !host.contains('@') && host.split('.').all(|part| !part.is_empty());
        clean && !local.is_empty() && host_fits
    });
    if fits { Ok(Some(email)) } else { Err(Refusal::Malformed { field: "email".to_owned() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_or_none() {
        assert_eq!(parse_email(Some("  Alcaldia@Villa.Example ")), Ok(Some("alcaldia@villa.example".to_owned())));
        assert_eq!(parse_email(Some(" ")), Ok(None));
        for bad in
            ["villa", "@villa.example", "a@", "a@b", "a@b..c", "a b@c.d", "a@b.c, d@e.f", "a@b@c.d", "a@b.c\u{202e}"]
        {
            assert!(parse_email(Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_reads_as_it_is_stored() {
        assert_eq!(parse_name("  La secretaria ").as_deref(), Ok("La secretaria"));
        assert_eq!(parse_name("La\u{ad} secretaria\u{200b}").as_deref(), Ok("La secretaria"), "what shows nothing");
        for bad in ["", "  ", "a\u{7}b", "\u{202e}abc"] {
            assert!(parse_name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_role_that_loses_an_act_shrinks() {
        assert!(shrinks(Role::Administrator, Role::Author));
        assert!(shrinks(Role::Author, Role::Approver));
        assert!(!shrinks(Role::Observer, Role::Author));
        assert!(!shrinks(Role::Author, Role::Author));
    }
}

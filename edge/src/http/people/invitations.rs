//! Invitations: a link that works once, mailed or handed over in person as a QR.

use domain::{
    InvitationId, Millis, Moment, Refusal, json,
    record::{Subject, sha256_hex},
};
use serde::Deserialize;
use wire::{
    Nothing,
    people::{self, Invitation, InvitationRow, Invite, Invited, OpenInvitation},
};
use words::Lang;

use super::{check_access, parse_email, parse_name};
use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    binds, mail,
    passkeys::Party,
    store::{Bind, StoreError, Unit, changes, id, name, name_of, records, throttle},
};

/// A week: long enough for somebody on leave, short enough for a link that lies in a mailbox.
const LIVES: Millis = Millis::days(7);

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &people::INVITATIONS, invitations);
    let api = mount(api, &people::INVITE, invite);
    let api = mount(api, &people::UNINVITE, uninvite);
    mount(api, &people::OPEN_INVITATION, open)
}

async fn invitations(ask: Ask<Nothing>) -> Result<Vec<InvitationRow>, Refused> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        name: String,
        role: String,
        expires_at: f64,
    }
    let sql = "SELECT id, name, role, expires_at FROM invitation
      WHERE org = ?1 AND used_at IS NULL AND expires_at > ?2 ORDER BY created_at DESC";
    let rows: Vec<Row> = ask.app.db.all(sql, binds![ask.caller()?.org(), ask.app.now()]).await?;
    let row = |row: Row| -> Result<_, StoreError> {
        let expires = Moment(row.expires_at as i64);
        Ok(InvitationRow { id: id(&row.id)?, name: row.name, role: name(&row.role)?, expires })
    };
    Ok(rows.into_iter().map(row).collect::<Result<_, _>>()?)
}

async fn invite(ask: Ask<Invite>) -> Result<Invited, Refused> {
    let (caller, app, body) = (ask.caller()?, &ask.app, &ask.body);
    throttle::count(app, throttle::INVITATIONS, caller.member.as_str()).await?;
    let (invited, email) = (parse_name(&body.name)?, parse_email(body.email.as_deref())?);
    check_access(app, caller.org(), body.role, &body.access).await?;

    let (token, now) = (app.secret(), app.now());
    let row = InvitationRow {
        id: InvitationId::from_bits(app.bits()),
        name: invited,
        role: body.role,
        expires: now.plus(LIVES),
    };
    // The token stands behind the `#`: it is in no log and no `Referer`.
    let link = format!("{}/desk/join#{token}", Party::of(app, &ask.uri, &ask.headers)?.origin);
    let mut unit = Unit::new();
    let sql = "INSERT INTO invitation (id, org, token_hash, name, email, role, access, by, created_at, expires_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let (hash, role, access) = (sha256_hex(token.as_bytes()), name_of(&row.role), Bind::json(&body.access));
    let by = &caller.member;
    unit.then(sql, binds![&row.id, caller.org(), hash, &row.name, email.clone(), role, access, by, now, row.expires]);
    let kept = json!({
        "what": "invited", "invitation": row.id, "name": row.name, "role": row.role, "access": body.access, "by": by,
    });
    records::keep(app, &mut unit, caller.org(), Subject::Access, &kept);
    let address = email.filter(|_| mail::is_there(app));
    if let Some(address) = &address {
        let main = caller.organisation.languages.first();
        let letter = mail::Invitation {
            id: &row.id,
            address,
            name: &row.name,
            role: row.role,
            organisation: &caller.organisation.name,
            link: &link,
            lang: main.and_then(|language| Lang::of_tag(language.as_str())).unwrap_or_default(),
        };
        mail::invite(app, &mut unit, caller.org(), &letter);
    }
    app.db.commit(unit).await?;
    mail::soon(app);
    Ok(Invited { row, link, mailed: address.is_some() })
}

async fn uninvite(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let (caller, invitation, app) = (ask.caller()?, ask.part::<InvitationId>("invitation")?, &ask.app);
    let org = caller.org();
    let open = format!(
        "EXISTS (SELECT 1 FROM invitation WHERE org = '{org}' AND id = '{invitation}'
      AND used_at IS NULL)"
    );
    let mut unit = Unit::new();
    let body = json!({ "what": "uninvited", "invitation": invitation, "by": caller.member });
    records::keep_if(app, &mut unit, org, Subject::Access, &body, &open);
    let sql = "DELETE FROM invitation WHERE org = ?1 AND id = ?2 AND used_at IS NULL";
    unit.then(sql, binds![org, &invitation]);
    let results = app.db.commit(unit).await?;
    if results.last().is_some_and(|result| changes(result) > 0) {
        Ok(Nothing {})
    } else {
        Err(Refusal::NotFound.into())
    }
}

async fn open(ask: Ask<OpenInvitation>) -> Result<Invitation, Refused> {
    #[derive(Deserialize)]
    struct Row {
        organisation: String,
        name: String,
        role: String,
    }
    let app = &ask.app;
    throttle::count(app, throttle::TOKENS, throttle::address(&ask.headers)).await?;
    let sql = "SELECT o.name AS organisation, i.name, i.role FROM invitation i JOIN organisation o ON o.id = i.org
      WHERE i.token_hash = ?1 AND i.used_at IS NULL AND i.expires_at > ?2";
    let row: Option<Row> = app.db.first(sql, binds![sha256_hex(ask.body.token.as_bytes()), app.now()]).await?;
    let row = row.ok_or(Refusal::SpentLink)?;
    Ok(Invitation { organisation: row.organisation, name: row.name, role: name(&row.role)? })
}

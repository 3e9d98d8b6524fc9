//! The rehearsal's people: organisations founded for a test, members signed in without a passkey.

use domain::{Access, BodyKind, Colour, Language, MemberId, OrganisationId, Policy, Refusal, Role};
use serde::Deserialize;
use wire::{Nothing, rehearsal, session::Me};

use super::door;
use crate::{
    answer::Refused,
    ask::{Api, Ask, Reply},
    binds,
    caller::set_cookie,
    http::session::me_of,
    store::{self, StoreError, Unit, id, name, sessions},
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = door(api, &rehearsal::PEOPLE, people);
    let api = door(api, &rehearsal::SIGN_IN, sign_in);
    door(api, &rehearsal::FOUND, found)
}

/// The demo's people only: a test's organisations are nobody's business on a screen.
async fn people(ask: Ask<Nothing>) -> Result<Vec<rehearsal::Person>, Refused> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        name: String,
        role: String,
        organisation: String,
    }
    let sql = "SELECT m.id, m.name, m.role, o.name AS organisation FROM member m JOIN organisation o ON o.id = m.org
      WHERE o.demo = 1 AND m.removed_at IS NULL ORDER BY o.created_at, m.created_at, m.id";
    let rows: Vec<Row> = ask.app.db.all(sql, binds![]).await?;
    let person = |row: Row| -> Result<_, StoreError> {
        let (member, role) = (id(&row.id)?, name(&row.role)?);
        Ok(rehearsal::Person { member, name: row.name, role, organisation: row.organisation })
    };
    Ok(rows.into_iter().map(person).collect::<Result<_, _>>()?)
}

async fn sign_in(ask: Ask<rehearsal::AsMember>) -> Result<Reply<Me>, Refused> {
    #[derive(Deserialize)]
    struct Row {
        org: String,
    }
    let (app, member) = (&ask.app, &ask.body.member);
    let sql = "SELECT org FROM member WHERE id = ?1 AND removed_at IS NULL";
    let row: Option<Row> = app.db.first(sql, binds![member]).await?;
    let org: OrganisationId = id(&row.ok_or(Refusal::NotFound)?.org)?;
    let mut unit = Unit::new();
    let token = sessions::open(app, &mut unit, &org, member, "rehearsal", &ask.headers);
    app.db.commit(unit).await?;
    Ok(Reply { body: me_of(app, &token).await?, cookie: Some(set_cookie(&token)) })
}

/// What the member of each role is called.
pub const fn office(role: Role) -> &'static str {
    match role {
        Role::Administrator => "La secretaria",
        Role::Author => "El técnico de comunicación",
        Role::Approver => "La alcaldesa",
        Role::Translator => "La traductora",
        Role::Designer => "El diseñador",
        Role::Community => "La responsable de atención ciudadana",
        Role::Records => "El archivero",
        Role::Agency => "La agencia externa",
        Role::Observer => "La concejala de cultura",
    }
}

async fn found(ask: Ask<rehearsal::Found>) -> Result<rehearsal::Founded, Refused> {
    let app = &ask.app;
    // Two tests may found the same name at once: whoever comes second takes the next short name.
    for _ in 0..5 {
        let slug = store::organisations::free_slug(&app.db, &ask.body.name).await?;
        let (mut unit, org) = (Unit::new(), OrganisationId::from_bits(app.bits()));
        let new = store::organisations::New {
            id: &org,
            slug: &slug,
            name: &ask.body.name,
            kind: BodyKind::Municipality,
            zone: "Europe/Madrid",
            languages: &[Language::spanish(), Language::english()],
            colour: &Colour::DEFAULT,
            policy: &Policy::default(),
            demo: false,
        };
        let noticeboard = store::organisations::found(app, &mut unit, &new);
        let members = Role::ALL.map(|role| (role, MemberId::from_bits(app.bits())));
        for (role, member) in &members {
            let email = format!("{}@{slug}.example", store::name_of(role));
            let access = match role {
                Role::Agency => Access::Limited {
                    channels: vec![noticeboard.clone()],
                    from: app.now().minus(domain::Millis::days(1)),
                    until: app.now().plus(domain::Millis::days(365)),
                },
                _ => Access::Everywhere,
            };
            let new = store::people::New {
                id: member,
                name: office(*role),
                email: Some(&email),
                role: *role,
                access: &access,
            };
            store::people::add(app, &mut unit, &org, &new);
        }
        match app.db.commit(unit).await {
            Err(StoreError::Unique) => {}
            Err(error) => return Err(error.into()),
            Ok(_) => {
                let slug = slug.clone();
                return Ok(rehearsal::Founded { organisation: org, slug, members: members.to_vec(), noticeboard });
            }
        }
    }
    Err(Refusal::Unavailable.into())
}

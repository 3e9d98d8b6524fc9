//! Grounds: why somebody may enrol a passkey. Each is looked at twice: when the challenge is asked for, to refuse
//! early; and in the batch that enrols, as a guard, so that nothing is used twice however often it is sent.

use domain::{
    Access, Declaration, InvitationId, MemberId, Millis, Moment, OrganisationId, Policy, RecoveryId, Refusal, Role,
    json,
    record::{Subject, sha256_hex},
};
use serde::{Deserialize, Serialize};
use wire::{
    organisations::Founding,
    session::{EnrolBy, EnrolledHow},
};
use words::Lang;

use crate::{
    answer::Refused,
    app::App,
    ask::Ask,
    binds,
    http::{organisations, people},
    store::{self, StoreError, Unit, id, json as parse, name, records, throttle},
};

/// How often a code may be tried before another one must be asked for.
pub const TRIES: u32 = 5;

/// Who may enrol, and on what ground.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Grounded {
    /// Their organisation; on set-up, the one that will be.
    pub org: OrganisationId,
    /// The member; on set-up and invitation, the one that will be.
    pub member: MemberId,
    /// The member's name.
    pub name: String,
    /// The organisation's name.
    pub site: String,
    /// The ground.
    pub ground: Ground,
    /// Who sent the invitation or confirmed the recovery.
    pub confirmed_by: Option<MemberId>,
}

/// A ground, as it is remembered with the challenge. Without a tag inside, as nobody else reads it: such a tag makes
/// serde read everything in it by a second way.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The set-up link.
    SetUp {
        /// What is founded.
        founding: Box<Founding>,
    },
    /// An invitation.
    Invitation {
        /// Which.
        invitation: InvitationId,
        /// As what.
        role: Role,
        /// Where mail goes.
        email: Option<String>,
        /// Where and when.
        access: Access,
    },
    /// A code by mail.
    MailCode {
        /// The hash that stands in D1.
        code_hash: String,
    },
    /// A recovery.
    Recovery {
        /// Which.
        recovery: RecoveryId,
    },
    /// A device that is signed in.
    Session {},
}

impl Ground {
    /// How the enrolment is kept.
    pub const fn how(&self) -> EnrolledHow {
        match self {
            Ground::SetUp { .. } => EnrolledHow::SetUp,
            Ground::Invitation { .. } => EnrolledHow::Invitation,
            Ground::MailCode { .. } => EnrolledHow::MailCode,
            Ground::Recovery { .. } => EnrolledHow::Recovery,
            Ground::Session {} => EnrolledHow::Session,
        }
    }

    /// What is said when its guard does not hold any more.
    pub const fn spent(&self) -> Refusal {
        match self {
            Ground::SetUp { .. } => Refusal::SetUpAlready,
            _ => Refusal::SpentLink,
        }
    }
}

/// Looks for the ground that somebody claims.
///
/// # Errors
/// `SpentLink` for whatever was used, has expired or never was; `SetUpAlready`, `TooEarly`, `TooMany`, `SignedOut`.
pub async fn find(ask: &Ask<EnrolBy>) -> Result<Grounded, Refused> {
    let app = &ask.app;
    throttle::count(app, throttle::TOKENS, throttle::address(&ask.headers)).await?;
    match &ask.body {
        EnrolBy::SetUp { token, founding } => set_up(app, token, founding).await,
        EnrolBy::Invitation { token } => invitation(app, token).await,
        EnrolBy::MailCode { email, code } => mail_code(app, email, code).await,
        EnrolBy::Recovery { recovery, token } => recovering(app, recovery, token).await,
        EnrolBy::Session {} => {
            let caller = ask.seek_caller().await?.ok_or(Refusal::SignedOut)?;
            Ok(Grounded {
                org: caller.organisation.id,
                member: caller.member,
                name: caller.name,
                site: caller.organisation.name,
                ground: Ground::Session {},
                confirmed_by: None,
            })
        }
    }
}

/// Whoever holds the link that the deployment printed may found the first organisation, and only the first. The
/// deployment knows the token's hash; both are hashes of secrets, so comparing them tells nothing by its time.
async fn set_up(app: &App, token: &str, founding: &Founding) -> Result<Grounded, Refused> {
    let hash = app.setting("SETUP_TOKEN_HASH").ok_or(Refusal::SpentLink)?;
    if sha256_hex(token.as_bytes()) != hash.to_ascii_lowercase() {
        return Err(Refusal::SpentLink.into());
    }
    if store::organisations::any(&app.db).await?.set_up {
        return Err(Refusal::SetUpAlready.into());
    }
    let mut founding = founding.clone();
    founding.name = organisations::parse_data(app, &founding.name, &founding.zone, &founding.languages)?;
    founding.administrator = people::parse_name(&founding.administrator)?;
    founding.email = people::parse_email(founding.email.as_deref())?;
    Ok(Grounded {
        org: OrganisationId::from_bits(app.bits()),
        member: MemberId::from_bits(app.bits()),
        name: founding.administrator.clone(),
        site: founding.name.clone(),
        ground: Ground::SetUp { founding: Box::new(founding) },
        confirmed_by: None,
    })
}

async fn invitation(app: &App, token: &str) -> Result<Grounded, Refused> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        org: String,
        name: String,
        email: Option<String>,
        role: String,
        access: String,
        by: String,
        site: String,
    }
    let sql = "SELECT i.id, i.org, i.name, i.email, i.role, i.access, i.by, o.name AS site FROM invitation i
      JOIN organisation o ON o.id = i.org WHERE i.token_hash = ?1 AND i.used_at IS NULL AND i.expires_at > ?2";
    let row: Option<Row> = app.db.first(sql, binds![sha256_hex(token.as_bytes()), app.now()]).await?;
    let row = row.ok_or(Refusal::SpentLink)?;
    Ok(Grounded {
        org: id(&row.org)?,
        member: MemberId::from_bits(app.bits()),
        name: row.name,
        site: row.site,
        ground: Ground::Invitation {
            invitation: id(&row.id)?,
            role: name(&row.role)?,
            email: row.email,
            access: parse(&row.access)?,
        },
        confirmed_by: Some(id(&row.by)?),
    })
}

/// The hash of a code: with its member, so that the same eight digits of two members are two hashes.
pub fn hash_code(member: &MemberId, code: &str) -> String {
    sha256_hex(format!("{member}:{code}").as_bytes())
}

/// Each look costs one of the code's five tries, right or wrong, before anything is compared.
async fn mail_code(app: &App, email: &str, code: &str) -> Result<Grounded, Refused> {
    #[derive(Deserialize)]
    struct Row {
        org: String,
        member: String,
        code_hash: String,
        name: String,
        site: String,
    }
    let email = people::parse_email(Some(email))?.unwrap_or_default();
    throttle::count(app, throttle::CODE_TRIES, &email).await?;
    let sql = "UPDATE mail_code SET tries = tries + 1 WHERE used_at IS NULL AND expires_at > ?2 AND tries < ?3
      AND member IN (SELECT id FROM member WHERE email = ?1 AND removed_at IS NULL)
      RETURNING org, member, code_hash, (SELECT name FROM member WHERE id = mail_code.member) AS name,
        (SELECT name FROM organisation WHERE id = mail_code.org) AS site";
    let row: Option<Row> = app.db.first(sql, binds![&email, app.now(), TRIES]).await?;
    let row = row.ok_or(Refusal::SpentLink)?;
    let member: MemberId = id(&row.member)?;
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    if hash_code(&member, &digits) != row.code_hash {
        return Err(Refusal::SpentLink.into());
    }
    let ground = Ground::MailCode { code_hash: row.code_hash };
    Ok(Grounded { org: id(&row.org)?, member, name: row.name, site: row.site, ground, confirmed_by: None })
}

async fn recovering(app: &App, recovery: &RecoveryId, token: &str) -> Result<Grounded, Refused> {
    #[derive(Deserialize)]
    struct Row {
        org: String,
        member: String,
        ready_at: f64,
        confirmed_by: Option<String>,
        name: String,
        site: String,
    }
    let sql = "SELECT r.org, r.member, r.ready_at, r.confirmed_by, m.name, o.name AS site FROM recovery r
      JOIN member m ON m.id = r.member AND m.org = r.org AND m.removed_at IS NULL
      JOIN organisation o ON o.id = r.org
      WHERE r.id = ?1 AND r.token_hash = ?2 AND r.ended_at IS NULL";
    let row: Option<Row> = app.db.first(sql, binds![recovery, sha256_hex(token.as_bytes())]).await?;
    let row = row.ok_or(Refusal::SpentLink)?;
    let ready = Moment(row.ready_at as i64);
    if row.confirmed_by.is_none() && app.now() < ready {
        return Err(Refusal::TooEarly { at: ready }.into());
    }
    Ok(Grounded {
        org: id(&row.org)?,
        member: id(&row.member)?,
        name: row.name,
        site: row.site,
        ground: Ground::Recovery { recovery: recovery.clone() },
        confirmed_by: row.confirmed_by.as_deref().map(id).transpose()?,
    })
}

/// Adds the use of the ground to the batch that enrols: guards first, then what it brings with it.
///
/// # Errors
/// `Down`.
pub async fn spend(app: &App, unit: &mut Unit, who: &Grounded) -> Result<(), StoreError> {
    let (now, org, member) = (app.now(), &who.org, &who.member);
    let live = "EXISTS (SELECT 1 FROM member WHERE org = ?1 AND id = ?2 AND removed_at IS NULL)";
    match &who.ground {
        Ground::SetUp { founding } => {
            unit.expect("NOT EXISTS (SELECT 1 FROM organisation)", binds![]);
            let slug = store::organisations::free_slug(&app.db, &founding.name).await?;
            let lang = founding.languages.first().and_then(|first| Lang::of_tag(first.as_str())).unwrap_or_default();
            let unapproved = match founding.alone {
                true => Declaration::of_one(member, now, lang.founding_alone()),
                false => Vec::new(),
            };
            let policy = Policy { unapproved, ..Policy::default() };
            let new = store::organisations::New {
                id: org,
                slug: &slug,
                name: &founding.name,
                kind: founding.kind,
                zone: &founding.zone,
                languages: &founding.languages,
                colour: &founding.colour,
                policy: &policy,
                demo: false,
            };
            store::organisations::found(app, unit, &new);
            let email = founding.email.as_deref();
            join(app, unit, who, Role::Administrator, email, &Access::Everywhere);
            for Declaration { kind, by, reason, .. } in &policy.unapproved {
                let kept = json!({ "what": "adopted", "kind": kind, "by": by, "reason": reason });
                records::keep(app, unit, org, Subject::Declaration, &kept);
            }
        }
        Ground::Invitation { invitation, role, email, access } => {
            let open = "EXISTS (SELECT 1 FROM invitation WHERE id = ?1 AND org = ?2 AND used_at IS NULL
              AND expires_at > ?3)";
            unit.expect(open, binds![invitation, org, now]);
            unit.then("UPDATE invitation SET used_at = ?3 WHERE id = ?1 AND org = ?2", binds![invitation, org, now]);
            join(app, unit, who, *role, email.as_deref(), access);
        }
        Ground::MailCode { code_hash } => {
            let open = "EXISTS (SELECT 1 FROM mail_code WHERE org = ?1 AND member = ?2 AND code_hash = ?3
              AND used_at IS NULL)";
            unit.expect(open, binds![org, member, code_hash]);
            unit.expect(live, binds![org, member]);
            let sql = "UPDATE mail_code SET used_at = ?4 WHERE org = ?1 AND member = ?2 AND code_hash = ?3";
            unit.then(sql, binds![org, member, code_hash, now]);
        }
        Ground::Recovery { recovery } => {
            let open = "EXISTS (SELECT 1 FROM recovery WHERE id = ?1 AND org = ?2 AND ended_at IS NULL
              AND (confirmed_by IS NOT NULL OR ready_at <= ?3))";
            unit.expect(open, binds![recovery, org, now]);
            unit.expect(live, binds![org, member]);
            unit.then("UPDATE recovery SET ended_at = ?3 WHERE id = ?1 AND org = ?2", binds![recovery, org, now]);
        }
        Ground::Session {} => {
            unit.expect(live, binds![org, member]);
        }
    }
    Ok(())
}

fn join(app: &App, unit: &mut Unit, who: &Grounded, role: Role, email: Option<&str>, access: &Access) {
    let new = store::people::New { id: &who.member, name: &who.name, email, role, access };
    store::people::add(app, unit, &who.org, &new);
    let body = json!({
        "what": "member_joined", "member": who.member, "name": who.name, "role": role, "access": access,
        "invited_by": who.confirmed_by,
    });
    records::keep(app, unit, &who.org, Subject::Access, &body);
}

/// How long a code by mail lives (ASVS 6.5.5: at most ten minutes).
pub const CODE_LIVES: Millis = Millis::minutes(10);

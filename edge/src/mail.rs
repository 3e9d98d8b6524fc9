//! Mail: one door. What is to be told stands in the outbox (`mail`), written in the batch of the business, so that it
//! is told if and only if it happened; a job sends it (`mail/sending.rs`).
//!
//! Everything is written by `INSERT … SELECT` over the members: no query before the batch, and a name, a heading or an
//! address is the one that stands at that moment. A key makes a notice that is asked for twice one mail. Without a
//! provider nothing is written: a mail that nobody can send is only personal data lying about.

mod sending;

use std::collections::BTreeSet;

use domain::{InvitationId, MemberId, Notice, OrganisationId, PasskeyId, PostId, Role, party::Person, task::Task};
use words::Lang;

pub use sending::send_due;

use crate::{app::App, binds, public::when::written, store::Unit};

/// Whether anything takes mail: a provider, or in a rehearsal the local mailbox.
pub fn is_there(app: &App) -> bool {
    cfg!(feature = "rehearsal") || app.setting("MAIL_URL").is_some()
}

/// Sends what is due after the answer was given: a code that somebody waits for should not wait for the tick.
pub fn soon(app: &App) {
    let later = app.clone();
    app.afterwards(async move {
        if let Err(trouble) = send_due(&later).await {
            worker::console_error!("mail: {trouble}");
        }
    });
}

/// A link into the desk. Jobs have no request to take the host from: the setting `ORIGIN` says it.
pub fn link(app: &App, path: &str) -> String {
    format!("{}{path}", app.setting("ORIGIN").unwrap_or_default().trim_end_matches('/'))
}

/// What the database fills in: a character that no text of ours has.
const ORGANISATION: &str = "\u{1}";
const NAME: &str = "\u{2}";
const HEADING: &str = "\u{3}";

/// Who is told, as SQL over the member `m` of the organisation `o`.
enum To {
    /// One member.
    One(MemberId),
    /// Whoever the policy names under a key, or the administrators when it names nobody with an address.
    Named(&'static str),
    /// These members.
    These(BTreeSet<MemberId>),
    /// The administrators, but one.
    AdministratorsBut(MemberId),
}

const ALIVE: &str = "x.org = o.id AND x.removed_at IS NULL AND x.email IS N        Notice::Emergency { post, to } => Letter {
            to: To::These(to.clone()),
            key: format!("'emergency:{post}:' || {}", version(post)),
            post: Some(post),
            about: None,
            subject: both(|l| l.mail_emergency_subject(HEADING)),
            text: both(|l| l.mail_emergency_text(HEADING, to_answer(post))),
        },
        Notice::Ratification { post, to } => Letter {
            to: To::These(to.clone()),
            key: format!("'ratification:{post}:' || {}", version(post)),
            post: Some(post),
            about: None,
            subject: both(|l| l.mail_ratification_subject(HEADING)),
            text: both(|l| l.mail_ratification_text(HEADING, to_answer(post))),
        },
        Notice::Unanswered { post, to, at } => Letter {
            to: To::These(to.clone()),
            key: format!("'unanswered:{post}:{}'", at.0),
            post: Some(post),
            about: None,
            subject: both(|l| l.mail_unanswered_subject(HEADING)),
            text: both(|l| l.mail_unanswered_text(HEADING, of_post(post))),
        },
        Notice::Answered { post, to } => Letter {
            to: To::These(to.clone()),
            key: format!("'answered:{post}:{}'", app.now().0),
            post: Some(post),
            about: None,
            subject: both(|l| l.mail_answered_subject(HEADING)),
            text: both(|l| l.mail_answered_text(HEADING, of_post(post))),
        },
        Notice::HourLost { post, to, slot, why } => Letter {
            to: To::These(to.clone()),
            key: format!("'hour:{post}:' || {}", version(post)),
            post: Some(post),
            about: None,
            subject: both(|l| l.mail_hour_lost_subject(HEADING)),
            text: both(|l| {
                let why = words::missed(l, *why, written(l, slot.civil));
                l.mail_hour_lost_text(HEADING, of_post(post), why)
            }),
        },
        Notice::HourMoved { post, to, from, slot } => Letter {
            to: To::These(to.clone()),
            key: format!("'hour:{post}:' || {}", version(post)),
            post: Some(post),
            about: None,
            subject: both(|l| l.mail_hour_moved_subject(HEADING)),
            text: both(|l| {
                l.mail_hour_moved_text(written(l, from.civil), HEADING, of_post(post), written(l, slot.civil))
            }),
 NULL";

impl To {
    fn sql(&self) -> String {
        match self {
            To::One(member) => format!("m.id = '{member}'"),
            To::Named(key) => {
                let named = format!("(SELECT value FROM json_each(o.policy, '$.{key}'))");
                let nobody = format!("NOT EXISTS (SELECT 1 FROM member x WHERE {ALIVE} AND x.id IN {named})");
                format!("(m.id IN {named} OR (m.role = 'administrator' AND {nobody}))")
            }
            To::These(members) => {
                let quoted: Vec<String> = members.iter().map(|member| format!("'{member}'")).collect();
                format!("m.id IN ({})", quoted.join(", "))
            }
            To::AdministratorsBut(member) => format!("m.role = 'administrator' AND m.id <> '{member}'"),
        }
    }
}

/// One mail to some members.
struct Letter<'a> {
    to: To,
    /// SQL that makes the key, before the member's identity.
    key: String,
    /// The post that a heading is taken from.
    post: Option<&'a PostId>,
    /// Whose name is filled in.
    about: Option<&'a MemberId>,
    subject: [String; 2],
    text: [String; 2],
}

/// A text in both languages: the database takes the organisation's main one.
fn both(text: impl Fn(Lang) -> String) -> [String; 2] {
    [text(Lang::Es), text(Lang::En)]
}

fn add(app: &App, unit: &mut Unit, org: &OrganisationId, letter: &Letter<'_>) {
    if !is_there(app) {
        return;
    }
    let filled = |es: &str, en: &str| {
        format!(
            "replace(replace(replace(CASE WHEN json_extract(o.languages, '$[0]') LIKE 'en%' THEN {en} ELSE {es} END,
              char(1), o.name), char(2), COALESCE((SELECT name FROM member WHERE org = o.id AND id = ?7), '')),
              char(3), COALESCE((SELECT heading FROM post WHERE org = o.id AND id = ?8), ''))"
        )
    };
    // 26 hexadecimal digits are an identity of ours (base 32), drawn by the database: one for each row.
    let sql = format!(
        "INSERT INTO mail (id, org, key, address, subject, text, state, due_at, created_at)
         SELECT lower(hex(randomblob(13))), m.org, {key} || ':' || m.id, m.email, {subject}, {text}, 'waiting', ?2, ?2
         FROM member m JOIN organisation o ON o.id = m.org
         WHERE m.org = ?1 AND m.removed_at IS NULL AND m.email IS NOT NULL AND ({to})
           -- An agency whose contract is not running hears of nothing.
           AND (m.access ->> '$.reach' <> 'limited' OR (m.access ->> '$.from' <= ?2 AND m.access ->> '$.until' > ?2))
         ON CONFLICT (key) DO NOTHING",
        key = letter.key,
        subject = filled("?3", "?4"),
        text = filled("?5", "?6"),
        to = letter.to.sql(),
    );
    let [subject_es, subject_en] = &letter.subject;
    let [text_es, text_en] = &letter.text;
    let binds = binds![org, app.now(), subject_es, subject_en, text_es, text_en, letter.about, letter.post];
    unit.then(sql, binds);
}

/// Adds to a unit of work that people are told. Which people: see [`To`].
pub fn notify(app: &App, unit: &mut Unit, org: &OrganisationId, notice: &Notice) {
    let of_post = |post: &PostId| link(app, &format!("/desk/posts/{post}"));
    // The page of approvals: exactly what goes out, and the two buttons, on a phone.
    let to_answer = |post: &PostId| link(app, &format!("/desk/approvals?post={post}"));
    // The post's version, or how often its acts were claimed: told again when it happens again, not when the batch is.
    let version = |post: &PostId| format!("(SELECT version FROM post WHERE id = '{post}')");
    let claims = |publication: &domain::PublicationId| {
        format!("(SELECT COALESCE(SUM(fence), 0) || '.' || COUNT(*) FROM act WHERE publication = '{publication}')")
    };
    let letter = match notice {
        Notice::Waiting { post, to } => Letter {
            to: To::These(to.clone()),
            key: format!("'waiting:{post}:' || {}", version(post)),
            post: Some(post),
            about: None,
            subject: both(|l| l.mail_waiting_subject(HEADING)),
            text: both(|l| l.mail_waiting_text(HEADING, of_post(post))),
        },
        Notice::Reminder { post, to, at } => Letter {
            to: To::These(to.clone()),
            key: format!("'reminder:{post}:{}'", at.0),
            post: Some(post),
            about: None,
            subject: both(|l| l.mail_reminder_subject(HEADING)),
            text: both(|l| l.mail_reminder_text(HEADING, of_post(post))),
        },
        Notice::Overdue { post, to, at } => Letter {
            to: To::These(to.clone()),
            key: format!("'overdue:{post}:{}'", at.0),
            post: Some(post),
            about: None,
            subject: both(|l| l.mail_overdue_subject(HEADING)),
            text: both(|l| l.mail_overdue_text(HEADING, of_post(post))),
        },
OT        },
        Notice::Returned { post, to } => Letter {
            to: To::One(to.clone()),
            key: format!("'returned:{post}:' || {}", version(post)),
            post: Some(post),
            about: None,
            subject: both(|l| l.mail_returned_subject(HEADING)),
            text: both(|l| l.mail_returned_text(HEADING, of_post(post))),
        },
        Notice::Mentioned { post, comment, by, to } => {
            // Of somebody outside the address is the name.
            let (about, name) = match by {
                Person::Member { member } => (Some(member), NAME),
                Person::Outside { mailbox } => (None, mailbox.as_str()),
            };
            Letter {
                to: To::These(to.clone()),
                key: format!("'mentioned:{comment}'"),
                post: Some(post),
                about,
                subject: both(|l| l.mail_mentioned_subject(HEADING)),
                text: both(|l| l.mail_mentioned_text(HEADING, format!("{}#comments", of_post(post)), name)),
            }
        }
        Notice::NeedsAPerson { post, publication } => Letter {
            to: To::Named("alert"),
            key: format!("'person:{publication}:' || {}", claims(publication)),
            post: Some(post),
            about: None,
            subject: both(|l| l.mail_person_subject(HEADING)),
            text: both(|l| l.mail_person_text(HEADING, of_post(post))),
        },
        Notice::KitDue { post, publication } => Letter {
            to: To::Named("duty"),
            key: format!("'kit:{publication}:' || {}", claims(publication)),
            post: Some(post),
            about: None,
            subject: both(|l| l.mail_kit_subject(HEADING)),
            text: both(|l| l.mail_kit_text(HEADING, of_post(post))),
        },
        Notice::Silence { since } => Letter {
            to: To::Named("alert"),
            key: format!("'silence:{}'", since.0),
            post: None,
            about: None,
            subject: both(|l| l.mail_silence_subject(ORGANISATION)),
            text: both(|l| l.mail_silence_text(link(app, "/desk/"), since.to_rfc3339())),
        },
        Notice::Paused => Letter {
            to: To::Named("alert"),
            key: format!("'paused:{org}:' || COALESCE(o.paused_at, 0)"),
            post: None,
            about: None,
            subject: both(|l| l.mail_paused_subject(ORGANISATION)),
            text: both(|l| l.mail_paused_text(link(app, "/desk/"))),
        },
        Notice::Recovery { member } => {
            let key = format!(
                "'recovery:' || COALESCE((SELECT id FROM recovery WHERE org = '{org}' AND member = '{member}'
                  AND ended_at IS NULL), '')"
            );
            let own = Letter {
                to: To::One(member.clone()),
                key: key.clone(),
                post: None,
                about: None,
                subject: both(|l| l.mail_own_recovery_subject(ORGANISATION)),
                text: both(|l| l.mail_own_recovery_text(link(app, "/desk/devices"))),
            };
            add(app, unit, org, &own);
            Letter {
                to: To::AdministratorsBut(member.clone()),
                key,
                post: None,
                about: Some(member),
                subject: both(|l| l.mail_recovery_subject(NAME, ORGANISATION)),
                text: both(|l| l.mail_recovery_text(link(app, "/desk/people"), NAME)),
            }
        }
    };
    add(app, unit, org, &letter);
}

/// Adds that a member is told of a new passkey in their name.
pub fn tell_of_key(app: &App, unit: &mut Unit, org: &OrganisationId, member: &MemberId, passkey: &PasskeyId) {
    let letter = Letter {
        to: To::One(member.clone()),
        key: format!("'key:{passkey}'"),
        post: None,
        about: None,
        subject: both(|l| l.mail_key_subject(ORGANISATION)),
        text: both(|l| l.mail_key_text(link(app, "/desk/devices"))),
    };
    add(app, unit, org, &letter);
}

/// Adds that members are told of a task that they, or their unit, were given by somebody else.
pub fn tell_of_task(
    app: &App,
    unit: &mut Unit,
    org: &OrganisationId,
    (task, version): (&Task, u64),
    to: BTreeSet<MemberId>,
    by: &MemberId,
) {
    let letter = Letter {
        to: To::These(to),
        key: format!("'task:{}:{version}'", task.id),
        post: None,
        about: Some(by),
        subject: both(|l| l.mail_task_subject(&task.title)),
        text: both(|l| l.mail_task_text(link(app, "/desk/tasks"), NAME, &task.title)),
    };
    add(app, unit, org, &letter);
}

/// Adds that whoever asked for a task is told that it is over.
pub fn tell_of_end(app: &App, unit: &mut Unit, org: &OrganisationId, (task, version): (&Task, u64)) {
    let state = |l| words::task_state_name(l, task.state().name());
    let letter = Letter {
        to: To::One(task.by.clone()),
        key: format!("'task:{}:{version}'", task.id),
        post: None,
        about: None,
        subject: both(|l| l.mail_task_over_subject(&task.title)),
        text: both(|l| l.mail_task_over_text(link(app, "/desk/tasks?view=asked"), state(l), &task.title)),
    };
    add(app, unit, org, &letter);
}

/// Adds a code. Every code that is asked for is a mail of its own.
pub fn send_code(app: &App, unit: &mut Unit, org: &OrganisationId, member: &MemberId, code: &str) {
    let letter = Letter {
        to: To::One(member.clone()),
        key: format!("'code:{}'", app.salt()),
        post: None,
        about: None,
        subject: both(|l| l.mail_code_subject(ORGANISATION)),
        text: both(|l| l.mail_code_text(code)),
    };
    add(app, unit, org, &letter);
}

/// What an invitation by mail says.
pub struct Invitation<'a> {
    /// Which.
    pub id: &'a InvitationId,
    /// To whom.
    pub address: &'a str,
    /// Their name.
    pub name: &'a str,
    /// As what.
    pub role: Role,
    /// Who invites.
    pub organisation: &'a str,
    /// The link that is used once.
    pub link: &'a str,
    /// In which language.
    pub lang: Lang,
}

/// Adds an invitation: to somebody who is no member yet.
pub fn invite(app: &App, unit: &mut Unit, org: &OrganisationId, letter: &Invitation<'_>) {
    let role = words::role_name(letter.lang, letter.role);
    let subject = letter.lang.mail_invitation_subject(letter.organisation);
    let text = letter.lang.mail_invitation_text(letter.link, letter.name, letter.organisation, role);
    let sql = "INSERT INTO mail (id, org, key, address, subject, text, state, due_at, created_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7, ?7)";
    let id = domain::MailId::from_bits(app.bits());
    let key = format!("invitation:{}", letter.id);
    unit.then(sql, binds![&id, org, key, letter.address, subject, text, app.now()]);
}

/// Adds one mail to an address that need not be a member's.
pub fn write(app: &App, unit: &mut Unit, org: &OrganisationId, key: &str, address: &str, subject: &str, text: &str) {
    if !is_there(app) {
        return;
    }
    let sql = "INSERT INTO mail (id, org, key, address, subject, text, state, due_at, created_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7, ?7)";
    let id = domain::MailId::from_bits(app.bits());
    unit.then(sql, binds![&id, org, key, address, subject, text, app.now()]);
}

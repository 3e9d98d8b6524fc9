//! What people are told, in the batch of the business, so that it is told if and only if it happened: a row of the desk
//! (`told`) for each of them, and a row of the outbox (`mail`) for those who want it by mail the moment it happens; a
//! job sends those (`mail/sending.rs`). Every other way and hour is the business of `telling.rs`, which reads the rows
//! of the desk.
//!
//! Everything is written by `INSERT … SELECT` over the members: no query before the batch, and a name, a heading or an
//! address is the one that stands at that moment. A key makes a notice that is asked for twice one row and one mail.
//! Without a provider no mail is written: one that nobody can send is only personal data lying about.

mod said;
mod sending;

use std::collections::BTreeSet;

use domain::{
    InvitationId, MemberId, Millis, Notice, NoticeId, OrganisationId, PasskeyId, PostId, Role, SubscriptionId, json,
    party::Person,
    task::{StateName, Task},
    telling::{FIRST_LOOK, Kind},
};
use words::Lang;

pub use said::{Names, said};
pub use sending::send_due;

use crate::{
    app::App,
    binds, clock,
    jobs::Job,
    store::{Bind, Unit, name_of},
    telling,
};

/// Whether anything takes mail: a provider, or in a rehearsal the local mailbox.
pub fn is_there(app: &App) -> bool {
    cfg!(feature = "rehearsal") || app.setting("MAIL_URL").is_some()
}

/// What telling a few people takes of the budget: their rows and devices, and a handful of mails. A request that has spent
/// more than leaves this hands it to the queue, whose invocations have a budget of their own.
const TELLING: u32 = 24;

/// Sends what is due after the answer was given: a code that somebody waits for should not wait for the tick, nor should
/// a device.
pub fn soon(app: &App) {
    let later = app.clone();
    app.afterwards(async move {
        if !later.ledger().affords(TELLING) {
            clock::send(&later, vec![(Job::Tell, Millis(0)), (Job::Mail, Millis(0))]).await;
            return;
        }
        for done in [telling::tell_due(&later).await, send_due(&later).await] {
            if let Err(trouble) = done {
                worker::console_error!("mail: {trouble}");
            }
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
    /// These and whoever is on duty, but one; the administrators when that is nobody.
    NextAfter(MemberId, BTreeSet<MemberId>),
    /// As `Named`, where a condition holds by then (SQL).
    NamedIf(&'static str, String),
}

const ALIVE: &str = "x.org = o.id AND x.removed_at IS NULL AND x.email IS NOT NULL";

impl To {
    fn sql(&self) -> String {
        match self {
            To::One(member) => format!("m.id = '{member}'"),
            To::Named(key) => {
                let named = format!("(SELECT value FROM json_each(o.policy, '$.{key}'))");
                let nobody = format!("NOT EXISTS (SELECT 1 FROM member x WHERE {ALIVE} AND x.id IN {named})");
                format!("(m.id IN {named} OR (m.role = 'administrator' AND {nobody}))")
            }
            To::NamedIf(key, condition) => format!("({} AND {condition})", To::Named(key).sql()),
            To::These(members) => format!("m.id IN ({})", listed(members)),
            To::AdministratorsBut(member) => format!("m.role = 'administrator' AND m.id <> '{member}'"),
            To::NextAfter(member, members) => {
                let next = |who: &str| {
                    let duty = format!("{who}.id IN (SELECT value FROM json_each(o.policy, '$.duty'))");
                    format!("{who}.id <> '{member}' AND ({duty} OR {who}.id IN ({}))", listed(members))
                };
                let nobody = format!(
                    "NOT EXISTS (SELECT 1 FROM member x WHERE x.org = o.id AND x.removed_at IS NULL AND {})",
                    next("x")
                );
                format!("({}) OR (m.role = 'administrator' AND m.id <> '{member}' AND {nobody})", next("m"))
            }
        }
    }
}

/// Identities, as a list of SQL.
fn listed(members: &BTreeSet<MemberId>) -> String {
    members.iter().map(|member| format!("'{member}'")).collect::<Vec<_>>().join(", ")
}

/// What some members are told.
struct Letter<'a> {
    to: To,
    kind: Kind,
    /// SQL that makes the key, before the member's identity.
    key: String,
    /// The post that a heading is taken from.
    post: Option<&'a PostId>,
    /// Whose name is filled in.
    about: Option<&'a MemberId>,
    /// What no row says: a task's title, a device's name, a date.
    what: &'a str,
}

/// A text in both languages: the database takes the organisation's main one.
fn both(text: impl Fn(Lang) -> String) -> [String; 2] {
    [text(Lang::Es), text(Lang::En)]
}

/// Whom a row is written for, and what they chose; a member who chose nothing has no row of choices.
const ROWS: &str = "FROM member m JOIN organisation o ON o.id = m.org
  LEFT JOIN telling t ON t.org = m.org AND t.member = m.id
  WHERE m.org = ?1 AND m.removed_at IS NULL
    -- An agency whose contract is not running hears of nothing.
    AND (m.access ->> '$.reach' <> 'limited' OR (m.access ->> '$.from' <= ?2 AND m.access ->> '$.until' > ?2))";

/// Whether the member gets a kind (the parameter of this number) by mail the moment it happens.
fn at_once(parameter: &str) -> String {
    format!(
        "m.email IS NOT NULL AND ({parameter} IS NULL OR t.member IS NULL
          OR EXISTS (SELECT 1 FROM json_each(t.at_once) WHERE value = {parameter}))"
    )
}

fn add(app: &App, unit: &mut Unit, org: &OrganisationId, letter: &Letter<'_>) {
    let Letter { to, kind, key, post, about, what } = letter;
    let mailed = if is_there(app) { at_once("?3") } else { "0".to_owned() };
    // 26 hexadecimal digits are an identity of ours (base 32), drawn by the database: one for each row.
    let sql = format!(
        "INSERT INTO told (id, org, member, key, kind, post, about, what, at, ways, told_at, due_at)
         SELECT lower(hex(randomblob(13))), m.org, m.id, {key} || ':' || m.id, ?3, ?4, ?5, ?6, ?2,
           CASE WHEN {mailed} THEN '[\"mail\"]' ELSE '[]' END, CASE WHEN {mailed} THEN ?2 END,
           CASE WHEN {mailed} THEN ?7 ELSE ?2 END
         {ROWS} AND ({to})
         ON CONFLICT (key) DO NOTHING",
        to = to.sql(),
    );
    let now = app.now();
    let look = kind.patience().map(|_| now.plus(FIRST_LOOK));
    unit.then(sql, binds![org, now, name_of(kind), *post, *about, *what, look]);
    let names = Names { organisation: ORGANISATION, heading: HEADING, name: NAME, what };
    let [(subject_es, text_es), (subject_en, text_en)] =
        [Lang::Es, Lang::En].map(|lang| said(app, lang, *kind, *post, &names));
    let texts = [[subject_es, subject_en], [text_es, text_en]];
    post_mail(app, unit, org, to, (key, Some(*kind)), (*post, *about), texts);
}

/// Adds a mail, for those who want one of this kind at once; of no kind it is for everybody.
fn post_mail(
    app: &App,
    unit: &mut Unit,
    org: &OrganisationId,
    to: &To,
    (key, kind): (&str, Option<Kind>),
    (post, about): (Option<&PostId>, Option<&MemberId>),
    [[subject_es, subject_en], [text_es, text_en]]: [[String; 2]; 2],
) {
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
    let sql = format!(
        "INSERT INTO mail (id, org, key, address, subject, text, state, due_at, created_at)
         SELECT lower(hex(randomblob(13))), m.org, {key} || ':' || m.id, m.email, {subject}, {text}, 'waiting', ?2, ?2
         {ROWS} AND {at_once} AND ({to})
         ON CONFLICT (key) DO NOTHING",
        subject = filled("?3", "?4"),
        text = filled("?5", "?6"),
        at_once = at_once("?9"),
        to = to.sql(),
    );
    let kind: Bind = kind.map(|kind| name_of(&kind)).into();
    let binds = binds![org, app.now(), subject_es, subject_en, text_es, text_en, about, post];
    unit.then(sql, binds.into_iter().chain([kind]).collect());
}

/// SQL: how often the acts of a publication were claimed.
fn claims(publication: &domain::PublicationId) -> String {
    format!("(SELECT COALESCE(SUM(fence), 0) || '.' || COUNT(*) FROM act WHERE publication = '{publication}')")
}

/// SQL: the key of what a person is needed for.
fn of_person(publication: &domain::PublicationId) -> String {
    format!("'person:{publication}:' || {}", claims(publication))
}

/// Adds that a person is needed ([`Notice::NeedsAPerson`]), where what came of an act is what was meant ([`crate::store::acts::reached`]):
/// it may be looked up first instead, or be given up.
pub fn tell_of_trouble(
    app: &App,
    unit: &mut Unit,
    org: &OrganisationId,
    (post, publication): (&PostId, &domain::PublicationId),
    reached: String,
) {
    let (to, key) = (To::NamedIf("alert", reached), of_person(publication));
    add(app, unit, org, &Letter { to, kind: Kind::Person, key, post: Some(post), about: None, what: "" });
}

/// Adds to a unit of work that people are told. Which people: see [`To`].
pub fn notify(app: &App, unit: &mut Unit, org: &OrganisationId, notice: &Notice) {
    // The post's version, or how often its acts were claimed: told again when it happens again, not when the batch is.
    let version = |post: &PostId| format!("(SELECT version FROM post WHERE id = '{post}')");
    let of_post = |to, kind, key, post| Letter { to, kind, key, post: Some(post), about: None, what: "" };
    let of_all = |to, kind, key| Letter { to, kind, key, post: None, about: None, what: "" };
    let text;
    let letter = match notice {
        Notice::Waiting { post, to } => {
            let key = format!("'waiting:{post}:' || {}", version(post));
            of_post(To::These(to.clone()), Kind::Waiting, key, post)
        }
        Notice::Reminder { post, to, at } => {
            of_post(To::These(to.clone()), Kind::Reminder, format!("'reminder:{post}:{}'", at.0), post)
        }
        Notice::Overdue { post, to, at } => {
            of_post(To::These(to.clone()), Kind::Overdue, format!("'overdue:{post}:{}'", at.0), post)
        }
        Notice::Emergency { post, to } => {
            let key = format!("'emergency:{post}:' || {}", version(post));
            of_post(To::These(to.clone()), Kind::Emergency, key, post)
        }
        Notice::Ratification { post, to } => {
            let key = format!("'ratification:{post}:' || {}", version(post));
            of_post(To::These(to.clone()), Kind::Ratification, key, post)
        }
        Notice::Unanswered { post, to, at } => {
            of_post(To::These(to.clone()), Kind::Unanswered, format!("'unanswered:{post}:{}'", at.0), post)
        }
        Notice::Answered { post, to } => {
            of_post(To::These(to.clone()), Kind::Answered, format!("'answered:{post}:{}'", app.now().0), post)
        }
        Notice::HourLost { post, to, slot, why } => {
            text = json!({ "why": why, "civil": slot.civil }).to_string();
            let key = format!("'hour:{post}:' || {}", version(post));
            Letter { what: &text, ..of_post(To::These(to.clone()), Kind::HourLost, key, post) }
        }
        Notice::HourMoved { post, to, from, slot } => {
            text = json!({ "from": from.civil, "civil": slot.civil }).to_string();
            let key = format!("'hour:{post}:' || {}", version(post));
            Letter { what: &text, ..of_post(To::These(to.clone()), Kind::HourMoved, key, post) }
        }
        Notice::Mentioned { post, comment, by, to } => {
            let (to, key) = (To::These(to.clone()), format!("'mentioned:{comment}'"));
            let letter = of_post(to, Kind::Mentioned, key, post);
            match by {
                Person::Member { member } => Letter { about: Some(member), ..letter },
                // Of somebody outside the address is the name.
                Person::Outside { mailbox } => Letter { what: mailbox.as_str(), ..letter },
            }
        }
        Notice::Returned { post, to } => {
            let key = format!("'returned:{post}:' || {}", version(post));
            of_post(To::One(to.clone()), Kind::Returned, key, post)
        }
        Notice::NeedsAPerson { post, publication } => {
            of_post(To::Named("alert"), Kind::Person, of_person(publication), post)
        }
        Notice::KitDue { post, publication } => {
            let key = format!("'kit:{publication}:' || {}", claims(publication));
            of_post(To::Named("duty"), Kind::Kit, key, post)
        }
        Notice::ChannelEnds { channel, name, civil, placed, warning, of } => {
            text = json!({ "name": name, "civil": civil, "placed": placed, "warning": warning }).to_string();
            let key = format!("'channel:{channel}:{}:{}'", name_of(warning), of.map_or(0, |of| of.0));
            Letter { what: &text, ..of_all(To::Named("alert"), Kind::Channel, key) }
        }
        Notice::Silence { since } => {
            text = since.to_rfc3339();
            let key = format!("'silence:{org}:{}'", since.0);
            Letter { what: &text, ..of_all(To::Named("alert"), Kind::Silence, key) }
        }
        Notice::Paused => {
            of_all(To::Named("alert"), Kind::Paused, format!("'paused:{org}:' || COALESCE(o.paused_at, 0)"))
        }
        Notice::Recovery { member } => {
            let key = format!(
                "'recovery:' || COALESCE((SELECT id FROM recovery WHERE org = '{org}' AND member = '{member}'
                  AND ended_at IS NULL), '')"
            );
            add(app, unit, org, &of_all(To::One(member.clone()), Kind::OwnRecovery, key.clone()));
            Letter { about: Some(member), ..of_all(To::AdministratorsBut(member.clone()), Kind::Recovery, key) }
        }
    };
    add(app, unit, org, &letter);
}

/// Adds that a member is told of a new passkey in their name.
pub fn tell_of_key(app: &App, unit: &mut Unit, org: &OrganisationId, member: &MemberId, passkey: &PasskeyId) {
    let (to, key) = (To::One(member.clone()), format!("'key:{passkey}'"));
    add(app, unit, org, &Letter { to, kind: Kind::Key, key, post: None, about: None, what: "" });
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
    let key = format!("'task:{}:{version}'", task.id);
    let (to, about, what) = (To::These(to), Some(by), task.title.as_str());
    add(app, unit, org, &Letter { to, kind: Kind::Task, key, post: None, about, what });
}

/// Adds that whoever asked for a task is told that it is over.
pub fn tell_of_end(app: &App, unit: &mut Unit, org: &OrganisationId, (task, version): (&Task, u64)) {
    let kind = if task.state().name() == StateName::Done { Kind::TaskDone } else { Kind::TaskDropped };
    let (to, key) = (To::One(task.by.clone()), format!("'task:{}:{version}'", task.id));
    add(app, unit, org, &Letter { to, kind, key, post: None, about: None, what: &task.title });
}

/// Adds that a member is told that a device of theirs takes no notices any more.
pub fn tell_of_lost_push(
    app: &App,
    unit: &mut Unit,
    org: &OrganisationId,
    member: &MemberId,
    (device, label): (&SubscriptionId, &str),
) {
    let (to, key) = (To::One(member.clone()), format!("'push:{device}'"));
    add(app, unit, org, &Letter { to, kind: Kind::PushLost, key, post: None, about: None, what: label });
}

/// Adds that the next people are told what a member has not read: those named and whoever is on duty.
pub fn tell_the_next(
    app: &App,
    unit: &mut Unit,
    org: &OrganisationId,
    (unread, post): (&NoticeId, Option<&PostId>),
    member: &MemberId,
    next: BTreeSet<MemberId>,
) {
    let (to, key) = (To::NextAfter(member.clone(), next), format!("'raised:{unread}'"));
    add(app, unit, org, &Letter { to, kind: Kind::Raised, key, post, about: Some(member), what: "" });
}

/// Adds a mail to one address, which need not be a member's, under the key that makes it the only one.
pub fn post_one(
    app: &App,
    unit: &mut Unit,
    org: &OrganisationId,
    key: &str,
    address: &str,
    (subject, text): (&str, &str),
) {
    if !is_there(app) {
        return;
    }
    let sql = "INSERT INTO mail (id, org, key, address, subject, text, state, due_at, created_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7, ?7) ON CONFLICT (key) DO NOTHING";
    let id = domain::MailId::from_bits(app.bits());
    unit.then(sql, binds![&id, org, key, address, subject, text, app.now()]);
}

/// Adds a code. Every code that is asked for is a mail of its own, and stands nowhere else.
pub fn send_code(app: &App, unit: &mut Unit, org: &OrganisationId, member: &MemberId, code: &str) {
    let key = format!("'code:{}'", app.salt());
    let texts = [both(|l| l.mail_code_subject(ORGANISATION)), both(|l| l.mail_code_text(code))];
    post_mail(app, unit, org, &To::One(member.clone()), (&key, None), (None, None), texts);
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
    post_one(app, unit, org, &format!("invitation:{}", letter.id), letter.address, (&subject, &text));
}

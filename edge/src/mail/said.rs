//! What a mail says of each kind of notice. Separate because two write it: the batch of the business, where names are
//! still for the database to fill in, and the job that tells later, which knows them.

use chrono::NaiveDateTime;
use domain::{PostId, plan::Missed, task::StateName, telling::Kind, watch::Warning};
use serde::Deserialize;
use words::{Lang, missed, task_state_name};

use super::link;
use crate::{app::App, public::when::written};

/// What is filled in.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The organisation.
    pub organisation: &'a str,
    /// The post's heading.
    pub heading: &'a str,
    /// Who it speaks of.
    pub name: &'a str,
    /// A task's title, a device's name, a date.
    pub what: &'a str,
}

/// What is kept of an hour that was lost or taken.
#[derive(Deserialize)]
struct Hour {
    #[serde(default)]
    why: Option<Missed>,
    #[serde(default)]
    from: Option<NaiveDateTime>,
    civil: NaiveDateTime,
}

impl Hour {
    fn of(what: &str) -> Option<Self> {
        serde_json::from_str(what).ok()
    }
}

/// What is kept of a channel that lets nothing out, or soon will not.
#[derive(Deserialize)]
struct Ending {
    name: String,
    civil: NaiveDateTime,
    placed: u32,
    warning: Warning,
}

fn of_channel(l: Lang, what: &str, link: String) -> (String, String) {
    let Ok(Ending { name, civil, placed, warning }) = serde_json::from_str(what) else { return Default::default() };
    let placed = l.mail_channel_placed(placed as usize);
    match warning {
        Warning::ShutOut => (l.mail_channel_out_subject(&name), l.mail_channel_out_text(link, name, placed)),
        Warning::Ahead | Warning::LastWord => {
            (l.mail_channel_ends_subject(&name), l.mail_channel_ends_text(written(l, civil), link, name, placed))
        }
    }
}

/// The subject and the text. Never the text of a post: only its heading, and the way to the desk.
pub fn said(app: &App, l: Lang, kind: Kind, post: Option<&PostId>, names: &Names<'_>) -> (String, String) {
    let Names { organisation, heading, name, what } = *names;
    let to = |path: &str| link(app, path);
    let of_post = || to(&post.map_or_else(|| "/desk/".to_owned(), |post| format!("/desk/posts/{post}")));
    let over =
        |state| (l.mail_task_over_subject(what), l.mail_task_over_text(to("/desk/tasks?view=asked"), state, what));
    match kind {
        Kind::Waiting => (l.mail_waiting_subject(heading), l.mail_waiting_text(heading, to(&kind.path(post)))),
        Kind::Reminder => (l.mail_reminder_subject(heading), l.mail_reminder_text(heading, to(&kind.path(post)))),
        Kind::Emergency => (l.mail_emergency_subject(heading), l.mail_emergency_text(heading, to(&kind.path(post)))),
        Kind::Ratification => {
            (l.mail_ratification_subject(heading), l.mail_ratification_text(heading, to(&kind.path(post))))
        }
        Kind::Unanswered => (l.mail_unanswered_subject(heading), l.mail_unanswered_text(heading, of_post())),
        Kind::Answered => (l.mail_answered_subject(heading), l.mail_answered_text(heading, of_post())),
        Kind::HourLost => {
            let why = Hour::of(what).and_then(|hour| Some(missed(l, hour.why?, written(l, hour.civil))));
            (l.mail_hour_lost_subject(heading), l.mail_hour_lost_text(heading, of_post(), why.unwrap_or_default()))
        }
        Kind::HourMoved => {
            let hour = Hour::of(what);
            let said = |civil: Option<NaiveDateTime>| civil.map(|civil| written(l, civil)).unwrap_or_default();
            let (from, civil) = (hour.as_ref().and_then(|hour| hour.from), hour.as_ref().map(|hour| hour.civil));
            (l.mail_hour_moved_subject(heading), l.mail_hour_moved_text(said(from), heading, of_post(), said(civil)))
        }
        Kind::Mentioned => {
            let by = if what.is_empty() { name } else { what };
            (l.mail_mentioned_subject(heading), l.mail_mentioned_text(heading, to(&kind.path(post)), by))
        }
        Kind::Overdue => (l.mail_overdue_subject(heading), l.mail_overdue_text(heading, of_post())),
        Kind::Returned => (l.mail_returned_subject(heading), l.mail_returned_text(heading, of_post())),
        Kind::Person => (l.mail_person_subject(heading), l.mail_person_text(heading, of_post())),
        Kind::Kit => (l.mail_kit_subject(heading), l.mail_kit_text(heading, of_post())),
        Kind::Channel => of_channel(l, what, to(&kind.path(None))),
        Kind::Silence => (l.mail_silence_subject(organisation), l.mail_silence_text(to("/desk/"), what)),
        Kind::Paused => (l.mail_paused_subject(organisation), l.mail_paused_text(to("/desk/"))),
        Kind::Raised => match post {
            Some(_) => (l.mail_raised_subject(heading), l.mail_raised_text(heading, of_post(), name)),
            None => (l.mail_raised_desk_subject(organisation), l.mail_raised_desk_text(to("/desk/"), name)),
        },
        Kind::Task => (l.mail_task_subject(what), l.mail_task_text(to("/desk/tasks"), name, what)),
        Kind::TaskDone => over(task_state_name(l, StateName::Done)),
        Kind::TaskDropped => over(task_state_name(l, StateName::NotDone)),
        Kind::Recovery => (l.mail_recovery_subject(name, organisation), l.mail_recovery_text(to("/desk/people"), name)),
        Kind::OwnRecovery => (l.mail_own_recovery_subject(organisation), l.mail_own_recovery_text(to("/desk/devices"))),
        Kind::Key => (l.mail_key_subject(organisation), l.mail_key_text(to("/desk/devices"))),
        Kind::PushLost => (l.mail_push_lost_subject(organisation), l.mail_push_lost_text(what, to(&kind.path(None)))),
    }
}

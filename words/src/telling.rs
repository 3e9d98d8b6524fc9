//! What the desk says of a notice, and of the ways in which people are told. Separate from the mails: those say the same
//! at more length, to who is not at the desk.

use domain::telling::{Group, Kind};

use crate::Lang;

/// What happened, in one line. `heading` is the post's, `name` who it speaks of, `what` a task's title or a device.
pub fn notice_said(lang: Lang, kind: Kind, heading: &str, name: &str, what: &str) -> String {
    let named = !heading.is_empty();
    let heading = if named { heading } else { lang.post_untitled() };
    match kind {
        Kind::Waiting => lang.notices_kind_waiting(heading),
        Kind::Reminder => lang.notices_kind_reminder(heading),
        Kind::Overdue => lang.notices_kind_overdue(heading),
        Kind::Emergency => lang.notices_kind_emergency(heading),
        Kind::Ratification => lang.notices_kind_ratification(heading),
        Kind::Unanswered => lang.notices_kind_unanswered(heading),
        Kind::Answered => lang.notices_kind_answered(heading),
        Kind::Returned => lang.notices_kind_returned(heading),
        Kind::HourLost => lang.notices_kind_hour_lost(heading),
        Kind::HourMoved => lang.notices_kind_hour_moved(heading),
        Kind::Mentioned => lang.notices_kind_mentioned(heading, if what.is_empty() { name } else { what }),
        Kind::Person => lang.notices_kind_person(heading),
        Kind::Kit => lang.notices_kind_kit(heading),
        Kind::Channel => lang.notices_kind_channel(what),
        Kind::Silence => lang.notices_kind_silence().to_owned(),
        Kind::Paused => lang.notices_kind_paused().to_owned(),
        Kind::Raised if named => lang.notices_kind_raised(heading, name),
        Kind::Raised => lang.notices_kind_raised_desk(name),
        Kind::Task => lang.notices_kind_task(name, what),
        Kind::TaskDone => lang.notices_kind_task_done(what),
        Kind::TaskDropped => lang.notices_kind_task_dropped(what),
        Kind::Recovery => lang.notices_kind_recovery(name),
        Kind::OwnRecovery => lang.notices_kind_own_recovery().to_owned(),
        Kind::Key => lang.notices_kind_key().to_owned(),
        Kind::PushLost => lang.notices_kind_push_lost(what),
    }
}

/// The name of what a person chooses ways for, and what is to be known of it.
pub const fn group_name(lang: Lang, group: Group) -> (&'static str, Option<&'static str>) {
    match group {
        Group::Decisions => (lang.notices_group_decisions(), Some(lang.notices_group_decisions_hint())),
        Group::Duty => (lang.notices_group_duty(), Some(lang.notices_group_duty_hint())),
        Group::Own => (lang.notices_group_own(), None),
        Group::Tasks => (lang.notices_group_tasks(), None),
        Group::Access => (lang.notices_group_access(), Some(lang.notices_group_access_hint())),
    }
}

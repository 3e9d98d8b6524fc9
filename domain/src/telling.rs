//! Telling: who is told of what, by which way, when, and when somebody must look again.
//! Separate from `effect`: a rule says there that people are to be told; here each of them says how they want it.
//!
//! In the desk everything is told at once, always. What a person chooses is the rest: on their devices, by mail, in a
//! digest, or not at all where the organisation allows that. What is urgent can be moved, never silenced.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    MemberId, Millis, Moment, PostId, Refusal, Round,
    hours::{self, Calendar, WorkMinutes},
    party::Person,
    people::{Colleague, People},
    round::State,
    zone::Zone,
};

/// What can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A post waits for one's decision.
    Waiting,
    /// It still does, or one was asked later.
    Reminder,
    /// Nobody decided in time.
    Overdue,
    /// Somebody wants to publish in an emergency and needs one's word.
    Emergency,
    /// Something went out in an emergency and wants one's ratification.
    Ratification,
    /// What was owed in an emergency did not come in time.
    Unanswered,
    /// Somebody answered in an emergency.
    Answered,
    /// One's post came back.
    Returned,
    /// A post lost the hour that was planned.
    HourLost,
    /// A post took the next free hole.
    HourMoved,
    /// Somebody called one in a comment.
    Mentioned,
    /// A publication needs a person.
    Person,
    /// A publication by hand is due.
    Kit,
    /// A channel lets nothing out any more, or soon will not.
    Channel,
    /// The engine was silent.
    Silence,
    /// Everything was paused.
    Paused,
    /// Somebody has not read what cannot wait.
    Raised,
    /// One was given a task.
    Task,
    /// A task that one asked for is done.
    TaskDone,
    /// A task that one asked for will not be done.
    TaskDropped,
    /// Somebody asks to recover access.
    Recovery,
    /// Somebody does so in one's own name.
    OwnRecovery,
    /// One has a new passkey.
    Key,
    /// A device of one's own is told nothing any more.
    PushLost,
}

/// What a person chooses ways for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// What waits for one's decision.
    Decisions,
    /// What needs a hand now.
    Duty,
    /// What becomes of one's own posts.
    Own,
    /// Tasks.
    Tasks,
    /// Who can get in: always by mail, nobody chooses.
    Access,
}

impl Group {
    /// Those that a person chooses for, in the order in which the desk lists them.
    pub const CHOSEN: [Group; 4] = [Group::Decisions, Group::Duty, Group::Own, Group::Tasks];

    /// Whether what is in it cannot wait.
    pub const fn is_urgent(self) -> bool {
        matches!(self, Group::Decisions | Group::Duty)
    }
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 24] = [
        Kind::Waiting,
        Kind::Reminder,
        Kind::Overdue,
        Kind::Emergency,
        Kind::Ratification,
        Kind::Unanswered,
        Kind::Answered,
        Kind::Returned,
        Kind::HourLost,
        Kind::HourMoved,
        Kind::Mentioned,
        Kind::Person,
        Kind::Kit,
        Kind::Channel,
        Kind::Silence,
        Kind::Paused,
        Kind::Raised,
        Kind::Task,
        Kind::TaskDone,
        Kind::TaskDropped,
        Kind::Recovery,
        Kind::OwnRecovery,
        Kind::Key,
        Kind::PushLost,
    ];

    /// What it is chosen with.
    pub const fn group(self) -> Group {
        match self {
            Kind::Waiting | Kind::Reminder | Kind::Overdue | Kind::Emergency | Kind::Ratification => Group::Decisions,
            Kind::Person
            | Kind::Kit
            | Kind::Channel
            | Kind::Silence
            | Kind::Paused
            | Kind::Raised
            | Kind::Unanswered => Group::Duty,
            Kind::Returned | Kind::HourLost | Kind::HourMoved | Kind::Mentioned | Kind::Answered => Group::Own,
            Kind::Task | Kind::TaskDone | Kind::TaskDropped => Group::Tasks,
            Kind::Recovery | Kind::OwnRecovery | Kind::Key | Kind::PushLost => Group::Access,
        }
    }

    /// Whether it cannot wait.
    pub const fn is_urgent(self) -> bool {
        self.group().is_urgent()
    }

    /// How long it may stay unread before the next way is tried, and then other people. Nothing for what nobody has to
    /// do anything about: to be told of it by two ways would be noise.
    pub const fn patience(self) -> Option<Patience> {
        match self {
            // Nobody is late for not deciding at night; an hour of work is four looks at a phone.
            Kind::Waiting | Kind::Reminder => Some(Patience::Work(WorkMinutes(60))),
            // Somebody stands there and cannot publish; what is owed afterwards is counted in hours of the clock.
            Kind::Emergency => Some(Patience::Clock(Millis::minutes(15))),
            Kind::Ratification => Some(Patience::Clock(Millis::minutes(30))),
            // A window is 30 minutes unless the organisation says otherwise: half of it for the first person.
            Kind::Person | Kind::Kit => Some(Patience::Clock(Millis::minutes(15))),
            Kind::Silence => Some(Patience::Clock(Millis::minutes(30))),
            _ => None,
        }
    }

    /// Where it leads, in the desk.
    pub fn path(self, post: Option<&PostId>) -> String {
        match (self, post) {
            (Kind::Waiting | Kind::Reminder, Some(post)) => [DECIDE, "?post=", post.as_str()].concat(),
            // Answered on the desk's own page of approvals.
            (Kind::Emergency | Kind::Ratification, Some(post)) => ["/desk/approvals?post=", post.as_str()].concat(),
            (Kind::Mentioned, Some(post)) => ["/desk/posts/", post.as_str(), "#comments"].concat(),
            (Kind::Channel, _) => "/desk/channels".to_owned(),
            (Kind::Task, _) => "/desk/tasks".to_owned(),
            (Kind::TaskDone | Kind::TaskDropped, _) => "/desk/tasks?view=asked".to_owned(),
            (Kind::Recovery, _) => "/desk/people".to_owned(),
            (Kind::OwnRecovery | Kind::Key, _) => "/desk/devices".to_owned(),
            (Kind::PushLost, _) => "/desk/notices?view=choices".to_owned(),
            (_, Some(post)) => ["/desk/posts/", post.as_str()].concat(),
            (_, None) => "/desk/".to_owned(),
        }
    }
}

/// The approver's own page.
pub const DECIDE: &str = "/decide/";

/// How long something may stay unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// By any clock.
    Clock(Millis),
    /// In the organisation's working hours.
    Work(WorkMinutes),
}

/// Before this nobody need look again at what was told at once: the shortest patience.
pub const FIRST_LOOK: Millis = Millis::minutes(15);

/// How a person is told, besides in the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// On their devices, by Web Push.
    Push,
    /// By mail, one each.
    Mail,
    /// In one mail a day.
    Digest,
}

/// What the organisation allows beyond the usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowance {
    /// A notice on a device says what it is about, where anybody beside it may read it.
    Headings,
    /// What is not urgent may be told in the desk only.
    Silence,
}

/// What comes through in quiet hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Passes {
    /// Nothing: what is urgent goes to the next people meanwhile.
    Nothing,
    /// What is urgent.
    Urgent,
}

/// Hours in which a person is left alone, in minutes after midnight on the organisation's wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    /// The first minute.
    pub from: u16,
    /// The first minute after; on the next day if it is not later.
    pub until: u16,
    /// What comes through.
    pub passes: Passes,
}

/// A day has 24 hours of 60 minutes on the wall.
const DAY_MINUTES: u16 = 1_440;

/// Longer is no rest but silence.
const LONGEST_QUIET: u16 = 16 * 60;

impl Quiet {
    fn length(self) -> u16 {
        (self.until + DAY_MINUTES - self.from) % DAY_MINUTES
    }

    /// When the quiet stretch that holds an instant ends; nothing outside of one.
    pub fn ends(self, at: Moment, zone: &Zone) -> Option<Moment> {
        let today = zone.civil(at).date();
        let overnight = self.until <= self.from;
        let stretch = |day: NaiveDate| {
            let last = if overnight { day.succ_opt()? } else { day };
            Some((hours::instant(day, self.from, zone), hours::instant(last, self.until, zone)))
        };
        let stretches = [today.pred_opt(), Some(today)].into_iter().flatten().filter_map(stretch);
        stretches.filter(|(start, end)| *start <= at && at < *end).map(|(_, end)| end).max()
    }
}

/// What a person has chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choices {
    /// The ways for each group; a group that is not named is told by mail.
    pub ways: BTreeMap<Group, BTreeSet<Way>>,
    /// The quiet hours.
    pub quiet: Option<Quiet>,
    /// When the digest comes, in minutes after midnight on the organisation's wall.
    pub digest_at: u16,
}

impl Default for Choices {
    /// By mail, at any hour: what everybody has until they say otherwise.
    fn default() -> Self {
        Self { ways: BTreeMap::new(), quiet: None, digest_at: 480 }
    }
}

impl Choices {
    /// Takes what a person chose.
    ///
    /// # Errors
    /// `CannotSilence` for what would not be told outside the desk and must be; `Malformed`.
    pub fn parse(self, allowed: &BTreeSet<Allowance>) -> Result<Self, Refusal> {
        let malformed = |field: &str| Refusal::Malformed { field: field.to_owned() };
        for (group, ways) in &self.ways {
            let direct = ways.contains(&Way::Push) || ways.contains(&Way::Mail);
            let digest = ways.contains(&Way::Digest);
            match group {
                Group::Access => return Err(malformed("ways")),
                // Tomorrow morning is too late for it.
                group if group.is_urgent() && digest => return Err(malformed("ways")),
                // Twice by mail is once too often.
                _ if digest && ways.contains(&Way::Mail) => return Err(malformed("ways")),
                group if group.is_urgent() && !direct => return Err(Refusal::CannotSilence),
                _ if ways.is_empty() && !allowed.contains(&Allowance::Silence) => return Err(Refusal::CannotSilence),
                _ => {}
            }
        }
        if self.digest_at >= DAY_MINUTES {
            return Err(malformed("digest_at"));
        }
        let sound = |quiet: &Quiet| {
            quiet.from < DAY_MINUTES
                && quiet.until < DAY_MINUTES
                && quiet.from != quiet.until
                && quiet.length() <= LONGEST_QUIET
        };
        if self.quiet.as_ref().is_some_and(|quiet| !sound(quiet)) {
            return Err(malformed("quiet"));
        }
        Ok(self)
    }

    /// The ways of a group.
    pub fn ways(&self, group: Group) -> BTreeSet<Way> {
        let chosen = self.ways.get(&group).filter(|_| group != Group::Access);
        chosen.cloned().unwrap_or_else(|| BTreeSet::from([Way::Mail]))
    }

    /// The kinds that go out by mail at the moment they happen, whatever the moment: the engine writes those without
    /// asking what time it is anywhere.
    pub fn at_once(&self) -> BTreeSet<Kind> {
        let only_mail = BTreeSet::from([Way::Mail]);
        let held = |kind: Kind| kind.group() != Group::Access && self.holds(kind);
        Kind::ALL.into_iter().filter(|kind| self.ways(kind.group()) == only_mail && !held(*kind)).collect()
    }

    fn holds(&self, kind: Kind) -> bool {
        self.quiet.is_some_and(|quiet| quiet.passes == Passes::Nothing || !kind.is_urgent())
    }

    /// The first instant from `at` on at which something of a kind may reach them.
    pub fn free(&self, kind: Kind, at: Moment, zone: &Zone) -> Moment {
        let quiet = self.quiet.filter(|_| kind.group() != Group::Access && self.holds(kind));
        quiet.and_then(|quiet| quiet.ends(at, zone)).unwrap_or(at)
    }

    /// When the next digest comes. It is theirs to set, also within their quiet hours.
    pub fn next_digest(&self, at: Moment, zone: &Zone) -> Moment {
        let today = zone.civil(at).date();
        let days = [Some(today), today.succ_opt()].into_iter().flatten();
        let mut digests = days.map(|day| hours::instant(day, self.digest_at, zone));
        digests.find(|digest| *digest >= at).unwrap_or(at)
    }
}

/// Something that was told to one person, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What.
    pub kind: Kind,
    /// When it happened.
    pub at: Moment,
    /// Whether they have read it.
    pub read: bool,
    /// Whether it still stands: a post that was decided on waits for nobody.
    pub stands: bool,
    /// By which ways it was told.
    pub done: BTreeSet<Way>,
    /// When it was last told by one.
    pub told: Option<Moment>,
    /// Whether it went up to other people.
    pub raised: bool,
}

/// Whoever it is told to.
#[derive(Debug, Clone)]
pub struct Addressee<'a> {
    /// What they chose.
    pub choices: &'a Choices,
    /// By which ways they can be reached: a device that listens, an address.
    pub reach: BTreeSet<Way>,
    /// The organisation's hours, on its wall.
    pub calendar: Calendar<'a>,
}

/// What is to be done now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// By these ways it is told now.
    pub tell: BTreeSet<Way>,
    /// Whether it goes up to other people now.
    pub raise: bool,
    /// When somebody must look again; never, if nothing more is to come.
    pub again: Option<Moment>,
}

impl Addressee<'_> {
    /// When something is unread for too long, counted from `from`.
    fn runs_out(&self, patience: Patience, from: Moment) -> Moment {
        match patience {
            Patience::Clock(span) => from.plus(span),
            // A calendar without working days must not keep it for ever.
            Patience::Work(span) => self.calendar.after(from, span).unwrap_or_else(|| from.plus(Millis::days(1))),
        }
    }

    /// The ways that they chose and that reach them. Where none of those does, the one that does: what was to be told
    /// is told.
    fn direct(&self, item: &Item) -> BTreeSet<Way> {
        let chosen = self.choices.ways(item.kind.group());
        let reaches = |way: &Way| self.reach.contains(way) || item.done.contains(way);
        let direct: BTreeSet<Way> = chosen.iter().copied().filter(|way| *way != Way::Digest && reaches(way)).collect();
        let wanted = chosen.iter().any(|way| *way != Way::Digest);
        if direct.is_empty() && wanted {
            return [Way::Push, Way::Mail].into_iter().filter(reaches).collect();
        }
        direct
    }

    /// What is to be done about something at a moment, and when to look again.
    pub fn step(&self, item: &Item, now: Moment) -> Step {
        if item.read || !item.stands {
            return Step::default();
        }
        let open: BTreeSet<Way> = self.direct(item).difference(&item.done).copied().collect();
        let free = self.choices.free(item.kind, item.at, self.calendar.zone);
        match item.kind.patience() {
            Some(patience) => self.chase(item, patience, (open, free), now),
            None => self.tell(item, (open, free), now),
        }
    }

    /// What nobody has to act on: told, and done with.
    fn tell(&self, item: &Item, (open, free): (BTreeSet<Way>, Moment), now: Moment) -> Step {
        let mut due: Vec<(Moment, Way)> = open.into_iter().map(|way| (free, way)).collect();
        let digest = self.choices.ways(item.kind.group()).contains(&Way::Digest) && self.reach.contains(&Way::Mail);
        if digest && !item.done.contains(&Way::Digest) {
            due.push((self.choices.next_digest(item.at, self.calendar.zone), Way::Digest));
        }
        let (now_due, later): (Vec<_>, Vec<_>) = due.into_iter().partition(|(at, _)| *at <= now);
        Step {
            tell: now_due.into_iter().map(|(_, way)| way).collect(),
            raise: false,
            again: later.into_iter().map(|(at, _)| at).min(),
        }
    }

    /// What cannot wait: the ways that were chosen, then the other one, then other people.
    fn chase(&self, item: &Item, patience: Patience, (open, free): (BTreeSet<Way>, Moment), now: Moment) -> Step {
        if !open.is_empty() {
            if free <= now {
                let again = (!item.raised).then(|| self.runs_out(patience, now));
                return Step { tell: open, raise: false, again };
            }
            // Kept until the quiet hours end; others are not.
            let limit = self.runs_out(patience, item.at);
            return match item.raised {
                false if limit <= now => Step { tell: BTreeSet::new(), raise: true, again: Some(free) },
                false => Step { again: Some(free.min(limit)), ..Step::default() },
                true => Step { again: Some(free), ..Step::default() },
            };
        }
        if item.raised {
            return Step::default();
        }
        let limit = self.runs_out(patience, item.told.unwrap_or(item.at));
        if limit > now {
            return Step { again: Some(limit), ..Step::default() };
        }
        let reached = |way: &Way| self.reach.contains(way) && !item.done.contains(way);
        let other = [Way::Push, Way::Mail].into_iter().find(reached);
        match other.filter(|_| self.choices.free(item.kind, now, self.calendar.zone) <= now) {
            Some(way) => Step { tell: BTreeSet::from([way]), raise: false, again: Some(self.runs_out(patience, now)) },
            None => Step { tell: BTreeSet::new(), raise: true, again: None },
        }
    }
}

/// Whom the round's own ladder names for the step that waits: the first to be asked when it is not read.
pub fn next_people(round: &Round, people: &People) -> BTreeSet<MemberId> {
    let State::Open { step } = round.state() else { return BTreeSet::new() };
    let ladder = round.steps.get(step).map(|(step, _)| step.ladder()).unwrap_or_default();
    let stands = |colleague: &&Colleague| {
        let person = Person::from(colleague.id.clone());
        ladder.iter().any(|rung| people.fits(&person, &rung.party))
    };
    people.colleagues.iter().filter(stands).map(|colleague| colleague.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        hours::Hours,
        slot::parse_civil,
        zone::{Resolved, bench::madrid},
    };
    use proptest::prelude::*;

    fn at(civil: &str) -> Moment {
        match madrid().resolve(parse_civil(civil).unwrap()) {
            Resolved::One(at) | Resolved::Fold { first: at, .. } => at,
            other => panic!("{other:?}"),
        }
    }

    fn night(passes: Passes) -> Choices {
        Choices { quiet: Some(Quiet { from: 22 * 60, until: 8 * 60, passes }), ..Choices::default() }
    }

    fn with(group: Group, ways: &[Way]) -> Choices {
        Choices { ways: BTreeMap::from([(group, ways.iter().copied().collect())]), ..Choices::default() }
    }

    fn item(kind: Kind, when: &str) -> Item {
        let at = at(when);
        Item { kind, at, read: false, stands: true, done: BTreeSet::new(), told: None, raised: false }
    }

    /// Everything that is told of an item, and when, until nobody looks any more. `looks` late by so much each time.
    fn run(choices: &Choices, reach: &[Way], mut item: Item, late: Millis) -> (Vec<(Moment, Way)>, Option<Moment>) {
        let (zone, hours) = (madrid(), Hours::default());
        let calendar = Calendar { hours: &hours, zone: &zone };
        let to = Addressee { choices, reach: reach.iter().copied().collect(), calendar };
        let (mut told, mut raised, mut now) = (Vec::new(), None, item.at);
        for _ in 0..20 {
            let step = to.step(&item, now);
            for way in &step.tell {
                told.push((now, *way));
                assert!(item.done.insert(*way), "twice by {way:?}");
                item.told = Some(now);
            }
            if step.raise {
                assert!(!item.raised, "raised twice");
                (item.raised, raised) = (true, Some(now));
            }
            let Some(again) = step.again else { return (told, raised) };
            assert!(again > now, "looks again in the past");
            now = again.plus(late);
        }
        panic!("it never ends: {told:?}")
    }

    fn said(choices: &Choices, reach: &[Way], item: Item) -> (Vec<(String, Way)>, Option<String>) {
        let (told, raised) = run(choices, reach, item, Millis(0));
        let wall = |at: Moment| crate::slot::civil_text(madrid().civil(at));
        (told.into_iter().map(|(at, way)| (wall(at), way)).collect(), raised.map(wall))
    }

    const BOTH: [Way; 2] = [Way::Push, Way::Mail];

    #[test]
    fn whoever_chose_nothing_is_told_by_mail_at_once_as_ever() {
        let choices = Choices::default();
        assert_eq!(choices.at_once().len(), Kind::ALL.len());
        let (told, raised) = said(&choices, &[Way::Mail], item(Kind::Returned, "2026-06-01T23:00"));
        assert_eq!((told, raised), (vec![("2026-06-01T23:00".to_owned(), Way::Mail)], None));
    }

    #[test]
    fn an_unread_failure_goes_by_the_other_way_and_then_to_others() {
        let choices = with(Group::Duty, &[Way::Push]);
        let (told, raised) = said(&choices, &BOTH, item(Kind::Person, "2026-06-01T23:00"));
        let told: Vec<_> = told.iter().map(|(at, way)| (at.as_str(), *way)).collect();
        assert_eq!(told, [("2026-06-01T23:00", Way::Push), ("2026-06-01T23:15", Way::Mail)]);
        assert_eq!(raised.as_deref(), Some("2026-06-01T23:30"));
    }

    #[test]
    fn a_decision_waits_for_working_hours_before_it_goes_up() {
        // Friday, half an hour before the town hall closes.
        let (told, raised) = said(&Choices::default(), &[Way::Mail], item(Kind::Waiting, "2026-06-05T14:30"));
        assert_eq!(told.len(), 1);
        assert_eq!(raised.as_deref(), Some("2026-06-08T08:30"));
    }

    #[test]
    fn what_is_read_or_settled_is_chased_no_more() {
        let (zone, hours) = (madrid(), Hours::default());
        let choices = Choices::default();
        let calendar = Calendar { hours: &hours, zone: &zone };
        let to = Addressee { choices: &choices, reach: BOTH.into(), calendar };
        let open = item(Kind::Person, "2026-06-01T10:00");
        assert_ne!(to.step(&open, open.at), Step::default());
        assert_eq!(to.step(&Item { read: true, ..open.clone() }, open.at), Step::default());
        assert_eq!(to.step(&Item { stands: false, ..open.clone() }, open.at), Step::default());
    }

    #[test]
    fn quiet_hours_keep_what_can_wait_and_send_others_what_cannot() {
        let nothing = night(Passes::Nothing);
        let (told, raised) = said(&nothing, &[Way::Mail], item(Kind::Returned, "2026-06-01T23:00"));
        assert_eq!((told, raised), (vec![("2026-06-02T08:00".to_owned(), Way::Mail)], None));
        let (told, raised) = said(&nothing, &[Way::Mail], item(Kind::Person, "2026-06-01T23:00"));
        assert_eq!(told, vec![("2026-06-02T08:00".to_owned(), Way::Mail)]);
        assert_eq!(raised.as_deref(), Some("2026-06-01T23:15"));
        let (told, _) = said(&night(Passes::Urgent), &[Way::Mail], item(Kind::Person, "2026-06-01T23:00"));
        assert_eq!(told, vec![("2026-06-01T23:00".to_owned(), Way::Mail)]);
    }

    #[test]
    fn the_nights_when_clocks_change_end_at_the_hour_on_the_wall() {
        let quiet = Quiet { from: 22 * 60, until: 8 * 60, passes: Passes::Nothing };
        for night in ["2026-03-28T23:30", "2026-10-24T23:30", "2026-06-01T23:30"] {
            let end = quiet.ends(at(night), &madrid()).unwrap();
            assert_eq!(madrid().civil(end).time().to_string(), "08:00:00", "{night}");
            assert_eq!(quiet.ends(end, &madrid()), None);
        }
        // An hour that does not exist, as the end: the first that does.
        let short = Quiet { until: 150, ..quiet };
        let end = short.ends(at("2026-03-28T23:30"), &madrid()).unwrap();
        assert_eq!(end, at("2026-03-29T03:00"));
    }

    #[test]
    fn the_digest_comes_once_at_its_hour() {
        let choices = with(Group::Tasks, &[Way::Digest]);
        let (told, _) = said(&choices, &[Way::Mail], item(Kind::Task, "2026-06-01T10:00"));
        assert_eq!(told, vec![("2026-06-02T08:00".to_owned(), Way::Digest)]);
        let (told, _) = said(&choices, &[Way::Mail], item(Kind::Task, "2026-06-01T07:59"));
        assert_eq!(told, vec![("2026-06-01T08:00".to_owned(), Way::Digest)]);
        assert!(!choices.at_once().contains(&Kind::Task) && choices.at_once().contains(&Kind::Waiting));
    }

    #[test]
    fn a_device_that_is_gone_is_replaced_by_mail() {
        let choices = with(Group::Own, &[Way::Push]);
        let (told, _) = said(&choices, &[Way::Mail], item(Kind::Returned, "2026-06-01T10:00"));
        assert_eq!(told, vec![("2026-06-01T10:00".to_owned(), Way::Mail)]);
    }

    #[test]
    fn what_is_urgent_cannot_be_silenced_and_the_rest_only_where_it_is_allowed() {
        let (none, silence) = (BTreeSet::new(), BTreeSet::from([Allowance::Silence]));
        for group in [Group::Decisions, Group::Duty] {
            assert_eq!(with(group, &[]).parse(&silence), Err(Refusal::CannotSilence), "{group:?}");
        }
        assert_eq!(with(Group::Tasks, &[]).parse(&none), Err(Refusal::CannotSilence));
        assert!(with(Group::Tasks, &[]).parse(&silence).is_ok());
        assert!(with(Group::Tasks, &[Way::Digest]).parse(&none).is_ok());
        let malformed = |field: &str| Err(Refusal::Malformed { field: field.to_owned() });
        assert_eq!(with(Group::Duty, &[Way::Digest, Way::Push]).parse(&none), malformed("ways"));
        assert_eq!(with(Group::Own, &[Way::Digest, Way::Mail]).parse(&none), malformed("ways"));
        assert_eq!(with(Group::Access, &[Way::Mail]).parse(&none), malformed("ways"));
        let quiet = |from, until| {
            let quiet = Some(Quiet { from, until, passes: Passes::Nothing });
            Choices { quiet, ..Choices::default() }.parse(&none)
        };
        for (from, until) in [(0, 0), (1_440, 10), (10, 1_440), (600, 599), (0, 961)] {
            assert_eq!(quiet(from, until), malformed("quiet"), "{from} {until}");
        }
        assert!(quiet(0, 960).is_ok());
        assert_eq!(Choices { digest_at: 1_440, ..Choices::default() }.parse(&none), malformed("digest_at"));
    }

    #[test]
    fn choices_survive_the_wire_and_unknown_ones_do_not() {
        let choices = Choices { quiet: night(Passes::Urgent).quiet, ..with(Group::Duty, &BOTH) };
        let text = serde_json::to_string(&choices).unwrap();
        assert_eq!(serde_json::from_str::<Choices>(&text).unwrap(), choices);
        assert!(serde_json::from_str::<Choices>(&text.replace("digest_at", "digested")).is_err());
    }

    fn any_choices() -> impl Strategy<Value = Choices> {
        let way = prop::sample::subsequence(vec![Way::Push, Way::Mail, Way::Digest], 0..=3);
        let ways = prop::collection::vec((0_usize..4, way), 0..6);
        let quiet = prop::option::of((0_u16..1_440, 0_u16..1_440, any::<bool>()));
        (ways, quiet, 0_u16..1_440).prop_map(|(ways, quiet, digest_at)| Choices {
            ways: ways.into_iter().map(|(place, ways)| (Group::CHOSEN[place], ways.into_iter().collect())).collect(),
            quiet: quiet.map(|(from, until, pass)| Quiet {
                from,
                until,
                passes: if pass { Passes::Urgent } else { Passes::Nothing },
            }),
            digest_at,
        })
    }

    proptest! {
        #[test]
        fn nothing_urgent_is_lost_and_nothing_told_twice(
            choices in any_choices(), kind in 0_usize..16, minute in 0_i64..400_000, reach in 0_usize..4,
            late in 0_i64..500, silence in any::<bool>(),
        ) {
            let allowed = if silence { BTreeSet::from([Allowance::Silence]) } else { BTreeSet::new() };
            let Ok(choices) = choices.parse(&allowed) else { return Ok(()) };
            let kind = Kind::ALL[kind];
            let reach: &[Way] = [&[][..], &[Way::Push], &[Way::Mail], &BOTH][reach];
            let began = Moment(1_772_323_200_000).plus(Millis::minutes(minute));
            let open = Item { at: began, ..item(kind, "2026-06-01T10:00") };
            // `run` refuses a way that comes twice, and a chase that does not end.
            let (told, raised) = run(&choices, reach, open, Millis::minutes(late));
            let chosen = choices.ways(kind.group());
            if kind.patience().is_some() {
                prop_assert!(raised.is_some(), "unread and nobody else knows");
            }
            if (kind.is_urgent() || !silence) && reach.contains(&Way::Mail) {
                prop_assert!(!told.is_empty(), "{:?} was not told", kind);
            }
            for (when, way) in &told {
                if *way != Way::Digest && late == 0 && choices.holds(kind) && kind.group() != Group::Access {
                    let quiet = choices.quiet.and_then(|quiet| quiet.ends(*when, &madrid()));
                    prop_assert_eq!(quiet, None, "woken by {:?} at {:?}", way, when);
                }
            }
            if chosen.is_empty() {
                prop_assert!(told.is_empty());
            }
            if choices.at_once().contains(&kind) && reach.contains(&Way::Mail) {
                prop_assert_eq!(told.first(), Some(&(began, Way::Mail)));
            }
        }

        #[test]
        fn a_quiet_stretch_always_ends_within_its_length_and_an_hour(
            from in 0_u16..1_440, length in 1_u16..=960, minute in 0_i64..400_000,
        ) {
            let quiet = Quiet { from, until: (from + length) % 1_440, passes: Passes::Nothing };
            let now = Moment(1_772_323_200_000).plus(Millis::minutes(minute));
            if let Some(end) = quiet.ends(now, &madrid()) {
                prop_assert!(end > now && end.since(now) <= Millis::minutes(i64::from(length) + 60));
                prop_assert_eq!(quiet.ends(end, &madrid()), None);
            }
        }
    }
}

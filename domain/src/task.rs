//! Tasks: what somebody is asked to do, by when, and what became of it.
//! Separate from rounds: a decision is owed to a post, a task to a person.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    MediaId, MemberId, Millis, Moment, PostId, PublicationId, Refusal, TaskId, UnitId,
    people::People,
    post::parse_reason,
    slot::HORIZON,
    text::line,
    zone::{Resolved, Zone},
};

/// Until when what is due presses: the end of the day by the town's clock, and never less than twelve hours ahead. Who is on
/// duty at five to midnight is told of what is due at five past.
pub fn presses_until(zone: &Zone, now: Moment) -> Moment {
    let midnight = (zone.civil(now).date() + chrono::Days::new(1)).and_time(chrono::NaiveTime::MIN);
    let end_of_day = match zone.resolve(midnight) {
        Resolved::One(at) | Resolved::Fold { first: at, .. } | Resolved::Gap { after: at, .. } => at,
    };
    end_of_day.max(now.plus(Millis::hours(12)))
}

/// Whose it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "assignee", deny_unknown_fields)]
pub enum Assignee {
    /// A member's.
    Member {
        /// Which.
        member: MemberId,
    },
    /// A unit's: whoever of them takes it.
    Unit {
        /// Which.
        unit: UnitId,
    },
}

/// How urgent it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// When there is time.
    Low,
    /// By its date.
    #[default]
    Normal,
    /// Before anything else.
    High,
}

/// What it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "about", deny_unknown_fields)]
pub enum About {
    /// Nothing that the desk knows.
    Nothing,
    /// A post.
    Post {
        /// Which.
        post: PostId,
    },
    /// A publication that needs a person.
    Publication {
        /// Which.
        publication: PublicationId,
    },
    /// A picture of the library.
    Media {
        /// Which.
        media: MediaId,
    },
}

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", deny_unknown_fields)]
pub enum State {
    /// Nobody has begun.
    Open,
    /// Somebody is at it.
    Doing,
    /// It waits for something.
    Waiting {
        /// For what.
        reason: String,
    },
    /// It is done.
    Done,
    /// It will not be done.
    NotDone {
        /// Why.
        reason: String,
    },
}

/// The state without what it carries: for lists, reports and the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateName {
    /// Nobody has begun.
    Open,
    /// Somebody is at it.
    Doing,
    /// It waits for something.
    Waiting,
    /// It is done.
    Done,
    /// It will not be done.
    NotDone,
}

impl StateName {
    /// Every state, in the order in which the desk lists them.
    pub const ALL: [StateName; 5] =
        [StateName::Open, StateName::Doing, StateName::Waiting, StateName::Done, StateName::NotDone];

    /// Whether nothing more is expected of it.
    pub const fn is_over(self) -> bool {
        matches!(self, StateName::Done | StateName::NotDone)
    }

    /// The one table of what may become of what. What is over can only be opened again; what waits or is done must have
    /// been taken up by somebody.
    pub const fn may_become(self, next: StateName) -> bool {
        use StateName::*;
        match self {
            Open => matches!(next, Doing | NotDone),
            Doing => matches!(next, Open | Waiting | Done | NotDone),
            Waiting => matches!(next, Open | Doing | NotDone),
            Done | NotDone => matches!(next, Open),
        }
    }
}

impl State {
    /// Its name.
    pub const fn name(&self) -> StateName {
        match self {
            State::Open => StateName::Open,
            State::Doing => StateName::Doing,
            State::Waiting { .. } => StateName::Waiting,
            State::Done => StateName::Done,
            State::NotDone { .. } => StateName::NotDone,
        }
    }

    fn parse(self) -> Result<Self, Refusal> {
        Ok(match self {
            State::Waiting { reason } => State::Waiting { reason: parse_reason(&reason)? },
            State::NotDone { reason } => State::NotDone { reason: parse_reason(&reason)? },
            state => state,
        })
    }
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Its identity.
    pub id: TaskId,
    /// What is to be done, in a line.
    pub title: String,
    /// How.
    pub instructions: String,
    /// What it is about.
    pub about: About,
    /// Who asked.
    pub by: MemberId,
    /// When.
    pub at: Moment,
    /// Whose it is.
    pub assignee: Assignee,
    /// The unit that it was asked of, also when somebody of it has taken it.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// By when.
    pub due: Option<Moment>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// What became of it, the first being `Open`.
    pub history: Vec<Change>,
}

/// A change of state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// What it became.
    pub state: State,
    /// By whom.
    pub by: MemberId,
    /// When.
    pub at: Moment,
}

/// A title is a line.
const TITLE_BYTES: usize = 300;
/// Instructions are four screens of a phone.
const INSTRUCTIONS_BYTES: usize = 8_000;

/// What somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// What is to be done.
    pub title: String,
    /// How.
    #[serde(default)]
    pub instructions: String,
    /// What it is about.
    pub about: About,
    /// Whose it is.
    pub assignee: Assignee,
    /// By when.
    pub due: Option<Moment>,
    /// How urgent it is.
    #[serde(default)]
    pub urgency: Urgency,
}

impl Task {
    /// Asks somebody for something.
    ///
    /// # Errors
    /// `ReasonWanted` without a title, `Malformed` where something hides in it, `TooLarge`, `InThePast`, `TooFar`, `NotFound`
    /// when the member left or nobody is in the unit.
    pub fn ask(id: TaskId, request: Request, by: &MemberId, people: &People, at: Moment) -> Result<Self, Refusal> {
        let Request { title, instructions, about, assignee, due, urgency } = request;
        let title = line::line(&title, "title", TITLE_BYTES)?;
        if title.is_empty() {
            return Err(Refusal::ReasonWanted);
        }
        if instructions.len() > INSTRUCTIONS_BYTES {
            let (limit, length) = (INSTRUCTIONS_BYTES as u64, instructions.len() as u64);
            return Err(Refusal::TooLarge { field: "instructions".to_owned(), limit, length });
        }
        if due.is_some_and(|due| due < at) {
            return Err(Refusal::InThePast);
        }
        if due.is_some_and(|due| due > at.plus(HORIZON)) {
            return Err(Refusal::TooFar);
        }
        exists(&assignee, people)?;
        let history = vec![Change { state: State::Open, by: by.clone(), at }];
        let unit = asked_of(&assignee);
        Ok(Self { id, title, instructions, about, by: by.clone(), at, assignee, unit, due, urgency, history })
    }

    /// Where it is.
    pub fn state(&self) -> &State {
        self.history.last().map_or(&State::Open, |change| &change.state)
    }

    /// Moves it on. Whose it is, somebody of the unit whose it is, and whoever asked may.
    ///
    /// # Errors
    /// `TaskOfAnother`, `TaskElsewhere`, `ReasonWanted`, `TooLarge`.
    pub fn advance(mut self, state: State, by: &MemberId, people: &People, at: Moment) -> Result<Self, Refusal> {
        if self.by != *by && !self.is_of(by, people) {
            return Err(Refusal::TaskOfAnother);
        }
        if !self.state().name().may_become(state.name()) {
            return Err(Refusal::TaskElsewhere);
        }
        let state = state.parse()?;
        // Whoever takes up what was a unit's makes it theirs, so that nobody thinks that somebody else has it.
        if state == State::Doing && self.is_of(by, people) {
            self.assignee = Assignee::Member { member: by.clone() };
        }
        self.history.push(Change { state, by: by.clone(), at });
        Ok(self)
    }

    /// Gives it to somebody else; it is open again. Whose it is and whoever asked may; what nobody would do as things
    /// are, anybody may.
    ///
    /// # Errors
    /// `TaskOfAnother`, `TaskElsewhere` when it is over, `NotFound`.
    pub fn hand_on(mut self, to: Assignee, by: &MemberId, people: &People, at: Moment) -> Result<Self, Refusal> {
        if self.by != *by && !self.is_of(by, people) && !self.is_orphan(people) {
            return Err(Refusal::TaskOfAnother);
        }
        if self.state().name().is_over() {
            return Err(Refusal::TaskElsewhere);
        }
        exists(&to, people)?;
        // Within the unit it stays the unit's: its colleagues and its report go on knowing of it.
        let stays = match (&to, &self.unit) {
            (Assignee::Member { member }, Some(unit)) => belongs(member, unit, people),
            _ => false,
        };
        if !stays {
            self.unit = asked_of(&to);
        }
        self.assignee = to;
        if *self.state() != State::Open {
            self.history.push(Change { state: State::Open, by: by.clone(), at });
        }
        Ok(self)
    }

    /// Whether it is somebody's, themselves or with their unit.
    pub fn is_of(&self, member: &MemberId, people: &People) -> bool {
        match &self.assignee {
            Assignee::Member { member: own } => own == member,
            Assignee::Unit { unit } => belongs(member, unit, people),
        }
    }

    /// Whether it should have been done.
    pub fn is_overdue(&self, at: Moment) -> bool {
        !self.state().name().is_over() && self.due.is_some_and(|due| due < at)
    }

    /// Whether nobody will do it as things are: its member left, or its unit is empty.
    pub fn is_orphan(&self, people: &People) -> bool {
        !self.state().name().is_over() && exists(&self.assignee, people).is_err()
    }
}

fn belongs(member: &MemberId, unit: &UnitId, people: &People) -> bool {
    people.colleague(member).is_some_and(|colleague| colleague.units.contains(unit))
}

fn asked_of(assignee: &Assignee) -> Option<UnitId> {
    match assignee {
        Assignee::Unit { unit } => Some(unit.clone()),
        Assignee::Member { .. } => None,
    }
}

fn exists(assignee: &Assignee, people: &People) -> Result<(), Refusal> {
    let found = match assignee {
        Assignee::Member { member } => people.colleague(member).is_some(),
        Assignee::Unit { unit } => people.colleagues.iter().any(|colleague| colleague.units.contains(unit)),
    };
    if found { Ok(()) } else { Err(Refusal::NotFound) }
}

/// How somebody, or a unit, stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Tally {
    /// How many there are in each state.
    pub states: BTreeMap<StateName, usize>,
    /// How many of them are overdue.
    pub overdue: usize,
    /// How many were done after their date.
    pub late: usize,
}

impl Tally {
    fn count(&mut self, task: &Task, at: Moment) {
        *self.states.entry(task.state().name()).or_default() += 1;
        self.overdue += usize::from(task.is_overdue(at));
        let done = task.history.last().filter(|change| change.state == State::Done);
        self.late += usize::from(done.zip(task.due).is_some_and(|(done, due)| done.at > due));
    }
}

/// The report by person and unit. What somebody of a unit has taken counts for both: two ways of looking at the same.
pub fn report(tasks: &[Task], at: Moment) -> BTreeMap<Assignee, Tally> {
    let mut report: BTreeMap<Assignee, Tally> = BTreeMap::new();
    for task in tasks {
        report.entry(task.assignee.clone()).or_default().count(task, at);
        let unit = task.unit.clone().map(|unit| Assignee::Unit { unit }).filter(|unit| *unit != task.assignee);
        if let Some(unit) = unit {
            report.entry(unit).or_default().count(task, at);
        }
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::round::tests::{member, people};

    fn request(assignee: Assignee) -> Request {
        let (title, about) = ("Foto de la fuente".to_owned(), About::Nothing);
        let instructions = String::new();
        Request { title, instructions, about, assignee, due: Some(Moment(100)), urgency: Urgency::Normal }
    }

    fn of(n: u128) -> Assignee {
        Assignee::Member { member: member(n) }
    }

    fn unit(n: u128) -> Assignee {
        Assignee::Unit { unit: UnitId::from_bits(n) }
    }

    fn task(assignee: Assignee) -> Task {
        Task::ask(TaskId::from_bits(1), request(assignee), &member(1), &people(), Moment(10)).unwrap()
    }

    fn becomes(task: Task, state: State, by: u128, at: i64) -> Result<Task, Refusal> {
        task.advance(state, &member(by), &people(), Moment(at))
    }

    #[test]
    fn what_is_due_past_midnight_presses_before_it() {
        let zone = crate::zone::bench::madrid();
        let at = |civil: &str| match zone.resolve(crate::slot::parse_civil(civil).unwrap()) {
            Resolved::One(at) => at,
            other => panic!("{other:?}"),
        };
        assert_eq!(presses_until(&zone, at("2026-06-10T09:00")), at("2026-06-11T00:00"));
        assert_eq!(presses_until(&zone, at("2026-06-10T23:59")), at("2026-06-11T11:59"));
        // The night that has an hour more.
        assert_eq!(presses_until(&zone, at("2026-10-25T00:00")), at("2026-10-26T00:00"));
    }

    #[test]
    fn a_task_goes_from_open_to_done_and_only_its_people_move_it() {
        let task = task(of(3));
        assert_eq!(becomes(task.clone(), State::Doing, 4, 11), Err(Refusal::TaskOfAnother));
        assert_eq!(becomes(task.clone(), State::Done, 3, 11), Err(Refusal::TaskElsewhere));
        let task = becomes(task, State::Doing, 3, 11).unwrap();
        let task = becomes(task, State::Done, 3, 12).unwrap();
        assert_eq!(becomes(task.clone(), State::Doing, 3, 13), Err(Refusal::TaskElsewhere));
        assert_eq!(becomes(task, State::Open, 1, 13).unwrap().state(), &State::Open);
    }

    #[test]
    fn what_waits_or_will_not_be_done_says_why() {
        let doing = becomes(task(of(3)), State::Doing, 3, 11).unwrap();
        let silent = || " ".to_owned();
        assert_eq!(becomes(doing.clone(), State::Waiting { reason: silent() }, 3, 12), Err(Refusal::ReasonWanted));
        assert_eq!(becomes(doing, State::NotDone { reason: silent() }, 3, 12), Err(Refusal::ReasonWanted));
    }

    #[test]
    fn whoever_takes_up_a_units_task_makes_it_theirs() {
        let task = task(unit(4));
        assert!(task.is_of(&member(4), &people()) && !task.is_of(&member(3), &people()));
        let task = becomes(task, State::Doing, 4, 11).unwrap();
        assert_eq!((&task.assignee, &task.unit), (&of(4), &Some(UnitId::from_bits(4))));
        // Both ways of looking at it.
        let counted = report(std::slice::from_ref(&task), Moment(12));
        assert_eq!(counted.keys().collect::<Vec<_>>(), [&of(4), &unit(4)]);
        let handed = task.clone().hand_on(unit(3), &member(4), &people(), Moment(12)).unwrap();
        assert_eq!((handed.state(), &handed.assignee), (&State::Open, &unit(3)));
        let elsewhere = task.hand_on(of(3), &member(4), &people(), Moment(12)).unwrap();
        assert_eq!(elsewhere.unit, None, "nobody of the unit has it now");
    }

    #[test]
    fn a_task_is_not_asked_of_who_left_nor_for_yesterday() {
        let ask = |request, at| Task::ask(TaskId::from_bits(1), request, &member(1), &people(), Moment(at));
        assert_eq!(ask(request(of(99)), 10), Err(Refusal::NotFound));
        assert_eq!(ask(request(unit(99)), 10), Err(Refusal::NotFound));
        assert_eq!(ask(request(of(3)), 101), Err(Refusal::InThePast));
        let distant = Request { due: Some(Moment(i64::MAX)), ..request(of(3)) };
        assert_eq!(ask(distant, 10), Err(Refusal::TooFar));
        let nameless = Request { title: " ".to_owned(), ..request(of(3)) };
        assert_eq!(ask(nameless, 10), Err(Refusal::ReasonWanted));
        let hides = Request { title: "al\u{202E}revés".to_owned(), ..request(of(3)) };
        assert_eq!(ask(hides, 10), Err(Refusal::Malformed { field: "title".to_owned() }));
    }

    #[test]
    fn nothing_is_left_unattended() {
        let task = task(of(3));
        assert!(!task.is_overdue(Moment(100)) && task.is_overdue(Moment(101)));
        let mut fewer = people();
        fewer.colleagues.retain(|colleague| colleague.id != member(3));
        assert!(task.is_orphan(&fewer) && !task.is_orphan(&people()));
        let handed = |people: &People| task.clone().hand_on(of(4), &member(2), people, Moment(12));
        assert_eq!(handed(&people()), Err(Refusal::TaskOfAnother));
        assert_eq!(handed(&fewer).map(|task| task.assignee), Ok(of(4)));
    }

    #[test]
    fn the_report_counts_by_person_what_is_where_and_what_is_late() {
        let done = becomes(becomes(task(of(3)), State::Doing, 3, 11).unwrap(), State::Done, 3, 150).unwrap();
        let report = report(&[done, task(of(3)), task(unit(4))], Moment(200));
        let tally = &report[&of(3)];
        assert_eq!(tally.states, BTreeMap::from([(StateName::Open, 1), (StateName::Done, 1)]));
        assert_eq!((tally.overdue, tally.late), (1, 1));
        assert_eq!(report[&unit(4)].overdue, 1);
    }

    #[test]
    fn from_every_state_there_is_a_way_on() {
        for state in StateName::ALL {
            assert!(StateName::ALL.into_iter().any(|next| state.may_become(next)), "{state:?}");
            assert!(!state.may_become(state));
        }
    }
}

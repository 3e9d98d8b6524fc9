//! Tasks: what somebody is asked to do, by when, what became of it, and the report of who did what.

use domain::{
    Act, MemberId, Moment, PostId, TaskId, UnitId,
    task::{Assignee, Request, State, StateName, Task, Urgency},
};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// A page of tasks. An agency sees its own: what it was asked for, and what it asked for.
pub const LIST: Endpoint<Query, Tasks> = Endpoint::new(Get, "/api/tasks", Who::May(Act::Read));
/// Asks somebody for something. The desk draws the identity, so that what is sent twice is asked for once.
pub const ASK: Endpoint<Request, TaskRow> = Endpoint::new(Put, "/api/tasks/{task}", Who::May(Act::Task));
/// Moves it on.
pub const ADVANCE: Endpoint<Advance, TaskRow> = Endpoint::new(Post, "/api/tasks/{task}/states", Who::May(Act::Task));
/// Gives it to somebody else.
pub const HAND_ON: Endpoint<HandOn, TaskRow> = Endpoint::new(Put, "/api/tasks/{task}/assignee", Who::May(Act::Task));
/// Who did what over a span: for whoever may read the record, which tells the same, task by task.
pub const REPORT: Endpoint<Span, Report> = Endpoint::new(Get, "/api/reports/tasks", Who::May(Act::ReadRecord));
/// The same as a file of comma-separated values.
pub const REPORT_FILE: Endpoint<Span, Nothing> =
    Endpoint::new(Get, "/api/reports/tasks.csv", Who::May(Act::ReadRecord));

/// All of them.
pub const LISTED: &[Listed] =
    &[LIST.listed(), ASK.listed(), ADVANCE.listed(), HAND_ON.listed(), REPORT.listed(), REPORT_FILE.listed()];

/// Whose tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Those that I am to do.
    #[default]
    Mine,
    /// My units': asked of one of them, or on the table of somebody who is in one with me.
    Unit,
    /// Those that I asked for.
    Asked,
    /// Everybody's.
    All,
}

/// What to list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Whose.
    #[serde(default)]
    pub whose: Whose,
    /// In which state; without one, all that are not over. Those that are over come newest first, the others most
    /// urgent and soonest due first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<StateName>,
    /// Where the page starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A page of tasks, with everybody that they speak of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tasks {
    /// The tasks.
    pub items: Vec<TaskRow>,
    /// Where the next page starts.
    pub next: Option<String>,
    /// Everybody who is or was a member.
    pub people: Vec<Person>,
    /// The units that there are.
    pub units: Vec<UnitRow>,
}

/// A unit, as the tasks speak of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRow {
    /// Which.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// Whether it can be asked for something: somebody in it can.
    pub takes: bool,
    /// Whether whoever asks is in it.
    pub mine: bool,
}

/// Somebody, as the tasks speak of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// Whether they can be asked for something: they are here, and their role has tasks.
    pub takes: bool,
}

/// A task in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRow {
    /// The task.
    pub task: Task,
    /// The post that it is about, if it is about one that the reader may see.
    pub post: Option<Linked>,
    /// Whether nobody will do it as things are.
    pub orphan: bool,
}

/// The post that a task is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// Which.
    pub post: PostId,
    /// Its title, empty if it has none.
    pub heading: String,
}

/// Moves a task on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advance {
    /// Where to.
    pub state: State,
}

/// Hands a task on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOn {
    /// To whom.
    pub to: Assignee,
}

/// A task that presses, for the home page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pressing {
    /// Which.
    pub id: TaskId,
    /// What is to be done.
    pub title: String,
    /// By when.
    pub due: Option<Moment>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Whether nobody will do it as things are, and I asked for it.
    pub orphan: bool,
}

/// The span of a report: whatever was on somebody's table then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// From then on.
    pub from: Moment,
    /// Until before then.
    pub until: Moment,
}

/// Who did what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// A line for each person, by name, and then one for each unit.
    pub lines: Vec<Line>,
}

/// How one person's, or one unit's, tasks stand now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Whose.
    pub assignee: Assignee,
    /// Their name.
    pub name: String,
    /// How many nobody has begun.
    pub open: u32,
    /// How many are being done.
    pub doing: u32,
    /// How many wait for something.
    pub waiting: u32,
    /// How many are done.
    pub done: u32,
    /// How many will not be done.
    pub not_done: u32,
    /// How many should have been done by now.
    pub overdue: u32,
    /// How many were done after their date.
    pub late: u32,
}

//! Tasks: rows, lists, and the people that the rules of tasks ask about.

use domain::{
    Act, ChannelId, Language, MemberId, Moment, Network, OrganisationId, PostId, TaskId, may,
    people::{Colleague, People},
    task::{About, Assignee, Change, State, StateName, Task, Urgency},
};
use serde::Deserialize;
use wire::tasks::{Linked, Person, Pressing, TaskRow, UnitRow, Whose};

use super::{Answer, Bind, Db, StoreError, Unit, bylaws, id, json, name, name_of};
use crate::{binds, caller::Caller};

/// Later than any date that a task can have.
const NEVER: Moment = Moment(i64::MAX >> 12);

/// A task with its version, and the post that it is about.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The task.
    pub task: Task,
    /// Counts its changes.
    pub version: u64,
    post: Option<(Linked, Vec<ChannelId>)>,
}

impl Stored {
    /// The same with the task as it is after a change.
    pub fn after(self, task: Task) -> Self {
        Self { task, ..self }
    }

    /// As a list shows it to somebody. The title of a post out of their reach is not told.
    pub fn shown(self, caller: &Caller, people: &People) -> TaskRow {
        let post = self.post.filter(|(_, channels)| caller.sees(channels.iter())).map(|(linked, _)| linked);
        TaskRow { orphan: self.task.is_orphan(people), post, task: self.task }
    }
}

#[derive(Deserialize)]
struct Row {
    id: String,
    version: f64,
    title: String,
    instructions: String,
    about: String,
    by: String,
    at: f64,
    assignee: String,
    unit: Option<String>,
    due_at: Option<f64>,
    urgency: String,
    history: String,
    post: Option<String>,
    heading: Option<String>,
    destinations: Option<String>,
}

const SELECT: &str = "SELECT t.id, t.version, t.title, t.instructions, t.about, t.by, t.at, t.assignee, t.unit,
  t.due_at, t.urgency, t.history, p.id AS post, p.heading, p.destinations
FROM task t LEFT JOIN post p ON p.id = t.post AND p.org = t.org WHERE t.org = ?1";

impl TryFrom<Row> for Stored {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let post = match (&row.post, row.heading, &row.destinations) {
            (Some(post), Some(heading), Some(going)) => Some((Linked { post: id(post)?, heading }, channels(going)?)),
            _ => None,
        };
        let task = Task {
            id: id(&row.id)?,
            title: row.title,
            instructions: row.instructions,
            about: json(&row.about)?,
            by: id(&row.by)?,
            at: Moment(row.at as i64),
            assignee: json(&row.assignee)?,
            unit: row.unit.as_deref().map(id).transpose()?,
            due: row.due_at.map(|at| Moment(at as i64)),
            urgency: name(&row.urgency)?,
            history: json(&row.history)?,
        };
        Ok(Stored { task, version: row.version as u64, post })
    }
}

fn channels(destinations: &str) -> Result<Vec<ChannelId>, StoreError> {
    let going: Vec<(ChannelId, Network, Language)> = json(destinations)?;
    Ok(going.into_iter().map(|(channel, ..)| channel).collect())
}

/// What to list.
#[derive(Debug, Clone)]
pub struct Which<'a> {
    /// Whose.
    pub whose: Whose,
    /// Whether only those that the member asked for or is to do.
    pub own: bool,
    /// Who asks.
    pub member: &'a MemberId,
    /// In which state; without one, all that are not over.
    pub state: Option<StateName>,
    /// After the last one of the page before.
    pub after: Option<Cursor>,
    /// So many.
    pub most: u32,
}

/// The last one of a page: the rank and the date, or for what is over 0 and its last change; and the identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub u32, pub Moment, pub TaskId);

impl Cursor {
    /// The cursor behind a task.
    pub fn behind(task: &Task) -> Self {
        let last = task.history.last().map_or(task.at, |change| change.at);
        if task.state().name().is_over() {
            Self(0, last, task.id.clone())
        } else {
            Self(rank(task.urgency), task.due.unwrap_or(NEVER), task.id.clone())
        }
    }
}

/// The units that a member (`?3`) belongs to, of an organisation (`?1`).
const OWN_UNITS: &str = "SELECT json_extract(u.value, '$.id') FROM bylaws b, json_each(b.data, '$.units') u,
  json_each(u.value, '$.members') m WHERE b.org = ?1 AND m.value = ?3";

/// Everybody who belongs to one of them.
const OF_OWN_UNITS: &str =
    "SELECT o.value FROM bylaws b, json_each(b.data, '$.units') u, json_each(u.value, '$.members') m,
  json_each(u.value, '$.members') o WHERE b.org = ?1 AND m.value = ?3";

impl Which<'_> {
    fn query(&self, org: &OrganisationId) -> (String, Vec<Bind>) {
        let over = self.state.is_some_and(StateName::is_over);
        let mut binds = binds![org, over, self.member, self.most];
        let mut sql = format!("{SELECT} AND t.over = ?2");
        sql += &match self.whose {
            Whose::Mine => " AND t.member = ?3".to_owned(),
            Whose::Asked => " AND t.by = ?3".to_owned(),
            // An agency in a unit sees what the unit was asked for, not what its colleagues do besides.
            Whose::Unit if self.own => format!(" AND t.unit IN ({OWN_UNITS})"),
            Whose::Unit => format!(" AND (t.unit IN ({OWN_UNITS}) OR t.member IN ({OF_OWN_UNITS}))"),
            Whose::All if self.own => format!(" AND (t.member = ?3 OR t.by = ?3 OR t.unit IN ({OWN_UNITS}))"),
            Whose::All => " AND ?3 <> ''".to_owned(),
        };
        if let Some(state) = self.state {
            binds.push(name_of(&state).into());
            sql += &format!(" AND t.state = ?{}", binds.len());
        }
        if let Some(Cursor(rank, at, task)) = &self.after {
            let first = binds.len() + 1;
            binds.extend(binds![*rank, *at, task]);
            sql += &if over {
                format!(" AND ?{first} = 0 AND (t.changed_at, t.id) < (?{}, ?{})", first + 1, first + 2)
            } else {
                format!(" AND (t.rank, t.by_when, t.id) > (?{first}, ?{}, ?{})", first + 1, first + 2)
            };
        }
        sql += if over {
            " ORDER BY t.changed_at DESC, t.id DESC LIMIT ?4"
        } else {
            " ORDER BY t.rank, t.by_when, t.id LIMIT ?4"
        };
        (sql, binds)
    }
}

#[derive(Deserialize)]
struct PersonRow {
    id: String,
    name: String,
    role: String,
    access: String,
    removed_at: Option<f64>,
}

fn people_query(org: &OrganisationId) -> (String, Vec<Bind>) {
    let sql = "SELECT id, name, role, access, removed_at FROM member WHERE org = ?1 ORDER BY created_at, id";
    (sql.to_owned(), binds![org])
}

fn units_query(org: &OrganisationId) -> (String, Vec<Bind>) {
    (bylaws::STANDING.to_owned(), binds![org])
}

/// Everybody by name, and those of them who can be asked for something: nobody has a task that they may not move; and
/// the units.
fn people(
    members: &Answer,
    units: &Answer,
    now: Moment,
) -> Result<(Vec<Person>, People, Vec<domain::bylaws::Unit>), StoreError> {
    let (mut persons, mut people) = (Vec::new(), People::default());
    let (_, bylaws) = bylaws::standing(units)?;
    let answer = members;
    for row in answer.results::<PersonRow>()? {
        let (member, role, access): (MemberId, _, domain::Access) =
            (id(&row.id)?, name(&row.role)?, json(&row.access)?);
        let takes = row.removed_at.is_none() && may(role, Act::Task) && access.is_open(now);
        persons.push(Person { member: member.clone(), name: row.name, takes });
        if takes {
            people.colleagues.push(Colleague { id: member, role, units: Vec::new(), access, mailbox: None });
        }
    }
    // Only those who can be asked: a unit of people who may have no tasks is nobody's.
    let people = bylaws.people(people.colleagues);
    Ok((persons, people, bylaws.units))
}

/// What was read, with everybody it speaks of.
pub struct Found {
    /// The tasks.
    pub tasks: Vec<Stored>,
    /// Everybody by name.
    pub persons: Vec<Person>,
    /// Those who can be asked for something.
    pub people: People,
    /// The units.
    pub units: Vec<domain::bylaws::Unit>,
}

impl Found {
    /// The units as somebody is shown them.
    pub fn unit_rows(&self, reader: &MemberId) -> Vec<UnitRow> {
        let row = |unit: &domain::bylaws::Unit| UnitRow {
            unit: unit.id.clone(),
            name: unit.name.clone(),
            takes: self.people.colleagues.iter().any(|colleague| colleague.units.contains(&unit.id)),
            mine: unit.members.contains(reader),
        };
        self.units.iter().map(row).collect()
    }
}

async fn find(db: &Db, org: &OrganisationId, query: (String, Vec<Bind>), now: Moment) -> Result<Found, StoreError> {
    let answers = db.many(vec![query, people_query(org), units_query(org)]).await?;
    let [tasks, members, units] = answers.as_slice() else {
        return Err(StoreError::Row("an answer is missing".to_owned()));
    };
    let rows: Vec<Row> = tasks.results()?;
    let (persons, people, units) = people(members, units, now)?;
    Ok(Found { tasks: rows.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?, persons, people, units })
}

/// A page of tasks, in one trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn list(db: &Db, org: &OrganisationId, which: &Which<'_>, now: Moment) -> Result<Found, StoreError> {
    find(db, org, which.query(org), now).await
}

/// A task, if there is one, in one trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn read(db: &Db, org: &OrganisationId, task: &TaskId, now: Moment) -> Result<Found, StoreError> {
    find(db, org, (format!("{SELECT} AND t.id = ?2"), binds![org, task]), now).await
}

/// What a task is about: the post, if any, and the channels that it goes to. Nothing if there is no such thing.
///
/// # Errors
/// `Down`, `Row`.
pub async fn about(
    db: &Db,
    org: &OrganisationId,
    about: &About,
) -> Result<Option<(Option<PostId>, Vec<ChannelId>)>, StoreError> {
    #[derive(Deserialize)]
    struct About {
        post: Option<String>,
        destinations: Option<String>,
    }
    let (sql, binds) = match about {
        domain::task::About::Nothing => return Ok(Some((None, Vec::new()))),
        domain::task::About::Post { post } => {
            ("SELECT id AS post, destinations FROM post WHERE org = ?1 AND id = ?2", binds![org, post])
        }
        domain::task::About::Publication { publication } => (
            "SELECT p.id AS post, p.destinations FROM publication u JOIN post p ON p.id = u.post AND p.org = u.org
             WHERE u.org = ?1 AND u.id = ?2",
            binds![org, publication],
        ),
        domain::task::About::Media { media } => {
            ("SELECT NULL AS post, NULL AS destinations FROM media WHERE org = ?1 AND id = ?2", binds![org, media])
        }
    };
    let Some(row) = db.first::<About>(sql, binds).await? else { return Ok(None) };
    let post = row.post.as_deref().map(id).transpose()?;
    Ok(Some((post, row.destinations.as_deref().map(channels).transpose()?.unwrap_or_default())))
}

/// The most urgent comes first.
const fn rank(urgency: Urgency) -> u32 {
    match urgency {
        Urgency::High => 0,
        Urgency::Normal => 1,
        Urgency::Low => 2,
    }
}

fn columns(task: &Task) -> Vec<Bind> {
    let member = match &task.assignee {
        Assignee::Member { member } => Some(member),
        Assignee::Unit { .. } => None,
    };
    let (state, changed) = (task.state().name(), task.history.last().map_or(task.at, |change| change.at));
    let (assignee, history) = (Bind::json(&task.assignee), Bind::json(&task.history));
    binds![assignee, member, name_of(&state), state.is_over(), history, changed, task.unit.as_ref()]
}

/// Adds a new task to a unit of work. `Unique` when the identity stands already.
pub fn insert(unit: &mut Unit, org: &OrganisationId, task: &Task, post: Option<&PostId>) {
    let (title, instructions, about) = (&task.title, &task.instructions, Bind::json(&task.about));
    let (urgency, due) = (name_of(&task.urgency), task.due);
    let mut binds = binds![&task.id, org, title, instructions, about, post, &task.by, task.at, due, urgency];
    binds.extend(binds![rank(task.urgency), due.unwrap_or(NEVER)]);
    binds.extend(columns(task));
    unit.then(
        "INSERT INTO task (id, org, version, title, instructions, about, post, by, at, due_at, urgency, rank, by_when,
           assignee, member, state, over, history, changed_at, unit)
         VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
        binds,
    );
}

/// Adds a changed task to a unit of work; nothing is written unless the stored version is still `before`.
pub fn update(unit: &mut Unit, org: &OrganisationId, task: &Task, before: u64) {
    unit.expect("(SELECT version FROM task WHERE org = ?1 AND id = ?2) = ?3", binds![org, &task.id, before]);
    let mut binds = binds![org, &task.id];
    binds.extend(columns(task));
    unit.then(
        "UPDATE task SET version = version + 1, assignee = ?3, member = ?4, state = ?5, over = ?6, history = ?7,
           changed_at = ?8, unit = ?9 WHERE org = ?1 AND id = ?2",
        binds,
    );
}

/// What presses a member: theirs, and those of their units that nobody has taken, that are due before `until`; and those
/// that they asked for and whose member left, or in whose unit nobody is.
pub fn pressing_query(org: &OrganisationId, member: &MemberId, until: Moment) -> (String, Vec<Bind>) {
    let sql = format!(
        "SELECT id, title, due_at, urgency, 0 AS orphan, rank, by_when FROM task
        WHERE org = ?1 AND member = ?3 AND over = 0 AND by_when < ?2
      UNION ALL
      SELECT id, title, due_at, urgency, 0 AS orphan, rank, by_when FROM task
        WHERE org = ?1 AND unit IN ({OWN_UNITS}) AND member IS NULL AND over = 0 AND by_when < ?2
      UNION ALL
      SELECT id, title, due_at, urgency, 1 AS orphan, rank, by_when FROM task t
        WHERE org = ?1 AND by = ?3 AND over = 0 AND NOT EXISTS (
          SELECT 1 FROM member m WHERE m.org = t.org AND m.removed_at IS NULL
            AND (m.id = t.member OR (t.member IS NULL AND m.id IN (
              SELECT o.value FROM bylaws b, json_each(b.data, '$.units') u, json_each(u.value, '$.members') o
              WHERE b.org = t.org AND json_extract(u.value, '$.id') = t.unit))))
      ORDER BY rank, by_when LIMIT 50"
    );
    (sql, binds![org, until, member])
}

/// Reads the answer of [`pressing_query`].
///
/// # Errors
/// `Row`.
pub fn pressing(answer: &Answer) -> Result<Vec<Pressing>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        title: String,
        due_at: Option<f64>,
        urgency: String,
        orphan: f64,
    }
    let row = |row: Row| {
        let due = row.due_at.map(|at| Moment(at as i64));
        let urgency = name(&row.urgency)?;
        Ok(Pressing { id: id(&row.id)?, title: row.title, due, urgency, orphan: row.orphan > 0.0 })
    };
    answer.results::<Row>()?.into_iter().map(row).collect()
}

/// The tasks that were on somebody's table within a span, at most so many, with everybody by name. Only what the report
/// asks of them: reading each one whole would spend the 10 ms.
///
/// # Errors
/// `Down`, `Row`.
pub async fn of_span(
    db: &Db,
    org: &OrganisationId,
    (from, until): (Moment, Moment),
    most: u32,
    now: Moment,
) -> Result<(Vec<Task>, Vec<Person>, Vec<domain::bylaws::Unit>), StoreError> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        by: String,
        at: f64,
        assignee: String,
        unit: Option<String>,
        due_at: Option<f64>,
        state: String,
        changed_at: f64,
    }
    let sql = "SELECT id, by, at, assignee, unit, due_at, state, changed_at FROM task
      WHERE org = ?1 AND at < ?3 AND (over = 0 OR changed_at >= ?2) LIMIT ?4";
    let span = (sql.to_owned(), binds![org, from, until, most]);
    let answers = db.many(vec![span, people_query(org), units_query(org)]).await?;
    let [tasks, members, units] = answers.as_slice() else {
        return Err(StoreError::Row("an answer is missing".to_owned()));
    };
    let task = |row: Row| {
        let by: MemberId = id(&row.by)?;
        let state = match name(&row.state)? {
            StateName::Open => State::Open,
            StateName::Doing => State::Doing,
            StateName::Waiting => State::Waiting { reason: String::new() },
            StateName::Done => State::Done,
            StateName::NotDone => State::NotDone { reason: String::new() },
        };
        Ok(Task {
            id: id(&row.id)?,
            title: String::new(),
            instructions: String::new(),
            about: About::Nothing,
            at: Moment(row.at as i64),
            assignee: json(&row.assignee)?,
            unit: row.unit.as_deref().map(id).transpose()?,
            due: row.due_at.map(|at| Moment(at as i64)),
            urgency: Urgency::Normal,
            history: vec![Change { state, by: by.clone(), at: Moment(row.changed_at as i64) }],
            by,
        })
    };
    let tasks = tasks.results::<Row>()?.into_iter().map(task).collect::<Result<_, StoreError>>()?;
    let (persons, _, units) = people(members, units, now)?;
    Ok((tasks, persons, units))
}

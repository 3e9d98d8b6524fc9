//! The database: binding, reading, and the unit of work. SQL stands in the files below, beside its rows.
//! D1 has no interactive transaction: a unit of work is one batch, and its guards are SQL.

pub mod acts;
pub mod allowances;
pub mod arrivals;
pub mod beginning;
pub mod brand;
pub mod bylaws;
pub mod calendar;
pub mod campaigns;
pub mod captions;
pub mod challenges;
pub mod channels;
pub mod comments;
pub mod consents;
pub mod contacts;
pub mod copies;
pub mod custody;
pub mod documents;
pub mod emergencies;
pub mod ending;
pub mod foreign;
pub mod gone;
pub mod guidance;
pub mod library;
pub mod media;
pub mod notices;
pub mod offers;
pub mod organisations;
pub mod outside;
pub mod people;
pub mod pins;
pub mod plan;
pub mod posts;
pub mod proposals;
pub mod pulse;
pub mod records;
pub mod revisions;
pub mod secrets;
pub mod series;
pub mod sessions;
pub mod sharing;
pub mod sittings;
pub mod submissions;
pub mod tasks;
pub mod telling;
pub mod texts;
pub mod throttle;
pub mod thumbnails;
pub mod videos;

use std::{fmt, sync::Arc, sync::atomic::Ordering};

use domain::{Moment, Refusal};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen_futures::JsFuture;
use worker::{
    Env,
    js_sys::{Array, Error, JSON, Promise, Reflect},
    wasm_bindgen::{JsCast, JsValue},
    worker_sys::{D1Database, D1PreparedStatement, D1Result},
};

use crate::{app::Ledger, tree};

/// A value for a `?`.
#[derive(Debug, Clone, PartialEq)]
pub enum Bind {
    /// Text.
    Text(String),
    /// A number. Bound as a double, exact below 2^53; STRICT columns store it as an integer.
    Number(i64),
    /// NULL.
    Null,
}

impl Bind {
    fn to_js(&self) -> JsValue {
        match self {
            Bind::Text(text) => JsValue::from_str(text),
            Bind::Number(number) => JsValue::from_f64(*number as f64),
            Bind::Null => JsValue::NULL,
        }
    }
    /// A value as JSON text.
    pub fn json<T: Serialize>(value: &T) -> Self {
        Self::Text(serde_json::to_string(value).unwrap_or_default())
    }
}

macro_rules! binds_from {
    ($($from:ty => |$value:ident| $bind:expr),+ $(,)?) => {$(
        impl From<$from> for Bind { fn from($value: $from) -> Self { $bind } }
    )+};
}
binds_from! {
    &str => |value| Bind::Text(value.to_owned()),
    String => |value| Bind::Text(value),
    &String => |value| Bind::Text(value.clone()),
    i64 => |value| Bind::Number(value),
    u64 => |value| Bind::Number(value as i64),
    u32 => |value| Bind::Number(value.into()),
    i32 => |value| Bind::Number(value.into()),
    u16 => |value| Bind::Number(value.into()),
    bool => |value| Bind::Number(value.into()),
    Moment => |value| Bind::Number(value.0),
    domain::Millis => |value| Bind::Number(value.0),
}
macro_rules! binds_ids {
    ($($id:ident),+) => {$(
        impl From<&domain::$id> for Bind { fn from(id: &domain::$id) -> Self { Bind::Text(id.to_string()) } }
    )+};
}
binds_ids!(
    OrganisationId,
    MemberId,
    PasskeyId,
    SessionId,
    InvitationId,
    LinkId,
    RecoveryId,
    ChannelId,
    PostId,
    PublicationId,
    ActId,
    AttemptId,
    MediaId,
    DecisionId,
    StepId,
    RecordId,
    MailId,
    TaskId,
    CommentId,
    EmergencyId,
    UnitId,
    CampaignId,
    MarkId,
    ForeignId,
    ConsentId,
    ShareId,
    PillarId,
    AudienceId,
    MessageId,
    PromiseId,
    TemplateId,
    ContactId,
    ReplyId,
    ProposalLinkId,
    ProposalId,
    SeriesId,
    NoticeId,
    SubscriptionId
);
impl<T: Into<Bind>> From<Option<T>> for Bind {
    fn from(value: Option<T>) -> Self {
        value.map_or(Bind::Null, Into::into)
    }
}

/// `binds![a, b, c]`: values for `?1`, `?2`, `?3`.
#[macro_export]
macro_rules! binds {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::Bind::from($value)),*] };
}

/// What can go wrong between us and D1.
#[derive(Debug)]
pub enum StoreError {
    /// A guard of a unit of work did not hold: nothing was written.
    Guard,
    /// A unique key stands already: nothing was written.
    Unique,
    /// A row could not be read as what it should be. A bug or a hand in the database.
    Row(String),
    /// D1 did not answer, or not as it should.
    Down(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Guard => f.write_str("a guard did not hold"),
            StoreError::Unique => f.write_str("a unique key stands already"),
            StoreError::Row(what) => write!(f, "a row cannot be read: {what}"),
            StoreError::Down(what) => write!(f, "the database: {what}"),
        }
    }
}

impl From<worker::Error> for StoreError {
    fn from(error: worker::Error) -> Self {
        Self::said(error.to_string())
    }
}

impl From<JsValue> for StoreError {
    fn from(thrown: JsValue) -> Self {
        let Ok(error) = thrown.dyn_into::<Error>() else { return Self::Down("it threw what is no error".to_owned()) };
        let cause = error.cause().dyn_into::<Error>().map(|cause| String::from(cause.message())).unwrap_or_default();
        Self::said(format!("{} {cause}", String::from(error.message())))
    }
}

impl StoreError {
    fn said(text: String) -> Self {
        // `Unit::expect` makes SQLite fail with the first message; nothing else of ours parses JSON that was not written by us.
        // The second is that of a trigger: what is named was deleted from the library.
        if text.contains("malformed JSON") || text.contains("asset_gone") {
            StoreError::Guard
        } else if text.contains("UNIQUE constraint") {
            StoreError::Unique
        } else {
            StoreError::Down(text)
        }
    }
}

/// Parses a column that holds JSON of a domain type.
///
/// # Errors
/// `Row`.
pub fn json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    tree::read(text).map_err(|error| StoreError::Row(error.to_string()))
}

/// Parses a column that holds the name of a unit variant, as serde writes it.
///
/// # Errors
/// `Row`.
pub fn name<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    // As JSON text, which every type is read from anyway: a second way to read them is code for each type.
    json(&format!("\"{text}\""))
}

/// The name of a unit variant, as serde writes it.
pub fn name_of<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default().trim_matches('"').to_owned()
}

/// Parses a column that holds an identity.
///
/// # Errors
/// `Row`.
pub fn id<T: std::str::FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Row("identity".to_owned()))
}

/// A unit of work: statements that are written together or not at all.
#[derive(Debug, Default)]
pub struct Unit {
    statements: Vec<(String, Vec<Bind>)>,
}

impl Unit {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds a statement.
    pub fn then(&mut self, sql: impl Into<String>, binds: Vec<Bind>) -> &mut Self {
        self.statements.push((sql.into(), binds));
        self
    }
    /// Adds everything of another one, after what is here.
    #[cfg(feature = "rehearsal")]
    pub fn append(&mut self, other: Self) {
        self.statements.extend(other.statements);
    }
    /// Adds a guard: if the condition does not hold at that point of the batch, nothing is written and the commit
    /// answers `Guard`. `json('…')` of what is not JSON is SQLite's way to fail inside a SELECT.
    pub fn expect(&mut self, condition: &str, binds: Vec<Bind>) -> &mut Self {
        self.then(format!("SELECT CASE WHEN ({condition}) THEN 1 ELSE json('guard') END"), binds)
    }
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }
}

/// What a statement answered.
pub struct Answer(D1Result);

impl Answer {
    /// Its rows. Through JSON text, although they are objects already: one `stringify` is quicker than a call across
    /// the border for each column.
    ///
    /// # Errors
    /// `Row`.
    pub fn results<T: DeserializeOwned>(&self) -> Result<Vec<T>, StoreError> {
        let Some(rows) = self.0.results()? else { return Ok(Vec::new()) };
        tree::rows(&String::from(JSON::stringify(&rows)?)).map_err(|error| StoreError::Row(error.to_string()))
    }

    /// How many rows it changed.
    pub fn changes(&self) -> usize {
        self.meta("changes")
    }

    fn meta(&self, field: &str) -> usize {
        let meta = self.0.meta().ok().and_then(|meta| Reflect::get(&meta, &field.into()).ok());
        meta.and_then(|number| number.as_f64()).unwrap_or_default() as usize
    }
}

/// How many rows a statement changed.
pub fn changes(answer: &Answer) -> usize {
    answer.changes()
}

/// The database of this invocation. Counts what it spends.
#[derive(Clone)]
pub struct Db {
    env: Env,
    ledger: Arc<Ledger>,
}

impl Db {
    /// Over the binding `DB`.
    pub fn new(env: Env, ledger: Arc<Ledger>) -> Self {
        Self { env, ledger }
    }

    fn binding(&self) -> Result<D1Database, StoreError> {
        Ok(JsValue::from(self.env.d1("DB")?).unchecked_into())
    }

    fn prepare(&self, sql: &str, binds: &[Bind]) -> Result<D1PreparedStatement, StoreError> {
        #[cfg(feature = "rehearsal")]
        if crate::rehearsal::fires("d1_down") {
            return Err(StoreError::Down("rehearsed".to_owned()));
        }
        self.ledger.queries.fetch_add(1, Ordering::Relaxed);
        let binds: Array = binds.iter().map(Bind::to_js).collect();
        Ok(self.binding()?.prepare(sql)?.bind(binds)?)
    }

    /// One trip.
    async fn answer(&self, promise: Promise) -> Result<JsValue, StoreError> {
        self.ledger.trips.fetch_add(1, Ordering::Relaxed);
        Ok(JsFuture::from(promise).await?)
    }

    fn noted(&self, answer: JsValue) -> Answer {
        let answer = Answer(answer.unchecked_into());
        self.ledger.rows.fetch_add(answer.meta("rows_read") as u32, Ordering::Relaxed);
        #[cfg(feature = "rehearsal")]
        crate::rehearsal::spending::database(
            ["rows_read", "rows_written", "size_after"].map(|field| answer.meta(field)),
        );
        answer
    }

    /// All rows.
    ///
    /// # Errors
    /// `Down`, `Row`.
    pub async fn all<T: DeserializeOwned>(&self, sql: &str, binds: Vec<Bind>) -> Result<Vec<T>, StoreError> {
        self.one(sql, binds).await?.results()
    }

    /// The first row, if any.
    ///
    /// # Errors
    /// `Down`, `Row`.
    pub async fn first<T: DeserializeOwned>(&self, sql: &str, binds: Vec<Bind>) -> Result<Option<T>, StoreError> {
        Ok(self.all(sql, binds).await?.into_iter().next())
    }

    /// Runs a statement; answers how many rows it changed.
    ///
    /// # Errors
    /// `Down`, `Unique`.
    pub async fn run(&self, sql: &str, binds: Vec<Bind>) -> Result<usize, StoreError> {
        Ok(self.one(sql, binds).await?.changes())
    }

    async fn one(&self, sql: &str, binds: Vec<Bind>) -> Result<Answer, StoreError> {
        #[cfg(feature = "rehearsal")]
        crate::rehearsal::asked(std::iter::once((sql, binds.as_slice())));
        let asked = self.prepare(sql, &binds)?.all()?;
        Ok(self.noted(self.answer(asked).await?))
    }

    /// Reads several things in one trip.
    ///
    /// # Errors
    /// `Down`.
    pub async fn many(&self, queries: Vec<(String, Vec<Bind>)>) -> Result<Vec<Answer>, StoreError> {
        self.commit(Unit { statements: queries }).await
    }

    /// Writes a unit of work; answers each statement's result (`changes`, `rows`).
    ///
    /// # Errors
    /// `Guard`, `Unique`, `Down`; nothing was written then (or, when D1 is `Down`, nobody knows: guards make a
    /// repetition harmless).
    pub async fn commit(&self, unit: Unit) -> Result<Vec<Answer>, StoreError> {
        if unit.is_empty() {
            return Ok(Vec::new());
        }
        #[cfg(feature = "rehearsal")]
        crate::rehearsal::asked(unit.statements.iter().map(|(sql, binds)| (sql.as_str(), binds.as_slice())));
        let statements: Result<Array, StoreError> =
            unit.statements.iter().map(|(sql, binds)| self.prepare(sql, binds)).collect();
        let asked = self.binding()?.batch(statements?)?;
        let answers: Array = self.answer(asked).await?.unchecked_into();
        Ok(answers.iter().map(|answer| self.noted(answer)).collect())
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        worker::console_error!("store: {error}");
        Refusal::Unavailable
    }
}

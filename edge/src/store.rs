//! The database: binding, reading, and the unit of work. SQL stands in the files below, beside its rows.
//! D1 has no interactive transaction: a unit of work is one batch, and its guards are SQL.

pub mod acts;
pub mod challenges;
pub mod channels;
pub mod media;
pub mod notices;
pub mod organisations;
pub mod people;
pub mod posts;
pub mod records;
pub mod secrets;
pub mod sessions;
pub mod throttle;

use std::{fmt, sync::Arc, sync::atomic::Ordering};

use domain::{Moment, Refusal};
use serde::{Serialize, de::DeserializeOwned};
use worker::{D1PreparedStatement, D1Result, Env, wasm_bindgen::JsValue};

use crate::app::Ledger;

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
    RecoveryId,
    ChannelId,
    PostId,
    PublicationId,
    ActId,
    AttemptId,
    MediaId,
    DecisionId,
    RecordId,
    MailId
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
        let text = error.to_string();
        // `Unit::expect` makes SQLite fail with this message; nothing else of ours parses JSON that was not written by us.
        if text.contains("malformed JSON") {
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
    serde_json::from_str(text).map_err(|error| StoreError::Row(error.to_string()))
}

/// Parses a column that holds the name of a unit variant, as serde writes it.
///
/// # Errors
/// `Row`.
pub fn name<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::from(text)).map_err(|error| StoreError::Row(error.to_string()))
}

/// The name of a unit variant, as serde writes it.
pub fn name_of<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
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

    fn prepare(&self, sql: &str, binds: &[Bind]) -> Result<D1PreparedStatement, StoreError> {
        #[cfg(feature = "rehearsal")]
        if crate::rehearsal::fires("d1_down") {
            return Err(StoreError::Down("rehearsed".to_owned()));
        }
        self.ledger.queries.fetch_add(1, Ordering::Relaxed);
        let binds: Vec<JsValue> = binds.iter().map(Bind::to_js).collect();
        Ok(self.env.d1("DB")?.prepare(sql).bind(&binds)?)
    }

    fn note(&self, result: &D1Result) {
        if let Ok(Some(meta)) = result.meta() {
            self.ledger.rows.fetch_add(meta.rows_read.unwrap_or_default() as u32, Ordering::Relaxed);
        }
    }

    /// All rows.
    ///
    /// # Errors
    /// `Down`, `Row`.
    pub async fn all<T: DeserializeOwned>(&self, sql: &str, binds: Vec<Bind>) -> Result<Vec<T>, StoreError> {
        let statement = self.prepare(sql, &binds)?;
        self.ledger.trips.fetch_add(1, Ordering::Relaxed);
        let result = statement.all().await?;
        self.note(&result);
        result.results().map_err(|error| StoreError::Row(error.to_string()))
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
        let statement = self.prepare(sql, &binds)?;
        self.ledger.trips.fetch_add(1, Ordering::Relaxed);
        let result = statement.run().await?;
        self.note(&result);
        Ok(changes(&result))
    }

    /// Reads several things in one trip.
    ///
    /// # Errors
    /// `Down`.
    pub async fn many(&self, queries: Vec<(String, Vec<Bind>)>) -> Result<Vec<D1Result>, StoreError> {
        self.commit(Unit { statements: queries }).await
    }

    /// Writes a unit of work; answers each statement's result (`changes`, `rows`).
    ///
    /// # Errors
    /// `Guard`, `Unique`, `Down`; nothing was written then (or, when D1 is `Down`, nobody knows: guards make a
    /// repetition harmless).
    pub async fn commit(&self, unit: Unit) -> Result<Vec<D1Result>, StoreError> {
        if unit.is_empty() {
            return Ok(Vec::new());
        }
        let statements: Result<Vec<_>, _> =
            unit.statements.iter().map(|(sql, binds)| self.prepare(sql, binds)).collect();
        let statements = statements?;
        self.ledger.trips.fetch_add(1, Ordering::Relaxed);
        let results = self.env.d1("DB")?.batch(statements).await?;
        results.iter().for_each(|result| self.note(result));
        Ok(results)
    }
}

/// How many rows a statement changed.
pub fn changes(result: &D1Result) -> usize {
    result.meta().ok().flatten().and_then(|meta| meta.changes).unwrap_or_default()
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        worker::console_error!("store: {error}");
        Refusal::Unavailable
    }
}

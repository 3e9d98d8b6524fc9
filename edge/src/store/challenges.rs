//! Challenges: each is remembered for five minutes (that of a decision for three days) and taken once, whatever comes of
//! it.

use domain::{Millis, Refusal, record};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Bind, StoreError, Unit, json};
use crate::{answer::Refused, app::App, binds};

/// A person finds their key, types a code, fails once, tries again.
const LIVES: Millis = Millis::minutes(5);

/// What a challenge is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A proof of a passkey.
    SignIn,
    /// A new passkey.
    Enrol,
    /// A decision: the number that its statement carries.
    Decision,
    /// A word in an emergency: the number that its statement carries.
    Emergency,
}

impl Purpose {
    /// As the database calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Purpose::SignIn => "sign_in",
            Purpose::Enrol => "enrol",
            Purpose::Decision => "decision",
            Purpose::Emergency => "emergency",
        }
    }
}

/// Remembers a challenge with what goes with it; answers the secret under which it is asked for again. Only the hash
/// is kept, as with every secret.
///
/// # Errors
/// `Down`.
pub async fn remember<T: Serialize>(app: &App, purpose: Purpose, state: &T) -> Result<String, StoreError> {
    let id = app.secret();
    remember_as(app, purpose, &id, LIVES, state).await?;
    Ok(id)
}

/// Remembers one under an identity that the caller drew, for as long as the caller says.
///
/// # Errors
/// `Down`.
pub async fn remember_as<T: Serialize>(
    app: &App,
    purpose: Purpose,
    id: &str,
    lives: Millis,
    state: &T,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO challenge (id, purpose, state, expires_at) VALUES (?1, ?2, ?3, ?4)";
    app.db.run(sql, binds![hash(id), purpose.name(), Bind::json(state), app.now().plus(lives)]).await.map(drop)
}

/// What is kept of a challenge's identity.
pub fn hash(id: &str) -> String {
    record::sha256_hex(id.as_bytes())
}

/// The query for a challenge that is to be taken later, in the batch of what it is for.
pub fn look(app: &App, purpose: Purpose, id: &str) -> (String, Vec<Bind>) {
    let sql = "SELECT state FROM challenge WHERE id = ?1 AND purpose = ?2 AND expires_at > ?3";
    (sql.to_owned(), binds![hash(id), purpose.name(), app.now()])
}

/// Adds to a unit of work that a challenge is taken; if somebody took it meanwhile, nothing of the unit is written.
pub fn take_within(unit: &mut Unit, purpose: Purpose, id: &str) {
    unit.expect("EXISTS (SELECT 1 FROM challenge WHERE id = ?1 AND purpose = ?2)", binds![hash(id), purpose.name()]);
    unit.then("DELETE FROM challenge WHERE id = ?1", binds![hash(id)]);
}

/// Takes a challenge: a second time there is none.
///
/// # Errors
/// `SpentLink`, `Unavailable`.
pub async fn take<T: DeserializeOwned>(app: &App, purpose: Purpose, id: &str) -> Result<T, Refused> {
    #[derive(Deserialize)]
    struct Row {
        state: String,
    }
    let sql = "DELETE FROM challenge WHERE id = ?1 AND purpose = ?2 AND expires_at > ?3 RETURNING state";
    let row: Option<Row> = app.db.first(sql, binds![hash(id), purpose.name(), app.now()]).await?;
    Ok(json(&row.ok_or(Refusal::SpentLink)?.state)?)
}

//! Challenges: each is remembered for five minutes and taken once, whatever comes of it.

use domain::{Millis, Refusal, record};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{StoreError, json};
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
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Purpose::SignIn => "sign_in",
            Purpose::Enrol => "enrol",
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
    let sql = "INSERT INTO challenge (id, purpose, state, expires_at) VALUES (?1, ?2, ?3, ?4)";
    let state = serde_json::to_string(state).unwrap_or_default();
    let hash = record::sha256_hex(id.as_bytes());
    app.db.run(sql, binds![hash, purpose.name(), state, app.now().plus(LIVES)]).await?;
    Ok(id)
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
    let hash = record::sha256_hex(id.as_bytes());
    let row: Option<Row> = app.db.first(sql, binds![hash, purpose.name(), app.now()]).await?;
    Ok(json(&row.ok_or(Refusal::SpentLink)?.state)?)
}

//! A new sealing key: what stands under an old one is sealed again, a few rows an invocation, until nothing does.
//! Separate from the vault: this is housekeeping over every table that holds something sealed.
//!
//! Twice, or two at once: each row is written over the nonce that was read, so that the second changes nothing, and a
//! token that was renewed meanwhile (under the new key already) stays. The version of a secret does not move: whoever
//! is renewing it writes over the version that they read.

use domain::{Millis, Moment, OrganisationId, json, record::Subject};
use serde::Deserialize;
use wire::channels::{KeyView, VaultView};

use super::{Sealed, Vault};
use crate::{
    app::App,
    binds, clock,
    jobs::Job,
    store::{Bind, StoreError, Unit, id, records},
};

/// How many rows of each table one invocation seals again: with five tables five sevenths of the queries that it may make.
const MOST: u32 = 6;

/// How many channels are said to be lost at once.
const MOST_LOST: u32 = 10;

/// An old key is kept so long after nothing stands under it: an engine of before the change may live on for minutes,
/// and the first tick of the next day looks once more.
const SPARED_FOR: Millis = Millis::days(1);

/// A table that holds something sealed.
struct Table {
    name: &'static str,
    /// SQL: the associated data of its seal, as whoever seals writes it.
    place: &'static str,
    /// Whether the seal is one column of JSON.
    is_json: bool,
}

/// All of them. What is sealed in another table would be lost with its key: it belongs in here.
const TABLES: [Table; 5] = [
    Table { name: "secret", place: "org || '/' || channel || '/' || kind", is_json: false },
    Table { name: "oauth_flow", place: "state_hash", is_json: false },
    Table { name: "organisation_key", place: "org || '/decision_key'", is_json: true },
    Table { name: "push_key", place: "org || '/push_key'", is_json: true },
    Table { name: "client_key", place: "org || '/client_key'", is_json: true },
];

impl Table {
    fn column(&self, name: &str) -> String {
        if self.is_json { format!("json_extract(sealed, '$.{name}')") } else { name.to_owned() }
    }

    /// Rows under one of the keys in `?1`.
    fn select(&self) -> String {
        let [key, nonce, sealed] = ["key_id", "nonce", "sealed"].map(|name| self.column(name));
        let Table { name, place, .. } = self;
        format!(
            "SELECT rowid AS number, {place} AS place, {key} AS key_id, {nonce} AS nonce, {sealed} AS sealed FROM {name}
             WHERE {key} IN (SELECT value FROM json_each(?1)) LIMIT {MOST}"
        )
    }

    /// Seals a row again, if it still is what was read.
    fn update(&self, unit: &mut Unit, row: &Row, sealed: &Sealed) {
        let (name, nonce) = (self.name, self.column("nonce"));
        if self.is_json {
            let sql = format!("UPDATE {name} SET sealed = ?3 WHERE rowid = ?1 AND {nonce} = ?2");
            unit.then(sql, binds![row.number as u64, &row.nonce, Bind::json(sealed)]);
        } else {
            let sql =
                format!("UPDATE {name} SET key_id = ?3, nonce = ?4, sealed = ?5 WHERE rowid = ?1 AND {nonce} = ?2");
            unit.then(sql, binds![row.number as u64, &row.nonce, &sealed.key_id, &sealed.nonce, &sealed.sealed]);
        }
    }
}

#[derive(Deserialize)]
struct Row {
    number: f64,
    place: String,
    key_id: String,
    nonce: String,
    sealed: String,
}

/// The ids of the keys as the clock remembers them; `None` without a key, when there is nothing to do.
pub fn known(app: &App) -> Option<String> {
    Vault::found(app).map(|vault| written(&vault.ids()))
}

fn written(ids: &[&str]) -> String {
    serde_json::to_string(ids).unwrap_or_default()
}

/// Seals again what stands under an old key, at most [`MOST`] rows a table. The clock sends for it as long as the keys
/// are not those under which everything stood when it was last done.
///
/// # Errors
/// `Down`: the next tick goes on.
pub async fn reseal(app: &App) -> Result<(), StoreError> {
    let Some(vault) = Vault::found(app) else { return Ok(()) };
    let ids = vault.ids();
    let old = written(ids.get(1..).unwrap_or_default());
    let asked = TABLES.iter().map(|table| (table.select(), binds![&old])).collect();
    let answers = app.db.many(asked).await?;
    let mut unit = Unit::new();
    let mut found = 0;
    for (table, answer) in TABLES.iter().zip(&answers) {
        for row in answer.results::<Row>()? {
            found += 1;
            let Row { key_id, nonce, sealed, .. } = &row;
            let sealed = Sealed { key_id: key_id.clone(), nonce: nonce.clone(), sealed: sealed.clone() };
            let again = vault.open(&row.place, &sealed).and_then(|secret| vault.seal(&row.place, &secret).ok());
            // What opens under no key, whatever it names, must not be tried for ever.
            let again = again.unwrap_or(Sealed { key_id: String::new(), ..sealed });
            table.update(&mut unit, &row, &again);
        }
    }
    if found > 0 {
        app.db.commit(unit).await?;
        clock::send(app, vec![(Job::Reseal, Millis(0))]).await;
        return Ok(());
    }
    if tell_of_lost(app, &written(&ids)).await? {
        clock::send(app, vec![(Job::Reseal, Millis(0))]).await;
        return Ok(());
    }
    let sql = "UPDATE heartbeat SET keys_at = CASE WHEN keys IS ?1 THEN keys_at ELSE ?2 END, keys = ?1 WHERE id = 1";
    app.db.run(sql, binds![written(&ids), app.now()]).await.map(drop)
}

/// Channels whose access opens under no key can send nothing: they are refused before something is due there. Answers
/// whether there may be more.
async fn tell_of_lost(app: &App, ids: &str) -> Result<bool, StoreError> {
    #[derive(Deserialize)]
    struct Lost {
        org: String,
        id: String,
    }
    let sql = "UPDATE channel SET health = 'refused', last_error = NULL WHERE id IN (
        SELECT DISTINCT c.id FROM secret s JOIN channel c ON c.id = s.channel AND c.org = s.org
        WHERE s.key_id NOT IN (SELECT value FROM json_each(?1)) AND c.health IN ('working', 'troubled') LIMIT ?2)
      RETURNING org, id";
    let lost: Vec<Lost> = app.db.all(sql, binds![ids, MOST_LOST]).await?;
    let mut unit = Unit::new();
    for Lost { org, id: channel } in &lost {
        let body = json!({ "change": "refused", "channel": channel, "lost": true });
        records::keep(app, &mut unit, &id(org)?, Subject::Channel, &body);
    }
    if !lost.is_empty() {
        app.db.commit(unit).await?;
    }
    Ok(lost.len() == MOST_LOST as usize)
}

/// How the vault of an organisation is.
///
/// # Errors
/// `Down`, `Row`.
pub async fn view(app: &App, org: &OrganisationId) -> Result<VaultView, StoreError> {
    #[derive(Deserialize)]
    struct Count {
        key_id: String,
        n: f64,
    }
    #[derive(Deserialize)]
    struct Used {
        id: String,
        used: f64,
    }
    #[derive(Deserialize)]
    struct Lost {
        channel: String,
    }
    #[derive(Deserialize)]
    struct Beat {
        keys: Option<String>,
        keys_at: Option<f64>,
    }
    let vault = Vault::found(app);
    let ids = vault.as_ref().map(Vault::ids).unwrap_or_default();
    let all = written(&ids);
    let counts = TABLES.iter().map(|table| {
        let (key, name) = (table.column("key_id"), table.name);
        format!("SELECT {key} AS key_id FROM {name} WHERE org = ?1")
    });
    let counts: Vec<String> = counts.collect();
    let counts = format!("SELECT key_id, COUNT(*) AS n FROM ({}) GROUP BY key_id", counts.join(" UNION ALL "));
    // Of the whole engine, and of nobody: whether a key may go is one answer for all who live here.
    let used = TABLES.iter().map(|table| {
        let (key, name) = (table.column("key_id"), table.name);
        format!("EXISTS (SELECT 1 FROM {name} WHERE {key} = j.value)")
    });
    let used: Vec<String> = used.collect();
    let used = format!("SELECT j.value AS id, {} AS used FROM json_each(?1) j", used.join(" OR "));
    let lost = "SELECT DISTINCT s.channel FROM secret s JOIN channel c ON c.id = s.channel AND c.org = s.org
      WHERE s.org = ?1 AND s.key_id NOT IN (SELECT value FROM json_each(?2)) AND c.health <> 'disconnected'";
    let asked = vec![
        (counts, binds![org]),
        (used, binds![&all]),
        (lost.to_owned(), binds![org, &all]),
        ("SELECT keys, keys_at FROM heartbeat WHERE id = 1".to_owned(), binds![]),
    ];
    let answers = app.db.many(asked).await?;
    let [counts, used, lost, beat] = answers.as_slice() else { return Ok(VaultView::default()) };
    let (counts, used) = (counts.results::<Count>()?, used.results::<Used>()?);
    let beat = beat.results::<Beat>()?.into_iter().next();
    let settled = beat.filter(|beat| beat.keys.as_deref() == Some(&all)).and_then(|beat| beat.keys_at);
    let key = |(place, key_id): (usize, &&str)| {
        let is_used = used.iter().any(|used| used.id == **key_id && used.used > 0.0);
        let spare = settled.filter(|_| place > 0 && !is_used).map(|at| Moment(at as i64).plus(SPARED_FOR));
        let secrets = counts.iter().find(|count| count.key_id == **key_id).map_or(0, |count| count.n as u32);
        KeyView { id: (*key_id).to_owned(), secrets, spare }
    };
    let keys: Vec<KeyView> = ids.iter().enumerate().map(key).collect();
    let lost = lost.results::<Lost>()?.iter().map(|row| id(&row.channel)).collect::<Result<_, _>>()?;
    let all_of_it: u32 = counts.iter().map(|count| count.n as u32).sum();
    let opens: u32 = keys.iter().map(|key| key.secrets).sum();
    Ok(VaultView { keys, lost, unopened: all_of_it - opens })
}

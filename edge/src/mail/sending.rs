//! Sending what stands in the outbox, by an HTTP provider, or into the local mailbox of a rehearsal.
//!
//! The provider is any service that takes `POST {MAIL_URL}` with `Authorization: Bearer {MAIL_TOKEN}` and the JSON
//! body `{"from": MAIL_FROM, "to": "…", "subject": "…", "text": "…"}` and answers 2xx: the common form of the HTTP
//! mail services, and a few lines of glue for any other.
//!
//! Idempotent as far as mail can be: a row is leased before it is sent (its next try is put off in the same statement
//! that takes it), so two ticks never send it together; a crash between the provider's answer and our note sends it
//! once more, under the same `Idempotency-Key`.

use domain::{Millis, json};
use serde::Deserialize;
use worker::{AbortSignal, Fetch, Headers, Method, Request, RequestInit};

use crate::{
    app::App,
    binds,
    store::{Bind, StoreError, Unit},
};

/// How many are sent in one go: each costs a sub-request of the tick's fifty.
const AT_ONCE: u32 = 8;

/// How often one is tried: with the doubling pauses below, for about two hours.
const TRIES: u32 = 6;

/// How long a provider may take to answer, in milliseconds.
const PATIENCE: u32 = 10_000;

#[derive(Deserialize)]
struct Row {
    id: String,
    address: String,
    subject: String,
    text: String,
    tried: u32,
}

/// Sends what is due. Called by the tick after what publishes; one failing mail never stops the others.
///
/// # Errors
/// `Down`.
pub async fn send_due(app: &App) -> Result<(), StoreError> {
    let now = app.now();
    let Some(address) = app.setting("MAIL_URL") else {
        if cfg!(feature = "rehearsal") {
            let sql = "UPDATE mail SET state = 'sent', sent_at = ?1 WHERE state = 'waiting' AND due_at <= ?1";
            app.db.run(sql, binds![now]).await?;
        }
        return Ok(());
    };
    let minute = Millis::minutes(1);
    let sql = "UPDATE mail SET tried = tried + 1, due_at = ?1 + ?2 * (2 << tried)
      WHERE id IN (SELECT id FROM mail WHERE state = 'waiting' AND due_at <= ?1 ORDER BY due_at LIMIT ?3)
      AND state = 'waiting' AND due_at <= ?1 RETURNING id, address, subject, text, tried";
    let rows: Vec<Row> = app.db.all(sql, binds![now, minute, AT_ONCE]).await?;
    let (mut sent, mut lost) = (Vec::new(), Vec::new());
    for row in rows {
        if !app.ledger().affords(3) {
            break;
        }
        match send(app, &address, &row).await {
            Ok(()) => sent.push(row.id),
            Err(why) => {
                // Neither address nor text: a log is read by more people than a mail.
                worker::console_error!("mail {}: {why}", row.id);
                if row.tried >= TRIES {
                    lost.push(row.id);
                }
            }
        }
    }
    let mut unit = Unit::new();
    // What was sent or is given up keeps its subject for the proof that people were told; its text (codes, links) goes.
    let sql = "UPDATE mail SET state = ?2, sent_at = ?3, text = '' WHERE id IN (SELECT value FROM json_each(?1))";
    if !sent.is_empty() {
        unit.then(sql, binds![Bind::json(&sent), "sent", now]);
    }
    if !lost.is_empty() {
        unit.then(sql, binds![Bind::json(&lost), "failed", now]);
    }
    app.db.commit(unit).await.map(drop)
}

async fn send(app: &App, address: &str, row: &Row) -> Result<(), String> {
    let plain = |error: worker::Error| error.to_string();
    let headers = Headers::new();
    headers.set("content-type", "application/json").map_err(plain)?;
    headers.set("idempotency-key", &row.id).map_err(plain)?;
    if let Some(token) = app.setting("MAIL_TOKEN") {
        headers.set("authorization", &format!("Bearer {token}")).map_err(plain)?;
    }
    let from = app.setting("MAIL_FROM").unwrap_or_default();
    let body = json!({ "from": from, "to": row.address, "subject": row.subject, "text": row.text }).to_string();
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers).with_body(Some(body.into()));
    let request = Request::new_with_init(address, &init).map_err(plain)?;
    app.ledger().call();
    let patience = AbortSignal::from(web_sys::AbortSignal::timeout_with_u32(PATIENCE));
    let response = Fetch::Request(request).send_with_signal(&patience).await.map_err(plain)?;
    match response.status_code() {
        200..=299 => Ok(()),
        status => Err(format!("the provider answered {status}")),
    }
}

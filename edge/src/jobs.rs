//! Jobs: what the queue carries. Each says how it is idempotent, for a message may come twice, late, or never.

use serde::{Deserialize, Serialize};
use worker::{MessageBatch, MessageExt};

use crate::app::App;

/// A message of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "job")]
pub enum Job {
    /// Keeps the second clock going.
    Wake,
}

/// Works a batch. One failing message never stops the others (house rule 7).
///
/// # Errors
/// Never: every message is acknowledged or sent again by itself.
pub async fn work(batch: MessageBatch<Job>, app: &App) -> worker::Result<()> {
    let _ = app;
    for message in batch.iter().flatten() {
        message.ack();
    }
    Ok(())
}

//! The clock: what is due is claimed and handed to the queue. Two sources wind it (cron, queue), and any request that
//! finds it still runs it too (house rule 6).

use domain::{Millis, Moment};

use crate::{app::App, binds, store::StoreError};

/// What wound the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The platform's cron, each minute.
    Cron,
    /// The queue's self-renewing message.
    Wake,
    /// A request that found the clock still.
    Request,
}

/// After so long without a tick, a request runs one.
const STILL: Millis = Millis::minutes(2);

/// Runs a tick after the answer if the last one is too long ago.
pub fn mind_the_beat(app: &App, beat: Option<Moment>) {
    if beat.is_none_or(|beat| app.now().since(beat) > STILL) {
        let later = app.clone();
        app.afterwards(async move {
            if let Err(trouble) = tick(&later, Source::Request).await {
                worker::console_error!("tick: {trouble}");
            }
        });
    }
}

/// One tick.
///
/// # Errors
/// `Down`.
pub async fn tick(app: &App, source: Source) -> Result<(), StoreError> {
    let now = app.now();
    if source == Source::Cron {
        app.db.run("UPDATE heartbeat SET cron_at = ?1 WHERE id = 1", binds![now]).await?;
    }
    Ok(())
}

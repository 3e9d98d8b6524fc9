//! What the engine spends of a free plan's day: counted over all invocations, for the measure of what a town costs.

use std::sync::atomic::{AtomicU64, Ordering};

use wire::{Nothing, rehearsal::Spending};

use crate::{answer::Refused, ask::Ask};

static INVOCATIONS: AtomicU64 = AtomicU64::new(0);
static MESSAGES: AtomicU64 = AtomicU64::new(0);
static READ: AtomicU64 = AtomicU64::new(0);
static WRITTEN: AtomicU64 = AtomicU64::new(0);
static SIZE: AtomicU64 = AtomicU64::new(0);

/// Notes that an invocation began: of a request, the clock or the queue.
pub fn invocation() {
    INVOCATIONS.fetch_add(1, Ordering::Relaxed);
}

/// Notes what a statement says that it read and wrote, and how large the database is now.
pub fn database([read, written, size]: [usize; 3]) {
    READ.fetch_add(read as u64, Ordering::Relaxed);
    WRITTEN.fetch_add(written as u64, Ordering::Relaxed);
    SIZE.store(size as u64, Ordering::Relaxed);
}

/// Notes messages that were handed to the queue.
pub fn messages(sent: usize) {
    MESSAGES.fetch_add(sent as u64, Ordering::Relaxed);
}

/// What was spent since this was last asked, without this asking itself.
pub async fn read(_: Ask<Nothing>) -> Result<Spending, Refused> {
    let take = |count: &AtomicU64| count.swap(0, Ordering::Relaxed);
    Ok(Spending {
        invocations: take(&INVOCATIONS).saturating_sub(1),
        messages: take(&MESSAGES),
        rows_read: take(&READ),
        rows_written: take(&WRITTEN),
        bytes: SIZE.load(Ordering::Relaxed),
    })
}

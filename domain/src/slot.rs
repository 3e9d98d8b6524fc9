//! The slot: a civil date and time in a zone, the instant it resolves to, and how late it may still go out.
//! Separate from `zone`: a zone is data about clocks, a slot is a promise.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::{Millis, Moment};

/// When a post goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// What the clock on the wall shows ("2026-03-29T10:00:00").
    pub civil: NaiveDateTime,
    /// The zone of that clock.
    pub zone: String,
    /// The instant it is.
    pub at: Moment,
    /// How long after `at` it may still go out by itself. Later it is held.
    pub window: Millis,
}

impl Slot {
    /// The last moment at which it may still go out by itself.
    pub fn ends(&self) -> Moment {
        self.at.plus(self.window)
    }
}

/// Which of the two, where a civil time exists twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fold {
    /// The first (summer time still).
    First,
    /// The second (winter time already).
    Second,
}

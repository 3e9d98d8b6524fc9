//! A zone as data: what the desk is sent instead of a zone database.
//! Separate from `slot`: a zone is about clocks, a slot is a promise.

use serde::{Deserialize, Serialize};

use crate::Moment;

/// A zone: the offset before the first transition, then each transition and the offset from it on, in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// Its name ("Europe/Madrid").
    pub name: String,
    /// Seconds east of UTC before the first transition.
    pub initial: i32,
    /// Moments in order, and the offset from each on.
    pub transitions: Vec<(Moment, i32)>,
}

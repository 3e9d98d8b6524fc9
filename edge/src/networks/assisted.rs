//! Channels without an access: at the hour, a person gets a kit and publishes by hand.
//! The engine can neither send nor look; what the person says is the proof.

use domain::delivery::{Deed, Outcome, Sighting};

use super::{Errand, Network};

/// Any channel by hand.
pub struct Assisted;

impl Network for Assisted {
    async fn create(&self, _: &Errand<'_>) -> Result<Outcome, Outcome> {
        Ok(Outcome::Handed)
    }
    async fn edit(&self, _: &Errand<'_>) -> Result<Outcome, Outcome> {
        Ok(Outcome::Handed)
    }
    async fn delete(&self, _: &Errand<'_>) -> Result<Outcome, Outcome> {
        Ok(Outcome::Handed)
    }
    async fn look(&self, _: &Errand<'_>, _: Deed) -> Result<Sighting, Outcome> {
        Ok(Sighting::ForAPerson)
    }
}

//! The noticeboard: a network whose server we are. Its rows are another room than the ledger on purpose, so that it is
//! delivered to, looked at and proven like any other.

use domain::delivery::{Deed, FailureKind, Outcome, Sighting};
use serde::Deserialize;

use super::{Errand, Network};
use crate::{
    binds,
    store::{StoreError, Unit, notices},
};

/// The organisation's own public page.
pub struct Noticeboard;

/// What the database said of the row after a change.
#[derive(Deserialize)]
struct After {
    slug: String,
    stands: f64,
    withdrawn: f64,
}

const AFTER: &str = "SELECT o.slug, n.id IS NOT NULL AS stands, n.withdrawn_at IS NOT NULL AS withdrawn
  FROM organisation o LEFT JOIN notice n ON n.org = o.id AND n.id = ?2 WHERE o.id = ?1";

impl Noticeboard {
    /// Writes, and reads in the same batch what stands then.
    async fn write(&self, errand: &Errand<'_>, mut unit: Unit) -> Result<After, Outcome> {
        unit.then(AFTER, binds![errand.org, errand.publication]);
        let answers = errand.app.db.commit(unit).await.map_err(|error| silent(&error))?;
        let rows = answers.last().map(|answer| answer.results::<After>());
        let after = rows.and_then(Result::ok).and_then(|rows| rows.into_iter().next());
        after.ok_or_else(|| Outcome::NoAnswer { message: "the noticeboard cannot be read".to_owned(), status: None })
    }

    fn accepted(&self, errand: &Errand<'_>, slug: &str) -> Outcome {
        let address = format!("/{slug}/posts/{}", errand.post);
        Outcome::Accepted(errand.receipt(errand.publication.as_str(), Some(address), None))
    }
}

/// D1 said nothing: the row may stand or not. A repeat is harmless, but only a look may say that it is needed.
fn silent(error: &StoreError) -> Outcome {
    Outcome::NoAnswer { message: domain::delivery::short(&error.to_string()), status: None }
}

fn gone(message: &str) -> Outcome {
    Outcome::Refused { kind: FailureKind::Gone, message: message.to_owned(), status: 410 }
}

impl Network for Noticeboard {
    async fn create(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let mut unit = Unit::new();
        let Errand { app, org, publication, post, rendition, .. } = errand;
        notices::publish(&mut unit, org, publication, post, rendition, app.now());
        let after = self.write(errand, unit).await?;
        // A create that arrives late must not bring back what was taken down meanwhile.
        if after.withdrawn > 0.0 { Err(gone("it was taken down")) } else { Ok(self.accepted(errand, &after.slug)) }
    }

    async fn edit(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let mut unit = Unit::new();
        let Errand { app, org, publication, rendition, .. } = errand;
        notices::correct(&mut unit, org, publication, rendition, app.now());
        let after = self.write(errand, unit).await?;
        let is_up = after.stands > 0.0 && after.withdrawn == 0.0;
        if is_up { Ok(self.accepted(errand, &after.slug)) } else { Err(gone("it is not on the noticeboard")) }
    }

    async fn delete(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let mut unit = Unit::new();
        notices::withdraw(&mut unit, errand.org, errand.publication, errand.app.now());
        // The page stays and says that something stood there: so does its address.
        let after = self.write(errand, unit).await?;
        Ok(self.accepted(errand, &after.slug))
    }

    async fn look(&self, errand: &Errand<'_>, deed: Deed) -> Result<Sighting, Outcome> {
        let Ok(notice) = notices::of_publication(&errand.app.db, errand.org, errand.publication).await else {
            return Ok(Sighting::Unclear);
        };
        let done = match (&notice, deed) {
            (Some(notice), Deed::Create) => notice.withdrawn.is_none(),
            (Some(notice), Deed::Edit) => notice.withdrawn.is_none() && notice.rendition == *errand.rendition,
            (Some(notice), Deed::Delete) => notice.withdrawn.is_some(),
            (Some(_), Deed::Comment) => false,
            (None, deed) => deed == Deed::Delete,
        };
        if !done {
            return Ok(Sighting::NotFound);
        }
        let after = self.write(errand, Unit::new()).await?;
        Ok(match self.accepted(errand, &after.slug) {
            Outcome::Accepted(receipt) => Sighting::Found(receipt),
            _ => Sighting::Unclear,
        })
    }
}

//! Effects become acts here, and only here: entries of the record and notices, in the batch of the business.

use domain::{Effect, Notice, Organisation, record::Subject};

use crate::{
    answer::Refused,
    app::App,
    mail,
    store::{
        Unit,
        outside::{self, Host},
        records, revisions, submissions,
    },
};

/// Adds what the effects ask for to a unit of work.
///
/// # Errors
/// `Unavailable` when the database cannot say who is to be told.
pub async fn apply(
    app: &App,
    unit: &mut Unit,
    organisation: &Organisation,
    effects: Vec<Effect>,
) -> Result<(), Refused> {
    for effect in effects {
        match effect {
            Effect::Keep { subject, body } => {
                records::keep(app, unit, &organisation.id, subject, &body);
                if subject == Subject::Submission {
                    submissions::remember(unit, &organisation.id, &body, app.now());
                    revisions::submitted(unit, &organisation.id, &body, app.now());
                }
            }
            Effect::Notify(notice) => tell(app, unit, organisation, &notice).await?,
            Effect::Invite(invited) => outside::invite(app, unit, &Host::of(organisation), &invited).await?,
        }
    }
    Ok(())
}

/// Tells people: a row of the outbox for each who is to know.
///
/// # Errors
/// `Unavailable`.
pub async fn tell(app: &App, unit: &mut Unit, organisation: &Organisation, notice: &Notice) -> Result<(), Refused> {
    mail::notify(app, unit, &organisation.id, notice);
    Ok(())
}

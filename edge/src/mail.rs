//! Mail: one door. What is to be told stands in the outbox, written in the batch of the business; a job sends it.

use crate::app::App;

/// Whether anything takes mail: a provider, or in a rehearsal the local mailbox.
pub fn is_there(app: &App) -> bool {
    cfg!(feature = "rehearsal") || app.setting("MAIL_URL").is_some()
}

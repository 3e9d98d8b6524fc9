//! The sealer.

use crate::{app::App, store::StoreError};

/// Seals.
///
/// # Errors
/// `Down`.
pub async fn seal_due(app: &App) -> Result<(), StoreError> {
    let _ = app;
    Ok(())
}

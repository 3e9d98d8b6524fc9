//! Pins what is out. Twice, late or stale: the claim is one conditional update, and before each try the network is asked whether
//! it is pinned already.

use domain::{OrganisationId, PublicationId, pin::judge};

use crate::{
    app::App,
    faults,
    networks::telegram,
    store::{StoreError, pins},
};

/// Pins.
///
/// # Errors
/// `Down`: the lease tells the rest.
pub async fn pin(app: &App, org: &OrganisationId, publication: &PublicationId) -> Result<(), StoreError> {
    let Some(claimed) = pins::claim(&app.db, org, publication, app.now()).await? else { return Ok(()) };
    if faults::point("before_pin").is_err() {
        return Ok(());
    }
    let came = telegram::pin(app, org, &claimed.channel, &claimed.settings, &claimed.message).await;
    if faults::point("after_pin").is_err() {
        return Ok(());
    }
    let next = judge(came, claimed.tried, app.now());
    pins::settle(app, org, publication, &claimed, &next).await
}

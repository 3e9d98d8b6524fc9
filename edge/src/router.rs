//! The whole API on one page, and what answers when nothing of it does.

use axum::Router;

use crate::{app::App, ask::Api, http, public};

/// The routes.
pub fn router(app: App) -> Router {
    let api = Api::new();
    let api = http::session::mount_all(api);
    let api = http::people::mount_all(api);
    let api = http::organisations::mount_all(api);
    let api = http::copies::mount_all(api);
    let api = http::arrival::mount_all(api);
    let api = http::brand::mount_all(api);
    let api = http::bylaws::mount_all(api);
    let api = http::calendar::mount_all(api);
    let api = http::pulse::mount_all(api);
    let api = http::foreign::mount_all(api);
    let api = http::sharing::mount_all(api);
    let api = http::campaigns::mount_all(api);
    let api = http::plan::mount_all(api);
    let api = http::texts::mount_all(api);
    let api = http::contacts::mount_all(api);
    let api = http::channels::mount_all(api);
    let api = http::custody::mount_all(api);
    let api = http::media::mount_all(api);
    let api = http::library::mount_all(api);
    let api = http::videos::mount_all(api);
    let api = http::captions::mount_all(api);
    let api = http::documents::mount_all(api);
    let api = http::posts::mount_all(api);
    let api = http::webpages::mount_all(api);
    let api = http::comments::mount_all(api);
    let api = http::publications::mount_all(api);
    let api = http::records::mount_all(api);
    let api = http::tasks::mount_all(api);
    let api = http::notices::mount_all(api);
    let api = http::home::mount_all(api);
    #[cfg(feature = "rehearsal")]
    let api = crate::rehearsal::mount_all(api);
    let api = crate::desk::mount_all(api);
    let api = public::mount_all(api);
    api.with_state(app)
}

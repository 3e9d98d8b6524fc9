//! The pages of the desk that the engine answers itself. Their files are served without it (`_headers` says how); an address
//! such as `/desk/calendar` is no file and gets the desk's page, and the approver's page gets what waits drawn into it.

mod sheet;

use axum::{
    body::Body,
    extract::{Path, State},
    http::{Response, StatusCode},
    response::IntoResponse,
    routing::get,
};

use crate::{app::App, ask::Api};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    api.route("/desk/{*path}", get(page)).route(wire::entry::DECIDE, get(sheet::page))
}

/// A name with an extension is a file of an older build: it must not be answered with a page.
#[worker::send]
async fn page(State(app): State<App>, Path(path): Path<String>) -> Response<Body> {
    if path.contains('.') {
        return StatusCode::NOT_FOUND.into_response();
    }
    file(&app, "/desk/").await
}

/// A file as it was built, with the headers of its address.
async fn file(app: &App, path: &str) -> Response<Body> {
    let Ok(assets) = app.env.assets("ASSETS") else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    // The host is a dummy: the binding only reads the path.
    match assets.fetch(format!("http://desk{path}"), None).await {
        Ok(page) => page.map(Body::new),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

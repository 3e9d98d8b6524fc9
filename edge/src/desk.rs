//! Deep links of the desk. Its files are served without the engine (`_headers` says how); an address such as
//! `/desk/calendar` is no file, and reaches the engine, which answers with the desk's page.

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
    api.route("/desk/{*path}", get(page))
}

/// A name with an extension is a file of an older build: it must not be answered with a page.
#[worker::send]
async fn page(State(app): State<App>, Path(path): Path<String>) -> Response<Body> {
    if path.contains('.') {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Ok(assets) = app.env.assets("ASSETS") else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    // The host is a dummy: the binding only reads the path. The headers for `/desk/` come along.
    match assets.fetch("http://desk/desk/", None).await {
        Ok(page) => page.map(Body::new),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

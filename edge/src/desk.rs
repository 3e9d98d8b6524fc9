//! What the engine answers itself of the desk and of the approver's page. An address such as `/desk/calendar` is no file and
//! gets the desk's page, and the approver's page gets what waits drawn into it. The programs go out as small as they were
//! packed when they were built: what Cloudflare packs on their way is an eighth larger, each time and for everybody. All
//! other files are served without us (`_headers` says how).

mod sheet;

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use worker::EncodeBody;

use crate::{app::App, ask::Api};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = api.route("/desk/{*path}", get(desk)).route("/decide/{*path}", get(decide));
    api.route(wire::entry::DECIDE, get(sheet::page))
}

#[worker::send]
async fn desk(State(app): State<App>, Path(path): Path<String>, headers: HeaderMap) -> Response<Body> {
    if path.contains('.') {
        return packed(&app, &["/desk/", &path].concat(), &headers).await;
    }
    file(&app, "/desk/").await
}

#[worker::send]
async fn decide(State(app): State<App>, Path(path): Path<String>, headers: HeaderMap) -> Response<Body> {
    packed(&app, &["/decide/", &path].concat(), &headers).await
}

/// What is packed when it is built (`xtask/src/desk/pack.rs`), and its type. All but the two scripts that nothing packs
/// have a hash in their names.
const PACKED: [(&str, &str); 4] = [
    (".wasm", "application/wasm"),
    (".js", "text/javascript; charset=utf-8"),
    (".css", "text/css; charset=utf-8"),
    (".txt", "text/plain; charset=utf-8"),
];

/// A file as it was packed, or as it was built for whoever cannot unpack it. Of an older build there is neither: that must not
/// be answered with a page.
///
/// Cloudflare tells us that it takes Brotli itself, and unpacks for a visitor who does not:
/// <https://developers.cloudflare.com/speed/optimization/content/compression/>.
async fn packed(app: &App, path: &str, asked: &HeaderMap) -> Response<Body> {
    let takes = asked.get(header::ACCEPT_ENCODING).and_then(|takes| takes.to_str().ok()).unwrap_or_default();
    let kind = PACKED.iter().find(|(ending, _)| path.ends_with(ending));
    let (true, Some((_, kind))) = (takes.split(',').any(|one| one.trim() == "br"), kind) else {
        return file(app, path).await;
    };
    let mut page = file(app, &[path, ".br"].concat()).await;
    if page.status() != StatusCode::OK {
        return file(app, path).await;
    }
    let headers = page.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    page.extensions_mut().insert(EncodeBody::Manual);
    page
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

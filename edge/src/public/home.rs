//! The root of the deployment: one organisation's board, the list of several, or what to do when there is none.

use axum::{
    body::Body,
    http::{Response, StatusCode, header},
    response::IntoResponse,
};
use maud::html;
use serde::Deserialize;

use super::{
    frame::plain,
    visit::{Trouble, Visit},
};
use crate::binds;

/// Organisations on the page: a province.
const MOST: u32 = 500;

/// `/`.
pub async fn home(visit: Visit) -> Result<Response<Body>, Trouble> {
    #[derive(Deserialize)]
    struct Row {
        slug: String,
        name: String,
    }
    let lang = visit.lang();
    let sql = "SELECT slug, name FROM organisation ORDER BY name LIMIT ?1";
    let rows: Vec<Row> = visit.app.db.all(sql, binds![MOST]).await?;
    let page = match rows.as_slice() {
        [] => {
            let body = html! { p { (lang.public_not_set_up_what()) } p { (lang.public_not_set_up_next()) } };
            plain(lang, lang.public_not_set_up(), body)
        }
        // Found, not moved for good: a second organisation may come.
        [only] => {
            let place =
                [(header::LOCATION, format!("/{}/", only.slug)), (header::CACHE_CONTROL, "no-cache".to_owned())];
            return Ok((StatusCode::FOUND, place).into_response());
        }
        several => {
            let body = html! {
                p.lead { (lang.public_home_lead()) }
                ul.organisations { @for row in several { li { a href={ "/" (row.slug) "/" } { (row.name) } } } }
            };
            plain(lang, lang.public_home(), body)
        }
    };
    Ok(visit.html(StatusCode::OK, page, None))
}

/// `/robots.txt`: public is for everybody; the desk and its API are nobody's to index.
pub async fn robots(visit: Visit) -> Result<Response<Body>, Trouble> {
    Ok(visit.feed("text/plain; charset=utf-8", "User-agent: *\nDisallow: /api/\nDisallow: /desk/\n".to_owned()))
}

//! Sandbox networks: a Mastodon server, a Bluesky server, Facebook's pages with accounts of Instagram, a profile of Threads, a
//! channel of Telegram, accounts of X, pages at LinkedIn, blogs of Tumblr, channels of YouTube, accounts of TikTok and a town's own website, that break on command, for what the real ones cannot do.
//! They count the posts on their own side. Whether they behave like the real ones is not for us to say: a real Bluesky
//! server and an independent Mastodon mock stand beside them in the journeys, the networks' own clients read what they
//! keep, and descriptions of Mastodon's, Meta's, Telegram's, X's, LinkedIn's and YouTube's interfaces that are not ours judge every request
//! and answer ([`contract`]).
//!
//! `/` is for people: what readers would see, and how each network is connected (`street.rs`).
//!
//! Doors of their own:
//! - `PUT /_faults` with `[{"on": "POST /api/v1/statuses", "then": "hang_after", "times": 2}]` replaces what is armed;
//!   `GET /_faults` tells how often each fired. Kinds: see [`faults::Then`].
//! - `GET /_posts` is what readers would see: `{"mastodon": [...], "bluesky": [...], "facebook": [...],
//!   "stories": [...], "instagram": [...], "threads": [...], "telegram": [...], "x": [...],
//!   "linkedin": [...], "tumblr": [...], "youtube": [...], "youtube_unseen": [...], "tiktok": [...], "website": [...]}`.
//! - `GET /_threads` is where Threads answers, `GET /_instagram` where Instagram does for whoever comes by its own login.
//! - `GET /_objections` is what came, or was answered, that is not of a network's interface.
//! - `GET /_secrets` is every token and secret that was given out.
//! - `GET /_requests` is every request that came, oldest first; `DELETE /_requests` forgets them.
//! - `PUT /_settings` with any of `account` (who is signed in at the Mastodon server), `deny` (they refuse to agree),
//!   `declined` (permissions that they do not give there), `reader` (whose statuses the token [`READER`] reads), `media_polls` (how often a picture answers 206), `max_characters`, `lag` (how often the list of an account's
//!   statuses is still empty), `old` (a registration takes one address as text), `version` (of Mastodon),
//!   `promises_name` (whether a server says that it will say who it is), `says_name` (what it says then; `nothing`: nothing), `mixes_up`
//!   (where a hostile one sends whoever comes to agree, up to the state),
//!   `compatible` (it says that it is another software, and ignores `Idempotency-Key`), `expire` (`access` or `all`: Bluesky's
//!   tokens so far), `revoke` (the app password, or the tokens of the others). Of Facebook: `pages` (the names of those that
//!   the person has), `tasks` (what they may do there), `declined` (permissions that they untick), `withdraw` (one that
//!   they take back), `data_access_ends` (in seconds since 1970), `token_of` (the app of which it says that tokens are), `page_reader` (the page that
//!   [`READER`] reads and writes), `deny` and `lag` as above. Of Instagram and Threads: `preparing` (how often a new container
//!   is still in progress; a video of Facebook's too, which is so once at least), `video_breaks` (the code with which Facebook's
//!   next video breaks), `late_children` (how often a carousel is refused because they are), `breaks` (the subcode with
//!   which the next container breaks), `expire_containers`, `quota` (posts a day), `without_account` (pages that have none),
//!   `personal` (the code with which Instagram's accounts say that they are personal ones now; 0: they are not),
//!   `token_lasts` (of Threads and of Instagram's own login, in seconds). Of Telegram, under `telegram`: `may_post`, `may_edit`,
//!   `may_delete`, `member`, `public` (whether the channel has a name), `live` (whether the token is good),
//!   `wait` (how many seconds a sender is asked to wait). Of X, under `x`: `account` (the name of whoever agrees), `deny`,
//!   `declined` and `lag` as above, `working` (how often a video is still worked on), `breaks` (whether the next cannot be),
//!   `expire_uploads`, `credit` (whether the app can pay), `window` (how many more posts it takes, which it tells and
//!   counts from then on) in `seconds`, `life` (how many seconds an access lasts), `expire`
//!   (accesses so far), `revoke` (what renews them, too). Of LinkedIn, under `linkedin`: `pages`, `role`, `deny`, `declined`, `lag`,
//!   `life`, `expire` and `revoke` as above, `renews` (whether an access can be renewed), `withdraw` (a permission that is taken
//!   back), `quota` (posts a day), `preparing` (how often a picture is still prepared), `breaks` (whether the next cannot be),
//!   `sunset` (a version that is over). Of Tumblr, under `tumblr`: `blogs` (by their names), `deny`, `declined`, `lag`, `quota`,
//!   `expire` and `revoke` as above. Of YouTube, under `youtube`: `channel`, `deny`, `declined`, `life`, `preparing`, `breaks` (why the
//!   next video cannot be prepared), `approved` (whether the project is), `uploads` and `changes` (how many are left of today),
//!   `swallows` (how many bytes are taken before the connection breaks), `verified` (whether the channel may have posters), `forget` (uploads so far), `expire` and `revoke`. Of TikTok, under `tiktok`: the fields of `tiktok.rs`,
//!   `expire` and `revoke`. Of the website, under `website`: the fields of `website.rs`.
//! - `GET /_webhooks` is every webhook that came to the website, with its very bytes.

#![allow(clippy::result_large_err, reason = "the error is the answer that goes out, made once a request")]

mod bluesky;
pub mod contract;
mod facebook;
pub mod faults;
mod film;
mod linkedin;
mod mastodon;
mod pulled;
mod street;
mod telegram;
mod threads;
mod tiktok;
mod tumblr;
mod website;
mod world;
mod x;
mod youtube;

use std::{future::IntoFuture, net::SocketAddr, sync::Arc};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    middleware,
    response::Response,
    routing::{get, put},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub use bluesky::PASSWORD;
pub use facebook::{APP, account_of, itself::APP as INSTAGRAM_APP, page_id, proof};
pub use linkedin::APP as LINKEDIN_APP;
pub use mastodon::READER;
pub use telegram::{BOT, CHANNEL};
pub use threads::{PROFILE, THREADS_APP};
pub use tiktok::APP as TIKTOK_APP;
pub use tumblr::APP as TUMBLR_APP;
pub use website::ENDPOINT as WEBSITE;
pub use world::World;
use world::error;
pub use x::APP as X_APP;
pub use youtube::APP as YOUTUBE_APP;

/// The most bytes of one call: TikTok takes 64 MB of a video at once, and of its last piece more.
pub(crate) const MOST_BYTES: usize = 130_000_000;

/// What every handler shares.
pub type Shared = Arc<World>;

/// Serves until the process ends.
///
/// # Errors
/// When the listener breaks.
pub async fn serve(listener: TcpListener) -> std::io::Result<()> {
    // Threads is another server: its addresses of consent are also Mastodon's.
    let beside = TcpListener::bind(("127.0.0.1", 0)).await?;
    // As Instagram is by its own login.
    let itself = TcpListener::bind(("127.0.0.1", 0)).await?;
    let world: Shared = Arc::new(World::new(listener.local_addr()?, beside.local_addr()?, itself.local_addr()?));
    let threads = threads::routes()
        .fallback(nothing)
        .layer(middleware::from_fn_with_state(world.clone(), faults::between))
        .layer(middleware::from_fn_with_state(world.clone(), contract::threads::guard))
        .merge(threads::files())
        .merge(street::routes())
        .layer(middleware::from_fn(street::consent))
        .with_state(world.clone());
    tokio::spawn(axum::serve(beside, threads).into_future());
    let instagram = facebook::itself::routes()
        .fallback(nothing)
        .layer(middleware::from_fn_with_state(world.clone(), faults::between))
        .layer(middleware::from_fn_with_state(world.clone(), contract::instagram::guard))
        .merge(street::routes())
        .layer(middleware::from_fn(street::consent))
        .with_state(world.clone());
    tokio::spawn(axum::serve(itself, instagram).into_future());
    let app = Router::new()
        .merge(mastodon::routes())
        .merge(bluesky::routes())
        .merge(facebook::routes())
        .merge(telegram::routes())
        .merge(x::routes())
        .merge(linkedin::routes())
        .merge(tumblr::routes())
        .merge(website::routes())
        .merge(youtube::routes())
        .merge(tiktok::routes())
        .fallback(nothing)
        .layer(middleware::from_fn_with_state(world.clone(), faults::between))
        .layer(middleware::from_fn_with_state(world.clone(), contract::guard))
        .merge(mastodon::files())
        .merge(facebook::files())
        .merge(x::files())
        .merge(linkedin::files())
        .merge(tumblr::files())
        .merge(website::files())
        .route("/_objections", get(objections))
        .route("/_faults", put(faults::arm).get(faults::fired))
        .route("/_posts", get(posts))
        .route("/_requests", get(requests).delete(forget))
        .route("/_secrets", get(secrets))
        .route("/_threads", get(where_threads_is))
        .route("/_instagram", get(where_instagram_is))
        .route("/_settings", put(set))
        .merge(street::routes())
        .layer(middleware::from_fn(street::consent))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(world);
    axum::serve(listener, app).await
}

/// Serves on a free port of this machine, in a thread of its own that lives as long as the process: for a test.
///
/// # Errors
/// When no port is to be had.
pub fn start() -> std::io::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    std::thread::spawn(move || runtime.block_on(async { serve(TcpListener::from_std(listener)?).await }));
    Ok(address)
}

async fn nothing() -> Response {
    error(404, "Record not found")
}

async fn secrets(State(world): State<Shared>) -> Json<Vec<String>> {
    let mut issued = world.issued().clone();
    issued.extend(world.facebook().secrets());
    issued.extend(world.x().secrets());
    issued.extend(world.linkedin().secrets());
    issued.extend(world.tumblr().secrets());
    issued.extend(world.website().secrets());
    issued.extend(world.youtube().secrets());
    issued.extend(world.tiktok().secrets());
    issued.extend(world.threads().secrets());
    Json(issued)
}

async fn where_threads_is(State(world): State<Shared>) -> Json<Value> {
    Json(world.threads_origin.clone().into())
}

async fn where_instagram_is(State(world): State<Shared>) -> Json<Value> {
    Json(world.instagram_origin.clone().into())
}

async fn posts(State(world): State<Shared>) -> Json<Value> {
    Json(visible(&world))
}

/// What readers would see, by network.
fn visible(world: &World) -> Value {
    let (mastodon, bluesky) = (world.mastodon().visible(), world.bluesky().visible());
    json!({ "mastodon": mastodon, "bluesky": bluesky, "facebook": world.facebook().visible(),
        "stories": world.facebook().visible_stories(), "telegram": world.telegram().visible(), "instagram": world.facebook().visible_on_instagram(),
        "threads": world.threads().visible(), "x": world.x().visible(),
        "linkedin": world.linkedin().visible(),
        "tumblr": world.tumblr().visible(),
        "youtube": world.youtube().visible(false), "youtube_unseen": world.youtube().visible(true),
        "tiktok": world.tiktok().visible(),
        "website": world.website().visible() })
}

async fn requests(State(world): State<Shared>) -> Json<Value> {
    Json(world.requests().clone().into())
}

async fn objections(State(world): State<Shared>) -> Json<Value> {
    Json(world.objections().clone().into())
}

async fn forget(State(world): State<Shared>) -> Json<Value> {
    world.requests().clear();
    Json(json!({}))
}

async fn set(State(world): State<Shared>, Json(settings): Json<Value>) -> Json<Value> {
    world.mastodon().set(&settings);
    world.bluesky().set(&settings);
    world.facebook().set(&settings);
    world.telegram().set(&settings);
    world.x().set(&settings);
    world.linkedin().set(&settings);
    world.tumblr().set(&settings);
    world.website().set(&settings);
    world.youtube().set(&settings);
    world.tiktok().set(&settings);
    world.threads().set(&settings);
    Json(json!({}))
}

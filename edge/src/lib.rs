//! The engine: what happens when nobody watches. This file is its three doors: a request, the cron, the queue.
//! Everything behind them takes an `App`: the bindings, the clock and the budget of one invocation.

mod agenda;
mod answer;
mod app;
mod ask;
mod caller;
mod clock;
mod codes;
mod desk;
mod faults;
mod foreign;
mod http;
mod jobs;
mod mail;
mod networks;
mod organisation_key;
mod outbound;
mod passkeys;
mod pause;
mod perform;
mod public;
mod push;
#[cfg(feature = "rehearsal")]
mod rehearsal;
mod rights;
mod router;
mod seal;
mod settle;
mod store;
mod sweep;
mod telling;
mod tree;
mod vault;
mod videos;
mod watch;
mod zones;

use app::{App, engine};
use domain::record::Actor;
use tower_service::Service;
use worker::{Context, Env, HttpRequest, MessageBatch, ScheduleContext, ScheduledEvent, event, web_sys};

#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> worker::Result<web_sys::Response> {
    let app = App::new(env, Some(context), Actor::Stranger { device: String::new() });
    let request = received(&app, request)?;
    let mut response = router::router(app.clone()).call(request).await?;
    answer::harden(&mut response, &app.ledger());
    if let Some(body) = app.take_upload() {
        // Refused: it is let in to the end all the same, else whoever sends it never reads why.
        let _ = ask::whole(axum::body::Body::new(worker::Body::new(body)), 0).await;
    }
    sent(response)
}

/// The request as the framework reads it, but for a body that must not pass through our memory: that one is laid aside.
fn received(app: &App, request: web_sys::Request) -> worker::Result<HttpRequest> {
    let parts = ["/api/videos/", "/api/documents", "/api/organisation/arrival/objects/"];
    let is_part = request.method() == "PUT" && parts.iter().any(|path| request.url().contains(path));
    let Some(body) = request.body().filter(|_| is_part) else { return worker::request_from_wasm(request) };
    let bare = web_sys::RequestInit::new();
    bare.set_method("PUT");
    bare.set_headers(&request.headers());
    let bare = web_sys::Request::new_with_str_and_init(&request.url(), &bare)?;
    app.lay_aside(body);
    worker::request_from_wasm(bare)
}

/// The answer as the platform sends it. A stream goes as it is.
fn sent(mut response: axum::http::Response<axum::body::Body>) -> worker::Result<web_sys::Response> {
    let Some(videos::Streamed(stream)) = response.extensions_mut().remove() else {
        return worker::response_to_wasm(response);
    };
    // The framework has counted its own body, which is empty; how long the stream is the platform says itself.
    response.headers_mut().remove(axum::http::header::CONTENT_LENGTH);
    let head = worker::response_to_wasm(response)?;
    let init = web_sys::ResponseInit::new();
    init.set_status(head.status());
    init.set_headers(&head.headers());
    Ok(web_sys::Response::new_with_opt_readable_stream_and_init(Some(&stream), &init)?)
}

#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    let app = App::new(env, None, engine("tick"));
    if let Err(trouble) = clock::tick(&app, clock::Source::Cron).await {
        worker::console_error!("tick: {trouble}");
    }
}

#[event(queue)]
async fn queue(batch: MessageBatch<String>, env: Env, _context: Context) -> worker::Result<()> {
    jobs::work(batch, &App::new(env, None, engine("queue"))).await
}

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
mod router;
mod seal;
mod settle;
mod store;
mod sweep;
mod telling;
mod tree;
mod vault;
mod watch;
mod zones;

use app::{App, engine};
use domain::record::Actor;
use tower_service::Service;
use worker::{Context, Env, HttpRequest, MessageBatch, ScheduleContext, ScheduledEvent, event};

#[event(fetch)]
async fn fetch(
    request: HttpRequest,
    env: Env,
    context: Context,
) -> worker::Result<axum::http::Response<axum::body::Body>> {
    let app = App::new(env, Some(context), Actor::Stranger { device: String::new() });
    let ledger = app.ledger();
    let mut response = router::router(app).call(request).await?;
    answer::harden(&mut response, &ledger);
    Ok(response)
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

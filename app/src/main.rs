//! The desk: what a person sees and touches. Compiled to WebAssembly, drawn in the browser; all it knows it asks of
//! the engine through `wire`, all it may do it asks of `domain`.

mod app;
mod chunks;
mod frame;
mod pages;
mod routes;

// The rooms that it shares with the approver's page, under the names that its own have.
use rooms::{api, parts, platform, state, ui};

fn main() {
    // What stood there while this program was being fetched.
    platform::page::remove("splash");
    api::trouble::comes_from(|| Box::pin(async { chunks::trouble().await.ok() }));
    state::session::reads_by(api::json::pick);
    leptos::mount::mount_to_body(app::App);
}

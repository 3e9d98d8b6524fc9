//! The desk: what a person sees and touches. Compiled to WebAssembly, drawn in the browser; all it knows it asks of
//! the engine through `wire`, all it may do it asks of `domain`.

mod api;
mod app;
mod chunks;
mod frame;
mod pages;
mod parts;
mod platform;
mod routes;
mod state;
mod ui;

fn main() {
    // What stood there while this program was being fetched.
    platform::page::remove("splash");
    leptos::mount::mount_to_body(app::App);
}

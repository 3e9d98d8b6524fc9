//! The approver's own page: what waits for somebody, one at a time, exactly as it will go out, and two large buttons. A
//! program of its own beside the desk, from the same rooms: a phone in a corridor fetches this and nothing else, and it
//! opens, is read and signed where there is no coverage.

mod hands;
mod item;
mod keep;
mod page;
mod pile;
mod sheets;
mod swipe;
mod waits;
mod who;

// The rooms that it shares with the desk, under the names that its own have.
use rooms::{api, parts, platform, state, ui};

fn main() {
    api::trouble::comes_from(|| Box::pin(hands::words()));
    state::session::reads_by(who::boot);
    leptos::mount::mount_to_body(page::App);
}

//! Several posts moved by one command, and back by one: what the dialogs of a campaign and of a swap share.

use domain::{Moment, PostId, shift::Wanted, zone::Zone};
use leptos::{prelude::*, task::spawn_local};
use wire::calendar::{Because, Moved, REARRANGE, Rearrange};

use super::super::{Board, parts_trouble};
use crate::{
    api,
    state::{lang, toasts},
};

/// Where a post stood.
pub type Stood = (PostId, Moment);

/// Moves them.
///
/// # Errors
/// As `api::call`.
pub async fn rearrange(moves: Vec<Wanted>, because: Because) -> api::Answer<Vec<Moved>> {
    api::call(&REARRANGE, &[], &Rearrange { moves, because }).await
}

/// They were moved: says it, with one way back for all of them.
pub fn moved(board: Board, open: RwSignal<bool>, text: String, stood: Vec<Stood>, moved: Vec<Moved>) {
    // The dialog may be closed already.
    let _ = open.try_set(false);
    board.again.run(());
    // The way back is offered longer than the calendar may be there.
    let zone = board.zone.get_value();
    let back = Callback::new(move |()| undo(board, &zone, &stood, &moved));
    toasts::offer(text, lang().calendar_undo(), back);
}

/// Back to the instant at which each stood, by the versions that the move left.
fn undo(board: Board, zone: &Zone, stood: &[Stood], moved: &[Moved]) {
    let moves: Vec<_> = moved
        .iter()
        .filter_map(|now| {
            let (post, at) = stood.iter().find(|(post, _)| *post == now.post)?;
            Some(Wanted::at(post.clone(), now.version, *at, zone))
        })
        .collect();
    spawn_local(async move {
        let lang = lang();
        match rearrange(moves, Because::Undo).await {
            Ok(back) => toasts::done(lang.calendar_shift_undone(back.len())),
            Err(problem) => parts_trouble(lang.calendar_shift_not(), &problem),
        }
        // The page may have been left; then there is nothing to fetch.
        if board.window.try_get_untracked().is_some() {
            board.again.run(());
        }
    });
}

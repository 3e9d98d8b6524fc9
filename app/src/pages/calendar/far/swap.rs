//! Two posts that change places: one from whose menu it was asked, the other chosen among those that are shown.

use domain::shift::swap as exchanged;
use leptos::{ev, prelude::*};
use wire::{calendar::Because, posts::PostRow};

use super::{super::Board, export::drawn, together};
use crate::{
    pages::around,
    parts::ProblemNotice,
    platform::time::Form,
    state::{lang, second},
    ui::{Button, Dialog, Select, Tone},
};

/// The dialog; open for as long as it is there.
pub fn swap(board: Board, row: PostRow) -> AnyView {
    let lang = lang();
    let open = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            board.asked.set(None);
        }
    });
    view! {
        <Dialog open title=lang.calendar_swap_title() close=lang.general_cancel()>{form(board, open, row.clone())}</Dialog>
    }
    .into_any()
}

fn form(board: Board, open: RwSignal<bool>, row: PostRow) -> AnyView {
    let lang = lang();
    let named =
        |row: &PostRow| if row.heading.is_empty() { lang.post_untitled().to_owned() } else { row.heading.clone() };
    let when = |at| second::beside(around::when(at, Form::Full), at);
    let others: Vec<PostRow> =
        drawn(board).into_iter().filter(|other| other.id != row.id && board.may.moves(other)).collect();
    let close = move || open.set(false);
    let (Some(at), false) = (row.slot, others.is_empty()) else {
        return view! {
            <p>{lang.calendar_swap_none()}</p>
            <div class="actions end"><Button on_press=close>{lang.general_close()}</Button></div>
        }
        .into_any();
    };
    let choices = others.iter().map(|other| {
        let when = other.slot.map(when).unwrap_or_default();
        (other.id.to_string(), [&when, " · ", &named(other)].concat())
    });
    let choices: Vec<_> = choices.collect();
    let chosen = RwSignal::new(others.first().map(|other| other.id.to_string()).unwrap_or_default());
    let text = lang.calendar_swap_text(named(&row), when(at));
    let work = board.moving;
    work.problem.set(None);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let other = chosen.with_untracked(|chosen| others.iter().find(|other| other.id.as_str() == chosen).cloned());
        let Some((other, then)) = other.and_then(|other| Some((other.clone(), other.slot?))) else { return };
        let stood = vec![(row.id.clone(), at), (other.id.clone(), then)];
        let moves = board.zone.with_value(|zone| {
            exchanged((row.id.clone(), row.version, at), (other.id.clone(), other.version, then), zone)
        });
        work.run(together::rearrange(moves.into(), Because::Swap), move |moved| {
            together::moved(board, open, lang.calendar_swap_done().to_owned(), stood, moved);
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <p>{text}</p>
            <Select label=lang.calendar_swap_with() value=chosen options=choices />
            <ProblemNotice problem=work.problem />
            <div class="actions end">
                <Button on_press=close>{lang.general_cancel()}</Button>
                <Button tone=Tone::Primary submit=true busy=work.busy>{lang.calendar_swap_do()}</Button>
            </div>
        </form>
    }
    .into_any()
}

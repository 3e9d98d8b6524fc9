//! The views that one keeps under names: gone to by one button, kept from what is shown now, taken away.

use domain::{
    views::{NAME, SavedView, Views},
    window::View,
};
use leptos::{ev, prelude::*, task::spawn_local};
use wire::{
    Nothing,
    calendar::{KEEP_VIEWS, VIEWS},
};

use super::super::Board;
use crate::{
    api::{self, Answer},
    parts::{ProblemNotice, Work},
    platform::page,
    routes,
    state::{lang, toasts},
    ui::{Button, Glyph, TextField, Tone},
};

/// Where the focus goes when a view is gone.
const HERE: &str = "kept-views";

/// The list, and the field for one more.
pub fn kept(board: Board) -> AnyView {
    let lang = lang();
    let (views, name, work) = (RwSignal::new(Vec::<SavedView>::new()), RwSignal::new(String::new()), Work::new());
    spawn_local(async move {
        // Without them the filters work all the same.
        if let Ok(found) = api::call(&VIEWS, &[], &Nothing {}).await {
            let _ = views.try_set(found.views);
        }
    });
    let keep = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let view = SavedView {
            name: name.get_untracked().split_whitespace().collect::<Vec<_>>().join(" "),
            layout: board.window.get_untracked().view.name().to_owned(),
            sieve: board.sieve.with_untracked(|sieve| sieve.in_address()),
        };
        if view.name.is_empty() {
            return;
        }
        let said = lang.calendar_kept(&view.name);
        let call = changed(move |views| match views.iter_mut().find(|other| other.name == view.name) {
            // Under the same name it is the same view, as it is now.
            Some(other) => *other = view,
            None => views.push(view),
        });
        work.run(call, move |kept| {
            views.set(kept.views);
            name.set(String::new());
            toasts::done(said);
        });
    };
    let drop = move |gone: String| {
        let said = lang.calendar_kept_away(&gone);
        work.run(changed(move |views| views.retain(|view| view.name != gone)), move |kept| {
            views.set(kept.views);
            // The button that was pressed is gone.
            request_animation_frame(|| page::focus(HERE));
            toasts::done(said);
        });
    };
    let listed = move || {
        let lines = views.get().into_iter().map(|view| line(board, view, drop)).collect::<Vec<_>>();
        (!lines.is_empty()).then(|| view! { <ul class="kept-views" aria-label=lang.calendar_kept_list()>{lines}</ul> })
    };
    view! {
        <div class="sieve-kept" id=HERE tabindex="-1">
            {listed}
            <form class="row" on:submit=keep>
                <TextField label=lang.calendar_kept_name() value=name required=true most=NAME as u32 />
                <Button submit=true busy=work.busy>{lang.calendar_keep()}</Button>
            </form>
            <ProblemNotice problem=work.problem />
        </div>
    }
    .into_any()
}

fn line(board: Board, view: SavedView, drop: impl Fn(String) + Copy + Send + Sync + 'static) -> AnyView {
    let lang = lang();
    let layout = view.view().unwrap_or(View::Week);
    let (wanted, gone) = (view.sieve.clone(), view.name.clone());
    let go = move |_| {
        let window = board.window.get_untracked().seen_as(layout, board.today);
        board.road.to([routes::CALENDAR, "?", layout.name(), "=", &window.name(), &wanted].concat());
    };
    let wanted = view.sieve;
    let here =
        Memo::new(move |_| board.window.get().view == layout && board.sieve.with(|sieve| sieve.in_address()) == wanted);
    let away = lang.calendar_kept_drop(&view.name);
    view! {
        <li>
            <button type="button" class="toggle" aria-pressed=move || here.get().to_string() on:click=go>{view.name}</button>
            <Button bare=true tone=Tone::Quiet glyph=Glyph::Cross label=away on_press=move || drop(gone.clone()) />
        </li>
    }
    .into_any()
}

/// One's views with a change: over what they are at this moment, not over what this window has seen.
async fn changed(change: impl FnOnce(&mut Vec<SavedView>)) -> Answer<Views> {
    let mut views = api::call(&VIEWS, &[], &Nothing {}).await?;
    change(&mut views.views);
    api::call(&KEEP_VIEWS, &[], &views).await
}

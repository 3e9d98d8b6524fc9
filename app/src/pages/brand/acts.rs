//! What is done with a line of the kit: it changes places with a neighbour, for in that order it is offered to whoever draws, or it goes.
//! Like all of the form it is kept when the form is saved.

use leptos::prelude::*;

use crate::{
    platform::page,
    state::{lang, toasts},
    ui::{Gravity, unique},
};

/// The buttons of a line among others, `is_it`, and what it is called. When it has gone, the focus is at the heading.
pub fn of_line<T: Send + Sync + 'static>(
    lines: RwSignal<Vec<T>>,
    heading: &'static str,
    is_it: impl Fn(&T) -> bool + Copy + Send + Sync + 'static,
    called: Signal<String>,
) -> AnyView {
    let lang = lang();
    let place = Memo::new(move |_| lines.with(|all| (all.iter().position(is_it).unwrap_or_default(), all.len())));
    let swap = Callback::new(move |(one, other): (usize, usize)| lines.update(|all| all.swap(one, other)));
    let remove = move |_| {
        lines.update(|all| all.retain(|one| !is_it(one)));
        page::catch_focus(heading.to_owned());
    };
    view! {
        <div class="brand-acts">
            {moving(place, called, swap)}
            <button type="button" class="button quiet" aria-label=move || lang.brand_remove(called.get()) on:click=remove>
                {lang.general_remove()}
            </button>
        </div>
    }
    .into_any()
}

/// The two that move it: where it stands and among how many, and what swaps two places.
fn moving(place: Memo<(usize, usize)>, called: Signal<String>, swap: Callback<(usize, usize)>) -> AnyView {
    let lang = lang();
    let (up, down) = (unique("brand-up"), unique("brand-down"));
    let ids = StoredValue::new((up.clone(), down.clone()));
    let go = move |upwards: bool| {
        let (here, count) = place.get_untracked();
        let there = if upwards { here.checked_sub(1) } else { Some(here + 1).filter(|there| *there < count) };
        let Some(there) = there else { return };
        swap.run((here, there));
        toasts::say(Gravity::Info, lang.brand_moved(count, called.get_untracked(), there + 1));
        // What is put elsewhere in the page loses the focus. At an end the other way is left.
        let goes_on = if upwards { there > 0 } else { there + 1 < count };
        let id = ids.with_value(|(up, down)| if upwards == goes_on { up.clone() } else { down.clone() });
        request_animation_frame(move || page::focus(&id));
    };
    view! {
        <button type="button" id=up class="button quiet bare" aria-label=move || lang.brand_up(called.get())
            disabled=move || place.get().0 == 0 on:click=move |_| go(true)>"↑"</button>
        <button type="button" id=down class="button quiet bare" aria-label=move || lang.brand_down(called.get())
            disabled=move || { let (here, count) = place.get(); here + 1 >= count } on:click=move |_| go(false)>"↓"</button>
    }
    .into_any()
}

//! The order of the kit's lines, in which they are offered to whoever draws: two buttons on each line, by which it changes places with a
//! neighbour. Like all of the form it is kept when the form is saved.

use leptos::prelude::*;

use crate::{
    platform::page,
    state::{lang, toasts},
    ui::{Gravity, unique},
};

/// The buttons of a line: where it stands and among how many, what it is called, and what swaps two places.
pub fn buttons(place: Memo<(usize, usize)>, called: Signal<String>, swap: Callback<(usize, usize)>) -> AnyView {
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

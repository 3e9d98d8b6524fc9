//! Pointing at a picture: by pressing on it with a mouse or a finger, or by two sliders with keys. Separate: one points at what is
//! spoken of in a comment, and at what must be seen wherever a picture is cut.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use crate::{state::lang, ui::unique};

/// A picture at which one points, in thousandths from the left and from above. `shown` is the picture; where nobody pointed yet,
/// the sliders stand in the middle.
pub fn pointing(shown: AnyView, point: Signal<Option<(u16, u16)>>, put: Callback<(u16, u16)>) -> AnyView {
    let lang = lang();
    let press = move |event: ev::MouseEvent| {
        let Some(element) = event.current_target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok())
        else {
            return;
        };
        let part = |at: i32, whole: i32| (at.clamp(0, whole) * 1_000 / whole.max(1)) as u16;
        put.run((part(event.offset_x(), element.offset_width()), part(event.offset_y(), element.offset_height())));
    };
    let slider = move |name: &'static str, across: bool| {
        let id = unique("point");
        let value = move || point.get().map_or(500, |(x, y)| if across { x } else { y }).to_string();
        let slide = move |event: ev::Event| {
            let to = event_target_value(&event).parse::<u16>().unwrap_or(500).min(1_000);
            let (x, y) = point.get_untracked().unwrap_or((500, 500));
            put.run(if across { (to, y) } else { (x, to) });
        };
        view! {
            <div class="field">
                <label for=id.clone()>{name}</label>
                <input id=id type="range" min="0" max="1000" step="25" prop:value=value on:input=slide />
            </div>
        }
    };
    view! {
        <div class="pointed">
            <div class="pointed-press" on:click=press>{shown}</div>
            {move || point.get().map(|(x, y)| view! {
                <span class="point" style=("--x", percent(x)) style=("--y", percent(y)) aria-hidden="true"><i class="dot"></i></span>
            })}
        </div>
        {slider(lang.comments_across(), true)}
        {slider(lang.comments_down(), false)}
    }
    .into_any()
}

/// Thousandths as a style sheet wants them.
pub fn percent(thousandths: u16) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousandths_are_written_as_the_style_sheet_wants_them() {
        assert_eq!((percent(0), percent(505), percent(1_000)), ("0.0%".into(), "50.5%".into(), "100.0%".into()));
    }
}

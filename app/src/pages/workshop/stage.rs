//! The picture with what is kept of it marked: dragged and pulled by mouse or finger, moved and made larger by keys. The four numbers
//! beside it do the same (`cutting`).

use domain::crop::{Corner, Measure, Part};
use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::{As, Chosen, Desk};
use crate::{api, platform::pictures::Shown, state::lang, ui::unique};

/// What a pointer holds, since it went down.
#[derive(Debug, Clone, Copy)]
struct Grip {
    /// The corner; nothing for all of it.
    corner: Option<Corner>,
    from: (i32, i32),
    part: Part,
    /// Pixels of the picture to one of the screen.
    scale: f64,
}

impl Grip {
    fn take(event: &PointerEvent, desk: Desk) -> Option<Self> {
        let on: Element = event.target()?.dyn_into().ok()?;
        // Beside what is kept a finger scrolls.
        on.closest(".crop-part").ok()??;
        let stage: HtmlElement = event.current_target()?.dyn_into().ok()?;
        let named = on.get_attribute("data-corner");
        let corner = Corner::ALL.into_iter().find(|corner| named.as_deref() == Some(corner.name()));
        let scale = f64::from(desk.now().0) / f64::from(stage.offset_width().max(1));
        // Fails only for a pointer that is gone.
        let _ = stage.set_pointer_capture(event.pointer_id());
        let from = (event.client_x(), event.client_y());
        Some(Self { corner, from, part: desk.part.get_untracked(), scale })
    }

    /// What is kept, with the pointer where it is now.
    fn moved(self, event: &PointerEvent, desk: Desk) -> Part {
        let by = |to: i32, from: i32| (f64::from(to - from) * self.scale).round() as i64;
        let (across, down) = (by(event.client_x(), self.from.0), by(event.client_y(), self.from.1));
        let size = desk.now();
        match self.corner {
            None => self.part.moved((across, down), size),
            Some(corner) => {
                let (x, y) = self.part.corner(corner);
                self.part.pulled(corner, (x + across, y + down), size, desk.ratio.get_untracked())
            }
        }
    }
}

/// By keys: an arrow moves it, with Shift it becomes larger or smaller, by a hundredth of the shorter side.
fn key(desk: Desk, event: &KeyboardEvent) {
    // With these an arrow is the browser's: back, for one.
    if event.alt_key() || event.ctrl_key() || event.meta_key() {
        return;
    }
    let size = desk.now();
    let step = (size.0.min(size.1) / 100).max(1) as i32;
    let (measure, by) = match event.key().as_str() {
        "ArrowLeft" => (Measure::Across, -step),
        "ArrowRight" => (Measure::Across, step),
        "ArrowUp" => (Measure::Down, -step),
        "ArrowDown" => (Measure::Down, step),
        _ => return,
    };
    event.prevent_default();
    let ratio = desk.ratio.get_untracked();
    desk.part.update(|part| {
        *part = match (event.shift_key(), measure) {
            (true, _) => part.with(measure, part.get(measure).saturating_add_signed(by), size, ratio),
            (false, Measure::Across) => part.moved((by.into(), 0), size),
            (false, _) => part.moved((0, by.into()), size),
        };
    });
}

/// A part of a whole as a style sheet wants it.
fn percent(part: u32, whole: u32) -> String {
    format!("{:.3}%", f64::from(part) * 100.0 / f64::from(whole.max(1)))
}

/// A part, by its numbers, of a whole, as four properties of a style sheet. Tracked.
fn placed(part: Part, (width, height): (u32, u32)) -> [String; 4] {
    [percent(part.left, width), percent(part.top, height), percent(part.across, width), percent(part.down, height)]
}

/// Something that lies within what is kept, where it lies; nothing where there is none.
fn within(
    class: &'static str,
    at: Memo<Option<[String; 4]>>,
    inside: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    (move || {
        at.get().map(|[left, top, across, down]| {
            view! {
                <div class=class style=("--left", left) style=("--top", top) style=("--across", across) style=("--down", down)>
                    {inside()}
                </div>
            }
        })
    })
    .into_any()
}

/// The picture, and on it what is kept.
pub fn stage(desk: Desk, shown: &Shown, alt: &str) -> AnyView {
    let lang = lang();
    let grip = StoredValue::new(None::<Grip>);
    let size = desk.now();
    let down = move |event: PointerEvent| {
        if event.button() == 0 {
            grip.set_value(Grip::take(&event, desk));
        }
    };
    let follow = move |event: PointerEvent| {
        if let Some(held) = grip.get_value() {
            desk.part.set(held.moved(&event, desk));
        }
    };
    let at = Memo::new(move |_| placed(desk.part.get(), size));
    let side = move |place: usize| move || at.with(|at| at.get(place).cloned().unwrap_or_default());
    let free = Memo::new(move |_| {
        let drawn = desk.drawn();
        Some(placed(desk.covered()?.free(drawn), drawn))
    });
    let framed = Memo::new(move |_| {
        let free = desk.chosen.with(|chosen| match chosen {
            Some(Chosen { used_as: As::Frame(free), .. }) => Some(*free),
            _ => None,
        });
        let drawn = desk.drawn();
        Some(placed(free?.free(drawn), drawn))
    });
    let laid = Memo::new(move |_| desk.laid().map(|part| placed(part, desk.drawn())));
    let piece = move || {
        let media = desk.chosen.with(|chosen| chosen.as_ref().map(|chosen| chosen.media.clone()));
        media.map_or_else(
            || ().into_any(),
            |media| view! { <img src=api::picture_address(&media) alt="" draggable="false"/> }.into_any(),
        )
    };
    let hint = unique("crop");
    let corners = Corner::ALL.map(|corner| view! { <i class="crop-corner" data-corner=corner.name()></i> });
    view! {
        <div class="crop-room">
            <div class="crop" on:pointerdown=down on:pointermove=follow
                on:pointerup=move |_| grip.set_value(None) on:pointercancel=move |_| grip.set_value(None)>
                <img src=shown.address.clone() alt=alt.to_owned() draggable="false"/>
                <div class="crop-part" tabindex="0" role="group" aria-label=lang.workshop_part() aria-describedby=hint.clone()
                    style=("--left", side(0)) style=("--top", side(1)) style=("--across", side(2)) style=("--down", side(3))
                    on:keydown=move |event| key(desk, &event)>
                    {within("crop-piece", laid, piece)}
                    {within("crop-free", framed, || ().into_any())}
                    {within("crop-safe", free, || ().into_any())}
                    {corners.collect_view()}
                </div>
            </div>
        </div>
        <p class="hint" id=hint>{lang.workshop_part_hint()}</p>
    }
    .into_any()
}

//! Dragging with a pointer: mouse, pen or finger, the same events. Separate from the calendar: it knows of places and
//! elements, not of posts. The menu beside every card does the same without a pointer.

use leptos::{ev::PointerEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Less than this is a trembling hand.
const THRESHOLD: i32 = 6;

/// What is being dragged, if anything is.
#[derive(Debug, Clone, Copy)]
pub struct Drag {
    held: RwSignal<Option<Held>>,
    over: RwSignal<Option<String>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Held {
    key: String,
    start: (i32, i32),
    moving: bool,
}

fn at(event: &PointerEvent) -> (i32, i32) {
    (event.client_x(), event.client_y())
}

fn element(event: &PointerEvent) -> Option<HtmlElement> {
    event.current_target()?.dyn_into().ok()
}

impl Drag {
    /// Nothing is dragged.
    pub fn new() -> Self {
        Self { held: RwSignal::new(None), over: RwSignal::new(None) }
    }

    /// Whether something is over the place of this name.
    pub fn is_over(self, place: &str) -> bool {
        self.over.with(|over| over.as_deref() == Some(place))
    }

    /// Whether this thing is being dragged.
    pub fn is_held(self, key: &str) -> bool {
        self.held.with(|held| held.as_ref().is_some_and(|held| held.moving && held.key == key))
    }

    /// A pointer went down on a thing. A finger drags only by the handle: elsewhere it scrolls.
    pub fn begin(self, event: &PointerEvent, key: &str) {
        let on = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let within = |selector: &str| on.as_ref().is_some_and(|on| matches!(on.closest(selector), Ok(Some(_))));
        if event.button() != 0 || within(".menu") || (event.pointer_type() == "touch" && !within(".slip-handle")) {
            return;
        }
        self.held.set(Some(Held { key: key.to_owned(), start: at(event), moving: false }));
    }

    /// It moves.
    pub fn follow(self, event: &PointerEvent) {
        let Some(mut held) = self.held.get_untracked() else { return };
        let (x, y) = at(event);
        let (by_x, by_y) = (x - held.start.0, y - held.start.1);
        let Some(card) = element(event) else { return };
        if !held.moving {
            if by_x.abs().max(by_y.abs()) < THRESHOLD {
                return;
            }
            held.moving = true;
            // From here on the click belongs to the card and not to the link in it.
            let _ = card.set_pointer_capture(event.pointer_id());
            self.held.set(Some(held));
        }
        event.prevent_default();
        let _ = card.style().set_property("transform", &format!("translate({by_x}px, {by_y}px)"));
        let under = place_under(x, y);
        if self.over.with_untracked(|over| *over != under) {
            self.over.set(under);
        }
    }

    /// It was let go: the thing and the place, if it was moved to one.
    pub fn end(self, event: &PointerEvent) -> Option<(String, String)> {
        let held = self.held.get_untracked()?;
        if let Some(card) = element(event) {
            let _ = card.style().remove_property("transform");
        }
        let over = self.over.get_untracked();
        self.held.set(None);
        self.over.set(None);
        over.filter(|_| held.moving).map(|over| (held.key, over))
    }

    /// It was taken away (Escape, a call coming in).
    pub fn cancel(self, event: &PointerEvent) {
        let _ = self.end(event);
    }
}

/// The nearest element with a `data-day` under a point; the dragged card lets the pointer through.
fn place_under(x: i32, y: i32) -> Option<String> {
    let under = web_sys::window()?.document()?.element_from_point(x as f32, y as f32)?;
    under.closest("[data-day]").ok()??.get_attribute("data-day")
}

//! Dragging with a pointer: mouse, pen or finger, the same events. Separate from the calendar: it knows of places and
//! elements, not of posts. The menu beside every card does the same without a pointer.
//!
//! One set of listeners on the whole page serves every card in it: a card is what has a `data-card`, a place what has a
//! `data-day`.

use leptos::{ev::PointerEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Less than this is a trembling hand.
const THRESHOLD: i32 = 6;

/// While a card is dragged it has this class.
const HELD: &str = "slip-held";
/// While a card is over it, a place has this class.
const OVER: &str = "day-over";

/// What is being dragged, if anything is.
#[derive(Debug, Clone, Copy)]
pub struct Drag(StoredValue<Option<Held>, LocalStorage>);

#[derive(Debug, Clone)]
struct Held {
    card: HtmlElement,
    start: (i32, i32),
    moving: bool,
    over: Option<Element>,
}

/// The nearest element around what an event is about.
pub fn around<E: JsCast>(event: &web_sys::Event, selector: &str) -> Option<E> {
    let on: Element = event.target()?.dyn_into().ok()?;
    on.closest(selector).ok()??.dyn_into().ok()
}

impl Drag {
    /// Nothing is dragged.
    pub fn new() -> Self {
        Self(StoredValue::new_local(None))
    }

    /// A pointer went down. A finger drags only by the handle: elsewhere it scrolls.
    pub fn begin(self, event: &PointerEvent) {
        let within = |selector: &str| around::<Element>(event, selector).is_some();
        if event.button() != 0 || within(".menu") || (event.pointer_type() == "touch" && !within(".slip-handle")) {
            return;
        }
        if let Some(card) = around(event, "[data-card]") {
            let start = (event.client_x(), event.client_y());
            self.0.set_value(Some(Held { card, start, moving: false, over: None }));
        }
    }

    /// It moves. Nothing is drawn anew for it: the browser carries the card, and marks the place below it.
    pub fn follow(self, event: &PointerEvent) {
        self.0.update_value(|held| {
            let Some(held) = held else { return };
            let (x, y) = (event.client_x(), event.client_y());
            let (by_x, by_y) = (x - held.start.0, y - held.start.1);
            if !held.moving {
                if by_x.abs().max(by_y.abs()) < THRESHOLD {
                    return;
                }
                held.moving = true;
                // From here on the click belongs to the card and not to the link in it.
                let _ = held.card.set_pointer_capture(event.pointer_id());
                let _ = held.card.class_list().add_1(HELD);
            }
            event.prevent_default();
            let _ = held.card.style().set_property("transform", &format!("translate({by_x}px, {by_y}px)"));
            let under = place_under(x, y);
            if held.over != under {
                if let Some(left) = &held.over {
                    let _ = left.class_list().remove_1(OVER);
                }
                if let Some(entered) = &under {
                    let _ = entered.class_list().add_1(OVER);
                }
                held.over = under;
            }
        });
    }

    /// It was let go: the card and the place, by their names, if it was moved to one.
    pub fn end(self) -> Option<(String, String)> {
        let held = self.0.try_update_value(Option::take)??;
        let _ = held.card.style().remove_property("transform");
        let _ = held.card.class_list().remove_1(HELD);
        let over = held.over?;
        let _ = over.class_list().remove_1(OVER);
        let (card, place) = (held.card.get_attribute("data-card")?, over.get_attribute("data-day")?);
        held.moving.then_some((card, place))
    }
}

/// The nearest place under a point; the dragged card lets the pointer through.
fn place_under(x: i32, y: i32) -> Option<Element> {
    let under = web_sys::window()?.document()?.element_from_point(x as f32, y as f32)?;
    under.closest("[data-day]").ok()?
}

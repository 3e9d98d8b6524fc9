//! Dragging with a pointer: mouse, pen or finger, the same events. Separate from the calendar: it knows of places and
//! elements, not of posts. The menu beside every card does the same without a pointer.
//!
//! One set of listeners on the whole page serves every card in it: a card is what has a `data-card`, a place what has a
//! `data-day` (an hour also has a `data-at`). Near an edge of the screen the page goes on under the card; Escape lets it
//! go where it was.

use leptos::{
    ev::{PointerEvent, keydown},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Less than this is a trembling hand.
const THRESHOLD: i32 = 6;

/// So near an edge the page goes on. The bars at the head and the foot of a phone take most of it.
const EDGE: i32 = 96;

/// So many pixels at most between two pictures.
const STRIDE: i32 = 20;

/// What is wider than a phone and scrolls by itself.
const FRAME: &str = ".lanes-frame";

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
    /// What scrolls up and down, and what sideways.
    page: Element,
    frame: Element,
    /// How far they scroll. The card that is carried beyond would make them longer and longer.
    most: (i32, i32),
    /// How much of them is seen.
    room: (i32, i32),
    /// Where it was taken, in what scrolls.
    start: (i32, i32),
    /// Where the pointer is, on the screen.
    at: (i32, i32),
    /// Where it was when the card was last drawn.
    drawn: Option<(i32, i32)>,
    moving: bool,
    over: Option<Element>,
}

impl Held {
    fn take(event: &PointerEvent) -> Option<Self> {
        let card: HtmlElement = around(event, "[data-card]")?;
        let page = web_sys::window()?.document()?.document_element()?;
        let frame = card.closest(FRAME).ok()?.unwrap_or_else(|| page.clone());
        let at = (event.client_x(), event.client_y());
        let start = (at.0 + frame.scroll_left(), at.1 + page.scroll_top());
        let room = (frame.client_width(), page.client_height());
        let most = (frame.scroll_width() - room.0, page.scroll_height() - room.1);
        Some(Self { card, page, frame, most, room, start, at, drawn: None, moving: false, over: None })
    }

    /// How far it was carried, over what has scrolled meanwhile too.
    fn carried(&self) -> (i32, i32) {
        let ((x, y), (left, top)) = (self.at, (self.frame.scroll_left(), self.page.scroll_top()));
        (x + left - self.start.0, y + top - self.start.1)
    }

    /// With each picture, however often the pointer moved since the one before. What is asked of the page comes before what is
    /// written to it: asked afterwards, the browser would lay out the week once more for the answer.
    ///
    /// Nothing is drawn anew for it: the browser carries the card, and marks the place below it.
    fn show(&mut self) {
        let pulled = (pull(self.at.0, self.room.0), pull(self.at.1, self.room.1));
        if self.drawn == Some(self.at) && pulled == (0, 0) && self.is_marked() {
            return;
        }
        self.drawn = Some(self.at);
        let _ = self.card.class_list().add_1(HELD);
        let (left, top) = (self.frame.scroll_left(), self.page.scroll_top());
        let (across, down) = (
            // What is beyond its end already (a page that was pulled over it) is left there.
            (left + pulled.0).clamp(0, self.most.0.max(left)),
            (top + pulled.1).clamp(0, self.most.1.max(top)),
        );
        let under = place_under(self.at.0, self.at.1);
        if (across, down) != (left, top) {
            self.frame.set_scroll_left(across);
            self.page.set_scroll_top(down);
        }
        let (by_x, by_y) = (self.at.0 + across - self.start.0, self.at.1 + down - self.start.1);
        let _ = self.card.style().set_property("transform", &format!("translate({by_x}px, {by_y}px)"));
        self.enter(under);
    }

    /// Whether what was marked still is: the week may have been read anew under the card.
    fn is_marked(&self) -> bool {
        let over = self.over.as_ref().is_some_and(|over| over.is_connected() && over.class_list().contains(OVER));
        over && self.card.class_list().contains(HELD)
    }

    /// Marks the place below it.
    fn enter(&mut self, under: Option<Element>) {
        if self.over != under
            && let Some(left) = &self.over
        {
            let _ = left.class_list().remove_1(OVER);
        }
        if let Some(entered) = &under {
            let _ = entered.class_list().add_1(OVER);
        }
        self.over = under;
    }
}

/// By how much an edge pulls: the nearer, the more.
fn pull(at: i32, length: i32) -> i32 {
    let beyond = if at < EDGE { at - EDGE } else { (at + EDGE - length).max(0) };
    (beyond / 4).clamp(-STRIDE, STRIDE)
}

/// The nearest element around what an event is about.
pub fn around<E: JsCast>(event: &web_sys::Event, selector: &str) -> Option<E> {
    let on: Element = event.target()?.dyn_into().ok()?;
    on.closest(selector).ok()??.dyn_into().ok()
}

impl Drag {
    /// Nothing is dragged.
    pub fn new() -> Self {
        let drag = Self(StoredValue::new_local(None));
        // Wherever the focus is: a pointer drags without it.
        let away = window_event_listener(keydown, move |event| {
            if event.key() == "Escape" {
                drag.end();
            }
        });
        on_cleanup(move || away.remove());
        drag
    }

    /// A pointer went down. A finger drags only by the handle: elsewhere it scrolls.
    pub fn begin(self, event: &PointerEvent) {
        let within = |selector: &str| around::<Element>(event, selector).is_some();
        if event.button() != 0 || within(".menu") || (event.pointer_type() == "touch" && !within(".slip-handle")) {
            return;
        }
        if let Some(held) = Held::take(event) {
            // A second finger lets go of what the first one holds.
            self.end();
            self.0.set_value(Some(held));
        }
    }

    /// It moves.
    pub fn follow(self, event: &PointerEvent) {
        self.0.update_value(|held| {
            let Some(held) = held else { return };
            held.at = (event.client_x(), event.client_y());
            if !held.moving {
                let (by_x, by_y) = held.carried();
                if by_x.abs().max(by_y.abs()) < THRESHOLD {
                    return;
                }
                held.moving = true;
                // From here on the click belongs to the card and not to the link in it.
                let _ = held.card.set_pointer_capture(event.pointer_id());
                let _ = held.card.class_list().add_1(HELD);
                self.go_on();
            }
            event.prevent_default();
        });
    }

    /// With every picture, for as long as it is held: a pointer that rests at an edge moves no more.
    fn go_on(self) {
        request_animation_frame(move || {
            let held = self.0.try_update_value(|held| held.as_mut().map(Held::show));
            if held.flatten().is_some() {
                self.go_on();
            }
        });
    }

    /// It was let go: the card and the place, by their names, if it was moved to one.
    pub fn end(self) -> Option<(String, String)> {
        let mut held = self.0.try_update_value(Option::take)??;
        // It moved since the last picture, or the page went on below it.
        if held.moving {
            held.enter(place_under(held.at.0, held.at.1));
        }
        let _ = held.card.style().remove_property("transform");
        let _ = held.card.class_list().remove_1(HELD);
        let over = held.over?;
        let _ = over.class_list().remove_1(OVER);
        // An hour of the night when clocks go back is there twice: only its instant tells which.
        let place = over.get_attribute("data-at").or_else(|| over.get_attribute("data-day"));
        let (card, place) = (held.card.get_attribute("data-card")?, place?);
        held.moving.then_some((card, place))
    }
}

/// The nearest place under a point; the dragged card lets the pointer through.
fn place_under(x: i32, y: i32) -> Option<Element> {
    let under = web_sys::window()?.document()?.element_from_point(x as f32, y as f32)?;
    under.closest("[data-day]").ok()?
}

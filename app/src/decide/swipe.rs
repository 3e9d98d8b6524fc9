//! A swipe over a card: to the right, to the left, or back. Separate from the card: every swipe only does what a button
//! beside it does, and a card without it is whole.

use js_sys::{Function, Reflect};
use leptos::{ev::PointerEvent, html, prelude::*};
use wasm_bindgen::{JsCast, JsValue};

/// So far that nobody does it by scrolling: a quarter of the narrowest screen.
const FAR: i32 = 90;

/// From here on the finger means to swipe, and says where to.
const BEGINS: i32 = 24;

/// Whither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toward {
    /// To the right.
    Right,
    /// To the left.
    Left,
}

/// Where a finger went that came down at the first point: sideways, and more so than up or down.
fn toward(from: (i32, i32), to: (i32, i32), least: i32) -> Option<Toward> {
    let (across, along) = (to.0 - from.0, to.1 - from.1);
    if across.abs() < least || across.abs() < 2 * along.abs() {
        return None;
    }
    Some(if across > 0 { Toward::Right } else { Toward::Left })
}

/// What is being done with the finger.
#[derive(Debug, Clone, Copy)]
pub struct Swipe {
    from: RwSignal<Option<(i32, i32)>>,
    by: RwSignal<i32>,
    /// Whither it would go now.
    pub going: RwSignal<Option<Toward>>,
}

impl Swipe {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { from: RwSignal::new(None), by: RwSignal::new(0), going: RwSignal::new(None) }
    }

    /// A finger came down. A mouse selects text, a pen writes: neither swipes.
    pub fn down(self, event: &PointerEvent) {
        if event.pointer_type() == "touch" && event.is_primary() {
            self.from.set(Some((event.client_x(), event.client_y())));
        }
    }

    /// It moved.
    pub fn moved(self, event: &PointerEvent) {
        let Some(from) = self.from.get_untracked() else { return };
        let to = (event.client_x(), event.client_y());
        let begun = toward(from, to, BEGINS);
        self.going.set(toward(from, to, FAR));
        self.by.set(if begun.is_some() { to.0 - from.0 } else { 0 });
    }

    /// It was lifted: whither, if it went far enough.
    pub fn up(self, event: &PointerEvent) -> Option<Toward> {
        let from = self.from.get_untracked()?;
        self.cancel();
        toward(from, (event.client_x(), event.client_y()), FAR)
    }

    /// The browser took it over: it scrolls.
    pub fn cancel(self) {
        self.from.set(None);
        self.by.set(0);
        self.going.set(None);
    }

    /// Has a card follow the finger. Not for who wants no motion: then it only says whither.
    pub fn follow(self, card: NodeRef<html::Article>) {
        Effect::new(move |_| {
            let by = self.by.get();
            if let Some(card) = card.get() {
                let by = if wants_motion() { by } else { 0 };
                // Through the object model: a style attribute in the page would need a hole in the security policy.
                let _ = card.style().set_property("--swipe", &[by.to_string().as_str(), "px"].concat());
            }
        });
    }
}

fn wants_motion() -> bool {
    // By name, for one answer.
    let asked = || {
        let window = JsValue::from(web_sys::window()?);
        let ask: Function = Reflect::get(&window, &"matchMedia".into()).ok()?.dyn_into().ok()?;
        let media = ask.call1(&window, &"(prefers-reduced-motion: reduce)".into()).ok()?;
        Reflect::get(&media, &"matches".into()).ok()?.as_bool()
    };
    asked() != Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_goes_far_and_sideways_is_a_swipe() {
        let from = (100, 100);
        assert_eq!(toward(from, (200, 120), FAR), Some(Toward::Right));
        assert_eq!(toward(from, (5, 90), FAR), Some(Toward::Left));
        assert_eq!(toward(from, (150, 100), FAR), None, "too short");
        assert_eq!(toward(from, (200, 160), FAR), None, "it scrolls");
    }
}

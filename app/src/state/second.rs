//! A second clock beside the town's, for who wants to see one: the islands', the consulate's. Separate from `preferences`:
//! what it shows is asked of the engine, and read by code that is fetched only where somebody chose one.

use std::cell::{Cell, RefCell};

use chrono::NaiveDate;
use domain::{Moment, zone::Zone};
use leptos::prelude::*;

use crate::platform::storage;

const CLOCK: &str = "pregon.clock";

/// A second clock, and what reads it.
#[derive(Debug)]
pub struct Reading {
    /// Its zone.
    pub zone: Zone,
    /// What it shows at a moment, in words.
    pub hour: fn(&Zone, Moment) -> String,
    /// What it does on a day of the town's, if it is changed then.
    pub change: fn(&Zone, NaiveDate) -> Option<String>,
}

thread_local! {
    /// What was chosen on this device; empty for none. Here, and not read again: storage may be forbidden.
    static WISHED: RefCell<String> = RefCell::new(storage::read(CLOCK).unwrap_or_default());
    static READING: RefCell<Option<Reading>> = const { RefCell::new(None) };
    // Made once under the root owner, which is never disposed.
    static SHOWN: Cell<Option<RwSignal<String>>> = const { Cell::new(None) };
}

/// The name of the zone that is shown; empty while there is none.
pub fn shown() -> RwSignal<String> {
    SHOWN.get().unwrap_or_else(|| {
        let shown = RwSignal::new(String::new());
        SHOWN.set(Some(shown));
        shown
    })
}

/// The name of the zone that was chosen; empty for none.
pub fn wished() -> String {
    WISHED.with_borrow(Clone::clone)
}

/// Keeps what was chosen.
pub fn wish(name: &str) {
    if name.is_empty() {
        storage::forget(CLOCK);
    } else {
        storage::keep(CLOCK, name);
    }
    WISHED.set(name.to_owned());
}

/// Whether one was chosen that is not shown yet.
pub fn is_missing() -> bool {
    let wished = wished();
    shown().with_untracked(|shown| *shown != wished)
}

/// Shows a clock, or none.
pub fn show(reading: Option<Reading>) {
    let name = reading.as_ref().map(|reading| reading.zone.name.clone()).unwrap_or_default();
    READING.set(reading);
    shown().set(name);
}

/// What the second clock shows at a moment ("09:00 Canarias"); nothing while there is none. Tracked.
pub fn hour(at: Moment) -> Option<String> {
    read(|reading| Some((reading.hour)(&reading.zone, at)))
}

/// What is done to the second clock on a day of the town's. Tracked.
pub fn change(day: NaiveDate) -> Option<String> {
    read(|reading| (reading.change)(&reading.zone, day))
}

/// An hour as it is told, with the second clock's behind it: "10:00 · 09:00 Canarias". Tracked.
pub fn beside(told: String, at: Moment) -> String {
    match hour(at) {
        Some(there) => [told.as_str(), " · ", &there].concat(),
        None => told,
    }
}

fn read(of: impl FnOnce(&Reading) -> Option<String>) -> Option<String> {
    if shown().with(String::is_empty) {
        return None;
    }
    READING.with_borrow(|reading| of(reading.as_ref()?))
}

//! Following what colleagues do: one small question now and then, and the calendar again only when something in it has
//! changed. Separate from `Fetched::follow`, which fetches all of it each time.

use std::time::Duration;

use leptos::{
    leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle, window_event_listener_untyped},
    prelude::*,
    task::spawn_local,
};
use wire::{Nothing, calendar::PULSE};

use crate::{api, platform::page};

/// How soon it is asked again where something has just moved, in seconds.
const SOONEST: u64 = 15;
/// How late where nothing moves. Ten people with the calendar open all day are then 3 % of a free day's requests.
const LATEST: u64 = 120;

#[derive(Clone, Copy)]
struct Pulse {
    /// What was answered last.
    known: StoredValue<Option<u64>>,
    wait: StoredValue<u64>,
    timer: StoredValue<Option<TimeoutHandle>>,
    moved: Callback<()>,
}

/// Calls `moved` when something in the calendar has changed, for as long as the page is there and seen.
pub fn follow(moved: impl Fn() + Send + Sync + 'static) {
    let pulse = Pulse {
        known: StoredValue::new(None),
        wait: StoredValue::new(SOONEST),
        timer: StoredValue::new(None),
        moved: Callback::new(move |()| moved()),
    };
    pulse.arm();
    // Whoever comes back to the tab wants to see what is so now.
    let seen = window_event_listener_untyped("visibilitychange", move |_| {
        pulse.stop();
        if page::is_visible() {
            pulse.wait.set_value(SOONEST);
            pulse.ask();
        }
    });
    on_cleanup(move || {
        seen.remove();
        pulse.stop();
    });
}

impl Pulse {
    fn stop(self) {
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
    }

    fn arm(self) {
        // The page may have been left while it was asked.
        let Some(wait) = self.wait.try_get_value() else { return };
        let timer = set_timeout_with_handle(move || self.ask(), Duration::from_secs(wait));
        self.timer.set_value(timer.ok());
    }

    fn ask(self) {
        spawn_local(async move {
            let answer = api::call(&PULSE, &[], &Nothing {}).await;
            let Some(known) = self.known.try_get_value() else { return };
            match answer {
                Ok(now) if known == Some(now.beats) => self.slower(),
                Ok(now) => {
                    // The first answer too: what was fetched before it may be older than what it counts.
                    self.known.set_value(Some(now.beats));
                    self.wait.set_value(SOONEST);
                    self.moved.run(());
                }
                Err(_) => self.slower(),
            }
            if page::is_visible() {
                self.stop();
                self.arm();
            }
        });
    }

    fn slower(self) {
        self.wait.update_value(|wait| *wait = (*wait * 2).min(LATEST));
    }
}

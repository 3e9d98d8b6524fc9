//! Who is signed in, in which organisation, and what the frame knows of the engine. Asked with one request at the
//! start and again when something has moved; kept outside the pages, so that an ended session takes nothing away from them.

use std::cell::{Cell, RefCell};

use domain::{Act, Organisation, may};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use wire::{
    pulse::Pulse,
    session::{Boot, Me},
};

use super::pulse;
use crate::{
    api::{self, Problem},
    platform::{page, time},
};

/// The signals of the session. A copy is as good as the original.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    /// The first answer of the engine; without it nothing can be drawn.
    pub boot: RwSignal<Option<Boot>>,
    /// Who is signed in. Stays when the session lapses: the page in front is still theirs.
    pub me: RwSignal<Option<Me>>,
    /// Whether the engine said that the session ended: the frame asks to sign in over the page.
    pub lapsed: RwSignal<bool>,
    /// Why there is no first answer.
    pub problem: RwSignal<Option<Problem>>,
    /// Whether there is a network, as far as we know.
    pub online: RwSignal<bool>,
}

/// How the first answer is read.
pub type Reading = fn(Value) -> Option<Boot>;

thread_local! {
    static READING: Cell<Option<Reading>> = const { Cell::new(None) };
    /// Who is signed in, as the engine said it last: to be kept without writing all of it again.
    static ME: RefCell<Value> = const { RefCell::new(Value::Null) };
    // Made once under the root owner, which is never disposed.
    static SESSION: Cell<Option<Session>> = const { Cell::new(None) };
}

/// The session. It needs no owner, so it can be asked after an await.
pub fn session() -> Session {
    SESSION.get().unwrap_or_else(|| {
        let session = Session {
            boot: RwSignal::new(None),
            me: RwSignal::new(None),
            lapsed: RwSignal::new(false),
            problem: RwSignal::new(None),
            online: RwSignal::new(page::is_online()),
        };
        SESSION.set(Some(session));
        session
    })
}

/// Says how the first answer is read: the desk reads all of it, the approver's page what it shows. Once, before it starts.
pub fn reads_by(reading: Reading) {
    READING.set(Some(reading));
}

/// Who is signed in, as the engine said it last; null if it said so of nobody.
pub fn me_as_it_came() -> Value {
    ME.with_borrow(Clone::clone)
}

impl Session {
    /// Begins: the first request, then the pulse, for as long as the page is seen.
    pub fn start(self) {
        api::when_signed_out(move || {
            if self.me.with_untracked(Option::is_some) {
                self.lapsed.set(true);
            }
        });
        page::on_network(move |online| {
            self.online.set(online);
            if online {
                spawn_local(self.ask());
            }
        });
        pulse::start();
    }

    /// Whether somebody is signed in, as far as we know.
    pub fn is_here(self) -> bool {
        self.me.with_untracked(Option::is_some) && !self.lapsed.get_untracked()
    }

    /// Takes over what the pulse says of the frame.
    pub fn hear(self, heard: &Pulse) {
        let Pulse { now, heartbeat, unread, .. } = *heard;
        time::set_clock(now);
        if !self.online.get_untracked() {
            self.online.set(true);
        }
        if self.problem.with_untracked(Option::is_some) {
            self.problem.set(None);
        }
        // The approver's page reads neither.
        let is_news = |me: &Me| me.heartbeat.is_some() && (me.heartbeat, me.unread) != (heartbeat, unread);
        if self.me.with_untracked(|me| me.as_ref().is_some_and(is_news)) {
            self.me.update(|me| {
                if let Some(me) = me {
                    (me.heartbeat, me.unread) = (heartbeat, unread);
                }
            });
        }
        // How long the clock has been silent is reckoned anew.
        self.boot.update(|boot| {
            if let Some(boot) = boot {
                boot.now = now;
            }
        });
    }

    /// Asks the engine how things are.
    pub async fn ask(self) {
        let answer = api::part::<_, _, Value>(&wire::session::BOOT, &[], &wire::Nothing {}).await;
        let boot = answer.and_then(|tree| {
            ME.set(tree["me"].clone());
            READING.get().and_then(|read| read(tree)).ok_or_else(api::nonsense)
        });
        match boot {
            Ok(boot) => {
                time::set_clock(boot.now);
                self.online.set(true);
                self.problem.set(None);
                match &boot.me {
                    Some(me) => self.accept(me.clone()),
                    None if self.me.with_untracked(Option::is_some) => self.lapsed.set(true),
                    None => {}
                }
                self.boot.set(Some(boot));
            }
            Err(problem) => {
                if matches!(problem, Problem::Offline) {
                    self.online.set(false);
                }
                self.problem.set(Some(problem));
            }
        }
    }

    /// Takes over who is signed in now.
    pub fn accept(self, me: Me) {
        let stranger = self.me.with_untracked(|old| old.as_ref().is_some_and(|old| old.member != me.member));
        if stranger && self.lapsed.get_untracked() {
            // Somebody else signed in over a page that is not theirs: it must not stay.
            page::reload();
            return;
        }
        dress(&me.organisation);
        self.lapsed.set(false);
        if self.me.with_untracked(|old| old.as_ref() != Some(&me)) {
            self.me.set(Some(me));
        }
    }

    /// Takes over the organisation as the engine has it now.
    pub fn accept_organisation(self, organisation: Organisation) {
        dress(&organisation);
        self.me.update(|me| {
            if let Some(me) = me {
                me.organisation = organisation;
            }
        });
    }

    /// Takes over how many notices are unread now.
    pub fn accept_unread(self, unread: u32) {
        self.me.update(|me| {
            if let Some(me) = me {
                me.unread = unread;
            }
        });
    }

    /// Forgets who was signed in.
    pub fn forget(self) {
        self.me.set(None);
        self.lapsed.set(false);
        api::ahead::forget_week();
    }

    /// Whether who is signed in may do something. Tracked.
    pub fn may(self, act: Act) -> bool {
        self.me.with(|me| me.as_ref().is_some_and(|me| may(me.role, act)))
    }

    /// The name of the organisation's zone. Not tracked: it does not change under a page.
    pub fn zone(self) -> String {
        self.me.with_untracked(|me| me.as_ref().map(|me| me.organisation.zone.clone())).unwrap_or_default()
    }
}

/// Gives the desk the organisation's colour.
fn dress(organisation: &Organisation) {
    for (property, colour) in organisation.colour.on_the_desk() {
        page::set_property(property, &colour.to_string());
    }
}

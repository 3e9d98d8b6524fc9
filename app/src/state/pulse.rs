//! The one pulse of the desk: a small question now and then, which says what is looked at and hears what has moved. Pages ask for
//! nothing by themselves; they are told when there is something to read again. Separate from the pages: one question serves
//! all that is open, and it goes on while they come and go.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use domain::{
    PostId,
    rhythm::{ANYWAY, Rhythm},
};
use leptos::{
    ev,
    leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle, window_event_listener_untyped},
    prelude::*,
    task::spawn_local,
};
use wire::pulse::{Look, Looked, PULSE, Pulse as Heard};

use super::session::session;
use crate::{
    api::{self, Answer, Problem},
    platform::{page, time},
};

/// What of it is listened to.
#[derive(Debug, Clone, Copy)]
struct Pulse {
    /// Counts when something that a calendar shows has moved.
    calendar: RwSignal<u32>,
    /// Counts when anything in the organisation has.
    house: RwSignal<u32>,
    /// Counts when everything is read again whether it has moved or not.
    anyway: RwSignal<u32>,
    /// What was heard last of the post that is looked at.
    post: RwSignal<Option<Looked>>,
}

/// A post that something on the screen looks at.
#[derive(Debug)]
struct Open {
    number: u32,
    post: PostId,
    writing: bool,
}

/// What it knows between two questions. Moments are of the device's clock: between them nobody sets it.
#[derive(Debug, Default)]
struct State {
    rhythm: Rhythm,
    timer: Option<TimeoutHandle>,
    /// When it was asked last.
    asked: i64,
    /// Whether it is being asked, and whether to ask again then.
    asking: bool,
    again: bool,
    /// What was answered last of the organisation.
    known: Option<(u64, u64)>,
    /// When everything was read last.
    read: i64,
    /// Whether an answer is missing since.
    lost: bool,
    /// How many were opened ever.
    opened: u32,
    /// What is open, what was opened last behind all others.
    open: Vec<Open>,
    /// What was written in and is no longer, until the engine has heard of it.
    left: Option<PostId>,
}

thread_local! {
    // Made once under the root owner, which is never disposed.
    static PULSE_HERE: Cell<Option<Pulse>> = const { Cell::new(None) };
    static STATE: RefCell<State> = RefCell::new(State::default());
}

/// The pulse. It needs no owner, so it can be asked after an await.
fn pulse() -> Pulse {
    PULSE_HERE.get().unwrap_or_else(|| {
        let pulse = Pulse {
            calendar: RwSignal::new(0),
            house: RwSignal::new(0),
            anyway: RwSignal::new(0),
            post: RwSignal::new(None),
        };
        PULSE_HERE.set(Some(pulse));
        pulse
    })
}

fn state<A>(act: impl FnOnce(&mut State) -> A) -> A {
    STATE.with_borrow_mut(act)
}

impl State {
    /// What the desk looks at: what was opened last.
    fn look(&self) -> Look {
        let post = self.open.last().map(|open| open.post.clone());
        let writing = post.as_ref().is_some_and(|post| self.writes_in(post));
        Look { post, writing, left: self.left.clone() }
    }

    fn writes_in(&self, post: &PostId) -> bool {
        self.open.iter().any(|open| open.writing && open.post == *post)
    }

    fn writes(&self) -> bool {
        self.open.iter().any(|open| open.writing)
    }
}

/// Begins: with the first request of the desk, which is no pulse yet. Once, under the root owner.
pub fn start() {
    pulse();
    state(|state| {
        state.asking = true;
        state.asked = time::device_now();
        state.read = state.asked;
    });
    // The handles are let go on purpose: the desk listens until it is closed.
    // Whoever comes back to the tab wants to see what is so now.
    let _ = window_event_listener_untyped("visibilitychange", |_| {
        state(|state| state.rhythm.opened());
        arm();
    });
    let _ = window_event_listener(ev::pointerdown, |_| did());
    let _ = window_event_listener(ev::keydown, |_| did());
    page::on_network(|online| {
        state(|state| {
            state.rhythm.opened();
            state.lost |= !online;
        });
        if online && page::is_visible() {
            ask();
        }
    });
    spawn_local(async {
        // Also where nobody sees it yet: the page is made of it.
        session().ask().await;
        go_on();
    });
}

/// What was asked is answered, or never will be.
fn go_on() {
    let again = state(|state| {
        state.asking = false;
        std::mem::take(&mut state.again)
    });
    if again && page::is_visible() { ask() } else { arm() }
}

/// Somebody did something.
fn did() {
    if state(|state| state.rhythm.did()) {
        arm();
    }
}

/// Something was set on its way from here: it is asked at once whether it goes.
pub fn hasten() {
    state(|state| state.rhythm.hasten());
    arm();
}

/// Waits for the next question, as long as the rhythm says since the last one; a tab that nobody sees asks nothing.
fn arm() {
    state(|state| {
        if let Some(timer) = state.timer.take() {
            timer.clear();
        }
        if state.asking || !page::is_visible() {
            return;
        }
        let wait = state.rhythm.wait(state.writes()).0;
        // A device's clock may be set back meanwhile.
        let left = (state.asked + wait - time::device_now()).clamp(0, wait);
        let left = Duration::from_millis(u64::try_from(left).unwrap_or_default());
        state.timer = set_timeout_with_handle(ask, left).ok();
    });
}

fn ask() {
    let look = state(|state| {
        state.again = state.asking;
        let begins = !std::mem::replace(&mut state.asking, true);
        begins.then(|| {
            if let Some(timer) = state.timer.take() {
                timer.clear();
            }
            state.asked = time::device_now();
            state.look()
        })
    });
    let Some(look) = look else { return };
    spawn_local(async move {
        if session().is_here() {
            hear(&look, api::call(&PULSE, &[], &look).await);
        } else {
            // Nobody is signed in, or no longer: somebody may be, in another tab.
            session().ask().await;
            let online = session().online.get_untracked();
            state(|state| if online { state.rhythm.heard(false) } else { state.rhythm.lost() });
        }
        go_on();
    });
}

fn hear(look: &Look, answer: Answer<Heard>) {
    let heard = match answer {
        Ok(heard) => heard,
        Err(problem) => {
            if matches!(problem, Problem::Offline) {
                session().online.set(false);
            }
            return state(|state| {
                state.lost = true;
                state.rhythm.lost();
            });
        }
    };
    session().hear(&heard);
    let (pulse, device) = (pulse(), time::device_now());
    let Heard { beats, kept, post, .. } = heard;
    let (calendar, house, anyway, post) = state(|state| {
        if state.left == look.left {
            state.left = None;
        }
        // The page may have been left while it was asked.
        let post = post.filter(|post| state.open.last().is_some_and(|open| open.post == post.post));
        let moved = pulse.post.with_untracked(|old| !same(old.as_ref(), post.as_ref()));
        // The first answer too: what was read before it may be older than what it counts.
        let (old, lost) = (state.known.replace((beats, kept)), std::mem::take(&mut state.lost));
        let calendar = lost || old.is_none_or(|(old, _)| old != beats);
        let house = calendar || old.is_none_or(|(_, old)| old != kept);
        // A device's clock may be set back: then it is not known how long ago that was.
        let anyway = lost || !(0..ANYWAY.0).contains(&(device - state.read));
        if anyway {
            state.read = device;
        }
        state.rhythm.heard(house || moved);
        state.rhythm.going(post.as_ref().is_some_and(|post| post.going));
        (calendar, house, anyway, post)
    });
    if pulse.post.with_untracked(|old| *old != post) {
        pulse.post.set(post);
    }
    if calendar {
        pulse.calendar.update(|count| *count += 1);
    }
    if house || anyway {
        pulse.house.update(|count| *count += 1);
        spawn_local(session().ask());
    }
    if anyway {
        pulse.anyway.update(|count| *count += 1);
    }
}

/// Whether nothing of a post has moved. When somebody was last there is no news.
fn same(old: Option<&Looked>, new: Option<&Looked>) -> bool {
    let (Some(old), Some(new)) = (old, new) else { return old.is_none() && new.is_none() };
    let mark = |of: &Looked| (of.version, of.comments, of.others.len());
    old.post == new.post && old.ledger == new.ledger && mark(old) == mark(new)
}

/// Calls `act` when something that a calendar shows has moved, for as long as whoever asks for it is there.
pub fn on_calendar(act: impl Fn() + 'static) {
    let count = pulse().calendar;
    Effect::watch(move || count.get(), move |_, _, _| act(), false);
}

/// Calls `act` when anything in the organisation has moved, for as long as whoever asks for it is there.
pub fn on_house(act: impl Fn() + 'static) {
    let count = pulse().house;
    Effect::watch(move || count.get(), move |_, _, _| act(), false);
}

/// Calls `act` when something of a post has moved besides its comments, for as long as whoever asks for it is there.
pub fn on_post(post: PostId, act: impl Fn() + 'static) {
    follow(post, |looked| [looked.version.to_string(), looked.ledger.clone()].join("."), act);
}

/// Calls `act` when something of its comments has.
pub fn on_comments(post: PostId, act: impl Fn() + 'static) {
    follow(post, |looked| looked.comments.to_string(), act);
}

fn follow(post: PostId, mark: fn(&Looked) -> String, act: impl Fn() + 'static) {
    look(post.clone(), false);
    let Pulse { anyway, post: heard, .. } = pulse();
    let now = Memo::new(move |_| {
        let of = |looked: &Looked| (looked.post == post).then(|| mark(looked));
        (anyway.get(), heard.with(|looked| looked.as_ref().and_then(of)))
    });
    Effect::watch(
        move || now.get(),
        move |(_, mark), _, _| {
            // Nothing is known of it while something else is looked at.
            if mark.is_some() {
                act();
            }
        },
        false,
    );
}

/// Says that a post is open to be written in, for as long as whoever says so is there; answers who else has it open, by name.
/// What `is_stored` nowhere yet nobody else can have open.
pub fn write_in(post: PostId, is_stored: bool) -> Memo<Vec<String>> {
    look(post.clone(), true);
    if is_stored && page::is_visible() {
        ask();
    }
    Memo::new(move |_| others(&post).unwrap_or_default())
}

/// Who else has a post open to write in it, by name; nothing before it was heard. Tracked.
pub fn others(post: &PostId) -> Option<Vec<String>> {
    let names = |looked: &Looked| looked.others.iter().map(|editor| editor.name.clone()).collect();
    pulse().post.with(|looked| looked.as_ref().filter(|looked| looked.post == *post).map(names))
}

fn look(post: PostId, writing: bool) {
    let number = state(|state| {
        if writing && state.left.as_ref() == Some(&post) {
            state.left = None;
        }
        state.opened += 1;
        state.open.push(Open { number: state.opened, post, writing });
        state.rhythm.opened();
        state.opened
    });
    arm();
    on_cleanup(move || leave(number));
}

fn leave(number: u32) {
    let (left, alone) = state(|state| {
        let Some(place) = state.open.iter().position(|open| open.number == number) else { return (false, false) };
        let Open { post, writing, .. } = state.open.remove(place);
        // Another part of the screen may still write in it: it was only drawn anew.
        let left = writing && !state.writes_in(&post);
        if left {
            state.left = Some(post);
        }
        (left, state.open.is_empty())
    });
    if alone {
        pulse().post.set(None);
    }
    if left && page::is_visible() {
        ask();
    }
}

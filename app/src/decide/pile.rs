//! What waits: asked for at the start and when something has moved, kept for where there is no coverage. Separate from the
//! page: it outlives every drawing of it, and it is what is wiped.

use std::{
    cell::{Cell, RefCell},
    sync::Arc,
};

use domain::{Content, MediaId, Moment, PostId, statement::LIFETIME};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use wire::deciding::{self, Query};

use super::{
    hands, keep,
    page::drawn_by_the_engine,
    waits::{Pages, Waits, object, text},
    who,
};
use crate::{
    api::{self, Problem},
    platform::{page, time},
    state::{pulse, session, session::me_as_it_came},
};

/// How often it is looked whether the network is back, where something waits for it.
const BEAT_MS: u32 = 5_000;

/// What the engine has to do with what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was kept on this device, and the engine was not heard yet.
    Kept,
    /// The engine said so.
    Checked,
    /// The engine said so, and something else was read here before.
    Replaced,
}

/// The pile. A copy is as good as the original.
#[derive(Debug, Clone, Copy)]
pub struct Pile {
    /// What waits.
    pub here: RwSignal<Option<Arc<Pages>>>,
    /// Since when it is as it is.
    pub at: RwSignal<Option<Moment>>,
    /// What the engine has to do with it.
    pub standing: RwSignal<Standing>,
    /// Why it could not be asked for, the last time.
    pub problem: RwSignal<Option<Problem>>,
    /// Decided on: on this page, and acknowledged.
    done: RwSignal<Vec<String>>,
    /// Signed on this device and on their way, by what they decide on.
    pub signed: RwSignal<Vec<String>>,
    /// Left for later: behind all the others.
    later: RwSignal<Vec<PostId>>,
    /// Whose it is.
    whose: RwSignal<Option<domain::MemberId>>,
}

thread_local! {
    // Made once under the root owner, which is never disposed.
    static PILE: Cell<Option<Pile>> = const { Cell::new(None) };
    /// Whether it is being asked for, and whether to ask again then.
    static ASKING: Cell<bool> = const { Cell::new(false) };
    static AGAIN: Cell<bool> = const { Cell::new(false) };
    /// What came before it was known for whom: it is kept when that is known.
    static UNNAMED: RefCell<Option<Value>> = const { RefCell::new(None) };
}

/// The pile. It needs no owner, so it can be asked after an await.
pub fn pile() -> Pile {
    PILE.get().unwrap_or_else(|| {
        let pile = Pile {
            here: RwSignal::new(None),
            at: RwSignal::new(None),
            standing: RwSignal::new(Standing::Checked),
            problem: RwSignal::new(None),
            done: RwSignal::new(Vec::new()),
            signed: RwSignal::new(Vec::new()),
            later: RwSignal::new(Vec::new()),
            whose: RwSignal::new(None),
        };
        PILE.set(Some(pile));
        pile
    })
}

/// The post that a notice named.
fn named() -> Option<PostId> {
    let query = web_sys::window()?.location().search().ok()?;
    query.trim_start_matches('?').split('&').find_map(|pair| pair.strip_prefix("post="))?.parse().ok()
}

/// One way of keeping it: who they are, what waits, since when, and how far their clock is from the engine's.
fn sealed(waiting: Value) -> String {
    let (me, now) = (me_as_it_came(), time::now().0);
    let ahead = now - time::device_now();
    object([("me", me), ("waiting", waiting), ("at", now.into()), ("ahead", ahead.into())]).to_string()
}

impl Pile {
    /// Begins: what was kept is shown at once, then what the engine says, again and again.
    pub fn start(self) {
        // What it drew into the page is newer than anything that was kept, and its answer is on its way.
        let heard = drawn_by_the_engine();
        spawn_local(async move {
            self.look().await;
            if !heard {
                self.unpack(!page::is_online()).await;
            }
        });
        Effect::new(move |_| {
            // Whoever is signed in is not whoever this was kept for, or nobody is.
            let me = session().me.with(|me| me.as_ref().map(|me| me.member.clone()));
            let lapsed = session().lapsed.get();
            let whose = self.whose.get_untracked();
            if whose.is_some() && (lapsed || whose != me) {
                self.wipe();
            }
            if me.is_some() && !lapsed {
                spawn_local(async move {
                    self.adopt().await;
                    hands::send().await;
                });
            }
        });
        page::on_network(move |online| {
            if online {
                spawn_local(async move {
                    hands::send().await;
                    self.fetch().await;
                });
            }
        });
        pulse::on_house(move || {
            spawn_local(async move {
                hands::send().await;
                self.fetch().await;
            });
        });
        spawn_local(async move {
            let mut begun = false;
            loop {
                // Not every browser says when the network is back.
                let troubled = !session().online.get_untracked() || !self.signed.with_untracked(Vec::is_empty);
                let now = !begun || (troubled && page::is_online());
                if page::is_visible() && now {
                    if begun {
                        session().ask().await;
                    }
                    begun = true;
                    hands::send().await;
                    self.fetch().await;
                }
                TimeoutFuture::new(BEAT_MS).await;
                self.expire();
            }
        });
    }

    /// Finds what was signed and has not arrived, so that it is not shown once more. All else about it is `hands`'.
    async fn look(self) {
        let out: Vec<Value> =
            keep::all(keep::OUT).await.iter().filter_map(|(_, kept)| serde_json::from_str(kept).ok()).collect();
        let waits = out.iter().filter(|tree| tree["label"]["refused"].is_null());
        self.signed.set(waits.map(|tree| text(&tree["key"])).collect());
    }

    /// Shows what was kept, unless the engine was quicker: what a notice named first, and where that was not kept, anything
    /// else only if nobody else can be asked.
    async fn unpack(self, alone: bool) {
        let Some(kept) = keep::at_the_start().await else { return };
        let Ok(Value::Object(mut kept)) = serde_json::from_str::<Value>(&kept) else { return };
        let mut take = |name: &str| kept.remove(name).unwrap_or_default();
        let (at, ahead) = (take("at").as_i64(), take("ahead").as_i64());
        let (me, waiting) = (who::me(&take("me")), Pages::read(&take("waiting")));
        let (Some(me), Some(mut waiting), Some(at), Some(ahead)) = (me, waiting, at, ahead) else { return };
        if let Some(named) = named()
            && !first(&mut waiting.items, |waits| waits.post == named)
            && !alone
        {
            return;
        }
        if session().me.with_untracked(Option::is_none) && session().boot.with_untracked(Option::is_none) {
            time::set_clock(Moment(time::device_now() + ahead));
            self.whose.set(Some(me.member.clone()));
            session().accept(me);
        }
        let whose = self.whose.get_untracked();
        let mine =
            whose.is_some() && whose == session().me.with_untracked(|me| me.as_ref().map(|me| me.member.clone()));
        if self.here.with_untracked(Option::is_none) && mine {
            self.standing.set(Standing::Kept);
            self.at.set(Some(Moment(at)));
            self.here.set(Some(Arc::new(waiting)));
        }
    }

    /// Somebody signed in: what came for them is kept, or asked for.
    async fn adopt(self) {
        match UNNAMED.take() {
            Some(tree) => self.store(tree).await,
            None if self.here.with_untracked(Option::is_none) && !ASKING.get() => self.fetch().await,
            None => {}
        }
    }

    /// Asks what waits. What is shown stays when the network is gone. Two at once are one, and then one more.
    pub async fn fetch(self) {
        if ASKING.replace(true) {
            AGAIN.set(true);
            return;
        }
        loop {
            AGAIN.set(false);
            self.ask().await;
            if !AGAIN.get() {
                break;
            }
        }
        ASKING.set(false);
    }

    async fn ask(self) {
        let query = Query { post: named() };
        let tree = match api::part::<_, _, Value>(&deciding::DECIDING, &[], &query).await {
            Ok(tree) => tree,
            // The session says so itself, and `start` wipes.
            Err(Problem::SignedOut) => return,
            Err(problem) => {
                if self.here.with_untracked(Option::is_none) {
                    self.unpack(true).await;
                }
                return self.problem.set(Some(problem));
            }
        };
        let Some(mut waiting) = Pages::read(&tree) else { return };
        self.problem.set(None);
        // What somebody reads stays in front of them, if it is still so.
        let read = match self.standing.get_untracked() {
            Standing::Kept => untrack(|| self.left()).first().map(|waits| waits.key()),
            Standing::Checked | Standing::Replaced => None,
        };
        let still = read.is_none_or(|read| first(&mut waiting.items, |waits| waits.key() == read));
        self.standing.set(if still { Standing::Checked } else { Standing::Replaced });
        self.at.set(Some(time::now()));
        self.here.set(Some(Arc::new(waiting)));
        if session().me.with_untracked(Option::is_none) {
            UNNAMED.set(Some(tree));
            return;
        }
        self.store(tree).await;
    }

    async fn store(self, waiting: Value) {
        let Some(me) = session().me.get_untracked() else { return };
        self.whose.set(Some(me.member.clone()));
        let until = Moment(time::device_now()).plus(LIFETIME);
        // Whoever just signed in was told so by another answer.
        if me_as_it_came()["member"].as_str() != Some(me.member.as_str()) {
            session().ask().await;
        }
        keep::keep(keep::WAITING, &sealed(waiting), until).await;
        let pictures: Vec<MediaId> = self.here.with_untracked(|here| {
            let items = here.iter().flat_map(|here| here.items.iter());
            let contents = items.flat_map(|waits| [Some(&waits.content), waits.before.as_ref()]).flatten();
            let named = |content: &Content| {
                let poster = content.video.as_ref().and_then(|video| video.poster.as_ref());
                let pictures = content.pictures.iter().map(|picture| picture.media.clone());
                pictures.chain(poster.map(|poster| poster.media.clone())).collect::<Vec<_>>()
            };
            contents.flat_map(named).collect()
        });
        keep::pictures(pictures.iter()).await;
    }

    /// What was kept too long is gone, also from an open page.
    fn expire(self) {
        if self.at.get_untracked().is_some_and(|at| time::now().since(at) > LIFETIME) {
            self.wipe();
        }
    }

    /// Forgets what waits, here and on the device.
    pub fn wipe(self) {
        self.here.set(None);
        self.at.set(None);
        self.standing.set(Standing::Checked);
        self.whose.set(None);
        self.done.set(Vec::new());
        spawn_local(async {
            keep::forget(keep::WAITING).await;
            keep::forget(keep::PICTURE).await;
            keep::forget(keep::TALK).await;
        });
    }

    /// Notes that the engine has a decision on this.
    pub fn settled(self, key: String) {
        self.done.update(|done| done.push(key));
        spawn_local(self.fetch());
    }

    /// Puts one behind all the others.
    pub fn leave_for_later(self, post: PostId) {
        self.later.update(|later| {
            later.retain(|other| *other != post);
            later.push(post);
        });
    }

    /// What is left to decide on, in order. Tracked.
    pub fn left(self) -> Vec<Arc<Waits>> {
        let mut items = self.here.with(|here| here.as_ref().map(|here| here.items.clone())).unwrap_or_default();
        let decided = |waits: &Arc<Waits>| {
            let key = waits.key();
            self.done.with(|done| done.contains(&key)) || self.signed.with(|signed| signed.contains(&key))
        };
        items.retain(|waits| !decided(waits));
        let place = |post: &PostId| self.later.with(|later| later.iter().position(|other| other == post));
        crate::parts::arrange(&mut items, |waits| place(&waits.post));
        items
    }
}

/// Puts the one that is meant before all others; answers whether there is one.
fn first(items: &mut [Arc<Waits>], meant: impl Fn(&Waits) -> bool) -> bool {
    let found = items.iter().position(|waits| meant(waits));
    if let Some(place) = found {
        items[..=place].rotate_right(1);
    }
    found.is_some()
}

//! Decisions on their way: kept from the moment they are signed, sent in order, and gone only when the engine has them or
//! their holder has read why not. The rules are `domain::outbox`; here is where they are kept and how they are sent.

use std::cell::Cell;

use domain::{
    Millis, Moment,
    outbox::{self, Answer, Fate, Label},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use wire::posts;

use super::refusals;
use crate::{
    api::{self, Problem},
    keep,
    pile::pile,
    platform::time,
    state::{lang, session, toasts},
    waits::{object, text},
};

/// Long enough for whoever comes back from a holiday to read what became of it.
const KEPT: Millis = Millis::days(30);

/// A decision on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Parcel {
    /// What the rules look at.
    pub label: Label,
    /// On which post.
    pub post: String,
    /// On which step of which round, over which content.
    pub key: String,
    /// What it is called, to speak of it.
    pub heading: String,
    /// What is sent: `wire::posts::Decide`.
    pub decide: Value,
}

impl Parcel {
    /// As it is kept; `keep.js` reads some of it.
    fn packed(&self) -> String {
        let label = object([
            ("member", self.label.member.as_str().into()),
            ("signed", self.label.signed.0.into()),
            ("refused", self.label.refused.as_ref().map_or(Value::Null, refusals::kept)),
        ]);
        let texts = [("post", &self.post), ("key", &self.key), ("heading", &self.heading)];
        let [post, key, heading] = texts.map(|(name, text)| (name, Value::from(text.as_str())));
        object([("label", label), post, key, heading, ("decide", self.decide.clone())]).to_string()
    }

    fn unpacked(kept: &str) -> Option<Self> {
        let tree: Value = serde_json::from_str(kept).ok()?;
        let label = &tree["label"];
        let label = Label {
            member: label["member"].as_str()?.parse().ok()?,
            signed: Moment(label["signed"].as_i64()?),
            refused: refusals::of(&label["refused"]),
        };
        let [post, key, heading] = ["post", "key", "heading"].map(|name| text(&tree[name]));
        Some(Self { label, post, key, heading, decide: tree["decide"].clone() })
    }
}

/// The outbox. A copy is as good as the original.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing {
    /// What is in it, by name.
    pub parcels: RwSignal<Vec<(String, Parcel)>>,
}

thread_local! {
    // Made once, and of no owner: never disposed.
    static OUTGOING: Cell<Option<Outgoing>> = const { Cell::new(None) };
    static SENDING: Cell<bool> = const { Cell::new(false) };
}

/// The outbox. It needs no owner, so it can be asked after an await.
pub fn outgoing() -> Outgoing {
    OUTGOING.get().unwrap_or_else(|| {
        let outgoing = Outgoing { parcels: RwSignal::new(Vec::new()) };
        OUTGOING.set(Some(outgoing));
        outgoing
    })
}

impl Outgoing {
    /// Reads what was kept, then sends what can be sent.
    pub fn start(self) {
        spawn_local(async move {
            self.look().await;
            self.send().await;
        });
    }

    /// Takes over what is kept: the service worker may have sent some of it. What could not be kept stays as it is.
    async fn look(self) {
        let kept = keep::all(keep::OUT).await;
        let read = kept.into_iter().filter_map(|(name, text)| Some((name, Parcel::unpacked(&text)?)));
        let mut parcels: Vec<(String, Parcel)> = read.collect();
        let unkept = self.parcels.with_untracked(|now| {
            let unkept = |name: &str| name.ends_with('!');
            now.iter().filter(|(name, _)| unkept(name)).cloned().collect::<Vec<_>>()
        });
        parcels.extend(unkept);
        if self.parcels.with_untracked(|now| *now != parcels) {
            self.change(|now| *now = parcels);
        }
    }

    /// Changes what is in it, and tells the pile what of that is on its way.
    fn change(self, act: impl FnOnce(&mut Vec<(String, Parcel)>)) {
        self.parcels.update(act);
        let on_their_way = self.parcels.with_untracked(|parcels| {
            let waits = parcels.iter().filter(|(_, parcel)| parcel.label.waits());
            waits.map(|(_, parcel)| parcel.key.clone()).collect()
        });
        pile().signed.set(on_their_way);
    }

    /// Forgets all of it, with whoever signs out.
    pub fn empty(self) {
        self.change(Vec::clear);
    }

    /// Puts a signed decision in, and sends it if there is a network.
    pub async fn post(self, parcel: Parcel) {
        // Thirteen digits until the year 2286: in the order of their signing.
        let name = [keep::OUT, &parcel.label.signed.0.to_string(), ".", &parcel.post].concat();
        let kept = self.keep(&name, &parcel).await;
        // A name that is not kept says so: a look at what is kept must not lose it.
        let name = if kept { name } else { [name.as_str(), "!"].concat() };
        self.change(|parcels| parcels.push((name, parcel)));
        spawn_local(async move {
            self.send().await;
            if self.unsent() > 0 {
                keep::later().await;
            }
        });
    }

    async fn keep(self, name: &str, parcel: &Parcel) -> bool {
        let until = Moment(time::device_now()).plus(KEPT);
        keep::keep(name, &parcel.packed(), until).await
    }

    /// How many wait to be sent. Tracked.
    pub fn unsent(self) -> usize {
        self.parcels.with(|parcels| outbox::unsent(&labels(parcels)))
    }

    /// Sends what can be sent, one after another. One at a time: a second call while one runs does nothing.
    pub async fn send(self) {
        if SENDING.replace(true) {
            return;
        }
        self.send_all().await;
        SENDING.set(false);
    }

    async fn send_all(self) {
        loop {
            let me = session().me.with_untracked(|me| me.as_ref().map(|me| me.member.clone()));
            let next = self.parcels.with_untracked(|parcels| {
                let place = outbox::next(&labels(parcels), me.as_ref()?)?;
                parcels.get(place).cloned()
            });
            let Some((name, mut parcel)) = next else { return };
            let answer = api::send(&posts::DECIDE, &[parcel.post.as_str()], parcel.decide.clone()).await;
            let answer = match answer {
                Ok(_) => Answer::Taken,
                Err(Problem::Fault(fault)) => Answer::Refused(fault.refusal.clone()),
                Err(Problem::SignedOut) => Answer::Refused(domain::Refusal::SignedOut),
                Err(Problem::Offline) => Answer::Silence,
            };
            match outbox::fate(answer) {
                Fate::Stays | Fate::SignIn => return,
                Fate::Arrived => {
                    // First, or it would be shown once more in between.
                    pile().settled(parcel.key);
                    self.take_out(&name).await;
                    toasts::done(said(&parcel.decide));
                }
                Fate::Refused(refusal) => {
                    parcel.label.refused = Some(refusal);
                    self.keep(&name, &parcel).await;
                    self.change(|parcels| {
                        let old = parcels.iter_mut().find(|(other, _)| *other == name);
                        if let Some((_, old)) = old {
                            *old = parcel;
                        }
                    });
                    // What there is to decide on now, and what changed.
                    pile().fetch().await;
                }
            }
        }
    }

    /// Takes one out: it arrived, or its holder has read why not.
    pub async fn take_out(self, name: &str) {
        keep::forget(name).await;
        self.change(|parcels| parcels.retain(|(other, _)| other != name));
    }
}

fn labels(parcels: &[(String, Parcel)]) -> Vec<&Label> {
    parcels.iter().map(|(_, parcel)| &parcel.label).collect()
}

/// What was done.
fn said(decide: &Value) -> &'static str {
    if decide["choice"]["decision"] == "return" { lang().approvals_returned() } else { lang().approvals_approved() }
}

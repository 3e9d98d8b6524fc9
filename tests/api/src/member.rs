//! A member who is signed in, and what they do, each in one call of the contract.

use std::{
    thread,
    time::{Duration, Instant},
};

use chrono::NaiveDateTime;
use domain::{
    Channel, Choice, Content, MemberId, Millis, PostId, Refusal,
    delivery::{ActState, PublicationState},
};
use serde::{Serialize, de::DeserializeOwned};
use wire::{
    Endpoint, Nothing, channels, home,
    posts::{self, PostView},
    publications::{ActView, PublicationView, Why},
    rehearsal,
    session::Me,
};

use crate::{
    http::{self, Answer, Engine, Raw, encode, send_as},
    town::{Town, eventually, new_post},
};

/// No route makes more round trips to the database.
const MOST_TRIPS: u32 = 6;

/// No request makes more queries: the free plan allows 50.
const MOST_QUERIES: u32 = 45;

/// A member with a session.
pub struct Member {
    /// Who they are.
    pub me: Me,
    /// The secret of the session.
    pub session: String,
    engine: Engine,
    thrifty: bool,
}

impl Member {
    /// Signs in through the test door. `thrifty`: what each request spends is looked at.
    pub fn sign_in(member: &MemberId, thrifty: bool) -> Self {
        Self::try_sign_in(member, thrifty).unwrap_or_else(|no| panic!("{member} may not sign in: {no:?}"))
    }

    /// Signs in, if the engine lets them.
    pub fn try_sign_in(member: &MemberId, thrifty: bool) -> Answer<Self> {
        let body = serde_json::json!({ "member": member }).to_string();
        let raw = send_as(None, rehearsal::SIGN_IN.method, rehearsal::SIGN_IN.pattern, body.as_bytes());
        let me: Me = raw.read("signing in")?;
        let session = raw.cookie().unwrap_or_else(|| panic!("signing in set no cookie"));
        Ok(Self { me, session, engine: Engine::here(), thrifty })
    }

    /// A session that was got in another way.
    pub fn with(me: Me, session: String) -> Self {
        Self { me, session, engine: Engine::here(), thrifty: true }
    }

    /// Asks.
    ///
    /// # Errors
    /// The engine's no.
    pub fn ask<Q: Serialize, A: DeserializeOwned>(
        &self,
        endpoint: &Endpoint<Q, A>,
        parts: &[&str],
        request: &Q,
    ) -> Answer<A> {
        self.engine.enter();
        let (path, body) = encode(endpoint.method, endpoint.path(parts), request);
        let raw = send_as(Some(&self.session), endpoint.method, &path, &body);
        if let Some(spent) = raw.spent().filter(|_| self.thrifty) {
            http::note(&endpoint.listed(), spent);
            let what = format!("{} {}", http::verb(endpoint.method), endpoint.pattern);
            assert!(spent.trips <= MOST_TRIPS && spent.queries <= MOST_QUERIES, "{what} spent {spent:?}");
        }
        raw.read(&path)
    }

    /// Asks, and is answered.
    pub fn ok<Q: Serialize, A: DeserializeOwned>(&self, endpoint: &Endpoint<Q, A>, parts: &[&str], request: &Q) -> A {
        self.ask(endpoint, parts, request).unwrap_or_else(|no| panic!("{}: {no:?}", endpoint.pattern))
    }

    /// Asks, and is refused.
    pub fn no<Q: Serialize, A: DeserializeOwned>(
        &self,
        endpoint: &Endpoint<Q, A>,
        parts: &[&str],
        request: &Q,
    ) -> Refusal {
        match self.ask(endpoint, parts, request) {
            Err(no) => no.into(),
            Ok(_) => panic!("{} {}: was not refused", http::verb(endpoint.method), endpoint.path(parts)),
        }
    }

    /// Asks with any method, path and body.
    pub fn raw(&self, method: wire::Method, path: &str, body: &[u8]) -> Raw {
        self.engine.enter();
        send_as(Some(&self.session), method, path, body)
    }

    /// Writes a new post.
    pub fn write(&self, content: &Content) -> PostView {
        self.ok(&posts::SAVE, &[new_post().as_str()], &posts::Save { version: 0, content: content.clone() })
    }

    /// Changes a post.
    pub fn edit(&self, post: &PostView, content: &Content) -> PostView {
        self.ok(&posts::SAVE, &[id(post)], &posts::Save { version: post.post.version, content: content.clone() })
    }

    /// Reads a post.
    pub fn read(&self, post: &PostId) -> PostView {
        self.ok(&posts::READ, &[post.as_str()], &Nothing {})
    }

    /// Submits.
    pub fn submit(&self, post: &PostView) -> PostView {
        self.ok(&posts::SUBMIT, &[id(post)], &at(post))
    }

    /// Approves what is there.
    pub fn approve(&self, post: &PostView) -> PostView {
        self.ok(&posts::DECIDE, &[id(post)], &approval(post))
    }

    /// Places at a civil time.
    pub fn place(&self, post: &PostView, civil: NaiveDateTime) -> PostView {
        self.ok(&posts::PLACE, &[id(post)], &slot(post, civil))
    }

    /// Publishes now.
    pub fn release(&self, post: &PostView) -> PostView {
        self.ok(&posts::RELEASE, &[id(post)], &at(post))
    }

    /// The engine's clock.
    pub fn now(&self) -> domain::Moment {
        self.ok(&home::HEALTH, &[], &Nothing {}).now
    }

    /// What the wall of the town shows so long after this session began, to the second.
    pub fn wall(&self, from: domain::Moment, span: Millis) -> NaiveDateTime {
        let at = domain::Moment(from.plus(span).0 / 1_000 * 1_000);
        self.me.zone.civil(at)
    }

    /// The next night, from the day after tomorrow on, in which this town's clocks go forward or back: the instant at which
    /// they do, and the time on the wall that is not there then, or there twice.
    pub fn night(&self, forward: bool) -> (domain::Moment, NaiveDateTime) {
        let (zone, soon) = (&self.me.zone, self.now().plus(Millis::days(2)));
        let goes_so = |at: domain::Moment, offset: i32| (offset > zone.offset_at(at.minus(Millis(1)))) == forward;
        let found = zone.transitions.iter().find(|(at, offset)| *at > soon && goes_so(*at, *offset));
        let (at, _) = found.unwrap_or_else(|| panic!("the clocks of {} do not change any more", zone.name));
        // In Madrid they change at two or at three.
        let half_past_two = zone.civil(*at).date().and_hms_opt(2, 30, 0);
        (*at, half_past_two.unwrap_or_else(|| panic!("a day without half past two")))
    }

    /// Waits until the only publication of a post is in a state.
    pub fn wait_for(&self, post: &PostId, state: PublicationState) -> PostView {
        eventually(&format!("a publication that is {state:?}"), || {
            let view = self.read(post);
            view.publications.first().is_some_and(|publication| publication.state == state).then_some(view)
        })
    }

    /// Waits until a post's first act was tried once and waits for the next try. What became of it instead is told.
    pub fn tried_once(&self, post: &PostId) -> ActView {
        let mut last = None;
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(60) {
            let act = self.read(post).publications[0].acts[0].clone();
            if act.attempts.len() == 1 && tries_again(&act) {
                return act;
            }
            last = Some(act);
            thread::sleep(Duration::from_millis(150));
        }
        panic!("it does not wait after one try: {last:?}")
    }

    /// Retries a publication.
    pub fn retry(&self, publication: &PublicationView, reason: &str) -> Answer<PostView> {
        let why = Why { reason: reason.to_owned() };
        self.ask(&wire::publications::RETRY, &[publication.id.as_str()], &why)
    }

    /// Lets a post out by hand whose window ends before its next try; it may be found to be out meanwhile.
    pub fn let_out_late(&self, town: &Town, post: &PostId) {
        town.ahead(Millis::minutes(65));
        town.tick();
        let view = eventually("it to be held or found", || {
            let view = self.read(post);
            matches!(view.publications[0].state, PublicationState::Held | PublicationState::Out).then_some(view)
        });
        let _ = self.retry(&view.publications[0], "Que salga.");
        self.wait_for(post, PublicationState::Out);
    }

    /// Connects a network that is published by hand.
    pub fn connect_by_hand(&self, on: domain::Network, address: Option<&str>) -> Channel {
        let connect = channels::Connect::Assisted {
            on,
            channel: None,
            name: format!("{on:?}"),
            handle: "@ayuntamiento".to_owned(),
            address: address.map(str::to_owned),
        };
        match self.ok(&channels::CONNECT, &[], &connect) {
            channels::Connected::Channel { channel } => *channel,
            other => panic!("by hand, and yet {other:?}"),
        }
    }
}

/// Whether what was tried is to be tried again: its last attempt is over, and it waits for its moment. A tick, which any
/// request may set off, has taken it already where that moment is near.
pub fn tries_again(act: &ActView) -> bool {
    let is_over = act.attempts.last().is_some_and(|attempt| attempt.ended.is_some());
    is_over && matches!(act.state, ActState::Waiting | ActState::Claimed { .. })
}

/// The identity of a post in a path.
pub fn id(post: &PostView) -> &str {
    post.post.id.as_str()
}

/// What speaks of a version and needs nothing else.
pub trait AtVersion {
    /// Of this version.
    fn at(version: u64) -> Self;
}

impl AtVersion for posts::AtVersion {
    fn at(version: u64) -> Self {
        Self { version }
    }
}

impl AtVersion for posts::Submit {
    fn at(version: u64) -> Self {
        Self { version, checked: None }
    }
}

/// The version that was read.
pub fn at<Q: AtVersion>(post: &PostView) -> Q {
    Q::at(post.post.version)
}

/// An approval of what was read.
pub fn approval(post: &PostView) -> posts::Decide {
    posts::Decide {
        content_hash: post.content_hash.clone(),
        choice: Choice::Approve,
        acting_for: None,
        checked: None,
        signed: None,
    }
}

/// A slot for what was read.
pub fn slot(post: &PostView, civil: NaiveDateTime) -> posts::Place {
    posts::Place { version: post.post.version, civil, fold: None }
}

/// A reason for what was read.
pub fn because(post: &PostView, reason: &str) -> posts::Reason {
    posts::Reason { version: post.post.version, reason: reason.to_owned() }
}

/// The state of the last act of the only publication.
pub fn last_act(post: &PostView) -> &ActState {
    let last = post.publications.first().and_then(|publication| publication.acts.last());
    &last.unwrap_or_else(|| panic!("nothing was laid down: {post:?}")).state
}

//! A town of one's own in a shared engine. Journeys run side by side, each in its own organisation; those that
//! move an engine's one clock or arm its fault points have an engine to themselves, one at a time.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, Hasher, RandomState},
    sync::{Condvar, LazyLock, Mutex, Once, PoisonError},
    thread,
    time::{Duration, Instant},
};

use domain::{Content, Language, Millis, Moment, Network, PostId, Role, Target};
use serde::{Serialize, de::DeserializeOwned};
use wire::{Endpoint, Nothing, home, rehearsal};

use crate::{
    http::{Engine, encode, send_as},
    member::Member,
};

/// The engines for one journey alone that none has now.
static FREE: LazyLock<Mutex<Vec<Engine>>> = LazyLock::new(|| Mutex::new(Engine::alone()));

/// One of them came back.
static RETURNED: Condvar = Condvar::new();

/// An engine that a journey has to itself, until it drops this. One that failed has not broken the engine.
struct Hold(Engine);

impl Hold {
    fn take() -> Self {
        let mut free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match free.pop() {
                Some(engine) => return Self(engine),
                None => free = RETURNED.wait(free).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        FREE.lock().unwrap_or_else(PoisonError::into_inner).push(self.0);
        RETURNED.notify_one();
    }
}

/// An organisation with a member of every role.
pub struct Town {
    /// Its identities.
    pub founded: rehearsal::Founded,
    engine: Engine,
    /// Whether this journey may move the clock.
    alone: bool,
    /// Never read, only held.
    hold: Option<Hold>,
}

impl Town {
    /// Founds a town beside others.
    pub fn found(name: &str) -> Self {
        keep_the_beat();
        Engine::shared().enter();
        Self { founded: found(name), engine: Engine::shared(), alone: false, hold: None }
    }

    /// Founds a town with an engine to itself, so that it may move the clock and arm faults.
    pub fn alone(name: &str) -> Self {
        let hold = Hold::take();
        let engine = hold.0;
        engine.enter();
        Self { founded: found(name), engine, alone: true, hold: Some(hold) }
    }

    /// Another town on the same engine, in the same journey.
    pub fn neighbour(&self, name: &str) -> Self {
        self.engine.enter();
        Self { founded: found(name), engine: self.engine, alone: self.alone, hold: None }
    }

    /// Signs in the member of a role.
    pub fn member(&self, role: Role) -> Member {
        self.engine.enter();
        let of_role = self.founded.members.iter().find(|(member, _)| *member == role);
        let (_, member) = of_role.unwrap_or_else(|| panic!("nobody is {role:?}"));
        Member::sign_in(member, !self.alone)
    }

    /// Whoever writes and publishes.
    pub fn author(&self) -> Member {
        self.member(Role::Author)
    }

    /// Whoever approves.
    pub fn mayor(&self) -> Member {
        self.member(Role::Approver)
    }

    /// Whoever runs the desk.
    pub fn administrator(&self) -> Member {
        self.member(Role::Administrator)
    }

    /// A notice to which no rule objects, for the noticeboard, in Spanish.
    pub fn notice(&self, text: &str) -> Content {
        Content {
            titles: BTreeMap::from([(Language::spanish(), "Corte de agua".to_owned())]),
            texts: BTreeMap::from([(Language::spanish(), text.to_owned())]),
            targets: vec![Target::new(self.founded.noticeboard.clone(), vec![Language::spanish()])],
            ..Content::default()
        }
    }

    /// Moves the engine's clock so far ahead of the real one.
    pub fn ahead(&self, span: Millis) {
        assert!(self.alone, "only a journey that runs alone moves the clock");
        self.door(&rehearsal::CLOCK, &rehearsal::Clock { ahead: span.0 });
    }

    /// Arms fault points.
    pub fn arm(&self, armed: &str) -> rehearsal::Hits {
        assert!(self.alone, "only a journey that runs alone arms faults");
        self.door(&rehearsal::FAULTS, &rehearsal::Faults { armed: armed.to_owned() })
    }

    /// How often each fault point was hit so far. What is armed stays so.
    pub fn hits(&self) -> rehearsal::Hits {
        self.door(&rehearsal::HITS, &Nothing {})
    }

    /// Has a server stand for a network whose address nobody types.
    pub fn stand_in(&self, network: Network, server: &str) {
        let organisation = Some(self.founded.organisation.clone());
        door(&rehearsal::STAND_IN, &rehearsal::StandIn { organisation, network, server: server.to_owned() });
    }

    /// Changes the vault's keys, as a deployment's settings would; empty stands for the deployment's own.
    pub fn change_keys(&self, key: &str, old: &[&str]) {
        assert!(self.alone, "only a journey that runs alone changes keys");
        let old = old.iter().map(|key| (*key).to_owned()).collect();
        door(&rehearsal::KEYS, &rehearsal::Keys { key: key.to_owned(), old });
    }

    /// The clock strikes.
    pub fn tick(&self) {
        self.door(&rehearsal::TICK, &Nothing {});
    }

    /// Whether the queue has nothing to do at this moment. One whose messages are lost on purpose never says so.
    pub fn rests(&self) -> bool {
        let work = self.door(&rehearsal::WORK, &Nothing {});
        work.due == 0 && work.busy == 0
    }

    /// Gives the queue its time after a tick: until it rests, at most two seconds. A network may be slower than that, and what
    /// was put off by a moment is not waited for: whoever needs more asks again.
    pub fn settle(&self) {
        let began = Instant::now();
        // The runtime takes a moment to hand a message on.
        thread::sleep(Duration::from_millis(150));
        while !self.rests() && began.elapsed() < Duration::from_secs(2) {
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The engine's clock.
    pub fn now(&self) -> Moment {
        self.door(&home::HEALTH, &Nothing {}).now
    }

    /// From now on this thread speaks to its engine.
    pub(crate) fn enter(&self) {
        self.engine.enter();
    }

    /// Asks a door of its engine that is open to anybody.
    fn door<Q: Serialize, A: DeserializeOwned>(&self, endpoint: &Endpoint<Q, A>, request: &Q) -> A {
        self.engine.enter();
        door(endpoint, request)
    }

    /// Mails to an address, newest first.
    pub fn mails(&self, to: &str) -> Vec<rehearsal::Mail> {
        self.door(&rehearsal::MAILBOX, &Nothing {}).into_iter().filter(|mail| mail.to == to).collect()
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        if self.hold.is_some() {
            // Whatever happened: the next journey finds clock and keys right and no fault armed. A panic here would hide
            // the one that is being told of.
            self.engine.enter();
            let reset = std::panic::AssertUnwindSafe(|| {
                let hits = door(&rehearsal::FAULTS, &rehearsal::Faults { armed: String::new() });
                door(&rehearsal::CLOCK, &rehearsal::Clock { ahead: 0 });
                door(&rehearsal::KEYS, &rehearsal::Keys::default());
                hits.heaviest
            });
            let heaviest = std::panic::catch_unwind(reset);
            // Every journey on an engine of its own is also one of what the free plan allows an invocation.
            if let Ok(rehearsal::Heaviest { spent, work }) = heaviest
                && !thread::panicking()
            {
                assert!(spent <= 50, "an invocation of the queue spent {spent} of 50: {work}");
            }
        }
    }
}

fn found(name: &str) -> rehearsal::Founded {
    door(&rehearsal::FOUND, &rehearsal::Found { name: name.to_owned() })
}

/// Asks a door that is open to anybody.
fn door<Q: Serialize, A: DeserializeOwned>(endpoint: &Endpoint<Q, A>, request: &Q) -> A {
    let (path, body) = encode(endpoint.method, endpoint.path(&[]), request);
    let answer = send_as(None, endpoint.method, &path, &body).read(endpoint.pattern);
    answer.unwrap_or_else(|no| panic!("{}: {no:?}", endpoint.pattern))
}

/// An engine whose clock stands still has every request wind it, and what that costs would be put down to the route.
/// No cron runs in a test: this is it.
fn keep_the_beat() {
    static BEATING: Once = Once::new();
    BEATING.call_once(|| {
        for engine in Engine::all_shared() {
            engine.enter();
            door(&rehearsal::TICK, &Nothing {});
        }
        thread::spawn(|| {
            loop {
                thread::sleep(Duration::from_secs(45));
                for engine in Engine::all_shared() {
                    engine.enter();
                    let _ = std::panic::catch_unwind(|| door(&rehearsal::TICK, &Nothing {}));
                }
            }
        });
    });
}

/// A new identity, as the desk draws one.
pub fn new_post() -> PostId {
    let chance = || u128::from(RandomState::new().build_hasher().finish());
    PostId::from_bits((chance() << 64) | chance())
}

/// Waits until a question has an answer, at most two minutes: what is due at once is out in a moment, but not on a machine that has
/// other journeys to run.
pub fn eventually<A>(what: &str, mut ask: impl FnMut() -> Option<A>) -> A {
    let (began, mut pause) = (Instant::now(), SHORTEST);
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(began.elapsed() < Duration::from_secs(120), "{what}: not within two minutes");
        thread::sleep(pause);
        pause = (pause * 2).min(LONGEST);
    }
}

/// Between two looks of [`eventually`], at first: most of what is waited for is there in a tenth of a second.
const SHORTEST: Duration = Duration::from_millis(40);

/// Between two looks, in the end: each is a request, and others wait for the same engine.
const LONGEST: Duration = Duration::from_millis(400);

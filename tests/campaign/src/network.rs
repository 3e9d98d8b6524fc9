//! Networks that misbehave on purpose and count on their own side: one that speaks Bluesky's interface, one that speaks
//! Mastodon's, a compatible server that ignores `Idempotency-Key`, and Facebook's pages, which know no such handle: there
//! every mistake of the engine's is seen twice.
//! That our adapters speak the real networks' language is proven elsewhere, against their own servers; here only what
//! the engine makes of their failures counts.

mod bluesky;
mod facebook;
mod http;
mod mastodon;

use std::{
    collections::{BTreeMap, VecDeque},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;
use domain::{Millis, Moment};
use serde_json::Value;

use crate::engine::real_now;
pub use facebook::APP;
use http::Request;

/// What a network does wrong, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Never answers, and did nothing.
    SilentBefore,
    /// Never answers, but did it.
    SilentAfter,
    /// Hangs up before doing it.
    DropBefore,
    /// Hangs up after doing it.
    DropAfter,
    /// Breaks its answer off after doing it.
    BrokenAfter,
    /// 503, and did nothing.
    ErrorBefore,
    /// 502, but did it.
    ErrorAfter,
    /// Answers something that is not of its interface, and did nothing.
    NonsenseBefore,
    /// Answers something that is not of its interface, but did it.
    NonsenseAfter,
    /// 429 with the moment from which it will listen again.
    Throttled,
    /// 401.
    Unauthorised,
    /// The engine is killed while it waits, and nothing was done.
    KillBefore,
    /// The engine is killed while it waits, and it was done.
    KillAfter,
}

impl Fault {
    /// Those that need no death.
    pub const PLAIN: [Fault; 11] = [
        Fault::SilentBefore,
        Fault::SilentAfter,
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::BrokenAfter,
        Fault::ErrorBefore,
        Fault::ErrorAfter,
        Fault::NonsenseBefore,
        Fault::NonsenseAfter,
        Fault::Throttled,
        Fault::Unauthorised,
    ];

    fn acts(self) -> bool {
        use Fault::*;
        matches!(self, SilentAfter | DropAfter | BrokenAfter | ErrorAfter | NonsenseAfter | KillAfter)
    }
}

/// The name under which a fault is counted.
fn named(weight: Weight, fault: Fault) -> String {
    let place = if weight == Weight::Visible { "network" } else { "network, safe step" };
    format!("{place}: {fault:?}")
}

/// The names of all that a campaign arms: deaths, and a revoked access, only where they do harm.
pub fn every_fault() -> impl Iterator<Item = String> {
    let visible = Fault::PLAIN.into_iter().chain([Fault::KillBefore, Fault::KillAfter]);
    let safe = Fault::PLAIN.into_iter().filter(|fault| *fault != Fault::Unauthorised);
    let safe = safe.map(|fault| named(Weight::Safe, fault));
    visible.map(|fault| named(Weight::Visible, fault)).chain(safe)
}

/// Whether a request makes something visible, or is a step before or beside that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    Safe,
    Visible,
}

/// Something that stands on a network.
#[derive(Debug, Clone)]
struct Standing {
    id: String,
    text: String,
    at: Moment,
    key: String,
    revision: u64,
}

/// A visible call that could have made something visible: all but those refused with 401 or 429.
#[derive(Debug, Clone)]
pub struct Seen {
    /// What the call wanted to say.
    pub text: String,
}

/// What a network knows.
#[derive(Debug, Default)]
struct State {
    standing: Vec<Standing>,
    made: u64,
    seen: Vec<Seen>,
    visible: VecDeque<Fault>,
    safe: VecDeque<Fault>,
    hits: BTreeMap<String, u64>,
}

/// Which interface a network speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Bluesky's.
    Bluesky,
    /// Mastodon's.
    Mastodon,
    /// Mastodon's without `Idempotency-Key`.
    Compatible,
    /// Graph's, for pages.
    Facebook,
}

/// A running network.
#[derive(Clone)]
pub struct Network {
    /// Which.
    pub kind: Kind,
    /// Where it answers.
    pub origin: String,
    state: Arc<Mutex<State>>,
    ahead: Arc<AtomicI64>,
    kill: Arc<AtomicBool>,
}

impl Network {
    /// Starts one; `kill` is set when a fault wants the engine dead.
    pub fn start(kind: Kind, ahead: Arc<AtomicI64>, kill: Arc<AtomicBool>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let origin = format!("http://localhost:{}", listener.local_addr()?.port());
        let network = Self { kind, origin, state: Arc::default(), ahead, kill };
        let serving = network.clone();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let network = serving.clone();
                thread::spawn(move || {
                    // A connection that ended early is the other side's affair.
                    let _ = network.serve(&stream);
                });
            }
        });
        Ok(network)
    }

    /// Arms faults on the next calls.
    pub fn arm(&self, visible: impl IntoIterator<Item = Fault>, safe: impl IntoIterator<Item = Fault>) {
        if let Ok(mut state) = self.state.lock() {
            state.visible.extend(visible);
            state.safe.extend(safe);
        }
    }

    /// Disarms what was not met.
    pub fn disarm(&self) {
        if let Ok(mut state) = self.state.lock() {
            state.visible.clear();
            state.safe.clear();
        }
    }

    /// How many things stand that say this.
    pub fn count(&self, marker: &str) -> usize {
        self.state
            .lock()
            .map(|state| state.standing.iter().filter(|one| one.text.contains(marker)).count())
            .unwrap_or(0)
    }

    /// How many calls wanted to make this visible.
    pub fn calls(&self, marker: &str) -> usize {
        self.state.lock().map(|state| state.seen.iter().filter(|seen| seen.text.contains(marker)).count()).unwrap_or(0)
    }

    /// How often each fault was met so far.
    pub fn hits(&self) -> BTreeMap<String, u64> {
        self.state.lock().map(|state| state.hits.clone()).unwrap_or_default()
    }

    fn now(&self) -> Moment {
        real_now().plus(Millis(self.ahead.load(Ordering::SeqCst)))
    }

    fn serve(&self, stream: &TcpStream) -> Result<()> {
        let request = Request::read(stream)?;
        let (weight, text) = match self.kind {
            Kind::Bluesky => bluesky::weight(&request),
            Kind::Mastodon | Kind::Compatible => mastodon::weight(&request),
            Kind::Facebook => facebook::weight(&request),
        };
        let fault = self.draw(weight, &text);
        if fault.is_some_and(|fault| !fault.acts()) {
            return self.misbehave(stream, fault);
        }
        let (status, body) = {
            let Ok(mut state) = self.state.lock() else { return Ok(()) };
            match self.kind {
                Kind::Bluesky => bluesky::answer(&mut state, &request, self.now()),
                Kind::Mastodon => mastodon::answer(&mut state, &request, self.now(), &self.origin, true),
                Kind::Compatible => mastodon::answer(&mut state, &request, self.now(), &self.origin, false),
                Kind::Facebook => facebook::answer(&mut state, &request, self.now(), &self.origin),
            }
        };
        match fault {
            Some(_) => self.misbehave(stream, fault),
            None => http::answer(stream, status, &[], &body.to_string()),
        }
    }

    /// The fault of this call, if one is armed, counted.
    fn draw(&self, weight: Weight, text: &str) -> Option<Fault> {
        let mut state = self.state.lock().ok()?;
        let fault = match weight {
            Weight::Visible => state.visible.pop_front(),
            Weight::Safe => state.safe.pop_front(),
        };
        if weight == Weight::Visible && !matches!(fault, Some(Fault::Throttled | Fault::Unauthorised)) {
            state.seen.push(Seen { text: text.to_owned() });
        }
        if let Some(fault) = fault {
            *state.hits.entry(named(weight, fault)).or_default() += 1;
        }
        fault
    }

    fn misbehave(&self, stream: &TcpStream, fault: Option<Fault>) -> Result<()> {
        use Fault::*;
        let Some(fault) = fault else { return Ok(()) };
        match fault {
            SilentBefore | SilentAfter => {
                // Longer than a rehearsing engine waits.
                thread::sleep(Duration::from_millis(1_600));
                http::drop_it(stream);
            }
            DropBefore | DropAfter => http::drop_it(stream),
            BrokenAfter => http::break_off(stream)?,
            ErrorBefore => http::answer(stream, 503, &[], "{\"error\":\"InternalServerError\"}")?,
            ErrorAfter => http::answer(stream, 502, &[], "<html>Bad gateway</html>")?,
            NonsenseBefore | NonsenseAfter => http::answer(stream, 200, &[], "<html>Welcome to the hotel</html>")?,
            Throttled => {
                let until = self.now().plus(Millis::seconds(40));
                let headers =
                    [("x-ratelimit-reset", until.to_rfc3339()), ("ratelimit-reset", (until.0 / 1_000).to_string())];
                http::answer(stream, 429, &headers, "{\"error\":\"RateLimitExceeded\",\"message\":\"slow\"}")?;
            }
            Unauthorised => {
                http::answer(
                    stream,
                    401,
                    &[],
                    "{\"error\":\"AuthMissing\",\"message\":\"The access token was revoked\"}",
                )?;
            }
            KillBefore | KillAfter => {
                self.kill.store(true, Ordering::SeqCst);
                let began = Instant::now();
                while self.kill.load(Ordering::SeqCst) && began.elapsed() < Duration::from_secs(10) {
                    thread::sleep(Duration::from_millis(5));
                }
                http::drop_it(stream);
            }
        }
        Ok(())
    }
}

impl State {
    /// Makes something new.
    fn make(&mut self, text: String, key: String, at: Moment) -> Standing {
        self.made += 1;
        let standing = Standing { id: format!("{}", 115_600_000_000_000_000 + self.made), text, at, key, revision: 1 };
        self.standing.push(standing.clone());
        standing
    }
}

/// A pair of a status and a JSON body.
type Said = (u16, Value);

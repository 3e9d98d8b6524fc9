//! Networks that misbehave on purpose and count on their own side: one of each that we publish on by an interface, and a
//! server of Mastodon's kind that ignores `Idempotency-Key`. Most know no handle that makes a repeat harmless: there every
//! mistake of the engine's is seen twice.
//! That our adapters speak the real networks' language is proven elsewhere, against their own servers; here only what
//! the engine makes of their failures counts.

mod bluesky;
mod containers;
mod facebook;
mod http;
mod linkedin;
mod mastodon;
mod telegram;
mod tumblr;
mod website;
mod x;

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;
use domain::{Millis, Moment, Network as Name};
use serde_json::{Value, json};

use crate::engine::real_now;
use containers::{Container, House};
pub use facebook::APP;
use http::Request;
pub use telegram::{TOKEN as BOT, channel as chat};

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

/// What can go wrong at a network: a fault, and at which kind of step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Met(Weight, Fault);

impl fmt::Display for Met {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.0 == Weight::Visible { "network" } else { "network, safe step" };
        write!(to, "{place}: {:?}", self.1)
    }
}

/// All that a campaign arms at each network: a death only where it does harm.
pub fn every_fault() -> impl Iterator<Item = Met> {
    let visible = Fault::PLAIN.into_iter().chain([Fault::KillBefore, Fault::KillAfter]);
    let safe = Fault::PLAIN.into_iter().map(|fault| Met(Weight::Safe, fault));
    visible.map(|fault| Met(Weight::Visible, fault)).chain(safe)
}

/// Whether a request makes something visible, or is a step before or beside that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    /// What it answers; empty if nothing.
    above: String,
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
    hits: BTreeMap<Met, u64>,
    /// What is given to it to prepare.
    containers: Vec<Container>,
    /// What a site checks signatures with.
    secret: String,
    /// What a site took, by its `webhook-id`.
    taken: Vec<String>,
}

/// Which interface a network speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Bluesky's.
    Bluesky,
    /// Mastodon's.
    Mastodon,
    /// Mastodon's without `Idempotency-Key`.
    Compatible,
    /// Graph's, for pages.
    Facebook,
    /// Graph's, for accounts of Instagram.
    Instagram,
    /// Threads'.
    Threads,
    /// Telegram's for bots.
    Telegram,
    /// X's.
    X,
    /// LinkedIn's, for pages.
    Linkedin,
    /// Tumblr's.
    Tumblr,
    /// Signed webhooks.
    Website,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 11] = [
        Kind::Bluesky,
        Kind::Mastodon,
        Kind::Compatible,
        Kind::Facebook,
        Kind::Instagram,
        Kind::Threads,
        Kind::Telegram,
        Kind::X,
        Kind::Linkedin,
        Kind::Tumblr,
        Kind::Website,
    ];

    /// As the desk calls it.
    pub const fn name(self) -> Name {
        match self {
            Kind::Bluesky => Name::Bluesky,
            Kind::Mastodon | Kind::Compatible => Name::Mastodon,
            Kind::Facebook => Name::Facebook,
            Kind::Instagram => Name::Instagram,
            Kind::Threads => Name::Threads,
            Kind::Telegram => Name::Telegram,
            Kind::X => Name::X,
            Kind::Linkedin => Name::Linkedin,
            Kind::Tumblr => Name::Tumblr,
            Kind::Website => Name::Website,
        }
    }
}

/// What an account is called at the network of an origin: it ends with the port, by which it is told from others.
fn name_at(origin: &str) -> String {
    format!("town{}", origin.rsplit(':').next().unwrap_or_default())
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

    /// What everything says that stands.
    pub fn texts(&self) -> Vec<String> {
        self.state.lock().map(|state| state.standing.iter().map(|one| one.text.clone()).collect()).unwrap_or_default()
    }

    /// How many calls wanted to make this visible.
    pub fn calls(&self, marker: &str) -> usize {
        self.state.lock().map(|state| state.seen.iter().filter(|seen| seen.text.contains(marker)).count()).unwrap_or(0)
    }

    /// How often each fault was met so far.
    pub fn hits(&self) -> BTreeMap<Met, u64> {
        self.state.lock().map(|state| state.hits.clone()).unwrap_or_default()
    }

    /// A person puts the secret into the site.
    pub fn keep_secret(&self, secret: String) {
        if let Ok(mut state) = self.state.lock() {
            state.secret = secret;
        }
    }

    fn now(&self) -> Moment {
        real_now().plus(Millis(self.ahead.load(Ordering::SeqCst)))
    }

    fn serve(&self, stream: &TcpStream) -> Result<()> {
        let request = Request::read(stream)?;
        let (weight, text) = {
            let Ok(state) = self.state.lock() else { return Ok(()) };
            match self.kind {
                Kind::Bluesky => bluesky::weight(&request),
                Kind::Mastodon | Kind::Compatible => mastodon::weight(&request),
                Kind::Facebook => facebook::weight(&request),
                Kind::Instagram | Kind::Threads => House::of(self.kind.name()).weight(&state, &request),
                Kind::Telegram => telegram::weight(&request),
                Kind::X => x::weight(&request),
                Kind::Linkedin => linkedin::weight(&request),
                Kind::Tumblr => tumblr::weight(&request),
                Kind::Website => website::weight(&request),
            }
        };
        let fault = self.draw(weight, &text);
        if fault.is_some_and(|fault| !fault.acts()) {
            return self.misbehave(stream, fault);
        }
        let mut headers = Vec::new();
        let (status, body) = {
            let Ok(mut state) = self.state.lock() else { return Ok(()) };
            let (state, request, now, origin) = (&mut state, &request, self.now(), self.origin.as_str());
            match self.kind {
                Kind::Bluesky => bluesky::answer(state, request, now),
                Kind::Mastodon => mastodon::answer(state, request, now, origin, true),
                Kind::Compatible => mastodon::answer(state, request, now, origin, false),
                Kind::Facebook => facebook::answer(state, request, now, origin),
                Kind::Instagram | Kind::Threads => House::of(self.kind.name()).answer(state, request, now, origin),
                Kind::Telegram => telegram::answer(state, request, now, origin),
                Kind::X => x::answer(state, request, now, origin),
                Kind::Linkedin => {
                    let (said, id) = linkedin::answer(state, request, now, origin);
                    headers.extend(id.map(|id| ("x-restli-id", id)));
                    said
                }
                Kind::Tumblr => tumblr::answer(state, request, now, origin),
                Kind::Website => website::answer(state, request, now, origin),
            }
        };
        let body = if body.is_null() { String::new() } else { body.to_string() };
        match fault {
            Some(_) => self.misbehave(stream, fault),
            None => http::answer(stream, status, &headers, &body),
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
            *state.hits.entry(Met(weight, fault)).or_default() += 1;
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
                let seconds = (until.0 / 1_000).to_string();
                let headers = [
                    ("x-ratelimit-reset", until.to_rfc3339()),
                    ("ratelimit-reset", seconds.clone()),
                    ("x-rate-limit-reset", seconds),
                    ("retry-after", "40".to_owned()),
                ];
                let said = json!({
                    "ok": false, "error": "RateLimitExceeded", "message": "slow", "description": "Too Many Requests",
                    "parameters": { "retry_after": 40 },
                });
                http::answer(stream, 429, &headers, &said.to_string())?;
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
    /// Makes something new that answers something.
    fn make_below(&mut self, above: &str, text: String, key: String, at: Moment) -> Standing {
        let made = self.make(text, key, at);
        if let Some(standing) = self.standing.last_mut() {
            above.clone_into(&mut standing.above);
        }
        Standing { above: above.to_owned(), ..made }
    }

    /// Makes something new.
    fn make(&mut self, text: String, key: String, at: Moment) -> Standing {
        self.made += 1;
        let (id, above) = (format!("{}", 115_600_000_000_000_000 + self.made), String::new());
        let standing = Standing { id, text, at, key, revision: 1, above };
        self.standing.push(standing.clone());
        standing
    }
}

/// A pair of a status and a JSON body.
type Said = (u16, Value);

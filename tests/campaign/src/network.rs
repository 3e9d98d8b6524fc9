//! Networks that misbehave on purpose and count on their own side: one of each that we publish on by an interface, and a
//! server of Mastodon's kind that ignores `Idempotency-Key`. Videos are brought to them and worked on, and nobody looks at them.
//! Most know no handle that makes a repeat harmless: there every mistake of the engine's is seen twice.
//! That our adapters speak the real networks' language is proven elsewhere, against their own servers; here only what
//! the engine makes of their failures counts.

mod bluesky;
mod bound;
mod containers;
mod facebook;
mod http;
mod linkedin;
mod mastodon;
mod telegram;
mod tiktok;
mod tumblr;
mod website;
mod x;
mod youtube;

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
pub use bound::Counts;
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
    /// Says no with a code that its guides name, but did it.
    RefusedAfter,
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
    /// Those that need no death, in the order of their turns: what few networks have comes early, so that a short campaign has it.
    const PLAIN: [Fault; 12] = [
        Fault::SilentBefore,
        Fault::SilentAfter,
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::RefusedAfter,
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
        matches!(self, SilentAfter | DropAfter | BrokenAfter | ErrorAfter | RefusedAfter | NonsenseAfter | KillAfter)
    }
}

/// What can go wrong at a network: a fault, and at which kind of step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Met(Step, Fault);

impl Met {
    /// Whether it can be met at a network.
    pub const fn is_at(self, kind: Kind) -> bool {
        let can = match self.1 {
            Fault::KillBefore | Fault::KillAfter => self.0.is_deadly_at(kind),
            Fault::RefusedAfter => self.0.is_told_at(kind),
            _ => true,
        };
        can && self.0.is_at(kind)
    }
}

impl fmt::Display for Met {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self.0 {
            Step::Visible => "network",
            Step::Safe => "network, safe step",
            Step::Comment => "network, first comment",
            Step::Story => "network, story",
            Step::Document => "network, document",
            Step::Poll => "network, poll",
            Step::Pin => "network, pin",
            Step::Video => "network, video",
            Step::Part => "network, later part",
            Step::Upload => "network, bringing a video",
            Step::Edit => "network, correction",
            Step::Remove => "network, takedown",
        };
        write!(to, "{place}: {:?}", self.1)
    }
}

/// All that a campaign arms at some network: a death only where it does most harm, and a no that is none only where that is expected.
pub fn every_fault() -> impl Iterator<Item = Met> {
    let faults = || Fault::PLAIN.into_iter().chain([Fault::KillBefore, Fault::KillAfter]);
    let all = Step::ALL.into_iter().flat_map(move |step| faults().map(move |fault| Met(step, fault)));
    all.filter(|met| Kind::ALL.into_iter().any(|kind| met.is_at(kind)))
}

/// What a request does: it makes something visible, and what; or it is a step before or beside that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Readers see the same behind it.
    Safe,
    /// A post is there behind it.
    Visible,
    /// A comment stands below a post.
    Comment,
    /// Something is shown for a day.
    Story,
    /// A post is there with a document.
    Document,
    /// A post is there with a poll.
    Poll,
    /// A post stands at the head of its channel.
    Pin,
    /// A post is there with a video.
    Video,
    /// A post is there that answers one of ours: the second part of a thread, or a later one.
    Part,
    /// A video is brought that nobody sees yet, with its captions and its poster; or it is asked how far it is.
    Upload,
    /// What is there says something else behind it.
    Edit,
    /// What was there is there no longer.
    Remove,
}

impl Step {
    /// All of them.
    pub const ALL: [Step; 12] = [
        Step::Visible,
        Step::Safe,
        Step::Comment,
        Step::Story,
        Step::Document,
        Step::Poll,
        Step::Pin,
        Step::Video,
        Step::Part,
        Step::Upload,
        Step::Edit,
        Step::Remove,
    ];

    /// Whether a network has it.
    pub const fn is_at(self, kind: Kind) -> bool {
        match self {
            Step::Safe => true,
            // These two show nothing else than videos.
            Step::Visible => !matches!(kind, Kind::Youtube | Kind::Tiktok),
            Step::Comment | Step::Story => matches!(kind, Kind::Facebook | Kind::Instagram),
            Step::Document => matches!(kind, Kind::Linkedin | Kind::Telegram),
            Step::Poll => matches!(kind, Kind::Mastodon | Kind::Compatible | Kind::X),
            Step::Pin => matches!(kind, Kind::Telegram),
            Step::Video => true,
            // Elsewhere the parts are paragraphs of one post.
            Step::Part => kind.name().chains(),
            // Telegram and Tumblr are given it by the one call that shows it; a website is told where it is.
            Step::Upload => !matches!(kind, Kind::Telegram | Kind::Tumblr | Kind::Website),
            Step::Edit => kind.name().can_edit() && kind.name().corrects_itself(),
            // There a person takes down.
            Step::Remove => !matches!(kind, Kind::Tiktok),
        }
    }

    /// Whether the engine is killed at it at a network: deaths are costly, and a document, a poll or a video that is there goes the way
    /// of any post, where there are others. A later part is looked for among the answers, where those are a list of their own, or among
    /// all that was posted: one network of each. Corrections and takedowns go one of few ways: known by an identity that we chose,
    /// looked at, or asked about.
    pub const fn is_deadly_at(self, kind: Kind) -> bool {
        match self {
            Step::Visible | Step::Comment | Step::Story | Step::Pin | Step::Upload => self.is_at(kind),
            Step::Video => self.is_at(kind) && !Step::Visible.is_at(kind),
            Step::Part => matches!(kind, Kind::Threads | Kind::X),
            Step::Edit => matches!(kind, Kind::Bluesky | Kind::Facebook | Kind::Website),
            Step::Remove => matches!(kind, Kind::Mastodon | Kind::Facebook | Kind::X),
            Step::Safe | Step::Document | Step::Poll => false,
        }
    }

    /// Whether it names what a network was given before, so that the engine keeps that it is told to show it
    /// ([`domain::delivery::Container::told`]), and can find out what a no was worth. Elsewhere a no is taken at its word, for there is
    /// nothing to be asked: a network that lied there would prove nothing of the engine.
    const fn is_told_at(self, kind: Kind) -> bool {
        match self {
            Step::Visible => matches!(kind, Kind::Instagram | Kind::Threads),
            Step::Story => matches!(kind, Kind::Facebook | Kind::Instagram),
            Step::Video => matches!(kind, Kind::Facebook | Kind::Instagram | Kind::Threads),
            Step::Part => matches!(kind, Kind::Threads),
            _ => false,
        }
    }

    /// What can go wrong at it at a network and needs no death, in the order of their turns.
    pub fn faults_at(self, kind: Kind) -> Vec<Fault> {
        Fault::PLAIN.into_iter().filter(|fault| Met(self, *fault).is_at(kind)).collect()
    }
}

/// Something that stands on a network.
#[derive(Debug, Clone)]
struct Standing {
    id: String,
    text: String,
    at: Moment,
    key: String,
    revision: u64,
    /// When it was given other words, if it was.
    edited: Option<Moment>,
    /// What it answers, or stands below; empty if nothing.
    above: String,
    /// By which kind of step it came: what hangs there with the text.
    step: Step,
}

impl Standing {
    /// A text that answers nothing. What it is called is said where it is put.
    fn new(text: String, at: Moment) -> Self {
        let (id, key, above) = (String::new(), String::new(), String::new());
        Self { id, text, at, key, revision: 1, edited: None, above, step: Step::Visible }
    }
}

/// A visible call that could have made something visible: all but those refused with 401 or 429.
#[derive(Debug, Clone)]
pub struct Seen {
    /// What the call wanted to say.
    pub text: String,
    /// Of which kind it was.
    step: Step,
}

/// What a network knows.
#[derive(Debug, Default)]
struct State {
    standing: Vec<Standing>,
    /// What stands below it.
    comments: Vec<Standing>,
    /// What stands at its head, by identity.
    pinned: Vec<String>,
    /// The words that something was given which said others before, as often as it was.
    corrected: Vec<String>,
    made: u64,
    seen: Vec<Seen>,
    /// What calls wanted to say that were told no, and heard all the same.
    denied: Vec<String>,
    armed: BTreeMap<Step, VecDeque<Fault>>,
    hits: BTreeMap<Met, u64>,
    /// What is given to it before it is shown: to be prepared, or a file.
    containers: Vec<Container>,
    /// Who signed in there, and how far they are.
    bound: bound::Bound,
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
    /// YouTube's.
    Youtube,
    /// TikTok's.
    Tiktok,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 13] = [
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
        Kind::Youtube,
        Kind::Tiktok,
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
            Kind::Youtube => Name::Youtube,
            Kind::Tiktok => Name::Tiktok,
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

    /// Arms faults on the next calls of their kinds.
    pub fn arm(&self, faults: impl IntoIterator<Item = (Step, Fault)>) {
        if let Ok(mut state) = self.state.lock() {
            faults.into_iter().for_each(|(step, fault)| state.armed.entry(step).or_default().push_back(fault));
        }
    }

    /// Disarms what was not met.
    pub fn disarm(&self) {
        if let Ok(mut state) = self.state.lock() {
            state.armed.clear();
        }
    }

    /// How many things there are that are so.
    fn counted(&self, among: impl Fn(&State) -> &[Standing], is_so: impl Fn(&State, &Standing) -> bool) -> usize {
        self.state.lock().map(|state| among(&state).iter().filter(|one| is_so(&state, one)).count()).unwrap_or(0)
    }

    /// How many things stand that say this.
    pub fn count(&self, marker: &str) -> usize {
        self.counted(|state| state.standing.as_slice(), |_, one| one.text.contains(marker))
    }

    /// How many of them came by another kind of step: without what was to hang there.
    pub fn bare(&self, marker: &str, step: Step) -> usize {
        self.counted(|state| state.standing.as_slice(), |_, one| one.text.contains(marker) && one.step != step)
    }

    /// How many comments say this.
    pub fn comments(&self, marker: &str) -> usize {
        self.counted(|state| state.comments.as_slice(), |_, one| one.text.contains(marker))
    }

    /// How many things stand at the head of the channel that say this.
    pub fn pinned(&self, marker: &str) -> usize {
        let is_head = |state: &State, one: &Standing| one.text.contains(marker) && state.pinned.contains(&one.id);
        self.counted(|state| state.standing.as_slice(), is_head)
    }

    /// What everything says that stands.
    pub fn texts(&self) -> Vec<String> {
        self.state.lock().map(|state| state.standing.iter().map(|one| one.text.clone()).collect()).unwrap_or_default()
    }

    /// How many calls there were of some kinds that say this.
    fn called(&self, marker: &str, is_so: impl Fn(Step) -> bool) -> usize {
        let says = |seen: &&Seen| is_so(seen.step) && seen.text.contains(marker);
        self.state.lock().map(|state| state.seen.iter().filter(says).count()).unwrap_or(0)
    }

    /// How many calls wanted to make this visible.
    pub fn calls(&self, marker: &str) -> usize {
        self.called(marker, |step| !matches!(step, Step::Edit | Step::Remove))
    }

    /// How many calls wanted something to say this which said other words.
    pub fn edits(&self, marker: &str) -> usize {
        self.called(marker, |step| step == Step::Edit)
    }

    /// How many things stand that say this, and not that.
    pub fn stale(&self, marker: &str, revised: &str) -> usize {
        let is_old = |_: &State, one: &Standing| one.text.contains(marker) && !one.text.contains(revised);
        self.counted(|state| state.standing.as_slice(), is_old)
    }

    /// How often something was given these words which said others before.
    pub fn corrected(&self, revised: &str) -> usize {
        let says = |text: &&String| text.contains(revised);
        self.state.lock().map(|state| state.corrected.iter().filter(says).count()).unwrap_or(0)
    }

    /// Whether a call that wanted to make this visible was told no, and heard all the same.
    pub fn denied(&self, marker: &str) -> bool {
        self.state.lock().is_ok_and(|state| state.denied.iter().any(|text| text.contains(marker)))
    }

    /// How often each fault was met so far.
    pub fn hits(&self) -> BTreeMap<Met, u64> {
        self.state.lock().map(|state| state.hits.clone()).unwrap_or_default()
    }

    /// What it did wrong least often so far at a kind of step; among equals the first, counted from one of them.
    pub fn least_met(&self, step: Step, from: usize) -> Fault {
        let (hits, plain) = (self.hits(), step.faults_at(self.kind));
        let turn = |at: usize| plain[(from + at) % plain.len()];
        let count = |fault: &Fault| hits.get(&Met(step, *fault)).copied().unwrap_or_default();
        (0..plain.len()).map(turn).min_by_key(count).unwrap_or(plain[0])
    }

    /// A person puts the secret into the site.
    pub fn keep_secret(&self, secret: String) {
        if let Ok(mut state) = self.state.lock() {
            state.secret = secret;
        }
    }

    /// What is told of accesses that somebody signed in for.
    pub fn counts(&self) -> Counts {
        self.state.lock().map(|state| state.bound.counts()).unwrap_or_default()
    }

    /// The access that somebody signed in for ends before its time.
    pub fn expire(&self) {
        if let Ok(mut state) = self.state.lock() {
            state.bound.expire();
        }
    }

    /// Whoever is sent here to sign in does, and agrees: what they are sent back with.
    pub fn agreed(&self, address: &str) -> Option<String> {
        self.state.lock().ok()?.bound.agreed(address, &self.origin)
    }

    fn now(&self) -> Moment {
        real_now().plus(Millis(self.ahead.load(Ordering::SeqCst)))
    }

    fn serve(&self, stream: &TcpStream) -> Result<()> {
        let request = Request::read(stream)?;
        if let Some(((status, body), headers)) = self.unheard(&request) {
            return http::answer(stream, status, &headers, &body.to_string());
        }
        let (step, text) = {
            let Ok(state) = self.state.lock() else { return Ok(()) };
            match self.kind {
                Kind::Bluesky => bluesky::step(&request),
                Kind::Mastodon | Kind::Compatible => mastodon::step(&request),
                Kind::Facebook => facebook::step(&state, &request),
                Kind::Instagram | Kind::Threads => House::of(self.kind.name()).step(&state, &request),
                Kind::Telegram => telegram::step(&request),
                Kind::X => x::step(&request),
                Kind::Linkedin => linkedin::step(&request),
                Kind::Tumblr => tumblr::step(&request),
                Kind::Website => website::step(&request),
                Kind::Youtube => youtube::step(&state, &request),
                Kind::Tiktok => tiktok::step(&state, &request),
            }
        };
        let fault = self.draw(step, &text);
        if fault.is_some_and(|fault| !fault.acts()) {
            return self.misbehave(stream, fault);
        }
        let mut headers = Vec::new();
        let (status, body) = {
            let Ok(mut state) = self.state.lock() else { return Ok(()) };
            let (state, request, now, origin) = (&mut state, &request, self.now(), self.origin.as_str());
            match self.kind {
                Kind::Bluesky => {
                    headers.extend(state.bound.header(request));
                    let said = state.bound.answer(request, origin, now);
                    said.unwrap_or_else(|| bluesky::answer(state, request, now))
                }
                Kind::Mastodon => mastodon::answer(state, request, now, origin, true),
                Kind::Compatible => mastodon::answer(state, request, now, origin, false),
                Kind::Facebook => facebook::answer(state, request, now, origin),
                Kind::Instagram | Kind::Threads => House::of(self.kind.name()).answer(state, request, now, origin),
                Kind::Telegram => telegram::answer(state, request, now, origin),
                Kind::X => x::answer(state, request, now, origin),
                Kind::Linkedin => {
                    let (said, header) = linkedin::answer(state, request, now, origin);
                    headers.extend(header);
                    said
                }
                Kind::Tumblr => tumblr::answer(state, request, now, origin),
                Kind::Website => website::answer(state, request, now, origin),
                Kind::Youtube => {
                    let (said, header) = youtube::answer(state, request, now, origin);
                    headers.extend(header);
                    said
                }
                Kind::Tiktok => tiktok::answer(state, request, now, origin),
            }
        };
        let body = if body.is_null() { String::new() } else { body.to_string() };
        match fault {
            Some(_) => self.misbehave(stream, fault),
            None => http::answer(stream, status, &headers, &body),
        }
    }

    /// Why a call is not even heard, if it is not.
    fn unheard(&self, request: &Request) -> Option<(Said, Vec<Header>)> {
        if self.kind != Kind::Bluesky {
            return None;
        }
        self.state.lock().ok()?.bound.refuses(request, &self.origin, self.now())
    }

    /// The fault of this call, if one is armed, counted.
    fn draw(&self, step: Step, text: &str) -> Option<Fault> {
        let mut state = self.state.lock().ok()?;
        let fault = state.armed.get_mut(&step).and_then(VecDeque::pop_front);
        if !matches!(step, Step::Safe | Step::Upload) && !matches!(fault, Some(Fault::Throttled | Fault::Unauthorised))
        {
            state.seen.push(Seen { text: text.to_owned(), step });
        }
        if fault == Some(Fault::RefusedAfter) {
            state.denied.push(text.to_owned());
        }
        if let Some(fault) = fault {
            *state.hits.entry(Met(step, fault)).or_default() += 1;
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
            RefusedAfter => {
                // In turns, the block first.
                let met = self.hits().iter().filter(|(met, _)| met.1 == fault).map(|(_, count)| *count).sum::<u64>();
                let blocks = !met.is_multiple_of(2);
                http::answer(stream, 400, &[], &no_that_is_none(self.kind, blocks).to_string())?;
            }
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
    /// An identity that nothing has.
    fn mint(&mut self) -> String {
        self.made += 1;
        (115_600_000_000_000_000 + self.made).to_string()
    }

    /// Makes something new.
    fn make(&mut self, text: String, key: String, at: Moment) -> Standing {
        self.put(Standing { key, ..Standing::new(text, at) })
    }

    /// Makes something new that is more than a text; what it is called is said here.
    fn put(&mut self, one: Standing) -> Standing {
        let standing = Standing { id: self.mint(), ..one };
        self.standing.push(standing.clone());
        standing
    }

    /// How often it is said of what was made last that it is still worked on: of three things one takes a moment, and of seventeen one
    /// takes longer than an invocation waits.
    fn work(&self) -> u32 {
        if self.made.is_multiple_of(17) {
            6
        } else if self.made.is_multiple_of(3) {
            1
        } else {
            0
        }
    }

    /// Shows what was given by a call that names it, in the name of what was given: however often it is named, it stands there once.
    fn show(&mut self, given: &Container, text: String, at: Moment) {
        if !self.standing.iter().any(|one| one.id == given.id) {
            let (id, step) = (given.id.clone(), given.step);
            self.standing.push(Standing { id, step, ..Standing::new(text, at) });
        }
    }

    /// What was given, by what it is called.
    fn given(&self, id: &str) -> Option<&Container> {
        self.containers.iter().find(|one| one.id == id)
    }

    /// Writes a comment below what stands; nothing is written below what does not.
    fn comment(&mut self, below: &str, text: String, at: Moment) -> Option<Standing> {
        if !self.standing.iter().any(|one| one.id == below) {
            return None;
        }
        let (id, above) = (self.mint(), below.to_owned());
        let comment = Standing { id, above, step: Step::Comment, ..Standing::new(text, at) };
        self.comments.push(comment.clone());
        Some(comment)
    }

    /// The comments below what stands.
    fn comments_below<'a>(&'a self, post: &'a str) -> impl DoubleEndedIterator<Item = &'a Standing> {
        self.comments.iter().filter(move |one| one.above == post)
    }

    /// Gives other words to what is so; answers it as it stands then, if it is there. The same words again change nothing.
    fn correct(&mut self, is_so: impl Fn(&Standing) -> bool, text: String, at: Moment) -> Option<Standing> {
        let one = self.standing.iter_mut().find(|one| is_so(one))?;
        if one.text != text {
            one.revision += 1;
            one.edited = Some(at);
            self.corrected.push(text.clone());
            one.text = text;
        }
        Some(one.clone())
    }

    /// Takes something down, with what stands below it; answers whether it was there.
    fn take_down(&mut self, id: &str) -> bool {
        let there = self.standing.len();
        self.standing.retain(|one| one.id != id);
        self.comments.retain(|one| one.above != id);
        self.standing.len() < there
    }
}

/// What one of Meta's networks says no with to what it did. Neither word proves anything ([`domain::errors::proves`]): a limit, after
/// which the engine tries again by itself; or a block, which ends the act until a person does something about it. Instagram has told
/// the block of what was out (gitroomhq/postiz-app#1681).
fn no_that_is_none(kind: Kind, blocks: bool) -> Value {
    let limit = "Application request limit reached";
    let error = match (kind, blocks) {
        (_, false) => json!({ "message": limit, "code": 4 }),
        (Kind::Facebook, true) => json!({ "message": "Temporarily blocked for policies violations", "code": 368 }),
        (_, true) => json!({ "message": limit, "code": 4, "error_subcode": 2_207_051 }),
    };
    json!({ "error": error })
}

/// A pair of a status and a JSON body.
type Said = (u16, Value);

/// A header of an answer that says something.
type Header = (&'static str, String);

/// Which bytes of how many a stretch is, as its header says (`bytes 0-41/42`); nothing if it only asks (`bytes */42`).
fn stretch(request: &Request) -> Option<(u64, u64, u64)> {
    let (range, total) = request.header("content-range")?.strip_prefix("bytes ")?.split_once('/')?;
    let (from, last) = range.split_once('-')?;
    Some((from.parse().ok()?, last.parse().ok()?, total.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use domain::errors::{self, Class};

    use super::*;

    #[test]
    fn a_no_that_is_none_is_known_and_proves_nothing() {
        for kind in [Kind::Facebook, Kind::Instagram, Kind::Threads] {
            for (blocks, class) in [(false, Class::Throttled), (true, Class::Blocked)] {
                let code = errors::code(&no_that_is_none(kind, blocks));
                assert_eq!(errors::known(kind.name(), 400, &code), Some(class), "{kind:?} {code}");
                assert!(!errors::proves(kind.name(), 400, &code), "{kind:?} {code}");
            }
        }
    }

    #[test]
    fn every_fault_can_be_met_and_what_a_network_has_is_armed() {
        let all: Vec<Met> = every_fault().collect();
        assert!(all.iter().all(|met| Kind::ALL.into_iter().any(|kind| met.is_at(kind))));
        for (step, kind) in Step::ALL.into_iter().flat_map(|step| Kind::ALL.map(|kind| (step, kind))) {
            let faults = step.faults_at(kind);
            assert_eq!(faults.is_empty(), !step.is_at(kind), "{step:?} at {kind:?}");
            assert!(faults.iter().all(|fault| all.contains(&Met(step, *fault))), "{step:?} at {kind:?}");
            let lies = faults.contains(&Fault::RefusedAfter);
            assert_eq!(lies, step.is_at(kind) && step.is_told_at(kind), "{step:?} at {kind:?}");
        }
    }

    #[test]
    fn what_answers_an_earlier_post_is_a_later_part_wherever_there_are_threads() {
        let post = |path: &str, body: String| {
            let (method, path, query) = ("POST".to_owned(), path.to_owned(), String::new());
            Request { method, path, query, headers: Vec::new(), body: body.into_bytes() }
        };
        let record = |reply: Value| {
            let body = json!({ "record": { "text": "p", "reply": reply } });
            bluesky::step(&post("/xrpc/com.atproto.repo.putRecord", body.to_string())).0
        };
        let status = |above: Value| {
            let body = json!({ "status": "p", "in_reply_to_id": above });
            mastodon::step(&post("/api/v1/statuses", body.to_string())).0
        };
        let tweet = |reply: Value| x::step(&post("/2/tweets", json!({ "text": "p", "reply": reply }).to_string())).0;
        let (house, mut state) = (House::of(Name::Threads), State::default());
        let mut thread = |above: &str| {
            let made = post("/v1.0/17841/threads", format!("media_type=TEXT&text=p&reply_to_id={above}"));
            let (_, said) = house.answer(&mut state, &made, Moment(0), "http://localhost:1");
            let id = said["id"].as_str().unwrap_or_default();
            house.step(&state, &post("/v1.0/17841/threads_publish", format!("creation_id={id}"))).0
        };
        let first = [record(Value::Null), status(Value::Null), tweet(Value::Null), thread("")];
        assert_eq!(first, [Step::Visible; 4]);
        let parent = json!({ "parent": { "uri": "at://1" } });
        let later = [record(parent), status("1".into()), tweet(json!({ "in_reply_to_tweet_id": "1" })), thread("1")];
        assert_eq!(later, [Step::Part; 4]);
        let all = Kind::ALL.into_iter().filter(|kind| Step::Part.is_at(*kind));
        let spoken = [Kind::Bluesky, Kind::Mastodon, Kind::Compatible, Kind::Threads, Kind::X];
        assert_eq!(all.collect::<Vec<_>>(), spoken, "each of them was asked");
    }
}

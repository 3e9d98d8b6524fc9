//! What a small town costs: one working day, done on a running engine and counted, held against what a free plan gives a day.
//! What repeats is done once and multiplied; what a post brings about is done whole. Written to `docs/COST.md`.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::{Ground, Row, machine};
use crate::engine::{self, Engine};
use crate::http::{self, Visitor};
use crate::networks::Networks;
use crate::place;

/// The town: so many posts a day, on so many channels.
const POSTS: u32 = 6;
const CHANNELS: u32 = 10;

/// Who works at the desk, for how long, and how often each goes through the pages in that time.
const PEOPLE: f64 = 5.0;
const HOURS: f64 = 8.0;
const ROUNDS: f64 = 20.0;

/// Who has the desk open meanwhile, two before each of its pages; for how many hours somebody really sees it; and how often
/// in that time something moves that is shown there.
const WATCHERS: f64 = 10.0;
const EACH: f64 = 2.0;
const SEEN: f64 = HOURS / 2.0;
const CHANGES: f64 = 40.0;

/// How often each asks (`domain/src/rhythm.rs`): every half minute, as if they did something all of the time, and twice more
/// where something has moved.
const PULSES: f64 = SEEN * 120.0 + CHANGES * 2.0;

/// How often each reads again: when something has moved, and every ten minutes besides.
const AGAIN: f64 = CHANGES + SEEN * 6.0;

/// How often who follows posts watches one go out, by so many questions of five seconds.
const WATCHED: f64 = 3.0 * 24.0;

/// How often who writes opens a post and leaves it, and how often in an hour it is written down that they are there.
const OPENED: f64 = 20.0;
const TOLD: f64 = 60.0;

/// What all of them together may take of a day's requests, in percent: a tenth (`docs/DESIGN.md`).
const MOST_FOR_THE_DESKS: f64 = 10.0;

/// What a free plan gives a day.
const REQUESTS: f64 = 100_000.0;

/// How often the mayor opens what waits.
const DECISIONS: f64 = 10.0;

/// A tenth of 5,000 neighbours looks at the noticeboard and at one notice; fifty readers of feeds ask each hour.
const NEIGHBOURS: f64 = 500.0;
const FEEDS: f64 = 50.0 * 24.0;

/// The clock: the cron each minute, and the queue's own (`edge/src/clock.rs`, `WAKE_EVERY`).
const CRONS: f64 = 1_440.0;
const WAKES: f64 = 576.0;

/// How often something that repeats is done to know what it costs.
const TIMES: u32 = 20;

/// What a post carries: pictures for the networks, and how much of one is stored.
const PICTURES: f64 = 1.0;
const PICTURE: f64 = 400_000.0;

/// What of a message is an operation: written, read, deleted.
const OPERATIONS: f64 = 3.0;

/// What was spent on something.
#[derive(Debug, Clone, Copy, Default)]
struct Spent {
    requests: f64,
    messages: f64,
    read: f64,
    written: f64,
    bytes: f64,
}

impl Spent {
    fn times(self, times: f64) -> Self {
        let Self { requests, messages, read, written, bytes } = self;
        Self {
            requests: requests * times,
            messages: messages * times,
            read: read * times,
            written: written * times,
            bytes: bytes * times,
        }
    }
    fn and(self, other: Self) -> Self {
        Self {
            requests: self.requests + other.requests,
            messages: self.messages + other.messages,
            read: self.read + other.read,
            written: self.written + other.written,
            bytes: self.bytes + other.bytes,
        }
    }
}

/// The engine, and what it has spent.
struct Counter {
    doors: Visitor,
    /// How large the database was.
    bytes: f64,
}

impl Counter {
    fn ask(&mut self) -> Result<Value> {
        self.doors.must("GET", "/api/rehearsal/spending", &Value::Null)
    }

    /// What an act spends, until nothing of it is on its way any more.
    fn of(&mut self, act: impl FnOnce(&mut Visitor) -> Result<()>) -> Result<Spent> {
        self.settle()?;
        let before = self.ask()?["bytes"].as_f64().unwrap_or(self.bytes);
        act(&mut self.doors)?;
        let looks = self.settle()?;
        let spent = self.ask()?;
        let field = |name: &str| spent[name].as_f64().with_context(|| format!("the engine does not say {name}"));
        self.bytes = field("bytes")?;
        Ok(Spent {
            requests: field("invocations")? - f64::from(looks),
            messages: field("messages")?,
            read: field("rows_read")?,
            written: field("rows_written")?,
            bytes: self.bytes - before,
        })
    }

    /// Waits until the queue is done; answers how often it looked.
    fn settle(&mut self) -> Result<u32> {
        let began = Instant::now();
        for look in 1.. {
            let work = self.doors.must("GET", "/api/rehearsal/work", &Value::Null)?;
            if work["due"] == 0 && work["busy"] == 0 {
                return Ok(look);
            }
            ensure!(began.elapsed() < Duration::from_secs(60), "the queue does not come to an end: {work}");
            thread::sleep(Duration::from_millis(20));
        }
        Ok(0)
    }
}

/// A day's shares of what a free plan gives.
pub fn day(ground: &Ground) -> Result<Vec<Row>> {
    let data = place::built().join("bench-cost");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let networks = Networks::start(http::free_port()?)?;
    let options = engine::Options::rehearsal(ground.kind, data)?;
    let engine = Engine::start(&ground.tools, &options)?;
    println!("  founding a town with {CHANNELS} channels");
    let town = Town::found(&engine, &networks)?;
    let mut counter = Counter { doors: Visitor::new(engine.origin()), bytes: 0.0 };
    let mut parts = Vec::new();

    let posts = (0..POSTS).try_fold(Spent::default(), |all, number| -> Result<Spent> {
        println!("  publishing the post {} of {POSTS}", number + 1);
        Ok(all.and(counter.of(|doors| town.publish(doors, number))?))
    })?;
    parts.push(("posts written, agreed to and published", posts));
    println!("  asking {TIMES} times what repeats: the clock, the networks, the pages");
    let tick = counter
        .of(|doors| (0..TIMES).try_for_each(|_| doors.must("POST", "/api/rehearsal/tick", &Value::Null).map(drop)))?;
    // A tick of the queue's own clock is a message besides.
    let tick = tick.times(1.0 / f64::from(TIMES));
    let wakes = Spent { messages: tick.messages + 1.0, ..tick }.times(WAKES);
    parts.push(("the clock", tick.times(CRONS).and(wakes)));
    // Asked by a message each, where here it is by a request each.
    let asked = counter.of(|doors| town.check(doors))?;
    let watch = Spent { messages: asked.messages + town.automatic.len() as f64, ..asked };
    parts.push(("networks asked whether they let us in", watch.times(24.0)));
    let mut author = town.sign_in("author")?;
    let pages = town.pages();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let round = counter.of(|_| repeated(&mut author, &pages))?.times(1.0 / f64::from(TIMES));
    parts.push(("pages of the desk", round.times(PEOPLE * ROUNDS)));
    let mut desks = Spent::default();
    for Open { what, pulse, often, read } in town.left_open()? {
        println!("  {what}");
        let mut spent = Spent::default();
        for (paths, times) in [(vec![pulse], often), (read, AGAIN)] {
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            let one = counter.of(|_| repeated(&mut author, &paths))?.times(1.0 / f64::from(TIMES));
            // What is looked at, or written over, makes nothing larger.
            spent = spent.and(Spent { bytes: 0.0, ..one.times(EACH * times) });
        }
        desks = desks.and(spent);
        parts.push((what, spent));
    }
    // Asked so quickly, it was written down once; and whoever leaves says so.
    let (post, gone) = (format!("/api/pulse?post={POST}&writing=true"), format!("/api/pulse?left={POST}"));
    let come_and_gone = counter.of(|_| repeated(&mut author, &[&post, &gone]))?.times(1.0 / f64::from(TIMES));
    let told = Spent { written: EACH * SEEN * TOLD, ..Spent::default() };
    let presence = Spent { bytes: 0.0, ..come_and_gone.times(EACH * OPENED) }.and(told);
    desks = desks.and(presence);
    parts.push(("posts opened to be written in, and left", presence));
    let mut mayor = town.sign_in("approver")?;
    let opened = counter.of(|_| repeated(&mut mayor, &["/api/boot", "/api/deciding"]))?.times(1.0 / f64::from(TIMES));
    parts.push(("what waits, on a phone", opened.times(DECISIONS)));
    let mut nobody = Visitor::new(engine.origin());
    let board = town.board();
    let board: Vec<&str> = board.iter().map(String::as_str).collect();
    let looked = counter.of(|_| repeated(&mut nobody, &board))?.times(1.0 / f64::from(TIMES));
    parts.push(("neighbours at the noticeboard", looked.times(NEIGHBOURS)));
    let feed = format!("/{}/feed.atom", town.slug);
    let read = counter.of(|_| repeated(&mut nobody, &[&feed]))?.times(1.0 / f64::from(TIMES));
    parts.push(("readers of the feed", read.times(FEEDS)));

    let all = parts.iter().fold(Spent::default(), |all, (_, part)| all.and(*part));
    let quotas = quotas(all);
    fs::write(place::root().join("docs/COST.md"), page(&parts, all, &quotas)?).context("cannot write docs/COST.md")?;
    let share = |quota: &Quota| 100.0 * quota.used / quota.given;
    let whole = quotas
        .iter()
        .map(|quota| Row::new(format!("a town of 5,000 on the free plan: {}", quota.what), share(quota), "%", 100.0));
    let desks = Row::new(
        format!("what the desks of {WATCHERS} people ask by themselves, seen for {SEEN} hours: requests a day"),
        100.0 * desks.requests / REQUESTS,
        "%",
        MOST_FOR_THE_DESKS,
    );
    Ok(whole.chain([desks]).collect())
}

/// Does the same some times: what is read once more costs less the first time, when nothing is at hand.
fn repeated(visitor: &mut Visitor, paths: &[&str]) -> Result<()> {
    for path in (0..TIMES).flat_map(|_| paths) {
        let answer = visitor.ask("GET", path, &Value::Null)?;
        ensure!(answer.status == 200, "GET {path}: {} {}", answer.status, answer.body);
    }
    Ok(())
}

/// A post of the town, the first.
const POST: &str = "00000000000000000000000010";

/// A page that stands open: by which question it follows what moves, how often one person asks it, and what is read again when
/// it says that something has.
struct Open {
    what: &'static str,
    pulse: String,
    often: f64,
    read: Vec<String>,
}

/// A town with ten channels: its noticeboard, networks that are posted to, and networks that somebody serves by hand.
struct Town {
    members: Vec<Value>,
    channels: Vec<String>,
    automatic: Vec<String>,
    slug: String,
    origin: String,
}

impl Town {
    fn found(engine: &Engine, networks: &Networks) -> Result<Self> {
        let name = "Villa de las Cuentas";
        let founded =
            Visitor::new(engine.origin()).must("POST", "/api/rehearsal/organisations", &json!({ "name": name }))?;
        let mut town = Self {
            members: founded["members"].as_array().cloned().context("no members")?,
            channels: vec![founded["noticeboard"].as_str().context("no noticeboard")?.to_owned()],
            automatic: Vec::new(),
            slug: String::new(),
            origin: engine.origin().to_owned(),
        };
        let mut administrator = town.sign_in("administrator")?;
        let me = administrator.must("GET", "/api/boot", &Value::Null)?;
        town.slug = me["me"]["organisation"]["slug"].as_str().context("no address of the town")?.to_owned();
        for number in 0..CHANNELS - 1 {
            let body = match number {
                0..=5 => json!({
                    "network": "bluesky", "server": networks.origin(), "identifier": format!("villa{number}.test"),
                    "app_password": "sand-boxx-pass-word",
                }),
                _ => json!({
                    "network": "assisted", "on": "whatsapp", "channel": null, "name": format!("Canal {number}"),
                    "handle": format!("villa{number}"), "address": null,
                }),
            };
            let made = administrator.must("POST", "/api/channels", &body)?;
            let id = made["channel"]["id"].as_str().with_context(|| format!("no channel: {made}"))?.to_owned();
            if number <= 5 {
                town.automatic.push(id.clone());
            }
            town.channels.push(id);
        }
        Ok(town)
    }

    fn sign_in(&self, role: &str) -> Result<Visitor> {
        let member = self.members.iter().find(|pair| pair[0] == role).context("no such role")?;
        let mut visitor = Visitor::new(&self.origin);
        visitor.must("POST", "/api/rehearsal/sign-in", &json!({ "member": member[1] }))?;
        Ok(visitor)
    }

    /// A post, from its first word to its last channel: saved while it is typed, read, sent, agreed to, published.
    fn publish(&self, doors: &mut Visitor, number: u32) -> Result<()> {
        let (mut author, mut mayor) = (self.sign_in("author")?, self.sign_in("approver")?);
        let post = format!("/api/posts/000000000000000000000000{:02}", number + 10);
        let targets: Vec<Value> =
            self.channels.iter().map(|channel| json!({ "channel": channel, "languages": ["es"] })).collect();
        let text = "Mañana por la tarde, a las seis, hay pleno en el salón de actos. Se puede ver en directo.";
        let mut view = json!({ "post": { "version": 0 } });
        for saved in 1..=8 {
            let end = text.char_indices().nth(saved * 10).map_or(text.len(), |(end, _)| end);
            let content = json!({
                "kind": "routine", "titles": { "es": format!("Pleno {number}") }, "texts": { "es": &text[..end] },
                "targets": targets,
            });
            view = author.must("PUT", &post, &json!({ "version": view["post"]["version"], "content": content }))?;
        }
        author.must("GET", &post, &Value::Null)?;
        let sent = json!({ "version": view["post"]["version"] });
        let view = author.must("POST", &format!("{post}/submissions"), &sent)?;
        mayor.must("GET", "/api/deciding", &Value::Null)?;
        let decision = json!({ "content_hash": view["content_hash"], "choice": { "decision": "approve" } });
        let view = mayor.must("POST", &format!("{post}/decisions"), &decision)?;
        author.must("POST", &format!("{post}/release"), &json!({ "version": view["post"]["version"] }))?;
        let began = Instant::now();
        loop {
            doors.must("POST", "/api/rehearsal/tick", &Value::Null)?;
            let view = author.must("GET", &post, &Value::Null)?;
            let states: Vec<&str> =
                view["publications"].as_array().into_iter().flatten().filter_map(|one| one["state"].as_str()).collect();
            if states.len() == self.channels.len() && states.iter().all(|state| matches!(*state, "out" | "in_hand")) {
                return Ok(());
            }
            ensure!(began.elapsed() < Duration::from_secs(60), "it does not come out: {states:?}");
            thread::sleep(Duration::from_millis(500));
        }
    }

    /// Each network is asked once.
    fn check(&self, _: &mut Visitor) -> Result<()> {
        let mut administrator = self.sign_in("administrator")?;
        self.automatic.iter().try_for_each(|channel| {
            administrator.must("POST", &format!("/api/channels/{channel}/checks"), &Value::Null).map(drop)
        })
    }

    /// What a desk asks when somebody goes through it.
    fn pages(&self) -> Vec<String> {
        let paths = ["/api/home", "/api/posts?unplaced=true", "/api/channels", "/api/tasks", "/api/notices"];
        let post = format!("/api/posts/{POST}");
        paths.map(str::to_owned).into_iter().chain([post]).collect()
    }

    /// What a calendar asks when something in it has changed: its week, what has no slot, what stands on the days.
    fn calendar(&self) -> Result<Vec<String>> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let (from, until) = (now - 3 * 86_400_000, now + 4 * 86_400_000);
        Ok(vec![
            format!("/api/posts?from={from}&until={until}"),
            "/api/posts?unplaced=true".to_owned(),
            // What stands on any week costs the same.
            "/api/marks?first=2026-03-02&last=2026-03-08".to_owned(),
        ])
    }

    /// What stands open, and what each page reads again (`app/src/state/pulse.rs`, and the pages that listen to it): the frame
    /// too, on every one of them.
    fn left_open(&self) -> Result<[Open; 5]> {
        let read =
            |paths: &[&str]| ["/api/boot"].iter().chain(paths).map(|path| (*path).to_owned()).collect::<Vec<_>>();
        let (post, comments) = (format!("/api/posts/{POST}"), format!("/api/posts/{POST}/comments"));
        let looking = format!("/api/pulse?post={POST}");
        let waiting = ["/api/posts?waiting=true", "/api/links", "/api/emergencies", comments.as_str()];
        let open = |what, pulse: &str, often, read| Open { what, pulse: pulse.to_owned(), often, read };
        let calendar = self.calendar()?;
        let calendar: Vec<&str> = calendar.iter().map(String::as_str).collect();
        Ok([
            open("the calendar left open, two people", "/api/pulse", PULSES, read(&calendar)),
            open("home left open, two people", "/api/pulse", PULSES, read(&["/api/home"])),
            open("a post left open, two people", &looking, PULSES + WATCHED, read(&[post.as_str(), comments.as_str()])),
            open("the composer left open, two people", &[&looking, "&writing=true"].concat(), PULSES, read(&[])),
            open("approvals left open, two people", &looking, PULSES, read(&waiting)),
        ])
    }

    /// What the browser of a neighbour asks for: the noticeboard, the calendar of events, and how they look.
    fn board(&self) -> Vec<String> {
        ["", "events", "style.css", "icon.svg"].map(|page| format!("/{}/{page}", self.slug)).to_vec()
    }
}

/// What a free plan gives, and how much of it is used.
struct Quota {
    what: &'static str,
    used: f64,
    given: f64,
    unit: &'static str,
}

/// <https://developers.cloudflare.com/workers/platform/limits/>, `/d1/platform/limits/`, `/d1/platform/pricing/`,
/// `/queues/platform/pricing/`, `/r2/pricing/`, as of 2026-11.
fn quotas(day: Spent) -> [Quota; 8] {
    let year = 365.0;
    let pictures = f64::from(POSTS) * PICTURES;
    let month = 365.0 / 12.0;
    // Each network fetches or is sent a picture, and it is looked at some times at the desk and on the noticeboard.
    let shown = pictures * (f64::from(CHANNELS) + 20.0) + NEIGHBOURS;
    [
        Quota { what: "requests a day", used: day.requests, given: REQUESTS, unit: "" },
        Quota { what: "rows read a day", used: day.read, given: 5_000_000.0, unit: "" },
        Quota { what: "rows written a day", used: day.written, given: 100_000.0, unit: "" },
        Quota { what: "queue operations a day", used: day.messages * OPERATIONS, given: 10_000.0, unit: "" },
        Quota { what: "database after a year", used: day.bytes * year / 1e6, given: 500.0, unit: " MB" },
        Quota { what: "pictures after a year", used: pictures * PICTURE * year / 1e9, given: 10.0, unit: " GB" },
        Quota { what: "pictures stored a month (class A)", used: pictures * month, given: 1_000_000.0, unit: "" },
        Quota { what: "pictures read a month (class B)", used: shown * month, given: 10_000_000.0, unit: "" },
    ]
}

/// The same reckoned from the rules alone, for who wants to know where it ends.
const PAPER: &str = "
## What ten open desks ask by themselves, on paper

A tenth of a free day is 10,000 requests: 1,000 a person. Each has the desk open for eight hours and sees it for four (a tab that
nobody sees asks nothing), on whichever page. Something that they see moves 40 times. The rhythm stands in `domain/src/rhythm.rs`, where
a test holds it against these 1,000.

| One person, a day | They seldom do anything | They do something all of the time | If that were every 15 seconds |
|---|---:|---:|---:|
| the pulse: every two minutes, every 30 seconds, every 15 | 120 | 480 | 960 |
| asked sooner, because something has just moved: 40 times, thrice (idle) or twice | 120 | 80 | 0 |
| what is read again then: the frame and two requests of the page | 120 | 120 | 120 |
| the same every ten minutes, whatever has moved | 72 | 72 | 72 |
| twenty posts opened and left, two requests to read them once more and two to come and go | 80 | 80 | 80 |
| three posts watched on their way out, every five seconds for two minutes | 72 | 72 | 72 |
| **all** | **584** | **904** | **1,304** |
| **ten people, of 100,000** | **5.8 %** | **9.0 %** | **13.0 %** |

So what somebody does brings the pulse back to half a minute and no further; only where something has moved, or was opened, is it asked
after 15 seconds. Who writes is written down at most every 40 seconds, which at this rhythm is each minute: 240 rows a person, 2.4 % of
what ten people may write.
";

fn page(parts: &[(&str, Spent)], all: Spent, quotas: &[Quota]) -> Result<String> {
    let mut text = format!(
        "# What a small town costs

Written by `cargo xtask bench cost` at {}; not by hand.

A town of 5,000 neighbours, on a working day like every other of the year: {POSTS} posts on {CHANNELS} channels (the noticeboard,
six accounts that are posted to, three that somebody serves by hand), {PEOPLE} people who each go through the pages {ROUNDS} times, {WATCHERS} people with the
desk open for {HOURS} hours, two before each of five pages, of which they see half and do something all of the time, while something
moves {CHANGES} times, a mayor who opens what waits {DECISIONS} times, {NEIGHBOURS} neighbours at the noticeboard, fifty programs that ask for the feed each hour.
All of it is done on a running engine, which counts; what repeats is done {TIMES} times and multiplied. An inbox is not
there yet, and not counted.

## Held against the free plan

| What Cloudflare gives for nothing | Given | Used | Share |
|---|---:|---:|---:|
",
        machine()?
    );
    for Quota { what, used, given, unit } in quotas {
        let share = 100.0 * used / given;
        let _ = writeln!(text, "| {what} | {}{unit} | {}{unit} | {share:.1} % |", round(*given), round(*used));
    }
    text += "
Pictures are reckoned and not counted: one of 400 KB a post, sent to each network, looked at twenty times at the desk and once
by each neighbour. What an invocation may spend (50 queries, 50 calls, 10 ms) is another measure: [BENCH](BENCH.md).

## Where it goes

| A day | Requests | Of those given | Rows read | Rows written | Messages | Bytes |
|---|---:|---:|---:|---:|---:|---:|
";
    for (what, spent) in parts.iter().copied().chain([("**all**", all)]) {
        let Spent { requests, messages, read, written, bytes } = spent;
        let share = 100.0 * requests / REQUESTS;
        let cells = [read, written, messages, bytes].map(round).join(" | ");
        let _ = writeln!(text, "| {what} | {} | {share:.1} % | {cells} |", round(requests));
    }
    text += PAPER;
    Ok(text)
}

/// Whole, with a thin space between thousands; with two decimals below ten.
fn round(value: f64) -> String {
    if value.fract() != 0.0 && value.abs() < 10.0 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!([3.0, 0.5, 12_345.4, 1_000_000.0].map(round), ["3", "0.50", "12,345", "1,000,000"]);
    }

    #[test]
    fn every_quota_of_a_day_is_reckoned_from_what_was_spent() {
        let spent = Spent { requests: 50_000.0, messages: 1_000.0, read: 1.0, written: 2.0, bytes: 1e6 };
        let share =
            |what: &str| quotas(spent).iter().find(|quota| quota.what == what).map(|quota| quota.used / quota.given);
        assert_eq!(share("requests a day"), Some(0.5));
        assert_eq!(share("queue operations a day"), Some(0.3));
        assert_eq!(share("database after a year"), Some(0.73));
    }
}

//! The engine as a campaign meets it: typed calls over HTTP by its people, its test doors, and its sudden death.

use std::{
    collections::BTreeMap,
    io::{BufRead, Write},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};
use domain::{MediaId, MemberId, Moment, Role, record, zone::Zone};
use serde::{Serialize, de::DeserializeOwned};
use ureq::Agent;
use wire::{Endpoint, Method, Nothing, documents, rehearsal, session::Me, videos};

/// The longest that anything is waited for.
const PATIENCE: Duration = Duration::from_secs(40);

/// A member who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    cookie: String,
    /// The zone of their organisation.
    pub zone: Zone,
}

/// The engine.
pub struct Engine {
    /// Where it answers.
    pub origin: String,
    agent: Agent,
    /// How far its clock is moved; shared with the networks, whose clocks are right.
    ahead: Arc<AtomicI64>,
    kills: AtomicU32,
    /// How often each point fired in engines that were killed since.
    fired_before: Mutex<BTreeMap<String, u64>>,
    /// What stands for which network: an engine that was killed has forgotten it.
    stand_ins: Mutex<Vec<rehearsal::StandIn>>,
    /// The invocation of the queue that spent most since somebody asked; an engine that was killed has forgotten that too.
    heaviest: Mutex<rehearsal::Heaviest>,
}

/// A call that was answered with a refusal, or not at all.
#[derive(Debug)]
pub struct No {
    /// The status; 0 if nothing answered.
    pub status: u16,
    /// What it said.
    pub body: String,
}

impl std::fmt::Display for No {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{} {}", self.status, self.body)
    }
}

impl std::error::Error for No {}

impl Engine {
    /// The engine at an origin.
    pub fn at(origin: String) -> Self {
        let agent = Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build().into();
        Self {
            origin,
            agent,
            ahead: Arc::default(),
            kills: AtomicU32::new(0),
            fired_before: Mutex::default(),
            stand_ins: Mutex::default(),
            heaviest: Mutex::default(),
        }
    }

    /// How far its clock is moved.
    pub fn ahead(&self) -> Arc<AtomicI64> {
        Arc::clone(&self.ahead)
    }

    /// How often it was killed.
    pub fn kills(&self) -> u32 {
        self.kills.load(Ordering::SeqCst)
    }

    /// What its clock shows.
    pub fn now(&self) -> Moment {
        real_now().plus(domain::Millis(self.ahead.load(Ordering::SeqCst)))
    }

    /// Calls an endpoint as somebody.
    ///
    /// # Errors
    /// `No`.
    pub fn call<Q: Serialize, A: DeserializeOwned>(
        &self,
        who: Option<&Person>,
        endpoint: &Endpoint<Q, A>,
        parts: &[&str],
        body: &Q,
    ) -> Result<A, No> {
        let (text, _) = self.send(who, endpoint, parts, body)?;
        serde_json::from_str(&text).map_err(|error| No { status: 0, body: format!("{error}: {text}") })
    }

    fn send<Q: Serialize, A>(
        &self,
        who: Option<&Person>,
        endpoint: &Endpoint<Q, A>,
        parts: &[&str],
        body: &Q,
    ) -> Result<(String, Option<String>), No> {
        let url = format!("{}{}", self.origin, endpoint.path(parts));
        let cookie = who.map(|person| person.cookie.as_str()).unwrap_or_default();
        let bytes = serde_json::to_vec(body).unwrap_or_default();
        let with = |request: ureq::RequestBuilder<ureq::typestate::WithBody>| {
            let request = request.header("origin", &self.origin).header("x-pregon", "1").header("cookie", cookie);
            request.content_type("application/json").send(&bytes)
        };
        let answer = match endpoint.method {
            Method::Get => self.agent.get(&url).header("cookie", cookie).call(),
            Method::Delete => self
                .agent
                .delete(&url)
                .header("origin", &self.origin)
                .header("x-pregon", "1")
                .header("cookie", cookie)
                .call(),
            Method::Post => with(self.agent.post(&url)),
            Method::Put => with(self.agent.put(&url)),
        };
        let mut answer = answer.map_err(|error| No { status: 0, body: error.to_string() })?;
        let status = answer.status().as_u16();
        let cookie = answer.headers().get("set-cookie").and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
        let text = answer.body_mut().read_to_string().map_err(|error| No { status: 0, body: error.to_string() })?;
        if (200..300).contains(&status) { Ok((text, cookie)) } else { Err(No { status, body: text }) }
    }

    /// Stores a document, a PDF, as somebody: brings it, and has it looked through.
    pub fn bring(&self, who: &Person, bytes: &[u8]) -> Result<documents::Stored> {
        let request = self.agent.put(format!("{}{}", self.origin, documents::STORE.path(&[])));
        let request = request.header("origin", &self.origin).header("x-pregon", "1").header("cookie", &who.cookie);
        let request = request.header("x-pregon-sha256", record::sha256_hex(bytes)).header("x-pregon-name", "acta.pdf");
        let request = request.header(documents::BYTES, bytes.len().to_string());
        let mut answer = request.content_type("application/octet-stream").send(bytes)?;
        let text = answer.body_mut().read_to_string()?;
        let coming: documents::Coming =
            serde_json::from_str(&text).with_context(|| format!("a document was not brought: {text}"))?;
        loop {
            let looked = self.call(Some(who), &documents::LOOK, &[coming.id.as_str()], &Nothing {})?;
            if let Some(stored) = looked.stored {
                return Ok(stored);
            }
        }
    }

    /// Stores a video of one part as somebody.
    pub fn film(&self, who: &Person, bytes: &[u8]) -> Result<videos::Stored> {
        let begin = videos::Begin { name: "pleno.mp4".to_owned(), bytes: bytes.len() as u64 };
        let coming = self.call(Some(who), &videos::BEGIN, &[], &begin)?;
        let request = self.agent.put(format!("{}{}", self.origin, videos::PART.path(&[coming.id.as_str(), "0"])));
        let request = request.header("origin", &self.origin).header("x-pregon", "1").header("cookie", &who.cookie);
        let request = request.header("x-pregon-sha256", record::sha256_hex(bytes));
        let mut answer = request.content_type("application/octet-stream").send(bytes)?;
        if !answer.status().is_success() {
            bail!("a video was not brought: {}", answer.body_mut().read_to_string()?);
        }
        Ok(self.call(Some(who), &videos::FINISH, &[coming.id.as_str()], &Nothing {})?)
    }

    /// Brings captions for a video as somebody; answers how a content names them.
    pub fn caption(&self, who: &Person, video: &MediaId, words: &str) -> Result<String> {
        let request = self.agent.post(format!("{}{}", self.origin, videos::CAPTION.path(&[video.as_str()])));
        let request = request.header("origin", &self.origin).header("x-pregon", "1").header("cookie", &who.cookie);
        let mut answer = request.content_type("text/vtt").send(words.as_bytes())?;
        let text = answer.body_mut().read_to_string()?;
        let kept: videos::Captioned =
            serde_json::from_str(&text).with_context(|| format!("captions were not stored: {text}"))?;
        Ok(kept.said)
    }

    /// Stores a picture, a JPEG, as somebody.
    pub fn store(&self, who: &Person, bytes: &[u8]) -> Result<wire::media::Stored> {
        let request = self.agent.post(format!("{}{}", self.origin, wire::media::STORE.path(&[])));
        let request = request.header("origin", &self.origin).header("x-pregon", "1").header("cookie", &who.cookie);
        let mut answer = request.content_type("image/jpeg").send(bytes)?;
        let text = answer.body_mut().read_to_string()?;
        serde_json::from_str(&text).with_context(|| format!("a picture was not stored: {text}"))
    }

    /// A page or file of the public side: its status and text.
    pub fn page(&self, path: &str) -> Result<(u16, String)> {
        let mut answer = self.agent.get(format!("{}{path}", self.origin)).call()?;
        Ok((answer.status().as_u16(), answer.body_mut().read_to_string()?))
    }

    /// Follows the way back from a network, as a browser would; the status says whether it was taken.
    pub fn come_back(&self, person: &Person, path: &str) -> Result<u16> {
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .build()
            .into();
        let answer = agent.get(format!("{}{path}", self.origin)).header("cookie", &person.cookie).call()?;
        // Whatever happens, it ends in the desk, whose address says what came of it.
        let to = answer.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
        if to.contains("refused=") {
            bail!("the way back ended at {to}");
        }
        Ok(answer.status().as_u16())
    }

    /// Signs in as the member of a role.
    pub fn person(&self, members: &[(Role, MemberId)], role: Role) -> Result<Person> {
        let member = members.iter().find(|(of, _)| *of == role).context("no member of that role")?.1.clone();
        let (text, cookie) = self.send(None, &rehearsal::SIGN_IN, &[], &rehearsal::AsMember { member })?;
        let cookie = cookie.context("no session was opened")?;
        let me: Me = serde_json::from_str(&text)?;
        Ok(Person { cookie: cookie.split(';').next().unwrap_or_default().to_owned(), zone: me.zone })
    }

    /// Moves the clock so that it shows `to`.
    pub fn move_clock_to(&self, to: Moment) -> Result<()> {
        self.set_ahead(to.since(real_now()).0)
    }

    /// Sets the clock right: a campaign before may have moved it.
    pub fn reset_clock(&self) -> Result<()> {
        self.set_ahead(0)
    }

    fn set_ahead(&self, ahead: i64) -> Result<()> {
        self.call(None, &rehearsal::CLOCK, &[], &rehearsal::Clock { ahead })?;
        self.ahead.store(ahead, Ordering::SeqCst);
        Ok(())
    }

    /// Something stands for a network whose address nobody types, from now on and in every engine after this one.
    pub fn stand_in(&self, stands: rehearsal::StandIn) -> Result<()> {
        self.call(None, &rehearsal::STAND_IN, &[], &stands)?;
        if let Ok(mut all) = self.stand_ins.lock() {
            all.retain(|one| one.network != stands.network);
            all.push(stands);
        }
        Ok(())
    }

    /// Tells a new process what stands for which network.
    pub fn stand_in_again(&self) -> Result<()> {
        let stand_ins = self.stand_ins.lock().map(|all| all.clone()).unwrap_or_default();
        for stands in &stand_ins {
            self.call(None, &rehearsal::STAND_IN, &[], stands)?;
        }
        Ok(())
    }

    /// One tick. That it may fail is part of the rehearsal.
    pub fn tick(&self) {
        let _ = self.call(None, &rehearsal::TICK, &[], &Nothing {});
    }

    /// Waits until nothing is on its way, or until `stop` says so.
    pub fn wait_until_quiet(&self, stop: impl Fn() -> bool) -> Result<()> {
        let began = Instant::now();
        let mut quiet = 0;
        while quiet < 2 && began.elapsed() < PATIENCE && !stop() {
            // A dead engine has nothing on its way.
            match self.call(None, &rehearsal::WORK, &[], &Nothing {}) {
                Ok(work) if work.due == 0 && work.busy == 0 => quiet += 1,
                Ok(_) => quiet = 0,
                Err(_) if stop() => break,
                Err(no) => return Err(no.into()),
            }
            std::thread::sleep(Duration::from_millis(15));
        }
        Ok(())
    }

    /// Arms fault points, and disarms all others; answers how often each has fired in this engine's life.
    ///
    /// # Errors
    /// `No`.
    pub fn arm(&self, armed: String) -> Result<BTreeMap<String, u64>, No> {
        let rehearsal::Hits { hits, heaviest } =
            self.call(None, &rehearsal::FAULTS, &[], &rehearsal::Faults { armed })?;
        // Whoever looks takes it: each look is kept.
        if let Ok(mut before) = self.heaviest.lock()
            && heaviest.spent > before.spent
        {
            *before = heaviest;
        }
        Ok(hits.into_iter().map(|(name, _, fired)| (name, fired)).collect())
    }

    /// The invocation of the queue that spent most since somebody asked last. The engine is looked at for it each time that faults
    /// are armed, and before it is killed.
    pub fn heaviest(&self) -> rehearsal::Heaviest {
        self.heaviest.lock().map(|mut heaviest| std::mem::take(&mut *heaviest)).unwrap_or_default()
    }

    /// How often each point fired, in this engine and in those that were killed before it. Disarms them.
    ///
    /// # Errors
    /// `No`.
    pub fn fired(&self) -> Result<BTreeMap<String, u64>, No> {
        let mut sum = self.arm(String::new())?;
        if let Ok(before) = self.fired_before.lock() {
            before.iter().for_each(|(name, fired)| *sum.entry(name.clone()).or_default() += fired);
        }
        Ok(sum)
    }

    /// Kills the engine as a power cut would, and starts it again on the same data. Whoever started us does it: a line
    /// on our output asks, a line on our input says that it is there again.
    pub fn kill(&self) -> Result<()> {
        // It takes its count with it. One that answers nothing any more has none to give.
        if let (Ok(fired), Ok(mut before)) = (self.fired(), self.fired_before.lock()) {
            *before = fired;
        }
        self.kills.fetch_add(1, Ordering::SeqCst);
        println!("@kill");
        std::io::stdout().flush()?;
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        if line.trim() != "@up" {
            bail!("the engine was not started again: {line}");
        }
        // A new process knows nothing of a moved clock, nor of what is a network.
        self.stand_in_again()?;
        self.set_ahead(self.ahead.load(Ordering::SeqCst))
    }
}

/// The real clock.
pub fn real_now() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_millis()).unwrap_or_default())
}

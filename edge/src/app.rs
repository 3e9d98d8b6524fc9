//! One invocation: its bindings, its clock, its chance, and what it has spent of the free plan's budget.
//! Separate so that no other file asks for the time or for randomness by itself.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use domain::{Millis, Moment, record::Actor};
use worker::{Context, Env, send::SendWrapper, web_sys::ReadableStream};

use crate::{outbound::Heard, store::Db};

/// What an invocation has spent. The free plan allows 50 sub-requests and 50 D1 queries.
#[derive(Debug, Default)]
pub struct Ledger {
    /// D1 queries: every statement counts, those of a batch too.
    pub queries: AtomicU32,
    /// Round trips to D1: a batch is one.
    pub trips: AtomicU32,
    /// Rows that D1 read for them.
    pub rows: AtomicU32,
    /// Calls to anything outside but D1: networks, bucket, queue.
    pub calls: AtomicU32,
}

/// Leaves a few for what must still be written when the budget is nearly spent.
pub const BUDGET: u32 = 45;

impl Ledger {
    /// Whether `more` queries and calls fit in what is left. Queries count as sub-requests too (compliance §7.1).
    pub fn affords(&self, more: u32) -> bool {
        self.queries.load(Ordering::Relaxed) + self.calls.load(Ordering::Relaxed) + more <= BUDGET
    }
    /// Notes a call to the outside.
    pub fn call(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }
}

/// Everything an invocation needs.
#[derive(Clone)]
pub struct App {
    /// The bindings.
    pub env: Env,
    /// The database.
    pub db: Db,
    context: Option<Arc<Context>>,
    ledger: Arc<Ledger>,
    /// Who acts. Shared by the clones of one request: it is found out after some of them were made.
    actor: Arc<Mutex<Actor>>,
    /// The body of a part of a video, or of a document, past the framework: see [`App::take_upload`].
    upload: Arc<Mutex<Option<SendWrapper<ReadableStream>>>>,
    /// What a network last answered in this job: the ledger keeps it.
    heard: Arc<Mutex<Option<Heard>>>,
    /// What it said, in this job, of how much it lets through.
    spoken: Arc<Mutex<Spoken>>,
}

/// Headers that speak of what is left ([`domain::budget::HEADERS`]).
pub type Spoken = Vec<(&'static str, String)>;

impl App {
    /// Starts an invocation. Until somebody is known to act, it is the engine or nobody.
    pub fn new(env: Env, context: Option<Context>, actor: Actor) -> Self {
        #[cfg(feature = "rehearsal")]
        crate::rehearsal::spending::invocation();
        let ledger = Arc::new(Ledger::default());
        let db = Db::new(env.clone(), ledger.clone());
        Self {
            db,
            env,
            context: context.map(Arc::new),
            ledger,
            actor: Arc::new(Mutex::new(actor)),
            upload: Arc::default(),
            heard: Arc::default(),
            spoken: Arc::default(),
        }
    }

    /// Lays the body of a request aside.
    pub fn lay_aside(&self, body: ReadableStream) {
        if let Ok(mut upload) = self.upload.lock() {
            *upload = Some(SendWrapper::new(body));
        }
    }

    /// The body that was laid aside, once. The framework would read it into our memory; so it is never given to it.
    pub fn take_upload(&self) -> Option<ReadableStream> {
        self.upload.lock().ok()?.take().map(|body| body.0)
    }

    /// Goes on with something beside the answer that is being made, and until it is given whole.
    pub fn alongside(&self, work: impl Future<Output = ()> + 'static) {
        match &self.context {
            Some(context) => context.wait_until(work),
            None => wasm_bindgen_futures::spawn_local(work),
        }
    }

    /// Says who acts from here on, in this invocation and all its clones: what the record keeps names them.
    pub fn act_as(&self, actor: Actor) {
        if let Ok(mut acting) = self.actor.lock() {
            *acting = actor;
        }
    }

    /// Who acts.
    pub fn actor(&self) -> Actor {
        self.actor.lock().map_or_else(|_| engine("lost"), |actor| actor.clone())
    }

    /// The same invocation, where one of the engine's jobs acts and not whoever asked.
    pub fn job(&self, job: &str) -> Self {
        let actor = Arc::new(Mutex::new(engine(job)));
        Self { actor, heard: Arc::default(), spoken: Arc::default(), ..self.clone() }
    }

    /// Notes what a network answered, or that it has not yet.
    pub fn hear(&self, answer: Option<Heard>) {
        if let Ok(mut heard) = self.heard.lock() {
            *heard = answer;
        }
    }

    /// What the last call of this job was answered; `None` if it was not, or nothing was called.
    pub fn heard(&self) -> Option<Heard> {
        self.heard.lock().ok().and_then(|mut heard| heard.take())
    }

    /// Notes what a network said of how much it lets through.
    pub fn note_spoken(&self, said: Spoken) {
        if let Ok(mut spoken) = self.spoken.lock() {
            *spoken = said;
        }
    }

    /// What was said of that in this job.
    pub fn spoken(&self) -> Spoken {
        self.spoken.lock().map(|mut spoken| std::mem::take(&mut *spoken)).unwrap_or_default()
    }

    /// What was spent so far.
    pub fn ledger(&self) -> Arc<Ledger> {
        self.ledger.clone()
    }

    /// What time it is. In a rehearsal the clock can be moved.
    pub fn now(&self) -> Moment {
        let real = Moment(worker::Date::now().as_millis() as i64);
        #[cfg(feature = "rehearsal")]
        let real = real.plus(crate::rehearsal::ahead());
        real
    }

    /// 128 bits for an identity: 48 of time, so that rows sort by age, 80 of chance.
    pub fn bits(&self) -> u128 {
        let mut chance = [0; 10];
        fill(&mut chance);
        let chance = chance.iter().fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
        ((self.now().0 as u128) << 80) | chance
    }

    /// A secret of 256 bits, as 43 characters of base64url.
    pub fn secret(&self) -> String {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let mut bytes = [0; 32];
        fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// A salt of 128 bits, as 32 hexadecimal digits.
    pub fn salt(&self) -> String {
        let mut bytes = [0; 16];
        fill(&mut bytes);
        domain::record::to_hex(&bytes)
    }

    /// Lets something finish after the answer was given.
    pub fn afterwards(&self, work: impl Future<Output = ()> + 'static) {
        if let Some(context) = &self.context {
            context.wait_until(work);
        }
    }

    /// A variable or secret of the deployment; `None` if it is not set or empty.
    pub fn setting(&self, name: &str) -> Option<String> {
        let value = self
            .env
            .secret(name)
            .map(|secret| secret.to_string())
            .or_else(|_| self.env.var(name).map(|var| var.to_string()));
        value.ok().filter(|value| !value.is_empty())
    }
}

/// The engine, in one of its jobs.
pub fn engine(job: &str) -> Actor {
    Actor::Engine { job: job.to_owned() }
}

/// Fills with bytes of the platform's `crypto.getRandomValues`.
pub fn fill(bytes: &mut [u8]) {
    if getrandom::fill(bytes).is_err() {
        // Never seen on this platform; going on with zeros would be worse than stopping.
        wasm_bindgen::throw_str("no randomness");
    }
}

/// How long a span is in whole seconds, rounded up, never negative: a queue's delay.
pub fn delay_seconds(span: Millis) -> u32 {
    u32::try_from((span.0.max(0) + 999) / 1_000).unwrap_or(u32::MAX)
}

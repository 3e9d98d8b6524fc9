//! Test doors. They exist only in an engine built with the feature `rehearsal`; a production build answers 404.
//! Not in `all()`: they are no part of the contract that the isolation test walks.

use domain::{MemberId, Role};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Method::*, Nothing, Who};

/// Fills the fictional town, once.
pub const DEMO: Endpoint<Nothing, Nothing> = Endpoint::new(Post, "/api/rehearsal/demo", Who::Anybody);
/// The people of the demo, for the sign-in page.
pub const PEOPLE: Endpoint<Nothing, Vec<Person>> = Endpoint::new(Get, "/api/rehearsal/people", Who::Anybody);
/// Signs a demo person in (or, in tests, any member by identity).
pub const SIGN_IN: Endpoint<AsMember, crate::session::Me> = Endpoint::new(Post, "/api/rehearsal/sign-in", Who::Anybody);
/// Founds an organisation with members of every role, for tests; answers their identities.
pub const FOUND: Endpoint<Found, Founded> = Endpoint::new(Post, "/api/rehearsal/organisations", Who::Anybody);
/// Moves the engine's clock by so many milliseconds from the real one.
pub const CLOCK: Endpoint<Clock, Clock> = Endpoint::new(Put, "/api/rehearsal/clock", Who::Anybody);
/// Runs one tick now and answers when it is over.
pub const TICK: Endpoint<Nothing, Nothing> = Endpoint::new(Post, "/api/rehearsal/tick", Who::Anybody);
/// Arms fault points: a comma-separated list of `name` or `name=count`; answers how often each was hit so far.
pub const FAULTS: Endpoint<Faults, Hits> = Endpoint::new(Put, "/api/rehearsal/faults", Who::Anybody);
/// How often each was hit so far. What is armed stays armed, and the heaviest invocation is told again.
pub const HITS: Endpoint<Nothing, Hits> = Endpoint::new(Get, "/api/rehearsal/hits", Who::Anybody);
/// What the queue still has to do at this moment: a campaign moves the clock only when nothing is on its way.
pub const WORK: Endpoint<Nothing, Work> = Endpoint::new(Get, "/api/rehearsal/work", Who::Anybody);
/// Chooses the circuit of so many posts under so many rules, opens the round of each and says who can move it: the
/// measures look at what that costs.
pub const CIRCUITS: Endpoint<Bulk, Gone> = Endpoint::new(Post, "/api/rehearsal/circuits", Who::Anybody);
/// What the database was asked since the last look, if `statements` is armed: the measures ask it the same without us.
pub const STATEMENTS: Endpoint<Nothing, Vec<Trip>> = Endpoint::new(Get, "/api/rehearsal/statements", Who::Anybody);
/// What the engine spent since the last look, over all invocations: the measures reckon a town's day from it.
pub const SPENDING: Endpoint<Nothing, Spending> = Endpoint::new(Get, "/api/rehearsal/spending", Who::Anybody);
/// Says what stands for a network whose address nobody types, for one organisation, as long as the process runs.
pub const STAND_IN: Endpoint<StandIn, Nothing> = Endpoint::new(Put, "/api/rehearsal/stand-ins", Who::Anybody);
/// Changes the keys of the vault, as a deployment's settings would.
pub const KEYS: Endpoint<Keys, Nothing> = Endpoint::new(Put, "/api/rehearsal/keys", Who::Anybody);
/// Where a Bluesky server on this machine sends the browser back to: it takes the machine by its number only, and cookies are
/// of its name. Leads on to `channels::BLUESKY_RETURN`.
pub const BLUESKY_BACK: Endpoint<Nothing, Nothing> = Endpoint::new(Get, "/api/rehearsal/bluesky/back", Who::Anybody);
/// Mails that were "sent", newest first: the local mailbox.
pub const MAILBOX: Endpoint<Nothing, Vec<Mail>> = Endpoint::new(Get, "/api/rehearsal/mailbox", Who::Anybody);

/// A person of the demo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Their identity.
    pub member: MemberId,
    /// Their office.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Their organisation.
    pub organisation: String,
}

/// Signs in as.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsMember {
    /// Who.
    pub member: MemberId,
}

/// Founds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// Its name.
    pub name: String,
}

/// What was founded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Founded {
    /// The organisation.
    pub organisation: domain::OrganisationId,
    /// Its slug.
    pub slug: String,
    /// One member of each role, in the order of `Role::ALL`.
    pub members: Vec<(Role, MemberId)>,
    /// Its noticeboard.
    pub noticeboard: domain::ChannelId,
}

/// The engine's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Milliseconds ahead of the real clock.
    pub ahead: i64,
}

/// Arms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Faults {
    /// The points to arm; replaces what was armed.
    pub armed: String,
}

/// The vault's keys; by default as the deployment has them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The key to seal with, 32 bytes in base64; empty for the deployment's own.
    pub key: String,
    /// Those that only open, written in the same way.
    pub old: Vec<String>,
}

/// How often each point was reached and each fault fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hits {
    /// Name, times reached, times fired.
    pub hits: Vec<(String, u64, u64)>,
    /// The invocation of the queue that has spent most since the last look.
    pub heaviest: Heaviest,
}

/// What an invocation of the queue spent of the free plan's 50 queries and calls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heaviest {
    /// Queries and calls together.
    pub spent: u64,
    /// Its jobs, each with what had been spent behind it.
    pub work: String,
}

/// One round trip to the database: each statement with its values.
pub type Trip = Vec<(String, Vec<serde_json::Value>)>;

/// A bulk of posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    /// How many posts.
    pub posts: u32,
    /// Under how many rules.
    pub rules: u32,
}

/// What became of a bulk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Rounds that were opened.
    pub rounds: u32,
    /// Circuits that were chosen.
    pub circuits: u32,
    /// People who can move them, in all.
    pub movers: u32,
}

/// The queue's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Messages whose delay is over and that were not delivered yet.
    pub due: u32,
    /// Invocations of the queue that are running.
    pub busy: u32,
    /// Messages that wait for their delay.
    pub later: u32,
}

/// What the engine spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spending {
    /// Invocations: of requests, of the clock, of the queue.
    pub invocations: u64,
    /// Messages that were handed to the queue.
    pub messages: u64,
    /// Rows that D1 read.
    pub rows_read: u64,
    /// Rows that D1 wrote, those of indexes too.
    pub rows_written: u64,
    /// How large the database is, in bytes, not since the last look.
    pub bytes: u64,
}

/// A server that stands for a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandIn {
    /// For whom; for everybody, if nobody is named.
    #[serde(default)]
    pub organisation: Option<domain::OrganisationId>,
    /// The network.
    pub network: domain::Network,
    /// Its address, on this machine.
    pub server: String,
}

/// A mail in the local mailbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mail {
    /// To whom.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// When.
    pub at: domain::Moment,
}

//! Publications: what became of each version at each channel, and what a person may do about it.

use domain::{
    Act, ActId, AttemptId, ChannelId, Language, MemberId, Moment, Network, PublicationId, Rendition,
    budget::Waits,
    delivery::{self, ActState, Deed, Progress, PublicationState},
    edits,
    errors::Class,
    pin::Pin,
};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who, posts::PostView};

/// Tries again what failed or was held. The reason stays in the record.
pub const RETRY: Endpoint<Why, PostView> =
    Endpoint::new(Post, "/api/publications/{publication}/retries", Who::May(Act::Publish));
/// Gives up what waits, failed or is held.
pub const GIVE_UP: Endpoint<Why, PostView> =
    Endpoint::new(Post, "/api/publications/{publication}/cancellation", Who::May(Act::Publish));
/// Looks an unknown one up on the network now.
pub const LOOK: Endpoint<Nothing, PostView> =
    Endpoint::new(Post, "/api/publications/{publication}/looks", Who::May(Act::Publish));
/// Settles an unknown one, or one in hand, by what a person saw.
pub const SETTLE: Endpoint<Settle, PostView> =
    Endpoint::new(Post, "/api/publications/{publication}/settlements", Who::May(Act::Publish));
/// The kit of an assisted publication that is in hand.
pub const KIT: Endpoint<Nothing, Kit> = Endpoint::new(Get, "/api/publications/{publication}/kit", Who::May(Act::Read));

/// All of them.
pub const LISTED: &[Listed] = &[RETRY.listed(), GIVE_UP.listed(), LOOK.listed(), SETTLE.listed(), KIT.listed()];

/// A publication with its acts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublicationView {
    /// Its identity.
    pub id: PublicationId,
    /// The channel.
    pub channel: ChannelId,
    /// Its network.
    pub network: Network,
    /// The language.
    pub language: Language,
    /// The state that follows from the acts.
    pub state: PublicationState,
    /// The acts, in order.
    pub acts: Vec<ActView>,
    /// What became of pinning it, where that was agreed to and it is out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<Pin>,
}

impl PublicationView {
    /// How many parts its thread has; one if it is none.
    pub fn parts(&self) -> usize {
        self.acts.iter().filter(|act| act.deed == Deed::Create).count()
    }

    /// Whether readers see anything of it: it is out, or a part of its thread is.
    pub fn is_seen(&self) -> bool {
        self.state == PublicationState::Out || self.progress().is_some_and(|far| far.out > 0)
    }

    /// The act that decides what a person may do about it: the first that is not over, else the last. A first comment comes behind
    /// all else, for it holds nothing up.
    pub fn open(&self) -> Option<&ActView> {
        let open = |act: &&ActView| !matches!(act.state, ActState::Done { .. } | ActState::Cancelled { .. });
        let is_post = |act: &&ActView| act.deed != Deed::Comment;
        let post = self.acts.iter().filter(is_post).find(open);
        post.or(self.acts.iter().find(open)).or(self.acts.iter().rfind(is_post))
    }

    /// Whether a first comment goes below it.
    pub fn has_comment(&self) -> bool {
        self.acts.iter().any(|act| act.deed == Deed::Comment)
    }

    /// Whether it was decided to take it down.
    pub fn is_leaving(&self) -> bool {
        self.acts.iter().any(|act| act.deed == Deed::Delete && !matches!(act.state, ActState::Cancelled { .. }))
    }

    /// How far its thread is; `None` if it is none.
    pub fn progress(&self) -> Option<Progress> {
        delivery::progress(self.acts.iter().map(|act| (act.deed, act.part, &act.state)))
    }
}

/// An act with its attempts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActView {
    /// Its identity.
    pub id: ActId,
    /// What it does.
    pub deed: Deed,
    /// Which part of a thread it is of, from 1.
    pub part: u32,
    /// Its state.
    #[serde(flatten)]
    pub state: ActState,
    /// When it is due (or tried again).
    pub due: Moment,
    /// Until when it may go out by itself.
    pub ends: Moment,
    /// Why it waits, if the network lets no more through for now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<Waits>,
    /// What was sent, as long as nobody knows whether it is out: something else may be agreed to by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Box<Rendition>>,
    /// What was tried.
    pub attempts: Vec<AttemptView>,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttemptView {
    /// Its identity.
    pub id: AttemptId,
    /// From 1.
    pub number: u32,
    /// When it was written down, before anything was sent.
    pub started: Moment,
    /// When the answer was written down; absent if none ever came.
    pub ended: Option<Moment>,
    /// What the network answered.
    pub status: Option<u16>,
    /// What came of it.
    pub outcome: Option<Came>,
    /// The network's own words, shortened.
    pub message: String,
    /// What was sent: [`Rendition::hash`]. Absent in the attempts of before it was kept.
    #[serde(default)]
    pub sent: Option<String>,
    /// The network's own code, if it answered with one.
    #[serde(default)]
    pub code: Option<String>,
    /// What the error means, if it was one.
    #[serde(default)]
    pub meaning: Option<Class>,
    /// The answer as it came, at most 2 KB and without secrets ([`domain::errors::kept`]).
    #[serde(default)]
    pub answer: Option<String>,
    /// What readers could see of earlier versions once this correction was out, oldest first; nothing where the network keeps none,
    /// or could not be asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<edits::Version>,
}

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Came {
    /// The network has it.
    Accepted,
    /// A person has the kit.
    Handed,
    /// Surely not sent.
    NotSent,
    /// Not yet: the network still prepares it.
    Preparing,
    /// Asked to wait.
    Throttled,
    /// Access refused.
    Unauthorised,
    /// Content refused.
    Refused,
    /// Nobody knows.
    NoAnswer,
}

/// A reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// Why.
    pub reason: String,
}

/// What a person saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "saw", deny_unknown_fields)]
pub enum Settle {
    /// It is out, here.
    Out {
        /// The link; must be one of that network. Empty where nothing has one: on a screen, on paper.
        address: String,
        /// What was put there by hand: [`Kit::hash`] of the kit that they had. Refused where it is not the kit of now. Absent where nobody
        /// had a kit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kit: Option<String>,
    },
    /// It is not out, and will not be.
    NotOut {
        /// Why.
        reason: String,
    },
}

/// What a person needs to publish by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kit {
    /// The post, for the way back.
    pub post: domain::PostId,
    /// The channel's name.
    pub channel: String,
    /// Its network.
    pub network: Network,
    /// The account's public address, to open it.
    pub address: Option<String>,
    /// What to publish.
    pub rendition: Rendition,
    /// What is in it ([`Rendition::hash`]): whoever says that it is out says what is.
    pub hash: String,
    /// Exactly the text to paste.
    pub text: String,
    /// Which part of a thread it is, and of how many; absent if it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<(u32, usize)>,
    /// Where the part is that it answers, or the post below which a first comment goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
    /// Whether it is the first comment of what is out.
    #[serde(default)]
    pub is_comment: bool,
    /// The first comment that goes below it afterwards, with a kit of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Since when it waits.
    pub since: Moment,
    /// Who is on duty.
    pub duty: Vec<MemberId>,
}

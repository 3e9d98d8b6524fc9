//! Prepared texts: templates with blanks, standard replies, and what the house's own people propose.

use domain::{
    Act, ProposalLinkId, Template,
    proposal::{Link, Proposal},
    reply::{Reply, Standing},
    template,
};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Page, Who, sharing::Address};

/// Every template, those that are over too, in the order of their names.
pub const TEMPLATES: Endpoint<Nothing, Vec<Template>> = Endpoint::new(Get, "/api/templates", Who::May(Act::Read));
/// Keeps a template, a new one (version 0, under an identity that the desk drew) or a changed one.
pub const KEEP_TEMPLATE: Endpoint<KeepTemplate, Template> =
    Endpoint::new(Put, "/api/templates/{template}", Who::May(Act::ManageOrganisation));
/// Takes a template away. What was written with it stays as it is.
pub const DROP_TEMPLATE: Endpoint<Nothing, Nothing> =
    Endpoint::new(Delete, "/api/templates/{template}", Who::May(Act::ManageOrganisation));
/// Takes over the ready templates that are not there yet.
pub const ADD_READY: Endpoint<Nothing, Vec<Template>> =
    Endpoint::new(Post, "/api/ready-templates", Who::May(Act::ManageOrganisation));

/// Standard replies, in the order of their situations, a page at a time.
pub const REPLIES: Endpoint<FindReplies, Page<ReplyRow>> = Endpoint::new(Get, "/api/replies", Who::May(Act::Read));
/// Writes a reply, a new one (version 0) or a change: it is a draft from then on.
pub const KEEP_REPLY: Endpoint<KeepReply, ReplyRow> = Endpoint::new(Put, "/api/replies/{reply}", Who::May(Act::Write));
/// Agrees to a reply as it stands.
pub const AGREE_REPLY: Endpoint<AgreeReply, ReplyRow> =
    Endpoint::new(Post, "/api/replies/{reply}/agreement", Who::May(Act::Decide));
/// Takes a reply away.
pub const DROP_REPLY: Endpoint<Nothing, Nothing> =
    Endpoint::new(Delete, "/api/replies/{reply}", Who::May(Act::ManageOrganisation));

/// The links by which people propose, those that are over for less than a month too, newest first.
pub const PROPOSAL_LINKS: Endpoint<Nothing, Vec<Link>> =
    Endpoint::new(Get, "/api/proposal-links", Who::May(Act::Share));
/// Makes one. Its secret is in this answer, once.
pub const MAKE_PROPOSAL_LINK: Endpoint<MakeLink, MadeLink> =
    Endpoint::new(Post, "/api/proposal-links", Who::May(Act::Share));
/// Takes one back.
pub const REVOKE_PROPOSAL_LINK: Endpoint<Nothing, Nothing> =
    Endpoint::new(Delete, "/api/proposal-links/{link}", Who::May(Act::Share));
/// What waits, the newest first.
pub const PROPOSALS: Endpoint<FindProposals, Page<Proposal>> =
    Endpoint::new(Get, "/api/proposals", Who::May(Act::Share));
/// The photo of one.
pub const PROPOSAL_PICTURE: Endpoint<Nothing, Nothing> =
    Endpoint::new(Get, "/api/proposals/{proposal}/picture", Who::May(Act::Share));
/// Makes a draft of one. It is gone from the list then; who proposed it stands in the record.
pub const TAKE_UP: Endpoint<Nothing, TakenUp> =
    Endpoint::new(Post, "/api/proposals/{proposal}/post", Who::May(Act::Share));
/// Thanks for one, by mail to who left an address; it is gone then.
pub const THANK: Endpoint<Thank, Nothing> =
    Endpoint::new(Post, "/api/proposals/{proposal}/thanks", Who::May(Act::Share));
/// Lets one go without a word.
pub const DISCARD: Endpoint<Nothing, Nothing> =
    Endpoint::new(Delete, "/api/proposals/{proposal}", Who::May(Act::Share));

/// All of them.
pub const LISTED: &[Listed] = &[
    TEMPLATES.listed(),
    KEEP_TEMPLATE.listed(),
    DROP_TEMPLATE.listed(),
    ADD_READY.listed(),
    REPLIES.listed(),
    KEEP_REPLY.listed(),
    AGREE_REPLY.listed(),
    DROP_REPLY.listed(),
    PROPOSAL_LINKS.listed(),
    MAKE_PROPOSAL_LINK.listed(),
    REVOKE_PROPOSAL_LINK.listed(),
    PROPOSALS.listed(),
    PROPOSAL_PICTURE.listed(),
    TAKE_UP.listed(),
    THANK.listed(),
    DISCARD.listed(),
];

/// The most bytes of a photo that comes by a link: what a phone takes, and no more than an invocation looks at.
pub const MOST_PHOTO: u64 = 6_000_000;

/// A template as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepTemplate {
    /// The version the change started from; 0 creates.
    pub version: u64,
    /// What it says.
    pub body: template::Body,
}

/// Which replies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindReplies {
    /// Words that they have, as somebody types them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A reply, and what may be done with it today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyRow {
    /// The reply.
    pub reply: Reply,
    /// What may be done with it, on the organisation's calendar.
    pub standing: Standing,
}

/// A reply as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeepReply {
    /// The version the change started from; 0 creates.
    pub version: u64,
    /// What it says.
    pub body: domain::reply::Body,
}

/// The version that somebody read and agrees to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreeReply {
    /// The version.
    pub version: u64,
}

/// Whom a link is given to, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeLink {
    /// Whom.
    pub name: String,
    /// How many days it lasts.
    pub days: u16,
}

/// A new link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeLink {
    /// Its identity.
    pub id: ProposalLinkId,
    /// Where it leads.
    pub address: Address,
}

/// Which proposals.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindProposals {
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// What a proposal became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenUp {
    /// The draft.
    pub post: domain::PostId,
}

/// A word of thanks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thank {
    /// The word.
    pub word: String,
}

//! Custody: who answers for the account behind each channel, naming them, and handing over.

use domain::{
    Act, ChannelId, MemberId,
    custody::{Custody, Handover},
};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// Who answers for each channel, and who connected it. Everybody reads it: whoever sees something odd on an account has to
/// know whom to call.
pub const CUSTODY: Endpoint<Nothing, Vec<Custody>> = Endpoint::new(Get, "/api/custody", Who::May(Act::Read));
/// Names who answers for a channel.
pub const APPOINT: Endpoint<Appoint, Vec<Custody>> =
    Endpoint::new(Put, "/api/channels/{channel}/custodians", Who::May(Act::NameCustodians));
/// Hands over, all of it or nothing.
pub const HAND_OVER: Endpoint<HandOver, Vec<Custody>> =
    Endpoint::new(Post, "/api/custody/handovers", Who::May(Act::NameCustodians));

/// All of them.
pub const LISTED: &[Listed] = &[CUSTODY.listed(), APPOINT.listed(), HAND_OVER.listed()];

/// Who is to answer for a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appoint {
    /// Who did when whoever asks looked: nobody takes back unseen what a colleague has just done.
    pub before: Vec<MemberId>,
    /// Who is to: none, one or two.
    pub custodians: Vec<MemberId>,
}

/// A handover that was looked at and agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// From whom to whom.
    pub handover: Handover,
    /// The channels whose custody changes hands, as they were shown. Others than these are not handed over.
    pub channels: Vec<ChannelId>,
}

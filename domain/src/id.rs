//! Identities: one opaque type for each kind of thing, so that a channel can never be passed for a post.
//! Separate because every other file needs them; the bytes come from outside, for the rules know no chance.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an identity: 26 characters of lower-case base 32 are wanted")
    }
}

/// Crockford's alphabet in lower case: no `i`, `l`, `o`, `u`, so an identity can be read aloud.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 26 characters carry the 128 bits (26 × 5 = 130).
const LENGTH: usize = 26;

fn encode(bits: u128) -> String {
    (0..LENGTH)
        .rev()
        .map(|place| {
            let five = (bits >> (place * 5)) & 31;
            char::from(ALPHABET[five as usize])
        })
        .collect()
}

fn parse(text: &str) -> Result<String, NotAnId> {
    let fits = text.len() == LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte));
    if fits { Ok(text.to_owned()) } else { Err(NotAnId) }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Makes an identity of 128 bits that the caller drew (high 48 bits: time, if rows should sort by age).
            pub fn from_bits(bits: u128) -> Self { Self(encode(bits)) }
            /// The 26 characters.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> { parse(&text).map(Self) }
        }
        impl std::str::FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> { parse(text).map(Self) }
        }
        impl From<$name> for String { fn from(id: $name) -> String { id.0 } }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )+};
}

ids! {
    /// An organisation: the public body, the tenant.
    OrganisationId,
    /// A member: one person's place in one organisation.
    MemberId,
    /// A passkey as we name it (not the authenticator's own credential id).
    PasskeyId,
    /// A session as shown in a list; the secret in the cookie is another thing.
    SessionId,
    /// An invitation as shown in a list; the secret in the link is another thing.
    InvitationId,
    /// A request to recover access.
    RecoveryId,
    /// A channel: one connected account, or the noticeboard.
    ChannelId,
    /// A post.
    PostId,
    /// A publication: one version of a post on its way to one channel.
    PublicationId,
    /// An act of a publication: create, edit, delete.
    ActId,
    /// One try of an act at a network.
    AttemptId,
    /// A stored picture.
    MediaId,
    /// A decision in a round.
    DecisionId,
    /// An entry of the record.
    RecordId,
    /// A mail in the outbox.
    MailId,
    /// A circuit; its versions share it.
    CircuitId,
    /// A step of a circuit; it keeps its identity from one version of the circuit to the next.
    StepId,
    /// A unit of the organisation (a department, a cabinet).
    UnitId,
    /// A campaign.
    CampaignId,
    /// A pillar: one of the few things that the organisation wants to be heard about.
    PillarId,
    /// An audience: people whom the organisation wants to reach.
    AudienceId,
    /// A message of the plan: a sentence that is to be understood.
    MessageId,
    /// A promise of the plan: how often something is to be said.
    PromiseId,
    /// A substitution by decree.
    DelegationId,
    /// A link that was sent to somebody outside; the secret in it is another thing.
    LinkId,
    /// A comment in a thread.
    CommentId,
    /// A task.
    TaskId,
    /// A publication in an emergency.
    EmergencyId,
    /// An item of the checklist.
    ItemId,
    /// Something that one member was told.
    NoticeId,
    /// A device of a member that takes notices by Web Push.
    SubscriptionId,
    /// A consent of somebody who is seen in a picture or a video.
    ConsentId,
    /// What stands in the calendar besides posts.
    MarkId,
    /// A link that shows the calendar; the secret in its address is another thing.
    ShareId,
    /// A template: a text with blanks.
    TemplateId,
    /// An entry of the book of who is mentioned.
    ContactId,
    /// A standard reply.
    ReplyId,
    /// A link by which the house's people propose; the secret in its address is another thing.
    ProposalLinkId,
    /// Something that was proposed.
    ProposalId,
    /// A calendar of others.
    ForeignId,
    /// A series: the drafts that were made of one post for several days.
    SeriesId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_survives_the_wire() {
        let id = PostId::from_bits(u128::MAX);
        assert_eq!(id.as_str().parse::<PostId>(), Ok(id));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "short", "0000000000000000000000000I", "../../../../../../../../etc"] {
            assert_eq!(text.parse::<PostId>(), Err(NotAnId), "{text}");
        }
    }

    #[test]
    fn identities_sort_as_their_bits_do() {
        assert!(PostId::from_bits(1 << 80) > PostId::from_bits(u128::from(u64::MAX)));
    }
}

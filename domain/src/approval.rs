//! Approval: on what ground a content may go out, bound to its exact hash and to the times that were agreed to.
//! Separate so that nothing else can let a post through.

use serde::{Deserialize, Serialize};

use crate::{Kind, MemberId, Moment, Refusal, Round, Slot};

/// A place in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextPlace {
    /// The language of the text.
    pub language: crate::Language,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// The words at that place, at most 200 characters, so that the comment makes sense after an edit.
    pub quote: String,
}

/// On what ground a content may go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ground")]
pub enum Approval {
    /// A circuit was gone through.
    Agreed {
        /// The round in which everybody agreed who had to.
        round: Box<Round>,
    },
    /// The organisation declared that this kind needs none.
    Declared {
        /// The content.
        content_hash: String,
        /// The kind that was declared.
        kind: Kind,
        /// Who declared it.
        by: MemberId,
        /// Why.
        reason: String,
        /// When this post was submitted.
        at: Moment,
    },
}

impl Approval {
    /// The content it is given for.
    pub fn content_hash(&self) -> &str {
        match self {
            Approval::Agreed { round } => &round.content_hash,
            Approval::Declared { content_hash, .. } => content_hash,
        }
    }

    /// The last moment at which a slot may still go out by itself: the end of its window, or of the times that were
    /// agreed to if it comes first.
    pub fn latest(&self, slot: &Slot) -> Moment {
        match self {
            Approval::Agreed { round } => round.envelope.latest(slot),
            _ => slot.ends(),
        }
    }

    /// Whether this content may go out at this slot, by this member's hand.
    ///
    /// # Errors
    /// `ApprovalVoid`, `OutsideEnvelope`, `DutiesApart`; `NotApproved` for a round that is not through.
    pub fn lets(&self, content_hash: &str, slot: &Slot, by: &MemberId) -> Result<(), Refusal> {
        if self.content_hash() != content_hash {
            return Err(Refusal::ApprovalVoid);
        }
        // A declaration names no times: it is for a kind, not for a post.
        let Approval::Agreed { round } = self else { return Ok(()) };
        let ground = round.ground()?;
        ground.may_publish(by)?;
        if ground.envelope.covers(slot) { Ok(()) } else { Err(Refusal::OutsideEnvelope) }
    }
}

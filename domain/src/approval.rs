//! Approval: on what ground a content may go out, bound to its exact hash and to the times that were agreed to.
//! Separate so that nothing else can let a post through.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    EmergencyId, Kind, MemberId, Moment, Refusal, Round, Slot, circuit::Duties, emergency::LASTS, slot::GRACE,
};

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
    /// It could not wait, and the words were given that the organisation's protocol asks for. What was said of it
    /// afterwards is the emergency's to tell.
    Emergency {
        /// The emergency.
        emergency: EmergencyId,
        /// The content.
        content_hash: String,
        /// Who published it.
        by: MemberId,
        /// Who agreed before it went out.
        second: Option<MemberId>,
        /// Whoever wrote in it.
        hands: BTreeSet<MemberId>,
        /// Who may let out what did not go out at once.
        duties: Duties,
        /// Why.
        reason: String,
        /// When.
        at: Moment,
        /// Whether it was disowned since: nothing more goes out on it.
        #[serde(default)]
        disowned: bool,
    },
}

impl Approval {
    /// The content it is given for.
    pub fn content_hash(&self) -> &str {
        match self {
            Approval::Agreed { round } => &round.content_hash,
            Approval::Declared { content_hash, .. } | Approval::Emergency { content_hash, .. } => content_hash,
        }
    }

    /// The content that may go out on it now: what was disowned lets nothing out any more.
    pub fn live_hash(&self) -> Option<&str> {
        match self {
            Approval::Emergency { disowned: true, .. } => None,
            _ => Some(self.content_hash()),
        }
    }

    /// Whether somebody may let it out, as far as writing, agreeing and publishing are kept apart.
    ///
    /// # Errors
    /// `DutiesApart`; `NotApproved` for a round that is not through.
    pub fn may_publish(&self, by: &MemberId) -> Result<(), Refusal> {
        match self {
            Approval::Agreed { round } => round.ground()?.may_publish(by),
            // Nobody agreed to it, so there is nothing to keep apart.
            Approval::Declared { .. } => Ok(()),
            Approval::Emergency { hands, second, duties, .. } => match duties {
                Duties::Apart if hands.contains(by) || second.as_ref() == Some(by) => Err(Refusal::DutiesApart),
                Duties::Apart | Duties::Shared => Ok(()),
            },
        }
    }

    /// Whether writing, agreeing and publishing are kept apart for it.
    pub const fn keeps_apart(&self) -> bool {
        match self {
            Approval::Agreed { round } => matches!(round.options.duties, Duties::Apart),
            Approval::Declared { .. } => false,
            Approval::Emergency { duties, .. } => matches!(duties, Duties::Apart),
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
        if self.live_hash() != Some(content_hash) {
            return Err(Refusal::ApprovalVoid);
        }
        self.may_publish(by)?;
        let within = match self {
            Approval::Agreed { round } => round.envelope.covers(slot),
            // A declaration names no times: it is for a kind, not for a post.
            Approval::Declared { .. } => true,
            Approval::Emergency { at, .. } => (at.minus(GRACE)..=at.plus(LASTS)).contains(&slot.at),
        };
        if within { Ok(()) } else { Err(Refusal::OutsideEnvelope) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Millis,
        round::tests::{content, member},
    };

    fn emergency(duties: Duties, disowned: bool) -> Approval {
        Approval::Emergency {
            emergency: EmergencyId::from_bits(1),
            content_hash: content(0, 0).hash(),
            by: member(2),
            second: Some(member(6)),
            hands: BTreeSet::from([member(1)]),
            duties,
            reason: "Riada".to_owned(),
            at: Moment(1_000_000),
            disowned,
        }
    }

    fn slot(at: Moment) -> Slot {
        let civil = chrono::NaiveDateTime::default();
        Slot { civil, zone: "UTC".to_owned(), at, window: Millis::minutes(30) }
    }

    fn lets(approval: &Approval, by: u128, at: Moment) -> Result<(), Refusal> {
        approval.lets(&content(0, 0).hash(), &slot(at), &member(by))
    }

    #[test]
    fn the_words_of_an_emergency_last_a_day() {
        let shared = emergency(Duties::Shared, false);
        let at = Moment(1_000_000);
        assert_eq!(lets(&shared, 1, at), Ok(()));
        assert_eq!(lets(&shared, 1, at.plus(LASTS)), Ok(()));
        assert_eq!(lets(&shared, 1, at.plus(LASTS).plus(Millis(1))), Err(Refusal::OutsideEnvelope));
        assert_eq!(shared.lets(&content(1, 0).hash(), &slot(at), &member(1)), Err(Refusal::ApprovalVoid));
    }

    #[test]
    fn duties_stay_apart_in_what_an_emergency_left_to_be_done() {
        let apart = emergency(Duties::Apart, false);
        for by in [1, 6] {
            assert_eq!(lets(&apart, by, Moment(1_000_000)), Err(Refusal::DutiesApart));
        }
        assert_eq!(lets(&apart, 2, Moment(1_000_000)), Ok(()), "it is theirs to publish");
    }

    #[test]
    fn what_was_disowned_lets_nothing_out() {
        let disowned = emergency(Duties::Shared, true);
        assert_eq!((disowned.live_hash(), lets(&disowned, 2, Moment(1_000_000))), (None, Err(Refusal::ApprovalVoid)));
    }

    #[test]
    fn it_crosses_as_json_and_is_the_same() {
        let approval = emergency(Duties::Apart, false);
        let json = serde_json::to_string(&approval).unwrap();
        assert_eq!(serde_json::from_str::<Approval>(&json).unwrap(), approval);
    }
}

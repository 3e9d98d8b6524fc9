//! The ground on which a post may go out: what it carries once a round is agreed.
//! Separate from the round: this is all that placing, claiming and sending look at.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Decision, Envelope};
use crate::{
    CircuitId, Content, MemberId, Moment, PostId, Refusal, Slot,
    circuit::{Duties, Silence},
};

/// On what ground a content may go out: what a post carries from then on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// The post.
    pub post: PostId,
    /// The round.
    pub round: u32,
    /// The circuit.
    pub circuit: CircuitId,
    /// Its version.
    pub version: u32,
    /// The content.
    pub content_hash: String,
    /// The times.
    pub envelope: Envelope,
    /// Who may publish it.
    pub duties: Duties,
    /// Who wrote it.
    pub hands: BTreeSet<MemberId>,
    /// Who agreed.
    pub decisions: Vec<Decision>,
    /// Since when it stands.
    pub at: Moment,
}

/// What becomes of a post once it is agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "landing", deny_unknown_fields)]
pub enum Landing {
    /// It has no slot yet: somebody places it.
    Unplaced,
    /// It goes out at its slot.
    OnTime,
    /// The slot was over before it was agreed on: it is held until somebody places it.
    Held,
    /// The slot was over before it was agreed on: the next free one is taken.
    Replan,
}

impl Ground {
    /// Whether this content may go out at this slot.
    ///
    /// # Errors
    /// `ApprovalVoid` for another content, `OutsideEnvelope` for another time.
    pub fn covers(&self, content: &Content, slot: &Slot) -> Result<(), Refusal> {
        if content.hash() != self.content_hash {
            return Err(Refusal::ApprovalVoid);
        }
        if self.envelope.covers(slot) { Ok(()) } else { Err(Refusal::OutsideEnvelope) }
    }

    /// Whether somebody may place or publish it, as far as duties are kept apart.
    ///
    /// # Errors
    /// `DutiesApart`.
    pub fn may_publish(&self, by: &MemberId) -> Result<(), Refusal> {
        let agreed = self.decisions.iter().flat_map(|decision| &decision.hats).any(|hat| hat.member() == Some(by));
        match self.duties {
            Duties::Apart if agreed || self.hands.contains(by) => Err(Refusal::DutiesApart),
            Duties::Apart | Duties::Shared => Ok(()),
        }
    }

    /// What becomes of it now that it is agreed on.
    pub fn landing(&self, slot: Option<&Slot>, silence: &Silence) -> Landing {
        Landing::of(self.at, slot, Some(silence))
    }
}

impl Landing {
    /// A late approval never publishes at once: not even within the window, which is for the engine's delays.
    pub fn of(agreed: Moment, slot: Option<&Slot>, silence: Option<&Silence>) -> Self {
        match slot {
            None => Landing::Unplaced,
            Some(slot) if agreed <= slot.at => Landing::OnTime,
            Some(_) if matches!(silence, Some(Silence::Replan)) => Landing::Replan,
            Some(_) => Landing::Held,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Millis;

    fn ground(at: i64) -> Ground {
        Ground {
            post: PostId::from_bits(1),
            round: 1,
            circuit: CircuitId::from_bits(1),
            version: 1,
            content_hash: Content::default().hash(),
            envelope: Envelope::Times { from: Moment(0), until: Moment(100) },
            duties: Duties::Apart,
            hands: BTreeSet::from([MemberId::from_bits(1)]),
            decisions: Vec::new(),
            at: Moment(at),
        }
    }

    fn slot(at: i64) -> Slot {
        Slot { civil: chrono::NaiveDateTime::default(), zone: "UTC".to_owned(), at: Moment(at), window: Millis(30) }
    }

    #[test]
    fn it_covers_its_content_inside_its_times_and_nothing_else() {
        let other = Content { link: Some("https://town.example".to_owned()), ..Content::default() };
        assert_eq!(ground(1).covers(&Content::default(), &slot(100)), Ok(()));
        assert_eq!(ground(1).covers(&Content::default(), &slot(101)), Err(Refusal::OutsideEnvelope));
        assert_eq!(ground(1).covers(&other, &slot(100)), Err(Refusal::ApprovalVoid));
    }

    #[test]
    fn a_late_approval_never_publishes_at_once() {
        assert_eq!(ground(50).landing(Some(&slot(50)), &Silence::Hold), Landing::OnTime);
        assert_eq!(ground(51).landing(Some(&slot(50)), &Silence::Hold), Landing::Held);
        assert_eq!(ground(51).landing(Some(&slot(50)), &Silence::Replan), Landing::Replan);
        assert_eq!(ground(51).landing(None, &Silence::Replan), Landing::Unplaced);
    }

    #[test]
    fn where_duties_are_apart_whoever_wrote_does_not_publish() {
        assert_eq!(ground(1).may_publish(&MemberId::from_bits(1)), Err(Refusal::DutiesApart));
        assert_eq!(ground(1).may_publish(&MemberId::from_bits(2)), Ok(()));
        let shared = Ground { duties: Duties::Shared, ..ground(1) };
        assert_eq!(shared.may_publish(&MemberId::from_bits(1)), Ok(()));
    }
}

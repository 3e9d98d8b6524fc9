//! The outbox of a device: decisions that were signed, and of which nobody knows yet that they arrived. What is sent
//! next, what an answer means, what is still to be said. Separate from sending: these rules hold whether there is
//! coverage or not.
//!
//! Nothing is dropped before the engine has acknowledged it or its holder has read why it was not taken. Sending again
//! is harmless: the engine takes each statement once, and says of the second time that it stands. So one that is too old
//! is sent as well: it may have arrived long ago, and otherwise the engine says why not.

use serde::{Deserialize, Serialize};

use crate::{MemberId, Moment, Refusal};

/// What is written on a decision that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Who signed it. Only they may send it: a device can be shared.
    pub member: MemberId,
    /// When it was signed.
    pub signed: Moment,
    /// Why it was not taken, once that is known.
    pub refused: Option<Refusal>,
}

/// What an answer means for a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The engine has it.
    Arrived,
    /// Nobody knows, or not now: it stays and is sent again.
    Stays,
    /// It stays until its holder has signed in again.
    SignIn,
    /// It was not taken and never will be.
    Refused(Refusal),
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A success.
    Taken,
    /// A refusal.
    Refused(Refusal),
    /// Nothing, or nothing that makes sense.
    Silence,
}

/// What an answer means.
pub fn fate(answer: Answer) -> Fate {
    match answer {
        Answer::Taken => Fate::Arrived,
        Answer::Silence => Fate::Stays,
        Answer::Refused(refusal) => match refusal {
            Refusal::SignedOut => Fate::SignIn,
            // Somebody decided in the same moment, or the engine is out of breath: the same decision may be taken yet.
            Refusal::Stale { .. } | Refusal::Unavailable | Refusal::TooMany { .. } => Fate::Stays,
            refusal => Fate::Refused(refusal),
        },
    }
}

impl Label {
    /// Whether it still waits to be sent.
    pub const fn waits(&self) -> bool {
        self.refused.is_none()
    }
}

/// The place of the one that is sent next by a member: the one that was signed first. Nobody sends another's.
pub fn next(labels: &[&Label], member: &MemberId) -> Option<usize> {
    let mine = labels.iter().enumerate().filter(|(_, label)| label.waits() && label.member == *member);
    mine.min_by_key(|(place, label)| (label.signed, *place)).map(|(place, _)| place)
}

/// How many wait to be sent.
pub fn unsent(labels: &[&Label]) -> usize {
    labels.iter().filter(|label| label.waits()).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Millis;

    fn label(member: u128, signed: i64) -> Label {
        Label { member: MemberId::from_bits(member), signed: Moment(signed), refused: None }
    }

    /// Sends all that can be sent, as a device with coverage does; answers what is left.
    fn sent(mut box_: Vec<Label>, member: u128, engine: impl Fn(&Label) -> Answer) -> Vec<Label> {
        let member = MemberId::from_bits(member);
        while let Some(place) = next(&box_.iter().collect::<Vec<_>>(), &member) {
            match fate(engine(&box_[place])) {
                Fate::Arrived => drop(box_.remove(place)),
                Fate::Refused(refusal) => box_[place].refused = Some(refusal),
                Fate::Stays | Fate::SignIn => break,
            }
        }
        box_
    }

    #[test]
    fn two_hundred_decisions_of_which_three_are_stale() {
        let stale = [Moment(17), Moment(100), Moment(199)];
        let box_ = (0..200).map(|signed| label(1, signed)).collect();
        let engine = |label: &Label| match stale.contains(&label.signed) {
            true => Answer::Refused(Refusal::OtherContent),
            false => Answer::Taken,
        };
        let left = sent(box_, 1, engine);
        assert_eq!(left.iter().map(|label| label.signed).collect::<Vec<_>>(), stale);
        assert!(left.iter().all(|label| label.refused == Some(Refusal::OtherContent)));
        assert_eq!(unsent(&left.iter().collect::<Vec<_>>()), 0);
    }

    #[test]
    fn they_go_in_the_order_in_which_they_were_signed_and_stop_where_the_line_stops() {
        let box_ = vec![label(1, 30), label(1, 10), label(1, 20)];
        let left = sent(box_, 1, |label| if label.signed == Moment(10) { Answer::Taken } else { Answer::Silence });
        assert_eq!(left.iter().map(|label| label.signed.0).collect::<Vec<_>>(), [30, 20]);
        assert_eq!(unsent(&left.iter().collect::<Vec<_>>()), 2);
    }

    #[test]
    fn nobody_sends_what_somebody_else_signed() {
        let box_ = vec![label(2, 1), label(1, 2)];
        assert_eq!(sent(box_.clone(), 1, |_| Answer::Taken), [label(2, 1)]);
        assert_eq!(next(&box_.iter().collect::<Vec<_>>(), &MemberId::from_bits(3)), None);
    }

    #[test]
    fn only_what_can_never_be_taken_is_refused() {
        let until = Moment(1);
        for refusal in [Refusal::Unavailable, Refusal::Stale { current: 2 }, Refusal::TooMany { until }] {
            assert_eq!(fate(Answer::Refused(refusal)), Fate::Stays);
        }
        assert_eq!(fate(Answer::Refused(Refusal::SignedOut)), Fate::SignIn);
        let by = Millis::days(1);
        for refusal in [Refusal::ClockOff { by }, Refusal::StepClosed, Refusal::BadPasskey, Refusal::SpentLink] {
            assert_eq!(fate(Answer::Refused(refusal.clone())), Fate::Refused(refusal));
        }
    }
}

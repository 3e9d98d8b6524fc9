//! A decision in a round: what was asked for, and what was taken down.
//! Separate from the round: a decision outlives it, in the record, in the receipt and in the next round.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{DelegationId, MemberId, Moment, Refusal, StepId, approval::TextPlace, party::Person, post::parse_reason};

/// What somebody says in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "decision", deny_unknown_fields)]
pub enum Choice {
    /// It may go out.
    Approve,
    /// It may go out, and this is to be known of it.
    Reserve {
        /// What is to be known.
        comment: String,
    },
    /// It goes back, with what is to be changed. One is enough, whatever the quorum.
    Return {
        /// What is to be changed.
        comment: String,
        /// Where.
        #[serde(default)]
        place: Option<TextPlace>,
    },
}

impl Choice {
    /// Whether it agrees.
    pub const fn agrees(&self) -> bool {
        !matches!(self, Choice::Return { .. })
    }

    /// The comment, if it has one.
    pub fn comment(&self) -> Option<&str> {
        match self {
            Choice::Approve => None,
            Choice::Reserve { comment } | Choice::Return { comment, .. } => Some(comment),
        }
    }

    /// A choice that says what it must, and not endlessly.
    ///
    /// # Errors
    /// `ReasonWanted`, `TooLarge`.
    pub fn parse(self) -> Result<Self, Refusal> {
        Ok(match self {
            Choice::Approve => Choice::Approve,
            Choice::Reserve { comment } => Choice::Reserve { comment: parse_reason(&comment)? },
            Choice::Return { comment, place } => {
                let quote = place.as_ref().map_or(0, |place| place.quote.len());
                if quote > QUOTE_BYTES {
                    let (limit, length) = (QUOTE_BYTES as u64, quote as u64);
                    return Err(Refusal::TooLarge { field: "comment".to_owned(), limit, length });
                }
                Choice::Return { comment: parse_reason(&comment)?, place }
            }
        })
    }
}

/// 200 characters of four bytes.
const QUOTE_BYTES: usize = 800;

/// A decision that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ballot {
    /// Who.
    pub by: Person,
    /// For whom they act, if it is not for themselves.
    pub acting_for: Option<MemberId>,
    /// The step that they saw open.
    pub step: StepId,
    /// The content that they saw.
    pub content_hash: String,
    /// What they say.
    pub choice: Choice,
}

/// A decision that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// In which round; an earlier one if it lived on.
    pub round: u32,
    /// In which step.
    pub step: StepId,
    /// Who.
    pub by: Person,
    /// By delegation of whom, and under which substitution.
    pub acting_for: Option<(MemberId, DelegationId)>,
    /// Everybody whose word this was: none of them is counted again.
    pub hats: BTreeSet<Person>,
    /// The places of the step that they fitted then.
    pub places: Vec<usize>,
    /// On which content.
    pub content_hash: String,
    /// The hash of what the step answers for.
    pub seen: String,
    /// What.
    pub choice: Choice,
    /// When.
    pub at: Moment,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn whoever_returns_or_reserves_says_what() {
        let silent = || " ".to_owned();
        assert_eq!(Choice::Return { comment: silent(), place: None }.parse(), Err(Refusal::ReasonWanted));
        assert_eq!(Choice::Reserve { comment: silent() }.parse(), Err(Refusal::ReasonWanted));
    }

    #[test]
    fn a_comment_of_a_megabyte_is_refused_with_its_size() {
        let refusal = Choice::Reserve { comment: "a".repeat(1 << 20) }.parse();
        assert!(matches!(refusal, Err(Refusal::TooLarge { length: 1_048_576, .. })), "{refusal:?}");
        let place = TextPlace { language: Language::spanish(), start: 0, end: 1, quote: "a".repeat(801) };
        let refusal = Choice::Return { comment: "esto".to_owned(), place: Some(place) }.parse();
        assert!(matches!(refusal, Err(Refusal::TooLarge { limit: 800, length: 801, .. })), "{refusal:?}");
    }
}

//! Approval: a round over one exact content, and who decided what.
//! Separate from `post`: the rules of who may decide will grow (circuits) without touching the life of a post.

use serde::{Deserialize, Serialize};

use crate::{Kind, MemberId, Moment, Refusal};

/// A round: one content on its way to a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// 1 for the first time the post is submitted.
    pub number: u32,
    /// The content that is decided on.
    pub content_hash: String,
    /// Who submitted.
    pub by: MemberId,
    /// When.
    pub at: Moment,
}

/// What somebody decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "decision", deny_unknown_fields)]
pub enum Choice {
    /// It may go out.
    Approve,
    /// It goes back, with what is to be changed.
    Return {
        /// What is to be changed.
        comment: String,
        /// The bytes of the text that the comment speaks of: language tag, start, end.
        #[serde(default)]
        place: Option<TextPlace>,
    },
}

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

/// A decision that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// In which round.
    pub round: u32,
    /// On which content.
    pub content_hash: String,
    /// By whom.
    pub by: MemberId,
    /// When.
    pub at: Moment,
    /// What.
    pub choice: Choice,
}

/// On what ground a content may go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ground")]
pub enum Approval {
    /// Somebody else decided.
    Decided {
        /// The content.
        content_hash: String,
        /// Who approved.
        by: MemberId,
        /// When.
        at: Moment,
    },
    /// The organisation declared that this kind needs none.
    Declared {
        /// The content.
        content_hash: String,
        /// The kind.
        kind: Kind,
        /// Which administrator adopted the declaration.
        by: MemberId,
        /// The reason that stands in it.
        reason: String,
        /// When the post was submitted under it.
        at: Moment,
    },
}

impl Approval {
    /// The content it is given for.
    pub fn content_hash(&self) -> &str {
        match self {
            Approval::Decided { content_hash, .. } | Approval::Declared { content_hash, .. } => content_hash,
        }
    }
}

impl Round {
    /// Takes a decision. `author` and whoever submitted never decide on their own; the content must be the one of
    /// the round; a return must say what is to be changed.
    ///
    /// # Errors
    /// `OwnPost`, `OtherContent`, `ReasonWanted`, `TooLarge`.
    pub fn decide(
        &self,
        author: &MemberId,
        by: &MemberId,
        seen_hash: &str,
        choice: Choice,
        at: Moment,
    ) -> Result<Decision, Refusal> {
        if by == author || *by == self.by {
            return Err(Refusal::OwnPost);
        }
        if seen_hash != self.content_hash {
            return Err(Refusal::OtherContent);
        }
        if let Choice::Return { comment, place } = &choice {
            if comment.trim().is_empty() {
                return Err(Refusal::ReasonWanted);
            }
            let quote = place.as_ref().map_or(0, |place| place.quote.len());
            let (limit, length) = (COMMENT_BYTES as u64, comment.len().max(quote) as u64);
            if length > limit {
                return Err(Refusal::TooLarge { field: "comment".to_owned(), limit, length });
            }
        }
        Ok(Decision { round: self.number, content_hash: self.content_hash.clone(), by: by.clone(), at, choice })
    }
}

/// A comment is read on a phone in a corridor: this is already four screens of it.
const COMMENT_BYTES: usize = 8_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn member(n: u128) -> MemberId {
        MemberId::from_bits(n)
    }

    fn round() -> Round {
        Round { number: 1, content_hash: "h".to_owned(), by: member(1), at: Moment(0) }
    }

    #[test]
    fn an_author_never_approves_their_own_nor_who_submitted_for_them() {
        for (author, by) in [(1, 1), (2, 1), (2, 2)] {
            let decision = round().decide(&member(author), &member(by), "h", Choice::Approve, Moment(1));
            assert_eq!(decision, Err(Refusal::OwnPost));
        }
    }

    #[test]
    fn a_decision_on_another_content_is_refused() {
        let decision = round().decide(&member(1), &member(2), "old", Choice::Approve, Moment(1));
        assert_eq!(decision, Err(Refusal::OtherContent));
    }

    #[test]
    fn a_return_says_what_is_to_be_changed() {
        let choice = Choice::Return { comment: "  ".to_owned(), place: None };
        assert_eq!(round().decide(&member(1), &member(2), "h", choice, Moment(1)), Err(Refusal::ReasonWanted));
    }
}

//! Approval: a round over one exact content, and who decided what.
//! Separate from `post`: the rules of who may decide will grow (circuits) without touching the life of a post.

use serde::{Deserialize, Serialize};

use crate::{
    CircuitId, Kind, MemberId, Moment, OrganisationId, PostId, Refusal, Role, Slot, StepId,
    party::Person,
    round::{self, Envelope},
    slot::{GRACE, HORIZON},
    statement::{LIFETIME, Nonce, SKEW, Statement, Verdict, comment_hash},
};

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

/// What a statement of a decision speaks of besides the round: whose post it is, who decides and as what.
#[derive(Debug, Clone, Copy)]
pub struct Sitting<'a> {
    /// Whose post it is.
    pub organisation: &'a OrganisationId,
    /// The post.
    pub post: &'a PostId,
    /// Who decides.
    pub by: &'a MemberId,
    /// As what.
    pub role: Role,
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
        /// The times that were agreed to with it.
        envelope: Envelope,
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
    /// Whether a slot is within the times that were agreed to. A declaration names none.
    pub fn covers(&self, slot: &Slot) -> bool {
        match self {
            Approval::Decided { envelope, .. } => envelope.covers(slot),
            Approval::Declared { .. } => true,
        }
    }

    /// The content it is given for.
    pub fn content_hash(&self) -> &str {
        match self {
            Approval::Decided { content_hash, .. } | Approval::Declared { content_hash, .. } => content_hash,
        }
    }
}

impl From<&Choice> for round::Choice {
    fn from(choice: &Choice) -> Self {
        match choice {
            Choice::Approve => round::Choice::Approve,
            Choice::Return { comment, place } => {
                round::Choice::Return { comment: comment.clone(), place: place.clone() }
            }
        }
    }
}

impl Round {
    /// The times that are agreed to with the content: from the submission on (with the grace that a slot has), as far as
    /// anything may be placed.
    pub fn envelope(&self) -> Envelope {
        Envelope::Times { from: self.at.minus(GRACE), until: self.at.plus(HORIZON) }
    }

    /// What somebody signs who decides `choice` in this round. The round runs under the usual circuit: one step, in
    /// which anybody sits whose role may decide.
    pub fn statement(&self, sitting: Sitting<'_>, choice: &Choice, nonce: Nonce, at: Moment) -> Statement {
        let choice = round::Choice::from(choice);
        Statement {
            organisation: sitting.organisation.clone(),
            post: sitting.post.clone(),
            round: self.number,
            circuit: CircuitId::from_bits(USUAL),
            version: 1,
            step: StepId::from_bits(USUAL),
            content: self.content_hash.clone(),
            envelope: self.envelope(),
            decision: Verdict::from(&choice),
            comment: comment_hash(&choice),
            at,
            by: Person::Member { member: sitting.by.clone() },
            role: Some(sitting.role),
            authority: None,
            nonce,
        }
    }

    /// Whether a statement that came back signed is the one that this person would sign here: every field but the
    /// device's clock is made again and compared. `issued` is when the engine drew the nonce.
    ///
    /// # Errors
    /// `OtherContent` for another content, round or other times; `SpentLink` when the nonce is too old; `ClockOff`;
    /// `Malformed` when anything else is not what it says.
    pub fn vouch(
        &self,
        statement: &Statement,
        sitting: Sitting<'_>,
        choice: &Choice,
        nonce: &Nonce,
        issued: Moment,
        now: Moment,
    ) -> Result<(), Refusal> {
        let seen = (statement.round, &statement.content, &statement.envelope);
        if seen != (self.number, &self.content_hash, &self.envelope()) {
            return Err(Refusal::OtherContent);
        }
        if now.since(issued) > LIFETIME {
            return Err(Refusal::SpentLink);
        }
        // It was signed between the moment the item was fetched and now, give or take the clock.
        if statement.at < issued.minus(SKEW) {
            return Err(Refusal::ClockOff { by: statement.at.since(issued) });
        }
        if statement.at > now.plus(SKEW) {
            return Err(Refusal::ClockOff { by: statement.at.since(now) });
        }
        if *statement == self.statement(sitting, choice, nonce.clone(), statement.at) {
            Ok(())
        } else {
            Err(Refusal::Malformed { field: "statement".to_owned() })
        }
    }

    /// Whether this member may decide here: `author` and whoever submitted never decide on their own.
    ///
    /// # Errors
    /// `OwnPost`.
    pub fn admit(&self, author: &MemberId, by: &MemberId) -> Result<(), Refusal> {
        if by == author || *by == self.by { Err(Refusal::OwnPost) } else { Ok(()) }
    }

    /// Takes a decision of somebody who is admitted; the content must be the one of the round; a return must say what
    /// is to be changed.
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
        self.admit(author, by)?;
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

/// The usual circuit and its one step: what every organisation has until it draws circuits of its own.
const USUAL: u128 = 1;

/// A comment is read on a phone in a corridor: this is already four screens of it.
const COMMENT_BYTES: usize = 8_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn member(n: u128) -> MemberId {
        MemberId::from_bits(n)
    }

    #[test]
    fn only_the_statement_that_is_true_here_and_now_is_vouched_for() {
        let (round, nonce) = (round(), Nonce::from_bits(9));
        let (organisation, post, by) = (OrganisationId::from_bits(1), PostId::from_bits(2), member(3));
        let sitting = Sitting { organisation: &organisation, post: &post, by: &by, role: Role::Approver };
        let (issued, now) = (Moment(1_000_000), Moment(2_000_000));
        let choice = Choice::Return { comment: "Falta la hora.".to_owned(), place: None };
        let good = round.statement(sitting, &choice, nonce.clone(), Moment(1_500_000));
        let check = |statement: &Statement| round.vouch(statement, sitting, &choice, &nonce, issued, now);
        assert_eq!(check(&good), Ok(()));
        let malformed = Err(Refusal::Malformed { field: "statement".to_owned() });
        let other = |change: &dyn Fn(&mut Statement)| {
            let mut statement = good.clone();
            change(&mut statement);
            check(&statement)
        };
        assert_eq!(other(&|s| s.content = "x".to_owned()), Err(Refusal::OtherContent));
        assert_eq!(other(&|s| s.round = 2), Err(Refusal::OtherContent));
        assert_eq!(other(&|s| s.decision = Verdict::Approve), malformed);
        assert_eq!(other(&|s| s.comment = None), malformed);
        assert_eq!(other(&|s| s.organisation = OrganisationId::from_bits(7)), malformed);
        assert_eq!(other(&|s| s.post = PostId::from_bits(7)), malformed);
        assert_eq!(other(&|s| s.by = Person::Member { member: member(4) }), malformed);
        assert_eq!(other(&|s| s.role = Some(Role::Administrator)), malformed);
        assert_eq!(other(&|s| s.nonce = Nonce::from_bits(8)), malformed);
        assert!(matches!(other(&|s| s.at = Moment(0).minus(SKEW)), Err(Refusal::ClockOff { .. })));
        assert!(matches!(other(&|s| s.at = now.plus(SKEW).plus(SKEW)), Err(Refusal::ClockOff { .. })));
        let late = issued.plus(LIFETIME).plus(SKEW);
        assert_eq!(round.vouch(&good, sitting, &choice, &nonce, issued, late), Err(Refusal::SpentLink));
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

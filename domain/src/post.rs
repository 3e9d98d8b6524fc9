//! A post and its life: a value that can only be in a stage its type allows.
//! Separate from `delivery`: the post is what people decide on; what happens at each network is a publication's.

use serde::{Deserialize, Serialize};

use crate::{
    Approval, Choice, Content, Decision, Declaration, Effect, MemberId, Moment, Notice, PostId, Refusal, Round, Slot,
    policy::Verdict, record::Subject,
};

/// Where a post is in its life; each stage carries what is only known in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "stage")]
pub enum Stage {
    /// Being written. `returned` says why, if it came back.
    Draft {
        /// The decision that sent it back.
        returned: Option<Decision>,
    },
    /// Waiting for a decision.
    InReview {
        /// The round.
        round: Round,
    },
    /// May go out; has no slot yet.
    Approved {
        /// On what ground.
        approval: Approval,
    },
    /// Goes out at its slot.
    Placed {
        /// On what ground.
        approval: Approval,
        /// When.
        slot: Slot,
    },
    /// On its way or out: the content is frozen. The publications say what became of each.
    Out {
        /// On what ground.
        approval: Approval,
        /// When.
        slot: Slot,
        /// A correction that waits for its approval.
        correction: Option<Box<Correction>>,
    },
    /// Will not go out.
    Cancelled {
        /// By whom.
        by: MemberId,
        /// When.
        at: Moment,
        /// Why.
        reason: String,
    },
}

/// A new content for what is already out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The new content.
    pub content: Content,
    /// Why.
    pub reason: String,
    /// The round it is in.
    pub round: Round,
}

/// The stage without what it carries: for lists, filters and the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageName {
    /// Being written.
    Draft,
    /// Waiting for a decision.
    InReview,
    /// May go out; has no slot yet.
    Approved,
    /// Goes out at its slot.
    Placed,
    /// On its way or out.
    Out,
    /// Will not go out.
    Cancelled,
}

impl Stage {
    /// Its name.
    pub const fn name(&self) -> StageName {
        match self {
            Stage::Draft { .. } => StageName::Draft,
            Stage::InReview { .. } => StageName::InReview,
            Stage::Approved { .. } => StageName::Approved,
            Stage::Placed { .. } => StageName::Placed,
            Stage::Out { .. } => StageName::Out,
            Stage::Cancelled { .. } => StageName::Cancelled,
        }
    }
    /// The slot, if it has one.
    pub const fn slot(&self) -> Option<&Slot> {
        match self {
            Stage::Placed { slot, .. } | Stage::Out { slot, .. } => Some(slot),
            _ => None,
        }
    }
    /// The approval, if it has one.
    pub const fn approval(&self) -> Option<&Approval> {
        match self {
            Stage::Approved { approval } | Stage::Placed { approval, .. } | Stage::Out { approval, .. } => {
                Some(approval)
            }
            _ => None,
        }
    }
}

impl StageName {
    /// As the database and the addresses write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            StageName::Draft => "draft",
            StageName::InReview => "in_review",
            StageName::Approved => "approved",
            StageName::Placed => "placed",
            StageName::Out => "out",
            StageName::Cancelled => "cancelled",
        }
    }
}

/// A post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Its identity.
    pub id: PostId,
    /// Who wrote it first.
    pub author: MemberId,
    /// Counts its changes; a change must name the one it started from.
    pub version: u64,
    /// How many rounds it has been through.
    pub rounds: u32,
    /// What is to be said.
    pub content: Content,
    /// Where it is.
    pub stage: Stage,
}

/// What a step answers: the post after it, and what the world has to do, in one unit of work.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Step {
    /// The post after the step.
    pub post: Post,
    /// What goes with it.
    pub effects: Vec<Effect>,
}

fn keep(subject: Subject, body: serde_json::Value) -> Effect {
    Effect::Keep { subject, body }
}

/// Reasons stay in the record for years: a sentence, not a novel.
const REASON_BYTES: usize = 2_000;

/// A reason that says something and is not endless.
///
/// # Errors
/// `ReasonWanted`, `TooLarge`.
pub fn parse_reason(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::ReasonWanted);
    }
    if reason.len() > REASON_BYTES {
        return Err(Refusal::TooLarge {
            field: "reason".to_owned(),
            limit: REASON_BYTES as u64,
            length: reason.len() as u64,
        });
    }
    Ok(reason.to_owned())
}

impl Post {
    /// A new draft.
    pub fn new(id: PostId, author: MemberId, content: Content) -> Self {
        Self { id, author, version: 1, rounds: 0, content, stage: Stage::Draft { returned: None } }
    }

    fn step(mut self, stage: Stage, effects: Vec<Effect>) -> Step {
        self.stage = stage;
        self.version += 1;
        Step { post: self, effects }
    }

    /// Changes the content. Any change after a submission takes it back, any change after an approval voids it; what
    /// is out cannot be edited, only corrected.
    ///
    /// # Errors
    /// `WrongStage` when it is out or cancelled.
    pub fn edit(mut self, content: Content) -> Result<Step, Refusal> {
        if matches!(self.stage, Stage::Out { .. } | Stage::Cancelled { .. }) {
            return Err(Refusal::WrongStage);
        }
        if content == self.content {
            return Ok(Step { post: self, effects: Vec::new() });
        }
        self.content = content;
        let stage = match &self.stage {
            Stage::Draft { returned } => Stage::Draft { returned: returned.clone() },
            _ => Stage::Draft { returned: None },
        };
        Ok(self.step(stage, Vec::new()))
    }

    /// Submits for approval; a declared kind is approved by its declaration, and the record says so.
    ///
    /// # Errors
    /// `WrongStage`, `Empty`, `Blocked`.
    pub fn submit(
        mut self,
        by: &MemberId,
        at: Moment,
        verdict: Verdict,
        declared: Option<&Declaration>,
    ) -> Result<Step, Refusal> {
        if !matches!(self.stage, Stage::Draft { .. }) {
            return Err(Refusal::WrongStage);
        }
        if self.content.destinations().next().is_none() {
            return Err(Refusal::Empty);
        }
        if verdict == Verdict::Block {
            return Err(Refusal::Blocked);
        }
        self.rounds += 1;
        let content_hash = self.content.hash();
        let submission = keep(
            Subject::Submission,
            crate::json!({ "post": self.id, "round": self.rounds, "by": by, "content": self.content, "content_hash": content_hash }),
        );
        if let Some(declaration) = declared {
            let approval = Approval::Declared {
                content_hash,
                kind: declaration.kind,
                by: declaration.by.clone(),
                reason: declaration.reason.clone(),
                at,
            };
            let declared = keep(Subject::Decision, crate::json!({ "post": self.id, "approval": approval }));
            return Ok(self.step(Stage::Approved { approval }, vec![submission, declared]));
        }
        let round = Round { number: self.rounds, content_hash, by: by.clone(), at };
        let waiting = Effect::Notify(Notice::Waiting { post: self.id.clone() });
        Ok(self.step(Stage::InReview { round }, vec![submission, waiting]))
    }

    /// The round that is open: the post's, or that of the correction that waits.
    ///
    /// # Errors
    /// `WrongStage` when nothing waits for a decision.
    pub const fn round(&self) -> Result<&Round, Refusal> {
        match &self.stage {
            Stage::InReview { round } => Ok(round),
            Stage::Out { correction: Some(correction), .. } => Ok(&correction.round),
            _ => Err(Refusal::WrongStage),
        }
    }

    /// Takes a decision in the open round, or on the correction that waits.
    ///
    /// # Errors
    /// `WrongStage`, and what `Round::decide` refuses.
    pub fn decide(mut self, by: &MemberId, seen_hash: &str, choice: Choice, at: Moment) -> Result<Step, Refusal> {
        let round = self.round()?;
        let decision = round.decide(&self.author, by, seen_hash, choice, at)?;
        let kept = keep(Subject::Decision, crate::json!({ "post": self.id, "decision": decision }));
        let (content_hash, envelope) = (decision.content_hash.clone(), round.envelope());
        let approval = Approval::Decided { content_hash, by: by.clone(), at, envelope };
        let approves = matches!(decision.choice, Choice::Approve);
        let returned = Effect::Notify(Notice::Returned { post: self.id.clone(), to: round.by.clone() });
        match self.stage.clone() {
            Stage::Out { slot, correction: Some(correction), .. } if approves => {
                let corrected = keep(
                    Subject::Correction,
                    crate::json!({
                        "post": self.id,
                        "reason": correction.reason,
                        "content": correction.content,
                        "content_hash": decision.content_hash,
                    }),
                );
                self.content = correction.content;
                Ok(self.step(Stage::Out { approval, slot, correction: None }, vec![kept, corrected]))
            }
            Stage::Out { approval, slot, .. } => {
                Ok(self.step(Stage::Out { approval, slot, correction: None }, vec![kept, returned]))
            }
            _ if approves => Ok(self.step(Stage::Approved { approval }, vec![kept])),
            _ => Ok(self.step(Stage::Draft { returned: Some(decision) }, vec![kept, returned])),
        }
    }

    /// Takes a submission back.
    ///
    /// # Errors
    /// `WrongStage` when it is not in review.
    pub fn withdraw(self) -> Result<Step, Refusal> {
        match self.stage {
            Stage::InReview { .. } => Ok(self.step(Stage::Draft { returned: None }, Vec::new())),
            _ => Err(Refusal::WrongStage),
        }
    }

    /// Gives it a slot, or another one.
    ///
    /// # Errors
    /// `NotApproved`, `ApprovalVoid`, `OutsideEnvelope`, `WrongStage`, `Paused`.
    pub fn place(self, slot: Slot, by: &MemberId, paused: bool) -> Result<Step, Refusal> {
        let approval = match &self.stage {
            Stage::Approved { approval } | Stage::Placed { approval, .. } => approval.clone(),
            Stage::Draft { .. } | Stage::InReview { .. } => return Err(Refusal::NotApproved),
            Stage::Out { .. } | Stage::Cancelled { .. } => return Err(Refusal::WrongStage),
        };
        if paused {
            return Err(Refusal::Paused);
        }
        if approval.content_hash() != self.content.hash() {
            return Err(Refusal::ApprovalVoid);
        }
        if !approval.covers(&slot) {
            return Err(Refusal::OutsideEnvelope);
        }
        let kept = keep(Subject::Placement, crate::json!({ "post": self.id, "by": by, "slot": slot }));
        Ok(self.step(Stage::Placed { approval, slot }, vec![kept]))
    }

    /// Takes the slot away; the approval stays.
    ///
    /// # Errors
    /// `WrongStage` when it is not placed.
    pub fn unplace(self, by: &MemberId) -> Result<Step, Refusal> {
        match self.stage.clone() {
            Stage::Placed { approval, .. } => {
                let kept = keep(
                    Subject::Placement,
                    crate::json!({ "post": self.id, "by": by, "slot": serde_json::Value::Null }),
                );
                Ok(self.step(Stage::Approved { approval }, vec![kept]))
            }
            _ => Err(Refusal::WrongStage),
        }
    }

    /// The first act was claimed: from here on the content is frozen.
    ///
    /// # Errors
    /// `WrongStage` when it is not placed.
    pub fn leave(self) -> Result<Step, Refusal> {
        match self.stage.clone() {
            Stage::Placed { approval, slot } => {
                Ok(self.step(Stage::Out { approval, slot, correction: None }, Vec::new()))
            }
            _ => Err(Refusal::WrongStage),
        }
    }

    /// Gives it up before anything went out.
    ///
    /// # Errors
    /// `WrongStage` when it is out or cancelled already; `ReasonWanted`.
    pub fn cancel(self, by: &MemberId, at: Moment, reason: &str) -> Result<Step, Refusal> {
        if matches!(self.stage, Stage::Out { .. } | Stage::Cancelled { .. }) {
            return Err(Refusal::WrongStage);
        }
        let reason = parse_reason(reason)?;
        let kept =
            keep(Subject::Placement, crate::json!({ "post": self.id, "by": by, "cancelled": true, "reason": reason }));
        Ok(self.step(Stage::Cancelled { by: by.clone(), at, reason }, vec![kept]))
    }

    /// Proposes a new content for what is out; it goes out after a decision by somebody else, or at once for a
    /// declared kind.
    ///
    /// # Errors
    /// `WrongStage`, `Blocked`, `ReasonWanted`, `Doubled` when a correction waits already.
    pub fn correct(
        mut self,
        content: Content,
        reason: &str,
        by: &MemberId,
        at: Moment,
        verdict: Verdict,
        declared: Option<&Declaration>,
    ) -> Result<Step, Refusal> {
        let Stage::Out { approval, slot, correction } = self.stage.clone() else { return Err(Refusal::WrongStage) };
        if correction.is_some() {
            return Err(Refusal::Doubled { field: "correction".to_owned() });
        }
        if verdict == Verdict::Block {
            return Err(Refusal::Blocked);
        }
        let reason = parse_reason(reason)?;
        self.rounds += 1;
        let content_hash = content.hash();
        if let Some(declaration) = declared {
            let approval = Approval::Declared {
                content_hash: content_hash.clone(),
                kind: declaration.kind,
                by: declaration.by.clone(),
                reason: declaration.reason.clone(),
                at,
            };
            let kept = keep(
                Subject::Correction,
                crate::json!({ "post": self.id, "by": by, "reason": reason, "content": content, "content_hash": content_hash, "approval": approval }),
            );
            self.content = content;
            return Ok(self.step(Stage::Out { approval, slot, correction: None }, vec![kept]));
        }
        let round = Round { number: self.rounds, content_hash, by: by.clone(), at };
        let waiting = Effect::Notify(Notice::Waiting { post: self.id.clone() });
        let correction = Some(Box::new(Correction { content, reason, round }));
        Ok(self.step(Stage::Out { approval, slot, correction }, vec![waiting]))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::NaiveDateTime;
    use proptest::prelude::*;

    use super::*;
    use crate::{ChannelId, Kind, Language, Millis, Target};

    fn member(n: u128) -> MemberId {
        MemberId::from_bits(n)
    }

    fn content(text: &str) -> Content {
        Content {
            texts: BTreeMap::from([(Language::spanish(), text.to_owned())]),
            targets: vec![Target { channel: ChannelId::from_bits(1), languages: vec![Language::spanish()] }],
            ..Content::default()
        }
    }

    fn slot(at: i64) -> Slot {
        Slot {
            civil: NaiveDateTime::default(),
            zone: "Europe/Madrid".to_owned(),
            at: Moment(at),
            window: Millis::minutes(30),
        }
    }

    fn draft() -> Post {
        Post::new(PostId::from_bits(1), member(1), content("Hola"))
    }

    fn approved() -> Post {
        let post = draft().submit(&member(1), Moment(1), Verdict::Pass, None).unwrap().post;
        let hash = post.content.hash();
        post.decide(&member(2), &hash, Choice::Approve, Moment(2)).unwrap().post
    }

    #[test]
    fn an_edit_after_approval_voids_it() {
        let post = approved().edit(content("Adiós")).unwrap().post;
        assert_eq!(post.stage.name(), StageName::Draft);
        assert_eq!(post.place(slot(9), &member(1), false), Err(Refusal::NotApproved));
    }

    #[test]
    fn an_edit_that_changes_nothing_keeps_the_approval() {
        let post = approved();
        let same = post.content.clone();
        assert_eq!(post.clone().edit(same).unwrap().post, post);
    }

    #[test]
    fn a_declared_kind_needs_no_decision_and_says_so() {
        let declaration =
            Declaration { kind: Kind::Routine, by: member(9), at: Moment(0), reason: "one officer".to_owned() };
        let step = draft().submit(&member(1), Moment(1), Verdict::Warn, Some(&declaration)).unwrap();
        assert!(matches!(step.post.stage, Stage::Approved { approval: Approval::Declared { .. } }));
        assert!(step.effects.iter().any(|effect| matches!(effect, Effect::Keep { subject: Subject::Decision, .. })));
    }

    #[test]
    fn what_is_blocked_cannot_be_submitted() {
        assert_eq!(draft().submit(&member(1), Moment(1), Verdict::Block, None), Err(Refusal::Blocked));
    }

    #[test]
    fn what_is_out_is_corrected_not_edited() {
        let post = approved().place(slot(9), &member(1), false).unwrap().post.leave().unwrap().post;
        assert_eq!(post.clone().edit(content("Adiós")), Err(Refusal::WrongStage));
        let post = post.correct(content("Adiós"), "errata", &member(1), Moment(10), Verdict::Pass, None).unwrap().post;
        assert_eq!(post.content, content("Hola"));
        let hash = content("Adiós").hash();
        assert_eq!(post.clone().decide(&member(1), &hash, Choice::Approve, Moment(11)), Err(Refusal::OwnPost));
        let post = post.decide(&member(2), &hash, Choice::Approve, Moment(11)).unwrap().post;
        assert_eq!(post.content, content("Adiós"));
    }

    #[test]
    fn nothing_is_placed_while_paused() {
        assert_eq!(approved().place(slot(9), &member(1), true), Err(Refusal::Paused));
    }

    #[derive(Debug, Clone)]
    enum Move {
        Edit(u8),
        Submit(u8),
        Approve(u8),
        Return(u8),
        Withdraw,
        Place,
        Unplace,
        Leave,
        Cancel,
    }

    fn moves() -> impl Strategy<Value = Vec<Move>> {
        let one = prop_oneof![
            (0..3_u8).prop_map(Move::Edit),
            (1..4_u8).prop_map(Move::Submit),
            (1..4_u8).prop_map(Move::Approve),
            (1..4_u8).prop_map(Move::Return),
            Just(Move::Withdraw),
            Just(Move::Place),
            Just(Move::Unplace),
            Just(Move::Leave),
            Just(Move::Cancel),
        ];
        prop::collection::vec(one, 0..40)
    }

    proptest! {
        /// Whatever people do in whatever order, what leaves was approved by somebody else over exactly this content.
        #[test]
        fn nothing_leaves_without_a_live_approval_over_its_content(moves in moves()) {
            let mut post = draft();
            let mut submitter = None;
            for (step, act) in moves.into_iter().enumerate() {
                let at = Moment(i64::try_from(step).unwrap());
                let before = post.clone();
                let hash = post.content.hash();
                let result = match &act {
                    Move::Edit(n) => post.edit(content(&format!("text {n}"))),
                    Move::Submit(n) => {
                        submitter = Some(member(u128::from(*n)));
                        post.submit(&member(u128::from(*n)), at, Verdict::Pass, None)
                    }
                    Move::Approve(n) => post.decide(&member(u128::from(*n)), &hash, Choice::Approve, at),
                    Move::Return(n) => {
                        post.decide(&member(u128::from(*n)), &hash, Choice::Return { comment: "no".to_owned(), place: None }, at)
                    }
                    Move::Withdraw => post.withdraw(),
                    Move::Place => post.place(slot(9), &member(1), false),
                    Move::Unplace => post.unplace(&member(1)),
                    Move::Leave => post.leave(),
                    Move::Cancel => post.cancel(&member(1), at, "why"),
                };
                post = result.map_or(before.clone(), |step| step.post);
                prop_assert!(post.version >= before.version);
                if let Some(approval) = post.stage.approval() {
                    let content_hash = post.content.hash();
                    prop_assert_eq!(approval.content_hash(), content_hash.as_str());
                    if let Approval::Decided { by, .. } = approval {
                        prop_assert_ne!(by, &post.author);
                    }
                }
                let _ = &submitter;
            }
        }
    }
}

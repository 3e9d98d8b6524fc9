//! A post and its life: a value that can only be in a stage its type allows.
//! Separate from `delivery`: the post is what people decide on; what happens at each network is a publication's.

mod planning;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    Approval, Ballot, Belonging, Content, Decision, Declaration, Effect, MemberId, Millis, Moment, Notice, Plan,
    PostId, Refusal, Role, Round, Slot,
    circuit::{Again, Circuit, Facts},
    emergency::{Afterwards, Emergency},
    plan::Missed,
    policy::Verdict,
    record::Subject,
    round::{Due, Envelope, Margin, Now, State, Submission},
    series::Turn,
    slot::{GRACE, HORIZON},
};

pub use planning::Runway;

/// Where a post is in its life; each stage carries what is only known in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "stage")]
pub enum Stage {
    /// Being written.
    Draft {
        /// The round it was in before, if it was in one: it says why it came back, and what was agreed already.
        last: Option<Box<Round>>,
    },
    /// Waiting for decisions.
    InReview {
        /// The round.
        round: Box<Round>,
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
    pub round: Box<Round>,
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
    /// The decision that sent it back, if that is why it is being written again.
    pub fn returned(&self) -> Option<&Decision> {
        let Stage::Draft { last: Some(round) } = self else { return None };
        match round.state() {
            State::Returned { decision } => Some(decision),
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
    /// Everybody who wrote in it: none of them decides on it.
    pub hands: BTreeSet<MemberId>,
    /// What is to be said.
    pub content: Content,
    /// Why it is said, and what it is about.
    #[serde(default)]
    pub belongs: Belonging,
    /// Where it is.
    pub stage: Stage,
    /// The hour that is wished for it until it is placed, or the one that it lost.
    #[serde(default)]
    pub plan: Option<Plan>,
    /// Narrower times than the usual, to be agreed to with the next round.
    #[serde(default)]
    pub margin: Option<Margin>,
    /// The series that it was made for, and which of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Turn>,
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

/// What a submission is held against, besides the post.
#[derive(Debug, Clone, Copy)]
pub struct Law<'a> {
    /// The circuit that the organisation's rules choose for it.
    pub circuit: &'a Circuit,
    /// What is known of it.
    pub facts: &'a Facts,
    /// What the policy says of it.
    pub verdict: Verdict,
    /// The declaration that its kind needs no approval.
    pub declared: Option<&'a Declaration>,
}

fn declared(declaration: &Declaration, content_hash: String, at: Moment) -> Approval {
    let Declaration { kind, by, reason, .. } = declaration;
    Approval::Declared { content_hash, kind: *kind, by: by.clone(), reason: reason.clone(), at }
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
        let hands = BTreeSet::from([author.clone()]);
        let stage = Stage::Draft { last: None };
        let belongs = Belonging::default();
        let (plan, margin, series) = (None, None, None);
        Self { id, author, version: 1, rounds: 0, hands, content, belongs, stage, plan, margin, series }
    }

    fn step(mut self, stage: Stage, effects: Vec<Effect>) -> Step {
        // What is placed has its slot, what is out had it, what is given up has no use for one.
        if !matches!(stage, Stage::Draft { .. } | Stage::InReview { .. } | Stage::Approved { .. }) {
            self.plan = None;
        }
        self.stage = stage;
        self.version += 1;
        Step { post: self, effects }
    }

    /// Changes the content. Any change after a submission takes it back, any change after an approval voids it; what
    /// is out cannot be edited, only corrected. Whoever changes it has a hand in it from then on.
    ///
    /// # Errors
    /// `WrongStage` when it is out or cancelled.
    pub fn edit(mut self, content: Content, by: &MemberId, at: Moment) -> Result<Step, Refusal> {
        if matches!(self.stage, Stage::Out { .. } | Stage::Cancelled { .. }) {
            return Err(Refusal::WrongStage);
        }
        if content == self.content {
            return Ok(Step { post: self, effects: Vec::new() });
        }
        let last = match self.stage.clone() {
            Stage::Draft { last } => last,
            Stage::InReview { round }
            | Stage::Approved { approval: Approval::Agreed { round } }
            | Stage::Placed { approval: Approval::Agreed { round }, .. } => {
                Some(Box::new(round.edited(&content, by, at)))
            }
            _ => None,
        };
        // The approval is void; the place in the week need not be.
        if let Stage::Placed { slot, .. } = &self.stage
            && slot.at > at
        {
            self.plan = Some(Plan::Wished { slot: slot.clone(), by: by.clone() });
        }
        self.content = content;
        self.hands.insert(by.clone());
        Ok(self.step(Stage::Draft { last }, Vec::new()))
    }

    /// Whether its content, as it stands, was submitted: then it is kept already, with its round. What went out in an emergency
    /// was agreed to without ever being submitted.
    pub fn is_submitted(&self) -> bool {
        let sent = match &self.stage {
            Stage::Draft { last: Some(round) } | Stage::InReview { round } => &round.content_hash,
            Stage::Approved { approval } | Stage::Placed { approval, .. } | Stage::Out { approval, .. } => {
                match approval {
                    Approval::Agreed { round } => &round.content_hash,
                    Approval::Declared { content_hash, .. } => content_hash,
                    Approval::Emergency { .. } => return false,
                }
            }
            Stage::Draft { last: None } | Stage::Cancelled { .. } => return false,
        };
        *sent == self.content.hash()
    }

    /// Puts it into a campaign, under a pillar, before an audience, or takes it out. Rules look at it when a circuit is
    /// chosen, so only a draft is put anywhere: what is on its way is agreed to by those whom the rules called for.
    ///
    /// # Errors
    /// `WrongStage` unless it is a draft.
    pub fn belong(mut self, belongs: Belonging) -> Result<Step, Refusal> {
        let Stage::Draft { .. } = &self.stage else { return Err(Refusal::WrongStage) };
        let stage = self.stage.clone();
        self.belongs = belongs;
        Ok(self.step(stage, Vec::new()))
    }

    /// Submits for approval; a declared kind is approved by its declaration, and the record says so.
    ///
    /// # Errors
    /// `WrongStage`, `Empty`, `Blocked`, `FlawedCircuit`; `InThePast` for a margin that is over, `OutsideEnvelope` for an
    /// hour outside of it.
    pub fn submit(mut self, by: &MemberId, law: Law<'_>, now: Now<'_>) -> Result<Step, Refusal> {
        let Stage::Draft { last } = self.stage.clone() else { return Err(Refusal::WrongStage) };
        if self.content.destinations().next().is_none() {
            return Err(Refusal::Empty);
        }
        if law.verdict == Verdict::Block {
            return Err(Refusal::Blocked);
        }
        self.rounds += 1;
        let content_hash = self.content.hash();
        let submission = keep(
            Subject::Submission,
            crate::json!({ "post": self.id, "round": self.rounds, "by": by, "content": self.content, "content_hash": content_hash, "belongs": self.belongs }),
        );
        if let Some(declaration) = law.declared {
            let approval = declared(declaration, content_hash, now.at);
            let declared = keep(Subject::Decision, crate::json!({ "post": self.id, "approval": approval }));
            return Ok(self.step(Stage::Approved { approval }, vec![submission, declared]));
        }
        // An hour that is over already is no wish any more; nor does it stand in the way.
        let over = self.plan.clone().filter(|plan| plan.wished().is_some_and(|slot| slot.at < now.at));
        let lost = over.map(|plan| self.lose(plan, Missed::Passed, vec![by.clone()])).unwrap_or_default();
        let round = self.open(&self.content, by, law, last.as_deref(), now)?;
        let waiting = self.waiting(&round, now);
        // Everybody may have agreed to all of it in the round before.
        let stage = match round.state() {
            State::Agreed { .. } => Stage::Approved { approval: Approval::Agreed { round: Box::new(round) } },
            _ => Stage::InReview { round: Box::new(round) },
        };
        Ok(self.step(stage, vec![submission].into_iter().chain(waiting).chain(lost).collect()))
    }

    fn open(
        &self,
        content: &Content,
        by: &MemberId,
        law: Law<'_>,
        last: Option<&Round>,
        now: Now<'_>,
    ) -> Result<Round, Refusal> {
        let Law { circuit, facts, .. } = law;
        let wished = self.plan.as_ref().and_then(Plan::wished);
        let fits = |envelope: &Envelope| wished.is_none_or(|slot| envelope.covers(slot));
        let envelope = match &self.margin {
            Some(margin) => {
                let envelope = margin.envelope(now.calendar.zone);
                if matches!(&envelope, Envelope::Times { until, .. } if *until < now.at) {
                    return Err(Refusal::InThePast);
                }
                envelope
            }
            None => {
                // Other times would be agreed to again. Where the word of the last round is to live on, its times do
                // too, as long as the hour that is wished is among them.
                let runs = |last: &&Round| matches!(&last.envelope, Envelope::Times { until, .. } if *until > now.at);
                let kept = last.filter(|_| circuit.options.again == Again::OnlyChanged).filter(runs);
                let kept = kept.map(|last| last.envelope.clone()).filter(&fits);
                // From the submission on (with the grace that a slot has), as far as anything may be placed.
                let new = || Envelope::Times { from: now.at.minus(GRACE), until: now.at.plus(HORIZON) };
                kept.unwrap_or_else(new)
            }
        };
        if !fits(&envelope) {
            return Err(Refusal::OutsideEnvelope);
        }
        let hands = self.hands.clone();
        let submission = Submission { post: &self.id, content, hands, by, circuit, facts, envelope };
        // Declarations and corrections are rounds too: the post counts them all.
        Ok(Round { number: self.rounds, ..Round::open(submission, last, now.at)? })
    }

    /// The notice to those who can move a round now, if it waits, and the links for those of them who are outside.
    fn waiting(&self, round: &Round, now: Now<'_>) -> Vec<Effect> {
        let Some(waiting) = round.waiting(now) else { return Vec::new() };
        let movers = waiting.movers;
        let mut to: BTreeSet<_> = movers.into_iter().filter_map(|mover| mover.person.member().cloned()).collect();
        // In the usual circuit administrators sit so that nobody is stuck; they are only troubled where nobody else is
        // there to decide.
        if round.circuit == Circuit::usual().id {
            let role = |member: &MemberId| now.people.colleague(member).map(|colleague| colleague.role);
            if to.iter().any(|member| role(member) != Some(Role::Administrator)) {
                to.retain(|member| role(member) != Some(Role::Administrator));
            }
        }
        let notice = Effect::Notify(Notice::Waiting { post: self.id.clone(), to });
        std::iter::once(notice).chain(round.invitation(None, now).map(Effect::Invite)).collect()
    }

    /// The round that is open: the post's, or that of the correction that waits.
    ///
    /// # Errors
    /// `WrongStage` when nothing waits for a decision.
    pub fn round(&self) -> Result<&Round, Refusal> {
        match &self.stage {
            Stage::InReview { round } => Ok(round),
            Stage::Out { correction: Some(correction), .. } => Ok(&correction.round),
            _ => Err(Refusal::WrongStage),
        }
    }

    /// What the clock does in the open round from `since` (included) until now, and when it strikes next. Nobody's
    /// silence ever agrees: people are reminded, more people are asked, and it is said that the time is over.
    pub fn ring(&self, since: Moment, now: Now<'_>) -> (Vec<Effect>, Option<Moment>) {
        let Ok(round) = self.round() else { return (Vec::new(), None) };
        let agenda = round.agenda(now.calendar);
        let struck = agenda.into_iter().filter(|(at, _)| (since..=now.at).contains(at));
        let effects = struck.flat_map(|(at, due)| {
            let post = self.id.clone();
            match due {
                Due::Reminder { .. } | Due::Rung { .. } => {
                    let movers = round.waiting(now).map(|waiting| waiting.movers).unwrap_or_default();
                    let to = movers.into_iter().filter_map(|mover| mover.person.member().cloned()).collect();
                    let notice = Effect::Notify(Notice::Reminder { post, to, at });
                    let links = round.invitation(Some(at), now).map(Effect::Invite);
                    std::iter::once(notice).chain(links).collect()
                }
                Due::Deadline => {
                    let colleagues = now.people.colleagues.iter();
                    let administrators = colleagues.filter(|colleague| colleague.role == Role::Administrator);
                    let to = administrators.map(|colleague| colleague.id.clone()).chain([round.by.clone()]).collect();
                    let body = crate::json!({ "post": post, "round": round.number, "what": "nobody_decided_in_time", "at": at });
                    vec![keep(Subject::Incident, body), Effect::Notify(Notice::Overdue { post, to, at })]
                }
            }
        });
        (effects.collect(), self.next_ring(now))
    }

    /// When the clock strikes next in the open round: for its people, or for the hour that is wished.
    pub fn next_ring(&self, now: Now<'_>) -> Option<Moment> {
        let round = self.round().ok()?;
        let rings = round.agenda(now.calendar).into_iter().map(|(at, _)| at);
        // Whoever agrees in the very moment of the slot is on time.
        let over = self.plan.as_ref().and_then(Plan::wished).map(|slot| slot.at.plus(Millis(1)));
        rings.chain(over).filter(|at| *at > now.at).min()
    }

    /// Takes a decision in the open round, or on the correction that waits. Who is asked next is told.
    ///
    /// # Errors
    /// `WrongStage`, and what `Round::decide` refuses.
    pub fn decide(mut self, ballot: Ballot, now: Now<'_>) -> Result<Step, Refusal> {
        let before = self.round()?;
        let step_before = before.state();
        let round = before.clone().decide(ballot, now)?;
        let decision = round.decisions.last().ok_or(Refusal::WrongStage)?;
        let kept = keep(Subject::Decision, crate::json!({ "post": self.id, "decision": decision }));
        let returned = Effect::Notify(Notice::Returned { post: self.id.clone(), to: round.by.clone() });
        // Whoever sits in the same step has been told already.
        let waiting = if round.state() == step_before { Vec::new() } else { self.waiting(&round, now) };
        let (agreed, open) = match round.state() {
            State::Agreed { .. } => (true, false),
            State::Open { .. } => (false, true),
            _ => (false, false),
        };
        let round = Box::new(round);
        match self.stage.clone() {
            Stage::Out { approval, slot, correction: Some(correction) } if open => {
                let correction = Some(Box::new(Correction { round, ..*correction }));
                let effects = [vec![kept], waiting].concat();
                Ok(self.step(Stage::Out { approval, slot, correction }, effects))
            }
            Stage::Out { slot, correction: Some(correction), .. } if agreed => {
                let corrected = keep(
                    Subject::Correction,
                    crate::json!({
                        "post": self.id,
                        "reason": correction.reason,
                        "content": correction.content,
                        "content_hash": round.content_hash,
                    }),
                );
                self.content = correction.content;
                self.hands.extend(round.hands.iter().cloned());
                let approval = Approval::Agreed { round };
                Ok(self.step(Stage::Out { approval, slot, correction: None }, vec![kept, corrected]))
            }
            Stage::Out { approval, slot, .. } => {
                Ok(self.step(Stage::Out { approval, slot, correction: None }, vec![kept, returned]))
            }
            _ if open => {
                let effects = [vec![kept], waiting].concat();
                Ok(self.step(Stage::InReview { round }, effects))
            }
            _ if agreed => Ok(self.step(Stage::Approved { approval: Approval::Agreed { round } }, vec![kept])),
            _ => Ok(self.step(Stage::Draft { last: Some(round) }, vec![kept, returned])),
        }
    }

    /// Takes a submission back.
    ///
    /// # Errors
    /// `WrongStage` when it is not in review.
    pub fn withdraw(self, by: &MemberId, at: Moment) -> Result<Step, Refusal> {
        match self.stage.clone() {
            Stage::InReview { round } => {
                let last = Some(Box::new(round.withdraw(by, at)?));
                Ok(self.step(Stage::Draft { last }, Vec::new()))
            }
            _ => Err(Refusal::WrongStage),
        }
    }

    /// Gives it a slot, or another one.
    ///
    /// # Errors
    /// `NotApproved`, `ApprovalVoid`, `OutsideEnvelope`, `DutiesApart`, `WrongStage`, `Paused`.
    pub fn place(self, slot: Slot, by: &MemberId, paused: bool) -> Result<Step, Refusal> {
        let approval = match &self.stage {
            Stage::Approved { approval } | Stage::Placed { approval, .. } => approval.clone(),
            Stage::Draft { .. } | Stage::InReview { .. } => return Err(Refusal::NotApproved),
            Stage::Out { .. } | Stage::Cancelled { .. } => return Err(Refusal::WrongStage),
        };
        if paused {
            return Err(Refusal::Paused);
        }
        approval.lets(&self.content.hash(), &slot, by)?;
        let kept = keep(Subject::Placement, crate::json!({ "post": self.id, "by": by, "slot": slot }));
        Ok(self.step(Stage::Placed { approval, slot }, vec![kept]))
    }

    /// Lets it out now, on the words of an emergency: whatever round it was in is over with that. The pause stops it
    /// as it stops everything: it is the organisation's, and no protocol goes over it.
    ///
    /// # Errors
    /// `WrongStage`, `Empty`, `Paused`, `SecondPersonWanted`, `ApprovalVoid`.
    pub fn urge(self, emergency: &Emergency, slot: Slot, paused: bool) -> Result<Step, Refusal> {
        if !matches!(self.stage, Stage::Draft { .. } | Stage::InReview { .. }) {
            return Err(Refusal::WrongStage);
        }
        if self.content.destinations().next().is_none() {
            return Err(Refusal::Empty);
        }
        if paused {
            return Err(Refusal::Paused);
        }
        emergency.covers(&self.content.hash())?;
        let approval = Approval::Emergency {
            emergency: emergency.id.clone(),
            content_hash: emergency.content_hash.clone(),
            by: emergency.first.by.clone(),
            second: emergency.agreed().cloned(),
            hands: emergency.hands.clone(),
            duties: emergency.duties,
            reason: emergency.reason.clone(),
            at: slot.at,
            disowned: false,
        };
        let by = &emergency.first.by;
        let kept = keep(
            Subject::Placement,
            crate::json!({ "post": self.id, "by": by, "slot": slot, "emergency": emergency.id }),
        );
        Ok(self.step(Stage::Placed { approval, slot }, vec![kept]))
    }

    /// What went out on an emergency was disowned: nothing more goes out on that ground. If another one took its place
    /// since (a correction), that one stands.
    ///
    /// # Errors
    /// `WrongStage` when it was not disowned.
    pub fn disown(mut self, emergency: &Emergency) -> Result<Step, Refusal> {
        if !matches!(emergency.afterwards, Some(Afterwards::Disowned { .. })) {
            return Err(Refusal::WrongStage);
        }
        let mut stage = self.stage.clone();
        let (Stage::Approved { approval } | Stage::Placed { approval, .. } | Stage::Out { approval, .. }) = &mut stage
        else {
            self.version += 1;
            return Ok(Step { post: self, effects: Vec::new() });
        };
        if let Approval::Emergency { emergency: of, disowned, .. } = approval {
            *disowned |= *of == emergency.id;
        }
        Ok(self.step(stage, Vec::new()))
    }

    /// Takes the slot away, or the hour that is wished; the approval, or the round, stays.
    ///
    /// # Errors
    /// `WrongStage` when it has neither.
    pub fn unplace(mut self, by: &MemberId) -> Result<Step, Refusal> {
        match self.stage.clone() {
            stage @ (Stage::Draft { .. } | Stage::InReview { .. }) if self.slot().is_some() => {
                let wished = serde_json::Value::Null;
                let kept = keep(Subject::Placement, crate::json!({ "post": self.id, "by": by, "wished": wished }));
                self.plan = None;
                Ok(self.step(stage, vec![kept]))
            }
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
        law: Law<'_>,
        now: Now<'_>,
    ) -> Result<Step, Refusal> {
        let Stage::Out { approval, slot, correction } = self.stage.clone() else { return Err(Refusal::WrongStage) };
        if correction.is_some() {
            return Err(Refusal::Doubled { field: "correction".to_owned() });
        }
        if law.verdict == Verdict::Block {
            return Err(Refusal::Blocked);
        }
        let reason = parse_reason(reason)?;
        self.rounds += 1;
        let content_hash = content.hash();
        if let Some(declaration) = law.declared {
            let approval = declared(declaration, content_hash.clone(), now.at);
            let kept = keep(
                Subject::Correction,
                crate::json!({ "post": self.id, "by": by, "reason": reason, "content": content, "content_hash": content_hash, "approval": approval }),
            );
            self.content = content;
            return Ok(self.step(Stage::Out { approval, slot, correction: None }, vec![kept]));
        }
        let round = Box::new(self.open(&content, by, law, None, now)?);
        let submission = keep(
            Subject::Submission,
            crate::json!({ "post": self.id, "round": self.rounds, "by": by, "reason": reason, "content": content, "content_hash": content_hash }),
        );
        let waiting = self.waiting(&round, now);
        let correction = Some(Box::new(Correction { content, reason, round }));
        let effects = [vec![submission], waiting].concat();
        Ok(self.step(Stage::Out { approval, slot, correction }, effects))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::NaiveDateTime;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        CampaignId, ChannelId, Choice, Kind, Language, StepId, Target,
        circuit::{Deadline, Options, Quorum, Rung, Silence},
        emergency::{self, Before, tests::ONE},
        hours::WorkMinutes,
        party::Party,
        round::tests::{Town, circuit, facts, member, named, people, step},
    };

    fn content(text: &str) -> Content {
        Content {
            texts: BTreeMap::from([(Language::spanish(), text.to_owned())]),
            targets: vec![Target::new(ChannelId::from_bits(1), vec![Language::spanish()])],
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

    fn town() -> Town {
        Town::new(people())
    }

    fn submit(post: Post, by: u128, at: i64) -> Result<Step, Refusal> {
        submit_under(&Circuit::usual(), post, by, at)
    }

    fn submit_under(circuit: &Circuit, post: Post, by: u128, at: i64) -> Result<Step, Refusal> {
        let law = Law { circuit, facts: &facts(), verdict: Verdict::Pass, declared: None };
        post.submit(&member(by), law, town().at(at))
    }

    /// In the step that is open, on the content that is there.
    fn decide(post: Post, by: u128, choice: Choice, at: i64) -> Result<Step, Refusal> {
        let round = post.round()?.clone();
        let step = match round.state() {
            State::Open { step } => round.steps[step].0.id.clone(),
            _ => StepId::from_bits(1),
        };
        let ballot = Ballot { by: member(by).into(), acting_for: None, step, content_hash: round.content_hash, choice };
        post.decide(ballot, town().at(at))
    }

    fn back() -> Choice {
        Choice::Return { comment: "no".to_owned(), place: None }
    }

    fn approved() -> Post {
        decide(submit(draft(), 1, 1).unwrap().post, 3, Choice::Approve, 2).unwrap().post
    }

    #[test]
    fn what_was_submitted_is_known_until_it_is_changed() {
        let waiting = submit(draft(), 1, 1).unwrap().post;
        assert!(!draft().is_submitted() && waiting.is_submitted() && approved().is_submitted());
        assert!(waiting.clone().withdraw(&member(1), Moment(2)).unwrap().post.is_submitted());
        let edited = waiting.edit(content("Adiós"), &member(1), Moment(2)).unwrap().post;
        assert!(!edited.is_submitted());
        assert!(edited.edit(content("Hola"), &member(1), Moment(3)).unwrap().post.is_submitted());
    }

    #[test]
    fn an_edit_after_approval_voids_it() {
        let post = approved().edit(content("Adiós"), &member(1), Moment(3)).unwrap().post;
        assert_eq!(post.stage.name(), StageName::Draft);
        assert_eq!(post.place(slot(9), &member(1), false), Err(Refusal::NotApproved));
    }

    #[test]
    fn an_edit_that_changes_nothing_keeps_the_approval() {
        let post = approved();
        let same = post.content.clone();
        assert_eq!(post.clone().edit(same, &member(1), Moment(3)).unwrap().post, post);
    }

    #[test]
    fn only_a_draft_is_put_into_a_campaign() {
        let belongs = Belonging { campaign: Some(CampaignId::from_bits(1)), ..Belonging::default() };
        let post = draft().belong(belongs.clone()).unwrap().post;
        assert_eq!((post.version, &post.belongs, post.hands.len()), (2, &belongs, 1));
        let step = submit(post, 1, 2).unwrap();
        let Effect::Keep { body, .. } = &step.effects[0] else { panic!("{:?}", step.effects) };
        assert_eq!(body["belongs"], crate::json!(belongs), "the record says under what it was submitted");
        let waiting = step.post;
        assert_eq!(waiting.clone().belong(Belonging::default()), Err(Refusal::WrongStage));
        // Taken back, the words that were given still name what they were given under.
        let back = waiting.withdraw(&member(1), Moment(3)).unwrap().post;
        let out_of_it = back.belong(Belonging::default()).unwrap().post;
        assert!(matches!(&out_of_it.stage, Stage::Draft { last: Some(_) }));
        assert_eq!(approved().belong(belongs), Err(Refusal::WrongStage));
    }

    #[test]
    fn whoever_wrote_in_it_does_not_decide_on_it() {
        let post = draft().edit(content("Adiós"), &member(3), Moment(1)).unwrap().post;
        let post = submit(post, 1, 2).unwrap().post;
        assert_eq!(decide(post.clone(), 3, Choice::Approve, 3), Err(Refusal::OwnPost));
        assert_eq!(decide(post.clone(), 1, Choice::Approve, 3), Err(Refusal::OwnPost));
        assert_eq!(decide(post.clone(), 2, Choice::Approve, 3), Err(Refusal::NotYourTurn));
        assert_eq!(decide(post, 6, Choice::Approve, 3).unwrap().post.stage.name(), StageName::Approved);
    }

    #[test]
    fn a_circuit_of_two_steps_waits_for_both_and_tells_whoever_is_next() {
        let steps = vec![step(1, Quorum::Any, &[named(3)]), step(2, Quorum::All, &[named(4), named(5)])];
        let first = submit_under(&circuit(steps, Options::default()), draft(), 1, 1).unwrap();
        let told = |step: &Step| -> Vec<BTreeSet<MemberId>> {
            let to = |effect: &Effect| match effect {
                Effect::Notify(Notice::Waiting { to, .. }) => Some(to.clone()),
                _ => None,
            };
            step.effects.iter().filter_map(to).collect()
        };
        assert_eq!(told(&first), [BTreeSet::from([member(3)])]);
        let second = decide(first.post, 3, Choice::Approve, 2).unwrap();
        assert_eq!(told(&second), [BTreeSet::from([member(4), member(5)])]);
        let third = decide(second.post, 5, Choice::Approve, 3).unwrap();
        assert_eq!((told(&third), third.post.stage.name()), (vec![], StageName::InReview));
        assert_eq!(decide(third.post, 4, Choice::Approve, 4).unwrap().post.stage.name(), StageName::Approved);
    }

    #[test]
    fn what_did_not_change_is_agreed_still_if_the_circuit_says_so() {
        let steps = vec![step(1, Quorum::Any, &[named(3)]), step(2, Quorum::Any, &[named(4)])];
        let law = circuit(steps, Options { again: Again::OnlyChanged, ..Options::default() });
        let half = decide(submit_under(&law, draft(), 1, 1).unwrap().post, 3, Choice::Approve, 2).unwrap().post;
        let back = decide(half, 4, back(), 3).unwrap().post;
        assert_eq!(back.stage.returned().map(|decision| decision.at), Some(Moment(3)));
        let again = submit_under(&law, back, 1, 4).unwrap().post;
        assert_eq!(again.round().unwrap().decisions.len(), 1, "3 has agreed to this, and these times");
        let approved = decide(again, 4, Choice::Approve, 5).unwrap().post;
        assert_eq!(approved.stage.name(), StageName::Approved);
        let other = approved.edit(content("Adiós"), &member(1), Moment(6)).unwrap().post;
        assert_eq!(submit_under(&law, other, 1, 7).unwrap().post.round().unwrap().decisions.len(), 0);
    }

    #[test]
    fn silence_reminds_asks_more_people_and_is_said_and_agrees_to_nothing() {
        let deadline = Deadline {
            within: WorkMinutes::hours(4),
            reminders: vec![WorkMinutes::hours(2)],
            silence: Silence::Escalate {
                ladder: vec![Rung { after: WorkMinutes::hours(1), party: Party::Role { role: Role::Administrator } }],
            },
        };
        let step = crate::circuit::Step { deadline: Some(deadline), ..step(1, Quorum::Any, &[named(3)]) };
        let post = submit_under(&circuit(vec![step], Options::default()), draft(), 1, 1).unwrap().post;
        let town = town();
        // Thursday, 1 January 1970, before the town hall opens at eight.
        let hour = |hours: i64| Millis::hours(hours).0;
        let mut since = post.next_ring(town.at(1)).unwrap();
        assert_eq!(since, Moment(hour(10)), "two hours of work after eight");
        let mut told = Vec::new();
        for now in [hour(10), hour(12), hour(13), hour(14)] {
            let (effects, next) = post.ring(since, town.at(now));
            told.extend(effects.into_iter().filter_map(|effect| match effect {
                Effect::Notify(Notice::Reminder { to, .. }) => Some(("reminder", to)),
                Effect::Notify(Notice::Overdue { to, .. }) => Some(("overdue", to)),
                _ => None,
            }));
            since = next.unwrap_or(Moment(i64::MAX));
        }
        let set = |members: &[u128]| members.iter().map(|n| member(*n)).collect::<BTreeSet<_>>();
        assert_eq!(told, [("reminder", set(&[3])), ("overdue", set(&[1, 6])), ("reminder", set(&[3, 6]))]);
        assert_eq!(post.stage.name(), StageName::InReview);
    }

    #[test]
    fn a_declared_kind_needs_no_decision_and_says_so() {
        let declaration =
            Declaration { kind: Kind::Routine, by: member(9), at: Moment(0), reason: "one officer".to_owned() };
        let law =
            Law { circuit: &Circuit::usual(), facts: &facts(), verdict: Verdict::Warn, declared: Some(&declaration) };
        let step = draft().submit(&member(1), law, town().at(1)).unwrap();
        assert!(matches!(step.post.stage, Stage::Approved { approval: Approval::Declared { .. } }));
        assert!(step.effects.iter().any(|effect| matches!(effect, Effect::Keep { subject: Subject::Decision, .. })));
    }

    #[test]
    fn what_is_blocked_cannot_be_submitted() {
        let law = Law { circuit: &Circuit::usual(), facts: &facts(), verdict: Verdict::Block, declared: None };
        assert_eq!(draft().submit(&member(1), law, town().at(1)), Err(Refusal::Blocked));
    }

    #[test]
    fn what_is_out_is_corrected_not_edited() {
        let post = approved().place(slot(9), &member(1), false).unwrap().post.leave().unwrap().post;
        assert_eq!(post.clone().edit(content("Adiós"), &member(1), Moment(9)), Err(Refusal::WrongStage));
        let law = Law { circuit: &Circuit::usual(), facts: &facts(), verdict: Verdict::Pass, declared: None };
        let post = post.correct(content("Adiós"), "errata", &member(2), law, town().at(10)).unwrap().post;
        assert_eq!((post.content.clone(), post.rounds), (content("Hola"), 2));
        for hand in [1, 2] {
            assert_eq!(decide(post.clone(), hand, Choice::Approve, 11), Err(Refusal::OwnPost));
        }
        let post = decide(post, 3, Choice::Approve, 11).unwrap().post;
        assert_eq!(post.content, content("Adiós"));
    }

    #[test]
    fn nothing_is_placed_while_paused_nor_outside_the_times() {
        assert_eq!(approved().place(slot(9), &member(1), true), Err(Refusal::Paused));
        let late = slot(2).at.plus(HORIZON);
        assert_eq!(approved().place(slot(late.0), &member(1), false), Err(Refusal::OutsideEnvelope));
    }

    #[test]
    fn in_an_emergency_it_goes_out_from_where_it_is_and_the_pause_stops_it() {
        let asked = |post: &Post| Emergency { content_hash: post.content.hash(), ..emergency::tests::asked(ONE) };
        let waiting = submit(draft(), 1, 1).unwrap().post;
        for post in [draft(), waiting] {
            let emergency = asked(&post);
            assert_eq!(post.clone().urge(&emergency, slot(9), true), Err(Refusal::Paused));
            let out = post.urge(&emergency, slot(9), false).unwrap().post;
            assert_eq!(out.stage.approval().unwrap().content_hash(), out.content.hash());
            assert_eq!(out.clone().urge(&emergency, slot(9), false), Err(Refusal::WrongStage), "once");
            let edited = out.clone().edit(content("Adiós"), &member(1), Moment(10)).unwrap().post;
            assert_eq!(edited.clone().urge(&emergency, slot(9), false), Err(Refusal::ApprovalVoid));
            assert_eq!(edited.place(slot(9), &member(1), false), Err(Refusal::NotApproved));
            assert_eq!(decide(out, 3, Choice::Approve, 10), Err(Refusal::WrongStage), "the round is over");
        }
        assert_eq!(approved().urge(&asked(&draft()), slot(9), false), Err(Refusal::WrongStage));
        let two = Emergency { protocol: emergency::tests::protocol(Before::Two), ..asked(&draft()) };
        assert_eq!(draft().urge(&two, slot(9), false), Err(Refusal::SecondPersonWanted));
    }

    #[test]
    fn what_was_disowned_goes_out_nowhere_else_and_a_correction_stands() {
        let asked = Emergency { content_hash: draft().content.hash(), ..emergency::tests::asked(ONE) };
        let post = draft().urge(&asked, slot(9), false).unwrap().post.leave().unwrap().post;
        assert_eq!(post.clone().disown(&asked), Err(Refusal::WrongStage));
        let disowned = asked.answer(&member(3), Some("No era el cauce"), &people(), Moment(20)).unwrap();
        let after = post.clone().disown(&disowned).unwrap().post;
        assert_eq!((after.stage.approval().unwrap().live_hash(), after.version), (None, post.version + 1));
        let law = Law { circuit: &Circuit::usual(), facts: &facts(), verdict: Verdict::Pass, declared: None };
        let proposed = post.correct(content("Adiós"), "errata", &member(2), law, town().at(10)).unwrap().post;
        let corrected = decide(proposed, 3, Choice::Approve, 11).unwrap().post;
        assert!(corrected.disown(&disowned).unwrap().post.stage.approval().unwrap().live_hash().is_some());
    }

    #[derive(Debug, Clone)]
    enum Move {
        Edit(u8, u8),
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
            (0..3_u8, 1..7_u8).prop_map(|(text, by)| Move::Edit(text, by)),
            (1..4_u8).prop_map(Move::Submit),
            (1..7_u8).prop_map(Move::Approve),
            (1..7_u8).prop_map(Move::Return),
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
            for (step, act) in moves.into_iter().enumerate() {
                let at = i64::try_from(step).unwrap();
                let before = post.clone();
                let result = match &act {
                    Move::Edit(n, by) => post.edit(content(&format!("text {n}")), &member((*by).into()), Moment(at)),
                    Move::Submit(n) => submit(post, (*n).into(), at),
                    Move::Approve(n) => decide(post, (*n).into(), Choice::Approve, at),
                    Move::Return(n) => decide(post, (*n).into(), back(), at),
                    Move::Withdraw => post.withdraw(&member(1), Moment(at)),
                    Move::Place => post.place(slot(9), &member(1), false),
                    Move::Unplace => post.unplace(&member(1)),
                    Move::Leave => post.leave(),
                    Move::Cancel => post.cancel(&member(1), Moment(at), "why"),
                };
                post = result.map_or(before.clone(), |step| step.post);
                prop_assert!(post.version >= before.version);
                if let Some(approval) = post.stage.approval() {
                    let content_hash = post.content.hash();
                    prop_assert_eq!(approval.content_hash(), content_hash.as_str());
                    let Approval::Agreed { round } = approval else { continue };
                    let ground = round.ground().unwrap();
                    prop_assert!(!ground.decisions.is_empty());
                    for decision in &ground.decisions {
                        let by = decision.by.member().unwrap();
                        prop_assert!(*by != post.author && !post.hands.contains(by));
                    }
                }
            }
        }
    }
}

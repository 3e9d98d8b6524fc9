//! A post is planned before it is agreed: the hour that somebody wishes, what the clock does to it while nobody decides,
//! and where it lands once everybody agreed. Separate from the stages: none of this lets anything out, it only says when.

use std::collections::BTreeSet;

use super::{Post, Stage, Step, keep};
use crate::{
    Act, Approval, Effect, Kind, MemberId, Moment, Plan, Refusal, Round, Slot,
    circuit::Silence,
    may,
    people::People,
    plan::{self, Missed, Room, next_free},
    record::Subject,
    round::{Due, Envelope, Landing, Margin, Now, State},
    slot::HORIZON,
    zone::Zone,
};

/// What a landing is held against, besides the post.
#[derive(Debug, Clone, Copy)]
pub struct Runway<'a> {
    /// Why nothing may be placed now, if so.
    pub stopped: Option<Missed>,
    /// Where there is room. Only looked at where the next hole is wanted.
    pub room: Room<'a>,
}

impl Post {
    /// What the clock does to the hour that is wished, from `since` (included) until now, while nobody has decided: it is
    /// given up, or moved to the next free hole, as the circuit says; an hour that is over is lost in any case. `room` is
    /// where there is some. Nothing is agreed to by it.
    pub fn hour_strikes(&self, since: Moment, room: Room<'_>, now: Now<'_>) -> Option<(Plan, Vec<Effect>)> {
        let Stage::InReview { round } = &self.stage else { return None };
        let plan = self.plan.clone()?;
        let struck = |(at, due): &(Moment, Due)| *due == Due::Deadline && (since..=now.at).contains(at);
        let deadline = round.agenda(now.calendar).iter().any(struck);
        let silence = round.silence_at(now.at).filter(|_| deadline);
        let mut after = self.clone();
        let effects = match (silence, &plan) {
            (Some(Silence::Hold), Plan::Wished { .. }) => after.lose(plan, Missed::GivenUp, vec![round.by.clone()]),
            (Some(Silence::Replan), Plan::Wished { .. } | Plan::Missed { why: Missed::Passed, .. }) => {
                match free_hole(&plan, &round.envelope, (self.content.kind, room), now) {
                    Some(slot) => after.move_to(plan, slot, vec![round.by.clone()]),
                    None => after.lose(plan, Missed::NoRoom, vec![round.by.clone()]),
                }
            }
            (_, Plan::Wished { slot, .. }) if slot.at < now.at => {
                after.lose(plan, Missed::Passed, vec![round.by.clone()])
            }
            _ => return None,
        };
        Some((after.plan?, effects))
    }

    /// From when on the clock, or a landing, wants to know where there is room; `None` where it does not.
    pub fn wants_room(&self, now: Moment) -> Option<Moment> {
        let replans = |round: &Round| matches!(round.silence_at(now), Some(Silence::Replan));
        let plan = self.plan.as_ref()?;
        let wants = match &self.stage {
            Stage::InReview { round } => replans(round),
            Stage::Approved { .. } => self.landing() == Landing::Replan,
            _ => false,
        };
        wants.then(|| now.max(plan.slot().at))
    }

    pub(super) fn lose(&mut self, plan: Plan, why: Missed, to: Vec<MemberId>) -> Vec<Effect> {
        let effects = plan::lost(&self.id, &plan, why, to);
        self.plan = Some(plan.miss(why));
        effects
    }

    fn move_to(&mut self, plan: Plan, slot: Slot, to: Vec<MemberId>) -> Vec<Effect> {
        let effects = plan::moved(&self.id, &plan, &slot, to);
        self.plan = Some(Plan::Wished { slot, by: plan.by().clone() });
        effects
    }

    /// The times at which it may go out: those that were agreed to or are decided on, else those that were asked for, else
    /// any that a slot can have.
    pub fn times(&self, now: Moment, zone: &Zone) -> Envelope {
        let decided = match &self.stage {
            Stage::InReview { round } => Some(&round.envelope),
            Stage::Approved { approval } | Stage::Placed { approval, .. } => match approval {
                Approval::Agreed { round } => Some(&round.envelope),
                _ => None,
            },
            _ => None,
        };
        let asked = || self.margin.as_ref().map(|margin| margin.envelope(zone));
        decided.cloned().or_else(asked).unwrap_or(Envelope::Times { from: now, until: now.plus(HORIZON) })
    }

    /// The slot that it has, or the hour that is wished for it.
    pub fn slot(&self) -> Option<&Slot> {
        match &self.stage {
            Stage::Draft { .. } | Stage::InReview { .. } => self.plan.as_ref().and_then(Plan::wished),
            stage => stage.slot(),
        }
    }

    /// The hour that it lost, and why.
    pub fn missed(&self) -> Option<(&Slot, Missed)> {
        let plan = self.plan.as_ref()?;
        Some((plan.slot(), plan.missed()?))
    }

    /// Who may place it, among those who are there.
    pub fn placers(&self, people: &People) -> BTreeSet<MemberId> {
        let ground = match self.stage.approval() {
            Some(Approval::Agreed { round }) => round.ground().ok(),
            _ => None,
        };
        let lets = |member: &MemberId| ground.as_ref().is_none_or(|ground| ground.may_publish(member).is_ok());
        let there = people.colleagues.iter().filter(|colleague| may(colleague.role, Act::Publish));
        there.map(|colleague| &colleague.id).filter(|member| lets(member)).cloned().collect()
    }

    /// What becomes of it now that it is agreed on.
    fn landing(&self) -> Landing {
        let (Stage::Approved { approval }, Some(plan)) = (&self.stage, &self.plan) else { return Landing::Unplaced };
        // What was lost for another reason than the time is not won back by it.
        if plan.missed().is_some_and(|why| why != Missed::Passed) {
            return Landing::Held;
        }
        match approval {
            Approval::Agreed { round } => {
                let State::Agreed { at } = round.state() else { return Landing::Held };
                Landing::of(at, Some(plan.slot()), round.silence_at(plan.slot().at))
            }
            Approval::Declared { at, .. } => Landing::of(*at, Some(plan.slot()), None),
            // It could not wait for an hour, and does not go back to one by itself.
            Approval::Emergency { .. } => Landing::Unplaced,
        }
    }

    /// Wishes an hour for what is not agreed yet. Nothing goes out at it before it is; while it is in review, it stays
    /// within the times that are being agreed to.
    ///
    /// # Errors
    /// `OutsideEnvelope`, `WrongStage` when it is agreed, out or cancelled.
    pub fn wish(mut self, slot: Slot, by: &MemberId, zone: &Zone) -> Result<Step, Refusal> {
        let within = match &self.stage {
            Stage::Draft { .. } => self.margin.as_ref().map(|margin| margin.envelope(zone)),
            Stage::InReview { round } => Some(round.envelope.clone()),
            _ => return Err(Refusal::WrongStage),
        };
        if within.is_some_and(|envelope| !envelope.covers(&slot)) {
            return Err(Refusal::OutsideEnvelope);
        }
        let kept = keep(Subject::Placement, crate::json!({ "post": self.id, "by": by, "wished": slot }));
        self.plan = Some(Plan::Wished { slot, by: by.clone() });
        let stage = self.stage.clone();
        Ok(self.step(stage, vec![kept]))
    }

    /// Asks for narrower times than the usual with the next submission, or no longer.
    ///
    /// # Errors
    /// `WrongStage` when it is no draft; `OutsideEnvelope` when the hour that is wished is outside; `InThePast`, and what
    /// `Envelope::parse` refuses.
    pub fn narrow(mut self, margin: Option<Margin>, zone: &Zone, now: Moment) -> Result<Step, Refusal> {
        let Stage::Draft { .. } = &self.stage else { return Err(Refusal::WrongStage) };
        if let Some(margin) = &margin {
            let envelope = margin.envelope(zone).parse(now)?;
            if matches!(&envelope, Envelope::Times { until, .. } if *until < now) {
                return Err(Refusal::InThePast);
            }
            if self.slot().is_some_and(|slot| !envelope.covers(slot)) {
                return Err(Refusal::OutsideEnvelope);
            }
        }
        self.margin = margin;
        let stage = self.stage.clone();
        Ok(self.step(stage, Vec::new()))
    }
}

/// The next free hole for a post: after now, and never before the hour that was wished. That hour itself is taken: it is
/// what was given up.
fn free_hole(plan: &Plan, envelope: &Envelope, (kind, room): (Kind, Room<'_>), now: Now<'_>) -> Option<Slot> {
    let slot = plan.slot();
    let mut taken = room.taken.to_vec();
    taken.insert(taken.partition_point(|other| *other < slot.at), slot.at);
    let room = Room { taken: &taken, ..room };
    next_free(now.at.max(slot.at), slot.window, (kind, room), envelope, now.calendar)
}

impl Step {
    /// Lands what was agreed on just now: at the hour that was wished if it is still ahead, else at the next free hole if
    /// the circuit says so, else nowhere, with the reason. It never goes out at once by it. Whoever wished the hour is
    /// who publishes.
    pub fn land(mut self, runway: Runway<'_>, now: Now<'_>) -> Self {
        let landing = self.post.landing();
        let (Stage::Approved { approval }, Some(plan)) = (self.post.stage.clone(), self.post.plan.clone()) else {
            return self;
        };
        let submitter = match &approval {
            Approval::Agreed { round } => vec![round.by.clone()],
            _ => Vec::new(),
        };
        let ground = match &approval {
            Approval::Agreed { round } => round.envelope.clone(),
            _ => Envelope::Times { from: now.at, until: now.at.plus(HORIZON) },
        };
        let slot = match landing {
            Landing::OnTime => Ok(plan.slot().clone()),
            Landing::Replan => {
                let room = (self.post.content.kind, runway.room);
                free_hole(&plan, &ground, room, now).ok_or(Missed::NoRoom)
            }
            Landing::Held | Landing::Unplaced => Err(plan.missed().unwrap_or(Missed::Passed)),
        };
        let publishes = |by: &MemberId| now.people.colleague(by).is_some_and(|one| may(one.role, Act::Publish));
        let placed = slot.and_then(|slot| match (runway.stopped, publishes(plan.by())) {
            (Some(why), _) => Err(why),
            (None, false) => Err(Missed::PlannerGone),
            (None, true) => match approval.lets(&self.post.content.hash(), &slot, plan.by()) {
                Ok(()) => Ok(slot),
                Err(Refusal::DutiesApart) => Err(Missed::DutiesApart),
                Err(_) => Err(Missed::Blocked),
            },
        });
        match placed {
            Ok(slot) => {
                if landing == Landing::Replan {
                    self.effects.extend(plan::moved(&self.post.id, &plan, &slot, submitter));
                }
                let body = crate::json!({ "post": self.post.id, "by": plan.by(), "slot": slot, "landed": true });
                self.effects.push(keep(Subject::Placement, body));
                self.post.plan = None;
                self.post.stage = Stage::Placed { approval, slot };
            }
            Err(why) => {
                // Where it is not the planner's to go on, whoever may is told.
                let others = match why {
                    Missed::DutiesApart | Missed::PlannerGone => self.post.placers(now.people),
                    _ => BTreeSet::new(),
                };
                let to = submitter.into_iter().chain(others).collect();
                let effects = self.post.lose(plan, why, to);
                self.effects.extend(effects);
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::{
        Ballot, ChannelId, Choice, Content, Declaration, Language, Millis, Notice, PostId, StageName, Target,
        circuit::{Circuit, Deadline, Duties, Options, Quorum},
        hours::WorkMinutes,
        policy::Verdict,
        post::Law,
        round::tests::{Town, circuit, facts, member, named, people, step},
        slot::parse_civil,
    };

    const HOUR: i64 = Millis::hours(1).0;

    fn town() -> Town {
        Town::new(people())
    }

    fn content(text: &str) -> Content {
        Content {
            texts: BTreeMap::from([(Language::spanish(), text.to_owned())]),
            targets: vec![Target::new(ChannelId::from_bits(1), vec![Language::spanish()])],
            ..Content::default()
        }
    }

    /// Thursday, 1 January 1970, and the days after it; the town hall opens at eight, by a clock that shows UTC.
    fn slot(hour: i64) -> Slot {
        let at = Moment(hour * HOUR);
        Slot { civil: Zone::utc().civil(at), zone: "UTC".to_owned(), at, window: Millis::minutes(30) }
    }

    fn draft() -> Post {
        Post::new(PostId::from_bits(1), member(1), content("Hola"))
    }

    /// One step of four hours, then what the circuit says.
    fn law(silence: Silence, options: Options) -> Circuit {
        let deadline = Deadline { within: WorkMinutes::hours(4), reminders: vec![], silence };
        let step = crate::circuit::Step { deadline: Some(deadline), ..step(1, Quorum::Any, &[named(3)]) };
        circuit(vec![step], options)
    }

    fn submit(circuit: &Circuit, post: Post, at: i64) -> Result<Step, Refusal> {
        let law = Law { circuit, facts: &facts(), verdict: Verdict::Pass, declared: None };
        post.submit(&member(1), law, town().at(at))
    }

    fn wished(post: Post, hour: i64, by: u128) -> Post {
        post.wish(slot(hour), &member(by), &Zone::utc()).unwrap().post
    }

    /// In review since the first hour, with an hour that the second author wishes.
    fn waiting(silence: Silence, hour: i64) -> Post {
        submit(&law(silence, Options::default()), wished(draft(), hour, 2), HOUR).unwrap().post
    }

    fn agree(post: Post, at: i64) -> Step {
        let round = post.round().unwrap().clone();
        let (step, content_hash) = (round.steps[0].0.id.clone(), round.content_hash);
        let ballot = Ballot { by: member(3).into(), acting_for: None, step, content_hash, choice: Choice::Approve };
        post.decide(ballot, town().at(at)).unwrap()
    }

    const EMPTY: Room<'static> = Room { taken: &[], marks: &[] };
    const CLEAR: Runway<'static> = Runway { stopped: None, room: EMPTY };

    fn landed(post: Post, at: i64) -> Step {
        agree(post, at).land(CLEAR, town().at(at))
    }

    /// The clock, from the last time it was to strike until this hour.
    fn strike(post: Post, at: i64) -> (Post, Vec<Effect>) {
        match post.hour_strikes(Moment(0), EMPTY, town().at(at)) {
            Some((plan, effects)) => (Post { plan: Some(plan), ..post }, effects),
            None => (post, Vec::new()),
        }
    }

    fn told(effects: &[Effect]) -> Vec<BTreeSet<MemberId>> {
        let to = |effect: &Effect| match effect {
            Effect::Notify(Notice::HourLost { to, .. } | Notice::HourMoved { to, .. }) => Some(to.clone()),
            _ => None,
        };
        effects.iter().filter_map(to).collect()
    }

    fn members(these: &[u128]) -> BTreeSet<MemberId> {
        these.iter().map(|n| member(*n)).collect()
    }

    #[test]
    fn what_was_planned_is_placed_by_itself_when_the_last_one_agrees() {
        let step = landed(waiting(Silence::Hold, 20), 9 * HOUR);
        assert_eq!((step.post.stage.slot(), step.post.plan.clone()), (Some(&slot(20)), None));
        let kept = step.effects.iter().any(|effect| {
            matches!(effect, Effect::Keep { subject: Subject::Placement, body } if body["by"] == serde_json::json!(member(2)))
        });
        assert!(kept, "whoever planned it publishes: {:?}", step.effects);
        let at_the_very_moment = landed(waiting(Silence::Hold, 20), 20 * HOUR);
        assert_eq!(at_the_very_moment.post.stage.name(), StageName::Placed);
    }

    #[test]
    fn what_was_agreed_too_late_is_held_and_said_and_never_goes_out_at_once() {
        let step = landed(waiting(Silence::Hold, 11), 11 * HOUR + 1);
        assert_eq!((step.post.stage.name(), step.post.slot()), (StageName::Approved, None));
        assert_eq!(step.post.missed(), Some((&slot(11), Missed::Passed)));
        assert_eq!(told(&step.effects), [members(&[1, 2])]);
        // Whoever chooses another hour has an approved post like any other.
        let placed = step.post.place(slot(30), &member(2), false).unwrap().post;
        assert_eq!((placed.stage.name(), placed.plan), (StageName::Placed, None));
    }

    #[test]
    fn where_the_circuit_replans_a_late_one_takes_the_next_free_hole() {
        let taken = [Moment(12 * HOUR + HOUR / 4)];
        let runway = Runway { stopped: None, room: Room { taken: &taken, marks: &[] } };
        let late = agree(waiting(Silence::Replan, 11), 12 * HOUR);
        assert_eq!(late.post.wants_room(Moment(12 * HOUR)), Some(Moment(12 * HOUR)));
        let step = late.land(runway, town().at(12 * HOUR));
        assert_eq!(step.post.stage.slot().map(|slot| slot.at), Some(Moment(12 * HOUR + 3 * HOUR / 4)));
        assert_eq!(told(&step.effects), [members(&[1, 2])]);
    }

    #[test]
    fn an_hour_is_given_up_at_the_deadline_where_the_circuit_holds() {
        let post = waiting(Silence::Hold, 20);
        let calm = strike(post.clone(), 12 * HOUR - 1);
        assert_eq!((calm.0.slot(), calm.1), (Some(&slot(20)), vec![]));
        let (post, effects) = strike(post, 12 * HOUR);
        assert_eq!((post.stage.name(), post.slot()), (StageName::InReview, None));
        assert_eq!((post.missed(), told(&effects)), (Some((&slot(20), Missed::GivenUp)), vec![members(&[1, 2])]));
        // It is not taken back by agreeing while it would still have been ahead.
        let step = landed(post, 13 * HOUR);
        assert_eq!(
            (step.post.stage.name(), step.post.missed()),
            (StageName::Approved, Some((&slot(20), Missed::GivenUp)))
        );
    }

    #[test]
    fn an_hour_is_moved_at_the_deadline_where_the_circuit_replans_and_never_to_an_earlier_one() {
        let at = |post: &Post| post.slot().map(|slot| slot.at);
        // It was to go out at half past ten; at twelve the time is over.
        let (post, _) = strike(waiting(Silence::Replan, 11), 11 * HOUR + 1);
        assert_eq!((at(&post), post.missed()), (None, Some((&slot(11), Missed::Passed))));
        let (post, effects) = strike(post, 12 * HOUR);
        assert_eq!((at(&post), told(&effects)), (Some(Moment(12 * HOUR + HOUR / 4)), vec![members(&[1, 2])]));
        // On Friday at ten, when the time is over on Thursday at twelve: after that hour, which it gives up.
        let (post, _) = strike(waiting(Silence::Replan, 34), 12 * HOUR);
        assert_eq!(at(&post), Some(Moment(34 * HOUR + HOUR / 2)));
        assert_eq!(post.stage.name(), StageName::InReview, "silence agrees to nothing");
    }

    #[test]
    fn where_no_hole_is_left_within_the_times_the_hour_is_lost() {
        let day = Zone::utc().civil(Moment(0)).date();
        let post = draft().narrow(Some(Margin::Day { day }), &Zone::utc(), Moment(0)).unwrap().post;
        let law = law(Silence::Replan, Options::default());
        let post = submit(&law, wished(post, 14, 2), 8 * HOUR).unwrap().post;
        let next_day = post.clone().wish(slot(25), &member(2), &Zone::utc());
        assert_eq!(next_day, Err(Refusal::OutsideEnvelope), "that would be agreed to anew");
        assert_eq!(post.clone().wish(slot(13), &member(2), &Zone::utc()).unwrap().post.round(), post.round());
        let (post, _) = strike(wished(post, 23, 2), 12 * HOUR);
        assert_eq!(post.missed().map(|(_, why)| why), Some(Missed::NoRoom));
    }

    #[test]
    fn an_hour_that_is_over_is_lost_whatever_the_circuit_says() {
        let usual = submit(&Circuit::usual(), wished(draft(), 11, 2), HOUR).unwrap().post;
        assert_eq!(usual.next_ring(town().at(HOUR)), Some(Moment(11 * HOUR + 1)));
        assert_eq!(usual.hour_strikes(Moment(0), EMPTY, town().at(11 * HOUR)), None, "whoever agrees now is on time");
        let (post, effects) = strike(usual, 11 * HOUR + 1);
        assert_eq!((post.missed(), effects.len()), (Some((&slot(11), Missed::Passed)), 2));
        assert_eq!(post.next_ring(town().at(11 * HOUR + 1)), None, "once");
    }

    #[test]
    fn where_duties_are_apart_whoever_wrote_it_does_not_publish_it_by_planning_it() {
        let options = Options { duties: Duties::Apart, ..Options::default() };
        let law = law(Silence::Hold, options);
        let step = landed(submit(&law, wished(draft(), 20, 1), HOUR).unwrap().post, 9 * HOUR);
        assert_eq!(
            (step.post.stage.name(), step.post.missed()),
            (StageName::Approved, Some((&slot(20), Missed::DutiesApart)))
        );
        assert_eq!(step.post.placers(&people()), members(&[2, 6]));
        assert_eq!(told(&step.effects), [members(&[1, 2, 6])], "whoever may place it is told");
        let by_another = landed(submit(&law, wished(draft(), 20, 2), HOUR).unwrap().post, 9 * HOUR);
        assert_eq!(by_another.post.stage.name(), StageName::Placed);
    }

    #[test]
    fn nothing_lands_while_paused_or_blocked_or_for_somebody_who_left() {
        let ready = || agree(waiting(Silence::Hold, 20), 9 * HOUR);
        for why in [Missed::Paused, Missed::Blocked] {
            let step = ready().land(Runway { stopped: Some(why), room: EMPTY }, town().at(9 * HOUR));
            assert_eq!((step.post.stage.name(), step.post.missed()), (StageName::Approved, Some((&slot(20), why))));
        }
        let mut left = town();
        left.people.colleagues.retain(|colleague| colleague.id != member(2));
        let step = ready().land(CLEAR, left.at(9 * HOUR));
        assert_eq!(step.post.missed().map(|(_, why)| why), Some(Missed::PlannerGone));
    }

    #[test]
    fn a_declared_kind_lands_the_same_way() {
        let declaration =
            Declaration { kind: Kind::Routine, by: member(6), at: Moment(0), reason: "one officer".to_owned() };
        let land = |at: i64| {
            let (circuit, facts) = (Circuit::usual(), facts());
            let law = Law { circuit: &circuit, facts: &facts, verdict: Verdict::Pass, declared: Some(&declaration) };
            let step = wished(draft(), 11, 2).submit(&member(1), law, town().at(at)).unwrap();
            step.land(CLEAR, town().at(at)).post
        };
        assert_eq!(land(10 * HOUR).stage.slot(), Some(&slot(11)));
        assert_eq!(land(12 * HOUR).missed(), Some((&slot(11), Missed::Passed)));
    }

    #[test]
    fn a_post_keeps_its_place_in_the_week_when_it_is_changed() {
        let placed = landed(waiting(Silence::Hold, 20), 9 * HOUR).post;
        let changed = placed.clone().edit(content("Adiós"), &member(2), Moment(10 * HOUR)).unwrap().post;
        assert_eq!((changed.stage.name(), changed.slot()), (StageName::Draft, Some(&slot(20))));
        let late = placed.edit(content("Adiós"), &member(2), Moment(21 * HOUR)).unwrap().post;
        assert_eq!(late.slot(), None);
        let withdrawn = waiting(Silence::Hold, 20).withdraw(&member(1), Moment(2 * HOUR)).unwrap().post;
        assert_eq!(withdrawn.slot(), Some(&slot(20)));
        assert_eq!(withdrawn.clone().unplace(&member(1)).unwrap().post.slot(), None);
        assert_eq!(withdrawn.cancel(&member(1), Moment(3 * HOUR), "no").unwrap().post.plan, None);
    }

    #[test]
    fn an_hour_that_was_over_at_the_submission_is_said_and_stands_in_nobodys_way() {
        let step = submit(&Circuit::usual(), wished(draft(), 1, 2), 2 * HOUR).unwrap();
        assert_eq!((step.post.stage.name(), step.post.slot()), (StageName::InReview, None));
        assert_eq!(step.post.missed(), Some((&slot(1), Missed::Passed)));
    }

    #[test]
    fn a_margin_is_what_is_agreed_to_and_an_hour_outside_of_it_is_not_planned() {
        let zone = Zone::utc();
        let between = |from: &str, until: &str| {
            Some(Margin::Between { from: parse_civil(from).unwrap(), until: parse_civil(until).unwrap() })
        };
        let margin = between("1970-01-01T12:00", "1970-01-01T18:00");
        let post = draft().narrow(margin.clone(), &zone, Moment(0)).unwrap().post;
        assert_eq!(post.clone().wish(slot(20), &member(1), &zone), Err(Refusal::OutsideEnvelope));
        let other = draft().wish(slot(20), &member(1), &zone).unwrap().post;
        assert_eq!(other.narrow(margin, &zone, Moment(0)), Err(Refusal::OutsideEnvelope));
        let round = submit(&Circuit::usual(), post.clone(), HOUR).unwrap().post.round().unwrap().clone();
        assert_eq!(round.envelope, Envelope::Times { from: Moment(12 * HOUR), until: Moment(18 * HOUR) });
        assert_eq!(submit(&Circuit::usual(), post.clone(), 19 * HOUR), Err(Refusal::InThePast));
        let narrow = |from, until| post.clone().narrow(between(from, until), &zone, Moment(20 * HOUR));
        assert_eq!(narrow("1970-01-01T12:00", "1970-01-01T18:00"), Err(Refusal::InThePast));
        assert_eq!(narrow("1970-01-02T12:00", "1970-01-02T11:00"), Err(Refusal::TermBackwards));
        assert_eq!(narrow("1990-01-02T12:00", "1990-01-02T13:00"), Err(Refusal::TooFar));
    }

    #[derive(Debug, Clone)]
    enum Move {
        Wish(i64),
        Unplace,
        Submit,
        Edit(u8),
        Agree,
        Withdraw,
        Place(i64),
        Pause(bool),
    }

    fn moves() -> impl Strategy<Value = Vec<(i64, Move)>> {
        let one = prop_oneof![
            4 => (-6..60_i64).prop_map(Move::Wish),
            1 => Just(Move::Unplace),
            4 => Just(Move::Submit),
            1 => (0..3_u8).prop_map(Move::Edit),
            4 => Just(Move::Agree),
            1 => Just(Move::Withdraw),
            1 => (0..40_i64).prop_map(Move::Place),
            1 => any::<bool>().prop_map(Move::Pause),
        ];
        prop::collection::vec((0..9_i64, one), 0..40)
    }

    fn silences() -> impl Strategy<Value = Silence> {
        prop::sample::select(vec![Silence::Hold, Silence::Replan, Silence::Escalate { ladder: Vec::new() }])
    }

    proptest! {
        /// Whatever is planned, whenever people decide and the clock strikes: what lands was agreed to, by then, at an hour
        /// that was still ahead; what somebody reads as its hour is one that somebody wished or that the next hole gave.
        #[test]
        fn nothing_lands_in_the_past_and_silence_lands_nothing(
            moves in moves(), silence in silences(), apart in any::<bool>(), taken in prop::collection::btree_set(0_i64..300, 0..20),
        ) {
            let duties = if apart { Duties::Apart } else { Duties::Shared };
            let law = law(silence, Options { duties, ..Options::default() });
            let taken: Vec<Moment> = taken.into_iter().map(|quarter| Moment(quarter * HOUR / 4)).collect();
            let (mut post, mut at, mut paused, mut agreed) = (draft(), 0_i64, false, None::<Moment>);
            let mut due: Option<Moment> = None;
            for (hours, act) in moves {
                at += hours * HOUR / 2;
                let (town, zone) = (town(), Zone::utc());
                let now = town.at(at);
                // The clock first: it is seldom punctual, and never misses what was due.
                if let Some(since) = due.filter(|due| *due <= now.at) {
                    let stage = post.stage.clone();
                    if let Some((plan, effects)) = post.hour_strikes(since, Room { taken: &taken, marks: &[] }, now) {
                        prop_assert_eq!(effects.len(), 2, "kept and told");
                        if let Some(slot) = plan.wished() {
                            prop_assert!(slot.at > now.at && now.calendar.is_open(slot.at));
                            prop_assert!(taken.iter().all(|other| (other.0 - slot.at.0).abs() >= crate::plan::APART.0));
                            prop_assert!(post.round().unwrap().envelope.covers(slot));
                        }
                        post.plan = Some(plan);
                    }
                    prop_assert_eq!(&post.stage, &stage, "silence changes no stage");
                    if matches!(post.stage, Stage::InReview { .. }) {
                        prop_assert!(post.slot().is_none_or(|slot| slot.at >= now.at), "an hour that is over is lost");
                    }
                }
                let before = post.clone();
                let runway = Runway { stopped: paused.then_some(Missed::Paused), room: Room { taken: &taken, marks: &[] } };
                let result = match act {
                    Move::Wish(ahead) => post.wish(slot(at / HOUR + ahead), &member(2), &zone),
                    Move::Unplace => post.unplace(&member(2)),
                    Move::Submit => submit(&law, post, at),
                    Move::Edit(n) => post.edit(content(&format!("text {n}")), &member(1), Moment(at)),
                    Move::Agree if post.round().is_ok() => {
                        agreed = Some(now.at);
                        Ok(agree(post, at).land(runway, now))
                    }
                    Move::Agree => Err(Refusal::WrongStage),
                    Move::Withdraw => post.withdraw(&member(1), Moment(at)),
                    Move::Place(ahead) => post.place(slot(at / HOUR + 1 + ahead), &member(2), paused),
                    Move::Pause(yes) => {
                        paused = yes;
                        Err(Refusal::WrongStage)
                    }
                };
                post = result.map_or(before.clone(), |step| step.post);
                due = post.next_ring(now);
                if let (Stage::Placed { approval, slot }, true) = (&post.stage, before.stage.slot().is_none()) {
                    prop_assert!(slot.at >= now.at, "nothing goes out at once after a late agreement");
                    let hash = post.content.hash();
                    prop_assert_eq!(approval.content_hash(), hash.as_str());
                    prop_assert!(agreed.is_some_and(|agreed| agreed <= now.at));
                    prop_assert!(!paused);
                    prop_assert!(approval.lets(&hash, slot, &member(2)).is_ok());
                }
                let keeps = matches!(post.stage, Stage::Draft { .. } | Stage::InReview { .. } | Stage::Approved { .. });
                prop_assert!(keeps || post.plan.is_none());
                if matches!(post.stage, Stage::Approved { .. }) {
                    prop_assert!(post.plan.as_ref().is_none_or(|plan| plan.missed().is_some()), "landed, or said why not");
                }
            }
        }
    }
}

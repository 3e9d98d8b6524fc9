//! Approvers outside the house: who is sent a link to a round, and what a link is worth when somebody comes with it.
//! Separate from `round`, which treats them as anybody: this is only their way in.
//!
//! A link is one person's, for one round of one post, over one content. It is worth nothing without the mailbox that it
//! was sent to: whoever opens it is asked for a code that was sent there.

use serde::{Deserialize, Serialize};

use crate::{
    Approval, Language, LinkId, Millis, Moment, Post, PostId, Round, Stage, StepId,
    party::{Mailbox, Party, Person},
    round::{Ending, Now, State},
};

/// How long a link works: whoever did not open it in a month was not going to.
pub const LINK_LIVES: Millis = Millis::days(30);

/// How long whoever came in may stay: long enough to read and to ask a colleague, short enough for a borrowed computer.
pub const VISIT: Millis = Millis::minutes(60);

/// People outside who are let into one round, each by a link of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// The post.
    pub post: PostId,
    /// The round.
    pub round: u32,
    /// The step that is open.
    pub step: StepId,
    /// The content.
    pub content_hash: String,
    /// Who, and the language that their seat says.
    pub to: Vec<(Mailbox, Option<Language>)>,
    /// When the clock of the round said so, if they are reminded.
    pub reminder: Option<Moment>,
}

impl Round {
    /// Whoever outside can bring the open step nearer to its end now, and is to be let in. Nothing if that is nobody.
    pub fn invitation(&self, reminder: Option<Moment>, now: Now<'_>) -> Option<Invitation> {
        let waiting = self.waiting(now)?;
        let (step, _) = self.steps.iter().find(|(step, _)| step.id == waiting.step)?;
        let language = |mailbox: &Mailbox| {
            let named = |party: &Party| matches!(party, Party::Outside { mailbox: other } if other == mailbox);
            step.seats.iter().find(|seat| named(&seat.party)).and_then(|seat| seat.language.clone())
        };
        let mut to: Vec<(Mailbox, Option<Language>)> = Vec::new();
        for mover in waiting.movers {
            let Person::Outside { mailbox } = mover.person else { continue };
            if to.iter().all(|(other, _)| *other != mailbox) {
                let language = language(&mailbox);
                to.push((mailbox, language));
            }
        }
        (!to.is_empty()).then(|| Invitation {
            post: self.post.clone(),
            round: self.number,
            step: waiting.step,
            content_hash: self.content_hash.clone(),
            to,
            reminder,
        })
    }
}

/// A link, as the engine keeps it and the desk shows it. The secret in it is another thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its identity.
    pub id: LinkId,
    /// In which round.
    pub round: u32,
    /// The step that was open when it was last sent.
    pub step: StepId,
    /// Over which content.
    pub content_hash: String,
    /// Whose it is.
    pub mailbox: Mailbox,
    /// In which language they are spoken to.
    pub language: Language,
    /// When it was first sent.
    pub sent: Moment,
    /// How often it was sent.
    pub times: u32,
    /// Until when it works.
    pub expires: Moment,
    /// When it was first opened, with a code.
    pub opened: Option<Moment>,
    /// When they last decided through it.
    pub decided: Option<Moment>,
    /// When somebody took it back.
    pub revoked: Option<Moment>,
}

/// What a link is worth now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It leads to what waits for this person.
    Open,
    /// They decided: it leads to their receipt.
    Decided,
    /// The content is another one now, or another round waits.
    Changed,
    /// The submission was taken back.
    Withdrawn,
    /// It was settled without them.
    Settled,
    /// It is too old.
    Expired,
    /// Somebody took it back.
    Revoked,
}

impl Standing {
    /// Whether there is anything behind it, for whoever has the mailbox.
    pub const fn opens(self) -> bool {
        matches!(self, Standing::Open | Standing::Decided)
    }
}

/// The round of a post with a number, as far as the post still carries it.
fn round_of(post: &Post, number: u32) -> Option<&Round> {
    let approved = post.stage.approval().and_then(|approval| match approval {
        Approval::Agreed { round } => Some(&**round),
        Approval::Declared { .. } | Approval::Emergency { .. } => None,
    });
    let other = match &post.stage {
        Stage::Draft { last } => last.as_deref(),
        Stage::InReview { round } => Some(&**round),
        Stage::Out { correction, .. } => correction.as_ref().map(|correction| &*correction.round),
        _ => None,
    };
    [other, approved].into_iter().flatten().find(|round| round.number == number)
}

/// Where a link is for whoever sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It was sent, and nobody came with it.
    Sent,
    /// They came in.
    Opened,
    /// They decided through it.
    Decided,
    /// It is too old; they were asked, and did not decide.
    Expired,
    /// Somebody took it back.
    Revoked,
}

impl Link {
    /// How far it came. What was decided through it stays decided, whatever became of the link.
    pub fn way(&self, at: Moment) -> Way {
        match (self.decided, self.revoked, self.opened) {
            (Some(_), ..) => Way::Decided,
            (_, Some(_), _) => Way::Revoked,
            _ if self.expires <= at => Way::Expired,
            (.., Some(_)) => Way::Opened,
            (.., None) => Way::Sent,
        }
    }

    /// Whose it is, as the rules know them.
    pub fn person(&self) -> Person {
        Person::Outside { mailbox: self.mailbox.clone() }
    }

    /// What it is worth now.
    pub fn standing(&self, post: &Post, now: Now<'_>) -> Standing {
        if self.revoked.is_some() {
            return Standing::Revoked;
        }
        if self.expires <= now.at {
            return Standing::Expired;
        }
        let round = round_of(post, self.round);
        let open = post.round().is_ok_and(|open| open.number == self.round);
        match round {
            Some(round) if round.content_hash != self.content_hash => return Standing::Changed,
            Some(round) if open && round.lets_in(&self.person(), now) => return Standing::Open,
            _ => {}
        }
        if self.decided.is_some() {
            return Standing::Decided;
        }
        match round.map(Round::state) {
            Some(State::Ended { ending: Ending::Withdrawn { .. } }) => Standing::Withdrawn,
            Some(State::Ended { ending: Ending::Edited { .. } }) => Standing::Changed,
            Some(_) => Standing::Settled,
            None if post.rounds > self.round => Standing::Changed,
            None => Standing::Settled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Ballot, Choice, MemberId,
        circuit::{Circuit, Hats, Options, Quorum, Seat, Step},
        round::tests::{Town, circuit, content, member, named, people, step, submit},
    };

    fn mailbox(name: &str) -> Mailbox {
        format!("{name}@agency.example").parse().unwrap()
    }

    fn outside(name: &str) -> Party {
        Party::Outside { mailbox: mailbox(name) }
    }

    fn two_steps() -> Circuit {
        let first = step(1, Quorum::Any, &[named(3)]);
        let spoken = Seat { party: outside("ana"), places: 1, language: Some(Language::english()) };
        let silent = Seat { party: outside("bea"), places: 1, language: None };
        let second = Step { seats: vec![spoken, silent], ..step(2, Quorum::All, &[]) };
        circuit(vec![first, second], Options { hats: Hats::OnceAStep, ..Options::default() })
    }

    fn ballot(person: Person, step: u128, choice: Choice) -> Ballot {
        let step = StepId::from_bits(step);
        Ballot { by: person, acting_for: None, step, content_hash: content(0, 0).hash(), choice }
    }

    fn in_review(round: Round) -> Post {
        let post = Post::new(round.post.clone(), member(1), content(0, 0));
        Post { rounds: round.number, stage: Stage::InReview { round: Box::new(round) }, ..post }
    }

    fn link(name: &str) -> Link {
        Link {
            id: LinkId::from_bits(1),
            round: 1,
            step: StepId::from_bits(2),
            content_hash: content(0, 0).hash(),
            mailbox: mailbox(name),
            language: Language::spanish(),
            sent: Moment(0),
            times: 1,
            expires: Moment(1_000),
            opened: None,
            decided: None,
            revoked: None,
        }
    }

    fn town() -> Town {
        Town::new(people())
    }

    fn second(town: &Town) -> Round {
        let round = submit(&two_steps(), &content(0, 0), None, 1).unwrap();
        round.decide(ballot(member(3).into(), 1, Choice::Approve), town.at(2)).unwrap()
    }

    #[test]
    fn how_far_a_link_came_is_told_by_what_happened_to_it() {
        let sent = Link {
            id: LinkId::from_bits(1),
            round: 1,
            step: StepId::from_bits(1),
            content_hash: String::new(),
            mailbox: mailbox("ana"),
            language: Language::spanish(),
            sent: Moment(0),
            times: 1,
            expires: Moment(100),
            opened: None,
            decided: None,
            revoked: None,
        };
        let opened = Link { opened: Some(Moment(5)), ..sent.clone() };
        let revoked = Link { revoked: Some(Moment(6)), ..opened.clone() };
        let decided = Link { decided: Some(Moment(6)), ..opened.clone() };
        assert_eq!((sent.way(Moment(99)), sent.way(Moment(100))), (Way::Sent, Way::Expired));
        assert_eq!((opened.way(Moment(9)), opened.way(Moment(100))), (Way::Opened, Way::Expired));
        assert_eq!((revoked.way(Moment(9)), revoked.way(Moment(200))), (Way::Revoked, Way::Revoked));
        assert_eq!(decided.way(Moment(200)), Way::Decided, "what was decided stays so");
    }

    #[test]
    fn whoever_is_outside_is_let_in_when_their_step_opens_and_not_before() {
        let town = town();
        let round = submit(&two_steps(), &content(0, 0), None, 1).unwrap();
        assert_eq!(round.invitation(None, town.at(1)), None);
        assert_eq!(link("ana").standing(&in_review(round), town.at(1)), Standing::Settled);
        let round = second(&town);
        let invited = round.invitation(None, town.at(2)).unwrap();
        assert_eq!(invited.to, [(mailbox("ana"), Some(Language::english())), (mailbox("bea"), None)]);
        assert_eq!((invited.round, invited.step, invited.reminder), (1, StepId::from_bits(2), None));
        assert_eq!(link("ana").standing(&in_review(round), town.at(2)), Standing::Open);
    }

    #[test]
    fn who_has_decided_is_not_asked_again_and_finds_the_receipt() {
        let town = town();
        let round = second(&town).decide(ballot(link("ana").person(), 2, Choice::Approve), town.at(3)).unwrap();
        let invited = round.invitation(Some(Moment(9)), town.at(3)).unwrap();
        assert_eq!(invited.to, [(mailbox("bea"), None)]);
        let decided = Link { decided: Some(Moment(3)), ..link("ana") };
        assert_eq!(decided.standing(&in_review(round.clone()), town.at(3)), Standing::Decided);
        // Also when another round has begun since.
        let next = Post { rounds: 2, stage: Stage::Draft { last: None }, ..in_review(round) };
        assert_eq!(decided.standing(&next, town.at(3)), Standing::Decided);
        assert_eq!(link("bea").standing(&next, town.at(3)), Standing::Changed);
    }

    #[test]
    fn a_link_says_why_it_leads_nowhere() {
        let town = town();
        let post = in_review(second(&town));
        let of = |link: Link| link.standing(&post, town.at(2));
        assert_eq!(of(Link { revoked: Some(Moment(1)), ..link("ana") }), Standing::Revoked);
        assert_eq!(of(Link { expires: Moment(2), ..link("ana") }), Standing::Expired);
        assert_eq!(of(Link { content_hash: content(1, 0).hash(), ..link("ana") }), Standing::Changed);
        let withdrawn = post.clone().withdraw(&member(1), Moment(2)).unwrap().post;
        assert_eq!(link("ana").standing(&withdrawn, town.at(2)), Standing::Withdrawn);
        let edited = post.clone().edit(content(1, 0), &member(1), Moment(2)).unwrap().post;
        assert_eq!(link("ana").standing(&edited, town.at(2)), Standing::Changed);
        let back = Choice::Return { comment: "Falta la hora".to_owned(), place: None };
        let returned = post.decide(ballot(link("bea").person(), 2, back), town.at(3)).unwrap().post;
        assert_eq!(link("ana").standing(&returned, town.at(3)), Standing::Settled);
    }

    #[test]
    fn an_address_that_is_a_members_who_wrote_it_is_let_in_nowhere() {
        let own = Party::Outside { mailbox: "m1@town.example".parse().unwrap() };
        let circuit = circuit(vec![step(2, Quorum::Any, &[own])], Options::default());
        let round = submit(&circuit, &content(0, 0), None, 1).unwrap();
        let town = town();
        assert!(round.hands.contains(&MemberId::from_bits(1)));
        assert_eq!(round.invitation(None, town.at(1)), None);
    }
}

//! The way out in an emergency: now, on the word of two people, or of one and a ratification within some hours.
//! Separate from `round`: nothing is skipped in silence here. What is published this way is owed something, and what is
//! owed is said until it is paid.

use serde::{Deserialize, Serialize};

use crate::{
    Content, MemberId, Millis, Moment, PostId, Refusal,
    party::{Party, Person},
    people::People,
    post::parse_reason,
};

/// What the organisation decided for emergencies, before there was one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    /// Who may publish.
    pub publish: Vec<Party>,
    /// Who may ratify. Not used by `Before::Two`.
    pub ratify: Vec<Party>,
    /// How many agree before it goes out.
    pub before: Before,
}

/// How many agree before it goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "before", deny_unknown_fields)]
pub enum Before {
    /// Two people.
    Two,
    /// One, and somebody else ratifies it afterwards.
    One {
        /// Within this time of the clock, not of the office: an emergency does not keep office hours.
        within: Millis,
    },
}

/// A ratification next month is none.
const LONGEST: Millis = Millis::hours(72);

impl Protocol {
    /// Refuses a protocol that nobody could follow.
    ///
    /// # Errors
    /// `FlawedCircuit` when nobody could publish, or no second person could agree; `Malformed` for a time of nothing or
    /// of more than three days.
    pub fn parse(self, people: &People) -> Result<Self, Refusal> {
        let holders = |parties: &[Party]| parties.iter().flat_map(|party| people.holders(party)).collect::<Vec<_>>();
        let publish = holders(&self.publish);
        let another = match self.before {
            Before::Two => &self.publish,
            Before::One { within } => {
                if within.0 <= 0 || within > LONGEST {
                    return Err(Refusal::Malformed { field: "within".to_owned() });
                }
                &self.ratify
            }
        };
        let heads = |persons: Vec<Person>| persons.iter().map(|one| people.identity(one)).collect::<Vec<_>>();
        let (publish, another) = (heads(publish), heads(holders(another)));
        // Whoever of them publishes, there must be somebody else.
        let followed = publish.iter().all(|first| another.iter().any(|second| second != first));
        if publish.is_empty() || !followed { Err(Refusal::FlawedCircuit) } else { Ok(self) }
    }
}

/// A publication in an emergency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emergency {
    /// The post.
    pub post: PostId,
    /// The content.
    pub content_hash: String,
    /// Why it could not wait.
    pub reason: String,
    /// Who asked for it.
    pub first: Word,
    /// The second of two.
    pub second: Option<Word>,
    /// What was decided afterwards.
    pub afterwards: Option<Afterwards>,
    /// The protocol it runs under, as it was then.
    pub protocol: Protocol,
}

/// Somebody's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// Who.
    pub by: Person,
    /// When.
    pub at: Moment,
}

/// What was said of it afterwards. Either way it is on the record; what was disowned is then taken down or corrected
/// by whoever answers for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "afterwards", deny_unknown_fields)]
pub enum Afterwards {
    /// It was right.
    Ratified {
        /// By whom.
        word: Word,
    },
    /// It was not.
    Disowned {
        /// By whom.
        word: Word,
        /// Why.
        reason: String,
    },
}

/// What is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "owed")]
pub enum Owed {
    /// A second word, before anything goes out.
    Second,
    /// A ratification, by this moment.
    Ratification {
        /// The moment.
        by: Moment,
    },
    /// A ratification that did not come in time. It is put on the record once and told to the administrators; it may
    /// still be given, and stays late.
    Overdue {
        /// Since when.
        since: Moment,
    },
    /// Nothing.
    Nothing {
        /// Whether what was owed came after its time.
        late: bool,
    },
}

impl Emergency {
    /// Asks for it. The author may, if they are one of those who may publish: at night there is nobody else. It is the
    /// second word, before or after, that is never theirs.
    ///
    /// # Errors
    /// `NotYourTurn`, `ReasonWanted`, `TooLarge`.
    pub fn ask(
        protocol: &Protocol,
        post: &PostId,
        content: &Content,
        by: Person,
        reason: &str,
        people: &People,
        at: Moment,
    ) -> Result<Self, Refusal> {
        may(&protocol.publish, &by, people, content, at)?;
        Ok(Self {
            post: post.clone(),
            content_hash: content.hash(),
            reason: parse_reason(reason)?,
            first: Word { by, at },
            second: None,
            afterwards: None,
            protocol: protocol.clone(),
        })
    }

    /// The second of two agrees.
    ///
    /// # Errors
    /// `WrongStage`, `ApprovalVoid`, `TwoHats`, `OwnPost`, `NotYourTurn`.
    pub fn join(
        mut self,
        content: &Content,
        hands: &[MemberId],
        by: Person,
        people: &People,
        at: Moment,
    ) -> Result<Self, Refusal> {
        if self.owed(at) != Owed::Second {
            return Err(Refusal::WrongStage);
        }
        if content.hash() != self.content_hash {
            return Err(Refusal::ApprovalVoid);
        }
        self.another(&by, hands, people)?;
        may(&self.protocol.publish, &by, people, content, at)?;
        self.second = Some(Word { by, at });
        Ok(self)
    }

    /// Somebody else ratifies or disowns what went out.
    ///
    /// # Errors
    /// `WrongStage`, `TwoHats`, `OwnPost`, `NotYourTurn`, `OutOfReach`, `ReasonWanted`, `TooLarge`.
    pub fn answer(
        mut self,
        content: &Content,
        hands: &[MemberId],
        by: Person,
        disowned: Option<&str>,
        people: &People,
        at: Moment,
    ) -> Result<Self, Refusal> {
        if !matches!(self.owed(at), Owed::Ratification { .. } | Owed::Overdue { .. }) {
            return Err(Refusal::WrongStage);
        }
        self.another(&by, hands, people)?;
        may(&self.protocol.ratify, &by, people, content, at)?;
        let word = Word { by, at };
        self.afterwards = Some(match disowned {
            None => Afterwards::Ratified { word },
            Some(reason) => Afterwards::Disowned { word, reason: parse_reason(reason)? },
        });
        Ok(self)
    }

    /// Another head than the first, and not one of those who wrote.
    fn another(&self, by: &Person, hands: &[MemberId], people: &People) -> Result<(), Refusal> {
        let head = people.identity(by);
        if head == people.identity(&self.first.by) {
            return Err(Refusal::TwoHats);
        }
        if head.member().is_some_and(|member| hands.contains(member)) { Err(Refusal::OwnPost) } else { Ok(()) }
    }

    /// Whether this content may go out now.
    ///
    /// # Errors
    /// `SecondPersonWanted`, `ApprovalVoid`.
    pub fn covers(&self, content: &Content) -> Result<(), Refusal> {
        if self.protocol.before == Before::Two && self.second.is_none() {
            return Err(Refusal::SecondPersonWanted);
        }
        if content.hash() == self.content_hash { Ok(()) } else { Err(Refusal::ApprovalVoid) }
    }

    /// What is owed at a moment.
    pub fn owed(&self, at: Moment) -> Owed {
        let Before::One { within } = self.protocol.before else {
            return if self.second.is_some() { Owed::Nothing { late: false } } else { Owed::Second };
        };
        let by = self.first.at.plus(within);
        match &self.afterwards {
            Some(Afterwards::Ratified { word } | Afterwards::Disowned { word, .. }) => {
                Owed::Nothing { late: word.at > by }
            }
            None if at > by => Owed::Overdue { since: by },
            None => Owed::Ratification { by },
        }
    }
}

fn may(parties: &[Party], by: &Person, people: &People, content: &Content, at: Moment) -> Result<(), Refusal> {
    if !parties.iter().any(|party| people.fits(by, party)) {
        return Err(Refusal::NotYourTurn);
    }
    let channels: Vec<_> = content.targets.iter().map(|target| target.channel.clone()).collect();
    if people.reaches(&people.identity(by), &channels, at) { Ok(()) } else { Err(Refusal::OutOfReach) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Role,
        round::tests::{content, member, named, people, role},
    };

    fn protocol(before: Before) -> Protocol {
        Protocol { publish: vec![named(1), named(2), named(6)], ratify: vec![role(Role::Approver), named(1)], before }
    }

    const ONE: Before = Before::One { within: Millis(100) };

    fn asked(before: Before) -> Emergency {
        let (post, content) = (PostId::from_bits(1), content(0, 0));
        Emergency::ask(&protocol(before), &post, &content, member(1).into(), "Riada", &people(), Moment(10)).unwrap()
    }

    fn answer(emergency: Emergency, by: u128, at: i64) -> Result<Emergency, Refusal> {
        emergency.answer(&content(0, 0), &[member(1)], member(by).into(), None, &people(), Moment(at))
    }

    #[test]
    fn two_people_are_two_people_and_the_second_did_not_write() {
        let emergency = asked(Before::Two);
        assert_eq!(emergency.covers(&content(0, 0)), Err(Refusal::SecondPersonWanted));
        let join = |by: u128, hands: &[MemberId]| {
            emergency.clone().join(&content(0, 0), hands, member(by).into(), &people(), Moment(11))
        };
        assert_eq!(join(1, &[]), Err(Refusal::TwoHats));
        assert_eq!(join(2, &[member(2)]), Err(Refusal::OwnPost));
        assert_eq!(join(3, &[]), Err(Refusal::NotYourTurn));
        let joined = join(6, &[member(1)]).unwrap();
        assert_eq!(joined.covers(&content(0, 0)), Ok(()));
        assert_eq!(joined.covers(&content(1, 0)), Err(Refusal::ApprovalVoid));
        assert_eq!(joined.owed(Moment(1_000)), Owed::Nothing { late: false });
    }

    #[test]
    fn the_second_agrees_to_the_same_content() {
        let other = content(1, 0);
        let joined = asked(Before::Two).join(&other, &[], member(6).into(), &people(), Moment(11));
        assert_eq!(joined, Err(Refusal::ApprovalVoid));
    }

    #[test]
    fn one_may_publish_and_owes_a_ratification_by_somebody_else() {
        let emergency = asked(ONE);
        assert_eq!(emergency.covers(&content(0, 0)), Ok(()));
        assert_eq!(emergency.owed(Moment(110)), Owed::Ratification { by: Moment(110) });
        assert_eq!(answer(emergency.clone(), 1, 50), Err(Refusal::TwoHats));
        assert_eq!(answer(emergency.clone(), 6, 50), Err(Refusal::NotYourTurn));
        let ratified = answer(emergency, 3, 50).unwrap();
        assert_eq!(ratified.owed(Moment(1_000)), Owed::Nothing { late: false });
        assert_eq!(answer(ratified, 4, 60), Err(Refusal::WrongStage));
    }

    #[test]
    fn what_is_not_ratified_in_time_is_overdue_and_stays_late() {
        let emergency = asked(ONE);
        assert_eq!(emergency.owed(Moment(111)), Owed::Overdue { since: Moment(110) });
        assert_eq!(answer(emergency, 3, 200).unwrap().owed(Moment(300)), Owed::Nothing { late: true });
    }

    #[test]
    fn disowning_says_why() {
        let disown = |why| {
            let by = member(3).into();
            asked(ONE).answer(&content(0, 0), &[], by, Some(why), &people(), Moment(20))
        };
        assert_eq!(disown(" "), Err(Refusal::ReasonWanted));
        assert!(matches!(disown("No era el cauce").unwrap().afterwards, Some(Afterwards::Disowned { .. })));
    }

    #[test]
    fn a_protocol_that_nobody_could_follow_is_refused() {
        let alone = Protocol { publish: vec![named(1)], ratify: vec![named(1)], before: ONE };
        assert_eq!(alone.clone().parse(&people()), Err(Refusal::FlawedCircuit));
        assert_eq!(Protocol { before: Before::Two, ..alone.clone() }.parse(&people()), Err(Refusal::FlawedCircuit));
        assert_eq!(Protocol { publish: vec![], ..protocol(ONE) }.parse(&people()), Err(Refusal::FlawedCircuit));
        let never = Protocol { before: Before::One { within: Millis(0) }, ..protocol(ONE) };
        assert_eq!(never.parse(&people()), Err(Refusal::Malformed { field: "within".to_owned() }));
        assert!(protocol(ONE).parse(&people()).is_ok());
        assert!(protocol(Before::Two).parse(&people()).is_ok());
    }
}

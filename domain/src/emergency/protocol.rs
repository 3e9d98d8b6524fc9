//! The protocol: what the organisation decided for emergencies, before there was one, and what is missing in it.
//! Separate from the emergency: the protocol is drawn on a quiet day and outlives the people in it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    Act, ChannelId, MemberId, Millis, Moment, Refusal, may,
    party::{Mailbox, Party, Person},
    people::People,
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
pub const LONGEST: Millis = Millis::hours(72);

/// More than that nobody remembers at three in the morning.
const PARTIES: usize = 20;

/// What is missing in a protocol. `words` has the sentence and the next step for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "gap")]
pub enum Gap {
    /// Nobody could publish.
    NobodyPublishes,
    /// Nobody who is there fits what it names, or whoever does may not act in an emergency.
    NobodyFits {
        /// Whom it names.
        party: Party,
    },
    /// An address outside has no account to act with.
    Outside {
        /// The address.
        mailbox: Mailbox,
    },
    /// When this member publishes, nobody else is left to agree or to ratify.
    NobodyElse {
        /// Who.
        member: MemberId,
    },
    /// There is no time to ratify in, or more than three days.
    BadTime,
    /// When this member wrote, nobody is left to agree or to ratify, whoever publishes.
    StuckWhenWriting {
        /// Who.
        member: MemberId,
    },
}

impl Gap {
    /// Whether nothing may be saved with it.
    pub const fn stops(&self) -> bool {
        !matches!(self, Gap::StuckWhenWriting { .. })
    }
}

impl Protocol {
    /// Everybody who is there and may publish by it.
    pub fn publishers(&self, people: &People) -> BTreeSet<MemberId> {
        holders(&self.publish, people)
    }

    /// Everybody who is there and may give the other word: the second before, or the ratification after.
    pub fn others(&self, people: &People) -> BTreeSet<MemberId> {
        match self.before {
            Before::Two => self.publishers(people),
            Before::One { .. } => holders(&self.ratify, people),
        }
    }

    /// Everything that is missing in it, given who is there.
    pub fn gaps(&self, people: &People) -> Vec<Gap> {
        let named = match self.before {
            Before::Two => &self.publish[..],
            Before::One { .. } => &[&self.publish[..], &self.ratify[..]].concat(),
        };
        let mut found = Vec::new();
        for (place, party) in named.iter().enumerate() {
            if named[..place].contains(party) {
                continue;
            }
            match party {
                Party::Outside { mailbox } => found.push(Gap::Outside { mailbox: mailbox.clone() }),
                party if holders(std::slice::from_ref(party), people).is_empty() => {
                    found.push(Gap::NobodyFits { party: party.clone() });
                }
                _ => {}
            }
        }
        if matches!(self.before, Before::One { within } if within.0 <= 0 || within > LONGEST) {
            found.push(Gap::BadTime);
        }
        let (publishers, others) = (self.publishers(people), self.others(people));
        if publishers.is_empty() {
            found.push(Gap::NobodyPublishes);
            return found;
        }
        // Whoever of them publishes, there must be somebody else.
        let alone = publishers.iter().filter(|first| others.iter().all(|other| other == *first));
        let mut alone: Vec<Gap> = alone.map(|member| Gap::NobodyElse { member: member.clone() }).collect();
        if alone.is_empty() {
            // Whoever wrote gives no second word: at the worst one of two is left, and that one publishes.
            let writers = people.colleagues.iter().filter(|one| may(one.role, Act::Write)).map(|one| &one.id);
            let stuck = writers.filter(|writer| {
                let goes = |first: &MemberId| others.iter().any(|other| other != first && other != *writer);
                !publishers.iter().any(goes)
            });
            alone.extend(stuck.map(|member| Gap::StuckWhenWriting { member: member.clone() }));
        }
        found.extend(alone);
        found
    }

    /// Refuses a protocol that nobody could follow.
    ///
    /// # Errors
    /// `TooLarge`; `FlawedProtocol` when something is missing that may not be (`Protocol::gaps` says what).
    pub fn parse(self, people: &People) -> Result<Self, Refusal> {
        for (field, parties) in [("publish", &self.publish), ("ratify", &self.ratify)] {
            if parties.len() > PARTIES {
                let (limit, length) = (PARTIES as u64, parties.len() as u64);
                return Err(Refusal::TooLarge { field: field.to_owned(), limit, length });
            }
        }
        if self.gaps(people).iter().any(Gap::stops) { Err(Refusal::FlawedProtocol) } else { Ok(self) }
    }

    /// Whether a member may publish to these channels.
    ///
    /// # Errors
    /// `NotYourTurn`, `OutOfReach`.
    pub fn lets_publish(
        &self,
        by: &MemberId,
        channels: &[ChannelId],
        people: &People,
        at: Moment,
    ) -> Result<(), Refusal> {
        lets(&self.publish, by, channels, people, at)
    }

    /// Whether a member may ratify what went to these channels.
    ///
    /// # Errors
    /// `NotYourTurn`, `OutOfReach`.
    pub fn lets_ratify(
        &self,
        by: &MemberId,
        channels: &[ChannelId],
        people: &People,
        at: Moment,
    ) -> Result<(), Refusal> {
        lets(&self.ratify, by, channels, people, at)
    }
}

fn holders(parties: &[Party], people: &People) -> BTreeSet<MemberId> {
    let acts = people.colleagues.iter().filter(|colleague| may(colleague.role, Act::Emergency));
    let named = acts.filter(|colleague| {
        let person = Person::from(colleague.id.clone());
        parties.iter().any(|party| people.fits(&person, party))
    });
    named.map(|colleague| colleague.id.clone()).collect()
}

fn lets(parties: &[Party], by: &MemberId, channels: &[ChannelId], people: &People, at: Moment) -> Result<(), Refusal> {
    let person = Person::from(by.clone());
    let acts = people.colleague(by).is_some_and(|colleague| may(colleague.role, Act::Emergency));
    if !acts || !parties.iter().any(|party| people.fits(&person, party)) {
        return Err(Refusal::NotYourTurn);
    }
    if people.reaches(&person, channels, at) { Ok(()) } else { Err(Refusal::OutOfReach) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Role, UnitId,
        emergency::tests::{ONE, protocol},
        round::tests::{member, named, people, role},
    };

    #[test]
    fn a_protocol_that_nobody_could_follow_is_refused() {
        let alone = Protocol { publish: vec![named(1)], ratify: vec![named(1)], before: ONE };
        let no = |protocol: Protocol| protocol.parse(&people());
        assert_eq!(alone.gaps(&people()), [Gap::NobodyElse { member: member(1) }]);
        assert_eq!(no(alone.clone()), Err(Refusal::FlawedProtocol));
        assert_eq!(no(Protocol { before: Before::Two, ..alone }), Err(Refusal::FlawedProtocol));
        let nobody = Protocol { publish: vec![], ..protocol(ONE) };
        assert_eq!(nobody.gaps(&people()), [Gap::NobodyPublishes]);
        for within in [0, -1, LONGEST.0 + 1] {
            let never = Protocol { before: Before::One { within: Millis(within) }, ..protocol(ONE) };
            assert_eq!(never.gaps(&people()), [Gap::BadTime]);
            assert_eq!(no(never), Err(Refusal::FlawedProtocol));
        }
        let many = Protocol { publish: vec![named(1); 21], ..protocol(ONE) };
        assert!(matches!(no(many), Err(Refusal::TooLarge { limit: 20, length: 21, .. })));
        assert_eq!(protocol(ONE).gaps(&people()), []);
        assert!(no(protocol(ONE)).is_ok() && no(protocol(Before::Two)).is_ok());
    }

    #[test]
    fn who_has_no_account_or_may_not_act_is_said_by_name() {
        let mailbox: Mailbox = "guardia@agency.example".parse().unwrap();
        let outside = Party::Outside { mailbox: mailbox.clone() };
        let gaps =
            |party: Party| Protocol { publish: vec![named(1), named(2), party], ..protocol(ONE) }.gaps(&people());
        assert_eq!(gaps(outside), [Gap::Outside { mailbox }]);
        for party in [role(Role::Observer), Party::Unit { unit: UnitId::from_bits(99) }, named(99)] {
            assert_eq!(gaps(party.clone()), [Gap::NobodyFits { party }]);
        }
        let mut town = people();
        town.colleagues[0].role = Role::Observer;
        assert_eq!(protocol(ONE).lets_publish(&member(1), &[], &town, Moment(1)), Err(Refusal::NotYourTurn));
    }

    #[test]
    fn it_is_said_whose_own_posts_nobody_could_answer_for() {
        let two = Protocol { publish: vec![named(1), named(2)], ratify: vec![], before: Before::Two };
        let gaps = two.gaps(&people());
        // The second of two did not write: when either of them wrote, the other has to ask, and they cannot agree.
        assert_eq!(gaps, []);
        let one = Protocol { publish: vec![named(1)], ratify: vec![named(6)], before: ONE };
        assert_eq!(one.gaps(&people()), [Gap::StuckWhenWriting { member: member(6) }]);
        assert!(one.parse(&people()).is_ok());
    }
}

//! The people of an organisation as the rules of agreeing see them: who fits what, who is away, who acts for whom.
//! Separate from `member`: a role says what one may touch, this says whose word is asked.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    Access, ChannelId, MemberId, Moment, Role, UnitId,
    delegation::{Delegation, Errand, Term},
    party::{Mailbox, Party, Person},
};

/// A member as a circuit sees them. Who left is not on the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// Who.
    pub id: MemberId,
    /// As what.
    pub role: Role,
    /// The units they belong to.
    pub units: Vec<UnitId>,
    /// When and where they may act.
    pub access: Access,
    /// Their address, so that a link sent outside to a member is known to be theirs.
    pub mailbox: Option<Mailbox>,
}

/// A time in which somebody is not asked. It takes no power away: who decides on holiday has decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// Who.
    pub member: MemberId,
    /// When.
    pub term: Term,
}

/// Everybody, with their absences and substitutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct People {
    /// The members.
    pub colleagues: Vec<Colleague>,
    /// Who acts for whom.
    pub delegations: Vec<Delegation>,
    /// Who is away.
    pub absences: Vec<Absence>,
}

impl People {
    /// A member.
    pub fn colleague(&self, id: &MemberId) -> Option<&Colleague> {
        self.colleagues.iter().find(|colleague| colleague.id == *id)
    }

    /// The one person behind a name: a member's own address is that member.
    pub fn identity(&self, person: &Person) -> Person {
        match person {
            Person::Member { .. } => person.clone(),
            Person::Outside { mailbox } => self
                .colleagues
                .iter()
                .find(|colleague| colleague.mailbox.as_ref() == Some(mailbox))
                .map_or_else(|| person.clone(), |colleague| colleague.id.clone().into()),
        }
    }

    /// Until when somebody is away.
    pub fn away(&self, member: &MemberId, at: Moment) -> Option<Moment> {
        let now = self.absences.iter().filter(|absence| absence.member == *member && absence.term.runs(at));
        now.map(|absence| absence.term.until).max()
    }

    /// Whether somebody fits what a circuit names, whatever the day.
    pub fn fits(&self, person: &Person, party: &Party) -> bool {
        match (person, party) {
            (Person::Member { member }, Party::Member { member: named }) => {
                member == named && self.colleague(member).is_some()
            }
            (Person::Member { member }, Party::Role { role }) => {
                self.colleague(member).is_some_and(|colleague| colleague.role == *role)
            }
            (Person::Member { member }, Party::Unit { unit }) => {
                self.colleague(member).is_some_and(|colleague| colleague.units.contains(unit))
            }
            (Person::Outside { mailbox }, Party::Outside { mailbox: named }) => mailbox == named,
            _ => false,
        }
    }

    /// Everybody who fits what a circuit names, whatever the day.
    pub fn holders(&self, party: &Party) -> BTreeSet<Person> {
        if let Party::Outside { mailbox } = party {
            return BTreeSet::from([Person::Outside { mailbox: mailbox.clone() }]);
        }
        let persons = self.colleagues.iter().map(|colleague| Person::from(colleague.id.clone()));
        persons.filter(|person| self.fits(person, party)).collect()
    }

    /// Whether somebody's access is open and reaches all of these channels. Outside, it is the link that says so.
    pub fn reaches(&self, person: &Person, channels: &[ChannelId], at: Moment) -> bool {
        let Some(member) = person.member() else { return true };
        self.colleague(member).is_some_and(|colleague| {
            colleague.access.is_open(at) && channels.iter().all(|channel| colleague.access.reaches(channel))
        })
    }

    /// The substitution under which `to` acts for `of`.
    pub fn delegation(&self, of: &MemberId, to: &MemberId, errand: Errand<'_>, at: Moment) -> Option<&Delegation> {
        self.substitution(of, errand, at).filter(|delegation| delegation.to == *to)
    }

    /// The substitution of somebody that is in force. There is at most one (see `Delegation::admit`); should the data
    /// say otherwise, the earlier one holds, so that two people never act for one.
    pub fn substitution(&self, of: &MemberId, errand: Errand<'_>, at: Moment) -> Option<&Delegation> {
        let live = self.delegations.iter().filter(|delegation| delegation.of == *of && delegation.covers(errand, at));
        live.min_by_key(|delegation| (delegation.term.from, &delegation.id))
    }

    /// Those for whom somebody acts.
    pub fn acts_for<'a>(&'a self, to: &MemberId, errand: Errand<'_>, at: Moment) -> Vec<&'a Delegation> {
        let to_them = self.delegations.iter().filter(|delegation| delegation.to == *to);
        to_them
            .filter(|found| self.substitution(&found.of, errand, at).is_some_and(|live| live.id == found.id))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CircuitId, DelegationId, StepId, delegation::Scope};

    fn member(n: u128) -> MemberId {
        MemberId::from_bits(n)
    }

    fn colleague(n: u128, role: Role) -> Colleague {
        Colleague { id: member(n), role, units: vec![UnitId::from_bits(n)], access: Access::Everywhere, mailbox: None }
    }

    fn delegation(id: u128, of: u128, to: u128, from: i64) -> Delegation {
        Delegation {
            id: DelegationId::from_bits(id),
            of: member(of),
            to: member(to),
            reference: "Decreto 1".to_owned(),
            term: Term { from: Moment(from), until: Moment(100) },
            scope: Scope::ALL,
            revoked: None,
        }
    }

    #[test]
    fn who_left_fits_nothing() {
        let people = People { colleagues: vec![colleague(1, Role::Approver)], ..People::default() };
        assert!(people.fits(&member(1).into(), &Party::Member { member: member(1) }));
        assert!(people.fits(&member(1).into(), &Party::Role { role: Role::Approver }));
        assert!(people.fits(&member(1).into(), &Party::Unit { unit: UnitId::from_bits(1) }));
        assert!(!people.fits(&member(2).into(), &Party::Member { member: member(2) }));
        assert_eq!(people.holders(&Party::Role { role: Role::Records }), BTreeSet::new());
    }

    #[test]
    fn a_link_sent_to_a_member_is_that_member() {
        let mailbox: Mailbox = "secretaria@town.example".parse().unwrap();
        let secretary = Colleague { mailbox: Some(mailbox.clone()), ..colleague(1, Role::Approver) };
        let people = People { colleagues: vec![secretary], ..People::default() };
        assert_eq!(people.identity(&Person::Outside { mailbox }), member(1).into());
    }

    #[test]
    fn even_with_doubled_data_two_people_never_act_for_one() {
        let people =
            People { delegations: vec![delegation(1, 1, 3, 20), delegation(2, 1, 2, 10)], ..People::default() };
        let (circuit, step) = (CircuitId::from_bits(1), StepId::from_bits(1));
        let errand = Errand { circuit: &circuit, step: &step, channels: &[] };
        assert_eq!(people.acts_for(&member(2), errand, Moment(30)).len(), 1);
        assert!(people.acts_for(&member(3), errand, Moment(30)).is_empty());
        assert!(people.acts_for(&member(2), errand, Moment(100)).is_empty());
    }

    #[test]
    fn an_absence_is_known_until_when() {
        let absence =
            |from, until| Absence { member: member(1), term: Term { from: Moment(from), until: Moment(until) } };
        let people = People { absences: vec![absence(10, 20), absence(15, 30)], ..People::default() };
        assert_eq!(people.away(&member(1), Moment(16)), Some(Moment(30)));
        assert_eq!(people.away(&member(1), Moment(30)), None);
    }
}

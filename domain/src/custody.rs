//! Custody: which two members answer for the account behind a channel, so that nobody takes the only way in along when
//! they leave; and how all of it is handed over at a change of mandate.
//! Separate from `channel`: a channel says how Pregón gets in, this who does on the network itself.

mod chores;

use serde::{Deserialize, Serialize};

use crate::{Access, Act, ChannelId, HealthState, MemberId, Moment, Network, Refusal, Role, may};

pub use chores::{Chore, chores};

/// How many answer for an account. One may fall ill or leave; each further one is somebody else who can be tricked out of it.
pub const ENOUGH: usize = 2;

/// A member as custody sees them. Who left is one still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeper {
    /// Who.
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// As what they act.
    pub role: Role,
    /// Where and when.
    pub access: Access,
    /// Whether they were removed.
    pub left: bool,
}

impl Keeper {
    /// Whether they can answer for a channel now, and if not, why.
    pub fn standing(&self, channel: &ChannelId, now: Moment) -> Standing {
        if self.left {
            Standing::Left
        } else if self.access.until().is_some_and(|end| end <= now) {
            Standing::Ended
        } else if may(self.role, Act::HoldCustody) && self.access.is_open(now) && self.access.reaches(channel) {
            Standing::Stands
        } else {
            Standing::MayNot
        }
    }
}

/// Whether somebody can answer for a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// They can.
    Stands,
    /// Their role does not include it, or their contract not this channel.
    MayNot,
    /// Their contract is over.
    Ended,
    /// They are no longer a member.
    Left,
}

/// One of those who answer for a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custodian {
    /// Who.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// Whether they still can.
    pub standing: Standing,
}

/// Who answers for one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custody {
    /// Which.
    pub channel: ChannelId,
    /// Its name.
    pub name: String,
    /// The network it is on.
    pub network: Network,
    /// How it is.
    pub state: HealthState,
    /// Whether a person publishes there by hand: then there is no access of ours that came from anybody.
    pub assisted: bool,
    /// When it was connected last.
    pub connected: Option<Moment>,
    /// By whom, and their name.
    pub by: Option<(MemberId, String)>,
    /// Who answers for it, the longest-standing first: at most [`ENOUGH`].
    pub custodians: Vec<Custodian>,
}

/// What is wrong with the custody of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Worry {
    /// Nobody can reach the account.
    Nobody,
    /// Only one person can.
    OnlyOne,
}

impl Custody {
    /// Whether somebody has to answer for an account: the noticeboard has none, it is ours.
    pub const fn is_wanted(&self) -> bool {
        !matches!(self.network, Network::Noticeboard)
    }

    /// Those who can no longer answer for it.
    pub fn gone(&self) -> impl Iterator<Item = &Custodian> {
        self.custodians.iter().filter(|one| one.standing != Standing::Stands)
    }

    /// What is wrong; nothing of a channel that was disconnected.
    pub fn worry(&self) -> Option<Worry> {
        if !self.is_wanted() || self.state == HealthState::Disconnected {
            return None;
        }
        match self.custodians.len() - self.gone().count() {
            0 => Some(Worry::Nobody),
            1 => Some(Worry::OnlyOne),
            _ => None,
        }
    }

    fn holders(&self) -> Vec<MemberId> {
        self.custodians.iter().map(|one| one.member.clone()).collect()
    }

    /// Takes new custodians: none, one or two.
    ///
    /// # Errors
    /// `WrongState` of the noticeboard, `TooLarge`, `Doubled`, `NotFound` for who is no member, `NoCustodian` for who cannot.
    pub fn appoint(&self, wanted: &[MemberId], keepers: &[Keeper], now: Moment) -> Result<(), Refusal> {
        let field = || "custodians".to_owned();
        if !self.is_wanted() {
            return Err(Refusal::WrongState);
        }
        if wanted.len() > ENOUGH {
            return Err(Refusal::TooLarge { field: field(), limit: ENOUGH as u64, length: wanted.len() as u64 });
        }
        if doubled(wanted) {
            return Err(Refusal::Doubled { field: field() });
        }
        wanted.iter().try_for_each(|one| can(one, &self.channel, keepers, now))
    }
}

fn doubled(members: &[MemberId]) -> bool {
    members.iter().enumerate().any(|(place, one)| members[..place].contains(one))
}

/// # Errors
/// `NotFound`, `NoCustodian`.
fn can(member: &MemberId, channel: &ChannelId, keepers: &[Keeper], now: Moment) -> Result<(), Refusal> {
    let keeper = keepers.iter().find(|keeper| keeper.id == *member && !keeper.left).ok_or(Refusal::NotFound)?;
    match keeper.standing(channel, now) {
        Standing::Stands => Ok(()),
        Standing::MayNot | Standing::Ended | Standing::Left => Err(Refusal::NoCustodian),
    }
}

/// Something about custody that an administrator has to see to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "need")]
pub enum Need {
    /// Somebody who answers for channels no longer can.
    Gone {
        /// Who.
        member: MemberId,
        /// Their name.
        name: String,
        /// Why not.
        standing: Standing,
        /// The names of the channels.
        channels: Vec<String>,
    },
    /// Of these channels fewer than two were ever named.
    Few {
        /// The names of the channels.
        channels: Vec<String>,
    },
}

/// What an administrator has to see to, each person and all that was never named once: eleven channels are one line, not eleven.
pub fn needs(all: &[Custody]) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    let mut few = Vec::new();
    for custody in all.iter().filter(|custody| custody.worry().is_some()) {
        if custody.gone().next().is_none() {
            few.push(custody.name.clone());
        }
        for one in custody.gone() {
            let known = needs.iter_mut().find_map(|need| match need {
                Need::Gone { member, standing, channels, .. }
                    if (&*member, *standing) == (&one.member, one.standing) =>
                {
                    Some(channels)
                }
                _ => None,
            });
            let name = custody.name.clone();
            match known {
                Some(channels) => channels.push(name),
                None => needs.push(Need::Gone {
                    member: one.member.clone(),
                    name: one.name.clone(),
                    standing: one.standing,
                    channels: vec![name],
                }),
            }
        }
    }
    needs.extend((!few.is_empty()).then_some(Need::Few { channels: few }));
    needs
}

/// Who hands what over to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "leaves")]
pub enum Handover {
    /// One person everything that they answer for, to one other.
    One {
        /// Who leaves.
        from: MemberId,
        /// Who takes over.
        to: MemberId,
    },
    /// Everybody everything, to one person or two.
    All {
        /// Who takes over.
        to: Vec<MemberId>,
    },
}

/// One channel of a handover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// Which.
    pub channel: ChannelId,
    /// Its name.
    pub name: String,
    /// The network it is on.
    pub network: Network,
    /// Who answered for it.
    pub before: Vec<MemberId>,
    /// Who does from then on.
    pub after: Vec<MemberId>,
    /// Whether its access was given by somebody who leaves: it works until the network takes it from them.
    pub again: bool,
}

impl Handed {
    /// Whether custody changes hands; else there only is something to do on the network.
    pub fn moves(&self) -> bool {
        self.before != self.after
    }
}

impl Handover {
    /// What is handed over, channel by channel: custody, and what the leaving person connected. The desk shows it, the engine does it.
    ///
    /// # Errors
    /// `Malformed` with the field `to` where somebody hands over to themselves or nobody takes over, `TooLarge`, `Doubled`,
    /// `NotFound` where nobody by that name takes over or there is nothing to hand over, `NoCustodian` for who cannot.
    pub fn list(&self, all: &[Custody], keepers: &[Keeper], now: Moment) -> Result<Vec<Handed>, Refusal> {
        let to = match self {
            Handover::One { from, to } if from == to => return Err(Refusal::Malformed { field: "to".to_owned() }),
            Handover::One { to, .. } => std::slice::from_ref(to),
            Handover::All { to } if to.is_empty() => return Err(Refusal::Malformed { field: "to".to_owned() }),
            Handover::All { to } => to,
        };
        if doubled(to) {
            return Err(Refusal::Doubled { field: "to".to_owned() });
        }
        let mut handed = Vec::new();
        for custody in all.iter().filter(|custody| custody.is_wanted()) {
            let before = custody.holders();
            let after = self.after(&before);
            let gave = |by: &MemberId| match self {
                Handover::One { from, .. } => by == from,
                Handover::All { to } => !to.contains(by),
            };
            let own = !custody.assisted && custody.state != HealthState::Disconnected;
            let again = own && custody.by.as_ref().is_some_and(|(by, _)| gave(by));
            let Custody { channel, name, network, .. } = custody;
            let one = Handed { channel: channel.clone(), name: name.clone(), network: *network, before, after, again };
            if one.moves() {
                custody.appoint(to, keepers, now)?;
            }
            handed.extend((one.moves() || one.again).then_some(one));
        }
        if handed.is_empty() { Err(Refusal::NotFound) } else { Ok(handed) }
    }

    /// Who answers for a channel then.
    fn after(&self, before: &[MemberId]) -> Vec<MemberId> {
        match self {
            Handover::One { from, to } if before.contains(from) => {
                let others = before.iter().filter(|one| *one != from && *one != to);
                others.chain([to]).cloned().collect()
            }
            Handover::One { .. } => before.to_vec(),
            // In another order they are the same two.
            Handover::All { to } if to.len() == before.len() && to.iter().all(|one| before.contains(one)) => {
                before.to_vec()
            }
            Handover::All { to } => to.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Moment = Moment(1_800_000_000_000);

    fn member(n: u128) -> MemberId {
        MemberId::from_bits(n)
    }

    fn channel(n: u128) -> ChannelId {
        ChannelId::from_bits(n)
    }

    fn keeper(n: u128, role: Role) -> Keeper {
        Keeper { id: member(n), name: n.to_string(), role, access: Access::Everywhere, left: false }
    }

    fn agency(n: u128, channels: &[u128], from: i64, until: i64) -> Keeper {
        let channels = channels.iter().map(|n| channel(*n)).collect();
        let access = Access::Limited { channels, from: Moment(NOW.0 + from), until: Moment(NOW.0 + until) };
        Keeper { access, ..keeper(n, Role::Agency) }
    }

    /// A channel with these custodians, as they stand.
    fn custody(n: u128, by: u128, holders: &[u128], keepers: &[Keeper]) -> Custody {
        let custodians = holders.iter().map(|holder| {
            let keeper = keepers.iter().find(|keeper| keeper.id == member(*holder)).unwrap();
            let standing = keeper.standing(&channel(n), NOW);
            Custodian { member: keeper.id.clone(), name: keeper.name.clone(), standing }
        });
        Custody {
            channel: channel(n),
            name: format!("Canal {n}"),
            network: Network::Facebook,
            state: HealthState::Working,
            assisted: false,
            connected: Some(NOW),
            by: Some((member(by), by.to_string())),
            custodians: custodians.collect(),
        }
    }

    fn house() -> Vec<Keeper> {
        vec![
            keeper(1, Role::Administrator),
            keeper(2, Role::Author),
            Keeper { left: true, ..keeper(3, Role::Author) },
            keeper(4, Role::Observer),
            keeper(5, Role::Records),
        ]
    }

    #[test]
    fn whoever_left_whose_contract_is_over_or_whose_role_may_not_answers_for_nothing() {
        let at = |keeper: Keeper| keeper.standing(&channel(7), NOW);
        assert_eq!(at(keeper(1, Role::Author)), Standing::Stands);
        assert_eq!(at(keeper(1, Role::Translator)), Standing::MayNot);
        assert_eq!(at(Keeper { left: true, ..keeper(1, Role::Author) }), Standing::Left);
        assert_eq!(at(agency(1, &[7], -9, 9)), Standing::Stands);
        assert_eq!(at(agency(1, &[8], -9, 9)), Standing::MayNot);
        assert_eq!(at(agency(1, &[7], 5, 9)), Standing::MayNot, "it has not begun");
        assert_eq!(at(agency(1, &[7], -9, 0)), Standing::Ended);
    }

    #[test]
    fn it_is_said_when_fewer_than_two_can_reach_an_account() {
        let all = house();
        assert_eq!(custody(9, 1, &[1, 2], &all).worry(), None);
        assert_eq!(custody(9, 1, &[1], &all).worry(), Some(Worry::OnlyOne));
        assert_eq!(custody(9, 1, &[1, 3], &all).worry(), Some(Worry::OnlyOne));
        assert_eq!(custody(9, 1, &[3, 4], &all).worry(), Some(Worry::Nobody));
        assert_eq!(custody(9, 1, &[], &all).worry(), Some(Worry::Nobody));
        let own = Custody { network: Network::Noticeboard, ..custody(9, 1, &[], &all) };
        let closed = Custody { state: HealthState::Disconnected, ..custody(9, 1, &[], &all) };
        assert_eq!((own.worry(), closed.worry()), (None, None));
    }

    #[test]
    fn custodians_are_two_different_members_who_may() {
        let all = house();
        let name = |wanted: &[u128]| {
            let wanted: Vec<_> = wanted.iter().map(|n| member(*n)).collect();
            custody(9, 1, &[], &all).appoint(&wanted, &all, NOW)
        };
        for fine in [&[][..], &[1], &[2, 5]] {
            assert_eq!(name(fine), Ok(()), "{fine:?}");
        }
        let field = || "custodians".to_owned();
        assert_eq!(name(&[1, 2, 5]), Err(Refusal::TooLarge { field: field(), limit: 2, length: 3 }));
        assert_eq!(name(&[1, 1]), Err(Refusal::Doubled { field: field() }));
        assert_eq!(name(&[1, 3]), Err(Refusal::NotFound), "who left is no member");
        assert_eq!(name(&[99]), Err(Refusal::NotFound));
        assert_eq!(name(&[4]), Err(Refusal::NoCustodian));
        let own = Custody { network: Network::Noticeboard, ..custody(9, 1, &[], &all) };
        assert_eq!(own.appoint(&[], &all, NOW), Err(Refusal::WrongState));
    }

    #[test]
    fn a_person_who_left_is_one_line_whatever_they_answered_for() {
        let all = house();
        let channels = [
            custody(1, 1, &[1, 3], &all),
            custody(2, 1, &[3, 4], &all),
            custody(3, 1, &[1], &all),
            custody(4, 1, &[1, 2], &all),
        ];
        let names = |list: &[u128]| list.iter().map(|n| format!("Canal {n}")).collect::<Vec<_>>();
        let gone = |n: u128, standing, list: &[u128]| Need::Gone {
            member: member(n),
            name: n.to_string(),
            standing,
            channels: names(list),
        };
        let wanted = vec![
            gone(3, Standing::Left, &[1, 2]),
            gone(4, Standing::MayNot, &[2]),
            Need::Few { channels: names(&[3]) },
        ];
        assert_eq!(needs(&channels), wanted);
        assert_eq!(needs(&channels[3..]), vec![]);
    }

    #[test]
    fn who_leaves_hands_over_what_they_answered_for_and_hears_what_they_connected() {
        let all = house();
        let channels = [custody(1, 3, &[3, 1], &all), custody(2, 3, &[1], &all), custody(3, 1, &[1, 2], &all)];
        let list = Handover::One { from: member(3), to: member(2) }.list(&channels, &all, NOW).unwrap();
        let told: Vec<_> = list.iter().map(|one| (one.name.as_str(), one.moves(), one.again)).collect();
        assert_eq!(told, [("Canal 1", true, true), ("Canal 2", false, true)]);
        assert_eq!(list[0].after, [member(1), member(2)]);
        // By hand there is no access that anybody gave.
        let by_hand = [Custody { assisted: true, ..custody(1, 3, &[3], &all) }];
        assert!(!Handover::One { from: member(3), to: member(2) }.list(&by_hand, &all, NOW).unwrap()[0].again);
    }

    #[test]
    fn nobody_hands_over_to_themselves_to_who_may_not_or_nothing() {
        let all = house();
        let channels = [custody(1, 1, &[1, 2], &all)];
        let one = |from, to| Handover::One { from: member(from), to: member(to) }.list(&channels, &all, NOW);
        assert_eq!(one(1, 1), Err(Refusal::Malformed { field: "to".to_owned() }));
        assert_eq!(one(1, 4), Err(Refusal::NoCustodian));
        assert_eq!(one(1, 3), Err(Refusal::NotFound));
        assert_eq!(one(5, 2), Err(Refusal::NotFound));
        let all_to = |to: &[u128]| {
            Handover::All { to: to.iter().map(|n| member(*n)).collect() }
                .list(&channels, &all, NOW)
                .map(|list| list.len())
        };
        assert_eq!(all_to(&[]), Err(Refusal::Malformed { field: "to".to_owned() }));
        assert_eq!(all_to(&[2, 1]), Err(Refusal::NotFound), "the same two");
        assert_eq!(all_to(&[5, 2]), Ok(1));
        assert_eq!(all_to(&[2, 2]), Err(Refusal::Doubled { field: "to".to_owned() }));
    }

    proptest! {
        /// Whoever leaves, whatever they held: afterwards they hold nothing, nobody else lost anything, and no channel has more
        /// custodians than before.
        #[test]
        fn a_handover_takes_everything_from_who_leaves_and_nothing_from_anybody_else(
            held in prop::collection::vec(prop::sample::subsequence(vec![1_u128, 2, 5], 0..=2), 1..12), to in 0..2_usize,
        ) {
            let (all, from) = (house(), member(1));
            let to = member([2, 5][to]);
            let channels: Vec<Custody> =
                (10_u128..).zip(&held).map(|(n, holders)| custody(n, 2, holders, &all)).collect();
            let holds = channels.iter().any(|one| one.holders().contains(&from));
            match (Handover::One { from: from.clone(), to: to.clone() }).list(&channels, &all, NOW) {
                Err(refusal) => prop_assert!(!holds && refusal == Refusal::NotFound),
                Ok(list) => {
                    prop_assert!(list.iter().all(Handed::moves));
                    for one in &channels {
                        let before = one.holders();
                        let handed = list.iter().find(|handed| handed.channel == one.channel);
                        prop_assert_eq!(handed.is_some(), before.contains(&from));
                        let Some(Handed { after, .. }) = handed else { continue };
                        prop_assert!(!after.contains(&from) && after.contains(&to) && after.len() <= before.len());
                        prop_assert!(before.iter().filter(|other| **other != from).all(|other| after.contains(other)));
                    }
                }
            }
        }

        /// After everybody has handed over to two people, nothing is left to worry about.
        #[test]
        fn after_a_handover_of_everything_to_two_nothing_is_left_to_see_to(
            held in prop::collection::vec(prop::sample::subsequence(vec![1_u128, 2, 3, 4, 5], 0..=2), 1..12),
        ) {
            let all = house();
            let channels: Vec<Custody> =
                (10_u128..).zip(&held).map(|(n, holders)| custody(n, 5, holders, &all)).collect();
            let list = Handover::All { to: vec![member(5), member(2)] }.list(&channels, &all, NOW);
            let list = list.unwrap_or_default();
            let then: Vec<Custody> = (10_u128..).zip(&held).map(|(n, holders)| {
                let handed = list.iter().any(|one| one.channel == channel(n));
                custody(n, 5, if handed { &[5, 2][..] } else { &holders[..] }, &all)
            }).collect();
            prop_assert_eq!(needs(&then), vec![]);
        }
    }
}

//! The first steps on a desk: from nothing to a published notice, and from there to a desk that works for the house.
//! Separate from `overview`: that says what needs somebody today, this what a house has never done. Nothing of it is kept:
//! each step is read off what there is, so it cannot say otherwise than the rest of the desk.

use serde::{Deserialize, Serialize};

use crate::{Act, Bylaws, Channel, Network, Role, circuit::Step, may, party::Party};

/// A first step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstStep {
    /// To write something.
    Write,
    /// To publish it.
    Publish,
    /// To connect a network besides the own noticeboard.
    Connect,
    /// To have somebody who agrees to what another writes.
    Invite,
    /// To say how this house agrees: its hours and holidays, and whatever it does otherwise than is usual.
    Settle,
}

impl FirstStep {
    /// Every step, in the order in which they help: the noticeboard needs nobody and no account.
    pub const ALL: [FirstStep; 5] =
        [FirstStep::Write, FirstStep::Publish, FirstStep::Connect, FirstStep::Invite, FirstStep::Settle];

    /// What one must be allowed to do to take it.
    pub const fn act(self) -> Act {
        match self {
            FirstStep::Write => Act::Write,
            FirstStep::Publish => Act::Publish,
            FirstStep::Connect => Act::ManageChannels,
            FirstStep::Invite => Act::ManagePeople,
            FirstStep::Settle => Act::ManageOrganisation,
        }
    }
}

/// A first step, and whether it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stride {
    /// Which.
    pub step: FirstStep,
    /// Whether it was taken, by whoever.
    pub done: bool,
}

/// What there is in a house.
#[derive(Debug, Clone, Copy)]
pub struct Begun<'a> {
    /// Whether anything was ever written.
    pub written: bool,
    /// Its channels, those that were disconnected too: who connects another way has begun all the same.
    pub channels: &'a [Channel],
    /// As what people are there, or are invited to be.
    pub roles: &'a [Role],
    /// How it agrees.
    pub bylaws: &'a Bylaws,
}

impl Begun<'_> {
    /// The steps that a member may take; none once those are taken, or for who cannot bring a post out: half a way is no guide.
    pub fn steps(self, role: Role) -> Vec<Stride> {
        if !may(role, Act::Publish) {
            return Vec::new();
        }
        let own = FirstStep::ALL.into_iter().filter(|step| may(role, step.act()));
        let steps: Vec<_> = own.map(|step| Stride { step, done: self.has(step) }).collect();
        if steps.iter().all(|step| step.done) { Vec::new() } else { steps }
    }

    fn has(self, step: FirstStep) -> bool {
        match step {
            FirstStep::Write => self.written,
            FirstStep::Publish => self.channels.iter().any(|channel| channel.voice.published.is_some()),
            FirstStep::Connect => self.channels.iter().any(|channel| channel.network != Network::Noticeboard),
            FirstStep::Invite => two_heads(self.roles) || asks_outside(self.bylaws),
            FirstStep::Settle => !self.bylaws.is_usual(),
        }
    }
}

/// Whether among them one can submit what another can agree to.
fn two_heads(roles: &[Role]) -> bool {
    let pairs = |place: usize| roles.iter().enumerate().filter(move |(other, _)| *other != place);
    let decided = |place| pairs(place).any(|(_, other)| may(*other, Act::Decide));
    roles.iter().enumerate().any(|(place, role)| may(*role, Act::Submit) && decided(place))
}

/// Whether somebody without an account is asked.
fn asks_outside(bylaws: &Bylaws) -> bool {
    let mut parties = bylaws.circuits.iter().flat_map(|circuit| &circuit.steps).flat_map(Step::places);
    parties.any(|party| matches!(party, Party::Outside { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ChannelId, Health, HealthState, Language, Moment,
        circuit::Seat,
        silence::{Patience, Voice},
    };

    fn channel(network: Network, published: Option<Moment>) -> Channel {
        Channel {
            id: ChannelId::from_bits(1),
            network,
            name: String::new(),
            handle: String::new(),
            address: None,
            languages: vec![Language::spanish()],
            limits: network.limits(),
            health: Health { state: HealthState::Working, last_success: None, expires: None, last_error: None },
            assisted: false,
            voice: Voice { connected: None, published, patience: Patience::Usual },
        }
    }

    fn done(begun: Begun<'_>, role: Role) -> Vec<(FirstStep, bool)> {
        begun.steps(role).into_iter().map(|stride| (stride.step, stride.done)).collect()
    }

    #[test]
    fn each_step_is_read_off_what_there_is() {
        let (usual, board) = (Bylaws::default(), [channel(Network::Noticeboard, None)]);
        let new = Begun { written: false, channels: &board, roles: &[Role::Administrator], bylaws: &usual };
        assert_eq!(done(new, Role::Administrator), FirstStep::ALL.map(|step| (step, false)));
        let taken = |begun: Begun<'_>| -> Vec<FirstStep> {
            let all = done(begun, Role::Administrator).into_iter();
            all.filter(|(_, done)| *done).map(|(step, _)| step).collect()
        };
        assert_eq!(taken(Begun { written: true, ..new }), [FirstStep::Write]);
        let out = [channel(Network::Noticeboard, Some(Moment(1)))];
        assert_eq!(taken(Begun { channels: &out, ..new }), [FirstStep::Publish]);
        let more = [channel(Network::Noticeboard, None), channel(Network::Mastodon, None)];
        assert_eq!(taken(Begun { channels: &more, ..new }), [FirstStep::Connect]);
        assert_eq!(taken(Begun { roles: &[Role::Administrator, Role::Approver], ..new }), [FirstStep::Invite]);
        let mut settled = usual.clone();
        settled.hours.holidays.extend(chrono::NaiveDate::from_ymd_opt(2026, 8, 15));
        assert_eq!(taken(Begun { bylaws: &settled, ..new }), [FirstStep::Settle]);
        let whole = Begun {
            written: true,
            channels: &[channel(Network::Noticeboard, Some(Moment(1))), channel(Network::Bluesky, None)],
            roles: &[Role::Author, Role::Administrator],
            bylaws: &settled,
        };
        assert_eq!(done(whole, Role::Administrator), []);
    }

    #[test]
    fn nobody_is_shown_what_they_may_not_do() {
        let (usual, board) = (Bylaws::default(), [channel(Network::Noticeboard, None)]);
        let new = Begun { written: true, channels: &board, roles: &Role::ALL, bylaws: &usual };
        assert_eq!(done(new, Role::Author), [(FirstStep::Write, true), (FirstStep::Publish, false)]);
        for role in Role::ALL {
            let shown = new.steps(role);
            assert_eq!(shown.is_empty(), !may(role, Act::Publish), "{role:?}");
            assert!(shown.iter().all(|stride| may(role, stride.step.act())), "{role:?}");
        }
        // What is left is somebody else's.
        let out = [channel(Network::Noticeboard, Some(Moment(1)))];
        assert_eq!(done(Begun { channels: &out, ..new }, Role::Author), []);
    }

    #[test]
    fn one_head_with_two_hats_is_nobody_else() {
        let cases: [(&[Role], bool); 7] = [
            (&[], false),
            (&[Role::Administrator], false),
            (&[Role::Administrator, Role::Observer], false),
            (&[Role::Approver, Role::Approver], false),
            (&[Role::Administrator, Role::Administrator], true),
            (&[Role::Administrator, Role::Author], true),
            (&[Role::Author, Role::Approver], true),
        ];
        for (roles, enough) in cases {
            assert_eq!(two_heads(roles), enough, "{roles:?}");
        }
        let mut asking = Bylaws::default();
        assert!(!asks_outside(&asking));
        let mailbox = "mayor@town.example".parse().unwrap();
        asking.circuits[0].steps[0].seats.push(Seat::from(Party::Outside { mailbox }));
        assert!(asks_outside(&asking));
    }
}

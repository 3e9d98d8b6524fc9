//! Watching over channels: how often a network is asked whether it still lets us in, and from when on nothing goes out there.
//! Separate from `channel`: that says how it is, this what is to be done about it before somebody's post fails.

use serde::{Deserialize, Serialize};

use crate::{Channel, ChannelId, HealthState, Millis, Moment, Network};

/// From so long before an access ends people are told of what is placed behind its end: a week to connect it again, as the
/// channel's page counts it.
pub const AHEAD: Millis = Millis::days(7);

/// And once more, so long before.
pub const LAST_WORD: Millis = Millis::days(1);

/// How many of a channel's last failures are shown.
pub const FAILURES: u32 = 20;

/// The version of LinkedIn's interface that this release speaks, and until when, about, it is answered: a year from when it came out.
/// The newest that LinkedIn's pages named when they were read (2026-11-23).
pub const LINKEDIN: (&str, Moment) = ("202609", Moment(1_820_966_400_000)); // 2027-09-15

/// So long before a version is answered no more it is told: a new release has to be made and brought to every deployment.
pub const RELEASE_AHEAD: Millis = Millis::days(60);

/// What will not go out on a channel, and from when on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlook {
    /// Which.
    pub channel: ChannelId,
    /// From when on.
    pub from: Moment,
    /// How much is placed there from then on.
    pub placed: u32,
}

impl Channel {
    /// After how long the network is asked again; never where there is nobody to ask.
    pub const fn asked_again(&self) -> Option<Millis> {
        match (self.network, self.health.state) {
            (
                Network::Noticeboard
                | Network::Whatsapp
                | Network::Nextdoor
                | Network::Parler
                | Network::Screen
                | Network::Paper
                | Network::Other,
                _,
            )
            | (_, HealthState::Disconnected) => None,
            _ if self.assisted => None,
            // X charges for being read (`docs/networks/x.md`); and whoever shut us out mostly goes on doing so.
            (Network::X, _) | (_, HealthState::Refused) => Some(Millis::days(1)),
            _ => Some(Millis::hours(1)),
        }
    }

    /// From when on nothing goes out there, if that is known: now where we are shut out, else when the access ends.
    pub fn falls_silent(&self, now: Moment) -> Option<Moment> {
        match self.health.state {
            HealthState::Refused | HealthState::Disconnected => Some(now),
            HealthState::Working | HealthState::Troubled => self.health.expires.map(|end| end.max(now)),
        }
    }

    /// When its network stops answering what this release speaks, if that is near or over. No person who connects it again changes
    /// that: Pregón has to be brought up to date.
    pub fn version_ends(&self, now: Moment) -> Option<Moment> {
        let is_spoken = self.network == Network::Linkedin && !self.assisted;
        let (_, ends) = LINKEDIN;
        (is_spoken && self.health.state != HealthState::Disconnected && ends.since(now) <= RELEASE_AHEAD)
            .then_some(ends)
    }

    /// What people are told of it now, where so much is placed behind its end. Each is told once: since it last worked, or of
    /// one end.
    pub fn warning(&self, placed: u32, now: Moment) -> Option<Warning> {
        match self.health.state {
            HealthState::Refused => Some(Warning::ShutOut),
            HealthState::Disconnected => None,
            HealthState::Working | HealthState::Troubled => {
                let left = self.falls_silent(now).filter(|_| placed > 0)?.since(now);
                let close = if left <= LAST_WORD { Warning::LastWord } else { Warning::Ahead };
                (left <= AHEAD).then_some(close)
            }
        }
    }
}

/// A telling of what a channel will not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// The network has shut us out.
    ShutOut,
    /// The access ends within a week, and something is placed behind that.
    Ahead,
    /// The same within a day.
    LastWord,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Health, Language};

    const NOW: Moment = Moment(1_800_000_000_000);

    fn channel(network: Network, state: HealthState, expires: Option<Moment>) -> Channel {
        Channel {
            id: ChannelId::from_bits(1),
            network,
            name: "La villa".to_owned(),
            handle: String::new(),
            address: None,
            languages: vec![Language::spanish()],
            limits: network.limits(),
            health: Health { state, last_success: None, expires, last_error: None },
            assisted: false,
            voice: crate::silence::Voice::default(),
        }
    }

    #[test]
    fn who_is_asked_and_how_often() {
        use HealthState::*;
        let every = |network, state| channel(network, state, None).asked_again();
        assert_eq!(every(Network::Mastodon, Working), Some(Millis::hours(1)));
        assert_eq!(every(Network::Mastodon, Troubled), Some(Millis::hours(1)));
        assert_eq!(every(Network::Mastodon, Refused), Some(Millis::days(1)));
        assert_eq!(every(Network::X, Working), Some(Millis::days(1)));
        assert_eq!(every(Network::Mastodon, Disconnected), None);
        for nobody in [Network::Noticeboard, Network::Whatsapp, Network::Nextdoor, Network::Screen, Network::Other] {
            assert_eq!(every(nobody, Working), None);
        }
        let by_hand = Channel { assisted: true, ..channel(Network::Facebook, Working, None) };
        assert_eq!(by_hand.asked_again(), None);
    }

    #[test]
    fn nobody_is_told_of_an_end_behind_which_nothing_is_placed() {
        let ends = |days: i64| channel(Network::Threads, HealthState::Working, Some(NOW.plus(Millis::days(days))));
        let told = |days, placed| ends(days).warning(placed, NOW);
        assert_eq!(told(3, 0), None);
        assert_eq!(told(3, 1), Some(Warning::Ahead));
        assert_eq!(told(7, 1), Some(Warning::Ahead));
        assert_eq!(told(8, 1), None);
        assert_eq!(told(1, 1), Some(Warning::LastWord));
        // It is over, and the network has not said so yet.
        assert_eq!(told(-1, 1), Some(Warning::LastWord));
        assert_eq!(ends(-1).falls_silent(NOW), Some(NOW));
    }

    #[test]
    fn a_version_that_ends_is_told_two_months_ahead() {
        let (_, ends) = LINKEDIN;
        let of = |network, days: i64| {
            channel(network, HealthState::Working, None).version_ends(ends.minus(Millis::days(days)))
        };
        assert_eq!((of(Network::Linkedin, 61), of(Network::Linkedin, 60)), (None, Some(ends)));
        assert_eq!((of(Network::Linkedin, -1), of(Network::X, 1)), (Some(ends), None));
        let by_hand = Channel { assisted: true, ..channel(Network::Linkedin, HealthState::Working, None) };
        assert_eq!(by_hand.version_ends(ends), None, "a person's browser speaks what LinkedIn speaks");
        let parted = channel(Network::Linkedin, HealthState::Disconnected, None);
        assert_eq!(parted.version_ends(ends), None);
        assert!(ends.to_rfc3339().starts_with("2027-09-15"));
    }

    #[test]
    fn being_shut_out_is_told_whatever_is_placed_and_a_parting_is_not() {
        let out = channel(Network::Threads, HealthState::Refused, None);
        assert_eq!(out.warning(0, NOW), Some(Warning::ShutOut));
        assert_eq!(channel(Network::Threads, HealthState::Disconnected, None).warning(9, NOW), None);
        assert_eq!(out.falls_silent(NOW), Some(NOW));
    }
}

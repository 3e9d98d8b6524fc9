//! How all channels are, in one line: each is counted once, as the gravest thing that there is to say of it.
//! Separate from `watch`: that is about one channel and its network.

use crate::{Channel, ChannelId, HealthState, Moment, watch::AHEAD};

/// What is said of a channel in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mood {
    /// The network has shut us out.
    ShutOut,
    /// The access ends within a week.
    Ending,
    /// The last tries failed.
    Troubled,
    /// Nothing has gone out for long.
    Silent,
    /// It works.
    Well,
}

impl Mood {
    /// Every one, the gravest first.
    pub const ALL: [Mood; 5] = [Mood::ShutOut, Mood::Ending, Mood::Troubled, Mood::Silent, Mood::Well];
}

/// All channels of an organisation that are connected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview(Vec<(Mood, ChannelId)>);

impl Overview {
    /// Of these channels. Those that a person disconnected are none of it: nothing is expected of them.
    pub fn of(channels: &[Channel], now: Moment) -> Self {
        Self(channels.iter().filter_map(|channel| Some((channel.mood(now)?, channel.id.clone()))).collect())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Those of which one thing is said, in the order in which they came.
    pub fn those(&self, mood: Mood) -> Vec<&ChannelId> {
        self.0.iter().filter(|(found, _)| *found == mood).map(|(_, channel)| channel).collect()
    }
}

impl Channel {
    /// The gravest thing that there is to say of it; nothing if it is disconnected.
    pub fn mood(&self, now: Moment) -> Option<Mood> {
        Some(match self.health.state {
            HealthState::Disconnected => return None,
            HealthState::Refused => Mood::ShutOut,
            _ if self.falls_silent(now).is_some_and(|end| end.since(now) < AHEAD) => Mood::Ending,
            HealthState::Troubled => Mood::Troubled,
            HealthState::Working if self.silence(now).is_some() => Mood::Silent,
            HealthState::Working => Mood::Well,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Health, Language, Millis, Network,
        silence::{Patience, Voice},
    };

    const NOW: Moment = Moment(1_800_000_000_000);
    const STATES: [HealthState; 4] =
        [HealthState::Working, HealthState::Troubled, HealthState::Refused, HealthState::Disconnected];

    fn channel(n: u128, state: HealthState, ends_in: Option<i64>, published: i64) -> Channel {
        let network = Network::Mastodon;
        let at = |days: i64| NOW.plus(Millis::days(days));
        Channel {
            id: ChannelId::from_bits(n),
            network,
            name: n.to_string(),
            handle: String::new(),
            address: None,
            languages: vec![Language::spanish()],
            limits: network.limits(),
            health: Health { state, last_success: None, expires: ends_in.map(at), last_error: None },
            assisted: false,
            voice: Voice { connected: Some(at(-400)), published: Some(at(-published)), patience: Patience::Usual },
        }
    }

    #[test]
    fn of_each_channel_the_gravest_thing_is_said() {
        let mood = |state, ends_in, published| channel(1, state, ends_in, published).mood(NOW);
        assert_eq!(mood(HealthState::Working, None, 1), Some(Mood::Well));
        assert_eq!(mood(HealthState::Working, None, 40), Some(Mood::Silent));
        assert_eq!(mood(HealthState::Troubled, None, 40), Some(Mood::Troubled));
        assert_eq!(mood(HealthState::Troubled, Some(6), 1), Some(Mood::Ending));
        assert_eq!(mood(HealthState::Working, Some(7), 1), Some(Mood::Well));
        assert_eq!(mood(HealthState::Refused, Some(6), 40), Some(Mood::ShutOut));
        assert_eq!(mood(HealthState::Disconnected, None, 40), None);
    }

    proptest! {
        #[test]
        fn every_channel_that_is_connected_is_counted_once(
            them in prop::collection::vec((0..4_usize, prop::option::of(-3..20_i64), 0..60_i64), 0..30),
        ) {
            let all: Vec<Channel> =
                (0_u128..).zip(&them).map(|(n, (state, ends, last))| channel(n, STATES[*state], *ends, *last)).collect();
            let overview = Overview::of(&all, NOW);
            let mut told: Vec<&ChannelId> = Mood::ALL.into_iter().flat_map(|mood| overview.those(mood)).collect();
            told.sort();
            let connected = all.iter().filter(|one| one.health.state != HealthState::Disconnected);
            let connected: Vec<&ChannelId> = connected.map(|one| &one.id).collect();
            prop_assert_eq!(overview.count(), connected.len());
            prop_assert_eq!(told, connected);
        }
    }
}

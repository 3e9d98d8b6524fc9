//! A channel on which nothing is said: after how long that is told, and of which channels it is not.
//! Separate from `watch`: there a network does not let us in, here it would, and nobody speaks.

use serde::{Deserialize, Serialize};

use crate::{Channel, Millis, Moment, Network, Refusal};

/// Nobody is told within a week: a quiet holiday is no neglect.
pub const LEAST: u16 = 7;

/// After a year an account is given up or looked after; there is nothing to wait for any longer.
pub const MOST: u16 = 366;

/// What a channel's silence is measured by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voice {
    /// When it was connected last; absent where nobody wrote it down.
    #[serde(default)]
    pub connected: Option<Moment>,
    /// When something last went out there.
    #[serde(default)]
    pub published: Option<Moment>,
    /// After how long its silence is told.
    #[serde(default)]
    pub patience: Patience,
}

/// After how long the silence of one channel is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "patience", deny_unknown_fields)]
pub enum Patience {
    /// As is usual on its network.
    #[default]
    Usual,
    /// After so many days.
    Days {
        /// How many: [`LEAST`] to [`MOST`].
        days: u16,
    },
    /// Never.
    Endless,
}

impl Patience {
    /// Takes what somebody chose.
    ///
    /// # Errors
    /// `Malformed` with the field `patience`.
    pub fn chosen(self) -> Result<Self, Refusal> {
        match self {
            Patience::Days { days } if !(LEAST..=MOST).contains(&days) => {
                Err(Refusal::Malformed { field: "patience".to_owned() })
            }
            fits => Ok(fits),
        }
    }

    /// How many days that is on a network; nothing where its silence is not told.
    pub fn days(self, network: Network) -> Option<u16> {
        match self {
            Patience::Usual => usual(network).map(|usual| usual.days),
            Patience::Days { days } => Some(days),
            Patience::Endless => None,
        }
    }
}

/// What is usual on a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usual {
    /// After so many days a silence is told.
    pub days: u16,
    /// Why then.
    pub because: Because,
}

/// Why a silence is told when it is. The numbers are ours, a judgement; no network has such a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Because {
    /// It is the town's own page, which the others are copies of: who finds nothing of this month there looks elsewhere.
    OwnPage,
    /// Who opens the account sees the date of the newest post first; a month later it looks given up.
    NewestFirst,
    /// Few and longer pieces are usual there.
    LongerPieces,
    /// Every message reaches who follows: they want few, and forget a channel that sends none.
    Subscribed,
    /// A video is the work of weeks.
    Films,
}

impl Because {
    /// Every reason.
    pub const ALL: [Because; 5] =
        [Because::OwnPage, Because::NewestFirst, Because::LongerPieces, Because::Subscribed, Because::Films];
}

/// After how long a silence is told on a network, unless the channel says otherwise. Of one that we do not know, never.
pub const fn usual(network: Network) -> Option<Usual> {
    let (days, because) = match network {
        Network::Noticeboard | Network::Website => (30, Because::OwnPage),
        Network::Bluesky
        | Network::Mastodon
        | Network::Facebook
        | Network::Instagram
        | Network::Threads
        | Network::X
        | Network::Nextdoor
        | Network::Parler => (30, Because::NewestFirst),
        Network::Linkedin | Network::Tumblr => (60, Because::LongerPieces),
        Network::Telegram | Network::Whatsapp => (60, Because::Subscribed),
        Network::Youtube | Network::Tiktok => (90, Because::Films),
        // Nobody scrolls a window or a paper to see when it last spoke.
        Network::Screen | Network::Paper | Network::Other => return None,
    };
    Some(Usual { days, because })
}

/// A silence that is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// When something last went out; absent if nothing ever did.
    pub last: Option<Moment>,
    /// For how many whole days nothing has.
    pub days: u32,
}

impl Channel {
    /// Whether it has been silent for so long that it is told. Not where the network does not let us in, which is said as that;
    /// not of a channel by hand on which nothing ever went out, for a person may speak there by themselves; and not before
    /// it was connected for as long: who has just connected it again is about to speak.
    pub fn silence(&self, now: Moment) -> Option<Silence> {
        let Voice { connected, published, patience } = self.voice;
        if !self.health.state.may_send() || (self.assisted && published.is_none()) {
            return None;
        }
        let after = Millis::days(patience.days(self.network)?.into());
        let heard = published.max(connected)?;
        if now.since(heard) < after {
            return None;
        }
        let days = now.since(published.unwrap_or(heard)).0 / Millis::days(1).0;
        Some(Silence { last: published, days: u32::try_from(days).unwrap_or(u32::MAX) })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{ChannelId, Health, HealthState, Language};

    const NOW: Moment = Moment(1_800_000_000_000);

    fn ago(days: i64) -> Option<Moment> {
        Some(NOW.minus(Millis::days(days)))
    }

    fn channel(network: Network, assisted: bool, voice: Voice) -> Channel {
        Channel {
            id: ChannelId::from_bits(1),
            network,
            name: "La villa".to_owned(),
            handle: String::new(),
            address: None,
            languages: vec![Language::spanish()],
            limits: network.limits(),
            health: Health { state: HealthState::Working, last_success: None, expires: None, last_error: None },
            assisted,
            voice,
        }
    }

    fn heard(connected: i64, published: Option<i64>, patience: Patience) -> Voice {
        Voice { connected: ago(connected), published: published.and_then(ago), patience }
    }

    #[test]
    fn a_channel_is_silent_after_as_long_as_is_usual_on_its_network_or_as_it_says() {
        let told = |network, published, patience| {
            channel(network, false, heard(400, Some(published), patience)).silence(NOW).map(|silence| silence.days)
        };
        assert_eq!(told(Network::Mastodon, 29, Patience::Usual), None);
        assert_eq!(told(Network::Mastodon, 30, Patience::Usual), Some(30));
        assert_eq!(told(Network::Youtube, 89, Patience::Usual), None);
        assert_eq!(told(Network::Youtube, 90, Patience::Usual), Some(90));
        assert_eq!(told(Network::Mastodon, 10, Patience::Days { days: 10 }), Some(10));
        assert_eq!(told(Network::Mastodon, 300, Patience::Endless), None);
        assert_eq!(told(Network::Other, 300, Patience::Usual), None);
        assert_eq!(told(Network::Other, 300, Patience::Days { days: 14 }), Some(300));
    }

    #[test]
    fn a_new_channel_is_no_silent_one_and_one_by_hand_on_which_nothing_went_out_never_is() {
        let told = |assisted, connected, published| {
            channel(Network::Facebook, assisted, heard(connected, published, Patience::Usual)).silence(NOW)
        };
        assert_eq!(told(false, 29, None), None);
        assert_eq!(told(false, 31, None), Some(Silence { last: None, days: 31 }));
        assert_eq!(told(true, 300, None), None);
        assert_eq!(told(true, 300, Some(40)), Some(Silence { last: ago(40), days: 40 }));
        // Connected again yesterday: it is about to speak.
        assert_eq!(told(false, 1, Some(80)), None);
        assert_eq!(told(false, 30, Some(80)), Some(Silence { last: ago(80), days: 80 }));
    }

    #[test]
    fn what_does_not_let_us_in_is_said_as_that_and_not_as_silence() {
        for (state, said) in [
            (HealthState::Working, true),
            (HealthState::Troubled, true),
            (HealthState::Refused, false),
            (HealthState::Disconnected, false),
        ] {
            let mut channel = channel(Network::X, false, heard(400, Some(100), Patience::Usual));
            channel.health.state = state;
            assert_eq!(channel.silence(NOW).is_some(), said, "{state:?}");
        }
    }

    #[test]
    fn what_is_not_known_is_no_silence() {
        assert_eq!(channel(Network::X, false, Voice::default()).silence(NOW), None);
    }

    #[test]
    fn what_is_usual_could_have_been_chosen_and_every_reason_is_somebody_s() {
        for network in Network::ALL {
            let Some(usual) = usual(network) else { continue };
            assert!(Patience::Days { days: usual.days }.chosen().is_ok(), "{network:?}");
        }
        for because in Because::ALL {
            assert!(Network::ALL.into_iter().any(|network| usual(network).is_some_and(|one| one.because == because)));
        }
        for days in [0, LEAST - 1, MOST + 1] {
            assert_eq!(Patience::Days { days }.chosen(), Err(Refusal::Malformed { field: "patience".to_owned() }));
        }
    }

    proptest! {
        /// Who publishes more often than the channel is patient never hears of it, and a silence only grows.
        #[test]
        fn a_silence_is_as_long_as_nothing_went_out_and_does_not_end_by_waiting(
            connected in 0..500_i64, published in prop::option::of(0..500_i64), days in LEAST..MOST, later in 0..100_i64,
            assisted in any::<bool>(),
        ) {
            let voice = heard(connected, published, Patience::Days { days });
            let channel = channel(Network::Bluesky, assisted, voice);
            match channel.silence(NOW) {
                None => prop_assert!(
                    published.unwrap_or(connected).min(connected) < i64::from(days) || (assisted && published.is_none())
                ),
                Some(silence) => {
                    prop_assert!(silence.days >= u32::from(days));
                    let then = channel.silence(NOW.plus(Millis::days(later)));
                    prop_assert_eq!(then.map(|then| i64::from(then.days)), Some(i64::from(silence.days) + later));
                }
            }
        }
    }
}

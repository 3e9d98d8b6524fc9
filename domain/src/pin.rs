//! Pinning a post at the head of its channel: said with the channel, agreed to with the words, done by itself after the post is out.
//! Separate from `delivery`: a pin that fails leaves the post out, and is told beside it.

use serde::{Deserialize, Serialize};

use crate::{
    Millis, Moment, Network,
    delivery::{Outcome, back_off},
};

/// Whether what goes out on a network can be pinned there by us. In a channel of Telegram, whoever may edit messages may
/// pin them (Bot API, `pinChatMessage`, read 2026-11-30), and that right is asked for when it is connected.
pub const fn is_offered(network: Network) -> bool {
    matches!(network, Network::Telegram)
}

/// What a network calls the message that a link leads to: the number at its end. `None` where there is none.
pub fn message_of(link: &str) -> Option<&str> {
    let (before, message) = link.split(['?', '#']).next()?.trim_end_matches('/').rsplit_once('/')?;
    let is_number = (1..=18).contains(&message.len()) && message.bytes().all(|byte| byte.is_ascii_digit());
    // `t.me/c/<number>` is a private channel, and no message of it.
    Some(message).filter(|_| is_number && !before.ends_with("/c"))
}

/// How often it is tried: over an hour, for who is pinned a day later is pinned beside something else.
pub const TRIES: u32 = 8;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is to be done, or tried again.
    Waiting,
    /// It is pinned.
    Done,
    /// It is not, and nothing more is tried: a person does it there.
    Failed,
}

/// A pin as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// What became of it.
    pub state: State,
    /// What the network said last, if it said no.
    pub message: String,
}

/// What follows a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// It is pinned.
    Done,
    /// It is tried again then. Before each try the network is asked whether it is pinned already, so nothing is doubled.
    At(Moment, String),
    /// It failed for good.
    Failed(String),
}

/// Judges what came of a try, from 1.
pub fn judge(came: Result<(), Outcome>, tried: u32, now: Moment) -> Next {
    let again = |at: Option<Moment>, message: String| {
        let at = at.unwrap_or(now).max(now.plus(back_off(tried))).min(now.plus(Millis::hours(1)));
        if tried >= TRIES { Next::Failed(message) } else { Next::At(at, message) }
    };
    match came {
        Ok(()) | Err(Outcome::Accepted(_)) => Next::Done,
        Err(Outcome::NotSent { message } | Outcome::Preparing { message } | Outcome::NoAnswer { message, .. }) => {
            again(None, message)
        }
        Err(Outcome::Throttled { until, message, .. }) => again(until, message),
        Err(Outcome::Unauthorised { message, .. } | Outcome::Refused { message, .. }) => Next::Failed(message),
        Err(Outcome::Handed) => Next::Failed(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::FailureKind;

    const NOW: Moment = Moment(1_000_000);

    #[test]
    fn a_link_says_what_the_message_is_called() {
        for (link, message) in [
            ("https://t.me/villa/12", Some("12")),
            ("https://t.me/villa/12?single", Some("12")),
            ("https://t.me/c/1234567890/12/", Some("12")),
            ("https://t.me/c/1234567890", None),
            ("https://t.me/villa", None),
            ("https://t.me/villa/12a", None),
            ("https://t.me/villa/1234567890123456789", None),
            ("12", None),
        ] {
            assert_eq!(message_of(link), message, "{link}");
        }
    }

    #[test]
    fn a_no_is_the_end_and_a_silence_is_tried_again_a_few_times() {
        let message = "not enough rights".to_owned();
        let no = Outcome::Refused { kind: FailureKind::Forbidden, message: message.clone(), status: 400 };
        assert_eq!(judge(Err(no), 1, NOW), Next::Failed(message));
        assert_eq!(judge(Ok(()), 1, NOW), Next::Done);
        let silence = || Outcome::NoAnswer { message: "reset".to_owned(), status: None };
        for tried in 1..TRIES {
            let Next::At(at, _) = judge(Err(silence()), tried, NOW) else { panic!("{tried}") };
            assert!(at > NOW);
        }
        assert_eq!(judge(Err(silence()), TRIES, NOW), Next::Failed("reset".to_owned()));
    }

    #[test]
    fn a_wait_is_kept_and_is_no_longer_than_an_hour() {
        let wait =
            |until| judge(Err(Outcome::Throttled { until: Some(until), alone: false, message: String::new() }), 1, NOW);
        assert_eq!(wait(NOW.plus(Millis::minutes(5))), Next::At(NOW.plus(Millis::minutes(5)), String::new()));
        assert_eq!(wait(NOW.plus(Millis::days(5))), Next::At(NOW.plus(Millis::hours(1)), String::new()));
    }
}

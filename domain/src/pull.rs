//! Addresses for the networks that fetch pictures, videos and captions themselves instead of taking them: without a session, each for
//! one file and for a while. Separate because it is a format and a rule: what is signed, how it is written, until when it holds.

use crate::{MediaId, Millis, Moment, OrganisationId, captions, record};

/// How long one holds: a network keeps what it was given for 24 hours (Meta's guide to publishing, 2026-09-11), and an hour
/// more, for its clock is not ours.
pub const HOLDS: Millis = Millis::hours(25);

/// The bytes of a signature: HMAC-SHA256.
pub const SIGNATURE: usize = 32;

/// What is fetched: what has an identity, or captions, which are named by their words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pulled {
    /// A picture, a video or a document.
    Medium(MediaId),
    /// Captions, by the hash of their clean WebVTT ([`captions::Name`]).
    Captions(String),
}

impl Pulled {
    /// As it stands in an address. An identity is shorter than a hash, so neither is read as the other.
    fn written(&self) -> &str {
        match self {
            Pulled::Medium(media) => media.as_str(),
            Pulled::Captions(hash) => hash,
        }
    }

    fn read(text: &str) -> Option<Self> {
        if captions::is_hash(text) {
            return Some(Pulled::Captions(text.to_owned()));
        }
        text.parse::<MediaId>().ok().map(Pulled::Medium)
    }
}

/// One file of one organisation, to be fetched until a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pull {
    /// Whose.
    pub organisation: OrganisationId,
    /// Which.
    pub what: Pulled,
    /// From when on it is over, in whole seconds.
    pub ends: Moment,
}

impl Pull {
    /// From now on.
    pub fn from(organisation: &OrganisationId, what: Pulled, now: Moment) -> Self {
        let ends = Moment(now.plus(HOLDS).0.div_euclid(1_000) * 1_000);
        Self { organisation: organisation.clone(), what, ends }
    }

    /// What is signed: all of it.
    pub fn claim(&self) -> String {
        format!("{}-{}-{}", self.organisation, self.what.written(), self.ends.0.div_euclid(1_000))
    }

    /// The last part of the address.
    pub fn written(&self, signature: &[u8; SIGNATURE]) -> String {
        format!("{}-{}", self.claim(), record::to_hex(signature))
    }

    /// Reads the last part of an address, with the signature that it claims. One address has one spelling.
    pub fn read(text: &str) -> Option<(Self, [u8; SIGNATURE])> {
        let mut parts = text.split('-');
        let (organisation, what) = (parts.next()?.parse().ok()?, Pulled::read(parts.next()?)?);
        let (seconds, hex) = (parts.next()?.parse::<i64>().ok()?, parts.next()?);
        let ends = Moment(seconds.checked_mul(1_000)?);
        let mut signature = [0; SIGNATURE];
        for (byte, place) in signature.iter_mut().zip((0..).step_by(2)) {
            *byte = u8::from_str_radix(hex.get(place..place + 2)?, 16).ok()?;
        }
        let pull = Self { organisation, what, ends };
        (pull.written(&signature) == text).then_some((pull, signature))
    }

    /// Whether it is over.
    pub fn is_over(&self, now: Moment) -> bool {
        now >= self.ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_795_435_200_999);

    fn pull() -> Pull {
        Pull::from(&OrganisationId::from_bits(1), Pulled::Medium(MediaId::from_bits(2)), NOW)
    }

    fn captions() -> Pull {
        Pull::from(&OrganisationId::from_bits(1), Pulled::Captions("c".repeat(64)), NOW)
    }

    #[test]
    fn what_is_written_is_read_again() {
        for pull in [pull(), captions()] {
            let text = pull.written(&[0xab; SIGNATURE]);
            assert!(
                text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') && text.len() < 180,
                "{text}"
            );
            assert_eq!(Pull::read(&text), Some((pull, [0xab; SIGNATURE])));
        }
    }

    #[test]
    fn captions_are_named_by_a_hash_and_nothing_else() {
        let text = captions().written(&[0xab; SIGNATURE]);
        for other in ["c".repeat(63), "C".repeat(64), format!("{}.", "c".repeat(63)), "../".repeat(8)] {
            assert_eq!(Pull::read(&text.replace(&"c".repeat(64), &other)), None, "{other}");
        }
    }

    #[test]
    fn it_holds_an_hour_longer_than_a_container_lives_and_no_more() {
        let pull = pull();
        assert!(!pull.is_over(NOW.plus(Millis::hours(24))));
        assert!(!pull.is_over(Moment(pull.ends.0 - 1)) && pull.is_over(pull.ends));
        assert!(pull.ends <= NOW.plus(Millis::hours(25)));
    }

    #[test]
    fn another_spelling_is_another_address() {
        let text = pull().written(&[0xab; SIGNATURE]);
        let seconds = pull().ends.0 / 1_000;
        for other in [
            String::new(),
            "-".repeat(3),
            text.to_uppercase(),
            format!("{text}-"),
            format!("{text}0"),
            text[..text.len() - 1].to_owned(),
            text.replace(&seconds.to_string(), &format!("0{seconds}")),
            text.replace(&seconds.to_string(), &format!("+{seconds}")),
            text.replace(&seconds.to_string(), &i64::MAX.to_string()),
            text.replacen('-', "_", 1),
            text.replace("ab", "+a"),
            text.replace('a', "ñ"),
        ] {
            assert_eq!(Pull::read(&other), None, "{other}");
        }
    }

    #[test]
    fn whatever_is_changed_is_another_claim() {
        let claim = pull().claim();
        let others = [
            Pull { organisation: OrganisationId::from_bits(2), ..pull() },
            Pull { what: Pulled::Medium(MediaId::from_bits(1)), ..pull() },
            captions(),
            Pull { ends: Moment(pull().ends.0 + 1_000), ..pull() },
        ];
        assert!(others.iter().all(|other| other.claim() != claim));
    }
}

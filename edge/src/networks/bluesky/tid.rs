//! A record key that is the same at every try: the idempotency handle of Bluesky (house rule 4).

use domain::{Moment, record};

/// The alphabet of timestamp identifiers: it sorts as its bits do.
const ALPHABET: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";

/// The timestamp identifier of something made at a moment: 53 bits of microseconds and 10 bits that tell apart what
/// was made at once. Both come from `seed` below the millisecond, so the same seed and moment give the same key.
pub fn tid(at: Moment, seed: &str) -> String {
    let digest = record::sha256_hex(seed.as_bytes());
    let chance = digest.get(..8).and_then(|eight| u32::from_str_radix(eight, 16).ok()).unwrap_or_default();
    let micros = u64::try_from(at.0).unwrap_or_default() * 1_000 + u64::from(chance >> 10) % 1_000;
    let bits = (micros & ((1 << 53) - 1)) << 10 | u64::from(chance & 1_023);
    (0..13).rev().map(|place| char::from(ALPHABET[((bits >> (place * 5)) & 31) as usize])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Moment = Moment(1_795_435_200_000); // 2026-11-23T12:00Z

    #[test]
    fn the_same_act_has_the_same_key_at_every_try() {
        assert_eq!(tid(NOON, "act"), tid(NOON, "act"));
        assert_ne!(tid(NOON, "act"), tid(NOON, "other"));
    }

    #[test]
    fn it_is_a_timestamp_identifier() {
        for seed in ["a", "b", "c", "d"] {
            let key = tid(NOON, seed);
            assert_eq!(key.len(), 13);
            assert!("234567abcdefghij".contains(&key[..1]), "{key}: the top bit is never set");
            assert!(key.bytes().all(|byte| ALPHABET.contains(&byte)));
        }
    }

    #[test]
    fn later_sorts_after() {
        assert!(tid(Moment(NOON.0 + 1), "a") > tid(NOON, "z"));
    }

    #[test]
    fn its_time_can_be_read_back() {
        let bits = tid(NOON, "act")
            .bytes()
            .fold(0_u64, |bits, byte| bits << 5 | ALPHABET.iter().position(|one| *one == byte).unwrap() as u64);
        assert_eq!((bits >> 10) / 1_000, NOON.0 as u64);
    }
}

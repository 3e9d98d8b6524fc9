//! Whether what may be out already can be done once more, and readers still see it once (house rules 3 and 4).
//! Separate from `delivery`: that judges what came of a try, this knows what a network, and a server of it, keeps of one.

use crate::{
    Millis, Moment, Network,
    delivery::{Deed, LEASE, SECOND_LOOK},
};

/// Mastodon keeps an `Idempotency-Key` for an hour (`PostStatusService`); we trust it for 50 minutes from the first try.
pub const KEPT: Millis = Millis::minutes(50);

/// When a repeat is harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// At no time that anybody could name.
    Never,
    /// Between two moments after the first try that may have been heard.
    Within {
        /// From when on.
        from: Millis,
        /// Until when.
        until: Millis,
    },
    /// At any time.
    Always,
}

impl Repeats {
    /// What holds for a deed at a network. `mastodon` is the version of the server, where it surely runs Mastodon itself
    /// ([`of_mastodon`]): compatible ones mostly ignore the key (Pixelfed, Takahē, snac), and whose server is not known is one of them.
    pub fn of(network: Network, deed: Deed, mastodon: Option<&str>) -> Self {
        match (network, deed) {
            // Until 4.6.0 a second request with the same key was not held back while the first was still worked on
            // (mastodon/mastodon#37879): by the time of a second look that is over, and its key is written down.
            (Network::Mastodon, Deed::Create | Deed::Comment) => match mastodon.and_then(numbers) {
                Some(version) if version >= LOCKED => Repeats::Within { from: Millis(0), until: KEPT },
                Some(version) if version >= KEYED => {
                    Repeats::Within { from: Millis(LEASE.0 + SECOND_LOOK.0), until: KEPT }
                }
                _ => Repeats::Never,
            },
            // By the identity of what is out: to replace it by the same, or to take it away, twice is to do it once.
            (Network::Mastodon, Deed::Edit | Deed::Delete) => Repeats::Within { from: Millis(0), until: KEPT },
            _ if network.has_a_handle() => Repeats::Always,
            _ => Repeats::Never,
        }
    }

    /// How long until a repeat is harmless, so long after the first try; `None` if it is not, or no more.
    pub fn after(self, since: Millis) -> Option<Millis> {
        match self {
            Repeats::Never => None,
            Repeats::Within { until, .. } if since > until => None,
            Repeats::Within { from, .. } => Some(Millis((from.0 - since.0.max(0)).max(0))),
            Repeats::Always => Some(Millis(0)),
        }
    }
}

/// How long what was sent, and whose answer never came, may still be worked on: as long as a post may be shown late.
pub const LATE: Millis = Millis(LEASE.0 + SECOND_LOOK.0);

/// Whether a correction that was taken at a moment has to be read back: an older one of the same was sent not long before and never
/// answered (`unanswered`), and whichever lands last is what readers see. Elsewhere the older one can no longer land (Bluesky writes over
/// the version that was read, the noticeboard is ours), or a person has been asked by then.
pub fn may_be_overtaken(network: Network, unanswered: Option<Moment>, taken: Moment) -> bool {
    network == Network::Mastodon && unanswered.is_some_and(|sent| taken.since(sent) <= LATE)
}

/// A version: its numbers, and whether it is no early one.
type Numbers = (u32, u32, u32, bool);

/// From this version on two requests with the same key wait for each other.
const LOCKED: Numbers = (4, 6, 0, true);

/// From this version on an instance says whose software it runs.
const KEYED: Numbers = (4, 0, 0, true);

/// The version of a server that surely runs Mastodon itself, of what its instance says: `version`, and where its source is.
/// Compatible servers name a version of Mastodon too, with their own name behind it in brackets or behind a plus, or with
/// another source.
pub fn of_mastodon<'a>(version: &'a str, source: &str) -> Option<&'a str> {
    let is_its = source.split('/').any(|part| part == "mastodon");
    Some(version).filter(|version| is_its && numbers(version).is_some())
}

fn numbers(version: &str) -> Option<Numbers> {
    // Glitch is Mastodon with more to it, of the same source.
    let version = version.strip_suffix("+glitch").unwrap_or(version);
    let (release, early) = version.split_once('-').unwrap_or((version, ""));
    let mut parts = release.split('.').map(|part| part.parse().ok());
    let numbers = (parts.next()??, parts.next()??, parts.next()??, early.is_empty());
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "https://github.com/mastodon/mastodon";

    #[test]
    fn who_runs_mastodon_itself_is_told_by_its_version_and_its_source() {
        for version in ["4.6.0", "4.2.29", "4.7.0-nightly.2026-11-20", "4.6.1+glitch", "4.6.0-rc.1"] {
            assert_eq!(of_mastodon(version, OWN), Some(version));
        }
        for version in [
            "2.7.2 (compatible; Pleroma 2.5.0)",
            "3.5.3+0.17.0",
            "3.5.3+0.17.0-git-1573cd",
            "4.2.1 (compatible; Iceshrimp 2023.12)",
            "takahe/0.11.0",
            "4.6",
            "4.6.0.1",
            "",
        ] {
            assert_eq!(of_mastodon(version, OWN), None, "{version}");
        }
        for source in ["https://github.com/pixelfed/pixelfed", "https://github.com/a/mastodon_mock", ""] {
            assert_eq!(of_mastodon("4.6.0", source), None, "{source}");
        }
        assert!(of_mastodon("4.6.0", "https://git.town.es/glitch-soc/mastodon/tree/v4.6.0").is_some());
    }

    #[test]
    fn a_correction_is_read_back_while_an_older_one_may_still_land() {
        let sent = Moment(1_000_000);
        let read_back = |network, unanswered, after: Millis| may_be_overtaken(network, unanswered, sent.plus(after));
        assert!(read_back(Network::Mastodon, Some(sent), Millis(0)) && read_back(Network::Mastodon, Some(sent), LATE));
        assert!(!read_back(Network::Mastodon, Some(sent), Millis(LATE.0 + 1)), "so it ends");
        assert!(!read_back(Network::Mastodon, None, Millis(0)));
        assert!(!read_back(Network::Bluesky, Some(sent), Millis(0)), "it writes over what was read, or not at all");
    }

    #[test]
    fn a_status_is_sent_again_only_where_its_key_is_surely_kept() {
        let of = |version| Repeats::of(Network::Mastodon, Deed::Create, version);
        let (minute, later) = (Millis::minutes(1), Millis::minutes(20));
        assert_eq!(of(Some("4.6.0")).after(minute), Some(Millis(0)));
        for version in ["4.5.7", "4.6.0-beta.1"] {
            assert_eq!(
                of(Some(version)).after(minute),
                Some(Millis::minutes(16)),
                "{version}: the first may still come"
            );
            assert_eq!(of(Some(version)).after(later), Some(Millis(0)), "{version}");
        }
        for version in [None, Some("3.5.3"), Some("2.7.2 (compatible; Pleroma 2.5.0)")] {
            assert_eq!(of(version).after(later), None, "{version:?}");
        }
        assert_eq!(of(Some("4.6.0")).after(Millis::minutes(51)), None, "the key is forgotten");
    }

    #[test]
    fn what_is_named_by_its_identity_is_done_again_whoever_runs_the_server() {
        for deed in [Deed::Edit, Deed::Delete] {
            assert_eq!(Repeats::of(Network::Mastodon, deed, None).after(Millis(1)), Some(Millis(0)), "{deed:?}");
        }
    }
}

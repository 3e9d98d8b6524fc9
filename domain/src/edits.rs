//! What readers see of a correction: whether a network tells that a post was edited, and shows how it was before. Separate from
//! `network`: what is said here is other people's word, each with where and when it was read.

use serde::{Deserialize, Serialize};

use crate::{Moment, Network};

/// What readers see of a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shown {
    /// That it was edited, and every version there was.
    Versions,
    /// That it was edited.
    Mark,
    /// Perhaps the first version still: the network's own app shows no correction for certain.
    First,
    /// The network says nothing of it that we read.
    Unstated,
}

/// Where something was read, and when it was written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Where.
    pub at: &'static str,
    /// The day.
    pub on: &'static str,
}

/// What readers see of a correction on a network, and who says so.
pub const fn shown(network: Network) -> (Shown, Option<Source>) {
    const fn read(shown: Shown, at: &'static str, on: &'static str) -> (Shown, Option<Source>) {
        (shown, Some(Source { at, on }))
    }
    match network {
        // Ours: a notice says when it was corrected.
        Network::Noticeboard => (Shown::Mark, None),
        // "All known versions of a status, including the initial and current states", to whoever may read the status; since 3.5.
        Network::Mastodon => read(Shown::Versions, "docs.joinmastodon.org/methods/statuses/#history", "2026-08-19"),
        // Each correction is another post, chained to the first; those before are still there. Nobody corrects there from here.
        Network::X => read(Shown::Versions, "docs.x.com/x-api/fundamentals/edit-posts", "2026-11-30"),
        // `Message.edit_date`: the date the message was last edited.
        Network::Telegram => read(Shown::Mark, "core.telegram.org/bots/api#message", "2026-06-18"),
        // A post says `lifecycleStateInfo.isEditedByAuthor`; of what it said before, nothing.
        Network::Linkedin => read(Shown::Mark, "learn.microsoft.com/linkedin (Posts API)", "2026-11-30"),
        // The record is replaced; that the app shows it is not promised, and people saw that it showed the first.
        Network::Bluesky => read(Shown::First, "github.com/bluesky-social/social-app/issues/673", "2024-05-01"),
        _ => (Shown::Unstated, None),
    }
}

/// A version of a post that readers can see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Since when it was so.
    pub at: Moment,
    /// What it said.
    pub text: String,
    /// What stood in front of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// The most versions that are kept with an attempt.
pub const MOST: usize = 20;

/// The most characters of each: a status of a generous server fits.
pub const LONGEST: usize = 5_000;

/// The most characters of all of them together: they are read with the post, each time it is.
pub const MOST_CHARACTERS: usize = 40_000;

fn cut(text: &mut String) {
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
}

/// What is kept of what a network shows: the first version, for it is what was agreed to first, and the newest.
pub fn kept(mut versions: Vec<Version>) -> Vec<Version> {
    if versions.len() > MOST {
        let from = versions.len() - (MOST - 1);
        versions.drain(1..from);
    }
    for version in &mut versions {
        cut(&mut version.text);
        version.warning.iter_mut().for_each(cut);
    }
    let long = |version: &Version| {
        version.text.chars().count() + version.warning.as_ref().map_or(0, |warning| warning.chars().count())
    };
    // The first and the newest fit by themselves.
    while versions.len() > 2 && versions.iter().map(long).sum::<usize>() > MOST_CHARACTERS {
        versions.remove(1);
    }
    versions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(n: usize) -> Version {
        Version { at: Moment(n as i64), text: n.to_string(), warning: None }
    }

    #[test]
    fn what_is_said_of_others_has_a_source_and_a_day() {
        for network in Network::ALL {
            let (shown, source) = shown(network);
            let is_ours = network == Network::Noticeboard;
            assert_eq!(source.is_some(), shown != Shown::Unstated && !is_ours, "{network:?}");
            if let Some(Source { at, on }) = source {
                assert!(at.contains('.') && on.len() == 10 && on.starts_with("20"), "{network:?}");
            }
        }
    }

    #[test]
    fn the_first_and_the_newest_are_kept() {
        let few: Vec<_> = (0..MOST).map(version).collect();
        assert_eq!(kept(few.clone()), few);
        let many = kept((0..50).map(version).collect());
        assert_eq!(
            (many.len(), many[0].clone(), many[1].clone(), many[19].clone()),
            (MOST, version(0), version(31), version(49))
        );
        assert_eq!(kept(Vec::new()), []);
        let long = kept(vec![Version { text: "ñ".repeat(LONGEST + 1), ..version(0) }]);
        assert_eq!(long[0].text.chars().count(), LONGEST + 1);
        assert!(long[0].text.ends_with('…'));
    }

    #[test]
    fn however_much_a_server_tells_no_more_is_kept_than_is_read_with_a_post() {
        let long = |n: usize| Version { text: "ñ".repeat(9_000), warning: Some("!".repeat(9_000)), ..version(n) };
        let found = kept((0..MOST).map(long).collect());
        let signs = |one: &Version| one.text.chars().count() + one.warning.as_ref().unwrap().chars().count();
        assert!(found.iter().map(signs).sum::<usize>() <= MOST_CHARACTERS);
        assert!(found.iter().all(|one| signs(one) == 2 * (LONGEST + 1)));
        let last = found.len() - 1;
        assert_eq!((found[0].at, found[last].at, last > 1), (Moment(0), Moment(MOST as i64 - 1), true));
        // The middle goes from its beginning: what is left is the first, and the newest without a gap.
        assert!(found[1..].windows(2).all(|two| two[1].at.0 == two[0].at.0 + 1));
    }
}

//! A poll: the question is the text, and below it stand the answers, for how long they are taken and how they are counted. Separate
//! from the networks: a body asks once for a post, and what each network takes of a poll is data that the composer, the rule and
//! the engine read alike.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use crate::{Channel, Language, Millis, Moment, Network};

/// The fewest answers: with one there is nothing to choose. Mastodon (`PollOptionsValidator`) and X say so too.
pub const FEWEST: usize = 2;

/// The most minutes that are kept, whatever a server allows: a year.
pub const LONGEST: u32 = 525_600;

/// For how long a poll may be open, as the composer offers it: what Mastodon's and X's own composers offer, in minutes.
pub const OFFERED: [u32; 9] = [30, 60, 360, 720, 1_440, 4_320, 10_080, 20_160, 43_200];

/// A poll in a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Poll {
    /// The answers by language, one a line, in the same order in each: a text, as the captions of a video are, because the
    /// approver's page has a reader of such a map already, and whoever compares two texts compares these.
    pub answers: BTreeMap<Language, String>,
    /// For how many minutes answers are taken, from the moment at which it goes out.
    pub minutes: u32,
    /// Whether one may choose several.
    #[serde(default, skip_serializing_if = "is_not")]
    pub several: bool,
    /// Whether the count is hidden until the end.
    #[serde(default, skip_serializing_if = "is_not")]
    pub hidden: bool,
}

/// A poll as it goes out in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedPoll {
    /// The answers, in order.
    pub answers: Vec<String>,
    /// For how many minutes answers are taken.
    pub minutes: u32,
    /// Whether one may choose several.
    #[serde(default, skip_serializing_if = "is_not")]
    pub several: bool,
    /// Whether the count is hidden until the end.
    #[serde(default, skip_serializing_if = "is_not")]
    pub hidden: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_not(is: &bool) -> bool {
    !*is
}

/// The answers that stand in a text, one a line. What is blank is none.
pub fn answers(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

impl Poll {
    /// One that is begun: a day, one answer each, counted in the open.
    pub const fn begun() -> Self {
        Self { answers: BTreeMap::new(), minutes: 1_440, several: false, hidden: false }
    }

    /// The answers in a language; none where nobody wrote any.
    pub fn answers_in(&self, language: &Language) -> Vec<&str> {
        self.answers.get(language).map(|text| answers(text).collect()).unwrap_or_default()
    }

    /// As it goes out in a language.
    pub fn rendered(&self, language: &Language) -> RenderedPoll {
        let answers = self.answers_in(language).into_iter().map(str::to_owned).collect();
        RenderedPoll { answers, minutes: self.minutes, several: self.several, hidden: self.hidden }
    }
}

/// When a poll ends that went out at a moment: it is the network that begins to count, and it does so then.
pub const fn ends(out: Moment, minutes: u32) -> Moment {
    out.plus(Millis::minutes(minutes as i64))
}

/// What a network takes of a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Takes {
    /// The most answers.
    pub answers: u32,
    /// The most characters of each.
    pub characters: u32,
    /// The fewest minutes that it is open.
    pub least_minutes: u32,
    /// The most.
    pub most_minutes: u32,
    /// Whether several answers may be allowed.
    pub several: bool,
    /// Whether the count may be hidden until the end.
    pub hidden: bool,
}

/// What a network takes of a poll; nothing where none is sent. None of them takes one beside pictures or a video.
pub const fn takes(network: Network) -> Option<Takes> {
    match network {
        // Defaults of Mastodon 4.5, `GET /api/v2/instance` → `configuration.polls` (2026-07-02): 4 answers of 50 characters, 300 to
        // 2,629,746 seconds. Media and a poll exclude each other (`POST /api/v1/statuses`).
        Network::Mastodon => Some(Takes {
            answers: 4,
            characters: 50,
            least_minutes: 5,
            most_minutes: 43_829,
            several: true,
            hidden: true,
        }),
        // X's own description, `CreatePostsPoll` of `POST /2/tweets` (2.167 of 2026-08-22): 2 to 4 answers of 1 to 25 characters, 5 to
        // 10,080 minutes; no word of several answers, nor of hiding the count. Media and a poll exclude each other (networks.md §6.2).
        Network::X => Some(Takes {
            answers: 4,
            characters: 25,
            least_minutes: 5,
            most_minutes: 10_080,
            several: false,
            hidden: false,
        }),
        _ => None,
    }
}

/// Whether the question is told with its answers where nobody votes: on the town's own page, which says where one does.
pub const fn is_told(network: Network) -> bool {
    matches!(network, Network::Noticeboard)
}

/// Whether one may vote on a channel: where it is sent, and by hand where the network has polls or nobody here knows what it has.
pub fn may_have(channel: &Channel) -> bool {
    taken_by(channel).is_some()
        || (channel.assisted
            && matches!(
                channel.network,
                Network::Whatsapp
                    | Network::Telegram
                    | Network::Linkedin
                    | Network::Threads
                    | Network::Nextdoor
                    | Network::Parler
                    | Network::Other
            ))
}

/// The same of a channel: a server that says its own numbers is believed.
pub fn taken_by(channel: &Channel) -> Option<Takes> {
    takes(channel.network).map(|house| channel.limits.polls.unwrap_or(house))
}

/// How long an answer is, as a network counts it: Mastodon in grapheme clusters (`PollOptionsValidator`), X in code points, as the
/// length of a text is counted where an interface is described (JSON Schema, `maxLength`).
pub fn length(network: Network, answer: &str) -> usize {
    match network {
        Network::X => answer.chars().count(),
        _ => answer.graphemes(true).count(),
    }
}

/// Why a poll cannot go out as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Misfit {
    /// The network takes none from us.
    NotTaken,
    /// It takes pictures, a video or a poll, not two of them.
    Beside,
    /// There are too few answers.
    Few {
        /// The fewest.
        limit: u32,
        /// How many there are.
        count: u32,
    },
    /// There are too many.
    Many {
        /// The most.
        limit: u32,
        /// How many there are.
        count: u32,
    },
    /// One is too long.
    Long {
        /// Which, from 1.
        place: u32,
        /// The most characters.
        limit: u32,
        /// How many it has.
        count: u32,
    },
    /// The same one stands twice.
    Twice,
    /// One language has more than another: they would not be the same answers.
    Uneven,
    /// It is open for too short a time.
    Sooner {
        /// The fewest minutes.
        limit: u32,
    },
    /// It is open for too long.
    Later {
        /// The most minutes.
        limit: u32,
    },
    /// One may choose one alone there.
    Several,
    /// The count cannot be hidden there.
    Shown,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Content, policy::draft::bench};

    fn poll(answers: &str) -> Poll {
        Poll { answers: BTreeMap::from([(Language::spanish(), answers.to_owned())]), ..Poll::begun() }
    }

    #[test]
    fn what_has_no_poll_is_named_as_before_there_were_any() {
        let mut content = bench::notice();
        let before = content.hash();
        let bare = content.rendition(&bench::mastodon(), &Language::spanish()).unwrap();
        assert!(!crate::record::canonical(&content).contains("poll"));
        assert!(!crate::record::canonical(&bare).contains("poll"));
        let mut hashes = std::collections::BTreeSet::from([before]);
        for poll in [
            poll("Sí\nNo"),
            poll("No\nSí"),
            Poll { minutes: 60, ..poll("Sí\nNo") },
            Poll { several: true, ..poll("Sí\nNo") },
            Poll { hidden: true, ..poll("Sí\nNo") },
        ] {
            content.poll = Some(poll);
            let written = serde_json::to_string(&content).unwrap();
            assert_eq!(serde_json::from_str::<Content>(&written).unwrap(), content);
            assert!(hashes.insert(content.hash()), "all of it is approved: {written}");
        }
    }

    #[test]
    fn an_answer_is_a_line_that_is_not_blank() {
        let content = Content { poll: Some(poll(" Agosto \n\n\tSeptiembre\r\nOctubre\n")), ..bench::notice() };
        let sent = content.rendition(&bench::mastodon(), &Language::spanish()).unwrap().poll.unwrap();
        assert_eq!(sent.answers, ["Agosto", "Septiembre", "Octubre"]);
        let english = content.poll.unwrap().rendered(&Language::english());
        assert_eq!((english.answers.len(), english.minutes), (0, 1_440));
    }

    #[test]
    fn it_ends_so_long_after_it_came_out() {
        assert_eq!(ends(Moment(1_000), 5), Moment(301_000));
        for network in Network::ALL {
            let Some(takes) = takes(network) else { continue };
            assert!(OFFERED.iter().any(|one| (takes.least_minutes..=takes.most_minutes).contains(one)), "{network:?}");
            assert!(takes.most_minutes <= LONGEST && takes.answers as usize >= FEWEST);
        }
    }

    #[test]
    fn each_counts_in_its_own_way() {
        let family = "👨‍👩‍👧";
        assert_eq!((length(Network::Mastodon, family), length(Network::X, family)), (1, 5));
    }

    #[test]
    fn a_poll_that_cannot_be_kept_is_refused() {
        use crate::Refusal;
        let with = |poll| Content { poll: Some(poll), ..bench::notice() }.parse();
        assert!(with(poll("Sí\nNo")).is_ok());
        let malformed = Refusal::Malformed { field: "poll".to_owned() };
        for minutes in [0, LONGEST + 1] {
            assert_eq!(with(Poll { minutes, ..poll("Sí\nNo") }), Err(malformed.clone()));
        }
        let refused = Refusal::TooLarge { field: "poll".to_owned(), limit: 4_000, length: 4_001 };
        assert_eq!(with(poll(&"a".repeat(4_001))), Err(refused));
    }

    #[test]
    fn whoever_translates_writes_answers_and_changes_nothing_else_of_it() {
        let of = |poll| Content { poll: Some(poll), ..bench::notice() };
        let before = of(poll("Sí\nNo"));
        assert!(before.changes_only_words(&of(poll("Yes\nNo"))));
        assert!(!before.changes_only_words(&of(Poll { minutes: 60, ..poll("Sí\nNo") })));
        assert!(!before.changes_only_words(&bench::notice()) && !before.changes_only_pictures(&of(poll("Sí"))));
    }
}

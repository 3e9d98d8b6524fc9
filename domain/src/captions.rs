//! Captions of a video: what is said and heard, line by line, with its times. Separate from `video`, which looks at files that
//! nobody reads whole; these are words, a person wrote them, and an approval is given for them.
//!
//! What comes in is WebVTT or SubRip (SRT), as programs and people write them. What is kept is one clean WebVTT: times and words,
//! no styles, no positions, no tags. So what was approved is what everybody shows, and nothing in it can act on a page.

mod read;

use std::{collections::BTreeMap, fmt::Write};

use serde::{Deserialize, Serialize};

use crate::{Language, Network, record, video::takes};

pub use read::read;

/// The most bytes of a file: an hour and a half of speech with its times is half of it.
pub const MOST_BYTES: usize = 200_000;

/// The most captions in one file: one every four seconds for three hours.
pub const MOST_CUES: usize = 3_000;

/// The most characters of one caption. Two lines of 42 are what is advised (UNE 153010); this is what no player could show.
pub const MOST_CHARACTERS: usize = 500;

/// The most bytes of all captions of one organisation: a twenty-fifth of what one database of the free plan holds (500 MB, 2026-09),
/// and the words of two thousand videos of three minutes.
pub const MOST_KEPT: u64 = 20_000_000;

/// At most so many faults of one file are told: the rest shows when these are mended.
pub const MOST_FAULTS: usize = 20;

/// How far behind the end of the video a caption may end. Programs round up; what is over is cut off.
pub const ROUNDED: u32 = 1_000;

/// One caption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// When it is shown, in milliseconds from the beginning.
    pub from: u32,
    /// When it goes.
    pub to: u32,
    /// Its lines: at least one, none blank, none with `<`, `>` or a sign that nobody sees.
    pub lines: Vec<String>,
}

/// The captions of a video in one language, in the order in which they begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track(Vec<Cue>);

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// It has too many bytes.
    TooLarge,
    /// It is not written in UTF-8: usually in Windows-1252, where accents would be guessed.
    NotUtf8,
    /// It has no caption.
    Empty,
    /// It has too many captions.
    TooMany,
    /// Words without a time before them.
    NoTime,
    /// A time that cannot be read.
    BadTime,
    /// A caption that ends before it begins.
    Backwards,
    /// A caption that begins before the one in front of it.
    Disordered,
    /// A caption that the video does not last for.
    Late,
    /// A caption that nobody could read at once.
    TooLong,
}

/// A flaw and the line of the file it is in, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What is wrong.
    pub flaw: Flaw,
    /// Where.
    pub line: u32,
}

impl Track {
    /// The captions.
    pub fn cues(&self) -> &[Cue] {
        &self.0
    }

    /// When the last word goes, in milliseconds.
    pub fn until(&self) -> u32 {
        self.0.iter().map(|cue| cue.to).max().unwrap_or(0)
    }

    /// As clean WebVTT: what is kept, hashed and approved.
    pub fn vtt(&self) -> String {
        let mut out = "WEBVTT\n".to_owned();
        for cue in &self.0 {
            let _ = writeln!(out, "\n{} --> {}", clock(cue.from, '.'), clock(cue.to, '.'));
            for line in &cue.lines {
                // Of what WebVTT reads as its own, a clean line has only this sign.
                let _ = writeln!(out, "{}", line.replace('&', "&amp;"));
            }
        }
        out
    }

    /// As SubRip, for the networks that take that.
    pub fn srt(&self) -> String {
        let mut out = String::new();
        for (place, cue) in self.0.iter().enumerate() {
            let gap = if place == 0 { "" } else { "\n" };
            let _ = writeln!(out, "{gap}{}\n{} --> {}", place + 1, clock(cue.from, ','), clock(cue.to, ','));
            for line in &cue.lines {
                let _ = writeln!(out, "{line}");
            }
        }
        out
    }
}

/// A time as both formats write it, but for the sign before the milliseconds.
fn clock(millis: u32, sign: char) -> String {
    let (seconds, rest) = (millis / 1_000, millis % 1_000);
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}{sign}{rest:03}", seconds % 60)
}

/// What a content says of the captions in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// They are a part of the picture: every network shows them.
    InPicture,
    /// A file.
    File(Name),
}

/// What names a file of captions: what is approved is these bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// SHA-256 of the clean WebVTT, 64 hexadecimal digits.
    pub hash: String,
    /// Its size: networks have limits of their own, and a rule sees only the content.
    pub bytes: u32,
}

/// How a content says that they are in the picture.
pub const IN_PICTURE: &str = "in_picture";

impl Said {
    /// Of clean WebVTT.
    pub fn of(vtt: &str) -> Self {
        let bytes = u32::try_from(vtt.len()).unwrap_or(u32::MAX);
        Said::File(Name { hash: record::sha256_hex(vtt.as_bytes()), bytes })
    }

    /// As it stands in a content. `None` if it is nothing of the kind.
    pub fn read(text: &str) -> Option<Self> {
        if text == IN_PICTURE {
            return Some(Said::InPicture);
        }
        let (hash, bytes) = text.split_once('-')?;
        let fits = is_hash(hash) && bytes.len() <= 6 && !bytes.starts_with(['0', '+']);
        let bytes = bytes.parse().ok().filter(|_| fits)?;
        Some(Said::File(Name { hash: hash.to_owned(), bytes }))
    }

    /// As it stands in a content.
    pub fn written(&self) -> String {
        match self {
            Said::InPicture => IN_PICTURE.to_owned(),
            Said::File(Name { hash, bytes }) => format!("{hash}-{bytes}"),
        }
    }
}

/// Whether a text is the hash of a file.
pub fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The files that a content names.
pub fn files(said: &BTreeMap<Language, String>) -> Vec<Name> {
    let file = |text: &String| match Said::read(text)? {
        Said::File(name) => Some(name),
        Said::InPicture => None,
    };
    said.values().filter_map(file).collect()
}

/// How a network calls a language in which captions are given to it; `None` where it has no name for it, and then it cannot be
/// given any.
pub fn called(network: Network, language: &Language) -> Option<String> {
    match network {
        // A locale, in the name of the file. Of the languages that Facebook has (its list of locales, general knowledge, 2026-11),
        // those that towns here write in, and those of who lives here.
        Network::Facebook => {
            FACEBOOK.iter().find(|locale| language.primary() == &locale[..2]).map(|&one| one.to_owned())
        }
        // `^[A-Z]{2}$`: `CreateMediaSubtitlesSubtitles` of X's description (2026-08-22).
        Network::X => Some(language.primary()).filter(|primary| primary.len() == 2).map(str::to_ascii_uppercase),
        // A tag of BCP 47.
        _ => Some(language.to_string()),
    }
}

/// Whether a network is given a file of captions in a language, and how it calls the language then. What it would not take stays
/// with us: the rule has said so before anybody agreed to it (`policy::Rule::Captions`), and a post does not fail for it.
pub fn given(network: Network, language: &Language, name: &Name) -> Option<String> {
    let limit = takes(network)?.captions?;
    called(network, language).filter(|_| name.bytes <= limit)
}

/// A locale of each language: one of Spain where there are several.
const FACEBOOK: [&str; 13] = [
    "es_ES", "ca_ES", "gl_ES", "eu_ES", "en_GB", "fr_FR", "pt_PT", "de_DE", "it_IT", "ro_RO", "ar_AR", "uk_UA", "bg_BG",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An hour: long enough for every time below.
    const HOUR: u32 = 3_600_000;

    fn track(cues: &[(u32, u32, &str)]) -> Track {
        let cue = |(from, to, text): &(u32, u32, &str)| Cue {
            from: *from,
            to: *to,
            lines: text.lines().map(str::to_owned).collect(),
        };
        Track(cues.iter().map(cue).collect())
    }

    #[test]
    fn both_formats_say_the_same() {
        let track = track(&[(1_000, 2_500, "[Música]"), (61_001, 3_599_999, "— Pan & vino\n— Hoy, a las 8")]);
        assert_eq!(
            track.vtt(),
            "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n[Música]\n\n00:01:01.001 --> 00:59:59.999\n— Pan &amp; vino\n— Hoy, a las 8\n"
        );
        assert_eq!(
            track.srt(),
            "1\n00:00:01,000 --> 00:00:02,500\n[Música]\n\n2\n00:01:01,001 --> 00:59:59,999\n— Pan & vino\n— Hoy, a las 8\n"
        );
        assert_eq!(read(track.vtt().as_bytes(), HOUR), Ok(track.clone()));
        assert_eq!(read(track.srt().as_bytes(), HOUR), Ok(track.clone()));
        assert_eq!(track.until(), 3_599_999);
    }

    #[test]
    fn a_content_names_a_file_by_its_words() {
        let vtt = track(&[(0, 1_000, "Hola")]).vtt();
        let said = Said::of(&vtt);
        let Said::File(name) = &said else { panic!() };
        assert_eq!((name.bytes as usize, &name.hash), (vtt.len(), &record::sha256_hex(vtt.as_bytes())));
        assert_eq!(Said::read(&said.written()), Some(said));
        assert_eq!(Said::read(IN_PICTURE), Some(Said::InPicture));
        let hash = "a".repeat(64);
        for odd in ["", "in_the_picture", &hash, &format!("{hash}-"), &format!("{hash}-01"), &format!("{hash}-+1")] {
            assert_eq!(Said::read(odd), None, "{odd}");
        }
        for odd in [format!("{}-5", "A".repeat(64)), format!("{hash}-1234567"), format!("{hash}-5-6")] {
            assert_eq!(Said::read(&odd), None, "{odd}");
        }
    }

    #[test]
    fn a_network_calls_a_language_its_own_way() {
        let called = |network, tag: &str| called(network, &tag.parse().unwrap());
        assert_eq!(called(Network::Facebook, "ca-valencia").as_deref(), Some("ca_ES"));
        assert_eq!(called(Network::Facebook, "ast"), None);
        assert_eq!((called(Network::X, "eu").as_deref(), called(Network::X, "ast")), (Some("EU"), None));
        assert_eq!(called(Network::Youtube, "pt-br").as_deref(), Some("pt-br"));
        let given = |network, bytes| given(network, &Language::spanish(), &Name { hash: "a".repeat(64), bytes });
        assert_eq!((given(Network::Bluesky, 20_000).as_deref(), given(Network::Bluesky, 20_001)), (Some("es"), None));
        assert_eq!((given(Network::Mastodon, 1), given(Network::Other, 1)), (None, None));
    }

    fn line() -> impl Strategy<Value = String> {
        // Whatever a person may write, and what the formats read as their own.
        let odd = prop::sample::select(vec![
            "&amp;",
            "&",
            "-->",
            "1",
            "00:00:01.000",
            "{\\an8}",
            "WEBVTT",
            "NOTE",
            "ñ",
            "\u{200F}",
            "«»",
            "{",
            "}",
            "&lt;b&gt;",
        ]);
        prop::collection::vec(prop_oneof![odd.prop_map(str::to_owned), "[ -~áéíóúüçñ·]{0,12}"], 1..4)
            .prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again_as_it_was(
            lines in prop::collection::vec(prop::collection::vec(line(), 1..3), 1..6),
            times in prop::collection::vec((0_u32..5_000, 1_u32..5_000), 6),
        ) {
            let (mut text, mut from) = ("WEBVTT\n".to_owned(), 0);
            for (lines, (gap, length)) in lines.iter().zip(&times) {
                from += gap;
                text += &format!("\n{} --> {}\n{}\n", clock(from, '.'), clock(from + length, '.'), lines.join("\n"));
            }
            // What was made clean once stays as it is, in both formats, and has nothing in it that could act.
            if let Ok(track) = read(text.as_bytes(), HOUR) {
                prop_assert_eq!(read(track.vtt().as_bytes(), HOUR), Ok(track.clone()));
                prop_assert_eq!(read(track.srt().as_bytes(), HOUR), Ok(track.clone()));
                for line in track.cues().iter().flat_map(|cue| &cue.lines) {
                    prop_assert!(!line.trim().is_empty() && !line.contains(['<', '>', '\r', '\n', '\0']));
                }
            }
        }

        #[test]
        fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), millis in any::<u32>()) {
            let _ = read(&bytes, millis);
        }

        #[test]
        fn nothing_that_looks_like_one_makes_it_panic(text in "(WEBVTT)?[0-9:.,> \\-\n<a-z/&;{}\\\\\u{FEFF}]{0,200}", millis in any::<u32>()) {
            if let Ok(track) = read(text.as_bytes(), millis) {
                prop_assert!(track.until() <= millis && !track.cues().is_empty());
                prop_assert!(track.cues().is_sorted_by_key(|cue| cue.from));
                prop_assert!(track.cues().iter().all(|cue| cue.from < cue.to));
            }
        }
    }
}

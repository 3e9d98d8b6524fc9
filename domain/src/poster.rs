//! The poster of a video: what stands in its place until somebody plays it. A moment of the video or another picture, made as a
//! JPEG in the browser of whoever chose it, and stored as every picture is. Separate from the video's own bytes: it can be
//! replaced, and each network has a way of its own to be given one, or none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{MediaId, Network, Picture, PictureType, video::takes};

/// The most bytes: what YouTube takes (2 MB; networks.md §12, 2026-11-23), which is the fewest of all that take one.
pub const MOST_BYTES: u32 = 2_000_000;

/// The longest side in pixels that is kept: a video of today's phones across.
pub const LONGEST: u32 = 1_920;

/// A poster, always a JPEG. Written as one text, `media-hash-bytes-widthxheight` and behind that the moment, if it is one: the
/// approver's page has a reader of texts already.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Poster {
    /// The stored picture.
    pub media: MediaId,
    /// SHA-256 of its bytes, 64 hexadecimal digits: what is approved is these bytes.
    pub hash: String,
    /// Its size.
    pub bytes: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The moment of the video that it shows, in milliseconds; none of a picture from elsewhere.
    pub at: Option<u32>,
}

impl Poster {
    /// As a picture of the store.
    pub fn as_picture(&self) -> Picture {
        Picture {
            media: self.media.clone(),
            hash: self.hash.clone(),
            mime: PictureType::Jpeg,
            bytes: self.bytes,
            width: self.width,
            height: self.height,
            file_name: String::new(),
            alt: BTreeMap::new(),
            focus: None,
        }
    }

    /// Whether a network that a video goes to by its interface is given this one.
    pub fn is_kept(&self, network: Network) -> bool {
        match takes(network).map(|takes| takes.poster) {
            Some(Taken::Picture) => true,
            Some(Taken::Moment) => self.at.is_some(),
            Some(Taken::Nothing) | None => false,
        }
    }
}

/// What a network takes for a poster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// None: it chooses one itself.
    Nothing,
    /// A moment of the video.
    Moment,
    /// A picture: also one that shows a moment.
    Picture,
}

impl TryFrom<String> for Poster {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        read(&text).filter(|poster| String::from(poster.clone()) == text).ok_or("poster")
    }
}

fn read(text: &str) -> Option<Poster> {
    let mut parts = text.split('-');
    let (media, hash, bytes) = (parts.next()?, parts.next()?, parts.next()?);
    let (width, height) = parts.next()?.split_once('x')?;
    let number = |text: &str| text.parse::<u32>().ok();
    let side = |text: &str| number(text).filter(|side| *side > 0);
    let at = match parts.next() {
        Some(at) => Some(number(at)?),
        None => None,
    };
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
    is_hash.then_some(())?;
    Some(Poster {
        media: media.parse().ok()?,
        hash: hash.to_owned(),
        bytes: number(bytes)?,
        width: side(width)?,
        height: side(height)?,
        at,
    })
}

impl From<Poster> for String {
    fn from(poster: Poster) -> String {
        let Poster { media, hash, bytes, width, height, at } = poster;
        let moment = at.map(|at| format!("-{at}")).unwrap_or_default();
        format!("{media}-{hash}-{bytes}-{width}x{height}{moment}")
    }
}

/// What came of giving a network a poster where that is a call of its own. Whatever comes of it, the post is out or will be: a
/// failure is told, and a correction tries it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Given {
    /// It has it.
    Kept,
    /// It does not.
    Missed {
        /// It says that the account may not: at YouTube, one that was not verified by telephone.
        forbidden: bool,
        /// What it said, or what happened, at most 300 characters.
        message: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(tail: &str) -> String {
        format!("{}-{}-{tail}", MediaId::from_bits(7), "c".repeat(64))
    }

    #[test]
    fn one_poster_has_one_spelling() {
        for tail in ["900-1280x720", "900-1280x720-0", "2000000-1x1-4294967295"] {
            let poster = Poster::try_from(written(tail)).unwrap();
            assert_eq!(String::from(poster), written(tail));
        }
        let read = Poster::try_from(written("900-1280x720-4500")).unwrap();
        assert_eq!((read.bytes, read.width, read.height, read.at), (900, 1_280, 720, Some(4_500)));
        for tail in [
            "",
            "900",
            "900-1280",
            "900-0x720",
            "900-1280x0",
            "0900-1280x720",
            "900-1280x720-",
            "900-1280x720-05",
            "900-1280x720-1-2",
            "900-1280x720-4294967296",
            "900-+1x1",
            "900-1280x720 ",
        ] {
            assert_eq!(Poster::try_from(written(tail)), Err("poster"), "{tail}");
        }
        for text in [
            format!("../x-{}-9-1x1", "c".repeat(64)),
            format!("{}-{}-9-1x1", MediaId::from_bits(7), "C".repeat(64)),
            format!("{}-{}-9-1x1", MediaId::from_bits(7), "c".repeat(63)),
        ] {
            assert_eq!(Poster::try_from(text.clone()), Err("poster"), "{text}");
        }
    }

    #[test]
    fn a_moment_is_kept_where_a_picture_is_and_where_only_a_moment_is() {
        let of = |tail: &str| Poster::try_from(written(tail)).unwrap();
        let (picture, moment) = (of("9-1x1"), of("9-1x1-5"));
        let kept = |poster: &Poster| Network::ALL.into_iter().filter(|one| poster.is_kept(*one)).collect::<Vec<_>>();
        for network in kept(&picture) {
            assert!(moment.is_kept(network), "{network:?}");
        }
        let only: Vec<Network> = kept(&moment).into_iter().filter(|one| !picture.is_kept(*one)).collect();
        assert_eq!(only, [Network::Tiktok]);
        for network in [Network::Bluesky, Network::X, Network::Threads, Network::Linkedin, Network::Whatsapp] {
            assert!(!moment.is_kept(network), "{network:?}");
        }
    }
}

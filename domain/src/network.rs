//! The networks, and what each allows, as data.
//! Separate so that the composer's counters, the rules and the engine's requests read the same number.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::poll;

/// How a text is counted against a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// Grapheme clusters (what a reader calls a character), plus a ceiling in UTF-8 bytes.
    Graphemes,
    /// Grapheme clusters, with every web address counted as a fixed number and only the local part of a remote
    /// mention counted (Mastodon).
    GraphemesWithFixedLinks,
    /// UTF-16 code units: an emoji counts two or more (Telegram).
    Utf16,
    /// Weights by script: one for Latin and its neighbours, two for most others and for an emoji, and a fixed number for
    /// an address, with or without its scheme (X).
    Weighted,
    /// Code points, but of an emoji its bytes (Threads).
    EmojiBytes,
}

/// The shapes of picture that a network takes, as across to down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shapes {
    /// The tallest.
    pub tallest: (u32, u32),
    /// The widest.
    pub widest: (u32, u32),
    /// Pixels across beyond which the network makes it smaller itself.
    pub across: u32,
}

impl Shapes {
    /// Whether it takes a picture of this size.
    pub fn take(self, width: u32, height: u32) -> bool {
        // In whole numbers: what stands exactly at the limit must not depend on how a fraction is rounded.
        let product = |one: u32, other: u32| u64::from(one) * u64::from(other);
        product(width, self.tallest.1) >= product(height, self.tallest.0)
            && product(width, self.widest.1) <= product(height, self.widest.0)
    }
}

/// The most hashtags, mentions and different links of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// Hashtags.
    pub hashtags: u32,
    /// Mentions.
    pub mentions: u32,
    /// Web addresses.
    pub links: u32,
}

/// What one channel allows. For Mastodon the numbers are read from the instance; the others are constants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// How the text is counted.
    pub counting: Counting,
    /// Characters, by `counting`.
    pub text: u32,
    /// The same beside pictures, where the network then takes less: a text is only a caption there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<u32>,
    /// UTF-8 bytes, where the network has such a ceiling.
    pub text_bytes: Option<u32>,
    /// What a web address counts, when `counting` fixes it.
    pub link_counts: u32,
    /// Pictures in one post.
    pub pictures: u32,
    /// Bytes of one picture.
    pub picture_bytes: u32,
    /// Pixels of one picture, where the network has such a ceiling.
    pub picture_pixels: Option<u32>,
    /// Bytes of a video, where the server says its own number; what holds elsewhere is in `video::takes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video_bytes: Option<u32>,
    /// Alt text, in graphemes.
    pub alt_text: u32,
    /// Languages a post can be tagged with.
    pub languages: u32,
    /// Media types accepted.
    pub picture_types: Vec<PictureType>,
    /// Pictures that there must be.
    #[serde(default)]
    pub least_pictures: u32,
    /// The shapes of picture, where the network does not take every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shapes: Option<Shapes>,
    /// What a text may be marked with, where the network counts that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks: Option<Marks>,
    /// What a poll may be, where the server says its own numbers; what holds elsewhere is in `poll::takes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub polls: Option<poll::Takes>,
    /// Whether the account takes no comments, whatever a post says of them (TikTok says so of each account). Not written where it
    /// takes some: what was stored before is read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub comments_closed: bool,
}

impl Limits {
    /// What holds for a text with pictures, or without.
    pub fn beside(&self, pictures: bool) -> Cow<'_, Self> {
        match self.caption.filter(|_| pictures) {
            Some(caption) => Cow::Owned(Self { text: caption, ..self.clone() }),
            None => Cow::Borrowed(self),
        }
    }
}

/// The types of picture that Pregón stores. SVG is not among them: it can carry scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PictureType {
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// PNG.
    #[serde(rename = "image/png")]
    Png,
    /// WebP.
    #[serde(rename = "image/webp")]
    Webp,
}

impl PictureType {
    /// The media type.
    pub const fn mime(self) -> &'static str {
        match self {
            PictureType::Jpeg => "image/jpeg",
            PictureType::Png => "image/png",
            PictureType::Webp => "image/webp",
        }
    }
}

/// A network that a channel can be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Network {
    /// The organisation's own public page. Always there.
    Noticeboard,
    /// Bluesky (AT Protocol).
    Bluesky,
    /// Mastodon and compatible servers.
    Mastodon,
    /// A Telegram channel, by a bot of the organisation's own.
    Telegram,
    /// A Facebook page: by hand until access is granted.
    Facebook,
    /// An account of X, which charges for each post: by hand until there is an app that pays.
    X,
    /// A professional account of Instagram: by hand until access is granted.
    Instagram,
    /// A profile of Threads: by hand until access is granted.
    Threads,
    /// A page of an organisation at LinkedIn: by hand until access is granted.
    Linkedin,
    /// A blog of Tumblr: by hand until there is an app.
    Tumblr,
    /// A channel of YouTube: by hand until there is an app.
    Youtube,
    /// An account of TikTok: by hand until there is an app.
    Tiktok,
    /// The organisation's own website or CMS, by signed webhooks.
    Website,
    /// WhatsApp Channels: no interface exists, so always by hand.
    Whatsapp,
    /// Nextdoor, where neighbours read: by hand, for its interface is for approved partners.
    Nextdoor,
    /// Parler: no interface exists, so always by hand.
    Parler,
    /// A screen in a window or a hall: a person puts it there, and takes it away.
    Screen,
    /// A local paper, or a printed notice: a person sends it.
    Paper,
    /// Any other network, by hand.
    Other,
}

impl Network {
    /// Every network, in the order in which the desk offers them.
    pub const ALL: [Network; 19] = [
        Network::Noticeboard,
        Network::Bluesky,
        Network::Mastodon,
        Network::Telegram,
        Network::Website,
        Network::Facebook,
        Network::Instagram,
        Network::Threads,
        Network::Linkedin,
        Network::X,
        Network::Tumblr,
        Network::Youtube,
        Network::Tiktok,
        Network::Whatsapp,
        Network::Nextdoor,
        Network::Parler,
        Network::Screen,
        Network::Paper,
        Network::Other,
    ];

    /// Whether a channel may be assisted: where there is no interface, always; elsewhere while access to it is being
    /// reviewed, or is lost.
    pub const fn may_be_assisted(self) -> bool {
        matches!(
            self,
            Network::Facebook
                | Network::Instagram
                | Network::Threads
                | Network::Linkedin
                | Network::X
                | Network::Tumblr
                | Network::Youtube
                | Network::Tiktok
                | Network::Whatsapp
                | Network::Nextdoor
                | Network::Parler
                | Network::Screen
                | Network::Paper
                | Network::Other
        )
    }

    /// Whether it is read on the web: what is out there has an address, and whoever reads it can press what it leads to. A screen
    /// in a window has neither, nor has a printed page.
    pub const fn is_online(self) -> bool {
        !matches!(self, Network::Screen | Network::Paper)
    }

    /// Whether the network's interface can correct what is out. Where it cannot, a person corrects it in the network's own
    /// app, with a kit.
    pub const fn corrects_itself(self) -> bool {
        !matches!(self, Network::Instagram | Network::Threads | Network::Tiktok)
    }

    /// Whether what is out can be corrected in place. X lets paying accounts do so for half an hour, five times, and gives
    /// each correction another address: what was cited before still shows the mistake. What is printed is printed.
    pub const fn can_edit(self) -> bool {
        !matches!(self, Network::Whatsapp | Network::X | Network::Paper)
    }

    /// Whether a text goes out there as a thread, where it is cut into parts ([`crate::text::chain`]): each part an answer to the
    /// one before. Elsewhere an answer is a comment, which few read and nobody takes for the town's own text.
    pub const fn chains(self) -> bool {
        matches!(self, Network::Bluesky | Network::Mastodon | Network::X | Network::Threads)
    }

    /// Whether the network gives a handle that makes a repeated create harmless (house rule 4): our own table has
    /// the act's id, Bluesky the `rkey` with `swapRecord: null`, Mastodon the `Idempotency-Key`, a website the `webhook-id`,
    /// which it takes once (docs/networks/website.md), YouTube the upload and the video that comes of it: nobody sees
    /// that until it is named once more, and naming it twice is naming it once. TikTok gives an identity before the bytes of
    /// a video, and is asked by that; where it fetches pictures, nobody but a person settles a doubt. Whether the server of a
    /// channel keeps it is another question ([`crate::repeats`]).
    pub const fn has_a_handle(self) -> bool {
        matches!(
            self,
            Network::Noticeboard
                | Network::Bluesky
                | Network::Mastodon
                | Network::Website
                | Network::Youtube
                | Network::Tiktok
        )
    }

    /// What the network allows. For Mastodon these are the defaults until the instance has said its own.
    pub fn limits(self) -> Limits {
        use PictureType::*;
        let all_types = vec![Jpeg, Png, Webp];
        match self {
            // Ours: generous, but a notice that nobody reads to the end is no notice.
            Network::Noticeboard => Limits {
                counting: Counting::Graphemes,
                text: 10_000,
                caption: None,
                text_bytes: None,
                link_counts: 0,
                pictures: 10,
                picture_bytes: 5_000_000,
                picture_pixels: None,
                video_bytes: None,
                alt_text: 1_500,
                comments_closed: false,
                languages: 1,
                picture_types: all_types,
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
            // app.bsky.feed.post, app.bsky.embed.images (lexicons of 2026-08-20).
            Network::Bluesky => Limits {
                counting: Counting::Graphemes,
                text: 300,
                caption: None,
                text_bytes: Some(3_000),
                link_counts: 0,
                pictures: 4,
                picture_bytes: 2_000_000,
                picture_pixels: None,
                video_bytes: None,
                // The lexicon sets no ceiling; the official client stops at 2,000.
                alt_text: 2_000,
                comments_closed: false,
                languages: 3,
                picture_types: all_types,
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
            // Defaults of Mastodon 4.5, `GET /api/v2/instance` → `configuration`.
            Network::Mastodon => Limits {
                counting: Counting::GraphemesWithFixedLinks,
                text: 500,
                caption: None,
                text_bytes: None,
                link_counts: 23,
                pictures: 4,
                picture_bytes: 16_777_216,
                picture_pixels: Some(33_177_600),
                video_bytes: None,
                alt_text: 1_500,
                comments_closed: false,
                languages: 1,
                picture_types: all_types,
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
            // Bot API 10.3, `sendMessage` (4,096 characters), `sendPhoto` and `sendMediaGroup` (captions of 1,024, pictures
            // of 10 MB, 2 to 10 in an album). Telegram's characters are UTF-16 code units ("Styled text with message
            // entities"). It has no alt text: what is written stays with the post.
            Network::Telegram => Limits {
                counting: Counting::Utf16,
                text: 4_096,
                caption: Some(1_024),
                text_bytes: None,
                link_counts: 0,
                pictures: 10,
                picture_bytes: 10_000_000,
                picture_pixels: None,
                video_bytes: None,
                alt_text: 1_500,
                comments_closed: false,
                languages: 1,
                picture_types: all_types,
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
            // Text: a third-party figure, never stated officially; the page's own form refuses more (networks.md §2.2,
            // 2026-11-23). Pictures: ten by our own measure of an invocation; 4 MB and the types by the description of
            // `/{page}/photos` and error 1366046 (2026-11-23). Alt text: no ceiling is stated; Instagram's, of the same
            // house, is 1,000 (2026-09-11).
            Network::Facebook => Limits {
                counting: Counting::Graphemes,
                text: 63_206,
                caption: None,
                text_bytes: None,
                link_counts: 0,
                pictures: 10,
                picture_bytes: 4_000_000,
                picture_pixels: None,
                video_bytes: None,
                alt_text: 1_000,
                comments_closed: false,
                languages: 1,
                picture_types: vec![Jpeg, Png],
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
            // Meta's guide to publishing and its reference of `/{ig-user}/media` (2026-09-11): 2,200 characters, 30 hashtags,
            // 20 mentions; JPEG of at most 8 MB, 4:5 to 1.91:1; 2 to 10 in a carousel; alt text of 1,000. How characters are
            // counted is not said: UTF-16 is the strictest. Beyond 1,440 pixels across it makes a picture smaller itself.
            Network::Instagram => Limits {
                counting: Counting::Utf16,
                text: 2_200,
                caption: None,
                text_bytes: None,
                link_counts: 0,
                pictures: 10,
                picture_bytes: 8_000_000,
                picture_pixels: None,
                video_bytes: None,
                alt_text: 1_000,
                comments_closed: false,
                languages: 1,
                picture_types: vec![Jpeg],
                least_pictures: 1,
                shapes: Some(Shapes { tallest: (4, 5), widest: (191, 100), across: 1_440 }),
                marks: Some(Marks { hashtags: 30, mentions: 20, links: u32::MAX }),
                polls: None,
            },
            // Meta's guide to Threads (2026-09-11): 500 characters, emoji by their bytes; at most 5 different links
            // (2025-12-22); JPEG or PNG of at most 8 MB, at most 10:1; 2 to 20 in a carousel; alt text of 1,000.
            Network::Threads => Limits {
                counting: Counting::EmojiBytes,
                text: 500,
                caption: None,
                text_bytes: None,
                link_counts: 0,
                pictures: 20,
                picture_bytes: 8_000_000,
                picture_pixels: None,
                video_bytes: None,
                alt_text: 1_000,
                comments_closed: false,
                languages: 1,
                picture_types: vec![Jpeg, Png],
                least_pictures: 0,
                shapes: Some(Shapes { tallest: (1, 10), widest: (10, 1), across: 1_440 }),
                marks: Some(Marks { hashtags: u32::MAX, mentions: u32::MAX, links: 5 }),
                polls: None,
            },
            // X API v2, description of 2026-08-22: `MediaIds` (1 to 4), `alt_text` (at most 1,000). Text: configuration 3 of
            // twitter-text (280, an address 23). Pictures: 5 MB, X's guide to media (2026-09-11).
            Network::X => Limits {
                counting: Counting::Weighted,
                text: 280,
                caption: None,
                text_bytes: None,
                link_counts: 23,
                pictures: 4,
                picture_bytes: 5_000_000,
                picture_pixels: None,
                video_bytes: None,
                alt_text: 1_000,
                comments_closed: false,
                languages: 1,
                picture_types: all_types,
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
            // LinkedIn's guides to posts, pictures and several pictures (read 2026-11-23): 3,000 characters, 1 to 20 pictures,
            // JPEG or PNG, fewer than 36,152,320 pixels each; alt text of 4,086 (2026-11-29). How characters are counted is not
            // said: UTF-16 is the strictest. No ceiling in bytes is stated: 5 MB is what the page's own form took (general
            // knowledge, 2026-11).
            Network::Linkedin => Limits {
                counting: Counting::Utf16,
                text: 3_000,
                caption: None,
                text_bytes: None,
                link_counts: 0,
                pictures: 20,
                video_bytes: None,
                picture_bytes: 5_000_000,
                picture_pixels: Some(36_152_319),
                alt_text: 4_086,
                comments_closed: false,
                languages: 1,
                picture_types: vec![Jpeg, Png],
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
            // Tumblr's specification of NPF (2024-10-18): 4,096 code points in a block of text (UTF-16 is stricter) and
            // in an alt text, 30 pictures. Ten by our own measure: all of them go up with the one call that counts.
            // Bytes: 10 MB, an older guide. WebP is not named.
            Network::Tumblr => Limits {
                counting: Counting::Utf16,
                text: 4_096,
                caption: None,
                text_bytes: None,
                link_counts: 0,
                pictures: 10,
                video_bytes: None,
                picture_bytes: 10_000_000,
                picture_pixels: None,
                alt_text: 4_096,
                comments_closed: false,
                languages: 1,
                picture_types: vec![Jpeg, Png],
                least_pictures: 0,
                shapes: None,
                marks: Some(Marks { hashtags: 30, mentions: u32::MAX, links: 100 }),
                polls: None,
            },
            // YouTube's description of a video: 5,000 bytes (networks.md §12.1, 2026-11-23); of its title see
            // `showing::TITLE`. It takes videos and no pictures, and no alt text: what is written stays with the post.
            Network::Youtube => Limits {
                counting: Counting::Graphemes,
                text: 5_000,
                caption: None,
                text_bytes: Some(5_000),
                link_counts: 0,
                pictures: 0,
                video_bytes: None,
                picture_bytes: 2_000_000,
                picture_pixels: None,
                alt_text: 1_500,
                comments_closed: false,
                languages: 1,
                picture_types: vec![Jpeg, Png],
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
            // TikTok's guide to direct posts and its rules of media (2026-09-11): words of a video 2,200 in UTF-16 (of pictures
            // 4,000); JPEG or WebP of at most 20 MB, at most 1080p; 1 to 35 pictures, and no post has more than 20 here. It has
            // no alt text: what is written stays with the post.
            Network::Tiktok => Limits {
                counting: Counting::Utf16,
                text: 2_200,
                caption: None,
                text_bytes: None,
                link_counts: 0,
                pictures: 20,
                video_bytes: None,
                picture_bytes: 20_000_000,
                picture_pixels: Some(2_073_600),
                alt_text: 1_500,
                comments_closed: false,
                languages: 1,
                picture_types: vec![Jpeg, Webp],
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
            // Ours, for whatever stands behind the webhook: a page may be longer than a notice. Pictures and their bytes are the
            // noticeboard's.
            Network::Website => Limits {
                counting: Counting::Graphemes,
                text: 20_000,
                caption: None,
                text_bytes: None,
                link_counts: 0,
                pictures: 10,
                video_bytes: None,
                picture_bytes: 5_000_000,
                picture_pixels: None,
                alt_text: 1_500,
                comments_closed: false,
                languages: 1,
                picture_types: all_types,
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
            // A caption's ceiling in the app; a channel update carries one picture.
            Network::Whatsapp => Limits {
                counting: Counting::Graphemes,
                text: 1_024,
                caption: None,
                text_bytes: None,
                link_counts: 0,
                pictures: 1,
                picture_bytes: 5_000_000,
                picture_pixels: None,
                video_bytes: None,
                alt_text: 1_000,
                comments_closed: false,
                languages: 1,
                picture_types: vec![Jpeg, Png],
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
            // Text: 8,192 bytes, one integrator's number (networks.md §15, 2026-11-23); an official one for posts was not seen. Types: JPEG
            // and PNG, Nextdoor's own specification of what is advertised there (about.nextdoor.com/sp-guidelines, 2026-12-01), where a
            // file may have 150 MB: 5 MB is what we store. Ten pictures: the same page, of its carousels. Alt text: none is stated.
            Network::Nextdoor => Limits {
                counting: Counting::Graphemes,
                text: 8_192,
                caption: None,
                text_bytes: Some(8_192),
                link_counts: 0,
                pictures: 10,
                picture_bytes: 5_000_000,
                picture_pixels: None,
                video_bytes: None,
                alt_text: 1_500,
                comments_closed: false,
                languages: 1,
                picture_types: vec![Jpeg, Png],
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
            // Text: 1,000 characters, its founder in 2020 as a reader heard him (hrenell.me, 2020-06-23); whether the site that stands now keeps
            // to that was not seen (networks.md §15). Of pictures nothing is stated: one of 5 MB, as JPEG or PNG, is ours.
            Network::Parler => Limits {
                counting: Counting::Graphemes,
                text: 1_000,
                caption: None,
                text_bytes: None,
                link_counts: 0,
                pictures: 1,
                picture_bytes: 5_000_000,
                picture_pixels: None,
                video_bytes: None,
                alt_text: 1_000,
                comments_closed: false,
                languages: 1,
                picture_types: vec![Jpeg, Png],
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
            // Ours: twice what is read in the ten seconds that a screen is given (`kit::GLANCE`), for a hall where people wait. One picture:
            // the kit cuts it to the screen and writes it as JPEG, whatever it was. Alt text: for whoever reads the record.
            Network::Screen => Limits {
                counting: Counting::Graphemes,
                text: 300,
                caption: None,
                text_bytes: None,
                link_counts: 0,
                pictures: 1,
                picture_bytes: 5_000_000,
                picture_pixels: None,
                video_bytes: None,
                alt_text: 1_500,
                comments_closed: false,
                languages: 1,
                picture_types: all_types,
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
            // Ours, a page at the most: how many words there are is agreed with the paper. JPEG and PNG are what a printer opens.
            Network::Paper => Limits {
                counting: Counting::Graphemes,
                text: 5_000,
                caption: None,
                text_bytes: None,
                link_counts: 0,
                pictures: 10,
                picture_bytes: 5_000_000,
                picture_pixels: None,
                video_bytes: None,
                alt_text: 1_500,
                comments_closed: false,
                languages: 1,
                picture_types: vec![Jpeg, Png],
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
            Network::Other => Limits {
                counting: Counting::Graphemes,
                text: 5_000,
                caption: None,
                text_bytes: None,
                link_counts: 0,
                pictures: 10,
                picture_bytes: 5_000_000,
                picture_pixels: None,
                video_bytes: None,
                alt_text: 1_500,
                comments_closed: false,
                languages: 1,
                picture_types: all_types,
                least_pictures: 0,
                shapes: None,
                marks: None,
                polls: None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_at_the_limit_is_taken_and_one_pixel_more_is_not() {
        let shapes = Network::Instagram.limits().shapes.unwrap();
        for (width, height) in [(800, 1_000), (4, 5), (1_910, 1_000), (191, 100), (1_000, 1_000)] {
            assert!(shapes.take(width, height), "{width} × {height}");
        }
        for (width, height) in [(799, 1_000), (800, 1_001), (1_911, 1_000), (1_910, 999), (1, u32::MAX), (u32::MAX, 1)]
        {
            assert!(!shapes.take(width, height), "{width} × {height}");
        }
    }

    #[test]
    fn every_network_is_offered_once_and_what_has_no_interface_is_by_hand() {
        let mut all = Network::ALL.to_vec();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), Network::ALL.len());
        for network in [Network::Whatsapp, Network::Nextdoor, Network::Parler, Network::Screen, Network::Paper] {
            assert!(network.may_be_assisted() && !network.chains(), "{network:?}");
        }
        let nowhere: Vec<_> = Network::ALL.into_iter().filter(|network| !network.is_online()).collect();
        assert_eq!(nowhere, [Network::Screen, Network::Paper]);
        assert!(Network::Screen.can_edit() && !Network::Paper.can_edit());
    }

    #[test]
    fn limits_that_were_stored_before_there_were_shapes_are_read() {
        let mut stored = serde_json::to_value(Network::Bluesky.limits()).unwrap();
        stored.as_object_mut().unwrap().remove("least_pictures");
        assert_eq!(serde_json::from_value::<Limits>(stored).unwrap(), Network::Bluesky.limits());
    }
}

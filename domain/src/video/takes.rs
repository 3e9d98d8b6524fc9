//! What each network takes of a video, as data: only of networks to which videos are sent. Separate from the other limits:
//! those are kept with a channel when it is connected, these hold for channels that were connected before.

use super::{Codec, MOST_BYTES, VideoType};
use crate::Network;

/// What a network takes of a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Takes {
    /// The most bytes.
    pub bytes: u32,
    /// The most milliseconds.
    pub millis: u32,
    /// The most pixels of one picture.
    pub pixels: u64,
    /// The most pictures a second.
    pub rate: u32,
    /// The types.
    pub types: &'static [VideoType],
    /// How the picture may be coded.
    pub codecs: &'static [Codec],
    /// Whether it may stand beside pictures.
    pub beside: bool,
}

/// What a network takes; nothing where videos are not sent yet.
pub const fn takes(network: Network) -> Option<Takes> {
    use Codec::{Av1, H264, H265};
    use VideoType::{Mp4, Quicktime};
    match network {
        // Ours. H.264 alone: it is what every browser plays, and a notice is for everybody (caniuse.com/mpeg4, 2026-11).
        Network::Noticeboard => Some(Takes {
            bytes: MOST_BYTES,
            millis: u32::MAX,
            pixels: u64::MAX,
            rate: u32::MAX,
            types: &[Mp4, Quicktime],
            codecs: &[H264],
            beside: true,
        }),
        // Defaults of Mastodon 4.5, `GET /api/v2/instance` → `configuration.media_attachments` (2026-07-02): 103,809,024 bytes,
        // 8,294,400 pixels, 120 a second. It codes anew what is not H.264. Four pictures, or one video.
        Network::Mastodon => Some(Takes {
            bytes: 103_809_024,
            millis: u32::MAX,
            pixels: 8_294_400,
            rate: 120,
            types: &[Mp4, Quicktime],
            codecs: &[H264, H265, Av1],
            beside: false,
        }),
        // Lexicon `app.bsky.embed.video` (2026-08-20): video/mp4 of at most 300,000,000 bytes, and an embed is of pictures or of
        // a video. How it may be coded is not said; three minutes is what the official app takes.
        Network::Bluesky => Some(Takes {
            bytes: MOST_BYTES,
            millis: 180_000,
            pixels: u64::MAX,
            rate: u32::MAX,
            types: &[Mp4],
            codecs: &[H264],
            beside: false,
        }),
        // Bot API 10.3, `sendVideo`: MPEG-4 of at most 50 MB. Beside pictures it would be an album: not sent yet.
        Network::Telegram => Some(Takes {
            bytes: 50_000_000,
            millis: u32::MAX,
            pixels: u64::MAX,
            rate: u32::MAX,
            types: &[Mp4],
            codecs: &[H264],
            beside: false,
        }),
        _ => None,
    }
}

//! What each network takes of a video, as data: only of networks to which videos are sent. Separate from the other limits:
//! those are kept with a channel when it is connected, these hold for channels that were connected before.

use super::{Codec, MOST_BYTES, VideoType};
use crate::{Network, Shapes, captions, poster::Taken};

/// What a network takes of a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Takes {
    /// The most bytes.
    pub bytes: u32,
    /// The fewest.
    pub least_bytes: u32,
    /// The most milliseconds.
    pub millis: u32,
    /// The fewest.
    pub least_millis: u32,
    /// The most pixels of one picture.
    pub pixels: u64,
    /// The most pixels across.
    pub across: u32,
    /// The shapes, where it does not take every one.
    pub shapes: Option<Shapes>,
    /// The most pictures a second.
    pub rate: u32,
    /// The fewest.
    pub least_rate: u32,
    /// The most bits a second, of all of it together.
    pub bits: u32,
    /// The types.
    pub types: &'static [VideoType],
    /// How the picture may be coded.
    pub codecs: &'static [Codec],
    /// Whether it may stand beside pictures.
    pub beside: bool,
    /// Whether it is then one of as many things as the network takes pictures: in a carousel, where it comes first.
    pub counted: bool,
    /// Whether readers are given its description. Where not, it stays with the post.
    pub described: bool,
    /// The most bytes of captions that it is given with the video; none where it has no place for them: there they have to be in the
    /// picture. That a network has none is said by its interface not naming any.
    pub captions: Option<u32>,
    /// What it is given for a poster. That a network takes none is said by its interface not naming any.
    pub poster: Taken,
    /// Whether there must be one, unless there are pictures and the network takes those: it takes no text alone.
    pub always: bool,
}

/// A network that says nothing of a video, and takes what everybody plays.
const ANY: Takes = Takes {
    bytes: MOST_BYTES,
    least_bytes: 0,
    millis: u32::MAX,
    least_millis: 0,
    pixels: u64::MAX,
    across: u32::MAX,
    shapes: None,
    rate: u32::MAX,
    least_rate: 0,
    bits: u32::MAX,
    types: &[VideoType::Mp4],
    codecs: &[Codec::H264],
    beside: false,
    counted: false,
    described: true,
    captions: None,
    poster: Taken::Nothing,
    always: false,
};

/// As many as are kept.
const ANY_CAPTIONS: Option<u32> = Some(captions::MOST_BYTES as u32);

const fn shapes(tallest: (u32, u32), widest: (u32, u32)) -> Option<Shapes> {
    Some(Shapes { tallest, widest, across: u32::MAX })
}

/// What a network takes; nothing where nothing is sent at all, and a person does it by hand.
pub const fn takes(network: Network) -> Option<Takes> {
    use Codec::{Av1, H264, H265};
    use VideoType::{Mp4, Quicktime};
    match network {
        // Ours. H.264 alone: it is what every browser plays, and a notice is for everybody (caniuse.com/mpeg4, 2026-11). So is a page of
        // the town's own website, which is told where to fetch all of it.
        Network::Noticeboard | Network::Website => Some(Takes {
            types: &[Mp4, Quicktime],
            beside: true,
            captions: ANY_CAPTIONS,
            poster: Taken::Picture,
            ..ANY
        }),
        // Defaults of Mastodon 4.5, `GET /api/v2/instance` → `configuration.media_attachments` (2026-07-02): 103,809,024 bytes,
        // 8,294,400 pixels, 120 a second. It codes anew what is not H.264. Four pictures, or one video. `POST /api/v2/media` takes a
        // `thumbnail` with it.
        Network::Mastodon => Some(Takes {
            poster: Taken::Picture,
            bytes: 103_809_024,
            pixels: 8_294_400,
            rate: 120,
            types: &[Mp4, Quicktime],
            codecs: &[H264, H265, Av1],
            ..ANY
        }),
        // Lexicon `app.bsky.embed.video` (2026-08-20): video/mp4 of at most 300,000,000 bytes, and an embed is of pictures or of
        // a video. How it may be coded is not said; three minutes is what the official app takes. Captions are text/vtt of at most
        // 20,000 bytes each.
        Network::Bluesky => Some(Takes { millis: 180_000, captions: Some(20_000), ..ANY }),
        // Bot API 10.3, `sendVideo`: MPEG-4 of at most 50 MB, and a `cover`. Beside pictures it would be an album: not sent yet.
        Network::Telegram => Some(Takes { bytes: 50_000_000, described: false, poster: Taken::Picture, ..ANY }),
        // A reel. Meta's reference of `/{ig-user}/media` (2026-09-11): MOV or MP4, H.264 or HEVC with AAC, 3 s to 15 min, at most
        // 300 MB, 23 to 60 pictures a second, at most 1,920 columns, 25 Mbit/s. Which shapes it takes is not said there; alt text
        // is of pictures alone. `cover_url` is fetched as the video is. In a carousel of two to ten pictures and videos it is a `VIDEO`
        // and no reel, and has no cover; that other limits hold for it there is not said.
        Network::Instagram => Some(Takes {
            beside: true,
            counted: true,
            poster: Taken::Picture,
            millis: 900_000,
            least_millis: 3_000,
            across: 1_920,
            rate: 60,
            least_rate: 23,
            bits: 25_000_000,
            described: false,
            types: &[Mp4, Quicktime],
            codecs: &[H264, H265],
            ..ANY
        }),
        // Meta's guide to Threads (2026-09-11): MOV or MP4, H.264 or HEVC with AAC, at most 300 s and 1 GB, 23 to 60 pictures a
        // second, at most 1,920 columns, 0.01:1 to 10:1, 100 Mbit/s. A carousel is of two to twenty pictures and videos.
        Network::Threads => Some(Takes {
            beside: true,
            counted: true,
            millis: 300_000,
            across: 1_920,
            shapes: shapes((1, 100), (10, 1)),
            rate: 60,
            least_rate: 23,
            bits: 100_000_000,
            types: &[Mp4, Quicktime],
            codecs: &[H264, H265],
            ..ANY
        }),
        // Meta's interface takes up to 10 GB and 4 h (networks.md §2.2, general knowledge); how it may be coded is not said, so
        // H.264 alone, in MPEG-4 or QuickTime. Its parameters have no description for who cannot see it. Captions: SubRip, `POST
        // /{video}/captions`; a poster: `POST /{video}/thumbnails` (`AdVideo` of Meta's own specifications, 2026-04-15).
        Network::Facebook => Some(Takes {
            poster: Taken::Picture,
            millis: 14_400_000,
            types: &[Mp4, Quicktime],
            described: false,
            captions: ANY_CAPTIONS,
            ..ANY
        }),
        // X's guide to media (2026-08-22): MP4 or MOV, H.264 with AAC, 0.5 to 140 s, at most 512 MB, 1:3 to 3:1, at most 60
        // pictures a second; alt text is of pictures and GIFs. Captions: SubRip, `POST /2/media/subtitles` (its description of the
        // same day).
        Network::X => Some(Takes {
            captions: ANY_CAPTIONS,
            described: false,
            millis: 140_000,
            least_millis: 500,
            shapes: shapes((1, 3), (3, 1)),
            rate: 60,
            types: &[Mp4, Quicktime],
            ..ANY
        }),
        // `videos.insert`, discovery document 20261104: `video/*` of at most 274,877,906,944 bytes; twelve hours, and a quarter of
        // one where the channel is not verified (networks.md §12.1, 2026-11-23), which it says of itself nowhere. It codes
        // anew whatever it is sent. `captions.insert` takes 100 MB; `thumbnails.set` a picture, of a verified channel.
        Network::Youtube => Some(Takes {
            poster: Taken::Picture,
            captions: ANY_CAPTIONS,
            millis: 43_200_000,
            types: &[Mp4, Quicktime],
            codecs: &[H264, H265, Av1],
            described: false,
            always: true,
            ..ANY
        }),
        // TikTok's rules of media (2026-09-11): MP4 or MOV of at most 4 GB and ten minutes (an account may have less, and says so
        // when it is asked), 4,096 pixels a side, 60 a second. Pictures or a video, and one of them always. Of a poster it is told a
        // moment (`video_cover_timestamp_ms`).
        Network::Tiktok => Some(Takes {
            poster: Taken::Moment,
            millis: 600_000,
            pixels: 16_777_216,
            rate: 60,
            types: &[Mp4, Quicktime],
            codecs: &[H264, H265],
            described: false,
            always: true,
            ..ANY
        }),
        // LinkedIn's guide to videos (networks.md §7.2, read 2026-11-23): MP4 of 75 KB to 500 MB, 3 s to 30 min; how it may be coded
        // is not said. The fewest bytes are counted so that both readings of a KB fit. Of what a video shows its posts say
        // nothing; captions go by an address of their own (`uploadCaptions`), and are not sent yet: they have to be in the picture.
        Network::Linkedin => {
            Some(Takes { least_bytes: 76_800, millis: 1_800_000, least_millis: 3_000, described: false, ..ANY })
        }
        // Tumblr's specification of NPF and its guide (2024-10-18): one video of our own a post, its example is video/mp4; 500 MB and
        // 10 minutes stand in the guide's older part. How it may be coded is not said, so H.264 alone. A block of video has no place
        // for a description or captions; whether a poster may be brought for it is not said. Pictures may stand beside it there: all
        // of it would have to go up with the one call, and is not sent yet.
        Network::Tumblr => Some(Takes { millis: 600_000, described: false, ..ANY }),
        _ => None,
    }
}

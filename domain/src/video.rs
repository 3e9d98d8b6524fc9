//! Videos as files: what they are, how long they last, and what they carry besides picture and sound; and how one is kept in
//! parts and named. Separate from pictures, and pure, because a video is never whole in anybody's memory: the walk over its
//! boxes (ISO/IEC 14496-12) asks for the bytes that it wants to see, and nothing is decoded.

pub mod takes;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::record;

pub use takes::{Takes, takes};

/// The bytes of a part, but for the last one: what is lost when a connection breaks, and small enough for a Worker to take.
pub const PART: u32 = 16 * 1024 * 1024;

/// The most bytes of one video: what the most generous network that we send to takes. As many parts as an invocation can
/// read and still send on.
pub const MOST_BYTES: u32 = 300_000_000;

/// The most bytes of all videos of one organisation, those that are still coming too: two fifths of what the bucket's free
/// plan holds (10 GB, 2026-09).
pub const MOST_KEPT: u64 = 4_000_000_000;

/// The most boxes that are looked at: a phone writes sixty.
const MOST_BOXES: u32 = 1_000;

/// The bytes that the walk asks for at once: the index of a clip of a minute is in them.
const WINDOW: u64 = 32 * 1024;

/// The types of video that are kept. Read from a text, and not as an enum: the approver's page has a reader of texts anyway,
/// and another of each enum would be bytes of its first load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum VideoType {
    /// MPEG-4.
    Mp4,
    /// QuickTime, as cameras of Apple write it.
    Quicktime,
}

impl TryFrom<String> for VideoType {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        [VideoType::Mp4, VideoType::Quicktime].into_iter().find(|one| one.mime() == text).ok_or("type")
    }
}

impl From<VideoType> for &'static str {
    fn from(of: VideoType) -> Self {
        of.mime()
    }
}

impl VideoType {
    /// The media type.
    pub const fn mime(self) -> &'static str {
        match self {
            VideoType::Mp4 => "video/mp4",
            VideoType::Quicktime => "video/quicktime",
        }
    }
}

/// How the picture is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Codec {
    /// AVC: what every browser and every network plays.
    H264,
    /// HEVC: what newer phones write.
    H265,
    /// AV1.
    Av1,
}

impl TryFrom<String> for Codec {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        [Codec::H264, Codec::H265, Codec::Av1].into_iter().find(|one| <&str>::from(*one) == text).ok_or("codec")
    }
}

impl From<Codec> for &'static str {
    fn from(of: Codec) -> Self {
        match of {
            Codec::H264 => "h264",
            Codec::H265 => "h265",
            Codec::Av1 => "av1",
        }
    }
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// It is neither MPEG-4 nor QuickTime, whatever it is called.
    NotAVideo,
    /// It breaks off, or its boxes do not fit into each other.
    Broken,
    /// It is cut into fragments for streaming; networks do not take those.
    Fragments,
    /// It has no picture, or more than one.
    Pictures,
    /// Its picture is coded in a way that is not taken.
    Codec,
    /// Its sound is not AAC.
    Sound,
    /// It carries a position, a camera's name or other words of its own.
    Telling,
    /// It carries a track that is neither picture nor sound, such as where a camera moved.
    Data,
}

/// What a video is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Its type, by its own first bytes.
    pub mime: VideoType,
    /// How its picture is coded.
    pub codec: Codec,
    /// Whether it has sound.
    pub sound: bool,
    /// Pixels across, as it is shown.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// How long it lasts, in milliseconds.
    pub millis: u32,
    /// Pictures a second, rounded.
    pub rate: u32,
}

/// A stretch of a file that is not shown, and how it is made to say nothing: its name becomes `free`, its body zeros. The
/// same size as before, so nothing that points into the file has to move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// Where its four letters stand.
    pub name: u64,
    /// What it holds.
    pub body: Range<u64>,
}

/// What the walk found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub facts: Facts,
    /// What tells more than picture and sound.
    pub hidden: Vec<Hidden>,
    /// Tracks that are neither picture nor sound. What they are made of stands elsewhere: see [`samples`].
    pub data: Vec<Hidden>,
    /// What is free already and may still hold what stood there before.
    pub idle: Vec<Range<u64>>,
}

impl Found {
    /// What it is, if it says nothing else.
    ///
    /// # Errors
    /// `Telling`, `Data`.
    pub fn clean(&self) -> Result<Facts, Flaw> {
        match (self.hidden.is_empty(), self.data.is_empty()) {
            (true, true) => Ok(self.facts),
            (_, false) => Err(Flaw::Data),
            (false, true) => Err(Flaw::Telling),
        }
    }
}

/// The boxes that are entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    File,
    Movie,
    Track,
    Media,
    Information,
    Samples,
}

#[derive(Debug)]
struct Level {
    room: Room,
    /// The box, and what it holds.
    whole: Hidden,
}

/// What is known of a track.
#[derive(Debug, Default)]
struct Track {
    handler: Option<[u8; 4]>,
    entry: Option<[u8; 4]>,
    size: (u32, u32),
    turned: bool,
    millis: u64,
    samples: u64,
    /// Where in `hidden` and `idle` its own begin: of a track that goes as a whole, no part goes by itself.
    before: (usize, usize),
}

/// A walk over the boxes of a file. Asks for bytes ([`Walk::wants`]), is given them ([`Walk::take`]), and says what it found
/// ([`Walk::found`]).
#[derive(Debug)]
pub struct Walk {
    total: u64,
    at: u64,
    levels: Vec<Level>,
    boxes: u32,
    kind: Option<VideoType>,
    movie: bool,
    content: bool,
    millis: u64,
    track: Track,
    picture: Option<(Track, Codec)>,
    sound: bool,
    hidden: Vec<Hidden>,
    data: Vec<Hidden>,
    idle: Vec<Range<u64>>,
}

impl Walk {
    /// Begins.
    pub fn over(total: u64) -> Self {
        Self {
            total,
            at: 0,
            levels: vec![Level { room: Room::File, whole: Hidden { name: 0, body: 0..total } }],
            boxes: 0,
            kind: None,
            movie: false,
            content: false,
            millis: 0,
            track: Track::default(),
            picture: None,
            sound: false,
            hidden: Vec::new(),
            data: Vec::new(),
            idle: Vec::new(),
        }
    }

    /// The bytes that it wants to see next; nothing once it is through.
    pub fn wants(&self) -> Option<Range<u64>> {
        (self.at < self.total).then(|| self.at..self.total.min(self.at + WINDOW))
    }

    /// Takes the bytes that it wanted.
    ///
    /// # Errors
    /// A flaw.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), Flaw> {
        let from = self.at;
        let last = from + bytes.len() as u64 >= self.total;
        loop {
            self.leave()?;
            let Some(level) = self.levels.last() else { return Ok(()) };
            let (room, left) = (level.room, level.whole.body.end - self.at);
            let seen = usize::try_from(self.at - from).ok().and_then(|skip| bytes.get(skip..)).unwrap_or_default();
            match self.step(room, left, seen)? {
                Some(()) => {}
                // More is to be seen of it than is here: unless nothing more will come.
                None if last || self.at == from => return Err(self.no_video(Flaw::Broken)),
                None => return Ok(()),
            }
        }
    }

    /// One box. `None` if too little of it is seen.
    fn step(&mut self, room: Room, left: u64, seen: &[u8]) -> Result<Option<()>, Flaw> {
        if left < 8 {
            return Err(self.no_video(Flaw::Broken));
        }
        let (Some(size), Some(name)) = (seen.get(..4).map(number), four(seen, 4)) else { return Ok(None) };
        let (size, head) = match size {
            0 if room == Room::File => (left, 8),
            1 => match seen.get(8..16) {
                Some(long) => (number(long), 16),
                None => return Ok(None),
            },
            size => (size, 8),
        };
        if size < head || size > left {
            return Err(self.no_video(Flaw::Broken));
        }
        self.boxes += 1;
        if self.boxes > MOST_BOXES {
            return Err(Flaw::Broken);
        }
        let (start, end) = (self.at, self.at + size);
        let wanted = wanted(room, &name).min(size - head);
        let body = usize::try_from(head).ok().zip(usize::try_from(head + wanted).ok());
        let Some(body) = body.and_then(|(from, to)| seen.get(from..to)) else { return Ok(None) };
        if self.kind.is_none() && &name != b"ftyp" {
            return Err(Flaw::NotAVideo);
        }
        let mut enter = None;
        match (room, &name) {
            (Room::File, b"ftyp") if self.kind.is_none() => {
                let brand = body.get(..4).ok_or(Flaw::NotAVideo)?;
                // Pictures are kept in such boxes too (HEIC, AVIF).
                if matches!(brand, b"heic" | b"heix" | b"mif1" | b"msf1" | b"avif" | b"avis" | b"crx ") {
                    return Err(Flaw::NotAVideo);
                }
                self.kind = Some(if brand == b"qt  " { VideoType::Quicktime } else { VideoType::Mp4 });
            }
            (Room::File, b"moov") if !self.movie => {
                self.movie = true;
                enter = Some(Room::Movie);
            }
            (Room::File, b"moof" | b"sidx" | b"ssix" | b"styp" | b"mfra") | (Room::Movie, b"mvex") => {
                return Err(Flaw::Fragments);
            }
            (Room::File, b"mdat") => self.content |= size > head,
            (_, b"free" | b"skip" | b"wide") => {
                if size > head {
                    self.idle.push(start + head..end);
                }
            }
            (Room::Movie, b"mvhd") => self.millis = self.millis.max(duration(body)?),
            (Room::Movie, b"trak") => {
                self.track = Track { before: (self.hidden.len(), self.idle.len()), ..Track::default() };
                enter = Some(Room::Track);
            }
            (Room::Track, b"tkhd") => self.track.turned = is_turned(body)?,
            (Room::Track, b"mdia") => enter = Some(Room::Media),
            (Room::Media, b"mdhd") => self.track.millis = duration(body)?,
            (Room::Media, b"hdlr") => self.track.handler = Some(four(body, 8).ok_or(Flaw::Broken)?),
            (Room::Media, b"minf") => enter = Some(Room::Information),
            (Room::Information, b"stbl") => enter = Some(Room::Samples),
            (Room::Samples, b"stsd") => {
                // The first entry is read; a second way to code the same track is more than anybody takes.
                if body.get(4..8).map(number) != Some(1) {
                    return Err(Flaw::Codec);
                }
                self.track.entry = Some(four(body, 12).ok_or(Flaw::Broken)?);
                let across_down = body.get(40..42).map(number).zip(body.get(42..44).map(number));
                self.track.size = across_down.map_or((0, 0), |(across, down)| (across as u32, down as u32));
            }
            (Room::Samples, b"stsz" | b"stz2") => {
                self.track.samples = body.get(8..12).map(number).ok_or(Flaw::Broken)?;
            }
            (room, name) if is_shown(room, name) => {}
            _ => self.hidden.push(Hidden { name: start + 4, body: start + head..end }),
        }
        match enter {
            Some(room) => {
                let whole = Hidden { name: start + 4, body: start + head..end };
                self.levels.push(Level { room, whole });
                self.at = start + head;
            }
            None => self.at = end,
        }
        Ok(Some(()))
    }

    /// Leaves what it is through with.
    fn leave(&mut self) -> Result<(), Flaw> {
        while let Some(level) = self.levels.pop_if(|level| level.whole.body.end == self.at) {
            if level.room == Room::Track {
                self.over_track(level.whole)?;
            }
        }
        Ok(())
    }

    fn over_track(&mut self, whole: Hidden) -> Result<(), Flaw> {
        let track = std::mem::take(&mut self.track);
        let Some(entry) = track.entry else { return Err(Flaw::Broken) };
        match track.handler.as_ref() {
            Some(b"vide") => {
                let codec = match &entry {
                    b"avc1" | b"avc3" => Codec::H264,
                    b"hvc1" | b"hev1" => Codec::H265,
                    b"av01" => Codec::Av1,
                    _ => return Err(Flaw::Codec),
                };
                self.millis = self.millis.max(track.millis);
                match self.picture.replace((track, codec)) {
                    None => Ok(()),
                    Some(_) => Err(Flaw::Pictures),
                }
            }
            Some(b"soun") => {
                self.sound = true;
                self.millis = self.millis.max(track.millis);
                if &entry == b"mp4a" { Ok(()) } else { Err(Flaw::Sound) }
            }
            Some(_) => {
                self.hidden.truncate(track.before.0);
                self.idle.truncate(track.before.1);
                self.data.push(whole);
                Ok(())
            }
            None => Err(Flaw::Broken),
        }
    }

    /// Before the first box was known to be one, whatever is wrong means that it is something else.
    fn no_video(&self, flaw: Flaw) -> Flaw {
        if self.kind.is_none() { Flaw::NotAVideo } else { flaw }
    }

    /// What was found, once nothing more is wanted.
    ///
    /// # Errors
    /// A flaw.
    pub fn found(mut self) -> Result<Found, Flaw> {
        let mime = self.kind.ok_or(Flaw::NotAVideo)?;
        self.leave()?;
        if !self.levels.is_empty() || !self.movie || !self.content {
            return Err(Flaw::Broken);
        }
        let (track, codec) = self.picture.ok_or(Flaw::Pictures)?;
        let (across, down) = track.size;
        let (width, height) = if track.turned { (down, across) } else { (across, down) };
        let millis = u32::try_from(self.millis).map_err(|_| Flaw::Broken)?;
        if width == 0 || height == 0 || millis == 0 {
            return Err(Flaw::Broken);
        }
        // Of the picture alone: sound may last longer.
        let rate = (track.samples * 1_000 + track.millis / 2) / track.millis.max(1);
        let rate = u32::try_from(rate).map_err(|_| Flaw::Broken)?;
        let facts = Facts { mime, codec, sound: self.sound, width, height, millis, rate };
        Ok(Found { facts, hidden: self.hidden, data: self.data, idle: self.idle })
    }
}

/// How much of a box is to be seen, behind its head.
const fn wanted(room: Room, name: &[u8; 4]) -> u64 {
    match (room, name) {
        (Room::File, b"ftyp") => 4,
        (Room::Movie, b"mvhd") | (Room::Media, b"mdhd") => 32,
        (Room::Track, b"tkhd") => 96,
        (Room::Media, b"hdlr") | (Room::Samples, b"stsz" | b"stz2") => 12,
        (Room::Samples, b"stsd") => 44,
        _ => 0,
    }
}

/// What is needed to show it, besides what is read above. Everything else may tell anything.
const fn is_shown(room: Room, name: &[u8; 4]) -> bool {
    match room {
        Room::File => false,
        Room::Movie => matches!(name, b"iods"),
        Room::Track => matches!(name, b"edts" | b"tapt" | b"tref"),
        Room::Media => matches!(name, b"elng"),
        Room::Information => matches!(name, b"vmhd" | b"smhd" | b"nmhd" | b"gmhd" | b"hdlr" | b"dinf"),
        Room::Samples => matches!(
            name,
            b"stts" | b"ctts" | b"cslg" | b"stss" | b"stps" | b"stsc" | b"stco" | b"co64" | b"sdtp" | b"sgpd" | b"sbgp"
        ),
    }
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

fn four(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..at + 4)?.try_into().ok()
}

/// In milliseconds, of a header that has it in units of its own.
fn duration(body: &[u8]) -> Result<u64, Flaw> {
    let field = |at: usize, length: usize| body.get(at..at + length).map(number).ok_or(Flaw::Broken);
    let (scale, units) = match body.first() {
        Some(0) => (field(12, 4)?, field(16, 4)?),
        Some(1) => (field(20, 4)?, field(24, 8)?),
        _ => return Err(Flaw::Broken),
    };
    // All ones: whoever wrote it did not know.
    if scale == 0 || units == u64::MAX || units == u64::from(u32::MAX) {
        return Err(Flaw::Broken);
    }
    u64::try_from(u128::from(units) * 1_000 / u128::from(scale)).map_err(|_| Flaw::Broken)
}

/// Whether a track is shown on its side, by its matrix.
fn is_turned(body: &[u8]) -> Result<bool, Flaw> {
    let matrix = match body.first() {
        Some(0) => 40,
        Some(1) => 52,
        _ => return Err(Flaw::Broken),
    };
    let cell = |place: usize| body.get(matrix + place * 4..matrix + place * 4 + 4).map(number).ok_or(Flaw::Broken);
    Ok(cell(0)? == 0 && cell(4)? == 0 && cell(1)? != 0 && cell(3)? != 0)
}

/// Where in the file all that stands of which a track is made, by its own tables; of the body of its box. What is out of the
/// file, or more than a million samples, is no track.
///
/// # Errors
/// `Data` if it cannot be told.
pub fn samples(track: &[u8], total: u64) -> Result<Vec<Range<u64>>, Flaw> {
    let tables = [b"mdia", b"minf", b"stbl"].into_iter().try_fold(track, inside).ok_or(Flaw::Data)?;
    let table = |name| inside(tables, name).ok_or(Flaw::Data);
    let field = |of: &[u8], at: usize, length: usize| of.get(at..at + length).map(number).ok_or(Flaw::Data);
    let (runs, sizes) = (table(b"stsc")?, table(b"stsz")?);
    let (chunks, width) = table(b"stco").map(|table| (table, 4)).or_else(|_| Ok((table(b"co64")?, 8)))?;
    let (same, count) = (field(sizes, 4, 4)?, field(sizes, 8, 4)?);
    if count > 1_000_000 {
        return Err(Flaw::Data);
    }
    let (mut found, mut sample, mut run) = (Vec::new(), 0, 0);
    for chunk in 0..field(chunks, 4, 4)? {
        // A run holds until the chunk with which the next one begins, counted from 1.
        while run + 1 < field(runs, 4, 4)? && field(runs, 8 + (run as usize + 1) * 12, 4)? <= chunk + 1 {
            run += 1;
        }
        let start = field(chunks, 8 + chunk as usize * width, width)?;
        let mut end = start;
        for _ in 0..field(runs, 12 + run as usize * 12, 4)?.min(count - sample) {
            end += if same > 0 { same } else { field(sizes, 12 + sample as usize * 4, 4)? };
            sample += 1;
        }
        if end > total {
            return Err(Flaw::Data);
        }
        if start < end {
            found.push(start..end);
        }
        if sample == count {
            break;
        }
    }
    Ok(found)
}

/// What the first box of a name holds, of those that stand one behind the other.
fn inside<'a>(mut boxes: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    loop {
        let size = usize::try_from(number(boxes.get(..4)?)).ok()?;
        let body = boxes.get(8..size)?;
        if boxes.get(4..8)? == name {
            return Some(body);
        }
        boxes = boxes.get(size..)?;
    }
}

/// A part as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Which, from 0.
    pub place: u32,
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    pub hash: String,
    /// Its size.
    pub bytes: u32,
}

/// How many parts a video of a size has.
pub const fn count(bytes: u32) -> u32 {
    bytes.div_ceil(PART)
}

/// The size of a part of it; nothing beyond the last.
pub fn length(bytes: u32, place: u32) -> Option<u32> {
    let start = place.checked_mul(PART)?;
    (start < bytes).then(|| PART.min(bytes - start))
}

/// What names a video: SHA-256 over a domain, and each part's hash and size in order. Whoever has the bytes can reckon it;
/// the engine has only what the bucket verified, and needs no more.
pub fn identity(parts: &[Part]) -> String {
    let mut text = "pregon/video/1\n".to_owned();
    for Part { hash, bytes, .. } in parts {
        text.push_str(hash);
        text.push(' ');
        text.push_str(&bytes.to_string());
        text.push('\n');
    }
    record::sha256_hex(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&u32::try_from(body.len() + 8).unwrap().to_be_bytes()[..], name, body].concat()
    }

    fn header(millis: u32) -> Vec<u8> {
        [&[0; 12][..], &1_000_u32.to_be_bytes(), &millis.to_be_bytes(), &[0; 80]].concat()
    }

    fn tables(entry: &[u8; 4], size: (u16, u16), samples: u32) -> Vec<u8> {
        let sample = [&[0; 24][..], &size.0.to_be_bytes(), &size.1.to_be_bytes(), &[0; 50]].concat();
        [
            of(b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &of(entry, &sample)].concat()),
            of(b"stts", &[0; 16]),
            of(b"stsz", &[&[0; 8][..], &samples.to_be_bytes()].concat()),
            of(b"stco", &[0; 12]),
        ]
        .concat()
    }

    fn matrix(turned: bool) -> Vec<u8> {
        let one = [0, 1, 0, 0];
        let cells: [[u8; 4]; 9] = match turned {
            true => [[0; 4], one, [0; 4], one, [0; 4], [0; 4], [0; 4], [0; 4], [64, 0, 0, 0]],
            false => [one, [0; 4], [0; 4], [0; 4], one, [0; 4], [0; 4], [0; 4], [64, 0, 0, 0]],
        };
        [&[0; 40][..], &cells.concat(), &[0; 8]].concat()
    }

    fn track(handler: &[u8; 4], entry: &[u8; 4], turned: bool, extra: &[u8]) -> Vec<u8> {
        let media = [
            of(b"mdhd", &header(2_000)),
            of(b"hdlr", &[&[0; 8][..], handler, &[0; 13]].concat()),
            of(b"minf", &[of(b"vmhd", &[0; 12]), of(b"stbl", &tables(entry, (640, 360), 50))].concat()),
        ];
        of(b"trak", &[of(b"tkhd", &matrix(turned)), of(b"mdia", &media.concat()), extra.to_vec()].concat())
    }

    fn picture() -> Vec<u8> {
        track(b"vide", b"avc1", false, &[])
    }

    fn movie(tracks: &[Vec<u8>]) -> Vec<u8> {
        of(b"moov", &[of(b"mvhd", &header(2_000)), tracks.concat()].concat())
    }

    fn file(tracks: &[Vec<u8>], extra: &[Vec<u8>]) -> Vec<u8> {
        [of(b"ftyp", b"isom\0\0\0\0isom"), movie(tracks), extra.concat(), of(b"mdat", &[7; 100])].concat()
    }

    /// Walks over a file, through windows of a size.
    fn seen(file: &[u8], window: usize) -> Result<Found, Flaw> {
        let mut walk = Walk::over(file.len() as u64);
        let mut reads = 0;
        while let Some(wanted) = walk.wants() {
            let (from, to) = (wanted.start as usize, wanted.end as usize);
            walk.take(&file[from..to.min(from + window)])?;
            reads += 1;
            assert!(reads <= MOST_BOXES + 1, "it stands still");
        }
        walk.found()
    }

    fn facts(file: &[u8]) -> Result<Facts, Flaw> {
        seen(file, usize::MAX - file.len()).and_then(|found| found.clean())
    }

    /// What the browser does with what was found.
    fn blanked(file: &[u8], found: &Found) -> Vec<u8> {
        let mut file = file.to_vec();
        for Hidden { name, body } in &found.hidden {
            file[*name as usize..*name as usize + 4].copy_from_slice(b"free");
            file[body.start as usize..body.end as usize].fill(0);
        }
        file
    }

    #[test]
    fn a_video_says_what_it_is() {
        let plain = Facts {
            mime: VideoType::Mp4,
            codec: Codec::H264,
            sound: false,
            width: 640,
            height: 360,
            millis: 2_000,
            rate: 25,
        };
        assert_eq!(facts(&file(&[picture()], &[])), Ok(plain));
        let sounding = [track(b"soun", b"mp4a", false, &[]), track(b"vide", b"hvc1", true, &[])];
        let turned = Facts { codec: Codec::H265, sound: true, width: 360, height: 640, ..plain };
        assert_eq!(facts(&file(&sounding, &[])), Ok(turned));
        let mut apple = file(&[picture()], &[of(b"wide", &[])]);
        apple[8..12].copy_from_slice(b"qt  ");
        assert_eq!(facts(&apple), Ok(Facts { mime: VideoType::Quicktime, ..plain }));
    }

    #[test]
    fn the_index_may_stand_behind_and_the_content_be_long_or_last() {
        let index = movie(&[picture()]);
        let long = [&[0, 0, 0, 1][..], b"mdat", &116_u64.to_be_bytes(), &[7; 100]].concat();
        let last = [&[0, 0, 0, 0][..], b"mdat", &[7; 100]].concat();
        let brand = of(b"ftyp", b"mp42\0\0\0\0");
        assert!(facts(&[&brand[..], &long, &index].concat()).is_ok());
        assert!(facts(&[&brand[..], &index, &last].concat()).is_ok());
    }

    #[test]
    fn what_is_no_video_is_told_from_one_that_is_not_taken() {
        let other = |brand: &[u8; 4]| {
            let mut file = file(&[picture()], &[]);
            file[8..12].copy_from_slice(brand);
            file
        };
        let no_video: [&[u8]; 6] =
            [b"", b"\0\0\0", b"\x1a\x45\xdf\xa3webm, or matroska", b"<html>", b"\xff\xd8\xff\xe0", &other(b"heic")];
        for file in no_video {
            assert_eq!(facts(file), Err(Flaw::NotAVideo), "{file:?}");
        }
        let flaws = [
            (file(&[], &[]), Flaw::Pictures),
            (file(&[picture(), picture()], &[]), Flaw::Pictures),
            (file(&[track(b"vide", b"vp09", false, &[])], &[]), Flaw::Codec),
            (file(&[picture(), track(b"soun", b"Opus", false, &[])], &[]), Flaw::Sound),
            (file(&[picture(), track(b"meta", b"gpmd", false, &[])], &[]), Flaw::Data),
            (file(&[picture()], &[of(b"moof", &[])]), Flaw::Fragments),
            (file(&[picture(), of(b"mvex", &[])], &[]), Flaw::Fragments),
            (file(&[picture()], &[of(b"uuid", b"XMP")]), Flaw::Telling),
            (file(&[picture()], &[movie(&[picture()])]), Flaw::Telling),
            ([of(b"ftyp", b"isom"), movie(&[picture()])].concat(), Flaw::Broken),
            ([of(b"ftyp", b"isom"), of(b"mdat", b"x")].concat(), Flaw::Broken),
        ];
        for (file, flaw) in flaws {
            assert_eq!(facts(&file), Err(flaw));
        }
    }

    #[test]
    fn a_video_that_breaks_off_anywhere_is_refused() {
        let whole = file(&[picture(), track(b"soun", b"mp4a", false, &[])], &[]);
        for length in 0..whole.len() {
            let flaw = if length < 20 { Flaw::NotAVideo } else { Flaw::Broken };
            assert_eq!(facts(&whole[..length]), Err(flaw), "{length} of {}", whole.len());
        }
    }

    #[test]
    fn sizes_that_lie_lead_nowhere() {
        let whole = file(&[picture()], &[]);
        let moov = 24;
        for lie in [0_u32, 1, 2, 7, u32::MAX, 9] {
            let mut file = whole.clone();
            file[moov..moov + 4].copy_from_slice(&lie.to_be_bytes());
            assert!(facts(&file).is_err(), "{lie}");
        }
        let endless = [&[0, 0, 0, 1][..], b"mdat", &u64::MAX.to_be_bytes()].concat();
        assert_eq!(facts(&[of(b"ftyp", b"isom"), endless].concat()), Err(Flaw::Broken));
        let many = [of(b"ftyp", b"isom"), of(b"free", &[]).repeat(1_000_000)].concat();
        assert_eq!(facts(&many), Err(Flaw::Broken));
    }

    #[test]
    fn a_position_is_made_to_say_nothing_where_it_stands() {
        let telling = of(b"udta", &of(b"\xa9xyz", b"\0\x12\x15\xc7+42.8800-008.5400/"));
        let in_track = track(b"vide", b"avc1", false, &of(b"meta", b"a telephone, and whose"));
        let before = file(&[in_track, telling], &[of(b"uuid", b"XMP: a name")]);
        assert_eq!(facts(&before), Err(Flaw::Telling));
        let found = seen(&before, usize::MAX / 2).unwrap();
        assert_eq!(found.hidden.len(), 3);
        let after = blanked(&before, &found);
        assert_eq!((after.len(), facts(&after)), (before.len(), Ok(found.facts)));
        for words in [&b"+42.88"[..], b"whose", b"XMP"] {
            assert!(!after.windows(words.len()).any(|part| part == words));
        }
    }

    #[test]
    fn what_is_free_is_named_so_that_it_can_be_emptied() {
        let before = file(&[picture()], &[of(b"free", b"an older position"), of(b"skip", &[])]);
        let found = seen(&before, usize::MAX / 2).unwrap();
        assert_eq!(found.idle.len(), 1);
        let there = found.idle[0].start as usize..found.idle[0].end as usize;
        assert_eq!(&before[there], b"an older position");
    }

    #[test]
    fn a_track_that_goes_goes_whole() {
        let position = track(b"meta", b"mebx", false, &of(b"udta", b"x"));
        let file = file(&[picture(), position.clone()], &[]);
        let found = seen(&file, usize::MAX / 2).unwrap();
        let [Hidden { name, body }] = &found.data[..] else { panic!("{found:?}") };
        assert_eq!(&file[*name as usize - 4..body.end as usize], position);
        assert_eq!(found.hidden, []);
        let gone = blanked(&file, &Found { hidden: found.data.clone(), ..found.clone() });
        assert_eq!(facts(&gone), Ok(found.facts));
    }

    /// What a track holds, whose tables say this.
    fn told(runs: &[[u32; 3]], sizes: (u32, &[u32]), chunks: &[u32]) -> Vec<u8> {
        let list = |numbers: &[u32]| numbers.iter().flat_map(|one| one.to_be_bytes()).collect::<Vec<u8>>();
        let runs = [list(&[0, runs.len() as u32]), runs.iter().flat_map(|run| list(run)).collect()].concat();
        let count = if sizes.0 > 0 { 5 } else { sizes.1.len() as u32 };
        let tables = [
            of(b"stsd", &[0; 8]),
            of(b"stsc", &runs),
            of(b"stsz", &[list(&[0, sizes.0, count]), list(sizes.1)].concat()),
            of(b"stco", &[list(&[0, chunks.len() as u32]), list(chunks)].concat()),
        ];
        of(b"mdia", &of(b"minf", &of(b"stbl", &tables.concat())))
    }

    #[test]
    fn what_a_track_is_made_of_is_found_where_its_tables_point() {
        // Two chunks of two samples, and from the third on one of one.
        let runs = [[1, 2, 1], [3, 1, 1]];
        let own = told(&runs, (0, &[10, 20, 30, 40, 50]), &[100, 200, 900]);
        assert_eq!(samples(&own, 1_000), Ok(vec![100..130, 200..270, 900..950]));
        assert_eq!(samples(&own, 949), Err(Flaw::Data), "it points out of the file");
        let same = told(&runs, (7, &[]), &[100, 200, 900]);
        assert_eq!(samples(&same, 1_000), Ok(vec![100..114, 200..214, 900..907]));
        assert_eq!(
            samples(&told(&runs, (0, &[10]), &[100, 200]), 1_000),
            Ok(vec![std::ops::Range { start: 100, end: 110 }]),
            "fewer than said"
        );
        for broken in [&own[..own.len() - 1], &[], &of(b"mdia", &[])] {
            assert_eq!(samples(broken, 1_000), Err(Flaw::Data));
        }
        let endless = told(&[[1, u32::MAX, 1]], (u32::MAX, &[]), &[u32::MAX; 3]);
        assert_eq!(samples(&endless, 1_000), Err(Flaw::Data));
    }

    #[test]
    fn a_file_that_a_program_of_others_wrote_is_understood() {
        // Made with ffmpeg, with a title in it; see `tests/browser/video.spec.ts`.
        let file = include_bytes!("../../tests/browser/film.mp4");
        let found = seen(file, usize::MAX / 2).unwrap();
        let facts = found.facts;
        assert_eq!((facts.mime, facts.codec, facts.sound), (VideoType::Mp4, Codec::H264, true));
        assert_eq!((facts.width, facts.height, facts.rate), (128, 72, 10));
        assert!((3_000..3_100).contains(&facts.millis), "{facts:?}");
        assert_eq!((found.clean(), found.hidden.len()), (Err(Flaw::Telling), 1));
        let clean = blanked(file, &found);
        assert_eq!(super::tests::facts(&clean), Ok(facts));
        let tells = |file: &[u8]| file.windows(7).any(|part| part == b"Secreto");
        assert_eq!((tells(file), tells(&clean)), (true, false));
    }

    #[test]
    fn types_and_codecs_are_texts_and_nothing_else_is_one() {
        let facts = Facts {
            mime: VideoType::Quicktime,
            codec: Codec::Av1,
            sound: true,
            width: 1,
            height: 2,
            millis: 3,
            rate: 4,
        };
        let text = serde_json::to_string(&facts).unwrap();
        assert!(text.contains(r#""mime":"video/quicktime","codec":"av1""#), "{text}");
        assert_eq!(serde_json::from_str::<Facts>(&text).unwrap(), facts);
        for (right, wrong) in [("video/quicktime", "video/webm"), ("av1", "vp9")] {
            assert!(serde_json::from_str::<Facts>(&text.replace(right, wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn parts_are_as_many_and_as_large_as_they_must_be() {
        assert_eq!((count(1), count(PART), count(PART + 1), count(MOST_BYTES)), (1, 1, 2, 18));
        assert_eq!([0, 1, 2].map(|place| length(PART + 5, place)), [Some(PART), Some(5), None]);
        assert_eq!(length(PART, 1), None);
        assert_eq!(length(MOST_BYTES, u32::MAX), None);
        for bytes in [1, PART - 1, PART, PART + 1, MOST_BYTES] {
            let whole: u32 = (0..count(bytes)).filter_map(|place| length(bytes, place)).sum();
            assert_eq!(whole, bytes);
        }
    }

    #[test]
    fn a_video_is_named_by_its_parts_in_their_order() {
        let part = |place, digit: &str, bytes| Part { place, hash: digit.repeat(64), bytes };
        let (one, two) = (part(0, "a", PART), part(1, "b", 7));
        let name = identity(&[one.clone(), two.clone()]);
        // Reckoned by `sha256sum` over the four lines.
        let lines = format!("pregon/video/1\n{} {PART}\n{} 7\n", "a".repeat(64), "b".repeat(64));
        assert_eq!(name, record::sha256_hex(lines.as_bytes()));
        assert_ne!(name, identity(&[two.clone(), one.clone()]));
        assert_ne!(name, identity(std::slice::from_ref(&one)));
        assert_ne!(name, identity(&[one, part(1, "b", 8)]));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_stumble(bytes in proptest::collection::vec(any::<u8>(), 0..600), window in 44_usize..300) {
            let _ = seen(&bytes, usize::MAX / 2);
            let framed = [of(b"ftyp", b"isom"), of(b"moov", &bytes)].concat();
            let _ = seen(&framed, usize::MAX / 2);
            let _ = seen(&framed, window.max(WINDOW as usize));
        }

        #[test]
        fn no_tables_make_it_stumble(at in 0_usize..200, byte: u8, total: u64) {
            let mut own = told(&[[1, 2, 1], [3, 1, 1]], (0, &[10, 20, 30, 40, 50]), &[100, 200, 900]);
            let at = at % own.len();
            own[at] = byte;
            for one in samples(&own, total).unwrap_or_default() {
                prop_assert!(one.start < one.end && one.end <= total);
            }
        }

        #[test]
        fn one_changed_byte_is_taken_or_refused_and_what_was_emptied_is_clean(at in 0_usize..900, byte: u8) {
            let mut file = file(&[picture(), of(b"udta", b"somewhere")], &[of(b"free", &[1; 20])]);
            let at = at % file.len();
            file[at] = byte;
            if let Ok(found) = seen(&file, usize::MAX / 2) && found.data.is_empty() {
                prop_assert_eq!(facts(&blanked(&file, &found)), Ok(found.facts));
            }
        }

        #[test]
        fn what_is_seen_does_not_depend_on_how_much_is_seen_at_once(window in 130_usize..4_000, idle in 0_usize..3_000) {
            let file = file(&[picture(), track(b"soun", b"mp4a", false, &[])], &[of(b"free", &vec![0; idle])]);
            prop_assert_eq!(seen(&file, window), seen(&file, usize::MAX / 2));
        }
    }
}

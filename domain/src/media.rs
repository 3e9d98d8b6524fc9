//! Pictures as files: what type they are, how many pixels they declare, and what they carry besides pixels.
//! Separate, and pure, because the bytes come from anybody: headers are read and segments walked, nothing is decoded
//! (a decompression bomb costs nothing then), and everything that is not needed to show the picture is left out:
//! position, camera, comments, earlier versions, whatever hangs behind the end. Of EXIF one number is needed: which way up a
//! telephone was held. It is written anew, with nothing beside it.

use std::ops::Range;

use crate::{Focus, PictureType, Refusal, Shapes, focus::WHOLE};

/// The part of a picture that is kept, and the size in which it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Where the part begins, from the left and from above.
    pub from: (u32, u32),
    /// How much it is, across and down.
    pub part: (u32, u32),
    /// How large it is drawn, across and down.
    pub drawn: (u32, u32),
}

/// The strictest of several shapes: what all of these networks take.
pub fn strictest(shapes: impl Iterator<Item = Shapes>) -> Option<Shapes> {
    let below = |one: (u32, u32), other: (u32, u32)| {
        u64::from(one.0) * u64::from(other.1) < u64::from(other.0) * u64::from(one.1)
    };
    shapes.reduce(|one, other| Shapes {
        tallest: if below(one.tallest, other.tallest) { other.tallest } else { one.tallest },
        widest: if below(other.widest, one.widest) { other.widest } else { one.widest },
        across: one.across.min(other.across),
    })
}

/// The largest part of a picture that is of an allowed shape, with what must be seen of it as near its middle as it can be.
pub fn cut((width, height): (u32, u32), shapes: Option<Shapes>, focus: Option<Focus>) -> Cut {
    let whole = Cut { from: (0, 0), part: (width, height), drawn: (width, height) };
    let Some(Shapes { tallest, widest, across }) = shapes else { return whole };
    // Of `side`, in the proportion of `of` to `to`.
    let down = |side: u32, to: u32, of: u32| u64::from(side) * u64::from(to) / u64::from(of.max(1));
    let up = |side: u32, to: u32, of: u32| (u64::from(side) * u64::from(to)).div_ceil(u64::from(of.max(1)));
    let small = |side: u64| u32::try_from(side.max(1)).unwrap_or(u32::MAX);
    let part =
        (width.min(small(down(height, widest.0, widest.1))), height.min(small(down(width, tallest.1, tallest.0))));
    let across = part.0.min(across);
    // Drawn smaller, it is rounded to whole pixels within what is allowed.
    let least = small(up(across, widest.1, widest.0));
    let most = small(down(across, tallest.1, tallest.0)).max(least);
    let drawn = (across, small(down(across, part.1, part.0)).clamp(least, most));
    let (x, y) = Focus::of(focus);
    // Twice the place of the point, so that the middle of an odd number is rounded as it always was.
    let from = |at: u16, side: u32, part: u32| {
        let twice = u64::from(at) * 2 * u64::from(side) / u64::from(WHOLE);
        u32::try_from(twice.saturating_sub(part.into()) / 2).unwrap_or(u32::MAX).min(side - part)
    };
    Cut { from: (from(x, width, part.0), from(y, height, part.1)), part, drawn }
}

/// The longest side of a thumbnail, in pixels: a tile of the library is 160 across, on a screen of twice as many.
pub const THUMBNAIL_SIDE: u32 = 320;
/// The most bytes of a thumbnail: a photo of 320 pixels at a low quality has 10 to 20 KB.
pub const THUMBNAIL_BYTES: usize = 40_000;

/// A size in its proportion, with no side longer than `longest`, and none of nothing.
pub fn within((width, height): (u32, u32), longest: u32) -> (u32, u32) {
    let side = width.max(height);
    if side <= longest {
        return (width, height);
    }
    let scaled =
        |of: u32| u32::try_from(u64::from(of) * u64::from(longest) / u64::from(side)).unwrap_or(longest).max(1);
    (scaled(width), scaled(height))
}

/// Whether a picture of this size can be the thumbnail of another: small, and of its proportion but for a pixel that was
/// rounded.
pub fn is_thumbnail(of: (u32, u32), small: (u32, u32)) -> bool {
    let wanted = within(of, THUMBNAIL_SIDE);
    small.0.max(small.1) <= THUMBNAIL_SIDE && wanted.0.abs_diff(small.0) <= 1 && wanted.1.abs_diff(small.1) <= 1
}

/// Whether a file is a HEIC or HEIF picture, as iPhones write them, by the brands at its head (ISO/IEC 14496-12, 23008-12). No
/// browser but Safari opens one, and no network takes one. AVIF, which is built alike, is another.
pub fn is_heic(bytes: &[u8]) -> bool {
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else { return false };
    let Some(brands) = rest.strip_prefix(b"ftyp") else { return false };
    // The one that it is, a version, and those that it is compatible with.
    let length = (u32::from_be_bytes(*length) as usize).saturating_sub(8).min(brands.len()).min(128);
    let has = |wanted: &[&[u8; 4]]| {
        let (all, _) = brands[..length].as_chunks::<4>();
        all.iter().enumerate().any(|(place, brand)| place != 1 && wanted.contains(&brand))
    };
    let of_heic = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
    has(&of_heic) && !has(&[b"avif", b"avis"])
}

/// A file that is a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// Its type, by its own first bytes.
    pub mime: PictureType,
    /// Pixels across, as it is shown.
    pub width: u32,
    /// Pixels down, as it is shown.
    pub height: u32,
    /// The file without what was hidden in it; nothing if nothing was.
    pub clean: Option<Vec<u8>>,
}

/// What a walk over the segments found: the pixels declared, and the parts of the file that are kept.
#[derive(Default)]
struct Walk {
    width: u32,
    height: u32,
    kept: Vec<Range<usize>>,
    /// How it is turned, if it is, and where that has to be written anew: at this place of the file.
    turned: Option<(u8, Option<usize>)>,
    /// Whether there is anything to show.
    has_image: bool,
}

impl Walk {
    /// A file may declare its size twice: the larger one counts, so that the smaller cannot hide it.
    fn declares(&mut self, width: u32, height: u32) {
        self.width = self.width.max(width);
        self.height = self.height.max(height);
    }
    fn keep(&mut self, part: Range<usize>) {
        match self.kept.last_mut() {
            Some(last) if last.end == part.start => last.end = part.end,
            _ => self.kept.push(part),
        }
    }
    fn bytes(&self, file: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(file.len());
        let mut anew = self.turned.and_then(|(turned, place)| Some((turned, place?)));
        for part in &self.kept {
            if let Some((turned, _)) = anew.take_if(|(_, place)| *place <= part.start) {
                bytes.extend(turn(turned));
            }
            bytes.extend_from_slice(file.get(part.clone()).unwrap_or_default());
        }
        bytes
    }
    fn is_whole(&self, file: &[u8]) -> bool {
        matches!(self.kept.as_slice(), [all] if *all == (0..file.len()))
    }
    /// Pixels across and down, as it is shown: on its side, they change places.
    fn shown(&self) -> (u32, u32) {
        match self.turned {
            Some((5..=8, _)) => (self.height, self.width),
            _ => (self.width, self.height),
        }
    }
}

/// Inspects a file.
///
/// # Errors
/// `NotAPicture` for anything but a whole JPEG, PNG or WebP; `TooManyPixels` by what the header declares.
pub fn inspect(file: &[u8], most_pixels: u64) -> Result<Inspected, Refusal> {
    let (mime, walk) = if file.starts_with(&[0xff, 0xd8]) {
        (PictureType::Jpeg, jpeg(file))
    } else if file.starts_with(PNG) {
        (PictureType::Png, png(file))
    } else if file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP") {
        (PictureType::Webp, webp(file))
    } else {
        return Err(Refusal::NotAPicture);
    };
    let walk = walk.filter(|walk| walk.has_image && walk.width > 0 && walk.height > 0).ok_or(Refusal::NotAPicture)?;
    let pixels = u64::from(walk.width) * u64::from(walk.height);
    if pixels > most_pixels {
        return Err(Refusal::TooManyPixels { limit: most_pixels, pixels });
    }
    let clean = (!walk.is_whole(file)).then(|| match mime {
        PictureType::Webp => rewrapped(walk.bytes(file)),
        PictureType::Jpeg | PictureType::Png => walk.bytes(file),
    });
    let (width, height) = walk.shown();
    Ok(Inspected { mime, width, height, clean })
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| (number << 8) | u32::from(*byte))
}

fn little(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, byte| (number << 8) | u32::from(*byte))
}

/// Markers up to the end of the image (ITU T.81, B.1). `None` if it breaks off.
fn jpeg(file: &[u8]) -> Option<Walk> {
    let mut walk = Walk::default();
    walk.keep(0..2);
    let mut at = 2;
    loop {
        if *file.get(at)? != 0xff {
            return None;
        }
        let marker = *file.get(at + 1)?;
        match marker {
            0xff => at += 1, // a fill byte
            0xd9 => {
                walk.keep(at..at + 2);
                return Some(walk);
            }
            0x01 | 0xd0..=0xd8 => return None, // stand only inside a scan
            _ => {
                let length = number(file.get(at + 2..at + 4)?) as usize;
                let end = at + 2 + length;
                let body = file.get(at + 4..end)?;
                if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
                    walk.declares(number(body.get(3..5)?), number(body.get(1..3)?));
                }
                let turned = if marker == 0xe1 && walk.turned.is_none() { orientation(body) } else { None };
                if let Some(turned) = turned {
                    let is_ours = file.get(at..end) == Some(&turn(turned)[..]);
                    walk.turned = Some((turned, (!is_ours).then_some(at)));
                    if is_ours {
                        walk.keep(at..end);
                    }
                } else if jpeg_shows(marker, body) {
                    walk.keep(at..end);
                }
                at = end;
                if marker == 0xda {
                    walk.has_image = true;
                    at = after_scan(file, end)?;
                    walk.keep(end..at);
                }
            }
        }
    }
}

/// Whether a segment is needed to show the picture. Of the applications' own only the pixel ratio, the colour
/// profile and Adobe's note on the colour transform are; comments and the rest (EXIF, XMP, IPTC) are not. How the picture is
/// turned stands in EXIF: see [`turn`].
fn jpeg_shows(marker: u8, body: &[u8]) -> bool {
    match marker {
        0xe0 => body.starts_with(b"JFIF\0"),
        0xe2 => body.starts_with(b"ICC_PROFILE\0"),
        0xee => body.starts_with(b"Adobe"),
        0xe1..=0xef | 0xfe => false,
        _ => true,
    }
}

/// How EXIF says that a picture is turned (EXIF 2.32, 4.6.4, tag 0x0112), where that is not upright anyway.
fn orientation(body: &[u8]) -> Option<u8> {
    let tiff = body.strip_prefix(b"Exif\0\0")?;
    let number: fn(&[u8]) -> u32 = match tiff.get(..4)? {
        b"MM\0*" => number,
        b"II*\0" => little,
        _ => return None,
    };
    let entries = tiff.get(number(tiff.get(4..8)?) as usize..)?;
    let many = number(entries.get(..2)?) as usize;
    let mut entries = entries.get(2..)?.chunks_exact(12).take(many);
    let entry = entries.find(|entry| entry.get(..2).map(number) == Some(0x0112))?;
    let is_one_short = entry.get(2..4).map(number) == Some(3) && entry.get(4..8).map(number) == Some(1);
    let turned = u8::try_from(number(entry.get(8..10)?)).ok()?;
    (is_one_short && matches!(turned, 2..=8)).then_some(turned)
}

/// A segment of EXIF that says how the picture is turned, and nothing else.
fn turn(turned: u8) -> [u8; 36] {
    let mut segment = *b"\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    segment[29] = turned;
    segment
}

/// Where the compressed data of a scan ends: at the next marker that is neither a stuffed zero nor a restart.
fn after_scan(file: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += file.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        match *file.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The ancillary chunks that change what is seen; text, time and EXIF are not among them.
const PNG_SEEN: [&[u8]; 14] = [
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"cICP", b"mDCV", b"cLLI", b"acTL",
    b"fcTL", b"fdAT",
];

/// Chunks up to `IEND`. `None` if it breaks off.
fn png(file: &[u8]) -> Option<Walk> {
    let mut walk = Walk::default();
    walk.keep(0..8);
    let mut at = 8;
    loop {
        let length = number(file.get(at..at + 4)?) as usize;
        let name = file.get(at + 4..at + 8)?;
        let end = at.checked_add(length)?.checked_add(12)?;
        let body = file.get(at + 8..end)?.get(..length)?; // behind it the checksum, which must be there too
        if (at == 8) != (name == b"IHDR") {
            return None;
        }
        match name {
            b"IHDR" => walk.declares(number(body.get(0..4)?), number(body.get(4..8)?)),
            b"IDAT" => walk.has_image = true,
            _ => {}
        }
        let is_critical = name.first().is_some_and(u8::is_ascii_uppercase);
        if is_critical || PNG_SEEN.contains(&name) {
            walk.keep(at..end);
        }
        at = end;
        if name == b"IEND" {
            return Some(walk);
        }
    }
}

/// Chunks as far as the container says (RFC 9649). `None` if it breaks off.
fn webp(file: &[u8]) -> Option<Walk> {
    let mut walk = Walk::default();
    walk.keep(0..12);
    let whole = little(file.get(4..8)?) as usize + 8;
    let inside = file.get(..whole)?;
    let mut at = 12;
    while at < whole {
        let name = inside.get(at..at + 4)?;
        let length = little(inside.get(at + 4..at + 8)?) as usize;
        let body = inside.get(at + 8..at.checked_add(8)?.checked_add(length)?)?;
        // Chunks are padded to an even length; some writers forget it at the very end.
        let end = (at + 8 + length + length % 2).min(whole);
        match name {
            b"VP8X" => walk.declares(little(body.get(4..7)?) + 1, little(body.get(7..10)?) + 1),
            b"VP8 " => {
                if body.get(3..6)? != [0x9d, 0x01, 0x2a] {
                    return None;
                }
                walk.declares(little(body.get(6..8)?) & 0x3fff, little(body.get(8..10)?) & 0x3fff);
                walk.has_image = true;
            }
            b"VP8L" => {
                if *body.first()? != 0x2f {
                    return None;
                }
                let bits = little(body.get(1..5)?);
                walk.declares((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1);
                walk.has_image = true;
            }
            b"ANMF" => walk.has_image = true,
            _ => {}
        }
        if matches!(name, b"VP8X" | b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP") {
            walk.keep(at..end);
        }
        at = end;
    }
    Some(walk)
}

/// A WebP after chunks were left out: the container's length again, and no flag for what is gone.
fn rewrapped(mut file: Vec<u8>) -> Vec<u8> {
    let length = u32::try_from(file.len().saturating_sub(8)).unwrap_or_default();
    if let Some(place) = file.get_mut(4..8) {
        place.copy_from_slice(&length.to_le_bytes());
    }
    if file.get(12..16) == Some(b"VP8X")
        && let Some(flags) = file.get_mut(20)
    {
        *flags &= !0b1100; // EXIF, XMP
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Network;

    #[test]
    fn what_an_iphone_writes_is_known_by_its_brands() {
        let file = |brands: &[&[u8; 4]]| {
            let body: Vec<u8> = brands[1..].iter().flat_map(|brand| **brand).collect();
            let head = 16 + body.len() as u32;
            [&head.to_be_bytes()[..], b"ftyp", brands[0], b"\0\0\0\0", &body, b"\0\0\0\x24meta"].concat()
        };
        assert!(is_heic(&file(&[b"heic", b"mif1", b"heic"])));
        assert!(is_heic(&file(&[b"heix"])));
        assert!(is_heic(&file(&[b"mif1", b"MiHE", b"heic"])));
        for other in [&[b"avif", b"mif1", b"miaf"][..], &[b"mif1", b"avif"], &[b"isom", b"mp42"], &[b"qt  "]] {
            assert!(!is_heic(&file(other)), "{other:?}");
        }
        for no in [&b""[..], b"\0\0\0\x18ftyp", b"\0\0\0\0ftypheic", b"\xff\xd8\xff\xe0heicheic"] {
            assert!(!is_heic(no), "{no:?}");
        }
    }

    #[test]
    fn what_is_cut_is_of_an_allowed_shape_whatever_it_was() {
        for shapes in [Network::Instagram, Network::Threads].map(|network| network.limits().shapes.unwrap()) {
            for width in (1..2_100).step_by(7) {
                for height in (1..2_100).step_by(11) {
                    let cut = cut((width, height), Some(shapes), None);
                    assert!(shapes.take(cut.drawn.0, cut.drawn.1), "{width} × {height}: {cut:?}");
                    assert!(
                        cut.drawn.0 <= 1_440 && cut.from.0 + cut.part.0 <= width && cut.from.1 + cut.part.1 <= height
                    );
                    assert!(cut.part == (width, height) || !shapes.take(width, height), "more was cut than must be");
                }
            }
        }
    }

    #[test]
    fn a_large_picture_is_fitted_and_a_small_one_left() {
        assert_eq!(within((4_000, 3_000), 2_048), (2_048, 1_536));
        assert_eq!(within((3_000, 1), 2_048), (2_048, 1));
        assert_eq!(within((800, 600), 2_048), (800, 600));
    }

    #[test]
    fn a_thumbnail_is_small_and_of_the_same_proportion() {
        for (of, small) in [
            ((2_048, 1_536), (320, 240)),
            ((2_048, 1_365), (320, 214)),
            ((200, 100), (200, 100)),
            ((3_000, 1), (320, 1)),
        ] {
            assert!(is_thumbnail(of, small), "{of:?} {small:?}");
        }
        for (of, small) in [
            ((2_048, 1_536), (240, 320)),
            ((2_048, 1_536), (2_048, 1_536)),
            ((2_048, 1_536), (320, 320)),
            ((2_048, 1_536), (160, 120)),
            ((100, 100), (320, 320)),
            ((330, 330), (321, 321)),
        ] {
            assert!(!is_thumbnail(of, small), "{of:?} {small:?}");
        }
    }

    #[test]
    fn the_middle_stays() {
        let shapes = Network::Instagram.limits().shapes;
        assert_eq!(
            cut((1_000, 2_000), shapes, None),
            Cut { from: (0, 375), part: (1_000, 1_250), drawn: (1_000, 1_250) }
        );
        assert_eq!(cut((2_000, 500), shapes, None), Cut { from: (522, 0), part: (955, 500), drawn: (955, 500) });
        assert_eq!(cut((2_048, 2_048), shapes, None).drawn, (1_440, 1_440));
        assert_eq!(cut((8, 5), None, None).part, (8, 5));
    }

    #[test]
    fn the_strictest_of_several_holds_for_all() {
        let of = |networks: &[Network]| strictest(networks.iter().filter_map(|one| one.limits().shapes));
        let instagram = Network::Instagram.limits().shapes;
        assert_eq!(of(&[Network::Threads, Network::Instagram]), instagram);
        assert_eq!(of(&[Network::Instagram, Network::Bluesky]), instagram);
        assert_eq!(of(&[Network::Bluesky]), None);
    }
    use proptest::prelude::*;

    const MOST: u64 = 50_000_000;

    /// EXIF with one GPS tag: latitude reference N.
    const EXIF: &[u8] = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0";

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], body].concat()
    }

    fn a_jpeg(width: u16, height: u16, extra: &[Vec<u8>]) -> Vec<u8> {
        let size = [&[8][..], &height.to_be_bytes(), &width.to_be_bytes(), &[1, 1, 0x11, 0]].concat();
        let mut file = vec![0xff, 0xd8];
        file.extend(segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"));
        file.extend(extra.concat());
        file.extend(segment(0xc0, &size));
        file.extend(segment(0xda, &[1, 1, 0, 0, 63, 0]));
        file.extend([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0xd9]);
        file
    }

    fn chunk(name: &[u8], body: &[u8]) -> Vec<u8> {
        [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], name, body, &[0; 4]].concat()
    }

    fn a_png(width: u32, height: u32, extra: &[Vec<u8>]) -> Vec<u8> {
        let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
        [PNG.to_vec(), chunk(b"IHDR", &header), extra.concat(), chunk(b"IDAT", b"x"), chunk(b"IEND", b"")].concat()
    }

    fn riff(chunks: &[(&[u8], Vec<u8>)]) -> Vec<u8> {
        let mut inside = b"WEBP".to_vec();
        for (name, body) in chunks {
            inside.extend([name, &u32::try_from(body.len()).unwrap().to_le_bytes()[..], body].concat());
            inside.extend(vec![0; body.len() % 2]);
        }
        [b"RIFF", &u32::try_from(inside.len()).unwrap().to_le_bytes()[..], &inside].concat()
    }

    fn lossy(width: u16, height: u16) -> Vec<u8> {
        [&[0, 0, 0, 0x9d, 0x01, 0x2a][..], &width.to_le_bytes(), &height.to_le_bytes(), b"x"].concat()
    }

    fn extended(width: u32, height: u32, flags: u8) -> Vec<u8> {
        let three = |number: u32| number.to_le_bytes()[..3].to_vec();
        [vec![flags, 0, 0, 0], three(width - 1), three(height - 1)].concat()
    }

    fn seen(file: &[u8]) -> Result<(PictureType, u32, u32, bool), Refusal> {
        inspect(file, MOST).map(|found| (found.mime, found.width, found.height, found.clean.is_some()))
    }

    #[test]
    fn a_picture_says_its_type_and_its_size() {
        assert_eq!(seen(&a_jpeg(800, 600, &[])), Ok((PictureType::Jpeg, 800, 600, false)));
        assert_eq!(seen(&a_png(320, 200, &[])), Ok((PictureType::Png, 320, 200, false)));
        assert_eq!(seen(&riff(&[(b"VP8 ", lossy(640, 480))])), Ok((PictureType::Webp, 640, 480, false)));
        let bits = (99_u32 | (49 << 14)).to_le_bytes();
        let lossless = riff(&[(b"VP8L", [&[0x2f][..], &bits].concat())]);
        assert_eq!(seen(&lossless), Ok((PictureType::Webp, 100, 50, false)));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
        let files: [&[u8]; 6] =
            [svg, b"", b"GIF89a\x01\0\x01\0", b"%PDF-1.7", b"\xff\xd8\xff\xd9", b"RIFF\x04\0\0\0WEBP"];
        for file in files {
            assert_eq!(inspect(file, MOST), Err(Refusal::NotAPicture), "{file:?}");
        }
    }

    #[test]
    fn a_picture_that_breaks_off_anywhere_is_refused() {
        let files = [
            a_jpeg(8, 8, &[segment(0xe1, EXIF)]),
            a_png(8, 8, &[chunk(b"tEXt", b"a\0b")]),
            riff(&[(b"VP8X", extended(8, 8, 8)), (b"VP8 ", lossy(8, 8)), (b"EXIF", EXIF.to_vec())]),
        ];
        for file in files {
            for length in 0..file.len() {
                assert_eq!(inspect(&file[..length], MOST), Err(Refusal::NotAPicture), "{length} of {}", file.len());
            }
        }
    }

    #[test]
    fn a_bomb_is_refused_by_what_it_declares() {
        let pixels = 60_000 * 60_000;
        let bombs = [
            a_jpeg(60_000, 60_000, &[]),
            a_png(60_000, 60_000, &[]),
            riff(&[(b"VP8X", extended(60_000, 60_000, 0)), (b"VP8 ", lossy(8, 8))]),
        ];
        for bomb in bombs {
            assert_eq!(inspect(&bomb, MOST), Err(Refusal::TooManyPixels { limit: MOST, pixels }));
        }
        assert_eq!(inspect(&a_png(0, 8, &[]), MOST), Err(Refusal::NotAPicture));
    }

    #[test]
    fn a_position_and_comments_are_left_out_and_the_rest_is_as_it_was() {
        let profile = segment(0xe2, b"ICC_PROFILE\0\x01\x01profile");
        let carrying = a_jpeg(8, 8, &[segment(0xe1, EXIF), profile.clone(), segment(0xfe, b"taken at home")]);
        assert_eq!(inspect(&carrying, MOST).unwrap().clean, Some(a_jpeg(8, 8, &[profile])));

        let hidden = [chunk(b"eXIf", EXIF), chunk(b"gAMA", &[0; 4]), chunk(b"iTXt", b"XML:com.adobe.xmp\0")];
        let clean = inspect(&a_png(8, 8, &hidden), MOST).unwrap().clean;
        assert_eq!(clean, Some(a_png(8, 8, &hidden[1..2])));

        let carrying = riff(&[
            (b"VP8X", extended(8, 8, 0b1100)),
            (b"VP8 ", lossy(8, 8)),
            (b"EXIF", EXIF.to_vec()),
            (b"XMP ", b"<x/>".to_vec()),
        ]);
        let clean = riff(&[(b"VP8X", extended(8, 8, 0)), (b"VP8 ", lossy(8, 8))]);
        assert_eq!(inspect(&carrying, MOST).unwrap().clean, Some(clean));
    }

    /// EXIF of a telephone, little-endian: its maker, how it was held, where it was.
    fn exif(turned: u8) -> Vec<u8> {
        let entries: [&[u8]; 3] = [
            b"\x0f\x01\x02\0\x04\0\0\0Tel\0",
            &[0x12, 1, 3, 0, 1, 0, 0, 0, turned, 0, 0, 0],
            b"\x25\x88\x04\0\x01\0\0\0\x32\0\0\0",
        ];
        let position = b"\x01\0\x01\0\x02\0\0\0N\0\0\0\0\0\0\0";
        [&b"Exif\0\0II*\0\x08\0\0\0\x03\0"[..], &entries.concat(), &[0; 4], position].concat()
    }

    #[test]
    fn which_way_up_a_telephone_was_held_is_all_that_stays_of_what_it_wrote() {
        let comment = segment(0xfe, b"at home");
        for turned in 2..=8 {
            let found = inspect(&a_jpeg(40, 30, &[segment(0xe1, &exif(turned)), comment.clone()]), MOST).unwrap();
            let clean = found.clean.unwrap();
            assert_eq!(clean, a_jpeg(40, 30, &[turn(turned).to_vec()]));
            assert!(!clean.windows(3).any(|bytes| bytes == b"Tel") && !clean.contains(&b'N'));
            assert_eq!(seen(&clean), Ok((PictureType::Jpeg, found.width, found.height, false)), "clean once is clean");
            let shown = if turned < 5 { (40, 30) } else { (30, 40) };
            assert_eq!((found.width, found.height), shown, "{turned}");
        }
        assert_eq!(orientation(&turn(6)[4..]), Some(6));
        // Upright, or no number of a way to hold one: as it was.
        for turned in [0, 1, 9, 255] {
            let found = inspect(&a_jpeg(40, 30, &[segment(0xe1, &exif(turned))]), MOST).unwrap();
            assert_eq!((found.clean, found.width), (Some(a_jpeg(40, 30, &[])), 40), "{turned}");
        }
        // Said twice, the first one counts; broken anywhere, none.
        let twice = a_jpeg(40, 30, &[turn(6).to_vec(), segment(0xe1, &exif(3))]);
        assert_eq!(inspect(&twice, MOST).unwrap().clean, Some(a_jpeg(40, 30, &[turn(6).to_vec()])));
        let whole = exif(6);
        for length in 0..whole.len() {
            let found = inspect(&a_jpeg(40, 30, &[segment(0xe1, &whole[..length])]), MOST).unwrap();
            assert!(found.clean == Some(a_jpeg(40, 30, &[])) || length >= 40, "{length}");
        }
    }

    #[test]
    fn what_hangs_behind_the_end_is_left_out() {
        let picture = a_jpeg(8, 8, &[]);
        let second = [picture.clone(), a_jpeg(8, 8, &[segment(0xe1, EXIF)])].concat();
        assert_eq!(inspect(&second, MOST).unwrap().clean, Some(picture));
        let picture = a_png(8, 8, &[]);
        let zipped = [&picture[..], b"PK\x03\x04"].concat();
        assert_eq!(inspect(&zipped, MOST).unwrap().clean, Some(picture));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_stumble(start in 0_usize..4, bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let starts: [&[u8]; 4] = [b"", b"\xff\xd8\xff", PNG, b"RIFF\x40\0\0\0WEBPVP8X"];
            let file = [starts[start], &bytes].concat();
            if let Ok(found) = inspect(&file, MOST) && let Some(clean) = found.clean {
                // What was cleaned once is clean.
                prop_assert_eq!(inspect(&clean, MOST).map(|again| again.clean), Ok(None));
            }
        }
    }
}

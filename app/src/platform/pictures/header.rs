//! What the first bytes of a picture say: its type, its pixels, whether it carries a position, whether it moves.
//! Separate and pure: a bomb must be refused by its header, before any decoder sees it.

use domain::PictureType;

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Its type.
    pub mime: PictureType,
    /// Pixels across, as declared.
    pub width: u32,
    /// Pixels down, as declared.
    pub height: u32,
    /// Whether it says where it was taken (EXIF GPS or the same in XMP).
    pub position: bool,
    /// Whether it is animated: only its first frame is drawn.
    pub moves: bool,
}

impl Header {
    /// Reads it; nothing if the bytes are not a JPEG, PNG or WebP picture.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (mime, (width, height), exif, moves) = if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            let (size, exif) = jpeg(bytes);
            (PictureType::Jpeg, size?, exif, false)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            let size = (be32(bytes, 16)?, be32(bytes, 20)?);
            // APNG, by its control chunk (PNG 3rd edition, 11.3.6.1).
            let moves = chunk(bytes, 8, b"acTL", true).is_some();
            (PictureType::Png, size, chunk(bytes, 8, b"eXIf", true), moves)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            // The animation bit of the extended header (RFC 9649, 2.7).
            let moves = bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|flags| flags & 2 != 0);
            (PictureType::Webp, webp(bytes)?, chunk(bytes, 12, b"EXIF", false), moves)
        } else {
            return None;
        };
        let position = exif.is_some_and(has_gps) || names_gps(bytes);
        (width > 0 && height > 0).then_some(Self { mime, width, height, position, moves })
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// The size from the frame header, and the EXIF block if there is one before it.
fn jpeg(bytes: &[u8]) -> (Option<(u32, u32)>, Option<&[u8]>) {
    let (mut at, mut exif) = (2, None);
    while let (Some(&[0xFF, marker]), Some(length)) = (bytes.get(at..at + 2), be16(bytes, at + 2)) {
        // Fill bytes before a marker.
        if marker == 0xFF {
            at += 1;
            continue;
        }
        let body = bytes.get(at + 4..at + 2 + usize::from(length));
        match marker {
            0xE1 => exif = exif.or(body.and_then(|body| body.strip_prefix(b"Exif\0\0"))),
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let size = be16(bytes, at + 7).zip(be16(bytes, at + 5));
                return (size.map(|(width, height)| (width.into(), height.into())), exif);
            }
            // The picture itself begins: no frame header stood before it.
            0xDA => break,
            _ => {}
        }
        at += 2 + usize::from(length).max(2);
    }
    (None, exif)
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    let le24 = |at: usize| -> Option<u32> {
        let [low, middle, high] = bytes.get(at..at + 3)?.try_into().ok()?;
        Some(u32::from_le_bytes([low, middle, high, 0]))
    };
    match bytes.get(12..16)? {
        b"VP8X" => Some((le24(24)? + 1, le24(27)? + 1)),
        b"VP8L" => {
            let bits = u32::from_le_bytes(bytes.get(21..25)?.try_into().ok()?);
            Some(((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1))
        }
        b"VP8 " => {
            let side =
                |at: usize| Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)) & 0x3FFF);
            Some((side(26)?, side(28)?))
        }
        _ => None,
    }
}

/// The body of a chunk: PNG writes length then name, WebP name then length, and pads to even.
fn chunk<'a>(bytes: &'a [u8], mut at: usize, wanted: &[u8; 4], png: bool) -> Option<&'a [u8]> {
    loop {
        let (name, length) = if png {
            (bytes.get(at + 4..at + 8)?, be32(bytes, at)? as usize)
        } else {
            (bytes.get(at..at + 4)?, be32(bytes, at + 4)?.swap_bytes() as usize)
        };
        let end = (at + 8).checked_add(length)?;
        if name == wanted {
            return bytes.get(at + 8..end.min(bytes.len()));
        }
        // PNG has a checksum behind each chunk.
        at = if png { end.checked_add(4)? } else { end.checked_add(length % 2)? };
    }
}

/// Whether the first directory of a TIFF block points to one of positions (tag 0x8825).
fn has_gps(tiff: &[u8]) -> bool {
    let little = tiff.starts_with(b"II");
    let u16_at = |at: usize| be16(tiff, at).map(|value| if little { value.swap_bytes() } else { value });
    let u32_at = |at: usize| be32(tiff, at).map(|value| if little { value.swap_bytes() } else { value });
    let Some(start) = u32_at(4).map(|start| start as usize) else { return false };
    let Some(count) = u16_at(start) else { return false };
    (0..usize::from(count)).any(|entry| u16_at(start + 2 + entry * 12) == Some(0x8825))
}

/// XMP writes positions as words; they stand near the front.
fn names_gps(bytes: &[u8]) -> bool {
    let front = &bytes[..bytes.len().min(256 * 1024)];
    front.windows(11).any(|window| window == b"GPSLatitude")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg_with(exif: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8];
        if !exif.is_empty() {
            bytes.extend([0xFF, 0xE1]);
            bytes.extend(u16::try_from(exif.len() + 8).unwrap_or_default().to_be_bytes());
            bytes.extend(b"Exif\0\0");
            bytes.extend(exif);
        }
        bytes.extend([0xFF, 0xC0, 0, 17, 8, 0x02, 0x00, 0x03, 0x00, 3]);
        bytes
    }

    #[test]
    fn a_position_in_a_jpeg_is_seen() {
        let gps = b"MM\0\x2a\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\0";
        let header = Header { mime: PictureType::Jpeg, width: 768, height: 512, position: true, moves: false };
        assert_eq!(Header::read(&jpeg_with(gps)), Some(header));
        assert_eq!(Header::read(&jpeg_with(&[])), Some(Header { position: false, ..header }));
    }

    #[test]
    fn a_png_that_declares_a_bomb_says_so() {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(60_000_u32.to_be_bytes());
        bytes.extend(60_000_u32.to_be_bytes());
        assert_eq!(Header::read(&bytes).map(|header| (header.width, header.height)), Some((60_000, 60_000)));
    }

    #[test]
    fn a_picture_that_moves_is_told_from_one_that_does_not() {
        let moves = |bytes: &[u8]| Header::read(bytes).map(|header| header.moves);
        let webp =
            |flags: u8| [b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0".as_slice(), &[flags, 0, 0, 0, 7, 0, 0, 7, 0, 0]].concat();
        assert_eq!((moves(&webp(0x02)), moves(&webp(0x12)), moves(&webp(0x10))), (Some(true), Some(true), Some(false)));
        let head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x08\0\0\0\x08\x08\x02\0\0\0crc!".as_slice();
        let apng = [head, b"\0\0\0\x08acTL\0\0\0\x02\0\0\0\0crc!"].concat();
        assert_eq!((moves(&apng), moves(head), moves(&jpeg_with(&[]))), (Some(true), Some(false), Some(false)));
    }

    #[test]
    fn what_is_no_picture_is_none() {
        for bytes in [b"".as_slice(), b"<svg onload=alert(1)>", b"\xFF\xD8\xFF", b"RIFF0000WEBPVP8X", b"GIF89a"] {
            assert_eq!(Header::read(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn broken_lengths_do_not_run_over_the_end() {
        let gps = b"II\x2a\0\xff\xff\xff\xff";
        assert!(Header::read(&jpeg_with(gps)).is_some_and(|header| !header.position));
        assert_eq!(Header::read(b"\xFF\xD8\xFF\xE0\xFF\xFF\0"), None);
    }
}

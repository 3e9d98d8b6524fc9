//! The container: a zip (APPNOTE 6.3), of which a part is unpacked when it is asked for and as far as a ceiling, whatever it says
//! of its own size. Written without packing: what leaves for a disk need not be small, and what packs is a program of its own.

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

use crate::import::Unreadable;

/// The most parts of a workbook: a hundred sheets, each with its drawings.
const MOST_ENTRIES: usize = 2_000;
/// How far from the end the last record may begin: its own 22 bytes, and the longest remark behind it.
const MOST_TAIL: usize = 22 + 65_535;
/// A number that stands elsewhere, because it has more than 32 bits.
const ELSEWHERE: u64 = 0xffff_ffff;

/// A part as the directory tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    name: String,
    flags: u16,
    method: u16,
    sum: u32,
    packed: usize,
    whole: usize,
    at: usize,
}

/// A container.
#[derive(Debug, Clone)]
pub struct Archive<'a> {
    bytes: &'a [u8],
    entries: Vec<Entry>,
}

/// A part, unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it says, or the beginning of it.
    pub text: String,
    /// Whether it goes on.
    pub cut: bool,
}

impl<'a> Archive<'a> {
    /// Reads the directory.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let entries = directory(bytes).ok_or(Unreadable::Damaged)?;
        Ok(Self { bytes, entries })
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        let name = name.trim_start_matches('/');
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// A part, or its first `most` bytes; nothing if there is none of this name.
    pub fn part(&self, name: &str, most: usize) -> Result<Option<Part>, Unreadable> {
        let Some(entry) = self.find(name) else { return Ok(None) };
        if entry.flags & 1 != 0 {
            return Err(Unreadable::Locked);
        }
        let (bytes, cut) = self.unpacked(entry, most).ok_or(Unreadable::Damaged)?;
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            // Cut within a letter.
            Err(broken) if cut => {
                let sound = broken.utf8_error().valid_up_to();
                let mut bytes = broken.into_bytes();
                bytes.truncate(sound);
                String::from_utf8(bytes).unwrap_or_default()
            }
            Err(_) => return Err(Unreadable::Damaged),
        };
        Ok(Some(Part { text, cut }))
    }

    /// What an entry unfolds to, and whether that is only the beginning.
    fn unpacked(&self, entry: &Entry, most: usize) -> Option<(Vec<u8>, bool)> {
        let head = self.bytes.get(entry.at..)?;
        let names = usize::from(short(head, 26)?) + usize::from(short(head, 28)?);
        let is_head = head.starts_with(b"PK\x03\x04");
        let packed = head.get(30 + names..)?.get(..entry.packed).filter(|_| is_head)?;
        let (bytes, cut) = match entry.method {
            0 => (packed.get(..most).unwrap_or(packed).to_vec(), packed.len() > most),
            8 => match decompress_to_vec_with_limit(packed, most) {
                Ok(bytes) => (bytes, false),
                Err(why) if why.status == TINFLStatus::HasMoreOutput => (why.output, true),
                Err(_) => return None,
            },
            _ => return None,
        };
        let is_sound = || bytes.len() == entry.whole && crc(&bytes) == entry.sum;
        (cut || is_sound()).then_some((bytes, cut))
    }
}

pub(crate) fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

pub(crate) fn long(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

fn directory(bytes: &[u8]) -> Option<Vec<Entry>> {
    let from = bytes.len().saturating_sub(MOST_TAIL);
    let at = bytes.get(from..)?.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let last = bytes.get(from + at..).filter(|last| last.len() >= 22)?;
    let (many, begins) = (usize::from(short(last, 10)?), long(last, 16)? as usize);
    if many > MOST_ENTRIES {
        return None;
    }
    let mut rest = bytes.get(begins..)?;
    let mut entries = Vec::with_capacity(many);
    for _ in 0..many {
        let (entry, length) = entry(rest)?;
        entries.push(entry);
        rest = rest.get(length..)?;
    }
    Some(entries)
}

/// The entry that the directory has here, and how long that is.
fn entry(head: &[u8]) -> Option<(Entry, usize)> {
    let length = |at: usize| short(head, at).map(usize::from);
    let (named, extra, remark) = (length(28)?, length(30)?, length(32)?);
    let name = head.get(46..46 + named).filter(|_| head.starts_with(b"PK\x01\x02"))?;
    let mut sizes = [long(head, 24)?, long(head, 20)?, long(head, 42)?].map(u64::from);
    let mut extras = head.get(46 + named..46 + named + extra)?;
    // Programs that write a workbook row by row have not counted yet when they begin, and take the wide numbers.
    while let (Some(kind), Some(long)) = (short(extras, 0), short(extras, 2)) {
        let field = extras.get(4..4 + usize::from(long))?;
        if kind == 1 {
            let mut wide = field.chunks_exact(8);
            for size in sizes.iter_mut().filter(|size| **size == ELSEWHERE) {
                *size = u64::from_le_bytes(wide.next()?.try_into().ok()?);
            }
        }
        extras = &extras[4 + usize::from(long)..];
    }
    let [whole, packed, at] = sizes.map(|size| usize::try_from(size).ok());
    let entry = Entry {
        name: String::from_utf8_lossy(name).into_owned(),
        flags: short(head, 8)?,
        method: short(head, 10)?,
        sum: long(head, 16)?,
        packed: packed?,
        whole: whole?,
        at: at?,
    };
    Some((entry, 46 + named + extra + remark))
}

/// The remainders of each byte (ISO 3309, as zip reckons it: 0xEDB88320).
static REMAINDERS: [u32; 256] = {
    let mut all = [0; 256];
    let mut byte = 0;
    while byte < all.len() {
        let mut left = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            left = (left >> 1) ^ (0xedb8_8320 * (left & 1));
            bit += 1;
        }
        all[byte] = left;
        byte += 1;
    }
    all
};

/// What is left over before the first byte.
pub(crate) const FIRST: u32 = !0;

/// What is left over after more bytes. Turned over, it is the checksum of all of them.
pub(crate) fn more(left: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(left, |left, byte| (left >> 8) ^ REMAINDERS[usize::from(left as u8 ^ byte)])
}

/// The checksum of a part.
fn crc(bytes: &[u8]) -> u32 {
    !more(FIRST, bytes)
}

/// A container of these parts, not packed. All are of the first day that a zip can tell: there is no clock here.
pub fn stored(parts: &[(&str, String)]) -> Vec<u8> {
    let (mut file, mut listed) = (Vec::new(), Vec::new());
    for (name, text) in parts {
        let bytes = text.as_bytes();
        let (at, size) = (file.len() as u32, (bytes.len() as u32).to_le_bytes());
        // Version 2.0, names in Unicode, not packed, midnight of 1 January 1980.
        let mut told = b"\x14\0\0\x08\0\0\0\0\x21\0".to_vec();
        told.extend(crc(bytes).to_le_bytes());
        told.extend([size, size].concat());
        told.extend((name.len() as u16).to_le_bytes());
        told.extend(b"\0\0");
        file.extend([&b"PK\x03\x04"[..], &told, name.as_bytes(), bytes].concat());
        // No remark, of the first disk, nothing said of the file it came from.
        listed.extend([&b"PK\x01\x02\x14\0"[..], &told, &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
    }
    let many = (parts.len() as u16).to_le_bytes();
    let (length, begins) = ((listed.len() as u32).to_le_bytes(), (file.len() as u32).to_le_bytes());
    file.extend(listed);
    file.extend([&b"PK\x05\x06\0\0\0\0"[..], &many, &many, &length, &begins, b"\0\0"].concat());
    file
}

/// What the tests pack.
#[cfg(test)]
pub mod bench {
    use miniz_oxide::deflate::compress_to_vec;

    use super::*;

    /// The same container, with its parts packed.
    pub fn packed(parts: &[(&str, String)]) -> Vec<u8> {
        let names: Vec<_> = parts.iter().map(|(name, _)| (*name, String::new())).collect();
        let hollow = stored(&names);
        let (mut file, mut listed) = (Vec::new(), Vec::new());
        for (entry, (name, text)) in directory(&hollow).unwrap().iter().zip(parts) {
            let (bytes, at) = (compress_to_vec(text.as_bytes(), 6), file.len() as u32);
            let head = &hollow[entry.at..entry.at + 30];
            let sizes = [(bytes.len() as u32).to_le_bytes(), (text.len() as u32).to_le_bytes()].concat();
            let sum = crc(text.as_bytes()).to_le_bytes();
            let told = [&head[4..8], b"\x08\0", &head[10..14], &sum, &sizes, &head[26..30]].concat();
            file.extend([&b"PK\x03\x04"[..], &told, name.as_bytes(), &bytes].concat());
            listed.extend([&b"PK\x01\x02\x14\0"[..], &told, &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
        }
        let many = (parts.len() as u16).to_le_bytes();
        let (length, begins) = ((listed.len() as u32).to_le_bytes(), (file.len() as u32).to_le_bytes());
        file.extend(listed);
        file.extend([&b"PK\x05\x06\0\0\0\0"[..], &many, &many, &length, &begins, b"\0\0"].concat());
        file
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{bench::packed, *};

    fn texts() -> Vec<(&'static str, String)> {
        vec![("a.xml", "Día".repeat(900)), ("xl/b.xml", String::new()), ("[Content_Types].xml", "<t/>".to_owned())]
    }

    /// Of Python: `ZipFile.writestr` of `("a/ñ.txt", "Pleno Pleno Pleno")` with `ZIP_DEFLATED`, on 1 January 1980.
    const OTHERS: &str = "504b030414000008080000002100f064f8210a0000001100000008000000612fc3b12e7478740bc849cdcb5708409000504b\
        0102140314000008080000002100f064f8210a00000011000000080000000000000000000000800100000000612fc3b12e74\
        7874504b0506000000000100010036000000300000000000";

    #[test]
    fn the_checksum_is_the_one_of_zip() {
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc(b""), 0);
    }

    #[test]
    fn what_others_packed_is_unpacked() {
        let bytes: Vec<u8> =
            (0..OTHERS.len() / 2).map(|at| u8::from_str_radix(&OTHERS[at * 2..at * 2 + 2], 16).unwrap()).collect();
        let part = Archive::open(&bytes).unwrap().part("/A/ñ.TXT", 17).unwrap();
        assert_eq!(part, Some(Part { text: "Pleno Pleno Pleno".to_owned(), cut: false }));
    }

    #[test]
    fn what_was_put_in_comes_out() {
        for file in [stored(&texts()), packed(&texts())] {
            let archive = Archive::open(&file).unwrap();
            for (name, text) in texts() {
                assert_eq!(archive.part(name, 10_000), Ok(Some(Part { text, cut: false })));
            }
            assert_eq!(archive.part("c.xml", 10), Ok(None));
        }
    }

    #[test]
    fn what_unfolds_without_end_is_cut() {
        // A letter of two bytes stands across the border.
        let text = ["x", &"ñ".repeat(200_000)].concat();
        for (file, most_bytes) in
            [(packed(&[("a.xml", text.clone())]), 2_000), (stored(&[("a.xml", text.clone())]), 500_000)]
        {
            assert!(file.len() < most_bytes);
            let archive = Archive::open(&file).unwrap();
            let part = archive.part("a.xml", 100_000).unwrap().unwrap();
            assert!(part.cut && part.text.len() == 99_999 && text.starts_with(&part.text));
            assert!(!archive.part("a.xml", 400_001).unwrap().unwrap().cut);
        }
    }

    #[test]
    fn what_is_damaged_or_locked_says_so() {
        let sound = packed(&texts());
        let read = |file: &[u8]| Archive::open(file).and_then(|archive| archive.part("a.xml", 10_000));
        assert!(read(&sound).is_ok());
        for end in 0..sound.len() {
            assert_eq!(Archive::open(&sound[..end]).err(), Some(Unreadable::Damaged), "{end}");
        }
        // Locked, packed in another way, another checksum, another size.
        let last = sound.len() - 22;
        let begins = long(&sound, last + 16).unwrap() as usize;
        for (at, value, said) in [
            (8, 1, Unreadable::Locked),
            (10, 12, Unreadable::Damaged),
            (16, sound[begins + 16] ^ 1, Unreadable::Damaged),
            (24, sound[begins + 24] ^ 1, Unreadable::Damaged),
        ] {
            let mut file = sound.clone();
            file[begins + at] = value;
            assert_eq!(read(&file), Err(said), "{at}");
        }
        let mut crowded = sound;
        crowded[last + 10..last + 12].copy_from_slice(&2_001_u16.to_le_bytes());
        assert_eq!(read(&crowded), Err(Unreadable::Damaged));
    }

    #[test]
    fn wide_numbers_are_read_where_they_stand() {
        let file = stored(&[("a", "Pleno".to_owned())]);
        let begins = long(&file, file.len() - 6).unwrap() as usize;
        let mut listed = file[begins..file.len() - 22].to_vec();
        listed[20..28].fill(0xff);
        listed[30..32].copy_from_slice(&20_u16.to_le_bytes());
        listed.extend(b"\x01\0\x10\0\x05\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0");
        let wide = [&file[..begins], &listed, &file[file.len() - 22..]].concat();
        let part = Archive::open(&wide).unwrap().part("a", 10).unwrap().unwrap();
        assert_eq!(part.text, "Pleno");
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)
        ) {
            let _ = Archive::open(&bytes);
            let mut file = packed(&texts());
            for (at, value) in changes {
                let at = at.index(file.len());
                file[at] = value;
            }
            if let Ok(archive) = Archive::open(&file) {
                for (name, _) in texts() {
                    let _ = archive.part(name, 10_000);
                }
            }
        }
    }
}

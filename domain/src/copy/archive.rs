//! The container of a copy: a zip (APPNOTE 6.3) whose parts are stored as they are, written and read a piece at a time. Separate from
//! the one of workbooks, which stands in memory whole: this one may be larger than memory, and than what 32 bits can say.

use std::ops::Range;

use crate::workbook::zip::{long, short};

/// A number that stands elsewhere, because it has more than 32 bits.
const ELSEWHERE: u32 = u32::MAX;
/// The last record, and the longest remark behind it; before it, the two that are there where 32 bits do not do.
const MOST_TAIL: u64 = 22 + 65_535 + 20 + 56;
/// The most parts that are read: a million pictures.
const MOST_ENTRIES: u64 = 1_000_000;
/// The most bytes of the directory that are read: so many names.
const MOST_DIRECTORY: u64 = 200_000_000;
/// How long the record before a part is, without its name.
pub const HEAD: u64 = 30;

/// A container that is being written: what stands before each part, and what stands behind the last.
#[derive(Debug, Default)]
pub struct Writer {
    at: u64,
    many: u64,
    listed: Vec<u8>,
}

/// What is said of a part before it and in the directory: version 4.5 to be read, names in Unicode, not packed, of midnight of
/// 1 January 1980. There is no clock here, and when it was made stands in the manifest.
fn told(name: &str, checksum: u32, bytes: u32) -> Vec<u8> {
    let mut told = b"\x2d\0\0\x08\0\0\0\0\x21\0".to_vec();
    told.extend(checksum.to_le_bytes());
    told.extend([bytes.to_le_bytes(), bytes.to_le_bytes()].concat());
    told.extend((name.len() as u16).to_le_bytes());
    told
}

impl Writer {
    /// What stands before a part; nothing for one of four gigabytes and more.
    pub fn entry(&mut self, name: &str, checksum: u32, bytes: u64) -> Option<Vec<u8>> {
        let size = u32::try_from(bytes).ok().filter(|size| *size != ELSEWHERE)?;
        let told = told(name, checksum, size);
        let head = [&b"PK\x03\x04"[..], &told, b"\0\0", name.as_bytes()].concat();
        let near = u32::try_from(self.at).ok().filter(|at| *at != ELSEWHERE);
        let extra = match near {
            Some(_) => Vec::new(),
            None => [&b"\x01\0\x08\0"[..], &self.at.to_le_bytes()].concat(),
        };
        // No remark, of the first disk, nothing said of the file it came from.
        let extra_length = (extra.len() as u16).to_le_bytes();
        let at = near.unwrap_or(ELSEWHERE).to_le_bytes();
        let listed = [&b"PK\x01\x02\x2d\0"[..], &told, &extra_length, &[0; 10], &at, name.as_bytes(), &extra].concat();
        self.listed.extend(listed);
        self.many += 1;
        self.at += head.len() as u64 + bytes;
        Some(head)
    }

    /// What stands behind the last part.
    pub fn end(self) -> Vec<u8> {
        let Self { at, many, listed } = self;
        let length = listed.len() as u64;
        let few = u16::try_from(many).ok().filter(|many| *many != u16::MAX);
        let near = u32::try_from(at).ok().filter(|at| *at != ELSEWHERE);
        let short = u32::try_from(length).ok().filter(|length| *length != ELSEWHERE);
        let mut end = listed;
        if few.is_none() || near.is_none() || short.is_none() {
            // The wide record, and where it stands.
            end.extend([&b"PK\x06\x06"[..], &44_u64.to_le_bytes(), b"\x2d\0\x2d\0", &[0; 8]].concat());
            end.extend([many, many, length, at].map(u64::to_le_bytes).concat());
            end.extend([&b"PK\x06\x07\0\0\0\0"[..], &(at + length).to_le_bytes(), &1_u32.to_le_bytes()].concat());
        }
        let many = few.unwrap_or(u16::MAX).to_le_bytes();
        let (length, at) = (short.unwrap_or(ELSEWHERE).to_le_bytes(), near.unwrap_or(ELSEWHERE).to_le_bytes());
        end.extend([&b"PK\x05\x06\0\0\0\0"[..], &many, &many, &length, &at, b"\0\0"].concat());
        end
    }
}

/// Where the end of a file of so many bytes begins: what [`directory`] wants to see.
pub const fn tail(length: u64) -> u64 {
    length.saturating_sub(MOST_TAIL)
}

fn wide(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_le_bytes)
}

/// Where the directory stands, by the end of a file of so many bytes; nothing if that is not the end of a container.
pub fn directory(end: &[u8], length: u64) -> Option<Range<u64>> {
    let at = end.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let last = end.get(at..).filter(|last| last.len() >= 22)?;
    let (mut many, mut size, mut begins) =
        (u64::from(short(last, 10)?), u64::from(long(last, 12)?), u64::from(long(last, 16)?));
    if many == u64::from(u16::MAX) || [size, begins].contains(&u64::from(ELSEWHERE)) {
        let locator = end.get(at.checked_sub(20)?..at).filter(|found| found.starts_with(b"PK\x06\x07"))?;
        let record = usize::try_from(wide(locator, 8)?.checked_sub(tail(length))?).ok()?;
        let record = end.get(record..).filter(|found| found.starts_with(b"PK\x06\x06"))?;
        (many, size, begins) = (wide(record, 32)?, wide(record, 40)?, wide(record, 48)?);
    }
    let ends = begins.checked_add(size).filter(|ends| *ends <= length)?;
    (many <= MOST_ENTRIES && size <= MOST_DIRECTORY).then_some(begins..ends)
}

/// A part as the directory tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Where what stands before it begins.
    pub at: u64,
}

/// What a directory lists; nothing if it is none, or a part is packed or locked: a copy is read as it was written.
pub fn listing(directory: &[u8]) -> Option<Vec<Entry>> {
    let (mut rest, mut entries) = (directory, Vec::new());
    while !rest.is_empty() {
        let length = |at: usize| short(rest, at).map(usize::from);
        let (named, extra, remark) = (length(28)?, length(30)?, length(32)?);
        let is_one = rest.starts_with(b"PK\x01\x02") && short(rest, 10)? == 0 && short(rest, 8)? & 1 == 0;
        let name = rest.get(46..46 + named).filter(|_| is_one)?;
        let (bytes, mut at) = (long(rest, 24)?, u64::from(long(rest, 42)?));
        if at == u64::from(ELSEWHERE) {
            let field = rest.get(46 + named..46 + named + extra).filter(|field| field.starts_with(b"\x01\0"))?;
            at = wide(field, 4)?;
        }
        entries.push(Entry { name: String::from_utf8(name.to_vec()).ok()?, bytes: bytes.into(), at });
        rest = rest.get(46 + named + extra + remark..)?;
    }
    Some(entries)
}

/// How long what stands before a part is, by its first [`HEAD`] bytes.
pub fn before(head: &[u8]) -> Option<u64> {
    let names = u64::from(short(head, 26)?) + u64::from(short(head, 28)?);
    head.starts_with(b"PK\x03\x04").then_some(HEAD + names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::copy::Sum;

    fn sum(text: &str) -> Sum {
        let mut sum = Sum::default();
        sum.take(text.as_bytes());
        sum
    }

    fn written(parts: &[(&str, &str)]) -> Vec<u8> {
        let (mut writer, mut file) = (Writer::default(), Vec::new());
        for (name, text) in parts {
            file.extend(writer.entry(name, sum(text).checksum(), text.len() as u64).unwrap());
            file.extend(text.as_bytes());
        }
        file.extend(writer.end());
        file
    }

    fn read(file: &[u8]) -> Option<Vec<(String, String)>> {
        let length = file.len() as u64;
        let end = &file[tail(length) as usize..];
        let directory = directory(end, length)?;
        let entries = listing(&file[directory.start as usize..directory.end as usize])?;
        let parts = entries.into_iter().map(|Entry { name, bytes, at }| {
            let begins = at + before(&file[at as usize..(at + HEAD) as usize])?;
            let text = file.get(begins as usize..(begins + bytes) as usize)?;
            Some((name, String::from_utf8(text.to_vec()).ok()?))
        });
        parts.collect()
    }

    const PARTS: [(&str, &str); 3] =
        [("manifest.json", "{}"), ("tables/post.jsonl", ""), ("médicos.txt", "Día\nnoche\n")];

    #[test]
    fn what_was_written_is_read_back() {
        let parts = read(&written(&PARTS)).unwrap();
        assert_eq!(parts, PARTS.map(|(name, text)| (name.to_owned(), text.to_owned())));
        assert_eq!(read(&written(&[])), Some(Vec::new()));
    }

    #[test]
    fn what_was_written_is_read_by_the_other_reader_of_the_house() {
        // Two readers that share no line of what they read agree on what was written.
        let file = written(&[("a.txt", "uno"), ("b.txt", "dos")]);
        let archive = crate::workbook::zip::Archive::open(&file).unwrap();
        for (name, text) in [("a.txt", "uno"), ("b.txt", "dos")] {
            assert_eq!(archive.part(name, 100).unwrap().unwrap().text, text);
        }
    }

    #[test]
    fn what_lies_beyond_four_gigabytes_is_found() {
        let far = u64::from(u32::MAX) + 10;
        let mut writer = Writer { at: far, many: 0, listed: Vec::new() };
        let head = writer.entry("far.bin", 7, 5).unwrap();
        let behind = far + head.len() as u64 + 5;
        let end = writer.end();
        let length = behind + end.len() as u64;
        // All that is behind the parts fits into the end that is looked at, which is longer than what there is of the file here.
        let mut seen = vec![0; (behind - tail(length)) as usize];
        seen.extend(&end);
        let directory = directory(&seen, length).unwrap();
        assert_eq!(directory.start, behind);
        let from = (directory.start - tail(length)) as usize;
        let listed = listing(&seen[from..from + (directory.end - directory.start) as usize]).unwrap();
        assert_eq!(listed, [Entry { name: "far.bin".to_owned(), bytes: 5, at: far }]);
    }

    #[test]
    fn more_parts_than_sixteen_bits_can_count_are_counted() {
        let mut writer = Writer::default();
        for number in 0..70_000 {
            writer.entry(&format!("{number}"), 0, 0).unwrap();
        }
        let begins = writer.at;
        let end = writer.end();
        let length = begins + end.len() as u64;
        let from = (tail(length) - begins) as usize;
        let directory = directory(&end[from..], length).unwrap();
        assert_eq!(listing(&end[..(directory.end - directory.start) as usize]).unwrap().len(), 70_000);
    }

    #[test]
    fn what_is_too_large_for_a_part_is_refused() {
        assert_eq!(Writer::default().entry("a", 0, u64::from(u32::MAX)), None);
    }

    #[test]
    fn no_other_file_is_taken_for_one_and_none_makes_it_stumble() {
        let file = written(&PARTS);
        for cut in 0..file.len() {
            let _ = read(&file[..cut]);
            let mut broken = file.clone();
            broken[cut] ^= 0xff;
            let end = &broken[tail(broken.len() as u64) as usize..];
            if let Some(found) = directory(end, broken.len() as u64) {
                let _ = listing(&broken[found.start as usize..found.end as usize]);
            }
        }
        assert_eq!(read(b""), None);
        assert_eq!(read(b"PK\x03\x04 and nothing more"), None);
        // A part that is packed: a copy that was unpacked and packed again by another program.
        let mut packed = file;
        let at = packed.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        packed[at + 10] = 8;
        assert_eq!(read(&packed), None);
    }
}

//! Documents as files: whether one is a PDF, and what it carries besides its pages. Separate from pictures and videos, and pure: the
//! scan reads a file from its beginning to its end, a window at a time, so that nobody ever has it whole in memory; it looks at every
//! object that a program which opens it may act on (ISO 32000-1, 7.3 and 7.5), unpacks those that are packed, and draws nothing.
//! What stands in the body of a stream (pages, pictures, fonts) is stepped over, but for the names that would be acted on if somebody
//! said that an object begins there.
//!
//! What is found is refused; that nothing else is in there is no promise: programs differ in what they take for an object, and mend
//! what is broken each in its own way. Whoever serves such a file to others lets it be saved, and shows it to nobody by itself.

mod inflate;

use std::{borrow::Cow, ops::Range};

use serde::{Deserialize, Serialize};

use crate::Network;
use inflate::inflate;

/// The type of them all.
pub const MIME: &str = "application/pdf";

/// The most bytes of one: what a bot may send at Telegram (Bot API, "Sending files", read 2026-11-30).
pub const MOST_BYTES: u32 = 50_000_000;

/// The most bytes of all documents of one organisation: a tenth of what the bucket's free plan holds (10 GB, 2026-09).
pub const MOST_KEPT: u64 = 1_000_000_000;

/// The bytes that are looked at together: an object that is larger, or a packed one, is none that anybody's program writes.
const WINDOW: u64 = 256 * 1024;

/// The most bytes that are unpacked of one stream of objects; programs put a hundred or two into each.
const MOST_UNPACKED: usize = 2_000_000;

/// The most bytes that are unpacked of a file: what programs write packs about ten to one, and a document is mostly pictures.
const MOST_UNPACKED_OF_ALL: u32 = 64_000_000;

/// As soon as so many bytes were unpacked of those that are looked at together, the rest is wanted once more: that takes longest, and
/// whoever looks has little time.
pub const ENOUGH: usize = 200_000;

/// The most signs of a name that is looked for in the body of a stream, each of them written as a number, and what ends it.
const LONGEST_NAME: usize = 32;

/// How deep arrays and dictionaries stand in each other.
const DEEPEST: usize = 64;

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// There is nothing in it.
    Empty,
    /// It is no PDF, whatever it is called.
    NotAPdf,
    /// It breaks off, or has no pages.
    Broken,
    /// It is encrypted: who reads it would need a password, or may not print or copy, and no screen reader is let in.
    Encrypted,
    /// It runs a script when it is opened or filled in.
    Script,
    /// It starts another program.
    Launch,
    /// Its objects are packed in a way that cannot be looked into.
    Unread,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Its pages, as it says itself.
    pub pages: u32,
    /// Whether it is tagged: whoever has it read aloud hears headings, lists and the order of the text (ISO 32000-1, 14.8).
    pub tagged: bool,
}

/// A scan over a file. Asks for bytes ([`Scan::wants`]), is given them ([`Scan::take`]), and says what it found ([`Scan::facts`]).
/// What it knows between two windows is written down, so that several invocations read one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    total: u32,
    at: u32,
    /// Whether it stands in the body of a stream.
    inside: bool,
    pages: u32,
    marked: bool,
    tree: bool,
    /// Whether the end of a file was said, and no object came behind it: one that was added to ends several times.
    ended: bool,
    /// Whether something packed could not be read; in an encrypted file, none can.
    odd: bool,
    /// The bytes that were unpacked.
    #[serde(default)]
    unpacked: u32,
}

impl Scan {
    /// Begins.
    pub const fn over(total: u32) -> Self {
        Self {
            total,
            at: 0,
            inside: false,
            pages: 0,
            marked: false,
            tree: false,
            ended: false,
            odd: false,
            unpacked: 0,
        }
    }

    /// How far it is, in bytes.
    pub const fn seen(&self) -> u32 {
        self.at
    }

    /// The bytes that it wants to see next; nothing once it is through.
    pub fn wants(&self) -> Option<Range<u64>> {
        let (at, total) = (u64::from(self.at), u64::from(self.total));
        (at < total).then(|| at..total.min(at + WINDOW))
    }

    /// Takes the bytes that it wanted, or as many of them as do not take too long ([`ENOUGH`]); answers how many were unpacked of them,
    /// which is what took its time.
    ///
    /// # Errors
    /// A flaw.
    pub fn take(&mut self, bytes: &[u8]) -> Result<usize, Flaw> {
        let last = self.at as usize + bytes.len() >= self.total as usize;
        if self.at == 0 && !bytes.starts_with(b"%PDF-") {
            return Err(Flaw::NotAPdf);
        }
        let (mut reader, mut at, mut kept, mut unpacked) = (Reader::default(), 0, 0, 0);
        loop {
            if self.inside {
                let end = find(&bytes[at..], END);
                hides(&bytes[at..end.map_or(bytes.len(), |end| at + end)])?;
                match end {
                    Some(end) => (self.inside, at) = (false, at + end + END.len()),
                    None if last => return Err(Flaw::Broken),
                    None => {
                        // What ends it, or a name, may be cut in two.
                        kept = bytes.len().saturating_sub(LONGEST_NAME + 1).max(at);
                        break;
                    }
                }
                kept = at;
            }
            let (token, end) = match next(bytes, at, last) {
                Next::Token(token, end) => (token, end),
                Next::Nothing if reader.stack.is_empty() && (last || !reader.object.closed) => {
                    kept = bytes.len();
                    break;
                }
                Next::Nothing | Next::Cut => break,
            };
            at = end;
            if token == Token::Word(b"stream") && reader.object.closed {
                let Some(body) = behind_the_line(bytes, at) else { break };
                if reader.object.kind == Kind::Packed {
                    let Some(length) = find(&bytes[body..], END) else { break };
                    let more = self.unpack(&bytes[body..body + length], &reader.object)?;
                    at = body + length + END.len();
                    unpacked += more;
                    self.unpacked = self.unpacked.saturating_add(more as u32);
                    if self.unpacked > MOST_UNPACKED_OF_ALL {
                        return Err(Flaw::Unread);
                    }
                    if unpacked >= ENOUGH {
                        self.at += at as u32;
                        return Ok(unpacked);
                    }
                } else {
                    (self.inside, at) = (true, body);
                }
                reader = Reader::default();
                kept = at;
                continue;
            }
            reader.read(&token, self)?;
            if reader.stack.is_empty() && !reader.object.closed {
                kept = at;
            }
        }
        match (kept, last) {
            (kept, true) if kept < bytes.len() => Err(Flaw::Broken),
            (0, false) => Err(Flaw::Unread),
            _ => {
                self.at += kept as u32;
                Ok(unpacked)
            }
        }
    }

    fn unpack(&mut self, body: &[u8], object: &Object) -> Result<usize, Flaw> {
        let unpacked;
        let objects = match object.filter {
            Filter::None => body,
            // It is refused already; what else cannot be read takes no more time.
            Filter::Flate if !object.predicted && self.odd => return Ok(0),
            Filter::Flate if !object.predicted => match inflate(body, MOST_UNPACKED) {
                Some(objects) => {
                    unpacked = objects;
                    &unpacked
                }
                None => {
                    self.odd = true;
                    return Ok(0);
                }
            },
            Filter::Flate | Filter::Other => return Err(Flaw::Unread),
        };
        let (mut reader, mut at) = (Reader::default(), 0);
        loop {
            match next(objects, at, true) {
                Next::Token(token, end) => {
                    reader.read(&token, self)?;
                    at = end;
                }
                Next::Nothing => return Ok(objects.len()),
                Next::Cut => return Err(Flaw::Broken),
            }
        }
    }

    /// What the document is, once the scan is through.
    ///
    /// # Errors
    /// `Empty`, `Broken`.
    pub const fn facts(&self) -> Result<Facts, Flaw> {
        match self {
            Scan { total: 0, .. } => Err(Flaw::Empty),
            Scan { pages: 0, .. } | Scan { ended: false, .. } | Scan { odd: true, .. } => Err(Flaw::Broken),
            Scan { pages, marked, tree, .. } => Ok(Facts { pages: *pages, tagged: *marked && *tree }),
        }
    }
}

/// Looks for names in the body of a stream. Nobody reads objects there, but whoever is told that one begins in the midst of it. A
/// script of a rendition needs that name beside it, and `JS` alone, which chance writes into pictures, runs nothing; another stream of
/// objects would be a way past all of this.
fn hides(body: &[u8]) -> Result<(), Flaw> {
    let mut at = 0;
    while let Some(slash) = body[at..].iter().position(|byte| *byte == b'/') {
        at += slash + 1;
        let sight = &body[at..body.len().min(at + LONGEST_NAME)];
        let Some(length) = sight.iter().position(|byte| is_gap(*byte) || is_sign(*byte)) else { continue };
        let written = &sight[..length];
        let name = if written.contains(&b'#') { Cow::Owned(meant(written)) } else { Cow::Borrowed(written) };
        match &*name {
            b"JavaScript" | b"Rendition" | b"XFA" => return Err(Flaw::Script),
            b"Launch" => return Err(Flaw::Launch),
            b"ObjStm" | b"First" => return Err(Flaw::Unread),
            _ => {}
        }
    }
    Ok(())
}

/// The same in a text or a note, if an object could begin there.
fn hides_in_words(words: &[u8]) -> Result<(), Flaw> {
    if find(words, b"obj").is_some() { hides(words) } else { Ok(()) }
}

/// What ends the body of a stream.
const END: &[u8] = b"endstream";

fn find(bytes: &[u8], words: &[u8]) -> Option<usize> {
    let first = *words.first()?;
    let mut at = 0;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == first)?;
        if bytes.get(at..)?.starts_with(words) {
            return Some(at);
        }
        at += 1;
    }
}

/// Where the line behind a word ends; `None` if it is not seen whole.
fn behind_the_line(bytes: &[u8], at: usize) -> Option<usize> {
    match (bytes.get(at)?, bytes.get(at + 1)?) {
        (b'\r', b'\n') => Some(at + 2),
        (b'\r' | b'\n', _) => Some(at + 1),
        _ => Some(at),
    }
}

/// The signs that objects are made of.
#[derive(Debug, PartialEq, Eq)]
enum Token<'a> {
    Open,
    Close,
    List,
    ListEnd,
    /// A name as it is meant: its signs may be written as numbers.
    Name(Vec<u8>),
    Number(u32),
    Word(&'a [u8]),
    Text(&'a [u8]),
    /// With the end of its line.
    Note(&'a [u8]),
}

enum Next<'a> {
    Token(Token<'a>, usize),
    Nothing,
    /// More is to be seen of it than is here.
    Cut,
}

const fn is_gap(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

const fn is_sign(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// The next sign. `last` says that nothing comes behind these bytes.
fn next(bytes: &[u8], from: usize, last: bool) -> Next<'_> {
    let gap = bytes[from..].iter().position(|byte| !is_gap(*byte));
    let Some(at) = gap.map(|gap| from + gap) else { return Next::Nothing };
    let two = bytes.get(at + 1);
    let (token, end) = match bytes[at] {
        b'%' => match bytes[at..].iter().position(|byte| matches!(byte, b'\r' | b'\n')) {
            Some(length) => (Token::Note(&bytes[at..=at + length]), at + length),
            None if last => (Token::Note(&bytes[at..]), bytes.len()),
            None => return Next::Cut,
        },
        b'(' => match text_end(bytes, at) {
            Some(end) => (Token::Text(&bytes[at..end]), end),
            None => return Next::Cut,
        },
        b'<' | b'>' if two.is_none() && !last => return Next::Cut,
        b'<' if two == Some(&b'<') => (Token::Open, at + 2),
        b'>' if two == Some(&b'>') => (Token::Close, at + 2),
        b'<' => match bytes[at..].iter().position(|byte| *byte == b'>') {
            Some(length) => (Token::Text(&bytes[at..=at + length]), at + length + 1),
            None => return Next::Cut,
        },
        b'[' => (Token::List, at + 1),
        b']' => (Token::ListEnd, at + 1),
        b'/' => match word_end(bytes, at + 1, last) {
            Some(end) => (Token::Name(meant(&bytes[at + 1..end])), end),
            None => return Next::Cut,
        },
        // They stand for nothing outside of a text.
        byte if is_sign(byte) => (Token::Word(&bytes[at..=at]), at + 1),
        _ => match word_end(bytes, at, last) {
            Some(end) => (word(&bytes[at..end]), end),
            None => return Next::Cut,
        },
    };
    Next::Token(token, end)
}

fn word_end(bytes: &[u8], from: usize, last: bool) -> Option<usize> {
    let length = bytes[from..].iter().position(|byte| is_gap(*byte) || is_sign(*byte));
    length.map(|length| from + length).or(last.then_some(bytes.len()))
}

fn word(bytes: &[u8]) -> Token<'_> {
    let number = std::str::from_utf8(bytes).ok().and_then(|text| text.parse().ok());
    number.map_or(Token::Word(bytes), Token::Number)
}

/// A name with what is written as `#4a` read.
fn meant(name: &[u8]) -> Vec<u8> {
    let (mut meant, mut at) = (Vec::with_capacity(name.len()), 0);
    while let Some(byte) = name.get(at) {
        let digits = name.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.filter(|_| *byte == b'#').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(sign) => {
                meant.push(sign);
                at += 3;
            }
            None => {
                meant.push(*byte);
                at += 1;
            }
        }
    }
    meant
}

/// Where a text in brackets ends; those within it are in pairs, or escaped.
fn text_end(bytes: &[u8], from: usize) -> Option<usize> {
    let (mut at, mut deep) = (from, 0_usize);
    loop {
        match bytes.get(at)? {
            b'\\' => at += 1,
            b'(' => deep += 1,
            b')' => {
                deep -= 1;
                if deep == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Other,
    /// A knot of the tree of pages.
    Pages,
    /// A stream of objects.
    Packed,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Filter {
    #[default]
    None,
    Flate,
    Other,
}

/// What is known of the outermost dictionary.
#[derive(Debug, Default)]
struct Object {
    kind: Kind,
    count: u32,
    filter: Filter,
    predicted: bool,
    /// Whether it says how many objects are packed in it, and where the first one is: that makes a stream of objects for whoever does
    /// not ask what it is called.
    counts: bool,
    starts: bool,
    /// Whether it is whole, and what comes next may be its stream.
    closed: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Key {
    #[default]
    Other,
    Type,
    Count,
    Filter,
    Marked,
    Parms,
    Predictor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Dictionary,
    List,
}

/// Reads objects sign by sign.
#[derive(Debug, Default)]
struct Reader {
    stack: Vec<Room>,
    key: Key,
    /// Whether the value of the key is still to come.
    valued: bool,
    object: Object,
}

impl Reader {
    fn read(&mut self, token: &Token<'_>, scan: &mut Scan) -> Result<(), Flaw> {
        if self.stack.is_empty() {
            // A note may stand before its stream.
            self.object.closed &= matches!(token, Token::Note(_));
            match token {
                Token::Word(b"obj") => scan.ended = false,
                Token::Note(note) if note.starts_with(b"%%EOF") => scan.ended = true,
                _ => {}
            }
        }
        let in_dictionary = self.stack.last() == Some(&Room::Dictionary);
        // How it is packed is not known if that is neither a name nor a list of them, or stands elsewhere.
        let is_named = matches!(token, Token::Name(_) | Token::List | Token::ListEnd | Token::Note(_));
        let is_elsewhere = *token == Token::Word(b"R") && matches!(self.key, Key::Filter | Key::Parms | Key::Predictor);
        if is_elsewhere || (self.key == Key::Filter && self.valued && !is_named) {
            self.object.filter = Filter::Other;
        }
        match token {
            Token::Open | Token::List => {
                if self.stack.is_empty() {
                    self.object = Object::default();
                }
                if self.stack.len() == DEEPEST {
                    return Err(Flaw::Broken);
                }
                let room = if *token == Token::Open { Room::Dictionary } else { Room::List };
                self.stack.push(room);
                if room == Room::Dictionary {
                    (self.key, self.valued) = (Key::Other, false);
                }
            }
            Token::Close | Token::ListEnd => {
                let room = if *token == Token::Close { Room::Dictionary } else { Room::List };
                // A list that nobody opened, between objects, is rubbish that every program steps over.
                if self.stack.is_empty() {
                    return Ok(());
                }
                if self.stack.pop() != Some(room) {
                    return Err(Flaw::Broken);
                }
                (self.key, self.valued) = (Key::Other, false);
                if self.stack.is_empty() {
                    self.object.closed = room == Room::Dictionary;
                    if self.object.kind == Kind::Pages {
                        scan.pages = scan.pages.max(self.object.count);
                    }
                    if self.object.counts && self.object.starts {
                        self.object.kind = Kind::Packed;
                    }
                }
            }
            Token::Name(name) => self.name(name, in_dictionary, scan)?,
            Token::Number(number) => {
                match self.key {
                    Key::Count if self.valued && self.stack.len() == 1 => self.object.count = *number,
                    Key::Predictor if self.valued => self.object.predicted |= *number > 1,
                    _ => {}
                }
                self.over(in_dictionary);
            }
            Token::Word(word) => {
                scan.marked |= self.key == Key::Marked && self.valued && *word == b"true";
                self.over(in_dictionary);
            }
            Token::Text(text) => {
                hides_in_words(text)?;
                self.over(in_dictionary);
            }
            Token::Note(note) => hides_in_words(note)?,
        }
        Ok(())
    }

    fn over(&mut self, in_dictionary: bool) {
        self.valued &= !in_dictionary;
    }

    fn name(&mut self, name: &[u8], in_dictionary: bool, scan: &mut Scan) -> Result<(), Flaw> {
        match name {
            // An action (12.6.4.16), the names that run when it is opened (7.7.4), and forms of XFA, which are programs.
            b"JavaScript" | b"JS" | b"XFA" => return Err(Flaw::Script),
            b"Launch" => return Err(Flaw::Launch),
            b"StructTreeRoot" => scan.tree = true,
            _ => {}
        }
        if in_dictionary && !self.valued {
            if name == b"Encrypt" && self.stack.len() == 1 {
                return Err(Flaw::Encrypted);
            }
            if self.stack.len() == 1 {
                self.object.counts |= name == b"N";
                self.object.starts |= name == b"First";
            }
            // The short names are those of pictures within a page (8.9.7); there are programs that take them anywhere.
            self.key = match name {
                b"Type" => Key::Type,
                b"Count" => Key::Count,
                b"Filter" | b"F" => Key::Filter,
                b"DecodeParms" | b"DP" => Key::Parms,
                b"Marked" => Key::Marked,
                b"Predictor" => Key::Predictor,
                _ => Key::Other,
            };
            self.valued = true;
            return Ok(());
        }
        let outermost = self.stack.first() == Some(&Room::Dictionary) && self.stack.len() <= 2;
        match (self.key, name) {
            (Key::Type, b"Pages") if self.stack.len() == 1 => self.object.kind = Kind::Pages,
            (Key::Type, b"ObjStm") if self.stack.len() == 1 => self.object.kind = Kind::Packed,
            (Key::Filter, _) if outermost => {
                let flate = matches!(name, b"FlateDecode" | b"Fl") && self.object.filter == Filter::None;
                self.object.filter = if flate { Filter::Flate } else { Filter::Other };
            }
            _ => {}
        }
        self.over(in_dictionary);
        Ok(())
    }
}

/// What a network takes of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Takes {
    /// The most bytes.
    pub bytes: u32,
    /// The most pages.
    pub pages: u32,
    /// Whether it may stand beside pictures and a video.
    pub beside: bool,
}

/// What a network takes of a document, of those that take any. As data and apart from the other limits, as `video::takes`: those are
/// kept with a channel, and these hold for channels that were connected before.
pub const fn takes(network: Network) -> Option<Takes> {
    match network {
        Network::Noticeboard | Network::Website => Some(Takes { bytes: MOST_BYTES, pages: u32::MAX, beside: true }),
        // Bot API, sendDocument (2026-11-30): 50 MB; a message is one document with its caption.
        Network::Telegram => Some(Takes { bytes: 50_000_000, pages: u32::MAX, beside: false }),
        // LinkedIn's page on documents: 100 MB and 300 pages, and nothing beside it (networks.md §8, from general knowledge).
        Network::Linkedin => Some(Takes { bytes: 100_000_000, pages: 300, beside: false }),
        _ => None,
    }
}

/// The name of a file as it goes out, of what the document is called: without signs that end a header or begin a folder.
pub fn sent_name(title: &str) -> String {
    let plain = title.chars().filter(|sign| !sign.is_control() && *sign != '"');
    let plain: String = plain.map(|sign| if matches!(sign, '/' | '\\' | ':') { '-' } else { sign }).collect();
    let stem = match plain.len().checked_sub(4).and_then(|at| plain.is_char_boundary(at).then(|| plain.split_at(at))) {
        Some((stem, end)) if end.eq_ignore_ascii_case(".pdf") => stem,
        _ => plain.as_str(),
    };
    let stem: String = stem.trim().chars().take(80).collect();
    [if stem.is_empty() { "documento" } else { stem.trim_end() }, ".pdf"].concat()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A document of these objects, as programs wrote it before objects were packed.
    pub fn plain(objects: &[&str]) -> Vec<u8> {
        let mut file = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
        for (place, object) in objects.iter().enumerate() {
            file.extend(format!("{} 0 obj\n{object}\nendobj\n", place + 1).bytes());
        }
        file.extend(b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 3/Root 1 0 R>>\nstartxref\n9\n%%EOF\n");
        file
    }

    const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R>>";
    const PAGES: &str = "<</Type /Pages /Kids [3 0 R] /Count 12>>";

    /// Scans as the engine does; windows of any size are its own affair.
    fn scan(file: &[u8]) -> Result<Facts, Flaw> {
        let mut scan = Scan::over(file.len() as u32);
        let mut times = 0;
        while let Some(wanted) = scan.wants() {
            scan.take(&file[wanted.start as usize..wanted.end as usize])?;
            times += 1;
            assert!(times < 1_000, "it comes to an end");
        }
        scan.facts()
    }

    /// A zlib wrapper of stored blocks: what is packed without being smaller.
    fn stored(bytes: &[u8]) -> Vec<u8> {
        let mut packed = vec![0x78, 0x01];
        let mut blocks = bytes.chunks(60_000).peekable();
        while let Some(block) = blocks.next() {
            packed.push(u8::from(blocks.peek().is_none()));
            let length = block.len() as u16;
            packed.extend(length.to_le_bytes());
            packed.extend((!length).to_le_bytes());
            packed.extend(block);
        }
        packed.extend([0, 0, 0, 0]);
        packed
    }

    /// A document whose objects are packed, as programs write it now.
    fn packed(objects: &str, filter: &str) -> Vec<u8> {
        let body = stored(format!("1 0 2 30 {objects}").as_bytes());
        let mut file = b"%PDF-1.7\n".to_vec();
        file.extend(format!("5 0 obj\n<</Type/ObjStm/N 2/First 9/Length {}{filter}>>\nstream\r\n", body.len()).bytes());
        file.extend(body);
        file.extend(b"\nendstream\nendobj\nstartxref\n9\n%%EOF");
        file
    }

    const FLATE: &str = "/Filter/FlateDecode";

    #[test]
    fn a_document_is_known_by_its_objects() {
        assert_eq!(scan(&plain(&[CATALOG, PAGES])), Ok(Facts { pages: 12, tagged: false }));
        let tagged = "<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 9 0 R>>";
        assert_eq!(scan(&plain(&[tagged, PAGES])), Ok(Facts { pages: 12, tagged: true }));
        let unmarked = tagged.replace("true", "false");
        assert_eq!(scan(&plain(&[&unmarked, PAGES])), Ok(Facts { pages: 12, tagged: false }));
        let whole = [tagged, PAGES].concat();
        for filter in [FLATE, "/Filter [/Fl]", "/Filter /Flate#44ecode"] {
            assert_eq!(scan(&packed(&whole, filter)), Ok(Facts { pages: 12, tagged: true }), "{filter}");
        }
    }

    #[test]
    fn the_largest_knot_of_the_tree_has_all_pages() {
        let knot = "<</Type/Pages/Parent 2 0 R/Count 4/Kids[5 0 R]>>";
        let outline = "<</Type/Outlines/Count 99>>";
        let nested = "<</Type/Pages/Count 8/Resources<</Count 77>>>>";
        assert_eq!(scan(&plain(&[CATALOG, knot, nested, outline])).unwrap().pages, 8);
    }

    #[test]
    fn what_runs_or_starts_something_is_refused_wherever_it_stands() {
        let script = "<</Type/Annot/A<</S/JavaScript/JS(app.alert)>>>>";
        for (odd, flaw) in [
            (script, Flaw::Script),
            ("<</Type/Catalog/Names<</Java#53cript 7 0 R>>>>", Flaw::Script),
            ("<</AcroForm<</XFA[(a) 4 0 R]>>>>", Flaw::Script),
            ("<</OpenAction<</S /Launch /F(cmd.exe)>>>>", Flaw::Launch),
            ("[<</S/Launch>>]", Flaw::Launch),
        ] {
            assert_eq!(scan(&plain(&[CATALOG, PAGES, odd])), Err(flaw), "{odd}");
            assert_eq!(scan(&packed(&[CATALOG, PAGES, odd].concat(), FLATE)), Err(flaw), "packed: {odd}");
        }
        for fine in ["(/JavaScript /S/Launch \\) \\( ())", "<</URI(https://villa.example/Launch)>>", "% /JavaScript"] {
            assert_eq!(scan(&plain(&[CATALOG, PAGES, fine])).unwrap().pages, 12, "{fine}");
        }
        let page = "<</Length 20>>\nstream\n(hello) Tj /JS /Launched /F1\nendstream";
        assert_eq!(scan(&plain(&[CATALOG, PAGES, page])).unwrap().pages, 12, "it is drawn, and not done");
    }

    #[test]
    fn what_hides_where_nobody_reads_objects_is_refused_too() {
        for (hidden, flaw) in [
            ("7 0 obj<</S/JavaScript/JS(x)>>endobj", Flaw::Script),
            ("7 0 obj<</S/#4aava#53cript/JS(x)>>endobj", Flaw::Script),
            ("7 0 obj<</S/#4a#61#76#61#53#63#72#69#70#74/JS(x)>>endobj", Flaw::Script),
            ("7 0 obj<</S/Rendition/JS(x)>>endobj", Flaw::Script),
            ("7 0 obj<</S /Launch /F(cmd.exe)>>endobj", Flaw::Launch),
            ("7 0 obj<</Type/ObjStm/N 1>>", Flaw::Unread),
            ("7 0 obj<</N 1/First 4>>", Flaw::Unread),
        ] {
            let body = format!("<</Length 90>>\nstream\n{hidden}\nendstream");
            let (text, note) = (format!("<</Title({hidden})>>"), format!("% {hidden}\n<</A 1>>"));
            for odd in [body, text, note, format!("<{hidden}")] {
                assert_eq!(scan(&plain(&[CATALOG, PAGES, &odd])), Err(flaw), "{odd}");
            }
        }
    }

    #[test]
    fn a_name_that_hides_is_found_wherever_the_windows_cut() {
        let hidden = " /#4a#61#76#61#53#63#72#69#70#74 ";
        for extra in 0..60 {
            let body = ["x".repeat(262_040 + extra), hidden.to_owned(), "x".repeat(300_000)].concat();
            let picture = format!("<</Length {}>>\nstream\n{body}\nendstream", body.len());
            assert_eq!(scan(&plain(&[CATALOG, PAGES, &picture])), Err(Flaw::Script), "{extra}");
        }
    }

    #[test]
    fn a_stream_of_objects_is_one_whatever_it_is_called() {
        let script = "<</S/JavaScript/JS(x)>>";
        let file = packed(&[CATALOG, PAGES, script].concat(), FLATE);
        for (name, other) in [("/Type/ObjStm", ""), ("/Type/ObjStm", "/Type/Pages"), (">>\n", "/A 1>>%\n")] {
            let text = |of: &[u8]| -> Vec<u8> {
                let at = find(of, name.as_bytes()).unwrap();
                [&of[..at], other.as_bytes(), &of[at + name.len()..]].concat()
            };
            assert_eq!(scan(&text(&file)), Err(Flaw::Script), "{name} → {other}");
        }
    }

    #[test]
    fn what_is_unpacked_together_is_bounded() {
        let note = "%".repeat(40_000);
        let one = packed(&[CATALOG, PAGES, "\n", &note, "\n"].concat(), FLATE);
        // Each with its head and its end: what was added to ends several times.
        let file = one.repeat(13);
        let mut scan = Scan::over(file.len() as u32);
        let mut found = Vec::new();
        while let Some(wanted) = scan.wants() {
            found.push(scan.take(&file[wanted.start as usize..wanted.end as usize]).unwrap());
        }
        assert_eq!(scan.facts(), Ok(Facts { pages: 12, tagged: false }));
        assert!(found.iter().all(|many| *many < ENOUGH + 40_200), "{found:?}");
        assert!(found.iter().sum::<usize>() > 13 * 40_000, "{found:?}");
        let mut much = Scan { unpacked: MOST_UNPACKED_OF_ALL, ..Scan::over(one.len() as u32) };
        assert_eq!(much.take(&one), Err(Flaw::Unread));
    }

    #[test]
    fn what_is_encrypted_is_called_so_though_nothing_packed_is_read() {
        let mut file = packed("", FLATE);
        let at = find(&file, b"\x78\x01").unwrap();
        file[at] = 0;
        assert_eq!(scan(&file), Err(Flaw::Broken));
        let end = find(&file, b"startxref").unwrap();
        file.splice(
            end..end,
            b"9 0 obj<</Type/XRef/Encrypt 4 0 R/Length 1>>stream\nx\nendstream\nendobj\n".iter().copied(),
        );
        assert_eq!(scan(&file), Err(Flaw::Encrypted));
        let plain = String::from_utf8_lossy(&plain(&[CATALOG, PAGES])).replace("/Size 3", "/Encrypt 8 0 R/Size 3");
        assert_eq!(scan(plain.as_bytes()), Err(Flaw::Encrypted));
    }

    #[test]
    fn what_is_no_pdf_or_breaks_off_is_refused_by_name() {
        assert_eq!(scan(b""), Err(Flaw::Empty));
        for odd in [&b"PK\x03\x04 a document of Word"[..], b"%PDF", b"<html>", b"\n%PDF-1.4"] {
            assert_eq!(scan(odd), Err(Flaw::NotAPdf));
        }
        assert_eq!(scan(b"%PDF-1.4\n%%EOF"), Err(Flaw::Broken), "no pages");
        let whole = plain(&[CATALOG, PAGES, "<</Length 20>>\nstream\n(hello) Tj\nendstream"]);
        let said = find(&whole, b"%%EOF").unwrap();
        for end in 8..said {
            assert_eq!(scan(&whole[..end]), Err(Flaw::Broken), "{end}");
        }
        let added = [&whole[..], b"7 0 obj\n<</Type/Annot>>\nendobj\n"].concat();
        assert_eq!(scan(&added), Err(Flaw::Broken), "what was added does not end");
    }

    #[test]
    fn what_cannot_be_looked_into_is_refused() {
        for filter in [
            "/Filter/LZWDecode",
            "/Filter[/ASCII85Decode/FlateDecode]",
            "/Filter/FlateDecode/DecodeParms<</Predictor 12>>",
            "/Filter 9 0 R",
            "/Filter[9 0 R]",
            "/Filter/FlateDecode/DecodeParms 9 0 R",
            "/Filter/FlateDecode/DecodeParms<</Predictor 1 0 R>>",
            "/F/FlateDecode/Filter/FlateDecode",
        ] {
            assert_eq!(scan(&packed(CATALOG, filter)), Err(Flaw::Unread), "{filter}");
        }
        let heavy = format!("<</A({})>>", "a".repeat(300_000));
        assert_eq!(scan(&plain(&[CATALOG, PAGES, &heavy])), Err(Flaw::Unread));
    }

    #[test]
    fn a_long_file_is_read_in_windows_wherever_they_cut() {
        for extra in 0..40 {
            let body = "x".repeat(262_100 + extra);
            let picture = format!("<</Length {}>>\nstream\n{body}\nendstream", body.len());
            let tail = "<</Type/Catalog/MarkInfo<</Marked true>>/StructTreeRoot 8 0 R>>";
            assert_eq!(scan(&plain(&[&picture, PAGES, tail])), Ok(Facts { pages: 12, tagged: true }), "{extra}");
            let mut file = plain(&[&picture]);
            file.extend(&packed(&[tail, PAGES].concat(), FLATE)[9..]);
            assert_eq!(scan(&file), Ok(Facts { pages: 12, tagged: true }), "{extra}, packed");
        }
    }

    #[test]
    fn a_file_is_named_as_the_document_is() {
        assert_eq!(sent_name("Acta del pleno.PDF"), "Acta del pleno.pdf");
        assert_eq!(sent_name("Bases 2026/27\r\n\": ayudas"), "Bases 2026-27- ayudas.pdf");
        assert_eq!(sent_name(""), "documento.pdf");
        assert_eq!(sent_name("ñ"), "ñ.pdf");
        assert_eq!(sent_name(&"á".repeat(200)).chars().count(), 84);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_break_it(body in proptest::collection::vec(proptest::sample::select(b"<>[]()/% \n\\aobjstremendJS#4".to_vec()), 0..300)) {
            let file = [&b"%PDF-1.4\n"[..], &body].concat();
            let _ = scan(&file);
        }
    }
}

//! XML as far as a workbook needs it: what opens, what closes, what is said between, one after the other and never as a tree. A
//! document that declares names of its own is not read: nobody's workbook does, and a few lines of such names unfold to
//! gigabytes. Separate because it knows of no sheet.

use std::borrow::Cow;

/// It is no XML, or none that we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// An element opens. Without anything in it (`empty`) it is closed already.
    Open(Tag<'a>),
    /// The element of this name closes.
    Close(&'a str),
    /// What is said.
    Text(Cow<'a, str>),
}

/// The beginning of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Its name, without what says whose it is.
    pub name: &'a str,
    /// Whether nothing is in it.
    pub empty: bool,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// What an attribute says; nothing if there is none of this name.
    pub fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut rest = self.attributes;
        loop {
            let (own, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let mark = after.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
            let (value, after) = after[1..].split_once(mark)?;
            if local(own.trim()) == name {
                return said(value).ok();
            }
            rest = after;
        }
    }

    /// The same as a number.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.get(name)?.trim().parse().ok()
    }
}

/// A name without what says whose it is.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// A document from here on.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a>(&'a str);

impl<'a> Document<'a> {
    /// From its beginning.
    pub fn new(text: &'a str) -> Self {
        Self(text.trim_start_matches('\u{feff}'))
    }

    /// The next piece; nothing behind the last.
    pub fn piece(&mut self) -> Result<Option<Piece<'a>>, Malformed> {
        loop {
            let rest = self.0;
            let Some(inside) = rest.strip_prefix('<') else {
                if rest.is_empty() {
                    return Ok(None);
                }
                let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
                self.0 = after;
                return said(text).map(|text| Some(Piece::Text(text)));
            };
            if let Some(after) = inside.strip_prefix("!--") {
                self.0 = after.split_once("-->").ok_or(Malformed)?.1;
            } else if let Some(after) = inside.strip_prefix("![CDATA[") {
                let (text, after) = after.split_once("]]>").ok_or(Malformed)?;
                self.0 = after;
                return Ok(Some(Piece::Text(text.into())));
            } else if let Some(after) = inside.strip_prefix('?') {
                self.0 = after.split_once("?>").ok_or(Malformed)?.1;
            } else if inside.starts_with('!') {
                return Err(Malformed);
            } else if let Some(after) = inside.strip_prefix('/') {
                let (name, after) = after.split_once('>').ok_or(Malformed)?;
                self.0 = after;
                return Ok(Some(Piece::Close(local(name.trim()))));
            } else {
                let (tag, after) = inside.split_at(end(inside).ok_or(Malformed)?);
                self.0 = &after[1..];
                let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
                let (name, attributes) = tag.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((tag, ""));
                if name.is_empty() {
                    return Err(Malformed);
                }
                return Ok(Some(Piece::Open(Tag { name: local(name), empty, attributes })));
            }
        }
    }

    /// All that is said until the element of this name closes, whatever stands around it.
    pub fn text_of(&mut self, name: &str) -> Result<String, Malformed> {
        let mut whole = String::new();
        loop {
            match self.piece()?.ok_or(Malformed)? {
                Piece::Text(text) => whole.push_str(&text),
                Piece::Close(closed) if closed == name => return Ok(whole),
                Piece::Open(_) | Piece::Close(_) => {}
            }
        }
    }
}

/// Where a tag ends: within quotation marks it does not.
fn end(tag: &str) -> Option<usize> {
    let mut quoted = None;
    tag.bytes().position(|byte| {
        match quoted {
            Some(mark) if mark == byte => quoted = None,
            None if matches!(byte, b'"' | b'\'') => quoted = Some(byte),
            _ => {}
        }
        byte == b'>' && quoted.is_none()
    })
}

/// What is said by a text in which some letters stand by name.
fn said(text: &str) -> Result<Cow<'_, str>, Malformed> {
    if !text.contains('&') {
        return Ok(text.into());
    }
    let mut parts = text.split('&');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, after) = part.split_once(';').ok_or(Malformed)?;
        whole.push(named(name).ok_or(Malformed)?);
        whole.push_str(after);
    }
    Ok(whole.into())
}

fn named(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(number) => u32::from_str_radix(number, 16),
                None => number.parse(),
            };
            char::from_u32(number.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All of it in short: `+name`, `-name`, `=name` for what is empty, or what is said.
    fn read(text: &str) -> Result<Vec<String>, Malformed> {
        let mut document = Document::new(text);
        let mut all = Vec::new();
        while let Some(piece) = document.piece()? {
            all.push(match piece {
                Piece::Open(tag) => [if tag.empty { "=" } else { "+" }, tag.name].concat(),
                Piece::Close(name) => ["-", name].concat(),
                Piece::Text(text) => text.into_owned(),
            });
        }
        Ok(all)
    }

    #[test]
    fn what_opens_closes_and_is_said_comes_one_after_the_other() {
        let text = "\u{feff}<?xml version=\"1.0\"?><!-- <a> --><x:a b=\"1>2\"><c/>Día &amp; &#x1F3DB;&#65;<![CDATA[<&]]></x:a >";
        assert_eq!(read(text).unwrap(), ["+a", "=c", "Día & 🏛A", "<&", "-a"]);
        let odd = [
            "<",
            "<a",
            "<a b=\">\"",
            "<!DOCTYPE a>",
            "<!-- ",
            "<![CDATA[",
            "<?",
            "</a",
            "&copy;",
            "&#xD800;",
            "&lt",
            "<>",
        ];
        for odd in odd {
            assert_eq!(read(odd), Err(Malformed), "{odd}");
        }
    }

    #[test]
    fn attributes_are_found_by_their_own_name() {
        let mut document = Document::new("<s name='a \"b\" &lt;' sheetId=\"7\" r:id = \"rId1\" n=\" 12 \"/>");
        let Ok(Some(Piece::Open(tag))) = document.piece() else { panic!("no tag") };
        assert_eq!((tag.get("name").as_deref(), tag.get("id").as_deref()), (Some("a \"b\" <"), Some("rId1")));
        assert_eq!((tag.number("n"), tag.number("name"), tag.get("Id")), (Some(12), None, None));
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in ".{0,80}", odd in "[<>/a&;#x1=\"'!\\[\\]\\-? ñ]{0,60}") {
            for text in [text, odd] {
                let _ = read(&text);
                let mut document = Document::new(&text);
                while let Ok(Some(piece)) = document.piece() {
                    if let Piece::Open(tag) = piece {
                        let _ = tag.get("a");
                    }
                }
                let _ = Document::new(&text).text_of("a");
            }
        }
    }
}

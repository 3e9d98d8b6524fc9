//! The pages that words of a post lead to, on a network where a mention is a name and not a sign before it (LinkedIn). A mention
//! never changes a word: the page's name stands in the text, on this network it can be followed, and everywhere else it is read as
//! what it is. Separate from the text's own mentions ([`crate::text::SpanKind::Mention`]), which a network reads by itself.

use serde::{Deserialize, Serialize};

use crate::{
    Network, Rendition,
    text::{is_invisible, spans},
};

/// The most pages: each is looked up before a post goes out, and each look-up is a call of ours.
pub const MOST: usize = 3;

/// The most characters of a short name and of a name. A ceiling of ours: what LinkedIn's form takes is said nowhere.
const LONGEST: usize = 150;

/// What stands before the short name in a page's address (LinkedIn's: a page, a school, a page of a page).
const KINDS: [&str; 3] = ["company", "school", "showcase"];

/// A page that is mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<'a> {
    /// What its address ends in: by this it is looked up.
    pub short: &'a str,
    /// What it is called, letter by letter: only so LinkedIn makes a mention of it (its guide to little text, 2026-11-29).
    pub name: &'a str,
}

impl Page<'_> {
    /// As people write it: `Villa Serena (linkedin.com/company/villa-serena)`.
    pub fn written(&self) -> String {
        [self.name, " (linkedin.com/company/", self.short, ")"].concat()
    }
}

/// A page that a post which is out was to lead to and does not: its name stands there as plain words. This is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missed {
    /// The page, as people write it ([`Page::written`]).
    pub page: String,
    /// Whether the network knows none by that address and that name any more.
    pub renamed: bool,
    /// Else what the network said when it was asked, at most 300 characters; empty where nobody heard it.
    pub message: String,
}

/// Where in a text a page is mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The first byte of its name.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// Which page.
    pub page: Page<'a>,
}

/// One to three pages, each once, in the order in which they were added. Written as one text, a line a page, its short name before
/// its name, as [`crate::Collaborators`], because the approver's page reads texts anyway.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mentions(String);

impl Mentions {
    /// These pages and one more; `None` if that is no page, one too many, or one that is there already.
    pub fn with(all: Option<&Self>, short: &str, name: &str) -> Option<Self> {
        let line = [short, " ", name].concat();
        all.map_or(line.clone(), |all| [&*all.0, "\n", &*line].concat()).try_into().ok()
    }

    /// These pages without one.
    pub fn without(&self, short: &str) -> Option<Self> {
        let left = self.pages().into_iter().filter(|page| page.short != short);
        let left: Vec<String> = left.map(|page| [page.short, " ", page.name].concat()).collect();
        left.join("\n").try_into().ok()
    }

    /// The pages.
    pub fn pages(&self) -> Vec<Page<'_>> {
        read(&self.0).collect()
    }

    /// As people write them.
    pub fn written(&self) -> String {
        self.pages().iter().map(Page::written).collect::<Vec<_>>().join(", ")
    }

    /// Where a text mentions them, in order: each where its name first stands by itself, and not within an address or a hashtag.
    /// Whose name stands nowhere is not mentioned.
    pub fn places(&self, text: &str) -> Vec<Place<'_>> {
        let spans = spans(text);
        let is_marked = |start: usize, end: usize| {
            spans.get(spans.partition_point(|span| span.end <= start)).is_some_and(|span| span.start < end)
        };
        let (mut waiting, mut found) = (self.pages(), Vec::<Place<'_>>::new());
        // The longest name first: a shorter one may stand within it.
        while let Some(longest) = (0..waiting.len()).max_by_key(|place| waiting[*place].name.len()) {
            let page = waiting.swap_remove(longest);
            let mut all = text.match_indices(page.name).map(|(start, name)| (start, start + name.len()));
            let free = all.find(|&(start, end)| {
                stands_alone(text, start, end)
                    && !is_marked(start, end)
                    && found.iter().all(|other| other.end <= start || end <= other.start)
            });
            if let Some((start, end)) = free {
                // Each in its place, without a sort (see `text::pieces`).
                found.insert(found.partition_point(|other| other.start < start), Place { start, end, page });
            }
        }
        found
    }
}

impl Rendition {
    /// The pages that readers are led to on a network, as people write them; `None` if there are none.
    pub fn mentioned(&self, network: Network) -> Option<String> {
        let all = self.mentions.as_ref().filter(|_| are_taken(network))?;
        let places = all.places(&self.as_sent(network));
        let written: Vec<String> = places.iter().map(|place| place.page.written()).collect();
        (!written.is_empty()).then(|| written.join(", "))
    }
}

fn read(lines: &str) -> impl Iterator<Item = Page<'_>> {
    lines.split('\n').map(|line| {
        let (short, name) = line.split_once(' ').unwrap_or((line, ""));
        Page { short, name }
    })
}

/// Whether a name is not the middle of a longer word.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let join = |one: Option<char>, other: Option<char>| {
        one.zip(other).is_some_and(|(one, other)| spans::is_word(one) && spans::is_word(other))
    };
    let name = &text[start..end];
    !join(text[..start].chars().next_back(), name.chars().next())
        && !join(name.chars().next_back(), text[end..].chars().next())
}

/// What a page's address ends in, of what somebody typed: that itself, or the address as a browser shows or copies it.
pub fn short(typed: &str) -> Option<String> {
    let plain = unescaped(typed.trim()).to_lowercase();
    let rest = plain.split_once("://").map_or(&*plain, |(_, rest)| rest);
    let parts: Vec<&str> = rest.split(['/', '?', '#']).filter(|part| !part.is_empty()).collect();
    let is_theirs = |host: &str| host == "linkedin.com" || host.ends_with(".linkedin.com");
    let name = match &parts[..] {
        [host, kind, name, ..] if is_theirs(host) && KINDS.contains(kind) => *name,
        [kind, name] if KINDS.contains(kind) => *name,
        [name] if !is_theirs(name) => name.trim_start_matches('@'),
        _ => return None,
    };
    is_short(name).then(|| name.to_owned())
}

/// An address without its `%C3%B1`; nothing if what they stand for is no text.
fn unescaped(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let [first, after @ ..] = rest {
        let escaped = after.get(..2).filter(|_| *first == b'%').and_then(|two| {
            let digits = std::str::from_utf8(two).ok()?;
            u8::from_str_radix(digits, 16).ok()
        });
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// Whether LinkedIn could have given a page this address: letters, digits and what may stand between them.
fn is_short(short: &str) -> bool {
    let is_of_it = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    (1..=LONGEST).contains(&short.chars().count()) && short.chars().all(is_of_it) && short.to_lowercase() == short
}

/// Whether a page's name can stand in a text, and whoever agrees reads it as it is: signs that are not seen or turn the line would
/// show another address behind it.
pub fn is_name(name: &str) -> bool {
    let length = name.chars().count();
    let is_odd = |sign: char| sign.is_control() || is_invisible(sign);
    name.trim() == name && (1..=LONGEST).contains(&length) && !name.chars().any(is_odd)
}

impl TryFrom<String> for Mentions {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let pages: Vec<Page<'_>> = read(&text).collect();
        // Two pages of one name could not be told apart in a text.
        let is_twice = |place: usize, page: &Page<'_>| {
            pages[..place].iter().any(|other| other.short == page.short || other.name == page.name)
        };
        let is_page =
            |(place, page): (usize, &Page<'_>)| is_short(page.short) && is_name(page.name) && !is_twice(place, page);
        // One list has one spelling: what is hashed is what is sent.
        let fits = pages.len() <= MOST && pages.iter().enumerate().all(is_page);
        if fits { Ok(Self(text)) } else { Err("mentions") }
    }
}

impl From<Mentions> for String {
    fn from(all: Mentions) -> Self {
        all.0
    }
}

/// Whether a mention on a network is a name, and not a sign before it.
pub const fn are_taken(network: Network) -> bool {
    matches!(network, Network::Linkedin)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(pages: &[(&str, &str)]) -> Mentions {
        let all = pages.iter().fold(None, |all: Option<Mentions>, (short, name)| {
            Some(Mentions::with(all.as_ref(), short, name).unwrap())
        });
        all.unwrap()
    }

    fn mentioned<'a>(all: &Mentions, text: &'a str) -> Vec<(usize, &'a str)> {
        all.places(text).iter().map(|place| (place.start, &text[place.start..place.end])).collect()
    }

    #[test]
    fn an_address_is_taken_as_browsers_show_and_copy_it() {
        for typed in [
            "villa-serena",
            " @Villa-Serena ",
            "company/villa-serena",
            "linkedin.com/company/villa-serena",
            "https://www.linkedin.com/company/Villa-Serena/posts/?feedView=all",
            "https://es.linkedin.com/school/villa-serena#a",
        ] {
            assert_eq!(short(typed).as_deref(), Some("villa-serena"), "{typed}");
        }
        assert_eq!(short("https://www.linkedin.com/company/m%C3%A1laga/").as_deref(), Some("málaga"));
        for typed in [
            "",
            "@",
            "Villa Serena",
            "linkedin.com",
            "https://www.linkedin.com/in/alcaldesa",
            "https://villa.es/company/villa-serena",
            "https://linkedin.com.villa.es/company/villa-serena",
            "linkedin.com/company/",
            "villa%0Aserena",
            "villa%FF",
            "urn:li:person:1",
            &"a".repeat(LONGEST + 1),
        ] {
            assert_eq!(short(typed), None, "{typed}");
        }
    }

    #[test]
    fn what_is_stored_has_one_spelling() {
        let two = of(&[("villa-serena", "Villa Serena"), ("aguas", "Aguas (S.A.)")]);
        let written = serde_json::to_string(&two).unwrap();
        assert_eq!(written, "\"villa-serena Villa Serena\\naguas Aguas (S.A.)\"");
        assert_eq!(serde_json::from_str::<Mentions>(&written).unwrap(), two);
        assert_eq!(
            two.written(),
            "Villa Serena (linkedin.com/company/villa-serena), Aguas (S.A.) (linkedin.com/company/aguas)"
        );
        let left = two.without("villa-serena").unwrap();
        assert_eq!(left, of(&[("aguas", "Aguas (S.A.)")]));
        assert_eq!(left.without("aguas"), None);
        for text in [
            "",
            "aguas",
            "aguas ",
            "aguas  Aguas",
            "Aguas Aguas",
            "aguas Aguas ",
            "aguas Aguas\n",
            "\naguas Aguas",
            "aguas Aguas\naguas Otras",
            "aguas Aguas\notras Aguas",
            "a/b Aguas",
            "a A\nb B\nc C\nd D",
            "aguas A\tguas",
            "aguas A\u{202E}guas",
        ] {
            assert!(Mentions::try_from(text.to_owned()).is_err(), "{text:?}");
        }
        let three = of(&[("a", "A"), ("b", "B"), ("c", "C")]);
        assert_eq!(Mentions::with(Some(&three), "d", "D"), None);
        assert_eq!(Mentions::with(None, "a", "Con\nsalto"), None);
    }

    #[test]
    fn a_name_is_mentioned_where_it_first_stands_by_itself() {
        let all = of(&[("diputacion", "Diputación"), ("diputacion-sur", "Diputación del Sur"), ("renfe", "Renfe")]);
        let text = "#Renfe y la Diputación del Sur, con la Diputación: https://villa.es/Renfe, @Renfe, Renfer y Renfe.";
        let after = |words: &str| text.find(words).unwrap() + words.len();
        assert_eq!(
            mentioned(&all, text),
            [(after("y la "), "Diputación del Sur"), (after("con la "), "Diputación"), (after("Renfer y "), "Renfe"),]
        );
        // Another letter is another name, and a mark on its last letter is another letter.
        assert_eq!(mentioned(&all, "RENFE, renfe, Renfe\u{301}"), []);
        assert_eq!(mentioned(&all, "Renfe y Renfe"), [(0, "Renfe")]);
        let signs = of(&[("once", "(ONCE)")]);
        assert_eq!(mentioned(&signs, "la(ONCE)es"), [(2, "(ONCE)")]);
    }

    proptest! {
        /// Whatever is typed, what is found is on characters, in order, apart, and letter by letter the page's name.
        #[test]
        fn places_are_in_order_apart_and_the_name_itself(
            text in "(A|Ag|Aguas|Aguas del Sur|#|@|\\[|\\]|https://a\\.es/|ñ|🎉| |\\PC){0,30}",
        ) {
            let all = of(&[("a", "A"), ("aguas", "Aguas"), ("sur", "Aguas del Sur")]);
            let mut done = 0;
            for place in all.places(&text) {
                prop_assert!(place.start >= done && place.end > place.start);
                prop_assert_eq!(&text[place.start..place.end], place.page.name);
                done = place.end;
            }
        }

        #[test]
        fn what_is_read_is_what_was_written(short in "[a-z0-9._-]{1,9}", name in "[A-ZÑ]\\PC{0,20}[a-z]") {
            prop_assume!(is_name(&name));
            let all = Mentions::with(None, &short, &name).unwrap();
            prop_assert_eq!(all.pages(), [Page { short: &short, name: &name }]);
            prop_assert_eq!(Mentions::try_from(String::from(all.clone())), Ok(all));
        }
    }
}

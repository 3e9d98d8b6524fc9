//! A thread: a text that goes out as a chain of parts, each an answer to the one before, where the network has such a thing.
//! Separate because whoever writes, whoever agrees, the counters and the engine must all cut at the very same places.
//!
//! The cut is a line of its own with [`CUT`] and nothing else. It stands in the text, so the hash that is approved covers it, and
//! a text without one is what it always was.

use std::{borrow::Cow, ops::Range};

use crate::{Network, Rendition, Replies, replies};

/// The line that cuts.
pub const CUT: &str = "---";

/// The most parts of a thread: nobody reads to the end of more, and with 25 one thread stays below a quarter of what X lets an
/// account publish in a quarter of an hour (100), and below a day's tenth at Threads (250).
pub const MOST_PARTS: usize = 25;

/// Whether a text is cut anywhere.
pub fn is_cut(text: &str) -> bool {
    text.lines().any(|line| line.trim() == CUT)
}

/// The parts of a text as bytes in it, without the blanks around them. What is empty is no part.
pub fn parts(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut add = |start: usize, end: usize| {
        let part = &text[start..end];
        let trimmed = part.trim();
        if !trimmed.is_empty() {
            let start = start + part.len() - part.trim_start().len();
            parts.push(start..start + trimmed.len());
        }
    };
    let (mut start, mut place) = (0, 0);
    for line in text.split_inclusive('\n') {
        let end = place + line.len();
        if line.trim() == CUT {
            add(start, place);
            start = end;
        }
        place = end;
    }
    add(start, text.len());
    parts
}

/// The text where there are no threads: the parts as paragraphs.
pub fn joined(text: &str) -> Cow<'_, str> {
    if !is_cut(text) {
        return Cow::Borrowed(text);
    }
    let mut whole = String::with_capacity(text.len());
    for part in parts(text) {
        if !whole.is_empty() {
            whole.push_str("\n\n");
        }
        whole.push_str(&text[part]);
    }
    Cow::Owned(whole)
}

impl Rendition {
    /// What goes out, one after the other: the parts of a thread, or the whole where it is none or the network has none. What
    /// hangs below a text hangs below the first; a warning stands before each; who may reply is said where the network wants it.
    /// A first comment is no part: it goes by itself, once all of them are out ([`Rendition::first_comment`]). Of a story no word is.
    /// Here links are marked ([`crate::utm`]) and accounts put in place of marks ([`crate::contacts`]): what is counted, shown, sent
    /// and looked for is made of parts.
    pub fn parts(&self, network: Network) -> Vec<Rendition> {
        if self.is_story(network) {
            return vec![self.without_words()];
        }
        if !is_cut(&self.text) {
            return vec![self.leaving(self.text.clone(), network)];
        }
        let spans = parts(&self.text);
        if !network.chains() || spans.len() < 2 {
            return vec![self.leaving(joined(&self.text).into_owned(), network)];
        }
        let part = |(place, span): (usize, Range<usize>)| {
            let text = self.text[span].to_owned();
            if place == 0 { self.leaving(text, network) } else { self.behind(text, network) }
        };
        spans.into_iter().enumerate().map(part).collect()
    }

    fn leaving(&self, text: String, network: Network) -> Rendition {
        let link = self.link.clone().map(|link| match &self.utm {
            Some(utm) => utm.link(&link, network).into_owned(),
            None => link,
        });
        let mentions = self.pages_of(&text, network);
        let text = self.said(text, network);
        Rendition { text, link, comment: None, utm: None, contacts: None, mentions, ..self.clone() }
    }

    fn behind(&self, text: String, network: Network) -> Rendition {
        let replies = if replies::of_each_part(network) { self.replies } else { Replies::Everybody };
        Rendition { warning: self.warning.clone(), replies, ..self.alone(self.said(text, network)) }
    }

    /// Words in this language, and nothing else.
    pub(crate) fn alone(&self, text: String) -> Rendition {
        Rendition {
            language: self.language.clone(),
            title: None,
            text,
            warning: None,
            pictures: Vec::new(),
            video: None,
            document: None,
            link: None,
            event: None,
            showing: None,
            topic: None,
            poll: None,
            pin: false,
            collaborators: None,
            mentions: None,
            story: false,
            reel: false,
            comment: None,
            replies: Replies::Everybody,
            utm: None,
            contacts: None,
        }
    }
}

/// Proposes where to cut a text, so that each part fits: at the end of a paragraph, else of a sentence, else of a word. Cuts that
/// stand already stay. `fits` is asked whether a text fits as the first part (`true`) or as a later one; `numbered` puts
/// `(1/3)` behind each.
pub fn cut(text: &str, numbered: bool, fits: impl Fn(bool, &str) -> bool) -> String {
    let whole = |behind: &str| {
        let mut found: Vec<&str> = Vec::new();
        for part in parts(text) {
            // What was numbered once and became longer is numbered anew.
            let mut rest = if numbered { unnumbered(&text[part]) } else { &text[part] };
            while !rest.is_empty() {
                let first = found.is_empty();
                let end = end_of(rest, |taken| fits(first, &[taken, behind].concat()));
                found.push(rest[..end].trim_end());
                rest = rest[end..].trim_start();
            }
        }
        found
    };
    let found = whole("");
    if !numbered || found.len() < 2 {
        return found.join(SEPARATOR);
    }
    // How many there are decides how long the numbers are, and these how many there are.
    let few = whole(" (9/9)");
    let found = if few.len() < 10 { few } else { whole(" (99/99)") };
    let most = found.len().to_string();
    let number = |(place, part): (usize, &&str)| [part, " (", &(place + 1).to_string(), "/", &most, ")"].concat();
    found.iter().enumerate().map(number).collect::<Vec<_>>().join(SEPARATOR)
}

/// A part without the number that [`cut`] put behind it.
fn unnumbered(part: &str) -> &str {
    let number = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let bare = part.trim_end().strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    match bare.and_then(|(bare, behind)| Some((bare, behind.split_once('/')?))) {
        Some((bare, (one, all))) if number(one) && number(all) => bare,
        _ => part,
    }
}

/// A cut with blank lines around it, as it is written by [`cut`].
const SEPARATOR: &str = "\n\n---\n\n";

/// Where the first part of a text ends.
fn end_of(text: &str, fits: impl Fn(&str) -> bool) -> usize {
    if fits(text) {
        return text.len();
    }
    let longest = |borders: &[usize]| {
        let fitting = borders.partition_point(|border| fits(text[..*border].trim_end()));
        fitting.checked_sub(1).map(|last| borders[last])
    };
    let [paragraphs, sentences, words] = borders(text);
    let Some(most) = longest(&words) else {
        // A word alone is too long: it stays whole, and the counter says so.
        return words.first().copied().unwrap_or(text.len());
    };
    // A part that is half empty reads worse than one that ends within a paragraph.
    let fills = |border: &usize| *border * 2 >= most;
    longest(&paragraphs).filter(fills).or_else(|| longest(&sentences).filter(fills)).unwrap_or(most)
}

/// Where the paragraphs, the sentences and the words of a text end, but for the last of each.
fn borders(text: &str) -> [Vec<usize>; 3] {
    let [mut paragraphs, mut sentences, mut words] = [Vec::new(), Vec::new(), Vec::new()];
    let mut before = ' ';
    for (place, letter) in text.char_indices() {
        if letter.is_whitespace() && !before.is_whitespace() {
            words.push(place);
            let ends = letter == '\n' || matches!(before, '.' | '!' | '?' | '…' | '»' | ')');
            if ends && !is_short(&text[..place]) {
                sentences.push(place);
            }
            let blank = text[place..].trim_start_matches([' ', '\t', '\r']);
            if blank.starts_with('\n') && blank[1..].trim_start_matches([' ', '\t', '\r']).starts_with('\n') {
                paragraphs.push(place);
            }
        }
        before = letter;
    }
    [paragraphs, sentences, words]
}

/// Whether a text ends with what only looks like the end of a sentence: `D.`, `núm.`, `c/.`, a bracket within one.
fn is_short(text: &str) -> bool {
    let word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    let plain = word.trim_end_matches('.');
    match word.chars().last() {
        Some('.') => plain.chars().count() <= 3 && plain.chars().any(char::is_alphabetic),
        Some(')' | '»') => !matches!(word.chars().rev().nth(1), Some('.' | '!' | '?' | '…')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        ChannelId, Language,
        policy::draft::bench,
        text::{fits, sent},
    };

    fn said(text: &str) -> Vec<&str> {
        parts(text).into_iter().map(|part| &text[part]).collect()
    }

    #[test]
    fn a_thread_that_is_cut_again_is_numbered_once() {
        let fits = |most: usize| move |_: bool, text: &str| text.len() <= most;
        let once = cut("uno dos tres cuatro cinco seis siete", true, fits(24));
        let again = cut(&once, true, fits(18));
        assert!(
            once.matches("/").count() == parts(&once).len() && again.matches("/").count() == parts(&again).len(),
            "{again}"
        );
        assert_eq!(unnumbered("Precio: 3 (1/2 kg)"), "Precio: 3 (1/2 kg)");
    }

    #[test]
    fn a_line_of_three_hyphens_cuts_and_nothing_else_does() {
        assert_eq!(said("Uno\n---\nDos\r\n --- \r\nTres"), ["Uno", "Dos", "Tres"]);
        assert_eq!(said("---\n\n---\nUno\n---\n"), ["Uno"]);
        for whole in ["Uno --- dos", "Uno\n----\ndos", "Uno\n--\ndos", "Uno"] {
            assert!(!is_cut(whole), "{whole}");
            assert_eq!((said(whole), joined(whole)), (vec![whole], Cow::Borrowed(whole)));
        }
        assert_eq!(joined("Uno\n\n---\n\nDos"), "Uno\n\nDos");
        assert_eq!(joined("---"), "");
    }

    #[test]
    fn what_hangs_below_a_thread_hangs_below_its_first_part() {
        let mut content = bench::notice();
        content.link = Some("https://villar.example/agua".to_owned());
        bench::say(&mut content, "es", "Mañana no hay agua.\n---\nDe 8 a 12.\n---\nVuelve por la tarde.");
        let whole = content.rendition(&bench::bluesky(), &Language::spanish()).unwrap();
        let parts = whole.parts(Network::Bluesky);
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(texts, ["Mañana no hay agua.", "De 8 a 12.", "Vuelve por la tarde."]);
        assert_eq!((&parts[0].link, &parts[1].link), (&content.link, &None));
        assert!(parts[1].pictures.is_empty() && parts[1].title.is_none());
        let one = whole.parts(Network::Noticeboard);
        assert_eq!((one.len(), &*one[0].text), (1, "Mañana no hay agua.\n\nDe 8 a 12.\n\nVuelve por la tarde."));
    }

    #[test]
    fn what_is_no_thread_goes_out_as_it_always_did() {
        let content = bench::notice();
        for (channel, language) in content.destinations() {
            let whole = content.rendition(channel, language).unwrap();
            for network in Network::ALL {
                assert_eq!(whole.parts(network), std::slice::from_ref(&whole));
            }
        }
        assert_eq!(content.rendition(&ChannelId::from_bits(99), &Language::english()), None);
    }

    #[test]
    fn whom_it_mentions_goes_where_a_mention_is_a_name() {
        let mut content = bench::notice();
        let villa = crate::Mentions::with(None, "villa", "Villa");
        content.targets.iter_mut().for_each(|target| target.mentions.clone_from(&villa));
        let whole = content.rendition(&bench::bluesky(), &Language::spanish()).unwrap();
        for network in Network::ALL {
            let going = whole.parts(network).remove(0).mentions;
            assert_eq!(going, villa.clone().filter(|_| network == Network::Linkedin), "{network:?}");
        }
    }

    fn of(most: usize) -> impl Fn(bool, &str) -> bool {
        move |_, text| text.chars().count() <= most
    }

    #[test]
    fn it_is_cut_where_a_reader_would_pause() {
        let text = "Mañana no hay agua en el barrio. Vuelve a las 12.\n\nLas obras siguen el jueves. Perdonen.";
        assert_eq!(said(&cut(text, false, of(60))).len(), 2);
        assert_eq!(said(&cut(text, false, of(60)))[1], "Las obras siguen el jueves. Perdonen.");
        assert_eq!(said(&cut(text, false, of(40)))[0], "Mañana no hay agua en el barrio.");
        assert_eq!(cut("Cabe.", false, of(40)), "Cabe.");
        let numbered = cut(text, true, of(60));
        assert!(said(&numbered)[1].ends_with("Perdonen. (2/2)"), "{numbered}");
        let address = ["https://villar.example/", &"a".repeat(60)].concat();
        assert_eq!(said(&cut(&address, false, of(40))), [&*address], "no word is broken");
        assert_eq!(said(&cut("La calle del Dr. Cano y la plaza", false, of(24)))[0], "La calle del Dr. Cano y");
    }

    #[test]
    fn the_first_part_leaves_room_for_the_address_that_is_put_behind_it() {
        let (limits, link) = (Network::X.limits(), Some("https://villar.example/pleno"));
        let text = "Una frase de cierta longitud para probar. ".repeat(20);
        let leaves =
            |first: bool, part: &str| fits(&sent(part, link.filter(|_| first), false, Network::X), None, &limits);
        let found = cut(&text, true, leaves);
        let parts = said(&found);
        assert!(parts.len() > 2 && parts.len() < 10);
        assert!(parts.iter().enumerate().all(|(place, part)| leaves(place == 0, part)));
    }

    proptest! {
        /// Nothing is lost, nothing is added, and each part fits where each word does.
        #[test]
        fn a_cut_text_says_the_same_in_parts_that_fit(text in "([a-zñ¿]{1,9}[.,!]?[ \n]{1,3}){0,60}", most in 12..80_usize) {
            let found = cut(&text, false, of(most));
            let words = |text: &str| text.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&joined(&found)), words(&text));
            prop_assert!(said(&found).iter().all(|part| part.chars().count() <= most));
            prop_assert_eq!(cut(&found, false, of(most)), found.clone(), "cutting again changes nothing");
        }
    }
}

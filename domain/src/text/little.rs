//! Text as LinkedIn's interface takes it ("little text"): signs that it would read as its own are escaped, hashtags are
//! spelt out, and so are the pages that are mentioned. And back again, for what it gives back is compared with what was meant.
//! Separate because nothing else writes so; the rules are those of LinkedIn's guide to the format (read 2026-11-29).

use super::{Span, SpanKind, spans};
use crate::mentions::{Mentions, Page};

/// What must be escaped wherever it stands for itself.
const RESERVED: &[char] = &['\\', '|', '{', '}', '@', '[', ']', '(', ')', '<', '>', '#', '*', '_', '~'];

/// How a hashtag begins: its sign is escaped, and its name follows behind a bar.
const HASHTAG: [&str; 2] = ["{hashtag|\\#|", "{hashtag|\\＃|"];

/// What names a page to the interface.
pub const ORGANISATION: &str = "urn:li:organization:";

/// The text for the interface, with nobody mentioned.
pub fn written(text: &str) -> String {
    let mut pen = Pen::on(text);
    spans(text).iter().for_each(|span| pen.span(span));
    pen.lift()
}

/// The same with the pages that are mentioned in it, as far as `number_of` knows how LinkedIn numbers them. Without a number a name
/// is the words that it is: readers see the same either way.
pub fn mentioning(text: &str, mentions: &Mentions, number_of: impl Fn(&Page<'_>) -> Option<String>) -> String {
    let mut pen = Pen::on(text);
    let mut places = mentions.places(text).into_iter().peekable();
    for span in spans(text) {
        while let Some(place) = places.next_if(|place| place.start < span.start) {
            pen.mention(place.start, place.end, number_of(&place.page));
        }
        pen.span(&span);
    }
    places.for_each(|place| pen.mention(place.start, place.end, number_of(&place.page)));
    pen.lift()
}

/// A text on its way into the format, from its beginning on.
struct Pen<'a> {
    text: &'a str,
    out: String,
    /// Up to which byte it is written.
    done: usize,
}

impl<'a> Pen<'a> {
    fn on(text: &'a str) -> Self {
        Self { text, out: String::with_capacity(text.len() + 16), done: 0 }
    }

    fn until(&mut self, end: usize) {
        escape(&mut self.out, &self.text[self.done..end]);
        self.done = end;
    }

    fn span(&mut self, span: &Span) {
        if span.kind != SpanKind::Hashtag {
            return;
        }
        self.until(span.start);
        let is_wide = span.of(self.text).starts_with('＃');
        self.out.push_str(HASHTAG[usize::from(is_wide)]);
        escape(&mut self.out, span.name(self.text));
        self.out.push('}');
        self.done = span.end;
    }

    fn mention(&mut self, start: usize, end: usize, number: Option<String>) {
        // A number goes in as it stands: what is none does not.
        let is_number = |number: &String| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let Some(number) = number.filter(is_number) else { return };
        self.until(start);
        self.out.push_str("@[");
        self.until(end);
        for part in ["](", ORGANISATION, &number, ")"] {
            self.out.push_str(part);
        }
    }

    fn lift(mut self) -> String {
        self.until(self.text.len());
        self.out
    }
}

fn escape(out: &mut String, text: &str) {
    for letter in text.chars() {
        if RESERVED.contains(&letter) {
            out.push('\\');
        }
        out.push(letter);
    }
}

/// The text as readers see it, of what the interface gives back: hashtags and mentions by their names.
pub fn read(little: &str) -> String {
    let mut out = String::with_capacity(little.len());
    let mut rest = little;
    while let Some(letter) = rest.chars().next() {
        let named = || mention(rest).map(|(name, _, after)| (name, after));
        if let Some((shown, after)) = hashtag(rest).or_else(named) {
            out.push_str(&shown);
            rest = after;
            continue;
        }
        rest = &rest[letter.len_utf8()..];
        let escaped = rest.chars().next().filter(|_| letter == '\\');
        out.push(escaped.unwrap_or(letter));
        rest = escaped.map_or(rest, |escaped| &rest[escaped.len_utf8()..]);
    }
    out
}

/// Whom the interface mentions in what it gives back, in order: whatever stands behind each name.
pub fn mentioned(little: &str) -> Vec<String> {
    leads(little).into_iter().map(|(_, whom)| whom).collect()
}

/// The names that lead somewhere in what the interface gives back, in order, each with where it leads.
pub fn leads(little: &str) -> Vec<(String, String)> {
    let (mut found, mut rest) = (Vec::new(), little);
    while let Some(letter) = rest.chars().next() {
        if let Some((name, whom, after)) = mention(rest) {
            found.push((name, whom));
            rest = after;
            continue;
        }
        rest = &rest[letter.len_utf8()..];
        if letter == '\\' {
            rest = rest.chars().next().map_or(rest, |escaped| &rest[escaped.len_utf8()..]);
        }
    }
    found
}

/// `{hashtag|\#|name}`; its sign may stand there without the escape.
fn hashtag(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix("{hashtag|")?;
    let rest = rest.strip_prefix('\\').unwrap_or(rest);
    let sign = rest.chars().next().filter(|sign| matches!(sign, '#' | '＃'))?;
    let rest = rest[sign.len_utf8()..].strip_prefix('|')?;
    let (name, after) = until(rest, '}')?;
    Some((format!("{sign}{name}"), after))
}

/// `@[name](urn)`: the name, the other, and what stands behind it.
fn mention(text: &str) -> Option<(String, String, &str)> {
    let (name, rest) = until(text.strip_prefix("@[")?, ']')?;
    let (whom, after) = until(rest.strip_prefix('(')?, ')')?;
    Some((name, whom, after))
}

/// What stands before a sign that is not escaped, without its escapes, and what stands behind it.
fn until(text: &str, end: char) -> Option<(String, &str)> {
    let (mut out, mut letters) = (String::new(), text.char_indices());
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => out.push(letters.next()?.1),
            _ if letter == end => return Some((out, &text[at + letter.len_utf8()..])),
            _ => out.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn signs_of_its_own_are_escaped_and_hashtags_spelt_out() {
        assert_eq!(written("¡Hola! (de 9 a 10) a_b*c~"), "¡Hola! \\(de 9 a 10\\) a\\_b\\*c\\~");
        assert_eq!(written("Ven a la #Fiesta_Mayor, @villa"), "Ven a la {hashtag|\\#|Fiesta\\_Mayor}, \\@villa");
        assert_eq!(written("C# y #1"), "C\\# y \\#1");
        assert_eq!(written("https://villa.es/a_b#c"), "https://villa.es/a\\_b\\#c");
    }

    #[test]
    fn what_it_gives_back_is_read_as_readers_see_it() {
        assert_eq!(
            read("Hola @[Acme \\(Corp\\)](urn:li:organization:1), {hashtag|#|Pleno}"),
            "Hola Acme (Corp), #Pleno"
        );
        // What is none of these stands for itself.
        assert_eq!(read("{hashtag|x} @[a] \\"), "{hashtag|x} @[a] \\");
    }

    fn pages() -> Mentions {
        let one = Mentions::with(None, "acme", "Acme (Corp) [a_b]").unwrap();
        Mentions::with(Some(&one), "villa", "Villa #1").unwrap()
    }

    #[test]
    fn a_page_is_mentioned_by_its_name_and_its_number() {
        let number = |page: &Page<'_>| Some(if page.short == "acme" { "12" } else { "7" }.to_owned());
        let text = "Con Acme (Corp) [a_b], Villa #1 y @[Villa #1](urn:li:person:1). #Pleno con Acme (Corp) [a_b]";
        let little = mentioning(text, &pages(), number);
        assert_eq!(
            little,
            "Con @[Acme \\(Corp\\) \\[a\\_b\\]](urn:li:organization:12), @[Villa \\#1](urn:li:organization:7) y \\@\\[Villa \\#1\\]\\\
             (urn:li:person:1\\). {hashtag|\\#|Pleno} con Acme \\(Corp\\) \\[a\\_b\\]"
        );
        assert_eq!(mentioned(&little), ["urn:li:organization:12", "urn:li:organization:7"]);
        let names: Vec<String> = leads(&little).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["Acme (Corp) [a_b]", "Villa #1"], "by the names that they bear");
        assert_eq!(read(&little), text, "readers see what was agreed to");
        // Without a number, or with something else in its place, it is the words that it was.
        assert_eq!(mentioning(text, &pages(), |_| None), written(text));
        assert_eq!(mentioning(text, &pages(), |_| Some("1)@[x](urn:li:person:1".to_owned())), written(text));
        assert_eq!(mentioned(&written(text)), [""; 0], "nobody is mentioned by what is typed");
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_back(text in "\\PC{0,80}|[\\\\|{}@\\[\\]()<>#*_~a-cñ ＃:./]{0,60}") {
            prop_assert_eq!(read(&written(&text)), text);
        }

        /// Whoever is mentioned, and whatever stands around them: readers see the very text, so it counts the same; mentioned are the
        /// pages of the places and nobody else.
        #[test]
        fn a_mention_changes_no_word_and_is_nobody_else_s(
            text in "(Acme \\(Corp\\) \\[a_b\\]|Villa #1|@\\[|\\]\\(urn:li:person:1\\)|\\\\|#Pleno|https://a\\.es/|ñ| |\\PC){0,12}",
        ) {
            let all = pages();
            let little = mentioning(&text, &all, |page| Some(page.short.len().to_string()));
            let places = all.places(&text);
            prop_assert_eq!(read(&little), text);
            let whom: Vec<String> =
                places.iter().map(|place| [ORGANISATION, &place.page.short.len().to_string()].concat()).collect();
            prop_assert_eq!(mentioned(&little), whom);
        }

        /// Nothing that somebody typed becomes a mention or a template: every sign of the format's own is escaped, but
        /// for the hashtags that we spell out.
        #[test]
        fn nothing_typed_is_taken_for_the_format_s_own(text in "[\\\\|{}@\\[\\]()<>*_~a-c:]{0,60}") {
            let written = written(&text);
            let mut letters = written.chars();
            while let Some(letter) = letters.next() {
                prop_assert!(letter == '\\' || !RESERVED.contains(&letter), "{}", written);
                if letter == '\\' {
                    prop_assert!(letters.next().is_some_and(|next| RESERVED.contains(&next)));
                }
            }
        }
    }
}

//! Text as LinkedIn's interface takes it ("little text"): signs that it would read as its own are escaped, hashtags are
//! spelt out. And back again, for what it gives back is compared with what was meant. Separate because nothing else
//! writes so; the rules are those of LinkedIn's guide to the format (read 2026-11-29).

use super::{SpanKind, spans};

/// What must be escaped wherever it stands for itself.
const RESERVED: &[char] = &['\\', '|', '{', '}', '@', '[', ']', '(', ')', '<', '>', '#', '*', '_', '~'];

/// How a hashtag begins: its sign is escaped, and its name follows behind a bar.
const HASHTAG: [&str; 2] = ["{hashtag|\\#|", "{hashtag|\\＃|"];

/// The text for the interface. Nobody is mentioned: a name alone does not say who is meant.
pub fn written(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut done = 0;
    for span in spans(text).into_iter().filter(|span| span.kind == SpanKind::Hashtag) {
        escape(&mut out, &text[done..span.start]);
        let is_wide = span.of(text).starts_with('＃');
        out.push_str(HASHTAG[usize::from(is_wide)]);
        escape(&mut out, span.name(text));
        out.push('}');
        done = span.end;
    }
    escape(&mut out, &text[done..]);
    out
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
        if let Some((shown, after)) = hashtag(rest).or_else(|| mention(rest)) {
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

/// `{hashtag|\#|name}`; its sign may stand there without the escape.
fn hashtag(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix("{hashtag|")?;
    let rest = rest.strip_prefix('\\').unwrap_or(rest);
    let sign = rest.chars().next().filter(|sign| matches!(sign, '#' | '＃'))?;
    let rest = rest[sign.len_utf8()..].strip_prefix('|')?;
    let (name, after) = until(rest, '}')?;
    Some((format!("{sign}{name}"), after))
}

/// `@[name](urn)`.
fn mention(text: &str) -> Option<(String, &str)> {
    let (name, rest) = until(text.strip_prefix("@[")?, ']')?;
    let (_, after) = until(rest.strip_prefix('(')?, ')')?;
    Some((name, after))
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

    proptest! {
        #[test]
        fn whatever_is_written_is_read_back(text in "\\PC{0,80}|[\\\\|{}@\\[\\]()<>#*_~a-cñ ＃:./]{0,60}") {
            prop_assert_eq!(read(&written(&text)), text);
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

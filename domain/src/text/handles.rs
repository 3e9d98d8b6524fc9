//! Whom a text mentions on Bluesky: the handles in it, each looked up before it goes out. Separate because the rule that tells who is left
//! out and the adapter that asks must mean the same ones.

use super::{Span, SpanKind, spans};

/// The most accounts to which one text leads there. Ours, and not the network's: each is a call, and an invocation has fifty for all
/// that it does (docs/networks/bluesky.md).
pub const MOST: usize = 8;

/// The handles of a text that could be somebody's there, each where it stands first: a name with a dot, without another network's host
/// behind it.
pub fn handles(text: &str) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    for span in spans(text).into_iter().filter(|span| span.kind == SpanKind::Mention) {
        let name = span.name(text);
        let could_be = name.contains('.') && !name.contains('@');
        if could_be && !found.iter().any(|one| one.name(text) == name) {
            found.push(span);
        }
    }
    found
}

/// Those that are looked up: the first ones, as they are read.
pub fn led(text: &str) -> Vec<&str> {
    handles(text).into_iter().take(MOST).map(|span| span.name(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_could_be_handles_are_asked_for_each_once_as_they_are_read() {
        assert_eq!(led("@b.es @a.es @b.es @sin @x@mastodon.es"), ["b.es", "a.es"]);
    }

    #[test]
    fn the_ninth_is_nobody_s_and_the_first_again_is_no_other() {
        let many: String = (0..=MOST).rev().map(|n| format!("@a{n}.es @a8.es ")).collect();
        assert_eq!(led(&many), ["a8.es", "a7.es", "a6.es", "a5.es", "a4.es", "a3.es", "a2.es", "a1.es"]);
        assert_eq!(handles(&many).get(MOST).map(|span| span.of(&many)), Some("@a0.es"));
    }
}

//! A notice's text as HTML: paragraphs, lines, and links that can be followed. Escaped by construction.

use domain::text::{Span, SpanKind, spans};
use maud::{Markup, html};

/// The whole text.
pub fn whole(text: &str) -> Markup {
    paragraphs(text, text.len())
}

/// The beginning of a text, and whether something is left: cut between words, never inside a link.
pub fn beginning(text: &str, most: usize) -> (Markup, bool) {
    let text = text.trim_end();
    let Some((limit, _)) = text.char_indices().nth(most) else { return (whole(text), false) };
    let word = text[..limit].rfind(char::is_whitespace).unwrap_or(limit);
    let across = spans(text).into_iter().find(|span| span.start < word && span.end > word);
    let end = across.map_or(word, |span| if span.start == 0 { span.end } else { span.start });
    (paragraphs(text, end), true)
}

fn paragraphs(text: &str, end: usize) -> Markup {
    let links: Vec<_> = spans(text).into_iter().filter(|span| span.kind == SpanKind::Link && span.end <= end).collect();
    let cut = end < text.len();
    let mut blocks: Vec<Vec<(usize, usize)>> = vec![Vec::new()];
    let mut at = 0;
    for line in text[..end].split('\n') {
        let (from, to) = (at, at + line.trim_end().len());
        at += line.len() + 1;
        match blocks.last_mut() {
            Some(block) if from < to => block.push((from, to)),
            Some(block) if !block.is_empty() => blocks.push(Vec::new()),
            _ => {}
        }
    }
    blocks.retain(|block| !block.is_empty());
    let last = blocks.len().saturating_sub(1);
    html! {
        @for (place, block) in blocks.iter().enumerate() {
            p {
                @for (line, &(from, to)) in block.iter().enumerate() {
                    @if line > 0 { br; }
                    (linked(text, from, to, &links))
                }
                @if cut && place == last { "…" }
            }
        }
    }
}

fn linked(text: &str, from: usize, to: usize, links: &[Span]) -> Markup {
    let mut at = from;
    let mut pieces = Vec::new();
    for link in links.iter().filter(|link| link.start >= from && link.end <= to) {
        pieces.push((&text[at..link.start], Some(link.of(text))));
        at = link.end;
    }
    pieces.push((&text[at..to], None));
    html! {
        @for (plain, link) in pieces {
            (plain)
            @if let Some(link) = link { a href=(link) rel="noopener" { (shown(link)) } }
        }
    }
}

/// An address without its scheme, shortened: nobody reads the rest.
pub fn shown(link: &str) -> String {
    let bare = link.split_once("://").map_or(link, |(_, rest)| rest).trim_start_matches("www.").trim_end_matches('/');
    if bare.chars().count() <= 48 { bare.to_owned() } else { bare.chars().take(47).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_lines_stay_and_links_can_be_followed() {
        let text = "Uno\ndos https://town.example/a?b=1&c=2.\n\n\nTres <b>";
        let html = "<p>Uno<br>dos <a href=\"https://town.example/a?b=1&amp;c=2\" rel=\"noopener\">\
          town.example/a?b=1&amp;c=2</a>.</p><p>Tres &lt;b&gt;</p>";
        assert_eq!(whole(text).into_string(), html);
    }

    #[test]
    fn a_quote_in_an_address_cannot_leave_its_attribute() {
        let html = whole("https://town.example/\"onmouseover=alert(1)").into_string();
        assert!(html.starts_with("<p><a href=\"https://town.example/\" rel=\"noopener\">"), "{html}");
    }

    #[test]
    fn a_beginning_is_cut_between_words_and_never_inside_a_link() {
        let (html, more) = beginning("Corte de agua mañana", 16);
        assert_eq!((html.into_string().as_str(), more), ("<p>Corte de agua…</p>", true));
        let (html, _) = beginning("Ver https://town.example/una/dirección/larga y más", 20);
        assert_eq!(html.into_string(), "<p>Ver…</p>");
        assert!(!beginning("corto", 16).1);
    }
}

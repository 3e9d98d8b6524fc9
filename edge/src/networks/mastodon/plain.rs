//! Whether a status is the one that we sent: its HTML compared with our text.
//! Separate because it is pure, and because every server writes its HTML in its own way.

use domain::text::{self, SpanKind};

/// The letters and digits of a text in lower case: what is left of it on every server.
fn essence(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether the HTML of a status says what the text says.
pub fn says(html: &str, sent: &str) -> bool {
    essence(&without_hosts(&plain(html))) == essence(&without_hosts(sent))
}

/// The text without the hosts of mentions: servers leave out those that they know, and only those.
fn without_hosts(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for span in text::spans(text).into_iter().filter(|span| span.kind == SpanKind::Mention) {
        let local = span.name(text).split('@').next().unwrap_or_default();
        out.push_str(&text[done..span.start]);
        out.push_str(local);
        done = span.end;
    }
    out.push_str(&text[done..]);
    out
}

/// The text of HTML as it is read: in lines and paragraphs.
pub fn read(html: &str) -> String {
    let line = |tag: &str| match tag.split([' ', '/']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "br" => "\n",
        "p" | "div" | "li" | "blockquote" => "\n\n",
        _ => "",
    };
    // An opening tag begins a paragraph; the closing one before it says nothing more.
    turned(html, line).trim().to_owned()
}

/// The text of HTML: tags left out (what starts a new line is a blank), the named entities that servers write and the numbered ones turned back.
fn plain(html: &str) -> String {
    turned(html, |tag| if breaks(tag) { " " } else { "" })
}

fn turned(html: &str, put: impl Fn(&str) -> &'static str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        let (end, is_tag) = if tail.starts_with('<') { (tail.find('>'), true) } else { (tail.find(';'), false) };
        match end {
            Some(end) if is_tag => {
                out.push_str(put(&tail[1..end]));
                rest = &tail[end + 1..];
            }
            // What has no entity's name behind it stands for itself.
            Some(end) if tail[1..end].bytes().all(|byte| byte == b'#' || byte.is_ascii_alphanumeric()) => {
                out.push_str(&entity(&tail[1..end]));
                rest = &tail[end + 1..];
            }
            _ => {
                out.push_str(&tail[..1]);
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Whether a tag starts a new line: the last word of a paragraph and the first of the next are two.
fn breaks(tag: &str) -> bool {
    let name = tag.trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    matches!(name[..end].to_ascii_lowercase().as_str(), "p" | "br" | "div" | "li" | "blockquote")
}

fn entity(name: &str) -> String {
    let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    });
    if let Some(c) = number.and_then(char::from_u32) {
        return c.to_string();
    }
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => " ",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mastodon_makes_of_a_text_is_known_again() {
        let sent =
            "Mañana, corte de agua & gas.\n\nMás en https://town.es/avisos/agua-y-gas?x=1&y=2 #Agua @obras@town.social";
        let html = r##"<p>Mañana, corte de agua &amp; gas.</p><p>Más en <a href="https://town.es/avisos/agua-y-gas?x=1&amp;y=2" rel="nofollow"><span class="invisible">https://</span><span class="ellipsis">town.es/avisos/agua-y-gas?x=1</span><span class="invisible">&amp;y=2</span></a> <a href="https://m.es/tags/agua" class="mention hashtag">#<span>Agua</span></a> <span class="h-card"><a href="https://town.social/@obras">@<span>obras</span></a></span></p>"##;
        assert!(says(html, sent));
        assert!(!says(&html.replace("gas.", "luz."), sent));
    }

    #[test]
    fn somebody_whom_the_server_does_not_know_is_left_as_they_were_written() {
        let sent = "Según @obras@villa.example.\n\nMás: @agua@town.social";
        let html = r#"<p>Según @obras@villa.example.</p><p>Más: <a href="https://town.social/@agua">@<span>agua</span></a></p>"#;
        assert!(says(html, sent));
        assert!(says("<p>Según @obras@villa.example.<br />Más: @agua@town.social</p>", sent));
        assert!(!says("<p>Según @obras@villa.example.</p><p>Más: @gas@town.social</p>", sent));
    }

    #[test]
    fn entities_and_loose_signs() {
        assert_eq!(plain("a &lt; b &#39;c&#x27; &nbsp;d & e; <br/>f < g"), "a < b 'c'  d & e;  f < g");
    }
}

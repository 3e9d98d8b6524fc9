//! What a web page says of itself at its head, and what a post about it begins with. Read here and not where pages are drawn: of a page
//! that somebody else wrote nothing is taken but a few lines, which show what they say. Separate from the call that brings it: that is
//! the engine's (`edge/src/outbound.rs`).

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    Content, Language, Refusal,
    content::is_web_address,
    text::{hidden, reading},
};

/// An address, in bytes: as long as the link of a post may be.
pub const ADDRESS: usize = 2_048;
/// So much of a page is read: its head stands before, and who reads has ten milliseconds.
pub const HEAD: usize = 300_000;
/// A title, in characters: what the field of a heading takes.
const TITLE: usize = 300;
/// What is taken of a description, in characters: more is an article, and is written anew.
const DESCRIPTION: usize = 600;
/// The name of a site, in characters.
const SITE: usize = 100;

/// Why nothing could be read of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// Nobody answered, or not to the end.
    Unreached,
    /// There is nothing at that address.
    Missing,
    /// It says no, or that something is wrong with it.
    Says {
        /// The status of HTTP.
        status: u16,
    },
    /// What it answers is longer than is read.
    TooLarge,
    /// What it answers is a PDF.
    Document,
    /// What it answers is no page.
    NotAPage,
    /// The page has no title.
    Untitled,
}

impl From<Flaw> for Refusal {
    fn from(flaw: Flaw) -> Self {
        Refusal::BadPage { flaw }
    }
}

/// A page, as far as a post is begun with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Where it is, as it says itself or as one came there.
    pub address: String,
    /// Its title.
    pub title: String,
    /// What it says that it is about; may be empty.
    pub description: String,
    /// What its site is called; may be empty.
    pub site: String,
    /// Its language.
    pub language: Option<Language>,
    /// When it says that it was published.
    pub published: Option<NaiveDate>,
    /// Its picture, as a `data:` address, small enough to be shown. Nobody knows whose it is: it is shown and kept nowhere.
    pub picture: Option<String>,
}

/// What stands at the head of a page. The two addresses are as they are written there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// Its title.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// What its site is called.
    pub site: String,
    /// Its language.
    pub language: Option<Language>,
    /// When it was published.
    pub published: Option<NaiveDate>,
    /// Where it is.
    pub canonical: Option<String>,
    /// Its picture.
    pub picture: Option<String>,
}

/// An address as somebody pasted it: the scheme may be missing. Whether it may be called the engine says.
///
/// # Errors
/// `Malformed`, `TooLarge`.
pub fn address(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Refusal::Malformed { field: "address".to_owned() });
    }
    if text.len() > ADDRESS {
        let (limit, length) = (ADDRESS as u64, text.len() as u64);
        return Err(Refusal::TooLarge { field: "address".to_owned(), limit, length });
    }
    // An address in what is asked of a page is no scheme of it (`villa.es/ir?a=https://…`).
    let has_scheme = text.split(['/', '?', '#']).next().is_some_and(|first| first.ends_with(':'));
    Ok(if has_scheme { text.to_owned() } else { ["https://", text].concat() })
}

/// Whether an answer of this type is a page; by its first bytes too, for some say of everything that it is one.
///
/// # Errors
/// `Document`, `NotAPage`.
pub fn judge(mime: Option<&str>, bytes: &[u8]) -> Result<(), Flaw> {
    if bytes.starts_with(b"%PDF-") {
        return Err(Flaw::Document);
    }
    let mime = mime.and_then(|mime| mime.split(';').next()).unwrap_or("text/html").trim().to_ascii_lowercase();
    match mime.as_str() {
        "text/html" | "application/xhtml+xml" | "" => Ok(()),
        "application/pdf" => Err(Flaw::Document),
        _ => Err(Flaw::NotAPage),
    }
}

/// The head of a page as text. Town halls have pages that are older than UTF-8: what says that it is Latin is read as Windows has it,
/// as browsers do (WHATWG Encoding); what says nothing, and is no UTF-8, too.
pub fn decoded<'a>(mime: Option<&str>, bytes: &'a [u8]) -> Cow<'a, str> {
    let bytes = &bytes[..bytes.len().min(HEAD)];
    let names = |text: &str| {
        let text = text.to_ascii_lowercase();
        let charset = text.split_once("charset")?.1.trim_start_matches([' ', '=', '"', '\'']).to_owned();
        Some(
            ["iso-8859-1", "iso-8859-15", "iso8859-1", "latin1", "windows-1252", "cp1252"]
                .iter()
                .any(|one| charset.starts_with(one)),
        )
    };
    // Within the first 1,024 bytes, as the standard of HTML wants it said.
    let early = String::from_utf8_lossy(&bytes[..bytes.len().min(1_024)]);
    let latin = mime.and_then(names).or_else(|| names(&early));
    match (latin, std::str::from_utf8(bytes)) {
        (Some(true), _) => windows(bytes).into(),
        (_, Ok(text)) => text.into(),
        // Cut in the middle of a letter it is UTF-8 all the same.
        (_, Err(error)) if latin.is_none() && bytes.len() - error.valid_up_to() > 4 => windows(bytes).into(),
        _ => String::from_utf8_lossy(bytes),
    }
}

fn windows(bytes: &[u8]) -> String {
    /// Windows-1252 from 0x80 to 0x9F; elsewhere it is Unicode.
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    let letter = |byte: &u8| match byte.checked_sub(0x80).and_then(|place| HIGH.get(usize::from(place))) {
        Some(letter) => *letter,
        None => char::from(*byte),
    };
    bytes.iter().map(letter).collect()
}

/// Reads the head of a page. What it says for networks (Open Graph, <https://ogp.me>) goes before what it says for searchers.
///
/// # Errors
/// `Untitled`.
pub fn read(html: &str) -> Result<Said, Flaw> {
    let mut found = Found::default();
    let mut rest = html;
    while let Some(tag) = next(&mut rest) {
        match tag.name.as_str() {
            "html" => found.set(Key::Language, 1, tag.value("lang")),
            "title" if !found.has(Key::Title, 1) => found.set(Key::Title, 1, Some(within(&mut rest, "title"))),
            "script" | "style" | "noscript" | "template" | "svg" => drop(within(&mut rest, &tag.name)),
            "link" => {
                let is_canonical =
                    |rel: String| rel.split_whitespace().any(|one| one.eq_ignore_ascii_case("canonical"));
                if tag.value("rel").is_some_and(is_canonical) {
                    found.set(Key::Canonical, 2, tag.value("href"));
                }
            }
            "meta" => found.meta(&tag),
            "body" => break,
            _ => {}
        }
    }
    let site = shown(&found.take(Key::Site), SITE);
    let title = without_site(&shown(&found.take(Key::Title), TITLE), &site).to_owned();
    if title.is_empty() {
        return Err(Flaw::Untitled);
    }
    // As networks write it (`es_ES`), and with more than a language (`es-ES, en`).
    let language = found.take(Key::Language).replace('_', "-");
    let language = language.split([',', ' ', ';']).next().and_then(|tag| tag.parse().ok());
    let published = found.take(Key::Published);
    let some = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    Ok(Said {
        description: whole(&shown(&found.take(Key::Description), 4 * DESCRIPTION)),
        published: published.trim().get(..10).and_then(|day| day.parse().ok()),
        canonical: some(found.take(Key::Canonical)),
        picture: some(found.take(Key::Picture)),
        title,
        site,
        language,
    })
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Title,
    Description,
    Site,
    Language,
    Published,
    Canonical,
    Picture,
}

/// What was found, each with how much its place counts: of two that say the same, the first.
#[derive(Default)]
struct Found(Vec<(Key, u8, String)>);

impl Found {
    fn has(&self, key: Key, counts: u8) -> bool {
        self.0.iter().any(|(one, most, _)| *one == key && *most >= counts)
    }

    fn set(&mut self, key: Key, counts: u8, value: Option<String>) {
        let Some(value) = value.filter(|value| !value.trim().is_empty()) else { return };
        if !self.has(key, counts) {
            self.0.retain(|(one, ..)| *one != key);
            self.0.push((key, counts, value));
        }
    }

    fn take(&mut self, key: Key) -> String {
        let place = self.0.iter().position(|(one, ..)| *one == key);
        place.map(|place| self.0.swap_remove(place).2).unwrap_or_default()
    }

    fn meta(&mut self, tag: &Tag) {
        let names = ["property", "name", "itemprop", "http-equiv"];
        for name in names.iter().filter_map(|name| tag.value(name)) {
            let (key, counts) = match name.trim().to_ascii_lowercase().as_str() {
                "og:title" => (Key::Title, 3),
                "twitter:title" => (Key::Title, 2),
                "og:description" => (Key::Description, 3),
                "description" => (Key::Description, 2),
                "twitter:description" => (Key::Description, 1),
                "og:site_name" => (Key::Site, 2),
                "application-name" => (Key::Site, 1),
                // Whoever sets it for a network means the words; `lang` often stands as the program was delivered.
                "og:locale" => (Key::Language, 2),
                "content-language" => (Key::Language, 0),
                "article:published_time" => (Key::Published, 3),
                "datepublished" | "dcterms.issued" | "dc.date.issued" => (Key::Published, 2),
                "date" | "dc.date" => (Key::Published, 1),
                "og:url" => (Key::Canonical, 1),
                "og:image" | "og:image:url" | "og:image:secure_url" => (Key::Picture, 2),
                "twitter:image" => (Key::Picture, 1),
                _ => continue,
            };
            self.set(key, counts, tag.value("content"));
        }
    }
}

/// A tag that opens something.
struct Tag {
    name: String,
    values: Vec<(String, String)>,
}

impl Tag {
    fn value(&self, name: &str) -> Option<String> {
        self.values.iter().find(|(one, _)| one == name).map(|(_, value)| value.clone())
    }
}

/// The next tag that opens something, and what stands behind it in `rest`. Comments and tags that close are passed.
fn next(rest: &mut &str) -> Option<Tag> {
    loop {
        let tail = &rest[rest.find('<')? + 1..];
        if let Some(comment) = tail.strip_prefix("!--") {
            *rest = &comment[comment.find("-->")? + 3..];
            continue;
        }
        if !tail.starts_with(|c: char| c.is_ascii_alphabetic()) {
            *rest = tail;
            continue;
        }
        let end = tail.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?;
        let name = tail[..end].to_ascii_lowercase();
        *rest = &tail[end..];
        return Some(Tag { name, values: values(rest)? });
    }
}

/// The attributes of a tag, up to its end. Nothing where it has none: the page was cut there.
fn values(rest: &mut &str) -> Option<Vec<(String, String)>> {
    let mut values = Vec::new();
    loop {
        *rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            *rest = after;
            return Some(values);
        }
        // A name begins with anything here, even with what no name should.
        let first = rest.chars().next()?.len_utf8();
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/');
        let end = first + rest[first..].find(ends)?;
        let name = rest[..end].to_ascii_lowercase();
        *rest = rest[end..].trim_start();
        let Some(given) = rest.strip_prefix('=').map(str::trim_start) else {
            values.push((name, String::new()));
            continue;
        };
        let (value, after) = match given.chars().next()? {
            quote @ ('"' | '\'') => given[1..].split_once(quote)?,
            _ => given.split_at(given.find(|c: char| c.is_ascii_whitespace() || c == '>')?),
        };
        values.push((name, plain(value)));
        *rest = after;
    }
}

/// The text up to the end of an element in which nothing is a tag, and leaves `rest` behind it.
fn within(rest: &mut &str, name: &str) -> String {
    let mut from = 0;
    let (text, after) = loop {
        let Some(at) = rest[from..].find("</").map(|at| from + at) else { break (*rest, "") };
        let tail = &rest[at + 2..];
        if tail.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            break (&rest[..at], tail);
        }
        from = at + 2;
    };
    *rest = after;
    plain(text)
}

/// The entities that pages in the languages of the desk are written with; all others stand as they are. Capitals follow their letter.
const ENTITIES: [(&str, char); 44] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("aacute", 'á'),
    ("eacute", 'é'),
    ("iacute", 'í'),
    ("oacute", 'ó'),
    ("uacute", 'ú'),
    ("ntilde", 'ñ'),
    ("uuml", 'ü'),
    ("iuml", 'ï'),
    ("ccedil", 'ç'),
    ("agrave", 'à'),
    ("egrave", 'è'),
    ("ograve", 'ò'),
    ("ordf", 'ª'),
    ("ordm", 'º'),
    ("iquest", '¿'),
    ("iexcl", '¡'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("bdquo", '„'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("bull", '•'),
    ("middot", '·'),
    ("euro", '€'),
    ("pound", '£'),
    ("deg", '°'),
    ("frac12", '½'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("rarr", '→'),
    ("times", '×'),
];

fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let end =
            tail.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').filter(|end| tail[*end..].starts_with(';'));
        match end.and_then(|end| Some((entity(&tail[..end])?, end))) {
            Some((letter, end)) => {
                out.push(letter);
                rest = &tail[end + 1..];
            }
            None => {
                out.push('&');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(digits) = name.strip_prefix('#') {
        let number = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => digits.parse().ok()?,
        };
        return char::from_u32(number);
    }
    let (_, letter) = ENTITIES.iter().find(|(one, _)| one.eq_ignore_ascii_case(name))?;
    let is_capital = name.starts_with(|c: char| c.is_ascii_uppercase());
    if is_capital { letter.to_uppercase().next() } else { Some(*letter) }
}

/// On one line, without what hides, so many characters at most. Nobody typed it here, so nobody is asked to mend it.
fn shown(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    hidden::shown(&line, most).trim().to_owned()
}

/// A title without the name of its site behind it: the card says it anyway.
fn without_site<'a>(title: &'a str, site: &str) -> &'a str {
    let marks = [" | ", " - ", " – ", " — ", " · ", " :: "];
    let bare = marks.iter().find_map(|mark| title.strip_suffix(site)?.strip_suffix(mark)).map(str::trim_end);
    bare.filter(|bare| !bare.is_empty() && !site.is_empty()).unwrap_or(title)
}

/// As many whole sentences as have room. A last one that a page's program cut off goes, where others stand before it; a first one that has no
/// room is cut at a word.
fn whole(text: &str) -> String {
    let sentences = reading::sentences(text);
    let is_whole = |text: &str| {
        let bare = text.trim_end_matches(['"', '\'', '»', '”', '’', ')', ']']);
        bare.ends_with(['.', '!', '?']) && !bare.ends_with("..")
    };
    let room = |end: &usize| text[..*end].chars().count() <= DESCRIPTION;
    let whole = sentences.iter().filter(|one| is_whole(one.part.of(text))).map(|one| one.part.end);
    if let Some(end) = whole.take_while(room).last() {
        // What stands between two whole ones and is none is a heading or a list: it stays.
        return text[..end].to_owned();
    }
    if room(&text.len()) {
        return text.to_owned();
    }
    let cut: String = text.chars().take(DESCRIPTION - 1).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    [cut[..end].trim_end_matches([',', ';', ':', ' ']), "…"].concat()
}

impl Page {
    /// The language in which a post about it begins: the page's own if the organisation has it, else the organisation's first.
    pub fn begins_in<'a>(&self, languages: &'a [Language]) -> Option<&'a Language> {
        let own = self.language.as_ref();
        let same = languages.iter().find(|one| Some(*one) == own);
        let akin = || languages.iter().find(|one| own.is_some_and(|own| own.primary() == one.primary()));
        same.or_else(akin).or(languages.first())
    }

    /// What a post says of it: what it is about, or its title where it does not say.
    pub fn text(&self) -> &str {
        if self.description.is_empty() { &self.title } else { &self.description }
    }

    /// Whether something that is written would be written over: that is asked first.
    pub fn overwrites(&self, content: &Content, languages: &[Language]) -> bool {
        let Some(language) = self.begins_in(languages) else { return false };
        let says = |text: Option<&String>| text.is_some_and(|text| !text.trim().is_empty());
        says(content.titles.get(language))
            || says(content.texts.get(language))
            || content.link.as_ref().is_some_and(|link| *link != self.address)
            || content.versions.iter().any(|version| version.language == *language)
    }

    /// Puts it into a draft: its words in one language, and its address as the link.
    pub fn pour(&self, content: &mut Content, languages: &[Language]) {
        if let Some(language) = self.begins_in(languages) {
            content.titles.insert(language.clone(), self.title.clone());
            content.texts.insert(language.clone(), self.text().to_owned());
            // A version of what stood there before would go out in the place of this.
            content.versions.retain(|version| version.language != *language);
        }
        if is_web_address(&self.address) {
            content.link = Some(self.address.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NEWS: &str = r#"<!doctype html><!-- <title>No</title> --><html lang="es-ES" class=x><head>
        <script>if (a < b) { document.write("<title>Tampoco</title>") }</script>
        <meta charset="utf-8"><TITLE>Obras en la calle Mayor &#8211; Villa</TITLE>
        <meta name="description" content="Para buscadores.">
        <meta property='og:title' content='Obras en la calle &quot;Mayor&quot; | Ayuntamiento de Villa'/>
        <meta content="Empiezan el lunes.&nbsp;Durar&aacute;n dos&#xA0;semanas. La calle queda cor&hellip;" property="og:description">
        <meta property="og:site_name" content="Ayuntamiento de Villa">
        <meta property=og:image content=/fotos/obras.jpg >
        <meta property="article:published_time" content="2026-05-03T09:00:00+02:00">
        <link rel="stylesheet" href="/a.css"><link href="https://villa.es/obras" rel="shortlink canonical">
        </head><body><meta property="og:title" content="De otro"><title>No</title>"#;

    fn page(language: &str) -> Page {
        let Said { title, description, site, published, .. } = read(NEWS).unwrap();
        let address = "https://villa.es/obras".to_owned();
        Page { address, title, description, site, language: language.parse().ok(), published, picture: None }
    }

    #[test]
    fn what_a_page_says_of_itself_is_read_and_nothing_else_of_it() {
        let said = read(NEWS).unwrap();
        assert_eq!(said.title, "Obras en la calle \"Mayor\"", "without the name of its site");
        assert_eq!(said.description, "Empiezan el lunes. Durarán dos semanas.", "without what was cut off");
        assert_eq!(said.site, "Ayuntamiento de Villa");
        assert_eq!(said.language, "es-es".parse().ok());
        assert_eq!(said.published, NaiveDate::from_ymd_opt(2026, 5, 3));
        assert_eq!(said.canonical.as_deref(), Some("https://villa.es/obras"));
        assert_eq!(said.picture.as_deref(), Some("/fotos/obras.jpg"));
    }

    #[test]
    fn a_page_that_says_little_is_read_too_and_one_without_a_title_is_not() {
        let said = read("<title> Pleno\n de mayo </title><meta name=description content=\"\"><p>a").unwrap();
        assert_eq!((said.title.as_str(), said.description.as_str(), said.language), ("Pleno de mayo", "", None));
        for html in [
            "",
            "<h1>Hola</h1>",
            "<title> \u{200B}</title>",
            "<body><title>No</title>",
            "<title",
            "<meta name=\"og:title",
        ] {
            assert_eq!(read(html), Err(Flaw::Untitled), "{html}");
        }
    }

    #[test]
    fn what_hides_or_turns_in_it_does_not_come_along() {
        let said = read("<title>al\u{202E}revés\u{200B} &#x202E;&#0;x</title>").unwrap();
        assert_eq!(said.title, "alrevés x");
        assert!(!hidden::hides(&said.title));
    }

    #[test]
    fn whole_sentences_are_taken_as_far_as_there_is_room() {
        assert_eq!(whole("Uno. Dos tr"), "Uno.");
        assert_eq!(whole("Sin punto final"), "Sin punto final");
        let long = "Una frase de prueba. ".repeat(60);
        let cut = whole(&long);
        assert!(cut.ends_with("prueba.") && cut.chars().count() <= DESCRIPTION && cut.len() > 500);
        let endless = whole(&"palabra ".repeat(200));
        assert!(endless.ends_with("palabra…") && endless.chars().count() <= DESCRIPTION);
    }

    #[test]
    fn older_pages_are_read_as_they_were_written() {
        let latin = b"<title>A\xF1o \x80</title>";
        let says = |mime: &str| decoded(Some(mime), latin).into_owned();
        assert_eq!(says("text/html; charset=ISO-8859-1"), "<title>Año €</title>");
        assert_eq!(decoded(None, latin), "<title>Año €</title>");
        assert_eq!(decoded(None, b"<meta charset='latin1'>\xF1"), "<meta charset='latin1'>ñ");
        assert!(says("text/html; charset=utf-8").contains('\u{FFFD}'));
        assert_eq!(decoded(None, "<title>Año</title>".as_bytes()), "<title>Año</title>");
    }

    #[test]
    fn what_is_no_page_says_what_it_is() {
        assert_eq!(judge(Some("text/html; charset=utf-8"), b"<"), Ok(()));
        assert_eq!(judge(None, b"<"), Ok(()));
        assert_eq!(judge(Some("application/pdf"), b""), Err(Flaw::Document));
        assert_eq!(judge(Some("text/html"), b"%PDF-1.7"), Err(Flaw::Document));
        assert_eq!(judge(Some("image/png"), b"x"), Err(Flaw::NotAPage));
        let malformed = || Refusal::Malformed { field: "address".to_owned() };
        assert_eq!((address(" villa.es/a ").as_deref(), address("a b")), (Ok("https://villa.es/a"), Err(malformed())));
        assert_eq!((address("  "), address("http://a.es").as_deref()), (Err(malformed()), Ok("http://a.es")));
        assert_eq!(address("a.es/ir?a=https://b.es/").as_deref(), Ok("https://a.es/ir?a=https://b.es/"));
        assert!(matches!(address(&"x".repeat(ADDRESS + 1)), Err(Refusal::TooLarge { .. })));
    }

    #[test]
    fn it_begins_in_its_own_language_if_the_organisation_has_it() {
        let (es, en) = (Language::spanish(), Language::english());
        let all = [es.clone(), en.clone()];
        let begins = |tag: &str| page(tag).begins_in(&all).cloned();
        assert_eq!(["en", "en-gb", "fr", "?"].map(begins), [&en, &en, &es, &es].map(|one| Some(one.clone())));
        let mut content = Content::default();
        assert!(!page("en").overwrites(&content, &all));
        page("en").pour(&mut content, &all);
        assert_eq!(content.titles[&en], "Obras en la calle \"Mayor\"");
        assert_eq!(content.texts[&en], "Empiezan el lunes. Durarán dos semanas.");
        assert_eq!((content.link.as_deref(), content.texts.get(&es)), (Some("https://villa.es/obras"), None));
        assert!(page("en").overwrites(&content, &all) && content.clone().parse().is_ok());
        assert!(!page("es").overwrites(&content, &all), "the other language is free, and the link is the same");
        let mute = Page { description: String::new(), ..page("es") };
        assert_eq!(mute.text(), mute.title);
    }

    proptest! {
        #[test]
        fn no_page_breaks_it(html in "(<|>|</|<!--|-->|=|\"|'|&|;|#x|<title>|</title>|<meta |content=|name=|og:title|<script>|\\PC|[ \\n]){0,60}") {
            if let Ok(said) = read(&html) {
                prop_assert!(!said.title.is_empty() && !hidden::hides(&said.title) && !hidden::hides(&said.description));
                prop_assert!(said.title.chars().count() <= TITLE && said.description.chars().count() <= DESCRIPTION);
            }
        }
    }
}

//! Templates: texts that are written once, with blanks, and filled in each time.
//! Separate from `content`: a template is said to nobody. What comes of it is a draft, which goes the way of every other.

mod ready;
pub(crate) mod written;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::{
    Belonging, ChannelId, Content, Kind, Language, MemberId, Refusal, TemplateId,
    campaign::{named, next},
    content::is_web_address,
    guidance::Line,
    text::{hidden::hides, line},
};

pub use ready::ready;

/// More templates than anybody looks through; the list is read whole.
pub const MOST: usize = 60;
/// Whoever has more to fill in writes the text anew.
const BLANKS: usize = 20;
/// Languages of one template.
const LANGUAGES: usize = 8;
/// A text, in bytes: what is longer is no notice any more.
const TEXT: usize = 8_000;
/// A title, in bytes.
const TITLE: usize = 300;
/// The legal basis, in bytes.
const BASIS: usize = crate::basis::TEXT;
/// The name of a blank, in bytes.
const NAME: usize = 40;
/// What is filled in, in bytes.
const VALUE: usize = 2_000;

/// What a blank takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Takes {
    /// Words, in each language of the template.
    Text,
    /// A day, written out in each language.
    Date,
    /// An hour of the organisation's clock.
    Time,
    /// A number.
    Number,
    /// A place: its name is the same in every language.
    Place,
    /// A web address.
    Link,
}

impl Takes {
    /// Every kind, in the order in which a form offers them.
    pub const ALL: [Takes; 6] = [Takes::Text, Takes::Date, Takes::Time, Takes::Number, Takes::Place, Takes::Link];

    /// Its name, as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Takes::Text => "text",
            Takes::Date => "date",
            Takes::Time => "time",
            Takes::Number => "number",
            Takes::Place => "place",
            Takes::Link => "link",
        }
    }
}

/// A blank: `{calle}` in the texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blank {
    /// What stands between the braces.
    pub name: String,
    /// What it takes.
    pub takes: Takes,
    /// What the form calls it, by language.
    pub label: Line,
    /// What helps to fill it in, by language; nothing where it speaks for itself.
    #[serde(default)]
    pub hint: Line,
    /// Whether nothing is made of the template without it.
    pub required: bool,
}

/// What a template says, and for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Its name.
    pub name: String,
    /// What kind of post comes of it, and with that who must agree to it.
    pub kind: Kind,
    /// The headings, by language.
    #[serde(default)]
    pub titles: BTreeMap<Language, String>,
    /// The texts, by language.
    pub texts: BTreeMap<Language, String>,
    /// The blanks, in the order in which they are filled in.
    #[serde(default)]
    pub blanks: Vec<Blank>,
    /// What entitles or obliges the organisation to say it.
    #[serde(default)]
    pub basis: String,
    /// Where it usually goes; nothing is everywhere.
    #[serde(default)]
    pub channels: Vec<ChannelId>,
    /// What it usually belongs to.
    #[serde(default)]
    pub belongs: Belonging,
    /// The first day on which it is offered.
    #[serde(default)]
    pub first: Option<NaiveDate>,
    /// The last one.
    #[serde(default)]
    pub last: Option<NaiveDate>,
    /// Who sees to it that it stays right.
    pub owner: MemberId,
}

/// A template of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its identity.
    pub id: TemplateId,
    /// Counts its changes.
    pub version: u64,
    /// What it says.
    pub body: Body,
}

/// What was filled in, by the name of the blank.
pub type Values = BTreeMap<String, Value>;

/// What was filled into one blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// The same in every language.
    Same(String),
    /// In each language its own.
    Each(BTreeMap<Language, String>),
}

impl Value {
    fn read(&self, language: &Language) -> &str {
        match self {
            Value::Same(text) => text.trim(),
            Value::Each(texts) => texts.get(language).map_or("", |text| text.trim()),
        }
    }
}

/// A template that was filled in: the beginning of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// What kind of post.
    pub kind: Kind,
    /// The headings.
    pub titles: BTreeMap<Language, String>,
    /// The texts.
    pub texts: BTreeMap<Language, String>,
    /// Where it usually goes.
    pub channels: Vec<ChannelId>,
    /// What it usually belongs to.
    pub belongs: Belonging,
}

/// A stretch of a text with blanks.
enum Piece<'a> {
    Said(&'a str),
    Blank(&'a str),
}

/// Takes a text apart. A brace that opens must close around a name: a text with a loose one would go out with it.
fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Refusal> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').filter(|(name, _)| is_name(name)).ok_or_else(loose)?;
        found.extend([Piece::Said(before), Piece::Blank(name)]);
        rest = after;
    }
    if rest.contains('}') || found.iter().any(|piece| matches!(piece, Piece::Said(said) if said.contains('}'))) {
        return Err(loose());
    }
    found.push(Piece::Said(rest));
    Ok(found)
}

fn loose() -> Refusal {
    Refusal::Malformed { field: "template".to_owned() }
}

fn is_name(name: &str) -> bool {
    let fits = |c: char| c == '_' || (c.is_alphanumeric() && !c.is_uppercase());
    !name.is_empty() && name.len() <= NAME && name.chars().all(fits)
}

fn bounded(field: &str, limit: usize, length: usize) -> Result<(), Refusal> {
    if length <= limit {
        return Ok(());
    }
    Err(Refusal::TooLarge { field: field.to_owned(), limit: limit as u64, length: length as u64 })
}

/// The blanks of a text, in the order in which they stand; nothing where a brace is loose.
pub fn blanks_of(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for piece in pieces(text).unwrap_or_default() {
        if let Piece::Blank(name) = piece
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

impl Body {
    /// Refuses what could not be filled in, or would go out with a brace in it. What says nothing is left out.
    ///
    /// # Errors
    /// `Empty`, `Malformed`, `TooLarge`, `Doubled`, `TermBackwards`; `UnknownBlank` for one in a text that nobody
    /// declared, `UnusedBlank` for one that no text has.
    pub fn parse(mut self) -> Result<Self, Refusal> {
        if self.first.zip(self.last).is_some_and(|(first, last)| last < first) {
            return Err(Refusal::TermBackwards);
        }
        self.texts.retain(|_, text| !text.trim().is_empty());
        if self.texts.is_empty() {
            return Err(Refusal::Malformed { field: "text".to_owned() });
        }
        bounded("languages", LANGUAGES, self.texts.len())?;
        // A heading without a text is no version of anything.
        self.titles.retain(|language, title| !title.trim().is_empty() && self.texts.contains_key(language));
        self.basis = line::line(&self.basis, "basis", BASIS)?;
        bounded("blanks", BLANKS, self.blanks.len())?;
        bounded("channels", MOST, self.channels.len())?;
        for (field, limit, texts) in [("title", TITLE, &self.titles), ("text", TEXT, &self.texts)] {
            for text in texts.values() {
                bounded(field, limit, text.len())?;
                if hides(text) {
                    return Err(Refusal::Malformed { field: field.to_owned() });
                }
            }
        }
        let mut declared = BTreeSet::new();
        let blanks = std::mem::take(&mut self.blanks).into_iter().map(|blank| {
            if !is_name(&blank.name) {
                return Err(Refusal::Malformed { field: "blanks".to_owned() });
            }
            if !declared.insert(blank.name.clone()) {
                return Err(Refusal::Doubled { field: "blanks".to_owned() });
            }
            let hint = if blank.hint.0.values().all(|text| text.trim().is_empty()) {
                Line::default()
            } else {
                blank.hint.parse()?
            };
            Ok(Blank { label: blank.label.parse()?, hint, ..blank })
        });
        self.blanks = blanks.collect::<Result<_, _>>()?;
        let mut used = BTreeSet::new();
        for text in self.titles.values().chain(self.texts.values()) {
            for piece in pieces(text)? {
                match piece {
                    Piece::Blank(name) if declared.contains(name) => drop(used.insert(name)),
                    Piece::Blank(name) => return Err(Refusal::UnknownBlank { blank: name.to_owned() }),
                    Piece::Said(_) => {}
                }
            }
        }
        match declared.iter().find(|name| !used.contains(name.as_str())) {
            Some(name) => Err(Refusal::UnusedBlank { blank: name.clone() }),
            None => Ok(self),
        }
    }

    /// Whether it is offered on a day of the organisation's calendar.
    pub fn is_offered(&self, day: NaiveDate) -> bool {
        self.first.is_none_or(|first| first <= day) && !self.is_over(day)
    }

    /// Whether it is over: its owner looks at it again, or takes it away.
    pub fn is_over(&self, day: NaiveDate) -> bool {
        self.last.is_some_and(|last| last < day)
    }

    /// Fills it in, on a day of the organisation's calendar. A line of the text that asks for something which was left
    /// open is left out: nobody reads "More at:" and nothing after it.
    ///
    /// # Errors
    /// `Expired`; `UnknownBlank` for a value of no blank, `BlankWanted` for one that is missing, `BadBlank` for one that
    /// is not what the blank takes.
    pub fn fill(&self, values: &Values, day: NaiveDate) -> Result<Filled, Refusal> {
        if !self.is_offered(day) {
            return Err(Refusal::Expired);
        }
        let known = |name: &String| self.blanks.iter().any(|blank| blank.name == *name);
        if let Some(name) = values.keys().find(|name| !known(name)) {
            return Err(Refusal::UnknownBlank { blank: name.clone() });
        }
        let mut filled = Filled {
            kind: self.kind,
            titles: BTreeMap::new(),
            texts: BTreeMap::new(),
            channels: self.channels.clone(),
            belongs: self.belongs.clone(),
        };
        for (language, text) in &self.texts {
            let written = self.written(values, language)?;
            let lines = text.split('\n').map(|line| put(line, &written));
            let lines = lines.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?;
            let text = closed_up(&lines);
            if text.is_empty() {
                continue;
            }
            filled.texts.insert(language.clone(), text);
            let title = self.titles.get(language).map(|title| put(title, &written)).transpose()?.flatten();
            if let Some(title) = title.map(|title| title.split_whitespace().collect::<Vec<_>>().join(" ")) {
                filled.titles.insert(language.clone(), title);
            }
        }
        Ok(filled)
    }

    /// What stands in each blank in a language; empty where it was left open.
    fn written<'a>(&'a self, values: &'a Values, language: &Language) -> Result<BTreeMap<&'a str, String>, Refusal> {
        let one = |blank: &'a Blank| {
            let given = values.get(&blank.name).map_or("", |value| value.read(language));
            if given.is_empty() {
                let blank_name = blank.name.clone();
                return if blank.required {
                    Err(Refusal::BlankWanted { blank: blank_name })
                } else {
                    Ok((blank.name.as_str(), String::new()))
                };
            }
            let text = said(blank.takes, given, language).ok_or(Refusal::BadBlank { blank: blank.name.clone() })?;
            Ok((blank.name.as_str(), text))
        };
        self.blanks.iter().map(one).collect()
    }
}

/// A line with its blanks filled in; nothing where one was left open. What was filled in is not looked at again: a brace
/// in it stays a brace.
fn put(line: &str, written: &BTreeMap<&str, String>) -> Result<Option<String>, Refusal> {
    let mut out = String::with_capacity(line.len());
    for piece in pieces(line)? {
        match piece {
            Piece::Said(said) => out.push_str(said),
            Piece::Blank(name) => match written.get(name) {
                Some(text) if text.is_empty() => return Ok(None),
                Some(text) => out.push_str(text),
                None => return Err(Refusal::UnknownBlank { blank: name.to_owned() }),
            },
        }
    }
    Ok(Some(out))
}

/// Lines as a text: where one was left out, no more than one empty line stays between two others.
fn closed_up(lines: &[String]) -> String {
    let mut text = String::new();
    let mut open = false;
    for line in lines {
        if line.trim().is_empty() {
            open = !text.is_empty();
            continue;
        }
        if !text.is_empty() {
            text.push_str(if open { "\n\n" } else { "\n" });
        }
        text.push_str(line);
        open = false;
    }
    text
}

/// What was filled in, as it is said in a language; nothing where it is not what the blank takes.
fn said(takes: Takes, given: &str, language: &Language) -> Option<String> {
    if given.len() > VALUE || hides(given) {
        return None;
    }
    match takes {
        Takes::Text => Some(given.to_owned()),
        Takes::Place => (!given.contains('\n')).then(|| given.to_owned()),
        Takes::Date => given.parse::<NaiveDate>().ok().map(|day| written::date(language, day)),
        Takes::Time => NaiveTime::parse_from_str(given.get(..5)?, "%H:%M").ok().map(written::time),
        Takes::Number => written::number(language, given),
        Takes::Link => is_web_address(given).then(|| given.to_owned()),
    }
}

impl Filled {
    /// The languages that a draft of the organisation takes of it.
    fn taken<'a>(&'a self, languages: &'a [Language]) -> impl Iterator<Item = (&'a Language, &'a String)> {
        self.texts.iter().filter(|(language, _)| languages.contains(language))
    }

    /// Whether it puts anything into a draft in these languages.
    pub fn says_something(&self, languages: &[Language]) -> bool {
        self.taken(languages).next().is_some()
    }

    /// Whether something that is written would be written over: that is asked first.
    pub fn overwrites(&self, content: &Content, languages: &[Language]) -> bool {
        let written = |texts: &BTreeMap<Language, String>, language: &Language| {
            texts.get(language).is_some_and(|text| !text.trim().is_empty())
        };
        self.taken(languages).any(|(language, _)| {
            written(&content.texts, language)
                || written(&content.titles, language)
                || content.versions.iter().any(|version| version.language == *language)
        })
    }

    /// Puts it into a draft, in the languages of the organisation. It goes where the template usually goes, as far as the
    /// draft goes there; where it has nothing to say the draft stays as it is.
    pub fn pour(&self, content: &mut Content, languages: &[Language]) {
        if !self.says_something(languages) {
            return;
        }
        content.kind = self.kind;
        for (language, text) in self.taken(languages) {
            content.texts.insert(language.clone(), text.clone());
            match self.titles.get(language) {
                Some(title) => drop(content.titles.insert(language.clone(), title.clone())),
                None => drop(content.titles.remove(language)),
            }
            // A version of what stood there before would go out in the place of this.
            content.versions.retain(|version| version.language != *language);
        }
        if content.targets.iter().any(|target| self.channels.contains(&target.channel)) {
            content.targets.retain(|target| self.channels.contains(&target.channel));
        }
    }
}

/// Takes a new template among those that are kept, or a changed one. Sent twice, it is one. That its channels, its themes
/// and its owner are the organisation's is seen to where those are known.
///
/// # Errors
/// What [`Body::parse`] says; `Doubled` when another has the name, `TooLarge` when there are enough, `Stale`, `NotFound`.
pub fn keep(all: &[Template], wanted: Template) -> Result<Template, Refusal> {
    let before = all.iter().find(|one| one.id == wanted.id);
    let others = all.iter().filter(|one| one.id != wanted.id).map(|one| one.body.name.as_str());
    let name = named(&wanted.body.name, others, ("templates", MOST))?;
    let body = Body { name, ..wanted.body.parse()? };
    match before {
        Some(before) if before.body == body => Ok(before.clone()),
        before => Ok(Template { version: next(before.map(|one| one.version), wanted.version)?, body, ..wanted }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Contact, ContactId, Network, contacts::Entry};

    fn spanish() -> Language {
        Language::spanish()
    }

    fn blank(name: &str, takes: Takes, required: bool) -> Blank {
        let label = Line(BTreeMap::from([(spanish(), name.to_owned())]));
        Blank { name: name.to_owned(), takes, label, hint: Line::default(), required }
    }

    fn works() -> Body {
        Body {
            name: "Obras".to_owned(),
            kind: Kind::Service,
            titles: BTreeMap::from([
                (spanish(), "Obras en la {calle}".to_owned()),
                (Language::english(), "Works in {calle}".to_owned()),
            ]),
            texts: BTreeMap::from([
                (
                    spanish(),
                    "Desde el {dia} a las {hora} se corta la {calle}.\n\nMotivo: {motivo}.\nMás: {enlace}".to_owned(),
                ),
                (Language::english(), "From {dia} at {hora}, {calle} is closed.\nWhy: {motivo}".to_owned()),
            ]),
            blanks: vec![
                blank("calle", Takes::Place, true),
                blank("dia", Takes::Date, true),
                blank("hora", Takes::Time, true),
                blank("motivo", Takes::Text, false),
                blank("enlace", Takes::Link, false),
            ],
            basis: String::new(),
            channels: Vec::new(),
            belongs: Belonging::default(),
            first: None,
            last: None,
            owner: MemberId::from_bits(1),
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn values(all: &[(&str, &str)]) -> Values {
        all.iter().map(|(name, value)| ((*name).to_owned(), Value::Same((*value).to_owned()))).collect()
    }

    fn usual() -> Values {
        values(&[("calle", "calle Mayor"), ("dia", "2026-12-01"), ("hora", "09:00")])
    }

    fn unknown(blank: &str) -> Refusal {
        Refusal::UnknownBlank { blank: blank.to_owned() }
    }

    #[test]
    fn it_is_filled_in_as_each_language_writes_its_dates() {
        let mut all = usual();
        let why = [(spanish(), "canalización".to_owned()), (Language::english(), "new pipes".to_owned())];
        all.insert("motivo".to_owned(), Value::Each(BTreeMap::from(why)));
        let filled = works().parse().unwrap().fill(&all, day("2026-11-28")).unwrap();
        assert_eq!(filled.titles[&spanish()], "Obras en la calle Mayor");
        assert_eq!(
            filled.texts[&spanish()],
            "Desde el martes 1 de diciembre de 2026 a las 9:00 se corta la calle Mayor.\n\nMotivo: canalización."
        );
        assert_eq!(
            filled.texts[&Language::english()],
            "From Tuesday 1 December 2026 at 9:00, calle Mayor is closed.\nWhy: new pipes"
        );
        assert_eq!(filled.kind, Kind::Service);
    }

    #[test]
    fn a_line_with_a_blank_that_was_left_open_is_left_out() {
        let filled = works().fill(&usual(), day("2026-11-28")).unwrap();
        assert!(filled.texts[&spanish()].ends_with("se corta la calle Mayor."), "{filled:?}");
        // And no empty line stays where something stood between two others.
        let text = "Uno.\n\n{motivo}\n\nDos.".to_owned();
        let body = Body {
            titles: BTreeMap::from([(spanish(), "Por {motivo}".to_owned())]),
            texts: BTreeMap::from([(spanish(), text)]),
            blanks: vec![blank("motivo", Takes::Text, false)],
            ..works()
        };
        let filled = body.fill(&Values::new(), day("2026-11-28")).unwrap();
        assert_eq!((filled.texts[&spanish()].as_str(), filled.titles.len()), ("Uno.\n\nDos.", 0));
    }

    #[test]
    fn what_is_missing_unknown_or_not_what_the_blank_takes_is_named() {
        let (body, today) = (works(), day("2026-11-28"));
        let with = |name: &str, value: &str| {
            let mut all = usual();
            all.insert(name.to_owned(), Value::Same(value.to_owned()));
            body.fill(&all, today).map(drop)
        };
        assert_eq!(with("barrio", "Sur"), Err(unknown("barrio")));
        for empty in ["", "  \n"] {
            assert_eq!(with("calle", empty), Err(Refusal::BlankWanted { blank: "calle".to_owned() }));
        }
        let wrong = [
            ("dia", "mañana"),
            ("dia", "2026-02-30"),
            ("hora", "25:00"),
            ("hora", "9"),
            ("enlace", "javascript:alert(1)"),
            ("enlace", "https://usuario:clave@villa.example/"),
            ("calle", "Mayor\nMenor"),
            ("motivo", "al\u{202E}revés"),
            ("motivo", "a\u{7}b"),
        ];
        for (name, value) in wrong {
            assert_eq!(with(name, value), Err(Refusal::BadBlank { blank: name.to_owned() }), "{value:?}");
        }
        assert_eq!(with("hora", "18:30:00"), Ok(()), "as some browsers send it");
    }

    #[test]
    fn every_blank_of_the_texts_is_declared_and_every_declared_one_is_there() {
        let text = |text: &str| Body { texts: BTreeMap::from([(spanish(), text.to_owned())]), ..works() };
        let bare = |said: &str| Body { titles: BTreeMap::new(), blanks: Vec::new(), ..text(said) }.parse().map(drop);
        assert_eq!(bare("Corte en la {calle}."), Err(unknown("calle")));
        for broken in ["Corte en la {calle", "Corte } aquí", "{}", "{Calle}", "{una calle}", "a{{b}}"] {
            assert_eq!(bare(broken), Err(loose()), "{broken}");
        }
        let left = Body { titles: BTreeMap::new(), ..text("Corte en la {calle}.") };
        assert_eq!(left.parse(), Err(Refusal::UnusedBlank { blank: "dia".to_owned() }));
        let mut twice = works();
        twice.blanks.push(blank("calle", Takes::Text, false));
        assert_eq!(twice.parse(), Err(Refusal::Doubled { field: "blanks".to_owned() }));
        assert_eq!(bare(" \n"), Err(Refusal::Malformed { field: "text".to_owned() }));
        assert_eq!(blanks_of("{b} y {a} y {b}"), ["b", "a"]);
    }

    #[test]
    fn one_that_is_over_is_not_offered_and_not_filled_in() {
        let body = Body { first: Some(day("2026-06-01")), last: Some(day("2026-08-31")), ..works() };
        for (today, offered) in
            [("2026-05-31", false), ("2026-06-01", true), ("2026-08-31", true), ("2026-09-01", false)]
        {
            assert_eq!(body.is_offered(day(today)), offered, "{today}");
            assert_eq!(body.fill(&usual(), day(today)).is_ok(), offered, "{today}");
        }
        assert!(body.is_over(day("2026-09-01")) && !body.is_over(day("2026-05-31")));
        assert_eq!(body.fill(&usual(), day("2026-09-01")), Err(Refusal::Expired));
        let backwards = Body { last: Some(day("2026-05-01")), ..body };
        assert_eq!(backwards.parse(), Err(Refusal::TermBackwards));
    }

    #[test]
    fn a_draft_takes_its_own_languages_and_says_before_something_is_written_over() {
        let filled = works().fill(&usual(), day("2026-11-28")).unwrap();
        let (board, other) = (ChannelId::from_bits(1), ChannelId::from_bits(2));
        let target = |channel: &ChannelId| crate::Target::new(channel.clone(), vec![spanish()]);
        let mut content = Content { targets: vec![target(&board), target(&other)], ..Content::default() };
        assert!(!filled.overwrites(&content, &[spanish()]));
        let filled = Filled { channels: vec![other.clone()], ..filled };
        filled.pour(&mut content, &[spanish()]);
        assert_eq!((content.texts.len(), content.kind), (1, Kind::Service));
        assert_eq!(content.targets, [target(&other)]);
        assert!(filled.overwrites(&content, &[spanish()]) && !filled.overwrites(&content, &[Language::english()]));
        // Where it usually goes the draft does not go: it stays where it is.
        let elsewhere = Filled { channels: vec![board], ..filled };
        elsewhere.pour(&mut content, &[spanish()]);
        assert_eq!(content.targets, [target(&other)]);
        let before = content.clone();
        elsewhere.pour(&mut content, &["eu".parse().unwrap()]);
        assert_eq!(content, before, "nothing to say in any of its languages");
    }

    #[test]
    fn whom_it_names_the_draft_names_too() {
        let body = Body {
            titles: BTreeMap::new(),
            texts: BTreeMap::from([(spanish(), "En la {calle}, con @[Cruz Roja] y @[{quien}].".to_owned())]),
            blanks: vec![blank("calle", Takes::Place, true), blank("quien", Takes::Text, true)],
            ..works()
        };
        let all = values(&[("calle", "calle Mayor"), ("quien", "Protección Civil")]);
        let mut content = Content::default();
        body.parse().unwrap().fill(&all, day("2026-11-28")).unwrap().pour(&mut content, &[spanish()]);
        assert_eq!(content.named(), BTreeSet::from(["Cruz Roja", "Protección Civil"]));
        let entry = |n: u128, name: &str, account: &str| {
            let accounts = BTreeMap::from([(Network::X, account.to_owned())]);
            Contact { id: ContactId::from_bits(n), version: 1, body: Entry { name: name.to_owned(), accounts } }
        };
        content.contacts =
            content.from_book(&[entry(1, "Cruz Roja", "CruzRoja"), entry(2, "Protección Civil", "PCivil")]);
        let on = |network| content.said(&content.texts[&spanish()], None, network).0;
        assert_eq!(on(Network::X), "En la calle Mayor, con @CruzRoja y @PCivil.");
        assert_eq!(on(Network::Paper), "En la calle Mayor, con Cruz Roja y Protección Civil.");
    }

    #[test]
    fn it_is_kept_once_and_a_change_names_the_version_that_it_started_from() {
        let wanted = Template { id: TemplateId::from_bits(1), version: 0, body: works() };
        let kept = keep(&[], wanted.clone()).unwrap();
        assert_eq!(kept.version, 1);
        let all = [kept.clone()];
        assert_eq!(keep(&all, wanted.clone()), Ok(kept));
        let changed = Template { body: Body { basis: "Ordenanza".to_owned(), ..works() }, ..wanted.clone() };
        assert_eq!(keep(&all, changed.clone()), Err(Refusal::Stale { current: 1 }));
        assert_eq!(keep(&all, Template { version: 1, ..changed }).unwrap().version, 2);
        let twin = Template { id: TemplateId::from_bits(2), ..wanted };
        assert_eq!(keep(&all, twin), Err(Refusal::Doubled { field: "name".to_owned() }));
    }

    proptest! {
        #[test]
        fn what_is_filled_in_is_said_to_the_letter_and_never_looked_at_again(said in "[a-z{}ñ ]{1,30}[a-z]") {
            let mut all = usual();
            all.insert("motivo".to_owned(), Value::Same(said.clone()));
            let filled = works().fill(&all, day("2026-11-28")).unwrap();
            let wanted = ["Motivo: ", said.trim(), "."].concat();
            prop_assert!(filled.texts[&spanish()].contains(&wanted));
        }

        #[test]
        fn no_text_with_a_brace_gets_past_the_door(text in "[a-z {}]{0,20}") {
            let body = Body {
                titles: BTreeMap::new(),
                texts: BTreeMap::from([(spanish(), text.clone())]),
                blanks: Vec::new(),
                ..works()
            };
            prop_assert_eq!(body.parse().is_ok(), !text.trim().is_empty() && !text.contains(['{', '}']));
        }
    }
}

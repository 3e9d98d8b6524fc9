//! Standard replies: what the house answers when it is asked the same again, agreed to before anybody is in a hurry.
//! Separate from `template`: a template becomes a post and is decided on there; a reply is agreed to here, and copied.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    Language, MemberId, Moment, Refusal, ReplyId,
    campaign::next,
    text::{hidden::hides, is_blank, line},
};

/// More replies than a library that somebody keeps right.
pub const MOST: usize = 400;
/// The situation, in bytes: a question, and no story.
const SITUATION: usize = 300;
/// A text, in bytes: above the longest comment of a network.
const TEXT: usize = 8_000;
/// What to do, what to leave and where it comes from, each in bytes.
const NOTE: usize = 1_000;
/// Languages of one reply.
const LANGUAGES: usize = 8;
/// Topics of one reply.
const TOPICS: usize = 10;
/// A topic, in bytes.
const TOPIC: usize = 60;

/// What a reply says, and what it goes by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// When it is used: the question, or what happened.
    pub situation: String,
    /// What is answered, by language.
    pub texts: BTreeMap<Language, String>,
    /// What whoever answers does besides.
    #[serde(default)]
    pub dos: String,
    /// What they leave.
    #[serde(default)]
    pub donts: String,
    /// Where it comes from: a document, or an address.
    #[serde(default)]
    pub source: String,
    /// What it is about.
    #[serde(default)]
    pub topics: Vec<String>,
    /// Who sees to it that it stays right.
    pub owner: MemberId,
    /// The last day on which it is right.
    #[serde(default)]
    pub until: Option<NaiveDate>,
}

/// Who agreed to a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// Who.
    pub by: MemberId,
    /// When.
    pub at: Moment,
}

/// A reply of an organisation's library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Its identity.
    pub id: ReplyId,
    /// Counts its changes, agreements too.
    pub version: u64,
    /// What it says.
    pub body: Body,
    /// Who wrote in it since it was last agreed to: none of them agrees to it.
    pub hands: BTreeSet<MemberId>,
    /// Who agreed to it as it stands; nothing while it is a draft.
    pub agreed: Option<Agreed>,
}

/// What may be done with a reply on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody agreed to it yet: it is no answer of the house.
    Draft,
    /// It is the answer of the house.
    Good,
    /// It was, until its day was over: whoever uses it says that they know.
    Expired,
}

impl Body {
    /// Refuses what is too much, or says nothing. What stands twice stands once.
    ///
    /// # Errors
    /// `Malformed`, `TooLarge`.
    pub fn parse(mut self) -> Result<Self, Refusal> {
        self.situation = line::name(&self.situation, "situation", SITUATION)?;
        self.texts.retain(|_, text| !is_blank(text));
        if self.texts.is_empty() {
            return Err(malformed("text"));
        }
        bounded("languages", LANGUAGES, self.texts.len())?;
        for text in self.texts.values_mut() {
            *text = text.trim().to_owned();
            clean("text", TEXT, text)?;
        }
        for (field, text) in [("dos", &mut self.dos), ("donts", &mut self.donts), ("source", &mut self.source)] {
            *text = text.trim().to_owned();
            clean(field, NOTE, text)?;
        }
        let mut topics: Vec<String> = Vec::new();
        for topic in &self.topics {
            let topic = line::line(topic, "topics", TOPIC)?;
            let known = topics.iter().any(|known| folded(known) == folded(&topic));
            if !topic.is_empty() && !known {
                topics.push(topic);
            }
        }
        bounded("topics", TOPICS, topics.len())?;
        self.topics = topics;
        Ok(self)
    }

    /// All that is looked through for a word, as `folded` writes it.
    pub fn searched(&self) -> String {
        let texts = self.texts.values();
        let all = std::iter::once(&self.situation).chain(&self.topics).chain(texts).chain([&self.source]);
        folded(&all.map(String::as_str).collect::<Vec<_>>().join("\n"))
    }
}

fn malformed(field: &str) -> Refusal {
    Refusal::Malformed { field: field.to_owned() }
}

fn bounded(field: &str, limit: usize, length: usize) -> Result<(), Refusal> {
    if length <= limit {
        return Ok(());
    }
    Err(Refusal::TooLarge { field: field.to_owned(), limit: limit as u64, length: length as u64 })
}

fn clean(field: &str, limit: usize, text: &str) -> Result<(), Refusal> {
    bounded(field, limit, text.len())?;
    if hides(text) { Err(malformed(field)) } else { Ok(()) }
}

/// A text as it is searched: no capitals, no accents; who types in a hurry finds it all the same.
pub fn folded(text: &str) -> String {
    let plain = |letter: char| match letter {
        'á' | 'à' | 'ä' | 'â' => 'a',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' => 'o',
        'ú' | 'ù' | 'ü' | 'û' => 'u',
        'ç' => 'c',
        other => other,
    };
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

impl Reply {
    /// A new reply of somebody's, or a change of theirs to one: what was agreed to was other words. Sent twice, it is one.
    ///
    /// # Errors
    /// What [`Body::parse`] says; `Stale`, `NotFound`.
    pub fn write(
        before: Option<Reply>,
        id: ReplyId,
        version: u64,
        body: Body,
        by: &MemberId,
    ) -> Result<Reply, Refusal> {
        let body = body.parse()?;
        if let Some(same) = before.as_ref().filter(|before| before.body == body) {
            return Ok(same.clone());
        }
        let version = next(before.as_ref().map(|one| one.version), version)?;
        // Words that somebody else agreed to are nobody's alone any more: only what came after counts.
        let hands = before.filter(|before| before.agreed.is_none()).map(|before| before.hands).unwrap_or_default();
        let hands = hands.into_iter().chain([by.clone()]).collect();
        Ok(Reply { id, version, body, hands, agreed: None })
    }

    /// Agrees to it as it stands, by somebody who wrote none of it.
    ///
    /// # Errors
    /// `Stale`, `OwnText`, `AlreadyDecided`.
    pub fn agree(self, version: u64, by: &MemberId, at: Moment) -> Result<Reply, Refusal> {
        if self.version != version {
            return Err(Refusal::Stale { current: self.version });
        }
        if self.agreed.is_some() {
            return Err(Refusal::AlreadyDecided);
        }
        if self.hands.contains(by) {
            return Err(Refusal::OwnText);
        }
        Ok(Reply { version: self.version + 1, agreed: Some(Agreed { by: by.clone(), at }), ..self })
    }

    /// What may be done with it on a day of the organisation's calendar.
    pub fn standing(&self, day: NaiveDate) -> Standing {
        match (&self.agreed, self.body.until) {
            (None, _) => Standing::Draft,
            (Some(_), Some(until)) if until < day => Standing::Expired,
            (Some(_), _) => Standing::Good,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn member(n: u128) -> MemberId {
        MemberId::from_bits(n)
    }

    fn body(situation: &str, text: &str) -> Body {
        Body {
            situation: situation.to_owned(),
            texts: BTreeMap::from([(Language::spanish(), text.to_owned())]),
            dos: String::new(),
            donts: String::new(),
            source: String::new(),
            topics: Vec::new(),
            owner: member(1),
            until: None,
        }
    }

    fn write(before: Option<Reply>, version: u64, text: &str, by: u128) -> Result<Reply, Refusal> {
        Reply::write(before, ReplyId::from_bits(1), version, body("¿Cuándo pasa la basura?", text), &member(by))
    }

    #[test]
    fn nobody_agrees_to_what_they_wrote_and_any_change_asks_again() {
        let written = write(None, 0, "De lunes a sábado.", 1).unwrap();
        assert_eq!(written.clone().agree(1, &member(1), Moment(5)), Err(Refusal::OwnText));
        // Whoever changes a comma has a hand in it; whoever wrote the rest keeps theirs.
        let both = write(Some(written.clone()), 1, "De lunes a sábado, desde las ocho.", 2).unwrap();
        for hand in [1, 2] {
            assert_eq!(both.clone().agree(2, &member(hand), Moment(5)), Err(Refusal::OwnText));
        }
        let agreed = both.agree(2, &member(3), Moment(5)).unwrap();
        assert_eq!((agreed.version, agreed.agreed.as_ref().unwrap().by.clone()), (3, member(3)));
        assert_eq!(agreed.clone().agree(3, &member(4), Moment(6)), Err(Refusal::AlreadyDecided));
        // What was agreed to is nobody's alone: then only who changes it may not agree.
        let changed = write(Some(agreed), 3, "De lunes a viernes.", 3).unwrap();
        assert_eq!((changed.agreed.is_none(), changed.hands.len()), (true, 1));
        assert_eq!(changed.clone().agree(4, &member(3), Moment(7)), Err(Refusal::OwnText));
        assert!(changed.agree(4, &member(1), Moment(7)).is_ok());
        assert_eq!(written.agree(9, &member(2), Moment(5)), Err(Refusal::Stale { current: 1 }));
    }

    #[test]
    fn the_same_form_sent_twice_is_one_and_takes_no_agreement_away() {
        let agreed = write(None, 0, "Sí.", 1).unwrap().agree(1, &member(2), Moment(5)).unwrap();
        assert_eq!(write(Some(agreed.clone()), 0, " Sí. ", 1), Ok(agreed.clone()));
        assert_eq!(write(Some(agreed), 1, "No.", 1), Err(Refusal::Stale { current: 2 }));
        assert_eq!(write(None, 4, "No.", 1), Err(Refusal::NotFound));
    }

    #[test]
    fn it_is_the_answer_of_the_house_until_its_day_is_over() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut reply = write(None, 0, "Sí.", 1).unwrap();
        reply.body.until = Some(day("2026-06-30"));
        assert_eq!(reply.standing(day("2026-01-01")), Standing::Draft);
        let reply = reply.agree(1, &member(2), Moment(5)).unwrap();
        assert_eq!(reply.standing(day("2026-06-30")), Standing::Good);
        assert_eq!(reply.standing(day("2026-07-01")), Standing::Expired);
    }

    #[test]
    fn what_says_nothing_or_hides_something_is_refused_by_its_name() {
        let refused = |body: Body| body.parse().unwrap_err();
        assert_eq!(refused(body(" \u{200B}", "Sí.")), malformed("situation"));
        assert_eq!(refused(body("¿?", " \n")), malformed("text"));
        assert_eq!(refused(body("¿?", "al\u{202E}revés")), malformed("text"));
        assert_eq!(refused(Body { donts: "a\u{7}".to_owned(), ..body("¿?", "Sí.") }), malformed("donts"));
        let long = body(&"ñ".repeat(151), "Sí.");
        assert_eq!(refused(long), Refusal::TooLarge { field: "situation".to_owned(), limit: 300, length: 302 });
        let topics = ["Basura", " basura ", "", "Agua"].map(str::to_owned).to_vec();
        assert_eq!(Body { topics, ..body("¿?", "Sí.") }.parse().unwrap().topics, ["Basura", "Agua"]);
    }

    #[test]
    fn it_is_found_without_accents_and_capitals() {
        let found =
            Body { topics: vec!["Línea 3".to_owned()], ..body("¿Por qué SUBE el autobús?", "Útil.") }.searched();
        for word in ["autobus", "sube", "linea 3", "util"] {
            assert!(found.contains(&folded(word)), "{word}");
        }
        assert!(folded("AÑO").contains("año"), "an ñ is a letter of its own");
    }

    proptest! {
        #[test]
        fn whoever_writes_in_it_never_agrees_to_it(
            steps in proptest::collection::vec((0_u128..4, any::<bool>()), 1..20),
        ) {
            let mut reply = write(None, 0, "0", 0).unwrap();
            let mut wrote = BTreeSet::from([member(0)]);
            for (number, (by, writes)) in steps.into_iter().enumerate() {
                if writes {
                    let version = reply.version;
                    if reply.agreed.is_some() {
                        wrote.clear();
                    }
                    reply = write(Some(reply), version, &(number + 1).to_string(), by).unwrap();
                    wrote.insert(member(by));
                } else if reply.agreed.is_none() {
                    let version = reply.version;
                    let agreed = reply.clone().agree(version, &member(by), Moment(1));
                    prop_assert_eq!(agreed.is_err(), wrote.contains(&member(by)));
                    reply = agreed.unwrap_or(reply);
                }
            }
        }
    }
}

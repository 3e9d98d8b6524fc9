//! What a post is begun about: something that stands in a calendar of others, as the address of the composer carries it. Separate
//! from `ics::read`: whoever opens an address may have written it.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use crate::{
    Content, Event, Kind, Language, Refusal,
    slot::parse_civil,
    text::is_invisible,
    zone::{Resolved, Zone},
};

/// So many characters of a name: more than a calendar of others is kept with (`ics::read::TITLE`), and still one line.
pub const NAME: usize = 200;

/// What is written about, and when it begins if that has an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    title: String,
    at: Option<NaiveDateTime>,
}

impl Occasion {
    /// Reads what an address says: a name on one line, and a civil time.
    ///
    /// # Errors
    /// `Malformed` with the field that says nothing, or says it otherwise; `TooLarge`.
    pub fn parse(title: &str, at: Option<&str>) -> Result<Self, Refusal> {
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.is_empty() || title.chars().any(|c| c.is_control() || is_invisible(c)) {
            return Err(Refusal::Malformed { field: "title".to_owned() });
        }
        let length = title.chars().count();
        if length > NAME {
            return Err(Refusal::TooLarge { field: "title".to_owned(), limit: NAME as u64, length: length as u64 });
        }
        Ok(Self { title, at: at.map(parse_civil).transpose()? })
    }

    /// What a post about it begins with: an event of that name. Nobody knows where it is; where it has no hour, whoever writes is
    /// asked for one.
    pub fn begun(self, language: Language, zone: &Zone) -> Content {
        let event = self.at.map(|civil| {
            let start = match zone.resolve(civil) {
                Resolved::One(at) => at,
                // As the field of an event takes them.
                Resolved::Gap { after, .. } => after,
                Resolved::Fold { first, .. } => first,
            };
            Event { start, end: None, place: String::new(), cancelled: false }
        });
        let titles = BTreeMap::from([(language, self.title)]);
        Content { kind: Kind::Event, titles, event, ..Content::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zone::bench::madrid;

    #[test]
    fn it_begins_an_event_of_that_name_at_that_hour() {
        let begun = |title: &str, at: Option<&str>| {
            Occasion::parse(title, at).map(|about| about.begun(Language::spanish(), &madrid()))
        };
        let council = begun(" Consejo \n escolar ", Some("2026-06-01T18:30")).unwrap();
        assert_eq!((council.kind, council.titles[&Language::spanish()].as_str()), (Kind::Event, "Consejo escolar"));
        let event = council.event.clone().unwrap();
        assert_eq!((event.start.to_rfc3339().as_str(), event.place.as_str()), ("2026-06-01T16:30:00.000Z", ""));
        assert_eq!(council.clone().parse(), Ok(council));
        assert_eq!(begun("Fiesta", None).unwrap().event, None);
        // The hour that is twice is the first, and the one that is lost is the next.
        let hour = |at| begun("Baile", Some(at)).unwrap().event.unwrap().start.to_rfc3339();
        assert_eq!(hour("2026-10-25T02:30"), "2026-10-25T00:30:00.000Z");
        assert_eq!(hour("2026-03-29T02:30"), "2026-03-29T01:00:00.000Z");
    }

    #[test]
    fn an_address_that_says_something_else_is_refused_by_name() {
        let refused = |title: &str, at: Option<&str>| Occasion::parse(title, at).unwrap_err();
        let malformed = |field: &str| Refusal::Malformed { field: field.to_owned() };
        for title in [" \n", "a\u{7}b", "a\u{202e}b"] {
            assert_eq!(refused(title, None), malformed("title"), "{title:?}");
        }
        for at in ["", "mañana", "2026-06-01", "2026-06-01T18:30Z", "2026-13-01T18:30"] {
            assert_eq!(refused("Baile", Some(at)), malformed("civil"), "{at}");
        }
        let long = NAME as u64 + 1;
        let too_large = Refusal::TooLarge { field: "title".to_owned(), limit: NAME as u64, length: long };
        assert_eq!(refused(&"ñ".repeat(NAME + 1), None), too_large);
        assert!(Occasion::parse(&"ñ".repeat(NAME), None).is_ok());
    }
}

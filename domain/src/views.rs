//! Views of the calendar that a person keeps under a name: how it is drawn, and what of it is shown. They are the person's
//! own: nobody else sees them, and nothing depends on them.

use serde::{Deserialize, Serialize};

use crate::{Refusal, text::line, window::View};

/// So many one keeps: more than that is a list to be searched, which is what the filters are.
pub const MOST: usize = 24;
/// A name, in characters: it stands on a button.
pub const NAME: usize = 40;
/// What is shown, as an address says it, in bytes: nine facets with an identity each, and words.
const SIEVE: usize = 700;

/// A view under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedView {
    /// What its keeper calls it; no two alike.
    pub name: String,
    /// How days are drawn: a name of [`View`].
    pub layout: String,
    /// What is shown, as an address says it after the days: `&network=x&text=mercado`; empty shows everything.
    pub sieve: String,
}

/// All the views of a person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Views {
    /// Counts the changes; 0 is before the first.
    pub version: u64,
    /// In the order in which they are shown.
    pub views: Vec<SavedView>,
}

impl SavedView {
    /// How days are drawn.
    pub fn view(&self) -> Option<View> {
        View::of_name(&self.layout)
    }

    /// As it may be kept: with its name on one line.
    ///
    /// # Errors
    /// `Malformed` and `TooLarge`, of `name`, `layout` or `sieve`.
    pub fn parse(self) -> Result<Self, Refusal> {
        let malformed = |field: &str| Err(Refusal::Malformed { field: field.to_owned() });
        let name = line::counted(&self.name, "name", NAME)?;
        if self.view().is_none() {
            return malformed("layout");
        }
        if self.sieve.len() > SIEVE {
            let (limit, length) = (SIEVE as u64, self.sieve.len() as u64);
            return Err(Refusal::TooLarge { field: "sieve".to_owned(), limit, length });
        }
        // It becomes a part of an address again: pairs of names and of values that were escaped, and nothing else.
        let of_address = |c: u8| c.is_ascii_alphanumeric() || b"-_.!~*'()%".contains(&c);
        let mut pairs = self.sieve.split('&');
        let starts = pairs.next().is_some_and(str::is_empty);
        let all = pairs.all(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or_default();
            !name.is_empty() && name.bytes().all(|c| c.is_ascii_lowercase()) && value.bytes().all(of_address)
        });
        if !starts || !all {
            return malformed("sieve");
        }
        Ok(Self { name, ..self })
    }
}

impl Views {
    /// What is kept where `before` stands: itself with the next version, or nothing when it says the same.
    ///
    /// # Errors
    /// As [`SavedView::parse`]; `Doubled` of `name`, `TooLarge` of `views`, `Stale`.
    pub fn over(self, before: &Views) -> Result<Option<Self>, Refusal> {
        if self.views.len() > MOST {
            let (limit, length) = (MOST as u64, self.views.len() as u64);
            return Err(Refusal::TooLarge { field: "views".to_owned(), limit, length });
        }
        let views = self.views.into_iter().map(SavedView::parse).collect::<Result<Vec<_>, _>>()?;
        let twice = |at: usize| views[..at].iter().any(|other| other.name == views[at].name);
        if (0..views.len()).any(twice) {
            return Err(Refusal::Doubled { field: "name".to_owned() });
        }
        if views == before.views {
            return Ok(None);
        }
        if self.version != before.version {
            return Err(Refusal::Stale { current: before.version });
        }
        Ok(Some(Self { version: before.version + 1, views }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(name: &str, layout: &str, sieve: &str) -> SavedView {
        SavedView { name: name.to_owned(), layout: layout.to_owned(), sieve: sieve.to_owned() }
    }

    #[test]
    fn it_is_kept_once_and_nobody_writes_over_what_they_have_not_seen() {
        let first = Views { version: 0, views: vec![view(" Solo  X ", "week", "&network=x&text=feria%20de%20mayo")] };
        let kept = first.clone().over(&Views::default()).unwrap().unwrap();
        assert_eq!((kept.version, kept.views[0].name.as_str()), (1, "Solo X"));
        assert_eq!(first.over(&kept), Ok(None), "the same form, sent twice");
        let other = Views { version: 0, views: vec![view("Mes", "month", "")] };
        assert_eq!(other.clone().over(&kept), Err(Refusal::Stale { current: 1 }));
        assert_eq!(Views { version: 1, ..other }.over(&kept).unwrap().unwrap().version, 2);
    }

    #[test]
    fn what_could_not_be_an_address_of_the_calendar_is_refused() {
        for (layout, sieve, field) in [
            ("year", "", "layout"),
            ("week", "network=x", "sieve"),
            ("week", "&network", "sieve"),
            ("week", "&=x", "sieve"),
            ("week", "&network=x#top", "sieve"),
            ("week", "&network=x&", "sieve"),
            ("week", "&text=a b", "sieve"),
        ] {
            let refused = Err(Refusal::Malformed { field: field.to_owned() });
            assert_eq!(view("Una", layout, sieve).parse(), refused, "{layout} {sieve}");
        }
        assert_eq!(view(" \n", "week", "").parse(), Err(Refusal::Malformed { field: "name".to_owned() }));
        let hides = view("al\u{202E}revés", "week", "").parse();
        assert_eq!(hides, Err(Refusal::Malformed { field: "name".to_owned() }));
        assert!(view(&"ñ".repeat(NAME), "lanes", "&mine=1").parse().is_ok());
        assert!(matches!(view(&"ñ".repeat(NAME + 1), "lanes", "").parse(), Err(Refusal::TooLarge { .. })));
        assert!(matches!(
            view("a", "day", &format!("&text={}", "a".repeat(SIEVE))).parse(),
            Err(Refusal::TooLarge { .. })
        ));
    }

    #[test]
    fn two_of_one_name_and_too_many_are_refused() {
        let twice = Views { version: 0, views: vec![view("Mes", "month", ""), view("Mes ", "week", "")] };
        assert_eq!(twice.over(&Views::default()), Err(Refusal::Doubled { field: "name".to_owned() }));
        let many =
            |count: usize| Views { version: 0, views: (0..count).map(|at| view(&at.to_string(), "day", "")).collect() };
        assert!(many(MOST).over(&Views::default()).is_ok());
        assert!(matches!(many(MOST + 1).over(&Views::default()), Err(Refusal::TooLarge { .. })));
    }
}

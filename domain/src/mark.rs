//! What stands in the calendar besides posts: a plenary session, an election, days of mourning, a note among colleagues.
//! Separate from posts: none of it is said to anybody, and none of it stops anything by itself; who plans sees it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Kind, MarkId, Refusal, text::line};

/// What a mark is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// A note among colleagues.
    Note,
    /// A feast or an event of the town.
    Feast,
    /// A session of the plenary or of a committee.
    Session,
    /// A period in which public bodies must hold back (in Spain LOREG art. 50).
    Election,
    /// Mourning that was declared.
    Mourning,
}

impl MarkKind {
    /// Every one, in the order in which they are offered.
    pub const ALL: [MarkKind; 5] =
        [MarkKind::Note, MarkKind::Feast, MarkKind::Session, MarkKind::Election, MarkKind::Mourning];

    /// As it is stored and as an address calls it.
    pub const fn as_str(self) -> &'static str {
        match self {
            MarkKind::Note => "note",
            MarkKind::Feast => "feast",
            MarkKind::Session => "session",
            MarkKind::Election => "election",
            MarkKind::Mourning => "mourning",
        }
    }

    /// By that name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A mark on some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Its identity.
    pub id: MarkId,
    /// Counts its changes; 0 is not kept yet.
    pub version: u64,
    /// What it is about.
    pub kind: MarkKind,
    /// What it says.
    pub text: String,
    /// The first day.
    #[serde(with = "crate::slot::day")]
    pub first: NaiveDate,
    /// The last day.
    #[serde(with = "crate::slot::day")]
    pub last: NaiveDate,
}

/// What a mark says, in bytes: it stands in the head of a day.
const TEXT: usize = 300;
/// An electoral period is two months; what lasts longer than two years is no mark.
const DAYS: i64 = 732;

impl Mark {
    /// A mark as it may be kept: with its words on one line.
    ///
    /// # Errors
    /// `Malformed` without words or with characters that hide, `TooLarge`, `TermBackwards`.
    pub fn parse(self) -> Result<Self, Refusal> {
        let text = line::name(&self.text, "text", TEXT)?;
        let days = (self.last - self.first).num_days();
        if days < 0 {
            return Err(Refusal::TermBackwards);
        }
        if days >= DAYS {
            let (limit, length) = (DAYS.unsigned_abs(), days.unsigned_abs() + 1);
            return Err(Refusal::TooLarge { field: "days".to_owned(), limit, length });
        }
        Ok(Self { text, ..self })
    }

    /// What is kept of it where `before` stands: itself with the next version, or nothing when it says the same.
    ///
    /// # Errors
    /// As [`Mark::parse`]; `Stale`, `NotFound`.
    pub fn over(self, before: Option<&Mark>) -> Result<Option<Self>, Refusal> {
        let wanted = self.parse()?;
        match before {
            Some(before) if (Mark { version: before.version, ..wanted.clone() }) == *before => Ok(None),
            Some(before) if before.version != wanted.version => Err(Refusal::Stale { current: before.version }),
            None if wanted.version > 0 => Err(Refusal::NotFound),
            _ => Ok(Some(Self { version: wanted.version + 1, ..wanted })),
        }
    }

    /// Whether a day on which it stands is no day for a post of this kind. In mourning a town says what people must know, and
    /// waits with the rest.
    pub const fn holds_back(&self, kind: Kind) -> bool {
        matches!(self.kind, MarkKind::Mourning) && !matches!(kind, Kind::Service | Kind::Emergency)
    }

    /// Whether it stands on a day.
    pub fn is_on(&self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

/// Whether a day is no day for a post of this kind, by what stands on it. The one rule of whoever looks for a day by themselves: the
/// next free hole, the holes that are offered, a campaign that is moved. A person who names the day may; it is said to them.
pub fn is_held(marks: &[Mark], day: NaiveDate, kind: Kind) -> bool {
    marks.iter().any(|mark| mark.is_on(day) && mark.holds_back(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mourning_holds_back_what_can_wait_and_nothing_else_holds_back_anything() {
        let of = |kind| Mark { kind, ..mark("Luto", "2026-11-29", "2026-12-01") };
        let back = |mark: &Mark| Kind::ALL.into_iter().filter(|kind| mark.holds_back(*kind)).collect::<Vec<_>>();
        assert_eq!(back(&of(MarkKind::Mourning)), [Kind::Routine, Kind::Event, Kind::Sensitive, Kind::Legal]);
        let others = MarkKind::ALL.into_iter().filter(|kind| *kind != MarkKind::Mourning);
        assert!(others.map(of).all(|mark| back(&mark).is_empty()));
    }

    fn mark(text: &str, first: &str, last: &str) -> Mark {
        let day = |text: &str| text.parse().unwrap();
        let id = MarkId::from_bits(1);
        Mark { id, version: 0, kind: MarkKind::Session, text: text.to_owned(), first: day(first), last: day(last) }
    }

    #[test]
    fn it_is_kept_once_however_often_it_is_sent() {
        let kept = mark(" Pleno \n ordinario ", "2026-11-26", "2026-11-26").over(None).unwrap().unwrap();
        assert_eq!((kept.version, kept.text.as_str()), (1, "Pleno ordinario"));
        assert_eq!(mark("Pleno ordinario", "2026-11-26", "2026-11-26").over(Some(&kept)), Ok(None));
        let moved = Mark { last: "2026-11-27".parse().unwrap(), ..kept.clone() };
        assert_eq!(moved.clone().over(Some(&kept)).unwrap().unwrap().version, 2);
        assert_eq!(Mark { version: 4, ..moved.clone() }.over(Some(&kept)), Err(Refusal::Stale { current: 1 }));
        assert_eq!(moved.over(None), Err(Refusal::NotFound), "somebody took it away");
    }

    #[test]
    fn what_says_nothing_or_ends_before_it_begins_is_refused() {
        assert_eq!(mark(" ", "2026-11-26", "2026-11-26").parse(), Err(Refusal::Malformed { field: "text".to_owned() }));
        assert_eq!(
            mark("a\u{7}b", "2026-11-26", "2026-11-26").parse(),
            Err(Refusal::Malformed { field: "text".to_owned() })
        );
        assert_eq!(mark("Luto", "2026-11-26", "2026-11-25").parse(), Err(Refusal::TermBackwards));
        assert_eq!(
            mark("al\u{202E}revés", "2026-11-26", "2026-11-26").parse(),
            Err(Refusal::Malformed { field: "text".to_owned() })
        );
        assert!(mark(&"a".repeat(TEXT), "2026-01-01", "2028-01-02").parse().is_ok());
        assert!(matches!(
            mark(&"a".repeat(TEXT + 1), "2026-01-01", "2026-01-01").parse(),
            Err(Refusal::TooLarge { .. })
        ));
        assert!(matches!(mark("Largo", "2026-01-01", "2028-01-03").parse(), Err(Refusal::TooLarge { .. })));
    }

    #[test]
    fn it_stands_on_its_days_and_no_other() {
        let mark = mark("Luto", "2026-11-26", "2026-11-28");
        let on = |day: &str| mark.is_on(day.parse().unwrap());
        assert_eq!(
            [on("2026-11-25"), on("2026-11-26"), on("2026-11-28"), on("2026-11-29")],
            [false, true, true, false]
        );
    }
}

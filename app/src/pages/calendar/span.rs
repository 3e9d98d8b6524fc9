//! The posts of a span of days as the engine said them, and what is kept of them. Separate from the page: which of them are of
//! which days is reckoned here alone, whether the engine has just said them or a longer span that is kept holds them.

use domain::{Moment, PostId, StageName, clash};
use leptos::prelude::*;
use wire::posts::{self, PostRow, Query};

use super::is_agreed;
use crate::api;

/// From which instant until which.
pub type Span = (Moment, Moment);

/// So many spans are kept, to be shown at once when one comes back to them; what the engine says then replaces it.
const KEPT: usize = 6;

/// The posts of a span. With the span: an answer that comes late is of other days.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The span.
    pub span: Span,
    /// Its posts.
    pub rows: Vec<PostRow>,
    /// Those of the days before and after, which are not shown.
    pub beyond: Vec<PostRow>,
    /// Whether the engine has more of these days than it says at once.
    pub more: bool,
}

/// The posts of a span, and those around it that may get in their way.
pub fn in_span(span: Span) -> Query {
    let (from, until) = clash::reach(span);
    Query { from: Some(from.0), until: Some(until.0), ..Query::default() }
}

/// Asks the engine for them.
///
/// # Errors
/// As `api::call`.
pub async fn of_span(span: Span) -> api::Answer<Sheet> {
    api::call(&posts::LIST, &[], &in_span(span)).await.map(|page| {
        let mut sheet = Sheet::of(span, page.items);
        // They come in order: what is cut off after the last day is missed by nobody.
        let is_whole = sheet.beyond.last().and_then(|row| row.slot).is_some_and(|at| at >= span.1);
        sheet.more = page.next.is_some() && !is_whole;
        sheet
    })
}

fn is_in(span: Span, row: &PostRow) -> bool {
    row.slot.is_some_and(|at| (span.0..span.1).contains(&at))
}

impl Sheet {
    /// All that is known of a span and of the days around it.
    fn of(span: Span, known: Vec<PostRow>) -> Self {
        let mut sheet = Self { span, rows: Vec::new(), beyond: Vec::new(), more: false };
        for row in known {
            let list = if is_in(span, &row) { &mut sheet.rows } else { &mut sheet.beyond };
            list.push(row);
        }
        sheet
    }

    /// Whether it has all of a span. One that was cut off does not say what is missing from a part of it.
    fn holds(&self, span: Span) -> bool {
        self.span == span || (!self.more && self.span.0 <= span.0 && span.1 <= self.span.1)
    }

    /// What it has of a span, if that is all: as the engine would say it, and in its order, so that an answer which says the same
    /// draws nothing anew. The days around a part are within those around the whole.
    fn within(&self, span: Span) -> Option<Self> {
        if !self.holds(span) {
            return None;
        }
        if self.more {
            return Some(self.clone());
        }
        let reach = clash::reach(span);
        let (before, after): (Vec<_>, Vec<_>) = self.beyond.iter().partition(|row| row.slot < Some(self.span.0));
        let all = before.into_iter().chain(&self.rows).chain(after);
        Some(Self::of(span, all.filter(|row| is_in(reach, row)).cloned().collect()))
    }

    /// Has a post where it was moved to, until the engine says the same.
    pub fn moved(&mut self, post: &PostId, slot: Option<Moment>, version: u64) {
        let stage = if slot.is_some() { StageName::Placed } else { StageName::Approved };
        for row in self.rows.iter_mut().chain(&mut self.beyond).filter(|row| row.id == *post) {
            (row.slot, row.version) = (slot, version);
            if is_agreed(row.stage) {
                row.stage = stage;
            }
        }
        self.rows.retain(|row| row.slot.is_some());
    }
}

/// What is kept, what was said or shown last behind all others.
#[derive(Debug, Clone, Copy)]
pub struct Kept(StoredValue<Vec<Sheet>>);

impl Kept {
    /// Nothing yet. It lasts as long as the page: whoever signs in next keeps nothing of it.
    pub fn new() -> Self {
        Self(StoredValue::new(Vec::new()))
    }

    /// Keeps one.
    pub fn keep(self, sheet: Sheet) {
        self.0.try_update_value(|kept| {
            kept.retain(|other| other.span != sheet.span);
            kept.push(sheet);
            let old = kept.len().saturating_sub(KEPT);
            kept.drain(..old);
        });
    }

    /// Whether there is something to show of a span.
    pub fn holds(self, span: Span) -> bool {
        self.0.with_value(|kept| kept.iter().any(|sheet| sheet.holds(span)))
    }

    /// What is known of a span: of the newest that holds it, be it this span or a longer one.
    pub fn of(self, span: Span) -> Option<Sheet> {
        self.0.with_value(|kept| kept.iter().rev().find_map(|sheet| sheet.within(span)))
    }

    /// A post was moved: no other view shows it where it was.
    pub fn moved(self, post: &PostId, slot: Option<Moment>, version: u64) {
        self.0.try_update_value(|kept| kept.iter_mut().for_each(|sheet| sheet.moved(post, slot, version)));
    }

    /// A post was moved, and by which version it stands there is not known: what has it is asked for again.
    pub fn forget(self, post: &PostId) {
        self.0.try_update_value(|kept| {
            kept.retain(|sheet| sheet.rows.iter().chain(&sheet.beyond).all(|row| row.id != *post));
        });
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use domain::{
        Kind, MemberId, Millis,
        window::{View, Window},
        zone::Zone,
    };

    use super::*;

    /// In Madrid, whose clocks go back on the 25th.
    fn october(view: View, day: u32) -> Span {
        let back = (Moment(1_792_890_000_000), 3_600);
        let madrid = Zone { name: "Europe/Madrid".to_owned(), initial: 7_200, transitions: vec![back] };
        Window::around(view, NaiveDate::from_ymd_opt(2026, 10, day).unwrap()).span(&madrid)
    }

    /// A post at every hour from the 25th of September on, for 45 days.
    fn hourly() -> Vec<PostRow> {
        let row = |hour: u32| PostRow {
            id: PostId::from_bits(hour.into()),
            version: 1,
            heading: String::new(),
            kind: Kind::default(),
            stage: StageName::Placed,
            author: MemberId::from_bits(1),
            slot: Some(Moment(1_790_294_400_000).plus(Millis::hours(hour.into()))),
            missed: None,
            going: Vec::new(),
            changed: Moment(0),
            correcting: false,
            series: None,
            campaign: None,
            pillar: None,
            audience: None,
            message: None,
            units: Vec::new(),
        };
        (0..45 * 24).map(row).collect()
    }

    /// What the engine says of a span.
    fn said(all: &[PostRow], span: Span) -> Sheet {
        let reach = clash::reach(span);
        Sheet::of(span, all.iter().filter(|row| is_in(reach, row)).cloned().collect())
    }

    #[test]
    fn what_a_month_has_of_a_span_is_what_the_engine_says_of_it() {
        let all = hourly();
        let month = said(&all, october(View::Month, 1));
        assert!(month.beyond.len() == 4 * 24 && !month.rows.is_empty());
        for view in View::ALL {
            for day in 1..=31 {
                let span = october(view, day);
                assert_eq!(month.within(span), Some(said(&all, span)), "{view:?} {day}");
            }
        }
        // The list has fewer days than the month, and a week more than a day.
        for (kept, wanted) in [(View::List, View::Month), (View::Day, View::Week), (View::List, View::Week)] {
            assert_eq!(said(&all, october(kept, 1)).within(october(wanted, 1)), None, "{wanted:?} of {kept:?}");
        }
        // The week of the first begins in September: all of the list is in October.
        assert_ne!(october(View::Week, 1).0, october(View::List, 1).0);
    }

    #[test]
    fn what_was_cut_off_is_shown_whole_or_not_at_all() {
        let cut = Sheet { more: true, ..said(&hourly(), october(View::Month, 1)) };
        assert_eq!(cut.within(october(View::Week, 14)), None);
        assert_eq!(cut.within(cut.span), Some(cut.clone()));
    }

    #[test]
    fn what_was_moved_is_seen_once_and_where_it_is() {
        let mut month = said(&hourly(), october(View::Month, 1));
        let (week, other) = (october(View::Week, 7), october(View::Week, 14));
        let of = |month: &Sheet, span, post: &PostId| {
            let rows = month.within(span).unwrap().rows;
            let found = rows.iter().filter(|row| row.id == *post);
            found.map(|row| (row.slot, row.version, row.stage)).collect::<Vec<_>>()
        };
        let post = month.within(week).unwrap().rows[30].id.clone();
        let there = Some(other.0.plus(Millis::hours(30)));
        month.moved(&post, there, 2);
        assert!(of(&month, week, &post).is_empty());
        assert_eq!(of(&month, other, &post), [(there, 2, StageName::Placed)]);
        // From the days around, which are not shown, to one that is.
        let around = month.beyond[0].id.clone();
        month.moved(&around, there, 2);
        assert_eq!(of(&month, month.span, &around), [(there, 2, StageName::Placed)]);
        for gone in [&post, &around] {
            month.moved(gone, None, 3);
            assert!(of(&month, month.span, gone).is_empty());
        }
    }
}

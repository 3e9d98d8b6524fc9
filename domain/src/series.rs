//! Posts that come again: the market of every Saturday, the plenary of the last Thursday. On which days, at which hour of the
//! wall, and what each of them says.
//! Separate from `slot`: a slot is one promise. Here is only the rule that names the days; what comes of each is a draft of its
//! own, which is agreed to, moved and given up by itself.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::{
    Belonging, Content, Language, MemberId, Millis, Moment, Post, PostId, Refusal, SeriesId, Slot, Step, Themes,
    content::Event,
    shift::Wanted,
    slot::Fold,
    template::written,
    zone::{Resolved, Zone},
};

/// So many days of one series: a year of weeks and a few more. Who goes on longer looks at it again by then.
pub const MOST: usize = 60;

/// So many drafts are written by one call, as many as are moved by one: each is hashed, and an invocation has 10 ms.
pub const BATCH: usize = 20;

/// So many bytes of drafts by one call. Most have three kilobytes each; what is larger comes in more calls.
pub const BATCH_BYTES: usize = 400_000;

/// More than a year between two weeks is no rhythm any more.
const WEEKS: u8 = 52;

/// What stands in a text for the day, in the languages that Pregón's towns write: `{fecha}`, `{data}`, `{date}`.
pub const BLANKS: [&str; 3] = ["{fecha}", "{data}", "{date}"];

/// How often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "every", deny_unknown_fields)]
pub enum Every {
    /// Every so many weeks, on some days of them.
    Weeks {
        /// So many, from 1 to 52.
        weeks: u8,
        /// The days, 0 for Monday to 6 for Sunday.
        days: Vec<u8>,
    },
    /// Every month, on the day of this number; on its last day where it is shorter.
    MonthDay {
        /// From 1 to 31.
        day: u8,
    },
    /// Every month, on the first, second, third, fourth or last such day of the week.
    MonthWeekday {
        /// Which of them.
        nth: Nth,
        /// 0 for Monday to 6 for Sunday.
        day: u8,
    },
    /// Every year, on the day and in the month of the first; on 28 February where there is no 29th.
    Year {},
}

/// Which of the Mondays of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nth {
    /// The first.
    First,
    /// The second.
    Second,
    /// The third.
    Third,
    /// The fourth.
    Fourth,
    /// The last.
    Last,
}

impl Nth {
    /// Each, in order.
    pub const ALL: [Nth; 5] = [Nth::First, Nth::Second, Nth::Third, Nth::Fourth, Nth::Last];
}

/// How far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "end", deny_unknown_fields)]
pub enum End {
    /// Until a day, that one too.
    Until {
        /// Which.
        #[serde(with = "crate::slot::day")]
        day: NaiveDate,
    },
    /// So many times. What is left out is one of them.
    Count {
        /// From 1 to [`MOST`].
        count: u8,
    },
}

/// A rule by which a post comes again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recurrence {
    /// How often.
    pub every: Every,
    /// From which day on, and at what hour of the wall: the same on each day, whatever the clocks did in between.
    pub first: NaiveDateTime,
    /// How far.
    pub end: End,
    /// Days on which it does not come.
    #[serde(default, deserialize_with = "crate::hours::days", skip_serializing_if = "BTreeSet::is_empty")]
    pub without: BTreeSet<NaiveDate>,
    /// Which of two hours is meant on a night that has it twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fold: Option<Fold>,
}

/// One day of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// What the wall shows then.
    pub civil: NaiveDateTime,
    /// The day of the month that was asked for, where that month has no such day.
    pub instead_of: Option<u8>,
}

/// A post's place in a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Which series.
    pub series: SeriesId,
    /// Which of it, from 1.
    pub number: u32,
}

fn malformed(field: &str) -> Refusal {
    Refusal::Malformed { field: field.to_owned() }
}

fn too_many(length: usize) -> Refusal {
    Refusal::TooLarge { field: "series".to_owned(), limit: MOST as u64, length: length as u64 }
}

impl Recurrence {
    /// Every day that the rule names, those that are left out too, in order: what whoever chooses among them sees.
    ///
    /// # Errors
    /// `Malformed` with the field; `TooLarge` for more than [`MOST`].
    pub fn every_one(&self) -> Result<Vec<Occurrence>, Refusal> {
        match &self.every {
            Every::Weeks { weeks, .. } if !(1..=WEEKS).contains(weeks) => return Err(malformed("weeks")),
            Every::Weeks { days, .. } => {
                let doubled = days.iter().enumerate().any(|(place, day)| days[..place].contains(day));
                if days.is_empty() || doubled || days.iter().any(|day| *day > 6) {
                    return Err(malformed("days"));
                }
            }
            Every::MonthDay { day } if !(1..=31).contains(day) => return Err(malformed("day")),
            Every::MonthWeekday { day, .. } if *day > 6 => return Err(malformed("days")),
            Every::MonthDay { .. } | Every::MonthWeekday { .. } | Every::Year {} => {}
        }
        match self.end {
            End::Count { count: 0 } => return Err(malformed("count")),
            End::Count { count } if usize::from(count) > MOST => return Err(too_many(count.into())),
            End::Until { day } if day < self.first.date() => return Err(malformed("until")),
            End::Until { .. } | End::Count { .. } => {}
        }
        let found = self.walk();
        match found.len() {
            0 => Err(malformed("until")),
            more if more > MOST => Err(too_many(more)),
            _ => Ok(found),
        }
    }

    /// The days that are not left out, in order: the first of them is number 1 of the series.
    ///
    /// # Errors
    /// Those of [`Self::every_one`]; `Malformed` where none is left.
    pub fn occurrences(&self) -> Result<Vec<Occurrence>, Refusal> {
        let mut found = self.every_one()?;
        found.retain(|one| !self.without.contains(&one.civil.date()));
        if found.is_empty() { Err(malformed("without")) } else { Ok(found) }
    }

    /// When it goes out on a day. An hour that does not exist then is refused, one that comes twice is asked about.
    ///
    /// # Errors
    /// Those of `Slot::place`.
    pub fn slot(&self, one: &Occurrence, zone: &Zone, window: Millis, now: Moment) -> Result<Slot, Refusal> {
        Slot::place(one.civil, self.fold, zone, window, now)
    }

    /// The days from the first on, at most one more than fit: a rule without an end in sight stops there.
    /// The first day, without walking to the last: it is asked for each of them.
    fn begins(&self) -> Option<NaiveDate> {
        let days = (0..).map_while(|turn| self.block(turn)).flatten().map(|(day, _)| day);
        days.into_iter().find(|day| *day >= self.first.date())
    }

    fn walk(&self) -> Vec<Occurrence> {
        let (first, most) = match self.end {
            End::Until { .. } => (self.first.date(), MOST + 1),
            End::Count { count } => (self.first.date(), count.into()),
        };
        let until = match self.end {
            End::Until { day } => day,
            End::Count { .. } => NaiveDate::MAX,
        };
        let mut found = Vec::new();
        for turn in 0.. {
            let Some(block) = self.block(turn) else { break };
            let days = block.into_iter().filter(|(day, _)| *day >= first);
            for (day, instead_of) in days {
                if day > until || found.len() == most {
                    return found;
                }
                found.push(Occurrence { civil: day.and_time(self.first.time()), instead_of });
            }
        }
        found
    }

    /// The days of the n-th week, month or year, in order; `None` where the calendar ends.
    fn block(&self, turn: u32) -> Option<Vec<(NaiveDate, Option<u8>)>> {
        let first = self.first.date();
        match &self.every {
            Every::Weeks { weeks, days } => {
                let mut days = days.clone();
                days.sort_unstable();
                // Weeks are counted from the first in which it comes, not from one that only ends with the first day.
                let begins = first.iter_days().take(7).find(|day| days.contains(&weekday(*day)))?;
                let monday = begins.checked_sub_days(Days::new(weekday(begins).into()))?;
                let monday = monday.checked_add_days(Days::new(7 * u64::from(turn) * u64::from(*weeks)))?;
                days.iter().map(|day| Some((monday.checked_add_days(Days::new((*day).into()))?, None))).collect()
            }
            Every::MonthDay { day } => Some(vec![in_month(month(first, turn)?, *day)?]),
            Every::MonthWeekday { nth, day } => {
                let begins = month(first, turn)?;
                let ahead = (7 + day - weekday(begins)) % 7;
                let earliest = begins.checked_add_days(Days::new(ahead.into()))?;
                let later = |weeks: u64| earliest.checked_add_days(Days::new(7 * weeks));
                let found = match nth {
                    Nth::First => earliest,
                    Nth::Second => later(1)?,
                    Nth::Third => later(2)?,
                    Nth::Fourth => later(3)?,
                    Nth::Last => later(4).filter(|day| day.month() == begins.month()).or_else(|| later(3))?,
                };
                Some(vec![(found, None)])
            }
            Every::Year {} => {
                let begins = month(first, turn.checked_mul(12)?)?;
                Some(vec![in_month(begins, u8::try_from(first.day()).ok()?)?])
            }
        }
    }
}

/// 0 for Monday.
fn weekday(day: NaiveDate) -> u8 {
    day.weekday().num_days_from_monday() as u8
}

/// The first day of the month that is so many after that of a day.
fn month(day: NaiveDate, later: u32) -> Option<NaiveDate> {
    let months = i64::from(day.year()) * 12 + i64::from(day.month0()) + i64::from(later);
    let year = i32::try_from(months.div_euclid(12)).ok()?;
    NaiveDate::from_ymd_opt(year, u32::try_from(months.rem_euclid(12)).ok()? + 1, 1)
}

/// The day of a number in the month that begins so; its last one if it is shorter, and then the number that was asked for.
fn in_month(begins: NaiveDate, day: u8) -> Option<(NaiveDate, Option<u8>)> {
    match begins.with_day(day.into()) {
        Some(found) => Some((found, None)),
        None => Some((month(begins, 1)?.pred_opt()?, Some(day))),
    }
}

/// What a series is made of.
#[derive(Debug, Clone, Copy)]
pub struct Pattern<'a> {
    /// The post that comes again: it stays as it is.
    pub source: &'a Post,
    /// The rule.
    pub rule: &'a Recurrence,
    /// By which clock.
    pub zone: &'a Zone,
}

impl Pattern<'_> {
    /// What is said on a day: the words of the source, with the day written out where a blank stands for it. An event that it
    /// announces is as many days after the post as it was in the source, or from the first day on where that has no hour; then it is
    /// its day that is written.
    ///
    /// # Errors
    /// `InAGap` and `InAFold` where the event would begin or end at an hour that does not exist or comes twice; what
    /// `Content::parse` refuses.
    pub fn content(&self, on: NaiveDate) -> Result<Content, Refusal> {
        let event = self.event(on)?;
        let day = event.as_ref().map_or(on, |event| self.zone.civil(event.start).date());
        let mut content = Content { event, ..self.source.content.clone() };
        fill(&mut content, day);
        content.parse()
    }

    fn event(&self, on: NaiveDate) -> Result<Option<Event>, Refusal> {
        let Some(event) = &self.source.content.event else { return Ok(None) };
        let anchor = match self.source.slot() {
            Some(slot) => self.zone.civil(slot.at).date(),
            None => self.rule.begins().unwrap_or(on),
        };
        let days = (on - anchor).num_days();
        let moved = |at: Moment| {
            if days == 0 {
                return Ok(at);
            }
            let civil = self.zone.civil(at).checked_add_signed(chrono::TimeDelta::days(days)).ok_or(Refusal::TooFar)?;
            match self.zone.resolve(civil) {
                Resolved::One(at) => Ok(at),
                Resolved::Gap { before, after } => Err(Refusal::InAGap { before, after }),
                Resolved::Fold { first, second } => Err(Refusal::InAFold { first, second }),
            }
        };
        let (start, end) = (moved(event.start)?, event.end.map(moved).transpose()?);
        Ok(Some(Event { start, end, ..event.clone() }))
    }

    /// Whether something can be made of a day, before anything is written of any.
    ///
    /// # Errors
    /// Those of [`Recurrence::slot`]; `InAGap` and `InAFold` for the event.
    pub fn check(&self, one: &Occurrence, window: Millis, now: Moment) -> Result<(), Refusal> {
        self.rule.slot(one, self.zone, window, now)?;
        self.event(one.civil.date()).map(drop)
    }

    /// The draft of a day, planned for its hour and belonging where the source does, as far as that is still open.
    ///
    /// # Errors
    /// Those of [`Self::content`] and [`Recurrence::slot`].
    pub fn draft(&self, made: Made<'_>) -> Result<Step, Refusal> {
        let slot = self.rule.slot(&made.on, self.zone, made.window, made.now)?;
        let content = self.content(made.on.civil.date())?;
        let mut post = Post::new(made.id, made.by.clone(), content);
        // Whoever wrote what is repeated has a hand in it, and agrees to none of it.
        post.hands.extend(self.source.hands.iter().cloned());
        post.belongs = still_open(&self.source.belongs, made.themes);
        post.series = Some(made.turn);
        post.wish(slot, made.by, self.zone)
    }
}

/// What a draft of a series is made with.
#[derive(Debug)]
pub struct Made<'a> {
    /// Its identity.
    pub id: PostId,
    /// Which of the series it is.
    pub turn: Turn,
    /// For which day.
    pub on: Occurrence,
    /// Who makes it.
    pub by: &'a MemberId,
    /// How late it may go out.
    pub window: Millis,
    /// What time it is.
    pub now: Moment,
    /// What the source belongs to.
    pub themes: &'a Themes,
}

/// Nothing is put into what is archived.
fn still_open(belongs: &Belonging, themes: &Themes) -> Belonging {
    let campaign = |id: &_| themes.campaigns.iter().any(|one| one.id == *id && !one.archived);
    let pillar = |id: &_| themes.pillars.iter().any(|one| one.id == *id && !one.archived);
    let audience = |id: &_| themes.audiences.iter().any(|one| one.id == *id && !one.archived);
    let message = |id: &_| themes.messages.iter().any(|one| one.id == *id && !one.archived);
    let pillar = belongs.pillar.clone().filter(pillar);
    Belonging {
        campaign: belongs.campaign.clone().filter(campaign),
        audience: belongs.audience.clone().filter(audience),
        // A message is carried under its pillar, and not where that is given up.
        message: belongs.message.clone().filter(message).filter(|_| pillar.is_some()),
        pillar,
    }
}

/// Writes a day where a blank stands for it: in headings, texts, first comments, versions, warnings and descriptions, each in its
/// language.
fn fill(content: &mut Content, day: NaiveDate) {
    each_text(content, |text, language| dated(text, language, day));
}

/// A content without what a series lets differ from one of its days to another: the day that was written where a blank stood, and
/// the days between the post and its event. Two of a series that differ in nothing else are the same here. `at` is when the post
/// goes out; without it and without an event nothing is known of its day, and the words stay as they are.
///
/// It is for comparing: what it answers is no content that could go out.
pub fn undated(content: &Content, at: Option<Moment>, zone: &Zone) -> Content {
    let mut content = content.clone();
    let goes_out = at.map(|at| zone.civil(at).date());
    let begins = content.event.as_ref().map(|event| zone.civil(event.start).date());
    if let Some(day) = begins.or(goes_out) {
        each_text(&mut content, |text, language| blank(text, language, day));
    }
    if let Some((event, from)) = content.event.as_mut().zip(goes_out.or(begins)) {
        let midnight = from.and_time(NaiveTime::default()).and_utc().timestamp_millis();
        // By the wall, so that a night of the clocks in between makes no difference.
        let apart = |at: Moment| Moment(zone.civil(at).and_utc().timestamp_millis() - midnight);
        (event.start, event.end) = (apart(event.start), event.end.map(apart));
    }
    content
}

/// Does something with every text of a content that can have a blank.
fn each_text(content: &mut Content, write: impl Fn(&mut String, &Language)) {
    let all = |texts: &mut BTreeMap<Language, String>| {
        texts.iter_mut().for_each(|(language, text)| write(text, language));
    };
    all(&mut content.titles);
    all(&mut content.texts);
    all(&mut content.comments);
    content.pictures.iter_mut().for_each(|picture| all(&mut picture.alt));
    content.video.iter_mut().for_each(|video| all(&mut video.alt));
    content.poll.iter_mut().for_each(|poll| all(&mut poll.answers));
    content.document.iter_mut().for_each(|document| all(&mut document.title));
    for version in &mut content.versions {
        write(&mut version.text, &version.language);
        if let Some(warning) = &mut version.warning {
            write(warning, &version.language);
        }
    }
}

fn dated(text: &mut String, language: &Language, day: NaiveDate) {
    for blank in BLANKS {
        if text.contains(blank) {
            *text = text.replace(blank, &written::date(language, day));
        }
    }
}

/// The other way round: a mark where the day is written out. The mark is one that no text can have, for what is like it in a text
/// is doubled. A day that is only a part of a longer word or number is none.
fn blank(text: &mut String, language: &Language, day: NaiveDate) {
    let said = written::date(language, day);
    let literal = |piece: &str| piece.replace('\0', "\0\0");
    let mut pieces = text.split(said.as_str());
    let mut out = literal(pieces.next().unwrap_or_default());
    for piece in pieces {
        let joined = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let within = joined(out.chars().next_back()) || joined(piece.chars().next());
        out.push_str(if within { &said } else { "\0-" });
        out.push_str(&literal(piece));
    }
    *text = out;
}

/// Whether a text has a blank for the day.
pub fn is_dated(content: &Content) -> bool {
    let texts = content.titles.values().chain(content.texts.values()).chain(content.comments.values());
    let texts = texts.chain(content.versions.iter().map(|version| &version.text));
    texts.into_iter().any(|text| BLANKS.iter().any(|blank| text.contains(blank)))
}

/// Where one of a series stands when all of it is moved: so many days on, at another hour if one is given. `None` where the
/// calendar ends.
pub fn moved(
    (post, version, at): (PostId, u64, Moment),
    days: i32,
    hour: Option<NaiveTime>,
    zone: &Zone,
) -> Option<Wanted> {
    let wanted = Wanted::by_days(post, version, at, days, zone)?;
    let civil = hour.map_or(wanted.civil, |hour| wanted.civil.date().and_time(hour));
    // The same of two hours is only that of the same hour.
    let fold = wanted.fold.filter(|_| civil == wanted.civil);
    Some(Wanted { civil, fold, ..wanted })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        CampaignId, ChannelId, Target,
        campaign::Campaign,
        slot::{parse_civil, read_day},
        zone::bench::madrid,
    };

    const WINDOW: Millis = Millis::minutes(30);
    /// 2026-03-01T00:00Z.
    const NOW: Moment = Moment(1_772_323_200_000);

    fn rule(every: Every, first: &str, end: End) -> Recurrence {
        Recurrence { every, first: parse_civil(first).unwrap(), end, without: BTreeSet::new(), fold: None }
    }

    fn count(count: u8) -> End {
        End::Count { count }
    }

    fn until(day: &str) -> End {
        End::Until { day: read_day(day).unwrap() }
    }

    fn days(rule: &Recurrence) -> Vec<String> {
        rule.occurrences().unwrap().iter().map(|one| one.civil.date().to_string()).collect()
    }

    fn weekly(days: &[u8]) -> Every {
        Every::Weeks { weeks: 1, days: days.to_vec() }
    }

    fn refused(rule: &Recurrence) -> String {
        match rule.occurrences() {
            Err(Refusal::Malformed { field }) => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_market_of_every_saturday_but_one() {
        let mut market = rule(weekly(&[5]), "2026-12-02T09:00", count(5));
        assert_eq!(days(&market), ["2026-12-05", "2026-12-12", "2026-12-19", "2026-12-26", "2027-01-02"]);
        market.without.insert(read_day("2026-12-26").unwrap());
        assert_eq!(
            days(&market),
            ["2026-12-05", "2026-12-12", "2026-12-19", "2027-01-02"],
            "what is left out is one of five"
        );
        market.without.extend(market.every_one().unwrap().iter().map(|one| one.civil.date()));
        assert_eq!(refused(&market), "without");
        assert_eq!(market.every_one().unwrap().len(), 5);
    }

    #[test]
    fn weeks_are_counted_from_the_first_in_which_it_comes() {
        let bins = Every::Weeks { weeks: 2, days: vec![3, 0] };
        // A Friday: the week that only ends then is none of them.
        let all = rule(bins, "2026-12-04T08:00", until("2026-12-31"));
        assert_eq!(days(&all), ["2026-12-07", "2026-12-10", "2026-12-21", "2026-12-24"]);
    }

    #[test]
    fn a_month_that_is_shorter_has_its_last_day_and_says_so() {
        let all = rule(Every::MonthDay { day: 31 }, "2027-12-15T10:00", count(4)).occurrences().unwrap();
        let said: Vec<_> = all.iter().map(|one| (one.civil.date().to_string(), one.instead_of)).collect();
        let expected = [("2027-12-31", None), ("2028-01-31", None), ("2028-02-29", Some(31)), ("2028-03-31", None)];
        assert_eq!(said, expected.map(|(day, instead)| (day.to_owned(), instead)));
    }

    #[test]
    fn the_first_monday_and_the_last_thursday() {
        let on = |nth, day, first: &str| days(&rule(Every::MonthWeekday { nth, day }, first, count(3)));
        assert_eq!(on(Nth::First, 0, "2026-12-01T10:00"), ["2026-12-07", "2027-01-04", "2027-02-01"]);
        assert_eq!(on(Nth::Last, 3, "2026-12-01T10:00"), ["2026-12-31", "2027-01-28", "2027-02-25"]);
        // The one of this month is over.
        assert_eq!(on(Nth::First, 0, "2026-12-08T10:00"), ["2027-01-04", "2027-02-01", "2027-03-01"]);
    }

    #[test]
    fn a_year_on_the_29th_of_february() {
        let all = rule(Every::Year {}, "2028-02-29T10:00", count(5)).occurrences().unwrap();
        let said: Vec<_> = all.iter().map(|one| (one.civil.date().to_string(), one.instead_of.is_some())).collect();
        let expected = [
            ("2028-02-29", false),
            ("2029-02-28", true),
            ("2030-02-28", true),
            ("2031-02-28", true),
            ("2032-02-29", false),
        ];
        assert_eq!(said, expected.map(|(day, other)| (day.to_owned(), other)));
    }

    #[test]
    fn what_is_no_rule_is_refused_with_the_field() {
        let every = |every| refused(&rule(every, "2026-12-05T09:00", count(2)));
        assert_eq!(every(Every::Weeks { weeks: 0, days: vec![1] }), "weeks");
        assert_eq!(every(Every::Weeks { weeks: 53, days: vec![1] }), "weeks");
        for days in [vec![], vec![7], vec![1, 1]] {
            assert_eq!(every(Every::Weeks { weeks: 1, days }), "days");
        }
        assert_eq!(every(Every::MonthDay { day: 0 }), "day");
        assert_eq!(every(Every::MonthDay { day: 32 }), "day");
        assert_eq!(every(Every::MonthWeekday { nth: Nth::Last, day: 7 }), "days");
        assert_eq!(refused(&rule(weekly(&[5]), "2026-12-05T09:00", count(0))), "count");
        assert_eq!(refused(&rule(weekly(&[5]), "2026-12-05T09:00", until("2026-12-04"))), "until");
        assert_eq!(refused(&rule(weekly(&[4]), "2026-12-05T09:00", until("2026-12-06"))), "until", "no Friday in it");
    }

    #[test]
    fn more_than_sixty_are_too_many() {
        let too_large = |end| rule(weekly(&[0, 1, 2, 3, 4, 5, 6]), "2026-12-01T09:00", end).occurrences();
        assert!(matches!(too_large(count(61)), Err(Refusal::TooLarge { limit: 60, length: 61, .. })));
        assert!(matches!(too_large(until("9999-12-31")), Err(Refusal::TooLarge { limit: 60, length: 61, .. })));
        assert_eq!(too_large(until("2027-01-29")).unwrap().len(), 60);
        assert!(rule(Every::Year {}, "2026-12-01T09:00", until("9999-12-31")).occurrences().is_err());
    }

    fn source(texts: &[(&str, &str)]) -> Post {
        let mut content = Content::default();
        for (language, text) in texts {
            content.texts.insert(language.parse().unwrap(), (*text).to_owned());
        }
        Post::new(PostId::from_bits(1), MemberId::from_bits(1), content)
    }

    fn on(day: &str) -> NaiveDate {
        read_day(day).unwrap()
    }

    #[test]
    fn a_blank_becomes_the_day_in_each_language() {
        let mut source = source(&[("es", "Mercado el {fecha}, {hora}."), ("en", "Market on {date}.")]);
        let english: Language = "en".parse().unwrap();
        source.content.titles.insert(english.clone(), "{fecha}".to_owned());
        let rule = rule(weekly(&[5]), "2026-12-05T09:00", count(3));
        let zone = madrid();
        let pattern = Pattern { source: &source, rule: &rule, zone: &zone };
        let content = pattern.content(on("2026-12-12")).unwrap();
        let texts: Vec<_> = content.texts.values().map(String::as_str).collect();
        assert_eq!(
            texts,
            ["Market on Saturday 12 December 2026.", "Mercado el sábado 12 de diciembre de 2026, {hora}."]
        );
        assert_eq!(content.titles[&english], "Saturday 12 December 2026");
        assert!(is_dated(&source.content) && !is_dated(&content));
    }

    fn at(civil: &str) -> Moment {
        match madrid().resolve(parse_civil(civil).unwrap()) {
            Resolved::One(at) => at,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_event_goes_along_at_its_hour_and_its_day_is_the_one_that_is_written() {
        let zone = madrid();
        let mut source = source(&[("es", "Mercado: {fecha}.")]);
        let event = |start: &str| Event {
            start: at(start),
            end: Some(at(start).plus(Millis::hours(4))),
            place: "Plaza".to_owned(),
            cancelled: false,
        };
        source.content.event = Some(event("2026-10-17T09:00"));
        // Two days before it.
        let slot = Slot::place(parse_civil("2026-10-15T18:00").unwrap(), None, &zone, WINDOW, NOW).unwrap();
        let source = source.wish(slot, &MemberId::from_bits(1), &zone).unwrap().post;
        let rule = rule(weekly(&[3]), "2026-10-22T18:00", count(3));
        let pattern = Pattern { source: &source, rule: &rule, zone: &zone };
        // Over the night on which the clocks go back.
        let content = pattern.content(on("2026-10-29")).unwrap();
        assert_eq!(content.event.as_ref().map(|event| event.start), Some(at("2026-10-31T09:00")));
        assert_eq!(content.event.and_then(|event| event.end), Some(at("2026-10-31T13:00")));
        assert_eq!(content.texts.values().next().unwrap(), "Mercado: sábado 31 de octubre de 2026.");
        // An event at an hour of which that night has two.
        let mut night = source.clone();
        night.content.event = Some(event("2026-10-18T02:30"));
        let pattern = Pattern { source: &night, ..pattern };
        assert!(matches!(pattern.content(on("2026-10-22")), Err(Refusal::InAFold { .. })));
    }

    #[test]
    fn a_draft_is_planned_and_belongs_where_that_is_still_open() {
        let (zone, by) = (madrid(), MemberId::from_bits(7));
        let mut source = source(&[("es", "Hola.")]);
        let (open, shut) = (CampaignId::from_bits(1), crate::PillarId::from_bits(2));
        source.belongs = Belonging { campaign: Some(open.clone()), pillar: Some(shut.clone()), ..Belonging::default() };
        source.content.targets = vec![Target::new(ChannelId::from_bits(1), vec![Language::spanish()])];
        let themes = Themes {
            campaigns: vec![Campaign {
                id: open.clone(),
                version: 1,
                name: "A".to_owned(),
                first: None,
                last: None,
                goal: String::new(),
                basis: String::new(),
                budget: None,
                archived: false,
            }],
            pillars: vec![crate::Pillar { id: shut, version: 1, name: "B".to_owned(), archived: true }],
            messages: Vec::new(),
            audiences: Vec::new(),
        };
        let rule = rule(weekly(&[5]), "2026-12-05T09:00", count(3));
        let pattern = Pattern { source: &source, rule: &rule, zone: &zone };
        let turn = Turn { series: SeriesId::from_bits(3), number: 2 };
        let on = rule.occurrences().unwrap()[1];
        let (id, now) = (PostId::from_bits(9), NOW);
        let made = Made { id, turn: turn.clone(), on, by: &by, window: WINDOW, now, themes: &themes };
        let step = pattern.draft(made).unwrap();
        assert_eq!(step.post.slot().unwrap().civil.to_string(), "2026-12-12 09:00:00");
        assert_eq!((&step.post.author, step.post.hands.len(), &step.post.series), (&by, 2, &Some(turn)));
        assert_eq!(step.post.belongs, Belonging { campaign: Some(open), ..Belonging::default() });
        assert_eq!((step.post.stage.name(), step.effects.len()), (crate::StageName::Draft, 1));
    }

    #[test]
    fn on_the_nights_of_the_clocks_the_hour_is_said_and_not_guessed() {
        let zone = madrid();
        let nightly = rule(weekly(&[6]), "2026-03-22T02:30", until("2026-04-05"));
        let slots: Vec<_> =
            nightly.occurrences().unwrap().iter().map(|one| nightly.slot(one, &zone, WINDOW, NOW)).collect();
        assert!(slots[0].is_ok() && slots[2].is_ok());
        assert!(matches!(slots[1], Err(Refusal::InAGap { .. })), "29 March has no half past two");
        let mut twice = rule(weekly(&[6]), "2026-10-25T02:30", count(1));
        let slot = |twice: &Recurrence| {
            let one = twice.occurrences().unwrap()[0];
            twice.slot(&one, &zone, WINDOW, NOW).map(|slot| slot.at)
        };
        let Err(Refusal::InAFold { first, second }) = slot(&twice) else { panic!("not asked") };
        twice.fold = Some(Fold::Second);
        assert_eq!(slot(&twice), Ok(second));
        twice.fold = Some(Fold::First);
        assert_eq!(slot(&twice), Ok(first));
    }

    #[test]
    fn all_of_a_series_is_moved_by_days_and_to_an_hour() {
        let zone = madrid();
        let stood = || (PostId::from_bits(1), 3, at("2026-10-24T10:00"));
        let wanted = moved(stood(), 1, NaiveTime::from_hms_opt(12, 30, 0), &zone).unwrap();
        assert_eq!((wanted.civil.to_string().as_str(), wanted.version), ("2026-10-25 12:30:00", 3));
        let hour = moved(stood(), 0, NaiveTime::from_hms_opt(9, 0, 0), &zone).unwrap();
        assert_eq!(hour.civil.to_string(), "2026-10-24 09:00:00");
    }

    fn any_every() -> impl Strategy<Value = Every> {
        let nth = (0_usize..5, 0_u8..7).prop_map(|(nth, day)| Every::MonthWeekday { nth: Nth::ALL[nth], day });
        let weeks = (1_u8..5, prop::collection::btree_set(0_u8..7, 1..7))
            .prop_map(|(weeks, days)| Every::Weeks { weeks, days: days.into_iter().collect() });
        prop_oneof![weeks, (1_u8..=31).prop_map(|day| Every::MonthDay { day }), nth, Just(Every::Year {}),]
    }

    proptest! {
        /// From 2026 to 2036, over year ends and leap years: found by looking at every single day.
        #[test]
        fn the_days_of_a_rule_are_those_that_one_finds_by_looking_at_each(
            every in any_every(), begins in 0_u64..3_650, span in 0_u64..900, minute in 0_u32..1_440,
        ) {
            let first = on("2026-01-01") + Days::new(begins);
            let last = first + Days::new(span);
            let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
            let (end, without) = (End::Until { day: last }, BTreeSet::new());
            let all = Recurrence { every, first: first.and_time(time), end, without, fold: None };
            let length = |day: NaiveDate| month(day, 1).unwrap().pred_opt().unwrap().day();
            let comes = |day: &NaiveDate| matches!(&all.every, Every::Weeks { days, .. } if days.contains(&weekday(*day)));
            let begun = first.iter_days().take(7).find(comes);
            let wanted = |day: &NaiveDate| match &all.every {
                Every::Weeks { weeks, days } => {
                    let monday = |day: NaiveDate| day - Days::new(weekday(day).into());
                    let apart = (monday(*day) - monday(begun.unwrap())).num_days();
                    days.contains(&weekday(*day)) && apart % (7 * i64::from(*weeks)) == 0
                }
                Every::MonthDay { day: number } => day.day() == u32::from(*number).min(length(*day)),
                Every::MonthWeekday { nth, day: number } => {
                    let place = (day.day() - 1) / 7;
                    let fits = match nth {
                        Nth::Last => day.day() + 7 > length(*day),
                        nth => Nth::ALL[place as usize] == *nth,
                    };
                    weekday(*day) == *number && fits
                }
                Every::Year {} => day.month() == first.month() && day.day() == first.day().min(length(*day)),
            };
            let spanned = first.iter_days().take_while(|day| *day <= last);
            let expected: Vec<NaiveDate> = spanned.filter(wanted).collect();
            match all.occurrences() {
                Ok(found) => {
                    prop_assert!(found.is_sorted_by(|one, other| one.civil < other.civil), "in order, each once");
                    prop_assert!(found.iter().all(|one| one.civil.time() == time));
                    let later = |one: &Occurrence| one.instead_of.is_none_or(|day| u32::from(day) > one.civil.day());
                    prop_assert!(found.iter().all(later));
                    prop_assert_eq!(found.iter().map(|one| one.civil.date()).collect::<Vec<_>>(), expected);
                }
                Err(Refusal::TooLarge { .. }) => prop_assert!(expected.len() > MOST),
                Err(other) => prop_assert!(expected.is_empty(), "{:?}", other),
            }
        }

        /// However far and at whatever hour: a slot shows the hour that was asked for, or it is said why there is none.
        #[test]
        fn every_slot_shows_the_hour_of_the_rule(
            every in any_every(), begins in 0_u64..600, minute in 0_u32..1_440, second in any::<bool>(),
        ) {
            let zone = madrid();
            let time = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
            let first = (on("2026-03-02") + Days::new(begins)).and_time(time);
            let fold = Some(if second { Fold::Second } else { Fold::First });
            let end = End::Count { count: 20 };
            let rule = Recurrence { every, first, end, without: BTreeSet::new(), fold };
            for one in rule.occurrences().unwrap() {
                match rule.slot(&one, &zone, WINDOW, NOW) {
                    Ok(slot) => prop_assert_eq!(zone.civil(slot.at), one.civil),
                    Err(Refusal::InAGap { .. }) => {
                        prop_assert_eq!((one.civil.date(), minute / 60), (on("2026-03-29"), 2));
                    }
                    Err(Refusal::TooFar) => prop_assert!(one.civil.date() > on("2028-02-01")),
                    Err(other) => prop_assert!(false, "{:?}", other),
                }
            }
        }
    }
}

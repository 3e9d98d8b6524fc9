//! Reading a calendar that somebody else wrote (RFC 5545). Separate from what writes one: that is strict, this forgives, and takes
//! no more of an event than when it is and what it is called. Descriptions, places and people are passed over unread.
//!
//! One pass over the text, without a copy of what is not kept: a calendar of a megabyte has to fit ten milliseconds.

use std::{borrow::Cow, collections::BTreeMap};

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use serde::{Deserialize, Serialize};

use super::recur::{Rule, Until};
use crate::{
    Millis, Moment,
    slot::read_day,
    text::is_invisible,
    zone::{Resolved, Zone},
};

/// Something that stands in a calendar of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// The first day, on the organisation's wall.
    #[serde(with = "crate::slot::day")]
    pub first: NaiveDate,
    /// The last day. What ends within a day of its beginning stands where it begins: nobody looks for a ball on the day after.
    #[serde(with = "crate::slot::day")]
    pub last: NaiveDate,
    /// When it begins, in minutes after midnight; nothing where it is of whole days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minute: Option<u16>,
    /// What it is called: one line of at most [`TITLE`] characters, none of which hides or turns another. May be empty.
    pub title: String,
}

impl Happening {
    /// Whether it stands on a day.
    pub fn is_on(&self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// Whether it stands on any of some days, and is to be taken from the month that begins with this day: it is kept in each
    /// month that it touches, and taken from the first of those that are asked.
    pub fn is_taken(&self, month: NaiveDate, first: NaiveDate, last: NaiveDate) -> bool {
        let is_there = self.first <= last && self.last >= first;
        is_there && first_of_month(self.first.max(first_of_month(first))) == month
    }
}

/// What of a calendar is not shown as it was meant. Each is told, with how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Shortfall {
    /// Events whose zone is not known: they are taken to be on the organisation's wall.
    #[serde(skip_serializing_if = "is_none")]
    pub zones: u32,
    /// Events that repeat in a way that is not understood: only the first time stands.
    #[serde(skip_serializing_if = "is_none")]
    pub rules: u32,
    /// Events whose beginning cannot be read: they are left out.
    #[serde(skip_serializing_if = "is_none")]
    pub times: u32,
    /// Times for which there is no room, at least.
    #[serde(skip_serializing_if = "is_none")]
    pub left: u32,
}

const fn is_none(count: &u32) -> bool {
    *count == 0
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Read {
    /// What stands in each month (`2026-11`), the earliest first; in each that it touches.
    pub months: BTreeMap<String, Vec<Happening>>,
    /// How much that is, each counted once.
    pub kept: u32,
    /// What is missing.
    pub shortfall: Shortfall,
}

/// It is no calendar, or not all of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoCalendar;

/// Which days are kept, and on whose wall.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The organisation's zone.
    pub home: &'a Zone,
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
}

/// How far back and ahead a calendar is kept, in months: last month's week is looked at again, and who plans a feast plans it for
/// next year.
const BACK: u32 = 1;
const AHEAD: u32 = 13;

/// Which reader this is. One that makes something else of the same text has the next number: a calendar that its server says to be as it
/// was is read anew then.
pub const READER: u32 = 1;

/// The days that are kept of calendars of others, whole months around today.
pub fn span(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = first_of_month(today);
    let past = first.checked_add_months(Months::new(AHEAD + 1)).and_then(|next| next.pred_opt());
    (first.checked_sub_months(Months::new(BACK)).unwrap_or(first), past.unwrap_or(first))
}

/// How the month of a day is called: `2026-11`.
pub fn month_name(day: NaiveDate) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The first day of the month that is called so.
pub fn month_named(name: &str) -> Option<NaiveDate> {
    read_day(&[name, "-01"].concat())
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// A month of one calendar has at most so many: five a day, and what is more no month shows.
pub const A_MONTH: usize = 150;
/// A title, in characters: it stands in the head of a day.
pub const TITLE: usize = 120;
/// So many times are looked at before they are put into months; what is more is counted.
const SEEN: usize = 6_000;
/// So many steps all rules of a calendar take together.
const STEPS: u32 = 50_000;
/// So many zones one calendar names; the names of others are as good as unknown.
const ZONES: usize = 50;
/// A line of interest is joined as far as this, in bytes: a few thousand days that a series leaves out.
const LINE: usize = 64_000;
/// What lasts longer has forgotten to end.
const LONGEST: Millis = Millis::days(400);
const DAY: Millis = Millis::days(1);

/// Reads a calendar. `zone_of` knows zones by their names.
///
/// # Errors
/// `NoCalendar`, also where it ends before its end: half of a calendar would look like a whole one.
pub fn read(text: &str, ground: Ground<'_>, zone_of: &dyn Fn(&str) -> Option<Zone>) -> Result<Read, NoCalendar> {
    let mut lines = Lines { rest: text.trim_start_matches('\u{feff}') };
    let mut reader = Reader::new(ground, zone_of);
    let (mut open, mut event, mut inside) = (false, None::<Draft>, 0_u32);
    while let Some(line) = lines.next_line() {
        let Some((name, marks, value)) = split(&line) else {
            if open || line.trim().is_empty() {
                continue;
            }
            return Err(NoCalendar);
        };
        match (name, event.as_mut()) {
            (Name::Begin, None) if value.trim().eq_ignore_ascii_case("VCALENDAR") => open = true,
            _ if !open => return Err(NoCalendar),
            // Several may stand in one file (3.4): the first is the one that is meant.
            (Name::End, _) if value.trim().eq_ignore_ascii_case("VCALENDAR") => open = false,
            (Name::Begin, None) if value.trim().eq_ignore_ascii_case("VEVENT") => event = Some(Draft::default()),
            // An alarm has a summary and a duration too: what is inside of an event is not of it.
            (Name::Begin, Some(_)) => inside += 1,
            (Name::End, Some(_)) if inside > 0 => inside -= 1,
            (Name::End, Some(_)) => {
                if let Some(draft) = event.take() {
                    reader.finish(draft);
                }
            }
            (name, Some(draft)) if inside == 0 => reader.note(draft, name, marks, value),
            _ => {}
        }
        if !open {
            return Ok(reader.done());
        }
    }
    Err(NoCalendar)
}

/// What of an event is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Begin,
    End,
    Uid,
    Summary,
    Starts,
    Ends,
    Lasts,
    Repeats,
    /// More days, or fewer by a rule of their own: neither is reckoned here.
    Odd,
    Except,
    InsteadOf,
    Status,
    Class,
}

impl Name {
    fn of(text: &str) -> Option<Self> {
        let upper: Cow<'_, str> = if text.bytes().any(|byte| byte.is_ascii_lowercase()) {
            text.to_ascii_uppercase().into()
        } else {
            text.into()
        };
        Some(match &*upper {
            "BEGIN" => Name::Begin,
            "END" => Name::End,
            "UID" => Name::Uid,
            "SUMMARY" => Name::Summary,
            "DTSTART" => Name::Starts,
            "DTEND" => Name::Ends,
            "DURATION" => Name::Lasts,
            "RRULE" => Name::Repeats,
            "RDATE" | "EXRULE" => Name::Odd,
            "EXDATE" => Name::Except,
            "RECURRENCE-ID" => Name::InsteadOf,
            "STATUS" => Name::Status,
            "CLASS" => Name::Class,
            _ => return None,
        })
    }
}

/// The lines of a calendar, joined where they were folded (3.1).
struct Lines<'a> {
    rest: &'a str,
}

impl<'a> Lines<'a> {
    fn physical(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
        self.rest = rest;
        Some(line.strip_suffix('\r').unwrap_or(line))
    }

    fn goes_on(&self) -> bool {
        self.rest.starts_with([' ', '\t'])
    }

    /// The next line. Of one that is of no interest only the beginning: it is not joined to be thrown away.
    fn next_line(&mut self) -> Option<Cow<'a, str>> {
        let line = self.physical()?;
        if !self.goes_on() {
            return Some(line.into());
        }
        let idle = line.find([':', ';']).is_some_and(|end| Name::of(&line[..end]).is_none());
        let mut whole = if idle { String::new() } else { line.to_owned() };
        while self.goes_on() {
            let Some(more) = self.physical() else { break };
            if !idle && whole.len() < LINE {
                whole.push_str(&more[1..]);
            }
        }
        Some(if idle { line.into() } else { whole.into() })
    }
}

/// A line of interest: its name, what is said of its value, its value.
fn split(line: &str) -> Option<(Name, &str, &str)> {
    let end = line.find([':', ';'])?;
    let name = Name::of(&line[..end])?;
    let rest = &line[end..];
    let mut quoted = false;
    let colon = rest.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    })?;
    Some((name, &rest[..colon], &rest[colon + 1..]))
}

/// What is said of a value under a name (`;TZID=Europe/Madrid`).
fn mark<'a>(marks: &'a str, name: &str) -> Option<&'a str> {
    let mut quoted = false;
    let mut all = marks.split(move |c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    });
    all.find_map(|one| {
        let (key, value) = one.split_once('=')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim_matches('"'))
    })
}

/// An hour as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    /// In UTC.
    Utc(Moment),
    /// As a wall shows it.
    Wall(NaiveDateTime),
}

fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// A date: `20261128`.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let (year, month, day) = (text.get(..4)?, text.get(4..6)?, text.get(6..)?);
    if day.len() != 2 {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(number(year)?).ok()?, number(month)?, number(day)?)
}

/// A date with an hour: `20261128T190000`, with `Z` in UTC.
pub(super) fn time(text: &str) -> Option<Time> {
    let (date, hour) = text.split_once(['T', 't'])?;
    let (hour, utc) = match hour.strip_suffix(['Z', 'z']) {
        Some(hour) => (hour, true),
        None => (hour, false),
    };
    let (hours, minutes, seconds) = (hour.get(..2)?, hour.get(2..4)?, hour.get(4..)?);
    // A leap second is the one before it; some leave the seconds out.
    let seconds = if seconds.is_empty() { 0 } else { number(seconds).filter(|_| seconds.len() == 2)?.min(59) };
    let civil = day(date)?.and_time(NaiveTime::from_hms_opt(number(hours)?, number(minutes)?, seconds)?);
    Some(if utc { Time::Utc(Moment(civil.and_utc().timestamp_millis())) } else { Time::Wall(civil) })
}

/// How long something lasts: `PT1H30M`, `P2D`, `P1W` (3.3.6). What would end before it begins lasts no time.
fn lasting(text: &str) -> Option<Millis> {
    let text = text.trim();
    let (back, text) = match text.strip_prefix('-') {
        Some(text) => (true, text),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mut seconds, mut count, mut of_day) = (0_i64, None::<i64>, false);
    for byte in text.strip_prefix('P')?.bytes() {
        let unit = match (byte, of_day) {
            (b'0'..=b'9', _) => {
                count = Some(count.unwrap_or_default().checked_mul(10)?.checked_add(i64::from(byte - b'0'))?);
                continue;
            }
            (b'T', false) => {
                of_day = true;
                continue;
            }
            (b'W', false) => 604_800,
            (b'D', false) => 86_400,
            (b'H', true) => 3_600,
            (b'M', true) => 60,
            (b'S', true) => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(count.take()?.checked_mul(unit)?)?;
    }
    let most = LONGEST.0 / 1_000;
    Some(if back { Millis(0) } else { Millis::seconds(seconds.min(most)) })
}

/// When an event begins or ends.
#[derive(Debug, Clone, Copy)]
enum When {
    Day(NaiveDate),
    /// What its own wall shows, and whose that is.
    At(NaiveDateTime, Wall),
}

/// Whose wall: of a zone among those that were looked up, of UTC, or the organisation's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wall {
    Home,
    Utc,
    Zone(usize),
}

/// Which time of a series something is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Day(NaiveDate),
    At(Moment),
}

/// An event while it is read.
#[derive(Debug, Default)]
struct Draft {
    uid: u64,
    title: String,
    starts: Option<When>,
    ends: Option<When>,
    lasts: Option<Millis>,
    rule: Option<String>,
    except: Vec<Turn>,
    instead_of: Option<Turn>,
    /// It repeats in a way that is not reckoned here.
    odd: bool,
    /// It was called off, or is not for others: nothing of it is kept.
    unseen: bool,
    /// Its zone is not known.
    stray: bool,
}

/// One time of an event.
#[derive(Debug)]
struct Seen {
    uid: u64,
    title: usize,
    /// The day on its own wall, and the instant where it has one: by either another event may say that it stands instead.
    own: NaiveDate,
    at: Option<Moment>,
    repeats: bool,
    first: NaiveDate,
    last: NaiveDate,
    minute: Option<u16>,
}

struct Reader<'a> {
    ground: Ground<'a>,
    zone_of: &'a dyn Fn(&str) -> Option<Zone>,
    zones: Vec<(String, Option<Zone>)>,
    titles: Vec<String>,
    seen: Vec<Seen>,
    replaced: Vec<(u64, Turn)>,
    steps: u32,
    shortfall: Shortfall,
}

impl<'a> Reader<'a> {
    fn new(ground: Ground<'a>, zone_of: &'a dyn Fn(&str) -> Option<Zone>) -> Self {
        Self {
            ground,
            zone_of,
            zones: Vec::new(),
            titles: Vec::new(),
            seen: Vec::new(),
            replaced: Vec::new(),
            steps: STEPS,
            shortfall: Shortfall::default(),
        }
    }

    /// Takes a line of an event.
    fn note(&mut self, draft: &mut Draft, name: Name, marks: &str, value: &str) {
        match name {
            Name::Uid => draft.uid = hash(value.trim()),
            Name::Summary => draft.title = said(value),
            Name::Starts => {
                draft.starts = self.when(marks, value);
                draft.stray = matches!(draft.starts, Some(When::At(_, Wall::Home))) && mark(marks, "TZID").is_some();
            }
            Name::Ends => draft.ends = self.when(marks, value),
            Name::Lasts => draft.lasts = lasting(value),
            // The second rule of an event is one too many (3.8.5.3).
            Name::Repeats => match &draft.rule {
                Some(_) => draft.odd = true,
                None => draft.rule = Some(value.to_owned()),
            },
            Name::Odd => draft.odd = true,
            Name::Except => {
                // The zone once: a line may leave out thousands of days.
                let wall = self.wall_of(marks);
                for one in value.split(',') {
                    draft.except.extend(when(wall, one).map(|when| self.turn(when)));
                }
            }
            Name::InsteadOf => {
                // And all that come after it: as odd as a second rule.
                draft.odd |= mark(marks, "RANGE").is_some();
                draft.instead_of = self.when(marks, value).map(|when| self.turn(when));
            }
            Name::Status => draft.unseen |= value.trim().eq_ignore_ascii_case("CANCELLED"),
            Name::Class => {
                let class = value.trim();
                draft.unseen |= ["PRIVATE", "CONFIDENTIAL"].iter().any(|one| class.eq_ignore_ascii_case(one));
            }
            Name::Begin | Name::End => {}
        }
    }

    fn when(&mut self, marks: &str, value: &str) -> Option<When> {
        when(self.wall_of(marks), value)
    }

    /// Whose wall is named beside a value.
    fn wall_of(&mut self, marks: &str) -> Wall {
        mark(marks, "TZID").map_or(Wall::Home, |name| self.wall(name))
    }

    /// Whose wall a name means; the organisation's where nobody knows it.
    fn wall(&mut self, name: &str) -> Wall {
        let place = match self.zones.iter().position(|(known, _)| known == name) {
            Some(place) => place,
            None if self.zones.len() >= ZONES => return Wall::Home,
            None => {
                let zone = aliases(name).find_map(|name| (self.zone_of)(name));
                self.zones.push((name.to_owned(), zone));
                self.zones.len() - 1
            }
        };
        if self.zones.get(place).is_some_and(|(_, zone)| zone.is_some()) { Wall::Zone(place) } else { Wall::Home }
    }

    /// The instant at which a wall shows this: the first of two; where the clocks go forward over it, as if they had not (3.3.5).
    fn instant(&self, civil: NaiveDateTime, wall: Wall) -> Moment {
        let shown = Moment(civil.and_utc().timestamp_millis());
        let zone = match wall {
            Wall::Utc => return shown,
            Wall::Home => self.ground.home,
            Wall::Zone(place) => self.zones.get(place).and_then(|(_, zone)| zone.as_ref()).unwrap_or(self.ground.home),
        };
        match zone.resolve(civil) {
            Resolved::One(at) | Resolved::Fold { first: at, .. } => at,
            Resolved::Gap { before, .. } => shown.minus(Millis::seconds(i64::from(zone.offset_at(before)))),
        }
    }

    fn turn(&self, when: When) -> Turn {
        match when {
            When::Day(day) => Turn::Day(day),
            When::At(civil, wall) => Turn::At(self.instant(civil, wall)),
        }
    }

    /// Takes an event that was read to its end.
    fn finish(&mut self, mut draft: Draft) {
        if let Some(turn) = draft.instead_of {
            self.replaced.push((draft.uid, turn));
        }
        if draft.unseen {
            return;
        }
        let Some(starts) = draft.starts else {
            self.shortfall.times += 1;
            return;
        };
        self.shortfall.zones += u32::from(draft.stray);
        let rule = draft.rule.as_deref().map(Rule::read);
        self.shortfall.rules += u32::from(draft.odd || rule == Some(None));
        let (start, length) = match starts {
            When::Day(day) => (day, self.days(day, &draft)),
            When::At(civil, wall) => (civil.date(), self.hours(civil, wall, &draft)),
        };
        draft.except.sort_unstable();
        let title = self.titles.len();
        self.titles.push(std::mem::take(&mut draft.title));
        let this = Event { uid: draft.uid, title, starts, length, repeats: draft.rule.is_some() };
        // One that stands instead of another repeats no more than that one did.
        let Some(rule) = rule.flatten().filter(|_| draft.instead_of.is_none()) else {
            if !self.is_out(&this, start, &draft.except) {
                self.put(&this, start);
            }
            return;
        };
        let reach = u64::try_from(length.0 / DAY.0).unwrap_or_default() + 2;
        let from = self.ground.first.checked_sub_days(Days::new(reach)).unwrap_or(start);
        let last = self.ground.last.checked_add_days(Days::new(1)).unwrap_or(self.ground.last);
        let mut steps = self.steps;
        let enough = rule.each(start, (from, last), &mut steps, |day| {
            if day < from {
                return true;
            }
            if self.is_over(&this, day, rule.until) {
                return false;
            }
            self.is_out(&this, day, &draft.except) || self.put(&this, day)
        });
        self.steps = steps;
        self.shortfall.left += u32::from(!enough);
    }

    /// How long an event of whole days lasts.
    fn days(&self, start: NaiveDate, draft: &Draft) -> Millis {
        let until = match draft.ends {
            // The end of a date is the day after it (3.6.1).
            Some(When::Day(end)) => Some(Millis::days((end - start).num_days())),
            _ => None,
        };
        until.or(draft.lasts).unwrap_or(DAY).clamp(DAY, LONGEST)
    }

    /// How long an event with an hour lasts.
    fn hours(&self, start: NaiveDateTime, wall: Wall, draft: &Draft) -> Millis {
        let until = match draft.ends {
            Some(When::At(end, other)) => Some(self.instant(end, other).since(self.instant(start, wall))),
            _ => None,
        };
        until.or(draft.lasts).unwrap_or(Millis(0)).clamp(Millis(0), LONGEST)
    }

    /// When an event is on a day of its own wall; nothing where it is of whole days.
    fn at(&self, event: &Event, day: NaiveDate) -> Option<Moment> {
        match event.starts {
            When::Day(_) => None,
            When::At(civil, wall) => Some(self.instant(day.and_time(civil.time()), wall)),
        }
    }

    fn is_over(&self, event: &Event, day: NaiveDate, until: Option<Until>) -> bool {
        match (until, event.starts) {
            (None, _) => false,
            (Some(Until::Day(last)), _) => day > last,
            (Some(Until::Wall(last)), When::At(civil, _)) => day.and_time(civil.time()) > last,
            (Some(Until::Wall(last)), When::Day(_)) => day > last.date(),
            (Some(Until::Instant(last)), When::At(..)) => self.at(event, day).is_some_and(|at| at > last),
            (Some(Until::Instant(last)), When::Day(_)) => day > self.ground.home.civil(last).date(),
        }
    }

    /// Whether a series leaves a day out, of what it leaves out in order. Some write only the day of what has an hour.
    fn is_out(&self, event: &Event, day: NaiveDate, except: &[Turn]) -> bool {
        let is_named = |turn| except.binary_search(&turn).is_ok();
        !except.is_empty() && (is_named(Turn::Day(day)) || self.at(event, day).is_some_and(|at| is_named(Turn::At(at))))
    }

    /// Takes an event on a day of its own wall, if the organisation's shows it within the days that are kept. Answers whether
    /// there is room for more.
    fn put(&mut self, event: &Event, day: NaiveDate) -> bool {
        let home = self.ground.home;
        let at = self.at(event, day);
        let (first, last, minute) = match at {
            None => {
                let more = u64::try_from(event.length.0 / DAY.0 - 1).unwrap_or_default();
                (day, day.checked_add_days(Days::new(more)).unwrap_or(day), None)
            }
            Some(at) => {
                let shown = home.civil(at);
                let minute = u16::try_from(shown.hour() * 60 + shown.minute()).ok();
                let ends = at.plus(event.length).minus(Millis(1)).max(at);
                let last = if event.length < DAY { shown.date() } else { home.civil(ends).date() };
                // Clocks that go back over midnight show an earlier day for an hour.
                (shown.date(), last.max(shown.date()), minute)
            }
        };
        if last < self.ground.first || first > self.ground.last {
            return true;
        }
        if self.seen.len() >= SEEN {
            self.shortfall.left += 1;
            return false;
        }
        let minute = minute.filter(|_| first >= self.ground.first);
        let (first, last) = (first.max(self.ground.first), last.min(self.ground.last));
        let Event { uid, title, repeats, .. } = *event;
        self.seen.push(Seen { uid, title, own: day, at, repeats, first, last, minute });
        true
    }

    /// What was read, by months.
    fn done(mut self) -> Read {
        self.replaced.sort_unstable();
        let (replaced, titles, mut seen) = (&self.replaced, &self.titles, self.seen);
        seen.retain(|one| {
            let named = |turn| replaced.binary_search(&(one.uid, turn)).is_ok();
            !(one.repeats && (named(Turn::Day(one.own)) || one.at.is_some_and(|at| named(Turn::At(at)))))
        });
        // By title where they begin together: a server that tells them in another order each time has changed nothing.
        seen.sort_by_key(|one| (one.first, one.minute, titles.get(one.title)));
        let mut months = BTreeMap::<NaiveDate, Vec<Happening>>::new();
        let mut read = Read { shortfall: self.shortfall, ..Read::default() };
        for one in &seen {
            let title = titles.get(one.title).cloned().unwrap_or_default();
            let happening = Happening { first: one.first, last: one.last, minute: one.minute, title };
            let mut month = Some(first_of_month(one.first));
            let mut fits = true;
            while let Some(begins) = month.filter(|begins| *begins <= one.last) {
                let there = months.entry(begins).or_default();
                if there.len() < A_MONTH {
                    there.push(happening.clone());
                } else if begins <= one.first {
                    fits = false;
                }
                month = begins.checked_add_months(Months::new(1));
            }
            if fits { read.kept += 1 } else { read.shortfall.left += 1 }
        }
        read.months = months.into_iter().map(|(begins, all)| (month_name(begins), all)).collect();
        read
    }
}

/// An event whose times are looked for.
#[derive(Debug, Clone, Copy)]
struct Event {
    uid: u64,
    title: usize,
    starts: When,
    length: Millis,
    repeats: bool,
}

/// What a value says, on this wall where it does not name UTC.
fn when(wall: Wall, value: &str) -> Option<When> {
    let value = value.trim();
    if let Some(day) = day(value) {
        return Some(When::Day(day));
    }
    Some(match time(value)? {
        Time::Utc(at) => When::At(chrono::DateTime::from_timestamp_millis(at.0)?.naive_utc(), Wall::Utc),
        Time::Wall(civil) => When::At(civil, wall),
    })
}

/// The names under which a zone may be known: as it is written; as the end of a longer one (3.2.19: `/…/Europe/Madrid`); as
/// Outlook calls it, those of Europe and its neighbours.
fn aliases(name: &str) -> impl Iterator<Item = &str> {
    let parts = |count: usize| {
        let cut = name.rmatch_indices('/').nth(count - 1)?.0;
        name.get(cut + 1..)
    };
    let by_outlook = OUTLOOK.iter().find(|(theirs, _)| *theirs == name).map(|(_, ours)| *ours);
    // Three parts first: America/Argentina/Ushuaia ends in no zone of two.
    [Some(name), by_outlook, parts(3), parts(2)].into_iter().flatten()
}

/// Outlook's names and a zone with the same clocks (Unicode CLDR, `windowsZones.xml`). "Romance" is Paris's and Madrid's.
const OUTLOOK: [(&str, &str); 11] = [
    ("Romance Standard Time", "Europe/Madrid"),
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("FLE Standard Time", "Europe/Kiev"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("Morocco Standard Time", "Africa/Casablanca"),
    ("UTC", "UTC"),
];

/// FNV-1a, of 64 bits: tells the events of one calendar apart. Whoever makes two collide spoils their own.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A text as it is shown: unescaped (3.3.11), on one line, without what hides words or turns them round, no longer than
/// [`TITLE`].
fn said(value: &str) -> String {
    let mut text = String::with_capacity(value.len().min(4 * TITLE));
    let (mut escaped, mut gap, mut count) = (false, false, 0);
    for c in value.chars() {
        let c = match (escaped, c) {
            (false, '\\') => {
                escaped = true;
                continue;
            }
            (true, 'n' | 'N') => ' ',
            (_, c) => c,
        };
        escaped = false;
        if c.is_whitespace() {
            gap = !text.is_empty();
            continue;
        }
        if c.is_control() || (!c.is_ascii() && is_invisible(c)) {
            continue;
        }
        if count >= TITLE {
            text.push('…');
            break;
        }
        if std::mem::take(&mut gap) {
            text.push(' ');
            count += 1;
        }
        text.push(c);
        count += 1;
    }
    text
}

#[cfg(test)]
mod tests {
    use chrono::{Offset, TimeZone};
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;
    use crate::zone::bench::madrid;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// 2026 and 2027 in a zone of the database.
    fn observed(name: &str) -> Option<Zone> {
        let tz: Tz = name.parse().ok()?;
        let offset = |at: Moment| {
            let utc = chrono::DateTime::from_timestamp_millis(at.0).unwrap().naive_utc();
            tz.offset_from_utc_datetime(&utc).fix().local_minus_utc()
        };
        Some(Zone::observe(name, Moment(1_767_225_600_000), Moment(1_830_297_600_000), offset))
    }

    fn whole(events: &str) -> String {
        ["BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", events, "END:VCALENDAR\r\n"]
            .concat()
            .replace('\n', "\r\n")
            .replace("\r\r", "\r")
    }

    fn event(lines: &str) -> String {
        ["BEGIN:VEVENT\nUID:one@school\n", lines, "\nEND:VEVENT\n"].concat()
    }

    fn read_at(home: &Zone, events: &str) -> Read {
        let (first, last) = span(date("2026-05-10"));
        read(&whole(events), Ground { home, first, last }, &observed).unwrap()
    }

    fn read_here(events: &str) -> Read {
        read_at(&madrid(), events)
    }

    /// Each day, hour and title, once.
    fn told(read: &Read) -> Vec<String> {
        let of = |(month, all): (&String, &Vec<Happening>)| {
            let month = month_named(month).unwrap();
            let taken = all.iter().filter(|one| one.is_taken(month, date("2026-01-01"), date("2028-01-01")));
            let said = taken.map(|one| {
                let last = if one.last == one.first { String::new() } else { format!("..{}", one.last) };
                let hour =
                    one.minute.map(|minute| format!(" {:02}:{:02}", minute / 60, minute % 60)).unwrap_or_default();
                format!("{}{last}{hour} {}", one.first, one.title)
            });
            said.collect::<Vec<_>>()
        };
        read.months.iter().flat_map(of).collect()
    }

    #[test]
    fn whole_months_around_today_are_kept() {
        assert_eq!(span(date("2026-05-31")), (date("2026-04-01"), date("2027-06-30")));
        assert_eq!(span(date("2026-01-01")), (date("2025-12-01"), date("2027-02-28")));
    }

    #[test]
    fn an_event_is_when_it_is_and_what_it_is_called() {
        let read = read_here(&event(
            "SUMMARY;LANGUAGE=es:Pleno\\, ordinario\nDTSTART;TZID=Europe/Madrid:20260528T190000\n\
             DTEND;TZID=Europe/Madrid:20260528T210000\nDESCRIPTION:Con los informes de\n  Secretaría\n\
             ATTENDEE;CN=\"Otra; persona: con nombre\":mailto:x@example.org\nLOCATION:Salón\n\
             BEGIN:VALARM\nSUMMARY:Aviso\nDURATION:P30D\nEND:VALARM",
        ));
        assert_eq!(told(&read), ["2026-05-28 19:00 Pleno, ordinario"]);
        assert_eq!((read.kept, read.shortfall), (1, Shortfall::default()));
        let written = serde_json::to_string(&read.months["2026-05"]).unwrap();
        assert_eq!(written, r#"[{"first":"2026-05-28","last":"2026-05-28","minute":1140,"title":"Pleno, ordinario"}]"#);
    }

    #[test]
    fn whole_days_end_before_their_end_and_stand_in_each_month_that_they_touch() {
        let read = read_here(&event("SUMMARY:Fiestas\nDTSTART;VALUE=DATE:20260529\nDTEND;VALUE=DATE:20260603"));
        assert_eq!(told(&read), ["2026-05-29..2026-06-02 Fiestas"]);
        assert_eq!(read.months.keys().collect::<Vec<_>>(), ["2026-05", "2026-06"]);
        let of_june =
            |first: &str| read.months["2026-06"][0].is_taken(date("2026-06-01"), date(first), date("2026-06-30"));
        assert!(of_june("2026-06-01"));
        assert!(!of_june("2026-05-25"), "it is taken from May then");
        assert!(!of_june("2026-06-03"), "it is over");
        assert_eq!(told(&read_here(&event("SUMMARY:Uno\nDTSTART:20260529"))), ["2026-05-29 Uno"]);
        assert_eq!(
            told(&read_here(&event("SUMMARY:Dos\nDTSTART:20260529\nDURATION:P2D"))),
            ["2026-05-29..2026-05-30 Dos"]
        );
        // A ball is looked for on the evening when it begins; a camp is there on all of its days.
        let ball = "SUMMARY:Baile\nDTSTART:20260529T220000\nDTEND:20260530T040000";
        assert_eq!(told(&read_here(&event(ball))), ["2026-05-29 22:00 Baile"]);
        let camp = "SUMMARY:Campamento\nDTSTART:20260529T100000\nDURATION:P2DT2H";
        assert_eq!(told(&read_here(&event(camp))), ["2026-05-29..2026-05-31 10:00 Campamento"]);
        // What began before the days that are kept has begun.
        let long = "SUMMARY:Obras\nDTSTART:20260320T080000\nDTEND:20260405T200000";
        assert_eq!(told(&read_here(&event(long))), ["2026-04-01..2026-04-05 Obras"]);
    }

    #[test]
    fn a_zone_that_nobody_knows_is_the_organisations_and_said() {
        let at = |tzid: &str| read_here(&event(&format!("SUMMARY:x\nDTSTART;TZID={tzid}:20260601T120000")));
        let shown = |read: &Read| told(read).concat();
        for (tzid, hour) in [
            ("Atlantic/Canary", "13:00"),
            ("\"America/New_York\"", "18:00"),
            ("Romance Standard Time", "12:00"),
            ("GMT Standard Time", "13:00"),
            ("/freeassociation.sourceforge.net/Europe/London", "13:00"),
            ("/citadel.org/20260101_1/America/Argentina/Ushuaia", "17:00"),
        ] {
            let read = at(tzid);
            assert_eq!((shown(&read), read.shortfall.zones), (format!("2026-06-01 {hour} x"), 0), "{tzid}");
        }
        for tzid in ["Mars/Olympus", "Europe/Madri", "\"\"", "/"] {
            let read = at(tzid);
            assert_eq!((shown(&read), read.shortfall.zones), ("2026-06-01 12:00 x".to_owned(), 1), "{tzid}");
        }
        let floating = read_here(&event("SUMMARY:x\nDTSTART:20260601T120000"));
        assert_eq!((shown(&floating), floating.shortfall.zones), ("2026-06-01 12:00 x".to_owned(), 0));
        let utc = read_here(&event("SUMMARY:x\nDTSTART:20260601T230000Z"));
        assert_eq!(shown(&utc), "2026-06-02 01:00 x");
    }

    #[test]
    fn nights_on_which_clocks_change_have_their_hours() {
        // Three in the afternoon stays three in the afternoon, and what falls into the gap is an hour later on the wall.
        let rule = "SUMMARY:x\nDTSTART;TZID=Europe/Madrid:20261024T023000\nRRULE:FREQ=DAILY;COUNT=3";
        assert_eq!(told(&read_here(&event(rule))), ["2026-10-24 02:30 x", "2026-10-25 02:30 x", "2026-10-26 02:30 x"]);
        let spring = read(
            &whole(&event("SUMMARY:x\nDTSTART;TZID=Europe/Madrid:20260328T023000\nRRULE:FREQ=DAILY;COUNT=3")),
            Ground { home: &madrid(), first: date("2026-03-01"), last: date("2026-04-30") },
            &observed,
        );
        assert_eq!(told(&spring.unwrap()), ["2026-03-28 02:30 x", "2026-03-29 03:30 x", "2026-03-30 02:30 x"]);
        // By another's clock, which changes on another night: an hour later for three weeks.
        let elsewhere = "SUMMARY:x\nDTSTART;TZID=America/New_York:20261020T120000\nRRULE:FREQ=WEEKLY;COUNT=3";
        assert_eq!(
            told(&read_here(&event(elsewhere))),
            ["2026-10-20 18:00 x", "2026-10-27 17:00 x", "2026-11-03 18:00 x"]
        );
    }

    #[test]
    fn a_series_leaves_out_moves_and_ends_what_it_says() {
        let series = event(
            "SUMMARY:Ensayo\nDTSTART;TZID=Europe/Madrid:20260602T180000\nRRULE:FREQ=WEEKLY;UNTIL=20260630T160000Z\n\
             EXDATE;TZID=Europe/Madrid:20260609T180000,20260101T180000",
        );
        let moved = event(
            "SUMMARY:Ensayo general\nRECURRENCE-ID;TZID=Europe/Madrid:20260616T180000\n\
             DTSTART;TZID=Europe/Madrid:20260617T200000",
        );
        let off = event("SUMMARY:Ensayo\nRECURRENCE-ID:20260623T160000Z\nDTSTART:20260623T160000Z\nSTATUS:CANCELLED");
        let wanted = ["2026-06-02 18:00 Ensayo", "2026-06-17 20:00 Ensayo general", "2026-06-30 18:00 Ensayo"];
        // In whichever order they stand.
        assert_eq!(told(&read_here(&[series.as_str(), &moved, &off].concat())), wanted);
        assert_eq!(told(&read_here(&[moved.as_str(), &off, &series].concat())), wanted);
        let other = event(
            "SUMMARY:Otro\nDTSTART;VALUE=DATE:20260601\nRRULE:FREQ=DAILY;UNTIL=20260604\nEXDATE;VALUE=DATE:20260602",
        );
        assert_eq!(told(&read_here(&other)), ["2026-06-01 Otro", "2026-06-03 Otro", "2026-06-04 Otro"]);
    }

    #[test]
    fn what_is_called_off_or_private_is_not_kept() {
        for line in ["STATUS:CANCELLED", "CLASS:PRIVATE", "class:Confidential"] {
            let read = read_here(&event(&format!("SUMMARY:x\nDTSTART:20260601\n{line}")));
            assert_eq!((read.kept, read.shortfall), (0, Shortfall::default()), "{line}");
        }
    }

    #[test]
    fn what_is_not_understood_is_told_and_not_guessed() {
        let odd = event("SUMMARY:x\nDTSTART:20260601\nRRULE:FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1");
        let read = read_here(&odd);
        assert_eq!((told(&read).as_slice(), read.shortfall.rules), (&["2026-06-01 x".to_owned()][..], 1));
        let more = read_here(&event("SUMMARY:x\nDTSTART:20260601\nRDATE;VALUE=DATE:20260603"));
        assert_eq!((more.kept, more.shortfall.rules), (1, 1));
        let onwards = read_here(&event("SUMMARY:x\nDTSTART:20260601\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260601"));
        assert_eq!((onwards.kept, onwards.shortfall.rules), (1, 1));
        for line in
            ["DTSTART:mañana", "DTSTART;VALUE=DATE:20260631", "DTSTART;TZID=\"Europe/Madrid:20260601T100000", "X:1"]
        {
            let read = read_here(&event(&format!("SUMMARY:x\n{line}")));
            assert_eq!((read.kept, read.shortfall.times), (0, 1), "{line}");
        }
    }

    #[test]
    fn a_title_hides_nothing_and_turns_nothing_round() {
        let title = |text: &str| {
            let read = read_here(&event(&format!("SUMMARY:{text}\nDTSTART:20260601")));
            read.months["2026-06"][0].title.clone()
        };
        assert_eq!(title("  Feria\\n de \u{202e}ganado\u{202c}\u{200b} \\; y  más "), "Feria de ganado ; y más");
        assert_eq!(title("<img src=x onerror=alert(1)>"), "<img src=x onerror=alert(1)>", "a text, and shown as one");
        assert_eq!(title("👨‍👩‍👧 Día"), "👨‍👩‍👧 Día");
        assert_eq!(title(&"ñ".repeat(500)).chars().count(), TITLE + 1);
        assert_eq!(title("\\"), "");
    }

    #[test]
    fn what_is_no_calendar_or_half_of_one_is_none() {
        let (first, last) = span(date("2026-05-10"));
        let home = madrid();
        let of = |text: &str| read(text, Ground { home: &home, first, last }, &observed);
        for text in ["", "\n\n", "<!doctype html><title>x</title>", "BEGIN:VCARD\nEND:VCARD", "SUMMARY:x", "{\"a\":1}"]
        {
            assert_eq!(of(text), Err(NoCalendar), "{text}");
        }
        let all = whole(&event("SUMMARY:x\nDTSTART:20260601"));
        assert_eq!(of(all.trim_end_matches("END:VCALENDAR\r\n")), Err(NoCalendar), "cut short");
        assert_eq!(of(&format!("\u{feff}\n{all}")).unwrap().kept, 1);
        assert_eq!(of(&all.replace("\r\n", "\n").to_lowercase()).unwrap().kept, 1);
    }

    #[test]
    fn there_is_an_end_to_how_much_is_kept_and_the_rest_is_counted() {
        let one = |n: usize| {
            format!("BEGIN:VEVENT\nUID:{n}\nSUMMARY:Acto {n}\nDTSTART:202606{:02}T100000\nEND:VEVENT\n", n % 30 + 1)
        };
        let many: String = (0..5_000).map(one).collect();
        let read = read_here(&many);
        assert_eq!((read.kept, read.shortfall.left), (150, 4_850));
        assert_eq!(read.months["2026-06"].len(), A_MONTH);
        let series: String = (0..200)
            .map(|n| {
                format!("BEGIN:VEVENT\nUID:{n}\nSUMMARY:Serie {n}\nDTSTART:19700101\nRRULE:FREQ=DAILY\nEND:VEVENT\n")
            })
            .collect();
        let read = read_here(&series);
        assert_eq!(read.kept as usize, 15 * A_MONTH, "fifteen months, each full");
        // Of a series for which there is no room any more only the first time is counted.
        assert!(read.shortfall.left > 3_900, "{:?}", read.shortfall);
        // What is counted from long ago takes the steps of all others, and no more than those.
        let endless = (0..100).map(|n| {
            format!("BEGIN:VEVENT\nUID:{n}\nDTSTART:19000101\nRRULE:FREQ=DAILY;COUNT=4000000000\nEND:VEVENT\n")
        });
        assert!(read_here(&endless.collect::<String>()).shortfall.left >= 99);
    }

    #[test]
    fn what_begins_together_stands_in_the_same_order_in_whichever_it_is_told() {
        let one = |title: &str| event(&format!("SUMMARY:{title}\nDTSTART:20260601T100000"));
        let (a, b) = (one("Ajedrez"), one("Bolos"));
        assert_eq!(read_here(&[a.as_str(), &b].concat()), read_here(&[b.as_str(), &a].concat()));
    }

    #[test]
    fn nobody_makes_it_reckon_for_long() {
        let out = format!("EXDATE:{}20260602\n", "20200101,".repeat(6_000)).repeat(12);
        let all = event(&format!("SUMMARY:x\nDTSTART:20260601\n{out}RRULE:FREQ=DAILY;COUNT=40000"));
        let found = read_here(&all);
        assert_eq!((found.kept, told(&found)[1].as_str()), (394, "2026-06-03 x"));
        let zones: String = (0..10_000)
            .map(|n| format!("BEGIN:VEVENT\nUID:{n}\nDTSTART;TZID=Z{n}:20260601T100000\nEND:VEVENT\n"))
            .collect();
        let (asked, home, (first, last)) = (std::cell::Cell::new(0), madrid(), span(date("2026-05-10")));
        let unknown = |_: &str| -> Option<Zone> {
            asked.set(asked.get() + 1);
            None
        };
        let read = read(&whole(&zones), Ground { home: &home, first, last }, &unknown).unwrap();
        assert_eq!((read.shortfall.zones, asked.get()), (10_000, ZONES));
    }

    proptest! {
        #[test]
        fn what_was_folded_anywhere_is_joined(text in "[ -~áéñ🎺]{1,300}", cuts in proptest::collection::vec(1_usize..300, 0..20), lf: bool) {
            let line = ["SUMMARY:", &text].concat();
            let mut cuts: Vec<usize> = cuts.into_iter().filter(|cut| line.is_char_boundary(*cut) && *cut < line.len()).collect();
            cuts.sort_unstable();
            cuts.dedup();
            let (mut folded, mut begun) = (String::new(), 0);
            for cut in cuts {
                folded.push_str(&line[begun..cut]);
                folded.push_str(if lf { "\n\t" } else { "\r\n " });
                begun = cut;
            }
            folded.push_str(&line[begun..]);
            folded.push_str(if lf { "\nEND:x" } else { "\r\nEND:x" });
            let mut lines = Lines { rest: &folded };
            prop_assert_eq!(lines.next_line().unwrap(), line);
            prop_assert_eq!(lines.next_line().unwrap(), "END:x");
        }

        #[test]
        fn what_we_write_ourselves_is_read_back(heading in "\\PC{1,80}", at in 1_778_000_000_000_i64..1_800_000_000_000) {
            let mut sheet = super::super::Sheet::new("Calendar", &heading);
            sheet.post(&super::super::Planned {
                id: "0123", version: 1, changed: Moment(0), at: Moment(at), stage: crate::StageName::Placed, heading: &heading,
                beside: "Programada", address: None,
            });
            let home = madrid();
            let (first, last) = span(date("2026-05-10"));
            let read = read(&sheet.end(), Ground { home: &home, first, last }, &observed).unwrap();
            let all: Vec<_> = read.months.values().flatten().collect();
            prop_assert_eq!(all.len(), 1);
            let civil = home.civil(Moment(at / 1_000 * 1_000));
            prop_assert_eq!(all[0].first, civil.date());
            prop_assert_eq!(all[0].minute.map(u32::from), Some(civil.hour() * 60 + civil.minute()));
            prop_assert_eq!(&all[0].title, &said(&heading.replace('\\', "\\\\")));
        }

        #[test]
        fn an_hour_of_any_zone_stands_where_the_organisations_wall_shows_it(
            at in 1_778_000_000_i64..1_800_000_000,
            theirs in 0_usize..5,
            ours in 0_usize..5,
        ) {
            const ZONES: [&str; 5] =
                ["Pacific/Pago_Pago", "Pacific/Kiritimati", "Europe/Madrid", "America/New_York", "Asia/Kathmandu"];
            let (theirs, ours) = (observed(ZONES[theirs]).unwrap(), observed(ZONES[ours]).unwrap());
            let at = Moment(at * 1_000);
            let civil = theirs.civil(at);
            let line = format!("SUMMARY:x\nDTSTART;TZID={}:{}", theirs.name, civil.format("%Y%m%dT%H%M%S"));
            let read = read_at(&ours, &event(&line));
            let all: Vec<_> = read.months.values().flatten().collect();
            prop_assert_eq!(all.len(), 1);
            // An hour that exists twice is the first of the two.
            let shown = match theirs.resolve(civil) {
                Resolved::One(at) | Resolved::Fold { first: at, .. } => ours.civil(at),
                Resolved::Gap { .. } => unreachable!("a wall never shows a gap"),
            };
            prop_assert_eq!((all[0].first, all[0].minute.map(u32::from)), (shown.date(), Some(shown.hour() * 60 + shown.minute())));
        }

        #[test]
        fn nothing_that_is_sent_breaks_the_reader(lines in proptest::collection::vec("(BEGIN:VEVENT|END:VEVENT|BEGIN:VALARM|END:VALARM|(SUMMARY|DTSTART|DTEND|RRULE|EXDATE|DURATION|RECURRENCE-ID|STATUS)(;TZID=\\PC{0,9})?[:;]\\PC{0,30}|DTSTART:[0-9]{8}(T[0-9]{6}Z?)?|RRULE:FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY);(COUNT|INTERVAL|BYMONTHDAY|BYMONTH|BYDAY)=-?[0-9]{0,10}(MO|SU)?)", 0..40)) {
            let text = lines.join("\n") + "\n";
            let read = read_here(&text);
            for (month, all) in &read.months {
                prop_assert!(all.len() <= A_MONTH);
                for one in all {
                    prop_assert!(one.first <= one.last && one.title.chars().count() <= TITLE + 1);
                    prop_assert!(month_name(one.first) <= *month && *month <= month_name(one.last));
                }
            }
        }
    }
}

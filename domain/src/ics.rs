//! iCalendar as RFC 5545 writes it: lines, folding, escaping, and a post or a note of the calendar as an event.
//! Separate because three write it (the noticeboard for citizens, the engine for a member's own calendar, the desk for a
//! file), and a calendar program that trips over one octet shows nothing at all. What others write is read in [`read`].

pub mod read;
mod recur;

use chrono::{Datelike, Days, NaiveDate, Timelike};

use crate::{Millis, Moment, StageName};

/// How a calendar is announced to whoever asks for it.
pub const KIND: &str = "text/calendar; charset=utf-8";

/// A line has at most so many octets, its end not counted (3.1).
const LINE: usize = 75;

/// A post goes out in an instant. So long it is drawn: an event without an end is a hair that nobody can hit.
const DRAWN: Millis = Millis::minutes(15);

/// More of a heading no calendar shows.
const HEADING: usize = 200;

/// A calendar that is being written.
#[derive(Debug)]
pub struct Sheet(String);

impl Sheet {
    /// A calendar with its name. `product` is which part of Pregón writes it.
    pub fn new(product: &str, name: &str) -> Self {
        let mut sheet = Self(String::new());
        sheet.line("BEGIN", "VCALENDAR");
        sheet.line("VERSION", "2.0");
        sheet.line("PRODID", &["-//Pregon//", product, "//EN"].concat());
        sheet.line("CALSCALE", "GREGORIAN");
        sheet.text("NAME", name); // RFC 7986
        sheet.text("X-WR-CALNAME", name);
        sheet.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
        sheet
    }

    /// A value that is no text: dates, addresses, names of the standard.
    pub fn line(&mut self, name: &str, value: &str) {
        // The leading space of a continuation counts; no character is cut in two.
        let mut room = LINE;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LINE - 1;
            }
            room -= c.len_utf8();
            self.0.push(c);
        }
        self.0.push_str("\r\n");
    }

    /// A text: escaped (3.3.11), without control characters.
    pub fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        for c in value.trim().chars() {
            match c {
                '\\' | ';' | ',' => escaped.extend(['\\', c]),
                '\n' => escaped.push_str("\\n"),
                c if c.is_control() && c != '\t' => {}
                c => escaped.push(c),
            }
        }
        self.line(name, &escaped);
    }

    /// A post at its hour. It makes nobody busy.
    pub fn post(&mut self, post: &Planned<'_>) {
        self.begin(&["post-", post.id].concat(), post.changed);
        self.line("LAST-MODIFIED", &utc(post.changed));
        self.line("SEQUENCE", &post.version.to_string());
        self.line("DTSTART", &utc(post.at));
        self.line("DTEND", &utc(post.at.plus(DRAWN)));
        self.text("SUMMARY", &short(post.heading));
        if !post.beside.is_empty() {
            self.text("DESCRIPTION", post.beside);
        }
        if let Some(address) = post.address {
            self.line("URL", address);
        }
        self.line("STATUS", status(post.stage));
        self.end_event();
    }

    /// Something that stands on whole days, both ends included.
    pub fn days(&mut self, note: &Noted<'_>) {
        self.begin(note.uid, note.changed);
        self.line("DTSTART;VALUE=DATE", &date(note.first));
        // The end of a date is the day after it (3.6.1).
        self.line("DTEND;VALUE=DATE", &date(note.last.checked_add_days(Days::new(1)).unwrap_or(note.last)));
        self.text("SUMMARY", &short(note.text));
        self.end_event();
    }

    fn begin(&mut self, uid: &str, changed: Moment) {
        self.line("BEGIN", "VEVENT");
        self.line("UID", &[uid, "@pregon"].concat());
        // When it last changed, not when it is read: the same calendar is the same octets (3.8.7.2).
        self.line("DTSTAMP", &utc(changed));
    }

    fn end_event(&mut self) {
        self.line("TRANSP", "TRANSPARENT");
        self.line("END", "VEVENT");
    }

    /// The whole of it.
    pub fn end(mut self) -> String {
        self.line("END", "VCALENDAR");
        self.0
    }
}

/// A post as it stands in a calendar.
#[derive(Debug, Clone, Copy)]
pub struct Planned<'a> {
    /// Its identity: whatever changes, it is the same event.
    pub id: &'a str,
    /// Counts its changes.
    pub version: u64,
    /// When it last changed.
    pub changed: Moment,
    /// When it goes out.
    pub at: Moment,
    /// Where it is.
    pub stage: StageName,
    /// What it is called.
    pub heading: &'a str,
    /// What else is said of it; may be empty.
    pub beside: &'a str,
    /// Where the desk shows it.
    pub address: Option<&'a str>,
}

/// What stands on days besides posts.
#[derive(Debug, Clone, Copy)]
pub struct Noted<'a> {
    /// What names it, in this organisation and in no other.
    pub uid: &'a str,
    /// When it last changed.
    pub changed: Moment,
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// What it says.
    pub text: &'a str,
}

/// What a stage is to a calendar: what is not agreed may still become nothing.
pub const fn status(stage: StageName) -> &'static str {
    match stage {
        StageName::Draft | StageName::InReview => "TENTATIVE",
        StageName::Approved | StageName::Placed | StageName::Out => "CONFIRMED",
        StageName::Cancelled => "CANCELLED",
    }
}

/// An instant, in UTC: no zone has to be described, and every program shows it on its own clock.
pub fn utc(at: Moment) -> String {
    let at = chrono::DateTime::from_timestamp_millis(at.0).unwrap_or_default();
    format!("{}T{:02}{:02}{:02}Z", date(at.date_naive()), at.hour(), at.minute(), at.second())
}

fn date(day: NaiveDate) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

fn short(text: &str) -> String {
    match text.char_indices().nth(HEADING) {
        Some((end, _)) => [text.get(..end).unwrap_or_default(), "…"].concat(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A reader that is as strict as the standard: names, and values with their lines joined again.
    fn read(sheet: &str) -> Vec<(String, String)> {
        assert!(sheet.ends_with("\r\n"));
        let lines: Vec<&str> = sheet.trim_end_matches("\r\n").split("\r\n").collect();
        let mut whole: Vec<String> = Vec::new();
        for line in lines {
            assert!(line.len() <= LINE && !line.contains(['\r', '\n']), "{line:?}");
            match (line.strip_prefix(' '), whole.last_mut()) {
                (Some(more), Some(last)) => last.push_str(more),
                _ => whole.push(line.to_owned()),
            }
        }
        let pair = |line: &String| line.split_once(':').map(|(name, value)| (name.to_owned(), value.to_owned()));
        whole.iter().map(|line| pair(line).unwrap_or_else(|| panic!("{line:?}"))).collect()
    }

    fn unescaped(value: &str) -> String {
        let (mut text, mut escaped) = (String::new(), false);
        for c in value.chars() {
            match (escaped, c) {
                (false, '\\') => escaped = true,
                (true, 'n' | 'N') => (text, escaped) = (text + "\n", false),
                (_, c) => {
                    assert!(escaped == matches!(c, '\\' | ';' | ','), "{value:?}");
                    text.push(c);
                    escaped = false;
                }
            }
        }
        text
    }

    fn value<'a>(read: &'a [(String, String)], name: &str) -> &'a str {
        let mut found = read.iter().filter(|(other, _)| other == name);
        let (_, value) = found.next().unwrap_or_else(|| panic!("no {name}"));
        assert!(found.next().is_none(), "{name} twice");
        value
    }

    fn planned(stage: StageName) -> Planned<'static> {
        Planned {
            id: "0123",
            version: 7,
            changed: Moment(1_774_000_000_000),
            at: Moment(1_774_746_000_000),
            stage,
            heading: "Corte de agua",
            beside: "Programada\nTablón",
            address: Some("https://villa.example/desk/posts/0123"),
        }
    }

    fn event(write: impl FnOnce(&mut Sheet)) -> Vec<(String, String)> {
        let mut sheet = Sheet(String::new());
        write(&mut sheet);
        read(&sheet.0)
    }

    #[test]
    fn long_lines_are_folded_between_characters_and_come_back_whole() {
        let text =
            "Música en la plaza 🎺 con la banda municipal y chocolate para quien venga, hasta que se acabe. ".repeat(4);
        let mut sheet = Sheet(String::new());
        sheet.line("SUMMARY", text.trim());
        assert_eq!(read(&sheet.0), [("SUMMARY".to_owned(), text.trim().to_owned())]);
    }

    #[test]
    fn a_text_cannot_add_a_line() {
        let mut sheet = Sheet(String::new());
        sheet.text("LOCATION", "Plaza; 1, bajo\\\r\nEND:VCALENDAR\u{7}");
        assert_eq!(sheet.0, "LOCATION:Plaza\\; 1\\, bajo\\\\\\nEND:VCALENDAR\r\n");
    }

    #[test]
    fn a_moment_is_in_utc() {
        assert_eq!(utc(Moment(1_774_746_000_000)), "20260329T010000Z");
    }

    #[test]
    fn a_post_is_an_event_that_stays_the_same_one() {
        let read = event(|sheet| sheet.post(&planned(StageName::Placed)));
        assert_eq!((value(&read, "UID"), value(&read, "SEQUENCE")), ("post-0123@pregon", "7"));
        assert_eq!((value(&read, "DTSTART"), value(&read, "DTEND")), ("20260329T010000Z", "20260329T011500Z"));
        assert_eq!(value(&read, "DTSTAMP"), value(&read, "LAST-MODIFIED"));
        assert_eq!(unescaped(value(&read, "DESCRIPTION")), "Programada\nTablón");
        for (stage, status) in [
            (StageName::Draft, "TENTATIVE"),
            (StageName::InReview, "TENTATIVE"),
            (StageName::Placed, "CONFIRMED"),
            (StageName::Out, "CONFIRMED"),
            (StageName::Cancelled, "CANCELLED"),
        ] {
            assert_eq!(value(&event(|sheet| sheet.post(&planned(stage))), "STATUS"), status);
        }
    }

    #[test]
    fn the_end_of_whole_days_is_the_day_after() {
        let day = |text: &str| text.parse().unwrap();
        let (first, last) = (day("2026-12-31"), day("2026-12-31"));
        let note = Noted { uid: "mark-1", changed: Moment(0), first, last, text: "Nochevieja" };
        let read = event(|sheet| sheet.days(&note));
        assert_eq!((value(&read, "DTSTART;VALUE=DATE"), value(&read, "DTEND;VALUE=DATE")), ("20261231", "20270101"));
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_back(heading in "\\PC{0,300}", beside in "(\\PC|\n|[,;\\\\:\"]){0,300}") {
            let mut sheet = Sheet::new("Calendar", &heading);
            sheet.post(&Planned { heading: &heading, beside: &beside, ..planned(StageName::Draft) });
            let read = read(&sheet.end());
            prop_assert_eq!(unescaped(value(&read, "SUMMARY")), short(&heading).trim().to_owned());
            prop_assert_eq!(unescaped(value(&read, "NAME")), heading.trim());
            if !beside.is_empty() {
                prop_assert_eq!(unescaped(value(&read, "DESCRIPTION")), beside.trim());
            }
            let (begins, ends) = (["BEGIN", "END"].map(|name| read.iter().filter(|(other, _)| other == name).count())).into();
            prop_assert_eq!((begins, ends), (2, 2));
        }
    }
}

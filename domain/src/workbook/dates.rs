//! Numbers that are shown as days and hours. A workbook keeps no dates: it keeps how many days have passed, and which way of
//! showing numbers the cell has. Separate because both are full of history, and none of it is XML.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// One more than the last day that spreadsheets know, 9999-12-31.
const BEYOND: i64 = 2_958_466;
/// The day that never was: 1900 had no 29 February, but the first spreadsheets thought so, and all others since.
const NEVER: i64 = 60;

/// What a format shows of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shows {
    /// The number.
    #[default]
    Number,
    /// The day.
    Day,
    /// The hour.
    Hour,
    /// Day and hour.
    Both,
    /// So many hours, more than a day has if need be.
    Span,
}

/// What the formats show that have a number and no code (ECMA-376 part 1, 18.8.30). Those that are only there in the languages of
/// East Asia mean other things in each of them, and are left as numbers.
pub fn built_in(id: u32) -> Shows {
    match id {
        14..=17 => Shows::Day,
        18..=21 | 45 | 47 => Shows::Hour,
        22 => Shows::Both,
        46 => Shows::Span,
        _ => Shows::Number,
    }
}

/// What a format shows that is written as a code (`dd/mm/yyyy`, `[h]:mm`): the first of its parts, without what is only said
/// beside the number (ECMA-376 part 1, 18.8.31).
pub fn of_code(code: &str) -> Shows {
    let marks = marks(code);
    let (mut day, mut hour, mut span) = (false, false, false);
    for (at, mark) in marks.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| marks.get(at));
        match mark {
            // Behind hours and before seconds it is minutes.
            'm' if matches!(before, Some('h' | '[')) || marks.get(at + 1) == Some(&'s') => hour = true,
            'm' | 'M' | 'd' | 'y' => day = true,
            '[' => span = true,
            _ => hour = true,
        }
    }
    match (day, hour, span) {
        (false, _, true) => Shows::Span,
        (true, false, false) => Shows::Day,
        (true, ..) => Shows::Both,
        (false, true, false) => Shows::Hour,
        (false, false, false) => Shows::Number,
    }
}

/// What of a code is a date: one letter for each run of it, `M` for a month in letters, `[` for hours that go on beyond a day.
fn marks(code: &str) -> Vec<char> {
    let mut marks = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        let small = first.to_ascii_lowercase();
        rest = match small {
            ';' => break,
            '"' => after.split_once('"').map_or("", |(_, after)| after),
            // The next letter is only a letter, a space as wide as it, or repeated.
            '\\' | '_' | '*' => after.chars().next().map_or("", |next| &after[next.len_utf8()..]),
            '[' => {
                let (inside, after) = after.split_once(']').unwrap_or((after, ""));
                let of = |letter: char| !inside.is_empty() && inside.chars().all(|c| c.eq_ignore_ascii_case(&letter));
                if ['h', 'm', 's'].into_iter().any(of) {
                    marks.push('[');
                }
                after
            }
            'a' => {
                let halves = ["am/pm", "a/p"]
                    .into_iter()
                    .find(|halves| rest.get(..halves.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(halves)));
                if halves.is_some() {
                    marks.push('a');
                }
                &rest[halves.map_or(1, str::len)..]
            }
            'd' | 'y' | 'h' | 's' | 'm' => {
                let run = rest.chars().take_while(|c| c.eq_ignore_ascii_case(&first)).count();
                marks.push(if small == 'm' && run > 2 { 'M' } else { small });
                &rest[run..]
            }
            _ => after,
        };
    }
    marks
}

/// A number as the text of the day or hour that it is shown as (`2026-12-24`, `10:00`, `2026-12-24 10:00`). Nothing where it is no
/// such day. `since_1904`: the days are counted from then on, as on the first Macintosh.
pub fn shown(number: f64, shows: Shows, since_1904: bool) -> Option<String> {
    if shows == Shows::Number || !(0.0..BEYOND as f64).contains(&number) {
        return None;
    }
    // To the second: a third of a day has no end in any such number.
    let seconds = (number * DAY as f64).round() as i64;
    let (days, second) = (seconds / DAY, (seconds % DAY) as u32);
    let hour = || hour_of(i64::from(second));
    match shows {
        Shows::Number => None,
        Shows::Hour => Some(hour()),
        Shows::Span => Some(hour_of(seconds)),
        Shows::Day => day_of(days, since_1904),
        // Hours alone, shown with a day before all days.
        Shows::Both if days == 0 && !since_1904 => Some(hour()),
        Shows::Both => Some([day_of(days, since_1904)?, hour()].join(" ")),
    }
}

fn hour_of(seconds: i64) -> String {
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if second == 0 { format!("{hour:02}:{minute:02}") } else { format!("{hour:02}:{minute:02}:{second:02}") }
}

fn day_of(days: i64, since_1904: bool) -> Option<String> {
    let (year, month, day) = match (since_1904, days) {
        (true, _) => (1904, 1, 1),
        (false, 0) => return None,
        // Whoever reads it finds that there is none.
        (false, NEVER) => return Some("1900-02-29".to_owned()),
        (false, ..NEVER) => (1899, 12, 31),
        (false, _) => (1899, 12, 30),
    };
    let day = NaiveDate::from_ymd_opt(year, month, day)?.checked_add_days(Days::new(days as u64))?;
    (day.year() <= 9_999).then(|| day.to_string())
}

/// A moment as strict workbooks write it (`2026-12-24T10:00:00`), as it is shown.
pub fn of_iso(text: &str, shows: Shows) -> String {
    let Some((day, hour)) = text.split_once('T') else { return text.to_owned() };
    let hour = hour.trim_end_matches('Z').split('.').next().unwrap_or_default();
    let hour = hour.strip_suffix(":00").filter(|hour| hour.contains(':')).unwrap_or(hour);
    match shows {
        Shows::Day => day.to_owned(),
        Shows::Hour | Shows::Span => hour.to_owned(),
        Shows::Number if hour == "00:00" => day.to_owned(),
        Shows::Number | Shows::Both => [day, hour].join(" "),
    }
}

/// A day as a number, counted as from 1900; nothing for one that spreadsheets do not know.
pub fn number_of(day: NaiveDate) -> Option<i64> {
    let begins = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let days = day.signed_duration_since(begins).num_days();
    let days = if days > NEVER { days } else { days - 1 };
    (1..BEYOND).contains(&days).then_some(days)
}

/// An hour as a part of a day.
pub fn part_of(hour: NaiveTime) -> f64 {
    f64::from(hour.num_seconds_from_midnight()) / DAY as f64
}

/// A day and an hour as a number.
pub fn moment_of(at: NaiveDateTime) -> Option<f64> {
    Some(number_of(at.date())? as f64 + part_of(at.time()))
}

/// A number as a spreadsheet shows it: with the fifteen digits that it is sure of.
pub fn plain(text: &str) -> String {
    let Some(number) = text.parse::<f64>().ok().filter(|number| number.is_finite()) else { return text.to_owned() };
    let sure = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    match sure.abs() {
        0.0 => "0".to_owned(),
        1e-9..1e21 => sure.to_string(),
        _ => format!("{sure:e}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_format_says_what_is_a_day_and_what_is_an_hour() {
        for (code, shows) in [
            ("General", Shows::Number),
            ("0.00E+00", Shows::Number),
            ("#,##0\\ [$€-C0A];[Red]\\-#,##0\\ [$€-C0A]", Shows::Number),
            ("0\" días\"", Shows::Number),
            ("@", Shows::Number),
            ("0%;[h]", Shows::Number),
            ("", Shows::Number),
            ("dd/mm/yyyy", Shows::Day),
            ("DD/MM/YY", Shows::Day),
            ("[$-C0A]d\\ \"de\"\\ mmmm\\ \"de\"\\ yyyy;@", Shows::Day),
            ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", Shows::Day),
            ("mmm-yy", Shows::Day),
            ("mm", Shows::Day),
            ("hh:mm", Shows::Hour),
            ("h:mm AM/PM", Shows::Hour),
            ("h\" h\"", Shows::Hour),
            ("mm:ss.0", Shows::Hour),
            ("[$-F400]h:mm:ss\\ AM/PM", Shows::Hour),
            ("dd/mm/yyyy hh:mm", Shows::Both),
            ("yyyy-mm-dd\\Thh:mm:ss", Shows::Both),
            ("[h]:mm", Shows::Span),
            ("[HH]:MM:SS", Shows::Span),
            ("[mm]:ss", Shows::Span),
            ("\"sin cerrar", Shows::Number),
            ("[sin cerrar", Shows::Number),
            ("_", Shows::Number),
        ] {
            assert_eq!(of_code(code), shows, "{code}");
        }
    }

    #[test]
    fn days_are_counted_as_the_first_spreadsheet_did() {
        let day = |number| shown(number, Shows::Day, false);
        for (number, text) in [
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (60.0, "1900-02-29"),
            (61.0, "1900-03-01"),
            (25_569.0, "1970-01-01"),
            (46_380.0, "2026-12-24"),
            (46_380.75, "2026-12-24"),
            (2_958_465.0, "9999-12-31"),
        ] {
            assert_eq!(day(number).as_deref(), Some(text), "{number}");
        }
        for odd in [0.0, 0.5, -1.0, 2_958_466.0, 2_958_465.999_999_9, 1e300, f64::NAN, f64::INFINITY] {
            assert_eq!(day(odd), None, "{odd}");
        }
        // 1,462 days lie between the two.
        assert_eq!(shown(46_380.0 - 1_462.0, Shows::Day, true).as_deref(), Some("2026-12-24"));
        assert_eq!(shown(0.0, Shows::Day, true).as_deref(), Some("1904-01-01"));
    }

    #[test]
    fn hours_are_parts_of_a_day() {
        let at = |number, shows| shown(number, shows, false).unwrap();
        assert_eq!(at(0.416_666_666_666_666_7, Shows::Hour), "10:00");
        assert_eq!(at(46_380.416_666_666_664, Shows::Hour), "10:00");
        assert_eq!(at(46_380.416_666_666_664, Shows::Both), "2026-12-24 10:00");
        assert_eq!(at(46_380.0, Shows::Both), "2026-12-24 00:00");
        assert_eq!(at(0.5, Shows::Both), "12:00");
        assert_eq!(at(0.0, Shows::Hour), "00:00");
        assert_eq!(at(0.000_011_574_074_074_1, Shows::Hour), "00:00:01");
        assert_eq!(at(1.5, Shows::Span), "36:00");
        // Less than half a second before midnight is midnight.
        assert_eq!(at(46_380.999_999, Shows::Both), "2026-12-25 00:00");
    }

    #[test]
    fn strict_workbooks_write_their_days_out() {
        for (text, shows, said) in [
            ("2026-12-24", Shows::Number, "2026-12-24"),
            ("2026-12-24T00:00:00", Shows::Number, "2026-12-24"),
            ("2026-12-24T10:00:00.000Z", Shows::Number, "2026-12-24 10:00"),
            ("2026-12-24T10:00:00", Shows::Day, "2026-12-24"),
            ("1899-12-30T09:30:00", Shows::Hour, "09:30"),
            ("2026-12-24T09:30", Shows::Hour, "09:30"),
            ("T", Shows::Both, " "),
        ] {
            assert_eq!(of_iso(text, shows), said, "{text}");
        }
    }

    #[test]
    fn a_number_has_the_digits_that_it_is_sure_of() {
        for (text, shown) in [
            ("3", "3"),
            ("3.0", "3"),
            ("-0", "0"),
            ("0.30000000000000004", "0.3"),
            ("600123456", "600123456"),
            ("1.5E+3", "1500"),
            ("1E+30", "1e30"),
            ("1e-12", "1e-12"),
            ("-2.50", "-2.5"),
            ("inf", "inf"),
            ("dos", "dos"),
            ("", ""),
        ] {
            assert_eq!(plain(text), shown, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_day_and_second_comes_back(days in 1..BEYOND, second in 0..DAY) {
            prop_assume!(days != NEVER);
            let day: NaiveDate = day_of(days, false).unwrap().parse().unwrap();
            prop_assert_eq!(number_of(day), Some(days));
            let hour = NaiveTime::from_num_seconds_from_midnight_opt(second as u32, 0).unwrap();
            let number = moment_of(day.and_time(hour)).unwrap();
            let said = format!("{day} {}", hour_of(second));
            prop_assert_eq!(shown(number, Shows::Both, false).unwrap(), said);
            prop_assert_eq!(shown(part_of(hour), Shows::Hour, false).unwrap(), hour_of(second));
        }

        #[test]
        fn the_two_ways_of_counting_differ_by_their_days(days in 61..(BEYOND - 1_462)) {
            prop_assert_eq!(day_of(days + 1_462, false), day_of(days, true));
        }

        #[test]
        fn no_code_and_no_number_breaks_it(code in ".{0,30}", odd in "[dmyhsa/pAP\\[\\];\"_*\\\\ ñ]{0,20}", number: f64) {
            for code in [code, odd] {
                let _ = shown(number, of_code(&code), false);
                let _ = of_iso(&code, of_code(&code));
                let _ = plain(&code);
            }
            let _ = plain(&number.to_string());
        }
    }
}

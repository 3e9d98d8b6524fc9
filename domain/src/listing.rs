//! A list that leaves the desk: what its columns are called, and what stands in each of its lines, said once for every form of
//! file. A spreadsheet has what a person reads, in their language; JSON has what a program reads, under keys that no language
//! changes; a calendar has the days.
//! Separate from `workbook` and `csv`, which write cells and know nothing of what is in them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    Moment, StageName,
    ics::{Noted, Planned, Sheet},
    json::value,
    workbook::{Cell, Line},
};

/// The most lines of a file. All of them stand in the memory of a browser, of a phone too, before any is written.
pub const MOST: usize = 20_000;

/// How the JSON is told from what another release writes. What is added to it changes nothing of this; what is taken away does.
pub const FORMAT: &str = "pregon/list/1";

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// What a program knows it by.
    pub key: &'static str,
    /// What a person knows it by; nothing where it is for programs only.
    pub head: Option<&'static str>,
}

/// What stands in a column of a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    /// Nothing.
    Nothing,
    /// A text, as somebody wrote it.
    Text(String),
    /// Several.
    Texts(Vec<String>),
    /// The same in several languages, by their tags.
    Tongues(Vec<(String, String)>),
    /// One of what the rules know: its code, and its name.
    Code(Value, String),
    /// Several of them.
    Codes(Vec<(Value, String)>),
    /// Something with an identity, and its name.
    Thing(String, String),
    /// Several of them.
    Things(Vec<(String, String)>),
    /// A number.
    Number(u64),
    /// A day.
    Day(NaiveDate),
    /// An hour on the wall.
    Hour(NaiveTime),
    /// A moment, and what the wall shows then.
    When(Moment, NaiveDateTime),
    /// Whether something is so, and the word for it that stands where it is.
    Flag(bool, String),
}

impl Datum {
    /// One of what the rules know.
    pub fn code<T: Serialize>(of: &T, name: impl Into<String>) -> Self {
        Datum::Code(value(of), name.into())
    }

    /// A text; nothing if it is empty.
    pub fn text(text: &str) -> Self {
        if text.is_empty() { Datum::Nothing } else { Datum::Text(text.to_owned()) }
    }

    /// As a person reads it.
    pub fn cell(&self) -> Cell {
        match self {
            Datum::Nothing | Datum::Flag(false, _) => Cell::Text(String::new()),
            Datum::Text(text) => Cell::Text(text.clone()),
            Datum::Texts(all) => listed(all.iter().map(String::as_str)),
            Datum::Tongues(all) => {
                let line = |(tag, text): &(String, String)| [tag, ": ", text].concat();
                Cell::Text(all.iter().map(line).collect::<Vec<_>>().join("\n"))
            }
            Datum::Code(_, name) | Datum::Thing(_, name) | Datum::Flag(true, name) => Cell::Text(name.clone()),
            Datum::Codes(all) => listed(all.iter().map(|(_, name)| name.as_str())),
            Datum::Things(all) => listed(all.iter().map(|(_, name)| name.as_str())),
            Datum::Number(number) => Cell::Number(*number),
            Datum::Day(day) => Cell::Day(*day),
            Datum::Hour(hour) => Cell::Hour(*hour),
            Datum::When(_, civil) => Cell::When(*civil),
        }
    }

    /// As a program reads it.
    pub fn value(&self) -> Value {
        match self {
            Datum::Nothing => Value::Null,
            Datum::Text(text) => text.as_str().into(),
            Datum::Texts(all) => all.iter().map(|text| Value::from(text.as_str())).collect(),
            Datum::Tongues(all) => {
                Value::Object(all.iter().map(|(tag, text)| (tag.clone(), text.as_str().into())).collect())
            }
            Datum::Code(code, _) => code.clone(),
            Datum::Codes(all) => all.iter().map(|(code, _)| code.clone()).collect(),
            Datum::Thing(id, name) => thing(id, name),
            Datum::Things(all) => all.iter().map(|(id, name)| thing(id, name)).collect(),
            Datum::Number(number) => (*number).into(),
            Datum::Day(day) => day.to_string().into(),
            Datum::Hour(hour) => format!("{:02}:{:02}", hour.hour(), hour.minute()).into(),
            Datum::When(at, _) => at.to_rfc3339().into(),
            Datum::Flag(so, _) => (*so).into(),
        }
    }
}

/// Each of these once, with commas between.
fn listed<'a>(all: impl Iterator<Item = &'a str>) -> Cell {
    let mut once: Vec<&str> = Vec::new();
    for one in all {
        if !once.contains(&one) {
            once.push(one);
        }
    }
    Cell::Text(once.join(", "))
}

fn thing(id: &str, name: &str) -> Value {
    let mut thing = Map::new();
    thing.insert("id".to_owned(), id.into());
    thing.insert("name".to_owned(), name.into());
    Value::Object(thing)
}

/// Where a line stands in a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A post at its hour.
    Post {
        /// Its identity.
        id: String,
        /// Counts its changes.
        version: u64,
        /// When it last changed.
        changed: Moment,
        /// When it goes out.
        at: Moment,
        /// Where it is.
        stage: StageName,
        /// What it is called.
        heading: String,
        /// What else is said of it.
        beside: String,
        /// Where the desk shows it.
        address: String,
    },
    /// Something on whole days, both ends included.
    Days {
        /// What names it, and nothing else.
        uid: String,
        /// The first day.
        first: NaiveDate,
        /// The last day.
        last: NaiveDate,
        /// What it says.
        text: String,
    },
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What stands in its columns, in their order.
    pub data: Vec<Datum>,
    /// Where it stands in a calendar, if it does.
    pub event: Option<Event>,
}

impl From<Vec<Datum>> for Row {
    fn from(data: Vec<Datum>) -> Self {
        Self { data, event: None }
    }
}

/// The line that says what the columns are.
pub fn head(columns: &[Column]) -> Line {
    columns.iter().filter_map(|column| column.head).map(Cell::from).collect()
}

/// A line as a person reads it.
pub fn line(columns: &[Column], row: &Row) -> Line {
    let shown = columns.iter().zip(&row.data).filter(|(column, _)| column.head.is_some());
    shown.map(|(_, datum)| datum.cell()).collect()
}

/// The file for programs, in parts: `list` is what it is of, `about` what else is to be known of all of it.
pub fn written<'a>(
    list: &str,
    about: &[(&str, Value)],
    columns: &'a [Column],
    rows: &'a [Row],
) -> impl Iterator<Item = String> + 'a {
    let mut head = Map::new();
    head.insert("format".to_owned(), FORMAT.into());
    head.insert("list".to_owned(), list.into());
    head.extend(about.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
    let head = Value::Object(head).to_string();
    // One, and no more: what is known of all of it may end in another.
    let beginning = [head.strip_suffix('}').unwrap_or(&head), ",\"rows\":["].concat();
    let lines = rows.iter().enumerate().map(move |(place, row)| {
        let object = columns.iter().zip(&row.data).map(|(column, datum)| (column.key.to_owned(), datum.value()));
        let before = if place == 0 { "\n" } else { ",\n" };
        [before, &Value::Object(object.collect()).to_string()].concat()
    });
    std::iter::once(beginning).chain(lines).chain(std::iter::once("]}\n".to_owned()))
}

/// How many lines a calendar has: those that have days. One with none is no calendar (RFC 5545, 3.6).
pub fn dated(rows: &[Row]) -> usize {
    rows.iter().filter(|row| row.event.is_some()).count()
}

/// The calendar of those that have days.
pub fn calendar(name: &str, rows: &[Row]) -> String {
    let mut sheet = Sheet::new("List", name);
    for event in rows.iter().filter_map(|row| row.event.as_ref()) {
        enter(&mut sheet, event);
    }
    sheet.end()
}

/// Enters a line where it stands in a calendar.
pub fn enter(sheet: &mut Sheet, event: &Event) {
    match event {
        Event::Post { id, version, changed, at, stage, heading, beside, address } => sheet.post(&Planned {
            id,
            version: *version,
            changed: *changed,
            at: *at,
            stage: *stage,
            heading,
            beside,
            address: Some(address),
        }),
        Event::Days { uid, first, last, text } => {
            sheet.days(&Noted { uid, changed: Moment(0), first: *first, last: *last, text });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::csv;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    const COLUMNS: [Column; 4] = [
        Column { key: "id", head: None },
        Column { key: "name", head: Some("Nombre") },
        Column { key: "state", head: Some("Estado") },
        Column { key: "until", head: Some("Hasta") },
    ];

    fn row(name: &str) -> Row {
        let data = vec![
            Datum::text("01"),
            Datum::text(name),
            Datum::code(&StageName::InReview, "Pendiente de aprobar"),
            Datum::Day(day("2027-01-31")),
        ];
        let event = Event::Days {
            uid: "licence-01".to_owned(),
            first: day("2027-01-31"),
            last: day("2027-01-31"),
            text: name.to_owned(),
        };
        Row { data, event: Some(event) }
    }

    fn json(rows: &[Row], about: &[(&str, Value)]) -> Value {
        serde_json::from_str(&written("library", about, &COLUMNS, rows).collect::<String>()).unwrap()
    }

    #[test]
    fn people_read_names_and_programs_read_codes() {
        assert_eq!(head(&COLUMNS), ["Nombre", "Estado", "Hasta"].map(Cell::from));
        let one = row("Feria");
        let cells = [Cell::from("Feria"), Cell::from("Pendiente de aprobar"), Cell::Day(day("2027-01-31"))];
        assert_eq!(line(&COLUMNS, &one), cells);
        let whole = json(&[one], &[("zone", "Europe/Madrid".into())]);
        let written = serde_json::json!({
            "format": "pregon/list/1", "list": "library", "zone": "Europe/Madrid",
            "rows": [{ "id": "01", "name": "Feria", "state": "in_review", "until": "2027-01-31" }],
        });
        assert_eq!(whole, written);
    }

    #[test]
    fn each_kind_is_what_it_is_in_both() {
        let civil = day("2026-11-28").and_hms_opt(10, 30, 0).unwrap();
        let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
        let names =
            vec![("bluesky".into(), "Bluesky".to_owned()), ("x".into(), "X".to_owned()), ("x".into(), "X".to_owned())];
        for (datum, cell, value) in [
            (Datum::Nothing, Cell::from(""), Value::Null),
            (Datum::text(""), Cell::from(""), Value::Null),
            (Datum::Texts(vec!["a".to_owned(), "b".to_owned()]), Cell::from("a, b"), serde_json::json!(["a", "b"])),
            (
                Datum::Tongues(vec![pair("es", "Agua"), pair("en", "Water")]),
                Cell::from("es: Agua\nen: Water"),
                serde_json::json!({ "es": "Agua", "en": "Water" }),
            ),
            (Datum::Codes(names), Cell::from("Bluesky, X"), serde_json::json!(["bluesky", "x", "x"])),
            (
                Datum::Things(vec![pair("01", "Web"), pair("02", "Web")]),
                Cell::from("Web"),
                serde_json::json!([{ "id": "01", "name": "Web" }, { "id": "02", "name": "Web" }]),
            ),
            (Datum::Number(7), Cell::Number(7), 7.into()),
            (Datum::Hour(civil.time()), Cell::Hour(civil.time()), "10:30".into()),
            (Datum::When(Moment(0), civil), Cell::When(civil), "1970-01-01T00:00:00.000Z".into()),
            (Datum::Flag(true, "Sí".to_owned()), Cell::from("Sí"), true.into()),
            (Datum::Flag(false, "Sí".to_owned()), Cell::from(""), false.into()),
        ] {
            assert_eq!((datum.cell(), datum.value()), (cell, value), "{datum:?}");
        }
    }

    #[test]
    fn nothing_in_it_is_nothing_broken() {
        assert_eq!(json(&[], &[("asked", serde_json::json!({ "words": "}" }))])["asked"]["words"], "}");
        assert_eq!(json(&[], &[])["rows"], serde_json::json!([]));
        assert!(calendar("Biblioteca", &[]).ends_with("END:VCALENDAR\r\n"));
    }

    #[test]
    fn a_calendar_has_what_has_days() {
        let rows = [row("Feria; cartel"), Row { event: None, ..row("Otra") }];
        assert_eq!((dated(&rows), dated(&rows[1..])), (1, 0));
        let file = calendar("Biblioteca", &rows);
        assert_eq!(file.matches("BEGIN:VEVENT").count(), 1);
        for line in ["UID:licence-01@pregon", "DTSTART;VALUE=DATE:20270131", "SUMMARY:Feria\\; cartel"] {
            assert!(file.contains(&[line, "\r\n"].concat()), "{file}");
        }
    }

    #[test]
    fn no_cell_of_a_list_is_a_formula() {
        let cells = line(&COLUMNS, &row("=SUMA(1;2)"));
        let written = csv::line(&cells.iter().map(Cell::text).collect::<Vec<_>>());
        assert_eq!(written, "\"'=SUMA(1;2)\",Pendiente de aprobar,2027-01-31\r\n");
    }

    proptest! {
        #[test]
        fn whatever_somebody_wrote_comes_back(name in "\\PC{0,40}", asked in "\\PC{0,40}") {
            let about = [("asked", Value::from(asked.as_str()))];
            let whole = json(&[row(&name), row(&name)], &about);
            prop_assert_eq!(&whole["asked"], &Value::from(asked));
            prop_assert_eq!(&whole["rows"][1]["name"], &Datum::text(&name).value());
        }
    }
}

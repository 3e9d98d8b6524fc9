//! Writes a workbook of one sheet: a first line that stays and says what the columns are, days and hours that are days and hours,
//! and texts that are texts, whatever they begin with. Every cell says itself what it is, so that none has to be disarmed.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::{MOST_COLUMNS, MOST_ROWS, dates, letters, zip};

/// The most of a text that a cell holds, in units of UTF-16. What is longer makes spreadsheets call the file damaged.
const MOST_TEXT: usize = 32_767;
/// The most of the name of a sheet.
const MOST_NAME: usize = 31;
/// How wide a column may become, in digits.
const WIDTHS: (usize, usize) = (11, 60);

/// A cell of a table that is handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text. Never a formula.
    Text(String),
    /// A number that is counted with.
    Number(u64),
    /// A day.
    Day(NaiveDate),
    /// An hour.
    Hour(NaiveTime),
    /// A day and an hour.
    When(NaiveDateTime),
}

impl Cell {
    /// The same where there are only texts (`domain::csv`).
    pub fn text(&self) -> String {
        match self {
            Cell::Text(text) => text.clone(),
            Cell::Number(number) => number.to_string(),
            Cell::Day(day) => day.to_string(),
            Cell::Hour(hour) => format!("{:02}:{:02}", hour.hour(), hour.minute()),
            Cell::When(at) => {
                let (day, hour) = (at.date(), at.time());
                format!("{day} {:02}:{:02}:{:02}", hour.hour(), hour.minute(), hour.second())
            }
        }
    }

    /// The number that stands for it and the style that shows it; nothing if it is a text, or earlier than all days that
    /// spreadsheets know.
    fn number(&self) -> Option<(String, &'static str)> {
        match self {
            Cell::Text(_) => None,
            Cell::Number(number) => Some((number.to_string(), "0")),
            Cell::Day(day) => Some((dates::number_of(*day)?.to_string(), "3")),
            Cell::Hour(hour) => Some((dates::part_of(*hour).to_string(), "4")),
            Cell::When(at) => Some((dates::moment_of(*at)?.to_string(), "5")),
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

/// What stands in a line, from the first column on.
pub type Line = Vec<Cell>;

/// A workbook of these lines, the first of which says what the columns are. Of a text that no cell holds, what fits is there, and
/// then "…". Nothing where there are more lines or columns than a sheet has.
pub fn file(name: &str, lines: &[Line]) -> Option<Vec<u8>> {
    let widest = lines.iter().map(Vec::len).max().unwrap_or_default();
    if lines.len() > MOST_ROWS || widest > MOST_COLUMNS {
        return None;
    }
    let sheet = [BEFORE, &widths(lines, widest), "<sheetData>", &rows(lines), "</sheetData></worksheet>"].concat();
    let book = [HEAD, BOOK.0, &escaped(&called(name)), BOOK.1].concat();
    let fixed = |text: &str| [HEAD, text].concat();
    Some(zip::stored(&[
        ("[Content_Types].xml", fixed(TYPES)),
        ("_rels/.rels", fixed(ROOT)),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", fixed(RELATED)),
        ("xl/styles.xml", fixed(STYLES)),
        ("xl/worksheets/sheet1.xml", [HEAD, &sheet].concat()),
    ]))
}

fn rows(lines: &[Line]) -> String {
    let mut rows = String::new();
    for (at, cells) in lines.iter().enumerate() {
        let row = (at + 1).to_string();
        rows += &["<row r=\"", &row, "\">"].concat();
        for (column, cell) in cells.iter().enumerate() {
            let place = [letters(column), row.clone()].concat();
            match cell.number() {
                Some((number, style)) => {
                    rows += &["<c r=\"", &place, "\" s=\"", style, "\"><v>", &number, "</v></c>"].concat();
                }
                None => {
                    let text = cell.text();
                    let style = if at == 0 { "1" } else { "2" };
                    if !text.is_empty() {
                        rows += &["<c r=\"", &place, "\" s=\"", style, "\" t=\"inlineStr\"><is>"].concat();
                        rows += &["<t xml:space=\"preserve\">", &escaped(&fitting(&text)), "</t></is></c>"].concat();
                    }
                }
            }
        }
        rows += "</row>";
    }
    rows
}

/// Each column as wide as its longest line, within reason.
fn widths(lines: &[Line], widest: usize) -> String {
    let wide = |column: usize| {
        let cells = lines.iter().filter_map(|cells| cells.get(column));
        let longest =
            cells.map(|cell| cell.text().lines().map(|line| line.chars().count()).max().unwrap_or_default()).max();
        (longest.unwrap_or_default() + 2).clamp(WIDTHS.0, WIDTHS.1).to_string()
    };
    let columns = (0..widest).map(|column| {
        let (number, width) = ((column + 1).to_string(), wide(column));
        ["<col min=\"", &number, "\" max=\"", &number, "\" width=\"", &width, "\" customWidth=\"1\"/>"].concat()
    });
    let columns = columns.collect::<String>();
    if columns.is_empty() { columns } else { ["<cols>", &columns, "</cols>"].concat() }
}

/// A name that a sheet can have.
fn called(name: &str) -> String {
    let fits = |c: &char| !c.is_control() && !matches!(c, ':' | '\\' | '/' | '?' | '*' | '[' | ']');
    let (mut fitting, mut units) = (String::new(), 0);
    for letter in name.chars().filter(fits) {
        units += letter.len_utf16();
        if units > MOST_NAME {
            break;
        }
        fitting.push(letter);
    }
    let fitting = fitting.trim().trim_matches('\'');
    if fitting.is_empty() { "1".to_owned() } else { fitting.to_owned() }
}

/// As much of a text as a cell holds.
fn fitting(text: &str) -> Cow<'_, str> {
    // As long in bytes at least as in units.
    if text.len() <= MOST_TEXT || text.encode_utf16().count() <= MOST_TEXT {
        return text.into();
    }
    let mut left = MOST_TEXT - 1;
    let end = text.char_indices().find(|(_, letter)| {
        let wide = letter.len_utf16();
        let is_over = wide > left;
        left = left.saturating_sub(wide);
        is_over
    });
    [&text[..end.map_or(text.len(), |(at, _)| at)], "…"].concat().into()
}

/// A text as XML says it. Letters that XML does not take stand by their numbers, and so does what would be read as such a number
/// (ECMA-376 part 1, 22.9.2.19).
fn escaped(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        match letter {
            '&' => whole += "&amp;",
            '<' => whole += "&lt;",
            '>' => whole += "&gt;",
            '"' => whole += "&quot;",
            '\t' | '\n' => whole.push(letter),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => whole += &format!("_x{:04X}_", u32::from(letter)),
            '_' if reads_as_number(&text[at + 1..]) => whole += "_x005F_",
            _ => whole.push(letter),
        }
    }
    whole
}

fn reads_as_number(text: &str) -> bool {
    text.strip_prefix('x')
        .and_then(|text| text.as_bytes().get(..4))
        .is_some_and(|four| four.iter().all(u8::is_ascii_hexdigit))
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
    <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
    <Override PartName=\"/xl/workbook.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
    <Override PartName=\"/xl/worksheets/sheet1.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>\
    <Override PartName=\"/xl/styles.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/></Types>";

const ROOT: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Target=\"xl/workbook.xml\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\"/></Relationships>";

const RELATED: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\"/>\
    <Relationship Id=\"rId2\" Target=\"styles.xml\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\"/></Relationships>";

/// Around the name of the sheet.
const BOOK: (&str, &str) = (
    "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"",
    "\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
);

/// By their places: as it comes, the bold of the first line, text that stays text when it is edited, day, hour, both. The last three
/// are the formats that each spreadsheet shows as is usual in the language of its reader.
const STYLES: &str = "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
    <fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>\
    <font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
    <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
    <fill><patternFill patternType=\"gray125\"/></fill></fills>\
    <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
    <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
    <cellXfs count=\"6\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
    <xf numFmtId=\"49\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\"/>\
    <xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
    <xf numFmtId=\"14\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
    <xf numFmtId=\"20\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
    <xf numFmtId=\"22\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs>\
    <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>";

/// Before the columns: the first line stays where it is.
const BEFORE: &str = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetViews>\
    <sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>\
    </sheetView></sheetViews>";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::open, *};
    use crate::import::{Row, Table};

    fn lines(rows: &[&[&str]]) -> Vec<Vec<Cell>> {
        rows.iter().map(|cells| cells.iter().map(|text| Cell::from(*text)).collect()).collect()
    }

    fn back(lines: &[Line]) -> Table {
        open(&file("Plan", lines).unwrap(), 0).unwrap().table.unwrap()
    }

    #[test]
    fn days_and_hours_are_what_they_are() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 24).unwrap();
        let hour = NaiveTime::from_hms_opt(9, 30, 0).unwrap();
        let before = NaiveDate::from_ymd_opt(1812, 3, 19).unwrap();
        let cells =
            vec![Cell::Day(day), Cell::Hour(hour), Cell::When(day.and_time(hour)), Cell::Number(7), Cell::Day(before)];
        let texts: Vec<String> = cells.iter().map(Cell::text).collect();
        assert_eq!(texts, ["2026-12-24", "09:30", "2026-12-24 09:30:00", "7", "1812-03-19"]);
        let xml = rows(std::slice::from_ref(&cells));
        assert!(xml.contains("<c r=\"A1\" s=\"3\"><v>46380</v></c><c r=\"B1\" s=\"4\"><v>0.395"), "{xml}");
        let read = back(&[lines(&[&["a", "b", "c", "d", "e"]]).remove(0), cells]);
        assert_eq!(read.rows[0].cells, ["2026-12-24", "09:30", "2026-12-24 09:30", "7", "1812-03-19"]);
    }

    #[test]
    fn a_text_is_never_a_formula() {
        let hostile = [
            "=1+1",
            "+34 600",
            "@SUM(A1)",
            "-2",
            "]]>",
            "<a href=\"x\">&",
            "  a  b",
            "_x0041_",
            "🏛\u{200d}\u{fe0f}x",
            "a\tb\nc",
        ];
        let read = back(&[lines(&[&["Texto"; 10]]).remove(0), lines(&[&hostile]).remove(0)]);
        let tidy: Vec<_> = hostile.iter().map(|text| text.trim()).collect();
        assert_eq!(read.rows[0].cells, tidy);
        let xml = rows(&lines(&[&hostile]));
        assert!(!xml.contains("<f") && xml.matches("t=\"inlineStr\"").count() == hostile.len());
    }

    #[test]
    fn what_a_cell_does_not_hold_is_cut_and_says_so() {
        for (letter, most) in [("a", MOST_TEXT), ("ñ", MOST_TEXT), ("🏛", MOST_TEXT / 2)] {
            assert_eq!(fitting(&letter.repeat(most)), letter.repeat(most));
            let cut = fitting(&letter.repeat(most + 1)).into_owned();
            assert!(cut.ends_with('…') && cut.encode_utf16().count() <= MOST_TEXT, "{letter}");
            assert!(cut.encode_utf16().count() > MOST_TEXT - 2);
        }
    }

    #[test]
    fn more_than_a_sheet_has_is_not_written() {
        assert_eq!(file("a", &vec![Vec::new(); MOST_ROWS + 1]), None);
        assert_eq!(file("a", &[vec![Cell::Number(1); MOST_COLUMNS + 1]]), None);
    }

    #[test]
    fn a_sheet_has_a_name_that_it_can_have() {
        for (name, fits) in
            [("Plan: mayo/junio", "Plan mayojunio"), ("'a'", "a"), ("[]", "1"), ("", "1"), ("a\nb", "ab")]
        {
            assert_eq!(called(name), fits);
        }
        assert_eq!(called(&"🏛".repeat(20)), "🏛".repeat(15));
        assert_eq!(open(&file("<A> & \"B\"", &lines(&[&["a"], &["1"]])).unwrap(), 0).unwrap().sheets, ["<A> & \"B\""]);
    }

    /// Anything between two letters: what ends a cell and what begins one is no cell's affair.
    const HOSTILE: &str = "[a-z_x0-9](.|[\\x00-\\x1f\\u{fffe}_xA0-9<>&\"'=\\]]){0,40}[a-z_x0-9]";

    proptest! {
        /// What we write is read as it was, whatever it is.
        #[test]
        fn what_is_written_comes_back(cells in prop::collection::vec(HOSTILE, 1..8)) {
            let heads: Vec<Cell> = (0..cells.len()).map(|place| Cell::Text(format!("c{place}"))).collect();
            let read = back(&[heads, cells.iter().map(|text| Cell::from(text.as_str())).collect()]);
            // A return is a new line for whoever imports (`import::Cells`).
            let cells = cells.iter().map(|text| text.replace("\r\n", "\n").replace('\r', "\n")).collect();
            prop_assert_eq!(&read.rows, &[Row { number: 2, cells }]);
        }

        /// Any tag that a text could have opened would be one more.
        #[test]
        fn no_text_breaks_out_of_its_cell(text in ".{1,60}") {
            let xml = rows(&[vec![Cell::from(text.as_str())]]);
            prop_assert_eq!(xml.matches('<').count(), 8);
        }
    }
}

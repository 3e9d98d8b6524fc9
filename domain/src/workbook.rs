//! Workbooks as spreadsheets keep them (`.xlsx`, ECMA-376): read into the rows that a text of separated values gives, so that
//! all behind it is one way, and written so that no cell is a formula. A zip of XML; nothing of it is reckoned, followed or
//! fetched, and what it may unfold to is bounded.

mod dates;
mod read;
mod write;
mod xml;
pub(crate) mod zip;

pub use read::{Opened, open};
pub use write::{Cell, Line, file};

/// What a file that a spreadsheet of today keeps begins with: a zip with something in it.
const ZIPPED: &[u8] = b"PK\x03\x04";
/// What a compound file begins with ([MS-CFB] 2.2): a workbook of the old kind, or one with a password.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// The most columns that a sheet has: the last is `XFD` (ECMA-376 part 1, 18.3.1.13).
const MOST_COLUMNS: usize = 16_384;
/// The most rows that a sheet has.
const MOST_ROWS: usize = 1_048_576;

/// Whether bytes are read as a workbook, and not as a text.
pub fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIPPED) || bytes.starts_with(COMPOUND)
}

/// The letters of a column, the first being 0.
fn letters(column: usize) -> String {
    let mut left = column + 1;
    let mut letters = Vec::new();
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + (left % 26) as u8));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// The column (the first being 0) and the row (the first being 1) that a reference names (`B2`); nothing where a sheet has no
/// such place.
fn place(reference: &str) -> Option<(usize, usize)> {
    let digits = reference.find(|c: char| !c.is_ascii_alphabetic())?;
    let (letters, row) = reference.split_at(digits);
    if !(1..=3).contains(&letters.len()) || !row.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let column =
        letters.bytes().fold(0, |column, byte| column * 26 + usize::from(byte.to_ascii_uppercase() - b'A') + 1);
    let row = row.parse().ok().filter(|row| (1..=MOST_ROWS).contains(row))?;
    (column <= MOST_COLUMNS).then_some((column - 1, row))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn columns_are_counted_as_spreadsheets_do() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(letters(column), name);
            assert_eq!(place(&[name, "7"].concat()), Some((column, 7)));
        }
        assert_eq!(place("b2"), Some((1, 2)));
        for odd in ["", "A", "7", "A0", "A1048577", "XFE1", "AAAA1", "$A$1", "A-1", "A+1", "A 1", "Ñ1", "A1B"] {
            assert_eq!(place(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_file_is_known_by_its_first_bytes() {
        assert!(is_one(b"PK\x03\x04...") && is_one(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..."));
        assert!(!is_one(b"PK;texto\n") && !is_one(b"") && !is_one("título;texto".as_bytes()));
    }

    proptest! {
        #[test]
        fn every_place_has_a_name_and_comes_back(column in 0..MOST_COLUMNS, row in 1..=MOST_ROWS) {
            prop_assert_eq!(place(&(letters(column) + &row.to_string())), Some((column, row)));
        }

        #[test]
        fn no_reference_breaks_it(text in ".{0,12}") {
            let _ = place(&text);
        }
    }
}

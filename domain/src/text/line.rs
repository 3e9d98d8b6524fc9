//! One line of text as it is kept: a name, a title, what somebody calls a thing. Separate because all that people name goes
//! by one measure: it reads as it is stored, and nobody can call two things the same to the eye by what cannot be seen.

use super::{hidden::hides, is_blank};
use crate::Refusal;

/// Some words on one line, or none: blanks run together, nothing hides, at most so many bytes.
///
/// # Errors
/// `Malformed` where something hides in it, `TooLarge`; both with the field.
pub fn line(text: &str, field: &str, most: usize) -> Result<String, Refusal> {
    let text = clean(text, field)?;
    bounded(field, most, text.len())?;
    Ok(text)
}

/// A name: a line that says something.
///
/// # Errors
/// As [`line`]; `Malformed` also where nothing can be seen.
pub fn name(text: &str, field: &str, most: usize) -> Result<String, Refusal> {
    line(text, field, most).and_then(|text| shown(text, field))
}

/// A name that a network or a button counts: at most so many characters.
///
/// # Errors
/// As [`name()`].
pub fn counted(text: &str, field: &str, most: usize) -> Result<String, Refusal> {
    let text = shown(clean(text, field)?, field)?;
    bounded(field, most, text.chars().count())?;
    Ok(text)
}

fn clean(text: &str, field: &str) -> Result<String, Refusal> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if hides(&text) { Err(malformed(field)) } else { Ok(text) }
}

fn shown(text: String, field: &str) -> Result<String, Refusal> {
    if is_blank(&text) { Err(malformed(field)) } else { Ok(text) }
}

fn bounded(field: &str, most: usize, length: usize) -> Result<(), Refusal> {
    let (limit, length) = (most as u64, length as u64);
    if length > limit { Err(Refusal::TooLarge { field: field.to_owned(), limit, length }) } else { Ok(()) }
}

fn malformed(field: &str) -> Refusal {
    Refusal::Malformed { field: field.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_kept_on_one_line_and_a_name_says_something() {
        assert_eq!(line("  Plaza \n de\tla  Villa ", "name", 200).as_deref(), Ok("Plaza de la Villa"));
        assert_eq!(line(" \n", "author", 200).as_deref(), Ok(""));
        for nothing in ["", " \t", "\u{FE0F}", "\u{200B}", "\u{2800}"] {
            assert_eq!(name(nothing, "name", 200), Err(malformed("name")), "{nothing:?}");
        }
        for text in ["👨‍👩‍👧 Familias", "می‌خواهم", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "Año 2026 · 10 €"]
        {
            assert_eq!(name(text, "name", 200).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_hides_in_it_is_refused_and_says_in_which_field() {
        for text in
            ["al\u{202E}revés", "Ma\u{200B}ría", "\u{2066}a\u{2069}", "a\u{AD}b", "a\u{7}b", "\u{FEFF}a", "a\u{200D}b"]
        {
            assert_eq!(line(text, "folder", 200), Err(malformed("folder")), "{text:?}");
            assert_eq!(counted(text, "folder", 200), Err(malformed("folder")), "{text:?}");
        }
    }

    #[test]
    fn it_is_measured_as_it_is_kept() {
        assert_eq!(line("  ññ  ", "name", 4).as_deref(), Ok("ññ"));
        let too_large = |limit, length| Err(Refusal::TooLarge { field: "name".to_owned(), limit, length });
        assert_eq!(name("ñññ", "name", 4), too_large(4, 6));
        assert_eq!(counted("ñññ", "name", 3).as_deref(), Ok("ñññ"));
        assert_eq!(counted("ñññ", "name", 2), too_large(2, 3));
    }

    proptest! {
        #[test]
        fn what_is_kept_is_kept_again_as_it_is(text in "(\\PC|[\\x00-\\x20]|\u{202E}|\u{200D}|\u{200B}){0,20}") {
            if let Ok(kept) = line(&text, "name", 200) {
                prop_assert_eq!(line(&kept, "name", 200), Ok(kept.clone()));
                prop_assert!(!kept.chars().any(char::is_control));
            }
        }
    }
}

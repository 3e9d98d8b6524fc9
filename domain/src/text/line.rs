//! One line of text as it is kept: a name, a title, what somebody calls a thing. Separate because all that people name goes
//! by one measure: it reads as it is stored, and nobody can call two things the same to the eye by what cannot be seen.

use super::{
    hidden::{hides, shown as mended, turns},
    is_blank,
};
use crate::Refusal;

/// Some words on one line, or none: blanks run together, nothing hides, at most so many bytes. What shows nothing and turns nothing is
/// left out: a soft hyphen comes along with what is copied from a document, nobody can find it to mend it, and names that
/// were kept before anybody looked must stay possible to keep.
///
/// # Errors
/// `Malformed` where something turns the direction or is a control, `TooLarge`; both with the field.
pub fn line(text: &str, field: &str, most: usize) -> Result<String, Refusal> {
    let text = clean(text, field)?;
    bounded(field, most, text.len())?;
    Ok(text)
}

/// A name: a line that says something.
///
/// # Errors
/// As [`line()`]; `Malformed` also where nothing can be seen.
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
    let on_one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = on_one_line(text);
    if text.chars().any(turns) {
        return Err(malformed(field));
    }
    // What joined two that are left out joins nothing any more: each time something goes, so it ends.
    while hides(&text) {
        text = on_one_line(&mended(&text, usize::MAX));
    }
    Ok(text)
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
    fn what_shows_nothing_is_left_out_and_two_that_look_alike_are_one() {
        let pasted = [
            ("Ma\u{200B}ría", "María"),
            ("Ayun\u{AD}ta\u{AD}miento", "Ayuntamiento"),
            ("\u{FEFF}Plaza\u{A0}Mayor \u{200E}", "Plaza Mayor"),
            ("a\u{200D}b", "ab"),
            ("col\u{B7}legi", "col·legi"),
            ("Yaçe n\u{303}", "Yaçe n\u{303}"),
            ("\u{3164}\u{200D}\u{3164}a", "a"),
            ("بلدية · שלום\u{200F}!", "بلدية · שלום\u{200F}!"),
        ];
        for (text, kept) in pasted {
            assert_eq!(line(text, "name", 200).as_deref(), Ok(kept), "{text:?}");
            assert_eq!(counted(text, "name", 200).as_deref(), Ok(kept), "{text:?}");
        }
    }

    #[test]
    fn what_turns_it_or_is_a_control_is_refused_and_says_in_which_field() {
        for text in ["al\u{202E}revés", "\u{2066}a\u{2069}", "a\u{7}b", "a\u{202A}b\u{202C}"] {
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
                prop_assert!(!kept.chars().any(char::is_control) && !hides(&kept));
            }
        }
    }
}

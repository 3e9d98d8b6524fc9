//! An identity number, a bank account, a mobile telephone or a number plate in what everybody will read.
//! GDPR art. 5.1.c. Check letters and digits are verified, so that a file number is not taken for a person; landlines
//! and public-service numbers (8, 9, 900, 010, 112) are let pass: a town hall publishes its own.

use super::{
    Datum, Evidence,
    draft::{Piece, Seen},
};
use crate::text::{SpanKind, spans::Beside};

pub(crate) fn look(piece: &Piece<'_>) -> Vec<Seen> {
    let text = piece.text;
    let mut found = Vec::new();
    let links: Vec<_> = piece.spans.iter().filter(|span| span.kind == SpanKind::Link).copied().collect();
    let mut links = Beside::of(&links);
    let mut place = 0;
    while let Some(start) = text[place..].find(|c: char| c.is_ascii_alphanumeric() || c == '+').map(|step| place + step)
    {
        let fresh = !text[..start].chars().next_back().is_some_and(char::is_alphanumeric);
        let datum = if fresh { datum(&text[start..]) } else { None };
        // Figures in an address are not read by people.
        let datum = datum.filter(|(_, length)| !links.touches(start, start + length));
        match datum {
            Some((datum, length)) => {
                let masked = mask(&text[start..start + length]);
                found.push(Seen { range: Some((start, start + length)), evidence: Evidence::Datum { datum, masked } });
                place = start + length;
            }
            None => place = start + 1,
        }
    }
    found
}

/// Reads one kind of datum off the beginning of a text: its length.
type Reader = fn(&str) -> Option<usize>;

/// What personal datum the text begins with, and its length.
fn datum(text: &str) -> Option<(Datum, usize)> {
    let kinds: [(Datum, Reader); 5] =
        [(Datum::Iban, iban), (Datum::Nie, nie), (Datum::Dni, dni), (Datum::Phone, phone), (Datum::Plate, plate)];
    let ends = |length: usize| !text[length..].chars().next().is_some_and(char::is_alphanumeric);
    kinds.into_iter().find_map(|(datum, of)| of(text).filter(|length| ends(*length)).map(|length| (datum, length)))
}

/// Reads `count` digits with at most one separator between any two: the digits and the length.
fn digits(text: &str, count: usize) -> Option<(Vec<u8>, usize)> {
    let mut digits = Vec::with_capacity(count);
    let mut separated = true;
    for (place, c) in text.char_indices() {
        if let Some(digit) = c.to_digit(10) {
            // Below 10 by construction.
            digits.push(digit as u8);
            separated = false;
            if digits.len() == count {
                return Some((digits, place + 1));
            }
        } else if is_separator(c) && !separated {
            separated = true;
        } else {
            return None;
        }
    }
    None
}

const fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '.' | '-' | '/' | '\u{A0}' | '\u{2009}' | '\u{202F}' | '\u{2011}')
}

fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(*digit))
}

/// The letter behind a number, with a separator between at most; behind a blank only a capital one (`12345678 y`).
fn letter(text: &str) -> Option<(u8, usize)> {
    let bytes = text.as_bytes();
    match *bytes.first()? {
        first if first.is_ascii_alphabetic() => Some((first.to_ascii_uppercase(), 1)),
        b'-' => bytes.get(1).filter(|byte| byte.is_ascii_alphabetic()).map(|byte| (byte.to_ascii_uppercase(), 2)),
        b' ' => bytes.get(1).filter(|byte| byte.is_ascii_uppercase()).map(|byte| (*byte, 2)),
        _ => None,
    }
}

/// Royal Decree 1553/2005: the remainder by 23 picks the letter.
fn is_control(number: u64, letter: u8) -> bool {
    b"TRWAGMYFPDXBNJZSQVHLCKE".get((number % 23) as usize) == Some(&letter)
}

fn dni(text: &str) -> Option<usize> {
    let (digits, length) = digits(text, 8)?;
    let (letter, more) = letter(&text[length..])?;
    is_control(number(&digits), letter).then_some(length + more)
}

fn nie(text: &str) -> Option<usize> {
    // X, Y and Z stand for 0, 1 and 2.
    let lead = match text.as_bytes().first()?.to_ascii_uppercase() {
        b'X' => 0,
        b'Y' => 1,
        b'Z' => 2,
        _ => return None,
    };
    let skip = if matches!(text.as_bytes().get(1), Some(b'-' | b' ')) { 2 } else { 1 };
    let (digits, length) = digits(&text[skip..], 7)?;
    let (letter, more) = letter(&text[skip + length..])?;
    is_control(lead * 10_000_000 + number(&digits), letter).then_some(skip + length + more)
}

/// Mobile telephones: nine digits from 6 or 7 on, with or without Spain's prefix.
fn phone(text: &str) -> Option<usize> {
    let prefix = ["+34", "0034"].into_iter().find(|prefix| text.starts_with(prefix)).map_or(0, str::len);
    let blank = text[prefix..].chars().next().filter(|c| prefix > 0 && is_separator(*c)).map_or(0, char::len_utf8);
    let (digits, length) = digits(&text[prefix + blank..], 9)?;
    let end = prefix + blank + length;
    if !matches!(digits[0], 6 | 7) {
        return None;
    }
    // "600.000.000 €" is money.
    let behind = text[end..].trim_start().to_lowercase();
    let amount = ["€", "euro", "$", "millon", "habitante", "m²", "m2"].iter().any(|unit| behind.starts_with(unit));
    (prefix > 0 || !amount).then_some(end)
}

/// Spanish plates since 2000: four digits and three consonants (no vowels, no Ñ, no Q).
fn plate(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let skip = if matches!(bytes.get(4), Some(b' ' | b'-')) { 5 } else { 4 };
    let (number, letters) = (bytes.get(..4)?, bytes.get(skip..skip + 3)?);
    let consonant = |byte: &u8| byte.is_ascii_uppercase() && !matches!(byte, b'A' | b'E' | b'I' | b'O' | b'U' | b'Q');
    // "1200 GMT" is an hour.
    let fits = number.iter().all(u8::is_ascii_digit) && letters.iter().all(consonant) && letters != b"GMT";
    fits.then_some(skip + 3)
}

/// Lengths of the accounts that a Spanish town may meet (the IBAN registry).
const ACCOUNTS: [(&[u8; 2], usize); 16] = [
    (b"ES", 24),
    (b"AD", 24),
    (b"PT", 25),
    (b"FR", 27),
    (b"IT", 27),
    (b"DE", 22),
    (b"GB", 22),
    (b"IE", 22),
    (b"NL", 18),
    (b"BE", 16),
    (b"LU", 20),
    (b"AT", 20),
    (b"CH", 21),
    (b"PL", 28),
    (b"RO", 24),
    (b"BG", 22),
];

/// ISO 13616: moved by four and read as a number, it leaves 1 by 97.
fn iban(text: &str) -> Option<usize> {
    let country = [text.as_bytes().first()?.to_ascii_uppercase(), text.as_bytes().get(1)?.to_ascii_uppercase()];
    let (_, count) = ACCOUNTS.iter().find(|(known, _)| **known == country)?;
    let mut signs = Vec::with_capacity(*count);
    let mut separated = true;
    let mut end = 0;
    for (place, c) in text.char_indices() {
        if c.is_ascii_alphanumeric() {
            signs.push(c.to_ascii_uppercase());
            separated = false;
            if signs.len() == *count {
                end = place + 1;
                break;
            }
        } else if is_separator(c) && !separated {
            separated = true;
        } else {
            return None;
        }
    }
    if end == 0 {
        return None;
    }
    signs.rotate_left(4);
    let rest = signs.into_iter().filter_map(|sign| sign.to_digit(36)).fold(0, |rest: u32, value| {
        let shift = if value < 10 { 10 } else { 100 };
        (rest * shift + value) % 97
    });
    (rest == 1).then_some(end)
}

/// The datum with all but its last two characters covered.
fn mask(datum: &str) -> String {
    let signs = datum.chars().filter(|c| c.is_alphanumeric()).count();
    let mut seen = 0;
    let cover = |c: char| {
        if !c.is_alphanumeric() {
            return c;
        }
        seen += 1;
        if seen + 2 > signs { c } else { '•' }
    };
    datum.chars().map(cover).collect()
}

#[cfg(test)]
mod tests {
    use super::super::draft::seen;
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<(Datum, &str)> {
        seen(look, text)
            .into_iter()
            .map(|(evidence, words)| match evidence {
                Evidence::Datum { datum, .. } => (datum, words),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn identity_numbers_are_known_by_their_letter() {
        for dni in ["12345678Z", "12345678-Z", "12.345.678-Z", "12345678 Z", "00000000t", "12 345 678 Z"] {
            assert_eq!(found(&format!("DNI {dni}, vecino")), [(Datum::Dni, dni)], "{dni}");
        }
        for nie in ["X1234567L", "X-1234567-L", "Y1234567X", "z1234567r"] {
            assert_eq!(found(&format!("({nie})")), [(Datum::Nie, nie)], "{nie}");
        }
        for text in ["12345678A", "X1234567A", "112345678Z", "12345678ZA", "A12345678Z", "12345678 y más", "ñ12345678Z"]
        {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn accounts_are_known_by_their_remainder() {
        for iban in ["ES9121000418450200051332", "ES91 2100 0418 4502 0005 1332", "DE89370400440532013000"] {
            assert_eq!(found(&format!("Ingreso en {iban}. Gracias")), [(Datum::Iban, iban)], "{iban}");
        }
        assert_eq!(found("ES9221000418450200051332"), []);
        assert_eq!(found("ES91 2100"), []);
    }

    #[test]
    fn mobile_telephones_are_personal_and_those_of_service_are_not() {
        for phone in ["600123456", "600 123 456", "600 12 34 56", "+34 712 345 678", "+34600123456", "0034 600-123-456"]
        {
            assert_eq!(found(&format!("📞{phone}.")), [(Datum::Phone, phone)], "{phone}");
        }
        for text in [
            "112",
            "010",
            "900 123 456",
            "912 345 678",
            "+34 812 345 678",
            "902123456",
            "600.000.000 €",
            "6001234567",
            "https://a.es/600123456",
            "700 000 000 euros",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn plates_have_no_vowels() {
        for plate in ["1234 BCD", "1234BCD", "0000-XYZ"] {
            assert_eq!(found(&format!("el coche {plate}")), [(Datum::Plate, plate)], "{plate}");
        }
        for text in ["1234 ABC", "1200 GMT", "2026 bcn", "12345 BCD", "1234 BCDF", "1234"] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn only_the_last_two_characters_are_kept() {
        assert_eq!(mask("12.345.678-Z"), "••.•••.••8-Z");
        assert_eq!(mask("600 123 456"), "••• ••• •56");
    }

    proptest! {
        #[test]
        fn any_number_with_its_letter_is_found_and_with_another_is_not(number in 0_u64..100_000_000, other in 0_usize..23) {
            let letters = b"TRWAGMYFPDXBNJZSQVHLCKE";
            let text = format!("{number:08}{}", char::from(letters[other]));
            let is_its = (number % 23) as usize == other;
            let dni: Vec<_> = found(&text).into_iter().filter(|(datum, _)| *datum == Datum::Dni).collect();
            prop_assert_eq!(!dni.is_empty(), is_its);
        }

        #[test]
        fn no_text_breaks_it(text in "([0-9]{1,9}|[XYZES]|[ .+-]|ñ|🎉|\\PC){0,30}") {
            for (_, words) in found(&text) {
                prop_assert!(!words.is_empty());
            }
        }
    }
}

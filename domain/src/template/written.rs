//! Days, hours and numbers as each language writes them.
//! Separate from `words`: a town publishes in languages that the desk does not speak. One that is not known here gets the
//! day as machines write it, which nobody can misread.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use crate::Language;

/// The months of a language, January first, and its days, Monday first.
struct Names {
    months: [&'static str; 12],
    days: [&'static str; 7],
}

const SPANISH: Names = Names {
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    days: ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
};
const CATALAN: Names = Names {
    months: [
        "de gener",
        "de febrer",
        "de març",
        "d’abril",
        "de maig",
        "de juny",
        "de juliol",
        "d’agost",
        "de setembre",
        "d’octubre",
        "de novembre",
        "de desembre",
    ],
    days: ["dilluns", "dimarts", "dimecres", "dijous", "divendres", "dissabte", "diumenge"],
};
const GALICIAN: Names = Names {
    months: [
        "xaneiro", "febreiro", "marzo", "abril", "maio", "xuño", "xullo", "agosto", "setembro", "outubro", "novembro",
        "decembro",
    ],
    days: ["luns", "martes", "mércores", "xoves", "venres", "sábado", "domingo"],
};
const BASQUE: Names = Names {
    months: [
        "urtarrilaren",
        "otsailaren",
        "martxoaren",
        "apirilaren",
        "maiatzaren",
        "ekainaren",
        "uztailaren",
        "abuztuaren",
        "irailaren",
        "urriaren",
        "azaroaren",
        "abenduaren",
    ],
    days: ["astelehena", "asteartea", "asteazkena", "osteguna", "ostirala", "larunbata", "igandea"],
};
const ENGLISH: Names = Names {
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
};

/// "sábado 28 de noviembre de 2026".
pub fn date(language: &Language, day: NaiveDate) -> String {
    let named = |names: &'static Names| {
        let month = names.months.get(day.month0() as usize).copied().unwrap_or_default();
        let weekday = names.days.get(day.weekday().num_days_from_monday() as usize).copied().unwrap_or_default();
        (weekday, day.day(), month, day.year())
    };
    match language.primary() {
        "es" => {
            let (weekday, day, month, year) = named(&SPANISH);
            format!("{weekday} {day} de {month} de {year}")
        }
        "ca" => {
            let (weekday, day, month, year) = named(&CATALAN);
            format!("{weekday} {day} {month} de {year}")
        }
        "gl" => {
            let (weekday, day, month, year) = named(&GALICIAN);
            format!("{weekday} {day} de {month} de {year}")
        }
        "eu" => {
            let (weekday, day, month, year) = named(&BASQUE);
            format!("{year}ko {month} {day}a, {weekday}")
        }
        "en" => {
            let (weekday, day, month, year) = named(&ENGLISH);
            format!("{weekday} {day} {month} {year}")
        }
        _ => day.to_string(),
    }
}

/// "9:30": by the clock of the organisation, as the public pages write it.
pub fn time(time: NaiveTime) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

/// "12.500,50" or "12,500.50"; nothing for what is no number. Four digits stay together: a year or a postcode is no sum.
pub fn number(language: &Language, given: &str) -> Option<String> {
    let given = given.trim();
    let (sign, digits) = given.strip_prefix('-').map_or(("", given), |digits| ("-", digits));
    let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    let all_digits =
        |text: &str| !text.is_empty() && text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(part) {
        return None;
    }
    let (thousands, point) = if language.primary() == "en" { (',', '.') } else { ('.', ',') };
    let mut out = sign.to_owned();
    for (place, digit) in whole.chars().enumerate() {
        if whole.len() > 4 && place > 0 && (whole.len() - place) % 3 == 0 {
            out.push(thousands);
        }
        out.push(digit);
    }
    if digits.len() > whole.len() {
        out.push(point);
        out.push_str(part);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(tag: &str, day: &str) -> String {
        date(&tag.parse().unwrap(), day.parse().unwrap())
    }

    #[test]
    fn a_day_is_written_as_each_language_writes_it() {
        assert_eq!(said("es", "2026-11-28"), "sábado 28 de noviembre de 2026");
        assert_eq!(said("en-gb", "2026-11-28"), "Saturday 28 November 2026");
        assert_eq!(said("ca", "2026-04-01"), "dimecres 1 d’abril de 2026");
        assert_eq!(said("gl", "2026-01-06"), "martes 6 de xaneiro de 2026");
        assert_eq!(said("eu", "2026-12-31"), "2026ko abenduaren 31a, osteguna");
        assert_eq!(said("pt", "2026-12-31"), "2026-12-31", "nobody misreads it");
    }

    #[test]
    fn a_number_has_the_points_of_its_language_and_a_year_none() {
        let number = |tag: &str, given: &str| number(&tag.parse().unwrap(), given);
        assert_eq!(number("es", "12500.50").as_deref(), Some("12.500,50"));
        assert_eq!(number("en", "1234567,5").as_deref(), Some("1,234,567.5"));
        assert_eq!(number("es", "2026").as_deref(), Some("2026"));
        assert_eq!(number("es", "-3").as_deref(), Some("-3"));
        for wrong in ["", "doce", "1.2.3", ".5", "5.", "1e3", "1234567890123456"] {
            assert_eq!(number("es", wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_hour_is_that_of_the_clock_on_the_town_hall() {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        assert_eq!((time(at(9, 0)), time(at(18, 5))), ("9:00".to_owned(), "18:05".to_owned()));
    }
}

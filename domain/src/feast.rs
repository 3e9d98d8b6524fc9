//! Public holidays: which days are none of work in a region of Spain, by name. Separate from `mark` and `hours`, which keep
//! what an organisation takes of them: a table may be wrong about a year to come, an organisation's own calendar says what holds.
//!
//! The table is made by an independent library (`tests/api/calendar/feasts.py`, and a journey compares the two), from
//! art. 37.2 of the Estatuto de los Trabajadores and art. 45 of RD 2001/1983. A year is certain once the BOE has its
//! resolution, in the October before; the two local days of each town are nobody's but its own.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use crate::slot::read_day;

const SPAIN: &str = include_str!("feast/spain.csv");

/// The years that the table knows.
pub const YEARS: RangeInclusive<i32> = 2026..=2030;

/// The regions, by their codes of ISO 3166-2:ES.
pub const REGIONS: [&str; 19] =
    ["AN", "AR", "AS", "CN", "CB", "CL", "CM", "CT", "CE", "VC", "EX", "GA", "IB", "RI", "MD", "ML", "MC", "NC", "PV"];

/// A public holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feast {
    /// The day.
    pub day: NaiveDate,
    /// Its name in Spanish.
    pub es: &'static str,
    /// Its name in English.
    pub en: &'static str,
}

/// The public holidays of a region in a year, in order.
pub fn feasts(region: &str, year: i32) -> Vec<Feast> {
    let line = |line: &'static str| {
        let mut cells = line.split(';');
        let (day, regions, es, en) = (read_day(cells.next()?)?, cells.next()?, cells.next()?, cells.next()?);
        let holds = REGIONS.contains(&region) && (regions == "*" || regions.split(' ').any(|one| one == region));
        (holds && chrono::Datelike::year(&day) == year).then_some(Feast { day, es, en })
    };
    SPAIN.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_region_has_its_own_days_and_those_of_all() {
        let names = |region: &str| feasts(region, 2027).iter().map(|feast| feast.es).collect::<Vec<_>>();
        assert!(names("CL").contains(&"Fiesta de Castilla y León") && names("CL").contains(&"Viernes Santo"));
        assert!(!names("MD").contains(&"Fiesta de Castilla y León"));
        assert_eq!(feasts("XX", 2027), []);
    }

    #[test]
    fn each_region_has_at_most_fourteen_a_year_less_the_two_of_its_towns() {
        for (region, year) in REGIONS.into_iter().flat_map(|region| YEARS.map(move |year| (region, year))) {
            let all = feasts(region, year);
            let days: BTreeSet<_> = all.iter().map(|feast| feast.day).collect();
            // Eight hold everywhere; Ceuta and Melilla add those of their towns and of Islam to the twelve.
            assert!((8..=16).contains(&days.len()), "{region} {year}: {all:?}");
            assert!(all.is_sorted_by_key(|feast| feast.day), "{region} {year}");
            assert!(all.iter().all(|feast| !feast.es.is_empty() && !feast.en.is_empty()));
        }
        assert_eq!(feasts("AN", YEARS.end() + 1), []);
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        let read: usize = YEARS
            .map(|year| {
                let all = REGIONS.iter().flat_map(|region| feasts(region, year));
                all.map(|feast| (feast.day, feast.es)).collect::<BTreeSet<_>>().len()
            })
            .sum();
        assert_eq!(read, SPAIN.lines().count() - 1);
    }
}

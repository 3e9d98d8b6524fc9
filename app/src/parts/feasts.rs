//! The choice of a region and a year whose public holidays are wanted. Of the calendar, which notes them by name, and of the
//! hours of the house, which only skip them.

use chrono::{Datelike, NaiveDate};
use domain::feast::{Feast, REGIONS, YEARS, feasts};
use leptos::prelude::*;

use crate::{parts::arrange, platform::storage, state::lang, ui::Select};

/// The region that was chosen last: a town does not move.
const REGION: &str = "pregon.region";

/// The region that was chosen last; nothing if none was.
pub fn last_region() -> String {
    storage::read(REGION).filter(|region| REGIONS.contains(&region.as_str())).unwrap_or_default()
}

/// What was chosen.
#[derive(Debug, Clone, Copy)]
pub struct Chosen {
    region: RwSignal<String>,
    year: RwSignal<String>,
}

impl Chosen {
    /// The region of last time and the year that comes next, as far as the table knows.
    pub fn new(today: NaiveDate) -> Self {
        let region = last_region();
        // In December it is the new year that is planned.
        let year = if today.month() > 9 { today.year() + 1 } else { today.year() };
        let year = year.clamp(*YEARS.start(), *YEARS.end());
        Self { region: RwSignal::new(region), year: RwSignal::new(year.to_string()) }
    }

    /// The public holidays of what was chosen. Tracked.
    pub fn feasts(self) -> Vec<Feast> {
        let year = self.year.with(|year| year.parse().unwrap_or_default());
        self.region.with(|region| feasts(region, year))
    }
}

/// The choice of a region, which is kept for the next time.
#[component]
pub fn RegionField(region: RwSignal<String>) -> AnyView {
    let lang = lang();
    let mut regions: Vec<_> =
        REGIONS.iter().map(|code| ((*code).to_owned(), words::region_name(lang, code).to_owned())).collect();
    arrange(&mut regions, |(_, name)| name.clone());
    let mut options = vec![(String::new(), lang.feast_region_none().to_owned())];
    options.extend(regions);
    Effect::new(move |_| {
        let region = region.get();
        if !region.is_empty() {
            storage::keep(REGION, &region);
        }
    });
    view! { <Select label=lang.feast_region() value=region options/> }.into_any()
}

/// The two fields.
#[component]
pub fn FeastFields(chosen: Chosen) -> AnyView {
    let lang = lang();
    let years = YEARS.map(|year| (year.to_string(), year.to_string())).collect();
    view! {
        <RegionField region=chosen.region/>
        <Select label=lang.feast_year() value=chosen.year options=years/>
        <p class="hint">{lang.feast_hint()}</p>
    }
    .into_any()
}

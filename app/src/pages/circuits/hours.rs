//! The hours of the house: a line for each day, as people write them, and the holidays.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::{
    hours::{Hours, Shift},
    window,
};
use leptos::{ev, prelude::*};
use wire::bylaws::{OPEN, Open, Standing};

use super::Town;
use crate::{
    api,
    parts::{Chosen, FeastFields, ProblemNotice, Work},
    platform::time::{self, Form, date},
    state::{lang, session, toasts},
    ui::{Button, TextArea, TextField, Tone},
};

/// The hours.
#[component]
pub fn HoursForm(town: Town, saved: Callback<Standing>) -> AnyView {
    let lang = lang();
    let (work, version) = (Work::new(), town.standing.version);
    let hours = &town.standing.bylaws.hours;
    let days: Vec<RwSignal<String>> = hours.week.iter().map(|shifts| RwSignal::new(written(shifts))).collect();
    let holidays = hours.holidays.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let holidays = RwSignal::new(holidays);
    let bad_days = Signal::derive(move || {
        let bad = holidays.with(|text| free_days(text).is_none());
        bad.then(|| lang.circuits_holidays_bad().to_owned())
    });
    // Any Monday names the days.
    let monday = window::monday(NaiveDate::default());
    let fields = days.iter().zip(monday.iter_days()).map(|(value, day)| {
        let value = *value;
        let error = Signal::derive(move || {
            value.with(|text| shifts(text).is_none()).then(|| lang.circuits_hours_bad().to_owned())
        });
        view! { <TextField label=date(day, lang.tag(), Form::Weekday) value error/> }
    });
    let fields = fields.collect::<Vec<_>>();
    let stored = StoredValue::new(days);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let week: Option<Vec<Vec<Shift>>> =
            stored.with_value(|days| days.iter().map(|day| day.with_untracked(|text| shifts(text))).collect());
        let week: Option<[Vec<Shift>; 7]> = week.and_then(|week| week.try_into().ok());
        let (Some(week), Some(holidays)) = (week, holidays.with_untracked(|text| free_days(text))) else { return };
        let asked = Open { version, hours: Hours { week, holidays } };
        work.run(async move { api::call(&OPEN, &[], &asked).await }, move |standing| {
            toasts::done(lang.general_saved());
            saved.run(standing);
        });
    };
    // Into the field, where they are seen and can be changed before anything is kept.
    let chosen = Chosen::new(
        session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.civil(time::now()).date())).unwrap_or_default(),
    );
    let nothing = Signal::derive(move || chosen.feasts().is_empty() || bad_days.with(Option::is_some));
    let take = move || {
        let Some(mut days) = holidays.with_untracked(|text| free_days(text)) else { return };
        days.extend(chosen.feasts().iter().map(|feast| feast.day));
        holidays.set(days.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    };
    view! {
        <section class="card">
            <h2>{lang.circuits_hours()}</h2>
            <p class="soft">{lang.circuits_hours_text()}</p>
            <p class="hint">{lang.circuits_hours_hint()}</p>
            <form on:submit=submit>
                <fieldset class="stack" disabled=!town.manages aria-label=lang.circuits_hours()>
                    <div class="circuit-rule">{fields}</div>
                    <TextArea label=lang.circuits_holidays() hint=lang.circuits_holidays_hint() value=holidays error=bad_days
                        rows=4 most=5_000/>
                    {town.manages.then(|| view! {
                        <details>
                            <summary>{lang.feast_to_hours()}</summary>
                            <div class="stack">
                                <FeastFields chosen/>
                                <div class="actions">
                                    <Button disabled=nothing on_press=take>{lang.feast_to_hours()}</Button>
                                </div>
                            </div>
                        </details>
                    })}
                    <ProblemNotice problem=work.problem/>
                    {town.manages.then(|| view! {
                        <div class="actions end">
                            <Button tone=Tone::Primary submit=true busy=work.busy>{lang.general_save()}</Button>
                        </div>
                    })}
                </fieldset>
            </form>
        </section>
    }
    .into_any()
}

/// A day as people write it: `8:00-15:00, 17:00-19:00`.
fn written(shifts: &[Shift]) -> String {
    let clock = |minutes: u16| {
        let (hour, minute) = (minutes / 60, minutes % 60);
        let zero = if minute < 10 { "0" } else { "" };
        [&hour.to_string(), ":", zero, &minute.to_string()].concat()
    };
    let one = |shift: &Shift| [clock(shift.from), clock(shift.until)].join("-");
    shifts.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The stretches of a day; nothing if it cannot be read. What is wrong with hours that can be read is the engine's to
/// say.
fn shifts(text: &str) -> Option<Vec<Shift>> {
    let clock = |text: &str| {
        let (hour, minute) = text.trim().split_once(':').unwrap_or((text.trim(), "0"));
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
    };
    let stretch = |text: &str| {
        let (from, until) = text.split_once(['-', '–'])?;
        Some(Shift { from: clock(from)?, until: clock(until)? })
    };
    text.split(',').filter(|piece| !piece.trim().is_empty()).map(stretch).collect()
}

fn free_days(text: &str) -> Option<BTreeSet<NaiveDate>> {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| line.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_day_is_read_as_it_is_written() {
        let split = vec![Shift { from: 540, until: 840 }, Shift { from: 960, until: 1_085 }];
        assert_eq!(written(&split), "9:00-14:00, 16:00-18:05");
        assert_eq!(shifts(&written(&split)), Some(split));
        assert_eq!(shifts(""), Some(Vec::new()));
        assert_eq!(shifts("8-15"), Some(vec![Shift { from: 480, until: 900 }]));
        for bad in ["8:00", "ocho-quince", "8:61-9:00", "25:00-26:00"] {
            assert_eq!(shifts(bad), None, "{bad}");
        }
        assert_eq!(free_days("2026-12-08\n\n2026-12-25").map(|days| days.len()), Some(2));
        assert_eq!(free_days("ocho de diciembre"), None);
    }
}

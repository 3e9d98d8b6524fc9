//! A second clock beside the town's: how one is chosen, and how hours are told by it. Nothing is ever placed by it.

use chrono::NaiveDate;
use domain::{Moment, Refusal, elsewhere::Elsewhere, window::change_there, zone::Zone};
use leptos::{ev, prelude::*, task::spawn_local};
use wire::calendar::{Named, ZONE};
use words::Lang;

use super::day::offset;
use crate::{
    api::{self, Answer, Problem},
    parts::ProblemNotice,
    platform::time::{self, Form},
    state::{
        lang,
        second::{self, Reading},
        session,
    },
    ui::{Button, Select, TextField},
};

/// The zones that most will choose; any other by its name.
const OFFERED: [&str; 7] = [
    "Atlantic/Canary",
    "Europe/Madrid",
    "Atlantic/Azores",
    "Europe/London",
    "America/New_York",
    "America/Mexico_City",
    "America/Argentina/Buenos_Aires",
];

/// No zone is called so.
const OTHER: &str = "other";

/// What a zone is called beside an hour.
fn short(lang: Lang, zone: &str) -> String {
    let known = match zone {
        "Atlantic/Canary" => lang.clock_canary(),
        "Europe/Madrid" => lang.clock_madrid(),
        "Europe/London" => lang.clock_london(),
        "America/New_York" => lang.clock_new_york(),
        "America/Mexico_City" => lang.clock_mexico(),
        // The town of it: "Buenos Aires" of "America/Argentina/Buenos_Aires".
        _ => return zone.rsplit('/').next().unwrap_or(zone).replace('_', " "),
    };
    known.to_owned()
}

/// "09:00 Canarias"; with the day where it is another, and the distance from Greenwich where the hour exists twice.
fn hour(there: &Zone, at: Moment) -> String {
    let lang = lang();
    let told = session().me.with_untracked(|me| me.as_ref().map(|me| Elsewhere::at(at, &me.zone, there)));
    let Some(Elsewhere { civil, other_day, twice }) = told else { return String::new() };
    let clock = time::civil(civil, lang.tag(), Form::Time);
    let clock = match twice {
        Some(seconds) => [clock, offset(seconds)].join(" "),
        None => clock,
    };
    let name = short(lang, &there.name);
    if other_day {
        lang.clock_other_day(clock, time::civil(civil, lang.tag(), Form::Weekday), name)
    } else {
        [clock, name].join(" ")
    }
}

/// What its clocks do on a day of the town's, at the hour that they show afterwards.
fn change(there: &Zone, day: NaiveDate) -> Option<String> {
    let lang = lang();
    let change = session().me.with_untracked(|me| change_there(day, &me.as_ref()?.zone, there))?;
    let (minutes, when) = (change.by.unsigned_abs(), hour(there, change.at));
    Some(if change.by > 0 { lang.clock_forward(minutes, when) } else { lang.clock_back(minutes, when) })
}

/// Asks for a zone and shows its clock.
async fn bring(name: String) -> Answer<()> {
    let answer = api::call(&ZONE, &[], &Named { name: name.clone() }).await;
    // Another may have been chosen since.
    if second::wished() != name {
        return Ok(());
    }
    match answer {
        Ok(zone) => {
            second::show(Some(Reading { zone, hour, change }));
            Ok(())
        }
        Err(problem) => {
            // What is no zone is not asked for at the next visit.
            if matches!(problem.refusal(), Some(Refusal::UnknownZone)) {
                second::wish(&second::shown().get_untracked());
            }
            Err(problem)
        }
    }
}

/// Shows the clock that was chosen at another visit. Without it hours are told as ever.
pub fn begin() {
    spawn_local(async {
        let _ = bring(second::wished()).await;
    });
}

/// The choice.
#[component]
pub fn Clock() -> AnyView {
    let lang = lang();
    let (own, wished) = (session().zone(), second::wished());
    let mut options = vec![(String::new(), lang.clock_none().to_owned())];
    let offered = OFFERED.into_iter().filter(|zone| *zone != own);
    options.extend(offered.map(|zone| (zone.to_owned(), short(lang, zone))));
    let is_listed = options.iter().any(|(zone, _)| *zone == wished);
    options.push((OTHER.to_owned(), lang.entry_zone_other().to_owned()));
    let (chosen, typed) = match is_listed {
        true => (wished, String::new()),
        false => (OTHER.to_owned(), wished),
    };
    let (chosen, typed) = (RwSignal::new(chosen), RwSignal::new(typed));
    let problem = RwSignal::new(None::<Problem>);
    let take = move |name: String| {
        problem.set(None);
        second::wish(&name);
        if name.is_empty() {
            second::show(None);
            return;
        }
        spawn_local(async move {
            if let Err(why) = bring(name).await {
                // The choice may have been closed.
                let _ = problem.try_set(Some(why));
            }
        });
    };
    Effect::watch(
        move || chosen.get(),
        move |now, _, _| {
            // Another is taken once its name is written.
            if now != OTHER {
                take(now.clone());
            }
        },
        false,
    );
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        take(typed.with_untracked(|typed| typed.trim().to_owned()));
    };
    let other = move || {
        chosen.with(|chosen| chosen == OTHER).then(|| {
            view! {
                <form class="row clock-other" on:submit=submit>
                    <TextField label=lang.entry_zone_name() hint=lang.entry_zone_hint() value=typed required=true most=64 />
                    <Button submit=true>{lang.clock_show()}</Button>
                </form>
            }
        })
    };
    view! {
        <div class="sieve" role="group" aria-label=lang.clock_second()>
            <Select label=lang.clock_choose() hint=lang.clock_hint(session().zone()) value=chosen options />
            {other}
            <ProblemNotice problem />
        </div>
    }
    .into_any()
}

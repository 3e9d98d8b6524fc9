//! What is spoken of and whom it is for: how many posts each pillar and each audience has in the week and in the month,
//! and how many say none.

use domain::{Themes, promise::Coverage};
use leptos::prelude::*;
use words::{named_audience, pillar_name};

use crate::state::lang;

/// The table.
pub fn covers(themes: &Themes, week: &Coverage, month: &Coverage) -> AnyView {
    let lang = lang();
    let both = |of: &dyn Fn(&Coverage) -> u32| [of(week), of(month)];
    let mut rows = vec![(lang.promise_covers_all().to_owned(), both(&|one| one.posts))];
    let pillars = themes
        .pillars
        .iter()
        .map(|pillar| (pillar_name(lang, pillar), pillar.archived, both(&|one| counted(&one.pillars, &pillar.id))));
    let audiences = themes.audiences.iter().map(|audience| {
        (named_audience(lang, audience), audience.archived, both(&|one| counted(&one.audiences, &audience.id)))
    });
    let (mut pillars, mut audiences) = (standing(pillars), standing(audiences));
    if !pillars.is_empty() {
        pillars.push((lang.promise_no_pillar().to_owned(), both(&|one| one.no_pillar)));
    }
    if !audiences.is_empty() {
        audiences.push((lang.promise_no_audience().to_owned(), both(&|one| one.no_audience)));
    }
    let neither = (!pillars.is_empty() && !audiences.is_empty())
        .then(|| (lang.promise_neither().to_owned(), both(&|one| one.neither)));
    rows.extend(pillars.into_iter().chain(audiences).chain(neither));
    let lines = rows.into_iter().map(|(name, [week, month])| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td data-label=lang.promise_covers_week()>{week}</td>
                <td data-label=lang.promise_covers_month()>{month}</td>
            </tr>
        }
    });
    view! {
        <section class="card">
            <h2>{lang.promise_covers()}</h2>
            <p class="hint">{lang.promise_covers_text()}</p>
            <table class="table plan-covers">
                <thead>
                    <tr>
                        <th scope="col">{lang.promise_covers_what()}</th>
                        <th scope="col">{lang.promise_covers_week()}</th>
                        <th scope="col">{lang.promise_covers_month()}</th>
                    </tr>
                </thead>
                <tbody>{lines.collect::<Vec<_>>()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

/// What was given up is named only where something still stands under it.
fn standing(all: impl Iterator<Item = (String, bool, [u32; 2])>) -> Vec<(String, [u32; 2])> {
    let all = all.filter(|(_, archived, counts)| !archived || *counts != [0, 0]);
    all.map(|(name, _, counts)| (name, counts)).collect()
}

/// How many there are of one.
pub fn counted<T: PartialEq>(all: &[(T, u32)], wanted: &T) -> u32 {
    all.iter().find(|(one, _)| one == wanted).map_or(0, |(_, count)| *count)
}

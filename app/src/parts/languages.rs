//! Choosing languages of publication and a zone: both from a short list, with room for the rest.

use domain::Language;
use leptos::prelude::*;

use crate::{
    state::lang,
    ui::{Checkbox, Select, TextField},
};

/// What is offered; an organisation that has others keeps them.
const OFFERED: [&str; 8] = ["es", "ca", "gl", "eu", "oc", "ast", "an", "en"];

/// The zones that most will choose; any other by its name.
const ZONES: [&str; 3] = ["Europe/Madrid", "Atlantic/Canary", "Africa/Ceuta"];

/// Chooses languages, in the order in which they were chosen: the first is the main one.
#[component]
pub fn LanguagePicker(
    /// The name of the group.
    #[prop(into)]
    label: String,
    /// What helps to choose.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The languages.
    value: RwSignal<Vec<Language>>,
) -> impl IntoView {
    let mut offered: Vec<Language> = OFFERED.iter().filter_map(|tag| tag.parse().ok()).collect();
    for own in value.get_untracked() {
        if !offered.contains(&own) {
            offered.push(own);
        }
    }
    let boxes = offered.into_iter().map(|language| {
        let (asked, changed) = (language.clone(), language.clone());
        let checked = Signal::derive(move || value.with(|languages| languages.contains(&asked)));
        let change = move |wanted: bool| {
            value.update(|languages| {
                languages.retain(|other| *other != changed);
                if wanted {
                    languages.push(changed.clone());
                }
            });
        };
        view! { <Checkbox label=words::language_name(lang(), &language) checked=checked on_change=change/> }
    });
    view! {
        <fieldset class="field">
            <legend>{label}</legend>
            {hint.map(|hint| view! { <p class="hint">{hint}</p> })}
            <div class="row">{boxes.collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

/// Chooses a zone.
#[component]
pub fn ZonePicker(
    /// The zone's name.
    value: RwSignal<String>,
) -> impl IntoView {
    let lang = lang();
    let listed = move |zone: &str| ZONES.contains(&zone);
    let chosen =
        RwSignal::new(if value.with_untracked(|zone| listed(zone)) { value.get_untracked() } else { String::new() });
    let mut options: Vec<(String, String)> =
        ZONES.iter().map(|zone| ((*zone).to_owned(), zone.replace('_', " "))).collect();
    options.push((String::new(), lang.entry_zone_other().to_owned()));
    Effect::new(move |before: Option<String>| {
        let now = chosen.get();
        if before.is_some_and(|before| before != now) {
            value.set(now.clone());
        }
        now
    });
    view! {
        <Select label=lang.entry_zone() value=chosen options=options/>
        {move || {
            chosen
                .with(String::is_empty)
                .then(|| {
                    view! { <TextField label=lang.entry_zone_name() hint=lang.entry_zone_hint() value=value most=64/> }
                })
        }}
    }
    .into_any()
}

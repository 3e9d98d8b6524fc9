//! The data: name, kind, zone, languages, colour, crest.

use domain::{Colour, MediaId, Organisation, Refusal};
use leptos::{ev, prelude::*, task::spawn_local, wasm_bindgen::JsCast};
use web_sys::HtmlInputElement;
use wire::organisations::{CHANGE, ChangeOrganisation};

use super::super::set_up::{KINDS, kind_at, kind_options};
use crate::{
    api,
    parts::{LanguagePicker, ProblemNotice, Work, ZonePicker, problem_sentence, store_picture, tell_stilled},
    platform::pictures::{self, Unusable},
    state::{lang, session, toasts},
    ui::{Button, Select, TextField, Tone, unique},
};

/// The data.
#[component]
pub fn Data(organisation: Organisation) -> impl IntoView {
    let lang = lang();
    let Organisation { slug, name, kind, zone, languages, colour, crest, version, .. } = organisation;
    let name = RwSignal::new(name);
    let kind = RwSignal::new(KINDS.iter().position(|other| *other == kind).unwrap_or_default().to_string());
    let zone = RwSignal::new(zone);
    let languages = RwSignal::new(languages);
    let colour = RwSignal::new(colour.to_string());
    let crest = RwSignal::new(crest);
    let work = Work::new();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let change = ChangeOrganisation {
            version,
            name: name.get_untracked().trim().to_owned(),
            kind: kind.with_untracked(|place| kind_at(place)),
            zone: zone.get_untracked().trim().to_owned(),
            languages: languages.get_untracked(),
            colour: Colour::try_from(colour.get_untracked()).unwrap_or(Colour::DEFAULT),
            crest: crest.get_untracked(),
        };
        work.run(async move { api::call(&CHANGE, &[], &change).await }, |organisation| {
            toasts::done(crate::state::lang().general_saved());
            session().accept_organisation(organisation);
        });
    };
    let public = ["/", slug.as_str(), "/"].concat();
    view! {
        <form class="card" on:submit=submit>
            <div class="card-head">
                <h2>{lang.organisation_data()}</h2>
                <a href=public.clone() rel="external" target="_blank">{lang.organisation_address()} ": " {public.clone()}</a>
            </div>
            <TextField
                label=lang.organisation_name()
                hint=lang.organisation_name_hint()
                value=name
                required=true
                most=120
            />
            <div class="columns">
                <Select label=lang.organisation_kind() value=kind options=kind_options()/>
                <div class="stack"><ZonePicker value=zone/></div>
            </div>
            <LanguagePicker
                label=lang.organisation_languages()
                hint=lang.organisation_languages_hint()
                value=languages
            />
            <div class="columns">
                <TextField
                    label=lang.organisation_colour()
                    hint=lang.organisation_colour_hint()
                    kind="color"
                    value=colour
                />
                <Crest crest/>
            </div>
            <ProblemNotice problem=work.problem/>
            <div class="actions end">
                <Button tone=Tone::Primary submit=true busy=work.busy>{lang.general_save()}</Button>
            </div>
        </form>
    }
    .into_any()
}

/// The crest: what it is, and how to take another. It is stored at once and the organisation's only when saved.
#[component]
fn Crest(crest: RwSignal<Option<MediaId>>) -> impl IntoView {
    let lang = lang();
    let id = unique("crest");
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let choose = move |event: ev::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(file) = input.as_ref().and_then(HtmlInputElement::files).and_then(|files| files.get(0)) else {
            return;
        };
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            match store(file).await {
                Ok(media) => crest.set(Some(media)),
                Err(sentence) => trouble.set(Some(sentence)),
            }
            busy.set(false);
        });
    };
    view! {
        <div class="field">
            <label for=id.clone()>{lang.organisation_crest()}</label>
            <p class="hint">{lang.organisation_crest_hint()}</p>
            <input
                class="input"
                id=id
                type="file"
                accept="image/jpeg,image/png,image/webp"
                aria-busy=move || busy.get().then_some("true")
                on:change=choose
            />
            <p class="error" aria-live="polite">{move || trouble.get()}</p>
            {move || {
                crest
                    .get()
                    .map(|media| {
                        view! {
                            <div class="row">
                                <img class="crest-large" src=api::picture_address(&media) alt=lang.organisation_crest()/>
                                <Button on_press=move || crest.set(None)>{lang.organisation_crest_remove()}</Button>
                            </div>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

async fn store(file: web_sys::File) -> Result<MediaId, String> {
    let refused = |refusal: Refusal| words::refusal(lang(), &refusal).to_string();
    let name = file.name();
    let ready = pictures::prepare(file).await.map_err(|why| match why {
        Unusable::Heic => [name.as_str(), " ", lang().compose_picture_heic()].concat(),
        Unusable::Gif => [name.as_str(), " ", lang().compose_picture_gif()].concat(),
        Unusable::NotAPicture | Unusable::Broken => refused(Refusal::NotAPicture),
        Unusable::TooLarge => lang().organisation_crest_large().to_owned(),
    })?;
    tell_stilled(&ready);
    let brought = store_picture(&ready, api::Storing::Filed).await;
    brought.map(|brought| brought.stored.id).map_err(|problem| problem_sentence(&problem).to_string())
}

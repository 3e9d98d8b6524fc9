//! The first visit: the organisation, its first administrator, a passkey, the recovery codes. One form in two parts;
//! nothing is stored before the passkey is there.

use domain::{BodyKind, Colour, Language};
use leptos::{ev, prelude::*};
use leptos_router::hooks::use_navigate;
use wire::{organisations::Founding, session::EnrolBy};

use crate::{
    parts::{Ceremony, CeremonyNotice, Codes, Entry, LanguagePicker, ZonePicker, enrol},
    platform::page,
    routes,
    state::{lang, session},
    ui::{Button, Checkbox, Empty, Glyph, LinkButton, Select, TextField, Tone},
};

/// The kinds of body, in the order in which they are offered.
pub const KINDS: [BodyKind; 5] =
    [BodyKind::Municipality, BodyKind::Province, BodyKind::Region, BodyKind::State, BodyKind::Other];

/// The kind of this place in `KINDS`, as a select writes it.
pub fn kind_at(place: &str) -> BodyKind {
    place.parse::<usize>().ok().and_then(|place| KINDS.get(place).copied()).unwrap_or(BodyKind::Other)
}

/// The kinds, for a select.
pub fn kind_options() -> Vec<(String, String)> {
    let named =
        |(place, kind): (usize, &BodyKind)| (place.to_string(), words::body_kind_name(lang(), *kind).to_owned());
    KINDS.iter().enumerate().map(named).collect()
}

/// The first visit.
#[component]
pub fn SetUp() -> impl IntoView {
    let (lang, session) = (lang(), session());
    let token = page::take_fragment();
    let done = Memo::new(move |_| session.boot.with(|boot| boot.as_ref().is_some_and(|boot| boot.set_up)));
    let codes = RwSignal::new(None::<Vec<String>>);
    let navigate = StoredValue::new_local(use_navigate());
    let home = move || navigate.with_value(|navigate| navigate(routes::HOME, Default::default()));
    let arrived = move |kept: Option<Vec<String>>| match kept {
        Some(kept) => codes.set(Some(kept)),
        None => home(),
    };
    view! {
        <Entry>
            {move || match (codes.get(), &token) {
                (Some(codes), _) => view! { <Codes codes on_done=home/> }.into_any(),
                (None, _) if done.get() => {
                    view! {
                        <Empty title=lang.refusal_set_up_already_what() text=lang.refusal_set_up_already_next() whole=true>
                            <LinkButton href=routes::HOME tone=Tone::Primary>{lang.entry_sign_in_title()}</LinkButton>
                        </Empty>
                    }
                        .into_any()
                }
                (None, Some(token)) => {
                    view! { <Form token=token.clone() on_enrolled=Callback::new(arrived)/> }.into_any()
                }
                (None, None) => {
                    view! {
                        <Empty title=lang.entry_no_token_title() text=lang.entry_no_token_text() whole=true glyph=Glyph::Key/>
                    }
                        .into_any()
                }
            }}
        </Entry>
    }
    .into_any()
}

#[component]
fn Form(
    /// The token of the link.
    token: String,
    /// The recovery codes, once it is done.
    on_enrolled: Callback<Option<Vec<String>>>,
) -> impl IntoView {
    let (lang, session) = (lang(), session());
    let text = || RwSignal::new(String::new());
    let (name, administrator, email) = (text(), text(), text());
    let kind = RwSignal::new("0".to_owned());
    let zone = RwSignal::new("Europe/Madrid".to_owned());
    let languages = RwSignal::new(vec![Language::spanish()]);
    let colour = RwSignal::new(Colour::DEFAULT.to_string());
    // Most who come here are: a town that founds its desk has nobody in it yet.
    let alone = RwSignal::new(true);
    let second = RwSignal::new(false);
    let ceremony = Ceremony::new();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !second.get_untracked() {
            second.set(true);
            return;
        }
        let email = email.get_untracked().trim().to_owned();
        let founding = Founding {
            name: name.get_untracked().trim().to_owned(),
            kind: kind.with_untracked(|place| kind_at(place)),
            zone: zone.get_untracked().trim().to_owned(),
            languages: languages.get_untracked(),
            colour: Colour::try_from(colour.get_untracked()).unwrap_or(Colour::DEFAULT),
            administrator: administrator.get_untracked().trim().to_owned(),
            email: (!email.is_empty()).then_some(email),
            alone: alone.get_untracked(),
        };
        let by = EnrolBy::SetUp { token: token.clone(), founding: Box::new(founding) };
        ceremony.run(enrol(by, String::new()), move |enrolled| {
            session.accept(enrolled.me);
            on_enrolled.run(enrolled.codes.map(|codes| codes.codes));
        });
    };
    // A part that is not shown must not be asked for, so it is not there at all.
    view! {
        <ol class="steps" aria-hidden="true">
            <li class="done"></li>
            <li class:done=move || second.get()></li>
            <li></li>
        </ol>
        <form class="stack" on:submit=submit>
            {move || match second.get() {
                false => {
                    view! {
                        <h1>{lang.entry_set_up_title()}</h1>
                        <p>{lang.entry_set_up_text()}</p>
                        <TextField
                            label=lang.organisation_name()
                            hint=lang.organisation_name_hint()
                            value=name
                            required=true
                            first=true
                            autocomplete="organization"
                        />
                        <Select label=lang.organisation_kind() value=kind options=kind_options()/>
                        <ZonePicker value=zone/>
                        <LanguagePicker
                            label=lang.organisation_languages()
                            hint=lang.organisation_languages_hint()
                            value=languages
                        />
                        <TextField
                            label=lang.organisation_colour()
                            hint=lang.organisation_colour_hint()
                            kind="color"
                            value=colour
                        />
                        <div class="wide-button">
                            <Button
                                tone=Tone::Primary
                                submit=true
                                disabled=Signal::derive(move || languages.with(Vec::is_empty))
                            >
                                {lang.general_next()}
                            </Button>
                        </div>
                    }
                        .into_any()
                }
                true => {
                    view! {
                        <h1>{lang.entry_administrator_title()}</h1>
                        <p>{lang.entry_administrator_text()}</p>
                        <TextField
                            label=lang.entry_own_name()
                            hint=lang.entry_own_name_hint()
                            value=administrator
                            required=true
                            first=true
                            autocomplete="organization-title"
                        />
                        <TextField
                            label=lang.entry_email_optional()
                            hint=lang.entry_email_hint()
                            value=email
                            kind="email"
                            autocomplete="email"
                        />
                        <Checkbox
                            label=lang.entry_alone()
                            hint=lang.entry_alone_hint()
                            checked=alone
                            on_change=move |now| alone.set(now)
                        />
                        <p class="hint">{lang.entry_passkey_explained()}</p>
                        <CeremonyNotice ceremony/>
                        <div class="actions">
                            <Button on_press=move || second.set(false)>{lang.general_back()}</Button>
                            <Button tone=Tone::Primary glyph=Glyph::Key submit=true busy=ceremony.busy>
                                {lang.entry_make_passkey()}
                            </Button>
                        </div>
                    }
                        .into_any()
                }
            }}
        </form>
    }
    .into_any()
}

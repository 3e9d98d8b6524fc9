//! What is looked at before it is kept: what an app covers of it, how well two colours of the brand are told apart, and whether there
//! are letters in it. Nothing of it stops anybody: it is told, and a person decides.

use domain::{
    contrast::{self, Legible},
    safe_area::{self, PLACES},
    story,
};
use leptos::prelude::*;
use wire::brand::View;
use words::{guise_name, network_name};

use super::{Desk, Place};
use crate::{
    state::lang,
    ui::{Gravity, Notice, Select},
};

/// The section.
pub fn section(desk: Desk, place: Place) -> AnyView {
    let lang = lang();
    view! {
        <fieldset class="workshop-part">
            <legend>{lang.workshop_checks()}</legend>
            {screen(desk)}
            {letters(desk, place)}
            <details class="workshop-contrast">
                <summary>{lang.workshop_contrast()}</summary>
                {desk.kit.draw(move |view| colours(&view))}
            </details>
        </fieldset>
    }
    .into_any()
}

/// The app whose signs are shown on the picture.
fn screen(desk: Desk) -> AnyView {
    let lang = lang();
    let chosen = RwSignal::new(String::new());
    Effect::watch(move || chosen.get(), move |place, _, _| desk.screen.set(place.parse::<usize>().ok()), false);
    let named = PLACES.into_iter().enumerate().map(|(place, (network, guise))| {
        (place.to_string(), [network_name(lang, network), ": ", guise_name(lang, guise)].concat())
    });
    let none = (String::new(), lang.workshop_screen_none().to_owned());
    let options = std::iter::once(none).chain(named).collect::<Vec<_>>();
    let said = move || {
        let (network, guise) = *PLACES.get(desk.screen.get()?)?;
        let source = safe_area::covered(network, guise)?.source;
        let (across, down) = desk.drawn();
        Some(if story::fills(across, down) {
            lang.workshop_screen_said(source.on, source.at)
        } else {
            lang.workshop_screen_shape().to_owned()
        })
    };
    view! {
        <Select label=lang.workshop_screen() hint=lang.workshop_screen_hint() value=chosen options/>
        <p class="hint workshop-source" role="status">{said}</p>
    }
    .into_any()
}

/// Whether there are letters in it: asked, for what finds them only guesses.
fn letters(desk: Desk, place: Place) -> AnyView {
    let lang = lang();
    let answer = RwSignal::new(String::new());
    Effect::watch(
        move || answer.get(),
        move |answer, _, _| {
            desk.letters.set(match answer.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            });
        },
        false,
    );
    let option = |value: &str, name: &str| (value.to_owned(), name.to_owned());
    let options = vec![
        option("", lang.workshop_letters_unsaid()),
        option("yes", lang.general_yes()),
        option("no", lang.general_no()),
    ];
    let (has, guessed) = (
        Memo::new(move |_| desk.has_letters()),
        Memo::new(move |_| desk.letters.with(Option::is_none) && desk.seems_lettered()),
    );
    let next = match place {
        Place::Library => lang.workshop_letters_library(),
        Place::Post => lang.workshop_letters_post(),
    };
    let asks = move || {
        has.get().then(|| {
            let title = if guessed.get() { lang.workshop_letters_seem() } else { lang.workshop_letters_are() };
            view! { <Notice gravity=Gravity::Warn title><p>{next}</p></Notice> }
        })
    };
    view! {
        <Select label=lang.workshop_letters() hint=lang.workshop_letters_hint() value=answer options/>
        <div role="status">{asks}</div>
    }
    .into_any()
}

/// Two colours, and how well one is read on the other.
fn colours(view: &View) -> AnyView {
    let lang = lang();
    let plain = [(lang.workshop_white(), [255; 3]), (lang.workshop_black(), [0; 3])];
    let own = view.kit.colours.iter().map(|colour| (colour.name.clone(), colour.rgb));
    let all: Vec<(String, [u8; 3])> = own.chain(plain.map(|(name, rgb)| (name.to_owned(), rgb))).collect();
    let options: Vec<(String, String)> =
        all.iter().enumerate().map(|(place, (name, _))| (place.to_string(), name.clone())).collect();
    let at = |place: usize| RwSignal::new(place.to_string());
    // The first of the brand, else black; on white.
    let white = view.kit.colours.len();
    let (letters, ground) = (at(if white == 0 { 1 } else { 0 }), at(white));
    let all = StoredValue::new(all);
    let of = move |chosen: RwSignal<String>| {
        let place = chosen.get().parse::<usize>().unwrap_or_default();
        all.with_value(|all| all.get(place).map_or([0; 3], |(_, rgb)| *rgb))
    };
    let said = move || {
        let ratio = contrast::ratio(of(letters), of(ground));
        let (whole, tenths) = contrast::said(ratio);
        match Legible::at(ratio) {
            Legible::No => lang.workshop_contrast_no(tenths, whole),
            Legible::Large => lang.workshop_contrast_large(tenths, whole),
            Legible::Yes => lang.workshop_contrast_yes(tenths, whole),
            Legible::Well => lang.workshop_contrast_well(tenths, whole),
        }
    };
    let css = move |chosen: RwSignal<String>| {
        let [red, green, blue] = of(chosen);
        format!("rgb({red} {green} {blue})")
    };
    let none = view.kit.colours.is_empty().then(|| view! { <p class="hint">{lang.workshop_contrast_none()}</p> });
    view! {
        <div class="workshop-pair">
            {none}
            <Select label=lang.workshop_contrast_letters() value=letters options=options.clone()/>
            <Select label=lang.workshop_contrast_ground() value=ground options/>
            // Without letters: nobody is to read what perhaps cannot be read.
            <div class="workshop-swatch" aria-hidden="true"
                style=("--swatch", move || css(letters)) style=("--ground", move || css(ground))><i></i></div>
            <p role="status">{said}</p>
        </div>
    }
    .into_any()
}

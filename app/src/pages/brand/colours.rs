//! The colours: each with its name and code, and how well it is told from white, black and the others, in words.

use domain::{
    Refusal,
    brand::{self, Colour, MOST_COLOURS, Reads},
    contrast,
};
use leptos::prelude::*;

use super::{Desk, acts};
use crate::{
    state::lang,
    ui::{Button, Glyph, TextField, live, svg, unique},
};

/// The heading: the focus goes there when a line has gone.
const TITLE: &str = "brand-colours";

/// A colour as it is being written.
#[derive(Debug, Clone, Copy)]
pub struct Ink {
    number: usize,
    name: RwSignal<String>,
    hex: RwSignal<String>,
}

impl Ink {
    /// Of one that stands.
    pub fn of(number: usize, colour: &Colour) -> Self {
        Self { number, name: RwSignal::new(colour.name.clone()), hex: RwSignal::new(colour.hex()) }
    }

    /// As it is sent.
    ///
    /// # Errors
    /// `BadColour`.
    pub fn read(self) -> Result<Colour, Refusal> {
        Ok(Colour { name: self.name.get_untracked(), rgb: brand::colour(&self.hex.get_untracked())? })
    }

    /// Its name and colour, if it is one. Tracked.
    fn seen(self) -> Option<Colour> {
        let rgb = self.hex.with(|hex| brand::colour(hex)).ok()?;
        Some(Colour { name: self.name.get(), rgb })
    }
}

/// The section.
#[component]
pub fn Colours(desk: Desk) -> AnyView {
    let lang = lang();
    let colours = desk.colours;
    let none = move || colours.with(Vec::is_empty).then(|| view! { <p>{lang.brand_colours_none()}</p> });
    let add = move || {
        let number = desk.number();
        let hex = desk.colours.with_untracked(Vec::is_empty).then(own).unwrap_or_else(|| "#1d4e89".to_owned());
        let ink = Ink { number, name: RwSignal::new(String::new()), hex: RwSignal::new(hex) };
        colours.update(|all| all.push(ink));
    };
    let full = Signal::derive(move || colours.with(Vec::len) >= MOST_COLOURS);
    view! {
        <section class="card">
            <h2 id=TITLE tabindex="-1">{lang.brand_colours()}</h2>
            <p class="hint">{lang.brand_colours_text()}</p>
            {none}
            <div class="brand-lines">
                <For each=move || colours.get() key=|ink| ink.number children=move |ink| line(desk, ink)/>
            </div>
            {desk.manages.then(|| view! {
                <div class="actions">
                    <Button glyph=Glyph::Plus disabled=full on_press=add>{lang.brand_colour_add()}</Button>
                </div>
            })}
        </section>
    }
    .into_any()
}

/// The organisation's own colour: the first of a kit is that one, as a rule.
fn own() -> String {
    let me = crate::state::session().me;
    me.with_untracked(|me| me.as_ref().map(|me| me.organisation.colour.to_string())).unwrap_or_default()
}

fn line(desk: Desk, ink: Ink) -> AnyView {
    let lang = lang();
    let Ink { number, name, hex } = ink;
    let called = move || {
        let name = name.get();
        if name.trim().is_empty() { lang.brand_colour_new().to_owned() } else { name }
    };
    let wrong = Signal::derive(move || {
        let bad = hex.with(|hex| !hex.trim().is_empty() && brand::colour(hex).is_err());
        bad.then(|| lang.brand_colour_wrong().to_owned())
    });
    // The browser's own field takes nothing but six digits, and shows black for anything else.
    let chosen = move || {
        let rgb = hex.with(|hex| brand::colour(hex)).unwrap_or_default();
        Colour { name: String::new(), rgb }.hex()
    };
    let id = unique("colour");
    let act = desk
        .manages
        .then(|| acts::of_line(desk.colours, TITLE, move |one| one.number == number, Signal::derive(called)));
    view! {
        <fieldset class="brand-line" disabled=!desk.manages>
            <legend>{called}</legend>
            <div class="brand-fields">
                <TextField label=lang.brand_colour_name() value=name required=true most=60/>
                <div class="field">
                    <label for=id.clone()>{lang.brand_colour_pick()}</label>
                    <input id=id class="input" type="color" prop:value=chosen
                        on:input=move |event| hex.set(event_target_value(&event))/>
                </div>
                <TextField label=lang.brand_colour_code() value=hex error=wrong required=true most=7/>
                {act}
            </div>
            <details>
                <summary>{lang.brand_contrast()}</summary>
                {live(move || told(desk, ink))}
            </details>
        </fieldset>
    }
    .into_any()
}

/// How it stands to white, black and each of the others.
fn told(desk: Desk, ink: Ink) -> AnyView {
    let lang = lang();
    let Some(own) = ink.seen() else { return ().into_any() };
    let plain = [(lang.brand_white(), [255; 3]), (lang.brand_black(), [0; 3])];
    let plain = plain.map(|(name, rgb)| Colour { name: name.to_owned(), rgb });
    let others = desk.colours.get().into_iter().filter(|one| one.number != ink.number).filter_map(Ink::seen);
    let one = |other: Colour| {
        let ratio = contrast::ratio(own.rgb, other.rgb);
        // Not rounded up: 4.48 is less than 4.5.
        let number = js_sys::Number::from((ratio * 10.0).floor() / 10.0);
        let number = String::from(number.to_locale_string(lang.tag()));
        let said = match Reads::of(own.rgb, other.rgb) {
            Reads::Text => lang.brand_reads_text(),
            Reads::Large => lang.brand_reads_large(),
            Reads::Hardly => lang.brand_reads_hardly(),
        };
        view! { <li>{sample(&own, &other)}<span>{lang.brand_contrast_with(other.name, number)}" "{said}</span></li> }
    };
    view! { <ul class="brand-contrasts">{plain.into_iter().chain(others).map(one).collect_view()}</ul> }.into_any()
}

/// Some letters of the one on the other. Drawn: a page may have no styles of an element's own.
fn sample(ink: &Colour, ground: &Colour) -> AnyView {
    let paper = svg("rect", "").with("width", "48").with("height", "28").with("rx", "4").with("fill", ground.hex());
    let letters = svg("text", "").with("x", "24").with("y", "20").with("text-anchor", "middle").with("fill", ink.hex());
    svg("svg", "brand-sample")
        .with("viewBox", "0 0 48 28")
        .with("aria-hidden", "true")
        .put(paper)
        .put(letters.put("Aa"))
        .into_any()
}

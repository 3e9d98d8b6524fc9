//! What is kept, in numbers: the ratio, where the part begins and how large it is, turning, and the longest side.

use domain::crop::{Measure, Part, Ratio, Wants};
use leptos::{ev, prelude::*};
use web_sys::HtmlInputElement;
use words::network_name;

use super::{As, Chosen, Desk};
use crate::{
    platform::pictures::LONGEST,
    state::lang,
    ui::{Button, Glyph, Select, unique},
};

/// The section.
pub fn section(desk: Desk, turn: Callback<()>) -> AnyView {
    let lang = lang();
    let ratio = RwSignal::new(String::new());
    // A choice of one is named by its place.
    Effect::watch(
        move || ratio.get(),
        move |place, _, _| {
            let wanted = place.parse::<usize>().ok().and_then(|place| Ratio::OFFERED.get(place).copied());
            desk.wanted.set(wanted);
        },
        false,
    );
    let named = |(place, ratio): (usize, Ratio)| (place.to_string(), ratio.name());
    let free = (String::new(), lang.workshop_ratio_free().to_owned());
    let options = std::iter::once(free).chain(Ratio::OFFERED.into_iter().enumerate().map(named)).collect::<Vec<_>>();
    let framed =
        Memo::new(move |_| desk.chosen.with(|chosen| matches!(chosen, Some(Chosen { used_as: As::Frame(_), .. }))));
    let whose = move || match (framed.get(), desk.wanted.get()) {
        (true, _) => lang.workshop_ratio_frame().to_owned(),
        (false, Some(ratio)) => whose(ratio),
        (false, None) => lang.workshop_ratio_free_hint().to_owned(),
    };
    let whole = move || {
        let (size, ratio) = (desk.now(), desk.ratio.get_untracked());
        desk.part.set(Part::whole(size).around(size, ratio));
    };
    view! {
        <fieldset class="workshop-part">
            <legend>{lang.workshop_cut()}</legend>
            <fieldset class="workshop-ratio" disabled=move || framed.get()>
                <legend class="unseen">{lang.workshop_ratio()}</legend>
                <Select label=lang.workshop_ratio() value=ratio options/>
            </fieldset>
            <p class="hint" role="status">{whose}</p>
            <div class="workshop-numbers">
                {Measure::ALL.map(|measure| number(desk, measure)).collect_view()}
            </div>
            <div class="actions">
                <Button on_press=whole>{lang.workshop_whole()}</Button>
                <Button glyph=Glyph::Again on_press=turn>{lang.workshop_turn()}</Button>
            </div>
            {longest(desk)}
        </fieldset>
    }
    .into_any()
}

/// Which networks want a ratio, and why.
fn whose(ratio: Ratio) -> String {
    let lang = lang();
    if ratio.is_taken_everywhere() && ratio.wanted().is_empty() {
        return lang.workshop_ratio_all().to_owned();
    }
    let told = ratio.wanted().into_iter().map(|(network, why)| {
        let network = network_name(lang, network);
        match why {
            Wants::Tallest => lang.workshop_ratio_tallest(network),
            Wants::Widest => lang.workshop_ratio_widest(network),
            Wants::Story => lang.workshop_ratio_story(network),
            Wants::Place => lang.workshop_ratio_place(network),
        }
    });
    told.collect::<Vec<_>>().join(" ")
}

/// One of the four numbers. Taken when it is written, not at each key: of "800" the first one is "8".
fn number(desk: Desk, measure: Measure) -> AnyView {
    let (lang, id) = (lang(), unique("measure"));
    let name = match measure {
        Measure::Left => lang.workshop_left(),
        Measure::Top => lang.workshop_top(),
        Measure::Across => lang.workshop_across(),
        Measure::Down => lang.workshop_down(),
    };
    let now = Memo::new(move |_| desk.part.get().get(measure));
    let most = move || {
        let (width, height) = desk.turn.get().size(desk.size);
        let Part { across, down, .. } = desk.part.get();
        match measure {
            Measure::Left => width - across.min(width),
            Measure::Top => height - down.min(height),
            Measure::Across => width,
            Measure::Down => height,
        }
        .to_string()
    };
    let change = move |event: ev::Event| {
        let field: HtmlInputElement = event_target(&event);
        if let Ok(value) = field.value().trim().parse::<u32>() {
            let (size, ratio) = (desk.now(), desk.ratio.get_untracked());
            desk.part.update(|part| *part = part.with(measure, value, size, ratio));
        }
        // What was written may be more than there is room for: then it is what it was, and nothing else would draw it anew.
        field.set_value(&now.get_untracked().to_string());
    };
    view! {
        <div class="field">
            <label for=id.clone()>{name}</label>
            <input id=id class="input" type="number" inputmode="numeric" min="0" step="1" max=most autocomplete="off"
                prop:value=move || now.get().to_string() on:change=change/>
        </div>
    }
    .into_any()
}

/// The longest side of what is kept.
fn longest(desk: Desk) -> AnyView {
    let (lang, id) = (lang(), unique("longest"));
    let hint = [&id, "-hint"].concat();
    let most = move || {
        let Part { across, down, .. } = desk.part.get();
        across.max(down).min(LONGEST).to_string()
    };
    let shown = move || desk.longest.get().map(|longest| longest.to_string()).unwrap_or_default();
    let change = move |event: ev::Event| {
        let field: HtmlInputElement = event_target(&event);
        let value = field.value().trim().parse::<u32>().ok();
        desk.longest.set(value.map(|value| value.clamp(domain::crop::LEAST, LONGEST)));
        field.set_value(&untrack(shown));
    };
    view! {
        <div class="field">
            <label for=id.clone()>{lang.workshop_longest()}</label>
            <p class="hint" id=hint.clone()>{lang.workshop_longest_hint()}</p>
            <input id=id class="input" type="number" inputmode="numeric" min=domain::crop::LEAST.to_string() step="1" max=most
                autocomplete="off" aria-describedby=hint prop:value=shown on:change=change/>
        </div>
    }
    .into_any()
}

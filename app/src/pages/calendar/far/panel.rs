//! The panel of the sieve: what there is to choose from, by name.

use domain::{Channel, StageName, Themes};
use leptos::{prelude::*, task::spawn_local};
use wire::{
    Nothing,
    campaigns::THEMES,
    channels::CHANNELS,
    people::{MEMBERS, MemberRow},
};
use words::{Lang, language_name, mark_kind_name, network_name, stage_name};

use super::{
    super::{
        Board, days,
        sieve::{Facet, Layer, Sieve},
    },
    kept::kept,
};
use crate::{
    api,
    parts::{arrange, network_key},
    state::{lang, session},
    ui::{Button, Tone},
};

/// The panel.
#[component]
pub fn Panel() -> AnyView {
    let Some(board) = use_context::<Board>() else { return ().into_any() };
    let lang = lang();
    let (channels, themes, people) = (
        RwSignal::new(Vec::<Channel>::new()),
        RwSignal::new(Themes::default()),
        RwSignal::new(Vec::<MemberRow>::new()),
    );
    // Each by itself: without one list the others can be chosen from.
    spawn_local(async move {
        if let Ok(found) = api::call(&CHANNELS, &[], &Nothing {}).await {
            let _ = channels.try_set(found);
        }
    });
    spawn_local(async move {
        if let Ok(found) = api::call(&THEMES, &[], &Nothing {}).await {
            let _ = themes.try_set(found);
        }
    });
    spawn_local(async move {
        if let Ok(found) = api::call(&MEMBERS, &[], &Nothing {}).await {
            let _ = people.try_set(found);
        }
    });
    let fields = Facet::ALL.into_iter().map(|facet| {
        let options = move || {
            channels.with(|channels| {
                themes.with(|themes| people.with(|people| options(lang, facet, channels, themes, people)))
            })
        };
        field(board, name(lang, facet), facet, options)
    });
    // Also of one of which nothing stands on these days: what was entered since is not seen.
    let old = move || {
        board.marks.with(|marks| {
            let old = marks.others.iter().filter(|of| of.as_of.is_some());
            old.map(|of| view! { <p class="hint">{days::named(lang, of)}</p> }).collect::<Vec<_>>()
        })
    };
    let away = move || board.sift(&Sieve { text: board.sieve.get_untracked().text, ..Sieve::default() });
    view! {
        <div class="sieve" role="group" aria-label=lang.calendar_sieve()>
            {fields.collect::<Vec<_>>()}
            {tick(board, lang.calendar_mine(), |sieve| sieve.mine, |mine, sieve| Sieve { mine, ..sieve })}
            {layers(board)}
            {old}
            <Button tone=Tone::Quiet disabled=Signal::derive(move || board.sieve.with(Sieve::count) == 0) on_press=away>
                {lang.calendar_sieve_away()}
            </Button>
            {kept(board)}
        </div>
    }
    .into_any()
}

/// What stands on the days besides posts: a tick is what is shown.
fn layers(board: Board) -> AnyView {
    let lang = lang();
    let of_layer = |layer: Layer| {
        let label = match layer {
            Layer::Holidays => lang.calendar_holiday(),
            Layer::Mark(kind) => mark_kind_name(lang, kind),
            Layer::Clocks => lang.calendar_layer_clocks(),
        };
        tick(board, label, move |sieve| !sieve.hides(layer), move |shown, sieve| sieve.showing(layer, shown))
    };
    let layers = Layer::ALL.into_iter().map(of_layer).collect::<Vec<_>>();
    let others =
        tick(board, lang.calendar_layer_others(), |sieve| !sieve.own, |shown, sieve| Sieve { own: !shown, ..sieve });
    view! {
        <fieldset class="field sieve-layers" aria-describedby="layers-hint">
            <legend>{lang.calendar_layers()}</legend>
            <div class="row">{layers} {others}</div>
            <p class="hint" id="layers-hint">{lang.calendar_layers_hint()}</p>
        </fieldset>
    }
    .into_any()
}

/// A wish that is a yes or a no.
fn tick(
    board: Board,
    label: &'static str,
    is_on: impl Fn(&Sieve) -> bool + Send + Sync + 'static,
    with: impl Fn(bool, Sieve) -> Sieve + Send + Sync + 'static,
) -> AnyView {
    let change =
        move |event: leptos::ev::Event| board.sift(&with(event_target_checked(&event), board.sieve.get_untracked()));
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || board.sieve.with(&is_on) on:change=change />
            <span>{label}</span>
        </label>
    }
    .into_any()
}

fn name(lang: Lang, facet: Facet) -> &'static str {
    match facet {
        Facet::Network => lang.calendar_by_network(),
        Facet::Channel => lang.calendar_by_channel(),
        Facet::Language => lang.calendar_by_language(),
        Facet::Stage => lang.calendar_by_stage(),
        Facet::Campaign => lang.calendar_by_campaign(),
        Facet::Pillar => lang.calendar_by_pillar(),
        Facet::Audience => lang.calendar_by_audience(),
        Facet::Message => lang.calendar_by_message(),
        Facet::Author => lang.calendar_by_author(),
    }
}

/// What there is to choose from: as the address calls it, and its name.
fn options(
    lang: Lang,
    facet: Facet,
    channels: &[Channel],
    themes: &Themes,
    people: &[MemberRow],
) -> Vec<(String, String)> {
    let pair = |value: &str, name: &str| (value.to_owned(), name.to_owned());
    match facet {
        Facet::Network => {
            let mut networks: Vec<_> = channels.iter().map(|channel| channel.network).collect();
            arrange(&mut networks, |network| *network);
            networks.dedup();
            networks.into_iter().map(|network| pair(network_key(network), network_name(lang, network))).collect()
        }
        Facet::Channel => channels.iter().map(|channel| pair(channel.id.as_str(), &channel.name)).collect(),
        Facet::Language => {
            let languages = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.languages.clone()));
            let languages = languages.unwrap_or_default();
            languages.iter().map(|language| (language.to_string(), language_name(lang, language).to_string())).collect()
        }
        Facet::Stage => [StageName::Draft, StageName::InReview, StageName::Approved, StageName::Placed, StageName::Out]
            .into_iter()
            .map(|stage| pair(stage.as_str(), stage_name(lang, stage)))
            .collect(),
        Facet::Campaign => themes.campaigns.iter().map(|one| pair(one.id.as_str(), &one.name)).collect(),
        Facet::Pillar => themes.pillars.iter().map(|one| pair(one.id.as_str(), &one.name)).collect(),
        Facet::Audience => themes.audiences.iter().map(|one| pair(one.id.as_str(), &one.name)).collect(),
        Facet::Message => themes.messages.iter().map(|one| pair(one.id.as_str(), &one.name)).collect(),
        Facet::Author => people.iter().map(|one| pair(one.id.as_str(), &one.name)).collect(),
    }
}

fn field(
    board: Board,
    label: &'static str,
    facet: Facet,
    options: impl Fn() -> Vec<(String, String)> + Copy + Send + Sync + 'static,
) -> AnyView {
    let id = ["by-", facet.name()].concat();
    let wanted = Memo::new(move |_| board.sieve.with(|sieve| sieve.get(facet).to_owned()));
    let choose = move |event: leptos::ev::Event| {
        board.sift(&board.sieve.get_untracked().with(facet, event_target_value(&event)));
    };
    let choices = move || {
        let any = (String::new(), lang().calendar_any().to_owned());
        let drawn = std::iter::once(any).chain(options()).map(|(value, name)| {
            let own = value.clone();
            view! { <option value=value prop:selected=move || wanted.with(|wanted| *wanted == own)>{name}</option> }
        });
        drawn.collect::<Vec<_>>()
    };
    let none = move || options().is_empty();
    view! {
        <div class="field" hidden=none>
            <label for=id.clone()>{label}</label>
            <select id=id class="input" on:change=choose>{choices}</select>
        </div>
    }
    .into_any()
}

//! The rules that choose a circuit: each a sentence, tried in order, and what holds where none does.

use std::collections::BTreeSet;

use domain::{
    ChannelId, CircuitId, Kind, Language, Role,
    bylaws::Draft,
    circuit::{Clause, Facet, Holds, Matter, choice::Rule},
};
use leptos::prelude::*;
use words::{kind_name, language_name, matter_name, otherwise_sentence, role_name, rule_sentence};

use super::{Names, Town, circuit_name, draw::bound};
use crate::{
    state::{lang, session},
    ui::{Button, Glyph, Select, Tone},
};

/// The rules.
#[component]
pub fn Rules(town: StoredValue<Town>, draft: RwSignal<Draft>) -> AnyView {
    let lang = lang();
    let manages = town.with_value(|town| town.manages);
    let lines = move || {
        let count = draft.with(|draft| draft.rules.rules.len());
        (0..count).map(|place| line(town, draft, place, count)).collect::<Vec<_>>()
    };
    let otherwise = move || {
        town.with_value(|town| {
            draft.with(|draft| otherwise_sentence(lang, &draft.rules.otherwise, &Names { town, draft }))
        })
    };
    let several = Memo::new(move |_| draft.with(|draft| draft.circuits.len() > 1));
    view! {
        <section class="card">
            <h2>{lang.circuits_rules()}</h2>
            <p class="soft">{lang.circuits_rules_text()}</p>
            <ol class="lines">{lines}</ol>
            <p>{otherwise}</p>
            {move || (manages && several.get()).then(|| view! { <NewRule town draft/> <Otherwise draft/> })}
            {move || (manages && !several.get()).then(|| view! { <p class="hint">{lang.circuits_rules_one()}</p> })}
        </section>
    }
    .into_any()
}

fn line(town: StoredValue<Town>, draft: RwSignal<Draft>, place: usize, count: usize) -> AnyView {
    let lang = lang();
    let said = town.with_value(|town| {
        draft.with_untracked(|draft| {
            let rule = draft.rules.rules.get(place)?;
            Some(rule_sentence(lang, rule, &Names { town, draft }))
        })
    });
    let remove = move || {
        draft.update(|draft| {
            if place < draft.rules.rules.len() {
                draft.rules.rules.remove(place);
            }
        });
    };
    let earlier = move || draft.update(|draft| draft.rules.rules.swap(place, place.saturating_sub(1)));
    let manages = town.with_value(|town| town.manages);
    view! {
        <li>
            <div class="line-main"><p>{said}</p></div>
            {(manages && place > 0 && count > 1)
                .then(|| view! { <Button tone=Tone::Quiet on_press=earlier>{lang.circuits_earlier()}</Button> })}
            {manages.then(|| view! { <Button tone=Tone::Quiet on_press=remove>{lang.general_remove()}</Button> })}
        </li>
    }
    .into_any()
}

fn circuit_options(draft: &Draft) -> Vec<(String, String)> {
    let circuits = draft.circuits.iter();
    circuits.map(|circuit| (circuit.id.to_string(), circuit_name(lang(), &circuit.name))).collect()
}

/// Which circuit holds where no rule does.
#[component]
fn Otherwise(draft: RwSignal<Draft>) -> AnyView {
    let now = draft.with_untracked(|draft| draft.rules.otherwise.to_string());
    let value = bound(&now, move |chosen| {
        if let Ok(circuit) = chosen.parse::<CircuitId>() {
            draft.update(|draft| draft.rules.otherwise = circuit);
        }
    });
    let label = lang().circuits_otherwise();
    // The names follow what is typed above.
    let options = Memo::new(move |_| draft.with(circuit_options));
    (move || view! { <Select label value options=options.get()/> }).into_any()
}

/// What a rule can look at, as the form names it.
const FACETS: [&str; 5] = ["kind", "channel", "language", "matter", "author"];

/// A new rule of one condition. Several conditions are several rules, or one circuit with optional steps.
#[component]
fn NewRule(town: StoredValue<Town>, draft: RwSignal<Draft>) -> AnyView {
    let lang = lang();
    let facet = RwSignal::new(FACETS[0].to_owned());
    let holds = RwSignal::new("any".to_owned());
    let of = RwSignal::new(String::new());
    let circuit = RwSignal::new(
        draft.with_untracked(|draft| draft.circuits.last().map(|circuit| circuit.id.to_string()).unwrap_or_default()),
    );
    let choices = Memo::new(move |_| facet.with(|facet| town.with_value(|town| choices(facet, town))));
    // Another facet, other things to choose from.
    Effect::new(move |_| {
        of.set(choices.with(|choices| choices.first().map(|(word, _)| word.clone()).unwrap_or_default()))
    });
    let names = [
        lang.circuits_facet_kind(),
        lang.circuits_facet_channel(),
        lang.circuits_facet_language(),
        lang.circuits_facet_matter(),
        lang.circuits_facet_author(),
    ];
    let facets =
        FACETS.into_iter().zip(names).map(|(word, name)| (word.to_owned(), name.to_owned())).collect::<Vec<_>>();
    let both = vec![
        ("any".to_owned(), lang.circuits_holds_any().to_owned()),
        ("none".to_owned(), lang.circuits_holds_none().to_owned()),
    ];
    let circuits = Memo::new(move |_| draft.with(circuit_options));
    let add = move || {
        let read = |signal: RwSignal<String>| signal.get_untracked();
        let Some(facet) = facet_of(&read(facet), &read(of)) else { return };
        let Ok(circuit) = read(circuit).parse::<CircuitId>() else { return };
        let holds = if read(holds) == "none" { Holds::None } else { Holds::Any };
        draft.update(|draft| draft.rules.rules.push(Rule { when: vec![Clause { holds, facet }], circuit }));
    };
    view! {
        <fieldset class="circuit-rule">
            <legend>{lang.circuits_rule_new()}</legend>
            <Select label=lang.circuits_rule_if() value=facet options=facets/>
            <Select label=lang.circuits_rule_holds() value=holds options=both/>
            {move || view! { <Select label=lang.circuits_rule_of() value=of options=choices.get()/> }}
            {move || view! { <Select label=lang.circuits_rule_then() value=circuit options=circuits.get()/> }}
            <div class="actions"><Button glyph=Glyph::Plus on_press=add>{lang.circuits_rule_add()}</Button></div>
        </fieldset>
    }
    .into_any()
}

/// What there is to choose from.
fn choices(facet: &str, town: &Town) -> Vec<(String, String)> {
    let lang = lang();
    fn numbered<T: Copy>(all: &[T], name: impl Fn(T) -> String) -> Vec<(String, String)> {
        all.iter().enumerate().map(|(place, one)| (place.to_string(), name(*one))).collect()
    }
    match facet {
        "kind" => numbered(&Kind::ALL, |kind| kind_name(lang, kind).to_owned()),
        "matter" => numbered(&FOUND, |matter| matter_name(lang, matter).to_owned()),
        "author" => numbered(&Role::ALL, |role| role_name(lang, role).to_owned()),
        "language" => {
            let all = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.languages.clone()));
            let named = |language: &Language| (language.to_string(), language_name(lang, language).into_owned());
            all.unwrap_or_default().iter().map(named).collect()
        }
        _ => town.channels.iter().map(|channel| (channel.id.to_string(), channel.name.clone())).collect(),
    }
}

/// What is found in a text by itself so far.
const FOUND: [Matter; 1] = [Matter::PersonalData];

fn facet_of(facet: &str, chosen: &str) -> Option<Facet> {
    let place = || chosen.parse::<usize>().ok();
    Some(match facet {
        "kind" => Facet::Kinds(BTreeSet::from([*Kind::ALL.get(place()?)?])),
        "matter" => Facet::Matters(BTreeSet::from([*FOUND.get(place()?)?])),
        "author" => Facet::Authors(BTreeSet::from([*Role::ALL.get(place()?)?])),
        "language" => Facet::Languages(BTreeSet::from([chosen.parse::<Language>().ok()?])),
        _ => Facet::Channels(BTreeSet::from([chosen.parse::<ChannelId>().ok()?])),
    })
}

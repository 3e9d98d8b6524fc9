//! Conditions, of a rule or of a step: each a sentence, all of them must hold. What one looks at is chosen with boxes, so
//! that "works or money" is one condition and not two rules.

use std::collections::BTreeSet;

use domain::{
    CampaignId, ChannelId, Kind, Language, PillarId, Role,
    bylaws::Draft,
    circuit::{Clause, Facet, Holds, Matter},
};
use leptos::prelude::*;
use words::{condition, kind_name, language_name, matter_name, role_name};

use super::{Names, Town};
use crate::{
    state::{lang, session},
    ui::{Button, Checkbox, Glyph, Select, Tone},
};

/// What a condition can look at, as the form names it.
const FACETS: [&str; 7] = ["kind", "channel", "campaign", "pillar", "language", "matter", "author"];

/// The conditions that there are, and a form for one more.
#[component]
pub fn Conditions(
    town: StoredValue<Town>,
    draft: RwSignal<Draft>,
    /// Those that there are.
    #[prop(into)]
    when: Signal<Vec<Clause>>,
    /// What happens when there are others.
    changed: Callback<Vec<Clause>>,
) -> AnyView {
    let lang = lang();
    let lines = move || {
        when.get()
            .into_iter()
            .enumerate()
            .map(|(place, clause)| {
                let said = town.with_value(|town| {
                    draft.with(|draft| {
                        // A list of nothing has no names to say.
                        if clause.facet.is_empty() {
                            lang.circuits_condition_empty().to_owned()
                        } else {
                            condition(lang, &clause, &Names { town, draft })
                        }
                    })
                });
                let label = [lang.general_remove(), ": ", &said].concat();
                let remove = move |_| {
                    let mut others = when.get_untracked();
                    if place < others.len() {
                        others.remove(place);
                    }
                    changed.run(others);
                };
                view! {
                    <li>
                        <span class="line-main">{said}</span>
                        <button type="button" class="button quiet" aria-label=label on:click=remove>{lang.general_remove()}</button>
                    </li>
                }
            })
            .collect::<Vec<_>>()
    };
    let facet = RwSignal::new(FACETS[0].to_owned());
    let holds = RwSignal::new("any".to_owned());
    let of = RwSignal::new(BTreeSet::<String>::new());
    let choices = Memo::new(move |_| facet.with(|facet| town.with_value(|town| choices(facet, town))));
    // Another facet, other things to choose from.
    Effect::watch(move || facet.get(), move |_, _, _| of.set(BTreeSet::new()), false);
    let names = [
        lang.circuits_facet_kind(),
        lang.circuits_facet_channel(),
        lang.circuits_facet_campaign(),
        lang.circuits_facet_pillar(),
        lang.circuits_facet_language(),
        lang.circuits_facet_matter(),
        lang.circuits_facet_author(),
    ];
    // Nobody is asked for a campaign where there is none.
    let kept = town.with_value(|town| [town.themes.campaigns.is_empty(), town.themes.pillars.is_empty()]);
    let there = |word: &str| !(kept[0] && word == "campaign" || kept[1] && word == "pillar");
    let facets = FACETS.into_iter().zip(names).filter(|(word, _)| there(word));
    let facets = facets.map(|(word, name)| (word.to_owned(), name.to_owned())).collect::<Vec<_>>();
    let both = vec![
        ("any".to_owned(), lang.circuits_holds_any().to_owned()),
        ("none".to_owned(), lang.circuits_holds_none().to_owned()),
    ];
    let add = move || {
        let chosen = of.get_untracked();
        let facet = facet.with_untracked(|facet| facet_of(facet, &chosen));
        let holds = if holds.with_untracked(|holds| holds == "none") { Holds::None } else { Holds::Any };
        let mut all = when.get_untracked();
        all.push(Clause { holds, facet });
        of.set(BTreeSet::new());
        changed.run(all);
    };
    let nothing = Signal::derive(move || of.with(BTreeSet::is_empty));
    let boxes = move || {
        let boxes = choices.get().into_iter().map(|(word, name)| {
            let (own, taken) = (word.clone(), word);
            let checked = Signal::derive(move || of.with(|of| of.contains(&own)));
            let change = move |on: bool| {
                of.update(|of| {
                    if on {
                        of.insert(taken.clone());
                    } else {
                        of.remove(&taken);
                    }
                });
            };
            view! { <Checkbox label=name checked on_change=change/> }
        });
        boxes.collect::<Vec<_>>()
    };
    view! {
        <div class="conditions">
            <ul class="lines">{lines}</ul>
            <details>
                <summary>{lang.circuits_condition_new()}</summary>
                <div class="circuit-rule">
                    <Select label=lang.circuits_rule_if() value=facet options=facets/>
                    <Select label=lang.circuits_rule_holds() value=holds options=both/>
                </div>
                <fieldset class="condition-of"><legend>{lang.circuits_rule_of()}</legend>{boxes}</fieldset>
                <div class="actions">
                    <Button tone=Tone::Quiet glyph=Glyph::Plus disabled=nothing on_press=add>{lang.circuits_condition_add()}</Button>
                </div>
            </details>
        </div>
    }
    .into_any()
}

fn numbered<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> Vec<(String, String)> {
    all.iter().enumerate().map(|(place, one)| (place.to_string(), name(*one).to_owned())).collect()
}

/// What there is to choose from.
fn choices(facet: &str, town: &Town) -> Vec<(String, String)> {
    let lang = lang();
    match facet {
        "kind" => numbered(&Kind::ALL, |kind| kind_name(lang, kind)),
        "matter" => numbered(&Matter::ALL, |matter| matter_name(lang, matter)),
        "author" => numbered(&Role::ALL, |role| role_name(lang, role)),
        "language" => {
            let all = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.languages.clone()));
            let named = |language: &Language| (language.to_string(), language_name(lang, language).into_owned());
            all.unwrap_or_default().iter().map(named).collect()
        }
        "campaign" => {
            let all = town.themes.campaigns.iter();
            all.map(|one| (one.id.to_string(), words::campaign_name(lang, one))).collect()
        }
        "pillar" => {
            let all = town.themes.pillars.iter();
            all.map(|one| (one.id.to_string(), words::pillar_name(lang, one))).collect()
        }
        _ => town.channels.iter().map(|channel| (channel.id.to_string(), channel.name.clone())).collect(),
    }
}

fn picked<T: Copy + Ord>(all: &[T], chosen: &BTreeSet<String>) -> BTreeSet<T> {
    chosen.iter().filter_map(|word| all.get(word.parse::<usize>().ok()?).copied()).collect()
}

fn facet_of(facet: &str, chosen: &BTreeSet<String>) -> Facet {
    match facet {
        "kind" => Facet::Kinds(picked(&Kind::ALL, chosen)),
        "matter" => Facet::Matters(picked(&Matter::ALL, chosen)),
        "author" => Facet::Authors(picked(&Role::ALL, chosen)),
        "language" => Facet::Languages(chosen.iter().filter_map(|tag| tag.parse::<Language>().ok()).collect()),
        "campaign" => Facet::Campaigns(chosen.iter().filter_map(|id| id.parse::<CampaignId>().ok()).collect()),
        "pillar" => Facet::Pillars(chosen.iter().filter_map(|id| id.parse::<PillarId>().ok()).collect()),
        _ => Facet::Channels(chosen.iter().filter_map(|id| id.parse::<ChannelId>().ok()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ticked_is_what_the_condition_lists() {
        let chosen = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<BTreeSet<_>>();
        let matters = facet_of("matter", &chosen(&["2", "3"]));
        assert_eq!(matters, Facet::Matters([Matter::Money, Matter::Works].into()));
        assert_eq!(facet_of("kind", &chosen(&["99"])), Facet::Kinds(BTreeSet::new()));
        let pillar = PillarId::from_bits(7);
        assert_eq!(facet_of("pillar", &chosen(&[pillar.as_str()])), Facet::Pillars([pillar].into()));
        let channel = ChannelId::from_bits(7);
        assert_eq!(facet_of("channel", &chosen(&[channel.as_str()])), Facet::Channels([channel].into()));
    }
}

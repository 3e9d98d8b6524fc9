//! What the organisation asks of whoever writes and decides: dos and don'ts, the checklist, the office-holders whose
//! names are looked for. One form, saved as a whole: what is ticked is ticked under one version of all of it.

use std::collections::BTreeSet;

use domain::{
    ChannelId, ItemId, Kind, Language,
    circuit::Matter,
    guidance::{Advice, Asked, Guidance, Item, Line, Officer, Scope, Tone as Which, Way},
    policy::{Mode, Rule},
};
use leptos::{ev, prelude::*};
use wire::bylaws::{GUIDE, Guide, Standing};
use words::{kind_name, language_name, matter_name, rule_name};

use super::{Town, draw::bound};
use crate::{
    api,
    parts::{ProblemNotice, Work, checklist},
    state::{drafts, lang, session, toasts},
    ui::{Button, Checkbox, Chip, Glyph, Hue, Select, TextArea, TextField, Tone},
};

/// The form. Whoever may not change it reads it all the same.
#[component]
pub fn GuidanceForm(town: Town, saved: Callback<Standing>) -> AnyView {
    let lang = lang();
    let stands = town.standing.bylaws.guidance.clone();
    let (version, manages) = (stands.version, town.manages);
    let draft = RwSignal::new(stands.clone());
    let town = StoredValue::new(town);
    let officers = bound(&officers_text(&stands.officers), move |text| {
        let officers = officers_of(text);
        draft.update(|draft| draft.officers = officers);
    });
    let changed = Memo::new(move |_| draft.with(|draft| *draft != stands));
    let work = Work::new();
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let asked = Guide { version: town.with_value(|town| town.standing.version), guidance: draft.get_untracked() };
        work.run(async move { api::call(&GUIDE, &[], &asked).await }, move |standing| {
            toasts::done(lang.general_saved());
            saved.run(standing);
        });
    };
    let add_advice = move || {
        let advice = Advice { tone: Which::Do, line: Line::default(), scope: Scope::default() };
        draft.update(|draft| draft.advice.push(advice));
    };
    let add_item = move || {
        let id = ItemId::from_bits(drafts::chance());
        let (line, scope) = (Line::default(), Scope::default());
        let item = Item { id, line, asked: Asked::Author, way: Way::Hand, required: false, scope };
        draft.update(|draft| draft.checklist.push(item));
    };
    // Drawn anew when one comes or goes; what is typed in it is its own.
    let advice = Memo::new(move |_| draft.with(|draft| draft.advice.len()));
    let items = Memo::new(move |_| draft.with(|draft| draft.checklist.len()));
    let advice_lines = move || (0..advice.get()).map(|place| advice_form(town, draft, place)).collect::<Vec<_>>();
    let item_lines = move || (0..items.get()).map(|place| item_form(town, draft, place)).collect::<Vec<_>>();
    view! {
        <form class="card guidance" on:submit=save>
            <div class="card-head">
                <h2>{lang.guide_edit()}</h2>
                {(version > 0).then(|| view! { <span class="hint">{lang.guide_version(version)}</span> })}
            </div>
            <p class="soft">{lang.guide_edit_text()}</p>
            <fieldset class="stack" disabled=!manages aria-label=lang.guide_edit()>
                <h3>{lang.guide_advice()}</h3>
                {move || (advice.get() == 0).then(|| view! { <p class="hint">{lang.guide_advice_none()}</p> })}
                <ol class="guidance-lines">{advice_lines}</ol>
                {manages.then(|| view! {
                    <div class="actions"><Button glyph=Glyph::Plus on_press=add_advice>{lang.guide_advice_add()}</Button></div>
                })}
                <h3>{lang.guide_items()}</h3>
                {move || (items.get() == 0).then(|| view! { <p class="hint">{lang.guide_items_none()}</p> })}
                <ol class="guidance-lines">{item_lines}</ol>
                {manages.then(|| view! {
                    <div class="actions"><Button glyph=Glyph::Plus on_press=add_item>{lang.guide_item_add()}</Button></div>
                })}
                <TextArea label=lang.guide_officers() hint=lang.guide_officers_hint() value=officers rows=4 most=20_000/>
                <ProblemNotice problem=work.problem/>
                {manages.then(|| view! {
                    <div class="actions end">
                        <Button tone=Tone::Primary submit=true busy=work.busy
                            disabled=Signal::derive(move || !changed.get())>{lang.general_save()}</Button>
                    </div>
                })}
            </fieldset>
        </form>
    }
    .into_any()
}

fn officers_text(officers: &[Officer]) -> String {
    let lines = officers.iter().map(|officer| {
        if officer.office.is_empty() { officer.name.clone() } else { [&officer.name, "; ", &officer.office].concat() }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn officers_of(text: &str) -> Vec<Officer> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let officer = |line: &str| {
        let (name, office) = line.split_once(';').unwrap_or((line, ""));
        Officer { name: name.trim().to_owned(), office: office.trim().to_owned() }
    };
    lines.map(officer).collect()
}

fn organisation_languages() -> Vec<Language> {
    session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.languages.clone())).unwrap_or_default()
}

/// A field for each language of the organisation. `change` is given the line of its place, wherever that is kept.
fn line_fields(line: &Line, change: impl Fn(Box<dyn FnOnce(&mut Line)>) + Copy + 'static) -> Vec<AnyView> {
    let languages = organisation_languages();
    languages
        .into_iter()
        .map(|language| {
            let (label, tag) = (lang().guide_line(language_name(lang(), &language)), language.to_string());
            let now = line.0.get(&language).cloned().unwrap_or_default();
            let value = bound(&now, move |text| {
                let (text, language) = (text.to_owned(), language.clone());
                change(Box::new(move |line| {
                    if text.trim().is_empty() {
                        line.0.remove(&language);
                    } else {
                        line.0.insert(language, text);
                    }
                }));
            });
            view! { <TextField label value lang=tag most=200/> }.into_any()
        })
        .collect()
}

/// A line of the list: what it says, and its fields when it is opened. One that says nothing yet is open.
fn folded(title: impl Fn() -> Line + Send + Sync + 'static, mark: AnyView, empty: bool, fields: AnyView) -> AnyView {
    let title = move || {
        let line = title();
        let said = line.read(&checklist::languages());
        if said.is_empty() { lang().guide_line_empty().to_owned() } else { said.to_owned() }
    };
    view! {
        <li class="guidance-line">
            <details open=empty>
                <summary><span class="guidance-title">{title}</span> {mark}</summary>
                <div class="guidance-fields">{fields}</div>
            </details>
        </li>
    }
    .into_any()
}

fn advice_form(town: StoredValue<Town>, draft: RwSignal<Guidance>, place: usize) -> AnyView {
    let lang = lang();
    let Some(now) = draft.with_untracked(|draft| draft.advice.get(place).cloned()) else { return ().into_any() };
    let change = move |change: Box<dyn FnOnce(&mut Advice)>| {
        draft.update(|draft| {
            if let Some(advice) = draft.advice.get_mut(place) {
                change(advice);
            }
        });
    };
    let tone = bound(if now.tone == Which::Do { "do" } else { "dont" }, move |chosen| {
        let tone = if chosen == "dont" { Which::Dont } else { Which::Do };
        change(Box::new(move |advice| advice.tone = tone));
    });
    let tones = vec![("do".to_owned(), lang.guide_do().to_owned()), ("dont".to_owned(), lang.guide_dont().to_owned())];
    let fields = line_fields(&now.line, move |with| change(Box::new(move |advice| with(&mut advice.line))));
    let scope = scope_form(town, &now.scope, move |with| change(Box::new(move |advice| with(&mut advice.scope))));
    let remove = move || {
        draft.update(|draft| {
            if place < draft.advice.len() {
                draft.advice.remove(place);
            }
        });
    };
    let title = move || draft.with(|draft| draft.advice.get(place).map(|one| one.line.clone())).unwrap_or_default();
    let mark = move || {
        let is_do = tone.with(|tone| tone == "do");
        let (hue, text) = if is_do { (Hue::Good, lang.guide_do()) } else { (Hue::Bad, lang.guide_dont()) };
        view! { <Chip hue text/> }
    };
    let fields = view! {
        <Select label=lang.guide_advice_tone() value=tone options=tones/>
        {fields}
        {scope}
        <div class="actions"><Button tone=Tone::Quiet on_press=remove>{lang.general_remove()}</Button></div>
    };
    folded(title, mark.into_any(), now.line.0.is_empty(), fields.into_any())
}

fn asked_word(asked: Asked) -> &'static str {
    match asked {
        Asked::Author => "author",
        Asked::Approver => "approver",
        Asked::Both => "both",
    }
}

fn asked_of(word: &str) -> Asked {
    match word {
        "approver" => Asked::Approver,
        "both" => Asked::Both,
        _ => Asked::Author,
    }
}

fn way_word(way: Way) -> String {
    let place = |place: Option<usize>| place.unwrap_or_default().to_string();
    match way {
        Way::Hand => "hand".to_owned(),
        Way::Rule { rule } => ["rule:", &place(Rule::ALL.iter().position(|one| *one == rule))].concat(),
        Way::Matter { matter } => ["matter:", &place(Matter::ALL.iter().position(|one| *one == matter))].concat(),
    }
}

fn way_of(word: &str) -> Way {
    let at = |rest: &str| rest.parse::<usize>().ok();
    let found = match word.split_once(':') {
        Some(("rule", rest)) => at(rest).and_then(|at| Rule::ALL.get(at)).map(|rule| Way::Rule { rule: *rule }),
        Some(("matter", rest)) => {
            at(rest).and_then(|at| Matter::ALL.get(at)).map(|matter| Way::Matter { matter: *matter })
        }
        _ => None,
    };
    found.unwrap_or(Way::Hand)
}

fn ways() -> Vec<(String, String)> {
    let lang = lang();
    let hand = (way_word(Way::Hand), lang.guide_way_hand().to_owned());
    // What the network would refuse anyway needs no tick.
    let rules = Rule::ALL.into_iter().filter(|rule| !rule.is_physical());
    let rules = rules.map(|rule| (way_word(Way::Rule { rule }), lang.guide_way_rule(rule_name(lang, rule))));
    let matters = Matter::ALL.into_iter();
    let matters =
        matters.map(|matter| (way_word(Way::Matter { matter }), lang.guide_way_matter(matter_name(lang, matter))));
    std::iter::once(hand).chain(rules).chain(matters).collect()
}

/// Whether the rule that would tick it is off.
fn is_blind(way: Way) -> bool {
    let Way::Rule { rule } = way else { return false };
    let mode = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.policy.rules.mode(rule)));
    mode == Some(Mode::Off)
}

fn item_form(town: StoredValue<Town>, draft: RwSignal<Guidance>, place: usize) -> AnyView {
    let lang = lang();
    let Some(now) = draft.with_untracked(|draft| draft.checklist.get(place).cloned()) else { return ().into_any() };
    let change = move |change: Box<dyn FnOnce(&mut Item)>| {
        draft.update(|draft| {
            if let Some(item) = draft.checklist.get_mut(place) {
                change(item);
            }
        });
    };
    let asked = bound(asked_word(now.asked), move |chosen| {
        let asked = asked_of(chosen);
        change(Box::new(move |item| item.asked = asked));
    });
    let sides = vec![
        ("author".to_owned(), lang.guide_who_author().to_owned()),
        ("approver".to_owned(), lang.guide_who_approver().to_owned()),
        ("both".to_owned(), lang.guide_who_both().to_owned()),
    ];
    let way = bound(&way_word(now.way), move |chosen| {
        let way = way_of(chosen);
        change(Box::new(move |item| item.way = way));
    });
    let required =
        Signal::derive(move || draft.with(|draft| draft.checklist.get(place).is_some_and(|item| item.required)));
    let require = move |on: bool| change(Box::new(move |item| item.required = on));
    let fields = line_fields(&now.line, move |with| change(Box::new(move |item| with(&mut item.line))));
    let scope = scope_form(town, &now.scope, move |with| change(Box::new(move |item| with(&mut item.scope))));
    let remove = move || {
        draft.update(|draft| {
            if place < draft.checklist.len() {
                draft.checklist.remove(place);
            }
        });
    };
    let title = move || draft.with(|draft| draft.checklist.get(place).map(|one| one.line.clone())).unwrap_or_default();
    let mark = move || required.get().then(|| view! { <Chip hue=Hue::Info text=lang.guide_required_label()/> });
    let fields = view! {
        {fields}
        <Select label=lang.guide_who() value=asked options=sides/>
        <Select label=lang.guide_way() value=way options=ways()/>
        {move || is_blind(way.with(|word| way_of(word))).then(|| view! {
            <p class="notice" data-hue="warn" role="status">{lang.guide_way_off()}</p>
        })}
        <Checkbox label=lang.guide_required_label() hint=lang.guide_required_hint() checked=required on_change=require/>
        {scope}
        <div class="actions"><Button tone=Tone::Quiet on_press=remove>{lang.general_remove()}</Button></div>
    };
    folded(title, mark.into_any(), now.line.0.is_empty(), fields.into_any())
}

/// For which posts.
fn scope_form(
    town: StoredValue<Town>,
    now: &Scope,
    change: impl Fn(Box<dyn FnOnce(&mut Scope)>) + Copy + Send + Sync + 'static,
) -> AnyView {
    let lang = lang();
    let scope = RwSignal::new(now.clone());
    let set = move |with: fn(&mut Scope, usize, bool), place: usize, on: bool| {
        scope.update(|scope| with(scope, place, on));
        let scope = scope.get_untracked();
        change(Box::new(move |own| *own = scope));
    };
    let kinds = Kind::ALL.into_iter().enumerate().map(|(place, kind)| {
        let checked = Signal::derive(move || scope.with(|scope| scope.kinds.contains(&kind)));
        let tick =
            move |on: bool| set(|scope, place, on| toggle(&mut scope.kinds, Kind::ALL.get(place), on), place, on);
        view! { <Checkbox label=kind_name(lang, kind) checked on_change=tick/> }
    });
    let matters = Matter::ALL.into_iter().enumerate().map(|(place, matter)| {
        let checked = Signal::derive(move || scope.with(|scope| scope.matters.contains(&matter)));
        let tick =
            move |on: bool| set(|scope, place, on| toggle(&mut scope.matters, Matter::ALL.get(place), on), place, on);
        view! { <Checkbox label=matter_name(lang, matter) checked on_change=tick/> }
    });
    let channels = town.with_value(|town| {
        let channels = town.channels.iter().map(|channel| (channel.id.clone(), channel.name.clone()));
        channels.collect::<Vec<(ChannelId, String)>>()
    });
    let channels = channels.into_iter().map(|(channel, name)| {
        let (own, taken) = (channel.clone(), channel);
        let checked = Signal::derive(move || scope.with(|scope| scope.channels.contains(&own)));
        let tick = move |on: bool| {
            scope.update(|scope| toggle(&mut scope.channels, Some(&taken), on));
            let scope = scope.get_untracked();
            change(Box::new(move |own| *own = scope));
        };
        view! { <Checkbox label=name checked on_change=tick/> }
    });
    let (kinds, matters, channels) =
        (kinds.collect::<Vec<_>>(), matters.collect::<Vec<_>>(), channels.collect::<Vec<_>>());
    let limited = *now != Scope::default();
    view! {
        <details open=limited>
            <summary>{lang.guide_only()}</summary>
            <p class="hint">{lang.guide_only_hint()}</p>
            <fieldset class="condition-of"><legend>{lang.guide_only_kinds()}</legend>{kinds}</fieldset>
            <fieldset class="condition-of"><legend>{lang.guide_only_channels()}</legend>{channels}</fieldset>
            <fieldset class="condition-of"><legend>{lang.guide_only_matters()}</legend>{matters}</fieldset>
        </details>
    }
    .into_any()
}

fn toggle<T: Clone + Ord>(these: &mut BTreeSet<T>, one: Option<&T>, on: bool) {
    let Some(one) = one else { return };
    if on {
        these.insert(one.clone());
    } else {
        these.remove(one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn officers_are_a_line_each_with_their_office_behind() {
        let officers = officers_of("Vicente Blasco Ibáñez; Alcaldía\n\n  Pío Baroja \n");
        assert_eq!(
            officers.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
            ["Vicente Blasco Ibáñez", "Pío Baroja"]
        );
        assert_eq!(officers_of(&officers_text(&officers)), officers);
    }

    #[test]
    fn what_ticks_an_item_is_what_was_chosen() {
        for way in [Way::Hand, Way::Rule { rule: Rule::AltText }, Way::Matter { matter: Matter::Works }] {
            assert_eq!(way_of(&way_word(way)), way);
        }
        for asked in [Asked::Author, Asked::Approver, Asked::Both] {
            assert_eq!(asked_of(asked_word(asked)), asked);
        }
    }
}

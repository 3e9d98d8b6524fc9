//! The rules that choose a circuit: each a sentence, tried in order, and what holds where none does.

use domain::{
    CircuitId,
    bylaws::Draft,
    circuit::{Clause, choice::Rule},
};
use leptos::prelude::*;
use words::{otherwise_sentence, rule_sentence};

use super::{
    Names, Town, circuit_name,
    conditions::Conditions,
    draw::{bound, trial_of},
};
use crate::{
    state::lang,
    ui::{Button, Glyph, Select, Tone},
};

/// The rules.
#[component]
pub fn Rules(town: StoredValue<Town>, draft: RwSignal<Draft>) -> AnyView {
    let lang = lang();
    let manages = town.with_value(|town| town.manages);
    // Drawn anew when a rule comes, goes or moves; what is changed in one is its own.
    let shape = RwSignal::new(0_u32);
    let known = StoredValue::new(draft.with_untracked(|draft| draft.rules.rules.clone()));
    Effect::new(move |_| {
        let now = draft.with(|draft| draft.rules.rules.clone());
        let same = |one: &[Rule], other: &[Rule]| {
            // One rule may differ in what it says; two differ when they changed places.
            one.len() == other.len() && one.iter().zip(other).filter(|(one, other)| one != other).count() < 2
        };
        if !known.with_value(|known| same(known, &now)) {
            shape.update(|shape| *shape += 1);
        }
        known.set_value(now);
    });
    let lines = move || {
        shape.track();
        let count = draft.with_untracked(|draft| draft.rules.rules.len());
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
    let rule = move || draft.with(|draft| draft.rules.rules.get(place).cloned());
    let Some(now) = untrack(rule) else { return ().into_any() };
    let said = move || {
        town.with_value(|town| {
            draft.with(|draft| {
                let rule = draft.rules.rules.get(place)?;
                Some(rule_sentence(lang, rule, &Names { town, draft }))
            })
        })
    };
    let caught = move || {
        let trial = town.with_value(|town| draft.with(|draft| trial_of(town, draft)));
        (trial.of > 0).then(|| lang.circuits_caught(trial.caught.get(&place).copied().unwrap_or_default(), trial.of))
    };
    let change = move |change: Box<dyn FnOnce(&mut Rule)>| {
        draft.update(|draft| {
            if let Some(rule) = draft.rules.rules.get_mut(place) {
                change(rule);
            }
        });
    };
    let remove = move || {
        draft.update(|draft| {
            if place < draft.rules.rules.len() {
                draft.rules.rules.remove(place);
            }
        });
    };
    let earlier = move || draft.update(|draft| draft.rules.rules.swap(place, place.saturating_sub(1)));
    let when = Signal::derive(move || rule().map(|rule| rule.when).unwrap_or_default());
    let changed = Callback::new(move |when: Vec<Clause>| change(Box::new(move |rule| rule.when = when)));
    let circuit = bound(now.circuit.as_str(), move |chosen| {
        if let Ok(circuit) = chosen.parse::<CircuitId>() {
            change(Box::new(move |rule| rule.circuit = circuit));
        }
    });
    let circuits = Memo::new(move |_| draft.with(circuit_options));
    let manages = town.with_value(|town| town.manages);
    view! {
        <li class="rule-item">
            <div class="line-main"><p>{said}</p><p class="hint">{caught}</p></div>
            {(manages && place > 0 && count > 1)
                .then(|| view! { <Button tone=Tone::Quiet on_press=earlier>{lang.circuits_earlier()}</Button> })}
            {manages.then(|| view! { <Button tone=Tone::Quiet on_press=remove>{lang.general_remove()}</Button> })}
            {manages.then(|| view! {
                <details>
                    <summary>{lang.circuits_rule_change()}</summary>
                    <Conditions town draft when changed/>
                    {move || view! { <Select label=lang.circuits_rule_then() value=circuit options=circuits.get()/> }}
                </details>
            })}
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

/// A new rule: its conditions, and the circuit.
#[component]
fn NewRule(town: StoredValue<Town>, draft: RwSignal<Draft>) -> AnyView {
    let lang = lang();
    let when = RwSignal::new(Vec::<Clause>::new());
    let circuit = RwSignal::new(
        draft.with_untracked(|draft| draft.circuits.last().map(|circuit| circuit.id.to_string()).unwrap_or_default()),
    );
    let circuits = Memo::new(move |_| draft.with(circuit_options));
    let add = move || {
        let Ok(circuit) = circuit.with_untracked(|circuit| circuit.parse::<CircuitId>()) else { return };
        let when = std::mem::take(&mut *when.write());
        draft.update(|draft| draft.rules.rules.push(Rule { when, circuit }));
    };
    let empty = Signal::derive(move || when.with(Vec::is_empty));
    view! {
        <fieldset class="rule-new">
            <legend>{lang.circuits_rule_new()}</legend>
            <Conditions town draft when changed=Callback::new(move |changed| when.set(changed))/>
            {move || view! { <Select label=lang.circuits_rule_then() value=circuit options=circuits.get()/> }}
            <div class="actions"><Button glyph=Glyph::Plus disabled=empty on_press=add>{lang.circuits_rule_add()}</Button></div>
        </fieldset>
    }
    .into_any()
}

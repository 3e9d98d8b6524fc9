//! Drawing: circuits and rules as one draft, with what is wrong with it and what it would have changed beside it.

use domain::{
    CircuitId, StepId,
    bylaws::{Draft, Trial},
    circuit::{Again, Circuit, Duties, Flaw, Hats, Options, Quorum, Seat, Sight, Step},
    party::Party,
};
use leptos::prelude::*;
use wire::bylaws::{DRAW, Draw, Standing};

use super::{Town, circuit_name, rules, sentence, step};
use crate::{
    api,
    parts::{ProblemNotice, Work},
    state::{drafts, lang, toasts},
    ui::{Button, Glyph, Gravity, Notice, Select, TextField, Tone},
};

/// The circuits.
#[component]
pub fn Circuits(town: Town, saved: Callback<Standing>) -> AnyView {
    let lang = lang();
    let bylaws = &town.standing.bylaws;
    let stands = Draft { circuits: bylaws.circuits.clone(), rules: bylaws.rules.clone() };
    let draft = RwSignal::new(stands.clone());
    let town = StoredValue::new(town);
    let flaws = Memo::new(move |_| draft.with(|draft| draft.flaws(&town.with_value(Town::people))));
    let changed = Memo::new(move |_| draft.with(|draft| *draft != stands));
    let manages = town.with_value(|town| town.manages);
    let work = Work::new();
    let save = move || {
        let version = town.with_value(|town| town.standing.version);
        let asked = Draw { version, draft: named(draft.get_untracked()) };
        work.run(async move { api::call(&DRAW, &[], &asked).await }, move |standing| {
            toasts::done(lang.general_saved());
            saved.run(standing);
        });
    };
    let add = move || {
        let (circuit, step) = (CircuitId::from_bits(drafts::chance()), StepId::from_bits(drafts::chance()));
        draft.update(|draft| draft.circuits.push(new_circuit(circuit, step, lang.circuits_new().to_owned())));
    };
    // Drawn anew when circuits or steps come or go; what is typed in them is their own.
    let shape = Memo::new(move |_| draft.with(shape_of));
    let cards = move || {
        shape
            .get()
            .into_iter()
            .map(|(circuit, steps)| view! { <Card town draft circuit steps/> }.into_any())
            .collect::<Vec<_>>()
    };
    let stops = move || flaws.with(|flaws| flaws.iter().any(Flaw::stops));
    view! {
        <fieldset class="stack" disabled=!manages aria-label=lang.circuits_title()>
            {cards}
            {manages.then(|| view! {
                <div class="actions"><Button glyph=Glyph::Plus on_press=add>{lang.circuits_add()}</Button></div>
            })}
            <rules::Rules town draft/>
            <div role="status" class="stack">
                {move || flaws.get().iter().map(|flaw| {
                    let said = town.with_value(|town| sentence(town, flaw));
                    let of = draft.with_untracked(|draft| place_of(draft, flaw));
                    let gravity = if flaw.stops() { Gravity::Bad } else { Gravity::Warn };
                    view! { <Notice gravity title=said.what><p>{of} " " {said.next}</p></Notice> }
                }).collect_view()}
                {move || (changed.get() && !stops()).then(|| trial(town, draft))}
            </div>
            <ProblemNotice problem=work.problem/>
            {manages.then(|| view! {
                <div class="actions end">
                    <Button tone=Tone::Primary busy=work.busy disabled=Signal::derive(move || stops() || !changed.get())
                        on_press=save>{lang.general_save()}</Button>
                </div>
            })}
        </fieldset>
    }
    .into_any()
}

/// Which rule or step a flaw speaks of: there may be many.
fn place_of(draft: &Draft, flaw: &Flaw) -> Option<String> {
    match flaw {
        Flaw::MatchesEverything { rule } | Flaw::NeverMatches { rule } | Flaw::Shadowed { rule, .. } => {
            Some(lang().circuits_flaw_rule(rule + 1))
        }
        Flaw::UnknownCircuit { rule, .. } => rule.map(|rule| lang().circuits_flaw_rule(rule + 1)),
        Flaw::DoubledStep { step }
        | Flaw::NeverApplies { step }
        | Flaw::BadCount { step, .. }
        | Flaw::NobodyFits { step, .. }
        | Flaw::OutsideIsInside { step, .. }
        | Flaw::TooFewPeople { step, .. }
        | Flaw::BadTime { step }
        | Flaw::NobodyOnRung { step, .. }
        | Flaw::LadderCycle { step, .. } => {
            let mut steps =
                draft.circuits.iter().flat_map(|circuit| circuit.steps.iter().map(move |one| (circuit, one)));
            let (circuit, found) = steps.find(|(_, one)| one.id == *step)?;
            let name = Some(found.name.as_str()).filter(|name| !name.is_empty());
            let name = name.unwrap_or_else(|| lang().circuits_step_usual());
            Some(lang().circuits_flaw_step(circuit_name(lang(), &circuit.name), name))
        }
        Flaw::NoStep
        | Flaw::EveryStepConditional
        | Flaw::TooFewHats { .. }
        | Flaw::StuckWhenWriting { .. }
        | Flaw::SubstituteCycle { .. } => None,
    }
}

/// Which circuits there are, and which steps they have.
fn shape_of(draft: &Draft) -> Vec<(CircuitId, Vec<StepId>)> {
    let steps = |circuit: &Circuit| circuit.steps.iter().map(|step| step.id.clone()).collect();
    draft.circuits.iter().map(|circuit| (circuit.id.clone(), steps(circuit))).collect()
}

/// What a draft would have done with the last posts, against what stands.
pub fn trial_of(town: &Town, draft: &Draft) -> Trial {
    let bylaws = &town.standing.bylaws;
    let stands = Draft { circuits: bylaws.circuits.clone(), rules: bylaws.rules.clone() };
    draft.trial(&stands, &town.past)
}

/// The same, in a sentence.
fn trial(town: StoredValue<Town>, draft: RwSignal<Draft>) -> AnyView {
    let trial = town.with_value(|town| draft.with(|draft| trial_of(town, draft)));
    let text = if trial.of == 0 {
        lang().circuits_trial_none().to_owned()
    } else {
        lang().circuits_trial(trial.changed, trial.of)
    };
    view! { <p class="hint">{text}</p> }.into_any()
}

/// A new circuit begins with one step that whoever approves can take.
/// What has no name of its own is saved with the one that its field shows: once it was changed, the usual circuit is the
/// organisation's, and has names like every other.
fn named(mut draft: Draft) -> Draft {
    let lang = lang();
    let changed = draft.circuits.iter_mut().filter(|circuit| **circuit != Circuit::usual());
    for circuit in changed {
        circuit.name = circuit_name(lang, &circuit.name);
        for step in circuit.steps.iter_mut().filter(|step| step.name.trim().is_empty()) {
            step.name = lang.circuits_step_usual().to_owned();
        }
    }
    draft
}

fn new_circuit(id: CircuitId, step: StepId, name: String) -> Circuit {
    Circuit { id, version: 0, name, steps: vec![new_step(step)], options: Options::default() }
}

fn new_step(id: StepId) -> Step {
    let party = Party::Role { role: domain::Role::Approver };
    Step {
        id,
        name: lang().circuits_step_new().to_owned(),
        seats: vec![Seat::from(party)],
        quorum: Quorum::Any,
        when: Vec::new(),
        deadline: None,
        sight: Sight::Everything,
    }
}

/// Changes one circuit of a draft.
pub fn with_circuit(draft: RwSignal<Draft>, id: &CircuitId, change: impl FnOnce(&mut Circuit)) {
    draft.update(|draft| {
        if let Some(circuit) = draft.circuits.iter_mut().find(|circuit| circuit.id == *id) {
            change(circuit);
        }
    });
}

/// A choice that is bound to a part of the draft: what is chosen is written there.
pub fn bound(now: &str, write: impl Fn(&str) + 'static) -> RwSignal<String> {
    let value = RwSignal::new(now.to_owned());
    Effect::watch(move || value.get(), move |chosen, _, _| write(chosen), false);
    value
}

#[component]
fn Card(town: StoredValue<Town>, draft: RwSignal<Draft>, circuit: CircuitId, steps: Vec<StepId>) -> AnyView {
    let lang = lang();
    let found = draft.with_untracked(|draft| draft.circuits.iter().find(|one| one.id == circuit).cloned());
    let Some(now) = found else { return ().into_any() };
    let id = StoredValue::new(circuit);
    let change = move |change: Box<dyn FnOnce(&mut Circuit)>| with_circuit(draft, &id.get_value(), change);
    let name = bound(&circuit_name(lang, &now.name), move |name| {
        let name = name.to_owned();
        change(Box::new(|circuit| circuit.name = name));
    });
    let hats = bound(word(now.options.hats == Hats::OnceAStep), move |chosen| {
        let hats = if chosen == "yes" { Hats::OnceAStep } else { Hats::OnceARound };
        change(Box::new(move |circuit| circuit.options.hats = hats));
    });
    let again = bound(word(now.options.again == Again::OnlyChanged), move |chosen| {
        let again = if chosen == "yes" { Again::OnlyChanged } else { Again::Everything };
        change(Box::new(move |circuit| circuit.options.again = again));
    });
    let duties = bound(word(now.options.duties == Duties::Apart), move |chosen| {
        let duties = if chosen == "yes" { Duties::Apart } else { Duties::Shared };
        change(Box::new(move |circuit| circuit.options.duties = duties));
    });
    let two = |no: &'static str, yes: &'static str| {
        vec![("no".to_owned(), no.to_owned()), ("yes".to_owned(), yes.to_owned())]
    };
    let add = move || {
        let step = new_step(StepId::from_bits(drafts::chance()));
        change(Box::new(|circuit| circuit.steps.push(step)));
    };
    let remove = move || draft.update(|draft| draft.circuits.retain(|one| one.id != id.get_value()));
    let alone = draft.with_untracked(|draft| draft.circuits.len() == 1);
    let count = steps.len();
    let steps = steps
        .into_iter()
        .enumerate()
        .map(|(place, step)| view! { <step::StepForm town draft circuit=id.get_value() step place count/> }.into_any());
    let manages = town.with_value(|town| town.manages);
    let heading = move || circuit_name(lang, &name.get());
    view! {
        <section class="card circuit">
            <div class="card-head">
                <h2>{heading}</h2>
                {(now.version > 0).then(|| view! { <span class="hint">{lang.circuits_version(now.version)}</span> })}
            </div>
            <TextField label=lang.circuits_name() value=name required=true most=100/>
            <ol class="circuit-steps">{steps.collect::<Vec<_>>()}</ol>
            {manages.then(|| view! {
                <div class="actions"><Button glyph=Glyph::Plus on_press=add>{lang.circuits_step_add()}</Button></div>
            })}
            <details>
                <summary>{lang.circuits_options()}</summary>
                <div class="stack">
                    <Select label=lang.circuits_hats() value=hats options=two(lang.circuits_hats_round(), lang.circuits_hats_step())/>
                    <Select label=lang.circuits_again() hint=lang.circuits_again_hint() value=again
                        options=two(lang.circuits_again_everything(), lang.circuits_again_changed())/>
                    <Select label=lang.circuits_duties() value=duties
                        options=two(lang.circuits_duties_shared(), lang.circuits_duties_apart())/>
                </div>
            </details>
            {(manages && !alone).then(|| view! {
                <div class="actions end"><Button tone=Tone::Quiet on_press=remove>{lang.circuits_remove()}</Button></div>
            })}
        </section>
    }
    .into_any()
}

const fn word(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

//! Who stands in for whom, who is away, and who is asked together.

use chrono::NaiveDate;
use domain::{
    Act, DelegationId, MemberId, UnitId,
    bylaws::Unit,
    circuit::flaw::substitute_cycles,
    delegation::{Delegation, Scope},
    may,
    people::Absence,
};
use leptos::{ev, prelude::*};
use wire::{
    Endpoint, Nothing,
    bylaws::{EXCUSE, Excuse, GROUP, Group, RECALL, REVOKE, SUBSTITUTE, Standing, Substitute},
};

use super::{Town, day, sentence};
use crate::{
    api,
    parts::{ProblemNotice, Work},
    platform::time,
    state::{drafts, lang, session, toasts},
    ui::{Button, Checkbox, Glyph, Gravity, Notice, Select, TextField, Tone},
};

/// Asks for a change and takes over what comes of it.
fn change<Q: serde::Serialize + 'static>(
    work: Work,
    saved: Callback<Standing>,
    endpoint: &'static Endpoint<Q, Standing>,
    parts: Vec<String>,
    asked: Q,
) {
    let said = lang().general_saved();
    let call = async move {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        api::call(endpoint, &parts, &asked).await
    };
    work.run(call, move |standing| {
        toasts::done(said);
        saved.run(standing);
    });
}

fn colleagues(town: &Town) -> Vec<(String, String)> {
    town.standing.colleagues.iter().map(|one| (one.id.to_string(), town.member(&one.id))).collect()
}

fn first(options: &[(String, String)]) -> RwSignal<String> {
    RwSignal::new(options.first().map(|(word, _)| word.clone()).unwrap_or_default())
}

fn parsed(from: RwSignal<String>, to: RwSignal<String>) -> Option<(NaiveDate, NaiveDate)> {
    Some((from.get_untracked().parse().ok()?, to.get_untracked().parse().ok()?))
}

fn today() -> String {
    let zone = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.clone()));
    zone.map(|zone| zone.civil(time::now()).date().to_string()).unwrap_or_default()
}

/// Substitutes by decree.
#[component]
pub fn Substitutes(town: Town, saved: Callback<Standing>) -> AnyView {
    let lang = lang();
    let work = Work::new();
    let now = time::now();
    let live = town.standing.bylaws.delegations.iter().filter(|one| one.end() > now);
    let lines = live.map(|delegation| substitute_line(&town, delegation, work, saved)).collect::<Vec<_>>();
    let none = lines.is_empty();
    let manages = town.manages;
    // Said, not refused: two who stand in for each other on different days is what small towns do.
    let circles = substitute_cycles(&town.standing.bylaws.delegations, now).into_iter().map(|flaw| {
        let said = sentence(&town, &flaw);
        let who = match &flaw {
            domain::circuit::Flaw::SubstituteCycle { members } => {
                members.iter().map(|member| town.member(member)).collect::<Vec<_>>().join(", ")
            }
            _ => String::new(),
        };
        view! { <Notice gravity=Gravity::Warn title=said.what><p>{[who.as_str(), ". "].concat()}{said.next}</p></Notice> }
    });
    let circles = circles.collect::<Vec<_>>();
    let options = colleagues(&town);
    let (of, to) = (first(&options), first(&options));
    let (reference, from, until) = (RwSignal::new(String::new()), RwSignal::new(today()), RwSignal::new(today()));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let ids = of.get_untracked().parse::<MemberId>().ok().zip(to.get_untracked().parse::<MemberId>().ok());
        let (Some((of, to)), Some((first, last))) = (ids, parsed(from, until)) else { return };
        let id = DelegationId::from_bits(drafts::chance());
        let reference = reference.get_untracked();
        let asked = Substitute { id, of, to, reference, first, last, scope: Scope::ALL };
        change(work, saved, &SUBSTITUTE, Vec::new(), asked);
    };
    view! {
        <section class="card">
            <h2>{lang.circuits_substitutes()}</h2>
            <p class="soft">{lang.circuits_substitutes_text()}</p>
            {none.then(|| view! { <p class="hint">{lang.circuits_substitutes_none()}</p> })}
            <ul class="lines">{lines}</ul>
            <div role="status" class="stack">{circles}</div>
            <ProblemNotice problem=work.problem/>
            {manages.then(|| view! {
                <form class="circuit-rule" on:submit=submit>
                    <Select label=lang.circuits_substitute_of() value=of options=options.clone()/>
                    <Select label=lang.circuits_substitute_to() value=to options=options/>
                    <TextField label=lang.circuits_reference() hint=lang.circuits_reference_hint() value=reference required=true most=200/>
                    <TextField label=lang.circuits_from() value=from kind="date" required=true/>
                    <TextField label=lang.circuits_until() value=until kind="date" required=true/>
                    <div class="actions"><Button glyph=Glyph::Plus submit=true busy=work.busy>{lang.circuits_substitute_add()}</Button></div>
                </form>
            })}
        </section>
    }
    .into_any()
}

fn substitute_line(town: &Town, delegation: &Delegation, work: Work, saved: Callback<Standing>) -> AnyView {
    let lang = lang();
    let (of, to) = (town.member(&delegation.of), town.member(&delegation.to));
    let term = lang.circuits_term(day(delegation.term.from), day(delegation.term.until.minus(domain::Millis(1))));
    let id = delegation.id.to_string();
    let revoke = move || change(work, saved, &REVOKE, vec![id.clone()], Nothing {});
    view! {
        <li>
            <div class="line-main">
                <strong>{lang.circuits_acts_for(of, to)}</strong>
                <p class="hint">{[delegation.reference.as_str(), " · ", &term].concat()}</p>
            </div>
            {town.manages.then(|| view! { <Button on_press=revoke>{lang.circuits_revoke()}</Button> })}
        </li>
    }
    .into_any()
}

/// Who is away.
#[component]
pub fn Absences(town: Town, saved: Callback<Standing>) -> AnyView {
    let lang = lang();
    let work = Work::new();
    let me = session().me.with_untracked(|me| me.as_ref().map(|me| (me.member.clone(), me.role)));
    let Some((own, role)) = me else { return ().into_any() };
    let anybody = may(role, Act::ManagePeople);
    let lines = town.standing.bylaws.absences.iter().map(|absence| {
        let whose = absence.member == own || anybody;
        absence_line(&town, absence, whose, work, saved)
    });
    let lines = lines.collect::<Vec<_>>();
    let none = lines.is_empty();
    let options = colleagues(&town);
    let member = RwSignal::new(own.to_string());
    let (from, until) = (RwSignal::new(today()), RwSignal::new(today()));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Ok(member) = member.get_untracked().parse::<MemberId>() else { return };
        let Some((first, last)) = parsed(from, until) else { return };
        change(work, saved, &EXCUSE, Vec::new(), Excuse { member, first, last });
    };
    view! {
        <section class="card">
            <h2>{lang.circuits_absences()}</h2>
            <p class="soft">{lang.circuits_absences_text()}</p>
            {none.then(|| view! { <p class="hint">{lang.circuits_absences_none()}</p> })}
            <ul class="lines">{lines}</ul>
            <ProblemNotice problem=work.problem/>
            <form class="circuit-rule" on:submit=submit>
                {anybody.then(|| view! { <Select label=lang.circuits_absence_of() value=member options=options/> })}
                <TextField label=lang.circuits_from() value=from kind="date" required=true/>
                <TextField label=lang.circuits_until() value=until kind="date" required=true/>
                <div class="actions"><Button glyph=Glyph::Plus submit=true busy=work.busy>{lang.circuits_absence_add()}</Button></div>
            </form>
        </section>
    }
    .into_any()
}

fn absence_line(town: &Town, absence: &Absence, whose: bool, work: Work, saved: Callback<Standing>) -> AnyView {
    let lang = lang();
    let term = lang.circuits_term(day(absence.term.from), day(absence.term.until.minus(domain::Millis(1))));
    let name = town.member(&absence.member);
    let asked = absence.clone();
    let recall = move || change(work, saved, &RECALL, Vec::new(), asked.clone());
    view! {
        <li>
            <div class="line-main"><strong>{name}</strong><p class="hint">{term}</p></div>
            {whose.then(|| view! { <Button tone=Tone::Quiet on_press=recall>{lang.general_remove()}</Button> })}
        </li>
    }
    .into_any()
}

/// Units: members who are asked together.
#[component]
pub fn Units(town: Town, saved: Callback<Standing>) -> AnyView {
    let lang = lang();
    let (work, version, manages) = (Work::new(), town.standing.version, town.manages);
    let units = StoredValue::new(town.standing.bylaws.units.clone());
    let lines = town.standing.bylaws.units.iter().map(|unit| {
        let names: Vec<String> = unit.members.iter().map(|member| town.member(member)).collect();
        let id = unit.id.clone();
        let remove = move || {
            let mut units = units.get_value();
            units.retain(|unit| unit.id != id);
            change(work, saved, &GROUP, Vec::new(), Group { version, units });
        };
        view! {
            <li>
                <div class="line-main"><strong>{unit.name.clone()}</strong><p class="hint">{names.join(", ")}</p></div>
                {manages.then(|| view! { <Button tone=Tone::Quiet on_press=remove>{lang.general_remove()}</Button> })}
            </li>
        }
    });
    let lines = lines.collect::<Vec<_>>();
    let none = lines.is_empty();
    let name = RwSignal::new(String::new());
    let members = RwSignal::new(Vec::<MemberId>::new());
    let boxes = town.standing.colleagues.iter().map(|colleague| {
        let (member, taken) = (colleague.id.clone(), colleague.id.clone());
        let checked = Signal::derive(move || members.with(|members| members.contains(&member)));
        let toggle = move |on: bool| {
            members.update(|members| {
                members.retain(|member| *member != taken);
                if on {
                    members.push(taken.clone());
                }
            });
        };
        view! { <Checkbox label=town.member(&colleague.id) checked on_change=toggle/> }
    });
    let boxes = boxes.collect::<Vec<_>>();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let id = UnitId::from_bits(drafts::chance());
        let unit = Unit { id, name: name.get_untracked().trim().to_owned(), members: members.get_untracked() };
        let units = units.get_value().into_iter().chain([unit]).collect();
        change(work, saved, &GROUP, Vec::new(), Group { version, units });
    };
    view! {
        <section class="card">
            <h2>{lang.circuits_units()}</h2>
            <p class="soft">{lang.circuits_units_text()}</p>
            {none.then(|| view! { <p class="hint">{lang.circuits_units_none()}</p> })}
            <ul class="lines">{lines}</ul>
            <ProblemNotice problem=work.problem/>
            {manages.then(|| view! {
                <form class="stack" on:submit=submit>
                    <TextField label=lang.circuits_unit_name() value=name required=true most=100/>
                    <fieldset><legend>{lang.circuits_unit_members()}</legend>{boxes}</fieldset>
                    <div class="actions"><Button glyph=Glyph::Plus submit=true busy=work.busy>{lang.circuits_unit_add()}</Button></div>
                </form>
            })}
        </section>
    }
    .into_any()
}

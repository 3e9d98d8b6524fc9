//! The policy: what each rule does here, how late a publication may go out by itself, who is told.

use domain::{
    MemberId, Millis, Organisation,
    policy::{Mode, Rule, RuleSet},
};
use leptos::{ev, prelude::*};
use wire::{
    organisations::{CHANGE_POLICY, ChangePolicy},
    people::MemberRow,
};

use crate::{
    api,
    parts::{ProblemNotice, Work},
    state::{lang, session, toasts},
    ui::{Button, Checkbox, Chip, Hue, TextField, Tone, unique},
};

const MODES: [(Mode, &str); 3] = [(Mode::Block, "block"), (Mode::Warn, "warn"), (Mode::Off, "off")];

/// The policy.
#[component]
pub fn Rules(organisation: Organisation, members: RwSignal<Vec<MemberRow>>) -> impl IntoView {
    let lang = lang();
    let (policy, version) = (organisation.policy, organisation.version);
    let rules = RwSignal::new(policy.rules);
    let window = RwSignal::new(policy.window.whole_minutes().to_string());
    let (alert, duty) = (RwSignal::new(policy.alert), RwSignal::new(policy.duty));
    let work = Work::new();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let minutes = window.with_untracked(|window| window.trim().parse().unwrap_or(0));
        let change = ChangePolicy {
            version,
            rules: rules.get_untracked(),
            window: Millis::minutes(minutes),
            alert: alert.get_untracked(),
            duty: duty.get_untracked(),
        };
        work.run(async move { api::call(&CHANGE_POLICY, &[], &change).await }, |organisation| {
            toasts::done(crate::state::lang().general_saved());
            session().accept_organisation(organisation);
        });
    };
    view! {
        <form class="card" on:submit=submit>
            <h2>{lang.organisation_policy()}</h2>
            <p class="soft">{lang.organisation_policy_text()}</p>
            <div>{Rule::ALL.into_iter().map(|rule| rule_line(rule, rules)).collect_view()}</div>
            <TextField
                label=lang.organisation_window()
                hint=lang.organisation_window_hint()
                kind="number"
                value=window
                required=true
                most=4
            />
            <div class="columns">
                <Members label=lang.organisation_alert() hint=lang.organisation_alert_hint() members chosen=alert/>
                <Members label=lang.organisation_duty() hint=lang.organisation_duty_hint() members chosen=duty/>
            </div>
            <ProblemNotice problem=work.problem/>
            <div class="actions end">
                <Button tone=Tone::Primary submit=true busy=work.busy>{lang.general_save()}</Button>
            </div>
        </form>
    }
    .into_any()
}

fn rule_line(rule: Rule, rules: RwSignal<RuleSet>) -> AnyView {
    let lang = lang();
    let id = unique("rule");
    let mode = move || rules.with(|rules| rules.mode(rule));
    let choose = move |event: ev::Event| {
        let name = event_target_value(&event);
        let Some((mode, _)) = MODES.into_iter().find(|(_, own)| *own == name) else { return };
        rules.update(|rules| {
            // Only what differs is kept, so that a better default reaches who never minded.
            if mode == rule.default_mode() {
                rules.0.remove(&rule);
            } else {
                rules.0.insert(rule, mode);
            }
        });
    };
    let control = if rule.is_fixed() {
        let why = if rule.is_physical() { lang.organisation_physical() } else { lang.organisation_fixed() };
        view! { <span class="hint">{why}</span> }.into_any()
    } else {
        let options = MODES.into_iter().map(|(own, name)| {
            view! { <option value=name prop:selected=move || mode() == own>{words::mode_name(lang, own)}</option> }
        });
        view! { <select class="input" id=id.clone() on:change=choose>{options.collect_view()}</select> }.into_any()
    };
    view! {
        <div class="rule-line">
            <div>
                {if rule.is_fixed() {
                    view! { <strong>{words::rule_name(lang, rule)}</strong> }.into_any()
                } else {
                    view! { <label for=id><strong>{words::rule_name(lang, rule)}</strong></label> }.into_any()
                }}
                <p class="hint">{words::rule_explained(lang, rule)}</p>
            </div>
            {control}
        </div>
    }
    .into_any()
}

/// Chooses members.
#[component]
fn Members(
    label: &'static str,
    hint: &'static str,
    members: RwSignal<Vec<MemberRow>>,
    chosen: RwSignal<Vec<MemberId>>,
) -> impl IntoView {
    let lang = lang();
    let line = move |member: MemberRow| {
        let (asked, changed) = (member.id.clone(), member.id);
        let checked = Signal::derive(move || chosen.with(|chosen| chosen.contains(&asked)));
        let change = move |wanted: bool| {
            chosen.update(|chosen| {
                chosen.retain(|other| *other != changed);
                if wanted {
                    chosen.push(changed.clone());
                }
            });
        };
        view! { <Checkbox label=member.name checked=checked on_change=change/> }
    };
    view! {
        <fieldset class="field">
            <legend>{label}</legend>
            <p class="hint">{hint}</p>
            {move || chosen.with(Vec::is_empty).then(|| view! { <Chip hue=Hue::Warn text=lang.organisation_nobody()/> })}
            {move || members.get().into_iter().map(line).collect_view()}
        </fieldset>
    }
    .into_any()
}

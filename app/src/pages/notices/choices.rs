//! How one wants to be told: a way for each kind of thing, quiet hours, and the hour of the digest.

use std::collections::BTreeSet;

use domain::telling::{Allowance, Choices, Group, Passes, Quiet, Way};
use leptos::{ev, prelude::*};
use wire::notices::{CHOICES, CHOOSE, Chosen};
use words::{Lang, group_name};

use crate::{
    api,
    pages::around::Fetched,
    parts::{ProblemNotice, Work},
    state::{lang, toasts},
    ui::{Button, Checkbox, Gravity, Notice, Select, TextField, Tone},
};

/// The card.
#[component]
pub fn ChoicesCard() -> AnyView {
    let chosen = Fetched::new(move || async move { api::call(&CHOICES, &[], &wire::Nothing {}).await });
    chosen.draw(move |now| view! { <Form now/> }.into_any())
}

/// What can be chosen for a group, as one choice among few: two boxes that must not both be empty would be a riddle.
fn offers(lang: Lang, group: Group, allowed: &BTreeSet<Allowance>) -> Vec<(Vec<Way>, &'static str)> {
    let mut offers = vec![
        (vec![Way::Mail], lang.notices_way_mail()),
        (vec![Way::Push], lang.notices_way_push()),
        (vec![Way::Push, Way::Mail], lang.notices_way_both()),
    ];
    if !group.is_urgent() {
        offers.push((vec![Way::Digest], lang.notices_way_digest()));
        offers.push((vec![Way::Push, Way::Digest], lang.notices_way_push_digest()));
        if allowed.contains(&Allowance::Silence) {
            offers.push((Vec::new(), lang.notices_way_none()));
        }
    }
    offers
}

fn written(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// What a field for a time holds; outside the day if it is none, which the engine refuses by the name of the field.
fn minute(text: &str) -> u16 {
    let parts =
        text.split_once(':').and_then(|(hour, minute)| Some((hour.parse().ok()?, minute.get(..2)?.parse().ok()?)));
    parts.map_or(u16::MAX, |(hour, minute): (u16, u16)| hour.saturating_mul(60).saturating_add(minute))
}

/// What is chosen for a group: the ways that are offered with their names, and the place of the one that is picked.
type Picked = (Group, Vec<(Vec<Way>, &'static str)>, RwSignal<String>);

#[component]
fn Form(now: Chosen) -> AnyView {
    let lang = lang();
    let Chosen { choices, allowed, reach } = now;
    let picked: Vec<Picked> = Group::CHOSEN
        .into_iter()
        .map(|group| {
            let offers = offers(lang, group, &allowed);
            let ways: Vec<Way> = choices.ways(group).into_iter().collect();
            let place = offers.iter().position(|(own, _)| *own == ways).unwrap_or_default();
            (group, offers, RwSignal::new(place.to_string()))
        })
        .collect();
    let quiet = choices.quiet.unwrap_or(Quiet { from: 1_260, until: 480, passes: Passes::Urgent });
    let (on, urgent) = (RwSignal::new(choices.quiet.is_some()), RwSignal::new(quiet.passes == Passes::Urgent));
    let (from, until) = (RwSignal::new(written(quiet.from)), RwSignal::new(written(quiet.until)));
    let digest = RwSignal::new(written(choices.digest_at));
    let work = Work::new();
    let fields = picked.clone();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let way = |(group, offers, place): &Picked| {
            let place: usize = place.with_untracked(|place| place.parse().unwrap_or_default());
            (*group, offers.get(place).map(|(ways, _)| ways.iter().copied().collect()).unwrap_or_default())
        };
        let passes = if urgent.get_untracked() { Passes::Urgent } else { Passes::Nothing };
        let quiet = Quiet { from: minute(&from.get_untracked()), until: minute(&until.get_untracked()), passes };
        let choices = Choices {
            ways: picked.iter().map(way).collect(),
            quiet: on.get_untracked().then_some(quiet),
            digest_at: minute(&digest.get_untracked()),
        };
        work.run(async move { api::call(&CHOOSE, &[], &choices).await }, |_: Chosen| {
            toasts::done(crate::state::lang().general_saved());
        });
    };
    let select = |(group, offers, place): Picked| {
        let (label, hint) = group_name(lang, group);
        let options = offers.iter().enumerate().map(|(place, (_, name))| (place.to_string(), (*name).to_owned()));
        let options: Vec<_> = options.collect();
        match hint {
            Some(hint) => view! { <Select label hint value=place options/> }.into_any(),
            None => view! { <Select label value=place options/> }.into_any(),
        }
    };
    let (access, access_hint) = group_name(lang, Group::Access);
    view! {
        <form class="card" on:submit=submit>
            <h2>{lang.notices_ways_title()}</h2>
            <p class="soft">{lang.notices_ways_text()}</p>
            {(!reach.contains(&Way::Mail)).then(|| view! {
                <Notice gravity=Gravity::Warn><p>{lang.notices_no_mail()}</p></Notice>
            })}
            <div class="columns">{fields.into_iter().map(select).collect_view()}</div>
            <p><strong>{access}</strong> " " <span class="hint">{access_hint}</span></p>
            <fieldset class="field">
                <legend>{lang.notices_quiet_title()}</legend>
                <p class="hint">{lang.notices_quiet_text()} " " {lang.notices_quiet_hint()}</p>
                <Checkbox label=lang.notices_quiet_on() checked=on on_change=move |wanted| on.set(wanted)/>
                {move || on.get().then(|| view! {
                    <div class="columns">
                        <TextField label=lang.notices_quiet_from() kind="time" value=from required=true/>
                        <TextField label=lang.notices_quiet_until() kind="time" value=until required=true/>
                    </div>
                    <Checkbox
                        label=lang.notices_quiet_urgent()
                        hint=lang.notices_quiet_urgent_hint()
                        checked=urgent
                        on_change=move |wanted| urgent.set(wanted)
                    />
                })}
            </fieldset>
            <div class="notices-digest">
                <TextField
                    label=lang.notices_digest_at()
                    hint=lang.notices_digest_hint()
                    kind="time"
                    value=digest
                    required=true
                />
            </div>
            <ProblemNotice problem=work.problem/>
            <div class="actions end">
                <Button tone=Tone::Primary submit=true busy=work.busy>{lang.general_save()}</Button>
            </div>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_survives_its_field() {
        assert_eq!([0, 485, 1_439].map(|at| minute(&written(at))), [0, 485, 1_439]);
        assert_eq!(minute("08:05:30"), 485);
        assert_eq!(["", "8", "x:y", "8:5"].map(minute), [u16::MAX; 4]);
    }
}

//! What stands beside a text: what it was before, what the rules say of it, what the organisation asks of who decides.

use domain::guidance::{Guide, Side};
use leptos::prelude::*;

use crate::{
    api::json,
    item::Deciding,
    parts::{
        self,
        checklist::{self, Checklist},
    },
    pile::pile,
    state::lang,
    ui::unique,
    waits::{Pages, Waits},
};

/// Before and after, where this corrects what is out or was another in the round before.
pub fn changed(deciding: Deciding) -> AnyView {
    let Some(all) = pile().here.get_untracked() else { return ().into_any() };
    deciding.waits.with_value(|waits| {
        let (lang, before) = (lang(), waits.before.as_ref());
        let reason = waits.tree["correction"].as_str().map(|reason| view! { <p>{reason.to_owned()}</p> });
        let title = if reason.is_some() { lang.approvals_correction() } else { lang.decide_changed() };
        view! {
            <section class="notice" data-hue="warn">
                <div class="notice-body">
                    <strong>{title}</strong>
                    {reason}
                    {before.map(|before| parts::changed(lang, &all.channels, before, &waits.content))}
                </div>
            </section>
        }
        .into_any()
    })
}

/// What the rules say of it, and what somebody let pass and why.
pub fn findings(deciding: Deciding) -> AnyView {
    let Some(all) = pile().here.get_untracked() else { return ().into_any() };
    deciding.waits.with_value(|waits| {
        let found = json::pick::<Vec<_>>(waits.tree["findings"].clone()).unwrap_or_default();
        let waivers = json::pick::<Vec<_>>(waits.tree["waivers"].clone()).unwrap_or_default();
        parts::findings(&found, &waivers, &all.names, &all.channels)
    })
}

/// What the organisation asks.
pub fn guide(waits: &Waits) -> Guide {
    json::pick(waits.tree["guide"].clone()).unwrap_or_default()
}

/// Its dos and don'ts, and its checklist.
pub fn asked(deciding: Deciding) -> AnyView {
    let guide = deciding.waits.with_value(|waits| guide(waits));
    let advice = (!guide.advice.is_empty()).then(|| {
        view! {
            <details class="guide">
                <summary>{lang().guide_title()}</summary>
                {checklist::advice(&guide.advice)}
            </details>
        }
    });
    let hats =
        pile().here.get_untracked().and_then(|all| deciding.waits.with_value(|waits| hats(waits, &all, deciding.seat)));
    view! {
        {advice}
        <Checklist guide side=Side::Approver ticked=deciding.ticked/>
        {hats}
    }
    .into_any()
}

/// For oneself or for another, where there is a choice.
fn hats(waits: &Waits, all: &Pages, seat: RwSignal<usize>) -> Option<AnyView> {
    let lang = lang();
    let seats = waits.seats();
    let other = |place: usize| seats.get(place).map(|seat| &seat["acting_for"]).filter(|other| !other.is_null());
    // One seat that is one's own needs no words; one that is another's must be said.
    if seats.len() < 2 && other(0).is_none() {
        return None;
    }
    let group = unique("hats");
    let choices: Vec<_> = (0..seats.len())
        .map(|place| {
            let name = match other(place) {
                None => lang.decide_acting_self().to_owned(),
                Some(member) => lang.decide_acting_other(all.name_of(member)),
            };
            view! {
                <label>
                    <input type="radio" name=group.clone() prop:checked=move || seat.get() == place on:change=move |_| seat.set(place) />
                    <span>{name}</span>
                </label>
            }
        })
        .collect();
    Some(
        view! { <fieldset class="decide-hats"><legend><h3>{lang.decide_acting()}</h3></legend>{choices}</fieldset> }
            .into_any(),
    )
}

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
    waits::Waits,
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
    let guide = deciding.waits.with_value(guide);
    let advice = (!guide.advice.is_empty()).then(|| {
        view! {
            <details class="guide">
                <summary>{lang().guide_title()}</summary>
                {checklist::advice(&guide.advice)}
            </details>
        }
    });
    view! {
        {advice}
        <Checklist guide side=Side::Approver ticked=deciding.ticked/>
    }
    .into_any()
}

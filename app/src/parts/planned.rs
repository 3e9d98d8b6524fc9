//! The hour that is planned for a post that nobody agreed to yet, or the one that it lost and why, and the times that its
//! approval is for. Separate from the pages: whoever writes, whoever decides and whoever places read the same words.

use domain::{MemberId, Post, Stage, plan::Missed, round::Envelope, slot::HORIZON};
use leptos::prelude::*;

use super::{name_of, when};
use crate::{
    platform::time::{self, Form},
    state::lang,
};

/// What is to be known of when it goes out, besides a slot that it has. `placers`: who may place it, where that is said.
pub fn planned(post: &Post, names: &[(MemberId, String)], placers: &[MemberId]) -> AnyView {
    let lang = lang();
    let wished = post.plan.as_ref().and_then(|plan| plan.wished()).filter(|_| post.slot().is_some()).map(|slot| {
        let at = when(slot.at, Form::Full);
        let text = if slot.at < time::now() { lang.plan_over(at) } else { lang.plan_would(at, slot.zone.clone()) };
        view! { <p class="planned-slot">{text}</p> }
    });
    let missed = post.missed().map(|(slot, why)| {
        let others = matches!(why, Missed::DutiesApart | Missed::PlannerGone) && !placers.is_empty();
        let others = others.then(|| {
            let names: Vec<String> = placers.iter().map(|member| name_of(names, member)).collect();
            [" ", lang.plan_placers(names.join(", ")).as_str()].concat()
        });
        let text = words::missed(lang, why, when(slot.at, Form::Full));
        view! { <p class="notice" data-hue="warn">{text}{others}</p> }
    });
    let margin = match &post.stage {
        Stage::InReview { round } => match &round.envelope {
            // The usual one is as wide as anything may be planned: it says nothing.
            Envelope::Times { from, until } if until.since(*from) < HORIZON => {
                let text = lang.plan_margin(when(*from, Form::Full), when(*until, Form::Full));
                Some(view! { <p class="hint">{text}</p> })
            }
            _ => None,
        },
        _ => None,
    };
    view! { {wished}{margin}{missed} }.into_any()
}

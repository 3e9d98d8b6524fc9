//! Everything that ever happened to the post, newest last.

use domain::{Approval, Choice, Moment, Stage, delivery::ActState, emergency::Owed};
use leptos::prelude::*;
use wire::posts::{Decided, Proof};
use words::{deed_name, rule_name};

use super::{Sheet, ledger::came_in_words};
use crate::{pages::around, parts::arrange, platform::time::Form, routes, state::lang};

/// The timeline.
pub fn timeline(sheet: &Sheet) -> AnyView {
    let lang = lang();
    let (view, post) = (&sheet.view, &sheet.view.post);
    let mut events: Vec<(Moment, &'static str, AnyView)> = Vec::new();
    let mut tell = |at: Moment, hue: &'static str, text: String| events.push((at, hue, text.into_any()));

    tell(view.created, "neutral", lang.post_life_created(sheet.name(&post.author)));
    for waiver in &view.waivers {
        let (by, rule) = (sheet.name(&waiver.by), rule_name(lang, waiver.rule));
        tell(waiver.at, "warn", lang.post_life_waived(by, waiver.reason.clone(), rule));
    }
    match &post.stage {
        Stage::InReview { round } => tell(round.at, "info", lang.post_life_submitted(sheet.name(&round.by))),
        Stage::Cancelled { by, at, reason } => {
            tell(*at, "neutral", lang.post_life_cancelled(sheet.name(by), reason.clone()));
        }
        Stage::Out { correction: Some(correction), .. } => {
            let round = &correction.round;
            tell(round.at, "warn", lang.post_life_correction(sheet.name(&round.by), correction.reason.clone()));
        }
        _ => {}
    }
    if let Some(Approval::Declared { reason, at, .. }) = post.stage.approval() {
        tell(*at, "good", lang.post_life_declared(reason.clone()));
    }
    for story in &view.emergencies {
        for (at, _, text) in super::emergency::words_of(story) {
            tell(at, "warn", text(&|member| sheet.name(member)));
        }
        let end = story.emergency.strikes(story.emergency.first.at);
        match (story.owed, end) {
            (Owed::Overdue { .. } | Owed::Nothing { late: true }, Some(end)) => {
                tell(end, "bad", lang.emergency_life_overdue().to_owned());
            }
            (Owed::Dropped, Some(end)) if story.emergency.second.is_none() => {
                tell(end, "neutral", lang.emergency_life_lapsed().to_owned());
            }
            _ => {}
        }
    }
    for publication in &view.publications {
        let channel = sheet.channel_name(&publication.channel);
        for act in &publication.acts {
            let deed = deed_name(lang, act.deed);
            for attempt in &act.attempts {
                let came = came_in_words(attempt.outcome);
                let text = lang.post_life_attempt(came, channel.clone(), deed, attempt.number);
                tell(attempt.started, "info", text);
            }
            match &act.state {
                ActState::Done { receipt } => {
                    let text = match &receipt.by {
                        Some(by) => lang.post_life_done_by(sheet.name(by), channel.clone(), deed),
                        None => lang.post_life_done(channel.clone(), deed),
                    };
                    tell(receipt.at, "good", text);
                }
                ActState::InHand { since } => tell(*since, "warn", lang.post_life_in_hand(channel.clone())),
                _ => {}
            }
        }
    }
    if let Stage::Placed { slot, .. } = &post.stage {
        tell(slot.at, "info", lang.post_life_will_go().to_owned());
    }
    events.extend(view.decisions.iter().map(|decided| taken(sheet, decided)));
    arrange(&mut events, |(at, _, _)| *at);
    let lines = events.into_iter().map(|(at, hue, text)| {
        view! {
            <li data-hue=hue>
                <time>{around::when(at, Form::Full)}</time>
                <p>{text}</p>
            </li>
        }
    });
    view! { <ol class="life">{lines.collect::<Vec<_>>()}</ol> }.into_any()
}

/// A decision, and the way to its receipt.
fn taken(sheet: &Sheet, decided: &Decided) -> (Moment, &'static str, AnyView) {
    let (lang, Decided { id, decision, proof, brought }) = (lang(), decided);
    let by = sheet.person(&decision.by);
    let (hue, text) = match &decision.choice {
        Choice::Reserve { comment } => ("good", lang.post_life_reserved(by, comment.clone(), decision.round)),
        Choice::Approve => ("good", lang.post_life_approved(by, decision.round)),
        Choice::Return { comment, place } => {
            let quote = place.as_ref().map(|place| format!("«{}» ", place.quote)).unwrap_or_default();
            ("warn", lang.post_life_returned(by, format!("{quote}{comment}"), decision.round))
        }
    };
    let receipt = (*proof != Proof::Nothing)
        .then(|| view! { " " <a href=routes::receipt(&sheet.view.post.id, id)>{lang.post_life_receipt()}</a> });
    let brought = brought
        .map(|at| view! { " " <span class="hint">{lang.copy_brought_decision(around::when(at, Form::Full))}</span> });
    (decision.at, hue, view! { {text} {receipt} {brought} }.into_any())
}

//! The ledger in the open: every attempt, when it began and ended, what was sent, what came back and what that means.
//! Separate from `outcome`: this is what happened, that is what to do about it.

use domain::delivery::ActState;
use leptos::prelude::*;
use wire::publications::{ActView, AttemptView, Came};
use words::deed_name;

use super::{Sheet, kit::copy};
use crate::{
    pages::around,
    platform::time::Form,
    state::lang,
    ui::{Button, Chip, Glyph, Hue},
};

/// How much of a hash is shown; all of it is copied.
const SHORT_HASH: usize = 12;

/// What was tried, when, and what the network said.
pub fn history(sheet: &Sheet, act: &ActView, parts: usize) -> AnyView {
    let lang = lang();
    let part = (parts > 1).then(|| [" · ".to_owned(), lang.chain_part(act.part, parts)].concat());
    let receipt = match &act.state {
        ActState::Done { receipt } => {
            let by = receipt.by.as_ref().map(|by| lang.post_receipt_by(sheet.name(by)));
            Some(view! {
                <dl class="ledger-facts">
                    <div><dt>{lang.post_receipt()}</dt><dd>{around::when(receipt.at, Form::Full)}" "{by}</dd></div>
                    <div><dt>{lang.post_receipt_id()}</dt><dd><code>{receipt.native_id.clone()}</code></dd></div>
                    {receipt.address.clone().map(|address| view! {
                        <div><dt>{lang.post_receipt_address()}</dt><dd><code>{address}</code></dd></div>
                    })}
                    {receipt.poster.as_ref().map(|given| view! {
                        <div><dt>{lang.video_poster_title()}</dt><dd>{words::poster_given(lang, given)}</dd></div>
                    })}
                    {receipt.unmentioned.iter().map(|missed| view! {
                        <div><dt>{lang.mentions_missed_title()}</dt><dd>{words::unmentioned(lang, missed)}</dd></div>
                    }).collect::<Vec<_>>()}
                </dl>
            })
        }
        _ => None,
    };
    let lines = act.attempts.iter().map(attempt).collect::<Vec<_>>();
    let none = lines.is_empty().then(|| view! { <p class="hint">{lang.post_no_attempts()}</p> });
    view! {
        <h3>{deed_name(lang, act.deed)}{part}</h3>
        {none}
        <ol class="attempts">{lines}</ol>
        {receipt}
    }
    .into_any()
}

fn attempt(attempt: &AttemptView) -> AnyView {
    let lang = lang();
    let AttemptView { number, started, ended, status, outcome, message, sent, code, meaning, answer, .. } = attempt;
    let meaning = meaning.map(|class| words::meaning(lang, class));
    // What the network has is named by the receipt.
    let is_words = !message.is_empty() && !matches!(outcome, Some(Came::Accepted | Came::Handed));
    let said = is_words.then(|| lang.post_said(message));
    let ended = ended.map_or_else(|| lang.post_came_none().to_owned(), |at| around::when(at, Form::Exact));
    let status = status.map(|status| match code {
        Some(code) => format!("HTTP {status} · {code}"),
        None => format!("HTTP {status}"),
    });
    let sent = sent.clone().map(|hash| {
        let short = hash.get(..SHORT_HASH).unwrap_or_default().to_owned();
        let copy = move || copy(hash.clone(), lang.post_copied_hash());
        view! {
            <div>
                <dt>{lang.post_sent()}</dt>
                <dd>
                    <code>{short}"…"</code>" "
                    <Button tone=crate::ui::Tone::Quiet glyph=Glyph::Copy on_press=copy>{lang.post_copy_hash()}</Button>
                </dd>
            </div>
        }
    });
    view! {
        <li class="attempt">
            <p class="attempt-head">
                <b>{lang.post_attempt(*number)}</b>
                <Chip hue=hue(*outcome) text=came_in_words(*outcome) />
            </p>
            {meaning.map(|meaning| view! { <p>{meaning.what}" "<span class="hint">{meaning.next}</span></p> })}
            {said.map(|said| view! { <p>{said}</p> })}
            <dl class="ledger-facts">
                <div><dt>{lang.post_began()}</dt><dd>{around::when(*started, Form::Exact)}</dd></div>
                <div><dt>{lang.post_ended()}</dt><dd>{ended}</dd></div>
                {status.map(|status| view! { <div><dt>{lang.post_answered()}</dt><dd>{status}</dd></div> })}
                {sent}
            </dl>
            {answer.clone().map(|answer| view! {
                <details>
                    <summary>{lang.post_raw()}</summary>
                    <pre class="raw" tabindex="0">{answer}</pre>
                </details>
            })}
        </li>
    }
    .into_any()
}

const fn hue(came: Option<Came>) -> Hue {
    match came {
        None | Some(Came::Handed | Came::Preparing) => Hue::Info,
        Some(Came::Accepted) => Hue::Good,
        Some(Came::NotSent | Came::Throttled | Came::NoAnswer) => Hue::Warn,
        Some(Came::Unauthorised | Came::Refused) => Hue::Bad,
    }
}

/// What came of an attempt.
pub fn came_in_words(came: Option<Came>) -> &'static str {
    let lang = lang();
    match came {
        None => lang.post_came_none(),
        Some(Came::Accepted) => lang.post_came_accepted(),
        Some(Came::Handed) => lang.post_came_handed(),
        Some(Came::Preparing) => lang.post_came_preparing(),
        Some(Came::NotSent) => lang.post_came_not_sent(),
        Some(Came::Throttled) => lang.post_came_throttled(),
        Some(Came::Unauthorised) => lang.post_came_unauthorised(),
        Some(Came::Refused) => lang.post_came_refused(),
        Some(Came::NoAnswer) => lang.post_came_no_answer(),
    }
}

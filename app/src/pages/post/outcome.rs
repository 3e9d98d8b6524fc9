//! What became of each destination: its state in words, what to do, every attempt, and where it can be seen.

use domain::{
    Act, PublicationId,
    delivery::{ActState, Deed, PublicationState},
};
use leptos::prelude::*;
use wire::{
    Nothing,
    posts::PostView,
    publications::{self, ActView, AttemptView, Came, PublicationView, Settle, Why},
};
use words::{act_state, deed_name, language_name, publication_state_name};

use super::{
    Sheet,
    acts::{Asked, Doing, reason_texts},
    kit,
};
use crate::{
    api,
    pages::{around, calendar::mood},
    platform::time::Form,
    state::{lang, session},
    ui::{Button, Chip, Glyph, Icon, TextField, Tone},
};

/// All of them.
pub fn all(sheet: &Sheet, doing: Doing) -> AnyView {
    let lang = lang();
    let lines = sheet.view.publications.iter().map(|publication| one(sheet, publication, doing));
    view! {
        <section aria-labelledby="post-outcomes">
            <h2 id="post-outcomes">{lang.post_outcomes()}</h2>
            <ul class="outcomes">{lines.collect::<Vec<_>>()}</ul>
        </section>
    }
    .into_any()
}

/// The act that decides the state: the first that is not done, else the last.
fn current(publication: &PublicationView) -> Option<&ActView> {
    let open = |act: &&ActView| !matches!(act.state, ActState::Done { .. } | ActState::Cancelled { .. });
    publication.acts.iter().find(open).or(publication.acts.last())
}

fn one(sheet: &Sheet, publication: &PublicationView, doing: Doing) -> AnyView {
    let lang = lang();
    let act = current(publication);
    let sentence = act.map(|act| act_state(lang, &act.state));
    let due = act.filter(|act| act.state == ActState::Waiting && publication.state == PublicationState::Waiting);
    let due = due.map(|act| lang.post_due(around::when(act.due, Form::Full)));
    let address = publication.acts.iter().rev().find_map(|act| match &act.state {
        ActState::Done { receipt } => receipt.address.clone(),
        _ => None,
    });
    let link = address.filter(|_| publication.state != PublicationState::TakenDown).map(|address| {
        view! {
            <a class="outcome-link" href=address target="_blank" rel="noopener noreferrer">
                {lang.post_see()}<Icon glyph=Glyph::Out />
            </a>
        }
    });
    let attempts: Vec<_> = publication.acts.iter().map(|act| act_history(sheet, act)).collect();
    let acts = act.map(|act| acts_of(sheet, publication, act, doing));
    view! {
        <li class="outcome" data-hue=mood(publication.state).name()>
            <header class="outcome-head">
                {around::mark(publication.network)}
                <b>{sheet.channel_name(&publication.channel)}</b>
                <span class="hint">{language_name(lang, &publication.language)}</span>
                <Chip hue=mood(publication.state) text=publication_state_name(lang, publication.state) />
                {link}
            </header>
            {sentence.map(|sentence| view! { <p>{sentence.what}" "<span class="hint">{sentence.next}</span></p> })}
            {due.map(|due| view! { <p class="hint">{due}</p> })}
            {acts}
            <details class="outcome-details">
                <summary>{lang.post_attempts()}</summary>
                {attempts}
            </details>
        </li>
    }
    .into_any()
}

/// What was tried, when, and what the network said.
fn act_history(sheet: &Sheet, act: &ActView) -> AnyView {
    let lang = lang();
    let receipt = match &act.state {
        ActState::Done { receipt } => {
            let by = receipt.by.as_ref().map(|by| lang.post_receipt_by(sheet.name(by)));
            Some(view! {
                <dl class="receipt">
                    <div><dt>{lang.post_receipt()}</dt><dd>{around::when(receipt.at, Form::Full)}" "{by}</dd></div>
                    <div><dt>{lang.post_receipt_id()}</dt><dd><code>{receipt.native_id.clone()}</code></dd></div>
                    {receipt.address.clone().map(|address| view! {
                        <div><dt>{lang.post_receipt_address()}</dt><dd><code>{address}</code></dd></div>
                    })}
                </dl>
            })
        }
        _ => None,
    };
    let failure = match &act.state {
        ActState::Failed { failure } if !failure.message.is_empty() => Some(lang.post_said(failure.message.clone())),
        _ => None,
    };
    let lines = act.attempts.iter().map(attempt).collect::<Vec<_>>();
    let none = lines.is_empty().then(|| view! { <p class="hint">{lang.post_no_attempts()}</p> });
    view! {
        <h3>{deed_name(lang, act.deed)}</h3>
        {failure.map(|text| view! { <p>{text}</p> })}
        {none}
        <ol class="attempts">{lines}</ol>
        {receipt}
    }
    .into_any()
}

/// An attempt as a sentence.
pub fn attempt(attempt: &AttemptView) -> AnyView {
    let lang = lang();
    let came = came_in_words(attempt.outcome);
    let status = attempt.status.map(|status| format!(" (HTTP {status})"));
    let said = (!attempt.message.is_empty()).then(|| lang.post_said(attempt.message.clone()));
    view! {
        <li>
            <b>{lang.post_attempt(attempt.number)}</b>" "
            <time>{around::when(attempt.started, Form::Full)}</time>": "{came}{status}" "
            {said.map(|said| view! { <span class="hint">{said}</span> })}
        </li>
    }
    .into_any()
}

/// What came of an attempt.
pub fn came_in_words(came: Option<Came>) -> &'static str {
    let lang = lang();
    match came {
        None => lang.post_came_none(),
        Some(Came::Accepted) => lang.post_came_accepted(),
        Some(Came::Handed) => lang.post_came_handed(),
        Some(Came::NotSent) => lang.post_came_not_sent(),
        Some(Came::Throttled) => lang.post_came_throttled(),
        Some(Came::Unauthorised) => lang.post_came_unauthorised(),
        Some(Came::Refused) => lang.post_came_refused(),
        Some(Came::NoAnswer) => lang.post_came_no_answer(),
    }
}

fn ask_why(
    doing: Doing,
    id: &PublicationId,
    endpoint: &'static wire::Endpoint<Why, PostView>,
    texts: (&'static str, &'static str),
    done: &'static str,
    tone: Tone,
) -> AnyView {
    let id = id.clone();
    let ask = move || {
        let id = id.clone();
        let act = Callback::new(move |reason: String| {
            let id = id.clone();
            let request = async move { api::call(endpoint, &[id.as_str()], &Why { reason }).await };
            doing.run(Box::pin(request), done);
        });
        doing.ask(Asked { texts: reason_texts(texts.0, texts.1), tone, act });
    };
    let tone = if tone == Tone::Primary { Tone::Plain } else { tone };
    view! { <Button tone on_press=ask>{texts.0}</Button> }.into_any()
}

/// What a person may do about it now.
fn acts_of(sheet: &Sheet, publication: &PublicationView, act: &ActView, doing: Doing) -> AnyView {
    let lang = lang();
    let may = session().me.with_untracked(|me| me.as_ref().is_some_and(|me| domain::may(me.role, Act::Publish)));
    if !may {
        return ().into_any();
    }
    let id = &publication.id;
    let retry = || {
        ask_why(
            doing,
            id,
            &publications::RETRY,
            (lang.post_retry(), lang.post_retry_text()),
            lang.post_retried(),
            Tone::Primary,
        )
    };
    let give_up = || {
        ask_why(
            doing,
            id,
            &publications::GIVE_UP,
            (lang.post_give_up(), lang.post_give_up_text()),
            lang.post_given_up(),
            Tone::Danger,
        )
    };
    let buttons = match &act.state {
        // Where duties are kept apart, the page says who may; a takedown is anybody's who may publish.
        ActState::Failed { .. } | ActState::Held { .. } if !sheet.publishes() && act.deed != Deed::Delete => {
            vec![give_up()]
        }
        ActState::Failed { .. } | ActState::Held { .. } => vec![retry(), give_up()],
        ActState::Waiting if act.deed == Deed::Create => vec![give_up()],
        ActState::Unknown { .. } => {
            let look = {
                let id = id.clone();
                move || {
                    let id = id.clone();
                    let request = async move { api::call(&publications::LOOK, &[id.as_str()], &Nothing {}).await };
                    doing.run(Box::pin(request), lang.post_looked());
                }
            };
            vec![
                view! { <Button glyph=Glyph::Again busy=doing.work.busy on_press=look>{lang.post_look()}</Button> }
                    .into_any(),
                view! { <ByHand doing id=id.clone() /> }.into_any(),
            ]
        }
        ActState::InHand { .. } => vec![view! { <kit::KitBox doing id=id.clone() /> }.into_any()],
        _ => Vec::new(),
    };
    view! { <div class="outcome-acts">{buttons}</div> }.into_any()
}

/// Settles by what a person saw: the link of what is out, or that it is not.
#[component]
pub fn ByHand(doing: Doing, id: PublicationId) -> AnyView {
    let lang = lang();
    let address = RwSignal::new(doing.typed(&id));
    let key = StoredValue::new(id);
    Effect::new(move |_| doing.keep_typed(key.get_value(), address.get()));
    let is_out = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (id, address) = (key.get_value(), address.get_untracked().trim().to_owned());
        let request = async move { api::call(&publications::SETTLE, &[id.as_str()], &Settle::Out { address }).await };
        doing.run(Box::pin(request), lang.post_settled());
    };
    let not_out = move || {
        let act = Callback::new(move |reason: String| {
            let id = key.get_value();
            let request =
                async move { api::call(&publications::SETTLE, &[id.as_str()], &Settle::NotOut { reason }).await };
            doing.run(Box::pin(request), lang.post_settled());
        });
        doing.ask(Asked {
            texts: reason_texts(lang.post_not_out(), lang.post_not_out_text()),
            tone: Tone::Danger,
            act,
        });
    };
    let empty = Signal::derive(move || address.with(|address| address.trim().is_empty()));
    view! {
        <form class="by-hand" on:submit=is_out>
            <TextField label=lang.post_link_back() hint=lang.post_link_back_hint() value=address kind="url" most=2_048 />
            <div class="actions">
                <Button tone=Tone::Primary submit=true busy=doing.work.busy disabled=empty>{lang.post_is_out()}</Button>
                <Button on_press=not_out>{lang.post_not_out()}</Button>
            </div>
        </form>
    }
    .into_any()
}

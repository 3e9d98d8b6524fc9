//! What became of each destination: its state in words, what comes next, what to do, and where it can be seen.

use domain::{
    Act, PublicationId,
    delivery::{ActState, Deed, PublicationState},
    poster::Given,
};
use leptos::prelude::*;
use wire::{
    Nothing,
    posts::PostView,
    publications::{self, ActView, PublicationView, Settle, Why},
};
use words::{act_state, language_name, publication_state_name};

use super::{
    Sheet,
    acts::{Asked, Doing, reason_texts},
    kit, ledger,
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
    let due = act.and_then(comes);
    // A thread is seen from its first part on.
    let address = publication.acts.iter().rev().find_map(|act| match &act.state {
        ActState::Done { receipt } if act.part == 1 => receipt.address.clone(),
        _ => None,
    });
    let thread = act.and_then(|act| far(publication, act));
    let link = address.filter(|_| publication.state != PublicationState::TakenDown).map(|address| {
        view! {
            <a class="outcome-link" href=address target="_blank" rel="noopener noreferrer">
                {lang.post_see()}<Icon glyph=Glyph::Out />
            </a>
        }
    });
    // It is out, and all that was agreed to is not.
    let given = publication.acts.iter().rev().find_map(|act| match &act.state {
        ActState::Done { receipt } if act.part == 1 => Some(receipt.poster.clone()),
        _ => None,
    });
    let missed =
        given.flatten().filter(|given| *given != Given::Kept && publication.state != PublicationState::TakenDown);
    let missed = missed.map(|given| {
        let said = words::poster_given(lang, &given);
        view! { <p class="notice" data-hue="warn">{lang.video_poster_title()}": "{said}</p> }
    });
    let attempts: Vec<_> =
        publication.acts.iter().map(|act| ledger::history(sheet, act, publication.parts())).collect();
    let acts = act.map(|act| acts_of(sheet, publication, act, doing));
    let sought = act.and_then(|act| sought(sheet, publication, act));
    let is_open = publication.acts.iter().any(|act| act.state.needs_a_person());
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
            {thread}
            {missed}
            {due.map(|due| view! { <p class="hint">{due}</p> })}
            {sought}
            {acts}
            <details class="outcome-details" open=is_open>
                <summary>{lang.post_attempts()}</summary>
                {attempts}
            </details>
        </li>
    }
    .into_any()
}

/// How far a thread is, and what that means where it stands still.
fn far(publication: &PublicationView, act: &ActView) -> Option<AnyView> {
    let (lang, far) = (lang(), publication.progress()?);
    let stands = act.deed == Deed::Create && act.state.needs_a_person();
    let next = match far.out {
        0 => stands.then(|| lang.chain_rest()),
        _ if far.is_cut_short => Some(lang.chain_short()),
        _ => stands.then(|| lang.chain_stuck()),
    };
    let at = stands.then(|| [lang.chain_part(act.part, far.of), ".".to_owned()].concat());
    Some(view! { <p>{at}" "{lang.chain_progress(far.of, far.out)}" "<span class="hint">{next}</span></p> }.into_any())
}

/// What the clock does next, and when.
fn comes(act: &ActView) -> Option<String> {
    let (lang, when) = (lang(), around::when(act.due, Form::Full));
    let is_next = matches!(act.state, ActState::Waiting | ActState::Claimed { .. } | ActState::Held { .. });
    if let Some(waits) = act.waits.filter(|_| is_next) {
        let until = around::when(waits.until, Form::Full);
        return Some(match waits.before {
            0 => lang.post_waits_first(until),
            before => lang.post_waits(before, until),
        });
    }
    match &act.state {
        ActState::Waiting if !act.attempts.is_empty() => Some(lang.post_retry_at(when)),
        ActState::Waiting if act.deed == Deed::Create && act.part == 1 => Some(lang.post_due(when)),
        ActState::Unknown { asked: false, .. } => Some(lang.post_look_at(when)),
        _ => None,
    }
}

/// What a person has to look for, where nobody could find out: in which account, of which hour, with which words.
fn sought(sheet: &Sheet, publication: &PublicationView, act: &ActView) -> Option<AnyView> {
    let (lang, tried) = (lang(), act.attempts.last()?);
    if !matches!(act.state, ActState::Unknown { asked: true, .. }) {
        return None;
    }
    let channel = sheet.channels.iter().find(|channel| channel.id == publication.channel);
    let account = channel.map(|channel| channel.handle.clone()).filter(|handle| !handle.is_empty());
    let account = account.unwrap_or_else(|| sheet.channel_name(&publication.channel));
    let when = around::when(tried.started, Form::Full);
    let text = match act.deed {
        Deed::Create => lang.post_sought_create(account, when),
        Deed::Edit => lang.post_sought_edit(account, when),
        Deed::Delete => lang.post_sought_delete(account, when),
    };
    let rendition = sheet.view.post.content.rendition(&publication.channel, &publication.language);
    let part = rendition.and_then(|one| one.parts(publication.network).into_iter().nth(act.part as usize - 1));
    let quote = part.map(|part| {
        let tag = publication.language.to_string();
        view! { <blockquote lang=tag>{part.as_sent(publication.network)}</blockquote> }
    });
    let address = channel.and_then(|channel| channel.address.clone()).map(|address| {
        view! {
            <a class="outcome-link" href=address target="_blank" rel="noopener noreferrer">
                {lang.post_open_account()}<Icon glyph=Glyph::Out />
            </a>
        }
    });
    Some(view! { <div class="sought"><p>{text}</p>{quote}{address}</div> }.into_any())
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

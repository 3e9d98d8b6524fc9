//! What became of each destination: its state in words, what comes next, what to do, and where it can be seen.

use std::collections::BTreeMap;

use domain::{
    Act, ActId, Guise, Network, PublicationId, Refusal,
    delivery::{ActState, Deed, PublicationState},
    edits::{self, Shown},
    pin::State,
    poll,
    poster::Given,
    story,
};
use leptos::prelude::*;
use wire::{
    Nothing,
    posts::PostView,
    publications::{self, ActView, PublicationView, Settle, Why},
};
use words::{act_state, deed_name, language_name, publication_state_name};

use super::{
    Sheet,
    acts::{Asked, Doing, reason_texts},
    kit, ledger,
};
use crate::{
    api,
    pages::{around, calendar::mood},
    platform::time::{self, Form},
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

fn one(sheet: &Sheet, publication: &PublicationView, doing: Doing) -> AnyView {
    let lang = lang();
    let act = publication.open();
    let sentence = act.map(|act| act_state(lang, &act.state));
    let due = act.and_then(comes);
    // A thread is seen from its first part on.
    let address = publication.acts.iter().rev().find_map(|act| match &act.state {
        ActState::Done { receipt } if act.part == 1 && act.deed != Deed::Comment => receipt.address.clone(),
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
    let voting = voting(sheet, publication);
    // It is out, and all that was agreed to is not.
    let last = publication.acts.iter().rev().find_map(|act| match &act.state {
        ActState::Done { receipt } if act.part == 1 && act.deed != Deed::Comment => Some(receipt),
        _ => None,
    });
    let last = last.filter(|_| publication.state != PublicationState::TakenDown);
    let missed = last.and_then(|receipt| receipt.poster.as_ref()).filter(|given| **given != Given::Kept).map(|given| {
        let said = words::poster_given(lang, given);
        view! { <p class="notice" data-hue="warn">{lang.video_poster_title()}": "{said}</p> }
    });
    let unmentioned: Vec<_> = last
        .into_iter()
        .flat_map(|receipt| &receipt.unmentioned)
        .map(|missed| {
            let said = words::unmentioned(lang, missed);
            view! { <p class="notice" data-hue="warn">{lang.mentions_missed_title()}": "{said}</p> }
        })
        .collect();
    let attempts: Vec<_> =
        publication.acts.iter().map(|act| ledger::history(sheet, act, publication.parts())).collect();
    let acts = act.map(|act| acts_of(sheet, publication, act, doing));
    let sought = act.and_then(|act| sought(sheet, publication, act));
    // The post is out: what stands here is told of its comment alone.
    let of_comment = act.filter(|act| act.deed == Deed::Comment).map(|act| {
        view! { <p><b>{deed_name(lang, act.deed)}</b>" "<span class="hint">{lang.comment_next()}</span></p> }
    });
    let story = seen_until(sheet, publication);
    let goes = sheet.view.post.content.guise_on(&publication.channel, publication.network);
    let reel = (goes == Guise::Reel).then(|| view! { <p class="hint">{lang.reel_shown()}</p> });
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
            {of_comment}
            {sentence.map(|sentence| view! { <p>{sentence.what}" "<span class="hint">{sentence.next}</span></p> })}
            {thread}
            {voting.map(|voting| view! { <p class="hint">{voting}</p> })}
            {pinned(publication)}
            {story.map(|story| view! { <p class="hint">{story}</p> })}
            {reel}
            {missed}
            {unmentioned}
            {due.map(|due| view! { <p class="hint">{due}</p> })}
            {sought}
            {acts}
            {corrected(publication)}
            <details class="outcome-details" open=is_open>
                <summary>{lang.post_attempts()}</summary>
                {attempts}
            </details>
        </li>
    }
    .into_any()
}

/// What readers see of the corrections that are out: what the network says of it, and the versions that it shows.
fn corrected(publication: &PublicationView) -> Option<AnyView> {
    let lang = lang();
    let is_out = |act: &&ActView| act.deed == Deed::Edit && matches!(act.state, ActState::Done { .. });
    let mut last: BTreeMap<u32, &ActView> = BTreeMap::new();
    // Of each part of a thread the newest: it was told of all that came before.
    last.extend(publication.acts.iter().filter(is_out).map(|act| (act.part, act)));
    if last.is_empty() || publication.state == PublicationState::TakenDown {
        return None;
    }
    let (shown, source) = edits::shown(publication.network);
    let source = source.map(|source| view! { <span class="hint">{lang.edits_source(source.on, source.at)}</span> });
    let versions = last.into_values().map(|act| {
        let history = act.attempts.iter().rev().map(|attempt| &attempt.history).find(|history| !history.is_empty());
        let unread = (shown == Shown::Versions && history.is_none())
            .then(|| view! { <p class="hint">{lang.edits_unread()}</p> });
        let count = history.map_or(0, Vec::len);
        let tag = publication.language.to_string();
        let lines = history.into_iter().flatten().enumerate().map(|(place, version)| {
            let now = (place + 1 == count).then(|| [" · ", lang.edits_current()].concat());
            let warning = version.warning.clone().map(|warning| view! { <p><strong>{warning}</strong></p> });
            view! {
                <li>
                    <p class="hint">{around::when(version.at, Form::Full)}{now}</p>
                    <blockquote lang=tag.clone()>{warning}{version.text.clone()}</blockquote>
                </li>
            }
        });
        let lines = lines.collect::<Vec<_>>();
        let part = (publication.parts() > 1).then(|| view! { <p>{lang.chain_part(act.part, publication.parts())}</p> });
        view! { {part}{unread}<ol class="attempts">{lines}</ol> }
    });
    Some(
        view! {
            <details class="outcome-details">
                <summary>{lang.edits_title()}</summary>
                <p>{words::edits(lang, shown)}" "{source}</p>
                {versions.collect::<Vec<_>>()}
            </details>
        }
        .into_any(),
    )
}

/// Until when one votes, where it went out with a poll: the network counts from when it came out.
fn voting(sheet: &Sheet, publication: &PublicationView) -> Option<String> {
    let poll = sheet.view.post.content.poll.as_ref()?;
    let out = publication.acts.iter().find(|act| act.deed == Deed::Create && act.part == 1)?;
    let ActState::Done { receipt } = &out.state else { return None };
    if publication.state == PublicationState::TakenDown {
        return None;
    }
    let (lang, ends) = (lang(), poll::ends(receipt.at, poll.minutes));
    let when = around::when(ends, Form::Full);
    Some(if ends > time::now() { lang.poll_ends(when) } else { lang.poll_ended(when) })
}

/// What became of pinning it.
fn pinned(publication: &PublicationView) -> Option<AnyView> {
    let (lang, pin) = (lang(), publication.pin.as_ref()?);
    Some(match pin.state {
        State::Waiting => view! { <p class="hint">{lang.pin_waiting()}</p> }.into_any(),
        State::Done => view! { <p class="hint">{lang.pin_done()}</p> }.into_any(),
        State::Failed => {
            let said = (!pin.message.is_empty()).then(|| lang.pin_network_said(pin.message.clone()));
            view! { <p class="notice" data-hue="warn">{lang.pin_failed()}" "{said}</p> }.into_any()
        }
    })
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

/// Until when a story is seen, or was.
fn seen_until(sheet: &Sheet, publication: &PublicationView) -> Option<String> {
    let lang = lang();
    let target = sheet.view.post.content.targets.iter().find(|target| target.channel == publication.channel)?;
    let is_seen = target.is_story(publication.network) && publication.state == PublicationState::Out;
    let out =
        publication.acts.iter().filter(|act| is_seen && act.deed == Deed::Create).find_map(|act| match &act.state {
            ActState::Done { receipt } => Some(receipt.at),
            _ => None,
        })?;
    let ends = out.plus(story::LASTS);
    let when = around::when(ends, Form::Full);
    Some(if crate::platform::time::now() < ends { lang.story_until(when) } else { lang.story_over(when) })
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
        Deed::Comment => lang.post_sought_comment(account, when),
    };
    let rendition = sheet.view.post.content.rendition(&publication.channel, &publication.language);
    let part = rendition.and_then(|one| match act.deed {
        Deed::Comment => one.first_comment(publication.network),
        _ => one.parts(publication.network).into_iter().nth(act.part as usize - 1),
    });
    // What was sent may not be what is agreed to now.
    let quote = act.sent.as_deref().cloned().or(part).map(|part| {
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
        let (texts, done) = match act.deed {
            Deed::Comment => ((lang.comment_give_up(), lang.comment_give_up_text()), lang.comment_given_up()),
            Deed::Create => ((lang.post_give_up(), lang.post_give_up_text()), lang.post_given_up()),
            Deed::Edit => ((lang.post_leave_so(), lang.post_leave_so_text()), lang.post_left_so()),
            Deed::Delete => ((lang.post_leave_up(), lang.post_leave_up_text()), lang.post_left_up()),
        };
        ask_why(doing, id, &publications::GIVE_UP, texts, done, Tone::Danger)
    };
    let buttons = match &act.state {
        // Where duties are kept apart, the page says who may; a takedown is anybody's who may publish.
        ActState::Failed { .. } | ActState::Held { .. } if !sheet.publishes() && act.deed != Deed::Delete => {
            vec![give_up()]
        }
        ActState::Failed { .. } | ActState::Held { .. } => vec![retry(), give_up()],
        ActState::Waiting if matches!(act.deed, Deed::Create | Deed::Comment) => vec![give_up()],
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
                view! { <ByHand doing id=id.clone() network=publication.network /> }.into_any(),
            ]
        }
        ActState::InHand { .. } => {
            vec![
                view! { <kit::KitBox doing id=id.clone() act=act.id.clone() network=publication.network /> }.into_any(),
            ]
        }
        _ => Vec::new(),
    };
    view! { <div class="outcome-acts">{buttons}</div> }.into_any()
}

/// What somebody publishes from.
#[derive(Clone)]
pub struct FromKit {
    /// Whose kit it is.
    pub act: ActId,
    /// What is done where it is not the one of now.
    pub renewed: Callback<()>,
}

/// Settles by what a person saw: the link of what is out, or that it is not. Where nothing has a link, none is wanted. Nobody had a kit
/// (`kit`) of what went out by itself.
#[component]
pub fn ByHand(doing: Doing, id: PublicationId, network: Network, #[prop(optional)] kit: Option<FromKit>) -> AnyView {
    let lang = lang();
    let address = RwSignal::new(doing.typed(&id));
    let (key, kit) = (StoredValue::new(id), StoredValue::new(kit));
    Effect::new(move |_| doing.keep_typed(key.get_value(), address.get()));
    let is_out = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (id, address) = (key.get_value(), address.get_untracked().trim().to_owned());
        let from = kit.get_value();
        let had = from.as_ref().and_then(|from| doing.kit(&from.act));
        let request = async move {
            let answer = api::call(&publications::SETTLE, &[id.as_str()], &Settle::Out { address, kit: had }).await;
            if let (Some(from), Err(problem)) = (from, &answer)
                && problem.refusal() == Some(&Refusal::OtherKit)
            {
                doing.renew_kit(&from.act);
                // The page may be drawn anew by then, or gone.
                from.renewed.try_run(());
            }
            answer
        };
        doing.run(Box::pin(request), lang.post_settled());
    };
    let not_out = move || {
        let act = Callback::new(move |reason: String| {
            let (id, from) = (key.get_value(), kit.get_value());
            let request = async move {
                let answer = api::call(&publications::SETTLE, &[id.as_str()], &Settle::NotOut { reason }).await;
                if let (Some(from), Ok(_)) = (from, &answer) {
                    doing.forget_kit(&from.act);
                }
                answer
            };
            doing.run(Box::pin(request), lang.post_settled());
        });
        doing.ask(Asked {
            texts: reason_texts(lang.post_not_out(), lang.post_not_out_text()),
            tone: Tone::Danger,
            act,
        });
    };
    let empty = Signal::derive(move || network.is_online() && address.with(|address| address.trim().is_empty()));
    let (label, hint) = match network.is_online() {
        true => (lang.post_link_back(), lang.post_link_back_hint()),
        false => (lang.kit_link_back(), lang.kit_link_back_hint()),
    };
    view! {
        <form class="by-hand" on:submit=is_out>
            <TextField label hint value=address kind="url" most=2_048 />
            <div class="actions">
                <Button tone=Tone::Primary submit=true busy=doing.work.busy disabled=empty>{lang.post_is_out()}</Button>
                <Button on_press=not_out>{lang.post_not_out()}</Button>
            </div>
        </form>
    }
    .into_any()
}

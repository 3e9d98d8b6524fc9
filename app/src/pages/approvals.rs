//! Approvals: one post at a time, exactly as it will go out, and two large buttons. Made for a phone in a corridor.

mod links;
mod urgent;

use std::collections::BTreeSet;

use domain::{
    Choice, Stage,
    guidance::{Checked, Side},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wire::posts::{self, PostRow, Query};
use words::{kind_explained, kind_name};

use super::{
    around::{self, Fetched, Load},
    post::{self, Sheet},
};
use crate::{
    api,
    parts::{
        Ceremony, CeremonyNotice, Coding, Comments, Reserving, Returning, arrange, changed,
        checklist::{self, Checklist},
        decide as sign, planned,
    },
    platform::{page, time::Form},
    routes,
    state::{lang, toasts},
    ui::{Button, Empty, Glyph, LinkButton, Tone},
};

/// Goes on to the next post; whether this one is done with, or only left for later.
type Next = Callback<(domain::PostId, bool)>;

/// The page.
#[component]
pub fn Approvals() -> AnyView {
    let lang = lang();
    let query = use_query_map();
    around::title(lang.approvals_title());
    let waiting = Fetched::new(move || async move {
        let query = Query { waiting: Some(true), ..Query::default() };
        api::call(&posts::LIST, &[], &query).await.map(|page| page.items)
    });
    waiting.follow(60);
    // The one that a link named comes first; then the one that goes out soonest.
    let asked = Memo::new(move |_| query.with(|query| query.get("post")));
    let urgent = urgent::Urgent::new(asked);
    let decided = RwSignal::new(Vec::<domain::PostId>::new());
    // Left for later: behind all the others.
    let later = RwSignal::new(Vec::<domain::PostId>::new());
    let left = Memo::new(move |_| {
        let Load::Here(mut rows) = waiting.state.get() else { return Vec::new() };
        decided.with(|decided| rows.retain(|row| !decided.contains(&row.id)));
        let place = |id: &domain::PostId| later.with(|later| later.iter().position(|other| other == id));
        let named = |row: &PostRow| asked.with(|asked| asked.as_deref() == Some(row.id.as_str()));
        arrange(&mut rows, |row| (place(&row.id), !named(row), row.slot.is_none(), row.slot));
        rows
    });
    // A memo: a half-written comment must not go when the list is asked for again.
    let now = Memo::new(move |_| match waiting.state.get() {
        Load::Here(_) => Some(left.with(|rows| rows.first().map(|row| row.id.clone()))),
        _ => None,
    });
    let next = Callback::new(move |(id, done): (domain::PostId, bool)| {
        if done {
            decided.update(|decided| decided.push(id));
            waiting.again();
        } else {
            later.update(|later| {
                later.retain(|other| *other != id);
                later.push(id);
            });
        }
        page::focus("approvals-title");
    });
    view! {
        <div class="approvals">
            <header class="page-head">
                <h1 id="approvals-title" tabindex="-1">{lang.approvals_title()}</h1>
                <p class="approvals-left" role="status">
                    {move || matches!(waiting.state.get(), Load::Here(_)).then(|| lang.approvals_left(left.with(Vec::len) + urgent.count()))}
                </p>
            </header>
            {urgent.draw()}
            {move || match now.get() {
                Some(None) if urgent.count() > 0 => ().into_any(),
                Some(Some(id)) => view! { <One id next /> }.into_any(),
                Some(None) => empty(),
                None => waiting.draw(|_: Vec<PostRow>| ().into_any()),
            }}
            {links::section()}
        </div>
    }
    .into_any()
}

fn empty() -> AnyView {
    let lang = lang();
    view! {
        <Empty glyph=Glyph::Check title=lang.approvals_empty_title() text=lang.approvals_empty_text()>
            <LinkButton href=routes::CALENDAR>{lang.home_calendar()}</LinkButton>
        </Empty>
    }
    .into_any()
}

/// One post to decide on.
#[component]
fn One(id: domain::PostId, next: Next) -> AnyView {
    let sheet = {
        let id = id.clone();
        Fetched::new(move || post::fetch(id.clone()))
    };
    // Not followed, so what is typed among the comments outlives everything but the decision.
    sheet.draw(move |sheet| view! { <Paper sheet next /> }.into_any())
}

#[component]
fn Paper(sheet: Sheet, next: Next) -> AnyView {
    let lang = lang();
    let post = &sheet.view.post;
    let content = sheet.content();
    let heading = Some(content.heading()).filter(|heading| !heading.is_empty());
    let heading = heading.unwrap_or_else(|| lang.post_untitled().to_owned());
    let (by, at) = match &post.stage {
        Stage::InReview { round } => (sheet.name(&round.by), round.at),
        Stage::Out { correction: Some(correction), .. } => (sheet.name(&correction.round.by), correction.round.at),
        // Decided or withdrawn meanwhile.
        _ => return gone(post.id.clone(), next),
    };
    let correction = match &post.stage {
        Stage::Out { correction: Some(correction), .. } => Some(view! {
            <section class="notice" data-hue="warn">
                <div class="notice-body">
                    <strong>{lang.approvals_correction()}</strong>
                    <p>{correction.reason.clone()}</p>
                    {changed(lang, &sheet.channels, &post.content, &correction.content)}
                </div>
            </section>
        }),
        _ => None,
    };
    let slot = post
        .stage
        .slot()
        .map(|slot| view! { <p>{lang.post_goes_out(around::when(slot.at, Form::Full), slot.zone.clone())}</p> });
    let (id, hash) = (post.id.clone(), sheet.view.content_hash.clone());
    let saying = RwSignal::new(Saying::Nothing);
    let ceremony = Ceremony::new();
    // What was being decided when the passkey was not there: a code confirms that and nothing else.
    let tried = StoredValue::new(None::<(Choice, Option<Checked>)>);
    let settled = {
        let id = id.clone();
        Callback::new(move |choice: Choice| {
            toasts::done(if choice.agrees() { lang.approvals_approved() } else { lang.approvals_returned() });
            next.run((id.clone(), true));
        })
    };
    let coding = {
        let (id, hash) = (id.clone(), hash.clone());
        move || {
            let (mailbox, (choice, checked)) = (ceremony.codable()?, tried.get_value()?);
            let (post, content_hash, chosen) = (id.clone(), hash.clone(), choice.clone());
            let done = Callback::new(move |_| settled.run(chosen.clone()));
            Some(view! { <Coding post content_hash choice checked mailbox done /> })
        }
    };
    let guide = StoredValue::new(sheet.view.guide.clone());
    let (ticked, missing) = (RwSignal::new(BTreeSet::new()), RwSignal::new(None::<String>));
    let decide = Callback::new(move |choice: Choice| {
        // Said before anybody is asked for a finger.
        let open =
            || guide.with_value(|guide| ticked.with(|ticked| checklist::still_open(guide, Side::Approver, ticked)));
        missing.set(if choice.agrees() { untrack(open) } else { None });
        if missing.with_untracked(Option::is_some) {
            return;
        }
        let checked =
            guide.with_value(|guide| ticked.with_untracked(|ticked| checklist::checked(guide, Side::Approver, ticked)));
        tried.set_value(Some((choice.clone(), checked.clone())));
        let deciding = sign(id.clone(), hash.clone(), choice.clone(), checked);
        ceremony.run(deciding, move |_| settled.run(choice));
    });
    let mut texts: Vec<_> = content.texts.iter().map(|(language, text)| (language.clone(), text.clone())).collect();
    arrange(&mut texts, |(language, _)| content.destinations().position(|(_, other)| other == language));
    let skip = {
        let id = post.id.clone();
        move || next.run((id.clone(), false))
    };
    view! {
        <article class="decision">
            <header class="decision-head">
                <h2>{heading}</h2>
                <p class="post-facts">
                    <span class="chip" data-hue="info" title=kind_explained(lang, content.kind)>{kind_name(lang, content.kind)}</span>
                    <span>{lang.approvals_by(around::when(at, Form::Full), by)}</span>
                </p>
                {slot}
                {planned(post, &sheet.view.names, &[])}
            </header>
            {correction}
            {sheet.since()}
            {around::destinations(content, &sheet.channels)}
            {around::described(lang, content)}
            {sheet.findings()}
            <Comments post=post.id.clone() content=Signal::stored(Some(content.clone())) />
            {checklist::spoken(&sheet.view.sightings, &sheet.view.remarks, &sheet.view.names)}
            {(!sheet.view.guide.advice.is_empty()).then(|| view! {
                <details class="guide">
                    <summary>{lang.guide_title()}</summary>
                    {checklist::advice(&sheet.view.guide.advice)}
                </details>
            })}
            <Checklist guide=sheet.view.guide.clone() side=Side::Approver ticked/>
            <p><a href=routes::post(&post.id)>{lang.approvals_whole()}</a></p>
            <footer class="decision-bar">
                <CeremonyNotice ceremony />
                {coding}
                {move || missing.get().filter(|_| guide.with_value(|guide| ticked.with(|ticked| {
                    checklist::still_open(guide, Side::Approver, ticked).is_some()
                }))).map(|text| view! { <p class="notice" data-hue="warn" role="alert">{text}</p> })}
                {move || {
                    let (skip, texts) = (skip.clone(), texts.clone());
                    let close = move || saying.set(Saying::Nothing);
                    match saying.get() {
                        Saying::Nothing => view! {
                            <div class="decision-buttons">
                                <Button tone=Tone::Primary glyph=Glyph::Check busy=ceremony.busy on_press=move || decide.run(Choice::Approve)>
                                    {lang.approvals_approve()}
                                </Button>
                                <Button glyph=Glyph::Again on_press=move || saying.set(Saying::Return)>{lang.approvals_return()}</Button>
                                <Button tone=Tone::Quiet on_press=move || saying.set(Saying::Reserve)>{lang.approvals_reserve()}</Button>
                                <Button tone=Tone::Quiet on_press=skip>{lang.approvals_later()}</Button>
                            </div>
                        }
                        .into_any(),
                        Saying::Return => view! { <Returning texts busy=ceremony.busy decide close /> }.into_any(),
                        Saying::Reserve => view! { <Reserving busy=ceremony.busy decide close /> }.into_any(),
                    }
                }}
            </footer>
        </article>
    }
    .into_any()
}

/// What is being said besides yes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Saying {
    Nothing,
    Return,
    Reserve,
}

fn gone(id: domain::PostId, next: Next) -> AnyView {
    let lang = lang();
    view! {
        <Empty title=lang.approvals_gone_title() text=lang.approvals_gone_text()>
            <Button tone=Tone::Primary on_press=move || next.run((id.clone(), true))>{lang.approvals_next()}</Button>
        </Empty>
    }
    .into_any()
}

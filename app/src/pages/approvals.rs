//! Approvals: one post at a time, exactly as it will go out, and two large buttons; what waits of a series as one thing. Made for a
//! phone in a corridor.

mod links;
mod several;
mod urgent;

use std::collections::BTreeSet;

use domain::{
    Choice, PostId, SeriesId, Stage,
    guidance::{Checked, Side},
    sheaf::{Queued, Thing, queue},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wire::posts::{self, PostRow, Query};
use words::{kind_explained, kind_name};

use super::{
    around::{self, Fetched, Load},
    leaving::{Leave, List},
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
    state::{lang, session, toasts},
    ui::{Button, Empty, Glyph, Gravity, LinkButton, Notice, Tone},
};

/// Goes on to what is next; whether these are done with, or only left for later.
type Next = Callback<(Vec<PostId>, bool)>;

/// What is in front.
#[derive(Debug, Clone, PartialEq)]
enum Head {
    /// A post.
    One(PostId),
    /// What waits of a series. The number tells it from what was in front of it before: after each turn it is read anew.
    Several(SeriesId, usize),
}

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
    waiting.follow();
    // The one that a link named comes first; then the one that goes out soonest.
    let asked = Memo::new(move |_| query.with(|query| query.get("post")));
    let urgent = urgent::Urgent::new(asked);
    let decided = RwSignal::new(Vec::<PostId>::new());
    // Left for later: behind all the others.
    let later = RwSignal::new(Vec::<PostId>::new());
    // Of a series, and yet by themselves; one of them was opened, and is in front.
    let (alone, opened) = (RwSignal::new(Vec::<PostId>::new()), RwSignal::new(None::<PostId>));
    let (turn, held) = (RwSignal::new(0_usize), RwSignal::new(false));
    let refused = RwSignal::new(Vec::<(PostId, String)>::new());
    let left = Memo::new(move |_| {
        let Load::Here(mut rows) = waiting.state.get() else { return Vec::new() };
        decided.with(|decided| rows.retain(|row| !decided.contains(&row.id)));
        let place = |id: &PostId| later.with(|later| later.iter().position(|other| other == id));
        let named = |row: &PostRow| asked.with(|asked| asked.as_deref() == Some(row.id.as_str()));
        let is_opened = |row: &PostRow| opened.with(|opened| opened.as_ref() == Some(&row.id));
        arrange(&mut rows, |row| (place(&row.id), !is_opened(row), !named(row), row.slot.is_none(), row.slot));
        let queued = |row: &PostRow| (row.id.clone(), row.series.clone(), row.correcting);
        let rows: Vec<_> = rows.iter().map(queued).collect();
        let all =
            rows.iter().map(|(post, series, corrects)| Queued { post, series: series.as_ref(), corrects: *corrects });
        alone.with(|alone| queue(all, alone))
    });
    let count = move || left.with(|things| things.iter().map(|thing| thing.posts().len()).sum::<usize>());
    // A memo: a half-written comment must not go when the list is asked for again.
    let now = Memo::new(move |before: Option<&Option<Option<Head>>>| {
        // What is being sent stays in front, whatever the list says meanwhile.
        if let Some(before) = before.filter(|_| held.get()) {
            return before.clone();
        }
        let head = |thing: &Thing| match thing {
            Thing::One { post } => Head::One(post.clone()),
            Thing::Several { series, .. } => Head::Several(series.clone(), turn.get()),
        };
        match waiting.state.get() {
            Load::Here(_) => Some(left.with(|things| things.first().map(head))),
            _ => None,
        }
    });
    let next = Callback::new(move |(posts, done): (Vec<PostId>, bool)| {
        // Said of what was decided since, or left the queue, it is true no more. At a step and not by itself: what somebody else
        // wrote in leaves the queue at once, and why it was not taken is to be read first.
        let rows = waiting.now();
        let is_over = |(post, _): &(PostId, String)| {
            let is_there = rows.as_ref().is_none_or(|rows| rows.iter().any(|row| row.id == *post));
            !is_there || (done && posts.contains(post))
        };
        if refused.with_untracked(|refused| refused.iter().any(is_over)) {
            refused.update(|refused| refused.retain(|one| !is_over(one)));
        }
        if done {
            decided.update(|decided| decided.extend(posts));
            waiting.again();
        } else {
            later.update(|later| {
                later.retain(|other| !posts.contains(other));
                later.extend(posts);
            });
        }
        turn.update(|turn| *turn += 1);
        page::focus("approvals-title");
    });
    let open = Callback::new(move |post: PostId| {
        later.update(|later| later.retain(|other| *other != post));
        alone.update(|alone| alone.push(post.clone()));
        opened.set(Some(post));
        turn.update(|turn| *turn += 1);
        page::focus("approvals-title");
    });
    let part = Callback::new(move |series: SeriesId| {
        let Some(rows) = waiting.now() else { return };
        let of = rows.into_iter().filter(|row| row.series.as_ref() == Some(&series)).map(|row| row.id);
        alone.update(|alone| alone.extend(of));
    });
    // A memo: the dialog outlives what is decided behind it.
    let some = Memo::new(move |_| left.with(|things| !things.is_empty()));
    let held_in = several::Queue { next, open, part, alone, held, refused };
    view! {
        <div class="approvals">
            <header class="page-head">
                <h1 id="approvals-title" tabindex="-1">{lang.approvals_title()}</h1>
                <p class="approvals-left" role="status">
                    {move || matches!(waiting.state.get(), Load::Here(_)).then(|| lang.approvals_left(count() + urgent.count()))}
                </p>
            </header>
            {move || session().me.with(|me| me.as_ref().is_some_and(|me| me.waiting_more)).then(|| view! { <p class="hint">{lang.approvals_left_more()}</p> })}
            {urgent.draw()}
            {move || not_taken(&refused.get())}
            {move || match now.get() {
                Some(None) if urgent.count() > 0 => ().into_any(),
                Some(Some(Head::One(id))) => view! { <One id next /> }.into_any(),
                Some(Some(Head::Several(series, _))) => several::several(series, held_in),
                Some(None) => empty(),
                None => waiting.draw(|_: Vec<PostRow>| ().into_any()),
            }}
            {move || some.get().then(|| view! { <div class="actions"><Leave lists=|| vec![List::Waiting]/></div> })}
            {links::section()}
        </div>
    }
    .into_any()
}

/// What was not approved of a series, and why: it waits, or whoever wrote it has it back.
fn not_taken(refused: &[(PostId, String)]) -> Option<AnyView> {
    let lang = lang();
    (!refused.is_empty()).then(|| {
        let lines: Vec<_> = refused.iter().map(|(_, text)| view! { <li>{text.clone()}</li> }).collect();
        view! {
            <Notice gravity=Gravity::Warn spoken=true title=lang.approvals_sheaf_not(refused.len())>
                <ul>{lines}</ul>
            </Notice>
        }
        .into_any()
    })
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
fn One(id: PostId, next: Next) -> AnyView {
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
            next.run((vec![id.clone()], true));
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
        move || next.run((vec![id.clone()], false))
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
            {around::basis(lang, content)}
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

fn gone(id: PostId, next: Next) -> AnyView {
    let lang = lang();
    view! {
        <Empty title=lang.approvals_gone_title() text=lang.approvals_gone_text()>
            <Button tone=Tone::Primary on_press=move || next.run((vec![id.clone()], true))>{lang.approvals_next()}</Button>
        </Empty>
    }
    .into_any()
}

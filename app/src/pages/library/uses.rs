//! Where an asset is used: each post with what became of it on each channel. Where it may not be any more, what is to be done
//! stands beside it: what is out is taken down from here, one after the other, or by whoever may.

use domain::{Act, PostId, StageName, delivery::PublicationState, may};
use leptos::prelude::*;
use wire::{
    Nothing,
    library::{ASSET, AssetView, Out, Use},
    posts::{READ, Reason, TAKE_DOWN},
};
use words::{network_name, publication_state_name, rights, stage_name};

use super::asset::{View, part};
use crate::{
    api,
    pages::around,
    parts::{ProblemNotice, Work},
    platform::{page, time::Form},
    routes,
    state::{lang, session, toasts},
    ui::{Button, Gravity, Notice, ReasonDialog, ReasonTexts, Tone},
};

/// The heading, for who has just taken back a consent.
pub const TITLE: &str = "uses";

/// What the parts share.
#[derive(Clone, Copy)]
struct Desk {
    view: View,
    work: Work,
    /// Whether it is asked why a post is taken down, and which.
    open: RwSignal<bool>,
    which: StoredValue<Option<PostId>>,
    /// Whether whoever looks may take one down.
    may: bool,
}

/// The section.
#[component]
pub fn Uses(view: View) -> AnyView {
    let lang = lang();
    let may = session().me.with_untracked(|me| me.as_ref().is_some_and(|me| may(me.role, Act::TakeDown)));
    let desk = Desk { view, work: Work::new(), open: RwSignal::new(false), which: StoredValue::new(None), may };
    let uses = part(view, |view| (view.uses.clone(), view.more));
    let draw = move || {
        let (uses, more) = uses.get()?;
        let wrong = uses.iter().filter(|one| is_wrong(one)).count();
        let alarm = (wrong > 0).then(|| {
            let title = lang.library_uses_remove(wrong);
            view! { <Notice gravity=Gravity::Warn title/> }
        });
        let none = uses.is_empty().then(|| view! { <p>{lang.library_uses_none()}</p> });
        let more = more.then(|| view! { <p class="hint">{lang.library_uses_more()}</p> });
        Some(view! {
            <div role="status">{alarm}</div>
            {none}
            <ul class="lines">{uses.into_iter().map(|used| one(desk, used)).collect_view()}</ul>
            {more}
        })
    };
    view! {
        <section class="card">
            <h2 id=TITLE tabindex="-1">{lang.library_uses()}</h2>
            <ProblemNotice problem=desk.work.problem/>
            {draw}
            {desk.may.then(|| asking(desk))}
        </section>
    }
    .into_any()
}

/// Asks why a post is taken down, as its page does, and does it by the same door.
fn asking(desk: Desk) -> AnyView {
    let lang = lang();
    let texts = ReasonTexts {
        title: lang.post_take_down().to_owned(),
        text: lang.post_take_down_text().to_owned(),
        reason: lang.general_reason().to_owned(),
        hint: lang.general_reason_hint().to_owned(),
        act: lang.post_take_down().to_owned(),
        close: lang.general_back().to_owned(),
    };
    let take_down = move |reason: String| {
        let (Some(post), Some(now)) = (desk.which.get_value(), desk.view.now()) else { return };
        let media = now.filed.asset.media;
        let call = async move {
            let version = api::call(&READ, &[post.as_str()], &Nothing {}).await?.post.version;
            api::call(&TAKE_DOWN, &[post.as_str()], &Reason { version, reason }).await?;
            api::call(&ASSET, &[media.as_str()], &Nothing {}).await
        };
        desk.work.run(call, move |answer: AssetView| {
            desk.view.put(answer);
            toasts::done(lang.post_taken_down());
            page::catch_focus(TITLE.to_owned());
        });
        desk.open.set(false);
    };
    view! { <ReasonDialog open=desk.open texts tone=Tone::Danger busy=desk.work.busy on_reason=take_down/> }.into_any()
}

fn is_out(state: PublicationState) -> bool {
    matches!(state, PublicationState::Out | PublicationState::Unknown | PublicationState::InHand)
}

fn is_over(state: PublicationState) -> bool {
    matches!(state, PublicationState::TakenDown | PublicationState::Cancelled)
}

fn is_wrong(one: &Use) -> bool {
    if one.going.is_empty() {
        return one.flaw.is_some() && one.stage != StageName::Cancelled;
    }
    one.going.iter().any(|out| out.flaw.is_some() && !is_over(out.state))
}

fn one(desk: Desk, one: Use) -> AnyView {
    let lang = lang();
    let out = one.going.iter().any(|out| is_out(out.state) && out.flaw.is_some());
    let when = one.slot.map(|at| around::when(at, Form::Full));
    let unplaced = one.flaw.filter(|_| one.going.is_empty() && is_wrong(&one));
    let unplaced =
        unplaced.map(|flaw| view! { <p class="library-flaw">{rights(lang, flaw)}" "{lang.library_use_other()}</p> });
    let deed = out.then(|| {
        if !desk.may || one.stage != StageName::Out {
            return view! { <a class="button" href=routes::post(&one.post)>{lang.library_use_open()}</a> }.into_any();
        }
        let (post, label) = (one.post.clone(), [lang.post_take_down(), ": ", &one.heading].concat());
        let ask = move || {
            desk.which.set_value(Some(post.clone()));
            desk.open.set(true);
        };
        view! { <Button tone=Tone::Danger label busy=desk.work.busy on_press=ask>{lang.post_take_down()}</Button> }
            .into_any()
    });
    view! {
        <li>
            <div class="line-main">
                <a href=routes::post(&one.post)><strong>{one.heading}</strong></a>
                <p class="hint">{stage_name(lang, one.stage)}{when.map(|when| [" · ", &when].concat())}</p>
                {unplaced}
                <ul class="library-outs">{one.going.into_iter().map(place).collect_view()}</ul>
            </div>
            {deed}
        </li>
    }
    .into_any()
}

fn place(out: Out) -> AnyView {
    let lang = lang();
    let network = network_name(lang, out.network);
    let flaw = out.flaw.filter(|_| !is_over(out.state)).map(|flaw| {
        let what = match out.state {
            PublicationState::Held => lang.library_use_held(),
            PublicationState::Going => lang.library_use_going(),
            state if is_out(state) => lang.library_use_out(),
            _ => lang.library_use_other(),
        };
        view! { <span class="library-flaw">" "{rights(lang, flaw)}" "{what}</span> }
    });
    let look = out.address.filter(|_| is_out(out.state)).map(|address| {
        view! { " " <a href=address target="_blank" rel="noopener noreferrer">{lang.library_use_look(network)}</a> }
    });
    view! { <li>{network}": "{publication_state_name(lang, out.state)}{flaw}{look}</li> }.into_any()
}

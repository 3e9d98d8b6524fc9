//! The composer: one text, every network, what the rules say, how it will look. One screen, on a phone too.

mod agreeing;
mod basis;
mod belongs;
mod beside;
mod captions;
mod collaborators;
mod conflict;
mod document;
mod editor;
mod extras;
mod filling;
mod findings;
mod finish;
mod first_comment;
mod from_link;
mod guidance;
mod guise;
mod mentions;
mod pictures;
mod pin;
mod poll;
mod poster;
mod renewing;
mod replies;
mod showing;
mod targets;
mod texts;
mod thread;
mod topic;
mod utm;
mod versions;
mod video;

use std::str::FromStr;

use domain::{Belonging, Choice, PostId, Refusal, StageName, TemplateId, approval::TextPlace, occasion::Occasion};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    hooks::{use_params_map, use_query_map},
    params::ParamsMap,
};
use wire::{Nothing, posts};

use self::{
    editor::{Editor, Saved, Start},
    filling::Beginning,
    from_link::Linking,
};
use super::{around, symbols::Picking};
use crate::{
    api::{self, Problem},
    chunks,
    platform::time::{self, Form},
    routes,
    state::{cache, drafts, lang, session},
};

pub use self::{filling::Filling, from_link::FromLink};

/// What the page shows.
#[derive(Debug, Clone)]
enum Opened {
    Loading,
    Ready(Box<Editor>, bool, Option<TemplateId>),
    Not(Problem),
}

/// Writes a post. Without an identity in the address it chooses one, so that a reload comes back to the same draft.
#[component]
pub fn Compose() -> AnyView {
    let road = around::Road::here();
    let (params, query) = (use_params_map(), use_query_map());
    let post = Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse::<PostId>().ok()));
    let correcting = Memo::new(move |_| query.with(|query| query.get("act").as_deref() == Some("correct")));
    view! {
        {move || match post.get() {
            Some(post) => view! { <Open post correcting=correcting.get() start=query.with_untracked(start) /> }.into_any(),
            None => {
                let fresh = drafts::new_post_id(time::now());
                // What it is begun for stays in the address: a reload before the first word begins the same.
                let start = query.with_untracked(ParamsMap::to_query_string);
                road.instead([routes::edit(&fresh), start].concat());
                ().into_any()
            }
        }}
    }
    .into_any()
}

/// What a new post begins with, as the address says (`routes::compose_for`, `compose_saying`, `compose_with`,
/// `compose_about`). What it says otherwise
/// begins nothing.
fn start(query: &ParamsMap) -> Start {
    fn named<T: FromStr>(query: &ParamsMap, name: &str) -> Option<T> {
        query.get(name)?.parse().ok()
    }
    let (pillar, audience) = (named(query, "pillar"), named(query, "audience"));
    let belongs = Belonging { campaign: None, pillar, audience, message: named(query, "message") };
    let about = query.get("about").and_then(|title| Occasion::parse(&title, query.get("at").as_deref()).ok());
    Start { channel: named(query, "channel"), belongs, template: named(query, "template"), about }
}

#[component]
fn Open(post: PostId, correcting: bool, start: Start) -> AnyView {
    let opened = RwSignal::new(Opened::Loading);
    let owner = Owner::current();
    let lang = lang();
    let Some(me) = session().me.get_untracked() else { return ().into_any() };
    spawn_local(async move {
        let found = cache::channels().await;
        let view = api::call(&posts::READ, &[post.as_str()], &Nothing {}).await;
        let draft = drafts::find(&me.member, &post);
        let view = match view {
            Ok(view) => Some(view),
            // Nobody stored it yet: a new one, or one that was only ever on this device.
            Err(Problem::Fault(fault)) if fault.refusal == Refusal::NotFound => None,
            Err(_) if draft.is_some() => None,
            Err(problem) => return drop(opened.try_set(Opened::Not(problem))),
        };
        let found = match found {
            Ok(found) => found,
            Err(_) if draft.is_some() => Vec::new(),
            Err(problem) => return drop(opened.try_set(Opened::Not(problem))),
        };
        // The editor's signals belong to this page, not to this future; the page may be gone by now.
        let Some(owner) = owner.filter(|_| opened.try_get_untracked().is_some()) else { return };
        owner.with(|| {
            // Who loads the page anew has begun already.
            let template = start.template.clone().filter(|_| view.is_none() && draft.is_none());
            let editor = Editor::open(lang, me, post, found, view.as_ref(), correcting, start);
            let restored = draft.filter(|draft| draft.content != editor.stored_content());
            let was_restored = restored.is_some();
            if let Some(draft) = restored {
                editor.restore(draft, view.as_ref());
            }
            opened.set(Opened::Ready(Box::new(editor), was_restored, template));
        });
    });
    (move || match opened.get() {
        Opened::Loading => around::loading(),
        Opened::Not(problem) => around::trouble(&problem),
        Opened::Ready(editor, restored, template) => view! { <Sheet editor=*editor restored template /> }.into_any(),
    })
    .into_any()
}

/// The screen itself.
#[component]
fn Sheet(editor: Editor, restored: bool, template: Option<TemplateId>) -> AnyView {
    let lang = editor.lang;
    let begins = editor.may_write() && !editor.correcting;
    let beginning = RwSignal::new(begins && template.is_some());
    provide_context(Beginning { editor, open: beginning, first: template });
    let linking = RwSignal::new(false);
    provide_context(Linking { editor, open: linking });
    let picking = Picking::closed();
    provide_context(picking);
    let picks = Memo::new(move |_| picking.is_open());
    finish::mind_leaving(editor);
    let heading = match (editor.correcting, editor.version()) {
        (true, _) => lang.compose_correct_title(),
        (false, 0) => lang.compose_new_title(),
        (false, _) => lang.compose_edit_title(),
    };
    around::title(heading);
    let frozen = move || match editor.stage.get() {
        StageName::Out if !editor.correcting => Some(lang.compose_frozen_out()),
        StageName::Cancelled => Some(lang.compose_frozen_cancelled()),
        _ => None,
    };
    let voids = move || match editor.stage.get() {
        StageName::InReview => Some(lang.compose_voids_review()),
        StageName::Approved | StageName::Placed => Some(lang.compose_voids_approval()),
        _ => None,
    };
    view! {
        <div class="compose">
            <header class="compose-head">
                <h1 tabindex="-1">{heading}</h1>
                <finish::SavedLine editor />
                {begins.then(|| view! {
                    <button type="button" class="button quiet" on:click=move |_| beginning.set(true)>{lang.texts_begin()}</button>
                    <button type="button" class="button quiet" on:click=move |_| linking.set(true)>{lang.from_link_begin()}</button>
                })}
            </header>
            {move || beginning.get().then(chunks::filling)}
            {move || linking.get().then(chunks::from_link)}
            {move || picks.get().then(chunks::symbols)}
            <finish::Others editor />
            {restored.then(|| restored_note(editor))}
            {move || frozen().map(|text| view! { <p class="notice" data-hue="bad" role="alert">{text}</p> })}
            {move || voids().map(|text| view! { <p class="notice" data-hue="warn">{text}</p> })}
            {returned_note(editor)}
            <conflict::Conflict editor />
            <div class="compose-columns">
                <div class="compose-form">
                    <texts::Texts editor />
                    <targets::Targets editor />
                    <first_comment::First editor />
                    <replies::Who editor />
                    <poll::Asking editor />
                    <pictures::Pictures editor />
                    <video::Film editor />
                    <document::Paper editor />
                    <extras::Extras editor />
                </div>
                <div class="compose-side">
                    <versions::Versions editor />
                    <findings::Rest editor />
                    <guidance::Guidance editor />
                </div>
            </div>
            <agreeing::Agreeing editor />
            <finish::Finish editor />
        </div>
    }
    .into_any()
}

/// Says that this device kept something, and offers to let it go.
fn restored_note(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let shown = RwSignal::new(true);
    let discard = move |_| {
        editor.content.set(editor.stored_content());
        editor.saved.set(Saved::Fresh);
        shown.set(false);
    };
    view! {
        <Show when=move || shown.get() && editor.conflict.with(Option::is_none)>
            <div class="notice" data-hue="info" role="status">
                <p>{lang.compose_restored()}</p>
                <button type="button" class="button quiet" on:click=discard>{lang.compose_restored_discard()}</button>
            </div>
        </Show>
    }
    .into_any()
}

/// Why it came back, with the words it speaks of.
fn returned_note(editor: Editor) -> AnyView {
    let lang = editor.lang;
    (move || {
        let decision = editor.returned.get()?;
        let Choice::Return { comment, place } = decision.choice else { return None };
        let at = around::when(decision.at, Form::Full);
        let quote = place.map(|TextPlace { quote, language, .. }| {
            view! { <blockquote lang=language.to_string()>{quote}</blockquote> }
        });
        Some(view! {
            <section class="notice returned" data-hue="warn">
                <h2>{lang.compose_returned(at)}</h2>
                {quote}
                <p class="compose-comment">{comment}</p>
            </section>
        })
    })
    .into_any()
}

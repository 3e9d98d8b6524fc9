//! The versions of a picture: what it looked like before, who made it another when, where each is used; a newer one is brought here,
//! and an older one shown again.

use domain::{Act, MediaId, may};
use leptos::{ev::Event, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};
use wire::library::{AssetView, Body, REPLACE, Replace, Use, Version};

use super::asset::{View, held, part};
use crate::{
    api::{self, Storing},
    pages::around,
    parts::{ProblemNotice, Work, prepare_picture, store_picture},
    platform::{page, time::Form},
    routes,
    state::{lang, session, toasts},
    ui::{Button, Chip, Hue, unique},
};

/// The heading: the focus goes there when the button that had it is gone.
const TITLE: &str = "asset-versions";

/// What the parts share.
#[derive(Clone, Copy)]
struct Desk {
    view: View,
    work: Work,
    /// Why a file that was chosen will not do, in words.
    trouble: RwSignal<Option<String>>,
    may: bool,
}

/// The section; none of a video, which has no versions.
pub fn section(view: View, first: &AssetView) -> AnyView {
    if matches!(first.filed.body, Body::Video { .. }) {
        return ().into_any();
    }
    let lang = lang();
    let may = session().me.with_untracked(|me| me.as_ref().is_some_and(|me| may(me.role, Act::Upload)));
    let desk = Desk { view, work: Work::new(), trouble: RwSignal::new(None), may };
    let versions = part(view, |view| (view.versions.clone(), view.filed.asset.media.clone(), view.uses.clone()));
    let draw = move || {
        // Of one alone everything stands on the page already.
        let (versions, newest, uses) = versions.get().filter(|(versions, ..)| versions.len() > 1)?;
        let lines = versions.into_iter().enumerate().rev();
        let lines = lines.map(|(place, version)| line(desk, place + 1, version, &newest, &uses)).collect_view();
        Some(view! { <ul class="lines library-versions">{lines}</ul> })
    };
    view! {
        <section class="card">
            <h2 id=TITLE tabindex="-1">{lang.library_versions()}</h2>
            <p class="hint">{lang.library_versions_text()}</p>
            <ProblemNotice problem=desk.work.problem/>
            {draw}
            {desk.may.then(|| field(desk))}
        </section>
    }
    .into_any()
}

/// Takes what became of it, and says what it held.
fn took(desk: Desk, before: usize, said: &'static str) -> impl FnOnce(AssetView) + 'static {
    move |answer: AssetView| {
        match held(&answer).saturating_sub(before) {
            0 => toasts::done(said),
            count => toasts::done(lang().library_saved_held(count)),
        }
        desk.view.put(answer);
        page::catch_focus(TITLE.to_owned());
    }
}

fn line(desk: Desk, number: usize, version: Version, newest: &MediaId, uses: &[Use]) -> AnyView {
    let lang = lang();
    let Version { body, by, at } = version;
    let Body::Picture { picture } = body else { return ().into_any() };
    let is_newest = picture.media == *newest;
    let name = lang.library_version(number);
    let posts = uses.iter().filter(|one| one.has.contains(&picture.media));
    let posts = posts.map(|one| view! { <li><a href=routes::post(&one.post)>{one.heading.clone()}</a></li> });
    let posts = posts.collect::<Vec<_>>();
    let used = match posts.is_empty() {
        true => view! { <p class="hint">{lang.library_uses_none()}</p> }.into_any(),
        false => view! {
            <p class="hint">{lang.library_version_uses()}</p>
            <ul class="library-outs">{posts}</ul>
        }
        .into_any(),
    };
    let media = picture.media.clone();
    let back = (desk.may && !is_newest).then(|| {
        let label = [lang.library_version_back(), ": ", &name].concat();
        let again = move || {
            let (Some(now), by) = (desk.view.now(), media.clone()) else { return };
            let before = held(&now);
            let shown = now.filed.asset.media;
            let call = async move { api::call(&REPLACE, &[shown.as_str()], &Replace { by }).await };
            desk.work.run(call, took(desk, before, lang.library_version_back_done()));
        };
        view! { <Button label busy=desk.work.busy on_press=again>{lang.library_version_back()}</Button> }
    });
    let size = format!("{} × {} · {} KB", picture.width, picture.height, picture.bytes / 1024);
    view! {
        <li>
            // What it shows is said of all of them, above.
            <img src=api::thumbnail_address(&picture.media) alt="" loading="lazy" decoding="async"/>
            <div class="line-main">
                <strong>{name}</strong>
                <p class="hint">{size}" · "{lang.library_version_by(by, around::when(at, Form::Full))}</p>
                {used}
            </div>
            {is_newest.then(|| view! { <Chip hue=Hue::Good text=lang.library_version_newest()/> })}
            {back}
        </li>
    }
    .into_any()
}

/// The field for a newer one.
fn field(desk: Desk) -> AnyView {
    let lang = lang();
    let id = unique("version");
    let chosen = move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let file = input.as_ref().and_then(HtmlInputElement::files).and_then(|files| files.get(0));
        if let Some(input) = input {
            // The same file may be chosen again.
            input.set_value("");
        }
        if let Some(file) = file {
            bring(desk, file);
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{lang.library_version_bring()}</label>
            <p class="hint">{lang.library_version_bring_hint()}</p>
            <input class="input" id=id type="file" accept="image/jpeg,image/png,image/webp"
                aria-busy=move || desk.work.busy.get().then_some("true") on:change=chosen/>
            <p class="error" aria-live="polite">{move || desk.trouble.get()}</p>
        </div>
    }
    .into_any()
}

/// Stores it as made of what it replaces, so that it is known by that one whatever becomes of the next step.
fn bring(desk: Desk, file: File) {
    let Some(now) = desk.view.now() else { return };
    let (before, newest) = (held(&now), now.filed.asset.media);
    desk.trouble.set(None);
    let call = async move {
        let ready = match prepare_picture(file).await {
            Ok(ready) => ready,
            Err(why) => {
                let _ = desk.trouble.try_set(Some(why));
                return Ok(None);
            }
        };
        let by = store_picture(&ready, Storing::CutFrom(&newest)).await?.stored.id;
        api::call(&REPLACE, &[newest.as_str()], &Replace { by }).await.map(Some)
    };
    let took = took(desk, before, lang().library_version_done());
    desk.work.run(call, move |answer: Option<AssetView>| {
        if let Some(answer) = answer {
            took(answer);
        }
    });
}

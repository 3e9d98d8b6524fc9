//! Pictures that look alike: asked before one more is uploaded, and shown where one is looked at. Separate from the shelf: nobody
//! looked for these.

use domain::{MediaId, look::Look};
use leptos::prelude::*;
use wire::library::{ALIKE, Alike, Body, Like};

use super::Address;
use crate::{
    api,
    pages::around::{Fetched, Load},
    platform::pictures::Ready,
    state::lang,
};

/// A picture that is not uploaded yet, because the library has some that look like it.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubtful {
    /// It.
    pub ready: Ready,
    /// Those.
    pub likes: Vec<Like>,
}

/// Those of the library that look like a picture which is about to be uploaded. None where the library has its very bytes: then it
/// is that one, and nothing is stored twice. None either where nobody answers: uploading it will say why.
pub async fn alike(ready: &Ready) -> Vec<Like> {
    let Some(look) = ready.look else { return Vec::new() };
    let found = api::call(&ALIKE, &[], &Alike { look }).await.unwrap_or_default();
    let same = |like: &Like| matches!(&like.filed.body, Body::Picture { picture } if picture.hash == ready.hash);
    if found.iter().any(same) { Vec::new() } else { found }
}

/// Asks whether one of those is meant: `on_use` takes it, `on_keep` uploads the new one all the same.
pub fn question(doubtful: &Doubtful, on_use: Callback<Body>, on_keep: Callback<()>) -> AnyView {
    let lang = lang();
    let name = doubtful.ready.name.clone();
    let one = move |like: Like| {
        let (told, label) = (told(&like), lang.library_pick_one(&like.filed.asset.said.name));
        let body = like.filed.body;
        view! {
            <li>
                {told}
                <button type="button" class="button" on:click=move |_| on_use.run(body.clone())>{label}</button>
            </li>
        }
    };
    view! {
        <p><b>{name.clone()}</b>" "{lang.library_alike_asks()}</p>
        <ul class="library-likes">{doubtful.likes.iter().cloned().map(one).collect_view()}</ul>
        <button type="button" class="button" on:click=move |_| on_keep.run(())>{lang.library_alike_keep(name)}</button>
    }
    .into_any()
}

/// What one looks like, what it is called and shows, and where it is used.
fn told(like: &Like) -> AnyView {
    let lang = lang();
    let asset = &like.filed.asset;
    let posts = like.uses.join(" · ");
    let uses = match (like.uses.is_empty(), like.more) {
        (true, _) => lang.library_uses_none().to_owned(),
        (false, false) => lang.library_alike_used(posts),
        (false, true) => lang.library_alike_used_more(posts),
    };
    let alt = asset.said.alt.iter().next().map(|(language, alt)| (language.to_string(), alt.clone()));
    view! {
        // What it shows stands beside it.
        <img src=api::thumbnail_address(&asset.media) alt="" loading="lazy" decoding="async"/>
        <div>
            <strong>{asset.said.name.clone()}</strong>
            {alt.map(|(language, alt)| view! { <p class="hint" lang=language>{alt}</p> })}
            <p class="hint">{uses}</p>
        </div>
    }
    .into_any()
}

/// The section of an asset's page: what looks like it, if anything does.
pub fn section(media: MediaId, look: Option<Look>) -> AnyView {
    let Some(look) = look else { return ().into_any() };
    let lang = lang();
    let found = Fetched::new(move || async move { api::call(&ALIKE, &[], &Alike { look }).await });
    let draw = move || {
        // Whatever the reason is that nothing came, nothing is missing from the page without it.
        let Load::Here(likes) = found.state.get() else { return None };
        let others: Vec<Like> = likes.into_iter().filter(|like| like.filed.asset.media != media).collect();
        let one = |like: Like| {
            let href = Address::at(&like.filed.asset.media);
            view! { <li><a class="library-like" href=href>{told(&like)}</a></li> }
        };
        (!others.is_empty()).then(|| {
            view! {
                <section class="card">
                    <h2>{lang.library_alike()}</h2>
                    <ul class="library-likes">{others.into_iter().map(one).collect_view()}</ul>
                </section>
            }
        })
    };
    draw.into_any()
}

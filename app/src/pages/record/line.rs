//! An entry: the sentence, and behind it who, when, from which device, how that is known, and what was kept to the letter.

use domain::{json::Value, record::Actor};
use leptos::prelude::*;
use wire::records::{Found, Kept};
use words::{Known, happened, proven, role_name, subject_name};

use super::Asked;
use crate::{
    pages::around,
    platform::time::Form,
    routes,
    state::lang,
    ui::{Chip, Glyph, Icon},
};

/// The names that a page of entries brought.
pub fn known(found: &Found) -> Known<'_> {
    Known { members: &found.members, channels: &found.channels }
}

/// The name of a subject, or the word that was kept where this version has none.
pub fn subject_of(name: &str) -> String {
    domain::record::Subject::of_name(name).map_or_else(|| name.to_owned(), |one| subject_name(lang(), one).to_owned())
}

/// Draws it.
pub fn draw(kept: &Kept, found: &Found) -> AnyView {
    let (lang, entry) = (lang(), &kept.entry);
    let body: Option<Value> = entry.body.as_deref().and_then(|body| serde_json::from_str(body).ok());
    let sentence = match &body {
        Some(body) => happened(lang, &entry.subject, body, known(found)),
        None => lang.trail_erased().to_owned(),
    };
    let heading = kept.post.as_ref().map(|post| {
        let heading = kept.heading.clone().filter(|heading| !heading.is_empty());
        (routes::post(post), heading.unwrap_or_else(|| lang.post_untitled().to_owned()))
    });
    let about = heading.clone().map(|(_, heading)| view! { <span class="entry-about">{heading}</span> });
    let who = body.as_ref().map(|body| words::acted(lang, body, known(found)));
    let (role, device, how, whose) = match body.as_ref().and_then(Actor::of) {
        Some(Actor::Member { member, role, device, how, .. }) => {
            let trail = Asked { who: Some(member.to_string()), ..Asked::default() }.address();
            (role.map(|role| role_name(lang, role)), Some(device), Some(proven(lang, &how)), Some(trail))
        }
        Some(Actor::Outside { device, how, .. }) => (None, Some(device), Some(proven(lang, &how)), None),
        Some(Actor::Stranger { device }) => (None, Some(device), None, None),
        Some(Actor::Engine { job }) => (None, Some(job), None, None),
        None => (None, None, None, None),
    };
    let who = who.map(|who| match whose {
        Some(address) => view! { <a href=address>{who}</a> }.into_any(),
        None => who.into_any(),
    });
    let text = |name: &'static str, what: Option<String>| {
        what.filter(|what| !what.is_empty()).map(|what| view! { <dt>{name}</dt><dd>{what}</dd> })
    };
    let hash =
        |name: &'static str, what: &str| view! { <dt>{name}</dt><dd><code class="hash">{what.to_owned()}</code></dd> };
    // What nobody here saw happen says so, before anybody reads it as done here.
    let brought = found.brought.filter(|brought| entry.seq <= brought.upto);
    let brought_chip = brought.map(|_| view! { <Chip text=lang.copy_brought_chip()/> });
    let brought = brought.map(|brought| lang.copy_brought_entry(around::when(brought.at, Form::Full)));
    let trail = kept.post.as_ref().map(routes::trail);
    let raw = match &body {
        // Only the reading form is indented; what was sealed stays as it is in `body`.
        Some(body) => {
            let pretty = serde_json::to_string_pretty(body).unwrap_or_default();
            view! { <details class="entry-raw"><summary>{lang.record_raw()}</summary><pre tabindex="0">{pretty}</pre></details> }
                .into_any()
        }
        None => view! { <p class="hint">{lang.record_erased()}</p> }.into_any(),
    };
    view! {
        <li class="entry" data-subject=entry.subject.clone()>
            <details>
                <summary>
                    <time>{around::when(entry.at, Form::Exact)}</time>
                    <span class="entry-what">{sentence} {about} {brought_chip}</span>
                    <span class="entry-number">{entry.seq}</span>
                </summary>
                {brought.map(|text| view! { <p class="hint">{text}</p> })}
                <dl class="entry-facts">
                    {who.map(|who| view! { <dt>{lang.record_who()}</dt><dd>{who}</dd> })}
                    {text(lang.record_role(), role.map(str::to_owned))}
                    {text(lang.record_device(), device)}
                    {text(lang.record_how(), how)}
                    <dt>{lang.record_when()}</dt><dd>{around::when(entry.at, Form::Exact)}</dd>
                    <dt>{lang.record_subject()}</dt><dd>{subject_of(&entry.subject)}</dd>
                    {heading.map(|(address, heading)| view! {
                        <dt>{lang.record_post()}</dt>
                        <dd>
                            <a href=address>{heading}</a>
                            {trail.map(|trail| view! { " · " <a href=trail><Icon glyph=Glyph::Clock/>{lang.record_trail()}</a> })}
                        </dd>
                    })}
                    {hash(lang.record_digest(), &entry.digest)}
                    {hash(lang.record_chain(), &entry.chain)}
                </dl>
                {raw}
            </details>
        </li>
    }
    .into_any()
}

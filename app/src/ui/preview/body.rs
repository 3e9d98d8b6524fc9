//! What all previews share: the text with its links and its overflow marked, the pictures, the link's card.
//! Separate so that each network's file only says how that network differs.

use domain::{
    Rendition,
    text::{self, SpanKind},
};
use leptos::prelude::*;

use super::Shown;
use crate::api;

/// The text exactly as sent, with what becomes clickable marked, and what no longer fits struck.
pub fn text(shown: &Shown<'_>) -> AnyView {
    let network = shown.channel.network;
    let limits = shown.channel.limits.beside(!shown.rendition.pictures.is_empty());
    let sent = shown.rendition.as_sent(network);
    let cut = text::overflow(&sent, shown.rendition.warning.as_deref(), &limits).unwrap_or(sent.len());
    let (kept, over) = sent.split_at(cut);
    let over = (!over.is_empty()).then(|| view! { <mark class="preview-over">{over.to_owned()}</mark> });
    view! { <div class="preview-text" lang=shown.language()>{marked(kept)}{over}</div> }.into_any()
}

fn marked(text: &str) -> Vec<AnyView> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for span in text::spans(text) {
        pieces.push(text[done..span.start].to_owned().into_any());
        let class = match span.kind {
            SpanKind::Link => "preview-link",
            SpanKind::Mention => "preview-mention",
            SpanKind::Hashtag => "preview-tag",
        };
        pieces.push(view! { <span class=class>{span.of(text).to_owned()}</span> }.into_any());
        done = span.end;
    }
    pieces.push(text[done..].to_owned().into_any());
    pieces
}

/// The pictures as a grid of one to four, with the alt text where networks show that there is one.
pub fn pictures(rendition: &Rendition, most: u32) -> AnyView {
    let shown: Vec<_> = rendition.pictures.iter().take(most as usize).collect();
    if shown.is_empty() {
        return ().into_any();
    }
    let count = shown.len().min(4).to_string();
    let drawn = shown.into_iter().map(|picture| {
        let alt = picture.alt.trim().to_owned();
        let badge = (!alt.is_empty()).then(|| view! { <span class="preview-alt" aria-hidden="true">"ALT"</span> });
        view! {
            <div class="preview-picture">
                <img src=api::picture_address(&picture.media) alt=alt width=picture.width.to_string()
                    height=picture.height.to_string() loading="lazy" />
                {badge}
            </div>
        }
    });
    view! { <div class="preview-pictures" data-count=count>{drawn.collect::<Vec<_>>()}</div> }.into_any()
}

/// The link as a card, where the network makes one.
pub fn card(rendition: &Rendition) -> AnyView {
    match rendition.link.as_deref() {
        // A network shows pictures or a card, never both.
        Some(link) if rendition.pictures.is_empty() => {
            let host = host(link).to_owned();
            let title = rendition.title.clone().unwrap_or_else(|| link.to_owned());
            view! {
                <div class="preview-card">
                    <strong>{title}</strong>
                    <span>{host}</span>
                </div>
            }
            .into_any()
        }
        _ => ().into_any(),
    }
}

/// The host of a web address.
pub fn host(link: &str) -> &str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// The account's picture: its initials on the organisation's colour.
pub fn avatar(shown: &Shown<'_>) -> AnyView {
    view! { <span class="preview-avatar" aria-hidden="true">{shown.initials()}</span> }.into_any()
}

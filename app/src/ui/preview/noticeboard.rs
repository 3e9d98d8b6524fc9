//! The organisation's own public page: heading, event, text, pictures with their alt text to read, the link.

use domain::{Event, text};
use leptos::prelude::*;

use super::{Shown, body};
use crate::platform::time::{self, Form};

pub(super) fn draw(shown: &Shown<'_>) -> AnyView {
    let title = shown.rendition.title.clone();
    let event = shown.rendition.event.as_ref().map(|event| event_box(shown, event));
    // The page shows the link below the text, unless the text has it.
    let link = shown.rendition.link.clone().filter(|link| !text::carries(&shown.rendition.text, link));
    view! {
        <article class="preview-noticeboard">
            <p class="preview-who"><strong>{shown.organisation.to_owned()}</strong></p>
            {title.map(|title| view! { <h3 lang=shown.language()>{title}</h3> })}
            {event}
            {body::text(shown)}
            {body::pictures(shown.rendition, 10)}
            {link.map(|link| view! { <p class="preview-link">{body::host(&link).to_owned()}" →"</p> })}
        </article>
    }
    .into_any()
}

fn event_box(shown: &Shown<'_>, event: &Event) -> AnyView {
    let tag = shown.rendition.language.as_str();
    let at = |moment| time::moment(moment, shown.zone, tag, Form::Full);
    let called_off =
        event.cancelled.then(|| view! { <strong class="preview-off">{shown.lang.compose_event_off()}</strong> });
    view! {
        <dl class="preview-event">
            {called_off}
            <div><dt>{shown.lang.compose_event_when()}</dt>
                <dd>{at(event.start)}{event.end.map(|end| format!(" – {}", at(end)))}</dd></div>
            <div><dt>{shown.lang.compose_event_where()}</dt><dd>{event.place.clone()}</dd></div>
        </dl>
    }
    .into_any()
}

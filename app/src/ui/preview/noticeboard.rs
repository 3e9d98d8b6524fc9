//! The organisation's own public page: heading, event, text, pictures with their alt text to read, the link.

use domain::{Event, text};

use super::{Shown, body};
use crate::{
    platform::time::{self, Form},
    ui::{Plain, el},
};

pub(super) fn draw(shown: &Shown<'_>) -> Plain {
    let title = shown.rendition.title.as_deref();
    // The page shows the link below the text, unless the text has it.
    let link = shown.rendition.link.as_deref().filter(|link| !text::carries(&shown.rendition.text, link));
    el("article", "preview-noticeboard")
        .put(body::who(shown, ""))
        .put(title.map(|title| el("h3", "").with("lang", shown.language()).put(title)))
        .put(shown.rendition.event.as_ref().map(|event| event_box(shown, event)))
        .put(body::text(shown))
        .put(poll(shown))
        .put(body::pictures(shown.rendition, 10))
        .put(body::document(shown))
        .put(link.map(|link| el("p", "preview-link").put(body::host(link)).put(" →")))
}

/// A poll is told there, and voted on elsewhere.
fn poll(shown: &Shown<'_>) -> Option<Plain> {
    let poll = shown.rendition.poll.as_ref()?;
    let lines = poll.answers.iter().map(|answer| el("li", "").put(answer.as_str()));
    let lines = el("ul", "").with("lang", shown.language()).put(lines.collect::<Vec<_>>());
    Some(el("div", "").put(lines).put(el("p", "preview-by-hand").put(words::poll_terms(
        shown.lang,
        poll.minutes,
        poll.several,
        poll.hidden,
    ))))
}

fn event_box(shown: &Shown<'_>, event: &Event) -> Plain {
    let tag = shown.rendition.language.as_str();
    let at = |moment| time::moment(moment, shown.zone, tag, Form::Full);
    let line = |name: &str, what: Plain| el("div", "").put(el("dt", "").put(name)).put(what);
    let when = el("dd", "").put(at(event.start)).put(event.end.map(|end| [" – ", &at(end)].concat()));
    el("dl", "preview-event")
        .put(event.cancelled.then(|| el("strong", "preview-off").put(shown.lang.compose_event_off())))
        .put(line(shown.lang.compose_event_when(), when))
        .put(line(shown.lang.compose_event_where(), el("dd", "").put(event.place.as_str())))
}

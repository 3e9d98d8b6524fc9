//! What goes with the text: the kind of post, a link, an event.

use chrono::NaiveDateTime;
use domain::{Event, Kind, Moment, content, slot, zone::Resolved};
use leptos::prelude::*;
use words::{Lang, kind_explained, kind_name, refusal};

use super::{basis::Grounds, belongs::Belongs, editor::Editor, utm::Marked};
use crate::state::second;

/// Kind, link and event.
#[component]
pub fn Extras(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let locked = !editor.may_write();
    let kind = Memo::new(move |_| editor.seen.with(|content| content.kind));
    let set_kind = move |event| {
        let value = event_target_value(&event);
        if let Some(kind) = Kind::ALL.into_iter().find(|kind| format!("{kind:?}") == value) {
            editor.content.update(|content| content.kind = kind);
        }
    };
    let options = Kind::ALL.into_iter().map(|one| {
        view! { <option value=format!("{one:?}") prop:selected=move || kind.get() == one>{kind_name(lang, one)}</option> }
    });
    let unapproved = move || {
        let reason = |kind| {
            editor
                .me
                .with_value(|me| me.organisation.policy.declared(kind).map(|declaration| declaration.reason.clone()))
        };
        reason(kind.get()).map(|reason| view! { <p class="hint">{lang.compose_kind_declared(reason)}</p> })
    };
    view! {
        <section class="compose-section" aria-label=lang.compose_extras()>
            <h2>{lang.compose_extras()}</h2>
            <div class="field">
                <label for="kind">{lang.compose_kind()}</label>
                <select id="kind" class="input" disabled=locked on:change=set_kind aria-describedby="kind-hint">
                    {options.collect::<Vec<_>>()}
                </select>
                <p class="hint" id="kind-hint">{move || kind_explained(lang, kind.get())}</p>
                {unapproved}
            </div>
            <Belongs editor />
            <Grounds editor locked />
            <Link editor locked />
            <Marked editor locked />
            <Happening editor locked />
        </section>
    }
    .into_any()
}

/// A web address. While it is none it stays in the field and does not enter the content.
#[component]
fn Link(editor: Editor, locked: bool) -> AnyView {
    let lang = editor.lang;
    let typed = RwSignal::new(editor.content.with_untracked(|content| content.link.clone()).unwrap_or_default());
    // The content can change behind the field (a conflict, a restored draft).
    let stored = Memo::new(move |_| editor.seen.with(|content| content.link.clone()));
    Effect::new(move |_| {
        if let Some(link) = stored.get()
            && typed.with_untracked(|typed| typed.trim() != link)
        {
            typed.set(link);
        }
    });
    let wrong = move || typed.with(|typed| !typed.trim().is_empty() && !content::is_web_address(typed.trim()));
    let set = move |event| {
        typed.set(event_target_value(&event));
        let link = typed.with_untracked(|typed| typed.trim().to_owned());
        let link = content::is_web_address(&link).then_some(link);
        if stored.get_untracked() != link {
            editor.content.update(|content| content.link = link);
        }
    };
    view! {
        <div class="field">
            <label for="link">{lang.compose_link()}" "<span class="hint">{lang.general_optional()}</span></label>
            <input id="link" class="input" type="url" inputmode="url" placeholder="https://" maxlength="2048" readonly=locked
                aria-invalid=move || wrong().then_some("true") aria-describedby="link-error"
                prop:value=move || typed.get() on:input=set />
            <p class="error" id="link-error" aria-live="polite">
                {move || wrong().then(|| refusal(lang, &domain::Refusal::BadLink).to_string())}
            </p>
        </div>
    }
    .into_any()
}

/// An event: it enters the content when it has a start.
#[component]
fn Happening(editor: Editor, locked: bool) -> AnyView {
    let lang = editor.lang;
    let zone = editor.me.with_value(|me| me.zone.clone());
    let zone_name = zone.name.clone();
    let zone = StoredValue::new(zone);
    let now = editor.content.with_untracked(|content| content.event.clone());
    let field = |at: Option<Moment>| at.map(|at| zone.with_value(|zone| field_of(zone.civil(at)))).unwrap_or_default();
    let (start, end) = (field(now.as_ref().map(|event| event.start)), field(now.as_ref().and_then(|event| event.end)));
    let on = RwSignal::new(now.is_some());
    let (start, end) = (RwSignal::new(start), RwSignal::new(end));
    let place = RwSignal::new(now.as_ref().map(|event| event.place.clone()).unwrap_or_default());
    let cancelled = RwSignal::new(now.is_some_and(|event| event.cancelled));
    let moment = move |text: &str| {
        let civil = slot::parse_civil(text).ok()?;
        Some(match zone.with_value(|zone| zone.resolve(civil)) {
            Resolved::One(at) => at,
            // Nobody opens a fair in the lost hour; the first of two is the one on posters.
            Resolved::Gap { after, .. } => after,
            Resolved::Fold { first, .. } => first,
        })
    };
    let write = move || {
        let event =
            on.get_untracked().then(|| start.with_untracked(|start| moment(start))).flatten().map(|start| Event {
                start,
                end: end.with_untracked(|end| moment(end)).filter(|end| *end > start),
                place: place.get_untracked(),
                cancelled: cancelled.get_untracked(),
            });
        if editor.content.with_untracked(|content| content.event != event) {
            editor.content.update(|content| content.event = event);
        }
    };
    // A post of the kind "event" has one.
    let is_event = Memo::new(move |_| editor.seen.with(|content| content.kind == Kind::Event));
    Effect::new(move |_| {
        if is_event.get() {
            on.set(true);
        }
    });
    let backwards = move || {
        let (start, end) = (start.with(|text| moment(text)), end.with(|text| moment(text)));
        start.zip(end).is_some_and(|(start, end)| end <= start)
    };
    let there = move || {
        let at = start.with(|text| moment(text))?;
        second::hour(at).map(|there| [" · ", &there].concat())
    };
    let text_field = move |id: &'static str, label: &'static str, kind: &'static str, value: RwSignal<String>| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <input id=id class="input" type=kind readonly=locked maxlength="300" prop:value=move || value.get()
                    on:input=move |event| { value.set(event_target_value(&event)); write(); } />
            </div>
        }
        .into_any()
    };
    view! {
        <div class="event">
            <label class="check">
                <input type="checkbox" disabled=locked prop:checked=move || on.get()
                    on:change=move |event| { on.set(event_target_checked(&event)); write(); } />
                <span>{lang.compose_event_on()}" "<span class="hint">{lang.compose_event_hint()}</span></span>
            </label>
            <div class="event-fields" hidden=move || !on.get()>
                {text_field("event-start", lang.compose_event_start(), "datetime-local", start)}
                {text_field("event-end", lang.compose_event_end(), "datetime-local", end)}
                {text_field("event-place", lang.compose_event_where(), "text", place)}
                <p class="hint">{lang.compose_zone(zone_name)}{there}</p>
                <p class="error" aria-live="polite">
                    {move || event_trouble(lang, backwards(), on.get() && start.with(String::is_empty))}
                </p>
                <label class="check">
                    <input type="checkbox" disabled=locked prop:checked=move || cancelled.get()
                        on:change=move |event| { cancelled.set(event_target_checked(&event)); write(); } />
                    <span>{lang.compose_event_off()}</span>
                </label>
            </div>
        </div>
    }
    .into_any()
}

fn event_trouble(lang: Lang, backwards: bool, no_start: bool) -> Option<String> {
    match (backwards, no_start) {
        (true, _) => Some(refusal(lang, &domain::Refusal::EventBackwards).to_string()),
        (false, true) => Some(lang.compose_event_no_start().to_owned()),
        (false, false) => None,
    }
}

/// As a date field writes it.
fn field_of(civil: NaiveDateTime) -> String {
    slot::civil_text(civil)
}

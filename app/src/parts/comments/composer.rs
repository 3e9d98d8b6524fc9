//! The field in which a comment is written, with all that goes with it: whom it calls, what is attached, what it speaks
//! of. Separate: a new comment, an answer and another wording are written in the same one.

use domain::{
    Act, CommentId, MemberId,
    comment::{Anchor, Audience, External, Internal, Remark},
    party::Person,
};
use leptos::{ev, html, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use wire::{
    comments::{self as contract, Reword, Say, Threads, Voice},
    media::Stored,
};

use super::{Talk, Thread, anchors::Chooser, anchors::quote, may};
use crate::{
    api::{self, Answer, Storing},
    parts::{Brought, ProblemNotice, Work, bring_picture},
    platform::page,
    state::{drafts, lang, toasts},
    ui::{Button, Glyph, Icon, Tone, unique},
};

/// What is written.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Something new.
    New,
    /// An answer to a conversation.
    Answer(CommentId),
    /// Another wording of one's own comment, from this one.
    Edit(CommentId, String),
}

/// The `id` of the field of a new comment.
pub fn field_id(thread: Thread) -> String {
    ["say-", thread.name()].concat()
}

/// What is typed and chosen.
#[derive(Clone, Copy)]
struct Draft {
    text: RwSignal<String>,
    calls: RwSignal<Vec<Voice>>,
    attached: RwSignal<Vec<Stored>>,
    /// Drawn once: what is sent twice is said once.
    id: StoredValue<CommentId>,
}

/// The field.
#[component]
pub fn Composer(talk: Talk, thread: Thread, what: What, #[prop(into)] shut: Callback<()>) -> AnyView {
    let lang = lang();
    let (key, from) = match &what {
        What::New => (["new-", thread.name()].concat(), String::new()),
        What::Answer(root) => (["answer-", root.as_str()].concat(), String::new()),
        What::Edit(comment, text) => (["edit-", comment.as_str()].concat(), text.clone()),
    };
    let (is_new, is_edit) = (what == What::New, matches!(what, What::Edit(..)));
    let typed = Some(talk.typed(&key)).filter(|typed| !typed.is_empty()).unwrap_or(from);
    let draft = Draft {
        text: RwSignal::new(typed),
        calls: RwSignal::new(Vec::new()),
        attached: RwSignal::new(Vec::new()),
        id: StoredValue::new(CommentId::from_bits(drafts::chance())),
    };
    let key = StoredValue::new(key);
    Effect::new(move |_| {
        let text = draft.text.get();
        key.with_value(|key| talk.keep_typed(key, text));
    });
    let work = Work::new();
    let coming = RwSignal::new(0_u32);
    let empty = Signal::derive(move || draft.text.with(|text| text.trim().is_empty()) || coming.get() > 0);
    let what = StoredValue::new(what);
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if empty.get_untracked() {
            return;
        }
        let turn = talk.turn();
        let call = request(talk, thread, what.get_value(), draft);
        work.run(call, move |threads| {
            talk.put(turn, threads);
            if let Some(key) = key.try_get_value() {
                talk.keep_typed(&key, String::new());
            }
            talk.anchor.set(None);
            toasts::done(lang.comments_said());
            shut.run(());
        });
    };
    let leave = move || {
        key.with_value(|key| talk.keep_typed(key, String::new()));
        shut.run(());
    };
    let id = if is_new { field_id(thread) } else { unique("say") };
    let hint_id = [&id, "-hint"].concat();
    let (name, hint) = match (is_edit, thread) {
        (true, _) => (lang.comments_edit_label(), lang.comments_edit_hint()),
        (false, Thread::Internal) => (lang.comments_label_internal(), lang.comments_internal_hint()),
        (false, Thread::External) => (lang.comments_label_external(), lang.comments_external_hint()),
    };
    let area = NodeRef::<html::Textarea>::new();
    let picking = RwSignal::new(false);
    if !is_new {
        request_animation_frame(move || {
            if let Some(area) = area.get_untracked() {
                let _ = area.focus();
            }
        });
    }
    view! {
        <form class="composer" data-thread=thread.name() on:submit=send>
            <div class="field">
                <label for=id.clone()>{name}</label>
                <p class="hint" id=hint_id.clone()>{hint}</p>
                {move || talk.anchor.get().filter(|_| is_new).map(|anchor| view! {
                    <div class="about">
                        {quote(&anchor)}
                        <Button tone=Tone::Quiet on_press=move || talk.anchor.set(None)>{lang.general_remove()}</Button>
                    </div>
                })}
                <textarea id=id class="input" rows="3" required maxlength="8000" aria-describedby=hint_id node_ref=area
                    prop:value=move || draft.text.get()
                    on:input=move |event| {
                        let text = event_target_value(&event);
                        let calling = !is_edit && half_called(&text).is_some();
                        if calling != picking.get_untracked() {
                            picking.set(calling);
                        }
                        draft.text.set(text);
                    }
                    on:keydown=move |event| if picking.get_untracked() { to_list(&event, picking) }></textarea>
            </div>
            {(!is_edit).then(|| view! {
                <Calls talk thread draft picking area />
                <Attached draft />
                <div class="composer-tools">
                    <button type="button" class="button quiet" aria-expanded=move || picking.get().to_string()
                        on:click=move |_| picking.update(|open| *open = !*open)>
                        <Icon glyph=Glyph::People />{lang.comments_mention()}
                    </button>
                    {may(Act::Upload).then(|| view! { <Attach draft coming /> })}
                </div>
                {is_new.then(|| view! { <Chooser talk /> })}
            })}
            <ProblemNotice problem=work.problem />
            <div class="actions">
                <Button tone=Tone::Primary submit=true busy=work.busy disabled=empty>
                    {if is_edit { lang.general_save() } else { lang.comments_send() }}
                </Button>
                <Button on_press=leave>{lang.general_cancel()}</Button>
            </div>
        </form>
    }
    .into_any()
}

type Sent = std::pin::Pin<Box<dyn Future<Output = Answer<Threads>>>>;

fn request(talk: Talk, thread: Thread, what: What, draft: Draft) -> Sent {
    let text = draft.text.get_untracked().trim().to_owned();
    let answers = match what {
        What::Edit(comment, _) => {
            return Box::pin(async move { api::call(&contract::REWORD, &[comment.as_str()], &Reword { text }).await });
        }
        What::Answer(root) => Some(root),
        What::New => None,
    };
    let anchor = talk.anchor.get_untracked().filter(|_| answers.is_none()).unwrap_or(Anchor::Post);
    // Whose name was taken out of the text again is not called.
    let said = |voice: &Voice| text.contains(&["@", &voice.name].concat());
    let calls = draft.calls.with_untracked(|calls| {
        calls.iter().filter(|voice| said(voice)).map(|voice| voice.member.clone().into()).collect::<Vec<Person>>()
    });
    let attached = draft.attached.with_untracked(|all| all.iter().map(|one| one.id.clone()).collect::<Vec<_>>());
    let (post, id) = (talk.post.get_value(), draft.id.get_value());
    fn say<A: Audience>(text: &str, anchor: Anchor, answers: Option<CommentId>) -> Say<A> {
        Say { remark: Remark { anchor, ..Remark::new(text) }, answers }
    }
    Box::pin(async move {
        let parts = [post.as_str(), id.as_str()];
        let threads = match thread {
            Thread::Internal => {
                let mut say = say::<Internal>(&text, anchor, answers);
                (say.remark.mentions, say.remark.attached) = (calls, attached);
                api::call(&contract::SAY_INSIDE, &parts, &say).await?
            }
            Thread::External => {
                let mut say = say::<External>(&text, anchor, answers);
                (say.remark.mentions, say.remark.attached) = (calls, attached);
                api::call(&contract::SAY_OUTSIDE, &parts, &say).await?
            }
        };
        // It had arrived before, its answer was lost, and somebody went on typing: what they typed is what it says.
        match is_said(&threads, thread, &id, &text) {
            true => Ok(threads),
            false => api::call(&contract::REWORD, &[id.as_str()], &Reword { text }).await,
        }
    })
}

fn is_said(threads: &Threads, thread: Thread, id: &CommentId, text: &str) -> bool {
    let says = match thread {
        Thread::Internal => {
            let all = threads.internal.as_deref().unwrap_or_default();
            all.iter().find(|one| one.id == *id).and_then(|one| one.text.as_deref())
        }
        Thread::External => threads.external.iter().find(|one| one.id == *id).and_then(|one| one.text.as_deref()),
    };
    says == Some(text)
}

/// What stands behind an `@` at the end of what is typed, if a name is being typed there.
fn half_called(text: &str) -> Option<&str> {
    let (before, half) = text.rsplit_once('@')?;
    let begins = before.chars().next_back().is_none_or(char::is_whitespace);
    (begins && !half.contains('\n') && half.chars().count() <= 30).then_some(half)
}

/// What is typed with somebody's name in it.
fn with_name(text: &str, name: &str) -> String {
    let before = match half_called(text) {
        Some(half) => &text[..text.len() - half.len() - 1],
        None => text,
    };
    let gap = if before.is_empty() || before.ends_with(char::is_whitespace) { "" } else { " " };
    format!("{before}{gap}@{name} ")
}

/// Down into the list of names, or away with it.
fn to_list(event: &ev::KeyboardEvent, picking: RwSignal<bool>) {
    match event.key().as_str() {
        "ArrowDown" => {
            let form = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let form = form.and_then(|field| field.closest(".composer").ok().flatten());
            if let Some(list) = form.and_then(|form| form.query_selector(".call-list").ok().flatten())
                && page::walk_focus(&list, 1).is_some()
            {
                event.prevent_default();
            }
        }
        "Escape" => {
            event.prevent_default();
            picking.set(false);
        }
        _ => {}
    }
}

/// Whom it calls, and whom it could.
#[component]
fn Calls(talk: Talk, thread: Thread, draft: Draft, picking: RwSignal<bool>, area: NodeRef<html::Textarea>) -> AnyView {
    let lang = lang();
    let back = move || {
        if let Some(area) = area.get_untracked() {
            let _ = area.focus();
        }
    };
    let pick = Callback::new(move |voice: Voice| {
        draft.text.update(|text| *text = with_name(text, &voice.name));
        draft.calls.update(|calls| {
            calls.retain(|other| other.member != voice.member);
            calls.push(voice);
        });
        picking.set(false);
        back();
    });
    let found = move || {
        let half = draft.text.with(|text| half_called(text).unwrap_or_default().trim().to_lowercase());
        let mut voices = talk.voices(thread);
        voices.retain(|voice| voice.name.to_lowercase().contains(&half));
        voices
    };
    let walk = move |event: ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "Escape" => {
                event.prevent_default();
                picking.set(false);
                return back();
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(list) = event.current_target().and_then(|target| target.dyn_into().ok()) {
            page::walk_focus(&list, step);
        }
    };
    let remove = Callback::new(move |member: MemberId| {
        draft.calls.update(|calls| calls.retain(|voice| voice.member != member));
    });
    view! {
        {move || picking.get().then(|| {
            let voices = found();
            let none = voices.is_empty().then(|| view! { <p class="hint">{lang.comments_nobody()}</p> });
            let options = voices.into_iter().map(|voice| {
                let name = voice.name.clone();
                view! { <Button tone=Tone::Quiet on_press=move || pick.run(voice.clone())>{name}</Button> }
            });
            view! {
                <div class="call-list" role="group" aria-label=lang.comments_mention() on:keydown=walk>
                    {none}
                    {options.collect::<Vec<_>>()}
                </div>
            }
        })}
        <p class="unseen" role="status">
            {move || picking.get().then(|| lang.comments_picking(found().len()))}
        </p>
        {move || {
            let calls = draft.calls.get();
            (!calls.is_empty()).then(|| view! {
                <ul class="calls" aria-label=lang.comments_will_tell()>
                    {calls.into_iter().map(|voice| {
                        let member = voice.member.clone();
                        view! {
                            <li class="chip" data-hue="info">
                                {voice.name.clone()}
                                <Button tone=Tone::Quiet bare=true glyph=Glyph::Cross
                                    label=[lang.general_remove(), ": ", &voice.name].concat()
                                    on_press=move || remove.run(member.clone()) />
                            </li>
                        }
                    }).collect::<Vec<_>>()}
                </ul>
            })
        }}
    }
    .into_any()
}

/// What goes with it.
#[component]
fn Attached(draft: Draft) -> AnyView {
    let lang = lang();
    let one = move |(place, stored): (usize, Stored)| {
        let id = stored.id.clone();
        let remove = move || draft.attached.update(|all| all.retain(|other| other.id != id));
        view! {
            <li>
                <img src=api::picture_address(&stored.id) alt=lang.comments_attached(place + 1) />
                <Button tone=Tone::Quiet bare=true glyph=Glyph::Cross
                    label=[lang.general_remove(), ": ", &lang.comments_attached(place + 1)].concat() on_press=remove />
            </li>
        }
    };
    (move || {
        let all = draft.attached.get();
        (!all.is_empty()).then(|| {
            view! { <ul class="attached">{all.into_iter().enumerate().map(one).collect::<Vec<_>>()}</ul> }
        })
    })
    .into_any()
}

/// The way to attach a picture: the one by which a post gets its pictures.
#[component]
fn Attach(draft: Draft, coming: RwSignal<u32>) -> AnyView {
    let lang = lang();
    let trouble = RwSignal::new(None::<String>);
    let chosen = move |event: ev::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        // The same file may be chosen again.
        input.set_value("");
        trouble.set(None);
        coming.update(|count| *count += 1);
        spawn_local(async move {
            let came = bring_picture(file, Storing::Aside).await;
            // The field may have been closed.
            if coming.try_update(|count| *count = count.saturating_sub(1)).is_none() {
                return;
            }
            match came {
                Ok(Brought { stored, .. }) => draft.attached.update(|all| {
                    all.retain(|other| other.id != stored.id);
                    all.push(stored);
                }),
                Err(text) => trouble.set(Some(text)),
            }
        });
    };
    view! {
        <label class="button quiet attach">
            <input type="file" class="unseen" accept="image/jpeg,image/png,image/webp" on:change=chosen />
            <Icon glyph=Glyph::Plus />
            {lang.comments_attach()}
        </label>
        <span role="status">
            {move || (coming.get() > 0).then(|| lang.comments_attaching())}
            {move || trouble.get().map(|text| view! { <span class="error">{text}</span> })}
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_being_typed_is_known_from_an_address() {
        assert_eq!(half_called("Mire esto, @la al"), Some("la al"));
        assert_eq!(half_called("@"), Some(""));
        assert_eq!(half_called("a@b.example"), None);
        assert_eq!(half_called("@Ana\n"), None);
        assert_eq!(half_called("sin nadie"), None);
    }

    #[test]
    fn the_name_takes_the_place_of_what_was_typed_of_it() {
        assert_eq!(with_name("Mire, @al", "Alcaldía"), "Mire, @Alcaldía ");
        assert_eq!(with_name("Mire", "Alcaldía"), "Mire @Alcaldía ");
        assert_eq!(with_name("", "Alcaldía"), "@Alcaldía ");
    }
}

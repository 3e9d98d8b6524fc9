//! One thread: its conversations, the newest first, those that are dealt with folded away, and the field to begin one.

use domain::{Act, CommentId, comment::Anchor, party::Person};
use leptos::prelude::*;
use wire::comments::{self as contract, Resolve};

use super::{
    Talk, Thread,
    anchors::{quote, standing},
    composer::{Composer, What},
    line::{Line, conversations, within},
    may, me,
};
use crate::{
    api,
    parts::when,
    platform::{page, time::Form},
    state::lang,
    ui::{Button, Chip, Glyph, Hue, Icon, Menu, MenuItem, Tone, unique},
};

/// A thread.
#[component]
pub fn ThreadPanel(talk: Talk, thread: Thread) -> AnyView {
    let lang = lang();
    let lines = Memo::new(move |_| talk.lines(thread));
    let of = move |open: bool| {
        let all = lines.with(|lines| conversations(lines));
        all.into_iter().filter(|one| one.open == open).map(|one| one.root).collect::<Vec<_>>()
    };
    let (open, closed) = (Memo::new(move |_| of(true)), Memo::new(move |_| of(false)));
    let (title, hint) = match thread {
        Thread::Internal => (lang.comments_internal(), lang.comments_internal_hint()),
        Thread::External => (lang.comments_external(), lang.comments_external_hint()),
    };
    let glyph = match thread {
        Thread::Internal => Glyph::Key,
        Thread::External => Glyph::People,
    };
    let writes = Memo::new(move |_| talk.writing.get() == Some(thread));
    let named = unique("thread");
    let labelled = named.clone();
    view! {
        <section class="thread" data-thread=thread.name() aria-labelledby=labelled>
            <header class="thread-head">
                <h3 id=named><Icon glyph /> {title}</h3>
                <p class="hint">{hint}</p>
            </header>
            {may(Act::Comment).then(|| view! {
                {move || if writes.get() {
                    let shut = move || {
                        talk.writing.set(None);
                        talk.anchor.set(None);
                    };
                    view! { <Composer talk thread what=What::New shut /> }.into_any()
                } else {
                    view! { <Button glyph=Glyph::Pencil on_press=move || talk.write(thread, None)>{lang.comments_write()}</Button> }.into_any()
                }}
            })}
            {move || (open.with(Vec::is_empty) && closed.with(Vec::is_empty))
                .then(|| view! { <p class="thread-empty">{lang.comments_empty()}</p> })}
            <ol class="conversations">
                <For each=move || open.get() key=CommentId::clone children=move |root| view! { <Conversation talk thread root lines /> } />
            </ol>
            <details class="thread-closed" hidden=move || closed.with(Vec::is_empty)>
                <summary>{move || lang.comments_resolved_count(closed.with(Vec::len))}</summary>
                <ol class="conversations">
                    <For each=move || closed.get() key=CommentId::clone children=move |root| view! { <Conversation talk thread root lines /> } />
                </ol>
            </details>
        </section>
    }
    .into_any()
}

/// The `id` of a conversation in the page.
pub fn place_of(root: &CommentId) -> String {
    ["comment-", root.as_str()].concat()
}

/// What is being written in a conversation.
#[derive(Debug, Clone, PartialEq)]
enum Saying {
    Nothing,
    Answer,
    Edit(CommentId),
}

#[component]
fn Conversation(talk: Talk, thread: Thread, root: CommentId, lines: Memo<Vec<Line>>) -> AnyView {
    let lang = lang();
    let id = StoredValue::new(root.clone());
    let mine = Memo::new(move |_| lines.with(|lines| id.with_value(|root| within(lines, root))));
    let saying = RwSignal::new(Saying::Nothing);
    let first = move || mine.with(|lines| lines.first().cloned());
    let head = move || first().map(|line| about(talk, &line));
    let resolved = move || {
        let mark = first()?.resolved?;
        Some(lang.comments_resolved_by(when(mark.at, Form::Full), talk.name(&mark.by)))
    };
    let is_open = Memo::new(move |_| first().is_some_and(|line| line.resolved.is_none()));
    let begun = Memo::new(move |_| first().is_some_and(|line| line.text.is_some()));
    let resolve = move || {
        let (comment, done) = (id.get_value(), is_open.get_untracked());
        let call = async move { api::call(&contract::RESOLVE, &[comment.as_str()], &Resolve { done }).await };
        talk.act(call, if done { lang.comments_resolved() } else { lang.comments_reopened() });
    };
    let shut = move || saying.set(Saying::Nothing);
    let writer = move || match saying.get() {
        Saying::Nothing => ().into_any(),
        Saying::Answer => view! { <Composer talk thread what=What::Answer(id.get_value()) shut /> }.into_any(),
        Saying::Edit(comment) => {
            let now = mine.with_untracked(|lines| lines.iter().find(|line| line.id == comment)?.text.clone());
            view! { <Composer talk thread what=What::Edit(comment, now.unwrap_or_default()) shut /> }.into_any()
        }
    };
    let edit = Callback::new(move |comment| saying.set(Saying::Edit(comment)));
    view! {
        <li class="conversation" id=place_of(&root) tabindex="-1">
            {head}
            <ol class="said">
                {move || mine.get().into_iter().map(|line| said(talk, &line, edit)).collect::<Vec<_>>()}
            </ol>
            {move || resolved().map(|text| view! { <p class="hint">{text}</p> })}
            {writer}
            {move || (may(Act::Comment) && saying.with(|saying| *saying == Saying::Nothing)).then(|| view! {
                <div class="actions">
                    <Button tone=Tone::Quiet on_press=move || saying.set(Saying::Answer)>{lang.comments_answer()}</Button>
                    {move || begun.get().then(|| view! {
                        <Button tone=Tone::Quiet glyph=Glyph::Check busy=talk.work.busy on_press=resolve>
                            {move || if is_open.get() { lang.comments_resolve() } else { lang.comments_reopen() }}
                        </Button>
                    })}
                </div>
            })}
        </li>
    }
    .into_any()
}

/// What a conversation speaks of, and whether that is still there.
fn about(talk: Talk, line: &Line) -> Option<AnyView> {
    if line.anchor == Anchor::Post {
        return None;
    }
    let (anchor, number) = (line.anchor.clone(), super::anchors::number(talk, &line.id));
    Some(
        view! {
            <div class="about">
                {number.map(|number| view! { <span class="mark-number" aria-hidden="true">{number}</span> })}
                {quote(&anchor)}
                {move || standing(talk, &anchor)}
            </div>
        }
        .into_any(),
    )
}

/// One comment.
fn said(talk: Talk, line: &Line, edit: Callback<CommentId>) -> AnyView {
    let lang = lang();
    let by = talk.name(&line.by);
    let at = when(line.at, Form::Full);
    let is_own = matches!((&line.by, me()), (Person::Member { member }, Some(own)) if *member == own);
    let Some(text) = line.text.clone() else {
        return view! { <li class="comment"><p class="hint">{lang.comments_gone(at, by)}</p></li> }.into_any();
    };
    let edited = line.edited.map(|at| view! { <span>{lang.comments_edited(when(at, Form::Full))}</span> });
    let menu = (is_own && may(Act::Comment)).then(|| {
        let (one, other) = (line.id.clone(), line.id.clone());
        let delete = move || {
            talk.doomed.set(Some(other.clone()));
            talk.asking.set(true);
        };
        view! {
            <Menu label=[lang.general_options(), ": ", &at].concat() glyph=Glyph::Dots>
                <MenuItem glyph=Glyph::Pencil on_press=move || edit.run(one.clone())>{lang.general_edit()}</MenuItem>
                <MenuItem glyph=Glyph::Bin danger=true on_press=delete>{lang.comments_delete()}</MenuItem>
            </Menu>
        }
    });
    let names: Vec<String> = line.mentions.iter().map(|member| talk.name(&member.clone().into())).collect();
    let pictures = line.attached.iter().enumerate().map(|(place, media)| {
        let address = api::picture_address(media);
        let picture = address.clone();
        view! {
            <a href=address rel="external" target="_blank">
                <img src=picture alt=lang.comments_attached(place + 1) loading="lazy" />
            </a>
        }
    });
    let pictures: Vec<_> = pictures.collect();
    let pictures = (!pictures.is_empty()).then(|| view! { <div class="comment-pictures">{pictures}</div> });
    view! {
        <li class="comment">
            <div class="comment-head">
                <b>{by}</b>
                <time>{at.clone()}</time>
                {edited}
                {(line.round > 0).then(|| view! { <Chip hue=Hue::Neutral text=lang.comments_round(line.round) /> })}
                {menu}
            </div>
            <p class="comment-text">{called(&text, &names)}</p>
            {pictures}
        </li>
    }
    .into_any()
}

/// A text in which those who are called stand out.
fn called(text: &str, names: &[String]) -> Vec<AnyView> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, name)) = next_call(rest, names) {
        pieces.push(rest[..before].to_owned().into_any());
        let end = before + 1 + name.len();
        pieces.push(view! { <b class="called">{rest[before..end].to_owned()}</b> }.into_any());
        rest = &rest[end..];
    }
    pieces.push(rest.to_owned().into_any());
    pieces
}

fn next_call<'a>(text: &str, names: &'a [String]) -> Option<(usize, &'a String)> {
    let called = |at: usize| {
        let behind = &text[at + 1..];
        // The longest: one may be called Ana, and another Ana María.
        names.iter().filter(|name| behind.starts_with(name.as_str())).max_by_key(|name| name.len())
    };
    text.match_indices('@').find_map(|(at, _)| called(at).map(|name| (at, name)))
}

/// Puts a conversation before the eyes of whoever asked for it.
pub fn show(root: &CommentId) {
    page::focus(&place_of(root));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_name_is_the_one_that_is_called() {
        let names = ["Ana".to_owned(), "Ana María".to_owned()];
        assert_eq!(next_call("a@b @Ana María, mira", &names), Some((4, &names[1])));
        assert_eq!(next_call("@Luis", &names), None);
    }
}

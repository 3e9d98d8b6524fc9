//! What comments speak of: choosing it (words of a text, a point in a picture), saying it, and marking it where it is.
//! Separate: it is the only part of the comments that looks at the content.

use domain::{
    CommentId, Content, Language, Picture,
    approval::TextPlace,
    comment::{Anchor, Spot},
};
use leptos::prelude::*;
use words::language_name;

use super::{
    Talk, Thread,
    line::Line,
    thread::{self},
};
use crate::{
    api,
    parts::{
        arrange,
        pointing::{percent, pointing},
        quoting::{place, quotable},
    },
    platform::selection::Selected,
    state::lang,
    ui::Button,
};

/// What an anchor speaks of, in a few words: the quote, or that it is a point.
pub fn quote(anchor: &Anchor) -> AnyView {
    match anchor {
        Anchor::Post => ().into_any(),
        Anchor::Text { place } => view! { <q lang=place.language.to_string()>{place.quote.clone()}</q> }.into_any(),
        Anchor::Picture { .. } => view! { <span>{lang().comments_point_in_picture()}</span> }.into_any(),
    }
}

/// Whether what it speaks of is still there. Nothing where it is.
pub fn standing(talk: Talk, anchor: &Anchor) -> Option<AnyView> {
    let lang = lang();
    let spot = talk.content.with(|content| content.as_ref().map(|content| anchor.spot(content)))?;
    let text = match (spot, anchor) {
        (Spot::Picture { place }, _) => {
            return Some(view! { <span class="hint">{lang.compose_picture_number(place + 1)}</span> }.into_any());
        }
        (Spot::Gone, Anchor::Picture { .. }) => lang.comments_picture_changed(),
        (Spot::Gone, _) => lang.comments_text_changed(),
        _ => return None,
    };
    Some(view! { <span class="about-changed">{text}</span> }.into_any())
}

/// The open conversations that speak of a place, oldest first: their numbers are their places in it.
fn pointed(talk: Talk) -> Vec<Line> {
    let mut lines = talk.lines(Thread::Internal);
    lines.extend(talk.lines(Thread::External));
    lines.retain(|line| line.is_open_root() && line.anchor != Anchor::Post);
    arrange(&mut lines, |line| (line.at, line.id.clone()));
    lines
}

/// The number by which a conversation is marked in the text, if it is.
pub fn number(talk: Talk, root: &CommentId) -> Option<usize> {
    pointed(talk).iter().position(|line| line.id == *root).map(|place| place + 1)
}

/// The place of what is selected in a preview, if it stands in a common text.
pub fn of_selection(talk: Talk, selected: &Selected) -> Option<Anchor> {
    let words = selected.words.trim();
    if words.is_empty() {
        return None;
    }
    let language: Language = selected.language.parse().ok()?;
    let lead = selected.words.len() - selected.words.trim_start().len();
    talk.content.with_untracked(|content| {
        let text = content.as_ref()?.texts.get(&language)?;
        let start = selected.before.len() + lead;
        // A version may say it elsewhere than the common text does.
        let here = text.get(start..).is_some_and(|rest| rest.starts_with(words));
        let start = if here { start } else { text.find(words)? };
        Some(Anchor::Text { place: place(&language, text, start, start + words.len())? })
    })
}

/// The texts and pictures of which something is said, with marks that lead to what is said.
#[component]
pub fn Marks(talk: Talk) -> AnyView {
    let lang = lang();
    let marked = Memo::new(move |_| pointed(talk));
    let drawn = move || {
        let lines = marked.get();
        talk.content.with(|content| {
            let content = content.as_ref()?;
            let texts =
                content.texts.iter().filter_map(|(language, text)| words_marked(language, text, content, &lines));
            let pictures = content.pictures.iter().enumerate();
            let pictures = pictures.filter_map(|(place, picture)| points_marked(place, picture, &lines));
            let all: Vec<_> = texts.chain(pictures).collect();
            (!all.is_empty()).then_some(all)
        })
    };
    (move || {
        drawn().map(|all| {
            view! {
                <details class="commented" open>
                    <summary>{lang.comments_marks()}</summary>
                    {all}
                </details>
            }
        })
    })
    .into_any()
}

/// A button that leads to a conversation.
fn leads(line: &Line, number: usize, class: &'static str) -> impl Fn(AnyView) -> AnyView + use<> {
    let (root, label) = (line.id.clone(), lang().comments_mark(number));
    let name = line.thread.name();
    move |inside| {
        let root = root.clone();
        view! {
            <button type="button" class=class data-thread=name aria-label=label.clone() title=label.clone()
                on:click=move |_| thread::show(&root)>{inside}</button>
        }
        .into_any()
    }
}

fn words_marked(language: &Language, text: &str, content: &Content, lines: &[Line]) -> Option<AnyView> {
    let mut ranges: Vec<_> = lines
        .iter()
        .enumerate()
        .filter_map(|(place, line)| match (&line.anchor, line.anchor.spot(content)) {
            (Anchor::Text { place: at }, Spot::Words { range }) if at.language == *language => {
                Some((range.start, range.end, place))
            }
            _ => None,
        })
        .collect();
    if ranges.is_empty() {
        return None;
    }
    arrange(&mut ranges, |range| (range.0, range.1));
    let (mut pieces, mut done) = (Vec::new(), 0);
    for (start, end, place) in ranges {
        // Where two speak of the same words, the second is marked behind the first.
        let start = start.max(done);
        let words = text.get(start..end.max(start)).unwrap_or_default().to_owned();
        pieces.push(text.get(done..start).unwrap_or_default().to_owned().into_any());
        let mark = leads(&lines[place], place + 1, "mark-number");
        pieces.push(view! { <mark class="spoken" data-thread=lines[place].thread.name()>{words}</mark> }.into_any());
        pieces.push(mark((place + 1).into_any()));
        done = end.max(start);
    }
    pieces.push(text.get(done..).unwrap_or_default().to_owned().into_any());
    Some(
        view! {
            <div class="marked">
                <p class="hint">{language_name(lang(), language)}</p>
                <p class="marked-text" lang=language.to_string()>{pieces}</p>
            </div>
        }
        .into_any(),
    )
}

fn points_marked(place: usize, picture: &Picture, lines: &[Line]) -> Option<AnyView> {
    let points: Vec<_> = lines
        .iter()
        .enumerate()
        .filter_map(|(number, line)| match &line.anchor {
            Anchor::Picture { hash, x, y } if *hash == picture.hash => {
                let mark = leads(line, number + 1, "mark-number");
                let at = (percent(*x), percent(*y));
                Some(view! { <span class="point" style=("--x", at.0) style=("--y", at.1)>{mark((number + 1).into_any())}</span> })
            }
            _ => None,
        })
        .collect();
    if points.is_empty() {
        return None;
    }
    Some(
        view! {
            <div class="marked">
                <p class="hint">{lang().compose_picture_number(place + 1)}</p>
                <div class="pointed">
                    {shown(picture)}
                    {points}
                </div>
            </div>
        }
        .into_any(),
    )
}

fn shown(picture: &Picture) -> AnyView {
    let alt = picture.alt.values().next().cloned().unwrap_or_default();
    view! {
        <img src=api::picture_address(&picture.media) alt=alt width=picture.width.to_string()
            height=picture.height.to_string() />
    }
    .into_any()
}

/// The way to point at words or at a picture, with a finger, a mouse or the keyboard.
#[component]
pub fn Chooser(talk: Talk) -> AnyView {
    let lang = lang();
    let content = talk.content.get_untracked();
    let Some(content) = content.filter(|content| !content.texts.is_empty() || !content.pictures.is_empty()) else {
        return ().into_any();
    };
    let chosen = Callback::new(move |place: TextPlace| talk.anchor.set(Some(Anchor::Text { place })));
    let texts = content.texts.iter().map(|(language, text)| quotable(language.clone(), text.clone(), chosen));
    let pictures = content.pictures.iter().enumerate().map(|(place, picture)| pointable(talk, place, picture));
    view! {
        <details class="chooser">
            <summary>{lang.comments_choose()}</summary>
            <p class="hint">{lang.comments_choose_hint()}</p>
            {texts.collect::<Vec<_>>()}
            {pictures.collect::<Vec<_>>()}
        </details>
    }
    .into_any()
}

/// A picture at which one points: by pressing on it, or by two sliders.
fn pointable(talk: Talk, place: usize, picture: &Picture) -> AnyView {
    let lang = lang();
    let hash = StoredValue::new(picture.hash.clone());
    let point = move || {
        talk.anchor.with(|anchor| match anchor {
            Some(Anchor::Picture { hash: of, x, y }) if hash.with_value(|hash| hash == of) => Some((*x, *y)),
            _ => None,
        })
    };
    let put = move |x: u16, y: u16| talk.anchor.set(Some(Anchor::Picture { hash: hash.get_value(), x, y }));
    let name = lang.compose_picture_number(place + 1);
    view! {
        <fieldset class="pointable">
            <legend>{name}</legend>
            {pointing(shown(picture), Signal::derive(point), Callback::new(move |(x, y)| put(x, y)))}
            <Button on_press=move || {
                let (x, y) = point().unwrap_or((500, 500));
                put(x, y);
            }>{lang.comments_point_here()}</Button>
        </fieldset>
    }
    .into_any()
}

//! Somebody else stored the post meanwhile: both sides, part by part, and nothing is lost whatever is chosen.

use domain::Content;
use leptos::prelude::*;
use words::{Lang, kind_name, language_list, language_name};

use super::editor::Editor;
use crate::{
    pages::around,
    platform::time::Form,
    state::merge::{Clash, Part, Side, clashes, merged},
    ui::{Button, Tone},
};

/// The question, while there is one.
#[component]
pub fn Conflict(editor: Editor) -> AnyView {
    (move || {
        let view = editor.conflict.get()?;
        let theirs = view.post.content.clone();
        let mine = editor.content.get_untracked();
        let found = clashes(&editor.stored_content(), &mine, &theirs);
        let names = around::name_of(&view.names, &view.post.author);
        let when = around::when(view.changed, Form::Full);
        Some(question(editor, mine, theirs, found, names, when))
    })
    .into_any()
}

fn question(editor: Editor, mine: Content, theirs: Content, found: Vec<Clash>, _by: String, when: String) -> AnyView {
    let lang = editor.lang;
    let choices: Vec<_> = found.iter().map(|clash| (clash.part.clone(), RwSignal::new(clash.proposed))).collect();
    let rows = found
        .iter()
        .zip(&choices)
        .enumerate()
        .map(|(number, (clash, (_, choice)))| row(editor, number, clash, *choice, (&mine, &theirs)));
    let rows = rows.collect::<Vec<_>>();
    let (all_mine, all_theirs) = (mine.clone(), theirs.clone());
    let mix = move || {
        let of_mine =
            choices.iter().filter(|(_, side)| side.get_untracked() == Side::Mine).map(|(part, _)| part.clone());
        editor.settle(merged(&mine, &theirs, &of_mine.collect::<Vec<_>>()));
    };
    view! {
        <section class="conflict" role="alert" aria-labelledby="conflict-title">
            <h2 id="conflict-title">{lang.compose_conflict(when)}</h2>
            <p>{lang.compose_conflict_hint()}</p>
            {rows}
            <div class="actions">
                <Button tone=Tone::Primary on_press=mix>{lang.compose_conflict_mix()}</Button>
                <Button on_press=move || editor.settle(all_mine.clone())>{lang.compose_conflict_mine()}</Button>
                <Button on_press=move || editor.settle(all_theirs.clone())>{lang.compose_conflict_theirs()}</Button>
            </div>
        </section>
    }
    .into_any()
}

fn row(editor: Editor, number: usize, clash: &Clash, choice: RwSignal<Side>, sides: (&Content, &Content)) -> AnyView {
    let lang = editor.lang;
    let side = move |side: Side, label: &'static str, content: &Content| {
        let shown = shown(editor, content, &clash.part);
        view! {
            <label class="conflict-side">
                <span><input type="radio" name=format!("clash-{number}") prop:checked=move || choice.get() == side
                    on:change=move |_| choice.set(side) />" "<b>{label}</b></span>
                <span class="conflict-text">{shown}</span>
            </label>
        }
        .into_any()
    };
    let legend = part_name(editor, lang, &clash.part);
    let both =
        clash.both.then(|| view! { " "<small class="chip" data-hue="warn">{lang.compose_conflict_both()}</small> });
    view! {
        <fieldset class="conflict-part">
            <legend>{legend}{both}</legend>
            {side(Side::Mine, lang.compose_conflict_side_mine(), sides.0)}
            {side(Side::Theirs, lang.compose_conflict_side_theirs(), sides.1)}
        </fieldset>
    }
    .into_any()
}

fn channel_name(editor: Editor, id: &domain::ChannelId) -> String {
    editor.channels.with_untracked(|channels| {
        channels.iter().find(|channel| channel.id == *id).map(|channel| channel.name.clone()).unwrap_or_default()
    })
}

fn part_name(editor: Editor, lang: Lang, part: &Part) -> String {
    match part {
        Part::Kind => lang.compose_kind().to_owned(),
        Part::Title(language) => format!("{} · {}", lang.compose_heading(), language_name(lang, language)),
        Part::Text(language) => format!("{} · {}", lang.compose_text(), language_name(lang, language)),
        Part::Version(channel, language) => {
            format!("{} · {}", channel_name(editor, channel), language_name(lang, language))
        }
        Part::Pictures => lang.compose_pictures().to_owned(),
        Part::Video => lang.video_title().to_owned(),
        Part::Document => lang.document_title().to_owned(),
        Part::Comment(language) => lang.comment_of(language_name(lang, language)),
        Part::Replies => lang.replies_title().to_owned(),
        Part::Link => lang.compose_link().to_owned(),
        Part::Event => lang.compose_event_on().to_owned(),
        Part::Poll => lang.poll_title().to_owned(),
        Part::Targets => lang.compose_targets().to_owned(),
    }
}

/// A part of a content in words.
fn shown(editor: Editor, content: &Content, part: &Part) -> String {
    let lang = editor.lang;
    let text = match part {
        Part::Kind => kind_name(lang, content.kind).to_owned(),
        Part::Title(language) => content.titles.get(language).cloned().unwrap_or_default(),
        Part::Text(language) => content.texts.get(language).cloned().unwrap_or_default(),
        Part::Version(channel, language) => match content.version(channel, language) {
            Some(version) => version.text.clone(),
            None => return lang.compose_conflict_common().to_owned(),
        },
        Part::Pictures => {
            let describe = |picture: &domain::Picture| {
                picture
                    .alt
                    .values()
                    .next()
                    .cloned()
                    .filter(|alt| !alt.is_empty())
                    .unwrap_or_else(|| picture.file_name.clone())
            };
            content.pictures.iter().map(describe).collect::<Vec<_>>().join(" · ")
        }
        Part::Video => {
            let described = |video: &domain::Video| video.alt.values().find(|alt| !alt.is_empty()).cloned();
            let said = |video: &domain::Video| described(video).unwrap_or_else(|| video.file_name.clone());
            content.video.as_ref().map(said).unwrap_or_default()
        }
        Part::Document => {
            let named = |document: &domain::Document| document.title.values().find(|title| !title.is_empty()).cloned();
            let said = |document: &domain::Document| named(document).unwrap_or_else(|| document.file_name.clone());
            content.document.as_ref().map(said).unwrap_or_default()
        }
        Part::Comment(language) => content.comments.get(language).cloned().unwrap_or_default(),
        Part::Replies => words::replies(lang, content.replies).to_owned(),
        Part::Link => content.link.clone().unwrap_or_default(),
        Part::Event => content.event.as_ref().map_or_else(String::new, |event| {
            let when = around::when(event.start, Form::Full);
            format!("{when} · {}", event.place)
        }),
        Part::Poll => content.poll.as_ref().map_or_else(String::new, |poll| {
            let answers = poll.answers.values().flat_map(|text| domain::poll::answers(text)).collect::<Vec<_>>();
            let terms = words::poll_terms(lang, poll.minutes, poll.several, poll.hidden);
            [answers.join(" · "), terms].join(" · ")
        }),
        Part::Targets => {
            let line = |target: &domain::Target| {
                format!("{} ({})", channel_name(editor, &target.channel), language_list(lang, &target.languages))
            };
            content.targets.iter().map(line).collect::<Vec<_>>().join(", ")
        }
    };
    if text.trim().is_empty() { lang.compose_conflict_empty().to_owned() } else { text }
}

//! Somebody else stored the post meanwhile. What only one of both changed is put together and said; what both changed stands side
//! by side, with what each made of it, and a person chooses.

use std::collections::BTreeMap;

use domain::{
    Content, Guise, StageName,
    difference::words::difference,
    merge::{Field, Side},
};
use leptos::prelude::*;
use wire::posts::PostView;
use words::{Lang, guise_name, kind_name, language_list, language_name};

use super::editor::{Editor, Joined};
use crate::{
    pages::around,
    parts::{by_word, changed},
    platform::{page, time::Form},
    ui::{Button, Tone},
};

/// The question.
const QUESTION: &str = "conflict";

/// The question, while there is one; or what was put together without one.
#[component]
pub fn Conflict(editor: Editor) -> AnyView {
    let clashes = Memo::new(move |_| editor.clashes());
    // By field, and not by place: what is typed meanwhile brings and takes fields, and no choice becomes another's.
    let choices = RwSignal::new(BTreeMap::new());
    let asked = move || editor.conflict.get().map(|view| question(editor, &view, clashes, choices));
    let told = move || editor.joined.get().map(|joined| together(editor, &joined));
    view! {
        {asked}
        <div role="status">{told}</div>
    }
    .into_any()
}

fn together(editor: Editor, joined: &Joined) -> AnyView {
    let lang = editor.lang;
    let channels = editor.channels.get_untracked();
    view! {
        <div class="notice" data-hue="info">
            <div class="notice-body">
                <p>{lang.compose_joined(around::when(joined.at, Form::Full), joined.by.clone())}</p>
                <details>
                    <summary>{lang.compose_joined_what()}</summary>
                    {changed(lang, &channels, &joined.before, &joined.after)}
                </details>
            </div>
            <Button tone=Tone::Quiet on_press=move || editor.joined.set(None)>{lang.general_close()}</Button>
        </div>
    }
    .into_any()
}

type Choices = RwSignal<BTreeMap<Field, Side>>;

fn question(editor: Editor, view: &PostView, clashes: Memo<Vec<Field>>, choices: Choices) -> AnyView {
    let lang = editor.lang;
    let by = around::name_of(&view.names, view.writer.as_ref().unwrap_or(&view.post.author));
    let at = around::when(view.written.unwrap_or(view.changed), Form::Full);
    let stage = view.post.stage.name();
    let over = matches!(stage, StageName::Out | StageName::Cancelled) && !editor.correcting;
    let moved = match stage {
        _ if editor.correcting => None,
        StageName::InReview => Some(lang.compose_voids_review()),
        StageName::Approved | StageName::Placed => Some(lang.compose_voids_approval()),
        StageName::Out => Some(lang.compose_frozen_out()),
        StageName::Cancelled => Some(lang.compose_frozen_cancelled()),
        StageName::Draft => None,
    };
    let (base, theirs) = (editor.stored_content(), view.post.content.clone());
    let rows = move || {
        let row = |(number, field)| row(editor, number, field, choices, [&base, &theirs]);
        clashes.get().into_iter().enumerate().map(row).collect::<Vec<_>>()
    };
    let unasked = Signal::derive(move || clashes.with(Vec::is_empty));
    let open = Signal::derive(move || {
        clashes.with(|clashes| choices.with(|choices| clashes.iter().any(|field| !choices.contains_key(field))))
    });
    // What was pressed is gone with the question: whoever answered goes on where they were writing.
    let go_on = move || {
        let languages = editor.languages();
        if let Some(language) = languages.iter().find(|language| editor.may_text(language)).or(languages.first()) {
            let field = ["text-", language.as_str()].concat();
            // It may be another tab's, and what is hidden takes no focus.
            editor.language.set(language.clone());
            request_animation_frame(move || page::focus(&field));
        }
    };
    let end = move |side: Option<Side>| {
        let chosen = choices.get_untracked();
        editor.settle(&|field: &Field| side.or_else(|| chosen.get(field).copied()).unwrap_or(Side::Mine));
        choices.set(BTreeMap::new());
        go_on();
    };
    let mix = move || if unasked.get() { lang.compose_conflict_join() } else { lang.compose_conflict_mix() };
    let give_way = move || {
        editor.give_way();
        choices.set(BTreeMap::new());
        go_on();
    };
    // It is said at once, and only that there is a question: what is typed on changes what stands in it. Whoever is writing keeps
    // their place; who has none, as after opening what this device had kept, is taken to it.
    page::catch_focus(QUESTION.to_owned());
    view! {
        <section class="conflict" id=QUESTION tabindex="-1" aria-labelledby="conflict-title">
            <div role="alert"><h2 id="conflict-title">{lang.compose_conflict(at, by)}</h2></div>
            {moved.map(|text| view! { <p>{text}</p> })}
            {(!over).then(|| view! { <p>{lang.compose_conflict_hint()}</p> })}
            {rows}
            <div class="actions">
                {(!over).then(|| view! {
                    <Button tone=Tone::Primary disabled=open on_press=move || end(None)>{mix}</Button>
                    <Show when=move || !unasked.get()>
                        <Button on_press=move || end(Some(Side::Mine))>{lang.compose_conflict_mine()}</Button>
                        <Button on_press=move || end(Some(Side::Theirs))>{lang.compose_conflict_theirs()}</Button>
                    </Show>
                })}
                <Button tone=Tone::Danger on_press=give_way>{lang.compose_conflict_give_way()}</Button>
            </div>
        </section>
    }
    .into_any()
}

fn row(editor: Editor, number: usize, field: Field, choices: Choices, [base, theirs]: [&Content; 2]) -> AnyView {
    let lang = editor.lang;
    let legend = part_name(editor, &field, theirs);
    let stored = StoredValue::new((field.clone(), base.clone()));
    let side = move |side: Side, label: &'static str, shown: AnyView| {
        let is_chosen =
            move || stored.with_value(|(field, _)| choices.with(|choices| choices.get(field) == Some(&side)));
        let choose = move |_| {
            choices.update(|choices| {
                choices.insert(stored.with_value(|(field, _)| field.clone()), side);
            });
        };
        view! {
            <label class="conflict-side">
                <span><input type="radio" name=format!("clash-{number}") prop:checked=is_chosen on:change=choose />" "<b>{label}</b></span>
                {shown}
            </label>
        }
        .into_any()
    };
    // What is typed on meanwhile is what would be taken.
    let mine = (move || stored.with_value(|(field, base)| editor.content.with(|mine| said(editor, field, base, mine))))
        .into_any();
    let both = field.holds_both().then(|| side(Side::Both, lang.compose_conflict_side_both(), ().into_any()));
    view! {
        <fieldset class="conflict-part">
            <legend>{legend}</legend>
            {side(Side::Mine, lang.compose_conflict_side_mine(), mine)}
            {side(Side::Theirs, lang.compose_conflict_side_theirs(), said(editor, &field, base, theirs))}
            {both}
        </fieldset>
    }
    .into_any()
}

/// What a side says in a field: words with what changed in them, the rest in plain.
fn said(editor: Editor, field: &Field, base: &Content, content: &Content) -> AnyView {
    let lang = editor.lang;
    let empty = || view! { <span class="conflict-text">{lang.compose_conflict_empty()}</span> }.into_any();
    let warning = |content: &Content| match field {
        Field::Version(channel, language) => content.version(channel, language)?.warning.clone(),
        _ => None,
    };
    // It is read before the text, and chosen with it.
    let warned = match (warning(base).unwrap_or_default(), warning(content).unwrap_or_default()) {
        (was, is) if was.is_empty() && is.is_empty() => None,
        (was, is) => {
            let runs = difference(&was, &is);
            Some(view! { <span class="conflict-text"><b>{lang.compose_warning()}": "</b>{by_word(&runs)}</span> })
        }
    };
    let text = match (text_of(base, field), text_of(content, field)) {
        (Some(was), Some((is, language))) => {
            let runs = difference(was.0, is);
            match is.trim().is_empty() {
                true => empty(),
                false => view! { <span class="conflict-text" lang=language>{by_word(&runs)}</span> }.into_any(),
            }
        }
        (None, Some((is, language))) => {
            view! { <span class="conflict-text" lang=language>{is.to_owned()}</span> }.into_any()
        }
        (_, None) => match plain(editor, field, content) {
            text if text.trim().is_empty() => empty(),
            text => view! { <span class="conflict-text">{text}</span> }.into_any(),
        },
    };
    view! { {warned}{text} }.into_any()
}

/// The words of a field that holds words, where there are any, and their language.
fn text_of<'a>(content: &'a Content, field: &Field) -> Option<(&'a str, String)> {
    let of = |text: Option<&'a String>, language: &domain::Language| {
        Some((text.map(String::as_str).unwrap_or_default(), language.to_string()))
    };
    match field {
        Field::Title(language) => of(content.titles.get(language), language),
        Field::Text(language) => of(content.texts.get(language), language),
        Field::Version(channel, language) => of(Some(&content.version(channel, language)?.text), language),
        Field::Alt(media, language) => {
            let picture = content.pictures.iter().find(|picture| picture.media == *media)?;
            of(picture.alt.get(language), language)
        }
        Field::Shown(language) => of(content.video.as_ref()?.alt.get(language), language),
        Field::DocumentTitle(language) => of(content.document.as_ref()?.title.get(language), language),
        Field::Answers(language) => of(content.poll.as_ref()?.answers.get(language), language),
        Field::Comment(language) => of(content.comments.get(language), language),
        _ => None,
    }
}

fn channel_name(editor: Editor, id: &domain::ChannelId) -> String {
    editor.channels.with_untracked(|channels| crate::parts::channel_name(channels, id))
}

fn part_name(editor: Editor, field: &Field, theirs: &Content) -> String {
    let lang = editor.lang;
    let of = |what: &str, language: &domain::Language| [what, &*language_name(lang, language)].join(" · ");
    let on = |channel: &domain::ChannelId, what: &str| [&*channel_name(editor, channel), what].join(" · ");
    let picture = |media: &domain::MediaId| {
        let place = |content: &Content| content.pictures.iter().position(|one| one.media == *media);
        let place = place(theirs).or_else(|| editor.content.with_untracked(place));
        lang.difference_alt(place.unwrap_or_default() + 1)
    };
    match field {
        Field::Kind => lang.compose_kind().to_owned(),
        Field::Title(language) => of(lang.compose_heading(), language),
        Field::Text(language) => of(lang.compose_text(), language),
        Field::Version(channel, language) => on(channel, &language_name(lang, language)),
        Field::Pictures => lang.compose_pictures().to_owned(),
        Field::Picture(media) => picture(media),
        Field::Alt(media, language) => of(&picture(media), language),
        Field::Video => lang.video_title().to_owned(),
        Field::Shown(language) => of(lang.video_title(), language),
        Field::Captions(language) => lang.video_captions_of(language_name(lang, language)),
        Field::Poster => lang.video_poster_title().to_owned(),
        Field::Focus(media) => [&*picture(media), lang.picture_focus()].join(" · "),
        Field::Document => lang.document_title().to_owned(),
        Field::DocumentTitle(language) => of(lang.document_title(), language),
        Field::Poll => lang.poll_title().to_owned(),
        Field::Answers(language) => of(lang.poll_title(), language),
        Field::Comment(language) => lang.comment_of(language_name(lang, language)),
        Field::Link => lang.compose_link().to_owned(),
        Field::Utm => lang.utm_title().to_owned(),
        Field::Basis => lang.basis_title().to_owned(),
        Field::Event => lang.compose_event_on().to_owned(),
        Field::Replies => lang.replies_title().to_owned(),
        Field::Targets => lang.compose_targets().to_owned(),
        Field::Target(channel) => channel_name(editor, channel),
        Field::Languages(channel) => on(channel, lang.compose_languages()),
        Field::Showing(channel) => on(channel, lang.showing_title()),
        Field::Topic(channel) => on(channel, lang.topic_title()),
        Field::Collaborators(channel) => on(channel, lang.collaborators_title()),
        Field::Mentions(channel) => on(channel, lang.mentions_title()),
        Field::Guise(channel) => on(channel, lang.guise_title()),
        Field::Pin(channel) => on(channel, lang.pin_title()),
    }
}

/// A field that holds no words, or none any more, in words.
fn plain(editor: Editor, field: &Field, content: &Content) -> String {
    let lang = editor.lang;
    let gone = || lang.compose_conflict_gone().to_owned();
    let target = |channel: &domain::ChannelId| content.targets.iter().find(|target| target.channel == *channel);
    let described = |alt: &BTreeMap<domain::Language, String>, file: &str| {
        alt.values().find(|alt| !alt.is_empty()).cloned().unwrap_or_else(|| file.to_owned())
    };
    match field {
        Field::Kind => kind_name(lang, content.kind).to_owned(),
        Field::Version(..) => lang.compose_conflict_common().to_owned(),
        Field::Pictures => {
            let all = content.pictures.iter().map(|picture| described(&picture.alt, &picture.file_name));
            all.collect::<Vec<_>>().join(" · ")
        }
        Field::Picture(media) => {
            let picture = content.pictures.iter().find(|picture| picture.media == *media);
            picture.map_or_else(gone, |picture| described(&picture.alt, &picture.file_name))
        }
        Field::Video => content.video.as_ref().map_or_else(gone, |video| described(&video.alt, &video.file_name)),
        Field::Captions(language) => {
            let captioned = content.video.as_ref().and_then(|video| video.captioned(language));
            match captioned {
                Some(domain::captions::Said::InPicture) => lang.video_captions_in_picture().to_owned(),
                Some(domain::captions::Said::File(_)) => lang.video_captions_of(language_name(lang, language)),
                None => lang.video_captions_none(language_name(lang, language)),
            }
        }
        Field::Poster => {
            let poster = content.video.as_ref().and_then(|video| video.poster.as_ref());
            poster.map_or_else(String::new, |poster| words::poster(lang, poster).to_string())
        }
        Field::Focus(media) => {
            let picture = content.pictures.iter().find(|picture| picture.media == *media);
            let focus = picture.and_then(|picture| picture.focus);
            focus.map_or_else(String::new, focus_in_words)
        }
        Field::Document => content.document.as_ref().map_or_else(gone, |one| described(&one.title, &one.file_name)),
        Field::Poll => content
            .poll
            .as_ref()
            .map_or_else(gone, |poll| words::poll_terms(lang, poll.minutes, poll.several, poll.hidden)),
        Field::Collaborators(channel) => {
            let invited = target(channel).and_then(|target| target.collaborators.as_ref());
            invited.map(|all| all.written()).unwrap_or_default()
        }
        Field::Mentions(channel) => {
            let mentioned = target(channel).and_then(|target| target.mentions.as_ref());
            mentioned.map(|all| all.written()).unwrap_or_default()
        }
        Field::Guise(channel) => {
            let chosen = target(channel).map_or(Guise::Post, domain::Target::guise);
            guise_name(lang, chosen).to_owned()
        }
        Field::Pin(channel) => yes_or_no(lang, target(channel).is_some_and(|target| target.pin)),
        Field::Link => content.link.clone().unwrap_or_default(),
        Field::Utm => content.utm.as_ref().map(|utm| words::utm(lang, utm)).unwrap_or_default(),
        Field::Basis => content.basis.as_ref().map(|basis| words::basis(lang, basis)).unwrap_or_default(),
        Field::Event => content.event.as_ref().map_or_else(String::new, |event| event_in_words(lang, event)),
        Field::Replies => words::replies(lang, content.replies).to_owned(),
        Field::Targets => {
            let all = content.targets.iter().map(|target| channel_name(editor, &target.channel));
            all.collect::<Vec<_>>().join(", ")
        }
        Field::Target(channel) | Field::Languages(channel) => {
            target(channel).map_or_else(gone, |target| language_list(lang, &target.languages).to_string())
        }
        Field::Showing(channel) => {
            let showing = target(channel).and_then(|target| target.showing);
            showing.map(|said| words::showing(lang, said).join(" ")).unwrap_or_default()
        }
        Field::Topic(channel) => {
            target(channel).and_then(|target| target.topic.clone()).map(String::from).unwrap_or_default()
        }
        Field::Title(_)
        | Field::Text(_)
        | Field::Alt(..)
        | Field::Shown(_)
        | Field::DocumentTitle(_)
        | Field::Answers(_)
        | Field::Comment(_) => gone(),
    }
}

fn yes_or_no(lang: Lang, is_so: bool) -> String {
    if is_so { lang.general_yes() } else { lang.general_no() }.to_owned()
}

/// From the left and from above, in hundredths of the picture.
fn focus_in_words(focus: domain::Focus) -> String {
    let (x, y) = domain::Focus::of(Some(focus));
    format!("{} % × {} %", x / 10, y / 10)
}

fn event_in_words(lang: Lang, event: &domain::Event) -> String {
    let off = event.cancelled.then(|| lang.compose_event_off().to_owned());
    let until = event.end.map(|end| around::when(end, Form::Full));
    let parts = [Some(around::when(event.start, Form::Full)), until, Some(event.place.clone()), off];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

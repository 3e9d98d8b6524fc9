//! Before and after, as the rules tell them apart: by word in each text, pictures side by side, the rest in plain.
//! Separate: the page of a post and the approvals show the same, for a correction and for a round.

use domain::{
    Channel, Content, Event, Picture,
    difference::{OtherChange, Part, PictureChange, Run, difference},
};
use leptos::prelude::*;
use words::{Lang, kind_name, language_name};

use super::{channel_name, when};
use crate::{api, platform::time::Form};

/// What changed between two contents, for reading.
pub fn changed(lang: Lang, channels: &[Channel], before: &Content, after: &Content) -> AnyView {
    let found = difference(before, after);
    if found.is_empty() {
        return view! { <p class="hint">{lang.difference_nothing()}</p> }.into_any();
    }
    let texts = found.texts.iter().map(|change| text(lang, channels, &change.part, &change.runs));
    let alts = found.pictures.iter().filter_map(|change| match change {
        PictureChange::Alt { place, language, runs } => {
            let name = [lang.difference_alt(place + 1), language_name(lang, language).to_string()].join(" · ");
            Some(shown(name, language.to_string(), runs))
        }
        _ => None,
    });
    let moved = found.pictures.iter().filter_map(|change| match change {
        PictureChange::Moved { from, to } => Some(lang.difference_moved(from + 1, to + 1)),
        PictureChange::Focus { place } => Some(lang.picture_focus_changed(place + 1)),
        _ => None,
    });
    let others = moved.chain(found.others.iter().map(|change| other(lang, channels, change)));
    let others: Vec<_> = others.map(|text| view! { <li>{text}</li> }).collect();
    let others = (!others.is_empty()).then(|| view! { <ul class="difference-others">{others}</ul> });
    view! {
        <div class="difference">
            {texts.collect::<Vec<_>>()}
            {pictures(lang, before, after, &found.pictures)}
            {alts.collect::<Vec<_>>()}
            {others}
        </div>
    }
    .into_any()
}

fn text(lang: Lang, channels: &[Channel], part: &Part, runs: &[Run]) -> AnyView {
    let (what, channel, language) = match part {
        Part::Title { language } => (lang.compose_heading(), None, language),
        Part::Text { language } => (lang.compose_text(), None, language),
        Part::Comment { language } => (lang.comment_title(), None, language),
        Part::Video { language } => (lang.video_title(), None, language),
        Part::Poll { language } => (lang.poll_title(), None, language),
        Part::Document { language } => (lang.document_title(), None, language),
        Part::Version { channel, language } => (lang.compose_version_text(), Some(channel), language),
        Part::Warning { channel, language } => (lang.compose_warning(), Some(channel), language),
    };
    let name = [Some(what.to_owned()), channel.map(|id| channel_name(channels, id))];
    let name = name.into_iter().flatten().chain([language_name(lang, language).to_string()]);
    shown(name.collect::<Vec<_>>().join(" · "), language.to_string(), runs)
}

fn shown(name: String, tag: String, runs: &[Run]) -> AnyView {
    view! {
        <div class="difference-part">
            <p class="difference-name">{name}</p>
            <p lang=tag>{by_word(runs)}</p>
        </div>
    }
    .into_any()
}

/// The words of a text, those that went and those that came marked.
pub fn by_word(runs: &[Run]) -> AnyView {
    let runs = runs.iter().map(|run| match run {
        Run::Same { text } => text.clone().into_any(),
        Run::Removed { text } => view! { <del>{text.clone()}</del> }.into_any(),
        Run::Added { text } => view! { <ins>{text.clone()}</ins> }.into_any(),
    });
    runs.collect::<Vec<_>>().into_any()
}

/// What is gone beside what is new, place by place.
fn pictures(lang: Lang, before: &Content, after: &Content, changes: &[PictureChange]) -> Option<AnyView> {
    let mut gone = Vec::new();
    let mut new = Vec::new();
    for change in changes {
        match change {
            PictureChange::Removed { place, .. } => gone.extend(before.pictures.get(*place)),
            PictureChange::Added { place, .. } => new.extend(after.pictures.get(*place)),
            PictureChange::Moved { .. } | PictureChange::Alt { .. } | PictureChange::Focus { .. } => {}
        }
    }
    if gone.is_empty() && new.is_empty() {
        return None;
    }
    let side = |title: &'static str, hue: &'static str, found: Vec<&Picture>| {
        let drawn: Vec<_> = found.into_iter().map(picture).collect();
        let none = drawn.is_empty().then(|| view! { <p class="hint">{lang.difference_no_picture()}</p> });
        view! { <div class="difference-side" data-hue=hue><p class="difference-name">{title}</p>{none}{drawn}</div> }
    };
    Some(
        view! {
            <div class="difference-part">
                <p class="difference-name">{lang.compose_pictures()}</p>
                <div class="difference-pictures">
                    {side(lang.difference_before(), "bad", gone)}
                    {side(lang.difference_now(), "good", new)}
                </div>
            </div>
        }
        .into_any(),
    )
}

fn picture(picture: &Picture) -> AnyView {
    let alt = picture.alt.values().next().cloned().unwrap_or_default();
    view! {
        <img src=api::picture_address(&picture.media) alt=alt width=picture.width.to_string()
            height=picture.height.to_string() loading="lazy" />
    }
    .into_any()
}

fn other(lang: Lang, channels: &[Channel], change: &OtherChange) -> String {
    let named = |value: Option<String>| value.unwrap_or_else(|| lang.difference_none().to_owned());
    let going = |text: fn(Lang, String, String) -> String, channel, language| {
        text(lang, channel_name(channels, channel), language_name(lang, language).to_string())
    };
    match change {
        OtherChange::Kind { before, after } => lang.difference_kind(kind_name(lang, *after), kind_name(lang, *before)),
        OtherChange::Link { before, after } => lang.difference_link(named(after.clone()), named(before.clone())),
        OtherChange::Video { .. } => lang.video_changed_here().to_owned(),
        OtherChange::Document { .. } => lang.document_changed_here().to_owned(),
        OtherChange::Captions { language } => lang.video_captions_changed(language_name(lang, language)),
        OtherChange::Poster => lang.video_poster_changed().to_owned(),
        OtherChange::Replies { before, after } => {
            let said = |one| words::replies(lang, one).trim_end_matches('.');
            lang.replies_changed(said(*after), said(*before))
        }
        OtherChange::Poll { before, after } => words::poll_changed(lang, before.as_ref(), after.as_ref()),
        OtherChange::Contacts { before, after } => words::contacts_changed(lang, before.as_ref(), after.as_ref()),
        OtherChange::Utm { before, after } => words::utm_changed(lang, before.as_ref(), after.as_ref()),
        OtherChange::Basis { before, after } => words::basis_changed(lang, before.as_ref(), after.as_ref()),
        OtherChange::Event { before, after } => {
            let say = |event: &Option<Event>| named(event.as_ref().map(|event| said(lang, event)));
            lang.difference_event(say(after), say(before))
        }
        OtherChange::Target { channel, language } => {
            going(|lang, channel, language| lang.difference_target(channel, language), channel, language)
        }
        OtherChange::NoTarget { channel, language } => {
            going(|lang, channel, language| lang.difference_no_target(channel, language), channel, language)
        }
        OtherChange::Showing { channel } => lang.difference_showing(channel_name(channels, channel)),
        OtherChange::Pin { channel } => lang.pin_changed(channel_name(channels, channel)),
        OtherChange::Topic { channel } => lang.topic_changed(channel_name(channels, channel)),
        OtherChange::Collaborators { channel } => lang.collaborators_changed(channel_name(channels, channel)),
        OtherChange::Mentions { channel } => lang.mentions_changed(channel_name(channels, channel)),
        OtherChange::Story { channel, is_story: true } => lang.story_began(channel_name(channels, channel)),
        OtherChange::Story { channel, .. } => lang.story_ended(channel_name(channels, channel)),
        OtherChange::Reel { channel, is_reel: true } => lang.reel_began(channel_name(channels, channel)),
        OtherChange::Reel { channel, .. } => lang.reel_ended(channel_name(channels, channel)),
        OtherChange::Order => lang.difference_order().to_owned(),
    }
}

fn said(lang: Lang, event: &Event) -> String {
    let until = event.end.map(|end| when(end, Form::Full));
    let off = event.cancelled.then(|| lang.compose_event_off().to_owned());
    let parts = [Some(when(event.start, Form::Full)), until, Some(event.place.clone()), off];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

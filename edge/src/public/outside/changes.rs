//! What changed since the round before: by word in each text, picture by picture, the rest in plain.

use domain::{
    ChannelId, Content, Event, Picture,
    difference::{OtherChange, Part, PictureChange, Run, difference},
};
use maud::{Markup, html};
use words::{kind_name, language_name};

use super::Guest;

/// Between what was submitted then and what waits now.
pub fn since(guest: &Guest, before: &Content, after: &Content) -> Markup {
    let (l, found) = (guest.lang, difference(before, after));
    let alts = found.pictures.iter().filter_map(|change| match change {
        PictureChange::Alt { place, language, runs } => Some((place, language, runs)),
        _ => None,
    });
    let gone = found.pictures.iter().filter_map(|change| match change {
        PictureChange::Removed { place, .. } => before.pictures.get(*place),
        _ => None,
    });
    let new = found.pictures.iter().filter_map(|change| match change {
        PictureChange::Added { place, .. } => after.pictures.get(*place),
        _ => None,
    });
    let moved = found.pictures.iter().filter_map(|change| match change {
        PictureChange::Moved { from, to } => Some(l.difference_moved(from + 1, to + 1)),
        PictureChange::Focus { place } => Some(l.picture_focus_changed(place + 1)),
        _ => None,
    });
    html! {
        h2 { (l.outside_changes()) }
        @if found.is_empty() { p { (l.difference_nothing()) } }
        @for change in &found.texts {
            (shown(&part(guest, &change.part), &change.runs))
        }
        @for (place, language, runs) in alts {
            (shown(&[l.difference_alt(place + 1), language_name(l, language).to_string()].join(" · "), runs))
        }
        (pictures(guest, l.difference_before(), gone.collect()))
        (pictures(guest, l.difference_now(), new.collect()))
        ul {
            @for text in moved { li { (text) } }
            @for change in &found.others { li { (other(guest, change)) } }
        }
    }
}

fn channel(guest: &Guest, id: &ChannelId) -> String {
    let found = guest.whole.channels.iter().find(|channel| channel.id == *id);
    found.map_or_else(|| guest.lang.general_unknown().to_owned(), |channel| channel.name.clone())
}

fn part(guest: &Guest, part: &Part) -> String {
    let l = guest.lang;
    let (what, of, language) = match part {
        Part::Title { language } => (l.compose_heading(), None, language),
        Part::Text { language } => (l.compose_text(), None, language),
        Part::Comment { language } => (l.comment_title(), None, language),
        Part::Video { language } => (l.video_described(), None, language),
        Part::Poll { language } => (l.poll_title(), None, language),
        Part::Document { language } => (l.document_title(), None, language),
        Part::Version { channel, language } => (l.compose_version_text(), Some(channel), language),
        Part::Warning { channel, language } => (l.compose_warning(), Some(channel), language),
    };
    let of = of.map(|id| channel(guest, id));
    let name = [Some(what.to_owned()), of, Some(language_name(l, language).to_string())];
    name.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn shown(name: &str, runs: &[Run]) -> Markup {
    html! {
        p { strong { (name) } }
        blockquote.said {
            p.runs { @for run in runs {
                @match run {
                    Run::Same { text } => (text),
                    Run::Removed { text } => del { (text) },
                    Run::Added { text } => ins { (text) },
                }
            } }
        }
    }
}

fn pictures(guest: &Guest, name: &str, pictures: Vec<&Picture>) -> Markup {
    html! {
        @if !pictures.is_empty() {
            p { strong { (guest.lang.compose_pictures()) " · " (name) } }
            @for picture in pictures {
                figure {
                    img src=(guest.path(&format!("media/{}", picture.media))) width=(picture.width) height=(picture.height)
                        alt=(picture.alt.values().next().map(String::as_str).unwrap_or_default());
                }
            }
        }
    }
}

fn other(guest: &Guest, change: &OtherChange) -> String {
    let l = guest.lang;
    let named = |value: Option<String>| value.unwrap_or_else(|| l.difference_none().to_owned());
    match change {
        OtherChange::Kind { before, after } => l.difference_kind(kind_name(l, *after), kind_name(l, *before)),
        OtherChange::Link { before, after } => l.difference_link(named(after.clone()), named(before.clone())),
        OtherChange::Video { .. } => l.video_changed_here().to_owned(),
        OtherChange::Document { .. } => l.document_changed_here().to_owned(),
        OtherChange::Captions { language } => l.video_captions_changed(language_name(l, language)),
        OtherChange::Poster => l.video_poster_changed().to_owned(),
        OtherChange::Replies { before, after } => {
            let said = |one| words::replies(l, one).trim_end_matches('.');
            l.replies_changed(said(*after), said(*before))
        }
        OtherChange::Poll { before, after } => words::poll_changed(l, before.as_ref(), after.as_ref()),
        OtherChange::Contacts { before, after } => words::contacts_changed(l, before.as_ref(), after.as_ref()),
        OtherChange::Utm { before, after } => words::utm_changed(l, before.as_ref(), after.as_ref()),
        OtherChange::Basis { before, after } => words::basis_changed(l, before.as_ref(), after.as_ref()),
        OtherChange::Event { before, after } => {
            let say = |event: &Option<Event>| named(event.as_ref().map(|event| said(guest, event)));
            l.difference_event(say(after), say(before))
        }
        OtherChange::Target { channel: id, language } => {
            l.difference_target(channel(guest, id), language_name(l, language))
        }
        OtherChange::NoTarget { channel: id, language } => {
            l.difference_no_target(channel(guest, id), language_name(l, language))
        }
        OtherChange::Showing { channel: id } => l.difference_showing(channel(guest, id)),
        OtherChange::Pin { channel: id } => l.pin_changed(channel(guest, id)),
        OtherChange::Topic { channel: id } => l.topic_changed(channel(guest, id)),
        OtherChange::Collaborators { channel: id } => l.collaborators_changed(channel(guest, id)),
        OtherChange::Mentions { channel: id } => l.mentions_changed(channel(guest, id)),
        OtherChange::Story { channel: id, is_story: true } => l.story_began(channel(guest, id)),
        OtherChange::Story { channel: id, .. } => l.story_ended(channel(guest, id)),
        OtherChange::Reel { channel: id, is_reel: true } => l.reel_began(channel(guest, id)),
        OtherChange::Reel { channel: id, .. } => l.reel_ended(channel(guest, id)),
        OtherChange::Order => l.difference_order().to_owned(),
    }
}

fn said(guest: &Guest, event: &Event) -> String {
    let until = event.end.map(|end| guest.written(end));
    let off = event.cancelled.then(|| guest.lang.compose_event_off().to_owned());
    let parts = [Some(guest.written(event.start)), until, Some(event.place.clone()), off];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

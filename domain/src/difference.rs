//! What changed between two contents: by word in each text and version, picture by picture, and the rest in plain.
//! Separate from `content`: it is asked only by people who decide, at each new round.

pub mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    ChannelId, Contacts, Content, Document, Event, Guise, Kind, Language, MediaId, Picture, Poll, Replies, Target, Utm,
    Video, basis::Basis,
};

pub use words::Run;

/// Everything that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Difference {
    /// The texts that changed.
    pub texts: Vec<TextChange>,
    /// The pictures that changed.
    pub pictures: Vec<PictureChange>,
    /// The rest.
    pub others: Vec<OtherChange>,
}

/// A text of a content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "part")]
pub enum Part {
    /// The heading in a language.
    Title {
        /// Which.
        language: Language,
    },
    /// The common text in a language.
    Text {
        /// Which.
        language: Language,
    },
    /// The first comment in a language.
    Comment {
        /// Which.
        language: Language,
    },
    /// What the video shows, in a language.
    Video {
        /// Which.
        language: Language,
    },
    /// The answers of the poll, in a language.
    Poll {
        /// Which.
        language: Language,
    },
    /// What the document is called, in a language.
    Document {
        /// Which.
        language: Language,
    },
    /// What goes to one channel in one language, where somebody edited it.
    Version {
        /// The channel.
        channel: ChannelId,
        /// The language.
        language: Language,
    },
    /// The content warning of such a version.
    Warning {
        /// The channel.
        channel: ChannelId,
        /// The language.
        language: Language,
    },
}

/// A text that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextChange {
    /// Which.
    #[serde(flatten)]
    pub part: Part,
    /// By word.
    pub runs: Vec<Run>,
}

/// A picture that changed. Places are from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum PictureChange {
    /// It is new.
    Added {
        /// Its place now.
        place: usize,
        /// The stored object.
        media: MediaId,
    },
    /// It is gone. Its bytes are still kept: the round that showed it is.
    Removed {
        /// Its place before.
        place: usize,
        /// The stored object.
        media: MediaId,
    },
    /// It is shown before or after others than it was.
    Moved {
        /// Its place before.
        from: usize,
        /// Its place now.
        to: usize,
    },
    /// What it is said to show changed.
    Alt {
        /// Its place now.
        place: usize,
        /// In which language.
        language: Language,
        /// By word.
        runs: Vec<Run>,
    },
    /// What must be seen of it where it is cut is another point.
    Focus {
        /// Its place now.
        place: usize,
    },
}

/// Anything else that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum OtherChange {
    /// What kind of post it is.
    Kind {
        /// Before.
        before: Kind,
        /// Now.
        after: Kind,
    },
    /// The address that goes with it.
    Link {
        /// Before.
        before: Option<String>,
        /// Now.
        after: Option<String>,
    },
    /// The video.
    Video {
        /// Before.
        before: Option<MediaId>,
        /// Now.
        after: Option<MediaId>,
    },
    /// The captions of the video in a language: brought, replaced, taken away. Which words changed is read in the files.
    Captions {
        /// The language.
        language: Language,
    },
    /// The document.
    Document {
        /// Before.
        before: Option<MediaId>,
        /// Now.
        after: Option<MediaId>,
    },
    /// The poster of the video: chosen, replaced, taken away.
    Poster,
    /// Who may reply.
    Replies {
        /// Before.
        before: Replies,
        /// Now.
        after: Replies,
    },
    /// The poll is new, is gone, or is open or counted otherwise. Its answers are texts.
    Poll {
        /// Before.
        before: Option<Poll>,
        /// Now.
        after: Option<Poll>,
    },
    /// Links are marked otherwise, marked now, or no longer.
    Utm {
        /// Before.
        before: Option<Utm>,
        /// Now.
        after: Option<Utm>,
    },
    /// It is said by another right, or was begun with another template.
    Basis {
        /// Before.
        before: Option<Basis>,
        /// Now.
        after: Option<Basis>,
    },
    /// Whom its texts name has other accounts, or others are named.
    Contacts {
        /// Before.
        before: Option<Contacts>,
        /// Now.
        after: Option<Contacts>,
    },
    /// The event.
    Event {
        /// Before.
        before: Option<Event>,
        /// Now.
        after: Option<Event>,
    },
    /// It goes to one more place.
    Target {
        /// The channel.
        channel: ChannelId,
        /// The language.
        language: Language,
    },
    /// It no longer goes to a place.
    NoTarget {
        /// The channel.
        channel: ChannelId,
        /// The language.
        language: Language,
    },
    /// Its video is shown otherwise on a channel, or something else is declared of it.
    Showing {
        /// The channel.
        channel: ChannelId,
    },
    /// It is pinned on a channel once it is out, or no more.
    Pin {
        /// The channel.
        channel: ChannelId,
    },
    /// It is filed under another topic on a channel, or under none.
    Topic {
        /// The channel.
        channel: ChannelId,
    },
    /// Other accounts are invited to share it on a channel.
    Collaborators {
        /// The channel.
        channel: ChannelId,
    },
    /// Other pages are mentioned on a channel.
    Mentions {
        /// The channel.
        channel: ChannelId,
    },
    /// It goes to a channel as a story, or no longer.
    Story {
        /// The channel.
        channel: ChannelId,
        /// Whether it does now.
        is_story: bool,
    },
    /// Its video goes to a channel as a reel, or no longer.
    Reel {
        /// The channel.
        channel: ChannelId,
        /// Whether it does now.
        is_reel: bool,
    },
    /// It goes to the same places in another order (the first language is the source of the heading).
    Order,
}

impl Difference {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.pictures.is_empty() && self.others.is_empty()
    }
}

/// What changed from one content to another. Empty exactly when they have the same hash (the name of a picture's file
/// apart, which goes nowhere).
pub fn difference(before: &Content, after: &Content) -> Difference {
    Difference { texts: texts(before, after), pictures: pictures(before, after), others: others(before, after) }
}

/// A text of which there is none is not the same as an empty one: the hash tells them apart.
fn compare(changes: &mut Vec<TextChange>, part: Part, old: Option<&str>, new: Option<&str>) {
    if old != new {
        let runs = words::difference(old.unwrap_or_default(), new.unwrap_or_default());
        changes.push(TextChange { part, runs });
    }
}

fn texts(before: &Content, after: &Content) -> Vec<TextChange> {
    let mut changes = Vec::new();
    for language in before.titles.keys().chain(after.titles.keys()).collect::<BTreeSet<_>>() {
        let [old, new] = [before, after].map(|content| content.titles.get(language).map(String::as_str));
        compare(&mut changes, Part::Title { language: language.clone() }, old, new);
    }
    for language in before.texts.keys().chain(after.texts.keys()).collect::<BTreeSet<_>>() {
        let [old, new] = [before, after].map(|content| content.texts.get(language).map(String::as_str));
        compare(&mut changes, Part::Text { language: language.clone() }, old, new);
    }
    for language in before.comments.keys().chain(after.comments.keys()).collect::<BTreeSet<_>>() {
        let [old, new] = [before, after].map(|content| content.comments.get(language).map(String::as_str));
        compare(&mut changes, Part::Comment { language: language.clone() }, old, new);
    }
    let (none, [old, new]) = (BTreeMap::new(), [before, after].map(|content| content.video.as_ref()));
    let [old, new] = [old, new].map(|video| video.map_or(&none, |video| &video.alt));
    for language in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        let [old, new] = [old, new].map(|alt| alt.get(language).map(String::as_str));
        compare(&mut changes, Part::Video { language: language.clone() }, old, new);
    }
    let (none, [old, new]) = (BTreeMap::new(), [before, after].map(|content| content.poll.as_ref()));
    let [old, new] = [old, new].map(|poll| poll.map_or(&none, |poll| &poll.answers));
    for language in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        let [old, new] = [old, new].map(|answers| answers.get(language).map(String::as_str));
        compare(&mut changes, Part::Poll { language: language.clone() }, old, new);
    }
    let [old, new] = [before, after].map(|content| content.document.as_ref().map_or(&none, |document| &document.title));
    for language in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        let [old, new] = [old, new].map(|title| title.get(language).map(String::as_str));
        compare(&mut changes, Part::Document { language: language.clone() }, old, new);
    }
    let versions = before.versions.iter().chain(&after.versions);
    let edited: BTreeSet<(&ChannelId, &Language)> =
        versions.map(|version| (&version.channel, &version.language)).collect();
    for (channel, language) in edited {
        let [old, new] = [before, after].map(|content| content.version(channel, language));
        // Against what went there, edited or derived: that is what the reader saw.
        let [said, says] = [before, after].map(|content| content.rendition(channel, language).map(|one| one.text));
        let part = Part::Version { channel: channel.clone(), language: language.clone() };
        if said == says && old.is_some() != new.is_some() {
            // The same words, but from now on they no longer follow the common text, or follow it again.
            let runs = words::difference(&said.unwrap_or_default(), &says.unwrap_or_default());
            changes.push(TextChange { part, runs });
        } else {
            compare(&mut changes, part, said.as_deref(), says.as_deref());
        }
        let [old, new] = [old, new].map(|version| version.and_then(|one| one.warning.as_deref()));
        let part = Part::Warning { channel: channel.clone(), language: language.clone() };
        compare(&mut changes, part, old, new);
    }
    changes
}

/// Pairs pictures of the same bytes, each once: (place before, place now).
fn paired(before: &[Picture], after: &[Picture]) -> Vec<(usize, usize)> {
    let mut taken = BTreeSet::new();
    let same = |old: &Picture, new: &Picture| (&old.hash, &old.media) == (&new.hash, &new.media);
    let pair = |(from, old): (usize, &Picture)| {
        let to = after.iter().enumerate().position(|(to, new)| same(old, new) && !taken.contains(&to))?;
        taken.insert(to);
        Some((from, to))
    };
    before.iter().enumerate().filter_map(pair).collect()
}

fn pictures(before: &Content, after: &Content) -> Vec<PictureChange> {
    let pairs = paired(&before.pictures, &after.pictures);
    let mut changes = Vec::new();
    for (place, picture) in before.pictures.iter().enumerate() {
        if !pairs.iter().any(|(from, _)| *from == place) {
            changes.push(PictureChange::Removed { place, media: picture.media.clone() });
        }
    }
    for (place, picture) in after.pictures.iter().enumerate() {
        if !pairs.iter().any(|(_, to)| *to == place) {
            changes.push(PictureChange::Added { place, media: picture.media.clone() });
        }
    }
    for (rank, (from, to)) in pairs.iter().enumerate() {
        // Its rank among those that stayed: a picture put in front moves nobody.
        let rank_now = pairs.iter().filter(|(_, other)| other < to).count();
        if rank_now != rank {
            changes.push(PictureChange::Moved { from: *from, to: *to });
        }
        if before.pictures[*from].focus != after.pictures[*to].focus {
            changes.push(PictureChange::Focus { place: *to });
        }
        let (old, new) = (&before.pictures[*from].alt, &after.pictures[*to].alt);
        for language in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            if old.get(language) != new.get(language) {
                let of = |map: &BTreeMap<Language, String>| map.get(language).cloned().unwrap_or_default();
                let runs = words::difference(&of(old), &of(new));
                changes.push(PictureChange::Alt { place: *to, language: language.clone(), runs });
            }
        }
    }
    changes
}

fn others(before: &Content, after: &Content) -> Vec<OtherChange> {
    let mut changes = Vec::new();
    if before.kind != after.kind {
        changes.push(OtherChange::Kind { before: before.kind, after: after.kind });
    }
    if before.link != after.link {
        changes.push(OtherChange::Link { before: before.link.clone(), after: after.link.clone() });
    }
    let [old, new] = [before, after].map(|content| content.video.as_ref());
    // All else about a video follows from these.
    let same = |one: &Video| (one.hash.clone(), one.media.clone());
    if old.map(same) != new.map(same) {
        let [before, after] = [old, new].map(|video| video.map(|video| video.media.clone()));
        changes.push(OtherChange::Video { before, after });
    }
    let poster = |video: Option<&'_ Video>| video.and_then(|video| video.poster.clone());
    if poster(old) != poster(new) {
        changes.push(OtherChange::Poster);
    }
    let (none, captions) = (BTreeMap::new(), [old, new].map(|video| video.map(|video| &video.captions)));
    let [old, new] = captions.map(|captions| captions.unwrap_or(&none));
    let languages = old.keys().chain(new.keys()).collect::<BTreeSet<_>>().into_iter();
    let changed = languages.filter(|language| old.get(language) != new.get(language));
    changes.extend(changed.map(|language| OtherChange::Captions { language: language.clone() }));
    let [old, new] = [before, after].map(|content| content.document.as_ref());
    let same = |one: &Document| (one.hash.clone(), one.media.clone());
    if old.map(same) != new.map(same) {
        let [before, after] = [old, new].map(|document| document.map(|document| document.media.clone()));
        changes.push(OtherChange::Document { before, after });
    }
    if before.replies != after.replies {
        changes.push(OtherChange::Replies { before: before.replies, after: after.replies });
    }
    let terms = |poll: &Poll| (poll.minutes, poll.several, poll.hidden);
    if before.poll.as_ref().map(terms) != after.poll.as_ref().map(terms) {
        changes.push(OtherChange::Poll { before: before.poll.clone(), after: after.poll.clone() });
    }
    if before.utm != after.utm {
        changes.push(OtherChange::Utm { before: before.utm.clone(), after: after.utm.clone() });
    }
    if before.basis != after.basis {
        changes.push(OtherChange::Basis { before: before.basis.clone(), after: after.basis.clone() });
    }
    if before.contacts != after.contacts {
        changes.push(OtherChange::Contacts { before: before.contacts.clone(), after: after.contacts.clone() });
    }
    if before.event != after.event {
        changes.push(OtherChange::Event { before: before.event.clone(), after: after.event.clone() });
    }
    let (old, new): (BTreeSet<_>, BTreeSet<_>) = (before.destinations().collect(), after.destinations().collect());
    for (channel, language) in new.difference(&old) {
        changes.push(OtherChange::Target { channel: (*channel).clone(), language: (*language).clone() });
    }
    for (channel, language) in old.difference(&new) {
        changes.push(OtherChange::NoTarget { channel: (*channel).clone(), language: (*language).clone() });
    }
    let going = before.targets.iter().chain(&after.targets).map(|target| &target.channel);
    let mut other = Vec::new();
    for channel in going.collect::<BTreeSet<_>>() {
        let [old, new] =
            [before, after].map(|content| content.targets.iter().find(|target| target.channel == *channel));
        if old.and_then(|target| target.showing) != new.and_then(|target| target.showing) {
            other.push(OtherChange::Showing { channel: channel.clone() });
        }
        if old.is_some_and(|target| target.pin) != new.is_some_and(|target| target.pin) {
            other.push(OtherChange::Pin { channel: channel.clone() });
        }
        let topic = |target: Option<&'_ Target>| target.and_then(|target| target.topic.clone());
        if topic(old) != topic(new) {
            other.push(OtherChange::Topic { channel: channel.clone() });
        }
        // One sentence: a story that becomes a reel is told as what it is now.
        let channel_of = || channel.clone();
        match [old, new].map(|target| target.map_or(Guise::Post, Target::guise)) {
            // One that it goes to no longer is told as that: it does not go there as a post.
            [was, is] if was == is || new.is_none() => {}
            [_, Guise::Reel] => other.push(OtherChange::Reel { channel: channel_of(), is_reel: true }),
            [_, Guise::Story] => other.push(OtherChange::Story { channel: channel_of(), is_story: true }),
            [Guise::Reel, _] => other.push(OtherChange::Reel { channel: channel_of(), is_reel: false }),
            [_, Guise::Post] => other.push(OtherChange::Story { channel: channel_of(), is_story: false }),
        }
        let invited = |target: Option<&'_ Target>| target.and_then(|target| target.collaborators.clone());
        if invited(old) != invited(new) {
            other.push(OtherChange::Collaborators { channel: channel.clone() });
        }
        let mentioned = |target: Option<&'_ Target>| target.and_then(|target| target.mentions.clone());
        if mentioned(old) != mentioned(new) {
            other.push(OtherChange::Mentions { channel: channel.clone() });
        }
    }
    let are_told_alike = other.is_empty();
    changes.extend(other);
    if old == new && ((are_told_alike && before.targets != after.targets) || reordered(before, after)) {
        changes.push(OtherChange::Order);
    }
    changes
}

/// The edited versions are the same, written in another order: nothing a reader sees, but another hash.
fn reordered(before: &Content, after: &Content) -> bool {
    before.versions != after.versions
        && before.versions.len() == after.versions.len()
        && before.versions.iter().all(|version| after.versions.contains(version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PictureType, Version};
    use proptest::prelude::*;

    fn channel(n: u128) -> ChannelId {
        ChannelId::from_bits(n)
    }

    fn picture(n: u128, alt: &str) -> Picture {
        Picture {
            media: MediaId::from_bits(n),
            hash: format!("{n:064x}"),
            mime: PictureType::Jpeg,
            bytes: 1,
            width: 1,
            height: 1,
            file_name: String::new(),
            alt: BTreeMap::from([(Language::spanish(), alt.to_owned())]),
            focus: None,
        }
    }

    fn notice(text: &str) -> Content {
        Content {
            texts: BTreeMap::from([(Language::spanish(), text.to_owned())]),
            targets: vec![Target::new(channel(1), vec![Language::spanish()])],
            pictures: vec![picture(1, "La fuente"), picture(2, "La plaza")],
            ..Content::default()
        }
    }

    fn version(text: &str) -> Version {
        Version { channel: channel(1), language: Language::spanish(), text: text.to_owned(), warning: None }
    }

    #[test]
    fn a_text_and_an_edited_version_are_shown_by_word() {
        let after = Content { versions: vec![version("Sin agua hoy")], ..notice("Sin agua mañana") };
        let change = difference(&notice("Sin agua mañana"), &after);
        let part = Part::Version { channel: channel(1), language: Language::spanish() };
        let runs = words::difference("Sin agua mañana", "Sin agua hoy");
        assert_eq!(change.texts, [TextChange { part, runs }]);
        assert!(change.pictures.is_empty() && change.others.is_empty());
    }

    #[test]
    fn pictures_are_added_removed_moved_and_described() {
        let mut after = notice("Hola");
        after.pictures = vec![picture(3, "El pozo"), picture(2, "La plaza"), picture(1, "La fuente nueva")];
        let alt = PictureChange::Alt {
            place: 2,
            language: Language::spanish(),
            runs: words::difference("La fuente", "La fuente nueva"),
        };
        assert_eq!(
            difference(&notice("Hola"), &after).pictures,
            [
                PictureChange::Added { place: 0, media: MediaId::from_bits(3) },
                PictureChange::Moved { from: 0, to: 2 },
                alt,
                PictureChange::Moved { from: 1, to: 1 },
            ]
        );
        after.pictures = vec![picture(2, "La plaza")];
        let gone = PictureChange::Removed { place: 0, media: MediaId::from_bits(1) };
        assert_eq!(difference(&notice("Hola"), &after).pictures, [gone]);
    }

    fn poster(n: u128) -> crate::Poster {
        let media = MediaId::from_bits(n);
        crate::Poster { media, hash: format!("{n:064x}"), bytes: 900, width: 1_280, height: 720, at: Some(1_000) }
    }

    #[test]
    fn another_poster_and_another_focus_are_said() {
        let filmed = |of: Option<u128>| {
            let video = Video { poster: of.map(poster), ..crate::policy::draft::bench::video("La banda toca") };
            Content { video: Some(video), ..notice("Hola") }
        };
        for (before, after) in [(None, Some(1)), (Some(1), Some(2)), (Some(2), None)] {
            assert_eq!(difference(&filmed(before), &filmed(after)).others, [OtherChange::Poster]);
        }
        let mut after = notice("Hola");
        after.pictures[1].focus = crate::Focus::at(0, 0);
        let change = difference(&notice("Hola"), &after);
        assert_eq!((change.pictures, change.others), (vec![PictureChange::Focus { place: 1 }], Vec::new()));
    }

    #[test]
    fn where_it_goes_is_said_in_plain() {
        let mut after = notice("Hola");
        after.targets = vec![Target::new(channel(2), vec![Language::spanish()])];
        let place = |n| (channel(n), Language::spanish());
        let ((new, language), (old, _)) = (place(2), place(1));
        assert_eq!(
            difference(&notice("Hola"), &after).others,
            [
                OtherChange::Target { channel: new, language: language.clone() },
                OtherChange::NoTarget { channel: old, language }
            ]
        );
    }

    fn any_content() -> impl Strategy<Value = Content> {
        let text = prop::option::of(prop::sample::select(vec!["", "agua", "sin agua"]));
        let pictures = prop::collection::vec((1..4_u128, prop::sample::select(vec!["", "plaza"]), 499..501_u16), 0..3);
        let showing = prop::option::of(prop::sample::select(vec!["everybody", "us children"]));
        let topic = prop::option::of(prop::sample::select(vec!["Agua", "Fiestas"]));
        let invited = prop::option::of(prop::sample::select(vec!["una", "una otra"]));
        let page = prop::option::of(prop::sample::select(vec!["Villa", "Aguas"]));
        let guise = prop::sample::select(vec![Guise::Post, Guise::Reel, Guise::Story]);
        let targets = prop::collection::vec((1..3_u128, showing, topic, invited, page, guise, prop::bool::ANY), 0..3);
        let versions = prop::collection::vec(prop::sample::select(vec!["agua", "luz"]), 0..3);
        let link = prop::option::of(Just("https://town.example".to_owned()));
        let warning = prop::option::of(prop::sample::select(vec!["", "cuidado"]));
        let video =
            prop::option::of((1..3_u128, prop::sample::select(vec!["", "banda"]), prop::bool::ANY, prop::bool::ANY));
        let replies = prop::sample::select(&Replies::ALL[..]);
        let utm = prop::option::of(prop::sample::select(vec!["a.es", "a.es#agua", "b.es"]));
        let basis = prop::option::of(prop::sample::select(vec!["Ley 1", "Ley 2"]));
        let comment = text.clone();
        let poll = prop::option::of((prop::sample::select(vec!["", "Sí\nNo", "No\nSí"]), 1..3_u32, prop::bool::ANY));
        let document = prop::option::of((1..3_u128, prop::sample::select(vec!["", "acta"])));
        (
            text.clone(),
            text,
            comment,
            pictures,
            targets,
            versions,
            link,
            warning,
            video,
            (replies, poll, document, utm, basis),
        )
            .prop_map(
                |(
                    title,
                    text,
                    comment,
                    pictures,
                    targets,
                    versions,
                    link,
                    warning,
                    video,
                    (replies, poll, document, utm, basis),
                )| {
                    let by_language = |text: Option<&str>| text.map(|text| (Language::spanish(), text.to_owned()));
                    type Said<'a> = Option<&'a str>;
                    type Told<'a> = (u128, Said<'a>, Said<'a>, Said<'a>, Said<'a>, Guise, bool);
                    let target = |(n, showing, topic, invited, page, guise, pin): Told<'_>| Target {
                        pin,
                        showing: showing.and_then(|text| text.to_owned().try_into().ok()),
                        topic: topic.and_then(crate::Topic::typed),
                        collaborators: invited.and_then(crate::Collaborators::typed),
                        mentions: page.and_then(|name| crate::Mentions::with(None, "villa", name)),
                        story: guise == Guise::Story,
                        reel: guise == Guise::Reel,
                        ..Target::new(channel(n), vec![Language::spanish()])
                    };
                    let versions = versions.into_iter().zip(1..).map(|(text, n)| {
                        let warning = warning.map(str::to_owned);
                        Version { channel: channel(n), warning, ..version(text) }
                    });
                    Content {
                        titles: by_language(title).into_iter().collect(),
                        texts: by_language(text).into_iter().collect(),
                        comments: by_language(comment).into_iter().collect(),
                        pictures: pictures
                            .into_iter()
                            .map(|(n, alt, x)| Picture { focus: crate::Focus::at(x, 500), ..picture(n, alt) })
                            .collect(),
                        targets: targets.into_iter().map(target).collect(),
                        versions: versions.collect(),
                        video: video.map(|(n, alt, burned, posed)| Video {
                            media: MediaId::from_bits(n),
                            hash: format!("{n:064x}"),
                            captions: by_language(burned.then_some(crate::captions::IN_PICTURE)).into_iter().collect(),
                            poster: posed.then(|| poster(7)),
                            ..crate::policy::draft::bench::video(alt)
                        }),
                        link,
                        utm: utm.and_then(|text| text.to_owned().try_into().ok()),
                        basis: basis.and_then(|text| Basis::said(text.to_owned(), None)),
                        replies,
                        poll: poll.map(|(answers, minutes, hidden)| Poll {
                            answers: by_language(Some(answers)).into_iter().collect(),
                            minutes,
                            hidden,
                            several: false,
                        }),
                        document: document.map(|(n, title)| Document {
                            media: MediaId::from_bits(n),
                            ..crate::policy::draft::bench::document(title)
                        }),
                        ..Content::default()
                    }
                },
            )
    }

    proptest! {
        /// What is signed and what is shown may not part: any other hash shows a difference.
        #[test]
        fn it_is_empty_exactly_when_the_hash_is_the_same(before in any_content(), after in any_content()) {
            prop_assert_eq!(difference(&before, &after).is_empty(), before.hash() == after.hash());
        }
    }
}

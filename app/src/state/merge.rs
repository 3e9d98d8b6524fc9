//! Two people changed the same post: what each changed, part by part, and what comes of choosing.
//! Separate and pure: nothing may be lost here, so it is tested without a browser.

use std::collections::BTreeSet;

use domain::{ChannelId, Content, Language};

/// A part of the content that can be chosen on its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The kind.
    Kind,
    /// The heading in a language.
    Title(Language),
    /// The common text in a language.
    Text(Language),
    /// The version of a channel in a language.
    Version(ChannelId, Language),
    /// The pictures, with their order and alt texts.
    Pictures,
    /// The video, with what it shows.
    Video,
    /// The document, with what it is called.
    Document,
    /// The first comment in a language.
    Comment(Language),
    /// The link.
    Link,
    /// The event.
    Event,
    /// The poll.
    Poll,
    /// Who may reply.
    Replies,
    /// The channels and languages.
    Targets,
}

/// Whose change is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What I typed.
    Mine,
    /// What is stored.
    Theirs,
}

/// A part that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// Which.
    pub part: Part,
    /// Whose is taken unless the person says otherwise: the side that changed it; mine if both did.
    pub proposed: Side,
    /// Whether both changed it.
    pub both: bool,
}

fn parts(contents: [&Content; 3]) -> BTreeSet<Part> {
    let mut parts = BTreeSet::from([
        Part::Kind,
        Part::Pictures,
        Part::Video,
        Part::Document,
        Part::Link,
        Part::Event,
        Part::Poll,
        Part::Replies,
        Part::Targets,
    ]);
    for content in contents {
        parts.extend(content.titles.keys().cloned().map(Part::Title));
        parts.extend(content.texts.keys().cloned().map(Part::Text));
        parts.extend(content.comments.keys().cloned().map(Part::Comment));
        let versions = content.versions.iter();
        parts.extend(versions.map(|version| Part::Version(version.channel.clone(), version.language.clone())));
    }
    parts
}

/// Whether two contents are alike in a part. An empty text and an absent one are alike.
fn alike(one: &Content, other: &Content, part: &Part) -> bool {
    let text = |text: Option<&String>| text.map(String::as_str).unwrap_or_default().to_owned();
    match part {
        Part::Kind => one.kind == other.kind,
        Part::Title(language) => text(one.titles.get(language)) == text(other.titles.get(language)),
        Part::Text(language) => text(one.texts.get(language)) == text(other.texts.get(language)),
        Part::Version(channel, language) => one.version(channel, language) == other.version(channel, language),
        Part::Pictures => one.pictures == other.pictures,
        Part::Video => one.video == other.video,
        Part::Document => one.document == other.document,
        Part::Comment(language) => text(one.comments.get(language)) == text(other.comments.get(language)),
        Part::Link => one.link == other.link,
        Part::Event => one.event == other.event,
        Part::Poll => one.poll == other.poll,
        Part::Replies => one.replies == other.replies,
        Part::Targets => one.targets == other.targets,
    }
}

/// What differs between mine and theirs, and who changed it since `base`.
pub fn clashes(base: &Content, mine: &Content, theirs: &Content) -> Vec<Clash> {
    let differing = parts([base, mine, theirs]).into_iter().filter(|part| !alike(mine, theirs, part));
    let clash = |part: Part| {
        let (by_me, by_them) = (!alike(base, mine, &part), !alike(base, theirs, &part));
        let proposed = if by_me { Side::Mine } else { Side::Theirs };
        Clash { part, proposed, both: by_me && by_them }
    };
    differing.map(clash).collect()
}

/// Theirs, with the parts taken from mine that `of_mine` names.
pub fn merged(mine: &Content, theirs: &Content, of_mine: &[Part]) -> Content {
    let mut content = theirs.clone();
    for part in of_mine {
        match part {
            Part::Kind => content.kind = mine.kind,
            Part::Title(language) => match mine.titles.get(language) {
                Some(title) => drop(content.titles.insert(language.clone(), title.clone())),
                None => drop(content.titles.remove(language)),
            },
            Part::Text(language) => match mine.texts.get(language) {
                Some(text) => drop(content.texts.insert(language.clone(), text.clone())),
                None => drop(content.texts.remove(language)),
            },
            Part::Version(channel, language) => {
                content.versions.retain(|version| version.channel != *channel || version.language != *language);
                content.versions.extend(mine.version(channel, language).cloned());
            }
            Part::Pictures => content.pictures.clone_from(&mine.pictures),
            Part::Video => content.video.clone_from(&mine.video),
            Part::Document => content.document.clone_from(&mine.document),
            Part::Comment(language) => match mine.comments.get(language) {
                Some(comment) => drop(content.comments.insert(language.clone(), comment.clone())),
                None => drop(content.comments.remove(language)),
            },
            Part::Link => content.link.clone_from(&mine.link),
            Part::Event => content.event.clone_from(&mine.event),
            Part::Poll => content.poll.clone_from(&mine.poll),
            Part::Replies => content.replies = mine.replies,
            Part::Targets => content.targets.clone_from(&mine.targets),
        }
    }
    content
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn saying(text: &str) -> Content {
        Content { texts: BTreeMap::from([(Language::spanish(), text.to_owned())]), ..Content::default() }
    }

    #[test]
    fn what_only_one_side_changed_is_proposed_from_that_side() {
        let base = saying("a");
        let (mine, theirs) = (Content { link: Some("https://a.es".to_owned()), ..base.clone() }, saying("b"));
        let found = clashes(&base, &mine, &theirs);
        assert_eq!(
            found,
            [
                Clash { part: Part::Text(Language::spanish()), proposed: Side::Theirs, both: false },
                Clash { part: Part::Link, proposed: Side::Mine, both: false },
            ]
        );
        let merged = merged(&mine, &theirs, &[Part::Link]);
        assert_eq!((merged.texts, merged.link), (theirs.texts, mine.link));
    }

    #[test]
    fn what_both_changed_is_asked() {
        let found = clashes(&saying("a"), &saying("b"), &saying("c"));
        assert!(found.iter().all(|clash| clash.both && clash.proposed == Side::Mine));
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_comment_and_who_may_reply_are_chosen_by_themselves() {
        let base = saying("a");
        let mut mine = Content { replies: domain::Replies::Nobody, ..base.clone() };
        mine.comments.insert(Language::spanish(), "Más en la web.".to_owned());
        let theirs = saying("b");
        let found = clashes(&base, &mine, &theirs);
        let of_mine: Vec<Part> =
            found.into_iter().filter(|clash| clash.proposed == Side::Mine).map(|clash| clash.part).collect();
        assert_eq!(of_mine, [Part::Comment(Language::spanish()), Part::Replies]);
        let both = merged(&mine, &theirs, &of_mine);
        assert_eq!((both.texts, both.comments, both.replies), (theirs.texts, mine.comments, mine.replies));
    }

    #[test]
    fn a_version_that_i_took_back_stays_taken_back() {
        let mut theirs = saying("a");
        let channel = ChannelId::from_bits(1);
        theirs.versions.push(domain::Version {
            channel: channel.clone(),
            language: Language::spanish(),
            text: "v".to_owned(),
            warning: None,
        });
        let part = Part::Version(channel, Language::spanish());
        assert_eq!(merged(&saying("a"), &theirs, &[part]).versions, []);
    }
}

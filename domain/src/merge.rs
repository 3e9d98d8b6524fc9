//! Two people changed one content: what each changed since what both began with is put together, field by field, and where both
//! changed the same field to something else, that is said and asked. Separate from [`crate::difference`]: that tells two contents
//! apart for reading, this makes one of three.
//!
//! A change is lost only if somebody chose so: what one side alone changed is taken from that side, and what both changed alike is
//! taken once.

use std::collections::{BTreeMap, BTreeSet};

use crate::{ChannelId, Content, Document, Guise, Language, MediaId, Picture, Poll, Target, Version, Video};

/// A field of a content that can be chosen on its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// What kind of post it is.
    Kind,
    /// The heading in a language.
    Title(Language),
    /// The common text in a language.
    Text(Language),
    /// What goes to one channel in one language: its own text and warning, or that it follows the common text.
    Version(ChannelId, Language),
    /// The order of the pictures.
    Pictures,
    /// A picture that one side took away and the other described anew.
    Picture(MediaId),
    /// What a picture shows, in a language.
    Alt(MediaId, Language),
    /// The video.
    Video,
    /// What the video shows, in a language.
    Shown(Language),
    /// The captions of the video in a language.
    Captions(Language),
    /// The poster of the video.
    Poster,
    /// What must be seen where a picture is cut.
    Focus(MediaId),
    /// The document.
    Document,
    /// What the document is called, in a language.
    DocumentTitle(Language),
    /// The poll: that there is one, how long it is open and how it is counted.
    Poll,
    /// The answers of the poll in a language.
    Answers(Language),
    /// The first comment in a language.
    Comment(Language),
    /// The address that goes with it.
    Link,
    /// How links are marked.
    Utm,
    /// By what right it is said.
    Basis,
    /// The event.
    Event,
    /// Who may reply.
    Replies,
    /// The order of the channels.
    Targets,
    /// A channel that one side took away and the other changed something of.
    Target(ChannelId),
    /// In which languages it goes to a channel, or in which order.
    Languages(ChannelId),
    /// How the video is shown on a channel.
    Showing(ChannelId),
    /// The topic that it is filed under on a channel.
    Topic(ChannelId),
    /// The accounts that are invited to share it on a channel.
    Collaborators(ChannelId),
    /// The pages that are mentioned on a channel.
    Mentions(ChannelId),
    /// As what it goes to a channel.
    Guise(ChannelId),
    /// Whether it is pinned on a channel.
    Pin(ChannelId),
}

impl Field {
    /// Whether both sides can stand in it, one behind the other: words can, one address cannot be two.
    pub const fn holds_both(&self) -> bool {
        matches!(
            self,
            Field::Title(_)
                | Field::Text(_)
                | Field::Version(..)
                | Field::Alt(..)
                | Field::Shown(_)
                | Field::Comment(_)
        )
    }
}

/// Whose change is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What I typed.
    Mine,
    /// What is stored.
    Theirs,
    /// First mine, then theirs; as mine where [`Field::holds_both`] says no.
    Both,
}

/// Three contents made one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// What comes of it, with each clash as it was chosen.
    pub content: Content,
    /// What both changed, each to something else.
    pub clashes: Vec<Field>,
}

/// Puts together what two sides made of `base`. `choose` is asked once of each field that both changed to different values.
pub fn merge(base: &Content, mine: &Content, theirs: &Content, choose: &dyn Fn(&Field) -> Side) -> Merged {
    let mut loom = Loom { choose, clashes: Vec::new() };
    let three = |of: for<'a> fn(&'a Content) -> &'a BTreeMap<Language, String>| [of(base), of(mine), of(theirs)];
    let kind = loom.pick(Field::Kind, &base.kind, &mine.kind, &theirs.kind);
    let titles = loom.words(Field::Title, Some(" · "), three(|content| &content.titles));
    let texts = loom.words(Field::Text, Some("\n\n"), three(|content| &content.texts));
    let versions = loom.versions([base, mine, theirs].map(|content| content.versions.as_slice()));
    let pictures = loom.pictures([base, mine, theirs].map(|content| content.pictures.as_slice()));
    let video = loom.video([base, mine, theirs].map(|content| content.video.as_ref()));
    let document = loom.document([base, mine, theirs].map(|content| content.document.as_ref()));
    let poll = loom.poll([base, mine, theirs].map(|content| content.poll.as_ref()));
    let comments = loom.words(Field::Comment, Some("\n\n"), three(|content| &content.comments));
    let link = loom.pick(Field::Link, &base.link, &mine.link, &theirs.link);
    let utm = loom.pick(Field::Utm, &base.utm, &mine.utm, &theirs.utm);
    let basis = loom.pick(Field::Basis, &base.basis, &mine.basis, &theirs.basis);
    let event = loom.pick(Field::Event, &base.event, &mine.event, &theirs.event);
    let replies = loom.pick(Field::Replies, &base.replies, &mine.replies, &theirs.replies);
    let targets = loom.targets([base, mine, theirs].map(|content| content.targets.as_slice()));
    let content = Content {
        kind,
        titles,
        texts,
        comments,
        pictures,
        video,
        document,
        link,
        event,
        poll,
        utm,
        basis,
        contacts: None,
        replies,
        targets,
        versions,
    };
    // Nobody is asked about accounts: they follow from the words and the book.
    Merged { content: content.woven([base, mine, theirs]), clashes: loom.clashes }
}

/// Items by what tells them apart, in their order.
type Keyed<'a, K, T> = Vec<(K, &'a T)>;

struct Loom<'c> {
    choose: &'c dyn Fn(&Field) -> Side,
    clashes: Vec<Field>,
}

impl Loom<'_> {
    fn clash(&mut self, field: Field) -> Side {
        let side = (self.choose)(&field);
        let side = if side == Side::Both && !field.holds_both() { Side::Mine } else { side };
        self.clashes.push(field);
        side
    }

    fn pick<T: Clone + PartialEq>(&mut self, field: Field, base: &T, mine: &T, theirs: &T) -> T {
        if mine == theirs || theirs == base {
            return mine.clone();
        }
        if mine == base || self.clash(field) == Side::Theirs { theirs.clone() } else { mine.clone() }
    }

    /// Texts by language. None and an empty one say the same: only whoever says something changes anything.
    fn words(
        &mut self,
        field: impl Fn(Language) -> Field,
        glue: Option<&str>,
        three: [&BTreeMap<Language, String>; 3],
    ) -> BTreeMap<Language, String> {
        let languages: BTreeSet<&Language> = three.iter().flat_map(|map| map.keys()).collect();
        let one = |language: &Language| {
            let text = self.text(field(language.clone()), glue, three.map(|map| map.get(language)))?;
            Some((language.clone(), text))
        };
        languages.into_iter().filter_map(one).collect()
    }

    fn text(&mut self, field: Field, glue: Option<&str>, [base, mine, theirs]: [Option<&String>; 3]) -> Option<String> {
        let said = |text: Option<&String>| text.map(String::as_str).unwrap_or_default().to_owned();
        let (was, here, there) = (said(base), said(mine), said(theirs));
        let text = if mine == theirs || theirs == base {
            mine
        } else if mine == base {
            theirs
        } else if here == there {
            mine.max(theirs)
        } else if there == was {
            mine
        } else if here == was {
            theirs
        } else {
            match (self.clash(field), glue) {
                (Side::Both, Some(glue)) if !here.is_empty() && !there.is_empty() => {
                    return Some([&here, glue, &there].concat());
                }
                (Side::Both, _) if here.is_empty() => theirs,
                (Side::Theirs, _) => theirs,
                _ => mine,
            }
        };
        text.cloned()
    }

    /// Items with an identity, in an order. One that one side took away is gone, unless the other changed it: then it is asked
    /// (`gone`). `join` makes one of an item that both have. `order` is asked where both put the same items in different orders;
    /// without it nobody minds, and they stand in the order of their keys.
    fn list<K: Ord + Clone, T: Clone + PartialEq>(
        &mut self,
        [base, mine, theirs]: [&Keyed<'_, K, T>; 3],
        order: Option<Field>,
        gone: impl Fn(&K) -> Field,
        mut join: impl FnMut(&mut Self, &K, Option<&T>, &T, &T) -> T,
    ) -> Vec<T> {
        let of =
            |list: &Keyed<'_, K, T>, key: &K| list.iter().find(|(one, _)| one == key).map(|(_, item)| (*item).clone());
        let mut items: BTreeMap<K, T> = BTreeMap::new();
        let all: BTreeSet<&K> = [base, mine, theirs].into_iter().flatten().map(|(key, _)| key).collect();
        for key in all {
            let was = of(base, key);
            let kept = match (of(mine, key), of(theirs, key)) {
                (Some(here), Some(there)) => Some(join(self, key, was.as_ref(), &here, &there)),
                (Some(here), None) if was.is_none() => Some(here),
                (None, Some(there)) if was.is_none() => Some(there),
                (Some(here), None) if was.as_ref() != Some(&here) => {
                    Some(here).filter(|_| self.clash(gone(key)) != Side::Theirs)
                }
                (None, Some(there)) if was.as_ref() != Some(&there) => {
                    Some(there).filter(|_| self.clash(gone(key)) != Side::Mine)
                }
                _ => None,
            };
            items.extend(kept.map(|item| (key.clone(), item)));
        }
        let keys = [base, mine, theirs].map(|list| list.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>());
        let kept: BTreeSet<K> = items.keys().cloned().collect();
        let order = self.order(order, [&keys[0], &keys[1], &keys[2]], &kept);
        order.into_iter().filter_map(|key| items.remove(&key)).collect()
    }

    /// The order of what is kept: that of whoever moved something, with what is new behind what stood before it.
    fn order<K: Ord + Clone>(
        &mut self,
        field: Option<Field>,
        [base, mine, theirs]: [&[K]; 3],
        kept: &BTreeSet<K>,
    ) -> Vec<K> {
        let common = |key: &&K| kept.contains(*key) && [base, mine, theirs].iter().all(|list| list.contains(*key));
        let of = |list: &[K]| list.iter().filter(common).cloned().collect::<Vec<K>>();
        let (was, here, there) = (of(base), of(mine), of(theirs));
        let spine = if here == there || there == was {
            here
        } else if here == was {
            there
        } else {
            match field {
                Some(field) if self.clash(field.clone()) == Side::Theirs => there,
                Some(_) => here,
                None => {
                    let mut sorted = here;
                    sorted.sort();
                    sorted
                }
            }
        };
        // What is no part of it comes behind the last one of it that stood before it, on either side.
        let loose = |list: &[K], behind: Option<&K>| {
            let mut last = None;
            let mut found = Vec::new();
            for key in list {
                if spine.contains(key) {
                    last = Some(key);
                } else if last == behind && kept.contains(key) {
                    found.push(key.clone());
                }
            }
            found
        };
        let mut order: Vec<K> = Vec::new();
        for behind in std::iter::once(None).chain(spine.iter().map(Some)) {
            order.extend(behind.cloned());
            for key in knit(loose(mine, behind), loose(theirs, behind)) {
                if !order.contains(&key) {
                    order.push(key);
                }
            }
        }
        order
    }

    fn versions(&mut self, three: [&[Version]; 3]) -> Vec<Version> {
        let [base, mine, theirs] = three.map(|list| {
            let keyed = list.iter().map(|one| ((one.channel.clone(), one.language.clone()), one));
            keyed.collect::<Keyed<'_, _, _>>()
        });
        let field = |(channel, language): &(ChannelId, Language)| Field::Version(channel.clone(), language.clone());
        self.list([&base, &mine, &theirs], None, field, |loom, key, was, here, there| {
            if here == there || was == Some(there) {
                return here.clone();
            }
            if was == Some(here) {
                return there.clone();
            }
            match loom.clash(field(key)) {
                Side::Mine => here.clone(),
                Side::Theirs => there.clone(),
                Side::Both => Version {
                    text: if here.text == there.text {
                        here.text.clone()
                    } else {
                        [here.text.as_str(), "\n\n", there.text.as_str()].concat()
                    },
                    warning: {
                        // Both are read before either text.
                        let said = [&here.warning, &there.warning].into_iter().flatten().map(String::as_str);
                        let mut said: Vec<&str> = said.filter(|warning| !warning.trim().is_empty()).collect();
                        said.dedup();
                        (!said.is_empty()).then(|| said.join(" · "))
                    },
                    ..here.clone()
                },
            }
        })
    }

    fn pictures(&mut self, three: [&[Picture]; 3]) -> Vec<Picture> {
        let [base, mine, theirs] = three.map(numbered);
        let none = BTreeMap::new();
        let gone = |(media, _): &(MediaId, usize)| Field::Picture(media.clone());
        self.list([&base, &mine, &theirs], Some(Field::Pictures), gone, |loom, (media, _), was, here, there| {
            let alts = [was.map_or(&none, |one| &one.alt), &here.alt, &there.alt];
            let alt = loom.words(|language| Field::Alt(media.clone(), language), Some(" "), alts);
            let of = was.and_then(|one| one.focus);
            let focus = loom.pick(Field::Focus(media.clone()), &of, &here.focus, &there.focus);
            let bare = |one: &Picture| Picture { alt: BTreeMap::new(), focus: None, ..one.clone() };
            // All else follows from the bytes, but for the name of the file, which goes nowhere.
            let rest = settled(was.map(bare), bare(here), bare(there), |one| one.file_name.clone());
            Picture { alt, focus, ..rest }
        })
    }

    fn video(&mut self, [base, mine, theirs]: [Option<&Video>; 3]) -> Option<Video> {
        let same = |one: &Video, other: &Video| (&one.media, &one.hash) == (&other.media, &other.hash);
        match (mine, theirs) {
            (Some(here), Some(there)) if same(here, there) => {
                let (was, none) = (base.filter(|was| same(was, here)), BTreeMap::new());
                let alts = [was.map_or(&none, |one| &one.alt), &here.alt, &there.alt];
                let alt = self.words(Field::Shown, Some(" "), alts);
                let captions = [was.map_or(&none, |one| &one.captions), &here.captions, &there.captions];
                let captions = self.words(Field::Captions, None, captions);
                let of = was.and_then(|one| one.poster.clone());
                let poster = self.pick(Field::Poster, &of, &here.poster, &there.poster);
                let none = BTreeMap::new;
                let bare = |one: &Video| Video { alt: none(), captions: none(), poster: None, ..one.clone() };
                let rest = settled(was.map(bare), bare(here), bare(there), |one| one.file_name.clone());
                Some(Video { alt, captions, poster, ..rest })
            }
            _ => self.pick(Field::Video, &base, &mine, &theirs).cloned(),
        }
    }

    fn document(&mut self, [base, mine, theirs]: [Option<&Document>; 3]) -> Option<Document> {
        let same = |one: &Document, other: &Document| (&one.media, &one.hash) == (&other.media, &other.hash);
        match (mine, theirs) {
            (Some(here), Some(there)) if same(here, there) => {
                let (was, none) = (base.filter(|was| same(was, here)), BTreeMap::new());
                let titles = [was.map_or(&none, |one| &one.title), &here.title, &there.title];
                let title = self.words(Field::DocumentTitle, None, titles);
                let bare = |one: &Document| Document { title: BTreeMap::new(), ..one.clone() };
                let rest = settled(was.map(bare), bare(here), bare(there), |one| one.file_name.clone());
                Some(Document { title, ..rest })
            }
            _ => self.pick(Field::Document, &base, &mine, &theirs).cloned(),
        }
    }

    fn poll(&mut self, [base, mine, theirs]: [Option<&Poll>; 3]) -> Option<Poll> {
        let (Some(here), Some(there)) = (mine, theirs) else {
            return self.pick(Field::Poll, &base, &mine, &theirs).cloned();
        };
        let none = BTreeMap::new();
        // One below the other they would be other answers: one side's are taken.
        let answers =
            self.words(Field::Answers, None, [base.map_or(&none, |one| &one.answers), &here.answers, &there.answers]);
        let bare = |one: &Poll| Some(Poll { answers: BTreeMap::new(), ..one.clone() });
        let terms = self.pick(Field::Poll, &base.and_then(bare), &bare(here), &bare(there));
        terms.map(|terms| Poll { answers, ..terms })
    }

    fn targets(&mut self, three: [&[Target]; 3]) -> Vec<Target> {
        let [base, mine, theirs] =
            three.map(|list| list.iter().map(|one| (one.channel.clone(), one)).collect::<Keyed<'_, _, _>>());
        let gone = |channel: &ChannelId| Field::Target(channel.clone());
        self.list([&base, &mine, &theirs], Some(Field::Targets), gone, |loom, channel, was, here, there| {
            let showing = was.and_then(|one| one.showing);
            let topic = was.and_then(|one| one.topic.clone());
            let invited = was.and_then(|one| one.collaborators.clone());
            let (guise, pin) = (was.map_or(Guise::Post, |one| one.guise()), was.is_some_and(|one| one.pin));
            let names = [&here.collaborators, &there.collaborators];
            let mentioned = was.and_then(|one| one.mentions.clone());
            let pages = [&here.mentions, &there.mentions];
            let mut target = Target {
                channel: channel.clone(),
                languages: loom.languages(
                    channel,
                    was.map_or(&[][..], |one| one.languages.as_slice()),
                    &here.languages,
                    &there.languages,
                ),
                showing: loom.pick(Field::Showing(channel.clone()), &showing, &here.showing, &there.showing),
                topic: loom.pick(Field::Topic(channel.clone()), &topic, &here.topic, &there.topic),
                collaborators: loom.pick(Field::Collaborators(channel.clone()), &invited, names[0], names[1]),
                mentions: loom.pick(Field::Mentions(channel.clone()), &mentioned, pages[0], pages[1]),
                pin: loom.pick(Field::Pin(channel.clone()), &pin, &here.pin, &there.pin),
                story: false,
                reel: false,
            };
            target.go_as(loom.pick(Field::Guise(channel.clone()), &guise, &here.guise(), &there.guise()));
            target
        })
    }

    fn languages(
        &mut self,
        channel: &ChannelId,
        base: &[Language],
        mine: &[Language],
        theirs: &[Language],
    ) -> Vec<Language> {
        let stays = |one: &&Language| match (mine.contains(one), theirs.contains(one)) {
            (true, true) => true,
            (false, false) => false,
            _ => !base.contains(one),
        };
        let kept: BTreeSet<Language> = mine.iter().chain(theirs).filter(stays).cloned().collect();
        let field = || Field::Languages(channel.clone());
        if kept.is_empty() && !mine.is_empty() && !theirs.is_empty() {
            // Each left it one, and not the same: of both nothing would be left.
            return if self.clash(field()) == Side::Theirs { theirs.to_vec() } else { mine.to_vec() };
        }
        self.order(Some(field()), [base, mine, theirs], &kept)
    }
}

/// Pictures by what tells them apart: the same one may stand there twice.
fn numbered(pictures: &[Picture]) -> Keyed<'_, (MediaId, usize), Picture> {
    let before = |place: usize, media: &MediaId| pictures[..place].iter().filter(|one| one.media == *media).count();
    let keyed = pictures.iter().enumerate();
    keyed.map(|(place, one)| ((one.media.clone(), before(place, &one.media)), one)).collect()
}

/// Of three that nobody is asked about: the one that was changed; of two that were, the same one whoever looks.
fn settled<T: PartialEq, N: Ord>(base: Option<T>, mine: T, theirs: T, name: impl Fn(&T) -> N) -> T {
    if base.as_ref() == Some(&theirs) {
        mine
    } else if base.as_ref() == Some(&mine) || name(&theirs) < name(&mine) {
        theirs
    } else {
        mine
    }
}

/// Two runs made one: each keeps its order as far as they agree, and it is the same whichever is named first.
fn knit<K: Ord + Clone>(one: Vec<K>, other: Vec<K>) -> Vec<K> {
    let (mut one, mut other) = (one.as_slice(), other.as_slice());
    let mut all: Vec<K> = Vec::new();
    while let (Some((first, rest)), Some((second, others))) = (one.split_first(), other.split_first()) {
        let leads = match (other.contains(first), one.contains(second)) {
            (true, false) => false,
            (false, true) => true,
            _ => first <= second,
        };
        if first == second {
            (one, other) = (rest, others);
            all.push(first.clone());
        } else if leads {
            one = rest;
            all.push(first.clone());
        } else {
            other = others;
            all.push(second.clone());
        }
    }
    all.extend(one.iter().chain(other).cloned());
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Kind, Moment, PictureType, Replies, basis::Basis};
    use proptest::prelude::*;

    fn mine(_: &Field) -> Side {
        Side::Mine
    }

    fn es() -> Language {
        Language::spanish()
    }

    fn saying(text: &str) -> Content {
        Content { texts: BTreeMap::from([(es(), text.to_owned())]), ..Content::default() }
    }

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
            alt: BTreeMap::from([(es(), alt.to_owned())]),
            focus: None,
        }
    }

    fn places(content: &Content) -> Vec<MediaId> {
        content.pictures.iter().map(|one| one.media.clone()).collect()
    }

    #[test]
    fn what_one_side_changed_stays_and_what_both_changed_is_asked() {
        let base = Content { link: Some("https://a.es".to_owned()), ..saying("a") };
        let here = Content { replies: Replies::Nobody, ..saying("b") };
        let there = Content { kind: Kind::Event, link: base.link.clone(), ..saying("c") };
        let found = merge(&base, &here, &there, &mine);
        assert_eq!(found.clashes, [Field::Text(es())]);
        let expected = Content { kind: Kind::Event, replies: Replies::Nobody, ..saying("b") };
        assert_eq!(found.content, expected);
        let both = merge(&base, &here, &there, &|_| Side::Both).content;
        assert_eq!(both.texts[&es()], "b\n\nc");
        assert_eq!(merge(&base, &here, &there, &|_| Side::Theirs).content.texts[&es()], "c");
    }

    #[test]
    fn the_alt_text_of_one_and_the_new_picture_of_the_other_both_stay() {
        let base = Content { pictures: vec![picture(1, "La fuente"), picture(2, "La plaza")], ..saying("a") };
        let mut here = base.clone();
        here.pictures[0].alt.insert(Language::english(), "The fountain".to_owned());
        let mut there = base.clone();
        there.pictures.insert(1, picture(3, "El pozo"));
        there.pictures[0].alt.insert(es(), "La fuente nueva".to_owned());
        let found = merge(&base, &here, &there, &mine);
        assert_eq!(found.clashes, []);
        assert_eq!(places(&found.content), [1, 3, 2].map(MediaId::from_bits));
        let alt = &found.content.pictures[0].alt;
        assert_eq!((alt[&es()].as_str(), alt[&Language::english()].as_str()), ("La fuente nueva", "The fountain"));
    }

    #[test]
    fn a_picture_that_one_took_away_and_the_other_described_is_asked() {
        let base = Content { pictures: vec![picture(1, "La fuente"), picture(2, "La plaza")], ..saying("a") };
        let here = Content { pictures: vec![picture(2, "La plaza")], ..saying("a") };
        let there = Content { pictures: vec![picture(1, "La fuente nueva"), picture(2, "La plaza")], ..saying("a") };
        let found = merge(&base, &here, &there, &mine);
        assert_eq!(found.clashes, [Field::Picture(MediaId::from_bits(1))]);
        assert_eq!(found.content.pictures, here.pictures);
        assert_eq!(merge(&base, &here, &there, &|_| Side::Theirs).content.pictures, there.pictures);
        // And where nobody described it, it is simply gone.
        assert_eq!(merge(&base, &here, &base, &mine).clashes, []);
    }

    #[test]
    fn two_orders_are_asked_and_one_is_taken() {
        let order =
            |places: &[u128]| Content { pictures: places.iter().map(|n| picture(*n, "x")).collect(), ..saying("a") };
        let (base, here, there) = (order(&[1, 2, 3]), order(&[2, 1, 3]), order(&[1, 3, 2]));
        assert_eq!(merge(&base, &here, &there, &mine).clashes, [Field::Pictures]);
        // One moved, the other brought a new one: both.
        let found = merge(&base, &here, &order(&[1, 2, 3, 4]), &mine);
        assert_eq!((found.clashes.len(), places(&found.content)), (0, [2, 1, 3, 4].map(MediaId::from_bits).to_vec()));
    }

    #[test]
    fn channels_and_languages_of_both_sides_are_put_together() {
        let going = |targets: &[(u128, &[Language])]| Content {
            targets: targets.iter().map(|(n, languages)| Target::new(channel(*n), languages.to_vec())).collect(),
            ..saying("a")
        };
        let (base, en) = (going(&[(1, &[es()])]), Language::english());
        let here = going(&[(1, &[es(), en.clone()])]);
        let there = going(&[(1, &[es()]), (2, &[es()])]);
        let found = merge(&base, &here, &there, &mine);
        assert_eq!((found.clashes.len(), found.content), (0, going(&[(1, &[es(), en.clone()]), (2, &[es()])])));
        // One left it only Spanish and the other only English: of both nothing would be left.
        let both = going(&[(1, &[es(), en.clone()])]);
        let found = merge(&both, &going(&[(1, &[es()])]), &going(&[(1, &[en])]), &mine);
        assert_eq!(found.clashes, [Field::Languages(channel(1))]);
        assert_eq!(found.content, going(&[(1, &[es()])]));
    }

    #[test]
    fn other_pages_on_a_channel_are_asked_and_a_reel_of_one_side_is_taken() {
        let going = |change: &dyn Fn(&mut Target)| {
            let mut target = Target::new(channel(1), vec![es()]);
            change(&mut target);
            Content { targets: vec![target], ..saying("a") }
        };
        let page = |short: &str| crate::Mentions::with(None, short, "Villa");
        let base = going(&|_| ());
        let here = going(&|target| target.mentions = page("villa"));
        let there = going(&|target| target.mentions = page("otra"));
        let found = merge(&base, &here, &there, &mine);
        assert_eq!((found.clashes, found.content), (vec![Field::Mentions(channel(1))], here.clone()));
        assert_eq!(merge(&base, &here, &there, &|_| Side::Theirs).content, there);
        let reel = going(&|target| target.go_as(Guise::Reel));
        let found = merge(&base, &here, &reel, &mine);
        let target = &found.content.targets[0];
        assert_eq!((found.clashes.len(), target.guise(), &target.mentions), (0, Guise::Reel, &page("villa")));
    }

    #[test]
    fn two_warnings_stand_before_both_texts() {
        let with = |text: &str, warning: Option<&str>| {
            let warning = warning.map(str::to_owned);
            let version = Version { channel: channel(1), language: es(), text: text.to_owned(), warning };
            Content { versions: vec![version], ..saying("a") }
        };
        let both = |here, there| {
            let found = merge(&with("v", None), &with("w", here), &with("x", there), &|_| Side::Both);
            found.content.versions[0].warning.clone()
        };
        assert_eq!(both(Some("Sangre"), Some("Fuego")).as_deref(), Some("Sangre · Fuego"));
        assert_eq!(both(Some("Sangre"), Some("Sangre")).as_deref(), Some("Sangre"));
        assert_eq!(both(None, Some("Fuego")).as_deref(), Some("Fuego"));
        assert_eq!(both(Some("Sangre"), None).as_deref(), Some("Sangre"));
    }

    #[test]
    fn a_version_that_i_took_back_stays_taken_back() {
        let text = |text: &str| Version { channel: channel(1), language: es(), text: text.to_owned(), warning: None };
        let base = Content { versions: vec![text("v")], ..saying("a") };
        let found = merge(&base, &saying("a"), &base, &mine);
        assert_eq!((found.clashes, found.content.versions), (vec![], vec![]));
        let there = Content { versions: vec![text("w")], ..saying("a") };
        let found = merge(&base, &saying("a"), &there, &mine);
        assert_eq!(found.clashes, [Field::Version(channel(1), es())]);
    }

    #[test]
    fn a_new_video_and_words_for_the_old_one_are_asked() {
        let video = |n: u128, alt: &str| {
            Some(Video {
                media: MediaId::from_bits(n),
                hash: format!("{n:064x}"),
                mime: crate::video::VideoType::Mp4,
                codec: crate::video::Codec::H264,
                bytes: 1,
                width: 1,
                height: 1,
                millis: 1,
                rate: 25,
                sound: true,
                file_name: String::new(),
                alt: BTreeMap::from([(es(), alt.to_owned())]),
                captions: BTreeMap::new(),
                poster: None,
            })
        };
        let with = |video: Option<Video>| Content { video, ..saying("a") };
        let (base, new) = (with(video(1, "Obras")), with(video(2, "Fiestas")));
        assert_eq!(merge(&base, &new, &with(video(1, "Obras de la fuente")), &mine).clashes, [Field::Video]);
        assert_eq!(merge(&base, &new, &base, &mine), Merged { content: new.clone(), clashes: vec![] });
        let mut here = base.clone();
        here.video.as_mut().unwrap().captions.insert(es(), "in_picture".to_owned());
        let found = merge(&base, &here, &with(video(1, "Obras de la fuente")), &mine);
        let video = found.content.video.unwrap();
        assert_eq!(
            (found.clashes.len(), video.alt[&es()].as_str(), video.captions.len()),
            (0, "Obras de la fuente", 1)
        );
    }

    // --- for every three contents ---

    fn text() -> impl Strategy<Value = Option<String>> {
        prop::option::of(prop::sample::select(vec!["uno", "dos", "tres"]).prop_map(str::to_owned))
    }

    fn by_language() -> impl Strategy<Value = BTreeMap<Language, String>> {
        (text(), text()).prop_map(|(spanish, english)| {
            let both = [(es(), spanish), (Language::english(), english)];
            both.into_iter().filter_map(|(language, text)| Some((language, text?))).collect()
        })
    }

    fn some_of<T: Clone + std::fmt::Debug + 'static>(all: Vec<T>) -> impl Strategy<Value = Vec<T>> {
        let most = all.len();
        (Just(all).prop_shuffle(), 0..=most).prop_map(|(all, count)| all.into_iter().take(count).collect())
    }

    fn targets() -> impl Strategy<Value = Vec<Target>> {
        let languages = || some_of(vec![es(), Language::english()]);
        let guise = || prop::sample::select(vec![Guise::Post, Guise::Reel, Guise::Story]);
        let told = || (languages(), guise(), prop::bool::ANY);
        (some_of(vec![1_u128, 2, 3]), [told(), told(), told()]).prop_map(|(channels, told)| {
            let one = |(n, (languages, guise, pin))| {
                let mut target = Target { pin, ..Target::new(channel(n), languages) };
                target.go_as(guise);
                target
            };
            channels.into_iter().zip(told).map(one).collect()
        })
    }

    fn poll() -> impl Strategy<Value = Option<Poll>> {
        let poll = (by_language(), 5..7_u32, prop::bool::ANY);
        let made = |(answers, minutes, several)| Poll { answers, minutes, several, hidden: false };
        prop::option::of(poll.prop_map(made))
    }

    fn basis() -> impl Strategy<Value = Option<Basis>> {
        let said = |text: &str| Basis { text: text.to_owned(), from: None };
        prop::option::of(prop::sample::select(vec!["Ley 1", "Ley 2"]).prop_map(said))
    }

    fn document() -> impl Strategy<Value = Option<Document>> {
        let named = |(n, title)| Document {
            media: MediaId::from_bits(n),
            hash: format!("{n:064x}"),
            bytes: 1,
            pages: 1,
            tagged: true,
            file_name: String::new(),
            title,
        };
        prop::option::of((1..3_u128, by_language()).prop_map(named))
    }

    fn pictures() -> impl Strategy<Value = Vec<Picture>> {
        let alts = [by_language(), by_language(), by_language()];
        (some_of(vec![1_u128, 2, 3]), alts).prop_map(|(media, alts)| {
            media.into_iter().zip(alts).map(|(n, alt)| Picture { alt, ..picture(n, "") }).collect()
        })
    }

    fn versions() -> impl Strategy<Value = Vec<Version>> {
        let texts = [text(), text()];
        (some_of(vec![1_u128, 2]), texts).prop_map(|(channels, texts)| {
            let one = |(n, text): (u128, Option<String>)| Version {
                channel: channel(n),
                language: es(),
                text: text.unwrap_or_default(),
                warning: None,
            };
            channels.into_iter().zip(texts).map(one).collect()
        })
    }

    fn content() -> impl Strategy<Value = Content> {
        let plain = (
            prop::sample::select(vec![Kind::Routine, Kind::Event]),
            text(),
            prop::option::of(0..2_i64),
            prop::sample::select(vec![Replies::Everybody, Replies::Nobody, Replies::Following]),
            prop::option::of(prop::sample::select(vec!["a.es", "a.es#agua", "b.es"])),
        );
        let said = (by_language(), by_language(), by_language());
        (plain, said, pictures(), targets(), versions(), (poll(), document(), basis())).prop_map(
            |(
                (kind, link, event, replies, utm),
                (titles, texts, comments),
                pictures,
                targets,
                versions,
                (poll, document, basis),
            )| Content {
                kind,
                titles,
                texts,
                comments,
                pictures,
                video: None,
                document,
                link,
                poll,
                utm: utm.and_then(|text| text.to_owned().try_into().ok()),
                basis,
                contacts: None,
                event: event.map(|at| Event { start: Moment(at), end: None, place: String::new(), cancelled: false }),
                replies,
                targets,
                versions,
            },
        )
    }

    /// What stands in a field, by other means than the merge.
    fn read(content: &Content, field: &Field) -> Option<String> {
        let target = |channel: &ChannelId| content.targets.iter().find(|one| one.channel == *channel);
        match field {
            Field::Kind => Some(format!("{:?}", content.kind)),
            Field::Title(language) => content.titles.get(language).cloned(),
            Field::Text(language) => content.texts.get(language).cloned(),
            Field::Version(channel, language) => content.version(channel, language).map(|one| one.text.clone()),
            Field::Alt(media, language) => {
                content.pictures.iter().find(|one| one.media == *media)?.alt.get(language).cloned()
            }
            Field::Picture(media) => content.pictures.iter().find(|one| one.media == *media).map(|_| String::new()),
            Field::Link => content.link.clone(),
            Field::Utm => content.utm.clone().map(String::from),
            Field::Basis => content.basis.as_ref().map(|basis| basis.text.clone()),
            Field::Event => content.event.as_ref().map(|event| format!("{event:?}")),
            Field::Replies => Some(format!("{:?}", content.replies)),
            Field::Target(channel) => target(channel).map(|_| String::new()),
            Field::Languages(channel) => target(channel).map(|one| format!("{:?}", one.languages)),
            Field::Comment(language) => content.comments.get(language).cloned(),
            _ => None,
        }
    }

    fn fields() -> Vec<Field> {
        let languages = [es(), Language::english()];
        let mut fields = vec![Field::Kind, Field::Link, Field::Utm, Field::Basis, Field::Event, Field::Replies];
        fields.extend(languages.iter().cloned().map(Field::Title));
        fields.extend(languages.iter().cloned().map(Field::Text));
        fields.extend(languages.iter().cloned().map(Field::Comment));
        fields.extend([1, 2].map(|n| Field::Version(channel(n), es())));
        fields
    }

    proptest! {
        #[test]
        fn who_changed_nothing_changes_nothing(base in content(), other in content()) {
            let same = Merged { content: other.clone(), clashes: vec![] };
            prop_assert_eq!(&merge(&base, &other, &base, &mine), &same);
            prop_assert_eq!(&merge(&base, &base, &other, &mine), &same);
            prop_assert_eq!(&merge(&base, &other, &other, &mine), &same);
        }

        #[test]
        fn it_is_the_same_whoever_looks(base in content(), one in content(), other in content()) {
            let (here, there) = (merge(&base, &one, &other, &mine), merge(&base, &other, &one, &mine));
            let sorted = |mut clashes: Vec<Field>| { clashes.sort(); clashes };
            prop_assert_eq!(sorted(here.clashes.clone()), sorted(there.clashes));
            if here.clashes.is_empty() {
                prop_assert_eq!(&here.content, &there.content);
            }
            // And choosing the other side is looking from there.
            let theirs = merge(&base, &one, &other, &|_| Side::Theirs).content;
            prop_assert_eq!(&theirs, &merge(&base, &other, &one, &mine).content);
        }

        #[test]
        fn no_change_of_one_side_is_lost_and_clashes_are_where_both_changed(
            base in content(), one in content(), other in content(),
        ) {
            let found = merge(&base, &one, &other, &mine);
            for field in fields() {
                let [was, here, there, now] = [&base, &one, &other, &found.content].map(|content| read(content, &field));
                let clashes = here != there && here != was && there != was;
                prop_assert_eq!(found.clashes.contains(&field), clashes, "{:?}", field);
                let expected = if here == was { there } else { here };
                prop_assert_eq!(now, expected, "{:?}", field);
            }
            // Pictures: taken away by one and left alone by the other is gone; brought by one is there.
            for n in 1..=3 {
                let media = MediaId::from_bits(n);
                let of = |content: &Content| content.pictures.iter().find(|picture| picture.media == media).cloned();
                let (was, here, there) = (of(&base), of(&one), of(&other));
                let removed = was.is_some() && here.is_some() != there.is_some();
                let touched = removed && here.clone().or_else(|| there.clone()) != was;
                prop_assert_eq!(found.clashes.contains(&Field::Picture(media.clone())), touched);
                let there_now = if touched { here.is_some() } else { !removed && (here.is_some() || there.is_some()) };
                prop_assert_eq!(of(&found.content).is_some(), there_now);
                if let (Some(here), Some(there), Some(now)) = (here, there, of(&found.content)) {
                    for language in [es(), Language::english()] {
                        let alt = |picture: &Picture| picture.alt.get(&language).cloned();
                        let (was, here, there) = (was.as_ref().and_then(alt), alt(&here), alt(&there));
                        let clash = here != there && here != was && there != was;
                        prop_assert_eq!(found.clashes.contains(&Field::Alt(media.clone(), language.clone())), clash);
                        prop_assert_eq!(alt(&now), if here == was { there } else { here });
                    }
                }
            }
            // Channels and languages: each that one side added or took away alone is as that side wants it.
            for n in 1..=3 {
                let asked = [Field::Target(channel(n)), Field::Languages(channel(n))];
                if found.clashes.iter().any(|clash| asked.contains(clash)) {
                    continue;
                }
                for language in [es(), Language::english()] {
                    let goes = |content: &Content| content.destinations().any(|(to, of)| *to == channel(n) && *of == language);
                    let (was, here, there) = (goes(&base), goes(&one), goes(&other));
                    prop_assert_eq!(goes(&found.content), if here == was { there } else { here });
                }
            }
        }

        #[test]
        fn nothing_stands_there_twice(base in content(), one in content(), other in content()) {
            for side in [Side::Mine, Side::Theirs, Side::Both] {
                // The links of these are no addresses.
                let merged = Content { link: None, ..merge(&base, &one, &other, &|_| side).content };
                prop_assert_eq!(merged.clone().parse(), Ok(merged.clone()));
                let media: BTreeSet<_> = merged.pictures.iter().map(|picture| &picture.media).collect();
                prop_assert_eq!(media.len(), merged.pictures.len());
            }
        }
    }
}

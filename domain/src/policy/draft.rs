//! A content as the rules see it: each text once, each destination with what it would be sent.
//! Separate so that a rule says only what it minds, and none can forget a version or look at one twice.

use std::{borrow::Cow, ops::Range};

use super::{Context, Evidence, Field, Place};
use crate::{
    Channel, ChannelId, Content, Language, Version,
    text::{self, Span, chain, spans},
};

/// At most so many findings of one rule in one text: the rest shows when these are mended.
const ENOUGH: usize = 20;

/// What a rule saw in a text: the bytes, if it is a part, and the evidence.
pub(crate) struct Seen {
    pub range: Option<(usize, usize)>,
    pub evidence: Evidence,
}

impl Seen {
    /// Words at a place, shown.
    pub fn words(text: &str, start: usize, end: usize) -> Self {
        Self { range: Some((start, end)), evidence: Evidence::Words { words: shorten(&text[start..end]) } }
    }
}

/// How far a rule on texts reaches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reach {
    /// Texts.
    Body,
    /// Texts and titles.
    Title,
    /// Everything that is written: alt texts, warnings and places too.
    Everything,
}

/// One text, as a rule on texts sees it.
pub(crate) struct Piece<'a> {
    /// The text.
    pub text: &'a str,
    /// Its language, if it has one.
    pub language: Option<&'a Language>,
    /// Its links, mentions and hashtags.
    pub spans: Vec<Span>,
    /// The address that goes with it.
    pub link: Option<&'a str>,
    part: Reach,
    channel: Option<&'a ChannelId>,
    field: Field,
    /// Whether a byte range means something to whoever shows the field.
    marked: bool,
}

impl Piece<'_> {
    /// Whether it is a text in which whoever is named stands by an account ([`crate::contacts`]).
    pub(crate) fn names(&self) -> bool {
        self.part == Reach::Body
    }

    /// Where some bytes of it are.
    pub(crate) fn place(&self, range: Option<(usize, usize)>) -> Place {
        Place {
            channel: self.channel.cloned(),
            language: self.language.cloned(),
            field: self.field,
            range: range.filter(|_| self.marked),
        }
    }
}

/// One channel in one language.
pub(super) struct Destination<'a> {
    pub channel: &'a Channel,
    pub language: &'a Language,
    /// The text before anything is put behind it; `None` if there is none in this language.
    pub text: Option<&'a str>,
    pub warning: Option<&'a str>,
    /// Whether the text is this channel's own.
    pub edited: bool,
    link: Option<&'a str>,
    content: &'a Content,
    pictured: bool,
}

/// One text on its way out.
pub(super) struct Leaving<'a> {
    pub sent: Cow<'a, str>,
    /// Where it stands in the text, if it stands there as it leaves.
    pub at: Option<(usize, usize)>,
    pub pictured: bool,
}

impl<'a> Destination<'a> {
    /// What leaves.
    pub fn sent(&self) -> Cow<'a, str> {
        self.leaves(self.text.unwrap_or_default(), true)
    }

    /// What leaves of a part of it, the first one or a later one.
    fn leaves(&self, text: &'a str, first: bool) -> Cow<'a, str> {
        let (link, pictured) = (self.link.filter(|_| first), self.pictured && first);
        let (said, link) = self.content.said(text, link, self.channel.network);
        match said {
            Cow::Borrowed(text) => text::sent(text, link.as_deref(), pictured, self.channel.network),
            Cow::Owned(text) => {
                Cow::Owned(text::sent(&text, link.as_deref(), pictured, self.channel.network).into_owned())
            }
        }
    }

    /// The byte of the text that stands at a byte of what leaves of a part: the one that begins and ends at these.
    pub fn written(&self, (start, end): (usize, usize), byte: usize) -> usize {
        let part = self.text.and_then(|text| text.get(start..end)).unwrap_or_default();
        start + self.content.written(part, self.channel.network, byte)
    }

    /// What leaves, one after the other, each with where its words begin in the text, if its bytes are the text's: the parts of a
    /// thread, or all of it.
    pub fn parts(&self) -> Vec<Leaving<'a>> {
        let text = self.text.unwrap_or_default();
        let spans = chain::parts(text);
        if !self.channel.network.chains() || spans.len() < 2 {
            let at = (!chain::is_cut(text)).then_some((0, text.trim_end().len()));
            return vec![Leaving { sent: self.sent(), at, pictured: self.pictured }];
        }
        let first = |place: usize| place == 0;
        let part = |(place, span): (usize, Range<usize>)| Leaving {
            at: Some((span.start, span.end)),
            pictured: self.pictured && first(place),
            sent: self.leaves(&text[span], first(place)),
        };
        spans.into_iter().enumerate().map(part).collect()
    }
}

/// The whole content, laid out for the rules.
pub(super) struct Draft<'a> {
    pub content: &'a Content,
    pub context: Context<'a>,
    pub destinations: Vec<Destination<'a>>,
    pieces: Vec<Piece<'a>>,
}

impl<'a> Draft<'a> {
    pub fn of(content: &'a Content, context: Context<'a>) -> Self {
        let mut destinations = Vec::new();
        for (id, language) in content.destinations() {
            // A channel that is not known has no limits to look at; the engine refuses it elsewhere.
            let Some(channel) = context.channels.iter().find(|channel| channel.id == *id) else { continue };
            let version = content.version(id, language);
            destinations.push(Destination {
                channel,
                language,
                text: version
                    .map(|version| version.text.as_str())
                    .or_else(|| content.texts.get(language).map(String::as_str)),
                warning: version.and_then(warning),
                edited: version.is_some(),
                link: content.link.as_deref(),
                content,
                pictured: !content.pictures.is_empty() || content.video.is_some() || content.document.is_some(),
            });
        }
        let pieces = pieces(content);
        Self { content, context, destinations, pieces }
    }

    /// The channels the content goes to.
    pub fn channels(&self) -> impl Iterator<Item = &'a Channel> {
        let channels = self.context.channels;
        self.content
            .targets
            .iter()
            .filter_map(move |target| channels.iter().find(|channel| channel.id == target.channel))
    }

    /// Runs a rule on texts over every text it reaches.
    pub fn read(&self, reach: Reach, look: impl Fn(&Piece<'_>) -> Vec<Seen>) -> Vec<(Place, Evidence)> {
        let mut found = Vec::new();
        for piece in self.pieces.iter().filter(|piece| piece.part <= reach) {
            found.extend(look(piece).into_iter().take(ENOUGH).map(|seen| (piece.place(seen.range), seen.evidence)));
        }
        found
    }
}

fn warning(version: &Version) -> Option<&str> {
    version.warning.as_deref().filter(|warning| !warning.trim().is_empty())
}

/// Every text of a content that goes somewhere, each once.
pub(crate) fn pieces(content: &Content) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut add = |part, text, language, channel, field, marked| {
        // A comment stands by itself: no address is put behind it.
        let link = content.link.as_deref().filter(|_| field != Field::Comment);
        pieces.push(Piece { text, language, spans: spans(text), link, part, channel, field, marked });
    };
    for (language, text) in &content.texts {
        // A text that every channel replaced goes nowhere; one that no channel takes yet is about to.
        let mut takers = content.destinations().filter(|(_, taken)| *taken == language).peekable();
        let replaced =
            takers.peek().is_some() && takers.all(|(channel, _)| content.version(channel, language).is_some());
        if !replaced {
            add(Reach::Body, text.as_str(), Some(language), None, Field::Text, true);
        }
    }
    for version in &content.versions {
        let goes = content.destinations().any(|(id, language)| *id == version.channel && *language == version.language);
        if !goes {
            continue;
        }
        let (language, channel) = (Some(&version.language), Some(&version.channel));
        let is_common = content.texts.get(&version.language) == Some(&version.text)
            && content
                .destinations()
                .any(|(id, taken)| *taken == version.language && content.version(id, taken).is_none());
        if !is_common {
            add(Reach::Body, version.text.as_str(), language, channel, Field::Text, true);
        }
        if let Some(warning) = warning(version) {
            add(Reach::Everything, warning, language, channel, Field::Text, false);
        }
    }
    for (language, comment) in &content.comments {
        add(Reach::Body, comment.as_str(), Some(language), None, Field::Comment, false);
    }
    for (language, title) in &content.titles {
        add(Reach::Title, title.as_str(), Some(language), None, Field::Title, true);
    }
    for (index, picture) in content.pictures.iter().enumerate() {
        for (language, alt) in &picture.alt {
            add(Reach::Everything, alt.as_str(), Some(language), None, Field::Picture { index }, true);
        }
    }
    for (language, alt) in content.video.iter().flat_map(|video| &video.alt) {
        add(Reach::Everything, alt.as_str(), Some(language), None, Field::Video, true);
    }
    for (language, answers) in content.poll.iter().flat_map(|poll| &poll.answers) {
        add(Reach::Everything, answers.as_str(), Some(language), None, Field::Post, false);
    }
    for (language, title) in content.document.iter().flat_map(|document| &document.title) {
        add(Reach::Everything, title.as_str(), Some(language), None, Field::Document, true);
    }
    if let Some(event) = &content.event {
        add(Reach::Everything, event.place.as_str(), None, None, Field::Post, false);
    }
    pieces
}

/// A place that is not in a text.
pub(super) fn at(channel: Option<&Channel>, language: Option<&Language>, field: Field) -> Place {
    Place { channel: channel.map(|channel| channel.id.clone()), language: language.cloned(), field, range: None }
}

/// At most 80 characters, on one line.
pub(crate) fn shorten(words: &str) -> String {
    let mut short: String = words.chars().take(80).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if words.chars().nth(80).is_some() {
        short.pop();
        short.push('…');
    }
    short
}

/// A text as a rule's test hands it over.
#[cfg(test)]
pub(super) fn piece<'a>(text: &'a str, language: &'a Language) -> Piece<'a> {
    Piece {
        text,
        language: Some(language),
        spans: spans(text),
        link: None,
        part: Reach::Body,
        channel: None,
        field: Field::Text,
        marked: true,
    }
}

/// What a rule on texts answers to a Spanish text: the evidence, and the words in its range.
#[cfg(test)]
pub(super) fn seen(look: impl Fn(&Piece<'_>) -> Vec<Seen>, text: &str) -> Vec<(Evidence, &str)> {
    let found = look(&piece(text, &Language::spanish()));
    found.into_iter().map(|seen| (seen.evidence, seen.range.map_or("", |(start, end)| &text[start..end]))).collect()
}

/// A town for the tests of the rules.
#[cfg(test)]
pub(crate) mod bench {
    use std::collections::BTreeMap;

    use crate::{
        Channel, ChannelId, Content, Document, Health, HealthState, Language, MediaId, Network, Picture, PictureType,
        Target, Video,
        policy::{Context, Evidence, Finding, Place, Rule, RuleSet, check},
        video::{Codec, VideoType},
    };

    pub fn noticeboard() -> ChannelId {
        ChannelId::from_bits(1)
    }
    pub fn bluesky() -> ChannelId {
        ChannelId::from_bits(2)
    }
    pub fn mastodon() -> ChannelId {
        ChannelId::from_bits(3)
    }
    pub fn whatsapp() -> ChannelId {
        ChannelId::from_bits(4)
    }

    pub struct Town {
        pub channels: Vec<Channel>,
        pub languages: Vec<Language>,
        pub rules: RuleSet,
    }

    impl Town {
        pub fn check(&self, content: &Content) -> Vec<Finding> {
            check(content, Context { channels: &self.channels, languages: &self.languages, rules: &self.rules })
        }

        /// What one rule finds.
        pub fn found(&self, rule: Rule, content: &Content) -> Vec<(Place, Evidence)> {
            let of_rule = self.check(content).into_iter().filter(|finding| finding.rule == rule);
            of_rule.map(|finding| (finding.place, finding.evidence)).collect()
        }
    }

    /// The town whose fourth channel is on another network.
    pub fn town_on(network: Network) -> Town {
        let mut town = town();
        (town.channels[3].network, town.channels[3].limits) = (network, network.limits());
        town
    }

    pub fn town() -> Town {
        let channel = |id: ChannelId, network: Network| Channel {
            id,
            network,
            name: String::new(),
            handle: String::new(),
            address: None,
            languages: vec![Language::spanish()],
            limits: network.limits(),
            health: Health { state: HealthState::Working, last_success: None, expires: None, last_error: None },
            assisted: network.may_be_assisted(),
            voice: crate::silence::Voice::default(),
        };
        Town {
            channels: vec![
                channel(noticeboard(), Network::Noticeboard),
                channel(bluesky(), Network::Bluesky),
                channel(mastodon(), Network::Mastodon),
                channel(whatsapp(), Network::Whatsapp),
            ],
            languages: vec![Language::spanish()],
            rules: RuleSet::default(),
        }
    }

    pub fn target(channel: ChannelId, languages: &[&str]) -> Target {
        Target::new(channel, languages.iter().map(|tag| tag.parse().unwrap()).collect())
    }

    pub fn notice() -> Content {
        Content {
            texts: BTreeMap::from([(Language::spanish(), "Mañana no hay agua en la calle Mayor.".to_owned())]),
            targets: [noticeboard(), bluesky(), mastodon(), whatsapp()]
                .map(|channel| target(channel, &["es"]))
                .to_vec(),
            ..Content::default()
        }
    }

    pub fn say(content: &mut Content, language: &str, text: &str) {
        content.texts.insert(language.parse().unwrap(), text.to_owned());
    }

    pub fn video(alt: &str) -> Video {
        Video {
            media: MediaId::from_bits(8),
            hash: String::new(),
            mime: VideoType::Mp4,
            codec: Codec::H264,
            bytes: 9_000_000,
            width: 1_280,
            height: 720,
            millis: 30_000,
            rate: 30,
            sound: true,
            file_name: "VID_0001.mp4".to_owned(),
            alt: BTreeMap::from([(Language::spanish(), alt.to_owned())]),
            captions: BTreeMap::new(),
            poster: None,
        }
    }

    pub fn document(title: &str) -> Document {
        Document {
            media: MediaId::from_bits(7),
            hash: String::new(),
            bytes: 800_000,
            pages: 12,
            tagged: true,
            file_name: "acta.pdf".to_owned(),
            title: BTreeMap::from([(Language::spanish(), title.to_owned())]),
        }
    }

    pub fn picture(alt: &str) -> Picture {
        Picture {
            media: MediaId::from_bits(9),
            hash: String::new(),
            mime: PictureType::Jpeg,
            bytes: 100_000,
            width: 800,
            height: 600,
            file_name: "IMG_0001.jpg".to_owned(),
            alt: BTreeMap::from([(Language::spanish(), alt.to_owned())]),
            focus: None,
        }
    }
}

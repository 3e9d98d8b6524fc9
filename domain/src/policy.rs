//! The policy: what a text, a picture or a set of languages may be minded for, and how much.
//! Separate from the rules themselves (one file each under `policy/`): here stand the words that they answer with.

mod alt_text;
mod bare_link;
mod capitals;
mod captions;
mod contact;
mod document;
mod document_tags;
pub(crate) mod draft;
mod emoji_load;
mod empty;
mod fancy_letters;
mod first_comment;
mod hashtag_case;
mod hashtag_count;
mod hidden_characters;
mod length;
mod link_count;
mod mention;
mod missing_language;
pub(crate) mod personal_data;
mod picture_count;
mod picture_size;
mod picture_type;
mod poll;
mod poster;
mod readability;
mod reel;
mod replies;
mod sentence_length;
mod story;
mod video;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Channel, ChannelId, Content, Language, MediaId, MemberId, Moment, Replies,
    consent::Flaw,
    poll as asking, record,
    replies::Kept,
    text::SpanKind,
    video::{Codec, VideoType},
};

use draft::{Draft, Reach};

/// A rule. Each lives in its own file, says where its number comes from, and answers findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The text is longer than the network takes.
    Length,
    /// There is nothing to publish.
    Empty,
    /// More pictures than the network takes.
    PictureCount,
    /// A picture is heavier or larger than the network takes.
    PictureSize,
    /// A picture is of a type that the network does not take.
    PictureType,
    /// The video is not what the network takes, or it takes none from us.
    Video,
    /// The document is not what the network takes, has no name, or the network takes none.
    Document,
    /// The document is not tagged: whoever has it read aloud hears its words in no order.
    DocumentTags,
    /// A picture or the video has no alt text in a language it goes out in, or it is a file name, or too long.
    AltText,
    /// A video with sound has no captions in a language it goes out in, or goes where nobody would see them.
    Captions,
    /// A hashtag of several words is not in camel case.
    HashtagCase,
    /// More hashtags than are advised.
    HashtagCount,
    /// More emoji than are advised, or the same one again and again.
    EmojiLoad,
    /// Words in capitals.
    Capitals,
    /// Letters of "fancy" Unicode alphabets, which screen readers spell or skip.
    FancyLetters,
    /// Invisible characters or ones that turn the text's direction.
    HiddenCharacters,
    /// A link without a word of where it leads ("click here"), or an address bare of scheme.
    BareLink,
    /// More links than are advised.
    LinkCount,
    /// A sentence too long to follow.
    SentenceLength,
    /// The text is hard to read.
    Readability,
    /// A language of the organisation has no version.
    MissingLanguage,
    /// An identity document, a bank account, a telephone or a plate.
    PersonalData,
    /// A first comment that a network does not take, or that is missing in a language.
    Comment,
    /// What is lost in a story: its text, and what does not fill the screen.
    Story,
    /// The video is not what the network takes as a reel.
    Reel,
    /// Not everybody may reply, or a network lets more people reply than was chosen.
    Replies,
    /// The poll is not what the network takes, or it takes none from us.
    Poll,
    /// A network that does not show the chosen poster of the video.
    Poster,
    /// A page that is to be mentioned, and whose name stands nowhere in the text.
    Mention,
    /// A mark that names nobody of the book: it would go out with its brackets.
    Contact,
    /// Whoever is named has no account on a network: the plain name stands there.
    Account,
    /// A picture or the video may not be used: who is seen did not consent, or its licence is over ([`crate::consent`]). Where
    /// nobody said whether anybody is seen, that is told and stops nothing.
    Rights,
}

impl Rule {
    /// Every rule, in the order in which the desk lists them.
    pub const ALL: [Rule; 32] = [
        Rule::Length,
        Rule::Empty,
        Rule::PictureCount,
        Rule::PictureSize,
        Rule::PictureType,
        Rule::Video,
        Rule::Document,
        Rule::DocumentTags,
        Rule::AltText,
        Rule::Captions,
        Rule::HashtagCase,
        Rule::HashtagCount,
        Rule::EmojiLoad,
        Rule::Capitals,
        Rule::FancyLetters,
        Rule::HiddenCharacters,
        Rule::BareLink,
        Rule::LinkCount,
        Rule::SentenceLength,
        Rule::Readability,
        Rule::MissingLanguage,
        Rule::PersonalData,
        Rule::Comment,
        Rule::Story,
        Rule::Reel,
        Rule::Replies,
        Rule::Poll,
        Rule::Poster,
        Rule::Mention,
        Rule::Contact,
        Rule::Account,
        Rule::Rights,
    ];

    /// Whether the network itself would refuse: such a rule always blocks and cannot be waived.
    pub const fn is_physical(self) -> bool {
        matches!(
            self,
            Rule::Length
                | Rule::Empty
                | Rule::PictureCount
                | Rule::PictureSize
                | Rule::PictureType
                | Rule::Video
                | Rule::Reel
                | Rule::Document
                | Rule::Poll
        )
    }

    /// Whether it always blocks and nobody waives it: the network would refuse, or what it guards is other people's and not
    /// the organisation's to give. (In an emergency, what is at stake may weigh more: that is said with its reason.)
    pub const fn is_fixed(self) -> bool {
        self.is_physical() || matches!(self, Rule::Rights)
    }

    /// What the rule does until the organisation says otherwise.
    pub const fn default_mode(self) -> Mode {
        match self {
            Rule::Length
            | Rule::Empty
            | Rule::PictureCount
            | Rule::PictureSize
            | Rule::PictureType
            | Rule::Video
            | Rule::Reel
            | Rule::Document
            | Rule::Poll => Mode::Block,
            Rule::AltText
            | Rule::HiddenCharacters
            | Rule::PersonalData
            | Rule::FancyLetters
            | Rule::Contact
            | Rule::Rights => Mode::Block,
            // Owed by law (RD 1112/2018, EN 301 549 clause 7.1.1), and yet the one rule that a town cannot follow by writing: it begins
            // with being told, and whoever has someone to write them says that nothing goes out without.
            Rule::Captions
            // Owed too (EN 301 549 clause 10), and made where the document is made: whoever publishes it has to ask for it there.
            | Rule::DocumentTags
            | Rule::HashtagCase
            | Rule::HashtagCount
            | Rule::EmojiLoad
            | Rule::Capitals
            | Rule::BareLink
            | Rule::LinkCount
            | Rule::SentenceLength
            | Rule::Readability
            | Rule::MissingLanguage
            | Rule::Comment
            | Rule::Story
            | Rule::Replies
            | Rule::Poster
            | Rule::Mention
            | Rule::Account => Mode::Warn,
        }
    }
}

/// What a rule does in an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nothing goes out until it is mended or waived.
    Block,
    /// It is said, and that is all.
    Warn,
    /// It is not looked at.
    Off,
}

/// The modes that the organisation changed; the rest are the defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(transparent)]
pub struct RuleSet(pub BTreeMap<Rule, Mode>);

impl RuleSet {
    /// What a rule does here. A fixed rule always blocks.
    pub fn mode(&self, rule: Rule) -> Mode {
        if rule.is_fixed() {
            return Mode::Block;
        }
        self.0.get(&rule).copied().unwrap_or(rule.default_mode())
    }
}

/// What part of the content a finding speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "field")]
pub enum Field {
    /// The text.
    Text,
    /// The heading.
    Title,
    /// The picture of this index.
    Picture {
        /// From 0.
        index: usize,
    },
    /// The video.
    Video,
    /// The document.
    Document,
    /// The first comment.
    Comment,
    /// The whole post.
    Post,
}

/// Where a finding is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The channel, if it speaks of one version only.
    pub channel: Option<ChannelId>,
    /// The language, if it speaks of one.
    pub language: Option<Language>,
    /// The part.
    #[serde(flatten)]
    pub field: Field,
    /// The bytes of the text (start, end exclusive), for a mark beside it.
    pub range: Option<(usize, usize)>,
}

/// What the rule saw: the numbers and the words, never more than 80 characters of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "evidence")]
pub enum Evidence {
    /// A number over its limit, in the rule's own unit.
    Over {
        /// The limit.
        limit: u64,
        /// What was counted.
        count: u64,
    },
    /// A number under its floor (a readability index, in tenths).
    Under {
        /// The floor.
        floor: i64,
        /// What was reckoned.
        value: i64,
        /// The name of the index.
        index: Index,
    },
    /// Words of the text.
    Words {
        /// The words, shortened.
        words: String,
    },
    /// More bytes than the network takes, of a text (where the characters alone would fit) or of a picture.
    Heavier {
        /// The limit.
        limit: u64,
        /// The bytes there are.
        bytes: u64,
    },
    /// A picture that is taller or wider than the network takes.
    Shape {
        /// Pixels across and down.
        size: (u32, u32),
        /// The tallest that it takes, across to down.
        tallest: (u32, u32),
        /// The widest.
        widest: (u32, u32),
    },
    /// A video that the network does not take.
    Video {
        /// Why not.
        misfit: Misfit,
    },
    /// A document that the network does not take.
    Document {
        /// Why not.
        apart: Apart,
    },
    /// More hashtags, mentions or different links than the network takes.
    Marked {
        /// What is counted.
        mark: SpanKind,
        /// The limit.
        limit: u64,
        /// How many there are.
        count: u64,
    },
    /// The same thing again and again (an emoji).
    Repeated {
        /// What is repeated.
        words: String,
    },
    /// An alt text that is the name of a file.
    FileName {
        /// The name, shortened.
        words: String,
    },
    /// An alt text that begins by saying that it is a picture.
    Opening {
        /// The beginning ("foto de").
        words: String,
    },
    /// An address without `https://`, which not every network makes clickable.
    Address {
        /// The address, shortened.
        words: String,
    },
    /// Something is not there.
    Missing,
    /// A kind of personal datum (its value is masked but for the last two characters).
    Datum {
        /// The kind.
        datum: Datum,
        /// The masked value.
        masked: String,
    },
    /// A stored picture or video that may not be used. It is named, so that what was let pass in an emergency is this one.
    Rights {
        /// Which.
        media: MediaId,
        /// Why not.
        flaw: Flaw,
    },
    /// Who may reply, where that is not everybody.
    Limited {
        /// Who.
        replies: Replies,
    },
    /// A poll that cannot go out as it is.
    Poll {
        /// Why not.
        misfit: asking::Misfit,
    },
    /// A network that lets more people reply than was chosen.
    Wider {
        /// What becomes of the choice there.
        kept: Kept,
    },
    /// Something that was said, and that does not go out there.
    Unkept,
    /// Languages that have no version.
    Languages {
        /// Their tags.
        missing: Vec<Language>,
    },
}

/// Why a network does not take a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Misfit {
    /// Nothing moves there: it is paper.
    Paper,
    /// It takes pictures or a video, not both.
    Beside,
    /// It is of another type.
    Type {
        /// Which.
        mime: VideoType,
    },
    /// Its picture is coded otherwise.
    Codec {
        /// How.
        codec: Codec,
    },
    /// It has fewer bytes than it must.
    Lighter {
        /// The fewest.
        limit: u32,
        /// How many it has.
        bytes: u32,
    },
    /// It lasts longer.
    Longer {
        /// The most seconds.
        limit: u32,
        /// How many it lasts, begun ones too.
        seconds: u32,
    },
    /// It does not last as long as it must.
    Shorter {
        /// The fewest milliseconds.
        limit: u32,
        /// How many it lasts.
        millis: u32,
    },
    /// It has more pixels across.
    Across {
        /// The most.
        limit: u32,
        /// How many it has.
        width: u32,
    },
    /// It has fewer pixels across or down.
    Smaller {
        /// The fewest, across and down.
        limit: (u32, u32),
        /// How many it has.
        size: (u32, u32),
    },
    /// It has fewer pictures a second.
    Slower {
        /// The fewest.
        limit: u32,
        /// How many it has.
        rate: u32,
    },
    /// It has more bits a second.
    Denser {
        /// The most thousands of them.
        limit: u32,
        /// How many thousands it has, begun ones too.
        kilobits: u32,
    },
    /// It has more pixels.
    Pixels {
        /// The most.
        limit: u64,
        /// How many it has.
        pixels: u64,
    },
    /// It has more pictures a second.
    Rate {
        /// The most.
        limit: u32,
        /// How many it has.
        rate: u32,
    },
    /// The network takes no text alone, and there is no video (nor pictures, where it takes those).
    Wanted,
    /// How it is shown is not said, and the network wants that said.
    Unsaid,
    /// The network does not know that audience.
    Audience,
    /// The network refuses `<` and `>`.
    Signs,
    /// It chooses the poster itself.
    OwnPoster,
    /// Of a poster it takes a moment of the video alone.
    OnlyMoment,
    /// It shows no captions beside the picture: they have to be in it.
    Unshown,
}

/// Why a network does not take a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Apart {
    /// It takes none, or none from us.
    NotSent,
    /// It takes a document, or pictures, or a video.
    Beside,
}

/// A readability index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Index {
    /// Szigriszt-Pazos on the INFLESZ scale (Spanish).
    Inflesz,
    /// Flesch reading ease (English).
    Flesch,
}

/// A kind of personal datum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    /// A Spanish DNI with its valid letter.
    Dni,
    /// A Spanish NIE with its valid letter.
    Nie,
    /// A bank account with valid check digits.
    Iban,
    /// A telephone number that is not one of public service.
    Phone,
    /// A Spanish number plate.
    Plate,
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// What the organisation wants of it (never `Off`).
    pub mode: Mode,
    /// Where it is.
    pub place: Place,
    /// What was seen.
    pub evidence: Evidence,
}

impl Finding {
    /// What a waiver is bound to: the rule, what was seen and in which language and part, but not the byte range, so
    /// that a word changed elsewhere does not void it, and a second identity number is not covered by it.
    pub fn fingerprint(&self) -> String {
        let essence = (self.rule, &self.place.channel, &self.place.language, &self.place.field, &self.evidence);
        record::sha256_hex(record::canonical(&essence).as_bytes())
    }
}

/// A blocking finding that somebody let pass, with the reason. It stays in the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// What was waived: `Finding::fingerprint`.
    pub fingerprint: String,
    /// The rule.
    pub rule: Rule,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: MemberId,
    /// When.
    pub at: Moment,
}

/// What the whole check answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing to say.
    Pass,
    /// Something to say.
    Warn,
    /// It may not go out like this.
    Block,
}

/// The verdict over findings, with the waivers taken into account.
pub fn verdict(findings: &[Finding], waivers: &[Waiver]) -> Verdict {
    let waived = |finding: &Finding| {
        !finding.rule.is_physical() && {
            let fingerprint = finding.fingerprint();
            waivers.iter().any(|waiver| waiver.fingerprint == fingerprint)
        }
    };
    if findings.iter().any(|finding| finding.mode == Mode::Block && !waived(finding)) {
        Verdict::Block
    } else if findings.is_empty() {
        Verdict::Pass
    } else {
        Verdict::Warn
    }
}

/// What the rules are told besides the content.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The channels of the organisation (at least those of the content's targets).
    pub channels: &'a [Channel],
    /// The languages that the organisation promised.
    pub languages: &'a [Language],
    /// The modes.
    pub rules: &'a RuleSet,
}

/// Looks at the content with every rule that is not off. Pure: the desk calls it at each key, the engine on submit.
///
/// A rule on texts looks once at each text there is, not once for each channel: what it finds names a channel only if
/// somebody edited that channel's version.
pub fn check(content: &Content, context: Context<'_>) -> Vec<Finding> {
    let draft = Draft::of(content, context);
    let mut findings = Vec::new();
    for rule in Rule::ALL {
        let mode = context.rules.mode(rule);
        if mode == Mode::Off {
            continue;
        }
        let seen = match rule {
            Rule::Length => length::look(&draft),
            Rule::Empty => empty::look(&draft),
            Rule::PictureCount => picture_count::look(&draft),
            Rule::PictureSize => picture_size::look(&draft),
            Rule::PictureType => picture_type::look(&draft),
            Rule::Video => video::look(&draft),
            Rule::Document => document::look(&draft),
            Rule::DocumentTags => document_tags::look(&draft),
            Rule::AltText => alt_text::look(&draft),
            Rule::Captions => captions::look(&draft),
            Rule::MissingLanguage => missing_language::look(&draft),
            Rule::Comment => first_comment::look(&draft),
            Rule::Story => story::look(&draft),
            Rule::Reel => reel::look(&draft),
            Rule::Replies => replies::look(&draft),
            Rule::Poll => poll::look(&draft),
            Rule::Poster => poster::look(&draft),
            Rule::Mention => mention::look(&draft),
            Rule::Contact => contact::unknown(&draft),
            Rule::Account => contact::unled(&draft),
            Rule::HashtagCase => draft.read(Reach::Body, hashtag_case::look),
            Rule::HashtagCount => draft.read(Reach::Body, hashtag_count::look),
            Rule::EmojiLoad => draft.read(Reach::Body, emoji_load::look),
            Rule::BareLink => draft.read(Reach::Body, bare_link::look),
            Rule::LinkCount => draft.read(Reach::Body, link_count::look),
            Rule::SentenceLength => draft.read(Reach::Body, sentence_length::look),
            Rule::Readability => draft.read(Reach::Body, readability::look),
            Rule::Capitals => draft.read(Reach::Title, capitals::look),
            Rule::FancyLetters => draft.read(Reach::Everything, fancy_letters::look),
            Rule::HiddenCharacters => draft.read(Reach::Everything, hidden_characters::look),
            Rule::PersonalData => draft.read(Reach::Everything, personal_data::look),
            // By what the library knows, which only the engine reads: `consent::look`.
            Rule::Rights => Vec::new(),
        };
        findings.extend(seen.into_iter().map(|(place, evidence)| Finding { rule, mode, place, evidence }));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Version, policy::draft::bench};

    fn rules_found(findings: &[Finding]) -> Vec<Rule> {
        findings.iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn a_plain_notice_passes() {
        let town = bench::town();
        let findings = town.check(&bench::notice());
        assert_eq!(findings, []);
        assert_eq!(verdict(&findings, &[]), Verdict::Pass);
    }

    #[test]
    fn a_finding_is_not_repeated_for_each_channel() {
        let town = bench::town();
        let mut content = bench::notice();
        bench::say(&mut content, "es", "Llame al 600 123 456 por la mañana.");
        let findings = town.check(&content);
        assert_eq!(rules_found(&findings), [Rule::PersonalData]);
        assert_eq!(findings[0].place.channel, None);
        assert_eq!(findings[0].place.language, Some(Language::spanish()));
    }

    #[test]
    fn an_edited_version_is_looked_at_for_itself() {
        let town = bench::town();
        let mut content = bench::notice();
        let edited = |text: &str| Version {
            channel: bench::bluesky(),
            language: Language::spanish(),
            text: text.to_owned(),
            warning: None,
        };
        content.versions = vec![edited("Llame al 600 123 456 por la mañana.")];
        let findings = town.check(&content);
        assert_eq!(rules_found(&findings), [Rule::PersonalData]);
        assert_eq!(findings[0].place.channel, Some(bench::bluesky()));
        // The same text again is no second text.
        bench::say(&mut content, "es", "Llame al 600 123 456 por la mañana.");
        assert_eq!(town.check(&content).len(), 1);
    }

    #[test]
    fn a_rule_that_is_off_is_not_run_unless_it_is_physical() {
        let mut town = bench::town();
        town.rules.0.extend(Rule::ALL.map(|rule| (rule, Mode::Off)));
        let mut content = bench::notice();
        bench::say(&mut content, "es", &"PÁSALO A TODOS 600 123 456 ".repeat(40));
        let findings = town.check(&content);
        assert!(!findings.is_empty() && findings.iter().all(|finding| finding.rule.is_physical()), "{findings:?}");
    }

    #[test]
    fn a_waiver_lets_one_finding_pass_and_not_another_of_its_kind() {
        let town = bench::town();
        let mut content = bench::notice();
        bench::say(&mut content, "es", "Llame al 600 123 456 por la mañana.");
        let findings = town.check(&content);
        assert_eq!(verdict(&findings, &[]), Verdict::Block);
        let waiver = Waiver {
            fingerprint: findings[0].fingerprint(),
            rule: Rule::PersonalData,
            reason: "Es el móvil de guardia".to_owned(),
            by: MemberId::from_bits(1),
            at: Moment(0),
        };
        assert_eq!(verdict(&findings, std::slice::from_ref(&waiver)), Verdict::Warn);
        bench::say(&mut content, "es", "Por la mañana llame al 600 123 456.");
        assert_eq!(verdict(&town.check(&content), std::slice::from_ref(&waiver)), Verdict::Warn);
        bench::say(&mut content, "es", "Llame al 600 123 457 por la mañana.");
        assert_eq!(verdict(&town.check(&content), &[waiver]), Verdict::Block);
    }

    #[test]
    fn every_range_is_on_characters_of_its_text() {
        let town = bench::town();
        let mut content = bench::notice();
        let text = "🎉🎉🎉🎉 ÚLTIMA HORA ¡ATENCIÓN VECINOS! Pincha aquí: www.villar.es, 𝓗𝓸𝓵𝓪 a\u{202E}b, tel. 600 123 456, \
                    12345678Z, 1234 BCD #feriamedieval #a #b https://a.es https://b.es ";
        bench::say(&mut content, "es", text);
        let findings = town.check(&content);
        let mut rules = rules_found(&findings);
        rules.dedup();
        assert!(rules.len() >= 9, "{rules:?}");
        for finding in findings {
            if let Some((start, end)) = finding.place.range {
                assert!(text.get(start..end).is_some_and(|part| !part.is_empty()), "{finding:?}");
            }
        }
    }

    #[test]
    fn findings_cross_as_json() {
        let mut content = bench::notice();
        content.pictures = vec![bench::picture("")];
        bench::say(&mut content, "es", "Llame al 600 123 456. AVISO URGENTE: PÁSALO. https://a.es https://b.es");
        let mut town = bench::town();
        town.languages.push(Language::english());
        let findings = town.check(&content);
        assert!(findings.len() >= 5, "{findings:?}");
        let json = serde_json::to_string(&findings).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Finding>>(&json).unwrap(), findings);
    }

    #[test]
    fn hostile_texts_take_no_longer_than_plain_ones() {
        // The engine has ten milliseconds: nothing may be read to its end once for each of its characters. A ratio, and
        // a wide one: what grows with the square would be a thousand times as slow.
        let town = bench::town();
        let mut content = bench::notice();
        let mut work = |pattern: &str| {
            bench::say(&mut content, "es", &pattern.repeat(20_000 / pattern.len()));
            let start = std::time::Instant::now();
            std::hint::black_box(town.check(&content));
            start.elapsed()
        };
        let plain = work("Mañana no hay agua, vecinos. ").max(work("🎉 fiesta "));
        for pattern in [
            ")",
            "(",
            "https://a)",
            "http://-",
            "https://a.es ",
            "#a ",
            "@a",
            "@a@a.a",
            "#1",
            "\u{200D}",
            "\u{FE0F}\u{200D}",
            "\u{E0061}",
            "א\u{200F}",
            "1 ",
            "ES",
            "ES91 ",
            "6 ",
            "1-",
            "A ",
            "AAAA ",
            "aA",
            "𝓗 ",
            "\n",
            ". ",
            "a. ",
            "👨\u{200D}",
            "e\u{301}",
            "www.",
            "a.es ",
            "\u{202E}",
            "clic aquí ",
            "«",
            "12345678Z ",
            "é",
            "aaaaaaaaaaaaa",
            "n ",
            "@[",
            "@[a] ",
        ] {
            let hostile = work(pattern);
            assert!(hostile < plain * 30, "{pattern:?}: {hostile:?} against {plain:?}");
        }
    }
}

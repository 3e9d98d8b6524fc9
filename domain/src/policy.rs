//! The policy: what a text, a picture or a set of languages may be minded for, and how much.
//! Separate from the rules themselves (one file each under `policy/`): here stand the words that they answer with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Channel, ChannelId, Content, Language, MemberId, Moment, record};

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
    /// A picture has no alt text in a language it goes out in, or it is a file name, or too long.
    AltText,
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
}

impl Rule {
    /// Every rule, in the order in which the desk lists them.
    pub const ALL: [Rule; 18] = [
        Rule::Length,
        Rule::Empty,
        Rule::PictureCount,
        Rule::PictureSize,
        Rule::PictureType,
        Rule::AltText,
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
    ];

    /// Whether the network itself would refuse: such a rule always blocks and cannot be waived.
    pub const fn is_physical(self) -> bool {
        matches!(self, Rule::Length | Rule::Empty | Rule::PictureCount | Rule::PictureSize | Rule::PictureType)
    }

    /// What the rule does until the organisation says otherwise.
    pub const fn default_mode(self) -> Mode {
        match self {
            Rule::Length | Rule::Empty | Rule::PictureCount | Rule::PictureSize | Rule::PictureType => Mode::Block,
            Rule::AltText | Rule::HiddenCharacters | Rule::PersonalData | Rule::FancyLetters => Mode::Block,
            Rule::HashtagCase
            | Rule::HashtagCount
            | Rule::EmojiLoad
            | Rule::Capitals
            | Rule::BareLink
            | Rule::LinkCount
            | Rule::SentenceLength
            | Rule::Readability
            | Rule::MissingLanguage => Mode::Warn,
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
    /// What a rule does here. A physical rule always blocks.
    pub fn mode(&self, rule: Rule) -> Mode {
        if rule.is_physical() {
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
    /// Languages that have no version.
    Languages {
        /// Their tags.
        missing: Vec<Language>,
    },
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
pub fn check(content: &Content, context: Context<'_>) -> Vec<Finding> {
    let _ = (content, context);
    Vec::new()
}

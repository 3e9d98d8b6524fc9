//! The organisation: the public body, its languages, its policy and its pause.
//! Separate because it is the tenant: every row and every query names one.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    Kind, Language, MediaId, MemberId, Millis, Moment, OrganisationId, contrast, policy::RuleSet, telling::Allowance,
    utm::Sites,
};

/// What kind of public body it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    /// A municipality.
    Municipality,
    /// A province, county or island council.
    Province,
    /// A region or autonomous community.
    Region,
    /// A ministry or a national agency.
    State,
    /// A public company, university, hospital, port …
    Other,
}

/// The public body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its identity.
    pub id: OrganisationId,
    /// Its place in public addresses: `/{slug}/`.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: BodyKind,
    /// Its zone ("Europe/Madrid").
    pub zone: String,
    /// Its languages, the first being the main one.
    pub languages: Vec<Language>,
    /// Its accent colour.
    pub colour: Colour,
    /// Its crest.
    pub crest: Option<MediaId>,
    /// Its policy.
    pub policy: Policy,
    /// Whether everything is paused, and why.
    pub pause: Option<Pause>,
    /// Counts changes of the policy or the data above.
    pub version: u64,
}

/// What the organisation has decided about publishing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The mode of each rule.
    pub rules: RuleSet,
    /// Kinds that need no approval, each adopted by an administrator with a reason.
    pub unapproved: Vec<Declaration>,
    /// How long after its slot a publication may still go out by itself.
    pub window: Millis,
    /// Who is told of failures, holds, unknowns and silence.
    pub alert: Vec<MemberId>,
    /// Who publishes by hand what is assisted.
    pub duty: Vec<MemberId>,
    /// What it allows in telling people, beyond the usual.
    #[serde(default)]
    pub telling: BTreeSet<Allowance>,
    /// Which websites are its own, and whether the links to them are marked ([`crate::utm`]).
    #[serde(default)]
    pub utm: Sites,
}

impl Default for Policy {
    fn default() -> Self {
        // 30 minutes: later than that a notice of a cut or an event may do harm (compliance §7.5, rule 4).
        Self {
            rules: RuleSet::default(),
            unapproved: Vec::new(),
            window: Millis::minutes(30),
            alert: Vec::new(),
            duty: Vec::new(),
            telling: BTreeSet::new(),
            utm: Sites::default(),
        }
    }
}

impl Policy {
    /// The declaration under which a kind needs no approval, if there is one.
    pub fn declared(&self, kind: Kind) -> Option<&Declaration> {
        self.unapproved.iter().find(|declaration| declaration.kind == kind)
    }
}

/// A kind of post that needs no approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// The kind.
    pub kind: Kind,
    /// Which administrator adopted it.
    pub by: MemberId,
    /// When.
    pub at: Moment,
    /// Why.
    pub reason: String,
}

/// What a body of one person may say without a second one: where nobody else is, asking for an approval would only teach to
/// share a session. What may hurt or binds in law still waits for somebody.
const OF_ONE: [Kind; 3] = [Kind::Routine, Kind::Event, Kind::Service];

impl Declaration {
    /// What whoever founds an organisation alone adopts with it.
    pub fn of_one(by: &MemberId, at: Moment, reason: &str) -> Vec<Self> {
        OF_ONE.into_iter().map(|kind| Self { kind, by: by.clone(), at, reason: reason.to_owned() }).collect()
    }
}

/// A pause of everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub since: Moment,
    /// Who paused.
    pub by: MemberId,
    /// Why.
    pub reason: String,
}

/// A short name for addresses: 2–40 lower-case letters, digits and inner hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// Names that would hide a path of ours.
const RESERVED: [&str; 17] = [
    "api",
    "calendar",
    "decide",
    "desk",
    "propose",
    "public",
    "media",
    "cdn-cgi",
    "well-known",
    "assets",
    "static",
    "robots",
    "favicon",
    "health",
    "rehearsal",
    "review",
    "verify",
];

impl Slug {
    /// The short name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A short name from a full one: accents folded, everything else a hyphen ("Villar del Río" → `villar-del-rio`).
    pub fn suggest(name: &str) -> Option<Self> {
        let mut slug = folded(name);
        slug.truncate(40);
        Self::try_from(slug.trim_matches('-').to_owned()).ok()
    }
}

/// A name in lower-case letters of ASCII and digits, with one hyphen for whatever else stands between them.
pub(crate) fn folded(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        match fold(letter) {
            Some(plain) => slug.push(plain),
            None if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            None => {}
        }
    }
    slug
}

fn fold(letter: char) -> Option<char> {
    Some(match letter {
        'a'..='z' | '0'..='9' => letter,
        'á' | 'à' | 'ä' | 'â' => 'a',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' => 'o',
        'ú' | 'ù' | 'ü' | 'û' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        _ => return None,
    })
}

impl TryFrom<String> for Slug {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let letters = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let fits = (2..=40).contains(&text.len()) && letters && !text.starts_with('-') && !text.ends_with('-');
        if fits && !RESERVED.contains(&text.as_str()) { Ok(Self(text)) } else { Err("not a short name") }
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> String {
        slug.0
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// An accent colour, `#rrggbb`, and the text colour that can be read on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour([u8; 3]);

impl Colour {
    /// The colour a new organisation starts with.
    pub const DEFAULT: Colour = Colour([0x1d, 0x4e, 0x89]);

    /// Relative luminance by WCAG 2.2 (0 black, 1 white).
    pub fn luminance(&self) -> f64 {
        contrast::luminance(self.0)
    }

    /// Contrast with another colour by WCAG 2.2 (1 to 21).
    pub fn contrast(&self, other: &Colour) -> f64 {
        contrast::ratio(self.0, other.0)
    }

    /// The nearest colour, darker or lighter, that reaches `ratio` against `ground`. The accent is never below AA.
    #[must_use]
    pub fn readable_on(&self, ground: &Colour, ratio: f64) -> Colour {
        let target: f64 = if ground.luminance() > 0.18 { 0.0 } else { 255.0 };
        let toward = |channel: u8, part: f64| {
            let value = f64::from(channel) + (target - f64::from(channel)) * part;
            // Within 0..=255 by construction.
            value.round() as u8
        };
        (0..=50)
            .map(|step| f64::from(step) / 50.0)
            .map(|part| Colour(self.0.map(|channel| toward(channel, part))))
            .find(|colour| colour.contrast(ground) >= ratio)
            .unwrap_or(Colour([target as u8; 3]))
    }

    /// Readable on the desk's grounds, by the property of the style sheet: of the light look, and of the dark ones.
    pub fn on_the_desk(&self) -> [(&'static str, Colour); 2] {
        // The surfaces of `style/tokens.css`. 4.5 is WCAG AA for text; a little more, for the tints that stand on them.
        let grounds = [("--accent-light", [0xf3, 0xec, 0xdf]), ("--accent-dark", [0x26, 0x20, 0x19])];
        grounds.map(|(property, ground)| (property, self.readable_on(&Colour(ground), 5.5)))
    }
}

impl TryFrom<String> for Colour {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let wrong = "not a colour of the form #rrggbb";
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii()).ok_or(wrong)?;
        let number = u32::from_str_radix(digits, 16).map_err(|_| wrong)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> String {
        colour.to_string()
    }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_gets_a_short_name() {
        assert_eq!(
            Slug::suggest("Ayuntamiento de Peñíscola").map(String::from).as_deref(),
            Some("ayuntamiento-de-peniscola")
        );
        assert_eq!(Slug::suggest("API"), None);
        assert_eq!(Slug::suggest("—"), None);
    }

    #[test]
    fn whoever_is_alone_says_what_every_day_brings_and_nothing_that_hurts_or_binds() {
        let unapproved = Declaration::of_one(&MemberId::from_bits(1), Moment(5), "Alone.");
        let policy = Policy { unapproved, ..Policy::default() };
        for kind in Kind::ALL {
            let everyday = matches!(kind, Kind::Routine | Kind::Event | Kind::Service);
            assert_eq!(policy.declared(kind).is_some(), everyday, "{kind:?}");
        }
    }

    #[test]
    fn an_accent_is_never_below_aa() {
        let white = Colour([255; 3]);
        let dark = Colour([0x16, 0x18, 0x1d]);
        for text in ["#ffe066", "#00ff00", "#ffffff", "#000000", "#1d4e89", "#ff0000"] {
            let colour = Colour::try_from(text.to_owned()).unwrap();
            assert!(colour.readable_on(&white, 4.5).contrast(&white) >= 4.5, "{text}");
            assert!(colour.readable_on(&dark, 4.5).contrast(&dark) >= 4.5, "{text}");
        }
    }

    #[test]
    fn the_contrast_of_black_on_white_is_21() {
        assert!((Colour([0; 3]).contrast(&Colour([255; 3])) - 21.0).abs() < 1e-9);
    }
}

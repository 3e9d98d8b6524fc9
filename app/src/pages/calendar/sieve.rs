//! What of the calendar is shown: by what a post is and where it goes, and by words of its heading. It stands in the
//! address, so that a colleague sees the same.

use domain::PostId;
use leptos_router::params::ParamsMap;
use wire::posts::PostRow;

use crate::parts::network_key;

/// By what posts are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facet {
    /// The network.
    Network,
    /// The channel.
    Channel,
    /// The language.
    Language,
    /// Where the post is.
    Stage,
    /// The campaign.
    Campaign,
    /// The pillar.
    Pillar,
    /// The audience.
    Audience,
    /// The message.
    Message,
    /// Who wrote it.
    Author,
}

impl Facet {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Facet; 9] = [
        Facet::Network,
        Facet::Channel,
        Facet::Language,
        Facet::Stage,
        Facet::Campaign,
        Facet::Pillar,
        Facet::Audience,
        Facet::Message,
        Facet::Author,
    ];

    /// As the address calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Facet::Network => "network",
            Facet::Channel => "channel",
            Facet::Language => "language",
            Facet::Stage => "stage",
            Facet::Campaign => "campaign",
            Facet::Pillar => "pillar",
            Facet::Audience => "audience",
            Facet::Message => "message",
            Facet::Author => "author",
        }
    }

    /// Whether a post is what is wanted.
    fn is_of(self, row: &PostRow, wanted: &str) -> bool {
        match self {
            Facet::Network => row.going.iter().any(|going| network_key(going.network) == wanted),
            Facet::Channel => row.going.iter().any(|going| going.channel.as_str() == wanted),
            Facet::Language => row.going.iter().any(|going| going.language.as_str() == wanted),
            Facet::Stage => row.stage.as_str() == wanted,
            Facet::Campaign => row.campaign.as_ref().is_some_and(|id| id.as_str() == wanted),
            Facet::Pillar => row.pillar.as_ref().is_some_and(|id| id.as_str() == wanted),
            Facet::Audience => row.audience.as_ref().is_some_and(|id| id.as_str() == wanted),
            Facet::Message => row.message.as_ref().is_some_and(|id| id.as_str() == wanted),
            Facet::Author => row.author.as_str() == wanted,
        }
    }
}

/// The address calls it so where only what waits for whoever looks is shown.
const MINE: &str = "mine";
/// And so where calendars of others are left out.
const OWN: &str = "own";
/// And so the words.
const TEXT: &str = "text";

/// What is wanted of each facet; everything where nothing is said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sieve {
    /// What of which facet, each at most once.
    pub wanted: Vec<(Facet, String)>,
    /// Words of the heading.
    pub text: String,
    /// Only what waits for whoever looks.
    pub mine: bool,
    /// Nothing of calendars of others.
    pub own: bool,
}

impl Sieve {
    /// As the address says.
    pub fn of(query: &ParamsMap) -> Self {
        let given = |name: &str| query.get(name).filter(|value| !value.is_empty());
        let wanted = Facet::ALL.into_iter().filter_map(|facet| Some((facet, given(facet.name())?)));
        let (text, mine, own) = (given(TEXT).unwrap_or_default(), given(MINE).is_some(), given(OWN).is_some());
        Self { wanted: wanted.collect(), text, mine, own }
    }

    /// As the address says it: `&network=x&…`.
    pub fn in_address(&self) -> String {
        let wanted = self.wanted.iter().map(|(facet, value)| (facet.name(), value.as_str()));
        let text = (!self.text.is_empty()).then_some((TEXT, self.text.as_str()));
        let mine = self.mine.then_some((MINE, "1"));
        let own = self.own.then_some((OWN, "1"));
        wanted
            .chain(text)
            .chain(mine)
            .chain(own)
            .map(|(name, value)| ["&", name, "=", &escaped(value)].concat())
            .collect()
    }

    /// What is wanted of a facet.
    pub fn get(&self, facet: Facet) -> &str {
        let found = self.wanted.iter().find(|(other, _)| *other == facet);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// The same with another wish; none if it is empty.
    pub fn with(mut self, facet: Facet, value: String) -> Self {
        self.wanted.retain(|(other, _)| *other != facet);
        if !value.is_empty() {
            self.wanted.push((facet, value));
        }
        self
    }

    /// How many wishes there are.
    pub fn count(&self) -> usize {
        self.wanted.len() + usize::from(self.mine) + usize::from(self.own)
    }

    /// What passes, of all there is. `waiting` is what waits for whoever looks.
    pub fn pass(&self, rows: &mut Vec<PostRow>, waiting: &[PostId]) {
        let words = folded(&self.text);
        rows.retain(|row| {
            self.wanted.iter().all(|(facet, value)| facet.is_of(row, value))
                && (!self.mine || waiting.contains(&row.id))
                && (words.is_empty() || words.split_whitespace().all(|word| folded(&row.heading).contains(word)))
        });
    }
}

fn escaped(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// A text as it is looked for: "Ñandú" is found by "nandu". By the browser: our own tables would be 7 KB of the first load.
fn folded(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let apart = js_sys::JsString::from(text).to_lower_case().normalize("NFD");
    String::from(apart).chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).collect()
}

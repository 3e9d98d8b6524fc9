//! What of the calendar is shown: by what a post is and where it goes, and by words of its heading; and of what stands on
//! the days besides posts. It stands in the address, so that a colleague sees the same.

use domain::{PostId, mark::MarkKind};
use leptos_router::params::ParamsMap;
use wire::{calendar::Marks, posts::PostRow};

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

/// What stands on the days besides posts, each to be hidden by itself. Calendars of others are older than this list and
/// have a word of their own in the address ([`Sieve::own`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// The holidays of the organisation's working hours.
    Holidays,
    /// What was noted on days, by what it is.
    Mark(MarkKind),
    /// A change of the clocks.
    Clocks,
}

impl Layer {
    /// Every one, in the order in which they are offered and in which an address names them.
    pub const ALL: [Layer; 7] = [
        Layer::Holidays,
        Layer::Mark(MarkKind::Note),
        Layer::Mark(MarkKind::Feast),
        Layer::Mark(MarkKind::Session),
        Layer::Mark(MarkKind::Election),
        Layer::Mark(MarkKind::Mourning),
        Layer::Clocks,
    ];

    /// As the address calls it: a word that needs no escaping there.
    pub const fn name(self) -> &'static str {
        match self {
            Layer::Holidays => "holiday",
            Layer::Mark(kind) => kind.as_str(),
            Layer::Clocks => "clocks",
        }
    }
}

/// The address calls it so where only what waits for whoever looks is shown.
const MINE: &str = "mine";
/// And so where calendars of others are left out.
const OWN: &str = "own";
/// And so the words.
const TEXT: &str = "text";
/// And so what is hidden of what stands on the days.
const HIDDEN: &str = "hidden";
/// Between two of those: an address leaves it as it is.
const AND: &str = ".";

/// What is wanted of each facet, and what is hidden; everything is shown where nothing is said.
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
    /// What else of the days is hidden, in the order of [`Layer::ALL`]: the same is always the same address.
    pub hidden: Vec<Layer>,
}

impl Sieve {
    /// As the address says.
    pub fn of(query: &ParamsMap) -> Self {
        Self::read(|name| query.get(name))
    }

    /// As is given under each name. A layer that is not known here hides nothing.
    fn read(given: impl Fn(&str) -> Option<String>) -> Self {
        let given = |name: &str| given(name).filter(|value| !value.is_empty());
        let wanted = Facet::ALL.into_iter().filter_map(|facet| Some((facet, given(facet.name())?)));
        let (text, mine, own) = (given(TEXT).unwrap_or_default(), given(MINE).is_some(), given(OWN).is_some());
        let hidden = given(HIDDEN).unwrap_or_default();
        let hides = |layer: &Layer| hidden.split(AND).any(|name| name == layer.name());
        let hidden = Layer::ALL.into_iter().filter(hides).collect();
        Self { wanted: wanted.collect(), text, mine, own, hidden }
    }

    /// As the address says it: `&network=x&…`.
    pub fn in_address(&self) -> String {
        let wanted = self.wanted.iter().map(|(facet, value)| (facet.name(), value.as_str()));
        let text = (!self.text.is_empty()).then_some((TEXT, self.text.as_str()));
        let mine = self.mine.then_some((MINE, "1"));
        let own = self.own.then_some((OWN, "1"));
        let hidden = self.hidden.iter().map(|layer| layer.name()).collect::<Vec<_>>().join(AND);
        let hidden = (!hidden.is_empty()).then_some((HIDDEN, hidden.as_str()));
        wanted
            .chain(text)
            .chain(mine)
            .chain(own)
            .chain(hidden)
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

    /// Whether a layer is hidden.
    pub fn hides(&self, layer: Layer) -> bool {
        self.hidden.contains(&layer)
    }

    /// The same with a layer shown or hidden.
    pub fn showing(self, layer: Layer, shown: bool) -> Self {
        let hides = |other: &Layer| if *other == layer { !shown } else { self.hides(*other) };
        let hidden = Layer::ALL.into_iter().filter(hides).collect();
        Self { hidden, ..self }
    }

    /// How many wishes there are.
    pub fn count(&self) -> usize {
        self.wanted.len() + usize::from(self.mine) + usize::from(self.own) + self.hidden.len()
    }

    /// What is seen of what stands on the days. Nothing is decided by it: what a day forbids or warns of is asked of all.
    pub fn see(&self, marks: &mut Marks) {
        if self.hides(Layer::Holidays) {
            marks.holidays.clear();
        }
        marks.marks.retain(|mark| !self.hides(Layer::Mark(mark.kind)));
        if self.own {
            marks.others.clear();
        }
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
    // Identities and our own words stand as they are.
    if text.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c)) {
        return text.to_owned();
    }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::{MarkId, mark::Mark};
    use wire::calendar::Others;

    use super::*;

    /// As the address says it.
    fn read(address: &str) -> Sieve {
        let pairs: Vec<_> = address.split('&').filter_map(|pair| pair.split_once('=')).collect();
        Sieve::read(|name| pairs.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn what_is_hidden_comes_back_from_the_address() {
        let all = Layer::ALL.into_iter().fold(Sieve { own: true, ..Sieve::default() }, |sieve, layer| {
            let one = Sieve::default().showing(layer, false);
            assert_eq!((one.in_address(), one.count()), (format!("&hidden={}", layer.name()), 1));
            assert_eq!(read(&one.in_address()), one);
            assert!(Layer::ALL.into_iter().all(|other| one.hides(other) == (other == layer)), "{layer:?}");
            sieve.showing(layer, false)
        });
        assert_eq!(all.in_address(), "&own=1&hidden=holiday.note.feast.session.election.mourning.clocks");
        assert_eq!((read(&all.in_address()), all.count()), (all.clone(), 8));
        let shown = Layer::ALL.into_iter().fold(all, |sieve, layer| sieve.showing(layer, true));
        assert_eq!(shown.in_address(), "&own=1");
        let beside = Sieve { mine: true, text: "feria".to_owned(), ..Sieve::default() }
            .with(Facet::Network, "x".to_owned())
            .showing(Layer::Clocks, false);
        assert_eq!(beside.in_address(), "&network=x&text=feria&mine=1&hidden=clocks");
        assert_eq!(read(&beside.in_address()), beside);
    }

    #[test]
    fn the_same_is_hidden_in_whatever_order_it_was_ticked() {
        let (note, mourning) = (Layer::Mark(MarkKind::Note), Layer::Mark(MarkKind::Mourning));
        let one = Sieve::default().showing(mourning, false).showing(note, false).showing(note, false);
        assert_eq!(one, Sieve::default().showing(note, false).showing(mourning, false));
        assert_eq!(read("&hidden=mourning.note.mourning"), one);
    }

    #[test]
    fn addresses_and_views_from_before_hide_nothing_and_neither_does_what_is_not_known() {
        for old in ["", "&network=x", "&network=x&mine=1&own=1", "&hidden=", "&hidden=weather", "&hidden=1"] {
            let sieve = read(old);
            assert!(Layer::ALL.into_iter().all(|layer| !sieve.hides(layer)), "{old}");
        }
        let old = "&network=x&mine=1&own=1";
        assert_eq!(read(old).in_address(), old, "and a kept view is known again");
    }

    #[test]
    fn only_what_is_hidden_is_not_seen() {
        let day: chrono::NaiveDate = "2026-06-03".parse().unwrap();
        let mark = |kind: MarkKind| Mark {
            id: MarkId::from_bits(1),
            version: 1,
            kind,
            text: kind.as_str().to_owned(),
            first: day,
            last: day,
        };
        let all = Marks {
            marks: MarkKind::ALL.map(mark).to_vec(),
            holidays: BTreeSet::from([day]),
            others: vec![Others { name: "Colegio".to_owned(), as_of: None, happenings: Vec::new() }],
        };
        let seen = |sieve: &Sieve| {
            let mut marks = all.clone();
            sieve.see(&mut marks);
            marks
        };
        assert_eq!(seen(&Sieve::default()), all);
        for layer in Layer::ALL {
            let left = seen(&Sieve::default().showing(layer, false));
            let kinds: Vec<_> = left.marks.iter().map(|mark| Layer::Mark(mark.kind)).collect();
            let wanted: Vec<_> = MarkKind::ALL.map(Layer::Mark).into_iter().filter(|of| *of != layer).collect();
            assert_eq!(kinds, wanted, "{layer:?}");
            assert_eq!((left.holidays.is_empty(), left.others.len()), (layer == Layer::Holidays, 1), "{layer:?}");
        }
        let own = seen(&Sieve { own: true, ..Sieve::default() });
        assert_eq!(own, Marks { others: Vec::new(), ..all.clone() });
    }
}

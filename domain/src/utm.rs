//! Marks in links (`utm_source` and its like): by them the organisation's own websites know on which network a link was followed, and
//! of which campaign it was. Separate from the text: nobody types them, whoever agrees agrees to them, and the previews, the
//! counters and the adapters all have them from here.
//!
//! They say nothing of who reads: on a network everybody is given the same link.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    Network, Refusal,
    organisation::folded,
    text::{SpanKind, spans},
};

/// The most websites of an organisation: they are walked for each link, at each key.
pub const MOST: usize = 20;

/// The longest host and the longest part of one, in bytes (RFC 1035, 2.3.4).
const HOST: usize = 253;
const LABEL: usize = 63;

/// The longest campaign in a link, in bytes: what is longer is read by nobody, and every network counts it.
const TAG: usize = 50;

/// A website by its host. It stands for its subdomains too.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Host(String);

impl Host {
    /// What somebody typed, be it an address there; `None` if it is no host.
    pub fn typed(text: &str) -> Option<Self> {
        let text = text.trim();
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        host.trim_end_matches('.').to_lowercase().try_into().ok()
    }

    /// The host.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the host of a link is this one, or below it.
    fn covers(&self, host: &str) -> bool {
        let (host, own) = (host.trim_end_matches('.').as_bytes(), self.0.as_bytes());
        host.len().checked_sub(own.len()).is_some_and(|length| {
            let (below, tail) = host.split_at(length);
            tail.eq_ignore_ascii_case(own) && (below.is_empty() || below.ends_with(b"."))
        })
    }
}

impl TryFrom<String> for Host {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let sign = |c: char| c == '-' || (c.is_alphanumeric() && !c.is_ascii_uppercase());
        let label = |label: &str| {
            (1..=LABEL).contains(&label.len())
                && label.chars().all(sign)
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        // A number alone is an address of a machine and no website of anybody's.
        let last = text.rsplit('.').next().unwrap_or_default();
        let fits = text.len() <= HOST && text.contains('.') && last.contains(char::is_alphabetic);
        if fits && text.split('.').all(label) { Ok(Self(text)) } else { Err("host") }
    }
}

impl From<Host> for String {
    fn from(host: Host) -> Self {
        host.0
    }
}

/// A campaign as it stands in a link: lower-case letters, digits and inner hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Tag(String);

impl Tag {
    /// Of a campaign's name ("Agua limpia, 2026" → `agua-limpia-2026`); `None` where nothing of it can be written so.
    pub fn of(name: &str) -> Option<Self> {
        let mut tag = folded(name);
        tag.truncate(TAG);
        Self::read(tag.trim_matches('-'))
    }

    fn read(text: &str) -> Option<Self> {
        let signs = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let fits = signs && (1..=TAG).contains(&text.len()) && !text.starts_with('-') && !text.ends_with('-');
        fits.then(|| Self(text.to_owned()))
    }

    /// As it stands in the link.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the organisation has decided: which websites are its own, and whether a new content marks the links to them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sites {
    /// Its websites; without any, no link is ever marked.
    pub hosts: Vec<Host>,
    /// Whether a new content marks them, unless whoever writes it says otherwise.
    pub usual: bool,
}

impl Sites {
    /// Takes what somebody decides.
    ///
    /// # Errors
    /// `TooLarge`, `Doubled`.
    pub fn parse(self) -> Result<Self, Refusal> {
        let (limit, length) = (MOST as u64, self.hosts.len() as u64);
        if length > limit {
            return Err(Refusal::TooLarge { field: "hosts".to_owned(), limit, length });
        }
        if self.hosts.iter().enumerate().any(|(place, host)| self.hosts[..place].contains(host)) {
            return Err(Refusal::Doubled { field: "hosts".to_owned() });
        }
        Ok(self)
    }

    /// How links are marked where that is decided now, of a campaign or of none; `None` where there is no website.
    pub fn marks(&self, campaign: Option<Tag>) -> Option<Utm> {
        (!self.hosts.is_empty()).then(|| Utm { hosts: self.hosts.clone(), campaign })
    }

    /// How the links of a new content are marked until somebody says otherwise.
    pub fn begun(&self, campaign: Option<Tag>) -> Option<Utm> {
        self.marks(campaign).filter(|_| self.usual)
    }

    /// Whether a content may mark links so: those to these websites, or to those to which it did before. Nobody has the
    /// organisation mark what is not its own.
    ///
    /// # Errors
    /// `OtherSites`.
    pub fn admit(&self, before: Option<&Utm>, wanted: Option<&Utm>) -> Result<(), Refusal> {
        let Some(wanted) = wanted else { return Ok(()) };
        let stood = before.is_some_and(|before| before.hosts == wanted.hosts);
        if stood || wanted.hosts.iter().all(|host| self.hosts.contains(host)) {
            Ok(())
        } else {
            Err(Refusal::OtherSites)
        }
    }

    /// What of an earlier way to mark links [`Sites::admit`] lets stand now in place of `before`, and to which websites it marks no
    /// more: the organisation has given them up.
    pub fn part(&self, before: Option<&Utm>, earlier: &Utm) -> (Option<Utm>, Vec<Host>) {
        if self.admit(before, Some(earlier)).is_ok() {
            return (Some(earlier.clone()), Vec::new());
        }
        let (hosts, gone): (Vec<Host>, Vec<Host>) =
            earlier.hosts.iter().cloned().partition(|host| self.hosts.contains(host));
        let campaign = earlier.campaign.clone();
        ((!hosts.is_empty()).then_some(Utm { hosts, campaign }), gone)
    }
}

/// How the links of a content are marked: to which websites, and of which campaign. Written as a text (`villar.example#agua`), as
/// [`crate::Showing`] is: the approver's page reads texts anyway.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Utm {
    hosts: Vec<Host>,
    campaign: Option<Tag>,
}

impl TryFrom<String> for Utm {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (hosts, campaign) = match text.split_once('#') {
            Some((hosts, campaign)) => (hosts, Some(Tag::read(campaign).ok_or("utm")?)),
            None => (&*text, None),
        };
        let hosts = hosts.split(',').map(|host| host.to_owned().try_into()).collect::<Result<Vec<Host>, _>>()?;
        let doubled = hosts.iter().enumerate().any(|(place, host)| hosts[..place].contains(host));
        if doubled || hosts.len() > MOST { Err("utm") } else { Ok(Self { hosts, campaign }) }
    }
}

impl From<Utm> for String {
    fn from(utm: Utm) -> Self {
        let mut text = utm.hosts.iter().map(Host::as_str).collect::<Vec<_>>().join(",");
        if let Some(Tag(tag)) = &utm.campaign {
            text.push('#');
            text.push_str(tag);
        }
        text
    }
}

/// What a network is called in a link. `None` where links stay as they are: whoever reads the noticeboard or the website is with the
/// organisation already, and an address on a screen or on paper is typed by hand, where every letter more is one too many.
pub const fn source(network: Network) -> Option<&'static str> {
    match network {
        Network::Noticeboard | Network::Website | Network::Screen | Network::Paper => None,
        Network::Bluesky => Some("bluesky"),
        Network::Mastodon => Some("mastodon"),
        Network::Telegram => Some("telegram"),
        Network::Facebook => Some("facebook"),
        Network::X => Some("x"),
        Network::Instagram => Some("instagram"),
        Network::Threads => Some("threads"),
        Network::Linkedin => Some("linkedin"),
        Network::Tumblr => Some("tumblr"),
        Network::Youtube => Some("youtube"),
        Network::Tiktok => Some("tiktok"),
        Network::Whatsapp => Some("whatsapp"),
        Network::Nextdoor => Some("nextdoor"),
        Network::Parler => Some("parler"),
        Network::Other => Some("other"),
    }
}

impl Utm {
    /// The websites.
    pub fn hosts(&self) -> &[Host] {
        &self.hosts
    }

    /// The campaign.
    pub const fn campaign(&self) -> Option<&Tag> {
        self.campaign.as_ref()
    }

    /// The same of another campaign, or of none.
    #[must_use]
    pub fn of_campaign(self, campaign: Option<Tag>) -> Self {
        Self { campaign, ..self }
    }

    /// What is put into a link on a network of this name.
    pub fn parameters(&self, source: &str) -> String {
        let mut all = ["utm_source=", source, "&utm_medium=social"].concat();
        if let Some(Tag(tag)) = &self.campaign {
            all.push_str("&utm_campaign=");
            all.push_str(tag);
        }
        all
    }

    /// The byte of an address at which something is put in, and what; `None` if it stays as it is: it does not lead to one of the
    /// websites, or somebody has marked it already. Nothing that stands there is touched.
    fn insertion(&self, link: &str, source: &str) -> Option<(usize, String)> {
        let (scheme, rest) = link.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.split(':').next().unwrap_or_default();
        let is_web = ["https", "http"].into_iter().any(|one| scheme.eq_ignore_ascii_case(one));
        if !is_web || authority.contains('@') || !self.hosts.iter().any(|one| one.covers(host)) {
            return None;
        }
        let end = link.find('#').unwrap_or(link.len());
        let (address, fragment) = link.split_at(end);
        let query = address.split_once('?').map(|(_, query)| query);
        let is_mark = |name: &str| name.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("utm_"));
        // Some are read behind the number sign too.
        let mut names =
            [query.unwrap_or_default(), fragment].into_iter().flat_map(|part| part.split(['?', '&', ';', '#']));
        if names.any(is_mark) {
            return None;
        }
        let sign = match query {
            None => "?",
            Some(query) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        Some((end, [sign, &self.parameters(source)].concat()))
    }

    /// The same of every link in a text, in order.
    fn insertions(&self, text: &str, network: Network) -> Vec<(usize, String)> {
        let Some(source) = source(network) else { return Vec::new() };
        let links = spans(text).into_iter().filter(|span| span.kind == SpanKind::Link);
        let marked = links.filter_map(|span| {
            let (at, marks) = self.insertion(span.of(text), source)?;
            Some((span.start + at, marks))
        });
        marked.collect()
    }

    /// An address as it goes out on a network.
    pub fn link<'a>(&self, link: &'a str, network: Network) -> Cow<'a, str> {
        match source(network).and_then(|source| self.insertion(link, source)) {
            Some((at, marks)) => Cow::Owned([&link[..at], &marks, &link[at..]].concat()),
            None => Cow::Borrowed(link),
        }
    }

    /// A text as it goes out on a network.
    pub fn text<'a>(&self, text: &'a str, network: Network) -> Cow<'a, str> {
        let insertions = self.insertions(text, network);
        if insertions.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut marked =
            String::with_capacity(text.len() + insertions.iter().map(|(_, marks)| marks.len()).sum::<usize>());
        let mut done = 0;
        for (at, marks) in insertions {
            marked.push_str(&text[done..at]);
            marked.push_str(&marks);
            done = at;
        }
        marked.push_str(&text[done..]);
        Cow::Owned(marked)
    }

    /// The byte of a text that stands at a byte of what becomes of it on a network; of a mark, the one before which it stands. Beyond
    /// its end it is as far beyond.
    pub(crate) fn before(&self, text: &str, network: Network, byte: usize) -> usize {
        let mut more = 0;
        for (at, marks) in self.insertions(text, network) {
            if byte <= at + more {
                break;
            }
            if byte < at + more + marks.len() {
                return at;
            }
            more += marks.len();
        }
        byte - more
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{ChannelId, Content, Language, Target, policy::draft::bench, record::canonical};

    fn utm(text: &str) -> Utm {
        Utm::try_from(text.to_owned()).unwrap()
    }

    fn host(text: &str) -> Host {
        Host::typed(text).unwrap()
    }

    const X: &str = "utm_source=x&utm_medium=social&utm_campaign=agua";

    #[test]
    fn a_link_to_an_own_website_says_on_which_network_it_was_followed() {
        let own = utm("villar.example#agua");
        for (link, marked) in [
            ("https://villar.example", format!("https://villar.example?{X}")),
            ("HTTP://Sede.VILLAR.example:8080/a/", format!("HTTP://Sede.VILLAR.example:8080/a/?{X}")),
            ("https://villar.example/a?b=%C3%B1&c=ñ;d", format!("https://villar.example/a?b=%C3%B1&c=ñ;d&{X}")),
            ("https://villar.example/a?b&#c?d", format!("https://villar.example/a?b&{X}#c?d")),
            ("https://villar.example./?#/pleno", format!("https://villar.example./?{X}#/pleno")),
        ] {
            assert_eq!(own.link(link, Network::X), marked);
        }
        assert_eq!(utm("villar.example").link("https://villar.example", Network::Mastodon).len(), 22 + 38);
    }

    #[test]
    fn what_is_not_ours_or_is_marked_already_stays_as_it_is() {
        let own = utm("villar.example#agua");
        for link in [
            "https://example",
            "https://xvillar.example/",
            "https://villar.example.otra.example/",
            "https://otra.example/?to=https://villar.example/",
            "https://otra.example/#villar.example",
            "https://villar.example@otra.example/",
            "https://alguien@villar.example/",
            "ftp://villar.example/",
            "villar.example",
            "https://villar.example/a?UTM_Source=boletin",
            "https://villar.example/a?b=c&utm_campaign=otra#d",
            "https://villar.example/a#utm_source=boletin",
        ] {
            assert_eq!(own.link(link, Network::X), link);
        }
        assert_ne!(own.link("https://villar.example/?futm_a=1", Network::X), "https://villar.example/?futm_a=1");
    }

    #[test]
    fn where_the_town_is_read_already_or_an_address_is_typed_nothing_is_marked_and_elsewhere_each_has_its_name() {
        let (own, link) = (utm("villar.example"), "https://villar.example/a");
        let mut names = std::collections::BTreeSet::new();
        for network in Network::ALL {
            let bare = matches!(network, Network::Noticeboard | Network::Website) || !network.is_online();
            assert_eq!(own.link(link, network) == link, bare, "{network:?}");
            assert_eq!(own.text(link, network), own.link(link, network));
            // As the network is called everywhere else.
            let name = source(network).map(serde_json::Value::from);
            assert_eq!(name, (!bare).then(|| serde_json::to_value(network).unwrap()));
            assert!(names.insert(source(network)) || bare, "{network:?}");
        }
    }

    #[test]
    fn the_marks_stand_in_the_link_and_not_in_the_sentence() {
        let said = utm("villar.example#agua").text(
            "Bases (https://villar.example/Pleno_(2026)). ¿Más? «https://villar.example», https://otra.example… \
             Ver https://sede.villar.example/a?b=1.",
            Network::X,
        );
        assert_eq!(
            said,
            format!(
                "Bases (https://villar.example/Pleno_(2026)?{X}). ¿Más? «https://villar.example?{X}», \
                 https://otra.example… Ver https://sede.villar.example/a?b=1&{X}."
            )
        );
    }

    #[test]
    fn a_byte_of_what_goes_out_is_found_in_what_was_written() {
        let (own, text) = (utm("villar.example"), "Ñ https://villar.example/a y https://villar.example/b.");
        let marked = own.text(text, Network::X);
        let before = |byte| own.before(text, Network::X, byte);
        let (first, second) = (text.find(" y").unwrap(), text.find("/b").unwrap() + 2);
        let more = (marked.len() - text.len()) / 2;
        assert_eq!(
            [0, first, first + 1, first + more, first + more + 1].map(before),
            [0, first, first, first, first + 1]
        );
        assert_eq!([second + more, second + 2 * more].map(before), [second, second]);
        assert_eq!((before(marked.len()), before(marked.len() + 7)), (text.len(), text.len() + 7));
        assert_eq!(own.before(text, Network::Noticeboard, 5), 5);
    }

    #[test]
    fn without_marks_nothing_is_named_anew_and_with_them_they_are_agreed_to() {
        let bare = bench::notice();
        assert!(!canonical(&bare).contains("utm"));
        let whole = bare.rendition(&bench::bluesky(), &Language::spanish()).unwrap();
        assert!(!canonical(&whole).contains("utm"));
        assert_eq!(serde_json::from_str::<Content>(&canonical(&bare)).unwrap().hash(), bare.hash());
        let with = |text: &str| Content { utm: Some(utm(text)), ..bare.clone() };
        let all = [with("a.es"), with("a.es#agua"), with("a.es#luz"), with("a.es,b.es"), with("b.es,a.es")];
        let hashes: std::collections::BTreeSet<_> = all.iter().chain([&bare]).map(Content::hash).collect();
        assert_eq!(hashes.len(), 6);
        for content in all {
            assert_eq!(serde_json::from_str::<Content>(&canonical(&content)).unwrap(), content);
            assert_eq!(content.clone().parse().as_ref(), Ok(&content));
            assert!(!bare.changes_only_words(&content) && !bare.changes_only_pictures(&content));
        }
    }

    #[test]
    fn it_is_written_in_one_way() {
        for text in ["villar.example", "villar.example#agua", "a.es,sede.b.es#agua-limpia-2026", "peñíscola.es"] {
            assert_eq!(String::from(utm(text)), text);
        }
        for text in
            ["", "#agua", "a.es#", "a.es#Agua", "a.es#-a", "a.es,", "a.es,a.es", "A.es", "es", "a.es#b#c", "a.es b.es"]
        {
            assert!(Utm::try_from(text.to_owned()).is_err(), "{text}");
        }
        let many = |count: usize| (0..count).map(|n| format!("a{n}.es")).collect::<Vec<_>>().join(",");
        assert!(Utm::try_from(many(MOST)).is_ok() && Utm::try_from(many(MOST + 1)).is_err());
    }

    #[test]
    fn a_website_is_typed_as_people_have_it_at_hand() {
        for (typed, meant) in [
            (" https://Sede.Villar.example/agenda?a#b ", Some("sede.villar.example")),
            ("villar.example.", Some("villar.example")),
            ("Peñíscola.es", Some("peñíscola.es")),
            ("villar", None),
            ("villar.example:8080", None),
            ("quien@villar.example", None),
            ("10.0.0.1", None),
            ("-a.es", None),
            ("a..es", None),
            ("a b.es", None),
            ("", None),
        ] {
            assert_eq!(Host::typed(typed).as_ref().map(Host::as_str), meant, "{typed}");
        }
    }

    #[test]
    fn a_campaign_is_written_without_what_a_link_cannot_have() {
        let tag = |name: &str| Tag::of(name).map(|tag| tag.as_str().to_owned());
        assert_eq!(tag("¡Agua limpia!, Año 2026").as_deref(), Some("agua-limpia-ano-2026"));
        assert_eq!((tag("日本"), tag(" — ")), (None, None));
        assert_eq!(tag(&"a ".repeat(60)).map(|tag| tag.len()), Some(49), "no hyphen at its end");
    }

    #[test]
    fn nobody_has_the_organisation_mark_what_is_not_its_own() {
        let sites = |all: &[&str]| Sites { hosts: all.iter().map(|one| host(one)).collect(), usual: true };
        let own = sites(&["villar.example", "turismo.example"]);
        let (one, both, foreign) =
            (utm("turismo.example#a"), utm("villar.example,turismo.example"), utm("otra.example"));
        assert_eq!([None, Some(&one), Some(&both)].map(|wanted| own.admit(None, wanted)), [Ok(()), Ok(()), Ok(())]);
        assert_eq!(own.admit(Some(&both), Some(&foreign)), Err(Refusal::OtherSites));
        assert_eq!(own.admit(Some(&foreign), Some(&utm("otra.example#agua"))), Ok(()), "it stood there before");
        assert_eq!(sites(&[]).admit(None, Some(&one)), Err(Refusal::OtherSites));
        assert_eq!(
            (sites(&[]).marks(None), own.marks(Tag::of("Agua")).map(String::from)),
            (None, Some("villar.example,turismo.example#agua".to_owned()),)
        );
        assert_eq!(Sites { usual: false, ..own.clone() }.begun(None), None);
        assert_eq!(sites(&["a.es", "a.es"]).parse(), Err(Refusal::Doubled { field: "hosts".to_owned() }));
        let many: Vec<String> = (0..=MOST).map(|n| format!("a{n}.es")).collect();
        let many = sites(&many.iter().map(String::as_str).collect::<Vec<_>>());
        let (limit, length) = (MOST as u64, MOST as u64 + 1);
        assert_eq!(many.parse(), Err(Refusal::TooLarge { field: "hosts".to_owned(), limit, length }));
        assert_eq!(own.clone().parse(), Ok(own));
    }

    #[test]
    fn each_network_is_given_its_own_and_each_part_of_a_thread_has_it() {
        let mut content = bench::notice();
        content.utm = Some(utm("villar.example#agua"));
        content.link = Some("https://villar.example/agua/".to_owned());
        content.comments.insert(Language::spanish(), "Más: https://villar.example/c".to_owned());
        bench::say(&mut content, "es", "Uno: https://villar.example/a\n---\nDos: https://villar.example/b");
        let whole = content.rendition(&bench::bluesky(), &Language::spanish()).unwrap();
        let marks = |name: &str| format!("?utm_source={name}&utm_medium=social&utm_campaign=agua");
        let parts = whole.parts(Network::Bluesky);
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        let here = marks("bluesky");
        assert_eq!(
            texts,
            [format!("Uno: https://villar.example/a{here}"), format!("Dos: https://villar.example/b{here}")]
        );
        assert_eq!(parts[0].link, Some(format!("https://villar.example/agua/{here}")), "the card's too");
        let one = whole.parts(Network::Telegram);
        assert_eq!(one[0].as_sent(Network::Telegram).matches(&marks("telegram")).count(), 3);
        let comment = whole.first_comment(Network::Facebook).map(|comment| comment.text);
        assert_eq!(comment, Some(format!("Más: https://villar.example/c{}", marks("facebook"))));
        for network in [Network::Noticeboard, Network::Website] {
            let plain = whole.parts(network);
            assert!(!plain[0].text.contains("utm_"), "{network:?}");
            assert_eq!(plain[0].link, content.link, "{network:?}");
        }
        // What is given to an adapter has nothing left to do.
        assert!(parts.iter().all(|part| part.utm.is_none() && part.parts(Network::Bluesky) == [part.clone()]));
    }

    #[test]
    fn an_address_that_stands_in_the_text_is_not_put_behind_it_again() {
        for text in ["Ver https://villar.example/a/", "Ver https://villar.example/a", "Ver https://villar.example/a."] {
            for link in ["https://villar.example/a", "https://villar.example/a/"] {
                let mut content = bench::notice();
                content.utm = Some(utm("villar.example"));
                content.link = Some(link.to_owned());
                bench::say(&mut content, "es", text);
                let whole = content.rendition(&bench::mastodon(), &Language::spanish()).unwrap();
                let sent = whole.parts(Network::Mastodon)[0].as_sent(Network::Mastodon);
                assert_eq!(sent.matches("https://").count(), 1, "{sent}");
            }
        }
    }

    #[test]
    fn the_channel_that_a_person_publishes_on_is_given_them_too() {
        let target = Target::new(ChannelId::from_bits(4), vec![Language::spanish()]);
        let content = Content { utm: Some(utm("villar.example")), targets: vec![target], ..bench::notice() };
        let content = Content { link: Some("https://villar.example".to_owned()), ..content };
        let whole = content.rendition(&bench::whatsapp(), &Language::spanish()).unwrap();
        let sent = whole.parts(Network::Whatsapp)[0].as_sent(Network::Whatsapp);
        assert!(sent.ends_with("https://villar.example?utm_source=whatsapp&utm_medium=social"), "{sent}");
    }

    /// An address, and whether it leads to one of ours.
    fn address() -> impl Strategy<Value = (String, bool)> {
        let host = prop::sample::select(vec![
            ("villar.example", true),
            ("www.Villar.example", true),
            ("a.b.villar.example:8080", true),
            ("xvillar.example", false),
            ("villar.example.otra.es", false),
            ("otra.es", false),
        ]);
        let tail = "(/[a-zñ%0-9_()é]{0,5}){0,3}(\\?[a-z0-9=%;ñ]{1,6}(&[a-z]{1,3}){0,2})?(#[a-z/?ñ]{0,5})?";
        ("https?://", host, tail).prop_map(|(scheme, (host, own), tail)| ([&*scheme, host, &*tail].concat(), own))
    }

    proptest! {
        #[test]
        fn without_our_parameters_a_marked_link_is_the_one_that_was_written((link, own) in address(), network in 0..Network::ALL.len()) {
            let (utm, network) = (utm("villar.example#agua"), Network::ALL[network]);
            let marked = utm.link(&link, network);
            prop_assert_eq!(&*utm.link(&marked, network), &*marked, "marking twice is marking once");
            match source(network).filter(|_| own) {
                None => {
                    prop_assert_eq!(&*marked, &*link);
                }
                Some(name) => {
                    let (head, tail) = marked.split_once(&utm.parameters(name)).unwrap();
                    let sign = if link.split('#').next().unwrap().contains('?') { '&' } else { '?' };
                    prop_assert_eq!(&[head.strip_suffix(sign).unwrap(), tail].concat(), &link);
                }
            }
        }

        #[test]
        fn a_text_that_is_marked_twice_is_marked_once_and_says_the_same(
            pieces in prop::collection::vec((address(), "[ .,)»…\n]{0,3}( |\n|» )(\\PC{0,8} )?[(«¿]?"), 0..6),
        ) {
            let (utm, mut text, mut own) = (utm("villar.example"), "🎉 ".to_owned(), 0);
            for ((link, is_own), between) in pieces {
                own += usize::from(is_own);
                text.push_str(&link);
                text.push_str(&between);
            }
            let marked = utm.text(&text, Network::Mastodon).into_owned();
            prop_assert_eq!(&*utm.text(&marked, Network::Mastodon), &*marked);
            let marks = utm.parameters("mastodon");
            prop_assert!(marked.matches(&*marks).count() >= own, "{}", marked);
            let unsigned = |text: String, sign| text.replace(&[sign, &*marks].concat(), "");
            let bare = ["?", "&"].into_iter().fold(marked.clone(), unsigned);
            prop_assert_eq!(&bare, &text);
            // Every byte of it is found again, in order.
            let mut last = 0;
            for byte in 0..=marked.len() {
                let before = utm.before(&text, Network::Mastodon, byte);
                prop_assert!(before == last || before == last + 1, "{} at {}", before, byte);
                last = before;
            }
            prop_assert_eq!(last, text.len());
        }
    }
}

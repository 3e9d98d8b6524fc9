//! Two posts that get in each other's way: on one channel within half an hour, saying the same there within two days, or on one topic
//! by two people on one day. Separate from `policy`, which judges one post by itself: this is of no content, and it stops nothing. Who
//! plans sees it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ChannelId, Content, Language, Millis, Moment, UnitId, matter::fold, plan::APART};

/// How two posts get in each other's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    /// Something else goes out on the same channel within [`APART`].
    Near,
    /// Another of the same heading goes out on the same channel within [`SAME`].
    Again,
    /// Another of another heading says the same on the same channel within [`SAME`].
    Same,
    /// Somebody else speaks of the same within [`TOPIC`], on whatever channel.
    Topic,
}

/// Who reads the same twice in two days thinks it a mistake; a weekly market is another matter.
pub const SAME: Millis = Millis::days(2);
/// Two units that speak of one thing on one day should know of each other; on two days it is a campaign. Less than [`SAME`], or
/// [`reach`] would not reach.
pub const TOPIC: Millis = Millis::days(1);

/// Fewer different words say nothing by themselves: "Buenos días", "Ya a la venta", "La foto del día".
const FEW: usize = 6;

/// So many characters of a text are compared, by whoever compares it: one that is cut before it is read (a query does) says the same as
/// the whole one. What is the same for so long is the same, and a calendar is reckoned while somebody waits.
pub const COMPARED: usize = 4_000;

/// What a text says, in so many bits that two texts of a calendar are not taken for each other by chance: the set of its words,
/// without case, accents, signs and order, without the marks of its links and the hashtags at its end. One word more or less is
/// another text: it may be the street, or the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Gist(u32);

impl Gist {
    /// Of a text; `None` where it is too short to say the same as another.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.char_indices().nth(COMPARED).map_or(text, |(end, _)| &text[..end]);
        let is_gap = |c: char| !c.is_alphanumeric() && !('\u{300}'..='\u{36F}').contains(&c);
        let (mut words, mut word) = (Vec::new(), String::new());
        for piece in body(text).split_whitespace() {
            let link = piece.split_once("://").map(|(_, address)| address);
            let parts = link.unwrap_or(piece).split(|c: char| link.is_some() && matches!(c, '?' | '&' | '#' | ';'));
            for bare in parts.filter(|part| link.is_none() || !is_mark(part)).flat_map(|part| part.split(is_gap)) {
                word.clear();
                bare.chars().for_each(|c| fold(c, &mut word));
                if !word.is_empty() {
                    words.push(hash(BASIS, word.as_bytes()));
                }
            }
        }
        words.sort_unstable();
        words.dedup();
        let all = words.iter().fold(BASIS, |so_far, word| hash(so_far, &word.to_be_bytes()));
        (words.len() >= FEW).then_some(Self((all ^ (all >> 32)) as u32))
    }
}

/// FNV-1a: nobody gains by two texts that are taken for one, so it need not hold against anybody.
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

fn hash(so_far: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(so_far, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

/// A text without the hashtags, and the signs, at its end.
fn body(text: &str) -> &str {
    let mut body = text.trim_end();
    while let Some(gap) = body.rfind(char::is_whitespace) {
        let last = body[gap..].trim_start();
        if !last.starts_with('#') && last.contains(char::is_alphanumeric) {
            break;
        }
        body = body[..gap].trim_end();
    }
    body
}

/// Whether a part of an address says only by which way somebody came.
fn is_mark(part: &str) -> bool {
    let name = part.split('=').next().unwrap_or_default();
    let is_utm = name.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("utm_"));
    is_utm || ["fbclid", "gclid"].into_iter().any(|one| name.eq_ignore_ascii_case(one))
}

/// The words of a post, as far as they are compared.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Words {
    /// The texts.
    pub texts: BTreeMap<Language, String>,
    /// What somebody wrote for one channel.
    pub versions: Vec<(ChannelId, Language, String)>,
}

/// What a post says, wherever it goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    texts: Vec<(Language, Option<Gist>)>,
    versions: Vec<(ChannelId, Language, Option<Gist>)>,
}

impl Said {
    /// What it says on a channel in a language.
    pub fn on(&self, channel: &ChannelId, language: &Language) -> Option<Gist> {
        let own = self.versions.iter().find(|(on, tongue, _)| on == channel && tongue == language);
        match own {
            Some((.., says)) => *says,
            None => self.texts.iter().find(|(tongue, _)| tongue == language).and_then(|(_, says)| *says),
        }
    }
}

impl From<&Words> for Said {
    fn from(words: &Words) -> Self {
        let texts = words.texts.iter().map(|(language, text)| (language.clone(), Gist::of(text)));
        let own = words.versions.iter().map(|(on, language, text)| (on.clone(), language.clone(), Gist::of(text)));
        Self { texts: texts.collect(), versions: own.collect() }
    }
}

impl From<&Content> for Said {
    fn from(content: &Content) -> Self {
        let texts = content.texts.iter().map(|(language, text)| (language.clone(), Gist::of(text)));
        let own = content.versions.iter();
        let own = own.map(|own| (own.channel.clone(), own.language.clone(), Gist::of(&own.text)));
        Self { texts: texts.collect(), versions: own.collect() }
    }
}

/// What a post speaks of, and who speaks.
#[derive(Debug, Clone)]
pub struct About<'a> {
    /// The message that it carries and the campaign that it is of. Not the pillar nor the audience: a town speaks of mobility to
    /// its neighbours every day.
    pub topics: [Option<&'a str>; 2],
    /// Who wrote it.
    pub by: &'a str,
    /// The units they belong to.
    pub units: &'a [UnitId],
}

impl About<'_> {
    /// Whether somebody else speaks of the same: who shares a unit plans together.
    fn meets(&self, other: &Self) -> bool {
        self.by != other.by
            && self.topics.iter().any(|topic| topic.is_some() && other.topics.contains(topic))
            && !self.units.iter().any(|unit| other.units.contains(unit))
    }
}

/// A post as it is planned: when, where, and what it says.
#[derive(Debug, Clone)]
pub struct Planned<'a, C> {
    /// When it goes out.
    pub at: Moment,
    /// On which channels and in which languages, and what it says there: the same in another language is no repetition.
    pub on: Vec<(C, Option<Gist>)>,
    /// What it is called.
    pub heading: &'a str,
    /// The series that it is of: what is made to come again repeats nothing by mistake.
    pub series: Option<&'a str>,
    /// What it speaks of, where that is asked.
    pub about: Option<About<'a>>,
}

impl<C: PartialEq> Planned<'_, C> {
    /// How it gets in the way of another that goes out so much later or earlier: the worst of it.
    fn meets(&self, other: &Self, gap: Millis) -> Option<Clash> {
        let (mut shared, mut same, mut copied) = (false, false, false);
        for (on, says) in &self.on {
            for (there, said) in &other.on {
                let alike = says.is_some() && says == said;
                copied |= alike;
                shared |= on == there;
                same |= alike && on == there;
            }
        }
        let called = !self.heading.is_empty() && self.heading == other.heading;
        let in_turn = self.series.is_some() && self.series == other.series;
        // Elsewhere the same is a copy, made on purpose.
        let about = || self.about.as_ref().zip(other.about.as_ref()).is_some_and(|(one, other)| one.meets(other));
        let ways = [
            (Clash::Again, shared && called && !in_turn && gap < SAME),
            (Clash::Same, same && !in_turn && gap < SAME),
            (Clash::Near, shared && gap < APART),
            (Clash::Topic, gap < TOPIC && !in_turn && !called && !copied && about()),
        ];
        ways.into_iter().find(|(_, so)| *so).map(|(how, _)| how)
    }
}

/// From when until when posts must be known, for those of a span to be told all that they clash with: with the days around
/// it a week tells what its month tells.
pub fn reach((from, until): (Moment, Moment)) -> (Moment, Moment) {
    (from.minus(SAME), until.plus(SAME))
}

/// For each post what it clashes with first, if with any: how, and with which of them. `planned` may be in any order; of
/// two that clash each names the other or one that is worse or nearer to it.
pub fn clashes<C: PartialEq>(planned: &[Planned<'_, C>]) -> Vec<Option<(Clash, usize)>> {
    let mut found: Vec<Option<(Clash, Millis, usize)>> = vec![None; planned.len()];
    // A calendar is in order already, and what is not finds its place: a sort is 3 KB of the first load.
    let mut order = Vec::with_capacity(planned.len());
    for place in 0..planned.len() {
        let at = order.partition_point(|other: &usize| planned[*other].at <= planned[place].at);
        order.insert(at, place);
    }
    // Each with those of the two days before it, some dozens: no table of them is smaller than that, nor could one leave out what a
    // series says in its turn.
    for (seen, place) in order.iter().enumerate() {
        let one = &planned[*place];
        for before in order[..seen].iter().rev() {
            let gap = one.at.since(planned[*before].at);
            if gap >= SAME {
                break;
            }
            if let Some(how) = one.meets(&planned[*before], gap) {
                keep(&mut found[*place], (how, gap, *before));
                keep(&mut found[*before], (how, gap, *place));
            }
        }
    }
    found.into_iter().map(|clash| clash.map(|(how, _, with)| (how, with))).collect()
}

/// The worse counts: what is said twice, then what is near, then what is spoken of by two; of them what is nearer.
fn keep(stands: &mut Option<(Clash, Millis, usize)>, new: (Clash, Millis, usize)) {
    let rank = |(how, gap, _): &(Clash, Millis, usize)| (weight(*how), gap.0);
    if stands.as_ref().is_none_or(|stands| rank(&new) < rank(stands)) {
        *stands = Some(new);
    }
}

const fn weight(how: Clash) -> u8 {
    match how {
        Clash::Again | Clash::Same => 0,
        Clash::Near => 1,
        Clash::Topic => 2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn planned(minute: i64, on: &[u8], heading: &'static str) -> Planned<'static, u8> {
        let on = on.iter().map(|on| (*on, None)).collect();
        Planned { at: Moment(0).plus(Millis::minutes(minute)), on, heading, series: None, about: None }
    }

    /// The same, saying something.
    fn saying(minute: i64, on: &[u8], heading: &'static str, text: &str) -> Planned<'static, u8> {
        let on = on.iter().map(|on| (*on, Gist::of(text))).collect();
        Planned { on, ..planned(minute, &[], heading) }
    }

    const HOUR: i64 = 60;
    const DAY: i64 = 24 * HOUR;
    const WORKS: &str = "El martes 3 se corta la calle Mayor por obras: https://villar.example/obras?id=7";

    #[test]
    fn what_is_near_on_one_channel_clashes_and_elsewhere_does_not() {
        let all = [planned(0, &[1], "a"), planned(29, &[1, 2], "b"), planned(59, &[1], "c"), planned(30, &[3], "d")];
        assert_eq!(clashes(&all), [Some((Clash::Near, 1)), Some((Clash::Near, 0)), None, None]);
        assert_eq!(clashes(&[planned(0, &[1, 1], "a")]), [None]);
    }

    #[test]
    fn the_same_heading_within_two_days_is_said_twice() {
        let day = 24 * 60;
        let all = [
            planned(0, &[1], "Corte de agua"),
            planned(2 * day - 1, &[1], "Corte de agua"),
            planned(4 * day, &[1], "Corte de agua"),
        ];
        assert_eq!(clashes(&all), [Some((Clash::Again, 1)), Some((Clash::Again, 0)), None]);
        assert_eq!(
            clashes(&[planned(0, &[1], ""), planned(60, &[1], "")]),
            [None, None],
            "what has no name says nothing twice"
        );
        // Said twice counts more than being near.
        let both = [planned(0, &[1], "a"), planned(5, &[1], "b"), planned(10, &[1], "a")];
        assert_eq!(clashes(&both)[0], Some((Clash::Again, 2)));
    }

    #[test]
    fn what_clashes_over_midnight_is_told_by_the_week_as_by_its_month() {
        use crate::window::{View, Window};
        use crate::zone::bench::madrid;

        let sunday = chrono::NaiveDate::from_ymd_opt(2026, 6, 14).unwrap();
        let midnight = Window::around(View::Week, sunday).span(&madrid()).1;
        let beside =
            |minutes, heading| Planned { at: midnight.plus(Millis::minutes(minutes)), ..planned(0, &[1], heading) };
        let all = [beside(-10, "Verbena"), beside(10, "Bando"), beside(2 * 24 * 60 - 11, "Verbena")];
        let told = |view, day| {
            let (from, until) = Window::around(view, day).span(&madrid());
            let (first, last) = reach((from, until));
            let known: Vec<_> = all.iter().filter(|one| one.at >= first && one.at < last).cloned().collect();
            let found = clashes(&known).into_iter().zip(&known);
            let shown = found.filter(|(_, one)| one.at >= from && one.at < until);
            shown.map(|(clash, one)| (one.at, clash.map(|(how, with)| (how, known[with].at)))).collect::<Vec<_>>()
        };
        let (week, next) = (told(View::Week, sunday), told(View::Week, sunday + chrono::Days::new(1)));
        assert_eq!(week, [(all[0].at, Some((Clash::Again, all[2].at)))]);
        assert_eq!([week, next].concat(), told(View::Month, sunday));
    }

    #[test]
    fn the_same_is_the_same_however_it_is_written() {
        let says = Gist::of(WORKS);
        assert!(says.is_some());
        for text in [
            "EL MARTES, 3, SE CORTA LA CALLE MAYOR POR OBRAS:\nhttps://villar.example/obras?utm_source=x&id=7&utm_medium=social",
            "  Por obras, se corta la calle Mayor el martes 3 👷 https://villar.example/obras?id=7&UTM_CAMPAIGN=obras #Obras #Villar 🎉",
            "El martes 3 se corta la cálle Mayor por obras: http://villar.example/obras?id=7&fbclid=Iw3",
        ] {
            assert_eq!(Gist::of(text), says, "{text}");
        }
        // The day, the street, the page, a "no": each is another notice.
        for (word, other) in
            [("3", "5"), ("martes", "jueves"), ("Mayor", "Real"), ("id=7", "id=8"), ("se corta", "no se corta")]
        {
            assert_ne!(Gist::of(&WORKS.replace(word, other)), says, "{other}");
        }
        for text in ["", "#Villar", "Buenos días", "Ya a la venta: ya a la venta, ya a la venta"] {
            assert_eq!(Gist::of(text), None, "{text}");
        }
    }

    #[test]
    fn a_long_text_says_what_its_beginning_says() {
        let long = (0..2_000).map(|number| format!("ñu{number} ")).collect::<String>();
        let cut = |most: usize| long.chars().take(most).collect::<String>();
        assert!(long.chars().count() > 2 * COMPARED);
        assert_eq!(Gist::of(&long), Gist::of(&cut(COMPARED)));
        assert_ne!(Gist::of(&long), Gist::of(&cut(COMPARED - 20)));
    }

    #[test]
    fn the_same_text_under_another_heading_is_said_twice_on_one_channel() {
        let one = |minute, on: &[u8], heading| saying(minute, on, heading, WORKS);
        let all = [one(0, &[1], "Obras"), one(2 * DAY - 1, &[1, 2], "Corte de calle"), one(4 * DAY, &[1], "Aviso")];
        assert_eq!(clashes(&all), [Some((Clash::Same, 1)), Some((Clash::Same, 0)), None]);
        assert_eq!(
            clashes(&[one(0, &[1], "Obras"), one(DAY, &[2], "Aviso")]),
            [None, None],
            "a copy on another channel"
        );
        // One heading and one text: the heading is what is called the same.
        assert_eq!(clashes(&[one(0, &[1], "Obras"), one(DAY, &[1], "Obras")])[0], Some((Clash::Again, 1)));
        // Two notices that differ by their day are two notices.
        let next = saying(DAY, &[1], "Corte", &WORKS.replace("martes 3", "miércoles 4"));
        assert_eq!(clashes(&[one(0, &[1], "Obras"), next]), [None, None]);
        // What nobody has written yet says nothing twice.
        assert_eq!(clashes(&[saying(0, &[1], "a", ""), saying(DAY, &[1], "b", "")]), [None, None]);
    }

    #[test]
    fn a_series_does_not_get_in_its_own_way() {
        let of = |minute, series| Planned { series, ..saying(minute, &[1], "Mercado", WORKS) };
        assert_eq!(clashes(&[of(0, Some("a")), of(DAY, Some("a")), of(DAY + HOUR, Some("a"))]), [None; 3]);
        // In that of another it does, also behind one of its own.
        let all = [of(0, None), of(DAY, Some("a")), of(2 * DAY - 1, Some("a"))];
        assert_eq!(clashes(&all), [Some((Clash::Again, 1)), Some((Clash::Again, 0)), Some((Clash::Again, 0))]);
    }

    #[test]
    fn one_topic_by_two_is_said_and_by_one_or_one_unit_it_is_not() {
        let units = [1, 2].map(UnitId::from_bits);
        let of = |minute: i64, by, topics, units| {
            let heading = if minute == 0 { "Gigantes" } else { "Verbena" };
            Planned { about: Some(About { topics, by, units }), ..planned(minute, &[minute as u8], heading) }
        };
        let (feast, lone) = ([None, Some("feast")], &units[..0]);
        let with = |other| clashes(&[of(0, "ana", feast, &units[..1]), other]);
        assert_eq!(with(of(HOUR, "blas", feast, lone)), [Some((Clash::Topic, 1)), Some((Clash::Topic, 0))]);
        assert_eq!(with(of(HOUR, "blas", [Some("quiet"), Some("feast")], &units[1..]))[0], Some((Clash::Topic, 1)));
        for (why, other) in [
            ("the same person", of(HOUR, "ana", feast, lone)),
            ("the same unit", of(HOUR, "blas", feast, &units)),
            ("another topic", of(HOUR, "blas", [None, Some("water")], lone)),
            ("no topic", of(HOUR, "blas", [None, None], lone)),
            ("another day", of(DAY, "blas", feast, lone)),
            ("a copy on another channel", Planned { heading: "Gigantes", ..of(HOUR, "blas", feast, lone) }),
        ] {
            assert_eq!(with(other), [None, None], "{why}");
        }
        assert_eq!(clashes(&[of(0, "ana", [None, None], lone), of(HOUR, "blas", [None, None], lone)]), [None, None]);
        let copies = [0, HOUR].map(|minute| Planned {
            on: vec![(minute as u8, Gist::of(WORKS))],
            ..of(minute, if minute == 0 { "ana" } else { "blas" }, feast, lone)
        });
        assert_eq!(clashes(&copies), [None, None], "the same text elsewhere is a copy");
    }

    #[test]
    fn a_post_says_on_a_channel_what_was_written_for_it() {
        let own = [1, 2].map(ChannelId::from_bits);
        let (es, en) = (Language::spanish(), Language::english());
        let other = "En la calle Mayor hay obras el martes.";
        let words = Words {
            texts: BTreeMap::from([(es.clone(), WORKS.to_owned())]),
            versions: vec![(own[1].clone(), es.clone(), other.to_owned())],
        };
        let said = Said::from(&words);
        assert_eq!([0, 1].map(|on| said.on(&own[on], &es)), [Gist::of(WORKS), Gist::of(other)]);
        assert_eq!(said.on(&own[0], &en), None);
        let version = crate::Version { channel: own[1].clone(), language: es, text: other.to_owned(), warning: None };
        let content = Content { texts: words.texts, versions: vec![version], ..Content::default() };
        assert_eq!(Said::from(&content), said);
    }

    /// A minute, what it says where, a heading, a series, and of which topic it is by whom.
    type Drawn = (i64, Vec<(u8, usize)>, usize, usize, (usize, usize));

    proptest! {
        #[test]
        fn what_a_text_says_is_its_words(
            mut words in proptest::collection::vec("[a-zñ0-9]{1,8}", 6..30),
            turn in 0..30_usize,
            sign in "[ ,.;:!¡()]{1,3}",
        ) {
            let says = Gist::of(&words.join(" "));
            let at = turn % words.len();
            words.rotate_left(at);
            let gap = [sign.as_str(), " "].concat();
            let written = words.iter().map(|word| word.to_uppercase()).collect::<Vec<_>>().join(gap.as_str());
            prop_assert_eq!(Gist::of(&written), says);
            words.push("otrapalabranueva".to_owned());
            prop_assert!(says.is_none() || Gist::of(&words.join(" ")) != says);
        }

        #[test]
        fn exactly_what_clashes_with_something_is_found(
            all in proptest::collection::vec(
                (0..6_000_i64, proptest::collection::vec((0..4_u8, 0..3_usize), 1..3), 0..4_usize, 0..3_usize, (0..3_usize, 0..3_usize)),
                0..40,
            ),
        ) {
            const HEADINGS: [&str; 4] = ["", "a", "b", "c"];
            const NAMES: [Option<&str>; 3] = [None, Some("a"), Some("b")];
            let texts = [None, Gist::of(WORKS), Gist::of("Una verbena en la plaza del pueblo, hoy.")];
            let one = |(at, on, heading, series, (topic, by)): &Drawn| Planned {
                on: on.iter().map(|(on, text)| (*on, texts[*text])).collect(),
                series: NAMES[*series],
                about: NAMES[*by].map(|by| About { topics: [None, NAMES[*topic]], by, units: &[] }),
                ..planned(*at, &[], HEADINGS[*heading])
            };
            let all: Vec<_> = all.iter().map(one).collect();
            let found = clashes(&all);
            for (place, one) in all.iter().enumerate() {
                let of = |how: Clash, with: usize| {
                    let other = &all[with];
                    let gap = one.at.since(other.at).0.abs();
                    let pairs = || one.on.iter().flat_map(|on| other.on.iter().map(move |there| (on, there)));
                    let shares = pairs().any(|(on, there)| on.0 == there.0);
                    let called = one.heading == other.heading && !one.heading.is_empty();
                    let alike = pairs().any(|(on, there)| on.1 == there.1 && on.1.is_some());
                    let own = one.series.is_some() && one.series == other.series;
                    with != place && match how {
                        Clash::Near => shares && gap < APART.0,
                        Clash::Again => shares && !own && gap < SAME.0 && called,
                        Clash::Same => !own && gap < SAME.0 && pairs().any(|(on, there)| on == there && on.1.is_some()),
                        Clash::Topic => match (&one.about, &other.about) {
                            (Some(mine), Some(theirs)) => {
                                let same = mine.topics[1].is_some() && mine.topics[1] == theirs.topics[1];
                                same && mine.by != theirs.by && !own && !called && !alike && gap < TOPIC.0
                            }
                            _ => false,
                        },
                    }
                };
                let any = |how: Clash| (0..all.len()).any(|with| of(how, with));
                let twice = any(Clash::Again) || any(Clash::Same);
                match found[place] {
                    Some((Clash::Topic, with)) => prop_assert!(of(Clash::Topic, with) && !twice && !any(Clash::Near)),
                    Some((Clash::Near, with)) => prop_assert!(of(Clash::Near, with) && !twice),
                    Some((how, with)) => prop_assert!(of(how, with)),
                    None => prop_assert!(!twice && !any(Clash::Near) && !any(Clash::Topic)),
                }
            }
        }
    }
}

//! A sheaf: what waits of one series and says the same, decided on at one go. What belongs to one, and why not.
//! Separate from the round: a sheaf decides nothing. Each post in it keeps its round and is decided on over its own hash, by a
//! statement of its own; what is one is the reading, and the signature over the list of those statements
//! ([`crate::statement::challenge_within`]).

use crate::{
    CircuitId, Content, MemberId, Moment, PostId, Round, SeriesId, StepId,
    circuit::Matter,
    guidance::Guide,
    matter::{Remark, Says},
    policy::{Finding, Mode, Rule, Waiver},
    round::Envelope,
    series::undated,
    slot::HORIZON,
    zone::Zone,
};

/// A post in the queue of whoever decides.
#[derive(Debug, Clone, Copy)]
pub struct Queued<'a> {
    /// Which.
    pub post: &'a PostId,
    /// Of which series.
    pub series: Option<&'a SeriesId>,
    /// Whether it corrects what is out: that is its own affair, whatever it was made with.
    pub corrects: bool,
}

/// What stands in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thing {
    /// One post.
    One {
        /// Which.
        post: PostId,
    },
    /// What waits of a series: two posts at least, in the order of the queue.
    Several {
        /// Of which.
        series: SeriesId,
        /// The posts.
        posts: Vec<PostId>,
    },
}

impl Thing {
    /// The posts in it.
    pub fn posts(&self) -> &[PostId] {
        match self {
            Thing::One { post } => std::slice::from_ref(post),
            Thing::Several { posts, .. } => posts,
        }
    }
}

/// The queue with what waits of each series as one thing, where the first of it stands. `alone` are those that somebody wants to
/// see by themselves. Every post stands in it once.
pub fn queue<'a>(waiting: impl IntoIterator<Item = Queued<'a>>, alone: &[PostId]) -> Vec<Thing> {
    let mut things: Vec<Thing> = Vec::new();
    for Queued { post, series, corrects } in waiting {
        let Some(series) = series.filter(|_| !corrects && !alone.contains(post)) else {
            things.push(Thing::One { post: post.clone() });
            continue;
        };
        let begun = things.iter_mut().find_map(|thing| match thing {
            Thing::Several { series: own, posts } if *own == *series => Some(posts),
            _ => None,
        });
        match begun {
            Some(posts) => posts.push(post.clone()),
            None => things.push(Thing::Several { series: series.clone(), posts: vec![post.clone()] }),
        }
    }
    let single = |thing: Thing| {
        let [post] = thing.posts() else { return thing };
        Thing::One { post: post.clone() }
    };
    things.into_iter().map(single).collect()
}

/// A post of a series that waits for somebody, with all that they would have to read of it.
#[derive(Debug, Clone, Copy)]
pub struct Waiting<'a> {
    /// Which.
    pub post: &'a PostId,
    /// When it goes out, if that is known.
    pub at: Option<Moment>,
    /// What it says.
    pub content: &'a Content,
    /// Its round.
    pub round: &'a Round,
    /// The step that is open.
    pub step: &'a StepId,
    /// Whose substitute they decide as.
    pub acting_for: Option<&'a MemberId>,
    /// What the organisation asks of who decides.
    pub guide: &'a Guide,
    /// What the rules find in it.
    pub findings: &'a [Finding],
    /// What was let pass.
    pub waivers: &'a [Waiver],
    /// What people said of what it speaks of.
    pub remarks: &'a [Remark],
    /// Whether it corrects what is out.
    pub corrects: bool,
    /// Whether there are comments on it that are not dealt with.
    pub commented: bool,
}

/// Why a post is not of the sheaf: it has to be opened by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// It differs in more than its day and its hour.
    Words,
    /// It waits in another step, under another circuit, for narrower times, or for another's decision.
    Terms,
    /// The rules, the checklist or what people said of its matters are not the same.
    Asked,
    /// Somebody commented on it, or agreed with a reservation.
    Said,
    /// It corrects what is out.
    Corrects,
}

/// What is decided on at one go, and what is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheaf {
    /// The posts that say the same, two at least, in the order in which they were given. The first is the one that is read.
    pub alike: Vec<PostId>,
    /// The others, each with the reason.
    pub apart: Vec<(PostId, Apart)>,
}

/// What two posts must have in common to be of one sheaf.
#[derive(PartialEq)]
struct Key<'a> {
    says: String,
    terms: Terms<'a>,
    asked: Asked<'a>,
}

#[derive(PartialEq)]
struct Terms<'a> {
    circuit: &'a CircuitId,
    version: u32,
    step: &'a StepId,
    acting_for: Option<&'a MemberId>,
    /// Only narrower times than the usual ones: those are reckoned from when each was submitted.
    narrower: Option<&'a Envelope>,
}

#[derive(PartialEq)]
struct Asked<'a> {
    guide: &'a Guide,
    found: Vec<(&'a Rule, &'a Mode)>,
    passed: Vec<(&'a Rule, &'a str)>,
    said: Vec<(&'a Matter, &'a Says, &'a str)>,
}

impl<'a> Waiting<'a> {
    /// Why it is read by itself, whatever it says.
    fn by_itself(&self) -> Option<Apart> {
        let is_reserved = self.round.decisions.iter().any(|decision| decision.choice.comment().is_some());
        match (self.corrects, self.commented || is_reserved) {
            (true, _) => Some(Apart::Corrects),
            (false, true) => Some(Apart::Said),
            (false, false) => None,
        }
    }

    fn key(&self, zone: &Zone) -> Key<'a> {
        let round = self.round;
        let narrower = match &round.envelope {
            Envelope::Times { from, until } if until.since(*from) >= HORIZON => None,
            envelope => Some(envelope),
        };
        let Waiting { step, acting_for, guide, .. } = *self;
        Key {
            says: undated(self.content, self.at, zone).hash(),
            terms: Terms { circuit: &round.circuit, version: round.version, step, acting_for, narrower },
            asked: Asked {
                guide,
                found: self.findings.iter().map(|one| (&one.rule, &one.mode)).collect(),
                passed: self.waivers.iter().map(|one| (&one.rule, one.reason.as_str())).collect(),
                said: self.remarks.iter().map(|one| (&one.matter, &one.says, one.reason.as_str())).collect(),
            },
        }
    }
}

/// Finds the largest part of what waits of a series that says the same but for its day and its hour, is asked of the same step and
/// has nothing said of it that must be read; of two of one size the one that comes first. `None` where no two are alike: then each
/// is read by itself. Every post that was given is in one of the two lists, once.
pub fn gather(waiting: &[Waiting<'_>], zone: &Zone) -> Option<Sheaf> {
    let keys: Vec<Result<Key<'_>, Apart>> =
        waiting.iter().map(|one| one.by_itself().map_or_else(|| Ok(one.key(zone)), Err)).collect();
    let fellows = |key: &Key<'_>| keys.iter().flatten().filter(|other| *other == key).count();
    // From the end: of several that are largest, `max_by_key` takes the last.
    let base = keys.iter().flatten().rev().max_by_key(|key| fellows(key)).filter(|key| fellows(key) > 1)?;
    let mut sheaf = Sheaf { alike: Vec::new(), apart: Vec::new() };
    for (one, key) in waiting.iter().zip(&keys) {
        let why = match key {
            Ok(key) if key == base => {
                sheaf.alike.push(one.post.clone());
                continue;
            }
            Ok(key) if key.says != base.says => Apart::Words,
            Ok(key) if key.terms != base.terms => Apart::Terms,
            Ok(_) => Apart::Asked,
            Err(why) => *why,
        };
        sheaf.apart.push((one.post.clone(), why));
    }
    Some(sheaf)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::{Days, NaiveDate};
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Choice, Language,
        circuit::{Circuit, Options, Quorum},
        content::Event,
        round::tests::{circuit, content, member, named, step, submit},
        template::written,
        zone::{Resolved, bench::madrid},
    };

    /// An occurrence as the engine would answer it, owned.
    #[derive(Debug, Clone)]
    struct One {
        post: PostId,
        at: Option<Moment>,
        content: Content,
        round: Round,
        step: StepId,
        guide: Guide,
        corrects: bool,
        commented: bool,
    }

    fn day(number: u64) -> NaiveDate {
        "2026-09-05".parse::<NaiveDate>().unwrap() + Days::new(7 * number)
    }

    fn at(day: NaiveDate, hour: u32) -> Moment {
        match madrid().resolve(day.and_hms_opt(hour, 0, 0).unwrap()) {
            Resolved::One(at) => at,
            other => panic!("{other:?}"),
        }
    }

    fn ordinary() -> Circuit {
        circuit(vec![step(1, Quorum::Any, &[named(3)])], Options::default())
    }

    /// Of the week of this number, at an hour, saying one of several things of its day.
    fn one(number: u64, hour: u32, thing: &str) -> One {
        let (spanish, english) = (Language::spanish(), Language::english());
        let said = |language: &Language| format!("{thing}: {}.", written::date(language, day(number)));
        let texts = [(spanish.clone(), said(&spanish)), (english.clone(), said(&english))].into();
        let content = Content { texts, ..content(0, 0) };
        let round = submit(&ordinary(), &content, None, 1).unwrap();
        One {
            post: PostId::from_bits(u128::from(number) + 1),
            at: Some(at(day(number), hour)),
            content,
            round,
            step: StepId::from_bits(1),
            guide: Guide::default(),
            corrects: false,
            commented: false,
        }
    }

    fn waiting(one: &One) -> Waiting<'_> {
        Waiting {
            post: &one.post,
            at: one.at,
            content: &one.content,
            round: &one.round,
            step: &one.step,
            acting_for: None,
            guide: &one.guide,
            findings: &[],
            waivers: &[],
            remarks: &[],
            corrects: one.corrects,
            commented: one.commented,
        }
    }

    fn gathered(all: &[One]) -> Option<Sheaf> {
        gather(&all.iter().map(waiting).collect::<Vec<_>>(), &madrid())
    }

    fn ids(numbers: &[u128]) -> Vec<PostId> {
        numbers.iter().map(|number| PostId::from_bits(*number)).collect()
    }

    #[test]
    fn a_market_on_other_days_at_another_hour_is_the_same_market() {
        // From summer time into winter time: what is compared is the wall.
        let all: Vec<One> = (0..12).map(|number| one(number, 9 + number as u32 % 3, "Mercado")).collect();
        let sheaf = gathered(&all).unwrap();
        assert_eq!((sheaf.alike.len(), sheaf.apart.len()), (12, 0));
        let mut announced = all;
        for (number, one) in (0..).zip(&mut announced) {
            let (start, place) = (at(day(number) + Days::new(2), 18), "Plaza".to_owned());
            one.content.event = Some(Event { start, end: Some(start), place, cancelled: false });
            let said = written::date(&Language::spanish(), day(number) + Days::new(2));
            one.content.texts = [(Language::spanish(), said)].into();
        }
        assert_eq!(gathered(&announced).unwrap().alike.len(), 12, "the day that is written is that of the event");
        // Two days after the post, and here three.
        if let Some(event) = &mut announced[4].content.event {
            event.start = at(day(4) + Days::new(3), 18);
        }
        let sheaf = gathered(&announced).unwrap();
        assert_eq!((sheaf.alike.len(), sheaf.apart), (11, vec![(PostId::from_bits(5), Apart::Words)]));
    }

    #[test]
    fn one_that_says_another_day_than_its_own_is_told() {
        let mut all: Vec<One> = (0..4).map(|number| one(number, 9, "Mercado")).collect();
        all[2].at = Some(at(day(2) + Days::new(1), 9));
        assert_eq!(gathered(&all).unwrap().apart, [(PostId::from_bits(3), Apart::Words)]);
        // A day that only ends like its own is not its own.
        all[2] = one(2, 9, "Mercado");
        let own = written::date(&Language::spanish(), day(2));
        all[2].content.texts.insert(Language::spanish(), format!("Mercado: 1{own}."));
        all[3].content.texts.insert(Language::spanish(), "Mercado: 1\0-.".to_owned());
        let apart = gathered(&all).unwrap().apart;
        assert_eq!(apart, [(PostId::from_bits(3), Apart::Words), (PostId::from_bits(4), Apart::Words)]);
        // Nor does a text become a day by having the mark that stands for one.
        all[2].content.texts.insert(Language::spanish(), format!("Otra cosa: {own}."));
        all[3].content.texts.insert(Language::spanish(), "Otra cosa: \0-.".to_owned());
        assert_eq!(gathered(&all[2..]), None);
    }

    #[test]
    fn the_larger_part_is_the_sheaf_whichever_stands_first() {
        let mut all: Vec<One> = (0..5).map(|number| one(number, 9, "Mercado")).collect();
        all[0] = one(0, 9, "Mercado suspendido");
        let sheaf = gathered(&all).unwrap();
        assert_eq!(sheaf.alike, ids(&[2, 3, 4, 5]));
        assert_eq!(sheaf.apart, [(PostId::from_bits(1), Apart::Words)]);
        all[1] = one(1, 9, "Mercado suspendido");
        all.truncate(4);
        assert_eq!(gathered(&all).unwrap().alike, ids(&[1, 2]), "of two of one size the first");
        assert_eq!(gathered(&all[1..3]), None);
        assert_eq!(gathered(&[]), None);
    }

    #[test]
    fn what_must_be_read_or_waits_elsewhere_is_by_itself() {
        let mut all: Vec<One> = (0..8).map(|number| one(number, 9, "Mercado")).collect();
        all[0].commented = true;
        all[1].corrects = true;
        all[2].step = StepId::from_bits(2);
        all[3].guide.version = 2;
        all[4].round.envelope = Envelope::Times { from: Moment(0), until: Moment(5) };
        let reserved = crate::Decision {
            round: 1,
            step: StepId::from_bits(1),
            by: member(3).into(),
            acting_for: None,
            hats: BTreeSet::new(),
            places: vec![0],
            content_hash: String::new(),
            seen: String::new(),
            choice: Choice::Reserve { comment: "Ojo.".to_owned() },
            at: Moment(2),
        };
        all[5].round.decisions.push(reserved);
        let sheaf = gathered(&all).unwrap();
        assert_eq!(sheaf.alike, ids(&[7, 8]));
        let why: Vec<Apart> = sheaf.apart.into_iter().map(|(_, why)| why).collect();
        assert_eq!(why, [Apart::Said, Apart::Corrects, Apart::Terms, Apart::Asked, Apart::Terms, Apart::Said]);
        // The usual times are reckoned from when each was submitted: they are the same ones.
        for (number, one) in (0..).zip(&mut all) {
            let from = Moment(number);
            one.round.envelope = Envelope::Times { from, until: from.plus(HORIZON) };
        }
        assert!(gathered(&all).unwrap().apart.iter().all(|(post, _)| *post != PostId::from_bits(5)));
    }

    #[test]
    fn what_waits_of_a_series_is_one_thing_where_its_first_stands() {
        let series = SeriesId::from_bits(9);
        let posts = ids(&[1, 2, 3, 4, 5]);
        let queued = |number: usize, corrects| Queued {
            post: &posts[number],
            series: Some(&series).filter(|_| number != 1),
            corrects,
        };
        let things = queue([queued(0, false), queued(1, false), queued(2, false), queued(3, true)], &[]);
        let one = |number: usize| Thing::One { post: posts[number].clone() };
        assert_eq!(things, [Thing::Several { series: series.clone(), posts: ids(&[1, 3]) }, one(1), one(3)]);
        let things = queue([queued(0, false), queued(1, false), queued(2, false)], &posts[2..3]);
        assert_eq!(things, [one(0), one(1), one(2)], "one that is left of a series is one");
    }

    prop_compose! {
        fn any_one(number: u64)(hour in 7_u32..20, thing in 0_u8..3, apart in 0_u8..12) -> (One, u8) {
            let mut made = one(number, hour, &format!("Cosa {thing}"));
            made.commented = apart == 0;
            made.corrects = apart == 1;
            (made, thing)
        }
    }

    fn any_series() -> impl Strategy<Value = Vec<(One, u8)>> {
        (0_u64..9).prop_flat_map(|count| (0..count).map(any_one).collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn every_post_is_in_one_list_once_and_the_sheaf_is_the_largest_that_says_one_thing(all in any_series()) {
            let posts: Vec<One> = all.iter().map(|(one, _)| one.clone()).collect();
            let clean = |one: &One| !one.commented && !one.corrects;
            let of = |thing: u8| all.iter().filter(|(one, own)| *own == thing && clean(one)).count();
            let largest = (0..3).map(of).max().unwrap_or_default();
            match gathered(&posts) {
                None => prop_assert!(largest < 2),
                Some(Sheaf { alike, apart }) => {
                    prop_assert_eq!(alike.len(), largest);
                    prop_assert!(alike.len() > 1);
                    let told: BTreeSet<&PostId> = alike.iter().chain(apart.iter().map(|(post, _)| post)).collect();
                    prop_assert_eq!(told.len(), posts.len());
                    prop_assert_eq!(alike.len() + apart.len(), posts.len());
                    let find = |post: &PostId| all.iter().find(|(one, _)| one.post == *post).unwrap();
                    let things: BTreeSet<u8> = alike.iter().map(|post| find(post).1).collect();
                    prop_assert_eq!(things.len(), 1);
                    prop_assert!(alike.iter().all(|post| clean(&find(post).0)));
                    for (post, why) in &apart {
                        let (one, thing) = find(post);
                        let fits = match why {
                            Apart::Corrects => one.corrects,
                            Apart::Said => one.commented,
                            Apart::Words => !things.contains(thing),
                            Apart::Terms | Apart::Asked => false,
                        };
                        prop_assert!(fits, "{:?} {:?}", post, why);
                    }
                }
            }
        }

        #[test]
        fn every_post_stands_in_the_queue_once(
            rows in prop::collection::vec((0_u128..4, any::<bool>(), any::<bool>()), 0..20),
        ) {
            let made = |(number, (series, corrects, alone)): (usize, &(u128, bool, bool))| {
                let series = (*series > 0).then(|| SeriesId::from_bits(*series));
                (PostId::from_bits(number as u128 + 1), series, *corrects, *alone)
            };
            let rows: Vec<_> = rows.iter().enumerate().map(made).collect();
            let alone: Vec<PostId> = rows.iter().filter(|row| row.3).map(|row| row.0.clone()).collect();
            let queued = rows.iter().map(|(post, series, corrects, _)| {
                Queued { post, series: series.as_ref(), corrects: *corrects }
            });
            let things = queue(queued, &alone);
            let mut stands: Vec<&PostId> = things.iter().flat_map(Thing::posts).collect();
            stands.sort();
            prop_assert_eq!(stands, rows.iter().map(|row| &row.0).collect::<Vec<_>>());
            for thing in &things {
                if let Thing::Several { series, posts } = thing {
                    prop_assert!(posts.len() > 1);
                    let of = |post: &&PostId| rows.iter().find(|row| row.0 == **post).unwrap();
                    let fits = posts.iter().all(|post| {
                        let row = of(&post);
                        row.1.as_ref() == Some(series) && !row.2 && !row.3
                    });
                    prop_assert!(fits);
                }
            }
        }
    }
}

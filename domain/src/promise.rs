//! The promises of the plan: how often the organisation says something on a channel, and how far what it has said and
//! placed is from that. Separate from `plan`, which is about the hour of one post: this is about how many there are.
//!
//! What was decided here, and why:
//! - A promise is measured over whole weeks (ISO 8601, Monday to Sunday, also week 53) or whole months, as the town's
//!   own clock has them. A week that two months share is one week, of the month of its Thursday: a promise of three a week
//!   is not kept by two in November and one in December of different weeks.
//! - A promise that begins or ends within a week (or month) is not measured there: nobody promised how many there are in
//!   the rest of a week. It is shown, from when on it counts.
//! - A post counts once for a channel, in however many languages it goes there, and for every promise that it serves:
//!   "three a week, one of them about mobility" are two promises, and one post can serve both.
//! - What failed or was taken down there does not count. What a person has to see to (held, in hand, unknown) does, as
//!   placed: it is not out, and whoever wrote another one for it would say it twice.
//! - An hour that is wished and not agreed yet fills the gap, and is said apart: whoever plans the week knows what is
//!   coming, and that it may not come.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    AudienceId, Belonging, Channel, ChannelId, HealthState, MessageId, Moment, PillarId, PromiseId, Refusal, StageName,
    Themes,
    campaign::next,
    delivery::Deed,
    hours::midnight,
    window::{View, Window},
    zone::Zone,
};

/// How long the time is in which so many are promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// A week, from Monday to Sunday.
    Week,
    /// A month.
    Month,
}

impl Per {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Per::Week => "week",
            Per::Month => "month",
        }
    }

    /// Such a stretch of days; nothing for a single day.
    const fn of(view: View) -> Option<Self> {
        match view {
            View::Week | View::Lanes => Some(Per::Week),
            View::Month | View::List => Some(Per::Month),
            View::Day => None,
        }
    }
}

/// A promise: so many posts a week or a month on a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Its identity.
    pub id: PromiseId,
    /// Counts its changes; 0 is not kept yet.
    pub version: u64,
    /// Where.
    pub channel: ChannelId,
    /// So many.
    pub count: u32,
    /// In which time.
    pub per: Per,
    /// What they are about, if that is promised.
    pub pillar: Option<PillarId>,
    /// Whom they are for, if that is promised.
    pub audience: Option<AudienceId>,
    /// The first day on which it holds.
    #[serde(with = "crate::slot::day")]
    pub first: NaiveDate,
    /// The last one, if it ends.
    pub last: Option<NaiveDate>,
}

/// So many promises, those that are over too. A plan that nobody can read keeps nobody to it.
pub const PROMISES: usize = 200;
/// A post every quarter of an hour, in working hours, for a week. More is no promise to people who read.
pub const COUNT: u32 = 140;

impl Promise {
    /// What it asks of a post, in the form of what a post belongs to.
    fn belongs(&self) -> Belonging {
        let (pillar, audience) = (self.pillar.clone(), self.audience.clone());
        Belonging { pillar, audience, ..Belonging::default() }
    }

    /// Whether another one promises the same, and some day holds both.
    fn doubles(&self, other: &Promise) -> bool {
        let same = (self.per, &self.channel, &self.pillar, &self.audience)
            == (other.per, &other.channel, &other.pillar, &other.audience);
        let before = |last: Option<NaiveDate>, first: NaiveDate| last.is_some_and(|last| last < first);
        same && !before(self.last, other.first) && !before(other.last, self.first)
    }

    /// Whether it holds on every one of some days; nothing if on none of them.
    fn over(&self, first: NaiveDate, last: NaiveDate) -> Option<bool> {
        let none = self.first > last || self.last.is_some_and(|end| end < first);
        (!none).then(|| self.first <= first && self.last.is_none_or(|end| end >= last))
    }

    /// Whether a post is one of those that it promises, apart from the channel.
    fn is_about(&self, pillar: Option<&PillarId>, audience: Option<&AudienceId>) -> bool {
        (self.pillar.is_none() || self.pillar.as_ref() == pillar)
            && (self.audience.is_none() || self.audience.as_ref() == audience)
    }

    /// Whether a post that goes to these channels, about this and to these, helps to keep it once it has an hour.
    pub fn is_filled_by<'a>(
        &self,
        mut on: impl Iterator<Item = &'a ChannelId>,
        pillar: Option<&PillarId>,
        audience: Option<&AudienceId>,
    ) -> bool {
        self.is_about(pillar, audience) && on.any(|channel| *channel == self.channel)
    }
}

/// Takes a new promise, or a changed one, among all that there are. Sent twice, it is one.
///
/// # Errors
/// `Malformed` for none at all, `TooLarge`, `TermBackwards`, `Doubled` when another promises the same on some of these
/// days, `NotFound` and `ChannelUnfit` for the channel, `NotFound` and `Archived` for the pillar and the audience, `Stale`.
pub fn keep(all: &[Promise], themes: &Themes, channels: &[Channel], wanted: Promise) -> Result<Promise, Refusal> {
    let before = all.iter().find(|one| one.id == wanted.id);
    if let Some(before) = before.filter(|before| Promise { version: before.version, ..wanted.clone() } == **before) {
        return Ok(before.clone());
    }
    let too_large =
        |field: &str, limit: u64, length: u64| Err(Refusal::TooLarge { field: field.to_owned(), limit, length });
    if wanted.count == 0 {
        return Err(Refusal::Malformed { field: "count".to_owned() });
    }
    if wanted.count > COUNT {
        return too_large("count", COUNT.into(), wanted.count.into());
    }
    if wanted.last.is_some_and(|last| last < wanted.first) {
        return Err(Refusal::TermBackwards);
    }
    let channel = channels.iter().find(|channel| channel.id == wanted.channel).ok_or(Refusal::NotFound)?;
    // Where it stands already it may stay: a promise does not end because a channel has.
    let stays = before.is_some_and(|before| before.channel == wanted.channel);
    if channel.health.state == HealthState::Disconnected && !stays {
        return Err(Refusal::ChannelUnfit);
    }
    themes.admit(&before.map(Promise::belongs).unwrap_or_default(), &wanted.belongs())?;
    if all.iter().any(|other| other.id != wanted.id && other.doubles(&wanted)) {
        return Err(Refusal::Doubled { field: "promises".to_owned() });
    }
    if before.is_none() && all.len() >= PROMISES {
        return too_large("promises", PROMISES as u64, all.len() as u64 + 1);
    }
    Ok(Promise { version: next(before.map(|one| one.version), wanted.version)?, ..wanted })
}

/// How far a post is on a channel. The further one is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// An hour is wished for it.
    Wished,
    /// It is agreed, and goes out at its hour or waits for a person.
    Placed,
    /// It is out.
    Out,
}

/// How far a publication is, by its acts in order, each with its deed and the name of its state (`ActState::name`: a plan
/// asks of a thousand posts, and the names stand in a column, while a whole state is JSON that would be read for its first
/// word); nothing where it is no longer said. A correction that failed leaves what is out as it is.
pub fn reach<'a>(acts: impl IntoIterator<Item = (Deed, &'a str)>) -> Option<Reach> {
    let mut reach = None;
    for (deed, state) in acts {
        reach = match (deed, state) {
            (Deed::Create, "done") => Some(Reach::Out),
            // What became of the parts behind: the first of a thread is out.
            (Deed::Create, _) if reach == Some(Reach::Out) => reach,
            (Deed::Create, "failed" | "cancelled") | (Deed::Delete, "done") => None,
            (Deed::Create, _) => Some(Reach::Placed),
            _ => reach,
        };
    }
    reach
}

/// A post that has an hour, as far as a plan asks after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saying {
    /// Its hour.
    pub at: Moment,
    /// The channels, each once, and how far it is there.
    pub on: Vec<(ChannelId, Reach)>,
    /// What it is about.
    pub pillar: Option<PillarId>,
    /// Whom it is for.
    pub audience: Option<AudienceId>,
    /// The message that it carries.
    pub message: Option<MessageId>,
}

impl Saying {
    /// Says that it is on a channel; in another language it may be further there.
    pub fn put(&mut self, channel: &ChannelId, reach: Reach) {
        match self.on.iter_mut().find(|(other, _)| other == channel) {
            Some((_, known)) => *known = reach.max(*known),
            None => self.on.push((channel.clone(), reach)),
        }
    }

    fn reach_on(&self, channel: &ChannelId) -> Option<Reach> {
        self.on.iter().find(|(other, _)| other == channel).map(|(_, reach)| *reach)
    }
}

/// Whether the channels of a post tell how far it is (its publications are laid down), or its hour is only wished;
/// nothing where it will not go out.
pub const fn is_laid_down(stage: StageName) -> Option<bool> {
    match stage {
        StageName::Draft | StageName::InReview | StageName::Approved => Some(false),
        StageName::Placed | StageName::Out => Some(true),
        StageName::Cancelled => None,
    }
}

/// How a promise stands in a week or a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The promise.
    pub promise: PromiseId,
    /// How many it comes to; nothing where it begins or ends within, so that it is not measured.
    pub promised: Option<u32>,
    /// So many are out.
    pub out: u32,
    /// So many are agreed and have their hour.
    pub placed: u32,
    /// For so many an hour is wished.
    pub wished: u32,
}

impl Progress {
    /// How many there are, of whichever kind.
    pub const fn all(&self) -> u32 {
        self.out + self.placed + self.wished
    }

    /// How many are missing.
    pub fn missing(&self) -> u32 {
        self.promised.map_or(0, |promised| promised.saturating_sub(self.all()))
    }
}

/// The month that a week is shown with: that of its Thursday, as ISO 8601 gives each week to one year.
pub fn month_of(week: Window) -> Window {
    Window::around(View::List, week.first() + Days::new(3))
}

/// How the promises stand in a week or a month: those about such a time that hold on any day of it, in their order.
pub fn progress(promises: &[Promise], sayings: &[Saying], window: Window, zone: &Zone) -> Vec<Progress> {
    let within = within(sayings, window, zone);
    let here = promises.iter().filter(|promise| Per::of(window.view) == Some(promise.per));
    let measured = here.filter_map(|promise| {
        let whole = promise.over(window.first(), window.last())?;
        let promised = whole.then_some(promise.count);
        let mut progress = Progress { promise: promise.id.clone(), promised, out: 0, placed: 0, wished: 0 };
        let about = |saying: &&&Saying| promise.is_about(saying.pillar.as_ref(), saying.audience.as_ref());
        for saying in within.iter().filter(about) {
            match saying.reach_on(&promise.channel) {
                Some(Reach::Out) => progress.out += 1,
                Some(Reach::Placed) => progress.placed += 1,
                Some(Reach::Wished) => progress.wished += 1,
                None => {}
            }
        }
        Some(progress)
    });
    measured.collect()
}

/// What is spoken of and whom it is for, in some days.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// So many posts.
    pub posts: u32,
    /// How many under each pillar; those with none are not named.
    pub pillars: Vec<(PillarId, u32)>,
    /// How many for each audience, likewise.
    pub audiences: Vec<(AudienceId, u32)>,
    /// How often each message is said, likewise.
    pub messages: Vec<(MessageId, u32)>,
    /// So many say no pillar.
    pub no_pillar: u32,
    /// So many say no audience.
    pub no_audience: u32,
    /// So many say neither: they are among both.
    pub neither: u32,
}

/// What is spoken of and whom it is for, in a week or a month. A post counts once, on however many channels it is.
pub fn coverage(sayings: &[Saying], window: Window, zone: &Zone) -> Coverage {
    let mut covered = Coverage::default();
    for saying in within(sayings, window, zone) {
        covered.posts += 1;
        match &saying.pillar {
            Some(pillar) => count(&mut covered.pillars, pillar),
            None => covered.no_pillar += 1,
        }
        match &saying.audience {
            Some(audience) => count(&mut covered.audiences, audience),
            None => covered.no_audience += 1,
        }
        if let Some(message) = &saying.message {
            count(&mut covered.messages, message);
        }
        covered.neither += u32::from(saying.pillar.is_none() && saying.audience.is_none());
    }
    covered
}

fn count<T: PartialEq + Clone>(all: &mut Vec<(T, u32)>, one: &T) {
    match all.iter_mut().find(|(other, _)| other == one) {
        Some((_, count)) => *count += 1,
        None => all.push((one.clone(), 1)),
    }
}

/// What is said on some channel on the days that belong to a window: not those that a month draws besides. By where days
/// begin, as the calendar has it.
fn within<'a>(sayings: &'a [Saying], window: Window, zone: &Zone) -> Vec<&'a Saying> {
    let (from, until) = (midnight(window.first(), zone), midnight(window.last() + Days::new(1), zone));
    sayings.iter().filter(|one| one.at >= from && one.at < until && !one.on.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::zone::bench::madrid;
    use crate::{Audience, Health, Millis, Network, Pillar, slot::parse_civil, zone::Resolved};

    fn at(civil: &str) -> Moment {
        match madrid().resolve(parse_civil(civil).unwrap()) {
            Resolved::One(at) => at,
            other => panic!("{other:?}"),
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn week(name: &str) -> Window {
        Window::named(View::Week, name).unwrap()
    }

    fn month(name: &str) -> Window {
        Window::named(View::List, name).unwrap()
    }

    fn instagram() -> ChannelId {
        ChannelId::from_bits(1)
    }

    fn mobility() -> PillarId {
        PillarId::from_bits(1)
    }

    fn promise(n: u128, count: u32, per: Per) -> Promise {
        Promise {
            id: PromiseId::from_bits(n),
            version: 0,
            channel: instagram(),
            count,
            per,
            pillar: None,
            audience: None,
            first: day("2026-01-01"),
            last: None,
        }
    }

    fn saying(civil: &str, reach: Reach) -> Saying {
        Saying { at: at(civil), on: vec![(instagram(), reach)], pillar: None, audience: None, message: None }
    }

    fn stands(promise: &Promise, sayings: &[Saying], window: Window) -> Option<(Option<u32>, [u32; 4])> {
        let all = progress(std::slice::from_ref(promise), sayings, window, &madrid());
        all.first().map(|one| (one.promised, [one.out, one.placed, one.wished, one.missing()]))
    }

    fn themes() -> Themes {
        let pillar =
            |n: u128, archived| Pillar { id: PillarId::from_bits(n), version: 1, name: n.to_string(), archived };
        let audience = Audience {
            id: AudienceId::from_bits(1),
            version: 1,
            name: "Mayores".to_owned(),
            who: String::new(),
            found: String::new(),
            languages: Vec::new(),
            needs: String::new(),
            archived: false,
        };
        Themes { pillars: vec![pillar(1, false), pillar(2, true)], audiences: vec![audience], ..Themes::default() }
    }

    fn channels() -> Vec<Channel> {
        let channel = |n: u128, state| Channel {
            id: ChannelId::from_bits(n),
            network: Network::Instagram,
            name: n.to_string(),
            handle: String::new(),
            address: None,
            languages: Vec::new(),
            limits: Network::Instagram.limits(),
            health: Health { state, last_success: None, expires: None, last_error: None },
            assisted: false,
            voice: Default::default(),
        };
        vec![channel(1, HealthState::Working), channel(2, HealthState::Disconnected)]
    }

    fn kept(all: &[Promise], wanted: Promise) -> Result<Promise, Refusal> {
        keep(all, &themes(), &channels(), wanted)
    }

    #[test]
    fn a_promise_is_kept_once_and_changed_from_the_version_that_stands() {
        let three = kept(&[], promise(1, 3, Per::Week)).unwrap();
        assert_eq!(three.version, 1);
        let all = [three.clone()];
        assert_eq!(kept(&all, promise(1, 3, Per::Week)), Ok(three.clone()), "sent twice, it is one");
        assert_eq!(kept(&all, Promise { count: 4, ..three.clone() }).unwrap().version, 2);
        assert_eq!(kept(&all, promise(1, 4, Per::Week)), Err(Refusal::Stale { current: 1 }));
        assert_eq!(kept(&[], Promise { version: 2, ..promise(1, 4, Per::Week) }), Err(Refusal::NotFound));
    }

    #[test]
    fn nothing_doubled_backwards_or_about_what_is_not_there() {
        let all = [Promise { last: Some(day("2026-06-30")), ..kept(&[], promise(1, 3, Per::Week)).unwrap() }];
        let again = promise(2, 5, Per::Week);
        assert_eq!(kept(&all, again.clone()), Err(Refusal::Doubled { field: "promises".to_owned() }));
        // What follows the one before is the way to promise more from a day on.
        assert!(kept(&all, Promise { first: day("2026-07-01"), ..again.clone() }).is_ok());
        assert!(kept(&all, Promise { per: Per::Month, ..again.clone() }).is_ok());
        assert!(kept(&all, Promise { pillar: Some(mobility()), ..again.clone() }).is_ok());
        let refused = |wanted| kept(&[], wanted).unwrap_err();
        let ended = Some(day("2025-12-31"));
        assert_eq!(refused(Promise { last: ended, ..again.clone() }), Refusal::TermBackwards);
        assert_eq!(refused(Promise { count: 0, ..again.clone() }), Refusal::Malformed { field: "count".to_owned() });
        assert!(matches!(refused(Promise { count: 141, ..again.clone() }), Refusal::TooLarge { limit: 140, .. }));
        let on = |n: u128| Promise { channel: ChannelId::from_bits(n), ..again.clone() };
        assert_eq!((refused(on(3)), refused(on(2))), (Refusal::NotFound, Refusal::ChannelUnfit));
        let about = |n: u128| Promise { pillar: Some(PillarId::from_bits(n)), ..again.clone() };
        assert_eq!((refused(about(3)), refused(about(2))), (Refusal::NotFound, Refusal::Archived));
        let nobody = Promise { audience: Some(AudienceId::from_bits(9)), ..again };
        assert_eq!(refused(nobody), Refusal::NotFound);
    }

    #[test]
    fn there_is_an_end_to_how_many() {
        let days = |n: usize| day("2020-01-01") + Days::new(n as u64);
        let one = |n: usize| Promise { first: days(n), last: Some(days(n)), ..promise(n as u128, 1, Per::Week) };
        let full: Vec<_> = (1..=PROMISES).map(|n| Promise { version: 1, ..one(n) }).collect();
        assert!(matches!(kept(&full, one(PROMISES + 1)), Err(Refusal::TooLarge { limit: 200, length: 201, .. })));
        assert!(kept(&full, Promise { count: 2, ..full[0].clone() }).is_ok(), "those that are there can be changed");
    }

    #[test]
    fn two_of_three_are_placed_and_none_speaks_of_mobility() {
        let sayings = [saying("2026-11-24T10:00", Reach::Out), saying("2026-11-26T10:00", Reach::Placed)];
        let (three, about) =
            (promise(1, 3, Per::Week), Promise { pillar: Some(mobility()), ..promise(2, 1, Per::Week) });
        assert_eq!(stands(&three, &sayings, week("2026-W48")), Some((Some(3), [1, 1, 0, 1])));
        assert_eq!(stands(&about, &sayings, week("2026-W48")), Some((Some(1), [0, 0, 0, 1])));
        let spoken =
            [sayings.to_vec(), vec![Saying { pillar: Some(mobility()), ..saying("2026-11-29T23:59", Reach::Wished) }]];
        let spoken = spoken.concat();
        assert_eq!(stands(&three, &spoken, week("2026-W48")), Some((Some(3), [1, 1, 1, 0])), "one serves both");
        assert_eq!(stands(&about, &spoken, week("2026-W48")), Some((Some(1), [0, 0, 1, 0])));
        assert_eq!(stands(&three, &spoken, week("2026-W49")), Some((Some(3), [0, 0, 0, 3])));
        assert_eq!(stands(&three, &spoken, month("2026-11")), None, "a promise of a week is not one of a month");
    }

    #[test]
    fn a_gap_is_filled_by_what_goes_there_and_is_about_it() {
        let about = Promise { pillar: Some(mobility()), ..promise(1, 1, Per::Week) };
        let (here, elsewhere) = ([instagram()], [ChannelId::from_bits(2)]);
        let other = PillarId::from_bits(2);
        for (on, pillar, any, narrow) in [
            (&here, Some(&mobility()), true, true),
            (&here, Some(&other), true, false),
            (&here, None, true, false),
            (&elsewhere, Some(&mobility()), false, false),
        ] {
            let fills = |promise: &Promise| promise.is_filled_by(on.iter(), pillar, None);
            assert_eq!((fills(&promise(1, 1, Per::Week)), fills(&about)), (any, narrow), "{on:?} {pillar:?}");
        }
    }

    #[test]
    fn a_week_that_two_months_share_is_one_week_and_is_shown_with_that_of_its_thursday() {
        let monthly = promise(2, 4, Per::Month);
        let sayings = [saying("2026-11-30T09:00", Reach::Placed), saying("2026-12-01T09:00", Reach::Placed)];
        assert_eq!(stands(&promise(1, 2, Per::Week), &sayings, week("2026-W49")), Some((Some(2), [0, 2, 0, 0])));
        assert_eq!(month_of(week("2026-W49")), month("2026-12"));
        assert_eq!(stands(&monthly, &sayings, month("2026-11")), Some((Some(4), [0, 1, 0, 3])));
        assert_eq!(stands(&monthly, &sayings, month("2026-12")), Some((Some(4), [0, 1, 0, 3])));
        // The month as it is drawn has days of its neighbours; they are not its own.
        let drawn = Window::named(View::Month, "2026-11").unwrap();
        assert_eq!(stands(&monthly, &sayings, drawn), stands(&monthly, &sayings, month("2026-11")));
        // Week 53 is of the old year, to its Sunday.
        let (last, first) = (week("2026-W53"), week("2027-W01"));
        assert_eq!(
            (last.first(), last.last(), first.first()),
            (day("2026-12-28"), day("2027-01-03"), day("2027-01-04"))
        );
        assert_eq!((month_of(last), last.turned(1)), (month("2026-12"), first));
    }

    #[test]
    fn a_promise_that_begins_or_ends_within_is_shown_and_not_measured() {
        let begins = Promise { first: day("2026-11-25"), ..promise(1, 3, Per::Week) };
        let sayings = [saying("2026-11-26T10:00", Reach::Out)];
        assert_eq!(stands(&begins, &sayings, week("2026-W47")), None, "it did not hold yet");
        assert_eq!(stands(&begins, &sayings, week("2026-W48")), Some((None, [1, 0, 0, 0])));
        assert_eq!(stands(&begins, &sayings, week("2026-W49")), Some((Some(3), [0, 0, 0, 3])));
        let whole = Promise { first: day("2026-11-23"), last: Some(day("2026-11-29")), ..begins.clone() };
        assert_eq!(stands(&whole, &sayings, week("2026-W48")), Some((Some(3), [1, 0, 0, 2])));
        let short = Promise { last: Some(day("2026-11-28")), ..whole };
        assert_eq!(stands(&short, &sayings, week("2026-W48")), Some((None, [1, 0, 0, 0])));
        assert_eq!(stands(&short, &sayings, week("2026-W49")), None);
    }

    #[test]
    fn a_day_is_the_town_s_own_also_where_clocks_change() {
        let three = promise(1, 3, Per::Week);
        // The last minute of the Sunday on which the clocks go back, in an hour that a zone without change would call Monday's.
        let late = [saying("2026-10-25T23:59", Reach::Placed)];
        assert_eq!(stands(&three, &late, week("2026-W43")), Some((Some(3), [0, 1, 0, 2])));
        assert_eq!(stands(&three, &late, week("2026-W44")), Some((Some(3), [0, 0, 0, 3])));
        let early = [saying("2026-03-29T00:00", Reach::Placed)];
        assert_eq!(stands(&three, &early, week("2026-W13")), Some((Some(3), [0, 1, 0, 2])));
    }

    #[test]
    fn what_failed_or_was_taken_down_is_not_said_and_a_correction_changes_nothing() {
        use Deed::{Comment, Create, Delete, Edit};
        assert_eq!(reach([(Create, "waiting")]), Some(Reach::Placed));
        assert_eq!(reach([(Create, "held")]), Some(Reach::Placed));
        assert_eq!(reach([(Create, "done")]), Some(Reach::Out));
        assert_eq!(reach([(Create, "done"), (Edit, "failed")]), Some(Reach::Out));
        assert_eq!(reach([(Create, "done"), (Comment, "failed")]), Some(Reach::Out));
        assert_eq!(reach([(Create, "done"), (Delete, "failed")]), Some(Reach::Out));
        assert_eq!(reach([(Create, "done"), (Edit, "done"), (Delete, "done")]), None);
        assert_eq!((reach([(Create, "failed")]), reach([(Create, "cancelled")]), reach([])), (None, None, None));
        let mut both = Saying { on: Vec::new(), ..saying("2026-11-24T10:00", Reach::Out) };
        both.put(&instagram(), Reach::Placed);
        both.put(&instagram(), Reach::Out);
        both.put(&instagram(), Reach::Placed);
        assert_eq!(both.on, [(instagram(), Reach::Out)], "two languages are one post");
    }

    #[test]
    fn what_says_neither_is_counted() {
        let said = |civil: &str, pillar, audience| Saying { pillar, audience, ..saying(civil, Reach::Placed) };
        let elders = AudienceId::from_bits(1);
        let sayings = [
            Saying {
                message: Some(MessageId::from_bits(1)),
                ..said("2026-11-24T10:00", Some(mobility()), Some(elders.clone()))
            },
            said("2026-11-25T10:00", Some(mobility()), None),
            said("2026-11-26T10:00", None, None),
            Saying { on: Vec::new(), ..said("2026-11-26T11:00", None, None) },
        ];
        let covered = coverage(&sayings, week("2026-W48"), &madrid());
        assert_eq!((covered.posts, covered.no_pillar, covered.no_audience, covered.neither), (3, 1, 2, 1));
        assert_eq!(covered.messages, [(MessageId::from_bits(1), 1)]);
        assert_eq!((covered.pillars, covered.audiences), (vec![(mobility(), 2)], vec![(elders, 1)]));
        assert_eq!(coverage(&sayings, week("2026-W49"), &madrid()), Coverage::default());
    }

    fn any_reach() -> impl Strategy<Value = Reach> {
        prop_oneof![Just(Reach::Wished), Just(Reach::Placed), Just(Reach::Out)]
    }

    fn any_saying() -> impl Strategy<Value = Saying> {
        let on = proptest::collection::vec((1..4_u128, any_reach()), 0..4);
        (0..600_000_i64, on, 0..3_u128, 0..3_u128).prop_map(|(minute, on, pillar, audience)| {
            let at = Moment(1_767_225_600_000).plus(Millis::minutes(minute));
            let some = |n: u128| (n > 0).then_some(n);
            let (pillar, audience) = (some(pillar).map(PillarId::from_bits), some(audience).map(AudienceId::from_bits));
            let mut saying = Saying { at, on: Vec::new(), pillar, audience, message: None };
            for (channel, reach) in on {
                saying.put(&ChannelId::from_bits(channel), reach);
            }
            saying
        })
    }

    fn any_promise() -> impl Strategy<Value = Promise> {
        let term = (0..400_u64, proptest::option::of(0..100_u64));
        (1..9_u32, any::<bool>(), 1..4_u128, 0..3_u128, 0..3_u128, term).prop_map(
            |(count, weekly, channel, pillar, audience, (begins, lasts))| {
                let first = day("2026-01-01") + Days::new(begins);
                let some = |n: u128| (n > 0).then_some(n);
                Promise {
                    channel: ChannelId::from_bits(channel),
                    pillar: some(pillar).map(PillarId::from_bits),
                    audience: some(audience).map(AudienceId::from_bits),
                    first,
                    last: lasts.map(|days| first + Days::new(days)),
                    ..promise(1, count, if weekly { Per::Week } else { Per::Month })
                }
            },
        )
    }

    proptest! {
        /// Every week and month of a year: what stands and what is missing come to what is promised, or more is said than
        /// that; and what is narrower never counts more.
        #[test]
        fn what_stands_and_what_is_missing_come_to_what_is_promised(
            wide in any_promise(),
            sayings in proptest::collection::vec(any_saying(), 0..40),
            offset in 0..400_u64,
        ) {
            let on = day("2026-01-01") + Days::new(offset);
            for view in View::ALL {
                let window = Window::around(view, on);
                let narrow = Promise { pillar: Some(mobility()), ..wide.clone() };
                let wider = Promise { pillar: None, ..wide.clone() };
                let all = progress(&[wider.clone(), narrow], &sayings, window, &madrid());
                prop_assert_eq!(all.len() == 2, Per::of(view) == Some(wide.per) && wide.over(window.first(), window.last()).is_some());
                for one in &all {
                    prop_assert!(one.promised.is_none_or(|promised| promised == wide.count));
                    let promised = one.promised.unwrap_or_default();
                    prop_assert_eq!(one.missing() + one.all().min(promised), promised);
                }
                if let [wider, narrow] = &all[..] {
                    prop_assert!(narrow.out <= wider.out && narrow.placed <= wider.placed && narrow.wished <= wider.wished);
                }
            }
        }

        /// No post is lost between two weeks, nor counted in both.
        #[test]
        fn the_weeks_of_a_year_share_out_what_is_said(
            wanted in any_promise(),
            sayings in proptest::collection::vec(any_saying(), 0..40),
        ) {
            let always = Promise { first: day("2020-01-01"), last: None, per: Per::Week, ..wanted };
            let first = Window::around(View::Week, day("2025-12-01"));
            let weeks = (0..70).flat_map(|by| {
                progress(std::slice::from_ref(&always), &sayings, first.turned(by), &madrid())
            });
            let counted: u32 = weeks.map(|one| one.all()).sum();
            let there = sayings.iter().filter(|one| {
                always.is_about(one.pillar.as_ref(), one.audience.as_ref()) && one.reach_on(&always.channel).is_some()
            });
            prop_assert_eq!(counted as usize, there.count());
        }

        /// Coverage adds up, whichever way it is read.
        #[test]
        fn every_post_says_a_pillar_or_none(sayings in proptest::collection::vec(any_saying(), 0..40), offset in 0..400_u64) {
            let window = Window::around(View::List, day("2026-01-01") + Days::new(offset));
            let covered = coverage(&sayings, window, &madrid());
            let sum = |counts: &[u32]| counts.iter().sum::<u32>();
            let pillars: Vec<u32> = covered.pillars.iter().map(|(_, count)| *count).collect();
            let audiences: Vec<u32> = covered.audiences.iter().map(|(_, count)| *count).collect();
            prop_assert_eq!(sum(&pillars) + covered.no_pillar, covered.posts);
            prop_assert_eq!(sum(&audiences) + covered.no_audience, covered.posts);
            prop_assert!(covered.neither <= covered.no_pillar.min(covered.no_audience));
        }
    }
}

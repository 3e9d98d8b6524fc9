//! How much a network lets through: what its answers say of that, whose turn it is, and who waits until when.
//! Separate from `delivery`: there the unit is one act and one answer, here it is everything that wants to go out by one
//! account, or by one developer app, at the same time.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ActId, Millis, Moment, Network};

/// What is said of more than so many publications is not kept: writing it down at each would cost more than it saves. It
/// is also how many may be on their way while the first answer comes that speaks of an end.
const KEPT: u32 = 25;

/// Whose an allowance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The account's.
    Account,
    /// The developer app's, by which all accounts of the organisation at that network are reached.
    App,
}

/// How many publications a network lets through: so many until a moment, and from then on so many in each span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// So many may still go.
    pub left: u32,
    /// Until this moment.
    pub until: Moment,
    /// So many may go in each span from then on; at least one.
    pub full: u32,
    /// How long such a span is; at least a second.
    pub span: Millis,
}

impl Allowance {
    fn of(left: u32, until: Moment, full: u32, span: Millis) -> Self {
        Self { left, until, full: full.max(1), span: Millis(span.0.max(1_000)) }
    }

    /// As it is at a moment: renewed, if that is over.
    #[must_use]
    pub fn at(self, now: Moment) -> Self {
        if now < self.until {
            return self;
        }
        let spans = now.since(self.until).0 / self.span.0 + 1;
        Self { left: self.full, until: self.until.plus(Millis(self.span.0.saturating_mul(spans))), ..self }
    }

    /// Whether it still says anything: a span after its end, nobody waited for it any more.
    pub fn holds(self, now: Moment) -> bool {
        now < self.until.plus(self.span)
    }

    /// When somebody goes before whom there are so many.
    fn turn(self, before: u32, now: Moment) -> Turn {
        let now = self.at(now);
        if before < now.left {
            return Turn::Goes;
        }
        let spans = i64::from((before - now.left) / now.full);
        Turn::Waits { until: now.until.plus(Millis(now.span.0.saturating_mul(spans))), before }
    }
}

/// The headers that speak of what is left, in small letters.
pub const HEADERS: [&str; 20] = [
    "x-rate-limit-limit",
    "x-rate-limit-remaining",
    "x-rate-limit-reset",
    "x-user-limit-24hour-limit",
    "x-user-limit-24hour-remaining",
    "x-user-limit-24hour-reset",
    "x-app-limit-24hour-limit",
    "x-app-limit-24hour-remaining",
    "x-app-limit-24hour-reset",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "x-app-usage",
    "x-business-use-case-usage",
    "x-ratelimit-perday-limit",
    "x-ratelimit-perday-remaining",
    "x-ratelimit-perday-reset",
];

/// How a network writes when a count begins anew.
#[derive(Clone, Copy)]
enum Reset {
    /// Seconds since 1970.
    Epoch,
    /// Seconds from now.
    Seconds,
    /// RFC 3339.
    Instant,
}

/// Three headers that belong together.
struct Counted {
    limit: &'static str,
    left: &'static str,
    reset: &'static str,
    writes: Reset,
    /// How long a count goes on.
    span: Millis,
    /// What a publication costs of it, at most.
    cost: u32,
    whose: Whose,
}

/// X: its guide to rate limits (2026-08-22) for `x-rate-limit-*`, of a quarter of an hour for this call by this account;
/// the day's two are general knowledge (2026-11). A post is one call, and only that call's headers are read.
const X: &[Counted] = &[
    Counted {
        limit: "x-rate-limit-limit",
        left: "x-rate-limit-remaining",
        reset: "x-rate-limit-reset",
        writes: Reset::Epoch,
        span: Millis::minutes(15),
        cost: 1,
        whose: Whose::Account,
    },
    Counted {
        limit: "x-user-limit-24hour-limit",
        left: "x-user-limit-24hour-remaining",
        reset: "x-user-limit-24hour-reset",
        writes: Reset::Epoch,
        span: Millis::hours(24),
        cost: 1,
        whose: Whose::Account,
    },
    Counted {
        limit: "x-app-limit-24hour-limit",
        left: "x-app-limit-24hour-remaining",
        reset: "x-app-limit-24hour-reset",
        writes: Reset::Epoch,
        span: Millis::hours(24),
        cost: 1,
        whose: Whose::App,
    },
];

/// Mastodon: 300 requests in five minutes for an account (documentation of rate limits, 2026-07-02). A publication with
/// four pictures is ten of them.
const MASTODON: &[Counted] = &[Counted {
    limit: "x-ratelimit-limit",
    left: "x-ratelimit-remaining",
    reset: "x-ratelimit-reset",
    writes: Reset::Instant,
    span: Millis::minutes(5),
    cost: 10,
    whose: Whose::Account,
}];

/// Bluesky: 5,000 points an hour, of which a new record is three (its guide to rate limits, 2026-08-20).
const BLUESKY: &[Counted] = &[Counted {
    limit: "ratelimit-limit",
    left: "ratelimit-remaining",
    reset: "ratelimit-reset",
    writes: Reset::Epoch,
    span: Millis::hours(1),
    cost: 3,
    whose: Whose::Account,
}];

/// Tumblr: 1,000 calls an hour and 5,000 a day for an app (documentation of limits, 2024-10-18); the day's is what ends. A
/// publication is three calls.
const TUMBLR: &[Counted] = &[Counted {
    limit: "x-ratelimit-perday-limit",
    left: "x-ratelimit-perday-remaining",
    reset: "x-ratelimit-perday-reset",
    writes: Reset::Seconds,
    span: Millis::hours(24),
    cost: 3,
    whose: Whose::App,
}];

/// From which share of what Meta allows it is kept, in percent.
const USED: u32 = 80;

/// What a publication takes of an hour's calls at Meta, in percent: our own estimate (2026-11-29), for a page that few
/// people visit. The hour rolls, so it comes back bit by bit.
const PERCENT_EACH: u32 = 5;

/// In how long as much as one publication takes comes back.
const COMES_BACK: Millis = Millis::minutes(60 * PERCENT_EACH as i64 / 100);

/// What the headers of the call that made something visible say, where it is near its end.
pub fn learned(network: Network, said: &[(&str, String)], now: Moment) -> Vec<(Whose, Allowance)> {
    let header = |name: &str| said.iter().find(|(named, _)| *named == name).map(|(_, text)| text.as_str());
    let counts: &[Counted] = match network {
        Network::X => X,
        Network::Mastodon => MASTODON,
        Network::Bluesky => BLUESKY,
        Network::Tumblr => TUMBLR,
        Network::Facebook | Network::Instagram | Network::Threads => {
            let app = header("x-app-usage").and_then(|text| used(&read(text)?, now));
            let account = header("x-business-use-case-usage").and_then(|text| worst(&read(text)?, now));
            let app = app.map(|allowance| (Whose::App, allowance));
            return account.map(|allowance| (Whose::Account, allowance)).into_iter().chain(app).collect();
        }
        _ => return Vec::new(),
    };
    let mut found: Vec<(Whose, Allowance)> = Vec::new();
    for (whose, allowance) in counts.iter().filter_map(|counted| Some((counted.whose, counted.read(&header, now)?))) {
        match found.iter_mut().find(|(other, _)| *other == whose) {
            // The one that lets less through.
            Some((_, other)) if (allowance.left, other.until) < (other.left, allowance.until) => *other = allowance,
            Some(_) => {}
            None => found.push((whose, allowance)),
        }
    }
    found
}

impl Counted {
    fn read<'a>(&self, header: &impl Fn(&str) -> Option<&'a str>, now: Moment) -> Option<Allowance> {
        let number = |name: &str| header(name)?.trim().parse::<u32>().ok();
        let left = number(self.left)? / self.cost;
        let reset = header(self.reset)?.trim();
        let seconds = || reset.parse::<i64>().ok().map(|seconds| Millis(seconds.saturating_mul(1_000)));
        let until = match self.writes {
            Reset::Epoch => Moment(seconds()?.0),
            Reset::Seconds => now.plus(seconds()?),
            Reset::Instant => Moment(chrono::DateTime::parse_from_rfc3339(reset).ok()?.timestamp_millis()),
        };
        let full = number(self.limit).map_or(left, |limit| limit / self.cost);
        // What is over, and what is a year away, is no word of this count's.
        let is_plain = until > now && until <= now.plus(Millis::hours(25));
        (is_plain && left <= KEPT).then(|| Allowance::of(left, until, full, self.span))
    }
}

fn read(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// Meta's use of what is allowed, in percent of three things; the largest counts.
fn used(usage: &Value, now: Moment) -> Option<Allowance> {
    let shares = ["call_count", "total_cputime", "total_time"].into_iter().filter_map(|name| usage[name].as_f64());
    let share = shares.fold(0.0, f64::max).clamp(0.0, 100.0) as u32;
    if share < USED {
        return None;
    }
    let minutes = usage["estimated_time_to_regain_access"].as_i64().unwrap_or_default().clamp(0, 24 * 60);
    let until = now.plus(Millis(Millis::minutes(minutes).0.max(COMES_BACK.0)));
    Some(Allowance::of((100 - share) / PERCENT_EACH, until, 1, COMES_BACK))
}

/// The worst of an account's uses, each told by its business.
fn worst(usage: &Value, now: Moment) -> Option<Allowance> {
    let uses = usage.as_object()?.values().filter_map(Value::as_array).flatten();
    uses.filter_map(|one| used(one, now)).min_by_key(|allowance| (allowance.left, -allowance.until.0))
}

/// What it says of an account that it was asked to wait until a moment. How many go from then on is known of Telegram alone:
/// twenty a minute in a channel (its questions and answers for bots, 2026-05); elsewhere a few at a time find out.
pub fn refused(network: Network, until: Moment) -> Allowance {
    match network {
        Network::Telegram => Allowance::of(0, until, 20, Millis::minutes(1)),
        _ => Allowance::of(0, until, 5, Millis::seconds(10)),
    }
}

/// What goes before what. In this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// An emergency's.
    Emergency,
    /// Something is taken down.
    Takedown,
    /// Everything else.
    Routine,
}

/// Somebody in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Which act.
    pub act: ActId,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Until when it may go out by itself.
    pub ends: Moment,
    /// Since when it has been due.
    pub since: Moment,
}

impl Queued {
    fn rank(&self) -> (Urgency, Moment, Moment, &ActId) {
        (self.urgency, self.ends, self.since, &self.act)
    }
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// It goes.
    Goes,
    /// It waits.
    Waits {
        /// Until when.
        until: Moment,
        /// How many are before it.
        before: u32,
    },
}

/// Why an act waits, as it is kept with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// Until when the network lets no more through.
    pub until: Moment,
    /// How many are before it.
    pub before: u32,
    /// Since when it has been due.
    pub since: Moment,
}

/// The turn of one of a queue: the most urgent first, then what ends first. Each allowance has a queue of its own, for an app
/// may have several accounts; the later of what they say counts. One that is in no queue goes last.
pub fn turn(act: &ActId, queues: &[(Allowance, &[Queued])], now: Moment) -> Turn {
    let mut turn = Turn::Goes;
    for (allowance, queue) in queues.iter().filter(|(allowance, _)| allowance.holds(now)) {
        let own = queue.iter().find(|one| one.act == *act);
        let before = queue.iter().filter(|one| own.is_none_or(|own| one.rank() < own.rank())).count();
        let next = allowance.turn(u32::try_from(before).unwrap_or(u32::MAX), now);
        let is_later = match (next, turn) {
            (Turn::Waits { until, .. }, Turn::Waits { until: other, .. }) => until > other,
            (Turn::Waits { .. }, Turn::Goes) => true,
            (Turn::Goes, _) => false,
        };
        if is_later {
            turn = next;
        }
    }
    turn
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Moment = Moment(1_795_435_200_000); // 2026-11-23T12:00Z

    fn queued(number: u128, urgency: Urgency) -> Queued {
        let since = NOW.plus(Millis(number as i64));
        Queued { act: ActId::from_bits(number), urgency, ends: since.plus(Millis::minutes(30)), since }
    }

    fn said(headers: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        headers.iter().map(|(name, text)| (*name, (*text).to_owned())).collect()
    }

    #[test]
    fn each_network_says_it_in_its_own_way() {
        let until = NOW.plus(Millis::minutes(4));
        let epoch = (until.0 / 1_000).to_string();
        let x = [("x-rate-limit-limit", "100"), ("x-rate-limit-remaining", "7"), ("x-rate-limit-reset", &epoch)];
        let of = |network, headers: &[(&'static str, &str)]| learned(network, &said(headers), NOW);
        let account = |left, full, span| vec![(Whose::Account, Allowance::of(left, until, full, span))];
        assert_eq!(of(Network::X, &x), account(7, 100, Millis::minutes(15)));
        assert_eq!(of(Network::Mastodon, &x), [], "another network's headers");
        let instant = until.to_rfc3339();
        let mastodon = [("x-ratelimit-limit", "300"), ("x-ratelimit-remaining", "39"), ("x-ratelimit-reset", &instant)];
        assert_eq!(of(Network::Mastodon, &mastodon), account(3, 30, Millis::minutes(5)));
        let bluesky = [("ratelimit-limit", "5000"), ("ratelimit-remaining", "8"), ("ratelimit-reset", &epoch)];
        assert_eq!(of(Network::Bluesky, &bluesky), account(2, 1_666, Millis::hours(1)));
        let tumblr = [("x-ratelimit-perday-remaining", "0"), ("x-ratelimit-perday-reset", "240")];
        assert_eq!(of(Network::Tumblr, &tumblr), [(Whose::App, Allowance::of(0, until, 1, Millis::hours(24)))]);
    }

    #[test]
    fn what_is_far_from_its_end_is_not_kept_nor_what_nobody_can_read() {
        let epoch = (NOW.0 / 1_000 + 60).to_string();
        for (left, reset) in [("26", &*epoch), ("none", &*epoch), ("3", "soon"), ("3", "0"), ("3", "99999999999")] {
            let x = said(&[("x-rate-limit-remaining", left), ("x-rate-limit-reset", reset)]);
            assert_eq!(learned(Network::X, &x, NOW), [], "{left} until {reset}");
        }
    }

    #[test]
    fn of_two_counts_of_an_account_the_one_that_lets_less_through_counts() {
        let (soon, late) = ((NOW.0 / 1_000 + 60).to_string(), (NOW.0 / 1_000 + 7_200).to_string());
        let x = said(&[
            ("x-rate-limit-remaining", "9"),
            ("x-rate-limit-reset", &soon),
            ("x-user-limit-24hour-limit", "17"),
            ("x-user-limit-24hour-remaining", "2"),
            ("x-user-limit-24hour-reset", &late),
            ("x-app-limit-24hour-limit", "17"),
            ("x-app-limit-24hour-remaining", "5"),
            ("x-app-limit-24hour-reset", &late),
        ]);
        let left: Vec<_> = learned(Network::X, &x, NOW).into_iter().map(|(whose, one)| (whose, one.left)).collect();
        assert_eq!(left, [(Whose::Account, 2), (Whose::App, 5)]);
    }

    #[test]
    fn meta_speaks_in_percent_and_the_worst_counts() {
        let app = r#"{"call_count":28,"total_time":91,"total_cputime":25}"#;
        let account = r#"{"1":[{"type":"pages","call_count":79},{"type":"pages","call_count":100,"estimated_time_to_regain_access":19}]}"#;
        let both = said(&[("x-app-usage", app), ("x-business-use-case-usage", account)]);
        let found = learned(Network::Facebook, &both, NOW);
        assert_eq!(
            found,
            [
                (Whose::Account, Allowance::of(0, NOW.plus(Millis::minutes(19)), 1, COMES_BACK)),
                (Whose::App, Allowance::of(1, NOW.plus(COMES_BACK), 1, COMES_BACK)),
            ]
        );
        let calm = said(&[("x-app-usage", r#"{"call_count":79}"#), ("x-business-use-case-usage", "[]")]);
        assert_eq!(learned(Network::Threads, &calm, NOW), []);
    }

    #[test]
    fn an_emergency_goes_first_and_says_how_many_are_before_the_others() {
        let queue = [
            queued(1, Urgency::Routine),
            queued(2, Urgency::Routine),
            queued(3, Urgency::Takedown),
            queued(4, Urgency::Emergency),
        ];
        let until = NOW.plus(Millis::minutes(5));
        let allowance = Allowance::of(1, until, 2, Millis::minutes(10));
        let of = |number| turn(&ActId::from_bits(number), &[(allowance, &queue)], NOW);
        assert_eq!(of(4), Turn::Goes);
        assert_eq!(of(3), Turn::Waits { until, before: 1 });
        assert_eq!(of(1), Turn::Waits { until, before: 2 });
        assert_eq!(of(2), Turn::Waits { until: until.plus(Millis::minutes(10)), before: 3 });
    }

    #[test]
    fn the_app_s_and_the_account_s_both_count_and_what_is_over_does_not() {
        let (own, all) = ([queued(2, Urgency::Routine)], [queued(1, Urgency::Routine), queued(2, Urgency::Routine)]);
        let (soon, late) = (NOW.plus(Millis::minutes(1)), NOW.plus(Millis::minutes(9)));
        let account = Allowance::of(0, soon, 1, Millis::minutes(1));
        let app = Allowance::of(1, late, 1, Millis::minutes(1));
        let of = |queues: &[(Allowance, &[Queued])], now| turn(&ActId::from_bits(2), queues, now);
        assert_eq!(of(&[(account, &own), (app, &all)], NOW), Turn::Waits { until: late, before: 1 });
        assert_eq!(of(&[(account, &own)], NOW), Turn::Waits { until: soon, before: 0 });
        assert_eq!(of(&[(account, &own)], soon), Turn::Goes, "renewed");
        assert_eq!(of(&[(account, &own)], late), Turn::Goes, "nobody waited for it any more");
        assert_eq!(of(&[], NOW), Turn::Goes, "nothing is known of this account, whatever is of others");
    }

    proptest! {
        #[test]
        fn never_more_than_the_budget_and_everybody_in_the_end(
            left in 0..6_u32, full in 1..6_u32, minutes in 1..20_i64, urgencies in prop::collection::vec(0..3_u8, 1..40),
        ) {
            let allowance = Allowance::of(left, NOW.plus(Millis::minutes(minutes)), full, Millis::minutes(minutes));
            let urgency = |which: u8| [Urgency::Emergency, Urgency::Takedown, Urgency::Routine][usize::from(which)];
            let mut queue: Vec<Queued> =
                urgencies.iter().enumerate().map(|(place, which)| queued(place as u128, urgency(*which))).collect();
            let (all, mut now, mut gone) = (queue.len() as u32, NOW, 0);
            let mut standing = allowance;
            for spans in 0.. {
                let turns: Vec<_> = queue.iter().map(|one| turn(&one.act, &[(standing, &queue)], now)).collect();
                let going: Vec<Queued> = queue.iter().zip(&turns).filter(|(_, turn)| **turn == Turn::Goes).map(|(one, _)| one.clone()).collect();
                let now_standing = standing.at(now);
                prop_assert!(going.len() as u32 <= now_standing.left, "more than the budget");
                prop_assert_eq!(going.len() as u32, now_standing.left.min(queue.len() as u32), "somebody waits for nothing");
                // Whoever waits is told a moment that comes true: never later than in the order of the queue.
                for (one, turn) in queue.iter().zip(&turns) {
                    if let Turn::Waits { until, before } = turn {
                        prop_assert!(*until >= now_standing.until && *before < all);
                        prop_assert!(going.iter().all(|other| other.rank() < one.rank()), "somebody less urgent goes");
                    }
                }
                gone += going.len() as u32;
                queue.retain(|one| !going.contains(one));
                if queue.is_empty() {
                    break;
                }
                prop_assert!(spans <= all, "somebody starves");
                standing = Allowance { left: now_standing.left - going.len() as u32, ..now_standing };
                now = standing.until;
            }
            prop_assert_eq!(gone, all, "each once");
        }

        #[test]
        fn whoever_is_told_a_moment_goes_then_if_nothing_more_urgent_comes(full in 1..6_u32, left in 0..4_u32, length in 1..40_u128) {
            let (until, span) = (NOW.plus(Millis::minutes(3)), Millis::minutes(7));
            let allowance = Allowance::of(left, until, full, span);
            let queue: Vec<Queued> = (0..length).map(|number| queued(number, Urgency::Routine)).collect();
            let mut each = std::collections::BTreeMap::<i64, u32>::new();
            for one in &queue {
                let at = match turn(&one.act, &[(allowance, &queue)], NOW) {
                    Turn::Goes => NOW,
                    Turn::Waits { until, .. } => until,
                };
                *each.entry(at.0).or_default() += 1;
            }
            for (at, count) in each {
                let most = if Moment(at) < until { left } else { full };
                prop_assert!(count <= most, "{} at {}", count, at);
            }
        }
    }
}

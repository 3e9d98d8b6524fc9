//! One run: posts, faults, time, and the count at the end. Everything in it follows from its seed, but for what the
//! operating system does with threads.

use std::{collections::BTreeMap, thread, time::Duration};

use anyhow::Result;
use domain::{ChannelId, Millis, Moment, Network as Name, delivery::ActState};
use wire::posts::PostView;

use crate::{
    chance::Chance,
    network::{self, Fault, Kind, Met},
    town::{Planned, Town, of_part},
    verdict::{self, Counted, Excuses, Violation},
};

/// The engine's own fault points.
pub const POINTS: [&str; 9] = [
    "after_claim",
    "before_begin",
    "after_begin",
    "after_send",
    "before_conclude",
    "queue_loses",
    "queue_doubles",
    "queue_reorders",
    "d1_down",
];

/// A run in which the clock had to be moved so often has not come to rest.
const MOST_STEPS: u32 = 60;

/// What a run found.
#[derive(Debug, Default)]
pub struct Found {
    /// Publications that were judged.
    pub publications: u32,
    /// Of those, how many came to which state.
    pub states: BTreeMap<String, u32>,
    /// Broken promises, each with what it is about.
    pub broken: Vec<String>,
}

/// How often each thing was done to the engine from outside, over a campaign; the engine and the networks count theirs.
#[derive(Debug, Default)]
pub struct Hits {
    /// By name.
    pub counts: BTreeMap<String, u64>,
}

impl Hits {
    fn add(&mut self, name: &str) {
        *self.counts.entry(name.to_owned()).or_default() += 1;
    }

    /// Everything that a campaign can do wrong, with how often it was met: what was never met stands there with 0.
    ///
    /// # Errors
    /// The engine does not answer.
    pub fn all(&self, town: &Town) -> Result<BTreeMap<String, u64>> {
        let mut all = self.counts.clone();
        all.insert("engine killed".to_owned(), town.engine.kills().into());
        let outside = DEEDS.iter().map(|deed| (*deed).to_owned());
        for name in outside.chain(POINTS.iter().map(|point| format!("engine: {point}"))) {
            all.entry(name).or_default();
        }
        for (point, fired) in town.engine.fired()?.into_iter().filter(|(name, _)| POINTS.contains(&name.as_str())) {
            *all.entry(format!("engine: {point}")).or_default() += fired;
        }
        for (met, by) in at_networks(town) {
            all.insert(met.to_string(), by.iter().map(|(_, count)| count).sum());
        }
        Ok(all)
    }
}

/// Everything that a network can do wrong, and how often each did: what was never met stands there with 0.
pub fn at_networks(town: &Town) -> Vec<(Met, Vec<(Kind, u64)>)> {
    let hits: Vec<_> = town.networks().map(|network| (network.kind, network.hits())).collect();
    let of = |met: Met| hits.iter().map(|(kind, hits)| (*kind, hits.get(&met).copied().unwrap_or_default())).collect();
    network::every_fault().map(|met| (met, of(met))).collect()
}

/// What a campaign does beside the faults that it arms.
const DEEDS: [&str; 4] = ["a post taken down", "clock jumps back", "clock jumps forward", "two ticks at once"];

/// What a campaign is.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Where its chance starts.
    pub seed: u64,
    /// How many runs.
    pub runs: u64,
    /// How often the engine may be killed.
    pub kills: u32,
    /// A known bug to plant in the engine.
    pub planted: Option<String>,
}

/// One run of a campaign.
pub fn run(town: &Town, plan: &Plan, number: u64, hits: &mut Hits) -> Result<Found> {
    let mut chance = Chance::new(plan.seed.wrapping_mul(1_000_003).wrapping_add(number));
    let base = plan.planted.as_ref().map_or("impatient=1".to_owned(), |bug| format!("impatient=1,{bug}=1"));
    // Some runs without a fault: everything must be done then, so that the others' excuses mean something.
    let calm = number % 8 == 7;
    // Deaths are costly, so they are few, and spread over the campaign.
    let (kills, most) = (u64::from(town.engine.kills()), u64::from(plan.kills));
    let may_kill = !calm && kills < most && number * most >= kills * plan.runs;
    town.engine.arm(base.clone())?;
    let turns = if calm { Turns::default() } else { Turns::of(town, number, may_kill) };
    let mut planned = Vec::new();
    for place in 0..2 + chance.below(3) {
        planned.push(town.write(&mut chance, number, place, &turns.must(town))?);
    }
    if !calm {
        arm(town, &mut chance, number, &base, &turns)?;
    }
    for post in &planned {
        town.place(post)?;
    }
    settle(town, &planned, &mut chance, hits, &base, !calm)?;
    let mut down = Vec::new();
    if !calm && chance.percent(25) {
        let post = &planned[0];
        arm(town, &mut chance, number, &base, &Turns::default())?;
        if matches!(town.read(post)?.post.stage, domain::Stage::Out { .. }) {
            town.take_down(post)?;
            hits.add("a post taken down");
            down.push(post.id.clone());
            settle(town, &planned, &mut chance, hits, &base, true)?;
        }
    }
    town.engine.arm(base)?;
    town.networks().for_each(network::Network::disarm);
    let mut found = Found::default();
    let shown = town.troubled()?;
    for post in &planned {
        let view = town.read(post)?;
        judge(town, post, &view, shown.contains(&post.id), Excuses { none: calm }, &mut found)?;
        town.clear(&view);
    }
    town.mend()?;
    Ok(found)
}

/// Whose turn it is in a run, so that nothing is met only by luck: at every third network another fault at each kind of
/// step, and where a death is due, one network at which the engine dies.
#[derive(Debug, Default)]
struct Turns {
    /// By the network's place: what goes wrong on the call that counts, and on another.
    faults: BTreeMap<usize, (Fault, Fault)>,
    death: Option<(usize, Fault)>,
}

impl Turns {
    fn of(town: &Town, number: u64, may_kill: bool) -> Self {
        let networks = town.networks().count();
        let (number, plain) = (usize::try_from(number).unwrap_or_default(), Fault::PLAIN);
        let turn = |place: usize| {
            let turn = number + place;
            let (visible, safe) = (turn / 3, turn / 3 + plain.len() / 2);
            turn.is_multiple_of(3).then(|| (place, (plain[visible % plain.len()], plain[safe % plain.len()])))
        };
        // In turns: the network did it, or did not; and at the next network once both were.
        let kills = town.engine.kills() as usize;
        let fault = if kills.is_multiple_of(2) { Fault::KillBefore } else { Fault::KillAfter };
        let death = may_kill.then_some(((kills / 2) % networks, fault));
        Self { faults: (0..networks).filter_map(turn).collect(), death }
    }

    /// The channels to which something has to go, or nothing would be met there.
    fn must(&self, town: &Town) -> Vec<ChannelId> {
        let places = town.channels.iter().filter(|channel| channel.network.is_some()).enumerate();
        let theirs =
            |place: &usize| self.faults.contains_key(place) || self.death.is_some_and(|(dies, _)| dies == *place);
        places.filter(|(place, _)| theirs(place)).map(|(_, channel)| channel.id.clone()).collect()
    }
}

/// Arms a handful of faults, in the engine and on the networks: those whose turn it is, and some by chance, so that no
/// two runs are alike.
fn arm(town: &Town, chance: &mut Chance, number: u64, base: &str, turns: &Turns) -> Result<()> {
    let point = usize::try_from(number).unwrap_or_default() % POINTS.len();
    let mut armed = vec![base.to_owned(), format!("{}=1", POINTS[point])];
    for _ in 0..chance.below(3) {
        if let Some(point) = chance.one(&POINTS) {
            armed.push(format!("{point}={}", 1 + chance.below(2)));
        }
    }
    town.engine.arm(armed.join(","))?;
    let plain = Fault::PLAIN;
    for (place, network) in town.networks().enumerate() {
        let turn = turns.faults.get(&place);
        let mut draw = |chances: u64, least: Option<Fault>| {
            let faults = (0..2).filter_map(|_| chance.percent(chances).then(|| chance.one(&plain).copied())?);
            // A revoked access ends the whole channel's run: only in its turn.
            let faults = least.into_iter().chain(faults.filter(|fault| *fault != Fault::Unauthorised));
            faults.collect::<Vec<_>>()
        };
        let mut visible = draw(20, turn.map(|turn| turn.0));
        let safe = draw(10, turn.map(|turn| turn.1));
        visible.extend(turns.death.filter(|(dies, _)| *dies == place).map(|(_, fault)| fault));
        network.arm(visible, safe);
    }
    Ok(())
}

/// Lets the clock run until every act has come to rest.
fn settle(
    town: &Town,
    planned: &[Planned],
    chance: &mut Chance,
    hits: &mut Hits,
    base: &str,
    wild: bool,
) -> Result<()> {
    for step in 0..MOST_STEPS {
        town.engine.wait_until_quiet(|| town.is_to_die())?;
        if town.is_to_die() {
            town.die()?;
            town.engine.arm(base.to_owned())?;
        }
        let mut next: Option<Moment> = None;
        for post in planned {
            let publications = town.read(post)?.publications;
            // What waits behind another act is due long since, and would keep the clock from ever going on.
            let free = publications.iter().flat_map(|publication| {
                let acts = publication.acts.iter().enumerate();
                acts.filter(|(place, _)| !verdict::waits_behind(&publication.acts, *place))
            });
            for (_, act) in free {
                let at = match &act.state {
                    ActState::Waiting => act.due,
                    // Nothing is on its way: whoever had it is gone, and only the lease ends it.
                    ActState::Claimed { lease, .. } => match act.due > town.engine.now() {
                        true => act.due,
                        false => lease.plus(Millis(1)),
                    },
                    ActState::Sending { lease, .. } => lease.plus(Millis(1)),
                    ActState::Unknown { asked: false, .. } => act.due,
                    _ => continue,
                };
                next = Some(next.map_or(at, |next| next.min(at)));
            }
        }
        let Some(next) = next else { return Ok(()) };
        if next > town.engine.now() {
            town.engine.move_clock_to(next.plus(Millis(5)))?;
        }
        if wild && step < 12 && chance.percent(8) {
            let minutes = 1 + chance.below(12) as i64;
            let back = chance.percent(50);
            let by = Millis::minutes(if back { -minutes } else { minutes * 3 });
            town.engine.move_clock_to(town.engine.now().plus(by))?;
            hits.add(if back { "clock jumps back" } else { "clock jumps forward" });
        }
        if wild && chance.percent(25) {
            thread::scope(|scope| {
                scope.spawn(|| town.engine.tick());
                scope.spawn(|| town.engine.tick());
            });
            hits.add("two ticks at once");
        } else {
            town.engine.tick();
        }
    }
    // Delayed messages of the real queue may still come: give what is left one honest chance before it is judged.
    thread::sleep(Duration::from_millis(200));
    Ok(())
}

fn judge(town: &Town, post: &Planned, view: &PostView, shown: bool, excuses: Excuses, found: &mut Found) -> Result<()> {
    if view.publications.is_empty() {
        found.broken.push(format!("{}: no publication at all", post.marker));
    }
    for publication in &view.publications {
        let Some(channel) = town.channels.iter().find(|channel| channel.id == publication.channel) else { continue };
        let by_hand = channel.network.is_none() && channel.name.may_be_assisted();
        found.publications += 1;
        *found.states.entry(format!("{:?}", publication.state)).or_default() += 1;
        let mut broken: Vec<Violation> = Vec::new();
        // Each part of a thread is promised once, whatever became of the others.
        for part in 1..=publication.parts().max(1) {
            let marker = of_part(&post.marker, part);
            let counted = match (&channel.network, channel.name) {
                (Some(network), _) => Counted { there: network.count(&marker), calls: Some(network.calls(&marker)) },
                (None, Name::Noticeboard) => {
                    let (status, page) = town.engine.page(&format!("/{}/posts/{}", town.slug, post.id))?;
                    Counted { there: usize::from(status == 200 && page.contains(&marker)), calls: None }
                }
                (None, _) => Counted { there: 0, calls: None },
            };
            broken.extend(verdict::judge(publication, part as u32, counted, by_hand, shown, excuses));
        }
        for violation in broken {
            let kind = channel
                .network
                .as_ref()
                .map_or_else(|| format!("{:?}", channel.name), |network| format!("{:?}", network.kind));
            let acts: Vec<String> = publication.acts.iter().map(told).collect();
            found.broken.push(format!("{} at {kind}: {violation}\n      {}", post.marker, acts.join("\n      ")));
        }
    }
    Ok(())
}

/// An act in one line: what a person who looks for the bug wants to see first.
fn told(act: &wire::publications::ActView) -> String {
    let attempts: Vec<String> = act
        .attempts
        .iter()
        .map(|attempt| {
            let came = attempt.outcome.map_or("never ended".to_owned(), |came| format!("{came:?}"));
            format!("#{} {} {came} {}", attempt.number, attempt.started.to_rfc3339(), attempt.message)
        })
        .collect();
    format!("{:?} {:?} due {} [{}]", act.deed, act.state, act.due.to_rfc3339(), attempts.join("; "))
}

//! One run: posts, faults, time, and the count at the end. Everything in it follows from its seed, but for what the
//! operating system does with threads.

use std::{collections::BTreeMap, thread, time::Duration};

use anyhow::Result;
use domain::{Millis, Moment, Network as Name, delivery::ActState};
use wire::{posts::PostView, rehearsal};

use crate::{
    chance::Chance,
    network::Fault,
    town::{Planned, Town},
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

/// How often each thing was done to the engine, over a campaign.
#[derive(Debug, Default)]
pub struct Hits {
    /// By name.
    pub counts: BTreeMap<String, u64>,
    before: BTreeMap<String, u64>,
}

impl Hits {
    fn add(&mut self, name: &str) {
        *self.counts.entry(name.to_owned()).or_default() += 1;
    }

    /// Arms points of the engine, and notes how often they fired since the last time.
    fn arm(&mut self, town: &Town, armed: String) -> Result<()> {
        let hits = town.engine.call(None, &rehearsal::FAULTS, &[], &rehearsal::Faults { armed })?.hits;
        for (name, _, fired) in hits.into_iter().filter(|(name, ..)| POINTS.contains(&name.as_str())) {
            let before = self.before.insert(name.clone(), fired).unwrap_or_default();
            // A killed engine counts from nothing again.
            let more = if fired >= before { fired - before } else { fired };
            *self.counts.entry(name).or_default() += more;
        }
        Ok(())
    }
}

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
    hits.arm(town, base.clone())?;
    let mut planned = Vec::new();
    for place in 0..2 + chance.below(3) {
        planned.push(town.write(&mut chance, number, place)?);
    }
    if !calm {
        arm(town, &mut chance, hits, &base, may_kill)?;
    }
    for post in &planned {
        town.place(post)?;
    }
    settle(town, &planned, &mut chance, hits, &base, !calm)?;
    let mut down = Vec::new();
    if !calm && chance.percent(25) {
        let post = &planned[0];
        arm(town, &mut chance, hits, &base, false)?;
        if matches!(town.read(post)?.post.stage, domain::Stage::Out { .. }) {
            town.take_down(post)?;
            hits.add("a post taken down");
            down.push(post.id.clone());
            settle(town, &planned, &mut chance, hits, &base, true)?;
        }
    }
    hits.arm(town, base)?;
    town.channels.iter().filter_map(|channel| channel.network.as_ref()).for_each(|network| network.disarm());
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

/// Arms a handful of faults, in the engine and on the networks.
fn arm(town: &Town, chance: &mut Chance, hits: &mut Hits, base: &str, may_kill: bool) -> Result<()> {
    let mut armed = vec![base.to_owned()];
    for _ in 0..1 + chance.below(3) {
        if let Some(point) = chance.one(&POINTS) {
            armed.push(format!("{point}={}", 1 + chance.below(2)));
        }
    }
    hits.arm(town, armed.join(","))?;
    let networks: Vec<_> = town.channels.iter().filter_map(|channel| channel.network.as_ref()).collect();
    for network in &networks {
        let mut draw = |chances: u64| {
            let faults = (0..2).filter_map(|_| chance.percent(chances).then(|| chance.one(&Fault::PLAIN).copied())?);
            // A revoked access ends the whole channel's run: less often than the rest.
            faults.filter(|fault| *fault != Fault::Unauthorised).collect::<Vec<_>>()
        };
        let (visible, safe) = (draw(45), draw(15));
        network.arm(visible, safe);
    }
    if chance.percent(12)
        && let Some(network) = chance.one(&networks)
    {
        network.arm([Fault::Unauthorised], []);
    }
    if may_kill && let Some(network) = chance.one(&networks) {
        let fault = if chance.percent(50) { Fault::KillBefore } else { Fault::KillAfter };
        network.arm([fault], []);
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
            hits.add("engine killed");
            hits.arm(town, base.to_owned())?;
        }
        let mut next: Option<Moment> = None;
        for post in planned {
            for act in town.read(post)?.publications.iter().flat_map(|publication| &publication.acts) {
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
        let counted = match (&channel.network, channel.name) {
            (Some(network), _) => {
                Counted { there: network.count(&post.marker), calls: Some(network.calls(&post.marker)) }
            }
            (None, Name::Noticeboard) => {
                let (status, page) = town.engine.page(&format!("/{}/posts/{}", town.slug, post.id))?;
                Counted { there: usize::from(status == 200 && page.contains(&post.marker)), calls: None }
            }
            (None, _) => Counted { there: 0, calls: None },
        };
        let by_hand = channel.name.is_assisted();
        found.publications += 1;
        *found.states.entry(format!("{:?}", publication.state)).or_default() += 1;
        let broken: Vec<Violation> = verdict::judge(publication, counted, by_hand, shown, excuses);
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

//! One run: posts, faults, time, and the count at the end. Everything in it follows from its seed, but for what the
//! operating system does with threads.

use std::{collections::BTreeMap, thread, time::Duration};

use anyhow::{Context, Result};
use domain::{
    ChannelId, Millis, Moment, Network as Name,
    delivery::{ActState, Deed},
    pin,
};
use wire::{posts::PostView, publications::PublicationView, rehearsal::Heaviest};

use crate::{
    chance::Chance,
    network::{self, Counts, Fault, Kind, Met, Step},
    town::{Form, Planned, Town, Wish, of_comment, of_part, of_revision},
    verdict::{self, Corrected, Counted, Excuses, Violation},
};

/// The engine's own fault points.
pub const POINTS: [&str; 13] = [
    "after_claim",
    "before_begin",
    "after_begin",
    "after_send",
    "after_comment",
    "before_conclude",
    "after_look",
    "before_pin",
    "after_pin",
    "queue_loses",
    "queue_doubles",
    "queue_reorders",
    "d1_down",
];

/// The forms that a run's third post has in turn.
const THIRD: [Form; 4] = [Form::Video, Form::Poll, Form::Document, Form::Story];

/// Every so manieth run is calm.
const CALM: u64 = 8;

/// After so many runs Bluesky is let in to in the other way: signed in at, or by an app password.
const WAYS: u64 = 4;

/// At every so manieth network it is the turn of a fault at what every post has.
const EVERY: usize = 5;

/// In every so manieth run the first post is a thread, and a fault at its later parts has its turn at half of the networks that have them.
const THREADED: usize = 4;

/// After so long a pin that could not be done is due again, whichever try it was ([`domain::delivery::back_off`]).
const PIN_WAITS: Millis = Millis::minutes(10);

/// A run in which the clock had to be moved so often has not come to rest.
const MOST_STEPS: u32 = 60;

/// What a run found.
#[derive(Debug, Default)]
pub struct Found {
    /// Publications that were judged.
    pub publications: u32,
    /// Of those, how many came to which state; and what their first comments, corrections, takedowns and pins came to.
    pub states: BTreeMap<String, u32>,
    /// Broken promises, each with what it is about.
    pub broken: Vec<String>,
    /// The invocation of the queue that spent most.
    pub heaviest: Heaviest,
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
        let Counts { renewed, demanded, .. } = counts(town);
        all.insert("a bound access renewed".to_owned(), renewed);
        all.insert("a proof without the server's number".to_owned(), demanded);
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

/// Everything that a network can do wrong, and how often each that can did: what was never met stands there with 0.
pub fn at_networks(town: &Town) -> Vec<(Met, Vec<(Kind, u64)>)> {
    let hits: Vec<_> = town.networks().map(|network| (network.kind, network.hits())).collect();
    let of = |met: Met| {
        let can = hits.iter().filter(|(kind, _)| met.is_at(*kind));
        can.map(|(kind, hits)| (*kind, hits.get(&met).copied().unwrap_or_default())).collect()
    };
    network::every_fault().map(|met| (met, of(met))).collect()
}

/// What a campaign does beside the faults that it arms.
const DEEDS: [&str; 5] =
    ["a post corrected", "a post taken down", "clock jumps back", "clock jumps forward", "two ticks at once"];

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
    let calm = number % CALM == CALM - 1;
    // Deaths are costly, so they are few, and spread over the campaign.
    let (kills, most) = (u64::from(town.engine.kills()), u64::from(plan.kills));
    // The last ones are due before the last runs: a death may not be met in its run, and comes in the next.
    let may_kill = !calm && kills < most && number * most * 10 >= kills * plan.runs * 9;
    town.engine.arm(base.clone())?;
    if number.is_multiple_of(WAYS) {
        town.lets_in_by((number / WAYS).is_multiple_of(2))?;
    }
    // Whoever comes first finds out, and so does whoever comes at the same time.
    town.networks().for_each(network::Network::expire);
    let signed_in = counts(town);
    let mut turns = Turns::of(town, number, may_kill);
    if calm {
        turns.faults.clear();
    }
    let mut planned = Vec::new();
    for place in 0..3 + u64::from(chance.percent(25)) {
        let wish = turns.wish(town, &mut chance, place);
        planned.push(town.write(&mut chance, number, place, wish)?);
    }
    if !calm {
        arm(town, &mut chance, number, &base, &turns)?;
    }
    for post in &planned {
        town.place(post)?;
    }
    settle(town, &planned, &mut chance, hits, &base, !calm)?;
    let Turns { corrected, removed, .. } = turns;
    let (corrected, removed) = (out(town, &planned, corrected)?, out(town, &planned, removed)?);
    if corrected.is_some() || removed.is_some() {
        if !calm {
            arm(town, &mut chance, number, &base, &Turns::default())?;
        }
        if let Some(place) = corrected {
            // Two at once: the first may be on its way, or wait, or be in doubt.
            for _ in 0..1 + u32::from(!calm && chance.percent(30)) {
                town.correct(&mut planned[place])?;
                hits.add("a post corrected");
            }
        }
        if let Some(place) = removed {
            town.take_down(&planned[place])?;
            hits.add("a post taken down");
        }
        settle(town, &planned, &mut chance, hits, &base, !calm)?;
    }
    town.engine.arm(base.clone())?;
    town.networks().for_each(network::Network::disarm);
    let tried = on_duty(town, &planned)?;
    if tried > 0 {
        settle(town, &planned, &mut chance, hits, &base, false)?;
    }
    let mut found = Found { heaviest: town.engine.heaviest(), ..Found::default() };
    if tried > 0 {
        found.states.insert("tried again by a person".to_owned(), tried);
    }
    let (shown, refused) = (town.troubled()?, town.refused()?);
    for post in &planned {
        let view = town.read(post)?;
        let seen = Seen { shown: shown.contains(&post.id), refused: &refused, excuses: Excuses { none: calm } };
        judge(town, post, &view, &seen, &mut found)?;
        town.clear(&view);
    }
    // Nothing was lost: so whoever asked again did so beside somebody else.
    let again = counts(town).again - signed_in.again;
    if calm && again > 0 {
        found.broken.push(format!("Bluesky: {again} times an access was renewed with what was spent"));
    }
    town.mend()?;
    Ok(found)
}

/// Somebody on duty does what the desk shows them: what failed or is held here, and what a network said no to and may show all the same, is
/// tried again. Whoever believed the no would make a second one now, and whoever forgot the first would never find it. All else stays
/// as it came to rest. Answers how many they tried.
fn on_duty(town: &Town, planned: &[Planned]) -> Result<u32> {
    let (shown, mut tried) = (town.troubled()?, 0);
    for post in planned.iter().filter(|post| shown.contains(&post.id)) {
        for publication in town.read(post)?.publications.iter().filter(|one| !one.is_leaving()) {
            let channel = town.channels.iter().find(|channel| channel.id == publication.channel);
            let network = channel.and_then(|channel| channel.network.as_ref());
            let open = publication.open().filter(|act| act.deed == Deed::Create);
            let (Some(network), Some(act)) = (network, open) else { continue };
            let rests = matches!(act.state, ActState::Failed { .. } | ActState::Held { .. });
            if rests && network.denied(&post.mark_at(network.kind, act.part as usize)) {
                let who = || format!("{} at {:?} cannot be tried again", post.marker, network.kind);
                town.try_again(publication).with_context(who)?;
                tried += 1;
            }
        }
    }
    Ok(tried)
}

/// What is told of accesses that somebody signed in for.
fn counts(town: &Town) -> Counts {
    let all = town.networks().map(network::Network::counts);
    all.fold(Counts::default(), |sum, one| Counts {
        renewed: sum.renewed + one.renewed,
        demanded: sum.demanded + one.demanded,
        again: sum.again + one.again,
    })
}

/// The place of a post that is to be corrected or taken down, if it is out.
fn out(town: &Town, planned: &[Planned], place: Option<usize>) -> Result<Option<usize>> {
    let Some(place) = place else { return Ok(None) };
    let is_out = matches!(town.read(&planned[place])?.post.stage, domain::Stage::Out { .. });
    Ok(is_out.then_some(place))
}

/// Whose turn it is in a run, so that nothing is met only by luck: at every fifth network another fault at each kind of step that
/// every post has; in turn, at each network that has them, at first comments, stories, documents, polls and pins; of videos, at every
/// other network, what was met least often there; the same of the later parts of a thread, of a correction and of a takedown; and where
/// a death is due, one network at which the engine dies.
#[derive(Debug, Default)]
struct Turns {
    /// By the network's place: what goes wrong at which step.
    faults: Vec<(usize, Step, Fault)>,
    death: Option<(usize, Step, Fault)>,
    /// What the third post is.
    third: Form,
    /// Which post is corrected, once all has come to rest.
    corrected: Option<usize>,
    /// Which one is taken down then.
    removed: Option<usize>,
}

impl Turns {
    fn of(town: &Town, number: u64, may_kill: bool) -> Self {
        let number = usize::try_from(number).unwrap_or_default();
        let fault = |step: Step, kind: Kind, at: usize| {
            let all = step.faults_at(kind);
            all[at % all.len()]
        };
        // In turns: the network did it, or did not; and at the next place once both were.
        let (kills, deaths) = (town.engine.kills() as usize, deaths(town));
        let dies = if kills.is_multiple_of(2) { Fault::KillBefore } else { Fault::KillAfter };
        let death = deaths.get((kills / 2) % deaths.len()).filter(|_| may_kill);
        let death = death.map(|(place, step)| (*place, *step, dies));
        let third = match death {
            Some((_, Step::Story, _)) => Form::Story,
            Some((_, Step::Video | Step::Upload, _)) => Form::Video,
            // So that not always the same is calm.
            _ => THIRD[(number + number / CALM as usize) % THIRD.len()],
        };
        let (corrected, removed) = after(number, third, death.map(|(_, step, _)| step));
        let mut faults = Vec::new();
        for (place, network) in town.networks().enumerate() {
            let turn = number + place;
            if third == Form::Video && (number / THIRD.len() + place).is_multiple_of(2) {
                faults.extend(of_a_video(network, place).map(|(step, fault)| (place, step, fault)));
            }
            // What keeps the first part from being out would keep the later ones from ever being sent.
            let is_threaded = Step::Part.is_at(network.kind) && is_threaded(number, place);
            if turn.is_multiple_of(EVERY) && Step::Visible.is_at(network.kind) && !is_threaded {
                let half = Step::Safe.faults_at(network.kind).len() / 2;
                faults.push((place, Step::Visible, fault(Step::Visible, network.kind, turn / EVERY)));
                faults.push((place, Step::Safe, fault(Step::Safe, network.kind, turn / EVERY + half)));
            }
            for step in Step::ALL.into_iter().filter(|step| step.is_at(network.kind)) {
                let turn = match step {
                    Step::Safe | Step::Visible | Step::Video | Step::Upload => None,
                    // At both in turn.
                    Step::Comment => (number % 2 == usize::from(network.kind == Kind::Instagram)).then_some(number / 2),
                    // Not in a fixed order, or the calm runs would keep some of a dozen from ever being met.
                    Step::Story => {
                        let (is_due, from) = (third.step() == Some(step), number / THIRD.len() + place);
                        faults.extend(is_due.then(|| (place, step, network.least_met(step, from))));
                        None
                    }
                    Step::Document | Step::Poll => (third.step() == Some(step)).then_some(number / THIRD.len()),
                    Step::Pin => (number % 3 == 2).then_some(number / 3),
                    Step::Part => {
                        let from = number / THREADED + place;
                        faults.extend(is_threaded.then(|| (place, step, network.least_met(step, from))));
                        None
                    }
                    // What was met least often, where the post goes.
                    Step::Edit | Step::Remove => {
                        let of = if step == Step::Edit { corrected } else { removed };
                        let goes = of.is_some_and(|of| form(of, third).goes_to(network.kind.name()));
                        let is_due = goes && (is_rare(step, network.kind) || turn.is_multiple_of(SOMETIMES));
                        faults.extend(is_due.then(|| (place, step, network.least_met(step, turn))));
                        None
                    }
                };
                faults.extend(turn.map(|turn| (place, step, fault(step, network.kind, turn + place))));
            }
        }
        if let Some((place, step, _)) = death.filter(|(_, step, _)| *step != Step::Visible) {
            // There is one such call in a run: nothing else is to end it.
            faults.retain(|(at, of, _)| (*at, *of) != (place, step));
        }
        Self { faults, death, third, corrected, removed }
    }

    /// All that goes wrong, and where.
    fn all(&self) -> impl Iterator<Item = &(usize, Step, Fault)> {
        self.faults.iter().chain(&self.death)
    }

    /// What the post at a place of a run is to be, and where it has to go, or nothing would be met there. The first is a text,
    /// for the most networks, is pinned, and is a thread where a later part has its turn; the second has pictures, and so it goes
    /// where no text goes alone.
    fn wish(&self, town: &Town, chance: &mut Chance, place: u64) -> Wish {
        let form = match usize::try_from(place) {
            Ok(place @ 0..=2) => form(place, self.third),
            _ if chance.percent(30) => Form::Pictured,
            _ => Form::Plain,
        };
        let is_of = |of: Option<usize>| of.is_some_and(|of| of as u64 == place);
        let (corrected, removed) = (is_of(self.corrected), is_of(self.removed));
        // What is to be met at a correction or a takedown of it.
        let is_after = |at: usize| {
            let theirs = |step: &Step| (*step == Step::Edit && corrected) || (*step == Step::Remove && removed);
            self.all().any(|(of, step, _)| *of == at && theirs(step))
        };
        let is_of_a_video = |step: &Step| matches!(step, Step::Video | Step::Upload);
        let is_due = |at: usize, kind: Kind| match (place, form.step()) {
            _ if is_after(at) => true,
            // There are many networks that take one, and it is work for each.
            (_, Some(Step::Video)) => self.all().any(|(of, step, _)| *of == at && is_of_a_video(step)),
            (_, Some(step)) => step.is_at(kind),
            (0 | 1, None) => {
                let theirs = |step: &Step| match step {
                    Step::Visible | Step::Safe | Step::Comment => true,
                    Step::Part => place == 0,
                    _ => false,
                };
                let is_head = place == 0 && Step::Pin.is_at(kind);
                is_head || self.all().any(|(of, step, _)| *of == at && theirs(step))
            }
            _ => false,
        };
        let networks = town.channels.iter().filter_map(|channel| Some((&channel.id, channel.network.as_ref()?.kind)));
        let must = networks.enumerate().filter(|(at, (_, kind))| is_due(*at, *kind));
        let must = must.map(|(_, (id, _))| id.clone()).collect();
        let is_said = place < 2 && self.all().any(|(_, step, _)| *step == Step::Comment);
        let thread = place == 0 && self.all().any(|(_, step, _)| *step == Step::Part);
        Wish { form, must, comment: is_said || chance.percent(50), pin: place == 0 || chance.percent(30), thread }
    }
}

/// What the post at a place of a run is, of the first three.
const fn form(place: usize, third: Form) -> Form {
    match place {
        0 => Form::Plain,
        1 => Form::Pictured,
        _ => third,
    }
}

/// Whether it is the turn of a fault at a later part of a thread at the network of a place: in no calm run, and at Bluesky both where it
/// is signed in at and where it is not ([`WAYS`]).
fn is_threaded(number: usize, place: usize) -> bool {
    number % THREADED == 1 && (number / THREADED / 2 + place).is_multiple_of(2)
}

/// At every so manieth network it is the turn of a fault at a correction or a takedown, where there is one.
const SOMETIMES: usize = 2;

/// Whether few of the posts that are corrected or taken down are on a network: those that take no text alone.
const fn is_rare(step: Step, kind: Kind) -> bool {
    matches!((step, kind), (_, Kind::Youtube) | (Step::Remove, Kind::Instagram))
}

/// Which post of a run is corrected, and which one is taken down: the text for the most networks mostly, at times the one with pictures,
/// and every second video. In some runs both are the same, at once. A story or a poll stays as it is. `death`: at what the engine dies.
fn after(number: usize, third: Form, death: Option<Step>) -> (Option<usize>, Option<usize>) {
    let (is_film, is_odd) = (third == Form::Video, (number / THIRD.len()).is_multiple_of(2));
    let corrected = match number % 5 {
        _ if is_film && is_odd => Some(2),
        1 => Some(0),
        3 if is_odd => Some(1),
        3 => Some(0),
        // Also where nothing goes wrong.
        _ => (number as u64 % CALM == CALM - 1).then_some(0),
    };
    let removed = match number % 4 {
        _ if is_film && !is_odd => Some(2),
        2 => Some(usize::from(is_odd)),
        _ => None,
    };
    match death {
        Some(Step::Edit) => (Some(0), None),
        Some(Step::Remove) => (None, Some(0)),
        _ => (corrected, removed),
    }
}

/// What goes wrong at a network that a video goes to: while it is brought, where that is a step of its own, and where it is shown. What
/// ends the first for good would keep the second from ever being met. What only shows videos has its safe steps there too.
fn of_a_video(network: &network::Network, place: usize) -> impl Iterator<Item = (Step, Fault)> {
    let turn = |step: Step, from: usize| step.is_at(network.kind).then(|| (step, network.least_met(step, from)));
    let brought = turn(Step::Upload, place + Step::Upload.faults_at(network.kind).len() / 2);
    let ends = brought.is_some_and(|(_, fault)| fault == Fault::Unauthorised);
    let shown = turn(Step::Video, place).filter(|_| !ends);
    let safe = turn(Step::Safe, place).filter(|_| !Step::Visible.is_at(network.kind));
    [brought, shown, safe].into_iter().flatten()
}

/// Where the engine dies: at each network while a post is made visible, and at what else is seen, where it is. The rare ones
/// come early, so that a short campaign has one.
fn deaths(town: &Town) -> Vec<(usize, Step)> {
    let kinds: Vec<Kind> = town.networks().map(|network| network.kind).collect();
    let kinds = kinds.as_slice();
    let at = move |step: Step| {
        (0..kinds.len()).filter(move |place| step.is_at(kinds[*place])).map(move |place| (place, step))
    };
    let visible: Vec<_> = at(Step::Visible).collect();
    let others = Step::ALL.into_iter().filter(|step| *step != Step::Visible).flat_map(at);
    let others: Vec<_> = others.filter(|(place, step)| step.is_deadly_at(kinds[*place])).collect();
    visible.iter().take(1).chain(&others).chain(visible.iter().skip(1)).copied().collect()
}

/// Arms a handful of faults, in the engine and on the networks: those whose turn it is, and some by chance, so that no
/// two runs are alike.
fn arm(town: &Town, chance: &mut Chance, number: u64, base: &str, turns: &Turns) -> Result<()> {
    let point = |at: usize| POINTS[(usize::try_from(number).unwrap_or_default() + at) % POINTS.len()];
    let mut armed = vec![base.to_owned(), format!("{}=1", point(0)), format!("{}=1", point(POINTS.len() / 2))];
    if let Some(point) = chance.one(&POINTS).filter(|_| chance.percent(50)) {
        armed.push(format!("{point}={}", 1 + chance.below(2)));
    }
    town.engine.arm(armed.join(","))?;
    for (place, network) in town.networks().enumerate() {
        let mut faults: Vec<(Step, Fault)> = Vec::new();
        for step in Step::ALL.into_iter().filter(|step| step.is_at(network.kind)) {
            let due = turns.all().filter(|(at, of, _)| (*at, *of) == (place, step));
            faults.extend(due.map(|(_, _, fault)| (step, *fault)));
            let (all, chances) = (step.faults_at(network.kind), if step == Step::Visible { 20 } else { 10 });
            let times = if matches!(step, Step::Visible | Step::Safe) { 2 } else { 1 };
            for _ in 0..times {
                let fault = if chance.percent(chances) { chance.one(&all).copied() } else { None };
                // A revoked access ends the whole channel's run: only in its turn.
                faults.extend(fault.filter(|fault| *fault != Fault::Unauthorised).map(|fault| (step, fault)));
            }
        }
        network.arm(faults);
    }
    Ok(())
}

/// Lets the clock run until every act has come to rest.
pub fn settle(
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
        let mut pins = Vec::new();
        for post in planned {
            let publications = town.read(post)?.publications;
            pins.extend(publications.iter().filter(|one| is_to_be_pinned(one)).map(|one| one.channel.clone()));
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
        let next = match next {
            Some(next) => next,
            None if is_let_in(town, &pins)? => town.engine.now().plus(PIN_WAITS),
            None => return Ok(()),
        };
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

/// Whether a pin is still to come by itself.
fn is_to_be_pinned(publication: &PublicationView) -> bool {
    let waits = publication.pin.as_ref().is_some_and(|pin| pin.state == pin::State::Waiting);
    waits && !publication.is_leaving()
}

/// Whether any of these channels lets us in: nothing is asked where there are none.
fn is_let_in(town: &Town, channels: &[ChannelId]) -> Result<bool> {
    if channels.is_empty() {
        return Ok(false);
    }
    let refused = town.refused()?;
    Ok(channels.iter().any(|channel| !refused.contains(channel)))
}

/// What a run is judged by besides what became of its posts.
struct Seen<'a> {
    /// Whether home shows the post.
    shown: bool,
    /// The channels that let nobody in.
    refused: &'a [ChannelId],
    excuses: Excuses,
}

fn judge(town: &Town, post: &Planned, view: &PostView, seen: &Seen<'_>, found: &mut Found) -> Result<()> {
    let Seen { shown, refused, excuses } = *seen;
    if view.publications.is_empty() {
        found.broken.push(format!("{}: no publication at all", post.marker));
    }
    for publication in &view.publications {
        let Some(channel) = town.channels.iter().find(|channel| channel.id == publication.channel) else { continue };
        let by_hand = channel.network.is_none() && channel.name.may_be_assisted();
        found.publications += 1;
        let mut count = |what: String| *found.states.entry(what).or_default() += 1;
        count(format!("{:?}", publication.state));
        let mut broken: Vec<String> = Vec::new();
        let mut add = |of: &str, violation: Violation| broken.push(format!("{of}{violation}"));
        // Each part of a thread is promised once, whatever became of the others.
        for part in 1..=publication.parts().max(1) {
            let counted = match (&channel.network, channel.name) {
                (Some(network), _) => {
                    let mark = post.mark_at(network.kind, part);
                    // What hangs there hangs below the first part, and each later one answers the one before.
                    let step = if part == 1 { post.step_at(network.kind) } else { Step::Part };
                    let (there, bare) = (network.count(&mark), network.bare(&mark, step));
                    Counted { there, bare, calls: Some(network.calls(&mark)) }
                }
                (None, Name::Noticeboard) => {
                    let (status, page) = town.engine.page(&format!("/{}/posts/{}", town.slug, post.id))?;
                    let there = usize::from(status == 200 && page.contains(&of_part(&post.marker, part)));
                    Counted { there, bare: 0, calls: None }
                }
                (None, _) => Counted { there: 0, bare: 0, calls: None },
            };
            let judged = verdict::judge(publication, part as u32, counted, by_hand, shown, excuses);
            judged.into_iter().for_each(|violation| add("", violation));
        }
        for part in (1..=publication.parts().max(1)).filter(|_| post.revision > 0) {
            let (mark, revised) = (of_part(&post.marker, part), of_revision(&post.marker, part, post.revision));
            let stands = match (&channel.network, channel.name) {
                (Some(network), _) => Corrected {
                    stale: network.stale(&mark, &revised),
                    fresh: network.count(&revised),
                    given: network.corrected(&revised),
                    calls: Some(network.edits(&revised)),
                },
                (None, Name::Noticeboard) => {
                    let (_, page) = town.engine.page(&format!("/{}/posts/{}", town.slug, post.id))?;
                    let fresh = usize::from(page.contains(&revised));
                    let stale = usize::from(page.contains(&mark)) - fresh;
                    Corrected { stale, fresh, ..Corrected::default() }
                }
                (None, _) => Corrected::default(),
            };
            let can = channel.name.can_edit();
            let judged = verdict::judge_correction(publication, part as u32, can, stands, excuses);
            judged.into_iter().for_each(|violation| add("correction: ", violation));
        }
        if let Some(network) = &channel.network {
            let (kind, mark) = (network.kind, of_comment(&post.marker));
            let counted = Counted { there: network.comments(&mark), bare: 0, calls: Some(network.calls(&mark)) };
            let judged = verdict::judge_comment(publication, post.comments_at(kind), counted, excuses);
            judged.into_iter().for_each(|violation| add("first comment: ", violation));
            let (times, fit) = (network.pinned(&of_part(&post.marker, 1)), !refused.contains(&channel.id));
            let judged = verdict::judge_pin(publication, post.pins_at(kind), times, fit, excuses);
            judged.into_iter().for_each(|violation| add("pin: ", violation));
        }
        for act in &publication.acts {
            let deed = match act.deed {
                Deed::Create => continue,
                Deed::Edit => "correction",
                Deed::Delete => "takedown",
                Deed::Comment => "first comment",
            };
            count(format!("{deed} {}", act.state.name()));
        }
        if let Some(pin) = &publication.pin {
            count(format!("pin {:?}", pin.state));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_part_has_more_turns_at_each_network_of_threads_than_faults_and_none_in_a_calm_run() {
        for (place, kind) in Kind::ALL.into_iter().enumerate().filter(|(_, kind)| Step::Part.is_at(*kind)) {
            let turns: Vec<u64> = (0..300).filter(|number| is_threaded(*number as usize, place)).collect();
            let faults = Step::Part.faults_at(kind).len();
            assert!(turns.len() >= 3 * faults, "{kind:?}: {} turns for {faults}", turns.len());
            assert!(turns.iter().all(|number| number % CALM != CALM - 1), "{kind:?}");
            let signed_in = turns.iter().filter(|number| (*number / WAYS).is_multiple_of(2)).count();
            assert!(signed_in > 0 && signed_in < turns.len(), "{kind:?}: {signed_in} of {}", turns.len());
        }
    }
}

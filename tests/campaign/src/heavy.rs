//! What one invocation of the queue spends at most: every network, which behaves, is given the most that it takes of each thing, one
//! post at a time, and then loses it again. Separate from the campaign, whose posts are small, for there are thousands of them.

use anyhow::{Result, ensure};
use domain::delivery::PublicationState;
use wire::rehearsal::Heaviest;

use crate::{
    chance::Chance,
    engine::Engine,
    run::{self, Hits},
    town::{Channel, Most, Town},
};

/// Runs it, and says of each post what its dearest invocation spent. What did not come out is said, and counted by whoever asked.
pub fn heavy(origin: String) -> Result<bool> {
    let town = Town::found(Engine::at(origin))?;
    let mut chance = Chance::new(1);
    let served = town.channels.iter().filter_map(|channel| Some((channel, channel.network.as_ref()?.kind)));
    for (channel, kind) in served {
        for most in Most::ALL.into_iter().filter(|most| most.is_taken_by(channel.name)) {
            // What was spent before is not this post's.
            spent(&town)?;
            let came = there_and_back(&town, &mut chance, channel, most);
            let Heaviest { spent, work } = spent(&town)?;
            println!("@spent {spent} {most:?} at {kind:?}: {work}");
            if let Err(error) = came {
                println!("@missing {most:?} at {kind:?}: {error:#}");
            }
        }
    }
    Ok(true)
}

/// The invocation that spent most since this was asked last.
fn spent(town: &Town) -> Result<Heaviest> {
    town.engine.arm(String::new())?;
    Ok(town.engine.heaviest())
}

/// Publishes the most of something on a channel, and takes it down.
fn there_and_back(town: &Town, chance: &mut Chance, channel: &Channel, most: Most) -> Result<()> {
    let posts = [town.write_most(chance, channel, most)?];
    let mut hits = Hits::default();
    town.place(&posts[0])?;
    run::settle(town, &posts, chance, &mut hits, "", false)?;
    for publication in town.read(&posts[0])?.publications {
        let states =
            || publication.acts.iter().map(|act| format!("{:?} {:?}", act.deed, act.state)).collect::<Vec<_>>();
        ensure!(publication.state == PublicationState::Out, "{}", states().join("; "));
    }
    town.take_down(&posts[0])?;
    run::settle(town, &posts, chance, &mut hits, "", false)
}

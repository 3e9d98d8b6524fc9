//! Everything at once: one town, twelve networks that behave, and thousands of publications that are due within an hour.
//! Whoever owns the engine multiplies the two posts that are placed here, lets time pass, and asks for the count.

use std::{
    collections::BTreeMap,
    io::{BufRead, Write},
};

use anyhow::{Context, Result, bail};

use crate::{engine::Engine, network::Step, town::Town};

/// What stands in the text of the first, and is a number in every copy.
const MARK: &str = "BURST";

/// How many digits that number has.
const DIGITS: usize = 5;

/// Runs it; answers whether every publication stands on its network once.
pub fn burst(origin: String) -> Result<bool> {
    let town = Town::found(Engine::at(origin))?;
    let [plain, pictured] = town.lay_out(&format!("{MARK}{:0DIGITS$}", 0))?;
    println!("@planned {plain} {pictured}");
    std::io::stdout().flush()?;
    let mut lines = std::io::stdin().lock().lines();
    let mut next = || lines.next().transpose()?.context("nobody speaks to us any more");
    if next()? != "@up" {
        bail!("the engine was not started again");
    }
    town.engine.stand_in_again()?;
    println!("@ready");
    std::io::stdout().flush()?;
    let line = next()?;
    let copies: usize = line.strip_prefix("@count ").context("nobody asks for the count")?.parse()?;
    let (mut lost, mut twice) = (0, 0);
    // Those that show nothing else than videos have none of them.
    for network in town.networks().filter(|network| Step::Visible.is_at(network.kind)) {
        let there = numbers(network.texts().iter().map(String::as_str));
        let none = (1..=copies).filter(|number| !there.contains_key(number)).count();
        let more = there.values().filter(|count| **count > 1).count();
        println!("{:?}: {} of {copies}, {none} not there, {more} more than once", network.kind, there.len());
        lost += none;
        twice += more;
    }
    println!("@counted {lost} {twice}");
    Ok(lost == 0 && twice == 0)
}

/// How often each number stands in texts.
fn numbers<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeMap<usize, u32> {
    let mut found = BTreeMap::new();
    for text in texts {
        // A text may say it in several places; a post counts once.
        let number = text.find(MARK).and_then(|at| text.get(at + MARK.len()..at + MARK.len() + DIGITS)?.parse().ok());
        if let Some(number) = number {
            *found.entry(number).or_default() += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_post_counts_once_by_its_number() {
        let texts = ["BURST00001, BURST00001", "Mañana, BURST00002.", "BURST00002", "nada"];
        assert_eq!(numbers(texts.into_iter()), BTreeMap::from([(1, 1), (2, 2)]));
    }
}

//! A part of the record as a file: the entries that were asked for, and around them as much of the chain as ties each to a
//! head that the organisation has published.
//!
//! Separate from the chain: what is exported is seldom all of it. An entry is proven by the links that follow it up to the
//! head of its day; of the entries between, only their moment and digest are told, which say nothing of what they hold.

use serde::{Deserialize, Serialize};

use super::{Entry, link};
use crate::Moment;

/// The format of the file, written into it.
pub const FORMAT: &str = "pregon/record/1";

/// The head of a day, as the public page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The civil day of the organisation on which its last entry was sealed.
    pub day: String,
    /// The number of that entry.
    pub seq: u64,
    /// The chain's value there.
    pub chain: String,
}

/// An entry, without what it holds: its number, moment and digest.
pub type Link = (u64, Moment, String);

/// A stretch of the chain, from the entry that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// The chain's value before the first of them.
    pub before: String,
    /// The entries without what they hold, in order.
    pub links: Vec<Link>,
    /// The heads of days among them, in order.
    pub heads: Vec<Head>,
}

/// An entry in the file: whole if it was asked for, else only what the chain needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Line {
    /// One that was asked for.
    Whole(Box<Entry<String>>),
    /// One that stands between.
    Bare {
        /// Its number.
        seq: u64,
        /// Its moment.
        at: Moment,
        /// Its digest.
        digest: String,
    },
}

/// Entries without a gap, up to the head of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The chain's value before the first entry.
    pub before: String,
    /// The entries.
    pub entries: Vec<Line>,
    /// The published head that they lead to.
    pub head: Option<Head>,
}

/// The runs of a file, while they are put together: it says which stretch of the chain it wants next.
#[derive(Debug, Default)]
pub struct Assembly {
    /// What was asked for and stands in no run yet, the last first.
    left: Vec<Entry<String>>,
    runs: Vec<Run>,
    /// The run that has not reached a head, with the number and the chain's value that it has come to.
    open: Option<(Run, u64, String)>,
}

impl Assembly {
    /// Over these entries, whatever their order.
    pub fn new(mut entries: Vec<Entry<String>>) -> Self {
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.seq));
        entries.dedup_by_key(|entry| entry.seq);
        Self { left: entries, runs: Vec::new(), open: None }
    }

    /// From which number on the chain is wanted next; nothing when all is there.
    pub fn wants(&self) -> Option<u64> {
        match &self.open {
            Some((_, seq, _)) => Some(seq + 1),
            None => self.left.last().map(|entry| entry.seq),
        }
    }

    /// How many entries stand in no run yet.
    pub fn left(&self) -> usize {
        self.left.len()
    }

    /// Takes the stretch that was wanted. One that is empty or not the one that was wanted ends what is open without a
    /// head: who verifies the file is told so.
    pub fn take(&mut self, stretch: Stretch) {
        let wanted = self.wants();
        if stretch.links.first().map(|link| link.0) != wanted {
            match self.open.take() {
                Some((run, ..)) => self.runs.push(run),
                // Nothing is known of it: it stands alone.
                None => self.runs.extend(self.left.pop().map(|entry| Run {
                    before: stretch.before,
                    entries: vec![Line::Whole(Box::new(entry))],
                    head: None,
                })),
            }
            return;
        }
        let mut chain = stretch.before;
        let mut heads = stretch.heads.into_iter().peekable();
        for (seq, at, digest) in stretch.links {
            let before = std::mem::take(&mut chain);
            chain = link(&before, seq, at, &digest);
            let asked = self.left.pop_if(|entry| entry.seq == seq);
            if let (None, Some(_)) = (&self.open, &asked) {
                self.open = Some((Run { before, entries: Vec::new(), head: None }, seq, String::new()));
            }
            if let Some((run, last, at_last)) = &mut self.open {
                run.entries.push(match asked {
                    Some(entry) => Line::Whole(Box::new(entry)),
                    None => Line::Bare { seq, at, digest },
                });
                *last = seq;
                at_last.clone_from(&chain);
            }
            if let Some(head) = heads.next_if(|head| head.seq == seq)
                && let Some((mut run, ..)) = self.open.take()
            {
                run.head = Some(head);
                self.runs.push(run);
            }
        }
    }

    /// What was put together.
    pub fn runs(mut self) -> Vec<Run> {
        self.runs.extend(self.open.take().map(|(run, ..)| run));
        self.runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        RecordId,
        record::{GENESIS, digest},
    };

    /// A chain of so many entries, with a head after each of `heads`.
    fn chain(many: u64) -> Vec<Entry<String>> {
        let mut previous = GENESIS.to_owned();
        let entries = (1..=many).map(|seq| {
            let (body, at) = (format!("{{\"n\":{seq}}}"), Moment(seq as i64 * 10));
            let digest = digest("salt", &body);
            let chain = link(&previous, seq, at, &digest);
            previous.clone_from(&chain);
            let (body, salt) = (Some(body), Some("salt".to_owned()));
            Entry {
                id: RecordId::from_bits(seq.into()),
                seq,
                at,
                subject: "task".to_owned(),
                body,
                salt,
                digest,
                chain,
            }
        });
        entries.collect()
    }

    /// What the engine answers: `most` entries from a number on.
    fn stretch(chain: &[Entry<String>], heads: &[u64], from: u64, most: usize) -> Stretch {
        let at = from as usize - 1;
        let part = &chain[at..(at + most).min(chain.len())];
        let head =
            |entry: &Entry<String>| Head { day: "2026-11-28".to_owned(), seq: entry.seq, chain: entry.chain.clone() };
        Stretch {
            before: if at == 0 { GENESIS.to_owned() } else { chain[at - 1].chain.clone() },
            links: part.iter().map(|entry| (entry.seq, entry.at, entry.digest.clone())).collect(),
            heads: part.iter().filter(|entry| heads.contains(&entry.seq)).map(head).collect(),
        }
    }

    /// Puts a file together, and checks each run as a stranger would.
    fn put_together(asked: &[u64], heads: &[u64], most: usize) -> (Vec<Run>, usize) {
        let all = chain(20);
        let entries = asked.iter().map(|seq| all[*seq as usize - 1].clone()).collect();
        let (mut assembly, mut asks) = (Assembly::new(entries), 0);
        while let Some(from) = assembly.wants() {
            asks += 1;
            assembly.take(stretch(&all, heads, from, most));
        }
        let runs = assembly.runs();
        for run in &runs {
            let mut value = run.before.clone();
            for line in &run.entries {
                value = match line {
                    Line::Whole(entry) => {
                        let next = link(&value, entry.seq, entry.at, &entry.digest);
                        assert_eq!(next, entry.chain);
                        next
                    }
                    Line::Bare { seq, at, digest } => link(&value, *seq, *at, digest),
                };
            }
            assert_eq!(Some(value), run.head.as_ref().map(|head| head.chain.clone()));
        }
        (runs, asks)
    }

    fn whole(runs: &[Run]) -> Vec<u64> {
        let lines = runs.iter().flat_map(|run| &run.entries);
        lines.filter_map(|line| if let Line::Whole(entry) = line { Some(entry.seq) } else { None }).collect()
    }

    #[test]
    fn every_entry_leads_to_a_head_however_the_stretches_are_cut() {
        for most in [1, 2, 3, 7, 20] {
            for asked in [vec![1], vec![20], vec![9, 3, 4, 18], (1..=20).collect(), vec![6, 7]] {
                let (runs, _) = put_together(&asked, &[6, 12, 20], most);
                let mut sorted = asked.clone();
                sorted.sort_unstable();
                assert_eq!(whole(&runs), sorted, "{most}");
            }
        }
    }

    #[test]
    fn of_days_without_an_entry_nothing_is_told() {
        let (runs, asks) = put_together(&[2, 19], &[6, 12, 20], 6);
        assert_eq!((runs.len(), asks), (2, 2));
        assert_eq!(runs.iter().map(|run| run.entries.len()).sum::<usize>(), 5 + 2);
    }

    #[test]
    fn what_leads_to_no_head_says_so() {
        let all = chain(4);
        let mut assembly = Assembly::new(vec![all[1].clone(), all[3].clone()]);
        assembly.take(stretch(&all, &[], 2, 2));
        assembly.take(Stretch { before: String::new(), links: Vec::new(), heads: Vec::new() });
        assembly.take(Stretch { before: String::new(), links: Vec::new(), heads: Vec::new() });
        assert_eq!(assembly.wants(), None);
        let runs = assembly.runs();
        assert!(runs.iter().all(|run| run.head.is_none()));
        assert_eq!(whole(&runs), [2, 4]);
    }
}

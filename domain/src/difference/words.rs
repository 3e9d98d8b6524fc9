//! The difference between two texts, word by word, at a bounded cost.
//! Separate from the difference of contents: this knows nothing of posts. Own, and not a crate: the well-kept ones bound
//! their cost by a clock, and the rules have none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

/// A stretch of text, and what became of it. A removal stands before the addition that takes its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "run")]
pub enum Run {
    /// In both.
    Same {
        /// The text.
        text: String,
    },
    /// Only before.
    Removed {
        /// The text.
        text: String,
    },
    /// Only after.
    Added {
        /// The text.
        text: String,
    },
}

/// Cells of one comparison table: 500 words against 500, half a megabyte.
const TABLE: usize = 250_000;
/// Cells in all: a few milliseconds on a phone, however long the texts.
const BUDGET: usize = 2_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Same,
    Removed,
    Added,
}

/// The words that were removed and added. Joined, `Same` and `Removed` are the text before, `Same` and `Added` the one
/// after. It is the smallest difference where that can be afforded, and else a true one.
pub fn difference(before: &str, after: &str) -> Vec<Run> {
    let (old, new) = (words(before), words(after));
    let mut numbers = BTreeMap::new();
    let mut number = |words: &[&str]| -> Vec<usize> {
        let mut one = |word: &&str| {
            let next = numbers.len();
            *numbers.entry((*word).to_owned()).or_insert(next)
        };
        words.iter().map(&mut one).collect()
    };
    let (a, b) = (number(&old), number(&new));
    let mut ops = Vec::with_capacity(a.len() + b.len());
    align(&a, &b, &mut { BUDGET }, &mut ops);
    join(&ops, &old, &new)
}

/// The words of a text, its spaces and its points; what they are is Unicode's business (UAX 29), except that an hour
/// (14:00) and a day (12/03) are one word: nobody reads half of one.
fn words(text: &str) -> Vec<&str> {
    let mut words: Vec<(usize, &str)> = Vec::new();
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    for (start, word) in text.split_word_bound_indices() {
        if let [.., (from, before), (_, ":" | "/" | "-")] = words[..]
            && digit(before.chars().next_back())
            && digit(word.chars().next())
        {
            words.truncate(words.len() - 2);
            words.push((from, &text[from..start + word.len()]));
        } else {
            words.push((start, word));
        }
    }
    words.into_iter().map(|(_, word)| word).collect()
}

fn align(a: &[usize], b: &[usize], budget: &mut usize, ops: &mut Vec<Op>) {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    ops.extend(std::iter::repeat_n(Op::Same, head));
    let (a, b) = (&a[head..], &b[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    let cells = a.len().saturating_mul(b.len());
    if a.is_empty() || b.is_empty() {
        replace(a, b, ops);
    } else if cells <= TABLE && cells <= *budget {
        *budget -= cells;
        table(a, b, ops);
    } else {
        // Too long to compare whole: the words that stand once on either side cut it into pieces (patience).
        let anchors = anchors(a, b);
        if anchors.is_empty() {
            replace(a, b, ops);
        } else {
            let (mut i, mut j) = (0, 0);
            for (x, y) in anchors {
                align(&a[i..x], &b[j..y], budget, ops);
                ops.push(Op::Same);
                (i, j) = (x + 1, y + 1);
            }
            align(&a[i..], &b[j..], budget, ops);
        }
    }
    ops.extend(std::iter::repeat_n(Op::Same, tail));
}

fn replace(a: &[usize], b: &[usize], ops: &mut Vec<Op>) {
    ops.extend(std::iter::repeat_n(Op::Removed, a.len()));
    ops.extend(std::iter::repeat_n(Op::Added, b.len()));
}

/// The longest common subsequence by the table of its lengths.
fn table(a: &[usize], b: &[usize], ops: &mut Vec<Op>) {
    let width = b.len() + 1;
    let mut length = vec![0_u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            let (right, below) = (length[i * width + j + 1], length[(i + 1) * width + j]);
            // At most 500 on the shorter side, so it fits.
            let same = length[(i + 1) * width + j + 1].saturating_add(1);
            length[i * width + j] = if a[i] == b[j] { same } else { right.max(below) };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            ops.push(Op::Same);
            (i, j) = (i + 1, j + 1);
        } else if length[(i + 1) * width + j] >= length[i * width + j + 1] {
            ops.push(Op::Removed);
            i += 1;
        } else {
            ops.push(Op::Added);
            j += 1;
        }
    }
    replace(&a[i..], &b[j..], ops);
}

/// The places of words that stand once on either side, as many as are in the same order on both.
fn anchors(a: &[usize], b: &[usize]) -> Vec<(usize, usize)> {
    let once = |words: &[usize]| {
        let mut places: BTreeMap<usize, Option<usize>> = BTreeMap::new();
        for (place, word) in words.iter().enumerate() {
            places.entry(*word).and_modify(|seen| *seen = None).or_insert(Some(place));
        }
        places
    };
    let there = once(b);
    let mut pairs: Vec<(usize, usize)> =
        once(a).into_iter().filter_map(|(word, place)| Some((place?, (*there.get(&word)?)?))).collect();
    pairs.sort_unstable();
    // The longest rising run of the second places: piles, each with the pair that its top came from.
    let mut piles: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, (_, y)) in pairs.iter().enumerate() {
        let pile = piles.partition_point(|top| pairs[*top].1 < *y);
        before.push(pile.checked_sub(1).map(|left| piles[left]));
        if pile == piles.len() { piles.push(index) } else { piles[pile] = index }
    }
    let mut chain = Vec::with_capacity(piles.len());
    let mut next = piles.last().copied();
    while let Some(index) = next {
        chain.push(pairs[index]);
        next = before[index];
    }
    chain.reverse();
    chain
}

/// Writes the stretches. A space between two changes is changed with them: three words that became three others are one
/// change to a reader, not three.
fn join(ops: &[Op], old: &[&str], new: &[&str]) -> Vec<Run> {
    let mut runs = Vec::new();
    let (mut same, mut removed, mut added) = (String::new(), String::new(), String::new());
    let (mut old, mut new) = (old.iter(), new.iter());
    for (place, op) in ops.iter().enumerate() {
        match op {
            Op::Removed => removed.push_str(old.next().copied().unwrap_or_default()),
            Op::Added => added.push_str(new.next().copied().unwrap_or_default()),
            Op::Same => {
                let word = old.next().copied().unwrap_or_default();
                new.next();
                let changing = !removed.is_empty() && !added.is_empty();
                let changes_after = ops.get(place + 1).is_some_and(|next| *next != Op::Same);
                if changing && changes_after && word.chars().all(char::is_whitespace) {
                    removed.push_str(word);
                    added.push_str(word);
                    continue;
                }
                flush(&mut runs, &mut removed, &mut added);
                same.push_str(word);
                continue;
            }
        }
        if !same.is_empty() {
            runs.push(Run::Same { text: std::mem::take(&mut same) });
        }
    }
    flush(&mut runs, &mut removed, &mut added);
    if !same.is_empty() {
        runs.push(Run::Same { text: same });
    }
    runs
}

fn flush(runs: &mut Vec<Run>, removed: &mut String, added: &mut String) {
    if !removed.is_empty() {
        runs.push(Run::Removed { text: std::mem::take(removed) });
    }
    if !added.is_empty() {
        runs.push(Run::Added { text: std::mem::take(added) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(before: &str, after: &str) -> String {
        let show = |run: Run| match run {
            Run::Same { text } => text,
            Run::Removed { text } => format!("[-{text}-]"),
            Run::Added { text } => format!("[+{text}+]"),
        };
        difference(before, after).into_iter().map(show).collect()
    }

    #[test]
    fn a_word_is_changed_not_a_letter() {
        assert_eq!(
            plain("Mañana no hay agua hasta las 14:00.", "Mañana no hay agua hasta las 15:00."),
            "Mañana no hay agua hasta las [-14:00-][+15:00+]."
        );
        assert_eq!(plain("El lunes cortamos", "El martes próximo cortamos"), "El [-lunes-][+martes próximo+] cortamos");
        assert_eq!(plain("El 12/03/2026, sí", "El 12/04/2026, sí"), "El [-12/03/2026-][+12/04/2026+], sí");
        assert_eq!(plain("", "Hola"), "[+Hola+]");
        assert_eq!(plain("Hola", "Hola"), "Hola");
    }

    #[test]
    fn words_that_were_replaced_together_are_one_change() {
        assert_eq!(plain("a las ocho en punto", "a la una menos diez"), "a [-las ocho en punto-][+la una menos diez+]");
    }

    #[test]
    fn a_family_stays_one_character() {
        assert_eq!(plain("Hola 👨‍👩‍👧", "Hola 👨‍👩‍👦"), "Hola [-👨‍👩‍👧-][+👨‍👩‍👦+]");
    }

    #[test]
    fn two_long_texts_are_compared_in_no_time() {
        let text = |seed: u64| {
            let mut state = seed;
            let word = |_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                format!("w{} ", (state >> 33) % 700)
            };
            (0..12_000).map(word).collect::<String>()
        };
        for (before, after) in
            [(text(1), text(2)), (text(1), text(1) + "x"), ("a ".repeat(30_000), "b a ".repeat(15_000))]
        {
            let start = std::time::Instant::now();
            sound(&before, &after);
            // About 50 ms unoptimised on a quiet machine; quadratic work would take minutes.
            assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
        }
    }

    #[test]
    fn a_long_text_with_one_word_changed_shows_one_word() {
        let before: String = (0..9_000).map(|n| format!("palabra{n} ")).collect();
        let after = before.replace("palabra10 ", "otra ").replace("palabra8000 ", "otra ");
        let changed = difference(&before, &after).into_iter().filter(|run| !matches!(run, Run::Same { .. })).count();
        assert_eq!(changed, 4);
    }

    fn sound(before: &str, after: &str) {
        let (mut old, mut new) = (String::new(), String::new());
        for run in difference(before, after) {
            match run {
                Run::Same { text } => {
                    old.push_str(&text);
                    new.push_str(&text);
                }
                Run::Removed { text } => old.push_str(&text),
                Run::Added { text } => new.push_str(&text),
            }
        }
        assert!(old == before && new == after);
    }

    proptest! {
        #[test]
        fn joined_it_is_what_was_and_what_is(before in "[abc .]{0,60}", after in "[abc .]{0,60}") {
            sound(&before, &after);
        }

        #[test]
        fn without_a_table_it_is_still_true(a in prop::collection::vec(0..30_usize, 0..60), b in prop::collection::vec(0..30_usize, 0..60)) {
            let mut ops = Vec::new();
            align(&a, &b, &mut 0, &mut ops);
            let (mut i, mut j) = (0, 0);
            for op in ops {
                match op {
                    Op::Same => {
                        prop_assert_eq!(a[i], b[j]);
                        (i, j) = (i + 1, j + 1);
                    }
                    Op::Removed => i += 1,
                    Op::Added => j += 1,
                }
            }
            prop_assert_eq!((i, j), (a.len(), b.len()));
        }
    }
}

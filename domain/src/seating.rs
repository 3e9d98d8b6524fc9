//! Who takes which place: the most places that some people can take when a person takes one and a place holds one.
//! Separate because four questions are this one: is a step through, can it still be, would one more word help, and
//! does a circuit have enough people at all.
//!
//! Kuhn's augmenting paths: for a step of 10 places and 50 people that is 500 looks at most.

/// The places, each with the row (person) that takes it. `rows[i]` are the places that person `i` fits.
pub fn fill(rows: &[Vec<usize>], places: usize) -> Vec<Option<usize>> {
    let mut taken = vec![None; places];
    for row in 0..rows.len() {
        augment(row, rows, &mut taken, &mut vec![false; places]);
    }
    taken
}

/// How many places are taken.
pub fn filled(rows: &[Vec<usize>], places: usize) -> usize {
    fill(rows, places).iter().flatten().count()
}

fn augment(row: usize, rows: &[Vec<usize>], taken: &mut [Option<usize>], seen: &mut [bool]) -> bool {
    let fitting = rows.get(row).map_or(&[][..], Vec::as_slice);
    for &place in fitting {
        if seen.get(place).is_none_or(|seen| *seen) {
            continue;
        }
        seen[place] = true;
        if taken[place].is_none_or(|other| augment(other, rows, taken, seen)) {
            taken[place] = Some(row);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn who_fits_one_place_only_gets_it_though_another_came_first() {
        // The secretary (0) may sit as secretary or as approver; the other (1) only as secretary.
        assert_eq!(filled(&[vec![0, 1], vec![0]], 2), 2);
        assert_eq!(filled(&[vec![0], vec![0]], 2), 1);
        assert_eq!(filled(&[vec![7]], 2), 0);
    }

    /// Tries everything.
    fn most(rows: &[Vec<usize>], taken: &mut Vec<usize>) -> usize {
        let Some((first, rest)) = rows.split_first() else { return taken.len() };
        let mut best = most(rest, taken);
        for place in first {
            if !taken.contains(place) {
                taken.push(*place);
                best = best.max(most(rest, taken));
                taken.pop();
            }
        }
        best
    }

    proptest! {
        #[test]
        fn it_is_the_most_that_there_is(rows in prop::collection::vec(prop::collection::vec(0..4_usize, 0..4), 0..6)) {
            prop_assert_eq!(filled(&rows, 4), most(&rows, &mut Vec::new()));
        }
    }
}

//! Short lists in order. Separate from the standard library's sort on purpose: that one is made for millions and
//! costs 3 KB of the desk for every type; a week has thirty posts.

/// Puts a short list in order by a key; equals stay as they were.
pub fn arrange<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    for end in 1..items.len() {
        let mut place = end;
        while place > 0 && key(&items[place]) < key(&items[place - 1]) {
            items.swap(place, place - 1);
            place -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_stay_as_they_were() {
        let mut items = [(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd')];
        arrange(&mut items, |item| item.0);
        assert_eq!(items, [(1, 'b'), (1, 'd'), (2, 'a'), (2, 'c')]);
    }
}

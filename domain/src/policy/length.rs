//! The text is longer than the network takes. Limits: `Network::limits`, or what the instance said of itself.

use super::{
    Evidence, Field, Place,
    draft::{Draft, at},
};
use crate::text;

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let mut found = Vec::new();
    for destination in &draft.destinations {
        let (sent, limits) = (destination.sent(), destination.limits());
        let count = text::count(&sent, destination.warning, &limits);
        let bytes = text::bytes(&sent, destination.warning);
        let evidence = match limits.text_bytes {
            _ if count > limits.text => Evidence::Over { limit: limits.text.into(), count: count.into() },
            Some(most) if bytes > most => Evidence::Heavier { limit: most.into(), bytes: bytes.into() },
            _ => continue,
        };
        let mut place = at(Some(destination.channel), Some(destination.language), Field::Text);
        // What is too much may be the address behind the text, where there is nothing to mark.
        let end = destination.text.map_or(0, |text| text.trim_end().len());
        place.range =
            text::overflow(&sent, destination.warning, &limits).filter(|start| *start < end).map(|start| (start, end));
        found.push((place, evidence));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, draft::bench};
    use super::*;

    #[test]
    fn one_grapheme_too_many_is_found_where_it_stands() {
        let town = bench::town();
        let mut content = bench::notice();
        for one in ["a", "🇪🇸", "n\u{303}"] {
            bench::say(&mut content, "es", &one.repeat(300));
            assert_eq!(town.found(Rule::Length, &content), [], "{one}");
            bench::say(&mut content, "es", &one.repeat(301));
            let found = town.found(Rule::Length, &content);
            assert_eq!(found.len(), 1, "{one}");
            assert_eq!(found[0].0.channel, Some(bench::bluesky()));
            assert_eq!(found[0].0.range, Some((one.len() * 300, one.len() * 301)));
            assert_eq!(found[0].1, Evidence::Over { limit: 300, count: 301 });
        }
    }

    #[test]
    fn families_are_too_heavy_before_they_are_too_many() {
        let mut content = bench::notice();
        bench::say(&mut content, "es", &"👨‍👩‍👧‍👦".repeat(121));
        let found = bench::town().found(Rule::Length, &content);
        assert_eq!(found[0].1, Evidence::Heavier { limit: 3_000, bytes: 3_025 });
    }

    #[test]
    fn the_address_behind_the_text_counts_where_it_is_put_there() {
        let town = bench::town();
        let mut content = bench::notice();
        content.link = Some(format!("https://villar.example/{}", "a".repeat(600)));
        content.targets = vec![bench::target(bench::mastodon(), &["es"])];
        bench::say(&mut content, "es", &"a".repeat(475));
        assert_eq!(town.found(Rule::Length, &content), []);
        bench::say(&mut content, "es", &"a".repeat(476));
        let found = town.found(Rule::Length, &content);
        assert_eq!((found[0].0.range, &found[0].1), (None, &Evidence::Over { limit: 500, count: 501 }));
        content.targets = vec![bench::target(bench::bluesky(), &["es"])];
        bench::say(&mut content, "es", &"a".repeat(300));
        assert_eq!(town.found(Rule::Length, &content), []);
    }
}

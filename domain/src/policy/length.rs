//! The text is longer than the network takes, or has more marks in it. Limits: `Network::limits`, or what the instance said
//! of itself.

use super::{
    Evidence, Field, Place,
    draft::{Destination, Draft, at},
};
use crate::{
    Marks, first_comment, showing,
    text::{self, SpanKind},
};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let mut found = Vec::new();
    for destination in &draft.destinations {
        if draft.content.is_story_on(destination.channel) {
            // No text is shown with it, and nobody comments below it.
            continue;
        }
        let whole = at(Some(destination.channel), Some(destination.language), Field::Text);
        for part in destination.parts() {
            let (sent, limits) = (part.sent, destination.channel.limits.beside(part.pictured));
            let marked = limits.marks.map(|marks| too_many(&sent, marks)).unwrap_or_default();
            found.extend(marked.into_iter().map(|evidence| (whole.clone(), evidence)));
            let count = text::count(&sent, destination.warning, &limits);
            let bytes = text::bytes(&sent, destination.warning);
            let evidence = match limits.text_bytes {
                _ if count > limits.text => Evidence::Over { limit: limits.text.into(), count: count.into() },
                Some(most) if bytes > most => Evidence::Heavier { limit: most.into(), bytes: bytes.into() },
                _ => continue,
            };
            // What is too much may be the address behind the text, where there is nothing to mark.
            let over = text::overflow(&sent, destination.warning, &limits).zip(part.at);
            let range = over.map(|(over, at)| (destination.written(at, over), at.1)).filter(|(start, end)| start < end);
            found.push((Place { range, ..whole.clone() }, evidence));
        }
        found.extend(of_comment(draft, destination));
    }
    found
}

/// What is too much of the first comment. What a network counts in a text it counts in a comment.
fn of_comment(draft: &Draft<'_>, destination: &Destination<'_>) -> Vec<(Place, Evidence)> {
    let channel = destination.channel;
    let comment = draft.content.comment_on(channel, destination.language);
    let Some((comment, most)) = comment.zip(first_comment::most(channel.network)) else { return Vec::new() };
    let count = showing::units(&comment) as u64;
    let over = (count > most.into()).then_some(Evidence::Over { limit: most.into(), count });
    let marked = channel.limits.marks.map(|marks| too_many(&comment, marks)).unwrap_or_default();
    let place = at(Some(channel), Some(destination.language), Field::Comment);
    over.into_iter().chain(marked).map(|evidence| (place.clone(), evidence)).collect()
}

/// The marks of which there are more than the network takes. The same address again is one.
fn too_many(sent: &str, marks: Marks) -> Vec<Evidence> {
    let spans = text::spans(sent);
    let of = |mark: SpanKind| spans.iter().filter(move |span| span.kind == mark).map(|span| span.of(sent));
    let count = |mark: SpanKind| match mark {
        SpanKind::Link => of(mark).collect::<std::collections::BTreeSet<_>>().len(),
        SpanKind::Hashtag | SpanKind::Mention => of(mark).count(),
    };
    let limits =
        [(SpanKind::Hashtag, marks.hashtags), (SpanKind::Mention, marks.mentions), (SpanKind::Link, marks.links)];
    let all = limits.map(|(mark, limit)| Evidence::Marked { mark, limit: limit.into(), count: count(mark) as u64 });
    let is_over = |one: &Evidence| matches!(one, Evidence::Marked { limit, count, .. } if count > limit);
    all.into_iter().filter(is_over).collect()
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
    fn each_part_of_a_thread_has_room_of_its_own() {
        let town = bench::town();
        let mut content = bench::notice();
        let part = "a".repeat(300);
        bench::say(&mut content, "es", &[&*part, &*part, &*part].join("\n---\n"));
        content.targets = vec![bench::target(bench::bluesky(), &["es"])];
        assert_eq!(town.found(Rule::Length, &content), []);
        bench::say(&mut content, "es", &[&*part, "bb", &*["ñ", &*part].concat()].join("\n---\n"));
        let found = town.found(Rule::Length, &content);
        assert_eq!(found.len(), 1);
        let start = 300 + 5 + 2 + 5;
        assert_eq!(found[0].0.range, Some((start + 301, start + 302)), "in the bytes of the text");
        content.targets = vec![bench::target(bench::mastodon(), &["es"])];
        bench::say(&mut content, "es", &[&*part, &*part].join("\n---\n"));
        assert_eq!(town.found(Rule::Length, &content), []);
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

    #[test]
    fn a_marked_link_counts_as_it_goes_out_and_what_is_too_much_is_found_where_it_was_written() {
        let town = bench::town();
        let mut content = bench::notice();
        content.targets = vec![bench::target(bench::bluesky(), &["es"])];
        bench::say(&mut content, "es", &["https://villar.example/a ", &*"a".repeat(275)].concat());
        assert_eq!(town.found(Rule::Length, &content), []);
        content.utm = crate::Utm::try_from("villar.example".to_owned()).ok();
        let found = town.found(Rule::Length, &content);
        // `?utm_source=bluesky&utm_medium=social` is 37 more.
        assert_eq!((found[0].0.range, &found[0].1), (Some((263, 300)), &Evidence::Over { limit: 300, count: 337 }));
        content.targets = vec![bench::target(bench::mastodon(), &["es"])];
        bench::say(&mut content, "es", &["https://villar.example/a ", &*"a".repeat(476)].concat());
        assert_eq!(town.found(Rule::Length, &content), [], "there an address is 23, whatever stands in it");
        let town = bench::town_on(crate::Network::Facebook);
        content.targets = vec![bench::target(bench::whatsapp(), &["es"])];
        let comment = |count: usize| ["https://villar.example/a ", &*"a".repeat(count)].concat();
        content.comments.insert(crate::Language::spanish(), comment(8_000 - 25 - 38));
        assert_eq!(town.found(Rule::Length, &content), []);
        content.comments.insert(crate::Language::spanish(), comment(8_000 - 25 - 37));
        assert_eq!(town.found(Rule::Length, &content).len(), 1);
    }

    #[test]
    fn a_first_comment_has_room_of_its_own_where_there_are_any() {
        for (network, most) in [(crate::Network::Facebook, 8_000), (crate::Network::Instagram, 2_200)] {
            let town = bench::town_on(network);
            let mut content = bench::notice();
            let mut found = |comment: String| {
                content.comments.insert(crate::Language::spanish(), comment);
                town.found(Rule::Length, &content)
            };
            assert_eq!(found("a".repeat(most)), []);
            let over = found("a".repeat(most + 1));
            assert_eq!(over.len(), 1, "{network:?}: where there is none it takes no room");
            assert_eq!((&over[0].0.channel, over[0].0.field), (&Some(bench::whatsapp()), Field::Comment));
            assert_eq!(over[0].1, Evidence::Over { limit: most as u64, count: most as u64 + 1 });
            assert_eq!(found("🎉".repeat(most / 2)), [], "an emoji counts two");
            assert_eq!(found("🎉".repeat(most / 2 + 1)).len(), 1);
        }
        let town = bench::town_on(crate::Network::Instagram);
        let mut content = bench::notice();
        content.comments.insert(crate::Language::spanish(), "#Villa ".repeat(31));
        let marked = Evidence::Marked { mark: SpanKind::Hashtag, limit: 30, count: 31 };
        assert_eq!(town.found(Rule::Length, &content)[0].1, marked);
    }

    #[test]
    fn a_first_comment_is_counted_with_the_accounts_that_stand_in_it() {
        let town = bench::town_on(crate::Network::Instagram);
        // Named by 4 signs (`@[A]`), and 12 on the network.
        let accounts = [(crate::Network::Instagram, "cruzroja_es".to_owned())].into();
        let book = [crate::contacts::Entry { name: "A".to_owned(), accounts }];
        let found = |comment: String| {
            let mut content = bench::notice();
            content.comments.insert(crate::Language::spanish(), comment);
            town.found(Rule::Length, &content.settled(None, &book)).into_iter().map(|one| one.1).collect::<Vec<_>>()
        };
        let long = |letters: usize| ["a".repeat(letters).as_str(), " @[A]"].concat();
        assert_eq!(found(long(2_200 - 13)), []);
        assert_eq!(found(long(2_200 - 12)), [Evidence::Over { limit: 2_200, count: 2_201 }]);
        let marked = Evidence::Marked { mark: SpanKind::Mention, limit: 20, count: 21 };
        assert_eq!(found("@[A] ".repeat(20)), []);
        assert_eq!(found("@[A] ".repeat(21)), [marked]);
    }

    #[test]
    fn what_a_network_counts_by_itself_has_its_own_limit() {
        let mut content = bench::notice();
        content.targets = vec![bench::target(bench::whatsapp(), &["es"])];
        let town = bench::town_on(crate::Network::Instagram);
        let mut found = |town: &bench::Town, text: &str| {
            bench::say(&mut content, "es", text);
            town.found(Rule::Length, &content).into_iter().map(|(_, evidence)| evidence).collect::<Vec<_>>()
        };
        let many = |mark: &str, count: usize| (0..count).map(|n| format!("{mark}{n}a ")).collect::<String>();
        assert_eq!(found(&town, &[many("#t", 30), many("@v", 20)].concat()), []);
        let marked = |mark, limit, count| Evidence::Marked { mark, limit, count };
        assert_eq!(found(&town, &many("#t", 31)), [marked(SpanKind::Hashtag, 30, 31)]);
        assert_eq!(found(&town, &many("@v", 21)), [marked(SpanKind::Mention, 20, 21)]);
        assert_eq!(found(&town, &"a".repeat(2_200)), []);
        assert_eq!(found(&town, &"a".repeat(2_201)), [Evidence::Over { limit: 2_200, count: 2_201 }]);
        assert_eq!(found(&town, &"🎉".repeat(1_100)), []);
        assert_eq!(found(&town, &"🎉".repeat(1_101)), [Evidence::Over { limit: 2_200, count: 2_202 }]);

        let town = bench::town_on(crate::Network::Threads);
        assert_eq!(found(&town, &"ñ".repeat(500)), [], "letters count one");
        assert_eq!(found(&town, &["🎉".repeat(124), "abcd".to_owned()].concat()), [], "an emoji its four bytes");
        assert_eq!(
            found(&town, &["🎉".repeat(125), "a".to_owned()].concat()),
            [Evidence::Over { limit: 500, count: 501 }]
        );
        let links = many("https://villar.example/", 5);
        assert_eq!(found(&town, &links), []);
        assert_eq!(found(&town, &[&*links, "https://villar.example/0a"].concat()), [], "the same again is one");
        assert_eq!(found(&town, &many("https://villar.example/", 6)), [marked(SpanKind::Link, 5, 6)]);
    }
}

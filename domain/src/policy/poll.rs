//! A poll that a network does not take: none at all, beside pictures, with more or longer answers, for another time. A question
//! whose answers do not go with it is not what was agreed to, so it goes where it can be answered, or by hand. Limits: `poll::takes`.

use std::collections::BTreeSet;

use super::{
    Evidence, Field, Place,
    draft::{Draft, at},
};
use crate::{
    Network, Poll,
    poll::{self, FEWEST, Misfit, Takes},
};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let Some(poll) = &draft.content.poll else { return Vec::new() };
    let languages: BTreeSet<_> = draft.destinations.iter().map(|one| one.language).collect();
    let mut found = Vec::new();
    for language in &languages {
        let answers = poll.answers_in(language);
        let few = (answers.len() < FEWEST).then_some(Misfit::Few { limit: FEWEST as u32, count: count(answers.len()) });
        let twice = answers.iter().collect::<BTreeSet<_>>().len() < answers.len();
        let wrong = few.into_iter().chain(twice.then_some(Misfit::Twice));
        found.extend(wrong.map(|misfit| (at(None, Some(language), Field::Post), of(misfit))));
    }
    let counts: BTreeSet<usize> = languages.iter().map(|language| poll.answers_in(language).len()).collect();
    // Where a language has too few, that is said.
    if counts.len() > 1 && counts.first().is_some_and(|fewest| *fewest >= FEWEST) {
        found.push((at(None, None, Field::Post), of(Misfit::Uneven)));
    }
    // The town's own page tells of it and links to where it is voted on: somewhere it has to be.
    let is_voted_on = draft.channels().any(poll::may_have);
    let hangs = !draft.content.pictures.is_empty() || draft.content.video.is_some();
    // By hand a person finds a way, but where nobody can press anything there is none.
    for channel in draft.channels().filter(|channel| !channel.assisted || !channel.network.is_online()) {
        let place = |language| at(Some(channel), language, Field::Post);
        if poll::is_told(channel.network) && is_voted_on {
            continue;
        }
        let Some(takes) = poll::taken_by(channel) else {
            found.push((place(None), of(Misfit::NotTaken)));
            continue;
        };
        found.extend(terms(poll, takes, hangs).into_iter().map(|misfit| (place(None), of(misfit))));
        for destination in draft.destinations.iter().filter(|one| one.channel.id == channel.id) {
            let answers = poll.answers_in(destination.language);
            let wrong = too_much(&answers, takes, channel.network);
            found.extend(wrong.into_iter().map(|misfit| (place(Some(destination.language)), of(misfit))));
        }
    }
    found
}

const fn of(misfit: Misfit) -> Evidence {
    Evidence::Poll { misfit }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What is wrong with it whatever the answers say.
fn terms(poll: &Poll, takes: Takes, hangs: bool) -> Vec<Misfit> {
    let all = [
        (hangs, Misfit::Beside),
        (poll.minutes < takes.least_minutes, Misfit::Sooner { limit: takes.least_minutes }),
        (poll.minutes > takes.most_minutes, Misfit::Later { limit: takes.most_minutes }),
        (poll.several && !takes.several, Misfit::Several),
        (poll.hidden && !takes.hidden, Misfit::Shown),
    ];
    all.into_iter().filter_map(|(is_so, misfit)| is_so.then_some(misfit)).collect()
}

/// More answers, or longer ones.
fn too_much(answers: &[&str], takes: Takes, network: Network) -> Vec<Misfit> {
    let many = count(answers.len());
    let many = (many > takes.answers).then_some(Misfit::Many { limit: takes.answers, count: many });
    let long = answers.iter().zip(1..).filter_map(|(answer, place)| {
        let length = count(poll::length(network, answer));
        (length > takes.characters).then_some(Misfit::Long { place, limit: takes.characters, count: length })
    });
    many.into_iter().chain(long).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{Mode, Rule, draft::bench};
    use super::*;
    use crate::{ChannelId, Content, Language};

    fn poll(answers: &str) -> Poll {
        Poll { answers: BTreeMap::from([(Language::spanish(), answers.to_owned())]), ..Poll::begun() }
    }

    fn asked(channel: ChannelId, poll: Poll) -> Content {
        Content { poll: Some(poll), targets: vec![bench::target(channel, &["es"])], ..bench::notice() }
    }

    fn found(town: &bench::Town, content: &Content) -> Vec<Misfit> {
        let of = |(_, evidence)| match evidence {
            Evidence::Poll { misfit } => misfit,
            other => panic!("{other:?}"),
        };
        town.found(Rule::Poll, content).into_iter().map(of).collect()
    }

    #[test]
    fn it_goes_where_it_can_be_answered_and_by_hand_anywhere() {
        let town = bench::town();
        let mut content = Content { poll: Some(poll("Agosto\nSeptiembre")), ..bench::notice() };
        let places = |content: &Content| -> Vec<_> {
            town.found(Rule::Poll, content).into_iter().map(|(place, _)| place.channel).collect()
        };
        // There is somewhere to vote: the noticeboard tells of it.
        assert_eq!(places(&content), [Some(bench::bluesky())]);
        content.targets =
            [bench::noticeboard(), bench::bluesky()].map(|channel| bench::target(channel, &["es"])).to_vec();
        assert_eq!(places(&content), [Some(bench::noticeboard()), Some(bench::bluesky())]);
        content.targets = vec![bench::target(bench::noticeboard(), &["es"]), bench::target(bench::mastodon(), &["es"])];
        assert_eq!(found(&town, &content), [], "the noticeboard tells where one votes");
        content.targets = vec![bench::target(bench::mastodon(), &["es"]), bench::target(bench::whatsapp(), &["es"])];
        assert_eq!(found(&town, &content), []);
        content.pictures = vec![bench::picture("La plaza, llena")];
        assert_eq!(found(&town, &content), [Misfit::Beside], "by hand the network's own app says it");
        assert!(town.check(&content).iter().all(|finding| finding.mode == Mode::Block));
        for nowhere in [Network::Screen, Network::Paper] {
            let asked = asked(bench::whatsapp(), poll("Agosto\nSeptiembre"));
            assert_eq!(
                found(&bench::town_on(nowhere), &asked),
                [Misfit::NotTaken],
                "{nowhere:?}: nothing is pressed there"
            );
        }
    }

    #[test]
    fn exactly_the_limit_passes_and_one_more_does_not() {
        let mut x = bench::town_on(Network::X);
        x.channels[3].assisted = false;
        for (town, channel, network) in
            [(bench::town(), bench::mastodon(), Network::Mastodon), (x, ChannelId::from_bits(4), Network::X)]
        {
            let takes = poll::takes(network).unwrap();
            let letters = |most: u32| ["a", "b", "c", "d", "e"].map(|one| one.repeat(most as usize));
            let of = |count: usize, most: u32| poll(&letters(most)[..count].join("\n"));
            let check = |poll: Poll| found(&town, &asked(channel.clone(), poll));
            let whole = of(takes.answers as usize, takes.characters);
            assert_eq!(check(whole.clone()), [], "{network:?}");
            let many = Misfit::Many { limit: takes.answers, count: takes.answers + 1 };
            assert_eq!(check(of(takes.answers as usize + 1, 1)), [many], "{network:?}");
            let (limit, count) = (takes.characters, takes.characters + 1);
            let long = |place| Misfit::Long { place, limit, count };
            assert_eq!(check(of(2, takes.characters + 1)), [long(1), long(2)], "{network:?}");
            assert_eq!(check(of(1, 1)), [Misfit::Few { limit: 2, count: 1 }], "{network:?}");
            for (minutes, is_found) in [
                (takes.least_minutes, Vec::new()),
                (takes.least_minutes - 1, vec![Misfit::Sooner { limit: takes.least_minutes }]),
                (takes.most_minutes, Vec::new()),
                (takes.most_minutes + 1, vec![Misfit::Later { limit: takes.most_minutes }]),
            ] {
                assert_eq!(check(Poll { minutes, ..whole.clone() }), is_found, "{network:?} {minutes}");
            }
            let both = check(Poll { several: true, hidden: true, ..whole });
            let not_there = if network == Network::X { vec![Misfit::Several, Misfit::Shown] } else { Vec::new() };
            assert_eq!(both, not_there, "{network:?}");
        }
    }

    #[test]
    fn a_server_s_own_numbers_are_believed() {
        let mut town = bench::town();
        let own = Takes { answers: 10, characters: 200, most_minutes: 60, ..poll::takes(Network::Mastodon).unwrap() };
        town.channels[2].limits.polls = Some(own);
        let lines: Vec<String> = (0..10).map(|line| format!("{line}{}", "ñ".repeat(199))).collect();
        let long = |minutes| Poll { minutes, ..poll(&lines.join("\n")) };
        assert_eq!(found(&town, &asked(bench::mastodon(), long(60))), []);
        assert_eq!(found(&town, &asked(bench::mastodon(), long(61))), [Misfit::Later { limit: 60 }]);
    }

    #[test]
    fn every_language_has_the_same_answers_each_once() {
        let town = bench::town();
        let mut content = asked(bench::mastodon(), poll("Sí\nNo\nSí"));
        assert_eq!(found(&town, &content), [Misfit::Twice]);
        content = asked(bench::mastodon(), poll("Sí\nNo\nQuizá"));
        content.targets = vec![bench::target(bench::mastodon(), &["es", "en"])];
        bench::say(&mut content, "en", "Tomorrow?");
        let mut with = |english: &str| {
            content.poll.as_mut().unwrap().answers.insert(Language::english(), english.to_owned());
            found(&town, &content)
        };
        assert_eq!(with(""), [Misfit::Few { limit: 2, count: 0 }]);
        assert_eq!(with("Yes\nNo"), [Misfit::Uneven]);
        assert_eq!(with("Yes\nNo\nMaybe"), []);
    }
}

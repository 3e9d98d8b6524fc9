//! A first comment that a network does not take, or that is missing in a language.
//!
//! What stands in a comment alone is not read where there is none: whoever counts on it is told where. And a channel that speaks two
//! languages does not say in one of them more than in the other.

use std::collections::BTreeSet;

use super::{
    Evidence, Field, Place,
    draft::{Draft, at},
};
use crate::{Language, first_comment};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let content = draft.content;
    if content.comments.values().all(|comment| comment.trim().is_empty()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut missing: BTreeSet<&Language> = BTreeSet::new();
    for channel in draft.channels() {
        let here = content.targets.iter().filter(|target| target.channel == channel.id);
        let (with, without): (Vec<&Language>, Vec<&Language>) = here
            .flat_map(|target| &target.languages)
            .partition(|one| content.comments.get(*one).is_some_and(|comment| !comment.trim().is_empty()));
        if !first_comment::is_taken(channel.network) || content.is_story_on(channel) {
            let place = at(Some(channel), None, Field::Comment);
            found.extend((!with.is_empty()).then_some((place, Evidence::Unkept)));
        } else {
            missing.extend(without);
        }
    }
    let missing: Vec<Language> = missing.into_iter().cloned().collect();
    if !missing.is_empty() {
        found.push((at(None, None, Field::Comment), Evidence::Languages { missing }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, Rule, draft::bench};
    use super::*;
    use crate::Network;

    #[test]
    fn what_says_nothing_below_itself_is_not_minded() {
        let mut content = bench::notice();
        assert_eq!(bench::town().found(Rule::Comment, &content), []);
        content.comments.insert(Language::spanish(), " ".to_owned());
        assert_eq!(bench::town().found(Rule::Comment, &content), []);
    }

    #[test]
    fn each_channel_without_comments_is_told() {
        let (town, mut content) = (bench::town_on(Network::Facebook), bench::notice());
        content.comments.insert(Language::spanish(), "Más: villar.example".to_owned());
        let found = town.found(Rule::Comment, &content);
        let told: Vec<_> = found.iter().map(|(place, evidence)| (place.channel.clone(), evidence.clone())).collect();
        let unkept = |channel| (Some(channel), Evidence::Unkept);
        assert_eq!(told, [bench::noticeboard(), bench::bluesky(), bench::mastodon()].map(unkept), "but the page");
        assert!(town.check(&content).iter().filter(|one| one.rule == Rule::Comment).all(|one| one.mode == Mode::Warn));
    }

    #[test]
    fn a_language_that_has_none_is_told_where_the_other_has_one() {
        let (town, mut content) = (bench::town_on(Network::Instagram), bench::notice());
        content.targets = vec![bench::target(bench::whatsapp(), &["es", "en"])];
        content.comments.insert(Language::spanish(), "Más en la web.".to_owned());
        let missing = vec![Language::english()];
        let told = (at(None, None, Field::Comment), Evidence::Languages { missing });
        assert_eq!(town.found(Rule::Comment, &content), [told]);
        content.comments.insert(Language::english(), "More on the web.".to_owned());
        assert_eq!(town.found(Rule::Comment, &content), []);
    }
}

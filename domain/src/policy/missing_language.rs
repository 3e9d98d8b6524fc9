//! A language that the organisation promised has no version, or a channel that speaks it does not carry it.

use super::{
    Evidence, Field, Place,
    draft::{Draft, at},
    empty::is_empty,
};
use crate::{Language, text};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let content = draft.content;
    let goes_out = |language: &Language| content.destinations().any(|(_, taken)| taken == language);
    // What goes out empty is told by the rule on empty texts, as a thing that cannot be.
    let told = |language: &Language| {
        draft.destinations.iter().any(|destination| destination.language == language && is_empty(draft, destination))
    };
    let written = |language: &Language| {
        content.texts.get(language).is_some_and(|text| !text::is_blank(text))
            || draft.destinations.iter().any(|destination| destination.language == language && destination.edited)
    };
    let missing: Vec<Language> = (draft.context.languages.iter())
        .filter(|language| {
            !told(language) && !(written(language) && (content.targets.is_empty() || goes_out(language)))
        })
        .cloned()
        .collect();
    let mut found = Vec::new();
    for channel in draft.channels() {
        // An organisation may keep one account for each language: what counts is what this one speaks.
        let silent: Vec<Language> = (draft.context.languages.iter())
            .filter(|language| channel.languages.contains(language) && !missing.contains(language) && written(language))
            .filter(|language| !content.destinations().any(|(id, taken)| *id == channel.id && taken == *language))
            .cloned()
            .collect();
        if !silent.is_empty() {
            found.push((at(Some(channel), None, Field::Post), Evidence::Languages { missing: silent }));
        }
    }
    if !missing.is_empty() {
        found.insert(0, (at(None, None, Field::Post), Evidence::Languages { missing }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{
        Rule,
        draft::bench::{self, Town},
    };
    use super::*;

    fn bilingual() -> Town {
        let mut town = bench::town();
        town.languages.push(Language::english());
        town
    }

    fn english() -> Evidence {
        Evidence::Languages { missing: vec![Language::english()] }
    }

    #[test]
    fn a_promised_language_without_a_text_is_missing() {
        assert_eq!(bench::town().found(Rule::MissingLanguage, &bench::notice()), []);
        let found = bilingual().found(Rule::MissingLanguage, &bench::notice());
        assert_eq!(found, [(at(None, None, Field::Post), english())]);
    }

    #[test]
    fn a_text_that_goes_nowhere_is_missing_too() {
        let mut content = bench::notice();
        bench::say(&mut content, "en", "No water tomorrow.");
        assert_eq!(bilingual().found(Rule::MissingLanguage, &content), [(at(None, None, Field::Post), english())]);
        content.targets.clear();
        assert_eq!(bilingual().found(Rule::MissingLanguage, &content), []);
    }

    #[test]
    fn a_channel_that_speaks_a_language_is_expected_to_carry_it() {
        let mut town = bilingual();
        let mut content = bench::notice();
        bench::say(&mut content, "en", "No water tomorrow.");
        content.targets[0] = bench::target(bench::noticeboard(), &["es", "en"]);
        assert_eq!(town.found(Rule::MissingLanguage, &content), []);
        town.channels[1].languages.push(Language::english());
        let found = town.found(Rule::MissingLanguage, &content);
        assert_eq!(found.len(), 1);
        assert_eq!((&found[0].0.channel, &found[0].1), (&Some(bench::bluesky()), &english()));
    }

    #[test]
    fn what_goes_out_empty_is_told_once() {
        let mut content = bench::notice();
        content.targets.push(bench::target(bench::bluesky(), &["en"]));
        let findings = bilingual().check(&content);
        assert_eq!(findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(), [Rule::Empty]);
    }
}

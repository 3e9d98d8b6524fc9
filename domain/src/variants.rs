//! The variants of a post at a glance: of each channel in each language where its words come from, and what is to be done about it.
//! Separate from `content`: what is said there is sent, what is said here is only shown.

use crate::{
    ChannelId, Content, Language,
    policy::{Field, Finding, Rule},
    text,
};

/// Where the words of a variant come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Nowhere yet: there is no text in that language.
    Missing,
    /// From the common text, which it follows.
    Derived,
    /// Somebody wrote them for this channel.
    Own,
}

/// How a variant stands to what was agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreed {
    /// As it was agreed to.
    AsItIs,
    /// Changed since, or new.
    Changed,
}

/// Whether a variant is made from a source that has changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Translated {
    /// It is a source itself, or as new as its source, or its own.
    UpToDate,
    /// Its source says something else than when it was written.
    Behind,
}

/// A channel in a language that a post goes out in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant {
    /// Where its words come from.
    pub said: Said,
    /// How many things stop it.
    pub stops: usize,
    /// Whether it is a translation that is behind.
    pub translated: Translated,
    /// How it stands to what was agreed to; nothing where nothing is known of that.
    pub agreed: Option<Agreed>,
}

/// What is known of a post besides what it says.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// What stops it: what the rules find, without what was waived or only advised.
    pub stopping: &'a [Finding],
    /// Whether the common text of the language is behind its source ([`crate::translation`]).
    pub translated: Translated,
    /// What was agreed to.
    pub agreed: Option<&'a Content>,
}

impl Content {
    /// How a channel in a language stands; nothing where it does not go out there.
    pub fn variant(&self, channel: &ChannelId, language: &Language, known: Known<'_>) -> Option<Variant> {
        let goes = |content: &Content| content.destinations().any(|(id, one)| id == channel && one == language);
        if !goes(self) {
            return None;
        }
        let said = match (self.version(channel, language), self.texts.get(language)) {
            (Some(_), _) => Said::Own,
            (None, Some(text)) if !text::is_blank(text) => Said::Derived,
            (None, _) => Said::Missing,
        };
        let stops = known.stopping.iter().filter(|finding| is_about(finding, channel, language, said));
        let agreed = known.agreed.map(|agreed| {
            let same = goes(agreed) && agreed.rendition(channel, language) == self.rendition(channel, language);
            if same { Agreed::AsItIs } else { Agreed::Changed }
        });
        let translated = if said == Said::Derived { known.translated } else { Translated::UpToDate };
        Some(Variant { said, stops: stops.count(), translated, agreed })
    }
}

/// Whether a finding speaks of a variant. What is true of the whole post is no variant's; that a text is missing is said already.
fn is_about(finding: &Finding, channel: &ChannelId, language: &Language, said: Said) -> bool {
    let place = &finding.place;
    match (&place.channel, &place.language) {
        (None, None) => false,
        (None, Some(_)) if finding.rule == Rule::Empty && said == Said::Missing => false,
        // Of the common text, which this channel does not take.
        (None, Some(_)) if place.field == Field::Text && said == Said::Own => false,
        (None, Some(one)) => one == language,
        (Some(id), one) => id == channel && one.as_ref().is_none_or(|one| one == language),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Version,
        policy::{
            Mode,
            draft::bench::{self, Town},
        },
    };
    use proptest::prelude::*;

    fn tag(tag: &str) -> Language {
        tag.parse().unwrap()
    }

    fn own(channel: ChannelId, language: &str, text: &str) -> Version {
        Version { channel, language: tag(language), text: text.to_owned(), warning: None }
    }

    fn stopping(town: &Town, content: &Content) -> Vec<Finding> {
        town.check(content).into_iter().filter(|finding| finding.mode == Mode::Block).collect()
    }

    fn seen(content: &Content, channel: ChannelId, language: &str, agreed: Option<&Content>) -> Option<Variant> {
        let stopping = stopping(&bench::town(), content);
        let known = Known { stopping: &stopping, translated: Translated::UpToDate, agreed };
        content.variant(&channel, &tag(language), known)
    }

    #[test]
    fn a_variant_is_missing_then_derived_then_its_own() {
        let mut content = bench::notice();
        assert_eq!(seen(&content, bench::bluesky(), "en", None), None, "it does not go there");
        content.targets[1].languages.push(tag("en"));
        let english = |content: &Content| seen(content, bench::bluesky(), "en", None).unwrap();
        assert_eq!((english(&content).said, english(&content).stops), (Said::Missing, 0));
        bench::say(&mut content, "en", " ");
        assert_eq!((english(&content).said, english(&content).stops), (Said::Missing, 0));
        bench::say(&mut content, "en", " \u{200B}");
        assert_eq!((english(&content).said, english(&content).stops), (Said::Missing, 1), "what hides is found");
        bench::say(&mut content, "en", "No water tomorrow.");
        assert_eq!(english(&content).said, Said::Derived);
        content.versions.push(own(bench::bluesky(), "en", "Tomorrow: no water."));
        assert_eq!(english(&content).said, Said::Own);
        assert_eq!(seen(&content, bench::bluesky(), "es", None).unwrap().said, Said::Derived);
    }

    #[test]
    fn what_is_too_long_for_one_channel_stops_that_one() {
        let mut content = bench::notice();
        bench::say(&mut content, "es", &"Mañana no hay agua. ".repeat(20));
        let stops = |content: &Content, channel| seen(content, channel, "es", None).unwrap().stops;
        assert_eq!(stops(&content, bench::noticeboard()), 0);
        assert_eq!(stops(&content, bench::bluesky()), 1, "300 graphemes");
        content.versions.push(own(bench::bluesky(), "es", "Sin agua mañana."));
        assert_eq!(stops(&content, bench::bluesky()), 0);
        content.versions[0].text = " ".to_owned();
        assert_eq!(stops(&content, bench::bluesky()), 1, "an own version that says nothing");
    }

    #[test]
    fn what_is_wrong_with_the_common_text_stops_who_follows_it() {
        let mut content = bench::notice();
        bench::say(&mut content, "es", "Agua\u{202E} mañana.");
        content.versions.push(own(bench::mastodon(), "es", "Sin agua mañana."));
        let stops = |channel| seen(&content, channel, "es", None).unwrap().stops;
        assert_eq!((stops(bench::bluesky()), stops(bench::mastodon())), (1, 0));
    }

    #[test]
    fn what_was_agreed_to_is_compared_variant_by_variant() {
        let agreed = bench::notice();
        let mut content = agreed.clone();
        content.versions.push(own(bench::mastodon(), "es", "Sin agua mañana."));
        content.targets[1].languages.push(tag("en"));
        bench::say(&mut content, "en", "No water tomorrow.");
        let agreed = |channel, language| seen(&content, channel, language, Some(&agreed)).unwrap().agreed;
        assert_eq!(agreed(bench::noticeboard(), "es"), Some(Agreed::AsItIs));
        assert_eq!(agreed(bench::mastodon(), "es"), Some(Agreed::Changed));
        assert_eq!(agreed(bench::bluesky(), "en"), Some(Agreed::Changed), "nobody agreed to it there");
        assert_eq!(seen(&content, bench::noticeboard(), "es", None).unwrap().agreed, None);
    }

    #[test]
    fn only_what_follows_a_translation_is_behind_with_it() {
        let mut content = bench::notice();
        content.versions.push(own(bench::mastodon(), "es", "Sin agua mañana."));
        let known = Known { stopping: &[], translated: Translated::Behind, agreed: None };
        let translated = |channel| content.variant(&channel, &tag("es"), known).unwrap().translated;
        assert_eq!(translated(bench::bluesky()), Translated::Behind);
        assert_eq!(translated(bench::mastodon()), Translated::UpToDate);
    }

    proptest! {
        #[test]
        fn what_is_not_missing_has_a_rendition_and_nothing_else_has_a_variant(
            spoken in prop::collection::vec(any::<bool>(), 4),
            common in prop::option::of(prop::sample::select(vec!["Agua", " "])),
            edited in any::<bool>(),
        ) {
            let mut content = bench::notice();
            content.texts.clear();
            if let Some(text) = common {
                bench::say(&mut content, "es", text);
            }
            for (target, speaks) in content.targets.iter_mut().zip(spoken) {
                if !speaks {
                    target.languages = vec![tag("en")];
                }
            }
            if edited {
                content.versions.push(own(bench::mastodon(), "es", "Sin agua"));
            }
            for target in content.targets.clone() {
                let found = seen(&content, target.channel.clone(), "es", Some(&content));
                prop_assert_eq!(found.is_some(), target.languages.contains(&tag("es")));
                if let Some(variant) = found {
                    let says = content.rendition(&target.channel, &tag("es")).is_some_and(|one| !text::is_blank(&one.text));
                    prop_assert_eq!(variant.said != Said::Missing, says);
                    prop_assert_eq!(variant.agreed, Some(Agreed::AsItIs));
                }
            }
        }
    }
}

//! A page that is to be mentioned, and whose name does not stand in the text letter by letter: nothing there would lead to it, and
//! whoever counts on it is told before anybody agrees. The text itself is well, and goes out as it is.

use super::{
    Evidence, Field, Place,
    draft::{Draft, at, shorten},
};
use crate::mentions::are_taken;

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let mut found = Vec::new();
    for destination in draft.destinations.iter().filter(|one| are_taken(one.channel.network)) {
        let target = draft.content.targets.iter().find(|target| target.channel == destination.channel.id);
        // Where there is no text yet, that is said by another rule.
        let Some((all, _)) = target.and_then(|target| target.mentions.as_ref()).zip(destination.text) else { continue };
        let sent = destination.sent();
        let places = all.places(&sent);
        let lost = all.pages().into_iter().filter(|page| !places.iter().any(|place| place.page == *page));
        let place = at(Some(destination.channel), Some(destination.language), Field::Text);
        found.extend(lost.map(|page| (place.clone(), Evidence::Words { words: shorten(page.name) })));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, Rule, draft::bench};
    use super::*;
    use crate::{Mentions, Network};

    #[test]
    fn a_name_that_stands_nowhere_is_told_where_it_would_lead_somewhere() {
        let town = bench::town_on(Network::Linkedin);
        let mut content = bench::notice();
        content.targets =
            vec![bench::target(bench::whatsapp(), &["es", "en"]), bench::target(bench::bluesky(), &["es"])];
        assert_eq!(town.found(Rule::Mention, &content), [], "nobody is mentioned");
        let one = Mentions::with(None, "villa-serena", "Villa Serena");
        let two = Mentions::with(one.as_ref(), "aguas", "Aguas del Sur");
        content.targets.iter_mut().for_each(|target| target.mentions.clone_from(&two));
        bench::say(&mut content, "es", "Con Villa Serena y Aguas del sur.");
        let found = town.found(Rule::Mention, &content);
        let place = at(Some(&town.channels[3]), Some(&crate::Language::spanish()), Field::Text);
        assert_eq!(found, [(place, Evidence::Words { words: "Aguas del Sur".to_owned() })]);
        let modes = town.check(&content).into_iter().filter(|one| one.rule == Rule::Mention).map(|one| one.mode);
        assert_eq!(modes.collect::<Vec<_>>(), [Mode::Warn]);
        bench::say(&mut content, "es", "Con Villa Serena y Aguas del Sur.");
        assert_eq!(town.found(Rule::Mention, &content), []);
        bench::say(&mut content, "en", "With Villa Serena.");
        assert_eq!(town.found(Rule::Mention, &content).len(), 1, "in each language for itself");
    }
}

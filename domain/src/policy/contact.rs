//! Whom a text names ([`crate::contacts`]): a mark that nobody in the book is called by would go out as it was typed, brackets and
//! all; and where somebody has no account on a network, the plain name stands there, which is well and is told. So is who stands behind
//! as many others as a text leads to: whatever is written there leads nowhere.

use super::{
    Evidence, Field, Place,
    draft::{Draft, Reach, Seen, at, shorten},
};
use crate::{Network, contacts, mentions, text::handles};

/// The marks by which nobody is called, and those in a text where nobody is (a heading, what a picture shows).
pub(super) fn unknown(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let known = |name: &str| draft.content.contacts.as_ref().is_some_and(|contacts| contacts.knows(name));
    draft.read(Reach::Everything, |piece| {
        let marks = contacts::marks(piece.text).into_iter().filter(|mark| !(piece.names() && known(mark.name)));
        marks.map(|mark| Seen::words(piece.text, mark.start, mark.end)).collect()
    })
}

/// Who stands by the plain name on a network that has accounts, each once in the text and once in the first comment.
pub(super) fn unled(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let mut found = beyond(draft);
    let Some(contacts) = &draft.content.contacts else { return found };
    for destination in &draft.destinations {
        let (channel, language) = (destination.channel, destination.language);
        let network = channel.network;
        // On Facebook nobody is led anywhere, which is no lack of the book's; a story shows no words.
        let has_accounts = contacts::NETWORKS.contains(&network) && network != Network::Facebook;
        if !has_accounts || draft.content.is_story_on(channel) {
            continue;
        }
        let text = destination.text.unwrap_or_default();
        let mut names = contacts.unled(text, network);
        if mentions::are_taken(network) {
            let target = draft.content.targets.iter().find(|target| target.channel == channel.id);
            let chosen = target.and_then(|target| target.mentions.as_ref()).map_or(0, |all| all.pages().len());
            names.extend(contacts.beyond(text, mentions::MOST.saturating_sub(chosen)));
        }
        let below = draft.content.comment_for(channel, language).unwrap_or_default();
        for (field, names) in [(Field::Text, names), (Field::Comment, contacts.unled(below, network))] {
            let place = at(Some(channel), Some(language), field);
            found.extend(names.into_iter().map(|name| (place.clone(), Evidence::Words { words: shorten(name) })));
        }
    }
    found
}

/// Who is mentioned on Bluesky behind as many as are looked up, be it by a mark or as it was typed: in each part of a thread, which is a
/// post of its own there.
fn beyond(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let mut found = Vec::new();
    for destination in draft.destinations.iter().filter(|one| one.channel.network == Network::Bluesky) {
        for part in destination.parts() {
            let all = handles::handles(&part.sent);
            let Some(first) = all.get(handles::MOST) else { continue };
            let range = part.at.map(|at| (destination.written(at, first.start), destination.written(at, first.end)));
            let place = at(Some(destination.channel), Some(destination.language), Field::Text);
            let evidence = Evidence::Over { limit: handles::MOST as u64, count: all.len() as u64 };
            found.push((Place { range, ..place }, evidence));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, Rule, draft::bench};
    use super::*;
    use crate::{Content, Language, contacts::Entry};

    fn entry(name: &str, accounts: &[(Network, &str)]) -> Entry {
        let accounts = accounts.iter().map(|(network, account)| (*network, (*account).to_owned())).collect();
        Entry { name: name.to_owned(), accounts }
    }

    fn saying(text: &str) -> Content {
        let mut content = bench::notice();
        bench::say(&mut content, "es", text);
        content.settled(None, &[entry("Cruz Roja", &[(Network::Bluesky, "cruzroja.es")])])
    }

    fn words(found: Vec<(Place, Evidence)>) -> Vec<String> {
        let of = |(_, evidence)| match evidence {
            Evidence::Words { words } => words,
            other => panic!("{other:?}"),
        };
        found.into_iter().map(of).collect()
    }

    #[test]
    fn a_mark_that_names_nobody_blocks_and_so_does_one_in_a_heading() {
        let town = bench::town();
        assert_eq!(town.found(Rule::Contact, &saying("Con @[Cruz Roja] y @cruzroja.")), []);
        let mut content = saying("Con @[Cruz Roja] y @[Cruz Verde] y @[Cruz");
        let found = town.check(&content);
        let of_rule: Vec<_> = found.into_iter().filter(|one| one.rule == Rule::Contact).collect();
        assert!(of_rule.iter().all(|one| one.mode == Mode::Block));
        assert_eq!(of_rule.iter().map(|one| one.place.range).collect::<Vec<_>>(), [Some((19, 32)), Some((35, 37))]);
        bench::say(&mut content, "es", "Con @[Cruz Roja].");
        content.titles.insert(Language::spanish(), "@[Cruz Roja]".to_owned());
        assert_eq!(words(town.found(Rule::Contact, &content)), ["@[Cruz Roja]"]);
    }

    #[test]
    fn who_has_no_account_on_a_network_is_told_there_and_nowhere_else() {
        let town = bench::town();
        let found = town.found(Rule::Account, &saying("Con @[Cruz Roja]."));
        assert_eq!(found.len(), 1, "the noticeboard and whatever has no accounts lack none");
        assert_eq!(found[0].0.channel, Some(bench::mastodon()));
        assert_eq!(words(found), ["Cruz Roja"]);
        let found = town.found(Rule::Account, &saying("Con @[Cruz Roja]s."));
        assert_eq!(found.len(), 2, "what would be read as another's leads nowhere either");
        let facebook = bench::town_on(Network::Facebook).found(Rule::Account, &saying("Con @[Cruz Roja]."));
        assert!(facebook.iter().all(|(place, _)| place.channel != Some(bench::whatsapp())));
    }

    #[test]
    fn who_has_no_account_is_told_of_a_first_comment_where_there_is_one() {
        let town = bench::town_on(Network::Instagram);
        let mut content = saying("Feria.");
        content.comments.insert(Language::spanish(), "Con @[Cruz Roja].".to_owned());
        let book = [entry("Cruz Roja", &[(Network::Bluesky, "cruzroja.es")])];
        let content = content.settled(None, &book);
        let found = town.found(Rule::Account, &content);
        let place = at(Some(&town.channels[3]), Some(&Language::spanish()), Field::Comment);
        assert_eq!(found, [(place, Evidence::Words { words: "Cruz Roja".to_owned() })], "and on no other network");
        let book = [entry("Cruz Roja", &[(Network::Instagram, "cruzroja.es")])];
        assert_eq!(town.found(Rule::Account, &content.settled(None, &book)), [], "whoever has one is mentioned");
        let mut content = saying("Feria.");
        content.comments.insert(Language::spanish(), "Con @[Cruz Verde].".to_owned());
        let unknown = town.found(Rule::Contact, &content);
        assert_eq!(unknown.len(), 1, "whom nobody knows stops it there too");
        assert_eq!(unknown[0].0.field, Field::Comment);
    }

    #[test]
    fn the_ninth_on_bluesky_is_told_where_it_stands_and_stops_nothing() {
        let town = bench::town();
        let many = |count: usize| (1..=count).map(|n| format!("@a{n}.es ")).collect::<String>();
        let over = |count| Evidence::Over { limit: 8, count };
        let mut content = saying(&[&*many(7), "@[Cruz Roja]"].concat());
        content.targets = vec![bench::target(bench::bluesky(), &["es"])];
        assert_eq!(town.found(Rule::Account, &content), [], "eight, one of them by a mark");
        let text = [&*many(8), "y @[Cruz Roja], y @a1.es otra vez"].concat();
        bench::say(&mut content, "es", &text);
        let found = town.check(&content).into_iter().filter(|one| one.rule == Rule::Account).collect::<Vec<_>>();
        let [one] = &found[..] else { panic!("{found:?}") };
        assert_eq!((one.mode, &one.evidence, one.place.field), (Mode::Warn, &over(9), Field::Text));
        let (start, end) = one.place.range.unwrap();
        assert_eq!((&one.place.channel, &text[start..end]), (&Some(bench::bluesky()), "@[Cruz Roja]"));
        bench::say(&mut content, "es", &[&*many(8), "\n---\n@[Cruz Roja] @b.es"].concat());
        assert_eq!(town.found(Rule::Account, &content), [], "each part of a thread has as many");
        bench::say(&mut content, "es", &["Hilo.\n---\n", &*many(10)].concat());
        let found = town.found(Rule::Account, &content);
        assert_eq!(found.iter().map(|(_, evidence)| evidence.clone()).collect::<Vec<_>>(), [over(10)]);
        content.targets = vec![bench::target(bench::noticeboard(), &["es"]), bench::target(bench::whatsapp(), &["es"])];
        assert_eq!(town.found(Rule::Account, &content), [], "nowhere else is anybody looked up");
    }

    #[test]
    fn a_page_too_many_is_told() {
        let town = bench::town_on(Network::Linkedin);
        let names = ["A", "B", "C", "D"];
        let page = |name: &str| {
            let account = [name.to_lowercase().as_str(), " ", name].concat();
            entry(name, &[(Network::Linkedin, account.as_str())])
        };
        let book: Vec<Entry> = names.into_iter().map(page).collect();
        let mut content = bench::notice();
        content.targets = vec![bench::target(bench::whatsapp(), &["es"])];
        bench::say(&mut content, "es", "@[A] @[B] @[A] @[C] y @[D]");
        let content = content.settled(None, &book);
        assert_eq!(words(town.found(Rule::Account, &content)), ["D"]);
    }
}

//! Before and after, word by word. Separate: the page of a post and the approvals show the same.

use domain::{Content, Language};
use leptos::prelude::*;
use words::{Lang, language_name};

/// What happened to a run of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    Gone,
    New,
}

/// Texts longer than this are shown whole, before and after: the comparison grows with the product of both.
const MOST_WORDS: usize = 1_500;

/// Words with the space behind them.
fn words_of(text: &str) -> Vec<&str> {
    text.split_inclusive(char::is_whitespace).collect()
}

/// The longest common run of words decides what was kept.
fn difference(before: &str, after: &str) -> Vec<(Fate, String)> {
    let (old, new) = (words_of(before), words_of(after));
    if old.len() > MOST_WORDS || new.len() > MOST_WORDS {
        return vec![(Fate::Gone, before.to_owned()), (Fate::New, after.to_owned())];
    }
    let width = new.len() + 1;
    let mut common = vec![0_u16; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = if old[i] == new[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let mut runs: Vec<(Fate, String)> = Vec::new();
    let mut push = |fate: Fate, word: &str| match runs.last_mut() {
        Some((last, text)) if *last == fate => text.push_str(word),
        _ => runs.push((fate, word.to_owned())),
    };
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            push(Fate::Kept, old[i]);
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && common[(i + 1) * width + j] >= common[i * width + j + 1]) {
            push(Fate::Gone, old[i]);
            i += 1;
        } else {
            push(Fate::New, new[j]);
            j += 1;
        }
    }
    runs
}

/// What changed between two contents, for reading: texts word by word, the rest named.
pub fn changed(lang: Lang, before: &Content, after: &Content) -> AnyView {
    let mut parts: Vec<AnyView> = Vec::new();
    let mut text = |name: String, language: &Language, before: &str, after: &str| {
        if before != after {
            parts.push(shown(name, language, before, after));
        }
    };
    let empty = String::new();
    let languages: std::collections::BTreeSet<_> = before.texts.keys().chain(after.texts.keys()).collect();
    for language in languages {
        let name = language_name(lang, language);
        let (old, new) = (before.titles.get(language), after.titles.get(language));
        text(format!("{} · {name}", lang.compose_heading()), language, old.unwrap_or(&empty), new.unwrap_or(&empty));
        let (old, new) = (before.texts.get(language), after.texts.get(language));
        text(format!("{} · {name}", lang.compose_text()), language, old.unwrap_or(&empty), new.unwrap_or(&empty));
    }
    for version in &after.versions {
        let old = before.rendition(&version.channel, &version.language).map(|one| one.text).unwrap_or_default();
        let name = format!("{} · {}", lang.compose_version_text(), language_name(lang, &version.language));
        text(name, &version.language, &old, &version.text);
    }
    let mut others = Vec::new();
    if before.pictures != after.pictures {
        others.push(lang.compose_pictures());
    }
    if before.link != after.link {
        others.push(lang.compose_link());
    }
    if before.event != after.event {
        others.push(lang.compose_event_on());
    }
    let others = (!others.is_empty()).then(|| view! { <p>{lang.post_also_changed(others.join(", "))}</p> });
    view! { <div class="difference">{parts}{others}</div> }.into_any()
}

fn shown(name: String, language: &Language, before: &str, after: &str) -> AnyView {
    let runs = difference(before, after).into_iter().map(|(fate, text)| match fate {
        Fate::Kept => text.into_any(),
        Fate::Gone => view! { <del>{text}</del> }.into_any(),
        Fate::New => view! { <ins>{text}</ins> }.into_any(),
    });
    view! {
        <div class="difference-part">
            <h3>{name}</h3>
            <p lang=language.to_string()>{runs.collect::<Vec<_>>()}</p>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_changed_words_are_marked() {
        let runs = difference("El agua se corta a las 9.", "El agua se corta a las 10.");
        let gone: Vec<_> = runs.iter().filter(|(fate, _)| *fate == Fate::Gone).map(|(_, text)| text.as_str()).collect();
        let new: Vec<_> = runs.iter().filter(|(fate, _)| *fate == Fate::New).map(|(_, text)| text.as_str()).collect();
        assert_eq!((gone, new), (vec!["9."], vec!["10."]));
    }

    #[test]
    fn both_sides_can_be_read_out_of_it() {
        let (before, after) = ("a b c d", "b x d e");
        let runs = difference(before, after);
        let side = |without: Fate| {
            runs.iter().filter(|(fate, _)| *fate != without).map(|(_, t)| t.as_str()).collect::<String>()
        };
        assert_eq!(side(Fate::New).trim(), before);
        assert_eq!(side(Fate::Gone).split_whitespace().collect::<Vec<_>>().join(" "), after);
    }
}

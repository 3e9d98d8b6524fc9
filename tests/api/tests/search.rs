//! Search: posts of any day, by the words of their headings and of their texts in any language.

use std::collections::{BTreeMap, BTreeSet};

use api_journeys::{Member, Town, eventually, id};
use domain::{Content, Language, Network, Refusal, Role, Target, sought::Piece};
use wire::{
    Page,
    posts::{Hit, PostView, SEARCH, Search},
};

fn page(who: &Member, words: &str, cursor: Option<String>) -> Page<Hit> {
    who.ok(&SEARCH, &[], &Search { words: words.to_owned(), cursor })
}

fn found(who: &Member, words: &str) -> Vec<String> {
    page(who, words, None).items.into_iter().map(|hit| hit.row.id.to_string()).collect()
}

fn said(town: &Town, title: &str, es: &str, en: &str) -> Content {
    let languages = vec![Language::spanish(), Language::english()];
    let texts = [(Language::spanish(), es), (Language::english(), en)];
    Content {
        titles: BTreeMap::from([(Language::spanish(), title.to_owned())]),
        texts: texts
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(language, text)| (language, text.to_owned()))
            .collect(),
        targets: vec![Target::new(town.founded.noticeboard.clone(), languages)],
        ..Content::default()
    }
}

/// The identity, as a list of what was found has it.
fn of(post: &PostView) -> String {
    id(post).to_owned()
}

#[test]
fn a_post_is_found_by_words_of_heading_and_text_in_any_language_and_by_no_others() {
    let town = Town::found("Villa de las Palabras");
    let author = town.author();
    let library = said(
        &town,
        "Biblioteca",
        "En marzo la biblioteca abre los sábados por la mañana.",
        "In March the library opens on Saturdays.",
    );
    let library = author.write(&library);
    let plenary =
        author.write(&said(&town, "Pleno de marzo", "El pleno no habla de libros. La biblioteca cierra.", "None."));

    assert_eq!(found(&author, "biblioteca"), [of(&plenary), of(&library)], "what was begun last first");
    for typed in ["SABADOS ", "sábados", "library march", "marzo abre", "manana bibl", "satur"] {
        assert_eq!(found(&author, typed), [of(&library)], "{typed}");
    }
    for typed in ["piscina", "biblioteca agosto ", "saba ", "'; DROP TABLE post; --", "b", " "] {
        assert!(found(&author, typed).is_empty(), "{typed}");
    }
    let hit = page(&author, "saturdays library", None).items.remove(0);
    let passage = hit.passage.unwrap();
    assert_eq!(passage.language, Language::english());
    assert!(passage.pieces.contains(&Piece { text: "Saturdays".to_owned(), hit: true }), "{passage:?}");
    assert_eq!(hit.row.heading, "Biblioteca");

    // What it says now, and no more what it said.
    let changed = author.edit(&library, &said(&town, "Biblioteca", "En abril abre también los domingos.", ""));
    assert_eq!(found(&author, "marzo"), [of(&plenary)]);
    assert_eq!(found(&author, "domingos abril "), [of(&changed)]);
    let cursor = Some("x".to_owned());
    let no = author.no(&SEARCH, &[], &Search { words: "marzo".to_owned(), cursor });
    assert_eq!(no, Refusal::Malformed { field: "cursor".to_owned() });

    // Next door stands the same word, and each finds their own.
    let stranger = town.neighbour("Villa Sorda").author();
    assert!(found(&stranger, "biblioteca").is_empty());
    assert_eq!(found(&author, "biblioteca").len(), 2);
}

#[test]
fn whoever_may_not_see_a_post_does_not_find_it() {
    let town = Town::found("Villa de los Secretos");
    let (author, agency) = (town.author(), town.member(Role::Agency));
    let elsewhere = town.administrator().connect_by_hand(Network::Facebook, None);
    let open = author.write(&said(&town, "Feria", "La feria del libro abre el lunes.", ""));
    let closed = Content {
        targets: vec![Target::new(elsewhere.id, vec![Language::spanish()])],
        ..said(&town, "Feria", "La feria de ganado se aplaza.", "")
    };
    let closed = author.write(&closed);
    assert_eq!(found(&author, "feria"), [of(&closed), of(&open)]);
    assert_eq!(
        found(&town.member(Role::Observer), "feria"),
        [of(&closed), of(&open)],
        "whoever reads lists reads this"
    );
    assert_eq!(found(&agency, "feria"), [of(&open)]);
}

#[test]
fn many_are_found_by_pages_each_once_also_those_that_only_the_clock_has_read() {
    let town = Town::alone("Villa Habladora");
    let author = town.author();
    let all: BTreeSet<String> =
        (0..45).map(|n| of(&author.write(&said(&town, "Bando", &format!("Se hace saber {n}."), "")))).collect();
    // Whoever looks has ten of them read at each page: of forty-five, the clock has read fifteen at least.
    town.tick();
    eventually("the clock has read them", || town.rests().then_some(()));
    let (mut seen, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = page(&author, "bando saber", cursor);
        assert!(page.items.len() <= 20);
        seen.extend(page.items.into_iter().map(|hit| hit.row.id.to_string()));
        (cursor, pages) = (page.next, pages + 1);
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!((seen.len(), pages, seen.iter().cloned().collect::<BTreeSet<_>>()), (45, 3, all));
}

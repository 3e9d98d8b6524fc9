//! What leaves as a file: the library with where each asset is, and the register of consents, which the record knows of.

use api_journeys::{Town, id};
use domain::{
    Refusal, Role,
    consent::{Age, Giver},
    record::Subject,
};
use serde_json::Value;
use wire::{
    Nothing, Page,
    library::{
        DELETE, KEEP_CONSENT, KeepConsent, Query, Registered, TAKE_OUT, TakeOut, USED, Used, WITHDRAW, Withdraw,
    },
    media::Stored,
};

use crate::{
    library::{describe, drawn, form, found},
    media::{picture, png, stored},
};

fn words(text: &str) -> Query {
    Query { words: Some(text.to_owned()), ..Query::default() }
}

#[test]
fn the_library_leaves_as_it_is_sifted_and_tells_where_each_asset_is() {
    let town = Town::found("Villa de los Archivos");
    let (author, agency) = (town.author(), town.member(Role::Agency));
    let (fair, unused) = (stored(&author, &png(61, 40)), stored(&author, &png(62, 9)));
    describe(&author, &fair.id, |said| said.name = "Feria de otoño".to_owned());
    describe(&author, &unused.id, |said| said.name = "Escudo".to_owned());
    let cookie = format!("__Host-pregon={}", author.session);
    let headers = [
        ("origin", api_journeys::url()),
        ("x-pregon", "1"),
        ("cookie", cookie.as_str()),
        ("content-type", "image/png"),
        ("x-pregon-of", fair.id.as_str()),
    ];
    let cut: Stored = api_journeys::send("POST", "/api/media", &headers, &png(40, 40)).read("storing").unwrap();
    let with = |stored: &Stored, text: &str| {
        let mut content = town.notice(text);
        content.pictures.push(picture(stored, "Puestos de la feria en la plaza Mayor."));
        author.write(&content)
    };
    let (whole, part) = (with(&fair, "Hay feria el sábado."), with(&cut, "Queda feria el domingo."));

    let page: Page<Used> = author.ok(&USED, &[], &words("feria"));
    let [one] = page.items.as_slice() else { panic!("one: {page:?}") };
    assert_eq!((one.filed.asset.said.name.as_str(), one.more), ("Feria de otoño", false));
    let mut uses: Vec<&str> = one.uses.iter().map(|used| used.post.as_str()).collect();
    uses.sort_unstable();
    let mut wanted = [id(&whole), id(&part)];
    wanted.sort_unstable();
    assert_eq!(uses, wanted, "what was cut from it is a use of it");
    let all: Page<Used> = author.ok(&USED, &[], &Query::default());
    let same: Vec<_> = all.items.iter().map(|used| &used.filed).cloned().collect();
    assert_eq!(same, found(&author, Query::default()).items, "what is listed is what leaves");
    assert!(all.items.iter().any(|used| used.filed.asset.media == unused.id && used.uses.is_empty()));

    // Who sees only what it brought takes only that out, and next door there is none of it.
    assert_eq!(agency.ok(&USED, &[], &Query::default()).items, vec![]);
    assert_eq!(town.neighbour("Villa sin Archivos").author().ok(&USED, &[], &Query::default()).items, vec![]);
    let spent = author.raw(wire::Method::Get, "/api/library/used", b"").spent().unwrap();
    assert!(spent.queries <= 5, "{spent:?}");
}

#[test]
fn the_register_of_consents_leaves_with_whoever_keeps_it_and_the_record_says_so() {
    let town = Town::found("Villa del Registro");
    let (author, mayor, records) = (town.author(), town.mayor(), town.member(Role::Records));
    let (choir, gone) = (stored(&author, &png(63, 9)), stored(&author, &png(64, 9)));
    let keep = |media: &Stored, form: KeepConsent| {
        let drawn = drawn();
        author.ok(&KEEP_CONSENT, &[media.id.as_str(), drawn.as_str()], &form);
        drawn
    };
    let child = keep(&choir, KeepConsent { age: Age::Child, giver: Giver::Guardians, ..form("Alumna 12") });
    let adult = keep(&choir, form("La directora"));
    let past = keep(&gone, form("Un vecino"));
    author.ok(&WITHDRAW, &[choir.id.as_str(), adult.as_str()], &Withdraw { version: 1 });
    author.ok(&DELETE, &[gone.id.as_str()], &Nothing {});

    let page: Page<Registered> = author.ok(&TAKE_OUT, &[], &TakeOut::default());
    assert_eq!((page.items.len(), page.next), (3, None));
    let of = |wanted: &domain::ConsentId| page.items.iter().find(|one| one.consent.id == *wanted).unwrap();
    assert_eq!((of(&child).consent.who.as_str(), of(&child).consent.age), ("Alumna 12", Age::Child));
    assert!(of(&child).name.is_some() && of(&adult).consent.withdrawn.is_some());
    assert_eq!((of(&past).name.as_ref(), &of(&past).media), (None, &gone.id), "of what is deleted, too");

    // It goes on behind the one that it is told.
    let first = &page.items[0];
    let cursor = Some([first.media.as_str(), "-", first.consent.id.as_str()].concat());
    let rest: Page<Registered> = author.ok(&TAKE_OUT, &[], &TakeOut { cursor: cursor.clone() });
    assert_eq!(rest.items, page.items[1..]);
    // Who begins in the middle has not taken out any less.
    for _ in 0..2 {
        assert_eq!(records.ok(&TAKE_OUT, &[], &TakeOut { cursor: cursor.clone() }).items, rest.items);
    }
    let malformed = Refusal::Malformed { field: "cursor".to_owned() };
    assert_eq!(author.no(&TAKE_OUT, &[], &TakeOut { cursor: Some("nada".to_owned()) }), malformed);

    // Who does not keep consents gets none; next door there are none.
    for other in [town.member(Role::Translator), town.member(Role::Observer), town.member(Role::Agency)] {
        assert!(matches!(other.no(&TAKE_OUT, &[], &TakeOut::default()), Refusal::NotAllowed { .. }));
    }
    let next_door = town.neighbour("Villa del Registro Vecino").author();
    assert_eq!(next_door.ok(&TAKE_OUT, &[], &TakeOut::default()).items, vec![]);

    // Each file is an entry, however many pages it had, and none names anybody whom a consent is of.
    mayor.ok(&TAKE_OUT, &[], &TakeOut::default());
    let kept = crate::record::whole_chain(&records, &town);
    let told = kept.iter().filter(|entry| entry.subject == Subject::Library).filter_map(|entry| entry.body.as_deref());
    let told: Vec<Value> = told.map(|body| serde_json::from_str(body).unwrap()).collect();
    let by: Vec<_> = told.iter().filter(|body| body["what"] == "consents_exported").map(|body| &body["by"]).collect();
    assert_eq!(by, [&author, &records, &mayor].map(|who| who.me.member.as_str()));
    assert!(!format!("{told:?}").contains("Alumna"), "{told:?}");
}

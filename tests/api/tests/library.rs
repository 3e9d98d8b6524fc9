//! The library: what was brought is described and found; people who are seen decide whether it goes out, and who takes their
//! word back stops what waits.

use std::collections::BTreeMap;

use api_journeys::{Member, No, Town, at, eventually, id, last_act, slot};
use chrono::{Days, Months};
use domain::{
    ConsentId, Content, Language, MediaId, Millis, Network, Refusal, Role, StageName, Target,
    consent::{Age, Consent, Flaw, Giver, Scope, Shows},
    delivery::{ActState, Hold, PublicationState},
    emergency::{Before, Said as Word},
    library::{Licence, Said},
    policy::{Evidence, Finding, Rule},
    record::Subject,
};
use serde_json::Value;
use wire::{
    Nothing, Page,
    library::{
        ASSET, AssetView, Body, DESCRIBE, Describe, Filed, KEEP_CONSENT, KeepConsent, LIST, Query, SHELVES, Sift, Use,
        WITHDRAW, Withdraw,
    },
    media::Stored,
    posts::{self, PostView},
    publications,
};

use crate::{
    emergency,
    media::{picture, png, send_picture, stored},
};

/// A page of the library.
pub fn found(who: &Member, query: Query) -> Page<Filed> {
    who.ok(&LIST, &[], &query)
}

fn names(who: &Member, query: Query) -> Vec<String> {
    found(who, query).items.into_iter().map(|filed| filed.asset.said.name).collect()
}

fn words(text: &str) -> Query {
    Query { words: Some(text.to_owned()), ..Query::default() }
}

fn view(who: &Member, media: &MediaId) -> AssetView {
    who.ok(&ASSET, &[media.as_str()], &Nothing {})
}

/// Says something of an asset.
pub fn describe(who: &Member, media: &MediaId, change: impl FnOnce(&mut Said)) -> AssetView {
    let mut asset = view(who, media).filed.asset;
    change(&mut asset.said);
    who.ok(&DESCRIBE, &[media.as_str()], &Describe { version: asset.version, said: asset.said })
}

/// A consent to everything for some years, under some words.
pub fn form(who: &str) -> KeepConsent {
    KeepConsent {
        version: 0,
        who: who.to_owned(),
        age: Age::Adult,
        giver: Giver::Themselves,
        scope: Scope::Any,
        campaign: None,
        first: "2020-01-01".parse().unwrap(),
        last: "2029-12-31".parse().unwrap(),
        proof: "REG-2026-0014".to_owned(),
    }
}

/// An identity, as the desk draws one.
pub fn drawn() -> ConsentId {
    api_journeys::new_post().as_str().parse().unwrap()
}

fn consent(who: &Member, media: &MediaId, form: &KeepConsent) -> (ConsentId, AssetView) {
    let drawn = drawn();
    let view = who.ok(&KEEP_CONSENT, &[media.as_str(), drawn.as_str()], form);
    (drawn, view)
}

fn of(view: &AssetView, consent: &ConsentId) -> Consent {
    view.consents.iter().flatten().find(|one| one.id == *consent).unwrap().clone()
}

fn withdraw(who: &Member, media: &MediaId, consent: &ConsentId) -> AssetView {
    let version = of(&view(who, media), consent).version;
    who.ok(&WITHDRAW, &[media.as_str(), consent.as_str()], &Withdraw { version })
}

fn with_picture(town: &Town, stored: &Stored) -> Content {
    let mut content = town.notice("El sábado canta el coro en la plaza.");
    content.pictures.push(picture(stored, "El coro canta en la plaza, con las partituras en la mano."));
    content
}

fn flaws(findings: &[Finding]) -> Vec<Flaw> {
    let rights = |finding: &Finding| match &finding.evidence {
        Evidence::Rights { flaw, .. } => Some(*flaw),
        _ => None,
    };
    findings.iter().filter_map(rights).collect()
}

fn blocked(no: No) -> Vec<Flaw> {
    assert_eq!(no.fault.refusal, Refusal::Blocked);
    flaws(&no.fault.findings)
}

#[test]
fn what_was_brought_is_described_once_and_found_by_words_folder_tag_and_what_it_lacks() {
    let town = Town::found("Villa de la Biblioteca");
    let (author, translator) = (town.author(), town.member(Role::Translator));
    let (fair, shield) = (stored(&author, &png(41, 3)), stored(&author, &png(42, 3)));
    assert_eq!(names(&author, Query::default()), ["cartel.png", "cartel.png"], "by the names of their files");

    let told = describe(&author, &fair.id, |said| {
        said.name = "  Feria   de otoño ".to_owned();
        said.alt = BTreeMap::from([(Language::spanish(), "Puestos de castañas en la plaza Mayor.".to_owned())]);
        said.tags = vec!["Feria".to_owned(), "otoño".to_owned()];
        said.folder = "Fiestas 2026".to_owned();
        said.author = "José Núñez".to_owned();
        said.licence = Licence::Given;
    });
    assert_eq!(told.filed.asset.said.name, "Feria de otoño");
    assert_eq!(told.brought_by, author.me.name);
    for typed in ["feria", "CASTANAS", "plaza mayor", "nuñez", "josé fer", "oto"] {
        assert_eq!(names(&translator, words(typed)), ["Feria de otoño"], "{typed}");
    }
    for typed in ["piscina", "feria piscina", "plazas"] {
        assert_eq!(names(&author, words(typed)), Vec::<String>::new(), "{typed}");
    }
    // A number is a word too, and a query string must not make another thing of it.
    describe(&author, &shield.id, |said| said.name = "Escudo 2026".to_owned());
    assert_eq!(names(&author, words("2026")), ["Escudo 2026"]);
    let tag = |tag: &str| Query { tag: Some(tag.to_owned()), ..Query::default() };
    let folder = |folder: &str| Query { folder: Some(folder.to_owned()), ..Query::default() };
    let sift = |sift| Query { sift: Some(sift), ..Query::default() };
    assert_eq!(names(&author, tag("otoño")), ["Feria de otoño"]);
    assert_eq!(names(&author, folder("Fiestas 2026")), ["Feria de otoño"]);
    assert_eq!(
        names(&author, Query { words: Some("escudo".to_owned()), ..folder("Fiestas 2026") }),
        Vec::<String>::new()
    );
    assert_eq!(names(&author, sift(Sift::NoAlt)), ["Escudo 2026"]);
    assert_eq!(names(&author, sift(Sift::Ended)), Vec::<String>::new());
    describe(&author, &shield.id, |said| said.until = Some("2020-12-31".parse().unwrap()));
    assert_eq!(names(&author, sift(Sift::Ended)), ["Escudo 2026"]);
    assert!(matches!(view(&author, &shield.id).flaw, Some(Flaw::Licence { .. })));
    let shelves = author.ok(&SHELVES, &[], &Nothing {});
    assert_eq!(
        (shelves.folders, shelves.tags),
        (vec!["Fiestas 2026".to_owned()], vec!["feria".to_owned(), "otoño".to_owned()])
    );

    // What is said no more finds nothing more; two do not write over each other; who only reads says nothing.
    describe(&author, &fair.id, |said| said.tags.clear());
    assert_eq!(names(&author, tag("otoño")), Vec::<String>::new());
    let now = view(&author, &fair.id).filed.asset;
    let old = Describe { version: 1, said: Said { name: "Otra".to_owned(), ..now.said.clone() } };
    assert_eq!(author.no(&DESCRIBE, &[fair.id.as_str()], &old), Refusal::Stale { current: now.version });
    let observer = town.member(Role::Observer);
    assert_eq!(names(&observer, words("castañas")), ["Feria de otoño"]);
    assert!(matches!(observer.no(&DESCRIBE, &[fair.id.as_str()], &old), Refusal::NotAllowed { .. }));

    // Next door none of it is there.
    let stranger = town.neighbour("Villa sin Biblioteca").author();
    assert_eq!(names(&stranger, Query::default()), Vec::<String>::new());
    assert_eq!(names(&stranger, words("feria")), Vec::<String>::new());
    assert_eq!(stranger.ok(&SHELVES, &[], &Nothing {}).folders, Vec::<String>::new());
    assert_eq!(stranger.no(&ASSET, &[fair.id.as_str()], &Nothing {}), Refusal::NotFound);
}

#[test]
fn a_long_list_comes_in_pages_the_newest_first_and_none_is_lost_or_doubled() {
    let town = Town::found("Villa de las Mil Fotos");
    let author = town.author();
    let all: Vec<MediaId> = (1..=33).map(|n| stored(&author, &png(50 + n, 2)).id).collect();
    let (mut seen, mut query, mut pages) = (Vec::new(), words("cartel"), 0);
    loop {
        let page = found(&author, query.clone());
        seen.extend(page.items.into_iter().map(|filed| filed.asset.media));
        pages += 1;
        match page.next {
            Some(next) => query.cursor = Some(next),
            None => break,
        }
    }
    assert_eq!((pages, seen.len()), (2, 33));
    assert!(all.iter().all(|media| seen.contains(media)));
    assert_eq!(seen.first(), all.last());
    let malformed = Refusal::Malformed { field: "cursor".to_owned() };
    assert_eq!(author.no(&LIST, &[], &Query { cursor: Some("nada".to_owned()), ..Query::default() }), malformed);
}

#[test]
fn the_same_bytes_are_the_same_asset_and_bring_its_description_along() {
    let town = Town::found("Villa de la Misma Foto");
    let (author, mayor) = (town.author(), town.mayor());
    let bytes = png(43, 5);
    let first = stored(&author, &bytes);
    assert!(first.alt.is_empty());
    let alt = BTreeMap::from([(Language::spanish(), "La fuente nueva.".to_owned())]);
    describe(&author, &first.id, |said| said.alt = alt.clone());
    let again = stored(&mayor, &bytes);
    assert_eq!((again.id, again.alt), (first.id.clone(), alt.clone()));
    let page = found(&author, Query::default());
    assert_eq!(page.items.len(), 1);
    let Body::Picture { picture } = &page.items[0].body else { panic!("a picture: {page:?}") };
    assert_eq!((&picture.alt, &picture.hash), (&alt, &first.hash));
    // As it stands there it goes into a post.
    let mut content = town.notice("Ya mana la fuente nueva.");
    content.pictures.push(picture.clone());
    let draft = author.write(&content);
    let uses = view(&author, &first.id).uses;
    assert_eq!(uses.iter().map(|one| (&one.post, one.stage)).collect::<Vec<_>>(), [(&draft.post.id, StageName::Draft)]);
    content.pictures.clear();
    author.edit(&draft, &content);
    assert_eq!(view(&author, &first.id).uses, Vec::<Use>::new());
}

#[test]
fn what_is_cut_from_a_picture_is_known_by_it_and_what_stands_in_a_comment_is_not_filed() {
    let town = Town::found("Villa del Recorte");
    let author = town.author();
    let cookie = format!("__Host-pregon={}", author.session);
    let send = |bytes: &[u8], name: &str, value: &str| -> Stored {
        let headers = [
            ("origin", api_journeys::url()),
            ("x-pregon", "1"),
            ("cookie", cookie.as_str()),
            ("content-type", "image/png"),
            (name, value),
        ];
        api_journeys::send("POST", "/api/media", &headers, bytes).read("storing").unwrap()
    };
    let whole = stored(&author, &png(44, 40));
    let cut = send(&png(40, 40), "x-pregon-of", whole.id.as_str());
    let aside = send(&png(45, 9), "x-pregon-aside", "1");
    assert_eq!(found(&author, Query::default()).items.len(), 1);
    assert_eq!(author.no(&ASSET, &[aside.id.as_str()], &Nothing {}), Refusal::NotFound);
    // Nobody can have said whom it shows: as it is, no post takes it.
    let save = posts::Save { version: 0, content: with_picture(&town, &aside) };
    assert_eq!(author.no(&posts::SAVE, &[api_journeys::new_post().as_str()], &save), Refusal::NotFound);
    // Attached to a post after all, it is one of the library's.
    assert_eq!(send_picture(&author, "image/png", None, &png(45, 9)).read::<Stored>("again").unwrap().id, aside.id);
    author.ok(&posts::SAVE, &[api_journeys::new_post().as_str()], &save);
    assert_eq!(found(&author, Query::default()).items.len(), 2);

    describe(&author, &whole.id, |said| said.shows = Shows::Persons);
    let draft = author.write(&with_picture(&town, &cut));
    assert_eq!(flaws(&draft.findings), [Flaw::Nobody], "it shows whom the whole one shows");
    assert_eq!(view(&author, &whole.id).uses.len(), 1);
}

#[test]
fn without_the_consent_of_who_is_seen_nothing_goes_out_and_with_it_it_does() {
    let town = Town::found("Villa del Consentimiento");
    let (author, mayor) = (town.author(), town.mayor());
    let choir = stored(&author, &png(46, 7));
    let draft = author.write(&with_picture(&town, &choir));
    assert_eq!(flaws(&draft.findings), [Flaw::Unsaid]);
    let told = author.submit(&draft);
    assert_eq!(told.post.stage.name(), StageName::InReview, "that nobody said is told, and stops nothing");
    let draft = author.ok(&posts::WITHDRAW, &[id(&told)], &at(&told));
    let translator = town.member(Role::Translator);
    let marked = describe(&translator, &choir.id, |said| said.shows = Shows::Persons);
    assert_eq!((marked.flaw, marked.consents), (Some(Flaw::Nobody), None), "who does not keep them does not see them");
    let back = Describe {
        version: marked.filed.asset.version,
        said: Said { shows: Shows::Nobody, ..marked.filed.asset.said },
    };
    assert_eq!(translator.no(&DESCRIBE, &[choir.id.as_str()], &back), Refusal::ConsentsGuarded);

    let draft = author.read(&draft.post.id);
    assert_eq!(flaws(&draft.findings), [Flaw::Nobody]);
    assert_eq!(blocked(author.ask(&posts::SUBMIT, &[id(&draft)], &at(&draft)).unwrap_err()), [Flaw::Nobody]);
    let finding = draft.findings.iter().find(|finding| finding.rule == Rule::Rights).unwrap();
    let waive = posts::Waive {
        rule: Rule::Rights,
        fingerprint: finding.fingerprint(),
        reason: "Seguro que no les importa.".to_owned(),
    };
    assert_eq!(author.no(&posts::WAIVE, &[id(&draft)], &waive), Refusal::NotWaivable);

    // Registered by who may, with an end, a proof, and guardians where they are wanted.
    let path = [choir.id.as_str()];
    let no = |form: KeepConsent| author.no(&KEEP_CONSENT, &[path[0], drawn().as_str()], &form);
    assert_eq!(no(KeepConsent { age: Age::Child, ..form("Coro infantil") }), Refusal::GuardianWanted);
    assert_eq!(no(KeepConsent { last: "2019-12-31".parse().unwrap(), ..form("Coro") }), Refusal::TermBackwards);
    assert_eq!(no(KeepConsent { last: "2030-01-02".parse().unwrap(), ..form("Coro") }), Refusal::LongConsent);
    assert_eq!(
        no(KeepConsent { proof: " ".to_owned(), ..form("Coro") }),
        Refusal::Malformed { field: "proof".to_owned() }
    );
    assert!(matches!(
        translator.no(&KEEP_CONSENT, &[path[0], drawn().as_str()], &form("Coro")),
        Refusal::NotAllowed { .. }
    ));
    let (choir_consent, kept) = consent(&author, &choir.id, &form("Coro, 18 personas"));
    assert_eq!((kept.flaw, of(&kept, &choir_consent).version), (None, 1));
    let draft = author.read(&draft.post.id);
    assert_eq!(flaws(&draft.findings), []);
    let approved = mayor.approve(&author.submit(&draft));

    // Between agreeing and placing somebody takes their word back: what was agreed to stays where it is.
    withdraw(&mayor, &choir.id, &choir_consent);
    let hour = slot(&approved, author.wall(town.now(), Millis::hours(5)));
    assert_eq!(blocked(author.ask(&posts::PLACE, &[id(&approved)], &hour).unwrap_err()), [Flaw::Withdrawn]);
    assert_eq!(blocked(author.ask(&posts::RELEASE, &[id(&approved)], &at(&approved)).unwrap_err()), [Flaw::Withdrawn]);
    // One consents in the place of nobody else; the same ones again do.
    consent(&author, &choir.id, &form("La directora"));
    assert_eq!(blocked(author.ask(&posts::PLACE, &[id(&approved)], &hour).unwrap_err()), [Flaw::Withdrawn]);
    consent(&author, &choir.id, &form("coro, 18 personas"));
    let placed: PostView = author.ok(&posts::PLACE, &[id(&approved)], &hour);
    assert_eq!(placed.post.stage.name(), StageName::Placed);
}

#[test]
fn a_consent_holds_on_its_channels_for_its_campaign_and_on_its_days_only() {
    let town = Town::found("Villa de los Alcances");
    let (administrator, author) = (town.administrator(), town.author());
    let facebook = administrator.connect_by_hand(Network::Facebook, None);
    let photo = stored(&author, &png(47, 7));
    let mut content = with_picture(&town, &photo);
    content.targets.push(Target::new(facebook.id.clone(), vec![Language::spanish()]));
    let draft = author.write(&content);
    let (only, _) = consent(&author, &photo.id, &KeepConsent { scope: Scope::Own, ..form("Alcaldesa de honor") });
    let read = || author.read(&draft.post.id).findings;
    assert_eq!(flaws(&read()), [Flaw::Channel { scope: Scope::Own }]);
    let place = read().into_iter().find(|finding| finding.rule == Rule::Rights).unwrap().place;
    assert_eq!(place.channel, Some(facebook.id.clone()));

    let change = |version, form: KeepConsent| {
        author.ok(&KEEP_CONSENT, &[photo.id.as_str(), only.as_str()], &KeepConsent { version, ..form })
    };
    change(1, form("Alcaldesa de honor"));
    assert_eq!(flaws(&read()), []);
    // Who read an older one writes nothing over it.
    let stale = KeepConsent { version: 1, scope: Scope::Social, ..form("Alcaldesa de honor") };
    assert_eq!(author.no(&KEEP_CONSENT, &[photo.id.as_str(), only.as_str()], &stale), Refusal::Stale { current: 2 });
    let (fair, _) = crate::campaigns::campaign(&administrator, "Feria de otoño");
    change(2, KeepConsent { campaign: Some(fair), ..form("Alcaldesa de honor") });
    assert_eq!(flaws(&read()), [Flaw::Campaign]);
    let today = author.wall(town.now(), Millis(0)).date();
    let yesterday = today.pred_opt().unwrap();
    change(3, KeepConsent { last: yesterday, ..form("Alcaldesa de honor") });
    assert_eq!(flaws(&read()), [Flaw::Ended { last: yesterday }]);
    let tomorrow = today.succ_opt().unwrap();
    change(4, KeepConsent { first: tomorrow, ..form("Alcaldesa de honor") });
    assert_eq!(flaws(&read()), [Flaw::Early { first: tomorrow }]);
    change(5, form("Alcaldesa de honor"));
    assert_eq!(flaws(&read()), []);
}

#[test]
fn whoever_takes_their_word_back_holds_what_is_placed_and_every_use_is_listed() {
    let town = Town::found("Villa de la Retirada");
    let (author, mayor, records) = (town.author(), town.mayor(), town.member(Role::Records));
    let photo = stored(&author, &png(48, 7));
    let (consented, _) = consent(&author, &photo.id, &form("Alumna 12"));
    let approved = || mayor.approve(&author.submit(&author.write(&with_picture(&town, &photo))));
    let placed = author.place(&approved(), author.wall(town.now(), Millis::hours(5)));
    let out = approved();
    author.release(&out);
    author.wait_for(&out.post.id, PublicationState::Out);
    let other = author.place(
        &mayor.approve(&author.submit(&author.write(&town.notice("Sin foto.")))),
        author.wall(town.now(), Millis::hours(6)),
    );
    let before = view(&author, &photo.id);
    assert!(before.uses.iter().all(|one| one.flaw.is_none()) && before.uses.len() == 2, "{before:?}");

    let after = withdraw(&records, &photo.id, &consented);
    assert_eq!(after.flaw, Some(Flaw::Withdrawn));
    assert!(of(&after, &consented).withdrawn.is_some());
    let going = |post: &PostView| {
        let uses = after.uses.iter().find(|one| one.post == post.post.id).unwrap();
        uses.going.iter().map(|out| (out.state, out.flaw, out.address.is_some())).collect::<Vec<_>>()
    };
    assert_eq!(going(&placed), [(PublicationState::Held, Some(Flaw::Withdrawn), false)]);
    assert_eq!(going(&out), [(PublicationState::Out, Some(Flaw::Withdrawn), true)], "with the way to take it down");
    let held = author.read(&placed.post.id);
    assert_eq!(last_act(&held), &ActState::Held { reason: Hold::Rights });
    assert_eq!(last_act(&author.read(&other.post.id)), &ActState::Waiting, "what does not have it goes on");
    // Sent twice, it is one; and it is not changed any more.
    withdraw(&records, &photo.id, &consented);
    let change = KeepConsent { version: 2, ..form("Alumna 12") };
    assert_eq!(author.no(&KEEP_CONSENT, &[photo.id.as_str(), consented.as_str()], &change), Refusal::WrongState);

    // Nobody lets it out by the other door.
    let publication = &held.publications[0];
    assert_eq!(blocked(author.retry(publication, "Que salga.").unwrap_err()), [Flaw::Withdrawn]);
    assert_eq!(last_act(&author.read(&placed.post.id)), &ActState::Held { reason: Hold::Rights });
    // If they consent again, it may.
    consent(&author, &photo.id, &form("alumna 12"));
    let again = author.retry(publication, "Ha vuelto a consentir.").unwrap();
    assert_eq!(last_act(&again), &ActState::Waiting);

    // The record has each change, and not whose it was.
    let kept = crate::record::whole_chain(&records, &town);
    let told = kept.iter().filter(|entry| entry.subject == Subject::Library).filter_map(|entry| entry.body.as_deref());
    let told: Vec<Value> = told.map(|body| serde_json::from_str(body).unwrap()).collect();
    let what: Vec<_> = told.iter().map(|body| body["what"].as_str().unwrap_or_default()).collect();
    assert_eq!(what, ["consent_registered", "consent_withdrawn", "consent_registered"]);
    assert_eq!(told[1]["held"], 1);
    assert!(!format!("{told:?}").to_lowercase().contains("alumna"), "{told:?}");
    let incident =
        kept.iter().filter(|entry| entry.subject == Subject::Incident).filter_map(|entry| entry.body.as_deref());
    assert!(incident.into_iter().any(|body| body.contains("\"held\":\"rights\"") && body.contains(id(&placed))));
}

#[test]
fn what_is_said_of_a_picture_holds_too_and_a_kit_is_not_handed_out_for_it() {
    let town = Town::found("Villa de la Licencia");
    let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
    let photo = stored(&author, &png(49, 7));
    let placed = mayor.approve(&author.submit(&author.write(&with_picture(&town, &photo))));
    let placed = author.place(&placed, author.wall(town.now(), Millis::hours(5)));
    let facebook = administrator.connect_by_hand(Network::Facebook, None);
    let mut content = with_picture(&town, &photo);
    content.targets = vec![Target::new(facebook.id, vec![Language::spanish()])];
    let by_hand = mayor.approve(&author.submit(&author.write(&content)));
    author.release(&by_hand);
    let in_hand = author.wait_for(&by_hand.post.id, PublicationState::InHand);
    let kit = [in_hand.publications[0].id.to_string()];
    author.ok(&publications::KIT, &[&kit[0]], &Nothing {});

    let yesterday = author.wall(town.now(), Millis(0)).date().pred_opt().unwrap();
    let after = describe(&author, &photo.id, |said| said.until = Some(yesterday));
    assert_eq!(after.flaw, Some(Flaw::Licence { last: yesterday }));
    assert_eq!(last_act(&author.read(&placed.post.id)), &ActState::Held { reason: Hold::Rights });
    let no = author.ask(&publications::KIT, &[&kit[0]], &Nothing {}).unwrap_err();
    assert_eq!(blocked(no), [Flaw::Licence { last: yesterday }]);
    // Whoever may only bring pictures says when a licence ends, and not that it does not.
    let asset = view(&author, &photo.id).filed.asset;
    let endless = Describe { version: asset.version, said: Said { until: None, ..asset.said } };
    let translator = town.member(Role::Translator);
    assert_eq!(translator.no(&DESCRIBE, &[photo.id.as_str()], &endless), Refusal::ConsentsGuarded);
    describe(&author, &photo.id, |said| said.until = None);
    author.ok(&publications::KIT, &[&kit[0]], &Nothing {});
}

#[test]
fn what_was_on_its_way_when_somebody_took_their_word_back_is_not_sent_a_second_time() {
    let town = Town::alone("Villa del Instante");
    let (author, mayor) = (town.author(), town.mayor());
    let photo = stored(&author, &png(53, 7));
    let (consented, _) = consent(&author, &photo.id, &form("Alumna 12"));
    let approved = mayor.approve(&author.submit(&author.write(&with_picture(&town, &photo))));
    let post = author.place(&approved, author.wall(town.now(), Millis::minutes(5))).post.id;
    // The engine dies behind the point of no return: it may be out, and is not.
    town.arm("after_begin=1");
    town.ahead(Millis::minutes(5));
    town.tick();
    eventually("the sending", || matches!(last_act(&author.read(&post)), ActState::Sending { .. }).then_some(()));
    let after = withdraw(&author, &photo.id, &consented);
    assert_eq!(after.uses[0].going[0].flaw, Some(Flaw::Withdrawn));
    assert!(matches!(last_act(&author.read(&post)), ActState::Sending { .. }), "what may be out is not called held");

    // It is looked for and not found, and would be sent again.
    let held = crate::ledger::until_settled(&town, &author, &post, Millis::minutes(8));
    assert_eq!(last_act(&held), &ActState::Held { reason: Hold::Rights });
    let publication = &held.publications[0];
    assert_eq!(publication.acts[0].attempts.len(), 1, "{:?}", publication.acts[0].attempts);
    assert_eq!(blocked(author.retry(publication, "Que salga.").unwrap_err()), [Flaw::Withdrawn]);
    consent(&author, &photo.id, &form("Alumna 12"));
    author.retry(publication, "Ha vuelto a consentir.").unwrap();
    let out = author.wait_for(&post, PublicationState::Out);
    assert_eq!(out.publications[0].acts[0].attempts.len(), 2);
}

#[test]
fn who_takes_their_word_back_takes_all_of_it_back_and_whose_it_was_can_be_erased() {
    let town = Town::found("Villa de las Dos Firmas");
    let (author, records) = (town.author(), town.member(Role::Records));
    let photo = stored(&author, &png(54, 7));
    let (first, _) = consent(&author, &photo.id, &KeepConsent { scope: Scope::Own, ..form("Alumna 12") });
    let (second, _) = consent(&author, &photo.id, &form("alumna 12"));
    let (other, before) = consent(&author, &photo.id, &form("Alumno 7"));
    assert_eq!((before.flaw, before.filed.asset.said.shows), (None, Shows::Persons));
    // A form that was read before they consented, sent now: it would switch all of them off.
    let asset = before.filed.asset;
    let unsaid = Describe { version: asset.version, said: Said { shows: Shows::Unsaid, ..asset.said } };
    assert_eq!(author.no(&DESCRIBE, &[photo.id.as_str()], &unsaid), Refusal::ConsentsGuarded);

    let after = withdraw(&records, &photo.id, &first);
    let back = |view: &AssetView, consent: &ConsentId| of(view, consent).withdrawn.is_some();
    assert_eq!([&first, &second, &other].map(|one| back(&after, one)), [true, true, false]);
    assert_eq!(after.flaw, Some(Flaw::Withdrawn));

    // The name is a minor's, and goes before its time; what it bars stays barred.
    let path = [photo.id.as_str(), first.as_str()];
    let blank = |version| KeepConsent { version, proof: String::new(), ..form("") };
    let version = of(&after, &first).version;
    assert_eq!(records.no(&KEEP_CONSENT, &path, &blank(version - 1)), Refusal::Stale { current: version });
    let erased = records.ok(&KEEP_CONSENT, &path, &blank(version));
    let gone = of(&erased, &first);
    assert_eq!((gone.who.as_str(), gone.proof.as_str(), gone.withdrawn.is_some()), ("", "", true));
    assert_eq!((erased.flaw, of(&erased, &other).who.as_str()), (Some(Flaw::Withdrawn), "Alumno 7"));
    let running = records.no(&KEEP_CONSENT, &[path[0], other.as_str()], &blank(of(&erased, &other).version));
    assert_eq!(running, Refusal::Malformed { field: "who".to_owned() });
    let kept = crate::record::whole_chain(&records, &town);
    let what = |what: &str| {
        let bodies = kept.iter().filter_map(|entry| entry.body.as_deref());
        bodies.filter(|body| body.contains(&format!("\"what\":\"{what}\""))).count()
    };
    assert_eq!((what("consent_withdrawn"), what("consent_erased")), (2, 1));
}

#[test]
fn after_three_years_it_is_forgotten_whose_word_was_taken_back_and_not_that_it_was() {
    let town = Town::alone("Villa de la Memoria");
    let author = town.author();
    let today = author.wall(town.now(), Millis(0)).date();
    let long = |who: &str| KeepConsent {
        first: today,
        last: today.checked_add_months(Months::new(110)).unwrap(),
        ..form(who)
    };
    let (together, alone) = (stored(&author, &png(55, 7)), stored(&author, &png(56, 7)));
    let (stays, _) = consent(&author, &together.id, &long("Alumno 7"));
    let (back, _) = consent(&author, &together.id, &long("Alumna 12"));
    let (only, _) = consent(&author, &alone.id, &long("Vecina"));
    withdraw(&author, &together.id, &back);
    withdraw(&author, &alone.id, &only);
    town.ahead(Millis::days(3 * 366 + 2));
    town.tick();
    let author = town.author();
    eventually("the sweep", || of(&view(&author, &together.id), &back).who.is_empty().then_some(()));
    let after = view(&author, &together.id);
    let kept = of(&after, &back);
    assert_eq!((kept.proof.as_str(), kept.withdrawn.is_some()), ("", true));
    assert_eq!(of(&after, &stays).who, "Alumno 7");
    assert_eq!(after.flaw, Some(Flaw::Withdrawn), "the consent of another does not let it out");
    let after = view(&author, &alone.id);
    assert_eq!((after.consents, after.flaw), (Some(vec![]), Some(Flaw::Nobody)));
}

#[test]
fn what_an_emergency_lets_out_is_what_was_held_back_when_it_was_asked_for() {
    let town = Town::found("Villa del Aviso Urgente");
    emergency::prepare(&town, Before::Two);
    let (author, community) = (town.author(), town.member(Role::Community));
    let photo = stored(&author, &png(57, 7));
    let (consented, _) = consent(&author, &photo.id, &form("Vecino 3"));
    let asked = emergency::ask(&author, &author.write(&with_picture(&town, &photo))).unwrap();
    // The reason was written while he consented.
    withdraw(&author, &photo.id, &consented);
    let no = emergency::answer(&community, &asked, Word::Agree, None).unwrap_err();
    assert_eq!(blocked(no), [Flaw::Withdrawn]);
    assert_eq!(author.read(&asked.post.id).publications, vec![]);
    // Asked for once more, with that in sight, it is what the two of them answer for.
    let declined = emergency::answer(&community, &asked, Word::Decline, Some("Ya no consiente.")).unwrap();
    let again = emergency::ask(&author, &declined).unwrap();
    emergency::answer(&community, &again, Word::Agree, None).unwrap();
    author.wait_for(&again.post.id, PublicationState::Out);
}

#[test]
fn an_agency_sees_what_it_brought_and_nothing_of_who_consented() {
    let town = Town::found("Villa de la Agencia");
    let (author, agency) = (town.author(), town.member(Role::Agency));
    let ours = stored(&author, &png(51, 9));
    describe(&author, &ours.id, |said| said.folder = "Interno".to_owned());
    assert_eq!(names(&agency, Query::default()), Vec::<String>::new());
    assert_eq!(names(&agency, words("cartel")), Vec::<String>::new());
    assert_eq!(agency.ok(&SHELVES, &[], &Nothing {}).folders, Vec::<String>::new());
    assert_eq!(agency.no(&ASSET, &[ours.id.as_str()], &Nothing {}), Refusal::NotFound);
    let theirs = stored(&agency, &png(52, 9));
    describe(&agency, &theirs.id, |said| said.folder = "Campaña".to_owned());
    assert_eq!(found(&agency, words("cartel")).items.len(), 1);
    assert_eq!(agency.ok(&SHELVES, &[], &Nothing {}).folders, ["Campaña"]);
    consent(&author, &theirs.id, &form("Vecina"));
    let seen = view(&agency, &theirs.id);
    assert_eq!((seen.consents, seen.filed.asset.said.shows), (None, Shows::Persons));
    assert!(found(&author, Query::default()).items.len() == 2);
}

#[test]
fn a_consent_that_runs_out_lets_nothing_out_until_it_is_renewed_and_then_once() {
    let town = Town::alone("Villa del Plazo");
    let (author, mayor) = (town.author(), town.mayor());
    let today = author.wall(town.now(), Millis(0)).date();
    let day = |days: u64| today + Days::new(days);
    let noon = |days: u64| day(days).and_hms_opt(12, 0, 0).unwrap();
    let until = |who: &str, days: u64| KeepConsent { first: today, last: day(days), ..form(who) };
    let agreed = |photo: &Stored| mayor.approve(&author.submit(&author.write(&with_picture(&town, photo))));
    let (short, long) = (stored(&author, &png(56, 7)), stored(&author, &png(57, 7)));
    let (consented, _) = consent(&author, &short.id, &until("Alumna 12", 2));
    consent(&author, &long.id, &until("Alumno 7", 2));

    // Its last day is known: nothing is placed of which the window ends after it.
    let first = agreed(&short);
    let after = slot(&first, noon(3));
    let ended = |days| [Flaw::Ended { last: day(days) }];
    assert_eq!(blocked(author.ask(&posts::PLACE, &[id(&first)], &after).unwrap_err()), ended(2));
    let (first, second) = (author.place(&first, noon(2)), author.place(&agreed(&long), noon(2)));

    // It turns out that one ends a day sooner: what is placed after it is held.
    let sooner = KeepConsent { version: 1, ..until("Alumna 12", 1) };
    author.ok(&KEEP_CONSENT, &[short.id.as_str(), consented.as_str()], &sooner);
    assert_eq!(last_act(&author.read(&first.post.id)), &ActState::Held { reason: Hold::Rights });
    assert_eq!(last_act(&author.read(&second.post.id)), &ActState::Waiting, "this one still holds on its day");

    // The other runs out because nobody sent for days: what was placed within it comes too late.
    town.ahead(Millis::days(4));
    town.tick();
    // Sessions end meanwhile.
    let author = town.author();
    let late = author.wait_for(&second.post.id, PublicationState::Held);
    assert_eq!(last_act(&late), &ActState::Held { reason: Hold::Late });
    let held = author.read(&first.post.id);
    assert_eq!(last_act(&held), &ActState::Held { reason: Hold::Rights });
    for (view, days) in [(&held, 1), (&late, 2)] {
        let publication = &view.publications[0];
        assert_eq!(blocked(author.retry(publication, "Que salga.").unwrap_err()), ended(days));
        assert_eq!(publication.acts[0].attempts.len(), 0, "nothing was sent");
    }

    // The one is renewed, whoever gave the other gives it again: neither goes out by itself, and each goes out once.
    let renewed = KeepConsent { version: 2, ..until("Alumna 12", 300) };
    author.ok(&KEEP_CONSENT, &[short.id.as_str(), consented.as_str()], &renewed);
    consent(&author, &long.id, &until("alumno 7", 300));
    town.tick();
    town.settle();
    for view in [&held, &late] {
        assert_eq!(last_act(&author.read(&view.post.id)), last_act(view), "a person says so");
        author.retry(&view.publications[0], "El consentimiento está renovado.").unwrap();
        author.wait_for(&view.post.id, PublicationState::Out);
    }
    town.tick();
    town.settle();
    for view in [&held, &late] {
        let out = author.read(&view.post.id);
        let [act] = &out.publications[0].acts[..] else { panic!("{out:?}") };
        assert!(matches!(act.state, ActState::Done { .. }) && act.attempts.len() == 1, "{act:?}");
        assert_eq!(author.retry(&out.publications[0], "Otra vez.").unwrap_err().fault.refusal, Refusal::WrongState);
    }
}

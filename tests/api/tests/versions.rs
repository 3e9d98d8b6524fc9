//! Versions of a picture: what is said of one, and what its people said, holds for all of them; what is agreed to keeps its bytes.

use std::collections::BTreeMap;

use api_journeys::{Member, Town, last_act, send, url};
use domain::{
    ConsentId, Content, Language, MediaId, Millis, Refusal, Role,
    brand::Kit,
    consent::{Flaw, Shows},
    delivery::{ActState, Hold},
    library::Licence,
    look::Look,
    policy::{Evidence, Finding},
    record::Subject,
};
use serde_json::Value;
use wire::{
    Method, Nothing,
    library::{
        ALIKE, ASSET, Alike, AssetView, Body, DELETE, Held, KEEP_CONSENT, NEWER, Query, REPLACE, Replace, Superseded,
        WITHDRAW, Withdraw,
    },
    media::Stored,
    posts::PostView,
};

use crate::{
    library::{describe, drawn, form, found},
    media::{picture, png, stored},
    races::at_once,
};

fn view(who: &Member, media: &MediaId) -> AssetView {
    who.ok(&ASSET, &[media.as_str()], &Nothing {})
}

/// Gives an asset a newer version.
pub fn replace(who: &Member, media: &MediaId, by: &MediaId) -> AssetView {
    who.ok(&REPLACE, &[media.as_str()], &Replace { by: by.clone() })
}

fn no(who: &Member, media: &MediaId, by: &MediaId) -> Refusal {
    who.no(&REPLACE, &[media.as_str()], &Replace { by: by.clone() })
}

fn newer(who: &Member, media: &[&MediaId]) -> Vec<Superseded> {
    let media = media.iter().map(|media| media.as_str()).collect::<Vec<_>>().join(",");
    who.ok(&NEWER, &[], &Held { media })
}

fn media_of(view: &AssetView) -> Vec<&MediaId> {
    view.versions.iter().map(|version| version.body.media()).collect()
}

/// Stores what was cut from another.
fn cut(who: &Member, of: &MediaId, bytes: &[u8]) -> Stored {
    let cookie = format!("__Host-pregon={}", who.session);
    let headers = [
        ("origin", url()),
        ("x-pregon", "1"),
        ("cookie", cookie.as_str()),
        ("content-type", "image/png"),
        ("x-pregon-of", of.as_str()),
    ];
    send("POST", "/api/media", &headers, bytes).read("storing").unwrap()
}

fn with(town: &Town, stored: &Stored) -> Content {
    let mut content = town.notice("El sábado canta el coro en la plaza.");
    content.pictures.push(picture(stored, "El coro canta en la plaza, con las partituras en la mano."));
    content
}

fn placed(town: &Town, stored: &Stored, hours: i64) -> PostView {
    let (author, mayor) = (town.author(), town.mayor());
    let approved = mayor.approve(&author.submit(&author.write(&with(town, stored))));
    author.place(&approved, author.wall(town.now(), Millis::hours(hours)))
}

fn consent(who: &Member, media: &MediaId, of: &str) -> ConsentId {
    let consent = drawn();
    who.ok(&KEEP_CONSENT, &[media.as_str(), consent.as_str()], &form(of));
    consent
}

fn flaws(findings: &[Finding]) -> Vec<Flaw> {
    let rights = |finding: &Finding| match &finding.evidence {
        Evidence::Rights { flaw, .. } => Some(*flaw),
        _ => None,
    };
    findings.iter().filter_map(rights).collect()
}

fn gone(who: &Member, media: &MediaId) -> bool {
    who.raw(Method::Get, &format!("/api/media/{media}"), b"").status == 404
}

#[test]
fn a_newer_version_takes_over_what_is_said_and_what_is_placed_keeps_its_bytes() {
    let town = Town::found("Villa de las Versiones");
    let (author, designer) = (town.author(), town.member(Role::Designer));
    let (old, new, third) =
        (stored(&author, &png(101, 9)), stored(&designer, &png(102, 9)), stored(&author, &png(103, 9)));
    let alt = BTreeMap::from([(Language::spanish(), "Puestos de castañas en la plaza.".to_owned())]);
    let said = describe(&author, &old.id, |said| {
        said.name = "Feria de otoño".to_owned();
        said.alt = alt.clone();
        said.tags = vec!["feria".to_owned()];
        said.folder = "Fiestas 2026".to_owned();
        said.author = "Oficina de prensa".to_owned();
        said.licence = Licence::Given;
        said.until = Some("2029-12-31".parse().unwrap());
    })
    .filed
    .asset
    .said;
    let post = placed(&town, &old, 5);
    let draft = author.write(&with(&town, &old));

    let after = replace(&designer, &old.id, &new.id);
    assert_eq!((&after.filed.asset.media, &after.filed.asset.said), (&new.id, &said));
    let Body::Picture { picture } = &after.filed.body else { panic!("a picture: {after:?}") };
    assert_eq!((&picture.hash, picture.width, &picture.alt), (&new.hash, 102, &alt));
    assert_eq!(media_of(&after), [&old.id, &new.id]);
    assert_eq!((&after.versions[0].by, &after.versions[1].by), (&author.me.name, &designer.me.name));
    assert!(after.uses.len() == 2 && after.uses.iter().all(|one| one.has == [old.id.clone()]), "{:?}", after.uses);
    // By any of its versions it is the same.
    assert_eq!(view(&author, &old.id).filed, view(&author, &new.id).filed);

    // Where one looks, there is one, and it is the newest; its own words are no more.
    let all = found(&author, Query::default()).items;
    assert_eq!(all.iter().map(|filed| &filed.asset.media).collect::<Vec<_>>(), [&third.id, &new.id]);
    let words = |text: &str| Query { words: Some(text.to_owned()), ..Query::default() };
    assert_eq!(found(&author, words("castañas feria")).items[0].asset.media, new.id);
    assert_eq!(found(&author, words("cartel")).items.len(), 1, "the name of the file of the third");
    assert_eq!(found(&author, Query { folder: Some("Fiestas 2026".to_owned()), ..Query::default() }).items.len(), 1);
    // The same bytes, brought again, are known as what they are.
    assert_eq!(stored(&author, &png(102, 9)).alt, alt);

    // What was agreed to goes out as it was; a draft is told, and may take the other one.
    let still = author.read(&post.post.id);
    assert_eq!((&still.post.content.pictures[0].media, last_act(&still)), (&old.id, &ActState::Waiting));
    let told = newer(&author, &[&third.id, &old.id, &new.id]);
    assert_eq!(told.iter().map(|one| (&one.media, &one.by.media)).collect::<Vec<_>>(), [(&old.id, &new.id)]);
    let mut content = draft.post.content.clone();
    content.pictures = vec![told[0].by.clone()];
    author.edit(&draft, &content);
    let uses = view(&author, &new.id).uses;
    let of = |post: &PostView| uses.iter().find(|one| one.post == post.post.id).unwrap().has.clone();
    assert_eq!((of(&draft), of(&post)), (vec![new.id.clone()], vec![old.id.clone()]));

    // Sent twice it is one; what was replaced says by what.
    assert_eq!(replace(&designer, &old.id, &new.id).versions.len(), 2);
    assert_eq!(no(&author, &old.id, &third.id), Refusal::AssetReplaced { by: new.id.clone() });
    // An older one becomes the newest again, and is still the same two.
    let back = replace(&author, &new.id, &old.id);
    assert_eq!((&back.filed.asset.media, media_of(&back)), (&old.id, vec![&old.id, &new.id]));
    assert_eq!(newer(&author, &[&old.id, &new.id])[0].by.media, old.id);
    assert_eq!(no(&author, &new.id, &third.id), Refusal::AssetReplaced { by: old.id.clone() });
    let last = replace(&author, &old.id, &third.id);
    assert_eq!(media_of(&last), [&old.id, &new.id, &third.id]);
    assert_eq!(last.filed.asset.said, said);

    let chain = crate::record::whole_chain(&town.member(Role::Records), &town);
    let told = chain.iter().filter(|entry| entry.subject == Subject::Library).filter_map(|entry| entry.body.as_deref());
    let told: Vec<Value> = told.map(|body| serde_json::from_str(body).unwrap()).collect();
    let what: Vec<_> = told.iter().map(|body| body["what"].as_str().unwrap_or_default()).collect();
    assert_eq!(what, ["asset_described", "asset_replaced", "asset_brought_back", "asset_replaced"]);
    assert_eq!((told[1]["version"].as_str(), told[1]["held"].as_u64()), (Some(new.id.as_str()), Some(0)));
}

#[test]
fn what_cannot_be_a_version_is_refused_by_its_name() {
    let town = Town::found("Villa de los Reparos");
    let (author, agency) = (town.author(), town.member(Role::Agency));
    let (fair, other) = (stored(&author, &png(104, 9)), stored(&author, &png(105, 9)));
    let film = crate::video::stored(&author, &crate::video::film(3_000, 91, &[]));
    assert_eq!(no(&author, &fair.id, &film.id), Refusal::OtherKind);
    assert_eq!(no(&author, &film.id, &fair.id), Refusal::OtherKind);
    let (ours, theirs) = (cut(&author, &fair.id, &png(106, 9)), cut(&author, &other.id, &png(107, 9)));
    assert_eq!(no(&author, &fair.id, &theirs.id), Refusal::AssetElsewhere);
    replace(&author, &other.id, &theirs.id);
    for media in [&other.id, &theirs.id] {
        assert_eq!(no(&author, &fair.id, media), Refusal::AssetElsewhere, "it has versions of its own");
    }
    assert_eq!(media_of(&replace(&author, &fair.id, &ours.id)), [&fair.id, &ours.id], "cut from this very one");
    let unknown: MediaId = api_journeys::new_post().as_str().parse().unwrap();
    assert_eq!(no(&author, &ours.id, &unknown), Refusal::NotFound);
    assert_eq!(no(&author, &unknown, &other.id), Refusal::NotFound);

    // Who only reads brings none, an agency none of what others brought, and nobody one from next door.
    assert!(matches!(no(&town.member(Role::Observer), &ours.id, &fair.id), Refusal::NotAllowed { .. }));
    let mine = stored(&agency, &png(108, 9));
    assert_eq!(no(&agency, &ours.id, &mine.id), Refusal::NotFound);
    assert_eq!(no(&agency, &mine.id, &stored(&author, &png(109, 9)).id), Refusal::NotFound);
    for media in [&other.id, &film.id] {
        assert_eq!(no(&agency, &mine.id, media), Refusal::NotFound, "nor is it told what of it would be in the way");
    }
    let stranger = town.neighbour("Villa Vecina").author();
    let foreign = stored(&stranger, &png(110, 9));
    assert_eq!(no(&stranger, &ours.id, &foreign.id), Refusal::NotFound);
    assert_eq!(no(&author, &ours.id, &foreign.id), Refusal::NotFound);
    assert_eq!(newer(&stranger, &[&fair.id]), vec![]);
    assert_eq!(newer(&agency, &[&fair.id]), vec![]);
    assert_eq!(newer(&author, &[&fair.id]).len(), 1);
    let malformed = Refusal::Malformed { field: "media".to_owned() };
    assert_eq!(author.no(&NEWER, &[], &Held { media: "nada".to_owned() }), malformed);
}

#[test]
fn what_people_consented_to_holds_for_every_version_and_taken_back_it_holds_back_all_of_them() {
    let town = Town::found("Villa del Coro");
    let (author, records) = (town.author(), town.member(Role::Records));
    let old = stored(&author, &png(111, 9));
    let given = consent(&author, &old.id, "Coro, 18 personas");
    let first = placed(&town, &old, 5);
    let new = stored(&author, &png(112, 9));
    assert_eq!(flaws(&author.write(&with(&town, &new)).findings), [Flaw::Unsaid], "alone, nobody said who is seen");
    let after = replace(&author, &old.id, &new.id);
    assert_eq!((after.flaw, after.filed.asset.said.shows), (None, Shows::Persons));
    assert_eq!(after.consents.as_ref().map(Vec::len), Some(1));
    let draft = author.write(&with(&town, &new));
    assert_eq!(flaws(&draft.findings), [], "what they said of the first one holds");
    let second = placed(&town, &new, 6);

    // Taken back at the page of the newest, by who keeps them.
    let after = records.ok(&WITHDRAW, &[new.id.as_str(), given.as_str()], &Withdraw { version: 1 });
    assert_eq!(after.flaw, Some(Flaw::Withdrawn));
    assert_eq!(after.uses.len(), 4);
    for post in [&first, &second] {
        let held = author.read(&post.post.id);
        assert_eq!(last_act(&held), &ActState::Held { reason: Hold::Rights }, "{}", post.post.id);
        let one = after.uses.iter().find(|one| one.post == post.post.id).unwrap();
        assert_eq!(one.going[0].flaw, Some(Flaw::Withdrawn));
    }
    assert_eq!(flaws(&author.read(&draft.post.id).findings), [Flaw::Withdrawn]);
    // Given again at the page of the oldest, it holds for both.
    consent(&author, &old.id, "coro, 18 personas");
    assert_eq!(view(&author, &new.id).flaw, None);
    assert_eq!(flaws(&author.read(&draft.post.id).findings), []);
}

#[test]
fn what_joins_is_held_where_the_older_one_forbids_it_and_nothing_is_loosened_by_it() {
    let town = Town::found("Villa del Rodeo");
    let (author, designer) = (town.author(), town.member(Role::Designer));
    let (ended, fresh) = (stored(&author, &png(113, 9)), stored(&author, &png(114, 9)));
    let yesterday = author.wall(town.now(), Millis(0)).date().pred_opt().unwrap();
    describe(&author, &ended.id, |said| said.until = Some(yesterday));
    let post = placed(&town, &fresh, 5);
    let after = replace(&designer, &ended.id, &fresh.id);
    assert_eq!(after.flaw, Some(Flaw::Licence { last: yesterday }));
    assert_eq!(last_act(&author.read(&post.post.id)), &ActState::Held { reason: Hold::Rights });

    // A licence that is over is no other one's because it is called a newer version, and so with who is seen.
    let (endless, over) = (stored(&author, &png(115, 9)), stored(&author, &png(116, 9)));
    describe(&author, &over.id, |said| said.until = Some(yesterday));
    assert_eq!(replace(&designer, &endless.id, &over.id).filed.asset.said.until, Some(yesterday));
    let (plain, people) = (stored(&author, &png(117, 9)), stored(&author, &png(118, 9)));
    describe(&author, &plain.id, |said| said.shows = Shows::Nobody);
    consent(&author, &people.id, "Una vecina");
    assert_eq!(no(&designer, &plain.id, &people.id), Refusal::ConsentsGuarded);
    let joined = replace(&author, &plain.id, &people.id);
    assert_eq!((joined.filed.asset.said.shows, joined.consents.map(|all| all.len())), (Shows::Persons, Some(1)));
}

#[test]
fn one_picture_joins_one_asset_and_what_is_said_of_it_at_that_moment_is_not_lost() {
    let town = Town::found("Villa del Tropiezo");
    let (author, designer) = (town.author(), town.member(Role::Designer));
    for n in 0..8 {
        let [one, other, heir] = [0, 1, 2].map(|k| stored(&author, &png(140 + 3 * n + k, 9)));
        let by = |media: &MediaId| (media.clone(), Replace { by: heir.id.clone() });
        let ((first, a), (second, b)) = (by(&one.id), by(&other.id));
        let (left, right) = at_once(
            || author.ask(&REPLACE, &[first.as_str()], &a).is_ok(),
            || designer.ask(&REPLACE, &[second.as_str()], &b).is_ok(),
        );
        assert!(left != right, "{n}: it joined one of them");
        let has = |media: &MediaId| view(&author, media).versions.len() == 2;
        assert_eq!((has(&one.id), has(&other.id)), (left, right), "{n}");
    }
    for n in 0..8 {
        let [old, heir] = [0, 1].map(|k| stored(&author, &png(170 + 2 * n + k, 9)));
        let drawn = drawn();
        let by = Replace { by: heir.id.clone() };
        let (joined, kept) = at_once(
            || author.ask(&REPLACE, &[old.id.as_str()], &by).is_ok(),
            || author.ask(&KEEP_CONSENT, &[heir.id.as_str(), drawn.as_str()], &form("Una vecina")).is_ok(),
        );
        assert!(joined || kept, "{n}: whoever comes second is told, and nobody else");
        let after = view(&author, &heir.id);
        assert_eq!(after.consents.map(|all| all.len()), Some(usize::from(kept)), "{n}: what was taken is there");
        assert_eq!(after.filed.asset.said.shows == Shows::Persons, kept, "{n}");
    }
}

#[test]
fn all_versions_are_deleted_together_once_nothing_names_any_of_them() {
    let town = Town::found("Villa del Borrado");
    let (author, administrator) = (town.author(), town.administrator());
    let old = stored(&author, &png(119, 9));
    consent(&author, &old.id, "Coro");
    let (new, third) = (cut(&author, &old.id, &png(120, 9)), stored(&author, &png(121, 9)));
    replace(&author, &old.id, &new.id);
    replace(&author, &new.id, &third.id);
    let delete = |media: &MediaId| author.ask(&DELETE, &[media.as_str()], &Nothing {}).map_err(Refusal::from);
    // An older one in the kit, one in a draft: either is in the way.
    let kit = Kit { pieces: vec![crate::brand::crest("Escudo", &old.id)], ..Kit::default() };
    crate::brand::keep(&administrator, kit);
    assert_eq!(delete(&third.id).unwrap_err(), Refusal::AssetInKit);
    crate::brand::keep(&administrator, Kit::default());
    let mut content = with(&town, &new);
    let draft = author.write(&content);
    assert!(matches!(delete(&third.id).unwrap_err(), Refusal::AssetInUse { .. }));
    content.pictures.clear();
    author.edit(&draft, &content);

    delete(&third.id).unwrap();
    for media in [&old.id, &new.id, &third.id] {
        assert!(gone(&author, media), "{media}");
        assert_eq!(author.no(&ASSET, &[media.as_str()], &Nothing {}), Refusal::NotFound);
    }
    assert!(found(&author, Query::default()).items.is_empty());
    // What they consented to comes back with the first of its bytes.
    let again = stored(&author, &png(119, 9));
    assert!(again.id != old.id);
    assert_eq!(view(&author, &again.id).consents.map(|all| all.len()), Some(1));
    // And whichever of them comes later is known by that one: nobody brings one without what its people said.
    for width in [120, 121] {
        let later = stored(&author, &png(width, 9));
        let both = view(&author, &later.id);
        assert!(both.filed.asset.media == again.id && media_of(&both).contains(&&later.id), "{both:?}");
        assert_eq!((both.filed.asset.said.shows, both.consents.map(|all| all.len())), (Shows::Persons, Some(1)));
        assert_eq!(stored(&author, &png(width, 9)).id, later.id);
    }
    assert_eq!(found(&author, Query::default()).items.len(), 1);
    assert_eq!(view(&author, &again.id).versions.len(), 3);
}

#[test]
fn several_versions_look_like_one_and_cost_a_search_nothing() {
    let town = Town::found("Villa de la Balda");
    let author = town.author();
    let look = Look::from_bits(0x1357_9bdf_0246_8ace);
    let mut last: Option<Stored> = None;
    for n in 0..6 {
        let one = stored(&author, &png(130 + n, 9));
        crate::assets::looks(&author, &one.id, look, &png(130 + n, 9));
        if let Some(before) = &last {
            replace(&author, &before.id, &one.id);
        }
        last = Some(one);
    }
    let last = last.unwrap();
    author.write(&with(&town, &last));
    let likes = author.ok(&ALIKE, &[], &Alike { look });
    assert_eq!(likes.iter().map(|like| &like.filed.asset.media).collect::<Vec<_>>(), [&last.id]);
    assert_eq!(likes[0].uses.len(), 1);
    for (path, most) in
        [("/api/library", 4), ("/api/library?words=cartel", 4), ("/api/library/alike?look=13579bdf02468ace", 5)]
    {
        let raw = author.raw(Method::Get, path, b"");
        let spent = raw.spent().unwrap();
        assert_eq!(raw.status, 200, "{}", raw.text());
        assert!(spent.queries <= most && spent.rows < 400, "{path} spent {spent:?}");
    }
}

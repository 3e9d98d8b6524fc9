//! The brand kit: everybody draws with it, who manages the organisation keeps it, and what it names is not deleted from under it.

use std::{collections::BTreeMap, sync::Barrier, thread};

use api_journeys::{Member, Raw, Town, eventually, send};
use domain::{
    Act, Language, MediaId, Millis, Refusal, Role,
    brand::{Colour, Kept, Kit, Piece, Use},
    record::{Subject, sha256_hex},
};
use serde_json::Value;
use wire::{
    Method, Nothing,
    brand::{KEEP, Keep, READ, View},
    library::DELETE,
    rehearsal,
};

use crate::{
    library::describe,
    media::{png, stored},
};

/// A colour.
pub fn colour(name: &str, rgb: [u8; 3]) -> Colour {
    Colour { name: name.to_owned(), rgb }
}

/// A crest.
pub fn crest(name: &str, media: &MediaId) -> Piece {
    Piece { media: media.clone(), name: name.to_owned(), used_as: Use::Crest }
}

fn frame(name: &str, media: &MediaId, free: Kept) -> Piece {
    Piece { media: media.clone(), name: name.to_owned(), used_as: Use::Frame { free } }
}

/// Keeps a kit over what stands.
pub fn keep(by: &Member, kit: Kit) -> View {
    let version = read(by).version;
    by.ok(&KEEP, &[], &Keep { version, kit })
}

fn read(by: &Member) -> View {
    by.ok(&READ, &[], &Nothing {})
}

fn picture_of(by: &Member, media: &MediaId) -> Raw {
    by.raw(Method::Get, &format!("/api/media/{media}"), b"")
}

#[test]
fn it_is_kept_by_who_manages_read_by_everybody_and_is_nobody_elses() {
    let town = Town::found("Villa de la Marca");
    let (administrator, author) = (town.administrator(), town.author());
    assert_eq!(read(&town.member(Role::Observer)), View::default());
    let (shield, edge) = (stored(&author, &png(81, 5)), stored(&author, &png(82, 5)));
    let alt = BTreeMap::from([(Language::spanish(), "El escudo de la villa.".to_owned())]);
    describe(&author, &shield.id, |said| said.alt = alt.clone());
    let free = Kept { top: 50, right: 60, bottom: 200, left: 60 };
    let kit = Kit {
        colours: vec![colour("  Granate ", [0x7a, 0x14, 0x28]), colour("Blanco", [255; 3])],
        pieces: vec![crest("Escudo", &shield.id), frame("Marco", &edge.id, free), crest("Sello", &shield.id)],
    };
    let first = Keep { version: 0, kit };
    let wanted = Refusal::NotAllowed { act: Act::ManageOrganisation };
    assert_eq!(author.no(&KEEP, &[], &first), wanted);
    let kept = administrator.ok(&KEEP, &[], &first);
    assert_eq!((kept.version, kept.kit.colours[0].name.as_str()), (1, "Granate"));
    assert_eq!(kept.kit.pieces, first.kit.pieces);
    let pictures: Vec<_> = kept.pictures.iter().map(|one| (&one.media, one.width)).collect();
    assert_eq!(pictures, [(&shield.id, 81), (&edge.id, 82)], "each once");
    assert_eq!((&kept.pictures[0].hash, &kept.pictures[0].alt), (&shield.hash, &alt));
    assert_eq!(read(&town.member(Role::Agency)), kept);
    // Sent twice it is one; who read an older one writes nothing over it.
    assert_eq!(administrator.ok(&KEEP, &[], &first), kept);
    let stale = Keep { version: 0, kit: Kit::default() };
    assert_eq!(administrator.no(&KEEP, &[], &stale), Refusal::Stale { current: 1 });

    // What it may not be is said by its name.
    let no = |colours: Vec<Colour>, pieces: Vec<Piece>| {
        administrator.no(&KEEP, &[], &Keep { version: 1, kit: Kit { colours, pieces } })
    };
    let doubled = Refusal::Doubled { field: "colours".to_owned() };
    assert_eq!(no(vec![colour("Azul", [1; 3]), colour("AZUL", [2; 3])], vec![]), doubled);
    let tight = Kept { top: 600, bottom: 400, ..Kept::default() };
    assert_eq!(no(vec![], vec![frame("Marco", &edge.id, tight)]), Refusal::FrameWithoutRoom);
    let many = (0..25).map(|n| colour(&format!("Color {n}"), [n; 3])).collect();
    assert_eq!(no(many, vec![]), Refusal::TooLarge { field: "colours".to_owned(), limit: 24, length: 25 });
    let unknown: MediaId = api_journeys::new_post().as_str().parse().unwrap();
    assert_eq!(no(vec![], vec![crest("Escudo", &unknown)]), Refusal::NotFound);
    for body in [r#"{"version":1,"kit":{"colours":[{"name":"Azul","rgb":[1,2]}],"pieces":[]}}"#, r#"{"version":1}"#] {
        assert_eq!(administrator.raw(Method::Put, KEEP.pattern, body.as_bytes()).status, 422, "{body}");
    }
    assert_eq!(read(&administrator), kept);

    // Next door there is another one, and none of these pictures.
    let stranger = town.neighbour("Villa sin Marca").administrator();
    assert_eq!(read(&stranger), View::default());
    let theirs = Keep { version: 0, kit: Kit { pieces: vec![crest("Escudo", &shield.id)], ..Kit::default() } };
    assert_eq!(stranger.no(&KEEP, &[], &theirs), Refusal::NotFound);

    let chain = crate::record::whole_chain(&town.member(Role::Records), &town);
    let told = chain.iter().filter(|entry| entry.subject == Subject::Policy).filter_map(|entry| entry.body.as_deref());
    let told: Vec<Value> = told.map(|body| serde_json::from_str(body).unwrap()).collect();
    let told: Vec<_> = told.iter().filter(|body| body["what"] == "brand_kept").collect();
    assert_eq!(told.len(), 1, "once, and nothing of what was refused");
    assert_eq!(told[0]["kit"]["colours"][0]["name"], "Granate");
    assert_eq!(told[0]["by"], administrator.me.member.as_str());
}

#[test]
fn what_it_names_is_not_deleted_and_keeps_its_bytes_until_it_is_named_no_more() {
    let town = Town::alone("Villa del Escudo");
    let (administrator, author) = (town.administrator(), town.author());
    let (shield, other) = (stored(&author, &png(83, 5)), stored(&author, &png(84, 5)));
    keep(&administrator, Kit { pieces: vec![crest("Escudo", &shield.id)], ..Kit::default() });
    assert_eq!(author.no(&DELETE, &[shield.id.as_str()], &Nothing {}), Refusal::AssetInKit);
    author.ok(&DELETE, &[other.id.as_str()], &Nothing {});
    town.arm("statements=1");
    town.ahead(Millis::days(2));
    eventually("the sweep", || {
        town.tick();
        let told = send("GET", rehearsal::STATEMENTS.pattern, &[], b"").text();
        (told.contains("SET erased = 1") && told.contains(other.id.as_str())).then_some(())
    });
    // Sessions end meanwhile.
    let (administrator, author) = (town.administrator(), town.author());
    assert_eq!(sha256_hex(&picture_of(&author, &shield.id).body), shield.hash);
    keep(&administrator, Kit::default());
    author.ok(&DELETE, &[shield.id.as_str()], &Nothing {});
    assert_eq!(picture_of(&author, &shield.id).status, 404);
    let late = Keep { version: 2, kit: Kit { pieces: vec![crest("Escudo", &shield.id)], ..Kit::default() } };
    assert_eq!(administrator.no(&KEEP, &[], &late), Refusal::NotFound);
}

#[test]
fn of_one_who_takes_a_picture_into_the_kit_and_one_who_deletes_it_at_once_one_is_refused() {
    let town = Town::found("Villa de la Prisa");
    let (administrator, records) = (town.administrator(), town.member(Role::Records));
    for n in 0..8 {
        let photo = stored(&administrator, &png(90 + n, 5));
        let version = read(&administrator).version;
        let kit = Kit { pieces: vec![crest("Escudo", &photo.id)], ..Kit::default() };
        let gate = Barrier::new(2);
        let (kept, dropped) = thread::scope(|scope| {
            let keeping = scope.spawn(|| {
                gate.wait();
                administrator.ask(&KEEP, &[], &Keep { version, kit })
            });
            gate.wait();
            let dropped = records.ask(&DELETE, &[photo.id.as_str()], &Nothing {});
            (keeping.join().unwrap(), dropped)
        });
        let named = read(&administrator).kit.pieces.iter().any(|piece| piece.media == photo.id);
        let there = picture_of(&administrator, &photo.id).status == 200;
        assert_eq!((kept.is_ok(), dropped.is_ok()), (named, !there), "{n}");
        assert!(!named || there, "{n}: the kit names what is gone");
    }
}

//! What the library keeps of pictures besides themselves, and how it lets go: small versions that only the house sees, others that look
//! alike, and deletion, which nothing that is used survives and no consent is lost by.

use std::{sync::Barrier, thread};

use api_journeys::{Member, Raw, Town, eventually, id, new_post, send, url};
use domain::{
    Choice, Content, Language, MediaId, Millis, Refusal, Role,
    consent::{Flaw, Shows},
    library::Said,
    look::Look,
    record::sha256_hex,
    task::{About, Assignee, Request, State, Urgency},
};
use wire::{
    Method, Nothing,
    library::{
        ALIKE, ASSET, Alike, AssetView, DELETE, DESCRIBE, Describe, FORGET, KEEP_CONSENT, LIST, Like, Query, REGISTER,
        Sift, WITHDRAW, Withdraw,
    },
    media::{self, Stored},
    organisations, posts, rehearsal, tasks,
};

use crate::{
    library::{describe, form, found},
    media::{jpeg, picture, png, stored, stored_jpeg},
};

/// Keeps a thumbnail, as the desk does.
fn keep(member: &Member, media: &MediaId, mime: &str, look: Option<&str>, bytes: &[u8]) -> Raw {
    let cookie = format!("__Host-pregon={}", member.session);
    let mut headers = vec![("origin", url()), ("x-pregon", "1"), ("cookie", &cookie), ("content-type", mime)];
    headers.extend(look.map(|look| ("x-pregon-look", look)));
    send("PUT", &media::KEEP_THUMBNAIL.path(&[media.as_str()]), &headers, bytes)
}

/// Keeps what a picture looks like, with a PNG as its thumbnail.
pub fn looks(member: &Member, media: &MediaId, look: Look, bytes: &[u8]) {
    let raw = keep(member, media, "image/png", Some(&look.to_string()), bytes);
    assert_eq!(raw.status, 200, "{}", raw.text());
}

fn refused(raw: &Raw) -> Refusal {
    raw.read::<Nothing>("keeping a thumbnail").unwrap_err().into()
}

fn small(member: &Member, media: &MediaId) -> Raw {
    member.raw(Method::Get, &media::THUMBNAIL.path(&[media.as_str()]), b"")
}

fn alike(member: &Member, look: Look) -> Vec<Like> {
    member.ok(&ALIKE, &[], &Alike { look })
}

fn those(likes: &[Like]) -> Vec<&MediaId> {
    likes.iter().map(|like| &like.filed.asset.media).collect()
}

fn delete(member: &Member, media: &MediaId) -> Refusal {
    member.no(&DELETE, &[media.as_str()], &Nothing {})
}

fn deleted(member: &Member, media: &MediaId) {
    member.ok(&DELETE, &[media.as_str()], &Nothing {});
}

fn in_use(names: &[&str]) -> Refusal {
    Refusal::AssetInUse { names: names.iter().map(|name| (*name).to_owned()).collect(), more: false }
}

fn with(town: &Town, heading: &str, stored: &Stored) -> Content {
    let mut content = town.notice("El sábado hay feria en la plaza.");
    content.titles = [(Language::spanish(), heading.to_owned())].into();
    content.pictures.push(picture(stored, "Puestos de la feria en la plaza Mayor."));
    content
}

#[test]
fn a_thumbnail_is_kept_once_checked_at_the_door_and_shown_to_its_house_only() {
    let town = Town::found("Villa de la Miniatura");
    let (author, designer) = (town.author(), town.member(Role::Designer));
    let whole = stored(&author, &png(640, 12));
    // Of a picture from before there is none: it stands for itself, and not for long.
    let before = small(&author, &whole.id);
    assert_eq!((before.status, sha256_hex(&before.body)), (200, whole.hash.clone()));
    assert_eq!(before.headers["cache-control"], "private, max-age=600");

    let bytes = jpeg(320, 6, 9);
    let look = Some("00ff00ff00ff00ff");
    for (mime, look, bytes, why) in [
        ("image/png", look, &bytes[..], Refusal::NotAPicture),
        ("image/jpeg", look, &b"<svg/>"[..], Refusal::NotAPicture),
        ("image/jpeg", look, &jpeg(6, 320, 9)[..], Refusal::NotAPicture),
        ("image/jpeg", look, &jpeg(640, 12, 9)[..], Refusal::NotAPicture),
        ("image/jpeg", look, &bytes[..40], Refusal::NotAPicture),
        ("image/jpeg", Some("zz"), &bytes[..], Refusal::Malformed { field: "x-pregon-look".to_owned() }),
    ] {
        assert_eq!(refused(&keep(&author, &whole.id, mime, look, bytes)), why, "{mime} {look:?}");
    }
    let heavy = keep(&author, &whole.id, "image/jpeg", look, &vec![0; domain::media::THUMBNAIL_BYTES + 1]);
    assert_eq!(heavy.status, 413);
    // Nobody gives another's picture a face.
    assert_eq!(refused(&keep(&designer, &whole.id, "image/jpeg", look, &bytes)), Refusal::NotFound);
    assert_eq!(small(&author, &whole.id).body, before.body);

    assert_eq!(keep(&author, &whole.id, "image/jpeg", look, &bytes).status, 200);
    let shown = small(&designer, &whole.id);
    assert_eq!((shown.status, shown.body.as_slice()), (200, bytes.as_slice()));
    assert_eq!(shown.headers["content-type"], "image/jpeg");
    assert_eq!(shown.headers["cache-control"], "private, max-age=31536000, immutable");
    assert_eq!(shown.headers["content-security-policy"], "default-src 'none'; sandbox");
    // The first one stays.
    assert_eq!(keep(&author, &whole.id, "image/jpeg", None, &jpeg(320, 6, 40)).status, 200);
    assert_eq!(small(&author, &whole.id).body, bytes);
    // The picture is what it was.
    let picture = author.raw(Method::Get, &format!("/api/media/{}", whole.id), b"");
    assert_eq!(sha256_hex(&picture.body), whole.hash);

    // Next door, and for citizens, there is none.
    let stranger = town.neighbour("Villa sin Miniaturas").author();
    assert_eq!(small(&stranger, &whole.id).status, 404);
    assert_eq!(refused(&keep(&stranger, &whole.id, "image/jpeg", look, &bytes)), Refusal::NotFound);
    let slug = &town.founded.slug;
    assert_eq!(send("GET", &format!("/{slug}/media/{}/thumbnail", whole.id), &[], b"").status, 404);
}

#[test]
fn what_looks_alike_is_found_with_its_uses_and_only_by_its_house() {
    let town = Town::found("Villa de las Gemelas");
    let (author, agency) = (town.author(), town.member(Role::Agency));
    let look = Look::from_bits(0xf0f0_1234_5678_9abc);
    let near = Look::from_bits(look.bits() ^ 0b111);
    // It differs in every band, each time in one bit: near enough, and found by no band.
    let apart = Look::from_bits(look.bits() ^ 0x0001_0001_0001_0001);
    let other = Look::from_bits(!look.bits());
    let fair = stored(&author, &png(31, 8));
    let (twin, far, strange) =
        (stored(&author, &png(32, 8)), stored(&author, &png(33, 8)), stored(&author, &png(34, 8)));
    for (stored, look) in [(&fair, look), (&twin, near), (&far, apart), (&strange, other)] {
        looks(&author, &stored.id, look, &png(stored.width, 8));
    }
    describe(&author, &fair.id, |said| said.name = "La feria".to_owned());
    author.write(&with(&town, "Feria de otoño", &fair));

    let likes = alike(&author, look);
    assert_eq!(those(&likes), [&fair.id, &twin.id], "the most alike first");
    assert_eq!(
        (likes[0].filed.asset.said.name.as_str(), likes[0].uses.as_slice()),
        ("La feria", &["Feria de otoño".to_owned()][..])
    );
    assert!(likes[1].uses.is_empty() && !likes[1].more);
    assert_eq!(those(&alike(&author, other)), [&strange.id]);
    let view: AssetView = author.ok(&ASSET, &[twin.id.as_str()], &Nothing {});
    assert_eq!(view.look, Some(near));

    // A cut looks like what it was cut from, and is no second one.
    let cookie = format!("__Host-pregon={}", author.session);
    let headers = [
        ("origin", url()),
        ("x-pregon", "1"),
        ("cookie", cookie.as_str()),
        ("content-type", "image/png"),
        ("x-pregon-of", fair.id.as_str()),
    ];
    let cut: Stored = send("POST", "/api/media", &headers, &png(30, 8)).read("storing").unwrap();
    looks(&author, &cut.id, look, &png(30, 8));
    assert_eq!(those(&alike(&author, look)), [&fair.id, &twin.id]);

    // Who sees only what it brought, and who is from elsewhere, learn of none.
    assert_eq!(alike(&agency, look), vec![]);
    assert_eq!(alike(&town.neighbour("Villa Única").author(), look), vec![]);
    let asked = author.raw(Method::Get, "/api/library/alike?look=nada", b"");
    assert_eq!(asked.status, 422);
}

#[test]
fn to_search_the_library_and_what_looks_alike_costs_few_queries_however_full_it_is() {
    let town = Town::found("Villa de los Estantes");
    let author = town.author();
    for n in 0..8_u32 {
        let one = stored(&author, &png(40 + n, 3));
        looks(&author, &one.id, Look::from_bits(0xabcd_0000_0000_1234 | u64::from(n) << 20), &png(40 + n, 3));
    }
    // Who asks is one of them, and that they were seen may be another.
    for (path, most) in [
        ("/api/library", 4),
        ("/api/library?words=cartel", 4),
        ("/api/library?words=cartel&tag=nada", 4),
        ("/api/library/alike?look=abcd000000001234", 5),
    ] {
        let raw = author.raw(Method::Get, path, b"");
        let spent = raw.spent().unwrap();
        assert_eq!(raw.status, 200, "{}", raw.text());
        assert!(spent.queries <= most, "{path} spent {spent:?}");
        assert!(spent.rows < 400, "{path} spent {spent:?}");
    }
    assert!(alike(&author, Look::from_bits(0xabcd_0000_0000_1234)).len() <= 4);
}

#[test]
fn what_nothing_names_is_deleted_with_its_cuts_and_what_is_used_is_not() {
    let town = Town::found("Villa de la Limpieza");
    let (author, mayor, records) = (town.author(), town.mayor(), town.member(Role::Records));
    let shield = stored(&author, &png(51, 6));
    let (fair, unused) = (stored(&author, &png(52, 6)), stored_jpeg(&author, &jpeg(640, 480, 7)));
    looks(&author, &fair.id, Look::from_bits(0x1111_2222_3333_4444), &png(52, 6));

    // A draft, what was submitted of it, a comment and a task each hold it.
    let draft = author.write(&with(&town, "Feria de otoño", &fair));
    assert_eq!(delete(&author, &fair.id), in_use(&["Feria de otoño"]));
    let waiting = author.submit(&draft);
    let back = mayor.ok(
        &posts::DECIDE,
        &[id(&waiting)],
        &posts::Decide {
            choice: Choice::Return { comment: "Sin foto.".to_owned(), place: None },
            ..api_journeys::approval(&waiting)
        },
    );
    let mut without = town.notice("El sábado hay feria en la plaza.");
    without.titles = [(Language::spanish(), "Feria de invierno".to_owned())].into();
    author.edit(&back, &without);
    assert_eq!(author.ok(&ASSET, &[fair.id.as_str()], &Nothing {}).uses, vec![]);
    assert_eq!(delete(&author, &fair.id), in_use(&["Feria de invierno"]), "the round before is compared with");

    let request = Request {
        title: "Recortar la foto".to_owned(),
        instructions: String::new(),
        about: About::Media { media: unused.id.clone() },
        assignee: Assignee::Member { member: author.me.member.clone() },
        due: None,
        urgency: Urgency::Normal,
    };
    let task = crate::tasks::new_task();
    author.ok(&tasks::ASK, &[task.as_str()], &request);
    assert_eq!(delete(&author, &unused.id), in_use(&["Recortar la foto"]));
    for state in [State::Doing, State::Done] {
        author.ok(&tasks::ADVANCE, &[task.as_str()], &tasks::Advance { state });
    }

    let administrator = town.administrator();
    let now = administrator.ok(&organisations::ORGANISATION, &[], &Nothing {});
    let change = organisations::ChangeOrganisation {
        version: now.version,
        name: now.name,
        kind: now.kind,
        zone: now.zone,
        languages: now.languages,
        colour: now.colour,
        crest: Some(shield.id.clone()),
    };
    administrator.ok(&organisations::CHANGE, &[], &change);
    assert_eq!(delete(&author, &shield.id), Refusal::AssetIsCrest);

    // Only who keeps the consents, and only in their own house.
    assert!(matches!(delete(&town.member(Role::Designer), &unused.id), Refusal::NotAllowed { .. }));
    let stranger = town.neighbour("Villa Desordenada").author();
    assert_eq!(delete(&stranger, &unused.id), Refusal::NotFound);
    deleted(&records, &unused.id);
    assert_eq!(delete(&records, &unused.id), Refusal::NotFound);
    for path in [format!("/api/media/{}", unused.id), media::THUMBNAIL.path(&[unused.id.as_str()])] {
        assert_eq!(author.raw(Method::Get, &path, b"").status, 404, "{path}");
    }
    assert_eq!(found(&author, Query::default()).items.len(), 2);
    let kept = crate::record::whole_chain(&records, &town);
    let said =
        kept.iter().filter_map(|entry| entry.body.as_deref()).find(|body| body.contains("asset_deleted")).unwrap();
    assert!(
        said.contains(&unused.hash) && said.contains(records.me.member.as_str()) && !said.contains("cartel"),
        "{said}"
    );

    // A post does not take what is gone, and the same file brought again is another picture.
    let late = author.no(
        &posts::SAVE,
        &[new_post().as_str()],
        &posts::Save { version: 0, content: with(&town, "Tarde", &unused) },
    );
    assert_eq!(late, Refusal::NotFound);
    let again = stored_jpeg(&author, &jpeg(640, 480, 7));
    assert!(again.id != unused.id && again.hash == unused.hash);
}

#[test]
fn a_consent_outlives_the_picture_and_holds_for_it_again_when_it_comes_back() {
    let town = Town::found("Villa del Registro");
    let (author, records) = (town.author(), town.member(Role::Records));
    let bytes = png(53, 9);
    let choir = stored(&author, &bytes);
    let drawn = crate::library::drawn();
    let path = [choir.id.as_str(), drawn.as_str()];
    author.ok(&KEEP_CONSENT, &path, &form("Alumna 12"));
    author.ok(&WITHDRAW, &path, &Withdraw { version: 1 });
    assert!(records.ok(&REGISTER, &[], &Nothing {}).gone.is_empty());

    deleted(&records, &choir.id);
    let register = records.ok(&REGISTER, &[], &Nothing {});
    assert_eq!((register.gone.len(), register.more), (1, false));
    let gone = &register.gone[0];
    assert_eq!(gone.hash, choir.hash);
    assert_eq!(
        gone.consents.iter().map(|one| (one.who.as_str(), one.withdrawn.is_some())).collect::<Vec<_>>(),
        [("Alumna 12", true)]
    );
    assert!(matches!(town.member(Role::Designer).no(&REGISTER, &[], &Nothing {}), Refusal::NotAllowed { .. }));
    assert!(town.neighbour("Villa sin Registro").author().ok(&REGISTER, &[], &Nothing {}).gone.is_empty());

    // Who asks to be forgotten is, and that they took it back is not.
    let designer = town.member(Role::Designer);
    assert!(matches!(designer.no(&FORGET, &[drawn.as_str()], &Nothing {}), Refusal::NotAllowed { .. }));
    let stranger = town.neighbour("Villa Curiosa").author();
    assert_eq!(stranger.no(&FORGET, &[drawn.as_str()], &Nothing {}), Refusal::NotFound);
    let forgotten = records.ok(&FORGET, &[drawn.as_str()], &Nothing {}).gone.swap_remove(0).consents;
    assert_eq!(
        (forgotten[0].who.as_str(), forgotten[0].proof.as_str(), forgotten[0].withdrawn.is_some()),
        ("", "", true)
    );
    records.ok(&FORGET, &[drawn.as_str()], &Nothing {});

    // Deleting it was no way around who took their word back.
    let again = stored(&author, &bytes);
    let view: AssetView = author.ok(&ASSET, &[again.id.as_str()], &Nothing {});
    assert_eq!((view.flaw, view.filed.asset.said.shows), (Some(Flaw::Withdrawn), Shows::Persons));
    assert_eq!(view.consents.map(|all| all.len()), Some(1));
    let persons = Query { sift: Some(Sift::Persons), ..Query::default() };
    assert_eq!(author.ok(&LIST, &[], &persons).items.len(), 1);
    assert!(records.ok(&REGISTER, &[], &Nothing {}).gone.is_empty());
    let asset = view.filed.asset;
    let named = Describe { version: asset.version, said: Said { name: "El coro".to_owned(), ..asset.said } };
    author.ok(&DESCRIBE, &[again.id.as_str()], &named);
}

#[test]
fn of_one_who_places_a_picture_and_one_who_deletes_it_at_once_one_is_refused() {
    let town = Town::found("Villa del Mismo Instante");
    let (author, records) = (town.author(), town.member(Role::Records));
    let (mut placed, mut gone) = (0, 0);
    for n in 0..12 {
        let photo = stored(&author, &png(60 + n, 4));
        let draft = author.write(&town.notice("El sábado hay feria en la plaza."));
        let content = with(&town, "Feria", &photo);
        let gate = Barrier::new(2);
        let (saved, dropped) = thread::scope(|scope| {
            let saving = scope.spawn(|| {
                gate.wait();
                author.ask(&posts::SAVE, &[id(&draft)], &posts::Save { version: draft.post.version, content })
            });
            gate.wait();
            let dropped = records.ask(&DELETE, &[photo.id.as_str()], &Nothing {});
            (saving.join().unwrap(), dropped)
        });
        let has = !author.read(&draft.post.id).post.content.pictures.is_empty();
        let there = author.raw(Method::Get, &format!("/api/media/{}", photo.id), b"").status == 200;
        assert_eq!((saved.is_ok(), dropped.is_ok()), (has, !there), "{n}");
        assert!(has == there, "{n}: a post has what is gone, or nobody has what was kept");
        placed += u32::from(has);
        gone += u32::from(!there);
    }
    println!("race of placing and deleting: {placed} placed, {gone} gone");
}

#[test]
fn what_was_deleted_is_erased_a_day_later_and_what_was_brought_again_stays() {
    let town = Town::alone("Villa del Olvido");
    let author = town.author();
    let bytes = png(54, 9);
    let (first, other) = (stored(&author, &bytes), stored(&author, &png(55, 9)));
    looks(&author, &first.id, Look::from_bits(0x5555_aaaa_5555_aaaa), &bytes);
    deleted(&author, &first.id);
    let again = stored(&author, &bytes);
    town.arm("statements=1");
    town.ahead(Millis::days(2));
    // Written down once the bucket has let go of it.
    eventually("the sweep", || {
        town.tick();
        let told = send("GET", rehearsal::STATEMENTS.pattern, &[], b"").text();
        (told.contains("SET erased = 1") && told.contains(first.id.as_str())).then_some(())
    });
    // Sessions end meanwhile.
    let author = town.author();
    for one in [&again, &other] {
        assert_eq!(author.raw(Method::Get, &format!("/api/media/{}", one.id), b"").status, 200);
    }
    author.write(&with(&town, "Feria", &again));
}

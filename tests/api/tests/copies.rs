//! The whole organisation taken out of one deployment and brought into another: nothing is lost, nothing is another's, nothing goes
//! out twice.

use std::collections::BTreeMap;

use api_journeys::{Member, Raw, Town, id, last_act, new_post, send};
use domain::{
    Access, Millis, Moment, OrganisationId, PostId, Refusal, Role,
    copy::{FORMAT, File, Head, LEVEL, Manifest, Object, TABLES, object, of_name},
    delivery::{ActState, Hold, PublicationState},
    record::{Entry, sha256_hex},
};
use serde_json::{Value, json};
use wire::{
    Method, Nothing,
    copies::{self, Arrive, Begun, Onward},
    organisations, people, publications, records,
    session::BOOT,
};

/// What was taken out.
struct Taken {
    begun: Begun,
    tables: BTreeMap<&'static str, Vec<String>>,
    objects: BTreeMap<Object, Vec<u8>>,
}

fn rows(by: &Member, begun: &Begun, table: &str) -> Vec<String> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = by.ok(&copies::ROWS, &[begun.copy.as_str(), table], &Onward { after });
        all.extend(page.rows);
        match page.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

fn take(by: &Member) -> Taken {
    let begun = by.ok(&copies::BEGIN, &[], &Nothing {});
    let tables: BTreeMap<_, _> = TABLES.iter().rev().map(|table| (table.name, rows(by, &begun, table.name))).collect();
    let named = tables.iter().flat_map(|(table, rows)| rows.iter().filter_map(move |row| object(table, row)));
    let objects = named.map(|object| {
        let path = copies::OBJECT.path(&[begun.copy.as_str(), &object.media, &object.hash]);
        let raw = by.raw(Method::Get, &path, b"");
        assert_eq!((raw.status, sha256_hex(&raw.body)), (200, object.hash.clone()), "{path}");
        (object, raw.body)
    });
    let objects = objects.collect();
    Taken { begun, tables, objects }
}

fn manifest(taken: &Taken) -> Manifest {
    let files = TABLES.iter().map(|table| {
        let rows = &taken.tables[table.name];
        let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
        File {
            name: table.file(),
            rows: rows.len() as u64,
            bytes: text.len() as u64,
            hash: sha256_hex(text.as_bytes()),
        }
    });
    Manifest {
        format: FORMAT.to_owned(),
        level: LEVEL.to_owned(),
        at: Moment(1_790_000_000_000),
        organisation: taken.begun.organisation.clone(),
        head: taken.begun.head.clone(),
        unsealed: taken.begun.unsealed,
        files: files.collect(),
        objects: taken.objects.len() as u64,
        missing: Vec::new(),
    }
}

/// A copy that has nothing in it, of an organisation that no deployment has.
pub fn hollow(by: &Member) -> Manifest {
    let mut organisation = by.ok(&organisations::ORGANISATION, &[], &Nothing {});
    organisation.id = new_post().as_str().parse::<OrganisationId>().unwrap();
    let files = TABLES.iter().map(|table| File { name: table.file(), rows: 0, bytes: 0, hash: sha256_hex(b"") });
    Manifest {
        format: FORMAT.to_owned(),
        level: LEVEL.to_owned(),
        at: Moment(1),
        organisation,
        head: None,
        unsealed: 0,
        files: files.collect(),
        objects: 0,
        missing: Vec::new(),
    }
}

/// The administrator of a new town beside this one, into which such a copy is being brought.
pub fn arriving(town: &Town) -> Member {
    let administrator = town.neighbour("Villa por Llenar").administrator();
    let manifest = hollow(&administrator);
    administrator.ok(&copies::ARRIVE, &[], &Arrive { manifest });
    administrator
}

/// A row of a picture that came, so that its bytes may.
pub fn bring_picture(by: &Member, bytes: &[u8]) -> Object {
    let object = Object { media: new_post().to_string(), hash: sha256_hex(bytes) };
    let row = json!({
        "id": object.media, "hash": object.hash, "mime": "image/png", "bytes": bytes.len(), "width": 7, "height": 9,
        "name": "a.png", "by": by.me.member, "created_at": 1,
    });
    bring_rows(by, "media", &[row.to_string()]).unwrap();
    object
}

fn put(by: &Member, path: &str, body: &[u8]) -> Result<Nothing, Refusal> {
    let raw: Raw = by.raw(Method::Put, path, body);
    raw.read(path).map_err(Refusal::from)
}

fn bring_rows(by: &Member, table: &str, rows: &[String]) -> Result<Nothing, Refusal> {
    put(by, &copies::BRING.path(&[table]), format!("[{}]", rows.join(",")).as_bytes())
}

fn bring_object(by: &Member, object: &Object, bytes: &[u8]) -> Result<Nothing, Refusal> {
    put(by, &copies::BRING_OBJECT.path(&[&object.media, &object.hash]), bytes)
}

fn bring(by: &Member, taken: &Taken) {
    for table in TABLES {
        for some in taken.tables[table.name].chunks(50) {
            bring_rows(by, table.name, some).unwrap_or_else(|no| panic!("{}: {no:?}", table.name));
        }
    }
    for (object, bytes) in &taken.objects {
        bring_object(by, object, bytes).unwrap_or_else(|no| panic!("{object:?}: {no:?}"));
    }
}

/// A town beside this one that was filled with posts that nobody can read, all of them due before everybody else's.
pub fn unreadable(town: &Town) {
    let beside = arriving(town);
    let columns = of_name("post").unwrap().columns();
    let mut row: serde_json::Map<String, Value> = columns.map(|column| (column.to_owned(), Value::Null)).collect();
    let content = json!({ "titles": { "es": 5 }, "texts": [], "versions": ["x"] }).to_string();
    let of_texts =
        [("stage", "in_review"), ("stage_data", "{}"), ("content", &*content), ("content_hash", "x"), ("kind", "x")];
    let of_lists = ["destinations", "waivers", "hands"].map(|column| (column, "[]"));
    let by = beside.me.member.as_str();
    let named = [("author", by), ("changed_by", by), ("heading", "x")];
    for (column, text) in of_texts.into_iter().chain(of_lists).chain(named) {
        row[column] = json!(text);
    }
    for column in ["version", "rounds", "correcting", "created_at", "changed_at", "round_due_at"] {
        row[column] = json!(1);
    }
    let rows: Vec<String> = (0..12)
        .map(|_| {
            row["id"] = json!(new_post());
            Value::Object(row.clone()).to_string()
        })
        .collect();
    bring_rows(&beside, "post", &rows).unwrap();
    beside.ok(&copies::ARRIVED, &[], &Nothing {});
}

fn malformed(field: &str) -> Refusal {
    Refusal::Malformed { field: field.to_owned() }
}

fn parsed(row: &str) -> Value {
    serde_json::from_str(row).unwrap()
}

/// A town in which something of everything happened.
fn lived(town: &Town) {
    let (author, mayor, administrator) = (town.author(), town.mayor(), town.administrator());
    author.write(&town.notice("Un borrador."));
    author.submit(&author.write(&town.notice("Espera respuesta.")));
    let placed = mayor.approve(&author.submit(&author.write(&town.notice("Sale más tarde."))));
    author.place(&placed, author.wall(town.now(), Millis::hours(5)));
    let out = mayor.approve(&author.submit(&author.write(&town.notice("Hoy hay pleno."))));
    author.release(&out);
    author.wait_for(&out.post.id, PublicationState::Out);
    let stored = crate::media::stored(&author, &crate::media::png(31, 12));
    let mut pictured = town.notice("Con un cartel.");
    pictured.pictures = vec![crate::media::picture(&stored, "Cartel de las fiestas")];
    author.write(&pictured);
    let newer = crate::media::stored(&author, &crate::media::png(32, 12));
    crate::versions::replace(&author, &stored.id, &newer.id);
    let pieces = vec![crate::brand::crest("Escudo", &stored.id)];
    let colours = vec![crate::brand::colour("Granate", [122, 20, 40])];
    crate::brand::keep(&administrator, domain::brand::Kit { colours, pieces });
    administrator.connect_by_hand(domain::Network::Facebook, None);
    crate::campaigns::campaign(&administrator, "Verano");
    let culture = crate::campaigns::pillar(&administrator, "Cultura");
    crate::plan::message(&administrator, &culture, "El museo abre los domingos.");
    crate::plan::audience(&administrator, "Mayores");
    let body = crate::texts::answer(&author.me.member, "Basuras", "Pasa a las ocho.");
    crate::texts::reply(&author, body);
}

#[test]
fn an_organisation_is_taken_along_and_another_deployment_is_filled_from_it() {
    let source = Town::found("Villa Mudanza");
    lived(&source);
    crate::record::whole_chain(&source.member(Role::Records), &source);
    let secretary = source.administrator();
    let taken = take(&secretary);
    let manifest = manifest(&taken);
    for (table, rows) in &taken.tables {
        let columns: Vec<&str> = of_name(table).unwrap().columns().collect();
        for row in rows {
            let row = parsed(row);
            let object = row.as_object().unwrap();
            assert!(
                object.len() == columns.len() && columns.iter().all(|column| object.contains_key(*column)),
                "{row}"
            );
        }
    }
    assert_eq!(taken.tables["post"].len(), 5);
    assert!(
        ["act", "record", "media", "reply", "campaign", "audience", "brand"]
            .iter()
            .all(|table| !taken.tables[table].is_empty())
    );
    assert!(!taken.objects.is_empty());
    // On the deployment that has it, it is not brought in a second time; nor anywhere where there is something.
    let beside = source.neighbour("Villa Gemela").administrator();
    let arrive = Arrive { manifest: manifest.clone() };
    assert_eq!(beside.no(&copies::ARRIVE, &[], &arrive), Refusal::HereAlready);
    assert_eq!(secretary.no(&copies::ARRIVE, &[], &arrive), Refusal::NotEmpty);

    let target = Town::alone("Villa Nueva");
    let admin = target.administrator();
    // Who administers here is the secretary of before, by their address.
    let change = people::ChangeMember {
        name: "La secretaria".to_owned(),
        email: taken.tables["member"]
            .iter()
            .map(|row| parsed(row))
            .find(|row| row["id"] == secretary.me.member.as_str())
            .and_then(|row| row["email"].as_str().map(str::to_uppercase)),
        role: Role::Administrator,
        access: Access::Everywhere,
    };
    admin.ok(&people::CHANGE_MEMBER, &[admin.me.member.as_str()], &change);
    let before = crate::record::whole_chain(&admin, &target).len();
    let other = Arrive { manifest: Manifest { level: "0001_house".to_owned(), ..manifest.clone() } };
    assert_eq!(admin.no(&copies::ARRIVE, &[], &other), malformed("level"));
    assert!(admin.ok(&copies::ARRIVAL, &[], &Nothing {}).empty);
    assert_eq!(bring_rows(&admin, "mark", &[]), Err(Refusal::NotFound));
    let standing = admin.ok(&copies::ARRIVE, &[], &arrive);
    assert!(!standing.empty && standing.arriving.is_some());
    assert_eq!(admin.no(&organisations::RESUME, &[], &Nothing {}), Refusal::Arriving);

    // What is not as it should be is refused with its name, and nothing of it is written.
    let mark = |more: &[(&str, Value)]| {
        let mut row = json!({
            "id": new_post(), "version": 1, "kind": "note", "text": "Feria", "first_day": "2026-05-01", "last_day": "2026-05-02",
            "changed_at": 1,
        });
        for (name, value) in more {
            row[*name] = value.clone();
        }
        vec![row.to_string()]
    };
    let org = source.founded.organisation.as_str();
    for (rows, refusal) in [
        (mark(&[("shade", json!(1))]), malformed("mark.shade")),
        (mark(&[("org", json!(org))]), malformed("mark.org")),
        (mark(&[("text", json!({ "a": 1 }))]), malformed("mark.text")),
        (mark(&[("version", json!("uno"))]), malformed("mark")),
        (mark(&[("id", json!("../../x"))]), malformed("mark.id")),
        (mark(&[("text", Value::Null)]), malformed("mark")),
        (vec![r#"{"id":"a"}"#.to_owned()], malformed("mark")),
        (vec!["5".to_owned()], malformed("mark")),
        (vec!["{".to_owned()], malformed("body")),
    ] {
        assert_eq!(bring_rows(&admin, "mark", &rows), Err(refusal), "{rows:?}");
    }
    assert_eq!(bring_rows(&admin, "session", &[]), Err(Refusal::NotFound));
    // A row that names what has not come.
    let orphan = taken.tables["publication"][0].clone();
    assert_eq!(bring_rows(&admin, "publication", &[orphan]), Err(malformed("publication")));
    let (named, bytes) = taken.objects.iter().next().unwrap();
    assert_eq!(bring_object(&admin, named, bytes), Err(Refusal::NotFound), "no row names it yet");
    let incomplete = admin.no(&copies::ARRIVED, &[], &Nothing {});
    assert!(matches!(incomplete, Refusal::CopyIncomplete { .. }), "{incomplete:?}");

    bring(&admin, &taken);
    // Sent again, as after a lost answer, all is there once.
    bring(&admin, &taken);
    let mut forged = bytes.clone();
    forged[0] ^= 1;
    assert_eq!(bring_object(&admin, named, &forged), Err(malformed("hash")));
    let filled = admin.ok(&copies::ARRIVED, &[], &Nothing {});
    assert_eq!((filled.name.as_str(), filled.slug.to_string()), ("Villa Mudanza", target.founded.slug.clone()));
    assert!(filled.pause.is_some());
    assert!(!admin.ok(&copies::ARRIVAL, &[], &Nothing {}).empty);

    // Who filled it is the secretary of before, and goes on administering.
    let me = admin.ok(&BOOT, &[], &Nothing {}).me.unwrap();
    assert_eq!((&me.member, me.role), (&secretary.me.member, Role::Administrator));

    // The record: the entries of before under their numbers, what was kept here behind them.
    let chain = crate::record::whole_chain(&admin, &target);
    let head = manifest.head.clone().unwrap();
    let copied: Vec<Entry<String>> =
        taken.tables["record"].iter().map(|row| serde_json::from_str(row).unwrap()).collect();
    assert_eq!(copied.len() as u64, head.seq);
    for (entry, was) in chain.iter().zip(&copied) {
        assert_eq!((entry.seq, &entry.chain, &entry.body), (was.seq, &was.chain, &was.body));
    }
    assert!(chain.len() >= copied.len() + before + 2, "what was kept here is kept");
    let whats: Vec<Value> = chain[copied.len()..].iter().map(|entry| parsed(entry.body.as_deref().unwrap())).collect();
    let copied_in = whats.iter().find(|body| body["what"] == "copied_in").unwrap();
    assert_eq!(copied_in["copied"]["head"]["chain"], head.chain.as_str());
    assert_eq!(copied_in["here"]["seq"], before);

    // What nobody here saw happen says so of itself: each decision, and each entry that came along.
    let looked = admin.ok(&records::SEARCH, &[], &records::Search::default());
    let brought = looked.brought.unwrap();
    assert_eq!(brought.upto, head.seq);
    let decisions: Vec<Value> = taken.tables["decision"].iter().map(|row| parsed(row)).collect();
    let decided: PostId = decisions[0]["post"].as_str().unwrap().parse().unwrap();
    let seen = admin.read(&decided).decisions;
    assert!(!seen.is_empty() && seen.iter().all(|one| one.brought.is_some()), "{seen:?}");

    // Everything else is as it was, but for what may not be the same in two places.
    let again = take(&admin);
    assert_eq!(again.objects, taken.objects);
    for table in TABLES.iter().map(|table| table.name) {
        let (now, was) = (&again.tables[table], &taken.tables[table]);
        match table {
            "member" => assert!(was.iter().all(|row| row.contains(secretary.me.member.as_str()) || now.contains(row))),
            "record" => assert!(was.iter().all(|row| now.contains(row))),
            // The head of today is the last one of today, here as there.
            "chain_day" => {
                let day = |row: &String| parsed(row)["day"].clone();
                assert!(was.iter().all(|row| now.iter().any(|other| day(other) == day(row))));
            }
            "channel" => {
                assert_eq!(now.len(), was.len());
                let assisted = |row: &String| (parsed(row)["network"] == "noticeboard", parsed(row)["assisted"] == 1);
                assert!(now.iter().map(assisted).all(|(board, by_hand)| board != by_hand), "{now:?}");
            }
            "act" => assert_eq!(now.len(), was.len()),
            _ => assert_eq!(now, was, "{table}"),
        }
    }

    // Nothing goes out by itself: not while it is paused, and not after.
    let waiting: Vec<Value> =
        taken.tables["act"].iter().map(|row| parsed(row)).filter(|row| row["state"] == "waiting").collect();
    assert_eq!(waiting.len(), 1);
    let post = waiting[0]["post"].as_str().unwrap().parse().unwrap();
    let held = ActState::Held { reason: Hold::BroughtIn };
    assert_eq!(last_act(&admin.read(&post)), &held);
    admin.ok(&organisations::RESUME, &[], &Nothing {});
    target.ahead(Millis::hours(6));
    for _ in 0..3 {
        target.tick();
    }
    let view = admin.read(&post);
    assert_eq!((last_act(&view), view.publications[0].acts[0].attempts.len()), (&held, 0));
    let board = || {
        let feed = send("GET", &format!("/{}/feed.json", target.founded.slug), &[], b"");
        parsed(&feed.text())["items"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(board(), 1, "what was out is there, and nothing more");
    // A person lets it out.
    let why = publications::Why { reason: "Allí no salió.".to_owned() };
    let released = admin.ok(&publications::RETRY, &[view.publications[0].id.as_str()], &why);
    admin.wait_for(&released.post.id, PublicationState::Out);
    assert_eq!(board(), 2);
}

#[test]
fn what_broke_off_goes_on_and_what_is_given_up_leaves_nothing() {
    let source = Town::found("Villa de Paso");
    lived(&source);
    crate::record::whole_chain(&source.member(Role::Records), &source);
    let taken = take(&source.administrator());
    let arrive = Arrive { manifest: manifest(&taken) };

    let target = Town::alone("Villa Quieta");
    let admin = target.administrator();
    let before = crate::record::whole_chain(&admin, &target);
    let first = admin.ok(&copies::ARRIVE, &[], &arrive);
    for table in ["member", "channel", "media"] {
        bring_rows(&admin, table, &taken.tables[table]).unwrap();
    }
    let (object, bytes) =
        taken.objects.iter().find(|(object, _)| taken.tables["media"][0].contains(&object.media)).unwrap();
    bring_object(&admin, object, bytes).unwrap();
    // The same goes on, and is told how far it is; another one does not.
    let again = admin.ok(&copies::ARRIVE, &[], &arrive).arriving.unwrap();
    let came = |name: &str| again.rows.iter().find(|(table, _)| table == name).map(|(_, rows)| *rows);
    assert_eq!(came("member"), Some(taken.tables["member"].len() as u64));
    assert_eq!((came("post"), again.digest), (Some(0), first.arriving.unwrap().digest));
    let other = Arrive { manifest: hollow(&admin) };
    assert_eq!(admin.no(&copies::ARRIVE, &[], &other), Refusal::Arriving);

    // From the first word on nothing more comes, whoever else still sends it: it would stand where all was to be gone.
    assert!(admin.ok(&copies::GIVE_UP, &[], &Nothing {}).more);
    assert_eq!(bring_rows(&admin, "post", &taken.tables["post"]), Err(Refusal::NotFound));
    assert_eq!(bring_object(&admin, object, bytes), Err(Refusal::NotFound));
    assert_eq!(admin.no(&copies::ARRIVED, &[], &Nothing {}), Refusal::NotFound);
    assert_eq!(admin.no(&copies::ARRIVE, &[], &arrive), Refusal::Arriving);
    while admin.ok(&copies::GIVE_UP, &[], &Nothing {}).more {}
    assert_eq!(admin.no(&copies::GIVE_UP, &[], &Nothing {}), Refusal::NotFound);
    let standing = admin.ok(&copies::ARRIVAL, &[], &Nothing {});
    assert!(standing.empty && standing.arriving.is_none());
    assert_eq!(admin.ok(&organisations::ORGANISATION, &[], &Nothing {}).pause, None);
    assert_eq!(admin.ok(&people::MEMBERS, &[], &Nothing {}).len(), Role::ALL.len());
    let after = crate::record::whole_chain(&admin, &target);
    assert!(before.iter().all(|entry| after.iter().any(|now| (&now.id, &now.digest) == (&entry.id, &entry.digest))));
    let gone = admin.raw(Method::Get, &wire::media::PICTURE.path(&[&object.media]), b"");
    assert_eq!(gone.status, 404);

    // And it can be brought in after all.
    admin.ok(&copies::ARRIVE, &[], &arrive);
    bring(&admin, &taken);
    admin.ok(&copies::ARRIVED, &[], &Nothing {});
    crate::record::whole_chain(&admin, &target);
}

#[test]
fn what_another_organisation_has_is_neither_written_over_nor_named() {
    let town = Town::found("Villa Ajena");
    lived(&town);
    let taken = take(&town.administrator());
    let beside = arriving(&town);
    let mut tried = Vec::new();
    for table in TABLES {
        let names = |row: &Value| table.named().any(|(column, _)| column != "id" && row[column].is_string());
        let Some(row) = taken.tables[table.name].iter().map(|row| parsed(row)).find(names) else { continue };
        // Its own identity is free; what it names is theirs.
        let mut free = row.clone();
        if free.get("id").is_some() {
            free["id"] = json!(new_post());
        }
        for row in [row, free] {
            let refused = bring_rows(&beside, table.name, &[row.to_string()]);
            assert_eq!(refused, Err(Refusal::HereAlready), "{}: {row}", table.name);
        }
        tried.push(table.name);
    }
    for table in ["submission", "decision", "publication", "act", "attempt", "notice", "asset"] {
        assert!(tried.contains(&table), "{table}: {tried:?}");
    }
    // What failed once would fail for all whenever the clock asks for it.
    let of = |table: &str, column: &str, value: Value| {
        let mut row = parsed(&taken.tables[table][0]);
        row["id"] = json!(new_post());
        row[column] = value;
        bring_rows(&beside, table, &[row.to_string()])
    };
    assert_eq!(of("audience", "languages", json!("{")), Err(malformed("audience.languages")));
    assert_eq!(of("audience", "version", json!(1_u64 << 53)), Err(malformed("audience.version")));
    assert_eq!(of("post", "content", json!("")), Err(malformed("post.content")));
    // It would be sealed here as if it had been kept here.
    assert_eq!(of("record", "seq", Value::Null), Err(malformed("record")));
    let gone = json!({ "media": "x", "root": "x", "hash": "x", "video": 0, "at": 0, "erased": 0 }).to_string();
    assert_eq!(bring_rows(&beside, "asset_gone", &[gone]), Err(malformed("asset_gone.media")));
}

#[test]
fn a_record_without_a_number_or_with_a_head_that_is_none_of_its_own_is_not_there() {
    let town = Town::found("Villa Torcida");
    let incomplete = Refusal::CopyIncomplete { table: "record".to_owned() };
    let entry = |seq: u64| {
        let row = json!({
            "id": new_post(), "at": 1, "subject": "policy", "body": "{}", "salt": "s", "digest": "d", "seq": seq,
            "chain": "ab",
        });
        row.to_string()
    };
    let gap = town.neighbour("Villa con Hueco").administrator();
    let manifest = Manifest { head: Some(Head { seq: 2, chain: "ab".to_owned() }), ..hollow(&gap) };
    gap.ok(&copies::ARRIVE, &[], &Arrive { manifest });
    // Two entries, and the second is the head; but the sealer would go on with the number that the other one has.
    bring_rows(&gap, "record", &[entry(2), entry(3)]).unwrap();
    assert_eq!(gap.no(&copies::ARRIVED, &[], &Nothing {}), incomplete);
    let ahead = arriving(&town);
    let day = json!({ "day": "2099-01-01", "seq": 9, "chain": "ab" }).to_string();
    bring_rows(&ahead, "chain_day", &[day]).unwrap();
    assert_eq!(ahead.no(&copies::ARRIVED, &[], &Nothing {}), incomplete);
}

#[test]
fn a_copy_is_its_administrators_alone_and_comes_in_pages() {
    let town = Town::found("Villa Extensa");
    let (administrator, author) = (town.administrator(), town.author());
    let act = domain::Act::ManageOrganisation;
    assert_eq!(author.no(&copies::BEGIN, &[], &Nothing {}), Refusal::NotAllowed { act });
    // Long enough that a page holds a few of them.
    let long = "Palabra y más palabras. ".repeat(2_300);
    let written: Vec<String> =
        (0..6).map(|number| id(&author.write(&town.notice(&format!("{number} {long}")))).to_owned()).collect();
    let begun = administrator.ok(&copies::BEGIN, &[], &Nothing {});
    let first = administrator.ok(&copies::ROWS, &[begun.copy.as_str(), "post"], &Onward::default());
    assert!(first.rows.len() < written.len() && first.next.is_some(), "{} rows at once", first.rows.len());
    let mut all: Vec<String> =
        rows(&administrator, &begun, "post").iter().map(|row| parsed(row)["id"].as_str().unwrap().to_owned()).collect();
    all.sort();
    let mut written = written;
    written.sort();
    assert_eq!(all, written);
    // What is asked for is known by the one who asked, by its name, and as the page before said it.
    let ask = |copy: &str, table: &str, after: Option<&str>| {
        administrator.no(&copies::ROWS, &[copy, table], &Onward { after: after.map(str::to_owned) })
    };
    assert_eq!(ask(begun.copy.as_str(), "session", None), Refusal::NotFound);
    assert_eq!(ask(begun.copy.as_str(), "secret", None), Refusal::NotFound);
    assert_eq!(ask(new_post().as_str(), "post", None), Refusal::NotFound);
    for after in ["x", "[]", "[1,2]", "[{}]", "{}"] {
        assert_eq!(ask(begun.copy.as_str(), "post", Some(after)), malformed("after"), "{after}");
    }
    let export = wire::records::Export { search: wire::records::Search::default(), format: wire::records::Format::Csv };
    let export = administrator.ok(&wire::records::EXPORT, &[], &export).export;
    assert_eq!(ask(export.as_str(), "post", None), Refusal::NotFound);
    let kept = crate::record::whole_chain(&administrator, &town);
    let copies = kept.iter().filter(|entry| entry.body.as_deref().is_some_and(|body| body.contains("copied_out")));
    assert_eq!(copies.count(), 1);
}

//! Documents: brought as one stream that the bucket verifies, looked through a stretch at a time, refused by name, shown to citizens
//! as a link; sent to the networks that take one, to be read back there by clients that are not ours; swept where no post has them.

use std::collections::BTreeMap;

use api_journeys::{
    Member, Raw, Town, at, because, eventually, id, last_act,
    outside::{Sandbox, agree_at, agree_at_network, app_of_linkedin, notice_on, publish, release, sent_on},
    send, send_as, url,
};
use domain::{
    Content, Document, Language, MediaId, Millis, Network, Refusal,
    delivery::{ActState, FailureKind, PublicationState},
    document::{Flaw, MOST_BYTES},
    policy::{Apart, Evidence, Mode, Rule},
    record::sha256_hex,
};
use serde_json::{Value, json};
use wire::{
    Method, Nothing,
    documents::{self, Coming, Looked, Stored},
    posts,
};

/// A document of so many pages, tagged, with a stream of `body` bytes that follow from `seed`; `odd` is one more object.
pub fn pdf(pages: u32, body: usize, seed: u32, odd: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    file.extend(b"1 0 obj\n<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 9 0 R>>\nendobj\n");
    file.extend(format!("2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count {pages}>>\nendobj\n").bytes());
    file.extend(format!("3 0 obj\n<</Length {body}>>\nstream\n").bytes());
    let mut number = seed;
    file.extend(
        std::iter::repeat_with(|| {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (number >> 24) as u8
        })
        .take(body),
    );
    file.extend(b"\nendstream\nendobj\n");
    file.extend(format!("4 0 obj\n{odd}\nendobj\n").bytes());
    file.extend(b"trailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n");
    file
}

/// Brings bytes, whatever they are.
fn put(member: &Member, name: &str, hash: &str, said: usize, bytes: &[u8]) -> Raw {
    let (cookie, said) = (format!("__Host-pregon={}", member.session), said.to_string());
    let headers = [
        ("origin", url()),
        ("x-pregon", "1"),
        ("cookie", &*cookie),
        ("content-type", "application/octet-stream"),
        ("x-pregon-sha256", hash),
        ("x-pregon-name", name),
        (documents::BYTES, &*said),
    ];
    send("PUT", &documents::STORE.path(&[]), &headers, bytes)
}

pub fn brought(member: &Member, bytes: &[u8]) -> MediaId {
    let raw = put(member, "acta.pdf", &sha256_hex(bytes), bytes.len(), bytes);
    raw.read::<Coming>("bringing").unwrap_or_else(|no| panic!("{no:?}")).id
}

fn look(member: &Member, media: &MediaId) -> Result<Looked, Refusal> {
    member.ask(&documents::LOOK, &[media.as_str()], &Nothing {}).map_err(Into::into)
}

/// Looks until it is through; answers how often.
fn looked_through(member: &Member, media: &MediaId) -> Result<(Stored, u32), Refusal> {
    let (mut times, mut seen) = (0, 0);
    loop {
        let looked = look(member, media)?;
        times += 1;
        if let Some(stored) = looked.stored {
            return Ok((stored, times));
        }
        assert!(looked.seen > seen, "it gets on: {looked:?}");
        seen = looked.seen;
    }
}

pub fn stored(member: &Member, bytes: &[u8]) -> Stored {
    looked_through(member, &brought(member, bytes)).unwrap_or_else(|no| panic!("{no:?}")).0
}

/// A stored document as it stands in a content.
pub fn document(stored: &Stored, title: &str) -> Document {
    let Stored { id, hash, bytes, facts } = stored.clone();
    Document {
        media: id,
        hash,
        bytes,
        pages: facts.pages,
        tagged: facts.tagged,
        file_name: "acta.pdf".to_owned(),
        title: BTreeMap::from([(Language::spanish(), title.to_owned())]),
    }
}

const TITLE: &str = "Acta del pleno: 3/12";

fn get(path: &str, headers: &[(&str, &str)]) -> Raw {
    send("GET", path, headers, b"")
}

/// A post with a document on a channel.
fn with(author: &Member, mut content: Content, bytes: &[u8]) -> Content {
    content.document = Some(document(&stored(author, bytes), TITLE));
    content
}

fn saying(content: &Content, text: &str) -> Content {
    let mut content = content.clone();
    content.texts.values_mut().for_each(|old| text.clone_into(old));
    content
}

#[test]
fn a_document_is_verified_looked_through_in_strides_kept_once_and_shown_by_stretches() {
    let town = Town::found("Villa del Acta");
    let author = town.author();
    let bytes = pdf(12, 3_000_000, 1, "<</Type/Annot>>");
    let hash = sha256_hex(&bytes);
    let refused = |hash: &str, said: usize, body: &[u8]| -> Refusal {
        put(&author, "a.pdf", hash, said, body).read::<Coming>("putting").unwrap_err().into()
    };
    let malformed = |field: &str| Refusal::Malformed { field: field.to_owned() };
    assert_eq!(
        refused(&sha256_hex(b"other"), bytes.len(), &bytes),
        malformed("x-pregon-sha256"),
        "the bucket reckons it"
    );
    assert_eq!(refused("zz", bytes.len(), &bytes), malformed("x-pregon-sha256"));
    assert_eq!(refused(&hash, bytes.len() - 1, &bytes), malformed("body"));
    let limit = u64::from(MOST_BYTES);
    assert_eq!(refused(&hash, limit as usize + 1, &bytes), Refusal::DocumentTooLarge { limit, bytes: limit + 1 });
    assert_eq!(refused(&hash, 0, b""), Refusal::BadDocument { flaw: Flaw::Empty });

    let media = brought(&author, &bytes);
    let path = documents::DOCUMENT.path(&[media.as_str()]);
    assert_eq!(author.raw(Method::Get, &path, b"").status, 404, "nobody has looked at it");
    let first = look(&author, &media).unwrap();
    assert!(first.stored.is_none() && first.seen > 0, "{first:?}");
    let (found, times) = looked_through(&author, &media).unwrap();
    assert!((1..6).contains(&times), "{times}");
    assert_eq!((found.facts.pages, found.facts.tagged, &found.hash), (12, true, &hash));
    assert_eq!(looked_through(&author, &media).unwrap(), (found.clone(), 1), "an answer that was lost");
    assert_eq!(brought(&author, &bytes), media, "the same again is the same");

    let whole = author.raw(Method::Get, &path, b"");
    assert_eq!((whole.status, sha256_hex(&whole.body)), (200, hash.clone()));
    assert_eq!((whole.header("content-type"), whole.header("x-content-type-options")), ("application/pdf", "nosniff"));
    let named = whole.header("content-disposition");
    assert!(named.starts_with("inline") && named.ends_with("acta.pdf"), "{named}");
    let cookie = format!("__Host-pregon={}", author.session);
    let stretch = get(&path, &[("cookie", &cookie), ("range", "bytes=0-4")]);
    assert_eq!((stretch.status, stretch.body.as_slice()), (206, &b"%PDF-"[..]));
    assert_eq!(get(&path, &[("cookie", &cookie), ("if-none-match", &format!("\"{hash}\""))]).status, 304);

    let other = town.neighbour("Villa Mirona");
    let stranger = other.author();
    assert_eq!(stranger.raw(Method::Get, &path, b"").status, 404);
    assert_eq!(send_as(None, Method::Get, &path, b"").status, 401);
    assert_eq!(look(&stranger, &media), Err(Refusal::NotFound));
    assert_ne!(brought(&stranger, &bytes), media, "each organisation has its own");
    let save = |member: &Member, content: Content| {
        member.no(&posts::SAVE, &[api_journeys::new_post().as_str()], &posts::Save { version: 0, content })
    };
    let mut foreign = other.notice("Un acta ajena.");
    foreign.document = Some(document(&found, TITLE));
    assert_eq!(save(&stranger, foreign), Refusal::NotFound);
    let mut forged = town.notice("Un acta con otros números.");
    forged.document = Some(Document { pages: 1, ..document(&found, TITLE) });
    assert_eq!(save(&author, forged.clone()), Refusal::NotFound);
    let unseen = brought(&author, &pdf(1, 10, 2, "null"));
    forged.document = Some(Document { media: unseen, ..document(&found, TITLE) });
    assert_eq!(save(&author, forged), Refusal::NotFound, "nobody has looked at it");
}

#[test]
fn what_is_no_document_or_does_more_than_be_read_is_refused_by_name_and_gone() {
    let town = Town::found("Villa Prudente");
    let author = town.author();
    let whole = pdf(3, 2_000, 3, "null");
    let encrypted = String::from_utf8_lossy(&pdf(3, 0, 4, "null")).replace("/Root", "/Encrypt 8 0 R/Root").into_bytes();
    // Packed by zlib, as programs do it now: `1 0 <</Type/Action/S/JavaScript/JS(app.alert\\(1\\))>>`.
    let zlib = "78da33543050b0b1d10fa92c48d5774c2ec9cccfd30fd6f74a2c4b0c4e2eca2c28d1f70ad6482c28d04bcc492d2a89d1308cd1d4b4b30300ad3e107a";
    let zlib: Vec<u8> =
        (0..zlib.len() / 2).map(|at| u8::from_str_radix(&zlib[at * 2..at * 2 + 2], 16).unwrap()).collect();
    let with_packed = |objects: &[u8]| {
        let head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>\nstream\n";
        let whole = pdf(3, 0, 5, "null");
        [&whole[..9], b"7 0 obj\n", head, objects, b"\nendstream\nendobj\n", &whole[9..]].concat()
    };
    for (bytes, flaw) in [
        (b"PK\x03\x04 un texto de otro programa".to_vec(), Flaw::NotAPdf),
        (whole[..whole.len() - 20].to_vec(), Flaw::Broken),
        (pdf(0, 100, 6, "null"), Flaw::Broken),
        (with_packed(&zlib), Flaw::Script),
        (with_packed(&zlib[..20]), Flaw::Broken),
        (encrypted, Flaw::Encrypted),
        (pdf(3, 100, 7, "<</OpenAction<</S/JavaScript/JS(app.alert)>>>>"), Flaw::Script),
        (pdf(3, 100, 8, "<</A<</S/L#61unch/F(cmd.exe)>>>>"), Flaw::Launch),
        (pdf(3, 100, 9, "<</Type/ObjStm/Filter/LZWDecode/Length 1>>\nstream\nx\nendstream"), Flaw::Unread),
    ] {
        let media = brought(&author, &bytes);
        assert_eq!(looked_through(&author, &media).unwrap_err(), Refusal::BadDocument { flaw });
        assert_eq!(look(&author, &media), Err(Refusal::NotFound), "it does not stay");
    }
}

#[test]
fn citizens_find_it_as_a_link_that_says_what_it_is_as_long_as_the_notice_is_up() {
    let town = Town::found("Villa del Tablón de Actas");
    let (author, mayor) = (town.author(), town.mayor());
    let bytes = pdf(12, 1_150_000, 10, "null");
    let mine = stored(&author, &bytes);
    let mut content = town.notice("Ya se puede leer el acta.");
    content.document = Some(document(&mine, ""));
    let draft = author.write(&content);
    let no = author.ask(&posts::SUBMIT, &[id(&draft)], &at(&draft)).unwrap_err();
    let unnamed = |one: &domain::policy::Finding| one.rule == Rule::Document && one.evidence == Evidence::Missing;
    assert!(no.fault.findings.iter().any(unnamed), "{:?}", no.fault.findings);
    content.document.iter_mut().for_each(|one| drop(one.title.insert(Language::spanish(), TITLE.to_owned())));
    let file = format!("/{}/documents/{}", town.founded.slug, mine.id);
    let approved = mayor.approve(&author.submit(&author.edit(&draft, &content)));
    assert_eq!(get(&file, &[]).status, 404, "not before it is out");
    author.release(&approved);
    author.wait_for(&draft.post.id, PublicationState::Out);

    let page = get(&format!("/{}/posts/{}", town.founded.slug, draft.post.id), &[]).text();
    let link =
        page.split(&format!("href=\"{file}\"")).nth(1).and_then(|rest| rest.split("</a>").next()).expect("a link");
    for part in ["type=\"application/pdf\"", TITLE, "PDF, 12 páginas, 1,2 MB"] {
        assert!(link.contains(part), "{link}");
    }
    let board = get(&format!("/{}/", town.founded.slug), &[]).text();
    assert!(board.contains(&file) && board.contains(TITLE));
    let feed: Value = serde_json::from_slice(&get(&format!("/{}/feed.json", town.founded.slug), &[]).body).unwrap();
    let attached = &feed["items"][0]["attachments"][0];
    assert!(attached["url"].as_str().unwrap().ends_with(&file), "{feed}");
    assert_eq!((&attached["mime_type"], &attached["title"]), (&json!("application/pdf"), &json!(TITLE)));
    let whole = get(&file, &[]);
    assert_eq!((whole.status, sha256_hex(&whole.body)), (200, sha256_hex(&bytes)));
    assert!(whole.header("content-disposition").starts_with("attachment"), "a citizen saves it");
    assert_eq!(get(&file, &[("range", "bytes=-6")]).body, b"%%EOF\n");

    let view = author.read(&draft.post.id);
    author.ok(&posts::TAKE_DOWN, &[id(&view)], &because(&view, "Tenía un error."));
    author.wait_for(&draft.post.id, PublicationState::TakenDown);
    assert_eq!(get(&file, &[]).status, 404, "taken down with the notice");
}

#[test]
fn where_none_are_taken_it_is_said_before_anybody_agrees_and_untagged_ones_are_told() {
    let town = Town::found("Villa sin Papeles");
    let (author, administrator) = (town.author(), town.administrator());
    let sandbox = Sandbox::start();
    let made = agree_at(&administrator, &sandbox.server, sent_on).unwrap();
    let bytes = String::from_utf8_lossy(&pdf(2, 0, 11, "null")).replace("/Marked true", "/Marked false").into_bytes();
    let content = with(&author, notice_on(&town, &made, "El acta."), &bytes);
    let found = author.ok(&posts::CHECK, &[], &content);
    let of = |rule: Rule| found.iter().find(|one| one.rule == rule).cloned().unwrap_or_else(|| panic!("{found:?}"));
    let not_sent = of(Rule::Document);
    assert_eq!((not_sent.mode, &not_sent.evidence), (Mode::Block, &Evidence::Document { apart: Apart::NotSent }));
    assert_eq!(of(Rule::DocumentTags).mode, Mode::Warn);
    let draft = author.write(&content);
    let no = author.ask(&posts::SUBMIT, &[id(&draft)], &at(&draft)).unwrap_err();
    assert_eq!(Refusal::from(no), Refusal::Blocked);
    // By hand, whoever publishes it has the file.
    let by_hand = administrator.connect_by_hand(Network::Whatsapp, None);
    let mut handed = content.clone();
    handed.targets[0].channel = by_hand.id;
    let post = release(&town, &handed);
    author.wait_for(&post.post.id, PublicationState::InHand);
}

#[test]
fn to_telegram_it_goes_under_its_title_with_its_caption_which_can_be_corrected() {
    let (town, sandbox) = (Town::found("Villa de los Envíos"), Sandbox::start());
    let made = crate::telegram::connect(&town.administrator(), &sandbox);
    let author = town.author();
    let bytes = pdf(4, 600_000, 12, "null");
    let content = with(&author, notice_on(&town, &made, "El acta, entera."), &bytes);
    let out = publish(&town, &content);
    let messages = sandbox.messages();
    let [message] = &messages[..] else { panic!("{messages:?}") };
    let shown = json!({ "sha256": sha256_hex(&bytes), "name": "Acta del pleno- 3-12.pdf", "bytes": bytes.len() });
    assert_eq!((&message["text"], &message["document"]), (&json!("El acta, entera."), &shown));
    let edited = crate::telegram::correct(&town, &out, saying(&content, "El acta, corregida."));
    assert!(matches!(last_act(&edited), ActState::Done { .. }), "{:?}", last_act(&edited));
    assert_eq!(
        (&sandbox.messages()[0]["text"], &sandbox.messages()[0]["document"]),
        (&json!("El acta, corregida."), &shown)
    );
    let read = sandbox.in_telegram(&[message["id"].as_i64().unwrap()]).remove(1);
    assert_eq!(
        (&read["text"], &read["document"]),
        (&json!("El acta, corregida."), &json!([shown["name"], shown["bytes"]]))
    );
    api_journeys::covered::read(Network::Telegram, "document");
    // Another document is another message: a person is needed.
    let other = with(&author, saying(&content, "El acta, corregida."), &pdf(5, 1_000, 13, "null"));
    let handed = crate::telegram::correct(&town, &edited, other);
    assert!(matches!(last_act(&handed), ActState::InHand { .. }), "{:?}", last_act(&handed));
    assert_eq!(sandbox.messages()[0]["document"], shown, "no half of it was done");
    let beside = |content: &Content| {
        let mut content = content.clone();
        content.pictures =
            vec![crate::media::picture(&crate::media::stored(&author, &crate::media::png(9, 9)), "La plaza.")];
        author.ok(&posts::CHECK, &[], &content)
    };
    let apart = Evidence::Document { apart: Apart::Beside };
    assert!(beside(&content).iter().any(|one| one.rule == Rule::Document && one.evidence == apart));
}

#[test]
fn at_telegram_a_lost_answer_sends_no_document_twice() {
    let (town, sandbox) = (Town::alone("Villa del Envío Dudoso"), Sandbox::start());
    town.arm("impatient=1");
    let made = crate::telegram::connect(&town.administrator(), &sandbox);
    let author = town.author();
    let bytes = pdf(4, 3_000, 14, "null");
    let visible = format!("POST /bot{}/sendDocument", networks_sandbox::BOT);
    for (place, then) in ["drop_after", "drop_before"].into_iter().enumerate() {
        town.ahead(Millis(0));
        sandbox.arm(&json!([{ "on": visible, "then": then }]));
        let content = with(&author, notice_on(&town, &made, &format!("¿Salió el acta {place}?")), &bytes);
        let post = release(&town, &content);
        author.wait_for(&post.post.id, PublicationState::Unknown);
        town.ahead(Millis::minutes(20));
        town.tick();
        eventually("a person to be asked", || {
            let view = author.read(&post.post.id);
            matches!(last_act(&view), ActState::Unknown { asked: true, .. }).then_some(())
        });
        assert_eq!(sandbox.requests(&visible).len(), place + 1, "{then}: once, and only once");
        assert_eq!(sandbox.messages().len(), 1);
    }
}

#[test]
fn at_linkedin_its_own_client_finds_the_very_bytes_under_the_title() {
    let (town, sandbox) = (Town::alone("Villa de las Bases"), Sandbox::start());
    town.stand_in(Network::Linkedin, &sandbox.server);
    let made = agree_at_network(&town.administrator(), &app_of_linkedin(None)).unwrap();
    let author = town.author();
    let bytes = pdf(20, 400_000, 15, "null");
    let mut content = with(&author, notice_on(&town, &made, "Las bases de la convocatoria."), &bytes);
    content.link = Some("https://villa.example/bases".to_owned());
    // Longer than one invocation waits.
    sandbox.set(&json!({ "linkedin": { "preparing": 6 } }));
    sandbox.arm(&json!([{ "on": "POST /rest/documents", "then": "status_before", "status": 503 }]));
    let post = release(&town, &content);
    let mut ahead = 0;
    eventually("it to be out", || {
        ahead += 1;
        town.ahead(Millis::minutes(ahead));
        town.tick();
        town.settle();
        (author.read(&post.post.id).publications[0].state == PublicationState::Out).then_some(())
    });
    let read = sandbox.at_linkedin("posts");
    let [one] = &read[..] else { panic!("{read:?}") };
    assert_eq!(one["document"], json!({ "title": TITLE, "sha256": sha256_hex(&bytes) }));
    assert_eq!((&one["card"], &one["pictures"]), (&Value::Null, &json!([])));
    assert!(one["commentary"].as_str().unwrap().ends_with("https://villa.example/bases"), "{one}");
    assert_eq!(
        sandbox.requests("POST /rest/documents").len(),
        2,
        "refused, and taken: not again because it takes its time"
    );
    assert_eq!(sandbox.requests("POST /rest/posts").len(), 1);
    let made_there = sandbox.at_linkedin("document");
    assert_eq!((made_there.len(), sandbox.at_linkedin("posts").len()), (1, 2), "their client makes one here too");
    api_journeys::covered::made(Network::Linkedin, "document");
    api_journeys::covered::read(Network::Linkedin, "document");

    // What cannot be prepared is told, and nothing is visible.
    sandbox.set(&json!({ "linkedin": { "preparing": 0, "breaks": true } }));
    town.ahead(Millis(0));
    let broken = with(&author, notice_on(&town, &made, "Otras bases."), &pdf(2, 900, 16, "null"));
    let post = release(&town, &broken);
    let failure = eventually("the failure", || match last_act(&author.read(&post.post.id)) {
        ActState::Failed { failure } => Some(failure.clone()),
        _ => None,
    });
    assert_eq!(failure.kind, FailureKind::ContentRefused);
    assert_eq!(sandbox.published("linkedin").len(), 2);
}

#[test]
fn what_no_post_has_is_swept_after_a_month_and_what_one_has_stays() {
    let town = Town::alone("Villa del Archivo");
    let author = town.author();
    let (used, loose) = (pdf(1, 10, 17, "null"), pdf(1, 10, 18, "null"));
    author.write(&with(&author, town.notice("Con acta."), &used));
    let (kept, gone) = (stored(&author, &used), stored(&author, &loose));
    // To look at one is to look it through: each is looked at once.
    let mut begun: Vec<MediaId> = (19..49).map(|n| brought(&author, &pdf(1, 10, n, "null"))).collect();
    let there = |member: &Member, media: &MediaId| look(member, media).is_ok();
    town.ahead(Millis::days(4));
    eventually("the first sweep", || {
        town.tick();
        std::thread::sleep(std::time::Duration::from_secs(1));
        (!there(&town.author(), &begun.pop().expect("one that nobody looked at"))).then_some(())
    });
    assert!(there(&town.author(), &gone.id), "a month is not over");
    town.ahead(Millis::days(32));
    eventually("the sweep", || {
        town.tick();
        (!there(&town.author(), &gone.id)).then_some(())
    });
    let author = town.author();
    assert!(there(&author, &kept.id));
    let path = documents::DOCUMENT.path(&[kept.id.as_str()]);
    assert_eq!(author.raw(Method::Get, &path, b"").body, used);
    // Whoever had it in a draft that was not stored is told, and brings it anew.
    let mut late = town.notice("Con lo que ya no está.");
    late.document = Some(document(&gone, TITLE));
    let save = posts::Save { version: 0, content: late.clone() };
    assert_eq!(author.no(&posts::SAVE, &[api_journeys::new_post().as_str()], &save), Refusal::NotFound);
    late.document = Some(document(&stored(&author, &loose), TITLE));
    author.write(&late);
}

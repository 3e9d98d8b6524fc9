//! What comes in broken, too large, doubled or from elsewhere: a clear no in the one form, and nothing half-written.

use api_journeys::{Member, Raw, Town, encode, id, new_post, send, send_as, url, verb};
use domain::{Refusal, StageName};
use serde_json::{Value, json};
use wire::{Method, Nothing, channels, posts};

fn put(member: &Member, path: &str, body: &[u8]) -> Refusal {
    member.raw(Method::Put, path, body).read::<Value>(path).unwrap_err().into()
}

/// All that the author's organisation shows, to compare before and after.
fn everything(member: &Member) -> String {
    let list = member.ok(&posts::LIST, &[], &posts::Query::default());
    let posts: Vec<_> = list.items.iter().map(|row| member.read(&row.id)).collect();
    let channels = member.ok(&channels::CHANNELS, &[], &Nothing {});
    format!("{list:?}{posts:?}{channels:?}")
}

#[test]
fn broken_json_and_broken_utf_8_are_malformed_and_nothing_is_written() {
    let town = Town::found("Villa del Ruido");
    let author = town.author();
    let before = everything(&author);
    let path = format!("/api/posts/{}", new_post());
    let bodies: [&[u8]; 9] = [
        b"{",
        b"null",
        b"[]",
        b"\"text\"",
        b"\xff\xfe\x00",
        b"{\"version\":0,\"content\":{\"kind\":\"routine\",\"texts\":{\"es\":\"\xc3\x28\"},\"targets\":[]}}",
        b"{\"version\":-1}",
        b"{\"version\":0}{\"version\":0}",
        b"{\"version\":1e400}",
    ];
    for body in bodies {
        assert!(matches!(put(&author, &path, body), Refusal::Malformed { .. }), "{body:?}");
    }
    assert_eq!(everything(&author), before);
}

#[test]
fn unknown_missing_and_doubled_fields_are_named() {
    let town = Town::found("Villa de los Campos");
    let author = town.author();
    let path = format!("/api/posts/{}", new_post());
    let content = serde_json::to_value(town.notice("Texto.")).unwrap();
    let named = |body: String| match put(&author, &path, body.as_bytes()) {
        Refusal::Malformed { field } => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(named(json!({ "version": 0, "content": content, "urgent": true }).to_string()), "urgent");
    assert_eq!(named(json!({ "version": 0 }).to_string()), "content");
    assert_eq!(named(format!("{{\"version\":0,\"version\":1,\"content\":{content}}}")), "version");
    let mut inner = content.clone();
    inner["note_to_the_mayor"] = json!("nadie debe leer esto");
    assert_eq!(named(json!({ "version": 0, "content": inner }).to_string()), "note_to_the_mayor");
    assert_eq!(author.raw(Method::Get, &path, b"").status, 404);
}

#[test]
fn a_query_with_unknown_or_doubled_fields_is_refused() {
    let town = Town::found("Villa de la Consulta");
    let author = town.author();
    let ask = |query: &str| -> Refusal {
        author.raw(Method::Get, &format!("/api/posts?{query}"), b"").read::<Value>(query).unwrap_err().into()
    };
    assert_eq!(ask("org=otra"), Refusal::Malformed { field: "org".to_owned() });
    assert!(matches!(ask("stage=draft&stage=out"), Refusal::Doubled { .. }));
    for query in
        ["stage=nowhere", "from=soon&until=1", "cursor=1", "cursor='%20OR%201=1--", "waiting=perhaps", "from=9&until=1"]
    {
        assert!(matches!(ask(query), Refusal::Malformed { .. }), "{query}");
    }
}

#[test]
fn ten_megabytes_are_refused_before_they_are_read_as_anything() {
    let town = Town::found("Villa Pesada");
    let author = town.author();
    let text = "a".repeat(10_000_000);
    let body = json!({ "version": 0, "content": town.notice(&text) }).to_string();
    let refusal = put(&author, &format!("/api/posts/{}", new_post()), body.as_bytes());
    assert!(matches!(refusal, Refusal::TooLarge { limit: 1_000_000, .. }), "{refusal:?}");
    // Within the body's limit, over the text's.
    let long = posts::Save { version: 0, content: town.notice(&"ñ".repeat(60_000)) };
    let refusal = author.no(&posts::SAVE, &[new_post().as_str()], &long);
    assert!(matches!(&refusal, Refusal::TooLarge { field, .. } if field == "text"), "{refusal:?}");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(put(&author, &format!("/api/posts/{}", new_post()), deep.as_bytes()), Refusal::Malformed { .. }));
}

#[test]
fn what_is_no_identity_is_not_found() {
    let town = Town::found("Villa de los Nombres");
    let author = town.author();
    for wrong in [
        "1",
        "0000000000000000000000000I",
        "..%2f..%2fsecret",
        "%27%20OR%201%3D1--",
        "00000000000000000000000000",
        "%ff%fe",
    ] {
        let raw = author.raw(Method::Get, &format!("/api/posts/{wrong}"), b"");
        assert_eq!(Refusal::from(raw.read::<Value>(wrong).unwrap_err()), Refusal::NotFound, "{wrong}");
    }
    let raw = author.raw(Method::Get, "/api/nothing/here", b"");
    assert_eq!(Refusal::from(raw.read::<Value>("nowhere").unwrap_err()), Refusal::NotFound);
}

#[test]
fn another_organisations_identity_in_any_field_is_not_found() {
    let town = Town::found("Villa Propia");
    let other = town.neighbour("Villa Ajena");
    let (author, stranger) = (town.author(), other.author());
    let theirs = stranger.write(&other.notice("De la otra villa."));
    let their_picture = crate::media::stored(&stranger, &crate::media::png(31, 7));
    let before = everything(&stranger);

    let mut to_their_channel = town.notice("Para vosotros.");
    to_their_channel.targets[0].channel = other.founded.noticeboard.clone();
    let mut with_their_picture = town.notice("Con vuestra foto.");
    with_their_picture.pictures.push(crate::media::picture(&their_picture, "La foto de otra villa, con su fuente."));
    for content in [to_their_channel, with_their_picture] {
        let fresh = new_post();
        assert_eq!(
            author.no(&posts::SAVE, &[fresh.as_str()], &posts::Save { version: 0, content: content.clone() }),
            Refusal::NotFound
        );
        assert_eq!(author.no(&posts::READ, &[fresh.as_str()], &Nothing {}), Refusal::NotFound, "nothing half-written");
        let own = author.write(&town.notice("Propio."));
        assert_eq!(
            author.no(&posts::SAVE, &[id(&own)], &posts::Save { version: own.post.version, content }),
            Refusal::NotFound
        );
        assert_eq!(author.read(&own.post.id).post, own.post);
    }
    // To create under an identity that stands next door tells nothing and changes nothing.
    let clash = author.no(&posts::SAVE, &[id(&theirs)], &posts::Save { version: 0, content: town.notice("Encima.") });
    assert_eq!(clash, Refusal::Stale { current: 0 });
    assert_eq!(author.no(&posts::READ, &[id(&theirs)], &Nothing {}), Refusal::NotFound);
    assert_eq!(everything(&stranger), before);
}

#[test]
fn content_that_cannot_be_is_refused_with_its_name() {
    let town = Town::found("Villa Imposible");
    let author = town.author();
    let refused = |content: domain::Content| {
        author.no(&posts::SAVE, &[new_post().as_str()], &posts::Save { version: 0, content })
    };
    for link in
        ["javascript:alert(1)", "https://usuario:clave@villa.example", "http://", "https://a b", "//villa.example"]
    {
        assert_eq!(
            refused(domain::Content { link: Some(link.to_owned()), ..town.notice("Texto.") }),
            Refusal::BadLink,
            "{link}"
        );
    }
    let event = domain::Event {
        start: domain::Moment(10),
        end: Some(domain::Moment(5)),
        place: "Plaza".to_owned(),
        cancelled: false,
    };
    assert_eq!(refused(domain::Content { event: Some(event), ..town.notice("Texto.") }), Refusal::EventBackwards);
    let mut doubled = town.notice("Texto.");
    doubled.targets.push(doubled.targets[0].clone());
    assert!(matches!(refused(doubled), Refusal::Doubled { .. }));
    let mut language = serde_json::to_value(town.notice("Texto.")).unwrap();
    language["texts"] = json!({ "no es una lengua": "x" });
    let body = json!({ "version": 0, "content": language }).to_string();
    assert!(matches!(put(&author, &format!("/api/posts/{}", new_post()), body.as_bytes()), Refusal::Malformed { .. }));
}

#[test]
fn hidden_characters_are_found_not_swallowed() {
    let town = Town::found("Villa Invisible");
    let author = town.author();
    for text in ["Pago en \u{202e}elpmaxe.otneimatnuya", "Cor\u{200b}te de agua"] {
        let view = author.write(&town.notice(text));
        assert_eq!(view.post.content.texts.values().next().unwrap(), text, "stored as it was written");
        assert!(view.findings.iter().any(|finding| finding.rule == domain::policy::Rule::HiddenCharacters), "{text:?}");
        let no = author.ask(&posts::SUBMIT, &[id(&view)], &api_journeys::at(&view)).unwrap_err();
        assert_eq!(no.fault.refusal, Refusal::Blocked);
    }
}

#[test]
fn a_request_from_elsewhere_is_refused_whoever_sends_it() {
    let town = Town::found("Villa Asediada");
    let author = town.author();
    let draft = author.write(&town.notice("Nadie de fuera lo toca."));
    let (path, body) =
        encode(Method::Post, posts::SUBMIT.path(&[id(&draft)]), &api_journeys::at::<posts::Submit>(&draft));
    let cookie = format!("__Host-pregon={}", author.session);
    let port = url().rsplit(':').next().unwrap();
    let (suffix, wrong_port) = (format!("{}.malo.example", url()), format!("http://localhost:{}1", port));
    let forged: [&[(&str, &str)]; 7] = [
        &[("x-pregon", "1")],
        &[("origin", url())],
        &[("origin", "https://malo.example"), ("x-pregon", "1")],
        &[("origin", "null"), ("x-pregon", "1")],
        &[("origin", &suffix), ("x-pregon", "1")],
        &[("origin", &wrong_port), ("x-pregon", "1")],
        &[("origin", ""), ("x-pregon", "1"), ("referer", url())],
    ];
    for headers in forged {
        let all: Vec<(&str, &str)> =
            [headers, &[("cookie", cookie.as_str()), ("content-type", "application/json")]].concat();
        let raw = send("POST", &path, &all, &body);
        assert_eq!(Refusal::from(raw.read::<Value>(&path).unwrap_err()), Refusal::ForeignRequest, "{headers:?}");
    }
    assert_eq!(author.read(&draft.post.id).post.stage.name(), StageName::Draft);
}

#[test]
fn the_way_back_from_a_network_leads_to_the_desk_and_nowhere_else() {
    let administrator = Town::found("Villa de la Puerta Giratoria").administrator();
    let elsewhere = [
        "code=x&state=y&redirect_uri=https%3A%2F%2Fevil.example%2F&next=%2F%2Fevil.example&returnTo=https://evil.example",
        "code=https%3A%2F%2Fevil.example&state=%2F%2Fevil.example&iss=https%3A%2F%2Fevil.example",
        "code=x&state=%0D%0ALocation%3A%20https%3A%2F%2Fevil.example",
        "state=//evil.example",
        "",
    ];
    let declined = ["error=https%3A%2F%2Fevil.example%2F%0D%0A&error_description=evil.example&state=y"];
    let networks =
        ["mastodon", "bluesky", "facebook", "x", "threads", "instagram", "linkedin", "tumblr", "youtube", "tiktok"];
    for network in networks {
        // Each Mastodon server has one of its own.
        let whose = if network == "mastodon" { "/0123456789abcdef" } else { "" };
        let land = |query: &str| {
            let path = format!("/api/channels/{network}/return{whose}?{query}");
            let landed = administrator.raw(Method::Get, &path, b"");
            landed.header("location").to_owned()
        };
        for query in elsewhere {
            assert_eq!(land(query), "/desk/channels?refused=spent_link", "{network} {query}");
        }
        for query in declined {
            assert_eq!(land(query), "/desk/channels?refused=declined", "{network} {query}");
        }
    }
    assert_eq!(administrator.ok(&channels::CHANNELS, &[], &Nothing {}).len(), 1, "only the noticeboard");
}

#[test]
fn a_forged_session_opens_nothing() {
    let town = Town::found("Villa con Cerradura");
    let author = town.author();
    let mut one_off = author.session.clone();
    let last = if one_off.ends_with('A') { 'B' } else { 'A' };
    one_off.pop();
    one_off.push(last);
    let hash = domain::record::sha256_hex(author.session.as_bytes());
    for session in ["", "x", &one_off, &hash, "'; DROP TABLE session; --"] {
        let raw = send_as(Some(session), Method::Get, "/api/posts", b"");
        assert_eq!(raw.status, 401, "{session}");
    }
    let session_id = author.me.session.to_string();
    assert_eq!(send_as(Some(&session_id), Method::Get, "/api/posts", b"").status, 401, "its name is not its secret");
}

#[test]
fn every_answer_carries_the_headers_that_protect_it() {
    let town = Town::found("Villa Blindada");
    let author = town.author();
    let answers: [Raw; 3] = [
        author.raw(Method::Get, "/api/posts", b""),
        send_as(None, Method::Get, "/api/posts", b""),
        send_as(None, Method::Get, "/api/health", b""),
    ];
    for raw in &answers {
        assert_eq!(raw.header("x-content-type-options"), "nosniff");
        assert_eq!(raw.header("referrer-policy"), "no-referrer");
        assert!(raw.header("strict-transport-security").contains("max-age="));
        assert!(raw.header("content-security-policy").contains("default-src 'none'"));
        assert_eq!(raw.header("cache-control"), "no-store");
    }
    let cookie = send_as(
        None,
        Method::Post,
        "/api/rehearsal/sign-in",
        json!({ "member": author.me.member }).to_string().as_bytes(),
    );
    let set = cookie.header("set-cookie");
    for part in ["__Host-pregon=", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(set.contains(part), "{set}");
    }
}

#[test]
fn a_method_that_a_path_does_not_have_does_nothing() {
    let town = Town::found("Villa de los Métodos");
    let author = town.author();
    let draft = author.write(&town.notice("Quieto."));
    for method in [Method::Delete, Method::Post] {
        let raw = author.raw(method, &format!("/api/posts/{}", draft.post.id), b"{}");
        assert!(matches!(raw.status, 404 | 405), "{}: {}", verb(method), raw.status);
    }
    assert_eq!(author.read(&draft.post.id).post, draft.post);
}

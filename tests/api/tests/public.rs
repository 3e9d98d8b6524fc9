//! The public pages: what citizens and programs read, without a session, and what they must not.

use api_journeys::{Member, Raw, Town, because, eventually, id, send};
use domain::{Event, Language, Millis, delivery::PublicationState};
use serde_json::Value;
use wire::posts::{self, PostView};

fn get(path: &str) -> Raw {
    send("GET", path, &[("accept-language", "es")], b"")
}

fn out(town: &Town, content: &domain::Content) -> (Member, PostView) {
    let (author, mayor) = (town.author(), town.mayor());
    let approved = mayor.approve(&author.submit(&author.write(content)));
    author.release(&approved);
    let out = author.wait_for(&approved.post.id, PublicationState::Out);
    (author, out)
}

#[test]
fn a_notice_is_read_on_the_board_on_its_own_page_and_in_every_feed() {
    let town = Town::found("Villa Pública");
    let slug = &town.founded.slug;
    let (_, post) = out(&town, &town.notice("Mañana <no> hay agua & luz en la calle Mayor."));
    let page = get(&format!("/{slug}/posts/{}", post.post.id));
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Mañana &lt;no&gt; hay agua &amp; luz"), "escaped, and there");
    assert!(page.text().contains("<html lang=\"es\""), "{}", &page.text()[..200]);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    assert!(!page.text().contains("<script"), "no script on a public page");

    let board = get(&format!("/{slug}/"));
    assert!(board.text().contains("Corte de agua"));
    assert!(board.body.len() <= 30_000, "{} bytes", board.body.len());
    assert_eq!(get(&format!("/{slug}")).status, 308);

    let json = get(&format!("/{slug}/feed.json"));
    let feed: Value = serde_json::from_slice(&json.body).unwrap();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["items"].as_array().unwrap().len(), 1, "once");
    assert!(feed["items"][0]["url"].as_str().unwrap().ends_with(&format!("/{slug}/posts/{}", post.post.id)));
    let atom = get(&format!("/{slug}/feed.atom"));
    assert!(atom.header("content-type").starts_with("application/atom+xml"));
    let text = atom.text();
    assert_eq!(text.matches("<entry").count(), 1);
    well_formed(&text);
    let accounts: Value = serde_json::from_slice(&get(&format!("/{slug}/accounts.json")).body).unwrap();
    assert!(accounts.to_string().contains("noticeboard") || accounts.to_string().contains(slug.as_str()));
    assert_eq!(get("/.well-known/pregon-accounts.json").status, 200);
}

/// Tags open and close in order, and no ampersand stands alone: what a strict reader trips over first.
fn well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    for piece in xml.split('<').skip(1) {
        let tag = piece.split('>').next().unwrap();
        if tag.starts_with('?') || tag.starts_with('!') || tag.ends_with('/') {
            continue;
        }
        let name = tag.trim_start_matches('/').split_whitespace().next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<&str>::new());
    for after in xml.split('&').skip(1) {
        assert!(after.split(';').next().is_some_and(|name| name.len() <= 6), "a lone ampersand: {after}");
    }
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    let town = Town::found("Villa Ahorradora");
    let (_, post) = out(&town, &town.notice("Cambia el horario del autobús."));
    let slug = &town.founded.slug;
    for path in [
        format!("/{slug}/"),
        format!("/{slug}/posts/{}", post.post.id),
        format!("/{slug}/feed.json"),
        format!("/{slug}/feed.atom"),
    ] {
        let first = get(&path);
        let tag = first.header("etag").to_owned();
        assert!(!tag.is_empty() && first.header("cache-control").contains("public"), "{path}");
        let again = send("GET", &path, &[("accept-language", "es"), ("if-none-match", &tag)], b"");
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, tag.as_str()), "{path}");
        let other = send("GET", &path, &[("accept-language", "es"), ("if-none-match", "\"another\"")], b"");
        assert_eq!(other.status, 200, "{path}");
    }
}

#[test]
fn nothing_is_public_before_it_is_out() {
    let town = Town::found("Villa Callada");
    let (author, mayor) = (town.author(), town.mayor());
    let approved = mayor.approve(&author.submit(&author.write(&town.notice("Secreto hasta el lunes."))));
    author.place(&approved, author.wall(town.now(), Millis::days(3)));
    let slug = &town.founded.slug;
    assert_eq!(get(&format!("/{slug}/posts/{}", approved.post.id)).status, 404);
    for path in
        [format!("/{slug}/"), format!("/{slug}/feed.json"), format!("/{slug}/feed.atom"), format!("/{slug}/events.ics")]
    {
        let page = get(&path);
        assert_eq!(page.status, 200);
        assert!(!page.text().contains("Secreto"), "{path}");
    }
}

#[test]
fn what_was_taken_down_is_gone_and_says_so() {
    let town = Town::found("Villa que Retira");
    let (author, post) = out(&town, &town.notice("El teléfono de la vecina."));
    let slug = &town.founded.slug;
    author.ok(&posts::TAKE_DOWN, &[id(&post)], &because(&post, "Llevaba un dato personal."));
    author.wait_for(&post.post.id, PublicationState::TakenDown);
    let page = get(&format!("/{slug}/posts/{}", post.post.id));
    assert_eq!(page.status, 410);
    for path in [
        format!("/{slug}/posts/{}", post.post.id),
        format!("/{slug}/"),
        format!("/{slug}/feed.json"),
        format!("/{slug}/feed.atom"),
    ] {
        let text = get(&path).text();
        assert!(!text.contains("El teléfono de la vecina") && !text.contains("dato personal"), "{path}");
    }
}

#[test]
fn a_correction_is_shown_with_the_time_it_was_made() {
    let town = Town::found("Villa Corregida");
    let (author, post) = out(&town, &town.notice("El pleno es el jueves."));
    let correct = posts::Correct {
        version: post.post.version,
        content: town.notice("El pleno es el viernes."),
        reason: "Error.".to_owned(),
        checked: None,
    };
    let proposed = author.ok(&posts::CORRECT, &[id(&post)], &correct);
    let path = format!("/{}/posts/{}", town.founded.slug, post.post.id);
    assert!(get(&path).text().contains("jueves"), "not before it is approved");
    town.mayor().approve(&proposed);
    let text =
        eventually("the correction on the page", || Some(get(&path).text()).filter(|text| text.contains("viernes")));
    assert!(!text.contains("El pleno es el jueves"));
    assert!(text.contains("Corregid"), "it says that it was corrected");
}

#[test]
fn an_event_is_in_the_agenda_and_in_the_calendar() {
    let town = Town::found("Villa en Fiestas");
    let start = town.now().plus(Millis::days(10));
    let mut content = town.notice("Verbena en la plaza.");
    content.kind = domain::Kind::Event;
    content.event = Some(Event {
        start,
        end: Some(start.plus(Millis::hours(3))),
        place: "Plaza Mayor, 1; soportales".to_owned(),
        cancelled: false,
    });
    let (_, post) = out(&town, &content);
    let slug = &town.founded.slug;
    assert!(get(&format!("/{slug}/events")).text().contains("Corte de agua"));
    for path in [format!("/{slug}/events.ics"), format!("/{slug}/posts/{}/event.ics", post.post.id)] {
        let calendar = get(&path);
        assert!(calendar.header("content-type").starts_with("text/calendar"));
        let text = calendar.text();
        assert_eq!((text.matches("BEGIN:VEVENT").count(), text.matches("END:VEVENT").count()), (1, 1));
        assert!(text.lines().all(|line| line.len() <= 76), "folded at 75 octets");
        assert!(text.replace("\r\n ", "").contains("Plaza Mayor\\, 1\\; soportales"), "escaped: {text}");
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    }
}

#[test]
fn both_languages_stand_side_by_side() {
    let town = Town::found("Villa de Dos Lenguas");
    let mut content = town.notice("Mañana no hay agua.");
    content.texts.insert(Language::english(), "There is no water tomorrow.".to_owned());
    content.targets[0].languages.push(Language::english());
    let (author, post) = out(&town, &content);
    eventually("both to be out", || {
        author.read(&post.post.id).publications.iter().all(|one| one.state == PublicationState::Out).then_some(())
    });
    let path = format!("/{}/posts/{}", town.founded.slug, post.post.id);
    let text = get(&path).text();
    assert!(text.contains("Mañana no hay agua.") && text.contains("There is no water tomorrow."));
    assert!(text.contains("lang=\"es\"") && text.contains("lang=\"en\""));
    let feed: Value = serde_json::from_slice(&get(&format!("/{}/feed.json", town.founded.slug)).body).unwrap();
    assert_eq!(feed["items"].as_array().unwrap().len(), 1, "one post, one entry");
}

#[test]
fn only_pictures_that_are_out_are_shown_and_only_at_their_own_town() {
    let town = Town::found("Villa de las Fotos");
    let other = town.neighbour("Villa Vecina");
    let author = town.author();
    let shown = crate::media::stored(&author, &crate::media::png(20, 11));
    let hidden = crate::media::stored(&author, &crate::media::png(21, 11));
    let mut content = town.notice("La fuente nueva.");
    content.pictures.push(crate::media::picture(&shown, "Una fuente de piedra con dos caños en la plaza."));
    let (_, post) = out(&town, &content);
    let (slug, theirs) = (&town.founded.slug, &other.founded.slug);
    let picture = get(&format!("/{slug}/media/{}", shown.id));
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
    assert_eq!(picture.header("x-content-type-options"), "nosniff");
    assert!(picture.header("content-security-policy").contains("sandbox"));
    assert!(get(&format!("/{slug}/posts/{}", post.post.id)).text().contains("Una fuente de piedra con dos caños"));
    assert_eq!(get(&format!("/{slug}/media/{}", hidden.id)).status, 404, "stored, but never shown");
    assert_eq!(get(&format!("/{theirs}/media/{}", shown.id)).status, 404);
    assert_eq!(get(&format!("/{theirs}/posts/{}", post.post.id)).status, 404);
    author.ok(&posts::TAKE_DOWN, &[id(&post)], &because(&author.read(&post.post.id), "Sin permiso."));
    author.wait_for(&post.post.id, PublicationState::TakenDown);
    assert_eq!(get(&format!("/{slug}/media/{}", shown.id)).status, 404, "taken down with the post");
}

#[test]
fn the_daily_head_of_the_record_is_public_and_is_the_chains() {
    let town = Town::found("Villa Verificable");
    let (author, _) = out(&town, &town.notice("Se abre el plazo de matrícula."));
    let kept = crate::record::whole_chain(&author, &town);
    let list: Value = serde_json::from_slice(&get(&format!("/{}/record.json", town.founded.slug)).body).unwrap();
    let day = &list["days"][0];
    let entry = &kept[day["seq"].as_u64().unwrap() as usize - 1];
    assert_eq!(day["chain"], entry.chain.as_str());
    let feed = get(&format!("/{}/feed.json", town.founded.slug)).text();
    assert!(feed.contains("_pregon_record") && !feed.contains(&entry.chain), "a feed tells of days that are over");
    assert!(!list.to_string().contains("matrícula"), "digests, not bodies");
}

#[test]
fn an_address_of_nothing_is_a_page_that_helps() {
    let town = Town::found("Villa Perdida");
    for path in
        ["/no-hay-tal-villa/", "/no-hay-tal-villa/posts/00000000000000000000000000", "/..%2f..%2fetc/", "/a/b/c/d"]
    {
        let page = get(path);
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text().contains("<h1"), "{path}");
    }
    let slug = &town.founded.slug;
    assert_eq!(get(&format!("/{slug}/posts/%00%01")).status, 404);
    assert_eq!(get(&format!("/{slug}/?before=%3Cscript%3Ealert(1)%3C/script%3E")).text().matches("<script").count(), 0);
}

#[test]
fn the_page_that_verifies_runs_one_script_and_asks_nobody_else() {
    let page = get("/verify");
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.contains("/public/verify.js;") && policy.contains("connect-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("script-src 'self'"), "{policy}");
    assert_eq!(page.text().matches("<script").count(), 1);
    let script = get("/public/verify.js");
    assert!(script.header("content-type").starts_with("text/javascript"), "{}", script.header("content-type"));
    assert_eq!(script.header("x-content-type-options"), "nosniff");
}

//! A post that begins with a page: what a page says of itself is read through the one door to foreign addresses, and each way in which it
//! cannot be has a name. Its server is this journey's own.

use api_journeys::{
    Member, Town,
    elsewhere::{Elsewhere, Says},
};
use domain::{
    Language, Refusal, Role,
    webpage::{Flaw, Page},
};
use wire::webpages::{READ_PAGE, ReadPage};

const HTML: &str = "text/html; charset=utf-8";

/// A page of a town, with this at its head.
pub fn page(head: &str) -> Vec<u8> {
    format!("<!doctype html><html lang=\"es-ES\"><head>{head}</head><body><h1>Secreto</h1></body></html>").into_bytes()
}

fn read(by: &Member, address: &str) -> Result<Page, Refusal> {
    by.ask(&READ_PAGE, &[], &ReadPage { address: address.to_owned() }).map_err(Refusal::from)
}

fn flaw(by: &Member, address: &str) -> Flaw {
    match read(by, address) {
        Err(Refusal::BadPage { flaw }) => flaw,
        other => panic!("{address}: {other:?}"),
    }
}

#[test]
fn a_page_is_read_by_what_it_says_of_itself() {
    let town = Town::alone("Villa de los Enlaces");
    let author = town.author();
    let news = page(
        "<title>Obras | Villa</title><meta property=\"og:title\" content=\"Obras en la calle Mayor\">
         <meta property=\"og:site_name\" content=\"Villa\"><link rel=canonical href=\"/noticias/obras\">
         <meta name=description content=\"Empiezan el lunes. Duran dos semanas. La calle queda cor\u{202e}\">
         <meta property=\"og:image\" content=\"foto.png\"><meta property=\"article:published_time\" content=\"2026-05-03T09:00\">",
    );
    let old = b"<title>A\xF1o nuevo</title><meta property='og:image' content='http://10.0.0.1/a.png'>".to_vec();
    let photo = crate::media::png(8, 5);
    let server = Elsewhere::saying(Says::Pages(vec![
        ("/n/1?utm_source=x", HTML, news),
        ("/n/foto.png", "image/png", photo),
        ("/viejo", "text/html; charset=iso-8859-1", old),
        ("/mudo", HTML, page("<meta name=description content=Nada>")),
        ("/bando.pdf", "application/pdf", b"%PDF-1.7".to_vec()),
        ("/disfrazado", HTML, b"%PDF-1.7".to_vec()),
        ("/datos", "application/json", b"{}".to_vec()),
    ]));
    let found = read(&author, &server.at("/n/1?utm_source=x")).unwrap();
    assert_eq!(found.address, server.at("/noticias/obras"), "where it says that it is, on its own site");
    assert_eq!((found.title.as_str(), found.site.as_str()), ("Obras en la calle Mayor", "Villa"));
    assert_eq!(found.description, "Empiezan el lunes. Duran dos semanas.");
    assert_eq!(found.language, "es-es".parse::<Language>().ok());
    assert_eq!(found.published.map(|day| day.to_string()).as_deref(), Some("2026-05-03"));
    assert!(found.picture.is_some_and(|picture| picture.starts_with("data:image/png;base64,")));

    // An older page in other letters; its picture leads inside, and is asked for by nobody.
    let found = read(&author, &server.at("/viejo")).unwrap();
    assert_eq!((found.title.as_str(), found.picture, found.address), ("Año nuevo", None, server.at("/viejo")));

    // Sent on, it is where one arrives.
    let way = Elsewhere::saying(Says::SendsOn(server.at("/viejo")));
    assert_eq!(read(&author, &way.at("/corto")).unwrap().address, server.at("/viejo"));

    assert_eq!(flaw(&author, &server.at("/nada")), Flaw::Missing);
    assert_eq!(flaw(&author, &server.at("/mudo")), Flaw::Untitled);
    assert_eq!(flaw(&author, &server.at("/datos")), Flaw::NotAPage);
    for pdf in ["/bando.pdf", "/disfrazado"] {
        assert_eq!(flaw(&author, &server.at(pdf)), Flaw::Document, "{pdf}");
    }
    server.say(Says::Status(503));
    assert_eq!(flaw(&author, &server.at("/")), Flaw::Says { status: 503 });
    server.say(Says::Floods);
    assert_eq!(flaw(&author, &server.at("/")), Flaw::TooLarge);
    server.say(Says::SendsOn("https://169.254.169.254/latest".to_owned()));
    assert_eq!(read(&author, &server.at("/")), Err(Refusal::ForbiddenAddress));
}

#[test]
fn only_who_writes_may_have_pages_read_and_none_that_lie_inside() {
    let town = Town::alone("Villa de las Puertas");
    let author = town.author();
    for inside in
        ["http://villa.es", "https://10.0.0.1/", "https://intranet/", "https://user:secret@villa.es/", "javascript://a"]
    {
        assert_eq!(read(&author, inside), Err(Refusal::ForbiddenAddress), "{inside}");
    }
    let malformed = Refusal::Malformed { field: "address".to_owned() };
    assert_eq!((read(&author, " "), read(&author, "a b")), (Err(malformed.clone()), Err(malformed)));
    assert!(matches!(read(&author, &"x".repeat(3_000)), Err(Refusal::TooLarge { limit: 2_048, .. })));
    let server = Elsewhere::saying(Says::Pages(vec![("/", HTML, page("<title>Pleno</title>"))]));
    for role in [Role::Records, Role::Approver] {
        assert!(matches!(read(&town.member(role), &server.at("/")), Err(Refusal::NotAllowed { .. })), "{role:?}");
    }
    // Thirty in ten minutes, and then no more: each is a call to wherever somebody says.
    for _ in 0..30 {
        assert_eq!(read(&author, &server.at("/")).unwrap().title, "Pleno");
    }
    assert!(matches!(read(&author, &server.at("/")), Err(Refusal::TooMany { .. })));
}

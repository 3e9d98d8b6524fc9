//! The addresses from which networks fetch pictures: each opens one picture, for a while, to whoever has it, and nothing else.

use api_journeys::{
    Raw, Town, abroad,
    outside::{Sandbox, agree_at_network, instagram_app, notice_on, publish},
    secrets, url,
};
use domain::Millis;

use crate::{
    media::{jpeg, picture, stored_jpeg},
    pulling::addresses,
};

const NEW: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

fn asked(address: &str) -> Raw {
    abroad("GET", address, &[], b"")
}

/// What is there if nothing is.
fn nothing() -> Raw {
    asked(&format!("{}/m/nothing", url()))
}

fn is_nothing(address: &str) -> bool {
    let (raw, nothing) = (asked(address), nothing());
    assert_eq!(nothing.status, 404);
    (raw.status, raw.body) == (404, nothing.body)
}

#[test]
fn a_signed_address_opens_one_picture_for_a_day_and_an_hour() {
    let (town, sandbox) = (Town::alone("Villa de las Direcciones"), Sandbox::start());
    secrets::keep(NEW);
    sandbox.stands_for_facebook(&town);
    let made = agree_at_network(&town.administrator(), &instagram_app(None)).unwrap();
    let author = town.author();
    let bytes = jpeg(100, 100, 7);
    let (first, other) = (stored_jpeg(&author, &bytes), stored_jpeg(&author, &jpeg(100, 100, 8)));
    let mut content = notice_on(&town, &made, "La plaza.");
    content.pictures.push(picture(&first, "La plaza."));
    publish(&town, &content);
    let [address] = &addresses(&sandbox)[..] else { panic!("one picture, one address") };

    let shown = asked(address);
    assert_eq!((shown.status, &shown.body), (200, &bytes), "without a session");
    assert_eq!(shown.headers["content-type"], "image/jpeg");
    assert_eq!(shown.headers["cache-control"], "no-store", "no cache keeps it past its end");
    assert_eq!(shown.headers["x-robots-tag"], "noindex, nofollow");
    assert_eq!(shown.headers["content-security-policy"], "default-src 'none'; sandbox");
    let robots = asked(&format!("{}/robots.txt", url())).text();
    assert!(!robots.contains("/m/"), "whoever fetches it may be a robot that reads this: {robots}");

    // Whatever is changed, nothing is there: not the organisation, not the picture, not the end, not the signature.
    let signed = address.rsplit('/').next().unwrap();
    let [organisation, media, ends, signature] = signed.split('-').collect::<Vec<_>>()[..] else { panic!("{signed}") };
    assert_eq!((organisation, media), (town.founded.organisation.as_str(), first.id.as_str()));
    let neighbour = town.neighbour("Villa de al Lado").founded.organisation.to_string();
    let later = (ends.parse::<i64>().unwrap() + 3_600).to_string();
    let last = if signature.ends_with('0') { "1" } else { "0" };
    for (part, changed) in [
        (organisation, neighbour.as_str()),
        (media, other.id.as_str()),
        (ends, &later),
        (signature, &format!("{}{last}", &signature[..63])),
        (signature, &"0".repeat(64)),
        (signature, &signature.to_uppercase()),
        (signature, ""),
    ] {
        assert!(is_nothing(&address.replace(part, changed)), "{part} as {changed}");
    }
    for other in [format!("{address}-"), format!("{address}/"), format!("{address}?x=1").replace("/m/", "/m/x")] {
        assert_eq!(asked(&other).status, 404, "{other}");
    }
    assert_ne!(abroad("POST", address, &[], b"").status, 200, "there is only something to read");

    // A new key signs the next ones; what an old one signed holds as long as that key is there.
    town.change_keys(NEW, &[""]);
    assert_eq!(asked(address).status, 200);
    town.change_keys(NEW, &[]);
    assert!(is_nothing(address));
    town.change_keys("", &[]);
    town.ahead(Millis::minutes(24 * 60 + 55));
    assert_eq!(asked(address).status, 200);
    town.ahead(Millis::minutes(25 * 60 + 1));
    assert!(is_nothing(address), "it is over");
}

//! What a post may be at the most, at the edge: exactly that goes out, and one more is refused by the rule and, sent without it, by
//! the network's own server alike.

use api_journeys::{
    abroad,
    outside::{notice_on, publish},
};
use domain::{
    Content, Network,
    policy::{Evidence, Rule},
    text::graphemes,
};
use serde_json::{Value, json};
use wire::posts;

use super::{Account, town};
use crate::media;

/// One character of a reader's, and twenty-five bytes.
const FAMILY: &str = "👨‍👩‍👧‍👦";

/// Somebody else's program at the account, with nobody's rules but the server's.
struct Bare<'a> {
    account: &'a Account,
    bearer: String,
}

impl<'a> Bare<'a> {
    fn sign_in(account: &'a Account) -> Self {
        let session = account.ask("session", &json!({}));
        Self { account, bearer: format!("Bearer {}", session["access"].as_str().unwrap()) }
    }

    fn call(&self, method: &str, mime: &str, body: &[u8]) -> (u16, Value) {
        let address = format!("{}/xrpc/com.atproto.repo.{method}", self.account.server);
        let raw = abroad("POST", &address, &[("authorization", &self.bearer), ("content-type", mime)], body);
        (raw.status, serde_json::from_slice(&raw.body).unwrap())
    }

    /// Makes a post of this and no more; answers the status, and why not.
    fn post(&self, mut record: Value) -> (u16, String) {
        record["$type"] = "app.bsky.feed.post".into();
        record["createdAt"] = "2026-01-01T00:00:00.000Z".into();
        let body = json!({ "repo": self.account.did, "collection": "app.bsky.feed.post", "record": record });
        let (status, answer) = self.call("createRecord", "application/json", body.to_string().as_bytes());
        (status, answer["message"].as_str().unwrap_or_default().to_owned())
    }

    fn say(&self, text: &str) -> (u16, String) {
        self.post(json!({ "text": text }))
    }
}

/// The call is refused, and for this reason.
fn assert_refused(said: &(u16, String), why: &str) {
    assert!(said.0 == 400 && said.1.contains(why), "{said:?}, and not: {why}");
}

#[test]
fn three_hundred_characters_and_three_thousand_bytes_go_out_and_one_more_of_either_does_not() {
    let (town, account, channel) = town("Villa al Borde del Cielo");
    let (author, bare) = (town.author(), Bare::sign_in(&account));
    let length = |text: &str| {
        let found = author.ok(&posts::CHECK, &[], &notice_on(&town, &channel, text));
        found.into_iter().find(|finding| finding.rule == Rule::Length).map(|finding| finding.evidence)
    };
    // An address counts as it is written.
    let link = "https://villa.example/agenda?a=1&b=2";
    let both = |letters: usize, signs: usize, families: usize| {
        format!("{} {link} {}{}", "a".repeat(letters - link.len() - 2), "日".repeat(signs), FAMILY.repeat(families))
    };
    let full = both(182, 6, 112);
    assert_eq!((graphemes(&full), full.len()), (300, 3_000), "both at once");
    let heavy = full.replacen('a', "ñ", 1);
    let long = both(184, 6, 111);
    assert_eq!((graphemes(&heavy), heavy.len(), graphemes(&long), long.len()), (300, 3_001, 301, 2_977));
    assert_eq!(length(&full), None);
    assert_eq!(length(&heavy), Some(Evidence::Heavier { limit: 3_000, bytes: 3_001 }));
    assert_eq!(length(&long), Some(Evidence::Over { limit: 300, count: 301 }));
    publish(&town, &notice_on(&town, &channel, &full));
    let there = account.posts().remove(0);
    assert_eq!((&there["text"], &there["graphemes"]), (&json!(full), &json!(300)), "by the network's own count");
    assert_refused(&bare.say(&heavy), "string too big (maximum 3000, got 3001)");
    assert_refused(&bare.say(&long), "grapheme too big (maximum 300, got 301)");

    // What a reader takes for one sign is one to both.
    for one in ["a", "日", "🇪🇸", "o\u{323}\u{308}", "👍🏽", "1️⃣", "\u{928}\u{93F}"] {
        let (fits, over) = (one.repeat(300), one.repeat(301));
        assert_eq!((length(&fits), bare.say(&fits).0), (None, 200), "{one}");
        assert_eq!(length(&over), Some(Evidence::Over { limit: 300, count: 301 }), "{one}");
        assert_refused(&bare.say(&over), "grapheme too big (maximum 300, got 301)");
    }
}

#[test]
fn four_pictures_of_two_megabytes_are_taken_and_one_more_or_one_byte_more_is_not() {
    let (town, account, channel) = town("Villa de los Cuatro Carteles");
    let (author, bare) = (town.author(), Bare::sign_in(&account));
    let found = |content: &Content, rule: Rule| {
        let found = author.ok(&posts::CHECK, &[], content).into_iter();
        found.filter(|finding| finding.rule == rule).map(|finding| finding.evidence).collect::<Vec<_>>()
    };
    let mut content = notice_on(&town, &channel, "Cuatro carteles.");
    for place in 0..4 {
        let stored = media::stored(&author, &media::png(8 + place, 5));
        content.pictures.push(media::picture(&stored, &format!("El cartel número {place}.")));
    }
    assert_eq!(found(&content, Rule::PictureCount), []);
    publish(&town, &content);
    assert_eq!(account.posts()[0]["images"].as_array().unwrap().len(), 4);
    let last = content.pictures[3].clone();
    let mut heavy = content.clone();
    content.pictures.push(last);
    assert_eq!(found(&content, Rule::PictureCount), [Evidence::Over { limit: 4, count: 5 }]);
    heavy.pictures[0].bytes = 2_000_001;
    assert_eq!(found(&heavy, Rule::PictureSize), [Evidence::Heavier { limit: 2_000_000, bytes: 2_000_001 }]);

    let blob = |bytes: usize| {
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        file.resize(bytes, 7);
        let (status, answer) = bare.call("uploadBlob", "image/png", &file);
        assert_eq!(status, 200, "{answer}");
        answer["blob"].clone()
    };
    let with = |blob: &Value, count: usize| {
        let images = vec![json!({ "alt": "", "image": blob }); count];
        bare.post(json!({ "text": "", "embed": { "$type": "app.bsky.embed.images", "images": images } }))
    };
    let exact = blob(2_000_000);
    assert_eq!(with(&exact, 4).0, 200);
    assert_refused(&with(&exact, 5), "array too big (maximum 4, got 5)");
    assert_refused(&with(&blob(2_000_001), 1), "blob too big (maximum 2000000, got 2000001)");

    // Of languages a post has three at the most; Pregón says one.
    assert_eq!(Network::Bluesky.limits().languages, 3);
    let speaking = |languages: &[&str]| bare.post(json!({ "text": "Tres lenguas.", "langs": languages }));
    assert_eq!(speaking(&["es", "ca", "eu"]).0, 200);
    assert_refused(&speaking(&["es", "ca", "eu", "gl"]), "array too big (maximum 3, got 4)");
}

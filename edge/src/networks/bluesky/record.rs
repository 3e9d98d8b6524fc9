//! A post as Bluesky keeps it: the text, what is clickable in it by UTF-8 bytes, and what hangs below it.
//! Separate because it is pure: what a network is sent can be read here without a network.

use std::collections::BTreeMap;

use domain::{
    Moment, Network, Rendition, Replies, json,
    text::{self, SpanKind},
};
use serde_json::{Map, Value};

/// The most of a tag that the lexicon takes, in graphemes.
const TAG: u32 = 64;

/// What is clickable. A mention that is nobody's stays plain text.
pub fn facets(text: &str, dids: &BTreeMap<String, String>) -> Vec<Value> {
    let feature = |span: &text::Span| {
        let name = span.name(text);
        match span.kind {
            SpanKind::Link => Some(json!({ "$type": "app.bsky.richtext.facet#link", "uri": name })),
            SpanKind::Hashtag => {
                (text::graphemes(name) <= TAG).then(|| json!({ "$type": "app.bsky.richtext.facet#tag", "tag": name }))
            }
            SpanKind::Mention => {
                let did = dids.get(name)?;
                Some(json!({ "$type": "app.bsky.richtext.facet#mention", "did": did }))
            }
        }
    };
    let facet = |span: text::Span| {
        let feature = feature(&span)?;
        let index = json!({ "byteStart": span.start, "byteEnd": span.end });
        Some(json!({ "$type": "app.bsky.richtext.facet", "index": index, "features": [feature] }))
    };
    text::spans(text).into_iter().filter_map(facet).collect()
}

/// What hangs below the text: the video with its captions, or the pictures, else a card of the link. `blobs` are what `uploadBlob`
/// answered, in order.
fn embed(rendition: &Rendition, blobs: &[Value]) -> Option<Value> {
    if let Some((video, blob)) = rendition.video.as_ref().zip(blobs.first()) {
        let ratio = json!({ "width": video.width, "height": video.height });
        let mut embed =
            json!({ "$type": "app.bsky.embed.video", "video": blob, "alt": video.alt, "aspectRatio": ratio });
        if let Some(file) = blobs.get(1) {
            let caption = json!({ "lang": rendition.language.as_str(), "file": file });
            embed["captions"] = json!([caption]);
        }
        return Some(embed);
    }
    if !blobs.is_empty() {
        let image = |(picture, blob): (&domain::RenderedPicture, &Value)| {
            let ratio = json!({ "width": picture.width, "height": picture.height });
            json!({ "image": blob, "alt": picture.alt, "aspectRatio": ratio })
        };
        let images: Vec<Value> = rendition.pictures.iter().zip(blobs).map(image).collect();
        return Some(json!({ "$type": "app.bsky.embed.images", "images": images }));
    }
    let link = rendition.link.as_deref()?;
    let title = rendition.title.as_deref().unwrap_or_else(|| host_of(link));
    // We fetch nothing from the linked page: its title and picture would be words that nobody approved.
    let external = json!({ "uri": link, "title": title, "description": "" });
    Some(json!({ "$type": "app.bsky.embed.external", "external": external }))
}

fn host_of(link: &str) -> &str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// The record. Everything in it is the same at every try, so a repeat is the same record.
pub fn post(rendition: &Rendition, dids: &BTreeMap<String, String>, blobs: &[Value], created: Moment) -> Value {
    let text = rendition.as_sent(Network::Bluesky);
    let mut record = Map::new();
    record.insert("$type".to_owned(), "app.bsky.feed.post".into());
    record.insert("createdAt".to_owned(), created.to_rfc3339().into());
    record.insert("langs".to_owned(), json!([rendition.language.as_str()]));
    let facets = facets(&text, dids);
    if !facets.is_empty() {
        record.insert("facets".to_owned(), facets.into());
    }
    if let Some(embed) = embed(rendition, blobs) {
        record.insert("embed".to_owned(), embed);
    }
    record.insert("text".to_owned(), text.into());
    record.into()
}

/// The record that says who may reply to the post at an address; none where everybody may. No rule at all lets nobody.
pub fn gate(replies: Replies, post: &str, created: Moment) -> Option<Value> {
    let rule = match replies.sent(Network::Bluesky)? {
        Replies::Everybody => return None,
        Replies::Following => Some("app.bsky.feed.threadgate#followingRule"),
        Replies::Mentioned => Some("app.bsky.feed.threadgate#mentionRule"),
        Replies::Nobody => None,
    };
    let allow: Vec<Value> = rule.into_iter().map(|rule| json!({ "$type": rule })).collect();
    let created = created.to_rfc3339();
    Some(json!({ "$type": "app.bsky.feed.threadgate", "post": post, "allow": allow, "createdAt": created }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Language, MediaId, PictureType, RenderedPicture};

    fn rendition(text: &str) -> Rendition {
        Rendition {
            language: Language::spanish(),
            title: None,
            text: text.to_owned(),
            warning: None,
            pictures: Vec::new(),
            video: None,
            document: None,
            link: None,
            event: None,
            showing: None,
            topic: None,
            poll: None,
            utm: None,
            contacts: None,
            pin: false,
            collaborators: None,
            mentions: None,
            story: false,
            reel: false,
            comment: None,
            replies: Replies::Everybody,
        }
    }

    fn picture() -> RenderedPicture {
        RenderedPicture {
            media: MediaId::from_bits(1),
            hash: "0".repeat(64),
            mime: PictureType::Jpeg,
            bytes: 10,
            width: 1_200,
            height: 800,
            alt: "La plaza".to_owned(),
            focus: None,
        }
    }

    #[test]
    fn facets_count_bytes_not_letters() {
        let text = "¡Mañana! 🎉 #FiestaMayor en https://town.es/agenda con @cultura.town.es y @nadie.town.es";
        let dids = BTreeMap::from([("cultura.town.es".to_owned(), "did:plc:abc".to_owned())]);
        let found = facets(text, &dids);
        let part = |facet: &Value| {
            let at = |name: &str| facet["index"][name].as_u64().unwrap() as usize;
            &text[at("byteStart")..at("byteEnd")]
        };
        let parts: Vec<&str> = found.iter().map(part).collect();
        assert_eq!(parts, ["#FiestaMayor", "https://town.es/agenda", "@cultura.town.es"]);
        assert_eq!(found[0]["features"][0]["tag"], "FiestaMayor");
        assert_eq!(found[2]["features"][0]["did"], "did:plc:abc");
    }

    #[test]
    fn a_link_becomes_a_card_unless_there_are_pictures() {
        let mut rendition = rendition("Hola");
        rendition.link = Some("https://town.es/a?b".to_owned());
        let record = post(&rendition, &BTreeMap::new(), &[], Moment(0));
        assert_eq!(record["embed"]["external"]["title"], "town.es");
        rendition.pictures = vec![picture()];
        let record = post(&rendition, &BTreeMap::new(), &[json!({ "$type": "blob" })], Moment(0));
        let image = &record["embed"]["images"][0];
        assert_eq!((&image["alt"], &image["aspectRatio"]["width"]), (&json!("La plaza"), &json!(1_200)));
        assert!(record["text"].as_str().unwrap().ends_with("https://town.es/a?b"), "the link goes into the text");
    }

    #[test]
    fn captions_hang_at_the_video_in_their_language() {
        let video = domain::RenderedVideo {
            media: MediaId::from_bits(1),
            hash: "0".repeat(64),
            mime: domain::video::VideoType::Mp4,
            bytes: 10,
            width: 640,
            height: 360,
            millis: 1_000,
            alt: "La banda".to_owned(),
            captions: None,
            poster: None,
        };
        let rendition = Rendition { video: Some(video), ..rendition("Hola") };
        let blob = |name: &str| json!({ "$type": "blob", "name": name });
        let of = |blobs: &[Value]| post(&rendition, &BTreeMap::new(), blobs, Moment(0))["embed"].clone();
        assert!(of(&[blob("film")]).get("captions").is_none());
        let embed = of(&[blob("film"), blob("words")]);
        let caption = json!({ "lang": "es", "file": blob("words") });
        assert_eq!((&embed["video"]["name"], &embed["captions"]), (&json!("film"), &json!([caption])));
    }

    #[test]
    fn a_gate_lets_in_whom_it_names_and_an_empty_one_nobody() {
        let of = |replies| gate(replies, "at://did:plc:x/app.bsky.feed.post/k", Moment(1_000));
        assert_eq!(of(Replies::Everybody), None);
        let allowed = |replies| of(replies).map(|gate| gate["allow"].clone());
        let rule = |name: &str| Some(json!([json!({ "$type": format!("app.bsky.feed.threadgate#{name}") })]));
        assert_eq!(allowed(Replies::Following), rule("followingRule"));
        assert_eq!(allowed(Replies::Mentioned), rule("mentionRule"));
        assert_eq!(allowed(Replies::Nobody), Some(Value::Array(Vec::new())));
        let gate = of(Replies::Nobody).unwrap_or_default();
        let said = (&gate["post"], &gate["createdAt"]);
        assert_eq!(said, (&json!("at://did:plc:x/app.bsky.feed.post/k"), &json!("1970-01-01T00:00:01.000Z")));
    }

    #[test]
    fn the_same_rendition_makes_the_same_record() {
        let one = post(&rendition("Hola #Pueblo"), &BTreeMap::new(), &[], Moment(1_000));
        assert_eq!(one, post(&rendition("Hola #Pueblo"), &BTreeMap::new(), &[], Moment(1_000)));
        assert_eq!((&one["createdAt"], &one["langs"]), (&json!("1970-01-01T00:00:01.000Z"), &json!(["es"])));
    }
}

//! A post in Tumblr's blocks: how it is written, and what of it is read. Separate, and pure: what goes out is made in one
//! place.

use domain::{
    Rendition, json,
    text::{SpanKind, spans, tags},
};
use serde_json::Value;

use super::super::{beside::card, listed};

/// How the parts of a post are named once they are read ([`shown`]).
pub const NAMES: listed::Names = listed::Names { words: "words", at: "at", address: "" };

/// The words as blocks, one a paragraph, in which addresses are links. Ranges count code points.
pub fn text(sent: &str) -> Vec<Value> {
    sent.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()).map(paragraph).collect()
}

fn paragraph(text: &str) -> Value {
    let mut block = json!({ "type": "text", "text": text });
    let place = |byte: usize| text[..byte].chars().count();
    let links: Vec<Value> = spans(text)
        .into_iter()
        .filter(|span| span.kind == SpanKind::Link)
        .map(|span| {
            let (start, end) = (place(span.start), place(span.end));
            json!({ "type": "link", "start": start, "end": end, "url": span.of(text) })
        })
        .collect();
    if !links.is_empty() {
        block["formatting"] = links.into();
    }
    block
}

/// The name of the part that brings a picture.
pub fn part(place: usize) -> String {
    format!("picture-{place}")
}

/// The name of the part that brings the video.
pub const FILM: &str = "video";

/// What hangs below the words: a video, pictures, or a card. With a title of its own, Tumblr reads nothing of the page behind it.
pub fn beside(rendition: &Rendition) -> Vec<Value> {
    if let Some(video) = &rendition.video {
        let media = json!({
            "type": video.mime.mime(), "identifier": FILM, "width": video.width, "height": video.height,
        });
        return vec![json!({ "type": "video", "media": media })];
    }
    let mut blocks = Vec::new();
    for (place, picture) in rendition.pictures.iter().enumerate() {
        let (mime, name) = (picture.mime.mime(), part(place));
        let media = json!({ "type": mime, "identifier": name, "width": picture.width, "height": picture.height });
        let mut block = json!({ "type": "image", "media": json!([media]) });
        if !picture.alt.is_empty() {
            block["alt_text"] = picture.alt.as_str().into();
        }
        blocks.push(block);
    }
    blocks.extend(card(rendition).map(|link| json!({ "type": "link", "url": link, "title": title(rendition, link) })));
    blocks
}

/// What stands on the card: words that somebody approved, or the host.
pub fn title<'a>(rendition: &'a Rendition, link: &'a str) -> &'a str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rendition.title.as_deref().unwrap_or_else(|| rest.split(['/', '?', '#']).next().unwrap_or(rest))
}

/// What goes out: the blocks, and the hashtags as tags.
pub fn post(content: Vec<Value>, rendition: &Rendition) -> Value {
    json!({ "content": content, "state": "published", "tags": tags(&rendition.text).join(",") })
}

/// What is read of a post: its name, its words, and when it came out.
pub fn shown(post: &Value) -> Value {
    let blocks = post["content"].as_array().map_or(&[][..], Vec::as_slice);
    let words: Vec<&str> =
        blocks.iter().filter(|block| block["type"] == "text").filter_map(|b| b["text"].as_str()).collect();
    let id = post["id_string"].as_str().or_else(|| post["id"].as_str());
    let at = post["timestamp"].as_i64().map(|seconds| seconds.saturating_mul(1_000));
    json!({ "id": id, "words": words.join("\n\n"), "at": at })
}

#[cfg(test)]
mod tests {
    use domain::{
        Language, MediaId, Moment, PictureType, RenderedPicture, RenderedVideo, delivery::Likeness, video::VideoType,
    };

    use super::*;

    fn rendition(text: &str) -> Rendition {
        Rendition {
            language: Language::spanish(),
            title: None,
            text: text.to_owned(),
            warning: None,
            pictures: Vec::new(),
            video: None,
            document: None,
            link: Some("https://town.es/a?b".to_owned()),
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
            replies: domain::Replies::Everybody,
        }
    }

    #[test]
    fn ranges_count_code_points() {
        let blocks = text("Año 👍🏽\nhttps://town.es/a.\n\n\n\nOtro párrafo");
        assert_eq!(blocks.len(), 2);
        let link = &blocks[0]["formatting"][0];
        assert_eq!((&link["start"], &link["end"]), (&json!(7), &json!(24)));
        let said = blocks[0]["text"].as_str().unwrap();
        let cut: String = said.chars().skip(7).take(17).collect();
        assert_eq!((cut.as_str(), &link["url"]), ("https://town.es/a", &json!("https://town.es/a")));
        assert_eq!(blocks[1], json!({ "type": "text", "text": "Otro párrafo" }));
    }

    #[test]
    fn pictures_leave_no_room_for_a_card() {
        let mut rendition = rendition("Hola #Pleno");
        assert_eq!(beside(&rendition)[0]["title"], "town.es");
        let picture = RenderedPicture {
            media: MediaId::from_bits(1),
            hash: "ab".to_owned(),
            mime: PictureType::Png,
            bytes: 1,
            width: 3,
            height: 2,
            alt: "La plaza".to_owned(),
            focus: None,
        };
        rendition.pictures = vec![picture];
        let blocks = beside(&rendition);
        assert_eq!((blocks.len(), &blocks[0]["alt_text"]), (1, &json!("La plaza")));
        assert_eq!(blocks[0]["media"][0]["identifier"], part(0));
        assert_eq!(post(blocks, &rendition)["tags"], "Pleno");
    }

    #[test]
    fn a_video_leaves_no_room_for_a_card_and_is_brought_by_its_name() {
        let video = RenderedVideo {
            media: MediaId::from_bits(1),
            hash: "a".repeat(64),
            mime: VideoType::Mp4,
            bytes: 9,
            width: 64,
            height: 36,
            millis: 2_000,
            alt: "La banda".to_owned(),
            captions: None,
            poster: None,
        };
        let media = json!({ "type": "video/mp4", "identifier": "video", "width": 64, "height": 36 });
        let blocks = beside(&Rendition { video: Some(video), ..rendition("Hola") });
        assert_eq!(blocks, [json!({ "type": "video", "media": media })]);
    }

    #[test]
    fn a_post_is_known_by_its_words_and_its_time() {
        let content = json!([
            json!({ "type": "text", "text": "Uno" }),
            json!({ "type": "image" }),
            json!({ "type": "text", "text": "Dos" })
        ]);
        let found = [shown(&json!({ "id_string": "7", "content": content, "timestamp": 1_000 }))];
        let ours = |text: &str, made: i64| listed::ours(&NAMES, &found, text, "", Moment(made), &[]);
        assert!(matches!(ours("Uno\n\nDos", 1_000_000), Likeness::One(_)));
        assert_eq!(ours("Uno", 1_000_000), Likeness::None);
        assert_eq!(ours("Uno\n\nDos", 2_000_000), Likeness::None, "before it was tried");
    }
}

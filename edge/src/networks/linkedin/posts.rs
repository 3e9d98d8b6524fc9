//! A post as LinkedIn's interface has it: how it is written, and what of it is read. Separate, and pure: what goes out is
//! made in one place.

use domain::{RenderedVideo, Rendition, json, record, text::little};
use serde_json::Value;

use super::super::{beside::card, listed, oauth::is_number};

/// How the parts of a post are named once they are read ([`shown`]).
pub const NAMES: listed::Names = listed::Names { words: "words", at: "at", address: "" };

/// What is said of an answer that nothing else can be said of.
pub const STRANGE: &str = "the answer is not of this network's interface";

/// A page, as the interface names it.
pub fn organisation(account: &str) -> String {
    ["urn:li:organization:", account].concat()
}

/// Whether a name is that of a post; names go into paths.
pub fn is_post(id: &str) -> bool {
    let number = id.strip_prefix("urn:li:share:").or_else(|| id.strip_prefix("urn:li:ugcPost:"));
    number.is_some_and(is_number)
}

/// Whether a name is that of a picture.
pub fn of_picture(id: &str) -> bool {
    id.strip_prefix("urn:li:image:").is_some_and(is_plain)
}

fn is_plain(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=100).contains(&name.len()) && name.bytes().all(is_plain)
}

/// Whether a name is that of a document.
pub fn of_document(id: &str) -> bool {
    id.strip_prefix("urn:li:document:").is_some_and(is_plain)
}

/// Whether a name is that of a video.
pub fn of_video(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let name = id.strip_prefix("urn:li:video:");
    name.is_some_and(|name| (1..=100).contains(&name.len()) && name.bytes().all(is_plain))
}

/// How a picture is, in a list by their names: those may stand there as they were asked for.
pub fn state<'a>(list: &'a Value, id: &str, escaped: &str) -> &'a str {
    list[id]["status"].as_str().or_else(|| list[escaped]["status"].as_str()).unwrap_or_default()
}

/// Whether a host is LinkedIn's.
pub fn is_theirs(host: &str) -> bool {
    host == "linkedin.com" || host.ends_with(".linkedin.com")
}

/// Where everybody can see a post.
pub fn address(id: &str) -> String {
    format!("https://www.linkedin.com/feed/update/{id}/")
}

/// What goes out, its words as the interface takes them, with what went up before it: the pictures, or the document.
pub fn post(account: &str, words: &str, rendition: &Rendition, hanging: &[String]) -> Value {
    let nobody: [&str; 0] = [];
    let everybody = json!({
        "feedDistribution": "MAIN_FEED", "targetEntities": nobody, "thirdPartyDistributionChannels": nobody,
    });
    let mut post = json!({
        "author": organisation(account),
        "commentary": words,
        "visibility": "PUBLIC",
        "distribution": everybody,
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": false,
    });
    if let Some(content) = content(rendition, hanging) {
        post["content"] = content;
    }
    post
}

/// What hangs below the words: a document, a picture, several, or a card. Of the page behind a card LinkedIn reads nothing.
fn content(rendition: &Rendition, hanging: &[String]) -> Option<Value> {
    if let (Some(document), [id]) = (&rendition.document, hanging) {
        return Some(json!({ "media": json!({ "id": id, "title": document.title }) }));
    }
    let mut images = Vec::new();
    for (id, picture) in hanging.iter().zip(&rendition.pictures) {
        let mut image = json!({ "id": id });
        if !picture.alt.is_empty() {
            image["altText"] = picture.alt.as_str().into();
        }
        images.push(image);
    }
    match (images.len(), card(rendition)) {
        (0, Some(link)) => {
            let article = json!({ "source": link, "title": title(rendition, link) });
            Some(json!({ "article": article }))
        }
        (0, None) => None,
        (1, _) => Some(json!({ "media": images.remove(0) })),
        _ => Some(json!({ "multiImage": json!({ "images": images }) })),
    }
}

/// A video below the words, with the heading if there is one. It leaves no room for a card.
pub fn film(id: &str, rendition: &Rendition) -> Value {
    let mut media = json!({ "id": id });
    if let Some(title) = &rendition.title {
        media["title"] = title.as_str().into();
    }
    json!({ "media": media })
}

/// What of a post with a video cannot be replaced, as a fingerprint: the video, and its title.
pub fn revision_of_film(video: &RenderedVideo, rendition: &Rendition) -> String {
    let whole = json!((&video.hash, &rendition.title));
    record::sha256_hex(whole.to_string().as_bytes()).chars().take(16).collect()
}

/// What stands on the card: words that somebody approved, or the host.
pub fn title<'a>(rendition: &'a Rendition, link: &'a str) -> &'a str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rendition.title.as_deref().unwrap_or_else(|| rest.split(['/', '?', '#']).next().unwrap_or(rest))
}

/// What is read of a post: its name, its words as readers see them, and when it came out.
pub fn shown(post: &Value) -> Value {
    let at = post["publishedAt"].as_i64().or_else(|| post["createdAt"].as_i64());
    let words = little::read(post["commentary"].as_str().unwrap_or_default());
    json!({ "id": post["id"], "words": words, "at": at })
}

#[cfg(test)]
mod tests {
    use domain::{Language, MediaId, Moment, Network, PictureType, RenderedPicture, delivery::Likeness};

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
            replies: domain::Replies::Everybody,
        }
    }

    fn whole(rendition: &Rendition, hanging: &[String]) -> Value {
        post("12", &little::written(&rendition.as_sent(Network::Linkedin)), rendition, hanging)
    }

    fn picture(alt: &str) -> RenderedPicture {
        RenderedPicture {
            media: MediaId::from_bits(1),
            hash: "ab".to_owned(),
            mime: PictureType::Png,
            bytes: 1,
            width: 1,
            height: 1,
            alt: alt.to_owned(),
            focus: None,
        }
    }

    #[test]
    fn a_name_cannot_lead_elsewhere() {
        assert!(is_post("urn:li:share:7012345678901234567") && is_post("urn:li:ugcPost:1"));
        for id in
            ["", "7012345678901234567", "urn:li:share:", "urn:li:share:1/2", "urn:li:person:1", "urn:li:share:1?a"]
        {
            assert!(!is_post(id), "{id}");
        }
        assert!(of_picture("urn:li:image:C4E10AQFoyyAjHPMQuQ"));
        assert!(!of_picture("urn:li:image:") && !of_picture("urn:li:image:a)") && !of_picture("urn:li:image:a,b"));
        assert!(is_theirs("www.linkedin.com") && !is_theirs("linkedin.com.villa.es") && !is_theirs("notlinkedin.com"));
    }

    #[test]
    fn a_picture_is_found_under_its_name_however_it_is_spelt() {
        let ready = || json!({ "status": "AVAILABLE" });
        let of = |list: Value| state(&list, "urn:li:image:a", "urn%3Ali%3Aimage%3Aa").to_owned();
        assert_eq!(of(json!({ "urn:li:image:a": ready() })), "AVAILABLE");
        assert_eq!(of(json!({ "urn%3Ali%3Aimage%3Aa": ready() })), "AVAILABLE");
        assert_eq!(of(json!({ "urn:li:image:b": ready() })), "");
    }

    #[test]
    fn a_document_goes_by_its_name_and_leaves_no_room_for_a_card() {
        let document = domain::RenderedDocument {
            media: MediaId::from_bits(2),
            hash: "cd".to_owned(),
            bytes: 9,
            pages: 1,
            title: "Acta del pleno".to_owned(),
        };
        let link = Some("https://town.es/a".to_owned());
        let linked = Rendition { link, document: Some(document), ..rendition("Hola") };
        let one = whole(&linked, &["urn:li:document:a".to_owned()]);
        assert_eq!(one["content"], json!({ "media": json!({ "id": "urn:li:document:a", "title": "Acta del pleno" }) }));
        assert!(one["commentary"].as_str().unwrap().ends_with("https://town.es/a"), "the link goes into the text");
        assert!(
            of_document("urn:li:document:C4E10AQ")
                && !of_document("urn:li:image:a")
                && !of_document("urn:li:document:a/b")
        );
    }

    #[test]
    fn pictures_leave_no_room_for_a_card() {
        let mut linked = Rendition { link: Some("https://town.es/a?b".to_owned()), ..rendition("Hola") };
        assert_eq!(content(&rendition("Hola"), &[]), None);
        let card = content(&linked, &[]).unwrap();
        assert_eq!(
            (&card["article"]["title"], &card["article"]["source"]),
            (&json!("town.es"), &json!("https://town.es/a?b"))
        );
        linked.title = Some("El pleno".to_owned());
        assert_eq!(content(&linked, &[]).unwrap()["article"]["title"], "El pleno");
        linked.pictures = vec![picture("La plaza")];
        let one = whole(&linked, &["urn:li:image:a".to_owned()]);
        assert_eq!(one["content"]["media"]["altText"], "La plaza");
        assert!(one["commentary"].as_str().unwrap().ends_with("https://town.es/a?b"), "the link goes into the text");
        linked.pictures.push(picture(""));
        let two = content(&linked, &["urn:li:image:a".to_owned(), "urn:li:image:b".to_owned()]).unwrap();
        assert_eq!(two["multiImage"]["images"][1], json!({ "id": "urn:li:image:b" }));
    }

    #[test]
    fn a_video_stands_where_a_card_would_and_is_not_replaced() {
        let video = |hash: &str| RenderedVideo {
            media: MediaId::from_bits(2),
            hash: hash.to_owned(),
            mime: domain::video::VideoType::Mp4,
            bytes: 1,
            width: 1,
            height: 1,
            millis: 3_000,
            alt: String::new(),
            captions: None,
            poster: None,
        };
        let titled = Rendition { title: Some("La banda".to_owned()), ..rendition("Hola") };
        assert_eq!(film("urn:li:video:a", &rendition("Hola")), json!({ "media": json!({ "id": "urn:li:video:a" }) }));
        assert_eq!(film("urn:li:video:a", &titled)["media"]["title"], "La banda");
        let of = |hash: &str, rendition: &Rendition| revision_of_film(&video(hash), rendition);
        assert_eq!(of("a", &titled), of("a", &Rendition { text: "Adiós".to_owned(), ..titled.clone() }));
        assert!(of("a", &titled) != of("b", &titled) && of("a", &titled) != of("a", &rendition("Hola")));
        assert!(
            of_video("urn:li:video:C5F10AQGKQg_6y2a4sQ")
                && !of_video("urn:li:image:a")
                && !of_video("urn:li:video:a/b")
        );
    }

    #[test]
    fn a_post_is_known_by_its_words_however_they_are_spelt() {
        let given = json!({
            "id": "urn:li:share:1", "commentary": "Pleno \\(a las 9\\) {hashtag|\\#|Pleno}", "publishedAt": 1_000_000_i64,
        });
        let found = [shown(&given)];
        let ours = |text: &str, made: i64| listed::ours(&NAMES, &found, text, "", Moment(made), &[]);
        assert!(matches!(ours("Pleno (a las 9) #Pleno", 1_000_000), Likeness::One(_)));
        assert_eq!(ours("Pleno (a las 10) #Pleno", 1_000_000), Likeness::None);
        assert_eq!(ours("Pleno (a las 9) #Pleno", 2_000_000), Likeness::None, "before it was tried");
    }
}

//! What hangs below a text, and what of a post cannot be replaced once it is out. Separate because Facebook and LinkedIn
//! have the same answer: only the words can.

use domain::{
    Rendition,
    delivery::{FailureKind, Outcome},
    json, record,
};

/// The link of which the network makes a card: pictures, or a document, leave no room for one.
pub fn card(rendition: &Rendition) -> Option<&str> {
    rendition.link.as_deref().filter(|_| rendition.pictures.is_empty() && rendition.document.is_none())
}

/// What cannot be replaced, as a fingerprint: the pictures with what they show, the document with its name, and the card,
/// with its title where we gave it one.
pub fn beside_the_text(rendition: &Rendition, title: Option<&str>) -> String {
    let pictures: Vec<(&str, &str)> = rendition.pictures.iter().map(|one| (&*one.hash, &*one.alt)).collect();
    let whole = match (&rendition.document, title) {
        (Some(document), _) => json!((pictures, &*document.hash, &*document.title)),
        (None, Some(title)) => json!((pictures, card(rendition), title)),
        (None, None) => json!((pictures, card(rendition))),
    };
    record::sha256_hex(whole.to_string().as_bytes()).chars().take(16).collect()
}

/// The post that was to be corrected is not there.
pub fn gone() -> Outcome {
    Outcome::Refused { kind: FailureKind::Gone, message: "the post is no longer there".to_owned(), status: 404 }
}

#[cfg(test)]
mod tests {
    use domain::{Language, MediaId, PictureType, RenderedPicture};

    use super::*;

    fn rendition() -> Rendition {
        Rendition {
            language: Language::spanish(),
            title: None,
            text: "Mañana hay pleno.".to_owned(),
            warning: None,
            pictures: Vec::new(),
            video: None,
            document: None,
            link: Some("https://town.example/pleno".to_owned()),
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
    fn only_the_text_may_differ_where_a_post_is_corrected() {
        let of = |rendition: &Rendition| beside_the_text(rendition, None);
        let out = of(&rendition());
        assert_eq!(of(&Rendition { text: "Hoy hay pleno.".to_owned(), ..rendition() }), out);
        assert_ne!(of(&Rendition { link: None, ..rendition() }), out);
        let pictured = |alt| of(&Rendition { pictures: vec![picture(alt)], ..rendition() });
        assert_ne!(pictured("La plaza."), out);
        assert_ne!(pictured("La plaza."), pictured("La plaza mayor."));
        assert_eq!(
            pictured("La plaza."),
            of(&Rendition { pictures: vec![picture("La plaza.")], link: None, ..rendition() }),
            "pictures leave no room for a card, so the link is text"
        );
        assert_ne!(beside_the_text(&rendition(), Some("Pleno")), beside_the_text(&rendition(), Some("El pleno")));
    }
}

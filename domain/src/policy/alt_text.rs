//! A picture or a video without an alt text in a language it goes out in, or with one that helps nobody: the name of a file,
//! "image of …" (a screen reader says that already), or more than the network takes.
//! WCAG 1.1.1; NC Digital Commons on alt texts; limits: `Network::limits`.

use super::{
    Evidence, Field, Place,
    draft::{Draft, at, shorten},
};
use crate::{Language, text};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let mut languages: Vec<&Language> = Vec::new();
    for (_, language) in draft.content.destinations() {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    if languages.is_empty() {
        languages.extend(draft.content.texts.keys());
    }
    let mut found = Vec::new();
    let pictures = draft.content.pictures.iter().enumerate();
    let pictures = pictures.map(|(index, picture)| (Field::Picture { index }, &picture.alt, &picture.file_name));
    let video = draft.content.video.iter().map(|video| (Field::Video, &video.alt, &video.file_name));
    for (field, alts, file_name) in pictures.chain(video) {
        for language in &languages {
            let alt = alts.get(*language).map_or("", |alt| alt.trim());
            let evidence = if text::is_blank(alt) {
                Some(Evidence::Missing)
            } else if is_file_name(alt, file_name) {
                Some(Evidence::FileName { words: shorten(alt) })
            } else {
                opening(alt).map(|words| Evidence::Opening { words: shorten(words) })
            };
            found.extend(evidence.map(|evidence| (at(None, Some(language), field), evidence)));
            let count = text::graphemes(alt);
            let strictest = draft
                .destinations
                .iter()
                .filter(|destination| destination.language == *language && count > destination.channel.limits.alt_text)
                .min_by_key(|destination| destination.channel.limits.alt_text);
            if let Some(destination) = strictest {
                let limit = destination.channel.limits.alt_text.into();
                let place = at(Some(destination.channel), Some(language), field);
                found.push((place, Evidence::Over { limit, count: count.into() }));
            }
        }
    }
    found
}

fn is_file_name(alt: &str, file_name: &str) -> bool {
    let lower = alt.to_lowercase();
    let ends = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".avif", ".mp4", ".mov", ".m4v"]
        .iter()
        .any(|ending| lower.ends_with(ending));
    if ends || (!file_name.is_empty() && lower == file_name.to_lowercase()) {
        return true;
    }
    // What cameras and telephones write: one word with figures (IMG_1234, DSC01234, 20260101-WA0003).
    let one_word = alt.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'(' | b')'));
    let digits = alt.bytes().filter(u8::is_ascii_digit).count();
    one_word && (digits >= 3 || (alt.contains('_') && alt.len() > 3))
}

/// "A photo of", "Imagen de": the words that a screen reader has said already.
fn opening(alt: &str) -> Option<&str> {
    const ARTICLES: [&str; 9] = ["a", "an", "the", "un", "una", "la", "el", "unha", "esta"];
    const PICTURES: [&str; 14] = [
        "image",
        "photo",
        "photograph",
        "picture",
        "imagen",
        "foto",
        "fotografía",
        "fotografia",
        "imatge",
        "imaxe",
        "ilustración",
        "captura",
        "video",
        "vídeo",
    ];
    const OF: [&str; 7] = ["of", "de", "del", "da", "do", "dels", "showing"];
    let mut words = alt.split_whitespace();
    let mut word = words.next()?;
    if ARTICLES.contains(&word.to_lowercase().as_str()) {
        word = words.next()?;
    }
    let of = words.next()?;
    let begins = PICTURES.contains(&word.to_lowercase().as_str()) && OF.contains(&of.to_lowercase().as_str());
    let end = of.as_ptr() as usize - alt.as_ptr() as usize + of.len();
    begins.then(|| &alt[..end])
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, draft::bench};
    use super::*;

    fn found(alt: &str) -> Vec<Evidence> {
        let mut content = bench::notice();
        content.pictures = vec![bench::picture(alt)];
        bench::town().found(Rule::AltText, &content).into_iter().map(|(_, evidence)| evidence).collect()
    }

    #[test]
    fn what_says_what_is_seen_passes() {
        for alt in ["La plaza Mayor con los puestos de la feria", "Escudo", "Cartel: Fiestas 2026", "Fotos de la feria"]
        {
            assert_eq!(found(alt), [], "{alt}");
        }
    }

    #[test]
    fn nothing_is_missing() {
        assert_eq!(found(" "), [Evidence::Missing]);
        assert_eq!(found("\u{200B}"), [Evidence::Missing]);
    }

    #[test]
    fn the_name_of_a_file_is_no_alt_text() {
        for alt in
            ["IMG_1234.jpg", "img_0001.JPG", "DSC01234", "20260101-WA0003", "cartel_final", "Cartel de fiestas.png"]
        {
            assert_eq!(found(alt), [Evidence::FileName { words: alt.to_owned() }], "{alt}");
        }
    }

    #[test]
    fn that_it_is_a_picture_goes_without_saying() {
        assert_eq!(found("Foto de la plaza"), [Evidence::Opening { words: "Foto de".to_owned() }]);
        assert_eq!(found("Una imagen del pleno"), [Evidence::Opening { words: "Una imagen del".to_owned() }]);
        assert_eq!(found("Image of the square"), [Evidence::Opening { words: "Image of".to_owned() }]);
    }

    #[test]
    fn a_video_is_described_as_a_picture_is() {
        let found = |alt: &str| {
            let mut content = bench::notice();
            content.video = Some(bench::video(alt));
            bench::town().found(Rule::AltText, &content)
        };
        let at = |evidence| vec![(at(None, Some(&Language::spanish()), Field::Video), evidence)];
        assert_eq!(found("La banda toca en la plaza; se oye el pasodoble."), []);
        assert_eq!(found(""), at(Evidence::Missing));
        assert_eq!(found("Fiestas.mp4"), at(Evidence::FileName { words: "Fiestas.mp4".to_owned() }));
        assert_eq!(found("Vídeo de la banda"), at(Evidence::Opening { words: "Vídeo de".to_owned() }));
    }

    #[test]
    fn it_is_wanted_in_each_language_that_goes_out_and_on_the_noticeboard() {
        let mut content = bench::notice();
        content.pictures = vec![bench::picture("La plaza")];
        bench::say(&mut content, "en", "No water tomorrow.");
        content.targets = vec![bench::target(bench::noticeboard(), &["es", "en"])];
        let found = bench::town().found(Rule::AltText, &content);
        assert_eq!(found, [(at(None, Some(&Language::english()), Field::Picture { index: 0 }), Evidence::Missing)]);
    }

    #[test]
    fn too_long_is_said_once_for_the_strictest() {
        let mut content = bench::notice();
        content.pictures = vec![bench::picture(&"á".repeat(1_600))];
        let found = bench::town().found(Rule::AltText, &content);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0.channel, Some(bench::whatsapp()));
        assert_eq!(found[0].1, Evidence::Over { limit: 1_000, count: 1_600 });
    }
}

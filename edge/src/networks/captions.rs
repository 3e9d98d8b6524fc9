//! Captions on their way to a network. They go before the call that makes the video visible, so that nobody sees it without them
//! and a failure repeats nothing that is seen; giving them twice is giving them once. Separate from the video's bytes: these are a
//! text of a few kilobytes, whose limits and names of languages are the rules' (`domain::captions`).

use domain::{
    RenderedVideo,
    captions::{self, Track},
    delivery::Outcome,
    record,
};

use super::Errand;
use crate::store::captions as rows;

/// Captions, and how the network calls their language.
pub struct Given {
    /// The captions.
    pub track: Track,
    /// The language.
    pub called: String,
}

/// The captions that the network is given with a video, if there are any and it takes them.
///
/// # Errors
/// `NotSent` if they cannot be read.
pub async fn given(errand: &Errand<'_>, video: &RenderedVideo) -> Result<Option<Given>, Outcome> {
    let Some(name) = video.captioned() else { return Ok(None) };
    let Some(called) = captions::given(errand.network, &errand.rendition.language, &name) else { return Ok(None) };
    let unsent = |message: &str| Outcome::NotSent { message: message.to_owned() };
    let found = rows::find(&errand.app.db, errand.org, &name.hash).await;
    let found = found.map_err(|_| unsent("the database cannot be reached"))?;
    let vtt = found.ok_or_else(|| unsent("the captions are missing in the store"))?;
    let track = captions::read(vtt.as_bytes(), u32::MAX).map_err(|_| unsent("the captions cannot be read"))?;
    Ok(Some(Given { track, called }))
}

/// What they spend of an invocation, where the network is given any: `most`, or nothing. Nothing is read for it.
pub fn spend(errand: &Errand<'_>, most: u32) -> u32 {
    let name = errand.rendition.video.as_ref().and_then(RenderedVideo::captioned);
    let given = name.and_then(|name| captions::given(errand.network, &errand.rendition.language, &name));
    given.map_or(0, |_| most)
}

/// What is out, as a fingerprint: that of the video, and behind a dot that of its captions, which can be replaced.
pub fn revision(film: &str, video: &RenderedVideo) -> String {
    match &video.captions {
        None => film.to_owned(),
        Some(said) => [film, ".", &record::sha256_hex(said.as_bytes())[..16]].concat(),
    }
}

/// The fingerprint of the video in it.
pub fn film_of(revision: &str) -> &str {
    revision.split(['.', '+']).next().unwrap_or(revision)
}

/// A form with captions as its file, and the type of all of it. The boundary is made of chance.
pub fn in_a_form(
    boundary: &str,
    fields: &[(&str, &str)],
    (name, file_name, mime): (&str, &str, &str),
    text: &str,
) -> (String, String) {
    let mut form = String::new();
    for (name, value) in fields {
        form += &format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    form += &format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
         Content-Type: {mime}\r\n\r\n{text}\r\n--{boundary}--\r\n"
    );
    (form, format!("multipart/form-data; boundary={boundary}"))
}

#[cfg(test)]
mod tests {
    use domain::{MediaId, video::VideoType};

    use super::*;

    #[test]
    fn a_form_is_written_around_them() {
        let file = ("captions_file", "captions.es_ES.srt", "application/x-subrip");
        let (form, mime) = in_a_form("B", &[("a", "b")], file, "1\n…\n");
        assert_eq!(mime, "multipart/form-data; boundary=B");
        assert_eq!(
            form,
            "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n\
             --B\r\nContent-Disposition: form-data; name=\"captions_file\"; filename=\"captions.es_ES.srt\"\r\n\
             Content-Type: application/x-subrip\r\n\r\n1\n…\n\r\n--B--\r\n"
        );
    }

    #[test]
    fn what_is_out_without_captions_keeps_its_fingerprint() {
        let bare = RenderedVideo {
            media: MediaId::from_bits(1),
            hash: "a".repeat(64),
            mime: VideoType::Mp4,
            bytes: 1,
            width: 1,
            height: 1,
            millis: 1,
            alt: String::new(),
            captions: None,
            poster: None,
        };
        let of = |said: &str| revision("f", &RenderedVideo { captions: Some(said.to_owned()), ..bare.clone() });
        assert_eq!(revision("f", &bare), "f");
        assert_ne!(of("one"), of("other"));
        assert_eq!((film_of(&of("one")), film_of("f")), ("f", "f"));
    }
}

//! A video from the bucket on its way to a network. Separate because it is sent as a stream: bare, or as the file of a form
//! that is written around it, for the platform's own forms would hold all of it in memory.

use domain::{RenderedVideo, delivery::Outcome};

use super::Errand;
use crate::{
    store::videos,
    videos::{Outgoing, Source},
};

/// Where the bytes of a video are, if reading them and `after` calls and queries more fit what is left of this invocation.
///
/// # Errors
/// `NotSent` if they do not, or if the video cannot be found.
pub async fn find(errand: &Errand<'_>, video: &RenderedVideo, after: u32) -> Result<Source, Outcome> {
    let source = source(errand, video).await?;
    let parts = u32::try_from(source.parts.len()).unwrap_or(u32::MAX / 2);
    if !errand.app.ledger().affords(parts + after) {
        return Err(unsent("so long a video does not fit what is left of this invocation"));
    }
    Ok(source)
}

/// Where the bytes of a video are, to be read a few at a time.
///
/// # Errors
/// `NotSent` if it cannot be found.
pub async fn source(errand: &Errand<'_>, video: &RenderedVideo) -> Result<Source, Outcome> {
    let found = videos::find(&errand.app.db, errand.org, &video.media).await;
    let found = found.map_err(|_| unsent("the database cannot be reached"))?;
    let whole = found.filter(|kept| kept.ended.as_ref().is_some_and(|(hash, _)| *hash == video.hash));
    Ok(whole.ok_or_else(|| unsent("the video is missing in the store"))?.source)
}

fn unsent(message: &str) -> Outcome {
    Outcome::NotSent { message: message.to_owned() }
}

/// The bytes alone.
pub fn bare(source: Source) -> Outgoing {
    let range = 0..source.bytes();
    Outgoing { source, range, before: Vec::new(), behind: Vec::new() }
}

/// The bytes as a file of a form, behind its other fields; and the type of all of it. The boundary is made of chance that no
/// file can have in it but by the same chance.
pub fn in_a_form(source: Source, boundary: &str, fields: &[(&str, &str)], file: (&str, &str)) -> (Outgoing, String) {
    around(bare(source), boundary, fields, file)
}

/// The same, with a picture before it: a file of a few hundred kilobytes, which is in memory for that long.
pub fn behind_a_picture(
    (form, mime): (Outgoing, String),
    boundary: &str,
    (name, jpeg): (&str, &[u8]),
) -> (Outgoing, String) {
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}.jpg\"\r\n\
         Content-Type: image/jpeg\r\n\r\n"
    );
    let before = [head.as_bytes(), jpeg, b"\r\n", &form.before].concat();
    (Outgoing { before, ..form }, mime)
}

/// The same, of a stretch.
pub fn around(
    stretch: Outgoing,
    boundary: &str,
    fields: &[(&str, &str)],
    (name, mime): (&str, &str),
) -> (Outgoing, String) {
    named(stretch, boundary, fields, (name, "video.mp4", mime))
}

/// The same, of a file that has a name of its own; no sign of it ends the header.
pub fn named(
    stretch: Outgoing,
    boundary: &str,
    fields: &[(&str, &str)],
    (name, file, mime): (&str, &str, &str),
) -> (Outgoing, String) {
    let mut before = String::new();
    for (name, value) in fields {
        before += &format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    before += &format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
         Content-Type: {mime}\r\n\r\n"
    );
    let behind = format!("\r\n--{boundary}--\r\n").into_bytes();
    let outgoing = Outgoing { before: before.into_bytes(), behind, ..stretch };
    (outgoing, format!("multipart/form-data; boundary={boundary}"))
}

#[cfg(test)]
mod tests {
    use domain::{MediaId, OrganisationId, video::Part};

    use super::*;

    #[test]
    fn a_form_is_written_around_the_bytes() {
        let (org, media) = (OrganisationId::from_bits(1), MediaId::from_bits(2));
        let source = Source { org, media, parts: vec![Part { place: 0, hash: "a".repeat(64), bytes: 5 }] };
        let fields = [("chat_id", "-1"), ("caption", "Hoy\r\nhay pleno")];
        let (outgoing, mime) = in_a_form(source, "B", &fields, ("video", "video/mp4"));
        assert_eq!(mime, "multipart/form-data; boundary=B");
        let before = String::from_utf8(outgoing.before.clone()).unwrap();
        assert_eq!(
            before,
            "--B\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n-1\r\n\
             --B\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\nHoy\r\nhay pleno\r\n\
             --B\r\nContent-Disposition: form-data; name=\"video\"; filename=\"video.mp4\"\r\n\
             Content-Type: video/mp4\r\n\r\n"
        );
        assert_eq!((&outgoing.range, &*outgoing.behind), (&(0..5), &b"\r\n--B--\r\n"[..]));
        let (outgoing, mime) = behind_a_picture((outgoing, mime), "B", ("cover", b"JPEG"));
        assert_eq!((outgoing.range, outgoing.behind), (0..5, b"\r\n--B--\r\n".to_vec()));
        let whole = String::from_utf8(outgoing.before).unwrap();
        let part = "--B\r\nContent-Disposition: form-data; name=\"cover\"; filename=\"cover.jpg\"\r\n\
                    Content-Type: image/jpeg\r\n\r\nJPEG\r\n";
        assert_eq!((whole, &*mime), ([part, &before].concat(), "multipart/form-data; boundary=B"));
    }
}

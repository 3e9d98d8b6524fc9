//! A picture from the bucket on its way to a network.
//! Separate because its bytes must never pass through our memory: the platform is handed a `Blob`, which can also be
//! sent a second time when the first call only found that the session had expired.

use domain::{MediaId, PictureType, Poster, RenderedPicture, delivery::Outcome};
use web_sys::Blob;
use worker::{ResponseBody, wasm_bindgen::JsCast};

use super::Errand;
use crate::store::media as rows;

/// The bytes of a picture, with their type.
///
/// # Errors
/// `NotSent` if the bucket cannot be reached or has no such object.
pub async fn blob(errand: &Errand<'_>, picture: &RenderedPicture) -> Result<Blob, Outcome> {
    stored(errand, &picture.media, picture.mime).await
}

/// Those of a video's poster.
///
/// # Errors
/// As [`blob`].
pub async fn poster(errand: &Errand<'_>, poster: &Poster) -> Result<Blob, Outcome> {
    stored(errand, &poster.media, PictureType::Jpeg).await
}

/// Those of a video's poster in our own memory, for a form that is written around a stream: at most
/// [`domain::poster::MOST_BYTES`], and as a rule a tenth of it.
///
/// # Errors
/// As [`blob`].
pub async fn poster_bytes(errand: &Errand<'_>, of: &Poster) -> Result<Vec<u8>, Outcome> {
    let blob = poster(errand, of).await?;
    let unsent = |_| Outcome::NotSent { message: "a picture could not be made ready".to_owned() };
    let buffer = wasm_bindgen_futures::JsFuture::from(blob.array_buffer()).await.map_err(unsent)?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

async fn stored(errand: &Errand<'_>, media: &MediaId, mime: PictureType) -> Result<Blob, Outcome> {
    match fetch(errand, media, mime).await {
        Ok(Some(blob)) => Ok(blob),
        Ok(None) => Err(Outcome::NotSent { message: "a picture is missing in the store".to_owned() }),
        Err(error) => {
            worker::console_error!("bucket: {error}");
            Err(Outcome::NotSent { message: "the store of pictures cannot be reached".to_owned() })
        }
    }
}

async fn fetch(errand: &Errand<'_>, media: &MediaId, mime: PictureType) -> worker::Result<Option<Blob>> {
    #[cfg(feature = "rehearsal")]
    if crate::rehearsal::fires("r2_down") {
        return Err(worker::Error::RustError("rehearsed".to_owned()));
    }
    errand.app.ledger().call();
    let bucket = errand.app.env.bucket("MEDIA")?;
    let object = bucket.get(rows::key(errand.org, media)).execute().await?;
    let Some(ResponseBody::Stream(stream)) =
        object.as_ref().and_then(worker::Object::body).map(worker::ObjectBody::response_body).transpose()?
    else {
        return Ok(None);
    };
    let whole = web_sys::Response::new_with_opt_readable_stream(Some(&stream))?;
    let blob: Blob = wasm_bindgen_futures::JsFuture::from(whole.blob()?).await?.unchecked_into();
    let size = blob.size();
    Ok(Some(blob.slice_with_f64_and_f64_and_content_type(0.0, size, mime.mime())?))
}

//! A picture from the bucket on its way to a network.
//! Separate because its bytes must never pass through our memory: the platform is handed a `Blob`, which can also be
//! sent a second time when the first call only found that the session had expired.

use domain::{RenderedPicture, delivery::Outcome};
use web_sys::Blob;
use worker::{ResponseBody, wasm_bindgen::JsCast};

use super::Errand;
use crate::store::media;

/// The bytes of a picture, with their type.
///
/// # Errors
/// `NotSent` if the bucket cannot be reached or has no such object.
pub async fn blob(errand: &Errand<'_>, picture: &RenderedPicture) -> Result<Blob, Outcome> {
    match fetch(errand, picture).await {
        Ok(Some(blob)) => Ok(blob),
        Ok(None) => Err(Outcome::NotSent { message: "a picture is missing in the store".to_owned() }),
        Err(error) => {
            worker::console_error!("bucket: {error}");
            Err(Outcome::NotSent { message: "the store of pictures cannot be reached".to_owned() })
        }
    }
}

async fn fetch(errand: &Errand<'_>, picture: &RenderedPicture) -> worker::Result<Option<Blob>> {
    #[cfg(feature = "rehearsal")]
    if crate::rehearsal::fires("r2_down") {
        return Err(worker::Error::RustError("rehearsed".to_owned()));
    }
    errand.app.ledger().call();
    let bucket = errand.app.env.bucket("MEDIA")?;
    let object = bucket.get(media::key(errand.org, &picture.media)).execute().await?;
    let Some(ResponseBody::Stream(stream)) =
        object.as_ref().and_then(worker::Object::body).map(worker::ObjectBody::response_body).transpose()?
    else {
        return Ok(None);
    };
    let whole = web_sys::Response::new_with_opt_readable_stream(Some(&stream))?;
    let blob: Blob = wasm_bindgen_futures::JsFuture::from(whole.blob()?).await?.unchecked_into();
    let size = blob.size();
    Ok(Some(blob.slice_with_f64_and_f64_and_content_type(0.0, size, picture.mime.mime())?))
}

//! Handlers of `wire::documents`: a document comes in as a stream that the bucket verifies, is looked through a stretch at a time, and
//! is shown again. Its bytes pass through our memory by the stretch only, and only to be looked at.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Response, StatusCode, header},
};
use domain::{
    MediaId, OrganisationId, Refusal,
    document::{ENOUGH, Flaw, MIME, MOST_BYTES, MOST_KEPT, Scan, sent_name},
    video::Part,
};
use wire::{
    Nothing,
    documents::{self as contract, Coming, Looked, Stored},
};

use super::{
    media::{file_name, from_hex, hash_of, text},
    stretches,
};
use crate::{
    answer::{Refused, json},
    app::App,
    ask::{Api, Ask, mount, mount_raw},
    store::{
        StoreError, Unit,
        documents::{self as rows, Kept},
    },
    videos::{self, Source, Unkept},
};

/// How many windows an invocation looks at: a megabyte takes two of its ten milliseconds.
const MOST_WINDOWS: u32 = 4;

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    // Its body never comes this way: see `App::take_upload`.
    let api = mount_raw(api, &contract::STORE, MOST_BYTES as usize, store);
    let api = mount(api, &contract::LOOK, look);
    mount_raw(api, &contract::DOCUMENT, 0, whole)
}

async fn store(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let (app, caller) = (&ask.app, ask.caller()?);
    let (org, name) = (caller.org(), file_name(&ask.headers));
    let malformed = |field: &str| Refusal::Malformed { field: field.to_owned() };
    let said: u64 =
        text(&ask.headers, contract::BYTES).and_then(|text| text.parse().ok()).ok_or(malformed(contract::BYTES))?;
    let too_large = Refusal::DocumentTooLarge { limit: MOST_BYTES.into(), bytes: said };
    let bytes = u32::try_from(said).ok().filter(|bytes| *bytes <= MOST_BYTES).ok_or(too_large)?;
    if bytes == 0 {
        return Err(Refusal::BadDocument { flaw: Flaw::Empty }.into());
    }
    let otherwise = || malformed("x-pregon-sha256");
    let hash = text(&ask.headers, "x-pregon-sha256").map(hash_of).transpose()?.ok_or_else(otherwise)?;
    let answer = |id: MediaId| json(StatusCode::OK, &Coming { id });
    let (there, kept) = rows::brought(&app.db, org, &hash, app.now()).await?;
    if let Some(there) = there {
        return Ok(answer(there.source.media));
    }
    if kept + u64::from(bytes) > MOST_KEPT {
        return Err(Refusal::StoreFull { limit: MOST_KEPT, kept }.into());
    }
    let length: Option<u32> = text(&ask.headers, "content-length").and_then(|text| text.parse().ok());
    let stream = app.take_upload().filter(|_| length.is_none_or(|length| length == bytes));
    let stream = stream.ok_or(malformed("body"))?;
    let source = rows::source(org, &MediaId::from_bits(app.bits()), &hash, bytes);
    let part = Part { place: 0, hash: hash.clone(), bytes };
    match videos::keep(app, &source, &part, from_hex(&hash).ok_or_else(otherwise)?, stream).await {
        Ok(()) => {}
        Err(Unkept::Otherwise) => return Err(otherwise().into()),
        Err(Unkept::Down(words)) => {
            worker::console_error!("bucket: {words}");
            return Err(Refusal::Unavailable.into());
        }
    }
    // The object first: a row without one would promise bytes that are not there.
    let mut unit = Unit::new();
    rows::add(&mut unit, &source, (&name, &hash, bytes), &caller.member, app.now());
    match app.db.commit(unit).await {
        Ok(_) => Ok(answer(source.media)),
        Err(StoreError::Unique) => {
            // Somebody brought the same meanwhile.
            videos::remove(app, org, &source.media).await;
            let (same, _) = rows::brought(&app.db, org, &hash, app.now()).await?;
            Ok(answer(same.ok_or(Refusal::Unavailable)?.source.media))
        }
        Err(error) => Err(error.into()),
    }
}

async fn look(ask: Ask<Nothing>) -> Result<Looked, Refused> {
    let (app, org) = (&ask.app, ask.caller()?.org());
    let kept = rows::find(&app.db, org, &ask.part("document")?).await?.ok_or(Refusal::NotFound)?;
    let Kept { source, hash, bytes, mut scan, facts, .. } = kept;
    let media = source.media.clone();
    let stored = |facts| Stored { id: media.clone(), hash, bytes, facts };
    // Twice: an answer that was lost.
    if let Some(facts) = facts {
        return Ok(Looked { seen: bytes, stored: Some(stored(facts)) });
    }
    let through = match stride(app, &source, &mut scan).await? {
        Ok(false) => None,
        Ok(true) => Some(scan.facts()),
        Err(flaw) => Some(Err(flaw)),
    };
    let facts = match through {
        Some(Err(flaw)) => {
            drop_it(app, org, &source).await?;
            return Err(Refusal::BadDocument { flaw }.into());
        }
        Some(Ok(facts)) => Some(facts),
        None => None,
    };
    rows::note(&app.db, org, &source.media, &scan, facts.as_ref()).await?;
    Ok(Looked { seen: scan.seen(), stored: facts.map(stored) })
}

/// Looks at as much as an invocation may; whether that was the end.
async fn stride(app: &App, source: &Source, scan: &mut Scan) -> Result<Result<bool, Flaw>, Refusal> {
    let (mut windows, mut unpacked) = (0, 0);
    while let Some(wanted) = scan.wants() {
        if windows == MOST_WINDOWS || unpacked >= ENOUGH {
            return Ok(Ok(false));
        }
        windows += 1;
        let bytes = source.look(app, wanted).await.map_err(|error| {
            worker::console_error!("bucket: {error}");
            Refusal::Unavailable
        })?;
        match scan.take(&bytes) {
            Ok(more) => unpacked += more,
            Err(flaw) => return Ok(Err(flaw)),
        }
    }
    Ok(Ok(true))
}

async fn drop_it(app: &App, org: &OrganisationId, source: &Source) -> Result<(), StoreError> {
    if rows::forget(&app.db, org, &source.media).await? {
        videos::remove(app, org, &source.media).await;
    }
    Ok(())
}

async fn whole(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let found = rows::find(&ask.app.db, ask.caller()?.org(), &ask.part("document")?).await?;
    Ok(serve(&ask.app, found, (Way::Shown, "private, max-age=31536000, immutable"), &ask.headers)?)
}

/// What a browser does with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It shows it in its own reader: to whoever is of the organisation that brought it.
    Shown,
    /// It saves it.
    Saved,
}

/// Serves the bytes of a document, or the stretch that is asked for. They never change, so their hash is their ETag. The scripts
/// that were found were refused when it was brought; that there are no others is not promised (`domain::document`). So it is saved
/// by whoever is not of the organisation, and no page of others may frame it.
///
/// # Errors
/// `NotFound` for what is not there or not looked through; `Unavailable`.
pub fn serve(
    app: &App,
    found: Option<Kept>,
    (way, cache): (Way, &'static str),
    headers: &HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let Kept { source, hash, name, .. } = found.filter(|kept| kept.facts.is_some()).ok_or(Refusal::NotFound)?;
    // Plain signs only (RFC 5987): the platform's own way of writing addresses leaves the quote as it is.
    let name = String::from(js_sys::encode_uri_component(&sent_name(&name))).replace('\'', "%27");
    let way = match way {
        Way::Shown => "inline",
        Way::Saved => "attachment",
    };
    let own = [
        (header::CONTENT_TYPE, MIME),
        (header::CONTENT_DISPOSITION, &*format!("{way}; filename*=UTF-8''{name}")),
        (header::CACHE_CONTROL, cache),
        (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'none'"),
    ];
    stretches::serve(app, &source, &hash, &own, headers)
}

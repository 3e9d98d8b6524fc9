//! Handlers of `wire::videos`: a video comes in parts that can be taken up again, is looked at once they are all there, and is
//! shown by stretches. Neither its bytes nor its hashes are reckoned here: the bucket verifies them, the platform pipes them.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Response, StatusCode, header},
};
use domain::{
    MediaId, Refusal,
    text::hidden,
    video::{self, Facts, Flaw, MOST_BYTES, MOST_KEPT, Part, Walk, count, identity},
};
use wire::{
    Nothing,
    videos::{self as contract, Begin, Coming, Stored},
};

use super::{
    media::{from_hex, hash_of, text},
    stretches,
};
use crate::{
    answer::Refused,
    app::App,
    ask::{Api, Ask, mount, mount_raw},
    caller::Caller,
    store::{
        StoreError, Unit, library,
        videos::{self as rows, Kept},
    },
    videos::{self, Source, Unkept},
};

/// How many reads a look at a file may take: the index of an hour has a dozen tables that are stepped over. What takes more
/// is made to take more.
const MOST_READS: u32 = 24;

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &contract::BEGIN, begin);
    let api = mount(api, &contract::PARTS, parts);
    // Its body never comes this way: see `App::take_upload`.
    let api = mount_raw(api, &contract::PART, video::PART as usize, part);
    let api = mount(api, &contract::FINISH, finish);
    let api = mount(api, &contract::GIVE_UP, give_up);
    mount_raw(api, &contract::VIDEO, 0, whole)
}

fn coming(kept: Kept) -> Coming {
    Coming { id: kept.source.media, bytes: kept.bytes, parts: kept.source.parts }
}

async fn begin(ask: Ask<Begin>) -> Result<Coming, Refused> {
    let (app, caller) = (&ask.app, ask.caller()?);
    let name = hidden::shown(&ask.body.name, 200);
    let too_large = Refusal::VideoTooLarge { limit: MOST_BYTES.into(), bytes: ask.body.bytes };
    let bytes = u32::try_from(ask.body.bytes).ok().filter(|bytes| *bytes <= MOST_BYTES).ok_or(too_large)?;
    if bytes == 0 {
        return Err(Refusal::BadVideo { flaw: Flaw::NotAVideo }.into());
    }
    let (begun, kept) = rows::begun(&app.db, caller.org(), &caller.member, &name, bytes).await?;
    if let Some(begun) = begun {
        return Ok(coming(begun));
    }
    if kept + u64::from(bytes) > MOST_KEPT {
        return Err(Refusal::StoreFull { limit: MOST_KEPT, kept }.into());
    }
    let id = MediaId::from_bits(app.bits());
    rows::begin(&app.db, caller.org(), &id, (&name, bytes), &caller.member, app.now()).await?;
    Ok(Coming { id, bytes, parts: Vec::new() })
}

/// A video of the caller's organisation that is not ended.
async fn open<Q>(ask: &Ask<Q>) -> Result<Kept, Refused> {
    let kept = rows::find(&ask.app.db, ask.caller()?.org(), &ask.part("video")?).await?.ok_or(Refusal::NotFound)?;
    if kept.ended.is_some() { Err(Refusal::WrongState.into()) } else { Ok(kept) }
}

async fn parts(ask: Ask<Nothing>) -> Result<Coming, Refused> {
    Ok(coming(open(&ask).await?))
}

async fn part(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let app = &ask.app;
    let kept = open(&ask).await?;
    let place: u32 = ask.part("place")?;
    let bytes = video::length(kept.bytes, place).ok_or(Refusal::NotFound)?;
    let hash = text(&ask.headers, "x-pregon-sha256").map(hash_of).transpose()?;
    let otherwise = || Refusal::Malformed { field: "x-pregon-sha256".to_owned() };
    let hash = hash.ok_or_else(otherwise)?;
    let done = || crate::answer::json(StatusCode::OK, &Nothing {});
    if let Some(there) = kept.source.parts.iter().find(|part| part.place == place) {
        return if there.hash == hash { Ok(done()) } else { Err(Refusal::WrongState.into()) };
    }
    let length: Option<u32> = text(&ask.headers, "content-length").and_then(|text| text.parse().ok());
    let stream = app.take_upload().filter(|_| length.is_none_or(|length| length == bytes));
    let stream = stream.ok_or(Refusal::Malformed { field: "body".to_owned() })?;
    let digest = from_hex(&hash).ok_or_else(otherwise)?;
    let part = Part { place, hash, bytes };
    match videos::keep(app, &kept.source, &part, digest, stream).await {
        Ok(()) => {}
        Err(Unkept::Otherwise) => return Err(otherwise().into()),
        Err(Unkept::Down(words)) => {
            worker::console_error!("bucket: {words}");
            return Err(Refusal::Unavailable.into());
        }
    }
    // The object first: a row without one would promise bytes that are not there.
    rows::note(&app.db, &kept.source.org, &kept.source.media, &part).await?;
    Ok(done())
}

async fn finish(ask: Ask<Nothing>) -> Result<Stored, Refused> {
    let app = &ask.app;
    let caller = ask.caller()?;
    let kept = rows::find(&app.db, caller.org(), &ask.part("video")?).await?.ok_or(Refusal::NotFound)?;
    // Twice: an answer that was lost.
    if kept.ended.is_some() {
        return there(app, caller, kept).await;
    }
    let Kept { source, name, bytes, .. } = kept;
    let stored = |id: MediaId, (hash, facts)| Stored { id, hash, bytes, facts };
    if source.parts.len() != count(bytes) as usize || source.bytes() != u64::from(bytes) {
        return Err(Refusal::WrongState.into());
    }
    let hash = identity(&source.parts);
    if let Some(same) = rows::by_hash(&app.db, &source.org, &hash).await? {
        drop_it(app, &source).await?;
        return there(app, caller, same).await;
    }
    let facts = match inspect(app, &source).await? {
        Ok(facts) => facts,
        Err(flaw) => {
            drop_it(app, &source).await?;
            return Err(Refusal::BadVideo { flaw }.into());
        }
    };
    let mut unit = Unit::new();
    rows::end(&mut unit, &source.org, &source.media, &hash, &facts);
    file(&mut unit, app, caller, (&source.media, &hash), &name);
    match app.db.commit(unit).await {
        Ok(_) => Ok(stored(source.media, (hash, facts))),
        Err(StoreError::Guard) => Err(Refusal::NotFound.into()),
        Err(StoreError::Unique) => {
            // Somebody ended the same video meanwhile.
            let same = rows::by_hash(&app.db, &source.org, &hash).await?.ok_or(Refusal::Unavailable)?;
            there(app, caller, same).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Adds a video to the library; what is there stays as it is.
fn file(unit: &mut Unit, app: &App, caller: &Caller, (media, hash): (&MediaId, &str), file_name: &str) {
    let new = library::New { media, hash, video: true, file_name, made_of: None, by: &caller.member, at: app.now() };
    library::file(unit, caller.org(), &new);
}

/// Answers one that is ended already; of one from before the library, or from a time that was cut off, it makes an asset.
async fn there(app: &App, caller: &Caller, kept: Kept) -> Result<Stored, Refused> {
    let Kept { source, name, bytes, ended } = kept;
    let (hash, facts) = ended.ok_or(Refusal::Unavailable)?;
    let mut unit = Unit::new();
    file(&mut unit, app, caller, (&source.media, &hash), &name);
    app.db.commit(unit).await?;
    Ok(Stored { id: source.media, hash, bytes, facts })
}

/// What the file is, by the few bytes of it that say so.
async fn inspect(app: &App, source: &Source) -> Result<Result<Facts, Flaw>, Refusal> {
    let mut walk = Walk::over(source.bytes());
    let mut reads = 0;
    while let Some(wanted) = walk.wants() {
        reads += 1;
        if reads > MOST_READS {
            return Ok(Err(Flaw::Broken));
        }
        let bytes = source.look(app, wanted).await.map_err(|error| {
            worker::console_error!("bucket: {error}");
            Refusal::Unavailable
        })?;
        if let Err(flaw) = walk.take(&bytes) {
            return Ok(Err(flaw));
        }
    }
    Ok(walk.found().and_then(|found| found.clean()))
}

async fn drop_it(app: &App, source: &Source) -> Result<bool, StoreError> {
    let gone = rows::forget(&app.db, &source.org, &source.media).await?;
    if gone {
        videos::remove(app, &source.org, &source.media).await;
    }
    Ok(gone)
}

async fn give_up(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let kept = open(&ask).await?;
    drop_it(&ask.app, &kept.source).await?;
    Ok(Nothing {})
}

async fn whole(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let found = rows::find(&ask.app.db, ask.caller()?.org(), &ask.part("video")?).await?;
    Ok(serve(&ask.app, found, "private, max-age=31536000, immutable", &ask.headers)?)
}

/// Serves the bytes of a video, or the stretch that is asked for. They never change, so what names them is their ETag.
///
/// # Errors
/// `NotFound` for what is not there or not ended; `Unavailable`.
pub fn serve(
    app: &App,
    found: Option<Kept>,
    cache: &'static str,
    headers: &HeaderMap,
) -> Result<Response<Body>, Refusal> {
    let Kept { source, ended, .. } = found.ok_or(Refusal::NotFound)?;
    let (hash, facts) = ended.ok_or(Refusal::NotFound)?;
    let own = [
        (header::CONTENT_TYPE, facts.mime.mime()),
        (header::CONTENT_DISPOSITION, "inline"),
        (header::CACHE_CONTROL, cache),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; media-src 'self'; sandbox"),
    ];
    stretches::serve(app, &source, &hash, &own, headers)
}

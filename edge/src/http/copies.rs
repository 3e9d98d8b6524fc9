//! Handlers of `wire::copies`: the whole organisation, table by table and object by object, for an administrator to take along.
//! What it is put together to is the desk's: here nothing is ever in memory but a page of rows.

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, Response, header},
    response::IntoResponse,
};
use domain::{Access, MediaId, RecordId, Refusal, copy::of_name, json, record::Subject};
use serde::Deserialize;
use wire::{
    Nothing,
    copies::{self, Begun, Onward, Rows},
};
use worker::ResponseBody;

use super::media::hash_of;
use crate::{
    answer::Refused,
    ask::{Api, Ask, mount, mount_raw},
    caller::Caller,
    seal,
    store::{Unit, copies as rows, json as parse, records},
    videos::Streamed,
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &copies::BEGIN, begin);
    let api = mount(api, &copies::ROWS, page);
    mount_raw(api, &copies::OBJECT, 0, object)
}

/// Who takes all of it along sees all of it.
fn whole<Q>(ask: &Ask<Q>) -> Result<&Caller, Refusal> {
    let caller = ask.caller()?;
    match caller.access {
        Access::Everywhere => Ok(caller),
        Access::Limited { .. } => Err(Refusal::OutOfReach),
    }
}

/// What waits for its seal gets it now, as far as one invocation can: a copy has no entry without one.
async fn begin(ask: Ask<Nothing>) -> Result<Begun, Refused> {
    let (app, caller) = (&ask.app, whole(&ask)?);
    seal::seal_of(app, Some(caller.org())).await?;
    let answers = app.db.many(vec![records::head_query(caller.org(), 0)]).await?;
    let (head, unsealed) = rows::head(answers.first().ok_or(Refusal::Unavailable)?)?;
    let mut unit = Unit::new();
    let copy = RecordId::from_bits(app.bits());
    let upto = head.as_ref().map_or(0, |head| head.seq);
    let body = json!({ "what": "copied_out", "by": caller.member, "upto": upto });
    records::keep_as(app, &mut unit, caller.org(), Subject::Export, (&copy, &body), "1");
    app.db.commit(unit).await?;
    Ok(Begun { copy, organisation: caller.organisation.clone(), head, unsealed })
}

/// Where the record of a copy ends, if the caller began one of this name.
async fn begun<Q>(ask: &Ask<Q>) -> Result<u64, Refused> {
    #[derive(Deserialize)]
    struct Kept {
        what: String,
        upto: u64,
    }
    let caller = whole(ask)?;
    let copy: RecordId = ask.part("copy")?;
    let body = records::export(&ask.app.db, caller.org(), &copy, &caller.member).await?.ok_or(Refusal::NotFound)?;
    let Kept { what, upto } = parse(&body)?;
    // The other exports have a search of their own, and nothing else is asked for in their name.
    if what == "copied_out" { Ok(upto) } else { Err(Refusal::NotFound.into()) }
}

async fn page(ask: Ask<Onward>) -> Result<Rows, Refused> {
    let upto = begun(&ask).await?;
    let table = of_name(&ask.part::<String>("table")?).ok_or(Refusal::NotFound)?;
    let after = ask.body.after.as_deref();
    let fits = |after: &str| {
        let key: Result<Vec<serde_json::Value>, _> = serde_json::from_str(after);
        key.is_ok_and(|key| {
            key.len() == table.key().count() && key.iter().all(|part| part.is_string() || part.is_i64())
        })
    };
    if !after.is_none_or(fits) {
        return Err(Refusal::Malformed { field: "after".to_owned() }.into());
    }
    let (rows, next) = rows::page(&ask.app.db, ask.caller()?.org(), table, after, upto).await?;
    Ok(Rows { rows, next })
}

async fn object(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    begun(&ask).await?;
    let (app, org) = (&ask.app, ask.caller()?.org());
    let (media, hash): (MediaId, String) = (ask.part("media")?, hash_of(&ask.part::<String>("hash")?)?);
    let place = rows::place(&app.db, org, &media, &hash).await?.ok_or(Refusal::NotFound)?;
    let down = |error: worker::Error| {
        worker::console_error!("bucket: {error}");
        Refusal::Unavailable
    };
    app.ledger().call();
    let bucket = app.env.bucket("MEDIA").map_err(down)?;
    let found = bucket.get(place.key).execute().await.map_err(down)?.ok_or(Refusal::NotFound)?;
    let body = found.body().ok_or(Refusal::NotFound)?.response_body().map_err(down)?;
    let ResponseBody::Stream(stream) = body else { return Err(Refusal::Unavailable.into()) };
    let mut response = Body::empty().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    response.extensions_mut().insert(Streamed::new(stream));
    Ok(response)
}

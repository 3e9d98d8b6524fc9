//! Bluesky: a record in the account's own repository, under a key that we choose and that is the same at every try.
//! `putRecord` with `swapRecord: null` makes it only if nothing stands there, so a repeat can never make a second one.
//!
//! Who may reply stands in a second record under the same key, the gate. Both are made by one commit, and are gone by one: nobody
//! ever sees the post without it. Such a commit is refused whole if anything stands under the key, so that repeats are as safe.

mod connect;
mod dpop;
mod identity;
mod record;
mod session;
mod tid;

use std::collections::BTreeMap;

use domain::{
    ChannelId, OrganisationId, Refusal,
    delivery::{Deed, FailureKind, Outcome, Receipt, Sighting},
    json,
    text::handles,
};
use serde_json::Value;

use super::{Checked, Errand, Network, Weight, captions, film, picture};
use crate::{
    app::App,
    outbound::{self, Address, Answer, Call},
};
use session::{Session, outcome};

pub use connect::{Came, Seen, begin, described, finish};
pub use session::{connect, disconnect};

/// The collection of posts.
const POSTS: &str = "app.bsky.feed.post";

/// The collection of what says who may reply.
const GATES: &str = "app.bsky.feed.threadgate";

/// What the rest of an invocation spends once a video goes up: renewing the session, handles, the record, and writing down
/// what came of it.
const AFTER_A_VIDEO: u32 = 20;

/// What its captions spend: reading them, and sending them.
const OF_CAPTIONS: u32 = 2;

/// The Bluesky network.
pub struct Bluesky;

/// A record as it stands.
struct Standing {
    cid: String,
    value: Value,
}

impl Bluesky {
    async fn session<'a>(&self, errand: &Errand<'a>) -> Result<Session<'a>, Outcome> {
        Session::open(errand.app, errand.org, errand.channel, errand.settings).await
    }

    /// Uploads the pictures, or the video and behind it its captions. Blobs are named by their content: a repeat is the same blob.
    async fn blobs(&self, errand: &Errand<'_>, session: &mut Session<'_>) -> Result<Vec<Value>, Outcome> {
        let mut blobs = Vec::new();
        let upload = session.pds.at("/xrpc/com.atproto.repo.uploadBlob");
        if let Some(video) = &errand.rendition.video {
            session.ready().await?;
            let source = film::find(errand, video, AFTER_A_VIDEO + captions::spend(errand, OF_CAPTIONS)).await?;
            let call = Call::post(upload.clone()).video(film::bare(source), video.mime.mime());
            blobs.push(blob_of(&session.ask(Weight::Safe, call).await?)?);
            if let Some(given) = captions::given(errand, video).await? {
                let call = Call::post(upload.clone()).text(given.track.vtt(), "text/vtt");
                blobs.push(blob_of(&session.ask(Weight::Safe, call).await?)?);
            }
        }
        for picture in &errand.rendition.pictures {
            let bytes = picture::blob(errand, picture).await?;
            let call = Call::post(upload.clone()).blob(bytes, picture.mime.mime());
            blobs.push(blob_of(&session.ask(Weight::Safe, call).await?)?);
        }
        Ok(blobs)
    }

    /// Who the mentioned handles are, as many as are looked up ([`handles::MOST`]). Nobody's is left out.
    async fn dids(&self, errand: &Errand<'_>, session: &Session<'_>) -> Result<BTreeMap<String, String>, Outcome> {
        let mut dids = BTreeMap::new();
        for handle in handles::led(&errand.rendition.text) {
            let address = session.pds.at("/xrpc/com.atproto.identity.resolveHandle").with("handle", handle);
            let sent = outbound::send(errand.app, Call::get(address)).await;
            let answer = sent.map_err(|trouble| Weight::Safe.of_trouble(trouble))?;
            match answer.json().and_then(|body| body["did"].as_str().map(ToOwned::to_owned)) {
                Some(did) if answer.is_success() => {
                    dids.insert(handle.to_owned(), did);
                }
                _ if answer.status >= 500 || answer.status == 429 => return Err(outcome(Weight::Safe, &answer)),
                _ => {}
            }
        }
        Ok(dids)
    }

    /// What a part of a thread answers: the first part and the one before, each by the very record that readers see.
    async fn answered(&self, errand: &Errand<'_>, session: &Session<'_>) -> Result<Option<Value>, Outcome> {
        if errand.parent(key_in)?.is_none() {
            return Ok(None);
        }
        let Some(above) = errand.above else { return Ok(None) };
        let root = refers(errand, session, &above.root).await?;
        let parent = refers(errand, session, &above.parent).await?;
        Ok(Some(json!({ "root": root, "parent": parent })))
    }

    async fn put(&self, session: &mut Session<'_>, key: &str, record: &Value, swap: Value) -> Result<Answer, Outcome> {
        let body = json!({
            "repo": session.did, "collection": POSTS, "rkey": key, "record": record, "swapRecord": swap,
        });
        let call = Call::post(session.pds.at("/xrpc/com.atproto.repo.putRecord")).json(&body);
        session.call(Weight::Visible, call).await
    }

    /// Several records by one commit: all of it, or nothing.
    async fn write(&self, session: &mut Session<'_>, writes: &[Value]) -> Result<Answer, Outcome> {
        let body = json!({ "repo": session.did, "writes": writes });
        let call = Call::post(session.pds.at("/xrpc/com.atproto.repo.applyWrites")).json(&body);
        session.call(Weight::Visible, call).await
    }
}

impl Network for Bluesky {
    async fn create(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let mut session = self.session(errand).await?;
        let above = self.answered(errand, &session).await?;
        let blobs = self.blobs(errand, &mut session).await?;
        if blobs.is_empty() {
            // A safe step first: a server that is away is found out here, where a retry is harmless.
            let call = Call::get(session.pds.at("/xrpc/com.atproto.server.getSession"));
            session.ask(Weight::Safe, call).await?;
        }
        let dids = self.dids(errand, &session).await?;
        let mut record = record::post(errand.rendition, &dids, &blobs, errand.made);
        if let Some(above) = above {
            record["reply"] = above;
        }
        let key = tid::tid(errand.made, errand.act.as_str());
        let address = format!("at://{}/{POSTS}/{key}", session.did);
        if let Some(gate) = record::gate(errand.rendition.replies, &address, errand.made) {
            // A commit that finds the key taken says so in no words of its own (a 500): asked before, it is known.
            let found = standing(errand.app, &session.pds, &session.did, POSTS, &key).await?;
            if let Some(there) = found {
                return Ok(stands_already(errand, &key, &record, there));
            }
            let write = |collection: &str, value: &Value| {
                let kind = "com.atproto.repo.applyWrites#create";
                json!({ "$type": kind, "collection": collection, "rkey": key, "value": value })
            };
            let writes = [write(POSTS, &record), write(GATES, &gate)];
            let answer = self.write(&mut session, &writes).await?;
            return accepted(errand, &key, &answer, |body| &body["results"][0]["cid"]);
        }
        let answer = self.put(&mut session, &key, &record, Value::Null).await?;
        if answer.code() == "InvalidSwap" {
            // Something stands there already: an earlier try of this very act, or nothing of ours.
            return Ok(match standing(errand.app, &session.pds, &session.did, POSTS, &key).await {
                Ok(Some(there)) => stands_already(errand, &key, &record, there),
                Ok(None) | Err(_) => Outcome::NoAnswer {
                    message: "it stands there already, but could not be read".to_owned(),
                    status: None,
                },
            });
        }
        accepted(errand, &key, &answer, cid_of)
    }

    async fn edit(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let key = key_of(errand)?;
        let mut session = self.session(errand).await?;
        // The gate beside it stays as it is: a correction changes what is said, not who may reply.
        let there = standing(errand.app, &session.pds, &session.did, POSTS, key).await?;
        let Some(there) = there else { return Err(gone()) };
        let blobs = self.blobs(errand, &mut session).await?;
        let dids = self.dids(errand, &session).await?;
        let mut record = record::post(errand.rendition, &dids, &blobs, errand.made);
        record["createdAt"] = there.value["createdAt"].clone();
        // A part of a thread goes on answering what it answered.
        if there.value["reply"].is_object() {
            record["reply"] = there.value["reply"].clone();
        }
        if record == there.value {
            return Ok(Outcome::Accepted(receipt(errand, key, Some(there.cid))));
        }
        let answer = self.put(&mut session, key, &record, there.cid.into()).await?;
        if answer.code() == "InvalidSwap" {
            // Somebody wrote between our reading and our writing: nothing of ours was written.
            return Err(Outcome::NotSent { message: "the post was changed on the network meanwhile".to_owned() });
        }
        accepted(errand, key, &answer, cid_of)
    }

    async fn delete(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        let key = key_of(errand)?;
        let mut session = self.session(errand).await?;
        let made = [Some(POSTS), (!errand.rendition.replies.is_open()).then_some(GATES)];
        let mut there = Vec::new();
        for collection in made.into_iter().flatten() {
            // One commit that takes away what is not there is refused whole.
            if standing(errand.app, &session.pds, &session.did, collection, key).await?.is_some() {
                there.push(collection);
            }
        }
        let answer = match there[..] {
            [] => return Ok(Outcome::Accepted(errand.gone())),
            [collection] => {
                let body = json!({ "repo": session.did, "collection": collection, "rkey": key });
                let call = Call::post(session.pds.at("/xrpc/com.atproto.repo.deleteRecord")).json(&body);
                session.ask(Weight::Visible, call).await?
            }
            _ => {
                let write = |collection: &&str| {
                    let kind = "com.atproto.repo.applyWrites#delete";
                    json!({ "$type": kind, "collection": *collection, "rkey": key })
                };
                let writes: Vec<Value> = there.iter().map(write).collect();
                let answer = self.write(&mut session, &writes).await?;
                if answer.is_success() { answer } else { return Err(outcome(Weight::Visible, &answer)) }
            }
        };
        // A success that is not of the interface (a proxy's page) says nothing about the post.
        match answer.json() {
            Some(body) if body.is_object() => Ok(Outcome::Accepted(errand.gone())),
            _ => Err(Weight::Visible.of_nonsense(&answer)),
        }
    }

    /// Repositories are public: a look needs no access, so a revoked one does not leave the outcome unknown.
    async fn look(&self, errand: &Errand<'_>, deed: Deed) -> Result<Sighting, Outcome> {
        let made = tid::tid(errand.made, errand.act.as_str());
        let key = match deed {
            Deed::Create => made.as_str(),
            Deed::Edit | Deed::Delete => key_of(errand)?,
            // Nothing is written there as a comment of its own.
            Deed::Comment => return Ok(Sighting::ForAPerson),
        };
        let server = Address::parse(errand.setting("pds")).or_else(|_| Address::parse(errand.setting("server")));
        let Ok(server) = server else { return Ok(Sighting::Unclear) };
        // The post alone tells: the gate came and went with it.
        let there = standing(errand.app, &server, errand.setting("did"), POSTS, key).await?;
        let text = errand.rendition.as_sent(domain::Network::Bluesky);
        Ok(match (there, deed) {
            (Some(there), Deed::Create) => Sighting::Found(receipt(errand, key, Some(there.cid))),
            (Some(there), Deed::Edit) if there.value["text"] == text && was_edited(errand, &there) => {
                Sighting::Found(receipt(errand, key, Some(there.cid)))
            }
            (None, Deed::Delete) => Sighting::Found(errand.gone()),
            _ => Sighting::NotFound,
        })
    }
}

fn blob_of(answer: &Answer) -> Result<Value, Outcome> {
    let blob = answer.json().map(|mut body| body["blob"].take()).filter(Value::is_object);
    blob.ok_or_else(|| Weight::Safe.of_nonsense(answer))
}

/// An edit changes the record's `cid` even where it only changed an alt text.
fn was_edited(errand: &Errand<'_>, there: &Standing) -> bool {
    errand.out.is_none_or(|out| out.revision.as_deref() != Some(there.cid.as_str()))
}

/// Reads a record. `None` if there is none.
async fn standing(
    app: &App,
    pds: &Address,
    did: &str,
    collection: &str,
    key: &str,
) -> Result<Option<Standing>, Outcome> {
    let address = pds.at("/xrpc/com.atproto.repo.getRecord").with("repo", did).with("collection", collection);
    let sent = outbound::send(app, Call::get(address.with("rkey", key))).await;
    let answer = sent.map_err(|trouble| Weight::Safe.of_trouble(trouble))?;
    if answer.code() == "RecordNotFound" {
        return Ok(None);
    }
    if !answer.is_success() {
        return Err(outcome(Weight::Safe, &answer));
    }
    let mut body = answer.json().ok_or_else(|| Weight::Safe.of_nonsense(&answer))?;
    let cid = body["cid"].as_str().map(ToOwned::to_owned).ok_or_else(|| Weight::Safe.of_nonsense(&answer))?;
    Ok(Some(Standing { cid, value: body["value"].take() }))
}

/// What it comes to that something stands under the key: an earlier try of this very act, or nothing of ours.
fn stands_already(errand: &Errand<'_>, key: &str, record: &Value, there: Standing) -> Outcome {
    if there.value["createdAt"] == record["createdAt"] {
        return Outcome::Accepted(receipt(errand, key, Some(there.cid)));
    }
    let message = "another post stands under this key".to_owned();
    Outcome::Refused { kind: FailureKind::ContentRefused, message, status: 400 }
}

/// Where `putRecord` says which record came of it.
fn cid_of(body: &Value) -> &Value {
    &body["cid"]
}

fn accepted(
    errand: &Errand<'_>,
    key: &str,
    answer: &Answer,
    cid: impl Fn(&Value) -> &Value,
) -> Result<Outcome, Outcome> {
    if !answer.is_success() {
        return Err(outcome(Weight::Visible, answer));
    }
    let cid = answer.json().and_then(|body| cid(&body).as_str().map(ToOwned::to_owned));
    let cid = cid.ok_or_else(|| Weight::Visible.of_nonsense(answer))?;
    Ok(Outcome::Accepted(receipt(errand, key, Some(cid))))
}

fn receipt(errand: &Errand<'_>, key: &str, cid: Option<String>) -> Receipt {
    let (did, handle) = (errand.setting("did"), errand.setting("handle"));
    // `handle.invalid` is what a server says of a handle that no longer points back at the account.
    let who = if handle.is_empty() || handle == "handle.invalid" { did } else { handle };
    let address = format!("https://bsky.app/profile/{who}/post/{key}");
    errand.receipt(format!("at://{did}/{POSTS}/{key}"), Some(address), cid)
}

/// The key of what is out.
fn key_of<'a>(errand: &Errand<'a>) -> Result<&'a str, Outcome> {
    let key = errand.out.and_then(|out| out.native_id.rsplit('/').next()).filter(|key| !key.is_empty());
    key.ok_or_else(gone)
}

/// The key of a receipt; of what a person put there, by its link.
fn key_in(out: &Receipt) -> Option<String> {
    let key = out.native_id.split(['?', '#']).next()?.trim_end_matches('/').rsplit('/').next()?;
    (!key.is_empty()).then(|| key.to_owned())
}

/// A reference to a record of ours.
async fn refers(errand: &Errand<'_>, session: &Session<'_>, out: &Receipt) -> Result<Value, Outcome> {
    let key = key_in(out).ok_or(Outcome::Handed)?;
    let cid = match &out.revision {
        Some(cid) => cid.clone(),
        None => standing(errand.app, &session.pds, &session.did, POSTS, &key).await?.ok_or_else(gone)?.cid,
    };
    Ok(json!({ "uri": format!("at://{}/{POSTS}/{key}", session.did), "cid": cid }))
}

fn gone() -> Outcome {
    Outcome::Refused { kind: FailureKind::Gone, message: "the post is no longer there".to_owned(), status: 404 }
}

/// Asks whether the access still works.
///
/// # Errors
/// `Unavailable`.
pub async fn check(app: &App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Checked, Refusal> {
    let asked = async {
        let mut session = Session::open(app, org, channel, settings).await?;
        let call = Call::get(session.pds.at("/xrpc/com.atproto.server.getSession"));
        session.ask(Weight::Safe, call).await
    };
    Ok(match asked.await {
        Ok(answer) => {
            let mut settings = settings.clone();
            if let Some(handle) = answer.json().and_then(|body| body["handle"].as_str().map(ToOwned::to_owned)) {
                settings["handle"] = handle.into();
            }
            let handle = format!("@{}", settings["handle"].as_str().unwrap_or_default());
            Checked::Works { handle, limits: None, expires: None, settings }
        }
        Err(outcome) => Checked::from(outcome),
    })
}

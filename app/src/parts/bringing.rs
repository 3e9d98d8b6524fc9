//! Bringing a file: a picture is prepared and stored, a video sent in parts that are taken up again, a document in one. The
//! composer and the library do the first two, a thread of comments the first. Separate from `platform`, which knows no engine.

use std::collections::BTreeMap;

use domain::{
    Document, Language, Picture, Poster, Refusal, Video,
    document::{Flaw, MOST_BYTES},
};
use web_sys::File;
use wire::{
    Fault, Nothing, documents,
    videos::{self as contract, Begin, Coming, Stored},
};

use super::problem_sentence;
use crate::{
    api::{self, Problem, Storing, json, query},
    platform::{
        pictures::{self, Unusable},
        videos::{self, Line, Ready, Sent},
    },
    state::{lang, toasts},
};

/// A picture that was brought.
#[derive(Debug, Clone)]
pub struct Brought {
    /// As the engine has it.
    pub stored: wire::media::Stored,
    /// The name of its file.
    pub name: String,
    /// Whether something was hidden in it, which is not any more.
    pub stripped: bool,
}

/// Prepares a picture; why not, in words.
///
/// # Errors
/// The sentence.
pub async fn prepare_picture(file: File) -> Result<pictures::Ready, String> {
    let ready = pictures::prepare(file).await.map_err(unusable)?;
    tell_stilled(&ready);
    Ok(ready)
}

/// Says of a picture that moved that it does not any more: until it is closed, for nobody sees it in the list.
pub fn tell_stilled(ready: &pictures::Ready) {
    if ready.moved {
        toasts::mind(lang().compose_picture_stilled(&ready.name));
    }
}

/// Prepares and stores a picture for the poster of a video, in the library too; why not, in words.
///
/// # Errors
/// The sentence.
pub async fn bring_poster(file: File) -> Result<Brought, String> {
    let ready = pictures::as_poster(file).await.map_err(unusable)?;
    tell_stilled(&ready);
    store_picture(&ready, Storing::Filed).await.map_err(|problem| problem_sentence(&problem).to_string())
}

/// Why a picture cannot be used, in words.
fn unusable(why: Unusable) -> String {
    let lang = lang();
    match why {
        Unusable::NotAPicture => lang.compose_picture_none(),
        Unusable::Heic => lang.compose_picture_heic(),
        Unusable::Gif => lang.compose_picture_gif(),
        Unusable::TooLarge => lang.compose_picture_large(),
        Unusable::Broken => lang.compose_picture_broken(),
    }
    .to_owned()
}

/// Stores one that is prepared, and what it looks like small, but for what stands within a comment.
///
/// # Errors
/// Every way in which there is no answer.
pub async fn store_picture(ready: &pictures::Ready, storing: Storing<'_>) -> Result<Brought, Problem> {
    let stored = api::store_picture(&ready.bytes, ready.mime, &ready.hash, &ready.name, storing).await?;
    if let Some(small) = ready.small.as_ref().filter(|_| !matches!(storing, Storing::Aside)) {
        // Without it the picture itself is shown; what was stored before by somebody else keeps theirs.
        let _ = api::keep_thumbnail(&stored.id, &small.bytes, small.mime, ready.look).await;
    }
    Ok(Brought { stripped: ready.had_position || stored.stripped, name: ready.name.clone(), stored })
}

/// Prepares and stores a picture; why not, in words.
///
/// # Errors
/// The sentence.
pub async fn bring_picture(file: File, storing: Storing<'_>) -> Result<Brought, String> {
    let ready = prepare_picture(file).await?;
    store_picture(&ready, storing).await.map_err(|problem| problem_sentence(&problem).to_string())
}

/// Brings a video, or goes on where it stopped, which the engine knows. `told` hears how far it is, in percent, and at the end
/// that it is being looked at.
///
/// # Errors
/// Every way in which there is no answer; `Offline` where it may be taken up again.
pub async fn bring_video(
    ready: &Ready,
    line: &Line,
    told: impl Fn(Option<u32>) + Clone + 'static,
) -> Result<Stored, Problem> {
    let begin = Begin { name: ready.name.clone(), bytes: ready.bytes.into() };
    let mut coming: Coming = api::call(&contract::BEGIN, &[], &begin).await?;
    let (mut place, mut done) = (0, 0);
    while place < domain::video::count(ready.bytes) {
        let part = ready.part(place).await?;
        match coming.parts.iter().find(|there| there.place == place) {
            Some(there) if there.hash == part.hash => {}
            Some(_) => {
                // Another file of the same name and size was begun: it goes, and this one starts anew.
                api::call(&contract::GIVE_UP, &[coming.id.as_str()], &Nothing {}).await?;
                coming = api::call(&contract::BEGIN, &[], &begin).await?;
                (place, done) = (0, 0);
                continue;
            }
            None => {
                let path = contract::PART.path(&[coming.id.as_str(), &place.to_string()]);
                let (total, told) = (ready.bytes, told.clone());
                let gone = move |gone: u32| told(Some(percent(done + gone, total)));
                match line.send(&path, &part, &[], gone).await {
                    Sent::There(_) => {}
                    Sent::Lost => return Err(Problem::Offline),
                    Sent::Refused(401, _) => return Err(Problem::SignedOut),
                    Sent::Refused(_, text) => {
                        return Err(answered(&text));
                    }
                }
            }
        }
        if line.is_cut() {
            return Err(Problem::Offline);
        }
        done += part.bytes;
        place += 1;
        told(Some(percent(done, ready.bytes)));
    }
    told(None);
    api::call(&contract::FINISH, &[coming.id.as_str()], &Nothing {}).await
}

/// What an answer says that is no success.
fn answered(text: &str) -> Problem {
    json::read::<Fault>(text).map_or_else(api::nonsense, Problem::from)
}

/// Brings a document, which has no name in any language yet. `told` hears how far it is, in percent, and that it is being looked at.
///
/// # Errors
/// Every way in which there is no answer.
pub async fn bring_document(
    file: &File,
    line: &Line,
    told: impl Fn(Option<u32>) + Clone + 'static,
) -> Result<Document, Problem> {
    let refused = <Problem as From<Refusal>>::from;
    let size = file.size() as u64;
    if size > u64::from(MOST_BYTES) {
        return Err(refused(Refusal::DocumentTooLarge { limit: MOST_BYTES.into(), bytes: size }));
    }
    if size == 0 {
        return Err(refused(Refusal::BadDocument { flaw: Flaw::Empty }));
    }
    let (part, name) = (videos::whole(file).await.map_err(refused)?, file.name());
    let said = [(documents::BYTES, part.bytes.to_string()), ("x-pregon-name", query::escape(&name))];
    let (total, sending) = (part.bytes, told.clone());
    let gone = move |gone: u32| sending(Some(percent(gone, total)));
    let coming: documents::Coming = match line.send(&documents::STORE.path(&[]), &part, &said, gone).await {
        Sent::There(text) => json::read(&text).ok_or_else(|| refused(Refusal::Unavailable))?,
        Sent::Lost => return Err(Problem::Offline),
        Sent::Refused(401, _) => return Err(Problem::SignedOut),
        Sent::Refused(_, text) => {
            return Err(answered(&text));
        }
    };
    told(None);
    let mut seen = 0;
    loop {
        if line.is_cut() {
            return Err(Problem::Offline);
        }
        let looked = api::call(&documents::LOOK, &[coming.id.as_str()], &Nothing {}).await?;
        if let Some(documents::Stored { id: media, hash, bytes, facts }) = looked.stored {
            let (pages, tagged) = (facts.pages, facts.tagged);
            return Ok(Document { media, hash, bytes, pages, tagged, file_name: name, title: BTreeMap::new() });
        }
        // What does not get on is not waited for.
        if looked.seen <= seen {
            return Err(refused(Refusal::Unavailable));
        }
        seen = looked.seen;
    }
}

fn percent(done: u32, total: u32) -> u32 {
    u32::try_from(u64::from(done) * 100 / u64::from(total.max(1))).unwrap_or(100).min(100)
}

/// A stored picture as it stands in a post.
pub fn as_picture(stored: wire::media::Stored, file_name: String, alt: BTreeMap<Language, String>) -> Picture {
    let wire::media::Stored { id: media, hash, mime, bytes, width, height, .. } = stored;
    Picture { media, hash, mime, bytes, width, height, file_name, alt, focus: None }
}

/// A stored video as it stands in a post.
pub fn as_video(stored: Stored, file_name: String) -> Video {
    let Stored { id: media, hash, bytes, facts } = stored;
    Video {
        media,
        hash,
        mime: facts.mime,
        codec: facts.codec,
        bytes,
        width: facts.width,
        height: facts.height,
        millis: facts.millis,
        rate: facts.rate,
        sound: facts.sound,
        file_name,
        alt: BTreeMap::new(),
        captions: BTreeMap::new(),
        poster: None,
    }
}

/// A stored picture as the poster of a video, with the moment that it shows if it is one.
pub fn as_poster(stored: wire::media::Stored, at: Option<u32>) -> Poster {
    let wire::media::Stored { id: media, hash, bytes, width, height, .. } = stored;
    Poster { media, hash, bytes, width, height, at }
}

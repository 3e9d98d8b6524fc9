//! Videos, and documents on their way, in the browser: looked at by the few bytes that say what they are, made to tell nothing but picture and sound, and
//! sent in parts. Separate from pictures: nothing is decoded, and no more than a part is ever in memory.

use std::{cell::RefCell, ops::Range, rc::Rc};

use domain::{
    Refusal, record,
    video::{self, Facts, Flaw, Hidden, MOST_BYTES, Walk},
};
use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, ProgressEvent, XmlHttpRequest};

/// The most bytes of hidden data that are overwritten: what is larger is no note about a video.
const MOST_HIDDEN: u64 = 32 * 1024 * 1024;

/// A video that can be sent.
#[derive(Debug, Clone)]
pub struct Ready {
    /// Its bytes, as they are sent.
    file: Blob,
    /// The name of the file.
    pub name: String,
    /// Its size.
    pub bytes: u32,
    /// What it is.
    pub facts: Facts,
    /// Whether it told more than picture and sound; it no longer does.
    pub stripped: bool,
}

/// All bytes of a small file that a person chose; `None` if it is no small one, or cannot be read.
pub async fn small(file: &File, most: usize) -> Option<Vec<u8>> {
    if file.size() as u64 > most as u64 {
        return None;
    }
    let buffer = read(file).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Prepares a file that a person chose.
///
/// # Errors
/// The refusal with which the engine would answer it.
pub async fn prepare(file: File) -> Result<Ready, Refusal> {
    let size = file.size() as u64;
    let bytes = u32::try_from(size).ok().filter(|bytes| *bytes <= MOST_BYTES);
    let bytes = bytes.ok_or(Refusal::VideoTooLarge { limit: MOST_BYTES.into(), bytes: size })?;
    let bad = |flaw| Refusal::BadVideo { flaw };
    let mut walk = Walk::over(size);
    while let Some(wanted) = walk.wants() {
        let seen = read(&slice(&file, wanted.start, wanted.end)?).await?;
        walk.take(&Uint8Array::new(&seen).to_vec()).map_err(bad)?;
    }
    let found = walk.found().map_err(bad)?;
    let stripped = !found.hidden.is_empty() || !found.data.is_empty();
    let mut silent = Vec::new();
    for track in &found.data {
        if track.body.end - track.body.start > MOST_HIDDEN {
            return Err(bad(Flaw::Data));
        }
        let body = read(&slice(&file, track.body.start, track.body.end)?).await?;
        let samples = video::samples(&Uint8Array::new(&body).to_vec(), size).map_err(bad)?;
        silent.extend(samples.into_iter().map(|body| Silent { name: None, body }));
    }
    let named = |Hidden { name, body }| Silent { name: Some(name), body };
    silent.extend(found.hidden.into_iter().chain(found.data).map(named));
    // What is free may hold what another program hid there; that it is emptied too nobody needs to be told.
    silent.extend(found.idle.into_iter().map(|body| Silent { name: None, body }));
    silent.sort_by_key(|one| one.body.start);
    let whole = if silent.is_empty() { file.clone().into() } else { silenced(&file, size, &silent)? };
    Ok(Ready { name: file.name(), file: whole, bytes, facts: found.facts, stripped })
}

/// A stretch that is overwritten with zeros; where it is what a box holds, the box becomes `free`.
struct Silent {
    name: Option<u64>,
    body: Range<u64>,
}

/// The file with stretches overwritten, none of them moved: those with a name become `free` too.
fn silenced(file: &Blob, size: u64, silent: &[Silent]) -> Result<Blob, Refusal> {
    let (pieces, mut done) = (Array::new(), 0);
    for Silent { name, body } in silent {
        let length = body.end - body.start;
        // What lies over another would make the file longer.
        if length > MOST_HIDDEN || name.unwrap_or(body.start) < done {
            return Err(Refusal::BadVideo { flaw: Flaw::Telling });
        }
        if let Some(name) = name {
            pieces.push(slice(file, done, *name)?.as_ref());
            pieces.push(&Uint8Array::from(&b"free"[..]));
            done = name + 4;
        }
        pieces.push(slice(file, done, body.start)?.as_ref());
        pieces.push(&Uint8Array::new_with_length(length as u32));
        done = body.end;
    }
    pieces.push(slice(file, done, size)?.as_ref());
    Blob::new_with_u8_array_sequence(&pieces).map_err(|_| unreadable())
}

/// The disk was taken out, or the file changed meanwhile.
fn unreadable() -> Refusal {
    Refusal::BadVideo { flaw: Flaw::Broken }
}

fn slice(file: &Blob, from: u64, to: u64) -> Result<Blob, Refusal> {
    file.slice_with_f64_and_f64(from as f64, to as f64).map_err(|_| unreadable())
}

async fn read(blob: &Blob) -> Result<ArrayBuffer, Refusal> {
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(|_| unreadable())?;
    buffer.dyn_into().map_err(|_| unreadable())
}

/// A part, read and reckoned.
pub struct Part {
    /// SHA-256 of its bytes.
    pub hash: String,
    /// Its size.
    pub bytes: u32,
    body: ArrayBuffer,
}

impl Ready {
    /// Reads a part.
    ///
    /// # Errors
    /// `BadVideo` if the file cannot be read any more.
    pub async fn part(&self, place: u32) -> Result<Part, Refusal> {
        let bytes = video::length(self.bytes, place).ok_or_else(unreadable)?;
        let from = u64::from(place) * u64::from(video::PART);
        let body = read(&slice(&self.file, from, from + u64::from(bytes))?).await?;
        if body.byte_length() != bytes {
            return Err(unreadable());
        }
        Ok(Part { hash: sha256(&body).await, bytes, body })
    }
}

/// A file as one piece, read and reckoned: a document.
///
/// # Errors
/// `BadDocument` if the file cannot be read.
pub async fn whole(file: &File) -> Result<Part, Refusal> {
    let unreadable = |_| Refusal::BadDocument { flaw: domain::document::Flaw::Broken };
    let body = read(file).await.map_err(unreadable)?;
    Ok(Part { hash: sha256(&body).await, bytes: body.byte_length(), body })
}

/// By the browser's own digest; by ours where the page is not in a secure context and has none.
async fn sha256(bytes: &ArrayBuffer) -> String {
    let digest = async {
        let crypto = web_sys::window()?.crypto().ok()?.subtle();
        let promise = crypto.digest_with_str_and_buffer_source("SHA-256", bytes).ok()?;
        let buffer: ArrayBuffer = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
        Some(record::to_hex(&Uint8Array::new(&buffer).to_vec()))
    };
    match digest.await {
        Some(hash) => hash,
        None => record::sha256_hex(&Uint8Array::new(bytes).to_vec()),
    }
}

/// What is being sent, to be stopped by whoever does not want it any more.
#[derive(Debug, Clone, Default)]
pub struct Line(Rc<RefCell<Cut>>);

#[derive(Debug, Default)]
struct Cut {
    running: Option<XmlHttpRequest>,
    cut: bool,
}

/// What came of sending a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// It is there: what the engine answered.
    There(String),
    /// The connection broke.
    Lost,
    /// The engine said no: the status and its words.
    Refused(u16, String),
}

impl Line {
    /// Stops.
    pub fn cut(&self) {
        let running = {
            let mut line = self.0.borrow_mut();
            line.cut = true;
            line.running.take()
        };
        // Outside of the borrow: it calls back at once.
        if let Some(request) = running {
            let _ = request.abort();
        }
    }

    /// Whether it was stopped.
    pub fn is_cut(&self) -> bool {
        self.0.borrow().cut
    }

    /// Sends a part, with what else is said of it, and says how much of it has gone. With this kind of request, because the newer one does not say.
    pub async fn send(&self, path: &str, part: &Part, said: &[(&str, String)], gone: impl Fn(u32) + 'static) -> Sent {
        let answered = async {
            let request = XmlHttpRequest::new().ok()?;
            request.open_with_async("PUT", path, true).ok()?;
            for (name, value) in
                [("x-pregon", "1"), ("x-pregon-sha256", &*part.hash), ("content-type", "application/octet-stream")]
            {
                request.set_request_header(name, value).ok()?;
            }
            for (name, value) in said {
                request.set_request_header(name, value).ok()?;
            }
            let progress =
                Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| gone(event.loaded() as u32));
            request.upload().ok()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
            let over = Promise::new(&mut |resolve, _| {
                let over = Closure::once_into_js(move || {
                    // The resolver of a promise cannot throw.
                    let _ = resolve.call0(&JsValue::UNDEFINED);
                });
                request.set_onloadend(Some(over.unchecked_ref()));
            });
            self.0.borrow_mut().running = Some(request.clone());
            request.send_with_opt_buffer_source(Some(&part.body)).ok()?;
            JsFuture::from(over).await.ok()?;
            self.0.borrow_mut().running = None;
            let status = request.status().ok()?;
            Some((status, request.response_text().ok().flatten().unwrap_or_default()))
        };
        match answered.await {
            Some((200, text)) => Sent::There(text),
            Some((status, text)) if (400..500).contains(&status) => Sent::Refused(status, text),
            _ => Sent::Lost,
        }
    }
}

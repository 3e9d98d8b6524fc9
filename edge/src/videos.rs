//! Bytes of videos on their way: from the browser into the bucket, from the bucket to whoever watches and to the networks.
//! Separate because they never pass through our memory: the platform pipes one stream into another, part after part, and all
//! that is reckoned here are lengths.

use std::ops::Range;

use domain::{MediaId, OrganisationId, video::Part};
use wasm_bindgen_futures::JsFuture;
use worker::{
    js_sys::Uint8Array,
    web_sys::{ReadableStream, StreamPipeOptions, WritableStream},
    worker_sys::FixedLengthStream,
};

use crate::app::App;

/// Where the bytes of a video are.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Whose.
    pub org: OrganisationId,
    /// Which.
    pub media: MediaId,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// Everything of a video that is kept stands under this.
fn prefix(org: &OrganisationId, media: &MediaId) -> String {
    format!("{org}/{media}/")
}

impl Source {
    /// The place of a part in the bucket: under its own hash, so that another one can never stand there.
    pub fn key(&self, part: &Part) -> String {
        prefix(&self.org, &self.media) + &part.hash
    }

    /// All bytes there are.
    pub fn bytes(&self) -> u64 {
        self.parts.iter().map(|part| u64::from(part.bytes)).sum()
    }

    /// The pieces of parts that a range is made of: which part, from where in it, how much of it.
    fn pieces(&self, range: &Range<u64>) -> Vec<(&Part, u64, u64)> {
        let (mut start, mut pieces) = (0_u64, Vec::new());
        for part in &self.parts {
            let end = start + u64::from(part.bytes);
            let (from, to) = (range.start.max(start), range.end.min(end));
            if from < to {
                pieces.push((part, from - start, to - from));
            }
            start = end;
        }
        pieces
    }

    /// A few bytes, to look at.
    ///
    /// # Errors
    /// What the bucket says.
    pub async fn look(&self, app: &App, range: Range<u64>) -> worker::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for (part, offset, length) in self.pieces(&range) {
            let object = self.object(app, part, offset, length).await?;
            let body = object.body().ok_or_else(missing)?;
            bytes.extend(body.bytes().await?);
        }
        Ok(bytes)
    }

    async fn object(&self, app: &App, part: &Part, offset: u64, length: u64) -> worker::Result<worker::Object> {
        #[cfg(feature = "rehearsal")]
        if crate::rehearsal::fires("r2_down") {
            return Err(worker::Error::RustError("rehearsed".to_owned()));
        }
        app.ledger().call();
        let range = worker::Range::OffsetWithLength { offset, length };
        let found = app.env.bucket("MEDIA")?.get(self.key(part)).range(range).execute().await?;
        found.ok_or_else(missing)
    }

    async fn pour(&self, app: &App, range: Range<u64>, into: &WritableStream) -> worker::Result<()> {
        for (part, offset, length) in self.pieces(&range) {
            let object = self.object(app, part, offset, length).await?;
            let worker::ResponseBody::Stream(stream) = object.body().ok_or_else(missing)?.response_body()? else {
                return Err(missing());
            };
            let options = StreamPipeOptions::new();
            options.set_prevent_close(true);
            JsFuture::from(stream.pipe_to_with_options(into, &options)).await?;
        }
        Ok(())
    }

    /// A stretch as a stream of known length.
    ///
    /// # Errors
    /// What the platform says.
    pub fn stream(&self, app: &App, range: Range<u64>) -> worker::Result<ReadableStream> {
        Outgoing { source: self.clone(), range, before: Vec::new(), behind: Vec::new() }.open(app)
    }
}

fn missing() -> worker::Error {
    worker::Error::RustError("a part of a video is not in the bucket".to_owned())
}

/// A stretch of a video with a few bytes before and behind it (a form's). Opened anew for each call that carries it.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Where its bytes are.
    pub source: Source,
    /// Which of them.
    pub range: Range<u64>,
    /// What stands before them.
    pub before: Vec<u8>,
    /// What stands behind them.
    pub behind: Vec<u8>,
}

impl Outgoing {
    fn length(&self) -> u64 {
        (self.before.len() + self.behind.len()) as u64 + (self.range.end - self.range.start)
    }

    /// A stream of known length. What pours into it goes on by itself, as quickly as somebody reads.
    ///
    /// # Errors
    /// What the platform says.
    pub fn open(&self, app: &App) -> worker::Result<ReadableStream> {
        let pipe = fixed(self.length())?;
        let (readable, writable) = (pipe.readable(), pipe.writable());
        let (outgoing, pouring) = (self.clone(), app.clone());
        app.alongside(async move {
            if let Err(error) = outgoing.pour(&pouring, &writable).await {
                // Whoever reads is told by the stream; that nobody reads any more is no error of ours.
                worker::console_log!("a video broke off: {error}");
                let _ = JsFuture::from(writable.abort()).await;
            }
        });
        Ok(readable)
    }

    async fn pour(&self, app: &App, into: &WritableStream) -> worker::Result<()> {
        write(into, &self.before).await?;
        self.source.pour(app, self.range.clone(), into).await?;
        write(into, &self.behind).await?;
        JsFuture::from(into.close()).await?;
        Ok(())
    }
}

async fn write(into: &WritableStream, bytes: &[u8]) -> worker::Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    let writer = into.get_writer()?;
    JsFuture::from(writer.write_with_chunk(&Uint8Array::from(bytes))).await?;
    writer.release_lock();
    Ok(())
}

/// The bucket and `fetch` take a stream only if its length is known.
fn fixed(length: u64) -> worker::Result<FixedLengthStream> {
    let length = u32::try_from(length).map_err(|_| worker::Error::RustError("too long".to_owned()))?;
    Ok(FixedLengthStream::new(length)?)
}

/// Why a part was not kept.
#[derive(Debug)]
pub enum Unkept {
    /// Its bytes are not those of the hash, or not as many as they should be.
    Otherwise,
    /// The bucket did not answer as it should.
    Down(String),
}

/// Pipes a part into the bucket, which verifies its hash.
///
/// # Errors
/// See [`Unkept`].
pub async fn keep(app: &App, source: &Source, part: &Part, hash: Vec<u8>, from: ReadableStream) -> Result<(), Unkept> {
    keep_at(app, source.key(part), part.bytes, hash, from).await
}

/// The same of any bytes, under a key.
///
/// # Errors
/// See [`Unkept`].
pub async fn keep_at(app: &App, key: String, bytes: u32, hash: Vec<u8>, from: ReadableStream) -> Result<(), Unkept> {
    let down = |error: worker::Error| Unkept::Down(error.to_string());
    let pipe = fixed(bytes.into()).map_err(down)?;
    let poured = JsFuture::from(from.pipe_to(&pipe.writable()));
    // Its own failure is the bucket's too, which sees the stream end too early.
    app.alongside(async move { drop(poured.await) });
    app.ledger().call();
    let bucket = app.env.bucket("MEDIA").map_err(down)?;
    let put = bucket.put(key, worker::Data::ReadableStream(pipe.readable())).sha256(hash).execute().await;
    match put {
        Ok(_) => Ok(()),
        Err(error) => {
            let words = error.to_string();
            let otherwise = words.contains("checksum") || words.contains("FixedLengthStream");
            Err(if otherwise { Unkept::Otherwise } else { Unkept::Down(words) })
        }
    }
}

/// Removes every part of a video. Best effort: what stays is unreachable, for no row names it. Answers whether they are gone.
pub async fn remove(app: &App, org: &OrganisationId, media: &MediaId) -> bool {
    let removed = async {
        app.ledger().call();
        let bucket = app.env.bucket("MEDIA")?;
        let found = bucket.list().prefix(prefix(org, media)).execute().await?;
        let keys: Vec<String> = found.objects().iter().map(worker::Object::key).collect();
        if !keys.is_empty() {
            app.ledger().call();
            bucket.delete_multiple(keys).await?;
        }
        Ok::<_, worker::Error>(())
    };
    removed.await.map_err(|error| worker::console_error!("bucket: {error}")).is_ok()
}

/// What a `Range` header asks of so many bytes: one stretch. `Some(None)` if it asks for none that is understood, and then all
/// of it is answered; `None` if there is no such stretch (RFC 9110, 14.2).
pub fn asked(header: Option<&str>, bytes: u64) -> Option<Option<Range<u64>>> {
    let Some((from, to)) = header.and_then(|text| text.strip_prefix("bytes=")?.split_once('-')) else {
        return Some(None);
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let range = match (number(from), number(to)) {
        (Some(from), Some(to)) if from <= to => from..to.saturating_add(1).min(bytes),
        (Some(from), None) if to.trim().is_empty() => from..bytes,
        (None, Some(last)) if from.trim().is_empty() => bytes.saturating_sub(last)..bytes,
        _ => return Some(None),
    };
    if range.is_empty() { None } else { Some(Some(range)) }
}

/// A stream that an answer carries past the framework.
#[derive(Clone)]
pub struct Streamed(pub worker::send::SendWrapper<ReadableStream>);

impl Streamed {
    /// Over a stream.
    pub fn new(stream: ReadableStream) -> Self {
        Self(worker::send::SendWrapper::new(stream))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> Source {
        let part = |place, bytes| Part { place, hash: format!("{place:064x}"), bytes };
        let (org, media) = (OrganisationId::from_bits(1), MediaId::from_bits(2));
        Source { org, media, parts: vec![part(0, 10), part(1, 10), part(2, 3)] }
    }

    fn pieces(range: Range<u64>) -> Vec<(u32, u64, u64)> {
        source().pieces(&range).into_iter().map(|(part, offset, length)| (part.place, offset, length)).collect()
    }

    #[test]
    fn a_stretch_is_made_of_pieces_of_parts() {
        assert_eq!(pieces(0..23), [(0, 0, 10), (1, 0, 10), (2, 0, 3)]);
        assert_eq!(pieces(9..11), [(0, 9, 1), (1, 0, 1)]);
        assert_eq!(pieces(10..20), [(1, 0, 10)]);
        assert_eq!(pieces(22..99), [(2, 2, 1)]);
        assert_eq!(pieces(5..5), []);
        for (start, end) in [(0, 1), (3, 17), (0, 23), (19, 23)] {
            let whole: u64 = pieces(start..end).iter().map(|(_, _, length)| length).sum();
            assert_eq!(whole, end - start);
        }
    }

    #[test]
    fn a_part_stands_under_its_own_hash() {
        let source = source();
        let keys: std::collections::BTreeSet<String> = source.parts.iter().map(|part| source.key(part)).collect();
        assert_eq!(keys.len(), 3);
        assert!(keys.iter().all(|key| key.starts_with(&format!("{}/{}/", source.org, source.media))));
    }

    #[test]
    fn a_range_is_read_as_browsers_write_it() {
        for (header, range) in [
            (Some("bytes=0-"), Some(0..100)),
            (Some("bytes=0-0"), Some(0..1)),
            (Some("bytes=10-19"), Some(10..20)),
            (Some("bytes=90-999"), Some(90..100)),
            (Some("bytes=-10"), Some(90..100)),
            (Some("bytes=-999"), Some(0..100)),
            (None, None),
            (Some("bytes=5-4"), None),
            (Some("bytes=0-1,5-6"), None),
            (Some("bytes=a-b"), None),
            (Some("items=0-1"), None),
        ] {
            assert_eq!(asked(header, 100), Some(range), "{header:?}");
        }
        for header in ["bytes=100-", "bytes=100-200", "bytes=-0"] {
            assert_eq!(asked(Some(header), 100), None, "{header}");
        }
    }
}

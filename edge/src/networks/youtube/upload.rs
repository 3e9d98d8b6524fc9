//! An upload that is gone on with (resumable): it is begun with all that is said of the video, has an address of its own, and is
//! asked how much of it is there. Separate because that address outlives the invocation, and whoever has it may write the
//! video: it is kept sealed.

use domain::{RenderedVideo, delivery::Outcome, json};
use worker::Method;

use super::{
    super::{Errand, Weight, film, oauth::Session, unavailable},
    outcome, video,
};
use crate::{
    outbound::{Address, Answer, Call},
    vault::{self, Sealed, Secret},
    videos::{Outgoing, Source},
};

/// An upload.
pub struct Upload(Secret);

/// How it stands.
#[derive(Debug, PartialEq, Eq)]
pub enum Stands {
    /// All of it is there, and this is the video.
    Whole(String),
    /// So many bytes are there.
    At(u64),
    /// Nobody there knows it any more.
    Gone,
}

impl Upload {
    /// Begins one. Nothing is there of the video before its last byte.
    ///
    /// # Errors
    /// An outcome that ends the errand.
    pub async fn begin(errand: &Errand<'_>, session: &mut Session<'_>, film: &RenderedVideo) -> Result<Self, Outcome> {
        let to = session.server.at("/upload/youtube/v3/videos").with("uploadType", "resumable");
        let call = Call::post(to.with("part", video::MADE_WITH))
            .header("x-upload-content-length", film.bytes.to_string())
            .header("x-upload-content-type", film.mime.mime())
            .json(&video::unseen(errand.rendition));
        let answer = session.call(Weight::Safe, call).await?;
        if !answer.is_success() {
            return Err(outcome(Weight::Safe, &answer));
        }
        let address = answer.header("location").and_then(|text| Address::parse(&text).ok());
        // Our access goes there too, so it is nobody else's.
        let address = address.filter(|to| is_theirs(&to.host()) || to.origin() == session.server.origin());
        let address = address.ok_or_else(|| Weight::Safe.of_nonsense(&answer))?;
        Ok(Self(Secret::new(address.as_str())))
    }

    /// As it is kept with the act.
    ///
    /// # Errors
    /// `NotSent` without a key.
    pub fn sealed(&self, errand: &Errand<'_>) -> Result<String, Outcome> {
        let sealed = vault::seal_for(errand.app, errand.act.as_str(), &self.0).map_err(unavailable)?;
        Ok(json!(sealed).to_string())
    }

    /// One that was kept; `None` if it does not open any more.
    pub fn open(errand: &Errand<'_>, sealed: &str) -> Option<Self> {
        let sealed: Sealed = crate::tree::read(sealed).ok()?;
        vault::open_for(errand.app, errand.act.as_str(), &sealed).ok().map(Self)
    }

    fn call(&self, range: String) -> Result<Call, Outcome> {
        let address = Address::parse(self.0.reveal()).map_err(unavailable)?;
        Ok(Call::new(Method::Put, address).header("content-range", range).hiding(&self.0))
    }

    /// Asks how it stands.
    ///
    /// # Errors
    /// An outcome that ends the errand.
    pub async fn stands(&self, session: &mut Session<'_>, total: u32) -> Result<Stands, Outcome> {
        let answer = session.call(Weight::Safe, self.call(format!("bytes */{total}"))?).await?;
        read(&answer)
    }

    /// Sends the bytes from a place on.
    ///
    /// # Errors
    /// `NotSent` for whatever does not say how it stands now; else an outcome that ends the errand.
    pub async fn send(
        &self,
        session: &mut Session<'_>,
        source: Source,
        from: u64,
        mime: &'static str,
    ) -> Result<Stands, Outcome> {
        let total = source.bytes();
        let outgoing = Outgoing { range: from..total, ..film::bare(source) };
        let call = self.call(format!("bytes {from}-{}/{total}", total.saturating_sub(1)))?.video(outgoing, mime);
        read(&session.call(Weight::Safe, call).await?)
    }
}

fn read(answer: &Answer) -> Result<Stands, Outcome> {
    match answer.status {
        308 => Ok(Stands::At(there(answer.header("range").as_deref()))),
        404 | 410 => Ok(Stands::Gone),
        200..=299 => {
            let id = answer.json().and_then(|body| body["id"].as_str().map(ToOwned::to_owned));
            let id = id.filter(|id| video::is_video(id)).ok_or_else(|| Weight::Safe.of_nonsense(answer))?;
            Ok(Stands::Whole(id))
        }
        _ => Err(outcome(Weight::Safe, answer)),
    }
}

/// How many bytes `bytes=0-41` says are there. Without it, none are.
fn there(range: Option<&str>) -> u64 {
    let last = range.and_then(|text| text.rsplit_once('-')?.1.trim().parse::<u64>().ok());
    last.map_or(0, |last| last.saturating_add(1))
}

fn is_theirs(host: &str) -> bool {
    host == "googleapis.com" || host.ends_with(".googleapis.com")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_counted_from_one() {
        assert_eq!((there(Some("bytes=0-41")), there(Some("bytes=0-0")), there(None)), (42, 1, 0));
        assert_eq!((there(Some("bytes=")), there(Some("bytes=0-x"))), (0, 0));
    }

    #[test]
    fn an_upload_goes_to_google_alone() {
        assert!(is_theirs("www.googleapis.com") && is_theirs("youtube.googleapis.com"));
        assert!(!is_theirs("googleapis.com.villa.es") && !is_theirs("notgoogleapis.com"));
    }
}

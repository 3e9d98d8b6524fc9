//! Pictures that a network of the sandbox fetches itself, as a stranger from the internet, and what it reads of them: its own
//! reading of JPEG and PNG, for the engine's is what is tried.

use sha2::{Digest, Sha256};

/// The most that is fetched.
const MOST: u64 = 20_000_000;

/// A picture that was fetched.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it is.
    pub mime: &'static str,
    /// Pixels across and down.
    pub size: (u32, u32),
}

impl Fetched {
    /// Its bytes by their hash.
    pub fn hash(&self) -> String {
        Sha256::digest(&self.bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Fetches a picture; why not, if it cannot be.
pub async fn fetch(address: String) -> Result<Fetched, String> {
    let fetched = tokio::task::spawn_blocking(move || {
        let mut answer = ureq::get(&address).call().map_err(|error| format!("{error}: {address}"))?;
        let indexed = answer.headers().get("x-robots-tag").is_none();
        let kept = answer.headers().get("cache-control").is_none_or(|how| how != "no-store");
        if address.contains("/m/") && (indexed || kept) {
            return Err(format!("robots or caches may keep {address}"));
        }
        answer.body_mut().with_config().limit(MOST).read_to_vec().map_err(|error| format!("{error}: {address}"))
    });
    let bytes = fetched.await.map_err(|error| error.to_string())??;
    let (mime, size) = jpeg(&bytes)
        .map(|size| ("image/jpeg", size))
        .or_else(|| Some(("image/png", png(&bytes)?)))
        .ok_or("no picture")?;
    Ok(Fetched { bytes, mime, size })
}

fn two(bytes: &[u8]) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.get(..2)?.try_into().ok()?)))
}

/// The size that the first frame header declares.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    loop {
        let [0xff, marker, body @ ..] = rest else { return None };
        if matches!(marker, 0xc0..=0xc2) {
            return Some((two(body.get(5..)?)?, two(body.get(3..)?)?));
        }
        rest = body.get(two(body)? as usize..)?;
    }
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(8..16)?;
    let four = |bytes: &[u8]| Some(u32::from_be_bytes(bytes.try_into().ok()?));
    Some((four(&header[..4])?, four(&header[4..])?))
}

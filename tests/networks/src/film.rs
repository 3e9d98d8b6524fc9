//! Videos that a network of the sandbox is given: fetched by stretches, as a stranger from the internet would, or sent; and what
//! is read of them: its own reading of MPEG-4, for the engine's is what is tried.

use std::{fmt, sync::Arc};

use sha2::{Digest, Sha256};

/// The bytes of a stretch that is fetched.
const STRETCH: usize = 4 * 1024 * 1024;

/// The most that is fetched.
const MOST: usize = 400_000_000;

/// A video.
#[derive(Clone)]
pub struct Film {
    /// Its bytes.
    pub bytes: Arc<Vec<u8>>,
    /// What it is.
    pub facts: Facts,
}

impl fmt::Debug for Film {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} bytes, {:?}", self.bytes.len(), self.facts)
    }
}

/// What a video is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Whether it is QuickTime.
    pub apple: bool,
    /// The name of how its picture is coded.
    pub codec: [u8; 4],
    /// Pixels across and down.
    pub size: (u32, u32),
    /// How long it lasts.
    pub millis: u64,
    /// Pictures in it.
    pub pictures: u64,
}

impl Facts {
    /// Pictures a second.
    pub fn rate(&self) -> u64 {
        (self.pictures * 1_000 + self.millis / 2) / self.millis.max(1)
    }
}

impl Film {
    /// Reads one; `None` if it is none, or is not whole.
    pub fn read(bytes: Vec<u8>) -> Option<Self> {
        let facts = facts(&bytes)?;
        Some(Self { bytes: Arc::new(bytes), facts })
    }

    /// Its bytes by their hash.
    pub fn hash(&self) -> String {
        Sha256::digest(&*self.bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Bits a second.
    pub fn bits(&self) -> u64 {
        self.bytes.len() as u64 * 8_000 / self.facts.millis.max(1)
    }
}

/// Fetches a video by stretches; why not, if it cannot be. What is no video is fetched too, and comes as `None`.
pub async fn fetch(address: String) -> Result<Option<Film>, String> {
    let fetched = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        loop {
            let asked = format!("bytes={}-{}", bytes.len(), bytes.len() + STRETCH - 1);
            let call = ureq::get(&address).header("range", &asked);
            let mut answer = call.call().map_err(|error| format!("{error}: {address}"))?;
            let header =
                |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
            if address.contains("/m/")
                && (header("x-robots-tag").is_none() || header("cache-control").as_deref() != Some("no-store"))
            {
                return Err(format!("robots or caches may keep {address}"));
            }
            let said = header("content-range").unwrap_or_default();
            let whole: usize = said.rsplit('/').next().and_then(|text| text.parse().ok()).unwrap_or_default();
            if answer.status() != 206 || !said.starts_with(&format!("bytes {}-", bytes.len())) || whole > MOST {
                return Err(format!("no stretch of {address} but {} {said}", answer.status()));
            }
            let body = answer.body_mut().with_config().limit(STRETCH as u64 + 1).read_to_vec();
            let body = body.map_err(|error| format!("{error}: {address}"))?;
            if body.is_empty() || body.len() > STRETCH {
                return Err(format!("{} bytes of {address} where {asked} was asked", body.len()));
            }
            bytes.extend(body);
            if bytes.len() >= whole {
                return Ok(bytes);
            }
        }
    });
    Ok(Film::read(fetched.await.map_err(|error| error.to_string())??))
}

/// The boxes of a stretch, each by its name with what it holds; `None` if they do not fit into it.
fn boxes(mut bytes: &[u8]) -> Option<Vec<([u8; 4], &[u8])>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let size = usize::try_from(four(bytes)?).ok()?;
        let name = bytes.get(4..8)?.try_into().ok()?;
        found.push((name, bytes.get(8..size)?));
        bytes = &bytes[size..];
    }
    Some(found)
}

fn four(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?))
}

/// What one box within others holds.
fn inside<'a>(bytes: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    let Some((first, rest)) = path.split_first() else { return Some(bytes) };
    boxes(bytes)?.into_iter().filter(|(name, _)| name == *first).find_map(|(_, body)| inside(body, rest))
}

fn facts(bytes: &[u8]) -> Option<Facts> {
    let all = boxes(bytes)?;
    let (first, brand) = all.first()?;
    let movie = all.iter().find(|(name, _)| name == b"moov")?.1;
    if first != b"ftyp" || !all.iter().any(|(name, body)| name == b"mdat" && !body.is_empty()) {
        return None;
    }
    let mut tracks = boxes(movie)?.into_iter().filter(|(name, _)| name == b"trak").map(|(_, body)| body);
    let is_picture =
        |track: &&[u8]| inside(track, &[b"mdia", b"hdlr"]).and_then(|body| body.get(8..12)) == Some(b"vide");
    let samples = inside(tracks.find(is_picture)?, &[b"mdia", b"minf", b"stbl"])?;
    let described = inside(samples, &[b"stsd"])?;
    let two = |from: usize| Some(u32::from(u16::from_be_bytes(described.get(from..from + 2)?.try_into().ok()?)));
    let header = inside(movie, &[b"mvhd"])?;
    let (scale, length) = (four(header.get(12..)?)?, four(header.get(16..)?)?);
    Some(Facts {
        apple: brand.starts_with(b"qt  "),
        codec: described.get(12..16)?.try_into().ok()?,
        size: (two(40)?, two(42)?),
        millis: u64::from(length) * 1_000 / u64::from(scale.max(1)),
        pictures: four(inside(samples, &[b"stsz"])?.get(8..)?)?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_a_program_of_others_wrote_is_understood_and_half_of_it_is_none() {
        // Made with ffmpeg; see `tests/browser/video.spec.ts`.
        let file = include_bytes!("../../browser/film.mp4");
        let film = Film::read(file.to_vec()).unwrap();
        let Facts { apple, codec, size, millis, .. } = film.facts;
        assert_eq!((apple, &codec, size, film.facts.rate()), (false, b"avc1", (128, 72), 10));
        assert!((3_000..3_100).contains(&millis), "{film:?}");
        for half in [&file[..file.len() / 2], &file[..file.len() - 1], &file[8..], b"", b"<html>"] {
            assert!(Film::read(half.to_vec()).is_none());
        }
    }
}

//! Thumbnails: the row beside a picture's, and what pictures look like, by which they are found.

use domain::{
    ChannelId, Language, MediaId, MemberId, Moment, Network, OrganisationId, PictureType,
    look::{BANDS, Look},
};
use serde::Deserialize;
use wire::library::{Filed, Like};

use super::{
    Bind, Db, StoreError, Unit, id, json,
    library::{self, FILES},
    media::{self, Media},
    name, name_of,
};
use crate::binds;

/// So many are looked at for each band, the newest: one that is in many pictures (a sky, a white page) tells none apart.
const MOST_OF_BAND: u32 = 50;
/// So many are shown.
const MOST_ALIKE: usize = 4;
/// So many posts of each are named.
const MOST_USES: usize = 3;
/// So many uses are read, of all that are shown.
const MOST_READ: u32 = 200;

/// A thumbnail that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Thumbnail {
    /// SHA-256 of its bytes.
    pub hash: String,
    /// Its type.
    pub mime: PictureType,
}

/// Its place in the bucket: beside its picture, and under no name that one could have.
pub fn key(org: &OrganisationId, media: &MediaId) -> String {
    format!("{}.thumbnail", media::key(org, media))
}

/// A picture, who brought it, and its thumbnail if there is one.
pub struct Pictured {
    /// The picture.
    pub media: Media,
    /// Who brought it.
    pub by: MemberId,
    /// Its thumbnail.
    pub thumbnail: Option<Thumbnail>,
}

/// A picture of an organisation with its thumbnail.
///
/// # Errors
/// `Down`, `Row`.
pub async fn find(db: &Db, org: &OrganisationId, media: &MediaId) -> Result<Option<Pictured>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        by: String,
        small_hash: Option<String>,
        small_mime: Option<String>,
        picture: media::Row,
    }
    let sql =
        "SELECT m.id, m.hash, m.mime, m.bytes, m.width, m.height, m.by, t.hash AS small_hash, t.mime AS small_mime
      FROM media m LEFT JOIN thumbnail t ON t.org = m.org AND t.media = m.id WHERE m.org = ?1 AND m.id = ?2";
    let Some(row) = db.first::<Row>(sql, binds![org, media]).await? else { return Ok(None) };
    let small = row.small_hash.zip(row.small_mime);
    let small = small.map(|(hash, mime)| Ok::<_, StoreError>(Thumbnail { hash, mime: name(&mime)? }));
    Ok(Some(Pictured { media: row.picture.try_into()?, by: id(&row.by)?, thumbnail: small.transpose()? }))
}

/// A look in two halves: the numbers of a bind are exact below 2^53 only.
fn halves(look: Option<Look>) -> [Option<u32>; 2] {
    [32, 0].map(|by| look.map(|look| (look.bits() >> by) as u32))
}

/// Two columns of a look, of a thumbnail `t`.
pub const LOOK: &str = "(t.look >> 32) & 4294967295 AS look_high, t.look & 4294967295 AS look_low";

/// Reads them.
pub fn look(high: Option<f64>, low: Option<f64>) -> Option<Look> {
    let (high, low) = high.zip(low)?;
    Some(Look::from_bits(((high as u64) << 32) | low as u64))
}

/// Keeps a thumbnail, if none is kept; whether it was. A cut looks like what it was cut from: its look is not kept.
///
/// # Errors
/// `Down`.
pub async fn keep(
    db: &Db,
    org: &OrganisationId,
    media: &MediaId,
    (thumbnail, bytes): (&Thumbnail, u32),
    look: Option<Look>,
    at: Moment,
) -> Result<bool, StoreError> {
    let [high, low] = halves(look);
    let sql = "INSERT OR IGNORE INTO thumbnail (org, media, hash, mime, bytes, look, added_at)
      SELECT ?1, m.id, ?3, ?4, ?5, (SELECT (CAST(?6 AS INTEGER) << 32) | CAST(?7 AS INTEGER) FROM asset a
        WHERE a.org = ?1 AND a.media = m.id AND a.made_of IS NULL), ?8
      FROM media m WHERE m.org = ?1 AND m.id = ?2";
    let Thumbnail { hash, mime } = thumbnail;
    let written = db.run(sql, binds![org, media, hash, name_of(mime), bytes, high, low, at]).await?;
    Ok(written == 1)
}

/// Forgets one whose object could not be stored.
///
/// # Errors
/// `Down`.
pub async fn forget(db: &Db, org: &OrganisationId, media: &MediaId) -> Result<(), StoreError> {
    let mut unit = Unit::new();
    unit.then("DELETE FROM thumbnail WHERE org = ?1 AND media = ?2", binds![org, media]);
    db.commit(unit).await.map(drop)
}

/// The query of what has a band in common with a look: four times the newest of an index, however many pictures there are.
fn alike_query(org: &OrganisationId, look: Look) -> (String, Vec<Bind>) {
    let mut binds = binds![org];
    let bands: [String; BANDS] = std::array::from_fn(|place| {
        // As the indices are written: the lowest is not shifted there.
        let band = if place == 0 { "look & 65535".to_owned() } else { format!("(look >> {}) & 65535", place * 16) };
        format!(
            "SELECT * FROM (SELECT media, look FROM thumbnail WHERE org = ?1 AND look IS NOT NULL AND {band} = ?{}
               ORDER BY added_at DESC LIMIT {MOST_OF_BAND})",
            place + 2
        )
    });
    binds.extend(look.bands().map(|band| Bind::from(u32::from(band))));
    (format!("SELECT t.media, {LOOK} FROM ({}) t", bands.join(" UNION ")), binds)
}

/// Pictures of the library that look like one, the most alike first; only those of one member, for who sees no others. `sees` is
/// whether whoever asks sees a post that goes to these channels. Two trips, three queries.
///
/// # Errors
/// `Down`, `Row`.
pub async fn alike(
    db: &Db,
    org: &OrganisationId,
    wanted: Look,
    by: Option<&MemberId>,
    today: &str,
    sees: impl Fn(&[ChannelId]) -> bool,
) -> Result<Vec<Like>, StoreError> {
    #[derive(Deserialize)]
    struct Near {
        media: String,
        look_high: Option<f64>,
        look_low: Option<f64>,
    }
    #[derive(Deserialize)]
    struct Used {
        root: String,
        heading: String,
        destinations: String,
    }
    let (sql, binds) = alike_query(org, wanted);
    let near: Vec<Near> = db.all(&sql, binds).await?;
    let near = near.into_iter().filter_map(|row| Some((look(row.look_high, row.look_low)?, row.media)));
    // Who sees only their own has them looked for among more.
    let most = if by.is_some() { MOST_OF_BAND as usize } else { MOST_ALIKE };
    let order = wanted.nearest(near, most);
    if order.is_empty() {
        return Ok(Vec::new());
    }
    let these = Bind::json(&order);
    let mine = if by.is_some() { " AND a.by = ?4" } else { "" };
    // Several versions of one asset look like it: it is one.
    let found = "SELECT COALESCE(f.made_of, f.media) AS first, MIN(j.key) AS place FROM json_each(?2) j
      CROSS JOIN asset f ON f.org = ?1 AND f.media = j.value GROUP BY COALESCE(f.made_of, f.media)";
    let filed = format!(
        "SELECT {} FROM ({found}) n CROSS JOIN asset a ON a.org = ?1 AND a.media = n.first {FILES}
         WHERE a.made_of IS NULL{mine} ORDER BY n.place LIMIT {MOST_ALIKE}",
        library::columns(3)
    );
    let mut binds = binds![org, these.clone(), today];
    binds.extend(by.map(Bind::from));
    let uses = format!(
        "SELECT u.root, o.heading, o.destinations FROM (
           SELECT t.root, m.post FROM (SELECT n.first AS root, n.first AS media FROM ({found}) n
             UNION ALL SELECT c.made_of, c.media FROM ({found}) n CROSS JOIN asset c ON c.org = ?1 AND c.made_of = n.first) t
           CROSS JOIN media_use m ON m.org = ?1 AND m.media = t.media LIMIT {MOST_READ}) u
         CROSS JOIN post o ON o.id = u.post AND o.org = ?1 ORDER BY o.changed_at DESC, o.id"
    );
    let answers = db.many(vec![(filed, binds), (uses, binds![org, these])]).await?;
    let [filed, uses] = answers.as_slice() else { return Err(StoreError::Row("an answer is missing".to_owned())) };
    let uses: Vec<Used> = uses.results()?;
    let mut likes = Vec::new();
    for row in filed.results::<library::Row>()? {
        let first = row.first.clone();
        let filed: Filed = row.try_into()?;
        let mut named = Vec::new();
        for used in uses.iter().filter(|used| used.root == first) {
            let going: Vec<(ChannelId, Network, Language)> = json(&used.destinations)?;
            let channels: Vec<ChannelId> = going.into_iter().map(|(channel, ..)| channel).collect();
            if sees(&channels) && !named.contains(&used.heading) {
                named.push(used.heading.clone());
            }
        }
        let more = named.len() > MOST_USES;
        named.truncate(MOST_USES);
        likes.push(Like { filed, uses: named, more });
    }
    Ok(likes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_goes_into_two_numbers_and_comes_back() {
        for bits in [0, 1, u64::MAX, 0x8000_0000_0000_0001, 0x0123_4567_89ab_cdef] {
            let [high, low] = halves(Some(Look::from_bits(bits))).map(|half| half.map(f64::from));
            assert_eq!(look(high, low), Some(Look::from_bits(bits)));
        }
        assert_eq!((halves(None), look(None, None)), ([None, None], None));
    }

    #[test]
    fn each_band_is_asked_of_its_index() {
        let (sql, binds) = alike_query(&OrganisationId::from_bits(1), Look::from_bits(0x0004_0003_0002_0001));
        assert_eq!(binds[1..], [1_u32, 2, 3, 4].map(Bind::from));
        for (place, band) in
            ["look & 65535 = ?2", "(look >> 16) & 65535 = ?3", "(look >> 48) & 65535 = ?5"].iter().enumerate()
        {
            assert!(sql.contains(band), "{place}: {sql}");
        }
    }
}

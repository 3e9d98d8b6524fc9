//! Rows of a copy on their way into an organisation: judged and written by the database, so that the engine only passes them on.
//! Separate from `copies`, which reads: here each row belongs to this organisation whatever the file says, and nothing of what comes
//! goes out by itself.

use domain::{
    Moment, OrganisationId,
    copy::{Head, Manifest, Reach, TABLES, Table},
    delivery::{ActState, Hold},
};
use serde::Deserialize;

use super::{Answer, Bind, Db, StoreError, Unit, json};
use crate::binds;

/// Tables of which an empty organisation has rows: whoever founded it, the noticeboard, what is kept of that, and settings.
const OF_FOUNDING: [&str; 8] =
    ["member", "channel", "custody", "bylaws", "telling", "saved_view", "record", "chain_day"];

/// Tables that are taken away in one request: each is a query, and an invocation has only so many.
const AT_ONCE: usize = 12;

/// Tables that are counted in one list: a function takes 32 arguments here.
const COUNTED: usize = 30;

/// The digest of one that is being given up: nothing more comes, or it would stand where all was to be gone.
const GIVEN_UP: &str = "";

/// The largest number that the engine reads as it was written. A larger one would never be met again by the guard that names it.
const MOST: u64 = (1 << 53) - 1;

/// What an identity is not, in SQL: 26 letters, also where one of them is none that is seen.
fn is_no_identity(value: &str) -> String {
    format!("length(CAST({value} AS BLOB)) <> 26 OR {value} GLOB '*[^0-9a-hjkmnp-tv-z]*'")
}

/// What hangs on the rows of a table that came, and is not copied: somebody of the copy may have come in before all of it was there,
/// and whoever was here may have gone on working.
fn hanging(table: &Table) -> Vec<String> {
    let of_members = || {
        let by_member =
            ["session", "passkey", "recovery_code", "recovery", "mail_code", "subscription", "calendar_feed"];
        let by_member = by_member.map(|of| (of, "member"));
        let all = by_member.into_iter().chain([("calendar_share", "made_by"), ("proposal_link", "made_by")]);
        all.map(|(of, member)| format!("DELETE FROM {of} WHERE org = ?1 AND {member} NOT IN ({HERE})")).collect()
    };
    match table.name {
        "member" => of_members(),
        "channel" => vec![format!("DELETE FROM secret WHERE org = ?1 AND channel IS NOT {BOARD}")],
        "outside_link" => {
            let all = ["outside_session", "outside_code", "outside_token"];
            all.map(|of| format!("DELETE FROM {of} WHERE org = ?1")).into()
        }
        _ => Vec::new(),
    }
}

/// What is being brought in.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// What the copy says of itself.
    pub manifest: Manifest,
    /// SHA-256 of that.
    pub digest: String,
    /// Where the record stood that was here.
    pub head: Option<Head>,
}

impl Arrival {
    /// Whether it is being given up: then there is no way but to the end of that.
    pub fn is_given_up(&self) -> bool {
        self.digest == GIVEN_UP
    }
}

#[derive(Deserialize)]
struct Row {
    manifest: String,
    digest: String,
    head: Option<String>,
}

/// What is being brought into an organisation, if anything is.
///
/// # Errors
/// `Down`, `Row`.
pub async fn find(db: &Db, org: &OrganisationId) -> Result<Option<Arrival>, StoreError> {
    let (sql, binds) = query(org);
    let row: Option<Row> = db.first(&sql, binds).await?;
    row.map(arrival).transpose()
}

fn query(org: &OrganisationId) -> (String, Vec<Bind>) {
    ("SELECT manifest, digest, head FROM arrival WHERE org = ?1".to_owned(), binds![org])
}

fn arrival(row: Row) -> Result<Arrival, StoreError> {
    let head = row.head.as_deref().map(json).transpose()?;
    Ok(Arrival { manifest: json(&row.manifest)?, digest: row.digest, head })
}

/// The members who were here, in SQL.
const HERE: &str = "SELECT value FROM json_each((SELECT members FROM arrival WHERE org = ?1))";

/// The noticeboard that was here, in SQL.
const BOARD: &str = "(SELECT noticeboard FROM arrival WHERE org = ?1)";

/// The condition of the rows of an organisation that came with its copy, and were not here.
fn of_copy(table: &Table) -> String {
    let came = match table.name {
        "member" => format!("id NOT IN ({HERE})"),
        "telling" | "saved_view" => format!("member NOT IN ({HERE})"),
        "channel" => format!("id IS NOT {BOARD}"),
        "custody" => format!("channel IS NOT {BOARD}"),
        // What was here waits for its seal.
        "record" => "seq IS NOT NULL".to_owned(),
        _ => "1".to_owned(),
    };
    ["org = ?1 AND ", &came].concat()
}

/// What stands in an organisation: what is being brought in, and how many rows each table has of it (of all there is, while nothing
/// is).
#[derive(Debug, Clone)]
pub struct Standing {
    /// What is being brought in.
    pub arrival: Option<Arrival>,
    /// How many rows of each table, in the order of [`TABLES`].
    pub rows: Vec<u64>,
    /// Where the record stands.
    pub head: Option<Head>,
    /// The noticeboard, if it is the only channel.
    noticeboard: Option<String>,
    /// Whether the body of an entry was erased: it could not be sealed anew.
    erased: bool,
}

impl Standing {
    /// Whether there is nothing that a copy would meet.
    pub fn is_empty(&self) -> bool {
        let content = TABLES.iter().zip(&self.rows).filter(|(table, _)| !OF_FOUNDING.contains(&table.name));
        !self.erased && self.noticeboard.is_some() && content.map(|(_, rows)| rows).sum::<u64>() == 0
    }
}

/// Looks, in one trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn standing(db: &Db, org: &OrganisationId) -> Result<Standing, StoreError> {
    #[derive(Deserialize)]
    struct Counted {
        rows: String,
    }
    #[derive(Deserialize)]
    struct Here {
        seq: Option<f64>,
        chain: Option<String>,
        noticeboard: Option<String>,
        erased: f64,
    }
    let count = |table: &Table| format!("(SELECT COUNT(*) FROM {} WHERE {})", table.name, of_copy(table));
    let counts = TABLES.chunks(COUNTED).map(|some| {
        let counts: Vec<String> = some.iter().map(count).collect();
        (format!("SELECT json_array({}) AS rows", counts.join(", ")), binds![org])
    });
    let here = "SELECT h.seq, h.chain,
        (SELECT MIN(id) FROM channel WHERE org = ?1 HAVING COUNT(*) = 1 AND MIN(network) = 'noticeboard') AS noticeboard,
        EXISTS (SELECT 1 FROM record WHERE org = ?1 AND body IS NULL) AS erased
      FROM (SELECT 1) LEFT JOIN chain_head h ON h.org = ?1";
    let queries = [query(org), (here.to_owned(), binds![org])].into_iter().chain(counts).collect();
    let answers = db.many(queries).await?;
    let [row, here, counts @ ..] = answers.as_slice() else { return Err(StoreError::Row("an answer".to_owned())) };
    let arrival = row.results::<Row>()?.pop().map(arrival).transpose()?;
    let mut rows = Vec::with_capacity(TABLES.len());
    for counted in counts {
        let Counted { rows: some } = one(counted)?;
        rows.extend(json::<Vec<u64>>(&some)?);
    }
    let Here { seq, chain, noticeboard, erased } = one(here)?;
    let head = seq.zip(chain).map(|(seq, chain)| Head { seq: seq as u64, chain });
    Ok(Standing { arrival, rows, head, noticeboard, erased: erased > 0.0 })
}

fn one<T: serde::de::DeserializeOwned>(answer: &Answer) -> Result<T, StoreError> {
    answer.results()?.pop().ok_or_else(|| StoreError::Row("no answer".to_owned()))
}

/// Whether another organisation of this deployment is the one that was copied.
///
/// # Errors
/// `Down`.
pub async fn is_here(db: &Db, manifest: &Manifest) -> Result<bool, StoreError> {
    #[derive(Deserialize)]
    struct Found {
        found: f64,
    }
    let sql = "SELECT EXISTS (SELECT 1 FROM organisation WHERE id = ?1) AS found";
    let row: Option<Found> = db.first(sql, binds![&manifest.organisation.id]).await?;
    Ok(row.is_some_and(|row| row.found > 0.0))
}

/// Adds the beginning to a unit of work: all stops, and what is kept so far waits to be sealed behind the record that comes. `Guard`
/// where somebody else began, or the sealer went on, meanwhile.
pub fn begin(
    unit: &mut Unit,
    org: &OrganisationId,
    standing: &Standing,
    (manifest, digest): (&str, &str),
    (by, now, reason): (&domain::MemberId, Moment, &str),
) {
    let head = standing.head.as_ref();
    unit.expect("(SELECT seq FROM chain_head WHERE org = ?1) IS ?2", binds![org, head.map(|head| head.seq)]);
    unit.expect("NOT EXISTS (SELECT 1 FROM post WHERE org = ?1)", binds![org]);
    let sql = "INSERT INTO arrival (org, manifest, digest, noticeboard, members, head, by, began_at)
      SELECT ?1, ?2, ?3, ?4, json_group_array(id), ?5, ?6, ?7 FROM member WHERE org = ?1";
    let noticeboard = standing.noticeboard.as_deref();
    unit.then(sql, binds![org, manifest, digest, noticeboard, head.map(Bind::json), by, now]);
    let sql =
        "UPDATE organisation SET paused_at = ?2, paused_by = ?3, pause_reason = ?4 WHERE id = ?1 AND paused_at IS NULL";
    unit.then(sql, binds![org, now, by, reason]);
    unit.then("UPDATE record SET seq = NULL, digest = NULL, chain = NULL WHERE org = ?1", binds![org]);
    for gone in ["chain_head", "chain_day", "bylaws"] {
        unit.then(format!("DELETE FROM {gone} WHERE org = ?1"), binds![org]);
    }
}

/// What is wrong with rows that came.
#[derive(Debug, Default, Deserialize)]
pub struct Judged {
    /// Whether nothing is being brought in.
    pub idle: f64,
    /// A column that the table does not have.
    pub unknown: Option<String>,
    /// A column whose value is neither a text nor a whole number of those that are read as they were written, nor nothing.
    pub wrong: Option<String>,
    /// A column that is no JSON, where it has to be.
    pub broken: Option<String>,
    /// How many rows are no objects, have not all columns, or one twice; or are entries of a record that have no seal, which would
    /// be given one here as if they had been kept here.
    pub short: f64,
    /// A column whose identity is none.
    pub nameless: Option<String>,
    /// How many stand in another organisation, or name what does.
    pub theirs: f64,
}

/// Judges rows, without writing any.
///
/// # Errors
/// `Guard` for what is no list of JSON; `Down`.
pub async fn judge(db: &Db, org: &OrganisationId, table: &Table, rows: &str) -> Result<Judged, StoreError> {
    let columns: Vec<&str> = table.columns().collect();
    let row = db.first(&judgement(table), binds![org, rows, Bind::json(&columns), columns.len() as u64]).await?;
    row.ok_or_else(|| StoreError::Row("no answer".to_owned()))
}

/// A column of a row that came, in SQL.
fn value(column: &str) -> String {
    format!("r.value ->> '$.{column}'")
}

/// The first of some columns of which something is true in a row that came, in SQL.
fn first_of(columns: impl Iterator<Item = &'static str>, is: impl Fn(&str) -> String) -> String {
    let all: Vec<(&str, String)> = columns.map(|column| (column, is(&value(column)))).collect();
    if all.is_empty() {
        return "NULL".to_owned();
    }
    let whens: Vec<String> = all.iter().map(|(column, is)| format!("WHEN {is} THEN '{column}'")).collect();
    let any: Vec<String> = all.iter().map(|(_, is)| format!("({is})")).collect();
    format!("(SELECT CASE {} END FROM json_each(?2) r WHERE {} LIMIT 1)", whens.join(" "), any.join(" OR "))
}

/// The query of [`judge`]: `?1` the organisation, `?2` the rows, `?3` the columns, `?4` how many these are.
fn judgement(table: &Table) -> String {
    let name = table.name;
    let mut theirs = Vec::new();
    if table.reach == Reach::Deployment {
        let keyed: Vec<String> = table.key().map(|key| format!("t.\"{key}\" = {}", value(key))).collect();
        theirs.push(format!("EXISTS (SELECT 1 FROM {name} t WHERE {} AND t.org <> ?1)", keyed.join(" AND ")));
    }
    for (column, of) in table.named() {
        let column = value(column);
        theirs
            .extend(of.iter().map(|of| format!("EXISTS (SELECT 1 FROM {of} t WHERE t.id = {column} AND t.org <> ?1)")));
    }
    let theirs = if theirs.is_empty() { "0".to_owned() } else { theirs.join(" OR ") };
    let own = table.columns().filter(|column| *column == "id");
    let nameless = first_of(own.chain(table.named().map(|(column, _)| column)), is_no_identity);
    let broken =
        first_of(table.json().iter().copied(), |value| format!("{value} IS NOT NULL AND NOT json_valid({value})"));
    let unsealed = match name {
        "record" => "OR r.value ->> '$.seq' IS NULL OR r.value ->> '$.digest' IS NULL OR r.value ->> '$.chain' IS NULL",
        _ => "",
    };
    let nobody = match table.columns().any(|column| column == "id") {
        true => "OR r.value ->> '$.id' IS NULL",
        false => "",
    };
    format!(
        "SELECT NOT EXISTS (SELECT 1 FROM arrival WHERE org = ?1 AND digest <> '{GIVEN_UP}') AS idle,
          (SELECT c.key FROM json_each(?2) r, json_each(r.value) c
            WHERE c.key NOT IN (SELECT value FROM json_each(?3)) LIMIT 1) AS unknown,
          (SELECT c.key FROM json_each(?2) r, json_each(r.value) c
            WHERE c.type NOT IN ('text', 'integer', 'null')
              -- The look of a picture is 64 bits, and no quantity.
              OR (c.type = 'integer' AND c.key <> 'look' AND c.atom NOT BETWEEN -{MOST} AND {MOST}) LIMIT 1) AS wrong,
          (SELECT COUNT(*) FROM json_each(?2) r WHERE r.type <> 'object'
            OR (SELECT COUNT(*) FROM json_each(r.value)) <> ?4
            OR (SELECT COUNT(DISTINCT c.key) FROM json_each(r.value) c) <> ?4 {nobody} {unsealed}) AS short,
          {nameless} AS nameless, {broken} AS broken,
          (SELECT COUNT(*) FROM json_each(?2) r WHERE {theirs}) AS theirs"
    )
}

/// What is written of a column, where it is not what stands in the row: whatever was on its way over there is held here, and a
/// channel has no access here.
fn written(table: &Table, column: &str) -> String {
    let plain = value(column);
    let on_its_way = format!("{} IN ('waiting', 'claimed', 'sending', 'unknown')", value("state"));
    let of_town = format!("{} = 'noticeboard'", value("network"));
    match (table.name, column) {
        ("act", "state") => format!("CASE WHEN {on_its_way} THEN 'held' ELSE {plain} END"),
        ("act", "data") => format!("CASE WHEN {on_its_way} THEN ?3 ELSE {plain} END"),
        ("channel", "assisted") => format!("CASE WHEN {of_town} THEN 0 ELSE 1 END"),
        ("channel", "health") => format!("CASE WHEN {plain} = 'disconnected' THEN 'disconnected' ELSE 'working' END"),
        _ => plain,
    }
}

/// The statement that writes rows, all of one organisation; what stands already stays as it is.
fn insertion(table: &Table) -> String {
    let columns: Vec<&str> = table.columns().collect();
    let mut listed = columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ");
    let mut values = columns.iter().map(|column| written(table, column)).collect::<Vec<_>>().join(", ");
    let name = table.name;
    // Whoever fills their own town can write any file: what nobody here saw decided says so of itself, whatever it says besides.
    if name == "decision" {
        listed.push_str(", brought_at");
        values.push_str(", ?3");
    }
    let once = match table.reach {
        // Without a key: the same row again is the same row.
        Reach::Row => {
            let same = columns.iter().map(|column| format!("t.\"{column}\" IS r.value ->> '$.{column}'"));
            let same = same.collect::<Vec<_>>().join(" AND ");
            format!("WHERE NOT EXISTS (SELECT 1 FROM {name} t WHERE t.org = ?1 AND {same})")
        }
        Reach::Deployment | Reach::Organisation => "WHERE true ON CONFLICT DO NOTHING".to_owned(),
    };
    format!("INSERT INTO {name} (org, {listed}) SELECT ?1, {values} FROM json_each(?2) r {once}")
}

/// Adds rows to a unit of work, as they are judged. `Guard` where nothing is being brought in any more.
pub fn bring(unit: &mut Unit, org: &OrganisationId, table: &Table, rows: &str, now: Moment) {
    unit.expect("EXISTS (SELECT 1 FROM arrival WHERE org = ?1 AND digest <> ?2)", binds![org, GIVEN_UP]);
    let mut binds = binds![org, rows];
    match table.name {
        "act" => binds.push(Bind::json(&ActState::Held { reason: Hold::BroughtIn })),
        "decision" => binds.push(now.into()),
        _ => {}
    }
    unit.then(insertion(table), binds);
}

/// Who was here and is somebody of the copy, by their address: who is here first, then who of the copy.
///
/// # Errors
/// `Down`, `Row`.
pub async fn matched(db: &Db, org: &OrganisationId) -> Result<Vec<(String, String)>, StoreError> {
    #[derive(Deserialize)]
    struct Pair {
        here: String,
        copied: String,
    }
    let sql = format!(
        "SELECT e.id AS here, MIN(i.id) AS copied FROM member e
         JOIN member i ON i.org = e.org AND lower(i.email) = lower(e.email) AND i.removed_at IS NULL AND i.id NOT IN ({HERE})
         WHERE e.org = ?1 AND e.removed_at IS NULL AND e.id IN ({HERE}) GROUP BY e.id"
    );
    let rows: Vec<Pair> = db.all(&sql, binds![org]).await?;
    Ok(rows.into_iter().map(|pair| (pair.here, pair.copied)).collect())
}

/// Adds the end to a unit of work: the organisation is the one of the copy, its record stands where the copy's did, and whoever is
/// somebody of the copy is that member from now on, with the devices and the sessions that they have here. It stays paused.
pub fn end(
    unit: &mut Unit,
    org: &OrganisationId,
    arrival: &Arrival,
    by: &str,
    pairs: &[(String, String)],
    now: Moment,
) {
    unit.expect("EXISTS (SELECT 1 FROM arrival WHERE org = ?1 AND digest = ?2)", binds![org, &arrival.digest]);
    let domain::Organisation { name, kind, zone, languages, colour, crest, policy, .. } =
        &arrival.manifest.organisation;
    let sql = "UPDATE organisation SET name = ?2, kind = ?3, zone = ?4, languages = ?5, colour = ?6, policy = ?7,
      crest = (SELECT id FROM media WHERE org = ?1 AND id = ?8), paused_by = ?9, version = version + 1, brought_at = ?10,
      brought_upto = ?11 WHERE id = ?1";
    let (kind, colour) = (super::name_of(kind), colour.to_string());
    let settings = (Bind::json(languages), Bind::json(policy));
    let upto = arrival.manifest.head.as_ref().map(|head| head.seq);
    unit.then(sql, binds![org, name, kind, zone, settings.0, colour, settings.1, crest.as_ref(), by, now, upto]);
    let sql = "INSERT INTO chain_head (org, seq, chain, at)
      SELECT org, seq, chain, ?3 FROM record WHERE org = ?1 AND seq = ?2";
    unit.then(sql, binds![org, upto, now]);
    // The noticeboard of the copy takes the place of the one that was here.
    let theirs = "EXISTS (SELECT 1 FROM arrival a JOIN channel c ON c.org = a.org AND c.network = 'noticeboard'
      AND c.id <> a.noticeboard WHERE a.org = ?1)";
    unit.then(format!("DELETE FROM custody WHERE org = ?1 AND channel = {BOARD} AND {theirs}"), binds![org]);
    unit.then(format!("DELETE FROM channel WHERE org = ?1 AND id = {BOARD} AND {theirs}"), binds![org]);
    if !pairs.is_empty() {
        follow(unit, org, pairs, now);
    }
    super::foreign::hurry(unit, org);
    unit.then("DELETE FROM arrival WHERE org = ?1", binds![org]);
}

/// What somebody has here goes with who they are from now on.
fn follow(unit: &mut Unit, org: &OrganisationId, pairs: &[(String, String)], now: Moment) {
    let pairs = Bind::json(&pairs);
    let of = |table: &str, set: &str| {
        format!(
            "UPDATE {table} SET {set} FROM json_each(?2) p WHERE {table}.org = ?1 AND {table}.member = p.value ->> 0"
        )
    };
    unit.then(
        "UPDATE member SET role = 'administrator', access = e.access FROM json_each(?2) p, member e
          WHERE member.org = ?1 AND member.id = p.value ->> 1 AND e.org = ?1 AND e.id = p.value ->> 0
            AND e.role = 'administrator'",
        binds![org, pairs.clone()],
    );
    unit.then(of("passkey", "handle = COALESCE(handle, member), member = p.value ->> 1"), binds![org, pairs.clone()]);
    for table in ["session", "recovery_code", "subscription"] {
        unit.then(of(table, "member = p.value ->> 1"), binds![org, pairs.clone()]);
    }
    unit.then(
        "UPDATE member SET removed_at = ?3, email = NULL WHERE org = ?1
          AND id IN (SELECT value ->> 0 FROM json_each(?2))",
        binds![org, pairs, now],
    );
}

/// Says that it is being given up: from now on nothing comes, whoever else still sends it.
///
/// # Errors
/// `Down`.
pub async fn stop(db: &Db, org: &OrganisationId) -> Result<(), StoreError> {
    db.run("UPDATE arrival SET digest = ?2 WHERE org = ?1", binds![org, GIVEN_UP]).await.map(drop)
}

/// Adds to a unit of work that what came is taken away, as many tables as one request can; answers whether there are more.
pub fn take_away(unit: &mut Unit, org: &OrganisationId, rows: &[u64]) -> bool {
    let filled: Vec<&Table> = TABLES.iter().zip(rows).filter(|(_, rows)| **rows > 0).map(|(table, _)| table).collect();
    // From the last: what names others goes before them.
    for table in filled.iter().rev().take(AT_ONCE) {
        for sql in hanging(table) {
            unit.then(sql, binds![org]);
        }
        unit.then(format!("DELETE FROM {} WHERE {}", table.name, of_copy(table)), binds![org]);
    }
    filled.len() > AT_ONCE
}

/// Adds to a unit of work that nothing is being brought in any more, and everything goes on.
pub fn give_up(unit: &mut Unit, org: &OrganisationId) {
    unit.expect("EXISTS (SELECT 1 FROM arrival WHERE org = ?1)", binds![org]);
    unit.then("DELETE FROM arrival WHERE org = ?1", binds![org]);
    let sql = "UPDATE organisation SET paused_at = NULL, paused_by = NULL, pause_reason = NULL WHERE id = ?1";
    unit.then(sql, binds![org]);
}

#[cfg(test)]
mod tests {
    use domain::copy::of_name;

    use super::*;

    #[test]
    fn what_was_on_its_way_is_held_and_no_channel_has_an_access() {
        let acts = insertion(of_name("act").unwrap());
        assert!(acts.contains("IN ('waiting', 'claimed', 'sending', 'unknown') THEN 'held'"), "{acts}");
        assert!(acts.contains("THEN ?3 ELSE r.value ->> '$.data' END"), "{acts}");
        let channels = insertion(of_name("channel").unwrap());
        assert!(channels.contains("CASE WHEN r.value ->> '$.network' = 'noticeboard' THEN 0 ELSE 1 END"), "{channels}");
    }

    #[test]
    fn a_row_is_held_against_what_is_another_organisations() {
        let acts = judgement(of_name("act").unwrap());
        for of in
            ["act t WHERE t.\"id\" = r.value ->> '$.id'", "publication t WHERE t.id = r.value ->> '$.publication'"]
        {
            assert!(acts.contains(&format!("EXISTS (SELECT 1 FROM {of} AND t.org <> ?1)")), "{acts}");
        }
        assert!(acts.contains("AND NOT json_valid(r.value ->> '$.rendition')"), "{acts}");
        let marks = judgement(of_name("mark").unwrap());
        assert!(marks.contains("json_each(?2) r WHERE 0) AS theirs") && marks.contains("NULL AS broken"), "{marks}");
        let record = judgement(of_name("record").unwrap());
        assert!(record.contains("OR r.value ->> '$.seq' IS NULL"), "{record}");
    }

    #[test]
    fn every_row_is_this_organisations_and_is_there_once() {
        for table in TABLES {
            let sql = insertion(table);
            assert!(
                sql.starts_with(&format!("INSERT INTO {} (org, ", table.name)) && sql.contains("SELECT ?1, "),
                "{sql}"
            );
            assert!(sql.contains("ON CONFLICT DO NOTHING") || sql.contains("WHERE NOT EXISTS"), "{sql}");
            assert_eq!(sql.contains("?3"), matches!(table.name, "act" | "decision"), "{sql}");
        }
    }
}

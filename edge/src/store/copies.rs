//! Rows of a whole organisation, as a copy has them: written as JSON by the database, so that the engine only passes text on.
//! Separate because it is the one place that reads every table by the same hand, by `domain::copy::TABLES`.

use domain::{
    MediaId, OrganisationId,
    copy::{Reach, Table},
    video::Part,
};
use serde::Deserialize;

use super::{Answer, Bind, Db, StoreError, media, thumbnails};
use crate::{binds, videos::Source};

/// Rows of one answer.
const MOST_ROWS: usize = 200;

/// Letters of one answer, but for a row that alone has more: they pass through the engine twice, and it has 10 ms.
const MOST_LETTERS: u32 = 150_000;

/// Columns of one `json_object`: a function takes 32 arguments here.
const AT_ONCE: usize = 15;

/// A row of a page.
#[derive(Deserialize)]
struct Row {
    line: String,
    mark: String,
    many: f64,
}

/// A row as JSON. Made of several objects, for a function takes only so many arguments: what closes one and opens the next is taken
/// away. A text ends in a quotation mark there, so no letter of it is taken for a bracket.
fn as_json(table: &Table) -> String {
    let columns: Vec<&str> = table.columns().collect();
    let objects: Vec<String> = columns
        .chunks(AT_ONCE)
        .map(|chunk| {
            let pairs: Vec<String> = chunk.iter().map(|column| format!("'{column}', \"{column}\"")).collect();
            format!("json_object({})", pairs.join(", "))
        })
        .collect();
    let last = objects.len() - 1;
    let trimmed = objects.iter().enumerate().map(|(place, object)| {
        let object = if place > 0 { format!("ltrim({object}, '{{')") } else { object.clone() };
        if place < last { format!("rtrim({object}, '}}') || ','") } else { object }
    });
    trimmed.collect::<Vec<_>>().join(" || ")
}

/// The query of a page. The rows of a table whose key is the deployment's are walked in the order of that key, all of them once in a
/// copy: by an index of the organisation they would be sorted anew for each page.
fn query(table: &Table, org: &OrganisationId, after: Option<&str>, upto: u64) -> (String, Vec<Bind>) {
    let quoted = |key: &str| if key == "rowid" { key.to_owned() } else { format!("\"{key}\"") };
    let keys: Vec<String> = table.key().map(quoted).collect();
    let listed = |name: &dyn Fn(usize) -> String| (0..keys.len()).map(name).collect::<Vec<_>>().join(", ");
    let (order, keyed) = (listed(&|at| format!("k{at}")), keys.join(", "));
    let aliased = listed(&|at| format!("{} AS k{at}", keys[at]));
    let mut binds = binds![org];
    let mut which = String::from(if table.reach == Reach::Deployment { "+org = ?1" } else { "org = ?1" });
    if let Some(after) = after {
        binds.push(after.into());
        which += &format!(" AND ({keyed}) > ({})", listed(&|at| format!("?2 ->> {at}")));
    }
    // The record ends where it stood when the copy was begun.
    if ["record", "chain_day"].contains(&table.name) {
        binds.push(upto.into());
        which += &format!(" AND seq <= ?{}", binds.len());
    }
    let (line, name) = (as_json(table), table.name);
    let sql = format!(
        "SELECT line, mark, many FROM (
           SELECT line, json_array({order}) AS mark, COUNT(*) OVER () AS many,
             SUM(length(line)) OVER (ORDER BY {order} ROWS UNBOUNDED PRECEDING) - length(line) AS ahead, {order}
           FROM (SELECT {aliased}, {line} AS line FROM {name} WHERE {which} ORDER BY {keyed} LIMIT {MOST_ROWS}))
         WHERE ahead < {MOST_LETTERS} ORDER BY {order}"
    );
    (sql, binds)
}

/// A page of a table, and behind which key the next one is.
///
/// # Errors
/// `Down`, `Row`.
pub async fn page(
    db: &Db,
    org: &OrganisationId,
    table: &Table,
    after: Option<&str>,
    upto: u64,
) -> Result<(Vec<String>, Option<String>), StoreError> {
    let (sql, binds) = query(table, org, after, upto);
    let rows: Vec<Row> = db.all(&sql, binds).await?;
    // Cut short by its letters, or as long as one may be.
    let more = rows.first().is_some_and(|row| rows.len() < row.many as usize || row.many as usize == MOST_ROWS);
    let next = rows.last().filter(|_| more).map(|row| row.mark.clone());
    Ok((rows.into_iter().map(|row| row.line).collect(), next))
}

/// Where stored bytes are that a row names.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its key in the bucket.
    pub key: String,
    /// How many bytes.
    pub bytes: u32,
}

#[derive(Deserialize)]
struct Named {
    what: String,
    bytes: f64,
}

/// Where the bytes of a hash are, if a row of this organisation names them so.
///
/// # Errors
/// `Down`, `Row`.
pub async fn place(db: &Db, org: &OrganisationId, media: &MediaId, hash: &str) -> Result<Option<Place>, StoreError> {
    let sql = "SELECT 'picture' AS what, bytes FROM media WHERE org = ?1 AND id = ?2 AND hash = ?3
      UNION ALL SELECT 'picture', bytes FROM proposal WHERE org = ?1 AND media = ?2 AND hash = ?3
      UNION ALL SELECT 'thumbnail', bytes FROM thumbnail WHERE org = ?1 AND media = ?2 AND hash = ?3
      UNION ALL SELECT 'part', bytes FROM video_part WHERE org = ?1 AND video = ?2 AND hash = ?3
      UNION ALL SELECT 'part', bytes FROM document WHERE org = ?1 AND id = ?2 AND hash = ?3
      LIMIT 1";
    let row: Option<Named> = db.first(sql, binds![org, media, hash]).await?;
    Ok(row.map(|Named { what, bytes }| {
        let bytes = bytes as u32;
        let part = || {
            let part = Part { place: 0, hash: hash.to_owned(), bytes };
            Source { org: org.clone(), media: media.clone(), parts: vec![] }.key(&part)
        };
        let key = match what.as_str() {
            "picture" => media::key(org, media),
            "thumbnail" => thumbnails::key(org, media),
            _ => part(),
        };
        Place { key, bytes }
    }))
}

/// Answers of [`super::records::head_query`], for who begins a copy.
///
/// # Errors
/// `Row`.
pub fn head(answer: &Answer) -> Result<(Option<domain::copy::Head>, u64), StoreError> {
    let head = super::records::head_of(answer)?;
    let stands = head.seq.zip(head.chain).map(|(seq, chain)| domain::copy::Head { seq: seq as u64, chain });
    Ok((stands, head.unsealed as u64))
}

#[cfg(test)]
mod tests {
    use domain::copy::{TABLES, of_name};

    use super::*;

    #[test]
    fn no_function_is_given_more_arguments_than_it_takes_and_every_column_is_written_once() {
        for table in TABLES {
            let (sql, binds) = query(table, &OrganisationId::from_bits(1), Some("[]"), 9);
            let widest =
                sql.split("json_object(").skip(1).map(|rest| rest.split(')').next().unwrap().split(", ").count());
            assert!(widest.max().unwrap() <= 32, "{}", table.name);
            for column in table.columns() {
                assert_eq!(sql.matches(&format!("'{column}', ")).count(), 1, "{} {column}", table.name);
            }
            assert_eq!(binds.len(), if sql.contains("?3") { 3 } else { 2 }, "{sql}");
        }
    }

    #[test]
    fn what_is_not_asked_for_is_not_bound() {
        let org = OrganisationId::from_bits(1);
        let of = |name: &str, after| query(of_name(name).unwrap(), &org, after, 9);
        let (sql, binds) = of("post", None);
        assert!(sql.contains("WHERE +org = ?1 ORDER BY \"id\"") && binds.len() == 1, "{sql}");
        let (sql, binds) = of("record", None);
        assert!(sql.contains("WHERE org = ?1 AND seq <= ?2 ORDER") && binds.len() == 2, "{sql}");
        let (sql, binds) = of("custody", Some("[1,2]"));
        assert!(sql.contains("(\"channel\", \"member\") > (?2 ->> 0, ?2 ->> 1)") && binds.len() == 2, "{sql}");
    }
}

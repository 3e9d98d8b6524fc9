//! D1 queries and rows of every route that reads, as the rehearsal engine itself counts them in a header.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::fs;

use super::{Ground, Row};
use crate::http::Visitor;
use crate::place;

/// What a route spent.
pub struct Spent {
    /// The path.
    pub path: String,
    /// D1 queries.
    pub queries: u32,
    /// Rows that D1 read.
    pub rows: u32,
}

/// Worst and median over all reading routes of the contract.
pub fn queries(ground: &Ground) -> Result<Vec<Row>> {
    let mut counts = read_all(ground.engine.origin())?;
    counts.sort_by_key(|spent| spent.queries);
    let worst = &counts[counts.len() - 1];
    Ok(vec![
        Row::new(
            format!("D1 queries, worst of {} reading routes (`{}`)", counts.len(), worst.path),
            f64::from(worst.queries),
            "",
            6.0,
        ),
        Row::new("D1 queries, median", f64::from(counts[counts.len() / 2].queries), "", 3.0),
    ])
}

/// Reads every route of the contract that an administrator of the demo town may read, and its noticeboard.
pub fn read_all(origin: &str) -> Result<Vec<Spent>> {
    let mut visitor = administrator(origin)?;
    let post = first_post(&mut visitor)?;
    let town = visitor.must("GET", "/api/organisation", &Value::Null)?;
    let slug = town["slug"].as_str().context("an organisation without a slug")?;
    let mut paths = contract()?;
    paths.push(format!("/{slug}/"));
    let mut counts = Vec::new();
    for path in paths {
        let path = path.replace("{post}", &post);
        // The rest needs an identity that only another answer holds, or is a step of a redirect.
        if path.contains('{') || path.ends_with("/return") || path.contains("/rehearsal/") {
            continue;
        }
        let answer = visitor.ask("GET", &path, &Value::Null)?;
        let (queries, rows) =
            spent(answer.header("x-pregon-spent")).with_context(|| format!("{path} does not say what it spent"))?;
        println!("  {:<32} {} {:>3} queries {:>5} rows", path, answer.status, queries, rows);
        if answer.status == 200 {
            counts.push(Spent { path, queries, rows });
        }
    }
    ensure!(!counts.is_empty(), "no route answered");
    Ok(counts)
}

/// The demo town's administrator, signed in.
pub fn administrator(origin: &str) -> Result<Visitor> {
    let mut visitor = Visitor::new(origin);
    let people = visitor.must("GET", "/api/rehearsal/people", &Value::Null)?;
    let people = people.as_array().context("no list of people")?;
    let administrator = people.iter().find(|person| person["role"] == "administrator").context("no administrator")?;
    visitor.must("POST", "/api/rehearsal/sign-in", &json!({ "member": administrator["member"] }))?;
    Ok(visitor)
}

fn first_post(visitor: &mut Visitor) -> Result<String> {
    let posts = visitor.must("GET", "/api/posts", &Value::Null)?;
    posts["items"][0]["id"].as_str().map(str::to_owned).context("the demo town has no post")
}

/// The paths of the contract that are read with GET. Read from its source: this crate is built first on every clone,
/// and must not wait for the rules to be built.
fn contract() -> Result<Vec<String>> {
    let mut paths = Vec::new();
    for file in fs::read_dir(place::root().join("wire/src"))? {
        paths.extend(readable(&fs::read_to_string(file?.path())?));
    }
    paths.sort();
    Ok(paths)
}

fn readable(source: &str) -> Vec<String> {
    source.split("Endpoint::new(Get, \"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
}

/// `queries=3;rows=41;calls=0`.
fn spent(header: &str) -> Option<(u32, u32)> {
    let field =
        |name: &str| header.split(';').find_map(|part| part.strip_prefix(name)?.strip_prefix('=')?.parse().ok());
    Some((field("queries")?, field("rows")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_route_spent_is_read_from_its_header() {
        assert_eq!(spent("queries=3;rows=41;calls=0"), Some((3, 41)));
        assert_eq!(spent(""), None);
    }

    #[test]
    fn the_contract_names_routes_to_read() {
        assert!(contract().unwrap().iter().any(|path| path == "/api/home"));
        assert_eq!(
            readable("x: Endpoint<A, B> = Endpoint::new(Get, \"/api/a\", W); Endpoint::new(Put, \"/b\", W)"),
            ["/api/a"]
        );
    }
}

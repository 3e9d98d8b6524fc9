//! D1 queries and rows of every route that reads, as the rehearsal engine itself counts them in a header.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::fs;

use super::{Ground, Row};
use crate::http::Visitor;
use crate::place;

/// Worst and median over all reading routes of the contract.
pub fn queries(ground: &Ground) -> Result<Vec<Row>> {
    let mut visitor = Visitor::new(ground.engine.origin());
    let people = visitor.must("GET", "/api/rehearsal/people", &Value::Null)?;
    let people = people.as_array().context("no list of people")?;
    let administrator = people.iter().find(|person| person["role"] == "administrator").context("no administrator")?;
    visitor.must("POST", "/api/rehearsal/sign-in", &json!({ "member": administrator["member"] }))?;
    let post = first_post(&mut visitor)?;

    let mut counts = Vec::new();
    for path in contract()? {
        let path = path.replace("{post}", &post);
        // The rest needs an identity that only another answer holds, or is a step of a redirect.
        if path.contains('{') || path.ends_with("/return") || path.contains("/rehearsal/") {
            continue;
        }
        let answer = visitor.ask("GET", &path, &Value::Null)?;
        let spent =
            spent(answer.header("x-pregon-spent")).with_context(|| format!("{path} does not say what it spent"))?;
        println!("  {:<32} {} {:>3} queries {:>5} rows", path, answer.status, spent.0, spent.1);
        if answer.status == 200 {
            counts.push((spent.0, path));
        }
    }
    counts.sort();
    ensure!(!counts.is_empty(), "no route answered");
    let (worst, path) = &counts[counts.len() - 1];
    let median = counts[counts.len() / 2].0;
    Ok(vec![
        Row::new(
            format!("D1 queries, worst of {} reading routes (`{path}`)", counts.len()),
            f64::from(*worst),
            "",
            6.0,
        ),
        Row::new("D1 queries, median", f64::from(median), "", 3.0),
    ])
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

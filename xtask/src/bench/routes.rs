//! What routes ask of D1, as the rehearsal engine itself counts it in a header: statements and round trips of every
//! route, rows of those that read.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::fs;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Ground, Row};
use crate::command::step;
use crate::engine::{self, Engine};
use crate::http::Visitor;
use crate::place;

/// What a reading route spent.
pub struct Spent {
    /// The path.
    pub path: String,
    /// Rows that D1 read.
    pub rows: u32,
}

/// The most that a route may need; half of them at most 3.
const MOST_TRIPS: u32 = 6;

/// Worst and median over every route of the contract, changes too: the isolation journey asks each of them once with
/// success, on an engine of its own, and prints what it cost.
///
/// Two ways to count. D1 bills and limits statements; a person waits for round trips, and a batch of statements, which
/// is how a unit of work is written, is one.
pub fn queries(ground: &Ground) -> Result<Vec<Row>> {
    let data = place::built().join("bench-queries");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let engine = Engine::start(&ground.tools, &engine::Options::rehearsal(ground.kind, data)?)?;
    let mut walk = Command::new("cargo");
    walk.current_dir(place::root())
        .args(["test", "--locked", "--package", "api-journeys", "--test", "journeys", "isolation", "--", "--nocapture"])
        .env("PREGON_URL", engine.origin())
        // The walk moves the clock and arms faults: it asks for engines that nobody else has. Here it has this one, and its
        // stretches go one behind the other.
        .env("PREGON_URL_ALONE", engine.origin())
        .env("PREGON_SETUP_TOKEN", engine.setup_token());
    let said = step("Walking every route of the contract", &mut walk)?;
    let weighed: Vec<(u32, u32, &str)> = said.lines().filter_map(weight).collect();
    ensure!(weighed.len() >= 40, "the walk told the cost of {} routes only", weighed.len());
    let row = |what: &str, count: fn(&(u32, u32, &str)) -> u32, most: [f64; 2]| {
        let mut counts: Vec<(u32, &str)> = weighed.iter().map(|route| (count(route), route.2)).collect();
        counts.sort();
        let (worst, path) = counts[counts.len() - 1];
        let median = counts[counts.len() / 2].0;
        for (many, path) in counts.iter().filter(|(many, _)| *many > MOST_TRIPS) {
            println!("  {many} {what}: {path}");
        }
        [
            Row::new(format!("D1 {what} of a route, worst of {} (`{path}`)", counts.len()), worst.into(), "", most[0]),
            Row::new(format!("D1 {what} of a route, median"), median.into(), "", most[1]),
        ]
    };
    let trips = row("round trips", |route| route.0, [f64::from(MOST_TRIPS), 3.0]);
    let decision = weighed.iter().find(|route| route.2.ends_with("signed and landing"));
    let (asked, ..) = decision.context("the walk told no decision")?;
    let decision = Row::new(
        "D1 round trips of a decision that is signed and lands, one of them its writes",
        (*asked).into(),
        "",
        5.0,
    );
    let statements = row("statements", |route| route.1, [50.0, 50.0]);
    Ok(trips.into_iter().chain(statements).chain([decision]).collect())
}

/// ` 2 trips   5 queries    12 rows  GET /api/home`: trips, statements and the route.
fn weight(line: &str) -> Option<(u32, u32, &str)> {
    let (trips, rest) = line.trim_start().split_once(" trips ")?;
    let (queries, rest) = rest.split_once(" queries ")?;
    let (_, what) = rest.split_once(" rows ")?;
    Some((trips.parse().ok()?, queries.trim().parse().ok()?, what.trim()))
}

const DAY: u128 = 86_400_000;

/// Reads every route of the contract that an administrator of the demo town may read, the week, and its public pages.
pub fn read_all(origin: &str) -> Result<Vec<Spent>> {
    let mut visitor = administrator(origin)?;
    let post = first_post(&mut visitor)?;
    let town = visitor.must("GET", "/api/organisation", &Value::Null)?;
    let slug = town["slug"].as_str().context("an organisation without a slug")?;
    let today = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() / DAY * DAY;
    let mut paths = contract()?;
    paths.push(format!("/api/posts?from={}&until={}", today - 3 * DAY, today + 4 * DAY));
    // The record by each of its indexes.
    let member = member(&mut visitor)?;
    for by in [format!("post={post}"), "subjects=decision".to_owned(), format!("person={member}")] {
        paths.push(format!("/api/records/search?{by}"));
    }
    for page in ["", "events", "events.ics", "feed.atom", "feed.json", "accounts", "record", "record.json"] {
        paths.push(format!("/{slug}/{page}"));
    }
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
        println!("  {:<50} {} {:>3} queries {:>5} rows", path, answer.status, queries, rows);
        if answer.status == 200 {
            counts.push(Spent { path, rows });
        }
    }
    ensure!(!counts.is_empty(), "no route answered");
    Ok(counts)
}

/// The rows that an administrator's request reads.
pub fn rows_of(origin: &str, path: &str) -> Result<u32> {
    let answer = administrator(origin)?.ask("GET", path, &Value::Null)?;
    ensure!(answer.status == 200, "{path} answered {}", answer.status);
    Ok(spent(answer.header("x-pregon-spent")).with_context(|| format!("{path} does not say what it spent"))?.1)
}

fn member(visitor: &mut Visitor) -> Result<String> {
    let people = visitor.must("GET", "/api/members", &Value::Null)?;
    people[0]["id"].as_str().map(str::to_owned).context("a town without people")
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

/// Queries and rows of `queries=3;rows=41;calls=0`.
pub fn spent(header: &str) -> Option<(u32, u32)> {
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
    fn the_walk_is_read() {
        assert_eq!(weight(" 2 trips   5 queries    12 rows  GET /api/home"), Some((2, 5, "GET /api/home")));
        assert_eq!(weight("test result: ok. 1 passed"), None);
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

//! Bytes that no browser is needed for: the engine as it is uploaded (and its start), the noticeboard as it is read.

use anyhow::{Context, Result, ensure};
use std::time::Duration;

use super::{Ground, Row};
use crate::command::quiet;
use crate::worker::Kind;
use crate::{engine, http, place};

/// What would be uploaded, and how long it takes to start: both as wrangler says. Its profile is of the runtime that
/// Cloudflare runs, from loading the bundle to the end of its global scope: compiling and instantiating the wasm.
pub fn engine(ground: &Ground) -> Result<Vec<Row>> {
    let data = place::made(place::built().join("bench-start"))?;
    engine::local_config(&data, Kind::Production)?;
    let mut command = engine::wrangler(&ground.tools, &data);
    // There, because the bundling inside is not told of any other settings.
    command.current_dir(&data).args(["check", "startup", "--outfile", "start.cpuprofile"]);
    let said = quiet("Profiling the start-up", &mut command)?;
    let bundle = number(&said, "gzip: ", " KiB").context("wrangler does not say how long the bundle is")?;
    let start = number(&said, "Active: ", " ms").context("wrangler does not say how long the start-up takes")?;
    Ok(vec![
        Row::new("engine bundle, gzip", bundle * 1.024, "KB", 1_500.0),
        Row::new("engine start-up, active time of the runtime", start, "ms", 50.0),
    ])
}

/// The number between two texts.
fn number(said: &str, before: &str, after: &str) -> Option<f64> {
    said.split_once(before)?.1.split_once(after)?.0.trim().parse().ok()
}

/// The noticeboard of the first demo town, uncompressed, with its style and without its pictures.
pub fn public(ground: &Ground) -> Result<Vec<Row>> {
    let origin = ground.engine.origin();
    let mut visitor = http::Visitor::new(origin);
    let people = visitor.must("GET", "/api/rehearsal/people", &serde_json::Value::Null)?;
    let member = people[0]["member"].clone();
    visitor.must("POST", "/api/rehearsal/sign-in", &serde_json::json!({ "member": member }))?;
    let town = visitor.must("GET", "/api/organisation", &serde_json::Value::Null)?;
    let slug = town["slug"].as_str().context("an organisation without a slug")?;
    let page = http::get(&format!("{origin}/{slug}/"), Duration::from_secs(30))?;
    ensure!(page.status == 200, "the noticeboard answered {}", page.status);
    let mut sum = page.body.len();
    for style in styles(&page.body) {
        sum += http::get(&format!("{origin}{style}"), Duration::from_secs(30))?.body.len();
    }
    let scripts = page.body.matches("<script").count();
    Ok(vec![
        Row::new("noticeboard, HTML and CSS, as they are", kilo(sum), "KB", 30.0),
        Row::new("noticeboard, scripts", scripts as f64, "", 0.0),
    ])
}

/// The paths of the style sheets that a page names.
fn styles(page: &str) -> Vec<&str> {
    page.split("<link")
        .skip(1)
        .filter_map(|rest| rest.split_once('>').map(|(link, _)| link))
        .filter(|link| link.contains("rel=\"stylesheet\""))
        .filter_map(|link| link.split_once("href=\"")?.1.split_once('"'))
        .map(|(path, _)| path)
        .collect()
}

/// Kilobytes of a thousand, as the limits are.
fn kilo(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wranglers_numbers_are_read() {
        let said = "│ Bundle: 2429.85 KiB / gzip: 927.43 KiB\n│   Active: 10.3 ms (including 0.0 ms";
        assert_eq!(number(said, "gzip: ", " KiB"), Some(927.43));
        assert_eq!(number(said, "Active: ", " ms"), Some(10.3));
        assert_eq!(number(said, "Idle: ", " ms"), None);
    }

    #[test]
    fn style_sheets_are_found_and_other_links_are_not() {
        let page = "<link rel=\"icon\" href=\"/a.svg\"><link rel=\"stylesheet\" href=\"/public.css\"><p>";
        assert_eq!(styles(page), ["/public.css"]);
    }
}

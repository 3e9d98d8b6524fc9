//! The local database by hand: what the API would take an hour to write, written in one statement; and what the engine
//! wrote, read back. The engine must not run meanwhile.

use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::path::Path;

use crate::command::quiet;
use crate::engine;
use crate::tools::Tools;

/// Runs statements.
pub fn run(tools: &Tools, data: &Path, sql: &str) -> Result<()> {
    let file = data.join("bench.sql");
    fs::write(&file, sql)?;
    let mut command = engine::wrangler(tools, data);
    command.args(["d1", "execute", "DB", "--local", "--yes", "--config"]).arg(data.join("wrangler.json"));
    quiet("Writing rows", command.arg("--file").arg(&file)).map(drop)
}

/// Reads the rows of a query.
pub fn read(tools: &Tools, data: &Path, sql: &str) -> Result<Vec<Value>> {
    let mut command = engine::wrangler(tools, data);
    command.args(["d1", "execute", "DB", "--local", "--json", "--config"]).arg(data.join("wrangler.json"));
    let said = quiet("Reading rows", command.arg("--command").arg(sql))?;
    let start = said.find('[').context("no JSON came from the database")?;
    let answer: Value = serde_json::from_str(&said[start..])?;
    answer[0]["results"].as_array().cloned().context("no rows came from the database")
}

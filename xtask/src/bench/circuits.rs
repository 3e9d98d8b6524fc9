//! What a circuit costs: a bulk of posts under many rules, in the engine itself.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::{Ground, Row, cpu};
use crate::engine::Engine;
use crate::http::Visitor;

/// A year's plan in one spreadsheet.
const POSTS: u32 = 500;

/// More than anybody draws.
const RULES: u32 = 50;

/// CPU time is counted in hundredths of a second: so many, and they tell thousandths of a millisecond.
const REQUESTS: u32 = 20;

/// CPU for each post of the bulk, in milliseconds.
pub fn bulk(ground: &Ground) -> Result<Vec<Row>> {
    let mut visitor = Visitor::new(ground.engine.origin());
    let said = visitor.must("POST", "/api/rehearsal/circuits", &asked(POSTS))?;
    ensure!(said["rounds"] == POSTS && said["circuits"] == 10, "the bulk was not evaluated: {said}");
    used(&ground.engine, &mut visitor, 1)?;
    let empty = used(&ground.engine, &mut visitor, 0)?;
    let full = used(&ground.engine, &mut visitor, POSTS)?;
    let each = (full - empty).max(0.0) / f64::from(REQUESTS * POSTS);
    println!("  {REQUESTS} bulks: {full:.0} ms, empty {empty:.0} ms, each post {:.1} µs", each * 1_000.0);
    let what = format!("circuit of a post, engine CPU each, {POSTS} posts under {RULES} rules");
    Ok(vec![Row::new(what, each * 1_000.0, "µs", 1_000.0)])
}

fn asked(posts: u32) -> Value {
    json!({ "posts": posts, "rules": RULES })
}

fn used(engine: &Engine, visitor: &mut Visitor, posts: u32) -> Result<f64> {
    let before = cpu::ticks(engine)?;
    for _ in 0..REQUESTS {
        visitor.must("POST", "/api/rehearsal/circuits", &asked(posts))?;
    }
    Ok(cpu::ticks(engine)?.saturating_sub(before) as f64 * 1_000.0 / cpu::TICKS)
}

//! The backup drill: a deployment at work is saved, restored into nothing, and must be the same deployment.

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::{Counts, Ground};
use crate::backup::{self, Which};
use crate::command::quiet;
use crate::deploy::json_in;
use crate::engine::{self, Engine};
use crate::http::Visitor;
use crate::worker::Kind;
use crate::{place, rotate};

/// A picture's key and bytes; any bytes do, for the bucket does not look at them.
const PICTURE: (&str, &[u8]) = ("drill/picture", &[0xff, 0xd8, 0xff, 0x00, 0x0a, 0x0d, 0x80, 0x00]);

/// Saves an engine at work and restores it.
pub fn backup_and_restore(ground: &Ground) -> Result<Counts> {
    let mut counts = Counts::default();
    let folder = place::built().join("test");
    let (first, second, file) = (folder.join("drill"), folder.join("drill-restored"), folder.join("drill.backup"));
    let key = folder.join("drill.backup.key");
    for old in [&file, &key] {
        let _ = fs::remove_file(old);
    }
    if second.exists() {
        fs::remove_dir_all(&second)?;
    }

    let engine = ground.engine("drill", false)?;
    engine.demo()?;
    // A name that a careless export would break on.
    let body = json!({ "name": "Ayuntamiento d'Exemple; \"cita\" -- DROP" });
    Visitor::new(engine.origin()).must("POST", "/api/rehearsal/organisations", &body)?;
    store_picture(ground, &first, &folder.join("picture"))?;
    let channel = seal_something(ground, &first)?;
    // The engine is running: a backup must not need a pause.
    let options = |which| backup::Options { file: file.clone(), key: None, which };
    backup::backup(&ground.tools, &options(Which::Local(first.clone())))?;
    counts.check("a second backup into the same file is refused", {
        backup::backup(&ground.tools, &options(Which::Local(first.clone()))).is_err()
    });
    drop(engine);
    counts.check("a deployment that holds data is not overwritten", {
        backup::restore(&ground.tools, &options(Which::Local(first.clone()))).is_err()
    });
    let lost = backup::restored(&ground.tools, &options(Which::Local(second.clone())))?;
    counts.check("with its own key nothing must be connected again", lost.is_empty());
    let third = folder.join("drill-other-key");
    if third.exists() {
        fs::remove_dir_all(&third)?;
    }
    let other = folder.join("drill.other.key");
    fs::write(&other, format!("{}\n", BASE64_STANDARD.encode([3; 32])))?;
    let with_other = backup::Options { file: file.clone(), key: Some(other), which: Which::Local(third) };
    let lost = backup::restored(&ground.tools, &with_other)?;
    counts.check("with another key it says which channel must be", lost.iter().any(|name| name.ends_with(&channel)));

    let (before, after) = (rows(ground, &first)?, rows(ground, &second)?);
    counts.check("the restored database holds what the saved one held", before == after);
    counts.check("it is not the empty database that is the same", before.contains("d''Exemple;"));
    counts.check(
        "the picture is the same, byte by byte",
        picture(ground, &second, &folder.join("restored"))? == PICTURE.1,
    );
    let keys = [&first, &second].map(|data| fs::read_to_string(data.join("sealing-key")).unwrap_or_default());
    counts.check("the sealing key is the same", !keys[0].is_empty() && keys[0] == keys[1]);
    let backup = fs::read(&file)?;
    let sealing_key = keys[0].trim().as_bytes();
    counts.check(
        "the sealing key is not in the backup",
        !backup.windows(sealing_key.len()).any(|part| part == sealing_key),
    );

    let restored = Engine::start(&ground.tools, &engine::Options::rehearsal(Kind::Rehearsal, second.clone())?)?;
    counts.check("the restored engine runs and knows its organisations", restored.is_set_up()?);
    let mut visitor = Visitor::new(restored.origin());
    counts.check("the chain of the restored record verifies", verifies(&mut visitor)?);
    goes_out_once(ground, &second, &mut visitor, &mut counts)?;
    Ok(counts)
}

/// Whether the demo town's record is whole, page by page, and not empty.
fn verifies(visitor: &mut Visitor) -> Result<bool> {
    let people = visitor.must("GET", "/api/rehearsal/people", &Value::Null)?;
    let people = people.as_array().context("no list of people")?;
    let administrator = people.iter().find(|person| person["role"] == "administrator").context("no administrator")?;
    visitor.must("POST", "/api/rehearsal/sign-in", &json!({ "member": administrator["member"] }))?;
    visitor.must("POST", "/api/rehearsal/tick", &Value::Null)?; // the sealer numbers what is new
    let mut after = 0;
    loop {
        let page = visitor.must("GET", &format!("/api/records/verification?after={after}"), &Value::Null)?;
        if !page["broken"].is_null() {
            println!("  broken: {}", page["broken"]);
            return Ok(false);
        }
        after = page["upto"].as_u64().context("a verification without an end")?;
        if page["more"] != true {
            return Ok(after > 0);
        }
    }
}

/// The next post that waits for the noticeboard appears there at its minute, and ticks after it add nothing.
fn goes_out_once(ground: &Ground, data: &Path, visitor: &mut Visitor, counts: &mut Counts) -> Result<()> {
    let next = "SELECT a.id, a.due_at, p.id AS publication FROM act a JOIN publication p ON p.id = a.publication
        WHERE a.state = 'waiting' AND p.network = 'noticeboard' ORDER BY a.due_at LIMIT 1";
    let next = query(ground, data, next)?;
    let (act, due) = (next[0]["id"].clone(), next[0]["due_at"].as_f64().context("nothing waits for the noticeboard")?);
    let act = act.as_str().context("an act without an id")?;
    let now = visitor.must("GET", "/api/health", &Value::Null)?["now"].as_f64().context("a health without a clock")?;
    visitor.must("PUT", "/api/rehearsal/clock", &json!({ "ahead": (due - now) as i64 + 1_000 }))?;
    let state = format!("SELECT state FROM act WHERE id = '{act}'");
    let mut done = false;
    for _ in 0..20 {
        visitor.must("POST", "/api/rehearsal/tick", &Value::Null)?;
        done = query(ground, data, &state)?[0]["state"] == "done";
        if done {
            break;
        }
        thread::sleep(Duration::from_secs(1));
    }
    counts.check("a placed post goes out from the restored engine", done);
    for _ in 0..3 {
        visitor.must("POST", "/api/rehearsal/tick", &Value::Null)?;
    }
    // A notice of the same publication is the same row, so the attempts tell.
    let publication = next[0]["publication"].as_str().unwrap_or_default();
    let count = format!(
        "SELECT (SELECT count(*) FROM notice WHERE id = '{publication}') AS notices,
           (SELECT count(*) FROM attempt WHERE act = '{act}') AS attempts"
    );
    let found = query(ground, data, &count)?;
    counts.check("it goes out once", found[0]["notices"] == 1 && found[0]["attempts"] == 1);
    Ok(())
}

/// What the database of an engine answers.
fn query(ground: &Ground, data: &Path, sql: &str) -> Result<Value> {
    let mut ask = engine::wrangler(&ground.tools, data);
    ask.args(["d1", "execute", "DB", "--local", "--json", "--command", sql, "--config"])
        .arg(data.join("wrangler.json"));
    Ok(json_in(&quiet("Asking the database", &mut ask)?)?[0]["results"].clone())
}

/// Every row of every table, as the statements that would write it; what an engine notes about itself left out.
fn rows(ground: &Ground, data: &Path) -> Result<String> {
    let sql = place::built().join("test/rows.sql");
    let _ = fs::remove_file(&sql);
    let mut export = engine::wrangler(&ground.tools, data);
    export.args(["d1", "export", "DB", "--local", "--no-schema", "--skip-confirmation", "--config"]);
    export.arg(data.join("wrangler.json")).arg("--output").arg(&sql);
    quiet("Reading every row", &mut export)?;
    let mut lines: Vec<String> = fs::read_to_string(&sql)?
        .lines()
        .filter(|line| line.starts_with("INSERT") && !line.contains("heartbeat"))
        .map(str::to_owned)
        .collect();
    lines.sort();
    Ok(lines.join("\n"))
}

/// Something under the deployment's key in a channel of the demo, which has none; answers the channel's name.
fn seal_something(ground: &Ground, data: &Path) -> Result<String> {
    let key = rotate::key_id(&engine::sealing_key(data)?);
    let sql = format!(
        "INSERT INTO secret (org, channel, kind, key_id, nonce, sealed, updated_at)
           SELECT org, id, 'token', '{key}', '', '', 0 FROM channel WHERE network = 'mastodon' LIMIT 1
           RETURNING (SELECT c.name FROM channel c WHERE c.id = channel) AS name"
    );
    Ok(query(ground, data, &sql)?[0]["name"].as_str().context("the demo has no Mastodon channel")?.to_owned())
}

fn store_picture(ground: &Ground, data: &Path, file: &PathBuf) -> Result<()> {
    fs::write(file, PICTURE.1)?;
    let mut put = object(ground, data, "put");
    put.args(["--content-type", "image/jpeg", "--file"]).arg(file);
    quiet("Storing a picture", &mut put).map(drop)
}

fn picture(ground: &Ground, data: &Path, file: &PathBuf) -> Result<Vec<u8>> {
    let mut get = object(ground, data, "get");
    get.arg("--file").arg(file);
    quiet("Reading the picture", &mut get)?;
    fs::read(file).context("the picture was not read")
}

fn object(ground: &Ground, data: &Path, act: &str) -> std::process::Command {
    let mut command = engine::wrangler(&ground.tools, data);
    command.args(["r2", "object", act, &format!("pregon-media/{}", PICTURE.0), "--local", "--persist-to"]);
    command.arg(engine::state(data)).arg("--config").arg(data.join("wrangler.json"));
    command
}

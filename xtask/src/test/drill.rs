//! The backup drill: a deployment at work is saved, restored into nothing, and must be the same deployment.

use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

use super::{Counts, Ground};
use crate::backup::{self, Which};
use crate::command::quiet;
use crate::engine::{self, Engine};
use crate::http::{self, Visitor};
use crate::place;
use crate::worker::Kind;

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
    for name in ["Villa de la Prueba", "Ayuntamiento d'Exemple; \"cita\" -- DROP"] {
        let body = serde_json::json!({ "name": name });
        Visitor::new(engine.origin()).must("POST", "/api/rehearsal/organisations", &body)?;
    }
    store_picture(ground, &first, &folder.join("picture"))?;
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
    backup::restore(&ground.tools, &options(Which::Local(second.clone())))?;

    let (before, after) = (rows(ground, &first)?, rows(ground, &second)?);
    counts.check("the restored database holds what the saved one held", before == after);
    counts.check("it is not the empty database that is the same", before.contains("Villa de la Prueba"));
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

    let restored = Engine::start(
        &ground.tools,
        &engine::Options { kind: Kind::Rehearsal, port: http::free_port()?, data: second, cron: false, echo: false },
    )?;
    counts.check("the restored engine runs and knows its organisations", restored.is_set_up()?);
    Ok(counts)
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

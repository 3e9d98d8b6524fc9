//! `cargo xtask backup` and `restore`: a whole deployment in one file, and its sealing key apart from it, so that who
//! finds the one without the other has no network's token. The same commands serve a local and a remote deployment.

use anyhow::{Context, Result, bail};
use pico_args::Arguments;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{quiet, step};
use crate::engine::{local_config, sealing_key, state, write_private};
use crate::tools::Tools;
use crate::worker::Kind;
use crate::{deploy, engine, place, rotate, stamp};

/// Written into every backup; a restore refuses any other.
const FORMAT: u64 = 1;

/// What was asked for.
pub struct Options {
    /// The backup.
    pub file: PathBuf,
    /// The sealing key, where it is not beside the backup.
    pub key: Option<PathBuf>,
    /// Which deployment.
    pub which: Which,
}

/// A deployment.
pub enum Which {
    /// On this machine, in this folder.
    Local(PathBuf),
    /// In the Cloudflare account that is signed in.
    Remote(deploy::Options),
}

impl Options {
    /// Reads the options of `backup` and `restore`.
    pub fn parse(args: &mut Arguments) -> Result<Self> {
        let key = args.opt_value_from_str("--key")?;
        let which = if args.contains("--remote") {
            Which::Remote(deploy::Options::parse(args)?)
        } else {
            Which::Local(args.opt_value_from_str("--data")?.map_or_else(place::data, Ok)?)
        };
        let file: PathBuf = args.free_from_str().context("which FILE?")?;
        Ok(Self { file, key, which })
    }

    /// The key lies beside the backup until somebody carries it elsewhere.
    fn key_file(&self) -> PathBuf {
        self.key.clone().unwrap_or_else(|| {
            let mut name = self.file.clone().into_os_string();
            name.push(".key");
            name.into()
        })
    }
}

/// Writes the backup. The engine may go on working: the database is read first, in one piece, and the bucket after it,
/// where objects never change; so every picture that the saved rows name is saved with them.
pub fn backup(tools: &Tools, options: &Options) -> Result<()> {
    if options.file.exists() {
        bail!("{} exists already: a backup overwrites nothing", options.file.display());
    }
    let folder = empty("backup")?;
    let target = Target::of(tools, &options.which)?;
    let sql = folder.join("database.sql");
    let mut export = target.wrangler(tools, &["d1", "export", "DB"])?;
    export.args(["--skip-confirmation", "--output"]).arg(&sql);
    step("Saving the database", &mut export)?;
    step("Saving the media", &mut target.media(tools, "save", &folder)?)?;
    pack(&folder, &options.file)?;
    println!("✓ {}", options.file.display());
    match &options.which {
        Which::Local(data) => {
            // After a change of keys, some of it may still stand under a former one.
            let keys = [vec![sealing_key(data)?], rotate::old_keys(data)].concat();
            write_private(&options.key_file(), &format!("{}\n", keys.join("\n")))?;
            println!("✓ {} (the sealing key: keep it apart from the backup)", options.key_file().display());
        }
        Which::Remote(_) => {
            println!("  The sealing key is not in it: Cloudflare gives no secret back. It was shown once.")
        }
    }
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// Fills an empty deployment from a backup, and says what of it must be connected again.
pub fn restore(tools: &Tools, options: &Options) -> Result<()> {
    let lost = restored(tools, options)?;
    if !lost.is_empty() {
        println!("! Sealed under another key than the given one. To be connected again at the desk:");
        lost.iter().for_each(|name| println!("    {name}"));
    }
    Ok(())
}

/// The same; answers what opens under no key. Every part is checked against its hash before anything is written.
pub fn restored(tools: &Tools, options: &Options) -> Result<Vec<String>> {
    let folder = empty("restore")?;
    unpack(&options.file, &folder)?;
    let key = match &options.which {
        Which::Local(data) => {
            if state(data).exists() {
                bail!("{} holds a deployment already: restore into another folder with --data", data.display());
            }
            let file = options.key_file();
            let keys = fs::read_to_string(&file)
                .with_context(|| format!("the sealing key is not at {}: say where with --key", file.display()))?;
            place::made(data.clone())?;
            Some(keys)
        }
        // In the account it is a setting; to be told what it opens, it is given here too.
        Which::Remote(_) => options.key.as_ref().map(fs::read_to_string).transpose()?,
    };
    let keys = key.map(|text| rotate::lines(&text));
    let target = Target::of(tools, &options.which)?;
    if matches!(options.which, Which::Remote(_)) {
        target.must_be_empty(tools)?;
    }
    let mut import = target.wrangler(tools, &["d1", "execute", "DB"])?;
    import.args(["--yes", "--file"]).arg(folder.join("database.sql"));
    step("Restoring the database", &mut import)?;
    step("Restoring the media", &mut target.media(tools, "load", &folder)?)?;
    let lost = keys.as_ref().map_or_else(|| Ok(Vec::new()), |keys| target.lost(tools, keys))?;
    if let (Which::Local(data), Some(keys)) = (&options.which, keys) {
        rotate::write_keys(data, &keys)?;
        println!("✓ Restored into {}", data.display());
    } else {
        println!("✓ Restored. Now deploy with the key from the safe: cargo xtask deploy --sealing-key FILE");
    }
    fs::remove_dir_all(folder)?;
    Ok(lost)
}

/// Where wrangler finds a deployment.
struct Target {
    config: PathBuf,
    data: PathBuf,
    remote: bool,
}

impl Target {
    fn of(tools: &Tools, which: &Which) -> Result<Self> {
        Ok(match which {
            Which::Local(data) => {
                let data = data.canonicalize().with_context(|| format!("there is nothing at {}", data.display()))?;
                // The settings of a running engine stay as they are.
                let config = data.join("wrangler.json");
                let config = if config.is_file() { config } else { local_config(&data, Kind::Rehearsal)? };
                Self { config, data, remote: false }
            }
            Which::Remote(options) => {
                let config = deploy::found(tools, options)?;
                Self { config, data: place::made(place::built().join("deploy"))?, remote: true }
            }
        })
    }

    fn wrangler(&self, tools: &Tools, arguments: &[&str]) -> Result<Command> {
        let mut command = engine::wrangler(tools, &self.data);
        command.args(arguments).arg(if self.remote { "--remote" } else { "--local" }).arg("--config").arg(&self.config);
        Ok(command)
    }

    fn media(&self, tools: &Tools, act: &str, folder: &Path) -> Result<Command> {
        let config = if self.remote { reaching_out(&self.config)? } else { self.config.clone() };
        let mut script = engine::node_program(tools, "node", &self.data);
        // Wrangler's proxy adds `v3` for the commands that it runs, but not here.
        script.arg("xtask/src/backup/media.mjs").arg(act).arg(config).arg(state(&self.data).join("v3")).arg(folder);
        Ok(script)
    }

    /// What is sealed under none of these keys: channels by organisation and name, and organisations whose own key it is.
    fn lost(&self, tools: &Tools, keys: &[String]) -> Result<Vec<String>> {
        // Hexadecimal digits of ours.
        let ids = keys.iter().map(|key| format!("'{}'", rotate::key_id(key))).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "SELECT DISTINCT o.name || ': ' || c.name AS name FROM secret s JOIN channel c ON c.id = s.channel
               JOIN organisation o ON o.id = s.org WHERE s.key_id NOT IN ({ids}) AND c.health <> 'disconnected'
             UNION SELECT o.name || ': the key that it signs receipts with (it cannot be made anew: find the sealing key)'
               FROM organisation_key k JOIN organisation o ON o.id = k.org
               WHERE json_extract(k.sealed, '$.key_id') NOT IN ({ids}) ORDER BY name"
        );
        let mut ask = self.wrangler(tools, &["d1", "execute", "DB"])?;
        ask.args(["--json", "--command", &sql]);
        let answer = deploy::json_in(&quiet("Looking what opens under the sealing key", &mut ask)?)?;
        let rows = answer[0]["results"].as_array().context("the database does not say what is sealed")?;
        Ok(rows.iter().filter_map(|row| row["name"].as_str()).map(str::to_owned).collect())
    }

    fn must_be_empty(&self, tools: &Tools) -> Result<()> {
        let mut ask = self.wrangler(tools, &["d1", "execute", "DB"])?;
        ask.args(["--json", "--command", "SELECT count(*) AS tables FROM sqlite_master WHERE name = 'organisation'"]);
        let answer = deploy::json_in(&quiet("Looking whether the database is empty", &mut ask)?)?;
        match answer[0]["results"][0]["tables"].as_u64() {
            Some(0) => Ok(()),
            _ => bail!("the deployment holds data already: a restore wants one that has nothing yet"),
        }
    }
}

/// The same settings with the bucket's binding reaching the deployed bucket.
fn reaching_out(config: &Path) -> Result<PathBuf> {
    let mut settings: Value = serde_json::from_str(&fs::read_to_string(config)?)?;
    settings["r2_buckets"][0]["remote"] = json!(true);
    let file = config.with_file_name("media.json");
    fs::write(&file, settings.to_string())?;
    Ok(file)
}

/// Everything in `folder` into one file, with a list of hashes first.
fn pack(folder: &Path, file: &Path) -> Result<()> {
    let mut parts = serde_json::Map::new();
    for name in names(folder)? {
        parts.insert(name.clone(), json!(digest(&folder.join(&name))?));
    }
    let manifest = json!({ "format": FORMAT, "parts": parts });
    // Under another name until it is whole: a backup that was cut short must not look like one.
    let partial = file.with_extension("partial");
    let mut archive =
        tar::Builder::new(File::create(&partial).with_context(|| format!("cannot write {}", file.display()))?);
    let text = serde_json::to_vec_pretty(&manifest)?;
    let mut header = tar::Header::new_gnu();
    header.set_size(text.len() as u64);
    header.set_mode(0o600);
    archive.append_data(&mut header, "manifest.json", text.as_slice())?;
    for name in parts.keys() {
        archive.append_path_with_name(folder.join(name), name)?;
    }
    archive.into_inner()?.sync_all()?;
    fs::rename(partial, file)?;
    Ok(())
}

/// Unpacks and checks; what is not in the list, is missing, or has another hash is refused.
fn unpack(file: &Path, folder: &Path) -> Result<()> {
    let opened = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    tar::Archive::new(opened).unpack(folder).with_context(|| format!("{} is no backup", file.display()))?;
    let manifest =
        fs::read_to_string(folder.join("manifest.json")).context("it is no backup: it has no list of parts")?;
    let manifest: Value = serde_json::from_str(&manifest)?;
    if manifest["format"] != FORMAT {
        bail!("this backup has the format {}, and this version reads {FORMAT}", manifest["format"]);
    }
    fs::remove_file(folder.join("manifest.json"))?;
    let parts = manifest["parts"].as_object().context("the list of parts is damaged")?;
    let found = names(folder)?;
    if !parts.keys().eq(found.iter()) {
        bail!("the backup is damaged: its parts are not those of its list");
    }
    for (name, hash) in parts {
        if *hash != json!(digest(&folder.join(name))?) {
            bail!("the backup is damaged: {name} is not what was saved");
        }
    }
    Ok(())
}

fn digest(file: &Path) -> Result<String> {
    Ok(stamp::hex(&Sha256::digest(fs::read(file)?)))
}

/// The files of a folder, sorted as JSON objects are.
fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

fn empty(name: &str) -> Result<PathBuf> {
    let folder = place::built().join(format!("{name}-{}", std::process::id()));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    place::made(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(name: &str) -> (PathBuf, PathBuf) {
        let folder = std::env::temp_dir().join(format!("pregon-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("in")).unwrap();
        fs::create_dir_all(folder.join("out")).unwrap();
        fs::write(folder.join("in/database.sql"), "CREATE TABLE a (b);").unwrap();
        fs::write(folder.join("in/media-0"), [0, 159, 146, 150]).unwrap();
        let file = folder.join("backup");
        pack(&folder.join("in"), &file).unwrap();
        (folder, file)
    }

    #[test]
    fn what_was_packed_is_unpacked() {
        let (folder, file) = saved("pack");
        unpack(&file, &folder.join("out")).unwrap();
        assert_eq!(fs::read(folder.join("out/media-0")).unwrap(), [0, 159, 146, 150]);
        assert_eq!(names(&folder.join("out")).unwrap(), ["database.sql", "media-0"]);
    }

    #[test]
    fn one_changed_byte_is_noticed_before_anything_is_restored() {
        let (folder, file) = saved("damage");
        let mut bytes = fs::read(&file).unwrap();
        let at = bytes.windows(12).position(|part| part == b"CREATE TABLE").unwrap();
        bytes[at] = b'D';
        fs::write(&file, bytes).unwrap();
        let error = unpack(&file, &folder.join("out")).unwrap_err().to_string();
        assert!(error.contains("database.sql is not what was saved"), "{error}");
    }

    #[test]
    fn a_file_that_is_no_backup_is_refused() {
        let (folder, _) = saved("other");
        let other = folder.join("in/database.sql");
        assert!(unpack(&other, &folder.join("out")).is_err());
    }
}

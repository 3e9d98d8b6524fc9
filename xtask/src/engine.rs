//! One local engine: wrangler serving a built worker with lasting data, and the cron that nothing else fires here.

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::slice;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::command::{self, Group, quiet};
use crate::config::Config;
use crate::tools::Tools;
use crate::worker::Kind;
use crate::{http, place, rotate, stamp};

/// workerd starts in some seconds; a cold disk on a small machine takes longer.
const READY_WITHIN: Duration = Duration::from_secs(120);

/// What to start.
pub struct Options {
    /// Which build.
    pub kind: Kind,
    /// The port on localhost.
    pub port: u16,
    /// Where its database, files and key lie.
    pub data: PathBuf,
    /// Whether to fire the cron each minute. Journeys that own the clock fire it themselves.
    pub cron: bool,
    /// Whether a rehearsal's test doors open: for tests and for the demo, not for a town set up in earnest.
    pub doors: bool,
    /// Whether it has the desk and the approver's page. An engine starts again when its files change, so one without them can run
    /// while they are built.
    pub desk: bool,
    /// Whether to show what it prints. It goes to `engine.log` in any case.
    pub echo: bool,
}

impl Options {
    /// For tests and measures: with the doors open, the clock its owner's, on a port that is free.
    ///
    /// # Errors
    /// No port is free.
    pub fn rehearsal(kind: Kind, data: PathBuf) -> Result<Self> {
        Ok(Self { kind, port: http::free_port()?, data, cron: false, doors: true, desk: true, echo: false })
    }
}

/// A running engine; dropping it stops it.
pub struct Engine {
    origin: String,
    setup_token: String,
    settings: PathBuf,
    group: Group,
    stopped: Arc<AtomicBool>,
    log: PathBuf,
    /// Two engines on one database would corrupt each other's view: the lock lives as long as we do.
    _lock: File,
}

impl Engine {
    /// Applies the migrations, starts the engine and waits until it answers.
    pub fn start(tools: &Tools, options: &Options) -> Result<Self> {
        let data = place::made(options.data.clone())?;
        let data = data.canonicalize()?;
        let lock = lock(&data)?;
        if !http::is_free(options.port) {
            bail!("port {} is in use: choose another one with --port", options.port);
        }
        let config = local_config(&data, options.kind)?;
        migrate(tools, &data, &config)?;
        let origin = format!("http://localhost:{}", options.port);
        let setup_token = BASE64_URL_SAFE_NO_PAD.encode(random()?);
        let settings = settings(&data, &origin, &setup_token, options.doors)?;
        let log = data.join("engine.log");
        File::create(&log)?;
        let group = spawn(tools, options, &data, &settings, &log)?;
        let mut engine =
            Self { origin, setup_token, settings, group, stopped: Arc::new(AtomicBool::new(false)), log, _lock: lock };
        engine.wait_until_ready()?;
        if options.cron {
            engine.fire_cron();
        }
        Ok(engine)
    }

    /// Ends it as a power cut would, and starts it again on the same data.
    pub fn kill_and_start_again(&mut self, tools: &Tools, options: &Options) -> Result<()> {
        let data = options.data.canonicalize()?;
        self.group.kill();
        self.group = spawn(tools, options, &data, &self.settings, &self.log)?;
        self.wait_until_ready()
    }

    /// Where it answers, without a slash at the end.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The group of its processes: wrangler, and the runtime that wrangler starts.
    pub fn group(&self) -> u32 {
        self.group.id()
    }

    /// Whether it has an organisation yet.
    pub fn is_set_up(&self) -> Result<bool> {
        let answer = http::get(&format!("{}/api/health", self.origin), Duration::from_secs(10))?;
        answer.json()?["set_up"].as_bool().context("the engine's health says nothing about `set_up`")
    }

    /// The link with which the first person creates the first organisation. The engine knows only the hash of its
    /// token and refuses it once an organisation exists.
    pub fn setup_link(&self) -> String {
        format!("{}/desk/setup#{}", self.origin, self.setup_token)
    }

    /// The token of that link alone.
    pub fn setup_token(&self) -> &str {
        &self.setup_token
    }

    /// Fills in the fictional town; does nothing if it is there already.
    pub fn demo(&self) -> Result<()> {
        let answer = http::post(&self.origin, "/api/rehearsal/demo", Duration::from_secs(120))?;
        if !(200..300).contains(&answer.status) {
            bail!("the engine would not fill in the demo town: {} {}", answer.status, answer.body);
        }
        Ok(())
    }

    /// Waits for the end of a process that should not end.
    pub fn wait(&mut self) -> Result<()> {
        let status = self.group.child.wait()?;
        if command::stopping() {
            loop {
                thread::park();
            }
        }
        bail!("the local engine ended by itself ({status}); its last words are in {}", self.log.display())
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let began = Instant::now();
        let health = format!("{}/api/health", self.origin);
        loop {
            if let Some(status) = self.group.child.try_wait()? {
                bail!("the local engine did not start ({status}):\n{}", self.last_words());
            }
            if let Ok(answer) = http::get(&health, Duration::from_secs(5))
                && answer.status == 200
            {
                return Ok(());
            }
            if began.elapsed() > READY_WITHIN {
                bail!("the local engine does not answer at {health}:\n{}", self.last_words());
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn last_words(&self) -> String {
        command::tail(&fs::read_to_string(&self.log).unwrap_or_default(), 60)
    }

    /// Calls the scheduled handler at second 0 of every minute, as Cloudflare does.
    fn fire_cron(&self) {
        let url = format!("{}/cdn-cgi/handler/scheduled?cron=*+*+*+*+*", self.origin);
        let stopped = Arc::clone(&self.stopped);
        thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                thread::sleep(until_next_minute(now));
                if stopped.load(Ordering::Relaxed) || command::stopping() {
                    break;
                }
                // A slow minute must not delay the next one, so each call has a thread.
                let url = url.clone();
                thread::spawn(move || match http::get(&url, Duration::from_secs(300)) {
                    Ok(answer) if answer.status == 200 => {}
                    Ok(answer) => eprintln!("✗ the minute's run failed: {} {}", answer.status, answer.body),
                    Err(error) if !command::stopping() => eprintln!("✗ the minute's run failed: {error:#}"),
                    Err(_) => {}
                });
            }
        });
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

/// Starts wrangler on the data, as the head of a group of its own.
fn spawn(tools: &Tools, options: &Options, data: &Path, settings: &Path, log: &Path) -> Result<Group> {
    let mut command = wrangler(tools, data);
    command
        .arg("dev")
        .arg(options.kind.script())
        .args(["--config", "edge/wrangler.jsonc", "--local", "--ip", "127.0.0.1", "--port", &options.port.to_string()])
        .args(["--inspector-port", &http::free_port()?.to_string(), "--show-interactive-dev-session", "false"])
        .arg("--persist-to")
        .arg(state(data))
        .arg("--env-file")
        .arg(settings)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if !options.desk {
        command.arg("--assets").arg(place::made(data.join("no-desk"))?);
    }
    let mut group = Group::spawn(&mut command)?;
    fs::write(data.join("engine.pid"), group.id().to_string())?;
    keep_output(&mut group, log, options.echo)?;
    Ok(group)
}

/// Wrangler without questions, telemetry or traces outside `data`.
pub fn wrangler(tools: &Tools, data: &Path) -> Command {
    node_program(tools, "wrangler", data)
}

/// Any Node program that may run wrangler inside.
pub fn node_program(tools: &Tools, name: &str, data: &Path) -> Command {
    let mut command = tools.node.command(name);
    command
        .env("CI", "1")
        .env("NO_COLOR", "1")
        .env("WRANGLER_SEND_METRICS", "false")
        .env("WRANGLER_HIDE_BANNER", "true")
        .env("WRANGLER_LOG_PATH", data.join("log"))
        // Engines in different folders share one name and must not find each other.
        .env("WRANGLER_REGISTRY_PATH", data.join("registry"))
        .env("MINIFLARE_REGISTRY_PATH", data.join("registry"))
        // It would fetch a description of a visitor from Cloudflare; the engine does not read it.
        .env("CLOUDFLARE_CF_FETCH_ENABLED", "false");
    command
}

/// The database, files and queues of a local engine. This very path, because some of wrangler's commands take no other:
/// to wrangler, a folder of data is a project, and `wrangler d1 execute DB --local` works in it.
pub fn state(data: &Path) -> PathBuf {
    data.join(".wrangler/state")
}

/// Writes the settings of a local engine into its folder.
pub fn local_config(data: &Path, kind: Kind) -> Result<PathBuf> {
    let file = data.join("wrangler.json");
    Config::local(&kind.script()).write(&file)?;
    Ok(file)
}

/// Applies what is new in `edge/migrations`. Asking wrangler takes seconds, so it is asked only when a file changed; and to apply
/// all of them takes it half a minute, so what came of that where nothing was is kept, and copied to the next such place.
pub fn migrate(tools: &Tools, data: &Path, config: &Path) -> Result<()> {
    let migrations = place::root().join("edge/migrations");
    if !migrations.is_dir() {
        return Ok(());
    }
    let now = stamp::of(slice::from_ref(&migrations), &[])?;
    let file = data.join("migrations.stamp");
    if stamp::is(&file, &now) {
        return Ok(());
    }
    // Another wrangler may lay its files out in another way.
    let kept = stamp::of(&[migrations, place::root().join("package-lock.json")], &[])?;
    let kept = place::made(place::built().join("migrated"))?.join(kept);
    let state = state(data);
    let is_new = !state.exists();
    if is_new && kept.is_dir() {
        copy_whole(&kept, &state)?;
    } else {
        let mut command = wrangler(tools, data);
        command.args(["d1", "migrations", "apply", "DB", "--local", "--config"]).arg(config);
        quiet("Applying the migrations", &mut command)?;
        // Where two do so at once, one comes second and finds it there.
        if is_new && copy_whole(&state, &kept).is_err() && !kept.is_dir() {
            println!("  what was migrated is not kept: the next new engine takes as long");
        }
    }
    fs::write(file, now)?;
    Ok(())
}

/// Copies a folder to where nothing is. What breaks off in the middle is not taken for the whole: it bears another name.
fn copy_whole(from: &Path, to: &Path) -> Result<()> {
    let part = to.with_extension(stamp::hex(&random()?[..8]));
    let done = copy(from, &part).and_then(|()| fs::rename(&part, to).map_err(anyhow::Error::from));
    if done.is_err() {
        let _ = fs::remove_dir_all(&part);
    }
    done.with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// The sealing key of this data, created on first use; it opens the networks' tokens.
pub fn sealing_key(data: &Path) -> Result<String> {
    let file = data.join("sealing-key");
    if let Ok(key) = fs::read_to_string(&file) {
        return Ok(key.trim().to_owned());
    }
    let key = BASE64_STANDARD.encode(random()?);
    write_private(&file, &format!("{key}\n"))?;
    Ok(key)
}

/// Writes a file that only its owner may read, whatever stood there before.
pub fn write_private(file: &Path, text: &str) -> Result<()> {
    let _ = fs::remove_file(file);
    let mut open = OpenOptions::new();
    open.write(true).create_new(true).mode(0o600);
    open.open(file)
        .and_then(|mut opened| opened.write_all(text.as_bytes()))
        .with_context(|| format!("cannot write {}", file.display()))
}

/// Secrets and settings go to the engine in a file, because arguments can be read by every user of the machine.
fn settings(data: &Path, origin: &str, setup_token: &str, doors: bool) -> Result<PathBuf> {
    let file = data.join("engine.env");
    let key = sealing_key(data)?;
    let hash = stamp::hex(&Sha256::digest(setup_token.as_bytes()));
    let doors = if doors { "REHEARSAL_DOORS=open\n" } else { "" };
    let old = rotate::old_keys(data).join(",");
    let old = if old.is_empty() { old } else { format!("SEALING_KEYS_OLD={old}\n") };
    write_private(&file, &format!("SEALING_KEY={key}\n{old}SETUP_TOKEN_HASH={hash}\nORIGIN={origin}\n{doors}"))?;
    Ok(file)
}

/// 256 bits of chance.
pub fn random() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness to be had: {error}"))?;
    Ok(bytes)
}

/// Claims the data, and ends an engine that a killed xtask left behind on it.
pub fn lock(data: &Path) -> Result<File> {
    let file = File::create(data.join("lock"))?;
    let mut tries = 0;
    while file.try_lock().is_err() {
        // A child that is just being started holds a copy of what is open until it executes.
        if tries == 20 {
            bail!("another engine is running on {}: stop it, or choose another folder with --data", data.display());
        }
        tries += 1;
        thread::sleep(Duration::from_millis(50));
    }
    if let Ok(text) = fs::read_to_string(data.join("engine.pid"))
        && let Ok(pid) = text.trim().parse::<i32>()
        && is_ours(pid, data)
    {
        println!("  an engine was left running on this data: stopping it");
        command::stop(pid);
    }
    Ok(file)
}

/// Whether this process is a wrangler on this data, and not a stranger that was given the same number later.
fn is_ours(pid: i32, data: &Path) -> bool {
    Command::new("ps").args(["-o", "command=", "-p", &pid.to_string()]).output().is_ok_and(|answer| {
        let line = String::from_utf8_lossy(&answer.stdout).into_owned();
        line.contains("wrangler") && line.contains(&*data.to_string_lossy())
    })
}

fn keep_output(group: &mut Group, log: &Path, echo: bool) -> Result<()> {
    // What it said before it was killed stands above: whoever looks for a break wants that too.
    let file = File::options().create(true).append(true).open(log)?;
    let mut keep = {
        let mut file = file.try_clone()?;
        move |line: &str| {
            let _ = writeln!(file, "{line}");
            if echo {
                println!("{line}");
            }
        }
    };
    if let Some(stream) = group.child.stdout.take() {
        command::follow(stream, move |line| keep(line));
    }
    let mut file = file;
    if let Some(stream) = group.child.stderr.take() {
        command::follow(stream, move |line| {
            let _ = writeln!(file, "{line}");
            if echo {
                eprintln!("{line}");
            }
        });
    }
    Ok(())
}

fn until_next_minute(now: Duration) -> Duration {
    let minute = Duration::from_secs(60);
    minute - Duration::from_nanos((now.as_nanos() % minute.as_nanos()) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_cron_fires_at_second_zero() {
        assert_eq!(until_next_minute(Duration::from_millis(59_250)), Duration::from_millis(750));
        assert_eq!(until_next_minute(Duration::from_secs(120)), Duration::from_secs(60));
    }

    #[test]
    fn the_sealing_key_is_made_once_and_secrets_are_for_their_owner_alone() {
        let data = std::env::temp_dir().join(format!("pregon-key-{}", std::process::id()));
        let _ = fs::remove_dir_all(&data);
        fs::create_dir_all(&data).unwrap();
        let key = sealing_key(&data).unwrap();
        assert_eq!(BASE64_STANDARD.decode(&key).unwrap().len(), 32);
        assert_eq!(key, sealing_key(&data).unwrap());
        let file = settings(&data, "http://localhost:1", "token", false).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(&key) && !text.contains("=token"));
        for secret in ["sealing-key", "engine.env"] {
            assert_eq!(fs::metadata(data.join(secret)).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn one_folder_of_data_has_one_engine() {
        let data = std::env::temp_dir().join(format!("pregon-lock-{}", std::process::id()));
        fs::create_dir_all(&data).unwrap();
        let held = lock(&data).unwrap();
        assert!(lock(&data).is_err());
        drop(held);
        assert!(lock(&data).is_ok());
    }

    #[test]
    fn a_folder_is_copied_whole_and_only_to_where_nothing_is() {
        let data = std::env::temp_dir().join(format!("pregon-copy-{}", std::process::id()));
        let _ = fs::remove_dir_all(&data);
        fs::create_dir_all(data.join("from/inner")).unwrap();
        fs::write(data.join("from/inner/rows"), "one").unwrap();
        copy_whole(&data.join("from"), &data.join("deep/to")).unwrap();
        assert_eq!(fs::read_to_string(data.join("deep/to/inner/rows")).unwrap(), "one");
        fs::write(data.join("from/inner/rows"), "two").unwrap();
        assert!(copy_whole(&data.join("from"), &data.join("deep/to")).is_err());
        assert_eq!(fs::read_to_string(data.join("deep/to/inner/rows")).unwrap(), "one");
        assert_eq!(fs::read_dir(data.join("deep")).unwrap().count(), 1, "nothing is left of what broke off");
        assert!(copy_whole(&data.join("nowhere"), &data.join("deep/other")).is_err());
        assert!(!data.join("deep/other").exists());
        fs::remove_dir_all(&data).unwrap();
    }
}

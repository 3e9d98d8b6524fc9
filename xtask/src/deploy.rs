//! `cargo xtask deploy`: from nothing, or from any state, to a running deployment in one Cloudflare account. Every step
//! finds what is there before it makes anything, so that it can be run again after any failure, and for every update.

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use pico_args::Arguments;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::command::{captured, quiet, step, tail};
use crate::config::Config;
use crate::engine::{random, wrangler, write_private};
use crate::tools::{self, Tools};
use crate::worker::{self, Kind};
use crate::{desk, place, stamp};

/// What was asked for.
pub struct Options {
    dry_run: bool,
    name: String,
    /// Where data may be kept: `eu`, or `none` for wherever Cloudflare likes.
    jurisdiction: String,
    /// The sealing key from the safe, for a deployment that was restored from a backup.
    sealing_key: Option<PathBuf>,
    /// The deployment's own host, in a zone of the same account; without it, `NAME.ACCOUNT.workers.dev`.
    domain: Option<String>,
}

impl Options {
    /// Reads the options of `deploy`.
    pub fn parse(args: &mut Arguments) -> Result<Self> {
        Ok(Self {
            dry_run: args.contains("--dry-run"),
            name: args.opt_value_from_str("--name")?.unwrap_or("pregon".to_owned()),
            jurisdiction: args.opt_value_from_str("--jurisdiction")?.unwrap_or("eu".to_owned()),
            sealing_key: args.opt_value_from_str("--sealing-key")?,
            domain: args.opt_value_from_str("--domain")?,
        })
    }

    /// A rehearsal with nothing chosen.
    pub fn rehearsal() -> Self {
        let (name, jurisdiction) = ("pregon".to_owned(), "eu".to_owned());
        Self { dry_run: true, name, jurisdiction, sealing_key: None, domain: None }
    }

    fn jurisdiction(&self) -> Option<&str> {
        (self.jurisdiction != "none").then_some(self.jurisdiction.as_str())
    }
}

/// What the deployment consists of, once found or made.
struct Parts {
    database: String,
    store: String,
}

/// Runs it, or says what it would do.
pub fn run(options: &Options) -> Result<()> {
    let tools = tools::for_builds()?;
    desk::build(&tools)?;
    worker::build(&tools, Kind::Production)?;
    if options.dry_run { rehearse(&tools, options) } else { perform(&tools, options) }
}

/// Prints every step, then lets wrangler bundle and check the whole as it would be uploaded.
pub fn rehearse(tools: &Tools, options: &Options) -> Result<()> {
    println!("A deployment of `{}` would:", options.name);
    for (number, (what, command)) in plan(options).iter().enumerate() {
        println!("  {}. {what}\n       {command}", number + 1);
    }
    let parts = Parts { database: "00000000-0000-0000-0000-000000000000".to_owned(), store: "0".repeat(32) };
    let file = write_config(options, &parts)?;
    let mut check = cloud(tools)?;
    let bundle = place::made(place::built().join("deploy/bundle"))?;
    check.args(["deploy", "--dry-run", "--config"]).arg(file).arg("--outdir").arg(&bundle);
    let said = step("Bundling and checking without uploading", &mut check)?;
    for line in said.lines().filter(|line| line.contains("Total Upload")) {
        println!("  {}", line.trim());
    }
    println!("Nothing was created, changed or uploaded.");
    Ok(())
}

/// The settings of a deployment whose database and store are there, or are made now.
pub fn found(tools: &Tools, options: &Options) -> Result<PathBuf> {
    signed_in(tools)?;
    let parts = Parts { database: database(tools, options)?, store: store(tools, options)? };
    bucket(tools, options)?;
    write_config(options, &parts)
}

fn perform(tools: &Tools, options: &Options) -> Result<()> {
    let file = found(tools, options)?;
    // The dead-letter queue first: the other's consumer names it.
    for queue in [format!("{}-dead", options.name), format!("{}-jobs", options.name)] {
        ensure(tools, &["queues", "info", &queue], &queue_arguments(&queue), &format!("the queue {queue}"))?;
    }
    let config = file.to_string_lossy().into_owned();
    let mut migrate = cloud(tools)?;
    migrate.args(["d1", "migrations", "apply", "DB", "--remote", "--config", &config]);
    step("Applying the migrations", &mut migrate)?;

    let secrets = Secrets::prepare(tools, &config, options)?;
    let mut upload = cloud(tools)?;
    upload.args(["deploy", "--config", &config, "--secrets-file"]).arg(&secrets.file);
    let said = step("Uploading the engine and the desk", &mut upload);
    fs::remove_file(&secrets.file).context("the file with the new secrets could not be removed")?;
    let said = said?;
    let address = match &options.domain {
        Some(domain) => format!("https://{domain}"),
        None => {
            // Only now is it known; the engine needs it for the links in its mails.
            let address = address(&said).context("wrangler did not say where the deployment is")?;
            write_config_at(options, &parts_of(&file)?, Some(&address))?;
            let mut again = cloud(tools)?;
            again.args(["deploy", "--config", &config]);
            step("Telling the engine its own address", &mut again)?;
            address
        }
    };
    println!("\nPregón is at  {address}/desk/");
    secrets.show(&address);
    Ok(())
}

/// Every step with the command behind it, in the order in which they happen.
fn plan(options: &Options) -> Vec<(String, String)> {
    let name = &options.name;
    let says = |arguments: &[String]| format!("wrangler {}", arguments.join(" "));
    let mut steps = vec![
        ("make sure that somebody is signed in to Cloudflare".to_owned(), "wrangler whoami".to_owned()),
        (format!("find the database {name}, or create it"), says(&database_arguments(options))),
        (format!("find the key-value store {name}-kv, or create it"), says(&store_arguments(options))),
        (format!("find the bucket {name}-media, or create it"), says(&bucket_arguments(options))),
    ];
    for queue in [format!("{name}-dead"), format!("{name}-jobs")] {
        steps.push((format!("find the queue {queue}, or create it"), says(&queue_arguments(&queue))));
    }
    steps.push(("apply the new migrations".to_owned(), "wrangler d1 migrations apply DB --remote".to_owned()));
    steps.push((
        "make the sealing key and the set-up token if the deployment has none, and show the key once".to_owned(),
        "wrangler secret list".to_owned(),
    ));
    steps.push((
        "upload the engine and the desk, with one cron trigger".to_owned(),
        "wrangler deploy --secrets-file (private, removed afterwards)".to_owned(),
    ));
    steps
}

fn signed_in(tools: &Tools) -> Result<()> {
    let mut ask = cloud(tools)?;
    ask.arg("whoami");
    let answer = captured("Asking who is signed in", &mut ask, false)?;
    if !answer.status.success() || answer.output.contains("not authenticated") {
        bail!(
            "nobody is signed in to Cloudflare. Run `node_modules/.bin/wrangler login`, or set CLOUDFLARE_API_TOKEN; \
             docs/DEPLOY.en.md says how"
        );
    }
    Ok(())
}

fn words(arguments: &[&str], options: &Options) -> Vec<String> {
    let place = options.jurisdiction().map(|place| ["--jurisdiction".to_owned(), place.to_owned()]);
    arguments.iter().map(|word| (*word).to_owned()).chain(place.into_iter().flatten()).collect()
}

fn database_arguments(options: &Options) -> Vec<String> {
    words(&["d1", "create", &options.name], options)
}

fn store_arguments(options: &Options) -> Vec<String> {
    words(&["kv", "namespace", "create", &format!("{}-kv", options.name)], options)
}

fn bucket_arguments(options: &Options) -> Vec<String> {
    words(&["r2", "bucket", "create", &format!("{}-media", options.name)], options)
}

fn queue_arguments(queue: &str) -> Vec<String> {
    ["queues", "create", queue].map(str::to_owned).to_vec()
}

fn database(tools: &Tools, options: &Options) -> Result<String> {
    let list = ["d1", "list", "--json"];
    let find = |list: &Value| field_where(list, "name", &options.name, "uuid");
    listed(tools, &list, find, &database_arguments(options), &format!("the database {}", options.name))
}

fn store(tools: &Tools, options: &Options) -> Result<String> {
    let title = format!("{}-kv", options.name);
    let find = |list: &Value| field_where(list, "title", &title, "id");
    listed(tools, &["kv", "namespace", "list"], find, &store_arguments(options), &format!("the store {title}"))
}

fn bucket(tools: &Tools, options: &Options) -> Result<()> {
    let name = format!("{}-media", options.name);
    let find = words(&["r2", "bucket", "info", &name], options);
    let find: Vec<&str> = find.iter().map(String::as_str).collect();
    ensure(tools, &find, &bucket_arguments(options), &format!("the bucket {name}"))
}

/// Finds an id in a JSON list, makes the thing if it is not there, and looks again.
fn listed(
    tools: &Tools,
    list: &[&str],
    find: impl Fn(&Value) -> Option<String>,
    create: &[String],
    what: &str,
) -> Result<String> {
    let look = || -> Result<Option<String>> {
        let mut ask = cloud(tools)?;
        ask.args(list);
        Ok(find(&json_in(&quiet(&format!("Looking for {what}"), &mut ask)?)?))
    };
    if let Some(id) = look()? {
        println!("✓ Found {what}");
        return Ok(id);
    }
    let mut make = cloud(tools)?;
    make.args(create);
    step(&format!("Creating {what}"), &mut make)?;
    look()?.with_context(|| format!("{what} was created, but is not listed"))
}

/// Makes the thing unless wrangler finds it.
fn ensure(tools: &Tools, find: &[&str], create: &[String], what: &str) -> Result<()> {
    let mut ask = cloud(tools)?;
    ask.args(find);
    if captured(&format!("Looking for {what}"), &mut ask, false)?.status.success() {
        println!("✓ Found {what}");
        return Ok(());
    }
    // If it could not be found for another reason, creating it fails and says why.
    let mut make = cloud(tools)?;
    make.args(create);
    step(&format!("Creating {what}"), &mut make).map(drop)
}

/// New secrets of a deployment, in a private file for wrangler.
struct Secrets {
    file: PathBuf,
    sealing_key: Option<String>,
    setup_token: String,
}

impl Secrets {
    /// The sealing key is made once and never touched again: without it every token in the database is lost. The
    /// set-up token is new each time, so that a lost link only needs another deployment; the engine refuses it as soon
    /// as there is an organisation.
    fn prepare(tools: &Tools, config: &str, options: &Options) -> Result<Self> {
        let mut ask = cloud(tools)?;
        ask.args(["secret", "list", "--config", config]);
        let answer = captured("Asking for the names of the secrets", &mut ask, false)?;
        // A first deployment has no worker yet, hence no list. Any other failure must not end in a second key.
        let names = if answer.status.success() {
            json_in(&answer.output)?
        } else if answer.output.contains("10007") || answer.output.to_lowercase().contains("not found") {
            json!([])
        } else {
            bail!("cannot see whether there is a sealing key already:\n{}", tail(&answer.output, 20));
        };
        let has_key = field_where(&names, "name", "SEALING_KEY", "name").is_some();
        let sealing_key = match (&options.sealing_key, has_key) {
            (Some(_), true) => bail!("the deployment has a sealing key already, and tokens may be sealed with it"),
            (Some(file), false) => Some(key_from(&fs::read_to_string(file)?)?),
            (None, true) => None,
            (None, false) => Some(BASE64_STANDARD.encode(random()?)),
        };
        let setup_token = BASE64_URL_SAFE_NO_PAD.encode(random()?);
        let mut all = json!({ "SETUP_TOKEN_HASH": stamp::hex(&Sha256::digest(setup_token.as_bytes())) });
        if let Some(key) = &sealing_key {
            all["SEALING_KEY"] = json!(key);
        }
        let file = place::made(place::built().join("deploy"))?.join("secrets.json");
        write_private(&file, &all.to_string())?;
        Ok(Self { file, sealing_key, setup_token })
    }

    fn show(&self, address: &str) {
        println!("Set-up link, if there is no organisation yet (once):\n  {address}/desk/setup#{}", self.setup_token);
        if let Some(key) = &self.sealing_key {
            println!(
                "\nSealing key. It opens the networks' tokens in the database and is shown only now. Print it, and keep \
                 it in the safe:\n  {key}"
            );
        }
    }
}

/// A sealing key as it was shown: 32 bytes in base64.
fn key_from(text: &str) -> Result<String> {
    match BASE64_STANDARD.decode(text.trim()) {
        Ok(bytes) if bytes.len() == 32 => Ok(text.trim().to_owned()),
        _ => bail!("that is no sealing key: it must be 32 bytes in base64, 44 characters"),
    }
}

/// The settings of the deployment, in the build folder.
fn write_config(options: &Options, parts: &Parts) -> Result<PathBuf> {
    let own = options.domain.as_ref().map(|domain| format!("https://{domain}"));
    write_config_at(options, parts, own.as_deref())
}

fn write_config_at(options: &Options, parts: &Parts, origin: Option<&str>) -> Result<PathBuf> {
    let file = place::made(place::built().join("deploy"))?.join("wrangler.json");
    let config = Config {
        name: &options.name,
        script: &Kind::Production.script(),
        jurisdiction: options.jurisdiction(),
        domain: options.domain.as_deref(),
        origin,
        ids: Some((&parts.database, &parts.store)),
    };
    config.write(&file)?;
    Ok(file)
}

/// The ids in settings that were written before.
fn parts_of(file: &PathBuf) -> Result<Parts> {
    let settings: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
    let text = |value: &Value| value.as_str().map(str::to_owned).context("settings without an id");
    Ok(Parts {
        database: text(&settings["d1_databases"][0]["database_id"])?,
        store: text(&settings["kv_namespaces"][0]["id"])?,
    })
}

/// Wrangler, speaking to Cloudflare.
pub fn cloud(tools: &Tools) -> Result<Command> {
    Ok(wrangler(tools, &place::made(place::built().join("deploy"))?))
}

/// The JSON in an answer that may begin with a warning.
pub fn json_in(output: &str) -> Result<Value> {
    let from = output.find(['[', '{']).with_context(|| format!("no JSON in: {}", tail(output, 10)))?;
    let mut values = serde_json::Deserializer::from_str(&output[from..]).into_iter::<Value>();
    values
        .next()
        .with_context(|| format!("no JSON in: {}", tail(output, 10)))?
        .context("not the JSON that was expected")
}

/// `wanted` of the first object in a list whose `key` is `value`.
fn field_where(list: &Value, key: &str, value: &str, wanted: &str) -> Option<String> {
    list.as_array()?.iter().find(|item| item[key] == value)?[wanted].as_str().map(str::to_owned)
}

/// The workers.dev address in what wrangler printed.
fn address(said: &str) -> Option<String> {
    said.split_whitespace()
        .find(|word| word.starts_with("https://") && word.contains(".workers.dev"))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_names_everything_that_is_created_and_the_dead_letter_queue_before_its_user() {
        let plan = plan(&Options::rehearsal());
        let all: String = plan.iter().map(|(what, command)| format!("{what} {command}\n")).collect();
        for thing in ["d1 create pregon", "kv namespace create pregon-kv", "r2 bucket create pregon-media"] {
            assert!(all.contains(&format!("{thing} --jurisdiction eu")), "{thing} in {all}");
        }
        assert!(all.find("create pregon-dead").unwrap() < all.find("create pregon-jobs").unwrap());
    }

    #[test]
    fn a_mistyped_sealing_key_is_noticed() {
        let key = BASE64_STANDARD.encode([7; 32]);
        assert_eq!(key_from(&format!("{key}\n")).unwrap(), key);
        assert!(key_from(&key[1..]).is_err() && key_from("").is_err());
    }

    #[test]
    fn json_is_found_behind_warnings() {
        let list = json_in("▲ a warning\n[{\"name\":\"pregon\",\"uuid\":\"x\"}]\nbye").unwrap();
        assert_eq!(field_where(&list, "name", "pregon", "uuid"), Some("x".to_owned()));
        assert_eq!(field_where(&list, "name", "other", "uuid"), None);
        assert!(json_in("nothing").is_err());
    }

    #[test]
    fn the_address_is_read_from_what_wrangler_says() {
        let said = "Uploaded pregon\nDeployed pregon triggers (1.2 sec)\n  https://pregon.town.workers.dev\n";
        assert_eq!(address(said).as_deref(), Some("https://pregon.town.workers.dev"));
    }
}

//! The settings that wrangler is given: `edge/wrangler.jsonc` with names, ids and absolute paths filled in. One source
//! for the local engine and for a deployment, so that they cannot drift apart.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

use crate::{place, site};

/// What differs between one engine and another.
pub struct Config<'a> {
    /// The name of the deployment; everything that belongs to it begins with it.
    pub name: &'a str,
    /// The built engine.
    pub script: &'a Path,
    /// Where the bucket's data may be kept.
    pub jurisdiction: Option<&'a str>,
    /// A host of its own.
    pub domain: Option<&'a str>,
    /// Its address, once it is known.
    pub origin: Option<&'a str>,
    /// The real database and key-value store; a local engine has none.
    pub ids: Option<(&'a str, &'a str)>,
}

impl<'a> Config<'a> {
    /// A local engine.
    pub fn local(script: &'a Path) -> Self {
        Self { name: "pregon", script, jurisdiction: None, domain: None, origin: None, ids: None }
    }

    /// Writes the settings where wrangler will look for them, and lays out the files that they name.
    pub fn write(&self, file: &Path) -> Result<()> {
        site::lay_out()?;
        let text = fs::read_to_string(place::root().join("edge/wrangler.jsonc"))?;
        fs::write(file, serde_json::to_string_pretty(&self.fill(&text)?)?)
            .with_context(|| format!("cannot write {}", file.display()))
    }

    fn fill(&self, text: &str) -> Result<Value> {
        let plain: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let mut config: Value =
            serde_json::from_str(&plain).context("edge/wrangler.jsonc is not JSON with comments")?;
        let name = self.name;
        config["name"] = json!(name);
        config["main"] = json!(self.script);
        config["assets"]["directory"] = json!(place::site());
        config["d1_databases"][0]["database_name"] = json!(name);
        config["d1_databases"][0]["migrations_dir"] = json!(place::root().join("edge/migrations"));
        config["r2_buckets"][0]["bucket_name"] = json!(format!("{name}-media"));
        config["queues"]["producers"][0]["queue"] = json!(format!("{name}-jobs"));
        config["queues"]["consumers"][0]["queue"] = json!(format!("{name}-jobs"));
        config["queues"]["consumers"][0]["dead_letter_queue"] = json!(format!("{name}-dead"));
        if let Some((database, store)) = self.ids {
            config["d1_databases"][0]["database_id"] = json!(database);
            config["kv_namespaces"][0]["id"] = json!(store);
        }
        if let Some(place) = self.jurisdiction {
            config["r2_buckets"][0]["jurisdiction"] = json!(place);
        }
        if let Some(domain) = self.domain {
            config["routes"] = json!([{ "pattern": domain, "custom_domain": true }]);
            config["workers_dev"] = json!(false);
        }
        if let Some(origin) = self.origin {
            config["vars"] = json!({ "ORIGIN": origin });
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deployed_settings_are_the_local_ones_with_real_ids() {
        let text = fs::read_to_string(place::root().join("edge/wrangler.jsonc")).unwrap();
        let config = Config {
            name: "town",
            script: Path::new("/built/index.js"),
            jurisdiction: Some("eu"),
            domain: Some("social.example.org"),
            origin: Some("https://social.example.org"),
            ids: Some(("db-id", "kv-id")),
        };
        let config = config.fill(&text).unwrap();
        assert_eq!(config["d1_databases"][0]["database_id"], "db-id");
        assert_eq!(config["kv_namespaces"][0]["id"], "kv-id");
        assert_eq!(config["r2_buckets"][0]["jurisdiction"], "eu");
        assert_eq!(config["triggers"]["crons"], json!(["* * * * *"]));
        assert_eq!(config["routes"][0]["pattern"], "social.example.org");
        assert_eq!(config["workers_dev"], false);
        assert_eq!(config["vars"]["ORIGIN"], "https://social.example.org");
        assert_eq!(config["queues"]["consumers"][0]["dead_letter_queue"], "town-dead");
        let local = Config::local(Path::new("/built/index.js")).fill(&text).unwrap();
        assert_eq!(local["name"], "pregon");
        assert!(local["routes"].is_null() && local["r2_buckets"][0]["jurisdiction"].is_null());
    }
}

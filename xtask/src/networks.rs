//! The sandbox networks beside the demo: a program of their own, which stands for every network whose address nobody types.

use anyhow::{Context, Result, bail};
use serde_json::json;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::command::{Group, step};
use crate::engine::Engine;
use crate::{http, place};

/// How long they may take to begin.
const READY_WITHIN: Duration = Duration::from_secs(30);

/// Those that the engine asks at an address of its own, where nobody types one. Instagram is asked where Facebook is, but for its
/// own login.
const STAND_INS: [&str; 6] = ["facebook", "x", "linkedin", "tumblr", "youtube", "tiktok"];

/// The running networks; dropping them stops them.
pub struct Networks {
    origin: String,
    _group: Group,
}

impl Networks {
    /// Builds them and starts them on this port of localhost, or on another one if that is taken.
    pub fn start(port: u16) -> Result<Self> {
        let port = if http::is_free(port) { port } else { http::free_port()? };
        let mut build = Command::new("cargo");
        build.current_dir(place::root()).args(["build", "--package", "networks-sandbox"]);
        step("Building the networks to try with", &mut build)?;
        let mut program = Command::new(place::target().join("debug/networks-sandbox"));
        program.env("PORT", port.to_string()).stdin(Stdio::null()).stdout(Stdio::null());
        let networks = Self { origin: format!("http://127.0.0.1:{port}"), _group: Group::spawn(&mut program)? };
        let began = Instant::now();
        while http::get(&networks.origin, Duration::from_secs(2)).is_err() {
            if began.elapsed() > READY_WITHIN {
                bail!("the networks to try with do not answer at {}", networks.origin);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(networks)
    }

    /// Where they answer, without a slash at the end.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Has them stand for the real ones at an engine whose doors are open.
    pub fn stand_in(&self, engine: &Engine) -> Result<()> {
        let beside = |name: &str| -> Result<String> {
            let said = http::get(&format!("{}/_{name}", self.origin), Duration::from_secs(5))?.json()?;
            let said =
                said.as_str().with_context(|| format!("the networks to try with do not say where {name} answers"))?;
            Ok(said.to_owned())
        };
        let (threads, instagram) = (beside("threads")?, beside("instagram")?);
        let mut visitor = http::Visitor::new(engine.origin());
        let own = STAND_INS.map(|network| (network, self.origin.as_str()));
        for (network, server) in own.into_iter().chain([("threads", &*threads), ("instagram", &*instagram)]) {
            let body = json!({ "network": network, "server": server });
            let answer = visitor.ask("PUT", "/api/rehearsal/stand-ins", &body)?;
            if answer.status != 200 {
                bail!("the engine would not take {network}: {} {}", answer.status, answer.body);
            }
        }
        Ok(())
    }
}

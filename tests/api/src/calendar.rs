//! A calendar program: reads what the engine hands out as the standard says, and asks a library that is not ours whether it
//! reads the same.

use std::{
    env, fs,
    path::Path,
    process::{self, Command},
    sync::atomic::{AtomicU32, Ordering},
};

use chrono::NaiveDate;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use crate::outside::place;

/// A calendar as a program shows it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Calendar {
    /// Its name.
    pub name: Option<String>,
    /// What stands in it.
    pub events: Vec<Event>,
}

/// Something that stands in it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Event {
    /// What names it.
    pub uid: String,
    /// What it says.
    pub summary: String,
    /// What else.
    pub description: Option<String>,
    /// Whether it is sure.
    pub status: Option<String>,
    /// Counts its changes.
    pub sequence: Option<u64>,
    /// Where more is said.
    pub url: Option<String>,
    /// A day, or milliseconds.
    pub start: Value,
    /// The day after it, or milliseconds.
    pub end: Value,
}

impl Calendar {
    /// Reads one.
    ///
    /// # Panics
    /// At whatever a strict program would trip over.
    pub fn read(octets: &[u8]) -> Self {
        strict(octets);
        asked("read.py", octets)
    }

    /// The event of this name, if it stands there.
    pub fn event(&self, uid: &str) -> Option<&Event> {
        self.events.iter().find(|event| event.uid == uid)
    }
}

/// Has a library that is not ours look at something.
fn asked<A: DeserializeOwned>(script: &str, octets: &[u8]) -> A {
    static TURN: AtomicU32 = AtomicU32::new(0);
    let turn = TURN.fetch_add(1, Ordering::Relaxed);
    let file = env::temp_dir().join(format!("pregon-calendar-{}-{turn}", process::id()));
    fs::write(&file, octets).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("calendar").join(script);
    let mut command = Command::new(place("PREGON_PYTHON"));
    let output = command.arg("-B").arg(script).arg(&file).output();
    let output = output.unwrap_or_else(|error| panic!("the reader of calendars does not start: {error}"));
    let _ = fs::remove_file(&file);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(octets));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// On which days things repeat by their rules, each from its first day to a last one, as an independent library says it.
pub fn days_elsewhere(rules: &[(&str, NaiveDate, NaiveDate)]) -> Vec<Vec<NaiveDate>> {
    asked("rules.py", &serde_json::to_vec(rules).unwrap_or_default())
}

/// What libraries forgive and programs do not: ends of lines, their length, and what is opened and not closed.
fn strict(octets: &[u8]) {
    let text = str::from_utf8(octets).unwrap_or_else(|error| panic!("a character was cut in two: {error}"));
    assert!(text.ends_with("\r\n") && text.starts_with("BEGIN:VCALENDAR\r\n"), "{text}");
    let mut open = Vec::new();
    for line in text.trim_end_matches("\r\n").split("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']) && !line.is_empty(), "{line:?}");
        match line.split_once(':') {
            Some(("BEGIN", what)) => open.push(what),
            Some(("END", what)) => assert_eq!(open.pop(), Some(what)),
            _ => assert!(!open.is_empty()),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// The public holidays of Spain as an independent library knows them, in the form of our own table.
pub fn feasts_elsewhere() -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("calendar/feasts.py");
    let output = Command::new(place("PREGON_PYTHON")).arg("-B").arg(script).output();
    let output = output.unwrap_or_else(|error| panic!("the library of holidays does not start: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

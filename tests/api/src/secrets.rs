//! What no output may hold. Journeys name every secret that they use, and every answer of the engine is written down;
//! whoever runs the suite looks for the ones in the other, in the engine's log and in its database.
//! Separate because whoever makes a secret must only have to name it.
//!
//! Not named: what is given to its holder in a body on purpose (printed codes, invitations, links for outside).

use std::{
    env,
    fs::{File, OpenOptions},
    io::Write,
    sync::{LazyLock, Mutex},
};

use crate::http::Raw;

/// Secrets, one a line. Without the variable nobody looks, and nothing is written.
static SECRETS: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| open("PREGON_SECRETS"));

/// Every answer of the engine.
static TRANSCRIPT: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| open("PREGON_TRANSCRIPT"));

/// The file that a variable names.
pub(crate) fn open(variable: &str) -> Option<Mutex<File>> {
    let path = env::var(variable).ok()?;
    let file = OpenOptions::new().create(true).append(true).open(&path);
    Some(Mutex::new(file.unwrap_or_else(|error| panic!("{path}: {error}"))))
}

/// Writes at its end, if somebody looks.
pub(crate) fn write(file: &LazyLock<Option<Mutex<File>>>, bytes: &[u8]) {
    let Some(file) = file.as_ref() else { return };
    let mut file = file.lock().unwrap_or_else(|broken| broken.into_inner());
    file.write_all(bytes).unwrap_or_else(|error| panic!("what is looked through: {error}"));
}

/// Names a secret: from here on it may stand in no output.
///
/// # Panics
/// For one that is so short that it would be found anywhere.
pub fn keep(secret: &str) {
    assert!(secret.len() >= 8, "{secret:?} is too short to be looked for");
    write(&SECRETS, format!("{secret}\n").as_bytes());
}

/// Writes an answer of the engine down. The cookie that is set is for its holder; a test door tells what no production
/// build tells.
pub(crate) fn note(verb: &str, path: &str, raw: &Raw) {
    if path.starts_with("/api/rehearsal/") {
        return;
    }
    let mut text = format!("\n== {verb} {} {}\n", path.split('?').next().unwrap_or_default(), raw.status).into_bytes();
    for (name, value) in raw.headers.iter().filter(|(name, _)| *name != "set-cookie") {
        text.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\n"].concat());
    }
    // The secret of a website is shown to its holder in this one answer.
    if !(verb == "POST" && path == "/api/channels" && raw.text().contains("\"to_prove\"")) {
        text.extend(&raw.body);
    }
    write(&TRANSCRIPT, &text);
}

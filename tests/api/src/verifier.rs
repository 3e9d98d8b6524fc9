//! The independent verifiers, asked as an auditor would ask them: of a receipt with the organisation's key and the relying
//! party, of an export of the record with the published heads, and nothing else.

use std::{
    env, fs,
    path::Path,
    process::{self, Command},
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::Value;

use crate::outside::place;

/// What `tests/verifier/verify.py` says of a receipt under a key (JWK, or the register that publishes it).
///
/// # Errors
/// Its line, which names the check that refused the receipt.
///
/// # Panics
/// When it does not run, or says that the key is none: then it has judged nothing.
pub fn verdict(receipt: &Value, key: &Value, rp: &str) -> Result<(), String> {
    judged("verify.py", receipt, ("--key", key), &["--rp", rp])
}

/// What `tests/verifier/record.py` says of an export of the record under the published heads.
///
/// # Errors
/// Its line, which names the check that refused the export.
///
/// # Panics
/// When it does not run, or says that the heads are none.
pub fn export_verdict(export: &Value, heads: &Value) -> Result<(), String> {
    judged("record.py", export, ("--heads", heads), &[])
}

fn judged(program: &str, what: &Value, (under, pin): (&str, &Value), more: &[&str]) -> Result<(), String> {
    static TURN: AtomicU32 = AtomicU32::new(0);
    let turn = TURN.fetch_add(1, Ordering::Relaxed);
    let folder = env::temp_dir().join(format!("pregon-verdict-{}-{turn}", process::id()));
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let written = |name: &str, value: &Value| {
        let file = folder.join(name);
        fs::write(&file, value.to_string()).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        file
    };
    let (what, pin) = (written("what.json", what), written("pin.json", pin));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../verifier").join(program);
    let mut command = Command::new(place("PREGON_PYTHON"));
    command.arg("-B").arg(script).arg(under).arg(pin).args(more).arg(what);
    let output = command.output().unwrap_or_else(|error| panic!("the verifier does not start: {error}"));
    let _ = fs::remove_dir_all(&folder);
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    match output.status.code() {
        Some(0) if said.starts_with("good") => Ok(()),
        Some(1) if said.starts_with("refused") => Err(said),
        _ => panic!("the verifier has not judged: {said} {}", String::from_utf8_lossy(&output.stderr)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_no_receipt_is_refused_for_its_format() {
        // Any point of the curve will do; this is its generator.
        let key = json!({
            "kty": "EC",
            "crv": "P-256",
            "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
            "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
        });
        let refused = verdict(&json!({ "format": "pregon/receipt/1" }), &key, "desk.example").unwrap_err();
        assert!(refused.contains("format"), "{refused}");
    }
}

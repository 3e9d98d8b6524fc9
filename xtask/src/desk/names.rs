//! Shortens the names by which the program and its script know each other. wasm-bindgen gives each of some 250 imports a
//! name with a hash in it, which no compression makes small, and both files carry it. Separate from the cutting: this
//! reads the sections of a program (WebAssembly core specification, 5.5).

use anyhow::{Context, Result, bail};

/// The sections that hold names.
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
/// What begins a program: its magic number and version.
const HEAD: usize = 8;

/// Gives each import of `program` from the module `own` (wasm-bindgen's) a short name, there and in `script`, and drops
/// the exports that `script` never names, with which wasm-opt drops what only they held.
pub fn shortened(program: &[u8], script: &str, own: &str) -> Result<(Vec<u8>, String)> {
    let mut from = Reader { bytes: program, at: HEAD };
    let (mut out, mut text) = (program.get(..HEAD).context("no program")?.to_vec(), script.to_owned());
    while from.at < program.len() {
        let kind = from.byte()?;
        let length = from.number()?;
        let body = from.take(length)?;
        let body = match kind {
            IMPORTS => imports(body, &mut text, own)?,
            EXPORTS => exports(body, script)?,
            _ => body.to_vec(),
        };
        out.push(kind);
        number(body.len(), &mut out);
        out.extend(body);
    }
    Ok((out, text))
}

fn imports(body: &[u8], script: &mut String, own: &str) -> Result<Vec<u8>> {
    let mut from = Reader { bytes: body, at: 0 };
    let count = from.number()?;
    let mut out = Vec::new();
    number(count, &mut out);
    for place in 0..count {
        let (module, name) = (from.name()?, from.name()?);
        let start = from.at;
        // Only functions are imported; anything else has another shape here, and is a reason to look.
        if from.byte()? != 0 {
            bail!("the program imports `{name}`, which is no function");
        }
        from.number()?;
        let short = if module == own { short(place) } else { name.to_owned() };
        if module == own {
            renamed(script, name, &short)?;
        }
        for name in [module, &short] {
            number(name.len(), &mut out);
            out.extend(name.bytes());
        }
        out.extend(&body[start..from.at]);
    }
    Ok(out)
}

/// Renames a key of an object in a script that esbuild wrote.
fn renamed(script: &mut String, name: &str, short: &str) -> Result<()> {
    let keys = [format!(",{name}:"), format!("{{{name}:")];
    if keys.iter().map(|key| script.matches(key.as_str()).count()).sum::<usize>() != 1 {
        bail!("the script does not say once what `{name}` is: has wasm-bindgen changed?");
    }
    for key in keys {
        *script = script.replace(&key, &key.replace(name, short));
    }
    Ok(())
}

fn exports(body: &[u8], script: &str) -> Result<Vec<u8>> {
    let mut from = Reader { bytes: body, at: 0 };
    let (mut kept, mut out) = (0, Vec::new());
    for _ in 0..from.number()? {
        let start = from.at;
        let name = from.name()?;
        from.byte()?;
        from.number()?;
        if script.contains(name) {
            kept += 1;
            out.extend(&body[start..from.at]);
        }
    }
    let mut head = Vec::new();
    number(kept, &mut head);
    Ok([head, out].concat())
}

/// `a`, `b` … `z`, `aa`: with a mark in front, so that none is a word of the script.
fn short(place: usize) -> String {
    let letter = |number: usize| char::from(b'a' + (number % 26) as u8);
    let mut name = String::from("$");
    let mut rest = place;
    loop {
        name.push(letter(rest));
        rest /= 26;
        if rest == 0 {
            return name;
        }
        rest -= 1;
    }
}

/// LEB128, as every number in a program is written.
fn number(mut value: usize, out: &mut Vec<u8>) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at + length).context("the program ends too early")?;
        self.at += length;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    fn number(&mut self) -> Result<usize> {
        let mut value = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        bail!("a number in the program is too long")
    }

    fn name(&mut self) -> Result<&'a str> {
        let length = self.number()?;
        std::str::from_utf8(self.take(length)?).context("a name in the program is no text")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "./app_bg.js";

    /// A program of an import section and an export section.
    fn program(imports: &[(&str, &str)], exports: &[&str]) -> Vec<u8> {
        let put = |name: &str, out: &mut Vec<u8>| {
            number(name.len(), out);
            out.extend(name.bytes());
        };
        let (mut first, mut second) = (Vec::new(), Vec::new());
        number(imports.len(), &mut first);
        for (module, name) in imports {
            put(module, &mut first);
            put(name, &mut first);
            first.extend([0, 3]);
        }
        number(exports.len(), &mut second);
        for name in exports {
            put(name, &mut second);
            second.extend([0, 7]);
        }
        let mut out = b"\0asm\x01\0\0\0".to_vec();
        for (kind, body) in [(IMPORTS, first), (EXPORTS, second)] {
            out.push(kind);
            number(body.len(), &mut out);
            out.extend(body);
        }
        out
    }

    #[test]
    fn the_program_and_its_script_change_names_together() {
        let before = program(&[(OWN, "__wbg_open_1234"), ("./other.js", "load")], &["start", "unused"]);
        let script = "i={__wbg_open_1234:function(){}};wasm.start()";
        let (after, text) = shortened(&before, script, OWN).unwrap();
        assert_eq!(text, "i={$a:function(){}};wasm.start()");
        assert_eq!(after, program(&[(OWN, "$a"), ("./other.js", "load")], &["start"]));
    }

    #[test]
    fn an_import_that_the_script_does_not_have_stops_the_build() {
        assert!(shortened(&program(&[(OWN, "gone")], &[]), "i={}", OWN).is_err());
        assert!(shortened(b"\0asm", "", OWN).is_err());
    }

    #[test]
    fn no_two_short_names_are_the_same() {
        let names: std::collections::BTreeSet<String> = (0..1_000).map(short).collect();
        assert_eq!(names.len(), 1_000);
        assert_eq!([short(0), short(25), short(26)], ["$a", "$z", "$aa"]);
    }
}

//! Turns `locales/{es,en}/<noun>.toml` into one function a key on `Lang`, named `<noun>_<key>`.
//! Here, and not in a macro, because the check is over files: both languages must have the same files, keys and
//! placeholders, or the build stops and says which are missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const LANGUAGES: [(&str, &str); 2] = [("Es", "es"), ("En", "en")];

/// A text as it stands in a file.
enum Text {
    Plain(String),
    /// `one` and `other`; both may use `{n}`.
    Plural {
        one: String,
        other: String,
    },
}

type Texts = BTreeMap<String, Text>;

fn main() {
    println!("cargo::rerun-if-changed=locales");
    let mut faults = Vec::new();
    let sets = LANGUAGES.map(|(_, tag)| read_language(Path::new("locales").join(tag), tag, &mut faults));
    compare(&sets, &mut faults);
    if !faults.is_empty() {
        for fault in faults {
            println!("cargo::error={fault}");
        }
        return;
    }
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default().join("texts.rs");
    if let Err(error) = std::fs::write(&out, generate(&sets)) {
        println!("cargo::error=cannot write {}: {error}", out.display());
    }
}

fn read_language(folder: PathBuf, tag: &str, faults: &mut Vec<String>) -> Texts {
    let mut texts = Texts::new();
    let Ok(files) = std::fs::read_dir(&folder) else {
        faults.push(format!("words: {} cannot be read", folder.display()));
        return texts;
    };
    let mut paths: Vec<_> = files.flatten().map(|file| file.path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|end| end == "toml")) {
        let noun = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let content = std::fs::read_to_string(path).unwrap_or_default();
        match content.parse::<toml::Table>() {
            Ok(table) => read_table(noun, &table, tag, &mut texts, faults),
            Err(error) => faults.push(format!("words: {tag}/{noun}.toml: {}", error.message())),
        }
    }
    texts
}

fn read_table(prefix: &str, table: &toml::Table, tag: &str, texts: &mut Texts, faults: &mut Vec<String>) {
    for (key, value) in table {
        let name = format!("{prefix}_{key}");
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !key.chars().all(fits) {
            faults.push(format!("words: {tag}: the key `{name}` must be lower-case letters, digits and _"));
            continue;
        }
        let text = match value {
            toml::Value::String(text) => Text::Plain(text.clone()),
            toml::Value::Table(inner) => match (inner.get("one"), inner.get("other"), inner.len()) {
                (Some(toml::Value::String(one)), Some(toml::Value::String(other)), 2) => {
                    Text::Plural { one: one.clone(), other: other.clone() }
                }
                _ => {
                    read_table(&name, inner, tag, texts, faults);
                    continue;
                }
            },
            _ => {
                faults.push(format!("words: {tag}: `{name}` is neither a text nor a table of texts"));
                continue;
            }
        };
        if sides(&text).iter().any(|side| side.trim().is_empty()) {
            faults.push(format!("words: {tag}: `{name}` is empty"));
        }
        if texts.insert(name.clone(), text).is_some() {
            faults.push(format!("words: {tag}: `{name}` stands twice"));
        }
    }
}

fn sides(text: &Text) -> Vec<&str> {
    match text {
        Text::Plain(text) => vec![text],
        Text::Plural { one, other } => vec![one, other],
    }
}

/// The placeholders of a text, without the `n` of a plural.
fn placeholders(text: &Text) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for side in sides(text) {
        for piece in side.split('{').skip(1) {
            names.insert(piece.split('}').next().unwrap_or_default().to_owned());
        }
    }
    if matches!(text, Text::Plural { .. }) {
        names.remove("n");
    }
    names
}

fn compare(sets: &[Texts; 2], faults: &mut Vec<String>) {
    for (one, other) in [(0, 1), (1, 0)] {
        for (name, text) in &sets[one] {
            let Some(twin) = sets[other].get(name) else {
                faults.push(format!("words: `{name}` is missing in `{}`", LANGUAGES[other].1));
                continue;
            };
            if one == 1 {
                continue;
            }
            if placeholders(text) != placeholders(twin) {
                faults.push(format!(
                    "words: `{name}` has {:?} in `es` and {:?} in `en`",
                    placeholders(text),
                    placeholders(twin)
                ));
            }
            if sides(text).len() != sides(twin).len() {
                faults.push(format!("words: `{name}` is a plural in one language only"));
            }
        }
    }
}

/// Names become numbers, so that filling in is a walk over bytes and not a search for names.
fn numbered(side: &str, names: &[String]) -> String {
    let mut text = side.to_owned();
    for (number, name) in names.iter().enumerate() {
        text = text.replace(&format!("{{{name}}}"), &format!("{{{number}}}"));
    }
    text
}

fn generate(sets: &[Texts; 2]) -> String {
    let mut code = String::from("impl Lang {\n");
    for (name, spanish) in &sets[0] {
        let Some(english) = sets[1].get(name) else { continue };
        let mut names: Vec<String> = placeholders(spanish).into_iter().collect();
        let doc = sides(english).join(" / ").replace('\n', " ");
        // As code: a text may hold an address or a bracket, which rustdoc would take for a link.
        let doc = format!("`{}`", doc.replace('`', "'"));
        let _ = writeln!(code, "    #[doc = {doc:?}]");
        match (spanish, english) {
            (Text::Plain(es), Text::Plain(en)) if names.is_empty() => {
                let _ = writeln!(
                    code,
                    "    pub const fn {name}(self) -> &'static str {{ match self {{ Lang::Es => {es:?}, Lang::En => {en:?} }} }}"
                );
            }
            (Text::Plain(es), Text::Plain(en)) => {
                let (parameters, values) = signature(&names);
                let (es, en) = (numbered(es, &names), numbered(en, &names));
                let _ = writeln!(
                    code,
                    "    pub fn {name}(self{parameters}) -> String {{ crate::fill(match self {{ Lang::Es => {es:?}, Lang::En => {en:?} }}, &[{values}]) }}"
                );
            }
            (Text::Plural { one: es_one, other: es }, Text::Plural { one: en_one, other: en }) => {
                let (parameters, values) = signature(&names);
                names.push("n".to_owned());
                let [es_one, es, en_one, en] = [es_one, es, en_one, en].map(|side| numbered(side, &names));
                let _ = writeln!(
                    code,
                    "    pub fn {name}(self, n: impl crate::Count{parameters}) -> String {{ crate::fill(match (self, n.is_one()) {{ (Lang::Es, true) => {es_one:?}, (Lang::Es, false) => {es:?}, (Lang::En, true) => {en_one:?}, (Lang::En, false) => {en:?} }}, &[{values}{}&n]) }}",
                    if values.is_empty() { "" } else { ", " }
                );
            }
            _ => {}
        }
    }
    code.push_str("}\n");
    code
}

fn signature(names: &[String]) -> (String, String) {
    let parameters = names.iter().fold(String::new(), |mut all, name| {
        let _ = write!(all, ", {name}: impl std::fmt::Display");
        all
    });
    let values = names.iter().map(|name| format!("&{name}")).collect::<Vec<_>>().join(", ");
    (parameters, values)
}

//! A library of twenty thousand pictures: how long the engine looks for words in it, and what it asks of the database for
//! that. Separate from `growth`, which holds what a route reads against what it read before: here somebody waits.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::fs;
use std::time::Instant;

use super::{Ground, Row, routes, sql};
use crate::engine::{self, Engine};
use crate::place;

/// How many assets there are.
const ASSETS: u32 = 20_000;

/// How often each question is asked; the middle one counts.
const TIMES: usize = 3;

/// What is asked, and whether anything is found: the first page of everything; words that are begun, whole, common, rare, and
/// in no asset; what one sifts by. The last of the words are the hardest: behind a word that all have stands one that none has.
const QUESTIONS: [(&str, bool); 10] = [
    ("", true),
    ("words=fu", true),
    ("words=fuente%20pla", true),
    ("words=jard%C3%ADn%20mercado%20", true),
    ("words=00017", true),
    ("words=ma%C3%B1ana%20", true),
    ("words=zanahoria", false),
    ("words=la%20zanahor", false),
    ("words=fuente&tag=fiestas", true),
    ("words=plaza&folder=Deporte%202024&sift=persons", true),
];

/// What a picture shows: as it is said, and as it is found (`domain::library`, which folds what is said).
const THINGS: [(&str, &str); 16] = [
    ("Fuente", "fuente"),
    ("Jardín", "jardin"),
    ("Puente", "puente"),
    ("Desfile", "desfile"),
    ("Concierto", "concierto"),
    ("Biblioteca", "biblioteca"),
    ("Estación", "estacion"),
    ("Piscina", "piscina"),
    ("Obras", "obras"),
    ("Feria", "feria"),
    ("Ermita", "ermita"),
    ("Árbol", "arbol"),
    ("Fachada", "fachada"),
    ("Teatro", "teatro"),
    ("Autobús", "autobus"),
    ("Mirador", "mirador"),
];

/// Where.
const PLACES: [(&str, &str); 12] = [
    ("plaza", "plaza"),
    ("mercado", "mercado"),
    ("río", "rio"),
    ("castillo", "castillo"),
    ("ayuntamiento", "ayuntamiento"),
    ("polígono", "poligono"),
    ("estadio", "estadio"),
    ("ensanche", "ensanche"),
    ("muralla", "muralla"),
    ("campo", "campo"),
    ("cementerio", "cementerio"),
    ("playa", "playa"),
];

/// Tags, with the folder of each.
const SHELVES: [(&str, &str); 5] = [
    ("fiestas", "Fiestas 2024"),
    ("deporte", "Deporte 2024"),
    ("cultura", "Cultura 2025"),
    ("obras", "Obras 2025"),
    ("pleno", "Plenos"),
];

/// Milliseconds until the first page is answered, for the question that takes longest; and the queries of the dearest.
pub fn library(ground: &Ground) -> Result<Vec<Row>> {
    let data = place::built().join("bench-library");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let start =
        || -> Result<Engine> { Engine::start(&ground.tools, &engine::Options::rehearsal(ground.kind, data.clone())?) };
    let engine = start()?;
    engine.demo()?;
    drop(engine);
    sql::run(&ground.tools, &data, &assets())?;
    let engine = start()?;
    let mut visitor = routes::administrator(engine.origin())?;
    // What the runtime compiles when it meets it for the first time is not asked of the library.
    visitor.must("GET", "/api/library?words=nada", &Value::Null)?;
    let (mut slowest, mut dearest) = ((0.0, ""), 0_u32);
    for (question, is_there) in QUESTIONS {
        let path = format!("/api/library?{question}");
        let (mut times, mut found, mut spent) = (Vec::new(), 0, (0, 0));
        for _ in 0..TIMES {
            let began = Instant::now();
            let answer = visitor.ask("GET", &path, &Value::Null)?;
            times.push(began.elapsed().as_secs_f64() * 1_000.0);
            ensure!(answer.status == 200, "{path} answered {}: {}", answer.status, answer.body);
            found = answer.json()?["items"].as_array().context("a page without items")?.len();
            spent = routes::spent(answer.header("x-pregon-spent")).context("the engine does not say what it spent")?;
        }
        ensure!((found > 0) == is_there, "{path} found {found}");
        times.sort_by(f64::total_cmp);
        let (time, (queries, rows)) = (times[TIMES / 2], spent);
        println!("  {path:<70} {time:>6.1} ms {queries} queries {rows:>6} rows, {found} found");
        if time > slowest.0 {
            slowest = (time, question);
        }
        dearest = dearest.max(queries);
    }
    let asked = QUESTIONS.len();
    Ok(vec![
        Row::new(
            format!("a look into a library of {ASSETS}: first page after, worst of {asked} (`{}`)", slowest.1),
            slowest.0,
            "ms",
            150.0,
        ),
        Row::new("the same: queries, with that of the session, worst", dearest.into(), "", 4.0),
    ])
}

/// The assets, with the words by which the engine would find them; their pictures' bytes are in no bucket: a list asks for none.
fn assets() -> String {
    let (thing, found_thing) = both(&THINGS, "i");
    let (place, found_place) = both(&PLACES, "(i / 16)");
    let (tag, folder) = both(&SHELVES, "(i / 7)");
    format!(
        "CREATE TABLE bench_w AS SELECT o.id AS org, m.id AS by FROM organisation o JOIN member m ON m.org = o.id
  WHERE o.demo = 1 AND m.role = 'administrator' ORDER BY o.created_at, m.created_at, m.id LIMIT 1;
CREATE TABLE bench_a AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ASSETS})
  SELECT org, by, printf('07%024d', i) AS media, printf('%05d', i) AS number, printf('%064x', i) AS hash,
    {thing} AS thing, {found_thing} AS found_thing, {place} AS place, {found_place} AS found_place, {tag} AS tag, {folder} AS folder,
    CASE WHEN i % 9 = 0 THEN 'persons' ELSE 'nobody' END AS shows,
    CAST(strftime('%s', 'now') AS INTEGER) * 1000 - i * 3600000 AS at FROM n, bench_w;
INSERT INTO media (id, org, hash, mime, bytes, width, height, name, by, created_at)
  SELECT media, org, hash, 'image/jpeg', 400000, 1600, 1200, number || '.jpg', by, at FROM bench_a;
INSERT INTO asset (org, media, kind, version, name, said, shows, until, made_of, by, added_at)
  SELECT org, media, 'picture', 1, thing || ' ' || place || ' ' || number,
    json_object('name', thing || ' ' || place || ' ' || number,
      'alt', json_object('es', thing || ', con ' || place || ' al fondo, a primera hora de la mañana.'),
      'tags', json_array(tag), 'folder', folder, 'author', 'Oficina de prensa', 'licence', 'own', 'note', '', 'shows', shows),
    shows, NULL, NULL, by, at FROM bench_a;
INSERT OR IGNORE INTO asset_word (org, word, added_at, media)
  SELECT org, j.value, at, media FROM bench_a, json_each(json_array(found_thing, found_place, number, 'con', 'al', 'fondo', 'primera',
    'hora', 'de', 'la', 'manana', 'oficina', 'prensa', tag, '#' || tag, '/' || folder)) j;
INSERT OR IGNORE INTO asset_word (org, word, added_at, media) SELECT org, '!persons', at, media FROM bench_a WHERE shows = 'persons';
DROP TABLE bench_a; DROP TABLE bench_w;
"
    )
}

/// One of some words, by an expression of `i`: as they are said, and as they are found.
fn both(pairs: &[(&str, &str)], by: &str) -> (String, String) {
    let (said, found): (Vec<&str>, Vec<&str>) = pairs.iter().copied().unzip();
    let pick = |words: Value| format!("json_extract('{words}', '$[' || ({by} % {}) || ']')", pairs.len());
    (pick(json!(said)), pick(json!(found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_picked_by_its_number() {
        let (said, found) = both(&[("Río", "rio"), ("Mar", "mar")], "(i / 3)");
        assert_eq!(said, r#"json_extract('["Río","Mar"]', '$[' || ((i / 3) % 2) || ']')"#);
        assert_eq!(found, r#"json_extract('["rio","mar"]', '$[' || ((i / 3) % 2) || ']')"#);
    }

    #[test]
    fn what_is_found_is_what_is_said_without_its_accents() {
        let bare = |said: &str| {
            let plain = |sign| match sign {
                'á' => 'a',
                'é' => 'e',
                'í' => 'i',
                'ó' => 'o',
                'ú' => 'u',
                other => other,
            };
            said.to_lowercase().chars().map(plain).collect::<String>()
        };
        for (said, found) in THINGS.iter().chain(&PLACES) {
            assert_eq!(bare(said), *found);
        }
    }
}

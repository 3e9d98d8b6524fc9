//! What a person reads of a copy without us: a page and a table of all posts, with their texts, and where and when each is out.
//! Separate from the rows, which are for machines: this is made of them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Moment, StageName, csv};

/// One that went out, or was to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Out {
    /// The channel's name.
    pub channel: String,
    /// In which language.
    pub language: String,
    /// Since when it is out; nothing where it is not.
    pub at: Option<Moment>,
    /// Where everybody can see it.
    pub address: Option<String>,
    /// Since when it is taken down.
    pub down: Option<Moment>,
}

/// A post as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it is called.
    pub heading: String,
    /// How far it is.
    pub stage: Option<StageName>,
    /// When it was placed for, or else written.
    pub at: Moment,
    /// Its texts: the language, the title, the text.
    pub texts: Vec<(String, String, String)>,
    /// Where it is out.
    pub outs: Vec<Out>,
}

#[derive(Debug, Clone, Default)]
struct Done {
    at: Option<Moment>,
    address: Option<String>,
    down: Option<Moment>,
}

/// What is gathered of the rows, in whatever order they come.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    channels: BTreeMap<String, String>,
    done: BTreeMap<String, Done>,
    /// Of each post: the publication, its channel, its language.
    publications: BTreeMap<String, Vec<(String, String, String)>>,
    posts: Vec<(String, Told)>,
}

fn text(row: &Value, field: &str) -> String {
    row.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn moment(row: &Value, field: &str) -> Option<Moment> {
    row.get(field).and_then(Value::as_i64).map(Moment)
}

/// A column that is JSON itself.
fn within(row: &Value, field: &str) -> Value {
    row.get(field).and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

impl Reading {
    /// Takes a row of a table; what nobody reads is left.
    pub fn take(&mut self, table: &str, row: &str) {
        if !["channel", "act", "publication", "post"].contains(&table) {
            return;
        }
        let Ok(row) = serde_json::from_str::<Value>(row) else { return };
        match table {
            "channel" => {
                self.channels.insert(text(&row, "id"), text(&row, "name"));
            }
            "publication" => {
                let one = (text(&row, "id"), text(&row, "channel"), text(&row, "language"));
                self.publications.entry(text(&row, "post")).or_default().push(one);
            }
            "act" if text(&row, "state") == "done" => {
                let receipt = within(&row, "data").get("receipt").cloned().unwrap_or_default();
                let done = self.done.entry(text(&row, "publication")).or_default();
                let at = moment(&receipt, "at");
                match text(&row, "deed").as_str() {
                    "delete" => done.down = at,
                    // Of a thread, what is out begins with its first part.
                    "create" if done.at.is_none() || row.get("part").and_then(Value::as_u64) == Some(1) => {
                        done.at = at;
                        done.address = receipt.get("address").and_then(Value::as_str).map(str::to_owned);
                    }
                    _ => {}
                }
            }
            "post" => {
                let content = within(&row, "content");
                let texts = content.get("texts").and_then(Value::as_object).cloned().unwrap_or_default();
                let title = |language: &str| content.pointer(&["/titles/", language].concat()).and_then(Value::as_str);
                let texts = texts.iter().map(|(language, said)| {
                    let title = title(language).unwrap_or_default().to_owned();
                    (language.clone(), title, said.as_str().unwrap_or_default().to_owned())
                });
                let told = Told {
                    heading: text(&row, "heading"),
                    stage: serde_json::from_value(row.get("stage").cloned().unwrap_or_default()).ok(),
                    at: moment(&row, "slot_at").or(moment(&row, "created_at")).unwrap_or(Moment(0)),
                    texts: texts.collect(),
                    outs: Vec::new(),
                };
                self.posts.push((text(&row, "id"), told));
            }
            _ => {}
        }
    }

    /// All posts, the newest first.
    pub fn told(self) -> Vec<Told> {
        let Self { channels, done, publications, posts } = self;
        let mut all: Vec<Told> = posts
            .into_iter()
            .map(|(id, mut told)| {
                let ways = publications.get(&id).map(Vec::as_slice).unwrap_or_default();
                told.outs = ways
                    .iter()
                    .map(|(publication, channel, language)| {
                        let Done { at, address, down } = done.get(publication).cloned().unwrap_or_default();
                        let channel = channels.get(channel).unwrap_or(channel).clone();
                        Out { channel, language: language.clone(), at, address, down }
                    })
                    .collect();
                told
            })
            .collect();
        all.sort_by_key(|told| std::cmp::Reverse(told.at));
        all
    }
}

/// The words of the page, in the reader's language.
#[derive(Debug, Clone, Copy)]
pub struct Labels<'a> {
    /// The tag of the language.
    pub tag: &'a str,
    /// Of all of it: the organisation and the day.
    pub title: &'a str,
    /// What it is and what else is in the copy.
    pub text: &'a str,
    /// Where a post is out.
    pub out: &'a str,
    /// That it was taken down.
    pub down: &'a str,
    /// That it is not out.
    pub not_out: &'a str,
    /// The columns of the table.
    pub columns: [&'a str; 9],
}

fn escaped(text: &str) -> String {
    let letter = |letter: char| match letter {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        other => other.to_string(),
    };
    text.chars().map(letter).collect()
}

/// Whether an address is led to: whatever else stands there is only shown.
fn leads(address: &str) -> bool {
    ["https://", "http://"].iter().any(|start| address.starts_with(start))
}

/// How days and stages are written.
pub type Written<'a, T> = &'a dyn Fn(T) -> String;

/// The page, piece by piece: plain, without a script, nothing fetched.
pub fn page(
    labels: &Labels<'_>,
    posts: &[Told],
    when: Written<'_, Moment>,
    stage: Written<'_, StageName>,
) -> Vec<String> {
    let head = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>body{{max-width:50rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 sans-serif}}\
         article{{border-top:1px solid;padding:1rem 0}}p{{white-space:pre-wrap;overflow-wrap:anywhere}}</style></head>\n\
         <body><h1>{title}</h1>\n<p>{}</p>\n",
        escaped(labels.tag),
        escaped(labels.text),
        title = escaped(labels.title),
    );
    let one = |told: &Told| {
        let name = told.stage.map(stage).unwrap_or_default();
        let mut post = format!(
            "<article><h2>{}</h2>\n<p>{} · {}</p>\n",
            escaped(&told.heading),
            escaped(&when(told.at)),
            escaped(&name)
        );
        for (language, title, text) in &told.texts {
            let (language, title, text) = (escaped(language), escaped(title), escaped(text));
            post += &format!("<section lang=\"{language}\"><h3>{language} {title}</h3><p>{text}</p></section>\n");
        }
        post += "<ul>";
        for out in &told.outs {
            let said = match (out.at, out.down) {
                (Some(at), None) => [labels.out, " ", &when(at)].concat(),
                (_, Some(down)) => [labels.down, " ", &when(down)].concat(),
                (None, None) => labels.not_out.to_owned(),
            };
            let address = out.address.as_deref().map(escaped).unwrap_or_default();
            let address = if leads(&address) { format!("<a href=\"{address}\">{address}</a>") } else { address };
            let (channel, language) = (escaped(&out.channel), escaped(&out.language));
            post += &format!("<li>{channel} ({language}): {} {address}</li>", escaped(&said));
        }
        post + "</ul></article>\n"
    };
    let posts = posts.iter().map(one);
    std::iter::once(head).chain(posts).chain(std::iter::once("</body></html>\n".to_owned())).collect()
}

/// The table, line by line: a line for each text of each post and each place where it is out, and one for what is out nowhere.
pub fn table(
    labels: &Labels<'_>,
    posts: &[Told],
    when: Written<'_, Moment>,
    stage: Written<'_, StageName>,
) -> Vec<String> {
    let mut lines = vec![csv::BEGINNING.to_owned(), csv::line(&labels.columns.map(str::to_owned))];
    for told in posts {
        let name = told.stage.map(stage).unwrap_or_default();
        for (language, title, text) in &told.texts {
            let mut line = |out: Option<&Out>| {
                let moment = |at: Option<Moment>| at.map(when).unwrap_or_default();
                lines.push(csv::line(&[
                    told.heading.clone(),
                    name.clone(),
                    when(told.at),
                    language.clone(),
                    [title.as_str(), if title.is_empty() { "" } else { "\n" }, text].concat(),
                    out.map(|out| out.channel.clone()).unwrap_or_default(),
                    moment(out.and_then(|out| out.at)),
                    out.and_then(|out| out.address.clone()).unwrap_or_default(),
                    moment(out.and_then(|out| out.down)),
                ]));
            };
            let mut ways = told.outs.iter().filter(|out| out.language == *language).peekable();
            if ways.peek().is_none() {
                line(None);
            }
            ways.for_each(|out| line(Some(out)));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: Labels<'_> = Labels {
        tag: "es",
        title: "Villa <Serena>",
        text: "Copia",
        out: "Publicada",
        down: "Retirada",
        not_out: "Sin publicar",
        columns: ["a", "b", "c", "d", "e", "f", "g", "h", "i"],
    };

    fn reading() -> Reading {
        let mut reading = Reading::default();
        // Children first, as a copy reads them.
        for (table, row) in [
            ("attempt", r#"{"id":"t"}"#),
            (
                "act",
                r#"{"publication":"p1","deed":"create","part":1,"state":"done","data":"{\"state\":\"done\",\"receipt\":{\"at\":50,\"address\":\"https://red.example/1\"}}"}"#,
            ),
            (
                "act",
                r#"{"publication":"p1","deed":"create","part":2,"state":"done","data":"{\"receipt\":{\"at\":60,\"address\":\"https://red.example/2\"}}"}"#,
            ),
            (
                "act",
                r#"{"publication":"p2","deed":"create","part":1,"state":"waiting","data":"{\"state\":\"waiting\"}"}"#,
            ),
            ("publication", r#"{"id":"p1","post":"a","channel":"c","language":"es"}"#),
            ("publication", r#"{"id":"p2","post":"a","channel":"d","language":"es"}"#),
            (
                "post",
                r#"{"id":"a","heading":"Corte","stage":"placed","slot_at":40,"created_at":1,"content":"{\"titles\":{\"es\":\"Agua\"},\"texts\":{\"es\":\"No hay <agua>\"}}"}"#,
            ),
            (
                "post",
                r#"{"id":"b","heading":"Otra","stage":"draft","slot_at":null,"created_at":90,"content":"{\"texts\":{\"es\":\"=1+1\"}}"}"#,
            ),
            ("channel", r#"{"id":"c","name":"Mastodon"}"#),
        ] {
            reading.take(table, row);
        }
        reading
    }

    #[test]
    fn a_post_is_told_with_where_it_is_out_the_newest_first() {
        let told = reading().told();
        assert_eq!(told.iter().map(|told| told.heading.as_str()).collect::<Vec<_>>(), ["Otra", "Corte"]);
        let corte = &told[1];
        assert_eq!((corte.stage, corte.at), (Some(StageName::Placed), Moment(40)));
        assert_eq!(corte.texts, [("es".to_owned(), "Agua".to_owned(), "No hay <agua>".to_owned())]);
        // Where it begins, and not its second part; a channel that nobody knows by the name it has.
        assert_eq!(corte.outs[0].address.as_deref(), Some("https://red.example/1"));
        assert_eq!((corte.outs[0].channel.as_str(), corte.outs[0].at), ("Mastodon", Some(Moment(50))));
        assert_eq!((corte.outs[1].channel.as_str(), corte.outs[1].at), ("d", None));
    }

    #[test]
    fn the_page_says_it_and_runs_nothing() {
        let posts = reading().told();
        let page = page(&LABELS, &posts, &|at| at.0.to_string(), &|stage| format!("{stage:?}")).concat();
        for said in [
            "Villa &lt;Serena&gt;",
            "No hay &lt;agua&gt;",
            "<a href=\"https://red.example/1\">",
            "Publicada 50",
            "Sin publicar",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert!(!page.contains("<agua>") && !page.contains("<script"));
        assert!(page.find("default-src 'none'").unwrap() < page.find("<title>").unwrap(), "{page}");
        assert!(!leads("javascript:alert(1)") && leads("https://red.example"));
    }

    #[test]
    fn the_table_has_a_line_for_each_place_and_no_formula() {
        let posts = reading().told();
        let table = table(&LABELS, &posts, &|at| at.0.to_string(), &|_| String::new());
        assert_eq!(table.len(), 2 + 1 + 2);
        assert!(!table[2].contains(",=1+1") && table[2].contains("=1+1"), "{}", table[2]);
        assert!(table[3].contains("Mastodon") && table[4].contains(",d,"), "{table:?}");
    }
}

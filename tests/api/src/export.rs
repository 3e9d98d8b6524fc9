//! The record taken out as the desk takes it out: begun, fetched page by page, tied to the heads of its days.

use domain::record::{Entry, export};
use serde_json::{Value, json};
use wire::records::{self, Begun, Export, Format, Onward, Search, Stand};

use crate::Member;

/// What is taken out, the oldest first.
pub struct Taken {
    /// How it began.
    pub begun: Begun,
    /// The entries.
    pub entries: Vec<Entry<String>>,
    /// The file for whoever verifies it.
    pub file: Value,
}

/// Takes out what a search shows.
pub fn take_out(reader: &Member, search: &Search) -> Taken {
    let begun = reader.ok(&records::EXPORT, &[], &Export { search: search.clone(), format: Format::Json });
    let (mut entries, mut cursor) = (Vec::new(), None);
    loop {
        let page = reader.ok(&records::EXPORTED, &[begun.export.as_str()], &Onward { cursor });
        entries.extend(page.entries);
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    entries.sort_by_key(|entry| entry.seq);
    let mut assembly = export::Assembly::new(entries.clone());
    while let Some(from) = assembly.wants() {
        assembly.take(reader.ok(&records::LINKS, &[], &Stand { from }));
    }
    let file = json!({
        "format": export::FORMAT, "organisation": "Villa", "heads": "record.json", "export": begun.export,
        "upto": begun.upto, "at": 0, "search": search, "entries": entries.len(), "runs": assembly.runs(),
    });
    Taken { begun, entries, file }
}

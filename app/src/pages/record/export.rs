//! The entries that are shown, as a file: for a spreadsheet, or with all that a stranger needs to verify them. The engine
//! keeps that it was taken out before it gives the first page; the file is put together here, page by page.

use domain::{
    csv,
    json::Value,
    record::{Actor, Entry, export},
};
use leptos::{prelude::*, task::spawn_local};
use wire::records::{self, Begun, Export, Format, Found, Onward, Search, Stand};
use words::{Known, acted, happened, proven};

use super::{Asked, line::subject_of};
use crate::{
    api::{self, Answer, Problem},
    pages::around::Fetched,
    parts::ProblemNotice,
    platform::{hand, page, time},
    state::{lang, session, toasts},
    ui::{Button, Glyph},
};

/// An export under way.
#[derive(Clone, Copy)]
pub struct Exporting {
    asked: Memo<Asked>,
    found: Fetched<Found>,
    /// How many entries are there; nothing while none runs.
    running: RwSignal<Option<usize>>,
    problem: RwSignal<Option<Problem>>,
    /// Grows with each that is stopped.
    turn: StoredValue<u32>,
}

impl Exporting {
    /// Of what is asked for.
    pub fn new(asked: Memo<Asked>, found: Fetched<Found>) -> Self {
        let (running, problem) = (RwSignal::new(None), RwSignal::new(None));
        Self { asked, found, running, problem, turn: StoredValue::new(0) }
    }

    /// The buttons, or how far it is.
    pub fn buttons(self) -> AnyView {
        let lang = lang();
        view! {
            <div class="actions record-export">
                {move || match self.running.get() {
                    Some(many) => view! {
                        <span role="status">{lang.record_exporting(many)}</span>
                        <Button on_press=move || self.stop()>{lang.record_export_stop()}</Button>
                    }
                    .into_any(),
                    None => view! {
                        <Button glyph=Glyph::Out on_press=move || self.start(Format::Csv)>{lang.record_csv()}</Button>
                        <Button glyph=Glyph::Out on_press=move || self.start(Format::Json)>{lang.record_json()}</Button>
                    }
                    .into_any(),
                }}
            </div>
            <ProblemNotice problem=self.problem/>
        }
        .into_any()
    }

    fn stop(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.running.set(None);
    }

    fn start(self, format: Format) {
        // From the newest on, whatever page is shown.
        let search = Search { cursor: None, ..self.asked.with_untracked(Asked::search) };
        let turn = self.turn.get_value();
        let goes_on = move |many: usize| {
            let ours = self.turn.try_get_value() == Some(turn);
            ours && self.running.try_set(Some(many)).is_none()
        };
        self.problem.set(None);
        self.running.set(Some(0));
        spawn_local(async move {
            match take_out(search, format, goes_on).await {
                Ok(Some((begun, search, entries, runs))) => {
                    self.running.set(None);
                    let done = match format {
                        Format::Csv => save_csv(&entries, self.found.now()),
                        Format::Json => save_json(&begun, &search, entries.len(), &runs),
                    };
                    if done {
                        toasts::done(lang().record_exported());
                    }
                }
                // Stopped, or the page is gone.
                Ok(None) => {}
                Err(problem) => {
                    let _ = self.running.try_set(None);
                    let _ = self.problem.try_set(Some(problem));
                }
            }
        });
    }
}

type Taken = (Begun, Search, Vec<Entry<String>>, Vec<export::Run>);

/// Fetches all of it; `goes_on` is told how far it is, and says whether anybody still waits for it.
async fn take_out(search: Search, format: Format, goes_on: impl Fn(usize) -> bool) -> Answer<Option<Taken>> {
    let begun = api::call(&records::EXPORT, &[], &Export { search: search.clone(), format }).await?;
    let (mut entries, mut cursor) = (Vec::new(), None);
    loop {
        let page = api::call(&records::EXPORTED, &[begun.export.as_str()], &Onward { cursor }).await?;
        entries.extend(page.entries);
        if !goes_on(entries.len()) {
            return Ok(None);
        }
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    entries.sort_by_key(|entry| entry.seq);
    let mut assembly = match format {
        Format::Json => export::Assembly::new(entries.clone()),
        Format::Csv => export::Assembly::default(),
    };
    while let Some(from) = assembly.wants() {
        assembly.take(api::call(&records::LINKS, &[], &Stand { from }).await?);
        if !goes_on(entries.len() - assembly.left().min(entries.len())) {
            return Ok(None);
        }
    }
    Ok(Some((begun, search, entries, assembly.runs())))
}

fn name(end: &str) -> String {
    let (slug, zone) = session()
        .me
        .with_untracked(|me| me.as_ref().map(|me| (me.organisation.slug.to_string(), me.zone.clone())))
        .unzip();
    let day = zone.map(|zone| zone.civil(time::now()).date().to_string()).unwrap_or_default();
    ["pregon-registro-", &slug.unwrap_or_default(), "-", &day, end].concat()
}

/// For whoever verifies it: what was asked for, and the runs that lead to published heads.
fn save_json(begun: &Begun, search: &Search, many: usize, runs: &[export::Run]) -> bool {
    let (organisation, slug) = session()
        .me
        .with_untracked(|me| me.as_ref().map(|me| (me.organisation.name.clone(), me.organisation.slug.to_string())))
        .unwrap_or_default();
    let heads = [page::origin().as_str(), "/", slug.as_str(), "/record.json"].concat();
    let head = domain::json!({
        "format": export::FORMAT, "organisation": organisation, "heads": heads, "export": begun.export,
        "upto": begun.upto, "at": time::now(), "search": search, "entries": many,
    });
    let beginning = head.to_string().trim_end_matches('}').to_owned() + ",\"runs\":[";
    let written = runs.iter().enumerate().map(|(place, run)| {
        let text = serde_json::to_string(run).unwrap_or_default();
        if place == 0 { text } else { [",\n", &text].concat() }
    });
    let parts = std::iter::once(beginning).chain(written).chain(std::iter::once("]}\n".to_owned()));
    hand::download_parts(&name(".json"), parts)
}

/// For a spreadsheet: what happened as the page says it, and what was kept to the letter.
fn save_csv(entries: &[Entry<String>], found: Option<Found>) -> bool {
    let lang = lang();
    let (members, channels) = found.map(|found| (found.members, found.channels)).unwrap_or_default();
    let known = Known { members: &members, channels: &channels };
    let zone = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.clone()));
    let head = [
        lang.record_number(),
        lang.record_when(),
        lang.record_subject(),
        lang.record_what(),
        lang.record_who(),
        lang.record_device(),
        lang.record_how(),
        lang.record_post(),
        lang.record_raw(),
        lang.record_digest(),
        lang.record_chain(),
    ];
    let line = |entry: &Entry<String>| {
        let body: Option<Value> = entry.body.as_deref().and_then(|body| serde_json::from_str(body).ok());
        let when = zone.as_ref().map(|zone| zone.civil(entry.at).format("%Y-%m-%d %H:%M:%S").to_string());
        let (device, how) = match body.as_ref().and_then(Actor::of) {
            Some(Actor::Member { device, how, .. } | Actor::Outside { device, how, .. }) => {
                (device, proven(lang, &how))
            }
            Some(Actor::Stranger { device }) => (device, String::new()),
            Some(Actor::Engine { job }) => (job, String::new()),
            None => (String::new(), String::new()),
        };
        let what = body.as_ref().map(|body| happened(lang, &entry.subject, body, known));
        let who = body.as_ref().map(|body| acted(lang, body, known)).unwrap_or_default();
        let post = body.as_ref().and_then(|body| body.get("post")?.as_str()).unwrap_or_default().to_owned();
        csv::line(&[
            entry.seq.to_string(),
            when.unwrap_or_default(),
            subject_of(&entry.subject),
            what.unwrap_or_else(|| lang.trail_erased().to_owned()),
            who,
            device,
            how,
            post,
            entry.body.clone().unwrap_or_default(),
            entry.digest.clone(),
            entry.chain.clone(),
        ])
    };
    let head = csv::line(&head.map(str::to_owned));
    let parts = [csv::BEGINNING.to_owned(), head].into_iter().chain(entries.iter().map(line));
    hand::download_parts(&name(".csv"), parts)
}

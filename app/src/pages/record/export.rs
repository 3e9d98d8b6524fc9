//! The entries that are shown, as a file: for a spreadsheet, or with all that a stranger needs to verify them. The engine
//! keeps that it was taken out before it gives the first page; the file is put together here, page by page.

use domain::{
    json::Value,
    record::{Actor, Entry, export},
    workbook::Cell,
};
use leptos::{prelude::*, task::spawn_local};
use wire::records::{self, Begun, Export, Format, Found, Onward, Search, Stand};
use words::{Known, acted, happened, proven};

use super::{Asked, line::subject_of};
use crate::{
    api::{self, Answer, Problem},
    pages::{
        around::Fetched,
        handing::{Form, hand_out},
    },
    parts::ProblemNotice,
    platform::{hand, page, time},
    state::{lang, session, toasts},
    ui::{Button, Glyph, Gravity},
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
                        <Button glyph=Glyph::Out on_press=move || self.start(Format::Xlsx)>{lang.record_xlsx()}</Button>
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
                    let done = match format {
                        Format::Csv => save_table(&entries, self.found.now(), Form::Text).await,
                        Format::Xlsx => save_table(&entries, self.found.now(), Form::Workbook).await,
                        Format::Json if save_json(&begun, &search, entries.len(), &runs) => Ok(()),
                        Format::Json => Err(lang().sharing_file_failed()),
                    };
                    let _ = self.running.try_set(None);
                    match done {
                        Ok(()) => toasts::done(lang().record_exported()),
                        Err(why) => toasts::say(Gravity::Bad, why),
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
        Format::Csv | Format::Xlsx => export::Assembly::default(),
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
async fn save_table(entries: &[Entry<String>], found: Option<Found>, form: Form) -> Result<(), &'static str> {
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
        let when = zone.as_ref().map(|zone| Cell::When(zone.civil(entry.at)));
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
        vec![
            Cell::Number(entry.seq),
            when.unwrap_or_else(|| Cell::from("")),
            subject_of(&entry.subject).into(),
            what.unwrap_or_else(|| lang.trail_erased().to_owned()).into(),
            who.into(),
            device.into(),
            how.into(),
            post.into(),
            entry.body.clone().unwrap_or_default().into(),
            entry.digest.clone().into(),
            entry.chain.clone().into(),
        ]
    };
    let lines = std::iter::once(head.map(Cell::from).to_vec()).chain(entries.iter().map(line));
    hand_out(&name(""), lang.record_title(), lines, form).await
}

//! The dialog: which list, in which form, and how far it is. A file is written when all of it is here: what is stopped,
//! or refused on the way, leaves none.

use domain::{
    json::Value,
    listing::{self, MOST, Row},
};
use leptos::{prelude::*, task::spawn_local};

use super::{Format, Known, List};
use crate::{
    api::{Answer, Problem},
    pages::handing::{self, hand_out},
    parts::ProblemNotice,
    platform::{hand, page, time},
    state::{lang, session},
    ui::{Button, Dialog, Glyph, Select},
};

/// Where the focus goes when the button that had it is gone.
const SAID: &str = "leaving-said";

/// A file that is being put together.
#[derive(Clone, Copy)]
struct Taking {
    lists: StoredValue<Vec<List>>,
    which: RwSignal<String>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    said: RwSignal<String>,
    /// Grows with each that is begun or stopped.
    turn: StoredValue<u32>,
}

/// The dialog; open for as long as it is there.
pub fn dialog(lists: Vec<List>, gone: Callback<()>) -> AnyView {
    let (lang, open) = (lang(), RwSignal::new(true));
    Effect::new(move |_| {
        if !open.get() {
            gone.run(());
        }
    });
    let taking = Taking {
        lists: StoredValue::new(lists),
        which: RwSignal::new("0".to_owned()),
        busy: RwSignal::new(false),
        problem: RwSignal::new(None),
        said: RwSignal::new(String::new()),
        turn: StoredValue::new(0),
    };
    view! {
        <Dialog open title=lang.leaving_title() close=lang.general_close()>
            {taking.draw()}
        </Dialog>
    }
    .into_any()
}

impl Taking {
    /// What is chosen. Tracked.
    fn list(self) -> Option<List> {
        let place = self.which.with(|which| which.parse::<usize>().unwrap_or_default());
        self.lists.with_value(|lists| lists.get(place).cloned())
    }

    fn draw(self) -> AnyView {
        let lang = lang();
        let options = self.lists.with_value(|lists| {
            lists
                .iter()
                .enumerate()
                .map(|(place, list)| (place.to_string(), list.title().to_owned()))
                .collect::<Vec<_>>()
        });
        let choice = match options.as_slice() {
            [(_, only)] => view! { <p><strong>{only.clone()}</strong></p> }.into_any(),
            _ => view! { <Select label=lang.leaving_which() value=self.which options/> }.into_any(),
        };
        let personal = move || {
            (self.list() == Some(List::Consents)).then(|| view! { <p class="hint">{lang.leaving_register_text()}</p> })
        };
        let calendar = move || {
            self.list().is_some_and(|list| list.has_days()).then(|| self.button(Format::Ics, lang.sharing_file_ics()))
        };
        let stop = move || {
            self.busy.get().then(|| view! { <Button on_press=move || self.stop()>{lang.leaving_stop()}</Button> })
        };
        view! {
            <div class="stack">
                {choice}
                <p class="hint">{lang.leaving_text()}</p>
                {personal}
                <ProblemNotice problem=self.problem/>
                <div class="actions">
                    {self.button(Format::Csv, lang.sharing_file_csv())}
                    {self.button(Format::Xlsx, lang.sharing_file_xlsx())}
                    {calendar}
                    {self.button(Format::Json, lang.sharing_file_json())}
                    {stop}
                </div>
                <p id=SAID class="hint" role="status" tabindex="-1">{move || self.said.get()}</p>
            </div>
        }
        .into_any()
    }

    /// A button stays while a file is put together: whoever pressed it keeps their place.
    fn button(self, format: Format, name: &'static str) -> AnyView {
        view! { <Button glyph=Glyph::Out busy=self.busy on_press=move || self.start(format)>{name}</Button> }.into_any()
    }

    fn stop(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.end(lang().leaving_stopped().to_owned());
    }

    /// Says how it ended. The page may be gone by then.
    fn end(self, said: String) {
        let _ = self.busy.try_set(false);
        let _ = self.said.try_set(said);
        // The button that stops is no longer there.
        page::catch_focus(SAID.to_owned());
    }

    fn start(self, format: Format) {
        let Some(list) = untrack(|| self.list()) else { return };
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        self.problem.set(None);
        self.busy.set(true);
        self.said.set(lang().general_loading().to_owned());
        // Whether anybody still waits for it.
        let awaited = move || self.turn.try_get_value() == Some(turn);
        spawn_local(async move {
            let taken = take(&list, |many| {
                let ours = awaited();
                if ours && many > 0 {
                    let _ = self.said.try_set(lang().leaving_going(many));
                }
                ours
            });
            match taken.await {
                Ok(Some(taken)) => self.end(save(&list, format, taken).await),
                // Stopped, or the page is gone.
                Ok(None) => {}
                Err(problem) if awaited() => {
                    let _ = self.problem.try_set(Some(problem));
                    self.end(String::new());
                }
                Err(_) => {}
            }
        });
    }
}

/// Fetches all of it; `goes_on` is told how far it is, and says whether anybody still waits for it.
async fn take(list: &List, goes_on: impl Fn(usize) -> bool) -> Answer<Option<(Known, Vec<Row>)>> {
    let known = Known::fetched().await?;
    let (mut rows, mut cursor) = (Vec::new(), None);
    loop {
        if !goes_on(rows.len()) {
            return Ok(None);
        }
        let (more, next) = list.piece(&known, cursor).await?;
        rows.extend(more);
        if next.is_none() || rows.len() > MOST {
            return Ok(goes_on(rows.len()).then_some((known, rows)));
        }
        cursor = next;
    }
}

/// Writes the file, and says what was saved, or why it was not.
async fn save(list: &List, format: Format, (known, rows): (Known, Vec<Row>)) -> String {
    let lang = lang();
    let many = if format == Format::Ics { listing::dated(&rows) } else { rows.len() };
    if many == 0 {
        return lang.leaving_nothing().to_owned();
    }
    if rows.len() > MOST {
        return lang.leaving_too_many(MOST);
    }
    let (name, title, columns) = (name(list, &known), list.title(), list.columns());
    let lines = || std::iter::once(listing::head(&columns)).chain(rows.iter().map(|row| listing::line(&columns, row)));
    // What writes workbooks came with this dialog: nothing is waited for between the last line and the file.
    let done = match format {
        Format::Csv => hand_out(&name, title, lines(), handing::Form::Text).await,
        Format::Xlsx => hand_out(&name, title, lines(), handing::Form::Workbook).await,
        Format::Ics => handed(&name, format, std::iter::once(listing::calendar(title, &rows))),
        Format::Json => {
            let about = about(list, &known);
            handed(&name, format, listing::written(list.key(), &about, &columns, &rows))
        }
    };
    match done {
        Ok(()) => lang.leaving_saved(many, [&name, format.end()].concat()),
        Err(why) => why.to_owned(),
    }
}

fn handed(name: &str, format: Format, parts: impl Iterator<Item = String>) -> Result<(), &'static str> {
    let taken = hand::download_parts(&[name, format.end()].concat(), parts);
    if taken { Ok(()) } else { Err(lang().sharing_file_failed()) }
}

/// What a program has to know of all of it.
fn about(list: &List, known: &Known) -> [(&'static str, Value); 4] {
    let slug = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.slug.to_string()));
    [
        ("organisation", slug.into()),
        ("zone", known.zone_name().into()),
        ("at", time::now().to_rfc3339().into()),
        ("asked", list.asked()),
    ]
}

/// What the file is called, without its end: of what, of whom, on which day.
fn name(list: &List, known: &Known) -> String {
    let slug = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.slug.to_string()));
    let day = known.today().map(|day| day.to_string());
    let parts = ["pregon".to_owned(), list.file().to_owned()].into_iter().chain(slug).chain(day);
    parts.collect::<Vec<_>>().join("-")
}

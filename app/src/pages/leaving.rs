//! What a page lists, as a file: the button, and which list it is with what it is sifted by. All of it leaves, not what
//! the screen has room for: the desk asks page after page, as whoever reads on does, and writes the file in the browser.
//! Separate from `handing`, which writes a table and asks for nothing. What stands behind the button is fetched when it
//! is pressed.

mod dialog;
mod house;
mod known;
mod library;
pub mod posts;
mod rows;
mod tasks;
mod texts;

use chrono::NaiveDate;
use leptos::{prelude::*, task::spawn_local};
use wire::{library::Query, tasks::Query as Asked};

use crate::{
    chunks,
    state::{lang, toasts},
    ui::{Button, Glyph, Gravity},
};

pub use dialog::dialog;
pub use known::Known;

/// A list, and what it is sifted by.
#[derive(Debug, Clone, PartialEq)]
pub enum List {
    /// Posts that have some words.
    Search(String),
    /// Posts that wait for a decision of who asks.
    Waiting,
    /// The library.
    Library(Query),
    /// All that was consented to.
    Consents,
    /// How the week of a day stands, and its month.
    Progress(NaiveDate),
    /// What is promised.
    Promises(NaiveDate),
    /// Whom the organisation speaks to.
    Audiences,
    /// The campaigns.
    Campaigns,
    /// The pillars.
    Pillars,
    /// The channels.
    Channels,
    /// The templates.
    Templates,
    /// The standard replies that have some words.
    Replies(Option<String>),
    /// What the house's own people propose.
    Proposals,
    /// Who is here.
    People,
    /// Tasks.
    Tasks(Asked),
}

/// A form of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a spreadsheet, as text.
    Csv,
    /// For a spreadsheet, as a workbook.
    Xlsx,
    /// For a calendar program.
    Ics,
    /// For another program.
    Json,
}

impl Format {
    /// What the name of such a file ends in.
    pub const fn end(self) -> &'static str {
        match self {
            Format::Csv => ".csv",
            Format::Xlsx => ".xlsx",
            Format::Ics => ".ics",
            Format::Json => ".json",
        }
    }
}

/// What draws the dialog, once its code is there; the callback is for when it is closed.
pub type Draw = fn(Vec<List>, Callback<()>) -> AnyView;

/// The button. What is listed is asked when it is pressed; of several, one chooses.
#[component]
pub fn Leave(
    /// What is listed now.
    #[prop(into)]
    lists: Callback<(), Vec<List>>,
) -> AnyView {
    let lang = lang();
    let (drawn, busy) = (RwSignal::new(None::<(Draw, Vec<List>)>), RwSignal::new(false));
    let press = move || {
        busy.set(true);
        spawn_local(async move {
            let draw = chunks::leaving().await;
            if busy.try_set(false).is_some() {
                // The page is gone.
                return;
            }
            match draw {
                Ok(draw) => drawn.set(Some((draw, lists.run(())))),
                Err(_) => toasts::say(Gravity::Bad, lang.trouble_not_fetched_what()),
            }
        });
    };
    let gone = Callback::new(move |()| drawn.set(None));
    view! {
        <Button glyph=Glyph::Out busy on_press=press>{lang.leaving_do()}</Button>
        {move || drawn.get().map(|(draw, lists)| draw(lists, gone))}
    }
    .into_any()
}

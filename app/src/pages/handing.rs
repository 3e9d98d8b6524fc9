//! A table that leaves the desk for a spreadsheet, as text or as a workbook. Separate because several pages offer both, and none of
//! them has with it what writes the second: that is fetched when somebody wants one.

use domain::{csv, workbook::Cell};
use leptos::task::spawn_local;

use crate::{
    chunks,
    platform::hand,
    state::{lang, toasts},
    ui::Gravity,
};

/// As what a table is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Comma-separated values: whatever program there is reads them.
    Text,
    /// A workbook: days are days in it, and no text has to be disarmed.
    Workbook,
}

/// Offers a table as a file: its name without the end, what the sheet is called, and lines of which the first names the columns.
///
/// # Errors
/// In the reader's language, why there is no file.
pub async fn hand_out(
    name: &str,
    title: &str,
    lines: impl Iterator<Item = Vec<Cell>>,
    form: Form,
) -> Result<(), &'static str> {
    let lang = lang();
    let taken = match form {
        Form::Text => {
            let line = |cells: Vec<Cell>| csv::line(&cells.iter().map(Cell::text).collect::<Vec<_>>());
            let parts = std::iter::once(csv::BEGINNING.to_owned()).chain(lines.map(line));
            hand::download_parts(&[name, ".csv"].concat(), parts)
        }
        Form::Workbook => {
            let lines: Vec<_> = lines.collect();
            let workbooks = chunks::workbooks().await.map_err(|_| lang.trouble_not_fetched_what())?;
            let bytes = (workbooks.file)(title, &lines);
            bytes.is_some_and(|bytes| hand::download_bytes(&[name, ".xlsx"].concat(), &bytes))
        }
    };
    if taken { Ok(()) } else { Err(lang.sharing_file_failed()) }
}

/// The same from a page on which there is no other place to say that it could not be.
pub fn hand_over(name: String, title: String, lines: Vec<Vec<Cell>>, form: Form) {
    spawn_local(async move {
        if let Err(why) = hand_out(&name, &title, lines.into_iter(), form).await {
            toasts::say(Gravity::Bad, why);
        }
    });
}

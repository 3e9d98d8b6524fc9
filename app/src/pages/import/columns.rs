//! What the columns of a sheet say: guessed by their names, chosen by hand.

use std::sync::Arc;

use domain::{
    Language,
    import::{Column, Table},
};
use leptos::prelude::*;
use words::Lang;

use super::{Desk, Ground};
use crate::{
    state::lang,
    ui::{Checkbox, Select},
};

/// So many of its cells are shown, to tell what it is.
const SAMPLES: usize = 2;
/// And so much of each.
const SAMPLE: usize = 60;

/// What a column says, in words.
pub fn name(lang: Lang, column: &Column) -> String {
    match column {
        Column::Title(language) => lang.import_column_title(language.as_str()),
        Column::Text(language) => lang.import_column_text(language.as_str()),
        Column::Channels => lang.import_column_channels().to_owned(),
        Column::When => lang.import_column_when().to_owned(),
        Column::Day => lang.import_column_day().to_owned(),
        Column::Hour => lang.import_column_hour().to_owned(),
        Column::Kind => lang.import_column_kind().to_owned(),
        Column::Link => lang.import_column_link().to_owned(),
        Column::Campaign => lang.import_column_campaign().to_owned(),
        Column::Pillar => lang.import_column_pillar().to_owned(),
        Column::Audience => lang.import_column_audience().to_owned(),
        Column::Message => lang.import_column_message().to_owned(),
    }
}

/// Everything that a column can say.
fn all(languages: &[Language]) -> Vec<Column> {
    let titles = languages.iter().cloned().map(Column::Title);
    let texts = languages.iter().cloned().map(Column::Text);
    let others = [Column::Channels, Column::When, Column::Day, Column::Hour, Column::Kind, Column::Link];
    let belongs = [Column::Campaign, Column::Pillar, Column::Audience, Column::Message];
    titles.chain(texts).chain(others).chain(belongs).collect()
}

/// The columns, each with what it says; and where a row goes that names no channel.
pub fn columns(desk: Desk, sheet: &Arc<Table>, ground: &Arc<Ground>) -> AnyView {
    let lang = lang();
    let offered = Arc::new(desk.me.with_value(|me| all(&me.organisation.languages)));
    let lines = (0..sheet.heads.len()).map(|place| line(desk, sheet, place, offered.clone())).collect::<Vec<_>>();
    let channels = ground.channels.iter().map(|channel| {
        let id = StoredValue::new(channel.id.clone());
        let checked = Signal::derive(move || desk.usual.with(|usual| id.with_value(|id| usual.contains(id))));
        let change = move |now: bool| {
            desk.usual.update(|usual| {
                let id = id.get_value();
                usual.retain(|other| *other != id);
                if now {
                    usual.push(id);
                }
            });
        };
        view! { <li><Checkbox label=channel.name.clone() checked on_change=change/></li> }
    });
    let channels = channels.collect::<Vec<_>>();
    view! {
        <fieldset class="card stack plain-fieldset" disabled=move || desk.writing.get()>
            <legend class="unseen">{lang.import_columns()}</legend>
            <h2>{lang.import_columns()}</h2>
            <p class="hint">{lang.import_columns_hint()}</p>
            <ul class="import-columns">{lines}</ul>
            <h3 id="import-usual">{lang.import_usual()}</h3>
            <ul class="import-usual" aria-labelledby="import-usual">{channels}</ul>
        </fieldset>
    }
    .into_any()
}

fn line(desk: Desk, sheet: &Table, place: usize, offered: Arc<Vec<Column>>) -> AnyView {
    let lang = lang();
    let head = sheet.heads.get(place).filter(|head| !head.is_empty()).cloned();
    let head = head.unwrap_or_else(|| lang.import_column_unnamed(place + 1));
    let samples = sheet.rows.iter().filter_map(|row| row.cells.get(place)).filter(|cell| !cell.is_empty());
    let samples: Vec<String> = samples.take(SAMPLES).map(|cell| cell.chars().take(SAMPLE).collect()).collect();
    let at = |column: Option<&Column>| column.and_then(|column| offered.iter().position(|other| other == column));
    let now = desk.columns.with_untracked(|columns| at(columns.get(place).and_then(Option::as_ref)));
    let value = RwSignal::new(now.map(|place| place.to_string()).unwrap_or_default());
    let mut options = vec![(String::new(), lang.import_column_none().to_owned())];
    options.extend(offered.iter().enumerate().map(|(place, column)| (place.to_string(), name(lang, column))));
    let wanted = offered.clone();
    Effect::watch(
        move || value.get(),
        move |chosen, _, _| {
            let column = chosen.parse::<usize>().ok().and_then(|place| wanted.get(place).cloned());
            if desk.columns.with_untracked(|columns| columns.get(place) == Some(&column)) {
                return;
            }
            desk.columns.update(|columns| {
                // Two columns cannot say the same: who says it now is meant.
                columns
                    .iter_mut()
                    .filter(|other| column.is_some() && **other == column)
                    .for_each(|other| *other = None);
                if let Some(own) = columns.get_mut(place) {
                    *own = column;
                }
            });
        },
        false,
    );
    // Another column took what this one said.
    Effect::watch(
        move || desk.columns.with(|columns| columns.get(place).cloned().flatten()),
        move |column, _, _| {
            let now = column.as_ref().and_then(|column| offered.iter().position(|other| other == column));
            let now = now.map(|place| place.to_string()).unwrap_or_default();
            if value.with_untracked(|value| *value != now) {
                value.set(now);
            }
        },
        false,
    );
    view! {
        <li>
            <Select label=head value options/>
            <p class="hint import-samples">{samples.join(" · ")}</p>
        </li>
    }
    .into_any()
}

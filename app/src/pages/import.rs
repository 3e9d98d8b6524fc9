//! A plan that stands in a spreadsheet becomes drafts: choose the file, say what its columns are, see what would come of each
//! row, and only then have them written. Nothing goes out by it, and nothing is written that was not seen.

mod columns;
mod look;
mod write;

use std::sync::Arc;

use domain::{
    Act, CampaignId, Channel, ChannelId, Kind, Network, Themes,
    import::{Column, MOST_BYTES, MOST_ROWS, Names, Table, Unreadable, guess, read_day, read_hour, table},
    utm::Tag,
    workbook::{self, Cell},
};
use leptos::{ev::DragEvent, prelude::*, task::spawn_local};
use web_sys::{File, HtmlInputElement};
use wire::{Nothing, campaigns::THEMES, session::Me};
use words::{Lang, Sentence};

use self::{columns::columns, look::look, write::write};
use super::{
    around,
    handing::{Form, hand_over},
};
use crate::{
    api, chunks,
    parts::{ProblemNotice, Work},
    platform::sheets,
    state::{cache, lang, session},
    ui::{Button, Empty, Glyph, Gravity, Notice, Select},
};

/// What there is to name in a sheet.
#[derive(Debug, Clone, Default)]
struct Ground {
    channels: Vec<Channel>,
    names: Names,
    /// How each campaign is called in a link.
    tags: Vec<(CampaignId, Option<Tag>)>,
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    me: StoredValue<Me>,
    /// Nothing until it has come.
    ground: RwSignal<Option<Arc<Ground>>>,
    /// The sheet that was chosen.
    sheet: RwSignal<Option<Arc<Table>>>,
    /// What its columns say.
    columns: RwSignal<Vec<Option<Column>>>,
    /// Where a row goes that names no channel.
    usual: RwSignal<Vec<ChannelId>>,
    /// What would come of its rows; nothing while they are being read.
    looked: RwSignal<Option<Arc<Vec<look::Looked>>>>,
    /// Whether they are being written: what they were read by stays as it is meanwhile.
    writing: RwSignal<bool>,
}

/// The page.
#[component]
pub fn ImportPage() -> AnyView {
    let lang = lang();
    around::title(lang.import_title());
    let Some(me) = session().me.get_untracked() else { return ().into_any() };
    if !domain::may(me.role, Act::Write) {
        return view! { <Empty title=lang.import_title() text=lang.import_not_yours() whole=true/> }.into_any();
    }
    let desk = Desk {
        me: StoredValue::new(me),
        ground: RwSignal::new(None),
        sheet: RwSignal::new(None),
        columns: RwSignal::new(Vec::new()),
        usual: RwSignal::new(Vec::new()),
        looked: RwSignal::new(None),
        writing: RwSignal::new(false),
    };
    let asking = Work::new();
    let ask = move || {
        let ask = async move {
            let channels = cache::channels().await?;
            let themes = api::call(&THEMES, &[], &Nothing {}).await?;
            Ok((channels, themes))
        };
        asking.run(ask, move |(channels, themes)| {
            let me = desk.me.get_value();
            let own: Vec<_> = channels.into_iter().filter(|channel| me.access.reaches(&channel.id)).collect();
            let board = own.iter().find(|channel| channel.network == Network::Noticeboard).or(own.first());
            desk.usual.set(board.map(|channel| channel.id.clone()).into_iter().collect());
            let names = named(&own, &themes);
            let tags = themes.campaigns.iter().map(|one| (one.id.clone(), Tag::of(&one.name))).collect();
            desk.ground.set(Some(Arc::new(Ground { channels: own, names, tags })));
        });
    };
    ask();
    view! {
        <div class="import stack">
            <header class="page-head"><h1>{lang.import_title()}</h1></header>
            <p class="soft">{lang.import_text()}</p>
            <ProblemNotice problem=asking.problem/>
            {move || asking.problem.get().map(|_| view! { <Button on_press=ask>{lang.general_retry()}</Button> })}
            {choosing(desk)}
            {move || desk.sheet.get().zip(desk.ground.get()).map(|(sheet, ground)| view! {
                {columns(desk, &sheet, &ground)}
                {look(desk)}
                {write(desk)}
            })}
        </div>
    }
    .into_any()
}

/// Every name that something goes by, in both languages of the desk: a sheet is older than its reader's choice of one.
fn named(channels: &[Channel], themes: &Themes) -> Names {
    let mut names = Names::default();
    for channel in channels {
        names.channel(&channel.name, &channel.id);
        names.channel(channel.handle.trim_start_matches('@'), &channel.id);
        names.channel(&channel.handle, &channel.id);
        for lang in Lang::ALL {
            names.channel(words::network_name(lang, channel.network), &channel.id);
        }
        if channel.network == Network::X {
            names.channel("Twitter", &channel.id);
        }
    }
    for (kind, lang) in Kind::ALL.into_iter().flat_map(|kind| Lang::ALL.map(|lang| (kind, lang))) {
        names.kind(words::kind_name(lang, kind), kind);
    }
    themes.campaigns.iter().filter(|one| !one.archived).for_each(|one| names.campaign(&one.name, &one.id));
    themes.pillars.iter().filter(|one| !one.archived).for_each(|one| names.pillar(&one.name, &one.id));
    themes.audiences.iter().filter(|one| !one.archived).for_each(|one| names.audience(&one.name, &one.id));
    let messages = themes.messages.iter().filter(|one| !one.archived);
    messages.for_each(|one| names.message(&one.name, &one.id, &one.pillar));
    names
}

/// A workbook that was brought and has several sheets.
#[derive(Debug, Clone)]
struct Book {
    bytes: Arc<Vec<u8>>,
    sheets: Vec<String>,
}

/// The rows of a file, or why there are none; and the names of its sheets, where it is a workbook.
async fn opened(lang: Lang, bytes: &[u8], sheet: usize) -> (Vec<String>, Result<Table, Sentence>) {
    let said = |why| words::unreadable(lang, why);
    if !workbook::is_one(bytes) {
        return (Vec::new(), table(&sheets::decoded(bytes)).map_err(said));
    }
    let Ok(workbooks) = chunks::workbooks().await else {
        let (what, next) = (lang.trouble_not_fetched_what(), lang.trouble_not_fetched_next());
        return (Vec::new(), Err(Sentence { what: what.into(), next: next.into() }));
    };
    match (workbooks.open)(bytes, sheet) {
        Ok(opened) => (opened.sheets, opened.table.map_err(said)),
        Err(why) => (Vec::new(), Err(said(why))),
    }
}

/// The file, and why it cannot be read.
fn choosing(desk: Desk) -> AnyView {
    let lang = lang();
    let unread = RwSignal::new(None::<Sentence>);
    let name = RwSignal::new(String::new());
    let book = RwSignal::new(None::<Book>);
    // The sheet that is chosen, and the one that was read last: choosing another file chooses its first.
    let (chosen_sheet, read_sheet) = (RwSignal::new(String::new()), StoredValue::new(String::new()));
    // Grows with each that is read: what another was chosen after is not shown.
    let turn = StoredValue::new(0_u32);
    let begin = move || {
        unread.set(None);
        desk.sheet.set(None);
        desk.looked.set(None);
        turn.update_value(|turn| *turn += 1);
        turn.get_value()
    };
    let end = move |own: u32, read: Result<Table, Sentence>| {
        // Whoever waited may have left, or have chosen another.
        if turn.try_get_value() != Some(own) {
            return false;
        }
        match read {
            Ok(sheet) => {
                let languages = desk.me.try_with_value(|me| me.organisation.languages.clone()).unwrap_or_default();
                let _ = desk.columns.try_set(guess(&sheet.heads, &languages));
                let _ = desk.sheet.try_set(Some(Arc::new(sheet)));
            }
            Err(why) => drop(unread.try_set(Some(why))),
        }
        true
    };
    let take = move |file: File| {
        name.set(file.name());
        book.set(None);
        read_sheet.set_value(String::new());
        chosen_sheet.set(String::new());
        let own = begin();
        spawn_local(async move {
            let Some(bytes) = sheets::bytes(&file, MOST_BYTES).await else {
                end(own, Err(words::unreadable(lang, Unreadable::TooLarge)));
                return;
            };
            let (sheets, read) = opened(lang, &bytes, 0).await;
            if end(own, read) && sheets.len() > 1 {
                let _ = book.try_set(Some(Book { bytes: Arc::new(bytes), sheets }));
            }
        });
    };
    Effect::watch(
        move || chosen_sheet.get(),
        move |now, _, _| {
            if read_sheet.with_value(|read| read == now) {
                return;
            }
            read_sheet.set_value(now.clone());
            let Some(book) = book.get_untracked() else { return };
            let sheet = now.parse().unwrap_or_default();
            let own = begin();
            spawn_local(async move {
                let (_, read) = opened(lang, &book.bytes, sheet).await;
                end(own, read);
            });
        },
        false,
    );
    let chosen = move |event: leptos::ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            take(file);
        }
        // The same file may be chosen again, once it was mended.
        input.set_value("");
    };
    let over = RwSignal::new(false);
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        let first = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
        if let Some(file) = first.filter(|_| !desk.writing.get_untracked()) {
            take(file);
        }
    };
    let hovered = move |event: DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let example = move |form| {
        hand_over(
            lang.import_example_file().to_owned(),
            lang.import_title().to_owned(),
            example(desk, lang, form),
            form,
        );
    };
    view! {
        <section class="card stack" aria-labelledby="import-file">
            <h2 id="import-file">{lang.import_file()}</h2>
            <label class="drop" class:drop-over=move || over.get() hidden=move || desk.writing.get()
                on:drop=dropped on:dragover=hovered on:dragleave=move |_| over.set(false)>
                <input type="file" class="unseen" accept=".xlsx,.xlsm,.csv,.tsv,.txt,text/csv,text/tab-separated-values"
                    disabled=move || desk.writing.get() on:change=chosen />
                <b>{move || if desk.sheet.with(Option::is_some) { lang.import_other() } else { lang.import_choose() }}</b>
                <span class="hint">{lang.import_file_hint(MOST_ROWS)}</span>
            </label>
            <div class="row">
                <Button glyph=Glyph::Out on_press=move || example(Form::Text)>{lang.import_example()}</Button>
                <Button glyph=Glyph::Out on_press=move || example(Form::Workbook)>{lang.import_example_workbook()}</Button>
            </div>
            {move || book.get().map(|book| {
                let places = book.sheets.into_iter().enumerate();
                // The first is read by now, and chosen with nothing.
                let value = |place: usize| if place == 0 { String::new() } else { place.to_string() };
                let options = places.map(|(place, name)| (value(place), name)).collect();
                view! {
                    <fieldset class="plain-fieldset" disabled=move || desk.writing.get()>
                        <Select label=lang.import_sheet() value=chosen_sheet options/>
                    </fieldset>
                }
            })}
            <p role="status">
                {move || desk.sheet.with(|sheet| sheet.as_ref().map(|sheet| {
                    lang.import_read(sheet.heads.len(), name.get(), sheet.rows.len())
                }))}
            </p>
            {move || unread.get().map(|said| view! {
                <Notice gravity=Gravity::Bad spoken=true title=said.what><p>{said.next}</p></Notice>
            })}
        </section>
    }
    .into_any()
}

/// A sheet as it may look, with the organisation's own channels and languages. Its day and hour are such in a workbook; in a text
/// they stand as people write them.
fn example(desk: Desk, lang: Lang, form: Form) -> Vec<Vec<Cell>> {
    let languages = desk.me.with_value(|me| me.organisation.languages.clone());
    let titles = languages.iter().map(|language| columns::name(lang, &Column::Title(language.clone())));
    let texts = languages.iter().map(|language| columns::name(lang, &Column::Text(language.clone())));
    let mut heads = vec![
        columns::name(lang, &Column::Day),
        columns::name(lang, &Column::Hour),
        columns::name(lang, &Column::Channels),
        columns::name(lang, &Column::Kind),
    ];
    heads.extend(titles.chain(texts));
    heads.push(columns::name(lang, &Column::Link));
    let channels = desk.ground.with_untracked(|ground| {
        let names = ground.iter().flat_map(|ground| &ground.channels).take(2).map(|channel| channel.name.clone());
        names.collect::<Vec<_>>().join("; ")
    });
    let kind = words::kind_name(lang, Kind::Service);
    let (day, hour) = (lang.import_example_day(), "10:00");
    let (of_day, of_hour) = match form {
        Form::Text => (None, None),
        Form::Workbook => (read_day(day).map(Cell::Day), read_hour(hour).map(Cell::Hour)),
    };
    let mut row = vec![of_day.unwrap_or(day.into()), of_hour.unwrap_or(hour.into()), channels.into(), kind.into()];
    row.extend(languages.iter().map(|_| Cell::from(lang.import_example_title())));
    row.extend(languages.iter().map(|_| Cell::from(lang.import_example_said())));
    vec![heads.into_iter().map(Cell::from).collect(), row]
}

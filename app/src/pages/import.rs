//! A plan that stands in a spreadsheet becomes drafts: choose the file, say what its columns are, see what would come of each
//! row, and only then have them written. Nothing goes out by it, and nothing is written that was not seen.

mod columns;
mod look;
mod write;

use std::sync::Arc;

use domain::{
    Act, CampaignId, Channel, ChannelId, Kind, Network, Themes,
    import::{Column, MOST_BYTES, MOST_ROWS, Names, Table, Unreadable, guess, table},
    utm::Tag,
};
use leptos::{ev::DragEvent, prelude::*, task::spawn_local};
use web_sys::{File, HtmlInputElement};
use wire::{Nothing, campaigns::THEMES, session::Me};
use words::Lang;

use self::{columns::columns, look::look, write::write};
use super::around;
use crate::{
    api,
    parts::{ProblemNotice, Work},
    platform::{hand, sheets},
    state::{cache, lang, session},
    ui::{Button, Empty, Glyph, Gravity, Notice},
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
    names
}

/// The file, and why it cannot be read.
fn choosing(desk: Desk) -> AnyView {
    let lang = lang();
    let unread = RwSignal::new(None::<Unreadable>);
    let name = RwSignal::new(String::new());
    let take = move |file: File| {
        name.set(file.name());
        unread.set(None);
        desk.sheet.set(None);
        desk.looked.set(None);
        spawn_local(async move {
            let read = match sheets::bytes(&file, MOST_BYTES).await {
                Some(bytes) => table(&sheets::decoded(&bytes)),
                None => Err(Unreadable::TooLarge),
            };
            // Whoever waited may have left.
            match read {
                Ok(sheet) => {
                    let languages = desk.me.try_with_value(|me| me.organisation.languages.clone()).unwrap_or_default();
                    let _ = desk.columns.try_set(guess(&sheet.heads, &languages));
                    let _ = desk.sheet.try_set(Some(Arc::new(sheet)));
                }
                Err(why) => drop(unread.try_set(Some(why))),
            }
        });
    };
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
    let example = move || {
        hand::download(lang.import_example_file(), &example(desk, lang));
    };
    view! {
        <section class="card stack" aria-labelledby="import-file">
            <h2 id="import-file">{lang.import_file()}</h2>
            <label class="drop" class:drop-over=move || over.get() hidden=move || desk.writing.get()
                on:drop=dropped on:dragover=hovered on:dragleave=move |_| over.set(false)>
                <input type="file" class="unseen" accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values"
                    disabled=move || desk.writing.get() on:change=chosen />
                <b>{move || if desk.sheet.with(Option::is_some) { lang.import_other() } else { lang.import_choose() }}</b>
                <span class="hint">{lang.import_file_hint(MOST_ROWS)}</span>
            </label>
            <div class="row"><Button glyph=Glyph::Out on_press=example>{lang.import_example()}</Button></div>
            <p role="status">
                {move || desk.sheet.with(|sheet| sheet.as_ref().map(|sheet| {
                    lang.import_read(sheet.heads.len(), name.get(), sheet.rows.len())
                }))}
            </p>
            {move || unread.get().map(|why| {
                let said = words::unreadable(lang, why);
                view! { <Notice gravity=Gravity::Bad spoken=true title=said.what><p>{said.next}</p></Notice> }
            })}
        </section>
    }
    .into_any()
}

/// A sheet as it may look, with the organisation's own channels and languages.
fn example(desk: Desk, lang: Lang) -> String {
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
    let kind = words::kind_name(lang, Kind::Service).to_owned();
    let mut row = vec![lang.import_example_day().to_owned(), "10:00".to_owned(), channels, kind];
    row.extend(languages.iter().map(|_| lang.import_example_title().to_owned()));
    row.extend(languages.iter().map(|_| lang.import_example_said().to_owned()));
    row.push(String::new());
    domain::csv::file(&[heads, row])
}

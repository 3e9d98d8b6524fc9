//! The calendar: a month, a week, a day, a list or the lanes of the networks over one model; what is approved and has no
//! slot beside it; and how evenly the networks are served. What is shown stands in the address.
//!
//! The week is in the first load; the other views, the sieve's panel and the form of a mark come when they are asked for.

mod card;
mod days;
mod deeds;
mod drag;
mod even;
mod far;
mod placing;
mod promised;
mod sieve;
mod span;
mod week;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::{
    Act, Moment, PostId, StageName,
    mark::MarkKind,
    shift, slot,
    window::{View, Window, in_hour},
    zone::Zone,
};
use leptos::{
    ev::{FocusEvent, KeyboardEvent, MouseEvent},
    prelude::*,
};
use leptos_router::hooks::use_query_map;
use serde::de::IgnoredAny;
use wasm_bindgen::JsCast;
use wire::{
    calendar::{Days, MARKS, Marks},
    posts::{self, PostRow, Query},
};

use self::{
    card::Beside,
    drag::{Drag, around as nearest},
    placing::{PlaceDialogs, Placed, Placing, Wanted},
    sieve::{Layer, Sieve},
    span::{Kept, Sheet, Span, in_span, of_span},
};
use super::around::{self, Fetched, Load, Road};
use crate::{
    api, chunks,
    parts::{self, Work, arrange},
    platform::{
        page,
        time::{self, Form},
    },
    routes,
    state::{lang, pulse, second, session, toasts},
    ui::{Button, Empty, Glyph, Gravity, LinkButton, Notice, Tone},
};

pub use card::{condition, marks, mood};
pub use far::{Asking, Clock, Far, Marking, Panel, begin as begin_clock};
pub use placing::{PlaceDialogs as Places, Placed as Moved, Placing as Mover, Wanted as Movable};
pub use promised::Promised;

/// The name of the list of deeds, which every card's button opens.
const DEEDS: &str = "deeds";

/// The posts of a calendar, with what is said beside each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shown {
    rows: Vec<PostRow>,
    beside: Vec<Beside>,
}

/// What whoever looks may do.
#[derive(Debug, Clone, Copy)]
pub struct May {
    place: bool,
    write: bool,
}

impl May {
    /// Whether they may move a post.
    const fn moves(self, row: &PostRow) -> bool {
        self.place && !matches!(row.stage, StageName::Out | StageName::Cancelled)
    }
}

/// A dialog that is fetched when it is wanted.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// Files, one's own address, links.
    Out,
    /// A campaign moved by some days.
    Shift,
    /// This post and another that change places.
    Swap(PostRow),
    /// Another that says the same, on channels that are chosen.
    Copy(PostRow),
    /// This post again, on other days.
    Repeat(PostRow),
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Board {
    /// The days that are shown, and how.
    window: Memo<Window>,
    /// What passes the sieve, with what was moved and not answered yet.
    shown: Memo<Shown>,
    /// The same before the sieve: what there is to choose from.
    all: Signal<Vec<PostRow>>,
    /// What has no slot yet, before the sieve.
    loose: Signal<Vec<PostRow>>,
    sieve: Memo<Sieve>,
    marks: RwSignal<Marks>,
    /// What of them is seen.
    seen: Memo<Marks>,
    /// What was promised for the week, network by network.
    promised: RwSignal<Vec<promised::Owed>>,
    /// The post whose deeds are open.
    chosen: RwSignal<Option<PostRow>>,
    /// The mark whose form is open: its identity, or nothing for a new one.
    marking: RwSignal<Option<Option<String>>>,
    /// The dialog that is open.
    asked: RwSignal<Option<Asked>>,
    /// Several posts are being moved: it goes on when the dialog is closed meanwhile, and says what came of it.
    moving: Work,
    placing: Placing,
    /// Asks the engine for all that is shown.
    again: Callback<()>,
    road: Road,
    may: May,
    today: NaiveDate,
    zone: StoredValue<Zone>,
}

impl Board {
    /// The civil date of a slot.
    fn day_of(self, at: Moment) -> NaiveDate {
        self.zone.with_value(|zone| zone.civil(at).date())
    }

    /// Which posts stand on which day.
    fn by_day(self, rows: &[PostRow]) -> Vec<(NaiveDate, Vec<usize>)> {
        let window = self.window.get();
        self.zone.with_value(|zone| window.by_day(zone, rows.iter().map(|row| row.slot)))
    }

    /// Moves a post to another day at the same hour; one without a slot is asked for its hour.
    fn move_to_day(self, row: &PostRow, day: NaiveDate) {
        match row.slot {
            Some(at) if self.day_of(at) == day => {}
            Some(at) => {
                let hour = self.zone.with_value(|zone| zone.civil(at).time());
                self.placing.place(wanted(row), day.and_time(hour), None);
            }
            None => self.placing.place(wanted(row), day.and_time(TEN), None),
        }
    }

    /// Moves a post to a place by its name: a day, or the instant at which an hour begins (then its minutes stay).
    fn move_to(self, row: &PostRow, place: &str) {
        if let Some(day) = slot::read_day(place) {
            return self.move_to_day(row, day);
        }
        let Ok(start) = place.parse() else { return };
        let (at, there) = self.zone.with_value(|zone| {
            let at = in_hour(Moment(start), row.slot, zone);
            (at, shift::Wanted::at(row.id.clone(), row.version, at, zone))
        });
        if row.slot != Some(at) {
            self.placing.place(wanted(row), there.civil, there.fold);
        }
    }

    /// A post that is shown, by its name.
    fn row(self, post: &str) -> Option<PostRow> {
        self.all.with_untracked(|rows| rows.iter().find(|row| row.id.as_str() == post).cloned())
    }

    /// Shows another stretch of days, or others of the posts.
    fn go(self, window: Window, sieve: &Sieve) {
        self.road.to(address(window, sieve));
    }

    /// Shows others of the posts, without a step in the history for each.
    fn sift(self, sieve: &Sieve) {
        self.road.instead(address(self.window.get_untracked(), sieve));
    }

    /// Shows marks of a kind again where they were hidden: what was noted just now is seen.
    fn reveal(self, kind: MarkKind) {
        let (sieve, layer) = (self.sieve.get_untracked(), Layer::Mark(kind));
        if sieve.hides(layer) {
            self.sift(&sieve.showing(layer, true));
        }
    }
}

fn address(window: Window, sieve: &Sieve) -> String {
    [routes::CALENDAR, "?", window.view.name(), "=", &window.name(), &sieve.in_address()].concat()
}

/// Where a post without an hour goes when it is dropped on a day.
const TEN: chrono::NaiveTime = match chrono::NaiveTime::from_hms_opt(10, 0, 0) {
    Some(ten) => ten,
    None => chrono::NaiveTime::MIN,
};

fn wanted(row: &PostRow) -> Wanted {
    let agreed = is_agreed(row.stage);
    Wanted { post: row.id.clone(), version: row.version, heading: row.heading.clone(), now_at: row.slot, agreed }
}

/// Whether an hour is kept by itself, or still has to be agreed to.
const fn is_agreed(stage: StageName) -> bool {
    !matches!(stage, StageName::Draft | StageName::InReview)
}

/// So many pages of what has no slot. `behind` is told how many more there are; 0 where that is not known.
async fn without_slot(pages: usize, behind: RwSignal<Option<u32>>) -> api::Answer<Vec<PostRow>> {
    let (mut rows, mut cursor) = (Vec::new(), None);
    for _ in 0..pages {
        let query = Query { unplaced: Some(true), cursor, ..Query::default() };
        let page = api::call(&posts::LIST, &[], &query).await?;
        rows.extend(page.items);
        cursor = page.next;
        let _ = behind.try_set(cursor.as_ref().map(|_| page.left.unwrap_or_default()));
        if cursor.is_none() {
            break;
        }
    }
    Ok(rows)
}

/// On the next visit this week's posts come while the program is still on its way. Those without a slot wait their turn:
/// nobody reads them first, and on a thin line they would take turns with the week.
fn ask_ahead(span: Span) {
    api::ahead::next_week(span.1.0, &[api::address(&posts::LIST, &in_span(span))]);
}

fn here(state: Load<Vec<PostRow>>) -> Vec<PostRow> {
    match state {
        Load::Here(rows) => rows,
        _ => Vec::new(),
    }
}

/// The page.
#[component]
pub fn Calendar() -> AnyView {
    let Some(me) = session().me.get_untracked() else { return ().into_any() };
    let (lang, road, query) = (lang(), Road::here(), use_query_map());
    let zone = me.zone;
    let today = zone.civil(time::now()).date();
    let window = Memo::new(move |_| {
        query.with(|query| {
            let named = |view: View| Window::named(view, &query.get(view.name())?);
            View::ALL.into_iter().find_map(named).unwrap_or_else(|| Window::around(View::Week, today))
        })
    });
    let sieve = Memo::new(move |_| query.with(Sieve::of));
    let zone = StoredValue::new(zone);
    around::title(lang.calendar_title());

    let trying = RwSignal::new(Vec::<(PostId, Moment)>::new());
    let span = move |window: Window| zone.with_value(|zone| window.span(zone));
    let fetched = Fetched::new(move || of_span(span(window.get_untracked())));
    let (pages, behind) = (RwSignal::new(1), RwSignal::new(None));
    let tray = Fetched::new(move || without_slot(pages.get_untracked(), behind));
    let wider = move || {
        pages.update(|pages| *pages += 1);
        tray.again();
        // The button may be gone with the last of them.
        page::focus("tray-title");
    };
    ask_ahead(span(Window::around(View::Week, today)));
    // What waits for whoever looks; asked for when it is first wanted.
    let waiting = RwSignal::new(None::<Vec<PostId>>);
    let ask_waiting = move || {
        leptos::task::spawn_local(async move {
            let query = Query { waiting: Some(true), ..Query::default() };
            if let Ok(page) = api::call(&posts::LIST, &[], &query).await {
                let _ = waiting.try_set(Some(page.items.into_iter().map(|row| row.id).collect()));
            }
        });
    };
    Effect::new(move |_| {
        if sieve.with(|sieve| sieve.mine) && waiting.with(Option::is_none) {
            ask_waiting();
        }
    });
    let marks = RwSignal::new(Marks { marks: Vec::new(), holidays: BTreeSet::new(), others: Vec::new() });
    let ask_marks = move || {
        let days = window.with_untracked(|window| {
            let (mut days, first) = (window.days(), window.first());
            let first = days.next().unwrap_or(first);
            Days { first, last: days.last().unwrap_or(first) }
        });
        leptos::task::spawn_local(async move {
            // Without them the posts are there all the same.
            if let Ok(found) = api::call(&MARKS, &[], &days).await {
                let _ = marks.try_set(found);
            }
        });
    };
    let seen = Memo::new(move |_| {
        let mut seen = marks.get();
        sieve.with(|sieve| sieve.see(&mut seen));
        seen
    });
    // Once the posts are drawn: nobody waits for a note before the week can be read.
    let drawn = Memo::new(move |_| fetched.state.with(|state| matches!(state, Load::Here(_))));
    Effect::new(move |_| {
        if drawn.get() {
            ask_marks();
        }
    });
    // What a colleague does is seen, and what goes out is seen to go out.
    pulse::on_calendar(move || {
        fetched.again();
        tray.again();
        ask_marks();
        if waiting.with_untracked(Option::is_some) {
            ask_waiting();
        }
    });
    let kept = Kept::new();
    // What is known of the days that are wanted is there while the engine is asked for them again.
    let show = move |to: Span| match kept.of(to) {
        Some(sheet) => fetched.put(sheet),
        None => fetched.state.set(Load::Coming),
    };
    Effect::new(move |_| {
        let Load::Here(sheet) = fetched.state.get() else { return };
        let (of, now) = (sheet.span, span(window.get_untracked()));
        kept.keep(sheet);
        if of != now {
            // It was turned on while this one was on its way.
            show(now);
            fetched.again();
        }
    });
    Effect::watch(
        // Another view of the same days has them already.
        move || window.get(),
        move |now, before, _| {
            let (to, from) = (span(*now), before.map(|before| span(*before)));
            if from.is_none_or(|from| from == to) {
                return;
            }
            show(to);
            fetched.again();
            ask_marks();
            // Who turns a page turns the next one too: it is there by then.
            let on = from.is_none_or(|from| from < to);
            let next = span(now.turned(if on { 1 } else { -1 }));
            if !kept.holds(next) {
                leptos::task::spawn_local(async move {
                    if let Ok(sheet) = of_span(next).await {
                        kept.keep(sheet);
                    }
                });
            }
        },
        false,
    );

    let placing = Placing::new(move |placed| settle(placed, trying, fetched, tray, kept));
    let listed = move || {
        let mut rows = fetched.state.with(|state| match state {
            Load::Here(sheet) => sheet.rows.clone(),
            _ => Vec::new(),
        });
        for (post, at) in trying.get() {
            if !rows.iter().any(|row| row.id == post) {
                rows.extend(here(tray.state.get()).into_iter().filter(|row| row.id == post));
            }
            for row in rows.iter_mut().filter(|row| row.id == post) {
                row.slot = Some(at);
            }
        }
        arrange(&mut rows, |row| row.slot);
        rows
    };
    let all = Signal::derive(listed);
    let shown = Memo::new(move |_| {
        // Not of the signal, which makes them and then copies all of them.
        let mut rows = listed();
        let beside = fetched.state.with(|state| {
            let beyond: &[PostRow] = if let Load::Here(sheet) = state { &sheet.beyond } else { &[] };
            card::beside(lang, &rows, beyond)
        });
        let mut kept: Vec<_> = rows.iter().map(|row| row.id.clone()).zip(beside).collect();
        sieve.with(|sieve| waiting.with(|waiting| sieve.pass(&mut rows, waiting.as_deref().unwrap_or_default())));
        // A clash is one also where the other is not shown. What passes is in the order of all: looked for from the beginning
        // each time, a month of 400 is 80,000 looks.
        let mut passed = rows.iter().peekable();
        kept.retain(|(id, _)| passed.next_if(|row| row.id == *id).is_some());
        Shown { rows, beside: kept.into_iter().map(|(_, beside)| beside).collect() }
    });
    // What is being placed leaves the tray at once, and comes back if it is refused.
    let in_tray = Signal::derive(move || {
        let mut rows = here(tray.state.get());
        trying.with(|trying| rows.retain(|row| !trying.iter().any(|(post, _)| *post == row.id)));
        sieve.with(|sieve| waiting.with(|waiting| sieve.pass(&mut rows, waiting.as_deref().unwrap_or_default())));
        rows
    });
    let may = May { place: domain::may(me.role, Act::Publish), write: domain::may(me.role, Act::Write) };
    let again = Callback::new(move |()| {
        fetched.again();
        tray.again();
    });
    let (chosen, marking, asked) = (RwSignal::new(None), RwSignal::new(None), RwSignal::new(None));
    let promised = RwSignal::new(Vec::new());
    let board = Board {
        window,
        shown,
        all,
        loose: Signal::derive(move || here(tray.state.get())),
        sieve,
        marks,
        seen,
        promised,
        chosen,
        marking,
        asked,
        moving: Work::new(),
        placing,
        again,
        road,
        may,
        today,
        zone,
    };
    provide_context(board);

    let cut = Memo::new(move |_| {
        fetched.state.with(|state| match state {
            Load::Here(sheet) if sheet.more => sheet.rows.last().and_then(|row| row.slot),
            _ => None,
        })
    });
    // On a phone what is seldom wanted waits behind one button: there the first day is what one came for.
    let tools = RwSignal::new(false);
    let hands = Hands { board, drag: Drag::new(), tray, focused: StoredValue::new(String::new()), tools };
    hands.keep_focus();
    let turn = move |by: i32| board.go(window.get_untracked().turned(by), &sieve.get_untracked());
    let home = move || {
        board.go(Window::around(window.get_untracked().view, today), &sieve.get_untracked());
    };
    let range = move || said(lang, window.get());
    let unit = move |before: bool| match (window.get().view, before) {
        (View::Month | View::List, true) => lang.calendar_before_month(),
        (View::Month | View::List, false) => lang.calendar_after_month(),
        (View::Day, true) => lang.calendar_before_day(),
        (View::Day, false) => lang.calendar_after_day(),
        (View::Week | View::Lanes, true) => lang.calendar_before(),
        (View::Week | View::Lanes, false) => lang.calendar_after(),
    };
    let switches = View::ALL.into_iter().map(|view| {
        let name = match view {
            View::Month => lang.calendar_view_month(),
            View::Week => lang.calendar_view_week(),
            View::Day => lang.calendar_view_day(),
            View::List => lang.calendar_view_list(),
            View::Lanes => lang.calendar_view_lanes(),
        };
        let press = move |_| board.go(window.get_untracked().seen_as(view, today), &sieve.get_untracked());
        view! {
            <button type="button" class="toggle" aria-pressed=move || (window.get().view == view).to_string()
                on:click=press>{name}</button>
        }
    });
    let turner = move |before: bool, glyph: Glyph, by: i32| {
        move || {
            view! {
                <Button bare=true tone=Tone::Quiet glyph label=unit(before) on_press=move || turn(by) />
            }
        }
    };
    let paneled = RwSignal::new(sieve.with_untracked(|sieve| sieve.count() > 0));
    let sifting = move || match sieve.with(Sieve::count) {
        0 => lang.calendar_sieve().to_owned(),
        count => lang.calendar_sieve_on(count),
    };
    let folded = move || match sieve.with(|sieve| sieve.count() + usize::from(!sieve.text.trim().is_empty())) {
        0 => lang.calendar_tools().to_owned(),
        count => lang.calendar_tools_on(count),
    };
    let zone_name = zone.with_value(|zone| zone.name.clone());
    let clocks = RwSignal::new(!second::wished().is_empty());
    view! {
        <div class="calendar" on:keydown=move |event| hands.key(&event)
            on:pointerdown=move |event| hands.drag.begin(&event) on:pointermove=move |event| hands.drag.follow(&event)
            on:pointerup=move |_| hands.drop() on:pointercancel=move |_| { hands.drag.end(); }
            on:click=move |event| hands.press(&event) on:focusin=move |event| hands.focus(&event)
            on:focusout=move |event| hands.leave(&event)>
            <header class="page-head">
                <h1>{lang.calendar_title()}</h1>
                <LinkButton href=routes::COMPOSE tone=Tone::Primary glyph=Glyph::Plus>{lang.calendar_new()}</LinkButton>
            </header>
            <div class="calendar-bar">
                <div class="calendar-turn">
                    {turner(true, Glyph::Before, -1)}
                    <Button on_press=home>{lang.calendar_today()}</Button>
                    {turner(false, Glyph::After, 1)}
                </div>
                <p class="calendar-range" role="status">{range}</p>
                <div class="calendar-views" role="group" aria-label=lang.calendar_views()>{switches.collect::<Vec<_>>()}</div>
                <button type="button" class="toggle calendar-more" aria-expanded=move || tools.get().to_string()
                    aria-controls="calendar-tools" on:click=move |_| tools.update(|open| *open = !*open)>{folded}</button>
            </div>
            <div id="calendar-tools" class="calendar-tools" data-open=move || tools.get().then_some("yes")>
                <div class="calendar-bar calendar-finding">
                    <input type="search" id="calendar-search" class="input" aria-label=lang.calendar_search() placeholder=lang.calendar_search()
                        prop:value=move || sieve.with(|sieve| sieve.text.clone())
                        on:input=move |event| board.sift(&Sieve { text: event_target_value(&event), ..sieve.get_untracked() }) />
                    {move || {
                        let text = sieve.with(|sieve| sieve.text.trim().to_owned());
                        everywhere(&text)
                    }}
                    <button type="button" class="toggle" aria-expanded=move || paneled.get().to_string() aria-controls="sieve"
                        on:click=move |_| paneled.update(|open| *open = !*open)>{sifting}</button>
                    {may.write.then(|| view! {
                        <LinkButton tone=Tone::Quiet href=routes::IMPORT>{lang.import_open()}</LinkButton>
                        <Button tone=Tone::Quiet glyph=Glyph::Pencil on_press=move || marking.set(Some(None))>{lang.calendar_mark()}</Button>
                    })}
                    {may.place.then(|| view! {
                        <Button tone=Tone::Quiet on_press=move || asked.set(Some(Asked::Shift))>{lang.calendar_shift()}</Button>
                    })}
                    <Button tone=Tone::Quiet glyph=Glyph::Out on_press=move || asked.set(Some(Asked::Out))>{lang.sharing_open()}</Button>
                </div>
                <div id="sieve" hidden=move || !paneled.get()>{move || paneled.get().then(chunks::panel)}</div>
                <div class="calendar-bar calendar-clock">
                    <p class="hint calendar-zone">{lang.compose_zone(zone_name)}"."<span class="keys">" "{lang.calendar_keys()}</span></p>
                    <button type="button" class="toggle" aria-expanded=move || clocks.get().to_string() aria-controls="clock"
                        on:click=move |_| clocks.update(|open| *open = !*open)>{lang.clock_second()}</button>
                </div>
                <div id="clock" hidden=move || !clocks.get()>{move || clocks.get().then(chunks::clock)}</div>
            </div>
            <div class="calendar-columns">
                <div class="calendar-main">
                    {move || cut.get().map(|last| more(board, last))}
                    {fetched.frame(move || match window.get().view {
                        View::Week => week::strip(board),
                        _ => chunks::far(),
                    })}
                    <Show when=move || drawn.get() && matches!(window.get().view, View::Week | View::Lanes)>
                        <even::Evenness board />
                        {chunks::promised()}
                    </Show>
                </div>
                <aside class="tray" aria-label=lang.calendar_tray()>
                    <h2 id="tray-title" tabindex="-1">{lang.calendar_tray()}</h2>
                    {tray.frame(move || week::tray(board, in_tray))}
                    {move || behind.get().map(|left| view! {
                        {(left > 0).then(|| view! { <p class="hint">{lang.calendar_tray_left(left as usize)}</p> })}
                        <Button on_press=wider>{lang.general_show_more()}</Button>
                    })}
                </aside>
            </div>
            {deeds::deeds(board)}
            <PlaceDialogs placing />
            {move || marking.with(Option::is_some).then(chunks::marking)}
            {move || asked.with(Option::is_some).then(chunks::asking)}
        </div>
    }
    .into_any()
}

/// Says that there are more posts than these, from when on they are missing, and how to see them.
fn more(board: Board, last: Moment) -> AnyView {
    let lang = lang();
    let closer = move || match board.window.get().view {
        View::Month | View::List => Some((View::Week, lang.calendar_cut_week())),
        View::Week | View::Lanes => Some((View::Day, lang.calendar_cut_day())),
        View::Day => None,
    };
    let button = move || {
        closer().map(|(view, name)| {
            // Where they begin to be missing, not where one happens to be.
            let there = move || board.go(Window::around(view, board.day_of(last)), &board.sieve.get_untracked());
            view! { <Button on_press=there>{name}</Button> }
        })
    };
    view! {
        <Notice gravity=Gravity::Warn title=lang.calendar_cut_title()>
            <p>{lang.calendar_cut_text(around::when(last, Form::Full))}</p>
            {button}
        </Notice>
    }
    .into_any()
}

/// A stretch of days, as its heading says it.
fn said(lang: words::Lang, window: Window) -> String {
    let text = |day, form| time::date(day, lang.tag(), form);
    match window.view {
        View::Month | View::List => text(window.first(), Form::Month),
        View::Day => text(window.first(), Form::DayYear),
        View::Week | View::Lanes => {
            let week = chrono::Datelike::iso_week(&window.first()).week().to_string();
            lang.calendar_range(text(window.first(), Form::Date), text(window.last(), Form::Date), week)
        }
    }
}

/// The hands on the page: one set of listeners for all cards, however many there are.
#[derive(Clone, Copy)]
struct Hands {
    board: Board,
    drag: Drag,
    tray: Fetched<Vec<PostRow>>,
    /// The name of what has the focus.
    focused: StoredValue<String>,
    /// Whether what is folded away on a phone is shown.
    tools: RwSignal<bool>,
}

impl Hands {
    fn row(self, post: &str) -> Option<PostRow> {
        let waits = || self.tray.now()?.into_iter().find(|row| row.id.as_str() == post);
        self.board.row(post).or_else(waits)
    }

    fn drop(self) {
        if let Some((card, place)) = self.drag.end()
            && let Some(row) = self.row(&card)
        {
            self.board.move_to(&row, &place);
        }
    }

    fn press(self, event: &MouseEvent) {
        let named = |selector: &str, name: &str| nearest::<web_sys::Element>(event, selector)?.get_attribute(name);
        if let Some(post) = named("[data-of]", "data-of") {
            self.board.chosen.set(self.row(&post));
        } else if let Some(mark) = named("[data-mark]", "data-mark") {
            self.board.marking.set(Some(Some(mark)));
        }
    }

    /// Shift with the arrows turns, M moves the post that has the focus: only while the focus is in the calendar and not
    /// where one writes, so that nothing of the browser or of a screen reader is taken away.
    fn key(self, event: &KeyboardEvent) {
        let board = self.board;
        if event.alt_key()
            || event.ctrl_key()
            || event.meta_key()
            || nearest::<web_sys::Element>(event, "input, dialog").is_some()
        {
            return;
        }
        let turn = |by: i32| board.go(board.window.get_untracked().turned(by), &board.sieve.get_untracked());
        match (event.shift_key(), event.key().as_str()) {
            (true, "ArrowLeft") => turn(-1),
            (true, "ArrowRight") => turn(1),
            (true, "Home") => {
                let view = board.window.get_untracked().view;
                board.go(Window::around(view, board.today), &board.sieve.get_untracked());
            }
            (false, "m" | "M") => {
                let on = nearest::<web_sys::Element>(event, "[data-post]");
                let row = on.and_then(|on| self.row(&on.get_attribute("data-post")?));
                match row.filter(|row| board.may.moves(row)) {
                    Some(row) => board.placing.ask(wanted(&row)),
                    None => return,
                }
            }
            // On a Spanish keyboard it has Shift.
            (_, "/") => {
                // Where it is folded away it is shown first.
                self.tools.set(true);
                request_animation_frame(|| page::focus("calendar-search"));
            }
            _ => return,
        }
        event.prevent_default();
    }

    fn focus(self, event: &FocusEvent) {
        let named = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        self.focused.set_value(named.map(|named| named.id()).unwrap_or_default());
    }

    /// Whoever has left a post is let go, once the next frame is drawn: what is drawn anew loses the focus too, and nobody left it.
    fn leave(self, event: &FocusEvent) {
        let Some(left) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else { return };
        request_animation_frame(move || {
            let name = left.id();
            if left.is_connected() && page::focused().is_none_or(|now| now != name) {
                self.focused.try_update_value(|kept| {
                    if *kept == name {
                        kept.clear();
                    }
                });
            }
        });
    }

    /// Whoever has the focus on a post keeps it there when a colleague moves another: cards are drawn in place, and the
    /// element that had the focus may be another post's by then.
    fn keep_focus(self) {
        Effect::new(move |_| {
            self.board.shown.track();
            let name = self.focused.get_value();
            if !name.starts_with(card::SLIP) {
                return;
            }
            request_animation_frame(move || {
                // From another post, or from nowhere where the element is gone: whoever has left it is let go.
                if page::focused().is_none_or(|now| now != name && now.starts_with(card::SLIP)) {
                    page::focus(&name);
                }
            });
        });
    }
}

/// What became of a move: shown at once, undone when refused, and with a way back when it went well.
fn settle(
    placed: Placed,
    trying: RwSignal<Vec<(PostId, Moment)>>,
    week: Fetched<Sheet>,
    tray: Fetched<Vec<PostRow>>,
    kept: Kept,
) {
    let lang = lang();
    match placed {
        Placed::Trying(post, at) => trying.update(|all| {
            all.retain(|(other, _)| *other != post);
            all.push((post, at));
        }),
        Placed::Refused(wanted, problem) => {
            trying.update(|all| all.retain(|(post, _)| *post != wanted.post));
            // A question about the clocks is asked in its own dialog.
            let asked =
                matches!(problem.refusal(), Some(domain::Refusal::InAGap { .. } | domain::Refusal::InAFold { .. }));
            if !asked {
                parts_trouble(&lang.calendar_not_moved(wanted.heading), &problem);
            }
            week.again();
        }
        Placed::Done(wanted, version, slot) => {
            trying.update(|all| all.retain(|(post, _)| *post != wanted.post));
            let text = match slot {
                Some(at) if wanted.agreed => lang.calendar_moved(wanted.heading.clone(), around::when(at, Form::Full)),
                Some(at) => lang.plan_moved(wanted.heading.clone(), around::when(at, Form::Full)),
                None => lang.calendar_unplaced(wanted.heading.clone()),
            };
            kept.moved(&wanted.post, slot, version);
            take(week, &wanted.post, slot, version);
            week.again();
            tray.again();
            // The answer may be late: whoever has gone on to something else meanwhile stays there.
            page::catch_focus(card::slip_id(&wanted.post));
            let back = Callback::new(move |()| undo(wanted.clone(), version, week, tray, kept));
            toasts::offer(text, lang.calendar_undo(), back);
        }
    }
}

/// Puts the answer in the list at once; the next fetch confirms it.
fn take(week: Fetched<Sheet>, post: &PostId, slot: Option<Moment>, version: u64) {
    if let Some(mut sheet) = week.now() {
        sheet.moved(post, slot, version);
        week.put(sheet);
    }
}

fn parts_trouble(what: &str, problem: &api::Problem) {
    toasts::say(Gravity::Bad, format!("{what} {}", parts::problem_sentence(problem)));
}

/// Back to where it was, by the same commands.
fn undo(wanted: Wanted, version: u64, week: Fetched<Sheet>, tray: Fetched<Vec<PostRow>>, kept: Kept) {
    let lang = lang();
    let zone = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.clone())).unwrap_or_else(Zone::utc);
    leptos::task::spawn_local(async move {
        let post = wanted.post.as_str();
        let answer = match wanted.now_at {
            Some(at) => {
                let shift::Wanted { civil, fold, .. } = shift::Wanted::at(wanted.post.clone(), version, at, &zone);
                api::part::<_, _, IgnoredAny>(&posts::PLACE, &[post], &posts::Place { version, civil, fold }).await
            }
            None => api::part(&posts::UNPLACE, &[post], &posts::AtVersion { version }).await,
        };
        match answer {
            Ok(_) => {
                kept.forget(&wanted.post);
                toasts::done(lang.calendar_undone(wanted.heading));
            }
            Err(problem) => parts_trouble(&lang.calendar_not_moved(wanted.heading), &problem),
        }
        // The page may have been left; then there is nothing to fetch.
        if week.state.try_get_untracked().is_some() {
            week.again();
            tray.again();
        }
    });
}

/// The way to look in all days, and in what the posts say.
fn everywhere(text: &str) -> AnyView {
    let lang = lang();
    let (href, name) = match text {
        "" => (routes::SEARCH.to_owned(), lang.search_everywhere().to_owned()),
        text => (routes::search(text), lang.search_everywhere_for(text)),
    };
    view! { <LinkButton tone=Tone::Quiet glyph=Glyph::Search href>{name}</LinkButton> }.into_any()
}

/// What stands where there is nothing to show.
fn nothing(board: Board) -> AnyView {
    let lang = lang();
    if board.all.with(|rows| !rows.is_empty()) {
        let text = board.sieve.with(|sieve| sieve.text.trim().to_owned());
        return view! {
            <Empty glyph=Glyph::Calendar title=lang.calendar_sifted_title() text=lang.calendar_sifted_text()>
                {(!text.is_empty()).then(|| everywhere(&text))}
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty glyph=Glyph::Calendar title=lang.calendar_empty_title() text=lang.calendar_empty_text()>
            <LinkButton href=routes::COMPOSE tone=Tone::Primary>{lang.calendar_new()}</LinkButton>
        </Empty>
    }
    .into_any()
}

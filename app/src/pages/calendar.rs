//! The calendar: the week as a strip or a list, what is approved and has no slot beside it, and how evenly the
//! networks are served. The week stands in the address.

mod card;
mod drag;
mod even;
mod placing;
mod week;

use chrono::{Days, NaiveDate};
use domain::{Act, Moment, PostId, StageName, zone::Zone};
use leptos::{ev::KeyboardEvent, prelude::*};
use leptos_router::hooks::use_query_map;
use serde::de::IgnoredAny;
use wire::posts::{self, PostRow, Query};

use self::{
    drag::Drag,
    placing::{PlaceDialogs, Placed, Placing, Wanted},
};
use super::around::{self, Fetched, Load, Road};
use crate::{
    api,
    parts::{self, arrange},
    platform::{
        page,
        time::{self, Form},
    },
    routes,
    state::{lang, session, toasts},
    ui::{Button, Empty, Glyph, LinkButton, Tone},
};

pub use card::{condition, marks, mood};
pub use placing::{PlaceDialogs as Places, Placed as Moved, Placing as Mover, Wanted as Movable};

/// How the week is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Week,
    List,
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Board {
    /// What is in the week, with what was moved and not answered yet.
    rows: Signal<Vec<PostRow>>,
    placing: Placing,
    drag: Drag,
    may_place: bool,
    zone: StoredValue<Zone>,
}

impl Board {
    /// The civil date of a slot.
    fn day_of(self, at: Moment) -> NaiveDate {
        self.zone.with_value(|zone| zone.civil(at).date())
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

/// The instant at which a civil day begins.
fn midnight(zone: &Zone, day: NaiveDate) -> Moment {
    use domain::zone::Resolved;
    match zone.resolve(day.and_time(chrono::NaiveTime::MIN)) {
        Resolved::One(at) | Resolved::Fold { first: at, .. } | Resolved::Gap { after: at, .. } => at,
    }
}

/// From when until when a week is.
fn of_week(zone: &Zone, monday: NaiveDate) -> (i64, i64) {
    (midnight(zone, monday).0, midnight(zone, monday + Days::new(7)).0)
}

fn in_span((from, until): (i64, i64)) -> Query {
    Query { from: Some(from), until: Some(until), ..Query::default() }
}

fn without_slot() -> Query {
    Query { unplaced: Some(true), ..Query::default() }
}

/// On the next visit this week's posts come while the program is still on its way. Those without a slot wait their turn:
/// nobody reads them first, and on a thin line they would take turns with the week.
fn ask_ahead(span: (i64, i64)) {
    api::ahead::next_week(span.1, &[api::address(&posts::LIST, &in_span(span))]);
}

/// The page.
#[component]
pub fn Calendar() -> AnyView {
    let Some(me) = session().me.get_untracked() else { return ().into_any() };
    let (lang, road, query) = (lang(), Road::here(), use_query_map());
    let zone = me.zone;
    let today = zone.civil(time::now()).date();
    let monday = Memo::new(move |_| {
        let named = query.with(|query| query.get("week")).and_then(|name| time::week_start(&name));
        named.unwrap_or_else(|| time::monday_of(today))
    });
    let view = Memo::new(move |_| match query.with(|query| query.get("view")).as_deref() {
        Some("list") => View::List,
        _ => View::Week,
    });
    let zone = StoredValue::new(zone);
    around::title(lang.calendar_title());

    let trying = RwSignal::new(Vec::<(PostId, Moment)>::new());
    let span = move || zone.with_value(|zone| of_week(zone, monday.get_untracked()));
    let week = Fetched::new(move || {
        let query = in_span(span());
        async move { api::call(&posts::LIST, &[], &query).await.map(|page| page.items) }
    });
    let tray = Fetched::new(|| async { api::call(&posts::LIST, &[], &without_slot()).await.map(|page| page.items) });
    ask_ahead(zone.with_value(|zone| of_week(zone, time::monday_of(today))));
    // The chips move by themselves: what goes out is seen to go out.
    week.follow(20);
    Effect::watch(
        move || monday.get(),
        move |_, _, _| {
            week.state.set(Load::Coming);
            week.again();
        },
        false,
    );

    let placing = Placing::new(move |placed| settle(placed, trying, week, tray));
    let rows = Signal::derive(move || {
        let mut rows = match week.state.get() {
            Load::Here(rows) => rows,
            _ => Vec::new(),
        };
        let waiting = match tray.state.get() {
            Load::Here(rows) => rows,
            _ => Vec::new(),
        };
        for (post, at) in trying.get() {
            if !rows.iter().any(|row| row.id == post) {
                rows.extend(waiting.iter().filter(|row| row.id == post).cloned());
            }
            for row in rows.iter_mut().filter(|row| row.id == post) {
                row.slot = Some(at);
            }
        }
        arrange(&mut rows, |row| row.slot);
        rows
    });
    // What is being placed leaves the tray at once, and comes back if it is refused.
    let waiting = Signal::derive(move || {
        let mut rows = match tray.state.get() {
            Load::Here(rows) => rows,
            _ => Vec::new(),
        };
        trying.with(|trying| rows.retain(|row| !trying.iter().any(|(post, _)| *post == row.id)));
        rows
    });
    let may_place = domain::may(me.role, Act::Publish);
    let board = Board { rows, placing, drag: Drag::new(), may_place, zone };

    let go = move |monday: NaiveDate, view: View| {
        let view = if view == View::List { "&view=list" } else { "" };
        road.to(format!("{}?week={}{view}", routes::CALENDAR, time::week_name(monday)));
    };
    let turn = move |weeks: i64| {
        let monday = monday.get_untracked() + chrono::Duration::weeks(weeks);
        go(monday, view.get_untracked());
    };
    let home = move || go(time::monday_of(today), view.get_untracked());
    // Shift with the arrows, and only while the focus is in the calendar: nothing of the browser or of a screen
    // reader is taken away.
    let keys = move |event: KeyboardEvent| {
        if !event.shift_key() || event.alt_key() || event.ctrl_key() {
            return;
        }
        match event.key().as_str() {
            "ArrowLeft" => turn(-1),
            "ArrowRight" => turn(1),
            "Home" => home(),
            _ => return,
        }
        event.prevent_default();
    };
    let range = move || {
        let monday = monday.get();
        let text = |day| time::date(day, lang.tag(), Form::Date);
        lang.calendar_range(text(monday), text(monday + Days::new(6)))
    };
    let switch = move |one: View, name: &'static str| {
        view! {
            <button type="button" class="toggle" aria-pressed=move || (view.get() == one).to_string()
                on:click=move |_| go(monday.get_untracked(), one)>{name}</button>
        }
    };
    let zone_name = zone.with_value(|zone| zone.name.clone());
    view! {
        <div class="calendar" on:keydown=keys>
            <header class="page-head">
                <h1>{lang.calendar_title()}</h1>
                <LinkButton href=routes::COMPOSE tone=Tone::Primary glyph=Glyph::Plus>{lang.calendar_new()}</LinkButton>
            </header>
            <div class="calendar-bar">
                <div class="calendar-turn">
                    <Button bare=true tone=Tone::Quiet glyph=Glyph::Before label=lang.calendar_before() on_press=move || turn(-1) />
                    <Button on_press=home>{lang.calendar_today()}</Button>
                    <Button bare=true tone=Tone::Quiet glyph=Glyph::After label=lang.calendar_after() on_press=move || turn(1) />
                </div>
                <p class="calendar-range" role="status">{range}</p>
                <div class="calendar-views" role="group" aria-label=lang.calendar_views()>
                    {switch(View::Week, lang.calendar_view_week())}
                    {switch(View::List, lang.calendar_view_list())}
                </div>
            </div>
            <p class="hint calendar-zone">{lang.compose_zone(zone_name)}"."<span class="calendar-keys">" "{lang.calendar_keys()}</span></p>
            <div class="calendar-columns">
                <div class="calendar-main">
                    {week.frame(move || match view.get() {
                        View::Week => view! { <week::Strip board monday=monday.get() today /> }.into_any(),
                        View::List => view! { <week::List board monday=monday.get() today /> }.into_any(),
                    })}
                    <Show when=move || matches!(week.state.get(), Load::Here(_))>
                        <even::Evenness board monday=monday.get() />
                    </Show>
                </div>
                <aside class="tray" aria-label=lang.calendar_tray()>
                    <h2>{lang.calendar_tray()}</h2>
                    {tray.frame(move || week::tray(board, waiting))}
                </aside>
            </div>
            <PlaceDialogs placing />
        </div>
    }
    .into_any()
}

/// What became of a move: shown at once, undone when refused, and with a way back when it went well.
fn settle(
    placed: Placed,
    trying: RwSignal<Vec<(PostId, Moment)>>,
    week: Fetched<Vec<PostRow>>,
    tray: Fetched<Vec<PostRow>>,
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
            take(week, &wanted.post, slot, version);
            week.again();
            tray.again();
            let moved = card::slip_id(&wanted.post);
            request_animation_frame(move || page::focus(&moved));
            let back = Callback::new(move |()| undo(wanted.clone(), version, week, tray));
            toasts::offer(text, lang.calendar_undo(), back);
        }
    }
}

/// Puts the answer in the list at once; the next fetch confirms it.
fn take(week: Fetched<Vec<PostRow>>, post: &PostId, slot: Option<Moment>, version: u64) {
    let stage = if slot.is_some() { StageName::Placed } else { StageName::Approved };
    if let Some(mut rows) = week.now() {
        for row in rows.iter_mut().filter(|row| row.id == *post) {
            (row.slot, row.version) = (slot, version);
            if is_agreed(row.stage) {
                row.stage = stage;
            }
        }
        rows.retain(|row| row.slot.is_some());
        week.put(rows);
    }
}

fn parts_trouble(what: &str, problem: &api::Problem) {
    toasts::say(crate::ui::Gravity::Bad, format!("{what} {}", parts::problem_sentence(problem)));
}

/// Back to where it was, by the same commands.
fn undo(wanted: Wanted, version: u64, week: Fetched<Vec<PostRow>>, tray: Fetched<Vec<PostRow>>) {
    let lang = lang();
    let zone = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.clone())).unwrap_or_else(Zone::utc);
    leptos::task::spawn_local(async move {
        let post = wanted.post.as_str();
        let answer = match wanted.now_at {
            Some(at) => {
                let civil = zone.civil(at);
                let fold = match zone.resolve(civil) {
                    domain::zone::Resolved::Fold { first, .. } if first == at => Some(domain::slot::Fold::First),
                    domain::zone::Resolved::Fold { .. } => Some(domain::slot::Fold::Second),
                    _ => None,
                };
                api::part::<_, _, IgnoredAny>(&posts::PLACE, &[post], &posts::Place { version, civil, fold }).await
            }
            None => api::part(&posts::UNPLACE, &[post], &posts::AtVersion { version }).await,
        };
        match answer {
            Ok(_) => toasts::done(lang.calendar_undone(wanted.heading)),
            Err(problem) => parts_trouble(&lang.calendar_not_moved(wanted.heading), &problem),
        }
        // The page may have been left; then there is nothing to fetch.
        if week.state.try_get_untracked().is_some() {
            week.again();
            tray.again();
        }
    });
}

/// What stands where there is nothing in the week.
fn nothing() -> AnyView {
    let lang = lang();
    view! {
        <Empty glyph=Glyph::Calendar title=lang.calendar_empty_title() text=lang.calendar_empty_text()>
            <LinkButton href=routes::COMPOSE tone=Tone::Primary>{lang.calendar_new()}</LinkButton>
        </Empty>
    }
    .into_any()
}

//! A post that comes again: how often, until when, every day of it with what stands there, and the drafts that are made of those
//! that stay ticked. Separate from the calendar: the page of a post asks for it too.
//!
//! The days are named by the rule itself, here, while one chooses; the engine names them again by the same rule.

use std::cell::RefCell;

use chrono::{Datelike, Days, NaiveDate};
use domain::{
    Moment, PostId, Refusal, SeriesId,
    feast::{Feast, feasts},
    series::{BLANKS, End, Every, Nth, Occurrence, Recurrence},
    shift::Mind,
    slot::{self, Fold, read_day},
    window::{View, Window},
    zone::{Resolved, Zone},
};
use gloo_timers::future::TimeoutFuture;
use leptos::{ev, prelude::*, task::spawn_local};
use serde::Deserialize;
use serde_json::Value;
use wire::{
    Nothing, posts,
    series::{Beside, LOOK, MAKE, Made, Make},
};

use super::around::{self, Fetched};
use crate::{
    api::{self, Answer, Problem, trouble},
    parts::{ProblemNotice, RegionField, last_region, problem_sentence},
    platform::{
        page,
        time::{self, Form},
    },
    routes,
    state::{drafts, lang, session, toasts},
    ui::{Button, Dialog, Gravity, LinkButton, Notice, Select, TextField, Tone},
};

/// Whoever types is asked about once they pause.
const PAUSE_MS: u32 = 400;

thread_local! {
    /// What was asked for last and is not whole, of which post, and under which identity: asked for again, it is the same series,
    /// also in a dialog that was closed meanwhile.
    static BEGUN: RefCell<Option<((PostId, Make), SeriesId)>> = const { RefCell::new(None) };
}

/// What stands where the button stood.
const DONE: &str = "repeat-done";

/// The post that comes again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// Which.
    pub post: PostId,
    /// Its name.
    pub heading: String,
    /// When it goes out, if that is known.
    pub at: Option<Moment>,
}

/// What a page hands over that fetches the dialog.
#[derive(Debug, Clone, Copy)]
pub struct Repeating {
    /// The post, while the dialog is open.
    pub of: RwSignal<Option<Repeated>>,
    /// Told when drafts were made.
    pub made: Callback<()>,
}

/// The dialog, of a page that handed over a [`Repeating`].
#[component]
pub fn Repeat() -> AnyView {
    let Some(Repeating { of: there, made }) = use_context::<Repeating>() else { return ().into_any() };
    let Some(of) = there.get_untracked() else { return ().into_any() };
    dialog(of, Callback::new(move |()| there.set(None)), made)
}

/// The dialog; open for as long as it is there.
pub fn dialog(of: Repeated, close: Callback<()>, made: Callback<()>) -> AnyView {
    let lang = lang();
    // Closed first and taken away afterwards: the browser then gives the focus back to what opened it.
    let open = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            close.run(());
        }
    });
    // So that a rule that is none can be said.
    spawn_local(async {
        trouble::bring().await;
    });
    let post = of.post.clone();
    let read = Fetched::new(move || {
        let post = post.clone();
        async move { api::part::<_, _, Read>(&posts::READ, &[post.as_str()], &Nothing {}).await }
    });
    view! {
        <Dialog open title=lang.series_title() close=lang.general_close() wide=true>
            {
                let of = of.clone();
                read.draw(move |read: Read| form(of.clone(), &read, open, made))
            }
        </Dialog>
    }
    .into_any()
}

/// What is asked of the post.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Read {
    post: Thin,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Thin {
    version: u64,
    content: Value,
}

/// What is chosen, as it stands in the fields.
#[derive(Debug, Clone, Copy)]
struct Chosen {
    every: RwSignal<String>,
    weeks: RwSignal<String>,
    days: RwSignal<Vec<u8>>,
    day: RwSignal<String>,
    nth: RwSignal<String>,
    weekday: RwSignal<String>,
    first: RwSignal<String>,
    hour: RwSignal<String>,
    end: RwSignal<String>,
    count: RwSignal<String>,
    until: RwSignal<String>,
    fold: RwSignal<String>,
}

/// One day in the list.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    one: Occurrence,
    /// Why nothing can be made of it.
    no: Option<Refusal>,
}

impl Line {
    fn day(&self) -> NaiveDate {
        self.one.civil.date()
    }
}

/// What the parts of the dialog share.
#[derive(Clone, Copy)]
struct Desk {
    chosen: Chosen,
    /// The days of the rule, or why it is none; nothing while something is missing.
    lines: Memo<Option<Result<Vec<Line>, Refusal>>>,
    /// Whether one of them has its hour twice.
    twice: Memo<bool>,
    /// What is not ticked.
    off: RwSignal<Vec<NaiveDate>>,
    /// What the engine knows of the days.
    beside: RwSignal<Vec<Beside>>,
    /// The holidays of the region that is chosen.
    feasts: Memo<Vec<(NaiveDate, String)>>,
}

impl Desk {
    /// The days of which drafts are made. Tracks.
    fn ticked(self) -> Vec<NaiveDate> {
        self.off.with(|off| {
            self.lines.with(|lines| match lines {
                Some(Ok(lines)) => lines
                    .iter()
                    .filter(|line| line.no.is_none())
                    .map(Line::day)
                    .filter(|day| !off.contains(day))
                    .collect(),
                _ => Vec::new(),
            })
        })
    }

    /// Whether nobody works on a day. Tracks.
    fn is_holiday(self, day: NaiveDate) -> bool {
        let closed = self.beside.with(|all| all.iter().any(|one| one.day == day && one.holiday));
        closed || self.feasts.with(|all| all.iter().any(|(on, _)| *on == day))
    }
}

impl Chosen {
    /// What is offered: a week after the post, at its hour; tomorrow at ten if it has none.
    fn new(of: &Repeated, zone: &Zone, now: Moment) -> Self {
        let today = zone.civil(now).date();
        let stood = of.at.map(|at| zone.civil(at));
        let tomorrow = today + Days::new(1);
        let first = stood.map_or(tomorrow, |civil| {
            let mut day = civil.date() + Days::new(7);
            // What went out long ago comes again on the next such day.
            if day <= today {
                let ahead = (civil.date() - today).num_days().rem_euclid(7);
                day = today + Days::new(if ahead == 0 { 7 } else { ahead.unsigned_abs() });
            }
            day
        });
        let hour = stood.map_or_else(|| "10:00".to_owned(), |civil| slot::civil_text(civil).split_off(11));
        let weekday = first.weekday().num_days_from_monday() as u8;
        let nth = Nth::ALL.get(first.day0() as usize / 7).copied().unwrap_or(Nth::Last);
        Self {
            every: RwSignal::new("weeks".to_owned()),
            weeks: RwSignal::new("1".to_owned()),
            days: RwSignal::new(vec![weekday]),
            day: RwSignal::new(first.day().to_string()),
            nth: RwSignal::new(nth_name(nth).to_owned()),
            weekday: RwSignal::new(weekday.to_string()),
            first: RwSignal::new(first.to_string()),
            hour: RwSignal::new(hour),
            end: RwSignal::new("count".to_owned()),
            count: RwSignal::new("10".to_owned()),
            until: RwSignal::new((first + Days::new(90)).to_string()),
            fold: RwSignal::new(String::new()),
        }
    }

    /// The rule that the fields say; nothing while one of them says nothing. Tracks.
    fn rule(self) -> Option<Recurrence> {
        let number = |field: RwSignal<String>| field.with(|text| text.trim().parse::<u8>().ok());
        let every = match self.every.get().as_str() {
            "month_day" => Every::MonthDay { day: number(self.day)? },
            "month_weekday" => {
                let nth = self.nth.with(|name| Nth::ALL.into_iter().find(|nth| nth_name(*nth) == name))?;
                Every::MonthWeekday { nth, day: number(self.weekday)? }
            }
            "year" => Every::Year {},
            _ => Every::Weeks { weeks: number(self.weeks)?, days: self.days.get() },
        };
        let end = match self.end.get().as_str() {
            "until" => End::Until { day: self.until.with(|text| read_day(text))? },
            _ => End::Count { count: number(self.count)? },
        };
        let first = [self.first.get(), self.hour.get()].join("T");
        let first = slot::parse_civil(&first).ok()?;
        let fold = match self.fold.get().as_str() {
            "first" => Some(Fold::First),
            "second" => Some(Fold::Second),
            _ => None,
        };
        Some(Recurrence { every, first, end, without: Default::default(), fold })
    }
}

const fn nth_name(nth: Nth) -> &'static str {
    match nth {
        Nth::First => "first",
        Nth::Second => "second",
        Nth::Third => "third",
        Nth::Fourth => "fourth",
        Nth::Last => "last",
    }
}

fn lines(rule: &Recurrence, zone: &Zone, window: domain::Millis, now: Moment) -> Result<Vec<Line>, Refusal> {
    let line = |one: Occurrence| Line { one, no: rule.slot(&one, zone, window, now).err() };
    Ok(rule.every_one()?.into_iter().map(line).collect())
}

fn form(of: Repeated, read: &Read, open: RwSignal<bool>, made: Callback<()>) -> AnyView {
    let lang = lang();
    let Some(me) = session().me.get_untracked() else { return ().into_any() };
    let (now, window) = (time::now(), me.organisation.policy.window);
    let chosen = Chosen::new(&of, &me.zone, now);
    let zone = StoredValue::new(me.zone);
    let rule = Memo::new(move |_| chosen.rule());
    let lines = Memo::new(move |_| {
        rule.with(|rule| rule.as_ref().map(|rule| zone.with_value(|zone| lines(rule, zone, window, now))))
    });
    let twice = Memo::new(move |_| {
        let folds = |line: &Line| zone.with_value(|zone| matches!(zone.resolve(line.one.civil), Resolved::Fold { .. }));
        lines.with(|lines| matches!(lines, Some(Ok(lines)) if lines.iter().any(folds)))
    });
    let region = RwSignal::new(last_region());
    let feasts = Memo::new(move |_| {
        let mut years: Vec<i32> = lines.with(|lines| match lines {
            Some(Ok(lines)) => lines.iter().map(|line| line.day().year()).collect(),
            _ => Vec::new(),
        });
        years.dedup();
        let named = |feast: Feast| (feast.day, if lang.tag() == "es" { feast.es } else { feast.en }.to_owned());
        region.with(|region| years.into_iter().flat_map(|year| feasts(region, year)).map(named).collect::<Vec<_>>())
    });
    let beside = RwSignal::new(Vec::new());
    look(of.post.clone(), rule, beside);
    let desk = Desk { chosen, lines, twice, off: RwSignal::new(Vec::new()), beside, feasts };

    let course = Course::new(of.post.clone(), read.post.version, rule, desk, made);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        course.begin();
    };
    let heading = if of.heading.is_empty() { lang.post_untitled().to_owned() } else { of.heading.clone() };
    let blank = BLANKS.into_iter().find(|blank| read.post.content.to_string().contains(blank));
    let words = blank.map_or_else(
        || lang.series_not_dated(if lang.tag() == "es" { BLANKS[0] } else { BLANKS[2] }),
        |blank| lang.series_dated(blank),
    );
    let event = read.post.content.get("event").is_some_and(Value::is_object);
    view! {
        <p class="hint">{lang.series_text(heading)}</p>
        <p class="hint">{words}" "{event.then(|| lang.series_event())}</p>
        <form class="stack" on:submit=submit novalidate>
            <fieldset class="stack" disabled=move || course.is_fixed()>
                {how_often(chosen)}
                {from_when(desk)}
                <RegionField region/>
                {list(desk)}
            </fieldset>
            {course.shown(open)}
        </form>
    }
    .into_any()
}

/// Asks the engine what stands on the days, once whoever chooses has paused.
fn look(post: PostId, rule: Memo<Option<Recurrence>>, beside: RwSignal<Vec<Beside>>) {
    let turn = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let asked = rule.get();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        beside.set(Vec::new());
        let Some(asked) = asked.filter(|rule| rule.every_one().is_ok()) else { return };
        let post = post.clone();
        spawn_local(async move {
            TimeoutFuture::new(PAUSE_MS).await;
            if turn.try_get_value() != Some(mine) {
                return;
            }
            // Without it there is still the list.
            let found = api::call(&LOOK, &[post.as_str()], &asked).await.unwrap_or_default();
            if turn.try_get_value() == Some(mine) {
                let _ = beside.try_set(found);
            }
        });
    });
}

/// The name of a day of the week, 0 for Monday.
fn weekday_name(day: u8) -> String {
    // A Monday.
    let monday = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap_or_default();
    time::date(monday + Days::new(day.into()), lang().tag(), Form::Weekday)
}

fn how_often(chosen: Chosen) -> AnyView {
    let lang = lang();
    let option = |value: &str, name: &str| (value.to_owned(), name.to_owned());
    let rhythms = vec![
        option("weeks", lang.series_every_weeks()),
        option("month_day", lang.series_every_month_day()),
        option("month_weekday", lang.series_every_month_weekday()),
        option("year", lang.series_every_year()),
    ];
    let detail = move || {
        match chosen.every.get().as_str() {
        "month_day" => {
            view! { <TextField label=lang.series_day() hint=lang.series_day_hint() value=chosen.day kind="number" required=true most=2/> }
                .into_any()
        }
        "month_weekday" => {
            let nths = Nth::ALL.map(|nth| {
                let name = match nth {
                    Nth::First => lang.series_nth_first(),
                    Nth::Second => lang.series_nth_second(),
                    Nth::Third => lang.series_nth_third(),
                    Nth::Fourth => lang.series_nth_fourth(),
                    Nth::Last => lang.series_nth_last(),
                };
                option(nth_name(nth), name)
            });
            let weekdays = (0..7_u8).map(|day| (day.to_string(), weekday_name(day))).collect();
            view! {
                <div class="columns">
                    <Select label=lang.series_nth() value=chosen.nth options=nths.into()/>
                    <Select label=lang.series_weekday() value=chosen.weekday options=weekdays/>
                </div>
            }
            .into_any()
        }
        "year" => ().into_any(),
        _ => view! {
            <TextField label=lang.series_weeks() value=chosen.weeks kind="number" required=true most=2/>
            {week(chosen.days)}
        }
        .into_any(),
    }
    };
    view! {
        <Select label=lang.series_every() value=chosen.every options=rhythms/>
        {detail}
    }
    .into_any()
}

/// The days of a week, each to be ticked.
fn week(days: RwSignal<Vec<u8>>) -> AnyView {
    let boxes = (0..7_u8).map(|day| {
        let change = move |event: ev::Event| {
            let wanted = event_target_checked(&event);
            days.update(|days| {
                days.retain(|other| *other != day);
                if wanted {
                    days.push(day);
                }
            });
        };
        view! {
            <label class="check">
                <input type="checkbox" prop:checked=move || days.with(|days| days.contains(&day)) on:change=change/>
                <span>{weekday_name(day)}</span>
            </label>
        }
    });
    view! {
        <fieldset class="field">
            <legend>{lang().series_days()}</legend>
            <div class="row">{boxes.collect::<Vec<_>>()}</div>
        </fieldset>
    }
    .into_any()
}

fn from_when(desk: Desk) -> AnyView {
    let (lang, chosen) = (lang(), desk.chosen);
    let ends = || {
        vec![
            ("count".to_owned(), lang.series_end_count().to_owned()),
            ("until".to_owned(), lang.series_end_until().to_owned()),
        ]
    };
    let end = move || match chosen.end.get().as_str() {
        "until" => {
            view! { <TextField label=lang.series_until() value=chosen.until kind="date" required=true/> }.into_any()
        }
        _ => view! { <TextField label=lang.series_count() value=chosen.count kind="number" required=true most=2/> }
            .into_any(),
    };
    let fold = move || {
        desk.twice.get().then(|| {
            let options = [
                ("", lang.series_fold_ask()),
                ("first", lang.series_fold_first()),
                ("second", lang.series_fold_second()),
            ];
            let options = options.map(|(value, name)| (value.to_owned(), name.to_owned())).into();
            view! { <Select label=lang.series_fold() value=chosen.fold options/> }
        })
    };
    view! {
        <div class="columns">
            <TextField label=lang.series_from() value=chosen.first kind="date" required=true/>
            <TextField label=lang.series_hour() hint=lang.series_hour_hint() value=chosen.hour kind="time" required=true/>
        </div>
        {fold}
        <div class="columns">
            <Select label=lang.series_end() value=chosen.end options=ends()/>
            {end}
        </div>
    }
    .into_any()
}

/// Every day, ticked or not.
fn list(desk: Desk) -> AnyView {
    let lang = lang();
    let days = move || {
        desk.lines.with(|lines| match lines {
            None => view! { <p class="hint">{lang.series_wanting()}</p> }.into_any(),
            Some(Err(refusal)) => {
                let said = problem_sentence(&Problem::from(refusal.clone()));
                view! { <Notice gravity=Gravity::Warn title=said.what><p>{said.next}</p></Notice> }.into_any()
            }
            Some(Ok(lines)) => {
                let lines: Vec<_> = lines.iter().map(|line| self::line(desk, line)).collect();
                view! { <ul class="lines repeat-days">{lines}</ul> }.into_any()
            }
        })
    };
    let holidays = move || {
        let some: Vec<_> = desk.ticked().into_iter().filter(|day| desk.is_holiday(*day)).collect();
        (!some.is_empty()).then(|| {
            let drop = move || {
                desk.off.update(|off| off.extend(some.clone()));
                // The button that was pressed is gone.
                request_animation_frame(|| page::focus("repeat-list"));
            };
            view! { <Button on_press=drop>{lang.series_drop_holidays()}</Button> }
        })
    };
    view! {
        <section class="stack" aria-labelledby="repeat-list">
            <h3 id="repeat-list" tabindex="-1">{lang.series_list()}</h3>
            <p class="hint">{lang.series_list_hint()}</p>
            {holidays}
            {days}
        </section>
    }
    .into_any()
}

fn line(desk: Desk, line: &Line) -> AnyView {
    let (lang, day) = (lang(), line.day());
    let when =
        [time::date(day, lang.tag(), Form::DayYear), time::civil(line.one.civil, lang.tag(), Form::Time)].join(", ");
    let no = line.no.as_ref().map(|refusal| match refusal {
        Refusal::InThePast => lang.series_past(),
        Refusal::InAGap { .. } => lang.series_gap(),
        Refusal::InAFold { .. } => lang.series_twice(),
        _ => lang.series_far(),
    });
    let instead = line.one.instead_of.map(|asked| lang.series_instead_of(asked));
    let possible = no.is_none();
    let change = move |event: ev::Event| {
        let wanted = event_target_checked(&event);
        desk.off.update(|off| {
            off.retain(|other| *other != day);
            if !wanted {
                off.push(day);
            }
        });
    };
    let is_on = move || possible && desk.off.with(|off| !off.contains(&day));
    let beside = move || {
        let feast =
            desk.feasts.with(|all| all.iter().find(|(on, _)| *on == day).map(|(_, name)| lang.series_feast(name)));
        desk.beside.with(|all| {
            let found = all.iter().find(|one| one.day == day);
            let closed = found.is_some_and(|one| one.holiday).then(|| lang.series_holiday().to_owned());
            let clash = found.and_then(|one| match one.mind.as_ref()? {
                Mind::Near { heading } => Some(lang.calendar_clash_near(heading)),
                Mind::Again { at } => Some(lang.calendar_clash_again(around::when(*at, Form::Full))),
                Mind::Same { heading, at } => Some(lang.calendar_clash_same(heading, around::when(*at, Form::Full))),
                Mind::Closed | Mind::Short { .. } => None,
            });
            // The name of a holiday says more than that the house is closed.
            let notes = feast.or(closed).into_iter().chain(clash);
            notes.map(|note| view! { <span class="slip-missed">{note}</span> }).collect::<Vec<_>>()
        })
    };
    view! {
        <li>
            <label class="check">
                <input type="checkbox" disabled=!possible prop:checked=is_on on:change=change/>
                <span class="line-main">
                    <span>{when}</span>
                    {no.map(|text| view! { <span class="hint">{text}</span> })}
                    {instead.map(|text| view! { <span class="hint">{text}</span> })}
                    {beside}
                </span>
            </label>
        </li>
    }
    .into_any()
}

/// The making of the drafts: as many calls as it takes. It goes on when the dialog is closed meanwhile, and says what came of
/// it.
#[derive(Clone, Copy)]
struct Course {
    post: StoredValue<PostId>,
    version: u64,
    rule: Memo<Option<Recurrence>>,
    desk: Desk,
    made: Callback<()>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    /// How many are made, of how many.
    progress: RwSignal<Option<Made>>,
}

impl Course {
    fn new(post: PostId, version: u64, rule: Memo<Option<Recurrence>>, desk: Desk, made: Callback<()>) -> Self {
        Self {
            post: StoredValue::new(post),
            version,
            rule,
            desk,
            made,
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
            progress: RwSignal::new(None),
        }
    }

    /// Whether the days are settled: some of them are drafts already. Tracks.
    fn is_fixed(self) -> bool {
        self.busy.get() || self.progress.with(Option::is_some)
    }

    fn is_done(self) -> bool {
        self.progress.with(|progress| progress.is_some_and(|made| made.made >= made.of))
    }

    fn begin(self) {
        let Some(mut rule) = self.rule.get_untracked() else { return };
        let ticked = untrack(|| self.desk.ticked());
        if ticked.is_empty() || self.busy.get_untracked() || untrack(|| self.is_done()) {
            return;
        }
        let every_one = rule.every_one().unwrap_or_default();
        let days = every_one.iter().map(|one| one.civil.date());
        rule.without = days.filter(|day| !ticked.contains(day)).collect();
        let wanted = Make { version: self.version, rule };
        let asked = (self.post.get_value(), wanted.clone());
        let known = BEGUN.with_borrow(|begun| begun.as_ref().filter(|(of, _)| *of == asked).map(|(_, id)| id.clone()));
        let id = known.unwrap_or_else(|| SeriesId::from_bits(drafts::chance()));
        BEGUN.set(Some((asked, id.clone())));
        self.busy.set(true);
        self.problem.set(None);
        let (post, count) = (self.post.get_value(), ticked.len());
        spawn_local(async move {
            let mut so_far = None;
            let outcome = make(&post, &id, &wanted, |made| {
                so_far = Some(made);
                let _ = self.progress.try_set(Some(made));
            })
            .await;
            if outcome.is_ok() {
                BEGUN.set(None);
            }
            let gone = self.busy.try_set(false).is_some();
            let _ = self.made.try_run(());
            match outcome {
                Ok(()) if gone => toasts::done(lang().series_done(count)),
                Ok(()) => {}
                Err(_) if gone => {
                    let done = so_far.map_or(0, |made| made.made);
                    toasts::say(Gravity::Bad, lang().series_not_done(count, done));
                }
                Err(problem) => {
                    let _ = self.problem.try_set(Some(problem));
                }
            }
        });
    }

    /// How far it is, what went wrong, and the button; at the end, the way to what was made.
    fn shown(self, open: RwSignal<bool>) -> AnyView {
        let done = Memo::new(move |_| self.is_done());
        (move || if done.get() { self.outcome(open) } else { self.controls(open) }).into_any()
    }

    fn outcome(self, open: RwSignal<bool>) -> AnyView {
        let lang = lang();
        let first = untrack(|| self.desk.ticked()).into_iter().next();
        let week = first.map(|day| Window::around(View::Week, day).name());
        let href = [routes::CALENDAR, "?week=", &week.unwrap_or_default()].concat();
        let count = self.progress.with_untracked(|progress| progress.map_or(0, |made| made.of));
        // The button that was pressed is gone.
        request_animation_frame(|| page::focus(DONE));
        view! {
            <div class="stack" id=DONE tabindex="-1">
                <Notice gravity=Gravity::Good spoken=true title=lang.series_done(count)/>
                <div class="actions end">
                    <Button on_press=move || open.set(false)>{lang.general_close()}</Button>
                    <span on:click=move |_| open.set(false)>
                        <LinkButton href tone=Tone::Primary>{lang.series_see()}</LinkButton>
                    </span>
                </div>
            </div>
        }
        .into_any()
    }

    fn controls(self, open: RwSignal<bool>) -> AnyView {
        let lang = lang();
        let far = move || {
            self.progress.get().map(|made| {
                view! {
                    <label class="import-progress">
                        <span role="status">{lang.series_written(made.of, made.made)}</span>
                        <progress max=made.of.to_string() value=made.made.to_string()></progress>
                    </label>
                }
            })
        };
        let count = Memo::new(move |_| self.desk.ticked().len());
        let name = move || match (self.progress.with(Option::is_some), count.get()) {
            (true, _) => lang.series_go_on().to_owned(),
            (false, 0) => lang.series_none().to_owned(),
            (false, count) => lang.series_do(count),
        };
        let nothing = Signal::derive(move || count.get() == 0);
        view! {
            {far}
            <ProblemNotice problem=self.problem/>
            <div class="actions end">
                <Button on_press=move || open.set(false)>{lang.general_cancel()}</Button>
                <Button tone=Tone::Primary submit=true busy=self.busy disabled=nothing>{name}</Button>
            </div>
        }
        .into_any()
    }
}

/// Calls until all are made.
async fn make(post: &PostId, series: &SeriesId, wanted: &Make, mut told: impl FnMut(Made)) -> Answer<()> {
    let mut before = None;
    loop {
        let made = api::call(&MAKE, &[post.as_str(), series.as_str()], wanted).await?;
        told(made);
        if made.made >= made.of {
            return Ok(());
        }
        // Each call makes some: an engine that makes none would be asked for ever.
        if before == Some(made.made) {
            return Err(api::nonsense());
        }
        before = Some(made.made);
    }
}

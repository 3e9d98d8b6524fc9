//! The series that a post is of: which of it, the others, and what can be done with those that are left. Separate from the acts
//! on one post: these are of many, by as many calls as they take.

use domain::{
    Act, Moment, PostId, Refusal, SeriesId, StageName,
    series::{Turn, moved},
    shift::{self, Wanted},
    slot::parse_civil,
    zone::Zone,
};
use leptos::{ev, prelude::*, task::spawn_local};
use wire::{
    Nothing,
    calendar::{Because, Moved, REARRANGE, Rearrange},
    series::{GIVE_UP, GiveUp, Member, SERIES},
};
use words::stage_name;

use super::{
    Sheet,
    acts::{Doing, reason_texts},
};
use crate::{
    api,
    pages::around::{self, Fetched, Load},
    parts::{ProblemNotice, Work, problem_sentence},
    platform::time::Form,
    routes,
    state::{lang, session, toasts},
    ui::{Button, Dialog, Gravity, ReasonDialog, TextField, Tone},
};

/// What the parts of the section share.
#[derive(Clone, Copy)]
struct Desk {
    all: Fetched<Vec<Member>>,
    series: StoredValue<SeriesId>,
    /// Which of it is looked at.
    number: u32,
    doing: Doing,
    giving_up: RwSignal<bool>,
    moving: RwSignal<bool>,
    work: Work,
}

/// The section, if the post is of a series.
pub fn section(sheet: Fetched<Sheet>, doing: Doing) -> AnyView {
    // The page is drawn anew whenever the post changes; its place in a series does not.
    let turn = Memo::new(move |_| {
        sheet.state.with(|state| match state {
            Load::Here(sheet) => sheet.view.post.series.clone(),
            _ => None,
        })
    });
    (move || turn.get().map(|turn| of(turn, sheet, doing))).into_any()
}

fn of(turn: Turn, sheet: Fetched<Sheet>, doing: Doing) -> AnyView {
    let lang = lang();
    let id = turn.series.clone();
    let all = Fetched::new(move || {
        let id = id.clone();
        async move { api::call(&SERIES, &[id.as_str()], &Nothing {}).await }
    });
    // What becomes of this one is said in the list too, and the next move starts from its version.
    Effect::new(move |before: Option<Option<u64>>| {
        let now = sheet.state.with(|state| match state {
            Load::Here(sheet) => Some(sheet.view.post.version),
            _ => None,
        });
        let known = before.flatten();
        if now.is_some() && known.is_some() && now != known {
            all.again();
        }
        now.or(known)
    });
    let desk = Desk {
        all,
        series: StoredValue::new(turn.series),
        number: turn.number,
        doing,
        giving_up: RwSignal::new(false),
        moving: RwSignal::new(false),
        work: Work::new(),
    };
    view! {
        <section class="card stack" aria-labelledby="post-series">
            <h2 id="post-series">{lang.series_heading()}</h2>
            {all.draw(move |members| drawn(desk, &members))}
        </section>
        {reasons(desk)}
        {mover(desk)}
    }
    .into_any()
}

fn drawn(desk: Desk, members: &[Member]) -> AnyView {
    let lang = lang();
    let lines = members.iter().map(|one| {
        let when = one.slot.map_or_else(|| lang.series_without_hour().to_owned(), |at| around::when(at, Form::Full));
        let name = if one.heading.is_empty() { lang.post_untitled().to_owned() } else { one.heading.clone() };
        let here = (one.number == desk.number).then_some("page");
        view! {
            <li>
                <div class="line-main">
                    <a href=routes::post(&one.post) aria-current=here>{when}" · "{name}</a>
                </div>
                <span class="hint">{stage_name(lang, one.stage)}</span>
            </li>
        }
    });
    let lines: Vec<_> = lines.collect();
    let may = |act: Act| session().me.with_untracked(|me| me.as_ref().is_some_and(|me| domain::may(me.role, act)));
    let drafts = left_drafts(members, desk.number);
    let movable = left_to_move(members, desk.number).len();
    let moving = (may(Act::Publish) && movable > 0).then(|| {
        let ask = move || {
            desk.work.problem.set(None);
            desk.moving.set(true);
        };
        view! { <Button on_press=ask>{lang.series_move(movable)}</Button> }
    });
    let giving = (may(Act::Write) && drafts > 0).then(|| {
        let ask = move || {
            desk.work.problem.set(None);
            desk.giving_up.set(true);
        };
        view! { <Button tone=Tone::Danger on_press=ask>{lang.series_give_up(drafts)}</Button> }
    });
    view! {
        <p>{lang.series_part(members.len(), desk.number)}</p>
        <details>
            <summary>{lang.series_members()}</summary>
            <ul class="lines">{lines}</ul>
        </details>
        <ProblemNotice problem=desk.work.problem/>
        <div class="actions">{moving}{giving}</div>
    }
    .into_any()
}

/// How many are still drafts, from one on.
fn left_drafts(members: &[Member], number: u32) -> usize {
    members.iter().filter(|one| one.number >= number && one.stage == StageName::Draft).count()
}

/// Where each stands that has an hour and is not out, from one on.
fn left_to_move(members: &[Member], number: u32) -> Vec<(PostId, u64, Moment)> {
    let movable = |one: &&Member| one.number >= number && !matches!(one.stage, StageName::Out | StageName::Cancelled);
    members.iter().filter(movable).filter_map(|one| Some((one.post.clone(), one.version, one.slot?))).collect()
}

/// Asks why the drafts are given up, and gives them up.
fn reasons(desk: Desk) -> AnyView {
    let lang = lang();
    let texts = reason_texts(lang.series_give_up_title(), lang.series_give_up_text());
    let act = Callback::new(move |reason: String| {
        let (series, ask) = (desk.series.get_value(), GiveUp { from: desk.number, reason });
        let call = async move { Ok(give_up(series, ask).await) };
        desk.work.run(call, move |(count, problem): (usize, Option<api::Problem>)| {
            // Also where it stopped halfway: what went wrong is said beside what is left.
            desk.giving_up.set(false);
            desk.all.again();
            desk.doing.again();
            if count > 0 {
                toasts::done(lang.series_given_up(count));
            }
            desk.work.problem.set(problem);
        });
    });
    view! { <ReasonDialog open=desk.giving_up texts tone=Tone::Danger busy=desk.work.busy on_reason=act/> }.into_any()
}

/// Calls until none is left; how many it were, and what stopped the rest.
async fn give_up(series: SeriesId, ask: GiveUp) -> (usize, Option<api::Problem>) {
    let mut count = 0;
    loop {
        let now = match api::call(&GIVE_UP, &[series.as_str()], &ask).await {
            Ok(now) => now,
            Err(problem) => return (count, Some(problem)),
        };
        count += now.given_up as usize;
        if now.left == 0 || now.given_up == 0 {
            return (count, None);
        }
    }
}

/// By how many days, and to which hour.
fn mover(desk: Desk) -> AnyView {
    let lang = lang();
    let (days, hour) = (RwSignal::new("0".to_owned()), RwSignal::new(String::new()));
    // Each time from nothing: what was moved once is not what is moved next.
    Effect::new(move |_| {
        if desk.moving.get() {
            days.set("0".to_owned());
            hour.set(String::new());
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(zone) = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.clone())) else { return };
        let days: i32 = days.with_untracked(|days| days.trim().parse().unwrap_or_default());
        // The clock's part of a civil time, read by the reader of those.
        let hour =
            hour.with_untracked(|hour| parse_civil(&["2026-01-01", hour].join("T")).ok()).map(|civil| civil.time());
        if days.abs() > shift::FAR || (days == 0 && hour.is_none()) {
            let none = Refusal::Malformed { field: "days".to_owned() };
            desk.work.problem.set(Some(none.into()));
            return;
        }
        let stood = desk.all.now().map(|members| left_to_move(&members, desk.number)).unwrap_or_default();
        let wanted: Vec<Wanted> = stood.iter().filter_map(|one| moved(one.clone(), days, hour, &zone)).collect();
        let all = wanted.len();
        let after = move |(done, problem): (Vec<Moved>, Option<api::Problem>)| {
            desk.all.again();
            desk.doing.again();
            let begun = !done.is_empty();
            if begun {
                let text = if done.len() == all {
                    lang.calendar_shift_done(all)
                } else {
                    lang.series_moved_some(all, done.len())
                };
                toasts::offer(text, lang.calendar_undo(), Callback::new(move |()| undo(desk, &zone, &stood, &done)));
            }
            // What was moved is not moved again by the same button.
            if begun || problem.is_none() {
                desk.moving.set(false);
            }
            desk.work.problem.set(problem);
        };
        desk.work.run(async move { Ok(rearrange(wanted, Because::Series).await) }, after);
    };
    view! {
        <Dialog open=desk.moving title=lang.series_move_title() close=lang.general_cancel()>
            <form class="stack" on:submit=submit>
                <p class="hint">{lang.series_move_text()}</p>
                <TextField label=lang.calendar_shift_days() hint=lang.calendar_shift_days_hint() value=days kind="number" required=true/>
                <TextField label=lang.series_move_hour() hint=lang.series_move_hour_hint() value=hour kind="time"/>
                <ProblemNotice problem=desk.work.problem/>
                <div class="actions end">
                    <Button on_press=move || desk.moving.set(false)>{lang.general_cancel()}</Button>
                    <Button tone=Tone::Primary submit=true busy=desk.work.busy>
                        {move || {
                            let left = desk.all.now().map_or(0, |members| left_to_move(&members, desk.number).len());
                            lang.series_move_do(left)
                        }}
                    </Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// Moves as many at a time as one command takes, all of those or none; what was moved, and what stopped the rest.
async fn rearrange(wanted: Vec<Wanted>, because: Because) -> (Vec<Moved>, Option<api::Problem>) {
    let mut done = Vec::new();
    for moves in wanted.chunks(shift::MOST) {
        match api::call(&REARRANGE, &[], &Rearrange { moves: moves.to_vec(), because }).await {
            Ok(moved) => done.extend(moved),
            Err(problem) => return (done, Some(problem)),
        }
    }
    (done, None)
}

/// Back to the instant at which each stood, by the versions that the move left.
fn undo(desk: Desk, zone: &Zone, stood: &[(PostId, u64, Moment)], moved: &[Moved]) {
    let back = moved.iter().filter_map(|now| {
        let (post, _, at) = stood.iter().find(|(post, ..)| *post == now.post)?;
        Some(Wanted::at(post.clone(), now.version, *at, zone))
    });
    let back: Vec<_> = back.collect();
    spawn_local(async move {
        let lang = lang();
        let (back, problem) = rearrange(back, Because::Undo).await;
        match problem {
            None => toasts::done(lang.calendar_shift_undone(back.len())),
            Some(problem) => {
                let said = [lang.calendar_shift_not(), " ", &problem_sentence(&problem).to_string()].concat();
                toasts::say(Gravity::Bad, said);
            }
        }
        // The page may have been left; then there is nothing to fetch.
        if desk.all.state.try_get_untracked().is_some() {
            desk.all.again();
            desk.doing.again();
        }
    });
}

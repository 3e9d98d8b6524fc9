//! Placing a post: one command, however it was asked for (drag, menu, date field). Separate from the calendar: the
//! post page places too.
//!
//! The rule runs here first, so that a night when clocks change is a question before anything is sent; the engine
//! asks the same question again if its zone data is newer than ours.

use chrono::{NaiveDateTime, Timelike};
use domain::{
    Moment, PostId, Refusal, Slot,
    mark::{Mark, MarkKind},
    slot,
    slot::Fold,
    zone::{Resolved, Zone},
};
use leptos::{prelude::*, task::spawn_local};
use wire::{
    calendar::{After, Days, HOLES, MARKS},
    posts::{self, AtVersion, Place},
};
use words::Lang;

use crate::{
    api::{self, Problem, trouble},
    chunks,
    pages::around,
    parts::ProblemNotice,
    platform::time::{self, Form},
    state::{lang, second, session},
    ui::{Button, Dialog, Tone},
};

/// What is to be placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The post.
    pub post: PostId,
    /// Its version as it was seen.
    pub version: u64,
    /// Its name.
    pub heading: String,
    /// Where it is now.
    pub now_at: Option<Moment>,
    /// Whether it is agreed: else the hour is only planned.
    pub agreed: bool,
}

/// What became of it.
#[derive(Debug, Clone)]
pub enum Placed {
    /// On its way: shown there already.
    Trying(PostId, Moment),
    /// Stored: the version it has now, and its slot.
    Done(Wanted, u64, Option<Moment>),
    /// Refused: it goes back to where it was.
    Refused(Wanted, Problem),
}

/// What placing needs of the answer.
#[derive(serde::Deserialize)]
struct Answered {
    post: Version,
}

#[derive(serde::Deserialize)]
struct Version {
    version: u64,
}

/// A time that must be asked about.
#[derive(Debug, Clone, PartialEq)]
struct Question {
    wanted: Wanted,
    civil: NaiveDateTime,
    /// The two answers: what the clock shows, which of the two, and the instant.
    answers: [(NaiveDateTime, Option<Fold>, Moment); 2],
    /// Whether the hour exists twice (else it does not exist).
    fold: bool,
}

/// Where a post is wanted: what the clock shows, which of the two, and the instant; or nowhere.
type Goal = Option<(NaiveDateTime, Option<Fold>, Moment)>;

/// A post whose move is not answered yet.
#[derive(Debug, Clone, PartialEq)]
struct Moving {
    post: PostId,
    goal: Goal,
    /// Where it was wanted since then: it goes there from the version that the answer names.
    next: Option<Goal>,
}

/// The placing of one page.
#[derive(Debug, Clone, Copy)]
pub struct Placing {
    wanted: RwSignal<Option<Wanted>>,
    field: RwSignal<String>,
    open: RwSignal<bool>,
    question: RwSignal<Option<Question>>,
    asking: RwSignal<bool>,
    /// The posts that are being moved, each by itself: the move of one never holds up another.
    moving: RwSignal<Vec<Moving>>,
    /// Where there is still room, once that is known.
    holes: RwSignal<Vec<Moment>>,
    /// What stands on the day that the field names.
    marks: RwSignal<Vec<Mark>>,
    problem: RwSignal<Option<Problem>>,
    told: Callback<Placed>,
}

fn zone() -> Zone {
    session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.clone())).unwrap_or_else(Zone::utc)
}

fn window() -> domain::Millis {
    session()
        .me
        .with_untracked(|me| me.as_ref().map(|me| me.organisation.policy.window))
        .unwrap_or(domain::Millis::minutes(30))
}

/// What is offered without a slot: the next full hour while people are awake to read it, else ten in the morning.
fn usual(now: NaiveDateTime) -> NaiveDateTime {
    let next = now.hour() + 1;
    let (days, hour) = match next {
        0..=8 => (0, 10),
        9..=20 => (0, next),
        _ => (1, 10),
    };
    (now.date() + chrono::Days::new(days)).and_hms_opt(hour, 0, 0).unwrap_or(now)
}

impl Placing {
    /// A placing that tells `told` what becomes of things.
    pub fn new(told: impl Fn(Placed) + Send + Sync + 'static) -> Self {
        Self {
            wanted: RwSignal::new(None),
            field: RwSignal::new(String::new()),
            open: RwSignal::new(false),
            question: RwSignal::new(None),
            asking: RwSignal::new(false),
            moving: RwSignal::new(Vec::new()),
            holes: RwSignal::new(Vec::new()),
            marks: RwSignal::new(Vec::new()),
            problem: RwSignal::new(None),
            told: Callback::new(told),
        }
    }

    /// Opens the date field for a post.
    pub fn ask(self, wanted: Wanted) {
        self.ask_from(wanted, None);
    }

    /// The same; where a moment is named, at the first hole from then on.
    pub fn ask_from(self, wanted: Wanted, from: Option<Moment>) {
        let zone = zone();
        let start = wanted.now_at.map_or_else(|| usual(zone.civil(time::now())), |at| zone.civil(at));
        let shown = slot::civil_text(start);
        self.field.set(shown.clone());
        self.problem.set(None);
        self.holes.set(Vec::new());
        let post = wanted.post.clone();
        self.wanted.set(Some(wanted));
        self.open.set(true);
        spawn_local(async move {
            // Without them there is the field.
            let after = After { after: from.map(|from| from.0) };
            let found = api::call(&HOLES, &[post.as_str()], &after).await.unwrap_or_default();
            // Another may have been asked about since.
            if self.wanted.try_with_untracked(|now| now.as_ref().is_some_and(|now| now.post == post)) == Some(true) {
                // What was typed meanwhile stays.
                let is_untouched = self.field.with_untracked(|field| *field == shown);
                if let Some(at) = found.first().filter(|_| from.is_some() && is_untouched) {
                    self.field.set(slot::civil_text(zone.civil(*at)));
                }
                self.holes.set(found);
            }
        });
    }

    /// The one command: places a post at what a clock shows.
    pub fn place(self, wanted: Wanted, civil: NaiveDateTime, fold: Option<Fold>) {
        self.problem.set(None);
        match Slot::place(civil, fold, &zone(), window(), time::now()) {
            Ok(slot) => self.send(wanted, Some((civil, fold, slot.at))),
            Err(refusal) => spawn_local(async move {
                let problem = trouble::refused(refusal).await;
                // Whoever waited for the words may have left.
                if self.moving.try_with_untracked(|_| ()).is_some() {
                    self.refused(wanted, Some(civil), problem);
                }
            }),
        }
    }

    /// Sends a post to where it is wanted. One that is on its way already goes there as soon as it has arrived.
    fn send(self, wanted: Wanted, goal: Goal) {
        if let Some((_, _, at)) = goal {
            self.told.run(Placed::Trying(wanted.post.clone(), at));
        }
        let waits = self.moving.try_update(|moving| {
            if let Some(before) = moving.iter_mut().find(|one| one.post == wanted.post) {
                // The same, pressed twice, is asked once.
                before.next = (before.goal != goal).then_some(goal);
                return true;
            }
            moving.push(Moving { post: wanted.post.clone(), goal, next: None });
            false
        });
        if waits != Some(false) {
            return;
        }
        // Behind an open dialog nothing is pressed: it is the one that asks for this.
        let by_dialog = self.open.get_untracked() || self.asking.get_untracked();
        spawn_local(async move {
            let post = [wanted.post.as_str()];
            let answer = match goal {
                Some((civil, fold, _)) => {
                    let place = Place { version: wanted.version, civil, fold };
                    api::part::<_, _, Answered>(&posts::PLACE, &post, &place).await
                }
                None => api::part(&posts::UNPLACE, &post, &AtVersion { version: wanted.version }).await,
            };
            let next = self.moving.try_update(|moving| {
                let place = moving.iter().position(|one| one.post == wanted.post);
                place.and_then(|place| moving.swap_remove(place).next)
            });
            // Whoever waited may have left.
            let Some(next) = next else { return };
            match answer {
                Ok(answer) => {
                    let version = answer.post.version;
                    if by_dialog && self.is_about(&wanted.post) {
                        self.open.set(false);
                        self.asking.set(false);
                    }
                    // A dialog that was opened meanwhile starts from what is stored now.
                    self.wanted.update(|about| {
                        if let Some(about) = about.as_mut().filter(|about| about.post == wanted.post) {
                            about.version = version;
                        }
                    });
                    match next {
                        // Only where it ends up is told, and the way back leads to where it began.
                        Some(goal) => self.send(Wanted { version, ..wanted }, goal),
                        None => self.told.run(Placed::Done(wanted, version, goal.map(|(_, _, at)| at))),
                    }
                }
                Err(problem) => self.refused(wanted, goal.map(|(civil, _, _)| civil), problem),
            }
        });
    }

    /// Whether the dialog that was opened last is about a post.
    fn is_about(self, post: &PostId) -> bool {
        let is_it = |wanted: &Wanted| wanted.post == *post;
        match self.asking.get_untracked() {
            true => self.question.with_untracked(|asked| asked.as_ref().is_some_and(|asked| is_it(&asked.wanted))),
            false => self.wanted.with_untracked(|wanted| wanted.as_ref().is_some_and(is_it)),
        }
    }

    /// Whether the post that the dialogs are about is being moved.
    fn is_busy(self) -> bool {
        self.wanted.track();
        self.asking.track();
        self.moving.with(|moving| moving.iter().any(|one| self.is_about(&one.post)))
    }

    fn refused(self, wanted: Wanted, civil: Option<NaiveDateTime>, problem: Problem) {
        let zone = zone();
        let question = match (problem.refusal(), civil) {
            (Some(Refusal::InAGap { before, after }), Some(_)) => {
                Some((false, [(zone.civil(*before), None, *before), (zone.civil(*after), None, *after)]))
            }
            (Some(Refusal::InAFold { first, second }), Some(civil)) => {
                Some((true, [(civil, Some(Fold::First), *first), (civil, Some(Fold::Second), *second)]))
            }
            _ => None,
        };
        if let Some(((fold, answers), civil)) = question.zip(civil) {
            self.told.run(Placed::Refused(wanted.clone(), problem));
            self.open.set(false);
            self.question.set(Some(Question { wanted, civil, answers, fold }));
            self.asking.set(true);
            return;
        }
        if self.is_about(&wanted.post) {
            self.problem.set(Some(problem.clone()));
        }
        self.told.run(Placed::Refused(wanted, problem));
    }

    /// Takes the slot away, or the hour that was planned; the approval stays.
    pub fn unplace(self, wanted: Wanted) {
        self.send(wanted, None);
    }
}

/// Asks what stands on the day that the field names, whenever it names another: also one that no calendar shows here.
fn mind(placing: Placing) {
    let day = Memo::new(move |_| {
        let is_open = placing.open.get();
        let civil = placing.field.with(|text| slot::parse_civil(text)).ok()?;
        is_open.then(|| civil.date())
    });
    Effect::new(move |_| {
        placing.marks.set(Vec::new());
        let Some(first) = day.get() else { return };
        spawn_local(async move {
            // Without an answer there is the field, as ever.
            let Ok(found) = api::call(&MARKS, &[], &Days { first, last: first }).await else { return };
            if day.try_get_untracked() == Some(Some(first)) {
                placing.marks.set(found.marks);
            }
        });
    });
}

/// The two dialogs.
#[component]
pub fn PlaceDialogs(placing: Placing) -> AnyView {
    let lang = lang();
    chunks::second_clock();
    mind(placing);
    let minds = move || {
        let said = |mark: Mark| match mark.kind {
            MarkKind::Mourning => Some(lang.calendar_place_mourning(mark.text)),
            MarkKind::Election => Some(lang.calendar_place_election(mark.text)),
            _ => None,
        };
        let said = placing.marks.get().into_iter().filter_map(said);
        said.map(|text| view! { <p class="notice" data-hue="warn">{text}</p> }).collect::<Vec<_>>()
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(wanted) = placing.wanted.get_untracked() else { return };
        match placing.field.with_untracked(|text| slot::parse_civil(text)) {
            Ok(civil) => placing.place(wanted, civil, None),
            Err(refusal) => spawn_local(async move {
                let _ = placing.problem.try_set(Some(trouble::refused(refusal).await));
            }),
        }
    };
    let holes = move || {
        let buttons = placing.holes.get().into_iter().map(|at| {
            let name = second::beside(around::when(at, Form::Full), at);
            let take = move || placing.field.set(slot::civil_text(zone().civil(at)));
            view! { <Button on_press=take>{name}</Button> }
        });
        let buttons = buttons.collect::<Vec<_>>();
        (!buttons.is_empty()).then(|| {
            view! {
                <div class="field" role="group" aria-labelledby="place-holes">
                    <p class="hint" id="place-holes">{lang.calendar_holes()}</p>
                    <div class="actions">{buttons}</div>
                </div>
            }
        })
    };
    let there = move || {
        let civil = placing.field.with(|text| slot::parse_civil(text)).ok()?;
        // An hour that is none, or two, is asked about; the answers say what they are there.
        let Resolved::One(at) = zone().resolve(civil) else { return None };
        second::hour(at).map(|there| [" · ", &there].concat())
    };
    let busy = Signal::derive(move || placing.is_busy());
    let agreed = Signal::derive(move || placing.wanted.with(|wanted| wanted.as_ref().is_none_or(|one| one.agreed)));
    view! {
        <Dialog open=placing.open title=lang.calendar_place_title() close=lang.general_cancel()>
            <form on:submit=submit class="stack">
                <p id="place-post"><b>{move || placing.wanted.get().map(|wanted| wanted.heading)}</b></p>
                <div class="field">
                    <label for="place-at">{lang.calendar_place_when()}</label>
                    <input id="place-at" class="input" type="datetime-local" required autofocus
                        aria-describedby="place-post place-zone"
                        prop:value=move || placing.field.get()
                        on:input=move |event| placing.field.set(event_target_value(&event)) />
                    <p class="hint" id="place-zone">{lang.compose_zone(session().zone())}{there}</p>
                    <div role="status">{minds}</div>
                </div>
                {holes}
                <ProblemNotice problem=placing.problem />
                <div class="actions end">
                    <Button on_press=move || placing.open.set(false)>{lang.general_cancel()}</Button>
                    <Button tone=Tone::Primary submit=true busy>
                        {move || if agreed.get() { lang.calendar_place_do() } else { lang.plan_place_do() }}
                    </Button>
                </div>
            </form>
        </Dialog>
        <Dialog open=placing.asking title=lang.calendar_dst_title() close=lang.general_cancel()>
            {move || placing.question.get().map(|question| answers(lang, placing, question))}
        </Dialog>
    }
    .into_any()
}

fn answers(lang: Lang, placing: Placing, question: Question) -> AnyView {
    let shown = time::civil(question.civil, lang.tag(), Form::Full);
    let text = if question.fold { lang.calendar_dst_fold(shown) } else { lang.calendar_dst_gap(shown) };
    let zone = zone();
    let busy = Signal::derive(move || placing.is_busy());
    let buttons = question.answers.into_iter().enumerate().map(|(number, (civil, fold, at))| {
        let offset = zone.offset_at(at);
        let clock = time::civil(civil, lang.tag(), Form::Time);
        // "+02:00" tells apart what the clock shows alike.
        let offset = format!("UTC{}{:02}:{:02}", if offset < 0 { '-' } else { '+' }, offset.abs() / 3_600, offset.abs() / 60 % 60);
        let label = match (question.fold, number) {
            (true, 0) => lang.calendar_dst_first(clock, offset),
            (true, _) => lang.calendar_dst_second(clock, offset),
            (false, 0) => lang.calendar_dst_before(clock, offset),
            (false, _) => lang.calendar_dst_after(clock, offset),
        };
        let label = second::beside(label, at);
        let wanted = question.wanted.clone();
        view! { <Button tone=Tone::Primary busy on_press=move || placing.place(wanted.clone(), civil, fold)>{label}</Button> }
    });
    view! {
        <div class="stack">
            <p>{text}</p>
            <div class="actions">{buttons.collect::<Vec<_>>()}</div>
            <ProblemNotice problem=placing.problem />
        </div>
    }
    .into_any()
}

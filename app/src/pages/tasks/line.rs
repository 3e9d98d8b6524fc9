//! One task: what it is, whose, by when, and the one button that moves it on. Everything else is in its menu.

use domain::{
    MemberId,
    task::{About, Assignee, State, StateName, Task, Urgency},
};
use leptos::{ev, prelude::*};
use wire::tasks::{ADVANCE, Advance, HAND_ON, HandOn, TaskRow};
use words::{task_state_name, urgency_name};

use super::{Everybody, choices, chosen, name_of, unit_name};
use crate::{
    api,
    pages::around,
    parts::{ProblemNotice, Work},
    platform::time::{self, Form},
    routes,
    state::{lang, session, toasts},
    ui::{Button, Chip, Dialog, Glyph, Hue, Menu, MenuItem, ReasonDialog, ReasonTexts, Select, Tone},
};

const fn hue(state: StateName) -> Hue {
    match state {
        StateName::Open => Hue::Neutral,
        StateName::Doing => Hue::Info,
        StateName::Waiting => Hue::Warn,
        StateName::Done => Hue::Good,
        StateName::NotDone => Hue::Neutral,
    }
}

/// A task in the list.
#[component]
pub fn Line(row: TaskRow, people: Memo<Everybody>, changed: Callback<()>) -> AnyView {
    let lang = lang();
    let TaskRow { task, post, orphan } = row;
    let own = session().me.with_untracked(|me| me.as_ref().map(|me| me.member.clone()));
    let state = task.state().name();
    let overdue = task.is_overdue(time::now());
    let name = |member: &MemberId| people.with_untracked(|all| name_of(&all.people, member));
    let unit = |unit: &domain::UnitId| people.with_untracked(|all| unit_name(&all.units, unit));
    let of_mine =
        |unit: &domain::UnitId| people.with_untracked(|all| all.units.iter().any(|row| row.unit == *unit && row.mine));
    // What is a unit's is for whoever of it begins.
    let is_mine = match &task.assignee {
        Assignee::Member { member } => own.as_ref() == Some(member),
        Assignee::Unit { unit } => of_mine(unit),
    };
    let is_asker = own.as_ref() == Some(&task.by);
    let whose = match &task.assignee {
        Assignee::Unit { unit: one } => lang.task_for(lang.task_of_unit(unit(one))),
        _ if is_mine => lang.task_for_you().to_owned(),
        Assignee::Member { member } => lang.task_for(name(member)),
    };
    let taken = match (&task.assignee, &task.unit) {
        (Assignee::Member { .. }, Some(one)) => Some(lang.task_unit_taken(unit(one))),
        _ => None,
    };
    let asked_at = around::when(task.at, Form::Full);
    let asked = if is_asker { lang.task_by_you(asked_at) } else { lang.task_by(asked_at, name(&task.by)) };
    let due = due_text(&task);
    let about = match (&task.about, post) {
        (_, Some(linked)) => {
            let heading = Some(linked.heading).filter(|text| !text.is_empty());
            let heading = heading.unwrap_or_else(|| lang.post_untitled().to_owned());
            Some(view! { <p><a href=routes::post(&linked.post)>{lang.task_post(heading)}</a></p> }.into_any())
        }
        (About::Media { media }, None) => Some(
            view! { <p><a href=api::picture_address(media) rel="external" target="_blank">{lang.task_picture()}</a></p> }
                .into_any(),
        ),
        _ => None,
    };
    let reason = match task.state() {
        State::Waiting { reason } | State::NotDone { reason } => Some(reason.clone()),
        _ => None,
    };
    let instructions = (!task.instructions.is_empty()).then(|| task.instructions.clone());
    let history = task.history.iter().map(|change| {
        let state = task_state_name(lang, change.state.name());
        view! { <li>{lang.task_change(around::when(change.at, Form::Full), name(&change.by), state)}</li> }
    });
    view! {
        <li class="card task" data-overdue=overdue.then_some("true")>
            <div class="card-head">
                <h2>{task.title.clone()}</h2>
                <Chip hue=hue(state) text=task_state_name(lang, state)/>
                {(task.urgency != Urgency::Normal).then(|| {
                    let hue = if task.urgency == Urgency::High { Hue::Bad } else { Hue::Neutral };
                    view! { <Chip hue text=urgency_name(lang, task.urgency)/> }
                })}
                {overdue.then(|| view! { <Chip hue=Hue::Bad text=lang.task_overdue()/> })}
                {orphan.then(|| view! { <Chip hue=Hue::Bad text=lang.task_orphan()/> })}
            </div>
            <p class="post-facts"><span>{whose}</span>{taken.map(|text| view! { <span>{text}</span> })}<span>{due}</span><span>{asked}</span></p>
            {orphan.then(|| view! { <p class="hint">{lang.task_orphan_text()}</p> })}
            {reason.map(|reason| view! { <p>{reason}</p> })}
            {about}
            {instructions.map(|text| view! {
                <details><summary>{lang.task_instructions()}</summary><p class="task-instructions">{text}</p></details>
            })}
            <details><summary>{lang.task_history()}</summary><ol class="task-history">{history.collect_view()}</ol></details>
            <Acts task=task.clone() is_mine is_asker orphan people changed/>
        </li>
    }
    .into_any()
}

fn due_text(task: &Task) -> String {
    let lang = lang();
    let Some(due) = task.due else { return lang.task_no_date().to_owned() };
    let zone = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.clone()));
    let today = zone.is_some_and(|zone| zone.civil(due).date() == zone.civil(time::now()).date());
    if today { lang.task_due_today().to_owned() } else { lang.task_due_on(around::when(due, Form::DayLong)) }
}

/// What can be done with it now, by whoever looks.
#[component]
fn Acts(
    task: Task,
    is_mine: bool,
    is_asker: bool,
    orphan: bool,
    people: Memo<Everybody>,
    changed: Callback<()>,
) -> AnyView {
    let (lang, state) = (lang(), task.state().name());
    let may = session().me.with_untracked(|me| me.as_ref().is_some_and(|me| domain::may(me.role, domain::Act::Task)));
    let movable = is_mine || is_asker;
    if !may || !(movable || orphan) {
        return ().into_any();
    }
    let id = StoredValue::new(task.id.clone());
    let work = Work::new();
    let (waiting, dropping, handing) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let go = Callback::new(move |state: State| {
        let (id, name) = (id.get_value(), task_state_name(lang, state.name()));
        let call = async move { api::call(&ADVANCE, &[id.as_str()], &Advance { state }).await };
        work.run(call, move |_| {
            waiting.set(false);
            dropping.set(false);
            toasts::done(lang.task_moved(name));
            changed.run(());
        });
    });
    let main = is_mine.then(|| match state {
        StateName::Open => (State::Doing, lang.task_start(), Glyph::Play),
        StateName::Waiting => (State::Doing, lang.task_resume(), Glyph::Play),
        StateName::Doing => (State::Done, lang.task_finish(), Glyph::Check),
        StateName::Done | StateName::NotDone => (State::Open, lang.task_reopen(), Glyph::Again),
    });
    let first = main.map(|(to, text, glyph)| {
        let tone = if state.is_over() { Tone::Plain } else { Tone::Primary };
        view! { <Button tone glyph busy=work.busy on_press=move || go.run(to.clone())>{text}</Button> }
    });
    // What the button does already is not in the menu too.
    let offered = |next: StateName, by_button: bool| movable && state.may_become(next) && !(is_mine && by_button);
    let start = offered(StateName::Doing, true);
    let done = offered(StateName::Done, true);
    let open = offered(StateName::Open, state.is_over());
    let (wait, drop) = (offered(StateName::Waiting, false), offered(StateName::NotDone, false));
    let hand_on = !state.is_over();
    let label = [lang.general_options(), ": ", &task.title].concat();
    let texts = move |title: &str, text: &str| ReasonTexts {
        title: title.to_owned(),
        text: text.to_owned(),
        reason: lang.general_reason().to_owned(),
        hint: lang.general_reason_hint().to_owned(),
        act: title.to_owned(),
        close: lang.general_back().to_owned(),
    };
    let open_text = if state.is_over() { lang.task_reopen() } else { lang.task_to_open() };
    view! {
        <ProblemNotice problem=work.problem/>
        <div class="actions">
            {first}
            {(start || done || open || wait || drop || hand_on).then(|| view! {
                <Menu label glyph=Glyph::Dots>
                    {start.then(|| view! { <MenuItem glyph=Glyph::Play on_press=move || go.run(State::Doing)>{lang.task_start()}</MenuItem> })}
                    {done.then(|| view! { <MenuItem glyph=Glyph::Check on_press=move || go.run(State::Done)>{lang.task_finish()}</MenuItem> })}
                    {open.then(|| view! { <MenuItem glyph=Glyph::Again on_press=move || go.run(State::Open)>{open_text}</MenuItem> })}
                    {wait.then(|| view! { <MenuItem glyph=Glyph::Pause on_press=move || waiting.set(true)>{lang.task_wait()}</MenuItem> })}
                    {hand_on.then(|| view! { <MenuItem glyph=Glyph::People on_press=move || handing.set(true)>{lang.task_hand_on()}</MenuItem> })}
                    {drop.then(|| view! { <MenuItem glyph=Glyph::Cross danger=true on_press=move || dropping.set(true)>{lang.task_drop()}</MenuItem> })}
                </Menu>
            })}
        </div>
        <ReasonDialog open=waiting texts=texts(lang.task_wait(), lang.task_wait_text()) busy=work.busy
            on_reason=move |reason| go.run(State::Waiting { reason })/>
        <ReasonDialog open=dropping texts=texts(lang.task_drop(), lang.task_drop_text()) tone=Tone::Danger busy=work.busy
            on_reason=move |reason| go.run(State::NotDone { reason })/>
        <HandOnDialog open=handing id people changed/>
    }
    .into_any()
}

#[component]
fn HandOnDialog(
    open: RwSignal<bool>,
    id: StoredValue<domain::TaskId>,
    people: Memo<Everybody>,
    changed: Callback<()>,
) -> AnyView {
    let lang = lang();
    let (who, work) = (RwSignal::new(String::new()), Work::new());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(to) = who.with_untracked(|who| chosen(who)) else { return };
        let name = people.with_untracked(|all| match &to {
            Assignee::Member { member } => name_of(&all.people, member),
            Assignee::Unit { unit } => lang.task_of_unit(unit_name(&all.units, unit)),
        });
        let id = id.get_value();
        let call = async move { api::call(&HAND_ON, &[id.as_str()], &HandOn { to }).await };
        work.run(call, move |_| {
            open.set(false);
            toasts::done(lang.task_handed_on(name));
            changed.run(());
        });
    };
    let nobody = Signal::derive(move || who.with(String::is_empty));
    view! {
        <Dialog open=open title=lang.task_hand_on() close=lang.general_close()>
            <form class="stack" on:submit=submit>
                <Select label=lang.task_who() value=who options=people.with(choices)/>
                <ProblemNotice problem=work.problem/>
                <div class="actions end">
                    <Button on_press=move || open.set(false)>{lang.general_cancel()}</Button>
                    <Button tone=Tone::Primary submit=true busy=work.busy disabled=nobody>{lang.task_hand_on_do()}</Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

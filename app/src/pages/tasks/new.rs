//! A new task. Its identity is drawn when the form opens, so that what is sent twice is asked for once.

use chrono::{Days, NaiveDate, NaiveTime};
use domain::{
    Millis, Moment, PostId, TaskId,
    task::{About, Request, Urgency},
    zone::Resolved,
};
use leptos::{ev, prelude::*, task::spawn_local};
use wire::{posts, tasks::ASK};
use words::urgency_name;

use super::{Everybody, choices, chosen};
use crate::{
    api,
    parts::{ProblemNotice, Work},
    platform::time,
    state::{drafts, lang, session, toasts},
    ui::{Button, Dialog, Select, TextArea, TextField, Tone},
};

const URGENCIES: [Urgency; 3] = [Urgency::Low, Urgency::Normal, Urgency::High];

/// The last moment of a day of the town, give or take the night on which clocks change at midnight.
pub fn end_of(day: &str) -> Option<Moment> {
    Some(start_of(day, 1)?.minus(Millis(1)))
}

/// The first moment of a day, or of one so many days later.
pub fn start_of(day: &str, later: u64) -> Option<Moment> {
    let day = day.parse::<NaiveDate>().ok()?.checked_add_days(Days::new(later))?;
    let zone = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.clone()))?;
    Some(match zone.resolve(day.and_time(NaiveTime::MIN)) {
        Resolved::One(at) | Resolved::Fold { first: at, .. } | Resolved::Gap { after: at, .. } => at,
    })
}

fn draw_id() -> Option<TaskId> {
    drafts::new_post_id(time::now()).as_str().parse().ok()
}

/// The dialog.
#[component]
pub fn NewTask(
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// Who can be asked.
    people: Memo<Everybody>,
    /// The post that one came from.
    about: Option<String>,
    /// What happens then.
    on_asked: Callback<()>,
) -> AnyView {
    let lang = lang();
    let text = || RwSignal::new(String::new());
    let (title, instructions, who, due, urgency, post) = (text(), text(), text(), text(), text(), text());
    let (posts, id, work) = (RwSignal::new(Vec::<(String, String)>::new()), StoredValue::new(draw_id()), Work::new());
    let came_from = StoredValue::new(about);
    Effect::new(move |_| {
        if !open.get() {
            return;
        }
        for field in [title, instructions, who, due] {
            field.set(String::new());
        }
        urgency.set("1".to_owned());
        post.set(came_from.get_value().unwrap_or_default());
        id.set_value(draw_id());
        work.problem.set(None);
        spawn_local(async move {
            // Without them a task is asked for all the same.
            let Ok(page) = api::call(&posts::LIST, &[], &posts::Query::default()).await else { return };
            let named = page.items.into_iter().filter(|row| !row.heading.is_empty());
            let _ = posts.try_set(named.map(|row| (row.id.to_string(), row.heading)).collect());
        });
    });
    let options = move || {
        let mut options = vec![(String::new(), lang.task_about_none().to_owned())];
        let known = posts.get();
        if let Some(from) = came_from.get_value().filter(|from| known.iter().all(|(id, _)| id != from)) {
            options.push((from, lang.task_about_this().to_owned()));
        }
        options.extend(known);
        options
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (Some(assignee), Some(task)) = (who.with_untracked(|who| chosen(who)), id.get_value()) else { return };
        let about = match post.get_untracked().parse::<PostId>() {
            Ok(post) => About::Post { post },
            Err(_) => About::Nothing,
        };
        let urgency = urgency.get_untracked().parse::<usize>().ok().and_then(|place| URGENCIES.get(place).copied());
        let request = Request {
            title: title.get_untracked(),
            instructions: instructions.get_untracked().trim().to_owned(),
            about,
            assignee,
            due: end_of(&due.get_untracked()),
            urgency: urgency.unwrap_or_default(),
        };
        work.run(async move { api::call(&ASK, &[task.as_str()], &request).await }, move |_| {
            open.set(false);
            toasts::done(lang.task_asked_done());
            on_asked.run(());
        });
    };
    let incomplete = Signal::derive(move || who.with(String::is_empty) || title.with(|title| title.trim().is_empty()));
    let urgencies = move || -> Vec<(String, String)> {
        URGENCIES.iter().enumerate().map(|(n, one)| (n.to_string(), urgency_name(lang, *one).to_owned())).collect()
    };
    view! {
        <Dialog open=open title=lang.task_new() close=lang.general_close()>
            <form class="stack" on:submit=submit>
                <TextField label=lang.task_what() value=title required=true first=true most=140/>
                {move || view! { <Select label=lang.task_who() hint=lang.task_who_hint() value=who options=people.with(choices)/> }}
                <div class="columns">
                    <TextField label=lang.task_due() hint=lang.task_due_hint() kind="date" value=due/>
                    <Select label=lang.task_how_urgent() value=urgency options=urgencies()/>
                </div>
                {move || view! { <Select label=lang.task_about() value=post options=options()/> }}
                <TextArea label=lang.task_instructions() hint=lang.task_instructions_hint() value=instructions most=4_000/>
                <ProblemNotice problem=work.problem/>
                <div class="actions end">
                    <Button on_press=move || open.set(false)>{lang.general_cancel()}</Button>
                    <Button tone=Tone::Primary submit=true busy=work.busy disabled=incomplete>{lang.task_ask()}</Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

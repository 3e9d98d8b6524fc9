//! The form of a mark: a new one, or one that is changed or taken away; and the public holidays of a year, which are a dozen
//! new ones at once.

use chrono::NaiveDate;
use domain::{
    MarkId, Refusal,
    feast::Feast,
    mark::{Mark, MarkKind},
    slot::read_day,
};
use leptos::{ev, prelude::*};
use wire::{
    Nothing,
    calendar::{DROP_MARK, Days, KEEP_MARK, KeepMark, MARKS},
};
use words::{Lang, mark_kind_name};

use super::super::Board;
use crate::{
    api::{self, Answer},
    parts::{Chosen, FeastFields, ProblemNotice, Work},
    platform::time::{Form, date},
    state::{drafts, lang, toasts},
    ui::{Button, Dialog, Select, TextField, Tone},
};

/// The dialog; open for as long as it is there.
#[component]
pub fn Marking() -> AnyView {
    let Some(board) = use_context::<Board>() else { return ().into_any() };
    let lang = lang();
    let named = board.marking.get_untracked().flatten();
    let before = board.marks.with_untracked(|marks| {
        let named = named.as_deref()?;
        marks.marks.iter().find(|mark| mark.id.as_str() == named).cloned()
    });
    let open = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            board.marking.set(None);
        }
    });
    let title = if before.is_some() { lang.calendar_mark_change() } else { lang.calendar_mark_new() };
    // Beside a form that was begun there is no other: what was typed would be gone.
    let bringing = RwSignal::new(false);
    let (offered, before) = (before.is_none(), StoredValue::new(before));
    view! {
        <Dialog open title close=lang.general_cancel()>
            {move || if bringing.get() { year(board, open) } else { form(board, open, before.get_value()) }}
            {move || (offered && !bringing.get()).then(|| view! {
                <Button tone=Tone::Quiet on_press=move || bringing.set(true)>{lang.feast_bring()}</Button>
            })}
        </Dialog>
    }
    .into_any()
}

/// The public holidays of a region and a year: seen first, then noted one by one. What is noted already is passed over, so
/// that who tries again after a broken line notes nothing twice.
fn year(board: Board, open: RwSignal<bool>) -> AnyView {
    let lang = lang();
    let chosen = Chosen::new(board.today);
    let work = Work::new();
    let wanted = Memo::new(move |_| {
        chosen.feasts().into_iter().map(|feast| (feast.day, named(lang, &feast))).collect::<Vec<_>>()
    });
    // What is noted in that year, once it is known.
    let noted = RwSignal::new(None::<Vec<(NaiveDate, String)>>);
    let asking = Work::new();
    Effect::new(move |_| {
        let all = wanted.get();
        noted.set(None);
        let Some((first, last)) = all.first().zip(all.last()).map(|(first, last)| (first.0, last.0)) else { return };
        asking.run(marks_of(first, last), move |found| noted.set(Some(found)));
    });
    let missing = Memo::new(move |_| {
        let noted = noted.get()?;
        Some(wanted.get().into_iter().filter(|one| !noted.contains(one)).collect::<Vec<_>>())
    });
    let add = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(missing) = missing.get_untracked() else { return };
        work.run(keep_all(missing), move |kept: Vec<Mark>| {
            board.marks.update(|marks| marks.marks.extend(kept));
            board.reveal(MarkKind::Feast);
            open.set(false);
            toasts::done(lang.feast_added());
        });
    };
    let listed = move || {
        let missing = missing.get()?;
        if missing.is_empty() {
            return Some(view! { <p role="status">{lang.feast_none()}</p> }.into_any());
        }
        let count = missing.len();
        let lines = missing
            .into_iter()
            .map(|(day, name)| view! { <li><b>{date(day, lang.tag(), Form::Date)}</b>" · "{name}</li> });
        let lines = lines.collect::<Vec<_>>();
        Some(view! { <p role="status">{lang.feast_count(count)}</p><ul>{lines}</ul> }.into_any())
    };
    let ready = Signal::derive(move || missing.with(|missing| missing.as_ref().is_none_or(Vec::is_empty)));
    view! {
        <form class="stack" on:submit=add>
            <h3>{lang.feast_title()}</h3>
            <FeastFields chosen/>
            {listed}
            <ProblemNotice problem=asking.problem/>
            <ProblemNotice problem=work.problem/>
            <div class="actions end">
                <Button on_press=move || open.set(false)>{lang.general_cancel()}</Button>
                <Button tone=Tone::Primary submit=true disabled=ready busy=work.busy>{lang.feast_add()}</Button>
            </div>
        </form>
    }
    .into_any()
}

fn named(lang: Lang, feast: &Feast) -> String {
    match lang {
        Lang::Es => feast.es.to_owned(),
        Lang::En => feast.en.to_owned(),
    }
}

/// The feasts that are noted between two days, as many days at a time as are answered.
async fn marks_of(first: NaiveDate, last: NaiveDate) -> Answer<Vec<(NaiveDate, String)>> {
    let (mut found, mut from) = (Vec::new(), first);
    while from <= last {
        let until = from + chrono::Days::new(SPAN - 1);
        let marks = api::call(&MARKS, &[], &Days { first: from, last: until }).await?;
        let feasts = marks.marks.into_iter().filter(|mark| mark.kind == MarkKind::Feast);
        found.extend(feasts.map(|mark| (mark.first, mark.text)));
        from = until + chrono::Days::new(1);
    }
    Ok(found)
}

async fn keep_all(all: Vec<(NaiveDate, String)>) -> Answer<Vec<Mark>> {
    let mut kept = Vec::new();
    for (day, text) in all {
        let id = MarkId::from_bits(drafts::chance());
        let asked = KeepMark { version: 0, kind: MarkKind::Feast, text, first: day, last: day };
        kept.push(api::call(&KEEP_MARK, &[id.as_str()], &asked).await?);
    }
    Ok(kept)
}

/// So many days are answered at a time (`wire::calendar::Days`).
const SPAN: u64 = 62;

fn form(board: Board, open: RwSignal<bool>, before: Option<Mark>) -> AnyView {
    let lang = lang();
    let new = before.is_none();
    let today =
        board.window.with_untracked(|window| if window.holds(board.today) { board.today } else { window.first() });
    let mark = before.unwrap_or_else(|| Mark {
        // Drawn once for the form: sent twice, it is one.
        id: MarkId::from_bits(drafts::chance()),
        version: 0,
        kind: MarkKind::Note,
        text: String::new(),
        first: today,
        last: today,
    });
    let (kind, text) = (RwSignal::new(mark.kind.as_str().to_owned()), RwSignal::new(mark.text.clone()));
    let (first, last) = (RwSignal::new(mark.first.to_string()), RwSignal::new(mark.last.to_string()));
    // Who moves the first day over the last means one day.
    Effect::new(move |_| {
        let begins = first.get();
        if last.with_untracked(|last| *last < begins) {
            last.set(begins);
        }
    });
    let work = Work::new();
    let closed = move |text: &'static str| {
        open.set(false);
        toasts::done(text);
    };
    let (id, dropped) = (mark.id.clone(), mark.id.clone());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        // The fields are dates and required: the browser asks before it lets anything else through.
        let days = first.with_untracked(|day| read_day(day)).zip(last.with_untracked(|day| read_day(day)));
        let Some((first, last)) = days else { return };
        let kind = kind.with_untracked(|kind| MarkKind::of_name(kind)).unwrap_or(MarkKind::Note);
        let asked = KeepMark { version: mark.version, kind, text: text.get_untracked(), first, last };
        let id = id.clone();
        work.run(async move { api::call(&KEEP_MARK, &[id.as_str()], &asked).await }, move |kept: Mark| {
            board.marks.update(|marks| {
                marks.marks.retain(|mark| mark.id != kept.id);
                marks.marks.push(kept);
            });
            board.reveal(kind);
            closed(lang.calendar_mark_kept());
        });
    };
    let drop = move || {
        let id = dropped.clone();
        let gone = dropped.clone();
        let call = async move {
            match api::call(&DROP_MARK, &[id.as_str()], &Nothing {}).await {
                // A colleague was faster: it is as it was to be.
                Err(problem) if problem.refusal() == Some(&Refusal::NotFound) => Ok(Nothing {}),
                answer => answer,
            }
        };
        work.run(call, move |_| {
            board.marks.update(|marks| marks.marks.retain(|mark| mark.id != gone));
            closed(lang.calendar_mark_dropped());
        });
    };
    let kinds = MarkKind::ALL.into_iter().map(|kind| (kind.as_str().to_owned(), mark_kind_name(lang, kind).to_owned()));
    let away = (!new).then(|| {
        view! { <Button tone=Tone::Danger busy=work.busy on_press=drop>{lang.calendar_mark_drop()}</Button> }
    });
    view! {
        <form class="stack" on:submit=submit>
            <p class="hint">{lang.calendar_mark_hint()}</p>
            <Select label=lang.calendar_mark_kind() value=kind options=kinds.collect() />
            <TextField label=lang.calendar_mark_text() value=text required=true most=150 first=true />
            <TextField label=lang.calendar_mark_first() value=first kind="date" required=true />
            <TextField label=lang.calendar_mark_last() value=last kind="date" required=true />
            <ProblemNotice problem=work.problem />
            <div class="actions end">
                {away}
                <Button on_press=move || open.set(false)>{lang.general_cancel()}</Button>
                <Button tone=Tone::Primary submit=true busy=work.busy>{lang.general_save()}</Button>
            </div>
        </form>
    }
    .into_any()
}

//! What is promised: the list, and the form of a promise for who administers.

use chrono::NaiveDate;
use domain::{
    AudienceId, ChannelId, HealthState, PillarId, Promise, PromiseId,
    promise::Per,
    window::{View, Window},
};
use leptos::{ev, prelude::*};
use wire::{
    Nothing,
    plan::{DROP_PROMISE, KEEP_PROMISE, KeepPromise},
};

use super::{Desk, Ground, NEW};
use crate::{
    api,
    pages::around::Load,
    parts::{ProblemNotice, Work, kept_line, term},
    platform::page,
    state::{drafts, lang, toasts},
    ui::{Button, ConfirmDialog, ConfirmTexts, Glyph, Select, TextField, Tone},
};

/// The promise that is being taken back, while it is asked whether that is meant.
#[derive(Clone, Copy)]
struct Dropping {
    open: RwSignal<bool>,
    which: StoredValue<Option<PromiseId>>,
}

const TITLE: &str = "promises";

/// What is under way, and whether what was pressed is about to be drawn anew.
#[derive(Clone, Copy)]
struct Doing {
    work: Work,
    acted: StoredValue<bool>,
}

impl Doing {
    /// It went well: says so, and asks for how things stand now.
    fn done(self, desk: Desk, text: &'static str) {
        toasts::done(text);
        self.acted.set_value(true);
        desk.sheet.again();
    }
}

/// The list.
#[component]
pub fn Promises(desk: Desk) -> AnyView {
    let lang = lang();
    let work = Work::new();
    // The promises are of no week: turning one leaves the forms as they are.
    let all = RwSignal::new(None::<Vec<Promise>>);
    let acted = StoredValue::new(false);
    let work = Doing { work, acted };
    Effect::new(move |_| {
        if let Load::Here(sheet) = desk.sheet.state.get()
            && all.with_untracked(|known| known.as_ref() != Some(&sheet.plan.promises))
        {
            all.set(Some(sheet.plan.promises));
            if acted.try_update_value(std::mem::take) == Some(true) {
                page::catch_focus(TITLE.to_owned());
            }
        }
    });
    let dropping = Dropping { open: RwSignal::new(false), which: StoredValue::new(None) };
    let loaded = Memo::new(move |_| desk.ground.with(Option::is_some) && all.with(Option::is_some));
    let kept = Memo::new(move |_| all.with(|all| all.as_ref().map_or(0, Vec::len)));
    let each = move || all.get().unwrap_or_default();
    let ground = move || desk.ground.get_untracked().unwrap_or_default();
    // Only the line that was changed is drawn anew: what is being typed in another, or in the form below, stays.
    let list = move || {
        loaded.get().then(|| {
            view! {
                {move || (kept.get() == 0).then(|| view! { <p>{lang.promise_list_none()}</p> })}
                <ul class="lines" hidden=move || kept.get() == 0>
                    <For
                        each
                        key=|promise| (promise.id.clone(), promise.version)
                        children=move |promise| line(desk, work, &ground(), promise, dropping)
                    />
                </ul>
                {desk.manages.then(|| {
                    view! {
                        <div id=NEW tabindex="-1">
                            // A new one, with an identity of its own, each time that one was kept.
                            {move || {
                                kept.track();
                                form(desk, work, &ground(), None)
                            }}
                        </div>
                    }
                })}
            }
        })
    };
    view! {
        <section class="card">
            <h2 id=TITLE tabindex="-1">{lang.promise_list()}</h2>
            <p class="hint">{lang.promise_list_text()}</p>
            <ProblemNotice problem=work.work.problem/>
            {list}
            {desk.manages.then(|| confirmation(desk, work, dropping))}
        </section>
    }
    .into_any()
}

fn line(desk: Desk, doing: Doing, ground: &Ground, promise: Promise, dropping: Dropping) -> AnyView {
    let (name, id) = (ground.said(&promise), promise.id.clone());
    let more = term(Some(promise.first), promise.last);
    let form = desk.manages.then(|| form(desk, doing, ground, Some(promise)));
    let drop: Box<dyn Fn()> = Box::new(move || {
        dropping.which.set_value(Some(id.clone()));
        dropping.open.set(true);
    });
    kept_line(name, more, None, form, desk.manages.then(|| (lang().promise_drop(), drop)))
}

/// Asks before a promise is taken back: it goes from the past too.
fn confirmation(desk: Desk, doing: Doing, Dropping { open, which }: Dropping) -> AnyView {
    let lang = lang();
    let texts = ConfirmTexts {
        title: lang.promise_drop_title().to_owned(),
        text: lang.promise_drop_text().to_owned(),
        act: lang.promise_drop().to_owned(),
        close: lang.general_cancel().to_owned(),
    };
    let confirm = move || {
        let Some(id) = which.get_value() else { return };
        let call = async move { api::call(&DROP_PROMISE, &[id.as_str()], &Nothing {}).await };
        doing.work.run(call, move |_| doing.done(desk, lang.promise_dropped()));
        open.set(false);
    };
    view! { <ConfirmDialog open texts=Signal::stored(texts) busy=doing.work.busy on_confirm=confirm/> }.into_any()
}

/// The form of a promise that is there, or of a new one.
fn form(desk: Desk, doing: Doing, ground: &Ground, before: Option<Promise>) -> AnyView {
    let lang = lang();
    let new = before.is_none();
    let pair = |id: &str, name: String| (id.to_owned(), name);
    let stands = |id: &ChannelId| before.as_ref().is_some_and(|before| before.channel == *id);
    let channels = ground.channels.iter();
    let channels = channels.filter(|one| one.health.state != HealthState::Disconnected || stands(&one.id));
    let channels: Vec<_> = channels.map(|one| pair(one.id.as_str(), one.name.clone())).collect();
    let first_channel = channels.first().map(|(id, _)| id.clone()).unwrap_or_default();
    let (pillar, audience) = match &before {
        Some(before) => (before.pillar.clone(), before.audience.clone()),
        None => (None, None),
    };
    let pillars = ground.themes.pillars.iter().filter(|one| !one.archived || Some(&one.id) == pillar.as_ref());
    let pillars = pillars.map(|one| pair(one.id.as_str(), words::pillar_name(lang, one)));
    let pillars: Vec<_> = std::iter::once(pair("", lang.promise_pillar_any().to_owned())).chain(pillars).collect();
    let stood = audience.clone();
    // An audience that is added further down can be chosen here at once.
    let audiences = move || -> Vec<(String, String)> {
        let any = (String::new(), lang.promise_audience_any().to_owned());
        desk.ground.with(|ground| {
            let all = ground.iter().flat_map(|ground| &ground.themes.audiences);
            let here = all.filter(|one| !one.archived || Some(&one.id) == stood.as_ref());
            let named = here.map(|one| (one.id.to_string(), words::named_audience(lang, one)));
            std::iter::once(any).chain(named).collect()
        })
    };
    let pers = vec![
        pair(Per::Week.as_str(), lang.promise_per_week().to_owned()),
        pair(Per::Month.as_str(), lang.promise_per_month().to_owned()),
    ];
    // Drawn once for the form: sent twice, it is one.
    let id = before.as_ref().map_or_else(|| PromiseId::from_bits(drafts::chance()), |before| before.id.clone());
    let version = before.as_ref().map_or(0, |before| before.version);
    let per = before.as_ref().map_or(Per::Week, |before| before.per);
    let count = RwSignal::new(before.as_ref().map_or(1, |before| before.count).to_string());
    let channel = RwSignal::new(before.as_ref().map_or(first_channel, |before| before.channel.to_string()));
    let per = RwSignal::new(per.as_str().to_owned());
    let pillar = RwSignal::new(pillar.map(|id| id.to_string()).unwrap_or_default());
    let audience = RwSignal::new(audience.map(|id| id.to_string()).unwrap_or_default());
    // From the beginning of what is under way, so that it is measured at once.
    let begins = move |per: &str| {
        Window::around(if per == Per::Month.as_str() { View::List } else { View::Week }, desk.today).first().to_string()
    };
    let first = RwSignal::new(before.as_ref().map_or_else(|| begins("week"), |before| before.first.to_string()));
    let last = before.as_ref().and_then(|before| before.last);
    let last = RwSignal::new(last.map(|day| day.to_string()).unwrap_or_default());
    if new {
        Effect::watch(
            move || per.get(),
            move |per, before, _| {
                // What somebody chose stays.
                if before.is_some_and(|before| first.with_untracked(|first| *first == begins(before))) {
                    first.set(begins(per));
                }
            },
            true,
        );
    }
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let day = |text: RwSignal<String>| text.get_untracked().parse::<NaiveDate>().ok();
        let (Ok(channel), Some(first)) = (channel.get_untracked().parse::<ChannelId>(), day(first)) else { return };
        let asked = KeepPromise {
            version,
            channel,
            // What is no number is none at all, and the engine says so.
            count: count.get_untracked().trim().parse().unwrap_or_default(),
            per: if per.get_untracked() == Per::Month.as_str() { Per::Month } else { Per::Week },
            pillar: pillar.get_untracked().parse::<PillarId>().ok(),
            audience: audience.get_untracked().parse::<AudienceId>().ok(),
            first,
            last: day(last),
        };
        let id = id.clone();
        let call = async move { api::call(&KEEP_PROMISE, &[id.as_str()], &asked).await };
        doing.work.run(call, move |_| doing.done(desk, lang.promise_saved()));
    };
    let pillars_kept = pillars.len() > 1;
    let of_audience = move || {
        let options = audiences();
        (options.len() > 1).then(|| view! { <Select label=lang.promise_audience() value=audience options/> })
    };
    view! {
        <form class="plan-form" on:submit=submit>
            <TextField label=lang.promise_count() value=count kind="number" required=true most=3/>
            <Select label=lang.promise_per() value=per options=pers/>
            <Select label=lang.promise_channel() value=channel options=channels/>
            {pillars_kept.then(|| view! { <Select label=lang.promise_pillar() value=pillar options=pillars/> })}
            {of_audience}
            <TextField label=lang.promise_first() value=first kind="date" required=true/>
            <TextField label=lang.promise_last() value=last kind="date"/>
            <div class="actions">{keep(doing.work, new, lang.promise_add())}</div>
        </form>
    }
    .into_any()
}

/// The button of a form.
pub fn keep(work: Work, new: bool, add: &'static str) -> AnyView {
    if new {
        view! { <Button glyph=Glyph::Plus submit=true busy=work.busy>{add}</Button> }.into_any()
    } else {
        let save = lang().general_save();
        view! { <Button tone=Tone::Quiet submit=true busy=work.busy>{save}</Button> }.into_any()
    }
}

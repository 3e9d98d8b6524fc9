//! What of each pillar is to be understood: the list, and the form of a message for who administers. Like an audience it is
//! archived and never taken away: posts name it.

use chrono::NaiveDate;
use domain::{AudienceId, Message, MessageId, PillarId, Themes};
use leptos::{ev, prelude::*};
use wire::campaigns::{KEEP_MESSAGE, KeepMessage};

use super::{Desk, promises::keep};
use crate::{
    api,
    parts::{ProblemNotice, Work, archiving, kept_line, term},
    platform::page,
    state::{drafts, lang, toasts},
    ui::{Checkbox, Select, TextField},
};

const TITLE: &str = "messages";

/// The list.
#[component]
pub fn Messages(desk: Desk) -> AnyView {
    let lang = lang();
    let work = Work::new();
    let loaded = Memo::new(move |_| desk.ground.with(Option::is_some));
    // With the names of what they belong to: a line says them.
    let themes = Memo::new(move |_| {
        desk.ground.with(|ground| ground.as_ref().map(|ground| ground.themes.clone()).unwrap_or_default())
    });
    let kept = Memo::new(move |_| themes.with(|themes| themes.messages.len()));
    let pillars = Memo::new(move |_| themes.with(|themes| themes.pillars.iter().any(|one| !one.archived)));
    let lines = move || {
        themes.with(|themes| sorted(themes).into_iter().map(|one| line(desk, work, themes, one)).collect::<Vec<_>>())
    };
    // A new one, with an identity of its own, each time that one was kept.
    let new = move || {
        kept.track();
        if pillars.get() { form(desk, work, None) } else { view! { <p>{lang.message_no_pillars()}</p> }.into_any() }
    };
    let list = move || {
        loaded.get().then(|| {
            view! {
                {move || (kept.get() == 0).then(|| view! { <p>{lang.message_none_kept()}</p> })}
                <ul class="lines" hidden=move || kept.get() == 0>{lines}</ul>
                {desk.manages.then_some(new)}
            }
        })
    };
    view! {
        <section class="card">
            <h2 id=TITLE tabindex="-1">{lang.message_title()}</h2>
            <p class="hint">{lang.message_text()}</p>
            <ProblemNotice problem=work.problem/>
            {list}
        </section>
    }
    .into_any()
}

/// Those of one pillar beside each other, in the order of the pillars.
fn sorted(themes: &Themes) -> Vec<Message> {
    let of = |pillar: &PillarId| {
        let pillar = pillar.clone();
        themes.messages.iter().filter(move |one| one.pillar == pillar).cloned()
    };
    themes.pillars.iter().flat_map(|pillar| of(&pillar.id)).collect()
}

fn send(desk: Desk, work: Work, id: MessageId, asked: KeepMessage) {
    work.run(async move { api::call(&KEEP_MESSAGE, &[id.as_str()], &asked).await }, move |themes| {
        desk.ground.update(|ground| {
            if let Some(ground) = ground {
                ground.themes = themes;
            }
        });
        toasts::done(lang().promise_saved());
        page::catch_focus(TITLE.to_owned());
    });
}

fn line(desk: Desk, work: Work, themes: &Themes, message: Message) -> AnyView {
    let lang = lang();
    let name = message.name.clone();
    let pillar = themes.pillars.iter().find(|one| one.id == message.pillar);
    let pillar = pillar.map(|one| lang.message_of_pillar(words::pillar_name(lang, one)));
    let whom = themes.audiences.iter().filter(|one| message.audiences.contains(&one.id));
    let whom = whom.map(|one| words::named_audience(lang, one)).collect::<Vec<_>>().join(", ");
    let whom = (!whom.is_empty()).then(|| lang.message_of_audiences(whom));
    let more = [pillar, whom, term(message.first, message.last)];
    let more = more.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let archived = message.archived.then(|| lang.message_archived());
    let form = desk.manages.then(|| form(desk, work, Some(message.clone())));
    let archive = move || {
        let Message { id, version, pillar, name, audiences, first, last, archived } = message.clone();
        send(desk, work, id, KeepMessage { version, pillar, name, audiences, first, last, archived: !archived });
    };
    let deed = desk.manages.then(|| archiving(archived.is_some(), archive));
    kept_line(name, Some(more), archived, form, deed)
}

/// The form of a message that is there, or of a new one. Only a new one is asked for its pillar: posts are filed there.
fn form(desk: Desk, work: Work, before: Option<Message>) -> AnyView {
    let lang = lang();
    let new = before.is_none();
    let text = |day: Option<NaiveDate>| RwSignal::new(day.map(|day| day.to_string()).unwrap_or_default());
    let of = before.as_ref();
    // Drawn once for the form: sent twice, it is one.
    let id = of.map_or_else(|| MessageId::from_bits(drafts::chance()), |before| before.id.clone());
    let (version, archived) = of.map_or((0, false), |before| (before.version, before.archived));
    let name = RwSignal::new(of.map(|before| before.name.clone()).unwrap_or_default());
    let (first, last) = (text(of.and_then(|before| before.first)), text(of.and_then(|before| before.last)));
    let stood = of.map(|before| before.audiences.clone()).unwrap_or_default();
    let audiences = RwSignal::new(stood.clone());
    let pillars: Vec<(String, String)> = desk.ground.with_untracked(|ground| {
        let all = ground.iter().flat_map(|ground| &ground.themes.pillars).filter(|one| !one.archived);
        all.map(|one| (one.id.to_string(), one.name.clone())).collect()
    });
    let chosen = of.map(|before| before.pillar.to_string());
    let pillar = chosen.or_else(|| pillars.first().map(|(id, _)| id.clone())).unwrap_or_default();
    let pillar = RwSignal::new(pillar);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let day = |text: RwSignal<String>| text.get_untracked().parse::<NaiveDate>().ok();
        let Ok(pillar) = pillar.get_untracked().parse::<PillarId>() else { return };
        let asked = KeepMessage {
            version,
            pillar,
            name: name.get_untracked(),
            audiences: audiences.get_untracked(),
            first: day(first),
            last: day(last),
            archived,
        };
        send(desk, work, id.clone(), asked);
    };
    let label = if new { lang.message_new() } else { lang.message_name() };
    let choice = new.then(|| view! { <Select label=lang.message_pillar() value=pillar options=pillars/> });
    view! {
        <form class="stack" on:submit=submit>
            <TextField label value=name required=true most=160 hint=lang.message_name_hint()/>
            {choice}
            {whom(desk, stood, audiences)}
            <div class="columns">
                <TextField label=lang.message_first() value=first kind="date"/>
                <TextField label=lang.message_last() value=last kind="date"/>
            </div>
            <div class="actions">{keep(work, new, lang.message_add())}</div>
        </form>
    }
    .into_any()
}

/// Whom it is for; nothing where the organisation keeps no audiences. One that is added further down can be ticked here at once.
fn whom(desk: Desk, stood: Vec<AudienceId>, chosen: RwSignal<Vec<AudienceId>>) -> AnyView {
    let lang = lang();
    let boxes = move || {
        let offered: Vec<(AudienceId, String)> = desk.ground.with(|ground| {
            let all = ground.iter().flat_map(|ground| &ground.themes.audiences);
            let all = all.filter(|one| !one.archived || stood.contains(&one.id));
            all.map(|one| (one.id.clone(), words::named_audience(lang, one))).collect()
        });
        let boxes = offered.into_iter().map(|(id, name)| {
            let (asked, changed) = (id.clone(), id);
            let checked = Signal::derive(move || chosen.with(|all| all.contains(&asked)));
            let change = move |wanted: bool| {
                chosen.update(|all| {
                    all.retain(|one| *one != changed);
                    if wanted {
                        all.push(changed.clone());
                    }
                });
            };
            view! { <Checkbox label=name checked on_change=change/> }
        });
        let boxes = boxes.collect::<Vec<_>>();
        (!boxes.is_empty()).then(|| {
            view! {
                <fieldset class="field">
                    <legend>{lang.message_audiences()}</legend>
                    <p class="hint">{lang.message_audiences_hint()}</p>
                    <div class="row">{boxes}</div>
                </fieldset>
            }
        })
    };
    boxes.into_any()
}

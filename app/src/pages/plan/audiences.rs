//! Whom the organisation speaks to: the list, and the form of an audience for who administers. An audience has no end of
//! its own: posts and promises name it, so it is archived and never taken away.

use domain::{Audience, AudienceId};
use leptos::{ev, prelude::*};
use wire::campaigns::{KEEP_AUDIENCE, KeepAudience};
use words::language_name;

use super::{Desk, promises::keep};
use crate::{
    api,
    parts::{LanguagePicker, ProblemNotice, Work, archiving, kept_line},
    platform::page,
    state::{drafts, lang, toasts},
    ui::{TextArea, TextField},
};

const TITLE: &str = "audiences";

/// The list.
#[component]
pub fn Audiences(desk: Desk) -> AnyView {
    let lang = lang();
    let work = Work::new();
    let loaded = Memo::new(move |_| desk.ground.with(Option::is_some));
    let audiences = Memo::new(move |_| {
        desk.ground.with(|ground| ground.as_ref().map(|ground| ground.themes.audiences.clone()).unwrap_or_default())
    });
    let kept = Memo::new(move |_| audiences.with(Vec::len));
    let lines = move || audiences.get().into_iter().map(|one| line(desk, work, one)).collect::<Vec<_>>();
    // A new one, with an identity of its own, each time that one was kept.
    let new = move || {
        kept.track();
        form(desk, work, None)
    };
    let list = move || {
        loaded.get().then(|| {
            view! {
                {move || (kept.get() == 0).then(|| view! { <p>{lang.audience_none_kept()}</p> })}
                <ul class="lines" hidden=move || kept.get() == 0>{lines}</ul>
                {desk.manages.then_some(new)}
            }
        })
    };
    view! {
        <section class="card">
            <h2 id=TITLE tabindex="-1">{lang.audience_title()}</h2>
            <p class="hint">{lang.audience_text()}</p>
            <ProblemNotice problem=work.problem/>
            {list}
        </section>
    }
    .into_any()
}

fn send(desk: Desk, work: Work, id: AudienceId, asked: KeepAudience) {
    work.run(async move { api::call(&KEEP_AUDIENCE, &[id.as_str()], &asked).await }, move |themes| {
        desk.ground.update(|ground| {
            if let Some(ground) = ground {
                ground.themes = themes;
            }
        });
        toasts::done(lang().promise_saved());
        page::catch_focus(TITLE.to_owned());
    });
}

fn line(desk: Desk, work: Work, audience: Audience) -> AnyView {
    let lang = lang();
    let name = audience.name.clone();
    let languages = audience.languages.iter().map(|language| language_name(lang, language).to_string());
    let languages = languages.collect::<Vec<_>>().join(", ");
    let more = [&audience.who, &audience.found, &languages, &audience.needs];
    let more = more.into_iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(" · ");
    let archived = audience.archived.then(|| lang.audience_archived());
    let form = desk.manages.then(|| form(desk, work, Some(audience.clone())));
    let archive = move || {
        let Audience { id, version, name, who, found, languages, needs, archived } = audience.clone();
        send(desk, work, id, KeepAudience { version, name, who, found, languages, needs, archived: !archived });
    };
    let deed = desk.manages.then(|| archiving(archived.is_some(), archive));
    kept_line(name, (!more.is_empty()).then_some(more), archived, form, deed)
}

/// The form of an audience that is there, or of a new one.
fn form(desk: Desk, work: Work, before: Option<Audience>) -> AnyView {
    let lang = lang();
    let new = before.is_none();
    let before = before.unwrap_or_else(|| Audience {
        // Drawn once for the form: sent twice, it is one.
        id: AudienceId::from_bits(drafts::chance()),
        version: 0,
        name: String::new(),
        who: String::new(),
        found: String::new(),
        languages: Vec::new(),
        needs: String::new(),
        archived: false,
    });
    let (name, who) = (RwSignal::new(before.name.clone()), RwSignal::new(before.who.clone()));
    let (found, needs) = (RwSignal::new(before.found.clone()), RwSignal::new(before.needs.clone()));
    let languages = RwSignal::new(before.languages.clone());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let asked = KeepAudience {
            version: before.version,
            name: name.get_untracked(),
            who: who.get_untracked(),
            found: found.get_untracked(),
            languages: languages.get_untracked(),
            needs: needs.get_untracked(),
            archived: before.archived,
        };
        send(desk, work, before.id.clone(), asked);
    };
    let label = if new { lang.audience_new() } else { lang.audience_name() };
    view! {
        <form class="stack" on:submit=submit>
            <TextField label value=name required=true most=100/>
            <TextArea label=lang.audience_who() value=who rows=2 most=250/>
            <TextArea label=lang.audience_found() hint=lang.audience_found_hint() value=found rows=2 most=250/>
            <TextArea label=lang.audience_needs() hint=lang.audience_needs_hint() value=needs rows=2 most=250/>
            <LanguagePicker label=lang.audience_languages() value=languages/>
            <div class="actions">{keep(work, new, lang.audience_add())}</div>
        </form>
    }
    .into_any()
}

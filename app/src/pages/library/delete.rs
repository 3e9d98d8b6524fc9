//! Deleting: the part of an asset's page that says whether it can be, and asks before it is; and the register of what was consented
//! to for what is deleted, which stays.

use domain::{Act, ConsentId, may};
use leptos::prelude::*;
use wire::{
    Nothing,
    library::{DELETE, FORGET, Gone, REGISTER, Register},
};

use super::{
    asset::{View, part},
    consents,
};
use crate::{
    api,
    pages::around::{self, Fetched, Road},
    parts::{ProblemNotice, Work, kept_line},
    platform::{
        page,
        time::{self, Form},
    },
    state::{lang, session, toasts},
    ui::{Button, ConfirmDialog, ConfirmTexts, Tone},
};

fn keeps() -> bool {
    session().me.with_untracked(|me| me.as_ref().is_some_and(|me| may(me.role, Act::KeepConsents)))
}

/// The section, for who keeps the consents; `back` is where the list is.
pub fn section(view: View, back: String) -> AnyView {
    if !keeps() {
        return ().into_any();
    }
    let (lang, road, work, open) = (lang(), Road::here(), Work::new(), RwSignal::new(false));
    let used = part(view, |view| !view.uses.is_empty() || view.more);
    let texts = Signal::derive(move || {
        let name = view.now().map(|view| view.filed.asset.said.name).unwrap_or_default();
        ConfirmTexts {
            title: lang.library_delete().to_owned(),
            text: lang.library_delete_text(name),
            act: lang.library_delete_do().to_owned(),
            close: lang.general_cancel().to_owned(),
        }
    });
    let confirm = move || {
        open.set(false);
        let Some(now) = view.now() else { return };
        let (media, back) = (now.filed.asset.media, back.clone());
        let call = async move { api::call(&DELETE, &[media.as_str()], &Nothing {}).await };
        work.run(call, move |Nothing {}| {
            toasts::done(lang.library_delete_done());
            road.instead(back);
        });
    };
    let button = move || {
        match used.get() {
        Some(false) => view! {
            <p class="hint">{lang.library_delete_hint()}</p>
            <div class="actions">
                <Button tone=Tone::Danger busy=work.busy on_press=move || open.set(true)>{lang.library_delete()}</Button>
            </div>
        }
        .into_any(),
        _ => view! { <p class="hint">{lang.library_delete_used()}</p> }.into_any(),
    }
    };
    view! {
        <section class="card">
            <h2>{lang.library_delete()}</h2>
            <ProblemNotice problem=work.problem/>
            {button}
            <ConfirmDialog open texts busy=work.busy on_confirm=confirm/>
        </section>
    }
    .into_any()
}

/// The heading of the register: the focus goes there when a line of it has changed.
const REGISTERED: &str = "library-register";

/// What the parts of the register share.
#[derive(Clone, Copy)]
struct Desk {
    work: Work,
    asking: RwSignal<bool>,
    which: StoredValue<Option<ConsentId>>,
}

/// The register of what was consented to for what is deleted by now, asked for when somebody opens it.
pub fn register() -> AnyView {
    if !keeps() {
        return ().into_any();
    }
    let (lang, open) = (lang(), RwSignal::new(false));
    view! {
        <details on:toggle=move |_| open.set(true)>
            <summary>{lang.library_register()}</summary>
            <p id=REGISTERED tabindex="-1" class="hint">{lang.library_register_text()}</p>
            {move || open.get().then(opened)}
        </details>
    }
    .into_any()
}

fn opened() -> AnyView {
    let lang = lang();
    let desk = Desk { work: Work::new(), asking: RwSignal::new(false), which: StoredValue::new(None) };
    let kept = Fetched::new(|| async { api::call(&REGISTER, &[], &Nothing {}).await });
    let texts = ConfirmTexts {
        title: lang.library_erase_title().to_owned(),
        text: lang.library_register_erase_text().to_owned(),
        act: lang.library_erase().to_owned(),
        close: lang.general_cancel().to_owned(),
    };
    let confirm = move || {
        desk.asking.set(false);
        let Some(consent) = desk.which.get_value() else { return };
        let call = async move { api::call(&FORGET, &[consent.as_str()], &Nothing {}).await };
        desk.work.run(call, move |register: Register| {
            kept.put(register);
            toasts::done(lang.library_erase_done());
            page::catch_focus(REGISTERED.to_owned());
        });
    };
    view! {
        <ProblemNotice problem=desk.work.problem/>
        {kept.draw(move |register| listed(desk, register))}
        <ConfirmDialog open=desk.asking texts=Signal::stored(texts) busy=desk.work.busy on_confirm=confirm/>
    }
    .into_any()
}

fn listed(desk: Desk, register: Register) -> AnyView {
    let lang = lang();
    let today = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.civil(time::now()).date()));
    let none = register.gone.is_empty().then(|| view! { <p>{lang.library_register_none()}</p> });
    let more = register.more.then(|| view! { <p class="hint">{lang.library_register_more()}</p> });
    let one = move |Gone { hash, at, consents }: Gone| {
        let short = hash.get(..12).unwrap_or(&hash).to_owned();
        let lines = consents.into_iter().map(|consent| {
            let told = today.map(|today| consents::told(lang, &consent, today));
            let (id, named) = (consent.id.clone(), !consent.who.is_empty());
            let ask: Box<dyn Fn()> = Box::new(move || {
                desk.which.set_value(Some(id.clone()));
                desk.asking.set(true);
            });
            kept_line(consents::whose(lang, &consent), told, None, None, named.then_some((lang.library_erase(), ask)))
        });
        view! {
            <p class="hint">{lang.library_register_line(short, around::when(at, Form::Date))}</p>
            <ul class="lines">{lines.collect_view()}</ul>
        }
    };
    view! {
        {none}
        {register.gone.into_iter().map(one).collect_view()}
        {more}
    }
    .into_any()
}

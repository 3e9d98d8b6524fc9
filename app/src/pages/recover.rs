//! Recovering access: a printed code starts it, another member's confirmation or a day of waiting allows it, a new
//! passkey ends it. What was started is kept on this device, so that one may close the page and come back.

use domain::{Moment, RecoveryId};
use leptos::{ev, prelude::*};
use leptos_router::hooks::use_navigate;
use serde_json::{Value, json};
use wire::session::{EnrolBy, RECOVER, Recover as Ask, Recovering};

use crate::{
    api,
    parts::{Ceremony, CeremonyNotice, Codes, Entry, ProblemNotice, Work, enrol},
    platform::{storage, time},
    routes,
    state::{lang, session},
    ui::{Button, Glyph, Gravity, Notice, TextField, Tone},
};

const KEPT: &str = "pregon.recovery";

fn kept() -> Option<Recovering> {
    api::json::read(&storage::read(KEPT)?)
}

fn keep(recovering: &Recovering) {
    let text: Value = json!(recovering);
    storage::keep(KEPT, &text.to_string());
}

/// A moment where no organisation is known yet: in the device's own zone.
fn local(at: Moment) -> String {
    time::moment(at, "Europe/Madrid", lang().tag(), time::Form::Full)
}

/// Recovering access.
#[component]
pub fn Recover() -> impl IntoView {
    let (lang, session) = (lang(), session());
    let running = RwSignal::new(kept());
    let codes = RwSignal::new(None::<Vec<String>>);
    let (code, work, ceremony) = (RwSignal::new(String::new()), Work::new(), Ceremony::new());
    let navigate = StoredValue::new_local(use_navigate());
    let home = move || navigate.with_value(|navigate| navigate(routes::HOME, Default::default()));
    let start = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let asked = Ask { code: code.get_untracked().trim().to_owned() };
        work.run(async move { api::call(&RECOVER, &[], &asked).await }, move |answer| {
            keep(&answer);
            running.set(Some(answer));
        });
    };
    let finish = move |recovery: RecoveryId, token: String| {
        ceremony.run(enrol(EnrolBy::Recovery { recovery, token }, String::new()), move |enrolled| {
            storage::forget(KEPT);
            session.accept(enrolled.me);
            match enrolled.codes {
                Some(kept) => codes.set(Some(kept.codes)),
                None => home(),
            }
        });
    };
    let give_up = move || {
        storage::forget(KEPT);
        running.set(None);
    };
    let sheet = move || match (codes.get(), running.get()) {
        (Some(codes), _) => view! { <Codes codes on_done=home/> }.into_any(),
        (None, Some(Recovering { recovery, token, ready_at })) => {
            let finish = move || finish(recovery.clone(), token.clone());
            view! {
                <h1>{lang.entry_recovering_title()}</h1>
                <Notice gravity=Gravity::Info title=lang.entry_recovering_ask()>
                    <p>{lang.entry_recovering_until(local(ready_at))}</p>
                </Notice>
                <p>{lang.entry_recovering_text()}</p>
                <CeremonyNotice ceremony/>
                <div class="actions">
                    <Button tone=Tone::Primary glyph=Glyph::Key busy=ceremony.busy on_press=finish>
                        {lang.entry_recover_finish()}
                    </Button>
                    <Button tone=Tone::Quiet on_press=give_up>{lang.entry_recover_again()}</Button>
                </div>
            }
            .into_any()
        }
        (None, None) => view! {
            <h1>{lang.entry_recover_title()}</h1>
            <p>{lang.entry_recover_text()}</p>
            <form class="stack" on:submit=start>
                <TextField label=lang.entry_recovery_code() value=code required=true first=true most=40/>
                <ProblemNotice problem=work.problem/>
                <div class="actions">
                    <Button tone=Tone::Primary submit=true busy=work.busy>{lang.entry_recover_start()}</Button>
                </div>
            </form>
            <p><a href=routes::SIGN_IN>{lang.entry_sign_in_back()}</a></p>
        }
        .into_any(),
    };
    view! { <Entry>{sheet}</Entry> }.into_any()
}

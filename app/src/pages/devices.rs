//! One's own keys and sessions: what can sign in as oneself, where one is signed in, and the codes for a bad day.

use domain::{Moment, PasskeyId, SessionId};
use leptos::{ev, prelude::*};
use wire::session::{
    DEVICES, Devices as Owned, END_SESSION, EnrolBy, EnrolledHow, PasskeyRow, REMOVE_PASSKEY, RENEW_CODES, RecoveryRow,
    STOP_RECOVERY, SessionRow,
};
use words::Lang;

use crate::{
    api,
    parts::{Ceremony, CeremonyNotice, Codes, ProblemNotice, Work, enrol},
    platform::{page, time},
    state::{lang, session, toasts},
    ui::{
        Button, Chip, ConfirmDialog, ConfirmTexts, Dialog, Empty, Glyph, Gravity, Hue, Icon, Notice, Skeleton,
        TextField, Tone,
    },
};

fn full(at: Moment) -> String {
    time::moment(at, &session().zone(), lang().tag(), time::Form::Full)
}

/// How a passkey was enrolled, in words.
pub fn how_name(lang: Lang, how: EnrolledHow) -> &'static str {
    match how {
        EnrolledHow::SetUp => lang.devices_how_set_up(),
        EnrolledHow::Invitation => lang.devices_how_invitation(),
        EnrolledHow::MailCode => lang.devices_how_mail_code(),
        EnrolledHow::Recovery => lang.devices_how_recovery(),
        EnrolledHow::Session => lang.devices_how_session(),
    }
}

/// What is about to be taken away.
#[derive(Debug, Clone, PartialEq)]
enum Going {
    Passkey(PasskeyId, String),
    Session(SessionId, String),
    Codes,
}

/// One's own keys and sessions.
#[component]
pub fn Devices() -> impl IntoView {
    let lang = lang();
    let owned = RwSignal::new(None::<Owned>);
    let (loading, acting) = (Work::new(), Work::new());
    let load = move || {
        loading.run(api::call(&DEVICES, &[], &wire::Nothing {}), move |found| owned.set(Some(found)));
    };
    load();
    let (going, confirming) = (RwSignal::new(None::<Going>), RwSignal::new(false));
    let (codes, adding) = (RwSignal::new(None::<Vec<String>>), RwSignal::new(false));
    let ask = Callback::new(move |what: Going| {
        going.set(Some(what));
        confirming.set(true);
    });
    let confirm = move || {
        let Some(what) = going.get_untracked() else { return };
        let gone = move || {
            confirming.set(false);
            toasts::done(lang.devices_gone());
            load();
        };
        match what {
            Going::Passkey(id, _) => acting
                .run(async move { api::call(&REMOVE_PASSKEY, &[id.as_str()], &wire::Nothing {}).await }, move |_| {
                    gone()
                }),
            Going::Session(id, _) => {
                acting
                    .run(async move { api::call(&END_SESSION, &[id.as_str()], &wire::Nothing {}).await }, move |_| {
                        gone()
                    });
            }
            Going::Codes => {
                acting.run(async { api::call(&RENEW_CODES, &[], &wire::Nothing {}).await }, move |renewed| {
                    confirming.set(false);
                    codes.set(Some(renewed.codes));
                });
            }
        }
    };
    let texts = Signal::derive(move || {
        let close = lang.general_cancel().to_owned();
        let (title, text, act) = match going.get() {
            Some(Going::Passkey(_, label)) => {
                (lang.devices_remove_title(), lang.devices_remove_text(label), lang.general_remove())
            }
            Some(Going::Session(_, device)) => {
                (lang.devices_end_title(), lang.devices_end_text(device), lang.devices_end())
            }
            Some(Going::Codes) | None => {
                (lang.devices_renew_title(), lang.devices_renew_text().to_owned(), lang.devices_renew())
            }
        };
        ConfirmTexts { title: title.to_owned(), text, act: act.to_owned(), close }
    });
    Effect::new(move |_| acting.problem.with(|problem| problem.as_ref().map(toasts::trouble)));
    let showing_codes = RwSignal::new(false);
    Effect::new(move |_| showing_codes.set(codes.with(Option::is_some)));
    view! {
        <header class="page-head">
            <div>
                <h1>{lang.frame_devices()}</h1>
                <p>{lang.devices_text()}</p>
            </div>
            <Button tone=Tone::Primary glyph=Glyph::Plus on_press=move || adding.set(true)>{lang.devices_add()}</Button>
        </header>
        <ProblemNotice problem=loading.problem/>
        {move || match owned.get() {
            None => view! { <Skeleton label=lang.general_loading()/> }.into_any(),
            Some(owned) => view! { <Lists owned ask reload=Callback::new(move |()| load())/> }.into_any(),
        }}
        <ConfirmDialog open=confirming texts busy=acting.busy on_confirm=confirm/>
        <AddPasskey open=adding on_added=load/>
        <Dialog open=showing_codes title=lang.devices_codes() close=lang.general_close()>
            {codes
                .get()
                .map(|kept| {
                    view! {
                        <Codes
                            codes=kept
                            on_done=move || {
                                codes.set(None);
                                load();
                            }
                        />
                    }
                })}
        </Dialog>
    }
    .into_any()
}

#[component]
fn Lists(owned: Owned, ask: Callback<Going>, reload: Callback<()>) -> impl IntoView {
    let lang = lang();
    let Owned { passkeys, sessions, codes_left, recovery } = owned;
    let last = passkeys.len() == 1;
    let low = codes_left < 3;
    let none = passkeys.is_empty();
    view! {
        {recovery.map(|row| view! { <Running row reload/> })}
        <section class="card">
            <h2>{lang.devices_passkeys()}</h2>
            {none.then(|| view! { <Empty title=lang.devices_none() text=lang.devices_none_text() glyph=Glyph::Key/> })}
            <ul class="lines">
                {passkeys.into_iter().map(|row| passkey(row, last, ask)).collect_view()}
            </ul>
            {last.then(|| view! { <p class="hint">{lang.devices_last()}</p> })}
        </section>
        <section class="card">
            <div class="card-head">
                <h2>{lang.devices_codes()}</h2>
                <Chip hue=if low { Hue::Warn } else { Hue::Good } text=lang.devices_codes_left(codes_left)/>
            </div>
            <p>{lang.devices_codes_text()}</p>
            <div class="actions">
                <Button glyph=Glyph::Again on_press=move || ask.run(Going::Codes)>{lang.devices_renew()}</Button>
            </div>
        </section>
        <section class="card">
            <h2>{lang.devices_sessions()}</h2>
            <ul class="lines">{sessions.into_iter().map(|row| session_line(row, ask)).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn passkey(row: PasskeyRow, last: bool, ask: Callback<Going>) -> AnyView {
    let lang = lang();
    let PasskeyRow { id, label, how, at, used } = row;
    let used = used.map_or_else(|| lang.general_never().to_owned(), full);
    let name = label.clone();
    view! {
        <li>
            <Icon glyph=Glyph::Key/>
            <div class="line-main">
                <strong>{label}</strong>
                <p class="hint">{lang.devices_enrolled(full(at), how_name(lang, how), used)}</p>
            </div>
            {(!last)
                .then(|| {
                    let press = move || ask.run(Going::Passkey(id.clone(), name.clone()));
                    view! { <Button tone=Tone::Danger on_press=press>{lang.general_remove()}</Button> }
                })}
        </li>
    }
    .into_any()
}

fn session_line(row: SessionRow, ask: Callback<Going>) -> AnyView {
    let lang = lang();
    let SessionRow { id, began, seen, device } = row;
    let own = session().me.with_untracked(|me| me.as_ref().is_some_and(|me| me.session == id));
    let name = device.clone();
    view! {
        <li>
            <div class="line-main">
                <strong>{device}</strong>
                <p class="hint">{lang.devices_session(full(began), full(seen))}</p>
            </div>
            {if own {
                view! { <Chip hue=Hue::Good text=lang.devices_this()/> }.into_any()
            } else {
                let press = move || ask.run(Going::Session(id.clone(), name.clone()));
                view! { <Button on_press=press>{lang.devices_end()}</Button> }.into_any()
            }}
        </li>
    }
    .into_any()
}

/// A recovery in one's own name: if it was not oneself, it must be stopped.
#[component]
fn Running(row: RecoveryRow, reload: Callback<()>) -> impl IntoView {
    let lang = lang();
    let work = Work::new();
    let id = row.id;
    let stop = move || {
        let id = id.clone();
        work.run(async move { api::call(&STOP_RECOVERY, &[id.as_str()], &wire::Nothing {}).await }, move |_| {
            toasts::done(lang.devices_stopped());
            reload.run(());
        });
    };
    view! {
        <Notice gravity=Gravity::Bad title=lang.devices_recovery()>
            <p>{lang.devices_recovery_text(full(row.asked), full(row.ready_at))}</p>
            <Button tone=Tone::Danger busy=work.busy on_press=stop>{lang.devices_stop()}</Button>
            <ProblemNotice problem=work.problem/>
        </Notice>
    }
    .into_any()
}

#[component]
fn AddPasskey(open: RwSignal<bool>, #[prop(into)] on_added: Callback<()>) -> impl IntoView {
    let lang = lang();
    let label = RwSignal::new(page::device());
    let ceremony = Ceremony::new();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        ceremony.run(enrol(EnrolBy::Session {}, label.get_untracked()), move |enrolled| {
            open.set(false);
            session().accept(enrolled.me);
            toasts::done(lang.devices_added());
            on_added.run(());
        });
    };
    view! {
        <Dialog open=open title=lang.devices_add() close=lang.general_close()>
            <form class="stack" on:submit=submit>
                <p>{lang.devices_add_text()}</p>
                <TextField label=lang.devices_label() hint=lang.devices_label_hint() value=label required=true most=60/>
                <CeremonyNotice ceremony/>
                <div class="actions end">
                    <Button on_press=move || open.set(false)>{lang.general_cancel()}</Button>
                    <Button tone=Tone::Primary glyph=Glyph::Key submit=true busy=ceremony.busy>
                        {lang.entry_make_passkey()}
                    </Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

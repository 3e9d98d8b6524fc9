//! Signing in: the passkey first, and behind it the ways for who does not have it at hand. The form is also shown over
//! a page whose session lapsed.

use leptos::{ev, prelude::*};
use leptos_router::hooks::use_navigate;
use wire::session::{EnrolBy, MailCode, Me};

use crate::{
    api,
    parts::{Ceremony, CeremonyNotice, DemoPeople, Entry, ProblemNotice, Work, enrol, sign_in},
    platform::{page, passkey},
    routes,
    state::{lang, session},
    ui::{Button, Glyph, Gravity, Notice, TextField, Tone},
};

/// Signing in, as a page.
#[component]
pub fn SignIn() -> impl IntoView {
    let lang = lang();
    view! {
        <Entry>
            <h1>{lang.entry_sign_in_title()}</h1>
            <SignInForm/>
        </Entry>
    }
    .into_any()
}

/// Signing in, wherever it is needed. Who is signed in stays at the address where they wanted to go.
#[component]
pub fn SignInForm() -> impl IntoView {
    let (lang, session) = (lang(), session());
    let ceremony = Ceremony::new();
    let navigate = use_navigate();
    let arrive = StoredValue::new_local(move |me: Me| {
        session.accept(me);
        if page::path() == routes::SIGN_IN {
            navigate(routes::HOME, leptos_router::NavigateOptions::default());
        }
    });
    let arrive = move |me: Me| arrive.with_value(|arrive| arrive(me));
    let begin = move || ceremony.run(sign_in(), arrive);
    // A memo: a half-written address or code must not go when the engine answers again.
    let mail = Memo::new(move |_| session.boot.with(|boot| boot.as_ref().is_some_and(|boot| boot.mail)));
    let demo = Memo::new(move |_| session.boot.with(|boot| boot.as_ref().is_some_and(|boot| boot.demo)));
    view! {
        <div class="stack">
            {(!passkey::is_supported())
                .then(|| {
                    view! {
                        <Notice gravity=Gravity::Warn title=lang.entry_unsupported_what()>
                            <p>{lang.entry_unsupported_next()}</p>
                        </Notice>
                    }
                })}
            <p>{lang.entry_sign_in_text()}</p>
            <div class="wide-button">
                <Button tone=Tone::Primary glyph=Glyph::Key busy=ceremony.busy on_press=begin>
                    {lang.entry_with_passkey()}
                </Button>
            </div>
            <CeremonyNotice ceremony/>
            {move || demo.get().then(|| view! { <DemoPeople on_signed_in=Callback::new(arrive)/> })}
            <details>
                <summary>{lang.entry_other_ways()}</summary>
                <div class="stack">
                    {move || mail.get().then(|| view! { <ByMail on_signed_in=Callback::new(arrive)/> })}
                    <p>
                        {lang.entry_lost_text()} " "
                        <a href=routes::RECOVER>{lang.entry_use_code()}</a>
                    </p>
                </div>
            </details>
        </div>
    }
    .into_any()
}

/// A code by mail, and with it a passkey for this device.
#[component]
fn ByMail(
    /// Who arrived.
    on_signed_in: Callback<Me>,
) -> impl IntoView {
    let lang = lang();
    let (email, code, sent) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let (work, ceremony) = (Work::new(), Ceremony::new());
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let email = email.get_untracked().trim().to_owned();
        let call = async move { api::call(&wire::session::MAIL_CODE, &[], &MailCode { email }).await };
        work.run(call, move |_| sent.set(true));
    };
    let enter = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let by = EnrolBy::MailCode {
            email: email.get_untracked().trim().to_owned(),
            code: code.get_untracked().trim().to_owned(),
        };
        ceremony.run(enrol(by, String::new()), move |enrolled| on_signed_in.run(enrolled.me));
    };
    view! {
        <form class="stack" on:submit=send>
            <TextField
                label=lang.entry_email()
                hint=lang.entry_mail_hint()
                value=email
                kind="email"
                autocomplete="email"
                required=true
            />
            <ProblemNotice problem=work.problem/>
            <div class="actions">
                <Button submit=true busy=work.busy>{lang.entry_send_code()}</Button>
            </div>
        </form>
        {move || {
            sent.get()
                .then(|| {
                    view! {
                        <form class="stack" on:submit=enter>
                            <Notice gravity=Gravity::Good spoken=true title=lang.entry_code_sent()>
                                <p>{lang.entry_code_sent_text()}</p>
                            </Notice>
                            <TextField
                                label=lang.entry_code()
                                value=code
                                autocomplete="one-time-code"
                                required=true
                                first=true
                                most=20
                            />
                            <CeremonyNotice ceremony/>
                            <div class="actions">
                                <Button tone=Tone::Primary submit=true busy=ceremony.busy>
                                    {lang.entry_make_passkey()}
                                </Button>
                            </div>
                        </form>
                    }
                })
        }}
    }
    .into_any()
}

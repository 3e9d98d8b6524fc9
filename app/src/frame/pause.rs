//! The one button that stops everything, on every screen; and the way back. Separate because it is the button that
//! must work when nothing else does: it stands alone and asks one thing.

use domain::Act;
use leptos::{prelude::*, task::spawn_local};
use wire::organisations;

use crate::{
    api,
    parts::{ProblemNotice, Work},
    platform::time,
    state::{lang, session, toasts},
    ui::{Button, Dialog, Glyph, Gravity, Notice, ReasonDialog, ReasonTexts, Tone},
};

/// Pauses everything. Not there while everything is paused, nor for who may not.
#[component]
pub fn PauseButton() -> impl IntoView {
    let (lang, session) = (lang(), session());
    let (open, work) = (RwSignal::new(false), Work::new());
    let shown = Memo::new(move |_| {
        let running = session.me.with(|me| me.as_ref().is_some_and(|me| me.organisation.pause.is_none()));
        running && session.may(Act::Pause)
    });
    let pause = move |reason: String| {
        work.run(
            async move { api::call(&organisations::PAUSE, &[], &organisations::PauseAll { reason }).await },
            move |organisation| {
                session.accept_organisation(organisation);
                open.set(false);
                toasts::done(lang.frame_paused_done());
            },
        );
    };
    // A refusal is said in a toast: the dialog keeps the reason that was written.
    Effect::new(move |_| work.problem.with(|problem| problem.as_ref().map(toasts::trouble)));
    view! {
        {move || {
            shown
                .get()
                .then(|| {
                    view! {
                        <Button tone=Tone::Danger glyph=Glyph::Pause on_press=move || open.set(true)>
                            <span class="pause-text">{lang.frame_pause()}</span>
                        </Button>
                    }
                })
        }}
        <ReasonDialog
            open=open
            tone=Tone::Danger
            busy=work.busy
            texts=ReasonTexts {
                title: lang.frame_pause_title().to_owned(),
                text: lang.frame_pause_text().to_owned(),
                reason: lang.general_reason().to_owned(),
                hint: lang.general_reason_hint().to_owned(),
                act: lang.frame_pause().to_owned(),
                close: lang.general_cancel().to_owned(),
            }
            on_reason=pause
        />
    }
    .into_any()
}

/// What stands on every page while everything is paused: who, why, since when, and the way back for who may.
#[component]
pub fn PauseBanner() -> impl IntoView {
    let (lang, session) = (lang(), session());
    let pause = Memo::new(move |_| session.me.with(|me| me.as_ref().and_then(|me| me.organisation.pause.clone())));
    let names = RwSignal::new(Vec::new());
    // The names are asked for only when there is somebody to name.
    Effect::new(move |_| {
        if pause.with(Option::is_some) && names.with_untracked(Vec::is_empty) {
            spawn_local(async move {
                if let Ok(members) = api::call(&wire::people::MEMBERS, &[], &wire::Nothing {}).await {
                    names.set(members);
                }
            });
        }
    });
    let (open, work) = (RwSignal::new(false), Work::new());
    let resume = move || {
        let call = async move { api::call(&organisations::RESUME, &[], &wire::Nothing {}).await };
        work.run(call, move |organisation| {
            session.accept_organisation(organisation);
            open.set(false);
            toasts::done(lang.frame_resumed_done());
        });
    };
    let banner = move || {
        let pause = pause.get()?;
        let by = names.with(|names: &Vec<wire::people::MemberRow>| {
            names.iter().find(|member| member.id == pause.by).map(|member| member.name.clone())
        });
        let since = time::moment(pause.since, &session.zone(), lang.tag(), time::Form::Full);
        let said = match by {
            Some(by) => lang.frame_paused_by(by, since),
            None => lang.frame_paused_since(since),
        };
        let way_back = session.may(Act::Resume).then(|| {
            view! { <Button glyph=Glyph::Play on_press=move || open.set(true)>{lang.frame_resume()}</Button> }
        });
        Some(view! {
            <Notice gravity=Gravity::Bad title=lang.frame_paused_title()>
                <p>{said} " " <q>{pause.reason}</q></p>
                {way_back}
            </Notice>
        })
    };
    view! {
        {banner}
        <Dialog open=open title=lang.frame_resume_title() close=lang.general_cancel()>
            <p>{lang.frame_resume_text()}</p>
            <ProblemNotice problem=work.problem/>
            <div class="actions end">
                <Button on_press=move || open.set(false)>{lang.general_cancel()}</Button>
                <Button tone=Tone::Primary busy=work.busy on_press=resume>{lang.frame_resume()}</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

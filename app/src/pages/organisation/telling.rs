//! What the organisation allows in telling its people. Saved on its own: it is no rule for posts.

use domain::{Organisation, telling::Allowance};
use leptos::{ev, prelude::*};
use wire::notices::{ALLOW, Allow};

use crate::{
    api,
    parts::{ProblemNotice, Work},
    state::{lang, session, toasts},
    ui::{Button, Checkbox, Tone},
};

/// The card.
#[component]
pub fn Telling(organisation: Organisation) -> impl IntoView {
    let lang = lang();
    let version = organisation.version;
    let allowed = RwSignal::new(organisation.policy.telling);
    let work = Work::new();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let allow = Allow { version, allowed: allowed.get_untracked() };
        work.run(async move { api::call(&ALLOW, &[], &allow).await }, |organisation| {
            toasts::done(crate::state::lang().general_saved());
            session().accept_organisation(organisation);
        });
    };
    let line = move |allowance: Allowance, label: &'static str, hint: &'static str| {
        let checked = Signal::derive(move || allowed.with(|allowed| allowed.contains(&allowance)));
        let change = move |wanted: bool| {
            allowed.update(|allowed| {
                if wanted {
                    allowed.insert(allowance)
                } else {
                    allowed.remove(&allowance)
                };
            });
        };
        view! { <Checkbox label hint checked=checked on_change=change/> }
    };
    view! {
        <form class="card" on:submit=submit>
            <h2>{lang.notices_allow_title()}</h2>
            <p class="soft">{lang.notices_allow_text()}</p>
            {line(Allowance::Headings, lang.notices_allow_headings(), lang.notices_allow_headings_hint())}
            {line(Allowance::Silence, lang.notices_allow_silence(), lang.notices_allow_silence_hint())}
            <ProblemNotice problem=work.problem/>
            <div class="actions end">
                <Button tone=Tone::Primary submit=true busy=work.busy>{lang.general_save()}</Button>
            </div>
        </form>
    }
    .into_any()
}

//! Which websites are the organisation's own, and whether the links to them are marked. Saved on its own: it is no rule for posts.

use domain::{
    Organisation,
    utm::{Host, Sites},
};
use leptos::{ev, prelude::*};
use wire::organisations::{CHANGE_UTM, ChangeUtm};

use crate::{
    api,
    parts::{ProblemNotice, Work},
    state::{lang, session, toasts},
    ui::{Button, Checkbox, TextArea, Tone},
};

/// The lines that say something.
fn lines(typed: &str) -> impl Iterator<Item = &str> {
    typed.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The card.
#[component]
pub fn Marks(organisation: Organisation) -> impl IntoView {
    let lang = lang();
    let (version, Sites { hosts, usual }) = (organisation.version, organisation.policy.utm);
    let typed = RwSignal::new(hosts.iter().map(Host::as_str).collect::<Vec<_>>().join("\n"));
    let usual = RwSignal::new(usual);
    let wrong = Signal::derive(move || {
        typed.with(|typed| lines(typed).find(|line| Host::typed(line).is_none()).map(|line| lang.utm_no_host(line)))
    });
    let work = Work::new();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        // What is wrong with it stands below the field.
        if wrong.with_untracked(Option::is_some) {
            return;
        }
        let mut hosts: Vec<Host> = Vec::new();
        typed.with_untracked(|typed| {
            for host in lines(typed).filter_map(Host::typed) {
                if !hosts.contains(&host) {
                    hosts.push(host);
                }
            }
        });
        let change = ChangeUtm { version, sites: Sites { hosts, usual: usual.get_untracked() } };
        work.run(async move { api::call(&CHANGE_UTM, &[], &change).await }, |organisation| {
            toasts::done(crate::state::lang().general_saved());
            session().accept_organisation(organisation);
        });
    };
    view! {
        <form class="card" on:submit=submit>
            <h2>{lang.utm_title()}</h2>
            <p class="soft">{lang.utm_text()}</p>
            <TextArea label=lang.utm_sites() hint=lang.utm_sites_hint() value=typed error=wrong most=6_000/>
            <Checkbox label=lang.utm_usual() hint=lang.utm_usual_hint() checked=usual
                on_change=move |wanted: bool| usual.set(wanted)/>
            <ProblemNotice problem=work.problem/>
            <div class="actions end">
                <Button tone=Tone::Primary submit=true busy=work.busy>{lang.general_save()}</Button>
            </div>
        </form>
    }
    .into_any()
}

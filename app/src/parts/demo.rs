//! The people of the demo, to sign in as without a passkey. The engine answers them only where it was built and filled
//! for one.

use leptos::{prelude::*, task::spawn_local};
use wire::{
    rehearsal::{self, AsMember, Person},
    session::Me,
};

use super::{ProblemNotice, Work};
use crate::{api, state::lang, ui::Button};

/// Them.
#[component]
pub fn DemoPeople(
    /// Who arrived.
    #[prop(into)]
    on_signed_in: Callback<Me>,
) -> AnyView {
    let lang = lang();
    let (people, work) = (RwSignal::new(Vec::<Person>::new()), Work::new());
    spawn_local(async move {
        if let Ok(found) = api::call(&rehearsal::PEOPLE, &[], &wire::Nothing {}).await {
            people.set(found);
        }
    });
    let enter = move |person: &Person| {
        let member = person.member.clone();
        let call = async move { api::call(&rehearsal::SIGN_IN, &[], &AsMember { member }).await };
        work.run(call, move |me| on_signed_in.run(me));
    };
    let draw = move |person: Person| {
        let (name, role) = (person.name.clone(), words::role_name(lang, person.role));
        view! { <Button on_press=move || enter(&person)>{name} <span class="soft small">{role}</span></Button> }
    };
    view! {
        <section class="stack tight">
            <h2>{lang.entry_demo_title()}</h2>
            <p class="hint">{lang.entry_demo_text()}</p>
            <ProblemNotice problem=work.problem/>
            <div class="demo-people">{move || people.get().into_iter().map(draw).collect_view()}</div>
        </section>
    }
    .into_any()
}

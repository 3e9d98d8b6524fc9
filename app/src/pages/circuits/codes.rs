//! Whether members may confirm a decision with a code by mail, where their passkey is not at hand.

use domain::bylaws::Codes;
use leptos::prelude::*;
use wire::bylaws::{AllowCodes, CODES, Standing};

use super::Town;
use crate::{
    api,
    parts::{ProblemNotice, Work},
    state::{lang, toasts},
    ui::Checkbox,
};

/// The choice, kept as soon as it is made.
#[component]
pub fn CodesForm(town: Town, saved: Callback<Standing>) -> AnyView {
    let lang = lang();
    let (work, version) = (Work::new(), town.standing.version);
    let allowed = RwSignal::new(town.standing.bylaws.codes == Codes::Allowed);
    let change = Callback::new(move |wanted: bool| {
        allowed.set(wanted);
        let asked = AllowCodes { version, codes: if wanted { Codes::Allowed } else { Codes::Forbidden } };
        work.run(async move { api::call(&CODES, &[], &asked).await }, move |standing| {
            toasts::done(lang.general_saved());
            saved.run(standing);
        });
    });
    view! {
        <section class="card">
            <h2>{lang.outside_codes()}</h2>
            <p class="soft">{lang.outside_codes_text()}</p>
            <fieldset class="stack" disabled=!town.manages aria-label=lang.outside_codes()>
                <Checkbox label=lang.outside_codes_allowed() checked=allowed on_change=change/>
                <ProblemNotice problem=work.problem/>
            </fieldset>
        </section>
    }
    .into_any()
}

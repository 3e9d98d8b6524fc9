//! Signing in, on this same page: who followed a notice stays at what it named. The other ways are the desk's.

use leptos::{prelude::*, task::spawn_local};
use wire::rehearsal::{self, AsMember, Person};

use super::{news::Unsent, outgoing::outgoing};
use crate::{
    api,
    parts::{Ceremony, CeremonyNotice, Entry, ProblemNotice, Work, sign_in},
    state::{lang, session},
    ui::{Button, Glyph, Tone},
};

/// The desk's page of the other ways in.
const OTHER_WAYS: &str = "/desk/sign-in";

/// Signing in.
pub fn draw() -> AnyView {
    let (lang, session) = (lang(), session());
    let ceremony = Ceremony::new();
    let lapsed = session.lapsed.get_untracked();
    let title = if lapsed { lang.frame_lapsed_title() } else { lang.entry_sign_in_title() };
    let begin = move || ceremony.run(sign_in(), move |me| session.accept(me));
    let demo = Memo::new(move |_| session.boot.with(|boot| boot.as_ref().is_some_and(|boot| boot.demo)));
    view! {
        <Entry>
            <h1>{title}</h1>
            {move || (outgoing().unsent() > 0).then(|| view! { <Unsent enter=true /> })}
            <p>{lang.entry_sign_in_text()}</p>
            <div class="wide-button">
                <Button tone=Tone::Primary glyph=Glyph::Key busy=ceremony.busy on_press=begin>
                    {lang.entry_with_passkey()}
                </Button>
            </div>
            <CeremonyNotice ceremony/>
            {move || demo.get().then(|| view! { <DemoPeople /> })}
            <p><a href=OTHER_WAYS>{lang.entry_other_ways()}</a></p>
        </Entry>
    }
    .into_any()
}

/// The people of the demo. The engine answers them only where it was built and filled for one.
#[component]
fn DemoPeople() -> AnyView {
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
        work.run(call, move |me| session().accept(me));
    };
    let draw = move |person: Person| {
        let (name, role) = (person.name.clone(), words::role_name(lang, person.role));
        view! { <Button on_press=move || enter(&person)>{name} <span class="soft small">{role}</span></Button> }
    };
    view! {
        <section class="stack tight">
            <h2>{lang.entry_demo_title()}</h2>
            <ProblemNotice problem=work.problem/>
            <div class="demo-people">{move || people.get().into_iter().map(draw).collect_view()}</div>
        </section>
    }
    .into_any()
}

//! Signing in, on this same page: who followed a notice stays at what it named. The other ways are the desk's.

use leptos::prelude::*;

use super::{news::Unsent, outgoing::outgoing};
use crate::{
    parts::{Ceremony, CeremonyNotice, DemoPeople, Entry, sign_in},
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
            {move || demo.get().then(|| view! { <DemoPeople on_signed_in=move |me| session.accept(me) /> })}
            <p><a href=OTHER_WAYS>{lang.entry_other_ways()}</a></p>
        </Entry>
    }
    .into_any()
}

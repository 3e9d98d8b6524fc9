//! Joining by an invitation: who invites whom as what, a passkey, the recovery codes.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use wire::{
    people::{Invitation, OPEN_INVITATION, OpenInvitation},
    session::EnrolBy,
};

use crate::{
    api::{self, Answer},
    parts::{Ceremony, CeremonyNotice, Codes, Entry, ProblemNotice, enrol},
    platform::page,
    routes,
    state::{lang, session},
    ui::{Button, Empty, Glyph, Skeleton, Tone},
};

/// Joining.
#[component]
pub fn Join() -> impl IntoView {
    let (lang, session) = (lang(), session());
    let token = StoredValue::new(page::take_fragment().unwrap_or_default());
    let opened = RwSignal::new(None::<Answer<Invitation>>);
    let codes = RwSignal::new(None::<Vec<String>>);
    let ceremony = Ceremony::new();
    if !token.with_value(String::is_empty) {
        spawn_local(async move {
            let asked = OpenInvitation { token: token.get_value() };
            opened.set(Some(api::call(&OPEN_INVITATION, &[], &asked).await));
        });
    }
    let navigate = StoredValue::new_local(use_navigate());
    let home = move || navigate.with_value(|navigate| navigate(routes::HOME, Default::default()));
    let join = move || {
        let by = EnrolBy::Invitation { token: token.get_value() };
        ceremony.run(enrol(by, String::new()), move |enrolled| {
            session.accept(enrolled.me);
            match enrolled.codes {
                Some(kept) => codes.set(Some(kept.codes)),
                None => home(),
            }
        });
    };
    let sheet = move || {
        if let Some(codes) = codes.get() {
            return view! { <Codes codes on_done=home/> }.into_any();
        }
        if token.with_value(String::is_empty) {
            return view! { <Empty title=lang.entry_no_invitation() text=lang.entry_no_invitation_text() whole=true glyph=Glyph::Key/> }
                .into_any();
        }
        match opened.get() {
            None => view! { <Skeleton label=lang.general_loading()/> }.into_any(),
            Some(Err(problem)) => view! { <ProblemNotice problem=Some(problem)/> }.into_any(),
            Some(Ok(invitation)) => view! {
                <h1>{lang.entry_join_title(&invitation.organisation)}</h1>
                <p>
                    {lang.entry_join_as(&invitation.name, words::role_name(lang, invitation.role))} " "
                    {words::role_explained(lang, invitation.role)}
                </p>
                <p class="hint">{lang.entry_passkey_explained()}</p>
                <CeremonyNotice ceremony/>
                <div class="wide-button">
                    <Button tone=Tone::Primary glyph=Glyph::Key busy=ceremony.busy on_press=join>
                        {lang.entry_make_passkey()}
                    </Button>
                </div>
            }
            .into_any(),
        }
    };
    view! { <Entry>{sheet}</Entry> }.into_any()
}

//! An invitation: for whom, as what, and then the link, to be mailed by us or handed over as a QR. It is shown once.

use leptos::{ev, prelude::*, task::spawn_local};
use wire::people::{INVITE, Invite, Invited};

use super::edit::{Place, PlaceFields};
use crate::{
    api,
    parts::{ProblemNotice, Work},
    platform::hand,
    state::{lang, toasts},
    ui::{Button, Dialog, Glyph, Gravity, Notice, Qr, Tone},
};

/// Invites somebody.
#[component]
pub fn InviteDialog(
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// What happens then.
    #[prop(into)]
    on_invited: Callback<()>,
) -> impl IntoView {
    let lang = lang();
    let (place, work) = (Place::new(), Work::new());
    let made = RwSignal::new(None::<Invited>);
    Effect::new(move |_| {
        if open.get() {
            place.clear();
            made.set(None);
            work.problem.set(None);
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let invite = Invite {
            name: place.name_now(),
            email: place.email_now(),
            role: place.role_now(),
            access: place.access_now(),
        };
        work.run(async move { api::call(&INVITE, &[], &invite).await }, move |invited| {
            made.set(Some(invited));
            on_invited.run(());
        });
    };
    view! {
        <Dialog open=open title=lang.people_invite() close=lang.general_close()>
            {move || match made.get() {
                Some(invited) => view! { <Made invited open/> }.into_any(),
                None => {
                    view! {
                        <form class="stack" on:submit=submit>
                            <PlaceFields place/>
                            <ProblemNotice problem=work.problem/>
                            <div class="actions end">
                                <Button on_press=move || open.set(false)>{lang.general_cancel()}</Button>
                                <Button tone=Tone::Primary submit=true busy=work.busy>{lang.people_invite_make()}</Button>
                            </div>
                        </form>
                    }
                        .into_any()
                }
            }}
        </Dialog>
    }
    .into_any()
}

#[component]
fn Made(invited: Invited, open: RwSignal<bool>) -> impl IntoView {
    let lang = lang();
    let Invited { row, link, mailed } = invited;
    let kept = StoredValue::new(link.clone());
    let copy = move || {
        spawn_local(async move {
            let said =
                if hand::copy(&kept.get_value()).await { lang.general_copied() } else { lang.entry_not_copied() };
            toasts::say(Gravity::Info, said);
        });
    };
    let share = move || {
        spawn_local(async move {
            hand::share(&kept.get_value()).await;
        });
    };
    let (gravity, title) =
        if mailed { (Gravity::Good, lang.people_mailed()) } else { (Gravity::Info, lang.people_not_mailed()) };
    view! {
        <Notice gravity title spoken=true><p>{lang.people_link_text(row.name)}</p></Notice>
        <div class="invitation">
            <Qr text=link.clone() label=lang.people_qr()/>
            <p class="code">{link}</p>
        </div>
        <div class="actions end">
            <Button glyph=Glyph::Copy on_press=copy>{lang.general_copy()}</Button>
            {hand::can_share()
                .then(|| view! { <Button glyph=Glyph::Out on_press=share>{lang.general_share()}</Button> })}
            <Button tone=Tone::Primary on_press=move || open.set(false)>{lang.general_close()}</Button>
        </div>
    }
    .into_any()
}

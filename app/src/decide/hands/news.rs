//! What became of what was signed: on its way, not taken, done.

use leptos::{prelude::*, task::spawn_local};

use super::outgoing::{Outgoing, Parcel, outgoing};
use crate::{
    api::trouble,
    page::TITLE,
    platform::page,
    state::{lang, toasts as short},
    ui::{Button, Glyph, Gravity, Icon, Notice, Toasts},
};

/// Short words about what just happened.
pub fn toasts() -> AnyView {
    view! { <Toasts toasts=short::list() close=lang().general_close() on_close=short::close/> }.into_any()
}

/// What has not arrived, and what was not taken.
pub fn draw() -> AnyView {
    view! {
        {move || (outgoing().unsent() > 0).then(|| view! { <Unsent enter=false /> })}
        <Refusals/>
    }
    .into_any()
}

/// How many decisions were signed and have not arrived.
#[component]
pub fn Unsent(
    /// Whether somebody has to sign in first.
    enter: bool,
) -> AnyView {
    let (lang, outgoing) = (lang(), outgoing());
    let again = move || spawn_local(outgoing.send());
    let act = (!enter).then(|| view! { <Button on_press=again>{lang.decide_send_now()}</Button> });
    let enter = enter.then(|| view! { <p>{lang.decide_unsent_enter()}</p> });
    view! {
        <div class="notice" data-hue="warn" role="status">
            <Icon glyph=Glyph::Clock/>
            <div class="notice-body">
                <strong>{move || lang.decide_unsent(outgoing.unsent())}</strong>
                <p>{lang.decide_unsent_text()}</p>
                {enter}
                {act}
            </div>
        </div>
    }
    .into_any()
}

/// What was not taken, until its holder has read why.
#[component]
fn Refusals() -> AnyView {
    let outgoing = outgoing();
    let refused = Memo::new(move |_| {
        outgoing
            .parcels
            .with(|parcels| parcels.iter().filter(|(_, parcel)| !parcel.label.waits()).cloned().collect::<Vec<_>>())
    });
    (move || refused.get().into_iter().map(|(name, parcel)| refusal(outgoing, name, &parcel)).collect_view()).into_any()
}

fn refusal(outgoing: Outgoing, name: String, parcel: &Parcel) -> AnyView {
    let lang = lang();
    let Some(why) = &parcel.label.refused else { return ().into_any() };
    let sentence = trouble::sentence(lang, why);
    let read = move || {
        let name = name.clone();
        spawn_local(async move { outgoing.take_out(&name).await });
        page::focus(TITLE);
    };
    view! {
        <Notice gravity=Gravity::Bad spoken=true title=lang.decide_refused(parcel.heading.clone())>
            <p>{sentence.what}" "{sentence.next}</p>
            <Button on_press=read>{lang.decide_understood()}</Button>
        </Notice>
    }
    .into_any()
}

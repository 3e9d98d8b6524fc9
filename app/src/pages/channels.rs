//! The channels: where the organisation speaks, how each is, and what to do about it.

mod card;
mod connect;

use domain::{Act, Channel};
use leptos::prelude::*;

use crate::{
    api,
    parts::{ProblemNotice, Work},
    state::{lang, session, toasts},
    ui::{Button, Glyph, Skeleton, Tone},
};

use card::ChannelCard;
use connect::{ConnectDialog, Wanted};

/// The channels.
#[component]
pub fn Channels() -> impl IntoView {
    let (lang, session) = (lang(), session());
    let manages =
        session.me.with_untracked(|me| me.as_ref().is_some_and(|me| domain::may(me.role, Act::ManageChannels)));
    let channels = RwSignal::new(None::<Vec<Channel>>);
    let loading = Work::new();
    let load = move || {
        loading
            .run(api::call(&wire::channels::CHANNELS, &[], &wire::Nothing {}), move |found| channels.set(Some(found)));
    };
    load();
    let open = RwSignal::new(false);
    let wanted = RwSignal::new(None::<Wanted>);
    let connect = Callback::new(move |what: Option<Wanted>| {
        wanted.set(what);
        open.set(true);
    });
    let connected = move || {
        toasts::done(lang.channels_connected());
        load();
    };
    view! {
        <header class="page-head">
            <div>
                <h1>{lang.frame_channels()}</h1>
                <p>{lang.channels_text()}</p>
            </div>
            {manages
                .then(|| {
                    view! {
                        <Button tone=Tone::Primary glyph=Glyph::Plus on_press=move || connect.run(None)>
                            {lang.channels_connect()}
                        </Button>
                    }
                })}
        </header>
        <ProblemNotice problem=loading.problem/>
        {move || match channels.get() {
            None => view! { <Skeleton label=lang.general_loading()/> }.into_any(),
            Some(found) => {
                found
                    .into_iter()
                    .map(|channel| {
                        view! { <ChannelCard channel manages again=connect on_changed=Callback::new(move |()| load())/> }
                    })
                    .collect_view()
                    .into_any()
            }
        }}
        <ConnectDialog open wanted on_connected=connected/>
    }
    .into_any()
}

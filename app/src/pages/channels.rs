//! The channels: where the organisation speaks, how each is, and what to do about it.

mod by_app;
mod card;
mod connect;
mod custody;
mod handover;
mod needs;
mod overview;
mod troubles;
mod vault;
mod website;

use domain::{Act, Channel, Network, Refusal, custody::Custody};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use words::Sentence;

use crate::{
    api,
    pages::leaving::{Leave, List},
    parts::{ProblemNotice, Work},
    platform::page,
    state::{cache, lang, session, toasts},
    ui::{Button, Glyph, Gravity, LinkButton, Notice, Skeleton, Tone},
};

use by_app::PageChoice;
use card::ChannelCard;
use connect::{ConnectDialog, Wanted};
use handover::HandingOver;

const TITLE: &str = "channels-title";

/// The channels.
#[component]
pub fn Channels() -> impl IntoView {
    let (lang, session) = (lang(), session());
    let (manages, names) = (session.may(Act::ManageChannels), session.may(Act::NameCustodians));
    let channels = RwSignal::new(None::<Vec<Channel>>);
    let vault = RwSignal::new(None::<wire::channels::VaultView>);
    let custody = RwSignal::new(None::<Vec<Custody>>);
    let (loading, looking, asking) = (Work::new(), Work::new(), Work::new());
    let load = move || {
        // What other pages remember of the channels may be another thing now.
        cache::forget_channels();
        loading
            .run(api::call(&wire::channels::CHANNELS, &[], &wire::Nothing {}), move |found| channels.set(Some(found)));
        asking.run(api::call(&wire::custody::CUSTODY, &[], &wire::Nothing {}), move |found| custody.set(Some(found)));
        if manages {
            looking.run(api::call(&wire::channels::VAULT, &[], &wire::Nothing {}), move |found| vault.set(Some(found)));
        }
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
    // Where a network sent the browser back to: the engine says in the address what came of it.
    let asked = use_query_map();
    let leaves = Memo::new(move |_| asked.with(|query| query.get("handover")).filter(|_| names));
    let query = asked.get_untracked();
    if query.get("connected").is_some() {
        toasts::done(lang.channels_connected());
    }
    let refused = query.get("refused").map(|code| refused(lang, &code));
    // Said once: a reload must not say it again.
    let choosing = query.get("choose");
    if query.get("connected").is_some() || refused.is_some() || choosing.is_some() {
        page::clean_query();
    }
    let connecting = move || {
        view! {
            <Button tone=Tone::Primary glyph=Glyph::Plus on_press=move || connect.run(None)>{lang.channels_connect()}</Button>
        }
    };
    let handing = move || {
        view! {
            <LinkButton href=handover::address("") glyph=Glyph::People>{lang.custody_hand_over()}</LinkButton>
        }
    };
    // Back from handing over: what was pressed is gone, so the focus goes to the heading.
    Effect::new(move |before: Option<bool>| {
        let now = leaves.with(Option::is_some);
        if before == Some(true) && !now {
            request_animation_frame(|| page::focus(TITLE));
        }
        now
    });
    let list = move || match channels.get() {
        None => view! { <Skeleton label=lang.general_loading()/> }.into_any(),
        Some(found) => {
            let line = manages.then(|| overview::line(&found));
            let cards = found.into_iter().map(|channel| {
                let on_changed = Callback::new(move |()| load());
                view! { <ChannelCard channel manages again=connect custody names on_changed/> }
            });
            view! { {line} {cards.collect_view()} }.into_any()
        }
    };
    let everything = move || {
        view! {
            <header class="page-head">
                <div>
                    <h1 id=TITLE tabindex="-1">{lang.frame_channels()}</h1>
                    <p>{lang.channels_text()}</p>
                </div>
                <div class="row"><Leave lists=|| vec![List::Channels]/> {names.then(handing)} {manages.then(connecting)}</div>
            </header>
            <ProblemNotice problem=loading.problem/>
            <ProblemNotice problem=looking.problem/>
            <ProblemNotice problem=asking.problem/>
            {move || vault.get().zip(channels.get()).map(|(vault, channels)| vault::said(vault, &channels))}
            {list}
        }
    };
    view! {
        {refused
            .map(|Sentence { what, next }| {
                view! { <Notice gravity=Gravity::Bad spoken=true title=what><p>{next}</p></Notice> }
            })}
        {move || match leaves.get() {
            Some(leaves) => view! { <HandingOver leaves all=custody asking/> }.into_any(),
            None => everything().into_any(),
        }}
        <ConnectDialog open wanted on_connected=connected/>
        {choosing.map(|connection| view! { <PageChoice connection on_chosen=move || connected()/> })}
    }
    .into_any()
}

/// Why a connection that went over the network's own page came to nothing. Only names are taken from the address, never
/// words: whoever makes a link must not be able to speak through this page.
fn refused(lang: words::Lang, code: &str) -> Sentence {
    match code {
        "spent_link" => words::refusal(lang, &Refusal::SpentLink),
        "unavailable" => words::refusal(lang, &Refusal::Unavailable),
        "missing_permissions" => words::refusal(lang, &Refusal::MissingPermissions),
        "no_pages" => words::refusal(lang, &Refusal::NoPages),
        "no_accounts" => words::refusal(lang, &Refusal::NoAccounts),
        "other_bluesky" => words::refusal(lang, &Refusal::OtherServer { network: Network::Bluesky }),
        "other_account" => words::refusal(lang, &Refusal::OtherAccount),
        "other_issuer" => words::refusal(lang, &Refusal::OtherIssuer),
        "no_sign_in" => words::refusal(lang, &Refusal::NoSignIn),
        "other_server" => words::refusal(lang, &Refusal::OtherServer { network: Network::Mastodon }),
        _ => Sentence { what: lang.channels_not_given_what().into(), next: lang.channels_not_given_next().into() },
    }
}

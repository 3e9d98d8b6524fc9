//! Connecting: which network, and what that network needs. Nothing that is written here is kept on the device: an app
//! password goes straight to the vault.

use domain::{Channel, ChannelId, Network};
use leptos::{ev, prelude::*};
use wire::{
    Nothing,
    channels::{CONNECT, Connect, Connected, PROVE},
};

use super::{
    by_app::{self, Access},
    needs,
    website::{self, Proof},
};
use crate::{
    api,
    parts::{ProblemNotice, Work},
    platform::page,
    state::lang,
    ui::{Button, Dialog, Gravity, Notice, Select, TextField, Tone},
};

/// A channel that is to be connected again, with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    channel: ChannelId,
    network: Network,
    name: String,
    handle: String,
    address: String,
}

impl Wanted {
    /// Again, as it was.
    pub fn again(channel: &Channel) -> Self {
        Self {
            channel: channel.id.clone(),
            network: channel.network,
            name: channel.name.clone(),
            handle: channel.handle.clone(),
            address: channel.address.clone().unwrap_or_default(),
        }
    }
}

/// What can be connected: everything but the noticeboard, which is always there.
const OFFERED: [Network; 18] = [
    Network::Bluesky,
    Network::Mastodon,
    Network::Telegram,
    Network::Website,
    Network::Facebook,
    Network::Instagram,
    Network::Threads,
    Network::Linkedin,
    Network::X,
    Network::Tumblr,
    Network::Youtube,
    Network::Tiktok,
    Network::Whatsapp,
    Network::Nextdoor,
    Network::Parler,
    Network::Screen,
    Network::Paper,
    Network::Other,
];

/// By signing in at the account's own server, as the choice writes it.
const SIGN_IN: &str = "sign_in";

/// By an app password, as the choice writes it.
const BY_PASSWORD: &str = "by_password";

/// Connects a channel.
#[component]
pub fn ConnectDialog(
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// What is connected again, if anything.
    wanted: RwSignal<Option<Wanted>>,
    /// What happens then.
    #[prop(into)]
    on_connected: Callback<()>,
) -> impl IntoView {
    let lang = lang();
    let text = || RwSignal::new(String::new());
    let (which, server, handle, secret, name, address) = (text(), text(), text(), text(), text(), text());
    let (access, work) = (Access::new(), Work::new());
    // What Bluesky is connected by.
    let entry = RwSignal::new(SIGN_IN.to_owned());
    let signs_in = move || entry.with(|entry| entry == SIGN_IN);
    let proof: Proof = RwSignal::new(None);
    let network = Memo::new(move |_| {
        which.with(|which| which.parse::<usize>().ok().and_then(|place| OFFERED.get(place).copied()))
    });
    Effect::new(move |_| {
        if !open.get() {
            secret.set(String::new());
            proof.set(None);
            access.forget();
            return;
        }
        let wanted = wanted.get_untracked();
        // Whoever comes for a channel that is there comes for its access.
        access.way.set(if wanted.is_some() { by_app::AUTOMATIC } else { by_app::BY_HAND }.to_owned());
        let network = wanted.as_ref().map_or(Network::Bluesky, |wanted| wanted.network);
        which.set(OFFERED.iter().position(|other| *other == network).unwrap_or_default().to_string());
        handle.set(wanted.as_ref().map(|wanted| wanted.handle.clone()).unwrap_or_default());
        name.set(wanted.as_ref().map(|wanted| wanted.name.clone()).unwrap_or_default());
        address.set(wanted.map(|wanted| wanted.address).unwrap_or_default());
        secret.set(String::new());
        entry.set(SIGN_IN.to_owned());
        work.problem.set(None);
    });
    // Each network has its own usual server; an own one is written over it.
    Effect::new(move |_| {
        let usual = match network.get() {
            Some(Network::Bluesky) => "https://bsky.social",
            Some(Network::Telegram) => "https://api.telegram.org",
            _ => "https://",
        };
        server.set(usual.to_owned());
    });
    let trimmed = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let done = move || {
            open.set(false);
            on_connected.run(());
        };
        if let Some((connection, _)) = proof.get_untracked() {
            let call = async move { api::call(&PROVE, &[connection.as_str()], &Nothing {}).await };
            return work.run(call, move |_| done());
        }
        let Some(on) = network.get_untracked() else { return };
        let channel = wanted.get_untracked().filter(|wanted| wanted.network == on).map(|wanted| wanted.channel);
        let connect = match on {
            Network::Bluesky if entry.get_untracked() == SIGN_IN => Connect::BlueskySignIn {
                server: trimmed(server),
                identifier: trimmed(handle).trim_start_matches('@').to_owned(),
            },
            Network::Bluesky => Connect::Bluesky {
                server: trimmed(server),
                identifier: trimmed(handle).trim_start_matches('@').to_owned(),
                app_password: trimmed(secret),
            },
            Network::Mastodon => Connect::Mastodon { server: trimmed(server) },
            Network::Telegram => {
                Connect::Telegram { server: trimmed(server), channel: trimmed(handle), bot_token: trimmed(secret) }
            }
            Network::Website => Connect::Website { address: trimmed(server), name: trimmed(name), channel },
            _ if by_app::is_one(on) && access.is_automatic() => access.connect(on, channel),
            _ => Connect::Assisted {
                on,
                channel,
                name: trimmed(name),
                handle: trimmed(handle),
                address: Some(trimmed(address)).filter(|address| !address.is_empty()),
            },
        };
        work.run(async move { api::call(&CONNECT, &[], &connect).await }, move |connected| match connected {
            Connected::Channel { .. } => done(),
            Connected::ToProve { connection, secret } => proof.set(Some((connection, secret))),
            Connected::GoTo { address } => page::leave_for(&address),
        });
    };
    let options = move || {
        let named =
            |(place, network): (usize, &Network)| (place.to_string(), words::network_name(lang, *network).to_owned());
        OFFERED.iter().enumerate().map(named).collect::<Vec<_>>()
    };
    let fields = move || {
        if let Some((_, secret)) = proof.get() {
            return website::shown(&secret);
        }
        match network.get() {
        Some(Network::Website) => website::fields(server, name),
        Some(Network::Bluesky) => view! {
            <Select
                label=lang.channels_bluesky_way()
                value=entry
                options=[(SIGN_IN, lang.channels_bluesky_sign_in()), (BY_PASSWORD, lang.channels_bluesky_by_password())]
                    .map(|(value, name)| (value.to_owned(), name.to_owned()))
                    .to_vec()
            />
            {move || needs::without_app(Network::Bluesky, signs_in())}
            <TextField label=lang.channels_handle() hint=lang.channels_bluesky_handle_hint() value=handle required=true/>
            {move || {
                (!signs_in())
                    .then(|| {
                        view! {
                            <TextField
                                label=lang.channels_app_password()
                                hint=lang.channels_app_password_hint()
                                kind="password"
                                value=secret
                                required=true
                            />
                        }
                    })
            }}
            <TextField label=lang.channels_server() hint=lang.channels_server_hint() kind="url" value=server required=true/>
        }
        .into_any(),
        Some(Network::Mastodon) => view! {
            {needs::without_app(Network::Mastodon, true)}
            <TextField label=lang.channels_server() hint=lang.channels_mastodon_hint() kind="url" value=server required=true/>
        }
        .into_any(),
        Some(Network::Telegram) => view! {
            {needs::without_app(Network::Telegram, false)}
            <TextField label=lang.channels_telegram_channel() hint=lang.channels_telegram_channel_hint() value=handle required=true/>
            <TextField
                label=lang.channels_telegram_token()
                hint=lang.channels_telegram_token_hint()
                kind="password"
                value=secret
                required=true
            />
            <TextField label=lang.channels_server() hint=lang.channels_server_hint() kind="url" value=server required=true/>
        }
        .into_any(),
        Some(on) if by_app::is_one(on) && access.is_automatic() => by_app::fields(access, on),
        chosen => {
            let account = match chosen {
                Some(Network::Screen) => lang.kit_place_screen(),
                Some(Network::Paper) => lang.kit_place_paper(),
                _ => lang.channels_handle(),
            };
            let rules = chosen.and_then(|on| words::place_rules(lang, on)).map(|rules| view! { <p>{rules}</p> });
            view! {
                <Notice gravity=Gravity::Info title=lang.channels_by_hand()>
                    <p>{lang.channels_by_hand_text()}</p>
                    {rules}
                </Notice>
                <TextField label=lang.channels_name() hint=lang.channels_name_hint() value=name required=true/>
                <TextField label=account value=handle required=true/>
                <TextField
                    label=lang.channels_address()
                    hint=lang.channels_address_hint()
                    kind="url"
                    value=address
                    most=2_048
                />
            }
            .into_any()
        }
    }
    };
    view! {
        <Dialog open=open title=lang.channels_connect() close=lang.general_close()>
            <form class="stack" on:submit=submit>
                {move || {
                    let choice = move || view! { <Select label=lang.channels_network() value=which options=options()/> };
                    proof.with(Option::is_none).then(choice)
                }}
                {move || network.get().filter(|on| by_app::is_one(*on)).map(|on| by_app::way(access, on))}
                {fields}
                <ProblemNotice problem=work.problem/>
                <div class="actions end">
                    <Button on_press=move || open.set(false)>{lang.general_cancel()}</Button>
                    <Button tone=Tone::Primary submit=true busy=work.busy>
                        {move || {
                            match network.get() {
                                Some(Network::Mastodon) => lang.channels_go_there(),
                                Some(Network::Bluesky) if signs_in() => lang.channels_bluesky_go_there(),
                                Some(Network::Website) if proof.with(Option::is_some) => lang.website_check(),
                                Some(Network::Website) => lang.website_make(),
                                Some(on) if by_app::is_one(on) && access.is_automatic() => by_app::go_there(access, on),
                                _ => lang.channels_connect(),
                            }
                        }}
                    </Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

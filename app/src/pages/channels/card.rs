//! One channel: its name and account, its health line, and what can be done with it.

use domain::{
    Channel, ChannelId, HealthState, Network,
    silence::{LEAST, MOST, Patience, usual},
    watch::AHEAD,
};
use leptos::{ev, prelude::*};
use wire::channels::{CHANGE, CHECK, ChangeChannel, DISCONNECT};

use super::{
    connect::Wanted,
    custody::{All, Holders},
    troubles::History,
};
use crate::{
    api,
    parts::{LanguagePicker, ProblemNotice, Work},
    platform::time,
    state::{lang, session, toasts},
    ui::{
        Button, Chip, ConfirmDialog, ConfirmTexts, Dialog, Glyph, Gravity, Hue, Menu, MenuItem, Notice, Select,
        TextField, Tone,
    },
};

/// Where on the page a channel stands.
pub fn place(channel: &ChannelId) -> String {
    ["channel-", channel.as_str()].concat()
}

const fn hue(state: HealthState) -> Hue {
    match state {
        HealthState::Working => Hue::Good,
        HealthState::Troubled => Hue::Warn,
        HealthState::Refused => Hue::Bad,
        HealthState::Disconnected => Hue::Neutral,
    }
}

/// The first letter stands for the network; the name is beside it.
fn mark(network: Network) -> String {
    words::network_name(lang(), network).chars().take(1).collect()
}

/// A channel.
#[component]
pub fn ChannelCard(
    channel: Channel,
    manages: bool,
    again: Callback<Option<Wanted>>,
    custody: All,
    names: bool,
    on_changed: Callback<()>,
) -> impl IntoView {
    let (lang, session) = (lang(), session());
    let (checking, ending) = (Work::new(), Work::new());
    let (confirming, editing) = (RwSignal::new(false), RwSignal::new(false));
    let kept = StoredValue::new(channel.clone());
    let id = channel.id.clone();
    let outdated = channel.version_ends(time::now());
    let silence = channel.silence(time::now()).map(|silence| words::silence(lang, silence));
    let Channel { network, name, handle, address, health, languages, assisted, voice, .. } = channel;
    let anchor = place(&id);
    let own = network == Network::Noticeboard;
    let sentence = words::health(lang, health.state);
    let full = move |at| time::moment(at, &session.zone(), lang.tag(), time::Form::Full);
    let said = health.last_error.filter(|_| health.state != HealthState::Working);
    let ill = matches!(health.state, HealthState::Troubled | HealthState::Refused);
    let expires = health.expires.map(|at| (at, at.since(time::now()) < AHEAD));
    let check = {
        let id = id.clone();
        move || {
            let id = id.clone();
            let call = async move { api::call(&CHECK, &[id.as_str()], &wire::Nothing {}).await };
            checking.run(call, move |channel| {
                let gravity = if channel.health.state == HealthState::Working { Gravity::Good } else { Gravity::Warn };
                toasts::say(gravity, words::health(lang, channel.health.state).to_string());
                on_changed.run(());
            });
        }
    };
    let end = move || {
        let id = id.clone();
        let call = async move { api::call(&DISCONNECT, &[id.as_str()], &wire::Nothing {}).await };
        ending.run(call, move |_| {
            confirming.set(false);
            toasts::done(lang.channels_disconnected());
            on_changed.run(());
        });
    };
    Effect::new(move |_| ending.problem.with(|problem| problem.as_ref().map(toasts::trouble)));
    Effect::new(move |_| checking.problem.with(|problem| problem.as_ref().map(toasts::trouble)));
    let texts = ConfirmTexts {
        title: lang.channels_disconnect_title().to_owned(),
        text: lang.channels_disconnect_text(&name),
        act: lang.channels_disconnect().to_owned(),
        close: lang.general_cancel().to_owned(),
    };
    let speaks = words::language_list(lang, &languages);
    let reconnect = move || again.run(Some(Wanted::again(&kept.get_value())));
    let off = health.state == HealthState::Disconnected;
    view! {
        <article class="card channel" id=anchor tabindex="-1">
            <div class="row">
                <span class="network-mark" aria-hidden="true">{mark(network)}</span>
                <div class="line-main">
                    <h2>{name.clone()}</h2>
                    <p class="hint">
                        {words::network_name(lang, network)} {(!handle.is_empty()).then(|| [" · ", &handle].concat())}
                        {assisted.then(|| [" · ", lang.channels_by_hand()].concat())}
                    </p>
                </div>
                <Chip hue=hue(health.state) text=sentence.what.clone()/>
            </div>
            {manages
                .then(|| {
                    view! {
                        <div class="row">
                            {(!own && !assisted && !off)
                                .then(|| {
                                    view! {
                                        <Button glyph=Glyph::Again busy=checking.busy on_press=check>
                                            {lang.channels_check()}
                                        </Button>
                                    }
                                })}
                            <Menu label=[lang.general_options(), ": ", &name].concat() glyph=Glyph::Dots>
                                <MenuItem glyph=Glyph::Pencil on_press=move || editing.set(true)>
                                    {lang.general_change()}
                                </MenuItem>
                                {(!own)
                                    .then(|| {
                                        view! {
                                            <MenuItem glyph=Glyph::Link on_press=reconnect>
                                                {lang.channels_again()}
                                            </MenuItem>
                                        }
                                    })}
                                {(!own && !off)
                                    .then(|| {
                                        view! {
                                            <MenuItem
                                                glyph=Glyph::Bin
                                                danger=true
                                                on_press=move || confirming.set(true)
                                            >
                                                {lang.channels_disconnect()}
                                            </MenuItem>
                                        }
                                    })}
                            </Menu>
                        </div>
                    }
                })}
            <dl class="facts">
                <div>
                    <dt>{lang.channels_last_success()}</dt>
                    <dd>{health.last_success.map_or_else(|| lang.general_never().to_owned(), full)}</dd>
                </div>
                {voice
                    .published
                    .map(|at| view! { <div><dt>{lang.silence_last()}</dt><dd>{full(at)}</dd></div> })}
                {expires
                    .map(|(at, soon)| {
                        view! {
                            <div>
                                <dt>{lang.channels_expires()}</dt>
                                <dd>{full(at)} {soon.then(|| view! { " " <Chip hue=Hue::Warn text=lang.channels_soon()/> })}</dd>
                            </div>
                        }
                    })}
                <div>
                    <dt>{lang.channels_languages()}</dt>
                    <dd>{speaks}</dd>
                </div>
                {address
                    .map(|address| {
                        view! {
                            <div>
                                <dt>{lang.channels_address()}</dt>
                                <dd><a href=address.clone() rel="external noreferrer" target="_blank">{address.clone()}</a></dd>
                            </div>
                        }
                    })}
            </dl>
            {ill
                .then(|| {
                    let gravity = if health.state == HealthState::Refused { Gravity::Bad } else { Gravity::Warn };
                    view! {
                        <Notice gravity title=sentence.next>
                            {(network == Network::Instagram && health.state == HealthState::Refused)
                                .then(|| view! { <p>{lang.instagram_personal()}</p> })}
                            {said.map(|said| view! { <p class="small">{lang.channels_says(said)}</p> })}
                        </Notice>
                    }
                })}
            {outdated
                .map(|at| {
                    let title = lang.channels_version_ends(full(at), words::network_name(lang, network));
                    view! { <Notice gravity=Gravity::Warn title><p>{lang.channels_version_next()}</p></Notice> }
                })}
            {silence.map(|said| view! { <Notice title=said.what><p>{said.next}</p></Notice> })}
            <Holders channel=kept.get_value() all=custody names/>
            {(manages && !own).then(|| view! { <History channel=kept.with_value(|channel| channel.id.clone())/> })}
            <ConfirmDialog open=confirming texts=Signal::stored(texts) busy=ending.busy on_confirm=end/>
            <Edit open=editing channel=kept.get_value() on_changed/>
        </article>
    }
    .into_any()
}

/// As the choice names them: usual, so many days, never.
fn choice(patience: Patience) -> (&'static str, Option<u16>) {
    match patience {
        Patience::Usual => ("usual", None),
        Patience::Days { days } => ("days", Some(days)),
        Patience::Endless => ("never", None),
    }
}

/// Changes the name, the languages, the public address, and after how long a silence is told.
#[component]
fn Edit(open: RwSignal<bool>, channel: Channel, on_changed: Callback<()>) -> impl IntoView {
    let lang = lang();
    let Channel { id, network, name, languages, address, voice, .. } = channel;
    let (way, days) = choice(voice.patience);
    let usual = usual(network);
    let days = days.or(usual.map(|usual| usual.days)).unwrap_or(MOST);
    let (way, days) = (RwSignal::new(way.to_owned()), RwSignal::new(days.to_string()));
    let usual_said = usual.map_or(lang.silence_usual_never().to_owned(), |usual| lang.silence_usual(usual.days));
    let why = usual.map_or(lang.silence_unknown(), |usual| words::because(lang, usual.because));
    let ways =
        [("usual", usual_said), ("days", lang.silence_days().to_owned()), ("never", lang.silence_never().to_owned())];
    let ways: Vec<_> = ways.map(|(way, said)| (way.to_owned(), said)).into();
    let (name, languages) = (RwSignal::new(name), RwSignal::new(languages));
    let address = RwSignal::new(address.unwrap_or_default());
    let id = StoredValue::new(id);
    let work = Work::new();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let address = address.get_untracked().trim().to_owned();
        let change = ChangeChannel {
            name: name.get_untracked().trim().to_owned(),
            languages: languages.get_untracked(),
            address: (!address.is_empty()).then_some(address),
            patience: match way.get_untracked().as_str() {
                "days" => Patience::Days { days: days.with_untracked(|days| days.trim().parse().unwrap_or_default()) },
                "never" => Patience::Endless,
                _ => Patience::Usual,
            },
        };
        let id = id.get_value();
        work.run(async move { api::call(&CHANGE, &[id.as_str()], &change).await }, move |_| {
            open.set(false);
            toasts::done(lang.general_saved());
            on_changed.run(());
        });
    };
    view! {
        <Dialog open=open title=lang.channels_edit() close=lang.general_close()>
            <form class="stack" on:submit=submit>
                <TextField label=lang.channels_name() hint=lang.channels_name_hint() value=name required=true first=true/>
                <LanguagePicker label=lang.channels_languages() value=languages/>
                <TextField
                    label=lang.channels_address()
                    hint=lang.channels_address_hint()
                    kind="url"
                    value=address
                    most=2_048
                />
                <Select label=lang.silence_label() value=way options=ways.clone() hint=why/>
                {move || {
                    (way.with(|way| way == "days"))
                        .then(|| {
                            view! {
                                <TextField
                                    label=lang.silence_count()
                                    hint=lang.silence_count_hint(LEAST, MOST)
                                    kind="number"
                                    value=days
                                    required=true
                                />
                            }
                        })
                }}
                <ProblemNotice problem=work.problem/>
                <div class="actions end">
                    <Button on_press=move || open.set(false)>{lang.general_cancel()}</Button>
                    <Button tone=Tone::Primary submit=true busy=work.busy>{lang.general_save()}</Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

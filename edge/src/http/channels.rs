//! Handlers of `wire::channels`.
//! The secrets that come in here go straight to the vault; nothing that goes out carries one.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Response, StatusCode, header},
};
use domain::{
    Act, Channel, ChannelId, Health, HealthState, Network, OrganisationId, Refusal, content, json, mentions,
    record::Subject,
    silence::Voice,
    text::{hidden, line},
};
use serde_json::Value;
use wire::{
    Nothing,
    channels::{self, ChangeChannel, ChoosePage, Connect, Connected, Page, Seek, Sought},
};

use crate::{
    answer::{Refused, written},
    app::App,
    ask::{Api, Ask, mount, mount_raw, unescape},
    caller::Caller,
    networks::{
        Account, Connection, Finished, bluesky, by_meta, linkedin, mastodon, oauth, telegram, tiktok, tumblr, website,
        x, youtube,
    },
    passkeys::Party,
    store::{Unit, channels as store, custody, records, secrets},
    vault::{self, Keyring, Kind, Secret},
    watch,
};

/// The longest name of a channel, in characters.
const LONGEST_NAME: usize = 100;

/// The longest address of an endpoint, in characters.
const LONGEST_ADDRESS: usize = 2_048;

/// The longest account, in characters.
const LONGEST_HANDLE: usize = 300;

/// Beside Meta's, the networks at which one access may open several accounts.
static CHOICES: [&oauth::Door; 4] = [&linkedin::DOOR, &tumblr::DOOR, &youtube::DOOR, &tiktok::DOOR];

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &channels::CHANNELS, list);
    let api = mount(api, &channels::CONNECT, connect);
    let api = mount_raw(api, &channels::MASTODON_RETURN, 0, back_from_mastodon);
    let api = mount_raw(api, &channels::BLUESKY_RETURN, 0, back_from_bluesky);
    let api = mount_raw(api, &channels::BLUESKY_CLIENT, 0, said_to_bluesky);
    let api = mount_raw(api, &channels::FACEBOOK_RETURN, 0, back_from_facebook);
    let api = mount_raw(api, &channels::X_RETURN, 0, back_from_x);
    let api = mount_raw(api, &channels::THREADS_RETURN, 0, back_from_threads);
    let api = mount_raw(api, &channels::INSTAGRAM_RETURN, 0, back_from_instagram);
    let api = mount_raw(api, &channels::LINKEDIN_RETURN, 0, back_from_linkedin);
    let api = mount_raw(api, &channels::TUMBLR_RETURN, 0, back_from_tumblr);
    let api = mount_raw(api, &channels::YOUTUBE_RETURN, 0, back_from_youtube);
    let api = mount_raw(api, &channels::TIKTOK_RETURN, 0, back_from_tiktok);
    let api = mount(api, &channels::PAGES, pages);
    let api = mount(api, &channels::CHOOSE, choose);
    let api = mount(api, &channels::PROVE, prove);
    let api = mount(api, &channels::CHANGE, change);
    let api = mount(api, &channels::CHECK, check);
    let api = mount(api, &channels::SEEK, seek);
    let api = mount(api, &channels::TROUBLES, troubles);
    let api = mount(api, &channels::VAULT, look_after);
    mount(api, &channels::DISCONNECT, disconnect)
}

async fn look_after(ask: Ask<Nothing>) -> Result<channels::VaultView, Refused> {
    Ok(vault::view(&ask.app, ask.caller()?.org()).await?)
}

async fn list(ask: Ask<Nothing>) -> Result<Vec<Channel>, Refused> {
    Ok(store::of_organisation(&ask.app.db, ask.caller()?.org()).await?)
}

async fn connect(ask: Ask<Connect>) -> Result<Connected, Refused> {
    let caller = ask.caller()?;
    let channel = match &ask.body {
        Connect::Bluesky { server, identifier, app_password } => {
            within("identifier", identifier, LONGEST_HANDLE)?;
            within("app_password", app_password, LONGEST_HANDLE)?;
            let password = Secret::new(app_password.trim());
            let (account, secrets) = bluesky::connect(&ask.app, server, identifier, &password).await?;
            keep(&ask.app, caller, Link::automatic(Network::Bluesky, account, secrets)).await?
        }
        Connect::BlueskySignIn { server, identifier } => {
            let identifier = within("identifier", identifier, LONGEST_HANDLE)?;
            let seen = bluesky::Seen::at(caller.org(), origin(&ask.app, &ask.headers)?);
            let address = bluesky::begin(&ask.app, caller, server, identifier, seen).await?;
            return Ok(Connected::GoTo { address });
        }
        Connect::Telegram { server, channel, bot_token } => {
            within("channel", channel, LONGEST_HANDLE)?;
            within("bot_token", bot_token, LONGEST_HANDLE)?;
            let token = Secret::new(bot_token.trim());
            let (account, secrets) = telegram::connect(&ask.app, server, channel, &token).await?;
            keep(&ask.app, caller, Link::automatic(Network::Telegram, account, secrets)).await?
        }
        Connect::Website { address, name, channel } => {
            let name = line::counted(name, "name", LONGEST_NAME)?;
            let address = within("address", address, LONGEST_ADDRESS)?;
            if let Some(id) = channel {
                let found = store::find(&ask.app.db, caller.org(), id).await?;
                found.filter(|(channel, _)| channel.network == Network::Website).ok_or(Refusal::NotFound)?;
            }
            let origin = origin(&ask.app, &ask.headers)?;
            let begun = website::begin(&ask.app, caller, (address, &name), channel.as_ref(), &origin).await?;
            let (connection, secret) = begun;
            return Ok(Connected::ToProve { connection, secret });
        }
        Connect::Mastodon { server } => {
            let origin = origin(&ask.app, &ask.headers)?;
            let address = mastodon::begin(&ask.app, caller, server, &origin).await?;
            return Ok(Connected::GoTo { address });
        }
        Connect::Facebook { app_id, app_secret, configuration, channel }
        | Connect::Instagram { app_id, app_secret, configuration, channel } => {
            let is_page = matches!(ask.body, Connect::Facebook { .. });
            let asked = by_meta::Asked {
                network: if is_page { Network::Facebook } else { Network::Instagram },
                app_id: within("app_id", app_id, LONGEST_HANDLE)?,
                app_secret: Secret::new(within("app_secret", app_secret, LONGEST_HANDLE)?),
                itself: false,
                configuration: configuration.as_deref().map(str::trim).filter(|number| !number.is_empty()),
                onto: channel.clone(),
            };
            let origin = origin(&ask.app, &ask.headers)?;
            let address = by_meta::begin(&ask.app, caller, asked, &origin).await?;
            return Ok(Connected::GoTo { address });
        }
        Connect::Threads { app_id, app_secret, channel } | Connect::InstagramItself { app_id, app_secret, channel } => {
            let itself = matches!(ask.body, Connect::InstagramItself { .. });
            let asked = by_meta::Asked {
                network: if itself { Network::Instagram } else { Network::Threads },
                itself,
                app_id: within("app_id", app_id, LONGEST_HANDLE)?,
                app_secret: Secret::new(within("app_secret", app_secret, LONGEST_HANDLE)?),
                configuration: None,
                onto: channel.clone(),
            };
            let origin = origin(&ask.app, &ask.headers)?;
            let address = by_meta::begin(&ask.app, caller, asked, &origin).await?;
            return Ok(Connected::GoTo { address });
        }
        Connect::X { client_id, client_secret, channel }
        | Connect::Linkedin { client_id, client_secret, channel }
        | Connect::Tumblr { client_id, client_secret, channel }
        | Connect::Youtube { client_id, client_secret, channel }
        | Connect::Tiktok { client_id, client_secret, channel } => {
            let asked = oauth::connect::Asked {
                client_id: within("client_id", client_id, LONGEST_HANDLE)?,
                client_secret: Secret::new(within("client_secret", client_secret, LONGEST_HANDLE)?),
                onto: channel.clone(),
            };
            let door = match &ask.body {
                Connect::X { .. } => &x::DOOR,
                Connect::Tumblr { .. } => &tumblr::DOOR,
                Connect::Youtube { .. } => &youtube::DOOR,
                Connect::Tiktok { .. } => &tiktok::DOOR,
                _ => &linkedin::DOOR,
            };
            let origin = origin(&ask.app, &ask.headers)?;
            let address = oauth::connect::begin(&ask.app, caller, door, asked, &origin).await?;
            return Ok(Connected::GoTo { address });
        }
        Connect::Assisted { on, channel, name, handle, address } => {
            if !on.may_be_assisted() {
                return Err(Refusal::Malformed { field: "on".to_owned() }.into());
            }
            let account = by_hand(*on, name, handle, address.as_deref())?;
            let (assisted, onto) = (true, channel.clone());
            keep(&ask.app, caller, Link { network: *on, account, secrets: Vec::new(), assisted, onto }).await?
        }
    };
    Ok(Connected::Channel { channel: Box::new(channel) })
}

/// Where this deployment is seen: the browser's own word, which the door has checked against the host.
fn origin(app: &App, headers: &HeaderMap) -> Result<String, Refusal> {
    let said = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok()).map(ToOwned::to_owned);
    app.setting("ORIGIN").or(said).ok_or(Refusal::ForeignRequest)
}

fn by_hand(on: Network, name: &str, handle: &str, address: Option<&str>) -> Result<Account, Refusal> {
    let (name, handle) = (line::counted(name, "name", LONGEST_NAME)?, line::counted(handle, "handle", LONGEST_HANDLE)?);
    let address = address.map(str::trim).filter(|address| !address.is_empty());
    if address.is_some_and(|address| !content::is_web_address(address)) {
        return Err(Refusal::BadLink);
    }
    let account = handle.to_lowercase();
    Ok(Account {
        name,
        handle,
        address: address.unwrap_or_default().to_owned(),
        limits: on.limits(),
        expires: None,
        settings: json!({ "account": account }),
        account,
    })
}

/// A field that is neither empty nor longer than it may be, without blanks around it.
fn within<'a>(field: &str, text: &'a str, limit: usize) -> Result<&'a str, Refusal> {
    let text = text.trim();
    let length = text.chars().count();
    if length > limit {
        return Err(Refusal::TooLarge { field: field.to_owned(), limit: limit as u64, length: length as u64 });
    }
    if text.is_empty() { Err(Refusal::Malformed { field: field.to_owned() }) } else { Ok(text) }
}

/// An account, and what leads to it.
struct Link {
    network: Network,
    account: Account,
    secrets: Vec<(Kind, Secret)>,
    /// Whether a person publishes there by hand.
    assisted: bool,
    /// The channel that it is meant for, if somebody said so.
    onto: Option<ChannelId>,
}

impl Link {
    fn automatic(network: Network, account: Account, secrets: Vec<(Kind, Secret)>) -> Self {
        Self { network, account, secrets, assisted: false, onto: None }
    }
}

/// The channel that a link leads to, if it is there, and what its adapter is to keep. An account that was connected
/// before is its own channel; else it is the one that somebody meant.
async fn before(app: &App, org: &OrganisationId, link: &Link) -> Result<(Option<Channel>, Value), Refused> {
    let Link { network, account, assisted, onto, .. } = link;
    let meant = match onto {
        Some(id) => {
            let found = store::find(&app.db, org, id).await?;
            Some(found.filter(|(channel, _)| channel.network == *network).ok_or(Refusal::NotFound)?)
        }
        None => None,
    };
    match meant {
        // A person takes over from an access: what that was known by stays, so that a later one finds its channel again.
        Some((channel, settings)) if *assisted && settings["server"].is_string() => Ok((Some(channel), settings)),
        Some((channel, _)) if *assisted => Ok((Some(channel), account.settings.clone())),
        meant => {
            let known = store::of_account(&app.db, org, *network, &account.account).await?;
            Ok((known.or(meant.map(|(channel, _)| channel)), account.settings.clone()))
        }
    }
}

/// Keeps an account as a channel. One that was connected before is the same channel and keeps its name and history.
async fn keep(app: &App, caller: &Caller, link: Link) -> Result<Channel, Refused> {
    let (org, now) = (caller.org(), app.now());
    let (before, settings) = before(app, org, &link).await?;
    let again = before.is_some();
    // Read before it is written over, with what its adapter kept: what opened the account till now opens nothing more. Elsewhere
    // than at Bluesky, giving an access back may end the new one too.
    let given_back = match &before {
        Some(before) if link.assisted || link.network == Network::Bluesky => {
            let kept = store::find(&app.db, org, &before.id).await?.map(|(_, kept)| kept);
            kept.zip(Keyring::of(app, org, &before.id).await.ok())
        }
        _ => None,
    };
    let Link { network, account, secrets, assisted, .. } = link;
    let Account { handle, name, address, limits, expires, .. } = account;
    let health = Health { state: HealthState::Working, last_success: Some(now), expires, last_error: None };
    let address = Some(address).filter(|address| content::is_web_address(address));
    let channel = match before {
        // The name and the languages are what people chose here.
        Some(before) => {
            let (address, voice) = (address.or(before.address), Voice { connected: Some(now), ..before.voice });
            Channel { handle, address, limits, health, assisted, voice, ..before }
        }
        None => Channel {
            id: ChannelId::from_bits(app.bits()),
            network,
            name: hidden::shown(&name, LONGEST_NAME),
            handle,
            address,
            languages: caller.organisation.languages.clone(),
            limits,
            health,
            assisted,
            voice: Voice { connected: Some(now), ..Voice::default() },
        },
    };
    let mut unit = Unit::new();
    store::connect(&mut unit, org, &channel, &settings, now, &caller.member);
    if assisted {
        secrets::destroy(&mut unit, org, &channel.id);
    }
    // Another way in than before: what opened it then opens nothing more.
    if !secrets.is_empty() {
        let kinds: Vec<&str> = secrets.iter().map(|(kind, _)| kind.name()).collect();
        secrets::destroy_but(&mut unit, org, &channel.id, &kinds);
    }
    for (kind, secret) in &secrets {
        vault::put(app, &mut unit, org, &channel.id, *kind, secret)?;
    }
    // Connected again it has its custodians, and who they are is for whoever names them to say.
    if !again {
        custody::first(&mut unit, org, &channel.id, &caller.member, now);
    }
    let change = if again { "connected_again" } else { "connected" };
    note(app, caller, &mut unit, &channel, change, settings["scope"].as_str().filter(|_| !assisted));
    app.db.commit(unit).await?;
    if let Some((kept, keys)) = given_back {
        give_back(app, org, network, kept, keys);
    }
    Ok(channel)
}

/// `scope`: what the network says that it allowed, where it says so.
fn note(app: &App, caller: &Caller, unit: &mut Unit, channel: &Channel, change: &str, scope: Option<&str>) {
    let Channel { id, network, name, handle, address, assisted, voice, .. } = channel;
    let mut body = json!({
        "change": change, "channel": id, "network": network, "name": name, "handle": handle, "address": address,
        "assisted": assisted, "patience": voice.patience, "by": caller.member,
    });
    if let Some(scope) = scope {
        body["scope"] = scope.into();
    }
    records::keep(app, unit, caller.org(), Subject::Channel, &body);
}

/// What a network sends a person back with.
enum Back {
    Agreed { code: String, state: String },
    Declined,
    Nothing,
}

/// A field of the way back.
fn field(ask: &Ask<Bytes>, wanted: &str) -> Option<String> {
    let pairs = ask.uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(name, _)| *name == wanted).map(|(_, value)| unescape(value)).next()
}

fn back(ask: &Ask<Bytes>) -> Back {
    match (field(ask, "code"), field(ask, "state"), field(ask, "error")) {
        (Some(code), Some(state), None) => Back::Agreed { code, state },
        (_, _, Some(_)) => Back::Declined,
        _ => Back::Nothing,
    }
}

/// The person comes back from a Mastodon server, at the address that is that server's.
async fn back_from_mastodon(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let (at, issuer) = (ask.part::<String>("server")?, field(&ask, "iss"));
    arrive(&ask, async |caller, code, state| {
        let came = mastodon::Came { at: &at, state, code, issuer: issuer.as_deref() };
        let (account, secrets) = mastodon::finish(&ask.app, caller, came).await?;
        let channel = keep(&ask.app, caller, Link::automatic(Network::Mastodon, account, secrets)).await?;
        Ok(format!("connected={}", channel.id))
    })
    .await
}

/// The person comes back from a Bluesky server, which says which it is.
async fn back_from_bluesky(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let issuer = field(&ask, "iss").unwrap_or_default();
    arrive(&ask, async |caller, code, state| {
        let came = bluesky::Came { state, code, issuer: &issuer };
        let connection = bluesky::finish(&ask.app, caller, came).await?;
        keep_finished(&ask.app, caller, Finished::Connected(Box::new(connection))).await
    })
    .await
}

/// What we say of ourselves, to a Bluesky server at which somebody is about to agree. Nothing of it is a secret.
async fn said_to_bluesky(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    let org: OrganisationId = ask.part("organisation")?;
    let origin = match ask.app.setting("ORIGIN") {
        Some(origin) => origin,
        None => Party::of(&ask.app, &ask.uri, &ask.headers)?.origin,
    };
    let said = bluesky::described(&ask.app, &bluesky::Seen::at(&org, origin)).await?.ok_or(Refusal::NotFound)?;
    Ok(written(StatusCode::OK, said.to_string().into_bytes()))
}

/// The person comes back from Facebook: with one page, or to choose among several.
async fn back_from_facebook(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    arrive(&ask, async |caller, code, state| {
        let finished = by_meta::finish(&ask.app, caller, state, code).await?;
        keep_finished(&ask.app, caller, finished).await
    })
    .await
}

/// The person comes back from Tumblr, as from Facebook.
async fn back_from_tumblr(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    arrive(&ask, async |caller, code, state| {
        let finished = tumblr::finish(&ask.app, caller, state, code).await?;
        keep_finished(&ask.app, caller, finished).await
    })
    .await
}

/// The person comes back from Google, with a channel of YouTube.
async fn back_from_youtube(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    arrive(&ask, async |caller, code, state| {
        let finished = youtube::finish(&ask.app, caller, state, code).await?;
        keep_finished(&ask.app, caller, finished).await
    })
    .await
}

/// The person comes back from TikTok.
async fn back_from_tiktok(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    arrive(&ask, async |caller, code, state| {
        let finished = tiktok::finish(&ask.app, caller, state, code).await?;
        keep_finished(&ask.app, caller, finished).await
    })
    .await
}

/// The person comes back from LinkedIn, as from Facebook.
async fn back_from_linkedin(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    arrive(&ask, async |caller, code, state| {
        let finished = linkedin::finish(&ask.app, caller, state, code).await?;
        keep_finished(&ask.app, caller, finished).await
    })
    .await
}

/// The person comes back from Threads, with the profile that they agreed for.
async fn back_from_threads(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    arrive(&ask, async |caller, code, state| {
        let connection = by_meta::finish_at_threads(&ask.app, caller, state, code).await?;
        keep_finished(&ask.app, caller, Finished::Connected(Box::new(connection))).await
    })
    .await
}

/// The person comes back from Instagram's own login, with the account that they agreed for.
async fn back_from_instagram(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    arrive(&ask, async |caller, code, state| {
        let connection = by_meta::finish_at_instagram(&ask.app, caller, state, code).await?;
        keep_finished(&ask.app, caller, Finished::Connected(Box::new(connection))).await
    })
    .await
}

/// The person comes back from X.
async fn back_from_x(ask: Ask<Bytes>) -> Result<Response<Body>, Refused> {
    arrive(&ask, async |caller, code, state| {
        let connection = x::finish(&ask.app, caller, state, code).await?;
        keep_finished(&ask.app, caller, Finished::Connected(Box::new(connection))).await
    })
    .await
}

/// Coming back is a navigation: whatever happens, it ends in the desk, whose address says what came of it.
async fn arrive(
    ask: &Ask<Bytes>,
    finish: impl AsyncFnOnce(&Caller, &str, &str) -> Result<String, Refused>,
) -> Result<Response<Body>, Refused> {
    let caller = ask.caller()?;
    let came = match back(ask) {
        Back::Agreed { code, state } => finish(caller, &code, &state).await,
        Back::Declined => Ok("refused=declined".to_owned()),
        Back::Nothing => Err(Refusal::SpentLink.into()),
    };
    let came = came.unwrap_or_else(|refused| format!("refused={}", code(&refused.0.refusal)));
    navigate(&format!("/desk/channels?{came}"))
}

/// What the desk's address says of a way back.
async fn keep_finished(app: &App, caller: &Caller, finished: Finished) -> Result<String, Refused> {
    match finished {
        Finished::Connected(connection) => Ok(format!("connected={}", keep_page(app, caller, *connection).await?.id)),
        Finished::ToChoose(name) => Ok(format!("choose={name}")),
    }
}

async fn keep_page(app: &App, caller: &Caller, connection: Connection) -> Result<Channel, Refused> {
    let Connection { network, account, secrets, onto } = connection;
    keep(app, caller, Link { onto, ..Link::automatic(network, account, secrets) }).await
}

async fn pages(ask: Ask<Nothing>) -> Result<Vec<Page>, Refused> {
    let (caller, name) = (ask.caller()?, ask.part::<String>("connection")?);
    Ok(match at_a_door(&ask.app, caller, &name).await? {
        Some((door, choice)) => oauth::connect::pages(&ask.app, door, &name, choice)?,
        None => by_meta::pages(&ask.app, caller, &name).await?,
    })
}

async fn choose(ask: Ask<ChoosePage>) -> Result<Channel, Refused> {
    let (caller, name) = (ask.caller()?, ask.part::<String>("connection")?);
    let connection = match at_a_door(&ask.app, caller, &name).await? {
        Some((door, choice)) => oauth::connect::choose(&ask.app, caller, door, &name, choice, &ask.body.page).await?,
        None => by_meta::choose(&ask.app, caller, &name, &ask.body.page).await?,
    };
    keep_page(&ask.app, caller, connection).await
}

async fn prove(ask: Ask<Nothing>) -> Result<Channel, Refused> {
    let (caller, name) = (ask.caller()?, ask.part::<String>("connection")?);
    let connection = website::prove(&ask.app, caller, &name).await?;
    keep_page(&ask.app, caller, connection).await
}

/// Whose choice it is, its name does not say.
async fn at_a_door(
    app: &App,
    caller: &Caller,
    name: &str,
) -> Result<Option<(&'static oauth::Door, secrets::Flow)>, Refused> {
    let choice = oauth::connect::choice(app, caller, name).await?;
    Ok(choice.and_then(|choice| Some((*CHOICES.iter().find(|door| door.name == choice.server)?, choice))))
}

/// The name of a refusal, as the desk's texts have it.
fn code(refusal: &Refusal) -> String {
    if matches!(refusal, Refusal::OtherServer { network: Network::Bluesky }) {
        return "other_bluesky".to_owned();
    }
    let value: Value = serde_json::from_str(&serde_json::to_string(refusal).unwrap_or_default()).unwrap_or_default();
    value["refusal"].as_str().unwrap_or_default().to_owned()
}

fn navigate(to: &str) -> Result<Response<Body>, Refused> {
    let response = Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, to).body(Body::empty());
    response.map_err(|_| Refusal::Unavailable.into())
}

/// The channel in the path, with what its adapter keeps.
async fn found<Q>(ask: &Ask<Q>) -> Result<(Channel, Value), Refused> {
    let id: ChannelId = ask.part("channel")?;
    let found = store::find(&ask.app.db, ask.caller()?.org(), &id).await?;
    Ok(found.ok_or(Refusal::NotFound)?)
}

async fn change(ask: Ask<ChangeChannel>) -> Result<Channel, Refused> {
    let caller = ask.caller()?;
    let (mut channel, _) = found(&ask).await?;
    channel.name = line::counted(&ask.body.name, "name", LONGEST_NAME)?;
    channel.languages.clone_from(&ask.body.languages);
    let is_doubled = channel.languages.iter().enumerate().any(|(n, tag)| channel.languages[..n].contains(tag));
    if channel.languages.is_empty() || channel.languages.len() > 8 || is_doubled {
        return Err(Refusal::Malformed { field: "languages".to_owned() }.into());
    }
    channel.address = ask.body.address.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(ToOwned::to_owned);
    if channel.address.as_deref().is_some_and(|address| address.len() > 2_048 || !content::is_web_address(address)) {
        return Err(Refusal::BadLink.into());
    }
    channel.voice.patience = ask.body.patience.chosen()?;
    let mut unit = Unit::new();
    let (org, address) = (caller.org(), channel.address.as_deref());
    let patience = channel.voice.patience;
    store::change(&mut unit, org, &channel.id, &channel.name, &channel.languages, address, patience);
    note(&ask.app, caller, &mut unit, &channel, "changed", None);
    ask.app.db.commit(unit).await?;
    Ok(channel)
}

async fn check(ask: Ask<Nothing>) -> Result<Channel, Refused> {
    let caller = ask.caller()?;
    let (id, org) = (ask.part("channel")?, caller.org());
    let found = store::find_to_watch(&ask.app.db, org, &id).await?.ok_or(Refusal::NotFound)?;
    if found.0.health.state == HealthState::Disconnected {
        return Err(Refusal::ChannelUnfit.into());
    }
    Ok(watch::look(&ask.app, org, &found).await?)
}

async fn seek(ask: Ask<Seek>) -> Result<Sought, Refused> {
    let caller = ask.caller()?;
    let (channel, settings) = found(&ask).await?;
    if !caller.access.reaches(&channel.id) {
        return Err(Refusal::OutOfReach.into());
    }
    let short = mentions::short(&ask.body.page).ok_or_else(|| Refusal::Malformed { field: "page".to_owned() })?;
    let asks = mentions::are_taken(channel.network) && !channel.assisted && channel.health.state.may_send();
    if !asks {
        return Err(Refusal::ChannelUnfit.into());
    }
    let name = linkedin::seek(&ask.app, caller.org(), &channel.id, &settings, &short).await?;
    Ok(Sought { short, name })
}

async fn troubles(ask: Ask<Nothing>) -> Result<channels::Troubles, Refused> {
    let (channel, _) = found(&ask).await?;
    let (app, org) = (&ask.app, ask.caller()?.org());
    let outlook = watch::outlook(app, org, &channel).await?;
    Ok(channels::Troubles { outlook, failures: store::failures(&app.db, org, &channel.id).await? })
}

async fn disconnect(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let caller = ask.caller()?;
    caller.needs(Act::ManageChannels)?;
    let (channel, settings) = found(&ask).await?;
    if channel.network == Network::Noticeboard {
        return Err(Refusal::WrongState.into());
    }
    if channel.health.state == HealthState::Disconnected {
        return Ok(Nothing {});
    }
    // Read before they are destroyed; without a key there is nothing to give back, and disconnecting works all the same.
    let keys = Keyring::of(&ask.app, caller.org(), &channel.id).await.ok();
    let mut unit = Unit::new();
    store::disconnect(&mut unit, caller.org(), &channel.id);
    secrets::destroy(&mut unit, caller.org(), &channel.id);
    note(&ask.app, caller, &mut unit, &channel, "disconnected", None);
    ask.app.db.commit(unit).await?;
    if let Some(keys) = keys {
        give_back(&ask.app, caller.org(), channel.network, settings, keys);
    }
    Ok(Nothing {})
}

/// Gives back what opened a channel, once it stands nowhere any more: behind the answer, for nobody waits for it.
fn give_back(app: &App, org: &OrganisationId, network: Network, settings: Value, keys: Keyring) {
    let (own, org) = (app.clone(), org.clone());
    app.afterwards(async move {
        match network {
            Network::Bluesky => bluesky::disconnect(&own, &org, &settings, &keys).await,
            Network::Mastodon => mastodon::disconnect(&own, &settings, &keys).await,
            Network::X => x::disconnect(&own, &org, &keys).await,
            Network::Youtube => youtube::disconnect(&own, &org, &keys).await,
            Network::Tiktok => tiktok::disconnect(&own, &org, &keys).await,
            // A bot's token is taken back at BotFather, by whoever made the bot.
            Network::Telegram => {}
            // Meta's take back a person's whole consent or nothing, and theirs we do not keep.
            Network::Facebook | Network::Instagram | Network::Threads => {}
            // What else would go with it, LinkedIn does not say.
            Network::Linkedin => {}
            // The secret opens nothing here, and the site forgets it as whoever runs it likes.
            Network::Website => {}
            // It has no way to take one back.
            Network::Tumblr => {}
            Network::Noticeboard
            | Network::Whatsapp
            | Network::Nextdoor
            | Network::Parler
            | Network::Screen
            | Network::Paper
            | Network::Other => {}
        }
    });
}

//! Tokens of Meta's that last sixty days: of a profile of Threads, and of an account of Instagram by its own login. Each is renewed
//! ahead of time, by one job, whether anything is published or not.

use domain::{ChannelId, Millis, Moment, Network, OrganisationId, Refusal, delivery::Outcome};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    super::{Checked, Weight, unavailable},
    Graph, VERSION, connect, no_access, not_of_the_interface, server_of,
};
use crate::{
    app::App,
    clock,
    jobs::Job,
    outbound::{self, Address, Call},
    store::{StoreError, channels},
    vault::{self, Keyring, Kind, Secret, Turn},
};

/// A login whose tokens last, and what each of its calls is called.
pub struct Login {
    network: Network,
    version: &'static str,
    /// How a token of an hour becomes one that lasts.
    pub exchanges: &'static str,
    renews: &'static str,
    /// What is asked of whom it opens: `connect::handle` is read of them.
    pub fields: &'static str,
}

/// That of Threads (Meta's guide to Threads, 2026-09-11).
pub const OF_THREADS: Login = Login {
    network: Network::Threads,
    version: "v1.0",
    exchanges: "th_exchange_token",
    renews: "th_refresh_token",
    fields: "id,username,name",
};

/// Instagram's own, without a page (Meta's guide to business login for Instagram, 2026-09-11).
pub const OF_INSTAGRAM: Login = Login {
    network: Network::Instagram,
    version: VERSION,
    exchanges: "ig_exchange_token",
    renews: "ig_refresh_token",
    fields: "user_id,username,name",
};

/// How long before its end a token is renewed: long enough for a network, or for us, to be away for weeks.
const AHEAD: Millis = Millis::days(20);

/// What a renewal spends, with the keys that it needs.
const RENEWAL: u32 = 10;

/// A token that lasts, as the vault keeps it.
#[derive(Serialize, Deserialize)]
pub struct Lasting {
    token: String,
    /// Until when.
    pub until: Moment,
}

impl Lasting {
    /// From what the network gives for a token.
    fn of(body: &Value, now: Moment) -> Option<Self> {
        let seconds = body["expires_in"].as_i64().filter(|seconds| *seconds > 0)?;
        Some(Self { token: body["access_token"].as_str()?.to_owned(), until: now.plus(Millis::seconds(seconds)) })
    }

    fn read(secret: &Secret) -> Option<Self> {
        crate::tree::read(secret.reveal()).ok()
    }

    /// As the vault keeps it.
    pub fn secret(&self) -> Secret {
        Secret::new(serde_json::to_string(self).unwrap_or_default())
    }

    /// The interface with it.
    pub fn graph<'a>(&self, app: &'a App, login: &Login, server: Address) -> Graph<'a> {
        Graph::of_version(app, login.network, server, login.version, Secret::new(&*self.token))
    }
}

/// Asks for a token that lasts, with one that does: the one that consent brought, or the last one.
///
/// # Errors
/// What else it came to.
pub async fn lasting(
    app: &App,
    login: &Login,
    server: &Address,
    path: &str,
    parameters: &[(&str, &str)],
    token: &Secret,
) -> Result<Lasting, Outcome> {
    let address = parameters.iter().fold(server.at(path), |address, (name, value)| address.with(name, value));
    let mut call = Call::get(address.with("access_token", token.reveal())).hiding(token);
    for (_, value) in parameters.iter().filter(|(name, _)| *name == "client_secret") {
        call = call.hiding(&Secret::new(*value));
    }
    let answer = outbound::send(app, call).await.map_err(|trouble| Weight::Safe.of_trouble(trouble))?;
    if !answer.is_success() {
        return Err(Graph::of_version(app, login.network, server.clone(), login.version, token.clone())
            .outcome(Weight::Safe, &answer));
    }
    answer.json().and_then(|body| Lasting::of(&body, app.now())).ok_or_else(not_of_the_interface)
}

/// The interface, and until when the token lasts that it is asked with.
///
/// # Errors
/// `Unauthorised` if none is stored.
pub async fn graph<'a>(
    app: &'a App,
    login: &Login,
    org: &OrganisationId,
    channel: &ChannelId,
    settings: &Value,
) -> Result<(Graph<'a>, Moment), Outcome> {
    let keys = Keyring::of(app, org, channel).await.map_err(unavailable)?;
    let (secret, version) = keys.get(Kind::Session).ok_or_else(no_access)?;
    let mut held = Lasting::read(secret).ok_or_else(no_access)?;
    let server = server_of(settings)?;
    if app.now() >= held.until.minus(AHEAD)
        && let Some(renewed) = renew(app, login, (org, channel), &server, &held, version).await
    {
        held = renewed;
    }
    Ok((held.graph(app, login, server), held.until))
}

/// Renews a token, once, however many find it old. Where that comes to nothing, the old one serves as long as it lasts.
async fn renew(
    app: &App,
    login: &Login,
    (org, channel): (&OrganisationId, &ChannelId),
    server: &Address,
    held: &Lasting,
    version: u64,
) -> Option<Lasting> {
    match vault::turn(app, org, channel, Kind::Session, version).await.ok()? {
        Turn::Busy => None,
        Turn::Done(secret, _) => Lasting::read(&secret),
        Turn::Ours(lease) => {
            let token = Secret::new(&*held.token);
            let parameters = [("grant_type", login.renews)];
            let Ok(renewed) = lasting(app, login, server, "/refresh_access_token", &parameters, &token).await else {
                lease.give_back(app, org, channel, Kind::Session).await;
                return None;
            };
            // If this is lost, the old one is renewed again.
            let _ = lease.keep(app, org, channel, Kind::Session, &renewed.secret()).await;
            let _ = channels::lasts(&app.db, org, channel, renewed.until).await;
            Some(renewed)
        }
    }
}

/// Renews what is near its end and nobody used, of the channels behind one. Those that do not fit this invocation are sent for
/// behind the last that did.
///
/// # Errors
/// `Down`: the next day renews what this one could not.
pub async fn renew_due(app: &App, behind: &str) -> Result<(), StoreError> {
    let due = channels::lasting_until(&app.db, app.now().plus(AHEAD), behind).await?;
    for (network, org, channel, settings) in due {
        let login = if network == OF_THREADS.network { &OF_THREADS } else { &OF_INSTAGRAM };
        // Whether it could be renewed, the next call that needs it says.
        let _ = graph(app, login, &org, &channel, &settings).await;
        if !app.ledger().affords(RENEWAL) {
            clock::send(app, vec![(Job::Renew { behind: channel.to_string() }, Millis(0))]).await;
            break;
        }
    }
    Ok(())
}

/// Asks whether the access still opens what it is for, without writing anything. Which permissions it carries is not said.
///
/// # Errors
/// `Unavailable`.
pub async fn check(
    app: &App,
    login: &Login,
    org: &OrganisationId,
    channel: &ChannelId,
    settings: &Value,
) -> Result<Checked, Refusal> {
    let asked = async {
        let (graph, until) = graph(app, login, org, channel, settings).await?;
        Ok::<_, Outcome>((graph.read("me", &[("fields", login.fields)]).await?, until))
    };
    Ok(match asked.await {
        Ok((found, until)) => Checked::Works {
            handle: connect::handle(&found),
            limits: None,
            expires: Some(until),
            settings: settings.clone(),
        },
        Err(outcome) => Checked::from(outcome),
    })
}

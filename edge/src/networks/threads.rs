//! Profiles of Threads, by a token of their own that lasts sixty days: it is renewed ahead of time, by one job, whether anything
//! is published or not. What is published cannot be changed.

use domain::{ChannelId, Millis, Moment, Network as Name, OrganisationId, Refusal, Replies, delivery::Outcome};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Checked, Weight,
    containers::House,
    listed,
    meta::{self, Graph, connect, no_access, not_of_the_interface, server_of},
    unavailable,
};
use crate::{
    app::App,
    clock,
    jobs::Job,
    outbound::{self, Address, Call},
    store::{StoreError, channels},
    vault::{self, Keyring, Kind, Secret, Turn},
};

/// Where programs ask, and where people agree. There is one version (Meta's guide to Threads, 2026-09-11).
pub const GRAPH: &str = "https://graph.threads.net";

/// Where people agree.
pub const DIALOG: &str = "https://threads.net";

const VERSION: &str = "v1.0";

/// How long before its end a token is renewed: long enough for a network, or for us, to be away for weeks.
const AHEAD: Millis = Millis::days(20);

/// What a renewal spends, with the keys that it needs.
const RENEWAL: u32 = 10;

/// Threads.
pub const THREADS: House = House {
    network: Name::Threads,
    makes: "threads",
    publishes: "threads_publish",
    lists: "threads",
    // It has none.
    stories: "",
    answers: "replies",
    quota: "threads_publishing_limit",
    state: ["status", "error_message"],
    names: listed::Names { words: "text", at: "timestamp", address: "permalink" },
    picture: Some("IMAGE"),
    video: &[("media_type", "VIDEO")],
    poster: None,
    children: |children| children.join(","),
    topic: Some("topic_tag"),
    invites: None,
    replies: reply_control,
};

/// Who may reply, as Threads is told it (Meta's guide to replies, 2026-09-11).
fn reply_control(replies: Replies) -> Option<(&'static str, &'static str)> {
    let who = match replies.sent(Name::Threads)? {
        Replies::Everybody => return None,
        Replies::Following => "accounts_you_follow",
        Replies::Mentioned | Replies::Nobody => "mentioned_only",
    };
    Some(("reply_control", who))
}

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
    pub fn graph<'a>(&self, app: &'a App, server: Address) -> Graph<'a> {
        Graph::of_version(app, Name::Threads, server, VERSION, Secret::new(&*self.token))
    }
}

/// Asks for a token that lasts, with one that does: the one that consent brought, or the last one.
///
/// # Errors
/// What else it came to.
pub async fn lasting(
    app: &App,
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
        return Err(Graph::of_version(app, Name::Threads, server.clone(), VERSION, token.clone())
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
    org: &OrganisationId,
    channel: &ChannelId,
    settings: &Value,
) -> Result<(Graph<'a>, Moment), Outcome> {
    let keys = Keyring::of(app, org, channel).await.map_err(unavailable)?;
    let (secret, version) = keys.get(Kind::Session).ok_or_else(no_access)?;
    let mut held = Lasting::read(secret).ok_or_else(no_access)?;
    let server = server_of(settings)?;
    if app.now() >= held.until.minus(AHEAD)
        && let Some(renewed) = renew(app, org, channel, &server, &held, version).await
    {
        held = renewed;
    }
    Ok((held.graph(app, server), held.until))
}

/// Renews a token, once, however many find it old. Where that comes to nothing, the old one serves as long as it lasts.
async fn renew(
    app: &App,
    org: &OrganisationId,
    channel: &ChannelId,
    server: &Address,
    held: &Lasting,
    version: u64,
) -> Option<Lasting> {
    match vault::turn(app, org, channel, Kind::Session, version).await.ok()? {
        Turn::Busy => None,
        Turn::Done(secret, _) => Lasting::read(&secret),
        Turn::Ours(lease) => {
            let token = Secret::new(&*held.token);
            let parameters = [("grant_type", "th_refresh_token")];
            let Ok(renewed) = lasting(app, server, "/refresh_access_token", &parameters, &token).await else {
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
    let due = channels::lasting_until(&app.db, Name::Threads, app.now().plus(AHEAD), behind).await?;
    for (org, channel, settings) in due {
        // Whether it could be renewed, the next call that needs it says.
        let _ = graph(app, &org, &channel, &settings).await;
        if !app.ledger().affords(RENEWAL) {
            clock::send(app, vec![(Job::Renew { behind: channel.to_string() }, Millis(0))]).await;
            break;
        }
    }
    Ok(())
}

/// Asks whether the access still opens the profile, without writing anything. Which permissions it carries is not said.
///
/// # Errors
/// `Unavailable`.
pub async fn check(app: &App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Checked, Refusal> {
    let asked = async {
        let (graph, until) = graph(app, org, channel, settings).await?;
        Ok::<_, Outcome>((graph.read("me", &[("fields", "id,username,name")]).await?, until))
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

/// Where the interface answers.
///
/// # Errors
/// Never, outside of a rehearsal.
pub fn server(org: &OrganisationId) -> Result<Address, Refusal> {
    meta::server(org, Name::Threads, GRAPH)
}

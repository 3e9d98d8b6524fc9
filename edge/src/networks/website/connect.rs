//! Connecting a website: the engine makes a secret, a person puts it into the site, and the site proves that it has it. Separate
//! from the adapter: this is a conversation with a person in it, in two requests of theirs.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{ChannelId, Millis, Network, Refusal, delivery::Outcome, json, record};
use serde_json::Value;

use super::{
    super::{Account, Connection},
    PREFIX, Site,
};
use crate::{
    app::{self, App},
    caller::Caller,
    outbound::Address,
    store::secrets::{self, Flow},
    vault::{self, Kind, Secret},
};

/// What it is called among the connections on their way.
const NAME: &str = "website";

/// How long a person has to put the secret into the site: whoever runs it may sit in another house.
const PATIENCE: Millis = Millis::hours(8);

/// A site as people know it: its host.
pub fn handle(endpoint: &str) -> String {
    Address::parse(endpoint).map(|address| address.host()).unwrap_or_default()
}

/// 256 random bits (the specification wants 192 to 512), as the specification writes them.
fn fresh() -> String {
    let mut bytes = [0; 32];
    app::fill(&mut bytes);
    [PREFIX, &STANDARD.encode(bytes)].concat()
}

/// Starts: answers the name of the connection and the secret, which nobody sees again.
///
/// # Errors
/// `ForbiddenAddress`, `Unavailable`.
pub async fn begin(
    app: &App,
    caller: &Caller,
    (address, name): (&str, &str),
    onto: Option<&ChannelId>,
    home: &str,
) -> Result<(String, String), Refusal> {
    let endpoint = Address::typed(address.split('#').next().unwrap_or_default())?;
    let (state, secret) = (app.secret(), fresh());
    let hash = record::sha256_hex(state.as_bytes());
    let way =
        json!({ "endpoint": endpoint.as_str(), "name": name, "onto": onto, "home": home, "secret": secret.as_str() });
    let flow = Flow { server: NAME.to_owned(), sealed: vault::seal_for(app, &hash, &Secret::new(way.to_string()))? };
    let (by, now) = ((caller.org(), &caller.member, &caller.session), app.now());
    secrets::keep_flow(&app.db, &hash, by, &flow, now, now.plus(PATIENCE)).await?;
    Ok((state, secret))
}

/// Has the site prove that it has the secret, and that it takes nothing that is signed with another. Where it does not, the
/// connection is still open.
///
/// # Errors
/// `SpentLink` for a name that is not this session's, is used or has expired; `NoChallenge`, `TakesAnything`; `NetworkSays` with
/// the site's own words.
pub async fn prove(app: &App, caller: &Caller, state: &str) -> Result<Connection, Refusal> {
    let hash = record::sha256_hex(state.as_bytes());
    let by = (caller.org(), &caller.member, &caller.session);
    let flow = secrets::see_flow(&app.db, &hash, by, app.now()).await?.filter(|flow| flow.server == NAME);
    let way = vault::open_for(app, &hash, &flow.ok_or(Refusal::SpentLink)?.sealed)?;
    let way: Value = crate::tree::read(way.reveal()).map_err(|_| Refusal::SpentLink)?;
    let text = |name: &str| way[name].as_str().unwrap_or_default();
    let site = Site { app, endpoint: Address::parse(text("endpoint"))?, secret: Secret::new(text("secret")) };
    if !site.answers().await.map_err(said)? {
        return Err(Refusal::NoChallenge);
    }
    // Whoever finds the address could publish there in the organisation's name.
    let stranger = Site { app, endpoint: site.endpoint.clone(), secret: Secret::new(fresh()) };
    if stranger.answers().await == Ok(true) {
        return Err(Refusal::TakesAnything);
    }
    secrets::take_flow(&app.db, &hash, by, app.now()).await?.ok_or(Refusal::SpentLink)?;
    let (origin, onto) = (site.endpoint.origin(), way["onto"].as_str().and_then(|id| id.parse().ok()));
    let account = Account {
        account: text("endpoint").to_owned(),
        handle: site.endpoint.host(),
        name: text("name").to_owned(),
        // What people have written over it since stays.
        address: if onto.is_none() { [&*origin, "/"].concat() } else { String::new() },
        limits: Network::Website.limits(),
        expires: None,
        settings: json!({ "account": text("endpoint"), "server": origin, "home": text("home") }),
    };
    Ok(Connection { network: Network::Website, account, secrets: vec![(Kind::Token, site.secret)], onto })
}

/// What a person is told where the site did not answer.
fn said(outcome: Outcome) -> Refusal {
    match outcome {
        Outcome::Unauthorised { message, .. }
        | Outcome::Refused { message, .. }
        | Outcome::NotSent { message }
        | Outcome::Preparing { message }
        | Outcome::Throttled { message, .. }
        | Outcome::NoAnswer { message, .. } => Refusal::NetworkSays { message },
        Outcome::Accepted(_) | Outcome::Handed => Refusal::NoChallenge,
    }
}

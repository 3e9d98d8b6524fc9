//! Connecting by consent: the organisation's own developer app asks, a person agrees in their browser, we exchange the
//! code, and where it opens several accounts they choose one. Separate from the access itself: this is a conversation
//! with a person in it, in two or three requests of theirs.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{ChannelId, Limits, Millis, OrganisationId, Refusal, json, record};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    super::{Account, Connection, Finished},
    Client, Door, Proof, Tokens,
};
use crate::{
    app::App,
    caller::Caller,
    outbound,
    store::secrets::{self, Flow},
    vault::{self, Kind, Secret},
};

/// How long the person has to agree at the network, and then to choose.
const PATIENCE: Millis = Millis::minutes(10);

/// What an administrator brings.
pub struct Asked<'a> {
    /// The app.
    pub client_id: &'a str,
    /// Its secret.
    pub client_secret: Secret,
    /// The channel that becomes automatic, if it is there.
    pub onto: Option<ChannelId>,
}

/// A connection on its way: what proves that the one who comes back is the one who left, and what they may choose from.
#[derive(Serialize, Deserialize)]
pub struct Way {
    client: Client,
    verifier: String,
    back: String,
    /// The channel that becomes automatic, if one was named.
    pub onto: Option<ChannelId>,
    tokens: Option<Tokens>,
    /// What an access opens, where one is to be chosen.
    pub offered: Vec<Offered>,
}

/// An account that an access opens.
#[derive(Clone, Serialize, Deserialize)]
pub struct Offered {
    /// By its number or its name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// As the network writes it.
    pub handle: String,
    /// Where everybody can see it.
    pub address: String,
    /// Whether the account takes no comments.
    #[serde(default)]
    pub comments_closed: bool,
}

impl Way {
    /// What goes to the vault.
    pub fn secrets(&self) -> Vec<(Kind, Secret)> {
        let client = Secret::new(serde_json::to_string(&self.client).unwrap_or_default());
        let tokens = self.tokens.as_ref().map(|tokens| (Kind::Session, tokens.secret()));
        tokens.into_iter().chain([(Kind::Client, client)]).collect()
    }
    /// The tokens, once there are some.
    pub const fn tokens(&self) -> Option<&Tokens> {
        self.tokens.as_ref()
    }
    /// The connection with one of what is offered.
    pub fn with(self, door: &Door, one: Offered) -> Connection {
        let Offered { id, name, handle, address, comments_closed } = one;
        let account = Account {
            handle,
            name,
            address,
            limits: Limits { comments_closed, ..door.network.limits() },
            expires: self.tokens().and_then(Tokens::last_until),
            // `server` says that there is an access; where it answers is the same for all.
            settings: json!({ "account": id, "server": door.interface }),
            account: id,
        };
        Connection { network: door.network, account, secrets: self.secrets(), onto: self.onto }
    }
}

/// What comes of an access and what it opens.
///
/// # Errors
/// `NoPages` if that is nothing.
pub async fn offer(app: &App, caller: &Caller, door: &Door, way: Way) -> Result<Finished, Refusal> {
    match &way.offered[..] {
        [] => Err(Refusal::NoPages),
        [one] => {
            let one = one.clone();
            Ok(Finished::Connected(Box::new(way.with(door, one))))
        }
        _ => Ok(Finished::ToChoose(keep(app, caller, door, &way).await?)),
    }
}

/// A choice that is open, as it was kept: its `server` says at whose door. `None` if no such name is this session's.
///
/// # Errors
/// `Unavailable`.
pub async fn choice(app: &App, caller: &Caller, name: &str) -> Result<Option<Flow>, Refusal> {
    let hash = record::sha256_hex(name.as_bytes());
    Ok(secrets::see_flow(&app.db, &hash, by(caller), app.now()).await?)
}

/// What a choice offers.
///
/// # Errors
/// `SpentLink` where it is at another's door.
pub fn pages(app: &App, door: &Door, name: &str, choice: Flow) -> Result<Vec<wire::channels::Page>, Refusal> {
    let way = opened(app, door, &record::sha256_hex(name.as_bytes()), Some(choice))?;
    let shown = |page: Offered| wire::channels::Page { id: page.id, name: page.name, address: page.address };
    Ok(way.offered.into_iter().map(shown).collect())
}

/// Chooses.
///
/// # Errors
/// `SpentLink` where somebody was faster; `Malformed` for what is not among them: then the choice is still open.
pub async fn choose(
    app: &App,
    caller: &Caller,
    door: &Door,
    name: &str,
    choice: Flow,
    page: &str,
) -> Result<Connection, Refusal> {
    if !pages(app, door, name, choice)?.iter().any(|offered| offered.id == page) {
        return Err(Refusal::Malformed { field: "page".to_owned() });
    }
    let way = take(app, caller, door, name).await?;
    let chosen = way.offered.iter().find(|offered| offered.id == page).cloned().ok_or(Refusal::SpentLink)?;
    Ok(way.with(door, chosen))
}

type By<'a> = (&'a OrganisationId, &'a domain::MemberId, &'a domain::SessionId);

fn by(caller: &Caller) -> By<'_> {
    (caller.org(), &caller.member, &caller.session)
}

/// Keeps a connection on its way, sealed, under a name that only this session may use.
///
/// # Errors
/// `Unavailable`.
pub async fn keep(app: &App, caller: &Caller, door: &Door, way: &Way) -> Result<String, Refusal> {
    let state = app.secret();
    let hash = record::sha256_hex(state.as_bytes());
    let sealed = vault::seal_for(app, &hash, &Secret::new(serde_json::to_string(way).unwrap_or_default()))?;
    let (now, flow) = (app.now(), Flow { server: door.name.to_owned(), sealed });
    secrets::keep_flow(&app.db, &hash, by(caller), &flow, now, now.plus(PATIENCE)).await?;
    Ok(state)
}

fn opened(app: &App, door: &Door, hash: &str, flow: Option<Flow>) -> Result<Way, Refusal> {
    let flow = flow.filter(|flow| flow.server == door.name).ok_or(Refusal::SpentLink)?;
    let way = vault::open_for(app, hash, &flow.sealed)?;
    crate::tree::read(way.reveal()).map_err(|_| Refusal::SpentLink)
}

/// Takes a connection on its way: once.
///
/// # Errors
/// `SpentLink` for a name that is not this session's, is used or has expired.
pub async fn take(app: &App, caller: &Caller, door: &Door, state: &str) -> Result<Way, Refusal> {
    let hash = record::sha256_hex(state.as_bytes());
    opened(app, door, &hash, secrets::take_flow(&app.db, &hash, by(caller), app.now()).await?)
}

/// Starts: answers the address where the person agrees.
///
/// # Errors
/// `Malformed` for what is no app, `Unavailable`.
pub async fn begin(app: &App, caller: &Caller, door: &Door, asked: Asked<'_>, origin: &str) -> Result<String, Refusal> {
    // What these networks give out is plain letters; nothing else belongs into the header that proves the app.
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
    for (field, text) in [("client_id", asked.client_id), ("client_secret", asked.client_secret.reveal())] {
        if !is_plain(text) {
            return Err(Refusal::Malformed { field: field.to_owned() });
        }
    }
    let way = Way {
        client: Client { id: asked.client_id.to_owned(), secret: asked.client_secret.reveal().to_owned() },
        verifier: app.secret(),
        back: [origin, "/api/channels/", door.name, "/return"].concat(),
        onto: asked.onto,
        tokens: None,
        offered: Vec::new(),
    };
    let state = keep(app, caller, door, &way).await?;
    let [at, path] = door.consent;
    let address = door
        .server(caller.org(), at)?
        .at(path)
        .with("response_type", "code")
        .with(door.says.name(), asked.client_id)
        .with("redirect_uri", &way.back)
        .with("scope", &door.scopes.join(door.between))
        .with("state", &state);
    let address = door.besides.iter().fold(address, |address, (name, value)| address.with(name, value));
    let address = match door.proof {
        Proof::S256 => {
            let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(way.verifier.as_bytes()));
            address.with("code_challenge", &challenge).with("code_challenge_method", "S256")
        }
        Proof::Nothing => address,
    };
    Ok(address.as_str().to_owned())
}

/// Exchanges the code for an access that carries every permission; answers both.
///
/// # Errors
/// `SpentLink` for a state that is not this session's, is used or has expired; `MissingPermissions`; `NetworkSays`.
pub async fn exchange(
    app: &App,
    caller: &Caller,
    door: &Door,
    state: &str,
    code: &str,
) -> Result<(Way, Secret), Refusal> {
    let way = take(app, caller, door, state).await?;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &*way.back),
        ("code_verifier", &*way.verifier),
    ];
    // The last is the proof.
    let fields = if door.proof == Proof::Nothing { &fields[..3] } else { &fields[..] };
    let call = door.signed(&way.client, door.grants(caller.org())?, fields);
    let answer = outbound::send(app, call).await?;
    let body = answer.json().filter(|_| answer.is_success());
    let body = body.ok_or_else(|| Refusal::NetworkSays { message: answer.words() })?;
    // What the person unticked, or what the app may not ask for, is not in it. X writes blanks between, LinkedIn commas.
    let granted: Vec<&str> = body["scope"].as_str().unwrap_or_default().split([' ', ',']).collect();
    if !door.scopes.iter().all(|scope| granted.contains(scope)) {
        return Err(Refusal::MissingPermissions);
    }
    let tokens = Tokens::of(&body, app.now(), None).ok_or(Refusal::OtherServer { network: door.network })?;
    let access = tokens.access();
    Ok((Way { tokens: Some(tokens), ..way }, access))
}

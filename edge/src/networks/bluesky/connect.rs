//! Signing in at the account's own server (OAuth 2.1 as atproto.com/specs/oauth has it, 2026-08-20): we lay the request down
//! there, the person agrees in their browser, we exchange the code for an access that is bound to a key of ours, and see
//! that it opens the account which was named and that the server which gave it is the account's. Separate from the session:
//! this is a conversation with a person in it, in two requests of theirs.
//!
//! The server knows us by an address of this deployment where we say who we are ([`described`]), and by the organisation's
//! own key. Nobody registers anything, and nothing is pasted.

use domain::{Millis, Moment, Network, OrganisationId, Refusal, json, record};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    dpop::{self, Key},
    identity::{self, Home},
    session::{Bound, Tokens},
};
use crate::{
    app::App,
    caller::Caller,
    networks::{Account, Connection},
    organisation_key::{self, Purpose},
    outbound::{Address, Answer, Call, Trouble},
    store::secrets::{self, Flow},
    vault::{self, Kind, Secret},
};

/// Its name with what is kept of a connection on its way.
const NAME: &str = "bluesky";

/// How long the person has to agree. The server itself waits five minutes.
const PATIENCE: Millis = Millis::minutes(10);

/// What we ask for, and no more: posts, who may reply to them, and what hangs below them.
const NARROW: [&str; 6] = [
    "atproto",
    "repo:app.bsky.feed.post",
    "repo:app.bsky.feed.threadgate",
    "blob:image/*",
    "blob:video/*",
    "blob:text/vtt",
];

/// What is asked for where a server knows nothing narrower: as much as an app password opens, but for messages.
const WIDE: &str = "transition:generic";

/// How long a server may take our word for who we are (RFC 7523). The reference server takes it for a minute.
const WORD_LASTS: i64 = 60;

/// The longest that an access is believed to last: the network's own rule is an hour, and less for most.
const LONGEST: i64 = 86_400;

/// A connection on its way: what proves that the one who comes back is the one who left, and where they left for.
#[derive(Serialize, Deserialize)]
struct Way {
    did: String,
    issuer: String,
    grants: String,
    revokes: Option<String>,
    client: String,
    back: String,
    verifier: String,
    key: Key,
}

/// Where this deployment is seen.
pub struct Seen<'a> {
    org: &'a OrganisationId,
    origin: String,
}

impl<'a> Seen<'a> {
    /// At an address: the settings' own, or the one that was asked for.
    pub fn at(org: &'a OrganisationId, origin: String) -> Self {
        #[cfg(feature = "rehearsal")]
        let origin = crate::rehearsal::stand_in(org, Network::Noticeboard).unwrap_or(origin);
        Self { org, origin }
    }

    /// How we are known: the address of what we say of ourselves. On this machine, where no server could read that, the form
    /// that the network has for it: a client without a key, named by what it asks for.
    fn client(&self) -> String {
        #[cfg(feature = "rehearsal")]
        if self.is_here() {
            let mut query = worker::url::form_urlencoded::Serializer::new(String::new());
            query.append_pair("redirect_uri", &self.back()).append_pair("scope", &scopes());
            return [HERE, "?", &query.finish()].concat();
        }
        [&*self.origin, "/api/channels/bluesky/clients/", self.org.as_str()].concat()
    }

    /// Where the person comes back to.
    fn back(&self) -> String {
        // The network takes this machine by its number only, and our cookies are of its name: a test door leads from the one
        // to the other.
        #[cfg(feature = "rehearsal")]
        if self.is_here() {
            let door = wire::rehearsal::BLUESKY_BACK.pattern;
            return [&*self.origin.replacen("localhost", "127.0.0.1", 1), door].concat();
        }
        [&*self.origin, "/api/channels/bluesky/return"].concat()
    }

    #[cfg(feature = "rehearsal")]
    fn is_here(&self) -> bool {
        self.origin.starts_with("http://localhost:")
    }
}

/// How clients on the machine itself are known (atproto.com/specs/oauth, "Localhost client development").
#[cfg(feature = "rehearsal")]
const HERE: &str = "http://localhost";

/// Everything that we may ever ask for.
fn scopes() -> String {
    [&NARROW.join(" "), " ", WIDE].concat()
}

/// What we say of ourselves to whoever asks at our address. `None` for an organisation that never began to connect: no key is
/// made for a stranger.
///
/// # Errors
/// `Down`, `Row`.
pub async fn described(app: &App, seen: &Seen<'_>) -> Result<Option<Value>, crate::store::StoreError> {
    let Some(mut key) = organisation_key::public(app, seen.org, Purpose::Client).await? else { return Ok(None) };
    key["kid"] = dpop::thumbprint(&key).into();
    key["use"] = "sig".into();
    key["alg"] = "ES256".into();
    Ok(Some(json!({
        "client_id": seen.client(),
        "client_name": "Pregón",
        "client_uri": seen.origin,
        "application_type": "web",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "redirect_uris": [seen.back()],
        "scope": scopes(),
        "dpop_bound_access_tokens": true,
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "jwks": json!({ "keys": [key] }),
    })))
}

/// Our word for who we are, to one server and for a minute.
async fn word(app: &App, org: &OrganisationId, client: &str, issuer: &str) -> Result<Secret, Refusal> {
    let key = organisation_key::for_purpose(app, org, Purpose::Client).await.map_err(|refused| refused.0.refusal)?;
    let head = json!({ "typ": "JWT", "alg": "ES256", "kid": dpop::thumbprint(&key.public) });
    let now = app.now().0 / 1_000;
    let claims = json!({
        "iss": client, "sub": client, "aud": issuer, "jti": app.secret(), "iat": now, "exp": now + WORD_LASTS,
    });
    let said = dpop::parts(&head, &claims);
    let signature = key.sign(said.as_bytes()).await?;
    Ok(Secret::new([said, signature].join(".")))
}

/// Who asks, of whom, and with which key.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    /// The organisation.
    pub org: &'a OrganisationId,
    /// How we are known there.
    pub client: &'a str,
    /// Who is asked.
    pub issuer: &'a str,
    /// The key of the connection.
    pub key: &'a Key,
}

impl Asker<'_> {
    /// Sends fields to an address of the server, with our word and a proof; once more where the server only wants its number
    /// in the proof, with both made anew: neither serves twice.
    ///
    /// # Errors
    /// See [`Trouble`].
    pub async fn ask(
        self,
        app: &App,
        address: &Address,
        fields: &[(&str, &str)],
        hidden: &Secret,
    ) -> Result<Answer, Trouble> {
        let (answer, again) = self.once(app, address, fields, hidden).await?;
        if !again {
            return Ok(answer);
        }
        self.once(app, address, fields, hidden).await.map(|(answer, _)| answer)
    }

    async fn once(
        self,
        app: &App,
        address: &Address,
        fields: &[(&str, &str)],
        hidden: &Secret,
    ) -> Result<(Answer, bool), Trouble> {
        let unsent = |_| Trouble::NotSent("the organisation's key cannot be had".to_owned());
        let call = Call::post(address.clone()).hiding(hidden);
        let own = [("client_id", self.client)];
        let call = if self.is_public() {
            call.form(&[fields, &own].concat())
        } else {
            let word = word(app, self.org, self.client, self.issuer).await.map_err(unsent)?;
            let kind = ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            call.form(&[fields, &own, &[kind, ("client_assertion", word.reveal())]].concat()).hiding(&word)
        };
        dpop::once(app, self.key, None, call).await
    }

    /// A client of this machine has no key of its own.
    fn is_public(self) -> bool {
        #[cfg(feature = "rehearsal")]
        if self.client.starts_with(&[HERE, "?"].concat()) {
            return true;
        }
        false
    }
}

/// Starts: answers the address where the person agrees.
///
/// # Errors
/// As [`identity::find`]; `NetworkSays` where the server does not take the request; `Unavailable`.
pub async fn begin(
    app: &App,
    caller: &Caller,
    server: &str,
    identifier: &str,
    seen: Seen<'_>,
) -> Result<String, Refusal> {
    let home = identity::find(app, caller.org(), &Address::typed(server)?, identifier).await?;
    let server = identity::server(app, &identity::issuer(app, &home.pds).await?).await?;
    let (state, verifier) = (app.secret(), app.secret());
    let way = Way {
        did: home.did,
        issuer: server.issuer,
        grants: server.grants.as_str().to_owned(),
        revokes: server.revokes.map(|address| address.as_str().to_owned()),
        client: seen.client(),
        back: seen.back(),
        verifier,
        key: Key::make().await?,
    };
    let asker = Asker { org: caller.org(), client: &way.client, issuer: &way.issuer, key: &way.key };
    let challenge = dpop::hash(&way.verifier);
    let hint = if home.handle.is_empty() { &way.did } else { &home.handle };
    let narrow = NARROW.join(" ");
    let wide = ["atproto ", WIDE].concat();
    let mut found = None;
    for scope in [&narrow, &wide] {
        let fields = [
            ("response_type", "code"),
            ("redirect_uri", &way.back),
            ("scope", scope),
            ("state", &state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("login_hint", hint),
        ];
        let answer = asker.ask(app, &server.requests, &fields, &Secret::new(&*state)).await?;
        // A server of before there was anything narrower.
        if answer.is_success() || answer.code() != "invalid_scope" {
            found = Some(answer);
            break;
        }
        found = Some(answer);
    }
    let answer = found.ok_or(Refusal::OtherServer { network: Network::Bluesky })?;
    let request = answer.json().filter(|_| answer.is_success());
    let request = request.and_then(|body| body["request_uri"].as_str().map(ToOwned::to_owned));
    let request = request.ok_or_else(|| Refusal::NetworkSays { message: answer.words() })?;
    let hash = record::sha256_hex(state.as_bytes());
    let sealed = vault::seal_for(app, &hash, &Secret::new(serde_json::to_string(&way).unwrap_or_default()))?;
    let (now, flow) = (app.now(), Flow { server: NAME.to_owned(), sealed });
    secrets::keep_flow(&app.db, &hash, by(caller), &flow, now, now.plus(PATIENCE)).await?;
    let address = server.consent.with("client_id", &way.client).with("request_uri", &request);
    Ok(address.as_str().to_owned())
}

type By<'a> = (&'a OrganisationId, &'a domain::MemberId, &'a domain::SessionId);

fn by(caller: &Caller) -> By<'_> {
    (caller.org(), &caller.member, &caller.session)
}

/// What a server sends a person back with.
#[derive(Clone, Copy)]
pub struct Came<'a> {
    /// Which connection it belongs to.
    pub state: &'a str,
    /// What is exchanged.
    pub code: &'a str,
    /// Who says so (RFC 9207).
    pub issuer: &'a str,
}

/// Finishes: exchanges the code for an access, and sees whose it is and whether the server may give it.
///
/// # Errors
/// `SpentLink` for a state that is not this session's, is used or has expired; `OtherIssuer` where another server answers than
/// the one that the person was sent to; `OtherServer` where it is not (no longer) the account's; `OtherAccount`;
/// `MissingPermissions`; `NetworkSays`.
pub async fn finish(app: &App, caller: &Caller, came: Came<'_>) -> Result<Connection, Refusal> {
    let hash = record::sha256_hex(came.state.as_bytes());
    let flow = secrets::take_flow(&app.db, &hash, by(caller), app.now()).await?;
    let flow = flow.filter(|flow| flow.server == NAME).ok_or(Refusal::SpentLink)?;
    let way = vault::open_for(app, &hash, &flow.sealed)?;
    let way: Way = crate::tree::read(way.reveal()).map_err(|_| Refusal::SpentLink)?;
    let other = || Refusal::OtherServer { network: Network::Bluesky };
    // One server must not be given the code of another (mix-up): nothing is sent anywhere.
    if came.issuer != way.issuer {
        return Err(Refusal::OtherIssuer);
    }
    let asker = Asker { org: caller.org(), client: &way.client, issuer: &way.issuer, key: &way.key };
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", came.code),
        ("redirect_uri", &way.back),
        ("code_verifier", &way.verifier),
    ];
    let answer = asker.ask(app, &Address::parse(&way.grants)?, &fields, &Secret::new(&*way.verifier)).await?;
    let body = answer.json().filter(|_| answer.is_success());
    let body = body.ok_or_else(|| Refusal::NetworkSays { message: answer.words() })?;
    let given = Given::of(&body, app.now()).ok_or_else(other)?;
    let bound = Bound {
        key: way.key.clone(),
        client: way.client.clone(),
        issuer: way.issuer.clone(),
        grants: way.grants.clone(),
        revokes: way.revokes.clone(),
        ends: given.ends,
    };
    let tokens = Tokens { access: given.access, refresh: given.refresh, bound: Some(bound) };
    match judge(app, caller.org(), &way, &body, &tokens).await {
        Ok(account) => {
            let secrets = vec![(Kind::Session, tokens.secret())];
            Ok(Connection { network: Network::Bluesky, account, secrets, onto: None })
        }
        Err(refusal) => {
            // What nobody will use is given back.
            let (later, org) = (app.clone(), caller.org().clone());
            app.afterwards(async move { give_back(&later, &org, &tokens).await });
            Err(refusal)
        }
    }
}

/// Whose access it is: the account's that was named, which still lives where this server lets in, and with every permission.
async fn judge(app: &App, org: &OrganisationId, way: &Way, body: &Value, tokens: &Tokens) -> Result<Account, Refusal> {
    let other = || Refusal::OtherServer { network: Network::Bluesky };
    if body["sub"] != *way.did {
        return Err(Refusal::OtherAccount);
    }
    let scope = body["scope"].as_str().unwrap_or_default();
    if !reaches(scope) {
        return Err(Refusal::MissingPermissions);
    }
    // Any server can say that an access is anybody's: only the one that the account's own document leads to is believed.
    let home = identity::home(app, org, &way.did).await?;
    if identity::issuer(app, &home.pds).await?.origin() != way.issuer {
        return Err(other());
    }
    let call = Call::get(home.pds.at("/xrpc/com.atproto.server.getSession"));
    let answer = dpop::send(app, &way.key, &Secret::new(&*tokens.access), call).await?;
    let session = answer.json().filter(|_| answer.is_success());
    let session = session.ok_or_else(|| Refusal::NetworkSays { message: answer.words() })?;
    if session["did"] != *way.did {
        return Err(Refusal::OtherAccount);
    }
    if session["active"].as_bool() == Some(false) {
        let message = ["account ", session["status"].as_str().unwrap_or_default()].concat();
        return Err(Refusal::NetworkSays { message });
    }
    // `handle.invalid`: the name in the document does not lead back to the account (atproto.com/specs/handle), so it is not shown.
    let handle = session["handle"].as_str().filter(|handle| *handle != "handle.invalid").unwrap_or_default();
    Ok(account(&home, handle, &way.issuer, scope))
}

/// `scope`: what was allowed, which of a server of before there was anything narrower is more than is needed.
fn account(home: &Home, handle: &str, issuer: &str, scope: &str) -> Account {
    let pds = home.pds.origin();
    let name = if handle.is_empty() { &*home.did } else { handle };
    Account {
        address: format!("https://bsky.app/profile/{name}"),
        handle: format!("@{name}"),
        name: name.to_owned(),
        limits: Network::Bluesky.limits(),
        expires: None,
        settings: json!({
            "account": home.did, "did": home.did, "handle": handle, "server": pds, "pds": pds, "issuer": issuer,
            "scope": scope,
        }),
        account: home.did.clone(),
    }
}

/// Whether the permissions reach as far as what we do: all of the narrow ones, or the wide one.
fn reaches(scope: &str) -> bool {
    let given: Vec<&str> = scope.split(' ').collect();
    let has = |scope: &&str| given.contains(scope);
    has(&"atproto") && (has(&WIDE) || NARROW.iter().all(has))
}

/// What an answer of the token endpoint gives. An access that is not bound to a key is none of ours.
pub struct Given {
    /// What opens the account.
    pub access: String,
    /// What brings the next, once.
    pub refresh: String,
    /// When it ends.
    pub ends: Moment,
}

impl Given {
    /// Reads it.
    pub fn of(body: &Value, now: Moment) -> Option<Self> {
        let text = |name: &str| body[name].as_str().filter(|text| !text.is_empty()).map(ToOwned::to_owned);
        let is_bound = body["token_type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("DPoP"));
        let lasts = body["expires_in"].as_i64()?.clamp(0, LONGEST);
        let given = Self {
            access: text("access_token")?,
            refresh: text("refresh_token")?,
            ends: now.plus(Millis::seconds(lasts)),
        };
        is_bound.then_some(given)
    }
}

/// Gives an access back (RFC 7009). Best effort: the secrets are destroyed either way.
pub async fn give_back(app: &App, org: &OrganisationId, tokens: &Tokens) {
    let Some(bound) = &tokens.bound else { return };
    let Some(address) = bound.revokes.as_deref().and_then(|address| Address::parse(address).ok()) else { return };
    let refresh = Secret::new(&*tokens.refresh);
    let fields = [("token", refresh.reveal()), ("token_type_hint", "refresh_token")];
    let _ = bound.asker(org).ask(app, &address, &fields, &refresh).await;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn narrow_permissions_do_if_they_are_whole_and_the_wide_one_does_alone() {
        assert!(reaches(&NARROW.join(" ")) && reaches("atproto transition:generic"));
        assert!(!reaches("") && !reaches("atproto") && !reaches("transition:generic"));
        for missing in NARROW {
            let less: Vec<&str> = NARROW.into_iter().filter(|scope| *scope != missing).collect();
            assert!(!reaches(&less.join(" ")), "{missing}");
        }
    }

    #[test]
    fn an_access_that_is_bound_to_no_key_is_none() {
        let body =
            |kind: &str| json!({ "access_token": "a", "refresh_token": "r", "expires_in": 60, "token_type": kind });
        let given = Given::of(&body("DPoP"), Moment(1_000)).unwrap();
        assert_eq!((&*given.access, &*given.refresh, given.ends), ("a", "r", Moment(61_000)));
        assert!(Given::of(&body("Bearer"), Moment(0)).is_none());
        let mut bare = body("DPoP");
        bare.as_object_mut().unwrap().remove("refresh_token");
        assert!(Given::of(&bare, Moment(0)).is_none(), "it could not be renewed");
    }

    #[test]
    fn an_account_without_a_name_of_its_own_is_shown_by_what_it_is() {
        let did = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
        let pds = Address::parse("https://pds.town.es").unwrap();
        // What the document says of itself was not confirmed.
        let home = Home { did: did.to_owned(), handle: "alcaldia.gob.es".to_owned(), pds };
        let shown = account(&home, "", "https://bsky.social", WIDE);
        assert_eq!((&*shown.name, shown.handle), (did, format!("@{did}")));
        assert_eq!(shown.address, format!("https://bsky.app/profile/{did}"));
        assert_eq!(shown.settings["scope"], WIDE);
    }

    #[test]
    fn a_deployment_is_known_by_its_own_address() {
        let org = OrganisationId::from_bits(7);
        let seen = Seen { org: &org, origin: "https://desk.town.es".to_owned() };
        assert_eq!(seen.client(), format!("https://desk.town.es/api/channels/bluesky/clients/{org}"));
        assert_eq!(seen.back(), "https://desk.town.es/api/channels/bluesky/return");
    }
}

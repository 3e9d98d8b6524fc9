//! Whose account a name is, where it lives, and who may let us in there: name → DID → document → data server →
//! authorisation server, as the network's own rules have it (atproto.com/specs/oauth, /specs/did, /specs/handle; 2026-08-20).
//! Each step is somebody else's word, so each is checked against the one before. Separate from the conversation with the
//! person: the same walk is made again once they have come back.

use domain::{Network, OrganisationId, Refusal};
use serde_json::Value;

use super::session::pds_of;
use crate::{
    app::App,
    outbound::{self, Address, Call},
};

/// Where identities of the kind `did:plc` are written down.
const DIRECTORY: &str = "https://plc.directory";

/// An account, by its own document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The account, for ever.
    pub did: String,
    /// The name that it gives itself, without the sign; empty if it gives none.
    pub handle: String,
    /// Where its data lives.
    pub pds: Address,
}

/// Who lets in: what it says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name, which is an address.
    pub issuer: String,
    /// Where a request is laid down before anybody is sent (RFC 9126).
    pub requests: Address,
    /// Where a person agrees.
    pub consent: Address,
    /// Where an agreement is exchanged, and tokens for the next ones.
    pub grants: Address,
    /// Where an access is given back, if it takes any (RFC 7009).
    pub revokes: Option<Address>,
}

fn other() -> Refusal {
    Refusal::OtherServer { network: Network::Bluesky }
}

/// Finds out whose account is meant. `resolver` is asked whose a name is; the account's own document must say the same. Of an
/// account that was named by its DID, a name that does not lead back to it is left out.
///
/// # Errors
/// `Malformed` for what is neither a name nor a DID; `NetworkSays` for a name that nobody has; `NameUnconfirmed` where the account
/// does not bear the name; `OtherServer`.
pub async fn find(app: &App, org: &OrganisationId, resolver: &Address, who: &str) -> Result<Home, Refusal> {
    let who = who.trim().trim_start_matches('@');
    if who.starts_with("did:") {
        let mut home = home(app, org, who).await?;
        // A document can give itself any name; that it is its own, only the name's own word shows.
        if !home.handle.is_empty() && resolved(app, resolver, &home.handle).await.is_ok_and(|did| did == who) {
            return Ok(home);
        }
        home.handle.clear();
        return Ok(home);
    }
    let name = who.to_ascii_lowercase();
    if !is_name(&name) {
        return Err(Refusal::Malformed { field: "identifier".to_owned() });
    }
    let did = resolved(app, resolver, &name).await?;
    let home = home(app, org, &did).await?;
    if home.handle == name { Ok(home) } else { Err(Refusal::NameUnconfirmed) }
}

/// Whose a name is, by the word of whoever resolves it.
async fn resolved(app: &App, resolver: &Address, name: &str) -> Result<String, Refusal> {
    let address = resolver.at("/xrpc/com.atproto.identity.resolveHandle").with("handle", name);
    let answer = outbound::send(app, Call::get(address)).await?;
    if !answer.is_success() {
        // XRPC always names its error, in one word; other servers say sentences, or nothing.
        let ours = matches!(answer.status, 400..=499) && !answer.code().is_empty();
        return Err(if ours { Refusal::NetworkSays { message: answer.words() } } else { other() });
    }
    answer.json().and_then(|body| body["did"].as_str().map(ToOwned::to_owned)).ok_or_else(other)
}

/// Reads the document of an account.
///
/// # Errors
/// `Malformed` for what is no DID that the network takes; `NetworkSays` where the document is not to be had; `OtherServer` where it
/// names no data server; `ForbiddenAddress`.
pub async fn home(app: &App, org: &OrganisationId, did: &str) -> Result<Home, Refusal> {
    let address = match kind(did).ok_or_else(|| Refusal::Malformed { field: "identifier".to_owned() })? {
        Kind::Plc => directory(org)?.at(&format!("/{did}")),
        Kind::Web(host) => Address::parse(&format!("https://{host}"))?.at("/.well-known/did.json"),
    };
    let answer = outbound::send(app, Call::get(address).staying()).await?;
    let document = answer.json().filter(|_| answer.is_success());
    let document = document.ok_or_else(|| Refusal::NetworkSays { message: answer.words() })?;
    if document["id"] != did {
        return Err(other());
    }
    let pds = Address::parse(pds_of(&document).ok_or_else(other)?)?.at("/");
    Ok(Home { did: did.to_owned(), handle: named(&document), pds })
}

fn directory(org: &OrganisationId) -> Result<Address, Refusal> {
    #[cfg(feature = "rehearsal")]
    if let Some(other) = crate::rehearsal::stand_in(org, Network::Bluesky) {
        return Address::parse(&other);
    }
    #[cfg(not(feature = "rehearsal"))]
    let _ = org;
    Address::parse(DIRECTORY)
}

enum Kind<'a> {
    Plc,
    Web(&'a str),
}

/// Whether something can be a name: two labels or more of letters, digits and hyphens (atproto.com/specs/handle).
fn is_name(text: &str) -> bool {
    let fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let ends =
        text.rsplit('.').next().is_some_and(|last| last.starts_with(|letter: char| letter.is_ascii_alphabetic()));
    text.len() <= 253 && text.contains('.') && ends && text.split('.').all(fits)
}

/// The two kinds that the network takes: `did:plc` of 24 letters in base32, and `did:web` of a bare host.
fn kind(did: &str) -> Option<Kind<'_>> {
    if let Some(own) = did.strip_prefix("did:plc:") {
        let fits = own.len() == 24 && own.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'));
        return fits.then_some(Kind::Plc);
    }
    did.strip_prefix("did:web:").filter(|host| is_name(host)).map(Kind::Web)
}

/// The first name that a document gives its account.
fn named(document: &Value) -> String {
    let names = document["alsoKnownAs"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let first = names.filter_map(|name| name.strip_prefix("at://")).find(|name| is_name(name));
    first.map(str::to_ascii_lowercase).unwrap_or_default()
}

/// What a server says of itself at one of its own addresses.
///
/// # Errors
/// `NoSignIn` where it says nothing there: one of before there was such a way in. `NetworkSays` where it cannot now.
async fn told(app: &App, address: Address) -> Result<Value, Refusal> {
    let answer = outbound::send(app, Call::get(address).staying()).await?;
    if matches!(answer.status, 429 | 500..=599) {
        return Err(Refusal::NetworkSays { message: answer.words() });
    }
    answer.json().filter(|_| answer.status == 200).ok_or(Refusal::NoSignIn)
}

/// Who lets in at a data server (RFC 9728): exactly one, and the server speaks of itself.
///
/// # Errors
/// `NoSignIn`, `OtherServer`, `ForbiddenAddress`, `NetworkSays`.
pub async fn issuer(app: &App, pds: &Address) -> Result<Address, Refusal> {
    let body = told(app, pds.at("/.well-known/oauth-protected-resource")).await?;
    Address::parse(said_by_resource(&body, &pds.origin()).ok_or_else(other)?)
}

fn said_by_resource<'a>(body: &'a Value, pds: &str) -> Option<&'a str> {
    let servers = body["authorization_servers"].as_array().filter(|servers| servers.len() == 1)?;
    let speaks_of_itself = body["resource"].as_str()?.trim_end_matches('/') == pds;
    servers[0].as_str().filter(|_| speaks_of_itself)
}

/// What an authorisation server says of itself (RFC 8414), if that is all that the network asks for.
///
/// # Errors
/// `NoSignIn` also where it lacks some of that; `OtherServer` where it speaks of another; `ForbiddenAddress`, `NetworkSays`.
pub async fn server(app: &App, issuer: &Address) -> Result<Server, Refusal> {
    let body = told(app, issuer.at("/.well-known/oauth-authorization-server")).await?;
    if body["issuer"] != issuer.origin() {
        return Err(other());
    }
    if !serves(&body, &issuer.origin()) {
        return Err(Refusal::NoSignIn);
    }
    let address = |name: &str| Address::parse(body[name].as_str().unwrap_or_default());
    Ok(Server {
        issuer: issuer.origin(),
        requests: address("pushed_authorization_request_endpoint")?,
        consent: address("authorization_endpoint")?,
        grants: address("token_endpoint")?,
        revokes: address("revocation_endpoint").ok(),
    })
}

/// The server names itself, letter for letter, and does what we need: requests that are laid down, PKCE by S256, proofs by
/// ES256, its own name in what it sends back (RFC 9207), clients known by an address.
fn serves(body: &Value, issuer: &str) -> bool {
    let lists = |name: &str, wanted: &str| {
        body[name].as_array().is_some_and(|list| list.iter().any(|one| one.as_str() == Some(wanted)))
    };
    body["issuer"] == issuer
        && body["authorization_response_iss_parameter_supported"] == true
        && body["client_id_metadata_document_supported"] == true
        && lists("scopes_supported", "atproto")
        && lists("response_types_supported", "code")
        && lists("code_challenge_methods_supported", "S256")
        && lists("dpop_signing_alg_values_supported", "ES256")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_network_takes_two_kinds_of_identity() {
        assert!(matches!(kind("did:plc:ewvi7nxzyoun6zhxrhs64oiz"), Some(Kind::Plc)));
        assert!(matches!(kind("did:web:town.es"), Some(Kind::Web("town.es"))));
        for did in [
            "did:plc:EWVI7NXZYOUN6ZHXRHS64OIZ",
            "did:plc:ewvi7nxzyoun6zhxrhs64oi",
            "did:plc:../../../../../etc/pass",
            "did:web:town.es:users:alcaldia",
            "did:web:town.es/x",
            "did:web:localhost",
            "did:web:10.0.0.1%3A80",
            "did:key:z6Mk",
            "did:",
        ] {
            assert!(kind(did).is_none(), "{did}");
        }
    }

    #[test]
    fn a_name_is_a_name_of_a_host_and_leads_nowhere_else() {
        for name in ["villa.bsky.social", "town.es", "a-b.c1.test", "Villa.Es"] {
            assert!(is_name(name), "{name}");
        }
        for name in
            ["villa", "", ".es", "villa.", "a..b", "-a.es", "a_b.es", "a.es/x", "a.es?x", "a b.es", "10.0.0.1", "ñ.es"]
        {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn a_name_is_read_from_the_document_and_nothing_else_is_one() {
        let document = json!({ "alsoKnownAs": ["https://town.es", "at://no name", "at://Villa.Bsky.Social"] });
        assert_eq!(named(&document), "villa.bsky.social");
        assert_eq!(named(&Value::Null), "");
    }

    #[test]
    fn a_data_server_speaks_of_itself_and_names_exactly_one_who_lets_in() {
        let said = |resource: &str, servers: Value| {
            let body = json!({ "resource": resource, "authorization_servers": servers });
            said_by_resource(&body, "https://pds.town.es").map(ToOwned::to_owned)
        };
        let one = json!(["https://bsky.social"]);
        assert_eq!(said("https://pds.town.es", one.clone()).as_deref(), Some("https://bsky.social"));
        assert_eq!(said("https://pds.town.es/", one.clone()).as_deref(), Some("https://bsky.social"));
        assert_eq!(said("https://other.es", one), None);
        assert_eq!(said("https://pds.town.es", json!(["https://a.es", "https://b.es"])), None);
        assert_eq!(said("https://pds.town.es", json!([])), None);
    }

    #[test]
    fn who_lets_in_names_itself_and_lacks_nothing() {
        let whole = json!({
            "issuer": "https://bsky.social",
            "authorization_response_iss_parameter_supported": true,
            "client_id_metadata_document_supported": true,
            "scopes_supported": ["atproto", "transition:generic"],
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "dpop_signing_alg_values_supported": ["RS256", "ES256"],
        });
        assert!(serves(&whole, "https://bsky.social"));
        assert!(!serves(&whole, "https://bsky.social.evil.es"));
        for (name, _) in whole.as_object().unwrap() {
            let mut less = whole.clone();
            less.as_object_mut().unwrap().remove(name);
            assert!(!serves(&less, "https://bsky.social"), "{name}");
        }
    }
}

//! Who a server says that it is when it sends a person back (RFC 9207), and whether it promises to say so. Separate from the
//! instance: that is Mastodon's interface, and this is what servers of any kind say of how they let in (RFC 8414).
//!
//! Mastodon has the document from 4.3 on, writes its own name with a slash at the end, and promises nothing in it as of 2026-08-19;
//! compatible servers mostly have none. What the document says of addresses is not used: they are Mastodon's own, at the server itself.

use serde_json::Value;

use crate::{
    app::App,
    outbound::{self, Address, Call},
};

/// Whether a server promises to say who it is. One that has no document, or none of its own, or cannot be asked, promises nothing:
/// it is told from others by the address that it sends people back to.
pub async fn is_promised(app: &App, server: &Address) -> bool {
    let call = Call::get(server.at("/.well-known/oauth-authorization-server")).staying();
    let answer = outbound::send(app, call).await.ok();
    let said = answer.and_then(|answer| answer.json().filter(|_| answer.is_success()));
    said.is_some_and(|said| promises(server, &said))
}

/// A document that speaks of another server must not be used (RFC 8414, 3.3).
fn promises(server: &Address, said: &Value) -> bool {
    let is_own = said["issuer"].as_str().is_some_and(|name| names(server, name));
    is_own && said["authorization_response_iss_parameter_supported"] == true
}

/// Whether an answer may be the server's. Where a name is in it, it must be its own, whoever promised what.
pub fn is_its(server: &Address, said: Option<&str>, promised: bool) -> bool {
    said.map_or(!promised, |name| names(server, name))
}

/// Whether a name is a server's: its address and nothing behind it but, at most, a slash.
fn names(server: &Address, name: &str) -> bool {
    name.strip_suffix('/').unwrap_or(name) == server.origin()
}

#[cfg(test)]
mod tests {
    use domain::json;

    use super::*;

    fn server() -> Address {
        Address::parse("https://mastodon.social").unwrap()
    }

    #[test]
    fn a_server_is_called_by_its_address_and_by_nothing_longer() {
        assert!(names(&server(), "https://mastodon.social") && names(&server(), "https://mastodon.social/"));
        for other in [
            "",
            "/",
            "https://mastodon.social//",
            "https://mastodon.social/x",
            "https://mastodon.social.evil.es/",
            "https://evil.es/",
            "http://mastodon.social/",
            "HTTPS://MASTODON.SOCIAL/",
        ] {
            assert!(!names(&server(), other), "{other}");
        }
    }

    #[test]
    fn who_promised_is_named_and_whoever_is_named_is_the_one() {
        let own = Some("https://mastodon.social/");
        assert!(is_its(&server(), own, true) && is_its(&server(), own, false) && is_its(&server(), None, false));
        assert!(!is_its(&server(), None, true));
        for promised in [true, false] {
            assert!(!is_its(&server(), Some("https://evil.es/"), promised));
            assert!(!is_its(&server(), Some(""), promised));
        }
    }

    #[test]
    fn a_promise_is_one_in_the_server_s_own_name() {
        let said = |issuer: &str, promise: Value| json!({ "issuer": issuer, "authorization_response_iss_parameter_supported": promise });
        assert!(promises(&server(), &said("https://mastodon.social/", true.into())));
        assert!(!promises(&server(), &said("https://mastodon.social/", "true".into())));
        assert!(!promises(&server(), &said("https://evil.es/", true.into())));
        assert!(!promises(&server(), &json!({ "issuer": "https://mastodon.social/" })), "Mastodon's own");
    }
}

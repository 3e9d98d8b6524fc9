//! Who sends a push (RFC 8292): a token for one push service, signed with the organisation's key. Separate because it is
//! the only thing here that a push service reads.

use domain::{Millis, Moment, Refusal, json};

use crate::{organisation_key::OrganisationKey, passkeys::encode};

/// The standard allows a day; half of it leaves room for clocks that are wrong.
const LIVES: Millis = Millis::hours(12);

/// A token for the service at `audience` (an origin). `subject` is whom the service can turn to: this deployment.
///
/// # Errors
/// `Unavailable` when the platform does not sign.
pub async fn token(key: &OrganisationKey, audience: &str, subject: &str, now: Moment) -> Result<String, Refusal> {
    let said = said(audience, subject, now);
    let signature = key.sign(said.as_bytes()).await?;
    Ok([said, signature].join("."))
}

/// What is signed.
fn said(audience: &str, subject: &str, now: Moment) -> String {
    let head = json!({ "typ": "JWT", "alg": "ES256" });
    let expires = now.plus(LIVES).0 / 1_000;
    let mut claims = json!({ "aud": audience, "exp": expires });
    // Without an address of our own there is nobody to name, and an empty name is refused where none would be taken.
    if !subject.is_empty() {
        claims["sub"] = subject.into();
    }
    [head, claims].map(|part| encode(part.to_string().as_bytes())).join(".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passkeys::decode;

    #[test]
    fn a_token_names_its_service_its_end_and_its_sender() {
        let said = said("https://push.example", "https://desk.example", Moment(1_000_000));
        let claims = decode(said.split('.').nth(1).unwrap()).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims, json!({ "aud": "https://push.example", "exp": 44_200, "sub": "https://desk.example" }));
    }
}

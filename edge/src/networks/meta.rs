//! Meta's Graph interface: where it answers, how a call proves whose it is, and how its errors are read. Separate from the
//! adapters: all of this is one, whatever of Meta's is spoken to. What an error means stands in `domain::errors`.

pub mod connect;
pub mod lasting;

use domain::{
    ChannelId, Millis, Moment, Network, OrganisationId, Refusal,
    delivery::{FailureKind, Outcome},
    errors::{self, Class},
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use worker::Method;

use super::{Weight, unavailable};
use crate::{
    app::App,
    outbound::{self, Address, Answer, Call},
    vault::{Keyring, Kind, Secret},
};

/// The version that is spoken: the one that the description in `tests/networks/contract` is of. It came on 2026-02-18 and
/// ends on 2028-07-29 (Meta's changelog of 2026-10-29).
pub const VERSION: &str = "v25.0";

/// Where programs ask.
const GRAPH: &str = "https://graph.facebook.com";

/// Where videos go.
const UPLOADS: &str = "https://rupload.facebook.com";

/// Where people agree.
const DIALOG: &str = "https://www.facebook.com";

/// Where something of Meta's answers; in a rehearsal, something on this machine may stand for it.
///
/// # Errors
/// Never, outside of a rehearsal.
pub fn server(org: &OrganisationId, network: Network, usual: &str) -> Result<Address, Refusal> {
    #[cfg(feature = "rehearsal")]
    if let Some(other) = crate::rehearsal::stand_in(org, network) {
        return Address::parse(&other);
    }
    #[cfg(not(feature = "rehearsal"))]
    let _ = (org, network);
    Address::parse(usual)
}

/// Where the interface answers.
///
/// # Errors
/// Never, outside of a rehearsal.
pub fn graph(org: &OrganisationId) -> Result<Address, Refusal> {
    server(org, Network::Facebook, GRAPH)
}

/// The page on which people agree.
///
/// # Errors
/// Never, outside of a rehearsal.
pub fn dialog(org: &OrganisationId) -> Result<Address, Refusal> {
    Ok(server(org, Network::Facebook, DIALOG)?.at(&format!("/{VERSION}/dialog/oauth")))
}

/// The interface, as one app with one token calls it.
pub struct Graph<'a> {
    app: &'a App,
    /// Whose errors are read.
    network: Network,
    server: Address,
    version: &'static str,
    token: Secret,
    /// HMAC-SHA256 of the token under the app's secret, in hexadecimal: a token that leaked is worth nothing without it.
    proof: Option<String>,
}

impl<'a> Graph<'a> {
    /// With a person's or a page's token.
    pub fn with(app: &'a App, network: Network, server: Address, token: &Secret, app_secret: &Secret) -> Self {
        let proof = Some(proof(app_secret, token));
        Self { app, network, server, version: VERSION, token: token.clone(), proof }
    }

    /// Where a version of its own is spoken, and a token is all that it takes.
    pub fn of_version(app: &'a App, network: Network, server: Address, version: &'static str, token: Secret) -> Self {
        Self { app, network, server, version, token, proof: None }
    }

    /// With the app's own token, which is no token of anybody's: its identity and its secret.
    pub fn of_app(app: &'a App, server: Address, id: &str, app_secret: &Secret) -> Self {
        let token = Secret::new(format!("{id}|{}", app_secret.reveal()));
        Self::of_version(app, Network::Facebook, server, VERSION, token)
    }

    fn at(&self, path: &str) -> Address {
        self.server.at(&format!("/{}/{path}", self.version))
    }

    /// With the proof in the query: where there is no form for it.
    fn proven(&self, path: &str) -> Address {
        let address = self.at(path);
        match &self.proof {
            Some(proof) => address.with("appsecret_proof", proof),
            None => address,
        }
    }

    async fn call(&self, weight: Weight, call: Call) -> Result<Answer, Outcome> {
        outbound::send(self.app, weight.wait(call).bearer(&self.token))
            .await
            .map_err(|trouble| weight.of_trouble(trouble))
    }

    /// The JSON of a success.
    fn taken(&self, weight: Weight, answer: &Answer) -> Result<Value, Outcome> {
        if !answer.is_success() {
            return Err(self.outcome(weight, answer));
        }
        answer.json().ok_or_else(|| weight.of_nonsense(answer))
    }

    /// Reads, with parameters.
    pub async fn read(&self, path: &str, parameters: &[(&str, &str)]) -> Result<Value, Outcome> {
        let address = parameters.iter().fold(self.proven(path), |address, (name, value)| address.with(name, value));
        let answer = self.call(Weight::Safe, Call::get(address)).await?;
        self.taken(Weight::Safe, &answer)
    }

    /// Sends a form; answers whatever came, for its error may say more than that it failed.
    pub async fn post(&self, weight: Weight, path: &str, fields: &[(&str, &str)]) -> Result<Answer, Outcome> {
        self.call(weight, self.form(path, fields)).await
    }

    /// The same, with something in fields that is nobody's to read.
    pub async fn post_hiding(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        secrets: &[Secret],
    ) -> Result<Answer, Outcome> {
        self.call(Weight::Safe, secrets.iter().fold(self.form(path, fields), Call::hiding)).await
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> Call {
        let mut fields = fields.to_vec();
        fields.extend(self.proof.as_deref().map(|proof| ("appsecret_proof", proof)));
        Call::post(self.at(path)).form(&fields)
    }

    /// A post of an account as it stands; `None` if it is gone. What is said of a post that is gone is also said of one that
    /// this token may not see; with the account in sight, it is gone.
    pub async fn standing(&self, account: &str, post: &str, fields: &str) -> Result<Option<Value>, Outcome> {
        match self.read(post, &[("fields", fields)]).await {
            Err(Outcome::Refused { kind: FailureKind::Gone, .. })
                if self.read(account, &[("fields", "id")]).await.is_ok() =>
            {
                Ok(None)
            }
            found => found.map(Some),
        }
    }

    /// Sends a picture with what goes with it.
    pub async fn upload(&self, path: &str, picture: &web_sys::Blob, fields: &[(&str, &str)]) -> Result<Value, Outcome> {
        let unsent = |_| Outcome::NotSent { message: "a picture could not be made ready".to_owned() };
        let parts = web_sys::FormData::new().map_err(unsent)?;
        for (name, value) in fields.iter().copied().chain(self.proof.as_deref().map(|proof| ("appsecret_proof", proof)))
        {
            parts.append_with_str(name, value).map_err(unsent)?;
        }
        parts.append_with_blob_and_filename("source", picture, "picture").map_err(unsent)?;
        let answer = self.call(Weight::Safe, Call::post(self.at(path)).parts(parts)).await?;
        self.taken(Weight::Safe, &answer)
    }

    /// Has Facebook fetch a video from an address, at an address that it gave itself (Meta's guides to reels and stories, 2026-09-11:
    /// `file_url` and the token in headers).
    pub async fn give(&self, to: &str, file: &str, secret: &Secret) -> Result<Answer, Outcome> {
        let to = Address::parse(to).map_err(|_| not_of_the_interface())?;
        // The token goes along: nowhere but to Meta, or to what stands for it.
        if to.origin() != UPLOADS && to.origin() != self.server.origin() {
            return Err(not_of_the_interface());
        }
        let call = Call::post(to).header("file_url", file).hiding(secret).with_oauth(&self.token);
        outbound::send(self.app, Weight::Safe.wait(call)).await.map_err(|trouble| Weight::Safe.of_trouble(trouble))
    }

    /// Sends a small file; answers whatever came. The proof goes with the address, where there is no form for it alone.
    pub async fn post_file(
        &self,
        path: &str,
        boundary: &str,
        file: (&str, &str, &str),
        text: &str,
    ) -> Result<Answer, Outcome> {
        let (form, mime) = super::captions::in_a_form(boundary, &[], file, text);
        self.call(Weight::Safe, Call::post(self.proven(path)).text(form, mime)).await
    }

    /// Takes something down.
    pub async fn delete(&self, path: &str) -> Result<Answer, Outcome> {
        self.call(Weight::Visible, Call::new(Method::Delete, self.proven(path))).await
    }

    /// What an answer comes to that is no success.
    pub fn outcome(&self, weight: Weight, answer: &Answer) -> Outcome {
        let usage = answer.header("x-business-use-case-usage");
        match Trouble::read(answer) {
            Some(trouble) => {
                trouble.comes_to(self.network, weight, answer.status, wait(usage.as_deref(), self.app.now()))
            }
            None => weight.of_answer(self.network, answer, None),
        }
    }
}

/// Asks for a token with a form; nobody's token goes with it.
///
/// # Errors
/// `NetworkSays` with what it answered instead.
pub async fn token(app: &App, server: &Address, fields: &[(&str, &str)]) -> Result<Secret, Refusal> {
    token_at(app, server.at(&format!("/{VERSION}/oauth/access_token")), fields).await
}

/// The same, at an address.
///
/// # Errors
/// As [`token`].
pub async fn token_at(app: &App, address: Address, fields: &[(&str, &str)]) -> Result<Secret, Refusal> {
    let answer = outbound::send(app, Call::post(address).form(fields)).await?;
    let token = answer.json().filter(|_| answer.is_success());
    let token = token.and_then(|body| body["access_token"].as_str().map(Secret::new));
    token.ok_or_else(|| Refusal::NetworkSays {
        message: Trouble::read(&answer).map_or_else(|| answer.words(), |trouble| trouble.message),
    })
}

/// The same of an interface that also says what was granted: Instagram's own login answers with a list of one, or with that one, and
/// with the permissions as a list or as one text (Meta's guide, 2026-09-11, and what its examples show).
///
/// # Errors
/// As [`token`].
pub async fn token_and_scopes(
    app: &App,
    address: Address,
    fields: &[(&str, &str)],
) -> Result<(Secret, Vec<String>), Refusal> {
    let answer = outbound::send(app, Call::post(address).form(fields)).await?;
    let body = answer.json().filter(|_| answer.is_success());
    body.as_ref().and_then(granted).ok_or_else(|| Refusal::NetworkSays {
        message: Trouble::read(&answer).map_or_else(|| answer.words(), |trouble| trouble.message),
    })
}

fn granted(body: &Value) -> Option<(Secret, Vec<String>)> {
    let one = if body["data"][0].is_object() { &body["data"][0] } else { body };
    let scopes = match &one["permissions"] {
        Value::String(all) => all.split(',').map(|scope| scope.trim().to_owned()).collect(),
        all => all.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(ToOwned::to_owned)).collect(),
    };
    Some((Secret::new(one["access_token"].as_str()?), scopes))
}

/// No access is stored, or none that opens.
pub fn no_access() -> Outcome {
    Outcome::Unauthorised { message: "no access is stored: connect the channel again".to_owned(), status: 401 }
}

/// Where the interface answers, as the connection wrote it down.
///
/// # Errors
/// `NotSent` if it is no address.
pub fn server_of(settings: &Value) -> Result<Address, Outcome> {
    Address::parse(settings["server"].as_str().unwrap_or_default()).map_err(unavailable)
}

/// The interface with the token of a page, of which a channel is, or to which its account is linked.
///
/// # Errors
/// `Unauthorised` if none is stored.
pub async fn by_page<'a>(
    app: &'a App,
    network: Network,
    org: &OrganisationId,
    channel: &ChannelId,
    settings: &Value,
) -> Result<Graph<'a>, Outcome> {
    let keys = Keyring::of(app, org, channel).await.map_err(unavailable)?;
    let (token, _) = keys.get(Kind::Token).ok_or_else(no_access)?;
    let client = connect::Client::of(&keys).ok_or_else(no_access)?;
    Ok(Graph::with(app, network, server_of(settings)?, token, &client.secret()))
}

/// Identities go into paths: `1234_5678` or `1234`, and nothing else.
pub fn is_node(id: &str) -> bool {
    !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

/// Whether an edit or a takedown was done: only `{"success": true}` says so.
///
/// # Errors
/// What else it came to.
pub fn done(graph: &Graph<'_>, answer: &Answer) -> Result<(), Outcome> {
    if !answer.is_success() {
        return Err(graph.outcome(Weight::Visible, answer));
    }
    match answer.json() {
        Some(body) if body["success"] == true => Ok(()),
        _ => Err(Weight::Visible.of_nonsense(answer)),
    }
}

/// An answer to a reading or a preparation that is not of the interface.
pub fn not_of_the_interface() -> Outcome {
    Outcome::NotSent { message: "the answer is not of this network's interface".to_owned() }
}

/// Where a post can be seen, if it says so.
pub fn address(post: &Value, field: &str) -> Option<String> {
    post[field].as_str().filter(|said| domain::content::is_web_address(said)).map(ToOwned::to_owned)
}

/// An instant as Graph writes one: seconds since 1970, and 0 where there is none.
pub fn moment(seconds: &Value) -> Option<Moment> {
    seconds.as_i64().filter(|seconds| *seconds > 0).map(|seconds| Moment(seconds.saturating_mul(1_000)))
}

fn proof(app_secret: &Secret, token: &Secret) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(app_secret.reveal().as_bytes()) else { return String::new() };
    mac.update(token.reveal().as_bytes());
    domain::record::to_hex(&mac.finalize().into_bytes())
}

/// An error as Graph tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// As the table of errors calls it.
    name: String,
    code: i64,
    subcode: Option<i64>,
    is_transient: bool,
    /// In its words, with the code that its help pages go by.
    pub message: String,
}

impl Trouble {
    /// Reads the error of an answer, if it has one.
    pub fn read(answer: &Answer) -> Option<Self> {
        let trouble = Self::of(&answer.json()?)?;
        Some(Self { message: answer.told(&trouble.message), ..trouble })
    }

    fn of(body: &Value) -> Option<Self> {
        let error = body.get("error")?;
        let code = error["code"].as_i64()?;
        let said = error["error_user_msg"].as_str().or_else(|| error["message"].as_str()).unwrap_or_default();
        let subcode = error["error_subcode"].as_i64();
        let number = subcode.map_or_else(|| format!("#{code}"), |subcode| format!("#{code}/{subcode}"));
        let message = format!("{said} ({number})");
        let (name, is_transient) = (errors::code(body), error["is_transient"] == true);
        Some(Self { name, code, subcode, is_transient, message })
    }

    /// Whether something that it was given is not ready yet (2207027: postiz, 2026-08-21).
    pub fn is_not_ready(&self) -> bool {
        self.subcode == Some(2_207_027)
    }

    /// Whether a kind of post cannot be taken down by the interface (2207073: Meta's reference of media, 2026-09-11).
    pub fn is_beyond_it(&self) -> bool {
        self.subcode == Some(2_207_073)
    }

    /// Whether it refuses what it was told before: the earlier try may have arrived.
    pub const fn is_duplicate(&self) -> bool {
        self.code == 506
    }

    /// What it comes to, by the table of errors. What Graph calls transient and no row knows may work later.
    fn comes_to(self, network: Network, weight: Weight, status: u16, until: Option<Moment>) -> Outcome {
        let class = match errors::known(network, status, &self.name) {
            None | Some(Class::Unknown) if self.is_transient => Class::Transient,
            _ => errors::class(network, status, &self.name),
        };
        errors::outcome(class, status, self.message, until, weight == Weight::Visible)
    }
}

/// Until when we are asked to wait: the longest of the minutes that it estimates, for whichever use (L).
fn wait(usage: Option<&str>, now: Moment) -> Option<Moment> {
    let usage: Value = serde_json::from_str(usage?).ok()?;
    let uses = usage.as_object()?.values().filter_map(Value::as_array).flatten();
    let minutes = uses.filter_map(|one| one["estimated_time_to_regain_access"].as_i64()).max()?;
    Some(now.plus(Millis::minutes(minutes.clamp(0, 24 * 60))))
}

#[cfg(test)]
mod tests {
    use domain::{delivery::FailureKind, json};

    use super::*;

    fn comes_to(weight: Weight, status: u16, code: i64, subcode: Option<i64>) -> Outcome {
        let error = json!({ "message": "Said", "code": code, "error_subcode": subcode });
        let body = json!({ "error": error });
        Trouble::of(&body).unwrap().comes_to(Network::Facebook, weight, status, None)
    }

    #[test]
    fn what_passes_is_tried_again_only_before_the_call_that_counts() {
        assert!(matches!(comes_to(Weight::Safe, 400, 2, None), Outcome::NotSent { .. }));
        assert!(matches!(comes_to(Weight::Visible, 400, 2, None), Outcome::NoAnswer { status: Some(400), .. }));
        let error = json!({ "message": "Said", "code": 987_654, "is_transient": true });
        let body = json!({ "error": error });
        let trouble = Trouble::of(&body).unwrap();
        assert!(matches!(trouble.comes_to(Network::Facebook, Weight::Visible, 400, None), Outcome::NoAnswer { .. }));
    }

    #[test]
    fn a_failing_server_is_nobody_s_guess_whatever_it_says_of_itself() {
        for code in [4, 100, 190, 506, 987_654] {
            let came = comes_to(Weight::Visible, 500, code, None);
            assert!(matches!(came, Outcome::NoAnswer { status: Some(500), .. }), "{code}: {came:?}");
        }
    }

    #[test]
    fn each_code_means_what_the_guides_say() {
        for code in [4, 17, 32, 341, 613, 80_001] {
            assert!(matches!(comes_to(Weight::Visible, 400, code, None), Outcome::Throttled { .. }), "{code}");
        }
        for code in [102, 190] {
            let came = comes_to(Weight::Visible, 401, code, Some(463));
            assert!(matches!(came, Outcome::Unauthorised { status: 401, .. }), "{code}");
        }
        for (code, subcode, kind) in [
            (10, None, FailureKind::Forbidden),
            (200, None, FailureKind::Forbidden),
            (299, Some(1), FailureKind::Forbidden),
            (368, None, FailureKind::Forbidden),
            (100, Some(33), FailureKind::Gone),
            (100, None, FailureKind::ContentRefused),
            (506, None, FailureKind::ContentRefused),
            (987_654, None, FailureKind::Nonsense),
        ] {
            let Outcome::Refused { kind: came, message, .. } = comes_to(Weight::Visible, 400, code, subcode) else {
                panic!("{code}")
            };
            assert_eq!(came, kind, "{code}");
            assert!(message.starts_with(&format!("Said (#{code}")), "{message}");
        }
    }

    #[test]
    fn the_longest_wait_of_all_uses_counts() {
        let usage = r#"{"1":[{"type":"pages","estimated_time_to_regain_access":4},{"type":"pages","estimated_time_to_regain_access":19}]}"#;
        assert_eq!(wait(Some(usage), Moment(0)), Some(Moment(Millis::minutes(19).0)));
        for nothing in [None, Some(""), Some("{}"), Some(r#"{"1":[{"type":"pages"}]}"#)] {
            assert_eq!(wait(nothing, Moment(0)), None);
        }
    }

    #[test]
    fn the_proof_is_the_hmac_that_rfc_4231_reckons() {
        let proof = proof(&Secret::new("Jefe"), &Secret::new("what do ya want for nothing?"));
        assert_eq!(proof, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}

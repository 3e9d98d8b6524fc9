//! The vault: tokens and app passwords, sealed with AES-256-GCM under a key that only the deployment knows.
//! Separate because it is the only place where a secret is readable: a [`Secret`] cannot be printed or serialised, and
//! the desk never sees one.

mod renewal;
mod rotation;

use std::fmt;

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{ChannelId, OrganisationId, Refusal, pull::SIGNATURE, record};
use hmac::{Hmac, KeyInit as _, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{
    app::{self, App},
    store::{Unit, secrets},
};

pub use renewal::{Turn, turn};
pub use rotation::{known, reseal, view};

/// The sealing key, 32 bytes in base64.
pub const KEY: &str = "SEALING_KEY";

/// Keys that are no longer sealed with but still open what they sealed: `id:base64` separated by commas or blanks.
const OLD_KEYS: &str = "SEALING_KEYS_OLD";

/// A secret in the open. Neither `Debug` nor `Serialize` shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text into custody.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
    /// The text: for the one header or body that carries it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What a secret is for. One row a channel and kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Bluesky's app password.
    AppPassword,
    /// Bluesky's session, the access of X or LinkedIn: the tokens as JSON.
    Session,
    /// Mastodon's access token.
    Token,
    /// Our registration at a Mastodon instance, the organisation's developer app at Meta's, X's or LinkedIn's, as JSON.
    Client,
}

impl Kind {
    /// As the database and the associated data write it.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::AppPassword => "app_password",
            Kind::Session => "session",
            Kind::Token => "token",
            Kind::Client => "client",
        }
    }
}

/// A sealed secret, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Under which key.
    pub key_id: String,
    /// 12 bytes in base64, never used twice under a key: drawn at random.
    pub nonce: String,
    /// The ciphertext and its tag, in base64.
    pub sealed: String,
}

struct Key {
    id: String,
    cipher: Aes256Gcm,
    bytes: Vec<u8>,
}

impl Key {
    fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.trim()).ok()?;
        let cipher = Aes256Gcm::new_from_slice(&bytes).ok()?;
        Some(Self { id: record::sha256_hex(&bytes).chars().take(8).collect(), cipher, bytes })
    }

    /// A signature under a key that is made of this one for addresses of pictures, and serves for nothing else.
    fn signing(&self, claim: &str) -> Option<Hmac<Sha256>> {
        let mac = |key: &[u8], text: &str| Some(Hmac::<Sha256>::new_from_slice(key).ok()?.chain_update(text));
        let own = mac(&self.bytes, "pregon/pull/1")?.finalize().into_bytes();
        mac(&own, claim)
    }
}

/// The keys of this deployment, the one to seal with first.
pub struct Vault {
    keys: Vec<Key>,
}

impl Vault {
    /// Opens the vault with the deployment's keys.
    ///
    /// # Errors
    /// `Unavailable` if there is no key or it is not one: nothing can be connected or sent with a token then.
    pub fn of(app: &App) -> Result<Self, Refusal> {
        Self::found(app).ok_or_else(|| {
            worker::console_error!("vault: {KEY} is missing or is not 32 bytes in base64");
            Refusal::Unavailable
        })
    }

    fn found(app: &App) -> Option<Self> {
        #[cfg(feature = "rehearsal")]
        if let Some((current, old)) = crate::rehearsal::keys() {
            return Self::with(&current, &old);
        }
        Self::with(&app.setting(KEY).unwrap_or_default(), &app.setting(OLD_KEYS).unwrap_or_default())
    }

    /// The ids of the keys, the one to seal with first.
    fn ids(&self) -> Vec<&str> {
        self.keys.iter().map(|key| key.id.as_str()).collect()
    }

    fn with(current: &str, old: &str) -> Option<Self> {
        let mut keys = vec![Key::parse(current)?];
        // The id is there for whoever reads the setting; what counts is the key.
        let old = old.split([',', ' ', '\n']).filter(|entry| !entry.is_empty());
        for key in old.filter_map(|entry| Key::parse(entry.split_once(':').map_or(entry, |(_, key)| key))) {
            // While keys are being changed, one may stand in both settings.
            if keys.iter().all(|known| known.id != key.id) {
                keys.push(key);
            }
        }
        Some(Self { keys })
    }

    /// Seals a secret for one place.
    ///
    /// # Errors
    /// `Unavailable`, which AES-GCM answers only beyond 64 GiB.
    pub fn seal(&self, place: &str, secret: &Secret) -> Result<Sealed, Refusal> {
        let mut nonce = [0; 12];
        app::fill(&mut nonce);
        let key = self.keys.first().ok_or(Refusal::Unavailable)?;
        let payload = Payload { msg: secret.reveal().as_bytes(), aad: place.as_bytes() };
        let sealed = key.cipher.encrypt(Nonce::from_slice(&nonce), payload).map_err(|_| Refusal::Unavailable)?;
        Ok(Sealed { key_id: key.id.clone(), nonce: STANDARD.encode(nonce), sealed: STANDARD.encode(sealed) })
    }

    fn sign(&self, claim: &str) -> Option<[u8; SIGNATURE]> {
        Some(self.keys.first()?.signing(claim)?.finalize().into_bytes().into())
    }

    /// In constant time for each key, so that nothing is learned from how long a no takes.
    fn has_signed(&self, claim: &str, signature: &[u8; SIGNATURE]) -> bool {
        let is_by = |key: &Key| key.signing(claim).is_some_and(|mac| mac.verify_slice(signature).is_ok());
        self.keys.iter().any(is_by)
    }

    /// Opens what was sealed for this very place. `None` if the key is gone, or the row was changed or moved.
    pub fn open(&self, place: &str, sealed: &Sealed) -> Option<Secret> {
        let key = self.keys.iter().find(|key| key.id == sealed.key_id)?;
        let nonce: [u8; 12] = STANDARD.decode(&sealed.nonce).ok()?.try_into().ok()?;
        let bytes = STANDARD.decode(&sealed.sealed).ok()?;
        let payload = Payload { msg: &bytes, aad: place.as_bytes() };
        let plain = key.cipher.decrypt(Nonce::from_slice(&nonce), payload).ok()?;
        String::from_utf8(plain).ok().map(Secret)
    }
}

/// Signs an address of a picture.
///
/// # Errors
/// `Unavailable` without a key.
pub fn sign(app: &App, claim: &str) -> Result<[u8; SIGNATURE], Refusal> {
    Vault::of(app)?.sign(claim).ok_or(Refusal::Unavailable)
}

/// Whether an address of a picture was signed under a key that this deployment still reads.
pub fn is_signed(app: &App, claim: &str, signature: &[u8; SIGNATURE]) -> bool {
    Vault::found(app).is_some_and(|vault| vault.has_signed(claim, signature))
}

/// The associated data: a row that is moved to another organisation, channel or kind no longer opens.
fn place(org: &OrganisationId, channel: &ChannelId, kind: Kind) -> String {
    format!("{org}/{channel}/{}", kind.name())
}

/// Adds the storing of a secret to a unit of work, over whatever stood there.
///
/// # Errors
/// `Unavailable` without a key.
pub fn put(
    app: &App,
    unit: &mut Unit,
    org: &OrganisationId,
    channel: &ChannelId,
    kind: Kind,
    secret: &Secret,
) -> Result<(), Refusal> {
    let sealed = Vault::of(app)?.seal(&place(org, channel, kind), secret)?;
    secrets::put(unit, org, channel, kind.name(), &sealed, app.now());
    Ok(())
}

/// Writes a secret over the version it was made from. `false` if somebody else was faster: theirs stands, ours works
/// until it expires.
async fn refresh(
    app: &App,
    org: &OrganisationId,
    channel: &ChannelId,
    kind: Kind,
    over: u64,
    secret: &Secret,
) -> Result<bool, Refusal> {
    let sealed = Vault::of(app)?.seal(&place(org, channel, kind), secret)?;
    Ok(secrets::replace(&app.db, org, channel, kind.name(), &sealed, over, app.now()).await?)
}

/// The secrets of one channel, in one query.
pub struct Keyring {
    opened: Vec<(String, Secret, u64)>,
}

impl Keyring {
    /// Opens them.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn of(app: &App, org: &OrganisationId, channel: &ChannelId) -> Result<Self, Refusal> {
        let vault = Vault::of(app)?;
        let rows = secrets::of_channel(&app.db, org, channel).await?;
        let open = |row: secrets::Row| {
            let place = format!("{org}/{channel}/{}", row.kind);
            let secret = vault.open(&place, &row.sealed);
            if secret.is_none() {
                worker::console_error!(
                    "vault: {} of a channel does not open under key {}",
                    row.kind,
                    row.sealed.key_id
                );
            }
            Some((row.kind, secret?, row.version))
        };
        Ok(Self { opened: rows.into_iter().filter_map(open).collect() })
    }

    /// The secret of a kind, and its version.
    pub fn get(&self, kind: Kind) -> Option<(&Secret, u64)> {
        let found = self.opened.iter().find(|(name, _, _)| name == kind.name());
        found.map(|(_, secret, version)| (secret, *version))
    }
}

/// Seals a text that is not of a channel yet (a connection on its way), for one place.
///
/// # Errors
/// `Unavailable`.
pub fn seal_for(app: &App, place: &str, secret: &Secret) -> Result<Sealed, Refusal> {
    Vault::of(app)?.seal(place, secret)
}

/// Opens what [`seal_for`] sealed.
///
/// # Errors
/// `Unavailable` without a key, or if it does not open.
pub fn open_for(app: &App, place: &str, sealed: &Sealed) -> Result<Secret, Refusal> {
    Vault::of(app)?.open(place, sealed).ok_or(Refusal::Unavailable)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    const TWO: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

    #[test]
    fn what_was_sealed_opens_only_in_its_own_place() {
        let vault = Vault::with(ONE, "").unwrap();
        let secret = Secret::new("xxxx-yyyy");
        let sealed = vault.seal("town/channel/token", &secret).unwrap();
        assert_eq!(vault.open("town/channel/token", &sealed), Some(secret));
        assert_eq!(vault.open("other/channel/token", &sealed), None);
        assert!(!sealed.sealed.contains("xxxx"));
    }

    #[test]
    fn two_seals_of_the_same_secret_differ() {
        let vault = Vault::with(ONE, "").unwrap();
        let secret = Secret::new("the same");
        assert_ne!(vault.seal("a", &secret).unwrap(), vault.seal("a", &secret).unwrap());
    }

    #[test]
    fn after_a_rotation_the_old_key_still_opens_and_the_new_one_seals() {
        let old = Vault::with(ONE, "").unwrap();
        let sealed = old.seal("a", &Secret::new("kept")).unwrap();
        let rotated = Vault::with(TWO, &format!("{}:{ONE}", sealed.key_id)).unwrap();
        assert_eq!(rotated.open("a", &sealed), Some(Secret::new("kept")));
        assert_ne!(rotated.seal("a", &Secret::new("new")).unwrap().key_id, sealed.key_id);
        assert_eq!(Vault::with(TWO, "").unwrap().open("a", &sealed), None);
    }

    #[test]
    fn what_was_signed_holds_as_long_as_its_key_is_there() {
        let old = Vault::with(ONE, "").unwrap();
        let signature = old.sign("a picture").unwrap();
        let mut changed = signature;
        changed[31] ^= 1;
        assert!(old.has_signed("a picture", &signature));
        assert!(!old.has_signed("another", &signature) && !old.has_signed("a picture", &changed));
        let rotated = Vault::with(TWO, &format!("x:{ONE}")).unwrap();
        assert!(rotated.has_signed("a picture", &signature));
        assert_ne!(rotated.sign("a picture").unwrap(), signature);
        assert!(!Vault::with(TWO, "").unwrap().has_signed("a picture", &signature));
    }

    #[test]
    fn a_changed_byte_does_not_open() {
        let vault = Vault::with(ONE, "").unwrap();
        let mut sealed = vault.seal("a", &Secret::new("secret")).unwrap();
        let mut bytes = STANDARD.decode(&sealed.sealed).unwrap();
        bytes[0] ^= 1;
        sealed.sealed = STANDARD.encode(bytes);
        assert_eq!(vault.open("a", &sealed), None);
    }

    #[test]
    fn what_is_no_key_opens_no_vault() {
        for key in ["", "short", "AQEB"] {
            assert!(Vault::with(key, "").is_none(), "{key}");
        }
    }

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{:?}", Secret::new("xxxx-yyyy")), "Secret");
    }
}

//! Who renews an access that many jobs find expired at once. A lease in the secret's own row: one takes it, the others
//! wait for what it brings; if its holder dies, it lapses and the next one takes it over.

use domain::{ChannelId, Millis, Moment, OrganisationId, Refusal};

use super::{Keyring, Kind, Secret, refresh};
use crate::{app::App, faults, pause::Pause, store::secrets};

/// How long a renewal is believed in: two calls of 15 s (the refresh, and a new session where it is refused, or the same once
/// more where the server wants its number in the proof), and the writing of what they brought, three times if need be. Longer
/// than they take, so that a live one is not taken over.
const LEASE: Millis = Millis::seconds(40);

/// How long is waited before what was brought is written once more.
const KEEP_WAITS: [Millis; 2] = [Millis(250), Millis::seconds(1)];

/// How long the others wait before they look again. Together 10.75 s and at most fourteen queries: whoever has waited in
/// vain is tried again by itself, like everything that was surely not sent.
const WAITS: [Millis; 6] =
    [Millis(250), Millis(500), Millis::seconds(1), Millis::seconds(2), Millis::seconds(3), Millis::seconds(4)];

/// Whose turn it is to renew.
pub enum Turn {
    /// Ours, and nobody else's until the lease lapses.
    Ours(Lease),
    /// Somebody else has renewed it: this is what stands now, with its version.
    Done(Secret, u64),
    /// Somebody else is still at it.
    Busy,
}

/// The right to renew a secret.
pub struct Lease {
    over: u64,
    until: Moment,
}

/// Finds out whose turn it is, and waits for whoever has it.
///
/// # Errors
/// `Unavailable`.
pub async fn turn(
    app: &App,
    org: &OrganisationId,
    channel: &ChannelId,
    kind: Kind,
    over: u64,
) -> Result<Turn, Refusal> {
    let place = (org, channel, kind.name());
    for wait in WAITS.map(Some).into_iter().chain([None]) {
        let now = app.now();
        let until = now.plus(LEASE);
        if faults::planted("renew_at_once") || secrets::take_renewal(&app.db, place, over, now, until).await? {
            return Ok(Turn::Ours(Lease { over, until }));
        }
        let keys = Keyring::of(app, org, channel).await?;
        if let Some((secret, version)) = keys.get(kind).filter(|(_, version)| *version != over) {
            return Ok(Turn::Done(secret.clone(), version));
        }
        if let Some(wait) = wait {
            Pause::of(wait).await;
        }
    }
    Ok(Turn::Busy)
}

impl Lease {
    /// Keeps what the renewal brought, in three tries. If the lease lapsed meanwhile and somebody was faster, theirs stands; so
    /// does ours where only the answer of a try was lost. If none arrives, what was fetched lives as long as this errand, and the
    /// next one has to fetch it with what may be spent.
    pub async fn keep(self, app: &App, org: &OrganisationId, channel: &ChannelId, kind: Kind, secret: &Secret) {
        for wait in KEEP_WAITS.map(Some).into_iter().chain([None]) {
            let is_lost = faults::point("before_keeping").is_err();
            if !is_lost && refresh(app, org, channel, kind, self.over, secret).await.is_ok() {
                return;
            }
            if let Some(wait) = wait {
                Pause::of(wait).await;
            }
        }
        worker::console_error!("vault: what a renewal brought could not be kept");
    }

    /// Lets somebody else try. If this is lost, the lease lapses by itself.
    pub async fn give_back(self, app: &App, org: &OrganisationId, channel: &ChannelId, kind: Kind) {
        let _ = secrets::give_renewal_back(&app.db, (org, channel, kind.name()), self.over, self.until).await;
    }
}

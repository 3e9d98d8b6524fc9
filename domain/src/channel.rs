//! A channel: one connected account on one network, or the organisation's noticeboard.
//! Separate from `network`: a network has limits, a channel has a name, a state and a health.

use serde::{Deserialize, Serialize};

use crate::{ChannelId, Language, Limits, Moment, Network};

/// One place where the organisation speaks. It never carries a token: those live in the engine's vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Its identity.
    pub id: ChannelId,
    /// The network it is on.
    pub network: Network,
    /// The name people see in the desk ("Ayuntamiento en Bluesky").
    pub name: String,
    /// The account as the network writes it (`@town.example`), empty for the noticeboard.
    pub handle: String,
    /// The account's public address, listed in the register of official accounts.
    pub address: Option<String>,
    /// The languages it speaks by default.
    pub languages: Vec<Language>,
    /// What it allows.
    pub limits: Limits,
    /// Whether it can publish now.
    pub health: Health,
}

/// Whether a channel can publish, and if not, why and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The state that decides.
    pub state: HealthState,
    /// The last time anything surely worked.
    pub last_success: Option<Moment>,
    /// When the access expires, if it does and we know.
    pub expires: Option<Moment>,
    /// What the network last answered when it refused us, at most 300 characters.
    pub last_error: Option<String>,
}

/// The state of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// It works, as far as we know.
    Working,
    /// The last tries failed, but not for lack of access.
    Troubled,
    /// The access was refused: it must be connected again. Nothing is sent meanwhile.
    Refused,
    /// Disconnected by a person. Kept for the history; nothing is sent.
    Disconnected,
}

impl HealthState {
    /// Whether an act may be sent through the channel.
    pub const fn may_send(self) -> bool {
        matches!(self, HealthState::Working | HealthState::Troubled)
    }
}

//! A channel: one connected account on one network, or the organisation's noticeboard.
//! Separate from `network`: a network has limits, a channel has a name, a state and a health.

use serde::{Deserialize, Serialize};

use crate::{ChannelId, Language, Limits, Moment, Network, content::is_web_address, silence::Voice};

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
    /// Whether a person publishes here by hand, with a kit, at the hour: always where the network has no interface,
    /// elsewhere as long as there is no access. With one it becomes automatic, with the same history.
    #[serde(default)]
    pub assisted: bool,
    /// When it last spoke, and how long it may be silent.
    #[serde(default)]
    pub voice: Voice,
}

impl Channel {
    /// Whether a link that a person brings back can be one of this channel: https, at a host of the network, or at the
    /// host of the account's own public address. It is never fetched: some networks show nothing to strangers.
    pub fn owns_link(&self, link: &str) -> bool {
        fn host(link: &str) -> Option<&str> {
            let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"))?;
            rest.split(['/', '?', '#', ':']).next()
        }
        let Some(given) = host(link).filter(|_| is_web_address(link)) else { return false };
        let within = |known: &str| given == known || given.strip_suffix(known).is_some_and(|rest| rest.ends_with('.'));
        let hosts: &[&str] = match self.network {
            Network::Facebook => &["facebook.com", "fb.com", "fb.watch", "fb.me"],
            Network::Instagram => &["instagram.com", "instagr.am"],
            Network::Threads => &["threads.com", "threads.net"],
            Network::Whatsapp => &["whatsapp.com", "wa.me"],
            Network::Bluesky => &["bsky.app"],
            Network::Telegram => &["t.me", "telegram.me"],
            Network::X => &["x.com", "twitter.com"],
            Network::Tumblr => &["tumblr.com", "tmblr.co"],
            Network::Youtube => &["youtube.com", "youtu.be"],
            Network::Tiktok => &["tiktok.com"],
            Network::Linkedin => &["linkedin.com", "lnkd.in"],
            Network::Nextdoor => &[
                "nextdoor.com",
                "nextdoor.es",
                "nextdoor.co.uk",
                "nextdoor.fr",
                "nextdoor.de",
                "nextdoor.it",
                "nextdoor.nl",
            ],
            Network::Parler => &["parler.com"],
            Network::Noticeboard
            | Network::Mastodon
            | Network::Website
            | Network::Screen
            | Network::Paper
            | Network::Other => &[],
        };
        // A network without an address to compare with takes any web address: the person's word is what we have.
        match self.address.as_deref().and_then(host) {
            Some(own) => within(own.trim_start_matches("www.")) || hosts.iter().any(|known| within(known)),
            None => hosts.is_empty() || hosts.iter().any(|known| within(known)),
        }
    }

    /// What a person says of where it is out: an address, or none where there is none to say. `None` if it cannot be of this channel.
    pub fn said_to_be_at<'a>(&self, link: &'a str) -> Option<Option<&'a str>> {
        if link.is_empty() && !self.network.is_online() {
            return Some(None);
        }
        self.owns_link(link).then_some(Some(link))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn facebook() -> Channel {
        Channel {
            id: ChannelId::from_bits(1),
            network: Network::Facebook,
            name: "Facebook".to_owned(),
            handle: String::new(),
            address: None,
            languages: vec![Language::spanish()],
            limits: Network::Facebook.limits(),
            health: Health { state: HealthState::Working, last_success: None, expires: None, last_error: None },
            assisted: true,
            voice: Voice::default(),
        }
    }

    #[test]
    fn a_link_of_another_site_is_not_taken_for_one_of_the_network() {
        assert!(facebook().owns_link("https://www.facebook.com/town/posts/1"));
        for link in
            ["https://facebook.com.evil.example/1", "https://notfacebook.com/1", "javascript:1", "https://town.example"]
        {
            assert!(!facebook().owns_link(link), "{link}");
        }
    }

    #[test]
    fn what_hangs_in_a_window_needs_no_address_and_what_is_on_the_web_does() {
        for network in Network::ALL {
            let channel = Channel { network, ..facebook() };
            assert_eq!(channel.said_to_be_at(""), (!network.is_online()).then_some(None), "{network:?}");
            assert_eq!(channel.said_to_be_at("javascript:1"), None, "{network:?}");
        }
        let paper =
            Channel { network: Network::Paper, address: Some("https://paper.example".to_owned()), ..facebook() };
        assert_eq!(paper.said_to_be_at("https://paper.example/1"), Some(Some("https://paper.example/1")));
        assert_eq!(paper.said_to_be_at("https://other.example/1"), None);
        let nextdoor = Channel { network: Network::Nextdoor, ..facebook() };
        assert!(
            nextdoor.owns_link("https://es.nextdoor.com/p/1")
                && !nextdoor.owns_link("https://nextdoor.evil.example/p/1")
        );
    }

    #[test]
    fn a_network_without_hosts_goes_by_the_account_s_own_address() {
        let paper =
            Channel { network: Network::Other, address: Some("https://paper.example/town".to_owned()), ..facebook() };
        assert!(paper.owns_link("https://paper.example/news/1"));
        assert!(!paper.owns_link("https://other.example/news/1"));
    }
}

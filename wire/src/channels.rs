//! Channels: connecting, checking, disconnecting.

use domain::{
    Act, Channel, ChannelId, Language, Moment, Network, PostId, errors::Class, silence::Patience, watch::Outlook,
};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// The channels, the noticeboard first.
pub const CHANNELS: Endpoint<Nothing, Vec<Channel>> = Endpoint::new(Get, "/api/channels", Who::May(Act::Read));
/// Connects a channel. For Mastodon the answer says where to go.
pub const CONNECT: Endpoint<Connect, Connected> = Endpoint::new(Post, "/api/channels", Who::May(Act::ManageChannels));
/// Where a Mastodon server sends the browser back to; it is a navigation, so it carries no body. Ends in the desk. Each server has
/// an address of its own (RFC 9700, 4.4.2.2), so that what one of them gives out is not taken for another's.
pub const MASTODON_RETURN: Endpoint<OauthReturn, Nothing> =
    Endpoint::new(Get, "/api/channels/mastodon/return/{server}", Who::May(Act::ManageChannels));
/// Where a Bluesky server sends the browser back to, as [`MASTODON_RETURN`].
pub const BLUESKY_RETURN: Endpoint<OauthReturn, Nothing> =
    Endpoint::new(Get, "/api/channels/bluesky/return", Who::May(Act::ManageChannels));
/// What this deployment says of itself for an organisation to Bluesky servers, which know it by this very address
/// (draft-ietf-oauth-client-id-metadata-document). 404 for an organisation that never asked one for an access.
pub const BLUESKY_CLIENT: Endpoint<Nothing, Nothing> =
    Endpoint::new(Get, "/api/channels/bluesky/clients/{organisation}", Who::Anybody);
/// Where Facebook sends the browser back to, as [`MASTODON_RETURN`].
pub const FACEBOOK_RETURN: Endpoint<OauthReturn, Nothing> =
    Endpoint::new(Get, "/api/channels/facebook/return", Who::May(Act::ManageChannels));
/// Where X sends the browser back to, as [`MASTODON_RETURN`].
pub const X_RETURN: Endpoint<OauthReturn, Nothing> =
    Endpoint::new(Get, "/api/channels/x/return", Who::May(Act::ManageChannels));
/// Where Threads sends the browser back to, as [`MASTODON_RETURN`].
pub const THREADS_RETURN: Endpoint<OauthReturn, Nothing> =
    Endpoint::new(Get, "/api/channels/threads/return", Who::May(Act::ManageChannels));
/// Where Instagram's own login sends the browser back to, as [`MASTODON_RETURN`].
pub const INSTAGRAM_RETURN: Endpoint<OauthReturn, Nothing> =
    Endpoint::new(Get, "/api/channels/instagram/return", Who::May(Act::ManageChannels));
/// Where LinkedIn sends the browser back to, as [`MASTODON_RETURN`].
pub const LINKEDIN_RETURN: Endpoint<OauthReturn, Nothing> =
    Endpoint::new(Get, "/api/channels/linkedin/return", Who::May(Act::ManageChannels));
/// Where Tumblr sends the browser back to, as [`MASTODON_RETURN`].
pub const TUMBLR_RETURN: Endpoint<OauthReturn, Nothing> =
    Endpoint::new(Get, "/api/channels/tumblr/return", Who::May(Act::ManageChannels));
/// Where Google sends the browser back to, as [`MASTODON_RETURN`].
pub const YOUTUBE_RETURN: Endpoint<OauthReturn, Nothing> =
    Endpoint::new(Get, "/api/channels/youtube/return", Who::May(Act::ManageChannels));
/// Where TikTok sends the browser back to, as [`MASTODON_RETURN`].
pub const TIKTOK_RETURN: Endpoint<OauthReturn, Nothing> =
    Endpoint::new(Get, "/api/channels/tiktok/return", Who::May(Act::ManageChannels));
/// The pages that an access opens which was just given, if there are several. Only in the session that asked for it, and
/// for ten minutes.
pub const PAGES: Endpoint<Nothing, Vec<Page>> =
    Endpoint::new(Get, "/api/channels/connections/{connection}", Who::May(Act::ManageChannels));
/// Chooses one of them. Once.
pub const CHOOSE: Endpoint<ChoosePage, Channel> =
    Endpoint::new(Post, "/api/channels/connections/{connection}", Who::May(Act::ManageChannels));
/// Has a website prove that it has the secret that [`CONNECT`] gave out. As often as it takes, within eight hours and in the same
/// session; once it has, once.
pub const PROVE: Endpoint<Nothing, Channel> =
    Endpoint::new(Post, "/api/channels/connections/{connection}/proofs", Who::May(Act::ManageChannels));
/// Changes a channel's name, languages, public address, or after how long its silence is told.
pub const CHANGE: Endpoint<ChangeChannel, Channel> =
    Endpoint::new(Put, "/api/channels/{channel}", Who::May(Act::ManageChannels));
/// Asks the network whether the access still works.
pub const CHECK: Endpoint<Nothing, Channel> =
    Endpoint::new(Post, "/api/channels/{channel}/checks", Who::May(Act::ManageChannels));
/// How a page is called that a post is to mention there, asked of the network. Only where a mention is a name
/// ([`domain::mentions`]), and a channel that may send by itself.
pub const SEEK: Endpoint<Seek, Sought> = Endpoint::new(Get, "/api/channels/{channel}/pages", Who::May(Act::Write));
/// What went wrong there lately, and what is placed there that will not go out.
pub const TROUBLES: Endpoint<Nothing, Troubles> =
    Endpoint::new(Get, "/api/channels/{channel}/troubles", Who::May(Act::ManageChannels));
/// Disconnects: the secrets are destroyed, the history stays. The noticeboard cannot be.
pub const DISCONNECT: Endpoint<Nothing, Nothing> =
    Endpoint::new(Delete, "/api/channels/{channel}", Who::May(Act::ManageChannels));
/// How the vault is: under which keys the organisation's secrets are sealed, and what no longer opens.
pub const VAULT: Endpoint<Nothing, VaultView> = Endpoint::new(Get, "/api/vault", Who::May(Act::ManageChannels));

/// All of them.
pub const LISTED: &[Listed] = &[
    CHANNELS.listed(),
    CONNECT.listed(),
    MASTODON_RETURN.listed(),
    BLUESKY_RETURN.listed(),
    BLUESKY_CLIENT.listed(),
    FACEBOOK_RETURN.listed(),
    X_RETURN.listed(),
    THREADS_RETURN.listed(),
    INSTAGRAM_RETURN.listed(),
    LINKEDIN_RETURN.listed(),
    TUMBLR_RETURN.listed(),
    YOUTUBE_RETURN.listed(),
    TIKTOK_RETURN.listed(),
    PAGES.listed(),
    CHOOSE.listed(),
    PROVE.listed(),
    CHANGE.listed(),
    CHECK.listed(),
    SEEK.listed(),
    TROUBLES.listed(),
    DISCONNECT.listed(),
    VAULT.listed(),
];

/// Which page is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seek {
    /// What its address ends in, or the address ([`domain::mentions::short`]).
    pub page: String,
}

/// The page that was meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sought {
    /// What its address ends in.
    pub short: String,
    /// What it is called, letter by letter; absent where there is no such page.
    pub name: Option<String>,
}

/// How it goes on a channel.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Troubles {
    /// What will not go out, where it is known from when on nothing does.
    pub outlook: Option<Outlook>,
    /// The last tries that came to nothing, the newest first: at most [`domain::watch::FAILURES`].
    pub failures: Vec<Failed>,
}

/// A try that came to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failed {
    /// Of which post.
    pub post: PostId,
    /// A name for it.
    pub heading: String,
    /// When it began.
    pub at: Moment,
    /// What the network answered.
    pub status: Option<u16>,
    /// The network's own code.
    pub code: Option<String>,
    /// What that means.
    pub meaning: Option<Class>,
    /// The network's own words, shortened.
    pub message: String,
}

/// The vault as whoever looks after it sees it. It holds no secret and no key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultView {
    /// The keys that the engine has, the one that it seals with first. Empty: it has none, and can keep no access.
    pub keys: Vec<KeyView>,
    /// Channels whose access opens under none of them: to be connected again.
    pub lost: Vec<ChannelId>,
    /// How many of the organisation's secrets open under none of them: those of the channels above, and the keys that
    /// it signs receipts and pushes with.
    pub unopened: u32,
}

/// A key of the engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyView {
    /// Which: the first 8 hexadecimal digits of the key's SHA-256.
    pub id: String,
    /// How many of the organisation's secrets are sealed under it.
    pub secrets: u32,
    /// From when on it may be taken out of the engine's settings; absent for the first, and while anything of anybody
    /// is sealed under it.
    pub spare: Option<Moment>,
}

/// What connects a channel. An account that was connected before is the same channel and keeps its history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "network", deny_unknown_fields)]
pub enum Connect {
    /// Bluesky, with an app password.
    Bluesky {
        /// The personal data server (`https://bsky.social`).
        server: String,
        /// The handle or DID.
        identifier: String,
        /// The app password. It goes straight to the vault.
        app_password: String,
    },
    /// Bluesky, by signing in at the account's own server (OAuth, bound to a key of ours).
    BlueskySignIn {
        /// Who is asked whose account the handle is (`https://bsky.social`). Where the person signs in, the account says.
        server: String,
        /// The handle or DID.
        identifier: String,
    },
    /// Mastodon and compatible, by OAuth at the instance.
    Mastodon {
        /// The instance (`https://mastodon.example`).
        server: String,
    },
    /// A channel of Telegram, by a bot that administers it.
    Telegram {
        /// The Bot API server (`https://api.telegram.org`).
        server: String,
        /// The channel: `@name`, its address, or the number of a private one.
        channel: String,
        /// The bot's token. It goes straight to the vault.
        bot_token: String,
    },
    /// The organisation's own website, by signed webhooks. It is connected once it has proven itself.
    Website {
        /// Where it takes webhooks.
        address: String,
        /// The name people see in the desk.
        name: String,
        /// The channel that is connected again, if it is one: at another address, too.
        channel: Option<ChannelId>,
    },
    /// A Facebook page, with the organisation's own developer app.
    Facebook {
        /// The app's identity: digits.
        app_id: String,
        /// The app's secret. It goes straight to the vault.
        app_secret: String,
        /// The configuration of Facebook Login for Business, if the app has one: digits. It says what is asked for.
        configuration: Option<String>,
        /// The channel that becomes automatic, if it is there by hand already.
        channel: Option<ChannelId>,
    },
    /// An account of X, with the organisation's own developer app, which pays for each post.
    X {
        /// The app's OAuth 2.0 client.
        client_id: String,
        /// The client's secret. It goes straight to the vault.
        client_secret: String,
        /// The channel that becomes automatic, if it is there by hand already.
        channel: Option<ChannelId>,
    },
    /// A page at LinkedIn, with the organisation's own developer app.
    Linkedin {
        /// The app's OAuth 2.0 client.
        client_id: String,
        /// The client's secret. It goes straight to the vault.
        client_secret: String,
        /// The channel that becomes automatic, if it is there by hand already.
        channel: Option<ChannelId>,
    },
    /// A blog of Tumblr, with the organisation's own app.
    Tumblr {
        /// The app's OAuth consumer key.
        client_id: String,
        /// Its consumer secret. It goes straight to the vault.
        client_secret: String,
        /// The channel that becomes automatic, if it is there by hand already.
        channel: Option<ChannelId>,
    },
    /// A channel of YouTube, with the organisation's own project at Google.
    Youtube {
        /// The project's OAuth client.
        client_id: String,
        /// The client's secret. It goes straight to the vault.
        client_secret: String,
        /// The channel that becomes automatic, if it is there by hand already.
        channel: Option<ChannelId>,
    },
    /// An account of TikTok, with the organisation's own app.
    Tiktok {
        /// The app's client key.
        client_id: String,
        /// Its secret. It goes straight to the vault.
        client_secret: String,
        /// The channel that becomes automatic, if it is there by hand already.
        channel: Option<ChannelId>,
    },
    /// A professional account of Instagram, by the page that it is linked to, as [`Connect::Facebook`].
    Instagram {
        /// The app's identity: digits.
        app_id: String,
        /// The app's secret. It goes straight to the vault.
        app_secret: String,
        /// The configuration of Facebook Login for Business, if the app has one: digits.
        configuration: Option<String>,
        /// The channel that becomes automatic, if it is there by hand already.
        channel: Option<ChannelId>,
    },
    /// A professional account of Instagram by its own login, without a page of Facebook.
    InstagramItself {
        /// The app's identity at Instagram: digits, and not that at Facebook.
        app_id: String,
        /// Its secret at Instagram. It is used to connect, and not kept.
        app_secret: String,
        /// The channel that becomes automatic, if it is there by hand already.
        channel: Option<ChannelId>,
    },
    /// A profile of Threads, with the organisation's own developer app.
    Threads {
        /// The app's identity at Threads: digits.
        app_id: String,
        /// Its secret at Threads. It is used to connect, and not kept.
        app_secret: String,
        /// The channel that becomes automatic, if it is there by hand already.
        channel: Option<ChannelId>,
    },
    /// Any network by hand.
    Assisted {
        /// Which: one of Meta's, LinkedIn, X, Tumblr, YouTube, TikTok, WhatsApp or other.
        on: Network,
        /// The channel that a person takes over, if it is there already: its access is destroyed, its history stays.
        channel: Option<ChannelId>,
        /// The name people see in the desk.
        name: String,
        /// The account as the network writes it.
        handle: String,
        /// The account's public address.
        address: Option<String>,
    },
}

/// What comes of connecting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "connected")]
pub enum Connected {
    /// It is connected.
    Channel {
        /// The channel.
        channel: Box<Channel>,
    },
    /// A website has to prove itself first.
    ToProve {
        /// The name of the connection, for [`PROVE`].
        connection: String,
        /// What the site checks signatures with. It is shown this once.
        secret: String,
    },
    /// The person has to agree at the network first.
    GoTo {
        /// The address to go to.
        address: String,
    },
}

/// What an OAuth server gives back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OauthReturn {
    /// The code.
    pub code: Option<String>,
    /// The state that we gave.
    pub state: Option<String>,
    /// The error, when the person refused.
    pub error: Option<String>,
    /// Who says so (RFC 9207): a Bluesky server always, a Mastodon server where it promises to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
}

/// A page that an access opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Its identity.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its public address.
    pub address: String,
}

/// The choice of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoosePage {
    /// Its identity.
    pub page: String,
}

/// A change of a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeChannel {
    /// The name people see in the desk.
    pub name: String,
    /// The languages it speaks by default.
    pub languages: Vec<Language>,
    /// The account's public address.
    pub address: Option<String>,
    /// After how long its silence is told.
    pub patience: Patience,
}

//! Professional accounts of Instagram: by the page that they are linked to and its token (Facebook login), or by themselves with a
//! token of their own that lasts (`meta/lasting.rs`). What is published cannot be changed, and a text alone cannot go there.

use domain::{ChannelId, Network as Name, OrganisationId, Refusal, delivery::Outcome};
use serde_json::Value;

use super::{
    Checked,
    containers::{House, as_json},
    listed,
    meta::{self, Graph, connect, lasting},
};
use crate::{app::App, outbound::Address};

/// Where programs ask, where people agree, and where a code becomes a token, by Instagram's own login.
const HOUSES: [&str; 3] = ["https://graph.instagram.com", "https://www.instagram.com", "https://api.instagram.com"];

/// As what the settings of a channel say that it is connected by itself.
pub const ITSELF: &str = "instagram";

/// Whether a channel is connected by Instagram's own login, without a page.
pub fn is_by_itself(settings: &Value) -> bool {
    settings["login"] == ITSELF
}

/// Where the interface of its own login answers, where people agree, and where a code becomes a token.
///
/// # Errors
/// Never, outside of a rehearsal.
pub fn houses(org: &OrganisationId) -> Result<[Address; 3], Refusal> {
    let [interface, dialog, tokens] = HOUSES.map(|usual| meta::server(org, Name::Instagram, usual));
    Ok([interface?, dialog?, tokens?])
}

/// Instagram.
pub const INSTAGRAM: House = House {
    network: Name::Instagram,
    makes: "media",
    publishes: "media_publish",
    lists: "media",
    stories: "stories",
    // Nothing is published there as an answer.
    answers: "",
    quota: "content_publishing_limit",
    state: ["status_code", "status"],
    names: listed::Names { words: "caption", at: "timestamp", address: "permalink" },
    picture: None,
    // In the feed too: whoever follows a town hall does not look for it among reels.
    video: &[("media_type", "REELS"), ("share_to_feed", "true")],
    poster: Some("cover_url"),
    children: as_json,
    // Its interface lets comments be closed once a post is out, and not before.
    replies: |_| None,
    topic: None,
    invites: Some("collaborators"),
};

/// The interface, with the token of the page that the account is linked to, or with its own.
///
/// # Errors
/// `Unauthorised` if none is stored.
pub async fn graph<'a>(
    app: &'a App,
    org: &OrganisationId,
    channel: &ChannelId,
    settings: &Value,
) -> Result<Graph<'a>, Outcome> {
    if is_by_itself(settings) {
        return Ok(lasting::graph(app, &lasting::OF_INSTAGRAM, org, channel, settings).await?.0);
    }
    meta::by_page(app, Name::Instagram, org, channel, settings).await
}

/// Asks whether the access still opens the account and, by a page, still carries every permission, without writing anything.
///
/// # Errors
/// `Unavailable`.
pub async fn check(app: &App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Checked, Refusal> {
    if is_by_itself(settings) {
        return lasting::check(app, &lasting::OF_INSTAGRAM, org, channel, settings).await;
    }
    connect::check(app, Name::Instagram, org, channel, settings, "id,name,username").await
}

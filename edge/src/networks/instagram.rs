//! Professional accounts of Instagram, by the page that they are linked to and its token (Facebook login). What is published
//! cannot be changed, and a text alone cannot go there.

use domain::{ChannelId, Network as Name, OrganisationId, Refusal, delivery::Outcome};
use serde_json::Value;

use super::{
    Checked,
    containers::{House, as_json},
    listed,
    meta::{self, Graph, connect},
};
use crate::app::App;

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

/// The interface, with the token of the page that the account is linked to.
///
/// # Errors
/// `Unauthorised` if none is stored.
pub async fn graph<'a>(
    app: &'a App,
    org: &OrganisationId,
    channel: &ChannelId,
    settings: &Value,
) -> Result<Graph<'a>, Outcome> {
    meta::by_page(app, Name::Instagram, org, channel, settings).await
}

/// Asks whether the access still opens the account and still carries every permission, without writing anything.
///
/// # Errors
/// `Unavailable`.
pub async fn check(app: &App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Checked, Refusal> {
    connect::check(app, Name::Instagram, org, channel, settings, "id,name,username").await
}

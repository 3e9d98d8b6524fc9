//! Profiles of Threads, by a token of their own that lasts sixty days (`meta/lasting.rs`). What is published cannot be changed.

use domain::{ChannelId, Network as Name, OrganisationId, Refusal, Replies};
use serde_json::Value;

use super::{
    Checked,
    containers::House,
    listed,
    meta::{self, lasting},
};
use crate::{app::App, outbound::Address};

/// Where programs ask, and where people agree. There is one version (Meta's guide to Threads, 2026-09-11).
pub const GRAPH: &str = "https://graph.threads.net";

/// Where people agree.
pub const DIALOG: &str = "https://threads.net";

/// Threads.
pub const THREADS: House = House {
    network: Name::Threads,
    makes: "threads",
    publishes: "threads_publish",
    lists: "threads",
    // It has none.
    stories: "",
    answers: "replies",
    quota: "threads_publishing_limit",
    state: ["status", "error_message"],
    names: listed::Names { words: "text", at: "timestamp", address: "permalink" },
    picture: Some("IMAGE"),
    video: &[("media_type", "VIDEO")],
    poster: None,
    children: |children| children.join(","),
    topic: Some("topic_tag"),
    invites: None,
    replies: reply_control,
};

/// Who may reply, as Threads is told it (Meta's guide to replies, 2026-09-11).
fn reply_control(replies: Replies) -> Option<(&'static str, &'static str)> {
    let who = match replies.sent(Name::Threads)? {
        Replies::Everybody => return None,
        Replies::Following => "accounts_you_follow",
        Replies::Mentioned | Replies::Nobody => "mentioned_only",
    };
    Some(("reply_control", who))
}

/// Asks whether the access still opens the profile, without writing anything. Which permissions it carries is not said.
///
/// # Errors
/// `Unavailable`.
pub async fn check(app: &App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Checked, Refusal> {
    lasting::check(app, &lasting::OF_THREADS, org, channel, settings).await
}

/// Where the interface answers.
///
/// # Errors
/// Never, outside of a rehearsal.
pub fn server(org: &OrganisationId) -> Result<Address, Refusal> {
    meta::server(org, Name::Threads, GRAPH)
}

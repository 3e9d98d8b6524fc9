//! Which kinds of post a client that is not ours made on a network, and which of ours it read there. A journey says so once it has
//! seen it, so only what really ran is told; whoever runs the suite says where (`PREGON_COVERED`) and prints all of it.

use std::{
    fs::File,
    sync::{LazyLock, Mutex},
};

use domain::Network;

use crate::secrets::{open, write};

/// The kinds, by the words that a table of them has.
const KINDS: [&str; 22] = [
    "text",
    "card",
    "pictures",
    "video",
    "mixed carousel",
    "captions",
    "document",
    "poll",
    "thread",
    "replies",
    "story",
    "reel",
    "comment",
    "collaborators",
    "mentions",
    "topic",
    "warning",
    "event",
    "pin",
    "versions",
    "correction",
    "takedown",
];

/// What a client did, a line each: the network, the kind, the client, and which of both.
static COVERED: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| open("PREGON_COVERED"));

/// The client that is not ours.
fn client_of(network: Network) -> &'static str {
    match network {
        Network::Bluesky => "@atproto/api",
        Network::Mastodon => "masto",
        Network::Facebook | Network::Instagram => "facebook_business",
        Network::Threads => "python-facebook-api",
        Network::Telegram => "aiogram",
        Network::X => "xdk",
        Network::Linkedin => "linkedin-api-client",
        Network::Tumblr => "tumblr.js",
        Network::Youtube => "@googleapis/youtube",
        Network::Tiktok => "tiktok-api-client",
        Network::Website => "standardwebhooks",
        other => panic!("there is no client of {other:?} that is not ours"),
    }
}

fn note(network: Network, did: &str, kinds: &str) {
    for kind in kinds.split(", ") {
        assert!(KINDS.contains(&kind), "{kind:?} is no kind");
        write(&COVERED, format!("{network:?}\t{kind}\t{}\t{did}\n", client_of(network)).as_bytes());
    }
}

/// A client that is not ours made these kinds itself, with commas between, and they came as they should.
///
/// # Panics
/// For what is no kind, and a network without such a client.
pub fn made(network: Network, kinds: &str) {
    note(network, "made", kinds);
}

/// A client that is not ours read these kinds, with commas between, as we had made them.
///
/// # Panics
/// As [`made`].
pub fn read(network: Network, kinds: &str) {
    note(network, "read", kinds);
}

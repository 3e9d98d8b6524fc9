//! What was typed and is not at the engine yet: kept on this device at each pause, so that a closed tab, an ended
//! session or a lost connection loses nothing. Separate from the composer: home shows these too.

use domain::{Content, MemberId, Moment, PostId};
use serde::{Deserialize, Serialize};

use crate::{parts::arrange, platform::storage};

/// A draft on this device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LocalDraft {
    /// What was typed.
    pub content: Content,
    /// The content the change started from, to tell later who changed what.
    pub started_from: Content,
    /// The stored version it started from; 0 if it was never stored.
    pub version: u64,
    /// When it was typed, by the engine's clock.
    pub at: Moment,
}

/// Whose draft of which post. Town halls share computers: one member never sees another's.
fn key(member: &MemberId, post: &PostId) -> String {
    format!("pregon.draft.{member}.{post}")
}

/// Keeps it; false if this device has no room or forbids it.
pub fn keep(member: &MemberId, post: &PostId, draft: &LocalDraft) -> bool {
    serde_json::to_value(draft).is_ok_and(|tree| storage::keep(&key(member, post), &tree.to_string()))
}

/// The draft of a post, if there is one. What cannot be read (an older desk wrote it) counts as none.
pub fn find(member: &MemberId, post: &PostId) -> Option<LocalDraft> {
    crate::api::json::read(&storage::read(&key(member, post))?)
}

/// Forgets it: the engine has it.
pub fn forget(member: &MemberId, post: &PostId) {
    storage::forget(&key(member, post));
}

/// Every draft of a member on this device, newest first.
pub fn all(member: &MemberId) -> Vec<(PostId, LocalDraft)> {
    let prefix = format!("pregon.draft.{member}.");
    let names = storage::names(&prefix);
    let posts = names.iter().filter_map(|name| name.strip_prefix(&prefix)?.parse::<PostId>().ok());
    let mut drafts: Vec<_> = posts.filter_map(|post| find(member, &post).map(|draft| (post, draft))).collect();
    arrange(&mut drafts, |(_, draft)| std::cmp::Reverse(draft.at));
    drafts
}

/// A new post's identity: 48 bits of time, so that rows sort by age, and 80 of the browser's own chance.
pub fn new_post_id(now: Moment) -> PostId {
    let time = u128::from(now.0.unsigned_abs() & 0xFFFF_FFFF_FFFF) << 80;
    PostId::from_bits(time | (chance() >> 48))
}

/// 128 bits of the browser's own chance: an identity that needs no order.
pub fn chance() -> u128 {
    let mut chance = [0_u8; 16];
    if let Some(crypto) = web_sys::window().and_then(|window| window.crypto().ok()) {
        // Fails only above 65,536 bytes.
        let _ = crypto.get_random_values_with_u8_array(&mut chance);
    }
    u128::from_be_bytes(chance)
}

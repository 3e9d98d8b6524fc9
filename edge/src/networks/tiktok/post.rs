//! A post as the interface writes it (pages of 2026-09-11), and what is read of one. Separate and pure.

use std::ops::Range;

use domain::{Network, RenderedVideo, Rendition, Replies, Showing, json, showing, showing::Audience};
use serde_json::{Map, Value};

/// What is said of an answer that is not understood.
pub const STRANGE: &str = "the answer is not of this network's interface";

/// Identities go into nothing but bodies, and stay plain all the same.
pub fn is_publication(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
}

/// The name of an account to our app (`open_id`).
pub fn is_account(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// The name of an account to readers: it goes into an address.
pub fn is_name(name: &str) -> bool {
    (1..=24).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(&byte))
}

/// Where bytes may go.
pub fn is_theirs(host: &str) -> bool {
    host == "tiktokapis.com" || host.ends_with(".tiktokapis.com")
}

/// As TikTok calls an audience. It knows none by address: the rule says so before.
pub const fn privacy(audience: Audience) -> &'static str {
    match audience {
        Audience::Everybody => "PUBLIC_TO_EVERYONE",
        Audience::Link | Audience::Us => "SELF_ONLY",
    }
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// On its way, with so many bytes there.
    Going(u64),
    /// Out; with the identity that readers see, where it has one yet.
    Out(Option<String>),
    /// It will not come out, and this is TikTok's word for why.
    Broken(String),
}

/// How far it is; `None` for what is none of its words.
pub fn state(said: &Value) -> Option<State> {
    Some(match said["status"].as_str()? {
        "PROCESSING_UPLOAD" | "PROCESSING_DOWNLOAD" => {
            State::Going(said["uploaded_bytes"].as_u64().unwrap_or_default())
        }
        "PUBLISH_COMPLETE" => {
            // The name is TikTok's.
            let ids = &said["publicaly_available_post_id"];
            let id = ids[0].as_u64().map(|id| id.to_string()).or_else(|| ids[0].as_str().map(ToOwned::to_owned));
            State::Out(id.filter(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())))
        }
        "FAILED" => State::Broken(said["fail_reason"].as_str().unwrap_or_default().to_owned()),
        _ => return None,
    })
}

/// The bytes of a stretch but for the last one: 5 to 64 MB, in order (networks.md §8.2, 2026-09-11).
const CHUNK: u64 = 32_000_000;

/// The most bytes that go in one.
const ONE: u64 = 64_000_000;

/// How a video is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunks {
    total: u64,
    size: u64,
    count: u64,
}

impl Chunks {
    /// A video of so many bytes.
    pub const fn of(total: u64) -> Self {
        if total <= ONE {
            Self { total, size: total, count: 1 }
        } else {
            Self { total, size: CHUNK, count: total / CHUNK }
        }
    }

    /// What is still to be sent once so many bytes are there. What came of a stretch is worth nothing before all of it did.
    pub fn from(self, there: u64) -> impl Iterator<Item = Range<u64>> {
        let first = (there / self.size.max(1)).min(self.count);
        (first..self.count).map(move |place| {
            let end = if place + 1 == self.count { self.total } else { (place + 1) * self.size };
            place * self.size..end
        })
    }
}

/// What is said of every post. Nobody may cut pieces out of what a public body says, or sing along with it; comments are closed where
/// nobody is to reply, and where the account takes none: TikTok refuses what would open them there.
fn about(said: Showing, replies: Replies, creator: &Value) -> Map<String, Value> {
    let mut about = Map::new();
    let is_closed = replies.sent(Network::Tiktok) == Some(Replies::Nobody) || creator["comment_disabled"] == true;
    about.insert("privacy_level".to_owned(), privacy(said.audience).into());
    about.insert("disable_comment".to_owned(), is_closed.into());
    about.insert("brand_content_toggle".to_owned(), said.paid.into());
    about.insert("brand_organic_toggle".to_owned(), false.into());
    about
}

/// A video that is sent in stretches.
pub fn video(rendition: &Rendition, film: &RenderedVideo, creator: &Value) -> Value {
    let hidden = Showing { audience: Audience::Us, children: false, synthetic: false, paid: false };
    let said = rendition.showing.unwrap_or(hidden);
    let mut about = about(said, rendition.replies, creator);
    about.insert("title".to_owned(), rendition.as_sent(Network::Tiktok).into());
    about.insert("disable_duet".to_owned(), true.into());
    about.insert("disable_stitch".to_owned(), true.into());
    about.insert("is_aigc".to_owned(), said.synthetic.into());
    // Of a poster it takes a moment; without one, it shows the first.
    if let Some(at) = film.poster.as_ref().and_then(|poster| poster.at) {
        about.insert("video_cover_timestamp_ms".to_owned(), at.min(film.millis).into());
    }
    let Chunks { total, size, count } = Chunks::of(film.bytes.into());
    let source = json!({
        "source": "FILE_UPLOAD", "video_size": total, "chunk_size": size, "total_chunk_count": count,
    });
    json!({ "post_info": Value::Object(about), "source_info": source })
}

/// The most letters of the title of pictures, in UTF-16 (networks.md §8.2, 2026-09-11).
const TITLE: usize = 90;

/// Pictures that TikTok fetches.
pub fn pictures(rendition: &Rendition, said: Showing, addresses: &[String], creator: &Value) -> Value {
    let mut about = about(said, rendition.replies, creator);
    about.insert("description".to_owned(), rendition.as_sent(Network::Tiktok).into());
    about.insert("auto_add_music".to_owned(), false.into());
    if let Some(title) = rendition.title.as_deref().filter(|title| showing::units(title) <= TITLE) {
        about.insert("title".to_owned(), title.into());
    }
    let source = json!({ "source": "PULL_FROM_URL", "photo_images": addresses, "photo_cover_index": 0 });
    json!({ "post_info": Value::Object(about), "source_info": source, "post_mode": "DIRECT_POST", "media_type": "PHOTO" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_video_is_cut_as_tiktok_wants_it() {
        let cut = |total: u64| (Chunks::of(total).count, Chunks::of(total).from(0).collect::<Vec<_>>());
        assert_eq!(cut(9_000), (1, vec![0..9_000]));
        assert_eq!(cut(ONE), (1, vec![0..ONE]));
        assert_eq!(cut(ONE + 1), (2, vec![0..CHUNK, CHUNK..ONE + 1]), "the last one is longer");
        let (count, all) = cut(300_000_000);
        assert_eq!((count, all.len(), all[8].clone()), (9, 9, 8 * CHUNK..300_000_000));
        assert!(all.iter().all(|one| (5_000_000..=128_000_000).contains(&(one.end - one.start))));
    }

    #[test]
    fn comments_are_closed_where_nobody_is_to_reply_or_the_account_takes_none() {
        let said = Showing { audience: Audience::Everybody, children: false, synthetic: false, paid: false };
        let closed = |replies, creator: Value| about(said, replies, &creator)["disable_comment"] == true;
        let open = || json!({ "comment_disabled": false });
        assert!(closed(Replies::Nobody, open()) && closed(Replies::Everybody, json!({ "comment_disabled": true })));
        for replies in [Replies::Everybody, Replies::Following, Replies::Mentioned] {
            assert!(!closed(replies, open()), "{replies:?}: closing them is not what was chosen");
        }
    }

    #[test]
    fn it_goes_on_behind_the_last_whole_stretch() {
        let from = |there: u64| Chunks::of(100_000_000).from(there).collect::<Vec<_>>();
        assert_eq!(from(CHUNK), [CHUNK..2 * CHUNK, 2 * CHUNK..100_000_000]);
        assert_eq!(from(CHUNK + 7), from(CHUNK), "half of one is none");
        assert_eq!(from(100_000_000), Vec::<Range<u64>>::new());
    }

    #[test]
    fn how_far_it_is() {
        let of = |text: &str| state(&crate::tree::read(text).unwrap());
        assert_eq!(of(r#"{"status":"PROCESSING_UPLOAD","uploaded_bytes":7}"#), Some(State::Going(7)));
        assert_eq!(of(r#"{"status":"PUBLISH_COMPLETE","publicaly_available_post_id":[]}"#), Some(State::Out(None)));
        let out = r#"{"status":"PUBLISH_COMPLETE","publicaly_available_post_id":[7400000000000000001]}"#;
        assert_eq!(of(out), Some(State::Out(Some("7400000000000000001".to_owned()))));
        assert_eq!(of(r#"{"status":"FAILED","fail_reason":"internal"}"#), Some(State::Broken("internal".to_owned())));
        assert_eq!(of(r#"{"status":"DONE"}"#), None);
    }

    #[test]
    fn a_name_cannot_lead_elsewhere() {
        assert!(is_publication("v_pub_file~v2-1.123456789") && is_account("723f24d7-e717-40f8-a2b6-cb8464cd23b4"));
        assert!(is_name("villa.serena_1") && is_theirs("open-upload-va.tiktokapis.com"));
        for text in ["", "a/b", "a b", "a?b"] {
            assert!(!is_publication(text) && !is_account(text) && !is_name(text), "{text}");
        }
        assert!(!is_theirs("tiktokapis.com.villa.es") && !is_theirs("nottiktokapis.com"));
    }
}

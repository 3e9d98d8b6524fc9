//! A video as the interface writes it (`Video`, discovery document of 2026-11-04), and what is read of one. Separate and pure.

use domain::{Network, Rendition, Showing, json, showing};
use domain::{showing::Audience, text};
use serde_json::{Map, Value};

use super::super::listed;

/// What is read of a video, and written where one is corrected.
pub const PARTS: &str = "snippet,status,paidProductPlacementDetails";

/// What one is made with.
pub const MADE_WITH: &str = PARTS;

/// What is said of an answer that is not understood.
pub const STRANGE: &str = "the answer is not of this network's interface";

/// "People & Blogs": the one that YouTube's own form proposes. What a person chooses there later stays.
const CATEGORY: &str = "22";

/// How a video in the list of uploads is known again; see `listed`.
pub const NAMES: listed::Names = listed::Names { words: "words", at: "at", address: "" };

/// Identities go into addresses: eleven letters, digits, `-` and `_`.
pub fn is_video(id: &str) -> bool {
    id.len() == 11 && is_plain(id)
}

/// `UC` and twenty-two more.
pub fn is_channel(id: &str) -> bool {
    id.len() == 24 && id.starts_with("UC") && is_plain(id)
}

fn is_plain(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It is being prepared.
    Going,
    /// It can be watched.
    Ready,
    /// It cannot be prepared, or is refused; the network's word for why.
    Broken(String),
}

/// How far it is.
pub fn state(video: &Value) -> State {
    let status = &video["status"];
    match status["uploadStatus"].as_str() {
        Some("processed") => State::Ready,
        Some(word @ ("failed" | "rejected" | "deleted")) => {
            let why = status["failureReason"].as_str().or_else(|| status["rejectionReason"].as_str());
            State::Broken(why.unwrap_or(word).to_owned())
        }
        _ => State::Going,
    }
}

const fn privacy(audience: Audience) -> &'static str {
    match audience {
        Audience::Everybody => "public",
        Audience::Link => "unlisted",
        Audience::Us => "private",
    }
}

/// Whether it is seen by whom it is meant for, and declared as it was agreed to.
pub fn is_shown_to(video: &Value, rendition: &Rendition) -> bool {
    rendition.showing.is_some_and(|said| video["status"]["privacyStatus"] == privacy(said.audience))
}

/// Whether it says what was sent.
pub fn says(video: &Value, rendition: &Rendition) -> bool {
    let there = [&video["snippet"]["title"], &video["snippet"]["description"]];
    let there = there.map(|text| text.as_str().unwrap_or_default()).join("\n");
    listed::says(&NAMES, &json!({ "words": there }), &words(rendition))
}

/// Title and description, to be compared.
pub fn words(rendition: &Rendition) -> String {
    [showing::title(rendition), rendition.as_sent(Network::Youtube)].join("\n")
}

/// An entry of the list of uploads, as [`NAMES`] reads it.
pub fn listed(item: &Value) -> Value {
    let snippet = &item["snippet"];
    let words = [&snippet["title"], &snippet["description"]].map(|text| text.as_str().unwrap_or_default()).join("\n");
    let at = snippet["publishedAt"].as_str().and_then(|at| chrono::DateTime::parse_from_rfc3339(at).ok());
    let at = at.map(|at| at.timestamp_millis());
    json!({ "id": snippet["resourceId"]["videoId"], "words": words, "at": at })
}

fn snippet(into: &mut Map<String, Value>, rendition: &Rendition) {
    into.insert("title".to_owned(), showing::title(rendition).into());
    into.insert("description".to_owned(), rendition.as_sent(Network::Youtube).into());
    into.insert("defaultLanguage".to_owned(), rendition.language.as_str().into());
}

fn status(said: Showing, privacy: &str, there: &Value) -> Value {
    let mut status = Map::new();
    // What is left out of a part is set back: what a person chose stays. What YouTube itself says cannot be written.
    for name in ["embeddable", "license", "publicStatsViewable"] {
        if let Some(chosen) = there.get(name) {
            status.insert(name.to_owned(), chosen.clone());
        }
    }
    status.insert("privacyStatus".to_owned(), privacy.into());
    status.insert("selfDeclaredMadeForKids".to_owned(), said.children.into());
    status.insert("containsSyntheticMedia".to_owned(), said.synthetic.into());
    status.into()
}

/// What is declared of one whose audience was never said is never sent: the caller has looked.
fn said(rendition: &Rendition) -> Showing {
    let unseen = Showing { audience: Audience::Us, children: false, synthetic: false, paid: false };
    rendition.showing.unwrap_or(unseen)
}

fn money(said: Showing) -> Value {
    json!({ "hasPaidProductPlacement": said.paid })
}

/// A new one that nobody sees yet.
pub fn unseen(rendition: &Rendition) -> Value {
    let mut words = Map::new();
    snippet(&mut words, rendition);
    words.insert("categoryId".to_owned(), CATEGORY.into());
    let tags = tags(rendition);
    if !tags.is_empty() {
        words.insert("tags".to_owned(), json!(tags));
    }
    let said = said(rendition);
    let status = status(said, privacy(Audience::Us), &Value::Null);
    json!({ "snippet": Value::Object(words), "status": status, "paidProductPlacementDetails": money(said) })
}

/// The most characters of all tags together, with a comma between (networks.md §12.1, 2026-11-23).
const TAGS: usize = 500;

/// The hashtags of the text, as many as fit.
fn tags(rendition: &Rendition) -> Vec<String> {
    let (mut tags, mut length) = (Vec::new(), 0);
    for tag in text::tags(&rendition.as_sent(Network::Youtube)) {
        length += tag.chars().count() + 1;
        if length > TAGS {
            break;
        }
        tags.push(tag);
    }
    tags
}

/// One that is there, to be seen from now on.
pub fn shown(there: &Value, rendition: &Rendition) -> Value {
    let said = said(rendition);
    json!({ "id": there["id"], "status": status(said, privacy(said.audience), &there["status"]) })
}

/// One that is there, with other words, for another audience, or otherwise declared.
pub fn corrected(there: &Value, rendition: &Rendition) -> Value {
    let mut words = Map::new();
    for name in ["categoryId", "tags", "defaultAudioLanguage"] {
        if let Some(chosen) = there["snippet"].get(name) {
            words.insert(name.to_owned(), chosen.clone());
        }
    }
    snippet(&mut words, rendition);
    let said = said(rendition);
    let status = status(said, privacy(said.audience), &there["status"]);
    json!({
        "id": there["id"], "snippet": Value::Object(words), "status": status,
        "paidProductPlacementDetails": money(said),
    })
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

    fn rendition() -> Rendition {
        Rendition {
            language: Language::spanish(),
            title: Some("La banda".to_owned()),
            text: "Toca el viernes. #Fiestas".to_owned(),
            warning: None,
            pictures: Vec::new(),
            video: None,
            document: None,
            link: Some("https://town.example/banda".to_owned()),
            event: None,
            showing: Some(Showing { audience: Audience::Everybody, children: false, synthetic: true, paid: false }),
            topic: None,
            poll: None,
            utm: None,
            contacts: None,
            pin: false,
            collaborators: None,
            mentions: None,
            story: false,
            reel: false,
            comment: None,
            replies: domain::Replies::Everybody,
        }
    }

    #[test]
    fn an_identity_cannot_lead_elsewhere() {
        assert!(is_video("dQw4w9WgXc-") && is_channel("UCabcdefghijklmnopqrstu_"));
        for id in ["", "dQw4w9WgXc", "dQw4w9WgXc/", "dQw4w9WgX?a", "https://you"] {
            assert!(!is_video(id), "{id}");
        }
        assert!(!is_channel("UC/bcdefghijklmnopqrstuv") && !is_channel("XXabcdefghijklmnopqrstuv"));
    }

    #[test]
    fn a_new_one_is_nobody_s_to_see() {
        let made = unseen(&rendition());
        assert_eq!(made["status"]["privacyStatus"], "private");
        assert_eq!(
            (&made["status"]["containsSyntheticMedia"], &made["snippet"]["tags"][0]),
            (&true.into(), &"Fiestas".into())
        );
        assert_eq!(made["snippet"]["description"], "Toca el viernes. #Fiestas\n\nhttps://town.example/banda");
        assert!(made.get("id").is_none() && !is_shown_to(&made, &rendition()));
    }

    #[test]
    fn what_a_person_chose_there_stays() {
        let mut there = unseen(&rendition());
        there["id"] = "dQw4w9WgXcQ".into();
        there["snippet"]["categoryId"] = "25".into();
        there["snippet"]["publishedAt"] = "2026-11-29T12:00:00Z".into();
        there["status"]["embeddable"] = false.into();
        there["status"]["uploadStatus"] = "processed".into();
        let now = Rendition { text: "Toca el sábado.".to_owned(), ..rendition() };
        let sent = corrected(&there, &now);
        assert_eq!((&sent["snippet"]["categoryId"], &sent["status"]["embeddable"]), (&"25".into(), &false.into()));
        assert_eq!((sent["snippet"].get("publishedAt"), sent["status"].get("uploadStatus")), (None, None));
        assert!(says(&sent, &now) && is_shown_to(&sent, &now) && !says(&there, &now));
        assert_eq!(shown(&there, &now)["status"]["privacyStatus"], "public");
    }

    #[test]
    fn how_far_it_is() {
        let of = |status: Value| state(&json!({ "status": status }));
        assert_eq!(of(json!({ "uploadStatus": "uploaded" })), State::Going);
        assert_eq!(of(json!({ "uploadStatus": "processed" })), State::Ready);
        let broken = State::Broken("codec".to_owned());
        assert_eq!(of(json!({ "uploadStatus": "failed", "failureReason": "codec" })), broken);
        assert_eq!(of(json!({ "uploadStatus": "rejected" })), State::Broken("rejected".to_owned()));
    }
}

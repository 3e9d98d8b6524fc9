//! Which of an account's posts is the one of an attempt whose answer was lost.
//! Separate, and pure: X changes what it is told (addresses are shortened, signs are escaped, pictures become an address at
//! the end), so a comparison has to undo that first.

use domain::{Millis, Moment, delivery::Likeness, text::unstroked};
use serde_json::Value;

use crate::networks::listed::is_taken;

/// What is read of each post.
pub const FIELDS: &str = "conversation_id,created_at,entities,text";

/// How far two clocks may differ when a post is compared with an attempt.
const SKEW: Millis = Millis::minutes(5);

/// Looks through a list of posts for those that say `sent`, were made since `made`, and belong to the thread that begins with
/// `root`, or to none, and are no other act's (`taken`): by their identities. (What each answers would be said too, but with the post
/// that it answers, which X charges for.)
pub fn ours<'a>(list: &'a Value, sent: &str, made: Moment, root: Option<&str>, taken: &[String]) -> Likeness<&'a str> {
    let posts = list["data"].as_array().map_or(&[][..], Vec::as_slice);
    let belongs = |post: &&Value| {
        let of = post["conversation_id"].as_str();
        of.is_none_or(|of| root.or(post["id"].as_str()) == Some(of))
    };
    let ours = posts.iter().filter(belongs).filter(|post| !is_taken(post, taken) && is_ours(post, sent, made));
    Likeness::by_words(ours.filter_map(|post| post["id"].as_str()), sent)
}

fn is_ours(post: &Value, sent: &str, made: Moment) -> bool {
    let at = post["created_at"].as_str().and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok());
    at.is_some_and(|at| Moment(at.timestamp_millis()).plus(SKEW) >= made) && plain(&written(post)) == plain(sent)
}

/// A post's text as it was before X changed it.
fn written(post: &Value) -> String {
    let mut text = post["text"].as_str().unwrap_or_default().to_owned();
    for link in post["entities"]["urls"].as_array().into_iter().flatten() {
        let (Some(short), Some(long)) = (link["url"].as_str(), link["expanded_url"].as_str()) else { continue };
        // A picture's own address was never written.
        let of_media = link["media_key"].is_string()
            || link["display_url"].as_str().is_some_and(|shown| shown.starts_with("pic."));
        text = text.replacen(short, if of_media { "" } else { long }, 1);
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Letters and signs, without what X may shift: blanks, a slash at the end of an address or before what it asks, the scheme
/// that it adds.
fn plain(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let (page, rest) = unstroked(word);
        let page = page.strip_prefix("https://").or_else(|| page.strip_prefix("http://")).unwrap_or(page);
        [page, rest].concat()
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const MADE: Moment = Moment(1_795_435_200_000); // 2026-11-23T12:00Z

    fn post(id: &str, at: &str, text: &str, urls: Value) -> Value {
        json!({ "id": id, "created_at": at, "text": text, "entities": { "urls": urls } })
    }

    #[test]
    fn a_post_is_known_by_its_words_whatever_became_of_its_addresses() {
        let urls = json!([
            { "url": "https://t.co/a", "expanded_url": "https://villa.es/pleno/", "display_url": "villa.es/pleno" },
            { "url": "https://t.co/b", "expanded_url": "https://x.com/villa/status/7/photo/1", "display_url": "pic.x.com/b" },
        ]);
        let text = "Pan &amp; circo\n\nhttps://t.co/a https://t.co/b";
        let list = json!({ "data": [post("7", "2026-11-23T12:00:02.000Z", text, urls)] });
        assert_eq!(ours(&list, "Pan & circo\n\nhttps://villa.es/pleno", MADE, None, &[]), Likeness::One("7"));
        assert_eq!(ours(&list, "Pan y circo\n\nhttps://villa.es/pleno", MADE, None, &[]), Likeness::None);
    }

    #[test]
    fn a_slash_before_what_an_address_asks_makes_no_other_post_of_it() {
        let of = |long: &str| {
            let urls = json!([{ "url": "https://t.co/a", "expanded_url": long, "display_url": "villa.es" }]);
            json!({ "data": [post("7", "2026-11-23T12:00:02.000Z", "Ver https://t.co/a", urls)] })
        };
        let sent = "Ver https://villa.es?utm_source=x&utm_medium=social";
        let shown = of("https://villa.es/?utm_source=x&utm_medium=social");
        assert_eq!(ours(&shown, sent, MADE, None, &[]), Likeness::One("7"));
        let other = of("https://villa.es/?utm_source=x&utm_medium=social&utm_campaign=agua");
        assert_eq!(ours(&other, sent, MADE, None, &[]), Likeness::None);
    }

    #[test]
    fn the_same_words_of_last_week_are_another_post_and_two_of_now_are_nobody_s_guess() {
        let one = |id: &str, at: &str| post(id, at, "Hola", json!([]));
        let old = json!({ "data": [one("1", "2026-11-16T12:00:00.000Z")] });
        assert_eq!(ours(&old, "Hola", MADE, None, &[]), Likeness::None);
        let two = json!({ "data": [one("2", "2026-11-23T12:00:01.000Z"), one("3", "2026-11-23T12:00:09.000Z")] });
        assert_eq!(ours(&two, "Hola", MADE, None, &[]), Likeness::Several);
        let taken = ["2".to_owned()];
        assert_eq!(ours(&two, "Hola", MADE, None, &taken), Likeness::One("3"), "the other is another act's");
        assert_eq!(ours(&json!({ "meta": { "result_count": 0 } }), "Hola", MADE, None, &[]), Likeness::None);
    }

    #[test]
    fn a_picture_without_words_is_not_known_by_having_none() {
        let urls = json!([{ "url": "https://t.co/b", "expanded_url": "https://x.com/villa/status/7/photo/1", "display_url": "pic.x.com/b" }]);
        let list = json!({ "data": [post("7", "2026-11-23T12:00:02.000Z", "https://t.co/b", urls)] });
        assert_eq!(ours(&list, "", MADE, None, &[]), Likeness::Several);
    }

    #[test]
    fn a_part_of_a_thread_is_known_by_the_thread() {
        let of = |id: &str, root: &str| {
            let mut part = post(id, "2026-11-23T12:00:01.000Z", "Más abajo", json!([]));
            part["conversation_id"] = root.into();
            part
        };
        let list = json!({ "data": [of("4", "4"), of("3", "1")] });
        assert_eq!(ours(&list, "Más abajo", MADE, Some("1"), &[]), Likeness::One("3"));
        assert_eq!(ours(&list, "Más abajo", MADE, Some("2"), &[]), Likeness::None);
        assert_eq!(ours(&list, "Más abajo", MADE, None, &[]), Likeness::One("4"), "an answer is no post of its own");
    }
}

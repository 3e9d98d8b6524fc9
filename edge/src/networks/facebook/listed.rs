//! Finds our post among those that a page published lately. Separate because it is a judgement: nothing that we sent is
//! given back, so a post is known again by its words, its time and the app that made it.

use domain::{Millis, Moment};
use serde_json::Value;

/// What is read of each post.
pub const FIELDS: &str = "id,message,created_time,permalink_url,application";

/// How many of them; the most that the interface gives at once.
pub const MOST: &str = "100";

/// How far two clocks may differ.
const SKEW: Millis = Millis::minutes(1);

/// From when on posts are read, in seconds since 1970.
pub fn since(made: Moment) -> i64 {
    made.minus(SKEW).0.div_euclid(1_000)
}

/// What a search came to.
#[derive(Debug, PartialEq)]
pub enum Found<'a> {
    /// One, and no other.
    One(&'a Value),
    /// None.
    None,
    /// Several that look the same: which is ours cannot be proven.
    Several,
}

/// The post of an attempt: it says the same, came since, and is of our app where the network says of which it is.
pub fn ours<'a>(posts: &'a [Value], sent: &str, app: &str, made: Moment) -> Found<'a> {
    let is_ours = |post: &&Value| {
        let then = post["created_time"].as_str().and_then(moment).is_some_and(|at| at.plus(SKEW) >= made);
        let by = post["application"]["id"].as_str().is_none_or(|by| by == app);
        then && by && says(post, sent)
    };
    let mut found = posts.iter().filter(is_ours);
    match (found.next(), found.next()) {
        (Some(one), None) => Found::One(one),
        (None, _) => Found::None,
        (Some(_), Some(_)) => Found::Several,
    }
}

/// Whether a post says what was sent. Blanks do not count: the network puts its own.
pub fn says(post: &Value, sent: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    plain(post["message"].as_str().unwrap_or_default()) == plain(sent)
}

/// An instant as Graph writes it: `2026-11-23T12:00:00+0000`.
fn moment(text: &str) -> Option<Moment> {
    chrono::DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z").ok().map(|at| Moment(at.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use domain::json;

    use super::*;

    const MADE: Moment = Moment(1_795_435_200_000); // 2026-11-23T12:00Z

    fn post(message: &str, at: &str, app: &str) -> Value {
        json!({ "id": "1_1", "message": message, "created_time": at, "application": json!({ "id": app }) })
    }

    #[test]
    fn a_post_is_known_by_its_words_its_time_and_its_app() {
        let found = |one: Value| ours(&[one], "Mañana\n\nhay pleno", "77", MADE) != Found::None;
        assert!(found(post("Mañana hay pleno ", "2026-11-23T12:00:01+0000", "77")));
        assert!(found(post("Mañana hay pleno", "2026-11-23T12:59:30+0100", "77")), "their clock is behind");
        assert!(!found(post("Mañana hay pleno", "2026-11-23T11:58:00+0000", "77")), "before it was tried");
        assert!(!found(post("Hoy hay pleno", "2026-11-23T12:00:01+0000", "77")));
        assert!(!found(post("Mañana hay pleno", "2026-11-23T12:00:01+0000", "78")), "somebody by another app");
        let unsaid = json!({ "id": "1_1", "message": "Mañana hay pleno", "created_time": "2026-11-23T12:00:01+0000" });
        assert!(found(unsaid));
    }

    #[test]
    fn which_of_two_is_ours_nobody_can_prove() {
        let twice = [1, 2].map(|second| post("Pleno", &format!("2026-11-23T12:00:0{second}+0000"), "77"));
        assert_eq!(ours(&twice, "Pleno", "77", MADE), Found::Several);
    }
}

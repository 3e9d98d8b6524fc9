//! Finds our post among those that an account of Meta's networks or a page at LinkedIn published lately. Separate because
//! it is a judgement: nothing that we sent is given back, so a post is known again by its words, its time and the app
//! that made it.

use domain::{Millis, Moment, delivery::Likeness};
use serde_json::Value;

/// How a network names the parts of a post.
pub struct Names {
    /// Its words.
    pub words: &'static str,
    /// When it was made.
    pub at: &'static str,
    /// Where it can be seen.
    pub address: &'static str,
}

/// How many posts are read; the most that the interface gives at once.
pub const MOST: &str = "100";

/// How far two clocks may differ.
const SKEW: Millis = Millis::minutes(1);

/// From when on posts are read, in seconds since 1970.
pub fn since(made: Moment) -> i64 {
    made.minus(SKEW).0.div_euclid(1_000)
}

/// The post of an attempt: it says the same, came since, is of our app where the network says of which it is, and is no other
/// act's (`taken`, by the network's own identities).
pub fn ours<'a>(
    names: &Names,
    posts: &'a [Value],
    sent: &str,
    app: &str,
    made: Moment,
    taken: &[String],
) -> Likeness<&'a Value> {
    let is_ours = |post: &&Value| {
        if is_taken(post, taken) {
            return false;
        }
        let then = at(names, post).is_some_and(|at| at.plus(SKEW) >= made);
        let by = post["application"]["id"].as_str().is_none_or(|by| by == app);
        then && by && says(names, post, sent)
    };
    Likeness::by_words(posts.iter().filter(is_ours), sent)
}

/// Whether a post is what another act brought.
pub fn is_taken(post: &Value, taken: &[String]) -> bool {
    post["id"].as_str().is_some_and(|id| taken.iter().any(|one| one == id))
}

/// Whether a post says what was sent. Blanks do not count: the network puts its own.
pub fn says(names: &Names, post: &Value, sent: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    plain(post[names.words].as_str().unwrap_or_default()) == plain(sent)
}

/// When a post was made, as text or in milliseconds since 1970.
pub fn at(names: &Names, post: &Value) -> Option<Moment> {
    let at = &post[names.at];
    at.as_str().and_then(moment).or_else(|| at.as_i64().map(Moment))
}

/// An instant as Graph writes it: `2026-11-23T12:00:00+0000`.
fn moment(text: &str) -> Option<Moment> {
    chrono::DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z").ok().map(|at| Moment(at.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use domain::json;

    use super::*;

    const NAMES: Names = Names { words: "message", at: "created_time", address: "permalink_url" };
    const MADE: Moment = Moment(1_795_435_200_000); // 2026-11-23T12:00Z

    fn post(message: &str, at: &str, app: &str) -> Value {
        json!({ "id": "1_1", "message": message, "created_time": at, "application": json!({ "id": app }) })
    }

    #[test]
    fn a_post_is_known_by_its_words_its_time_and_its_app() {
        let found = |one: Value| ours(&NAMES, &[one], "Mañana\n\nhay pleno", "77", MADE, &[]) != Likeness::None;
        assert!(found(post("Mañana hay pleno ", "2026-11-23T12:00:01+0000", "77")));
        assert!(found(post("Mañana hay pleno", "2026-11-23T12:59:30+0100", "77")), "their clock is behind");
        assert!(!found(post("Mañana hay pleno", "2026-11-23T11:58:00+0000", "77")), "before it was tried");
        assert!(!found(post("Hoy hay pleno", "2026-11-23T12:00:01+0000", "77")));
        assert!(!found(post("Mañana hay pleno", "2026-11-23T12:00:01+0000", "78")), "somebody by another app");
        let unsaid = json!({ "id": "1_1", "message": "Mañana hay pleno", "created_time": "2026-11-23T12:00:01+0000" });
        assert!(found(unsaid));
    }

    #[test]
    fn a_picture_without_words_is_not_known_by_having_none() {
        let wordless = json!({ "id": "1_1", "created_time": "2026-11-23T12:00:01+0000" });
        assert_eq!(ours(&NAMES, &[wordless], "", "77", MADE, &[]), Likeness::Several);
        let told = [post("Mañana hay pleno", "2026-11-23T12:00:01+0000", "77")];
        assert_eq!(ours(&NAMES, &told, "", "77", MADE, &[]), Likeness::None);
    }

    #[test]
    fn which_of_two_is_ours_nobody_can_prove() {
        let mut twice = [1, 2].map(|second| post("Pleno", &format!("2026-11-23T12:00:0{second}+0000"), "77"));
        twice[1]["id"] = "1_2".into();
        let of = |taken: &[&str]| {
            let taken: Vec<String> = taken.iter().map(|id| (*id).to_owned()).collect();
            ours(&NAMES, &twice, "Pleno", "77", MADE, &taken)
        };
        assert_eq!(of(&["1_7"]), Likeness::Several);
        // But what another act has a receipt of is that one's.
        assert_eq!(of(&["1_1"]), Likeness::One(&twice[1]));
        assert_eq!(of(&["1_1", "1_2"]), Likeness::None);
    }
}

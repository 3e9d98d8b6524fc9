//! What an instance says of itself: whether it speaks Mastodon's interface, and what it allows.
//! Separate because servers answer in two generations of it, and some in neither.

use domain::{Limits, Network, PictureType, Refusal, poll, repeats};
use serde_json::Value;

use crate::{
    app::App,
    outbound::{self, Address, Call},
};

/// What an instance says of itself.
pub struct Instance {
    /// What it allows.
    pub limits: Limits,
    /// The version of Mastodon that it runs, if it surely runs Mastodon itself.
    pub mastodon: Option<String>,
}

/// Asks an instance what it is.
///
/// # Errors
/// `OtherServer` if it is none; `NetworkSays` if it could not be asked.
pub async fn ask(app: &App, server: &Address) -> Result<Instance, Refusal> {
    for path in ["/api/v2/instance", "/api/v1/instance"] {
        let answer = outbound::send(app, Call::get(server.at(path))).await?;
        if matches!(answer.status, 429 | 500..=599) {
            return Err(Refusal::NetworkSays { message: answer.words() });
        }
        // The second generation says `domain`, the first `uri`: any JSON could have a `title`.
        let body =
            answer.json().filter(|body| answer.is_success() && (body["domain"].is_string() || body["uri"].is_string()));
        if let Some(body) = body {
            return Ok(Instance { limits: read(&body), mastodon: mastodon(&body) });
        }
    }
    Err(Refusal::OtherServer { network: Network::Mastodon })
}

/// The version in an instance's answer, where it is Mastodon's own. The first generation does not say where its source is: of
/// those it is not known.
fn mastodon(instance: &Value) -> Option<String> {
    let text = |name: &str| instance[name].as_str().unwrap_or_default();
    repeats::of_mastodon(text("version"), text("source_url")).map(ToOwned::to_owned)
}

/// The limits in an instance's answer; what it does not say is Mastodon's default.
pub fn read(instance: &Value) -> Limits {
    let mut limits = Network::Mastodon.limits();
    let configuration = &instance["configuration"];
    let number = |group: &str, name: &str| {
        let value = configuration[group][name].as_u64().filter(|value| *value > 0);
        value.map(|value| u32::try_from(value).unwrap_or(u32::MAX))
    };
    let (statuses, media) = ("statuses", "media_attachments");
    // `max_toot_chars` is how servers said it before there was a `configuration`.
    let old = instance["max_toot_chars"].as_u64().and_then(|value| u32::try_from(value).ok());
    limits.text = number(statuses, "max_characters").or(old).unwrap_or(limits.text);
    limits.link_counts = number(statuses, "characters_reserved_per_url").unwrap_or(limits.link_counts);
    limits.pictures = number(statuses, "max_media_attachments").unwrap_or(limits.pictures);
    limits.alt_text = number(media, "description_limit").unwrap_or(limits.alt_text);
    limits.picture_bytes = number(media, "image_size_limit").unwrap_or(limits.picture_bytes);
    limits.picture_pixels = number(media, "image_matrix_limit").or(limits.picture_pixels);
    limits.video_bytes = number(media, "video_size_limit");
    limits.polls = polls(&number);
    if let Some(types) = configuration[media]["supported_mime_types"].as_array().filter(|types| !types.is_empty()) {
        let taken = |kind: &PictureType| types.iter().any(|mime| mime == kind.mime());
        limits.picture_types.retain(taken);
    }
    limits
}

/// What it says of polls, which is in seconds; nothing if it says nothing of them.
fn polls(number: &impl Fn(&str, &str) -> Option<u32>) -> Option<poll::Takes> {
    let of = |name| number("polls", name);
    let (answers, characters) = (of("max_options"), of("max_characters_per_option"));
    let (least, most) = (of("min_expiration"), of("max_expiration"));
    answers.or(characters).or(least).or(most)?;
    let house = poll::takes(Network::Mastodon)?;
    Some(poll::Takes {
        answers: answers.unwrap_or(house.answers),
        characters: characters.unwrap_or(house.characters),
        // Whole minutes are chosen: within what it takes, never over it.
        least_minutes: least.map_or(house.least_minutes, |seconds| seconds.div_ceil(60)),
        most_minutes: most.map_or(house.most_minutes, |seconds| seconds / 60),
        ..house
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_instance_s_own_numbers_count() {
        let limits = read(&json!({ "domain": "m.es", "configuration": {
            "statuses": { "max_characters": 5_000, "max_media_attachments": 6, "characters_reserved_per_url": 30 },
            "media_attachments": { "description_limit": 2_000, "image_size_limit": 8_388_608,
                "supported_mime_types": ["image/jpeg", "image/png", "video/mp4"] },
        } }));
        assert_eq!((limits.text, limits.pictures, limits.link_counts, limits.alt_text), (5_000, 6, 30, 2_000));
        assert_eq!((limits.picture_bytes, limits.picture_types.len()), (8_388_608, 2));
    }

    #[test]
    fn what_it_says_of_polls_is_read_in_whole_minutes() {
        let of = |polls: Value| read(&json!({ "domain": "m.es", "configuration": { "polls": polls } })).polls;
        let said = of(json!({ "max_options": 4, "max_characters_per_option": 50, "min_expiration": 300,
            "max_expiration": 2_629_746 }));
        assert_eq!(said, poll::takes(Network::Mastodon), "Mastodon's own defaults");
        let own = of(json!({ "max_options": 20, "min_expiration": 61, "max_expiration": 119 })).unwrap();
        assert_eq!((own.answers, own.characters, own.least_minutes, own.most_minutes), (20, 50, 2, 1));
        assert_eq!((of(Value::Null), of(json!({ "max_options": 0 }))), (None, None));
    }

    #[test]
    fn whose_software_it_is_is_believed_of_mastodon_alone() {
        let of = |version: &str, source: &str| mastodon(&json!({ "version": version, "source_url": source }));
        assert_eq!(of("4.6.0", "https://github.com/mastodon/mastodon").as_deref(), Some("4.6.0"));
        assert_eq!(of("2.7.2 (compatible; Pleroma 2.5.0)", "https://git.pleroma.social/pleroma/pleroma"), None);
        assert_eq!(mastodon(&json!({ "uri": "m.es", "version": "4.6.0" })), None);
    }

    #[test]
    fn what_it_does_not_say_is_the_default() {
        assert_eq!(read(&json!({ "uri": "m.es" })), Network::Mastodon.limits());
        assert_eq!(read(&json!({ "uri": "m.es", "max_toot_chars": 11_000 })).text, 11_000);
        assert_eq!(read(&json!({ "configuration": { "statuses": { "max_characters": 0 } } })).text, 500);
    }
}

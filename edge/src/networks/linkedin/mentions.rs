//! The pages that a post mentions, looked up by what their addresses end in (LinkedIn's Organization Lookup, read 2026-11-29): once
//! while a post is written, to learn how each is called, and once before it goes out, to learn how it is numbered. Separate from what
//! goes out: here other people's pages are read, and nothing is made.

use domain::{
    ChannelId, Network as Name, OrganisationId, Refusal,
    delivery::Outcome,
    mentions::{Missed, Page, is_name},
    text::little,
};
use serde_json::Value;

use super::{DOOR, Errand, Session, Weight, get, outcome};
use crate::{
    app::App,
    networks::{meta::connect::says, oauth::is_number},
    outbound::Address,
};

/// The words of a post for the interface, and whom they do not mention though that was agreed to.
pub(super) struct Words {
    /// As the interface takes them.
    pub text: String,
    /// The pages that their names do not lead to.
    pub missed: Vec<Missed>,
}

/// The words of a post for the interface. A page that does not bear the name any more that was agreed to, or cannot be read, is not
/// mentioned: not a letter of what readers see is another, and nothing waits for it. But a mention that works in what stands there
/// (`standing`, its `commentary`; empty where nothing is out) is not lost because nobody could ask: that is a safe step that failed.
///
/// # Errors
/// An outcome that ends the errand: LinkedIn is away, the access is no longer valid, or a mention that works would be lost.
pub(super) async fn words(errand: &Errand<'_>, session: &mut Session<'_>, standing: &str) -> Result<Words, Outcome> {
    let sent = errand.rendition.as_sent(Name::Linkedin);
    let Some(mentions) = &errand.rendition.mentions else {
        return Ok(Words { text: little::written(&sent), missed: Vec::new() });
    };
    let led = little::leads(standing);
    let (mut numbers, mut missed) = (Vec::new(), Vec::new());
    for place in mentions.places(&sent) {
        let to = finder(&session.server, place.page.short);
        let answer = session.call(Weight::Safe, get(to)).await?;
        if answer.status == 401 || answer.status >= 500 {
            return Err(outcome(Weight::Safe, &answer));
        }
        let said = answer.json().filter(|said| answer.is_success() && said["elements"].is_array());
        match said.map(|said| number(&said, &place.page)) {
            Some(Some(number)) => numbers.push((place.page, number)),
            Some(None) => missed.push(of(&place.page, true, String::new())),
            None if answer.status == 404 => missed.push(of(&place.page, true, String::new())),
            None if led.iter().any(|(name, _)| name == place.page.name) => {
                return Err(Outcome::NotSent { message: answer.words() });
            }
            None => missed.push(of(&place.page, false, answer.words())),
        }
    }
    let known = |page: &Page<'_>| numbers.iter().find(|(other, _)| other == page).map(|(_, number)| number.clone());
    Ok(Words { text: little::mentioning(&sent, mentions, known), missed })
}

/// The pages that a post which stands there was to lead to and does not, by its `commentary`: nobody heard why.
pub(super) fn missing(errand: &Errand<'_>, commentary: &str) -> Vec<Missed> {
    let Some(mentions) = &errand.rendition.mentions else { return Vec::new() };
    let (sent, led) = (errand.rendition.as_sent(Name::Linkedin), little::leads(commentary));
    let places = mentions.places(&sent).into_iter();
    let missing = places.filter(|place| !led.iter().any(|(name, _)| name == place.page.name));
    missing.map(|place| of(&place.page, false, String::new())).collect()
}

fn of(page: &Page<'_>, renamed: bool, message: String) -> Missed {
    Missed { page: page.written(), renamed, message }
}

/// How many calls [`words()`] makes for a post.
pub(super) fn spend(errand: &Errand<'_>) -> u32 {
    let places = |mentions: &domain::Mentions| mentions.places(&errand.rendition.as_sent(Name::Linkedin)).len();
    errand.rendition.mentions.as_ref().map_or(0, |mentions| u32::try_from(places(mentions)).unwrap_or(u32::MAX))
}

/// How a page is called whose address ends in this; `None` if there is none.
///
/// # Errors
/// `NetworkSays`; `Unavailable`.
pub async fn seek(
    app: &App,
    org: &OrganisationId,
    channel: &ChannelId,
    settings: &Value,
    short: &str,
) -> Result<Option<String>, Refusal> {
    sought(app, org, channel, settings, short).await.map_err(says)
}

async fn sought(
    app: &App,
    org: &OrganisationId,
    channel: &ChannelId,
    settings: &Value,
    short: &str,
) -> Result<Option<String>, Outcome> {
    let mut session = Session::open(&DOOR, app, org, channel, settings).await?;
    let to = finder(&session.server, short);
    let answer = session.call(Weight::Safe, get(to)).await?;
    if answer.status == 404 {
        return Ok(None);
    }
    let said = session.taken(Weight::Safe, &answer)?;
    Ok(bearing(&said, short).map(|(_, name)| name.to_owned()).find(|name| is_name(name)))
}

fn finder(server: &Address, short: &str) -> Address {
    server.at("/rest/organizations").with("q", "vanityName").with("vanityName", short)
}

/// The number of a page, if one of those that were found bears its name letter by letter.
fn number(said: &Value, page: &Page<'_>) -> Option<String> {
    bearing(said, page.short).find(|(_, name)| *name == page.name).map(|(number, _)| number)
}

/// Of what was found, the pages whose address ends in this, by number and name: a page and a page of a page may share it.
fn bearing<'a>(said: &'a Value, short: &'a str) -> impl Iterator<Item = (String, &'a str)> {
    said["elements"].as_array().into_iter().flatten().filter_map(move |one| {
        let is_it = one["vanityName"].as_str().is_some_and(|name| name.to_lowercase() == short);
        let number = one["id"].as_u64().map(|number| number.to_string()).filter(|number| is_number(number));
        number.filter(|_| is_it).zip(one["localizedName"].as_str())
    })
}

#[cfg(test)]
mod tests {
    use domain::json;

    use super::*;

    #[test]
    fn a_page_is_known_by_its_address_and_its_name_letter_by_letter() {
        let one = |id: Value, name: &str, short: &str| json!({ "id": id, "localizedName": name, "vanityName": short });
        let said = json!({ "elements": [
            one(json!("7/../8"), "Villa Serena", "villa-serena"),
            one(json!(9), "Villa Serena", "otra"),
            one(json!(10), "Villa Serena (Turismo)", "villa-serena"),
            one(json!(11), "Villa Serena", "Villa-Serena"),
        ] });
        let number = |name: &str| super::number(&said, &Page { short: "villa-serena", name });
        assert_eq!(number("Villa Serena").as_deref(), Some("11"));
        assert_eq!(number("Villa Serena (Turismo)").as_deref(), Some("10"));
        assert_eq!((number("VILLA SERENA"), number("Villa Serena ")), (None, None));
        let first = bearing(&said, "villa-serena").next();
        assert_eq!(first, Some(("10".to_owned(), "Villa Serena (Turismo)")));
        assert_eq!(bearing(&Value::Null, "villa-serena").next(), None);
    }
}

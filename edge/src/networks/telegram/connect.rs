//! Connecting a channel of Telegram: the bot's token, and what the bot may do there. Separate from the adapter: this
//! is asked once, by a person, who is told what is missing.

use domain::{Network, Refusal, delivery::Outcome, json};
use serde_json::Value;

use super::Bot;
use crate::{
    app::App,
    networks::{Account, Weight},
    outbound::Address,
    vault::{Kind, Secret},
};

/// A channel as its bot sees it.
pub struct Place {
    /// Its number, as text.
    pub chat: String,
    /// Whether the bot may post, edit and delete there.
    pub may_all: bool,
    title: String,
    username: Option<String>,
}

impl Place {
    /// As the network writes it; a private channel has only a title.
    pub fn handle(&self) -> String {
        self.username.as_ref().map_or_else(|| self.title.clone(), |name| format!("@{name}"))
    }
}

/// Whether a text can be the name of a channel: five to thirty-two letters, digits and underscores.
pub fn is_name(text: &str) -> bool {
    (5..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A channel as a person writes it: `@name`, `name`, its address, or the number of a private one.
fn chat_of(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("https://").unwrap_or(text);
    let text = text.strip_prefix("t.me/").or_else(|| text.strip_prefix("telegram.me/")).unwrap_or(text);
    let name = text.trim_start_matches('@').trim_end_matches('/');
    if name.strip_prefix("-100").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit())) {
        return Some(name.to_owned());
    }
    is_name(name).then(|| format!("@{name}"))
}

/// Whether a text can be the token that BotFather gave: a number, a colon, and letters.
fn is_token(text: &str) -> bool {
    text.split_once(':').is_some_and(|(id, rest)| {
        let of = |text: &str, allowed: fn(&u8) -> bool| !text.is_empty() && text.as_bytes().iter().all(allowed);
        of(id, u8::is_ascii_digit) && of(rest, |b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    })
}

/// Reads the channel, and what the bot may do there.
///
/// # Errors
/// An outcome.
pub async fn look_at(bot: &Bot<'_>, chat: &str) -> Result<Place, Outcome> {
    let me = bot.ask(Weight::Safe, bot.method("getMe")).await?;
    let there = bot.ask(Weight::Safe, bot.method("getChat").json(&json!({ "chat_id": chat }))).await?;
    let body = json!({ "chat_id": chat, "user_id": me["id"] });
    let member = bot.ask(Weight::Safe, bot.method("getChatMember").json(&body)).await?;
    Ok(place(&there, &member))
}

fn place(chat: &Value, member: &Value) -> Place {
    let rights = ["can_post_messages", "can_edit_messages", "can_delete_messages"];
    let text = |name: &str| chat[name].as_str().map(ToOwned::to_owned);
    Place {
        chat: chat["id"].as_i64().unwrap_or_default().to_string(),
        may_all: chat["type"] == "channel"
            && member["status"] == "administrator"
            && rights.iter().all(|right| member[*right] == true),
        title: text("title").unwrap_or_default(),
        username: text("username").filter(|name| is_name(name)),
    }
}

/// Connects a channel; answers it and its secret.
///
/// # Errors
/// `Malformed`; `ForbiddenAddress`; `LacksRights` if the bot may not post, edit and delete there; `NetworkSays` with
/// Telegram's own words.
pub async fn connect(
    app: &App,
    server: &str,
    channel: &str,
    token: &Secret,
) -> Result<(Account, Vec<(Kind, Secret)>), Refusal> {
    let malformed = |field: &str| Refusal::Malformed { field: field.to_owned() };
    let chat = chat_of(channel).ok_or_else(|| malformed("channel"))?;
    if !is_token(token.reveal()) {
        return Err(malformed("bot_token"));
    }
    let server = Address::typed(server)?.at("/");
    let bot = Bot::new(app, server.clone(), token.clone());
    let place = look_at(&bot, &chat).await.map_err(|outcome| match outcome {
        Outcome::Unauthorised { message, .. }
        | Outcome::Refused { message, .. }
        | Outcome::NotSent { message }
        | Outcome::Preparing { message }
        | Outcome::Throttled { message, .. }
        | Outcome::NoAnswer { message, .. } => Refusal::NetworkSays { message },
        Outcome::Accepted(_) | Outcome::Handed => Refusal::OtherServer { network: Network::Telegram },
    })?;
    if !place.may_all {
        return Err(Refusal::LacksRights { network: Network::Telegram });
    }
    let account = Account {
        address: place.username.as_ref().map(|name| format!("https://t.me/{name}")).unwrap_or_default(),
        handle: place.handle(),
        name: place.title,
        limits: Network::Telegram.limits(),
        // By its number: a name can be given to somebody else.
        expires: None,
        settings: json!({ "account": place.chat, "chat": place.chat, "server": server.origin() }),
        account: place.chat,
    };
    Ok((account, vec![(Kind::Token, token.clone())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_is_written_in_many_ways() {
        for text in ["@villaserena", " villaserena ", "https://t.me/villaserena/", "t.me/villaserena"] {
            assert_eq!(chat_of(text).as_deref(), Some("@villaserena"), "{text}");
        }
        assert_eq!(chat_of("-1001234567").as_deref(), Some("-1001234567"));
        for text in ["", "a", "-100", "-5", "villa serena", "https://t.me/+AbCdEf", "../getMe"] {
            assert_eq!(chat_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_token_cannot_lead_elsewhere() {
        assert!(is_token("110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"));
        for text in ["", "1:", ":a", "1:a/../b", "1:a?b", "a:b", "1:é"] {
            assert!(!is_token(text), "{text}");
        }
    }

    #[test]
    fn a_bot_needs_all_three_rights_in_a_channel() {
        let chat = |kind: &str| json!({ "id": -1_001, "type": kind, "title": "Villa", "username": "villaserena" });
        let all = json!({ "status": "administrator", "can_post_messages": true, "can_edit_messages": true, "can_delete_messages": true });
        assert!(place(&chat("channel"), &all).may_all);
        assert!(!place(&chat("supergroup"), &all).may_all);
        let mut less = all;
        less["can_delete_messages"] = false.into();
        assert!(!place(&chat("channel"), &less).may_all);
        assert_eq!(place(&chat("channel"), &less).handle(), "@villaserena");
    }
}

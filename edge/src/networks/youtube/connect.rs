//! Which channel an access opens, whether it still does, and giving it back. Separate from the adapter: this is asked when a
//! person has agreed, and by the hour.

use domain::{ChannelId, Network, OrganisationId, Refusal, delivery::Outcome};
use serde_json::Value;

use super::{
    super::{
        Checked, Finished, Weight,
        meta::connect::says,
        oauth::{
            Client, Session, Tokens,
            connect::{self, Offered},
        },
    },
    DOOR, outcome,
    video::is_channel,
};
use crate::{
    app::App,
    caller::Caller,
    outbound::{self, Address, Call},
    vault::{Keyring, Kind},
};

/// The channels of whoever agreed: one, for Google asks which before it sends them back.
fn channels(server: &Address) -> Call {
    Call::get(server.at("/youtube/v3/channels").with("part", "snippet").with("mine", "true"))
}

fn offered(said: &Value) -> Vec<Offered> {
    let channel = |one: &Value| {
        let id = one["id"].as_str().filter(|id| is_channel(id))?;
        let text = |name: &str| one["snippet"][name].as_str().filter(|text| !text.trim().is_empty());
        let name = text("title").unwrap_or(id);
        let address = ["https://www.youtube.com/channel/", id].concat();
        let handle = text("customUrl").unwrap_or(name).to_owned();
        Some(Offered { id: id.to_owned(), name: name.to_owned(), handle, address, comments_closed: false })
    };
    said["items"].as_array().into_iter().flatten().filter_map(channel).collect()
}

/// Finishes: exchanges the code for an access, and asks which channel it opens.
///
/// # Errors
/// As [`connect::exchange`]; `NoPages` where the person has none; `OtherServer` where nothing renews the access.
pub async fn finish(app: &App, caller: &Caller, state: &str, code: &str) -> Result<Finished, Refusal> {
    let (mut way, access) = connect::exchange(app, caller, &DOOR, state, code).await?;
    if way.tokens().and_then(Tokens::refresh).is_none() {
        return Err(Refusal::OtherServer { network: Network::Youtube });
    }
    let server = DOOR.server(caller.org(), DOOR.interface)?;
    let answer = outbound::send(app, channels(&server).bearer(&access)).await?;
    let body = answer.json().filter(|_| answer.is_success());
    way.offered = offered(&body.ok_or_else(|| says(outcome(Weight::Safe, &answer)))?);
    connect::offer(app, caller, &DOOR, way).await
}

/// Asks whether the access still opens the channel. Nothing is written.
///
/// # Errors
/// `Unavailable`.
pub async fn check(app: &App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Checked, Refusal> {
    let asked = async {
        let mut session = Session::open(&DOOR, app, org, channel, settings).await?;
        let call = channels(&session.server);
        let said = session.ask(Weight::Safe, call).await?;
        let ours = offered(&said).into_iter().find(|one| one.id == session.account);
        let ours = ours.ok_or_else(|| {
            let message = "the access no longer opens the channel".to_owned();
            Outcome::Unauthorised { message, status: 401 }
        })?;
        Ok::<_, Outcome>((ours.handle, session.tokens.last_until()))
    };
    Ok(match asked.await {
        Ok((handle, expires)) => Checked::Works { handle, limits: None, expires, settings: settings.clone() },
        Err(outcome) => Checked::from(outcome),
    })
}

/// Gives the access back. Best effort: the secrets are destroyed either way.
pub async fn disconnect(app: &App, org: &OrganisationId, keys: &Keyring) {
    let (Some((tokens, _)), Some(client)) = (keys.get(Kind::Session), Client::of(keys)) else { return };
    let [at, _] = DOOR.grants;
    let Ok(server) = DOOR.server(org, at) else { return };
    let Some(token) = crate::tree::read::<Tokens>(tokens.reveal()).ok().and_then(|tokens| tokens.refresh()) else {
        return;
    };
    let call = DOOR.signed(&client, server.at("/revoke"), &[("token", token.reveal())]).hiding(&token);
    let _ = outbound::send(app, call).await;
}

#[cfg(test)]
mod tests {
    use domain::json;

    use super::*;

    #[test]
    fn a_channel_is_offered_by_its_title_and_its_handle() {
        let snippet = json!({ "title": "Villa Serena", "customUrl": "@villaserena" });
        let id = "UCabcdefghijklmnopqrstuv";
        let items = json!([json!({ "id": id, "snippet": snippet }), json!({ "id": "../etc" })]);
        let found = offered(&json!({ "items": items }));
        let shown: Vec<_> = found.iter().map(|one| (&*one.id, &*one.name, &*one.handle)).collect();
        assert_eq!(shown, [(id, "Villa Serena", "@villaserena")]);
        assert_eq!(offered(&json!({ "kind": "youtube#channelListResponse" })).len(), 0, "a person without a channel");
    }
}

//! Whose account an access opens, whether it still does, and giving it back. Separate from the adapter: this is asked when a
//! person has agreed, and by the hour.

use domain::{ChannelId, Limits, Network as Name, OrganisationId, Refusal, delivery::Outcome};
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
    DOOR, ask,
    post::{is_account, is_name},
    taken,
};
use crate::{
    app::App,
    caller::Caller,
    outbound::{self, Address, Answer, Call},
    vault::{Keyring, Kind},
};

fn person(server: &Address) -> Call {
    Call::get(server.at("/v2/user/info/").with("fields", "open_id,display_name"))
}

fn creator(server: &Address) -> Call {
    Call::post(server.at("/v2/post/publish/creator_info/query/")).json(&domain::json!({}))
}

/// An account: by its number here, and by the name that readers see.
fn offered(person: &Value, creator: &Value) -> Option<Offered> {
    let id = person["user"]["open_id"].as_str().filter(|id| is_account(id))?;
    let name = creator["creator_username"].as_str().filter(|name| is_name(name))?;
    let title = person["user"]["display_name"].as_str().filter(|text| !text.trim().is_empty()).unwrap_or(name);
    let address = ["https://www.tiktok.com/@", name].concat();
    let (handle, comments_closed) = (["@", name].concat(), creator["comment_disabled"] == true);
    Some(Offered { id: id.to_owned(), name: title.to_owned(), handle, address, comments_closed })
}

/// Finishes: exchanges the code for an access, and asks whose account it opens.
///
/// # Errors
/// As [`connect::exchange`]; `NoPages` where it opens none.
pub async fn finish(app: &App, caller: &Caller, state: &str, code: &str) -> Result<Finished, Refusal> {
    let (mut way, access) = connect::exchange(app, caller, &DOOR, state, code).await?;
    let server = DOOR.server(caller.org(), DOOR.interface)?;
    let read = |answer: Answer| taken(Weight::Safe, &answer).map_err(says);
    let person = read(outbound::send(app, person(&server).bearer(&access)).await?)?;
    let creator = read(outbound::send(app, creator(&server).bearer(&access)).await?)?;
    way.offered = offered(&person, &creator).into_iter().collect();
    connect::offer(app, caller, &DOOR, way).await
}

/// Asks whether the access still opens the account and may publish there. Nothing is written.
///
/// # Errors
/// `Unavailable`.
pub async fn check(app: &App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Checked, Refusal> {
    let asked = async {
        let mut session = Session::open(&DOOR, app, org, channel, settings).await?;
        let call = person(&session.server);
        let person = taken(Weight::Safe, &session.call(Weight::Safe, call).await?)?;
        let creator = ask(&mut session, Weight::Safe, "/creator_info/query/", &domain::json!({})).await?;
        let ours = offered(&person, &creator).filter(|one| one.id == session.account);
        let ours = ours.ok_or_else(|| {
            let message = "the access no longer opens the account".to_owned();
            Outcome::Unauthorised { message, status: 401 }
        })?;
        let limits = Limits { comments_closed: ours.comments_closed, ..Name::Tiktok.limits() };
        Ok::<_, Outcome>((ours.handle, limits, session.tokens.last_until()))
    };
    Ok(match asked.await {
        Ok((handle, limits, expires)) => {
            Checked::Works { handle, limits: Some(limits), expires, settings: settings.clone() }
        }
        Err(outcome) => Checked::from(outcome),
    })
}

/// Gives the access back. Best effort: the secrets are destroyed either way.
pub async fn disconnect(app: &App, org: &OrganisationId, keys: &Keyring) {
    let (Some((tokens, _)), Some(client)) = (keys.get(Kind::Session), Client::of(keys)) else { return };
    let Ok(server) = DOOR.server(org, DOOR.interface) else { return };
    let Ok(tokens) = crate::tree::read::<Tokens>(tokens.reveal()) else { return };
    let token = tokens.access();
    let call = DOOR.signed(&client, server.at("/v2/oauth/revoke/"), &[("token", token.reveal())]).hiding(&token);
    let _ = outbound::send(app, call).await;
}

//! Which pages a person may publish on, which of them is connected, and whether that still holds. Separate from the
//! adapter: here a person's role is looked at, there only what goes out.
//!
//! An access is a person's, and opens every page on which they have the role. It is not given back when a channel is
//! disconnected: what LinkedIn would take back with it (the other pages of the same person) is written nowhere.

use domain::{ChannelId, Moment, OrganisationId, Refusal, delivery::Outcome};
use serde_json::Value;

use super::{
    super::{
        Checked, Finished, Weight,
        meta::connect::says,
        oauth::{
            Session,
            connect::{self, Offered},
            is_number,
        },
    },
    DOOR, get, outcome, posts,
};
use crate::{
    app::App,
    caller::Caller,
    outbound::{self, Address},
    vault::Secret,
};

/// The roles that publish for a page (LinkedIn's guides name the second in both ways, 2026-11-29).
const ROLES: [&str; 3] = ["ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN"];

/// The most pages that are offered.
const MOST_PAGES: &str = "100";

/// Finishes: exchanges the code for an access, and asks which pages it opens.
///
/// # Errors
/// As [`connect::exchange`]; `NoPages`.
pub async fn finish(app: &App, caller: &Caller, state: &str, code: &str) -> Result<Finished, Refusal> {
    let (mut way, access) = connect::exchange(app, caller, &DOOR, state, code).await?;
    let server = DOOR.server(caller.org(), DOOR.interface)?;
    let ids = publishable(&read(app, roles(&server), &access).await?);
    if ids.is_empty() {
        return Err(Refusal::NoPages);
    }
    let list = server.at(&["/rest/organizations?ids=List(", &ids.join(","), ")"].concat());
    let said = read(app, list, &access).await?;
    way.offered = ids.iter().filter_map(|id| page(id, &said["results"][id])).collect();
    connect::offer(app, caller, &DOOR, way).await
}

async fn read(app: &App, address: Address, access: &Secret) -> Result<Value, Refusal> {
    let answer = outbound::send(app, get(address).bearer(access)).await?;
    let body = answer.json().filter(|_| answer.is_success());
    body.ok_or_else(|| says(outcome(Weight::Safe, &answer)))
}

/// The roles that a person has.
fn roles(server: &Address) -> Address {
    server.at("/rest/organizationAcls").with("q", "roleAssignee").with("state", "APPROVED").with("count", MOST_PAGES)
}

/// The pages on which one may publish, by their numbers, each once.
fn publishable(said: &Value) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for one in said["elements"].as_array().into_iter().flatten() {
        let role = one["role"].as_str().unwrap_or_default();
        let named = one["organization"].as_str().or_else(|| one["organizationTarget"].as_str());
        let id = named.and_then(|urn| urn.strip_prefix("urn:li:organization:")).filter(|id| is_number(id));
        if let Some(id) =
            id.filter(|id| one["state"] == "APPROVED" && ROLES.contains(&role) && !ids.iter().any(|i| i == id))
        {
            ids.push(id.to_owned());
        }
    }
    ids
}

/// A page by its number, if it is one that can be seen.
fn page(id: &str, said: &Value) -> Option<Offered> {
    let name = said["localizedName"].as_str().filter(|name| !name.trim().is_empty())?.to_owned();
    let is_plain =
        |text: &&str| text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.'));
    let short = said["vanityName"].as_str().filter(|short| !short.is_empty()).filter(is_plain);
    let address = ["https://www.linkedin.com/company/", short.unwrap_or(id), "/"].concat();
    Some(Offered { id: id.to_owned(), handle: handle(short, &name), name, address, comments_closed: false })
}

/// A page as its address writes it.
fn handle(short: Option<&str>, name: &str) -> String {
    short.map_or_else(|| name.to_owned(), |short| ["company/", short].concat())
}

/// Asks whether the access still carries every permission and the person still has the role, without writing anything.
///
/// # Errors
/// `Unavailable`.
pub async fn check(app: &App, org: &OrganisationId, channel: &ChannelId, settings: &Value) -> Result<Checked, Refusal> {
    Ok(match checked(app, org, channel, settings).await {
        Ok((handle, expires)) => Checked::Works { handle, limits: None, expires, settings: settings.clone() },
        Err(outcome) => Checked::from(outcome),
    })
}

async fn checked(
    app: &App,
    org: &OrganisationId,
    channel: &ChannelId,
    settings: &Value,
) -> Result<(String, Option<Moment>), Outcome> {
    let mut session = Session::open(&DOOR, app, org, channel, settings).await?;
    // First what renews an access that has ended.
    let said = session.ask(Weight::Safe, get(roles(&session.server))).await?;
    if !publishable(&said).contains(&session.account) {
        return Err(refused("the person may no longer publish on the page"));
    }
    let access = session.tokens.access();
    let [at, _] = DOOR.grants;
    let address = DOOR.server(org, at).map_err(super::super::unavailable)?.at("/oauth/v2/introspectToken");
    let call = DOOR.signed(&session.client, address, &[("token", access.reveal())]).hiding(&access);
    let answer = outbound::send(app, call).await.map_err(|trouble| Weight::Safe.of_trouble(trouble))?;
    let said = session.taken(Weight::Safe, &answer)?;
    let carried: Vec<&str> = said["scope"].as_str().unwrap_or_default().split([' ', ',']).collect();
    if said["active"] != true {
        return Err(refused("the access is no longer valid"));
    }
    if let Some(missing) = DOOR.scopes.iter().find(|scope| !carried.contains(scope)) {
        return Err(refused(&format!("the permission {missing} is missing")));
    }
    let page = session.server.at(&["/rest/organizations/", &session.account].concat());
    let said = session.ask(Weight::Safe, get(page)).await?;
    let handle = self::page(&session.account, &said).map(|page| page.handle);
    let handle = handle.ok_or(Outcome::NotSent { message: posts::STRANGE.to_owned() })?;
    Ok((handle, session.tokens.last_until()))
}

fn refused(message: &str) -> Outcome {
    Outcome::Unauthorised { message: message.to_owned(), status: 401 }
}

#[cfg(test)]
mod tests {
    use domain::json;

    use super::*;

    #[test]
    fn a_page_is_offered_only_to_who_may_publish_on_it() {
        let role = |id: &str, role: &str, state: &str| {
            let urn = posts::organisation(id);
            json!({ "organization": urn, "role": role, "state": state, "roleAssignee": "urn:li:person:a" })
        };
        let said = json!({ "elements": [
            role("1", "ADMINISTRATOR", "APPROVED"),
            role("1", "CONTENT_ADMINISTRATOR", "APPROVED"),
            role("2", "ANALYST", "APPROVED"),
            role("3", "ADMINISTRATOR", "REVOKED"),
            role("../4", "ADMINISTRATOR", "APPROVED"),
            role("5", "CONTENT_ADMINISTRATOR", "APPROVED"),
        ] });
        assert_eq!(publishable(&said), ["1", "5"]);
    }

    #[test]
    fn a_page_without_a_short_name_goes_by_its_name() {
        let of = |said: Value| page("12", &said).map(|page| (page.handle, page.address));
        let named = of(json!({ "localizedName": "Villa Serena", "vanityName": "villa-serena" })).unwrap();
        assert_eq!(
            named,
            ("company/villa-serena".to_owned(), "https://www.linkedin.com/company/villa-serena/".to_owned())
        );
        let plain = of(json!({ "localizedName": "Villa Serena", "vanityName": "a/../b" })).unwrap();
        assert_eq!(plain, ("Villa Serena".to_owned(), "https://www.linkedin.com/company/12/".to_owned()));
        assert_eq!(of(Value::Null), None);
    }
}

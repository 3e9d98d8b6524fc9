//! Connecting a page, or the account of Instagram that is linked to one: the organisation's own developer app asks, a person
//! agrees in their browser, and where they may write on several they choose one. Separate from the adapters: this is a
//! conversation with a person in it.
//!
//! Facebook takes no PKCE from a server that has a secret; the state belongs to one session, and works once.

use domain::{ChannelId, Millis, Moment, Network, OrganisationId, Refusal, delivery::Outcome, json, record};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    super::{Account, Checked, Connection, Finished, instagram, threads},
    Graph, by_page, is_node, lasting, moment, no_access, server_of,
};
use crate::{
    app::App,
    caller::Caller,
    outbound::Address,
    store::secrets::{self, Flow},
    vault::{self, Keyring, Kind, Secret},
};

/// What we ask for, and no more: to see which pages there are, to read one's posts, to write and delete ours.
const PAGES: [&str; 3] = ["pages_show_list", "pages_read_engagement", "pages_manage_posts"];

/// The same of an account of Instagram, which is found by its page.
const ACCOUNTS: [&str; 5] = [
    "pages_show_list",
    "pages_read_engagement",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_contents",
];

/// The same of a profile of Threads. The last is for looking up whether the part of a thread went out whose answer was lost.
const PROFILES: [&str; 4] = ["threads_basic", "threads_content_publish", "threads_delete", "threads_read_replies"];

/// The same of an account of Instagram by its own login. There is none for taking down: that is a person's.
const BY_ITSELF: [&str; 2] = ["instagram_business_basic", "instagram_business_content_publish"];

/// What is asked for too, and not needed for anything but a first comment: who does not give it publishes all the same, and so does an
/// access of before it was asked for.
const fn beside(network: Network, itself: bool) -> Option<&'static str> {
    match network {
        Network::Instagram if itself => Some("instagram_business_manage_comments"),
        Network::Facebook => Some("pages_manage_engagement"),
        Network::Instagram => Some("instagram_manage_comments"),
        _ => None,
    }
}

fn scopes(network: Network) -> &'static [&'static str] {
    match network {
        Network::Instagram => &ACCOUNTS,
        Network::Threads => &PROFILES,
        _ => &PAGES,
    }
}

/// Which of the tasks that a person has on a page lets them publish there.
const TASK: &str = "CREATE_CONTENT";

/// How long the person has to agree at the network, and then to choose.
const PATIENCE: Millis = Millis::minutes(10);

/// The most pages that are offered; the most that the interface gives at once.
const MOST_PAGES: &str = "100";

/// What an administrator brings.
pub struct Asked<'a> {
    /// Of which network a channel is to be connected.
    pub network: Network,
    /// The app.
    pub app_id: &'a str,
    /// Its secret.
    pub app_secret: Secret,
    /// Whether an account of Instagram is connected by its own login, without a page.
    pub itself: bool,
    /// The configuration of its login, if it has one.
    pub configuration: Option<&'a str>,
    /// The channel that becomes automatic, if it is there.
    pub onto: Option<ChannelId>,
}

/// The organisation's app; beside the token in the vault, for each call is proven with its secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct Client {
    id: String,
    secret: String,
}

impl Client {
    /// The app of a channel.
    pub fn of(keys: &Keyring) -> Option<Self> {
        crate::tree::read(keys.get(Kind::Client)?.0.reveal()).ok()
    }
    /// Its secret.
    pub fn secret(&self) -> Secret {
        Secret::new(&*self.secret)
    }
}

/// A connection on its way: until the person comes back, and again until they have chosen.
#[derive(Serialize, Deserialize)]
struct Way {
    network: Network,
    #[serde(default)]
    itself: bool,
    client: Client,
    back: String,
    onto: Option<ChannelId>,
    pages: Vec<Opened>,
}

/// A page, or an account that is linked to one, with the token that opens it.
#[derive(Serialize, Deserialize)]
struct Opened {
    id: String,
    name: String,
    handle: String,
    address: String,
    token: String,
}

type By<'a> = (&'a OrganisationId, &'a domain::MemberId, &'a domain::SessionId);

fn by(caller: &Caller) -> By<'_> {
    (caller.org(), &caller.member, &caller.session)
}

/// Keeps a connection on its way, sealed, under a name that only this session may use.
async fn keep(app: &App, caller: &Caller, way: &Way) -> Result<String, Refusal> {
    let state = app.secret();
    let hash = record::sha256_hex(state.as_bytes());
    let sealed = vault::seal_for(app, &hash, &Secret::new(serde_json::to_string(way).unwrap_or_default()))?;
    let (now, flow) = (app.now(), Flow { server: "facebook".to_owned(), sealed });
    secrets::keep_flow(&app.db, &hash, by(caller), &flow, now, now.plus(PATIENCE)).await?;
    Ok(state)
}

fn opened(app: &App, state: &str, flow: Option<Flow>) -> Result<Way, Refusal> {
    let flow = flow.filter(|flow| flow.server == "facebook").ok_or(Refusal::SpentLink)?;
    let way = vault::open_for(app, &record::sha256_hex(state.as_bytes()), &flow.sealed)?;
    crate::tree::read(way.reveal()).map_err(|_| Refusal::SpentLink)
}

async fn take(app: &App, caller: &Caller, state: &str) -> Result<Way, Refusal> {
    let hash = record::sha256_hex(state.as_bytes());
    opened(app, state, secrets::take_flow(&app.db, &hash, by(caller), app.now()).await?)
}

/// Starts: answers the address where the person agrees.
///
/// # Errors
/// `Malformed` for what is no app, `Unavailable`.
pub async fn begin(app: &App, caller: &Caller, asked: Asked<'_>, origin: &str) -> Result<String, Refusal> {
    let numbers = [("app_id", Some(asked.app_id)), ("configuration", asked.configuration)];
    for (field, number) in numbers {
        if number.is_some_and(|number| number.contains('_') || !is_node(number)) {
            return Err(Refusal::Malformed { field: field.to_owned() });
        }
    }
    let org = caller.org();
    let (path, dialog) = match asked.network {
        Network::Threads => ("threads", super::server(org, Network::Threads, threads::DIALOG)?.at("/oauth/authorize")),
        Network::Instagram if asked.itself => {
            let [_, dialog, _] = instagram::houses(org)?;
            ("instagram", dialog.at("/oauth/authorize"))
        }
        _ => ("facebook", super::dialog(org)?),
    };
    let back = format!("{origin}/api/channels/{path}/return");
    let client = Client { id: asked.app_id.to_owned(), secret: asked.app_secret.reveal().to_owned() };
    let Asked { network, itself, onto, .. } = asked;
    let way = Way { network, itself, client, back, onto, pages: Vec::new() };
    let state = keep(app, caller, &way).await?;
    let address = dialog
        .with("client_id", asked.app_id)
        .with("redirect_uri", &way.back)
        .with("state", &state)
        .with("response_type", "code");
    // A configuration says by itself what is asked for.
    let address = match asked.configuration {
        Some(configuration) => address.with("config_id", configuration),
        None => {
            let all = if itself { &BY_ITSELF[..] } else { scopes(network) };
            let all = all.iter().copied().chain(beside(network, itself));
            address.with("scope", &all.collect::<Vec<_>>().join(","))
        }
    };
    Ok(address.as_str().to_owned())
}

/// Finishes: exchanges the code for an access that lasts, and asks what it opens.
///
/// # Errors
/// `SpentLink` for a state that is not this session's, is used or has expired; `MissingPermissions`, `NoPages`,
/// `NetworkSays`.
pub async fn finish(app: &App, caller: &Caller, state: &str, code: &str) -> Result<Finished, Refusal> {
    let (server, way) = (super::graph(caller.org())?, take(app, caller, state).await?);
    if way.network == Network::Threads || way.itself {
        return Err(Refusal::SpentLink);
    }
    let Client { id, secret } = &way.client;
    let own = [("client_id", id.as_str()), ("client_secret", secret.as_str())];
    let [first, second] = own;
    let short = super::token(app, &server, &[first, second, ("redirect_uri", &way.back), ("code", code)]).await?;
    let exchange = [first, second, ("grant_type", "fb_exchange_token"), ("fb_exchange_token", short.reveal())];
    let person = super::token(app, &server, &exchange).await?;
    let graph = Graph::with(app, Network::Facebook, server.clone(), &person, &way.client.secret());
    let granted = graph.read("me/permissions", &[]).await.map_err(says)?;
    if !scopes(way.network).iter().all(|scope| is_granted(&granted, scope)) {
        return Err(Refusal::MissingPermissions);
    }
    let (fields, open): (_, fn(&Value) -> Option<Opened>) = match way.network {
        Network::Instagram => ("id,access_token,tasks,instagram_business_account{id,name,username}", linked),
        _ => ("id,name,username,link,access_token,tasks", page),
    };
    let found = graph.read("me/accounts", &[("fields", fields), ("limit", MOST_PAGES)]).await.map_err(says)?;
    let pages: Vec<Opened> = found["data"].as_array().into_iter().flatten().filter_map(open).collect();
    let way = Way { pages, ..way };
    match &way.pages[..] {
        [] if way.network == Network::Instagram => Err(Refusal::NoAccounts),
        [] => Err(Refusal::NoPages),
        [_] => Ok(Finished::Connected(Box::new(connection(app, server, way, None).await?))),
        _ => Ok(Finished::ToChoose(keep(app, caller, &way).await?)),
    }
}

/// Finishes at Threads, where consent is for one profile: exchanges the code for a token, and that for one that lasts.
///
/// # Errors
/// `SpentLink` as [`finish`]; `NetworkSays`.
pub async fn finish_at_threads(app: &App, caller: &Caller, state: &str, code: &str) -> Result<Connection, Refusal> {
    let (server, way) = (threads::server(caller.org())?, take(app, caller, state).await?);
    if way.network != Network::Threads {
        return Err(Refusal::SpentLink);
    }
    let Client { id, secret } = &way.client;
    let fields = [
        ("client_id", id.as_str()),
        ("client_secret", secret),
        ("grant_type", "authorization_code"),
        ("redirect_uri", &way.back),
        ("code", code),
    ];
    let short = super::token_at(app, server.at("/oauth/access_token"), &fields).await?;
    let (held, found) = lasting_of(app, &lasting::OF_THREADS, &server, secret, &short).await?;
    let text = |name: &str| found[name].as_str().filter(|text| !text.is_empty());
    let strange = || Refusal::NetworkSays { message: "the answer is not of this network's interface".to_owned() };
    let account = text("id").filter(|id| is_node(id)).ok_or_else(strange)?.to_owned();
    let user = text("username").ok_or_else(strange)?;
    let account = Account {
        handle: handle(&found),
        name: text("name").unwrap_or(user).to_owned(),
        address: format!("https://www.threads.com/@{user}"),
        limits: Network::Threads.limits(),
        expires: Some(held.until),
        settings: json!({ "account": account, "server": server.origin(), "home": home(&way.back) }),
        account,
    };
    let (network, onto) = (Network::Threads, way.onto);
    Ok(Connection { network, account, secrets: vec![(Kind::Session, held.secret())], onto })
}

/// The token that lasts, for one that does not, and whom it opens.
async fn lasting_of(
    app: &App,
    login: &lasting::Login,
    server: &Address,
    secret: &str,
    short: &Secret,
) -> Result<(lasting::Lasting, Value), Refusal> {
    let exchange = [("grant_type", login.exchanges), ("client_secret", secret)];
    let held = lasting::lasting(app, login, server, "/access_token", &exchange, short).await.map_err(says)?;
    let graph = held.graph(app, login, server.clone());
    let found = graph.read("me", &[("fields", login.fields)]).await.map_err(says)?;
    Ok((held, found))
}

/// Finishes at Instagram, where consent is for one account: as [`finish_at_threads`].
///
/// # Errors
/// As [`finish_at_threads`], and `MissingPermissions`.
pub async fn finish_at_instagram(app: &App, caller: &Caller, state: &str, code: &str) -> Result<Connection, Refusal> {
    let ([server, _, tokens], way) = (instagram::houses(caller.org())?, take(app, caller, state).await?);
    if !way.itself {
        return Err(Refusal::SpentLink);
    }
    let Client { id, secret } = &way.client;
    let fields = [
        ("client_id", id.as_str()),
        ("client_secret", secret),
        ("grant_type", "authorization_code"),
        ("redirect_uri", &way.back),
        ("code", code),
    ];
    let (short, granted) = super::token_and_scopes(app, tokens.at("/oauth/access_token"), &fields).await?;
    if !BY_ITSELF.iter().all(|scope| granted.iter().any(|there| there == scope)) {
        return Err(Refusal::MissingPermissions);
    }
    let (held, found) = lasting_of(app, &lasting::OF_INSTAGRAM, &server, secret, &short).await?;
    let strange = || Refusal::NetworkSays { message: "the answer is not of this network's interface".to_owned() };
    let account = told(&found["user_id"]).filter(|id| is_node(id)).ok_or_else(strange)?;
    let user = found["username"].as_str().filter(|user| is_user(user)).ok_or_else(strange)?;
    let name = found["name"].as_str().filter(|name| !name.is_empty()).unwrap_or(user);
    let origin = server.origin();
    let account = Account {
        handle: handle(&found),
        name: name.to_owned(),
        address: format!("https://www.instagram.com/{user}/"),
        limits: Network::Instagram.limits(),
        expires: Some(held.until),
        settings: json!({ "account": account, "login": instagram::ITSELF, "server": origin, "home": home(&way.back) }),
        account,
    };
    let (network, onto) = (Network::Instagram, way.onto);
    Ok(Connection { network, account, secrets: vec![(Kind::Session, held.secret())], onto })
}

/// An identity, which some of Meta's interfaces write as a number.
fn told(id: &Value) -> Option<String> {
    id.as_str().map(ToOwned::to_owned).or_else(|| id.as_u64().map(|id| id.to_string()))
}

/// The pages of a choice.
///
/// # Errors
/// `SpentLink` for a name that is not this session's, or is over.
pub async fn pages(app: &App, caller: &Caller, name: &str) -> Result<Vec<wire::channels::Page>, Refusal> {
    let hash = record::sha256_hex(name.as_bytes());
    let way = opened(app, name, secrets::see_flow(&app.db, &hash, by(caller), app.now()).await?)?;
    let shown = |page: Opened| wire::channels::Page { id: page.id, name: page.name, address: page.address };
    Ok(way.pages.into_iter().map(shown).collect())
}

/// Chooses a page.
///
/// # Errors
/// `SpentLink` as [`pages`]; `Malformed` for a page that is not among them: then the choice is still open.
pub async fn choose(app: &App, caller: &Caller, name: &str, page: &str) -> Result<Connection, Refusal> {
    if !pages(app, caller, name).await?.iter().any(|offered| offered.id == page) {
        return Err(Refusal::Malformed { field: "page".to_owned() });
    }
    let way = take(app, caller, name).await?;
    connection(app, super::graph(caller.org())?, way, Some(page)).await
}

/// What the network answered instead of what was asked, as a refusal of the connection.
pub fn says(outcome: Outcome) -> Refusal {
    match outcome {
        Outcome::NotSent { message }
        | Outcome::Preparing { message }
        | Outcome::Throttled { message, .. }
        | Outcome::Unauthorised { message, .. }
        | Outcome::Refused { message, .. }
        | Outcome::NoAnswer { message, .. } => Refusal::NetworkSays { message },
        Outcome::Accepted(_) | Outcome::Handed => Refusal::Unavailable,
    }
}

fn is_granted(permissions: &Value, scope: &str) -> bool {
    let mut all = permissions["data"].as_array().into_iter().flatten();
    all.any(|one| one["permission"] == scope && one["status"] == "granted")
}

/// A page that one may publish on.
fn page(found: &Value) -> Option<Opened> {
    let text = |name: &str| found[name].as_str().map(ToOwned::to_owned);
    let may = found["tasks"].as_array()?.iter().any(|task| task == TASK);
    let id = text("id").filter(|id| may && is_node(id))?;
    let address = text("link").unwrap_or_else(|| format!("https://www.facebook.com/{id}"));
    Some(Opened { name: text("name")?, handle: handle(found), address, token: text("access_token")?, id })
}

/// Names go into addresses.
fn is_user(user: &str) -> bool {
    !user.is_empty() && user.bytes().all(|b| b.is_ascii_graphic() && b != b'/')
}

/// The account of Instagram that is linked to a page on which one may publish.
fn linked(found: &Value) -> Option<Opened> {
    let account = &found["instagram_business_account"];
    let user = account["username"].as_str().filter(|user| is_user(user))?;
    let name = account["name"].as_str().filter(|name| !name.is_empty()).unwrap_or(user).to_owned();
    let address = format!("https://www.instagram.com/{user}/");
    let id = account["id"].as_str().filter(|id| is_node(id))?.to_owned();
    let page = page(&json!({
        "id": found["id"], "name": name, "tasks": found["tasks"], "access_token": found["access_token"],
    }))?;
    Some(Opened { id, handle: handle(account), address, ..page })
}

/// A page as the network writes it: its short name if it has one.
pub fn handle(page: &Value) -> String {
    let name = |field: &str| page[field].as_str().filter(|name| !name.is_empty());
    match name("username") {
        Some(user) => format!("@{user}"),
        None => name("name").or(name("id")).unwrap_or_default().to_owned(),
    }
}

/// The connection with one of the pages: the one that was chosen, or the only one.
async fn connection(app: &App, server: Address, way: Way, chosen: Option<&str>) -> Result<Connection, Refusal> {
    let Way { network, client, back, onto, pages, .. } = way;
    let page = pages.into_iter().find(|page| chosen.is_none_or(|chosen| page.id == chosen));
    let Opened { id, name, handle, address, token } = page.ok_or(Refusal::SpentLink)?;
    let token = Secret::new(token);
    let origin = server.origin();
    let expires = inspect_token(app, network, server, &client, &token).await.map_err(says)?;
    let account = Account {
        handle,
        name,
        address,
        limits: network.limits(),
        expires,
        settings: json!({ "account": id, "app": client.id, "server": origin, "home": home(&back) }),
        account: id,
    };
    let client = Secret::new(serde_json::to_string(&client).unwrap_or_default());
    Ok(Connection { network, account, secrets: vec![(Kind::Token, token), (Kind::Client, client)], onto })
}

/// Where this deployment is seen, by an address of it: networks that fetch pictures are told so.
pub fn home(back: &str) -> &str {
    back.find("/api/").map_or(back, |end| &back[..end])
}

/// Asks whether an access still opens an account and still carries every permission, without writing anything.
///
/// # Errors
/// `Unavailable`.
pub async fn check(
    app: &App,
    network: Network,
    org: &OrganisationId,
    channel: &ChannelId,
    settings: &Value,
    fields: &str,
) -> Result<Checked, Refusal> {
    let keys = Keyring::of(app, org, channel).await?;
    let asked = async {
        let graph = by_page(app, network, org, channel, settings).await?;
        let ((token, _), client) = keys.get(Kind::Token).zip(Client::of(&keys)).ok_or_else(no_access)?;
        let expires = inspect_token(app, network, server_of(settings)?, &client, token).await?;
        let account = settings["account"].as_str().filter(|id| is_node(id)).ok_or_else(no_access)?;
        Ok((graph.read(account, &[("fields", fields)]).await?, expires))
    };
    Ok(match asked.await {
        Ok::<_, Outcome>((found, expires)) => {
            Checked::Works { handle: handle(&found), limits: None, expires, settings: settings.clone() }
        }
        Err(outcome) => Checked::from(outcome),
    })
}

/// Asks the network what it knows of an access; answers when it ends. It is refused if it is no longer valid, or carries fewer
/// permissions than are needed.
async fn inspect_token(
    app: &App,
    network: Network,
    server: Address,
    client: &Client,
    token: &Secret,
) -> Result<Option<Moment>, Outcome> {
    let graph = Graph::of_app(app, server, &client.id, &client.secret());
    let found = graph.read("debug_token", &[("input_token", token.reveal())]).await?;
    let said = &found["data"];
    if said["is_valid"] != true || said["app_id"].as_str() != Some(&client.id) {
        return Err(refused(said["error"]["message"].as_str().unwrap_or("the access is no longer valid")));
    }
    let carried = said["scopes"].as_array();
    let is_there = |scope: &str| carried.is_some_and(|carried| carried.iter().any(|there| there == scope));
    if let Some(missing) = scopes(network).iter().find(|scope| !is_there(scope)) {
        return Err(refused(&format!("the permission {missing} is missing")));
    }
    // A page's token has no end of its own; what it may read of people has, and then writing ends as well.
    Ok([&said["expires_at"], &said["data_access_expires_at"]].into_iter().filter_map(moment).min())
}

fn refused(message: &str) -> Outcome {
    Outcome::Unauthorised { message: message.to_owned(), status: 401 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_offered_only_to_who_may_publish_on_it() {
        let found = |tasks: Value| json!({ "id": "12", "name": "Villa", "access_token": "t", "tasks": tasks });
        assert!(page(&found(json!(["ANALYZE", "CREATE_CONTENT"]))).is_some());
        for tasks in [json!(["ANALYZE"]), Value::Array(Vec::new()), Value::Null] {
            assert!(page(&found(tasks)).is_none());
        }
    }

    #[test]
    fn an_account_is_offered_only_if_its_page_may_be_published_on() {
        let account = json!({ "id": "17", "username": "villa", "name": "" });
        let found = |account: &Value, tasks: Value| {
            let page =
                json!({ "id": "12", "access_token": "t", "tasks": tasks, "instagram_business_account": account });
            linked(&page).map(|opened| (opened.id, opened.name, opened.handle, opened.address))
        };
        let [id, name, handle, address] =
            ["17", "villa", "@villa", "https://www.instagram.com/villa/"].map(str::to_owned);
        assert_eq!(found(&account, json!(["CREATE_CONTENT"])), Some((id, name, handle, address)));
        assert_eq!(found(&account, json!(["ANALYZE"])), None);
        for other in [Value::Null, json!({ "id": "17" }), json!({ "id": "../me", "username": "villa" })] {
            assert_eq!(found(&other, json!(["CREATE_CONTENT"])), None);
        }
        assert_eq!(home("https://town.example/api/channels/facebook/return"), "https://town.example");
    }

    #[test]
    fn a_permission_that_was_declined_is_not_granted() {
        let said = json!({ "data": [
            json!({ "permission": "pages_show_list", "status": "granted" }),
            json!({ "permission": "pages_manage_posts", "status": "declined" }),
        ] });
        assert!(is_granted(&said, "pages_show_list"));
        assert!(!is_granted(&said, "pages_manage_posts") && !is_granted(&said, "pages_read_engagement"));
    }

    #[test]
    fn a_page_without_a_short_name_goes_by_its_name() {
        assert_eq!(handle(&json!({ "id": "1", "name": "Villa", "username": "villa" })), "@villa");
        assert_eq!(handle(&json!({ "id": "1", "name": "Villa" })), "Villa");
    }
}

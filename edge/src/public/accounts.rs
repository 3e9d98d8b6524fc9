//! The register of official accounts: is this account really my town? For people, and for programs.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use domain::{Channel, HealthState, Language, Network, Organisation, json};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;
use words::{language_list, network_name};

use super::{
    frame::{Page, Section, empty, frame},
    prose,
    site::Site,
    visit::{Trouble, Visit},
};
use crate::{
    binds,
    passkeys::Party,
    store::{self, channels, name},
};

/// Organisations of one host that the well-known file lists.
const MOST_ORGANISATIONS: u32 = 250;

/// What is official: every connected account but the noticeboard, which is these pages.
fn official(channels: Vec<Channel>) -> Vec<Channel> {
    let stands = |channel: &Channel| {
        channel.network != Network::Noticeboard && channel.health.state != HealthState::Disconnected
    };
    channels.into_iter().filter(stands).collect()
}

/// The register for people.
pub async fn page(visit: Visit) -> Result<Response<Body>, Trouble> {
    let site = Site::open(&visit).await?;
    let accounts = official(channels::of_organisation(&visit.app.db, &site.organisation.id).await?);
    let lang = site.lang;
    let body = html! {
        div.head {
            h1 { (lang.public_accounts()) }
            p.lead { (lang.public_accounts_lead()) }
        }
        @if accounts.is_empty() { (empty(lang.public_no_accounts(), lang.public_accounts_lead())) }
        @else {
            div.table tabindex="0" role="region" aria-label=(lang.public_accounts()) {
                table {
                    thead { tr {
                        th scope="col" { (lang.public_account_network()) }
                        th scope="col" { (lang.public_account_name()) }
                        th scope="col" { (lang.public_account_address()) }
                        th scope="col" { (lang.public_account_languages()) }
                    } }
                    tbody { @for account in &accounts { (row(&site, account)) } }
                }
            }
            p { (lang.public_account_own()) " " a href=(site.path("")) { (prose::shown(&site.address(""))) } }
        }
        @if site.decision_key.is_some() {
            p { a href={ "/verify?lang=" (lang.tag()) "&org=" (site.organisation.slug) } { (lang.verify_from_accounts()) } }
        }
        p { (lang.public_accounts_machine()) ": " a href=(site.path("accounts.json")) { "accounts.json" } }
    };
    let page = Page {
        site: &site,
        section: Section::Accounts,
        path: "accounts".to_owned(),
        title: lang.public_accounts().to_owned(),
        description: lang.public_accounts_lead().to_owned(),
        image: None,
    };
    Ok(visit.html(StatusCode::OK, frame(&page, body), None))
}

fn row(site: &Site, account: &Channel) -> Markup {
    let address = account.address.as_deref().filter(|address| domain::content::is_web_address(address));
    html! {
        tr {
            th scope="row" { (network_name(site.lang, account.network)) }
            td { @if account.handle.is_empty() { (account.name) } @else { (account.handle) } }
            td {
                // `me`: the other side can verify that this page names it.
                @if let Some(address) = address { a href=(address) rel="me noopener" { (prose::shown(address)) } }
                @else { (site.lang.public_account_no_address()) }
            }
            td { (language_list(site.lang, &account.languages)) }
        }
    }
}

/// The register of one organisation for programs.
pub async fn list(visit: Visit) -> Result<Response<Body>, Trouble> {
    let site = Site::open(&visit).await?;
    let accounts = official(channels::of_organisation(&visit.app.db, &site.organisation.id).await?);
    let Organisation { name, slug, .. } = &site.organisation;
    let accounts = accounts.iter().map(|account| {
        let Channel { network, name, handle, address, languages, .. } = account;
        one(*network, name, handle, address.as_deref(), languages)
    });
    let party = Party::of(&visit.app, &visit.uri, &visit.headers)?;
    let key = site.decision_key.as_ref().map(|key| (key, &party));
    let body = organisation(&site.origin, name, slug.as_str(), accounts.collect(), key);
    Ok(visit.feed("application/json", body.to_string()))
}

/// `/.well-known/pregon-accounts.json`: every organisation of this host. One query.
pub async fn well_known(visit: Visit) -> Result<Response<Body>, Trouble> {
    #[derive(Deserialize)]
    struct Row {
        slug: String,
        body: String,
        network: Option<String>,
        name: Option<String>,
        handle: Option<String>,
        address: Option<String>,
        languages: Option<String>,
        decision_key: Option<String>,
    }
    let sql =
        "SELECT o.slug, o.name AS body, c.network, c.name, c.handle, c.address, c.languages, k.public AS decision_key
      FROM (SELECT id, slug, name FROM organisation ORDER BY slug LIMIT ?1) o
      LEFT JOIN organisation_key k ON k.org = o.id
      LEFT JOIN channel c ON c.org = o.id AND c.network <> 'noticeboard' AND c.health <> 'disconnected'
      ORDER BY o.slug, c.created_at, c.id";
    let rows: Vec<Row> = visit.app.db.all(sql, binds![MOST_ORGANISATIONS]).await?;
    let party = Party::of(&visit.app, &visit.uri, &visit.headers)?;
    let mut organisations = Vec::new();
    for group in rows.chunk_by(|one, next| one.slug == next.slug) {
        let mut accounts = Vec::new();
        for row in group {
            if let (Some(network), Some(label), Some(handle)) = (&row.network, &row.name, &row.handle) {
                let languages: Vec<Language> = store::json(row.languages.as_deref().unwrap_or("[]"))?;
                accounts.push(one(name(network)?, label, handle, row.address.as_deref(), &languages));
            }
        }
        if let Some(first) = group.first() {
            let key: Option<Value> = first.decision_key.as_deref().map(store::json).transpose()?;
            let key = key.as_ref().map(|key| (key, &party));
            organisations.push(organisation(&visit.origin(), &first.body, &first.slug, accounts, key));
        }
    }
    Ok(visit.feed("application/json", json!({ "version": 1, "organisations": organisations }).to_string()))
}

/// One organisation; with what its decisions are verified with, once it has a key: the key, and the relying party that
/// its passkeys sign for.
fn organisation(
    origin: &str,
    name: &str,
    slug: &str,
    accounts: Vec<Value>,
    decisions: Option<(&Value, &Party)>,
) -> Value {
    let mut body = json!({ "name": name, "url": format!("{origin}/{slug}/"), "register": format!("{origin}/{slug}/accounts"), "accounts": accounts });
    if let Some((key, party)) = decisions {
        body["decision_key"] = key.clone();
        body["decision_rp"] = json!(party.id);
    }
    body
}

fn one(network: Network, name: &str, handle: &str, address: Option<&str>, languages: &[Language]) -> Value {
    json!({ "network": network, "name": name, "handle": handle, "url": address, "languages": languages })
}

//! The public pages: plain HTML for citizens on any device, without script, and the feeds beside them.
//! Separate from the API: nobody signs in here, everything may be cached, and a page answers people, not programs.

mod accounts;
mod agenda;
mod board;
mod calendar;
mod chain;
mod feeds;
mod frame;
mod home;
mod look;
mod notice;
pub mod out;
mod outside;
pub mod propose;
mod prose;
pub mod pulled;
mod site;
mod verify;
mod visit;
pub mod when;

use domain::Moment;
use words::Lang;

use crate::{ask::Api, zones};
use visit::mount;

/// A day as people write it, in a zone: for mails, too.
pub fn day(lang: Lang, zone: &str, at: Moment) -> String {
    when::day(lang, zones::civil(zone, at).date())
}

/// Mounts them. Reserved short names (`domain::Slug`) keep an organisation from standing where something else does.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, "/", home::home);
    let api = mount(api, "/robots.txt", home::robots);
    let api = mount(api, "/.well-known/pregon-accounts.json", accounts::well_known);
    let api = mount(api, "/verify", verify::page);
    let api = mount(api, pulled::PATTERN, pulled::medium);
    let api = mount(api, out::FEED, out::feed);
    let api = mount(api, out::LINK, out::page);
    let api = propose::mount_all(api);
    let api = mount(api, "/{slug}", board::canonical);
    let api = mount(api, "/{slug}/", board::page);
    let api = mount(api, "/{slug}/posts/{post}", notice::page);
    let api = mount(api, "/{slug}/posts/{post}/event.ics", calendar::one);
    let api = mount(api, "/{slug}/events", agenda::page);
    let api = mount(api, "/{slug}/events.ics", calendar::all);
    let api = mount(api, "/{slug}/feed.atom", feeds::atom);
    let api = mount(api, "/{slug}/feed.json", feeds::json);
    let api = mount(api, "/{slug}/accounts", accounts::page);
    let api = mount(api, "/{slug}/accounts.json", accounts::list);
    let api = mount(api, "/{slug}/record", chain::page);
    let api = mount(api, "/{slug}/record.json", chain::list);
    let api = mount(api, "/{slug}/media/{media}", look::picture);
    let api = mount(api, "/{slug}/video/{media}", look::video);
    let api = mount(api, "/{slug}/captions/{captions}", look::captions);
    let api = mount(api, "/{slug}/documents/{media}", look::document);
    let api = mount(api, "/{slug}/style.css", look::style);
    let api = mount(api, "/{slug}/icon.svg", look::icon);
    let api = mount(api, "/public/style.css", look::plain_style);
    let api = mount(api, "/public/outside.css", look::outside_style);
    let api = outside::mount_all(api);
    api.fallback(visit::nothing_there)
}

//! Every address of the desk, once, and which page it shows. The address holds what a colleague would want to paste.
//!
//! The router's own `<Routes>` is not used: it makes a type of all the pages together, which costs the first load a
//! tenth of its bytes. What it does besides choosing (the parameters, the address bar) is done in `Desk`.

use domain::{AudienceId, ChannelId, DecisionId, EmergencyId, MessageId, PillarId, PostId, TemplateId};
use leptos::prelude::*;
use leptos_router::{
    components::Router,
    hooks::use_location,
    location::{BrowserUrl, LocationProvider},
    params::ParamsMap,
};
use words::Lang;

use crate::{
    chunks,
    frame::Frame,
    pages::{calendar::Calendar, lost::Lost},
    platform::page,
};

/// What needs me now.
pub const HOME: &str = "/desk/";
/// The week.
pub const CALENDAR: &str = "/desk/calendar";
/// A new post.
pub const COMPOSE: &str = "/desk/posts/new";
/// What waits for a decision.
pub const APPROVALS: &str = "/desk/approvals";
/// The tasks.
pub const TASKS: &str = "/desk/tasks";
/// What was promised, and how things stand.
pub const PLAN: &str = "/desk/plan";
/// A sheet that becomes drafts.
pub const IMPORT: &str = "/desk/import";
/// What is kept ready to be said.
pub const TEXTS: &str = "/desk/texts";
/// Everything that there is to publish.
pub const LIBRARY: &str = "/desk/library";
/// The colours, crests and frames that everybody draws with.
pub const BRAND: &str = "/desk/brand";
/// Posts of any day, by their words.
pub const SEARCH: &str = "/desk/search";
/// The record.
pub const RECORD: &str = "/desk/record";
/// The channels.
pub const CHANNELS: &str = "/desk/channels";
/// The people.
pub const PEOPLE: &str = "/desk/people";
/// The organisation.
pub const ORGANISATION: &str = "/desk/organisation";
/// Who must agree to what.
pub const CIRCUITS: &str = "/desk/circuits";
/// What one was told.
pub const NOTICES: &str = "/desk/notices";
/// One's own devices.
pub const DEVICES: &str = "/desk/devices";
/// Signing in.
pub const SIGN_IN: &str = "/desk/sign-in";
/// The first visit; the token stands behind `#`.
pub const SET_UP: &str = "/desk/setup";
/// Recovering access.
pub const RECOVER: &str = "/desk/recover";

/// Every part of the pages, on the machine on which one works.
pub const DESIGN: &str = "/desk/design";

/// The page of a post.
pub fn post(id: &PostId) -> String {
    ["/desk/posts/", id.as_str()].concat()
}

/// The composer of a post.
pub fn edit(id: &PostId) -> String {
    ["/desk/posts/", id.as_str(), "/edit"].concat()
}

/// A new post that begins with a channel, and with what it belongs to.
pub fn compose_for(channel: &ChannelId, pillar: Option<&PillarId>, audience: Option<&AudienceId>) -> String {
    [COMPOSE, "?channel=", channel.as_str(), &about(pillar, audience)].concat()
}

/// A new post that begins with a message of the plan, under its pillar.
pub fn compose_saying(pillar: &PillarId, message: &MessageId) -> String {
    [COMPOSE, "?pillar=", pillar.as_str(), "&message=", message.as_str()].concat()
}

/// A new post that begins with a template.
pub fn compose_with(template: &TemplateId) -> String {
    [COMPOSE, "?template=", template.as_str()].concat()
}

/// A new post about something that others have planned: what it is called, and when it begins (`2026-11-29T18:30`) if it has an
/// hour.
pub fn compose_about(title: &str, at: Option<&str>) -> String {
    let at = at.map(|at| ["&at=", at].concat()).unwrap_or_default();
    [COMPOSE, "?about=", &String::from(js_sys::encode_uri_component(title)), &at].concat()
}

/// The calendar of some days (`week=2026-W48`), sifted by the same.
pub fn calendar_of(
    days: &str,
    channel: &ChannelId,
    pillar: Option<&PillarId>,
    audience: Option<&AudienceId>,
) -> String {
    [CALENDAR, "?", days, "&channel=", channel.as_str(), &about(pillar, audience)].concat()
}

fn about(pillar: Option<&PillarId>, audience: Option<&AudienceId>) -> String {
    let said = |name: &str, id: Option<&str>| id.map(|id| [name, id].concat()).unwrap_or_default();
    said("&pillar=", pillar.map(PillarId::as_str)) + &said("&audience=", audience.map(AudienceId::as_str))
}

/// What is found by some words.
pub fn search(words: &str) -> String {
    [SEARCH, "?words=", &String::from(js_sys::encode_uri_component(words))].concat()
}

/// The receipt of a decision.
pub fn receipt(post: &PostId, decision: &DecisionId) -> String {
    ["/desk/posts/", post.as_str(), "/receipts/", decision.as_str()].concat()
}

/// The receipt of a word in an emergency.
pub fn word_receipt(post: &PostId, emergency: &EmergencyId, said: &str) -> String {
    ["/desk/posts/", post.as_str(), "/receipts/", emergency.as_str(), "-", said].concat()
}

/// What the record keeps of a post.
pub fn trail(post: &PostId) -> String {
    [RECORD, "?post=", post.as_str()].concat()
}

/// The name of the place at an address.
pub fn title(lang: Lang, path: &str) -> &'static str {
    match path.trim_end_matches('/') {
        "/desk" => lang.frame_home(),
        CALENDAR => lang.frame_calendar(),
        APPROVALS => lang.frame_approvals(),
        TASKS => lang.frame_tasks(),
        PLAN => lang.frame_plan(),
        IMPORT => lang.import_title(),
        TEXTS => lang.frame_texts(),
        LIBRARY => lang.frame_library(),
        BRAND => lang.brand_title(),
        SEARCH => lang.search_title(),
        RECORD => lang.frame_record(),
        CHANNELS => lang.frame_channels(),
        PEOPLE => lang.frame_people(),
        ORGANISATION => lang.frame_organisation(),
        CIRCUITS => lang.frame_circuits(),
        NOTICES => lang.frame_notices(),
        DEVICES => lang.frame_devices(),
        path if path == COMPOSE || path.ends_with("/edit") => lang.frame_compose(),
        path if path.starts_with("/desk/posts/") => lang.frame_post(),
        _ => lang.frame_product(),
    }
}

/// A place of the desk. Those outside the frame are for who has no session yet.
#[derive(Debug, Clone, PartialEq)]
enum Place {
    SignIn,
    SetUp,
    Join,
    Recover,
    Design,
    Inside,
    Lost,
}

/// Which place an address is. What is inside the frame is told apart by `page`.
fn place(path: &str) -> Place {
    match path.trim_end_matches('/') {
        SIGN_IN => Place::SignIn,
        SET_UP => Place::SetUp,
        "/desk/join" => Place::Join,
        RECOVER => Place::Recover,
        DESIGN if page::is_local() => Place::Design,
        path if inside(path).is_some() => Place::Inside,
        _ => Place::Lost,
    }
}

/// A page within the frame.
#[derive(Debug, Clone, PartialEq)]
enum Page {
    Home,
    Calendar,
    New,
    Post(String),
    Edit(String),
    Receipt(String, String),
    Approvals,
    Tasks,
    Plan,
    Import,
    Texts,
    Library,
    Brand,
    Search,
    Record,
    Channels,
    People,
    Organisation,
    Circuits,
    Notices,
    Devices,
}

fn inside(path: &str) -> Option<Page> {
    Some(match path.trim_end_matches('/') {
        "/desk" => Page::Home,
        CALENDAR => Page::Calendar,
        COMPOSE => Page::New,
        APPROVALS => Page::Approvals,
        TASKS => Page::Tasks,
        PLAN => Page::Plan,
        IMPORT => Page::Import,
        TEXTS => Page::Texts,
        LIBRARY => Page::Library,
        BRAND => Page::Brand,
        SEARCH => Page::Search,
        RECORD => Page::Record,
        CHANNELS => Page::Channels,
        PEOPLE => Page::People,
        ORGANISATION => Page::Organisation,
        CIRCUITS => Page::Circuits,
        NOTICES => Page::Notices,
        DEVICES => Page::Devices,
        path => {
            let rest = path.strip_prefix("/desk/posts/")?;
            match rest.split_once('/') {
                None => Page::Post(rest.to_owned()),
                Some((id, "edit")) => Page::Edit(id.to_owned()),
                Some((id, rest)) => Page::Receipt(id.to_owned(), rest.strip_prefix("receipts/")?.to_owned()),
            }
        }
    })
}

/// The router.
#[component]
pub fn Desk() -> impl IntoView {
    view! { <Router>{places()}</Router> }.into_any()
}

fn places() -> AnyView {
    let path = use_location().pathname;
    // The address bar waits for this word before it shows a new path, so that a page never shows under an old one.
    if let Some(bar) = use_context::<BrowserUrl>() {
        Effect::new(move |_| {
            path.track();
            bar.ready_to_complete();
        });
    }
    let place = Memo::new(move |_| path.with(|path| place(path)));
    (move || match place.get() {
        Place::SignIn => chunks::sign_in(),
        Place::SetUp => chunks::set_up(),
        Place::Join => chunks::join(),
        Place::Recover => chunks::recover(),
        Place::Design => chunks::design(),
        Place::Inside => view! { <Frame/> }.into_any(),
        Place::Lost => view! { <Lost/> }.into_any(),
    })
    .into_any()
}

/// The page at the address, within the frame.
#[component]
pub fn PageHere() -> impl IntoView {
    let path = use_location().pathname;
    let page = Memo::new(move |_| path.with(|path| inside(path)));
    (move || {
        let page = page.get();
        // What `use_params_map` asks for.
        let mut params = ParamsMap::new();
        if let Some(Page::Post(id) | Page::Edit(id) | Page::Receipt(id, _)) = &page {
            params.insert("id", id.clone());
        }
        if let Some(Page::Receipt(_, decision)) = &page {
            params.insert("decision", decision.clone());
        }
        provide_context(ArcMemo::new(move |_| params.clone()));
        match page {
            Some(Page::Home) => chunks::home(),
            Some(Page::Calendar) => view! { <Calendar/> }.into_any(),
            Some(Page::New | Page::Edit(_)) => chunks::compose(),
            Some(Page::Post(_)) => chunks::post(),
            Some(Page::Receipt(..)) => chunks::receipt(),
            Some(Page::Approvals) => chunks::approvals(),
            Some(Page::Tasks) => chunks::tasks(),
            Some(Page::Plan) => chunks::plan(),
            Some(Page::Import) => chunks::import(),
            Some(Page::Texts) => chunks::texts(),
            Some(Page::Library) => chunks::library(),
            Some(Page::Brand) => chunks::brand(),
            Some(Page::Search) => chunks::search(),
            Some(Page::Record) => chunks::record(),
            Some(Page::Channels) => chunks::channels(),
            Some(Page::People) => chunks::people(),
            Some(Page::Organisation) => chunks::organisation(),
            Some(Page::Circuits) => chunks::circuits(),
            Some(Page::Notices) => chunks::notices(),
            Some(Page::Devices) => chunks::devices(),
            None => ().into_any(),
        }
    })
    .into_any()
}

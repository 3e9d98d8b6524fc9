//! The head with the organisation's name, and the bar with the places of the desk: at the side where there is room, at
//! the foot of a phone.

use domain::Act;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use wire::notices::MOST_UNREAD;
use words::Lang;

use super::pause::PauseButton;
use crate::{
    api,
    parts::OwnMenu,
    platform::{storage, worker},
    routes,
    state::{lang, session, toasts},
    ui::{Glyph, Icon, Menu},
};

/// The organisation, the pause, and oneself.
#[component]
pub fn Head() -> impl IntoView {
    let session = session();
    let organisation = Memo::new(move |_| session.me.with(|me| me.as_ref().map(|me| me.organisation.clone())));
    let name = move || organisation.with(|body| body.as_ref().map(|body| body.name.clone()));
    let crest = move || {
        let crest = organisation.with(|body| body.as_ref().and_then(|body| body.crest.clone()));
        match crest {
            Some(crest) => view! { <img class="crest" src=api::picture_address(&crest) alt=""/> }.into_any(),
            None => view! { <span class="crest"><Icon glyph=Glyph::Horn/></span> }.into_any(),
        }
    };
    view! {
        <header class="frame-head">
            <a href=routes::HOME class="brand">
                {crest}
                <span class="brand-name" title=name>{name}</span>
            </a>
            <PauseButton/>
            <Bell/>
            <Own/>
        </header>
    }
    .into_any()
}

/// The bell: what one has not read, counted, and spoken when it changes.
#[component]
fn Bell() -> impl IntoView {
    let (lang, session) = (lang(), session());
    let unread = Memo::new(move |_| session.me.with(|me| me.as_ref().map_or(0, |me| me.unread)));
    let full = move |unread: u32| unread >= MOST_UNREAD;
    let said = move || match unread.get() {
        0 => lang.notices_none().to_owned(),
        unread if full(unread) => lang.notices_many(unread),
        unread => lang.notices_unread(unread),
    };
    let count = move || {
        let unread = unread.get();
        (unread > 0).then(|| view! { <span class="count">{unread}{full(unread).then_some("+")}</span> })
    };
    view! {
        <a href=routes::NOTICES class="button quiet bell" aria-label=said title=lang.frame_notices()>
            <Icon glyph=Glyph::Bell/>
            {count}
        </a>
        <span class="unseen" role="status">{move || (unread.get() > 0).then(said)}</span>
    }
    .into_any()
}

/// The menu of who is signed in: devices, language, look, leaving.
#[component]
fn Own() -> impl IntoView {
    let (lang, session) = (lang(), session());
    let leave = move || {
        spawn_local(async move {
            match api::call(&wire::session::SIGN_OUT, &[], &wire::Nothing {}).await {
                Ok(_) => {
                    storage::forget_database("pregon-decide");
                    worker::tell("signed out");
                    session.forget();
                }
                Err(problem) => toasts::trouble(&problem),
            }
        });
    };
    view! {
        <OwnMenu leave>
            <a href=routes::DEVICES class="button quiet"><Icon glyph=Glyph::Key/>{lang.frame_devices()}</a>
        </OwnMenu>
    }
    .into_any()
}

/// A place of the desk.
struct Place {
    href: &'static str,
    name: &'static str,
    glyph: Glyph,
    /// Whether a phone shows it at the foot; the others are behind "more".
    first: bool,
}

fn places(lang: Lang) -> Vec<Place> {
    let session = session();
    let place = |href, name, glyph, first| Place { href, name, glyph, first };
    let mut places = vec![
        place(routes::HOME, lang.frame_home(), Glyph::Home, true),
        place(routes::CALENDAR, lang.frame_calendar(), Glyph::Calendar, true),
    ];
    if session.may(Act::Write) {
        places.push(place(routes::COMPOSE, lang.frame_compose(), Glyph::Pencil, true));
    }
    places.push(place(routes::APPROVALS, lang.frame_approvals(), Glyph::Check, true));
    places.push(place(routes::PLAN, lang.frame_plan(), Glyph::Clock, false));
    places.push(place(routes::TEXTS, lang.frame_texts(), Glyph::Lines, false));
    places.push(place(routes::LIBRARY, lang.frame_library(), Glyph::Copy, false));
    places.push(place(routes::SEARCH, lang.search_title(), Glyph::Search, false));
    places.push(place(routes::TASKS, lang.frame_tasks(), Glyph::List, false));
    if session.may(Act::ReadRecord) {
        places.push(place(routes::RECORD, lang.frame_record(), Glyph::Book, false));
    }
    places.push(place(routes::CHANNELS, lang.frame_channels(), Glyph::Waves, false));
    places.push(place(routes::PEOPLE, lang.frame_people(), Glyph::People, false));
    places.push(place(routes::CIRCUITS, lang.frame_circuits(), Glyph::Way, false));
    places.push(place(routes::ORGANISATION, lang.frame_organisation(), Glyph::Hall, false));
    places
}

/// The bar.
#[component]
pub fn Bar() -> impl IntoView {
    let (lang, session) = (lang(), session());
    // Only the role changes what is in it.
    let role = Memo::new(move |_| session.me.with(|me| me.as_ref().map(|me| me.role)));
    let path = use_location().pathname;
    let here =
        move |href: &str| path.with(|path| path.trim_end_matches('/') == href.trim_end_matches('/')).then_some("page");
    let link = move |place: Place| {
        let count = move || {
            let counted = session.me.with(|me| {
                let me = me.as_ref()?;
                match place.href {
                    routes::APPROVALS => Some((me.waiting, me.waiting_more)),
                    routes::HOME => Some((me.troubled, false)),
                    _ => None,
                }
            });
            let counted = counted.filter(|(count, more)| *count > 0 || *more);
            counted.map(|(count, more)| view! { <span class="count">{count}{more.then_some("+")}</span> })
        };
        view! {
            <li class:later=!place.first>
                <a href=place.href class="bar-link" aria-current=move || here(place.href)>
                    <Icon glyph=place.glyph/>
                    <span>{place.name}</span>
                    {count}
                </a>
            </li>
        }
        .into_any()
    };
    view! {
        <nav class="bar" aria-label=lang.frame_places()>
            {move || {
                // Read, and not only tracked: nothing tells of a memo that nobody has read.
                let _ = role.get();
                let later = places(lang).into_iter().filter(|place| !place.first);
                let later = later
                    .map(|place| {
                        view! {
                            <a href=place.href class="button quiet">
                                <Icon glyph=place.glyph/>
                                {place.name}
                            </a>
                        }
                    })
                    .collect_view();
                view! {
                    <ul>
                        {places(lang).into_iter().map(link).collect_view()}
                        <li class="bar-more"><Menu label=lang.general_more() glyph=Glyph::Dots spelled=true>{later}</Menu></li>
                    </ul>
                }
            }}
        </nav>
    }
    .into_any()
}

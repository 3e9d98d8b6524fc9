//! The library: everything that the organisation has to publish, found by words and marks; brought; described; with the consents
//! of whoever is seen, and every use. What is looked for and what is looked at stand in the address.

mod alike;
mod asset;
mod bring;
mod consents;
mod delete;
mod pick;
mod shelf;
mod uses;
mod versions;

use domain::{Act, MediaId, may};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::Serialize;
use wire::library::{Query, Sift};

use self::shelf::{Filters, Results, Shelf, Sought};
use super::{
    around::{self, Road},
    leaving::{Leave, List},
};
use crate::{
    api,
    platform::page,
    routes,
    state::{lang, session},
    ui::LinkButton,
};

pub use alike::{Doubtful, alike, question};
pub use pick::{LibraryPick, Picking};

/// The heading, for who comes back to the list.
const TITLE: &str = "library-title";

/// What stands in the address.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
struct Address {
    words: Option<String>,
    folder: Option<String>,
    tag: Option<String>,
    sift: Option<Sift>,
    asset: Option<String>,
}

impl Address {
    fn of(query: &Query, asset: Option<&MediaId>) -> String {
        let Query { words, folder, tag, sift, .. } = query.clone();
        let asset = asset.map(ToString::to_string);
        [routes::LIBRARY, &api::in_query(&Address { words, folder, tag, sift, asset })].concat()
    }

    /// One asset, and nothing that is looked for.
    fn at(asset: &MediaId) -> String {
        Self::of(&Query::default(), Some(asset))
    }
}

/// The page.
#[component]
pub fn LibraryPage() -> AnyView {
    let Some(me) = session().me.get_untracked() else { return ().into_any() };
    let (lang, query, road) = (lang(), use_query_map(), Road::here());
    around::title(lang.library_title());
    let asset = Memo::new(move |_| query.with(|query| query.get("asset")?.parse::<MediaId>().ok()));
    let first = query.with_untracked(|query| Query {
        words: query.get("words"),
        folder: query.get("folder"),
        tag: query.get("tag"),
        sift: query.get("sift").and_then(|name| Sift::ALL.into_iter().find(|sift| sift.name() == name)),
        cursor: None,
    });
    let (sought, shelf) = (Sought::new(&first), Shelf::new());
    shelf.look(first);
    let changed = move |query: Query| {
        road.instead(Address::of(&query, None));
        shelf.look(query);
    };
    // What was looked at may be called otherwise now.
    Effect::watch(
        move || asset.with(Option::is_some),
        move |open, before, _| {
            if !open && before == Some(&true) {
                shelf.look(untrack(|| sought.query()));
                sought.learn();
                page::catch_focus(TITLE.to_owned());
            }
        },
        false,
    );
    let brings = may(me.role, Act::Upload);
    let brought = move || {
        shelf.look(untrack(|| sought.query()));
        sought.learn();
    };
    let keeps = may(me.role, Act::KeepConsents);
    let lists = Callback::new(move |()| {
        let found = List::Library(untrack(|| sought.query()));
        std::iter::once(found).chain(keeps.then_some(List::Consents)).collect::<Vec<_>>()
    });
    let link = move |media: MediaId| Address::of(&sought.query(), Some(&media));
    view! {
        <div class="library">
            <div class="library-list" hidden=move || asset.with(Option::is_some)>
                <header class="page-head">
                    <div>
                        <h1 id=TITLE tabindex="-1">{lang.library_title()}</h1>
                        <p>{lang.library_lead()}</p>
                    </div>
                    <LinkButton href=routes::BRAND>{lang.brand_title()}</LinkButton>
                    <Leave lists/>
                </header>
                {brings.then(|| view! { <bring::Bring on_brought=brought/> })}
                <Filters sought on_change=changed/>
                <Results shelf narrow=Signal::derive(move || sought.is_narrow()) link/>
                {delete::register()}
            </div>
            {move || asset.get().map(|media| asset::page(media, untrack(|| Address::of(&sought.query(), None))))}
        </div>
    }
    .into_any()
}

//! The record: looked through by who, what, when and where, each entry as a sentence; taken out as a file; and checked by
//! this browser. The address says what is looked for.

mod checker;
mod export;
mod filters;
mod line;

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use serde::Serialize;
use wire::records::{self, Found, Search};

use self::{checker::Checker, export::Exporting, filters::Filters};
use super::around::{self, Fetched, Load, Road};
use crate::{
    api::{self, Problem},
    platform::{hand, time::Form},
    routes,
    state::lang,
    ui::{Button, Empty, Glyph},
};

/// What the address asks for. Days stand in it as days: whoever pastes it sees the same ones in the same town.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
struct Asked {
    text: Option<String>,
    from: Option<String>,
    until: Option<String>,
    subject: Option<String>,
    /// A member, or `engine`.
    who: Option<String>,
    channel: Option<String>,
    post: Option<String>,
    cursor: Option<String>,
}

impl Asked {
    fn read(query: &ParamsMap) -> Self {
        let get = |name: &str| query.get(name).filter(|text| !text.trim().is_empty());
        Self {
            text: get("text"),
            from: get("from"),
            until: get("until"),
            subject: get("subject"),
            who: get("who"),
            channel: get("channel"),
            post: get("post"),
            cursor: get("cursor"),
        }
    }

    fn address(&self) -> String {
        [routes::RECORD, &api::in_query(self)].concat()
    }

    /// What the engine is asked. What is no identity is left out: the address was typed.
    fn search(&self) -> Search {
        let day = |day: &Option<String>, later: u64| day.as_deref().and_then(|day| filters::start_of(day, later));
        let is_engine = self.who.as_deref() == Some(filters::ENGINE);
        Search {
            from: day(&self.from, 0),
            until: day(&self.until, 1),
            subjects: self.subject.clone(),
            person: self.who.as_deref().and_then(|who| who.parse().ok()),
            engine: is_engine.then_some(true),
            post: self.post.as_deref().and_then(|post| post.parse().ok()),
            channel: self.channel.as_deref().and_then(|channel| channel.parse().ok()),
            text: self.text.clone(),
            cursor: self.cursor.clone(),
        }
    }

    /// Whether anything narrows it.
    fn is_narrow(&self) -> bool {
        *self != Asked { cursor: self.cursor.clone(), ..Asked::default() }
    }
}

/// The page.
#[component]
pub fn RecordPage() -> AnyView {
    let lang = lang();
    let (road, query) = (Road::here(), use_query_map());
    let asked = Memo::new(move |_| query.with(Asked::read));
    around::title(lang.record_title());
    let found = Fetched::new(move || async move {
        // Whoever types on gets the answer to the last word, in whatever order the answers come.
        loop {
            let search = asked.try_with_untracked(Asked::search).ok_or(Problem::Offline)?;
            let answer = api::call(&records::SEARCH, &[], &search).await;
            if asked.try_with_untracked(Asked::search).is_none_or(|now| now == search) {
                return answer;
            }
        }
    });
    Effect::watch(move || asked.get(), move |_, _, _| found.again(), false);
    view! {
        <div class="record">
            <header class="page-head">
                <div>
                    <h1>{lang.record_title()}</h1>
                    <p>{lang.record_lead()}</p>
                </div>
                <Button glyph=Glyph::Book on_press=hand::print>{lang.general_print()}</Button>
            </header>
            {found.frame(move || {
                let Some(first) = found.now() else { return ().into_any() };
                let export = Exporting::new(asked, found);
                view! {
                    <Filters asked road first/>
                    {move || match found.state.get() {
                        Load::Here(found) => list(&found, &asked.get_untracked(), road, export),
                        _ => ().into_any(),
                    }}
                    <Checker/>
                }
                .into_any()
            })}
        </div>
    }
    .into_any()
}

fn list(found: &Found, asked: &Asked, road: Road, export: Exporting) -> AnyView {
    let lang = lang();
    if found.head == 0 && found.unsealed == 0 {
        return view! { <Empty glyph=Glyph::Book title=lang.record_empty_title() text=lang.record_empty_text() /> }
            .into_any();
    }
    let sealed = found.head_at.map(|at| lang.record_head(around::when(at, Form::Exact), found.head));
    let waiting = (found.unsealed > 0).then(|| lang.record_unsealed(found.unsealed));
    let looked = found.looked_back_to.map(|at| lang.record_looked_back(around::when(at, Form::Exact)));
    let nothing = found.entries.is_empty();
    let to = |cursor: Option<String>| Asked { cursor, ..asked.clone() }.address();
    let newest = asked.cursor.is_some().then(|| to(None));
    let older = found.next.clone().map(|next| to(Some(next)));
    let on = if found.looked_back_to.is_some() { lang.record_look_further() } else { lang.record_older() };
    let everything = asked.is_narrow().then(|| Asked::default().address());
    let lines: Vec<_> = found.entries.iter().map(|kept| line::draw(kept, found)).collect();
    let empty = (nothing && older.is_none()).then(|| {
        view! {
            <Empty glyph=Glyph::Book title=lang.record_nothing_title() text=lang.record_nothing_text()>
                {everything.map(|address| view! {
                    <Button on_press=move || road.to(address.clone())>{lang.record_everything()}</Button>
                })}
            </Empty>
        }
    });
    view! {
        <section class="record-found" aria-labelledby="record-found">
            <h2 class="unseen" id="record-found">{lang.record_found()}</h2>
            <p class="hint" role="status">
                {sealed} " " {waiting} " " {(!nothing).then(|| lang.record_shown(found.entries.len()))}
            </p>
            {(!nothing).then(|| export.buttons())}
            <ol class="entries">{lines}</ol>
            {empty}
            {looked.map(|text| view! { <p class="hint" role="status">{text}</p> })}
            <nav class="actions" aria-label=lang.record_pages()>
                {newest.map(|address| view! {
                    <Button glyph=Glyph::Before on_press=move || road.to(address.clone())>{lang.record_newest()}</Button>
                })}
                {older.map(|address| view! {
                    <Button glyph=Glyph::After on_press=move || road.to(address.clone())>{on}</Button>
                })}
            </nav>
        </section>
    }
    .into_any()
}

//! Search: posts of any day by words of their headings and texts. The address has the words, so that a colleague finds the same.

use domain::sought::Passage;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use wire::posts::{Hit, SEARCH, Search};

use super::{
    around::{self, Road},
    calendar::{condition, marks},
    leaving::{Leave, List},
};
use crate::{
    api::{self, Problem},
    parts::ProblemNotice,
    platform::{page, time::Form},
    routes,
    state::lang,
    ui::{Button, Chip, Empty, Glyph, LinkButton, Skeleton, TextField, Tone},
};

/// What was found so far.
#[derive(Clone, Copy)]
struct Found {
    hits: RwSignal<Vec<Hit>>,
    next: RwSignal<Option<String>>,
    /// The words that this is the answer to; none before there is one.
    answered: RwSignal<String>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    /// Which question is the last.
    turn: StoredValue<u32>,
}

impl Found {
    fn new() -> Self {
        Self {
            hits: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            answered: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
            turn: StoredValue::new(0),
        }
    }

    /// Looks for some words; with a cursor, further back.
    fn look(self, words: String, cursor: Option<String>) {
        self.turn.update_value(|turn| *turn += 1);
        let turn = self.turn.get_value();
        self.problem.set(None);
        if words.is_empty() {
            self.busy.set(false);
            self.hits.set(Vec::new());
            self.next.set(None);
            self.answered.set(words);
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let goes_on = cursor.is_some();
            let answer = api::call(&SEARCH, &[], &Search { words: words.clone(), cursor }).await;
            // Something else is looked for by now, or the page is gone.
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(found) => {
                    self.hits.update(|hits| {
                        if !goes_on {
                            hits.clear();
                        }
                        hits.extend(found.items);
                    });
                    self.next.set(found.next);
                    self.answered.set(words);
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }
}

/// The page.
#[component]
pub fn SearchPage() -> AnyView {
    let (lang, road, query) = (lang(), Road::here(), use_query_map());
    around::title(lang.search_title());
    let asked = Memo::new(move |_| query.with(|query| query.get("words")).unwrap_or_default().trim().to_owned());
    let (found, words) = (Found::new(), RwSignal::new(asked.get_untracked()));
    found.look(asked.get_untracked(), None);
    Effect::watch(
        move || asked.get(),
        move |asked, _, _| {
            words.set(asked.clone());
            found.look(asked.clone(), None);
        },
        false,
    );
    let go = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let wanted = words.get_untracked().trim().to_owned();
        // The same words again: what was written since may be found.
        if wanted == asked.get_untracked() {
            found.look(wanted, None);
        } else {
            road.to(routes::search(&wanted));
        }
    };
    let back = move || {
        let next = found.next.get_untracked().filter(|_| !found.busy.get_untracked());
        if let Some(cursor) = next {
            found.look(found.answered.get_untracked(), Some(cursor));
            // The button may be gone with the last of them.
            page::focus("search-found");
        }
    };
    let said = move || {
        let (count, is_answered) = (found.hits.with(Vec::len), found.answered.with(|words| !words.is_empty()));
        is_answered.then(|| match (count, found.next.with(Option::is_some)) {
            (0, true) => lang.search_none_yet().to_owned(),
            (0, false) => lang.search_none().to_owned(),
            (count, true) => lang.search_found_more(count),
            (count, false) => lang.search_found(count),
        })
    };
    let nothing = move || {
        let is_over = found.hits.with(Vec::is_empty) && found.next.with(Option::is_none) && !found.busy.get();
        let is_answered = found.answered.with(|words| !words.is_empty());
        match (is_over && found.problem.with(Option::is_none), is_answered) {
            (true, true) => Some((lang.search_nothing_title(), lang.search_nothing_text())),
            (true, false) => Some((lang.search_begin_title(), lang.search_begin_text())),
            _ => None,
        }
    };
    // What was answered, and not what stands in the field by now. A memo: the dialog outlives what is read on meanwhile.
    let any = Memo::new(move |_| found.hits.with(|hits| !hits.is_empty()));
    let lists = Callback::new(move |()| vec![List::Search(found.answered.get_untracked())]);
    view! {
        <div class="search">
            <header class="page-head">
                <div>
                    <h1>{lang.search_title()}</h1>
                    <p>{lang.search_lead()}</p>
                </div>
            </header>
            <form class="search-form" role="search" on:submit=go>
                <TextField label=lang.search_words() hint=lang.search_words_hint() kind="search" value=words first=true id="search-words"/>
                <Button tone=Tone::Primary submit=true busy=found.busy>{lang.search_do()}</Button>
            </form>
            <ProblemNotice problem=found.problem/>
            <p id="search-found" tabindex="-1" role="status">{said}</p>
            {move || (found.busy.get() && found.hits.with(Vec::is_empty)).then(|| view! { <Skeleton label=lang.general_loading() /> })}
            {move || {
                let hits = found.hits.get();
                (!hits.is_empty()).then(|| {
                    view! { <ul class="lines card search-hits">{hits.into_iter().map(line).collect_view()}</ul> }
                })
            }}
            {move || found.next.with(Option::is_some).then(|| view! {
                <div class="actions"><Button busy=found.busy on_press=back>{lang.search_further()}</Button></div>
            })}
            {move || any.get().then(|| view! { <div class="actions"><Leave lists/></div> })}
            {move || nothing().map(|(title, text)| view! {
                <Empty glyph=Glyph::Lines title text>
                    <LinkButton href=routes::CALENDAR>{lang.home_calendar()}</LinkButton>
                </Empty>
            })}
        </div>
    }
    .into_any()
}

fn line(hit: Hit) -> AnyView {
    let lang = lang();
    let Hit { row, passage } = hit;
    let heading = if row.heading.is_empty() { lang.post_untitled().to_owned() } else { row.heading.clone() };
    let (state, hue) = condition(lang, &row);
    // Of what has an hour, that; of the rest, when somebody last touched it.
    let at = match row.slot {
        Some(at) => around::when(at, Form::Date),
        None => lang.search_changed(around::when(row.changed, Form::Date)),
    };
    view! {
        <li class="search-hit">
            <a href=routes::post(&row.id) class="search-heading">{heading}</a>
            {passage.map(around_it)}
            <p class="search-facts">{marks(lang, &row)}<span>{at}</span><Chip hue text=state/></p>
        </li>
    }
    .into_any()
}

/// The words around what was found, with it marked.
fn around_it(passage: Passage) -> AnyView {
    let Passage { language, begun, goes_on, pieces } = passage;
    let pieces = pieces
        .into_iter()
        .map(|piece| if piece.hit { view! { <mark>{piece.text}</mark> }.into_any() } else { piece.text.into_any() });
    view! {
        <p class="search-passage" lang=language.to_string()>
            {begun.then_some("… ")}{pieces.collect::<Vec<_>>()}{goes_on.then_some(" …")}
        </p>
    }
    .into_any()
}

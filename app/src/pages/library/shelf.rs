//! What is looked for and what was found: the page of the library and the dialog of the composer look alike.

use std::time::Duration;

use domain::{
    MediaId,
    consent::Shows,
    library::{Asset, Licence},
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use wire::{
    Nothing,
    library::{Body, Filed, LIST, Query, SHELVES, Shelves, Sift},
};

use crate::{
    api::{self, Answer, Problem},
    pages::around,
    parts::ProblemNotice,
    platform::time,
    state::{lang, session},
    ui::{Button, Chip, Empty, Glyph, Hue, Icon, Select, TextField},
};

/// Who types a word is not asked after each letter.
const TYPING: Duration = Duration::from_millis(400);

/// What was found so far.
#[derive(Clone, Copy)]
pub struct Shelf {
    items: RwSignal<Vec<Filed>>,
    next: RwSignal<Option<String>>,
    loaded: RwSignal<bool>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    asked: StoredValue<(u32, Query)>,
}

impl Shelf {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            items: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            loaded: RwSignal::new(false),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
            asked: StoredValue::new((0, Query::default())),
        }
    }

    /// Looks anew. What is shown stays until the answer is there.
    pub fn look(self, query: Query) {
        self.ask(query, None);
    }

    fn more(self) {
        if let Some(cursor) = self.next.get_untracked().filter(|_| !self.busy.get_untracked()) {
            let (_, query) = self.asked.get_value();
            self.ask(query, Some(cursor));
        }
    }

    fn ask(self, query: Query, cursor: Option<String>) {
        let turn = self.asked.with_value(|(turn, _)| turn + 1);
        self.asked.set_value((turn, query.clone()));
        self.busy.set(true);
        self.problem.set(None);
        let goes_on = cursor.is_some();
        spawn_local(async move {
            let answer = api::call(&LIST, &[], &Query { cursor, ..query }).await;
            // Something else is looked for by now, or the page is gone.
            if self.asked.try_with_value(|(asked, _)| *asked) == Some(turn) {
                self.take(answer, goes_on);
            }
        });
    }

    fn take(self, answer: Answer<wire::Page<Filed>>, goes_on: bool) {
        self.busy.set(false);
        match answer {
            Ok(page) => {
                self.items.update(|items| {
                    if !goes_on {
                        items.clear();
                    }
                    items.extend(page.items);
                });
                self.next.set(page.next);
                self.loaded.set(true);
            }
            Err(problem) => self.problem.set(Some(problem)),
        }
    }
}

/// What is looked for.
#[derive(Clone, Copy)]
pub struct Sought {
    words: RwSignal<String>,
    folder: RwSignal<String>,
    tag: RwSignal<String>,
    sift: RwSignal<String>,
    shelves: RwSignal<Shelves>,
}

fn filled(field: RwSignal<String>) -> Option<String> {
    Some(field.get().trim_start().to_owned()).filter(|text| !text.trim().is_empty())
}

impl Sought {
    /// As an address says.
    pub fn new(first: &Query) -> Self {
        let text = |text: &Option<String>| RwSignal::new(text.clone().unwrap_or_default());
        let sought = Self {
            words: text(&first.words),
            folder: text(&first.folder),
            tag: text(&first.tag),
            sift: RwSignal::new(first.sift.map_or("", Sift::name).to_owned()),
            shelves: RwSignal::new(Shelves::default()),
        };
        sought.learn();
        sought
    }

    /// Asks which folders and tags there are.
    pub fn learn(self) {
        spawn_local(async move {
            // Without them one can still look for words.
            if let Ok(shelves) = api::call(&SHELVES, &[], &Nothing {}).await {
                let _ = self.shelves.try_set(shelves);
            }
        });
    }

    /// What is asked for. Tracked.
    pub fn query(self) -> Query {
        let sift = self.sift.get();
        Query {
            words: filled(self.words),
            folder: filled(self.folder),
            tag: filled(self.tag),
            sift: Sift::ALL.into_iter().find(|one| one.name() == sift),
            cursor: None,
        }
    }

    /// Whether less than everything is. Tracked.
    pub fn is_narrow(self) -> bool {
        [self.words, self.folder, self.tag, self.sift].iter().any(|field| field.with(|text| !text.trim().is_empty()))
    }
}

/// The fields.
#[component]
pub fn Filters(sought: Sought, #[prop(into)] on_change: Callback<Query>) -> AnyView {
    let lang = lang();
    let Sought { words, folder, tag, sift, shelves } = sought;
    let go = move || on_change.run(untrack(|| sought.query()));
    Effect::watch(move || [folder, tag, sift].map(|field| field.get()), move |_, _, _| go(), false);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    };
    Effect::watch(
        move || words.get(),
        move |_, _, _| {
            stop();
            timer.set_value(set_timeout_with_handle(go, TYPING).ok());
        },
        false,
    );
    on_cleanup(stop);
    let any = move || (String::new(), lang.library_any().to_owned());
    let listed = move |names: Vec<String>, chosen: String| {
        // What stands in an address is offered, also before the list has come.
        let lost = Some(chosen).filter(|chosen| !chosen.is_empty() && !names.contains(chosen));
        std::iter::once(any()).chain(lost.into_iter().chain(names).map(|name| (name.clone(), name))).collect::<Vec<_>>()
    };
    let folders = move || {
        let options = listed(shelves.with(|shelves| shelves.folders.clone()), folder.get_untracked());
        view! { <Select label=lang.library_folder() value=folder options/> }
    };
    let tags = move || {
        let options = listed(shelves.with(|shelves| shelves.tags.clone()), tag.get_untracked());
        view! { <Select label=lang.library_tag() value=tag options/> }
    };
    let names = |sift| match sift {
        Sift::NoAlt => lang.library_sift_no_alt(),
        Sift::Persons => lang.library_sift_persons(),
        Sift::Ended => lang.library_sift_ended(),
    };
    let sifts = Sift::ALL.into_iter().map(|one| (one.name().to_owned(), names(one).to_owned()));
    let sifts: Vec<_> = std::iter::once(any()).chain(sifts).collect();
    let clear = move || [words, folder, tag, sift].iter().for_each(|field| field.set(String::new()));
    view! {
        <form class="library-filters" role="search" aria-label=lang.library_search() on:submit=move |event| {
            event.prevent_default();
            stop();
            go();
        }>
            <TextField label=lang.library_words() hint=lang.library_words_hint() kind="search" value=words/>
            <div class="library-filter-row">
                {folders}
                {tags}
                <Select label=lang.library_sift() value=sift options=sifts/>
            </div>
            {move || sought.is_narrow().then(|| view! {
                <div class="actions"><Button glyph=Glyph::Cross on_press=clear>{lang.library_everything()}</Button></div>
            })}
        </form>
    }
    .into_any()
}

/// What was found: each a link to its page, or with `on_pick` a button that takes it.
#[component]
pub fn Results(
    shelf: Shelf,
    #[prop(into)] narrow: Signal<bool>,
    #[prop(optional, into)] link: Option<Callback<MediaId, String>>,
    #[prop(optional, into)] on_pick: Option<Callback<Body>>,
) -> AnyView {
    let lang = lang();
    let count = Memo::new(move |_| shelf.items.with(Vec::len));
    let tile = move |filed: Filed| match on_pick {
        Some(pick) => {
            let label = lang.library_pick_one(&filed.asset.said.name);
            let (face, body) = (face(&filed), filed.body);
            view! {
                <li>
                    <button type="button" class="library-tile" aria-label=label on:click=move |_| pick.run(body.clone())>
                        {face}
                    </button>
                </li>
            }
            .into_any()
        }
        None => {
            let media = filed.asset.media.clone();
            // What is looked for may change while the tile stays.
            let href = move || link.map(|link| link.run(media.clone())).unwrap_or_default();
            view! { <li><a class="library-tile" href=href>{face(&filed)}</a></li> }.into_any()
        }
    };
    let empty = move || {
        let nothing = shelf.loaded.get() && count.get() == 0 && shelf.problem.with(Option::is_none);
        nothing.then(|| {
            if narrow.get() {
                view! { <p>{lang.library_none_found()}</p> }.into_any()
            } else {
                let (title, text) = (lang.library_none_title(), lang.library_none_text());
                view! { <Empty glyph=Glyph::Book title text/> }.into_any()
            }
        })
    };
    let coming = move || (!shelf.loaded.get() && shelf.problem.with(Option::is_none)).then(around::loading);
    // What is empty says so itself.
    let said =
        move || (shelf.loaded.get() && (count.get() > 0 || narrow.get())).then(|| lang.library_found(count.get()));
    view! {
        <p class="hint" role="status">{said}</p>
        <ProblemNotice problem=shelf.problem/>
        {coming}
        {empty}
        <ul class="library-grid" aria-busy=move || shelf.busy.get().then_some("true")>
            <For
                each=move || shelf.items.get()
                key=|filed| (filed.asset.media.clone(), filed.asset.version)
                children=tile
            />
        </ul>
        {move || shelf.next.with(Option::is_some).then(|| view! {
            <div class="actions">
                <Button busy=shelf.busy on_press=move || shelf.more()>{lang.library_more()}</Button>
            </div>
        })}
    }
    .into_any()
}

/// What it looks like, what it is called, and what is to be minded.
fn face(filed: &Filed) -> AnyView {
    let lang = lang();
    let name = filed.asset.said.name.clone();
    let picture = match &filed.body {
        // Its name stands below: what is said of it twice is heard twice.
        Body::Picture { picture } => view! {
            <img src=api::thumbnail_address(&picture.media) alt="" loading="lazy" decoding="async" width=picture.width.to_string()
                height=picture.height.to_string()/>
        }
        .into_any(),
        Body::Video { .. } => view! { <span class="library-film"><Icon glyph=Glyph::Play/></span> }.into_any(),
    };
    view! {
        {picture}
        <strong>{name}</strong>
        <span class="library-chips">{chips(lang, filed)}</span>
    }
    .into_any()
}

fn chips(lang: words::Lang, filed: &Filed) -> AnyView {
    let Asset { said, .. } = &filed.asset;
    let film = matches!(filed.body, Body::Video { .. });
    let persons = said.shows == Shows::Persons;
    let today = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.civil(time::now()).date()));
    let over = said.until.zip(today).is_some_and(|(until, today)| until < today);
    let chip = |shown: bool, hue: Hue, text: &'static str| shown.then(|| view! { <Chip hue text/> });
    view! {
        {chip(film, Hue::Neutral, lang.library_video())}
        {chip(filed.uncovered, Hue::Bad, lang.library_chip_uncovered())}
        {chip(persons && !filed.uncovered, Hue::Info, lang.library_chip_persons())}
        {chip(over, Hue::Bad, lang.library_chip_ended())}
        {chip(said.alt.is_empty(), Hue::Warn, lang.library_chip_no_alt())}
        {chip(said.licence != Licence::Unsaid && !over, Hue::Neutral, words::licence_name(lang, said.licence))}
    }
    .into_any()
}

//! Bringing many files at once: one after the other, each with how far it is; one that is none, or breaks off, stops no other.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use leptos::{
    ev::{DragEvent, Event},
    prelude::*,
    task::spawn_local,
};
use wasm_bindgen::JsCast;
use web_sys::{File, FileList, HtmlInputElement};
use wire::library::Body;

use super::alike::{Doubtful, alike, question};
use crate::{
    api::{Problem, Storing},
    parts::{bring_video, prepare_picture, problem_sentence, store_picture},
    platform::{
        page,
        videos::{self, Line},
    },
    state::lang,
    ui::{Button, Tone},
};

/// How far one is.
#[derive(Debug, Clone, PartialEq)]
enum At {
    Waits,
    /// In percent, where it is sent in parts.
    Coming(Option<u32>),
    /// The library has some that look like it: somebody says whether one of them is meant.
    Doubtful(Arc<Doubtful>),
    Done,
    /// One of those was.
    There,
    /// It could not be brought, and why; and whether that may be tried again as it is.
    Failed(String, bool),
}

#[derive(Debug, Clone, PartialEq)]
struct Coming {
    number: usize,
    name: String,
    at: At,
}

#[derive(Clone, Copy)]
struct Desk {
    all: RwSignal<Vec<Coming>>,
    queue: StoredValue<VecDeque<(usize, File)>, LocalStorage>,
    /// Those that are not in the library yet: one that could not be uploaded is tried again.
    files: StoredValue<BTreeMap<usize, File>, LocalStorage>,
    running: StoredValue<bool>,
    on_brought: Callback<()>,
}

/// How far all of them are: the focus goes there when the question that it was in has been answered.
const SAID: &str = "library-coming";

/// The field, and what was chosen.
#[component]
pub fn Bring(#[prop(into)] on_brought: Callback<()>) -> AnyView {
    let lang = lang();
    let desk = Desk {
        all: RwSignal::new(Vec::new()),
        queue: StoredValue::new_local(VecDeque::new()),
        files: StoredValue::new_local(BTreeMap::new()),
        running: StoredValue::new(false),
        on_brought,
    };
    let over = RwSignal::new(false);
    let chosen = move |event: Event| {
        if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
            desk.take(input.files());
            // The same file may be chosen again.
            input.set_value("");
        }
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        desk.take(event.data_transfer().and_then(|data| data.files()));
    };
    let hovered = move |event: DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let count = Memo::new(move |_| desk.all.with(Vec::len));
    let those = move |are: fn(&At) -> bool| {
        Memo::new(move |_| desk.all.with(|all| all.iter().filter(|one| are(&one.at)).count()))
    };
    let done = those(|at| matches!(at, At::Done | At::There));
    let failed = those(|at| matches!(at, At::Failed(..)));
    let doubtful = those(|at| matches!(at, At::Doubtful(_)));
    let ended = Memo::new(move |_| count.get() > 0 && done.get() + failed.get() == count.get());
    let said = move || (count.get() > 0).then(|| lang.library_bring_done_of(count.get(), done.get()));
    let lost = move || (failed.get() > 0).then(|| lang.library_bring_failed_of(failed.get()));
    let asks = move || (doubtful.get() > 0).then(|| lang.library_alike_waiting(doubtful.get()));
    view! {
        <section class="library-bring" aria-label=lang.library_bring()>
            <label class="drop" class:drop-over=move || over.get()
                on:drop=dropped on:dragover=hovered on:dragleave=move |_| over.set(false)>
                <input type="file" class="unseen" multiple
                    accept="image/jpeg,image/png,image/webp,video/mp4,video/quicktime,.mp4,.m4v,.mov" on:change=chosen/>
                <b>{lang.library_bring()}</b>
                <span class="hint">{lang.library_bring_hint()}</span>
            </label>
            <p id=SAID tabindex="-1" role="status">{said}" "{lost}" "{asks}</p>
            <ul class="library-coming">
                // One more takes the focus from no question that another asks.
                <For each=move || 0..count.get() key=|place| *place children=move |place| one(desk, place)/>
            </ul>
            {move || ended.get().then(|| view! {
                <div class="actions">
                    <Button tone=Tone::Quiet on_press=move || desk.clear()>{lang.library_bring_clear()}</Button>
                </div>
            })}
        </section>
    }
    .into_any()
}

fn one(desk: Desk, place: usize) -> AnyView {
    let lang = lang();
    let now = Memo::new(move |_| desk.all.with(|all| all.get(place).cloned()));
    (move || {
        let Coming { number, name, at } = now.get()?;
        let at = match at {
            At::Doubtful(doubtful) => return Some(asked(desk, number, doubtful)),
            at => at,
        };
        let bar = match at {
            At::Coming(percent) => Some(percent),
            _ => None,
        };
        let busy = bar.is_some().then_some("true");
        let failed = matches!(at, At::Failed(..)).then_some("bad");
        let again = matches!(at, At::Failed(_, true)).then(|| {
            let label = [lang.general_retry(), ": ", &name].concat();
            view! {
                <button type="button" class="button" aria-label=label on:click=move |_| desk.again(number)>
                    {lang.general_retry()}
                </button>
            }
        });
        let said = match at {
            At::Waits => lang.library_bring_waiting().to_owned(),
            At::Coming(Some(percent)) => lang.library_bring_percent(percent),
            At::Coming(None) => lang.library_bring_coming().to_owned(),
            At::Done => lang.library_bring_done().to_owned(),
            At::There => lang.library_alike_there().to_owned(),
            At::Doubtful(_) => String::new(),
            At::Failed(sentence, _) => sentence,
        };
        let label = name.clone();
        Some(
            view! {
                <li class:notice=failed.is_some() data-hue=failed aria-busy=busy>
                    <b>{name}</b>" "<span>{said}</span>" "{again}
                    {bar.flatten().map(|percent| view! {
                        <progress max="100" value=percent.to_string() aria-label=label></progress>
                    })}
                </li>
            }
            .into_any(),
        )
    })
    .into_any()
}

/// One that looks like what is there already: it waits for an answer, and lets the others go by.
fn asked(desk: Desk, number: usize, doubtful: Arc<Doubtful>) -> AnyView {
    let there = Callback::new(move |_: Body| {
        desk.mark(number, At::There);
        page::catch_focus(SAID.to_owned());
    });
    let asks = doubtful.clone();
    let keep = Callback::new(move |()| {
        let doubtful = asks.clone();
        desk.mark(number, At::Coming(None));
        page::catch_focus(SAID.to_owned());
        spawn_local(async move {
            let stored = store_picture(&doubtful.ready, Storing::Filed).await;
            desk.mark(number, stored.map_or_else(|problem| unsent(&problem), |_| At::Done));
            let _ = desk.on_brought.try_run(());
        });
    });
    view! { <li class="notice" data-hue="warn"><div class="notice-body">{question(&doubtful, there, keep)}</div></li> }
        .into_any()
}

/// One that is prepared and did not arrive: it may the next time.
fn unsent(problem: &Problem) -> At {
    At::Failed(problem_sentence(problem).to_string(), true)
}

impl Desk {
    fn take(self, files: Option<FileList>) {
        let files = (0..files.as_ref().map_or(0, FileList::length)).filter_map(|index| files.as_ref()?.get(index));
        for file in files {
            let number = self.all.with_untracked(Vec::len);
            self.all.update(|all| all.push(Coming { number, name: file.name(), at: At::Waits }));
            self.files.update_value(|files| drop(files.insert(number, file.clone())));
            self.queue.update_value(|queue| queue.push_back((number, file)));
        }
        self.go_on();
    }

    /// One that did not arrive, behind those that wait.
    fn again(self, number: usize) {
        let Some(file) = self.files.with_value(|files| files.get(&number).cloned()) else { return };
        self.mark(number, At::Waits);
        page::catch_focus(SAID.to_owned());
        self.queue.update_value(|queue| queue.push_back((number, file)));
        self.go_on();
    }

    fn clear(self) {
        self.all.set(Vec::new());
        self.files.update_value(BTreeMap::clear);
        page::catch_focus(SAID.to_owned());
    }

    fn mark(self, number: usize, at: At) {
        if matches!(at, At::Done | At::There) {
            let _ = self.files.try_update_value(|files| files.remove(&number));
        }
        let _ = self.all.try_update(|all| {
            if let Some(one) = all.iter_mut().find(|one| one.number == number) {
                one.at = at;
            }
        });
    }

    /// One after the other: a phone has no room for ten decoded pictures.
    fn go_on(self) {
        if self.running.get_value() {
            return;
        }
        self.running.set_value(true);
        spawn_local(async move {
            // The page may be gone: what is under way ends, the rest is not begun.
            while let Some((number, file)) = self.queue.try_update_value(VecDeque::pop_front).flatten() {
                self.mark(number, At::Coming(None));
                let at = self.bring(number, file).await;
                self.mark(number, at);
            }
            if self.running.try_update_value(|running| *running = false).is_some() {
                let _ = self.on_brought.try_run(());
            }
        });
    }

    async fn bring(self, number: usize, file: File) -> At {
        let name = file.name().to_lowercase();
        let ends = [".mp4", ".m4v", ".mov"];
        if !file.type_().starts_with("video/") && !ends.iter().any(|end| name.ends_with(end)) {
            let ready = match prepare_picture(file).await {
                Ok(ready) => ready,
                // As it is, it will not do the next time either.
                Err(why) => return At::Failed(why, false),
            };
            let likes = alike(&ready).await;
            if !likes.is_empty() {
                return At::Doubtful(Arc::new(Doubtful { ready, likes }));
            }
            let stored = store_picture(&ready, Storing::Filed).await;
            return stored.map_or_else(|problem| unsent(&problem), |_| At::Done);
        }
        let ready = match videos::prepare(file).await {
            Ok(ready) => ready,
            Err(refusal) => return At::Failed(problem_sentence(&Problem::from(refusal)).to_string(), false),
        };
        let told = move |far: Option<u32>| self.mark(number, At::Coming(far));
        match bring_video(&ready, &Line::default(), told).await {
            Ok(_) => At::Done,
            Err(Problem::Offline) => At::Failed(lang().library_bring_lost().to_owned(), true),
            Err(problem) => unsent(&problem),
        }
    }
}

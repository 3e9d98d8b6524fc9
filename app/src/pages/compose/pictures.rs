//! The pictures: dropped, pasted or chosen; each described in every language it goes out in, ordered, taken away.

use std::sync::Arc;

use domain::{
    Channel, Focus, Language, Picture,
    media::{cut, strictest},
    policy::Rule,
    text,
};
use leptos::{
    ev::{ClipboardEvent, DragEvent, Event},
    prelude::*,
    task::spawn_local,
};
use wasm_bindgen::JsCast;
use web_sys::{File, FileList, HtmlInputElement};
use wire::library::{Body, Superseded};
use words::language_name;

use super::{editor::Editor, findings, renewing};
use crate::{
    api::{self, Storing},
    chunks,
    pages::{
        library::{Doubtful, Picking, alike, question},
        symbols,
        workshop::{Bench, Kept, Place},
    },
    parts::{Brought, arrange, as_picture, pointing, prepare_picture, problem_sentence, store_picture},
    platform::{page, pictures},
    state::toasts,
};

/// The heading: the focus goes there when a question that it was in has been answered.
const TITLE: &str = "compose-pictures";

/// A file on its way.
#[derive(Debug, Clone, PartialEq)]
struct Coming {
    number: u32,
    name: String,
    trouble: Option<String>,
    /// What was prepared and could not be uploaded: it is not prepared again.
    ready: Option<Arc<Doubtful>>,
    /// The library has some that look like it.
    doubtful: Option<Arc<Doubtful>>,
}

/// The pictures of the post.
#[component]
pub fn Pictures(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let coming = RwSignal::new(Vec::<Coming>::new());
    let stripped = RwSignal::new(false);
    let over = RwSignal::new(false);
    let count = Memo::new(move |_| editor.seen.with(|content| content.pictures.len()));
    let take = move |files: Option<FileList>| {
        let files = (0..files.as_ref().map_or(0, FileList::length)).filter_map(|index| files.as_ref()?.get(index));
        for file in files {
            bring(editor, coming, stripped, file);
        }
    };
    let chosen = move |event: Event| {
        if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
            take(input.files());
            // The same file may be chosen again.
            input.set_value("");
        }
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        take(event.data_transfer().and_then(|data| data.files()));
    };
    let hovered = move |event: DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    // Pasting works anywhere on the page; a pasted text is left to the field it was pasted in.
    let paste = window_event_listener(leptos::ev::paste, move |event: ClipboardEvent| {
        take(event.clipboard_data().and_then(|data| data.files()).filter(|files| files.length() > 0));
    });
    on_cleanup(move || paste.remove());
    let locked = !editor.may_picture();
    let newer = renewing::learn(editor);
    let picking = RwSignal::new(false);
    provide_context(Picking { open: picking, chosen: Callback::new(move |body| take_up(editor, body)) });
    let bench = Bench::new(Place::Post, move |kept| retouched(editor, kept));
    provide_context(bench);
    let once = |open: RwSignal<bool>| {
        Memo::new(move |before: Option<&bool>| before.copied().unwrap_or_default() || open.get())
    };
    let (asked, worked) = (once(picking), once(bench.open));
    view! {
        <section class="compose-section" aria-label=lang.compose_pictures()>
            <h2 id=TITLE tabindex="-1">{lang.compose_pictures()}</h2>
            <ol class="pictures">
                {move || (0..count.get()).map(|index| view! { <One editor index newer /> }).collect::<Vec<_>>()}
            </ol>
            <ul class="pictures-coming" aria-live="polite">
                // Another that comes meanwhile takes the focus from no question.
                <For
                    each=move || coming.get()
                    key=|one| (one.number, one.trouble.is_some(), one.doubtful.is_some())
                    children=move |one| arriving(editor, coming, stripped, one)
                />
            </ul>
            <Show when=move || stripped.get()>
                <p class="notice" data-hue="info" role="status">{lang.compose_picture_stripped()}</p>
            </Show>
            <label class="drop" class:drop-over=move || over.get() hidden=locked
                on:drop=dropped on:dragover=hovered on:dragleave=move |_| over.set(false)>
                <input type="file" class="unseen" multiple accept="image/jpeg,image/png,image/webp" on:change=chosen />
                <b>{lang.compose_picture_add()}</b>
                <span class="hint">{lang.compose_picture_hint()}</span>
            </label>
            <div class="actions" hidden=locked>
                <button type="button" class="button" on:click=move |_| picking.set(true)>{lang.library_pick()}</button>
            </div>
            // Fetched when somebody asks for it, and kept: it opens and closes itself.
            {move || asked.get().then(chunks::library_pick)}
            {move || worked.get().then(chunks::workshop)}
        </section>
    }
    .into_any()
}

/// Takes what was picked in the library into the post, with its alt texts.
fn take_up(editor: Editor, body: Body) {
    let lang = editor.lang;
    editor.content.update(|content| match body {
        Body::Picture { picture } => {
            // Twice the same picture says nothing twice.
            if content.pictures.iter().all(|one| one.media != picture.media) {
                content.pictures.push(picture);
            }
        }
        Body::Video { video } => content.video = Some(video),
    });
    toasts::done(lang.library_taken());
}

/// Puts what was made of a picture where that stands. What is said of it stays; whether it is still true, whoever writes sees beside it.
fn retouched(editor: Editor, kept: Kept) {
    toasts::done(kept.said());
    let Kept { before, picture, .. } = kept;
    editor.content.update(|content| {
        // Somebody may have moved or removed it meanwhile.
        if let Some(there) = content.pictures.iter_mut().find(|one| one.media == before) {
            *there = Picture { alt: there.alt.clone(), ..picture };
        }
    });
}

/// Prepares and stores a file, and puts it behind the others; asks first, where the library has some that look like it.
fn bring(editor: Editor, coming: RwSignal<Vec<Coming>>, stripped: RwSignal<bool>, file: File) {
    let number = coming.with_untracked(|all| all.last().map_or(0, |last| last.number + 1));
    coming.update(|all| all.push(Coming { number, name: file.name(), trouble: None, ready: None, doubtful: None }));
    spawn_local(async move {
        match prepare_picture(file).await {
            Ok(ready) => {
                let likes = alike(&ready).await;
                let doubtful = Arc::new(Doubtful { ready, likes });
                if doubtful.likes.is_empty() {
                    keep(editor, coming, stripped, number, doubtful).await;
                } else {
                    change(coming, number, |one| one.doubtful = Some(doubtful));
                }
            }
            Err(trouble) => change(coming, number, |one| one.trouble = Some(trouble)),
        }
    });
}

/// Stores a picture that is prepared, and puts it behind the others.
async fn keep(
    editor: Editor,
    coming: RwSignal<Vec<Coming>>,
    stripped: RwSignal<bool>,
    number: u32,
    prepared: Arc<Doubtful>,
) {
    match store_picture(&prepared.ready, Storing::Filed).await {
        Ok(Brought { stored, name, stripped: had_position }) => {
            // What the library says of these bytes is offered: it was written once.
            let alt = stored.alt.clone();
            let picture = as_picture(stored, name, alt);
            if coming.try_update(|all| all.retain(|one| one.number != number)).is_none() {
                return;
            }
            editor.content.update(|content| content.pictures.push(picture));
            if had_position {
                stripped.set(true);
            }
        }
        Err(problem) => {
            let trouble = problem_sentence(&problem).to_string();
            change(coming, number, |one| {
                one.trouble = Some(trouble);
                one.ready = Some(prepared);
            });
        }
    }
}

/// Changes one that is on its way, if the page is still there.
fn change(coming: RwSignal<Vec<Coming>>, number: u32, change: impl FnOnce(&mut Coming)) {
    let _ = coming.try_update(|all| all.iter_mut().find(|one| one.number == number).map(change));
}

fn arriving(editor: Editor, coming: RwSignal<Vec<Coming>>, stripped: RwSignal<bool>, one: Coming) -> AnyView {
    let lang = editor.lang;
    let number = one.number;
    let gone = move || coming.update(|all| all.retain(|one| one.number != number));
    if let Some(trouble) = one.trouble {
        let close = move |_| {
            gone();
            page::catch_focus(TITLE.to_owned());
        };
        let again = one.ready.map(|prepared| {
            let name = [lang.general_retry(), ": ", &one.name].concat();
            let retry = move |_| {
                let prepared = prepared.clone();
                change(coming, number, |one| (one.trouble, one.ready) = (None, None));
                page::catch_focus(TITLE.to_owned());
                spawn_local(async move { keep(editor, coming, stripped, number, prepared).await });
            };
            view! {
                <button type="button" class="button" aria-label=name on:click=retry>{lang.general_retry()}</button>
            }
        });
        return view! {
            <li class="notice" data-hue="bad">
                <div class="notice-body">
                    <p><b>{one.name}</b>" "{trouble}</p>
                    <div class="row">
                        {again}
                        <button type="button" class="button quiet" on:click=close>{lang.general_close()}</button>
                    </div>
                </div>
            </li>
        }
        .into_any();
    }
    let Some(doubtful) = one.doubtful else {
        return view! { <li aria-busy="true"><b>{one.name}</b>" "{lang.compose_picture_coming()}</li> }.into_any();
    };
    let there = Callback::new(move |body: Body| {
        gone();
        take_up(editor, body);
        page::catch_focus(TITLE.to_owned());
    });
    let asks = doubtful.clone();
    let all_the_same = Callback::new(move |()| {
        let doubtful = asks.clone();
        change(coming, number, |one| one.doubtful = None);
        page::catch_focus(TITLE.to_owned());
        spawn_local(async move { keep(editor, coming, stripped, number, doubtful).await });
    });
    view! { <li class="notice" data-hue="warn"><div class="notice-body">{question(&doubtful, there, all_the_same)}</div></li> }.into_any()
}

/// A picture with its alt texts.
#[component]
fn One(editor: Editor, index: usize, newer: RwSignal<Vec<Superseded>>) -> AnyView {
    let lang = editor.lang;
    let with = move |content: &domain::Content| content.pictures.get(index).cloned();
    let media = Memo::new(move |_| editor.seen.with(|content| with(content).map(|picture| picture.media)));
    let about = Memo::new(move |_| {
        editor.seen.with(|content| {
            with(content).map(|picture| format!("{} × {} · {} KB", picture.width, picture.height, picture.bytes / 1024))
        })
    });
    let last = Memo::new(move |_| editor.seen.with(|content| index + 1 >= content.pictures.len()));
    let swap = move |other: usize| {
        editor.content.update(|content| {
            if index.max(other) < content.pictures.len() {
                content.pictures.swap(index, other);
            }
        });
        toasts::done(lang.compose_picture_moved(other + 1));
    };
    let remove = move |_| {
        editor.content.update(|content| {
            if index < content.pictures.len() {
                content.pictures.remove(index);
            }
        });
        toasts::done(lang.compose_picture_removed());
    };
    let languages = Memo::new(move |_| {
        let mut wanted: Vec<Language> =
            editor.seen.with(|content| content.destinations().map(|(_, language)| language.clone()).collect());
        arrange(&mut wanted, |one| editor.languages().iter().position(|other| other == one));
        wanted.dedup();
        if wanted.is_empty() { editor.languages().into_iter().take(1).collect() } else { wanted }
    });
    let found = Signal::derive(move || findings::of_picture(editor, index));
    let locked = !editor.may_picture();
    let is_misfit = Memo::new(move |_| {
        let physical = |rule| matches!(rule, Rule::PictureSize | Rule::PictureType);
        !locked && found.with(|found| found.iter().any(|finding| physical(finding.rule)))
    });
    let number = index + 1;
    let bench = use_context::<Bench>();
    let work = move |_| {
        let picture = editor.content.with_untracked(|content| content.pictures.get(index).cloned());
        if let (Some(bench), Some(picture)) = (bench, picture) {
            bench.take(picture);
        }
    };
    view! {
        <li class="picture" aria-label=lang.compose_picture_number(number)>
            <div class="picture-frame">
                {move || media.get().map(|media| view! { <img src=api::picture_address(&media) alt="" loading="lazy" /> })}
                <small>{move || about.get()}</small>
            </div>
            <div class="picture-words">
                {move || languages.get().into_iter().map(|language| alt(editor, index, language)).collect::<Vec<_>>()}
                <findings::List editor found area=None part=None />
                {(!locked).then(|| renewing::offer(editor, index, newer))}
                {move || is_misfit.get().then(|| fit(editor, index))}
                {(!locked).then(|| focal(editor, index))}
            </div>
            <div class="picture-acts" hidden=locked>
                <button type="button" class="button quiet" on:click=work
                    aria-label=lang.workshop_open_of(number)>{lang.workshop_open()}</button>
                <button type="button" class="button quiet" disabled=index == 0 on:click=move |_| swap(index - 1)
                    aria-label=lang.compose_picture_up(number)>"↑"</button>
                <button type="button" class="button quiet" disabled=move || last.get() on:click=move |_| swap(index + 1)
                    aria-label=lang.compose_picture_down(number)>"↓"</button>
                <button type="button" class="button quiet" on:click=remove
                    aria-label=lang.compose_picture_remove(number)>{lang.general_remove()}</button>
            </div>
        </li>
    }
    .into_any()
}

/// What must be seen of a picture wherever it is cut: shown and set on the picture itself.
fn focal(editor: Editor, index: usize) -> AnyView {
    let lang = editor.lang;
    let with = move |content: &domain::Content| content.pictures.get(index).and_then(|picture| picture.focus);
    let focus = Memo::new(move |_| editor.seen.with(with));
    let media = Memo::new(move |_| {
        editor.seen.with(|content| {
            let picture = content.pictures.get(index)?;
            Some((picture.media.clone(), picture.width, picture.height))
        })
    });
    let set = move |focus: Option<Focus>| {
        editor.content.update(|content| {
            if let Some(picture) = content.pictures.get_mut(index) {
                picture.focus = focus;
            }
        });
    };
    let point = Signal::derive(move || focus.get().map(|focus| Focus::of(Some(focus))));
    let put = Callback::new(move |(x, y)| set(Focus::at(x, y)));
    // Drawn anew for another picture only: whoever drags a slider keeps hold of it.
    let drawn = move || {
        media.get().map(|(media, width, height)| {
            let shown = view! {
                <img src=api::picture_address(&media) alt="" width=width.to_string() height=height.to_string() loading="lazy" />
            };
            pointing(shown.into_any(), point, put)
        })
    };
    view! {
        <details class="focal">
            <summary>{lang.picture_focus()}</summary>
            <fieldset class="pointable">
                <legend>{lang.picture_focus_of(index + 1)}</legend>
                <p class="hint">{lang.picture_focus_hint()}</p>
                {drawn}
                <button type="button" class="button quiet" hidden=move || focus.with(Option::is_none) on:click=move |_| set(None)>
                    {lang.picture_focus_middle()}
                </button>
            </fieldset>
        </details>
    }
    .into_any()
}

/// Offers a version of a picture that every chosen network takes.
fn fit(editor: Editor, index: usize) -> AnyView {
    let lang = editor.lang;
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(false));
    let make = move |_| {
        let picture = editor.content.with_untracked(|content| content.pictures.get(index).cloned());
        let Some(before) = picture.filter(|_| !busy.get_untracked()) else { return };
        let (shapes, most) = editor.channels.with_untracked(|channels| {
            let limits = |channel: &Channel| {
                let is_target = editor
                    .content
                    .with_untracked(|content| content.targets.iter().any(|target| target.channel == channel.id));
                is_target.then_some((channel.limits.shapes, channel.limits.picture_bytes))
            };
            let (shapes, bytes): (Vec<_>, Vec<_>) = channels.iter().filter_map(limits).unzip();
            (strictest(shapes.into_iter().flatten()), bytes.into_iter().min().unwrap_or(u32::MAX))
        });
        busy.set(true);
        failed.set(false);
        spawn_local(async move {
            let (address, before_focus) = (api::picture_address(&before.media), before.focus);
            let made = async {
                let kept = move |size| cut(size, shapes, before_focus);
                let ready = pictures::fitted(&address, kept, most, before.file_name.clone()).await?;
                store_picture(&ready, Storing::CutFrom(&before.media)).await.ok()
            };
            let made = made.await.map(|brought| brought.stored);
            if busy.try_set(false).is_some() {
                return;
            }
            let Some(stored) = made else { return failed.set(true) };
            editor.content.update(|content| {
                // Somebody may have moved or removed it meanwhile.
                let Some(picture) = content.pictures.iter_mut().find(|one| one.media == before.media) else { return };
                let Picture { file_name, alt, .. } = picture.clone();
                // What must be seen is the same, at its place in what was kept.
                let size = (before.width, before.height);
                let focus = before.focus.and_then(|focus| focus.within(size, &cut(size, shapes, before.focus)));
                *picture = Picture { focus, ..as_picture(stored, file_name, alt) };
            });
            toasts::done(lang.compose_picture_fitted());
        });
    };
    view! {
        <button type="button" class="button" disabled=move || busy.get() on:click=make>
            {move || if busy.get() { lang.compose_picture_fitting() } else { lang.compose_picture_fit() }}
        </button>
        <p class="hint">{lang.compose_picture_fit_hint()}</p>
        {move || failed.get().then(|| view! {
            <p class="notice" data-hue="bad" role="alert">{lang.compose_picture_fit_failed()}</p>
        })}
    }
    .into_any()
}

fn alt(editor: Editor, index: usize, language: Language) -> AnyView {
    let lang = editor.lang;
    let id = format!("alt-{index}-{language}");
    let key = StoredValue::new(language.clone());
    let value = Memo::new(move |_| {
        editor.content.with(|content| {
            content.pictures.get(index).and_then(|picture| key.with_value(|key| picture.alt.get(key).cloned()))
        })
    });
    let most = Memo::new(move |_| editor.longest_alt());
    let set = move |event| {
        let value = event_target_value(&event);
        editor.content.update(|content| {
            if let Some(picture) = content.pictures.get_mut(index) {
                let key = key.get_value();
                if value.is_empty() { drop(picture.alt.remove(&key)) } else { drop(picture.alt.insert(key, value)) }
            }
        });
    };
    let locked = !editor.may_picture() && !editor.may_text(&language);
    let label = lang.compose_alt(language_name(lang, &language));
    view! {
        <div class="field">
            <label for=id.clone()>{label.clone()}</label>
            <textarea id=id.clone() class="input" lang=language.to_string() rows="2" spellcheck="true" required readonly=locked
                prop:value=move || value.get().unwrap_or_default() on:input=set></textarea>
            {symbols::offered(&id, &label, locked)}
            <small class="hint">
                {move || lang.compose_alt_count(value.with(|value| text::graphemes(value.as_deref().unwrap_or_default())), most.get())}
            </small>
        </div>
    }
    .into_any()
}

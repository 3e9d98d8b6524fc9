//! The document: chosen, sent, looked through by the engine, named in every language that it goes out in; taken away.

use domain::{
    Document, Language,
    document::{MIME, MOST_BYTES},
};
use leptos::{ev::Event, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};
use words::language_name;

use super::{editor::Editor, findings};
use crate::{
    api::{self, Problem},
    pages::symbols,
    parts::{arrange, bring_document, problem_sentence},
    platform::videos::Line,
    state::toasts,
};

/// How far it is.
#[derive(Debug, Clone, PartialEq)]
enum At {
    Nothing,
    Coming(u32),
    Looking,
    Refused(String),
}

#[derive(Clone, Copy)]
struct Desk {
    editor: Editor,
    at: RwSignal<At>,
    line: StoredValue<Option<Line>, LocalStorage>,
}

/// The document of the post.
#[component]
pub fn Paper(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let desk = Desk { editor, at: RwSignal::new(At::Nothing), line: StoredValue::new_local(None) };
    let is_there = Memo::new(move |_| editor.seen.with(|content| content.document.is_some()));
    on_cleanup(move || desk.stop());
    view! {
        <section class="compose-section" aria-label=lang.document_title()>
            <h2>{lang.document_title()}</h2>
            {move || is_there.get().then(|| view! { <One editor /> })}
            {move || (!is_there.get()).then(|| desk.choosing())}
        </section>
    }
    .into_any()
}

impl Desk {
    /// The field that takes a file, or how far the one is that was chosen.
    fn choosing(self) -> AnyView {
        let lang = self.editor.lang;
        let locked = !self.editor.may_picture();
        let chosen = move |event: Event| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            let file = input.as_ref().and_then(HtmlInputElement::files).and_then(|files| files.get(0));
            if let Some(input) = input {
                // The same file may be chosen again.
                input.set_value("");
            }
            if let Some(file) = file {
                self.take(file);
            }
        };
        let busy = Memo::new(move |_| self.at.with(|at| matches!(at, At::Coming(_) | At::Looking)));
        let percent = Memo::new(move |_| match self.at.get() {
            At::Coming(percent) => Some(percent),
            _ => None,
        });
        let said = move || if self.at.get() == At::Looking { lang.document_looking() } else { "" };
        let refused = move || match self.at.get() {
            At::Refused(sentence) => Some(view! { <p class="notice" data-hue="bad" role="alert">{sentence}</p> }),
            _ => None,
        };
        let cancel = move |_| {
            self.stop();
            self.at.set(At::Nothing);
        };
        view! {
            <p role="status">{said}</p>
            {refused}
            {move || percent.get().map(|percent| view! {
                <label class="film-coming">
                    <span>{lang.document_coming(percent)}</span>
                    <progress max="100" value=percent.to_string()></progress>
                </label>
            })}
            <Show when=move || busy.get()>
                <div class="actions">
                    <button type="button" class="button quiet" on:click=cancel>{lang.document_cancel()}</button>
                </div>
            </Show>
            <label class="drop" hidden=move || locked || busy.get()>
                <input type="file" class="unseen" accept=[MIME, ",.pdf"].concat() on:change=chosen />
                <b>{lang.document_add()}</b>
                <span class="hint">{lang.document_hint(MOST_BYTES / 1_000_000)}</span>
            </label>
        }
        .into_any()
    }

    fn take(self, file: File) {
        self.stop();
        let line = Line::default();
        self.line.set_value(Some(line.clone()));
        self.at.set(At::Coming(0));
        spawn_local(async move {
            let (at, on) = (self.at, line.clone());
            // A word of one that was given up speaks of another.
            let told = move |far: Option<u32>| {
                if !on.is_cut() {
                    at.try_set(far.map_or(At::Looking, At::Coming));
                }
            };
            let brought = bring_document(&file, &line, told).await;
            if line.is_cut() {
                return;
            }
            match brought {
                Ok(document) => self.keep(document),
                Err(problem) => {
                    let sentence = match problem {
                        Problem::Offline => self.editor.lang.document_lost().to_owned(),
                        problem => problem_sentence(&problem).to_string(),
                    };
                    self.at.try_set(At::Refused(sentence));
                }
            }
        });
    }

    fn keep(self, document: Document) {
        if self.at.try_set(At::Nothing).is_some() {
            return;
        }
        self.line.set_value(None);
        self.editor.content.update(|content| content.document = Some(document));
        toasts::done(self.editor.lang.document_ready());
    }

    /// Stops. What is there already is swept if no post has it.
    fn stop(self) {
        if let Some(line) = self.line.try_update_value(Option::take).flatten() {
            line.cut();
        }
    }
}

/// The document with its names.
#[component]
fn One(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let about = Memo::new(move |_| {
        editor.content.with(|content| {
            let document = content.document.as_ref()?;
            let facts = words::document_facts(lang, document.pages, document.bytes);
            Some((api::document_address(&document.media), document.file_name.clone(), facts))
        })
    });
    let languages = Memo::new(move |_| {
        let mut wanted: Vec<Language> =
            editor.seen.with(|content| content.destinations().map(|(_, language)| language.clone()).collect());
        arrange(&mut wanted, |one| editor.languages().iter().position(|other| other == one));
        wanted.dedup();
        if wanted.is_empty() { editor.languages().into_iter().take(1).collect() } else { wanted }
    });
    let remove = move |_| {
        editor.content.update(|content| content.document = None);
        toasts::done(lang.document_removed());
    };
    let found = Signal::derive(move || findings::of_document(editor));
    let locked = !editor.may_picture();
    view! {
        <div class="film">
            {move || about.get().map(|(address, name, facts)| view! {
                <p><a href=address target="_blank" rel="noopener">{name}</a>" ("{facts}")"</p>
            })}
            <div class="picture-words">
                {move || languages.get().into_iter().map(|language| title(editor, language)).collect::<Vec<_>>()}
                <findings::List editor found area=None part=None />
            </div>
            <button type="button" class="button quiet" hidden=locked on:click=remove>{lang.document_remove()}</button>
        </div>
    }
    .into_any()
}

fn title(editor: Editor, language: Language) -> AnyView {
    let lang = editor.lang;
    let id = format!("document-title-{language}");
    let hint = format!("{id}-hint");
    let key = StoredValue::new(language.clone());
    let value = Memo::new(move |_| {
        editor.seen.with(|content| {
            content.document.as_ref().and_then(|document| key.with_value(|key| document.title.get(key).cloned()))
        })
    });
    let set = move |event| {
        let value = event_target_value(&event);
        editor.content.update(|content| {
            if let Some(document) = &mut content.document {
                let key = key.get_value();
                if value.is_empty() {
                    drop(document.title.remove(&key))
                } else {
                    drop(document.title.insert(key, value))
                }
            }
        });
    };
    let locked = !editor.may_picture() && !editor.may_text(&language);
    let label = lang.document_name(language_name(lang, &language));
    view! {
        <div class="field">
            <label for=id.clone()>{label.clone()}</label>
            <input id=id.clone() type="text" class="input" lang=language.to_string() spellcheck="true" required readonly=locked
                aria-describedby=hint.clone() prop:value=move || value.get().unwrap_or_default() on:input=set />
            {symbols::offered(&id, &label, locked)}
            <small class="hint" id=hint>{lang.document_name_hint()}</small>
        </div>
    }
    .into_any()
}

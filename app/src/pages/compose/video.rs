//! The video: chosen, looked at, sent in parts that are taken up again after a lost network; described in every language that
//! it goes out in; taken away.

use domain::{
    Channel, Content, Language,
    captions::Said,
    text,
    video::{MOST_BYTES, takes},
};
use leptos::{ev::Event, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};
use wire::{
    Nothing,
    videos::{self as contract, Begin, Stored},
};
use words::{Lang, language_name};

use super::{captions::Captions, editor::Editor, findings, poster::Cover};
use crate::{
    api::{self, Problem},
    pages::symbols,
    parts::{arrange, as_video, bring_video, problem_sentence},
    platform::videos::{self, Line, Ready},
    state::toasts,
};

/// How far it is.
#[derive(Debug, Clone, PartialEq)]
enum At {
    Nothing,
    Reading,
    Coming(u32),
    Ending,
    BrokeOff,
    Refused(String),
}

/// What is being brought, kept while it is.
#[derive(Clone)]
struct Bringing {
    ready: Ready,
    line: Line,
}

#[derive(Clone, Copy)]
struct Desk {
    editor: Editor,
    at: RwSignal<At>,
    stripped: RwSignal<bool>,
    bringing: StoredValue<Option<Bringing>, LocalStorage>,
}

/// The video of the post.
#[component]
pub fn Film(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let desk = Desk {
        editor,
        at: RwSignal::new(At::Nothing),
        stripped: RwSignal::new(false),
        bringing: StoredValue::new_local(None),
    };
    let is_there = Memo::new(move |_| editor.seen.with(|content| content.video.is_some()));
    // Whoever comes back to a network goes on by themselves.
    let back = window_event_listener(leptos::ev::online, move |_| {
        if desk.at.get_untracked() == At::BrokeOff {
            desk.go_on();
        }
    });
    on_cleanup(move || {
        back.remove();
        desk.stop();
    });
    view! {
        <section class="compose-section" aria-label=lang.video_title()>
            <h2>{lang.video_title()}</h2>
            {move || is_there.get().then(|| view! { <One editor /><Cover editor /> })}
            {move || (!is_there.get()).then(|| desk.choosing())}
            <Show when=move || desk.stripped.get()>
                <p class="notice" data-hue="info" role="status">{lang.video_stripped()}</p>
            </Show>
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
        let busy = Memo::new(move |_| self.at.with(|at| matches!(at, At::Reading | At::Coming(_) | At::Ending)));
        let percent = Memo::new(move |_| match self.at.get() {
            At::Coming(percent) => Some(percent),
            _ => None,
        });
        let said = move || match self.at.get() {
            At::Reading => lang.video_reading(),
            At::Ending => lang.video_ending(),
            At::BrokeOff => lang.video_broke_off(),
            At::Nothing | At::Coming(_) | At::Refused(_) => "",
        };
        let refused = move || match self.at.get() {
            At::Refused(sentence) => Some(view! { <p class="notice" data-hue="bad" role="alert">{sentence}</p> }),
            _ => None,
        };
        view! {
            <p role="status">{said}</p>
            {refused}
            {move || percent.get().map(|percent| view! {
                <label class="film-coming">
                    <span>{lang.video_coming(percent)}</span>
                    <progress max="100" value=percent.to_string()></progress>
                </label>
            })}
            <div class="actions">
                <Show when=move || self.at.get() == At::BrokeOff>
                    <button type="button" class="button" on:click=move |_| self.go_on()>{lang.video_go_on()}</button>
                </Show>
                <Show when=move || busy.get() || self.at.get() == At::BrokeOff>
                    <button type="button" class="button quiet" on:click=move |_| self.give_up()>{lang.video_cancel()}</button>
                </Show>
            </div>
            <label class="drop" hidden=move || locked || busy.get()>
                <input type="file" class="unseen" accept="video/mp4,video/quicktime,.mp4,.m4v,.mov" on:change=chosen />
                <b>{lang.video_add()}</b>
                <span class="hint">{lang.video_hint(MOST_BYTES / 1_000_000)}</span>
            </label>
        }
        .into_any()
    }

    fn take(self, file: File) {
        self.stop();
        self.stripped.set(false);
        self.at.set(At::Reading);
        spawn_local(async move {
            match videos::prepare(file).await {
                Ok(ready) => {
                    if self.at.try_get_untracked() == Some(At::Reading) {
                        self.bringing.set_value(Some(Bringing { ready, line: Line::default() }));
                        self.go_on();
                    }
                }
                Err(refusal) => self.refuse(&Problem::from(refusal)),
            }
        });
    }

    /// Goes on where it stopped, which the engine knows.
    fn go_on(self) {
        let Some(bringing) = self.bringing.get_value() else { return };
        self.at.set(At::Coming(0));
        spawn_local(async move {
            let at = self.at;
            let told = move |far: Option<u32>| drop(at.try_set(far.map_or(At::Ending, At::Coming)));
            let brought = bring_video(&bringing.ready, &bringing.line, told).await;
            if bringing.line.is_cut() {
                return;
            }
            match brought {
                Ok(stored) => self.keep(&bringing.ready, stored),
                Err(Problem::Offline) => drop(self.at.try_set(At::BrokeOff)),
                Err(problem) => self.refuse(&problem),
            }
        });
    }

    fn keep(self, ready: &Ready, stored: Stored) {
        if self.at.try_set(At::Nothing).is_some() {
            return;
        }
        self.bringing.set_value(None);
        self.stripped.set(ready.stripped);
        let name = ready.name.clone();
        self.editor.content.update(|content| content.video = Some(as_video(stored, name)));
        toasts::done(self.editor.lang.video_ready());
    }

    fn refuse(self, problem: &Problem) {
        if self.at.try_set(At::Refused(problem_sentence(problem).to_string())).is_none() {
            self.bringing.set_value(None);
        }
    }

    /// Stops, and leaves what is there to whoever takes it up again.
    fn stop(self) {
        if let Some(bringing) = self.bringing.try_update_value(Option::take).flatten() {
            bringing.line.cut();
        }
    }

    /// Stops, and has the engine forget what is there.
    fn give_up(self) {
        let Some(bringing) = self.bringing.get_value() else { return self.at.set(At::Nothing) };
        self.stop();
        self.at.set(At::Nothing);
        spawn_local(async move {
            let begin = Begin { name: bringing.ready.name.clone(), bytes: bringing.ready.bytes.into() };
            // What cannot be reached now is cleaned up by itself after two days.
            if let Ok(coming) = api::call(&contract::BEGIN, &[], &begin).await {
                let _ = api::call(&contract::GIVE_UP, &[coming.id.as_str()], &Nothing {}).await;
            }
        });
    }
}

/// The video with its descriptions.
#[component]
fn One(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let media = Memo::new(move |_| {
        editor.seen.with(|content| {
            let video = content.video.as_ref()?;
            let poster = video.poster.as_ref().map(|poster| poster.media.clone());
            Some((video.media.clone(), video.width, video.height, video.captions.clone(), poster))
        })
    });
    let about = Memo::new(move |_| {
        editor.seen.with(|content| {
            content.video.as_ref().map(|video| {
                let seconds = video.millis.div_ceil(1_000);
                let length = lang.video_length(seconds / 60, seconds % 60);
                format!("{} × {} · {length} · {} MB", video.width, video.height, video.bytes.div_ceil(1_000_000))
            })
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
        editor.content.update(|content| content.video = None);
        toasts::done(lang.video_removed());
    };
    // Where nobody is given the description, the text has to say it.
    let undescribed = Memo::new(move |_| {
        let goes = |channel: &Channel| {
            let takes = takes(channel.network).is_some_and(|takes| !takes.described);
            let is_target = |content: &Content| content.targets.iter().any(|target| target.channel == channel.id);
            takes && editor.seen.with(is_target)
        };
        let chosen = editor.channels.with(|all| {
            all.iter().filter(|channel| goes(channel)).map(|channel| channel.name.clone()).collect::<Vec<_>>()
        });
        (!chosen.is_empty()).then(|| lang.video_undescribed(chosen.join(", ")))
    });
    let found = Signal::derive(move || findings::of_video(editor));
    let locked = !editor.may_picture();
    view! {
        <div class="film">
            {move || media.get().map(|(media, width, height, said, poster)| view! {
                <video controls preload="metadata" src=api::video_address(&media) width=width.to_string()
                    poster=poster.as_ref().map(api::picture_address) height=height.to_string() aria-label=lang.video_title()>
                    {said.iter().filter_map(|(language, said)| track(lang, language, said)).collect::<Vec<_>>()}
                </video>
            })}
            <small>{move || about.get()}</small>
            <div class="picture-words">
                {move || languages.get().into_iter().map(|language| alt(editor, language)).collect::<Vec<_>>()}
                {move || undescribed.get().map(|said| view! { <p class="hint">{said}</p> })}
                <findings::List editor found area=None part=None />
            </div>
            <Captions editor languages />
            <button type="button" class="button quiet" hidden=locked on:click=remove>{lang.video_remove()}</button>
        </div>
    }
    .into_any()
}

/// Captions, for the player.
fn track(lang: Lang, language: &Language, said: &str) -> Option<AnyView> {
    let Some(Said::File(name)) = Said::read(said) else { return None };
    let (tag, label) = (language.to_string(), language_name(lang, language).to_string());
    Some(view! { <track kind="captions" src=api::captions_address(&name) srclang=tag label=label /> }.into_any())
}

fn alt(editor: Editor, language: Language) -> AnyView {
    let lang = editor.lang;
    let id = format!("film-alt-{language}");
    let hint = format!("{id}-hint");
    let key = StoredValue::new(language.clone());
    let value = Memo::new(move |_| {
        editor
            .content
            .with(|content| content.video.as_ref().and_then(|video| key.with_value(|key| video.alt.get(key).cloned())))
    });
    let most = Memo::new(move |_| editor.longest_alt());
    let set = move |event| {
        let value = event_target_value(&event);
        editor.content.update(|content| {
            if let Some(video) = &mut content.video {
                let key = key.get_value();
                if value.is_empty() { drop(video.alt.remove(&key)) } else { drop(video.alt.insert(key, value)) }
            }
        });
    };
    let locked = !editor.may_picture() && !editor.may_text(&language);
    let label = lang.video_alt(language_name(lang, &language));
    view! {
        <div class="field">
            <label for=id.clone()>{label.clone()}</label>
            <textarea id=id.clone() class="input" lang=language.to_string() rows="3" spellcheck="true" required readonly=locked aria-describedby=hint.clone()
                prop:value=move || value.get().unwrap_or_default() on:input=set></textarea>
            {symbols::offered(&id, &label, locked)}
            <small class="hint" id=hint>
                {lang.video_alt_hint()}" "
                {move || lang.compose_alt_count(value.with(|value| text::graphemes(value.as_deref().unwrap_or_default())), most.get())}
            </small>
        </div>
    }
    .into_any()
}

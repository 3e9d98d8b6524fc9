//! The captions of the video, a file a language: brought, read line by line, replaced, taken away; or said to be in the picture.
//! Separate from the video: what is wrong with a file is said by its lines, before anything is sent.

use domain::{
    Language, MediaId,
    captions::{self as rules, Fault, Flaw, MOST_BYTES, Name, Said},
};
use leptos::{ev::Event, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};
use words::{caption_fault, language_name};

use super::editor::Editor;
use crate::{
    api::{self, Problem},
    parts::problem_sentence,
    platform::videos,
    state::toasts,
};

/// How far a file is.
#[derive(Debug, Clone, PartialEq)]
enum At {
    Nothing,
    Reading,
    Refused(Vec<String>),
}

/// The captions in the languages that the post goes out in.
#[component]
pub fn Captions(editor: Editor, languages: Memo<Vec<Language>>) -> AnyView {
    let lang = editor.lang;
    let sounds = Memo::new(move |_| {
        editor
            .seen
            .with(|content| content.video.as_ref().is_some_and(|video| video.sound || !video.captions.is_empty()))
    });
    view! {
        <div class="captions">
            <h3>{lang.video_captions_title()}</h3>
            {move || match sounds.get() {
                false => view! { <p class="hint">{lang.video_captions_silent()}</p> }.into_any(),
                true => view! {
                    <p class="hint">{lang.video_captions_why()}</p>
                    {move || languages.get().into_iter().map(|language| of_language(editor, language)).collect::<Vec<_>>()}
                }
                .into_any(),
            }}
        </div>
    }
    .into_any()
}

/// Writes what is said of the captions in a language.
fn say(editor: Editor, language: &Language, said: Option<String>) {
    editor.content.update(|content| {
        if let Some(video) = &mut content.video {
            match said {
                Some(said) => drop(video.captions.insert(language.clone(), said)),
                None => drop(video.captions.remove(language)),
            }
        }
    });
}

fn of_language(editor: Editor, language: Language) -> AnyView {
    let lang = editor.lang;
    let at = RwSignal::new(At::Nothing);
    let key = StoredValue::new(language.clone());
    let locked = !editor.may_picture() && !editor.may_text(&language);
    let said = Memo::new(move |_| {
        editor.seen.with(|content| key.with_value(|key| content.video.as_ref().and_then(|video| video.captioned(key))))
    });
    let in_picture = move || said.with(|said| *said == Some(Said::InPicture));
    let file = Memo::new(move |_| match said.get() {
        Some(Said::File(name)) => Some(name),
        _ => None,
    });
    let chosen = move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let chosen = input.as_ref().and_then(HtmlInputElement::files).and_then(|files| files.get(0));
        if let Some(input) = input {
            // The same file may be chosen again, once it is mended.
            input.set_value("");
        }
        if let Some(chosen) = chosen {
            take(editor, key.get_value(), at, chosen);
        }
    };
    let ticked = move |event: Event| {
        let burned = event_target_checked(&event).then(|| rules::IN_PICTURE.to_owned());
        at.set(At::Nothing);
        key.with_value(|key| say(editor, key, burned));
    };
    let remove = move |_| {
        at.set(At::Nothing);
        key.with_value(|key| say(editor, key, None));
        toasts::done(lang.video_captions_removed());
    };
    let name = language_name(lang, &language).to_string();
    let none = lang.video_captions_none(name.clone());
    let tag = language.to_string();
    view! {
        <fieldset class="captions-of">
            <legend>{lang.video_captions_of(name)}</legend>
            {move || said.with(Option::is_none).then(|| view! { <p class="hint">{none.clone()}</p> })}
            {move || file.get().map(|name| shown(editor, name, tag.clone()))}
            <p role="status">{move || (at.get() == At::Reading).then(|| lang.video_captions_reading())}</p>
            {move || match at.get() {
                At::Refused(faults) => Some(view! {
                    <div class="notice" data-hue="bad" role="alert">
                        <p>{lang.video_captions_faults()}</p>
                        <ul>{faults.into_iter().map(|fault| view! { <li>{fault}</li> }).collect::<Vec<_>>()}</ul>
                    </div>
                }),
                _ => None,
            }}
            <label class="drop" hidden=move || locked || in_picture() || at.get() == At::Reading>
                <input type="file" class="unseen" accept=".vtt,.srt,text/vtt,application/x-subrip" on:change=chosen />
                <b>{move || if file.with(Option::is_some) { lang.video_captions_replace() } else { lang.video_captions_add() }}</b>
            </label>
            <button type="button" class="button quiet" hidden=move || locked || file.with(Option::is_none) on:click=remove>
                {lang.video_captions_remove()}
            </button>
            <label class="check" hidden=move || file.with(Option::is_some)>
                <input type="checkbox" disabled=locked prop:checked=in_picture on:change=ticked />
                <span>{lang.video_captions_in_picture()}</span>
            </label>
        </fieldset>
    }
    .into_any()
}

/// Reads a file, says what is wrong with it, and brings it if nothing is.
fn take(editor: Editor, language: Language, at: RwSignal<At>, file: File) {
    let of = editor
        .content
        .with_untracked(|content| content.video.as_ref().map(|video| (video.media.clone(), video.millis)));
    let Some((media, millis)) = of else { return };
    let lang = editor.lang;
    at.set(At::Reading);
    spawn_local(async move {
        let told =
            |faults: Vec<Fault>| At::Refused(faults.into_iter().map(|fault| caption_fault(lang, fault)).collect());
        let Some(bytes) = videos::small(&file, MOST_BYTES).await else {
            at.try_set(told(vec![Fault { flaw: Flaw::TooLarge, line: 1 }]));
            return;
        };
        // The engine asks the same rules.
        if let Err(faults) = rules::read(&bytes, millis) {
            at.try_set(told(faults));
            return;
        }
        match bring(&media, &bytes).await {
            Ok(said) => {
                // Whoever waited may have left, or chosen another video.
                let same = editor
                    .content
                    .with_untracked(|content| content.video.as_ref().is_some_and(|video| video.media == media));
                if at.try_set(At::Nothing).is_none() && same {
                    say(editor, &language, Some(said));
                    toasts::done(lang.video_captions_ready());
                }
            }
            Err(problem) => drop(at.try_set(At::Refused(vec![problem_sentence(&problem).to_string()]))),
        }
    });
}

async fn bring(media: &MediaId, bytes: &[u8]) -> Result<String, Problem> {
    Ok(api::bring_captions(media, bytes).await?.said)
}

/// The captions that are there, to be read and taken along.
fn shown(editor: Editor, name: Name, tag: String) -> AnyView {
    let lang = editor.lang;
    let cues = RwSignal::new(None::<Result<Vec<(String, String)>, ()>>);
    let address = api::captions_address(&name);
    spawn_local(async move {
        let read = api::captions(&name).await.ok().and_then(|vtt| rules::read(vtt.as_bytes(), u32::MAX).ok());
        let lines = read.map(|track| {
            let line = |cue: &rules::Cue| (clock(cue.from), cue.lines.join(" "));
            track.cues().iter().map(line).collect::<Vec<_>>()
        });
        let _ = cues.try_set(Some(lines.ok_or(())));
    });
    let links = [("vtt", address.clone()), ("srt", [&address, "?kind=srt"].concat())];
    let file = ["subtitulos.", &tag, "."].concat();
    let links = links.into_iter().map(|(kind, to)| {
        view! { <a class="button quiet" href=to download=[&file, kind].concat()>{lang.video_captions_as(kind)}</a> }
    });
    let links = links.collect::<Vec<_>>();
    view! {
        {move || match cues.get() {
            None => view! { <p class="hint">{lang.general_loading()}</p> }.into_any(),
            Some(Err(())) => view! { <p class="notice" data-hue="bad" role="alert">{lang.video_captions_unread()}</p> }.into_any(),
            Some(Ok(lines)) => {
                let tag = tag.clone();
                view! {
                    <details class="captions-cues">
                        <summary>{lang.video_captions_cues(lines.len())}</summary>
                        <ol tabindex="0" role="list" lang=tag>
                            {lines.into_iter().map(|(at, line)| view! { <li><time>{at}</time>" "{line}</li> }).collect::<Vec<_>>()}
                        </ol>
                    </details>
                }
                .into_any()
            }
        }}
        <div class="actions">{links}</div>
    }
    .into_any()
}

/// Minutes and seconds.
fn clock(millis: u32) -> String {
    let seconds = millis / 1_000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

//! The poster of the video: a moment of it, found with a slider, a finger or keys, or a picture from elsewhere. Separate from the
//! video: it is made in the browser, as pictures are, and can be replaced while the video stays.

use domain::{MediaId, Poster};
use leptos::{ev::Event, html, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};

use super::editor::Editor;
use crate::{
    api::{self, Storing},
    parts::{as_poster, bring_poster, problem_sentence, store_picture},
    platform::pictures,
    state::toasts,
};

/// How far one slide of the slider goes, in milliseconds: a tenth of a second, as its place is told. With Page Up and Page Down, the
/// browser goes ten times as far or a tenth of all.
const STEP: u32 = 100;

/// How far it is.
#[derive(Debug, Clone, PartialEq)]
enum At {
    Nothing,
    Making,
    Refused(String),
}

#[derive(Clone, Copy)]
struct Desk {
    editor: Editor,
    at: RwSignal<At>,
}

/// The poster of a post's video.
#[component]
pub fn Cover(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let desk = Desk { editor, at: RwSignal::new(At::Nothing) };
    let locked = !editor.may_picture();
    let poster = Memo::new(move |_| editor.seen.with(|content| content.video.as_ref()?.poster.clone()));
    let video = Memo::new(move |_| {
        editor.seen.with(|content| content.video.as_ref().map(|video| (video.media.clone(), video.millis)))
    });
    let chosen = move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let file = input.as_ref().and_then(HtmlInputElement::files).and_then(|files| files.get(0));
        if let Some(input) = input {
            // The same file may be chosen again.
            input.set_value("");
        }
        if let Some(file) = file {
            desk.bring(file);
        }
    };
    let remove = move |_| {
        desk.at.set(At::Nothing);
        editor.content.update(|content| {
            if let Some(video) = &mut content.video {
                video.poster = None;
            }
        });
        toasts::done(lang.video_poster_removed());
    };
    let is_making = move || desk.at.get() == At::Making;
    let refused = move || match desk.at.get() {
        At::Refused(sentence) => Some(view! { <p class="notice" data-hue="bad" role="alert">{sentence}</p> }),
        _ => None,
    };
    view! {
        <fieldset class="poster">
            <legend>{lang.video_poster_title()}</legend>
            <p class="hint">{lang.video_poster_why()}</p>
            {move || match poster.get() {
                Some(poster) => {
                    let said = words::poster(lang, &poster);
                    view! {
                        <img class="poster-chosen" src=api::picture_address(&poster.media) alt=said.clone()
                            width=poster.width.to_string() height=poster.height.to_string() />
                        <small>{said}</small>
                    }.into_any()
                }
                None => view! { <p class="hint">{lang.video_poster_none()}</p> }.into_any(),
            }}
            <p role="status">{move || is_making().then(|| lang.video_poster_making())}</p>
            {refused}
            {move || video.get().filter(|_| !locked).map(|(media, millis)| desk.moments(media, millis))}
            <label class="drop" hidden=move || locked || is_making()>
                <input type="file" class="unseen" accept="image/jpeg,image/png,image/webp" on:change=chosen />
                <b>{lang.video_poster_add()}</b>
            </label>
            <button type="button" class="button quiet" hidden=move || locked || poster.with(Option::is_none) on:click=remove>
                {lang.video_poster_remove()}
            </button>
        </fieldset>
    }
    .into_any()
}

impl Desk {
    /// The video, moved along without being played, and the button that takes what is seen.
    fn moments(self, media: MediaId, millis: u32) -> AnyView {
        let lang = self.editor.lang;
        let player = NodeRef::<html::Video>::new();
        let seen = RwSignal::new(0_u32);
        let unplayable = RwSignal::new(false);
        let slide = move |event: Event| {
            let to = event_target_value(&event).parse::<u32>().unwrap_or_default().min(millis);
            seen.set(to);
            if let Some(player) = player.get_untracked() {
                player.set_current_time(f64::from(to) / 1_000.0);
            }
        };
        let address = api::video_address(&media);
        let take = move |_| {
            let Some(player) = player.get_untracked().filter(|_| self.at.get_untracked() != At::Making) else { return };
            let (media, at) = (media.clone(), seen.get_untracked());
            self.at.set(At::Making);
            spawn_local(async move {
                let refusal = match pictures::moment(&player, at, format!("{at}.jpg")).await {
                    // What is known of the video, and who consented to it, holds for what was taken out of it.
                    Some(ready) => match store_picture(&ready, Storing::CutFrom(&media)).await {
                        Ok(brought) => return self.keep(&media, as_poster(brought.stored, Some(at))),
                        Err(problem) => problem_sentence(&problem).to_string(),
                    },
                    None => self.editor.lang.video_poster_failed().to_owned(),
                };
                drop(self.at.try_set(At::Refused(refusal)));
            });
        };
        view! {
            <div class="poster-moments" hidden=move || unplayable.get()>
                <video node_ref=player muted playsinline preload="auto" src=address tabindex="-1" aria-hidden="true"
                    on:error=move |_| unplayable.set(true)></video>
                <div class="field">
                    <label for="poster-moment">{lang.video_poster_moment()}</label>
                    <input id="poster-moment" type="range" min="0" max=millis.to_string() step=STEP.to_string() value="0"
                        aria-valuetext=move || words::moment(lang, seen.get()) aria-describedby="poster-moment-hint"
                        on:input=slide />
                    <small class="hint" id="poster-moment-hint">
                        <span aria-hidden="true">{move || words::moment(lang, seen.get())}" · "</span>
                        {lang.video_poster_moment_hint()}<span class="keys">" "{lang.video_poster_moment_keys()}</span>
                    </small>
                </div>
                <button type="button" class="button" disabled=move || self.at.get() == At::Making on:click=take>
                    {lang.video_poster_use()}
                </button>
            </div>
            <Show when=move || unplayable.get()>
                <p class="hint">{lang.video_poster_unplayable()}</p>
            </Show>
        }
        .into_any()
    }

    fn bring(self, file: File) {
        let media = self.editor.content.with_untracked(|content| Some(content.video.as_ref()?.media.clone()));
        let Some(media) = media else { return };
        self.at.set(At::Making);
        spawn_local(async move {
            match bring_poster(file).await {
                Ok(brought) => self.keep(&media, as_poster(brought.stored, None)),
                Err(sentence) => drop(self.at.try_set(At::Refused(sentence))),
            }
        });
    }

    /// Puts it to the video, unless whoever waited has left or chosen another video meanwhile.
    fn keep(self, media: &MediaId, poster: Poster) {
        if self.at.try_set(At::Nothing).is_some() {
            return;
        }
        let same = |content: &domain::Content| content.video.as_ref().is_some_and(|video| video.media == *media);
        if !self.editor.content.with_untracked(same) {
            return;
        }
        self.editor.content.update(|content| {
            if let Some(video) = &mut content.video {
                video.poster = Some(poster);
            }
        });
        toasts::done(self.editor.lang.video_poster_ready());
    }
}

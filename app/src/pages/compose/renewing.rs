//! Pictures of which the library shows another version by now: said beside each, with one button that takes it. What is written about
//! the picture in this post stays.

use domain::{Content, Picture, succession::renewed};
use leptos::{prelude::*, task::spawn_local};
use wire::library::{Held, NEWER, Superseded};

use super::editor::Editor;
use crate::{
    api,
    state::toasts,
    ui::{Button, Gravity, Notice},
};

/// Which of the post's pictures have another version; asked whenever it has others. Nothing until that is known, and nothing
/// where it cannot be asked: an older version goes out as well as a newer one.
pub fn learn(editor: Editor) -> RwSignal<Vec<Superseded>> {
    let newer = RwSignal::new(Vec::new());
    if !editor.may_picture() {
        return newer;
    }
    let held = Memo::new(move |_| {
        let named = |content: &Content| {
            content.pictures.iter().map(|picture| picture.media.to_string()).collect::<Vec<_>>().join(",")
        };
        editor.seen.with(named)
    });
    Effect::new(move |_| {
        let media = held.get();
        if media.is_empty() {
            return;
        }
        spawn_local(async move {
            if let Ok(found) = api::call(&NEWER, &[], &Held { media }).await {
                let _ = newer.try_set(found);
            }
        });
    });
    newer
}

/// The offer beside a picture, if there is one.
pub fn offer(editor: Editor, index: usize, newer: RwSignal<Vec<Superseded>>) -> AnyView {
    let lang = editor.lang;
    let found = Memo::new(move |_| {
        let media = editor.seen.with(|content| content.pictures.get(index).map(|picture| picture.media.clone()))?;
        newer.with(|all| all.iter().find(|one| one.media == media).map(|one| one.by.clone()))
    });
    (move || {
        let by = found.get()?;
        let label = [lang.library_newer_take(), ": ", &lang.compose_picture_number(index + 1)].concat();
        let press = move || {
            editor.content.update(|content| take(content, index, &by));
            toasts::done(lang.library_newer_taken());
        };
        Some(view! {
            <Notice gravity=Gravity::Info title=lang.library_newer()>
                <Button label on_press=press>{lang.library_newer_take()}</Button>
            </Notice>
        })
    })
    .into_any()
}

/// Twice the same picture says nothing twice: where the newer one is there already, the older one goes.
fn take(content: &mut Content, index: usize, by: &Picture) {
    if content.pictures.iter().any(|one| one.media == by.media) {
        if index < content.pictures.len() {
            content.pictures.remove(index);
        }
    } else if let Some(picture) = content.pictures.get_mut(index) {
        *picture = renewed(picture, by.clone());
    }
}

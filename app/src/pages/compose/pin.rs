//! Whether a post is pinned on a channel once it is out, where that is offered.

use domain::ChannelId;
use leptos::prelude::*;

use super::editor::Editor;
use crate::ui::Checkbox;

/// The box of a channel.
pub fn field(editor: Editor, channel: &ChannelId, locked: bool) -> AnyView {
    let lang = editor.lang;
    let id = StoredValue::new(channel.clone());
    let stored = Memo::new(move |_| {
        editor.seen.with(|content| {
            content.targets.iter().any(|target| target.pin && id.with_value(|id| target.channel == *id))
        })
    });
    let checked = RwSignal::new(stored.get_untracked());
    // The content can change behind the box (a conflict, a restored draft).
    Effect::new(move |_| checked.set(stored.get()));
    let set = move |pin: bool| {
        editor.content.update(|content| {
            let target = content.targets.iter_mut().find(|target| id.with_value(|id| target.channel == *id));
            target.into_iter().for_each(|target| target.pin = pin);
        });
    };
    view! {
        <fieldset class="target-showing" disabled=locked>
            <Checkbox label=lang.pin_title() hint=lang.pin_hint() checked=checked on_change=set/>
        </fieldset>
    }
    .into_any()
}

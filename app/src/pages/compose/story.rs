//! Whether a post goes to a channel as a story, where its network has them.

use domain::ChannelId;
use leptos::prelude::*;

use super::editor::Editor;
use crate::ui::Checkbox;

/// The choice of a channel.
pub fn field(editor: Editor, channel: &ChannelId, locked: bool) -> AnyView {
    let lang = editor.lang;
    let id = StoredValue::new(channel.clone());
    let told = Memo::new(move |_| {
        editor.content.with(|content| {
            content.targets.iter().any(|target| target.story && id.with_value(|id| target.channel == *id))
        })
    });
    let tell = move |is_story: bool| {
        editor.content.update(|content| {
            let target = content.targets.iter_mut().find(|target| id.with_value(|id| target.channel == *id));
            target.into_iter().for_each(|target| target.story = is_story);
        });
    };
    view! {
        <fieldset class="target-showing stack small" disabled=locked>
            <legend class="unseen">{lang.story_title()}</legend>
            <Checkbox label=lang.story_title() hint=lang.story_hint() checked=told on_change=tell/>
        </fieldset>
    }
    .into_any()
}

//! The topic of a post on a channel whose network files it under one. While what is typed is none, it stays in the field.

use domain::{ChannelId, topic::Topic};
use leptos::prelude::*;

use super::editor::Editor;
use crate::ui::TextField;

/// The field of a channel.
pub fn field(editor: Editor, channel: &ChannelId, locked: bool) -> AnyView {
    let lang = editor.lang;
    let id = StoredValue::new(channel.clone());
    let stored = Memo::new(move |_| {
        let topic = |content: &domain::Content| {
            let target = content.targets.iter().find(|target| id.with_value(|id| target.channel == *id))?;
            target.topic.clone()
        };
        editor.seen.with(topic)
    });
    let text = |topic: Option<Topic>| topic.map(String::from).unwrap_or_default();
    let typed = RwSignal::new(text(stored.get_untracked()));
    Effect::new(move |before: Option<Option<Topic>>| {
        let topic = typed.with(|typed| Topic::typed(typed));
        if before.is_some_and(|before| before != topic) && stored.get_untracked() != topic {
            editor.content.update(|content| {
                let target = content.targets.iter_mut().find(|target| id.with_value(|id| target.channel == *id));
                target.into_iter().for_each(|target| target.topic.clone_from(&topic));
            });
        }
        topic
    });
    // The content can change behind the field (a conflict, a restored draft).
    Effect::new(move |_| {
        let stored = stored.get();
        if stored != untrack(|| typed.with(|typed| Topic::typed(typed))) {
            typed.set(text(stored));
        }
    });
    let wrong = Signal::derive(move || {
        let is_none = typed.with(|typed| !typed.trim().is_empty() && Topic::typed(typed).is_none());
        is_none.then(|| lang.topic_wrong().to_owned())
    });
    view! {
        <div class="target-showing">
            <TextField label=lang.topic_title() hint=lang.topic_hint() value=typed error=wrong disabled=locked/>
        </div>
    }
    .into_any()
}

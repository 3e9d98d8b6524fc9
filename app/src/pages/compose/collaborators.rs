//! The accounts that a post is invited to be shared with, on a channel whose network invites any. While what is typed is none, it stays
//! in the field.

use domain::{ChannelId, Collaborators};
use leptos::prelude::*;

use super::editor::Editor;
use crate::ui::TextField;

/// The field of a channel.
pub fn field(editor: Editor, channel: &ChannelId, locked: bool) -> AnyView {
    let lang = editor.lang;
    let id = StoredValue::new(channel.clone());
    let stored = Memo::new(move |_| {
        let invited = |content: &domain::Content| {
            let target = content.targets.iter().find(|target| id.with_value(|id| target.channel == *id))?;
            target.collaborators.clone()
        };
        editor.seen.with(invited)
    });
    let text = |all: Option<Collaborators>| all.map(|all| all.written()).unwrap_or_default();
    let typed = RwSignal::new(text(stored.get_untracked()));
    Effect::new(move |before: Option<Option<Collaborators>>| {
        let all = typed.with(|typed| Collaborators::typed(typed));
        if before.is_some_and(|before| before != all) && stored.get_untracked() != all {
            editor.content.update(|content| {
                let target = content.targets.iter_mut().find(|target| id.with_value(|id| target.channel == *id));
                target.into_iter().for_each(|target| target.collaborators.clone_from(&all));
            });
        }
        all
    });
    // The content can change behind the field (a conflict, a restored draft).
    Effect::new(move |_| {
        let stored = stored.get();
        if stored != untrack(|| typed.with(|typed| Collaborators::typed(typed))) {
            typed.set(text(stored));
        }
    });
    let wrong = Signal::derive(move || {
        let is_none = typed.with(|typed| !typed.trim().is_empty() && Collaborators::typed(typed).is_none());
        is_none.then(|| lang.collaborators_wrong().to_owned())
    });
    view! {
        <div class="target-showing">
            <TextField label=lang.collaborators_title() hint=lang.collaborators_hint() value=typed error=wrong disabled=locked/>
        </div>
    }
    .into_any()
}

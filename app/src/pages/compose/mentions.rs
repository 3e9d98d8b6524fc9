//! The pages that a post mentions on a channel where a mention is a name: the network is asked how a page is called, so that what
//! is written in the text is that, letter by letter. Whether it is written there, a rule says.

use domain::{
    Channel, Mentions,
    mentions::{Page, short},
};
use leptos::prelude::*;
use wire::channels::{SEEK, Seek, Sought};

use super::editor::Editor;
use crate::{
    api,
    parts::{ProblemNotice, Work},
    platform::page,
    ui::{Button, Glyph, TextField, Tone, unique},
};

/// The pages of a channel, and a field to add one. Where a person publishes, nobody can be asked, and what stands there can only go.
pub fn field(editor: Editor, channel: &Channel, locked: bool) -> AnyView {
    let lang = editor.lang;
    let asks = !channel.assisted && !locked;
    let id = StoredValue::new(channel.id.clone());
    let stored = Memo::new(move |_| {
        let mentioned = |content: &domain::Content| {
            let target = content.targets.iter().find(|target| id.with_value(|id| target.channel == *id))?;
            target.mentions.clone()
        };
        editor.seen.with(mentioned)
    });
    let set = move |all: Option<Mentions>| {
        editor.content.update(|content| {
            let target = content.targets.iter_mut().find(|target| id.with_value(|id| target.channel == *id));
            target.into_iter().for_each(|target| target.mentions.clone_from(&all));
        });
    };
    let typing = StoredValue::new(unique("mention"));
    let (typed, wrong, work) = (RwSignal::new(String::new()), RwSignal::new(None::<String>), Work::new());
    let add = move || {
        let Some(short) = typed.with_untracked(|typed| short(typed)) else {
            return wrong.set(Some(lang.mentions_wrong().to_owned()));
        };
        wrong.set(None);
        // With what stands before it: a name of digits alone would arrive as a number.
        let (channel, seek) = (id.get_value(), Seek { page: ["company/", &short].concat() });
        let call = async move { api::call(&SEEK, &[channel.as_str()], &seek).await };
        work.run(call, move |sought: Sought| {
            let Some(before) = stored.try_get_untracked() else { return };
            let Some(name) = sought.name else { return wrong.set(Some(lang.mentions_unknown().to_owned())) };
            match Mentions::with(before.as_ref(), &sought.short, &name) {
                Some(all) => {
                    set(Some(all));
                    typed.set(String::new());
                }
                None => wrong.set(Some(lang.mentions_full().to_owned())),
            }
        });
    };
    let line = move |mentioned: &Page<'_>| {
        let (short, label) = (mentioned.short.to_owned(), lang.mentions_remove(mentioned.name));
        let remove = move || {
            let left = stored.get_untracked().and_then(|all| all.without(&short));
            set(left);
            // What was pressed is gone with its line.
            page::catch_focus(typing.get_value());
        };
        view! {
            <li>
                {mentioned.written()}" "
                <Button tone=Tone::Quiet glyph=Glyph::Bin bare=true label=label disabled=locked on_press=remove />
            </li>
        }
    };
    let list = move || {
        let all = stored.get()?;
        let lines = all.pages().iter().map(line).collect::<Vec<_>>();
        Some(view! { <ul class="mentioned" aria-label=lang.mentions_title()>{lines}</ul> })
    };
    let asking = asks.then(|| {
        view! {
            <TextField id=typing.get_value() label=lang.mentions_title() hint=lang.mentions_hint() value=typed error=wrong />
            <Button busy=work.busy on_press=add>{lang.mentions_add()}</Button>
            <ProblemNotice problem=work.problem />
        }
    });
    // What is found comes a while after it was asked for: whoever does not see the list is told.
    view! {
        <div class="target-showing">
            <div aria-live="polite">{list}</div>
            {asking}
        </div>
    }
    .into_any()
}

//! Who may reply: one choice for the post, and what becomes of it on each channel that it goes to.

use domain::{Replies, replies::Kept};
use leptos::prelude::*;

use super::editor::Editor;

/// The choice. Where nobody could reply anyway, there is none to make.
#[component]
pub fn Who(editor: Editor) -> AnyView {
    let lang = editor.lang;
    // What was said to readers when it came out stands.
    let locked = !editor.may_write() || editor.correcting;
    let chosen = Memo::new(move |_| editor.seen.with(|content| content.replies));
    let set = move |event| {
        let word = event_target_value(&event);
        if let Ok(replies) = Replies::try_from(word) {
            editor.content.update(|content| content.replies = replies);
        }
    };
    let options = move || {
        let option = |one: Replies| {
            let is_chosen = move || chosen.get() == one;
            view! { <option value=one.word() prop:selected=is_chosen>{words::replies(lang, one)}</option> }
        };
        Replies::ALL.map(option).collect_view()
    };
    let kept = Memo::new(move |_| {
        editor.seen.with(|content| {
            editor.channels.with(|channels| {
                let going = content.targets.iter();
                let going = going.filter_map(|target| channels.iter().find(|channel| channel.id == target.channel));
                let mut said: Vec<(bool, String)> = Vec::new();
                for channel in going {
                    let kept = content.replies_on(channel);
                    let one = (kept.is_wider(), words::replies_on(lang, content.replies, kept, channel));
                    // Two accounts of a network are told alike.
                    if !said.contains(&one) {
                        said.push(one);
                    }
                }
                said
            })
        })
    });
    let matters = Memo::new(move |_| {
        let is_open =
            |channel: &domain::Channel| Replies::Nobody.kept(channel.network, channel.assisted, false) != Kept::Closed;
        let goes = editor.seen.with(|content| content.targets.clone());
        let any = |channels: &Vec<domain::Channel>| {
            channels.iter().any(|channel| is_open(channel) && goes.iter().any(|target| target.channel == channel.id))
        };
        !chosen.get().is_open() || editor.channels.with(any)
    });
    let lines = move || {
        let line = |(is_wider, text): (bool, String)| {
            view! { <li data-hue=is_wider.then_some("warn")>{text}</li> }
        };
        kept.get().into_iter().map(line).collect_view()
    };
    view! {
        <Show when=move || matters.get()>
            <section class="compose-section" aria-label=lang.replies_title()>
                <h2>{lang.replies_title()}</h2>
                <div class="field">
                    <label for="replies" class="unseen">{lang.replies_title()}</label>
                    <select id="replies" class="input" disabled=locked on:change=set aria-describedby="replies-hint">
                        {options()}
                    </select>
                    <p class="hint" id="replies-hint">
                        {if editor.correcting { lang.replies_fixed() } else { lang.replies_hint() }}
                    </p>
                    <ul class="replies-on" aria-live="polite">
                        {move || (!chosen.get().is_open()).then(lines)}
                    </ul>
                </div>
            </section>
        </Show>
    }
    .into_any()
}

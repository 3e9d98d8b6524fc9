//! The first comment: a text for each language that goes where the account can write one below its own post.

use domain::{Language, first_comment, showing};
use leptos::{html::Textarea, prelude::*};
use words::{language_name, network_name};

use super::{editor::Editor, findings};
use crate::pages::{naming::Naming, symbols};

/// The fields. Where no channel takes one and none was written, there is nothing to write.
#[component]
pub fn First(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let languages = Memo::new(move |_| {
        let goes = editor.seen.with(|content| {
            editor.channels.with(|channels| {
                let takes = |id: &domain::ChannelId| {
                    channels.iter().any(|channel| channel.id == *id && first_comment::is_taken(channel.network))
                };
                let taken = content.destinations().filter(|(id, _)| takes(id)).map(|(_, language)| language.clone());
                taken.chain(content.comments.keys().cloned()).collect::<Vec<_>>()
            })
        });
        let mut order = editor.languages();
        order.extend(goes.clone());
        let mut shown: Vec<Language> = Vec::new();
        for language in order {
            if goes.contains(&language) && !shown.contains(&language) {
                shown.push(language);
            }
        }
        shown
    });
    let found = Signal::derive(move || findings::of_comment(editor));
    let hint = match editor.correcting {
        true => lang.comment_fixed().to_owned(),
        false => [lang.comment_hint(), " ", lang.contacts_hint()].concat(),
    };
    view! {
        <Show when=move || !languages.with(Vec::is_empty)>
            <section class="compose-section" aria-label=lang.comment_title()>
                <h2>{lang.comment_title()}</h2>
                <p class="hint">{hint.clone()}</p>
                {move || languages.get().into_iter().map(|language| field(editor, language)).collect::<Vec<_>>()}
                <findings::List editor found area=None part=None />
            </section>
        </Show>
    }
    .into_any()
}

fn field(editor: Editor, language: Language) -> AnyView {
    let lang = editor.lang;
    let tag = language.to_string();
    let (id, notes) = (format!("comment-{tag}"), format!("comment-notes-{tag}"));
    let locked = editor.correcting || !editor.may_text(&language);
    let label = lang.comment_of(language_name(lang, &language));
    let key = StoredValue::new(language);
    let text =
        Memo::new(move |_| editor.content.with(|content| key.with_value(|key| content.comments.get(key).cloned())));
    let put = move |value: String| {
        editor.content.update(|content| {
            let key = key.get_value();
            if value.is_empty() {
                drop(content.comments.remove(&key));
            } else {
                drop(content.comments.insert(key, value));
            }
        });
    };
    let area = NodeRef::<Textarea>::new();
    let naming = Naming::new(editor.book, area);
    let set = move |event| {
        put(event_target_value(&event));
        naming.typed();
    };
    // Where it goes out, and how much of each network's room it takes.
    let room = Memo::new(move |_| {
        let text = text.get().unwrap_or_default();
        editor.seen.with(|content| {
            editor.channels.with(|channels| {
                let going = content.destinations().filter(|(_, one)| key.with_value(|key| *one == key));
                let going = going.filter_map(|(id, _)| channels.iter().find(|channel| channel.id == *id));
                let mut rooms = Vec::new();
                for channel in going {
                    let (sent, _) = content.said(text.trim(), None, channel.network);
                    let count = showing::units(&sent);
                    let room = first_comment::most(channel.network).map(|most| (channel.network, count, most));
                    // Two accounts on one network say the same thing.
                    rooms.extend(room.filter(|room| !rooms.contains(room)));
                }
                rooms
            })
        })
    });
    view! {
        <div class="field">
            <label for=id.clone()>{label.clone()}</label>
            <textarea id=id.clone() class="input" lang=tag rows="3" spellcheck="true" readonly=locked node_ref=area
                aria-describedby=notes.clone()
                prop:value=move || text.get().unwrap_or_default() on:input=set on:keydown=move |event| naming.key(&event)></textarea>
            {(!locked).then(|| naming.draw())}
            {symbols::offered(&id, &label, locked)}
            <ul class="tallies" id=notes>
                {move || room.get().into_iter().map(|(network, count, most)| view! {
                    <li class="tally" data-over=(count > most as usize).to_string()>
                        <span>{network_name(lang, network)}</span>
                        <b>{count}"/"{most}</b>
                    </li>
                }).collect::<Vec<_>>()}
            </ul>
        </div>
    }
    .into_any()
}

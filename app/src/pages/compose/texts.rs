//! The heading and the common text, a tab for each language, with the counts of every network and what the rules say. A
//! translation has its source beside it.

use domain::{Language, policy::Field};
use leptos::{ev::KeyboardEvent, html::Textarea, prelude::*};
use words::{language_name, network_name};

use super::{
    beside::Beside,
    editor::Editor,
    findings,
    thread::{self, Count, Cut},
};
use crate::{
    pages::{naming::Naming, symbols},
    platform::page,
};

/// The tabs and their panels.
#[component]
pub fn Texts(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let languages = editor.languages();
    let chosen = editor.language;
    let all = StoredValue::new(languages.clone());
    let turn = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => all.with_value(Vec::len) - 1,
            _ => return,
        };
        event.prevent_default();
        let next = all.with_value(|all| {
            let now = chosen.with_untracked(|chosen| all.iter().position(|one| one == chosen)).unwrap_or(0);
            all[(now + step) % all.len()].clone()
        });
        page::focus(&tab_id(&next));
        chosen.set(next);
    };
    let tabs = languages.iter().map(|language| {
        let is_chosen = {
            let language = language.clone();
            move || chosen.with(|chosen| *chosen == language)
        };
        let (on, reach) = (is_chosen.clone(), is_chosen);
        let pick = {
            let language = language.clone();
            move |_| chosen.set(language.clone())
        };
        let troubles = {
            let language = language.clone();
            move || findings::of_language(editor, &language).len()
        };
        let name = language_name(lang, language);
        view! {
            <button type="button" role="tab" class="tab" id=tab_id(language) aria-controls=panel_id(language)
                aria-selected=move || on().to_string() tabindex=move || if reach() { "0" } else { "-1" } on:click=pick>
                {name}
                {move || Some(troubles()).filter(|count| *count > 0).map(|count| view! {
                    <span class="count" aria-label=lang.compose_findings_count(count)>{count}</span>
                })}
            </button>
        }
    });
    let panels = languages.iter().cloned().map(|language| {
        let shown = {
            let language = language.clone();
            move || chosen.with(|chosen| *chosen == language)
        };
        let (id, tab) = (panel_id(&language), tab_id(&language));
        view! {
            <div role="tabpanel" id=id aria-labelledby=tab hidden=move || !shown()>
                <Panel editor language />
            </div>
        }
    });
    let several = languages.len() > 1;
    view! {
        <section class="compose-section compose-texts" aria-label=lang.compose_text_section()>
            <div role="tablist" class="tabs" aria-label=lang.compose_languages() hidden=!several on:keydown=turn>
                {tabs.collect::<Vec<_>>()}
            </div>
            {panels.collect::<Vec<_>>()}
        </section>
    }
    .into_any()
}

fn tab_id(language: &Language) -> String {
    format!("tab-{language}")
}

/// The `id` of the field of a common text.
pub fn text_id(language: &Language) -> String {
    format!("text-{language}")
}

fn panel_id(language: &Language) -> String {
    format!("panel-{language}")
}

#[component]
fn Panel(editor: Editor, language: Language) -> AnyView {
    let lang = editor.lang;
    let tag = language.to_string();
    let (title_id, text_id, notes_id) = (format!("title-{tag}"), text_id(&language), format!("notes-{tag}"));
    let key = StoredValue::new(language.clone());
    let title =
        Memo::new(move |_| editor.content.with(|content| key.with_value(|key| content.titles.get(key).cloned())));
    let text = Memo::new(move |_| editor.content.with(|content| key.with_value(|key| content.texts.get(key).cloned())));
    let set_title = move |event| {
        let value = event_target_value(&event);
        editor.content.update(|content| {
            let key = key.get_value();
            if value.is_empty() { drop(content.titles.remove(&key)) } else { drop(content.titles.insert(key, value)) }
        });
    };
    let put = move |value: String| {
        editor.content.update(|content| {
            let key = key.get_value();
            // No text is no version in that language; an empty one would be a version that says nothing.
            if value.is_empty() { drop(content.texts.remove(&key)) } else { drop(content.texts.insert(key, value)) }
        });
    };
    let locked = !editor.may_text(&language);
    let area = NodeRef::<Textarea>::new();
    let naming = Naming::new(editor.book, area);
    let set_text = move |event| {
        put(event_target_value(&event));
        naming.typed();
    };
    let found = {
        let language = language.clone();
        Signal::derive(move || findings::of_language(editor, &language))
    };
    view! {
        <Beside editor language=language.clone() />
        <div class="field">
            <label for=title_id.clone()>{lang.compose_heading()}" "<span class="hint">{lang.compose_heading_hint()}</span></label>
            <input id=title_id.clone() class="input" type="text" lang=tag.clone() spellcheck="true" maxlength="300" readonly=locked
                prop:value=move || title.get().unwrap_or_default() on:input=set_title />
            {symbols::offered(&title_id, lang.compose_heading(), locked)}
        </div>
        <div class="field">
            <label for=text_id.clone()>{lang.compose_text()}</label>
            <textarea id=text_id.clone() class="input compose-text" lang=tag.clone() rows="8" spellcheck="true" readonly=locked node_ref=area
                aria-describedby=notes_id.clone()
                prop:value=move || text.get().unwrap_or_default() on:input=set_text on:keydown=move |event| naming.key(&event)></textarea>
            {(!locked).then(|| naming.draw())}
            {symbols::offered(&text_id, lang.compose_text(), locked)}
            <Counts editor language=language.clone() />
            <p class="hint">{lang.chain_hint()}" "{lang.contacts_hint()}</p>
            {(!locked).then(|| view! { <Cut editor language=language.clone() /> })}
        </div>
        <div id=notes_id>
            <findings::List editor found=found area=Some(area) part=Some((Field::Text, language)) />
        </div>
    }
    .into_any()
}

/// How much of each network's room the common text takes.
#[component]
fn Counts(editor: Editor, language: Language) -> AnyView {
    let lang = editor.lang;
    let counts = Memo::new(move |_| {
        editor.seen.with(|content| {
            editor.channels.with(|channels| {
                let here = content
                    .destinations()
                    .filter(|(channel, other)| **other == language && content.version(channel, other).is_none());
                let count = |(id, language): (&domain::ChannelId, &Language)| {
                    let channel = channels.iter().find(|channel| channel.id == *id)?;
                    let parts = thread::counts(content, channel, language);
                    // Of a thread the part that has least room left.
                    let left = |count: &Count| i64::from(count.1) - i64::from(count.0);
                    let (place, (count, most)) = parts.iter().enumerate().min_by_key(|(_, count)| left(count))?;
                    let part = (parts.len() > 1).then_some((place + 1, parts.len()));
                    Some((channel.network, part, *count, *most))
                };
                let mut counts: Vec<_> = here.filter_map(count).collect();
                // Two accounts on one network with one limit say the same thing.
                counts.dedup();
                counts
            })
        })
    });
    view! {
        <ul class="tallies" aria-label=lang.compose_counts()>
            {move || counts.get().into_iter().map(|(network, part, count, limit)| view! {
                <li class="tally" data-over=(count > limit).to_string()
                    style=("--part", format!("{:.3}", (f64::from(count) / f64::from(limit.max(1))).min(1.0)))>
                    <span>{network_name(lang, network)}{part.map(|(part, of)| [" · ".to_owned(), lang.chain_part(part, of)].concat())}</span>
                    <b>{count}"/"{limit}</b>
                </li>
            }).collect::<Vec<_>>()}
        </ul>
    }
    .into_any()
}

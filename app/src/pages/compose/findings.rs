//! What the rules say, beside what they speak of: the sentence, the words it means, how to mend it, and, for who may,
//! how to let it pass with a reason.

use domain::{
    Act, Language,
    policy::{Field, Finding, Mode, Rule},
};
use leptos::{html::Textarea, prelude::*, task::spawn_local};
use wire::posts::{self, Waive};
use words::language_name;

use super::editor::Editor;
use crate::{api, parts::problem_sentence, state::toasts};

/// What speaks of the heading or text of a language, where the version is derived from it.
pub fn of_language(editor: Editor, language: &Language) -> Vec<Finding> {
    let about = |finding: &&Finding| {
        matches!(finding.place.field, Field::Text | Field::Title)
            && finding.place.language.as_ref() == Some(language)
            && !has_own_version(editor, finding)
    };
    if editor.is_blank() {
        return Vec::new();
    }
    editor.findings.with(|findings| findings.iter().filter(about).cloned().collect())
}

/// What speaks of the version that a channel has of its own.
pub fn of_version(editor: Editor, channel: &domain::ChannelId, language: &Language) -> Vec<Finding> {
    let about = |finding: &&Finding| {
        matches!(finding.place.field, Field::Text | Field::Title)
            && finding.place.channel.as_ref() == Some(channel)
            && finding.place.language.as_ref() == Some(language)
            && has_own_version(editor, finding)
    };
    editor.findings.with(|findings| findings.iter().filter(about).cloned().collect())
}

/// What speaks of a picture.
pub fn of_picture(editor: Editor, index: usize) -> Vec<Finding> {
    let about = |finding: &&Finding| finding.place.field == Field::Picture { index };
    editor.findings.with(|findings| findings.iter().filter(about).cloned().collect())
}

/// What speaks of the video.
pub fn of_video(editor: Editor) -> Vec<Finding> {
    let about = |finding: &&Finding| finding.place.field == Field::Video;
    editor.findings.with(|findings| findings.iter().filter(about).cloned().collect())
}

/// What speaks of the poll.
pub fn of_poll(editor: Editor) -> Vec<Finding> {
    editor.findings.with(|findings| findings.iter().filter(|finding| finding.rule == Rule::Poll).cloned().collect())
}

/// What speaks of the document.
pub fn of_document(editor: Editor) -> Vec<Finding> {
    let about = |finding: &&Finding| finding.place.field == Field::Document;
    editor.findings.with(|findings| findings.iter().filter(about).cloned().collect())
}

/// What speaks of the first comment.
pub fn of_comment(editor: Editor) -> Vec<Finding> {
    let about = |finding: &&Finding| finding.place.field == Field::Comment;
    editor.findings.with(|findings| findings.iter().filter(about).cloned().collect())
}

/// What speaks of the whole, or of nothing that has a place on the screen.
pub fn of_the_whole(editor: Editor) -> Vec<Finding> {
    let about = |finding: &&Finding| match finding.place.field {
        // It stands with the poll.
        Field::Post => finding.rule != Rule::Poll,
        Field::Text | Field::Title => finding.place.language.is_none(),
        Field::Picture { .. } | Field::Video | Field::Document | Field::Comment => false,
    };
    if editor.is_blank() {
        return Vec::new();
    }
    editor.findings.with(|findings| findings.iter().filter(about).cloned().collect())
}

fn has_own_version(editor: Editor, finding: &Finding) -> bool {
    let Some((channel, language)) = finding.place.channel.as_ref().zip(finding.place.language.as_ref()) else {
        return false;
    };
    editor.content.with_untracked(|content| content.version(channel, language).is_some())
}

/// The list of what has no other place.
#[component]
pub fn Rest(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let found = Signal::derive(move || of_the_whole(editor));
    view! {
        <Show when=move || !found.with(Vec::is_empty)>
            <section class="compose-section">
                <h2>{lang.compose_findings_whole()}</h2>
                <List editor found area=None part=None />
            </section>
        </Show>
    }
    .into_any()
}

/// A list of findings. With `area`, a quoted place can be gone to.
#[component]
pub fn List(
    editor: Editor,
    found: Signal<Vec<Finding>>,
    area: Option<NodeRef<Textarea>>,
    part: Option<(Field, Language)>,
) -> AnyView {
    let part = StoredValue::new(part);
    // A keystroke that finds the same leaves the list alone: a reason being typed for a waiver is not lost.
    let found = Memo::new(move |_| found.get());
    view! {
        <ul class="findings">
            {move || found.get().into_iter().map(|finding| {
                let text = part.with_value(|part| part.as_ref().map(|(_, language)| text_of(editor, &finding, language)));
                one(editor, finding, text.unwrap_or_default(), area)
            }).collect::<Vec<_>>()}
        </ul>
    }
    .into_any()
}

/// The text that the finding's bytes count in.
fn text_of(editor: Editor, finding: &Finding, language: &Language) -> String {
    editor.content.with_untracked(|content| {
        if finding.place.field == Field::Title {
            return content.titles.get(language).cloned().unwrap_or_default();
        }
        let own = finding.place.channel.as_ref().and_then(|channel| content.version(channel, language));
        own.map(|version| &version.text).or_else(|| content.texts.get(language)).cloned().unwrap_or_default()
    })
}

fn one(editor: Editor, finding: Finding, text: String, area: Option<NodeRef<Textarea>>) -> AnyView {
    let lang = editor.lang;
    let sentence = words::finding(lang, &finding);
    let waived = {
        let fingerprint = finding.fingerprint();
        Signal::derive(move || {
            editor.waivers.with(|waivers| {
                waivers.iter().find(|waiver| waiver.fingerprint == fingerprint).map(|waiver| waiver.reason.clone())
            })
        })
    };
    let blocks = finding.mode == Mode::Block;
    let level = move || match (blocks, waived.with(Option::is_some)) {
        (true, true) => lang.compose_level_waived(),
        (true, false) => lang.compose_level_block(),
        (false, _) => lang.compose_level_warn(),
    };
    let class = move || match (blocks, waived.with(Option::is_some)) {
        (true, false) => "finding finding-block",
        (true, true) => "finding finding-waived",
        (false, _) => "finding finding-warn",
    };
    let channel = finding.place.channel.as_ref().and_then(|id| {
        editor.channels.with_untracked(|channels| channels.iter().find(|one| one.id == *id).map(|one| one.name.clone()))
    });
    let quote = finding.place.range.and_then(|(start, end)| text.get(start..end).map(str::to_owned)).map(|quote| {
        let short: String = quote.chars().take(60).collect();
        let go = {
            let (range, text) = (finding.place.range, text.clone());
            move |_| {
                if let (Some((start, end)), Some(area)) = (range, area.and_then(|area| area.get_untracked())) {
                    // Text areas count in UTF-16, the rules in bytes.
                    let units = |bytes: usize| text.get(..bytes).map_or(0, |part| part.encode_utf16().count()) as u32;
                    let _ = area.focus();
                    let _ = area.set_selection_range(units(start), units(end));
                }
            }
        };
        match area {
            Some(_) if finding.place.field == Field::Text => view! {
                <button type="button" class="finding-quote" title=lang.compose_finding_go() on:click=go>"«"{short}"»"</button>
            }
            .into_any(),
            _ => view! { <q class="finding-quote">{short}</q> }.into_any(),
        }
    });
    let waivable = blocks && !finding.rule.is_fixed() && editor.may(Act::Waive) && !editor.correcting;
    let language = finding.place.language.as_ref().filter(|_| area.is_none()).map(|one| language_name(lang, one));
    view! {
        <li class=class>
            <p>
                <strong class="finding-level">{level}</strong>
                {channel.map(|name| view! { <span class="finding-where">{name}</span> })}
                {language.map(|name| view! { <span class="finding-where">{name}</span> })}
                " "{sentence.what}" "{quote}
            </p>
            <p class="hint">{sentence.next}</p>
            {move || waived.get().map(|reason| view! { <p class="finding-reason">{lang.compose_waived(reason)}</p> })}
            {waivable.then(|| waiver(editor, finding.clone(), waived))}
        </li>
    }
    .into_any()
}

fn waiver(editor: Editor, finding: Finding, waived: Signal<Option<String>>) -> AnyView {
    let lang = editor.lang;
    let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
    let (reason, refused) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let finding = StoredValue::new(finding);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        spawn_local(async move {
            // The engine waives what it has, so it must have this.
            let answer = match editor.store().await {
                Ok(()) => {
                    let (Some(finding), Some(post)) = (finding.try_get_value(), editor.id.try_get_value()) else {
                        return;
                    };
                    let waive = Waive {
                        rule: finding.rule,
                        fingerprint: finding.fingerprint(),
                        reason: reason.get_untracked(),
                    };
                    api::call(&posts::WAIVE, &[post.as_str()], &waive).await
                }
                Err(problem) => Err(problem),
            };
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(view) => {
                    editor.follow(&view);
                    open.set(false);
                    toasts::done(lang.compose_waived_done());
                }
                Err(problem) => refused.set(Some(problem_sentence(&problem).to_string())),
            }
        });
    };
    view! {
        <Show when=move || waived.with(Option::is_none)>
            <Show when=move || open.get() fallback=move || view! {
                <button type="button" class="button quiet" on:click=move |_| open.set(true)>{lang.compose_waive()}</button>
            }>
                <form class="finding-waive" on:submit=send>
                    <label>{lang.compose_waive_reason()}
                        <input type="text" class="input" required maxlength="500" prop:value=move || reason.get()
                            on:input=move |event| reason.set(event_target_value(&event)) />
                    </label>
                    <p class="hint">{lang.compose_waive_hint()}</p>
                    {move || refused.get().map(|text| view! { <p class="notice" data-hue="bad" role="alert">{text}</p> })}
                    <button type="submit" class="button" disabled=move || busy.get()>{lang.compose_waive_do()}</button>
                    <button type="button" class="button quiet" on:click=move |_| open.set(false)>{lang.general_cancel()}</button>
                </form>
            </Show>
        </Show>
    }
    .into_any()
}

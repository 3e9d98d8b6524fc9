//! Every destination side by side, as it will look; a version of its own where somebody wants one.

use domain::{Channel, ChannelId, Language, Network, Version};
use leptos::{html::Textarea, prelude::*};
use words::language_name;

use super::{
    editor::Editor,
    findings,
    thread::{self, Count, Cut},
};
use crate::{
    pages::{around, naming::Naming, symbols},
    state::toasts,
    ui::preview::Preview,
};
use domain::policy::Field;

/// The previews.
#[component]
pub fn Versions(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let destinations = Memo::new(move |_| {
        editor.seen.with(|content| {
            content.destinations().map(|(channel, language)| (channel.clone(), language.clone())).collect::<Vec<_>>()
        })
    });
    view! {
        <section class="compose-section compose-previews" aria-label=lang.compose_previews()>
            <h2>{lang.compose_previews()}</h2>
            <Show when=move || destinations.with(Vec::is_empty)>
                <p class="hint">{lang.compose_previews_none()}</p>
            </Show>
            <div class="previews">
                <For each=move || destinations.get() key=Clone::clone let((channel, language))>
                    {move || {
                        let id = channel.clone();
                        let channel = editor.channels.with(|all| all.iter().find(|one| one.id == id).cloned());
                        channel.map(|channel| view! { <One editor channel language=language.clone() /> })
                    }}
                </For>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn One(editor: Editor, channel: Channel, language: Language) -> AnyView {
    let lang = editor.lang;
    let (zone, organisation) = editor.me.with_value(|me| (me.organisation.zone.clone(), me.organisation.name.clone()));
    let key = StoredValue::new((channel.id.clone(), language.clone()));
    let own =
        Memo::new(move |_| editor.seen.with(|content| key.with_value(|(id, one)| content.version(id, one).is_some())));
    let rendition =
        Memo::new(move |_| editor.seen.with(|content| key.with_value(|(id, one)| content.rendition(id, one))));
    let (network, most) = (channel.network, channel.limits.text);
    let measured = channel.clone();
    let counts = Memo::new(move |_| {
        editor.seen.with(|content| key.with_value(|(_, language)| thread::counts(content, &measured, language)))
    });
    // What is no thread has its count beside its name; of a thread each part has its own below.
    let tally = move |(count, most): Count| {
        view! { <span class="tally" data-over=(count > most).to_string()>{count}"/"{most}</span> }
    };
    let alone = move || {
        counts.with(|counts| match counts[..] {
            [] => Some(tally((0, most))),
            [one] => Some(tally(one)),
            _ => None,
        })
    };
    let several = move || {
        let of = counts.with(Vec::len);
        (of > 1).then(|| {
            let part = |(place, (count, most)): (usize, Count)| {
                view! {
                    <li class="tally" data-over=(count > most).to_string()>
                        <span>{lang.chain_part(place + 1, of)}</span>
                        <b>{count}"/"{most}</b>
                    </li>
                }
            };
            let parts = counts.get().into_iter().enumerate().map(part).collect::<Vec<_>>();
            view! { <ul class="tallies" aria-label=lang.compose_counts()>{parts}</ul> }
        })
    };
    let start = move |_| {
        editor.content.update(|content| {
            let (channel, language) = key.get_value();
            let text = content.texts.get(&language).cloned().unwrap_or_default();
            content.versions.push(Version { channel, language, text, warning: None });
        });
    };
    let locked = !editor.may_text(&language);
    let warns = network == Network::Mastodon;
    let label = lang.compose_version_edit(channel.name.clone());
    let name = lang.compose_target_chip(channel.name.clone(), language_name(lang, &language));
    let id = place_id(&channel.id, &language);
    view! {
        <article class="destination" id=id tabindex="-1" aria-label=name>
            <header class="destination-head">
                {around::mark(network)}
                <b>{channel.name.clone()}</b>
                <span class="hint">{language_name(lang, &language)}</span>
                {alone}
            </header>
            {several}
            <Show when=move || own.get() fallback=move || view! {
                <button type="button" class="button quiet" hidden=locked on:click=start>{label.clone()}</button>
            }>
                {key.with_value(|(id, language)| own_version(editor, id.clone(), language.clone(), locked, warns))}
            </Show>
            <Preview zone organisation channel=channel.clone() rendition />
        </article>
    }
    .into_any()
}

/// The `id` of the field of a version of its own.
pub fn field_id(channel: &ChannelId, language: &Language) -> String {
    format!("version-{channel}-{language}")
}

/// The `id` of where a destination is seen.
pub fn place_id(channel: &ChannelId, language: &Language) -> String {
    format!("destination-{channel}-{language}")
}

/// The fields of a version of its own.
fn own_version(editor: Editor, channel: ChannelId, language: Language, locked: bool, warns: bool) -> AnyView {
    let lang = editor.lang;
    let key = StoredValue::new((channel.clone(), language.clone()));
    let version = Memo::new(move |_| {
        editor.content.with(|content| key.with_value(|(channel, language)| content.version(channel, language).cloned()))
    });
    let change = move |act: &dyn Fn(&mut Version)| {
        editor.content.update(|content| {
            let version = key.with_value(|(channel, language)| {
                content.versions.iter_mut().find(|one| one.channel == *channel && one.language == *language)
            });
            if let Some(version) = version {
                act(version);
            }
        });
    };
    let put = move |value: String| change(&|version| version.text.clone_from(&value));
    let set_warning = move |event| {
        let value = event_target_value(&event);
        change(&|version| version.warning = Some(value.clone()).filter(|value| !value.is_empty()));
    };
    let back = move |_| {
        editor.content.update(|content| {
            key.with_value(|(channel, language)| {
                content.versions.retain(|one| one.channel != *channel || one.language != *language);
            });
        });
        toasts::done(lang.compose_version_back_done());
    };
    let (text_id, warning_id) = (field_id(&channel, &language), format!("warning-{channel}-{language}"));
    let area = NodeRef::<Textarea>::new();
    let naming = Naming::new(editor.book, area);
    let set_text = move |event| {
        put(event_target_value(&event));
        naming.typed();
    };
    let found = {
        let (channel, language) = (channel.clone(), language.clone());
        Signal::derive(move || findings::of_version(editor, &channel, &language))
    };
    let warning = warns.then(|| view! {
        <div class="field">
            <label for=warning_id.clone()>{lang.compose_warning()}" "<span class="hint">{lang.general_optional()}</span></label>
            <input id=warning_id.clone() class="input" type="text" lang=language.to_string() spellcheck="true" readonly=locked maxlength="300"
                prop:value=move || version.get().and_then(|version| version.warning).unwrap_or_default() on:input=set_warning />
            {symbols::offered(&warning_id, lang.compose_warning(), locked)}
            <p class="hint">{lang.compose_warning_hint()}</p>
        </div>
    });
    view! {
        <div class="own-version">
            <div class="field">
                <label for=text_id.clone()>{lang.compose_version_text()}</label>
                <textarea id=text_id.clone() class="input" lang=language.to_string() rows="5" spellcheck="true" readonly=locked node_ref=area
                    prop:value=move || version.get().map(|version| version.text).unwrap_or_default() on:input=set_text
                    on:keydown=move |event| naming.key(&event)></textarea>
                {(!locked).then(|| naming.draw())}
                {symbols::offered(&text_id, lang.compose_version_text(), locked)}
            </div>
            {warning}
            {(!locked).then(|| view! { <Cut editor language=language.clone() own=channel.clone() /> })}
            <findings::List editor found area=Some(area) part=Some((Field::Text, language)) />
            <button type="button" class="button quiet" hidden=locked on:click=back>{lang.compose_version_back()}</button>
        </div>
    }
    .into_any()
}

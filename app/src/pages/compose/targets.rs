//! Where it goes, and in which languages: a line a channel, a chip a language.

use domain::{
    Channel, ChannelId, Language, Target, collaborators::are_taken, pin::is_offered, showing::is_asked,
    story::are_told, topic::is_taken,
};
use leptos::prelude::*;
use words::{health, language_name, network_name};

use super::{collaborators, editor::Editor, guise, mentions, pin, showing, topic};
use crate::{pages::around, parts::arrange};

/// The matrix of channels and languages.
#[component]
pub fn Targets(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let locked = !editor.may_write();
    // A correction goes where the post went.
    let fixed = locked || editor.correcting;
    view! {
        <section class="compose-section" aria-label=lang.compose_targets()>
            <h2>{lang.compose_targets()}</h2>
            <p class="hint">{if editor.correcting { lang.compose_targets_fixed() } else { lang.compose_targets_hint() }}</p>
            <ul class="targets">
                {move || {
                    let line = |channel| line(editor, channel, fixed, locked);
                    editor.channels.get().into_iter().map(line).collect::<Vec<_>>()
                }}
            </ul>
        </section>
    }
    .into_any()
}

fn line(editor: Editor, channel: Channel, fixed: bool, locked: bool) -> AnyView {
    let lang = editor.lang;
    let unfit = (!channel.health.state.may_send()).then(|| health(lang, channel.health.state).what);
    let reached = editor.me.with_value(|me| me.access.reaches(&channel.id));
    let chips = editor.languages().into_iter().map(|language| {
        let (id, one) = (channel.id.clone(), language.clone());
        let on = Memo::new(move |_| editor.content.with(|content| goes(&content.targets, &id, &one)));
        let (id, one) = (channel.id.clone(), language.clone());
        let flip = move |_| {
            let order = editor.languages();
            editor.content.update(|content| toggle(&mut content.targets, &id, &one, &order));
        };
        let label = lang.compose_target_chip(channel.name.clone(), language_name(lang, &language));
        view! {
            <button type="button" class="toggle" aria-pressed=move || on.get().to_string() aria-label=label
                disabled=fixed || !reached on:click=flip>
                {language_name(lang, &language)}
            </button>
        }
    });
    let (id, asked) = (channel.id.clone(), is_asked(channel.network) && !channel.assisted);
    let is_shown = Memo::new(move |_| {
        asked && editor.content.with(|content| content.targets.iter().any(|target| target.channel == id))
    });
    let (id, taken) = (channel.id.clone(), is_taken(channel.network));
    let is_filed = Memo::new(move |_| {
        taken && editor.content.with(|content| content.targets.iter().any(|target| target.channel == id))
    });
    let (id, offered) = (channel.id.clone(), is_offered(channel.network) && !channel.assisted);
    let is_pinned = Memo::new(move |_| {
        offered && editor.content.with(|content| content.targets.iter().any(|target| target.channel == id))
    });
    let (id, shared) = (channel.id.clone(), are_taken(channel.network));
    let is_shared = Memo::new(move |_| {
        shared && editor.content.with(|content| content.targets.iter().any(|target| target.channel == id))
    });
    let (id, tells) = (channel.id.clone(), are_told(channel.network));
    let is_told = Memo::new(move |_| {
        tells && editor.content.with(|content| content.targets.iter().any(|target| target.channel == id))
    });
    let (id, named, by_hand) = (channel.id.clone(), domain::mentions::are_taken(channel.network), channel.assisted);
    let is_mentioning = Memo::new(move |_| {
        let shows = |target: &Target| target.channel == id && (!by_hand || target.mentions.is_some());
        named && editor.content.with(|content| content.targets.iter().any(shows))
    });
    let (about, filed, headed) = (channel.clone(), channel.id.clone(), channel.id.clone());
    let (invited, told, mentioning) = (filed.clone(), channel.clone(), channel.clone());
    view! {
        <li class="target">
            <span class="target-name">
                {around::mark(channel.network)}
                <span><b>{channel.name.clone()}</b>" "<small>{network_name(lang, channel.network)}</small></span>
            </span>
            <span class="toggles">{chips.collect::<Vec<_>>()}</span>
            {unfit.map(|text| view! { <small class="target-unfit">{text}</small> })}
            {move || is_shown.get().then(|| showing::fields(editor, &about, locked || !reached))}
            {move || is_pinned.get().then(|| pin::field(editor, &headed, fixed || !reached))}
            {move || is_filed.get().then(|| topic::field(editor, &filed, fixed || !reached))}
            {move || is_told.get().then(|| guise::field(editor, &told, fixed || !reached))}
            {move || is_shared.get().then(|| collaborators::field(editor, &invited, fixed || !reached))}
            {move || is_mentioning.get().then(|| mentions::field(editor, &mentioning, locked || !reached))}
        </li>
    }
    .into_any()
}

fn goes(targets: &[Target], channel: &ChannelId, language: &Language) -> bool {
    targets.iter().any(|target| target.channel == *channel && target.languages.contains(language))
}

/// Adds or takes away a language of a channel, in the organisation's order; a channel without languages goes.
fn toggle(targets: &mut Vec<Target>, channel: &ChannelId, language: &Language, order: &[Language]) {
    match targets.iter_mut().find(|target| target.channel == *channel) {
        None => targets.push(Target::new(channel.clone(), vec![language.clone()])),
        Some(target) => {
            let had = target.languages.contains(language);
            target.languages.retain(|other| other != language);
            if !had {
                target.languages.push(language.clone());
                arrange(&mut target.languages, |one| order.iter().position(|other| other == one));
            }
        }
    }
    targets.retain(|target| !target.languages.is_empty());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_without_languages_is_no_target() {
        let (channel, order) = (ChannelId::from_bits(1), [Language::spanish(), Language::english()]);
        let mut targets = Vec::new();
        toggle(&mut targets, &channel, &order[1], &order);
        toggle(&mut targets, &channel, &order[0], &order);
        assert_eq!(targets[0].languages, order);
        toggle(&mut targets, &channel, &order[0], &order);
        toggle(&mut targets, &channel, &order[1], &order);
        assert_eq!(targets, []);
    }
}

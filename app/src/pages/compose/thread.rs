//! Turns a text that is too long into a thread: proposes where to cut, for as many networks as it goes to. Whoever writes moves
//! the cuts afterwards, in the same field.

use domain::{
    Channel, ChannelId, Content, Language,
    text::{self, chain},
};
use leptos::prelude::*;

use super::editor::Editor;
use crate::{
    platform::page,
    state::toasts,
    ui::{Button, Checkbox, Gravity},
};

/// What a part of a text counts on a channel, and what it may.
pub type Count = (u32, u32);

/// The parts of what goes to a channel, each with its count; one where it is no thread, none where there is no text.
pub fn counts(content: &Content, channel: &Channel, language: &Language) -> Vec<Count> {
    let whole = content.rendition(&channel.id, language);
    let parts = whole.map(|whole| whole.parts(channel.network)).unwrap_or_default();
    let count = |part: &domain::Rendition| {
        let most = channel.limits.beside(part.is_pictured()).text;
        (part.count(channel.network, &channel.limits), most)
    };
    parts.iter().map(count).collect()
}

/// The channels that a text is cut for: those that it goes to as it stands (or the one whose own it is), that have threads, and
/// where a part of it does not fit.
fn too_long(content: &Content, channels: &[Channel], language: &Language, own: Option<&ChannelId>) -> Vec<Channel> {
    let goes = content.destinations().filter(|(id, one)| {
        *one == language && own.map_or_else(|| content.version(id, one).is_none(), |own| own == *id)
    });
    let known = goes.filter_map(|(id, _)| channels.iter().find(|channel| channel.id == *id));
    let long = |channel: &&Channel| counts(content, channel, language).iter().any(|(count, most)| count > most);
    known.filter(|channel| channel.network.chains()).filter(long).cloned().collect()
}

/// The text that is cut: a channel's own, or the common one.
fn text_of<'a>(content: &'a mut Content, language: &Language, own: Option<&ChannelId>) -> Option<&'a mut String> {
    match own {
        None => content.texts.get_mut(language),
        Some(own) => {
            let found = content.versions.iter_mut().find(|one| one.channel == *own && one.language == *language);
            found.map(|version| &mut version.text)
        }
    }
}

/// The text cut, for all of these channels at once.
fn cut(content: &Content, channels: &[Channel], text: &str, language: &Language, numbered: bool) -> String {
    let pictured = !content.pictures.is_empty() || content.video.is_some() || content.document.is_some();
    chain::cut(text, numbered, |first, part| {
        channels.iter().all(|channel| {
            let pictured = pictured && first;
            let link = content.link.as_deref().filter(|_| first);
            let (part, link) = content.said(part, link, channel.network);
            let sent = text::sent(&part, link.as_deref(), pictured, channel.network);
            let version = content.version(&channel.id, language);
            let warning = version.and_then(|version| version.warning.as_deref()).filter(|text| !text.trim().is_empty());
            text::fits(&sent, warning, &channel.limits.beside(pictured))
        })
    })
}

/// Offers to cut, where there is something to cut.
#[component]
pub fn Cut(
    editor: Editor,
    language: Language,
    /// The channel whose own text it is; none for the common one.
    #[prop(optional, into)]
    own: Option<ChannelId>,
) -> AnyView {
    let lang = editor.lang;
    let numbered = RwSignal::new(false);
    let key = StoredValue::new((language, own));
    let long = Memo::new(move |_| {
        editor.seen.with(|content| {
            editor
                .channels
                .with(|channels| key.with_value(|(language, own)| too_long(content, channels, language, own.as_ref())))
        })
    });
    let press = move || {
        let (language, own) = key.get_value();
        let channels = long.get_untracked();
        let done = editor.content.try_update(|content| {
            let before = text_of(content, &language, own.as_ref())?.clone();
            let after = cut(content, &channels, &before, &language, numbered.get_untracked());
            let count = chain::parts(&after).len();
            let is_cut = after != before && (2..=chain::MOST_PARTS).contains(&count);
            if is_cut {
                *text_of(content, &language, own.as_ref())? = after;
            }
            is_cut.then_some(count)
        });
        match done.flatten() {
            Some(count) => {
                toasts::done(lang.chain_cut_done(count));
                // The button goes when nothing is too long any more: the text is what one goes on with.
                let own =
                    key.with_value(|(language, own)| own.is_none().then(|| ["text-", language.as_str()].concat()));
                if let Some(field) = own {
                    page::focus(&field);
                }
            }
            None => toasts::say(Gravity::Warn, lang.chain_cut_impossible()),
        }
    };
    view! {
        <Show when=move || long.with(|long| !long.is_empty())>
            <div class="actions">
                <Button on_press=press>{lang.chain_cut()}</Button>
                <Checkbox label=lang.chain_numbered() checked=numbered on_change=move |on: bool| numbered.set(on) />
            </div>
            <p class="hint">{lang.chain_cut_hint()}</p>
        </Show>
    }
    .into_any()
}

//! Where it goes, and in which languages: a row a channel, a column a language, and of each variant how it stands. What it says of
//! a variant is `domain::variants`; pressing it leads to where that is written or seen.

use domain::{
    Channel, ChannelId, Language, Target,
    collaborators::are_taken,
    pin::is_offered,
    policy::Finding,
    showing::is_asked,
    story::are_told,
    topic::is_taken,
    variants::{Agreed, Known, Said, Translated, Variant},
};
use leptos::prelude::*;
use words::{Lang, health, language_name, network_name};

use super::{collaborators, editor::Editor, guise, mentions, pin, showing, texts, topic, versions};
use crate::{pages::around, parts::arrange, platform::page};

/// So many languages stand beside each other where there is room; more are a list anywhere.
const COLUMNS: usize = 3;

/// A language, and whether its common text is a translation that is behind.
type Column = (Language, Memo<Translated>);

/// The matrix of channels and languages.
#[component]
pub fn Targets(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let locked = !editor.may_write();
    // A correction goes where the post went.
    let fixed = locked || editor.correcting;
    let stopping = Memo::new(move |_| editor.blocking());
    let column = |language: Language| {
        let key = StoredValue::new(language.clone());
        let translated = Memo::new(move |_| match key.with_value(|key| editor.lag(key)) {
            Some(_) => Translated::Behind,
            None => Translated::UpToDate,
        });
        (language, translated)
    };
    let columns: Vec<Column> = editor.languages().into_iter().map(column).collect();
    let (wide, width) = (columns.len() <= COLUMNS, (columns.len() + 1).to_string());
    let heads = columns.iter().map(|(language, _)| {
        view! { <th role="columnheader" scope="col">{language_name(lang, language)}</th> }
    });
    let heads = heads.collect::<Vec<_>>();
    let rows = move || {
        let row = |channel| row(editor, channel, [fixed, locked], stopping, &columns, &width);
        editor.channels.get().into_iter().map(row).collect::<Vec<_>>()
    };
    view! {
        <section class="compose-section compose-targets" aria-label=lang.compose_targets()>
            <h2>{lang.compose_targets()}</h2>
            <p class="hint">{if editor.correcting { lang.compose_targets_fixed() } else { lang.compose_targets_hint() }}</p>
            <table class="targets" class:targets-wide=wide role="table" aria-label=lang.compose_targets()>
                <thead role="rowgroup">
                    <tr role="row"><th role="columnheader" scope="col">{lang.variant_channel()}</th>{heads}</tr>
                </thead>
                {rows}
            </table>
        </section>
    }
    .into_any()
}

fn row(
    editor: Editor,
    channel: Channel,
    [fixed, locked]: [bool; 2],
    stopping: Memo<Vec<Finding>>,
    columns: &[Column],
    width: &str,
) -> AnyView {
    let lang = editor.lang;
    let unfit = (!channel.health.state.may_send()).then(|| health(lang, channel.health.state).what);
    let reached = editor.me.with_value(|me| me.access.reaches(&channel.id));
    let cells = columns.iter().map(|column| cell(editor, &channel, column, fixed || !reached, stopping));
    let cells = cells.collect::<Vec<_>>();
    let (id, asked) = (channel.id.clone(), is_asked(channel.network) && !channel.assisted);
    let is_shown = Memo::new(move |_| {
        asked && editor.seen.with(|content| content.targets.iter().any(|target| target.channel == id))
    });
    let (id, taken) = (channel.id.clone(), is_taken(channel.network));
    let is_filed = Memo::new(move |_| {
        taken && editor.seen.with(|content| content.targets.iter().any(|target| target.channel == id))
    });
    let (id, offered) = (channel.id.clone(), is_offered(channel.network) && !channel.assisted);
    let is_pinned = Memo::new(move |_| {
        offered && editor.seen.with(|content| content.targets.iter().any(|target| target.channel == id))
    });
    let (id, shared) = (channel.id.clone(), are_taken(channel.network));
    let is_shared = Memo::new(move |_| {
        shared && editor.seen.with(|content| content.targets.iter().any(|target| target.channel == id))
    });
    let (id, tells) = (channel.id.clone(), are_told(channel.network));
    let is_told = Memo::new(move |_| {
        tells && editor.seen.with(|content| content.targets.iter().any(|target| target.channel == id))
    });
    let (id, named, by_hand) = (channel.id.clone(), domain::mentions::are_taken(channel.network), channel.assisted);
    let is_mentioning = Memo::new(move |_| {
        let shows = |target: &Target| target.channel == id && (!by_hand || target.mentions.is_some());
        named && editor.seen.with(|content| content.targets.iter().any(shows))
    });
    let is_unfit = unfit.is_some();
    // A row with nothing in it would be read out.
    let has_more = Memo::new(move |_| {
        let asks = [is_shown, is_filed, is_pinned, is_shared, is_told, is_mentioning];
        is_unfit || asks.iter().any(|asks| asks.get())
    });
    let (about, filed, headed) = (channel.clone(), channel.id.clone(), channel.id.clone());
    let (invited, told, mentioning, width) = (filed.clone(), channel.clone(), channel.clone(), width.to_owned());
    let more = move || {
        let (about, filed, headed) = (about.clone(), filed.clone(), headed.clone());
        let (invited, told, mentioning) = (invited.clone(), told.clone(), mentioning.clone());
        let unfit = unfit.clone();
        has_more.get().then(|| {
            view! {
                <tr role="row">
                    <td role="cell" class="target-more" colspan=width.clone()>
                        {unfit.map(|text| view! { <small class="target-unfit">{text}</small> })}
                        {move || is_shown.get().then(|| showing::fields(editor, &about, locked || !reached))}
                        {move || is_pinned.get().then(|| pin::field(editor, &headed, fixed || !reached))}
                        {move || is_filed.get().then(|| topic::field(editor, &filed, fixed || !reached))}
                        {move || is_told.get().then(|| guise::field(editor, &told, fixed || !reached))}
                        {move || is_shared.get().then(|| collaborators::field(editor, &invited, fixed || !reached))}
                        {move || is_mentioning.get().then(|| mentions::field(editor, &mentioning, locked || !reached))}
                    </td>
                </tr>
            }
        })
    };
    view! {
        <tbody role="rowgroup" class="target">
            <tr role="row">
                <th role="rowheader" scope="row">
                    <span class="target-name">
                        {around::mark(channel.network)}
                        <span><b>{channel.name.clone()}</b>" "<small>{network_name(lang, channel.network)}</small></span>
                    </span>
                </th>
                {cells}
            </tr>
            {more}
        </tbody>
    }
    .into_any()
}

/// A channel in a language: whether it goes there, and how it stands. A memo of its own: a key that changes nothing here draws nothing.
fn cell(
    editor: Editor,
    channel: &Channel,
    (language, translated): &Column,
    locked: bool,
    stopping: Memo<Vec<Finding>>,
) -> AnyView {
    let (lang, translated) = (editor.lang, *translated);
    let key = StoredValue::new((channel.id.clone(), language.clone()));
    let names = StoredValue::new((channel.name.clone(), language_name(lang, language).to_string()));
    let variant = Memo::new(move |_| {
        let translated = translated.get();
        key.with_value(|(channel, language)| {
            editor.seen.with(|content| {
                stopping.with(|stopping| {
                    editor.agreed.with(|agreed| {
                        let known = Known { stopping, translated, agreed: agreed.as_ref() };
                        content.variant(channel, language, known)
                    })
                })
            })
        })
    });
    let is_on = Memo::new(move |_| variant.with(Option::is_some));
    let flip = move |_| {
        let order = editor.languages();
        let (channel, language) = key.get_value();
        editor.content.update(|content| toggle(&mut content.targets, &channel, &language, &order));
    };
    let go = move |_| {
        let Some(one) = variant.get_untracked() else { return };
        let (channel, language) = key.get_value();
        match (one.said, one.translated) {
            (Said::Own, _) => page::focus(&versions::field_id(&channel, &language)),
            (Said::Derived, Translated::UpToDate) => page::focus(&versions::place_id(&channel, &language)),
            (Said::Missing, _) | (Said::Derived, Translated::Behind) => {
                let field = texts::text_id(&language);
                editor.language.set(language);
                // What is hidden takes no focus.
                request_animation_frame(move || page::focus(&field));
            }
        }
    };
    let says = move || variant.get().map(|one| in_words(lang, one));
    let name = move || {
        let state = says()?;
        Some(names.with_value(|(channel, language)| lang.variant_name(channel, language, state)))
    };
    let label = names.with_value(|(channel, language)| lang.compose_target_chip(channel, language));
    view! {
        <td role="cell" class="variant">
            <button type="button" class="toggle" aria-pressed=move || is_on.get().to_string() aria-label=label
                disabled=locked on:click=flip>
                {language_name(lang, language)}
            </button>
            <Show when=move || is_on.get()>
                <button type="button" class="variant-state" data-state=move || variant.get().map(shape) aria-label=name
                    on:click=go>
                    {says}
                </button>
            </Show>
        </td>
    }
    .into_any()
}

/// The mark in front of the words: what asks for something first.
const fn shape(variant: Variant) -> &'static str {
    match variant {
        Variant { said: Said::Missing, .. } => "missing",
        Variant { stops: 1.., .. } => "stopped",
        Variant { translated: Translated::Behind, .. } => "behind",
        Variant { said: Said::Own, .. } => "own",
        Variant { said: Said::Derived, .. } => "derived",
    }
}

fn in_words(lang: Lang, variant: Variant) -> String {
    let said = match variant.said {
        Said::Missing => lang.variant_missing(),
        Said::Derived => lang.variant_derived(),
        Said::Own => lang.variant_own(),
    };
    let stops = (variant.stops > 0).then(|| lang.variant_stops(variant.stops));
    let behind = (variant.translated == Translated::Behind).then(|| lang.variant_behind().to_owned());
    let agreed = variant.agreed.map(|agreed| match agreed {
        Agreed::AsItIs => lang.variant_agreed(),
        Agreed::Changed => lang.variant_changed(),
    });
    let parts = [Some(said.to_owned()), stops, behind, agreed.map(str::to_owned)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
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
    fn what_asks_for_something_is_what_is_seen_first() {
        let calm = Variant { said: Said::Derived, stops: 0, translated: Translated::UpToDate, agreed: None };
        assert_eq!(shape(calm), "derived");
        assert_eq!(shape(Variant { said: Said::Own, ..calm }), "own");
        assert_eq!(shape(Variant { translated: Translated::Behind, ..calm }), "behind");
        assert_eq!(shape(Variant { translated: Translated::Behind, stops: 2, ..calm }), "stopped");
        assert_eq!(shape(Variant { said: Said::Missing, stops: 2, ..calm }), "missing");
        let changed = Variant { stops: 2, agreed: Some(Agreed::Changed), ..calm };
        let stops = Lang::En.variant_stops(2_usize);
        let said = [Lang::En.variant_derived(), stops.as_str(), Lang::En.variant_changed()];
        assert_eq!(in_words(Lang::En, changed), said.join(" · "));
    }

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

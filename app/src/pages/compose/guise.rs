//! As what a post goes to a channel, where its network has more than posts: a story, and of a video a reel.

use domain::{Channel, Guise, reel::are_chosen};
use leptos::prelude::*;
use words::guise_name;

use super::editor::Editor;
use crate::ui::unique;

/// The choice of a channel, one of three. A reel is there to be chosen while there is a video to make it of.
pub fn field(editor: Editor, channel: &Channel, locked: bool) -> AnyView {
    let lang = editor.lang;
    let (id, network) = (StoredValue::new(channel.id.clone()), channel.network);
    let goes = Memo::new(move |_| id.with_value(|id| editor.seen.with(|content| content.guise_on(id, network))));
    let is_filmed = Memo::new(move |_| are_chosen(network) && editor.seen.with(|content| content.video.is_some()));
    let choose = move |guise: Guise| {
        editor.content.update(|content| {
            let target = content.targets.iter_mut().find(|target| id.with_value(|id| target.channel == *id));
            target.into_iter().for_each(|target| target.go_as(guise));
        });
    };
    let group = unique("guise");
    let way = move |guise: Guise| {
        let hint = match guise {
            Guise::Post => None,
            Guise::Reel => Some(lang.reel_hint()),
            Guise::Story => Some(lang.story_hint()),
        };
        view! {
            <label class="check">
                <input type="radio" name=group.clone() prop:checked=move || goes.get() == guise on:change=move |_| choose(guise)/>
                <span>{guise_name(lang, guise)} {hint.map(|hint| view! { <span class="hint">{hint}</span> })}</span>
            </label>
        }
        .into_any()
    };
    let (post, story) = (way(Guise::Post), way(Guise::Story));
    view! {
        <fieldset class="target-showing stack small" disabled=locked>
            <legend>{lang.guise_title()}</legend>
            {post}
            {move || is_filmed.get().then(|| way(Guise::Reel))}
            {story}
        </fieldset>
    }
    .into_any()
}

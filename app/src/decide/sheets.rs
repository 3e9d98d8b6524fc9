//! What waits, drawn beforehand: every sheet as it will stand, kept beside what it was drawn from, so that the page itself
//! shows it (`app/decide/sheet.js`) while this program is still on its way. Separate from the page: here is the whole of
//! what is read without a program, and nothing in it can be pressed.

use domain::{Moment, statement::LIFETIME};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;

use super::{
    hands::{self, Meanwhile},
    item::{Part, kept_since, laid_out},
    keep, page,
    pile::{Standing, pile},
    waits::{Pages, Waits, object},
};
use crate::{
    platform::time,
    state::{lang, preferences::Preferences, session},
    ui::{Inside, el, skeleton},
};

/// Has them kept as they are now, whenever what waits is another: also when something was signed, for that is shown no more.
pub fn follow(preferences: Preferences) {
    Effect::new(move |_| {
        preferences.lang.track();
        let pile = pile();
        let (left, at) = (pile.left(), pile.at.get());
        // Before anybody is known there is nothing to draw; what was wiped took its sheets along.
        let (Some(all), true) = (pile.here.get(), session().me.with(Option::is_some)) else { return };
        // What signs comes first: on an old phone this takes a moment, and nobody waits for it. And what was kept is kept.
        let same = pile.standing.get() == Standing::Kept && left.len() == all.items.len();
        if hands::brought().with(Option::is_none) || same {
            return;
        }
        let Some(at) = at.filter(|_| !left.is_empty()) else {
            return spawn_local(keep::forget(keep::SHEETS));
        };
        let sheets =
            left.iter().map(|waits| Value::from(vec![waits.post.as_str().into(), sheet(waits, &all, left.len(), at)]));
        let colours = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.colour.on_the_desk()));
        let colours = colours
            .into_iter()
            .flatten()
            .map(|(name, colour)| Value::from(vec![name.into(), Value::from(colour.to_string())]));
        let kept =
            object([("lang", lang().tag().into()), ("colours", colours.collect()), ("sheets", sheets.collect())]);
        // Gone when what it was drawn from is.
        let until = Moment(time::device_now()).plus(LIFETIME).minus(time::now().since(at));
        spawn_local(async move {
            keep::keep(keep::SHEETS, &kept.to_string(), until).await;
        });
    });
}

/// The whole page with one item: what stands in it before anything of it can be pressed.
fn sheet(waits: &Waits, all: &Pages, left: usize, at: Moment) -> Value {
    let later = |meanwhile, _: Part| match meanwhile {
        Meanwhile::Lines => Inside::Plain(skeleton(lang().general_loading(), 3)),
        Meanwhile::Nothing => Inside::Text(String::new()),
    };
    let article = el("article", "decision").put(laid_out(waits, all, &later));
    let bar = el("footer", "decision-bar").put(kept_since(at));
    let main = page::main(Inside::Text(lang().approvals_left(left + all.more))).put(article).put(bar);
    [page::still_head().written(), main.written()].into_iter().collect()
}

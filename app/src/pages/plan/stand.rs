//! How the promises of a week or of a month stand: a sentence each, the same as a bar, and what to do about a gap.

use chrono::NaiveDate;
use domain::{
    Promise,
    promise::Progress,
    window::{View, Window},
};
use leptos::prelude::*;

use super::{Desk, Ground};
use crate::{
    routes,
    state::lang,
    ui::{Chip, Glyph, Hue, LinkButton, Tone},
};

/// The section.
pub fn stand(
    desk: Desk,
    ground: &Ground,
    promises: &[Promise],
    progress: &[Progress],
    window: Window,
    title: String,
) -> AnyView {
    let lang = lang();
    let none = match window.view {
        View::Week => lang.promise_week_none(),
        _ => lang.promise_month_none(),
    };
    let lines = progress.iter().filter_map(|one| {
        let promise = promises.iter().find(|promise| promise.id == one.promise)?;
        Some(line(desk, ground, promise, one, window))
    });
    let lines = lines.collect::<Vec<_>>();
    let body = if lines.is_empty() {
        view! { <p>{none}</p> }.into_any()
    } else {
        view! { <ul class="lines">{lines}</ul> }.into_any()
    };
    view! { <section class="card"><h2>{title}</h2>{body}</section> }.into_any()
}

fn line(desk: Desk, ground: &Ground, promise: &Promise, progress: &Progress, window: Window) -> AnyView {
    let lang = lang();
    let said = ground.with(promise, |named| words::progress(lang, named, progress));
    let (hue, chip) = match (progress.promised, progress.missing()) {
        (None, _) => (Hue::Neutral, lang.promise_unmeasured().to_owned()),
        (_, 0) => (Hue::Good, lang.promise_held().to_owned()),
        (_, missing) => (Hue::Warn, lang.promise_missing(missing)),
    };
    view! {
        <li>
            <div class="line-main">
                <p>{said}</p>
                {bar(progress)}
                {(progress.missing() > 0).then(|| gap(desk, &ground.said(promise), promise, window))}
            </div>
            <Chip hue text=chip/>
        </li>
    }
    .into_any()
}

/// The same as a picture: the sentence before it says all of it.
fn bar(progress: &Progress) -> AnyView {
    let whole = progress.promised.unwrap_or_default().max(progress.all()).max(1);
    let part = |class: &'static str, count: u32| {
        // By hundreds, in whole numbers.
        let size = format!("{}%", count * 100 / whole);
        (count > 0).then(|| view! { <i class=class style=("inline-size", size)></i> })
    };
    view! {
        <div class="plan-bar" aria-hidden="true">
            {part("plan-out", progress.out)}
            {part("plan-placed", progress.placed)}
            {part("plan-wished", progress.wished)}
        </div>
    }
    .into_any()
}

/// What to do about a gap: write what is missing, while there is time for it, or look where it would go.
fn gap(desk: Desk, said: &str, promise: &Promise, window: Window) -> AnyView {
    let lang = lang();
    let Promise { channel, pillar, audience, .. } = promise;
    let write = (desk.writes && is_ahead(window, desk.today)).then(|| {
        let href = routes::compose_for(channel, pillar.as_ref(), audience.as_ref());
        of(href, Glyph::Plus, lang.promise_write(), said)
    });
    let days = [if window.view == View::Week { "week=" } else { "month=" }, &window.name()].concat();
    let see = routes::calendar_of(&days, channel, pillar.as_ref(), audience.as_ref());
    view! { <div class="row">{write}{of(see, Glyph::Calendar, lang.promise_see(), said)}</div> }.into_any()
}

/// A link that says of which promise it is: a page has several.
fn of(href: String, glyph: Glyph, text: &'static str, said: &str) -> AnyView {
    let hidden = [": ", said].concat();
    view! { <LinkButton href tone=Tone::Quiet glyph>{text}<span class="unseen">{hidden}</span></LinkButton> }.into_any()
}

/// Whether anything can still be placed there.
fn is_ahead(window: Window, today: NaiveDate) -> bool {
    window.last() >= today
}

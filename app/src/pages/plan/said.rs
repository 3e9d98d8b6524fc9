//! Which messages were said, and which were not: of each pillar those that hold on the days that are shown, how often a post
//! carries each, and what to do about one that nobody says.

use domain::{Message, Pillar, promise::Coverage, window::Window};
use leptos::prelude::*;

use super::{Desk, Ground, covers::counted};
use crate::{
    routes,
    state::lang,
    ui::{Chip, Glyph, Hue, LinkButton, Tone},
};

/// The week and its month, each with what is spoken of there.
#[derive(Debug, Clone, Copy)]
pub struct Days<'a> {
    /// The week.
    pub week: Window,
    /// The month.
    pub month: Window,
    /// What the week is about.
    pub of_week: &'a Coverage,
    /// What the month is about.
    pub of_month: &'a Coverage,
}

impl Days<'_> {
    fn counts(&self, message: &Message) -> [u32; 2] {
        [counted(&self.of_week.messages, &message.id), counted(&self.of_month.messages, &message.id)]
    }

    /// Whether a message is to be said on some of them, or was: what is over is named only where something says it.
    fn concern(&self, message: &Message) -> bool {
        let (first, last) = (self.week.first().min(self.month.first()), self.week.last().max(self.month.last()));
        message.holds(first, last) || self.counts(message) != [0, 0]
    }
}

/// The section; nothing where there are no messages.
pub fn said(desk: Desk, ground: &Ground, days: Days<'_>) -> Option<AnyView> {
    let lang = lang();
    let of = |pillar: &Pillar| {
        let here = ground.themes.messages.iter().filter(|one| one.pillar == pillar.id && days.concern(one));
        let lines = here.map(|one| line(desk, one, days)).collect::<Vec<_>>();
        (!lines.is_empty()).then(|| {
            view! {
                <h3>{words::pillar_name(lang, pillar)}</h3>
                <ul class="lines">{lines}</ul>
            }
        })
    };
    let each = ground.themes.pillars.iter().filter_map(of).collect::<Vec<_>>();
    if each.is_empty() {
        return None;
    }
    let section = view! {
        <section class="card plan-said">
            <h2>{lang.message_said_title()}</h2>
            <p class="hint">{lang.message_said_text()}</p>
            {each}
        </section>
    };
    Some(section.into_any())
}

fn line(desk: Desk, message: &Message, days: Days<'_>) -> AnyView {
    let lang = lang();
    let [week, month] = days.counts(message);
    let unsaid = week == 0 && month == 0;
    let (hue, chip) =
        if unsaid { (Hue::Warn, lang.message_unsaid_chip()) } else { (Hue::Good, lang.message_said_chip()) };
    let counts = if unsaid { lang.message_said_none().to_owned() } else { lang.message_said_counts(month, week) };
    // Days that are over are not made up for.
    let ahead = days.week.last().max(days.month.last()) >= desk.today && !message.archived;
    let write = (unsaid && desk.writes && ahead).then(|| {
        let hidden = [": ", &message.name].concat();
        let href = routes::compose_saying(&message.pillar, &message.id);
        view! {
            <div class="row">
                <LinkButton href tone=Tone::Quiet glyph=Glyph::Plus>
                    {lang.promise_write()}<span class="unseen">{hidden}</span>
                </LinkButton>
            </div>
        }
    });
    view! {
        <li>
            <div class="line-main">
                <p>{message.name.clone()}</p>
                <p class="hint">{counts}</p>
                {write}
            </div>
            <Chip hue text=chip/>
        </li>
    }
    .into_any()
}

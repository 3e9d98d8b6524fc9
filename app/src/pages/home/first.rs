//! The first steps on a new desk, each with what it is good for and the one way to it. What is done says so by itself, and the
//! list goes when all is. Who does not want it puts it away. Separate from the rest of home: that is about posts.

use domain::beginning::{FirstStep, Stride};
use leptos::prelude::*;
use wire::home::First;
use words::Lang;

use crate::{
    platform::{page, storage},
    routes,
    state::{lang, session},
    ui::{Button, Chip, Glyph, Hue, Icon, LinkButton, Tone},
};

/// The steps, or what stands there for whoever has put them away. `begun` is where something goes on that
/// was written.
pub fn steps(first: First, begun: Option<String>, otherwise: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    // A member is of one organisation; and town halls share computers.
    let member = session().me.with_untracked(|me| me.as_ref().map(|me| me.member.clone()));
    let name = member.map(|member| ["pregon.first.", member.as_str()].concat()).unwrap_or_default();
    let away = RwSignal::new(storage::read(&name).is_some());
    let put_away = Callback::new(move |()| {
        storage::keep(&name, "away");
        away.set(true);
        // What had the focus is gone with the list.
        page::focus(super::TITLE);
    });
    (move || if away.get() { otherwise() } else { list(&first, begun.as_deref(), put_away) }).into_any()
}

fn list(first: &First, begun: Option<&str>, put_away: Callback<()>) -> AnyView {
    let lang = lang();
    let done = first.steps.iter().filter(|stride| stride.done).count();
    let next = first.steps.iter().position(|stride| !stride.done);
    let lines = first.steps.iter().enumerate().map(|(place, stride)| {
        let act = if stride.done {
            view! { <Chip hue=Hue::Good text=lang.home_first_is_done() /> }.into_any()
        } else {
            way(first, stride.step, begun, next == Some(place))
        };
        line(lang, place, *stride, act)
    });
    let lines: Vec<_> = lines.collect();
    view! {
        <section class="home-section" aria-labelledby="home-first">
            <h2 id="home-first">{lang.home_first_title()}</h2>
            <p class="hint">{lang.home_first_count(first.steps.len(), done)}</p>
            <ol class="home-lines">{lines}</ol>
            <Button tone=Tone::Quiet on_press=move || put_away.run(())>{lang.home_first_away()}</Button>
        </section>
    }
    .into_any()
}

/// A step. Its number is for the eye; a screen reader counts the list itself.
fn line(lang: Lang, place: usize, Stride { step, done }: Stride, act: AnyView) -> AnyView {
    let (name, why) = match step {
        FirstStep::Write => (lang.home_first_write(), lang.home_why_first_write()),
        FirstStep::Publish => (lang.home_first_publish(), lang.home_why_first_publish()),
        FirstStep::Connect => (lang.home_first_connect(), lang.home_why_first_connect()),
        FirstStep::Invite => (lang.home_first_invite(), lang.home_why_first_invite()),
        FirstStep::Settle => (lang.home_first_settle(), lang.home_why_first_settle()),
    };
    let mark = if done { view! { <Icon glyph=Glyph::Check /> }.into_any() } else { (place + 1).to_string().into_any() };
    view! {
        <li class="home-line home-step" class:is-done=done>
            <span class="home-step-mark" aria-hidden="true">{mark}</span>
            <div>
                <b class="home-heading">{name}</b>
                <p class="home-why"><span>{why}</span></p>
            </div>
            {act}
        </li>
    }
    .into_any()
}

/// The way to a step. To publish there must be something: until it is written, the step before is the way.
fn way(first: &First, step: FirstStep, begun: Option<&str>, next: bool) -> AnyView {
    let lang = lang();
    let written = first.steps.iter().any(|stride| stride.step == FirstStep::Write && stride.done);
    let (href, act) = match step {
        FirstStep::Write => (routes::compose_for(&first.noticeboard, None, None), lang.home_first_write_do()),
        FirstStep::Publish if !written => return ().into_any(),
        FirstStep::Publish => (begun.unwrap_or(routes::CALENDAR).to_owned(), lang.home_first_publish_do()),
        FirstStep::Connect => (routes::CHANNELS.to_owned(), lang.home_first_connect_do()),
        FirstStep::Invite => (routes::PEOPLE.to_owned(), lang.home_first_invite_do()),
        FirstStep::Settle => ([routes::CIRCUITS, "?view=house"].concat(), lang.home_first_settle_do()),
    };
    let tone = if next { Tone::Primary } else { Tone::Plain };
    view! { <LinkButton href tone>{act}</LinkButton> }.into_any()
}

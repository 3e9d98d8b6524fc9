//! The whole page: who one is, how the line is, what is on its way, and the one thing to decide now.

use leptos::{prelude::*, task::spawn_local};

use super::{
    hands::{self, Meanwhile},
    item::Paper,
    pile::{self, pile},
};
use crate::{
    api::{self, Problem},
    parts::{ProblemNotice, when},
    platform::{page, time::Form},
    state::{lang, preferences::Preferences, session},
    ui::{Button, Empty, Glyph, Gravity, Icon, Notice, Skeleton, Tone},
};

/// The whole desk.
pub const DESK: &str = "/desk/";

/// The root: drawn anew when the language changes, so that every text below is a plain string.
#[component]
pub fn App() -> impl IntoView {
    let preferences = Preferences::load();
    provide_context(preferences);
    // Both are made here, under the root owner, so that they are never disposed.
    let (session, pile) = (session(), pile());
    session.start();
    pile.start();
    // By then the page stands, on a thin line too: what follows would take turns with what it is drawn from.
    let stands = Memo::new(move |_| {
        pile.here.with(Option::is_some)
            || pile.problem.with(Option::is_some)
            || session.problem.with(Option::is_some)
            || (session.boot.with(Option::is_some) && session.me.with(Option::is_none))
    });
    Effect::new(move |_| {
        if stands.get() {
            hands::follow();
        }
    });
    move || {
        let lang = preferences.lang.get();
        page::set_title(lang.decide_title());
        view! {
            <Phases/>
            {hands::drawn(Meanwhile::Nothing, Box::new(|hands| (hands.toasts)()))}
        }
    }
}

/// What there is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Coming,
    /// Nobody answers, and nothing was kept.
    Silent,
    Enter,
    Inside,
}

#[component]
fn Phases() -> AnyView {
    let (lang, session) = (lang(), session());
    let phase = Memo::new(move |_| {
        let (inside, lapsed) = (session.me.with(Option::is_some), session.lapsed.get());
        match (inside && !lapsed, session.boot.with(Option::is_some), session.problem.with(Option::is_some)) {
            (true, ..) => Phase::Inside,
            (false, true, _) => Phase::Enter,
            (false, false, true) => Phase::Silent,
            (false, false, false) => Phase::Coming,
        }
    });
    (move || match phase.get() {
        Phase::Inside => view! { <Inside/> }.into_any(),
        Phase::Enter => view! {
            {hands::lost()}
            {hands::drawn(Meanwhile::Lines, Box::new(|hands| (hands.enter)()))}
        }
        .into_any(),
        Phase::Silent => view! {
            <main class="alone" id="main">
                <h1>{lang.decide_heading()}</h1>
                {news()}
                {move || match session.problem.get() {
                    Some(Problem::Offline) => view! {
                        <Notice gravity=Gravity::Warn spoken=true title=lang.decide_offline()>
                            <p>{lang.decide_offline_empty()}</p>
                        </Notice>
                    }
                    .into_any(),
                    _ => view! { <ProblemNotice problem=session.problem/> }.into_any(),
                }}
                <Button tone=Tone::Primary on_press=move || spawn_local(session.ask())>{lang.general_retry()}</Button>
            </main>
        }
        .into_any(),
        Phase::Coming => view! {
            <main class="alone" id="main"><Skeleton label=lang.general_loading() lines=5 /></main>
        }
        .into_any(),
    })
    .into_any()
}

#[component]
fn Inside() -> AnyView {
    let (lang, pile) = (lang(), pile());
    // A memo: a half-written comment must not go when the same thing is asked for again.
    let now = Memo::new(move |_| pile.here.with(Option::is_some).then(|| pile.left().first().map(|waits| waits.key())));
    let count =
        Memo::new(move |_| pile.left().len() + pile.here.with(|here| here.as_ref().map_or(0, |here| here.more)));
    let body = move || match now.get() {
        Some(Some(key)) => {
            let found = untrack(|| pile.left()).into_iter().find(|waits| waits.key() == key);
            found.map(|waits| view! { <Paper waits /> }).into_any()
        }
        Some(None) => view! {
            <Empty glyph=Glyph::Check title=lang.approvals_empty_title() text=lang.approvals_empty_text()>
                <a class="button" href=DESK>{lang.decide_desk()}</a>
            </Empty>
        }
        .into_any(),
        None => match pile.problem.get() {
            Some(Problem::Offline) => {
                view! { <Empty glyph=Glyph::Alert title=lang.decide_offline() text=lang.decide_offline_empty() /> }
                    .into_any()
            }
            Some(_) => view! {
                <ProblemNotice problem=pile.problem/>
                <Button on_press=move || spawn_local(pile.fetch())>{lang.general_retry()}</Button>
            }
            .into_any(),
            None => view! { <Skeleton label=lang.general_loading() lines=5 /> }.into_any(),
        },
    };
    view! {
        <a class="skip" href="#main">{lang.frame_skip()}</a>
        <Head/>
        <main class="page deciding" id="main">
            <header class="page-head">
                <h1 id="decide-title" tabindex="-1">{lang.decide_heading()}</h1>
                <p class="approvals-left" role="status">
                    {move || pile.here.with(Option::is_some).then(|| lang.approvals_left(count.get()))}
                </p>
            </header>
            <div class="decide-state">
                <Line/>
                {news()}
            </div>
            {body}
        </main>
    }
    .into_any()
}

/// What became of what was signed.
fn news() -> AnyView {
    hands::drawn(Meanwhile::Nothing, Box::new(|hands| (hands.news)()))
}

/// Whose page it is, and the way to all else.
#[component]
fn Head() -> AnyView {
    let session = session();
    let organisation = Memo::new(move |_| session.me.with(|me| me.as_ref().map(|me| me.organisation.clone())));
    let name = move || organisation.with(|body| body.as_ref().map(|body| body.name.clone()));
    let crest = move || match organisation.with(|body| body.as_ref().and_then(|body| body.crest.clone())) {
        Some(crest) => view! { <img class="crest" src=api::picture_address(&crest) alt=""/> }.into_any(),
        None => view! { <span class="crest"><Icon glyph=Glyph::Horn/></span> }.into_any(),
    };
    view! {
        <header class="frame-head">
            <span class="brand">{crest}<span class="brand-name">{name}</span></span>
            {hands::drawn(Meanwhile::Nothing, Box::new(|hands| (hands.own)()))}
        </header>
    }
    .into_any()
}

/// That there is no coverage, and since when it is as it is.
#[component]
fn Line() -> AnyView {
    let (lang, session, pile) = (lang(), session(), pile());
    (move || {
        let at = pile.at.get().filter(|_| !session.online.get())?;
        let since = when(at, Form::Full);
        Some(view! {
            <Notice gravity=Gravity::Warn spoken=true title=lang.decide_offline()>
                <p>{lang.decide_offline_text(since)}</p>
            </Notice>
        })
    })
    .into_any()
}

/// Goes on to the next one: the focus with it.
pub fn go_on(left_for_later: Option<domain::PostId>) {
    if let Some(post) = left_for_later {
        pile::pile().leave_for_later(post);
    }
    page::focus("decide-title");
}

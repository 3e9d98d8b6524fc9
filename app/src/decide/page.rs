//! The whole page: who one is, how the line is, what is on its way, and the one thing to decide now.

use domain::MediaId;
use leptos::{prelude::*, task::spawn_local};
use wire::session::Me;

use super::{
    hands::{self, Meanwhile},
    item::paper,
    pile::{self, Standing, pile},
    sheets,
};
use crate::{
    api::{self, Problem},
    parts::{ProblemNotice, when},
    platform::{page, time::Form},
    state::{self, lang, preferences::Preferences, session},
    ui::{Button, Empty, Glyph, Gravity, Inside, Notice, Plain, Skeleton, Tone, el, icon, live},
};

/// The whole desk.
pub const DESK: &str = "/desk/";

/// The `id` of the heading: where the focus goes with the next item.
pub const TITLE: &str = "decide-title";

/// What stands in the page while this program is on its way: our mark, or a sheet, which was kept or is the engine's.
const SPLASH: &str = "splash";

/// Whether the engine drew what stands there: only then it says which colours it wears.
pub fn drawn_by_the_engine() -> bool {
    page::has(SPLASH, "data-colours")
}

/// The root: drawn anew when the language changes, so that every text below is a plain string.
#[component]
pub fn App() -> impl IntoView {
    let preferences = Preferences::load();
    provide_context(preferences);
    // All are made here, under the root owner, so that they are never disposed.
    let (session, pile) = (session(), pile());
    hands::brought();
    session.start();
    pile.start();
    // By then the page stands, on a thin line too: what follows would take turns with what it is drawn from.
    let stands = Memo::new(move |_| {
        pile.here.with(Option::is_some)
            || pile.problem.with(Option::is_some)
            || session.problem.with(Option::is_some)
            || (session.boot.with(Option::is_some) && session.me.with(Option::is_none))
    });
    // A sheet is not taken away before there is something to stand in its place.
    let reads = page::has(SPLASH, "data-sheet");
    if !reads {
        page::remove(SPLASH);
    }
    Effect::new(move |_| {
        if stands.get() {
            page::remove(SPLASH);
            hands::follow();
        }
    });
    sheets::follow(preferences);
    live(move || {
        let lang = preferences.lang.get();
        page::set_title(lang.decide_title());
        if reads && !stands.get() {
            return ().into_any();
        }
        vec![phases(), hands::drawn(Meanwhile::Nothing, |hands| (hands.toasts)())].into_any()
    })
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

fn phases() -> AnyView {
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
    live(move || {
        let alone = el("main", "alone").with("id", "main");
        match phase.get() {
            Phase::Inside => inside(),
            Phase::Enter => vec![hands::lost(), hands::drawn(Meanwhile::Lines, |hands| (hands.enter)())].into_any(),
            Phase::Silent => {
                let why = live(move || match session.problem.with(|why| matches!(why, Some(Problem::Offline))) {
                    true => no_coverage(lang.decide_offline_empty().to_owned()),
                    false => view! { <ProblemNotice problem=session.problem/> }.into_any(),
                });
                let heading = el("h1", "").put(lang.decide_heading());
                alone.put(heading).put(news()).put(why).put(again(|| spawn_local(state::session().ask()))).into_any()
            }
            Phase::Coming => alone.put(coming()).into_any(),
        }
    })
}

/// The shape of an item.
fn coming() -> AnyView {
    view! { <Skeleton label=lang().general_loading() lines=5 /> }.into_any()
}

fn again(act: fn()) -> AnyView {
    let act = Callback::new(move |()| act());
    view! { <Button tone=Tone::Primary on_press=act>{lang().general_retry()}</Button> }.into_any()
}

fn no_coverage(text: String) -> AnyView {
    view! {
        <Notice gravity=Gravity::Warn spoken=true title=lang().decide_offline()>{el("p", "").put(text)}</Notice>
    }
    .into_any()
}

fn inside() -> AnyView {
    let (lang, pile) = (lang(), pile());
    // A memo: a half-written comment must not go when the same thing is asked for again.
    let now = Memo::new(move |_| pile.here.with(Option::is_some).then(|| pile.left().first().map(|waits| waits.key())));
    let body = live(move || match now.get() {
        Some(Some(key)) => {
            let found = untrack(|| pile.left()).into_iter().find(|waits| waits.key() == key);
            found.map(paper).into_any()
        }
        // That nothing waits is not said before the engine said so.
        Some(None) if pile.standing.get() == Standing::Kept && session().online.get() => coming(),
        Some(None) => view! {
            <Empty glyph=Glyph::Check title=lang.approvals_empty_title() text=lang.approvals_empty_text()>
                {el("a", "button").with("href", DESK).put(lang.decide_desk())}
            </Empty>
        }
        .into_any(),
        None if pile.problem.with(|why| matches!(why, Some(Problem::Offline))) => {
            view! { <Empty glyph=Glyph::Alert title=lang.decide_offline() text=lang.decide_offline_empty() /> }
                .into_any()
        }
        None if pile.problem.with(Option::is_some) => {
            let why = view! { <ProblemNotice problem=pile.problem/> }.into_any();
            vec![why, again(|| spawn_local(self::pile().fetch()))].into_any()
        }
        None => coming(),
    });
    let count = live(move || {
        let more = pile.here.with(|here| here.as_ref().map(|here| here.more));
        more.map(|more| lang.approvals_left(pile.left().len() + more)).into_any()
    });
    let main = main(Inside::View(count)).put(el("div", "decide-state").put(line()).put(news())).put(body);
    vec![el("a", "skip").with("href", "#main").put(lang.frame_skip()), head(), main].into_any()
}

/// What became of what was signed.
fn news() -> AnyView {
    hands::drawn(Meanwhile::Nothing, |hands| (hands.news)())
}

/// What all else stands in, under the heading and how many there are.
pub fn main(count: Inside) -> Plain {
    let heading = el("h1", "").with("id", TITLE).with("tabindex", "-1").put(lang().decide_heading());
    let left = el("p", "approvals-left").with("role", "status").put(count);
    el("main", "page deciding").with("id", "main").put(el("header", "page-head").put(heading).put(left))
}

/// Whose page it is, and the way to all else.
fn head() -> Plain {
    // What is shown of the organisation, and not all of it.
    let organisation = Memo::new(move |_| session().me.with(|me| me.as_ref().map(brand_of)));
    let brand = live(move || brand(organisation.get().unwrap_or_default()).into_any());
    el("header", "frame-head").put(brand).put(hands::drawn(Meanwhile::Nothing, |hands| (hands.own)()))
}

/// The same with nothing to press.
pub fn still_head() -> Plain {
    let organisation = session().me.with_untracked(|me| me.as_ref().map(brand_of));
    el("header", "frame-head").put(brand(organisation.unwrap_or_default()))
}

/// What is shown of the organisation: its name and its crest.
type Brand = (String, Option<MediaId>);

fn brand_of(me: &Me) -> Brand {
    (me.organisation.name.clone(), me.organisation.crest.clone())
}

fn brand((name, crest): Brand) -> Plain {
    let crest = match crest {
        Some(crest) => el("img", "crest").with("src", api::picture_address(&crest)).with("alt", ""),
        None => el("span", "crest").put(icon(Glyph::Horn)),
    };
    el("span", "brand").put(crest).put(el("span", "brand-name").with("title", name.clone()).put(name))
}

/// That there is no coverage, and since when it is as it is.
fn line() -> AnyView {
    let (lang, session, pile) = (lang(), session(), pile());
    live(move || match pile.at.get().filter(|_| !session.online.get()) {
        Some(at) => no_coverage(lang.decide_offline_text(when(at, Form::Full))),
        None => ().into_any(),
    })
}

/// Goes on to the next one: the focus with it.
pub fn go_on(left_for_later: Option<domain::PostId>) {
    if let Some(post) = left_for_later {
        pile::pile().leave_for_later(post);
    }
    page::focus(TITLE);
}

//! The whole page: who one is, how the line is, what is on its way, and the one thing to decide now.

use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use words::Lang;

use super::{
    enter::Enter,
    item::Paper,
    keep,
    outgoing::{Outgoing, Parcel, outgoing},
    pile::{self, pile},
};
use crate::{
    api::{self, Problem, trouble},
    parts::{ProblemNotice, when},
    platform::{page, time::Form, worker},
    state::{
        lang,
        preferences::{Preferences, Theme},
        session, toasts,
    },
    ui::{
        Button, ConfirmDialog, ConfirmTexts, Empty, Glyph, Gravity, Icon, Menu, MenuItem, Notice, Skeleton, Toasts,
        Tone,
    },
};

/// The scope of this page and of its service worker.
const HERE: &str = wire::entry::DECIDE;
/// The whole desk.
const DESK: &str = "/desk/";
/// By then the page stands, on a thin line too: what follows would take turns with what it is drawn from.
const STANDS_MS: u32 = 2_500;

/// The root: drawn anew when the language changes, so that every text below is a plain string.
#[component]
pub fn App() -> impl IntoView {
    let preferences = Preferences::load();
    provide_context(preferences);
    // All are made here, under the root owner, so that they are never disposed.
    let toasts = toasts::list();
    let (outgoing, pile) = (outgoing(), pile());
    session().start();
    outgoing.start();
    pile.start();
    spawn_local(async {
        trouble::bring().await;
        TimeoutFuture::new(STANDS_MS).await;
        worker::register(HERE, || {
            let again = || spawn_local(worker::take_over(HERE));
            toasts::offer(lang().frame_new_version(), lang().general_reload(), again);
        })
        .await;
    });
    move || {
        let lang = preferences.lang.get();
        page::set_title(lang.decide_title());
        view! {
            <Phases/>
            <Toasts toasts=toasts close=lang.general_close() on_close=toasts::close/>
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
        Phase::Enter => view! { <Enter/> }.into_any(),
        Phase::Silent => view! {
            <main class="alone" id="main">
                <h1>{lang.decide_heading()}</h1>
                {move || (outgoing().unsent() > 0).then(|| view! { <Unsent enter=false /> })}
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
                {move || (outgoing().unsent() > 0).then(|| view! { <Unsent enter=false /> })}
                <Refusals/>
            </div>
            {body}
        </main>
    }
    .into_any()
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
            <Own/>
        </header>
    }
    .into_any()
}

/// The menu of who is signed in: the desk, language, look, leaving.
#[component]
fn Own() -> AnyView {
    let (lang, session) = (lang(), session());
    let preferences = use_context::<Preferences>();
    let (name, role) = session
        .me
        .with_untracked(|me| me.as_ref().map(|me| (me.name.clone(), words::role_name(lang, me.role))))
        .unwrap_or_default();
    let asking = RwSignal::new(false);
    let go = move || {
        asking.set(false);
        spawn_local(leave());
    };
    let wish = move || if outgoing().parcels.with_untracked(Vec::is_empty) { go() } else { asking.set(true) };
    let languages = Lang::ALL.into_iter().filter(move |other| *other != lang).map(move |other| {
        let speak = move || {
            if let Some(preferences) = preferences {
                preferences.speak(other);
            }
        };
        view! { <MenuItem glyph=Glyph::Waves on_press=speak><span lang=other.tag()>{other.name()}</span></MenuItem> }
    });
    let themes = Theme::ALL.into_iter().map(move |theme| {
        let look = move || {
            if let Some(preferences) = preferences {
                preferences.look(theme);
            }
        };
        let mark = move || preferences.filter(|preferences| preferences.theme.get() == theme).map(|_| " ✓");
        view! { <MenuItem glyph=Glyph::Theme on_press=look>{theme_name(lang, theme)}{mark}</MenuItem> }
    });
    let texts = ConfirmTexts {
        title: lang.decide_leave_title().to_owned(),
        text: lang.decide_leave_text().to_owned(),
        act: lang.decide_leave_do().to_owned(),
        close: lang.general_cancel().to_owned(),
    };
    view! {
        <Menu label=lang.frame_own() glyph=Glyph::Key>
            <p class="menu-head"><strong>{name}</strong> <br/> {role}</p>
            <a href=DESK class="button quiet"><Icon glyph=Glyph::Home/>{lang.decide_desk()}</a>
            <hr/>
            {languages.collect_view()}
            <hr/>
            {themes.collect_view()}
            <hr/>
            <MenuItem glyph=Glyph::Leave on_press=wish>{lang.frame_sign_out()}</MenuItem>
        </Menu>
        <ConfirmDialog open=asking texts=Signal::stored(texts) on_confirm=go />
    }
    .into_any()
}

/// Signs out, and leaves nothing on the device.
async fn leave() {
    match api::call(&wire::session::SIGN_OUT, &[], &wire::Nothing {}).await {
        Ok(_) => {
            pile().wipe();
            outgoing().parcels.set(Vec::new());
            keep::forget_all().await;
            session().forget();
        }
        Err(problem) => toasts::trouble(&problem),
    }
}

/// The name of a look.
fn theme_name(lang: Lang, theme: Theme) -> &'static str {
    match theme {
        Theme::System => lang.frame_theme_system(),
        Theme::Light => lang.frame_theme_light(),
        Theme::Dark => lang.frame_theme_dark(),
        Theme::Contrast => lang.frame_theme_contrast(),
    }
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

/// How many decisions were signed and have not arrived.
#[component]
pub fn Unsent(
    /// Whether somebody has to sign in first.
    enter: bool,
) -> AnyView {
    let (lang, outgoing) = (lang(), outgoing());
    let again = move || spawn_local(outgoing.send());
    let act = (!enter).then(|| view! { <Button on_press=again>{lang.decide_send_now()}</Button> });
    let enter = enter.then(|| view! { <p>{lang.decide_unsent_enter()}</p> });
    view! {
        <div class="notice" data-hue="warn" role="status">
            <Icon glyph=Glyph::Clock/>
            <div class="notice-body">
                <strong>{move || lang.decide_unsent(outgoing.unsent())}</strong>
                <p>{lang.decide_unsent_text()}</p>
                {enter}
                {act}
            </div>
        </div>
    }
    .into_any()
}

/// What was not taken, until its holder has read why.
#[component]
fn Refusals() -> AnyView {
    let outgoing = outgoing();
    let refused = Memo::new(move |_| {
        outgoing
            .parcels
            .with(|parcels| parcels.iter().filter(|(_, parcel)| !parcel.label.waits()).cloned().collect::<Vec<_>>())
    });
    (move || refused.get().into_iter().map(|(name, parcel)| refusal(outgoing, name, &parcel)).collect_view()).into_any()
}

fn refusal(outgoing: Outgoing, name: String, parcel: &Parcel) -> AnyView {
    let lang = lang();
    let Some(why) = &parcel.label.refused else { return ().into_any() };
    let sentence = trouble::sentence(lang, why);
    let read = move || {
        let name = name.clone();
        spawn_local(async move { outgoing.take_out(&name).await });
        page::focus("decide-title");
    };
    view! {
        <Notice gravity=Gravity::Bad spoken=true title=lang.decide_refused(parcel.heading.clone())>
            <p>{sentence.what}" "{sentence.next}</p>
            <Button on_press=read>{lang.decide_understood()}</Button>
        </Notice>
    }
    .into_any()
}

/// Goes on to the next one: the focus with it.
pub fn go_on(left_for_later: Option<domain::PostId>) {
    if let Some(post) = left_for_later {
        pile::pile().leave_for_later(post);
    }
    page::focus("decide-title");
}

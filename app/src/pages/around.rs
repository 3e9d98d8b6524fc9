//! What the pages about posts share: loading and its troubles, names, networks' marks, a moment in words.
//! Separate from `parts`: only these pages speak of posts.

use std::{future::Future, pin::Pin};

use domain::watch::Outlook;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use words::Sentence;

use crate::{
    api::{Answer, Problem},
    parts::problem_sentence,
    platform::{
        page,
        time::{self, Form},
    },
    state::{lang, pulse},
    ui::{Button, Gravity, Notice, Skeleton},
};

pub use crate::parts::{basis, described, destinations, mark, name_of, when};

/// What will not go out on a channel, in words; nothing where nothing is placed.
pub fn outlook(outlook: &Outlook) -> Option<String> {
    let Outlook { from, placed, .. } = outlook;
    let at = if *from <= time::now() { lang().channels_outlook_now().to_owned() } else { when(*from, Form::Full) };
    (*placed > 0).then(|| lang().channels_outlook(*placed as usize, at))
}

/// Something that is fetched: not there yet, there, or why not.
#[derive(Debug, Clone, PartialEq)]
pub enum Load<T> {
    /// Asked for.
    Coming,
    /// There.
    Here(T),
    /// Not, and why.
    Not(Problem),
}

type Call<T> = Pin<Box<dyn Future<Output = Answer<T>>>>;

/// How often something was asked for, and which of those answers came last of all that came.
#[derive(Clone, Copy, Default)]
struct Turns {
    asked: u32,
    heard: u32,
}

/// Waits for an answer and puts it in place. What is shown stays when the network is gone for a moment; and an answer that another one
/// has overtaken is of a question that nobody asks any more.
async fn take<T: PartialEq + Send + Sync + 'static>(
    state: RwSignal<Load<T>>,
    turns: StoredValue<Turns>,
    turn: u32,
    call: Call<T>,
) {
    let answer = call.await;
    if turns.try_with_value(|turns| turns.heard > turn) != Some(false) {
        return;
    }
    if answer.is_ok() {
        turns.try_update_value(|turns| turns.heard = turn);
    }
    let shown = state.try_with_untracked(|state| matches!(state, Load::Here(_)));
    let next = match (answer, shown) {
        (_, None) | (Err(Problem::Offline | Problem::SignedOut), Some(true)) => return,
        (Ok(value), _) => Load::Here(value),
        (Err(problem), _) => Load::Not(problem),
    };
    if state.try_with_untracked(|state| *state != next) == Some(true) {
        state.set(next);
    }
}

/// A page's data: fetched at once, again on demand. What is shown stays until the next answer is there.
pub struct Fetched<T: Send + Sync + 'static> {
    /// What there is.
    pub state: RwSignal<Load<T>>,
    again: Callback<()>,
}

impl<T: Send + Sync> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Send + Sync> Copy for Fetched<T> {}

impl<T: Clone + Send + Sync + PartialEq> Fetched<T> {
    /// Fetches with `call`.
    pub fn new<F: Future<Output = Answer<T>> + 'static>(call: impl Fn() -> F + Send + Sync + 'static) -> Self {
        let state = RwSignal::new(Load::Coming);
        let turns = StoredValue::new(Turns::default());
        let again = Callback::new(move |()| {
            let turn = turns.try_update_value(|turns| {
                turns.asked += 1;
                turns.asked
            });
            let Some(turn) = turn else { return };
            let call: Call<T> = Box::pin(call());
            spawn_local(take(state, turns, turn, call));
        });
        again.run(());
        Self { state, again }
    }

    /// Fetches again.
    pub fn again(self) {
        self.again.run(());
    }

    /// Fetches again whenever anything in the organisation has moved, for as long as the page is there.
    pub fn follow(self) {
        pulse::on_house(move || self.again());
    }

    /// Puts an answer in place: an act answered with the new state.
    pub fn put(self, value: T) {
        self.state.set(Load::Here(value));
    }

    /// What is there, not tracked.
    pub fn now(self) -> Option<T> {
        match self.state.try_get_untracked()? {
            Load::Here(value) => Some(value),
            _ => None,
        }
    }

    /// Draws a page whose parts follow the data by themselves: it is made once, and nothing in it loses the focus.
    pub fn frame(self, page: impl Fn() -> AnyView + Send + 'static) -> AnyView {
        let phase = Memo::new(move |_| {
            self.state.with(|state| match state {
                Load::Coming => Load::Coming,
                Load::Here(_) => Load::Here(()),
                Load::Not(problem) => Load::Not(problem.clone()),
            })
        });
        (move || match phase.get() {
            Load::Coming => loading(),
            Load::Not(problem) => self.failed(&problem),
            Load::Here(()) => page(),
        })
        .into_any()
    }

    fn failed(self, problem: &Problem) -> AnyView {
        view! {
            {trouble(problem)}
            <Button on_press=move || self.again()>{lang().general_retry()}</Button>
        }
        .into_any()
    }

    /// Draws it: the shape while it comes, the trouble with a button, or the page.
    pub fn draw(self, page: impl Fn(T) -> AnyView + Send + 'static) -> AnyView {
        (move || match self.state.get() {
            Load::Coming => loading(),
            Load::Not(problem) => self.failed(&problem),
            Load::Here(value) => page(value),
        })
        .into_any()
    }
}

/// The shape of what is coming.
pub fn loading() -> AnyView {
    view! { <Skeleton label=lang().general_loading() lines=5 /> }.into_any()
}

/// A problem that takes the page's place.
pub fn trouble(problem: &Problem) -> AnyView {
    said(problem_sentence(problem))
}

/// The same in words that are known.
pub fn said(sentence: Sentence) -> AnyView {
    view! { <Notice gravity=Gravity::Bad spoken=true title=sentence.what><p>{sentence.next}</p></Notice> }.into_any()
}

/// The heading of a page, in the page and in the tab.
pub fn title(text: &str) {
    page::set_title(&format!("{text} · Pregón"));
}

/// The way to other pages. Taken where a page is made, for neither a click nor an answer knows the router.
#[derive(Debug, Clone, Copy)]
pub struct Road(Callback<(String, bool)>);

impl Road {
    /// From here.
    pub fn here() -> Self {
        let navigate = use_navigate();
        Self(Callback::new(move |(path, replace): (String, bool)| {
            navigate(&path, NavigateOptions { replace, ..NavigateOptions::default() });
        }))
    }

    /// Goes to a page; nowhere if the page that asks is gone.
    pub fn to(self, path: String) {
        let _ = self.0.try_run((path, false));
    }

    /// Goes there without leaving a step in the history.
    pub fn instead(self, path: String) {
        let _ = self.0.try_run((path, true));
    }
}

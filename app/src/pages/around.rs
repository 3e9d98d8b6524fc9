//! What the pages about posts share: loading and its troubles, names, networks' marks, a moment in words.
//! Separate from `parts`: only these pages speak of posts.

use std::{future::Future, pin::Pin};

use domain::{Channel, Content, MemberId, Moment, Network};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use words::{Lang, Sentence, network_name};

use crate::{
    api::{Answer, Problem},
    parts::problem_sentence,
    platform::{
        page,
        time::{self, Form},
    },
    state::{lang, session},
    ui::{Button, Gravity, Notice, Skeleton, preview::Preview, unique},
};

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

/// Waits for an answer and puts it in place. What is shown stays when the network is gone for a moment.
async fn take<T: PartialEq + Send + Sync + 'static>(state: RwSignal<Load<T>>, call: Call<T>) {
    let answer = call.await;
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
        let again = Callback::new(move |()| {
            let call: Call<T> = Box::pin(call());
            spawn_local(take(state, call));
        });
        again.run(());
        Self { state, again }
    }

    /// Fetches again.
    pub fn again(self) {
        self.again.run(());
    }

    /// Fetches again every so often, while the page is seen.
    pub fn follow(self, seconds: u64) {
        let beat = move || {
            if page::is_visible() {
                self.again();
            }
        };
        if let Ok(handle) = set_interval_with_handle(beat, std::time::Duration::from_secs(seconds)) {
            on_cleanup(move || handle.clear());
        }
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
        let phase = Memo::new(move |_| match self.state.get() {
            Load::Coming => Load::Coming,
            Load::Here(_) => Load::Here(()),
            Load::Not(problem) => Load::Not(problem),
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

/// A moment in the organisation's zone and the desk's language.
pub fn when(at: Moment, form: Form) -> String {
    time::moment(at, &session().zone(), lang().tag(), form)
}

/// The name of a member among those that came with a post.
pub fn name_of(names: &[(MemberId, String)], member: &MemberId) -> String {
    let found = names.iter().find(|(id, _)| id == member);
    found.map_or_else(|| lang().general_unknown().to_owned(), |(_, name)| name.clone())
}

/// A network's mark: two letters on its colour. The name stands beside it or in a label around it.
pub fn mark(network: Network) -> AnyView {
    let (class, letters) = match network {
        Network::Noticeboard => ("noticeboard", "T"),
        Network::Bluesky => ("bluesky", "B"),
        Network::Mastodon => ("mastodon", "M"),
        Network::Facebook => ("facebook", "F"),
        Network::Whatsapp => ("whatsapp", "W"),
        Network::Other => ("other", "O"),
    };
    view! {
        <span class="mark" data-network=class title=network_name(lang(), network) aria-hidden="true">{letters}</span>
    }
    .into_any()
}

/// Exactly what goes out: every destination of a content, as it will look.
pub fn destinations(content: &Content, channels: &[Channel]) -> AnyView {
    let lang = lang();
    let (zone, organisation) = session()
        .me
        .with_untracked(|me| me.as_ref().map(|me| (me.organisation.zone.clone(), me.organisation.name.clone())))
        .unwrap_or_default();
    let drawn = content.destinations().filter_map(|(id, language)| {
        let channel = channels.iter().find(|channel| channel.id == *id)?.clone();
        let rendition = content.rendition(id, language);
        let name = channel.name.clone();
        let language = words::language_name(lang, language);
        let heading = unique("destination");
        let labelled_by = heading.clone();
        Some(view! {
            <article class="destination" aria-labelledby=labelled_by>
                <header class="destination-head" id=heading>
                    {mark(channel.network)}
                    <b>{name}</b>
                    <span class="hint">{language}</span>
                </header>
                <Preview zone=zone.clone() organisation=organisation.clone() channel
                    rendition=Signal::stored(rendition) />
            </article>
        })
    });
    view! { <div class="previews">{drawn.collect::<Vec<_>>()}</div> }.into_any()
}

/// The pictures with what is said of them, to read: what a preview hides in an attribute.
pub fn described(lang: Lang, content: &Content) -> AnyView {
    if content.pictures.is_empty() {
        return ().into_any();
    }
    let lines = content.pictures.iter().enumerate().flat_map(|(index, picture)| {
        picture.alt.iter().map(move |(language, alt)| {
            view! {
                <li>
                    <b>{lang.compose_picture_number(index + 1)}" · "{words::language_name(lang, language)}</b>
                    <span lang=language.to_string()>{alt.clone()}</span>
                </li>
            }
        })
    });
    view! {
        <section class="described">
            <h3>{lang.approvals_described()}</h3>
            <ul>{lines.collect::<Vec<_>>()}</ul>
        </section>
    }
    .into_any()
}

//! The comments on a post: what only the house reads, and what everybody in the round reads, apart in every way that can
//! be seen. Separate from the pages: it is read by itself, and stands outside of what they draw anew, so that nobody loses
//! what they are typing.

mod anchors;
mod composer;
mod line;
mod thread;

use std::time::Duration;

use domain::{
    Act, CommentId, Content, MemberId, PostId,
    comment::{Anchor, Audience, External, Internal},
    party::Person,
};
use leptos::{prelude::*, task::spawn_local};
use wire::{
    Nothing,
    comments::{self as contract, Shown, Threads, Voice},
};

use self::{anchors::Marks, line::Line, thread::ThreadPanel};
use super::{ProblemNotice, Work};
use crate::{
    api::{self, Answer, Problem},
    platform::{page, selection},
    state::{lang, pulse, session, toasts},
    ui::{Button, ConfirmDialog, ConfirmTexts, Skeleton, Tone},
};

/// How long the way to comment on words is there after they are no longer selected.
const LINGERS: Duration = Duration::from_millis(400);

/// One of the two threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thread {
    Internal,
    External,
}

impl Thread {
    /// As the style sheet calls it.
    const fn name(self) -> &'static str {
        match self {
            Thread::Internal => Internal::NAME,
            Thread::External => External::NAME,
        }
    }
}

/// What all parts of it share. A copy is as good as the original.
#[derive(Clone, Copy)]
struct Talk {
    post: StoredValue<PostId>,
    /// Both threads, as the engine answered them last.
    threads: RwSignal<Option<Threads>>,
    /// Why there are none.
    problem: RwSignal<Option<Problem>>,
    /// What the comments speak of.
    content: Signal<Option<Content>>,
    /// The act on a comment that is under way.
    work: Work,
    /// The thread in which something new is being written, if it is open, and what it speaks of.
    writing: RwSignal<Option<Thread>>,
    anchor: RwSignal<Option<Anchor>>,
    /// What was typed and not sent, by what it is for: a conversation may be drawn anew.
    typed: StoredValue<Vec<(String, String)>>,
    /// The comment that somebody is about to take away.
    doomed: RwSignal<Option<CommentId>>,
    asking: RwSignal<bool>,
    /// Answers come in another order than they were asked for: an older one must not undo a newer.
    asked: StoredValue<u64>,
    shown: StoredValue<u64>,
}

impl Talk {
    fn new(post: PostId, content: Signal<Option<Content>>) -> Self {
        Self {
            post: StoredValue::new(post),
            threads: RwSignal::new(None),
            problem: RwSignal::new(None),
            content,
            work: Work::new(),
            writing: RwSignal::new(None),
            anchor: RwSignal::new(None),
            typed: StoredValue::new(Vec::new()),
            doomed: RwSignal::new(None),
            asking: RwSignal::new(false),
            asked: StoredValue::new(0),
            shown: StoredValue::new(0),
        }
    }

    /// A number for a request that is about to be sent.
    fn turn(self) -> u64 {
        self.asked
            .try_update_value(|asked| {
                *asked += 1;
                *asked
            })
            .unwrap_or_default()
    }

    /// Puts an answer in place, unless a newer one is there.
    fn put(self, turn: u64, threads: Threads) {
        if self.shown.try_get_value().is_none_or(|shown| shown > turn) {
            return;
        }
        self.shown.set_value(turn);
        // Set for nothing, it would draw all of it anew, and what somebody types would lose its field.
        if self.problem.with_untracked(Option::is_some) {
            self.problem.set(None);
        }
        if self.threads.with_untracked(|old| old.as_ref() != Some(&threads)) {
            self.threads.set(Some(threads));
        }
    }

    /// Asks.
    fn look(self) {
        let (turn, post) = (self.turn(), self.post.get_value());
        spawn_local(async move {
            let answer = api::call(&contract::LIST, &[post.as_str()], &Nothing {}).await;
            match answer {
                Ok(threads) => self.put(turn, threads),
                // What is shown stays when the network is gone for a moment.
                Err(_) if self.threads.try_with_untracked(Option::is_some) != Some(false) => {}
                Err(problem) => drop(self.problem.try_set(Some(problem))),
            }
        });
    }

    /// Does something to a comment.
    fn act(self, call: impl Future<Output = Answer<Threads>> + 'static, done: &'static str) {
        let turn = self.turn();
        self.work.run(call, move |threads| {
            self.put(turn, threads);
            self.asking.set(false);
            toasts::done(done);
        });
    }

    fn lines(self, thread: Thread) -> Vec<Line> {
        fn all<A: Audience>(thread: Thread, shown: &[Shown<A>]) -> Vec<Line> {
            shown.iter().map(|shown| Line::of(thread, shown)).collect()
        }
        self.threads.with(|threads| match (threads, thread) {
            (None, _) => Vec::new(),
            (Some(threads), Thread::Internal) => all(thread, threads.internal.as_deref().unwrap_or_default()),
            (Some(threads), Thread::External) => all(thread, &threads.external),
        })
    }

    /// Whether whoever looks is of the house.
    fn is_inside(self) -> bool {
        self.threads.with(|threads| threads.as_ref().is_some_and(|threads| threads.internal.is_some()))
    }

    fn name(self, person: &Person) -> String {
        match person {
            Person::Outside { mailbox } => mailbox.as_str().to_owned(),
            Person::Member { member } => {
                let name = |threads: &Option<Threads>| {
                    let found = threads.as_ref()?.people.iter().find(|voice| voice.member == *member)?;
                    Some(found.name.clone())
                };
                self.threads.with(name).unwrap_or_else(|| lang().general_unknown().to_owned())
            }
        }
    }

    /// Who can be called in a thread, besides whoever calls.
    fn voices(self, thread: Thread) -> Vec<Voice> {
        let own = me();
        let fits = |voice: &&Voice| {
            let reads = match thread {
                Thread::Internal => voice.internal,
                Thread::External => voice.external,
            };
            reads && own.as_ref() != Some(&voice.member)
        };
        let of = |threads: &Threads| threads.people.iter().filter(fits).cloned().collect();
        self.threads.with_untracked(|threads| threads.as_ref().map(of)).unwrap_or_default()
    }

    fn typed(self, key: &str) -> String {
        let found =
            |typed: &Vec<(String, String)>| typed.iter().find(|(of, _)| of == key).map(|(_, text)| text.clone());
        self.typed.with_value(found).unwrap_or_default()
    }

    fn keep_typed(self, key: &str, text: String) {
        self.typed.update_value(|typed| {
            typed.retain(|(of, _)| of != key);
            if !text.is_empty() {
                typed.push((key.to_owned(), text));
            }
        });
    }

    /// Begins something new about a place.
    fn write(self, thread: Thread, anchor: Option<Anchor>) {
        if anchor.is_some() {
            self.anchor.set(anchor);
        }
        self.writing.set(Some(thread));
        // After the field is there.
        request_animation_frame(move || page::focus(&composer::field_id(thread)));
    }
}

/// Who looks.
fn me() -> Option<MemberId> {
    session().me.with_untracked(|me| me.as_ref().map(|me| me.member.clone()))
}

fn may(act: Act) -> bool {
    session().me.with_untracked(|me| me.as_ref().is_some_and(|me| domain::may(me.role, act)))
}

/// The comments of a post.
#[component]
pub fn Comments(
    /// Which.
    post: PostId,
    /// What they speak of.
    #[prop(into)]
    content: Signal<Option<Content>>,
) -> AnyView {
    let lang = lang();
    let talk = Talk::new(post.clone(), content);
    talk.look();
    pulse::on_comments(post, move || talk.look());
    let there = Memo::new(move |_| talk.threads.with(Option::is_some));
    let failed = Memo::new(move |_| talk.problem.with(Option::is_some));
    // A mail leads here.
    Effect::new(move |_| {
        if there.get() && page::is_named("comments") {
            request_animation_frame(|| page::focus("comments"));
        }
    });
    let count = move || {
        let open = |thread| talk.lines(thread).iter().filter(|line| line.is_open_root()).count();
        lang.comments_open(open(Thread::Internal) + open(Thread::External))
    };
    view! {
        <section class="comments" aria-labelledby="comments">
            <header class="comments-head">
                <h2 id="comments" tabindex="-1">{lang.comments_title()}</h2>
                <p class="hint" role="status">{move || there.get().then(count)}</p>
            </header>
            {move || match (there.get(), failed.get()) {
                (true, _) => view! { <Both talk /> }.into_any(),
                (false, false) => view! { <Skeleton label=lang.general_loading() lines=3 /> }.into_any(),
                (false, true) => view! {
                    <ProblemNotice problem=talk.problem />
                    <Button on_press=move || talk.look()>{lang.general_retry()}</Button>
                }
                .into_any(),
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Both(talk: Talk) -> AnyView {
    let lang = lang();
    let inside = Memo::new(move |_| talk.is_inside());
    let texts = move || ConfirmTexts {
        title: lang.comments_delete().to_owned(),
        text: lang.comments_delete_text().to_owned(),
        act: lang.comments_delete().to_owned(),
        close: lang.general_back().to_owned(),
    };
    let delete = move || {
        let Some(comment) = talk.doomed.get_untracked() else { return };
        let call = async move { api::call(&contract::DELETE, &[comment.as_str()], &Nothing {}).await };
        talk.act(call, lang.comments_deleted());
    };
    view! {
        <ProblemNotice problem=talk.work.problem />
        <Marks talk />
        <div class="threads">
            {move || inside.get().then(|| view! { <ThreadPanel talk thread=Thread::Internal /> })}
            <ThreadPanel talk thread=Thread::External />
        </div>
        {may(Act::Comment).then(|| view! { <Pointing talk inside /> })}
        <ConfirmDialog open=talk.asking texts=Signal::derive(texts) busy=talk.work.busy on_confirm=delete />
    }
    .into_any()
}

/// Words that are selected in a preview, and the way to say something about them.
#[component]
fn Pointing(talk: Talk, inside: Memo<bool>) -> AnyView {
    let lang = lang();
    let found = RwSignal::new(None::<Anchor>);
    let now = move || selection::selected(".preview-text").and_then(|one| anchors::of_selection(talk, &one));
    selection::on_selection(move || match now() {
        Some(anchor) if found.try_with_untracked(|found| found.as_ref() != Some(&anchor)) == Some(true) => {
            found.set(Some(anchor));
        }
        Some(_) => {}
        // A finger on the button takes the selection away before it presses: the button waits for it.
        None => set_timeout(
            move || {
                if now().is_none() {
                    drop(found.try_set(None));
                }
            },
            LINGERS,
        ),
    });
    let button = move |thread: Thread, name: &'static str| {
        let press = move || {
            let anchor = found.get_untracked();
            selection::clear();
            found.set(None);
            talk.write(thread, anchor);
        };
        view! { <Button tone=Tone::Primary on_press=press>{name}</Button> }
    };
    view! {
        <div class="pointing" role="status">
            {move || found.get().map(|anchor| view! {
                <div class="pointing-bar" on:mousedown=|event| event.prevent_default()>
                    {anchors::quote(&anchor)}
                    {inside.get().then(|| button(Thread::Internal, lang.comments_point_inside()))}
                    {button(Thread::External, if inside.get() { lang.comments_point_outside() } else { lang.comments_point() })}
                </div>
            })}
        </div>
    }
    .into_any()
}

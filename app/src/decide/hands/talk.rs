//! What is said of a post, to read, and asking whoever sent it something without deciding. Separate from the desk's
//! comments: there they are pointed at words, answered and resolved; here somebody stands in a corridor.

use domain::{
    CommentId, Moment, PostId, Refusal,
    comment::{External, Remark},
    party::Person,
    statement::LIFETIME,
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use serde_json::Value;
use wire::{
    Nothing,
    comments::{LIST, SAY_OUTSIDE, Say},
};

use crate::{
    api::{self, Answer, Problem},
    item::Deciding,
    keep,
    parts::{ProblemNotice, Work, when},
    pile::pile,
    platform::time::{self, Form},
    state::{drafts, lang, session, toasts},
    ui::{Button, Plain, TextArea, Tone, el, live},
    waits::{moment, object, text},
};

/// The threads, as the answer calls them.
const THREADS: [&str; 2] = ["internal", "external"];

/// What was said, as it was answered.
#[derive(Debug, Clone)]
struct Heard {
    tree: Value,
    /// When it was kept, if the engine could not be asked again.
    kept: Option<Moment>,
}

/// Both threads, as far as there is something in them. What was read is kept for where there is no coverage.
pub fn draw(deciding: Deciding) -> AnyView {
    let found = RwSignal::new(None::<Option<Heard>>);
    Effect::new(move |_| {
        deciding.asked.track();
        let post = deciding.waits.with_value(|waits| waits.post.clone());
        spawn_local(async move {
            match api::part::<_, _, Value>(&LIST, &[post.as_str()], &Nothing {}).await {
                Ok(tree) => {
                    let _ = found.try_set(Some(Some(Heard { tree: tree.clone(), kept: None })));
                    pack(&post, tree).await;
                }
                // What is shown stays when the network is gone for a moment; and the item may have gone.
                Err(_) if found.try_with_untracked(Option::is_none) == Some(true) => {
                    let _ = found.try_set(Some(unpack(&post).await));
                }
                Err(_) => {}
            }
        });
    });
    live(move || found.with(|found| shown(found.as_ref()?.as_ref())).into_any())
}

/// The name under which it is kept.
fn name(post: &PostId) -> String {
    [keep::TALK, post.as_str()].concat()
}

/// Who looks. What is kept is theirs: whoever signs in after them reads none of it.
fn whose() -> Option<Value> {
    session().me.with_untracked(|me| me.as_ref().map(|me| me.member.to_string().into()))
}

/// Keeps it as long as the post that it is about. Nothing of it if that is gone already: somebody signed out meanwhile.
async fn pack(post: &PostId, tree: Value) {
    let (Some(whose), Some(since)) = (whose(), pile().at.get_untracked()) else { return };
    // What was taken away by whoever said it is not to be read here either.
    if !THREADS.iter().any(|thread| tree[thread].as_array().is_some_and(|said| !said.is_empty())) {
        return keep::forget(&name(post)).await;
    }
    let now = time::now();
    let until = Moment(time::device_now()).plus(LIFETIME).minus(now.since(since));
    let kept = object([("whose", whose), ("at", now.0.into()), ("said", tree)]);
    keep::keep(&name(post), &kept.to_string(), until).await;
}

async fn unpack(post: &PostId) -> Option<Heard> {
    let name = name(post);
    let (_, kept) = keep::all(&name).await.into_iter().find(|(found, _)| *found == name)?;
    let mut kept: Value = serde_json::from_str(&kept).ok()?;
    let mine = Some(&kept["whose"]) == whose().as_ref();
    let at = moment(&kept["at"]).filter(|_| mine)?;
    Some(Heard { tree: kept["said"].take(), kept: Some(at) })
}

fn shown(heard: Option<&Heard>) -> Option<Plain> {
    let lang = lang();
    let talk = el("section", "decide-said").put(el("h3", "").put(lang.comments_title()));
    let Some(Heard { tree, kept }) = heard else {
        return Some(talk.put(el("p", "hint").put(lang.decide_talk_lost())));
    };
    let talk = talk.put(kept.map(|at| el("p", "hint").put(lang.decide_talk_kept(when(at, Form::Full)))));
    let titles = [lang.comments_internal(), lang.comments_external()];
    let threads: Vec<Plain> =
        THREADS.into_iter().zip(titles).filter_map(|(name, title)| thread(tree, name, title)).collect();
    (!threads.is_empty()).then(|| talk.put(threads))
}

fn thread(tree: &Value, name: &str, title: &str) -> Option<Plain> {
    let said = |comment: &Value| {
        // Nothing once it was taken away.
        let text = comment["text"].as_str()?.to_owned();
        let at = moment(&comment["at"]).map(|at| when(at, Form::Full));
        let head = el("p", "").put(el("b", "").put(who(tree, &comment["by"]))).put(" ").put(el("span", "hint").put(at));
        Some(el("li", "").put(head).put(el("p", "comment-text").put(text)))
    };
    let lines: Vec<Plain> = tree[name].as_array()?.iter().filter_map(said).collect();
    let title = el("h4", "").put(title);
    (!lines.is_empty()).then(|| el("div", "").put(title).put(el("ul", "stack tight").put(lines)))
}

fn who(tree: &Value, person: &Value) -> String {
    if let Some(mailbox) = person["mailbox"].as_str() {
        return mailbox.to_owned();
    }
    let voice = tree["people"].as_array().into_iter().flatten().find(|voice| voice["member"] == person["member"]);
    voice.map_or_else(|| lang().general_unknown().to_owned(), |voice| text(&voice["name"]))
}

/// The form. What is asked stands in the thread that everybody in the round reads, and calls whoever sent the post.
#[component]
pub fn Asking(deciding: Deciding, #[prop(into)] close: Callback<()>) -> AnyView {
    let lang = lang();
    let (question, work) = (RwSignal::new(String::new()), Work::new());
    // What is sent twice, because an answer was lost, is said once.
    let tried = StoredValue::new((String::new(), CommentId::from_bits(0)));
    let (post, by) = deciding.waits.with_value(|waits| (waits.post.clone(), waits.round()["by"].clone()));
    let name = pile().here.with_untracked(|all| all.as_ref().map(|all| all.name_of(&by))).unwrap_or_default();
    let empty = Signal::derive(move || question.with(|question| question.trim().is_empty()));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if empty.get_untracked() {
            return;
        }
        let text = question.get_untracked().trim().to_owned();
        if tried.with_value(|(said, _)| *said != text) {
            tried.set_value((text.clone(), CommentId::from_bits(drafts::chance())));
        }
        let (post, id) = (post.to_string(), tried.with_value(|(_, id)| id.to_string()));
        let me = session().me.with_untracked(|me| me.as_ref().map(|me| me.member.to_string()));
        let calls = by.as_str().filter(|by| me.as_deref() != Some(by)).and_then(|by| by.parse().ok());
        work.run(ask(post, id, text, calls.map(|by| Person::Member { member: by })), move |()| {
            toasts::done(lang.decide_asked());
            deciding.asked.update(|asked| *asked += 1);
            close.run(());
        });
    };
    view! {
        <form class="returning stack" on:submit=send>
            <TextArea label=lang.decide_ask_label() hint=lang.decide_ask_hint(name) value=question required=true first=true />
            <ProblemNotice problem=work.problem />
            <div class="decision-buttons">
                <Button tone=Tone::Primary submit=true busy=work.busy disabled=empty>{lang.decide_ask_do()}</Button>
                <Button on_press=move || close.run(())>{lang.general_cancel()}</Button>
            </div>
        </form>
    }
    .into_any()
}

async fn ask(post: String, id: String, text: String, calls: Option<Person>) -> Answer<()> {
    let say = async |calls: Option<Person>| {
        let mentions = calls.into_iter().collect();
        let say = Say { remark: Remark::<External> { mentions, ..Remark::new(text.as_str()) }, answers: None };
        api::send(&SAY_OUTSIDE, &[&post, &id], serde_json::to_value(say).unwrap_or_default()).await
    };
    match say(calls.clone()).await {
        // Whoever sent it may have left since: then it is for everybody else who reads it.
        Err(Problem::Fault(fault)) if calls.is_some() && fault.refusal == Refusal::NotFound => say(None).await,
        answer => answer,
    }
}

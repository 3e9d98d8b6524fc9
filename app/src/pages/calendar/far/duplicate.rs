//! A new draft that says the same as a post, without an hour, on channels that are chosen: to be changed, or sent elsewhere. What
//! cannot come along is left out, and said before.

use domain::{
    Belonging, Channel, ChannelId, Content, HealthState, Themes, Utm,
    duplicate::{belonging, onto},
    history::{LeftOut, restored},
};
use leptos::{ev, prelude::*};
use serde::{Deserialize, de::IgnoredAny};
use wire::{
    Nothing,
    campaigns::{BELONG, Belong, THEMES},
    posts::{self, PostRow, Save},
};

use super::super::Board;
use crate::{
    api,
    pages::around::Fetched,
    parts::{self, ProblemNotice},
    platform::time,
    routes,
    state::{cache, drafts, lang, session, toasts},
    ui::{Button, Dialog, Tone},
};

/// What a copy is made of.
#[derive(Debug, Clone, PartialEq)]
struct Source {
    content: Content,
    belongs: Belonging,
    channels: Vec<Channel>,
    themes: Themes,
}

/// What is needed of a post that is read.
#[derive(Deserialize)]
struct Read {
    post: Said,
}

#[derive(Deserialize)]
struct Said {
    content: Content,
    #[serde(default)]
    belongs: Belonging,
}

/// What is needed of one that was made.
#[derive(Deserialize)]
struct Made {
    post: Version,
}

#[derive(Deserialize)]
struct Version {
    version: u64,
}

/// The dialog; open for as long as it is there.
pub fn duplicate(board: Board, row: PostRow) -> AnyView {
    let lang = lang();
    let open = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            board.asked.set(None);
        }
    });
    let post = row.id.clone();
    let source = Fetched::new(move || {
        let post = post.clone();
        async move {
            let read: Read = api::part(&posts::READ, &[post.as_str()], &Nothing {}).await?;
            let (channels, themes) = (cache::channels().await?, api::call(&THEMES, &[], &Nothing {}).await?);
            Ok(Source { content: read.post.content, belongs: read.post.belongs, channels, themes })
        }
    });
    let heading = if row.heading.is_empty() { lang.post_untitled().to_owned() } else { row.heading };
    view! {
        <Dialog open title=lang.calendar_duplicate() close=lang.general_cancel()>
            {
                let heading = heading.clone();
                source.draw(move |source| form(board, open, &heading, source))
            }
        </Dialog>
    }
    .into_any()
}

fn form(board: Board, open: RwSignal<bool>, heading: &str, source: Source) -> AnyView {
    let lang = lang();
    let Some(me) = session().me.get_untracked() else { return ().into_any() };
    let Source { content, belongs, channels, themes } = source;
    let fit = |one: &Channel| one.health.state != HealthState::Disconnected && me.access.reaches(&one.id);
    let goes = |id: &ChannelId| channels.iter().any(|one| one.id == *id && fit(one));
    let marks = |utm: &Utm| me.organisation.policy.utm.part(None, utm);
    // Nobody deletes a picture that a post names.
    let (content, left_out) = restored(&content, |_| true, marks, goes);
    let (belongs, over) = belonging(&themes, belongs);
    let mut left_out: Vec<String> = left_out.iter().filter_map(|one| named(&channels, one)).collect();
    left_out.extend(over.into_iter().map(|name| lang.calendar_duplicate_over(name)));
    let ticked = |one: &Channel| content.targets.iter().any(|target| target.channel == one.id);
    let places: Vec<(Channel, RwSignal<bool>)> =
        channels.iter().filter(|one| fit(one)).map(|one| (one.clone(), RwSignal::new(ticked(one)))).collect();
    let boxes = places.iter().map(|(channel, ticked)| {
        let (ticked, name) = (*ticked, channel.name.clone());
        view! {
            <li>
                <label class="check">
                    <input type="checkbox" prop:checked=move || ticked.get()
                        on:change=move |event| ticked.set(event_target_checked(&event)) />
                    <span>{parts::mark(channel.network)}" "{name}</span>
                </label>
            </li>
        }
    });
    let boxes = boxes.collect::<Vec<_>>();
    let gone = (!left_out.is_empty()).then(|| {
        let lines = left_out.into_iter().map(|name| view! { <li>{name}</li> }).collect::<Vec<_>>();
        view! {
            <div class="notice" data-hue="warn">
                <div class="notice-body"><p>{lang.calendar_duplicate_without()}</p><ul>{lines}</ul></div>
            </div>
        }
    });
    let text = lang.calendar_duplicate_text(heading);
    let work = board.moving;
    work.problem.set(None);
    let said = heading.to_owned();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let chosen = places.iter().filter(|(_, ticked)| ticked.get_untracked()).map(|(channel, _)| channel);
        let (content, belongs, said) = (onto(&content, chosen), belongs.clone(), said.clone());
        // Drawn with each: should an answer be lost and the button be pressed again, that is another copy, and both are drafts.
        let id = drafts::new_post_id(time::now());
        let call = async move {
            let save = Save { version: 0, content };
            let made: Made = api::part(&posts::SAVE, &[id.as_str()], &save).await?;
            let belong = Belong { version: made.post.version, belongs };
            let mut whole = true;
            if belong.belongs != Belonging::default() {
                // The copy is there already: if this fails, that is said, and nothing is lost.
                whole = api::part::<_, _, IgnoredAny>(&BELONG, &[id.as_str()], &belong).await.is_ok();
            }
            Ok((id, whole))
        };
        work.run(call, move |(id, whole)| {
            // The dialog may be closed already.
            let _ = open.try_set(false);
            toasts::done(if whole { lang.calendar_duplicated(said) } else { lang.calendar_duplicated_alone(said) });
            board.road.to(routes::edit(&id));
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <p>{text}</p>
            <fieldset class="stack">
                <legend>{lang.calendar_duplicate_on()}</legend>
                <ul class="stack">{boxes}</ul>
            </fieldset>
            {gone}
            <ProblemNotice problem=work.problem />
            <div class="actions end">
                <Button on_press=move || open.set(false)>{lang.general_cancel()}</Button>
                <Button tone=Tone::Primary submit=true busy=work.busy>{lang.calendar_duplicate_do()}</Button>
            </div>
        </form>
    }
    .into_any()
}

/// What is left out, in words: of a content that stands, channels and marks on links alone can be gone.
fn named(channels: &[Channel], one: &LeftOut) -> Option<String> {
    let lang = lang();
    match one {
        LeftOut::Channel { channel } => Some(lang.history_left_channel(parts::channel_name(channels, channel))),
        LeftOut::Marks { host } => Some(lang.history_left_marks(host.as_str())),
        _ => None,
    }
}

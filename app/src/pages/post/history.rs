//! What a post said before: its versions, what changed between any two, and the way back to one. Separate from `life`: that tells
//! what was done with it, this what it said. Fetched only when somebody opens it.

use domain::{
    Act, Channel, Choice, Content, HealthState, MediaId, StageName, Utm,
    difference::difference,
    history::{Counts, LeftOut, Why, counts, restored},
};
use leptos::{prelude::*, task::spawn_local};
use wire::{
    history::{Kept, Older, RESTORE, Restore, Restored, VERSIONS},
    posts::{self, PostView, Save},
};

use super::{Sheet, acts::Doing};
use crate::{
    api,
    pages::around::{self, Fetched, Load},
    parts::{self, ProblemNotice, Work, changed},
    platform::{page, time::Form},
    state::{lang, pulse, session, toasts},
    ui::{Button, Dialog, Gravity, Tone},
};

/// The heading.
const TITLE: &str = "post-versions";

/// What the parts of the panel share.
#[derive(Clone, Copy)]
struct Panel {
    sheet: Fetched<Sheet>,
    doing: Doing,
    open: RwSignal<bool>,
    /// The earlier contents that have come, newest first; none yet while the first page is on its way.
    kept: RwSignal<Option<Vec<Kept>>>,
    /// Which of their pictures and videos are gone.
    gone: RwSignal<Vec<MediaId>>,
    next: RwSignal<Option<u64>>,
    work: Work,
    /// The two that are compared. The one that stands now has the version of the post.
    before: RwSignal<Option<u64>>,
    after: RwSignal<Option<u64>>,
    /// The one to which somebody is about to go back.
    asked: RwSignal<Option<u64>>,
    asking: RwSignal<bool>,
    restoring: Work,
}

/// The panel.
pub fn section(sheet: Fetched<Sheet>, doing: Doing) -> AnyView {
    let lang = lang();
    let panel = Panel {
        sheet,
        doing,
        open: RwSignal::new(false),
        kept: RwSignal::new(None),
        gone: RwSignal::new(Vec::new()),
        next: RwSignal::new(None),
        work: Work::new(),
        before: RwSignal::new(None),
        after: RwSignal::new(None),
        asked: RwSignal::new(None),
        asking: RwSignal::new(false),
        restoring: Work::new(),
    };
    // The page is drawn anew whenever the post changes; what is open here and chosen stays.
    let there = Memo::new(move |_| sheet.state.with(|state| matches!(state, Load::Here(_))));
    let version = Memo::new(move |_| {
        sheet.state.with(|state| match state {
            Load::Here(sheet) => Some(sheet.view.post.version),
            _ => None,
        })
    });
    // Whatever changes the post may have kept a version.
    Effect::new(move |before: Option<Option<u64>>| {
        let now = version.get();
        if before.flatten().is_some_and(|before| now.is_some_and(|now| now != before)) && panel.open.get_untracked() {
            fetch(panel, None);
        }
        now.or(before.flatten())
    });
    let toggle = move || {
        let opens = !panel.open.get_untracked();
        panel.open.set(opens);
        if opens {
            fetch(panel, None);
        }
    };
    let body = move || panel.open.get().then(|| body(panel));
    (move || {
        there.get().then(|| {
            view! {
                <section class="card stack history" aria-labelledby=TITLE>
                    <h2 id=TITLE tabindex="-1">{lang.history_title()}</h2>
                    <p class="hint">{lang.history_hint()}</p>
                    <div class="actions">
                        <Button on_press=toggle>
                            {move || if panel.open.get() { lang.history_close() } else { lang.history_open() }}
                        </Button>
                    </div>
                    <ProblemNotice problem=panel.work.problem />
                    {body}
                </section>
                {dialog(panel)}
            }
        })
    })
    .into_any()
}

/// Asks for the newest, or for those before a version.
fn fetch(panel: Panel, before: Option<u64>) {
    let Some(sheet) = panel.sheet.now() else { return };
    let post = sheet.view.post.id.clone();
    let call = async move { api::call(&VERSIONS, &[post.as_str()], &Older { before }).await };
    panel.work.run(call, move |found| {
        panel.next.set(found.next);
        match before {
            // What is older than what was fetched anew is asked for anew.
            None => {
                let all = listed(&sheet.view, &found.kept);
                let choose = |chosen: RwSignal<Option<u64>>, else_at: usize| {
                    let stays = chosen.get_untracked().filter(|version| all.iter().any(|one| one.version == *version));
                    chosen.set(stays.or_else(|| all.get(else_at).map(|one| one.version)));
                };
                choose(panel.before, 1);
                choose(panel.after, 0);
                panel.kept.set(Some(found.kept));
                panel.gone.set(found.gone);
            }
            Some(_) => {
                let first = found.kept.first().map(|one| line_id(one.version));
                panel.kept.update(|kept| kept.get_or_insert_default().extend(found.kept));
                panel.gone.update(|gone| gone.extend(found.gone));
                // Where the list goes on; what was pressed may be gone.
                let place = first.unwrap_or_else(|| TITLE.to_owned());
                request_animation_frame(move || page::focus(&place));
            }
        }
    });
}

/// Those that are listed: what the post says now, and what it said before. The newest that is kept may say the same as what
/// stands: then it is that.
fn listed(view: &PostView, kept: &[Kept]) -> Vec<Kept> {
    let content = view.post.content.clone();
    let (mut version, mut why, mut kept) = (view.post.version, Why::Written, kept);
    let mut by = view.writer.clone().unwrap_or_else(|| view.post.author.clone());
    let mut at = view.written.unwrap_or(view.created);
    if let [first, rest @ ..] = kept
        && first.content == content
    {
        (version, why, by, at, kept) = (first.version, first.why, first.by.clone(), first.at, rest);
    }
    let now = Kept { version, why, by, at, content };
    std::iter::once(now).chain(kept.iter().cloned()).collect()
}

fn body(panel: Panel) -> AnyView {
    let lang = lang();
    // Without what changes by itself: whoever walks through the list by keyboard keeps their place.
    let shown = Memo::new(move |_| {
        panel.sheet.state.with(|state| match state {
            Load::Here(sheet) => {
                let mut sheet = sheet.clone();
                sheet.view.editors.clear();
                sheet.view.publications.clear();
                Some(sheet)
            }
            _ => None,
        })
    });
    let all = Memo::new(move |_| {
        let sheet = shown.get()?;
        panel.kept.with(|kept| kept.as_ref().map(|kept| listed(&sheet.view, kept)))
    });
    let several = Memo::new(move |_| {
        let more = panel.next.with(Option::is_some);
        all.with(|all| all.as_ref().map(|all| more || all.len() > 1))
    });
    (move || match several.get() {
        None => panel.work.problem.with(Option::is_none).then(around::loading),
        Some(false) => Some(view! { <p>{lang.history_none()}</p> }.into_any()),
        Some(true) => Some(lines(panel, shown, all)),
    })
    .into_any()
}

/// A version in the list.
#[derive(Clone)]
struct Line {
    /// What it is drawn from: with another it is drawn anew.
    key: (u64, u64, bool, bool),
    one: Kept,
    older: Option<Content>,
    is_now: bool,
}

/// Where a version stands in the page.
fn line_id(version: u64) -> String {
    format!("version-{version}")
}

/// The list, and what changed between the two that are chosen. Line by line: whoever walks through it by keyboard keeps their place
/// when older ones come.
fn lines(panel: Panel, shown: Memo<Option<Sheet>>, all: Memo<Option<Vec<Kept>>>) -> AnyView {
    let lang = lang();
    // Who decided and which channels are there, a line says too.
    let edition = Memo::new(move |before: Option<&u64>| {
        shown.track();
        before.map_or(0, |before| before + 1)
    });
    let each = move || {
        let (edition, ends) = (edition.get(), panel.next.with(Option::is_none));
        all.with(|all| {
            let all = all.as_deref().unwrap_or_default();
            let line = |(place, one): (usize, &Kept)| {
                let older = all.get(place + 1).map(|older| older.content.clone());
                let key = (edition, one.version, older.is_some(), ends && older.is_none());
                Line { key, one: one.clone(), older, is_now: place == 0 }
            };
            all.iter().enumerate().map(line).collect::<Vec<_>>()
        })
    };
    let drawn = move |line: Line| {
        let sheet = shown.get_untracked();
        sheet.map(|sheet| row(panel, &sheet, &line.one, line.older.as_ref(), line.is_now))
    };
    let has_more = Memo::new(move |_| panel.next.with(Option::is_some));
    let more = move || {
        has_more.get().then(|| {
            let older = move || fetch(panel, panel.next.get_untracked());
            view! { <Button busy=panel.work.busy on_press=older>{lang.history_more()}</Button> }
        })
    };
    let compared = move || {
        let channels = shown.with(|sheet| sheet.as_ref().map(|sheet| sheet.channels.clone()))?;
        let (before, after) = (panel.before.get(), panel.after.get());
        let found = all.with(|all| {
            let all = all.as_deref().unwrap_or_default();
            // What is chosen may be what stands now under another number.
            let known = |version: Option<u64>| {
                let found = all.iter().find(|one| Some(one.version) == version);
                found.or(all.first()).map(|one| (one.version, one.content.clone()))
            };
            known(before).zip(known(after))
        });
        let (before, after) = found?;
        Some(match before.0 == after.0 {
            true => view! { <p class="hint">{lang.history_same_one()}</p> }.into_any(),
            false => changed(lang, &channels, &before.1, &after.1),
        })
    };
    view! {
        <ol class="lines">
            <For each key=|line| line.key children=drawn />
        </ol>
        {more}
        <section class="stack" aria-labelledby="post-versions-difference" aria-live="polite">
            <h3 id="post-versions-difference">{lang.history_difference()}</h3>
            {compared}
        </section>
    }
    .into_any()
}

fn row(panel: Panel, sheet: &Sheet, one: &Kept, older: Option<&Content>, is_now: bool) -> AnyView {
    let lang = lang();
    let (version, when) = (one.version, around::when(one.at, Form::Full));
    let why = match one.why {
        Why::Written => lang.history_written().to_owned(),
        Why::Submitted { round } => {
            let decided = sheet.view.decisions.iter().filter(|decided| decided.decision.round == round);
            let decided = decided.map(|decided| {
                let by = sheet.person(&decided.decision.by);
                match decided.decision.choice {
                    Choice::Return { .. } => lang.history_returned(by),
                    Choice::Approve | Choice::Reserve { .. } => lang.history_approved(by),
                }
            });
            std::iter::once(lang.history_submitted(round)).chain(decided).collect::<Vec<_>>().join(" · ")
        }
    };
    let change = match older {
        Some(older) => Some(counted(counts(&difference(older, &one.content)))),
        None if panel.next.get_untracked().is_none() => Some(lang.history_first().to_owned()),
        None => None,
    };
    let (channels, content) = (sheet.channels.clone(), one.content.clone());
    let missing = move || {
        let names = gone_names(panel, &channels, &content);
        (!is_now && !names.is_empty()).then(|| view! { <p class="hint">{lang.history_gone(names.join(", "))}</p> })
    };
    let pick = move |chosen: RwSignal<Option<u64>>, group: &'static str, short: &'static str, label: String| {
        let is_chosen = move || chosen.get() == Some(version);
        view! {
            <label class="history-pick">
                <input type="radio" name=group aria-label=label prop:checked=is_chosen
                    on:change=move |_| chosen.set(Some(version)) />
                <span aria-hidden="true">{short}</span>
            </label>
        }
    };
    let back = (!is_now && may_restore(sheet)).then(|| {
        let ask = move || {
            panel.restoring.problem.set(None);
            panel.asked.set(Some(version));
            panel.asking.set(true);
        };
        let label = lang.history_restore_of(when.clone());
        view! { <Button tone=Tone::Quiet label on_press=ask>{lang.history_restore()}</Button> }
    });
    view! {
        <li id=line_id(version) tabindex="-1">
            <div class="line-main">
                <p>
                    {is_now.then(|| view! { <strong>{lang.history_now()}</strong>" · " })}
                    {lang.history_line(sheet.name(&one.by), when.clone())}
                </p>
                <p class="hint">{why}{change.map(|text| [" · ", text.as_str()].concat())}</p>
                {missing}
            </div>
            {pick(panel.before, "history-before", lang.history_before(), lang.history_before_of(when.clone()))}
            {pick(panel.after, "history-after", lang.history_after(), lang.history_after_of(when))}
            {back}
        </li>
    }
    .into_any()
}

/// A difference in numbers.
fn counted(found: Counts) -> String {
    let lang = lang();
    let parts = [
        (found.added > 0).then(|| lang.history_added(found.added)),
        (found.removed > 0).then(|| lang.history_removed(found.removed)),
        (found.pictures > 0).then(|| lang.history_pictures(found.pictures)),
        (found.others > 0).then(|| lang.history_others(found.others)),
    ];
    let said = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if said.is_empty() { lang.history_unchanged().to_owned() } else { said }
}

/// Whether whoever looks may write in it, and it may still be written in. What is out is corrected.
fn may_restore(sheet: &Sheet) -> bool {
    let is_open = !matches!(sheet.view.post.stage.name(), StageName::Out | StageName::Cancelled);
    let may = |me: &wire::session::Me| domain::may(me.role, Act::Contribute);
    is_open && session().me.with_untracked(|me| me.as_ref().is_some_and(may))
}

/// What of a content cannot be brought back, as the engine will say.
fn left_out(panel: Panel, channels: &[Channel], content: &Content) -> Vec<LeftOut> {
    let goes = |id: &domain::ChannelId| {
        channels.iter().any(|channel| channel.id == *id && channel.health.state != HealthState::Disconnected)
    };
    let stands = panel.sheet.now().and_then(|sheet| sheet.view.post.content.utm);
    let sites = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.policy.utm.clone()));
    let sites = sites.unwrap_or_default();
    let marks = |utm: &Utm| sites.part(stands.as_ref(), utm);
    panel.gone.with(|gone| restored(content, |media| !gone.contains(media), marks, goes).1)
}

fn gone_names(panel: Panel, channels: &[Channel], content: &Content) -> Vec<String> {
    left_out(panel, channels, content).iter().map(|one| named(channels, one)).collect()
}

fn named(channels: &[Channel], one: &LeftOut) -> String {
    let lang = lang();
    match one {
        LeftOut::Picture { name } => lang.history_left_picture(name),
        LeftOut::Video { name } => lang.history_left_video(name),
        LeftOut::Poster { name } => lang.history_left_poster(name),
        LeftOut::Document { name } => lang.history_left_document(name),
        LeftOut::Marks { host } => lang.history_left_marks(host.as_str()),
        LeftOut::Channel { channel } => lang.history_left_channel(parts::channel_name(channels, channel)),
    }
}

/// The question before a version is brought back.
fn dialog(panel: Panel) -> AnyView {
    let lang = lang();
    let content = move || {
        let (sheet, asked) = (panel.sheet.now()?, panel.asked.get()?);
        let kept = panel.kept.with_untracked(|kept| {
            kept.as_ref().and_then(|kept| kept.iter().find(|one| one.version == asked).cloned())
        })?;
        let voids = match sheet.view.post.stage.name() {
            StageName::InReview => Some(lang.compose_voids_review()),
            StageName::Approved | StageName::Placed => Some(lang.compose_voids_approval()),
            _ => None,
        };
        // Who came or went since the post was read is known by the pulse.
        let editors = || sheet.view.editors.iter().map(|editor| editor.name.clone()).collect();
        let others = untrack(|| pulse::others(&sheet.view.post.id)).unwrap_or_else(editors);
        let others = (!others.is_empty())
            .then(|| view! { <p class="notice" data-hue="warn">{lang.compose_others(others.join(", "))}</p> });
        let names = gone_names(panel, &sheet.channels, &kept.content);
        let missing = (!names.is_empty()).then(|| {
            let names = names.into_iter().map(|name| view! { <li>{name}</li> }).collect::<Vec<_>>();
            view! { <p>{lang.history_left_out()}</p><ul>{names}</ul> }
        });
        Some(view! {
            <p>{lang.history_restore_text(around::when(kept.at, Form::Full))}</p>
            {voids.map(|text| view! { <p class="notice" data-hue="warn">{text}</p> })}
            {others}
            {missing}
        })
    };
    view! {
        <Dialog open=panel.asking title=lang.history_restore_title() close=lang.general_cancel()>
            {content}
            <ProblemNotice problem=panel.restoring.problem />
            <div class="actions end">
                <Button on_press=move || panel.asking.set(false)>{lang.general_cancel()}</Button>
                <Button tone=Tone::Primary busy=panel.restoring.busy on_press=move || restore(panel)>
                    {lang.history_restore_do()}
                </Button>
            </div>
        </Dialog>
    }
    .into_any()
}

fn restore(panel: Panel) {
    let (Some(sheet), Some(of)) = (panel.sheet.now(), panel.asked.get_untracked()) else { return };
    let (post, version) = (sheet.view.post.id.clone(), sheet.view.post.version);
    let call = async move {
        let answer = api::call(&RESTORE, &[post.as_str()], &Restore { version, of }).await;
        if answer.is_err() && panel.sheet.state.try_get_untracked().is_some() {
            // Somebody was faster: what they did is shown behind the question.
            panel.sheet.again();
        }
        answer
    };
    let at = panel.kept.with_untracked(|kept| {
        let found = kept.iter().flatten().find(|one| one.version == of);
        found.map(|one| around::when(one.at, Form::Full)).unwrap_or_default()
    });
    panel.restoring.run(call, move |done: Restored| {
        let lang = lang();
        panel.asking.set(false);
        // What was pressed is gone with the dialog, and what opened that is drawn anew.
        request_animation_frame(|| page::focus(TITLE));
        let names: Vec<_> = done.left_out.iter().map(|one| named(&sheet.channels, one)).collect();
        let text = match names.is_empty() {
            true => lang.history_restored(at),
            false => lang.history_restored_without(names.join(", "), at),
        };
        let (post, version) = (done.post.post.id.clone(), done.post.post.version);
        let save = Save { version, content: sheet.view.post.content.clone() };
        panel.doing.put(done.post);
        toasts::offer(text, lang.calendar_undo(), Callback::new(move |()| undo(panel, post.clone(), save.clone())));
    });
}

/// Writes again what stood there before it was gone back. Refused where somebody has changed it since; then it is among the
/// versions all the same.
fn undo(panel: Panel, post: domain::PostId, save: Save) {
    spawn_local(async move {
        let lang = lang();
        match api::call(&posts::SAVE, &[post.as_str()], &save).await {
            Ok(view) => {
                toasts::done(lang.history_undone());
                // The page may have been left; then there is nothing to show.
                if panel.sheet.state.try_get_untracked().is_some() {
                    panel.doing.put(view);
                }
            }
            Err(problem) if matches!(problem.refusal(), Some(domain::Refusal::Stale { .. })) => {
                toasts::say(Gravity::Bad, lang.history_not_undone());
            }
            Err(problem) => toasts::trouble(&problem),
        }
    });
}

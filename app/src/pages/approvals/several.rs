//! What waits of one series: read as one thing and approved with one press. Separate from the one post: nothing is returned and
//! nothing reserved here, for that is about one of them. What belongs together is `domain::sheaf`'s to say, and every decision
//! goes by itself, over its own hash, through the door of all decisions.

use std::collections::BTreeSet;

use domain::{
    Channel, Choice, Content, MemberId, PostId, SeriesId,
    guidance::{Checked, Side},
    outbox::{Answer, Fate, fate},
    sheaf::{Apart, Sheaf, Waiting, gather},
};
use leptos::prelude::*;
use wire::{
    deciding::{After, OF_SERIES, Occurrence},
    posts::{self, Decide},
};
use words::{kind_explained, kind_name};

use super::Next;
use crate::{
    api::{self, Problem},
    pages::around::{self, Fetched},
    parts::{
        Ceremony, CeremonyNotice, ProblemNotice, Stop, changed,
        checklist::{self, Checklist},
        findings, problem_sentence, sign_together,
    },
    platform::time::Form,
    routes,
    state::{lang, session, toasts},
    ui::{Button, Glyph, Gravity, Tone},
};

/// What the page lets a series do with its queue.
#[derive(Debug, Clone, Copy)]
pub struct Queue {
    /// Goes on: these are done with, or left for later.
    pub next: Next,
    /// Shows one by itself, before everything else.
    pub open: Callback<PostId>,
    /// Shows each of a series by itself: none of them says the same as another.
    pub part: Callback<SeriesId>,
    /// Those that are shown by themselves.
    pub alone: RwSignal<Vec<PostId>>,
    /// Whether a series is under way: then it stays in front, however few of it are left.
    pub held: RwSignal<bool>,
    /// What was not taken: when it goes out, and why.
    pub refused: RwSignal<Vec<(PostId, String)>>,
}

/// All that waits of a series.
#[derive(Debug, Clone, PartialEq, Default)]
struct Found {
    items: Vec<Occurrence>,
    channels: Vec<Channel>,
    names: Vec<(MemberId, String)>,
}

async fn fetch(series: SeriesId) -> api::Answer<Found> {
    let mut found = Found::default();
    let mut after = 0;
    loop {
        let page = api::call(&OF_SERIES, &[series.as_str()], &After { after }).await?;
        found.items.extend(page.items);
        for channel in page.channels {
            if found.channels.iter().all(|known| known.id != channel.id) {
                found.channels.push(channel);
            }
        }
        found.names = page.names;
        match page.next {
            Some(next) if next > after => after = next,
            _ => return Ok(found),
        }
    }
}

/// A series that waits.
pub fn several(series: SeriesId, queue: Queue) -> AnyView {
    let of = series.clone();
    // Not followed: what is ticked and what is being sent outlive the next look.
    let found = Fetched::new(move || fetch(of.clone()));
    found.draw(move |mut found| {
        let alone = queue.alone.get_untracked();
        found.items.retain(|one| !alone.contains(&one.waits.post));
        if let Some(sheaf) = sheaf_of(&found.items) {
            return drawn(&found, &sheaf, queue);
        }
        let series = series.clone();
        Effect::new(move |_| queue.part.run(series.clone()));
        around::loading()
    })
}

/// What of it is decided on at one go.
fn sheaf_of(items: &[Occurrence]) -> Option<Sheaf> {
    let zone = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.clone()))?;
    gather(&items.iter().filter_map(waiting).collect::<Vec<_>>(), &zone)
}

fn waiting(one: &Occurrence) -> Option<Waiting<'_>> {
    let waits = &one.waits;
    let seat = waits.item.seats.first()?;
    Some(Waiting {
        post: &waits.post,
        at: one.at,
        content: &waits.content,
        round: &waits.item.round,
        step: &seat.step,
        acting_for: seat.acting_for.as_ref(),
        guide: &waits.guide,
        findings: &waits.findings,
        waivers: &waits.waivers,
        remarks: &waits.remarks,
        corrects: waits.correction.is_some(),
        commented: one.commented,
    })
}

/// When it goes out.
fn when(one: &Occurrence) -> String {
    one.at.map_or_else(|| lang().series_without_hour().to_owned(), |at| around::when(at, Form::Full))
}

fn drawn(found: &Found, sheaf: &Sheaf, queue: Queue) -> AnyView {
    let lang = lang();
    let of = |post: &PostId| found.items.iter().find(|one| one.waits.post == *post);
    let alike: Vec<Occurrence> = sheaf.alike.iter().filter_map(of).cloned().collect();
    let Some(first) = alike.first().cloned() else { return around::loading() };
    let waits = &first.waits;
    let heading = Some(waits.content.heading()).filter(|heading| !heading.is_empty());
    let heading = heading.unwrap_or_else(|| lang.post_untitled().to_owned());
    let by = lang.approvals_by(
        around::when(waits.item.round.at, Form::Full),
        around::name_of(&found.names, &waits.item.round.by),
    );
    let days = alike.iter().map(|one| {
        let beside = if one.waits.post == waits.post {
            view! { <p class="hint">{lang.approvals_sheaf_first()}</p> }.into_any()
        } else {
            difference(&found.channels, &waits.content, &one.waits.content)
        };
        line(one, None, beside, queue)
    });
    let apart = sheaf.apart.iter().filter_map(|(post, why)| {
        let one = of(post)?;
        let beside = difference(&found.channels, &waits.content, &one.waits.content);
        Some(line(one, Some(*why), beside, queue))
    });
    let (days, apart): (Vec<_>, Vec<_>) = (days.collect(), apart.collect());
    let apart = (!apart.is_empty()).then(|| {
        view! {
            <section class="notice" data-hue="warn" aria-labelledby="sheaf-apart">
                <div class="notice-body">
                    <h3 id="sheaf-apart">{lang.approvals_sheaf_apart(apart.len())}</h3>
                    <p>{lang.approvals_sheaf_apart_text()}</p>
                    <ul class="lines">{apart}</ul>
                </div>
            </section>
        }
    });
    view! {
        <article class="decision">
            <header class="decision-head">
                <h2>{heading}</h2>
                <p class="post-facts">
                    <span class="chip" data-hue="info" title=kind_explained(lang, waits.content.kind)>{kind_name(lang, waits.content.kind)}</span>
                    <span>{lang.approvals_sheaf_count(alike.len())}</span>
                    <span>{by}</span>
                </p>
                <p class="hint">{lang.approvals_sheaf_shared(when(&first))}</p>
            </header>
            {around::destinations(&waits.content, &found.channels)}
            {around::described(lang, &waits.content)}
            {findings(&waits.findings, &waits.waivers, &found.names, &found.channels)}
            {checklist::spoken(&waits.sightings, &waits.remarks, &found.names)}
            <section aria-labelledby="sheaf-days">
                <h3 id="sheaf-days">{lang.approvals_sheaf_days()}</h3>
                <ul class="lines">{days}</ul>
            </section>
            {apart}
            {(!waits.guide.advice.is_empty()).then(|| view! {
                <details class="guide">
                    <summary>{lang.guide_title()}</summary>
                    {checklist::advice(&waits.guide.advice)}
                </details>
            })}
            {deciding(alike, queue)}
        </article>
    }
    .into_any()
}

/// What differs from the one that is read, by word; folded away, for most of it is the day.
fn difference(channels: &[Channel], read: &Content, this: &Content) -> AnyView {
    let lang = lang();
    view! {
        <details>
            <summary>{lang.approvals_sheaf_differs()}</summary>
            {changed(lang, channels, read, this)}
        </details>
    }
    .into_any()
}

fn line(one: &Occurrence, why: Option<Apart>, beside: AnyView, queue: Queue) -> AnyView {
    let lang = lang();
    let why = why.map(|why| match why {
        Apart::Words => lang.approvals_sheaf_why_words(),
        Apart::Terms => lang.approvals_sheaf_why_terms(),
        Apart::Asked => lang.approvals_sheaf_why_asked(),
        Apart::Said => lang.approvals_sheaf_why_said(),
        Apart::Corrects => lang.approvals_sheaf_why_corrects(),
    });
    let (at, post) = (when(one), one.waits.post.clone());
    let label = lang.approvals_sheaf_open_one(&at);
    let open = move || queue.open.run(post.clone());
    view! {
        <li>
            <div class="line-main">
                <a href=routes::post(&one.waits.post)>{at}</a>
                {why.map(|why| view! { <p class="hint">{why}</p> })}
                {beside}
            </div>
            <Button tone=Tone::Quiet label disabled=queue.held on_press=open>{lang.approvals_sheaf_open()}</Button>
        </li>
    }
    .into_any()
}

/// A decision that is signed, and the post that it is of.
type Ready = (PostId, Decide);

/// What became of sending.
#[derive(Default)]
struct Sent {
    taken: Vec<PostId>,
    refused: Vec<(PostId, Problem)>,
    /// What is left, and why it stopped there.
    left: Vec<Ready>,
    stopped: Option<Problem>,
}

/// Sends each decision by itself. What is refused for what it is does not keep back the others; where nobody answers it stops.
async fn send(ready: Vec<Ready>, done: RwSignal<usize>) -> Sent {
    let mut sent = Sent::default();
    let mut rest = ready.into_iter();
    while let Some((post, decide)) = rest.next() {
        let body = serde_json::to_value(&decide).unwrap_or_default();
        let Err(problem) = api::send(&posts::DECIDE, &[post.as_str()], body).await else {
            sent.taken.push(post);
            let _ = done.try_update(|done| *done += 1);
            continue;
        };
        let answer = problem.refusal().map_or(Answer::Silence, |refusal| Answer::Refused(refusal.clone()));
        match fate(answer) {
            Fate::Refused(_) => sent.refused.push((post, problem)),
            Fate::Arrived | Fate::Stays | Fate::SignIn => {
                sent.left = std::iter::once((post, decide)).chain(rest).collect();
                sent.stopped = Some(problem);
                return sent;
            }
        }
    }
    sent
}

/// The checklist and the one button.
fn deciding(alike: Vec<Occurrence>, queue: Queue) -> AnyView {
    let lang = lang();
    let all = alike.len();
    let guide = alike.first().map(|one| one.waits.guide.clone()).unwrap_or_default();
    let (ticked, missing) = (RwSignal::new(BTreeSet::new()), RwSignal::new(None::<String>));
    let (ceremony, problem) = (Ceremony::new(), RwSignal::new(None::<Problem>));
    // How many were taken, how many are left where it stopped.
    let (done, left) = (RwSignal::new(0_usize), RwSignal::new(0_usize));
    let signed = StoredValue::new(Vec::<Ready>::new());
    let over = StoredValue::new((Vec::<PostId>::new(), Vec::<(PostId, String)>::new()));
    let asked = StoredValue::new(guide.clone());
    let alike = StoredValue::new(alike);
    let finish = move |sent: Sent| {
        let told = sent.refused.iter().map(|(post, problem)| {
            let when = alike.with_value(|alike| alike.iter().find(|one| one.waits.post == *post).map(when));
            let text = [when.unwrap_or_default().as_str(), ": ", &problem_sentence(problem).to_string()].concat();
            (post.clone(), text)
        });
        let told: Vec<_> = told.collect();
        over.update_value(|(taken, refused)| {
            taken.extend(sent.taken);
            refused.extend(told);
        });
        left.set(sent.left.len());
        signed.set_value(sent.left);
        if sent.stopped.is_some() {
            problem.set(sent.stopped);
            return;
        }
        let (taken, refused) = over.try_update_value(std::mem::take).unwrap_or_default();
        queue.held.set(false);
        if !taken.is_empty() {
            toasts::done(lang.approvals_sheaf_done(taken.len()));
        }
        queue.next.run((taken, true));
        // After the step, which lets go of what was said before.
        queue.refused.set(refused);
    };
    let approve = move || {
        let open =
            || asked.with_value(|guide| ticked.with(|ticked| checklist::still_open(guide, Side::Approver, ticked)));
        missing.set(untrack(open));
        if missing.with_untracked(Option::is_some) {
            return;
        }
        problem.set(None);
        let checked =
            asked.with_value(|guide| ticked.with_untracked(|ticked| checklist::checked(guide, Side::Approver, ticked)));
        let kept = signed.get_value();
        let before = over.with_value(|(taken, refused)| (taken.len(), refused.len()));
        let work = async move {
            // From the question on: whoever opens one by itself meanwhile would have it signed with the others all the same.
            let _ = queue.held.try_set(true);
            let ready = if kept.is_empty() {
                let signed = sign(&alike.get_value(), checked).await;
                if signed.is_err() {
                    let _ = queue.held.try_set(false);
                }
                signed?
            } else {
                kept
            };
            let sent = send(ready, done).await;
            if done.try_get_untracked().is_none() {
                tell_elsewhere(before.0 + sent.taken.len(), before.1 + sent.refused.len() + sent.left.len());
            }
            Ok::<_, Stop>(sent)
        };
        ceremony.run(work, finish);
    };
    let later = move || {
        let (taken, refused) = over.try_update_value(std::mem::take).unwrap_or_default();
        let rest = alike.with_value(|alike| alike.iter().map(|one| one.waits.post.clone()).collect::<Vec<_>>());
        let rest: Vec<PostId> = rest.into_iter().filter(|post| !taken.contains(post)).collect();
        queue.held.set(false);
        if !taken.is_empty() {
            queue.next.run((taken, true));
        }
        queue.next.run((rest, false));
        queue.refused.set(refused);
    };
    // Half a series is no state to stay in for a queue that somebody left.
    on_cleanup(move || {
        let _ = queue.held.try_set(false);
        // What is being sent tells of itself.
        if ceremony.busy.try_get_untracked() == Some(false)
            && let Some((_, refused)) = over.try_get_value()
        {
            tell_elsewhere(0, refused.len());
        }
    });
    view! {
        <Checklist guide side=Side::Approver ticked/>
        <footer class="decision-bar">
            <CeremonyNotice ceremony />
            <ProblemNotice problem/>
            <p role="status">
                {move || match (done.get(), left.get()) {
                    (_, left) if left > 0 && !ceremony.busy.get() => Some(lang.approvals_sheaf_stopped(left, done.get())),
                    (0, _) => None,
                    (done, _) => Some(lang.approvals_sheaf_doing(all, done)),
                }}
            </p>
            {move || missing.get().map(|text| view! { <p class="notice" data-hue="warn" role="alert">{text}</p> })}
            <p class="hint">{lang.approvals_sheaf_hint()}</p>
            <div class="decision-buttons">
                <Button tone=Tone::Primary glyph=Glyph::Check busy=ceremony.busy on_press=approve>
                    {move || match left.get() {
                        0 => lang.approvals_sheaf_approve(all),
                        left => lang.approvals_sheaf_go_on(left),
                    }}
                </Button>
                <Button tone=Tone::Quiet disabled=ceremony.busy on_press=later>{lang.approvals_later()}</Button>
            </div>
        </footer>
    }
    .into_any()
}

/// What came of it, to whoever has left the page meanwhile: how many were taken, and how many were not.
fn tell_elsewhere(taken: usize, not: usize) {
    let lang = lang();
    if taken > 0 {
        toasts::done(lang.approvals_sheaf_done(taken));
    }
    if not > 0 {
        toasts::say(Gravity::Bad, lang.approvals_sheaf_left(not));
    }
}

/// Signs all of them with one press of the passkey, each over the content that was shown.
async fn sign(alike: &[Occurrence], checked: Option<Checked>) -> Result<Vec<Ready>, Stop> {
    let items = alike.iter().map(|one| (one.waits.item.clone(), one.waits.content.hash())).collect();
    let decides = sign_together(items, Choice::Approve).await?;
    let posts = alike.iter().map(|one| one.waits.post.clone());
    Ok(posts.zip(decides).map(|(post, decide)| (post, Decide { checked: checked.clone(), ..decide })).collect())
}

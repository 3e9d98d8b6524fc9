//! One thing to decide: exactly what would go out, when, what is said of it, who else must agree, and the buttons.

use chrono::{Days, NaiveDate, NaiveTime};
use std::collections::BTreeSet;

use domain::{
    Choice, Decision, Language,
    guidance::{Checked, Side},
    outbox::Label,
    party::Person,
    round::Envelope,
};
use leptos::{html, prelude::*};
use wire::{
    deciding::{Deciding, Waits},
    posts::Decide,
};
use words::{kind_explained, kind_name};

use super::{
    outgoing::{Parcel, outgoing},
    page::go_on,
    pile::{key, pile},
    swipe::{Swipe, Toward},
};
use crate::{
    api::Problem,
    parts::{
        Ceremony, CeremonyNotice, Reserving, Returning, Stop, arrange, changed,
        checklist::{self, Checklist},
        described, destinations, findings, name_of, sign, when,
    },
    platform::time::{self, Form},
    state::{lang, session, toasts},
    ui::{Button, Glyph, Tone, unique},
};

/// A span longer than this is no time that anybody agreed to: it is "whenever it is placed".
const LONGEST_SPAN: domain::Millis = domain::Millis::days(120);

/// What is being said besides yes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Saying {
    Nothing,
    Return,
    Reserve,
}

/// The item.
#[component]
pub fn Paper(
    /// What waits.
    waits: Waits,
) -> AnyView {
    let lang = lang();
    let Some(all) = pile().here.get_untracked() else { return ().into_any() };
    let content = &waits.content;
    let heading = Some(content.heading()).filter(|heading| !heading.is_empty());
    let heading = heading.unwrap_or_else(|| lang.post_untitled().to_owned());
    let by = name_of(&all.names, &waits.item.round.by);
    let at = when(waits.item.round.at, Form::Full);

    let (saying, seat) = (RwSignal::new(Saying::Nothing), RwSignal::new(0));
    let ceremony = Ceremony::new();
    let guide = StoredValue::new(waits.guide.clone());
    let (ticked, tried) = (RwSignal::new(BTreeSet::new()), RwSignal::new(false));
    let open = move || {
        guide.with_value(|guide| ticked.with(|ticked| checklist::still_open(guide, Side::Approver, ticked)))
    };
    let decide = {
        let (waits, heading) = (waits.clone(), heading.clone());
        Callback::new(move |choice: Choice| {
            // Said before anybody is asked for a finger.
            tried.set(choice.agrees());
            if choice.agrees() && untrack(open).is_some() {
                return;
            }
            let checked = guide.with_value(|guide| {
                ticked.with_untracked(|ticked| checklist::checked(guide, Side::Approver, ticked))
            });
            let act = signed(waits.clone(), seat.get_untracked(), heading.clone(), choice, checked);
            ceremony.run(act, |()| {});
        })
    };
    let later = {
        let post = waits.post.clone();
        move || go_on(Some(post.clone()))
    };
    let mut texts: Vec<(Language, String)> =
        content.texts.iter().map(|(language, text)| (language.clone(), text.clone())).collect();
    arrange(&mut texts, |(language, _)| content.destinations().position(|(_, other)| other == language));

    let (card, swipe) = (NodeRef::<html::Article>::new(), Swipe::new());
    swipe.follow(card);
    let lifted = move |event| {
        // What is being written is not thrown away by a finger.
        if saying.get_untracked() != Saying::Nothing || ceremony.busy.get_untracked() {
            return swipe.cancel();
        }
        match swipe.up(&event) {
            Some(Toward::Right) => decide.run(Choice::Approve),
            Some(Toward::Left) => saying.set(Saying::Return),
            None => {}
        }
    };
    let name_of_swipe = move || {
        swipe.going.get().map(|toward| match toward {
            Toward::Right => lang.approvals_approve(),
            Toward::Left => lang.approvals_return(),
        })
    };
    view! {
        <article
            class="decision swiped"
            node_ref=card
            data-toward=move || swipe.going.get().map(|_| "yes")
            data-name=name_of_swipe
            on:pointerdown=move |event| swipe.down(&event)
            on:pointermove=move |event| swipe.moved(&event)
            on:pointerup=lifted
            on:pointercancel=move |_| swipe.cancel()
        >
            <header class="decision-head">
                <h2>{heading}</h2>
                <p class="post-facts">
                    <span class="chip" data-hue="info" title=kind_explained(lang, content.kind)>{kind_name(lang, content.kind)}</span>
                    <span>{lang.approvals_by(at, by)}</span>
                </p>
            </header>
            {difference(&waits)}
            {destinations(content, &all.channels)}
            {described(lang, content)}
            {times(&waits)}
            {findings(&waits.findings, &waits.waivers, &all.names, &all.channels)}
            {checklist::spoken(&waits.sightings, &waits.remarks, &all.names)}
            {checklist::advice(&waits.guide.advice)}
            <Checklist guide=waits.guide.clone() side=Side::Approver ticked/>
            {said(&waits, &all)}
            {agreeing(&waits, &all)}
            {hats(&waits, &all, seat)}
        </article>
        <footer class="decision-bar">
            <CeremonyNotice ceremony />
            {move || open().filter(|_| tried.get()).map(|text| view! {
                <p class="notice" data-hue="warn" role="alert">{text}</p>
            })}
            {move || {
                let (later, texts) = (later.clone(), texts.clone());
                let close = move || saying.set(Saying::Nothing);
                match saying.get() {
                    Saying::Nothing => view! {
                        <div class="decision-buttons">
                            <Button tone=Tone::Primary glyph=Glyph::Check busy=ceremony.busy on_press=move || decide.run(Choice::Approve)>
                                {lang.approvals_approve()}
                            </Button>
                            <Button glyph=Glyph::Again on_press=move || saying.set(Saying::Return)>{lang.approvals_return()}</Button>
                            <Button tone=Tone::Quiet on_press=move || saying.set(Saying::Reserve)>{lang.approvals_reserve()}</Button>
                            <Button tone=Tone::Quiet on_press=later>{lang.approvals_later()}</Button>
                        </div>
                        <p class="swipe-hint hint">{lang.decide_swipe()}</p>
                    }
                    .into_any(),
                    Saying::Return => view! { <Returning texts busy=ceremony.busy decide close /> }.into_any(),
                    Saying::Reserve => view! { <Reserving busy=ceremony.busy decide close /> }.into_any(),
                }
            }}
        </footer>
    }
    .into_any()
}

/// Has the passkey sign, and puts it on its way. It asks nothing of the engine: where there is no coverage it is the same.
async fn signed(
    waits: Waits,
    seat: usize,
    heading: String,
    choice: Choice,
    checked: Option<Checked>,
) -> Result<(), Stop> {
    let key = key(&waits);
    let content_hash = waits.content.hash();
    let decide = Decide { checked, ..sign(waits.item, seat, content_hash, choice).await? };
    let member = session().me.get_untracked().ok_or(Problem::SignedOut)?.member;
    let label = Label { member, signed: time::now(), refused: None };
    outgoing().post(Parcel { label, post: waits.post, key, heading, decide }).await;
    // Here and not when the ceremony is over: by then this item, and the ceremony with it, has left the page.
    go_on(None);
    if !session().online.get_untracked() {
        toasts::done(lang().decide_signed());
    }
    Ok(())
}

/// Before and after, where this corrects what is out or was another in the round before.
fn difference(waits: &Waits) -> Option<AnyView> {
    let lang = lang();
    let before = waits.before.as_ref()?;
    let (title, reason) = match &waits.correction {
        Some(reason) => (lang.approvals_correction(), Some(view! { <p>{reason.clone()}</p> })),
        None => (lang.decide_changed(), None),
    };
    Some(
        view! {
            <section class="notice" data-hue="warn">
                <div class="notice-body">
                    <strong>{title}</strong>
                    {reason}
                    {changed(lang, before, &waits.content)}
                </div>
            </section>
        }
        .into_any(),
    )
}

/// The times that are agreed to with it.
fn times(waits: &Waits) -> AnyView {
    let lang = lang();
    let said = match &waits.item.round.envelope {
        _ if waits.correction.is_some() => lang.decide_when_now().to_owned(),
        Envelope::Times { from, until } if until.since(*from) <= LONGEST_SPAN => {
            lang.decide_when_between(when(*from, Form::Full), when(*until, Form::Full))
        }
        Envelope::Times { .. } => lang.decide_when_free().to_owned(),
        Envelope::Series { days, from, until, first, last, .. } => {
            let day = |day: NaiveDate, form| time::date(day, lang.tag(), form);
            // A Monday: only its name is shown.
            let monday = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
            let named =
                days.iter().map(|one| day(monday + Days::new(u64::from(one.num_days_from_monday())), Form::Weekday));
            let named: Vec<String> = named.collect();
            let wall = |minute: &u16| {
                let time =
                    NaiveTime::from_num_seconds_from_midnight_opt(u32::from(*minute) * 60, 0).unwrap_or_default();
                time::civil(monday.and_time(time), lang.tag(), Form::Time)
            };
            let (first, last) = (day(*first, Form::Date), day(*last, Form::Date));
            lang.decide_when_series(named.join(", "), first, wall(from), last, wall(until))
        }
    };
    view! { <section class="decide-agree"><h3>{lang.decide_when()}</h3><p>{said}</p></section> }.into_any()
}

/// Who somebody is: a member's name, or the address of who is outside.
fn person(all: &Deciding, person: &Person) -> String {
    match person {
        Person::Member { member } => name_of(&all.names, member),
        Person::Outside { mailbox } => mailbox.as_str().to_owned(),
    }
}

/// What was decided before, in this round and in those before it.
fn said(waits: &Waits, all: &Deciding) -> Option<AnyView> {
    let lang = lang();
    if waits.decisions.is_empty() {
        return None;
    }
    let line = |decision: &Decision| {
        let (by, round) = (person(all, &decision.by), decision.round);
        let (text, hue) = match &decision.choice {
            Choice::Approve => (lang.post_life_approved(by, round), "good"),
            Choice::Reserve { comment } => (lang.post_life_reserved(by, comment, round), "warn"),
            Choice::Return { comment, .. } => (lang.post_life_returned(by, comment, round), "bad"),
        };
        view! { <li data-hue=hue>{text}" "<span class="hint">{when(decision.at, Form::Full)}</span></li> }
    };
    let lines: Vec<_> = waits.decisions.iter().map(|decided| line(&decided.decision)).collect();
    Some(view! { <section class="decide-said"><h3>{lang.decide_said()}</h3><ul class="stack tight">{lines}</ul></section> }.into_any())
}

/// Who must agree, who else can, by when, and what comes after.
fn agreeing(waits: &Waits, all: &Deciding) -> Option<AnyView> {
    let lang = lang();
    let waiting = waits.waiting.as_ref()?;
    let steps = &waits.item.round.steps;
    let place = steps.iter().position(|(step, _)| step.id == waiting.step)?;
    let step = (steps.len() > 1).then(|| {
        let name = steps.get(place).map(|(step, _)| step.name.clone()).unwrap_or_default();
        view! { <p><b>{lang.decide_agree_step(name, place + 1, steps.len())}</b></p> }
    });
    let taken = (waiting.taken > 0).then(|| [" ", &lang.decide_agree_taken(waiting.taken)].concat());
    let me = session().me.with_untracked(|me| me.as_ref().map(|me| Person::from(me.member.clone())));
    let mut others: Vec<String> = Vec::new();
    for mover in waiting.movers.iter().filter(|mover| Some(&mover.person) != me.as_ref()) {
        let name = person(all, &mover.person);
        if !others.contains(&name) {
            others.push(name);
        }
    }
    let others = (!others.is_empty()).then(|| view! { <p>{lang.decide_agree_also(others.join(", "))}</p> });
    let after: Vec<String> = steps.iter().skip(place + 1).map(|(step, _)| step.name.clone()).collect();
    let after = (!after.is_empty()).then(|| view! { <p>{lang.decide_agree_then(after.join(", "))}</p> });
    let by = waiting.deadline.map(|at| view! { <p><b>{lang.decide_agree_by(when(at, Form::Full))}</b></p> });
    Some(
        view! {
            <section class="decide-agree">
                <h3>{lang.decide_agree()}</h3>
                {step}
                <p>{lang.decide_agree_needed(waiting.needed)}{taken}</p>
                {others}
                {after}
                {by}
            </section>
        }
        .into_any(),
    )
}

/// For oneself or for another, where there is a choice.
fn hats(waits: &Waits, all: &Deciding, seat: RwSignal<usize>) -> Option<AnyView> {
    let lang = lang();
    let seats = &waits.item.seats;
    let other = |place: usize| seats.get(place).and_then(|seat| seat.acting_for.as_ref());
    // One seat that is one's own needs no words; one that is another's must be said.
    if seats.len() < 2 && other(0).is_none() {
        return None;
    }
    let group = unique("hats");
    let choices: Vec<_> = (0..seats.len())
        .map(|place| {
            let name = match other(place) {
                None => lang.decide_acting_self().to_owned(),
                Some(member) => lang.decide_acting_other(name_of(&all.names, member)),
            };
            view! {
                <label>
                    <input type="radio" name=group.clone() prop:checked=move || seat.get() == place on:change=move |_| seat.set(place) />
                    <span>{name}</span>
                </label>
            }
        })
        .collect();
    Some(
        view! { <fieldset class="decide-hats"><legend><h3>{lang.decide_acting()}</h3></legend>{choices}</fieldset> }
            .into_any(),
    )
}

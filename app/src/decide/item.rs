//! One thing to decide: exactly what would go out, when, who else must agree, and the buttons. What the buttons do, and
//! what is said of it, is `hands`'.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, NaiveTime, Weekday};
use domain::ItemId;
use leptos::{html, prelude::*};
use serde_json::Value;
use words::{kind_explained, kind_name};

use super::{
    hands::{self, Hands, Meanwhile},
    page::go_on,
    pile::pile,
    swipe::{Swipe, Toward},
    waits::{Pages, Waits, moment, text},
};
use crate::{
    parts::{described, destinations, when},
    platform::time::{self, Form},
    state::{lang, session},
    ui::{Button, Glyph, Tone, unique},
};

/// A span longer than this is no time that anybody agreed to: it is "whenever it is placed".
const LONGEST_SPAN: domain::Millis = domain::Millis::days(120);

/// What somebody is about to do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saying {
    /// They read.
    Nothing,
    /// They pressed the one button: whoever signs takes it from here.
    Approve,
    /// They send it back.
    Return,
    /// They approve, and something is to be known of it.
    Reserve,
}

/// What the item and the hands share. A copy is as good as the original.
#[derive(Debug, Clone, Copy)]
pub struct Deciding {
    /// What is decided on.
    pub waits: StoredValue<Waits>,
    /// What somebody is about to do.
    pub saying: RwSignal<Saying>,
    /// As which of the seats.
    pub seat: RwSignal<usize>,
    /// What was ticked.
    pub ticked: RwSignal<BTreeSet<ItemId>>,
    /// Whether it is being signed.
    pub busy: RwSignal<bool>,
}

/// The heading of an item.
pub fn heading(waits: &Waits) -> String {
    let heading = Some(waits.content.heading()).filter(|heading| !heading.is_empty());
    heading.unwrap_or_else(|| lang().post_untitled().to_owned())
}

/// The item.
#[component]
pub fn Paper(
    /// What waits.
    waits: Waits,
) -> AnyView {
    let lang = lang();
    let Some(all) = pile().here.get_untracked() else { return ().into_any() };
    let deciding = Deciding {
        waits: StoredValue::new(waits.clone()),
        saying: RwSignal::new(Saying::Nothing),
        seat: RwSignal::new(0),
        ticked: RwSignal::new(BTreeSet::new()),
        busy: RwSignal::new(false),
    };
    let Deciding { saying, .. } = deciding;
    let round = waits.round();
    let by = all.name_of(&round["by"]);
    let at = moment(&round["at"]).map(|at| when(at, Form::Full)).unwrap_or_default();
    let content = &waits.content;

    let (card, swipe) = (NodeRef::<html::Article>::new(), Swipe::new());
    swipe.follow(card);
    let lifted = move |event| {
        // What is being written is not thrown away by a finger.
        if saying.get_untracked() != Saying::Nothing || deciding.busy.get_untracked() {
            return swipe.cancel();
        }
        match swipe.up(&event) {
            Some(Toward::Right) => saying.set(Saying::Approve),
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
                <h2>{heading(&waits)}</h2>
                <p class="post-facts">
                    <span class="chip" data-hue="info" title=kind_explained(lang, content.kind)>{kind_name(lang, content.kind)}</span>
                    <span>{lang.approvals_by(at, by)}</span>
                </p>
            </header>
            {waits.before.is_some().then(|| beside(deciding, |hands| hands.changed))}
            {destinations(content, &all.channels)}
            {described(lang, content)}
            {times(&waits)}
            {beside(deciding, |hands| hands.findings)}
            {said(&waits, &all)}
            {agreeing(&waits, &all)}
            {beside(deciding, |hands| hands.asked)}
            {hats(&waits, &all, deciding.seat)}
        </article>
        <footer class="decision-bar">
            {hands::lost()}
            {hands::drawn(Meanwhile::Nothing, Box::new(move |hands| (hands.signing)(deciding)))}
            {buttons(deciding)}
        </footer>
    }
    .into_any()
}

/// What the hands draw of it.
fn beside(deciding: Deciding, part: fn(Hands) -> fn(Deciding) -> AnyView) -> AnyView {
    hands::drawn(Meanwhile::Lines, Box::new(move |hands| part(hands)(deciding)))
}

/// What can be done with it. They stand before there is anything to do it with: what is pressed waits for that.
fn buttons(deciding: Deciding) -> AnyView {
    let (lang, saying) = (lang(), deciding.saying);
    let reads = Memo::new(move |_| matches!(saying.get(), Saying::Nothing | Saying::Approve));
    let busy = Signal::derive(move || deciding.busy.get() || saying.get() == Saying::Approve);
    let later = move || go_on(deciding.waits.try_with_value(|waits| waits.post.clone()));
    (move || {
        reads.get().then(|| {
            view! {
                <div class="decision-buttons">
                    <Button tone=Tone::Primary glyph=Glyph::Check busy on_press=move || saying.set(Saying::Approve)>
                        {lang.approvals_approve()}
                    </Button>
                    <Button glyph=Glyph::Again on_press=move || saying.set(Saying::Return)>{lang.approvals_return()}</Button>
                    <Button tone=Tone::Quiet on_press=move || saying.set(Saying::Reserve)>{lang.approvals_reserve()}</Button>
                    <Button tone=Tone::Quiet on_press=later>{lang.approvals_later()}</Button>
                </div>
                <p class="swipe-hint hint">{lang.decide_swipe()}</p>
            }
        })
    })
    .into_any()
}

/// The times that are agreed to with it.
fn times(waits: &Waits) -> AnyView {
    let lang = lang();
    let envelope = &waits.round()["envelope"];
    let span = moment(&envelope["from"]).zip(moment(&envelope["until"]));
    let said = match span {
        _ if waits.tree["correction"].is_string() => lang.decide_when_now().to_owned(),
        _ if envelope["envelope"] == "series" => series(envelope),
        Some((from, until)) if until.since(from) <= LONGEST_SPAN => {
            lang.decide_when_between(when(from, Form::Full), when(until, Form::Full))
        }
        _ => lang.decide_when_free().to_owned(),
    };
    view! { <section class="decide-agree"><h3>{lang.decide_when()}</h3><p>{said}</p></section> }.into_any()
}

/// The rule of a series, as a sentence.
fn series(envelope: &Value) -> String {
    let lang = lang();
    // A Monday: only the names of the days are shown.
    let monday = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
    let week = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    let named = |day: &Value| {
        let place = week.iter().position(|one| day.as_str() == Some(one.to_string().as_str()))?;
        Some(time::date(monday + Days::new(place as u64), lang.tag(), Form::Weekday))
    };
    let days: Vec<String> = envelope["days"].as_array().into_iter().flatten().filter_map(named).collect();
    let date = |name: &str| {
        let parts: Vec<u32> = text(&envelope[name]).split('-').filter_map(|part| part.parse().ok()).collect();
        let [year, month, day] = parts[..] else { return String::new() };
        let found = NaiveDate::from_ymd_opt(year as i32, month, day);
        found.map(|day| time::date(day, lang.tag(), Form::Date)).unwrap_or_default()
    };
    let wall = |name: &str| {
        let minute = envelope[name].as_u64().unwrap_or_default() as u32;
        let time = NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0).unwrap_or_default();
        time::civil(monday.and_time(time), lang.tag(), Form::Time)
    };
    lang.decide_when_series(days.join(", "), date("first"), wall("from"), date("last"), wall("until"))
}

/// What was decided before, in this round and in those before it.
fn said(waits: &Waits, all: &Pages) -> Option<AnyView> {
    let lang = lang();
    let decisions = waits.tree["decisions"].as_array().filter(|decisions| !decisions.is_empty())?;
    let line = |decided: &Value| {
        let (decision, choice) = (&decided["decision"], &decided["decision"]["choice"]);
        let (by, round, comment) = (all.name(&decision["by"]), text(&decision["round"]), text(&choice["comment"]));
        let (text, hue) = match choice["decision"].as_str() {
            Some("return") => (lang.post_life_returned(by, comment, round), "bad"),
            Some("reserve") => (lang.post_life_reserved(by, comment, round), "warn"),
            _ => (lang.post_life_approved(by, round), "good"),
        };
        let at = moment(&decision["at"]).map(|at| when(at, Form::Full));
        view! { <li data-hue=hue>{text}" "<span class="hint">{at}</span></li> }
    };
    let lines: Vec<_> = decisions.iter().map(line).collect();
    let said = view! { <section class="decide-said"><h3>{lang.decide_said()}</h3><ul class="stack tight">{lines}</ul></section> };
    Some(said.into_any())
}

/// Who must agree, who else can, by when, and what comes after.
fn agreeing(waits: &Waits, all: &Pages) -> Option<AnyView> {
    let lang = lang();
    let waiting = &waits.tree["waiting"];
    let steps = waits.round()["steps"].as_array()?;
    // A step, and the hash of what it answers for.
    let place = steps.iter().position(|pair| pair[0]["id"] == waiting["step"])?;
    let named = |pair: &Value| text(&pair[0]["name"]);
    let line = |text: String| view! { <p>{text}</p> }.into_any();
    let step = (steps.len() > 1)
        .then(|| line(lang.decide_agree_step(steps.get(place).map(named).unwrap_or_default(), place + 1, steps.len())));
    let count = |name: &str| waiting[name].as_u64().unwrap_or_default() as usize;
    let mut needed = lang.decide_agree_needed(count("needed"));
    if count("taken") > 0 {
        needed = [needed, lang.decide_agree_taken(count("taken"))].join(" ");
    }
    let me = session().me.with_untracked(|me| me.as_ref().map(|me| me.member.to_string()));
    let mut others: Vec<String> = Vec::new();
    for mover in waiting["movers"].as_array().into_iter().flatten() {
        let name = all.name(&mover["person"]);
        if mover["person"]["member"].as_str() != me.as_deref() && !others.contains(&name) {
            others.push(name);
        }
    }
    let others = (!others.is_empty()).then(|| line(lang.decide_agree_also(others.join(", "))));
    let after: Vec<String> = steps.iter().skip(place + 1).map(named).collect();
    let after = (!after.is_empty()).then(|| line(lang.decide_agree_then(after.join(", "))));
    let by = moment(&waiting["deadline"]).map(|at| line(lang.decide_agree_by(when(at, Form::Full))));
    let heading = view! { <h3>{lang.decide_agree()}</h3> }.into_any();
    let parts: Vec<AnyView> =
        [Some(heading), step, Some(line(needed)), others, after, by].into_iter().flatten().collect();
    Some(view! { <section class="decide-agree">{parts}</section> }.into_any())
}

/// For oneself or for another, where there is a choice.
fn hats(waits: &Waits, all: &Pages, seat: RwSignal<usize>) -> Option<AnyView> {
    let lang = lang();
    let seats = waits.seats();
    let other = |place: usize| seats.get(place).map(|seat| &seat["acting_for"]).filter(|other| !other.is_null());
    // One seat that is one's own needs no words; one that is another's must be said.
    if seats.len() < 2 && other(0).is_none() {
        return None;
    }
    let group = unique("hats");
    let choices: Vec<_> = (0..seats.len())
        .map(|place| {
            let name = match other(place) {
                None => lang.decide_acting_self().to_owned(),
                Some(member) => lang.decide_acting_other(all.name_of(member)),
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

//! One thing to decide: exactly what would go out, when, who else must agree, and the buttons. What the buttons do, and
//! what is said of it, is `hands`'.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{Days, NaiveDate, NaiveTime, Weekday};
use domain::{ItemId, Moment, round::LONGEST_AGREED};
use leptos::{html, prelude::*};
use serde_json::Value;
use words::{kind_explained, kind_name};

use super::{
    hands::{self, Hands, Meanwhile},
    page::go_on,
    pile::{Standing, pile},
    swipe::{Swipe, Toward},
    waits::{Pages, Waits, moment, text},
};
use crate::{
    parts::{basis, described, destinations, when},
    platform::time::{self, Form},
    state::{lang, session},
    ui::{Button, Glyph, Inside, Plain, Tone, el, live},
};

/// What somebody is about to do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saying {
    /// They read.
    Nothing,
    /// They pressed the one button: whoever signs takes it from here.
    Approve,
    /// They send it back.
    Return,
    /// They ask whoever sent it, and decide later.
    Ask,
    /// They approve, and something is to be known of it.
    Reserve,
}

/// What the item and the hands share. A copy is as good as the original.
#[derive(Debug, Clone, Copy)]
pub struct Deciding {
    /// What is decided on.
    pub waits: StoredValue<Arc<Waits>>,
    /// What somebody is about to do.
    pub saying: RwSignal<Saying>,
    /// As which of the seats.
    pub seat: RwSignal<usize>,
    /// What was ticked.
    pub ticked: RwSignal<BTreeSet<ItemId>>,
    /// Whether it is being signed.
    pub busy: RwSignal<bool>,
    /// How often something was asked: what is said is then looked up again.
    pub asked: RwSignal<usize>,
}

/// The heading of an item.
pub fn heading(waits: &Waits) -> String {
    let heading = Some(waits.content.heading()).filter(|heading| !heading.is_empty());
    heading.unwrap_or_else(|| lang().post_untitled().to_owned())
}

/// The item.
pub fn paper(waits: Arc<Waits>) -> AnyView {
    let lang = lang();
    let Some(all) = pile().here.get_untracked() else { return ().into_any() };
    let deciding = Deciding {
        waits: StoredValue::new(waits.clone()),
        saying: RwSignal::new(Saying::Nothing),
        seat: RwSignal::new(0),
        ticked: RwSignal::new(BTreeSet::new()),
        busy: RwSignal::new(false),
        asked: RwSignal::new(0),
    };
    let Deciding { saying, .. } = deciding;
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
    let later = |meanwhile, part: Part| Inside::View(hands::drawn(meanwhile, move |hands| part(hands)(deciding)));
    let inside: Vec<AnyView> = laid_out(&waits, &all, &later).into_iter().map(Inside::into_view).collect();
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
            {inside}
        </article>
        {el("footer", "decision-bar")
            .put(standing())
            .put(hands::lost())
            .put(hands::drawn(Meanwhile::Nothing, move |hands| (hands.signing)(deciding)))
            .put(buttons(deciding))}
    }
    .into_any()
}

/// What the hands draw of an item.
pub type Part = fn(Hands) -> fn(Deciding) -> AnyView;

/// All that is read of an item, in its order. `later` says what stands where the hands draw.
pub fn laid_out(waits: &Waits, all: &Pages, later: &dyn Fn(Meanwhile, Part) -> Inside) -> Vec<Inside> {
    let (lang, content, round) = (lang(), &waits.content, waits.round());
    let by = all.name_of(&round["by"]);
    let at = moment(&round["at"]).map(|at| when(at, Form::Full)).unwrap_or_default();
    let kind = el("span", "chip").with("data-hue", "info").with("title", kind_explained(lang, content.kind));
    let facts = el("p", "post-facts")
        .put(kind.put(kind_name(lang, content.kind)))
        .put(el("span", "").put(lang.approvals_by(at, by)));
    let head = el("header", "decision-head").put(el("h2", "").put(heading(waits))).put(facts);
    let mut inside = vec![Inside::Plain(head)];
    if waits.before.is_some() {
        inside.push(later(Meanwhile::Lines, |hands| hands.changed));
    }
    inside.push(Inside::Plain(destinations(content, &all.channels)));
    inside.extend(described(lang, content).into_iter().chain(basis(lang, content)).map(Inside::Plain));
    inside.push(Inside::Plain(times(waits)));
    inside.push(later(Meanwhile::Lines, |hands| hands.findings));
    inside.extend(said(waits, all).into_iter().chain(agreeing(waits, all)).map(Inside::Plain));
    inside.push(later(Meanwhile::Nothing, |hands| hands.talk));
    inside.push(later(Meanwhile::Lines, |hands| hands.asked));
    inside
}

/// Whether the engine said what is shown, where it did not: beside the buttons, for it concerns whoever presses them, and
/// there it moves no line that somebody reads.
fn standing() -> AnyView {
    let pile = pile();
    live(move || match (pile.standing.get(), pile.at.get()) {
        // Without a network the page says so above.
        (Standing::Kept, Some(at)) if session().online.get() => kept_since(at).into_any(),
        (Standing::Replaced, _) => {
            let text = el("strong", "").put(lang().decide_replaced());
            el("p", "notice").with("data-hue", "warn").with("role", "status").put(text).into_any()
        }
        _ => ().into_any(),
    })
}

/// That it was kept, when, and that it is being asked whether it is still so.
pub fn kept_since(at: Moment) -> Plain {
    el("p", "hint").with("role", "status").put(lang().decide_kept(when(at, Form::Full)))
}

/// What can be done with it. They stand before there is anything to do it with: what is pressed waits for that.
fn buttons(deciding: Deciding) -> AnyView {
    let (lang, saying) = (lang(), deciding.saying);
    let reads = Memo::new(move |_| matches!(saying.get(), Saying::Nothing | Saying::Approve));
    let busy = Signal::derive(move || deciding.busy.get() || saying.get() == Saying::Approve);
    let later = Callback::new(move |()| go_on(deciding.waits.try_with_value(|waits| waits.post.clone())));
    live(move || {
        if !reads.get() {
            return ().into_any();
        }
        let say = move |what: Saying| Callback::new(move |()| saying.set(what));
        let (approve, back) = (say(Saying::Approve), say(Saying::Return));
        let (ask, reserve) = (say(Saying::Ask), say(Saying::Reserve));
        let buttons = vec![
            view! { <Button tone=Tone::Primary glyph=Glyph::Check busy on_press=approve>{lang.approvals_approve()}</Button> }
                .into_any(),
            view! { <Button glyph=Glyph::Again on_press=back>{lang.approvals_return()}</Button> }.into_any(),
            view! { <Button tone=Tone::Quiet on_press=ask>{lang.decide_ask()}</Button> }.into_any(),
            view! { <Button tone=Tone::Quiet on_press=reserve>{lang.approvals_reserve()}</Button> }.into_any(),
            view! { <Button tone=Tone::Quiet on_press=later>{lang.approvals_later()}</Button> }.into_any(),
        ];
        let buttons = el("div", "decision-buttons").put(buttons);
        vec![buttons, el("p", "swipe-hint hint").put(lang.decide_swipe())].into_any()
    })
}

/// The times that are agreed to with it.
fn times(waits: &Waits) -> Plain {
    let lang = lang();
    let envelope = &waits.round()["envelope"];
    let span = moment(&envelope["from"]).zip(moment(&envelope["until"]));
    let said = match span {
        _ if waits.tree["correction"].is_string() => lang.decide_when_now().to_owned(),
        _ if envelope["envelope"] == "series" => series(envelope),
        Some((from, until)) if until.since(from) <= LONGEST_AGREED => {
            lang.decide_when_between(when(from, Form::Full), when(until, Form::Full))
        }
        _ => lang.decide_when_free().to_owned(),
    };
    el("section", "decide-agree").put(el("h3", "").put(lang.decide_when())).put(el("p", "").put(said))
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
fn said(waits: &Waits, all: &Pages) -> Option<Plain> {
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
        let brought = moment(&decided["brought"]).map(|at| lang.copy_brought_decision(when(at, Form::Full)));
        let brought = brought.map(|text| el("p", "hint").put(text));
        el("li", "").with("data-hue", hue).put(text).put(" ").put(el("span", "hint").put(at)).put(brought)
    };
    let lines: Vec<_> = decisions.iter().map(line).collect();
    let heading = el("h3", "").put(lang.decide_said());
    Some(el("section", "decide-said").put(heading).put(el("ul", "stack tight").put(lines)))
}

/// Who must agree, who else can, by when, and what comes after.
fn agreeing(waits: &Waits, all: &Pages) -> Option<Plain> {
    let lang = lang();
    let waiting = &waits.tree["waiting"];
    let steps = waits.round()["steps"].as_array()?;
    // A step, and the hash of what it answers for.
    let place = steps.iter().position(|pair| pair[0]["id"] == waiting["step"])?;
    let named = |pair: &Value| text(&pair[0]["name"]);
    let line = |text: String| el("p", "").put(text);
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
    let heading = el("h3", "").put(lang.decide_agree());
    let said = el("section", "decide-agree").put(heading).put(step).put(line(needed));
    Some(said.put(others).put(after).put(by))
}

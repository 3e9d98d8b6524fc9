//! One thing to decide: exactly what would go out, when, what is said of it, who else must agree, and the buttons.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, NaiveTime, Weekday};
use domain::{
    Choice, Language, Refusal,
    guidance::{Checked, Guide, Side},
    outbox::Label,
    statement,
};
use leptos::{html, prelude::*};
use serde_json::Value;
use words::{kind_explained, kind_name};

use super::{
    outgoing::{Parcel, object, outgoing},
    page::go_on,
    pile::pile,
    swipe::{Swipe, Toward},
    waits::{Pages, Waits, moment, text},
};
use crate::{
    api::{Problem, json, trouble},
    parts::{
        Ceremony, CeremonyNotice, Reserving, Returning, Stop, arrange, changed,
        checklist::{self, Checklist},
        described, destinations, findings, when,
    },
    platform::{
        passkey,
        time::{self, Form},
    },
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
    let round = waits.round();
    let by = all.name_of(&round["by"]);
    let at = moment(&round["at"]).map(|at| when(at, Form::Full)).unwrap_or_default();

    let (saying, seat) = (RwSignal::new(Saying::Nothing), RwSignal::new(0));
    let ceremony = Ceremony::new();
    let guide: Guide = json::pick(waits.tree["guide"].clone()).unwrap_or_default();
    let asked = StoredValue::new(guide.clone());
    let (ticked, missing) = (RwSignal::new(BTreeSet::new()), RwSignal::new(false));
    let still_open =
        move || asked.with_value(|guide| ticked.with(|ticked| checklist::still_open(guide, Side::Approver, ticked)));
    let decide = {
        let (waits, heading) = (waits.clone(), heading.clone());
        Callback::new(move |choice: Choice| {
            // Said before anybody is asked for a finger.
            missing.set(choice.agrees() && untrack(still_open).is_some());
            if missing.get_untracked() {
                return;
            }
            let checked = asked
                .with_value(|guide| ticked.with_untracked(|ticked| checklist::checked(guide, Side::Approver, ticked)));
            let act = signed(waits.clone(), seat.get_untracked(), heading.clone(), (choice, checked));
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
            {difference(&waits, &all.channels)}
            {destinations(content, &all.channels)}
            {described(lang, content)}
            {times(&waits)}
            {findings(&waits.findings, &waits.waivers, &all.names, &all.channels)}
            {said(&waits, &all)}
            {agreeing(&waits, &all)}
            {(!guide.advice.is_empty()).then(|| view! {
                <details class="guide">
                    <summary>{lang.guide_title()}</summary>
                    {checklist::advice(&guide.advice)}
                </details>
            })}
            <Checklist guide side=Side::Approver ticked/>
            {hats(&waits, &all, seat)}
        </article>
        <footer class="decision-bar">
            <CeremonyNotice ceremony />
            {move || missing.get().then(still_open).flatten().map(|text| view! {
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
/// What was ticked goes beside what is signed.
async fn signed(
    waits: Waits,
    seat: usize,
    heading: String,
    (choice, checked): (Choice, Option<Checked>),
) -> Result<(), Stop> {
    let me = session().me.get_untracked().ok_or(Problem::SignedOut)?;
    let (item, round) = (&waits.tree["item"], waits.round());
    // Nobody is asked to sign what they have not seen.
    let refused = match waits.seats().get(seat) {
        _ if !waits.is_what_it_says() => Err(Refusal::OtherContent),
        None => Err(Refusal::NotYourTurn),
        Some(seat) => {
            let nonce = item["nonce"].as_str().unwrap_or_default();
            let whose = (&me.organisation.id, &me.member);
            statement::of_answers(whose, (round, seat, nonce), choice, time::now()).map(|written| (seat, written))
        }
    };
    let (seat, (text, choice)) = match refused {
        Ok(written) => written,
        Err(refusal) => return Err(trouble::refused(refusal).await.into()),
    };
    let mut decide = vec![
        ("content_hash", round["content_hash"].clone()),
        ("choice", serde_json::to_value(&choice).unwrap_or_default()),
    ];
    if !seat["acting_for"].is_null() {
        decide.push(("acting_for", seat["acting_for"].clone()));
    }
    if let Some(checked) = checked {
        decide.push(("checked", serde_json::to_value(&checked).unwrap_or_default()));
    }
    if !item["options"].is_null() {
        let options = passkey::over(item["options"].clone(), &statement::challenge(&text));
        let credential = passkey::get(&options).await?;
        decide.push(("signed", object([("statement", text.into()), ("credential", credential)])));
    }
    let decide = Value::Object(decide.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    let label = Label { member: me.member, signed: time::now(), refused: None };
    let (post, key) = (waits.post.to_string(), waits.key());
    outgoing().post(Parcel { label, post, key, heading, decide }).await;
    // Here and not when the ceremony is over: by then this item, and the ceremony with it, has left the page.
    go_on(None);
    if !session().online.get_untracked() {
        toasts::done(lang().decide_signed());
    }
    Ok(())
}

/// Before and after, where this corrects what is out or was another in the round before.
fn difference(waits: &Waits, channels: &[domain::Channel]) -> Option<AnyView> {
    let lang = lang();
    let before = waits.before.as_ref()?;
    let reason = waits.tree["correction"].as_str().map(|reason| view! { <p>{reason.to_owned()}</p> });
    let title = if reason.is_some() { lang.approvals_correction() } else { lang.decide_changed() };
    Some(
        view! {
            <section class="notice" data-hue="warn">
                <div class="notice-body">
                    <strong>{title}</strong>
                    {reason}
                    {changed(lang, channels, before, &waits.content)}
                </div>
            </section>
        }
        .into_any(),
    )
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

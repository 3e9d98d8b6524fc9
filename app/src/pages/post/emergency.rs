//! The emergencies of a post: asking for one, and the whole story of each, for ever.

use domain::{
    MemberId,
    emergency::{Afterwards, Before, Owed, Said, Second},
};
use leptos::{ev, prelude::*};
use wire::emergencies::Story;

use super::{
    Sheet,
    acts::{self, Doing},
};
use crate::{
    pages::around,
    parts::{CeremonyNotice, urgent},
    platform::time::Form,
    routes,
    state::{lang, session, toasts},
    ui::{Button, Chip, Dialog, Hue, LinkButton, TextArea, Tone},
};

/// The button that opens the question, for who may ask.
pub fn button(sheet: &Sheet, doing: Doing) -> Option<AnyView> {
    sheet.view.urgent?;
    let open = move || doing.urging.set(true);
    Some(view! { <Button tone=Tone::Danger on_press=open>{lang().emergency_ask()}</Button> }.into_any())
}

/// The question: what will happen, and why it cannot wait.
#[component]
pub fn AskDialog(doing: Doing) -> AnyView {
    let lang = lang();
    view! {
        <Dialog open=doing.urging title=lang.emergency_ask() close=lang.general_cancel()>
            {ask_form(doing)}
        </Dialog>
    }
    .into_any()
}

fn ask_form(doing: Doing) -> AnyView {
    let lang = lang();
    // It may have been decided, or asked for, while the question was being opened.
    let Some((form, sheet)) = doing.sheet().and_then(|sheet| Some((sheet.view.urgent?, sheet))) else {
        return view! { <p>{lang.approvals_gone_text()}</p> }.into_any();
    };
    let reason = RwSignal::new(String::new());
    let empty = Signal::derive(move || reason.with(|reason| reason.trim().is_empty()));
    let (text, act) = match form {
        Before::Two => (lang.emergency_ask_two_text().to_owned(), lang.emergency_ask_two_do()),
        Before::One { within } => (lang.emergency_ask_one_text(hours(within)), lang.emergency_ask_one_do()),
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if empty.get_untracked() {
            return;
        }
        let (id, at) = (sheet.view.post.id.clone(), (sheet.view.post.version, sheet.view.content_hash.clone()));
        let said = if form == Before::Two { lang.emergency_asked() } else { lang.emergency_published() };
        let asked = urgent::ask(id, at, form, reason.get_untracked().trim().to_owned());
        doing.ceremony.run(asked, move |view| {
            doing.urging.set(false);
            doing.put(view);
            toasts::done(said);
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <p>{text}</p>
            <TextArea label=lang.emergency_reason() hint=lang.general_reason_hint() value=reason required=true first=true/>
            <CeremonyNotice ceremony=doing.ceremony/>
            <div class="actions end">
                <Button on_press=move || doing.urging.set(false)>{lang.general_cancel()}</Button>
                <Button tone=Tone::Danger submit=true busy=doing.ceremony.busy disabled=empty>{act}</Button>
            </div>
        </form>
    }
    .into_any()
}

/// A span in whole hours of the clock.
fn hours(span: domain::Millis) -> String {
    lang().general_hours((span.0 / 3_600_000).max(1))
}

/// What is owed, in a sentence, and how grave it is.
pub fn owed(story: &Story) -> (&'static str, String) {
    let lang = lang();
    let when = |at| around::when(at, Form::Full);
    match story.owed {
        Owed::Second { .. } if !story.stands => ("info", lang.emergency_dropped().to_owned()),
        Owed::Second { until } => ("warn", lang.emergency_second_until(when(until))),
        Owed::Ratification { by } => ("warn", lang.emergency_ratify_by(when(by))),
        Owed::Overdue { since } => ("bad", lang.emergency_overdue(when(since))),
        Owed::Dropped => ("info", lang.emergency_dropped().to_owned()),
        Owed::Nothing { late } => match (&story.emergency.afterwards, late) {
            (Some(Afterwards::Disowned { .. }), false) => ("bad", lang.emergency_disowned_next().to_owned()),
            (Some(Afterwards::Disowned { .. }), true) => {
                ("bad", [lang.emergency_late_disowned(), lang.emergency_disowned_next()].join(" "))
            }
            (_, true) => ("bad", lang.emergency_late().to_owned()),
            (_, false) => ("good", String::new()),
        },
    }
}

/// Whether who looks can give the word that is owed.
pub fn is_mine(story: &Story) -> bool {
    session().me.with_untracked(|me| me.as_ref().is_some_and(|me| story.answerers.contains(&me.member)))
}

/// Every emergency of the post.
pub fn stories(sheet: &Sheet, doing: Doing) -> AnyView {
    let drawn = sheet.view.emergencies.iter().map(|story| one(sheet, story, doing)).collect::<Vec<_>>();
    (!drawn.is_empty()).then_some(drawn).into_any()
}

fn one(sheet: &Sheet, story: &Story, doing: Doing) -> AnyView {
    let lang = lang();
    let emergency = &story.emergency;
    let went = emergency.covers(&emergency.content_hash).is_ok() || emergency.afterwards.is_some();
    let title = if went { lang.emergency_story() } else { lang.emergency_story_asked() };
    let (hue, text) = owed(story);
    let lines = words_of(story).into_iter().map(|(at, said, text)| {
        let signed = story.signed.contains(&said).then(|| {
            let href = routes::word_receipt(&emergency.post, &emergency.id, said.as_str());
            view! { <Chip hue=Hue::Good text=lang.emergency_signed()/> " " <a href=href>{lang.post_life_receipt()}</a> }
        });
        view! { <li><time>{around::when(at, Form::Full)}</time>" "{text(&|member| sheet.name(member))}" "{signed}</li> }
    });
    let disowned = matches!(emergency.afterwards, Some(Afterwards::Disowned { .. }));
    let mend = disowned.then(|| acts::mend(sheet, doing));
    let answer = is_mine(story).then(|| {
        let href = format!("{}?post={}", routes::APPROVALS, sheet.view.post.id);
        view! { <LinkButton href tone=Tone::Primary>{lang.emergency_look()}</LinkButton> }
    });
    let waits = matches!(story.owed, Owed::Second { .. } | Owed::Ratification { .. } | Owed::Overdue { .. });
    let who = (waits && story.stands).then(|| {
        let names = story.answerers.iter().map(|member| sheet.name(member)).collect::<Vec<_>>().join(", ");
        if names.is_empty() { lang.emergency_nobody().to_owned() } else { lang.emergency_waits_for(names) }
    });
    view! {
        <section class="notice emergency" data-hue=hue>
            <div class="notice-body">
                <strong>{title}</strong>
                {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
                <ol class="emergency-words">{lines.collect::<Vec<_>>()}</ol>
                {who.map(|who| view! { <p class="hint">{who}</p> })}
                <div class="actions">{answer}{mend}</div>
            </div>
        </section>
    }
    .into_any()
}

type Text = Box<dyn Fn(&dyn Fn(&MemberId) -> String) -> String>;

/// What was said, in order: when, which word, and the sentence, once the names are known.
pub fn words_of(story: &Story) -> Vec<(domain::Moment, Said, Text)> {
    let (lang, emergency) = (lang(), &story.emergency);
    let (by, reason) = (emergency.first.by.clone(), emergency.reason.clone());
    let two = emergency.protocol.before == Before::Two;
    let asked: Text = Box::new(move |name| match two {
        true => lang.emergency_life_asked(name(&by), reason.clone()),
        false => lang.emergency_life_asked_one(name(&by), reason.clone()),
    });
    let mut words = vec![(emergency.first.at, Said::Ask, asked)];
    match emergency.second.clone() {
        Some(Second::Agreed { word }) => {
            words.push((word.at, Said::Agree, Box::new(move |name| lang.emergency_life_agreed(name(&word.by)))));
        }
        Some(Second::Declined { word, reason }) => words.push((
            word.at,
            Said::Decline,
            Box::new(move |name| lang.emergency_life_declined(name(&word.by), reason.clone())),
        )),
        None => {}
    }
    match emergency.afterwards.clone() {
        Some(Afterwards::Ratified { word }) => {
            words.push((word.at, Said::Ratify, Box::new(move |name| lang.emergency_life_ratified(name(&word.by)))));
        }
        Some(Afterwards::Disowned { word, reason }) => words.push((
            word.at,
            Said::Disown,
            Box::new(move |name| lang.emergency_life_disowned(name(&word.by), reason.clone())),
        )),
        None => {}
    }
    words
}

//! What the organisation asks beside a text: its dos and don'ts, its checklist with what the machine ticked, what the text
//! speaks of, and what was ticked before. Whoever writes and whoever decides see the very same.

use std::collections::BTreeSet;

use domain::{
    ItemId, Language, MemberId,
    circuit::Matter,
    guidance::{Advice, Checked, Checks, Guide, Mark, Side, Tone, Way},
    matter::{Remark, Says, Sighting},
    party::Person,
};
use leptos::prelude::*;
use words::matter_name;

use super::{name_of, when};
use crate::{
    platform::time::Form,
    state::{lang, session},
    ui::Checkbox,
};

/// The languages in which a line is read: the desk's, then the organisation's.
pub fn languages() -> Vec<Language> {
    let own = lang().tag().parse::<Language>().ok();
    let theirs = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.languages.clone()));
    own.into_iter().chain(theirs.unwrap_or_default()).collect()
}

/// Dos and don'ts, each under its heading.
pub fn advice(advice: &[Advice]) -> AnyView {
    let lang = lang();
    if advice.is_empty() {
        return ().into_any();
    }
    let read_in = languages();
    let list = |tone: Tone, heading: &'static str, class: &'static str| {
        let lines = advice.iter().filter(|one| one.tone == tone);
        let lines: Vec<_> =
            lines.map(|one| view! { <li>{one.line.read(&read_in).to_owned()}</li> }.into_any()).collect();
        (!lines.is_empty()).then(|| view! { <h3>{heading}</h3> <ul class=class>{lines}</ul> })
    };
    view! {
        <div class="guide-advice">
            {list(Tone::Do, lang.guide_do(), "guide-do")}
            {list(Tone::Dont, lang.guide_dont(), "guide-dont")}
        </div>
    }
    .into_any()
}

/// The checklist of one side: hands tick what is theirs, what the machine looked at says how it stands.
#[component]
pub fn Checklist(
    /// What is asked.
    #[prop(into)]
    guide: Signal<Guide>,
    /// Of whom.
    side: Side,
    /// What was ticked by hand.
    ticked: RwSignal<BTreeSet<ItemId>>,
) -> AnyView {
    let lang = lang();
    let read_in = StoredValue::new(languages());
    let heading = match side {
        Side::Author => lang.guide_checklist(),
        Side::Approver => lang.guide_checklist_approver(),
    };
    // A memo of what is asked: a text that changes nothing of it leaves a box and its focus alone.
    let items = Memo::new(move |_| guide.with(|guide| guide.of(side).cloned().collect::<Vec<_>>()));
    let line = move |(item, mark): (domain::guidance::Item, Option<Mark>)| {
        let text = read_in.with_value(|languages| item.line.read(languages).to_owned());
        let required = item.required.then(|| lang.guide_required());
        match mark {
            None => {
                let (own, taken) = (item.id.clone(), item.id);
                let checked = Signal::derive(move || ticked.with(|ticked| ticked.contains(&own)));
                let change = move |on: bool| {
                    ticked.update(|ticked| {
                        if on {
                            ticked.insert(taken.clone());
                        } else {
                            ticked.remove(&taken);
                        }
                    });
                };
                let hint = required.unwrap_or_default();
                view! { <li><Checkbox label=text checked on_change=change hint/></li> }.into_any()
            }
            Some(mark) => {
                let hint = [required, Some(lang.guide_by_machine())].into_iter().flatten().collect::<Vec<_>>();
                view! {
                    <li class="check-machine" data-mark=mark_word(mark)>
                        <strong>{mark_name(mark)}</strong>
                        <span>{text} " " <span class="hint">{hint.join(" · ")}</span></span>
                    </li>
                }
                .into_any()
            }
        }
    };
    (move || {
        let items = items.get();
        (!items.is_empty()).then(|| {
            let lines: Vec<_> = items.into_iter().map(line).collect();
            view! {
                <fieldset class="checklist">
                    <legend>{heading}</legend>
                    <ul>{lines}</ul>
                </fieldset>
            }
        })
    })
    .into_any()
}

fn mark_name(mark: Mark) -> &'static str {
    match mark {
        Mark::Done => lang().guide_done(),
        Mark::LetPass => lang().guide_let_pass(),
        Mark::Open => lang().guide_open(),
    }
}

const fn mark_word(mark: Mark) -> &'static str {
    match mark {
        Mark::Done => "done",
        Mark::LetPass => "let_pass",
        Mark::Open => "open",
    }
}

/// What is sent with a submission or a decision; nothing where nothing is asked.
pub fn checked(guide: &Guide, side: Side, ticked: &BTreeSet<ItemId>) -> Option<Checked> {
    let asked = guide.of(side).map(|(item, _)| item.id.clone()).collect::<BTreeSet<_>>();
    (!asked.is_empty())
        .then(|| Checked { version: guide.version, items: ticked.intersection(&asked).cloned().collect() })
}

/// What is required of a side and still open, as a sentence.
pub fn still_open(guide: &Guide, side: Side, ticked: &BTreeSet<ItemId>) -> Option<String> {
    let (lang, read_in) = (lang(), languages());
    let open: Vec<String> = guide.open(side, ticked).map(|item| lang.choice_quoted(item.line.read(&read_in))).collect();
    (!open.is_empty()).then(|| lang.guide_must(open.len(), open.join(", ")))
}

/// What was ticked with each submission and decision, to read.
pub fn gone_through(checks: &[Checks], names: &[(MemberId, String)]) -> AnyView {
    let lang = lang();
    if checks.is_empty() {
        return ().into_any();
    }
    let lines = checks.iter().map(|checks| {
        let by = match &checks.by {
            Person::Member { member } => name_of(names, member),
            Person::Outside { mailbox } => mailbox.as_str().to_owned(),
        };
        let at = when(checks.at, Form::Full);
        let said = match checks.side {
            Side::Author => lang.guide_gone_through_author(at, by, checks.round),
            Side::Approver => lang.guide_gone_through_approver(at, by, checks.round),
        };
        let items = checks.items.iter().map(|item| {
            let how = match (item.way, item.mark) {
                (Way::Hand, Mark::Done) => lang.guide_ticked(),
                (Way::Hand, _) => lang.guide_not_ticked(),
                (_, mark) => mark_name(mark),
            };
            view! { <li class="check-machine" data-mark=mark_word(item.mark)><strong>{how}</strong><span>{item.text.clone()}</span></li> }
        });
        let items = items.collect::<Vec<_>>();
        view! {
            <li>
                <p>{said}" "<span class="hint">{lang.guide_gone_through_version(checks.version)}</span></p>
                <ul class="checklist-kept">{items}</ul>
            </li>
        }
    });
    let lines = lines.collect::<Vec<_>>();
    view! { <ol class="gone-through">{lines}</ol> }.into_any()
}

/// The words that a matter was found by, quoted.
pub fn found_words(sightings: &[Sighting], matter: Matter) -> Option<String> {
    let of = sightings.iter().filter(|one| one.matter == matter);
    let words: Vec<String> = of.map(|one| lang().choice_quoted(&one.words)).collect();
    (!words.is_empty()).then(|| lang().guide_found_by(words.join(", ")))
}

/// What a post speaks of, to read: each matter with the words it was found by, and what was said of it.
pub fn spoken(sightings: &[Sighting], remarks: &[Remark], names: &[(MemberId, String)]) -> AnyView {
    let lang = lang();
    let matters = domain::matter::counted(sightings, remarks);
    if matters.is_empty() {
        return ().into_any();
    }
    let lines = matters.into_iter().map(|matter| {
        let remark = remarks.iter().find(|remark| remark.matter == matter);
        let said = remark.map(|remark| {
            let by = name_of(names, &remark.by);
            let text = match remark.says {
                Says::Speaks => lang.guide_added_by(by),
                Says::DoesNot => lang.guide_said_not(by, remark.reason.clone()),
            };
            view! { <p class="hint">{text}</p> }
        });
        view! { <li><b>{matter_name(lang, matter)}</b> " " {found_words(sightings, matter)} {said}</li> }
    });
    let lines = lines.collect::<Vec<_>>();
    view! { <section class="spoken"><h3>{lang.guide_speaks()}</h3><ul>{lines}</ul></section> }.into_any()
}

//! What the organisation asks of whoever agrees, for whoever is outside: its dos and don'ts to read, its checklist to tick
//! in the very form that decides. Separate from the form: a member is asked the same, by the same rule.

use std::collections::BTreeSet;

use domain::{
    Content, ItemId, Language,
    guidance::{Checked, Guide, Item, Look, Mark, Side, Tone},
};
use maud::{Markup, html};

use super::{Call, Guest};
use crate::{http::posts::asking::Seen, rights::findings};

/// Before the identity of an item, in the name of its box.
const BOX: &str = "tick-";

/// What was ticked in a form. A form without a list ticks nothing.
pub fn ticked(call: &Call) -> Option<Checked> {
    let version = call.field("list").parse().ok()?;
    let boxes = call.form.keys().filter_map(|name| name.strip_prefix(BOX)?.parse::<ItemId>().ok());
    Some(Checked { version, items: boxes.collect() })
}

/// Looks at a content as the rule of the checklist does; nothing where the organisation asks nothing.
pub fn looking<A>(guest: &Guest, content: &Content, look: impl FnOnce(Look<'_>) -> A) -> A {
    let (whole, organisation) = (&guest.whole, &guest.door.organisation);
    let findings = findings(organisation, content, &whole.channels, whole.rights(None, guest.bench.at));
    let seen = Seen::of(whole, content);
    look(seen.look(organisation, whole, content, &findings))
}

/// What is asked of who decides on it.
pub fn guide(guest: &Guest, content: &Content) -> Guide {
    let guidance = &guest.whole.bylaws.guidance;
    if guidance.advice.is_empty() && guidance.checklist.is_empty() {
        return Guide::default();
    }
    looking(guest, content, |look| guidance.guide(look))
}

/// The languages in which a line is read: the link's, then the organisation's.
fn languages(guest: &Guest) -> Vec<Language> {
    let theirs = guest.door.organisation.languages.iter().cloned();
    std::iter::once(guest.door.link.language.clone()).chain(theirs).collect()
}

/// The dos and don'ts.
pub fn advice(guest: &Guest, guide: &Guide) -> Markup {
    let (l, read_in) = (guest.lang, languages(guest));
    let both = [(Tone::Do, l.guide_do()), (Tone::Dont, l.guide_dont())];
    html! {
        @if !guide.advice.is_empty() {
            h2 { (l.guide_title()) }
            @for (tone, heading) in both {
                @if guide.advice.iter().any(|one| one.tone == tone) {
                    h3 { (heading) }
                    ul {
                        @for one in guide.advice.iter().filter(|one| one.tone == tone) { li { (one.line.read(&read_in)) } }
                    }
                }
            }
        }
    }
}

/// The boxes, inside the form: hands tick what is theirs, what the machine looked at says how it stands.
pub fn boxes(guest: &Guest, guide: &Guide, ticked: &BTreeSet<ItemId>) -> Markup {
    let (l, read_in) = (guest.lang, languages(guest));
    let hint = |item: &Item, machine: bool| {
        let words = [item.required.then(|| l.guide_required()), machine.then(|| l.guide_by_machine())];
        words.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    html! {
        @if guide.of(Side::Approver).next().is_some() {
            input type="hidden" name="list" value=(guide.version);
            fieldset.checklist {
                legend { h2 { (l.guide_checklist_approver()) } }
                @for (item, mark) in guide.of(Side::Approver) {
                    @if let Some(mark) = mark {
                        p.looked { strong { (mark_name(guest, *mark)) } " " (item.line.read(&read_in)) " " span.hint { (hint(item, true)) } }
                    } @else {
                        label.option {
                            input type="checkbox" name={ (BOX) (item.id) } value="on" checked[ticked.contains(&item.id)];
                            span { (item.line.read(&read_in)) " " span.hint { (hint(item, false)) } }
                        }
                    }
                }
            }
        }
    }
}

/// The ticks once more, for a form that sends the same again.
pub fn hidden(checked: Option<&Checked>) -> Markup {
    html! {
        @if let Some(checked) = checked {
            input type="hidden" name="list" value=(checked.version);
            @for item in &checked.items { input type="hidden" name={ (BOX) (item) } value="on"; }
        }
    }
}

/// What was ticked, under the decision that it goes with.
pub fn said(guest: &Guest, guide: &Guide, checked: Option<&Checked>) -> Markup {
    let read_in = languages(guest);
    let own = |item: &Item| checked.is_some_and(|checked| checked.items.contains(&item.id));
    let lines: Vec<&str> =
        guide.of(Side::Approver).filter(|(item, _)| own(item)).map(|(item, _)| item.line.read(&read_in)).collect();
    html! {
        @if !lines.is_empty() {
            h2 { (guest.lang.outside_ticked()) }
            ul { @for line in lines { li { (line) } } }
        }
    }
}

const fn mark_name(guest: &Guest, mark: Mark) -> &'static str {
    match mark {
        Mark::Done => guest.lang.guide_done(),
        Mark::LetPass => guest.lang.guide_let_pass(),
        Mark::Open => guest.lang.guide_open(),
    }
}

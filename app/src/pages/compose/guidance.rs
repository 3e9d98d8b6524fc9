//! What stands beside the text while it is written: what it speaks of, by which words, and what the organisation
//! recommends. What was found is never taken away: somebody may say that it is not so, with a reason that stays.

use std::collections::BTreeSet;

use domain::{
    StageName,
    circuit::Matter,
    guidance::{Guide, Look},
    matter::{self, Remark, Says},
};
use leptos::{ev, prelude::*, task::spawn_local};
use wire::{
    Nothing,
    bylaws::BYLAWS,
    posts::{self, Remarking},
};
use words::matter_name;

use super::editor::Editor;
use crate::{
    api,
    parts::{checklist, name_of, problem_sentence},
    state::toasts,
    ui::{Button, Select},
};

/// What the content counts as speaking of. Tracks.
pub fn matters(editor: Editor) -> BTreeSet<Matter> {
    editor.sightings.with(|found| editor.remarks.with(|remarks| matter::counted(found, remarks)))
}

/// What the organisation asks of the content as it stands. Tracks.
pub fn guide(editor: Editor) -> Guide {
    let matters = matters(editor);
    editor.guidance.with(|guidance| {
        editor.seen.with(|content| {
            editor.findings.with(|findings| {
                editor.waivers.with(|waivers| {
                    editor.me.with_value(|me| {
                        let rules = &me.organisation.policy.rules;
                        guidance.guide(Look { content, findings, waivers, rules, matters: &matters })
                    })
                })
            })
        })
    })
}

/// Brings the organisation's guidance; whether it came.
fn fetch(editor: Editor) -> RwSignal<Option<bool>> {
    let came = RwSignal::new(None);
    spawn_local(async move {
        let standing = api::call(&BYLAWS, &[], &Nothing {}).await;
        // The page may be gone.
        if came.try_set(Some(standing.is_ok())).is_some() {
            return;
        }
        if let Ok(standing) = standing {
            editor.guidance.set(standing.bylaws.guidance);
            editor.check();
        }
    });
    came
}

/// The section.
#[component]
pub fn Guidance(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let came = fetch(editor);
    let found = Memo::new(move |_| matters(editor));
    let asked = Memo::new(move |_| guide(editor).advice);
    // What is on its way was sent by what was known then.
    let open = move || {
        let typed = !matches!(editor.saved.get(), super::editor::Saved::Fresh | super::editor::Saved::Stored(_));
        !editor.correcting
            && editor.may_write()
            && !editor.is_blank()
            && (typed || editor.stage.get() == StageName::Draft)
    };
    let open = Memo::new(move |_| open());
    view! {
        <section class="compose-section">
            <h2>{lang.guide_speaks()}</h2>
            <p class="hint">{lang.guide_speaks_text()}</p>
            {move || {
                let found = found.get();
                if found.is_empty() {
                    return view! { <p class="findings-none">{lang.guide_speaks_nothing()}</p> }.into_any();
                }
                let lines: Vec<_> = found.into_iter().map(|matter| line(editor, matter, open)).collect();
                view! { <ul class="spoken-list">{lines}</ul> }.into_any()
            }}
            {move || open.get().then(|| view! { <Add editor found/> })}
        </section>
        {move || {
            let asked = asked.get();
            let text = match (asked.is_empty(), came.get()) {
                (true, Some(false)) => Some(lang.guide_not_loaded()),
                (true, _) => return None,
                _ => None,
            };
            Some(view! {
                <section class="compose-section">
                    <h2>{lang.guide_title()}</h2>
                    {text.map(|text| view! { <p class="hint">{text}</p> })}
                    {checklist::advice(&asked)}
                </section>
            })
        }}
    }
    .into_any()
}

fn line(editor: Editor, matter: Matter, open: Memo<bool>) -> AnyView {
    let lang = editor.lang;
    let words = Memo::new(move |_| editor.sightings.with(|found| checklist::found_words(found, matter)));
    let remark = Memo::new(move |_| {
        editor.remarks.with(|remarks| remarks.iter().find(|remark| remark.matter == matter).cloned())
    });
    let said = move || {
        remark.get().map(|remark| {
            let text = match remark.says {
                Says::Speaks if own(editor, &remark) => lang.guide_added_by_you().to_owned(),
                Says::Speaks => return None,
                Says::DoesNot if own(editor, &remark) => lang.guide_said_not_you(remark.reason),
                Says::DoesNot => {
                    let by = editor.names.with(|names| name_of(names, &remark.by));
                    lang.guide_said_not(by, remark.reason)
                }
            };
            let counts = (remark.says == Says::DoesNot).then(|| lang.guide_said_not_counts());
            Some(view! { <p class="hint">{text} " " {counts}</p> })
        })
    };
    let acts = move || {
        if !open.get() {
            return ().into_any();
        }
        match remark.get() {
            Some(_) => {
                let back = move || {
                    let asked = Remarking { matter, says: None, reason: String::new() };
                    say(editor, asked, RwSignal::new(false), RwSignal::new(None), || ());
                };
                view! { <button type="button" class="button quiet" on:click=move |_| back()>{lang.guide_take_back()}</button> }
                    .into_any()
            }
            None => view! { <NotSo editor matter/> }.into_any(),
        }
    };
    view! {
        <li>
            <p><b>{matter_name(lang, matter)}</b> " " <span>{move || words.get()}</span></p>
            {said}
            {acts}
        </li>
    }
    .into_any()
}

fn own(editor: Editor, remark: &Remark) -> bool {
    editor.me.with_value(|me| me.member == remark.by)
}

/// Says that what was found is not so.
#[component]
fn NotSo(editor: Editor, matter: Matter) -> AnyView {
    let lang = editor.lang;
    let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
    let (reason, refused) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let asked = Remarking { matter, says: Some(Says::DoesNot), reason: reason.get_untracked() };
        say(editor, asked, busy, refused, move || open.set(false));
    };
    view! {
        <Show when=move || open.get() fallback=move || view! {
            <button type="button" class="button quiet" on:click=move |_| open.set(true)
                aria-label=[lang.guide_not_so(), ": ", matter_name(lang, matter)].concat()>{lang.guide_not_so()}</button>
        }>
            <form class="finding-waive" on:submit=send>
                <label>{lang.guide_not_so_reason()}
                    <input type="text" class="input" required maxlength="500" prop:value=move || reason.get()
                        on:input=move |event| reason.set(event_target_value(&event)) />
                </label>
                <p class="hint">{lang.guide_not_so_hint()}</p>
                {move || refused.get().map(|text| view! { <p class="notice" data-hue="bad" role="alert">{text}</p> })}
                <button type="submit" class="button" disabled=move || busy.get()>{lang.guide_not_so_do()}</button>
                <button type="button" class="button quiet" on:click=move |_| open.set(false)>{lang.general_cancel()}</button>
            </form>
        </Show>
    }
    .into_any()
}

/// Adds a matter that nothing was found of.
#[component]
fn Add(editor: Editor, found: Memo<BTreeSet<Matter>>) -> AnyView {
    let lang = editor.lang;
    let (busy, refused) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let chosen = RwSignal::new(String::new());
    let left = Memo::new(move |_| {
        let is_left = |matter: &Matter| found.with(|found| !found.contains(matter));
        Matter::ALL.into_iter().filter(is_left).collect::<Vec<_>>()
    });
    Effect::new(move |_| chosen.set(if left.with(Vec::is_empty) { String::new() } else { "0".to_owned() }));
    let add = move || {
        let place = chosen.with_untracked(|chosen| chosen.parse::<usize>().ok());
        let Some(matter) = place.and_then(|place| left.with_untracked(|left| left.get(place).copied())) else { return };
        let asked = Remarking { matter, says: Some(Says::Speaks), reason: String::new() };
        say(editor, asked, busy, refused, || ());
    };
    (move || {
        let left = left.get();
        (!left.is_empty()).then(|| {
            let names = left.iter().map(|matter| matter_name(lang, *matter).to_owned());
            let options = names.enumerate().map(|(place, name)| (place.to_string(), name)).collect::<Vec<_>>();
            view! {
                <div class="spoken-add">
                    <Select label=lang.guide_add() value=chosen options/>
                    <Button busy on_press=add>{lang.guide_add_do()}</Button>
                </div>
                {move || refused.get().map(|text| view! { <p class="notice" data-hue="bad" role="alert">{text}</p> })}
            }
        })
    })
    .into_any()
}

/// Says something of the stored post, so it is stored first.
fn say(
    editor: Editor,
    asked: Remarking,
    busy: RwSignal<bool>,
    refused: RwSignal<Option<String>>,
    done: impl FnOnce() + 'static,
) {
    let lang = editor.lang;
    busy.set(true);
    spawn_local(async move {
        let back = asked.says.is_none();
        let answer = match editor.store().await {
            Ok(()) => {
                let Some(post) = editor.id.try_get_value() else { return };
                api::call(&posts::REMARK, &[post.as_str()], &asked).await
            }
            Err(problem) => Err(problem),
        };
        // The line may have been drawn anew, the page may be gone: only the editor is asked.
        if editor.id.try_get_value().is_none() {
            return;
        }
        let _ = busy.try_set(false);
        match answer {
            Ok(view) => {
                done();
                editor.follow(&view);
                toasts::done(if back { lang.guide_taken_back() } else { lang.guide_said() });
            }
            Err(problem) => drop(refused.try_set(Some(problem_sentence(&problem).to_string()))),
        }
    });
}

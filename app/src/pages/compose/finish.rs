//! The end of the composer: how safe it is, who else is here, what stops it, and the way to whoever decides.

use domain::{
    Act, Channel, StageName,
    edits::{self, Shown},
    guidance::Side,
    policy::Finding,
};
use leptos::{prelude::*, task::spawn_local};
use wire::posts::{self, Correct, Submit};
use words::{language_name, refusal};

use super::{
    editor::{Editor, Saved},
    guidance,
};
use crate::{
    api,
    pages::around,
    parts::{
        arrange,
        checklist::{self, Checklist},
        problem_sentence,
    },
    platform::time::Form,
    routes,
    state::{drafts, pulse, toasts},
    ui::{Button, ReasonDialog, ReasonTexts, Tone},
};

/// "Saved 10:32", and every other way it can be.
#[component]
pub fn SavedLine(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let text = move || match editor.saved.get() {
        _ if editor.correcting => lang.compose_saved_correction().to_owned(),
        Saved::Fresh => lang.compose_saved_fresh().to_owned(),
        Saved::Device => lang.compose_saved_device().to_owned(),
        Saved::Saving => lang.general_saving().to_owned(),
        Saved::Stored(at) => lang.compose_saved_at(around::when(at, Form::Time)),
        Saved::Offline => lang.compose_saved_offline().to_owned(),
        Saved::SignedOut => lang.compose_saved_signed_out().to_owned(),
        Saved::Refused(why) => lang.compose_saved_refused(refusal(lang, &why)),
        Saved::Nowhere => lang.compose_saved_nowhere().to_owned(),
    };
    let hue = move || match editor.saved.get() {
        Saved::Stored(_) => "good",
        Saved::Offline | Saved::SignedOut => "warn",
        Saved::Refused(_) | Saved::Nowhere => "bad",
        _ => "neutral",
    };
    view! { <p class="saved chip" data-hue=hue role="status">{text}</p> }.into_any()
}

/// Keeps somebody from leaving while something exists nowhere else.
pub fn mind_leaving(editor: Editor) {
    // Only what exists nowhere else is worth stopping somebody for.
    let guard = window_event_listener(leptos::ev::beforeunload, move |event| {
        if editor.saved.with_untracked(|saved| *saved == Saved::Nowhere) {
            event.prevent_default();
        }
    });
    on_cleanup(move || guard.remove());
}

/// Who else has it open; they are told that it is open here.
#[component]
pub fn Others(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let others = pulse::write_in(editor.id.get_value(), editor.version() > 0);
    view! {
        <div role="status">
            {move || {
                let names = others.get();
                (!names.is_empty()).then(|| view! {
                    <p class="notice" data-hue="warn">{lang.compose_others(names.join(", "))}</p>
                })
            }}
        </div>
    }
    .into_any()
}

/// What stops it, and the button.
#[component]
pub fn Finish(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let road = around::Road::here();
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<String>);
    let asking = RwSignal::new(false);
    let empty = Memo::new(move |_| {
        editor
            .seen
            .with(|content| content.destinations().all(|(channel, one)| content.rendition(channel, one).is_none()))
    });
    let blocking = Memo::new(move |_| editor.blocking());
    let guide = Memo::new(move |_| guidance::guide(editor));
    let unticked = Memo::new(move |_| {
        guide.with(|guide| editor.ticked.with(|ticked| checklist::still_open(guide, Side::Author, ticked)))
    });
    let checked = move || {
        guide.with_untracked(|guide| {
            editor.ticked.with_untracked(|ticked| checklist::checked(guide, Side::Author, ticked))
        })
    };
    let submit = move || {
        busy.set(true);
        spawn_local(async move {
            let answer = match editor.store().await {
                Ok(()) => {
                    let Some(post) = editor.id.try_get_value() else { return };
                    let submit = Submit { version: editor.version(), checked: checked() };
                    api::call(&posts::SUBMIT, &[post.as_str()], &submit).await
                }
                Err(problem) => Err(problem),
            };
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(view) => {
                    editor.follow(&view);
                    toasts::done(match view.post.stage.name() {
                        StageName::InReview => lang.compose_submitted(),
                        _ => lang.compose_submitted_declared(),
                    });
                    road.to(routes::post(&view.post.id));
                }
                Err(problem) => trouble.set(Some(problem_sentence(&problem).to_string())),
            }
        });
    };
    let correct = Callback::new(move |reason: String| {
        busy.set(true);
        spawn_local(async move {
            let (post, member) = (editor.id.get_value(), editor.me.with_value(|me| me.member.clone()));
            let content = editor.content.get_untracked();
            let correct = Correct { version: editor.version(), content, reason, checked: checked() };
            let answer = api::call(&posts::CORRECT, &[post.as_str()], &correct).await;
            if busy.try_set(false).is_some() {
                return;
            }
            asking.set(false);
            match answer {
                Ok(_) => {
                    drafts::forget(&member, &post);
                    toasts::done(lang.compose_correction_sent());
                    road.to(routes::post(&post));
                }
                Err(problem) => trouble.set(Some(problem_sentence(&problem).to_string())),
            }
        });
    });
    let declared = move || {
        let kind = editor.seen.with(|content| content.kind);
        editor.me.with_value(|me| me.organisation.policy.declared(kind).map(|declaration| declaration.reason.clone()))
    };
    // What is in review or approved already is sent again only after a change.
    let fresh = Memo::new(move |_| {
        let typed = !matches!(editor.saved.get(), Saved::Fresh | Saved::Stored(_));
        typed || (!editor.correcting && editor.stage.get() == StageName::Draft)
    });
    let ready = Signal::derive(move || {
        let stopped = !blocking.with(Vec::is_empty)
            || empty.get()
            || editor.conflict.with(Option::is_some)
            || unticked.with(Option::is_some);
        fresh.get() && !stopped && !editor.is_frozen()
    });
    // In one sentence, and one by one.
    let stopping = Memo::new(move |_| {
        if editor.is_blank() {
            return None;
        }
        let sentence = |one: &Finding| {
            let what = words::finding(lang, one).what;
            match &one.place.language {
                Some(language) => [&*what, " (", &*language_name(lang, language), ")"].concat(),
                None => what.into_owned(),
            }
        };
        let mut said: Vec<String> = blocking.with(|found| found.iter().map(sentence).collect());
        // One sentence for however many channels it is true of.
        arrange(&mut said, Clone::clone);
        said.dedup();
        let text = match (said.len(), empty.get()) {
            // Ticked is what is ready to go.
            (0, false) => unticked.get().filter(|_| fresh.get() && !editor.is_frozen())?,
            (0, true) => lang.compose_stops_empty().to_owned(),
            (count, _) => lang.compose_stops(count),
        };
        Some((text, said))
    });
    let stops = move || {
        let (text, said) = stopping.get()?;
        let listed = said.into_iter().map(|what| view! { <li>{what}</li> }).collect::<Vec<_>>();
        let listed = (!listed.is_empty()).then(|| view! { <ul>{listed}</ul> });
        Some(view! { <p>{text}</p>{listed} })
    };
    // Only whoever sends it ticks; and an empty sheet is not asked anything yet.
    let sends = editor.correcting || editor.may(Act::Submit);
    // Who sees the button sees that it can be pressed now; who does not is told.
    let goes = Memo::new(move |_| sends && ready.get() && !editor.is_blank());
    let asks = Memo::new(move |_| sends && !editor.is_blank() && fresh.get() && !editor.is_frozen());
    let is_disabled = Signal::derive(move || !ready.get());
    let button = if editor.correcting {
        view! {
            <Button tone=Tone::Primary busy disabled=is_disabled on_press=move || asking.set(true)>
                {lang.compose_correct_do()}
            </Button>
        }
        .into_any()
    } else if editor.may(Act::Submit) {
        view! {
            <Button tone=Tone::Primary busy disabled=is_disabled on_press=submit>
                {move || if declared().is_some() { lang.compose_submit_declared() } else { lang.compose_submit() }}
            </Button>
        }
        .into_any()
    } else {
        view! { <p class="hint">{lang.compose_submit_others()}</p> }.into_any()
    };
    view! {
        <footer class="compose-finish">
            {move || asks.get().then(|| view! { <Checklist guide side=Side::Author ticked=editor.ticked/> })}
            // Always there, for only then is it spoken: a button that cannot be pressed is not come to by keys, nor is why.
            <div class="finish-stops" class:unseen=move || stopping.with(Option::is_none) role="status">
                {stops}
                {move || goes.get().then(|| view! { <p>{lang.compose_stops_none()}</p> })}
            </div>
            {move || trouble.get().map(|text| view! { <p class="notice" data-hue="bad" role="alert">{text}</p> })}
            <div class="actions">
                {button}
                // On a phone the rest is not kept in sight.
                {move || stopping.get().map(|(text, _)| view! { <p class="finish-why" aria-hidden="true">{text}</p> })}
                {move || declared().map(|reason| view! { <p class="hint">{lang.compose_kind_declared(reason)}</p> })}
            </div>
            <ReasonDialog open=asking busy on_reason=correct texts=ReasonTexts {
                title: lang.compose_correct_do().to_owned(),
                text: correction(editor),
                reason: lang.general_reason().to_owned(),
                hint: lang.general_reason_hint().to_owned(),
                act: lang.compose_correct_do().to_owned(),
                close: lang.general_cancel().to_owned(),
            } />
        </footer>
    }
    .into_any()
}

/// What becomes of a correction: where the network lets nobody change what is published, a person makes it.
fn correction(editor: Editor) -> String {
    let lang = editor.lang;
    let is_target = |channel: &&Channel| {
        editor.content.with_untracked(|content| content.targets.iter().any(|target| target.channel == channel.id))
    };
    let names = editor.channels.with_untracked(|channels| {
        let by_hand = channels.iter().filter(|channel| !channel.network.corrects_itself()).filter(is_target);
        by_hand.map(|channel| channel.name.clone()).collect::<Vec<_>>().join(", ")
    });
    let seen = |shown: Shown| {
        editor.channels.with_untracked(|channels| {
            let going = channels.iter().filter(|channel| edits::shown(channel.network).0 == shown).filter(is_target);
            let going = going.filter(|channel| channel.network.can_edit());
            going.map(|channel| channel.name.clone()).collect::<Vec<_>>().join(", ")
        })
    };
    let (versions, first) = (seen(Shown::Versions), seen(Shown::First));
    let more = [
        (!names.is_empty()).then(|| lang.compose_correct_by_hand(names)),
        (!versions.is_empty()).then(|| lang.edits_before_versions(versions)),
        (!first.is_empty()).then(|| lang.edits_before_first(first)),
    ];
    let all = std::iter::once(lang.compose_correct_text().to_owned()).chain(more.into_iter().flatten());
    all.collect::<Vec<_>>().join(" ")
}

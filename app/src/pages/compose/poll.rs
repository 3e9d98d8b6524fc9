//! The poll of a post: its answers, a text a language with one a line, how long it is open and how it is counted. What a channel
//! does not take of it is said below, by the rule.

use domain::{
    Language, Poll,
    poll::{OFFERED, Takes, answers, taken_by},
};
use leptos::prelude::*;
use words::{language_name, poll_open};

use super::{editor::Editor, findings};
use crate::{pages::symbols, parts::arrange};

/// What the channels take that it goes to: the tightest counts. Where none takes one, Mastodon's numbers help whoever writes.
fn tightest(editor: Editor) -> (u32, u32) {
    let chosen: Vec<_> =
        editor.seen.with(|content| content.targets.iter().map(|target| target.channel.clone()).collect());
    let takes: Vec<Takes> = editor.channels.with(|channels| {
        let going = channels.iter().filter(|channel| chosen.contains(&channel.id) && !channel.assisted);
        going.filter_map(taken_by).collect()
    });
    let least = |of: fn(&Takes) -> u32, none: u32| takes.iter().map(of).min().unwrap_or(none);
    (least(|takes| takes.answers, 4), least(|takes| takes.characters, 50))
}

/// Whether it asks with a poll, and with which.
#[component]
pub fn Asking(editor: Editor) -> AnyView {
    let lang = editor.lang;
    // To edit one that is out would wipe its votes.
    let locked = !editor.may_write() || editor.correcting;
    let poll = Memo::new(move |_| editor.seen.with(|content| content.poll.clone()));
    let is_on = Memo::new(move |_| poll.with(Option::is_some));
    // What was written is there again for whoever ticks it off by mistake.
    let before = StoredValue::new(None::<Poll>);
    let turn = move |event| {
        let on = event_target_checked(&event);
        editor.content.update(|content| {
            if on {
                content.poll = content.poll.take().or(before.get_value()).or(Some(Poll::begun()));
            } else {
                before.set_value(content.poll.take());
            }
        });
    };
    let change = move |of: &dyn Fn(&mut Poll)| {
        editor.content.update(|content| content.poll.iter_mut().for_each(of));
    };
    let languages = Memo::new(move |_| {
        let mut wanted: Vec<Language> =
            editor.seen.with(|content| content.destinations().map(|(_, language)| language.clone()).collect());
        arrange(&mut wanted, |one| editor.languages().iter().position(|other| other == one));
        wanted.dedup();
        if wanted.is_empty() { editor.languages().into_iter().take(1).collect() } else { wanted }
    });
    let minutes = Memo::new(move |_| poll.with(|poll| poll.as_ref().map_or(1_440, |poll| poll.minutes)));
    let set_minutes = move |event| {
        if let Ok(minutes) = event_target_value(&event).parse::<u32>() {
            change(&|poll| poll.minutes = minutes);
        }
    };
    let lengths = move || {
        // One that came from elsewhere is kept as it is.
        let own = Some(minutes.get()).filter(|own| !OFFERED.contains(own));
        let option = |one: u32| {
            let is_chosen = move || minutes.get() == one;
            view! { <option value=one.to_string() prop:selected=is_chosen>{poll_open(lang, one)}</option> }
        };
        own.into_iter().chain(OFFERED).map(option).collect_view()
    };
    let several = Memo::new(move |_| poll.with(|poll| poll.as_ref().is_some_and(|poll| poll.several)));
    let hidden = Memo::new(move |_| poll.with(|poll| poll.as_ref().is_some_and(|poll| poll.hidden)));
    let found = Signal::derive(move || findings::of_poll(editor));
    view! {
        <section class="compose-section" aria-label=lang.poll_title()>
            <h2>{lang.poll_title()}</h2>
            <label class="check">
                <input type="checkbox" disabled=locked prop:checked=move || is_on.get() on:change=turn aria-describedby="poll-hint" />
                <span>{lang.poll_add()}</span>
            </label>
            <p class="hint" id="poll-hint">{if editor.correcting { lang.poll_fixed() } else { lang.poll_hint() }}</p>
            <Show when=move || is_on.get()>
                {move || languages.get().into_iter().map(|language| of_language(editor, language)).collect::<Vec<_>>()}
                <div class="field">
                    <label for="poll-length">{lang.poll_length()}</label>
                    <select id="poll-length" class="input" disabled=locked on:change=set_minutes aria-describedby="poll-length-hint">
                        {lengths}
                    </select>
                    <p class="hint" id="poll-length-hint">{lang.poll_length_hint()}</p>
                </div>
                <label class="check">
                    <input type="checkbox" disabled=locked prop:checked=move || several.get()
                        on:change=move |event| { let on = event_target_checked(&event); change(&|poll| poll.several = on); } />
                    <span>{lang.poll_several_label()}</span>
                </label>
                <label class="check">
                    <input type="checkbox" disabled=locked prop:checked=move || hidden.get()
                        on:change=move |event| { let on = event_target_checked(&event); change(&|poll| poll.hidden = on); } />
                    <span>{lang.poll_hidden_label()}</span>
                </label>
                <findings::List editor found=found area=None part=None />
            </Show>
        </section>
    }
    .into_any()
}

/// The answers in a language.
fn of_language(editor: Editor, language: Language) -> AnyView {
    let lang = editor.lang;
    let tag = language.to_string();
    let (id, hint) = (format!("poll-{tag}"), format!("poll-{tag}-hint"));
    let locked = !editor.may_text(&language) || editor.correcting;
    let key = StoredValue::new(language.clone());
    let written = Memo::new(move |_| {
        let of = |poll: &Poll| key.with_value(|key| poll.answers.get(key).cloned());
        editor.seen.with(|content| content.poll.as_ref().and_then(of)).unwrap_or_default()
    });
    let set = move |event| {
        let value = event_target_value(&event);
        editor.content.update(|content| {
            let (key, Some(poll)) = (key.get_value(), &mut content.poll) else { return };
            if value.is_empty() { drop(poll.answers.remove(&key)) } else { drop(poll.answers.insert(key, value)) }
        });
    };
    let said = move || {
        let (most, characters) = tightest(editor);
        [lang.poll_answers_hint(characters, most), lang.poll_answers_count(written.with(|text| answers(text).count()))]
            .join(" ")
    };
    let label = lang.poll_answers(language_name(lang, &language));
    view! {
        <div class="field">
            <label for=id.clone()>{label.clone()}</label>
            <textarea id=id.clone() class="input" lang=tag rows="4" spellcheck="true" readonly=locked aria-describedby=hint.clone()
                prop:value=move || written.get() on:input=set></textarea>
            {symbols::offered(&id, &label, locked)}
            <p class="hint" id=hint>{said}</p>
        </div>
    }
    .into_any()
}

//! Whether the links to the organisation's own websites are marked: one choice for the post, which the previews show in each link.

use domain::CampaignId;
use leptos::prelude::*;

use super::editor::Editor;
use crate::platform::page;

/// Where the choice is found again.
const CHOICE: &str = "utm-choice";

/// The choice. Where the organisation named no website and nothing is marked, there is none to make.
#[component]
pub fn Marked(editor: Editor, locked: bool) -> AnyView {
    let lang = editor.lang;
    let stands = Memo::new(move |_| editor.seen.with(|content| content.utm.clone()));
    let now = Memo::new(move |_| editor.marks_now());
    // The marks follow the post into another campaign; of one that nobody stored yet, into the first.
    let belongs = Memo::new(move |_| (editor.campaign(), editor.campaigns.with(Option::is_some)));
    Effect::watch(
        move || belongs.get(),
        move |(campaign, is_known): &(Option<CampaignId>, bool), before: Option<&(Option<CampaignId>, bool)>, _| {
            let is_other = before.is_some_and(|(before, _)| before != campaign);
            if *is_known && !locked && (is_other || editor.version() == 0) {
                editor.retag();
            }
        },
        true,
    );
    let turn = move |event| {
        let on = event_target_checked(&event);
        let wanted = now.get_untracked().filter(|_| on);
        editor.content.update(|content| content.utm = wanted);
    };
    let renew = move |_| {
        let wanted = now.get_untracked();
        editor.content.update(|content| content.utm = wanted);
        // The button goes with what it is for: the choice is what one goes on with.
        page::focus(CHOICE);
    };
    let is_offered = move || stands.with(Option::is_some) || now.with(Option::is_some);
    let explained = move || {
        let shown = stands.get().or_else(|| now.get());
        shown.map(|utm| words::utm_explained(lang, &utm))
    };
    // What was decided stays until somebody decides anew.
    let stale = move || {
        let now = now.get()?;
        let is_other = stands.with(|stands| stands.as_ref().is_some_and(|stands| *stands != now));
        (is_other && !locked).then(|| {
            view! {
                <p class="hint">{lang.utm_stale(words::utm(lang, &now))}</p>
                <button type="button" class="button quiet" on:click=renew>{lang.utm_renew()}</button>
            }
        })
    };
    view! {
        <Show when=is_offered>
            <div class="utm">
                <label class="check">
                    <input type="checkbox" id=CHOICE disabled=locked prop:checked=move || stands.with(Option::is_some)
                        on:change=turn aria-describedby="utm-hint" />
                    <span>{lang.utm_switch()}</span>
                </label>
                <p class="hint" id="utm-hint">{explained}</p>
                {stale}
            </div>
        </Show>
    }
    .into_any()
}

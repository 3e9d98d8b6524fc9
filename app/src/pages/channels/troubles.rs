//! What went wrong on a channel lately, and what is placed there that will not go out: fetched when somebody opens it.

use domain::ChannelId;
use leptos::{html, prelude::*};
use wire::channels::{Failed, TROUBLES, Troubles};

use crate::{
    api,
    pages::around,
    parts::{ProblemNotice, Work},
    platform::time::Form,
    routes,
    state::lang,
    ui::{Skeleton, el},
};

/// Below the facts of a channel.
#[component]
pub fn History(channel: ChannelId) -> impl IntoView {
    let lang = lang();
    let (found, work) = (RwSignal::new(None::<Troubles>), Work::new());
    let channel = StoredValue::new(channel);
    // Opened again it asks again: something may have happened meanwhile.
    let details = NodeRef::<html::Details>::new();
    let toggled = move |_| {
        if details.get_untracked().is_some_and(|details| details.open()) {
            let channel = channel.get_value();
            let call = async move { api::call(&TROUBLES, &[channel.as_str()], &wire::Nothing {}).await };
            work.run(call, move |troubles| found.set(Some(troubles)));
        }
    };
    view! {
        <details class="channel-history" node_ref=details on:toggle=toggled>
            <summary>{lang.channels_history()}</summary>
            <ProblemNotice problem=work.problem/>
            {move || match found.get() {
                None if work.problem.with(Option::is_some) => ().into_any(),
                None => view! { <Skeleton label=lang.general_loading()/> }.into_any(),
                Some(troubles) => shown(troubles),
            }}
        </details>
    }
    .into_any()
}

fn shown(Troubles { outlook, failures }: Troubles) -> AnyView {
    let lang = lang();
    let outlook = outlook.as_ref().and_then(around::outlook);
    let outlook = outlook.map(|said| el("p", "notice").with("data-hue", "warn").put(el("strong", "").put(said)));
    if failures.is_empty() {
        return view! { {outlook}<p class="hint">{lang.channels_history_none()}</p> }.into_any();
    }
    view! { {outlook}<ol class="lines">{failures.into_iter().map(line).collect_view()}</ol> }.into_any()
}

fn line(failed: Failed) -> AnyView {
    let lang = lang();
    let Failed { post, heading, at, status, code, meaning, message } = failed;
    let heading = if heading.is_empty() { lang.post_untitled().to_owned() } else { heading };
    let meaning = meaning.map(|class| words::meaning(lang, class).what);
    let status = status.map(|status| ["HTTP ", &status.to_string()].concat());
    let facts: Vec<_> = [Some(around::when(at, Form::Full)), status, code].into_iter().flatten().collect();
    view! {
        <li>
            <div class="line-main">
                <a href=routes::post(&post)>{heading}</a>
                {meaning.map(|what| view! { <p>{what}</p> })}
                {(!message.is_empty()).then(|| view! { <p class="small">{lang.channels_says(message)}</p> })}
                <p class="post-facts hint">{facts.join(" · ")}</p>
            </div>
        </li>
    }
    .into_any()
}

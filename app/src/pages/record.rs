//! The record: what was kept, page by page, and a check of the whole chain that this browser makes by itself.

use domain::record::{Break, Entry, GENESIS, verify};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use wire::records::{self, From, Records};
use words::{chain_break, subject_name};

use super::around::{self, Fetched, Road};
use crate::{
    api::{self, Problem},
    parts::ProblemNotice,
    platform::{hand, time::Form},
    routes,
    state::lang,
    ui::{Button, Empty, Glyph, Gravity, Notice, Tone},
};

/// What the check found so far.
#[derive(Debug, Clone, PartialEq)]
enum Check {
    Idle,
    Running { checked: u64, head: u64 },
    Whole { checked: u64, chain: String },
    Broken(Break),
}

/// The page.
#[component]
pub fn RecordPage() -> AnyView {
    let lang = lang();
    let (road, query) = (Road::here(), use_query_map());
    let after = Memo::new(move |_| {
        query.with(|query| query.get("after")).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0)
    });
    around::title(lang.record_title());
    let page = Fetched::new(move || {
        let after = after.get_untracked();
        async move { api::call(&records::RECORDS, &[], &From { after }).await }
    });
    Effect::watch(move || after.get(), move |_, _, _| page.again(), false);
    let go = move |after: u64| road.to(format!("{}?after={after}", routes::RECORD));
    view! {
        <div class="record">
            <header class="page-head">
                <h1>{lang.record_title()}</h1>
                <Button glyph=Glyph::Book on_press=hand::print>{lang.general_print()}</Button>
            </header>
            <p class="lead">{lang.record_lead()}</p>
            <Checker />
            {page.draw(move |page| draw(page, after.get(), go))}
        </div>
    }
    .into_any()
}

/// Checks the whole chain, page by page, with the very function that the engine seals with.
#[component]
fn Checker() -> AnyView {
    let lang = lang();
    let check = RwSignal::new(Check::Idle);
    let problem = RwSignal::new(None::<Problem>);
    let run = move || {
        problem.set(None);
        check.set(Check::Running { checked: 0, head: 0 });
        spawn_local(async move {
            let mut stand = (0_u64, GENESIS.to_owned());
            loop {
                let page = match api::call(&records::RECORDS, &[], &From { after: stand.0 }).await {
                    Ok(page) => page,
                    Err(trouble) => {
                        let _ = problem.try_set(Some(trouble));
                        return drop(check.try_set(Check::Idle));
                    }
                };
                let next = match verify((stand.0, &stand.1), &page.entries) {
                    Ok(next) => next,
                    Err(found) => return drop(check.try_set(Check::Broken(found))),
                };
                // The engine's own words about its head must be what the entries lead to.
                let ended = page.entries.is_empty() || next.0 >= page.head;
                if ended {
                    let agrees = next.0 == page.head && (page.head == 0 || next.1 == page.head_chain);
                    let found = if agrees {
                        Check::Whole { checked: next.0, chain: next.1 }
                    } else {
                        Check::Broken(Break::Gap { expected: page.head, found: next.0 })
                    };
                    return drop(check.try_set(found));
                }
                stand = next;
                if check.try_set(Check::Running { checked: stand.0, head: page.head }).is_some() {
                    return;
                }
            }
        });
    };
    let busy = Signal::derive(move || matches!(check.get(), Check::Running { .. }));
    view! {
        <section class="record-check" aria-labelledby="record-check">
            <h2 id="record-check">{lang.record_check()}</h2>
            <p class="hint">{lang.record_check_hint()}</p>
            <Button tone=Tone::Primary busy on_press=run>{lang.record_check_do()}</Button>
            <div role="status" aria-live="polite">
                {move || match check.get() {
                    Check::Idle => ().into_any(),
                    Check::Running { checked, head } => view! {
                        <p>{lang.record_checking(checked, head)}</p>
                        <progress max=head.max(1).to_string() value=checked.to_string()></progress>
                    }
                    .into_any(),
                    Check::Whole { checked, chain } => view! {
                        <Notice gravity=Gravity::Good title=lang.record_whole(checked)>
                            <p>{lang.record_whole_head()}" "<code class="hash">{chain}</code></p>
                        </Notice>
                    }
                    .into_any(),
                    Check::Broken(found) => {
                        let sentence = chain_break(lang, &found);
                        view! { <Notice gravity=Gravity::Bad title=sentence.what><p>{sentence.next}</p></Notice> }.into_any()
                    }
                }}
            </div>
            <ProblemNotice problem />
        </section>
    }
    .into_any()
}

fn draw(page: Records, after: u64, go: impl Fn(u64) + Copy + Send + Sync + 'static) -> AnyView {
    let lang = lang();
    if page.head == 0 && page.unsealed == 0 {
        return view! { <Empty glyph=Glyph::Book title=lang.record_empty_title() text=lang.record_empty_text() /> }
            .into_any();
    }
    let sealed = page.head_at.map(|at| lang.record_head(around::when(at, Form::Full), page.head));
    let waiting = (page.unsealed > 0).then(|| view! { <p class="hint">{lang.record_unsealed(page.unsealed)}</p> });
    let last = page.entries.last().map_or(after, |entry| entry.seq);
    let (has_before, has_after) = (after > 0, last < page.head);
    let lines: Vec<_> = page.entries.iter().map(entry).collect();
    view! {
        <section class="record-head">
            {sealed.map(|text| view! { <p>{text}</p> })}
            <p><code class="hash">{page.head_chain.clone()}</code></p>
            {waiting}
        </section>
        <ol class="entries" start=(after + 1).to_string()>{lines}</ol>
        <nav class="actions" aria-label=lang.record_pages()>
            <Button glyph=Glyph::Before disabled=Signal::stored(!has_before) on_press=move || go(after.saturating_sub(100))>
                {lang.record_before()}
            </Button>
            <Button glyph=Glyph::After disabled=Signal::stored(!has_after) on_press=move || go(last)>
                {lang.record_after()}
            </Button>
        </nav>
    }
    .into_any()
}

fn entry(entry: &Entry) -> AnyView {
    let lang = lang();
    // Only the reading form is indented; what was sealed stays as it is in `body`.
    let body = entry.body.as_ref().map(|body| {
        let value = serde_json::from_str::<serde_json::Value>(body).unwrap_or_default();
        serde_json::to_string_pretty(&value).unwrap_or_default()
    });
    let inside = match body {
        Some(body) => view! { <pre>{body}</pre> }.into_any(),
        None => view! { <p class="hint">{lang.record_erased()}</p> }.into_any(),
    };
    view! {
        <li class="entry">
            <details>
                <summary>
                    <b class="entry-number">{entry.seq}</b>
                    <span>{subject_name(lang, entry.subject)}</span>
                    <time>{around::when(entry.at, Form::Full)}</time>
                </summary>
                {inside}
                <p class="hint">{lang.record_digest()}" "<code class="hash">{entry.digest.clone()}</code></p>
            </details>
        </li>
    }
    .into_any()
}

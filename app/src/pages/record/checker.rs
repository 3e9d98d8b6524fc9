//! A check of the whole chain that this browser makes by itself.

use domain::record::{Break, GENESIS, verify};
use leptos::{prelude::*, task::spawn_local};
use wire::records::{self, From};
use words::chain_break;

use crate::{
    api::{self, Problem},
    parts::ProblemNotice,
    state::lang,
    ui::{Button, Gravity, Notice},
};

/// What the check found so far.
#[derive(Debug, Clone, PartialEq)]
enum Check {
    Idle,
    Running { checked: u64, head: u64 },
    Whole { checked: u64, chain: String },
    Broken(Break),
}

/// Checks the whole chain, page by page, with the very function that the engine seals with.
#[component]
pub fn Checker() -> AnyView {
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
            <Button busy on_press=run>{lang.record_check_do()}</Button>
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

//! A whole campaign moved by some days: what would become of each of its posts first, then all of them or none.

use domain::{
    Moment, Themes,
    hours::midnight,
    shift::{MOST, Mind, Wanted},
    slot::read_day,
};
use leptos::{ev, prelude::*};
use serde::Deserialize;
use serde_json::Value;
use wire::{
    Nothing,
    calendar::{Because, Moving, SHIFT, Shift},
    campaigns::THEMES,
};
use words::campaign_name;

use super::{super::Board, super::sieve::Facet, together};
use crate::{
    api::{self, trouble},
    pages::around::{self, Fetched},
    parts::{ProblemNotice, Work},
    platform::time::Form,
    state::{lang, second},
    ui::{Button, Dialog, Gravity, Notice, Select, TextField, Tone},
};

/// What the engine says would become of them. As it came: what reads a refusal is fetched once, for all pages.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Looked {
    moves: Vec<Moving>,
    stays: Vec<Stays>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Stays {
    heading: String,
    at: Moment,
    why: Value,
}

/// The dialog; open for as long as it is there.
pub fn shift(board: Board) -> AnyView {
    let lang = lang();
    let open = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            board.asked.set(None);
        }
    });
    let themes = Fetched::new(|| async { api::call(&THEMES, &[], &Nothing {}).await });
    view! {
        <Dialog open title=lang.calendar_shift_title() close=lang.general_close() wide=true>
            {themes.draw(move |themes: Themes| {
                if themes.campaigns.is_empty() {
                    return view! { <p>{lang.calendar_shift_none()}</p> }.into_any();
                }
                form(board, open, themes)
            })}
        </Dialog>
    }
    .into_any()
}

fn form(board: Board, open: RwSignal<bool>, themes: Themes) -> AnyView {
    let lang = lang();
    // Who looks at a campaign means it.
    let looked_at = board.sieve.with_untracked(|sieve| sieve.get(Facet::Campaign).to_owned());
    let known = themes.campaigns.iter().any(|one| one.id.as_str() == looked_at);
    let first = || themes.campaigns.first().map(|one| one.id.to_string()).unwrap_or_default();
    let campaign = RwSignal::new(if known { looked_at } else { first() });
    let options = themes.campaigns.iter().map(|one| (one.id.to_string(), campaign_name(lang, one))).collect();
    let days = RwSignal::new("1".to_owned());
    let (from, until) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (look, work) = (Work::new(), board.moving);
    work.problem.set(None);
    let looked = RwSignal::new(None::<Looked>);
    // What was looked at is of what was asked then.
    Effect::watch(
        move || (campaign.get(), days.get(), from.get(), until.get()),
        move |_, _, _| looked.set(None),
        false,
    );
    let start = move |day: RwSignal<String>, later: u64| {
        let day = day.with_untracked(|day| read_day(day))?.checked_add_days(chrono::Days::new(later))?;
        Some(board.zone.with_value(|zone| midnight(day, zone)).0)
    };
    let ask = move |event: ev::SubmitEvent| {
        event.prevent_default();
        // What is no number is refused as none at all.
        let days = days.with_untracked(|days| days.trim().parse().unwrap_or_default());
        let (asked, id) = (Shift { days, from: start(from, 0), until: start(until, 1) }, campaign.get_untracked());
        look.run(
            async move {
                let found = api::part::<_, _, Looked>(&SHIFT, &[&id], &asked).await?;
                // So that why something stays can be said.
                trouble::bring().await;
                Ok(found)
            },
            move |found| looked.set(Some(found)),
        );
    };
    let go = Callback::new(move |moves: Vec<Moving>| {
        let stood: Vec<_> = moves.iter().map(|one| (one.post.clone(), one.from)).collect();
        let wanted = board.zone.with_value(|zone| {
            moves.into_iter().map(|one| Wanted::at(one.post, one.version, one.to, zone)).collect::<Vec<_>>()
        });
        work.run(together::rearrange(wanted, Because::Shift), move |moved| {
            together::moved(board, open, lang.calendar_shift_done(moved.len()), stood, moved);
        });
    });
    view! {
        <form class="stack" on:submit=ask>
            <p class="hint">{lang.calendar_shift_text(MOST)}</p>
            <Select label=lang.calendar_by_campaign() value=campaign options />
            <div class="columns">
                <TextField label=lang.calendar_shift_days() hint=lang.calendar_shift_days_hint() value=days kind="number" required=true />
                <TextField label=lang.calendar_shift_from() value=from kind="date" />
                <TextField label=lang.calendar_shift_until() value=until kind="date" />
            </div>
            <ProblemNotice problem=look.problem />
            <div class="actions"><Button submit=true busy=look.busy>{lang.calendar_shift_look()}</Button></div>
        </form>
        <div role="status">{move || looked.get().map(|looked| shown(looked, work, go))}</div>
        <ProblemNotice problem=work.problem />
    }
    .into_any()
}

/// What would become of them, and the button that does it.
fn shown(looked: Looked, work: Work, go: Callback<Vec<Moving>>) -> AnyView {
    let lang = lang();
    let Looked { moves, stays } = looked;
    let named = |heading: &str| if heading.is_empty() { lang.post_untitled().to_owned() } else { heading.to_owned() };
    let when = |at: Moment| second::beside(around::when(at, Form::Full), at);
    let going = moves.iter().map(|one| {
        let minds = one.minds.iter().map(|mind| view! { <span class="slip-missed">{minded(mind)}</span> });
        view! {
            <li>
                <div class="line-main">
                    <b>{named(&one.heading)}</b>
                    <span>{lang.calendar_shift_from_to(when(one.from), when(one.to))}</span>
                    {minds.collect::<Vec<_>>()}
                </div>
            </li>
        }
    });
    let going = going.collect::<Vec<_>>();
    let staying = stays.iter().map(|one| {
        view! {
            <li>
                <div class="line-main">
                    <b>{named(&one.heading)}</b>
                    <span class="hint">{when(one.at)}</span>
                    <span>{why(&one.why)}</span>
                </div>
            </li>
        }
    });
    let staying = staying.collect::<Vec<_>>();
    let stay = (!staying.is_empty()).then(|| {
        view! { <h3>{lang.calendar_shift_stays(staying.len())}</h3><ul class="lines">{staying}</ul> }
    });
    let count = going.len();
    if count == 0 {
        return view! { <Notice gravity=Gravity::Warn title=lang.calendar_shift_nothing()/> {stay} }.into_any();
    }
    let press = move || go.run(moves.clone());
    view! {
        <h3>{lang.calendar_shift_moves(count)}</h3>
        <ul class="lines">{going}</ul>
        {stay}
        <div class="actions end">
            <Button tone=Tone::Primary busy=work.busy on_press=press>{lang.calendar_shift_do(count)}</Button>
        </div>
    }
    .into_any()
}

fn minded(mind: &Mind) -> String {
    let lang = lang();
    match mind {
        Mind::Near { heading } => lang.calendar_clash_near(heading),
        Mind::Again { at } => lang.calendar_clash_again(around::when(*at, Form::Full)),
        Mind::Same { heading, at } => lang.calendar_clash_same(heading, around::when(*at, Form::Full)),
        Mind::Closed => lang.calendar_mind_closed().to_owned(),
        Mind::Short { until } => lang.calendar_mind_short(around::when(*until, Form::Full)),
    }
}

/// Why a post stays where it is.
fn why(refusal: &Value) -> String {
    let lang = lang();
    // The sentence of a stage asks for another act; here there is none.
    if refusal["refusal"] == "wrong_stage" {
        return lang.calendar_shift_is_out().to_owned();
    }
    trouble::sentence_of(lang, refusal).to_string()
}

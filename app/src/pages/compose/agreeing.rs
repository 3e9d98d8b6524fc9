//! What comes after the writing: who will have to agree and by when, the hour that is planned, and narrower times to be
//! agreed to. Reckoned here, with the rules that the engine obeys, from the bylaws as they stand; it follows every choice
//! that changes them (channels, kind, languages, what is found in the text).

use std::collections::BTreeSet;

use domain::{
    Act, MemberId, Plan, Role, StageName,
    circuit::Facts,
    hours::Calendar,
    party::Person,
    round::{Expected, Margin, expected},
    slot,
};
use leptos::{prelude::*, task::spawn_local};
use wire::{
    Nothing,
    bylaws::{BYLAWS, Standing},
    posts::{self, Narrow, PostView},
};

use super::{editor::Editor, guidance};
use crate::{
    api,
    pages::{
        around,
        calendar::{Movable, Moved, Mover, Places},
    },
    parts::{ProblemNotice, Work},
    platform::time::{self, Form},
    state::toasts,
    ui::{Button, Glyph, Tone},
};

/// What the stored post says besides its content.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Planned {
    /// Who wrote it first.
    author: Option<MemberId>,
    /// Who wrote in it.
    hands: BTreeSet<MemberId>,
    /// The hour that is wished, or was lost.
    plan: Option<Plan>,
    /// Narrower times.
    margin: Option<Margin>,
}

impl Planned {
    /// Of a stored post.
    pub fn of(view: &PostView) -> Self {
        let post = &view.post;
        let (author, hands) = (Some(post.author.clone()), post.hands.clone());
        Self { author, hands, plan: post.plan.clone(), margin: post.margin.clone() }
    }
}

/// The part of the page.
#[component]
pub fn Agreeing(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let standing = RwSignal::new(None::<Option<Standing>>);
    spawn_local(async move {
        let answer = api::call(&BYLAWS, &[], &Nothing {}).await.ok();
        let _ = standing.try_set(Some(answer));
    });
    let declared = Memo::new(move |_| {
        let kind = editor.seen.with(|content| content.kind);
        editor.me.with_value(|me| me.organisation.policy.declared(kind).is_some())
    });
    let facts = Memo::new(move |_| {
        let author = editor.planned.with(|planned| planned.author.clone());
        let own = editor.me.with_value(|me| me.role);
        let role = |standing: &Standing| -> Option<Role> {
            Some(standing.colleagues.iter().find(|one| Some(&one.id) == author.as_ref())?.role)
        };
        let author = standing.with(|standing| standing.as_ref()?.as_ref().and_then(role)).unwrap_or(own);
        let found = editor.findings.get();
        let spoken = guidance::matters(editor);
        editor.belongs.with(|belongs| editor.seen.with(|content| Facts::of(content, belongs, author, &found, spoken)))
    });
    let steps = Memo::new(move |_| {
        let facts = facts.get();
        let mut hands = editor.planned.with(|planned| planned.hands.clone());
        hands.insert(editor.me.with_value(|me| me.member.clone()));
        standing.with(|standing| {
            let standing = standing.as_ref()?.as_ref()?;
            let circuit = standing.bylaws.circuit(&facts);
            let people = standing.bylaws.people(standing.colleagues.clone());
            let found = editor.me.with_value(|me| {
                let calendar = Calendar { hours: &standing.bylaws.hours, zone: &me.zone };
                expected(&circuit, &facts, &hands, &people, calendar, time::now())
            });
            let named = |one: Expected| {
                let step = circuit.steps.iter().find(|step| step.id == one.step);
                let name = step.map(|step| step.name.clone()).filter(|name| !name.trim().is_empty());
                (name.unwrap_or_else(|| lang.plan_agreeing_usual().to_owned()), one)
            };
            Some(found.into_iter().map(named).collect::<Vec<_>>())
        })
    });
    let who = move || {
        if declared.get() {
            return view! { <p>{lang.plan_agreeing_declared()}</p> }.into_any();
        }
        match (steps.get(), standing.with(Option::is_some)) {
            (Some(steps), _) => {
                let names = standing.with(|standing| {
                    standing.as_ref().and_then(|one| one.as_ref()).map(|one| one.names.clone()).unwrap_or_default()
                });
                let lines = steps.iter().map(|(name, step)| line(editor, name, step, &names)).collect::<Vec<_>>();
                view! { <ol class="agreeing-steps">{lines}</ol> }.into_any()
            }
            (None, true) => view! { <p class="hint">{lang.plan_agreeing_unknown()}</p> }.into_any(),
            (None, false) => view! { <p class="hint" role="status">{lang.general_loading()}</p> }.into_any(),
        }
    };
    let tight = move || {
        let slot = editor.planned.with(|planned| planned.plan.as_ref()?.wished().cloned())?;
        let by = steps.get()?.iter().filter_map(|(_, step)| step.by).max()?;
        (!declared.get() && slot.at < by).then(|| {
            let text = lang.plan_agreeing_tight(around::when(by, Form::Full), around::when(slot.at, Form::Full));
            view! { <p class="notice" data-hue="warn">{text}</p> }
        })
    };
    // A correction has its hour already: at once, when it is agreed to.
    let plans = !editor.correcting;
    let asks = move || plans && !declared.get() && editor.stage.get() == StageName::Draft && editor.may(Act::Submit);
    view! {
        <section class="compose-section agreeing" aria-labelledby="agreeing-title">
            <h2 id="agreeing-title">{lang.plan_agreeing_title()}</h2>
            {plans.then(|| view! { <Hour editor /> })}
            <div aria-live="polite">{tight}</div>
            {who}
            {move || asks().then(|| view! { <Only editor /> })}
        </section>
    }
    .into_any()
}

/// A step: who, how many of them, by when.
fn line(editor: Editor, name: &str, step: &Expected, names: &[(MemberId, String)]) -> AnyView {
    let lang = editor.lang;
    let person = |(person, away): &(Person, Option<domain::Moment>)| {
        let name = match person {
            Person::Member { member } => around::name_of(names, member),
            Person::Outside { mailbox } => mailbox.as_str().to_owned(),
        };
        match away {
            Some(until) => lang.plan_agreeing_away(name, around::when(*until, Form::Date)),
            None => name,
        }
    };
    let people: Vec<String> = step.people.iter().map(person).collect();
    let (count, listed) = (people.len(), people.join(", "));
    let who = match step.needed {
        _ if count < step.needed => lang.plan_agreeing_nobody().to_owned(),
        needed if needed == count => lang.plan_agreeing_all(listed),
        1 => lang.plan_agreeing_any(listed),
        needed => lang.plan_agreeing_some(listed, needed),
    };
    let by = match step.by {
        Some(by) => lang.plan_agreeing_by(around::when(by, Form::Full)),
        None => lang.plan_agreeing_no_deadline().to_owned(),
    };
    view! { <li><b>{name.to_owned()}</b>" "{who}" "<span class="hint">{by}</span></li> }.into_any()
}

/// What the engine has now is what the editor goes on from.
fn follow(editor: Editor, view: &PostView) {
    editor.follow(view);
}

/// The hour that is planned.
#[component]
fn Hour(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let work = Work::new();
    let mover = Mover::new(move |moved| {
        if let Moved::Done(_, _, slot) = moved {
            let text = match slot {
                Some(at) => lang.plan_placed(around::when(at, Form::Full)),
                None => lang.post_unplaced().to_owned(),
            };
            toasts::done(text);
            spawn_local(async move {
                let Some(post) = editor.id.try_get_value() else { return };
                if let Ok(view) = api::call(&posts::READ, &[post.as_str()], &Nothing {}).await
                    && editor.planned.try_get_untracked().is_some()
                {
                    follow(editor, &view);
                }
            });
        }
    });
    let wished = move || editor.planned.with(|planned| planned.plan.as_ref().and_then(Plan::wished).cloned());
    let movable = move || Movable {
        post: editor.id.get_value(),
        version: editor.version(),
        heading: editor.content.with_untracked(domain::Content::heading),
        now_at: wished().map(|slot| slot.at),
        agreed: false,
    };
    // Only what is stored has a version to speak of.
    let ask = move || {
        work.run(async move { editor.store().await }, move |()| {
            if editor.version() > 0 {
                mover.ask(movable());
            }
        });
    };
    let remove = move || work.run(async move { editor.store().await }, move |()| mover.unplace(movable()));
    let said = move || match editor.planned.with(|planned| planned.plan.clone()) {
        Some(Plan::Wished { slot, .. }) if slot.at < time::now() => lang.plan_over(around::when(slot.at, Form::Full)),
        Some(Plan::Wished { slot, .. }) => lang.plan_would(around::when(slot.at, Form::Full), slot.zone),
        Some(Plan::Missed { slot, why, .. }) => words::missed(lang, why, around::when(slot.at, Form::Full)),
        None => lang.plan_agreeing_none().to_owned(),
    };
    let may = move || {
        let stage = editor.stage.get();
        editor.may(Act::Publish) && matches!(stage, StageName::Draft | StageName::InReview)
    };
    let nothing = Signal::derive(move || {
        editor.saved.track();
        editor.is_blank() && editor.version() == 0
    });
    view! {
        <p>{said}</p>
        <Show when=may>
            <div class="actions">
                <Button glyph=Glyph::Clock busy=work.busy disabled=nothing on_press=ask>
                    {move || if wished().is_some() { lang.plan_move() } else { lang.plan_place() }}
                </Button>
                <Show when=move || wished().is_some()>
                    <Button tone=Tone::Quiet busy=work.busy on_press=remove>{lang.plan_remove()}</Button>
                </Show>
            </div>
        </Show>
        <ProblemNotice problem=work.problem />
        <Places placing=mover />
    }
    .into_any()
}

/// Narrower times: what is agreed to with the post.
#[component]
fn Only(editor: Editor) -> AnyView {
    let lang = editor.lang;
    let now = editor.planned.with_untracked(|planned| planned.margin.clone());
    let hour = editor.planned.with_untracked(|planned| planned.plan.as_ref().and_then(Plan::wished).cloned());
    // The hour that is planned says what is most likely meant.
    let usual = hour.map_or_else(|| editor.me.with_value(|me| me.zone.civil(time::now())), |slot| slot.civil);
    let (mut which, mut day) = ("any", usual.date().to_string());
    let (mut from, mut until) = (slot::civil_text(usual), slot::civil_text(usual));
    match now {
        None => {}
        Some(Margin::Day { day: only }) => (which, day) = ("day", only.to_string()),
        Some(Margin::Between { from: first, until: last }) => {
            (which, from, until) = ("between", slot::civil_text(first), slot::civil_text(last));
        }
    }
    let which = RwSignal::new(which.to_owned());
    let (day, from, until) = (RwSignal::new(day), RwSignal::new(from), RwSignal::new(until));
    let wrong = RwSignal::new(false);
    let work = Work::new();
    let margin = move || -> Option<Option<Margin>> {
        let civil = |text: RwSignal<String>| slot::parse_civil(&text.get_untracked()).ok();
        Some(match which.get_untracked().as_str() {
            "day" => Some(Margin::Day { day: slot::read_day(&day.get_untracked())? }),
            "between" => Some(Margin::Between { from: civil(from)?, until: civil(until)? }),
            _ => None,
        })
    };
    let keep = move || {
        let Some(margin) = margin() else { return wrong.set(true) };
        wrong.set(false);
        let call = async move {
            editor.store().await?;
            let narrow = Narrow { version: editor.version(), margin };
            api::call(&posts::NARROW, &[editor.id.get_value().as_str()], &narrow).await
        };
        work.run(call, move |view| {
            follow(editor, &view);
            toasts::done(lang.plan_agreeing_only_kept());
        });
    };
    let nothing = Signal::derive(move || {
        editor.saved.track();
        editor.is_blank() && editor.version() == 0
    });
    let option = move |value: &'static str, text: &'static str| {
        view! { <option value=value prop:selected=move || which.get() == value>{text}</option> }
    };
    let field = move |id: &'static str, label: &'static str, kind: &'static str, value: RwSignal<String>| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <input id=id class="input" type=kind required aria-invalid=move || wrong.get().then_some("true")
                    prop:value=move || value.get() on:input=move |event| value.set(event_target_value(&event)) />
            </div>
        }
    };
    view! {
        <div class="agreeing-only">
            <div class="field">
                <label for="only">{lang.plan_agreeing_only()}</label>
                <select id="only" class="input" aria-describedby="only-hint" on:change=move |event| which.set(event_target_value(&event))>
                    {option("any", lang.plan_agreeing_only_any())}
                    {option("day", lang.plan_agreeing_only_day())}
                    {option("between", lang.plan_agreeing_only_between())}
                </select>
                <p class="hint" id="only-hint">{lang.plan_agreeing_only_hint()}</p>
            </div>
            {move || match which.get().as_str() {
                "day" => field("only-day", lang.plan_agreeing_day(), "date", day).into_any(),
                "between" => view! {
                    {field("only-from", lang.plan_agreeing_from(), "datetime-local", from)}
                    {field("only-until", lang.plan_agreeing_until(), "datetime-local", until)}
                }
                .into_any(),
                _ => ().into_any(),
            }}
            <div class="actions">
                <Button busy=work.busy disabled=nothing on_press=keep>{lang.plan_agreeing_only_do()}</Button>
            </div>
            <ProblemNotice problem=work.problem />
        </div>
    }
    .into_any()
}

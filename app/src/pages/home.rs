//! What needs me now: each thing with its reason and the one button that deals with it, then what goes out this week.

mod first;

use domain::{
    Channel, Millis, Moment, StageName,
    custody::{Need, Standing},
    emergency::Owed,
    watch::Outlook,
};
use leptos::prelude::*;
use wire::{
    Nothing,
    emergencies::Pending,
    home::{Ending, EndingKind, Home as Needs, Untold, Window},
    posts::PostRow,
    session::RecoveryRow,
    tasks::Pressing,
};
use words::{health, kind_name, language_name, network_name, publication_state_name};

use super::{
    around::{self, Fetched},
    calendar::{Movable, Moved, Mover, Places, condition, marks, mood},
};
use crate::{
    api,
    parts::arrange,
    platform::time::{self, Form},
    routes,
    state::{
        drafts::{self, LocalDraft},
        lang, session, toasts,
    },
    ui::{Button, Chip, Empty, Glyph, LinkButton, Tone},
};

/// The page's heading: the focus goes there when what had it is put away.
const TITLE: &str = "home-title";

/// The page.
#[component]
pub fn Home() -> AnyView {
    let lang = lang();
    let needs = Fetched::new(|| async { api::call(&wire::home::HOME, &[], &Nothing {}).await });
    needs.follow();
    let mover = Mover::new(move |moved| match moved {
        Moved::Done(wanted, _, slot) => {
            if let Some(at) = slot {
                toasts::done(lang.calendar_moved(wanted.heading, around::when(at, Form::Full)));
            }
            needs.again();
        }
        // Said in the dialog that asked.
        Moved::Trying(..) | Moved::Refused(..) => {}
    });
    let name = session().me.with_untracked(|me| me.as_ref().map(|me| me.name.clone())).unwrap_or_default();
    around::title(lang.home_title());
    view! {
        <div class="home">
            <header class="page-head">
                <h1 id=TITLE tabindex="-1">{lang.home_hello(name)}</h1>
                <Write />
            </header>
            {needs.draw(move |needs| draw(needs, mover))}
            <Places placing=mover />
        </div>
    }
    .into_any()
}

/// The button to write, for who may.
#[component]
fn Write() -> AnyView {
    let lang = lang();
    if !session().may(domain::Act::Write) {
        return ().into_any();
    }
    view! { <LinkButton href=routes::COMPOSE tone=Tone::Primary glyph=Glyph::Plus>{lang.calendar_new()}</LinkButton> }
        .into_any()
}

fn draw(needs: Needs, mover: Mover) -> AnyView {
    let lang = lang();
    let may_place =
        session().me.with_untracked(|me| me.as_ref().is_some_and(|me| domain::may(me.role, domain::Act::Publish)));
    let own_drafts = unsaved(&needs);
    let nothing_to_do = needs.to_decide.is_empty()
        && needs.troubled.is_empty()
        && needs.to_finish.is_empty()
        && needs.to_place.is_empty()
        && needs.channels.is_empty()
        && needs.silent.is_empty()
        && needs.custody.is_empty()
        && needs.recoveries.is_empty()
        && needs.tasks.is_empty()
        && needs.emergencies.is_empty()
        && needs.windows.is_empty()
        && needs.to_translate.is_empty()
        && needs.proposals == 0
        && needs.ending.is_empty()
        && needs.missing == 0
        && own_drafts.is_empty();
    let calm =
        (nothing_to_do && !needs.coming.is_empty()).then(|| view! { <p class="home-calm">{lang.home_calm()}</p> });
    let bare = nothing_to_do && needs.coming.is_empty();
    let first = match needs.first {
        Some(steps) => {
            let draft = needs.to_finish.first().map(|row| routes::edit(&row.id));
            let written = [&needs.to_place, &needs.to_decide, &needs.coming].into_iter().flatten().next();
            let begun = draft.or_else(|| written.map(|row| routes::post(&row.id)));
            first::steps(steps, begun, move || otherwise(bare))
        }
        None => otherwise(bare),
    };
    let troubled = section(lang.home_troubled(), needs.troubled, "bad", move |row| {
        let why = trouble_of(row);
        line(
            row,
            why,
            view! { <LinkButton href=routes::post(&row.id) tone=Tone::Primary>{lang.home_solve()}</LinkButton> }
                .into_any(),
        )
    });
    let to_decide = section(lang.home_to_decide(), needs.to_decide, "warn", move |row| {
        let href = format!("{}?post={}", routes::APPROVALS, row.id);
        let why = if row.correcting { lang.home_why_correction() } else { lang.home_why_decide() };
        line(
            row,
            why.to_owned(),
            view! { <LinkButton href tone=Tone::Primary>{lang.home_decide()}</LinkButton> }.into_any(),
        )
    });
    let to_finish = section(lang.home_to_finish(), needs.to_finish, "info", move |row| {
        let why = lang.home_why_finish(around::when(row.changed, Form::Full));
        line(row, why, view! { <LinkButton href=routes::edit(&row.id)>{lang.home_finish()}</LinkButton> }.into_any())
    });
    let to_place = section(lang.home_to_place(), needs.to_place, "good", move |row| {
        let (post, heading) = (row.id.clone(), row.heading.clone());
        let wanted = Movable { post, version: row.version, heading, now_at: None, agreed: true };
        let act = if may_place {
            view! { <Button on_press=move || mover.ask(wanted.clone())>{lang.calendar_place()}</Button> }.into_any()
        } else {
            view! { <LinkButton href=routes::post(&row.id)>{lang.calendar_open()}</LinkButton> }.into_any()
        };
        let lost = row.missed.map(|miss| words::missed(lang, miss.why, around::when(miss.at, Form::Full)));
        line(row, lost.unwrap_or_else(|| lang.home_why_place().to_owned()), act)
    });
    view! {
        {own_window()}
        {emergencies(needs.emergencies)}
        {troubled}
        {recoveries(needs.recoveries)}
        {channels(needs.channels, &needs.outlooks)}
        {tasks(needs.tasks)}
        {windows(needs.windows)}
        {custody(needs.custody)}
        {to_decide}
        {kept_here(own_drafts)}
        {to_finish}
        {to_translate(needs.to_translate)}
        {to_place}
        {proposals(needs.proposals)}
        {missing(needs.missing)}
        {ending(needs.ending)}
        {silent(needs.silent)}
        {calm}
        {first}
        {coming(needs.coming)}
    }
    .into_any()
}

/// What stands there without first steps.
fn otherwise(bare: bool) -> AnyView {
    if bare { empty() } else { ().into_any() }
}

/// What was typed on this device and is in no list of the engine's.
fn unsaved(needs: &Needs) -> Vec<(domain::PostId, LocalDraft)> {
    let Some(member) = session().me.with_untracked(|me| me.as_ref().map(|me| me.member.clone())) else {
        return Vec::new();
    };
    drafts::all(&member).into_iter().filter(|(post, _)| !needs.to_finish.iter().any(|row| row.id == *post)).collect()
}

fn section(title: &'static str, rows: Vec<PostRow>, hue: &'static str, draw: impl Fn(&PostRow) -> AnyView) -> AnyView {
    let lines: Vec<_> = rows.iter().map(draw).collect();
    frame(title, lines, hue)
}

/// A line that is of no post.
fn told(heading: String, why: String, href: String, act: &'static str) -> AnyView {
    view! {
        <li class="home-line">
            <div>
                <b class="home-heading">{heading}</b>
                <p class="home-why"><span>{why}</span></p>
            </div>
            <LinkButton href>{act}</LinkButton>
        </li>
    }
    .into_any()
}

/// Drafts that lack a text in another language.
fn to_translate(rows: Vec<Untold>) -> AnyView {
    let lang = lang();
    let lines = rows.into_iter().map(|Untold { row, lacks }| {
        let lacks: Vec<_> = lacks.iter().map(|language| language_name(lang, language).to_string()).collect();
        let act = view! { <LinkButton href=routes::edit(&row.id)>{lang.home_translate()}</LinkButton> }.into_any();
        line(&row, lang.home_why_translate(lacks.join(", ")), act)
    });
    frame(lang.home_to_translate(), lines.collect(), "info")
}

/// What the house's own people proposed, and nobody has taken up.
fn proposals(count: u32) -> AnyView {
    let lang = lang();
    let href = [routes::TEXTS, "?view=proposals"].concat();
    let line = (count > 0).then(|| {
        told(
            lang.home_proposals_wait(count as usize),
            lang.home_why_proposals().to_owned(),
            href,
            lang.home_proposals_look(),
        )
    });
    counted(lang.home_proposals(), count as usize, line.into_iter().collect(), "info")
}

/// What is missing this week of what is promised.
fn missing(count: u32) -> AnyView {
    let lang = lang();
    let line = (count > 0).then(|| {
        let what = lang.home_missing_posts(count as usize);
        told(what, lang.home_why_missing().to_owned(), routes::PLAN.to_owned(), lang.home_plan_look())
    });
    counted(lang.home_missing(), count as usize, line.into_iter().collect(), "info")
}

/// What is good no more after a day that is near.
fn ending(rows: Vec<Ending>) -> AnyView {
    let lang = lang();
    let lines = rows.into_iter().map(|Ending { what, id, name, day }| {
        let day = time::date(day, lang.tag(), Form::Date);
        let why = match what {
            EndingKind::Consent => lang.home_why_ending_consent(day),
            EndingKind::Licence => lang.home_why_ending_licence(day),
            EndingKind::Template => lang.home_why_ending_template(day),
            EndingKind::Reply => lang.home_why_ending_reply(day),
        };
        let href = match what {
            EndingKind::Consent | EndingKind::Licence => [routes::LIBRARY, "?asset=", &id].concat(),
            EndingKind::Template => routes::TEXTS.to_owned(),
            EndingKind::Reply => [routes::TEXTS, "?view=replies"].concat(),
        };
        told(name, why, href, lang.home_ending_look())
    });
    frame(lang.home_ending(), lines.collect(), "warn")
}

fn frame(title: &'static str, lines: Vec<AnyView>, hue: &'static str) -> AnyView {
    counted(title, lines.len(), lines, hue)
}

/// The same where a line is of several things.
fn counted(title: &'static str, count: usize, lines: Vec<AnyView>, hue: &'static str) -> AnyView {
    if lines.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="home-section" data-hue=hue>
            <h2>{title}" "<span class="count">{count}</span></h2>
            <ul class="home-lines">{lines}</ul>
        </section>
    }
    .into_any()
}

fn line(row: &PostRow, why: String, act: AnyView) -> AnyView {
    let lang = lang();
    let heading = if row.heading.is_empty() { lang.post_untitled().to_owned() } else { row.heading.clone() };
    view! {
        <li class="home-line">
            <div>
                <a href=routes::post(&row.id) class="home-heading">{heading}</a>
                <p class="home-why">{marks(lang, row)}<span>{why}</span><span class="hint">{kind_name(lang, row.kind)}</span></p>
            </div>
            {act}
        </li>
    }
    .into_any()
}

/// Which destination is in trouble, in words.
fn trouble_of(row: &PostRow) -> String {
    let lang = lang();
    let is_bad = |state| matches!(mood(state), crate::ui::Hue::Bad | crate::ui::Hue::Warn);
    let told = row.going.iter().filter_map(|going| {
        let state = going.state.filter(|state| is_bad(*state))?;
        Some(format!("{}: {}", network_name(lang, going.network), publication_state_name(lang, state)))
    });
    let mut told: Vec<_> = told.collect();
    // Two languages of one channel say it once.
    arrange(&mut told, Clone::clone);
    told.dedup();
    told.join(" · ")
}

/// What I am to do soon, and what nobody will do that I asked for.
fn tasks(rows: Vec<Pressing>) -> AnyView {
    let lang = lang();
    let now = time::now();
    let lines = rows.into_iter().map(|row| {
        let why = match row.due {
            _ if row.orphan => lang.home_why_task_orphan().to_owned(),
            Some(due) if due < now => lang.home_why_task_overdue(around::when(due, Form::DayLong)),
            // With its hour: at night, tomorrow's first hours press as today's last ones do.
            Some(due) => lang.home_why_task_due(around::when(due, Form::Full)),
            None => String::new(),
        };
        let href = if row.orphan { [routes::TASKS, "?view=asked"].concat() } else { routes::TASKS.to_owned() };
        view! {
            <li class="home-line">
                <div>
                    <b class="home-heading">{row.title}</b>
                    <p class="home-why"><span>{why}</span></p>
                </div>
                <LinkButton href>{lang.home_task_look()}</LinkButton>
            </li>
        }
        .into_any()
    });
    frame(lang.home_tasks(), lines.collect(), "warn")
}

/// What cannot wait for a word of mine, and what nobody gave one for in time.
fn emergencies(rows: Vec<Pending>) -> AnyView {
    let lang = lang();
    let lines = rows.into_iter().map(|row| {
        let when = |at| around::when(at, Form::Full);
        let owed = match row.owed {
            Owed::Second { until } => lang.emergency_second_until(when(until)),
            Owed::Ratification { by } => lang.emergency_ratify_by(when(by)),
            Owed::Overdue { since } => lang.emergency_overdue(when(since)),
            Owed::Dropped | Owed::Nothing { .. } => String::new(),
        };
        let wants = match row.owed {
            Owed::Second { .. } => lang.emergency_wants_second(row.by),
            _ => lang.emergency_wants_ratification(row.by),
        };
        let heading = if row.heading.is_empty() { lang.post_untitled().to_owned() } else { row.heading };
        let href = if row.mine { format!("{}?post={}", routes::APPROVALS, row.post) } else { routes::post(&row.post) };
        let name = if row.mine { lang.emergency_look() } else { lang.calendar_open() };
        view! {
            <li class="home-line">
                <div>
                    <a href=routes::post(&row.post) class="home-heading">{heading}</a>
                    <p class="home-why"><span>{wants}": "{row.reason}</span> <span>{owed}</span></p>
                </div>
                <LinkButton href tone=Tone::Primary>{name}</LinkButton>
            </li>
        }
        .into_any()
    });
    frame(lang.emergency_urgent(), lines.collect(), "bad")
}

/// The last day of a contract, as people count: its end is exclusive.
fn last_day(until: Moment) -> String {
    around::when(until.minus(Millis(1)), Form::Date)
}

/// Contracts that end soon or have just ended.
fn windows(rows: Vec<Window>) -> AnyView {
    let lang = lang();
    let now = time::now();
    let lines = rows.into_iter().map(|row| {
        let day = last_day(row.until);
        let why = if row.until <= now { lang.home_why_window_over(day) } else { lang.home_why_window(day) };
        let href = format!("{}?member={}", routes::PEOPLE, row.member);
        view! {
            <li class="home-line">
                <div>
                    <b class="home-heading">{row.name}</b>
                    <p class="home-why"><span>{why}</span></p>
                </div>
                <LinkButton href>{lang.home_window_prolong()}</LinkButton>
            </li>
        }
        .into_any()
    });
    frame(lang.home_windows(), lines.collect(), "warn")
}

/// Until when whoever looks has access, if it ends.
fn own_window() -> Option<AnyView> {
    let until = session().me.with_untracked(|me| me.as_ref().and_then(|me| me.access.until()))?;
    Some(view! { <p class="hint">{lang().home_own_window(last_day(until))}</p> }.into_any())
}

fn channels(channels: Vec<Channel>, outlooks: &[Outlook]) -> AnyView {
    let lang = lang();
    let lines = channels.into_iter().map(|channel| {
        let sentence = health(lang, channel.health.state);
        let outlook = outlooks.iter().find(|outlook| outlook.channel == channel.id);
        let placed = outlook.map(|outlook| view! { <p class="home-why"><b>{around::outlook(outlook)}</b></p> });
        view! {
            <li class="home-line">
                <div>
                    <b class="home-heading">{channel.name}</b>
                    <p class="home-why">{around::mark(channel.network)}<span>{sentence.what}" "{sentence.next}</span></p>
                    {placed}
                </div>
                <LinkButton href=routes::CHANNELS>{lang.home_channel_look()}</LinkButton>
            </li>
        }
        .into_any()
    });
    frame(lang.home_channels(), lines.collect(), "bad")
}

/// Channels that would let us speak, and on which nobody does.
fn silent(channels: Vec<Channel>) -> AnyView {
    let lang = lang();
    let lines = channels.into_iter().filter_map(|channel| {
        let silence = channel.silence(time::now())?;
        let why = match silence.last {
            Some(_) => lang.home_why_silent(silence.days),
            None => lang.home_why_silent_never(silence.days),
        };
        Some(
            view! {
                <li class="home-line">
                    <div>
                        <b class="home-heading">{channel.name}</b>
                        <p class="home-why">{around::mark(channel.network)}<span>{why}</span></p>
                    </div>
                    <LinkButton href=routes::compose_for(&channel.id, None, None)>{lang.home_silent_write()}</LinkButton>
                </li>
            }
            .into_any(),
        )
    });
    frame(lang.home_silent(), lines.collect(), "info")
}

/// Accounts for which nobody answers any more, or too few.
fn custody(needs: Vec<Need>) -> AnyView {
    let lang = lang();
    let lines = needs.into_iter().map(|need| {
        let (heading, why, href, act) = match need {
            Need::Gone { member, name, standing, channels } => {
                let channels = channels.join(", ");
                let why = match standing {
                    Standing::Left => lang.home_why_gone_left(channels),
                    Standing::Ended => lang.home_why_gone_ended(channels),
                    Standing::MayNot | Standing::Stands => lang.home_why_gone_may_not(channels),
                };
                let href = [routes::CHANNELS, "?handover=", member.as_str()].concat();
                (name, why, href, lang.home_custody_hand_over())
            }
            Need::Few { channels } => (
                lang.home_custody_few().to_owned(),
                lang.home_why_custody_few(channels.join(", ")),
                routes::CHANNELS.to_owned(),
                lang.home_custody_name(),
            ),
        };
        view! {
            <li class="home-line">
                <div>
                    <b class="home-heading">{heading}</b>
                    <p class="home-why"><span>{why}</span></p>
                </div>
                <LinkButton href>{act}</LinkButton>
            </li>
        }
        .into_any()
    });
    frame(lang.home_custody(), lines.collect(), "warn")
}

fn recoveries(rows: Vec<RecoveryRow>) -> AnyView {
    let lang = lang();
    let lines = rows.into_iter().filter(|row| !row.confirmed).map(|row| {
        let why = lang.home_why_recovery(around::when(row.asked, Form::Full));
        view! {
            <li class="home-line">
                <div>
                    <b class="home-heading">{row.name}</b>
                    <p class="home-why"><span>{why}</span></p>
                </div>
                <LinkButton href=routes::PEOPLE tone=Tone::Primary>{lang.home_recovery_look()}</LinkButton>
            </li>
        }
        .into_any()
    });
    frame(lang.home_recoveries(), lines.collect(), "warn")
}

fn kept_here(drafts: Vec<(domain::PostId, LocalDraft)>) -> AnyView {
    let lang = lang();
    let lines = drafts.into_iter().map(|(post, draft)| {
        let heading = Some(draft.content.heading()).filter(|heading| !heading.is_empty());
        let heading = heading.unwrap_or_else(|| lang.post_untitled().to_owned());
        view! {
            <li class="home-line">
                <div>
                    <b class="home-heading">{heading}</b>
                    <p class="home-why"><span>{lang.home_why_kept(around::when(draft.at, Form::Full))}</span></p>
                </div>
                <LinkButton href=routes::edit(&post)>{lang.home_finish()}</LinkButton>
            </li>
        }
        .into_any()
    });
    frame(lang.home_kept(), lines.collect(), "warn")
}

/// What goes out in the next seven days, a column a day.
fn coming(rows: Vec<PostRow>) -> AnyView {
    let lang = lang();
    if rows.is_empty() {
        return ().into_any();
    }
    let Some(zone) = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.clone())) else {
        return ().into_any();
    };
    let today = zone.civil(time::now()).date();
    let day_of = |at: Moment| zone.civil(at).date();
    let days = (0..7).map(|offset| today + chrono::Days::new(offset)).map(|day| {
        let here = rows.iter().filter(|row| row.slot.is_some_and(|at| day_of(at) == day)).map(|row| {
            let (state, hue) = condition(lang, row);
            let at = row.slot.map(|at| around::when(at, Form::Time));
            let heading = row.heading.clone();
            view! {
                <li>
                    <a href=routes::post(&row.id)>
                        <b>{at}</b>" "{heading}
                    </a>
                    {(row.stage != StageName::Placed).then(|| view! { <Chip hue text=state /> })}
                </li>
            }
            .into_any()
        });
        let here: Vec<AnyView> = here.collect();
        let nothing = here.is_empty();
        view! {
            <li class="home-day" class:home-day-empty=nothing>
                <h3>{time::date(day, lang.tag(), Form::DayShort)}</h3>
                <ul>{here}</ul>
            </li>
        }
    });
    view! {
        <section class="home-section">
            <h2>{lang.home_coming()}</h2>
            <ol class="home-week">{days.collect::<Vec<_>>()}</ol>
            <LinkButton href=routes::CALENDAR glyph=Glyph::Calendar>{lang.home_calendar()}</LinkButton>
        </section>
    }
    .into_any()
}

/// Nothing at all: a town that has just begun, or a quiet week.
fn empty() -> AnyView {
    let lang = lang();
    let may_write =
        session().me.with_untracked(|me| me.as_ref().is_some_and(|me| domain::may(me.role, domain::Act::Write)));
    let text = if may_write { lang.home_empty_text() } else { lang.home_empty_text_reader() };
    view! {
        <Empty glyph=Glyph::Horn title=lang.home_empty_title() text>
            {if may_write {
                view! { <LinkButton href=routes::COMPOSE tone=Tone::Primary>{lang.calendar_new()}</LinkButton> }.into_any()
            } else {
                view! { <LinkButton href=routes::CALENDAR>{lang.home_calendar()}</LinkButton> }.into_any()
            }}
        </Empty>
    }
    .into_any()
}

//! The plan: whom the organisation speaks to, about what and how often; how a week and its month stand against that. The
//! week stands in the address. Everybody reads it; who administers keeps it.

mod audiences;
mod covers;
mod messages;
mod promises;
mod said;
mod stand;

use chrono::NaiveDate;
use domain::{
    Act, Channel, Promise, Themes,
    promise::month_of,
    window::{View, Window},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use wire::{
    Nothing,
    campaigns::THEMES,
    plan::{Around, PLAN, Plan},
};
use words::{Promised, pillar_name, promised};

use self::{
    audiences::Audiences,
    covers::covers,
    messages::Messages,
    promises::Promises,
    said::{Days, said},
    stand::stand,
};
use super::{
    around::{self, Fetched, Load},
    leaving::{Leave, List},
};
use crate::{
    api,
    parts::{ProblemNotice, Work, channel_name},
    platform::{
        page,
        time::{self, Form},
    },
    routes,
    state::{cache, lang, session},
    ui::{Button, Empty, Glyph, Gravity, Notice, Tone},
};

/// Where the form of a new promise is.
const NEW: &str = "new-promise";

/// A plan with the week that it was asked for: an answer that comes late is of another.
#[derive(Debug, Clone, PartialEq)]
struct Sheet {
    week: Window,
    plan: Plan,
}

/// What there is to promise about, and where.
#[derive(Debug, Clone, PartialEq, Default)]
struct Ground {
    themes: Themes,
    channels: Vec<Channel>,
}

impl Ground {
    /// A promise in words.
    fn said(&self, promise: &Promise) -> String {
        self.with(promise, |named| promised(lang(), named))
    }

    /// Says something of a promise with its names. Of a pillar that was given up, this is said.
    fn with<T>(&self, promise: &Promise, say: impl FnOnce(Promised<'_>) -> T) -> T {
        let lang = lang();
        let channel = channel_name(&self.channels, &promise.channel);
        let pillar = self.themes.pillars.iter().find(|one| Some(&one.id) == promise.pillar.as_ref());
        let audience = self.themes.audiences.iter().find(|one| Some(&one.id) == promise.audience.as_ref());
        let pillar = pillar.map(|one| pillar_name(lang, one));
        let audience = audience.map(|one| words::named_audience(lang, one));
        say(Promised {
            count: promise.count,
            per: promise.per,
            channel: &channel,
            pillar: pillar.as_deref(),
            audience: audience.as_deref(),
        })
    }
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Desk {
    week: Memo<Window>,
    sheet: Fetched<Sheet>,
    ground: RwSignal<Option<Ground>>,
    work: Work,
    manages: bool,
    writes: bool,
    today: NaiveDate,
}

impl Desk {
    /// What is shown; nothing until all of it is there.
    fn shown(self) -> Option<(Sheet, Ground)> {
        let Load::Here(sheet) = self.sheet.state.get() else { return None };
        Some((sheet, self.ground.get()?)).filter(|(sheet, _)| sheet.week == self.week.get())
    }

    fn address(week: Window) -> String {
        [routes::PLAN, "?week=", &week.name()].concat()
    }
}

/// The page.
#[component]
pub fn PlanPage() -> AnyView {
    let Some(me) = session().me.get_untracked() else { return ().into_any() };
    let (lang, query) = (lang(), use_query_map());
    around::title(lang.promise_title());
    let today = me.zone.civil(time::now()).date();
    let week = Memo::new(move |_| {
        let named = query.with(|query| Window::named(View::Week, &query.get("week")?));
        named.unwrap_or_else(|| Window::around(View::Week, today))
    });
    let sheet = Fetched::new(move || {
        let week = week.get_untracked();
        async move {
            let plan = api::call(&PLAN, &[], &Around { day: week.first() }).await?;
            Ok(Sheet { week, plan })
        }
    });
    Effect::new(move |before: Option<Window>| {
        let now = week.get();
        let other = match sheet.state.get() {
            // It was turned on: what is shown, or came meanwhile, is of another week.
            Load::Here(shown) => shown.week != now,
            Load::Not(_) => before.is_some_and(|before| before != now),
            Load::Coming => false,
        };
        if other {
            sheet.state.set(Load::Coming);
            sheet.again();
        }
        now
    });
    let desk = Desk {
        week,
        sheet,
        ground: RwSignal::new(None),
        work: Work::new(),
        manages: domain::may(me.role, Act::ManageOrganisation),
        writes: domain::may(me.role, Act::Write),
        today,
    };
    spawn_local(async move {
        let channels = cache::channels().await;
        let themes = api::call(&THEMES, &[], &Nothing {}).await;
        match channels.and_then(|channels| Ok(Ground { channels, themes: themes? })) {
            Ok(ground) => drop(desk.ground.try_set(Some(ground))),
            Err(problem) => drop(desk.work.problem.try_set(Some(problem))),
        }
    });
    let lists = Callback::new(move |()| {
        let day = week.get_untracked().first();
        vec![List::Progress(day), List::Promises(day), List::Audiences]
    });
    view! {
        <div class="plan">
            <header class="page-head">
                <div>
                    <h1>{lang.promise_title()}</h1>
                    <p>{lang.promise_lead()}</p>
                </div>
                <Leave lists/>
            </header>
            {weeks(desk)}
            <ProblemNotice problem=desk.work.problem/>
            {sheet.frame(move || how_it_stands(desk))}
            <Promises desk/>
            <Messages desk/>
            <Audiences desk/>
        </div>
    }
    .into_any()
}

/// The way to other weeks.
fn weeks(desk: Desk) -> AnyView {
    let lang = lang();
    let now = Window::around(View::Week, desk.today);
    let beside = move |by: i32| move || Desk::address(desk.week.get().turned(by));
    view! {
        <nav class="tabs" aria-label=lang.promise_weeks()>
            <a class="tab" href=beside(-1)>{lang.promise_earlier()}</a>
            <a class="tab" href=routes::PLAN aria-current=move || (desk.week.get() == now).then_some("page")>
                {lang.promise_this()}
            </a>
            <a class="tab" href=beside(1)>{lang.promise_later()}</a>
        </nav>
    }
    .into_any()
}

/// The week, its month, and what both are about.
fn how_it_stands(desk: Desk) -> AnyView {
    (move || {
        let Some((sheet, ground)) = desk.shown() else {
            // What could not be fetched is said above.
            let failed = desk.work.problem.with(Option::is_some);
            return if failed { ().into_any() } else { around::loading() };
        };
        let lang = lang();
        let Sheet { week, plan } = sheet;
        let day = |day: NaiveDate| time::date(day, lang.tag(), Form::Date);
        let number = chrono::Datelike::iso_week(&week.first()).week();
        let of_week = lang.promise_week_title(day(week.first()), day(week.last()), number);
        let month = month_of(week);
        let of_month = lang.promise_month_title(time::date(month.first(), lang.tag(), Form::Month));
        let days = Days { week, month, of_week: &plan.week.covers, of_month: &plan.month.covers };
        let messages = said(desk, &ground, days);
        if plan.promises.is_empty() {
            return view! { {empty(desk)} {messages} }.into_any();
        }
        let more = plan.more.then(|| view! { <Notice gravity=Gravity::Warn title=lang.promise_more()/> });
        view! {
            {more}
            {stand(desk, &ground, &plan.promises, &plan.week.promises, week, of_week)}
            {stand(desk, &ground, &plan.promises, &plan.month.promises, month, of_month)}
            {messages}
            {covers(&ground.themes, &plan.week.covers, &plan.month.covers)}
        }
        .into_any()
    })
    .into_any()
}

/// What a plan is, and the one thing to do.
fn empty(desk: Desk) -> AnyView {
    let lang = lang();
    if !desk.manages {
        let text = [lang.promise_empty_text(), " ", lang.promise_empty_ask()].concat();
        return view! { <Empty glyph=Glyph::Clock title=lang.promise_empty_title() text/> }.into_any();
    }
    view! {
        <Empty glyph=Glyph::Clock title=lang.promise_empty_title() text=lang.promise_empty_text()>
            <Button tone=Tone::Primary on_press=|| page::focus(NEW)>{lang.promise_empty_do()}</Button>
        </Empty>
    }
    .into_any()
}

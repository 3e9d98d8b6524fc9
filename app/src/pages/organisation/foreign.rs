//! The calendars of others that the organisation looks at: where each is, and how it fares. For who manages alone: an address may
//! open its calendar to whoever knows it.

use domain::{
    Foreign, ForeignId,
    foreign::{ADDRESS, Stand, Trouble},
    ics::read::Shortfall,
};
use leptos::{ev, prelude::*};
use wire::{
    Nothing,
    foreign::{DROP_FOREIGN, FETCH_FOREIGN, FOREIGN, ForeignView, KEEP_FOREIGN, KeepForeign},
};

use crate::{
    api,
    parts::{ProblemNotice, Work, when},
    platform::{page, time::Form},
    state::{drafts, lang, toasts},
    ui::{Button, Checkbox, Chip, ConfirmDialog, ConfirmTexts, Glyph, Gravity, Hue, Notice, TextField, Tone},
};

/// Where the focus goes when a line is gone.
const TITLE: &str = "foreign";

/// What the lines and forms share.
#[derive(Clone, Copy)]
struct Desk {
    all: RwSignal<Option<Vec<ForeignView>>>,
    work: Work,
    /// The one that somebody is about to take away.
    going: RwSignal<Option<Foreign>>,
    asking: RwSignal<bool>,
}

impl Desk {
    fn took(self, said: &'static str) -> impl FnOnce(Vec<ForeignView>) + 'static {
        move |all| {
            self.all.set(Some(all));
            toasts::done(said);
            page::catch_focus(TITLE.to_owned());
        }
    }

    /// The answer came; what came of asking for the calendar is another matter, and who does not see the line hears it.
    fn asked_for(self, id: ForeignId, said: &'static str) -> impl FnOnce(Vec<ForeignView>) + 'static {
        let took = self.took(said);
        move |all: Vec<ForeignView>| {
            let one = all.iter().find(|one| one.foreign.id == id && one.foreign.on);
            let Some((trouble, stand)) = one.and_then(|one| Some((one.stand.trouble?, one.stand))) else {
                return took(all);
            };
            toasts::say(Gravity::Warn, why(trouble, &stand));
            self.all.set(Some(all));
            page::catch_focus(TITLE.to_owned());
        }
    }

    fn keep(self, id: ForeignId, asked: KeepForeign) {
        let kept = id.clone();
        let call = async move { api::call(&KEEP_FOREIGN, &[kept.as_str()], &asked).await };
        self.work.run(call, self.asked_for(id, lang().foreign_kept()));
    }

    fn fetch(self, id: ForeignId) {
        let asked = id.clone();
        let call = async move { api::call(&FETCH_FOREIGN, &[asked.as_str()], &Nothing {}).await };
        self.work.run(call, self.asked_for(id, lang().foreign_fetched()));
    }

    fn drop(self) {
        let Some(Foreign { id, .. }) = self.going.get_untracked() else { return };
        let call = async move { api::call(&DROP_FOREIGN, &[id.as_str()], &Nothing {}).await };
        let took = self.took(lang().foreign_dropped());
        self.asking.set(false);
        self.work.run(call, took);
    }
}

/// The list, and the form of one more.
#[component]
pub fn OtherCalendars() -> impl IntoView {
    let lang = lang();
    let desk =
        Desk { all: RwSignal::new(None), work: Work::new(), going: RwSignal::new(None), asking: RwSignal::new(false) };
    desk.work.run(api::call(&FOREIGN, &[], &Nothing {}), move |all| desk.all.set(Some(all)));
    // Apart from the lines: what is being typed into the form of a new one must outlive what another one brought.
    let count = Memo::new(move |_| desk.all.with(|all| all.as_ref().map(Vec::len)));
    let lines = move || desk.all.get().unwrap_or_default().into_iter().map(|one| line(desk, one)).collect::<Vec<_>>();
    let list = move || {
        let count = count.get()?;
        let (empty, room) = (count == 0, count < domain::foreign::MOST);
        Some(view! {
            {empty.then(|| view! { <p>{lang.foreign_none()}</p> })}
            <ul class="lines" hidden=empty>{lines}</ul>
            // With an identity of its own each time that one was kept.
            {room.then(|| form(desk, None))}
        })
    };
    let texts = Signal::derive(move || ConfirmTexts {
        title: lang.foreign_drop_title().to_owned(),
        text: desk.going.with(|going| going.as_ref().map(|one| lang.foreign_drop_text(&one.name))).unwrap_or_default(),
        act: lang.foreign_drop().to_owned(),
        close: lang.general_cancel().to_owned(),
    });
    view! {
        <section class="card">
            <h2 id=TITLE tabindex="-1">{lang.foreign_title()}</h2>
            <p class="soft">{lang.foreign_text()}</p>
            <ProblemNotice problem=desk.work.problem/>
            {list}
            <ConfirmDialog open=desk.asking texts busy=desk.work.busy on_confirm=move || desk.drop()/>
        </section>
    }
    .into_any()
}

fn line(desk: Desk, ForeignView { foreign, stand }: ForeignView) -> AnyView {
    let lang = lang();
    let name = foreign.name.clone();
    let of = |act: &str| [act, ": ", &name].concat();
    let (of_change, of_drop, of_fetch) = (of(lang.foreign_change()), of(lang.foreign_drop()), of(lang.foreign_fetch()));
    let id = foreign.id.clone();
    let fetch = foreign.on.then(|| {
        let press = move || desk.fetch(id.clone());
        view! {
            <Button tone=Tone::Quiet glyph=Glyph::Again label=of_fetch busy=desk.work.busy on_press=press>
                {lang.foreign_fetch()}
            </Button>
        }
    });
    let gone = foreign.clone();
    let drop = move || {
        desk.going.set(Some(gone.clone()));
        desk.asking.set(true);
    };
    let off = (!foreign.on).then(|| view! { <Chip hue=Hue::Neutral text=lang.foreign_off()/> });
    let facts = foreign.on.then(|| said(&stand));
    let trouble = stand.trouble.filter(|_| foreign.on).map(|trouble| {
        let stays = stand.read.map(|at| view! { <p>{lang.foreign_stays(when(at, Form::Full))}</p> });
        view! { <Notice gravity=Gravity::Warn title=why(trouble, &stand)>{stays}</Notice> }
    });
    let short = short(&stand.shortfall);
    let short = (!short.is_empty() && foreign.on).then(|| {
        let lines = short.into_iter().map(|text| view! { <li>{text}</li> }).collect::<Vec<_>>();
        view! { <ul class="hint">{lines}</ul> }
    });
    view! {
        <li>
            <div class="line-main">
                <strong>{name}</strong>
                {facts.map(|facts| view! { <p class="hint">{facts}</p> })}
                {trouble}
                {short}
                <details>
                    <summary aria-label=of_change>{lang.foreign_change()}</summary>
                    {form(desk, Some(foreign))}
                </details>
            </div>
            {off}
            {fetch}
            <Button tone=Tone::Quiet glyph=Glyph::Bin label=of_drop on_press=drop>{lang.foreign_drop()}</Button>
        </li>
    }
    .into_any()
}

/// When it was read, and how much of it is kept.
fn said(stand: &Stand) -> String {
    let lang = lang();
    match stand.read {
        Some(at) => [lang.foreign_read(when(at, Form::Full)), lang.foreign_has(stand.kept)].join(" · "),
        None => lang.foreign_never_read().to_owned(),
    }
}

/// Why it could not be read.
fn why(trouble: Trouble, stand: &Stand) -> String {
    let lang = lang();
    match trouble {
        Trouble::Unreached => lang.foreign_unreached(stand.since.map(|at| when(at, Form::Full)).unwrap_or_default()),
        Trouble::Inward => lang.foreign_inward().to_owned(),
        Trouble::TooLarge => lang.foreign_too_large().to_owned(),
        Trouble::NoCalendar => lang.foreign_no_calendar().to_owned(),
        Trouble::Says { status } => lang.foreign_says(status),
    }
}

/// What of it is not seen as it was meant, a sentence each.
fn short(shortfall: &Shortfall) -> Vec<String> {
    let lang = lang();
    let Shortfall { zones, rules, times, left } = *shortfall;
    let told = |count: u32, text: String| (count > 0).then_some(text);
    let all = [
        told(zones, lang.foreign_zones(zones)),
        told(rules, lang.foreign_rules(rules)),
        told(times, lang.foreign_times(times)),
        told(left, lang.foreign_left(left)),
    ];
    all.into_iter().flatten().collect()
}

/// The form of one that is there, or of a new one.
fn form(desk: Desk, before: Option<Foreign>) -> AnyView {
    let lang = lang();
    let new = before.is_none();
    let before = before.unwrap_or_else(|| Foreign {
        // Drawn once for the form: sent twice, it is one.
        id: ForeignId::from_bits(drafts::chance()),
        version: 0,
        name: String::new(),
        address: String::new(),
        on: true,
    });
    let (name, address) = (RwSignal::new(before.name.clone()), RwSignal::new(before.address.clone()));
    let on = RwSignal::new(before.on);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let asked = KeepForeign {
            version: before.version,
            name: name.get_untracked(),
            address: address.get_untracked(),
            on: on.get_untracked(),
        };
        desk.keep(before.id.clone(), asked);
    };
    let label = if new { lang.foreign_new() } else { lang.foreign_name() };
    let act = if new {
        view! { <Button glyph=Glyph::Plus submit=true busy=desk.work.busy>{lang.foreign_add()}</Button> }.into_any()
    } else {
        view! { <Button tone=Tone::Quiet submit=true busy=desk.work.busy>{lang.general_save()}</Button> }.into_any()
    };
    let switch = (!new).then(|| {
        view! {
            <Checkbox label=lang.foreign_on() hint=lang.foreign_on_hint() checked=on on_change=move |yes: bool| on.set(yes)/>
        }
    });
    view! {
        <form class="stack" on:submit=submit>
            <TextField label hint=lang.foreign_name_hint() value=name required=true most=100/>
            // Not `url`: a browser refuses an address without its scheme, and the engine takes it.
            <TextField label=lang.foreign_address() hint=lang.foreign_address_hint() value=address required=true most=ADDRESS as u32/>
            {switch}
            <div class="actions">{act}</div>
        </form>
    }
    .into_any()
}

//! The templates: what there is, using one, and for who administers keeping them.

use chrono::NaiveDate;
use domain::{Act, Channel, MemberId, Template, Themes};
use leptos::{prelude::*, task::spawn_local};
use wire::{
    Nothing,
    campaigns::THEMES,
    people::{MEMBERS, MemberRow},
    texts::{ADD_READY, DROP_TEMPLATE, TEMPLATES},
};
use words::{kind_name, language_name};

use super::{form, owner_name};
use crate::{
    api,
    pages::{
        around::{Fetched, Load},
        leaving::{Leave, List},
    },
    parts::{ProblemNotice, Work, term},
    platform::{
        page,
        time::{self, Form},
    },
    routes,
    state::{cache, lang, session, toasts},
    ui::{Button, Chip, ConfirmDialog, ConfirmTexts, Empty, Glyph, Gravity, Hue, Notice, Tone},
};

const TITLE: &str = "templates";

/// What a template is made with.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// Whom it may be of.
    pub members: Vec<MemberRow>,
    /// Where it may go.
    pub channels: Vec<Channel>,
    /// What it may belong to.
    pub themes: Themes,
}

/// What the parts of the list share.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The templates.
    pub list: Fetched<Vec<Template>>,
    /// What they are made with; nothing until it has come.
    pub ground: RwSignal<Option<Ground>>,
    /// A call under way.
    pub work: Work,
    /// Whether a new one is being written.
    pub writing: RwSignal<bool>,
    dropping: RwSignal<bool>,
    which: StoredValue<Option<Template>>,
    manages: bool,
    writes: bool,
    today: NaiveDate,
}

impl Desk {
    /// One was kept: it takes its place in the list.
    pub fn kept(self, template: Template) {
        self.writing.set(false);
        self.list.state.update(|state| {
            if let Load::Here(all) = state {
                all.retain(|one| one.id != template.id);
                all.push(template);
            }
        });
        toasts::done(lang().texts_kept());
        // For the order of the engine.
        self.list.again();
        page::catch_focus(TITLE.to_owned());
    }
}

/// The list.
#[component]
pub fn Templates() -> AnyView {
    let Some(me) = session().me.get_untracked() else { return ().into_any() };
    let lang = lang();
    let desk = Desk {
        list: Fetched::new(|| async { api::call(&TEMPLATES, &[], &Nothing {}).await }),
        ground: RwSignal::new(None),
        work: Work::new(),
        writing: RwSignal::new(false),
        dropping: RwSignal::new(false),
        which: StoredValue::new(None),
        manages: domain::may(me.role, Act::ManageOrganisation),
        writes: domain::may(me.role, Act::Write),
        today: me.zone.civil(time::now()).date(),
    };
    let own = StoredValue::new(me.member);
    spawn_local(async move {
        let members = api::call(&MEMBERS, &[], &Nothing {}).await;
        let channels = cache::channels().await;
        let themes = api::call(&THEMES, &[], &Nothing {}).await;
        let ground = members.and_then(|members| Ok(Ground { members, channels: channels?, themes: themes? }));
        match ground {
            Ok(ground) => drop(desk.ground.try_set(Some(ground))),
            Err(problem) => drop(desk.work.problem.try_set(Some(problem))),
        }
    });
    let new = move || {
        (desk.manages && desk.writing.get()).then(|| {
            let form = move || desk.ground.get().map(|ground| form::form(desk, &ground, None));
            view! {
                <section class="card" aria-labelledby="new-template">
                    <h2 id="new-template" tabindex="-1">{lang.texts_new()}</h2>
                    {form}
                </section>
            }
        })
    };
    let write = move || {
        desk.writing.set(true);
        request_animation_frame(|| page::focus("new-template"));
    };
    view! {
        <ProblemNotice problem=desk.work.problem/>
        {desk.list.draw(move |all| {
            if all.is_empty() && !desk.writing.get() {
                return empty(desk, write);
            }
            let lines = all.into_iter().map(|one| own.with_value(|own| line(desk, one, own))).collect::<Vec<_>>();
            view! {
                <section class="card">
                    <h2 id=TITLE tabindex="-1">{lang.texts_templates()}</h2>
                    <ul class="lines">{lines}</ul>
                    <div class="actions">
                        {desk.manages.then(|| view! {
                            <Button glyph=Glyph::Plus on_press=write>{lang.texts_new()}</Button>
                            <Button tone=Tone::Quiet busy=desk.work.busy on_press=move || add(desk)>{lang.texts_ready_add()}</Button>
                        })}
                        <Leave lists=|| vec![List::Templates]/>
                    </div>
                </section>
            }
            .into_any()
        })}
        {new}
        {desk.manages.then(|| confirmation(desk))}
    }
    .into_any()
}

/// What a template is, and the two ways to the first.
fn empty(desk: Desk, write: impl Fn() + Send + Sync + 'static) -> AnyView {
    let lang = lang();
    if !desk.manages {
        let text = [lang.texts_empty_text("{calle}").as_str(), " ", lang.texts_empty_ask()].concat();
        return view! { <Empty glyph=Glyph::Copy title=lang.texts_empty_title() text/> }.into_any();
    }
    let text = [lang.texts_empty_text("{calle}").as_str(), " ", lang.texts_ready_text()].concat();
    view! {
        <Empty glyph=Glyph::Copy title=lang.texts_empty_title() text>
            <Button tone=Tone::Primary busy=desk.work.busy on_press=move || add(desk)>{lang.texts_ready_add()}</Button>
            <Button on_press=write>{lang.texts_new()}</Button>
        </Empty>
    }
    .into_any()
}

fn add(desk: Desk) {
    desk.work.run(async move { api::call(&ADD_READY, &[], &Nothing {}).await }, move |all| {
        desk.list.put(all);
        toasts::done(lang().texts_ready_added());
        page::catch_focus(TITLE.to_owned());
    });
}

fn line(desk: Desk, template: Template, own: &MemberId) -> AnyView {
    let lang = lang();
    let body = template.body.clone();
    let name = body.name.clone();
    let languages = body.texts.keys().map(|language| language_name(lang, language).to_string()).collect::<Vec<_>>();
    let facts =
        [kind_name(lang, body.kind).to_owned(), languages.join(", "), lang.texts_blanks_count(body.blanks.len())];
    let facts = facts.into_iter().chain(term(body.first, body.last)).collect::<Vec<_>>().join(" · ");
    let (over, offered) = (body.is_over(desk.today), body.is_offered(desk.today));
    let chip = match (over, offered) {
        (true, _) => Some((Hue::Warn, lang.texts_over())),
        (false, false) => Some((Hue::Neutral, lang.texts_to_come())),
        _ => None,
    };
    // Its owner is who looks at it again; the others know whom to ask.
    let mine = (over && body.owner == *own).then(|| {
        let day = body.last.map(|day| time::date(day, lang.tag(), Form::Date)).unwrap_or_default();
        view! { <Notice gravity=Gravity::Warn title=lang.texts_over_yours(day)/> }
    });
    let owner = body.owner.clone();
    let of = move || {
        desk.ground.with(|ground| {
            let ground = ground.as_ref()?;
            Some(view! { <p class="hint">{lang.texts_owner_is(owner_name(&ground.members, &owner))}</p> })
        })
    };
    let basis = (!body.basis.is_empty()).then(|| view! { <p class="hint">{lang.texts_basis_is(&body.basis)}</p> });
    let using = (desk.writes && offered).then(|| {
        let label = [lang.texts_use(), ": ", &name].concat();
        view! { <a class="button" href=routes::compose_with(&template.id) aria-label=label>{lang.texts_use()}</a> }
    });
    let said = body.texts.iter().map(|(language, text)| {
        let title = body.titles.get(language).cloned();
        view! {
            <div class="texts-result" lang=language.to_string()>
                {title.map(|title| view! { <p><strong>{title}</strong></p> })}
                <p class="texts-said">{text.clone()}</p>
            </div>
        }
    });
    let said = said.collect::<Vec<_>>();
    let change = desk.manages.then(|| {
        let (drop_label, change_label) =
            ([lang.texts_drop(), ": ", &name].concat(), [lang.campaign_change(), ": ", &name].concat());
        let kept = StoredValue::new(template.clone());
        let open = RwSignal::new(false);
        let form = move || {
            (open.get()).then(|| desk.ground.get().map(|ground| form::form(desk, &ground, Some(kept.get_value()))))
        };
        let drop = move || {
            desk.which.set_value(Some(kept.get_value()));
            desk.dropping.set(true);
        };
        view! {
            <details on:toggle=move |_| open.set(true)>
                <summary aria-label=change_label>{lang.campaign_change()}</summary>
                {form}
                <div class="actions">
                    <Button tone=Tone::Danger label=drop_label on_press=drop>{lang.texts_drop()}</Button>
                </div>
            </details>
        }
    });
    let see = [lang.texts_see(), ": ", &name].concat();
    view! {
        <li>
            <div class="line-main">
                <strong>{name}</strong>
                <p class="hint">{facts}</p>
                {basis}
                {of}
                {mine}
                <details>
                    <summary aria-label=see>{lang.texts_see()}</summary>
                    {said}
                </details>
                {change}
            </div>
            {chip.map(|(hue, text)| view! { <Chip hue text/> })}
            {using}
        </li>
    }
    .into_any()
}

/// Asks before one is taken away.
fn confirmation(desk: Desk) -> AnyView {
    let lang = lang();
    let texts = Signal::derive(move || {
        desk.dropping.track();
        let name = desk.which.with_value(|which| which.as_ref().map(|one| one.body.name.clone()).unwrap_or_default());
        ConfirmTexts {
            title: lang.texts_drop_title().to_owned(),
            text: lang.texts_drop_text(name),
            act: lang.texts_drop().to_owned(),
            close: lang.general_cancel().to_owned(),
        }
    });
    let confirm = move || {
        let Some(template) = desk.which.get_value() else { return };
        let id = template.id.clone();
        desk.work.run(async move { api::call(&DROP_TEMPLATE, &[id.as_str()], &Nothing {}).await }, move |_| {
            toasts::done(lang.texts_dropped());
            desk.list.again();
            page::catch_focus(TITLE.to_owned());
        });
        desk.dropping.set(false);
    };
    view! { <ConfirmDialog open=desk.dropping texts busy=desk.work.busy on_confirm=confirm/> }.into_any()
}

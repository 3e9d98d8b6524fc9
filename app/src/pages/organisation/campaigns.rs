//! The campaigns and the pillars that the organisation keeps. They have no end of their own: what a post was filed under
//! is never taken away, only archived.

use chrono::NaiveDate;
use domain::{Campaign, CampaignId, Pillar, PillarId, Themes};
use leptos::{ev, prelude::*};
use wire::{
    Nothing,
    campaigns::{KEEP_CAMPAIGN, KEEP_PILLAR, KeepCampaign, KeepPillar, THEMES},
};

use crate::{
    api,
    pages::leaving::{Leave, List},
    parts::{ProblemNotice, Work, archiving, kept_line, term},
    state::{drafts, lang, toasts},
    ui::{Button, Glyph, TextField, Tone},
};
use words::Lang;

/// What the lines and forms share.
#[derive(Clone, Copy)]
struct Desk {
    themes: RwSignal<Option<Themes>>,
    work: Work,
    manages: bool,
}

impl Desk {
    fn took(self) -> impl FnOnce(Themes) + 'static {
        move |themes| {
            self.themes.set(Some(themes));
            toasts::done(lang().campaign_kept());
        }
    }

    fn campaign(self, id: CampaignId, asked: KeepCampaign) {
        self.work.run(async move { api::call(&KEEP_CAMPAIGN, &[id.as_str()], &asked).await }, self.took());
    }

    fn pillar(self, id: PillarId, asked: KeepPillar) {
        self.work.run(async move { api::call(&KEEP_PILLAR, &[id.as_str()], &asked).await }, self.took());
    }
}

/// Both lists.
#[component]
pub fn Campaigns(manages: bool) -> impl IntoView {
    let lang = lang();
    let desk = Desk { themes: RwSignal::new(None), work: Work::new(), manages };
    desk.work.run(api::call(&THEMES, &[], &Nothing {}), move |themes| desk.themes.set(Some(themes)));
    // Apart from each other: what is being typed into one form must outlive what another one brought.
    let loaded = Memo::new(move |_| desk.themes.with(Option::is_some));
    let campaigns = Memo::new(move |_| desk.themes.get().map(|themes| themes.campaigns).unwrap_or_default());
    let pillars = Memo::new(move |_| desk.themes.get().map(|themes| themes.pillars).unwrap_or_default());
    let (campaigns_kept, pillars_kept) =
        (Memo::new(move |_| campaigns.with(Vec::len)), Memo::new(move |_| pillars.with(Vec::len)));
    let campaign_lines = move || campaigns.get().into_iter().map(|one| campaign_line(desk, one)).collect::<Vec<_>>();
    let pillar_lines = move || pillars.get().into_iter().map(|one| pillar_line(desk, one)).collect::<Vec<_>>();
    // A new one, with an identity of its own, each time that one was kept.
    let new_campaign = move || {
        campaigns_kept.track();
        campaign_form(desk, None)
    };
    let new_pillar = move || {
        pillars_kept.track();
        pillar_form(desk, None)
    };
    let none = move |kept: Memo<usize>, text: &'static str| move || (kept.get() == 0).then(|| view! { <p>{text}</p> });
    let lists = move || {
        loaded.get().then(|| {
            view! {
                <h3>{lang.campaign_campaigns()}</h3>
                <p class="hint">{lang.campaign_campaigns_text()}</p>
                {none(campaigns_kept, lang.campaign_campaigns_none())}
                <ul class="lines" hidden=move || campaigns_kept.get() == 0>{campaign_lines}</ul>
                {manages.then_some(new_campaign)}
                <h3>{lang.campaign_pillars()}</h3>
                <p class="hint">{lang.campaign_pillars_text()}</p>
                {none(pillars_kept, lang.campaign_pillars_none())}
                <ul class="lines" hidden=move || pillars_kept.get() == 0>{pillar_lines}</ul>
                {manages.then_some(new_pillar)}
            }
        })
    };
    view! {
        <section class="card">
            <h2>{lang.campaign_title()}</h2>
            <p class="soft">{lang.campaign_text()}</p>
            <ProblemNotice problem=desk.work.problem/>
            {lists}
            <div class="actions"><Leave lists=|| vec![List::Campaigns, List::Pillars]/></div>
        </section>
    }
    .into_any()
}

fn campaign_line(desk: Desk, campaign: Campaign) -> AnyView {
    let (name, more) = (campaign.name.clone(), said(&campaign));
    let archived = campaign.archived.then(|| lang().campaign_archived());
    let form = desk.manages.then(|| campaign_form(desk, Some(campaign.clone())));
    let archive = move || {
        let Campaign { id, version, name, first, last, goal, basis, budget, archived } = campaign.clone();
        let archived = !archived;
        desk.campaign(id, KeepCampaign { version, name, first, last, goal, basis, budget, archived });
    };
    kept_line(name, more, archived, form, desk.manages.then(|| archiving(archived.is_some(), archive)))
}

/// What is said of a campaign besides its name: when, what for, by which power, for how much.
fn said(campaign: &Campaign) -> Option<String> {
    let lang = lang();
    let of = |text: &str, say: fn(Lang, &str) -> String| (!text.is_empty()).then(|| say(lang, text));
    let budget = campaign.budget.map(|budget| {
        let digits = js_sys::Number::from(budget).to_locale_string(lang.tag());
        lang.campaign_of_budget(String::from(digits))
    });
    let all = [
        term(campaign.first, campaign.last),
        of(&campaign.goal, |lang, text| lang.campaign_of_goal(text)),
        of(&campaign.basis, |lang, text| lang.campaign_of_basis(text)),
        budget,
    ];
    let all: Vec<_> = all.into_iter().flatten().collect();
    (!all.is_empty()).then(|| all.join(" · "))
}

fn pillar_line(desk: Desk, pillar: Pillar) -> AnyView {
    let name = pillar.name.clone();
    let archived = pillar.archived.then(|| lang().campaign_pillar_archived());
    let form = desk.manages.then(|| pillar_form(desk, Some(pillar.clone())));
    let archive = move || {
        let Pillar { id, version, name, archived } = pillar.clone();
        desk.pillar(id, KeepPillar { version, name, archived: !archived });
    };
    kept_line(name, None, archived, form, desk.manages.then(|| archiving(archived.is_some(), archive)))
}

/// The form of a campaign that is there, or of a new one.
fn campaign_form(desk: Desk, before: Option<Campaign>) -> AnyView {
    let lang = lang();
    let new = before.is_none();
    let before = before.unwrap_or_else(|| Campaign {
        // Drawn once for the form: sent twice, it is one.
        id: CampaignId::from_bits(drafts::chance()),
        version: 0,
        name: String::new(),
        first: None,
        last: None,
        goal: String::new(),
        basis: String::new(),
        budget: None,
        archived: false,
    });
    let text = |day: Option<NaiveDate>| RwSignal::new(day.map(|day| day.to_string()).unwrap_or_default());
    let (name, first, last) = (RwSignal::new(before.name.clone()), text(before.first), text(before.last));
    let (goal, basis) = (RwSignal::new(before.goal.clone()), RwSignal::new(before.basis.clone()));
    let budget = RwSignal::new(before.budget.map(|budget| budget.to_string()).unwrap_or_default());
    let wrong = RwSignal::new(None::<String>);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        // What is no whole number of euros is said, and never taken for "not settled".
        let amount = budget.with_untracked(|text| (!text.trim().is_empty()).then(|| text.trim().parse::<u32>()));
        let Ok(amount) = amount.transpose() else {
            return wrong.set(Some(lang.campaign_budget_wrong().to_owned()));
        };
        wrong.set(None);
        let day = |text: RwSignal<String>| text.get_untracked().parse::<NaiveDate>().ok();
        let asked = KeepCampaign {
            version: before.version,
            name: name.get_untracked(),
            first: day(first),
            last: day(last),
            goal: goal.get_untracked(),
            basis: basis.get_untracked(),
            budget: amount,
            archived: before.archived,
        };
        desk.campaign(before.id.clone(), asked);
    };
    let label = if new { lang.campaign_new_campaign() } else { lang.campaign_name() };
    view! {
        <form class="circuit-rule" on:submit=submit>
            <TextField label value=name required=true most=100/>
            <TextField label=lang.campaign_first() value=first kind="date"/>
            <TextField label=lang.campaign_last() value=last kind="date"/>
            <TextField label=lang.campaign_goal() value=goal hint=lang.campaign_goal_hint()/>
            <TextField label=lang.campaign_basis() value=basis hint=lang.campaign_basis_hint()/>
            <TextField label=lang.campaign_budget() value=budget kind="number" error=wrong/>
            <div class="actions">{keep(desk, new, lang.campaign_add_campaign())}</div>
        </form>
    }
    .into_any()
}

/// The form of a pillar that is there, or of a new one.
fn pillar_form(desk: Desk, before: Option<Pillar>) -> AnyView {
    let lang = lang();
    let new = before.is_none();
    let id = PillarId::from_bits(drafts::chance());
    let before = before.unwrap_or_else(|| Pillar { id, version: 0, name: String::new(), archived: false });
    let name = RwSignal::new(before.name.clone());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Pillar { id, version, archived, .. } = before.clone();
        desk.pillar(id, KeepPillar { version, name: name.get_untracked(), archived });
    };
    let label = if new { lang.campaign_new_pillar() } else { lang.campaign_name() };
    view! {
        <form class="circuit-rule" on:submit=submit>
            <TextField label value=name required=true most=100/>
            <div class="actions">{keep(desk, new, lang.campaign_add_pillar())}</div>
        </form>
    }
    .into_any()
}

fn keep(desk: Desk, new: bool, add: &'static str) -> AnyView {
    if new {
        view! { <Button glyph=Glyph::Plus submit=true busy=desk.work.busy>{add}</Button> }.into_any()
    } else {
        let save = lang().general_save();
        view! { <Button tone=Tone::Quiet submit=true busy=desk.work.busy>{save}</Button> }.into_any()
    }
}

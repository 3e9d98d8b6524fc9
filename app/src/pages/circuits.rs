//! Circuits: who must agree to what, by which rule, and who stands in for whom. What is wrong with a draft, and what it
//! would have changed, is found out here, with the very rules that the engine obeys when it is saved.

mod codes;
mod conditions;
mod draw;
mod emergency;
mod guidance;
mod hours;
mod rules;
mod stand;
mod step;

use domain::{
    Act, CampaignId, Channel, ChannelId, CircuitId, MemberId, PillarId, Themes,
    bylaws::Draft,
    circuit::{Flaw, choice::Past},
    may,
    people::People,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wire::{
    Nothing,
    bylaws::{BYLAWS, PAST, Standing},
    campaigns::THEMES,
};
use words::{Lang, Named};

use super::around::{self, Fetched};
use crate::{
    api,
    platform::time::Form,
    routes,
    state::{cache, lang, session},
    ui::{Gravity, Notice},
};

/// What the parts of the page share.
#[derive(Debug, Clone, PartialEq)]
pub struct Town {
    /// The bylaws and who is there.
    pub standing: Standing,
    /// The channels.
    pub channels: Vec<Channel>,
    /// The campaigns and pillars.
    pub themes: Themes,
    /// What was submitted last; only for who may change circuits.
    pub past: Vec<Past>,
    /// Whether whoever looks may change circuits.
    pub manages: bool,
}

impl Town {
    /// Everybody, as the rules ask for them.
    pub fn people(&self) -> People {
        self.standing.bylaws.people(self.standing.colleagues.clone())
    }

    /// The name of a member.
    pub fn member(&self, member: &MemberId) -> String {
        around::name_of(&self.standing.names, member)
    }
}

/// Names for the sentences of the rules.
pub struct Names<'a> {
    /// The town.
    pub town: &'a Town,
    /// The circuits as they are being drawn.
    pub draft: &'a Draft,
}

impl Named for Names<'_> {
    fn channel(&self, id: &ChannelId) -> String {
        let found = self.town.channels.iter().find(|channel| channel.id == *id);
        found.map_or_else(|| lang().general_unknown().to_owned(), |channel| channel.name.clone())
    }
    fn campaign(&self, id: &CampaignId) -> String {
        match self.town.themes.campaigns.iter().find(|campaign| campaign.id == *id) {
            Some(campaign) => words::campaign_name(lang(), campaign),
            None => lang().general_unknown().to_owned(),
        }
    }
    fn pillar(&self, id: &PillarId) -> String {
        match self.town.themes.pillars.iter().find(|pillar| pillar.id == *id) {
            Some(pillar) => words::pillar_name(lang(), pillar),
            None => lang().general_unknown().to_owned(),
        }
    }
    fn circuit(&self, id: &CircuitId) -> String {
        let found = self.draft.circuits.iter().find(|circuit| circuit.id == *id);
        found.map_or_else(|| lang().general_unknown().to_owned(), |circuit| circuit_name(lang(), &circuit.name))
    }
}

/// The name of a circuit: the usual one has none of its own.
pub fn circuit_name(lang: Lang, name: &str) -> String {
    if name.trim().is_empty() { lang.circuits_usual().to_owned() } else { name.to_owned() }
}

/// The sentence of a flaw.
pub fn sentence(town: &Town, flaw: &Flaw) -> words::Sentence {
    let who = match flaw {
        Flaw::StuckWhenWriting { member } => town.member(member),
        Flaw::SubstituteCycle { members } => {
            members.iter().map(|member| town.member(member)).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    };
    words::flaw(lang(), flaw, &who)
}

async fn fetch(manages: bool) -> api::Answer<Town> {
    let standing = api::call(&BYLAWS, &[], &Nothing {}).await?;
    let channels = cache::channels().await?;
    let themes = api::call(&THEMES, &[], &Nothing {}).await?;
    let past = if manages { api::call(&PAST, &[], &Nothing {}).await? } else { Vec::new() };
    Ok(Town { standing, channels, themes, past, manages })
}

/// What the page shows at a time; the address says which. All of it stays, so that what is half typed in one is there
/// when one comes back from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Rules,
    Emergency,
    Guidance,
    Standing,
    House,
}

impl View {
    const ALL: [View; 5] = [View::Rules, View::Emergency, View::Guidance, View::Standing, View::House];

    /// As the address writes it; the first has no name.
    const fn name(self) -> &'static str {
        match self {
            View::Rules => "",
            View::Emergency => "emergency",
            View::Guidance => "guidance",
            View::Standing => "standing",
            View::House => "house",
        }
    }

    fn path(self) -> String {
        match self.name() {
            "" => routes::CIRCUITS.to_owned(),
            name => [routes::CIRCUITS, "?view=", name].concat(),
        }
    }

    const fn label(self, lang: Lang) -> &'static str {
        match self {
            View::Rules => lang.circuits_view_rules(),
            View::Emergency => lang.circuits_view_emergency(),
            View::Guidance => lang.circuits_view_guidance(),
            View::Standing => lang.circuits_view_standing(),
            View::House => lang.circuits_view_house(),
        }
    }
}

/// The page.
#[component]
pub fn CircuitsPage() -> AnyView {
    let (lang, query) = (lang(), use_query_map());
    around::title(lang.circuits_title());
    let manages = session().me.with_untracked(|me| me.as_ref().is_some_and(|me| may(me.role, Act::ManageOrganisation)));
    let town = Fetched::new(move || fetch(manages));
    let view = Memo::new(move |_| {
        let name = query.with(|query| query.get("view")).unwrap_or_default();
        View::ALL.into_iter().find(|view| view.name() == name).unwrap_or(View::Rules)
    });
    let tab = move |one: View| {
        view! {
            <a class="tab" href=one.path() aria-current=move || (view.get() == one).then_some("page")>{one.label(lang)}</a>
        }
    };
    let part = move |one: View, content: AnyView| {
        view! { <div class="stack" hidden=move || view.get() != one>{content}</div> }
    };
    view! {
        <div class="circuits stack">
            <header class="page-head">
                <div>
                    <h1>{lang.circuits_title()}</h1>
                    <p>{lang.circuits_lead()}</p>
                </div>
            </header>
            <nav class="tabs" aria-label=lang.circuits_views()>{View::ALL.map(tab)}</nav>
            {(!manages).then(|| view! { <Notice gravity=Gravity::Info title=lang.organisation_read_only()/> })}
            {town.draw(move |town_now| {
                let again = Callback::new(move |standing: Standing| {
                    let now = town.now();
                    if let Some(before) = now {
                        town.put(Town { standing, ..before });
                    }
                });
                View::ALL.map(|one| part(one, content(one, &town_now, again))).into_any()
            })}
        </div>
    }
    .into_any()
}

fn content(view: View, town: &Town, saved: Callback<Standing>) -> AnyView {
    let town = || town.clone();
    match view {
        View::Rules => view! { <draw::Circuits town=town() saved/> }.into_any(),
        View::Emergency => view! { <emergency::Emergencies town=town() saved/> }.into_any(),
        View::Guidance => view! { <guidance::GuidanceForm town=town() saved/> }.into_any(),
        View::Standing => view! {
            <stand::Substitutes town=town() saved/>
            <stand::Absences town=town() saved/>
        }
        .into_any(),
        View::House => view! {
            <stand::Units town=town() saved/>
            <hours::HoursForm town=town() saved/>
            <codes::CodesForm town=town() saved/>
        }
        .into_any(),
    }
}

/// A day as a person reads it.
pub fn day(at: domain::Moment) -> String {
    around::when(at, Form::Date)
}

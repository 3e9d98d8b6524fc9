//! The organisation: how it presents itself, which rules its posts follow, who is told, and what needs no approval.
//! Everybody may read it; each part is saved on its own, by who may.

mod campaigns;
mod copy;
mod data;
mod declarations;
mod foreign;
mod policy;
mod telling;
mod utm;

use domain::Act;
use leptos::prelude::*;
use wire::people::{MEMBERS, MemberRow};

use crate::{
    api,
    parts::{ProblemNotice, Work},
    routes,
    state::{lang, session},
    ui::{Gravity, LinkButton, Notice},
};

use campaigns::Campaigns;
use copy::{BringIn, TakeAlong};
use data::Data;
use declarations::Declarations;
use foreign::OtherCalendars;
use policy::Rules;
use telling::Telling;
use utm::Marks;

/// The organisation.
#[component]
pub fn OrganisationPage() -> impl IntoView {
    let (lang, session) = (lang(), session());
    let manages =
        session.me.with_untracked(|me| me.as_ref().is_some_and(|me| domain::may(me.role, Act::ManageOrganisation)));
    let members = RwSignal::new(Vec::<MemberRow>::new());
    let loading = Work::new();
    loading.run(api::call(&MEMBERS, &[], &wire::Nothing {}), move |found| members.set(found));
    // Each part is another one when the organisation was changed, by oneself or by somebody else.
    let version = Memo::new(move |_| session.me.with(|me| me.as_ref().map(|me| me.organisation.version)));
    let parts = move |_| {
        let organisation = session.me.with_untracked(|me| me.as_ref().map(|me| me.organisation.clone()))?;
        Some(view! {
            <fieldset class="stack" disabled=!manages>
                <Data organisation=organisation.clone()/>
                <Rules organisation=organisation.clone() members/>
                <Marks organisation=organisation.clone()/>
                <Telling organisation=organisation.clone()/>
                <Declarations organisation members/>
            </fieldset>
        })
    };
    view! {
        <header class="page-head">
            <div>
                <h1>{lang.frame_organisation()}</h1>
                <p>{lang.organisation_text()}</p>
            </div>
            <LinkButton href=routes::BRAND>{lang.brand_title()}</LinkButton>
        </header>
        {(!manages).then(|| view! { <Notice gravity=Gravity::Info title=lang.organisation_read_only()/> })}
        <ProblemNotice problem=loading.problem/>
        <For each=move || version.get() key=|version| *version children=parts/>
        <Campaigns manages/>
        {manages.then(|| view! { <OtherCalendars/> <TakeAlong/> <BringIn/> })}
    }
    .into_any()
}

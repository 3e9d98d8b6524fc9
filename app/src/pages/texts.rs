//! Prepared texts: templates with blanks, standard replies, what the house's own people propose, and the book of who is mentioned.
//! Which of the four stands in the address.

mod contacts;
mod form;
mod proposals;
mod replies;
mod templates;
mod writing;

use domain::{Access, Act, MemberId};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wire::people::MemberRow;

use self::{contacts::Contacts, proposals::Proposals, replies::Replies, templates::Templates};
use super::{
    around,
    symbols::{Picking, Symbols},
};
use crate::{
    routes,
    state::{lang, session},
};

/// What the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Templates,
    Replies,
    Proposals,
    Contacts,
}

/// The page.
#[component]
pub fn TextsPage() -> AnyView {
    let Some(me) = session().me.get_untracked() else { return ().into_any() };
    let (lang, query) = (lang(), use_query_map());
    let picking = Picking::closed();
    provide_context(picking);
    let picks = Memo::new(move |_| picking.is_open());
    around::title(lang.texts_title());
    // The library and what is proposed are the house's: nobody is offered what they would be refused.
    let replies = matches!(me.access, Access::Everywhere);
    let proposals = domain::may(me.role, Act::Share);
    let view = Memo::new(move |_| match query.with(|query| query.get("view")).as_deref() {
        Some("replies") if replies => View::Replies,
        Some("proposals") if proposals => View::Proposals,
        Some("contacts") => View::Contacts,
        _ => View::Templates,
    });
    let link = move |name: &'static str, text: &'static str, here: View| {
        let href = if name.is_empty() { routes::TEXTS.to_owned() } else { [routes::TEXTS, "?view=", name].concat() };
        view! { <a class="tab" href=href aria-current=move || (view.get() == here).then_some("page")>{text}</a> }
    };
    view! {
        <div class="texts">
            <header class="page-head">
                <div>
                    <h1>{lang.texts_title()}</h1>
                    <p>{lang.texts_lead()}</p>
                </div>
            </header>
            <nav class="tabs" aria-label=lang.texts_views()>
                {link("", lang.texts_templates(), View::Templates)}
                {replies.then(|| link("replies", lang.texts_replies(), View::Replies))}
                {proposals.then(|| link("proposals", lang.texts_proposals(), View::Proposals))}
                {link("contacts", lang.contacts_tab(), View::Contacts)}
            </nav>
            // One panel for the fields of all forms, as in the composer; what it offers is a file that is fetched when it is opened.
            {move || picks.get().then(|| view! { <Symbols/> })}
            {move || match view.get() {
                View::Templates => view! { <Templates/> }.into_any(),
                View::Replies => view! { <Replies/> }.into_any(),
                View::Proposals => view! { <Proposals/> }.into_any(),
                View::Contacts => view! { <Contacts/> }.into_any(),
            }}
        </div>
    }
    .into_any()
}

/// The name of who answers for something; of who has left, that nobody is known.
fn owner_name(members: &[MemberRow], owner: &MemberId) -> String {
    let found = members.iter().find(|one| one.id == *owner);
    found.map_or_else(|| lang().texts_owner_gone().to_owned(), |one| one.name.clone())
}

/// Whom a form offers as owner: whoever is there, and the one of now also when they have left.
fn owners(members: &[MemberRow], now: Option<&MemberId>) -> Vec<(String, String)> {
    let gone = now.filter(|now| !members.iter().any(|one| one.id == **now));
    let gone = gone.map(|id| (id.to_string(), lang().texts_owner_gone().to_owned()));
    members.iter().map(|one| (one.id.to_string(), one.name.clone())).chain(gone).collect()
}

//! Handing the accounts over: who leaves, who takes over, what that is, and what is left to be done on each network, as a list
//! to be printed. Stands in place of the channels, at an address of its own (`?handover=…`).

use domain::{
    ChannelId, MemberId, Network, Refusal,
    custody::{Custody, Handed, Handover, Keeper, chores},
    may,
};
use leptos::prelude::*;
use wire::{
    Nothing,
    custody::{HAND_OVER, HandOver},
    people::MEMBERS,
};
use words::Sentence;

use super::custody::{All, keepers, option, or_again};
use crate::{
    api,
    parts::{ProblemNotice, Work},
    platform::{hand, page, time},
    routes,
    state::{lang, toasts},
    ui::{Button, Glyph, Gravity, LinkButton, Notice, Select, Skeleton, Tone},
};

/// In place of somebody's identity: the whole team changes.
const EVERYBODY: &str = "everybody";

const TITLE: &str = "handover-title";
const DONE: &str = "handover-done";

/// Where accounts are handed over; whoever leaves may be named already.
pub fn address(leaves: &str) -> String {
    [routes::CHANNELS, "?handover=", leaves].concat()
}

/// What was chosen.
#[derive(Clone, Copy)]
struct Chosen {
    from: RwSignal<String>,
    to: RwSignal<String>,
    and: RwSignal<String>,
}

impl Chosen {
    /// The handover that this is; nothing while something is missing.
    fn handover(self) -> Option<Handover> {
        let member = |of: RwSignal<String>| of.with(|id| id.parse::<MemberId>().ok());
        if self.from.with(|from| from == EVERYBODY) {
            let to: Vec<_> = [self.to, self.and].into_iter().filter_map(member).collect();
            return (!to.is_empty()).then_some(Handover::All { to });
        }
        Some(Handover::One { from: member(self.from)?, to: member(self.to)? })
    }
}

/// The page.
#[component]
pub fn HandingOver(leaves: String, all: All, asking: Work) -> impl IntoView {
    let lang = lang();
    let members = RwSignal::new(None::<Vec<Keeper>>);
    let (loading, acting) = (Work::new(), Work::new());
    loading.run(api::call(&MEMBERS, &[], &Nothing {}), move |found| members.set(Some(keepers(found))));
    let text = |text: String| RwSignal::new(text);
    let chosen = Chosen { from: text(leaves), to: text(String::new()), and: text(String::new()) };
    // What was handed over, once it was: it is no longer what would be.
    let done = RwSignal::new(None::<Vec<Handed>>);
    let stood = StoredValue::new(None::<Vec<Custody>>);
    let list = Memo::new(move |_| {
        let handover = chosen.handover()?;
        let keepers = members.get()?;
        all.with(|all| Some(handover.list(all.as_ref()?, &keepers, time::now())))
    });
    let moved = move |list: &[Handed]| -> Vec<ChannelId> {
        list.iter().filter(|one| one.moves()).map(|one| one.channel.clone()).collect()
    };
    let act = move || {
        let (Some(Ok(handed)), Some(handover)) = (list.get_untracked(), untrack(|| chosen.handover())) else { return };
        let asked = HandOver { handover, channels: moved(&handed) };
        let call = async move { or_again(api::call(&HAND_OVER, &[], &asked).await, all).await };
        acting.run(call, move |now| {
            done.set(Some(handed));
            // Who has left stands in no list any more once it is done, and on the paper with a name.
            stood.set_value(all.get_untracked());
            all.set(Some(now));
            toasts::done(lang.custody_done_title());
            request_animation_frame(|| page::focus(DONE));
        });
    };
    // Whoever came by a button of the page before finds the heading, and not the top of the window.
    request_animation_frame(|| page::focus(TITLE));
    let names = move |ids: &[MemberId]| {
        named(ids, stood.get_value().or_else(|| all.get_untracked()).as_deref().unwrap_or_default(), members)
    };
    let body = move || match (done.get(), list.get()) {
        (Some(handed), _) => view! {
            <div id=DONE tabindex="-1">
                <Notice gravity=Gravity::Good title=lang.custody_done_title()><p>{lang.custody_done_text()}</p></Notice>
            </div>
            <div class="row">
                <Button tone=Tone::Primary glyph=Glyph::Book on_press=hand::print>{lang.general_print()}</Button>
            </div>
            {what(&handed, names)}
            {networks(&handed)}
        }
        .into_any(),
        (None, None) => ().into_any(),
        (None, Some(Err(refusal))) => refused(&refusal),
        (None, Some(Ok(handed))) => {
            let moves = handed.iter().any(Handed::moves);
            view! {
                {what(&handed, names)}
                <ProblemNotice problem=acting.problem/>
                <div class="row">
                    {if moves {
                        view! { <Button tone=Tone::Primary busy=acting.busy on_press=act>{lang.custody_act()}</Button> }
                            .into_any()
                    } else {
                        view! { <p class="hint">{lang.custody_only_networks()}</p> }.into_any()
                    }}
                    <Button glyph=Glyph::Book on_press=hand::print>{lang.general_print()}</Button>
                </div>
                {networks(&handed)}
            }
            .into_any()
        }
    };
    view! {
        <header class="page-head">
            <div>
                <h1 id=TITLE tabindex="-1">{lang.custody_handover_title()}</h1>
                <p>{lang.custody_handover_text()}</p>
            </div>
            <LinkButton href=routes::CHANNELS>{lang.custody_back()}</LinkButton>
        </header>
        <ProblemNotice problem=loading.problem/>
        <ProblemNotice problem=asking.problem/>
        {move || match (all.with(Option::is_some), members.get()) {
            (true, Some(people)) if done.with(Option::is_none) => form(chosen, all, &people),
            (true, Some(_)) => ().into_any(),
            _ if [loading, asking].iter().any(|work| work.problem.with(Option::is_some)) => ().into_any(),
            _ => view! { <Skeleton label=lang.general_loading()/> }.into_any(),
        }}
        {body}
    }
    .into_any()
}

/// Who leaves, and who takes over.
fn form(chosen: Chosen, all: All, people: &[Keeper]) -> AnyView {
    let lang = lang();
    // Drawn once: what a handover changes does not change what was asked.
    let leaving = all.with_untracked(|all| leaving(all.as_deref().unwrap_or_default()));
    if leaving.is_empty() {
        return view! { <p>{lang.custody_nobody_to_leave()}</p> }.into_any();
    }
    // The address may name somebody with whom nothing is left.
    let there = |from: &String| from == EVERYBODY || leaving.iter().any(|(id, _)| id == from);
    if !chosen.from.with_untracked(there) {
        chosen.from.set(String::new());
    }
    let nobody = || (String::new(), lang.custody_choose().to_owned());
    let everybody = (EVERYBODY.to_owned(), lang.custody_everybody().to_owned());
    let from: Vec<_> = std::iter::once(nobody()).chain(leaving).chain([everybody]).collect();
    let can = people.iter().filter(|keeper| may(keeper.role, domain::Act::HoldCustody));
    let to: Vec<_> = std::iter::once(nobody()).chain(can.map(option)).collect();
    let second = to.clone();
    let whole = Memo::new(move |_| chosen.from.with(|from| from == EVERYBODY));
    view! {
        <div class="stack handover-form">
            <Select label=lang.custody_from() value=chosen.from options=from/>
            <Select label=lang.custody_to() value=chosen.to options=to/>
            {move || {
                whole
                    .get()
                    .then(|| {
                        view! {
                            <Select
                                label=lang.custody_and()
                                hint=lang.custody_and_hint()
                                value=chosen.and
                                options=second.clone()
                            />
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

/// Those who answer for an account or have connected one, by name.
fn leaving(all: &[Custody]) -> Vec<(String, String)> {
    let lang = lang();
    let mut found: Vec<(String, String)> = Vec::new();
    let mut add = |member: &MemberId, name: String| {
        if !found.iter().any(|(id, _)| id == member.as_str()) {
            found.push((member.to_string(), name));
        }
    };
    for custody in all.iter().filter(|custody| custody.is_wanted()) {
        custody.custodians.iter().for_each(|one| add(&one.member, words::custodian_said(lang, one)));
    }
    for (member, name) in all.iter().filter_map(|custody| custody.by.as_ref()) {
        add(member, name.clone());
    }
    crate::parts::arrange(&mut found, |(_, name)| name.clone());
    found
}

/// The names of people: of members, and of those who left and still stand somewhere.
fn named(ids: &[MemberId], all: &[Custody], members: RwSignal<Option<Vec<Keeper>>>) -> String {
    let lang = lang();
    let name = |id: &MemberId| {
        let member =
            members.with_untracked(|all| all.as_ref()?.iter().find(|one| one.id == *id).map(|one| one.name.clone()));
        let former = || {
            let mut custodians = all.iter().flat_map(|custody| &custody.custodians);
            custodians.find(|one| one.member == *id).map(|one| one.name.clone())
        };
        member.or_else(former).unwrap_or_else(|| lang.general_unknown().to_owned())
    };
    match ids {
        [] => lang.custody_before_nobody().to_owned(),
        ids => ids.iter().map(name).collect::<Vec<_>>().join(", "),
    }
}

fn refused(refusal: &Refusal) -> AnyView {
    let Sentence { what, next } = words::refusal(lang(), refusal);
    view! { <Notice gravity=Gravity::Warn spoken=true title=what><p>{next}</p></Notice> }.into_any()
}

/// Channel by channel.
fn what(handed: &[Handed], names: impl Fn(&[MemberId]) -> String) -> AnyView {
    let lang = lang();
    let lines = handed.iter().map(|one| {
        let held = match one.moves() {
            true => lang.custody_moves(names(&one.after), names(&one.before)),
            false => lang.custody_stays(names(&one.after)),
        };
        view! {
            <li>
                <div class="line-main">
                    <strong>{one.name.clone()}</strong>
                    <span class="soft">" · "{words::network_name(lang, one.network)}</span>
                    <p class="hint">{held}</p>
                    {one.again.then(|| view! { <p class="hint">{lang.custody_again()}</p> })}
                </div>
            </li>
        }
    });
    let lines: Vec<_> = lines.collect();
    view! {
        <section class="card">
            <h2>{lang.custody_list_title()}</h2>
            <ul class="lines">{lines}</ul>
        </section>
    }
    .into_any()
}

/// Network by network.
fn networks(handed: &[Handed]) -> AnyView {
    let lang = lang();
    let of = Network::ALL.into_iter().filter_map(|network| {
        let here: Vec<&Handed> = handed.iter().filter(|one| one.network == network).collect();
        let (names, again): (Vec<&str>, bool) =
            (here.iter().map(|one| one.name.as_str()).collect(), here.iter().any(|one| one.again));
        let chores = chores(network).iter().map(|chore| words::chore_text(lang, *chore));
        let chores: Vec<_> = chores.chain(again.then(|| lang.custody_connect_again_text())).collect();
        (!here.is_empty()).then(|| {
            view! {
                <section class="chores">
                    <h3>{words::network_name(lang, network)}": "{names.join(", ")}</h3>
                    {words::chore_place(lang, network).map(|place| view! { <p class="hint">{place}</p> })}
                    <ul class="boxes">{chores.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
                </section>
            }
        })
    });
    let of: Vec<_> = of.collect();
    view! {
        <section class="card">
            <h2>{lang.custody_chores_title()}</h2>
            <p>{lang.custody_chores_text()}</p>
            {of}
        </section>
    }
    .into_any()
}

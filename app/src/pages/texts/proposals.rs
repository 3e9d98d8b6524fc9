//! What the house's own people propose, and the links by which they do. Each proposal is taken up, thanked for or let go;
//! then it is gone from here.

use domain::{
    ProposalId, ProposalLinkId,
    proposal::{Link, Proposal},
};
use leptos::{ev, prelude::*, task::spawn_local};
use wire::{
    Nothing, Page,
    texts::{
        DISCARD, FindProposals, MAKE_PROPOSAL_LINK, MakeLink, PROPOSAL_LINKS, PROPOSAL_PICTURE, PROPOSALS,
        REVOKE_PROPOSAL_LINK, TAKE_UP, THANK, TakenUp, Thank,
    },
};

use crate::{
    api,
    pages::{
        around::{self, Fetched, Load, Road},
        leaving::{Leave, List},
    },
    parts::{ProblemNotice, Work},
    platform::{
        hand, page,
        time::{self, Form},
    },
    routes,
    state::{lang, session, toasts},
    ui::{Button, ConfirmDialog, ConfirmTexts, Empty, Glyph, ReasonDialog, ReasonTexts, TextField, Tone},
};

const TITLE: &str = "proposals";
const LINKS: &str = "proposal-links";
const NEW: &str = "new-link";

/// How many days a link lasts, if nobody says another number.
const USUAL: &str = "180";

/// What the parts of the list share.
#[derive(Clone, Copy)]
struct Desk {
    list: Fetched<Page<Proposal>>,
    more: RwSignal<Vec<Proposal>>,
    next: RwSignal<Option<String>>,
    work: Work,
    road: Road,
    thanking: RwSignal<bool>,
    letting_go: RwSignal<bool>,
    which: StoredValue<Option<Proposal>>,
}

impl Desk {
    fn done(self, text: &'static str) {
        toasts::done(text);
        self.thanking.set(false);
        self.letting_go.set(false);
        self.more.set(Vec::new());
        self.list.again();
        page::catch_focus(TITLE.to_owned());
    }

    fn chosen(self) -> Option<ProposalId> {
        self.which.with_value(|which| which.as_ref().map(|one| one.id.clone()))
    }
}

/// The list, and the links.
#[component]
pub fn Proposals() -> AnyView {
    let lang = lang();
    let list = Fetched::new(|| async { api::call(&PROPOSALS, &[], &FindProposals::default()).await });
    let desk = Desk {
        list,
        more: RwSignal::new(Vec::new()),
        next: RwSignal::new(None),
        work: Work::new(),
        road: Road::here(),
        thanking: RwSignal::new(false),
        letting_go: RwSignal::new(false),
        which: StoredValue::new(None),
    };
    Effect::new(move |_| {
        if let Load::Here(page) = list.state.get() {
            desk.next.set(page.next);
        }
    });
    let show_more = move || {
        let query = FindProposals { cursor: desk.next.get_untracked() };
        desk.work.run(async move { api::call(&PROPOSALS, &[], &query).await }, move |page: Page<Proposal>| {
            desk.more.update(|all| all.extend(page.items));
            desk.next.set(page.next);
        });
    };
    view! {
        <ProblemNotice problem=desk.work.problem/>
        <section class="card">
            <h2 id=TITLE tabindex="-1">{lang.texts_proposals()}</h2>
            <p class="hint">{lang.texts_proposals_text()}</p>
            {list.draw(move |page| {
                if page.items.is_empty() {
                    return view! {
                        <Empty glyph=Glyph::Horn title=lang.texts_proposals_none() text=lang.texts_proposals_none_text()>
                            <Button on_press=|| page::focus(NEW)>{lang.texts_link_first()}</Button>
                        </Empty>
                    }
                    .into_any();
                }
                let lines = page.items.into_iter().map(|one| line(desk, one)).collect::<Vec<_>>();
                let rest = move || desk.more.get().into_iter().map(|one| line(desk, one)).collect::<Vec<_>>();
                view! { <ul class="lines">{lines}{rest}</ul> }.into_any()
            })}
            <div class="actions">
                {move || desk.next.with(Option::is_some).then(|| view! {
                    <Button busy=desk.work.busy on_press=show_more>{lang.texts_more()}</Button>
                })}
                <Leave lists=|| vec![List::Proposals]/>
            </div>
        </section>
        <Links/>
        {dialogs(desk)}
    }
    .into_any()
}

fn line(desk: Desk, proposal: Proposal) -> AnyView {
    let lang = lang();
    let who = proposal.name.clone().unwrap_or_else(|| lang.texts_proposal_nobody().to_owned());
    let facts = lang.texts_proposal_facts(around::when(proposal.at, Form::Full), &proposal.link, &who);
    let answers = if proposal.answers { lang.texts_proposal_answers() } else { lang.texts_proposal_no_answer() };
    let goes = lang.texts_proposal_goes(time::date(last_day(&proposal), lang.tag(), Form::Date));
    let photo = proposal.pictured.then(|| {
        let address = PROPOSAL_PICTURE.path(&[proposal.id.as_str()]);
        view! { <img class="texts-photo" src=address alt=lang.texts_proposal_photo(&who) loading="lazy"/> }
    });
    // Each of many buttons says whose proposal it is about.
    let of = |text: &str| [text, ": ", &who].concat();
    let (take_label, thank_label, drop_label) =
        (of(lang.texts_proposal_take()), of(lang.texts_proposal_thank()), of(lang.texts_proposal_discard()));
    let id = proposal.id.clone();
    let take = move || {
        let id = id.clone();
        let call = async move { api::call(&TAKE_UP, &[id.as_str()], &Nothing {}).await };
        desk.work.run(call, move |TakenUp { post }| {
            toasts::done(lang.texts_proposal_taken());
            desk.road.to(routes::edit(&post));
        });
    };
    let kept = StoredValue::new(proposal.clone());
    let thank = move || {
        desk.which.set_value(Some(kept.get_value()));
        desk.thanking.set(true);
    };
    let discard = move || {
        desk.which.set_value(Some(kept.get_value()));
        desk.letting_go.set(true);
    };
    view! {
        <li>
            <div class="line-main">
                <p class="texts-said">{proposal.line}</p>
                {photo}
                <p class="hint">{facts}</p>
                <p class="hint">{answers}" "{goes}</p>
                <div class="actions">
                    <Button tone=Tone::Primary label=take_label busy=desk.work.busy on_press=take>{lang.texts_proposal_take()}</Button>
                    <Button label=thank_label on_press=thank>{lang.texts_proposal_thank()}</Button>
                    <Button tone=Tone::Quiet label=drop_label on_press=discard>{lang.texts_proposal_discard()}</Button>
                </div>
            </div>
        </li>
    }
    .into_any()
}

/// The day on which it goes, by the organisation's clock.
fn last_day(proposal: &Proposal) -> chrono::NaiveDate {
    session()
        .me
        .with_untracked(|me| me.as_ref().map_or_else(Default::default, |me| me.zone.civil(proposal.goes()).date()))
}

/// The word of thanks, and the question before one is let go.
fn dialogs(desk: Desk) -> AnyView {
    let lang = lang();
    let thanks = move |word: String| {
        let Some(id) = desk.chosen() else { return };
        let call = async move { api::call(&THANK, &[id.as_str()], &Thank { word }).await };
        desk.work.run(call, move |_| desk.done(lang.texts_proposal_thanked()));
    };
    let asked = ReasonTexts {
        title: lang.texts_proposal_thank_title().to_owned(),
        text: lang.texts_proposal_thank_text().to_owned(),
        reason: lang.texts_proposal_word().to_owned(),
        hint: lang.texts_proposal_word_hint().to_owned(),
        act: lang.texts_proposal_thank().to_owned(),
        close: lang.general_cancel().to_owned(),
    };
    let texts = ConfirmTexts {
        title: lang.texts_proposal_discard_title().to_owned(),
        text: lang.texts_proposal_discard_text().to_owned(),
        act: lang.texts_proposal_discard().to_owned(),
        close: lang.general_cancel().to_owned(),
    };
    let let_go = move || {
        let Some(id) = desk.chosen() else { return };
        let call = async move { api::call(&DISCARD, &[id.as_str()], &Nothing {}).await };
        desk.work.run(call, move |_| desk.done(lang.texts_proposal_discarded()));
    };
    view! {
        <ReasonDialog open=desk.thanking texts=asked busy=desk.work.busy on_reason=thanks/>
        <ConfirmDialog open=desk.letting_go texts=Signal::stored(texts) busy=desk.work.busy on_confirm=let_go/>
    }
    .into_any()
}

/// The links: made once, shown once, taken back.
#[component]
fn Links() -> AnyView {
    let lang = lang();
    let all = Fetched::new(|| async { api::call(&PROPOSAL_LINKS, &[], &Nothing {}).await });
    let made = RwSignal::new(None::<(ProposalLinkId, String, String)>);
    let (work, name, days) = (Work::new(), RwSignal::new(String::new()), RwSignal::new(USUAL.to_owned()));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        // The field takes numbers only: what is none is refused as no days at all.
        let days = days.with_untracked(|days| days.trim().parse().unwrap_or_default());
        let asked = MakeLink { name: name.get_untracked(), days };
        let named = asked.name.clone();
        work.run(async move { api::call(&MAKE_PROPOSAL_LINK, &[], &asked).await }, move |answer| {
            made.set(Some((answer.id, named, [page::origin(), answer.address.path].concat())));
            name.set(String::new());
            all.again();
        });
    };
    let once = move || {
        let (_, name, address) = made.get()?;
        let kept = StoredValue::new(address.clone());
        let copy = move || {
            spawn_local(async move {
                let copied = hand::copy(&kept.get_value()).await;
                toasts::done(if copied { lang.general_copied() } else { lang.entry_not_copied() });
            });
        };
        Some(view! {
            <div class="notice" data-hue="warn" role="status">
                <div class="notice-body">
                    <strong>{lang.sharing_once_link(name)}</strong>
                    <p>{lang.sharing_once()}</p>
                    <p class="code">{address}</p>
                    <Button glyph=Glyph::Copy on_press=copy>{lang.general_copy()}</Button>
                </div>
            </div>
        })
    };
    view! {
        <section class="card">
            <h2 id=LINKS tabindex="-1">{lang.texts_links()}</h2>
            <p class="hint">{lang.texts_links_text()}</p>
            {once}
            <form class="stack" on:submit=submit>
                <div class="columns" id=NEW tabindex="-1">
                    <TextField label=lang.texts_link_name() hint=lang.texts_link_name_hint() value=name required=true most=60/>
                    <TextField label=lang.texts_link_days() hint=lang.texts_link_days_hint() value=days kind="number" required=true/>
                </div>
                <ProblemNotice problem=work.problem/>
                <div class="actions">
                    <Button glyph=Glyph::Link submit=true busy=work.busy>{lang.texts_link_make()}</Button>
                </div>
            </form>
            {all.draw(move |links: Vec<Link>| {
                if links.is_empty() {
                    return view! { <p class="hint">{lang.texts_links_none()}</p> }.into_any();
                }
                let lines = links.into_iter().map(|link| link_line(link, all, made)).collect::<Vec<_>>();
                view! { <ul class="lines">{lines}</ul> }.into_any()
            })}
        </section>
    }
    .into_any()
}

fn link_line(link: Link, all: Fetched<Vec<Link>>, made: RwSignal<Option<(ProposalLinkId, String, String)>>) -> AnyView {
    let lang = lang();
    let work = Work::new();
    let open = link.is_open(time::now());
    let state = match link.revoked {
        Some(at) => lang.sharing_revoked(around::when(at, Form::Full)),
        None if open => lang.sharing_until(around::when(link.expires, Form::Full)),
        None => lang.sharing_over(around::when(link.expires, Form::Full)),
    };
    let revoke = open.then(|| {
        let (id, label) = (link.id.clone(), lang.sharing_revoke_of(&link.name));
        let press = move || {
            let (id, gone) = (id.clone(), id.clone());
            let call = async move { api::call(&REVOKE_PROPOSAL_LINK, &[id.as_str()], &Nothing {}).await };
            work.run(call, move |_| {
                toasts::done(lang.texts_link_revoked());
                // Its address is no longer worth copying.
                made.update(|made| drop(made.take_if(|(made, ..)| *made == gone)));
                all.again();
                page::catch_focus(LINKS.to_owned());
            });
        };
        view! { <Button tone=Tone::Danger busy=work.busy label on_press=press>{lang.sharing_revoke()}</Button> }
    });
    view! {
        <li>
            <div class="line-main">
                <b>{link.name}</b>
                <span class="hint">{state}</span>
                <ProblemNotice problem=work.problem/>
            </div>
            {revoke}
        </li>
    }
    .into_any()
}

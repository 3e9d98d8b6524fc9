//! The receipt of a decision: what it proves, on paper and as a file, and the way to verify it as anybody would.

use domain::{
    DecisionId, Moment, PostId,
    attestation::Attestation,
    party::Person,
    round::Envelope,
    statement::{Statement, Verdict},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use serde::Deserialize;
use wire::{
    Nothing,
    posts::{self, AttestedReceipt, Receipt, SignedReceipt},
    session::EnrolledHow,
};
use words::role_name;

use super::{
    around::{self, Fetched},
    devices::how_name,
};
use crate::{
    api,
    platform::{hand, time::Form},
    routes,
    state::{lang, session::session},
    ui::{Button, Glyph, Qr},
};

/// The page.
#[component]
pub fn ReceiptPage() -> AnyView {
    let lang = lang();
    let params = use_params_map();
    let asked = Memo::new(move |_| {
        params.with(|params| {
            let part = |name: &str| params.get(name);
            Some((part("id")?.parse::<PostId>().ok()?, part("decision")?.parse::<DecisionId>().ok()?))
        })
    });
    around::title(lang.receipt_title());
    (move || match asked.get() {
        Some((post, decision)) => view! { <Page post decision /> }.into_any(),
        None => around::said(words::refusal(lang, &domain::Refusal::NotFound)),
    })
    .into_any()
}

#[component]
fn Page(post: PostId, decision: DecisionId) -> AnyView {
    let back = routes::post(&post);
    let receipt = Fetched::new(move || {
        let (post, decision) = (post.clone(), decision.clone());
        async move { api::call(&posts::RECEIPT, &[post.as_str(), decision.as_str()], &Nothing {}).await }
    });
    receipt.draw(move |receipt| draw(&receipt, back.clone()))
}

/// What the page tells of an enrolment; who verifies reads the rest.
#[derive(Deserialize)]
struct Enrolment {
    name: String,
    enrolled_at: Moment,
    how: EnrolledHow,
    origin: String,
}

/// What a receipt says besides its statement, whichever way it was confirmed.
struct Told {
    lead: &'static str,
    who: String,
    means: String,
    rows: Vec<(&'static str, String)>,
    origin: String,
    file: String,
}

fn full(at: Moment) -> String {
    around::when(at, Form::Full)
}

fn signed(receipt: &SignedReceipt) -> Option<Told> {
    let lang = lang();
    let enrolment: Enrolment = serde_json::from_str(&receipt.enrolment).ok()?;
    let enrolled = lang.receipt_enrolled(full(enrolment.enrolled_at), how_name(lang, enrolment.how));
    Some(Told {
        lead: lang.receipt_lead(),
        who: enrolment.name,
        means: lang.outside_by_passkey().to_owned(),
        rows: vec![(lang.verify_enrolled(), enrolled)],
        origin: enrolment.origin,
        file: serde_json::to_string(receipt).ok()?,
    })
}

fn attested(receipt: &AttestedReceipt, statement: &Statement) -> Option<Told> {
    let lang = lang();
    let said: Attestation = serde_json::from_str(&receipt.attestation).ok()?;
    let address = match &statement.by {
        Person::Outside { mailbox } => mailbox.as_str(),
        Person::Member { member } => member.as_str(),
    };
    let rows =
        vec![(lang.outside_asked_at(), full(said.asked_at)), (lang.outside_confirmed_at(), full(said.confirmed_at))];
    Some(Told {
        lead: lang.outside_receipt_lead(),
        who: said.name.unwrap_or_else(|| address.to_owned()),
        means: lang.outside_by_code(said.mailbox),
        rows,
        origin: said.origin,
        file: serde_json::to_string(receipt).ok()?,
    })
}

fn draw(receipt: &Receipt, back: String) -> AnyView {
    let lang = lang();
    let (statement, choice) = match receipt {
        Receipt::Signed(receipt) => (&receipt.statement, &receipt.choice),
        Receipt::Attested(receipt) => (&receipt.statement, &receipt.choice),
    };
    let read = Statement::parse(statement).ok().and_then(|statement| {
        let told = match receipt {
            Receipt::Signed(receipt) => signed(receipt),
            Receipt::Attested(receipt) => attested(receipt, &statement),
        };
        Some((statement, told?))
    });
    let Some((statement, told)) = read else {
        return around::said(words::refusal(lang, &domain::Refusal::Unavailable));
    };
    let decision = match statement.decision {
        Verdict::Approve => lang.verify_approve(),
        Verdict::Reserve => lang.verify_reserve(),
        Verdict::Return => lang.verify_return(),
    };
    let comment = choice.comment().map(str::to_owned);
    let between = match statement.envelope {
        Envelope::Times { from, until } => {
            Some(lang.receipt_between_times(around::when(from, Form::Date), around::when(until, Form::Date)))
        }
        Envelope::Series { .. } => None,
    };
    let facts = [
        (lang.verify_who(), Some(told.who)),
        (lang.outside_means(), Some(told.means)),
        (lang.receipt_role(), statement.role.map(|role| role_name(lang, role).to_owned())),
        (lang.verify_decision(), Some(decision.to_owned())),
        (lang.verify_comment(), comment),
        (lang.verify_when(), Some(full(statement.at))),
        (lang.verify_round(), Some(statement.round.to_string())),
        (lang.receipt_between(), between),
    ];
    let more = told.rows.into_iter().chain([(lang.receipt_site(), told.origin.clone())]);
    let more = more.map(|(name, what)| (name, Some(what)));
    let facts =
        facts.into_iter().chain(more).filter_map(|(name, what)| Some(view! { <dt>{name}</dt><dd>{what?}</dd> }));
    let slug = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.slug.to_string()));
    let page = [told.origin.as_str(), "/verify?org=", slug.unwrap_or_default().as_str()].concat();
    let file = StoredValue::new(told.file);
    // Behind `#`: that part of an address never leaves the browser.
    let link = RwSignal::new(None::<String>);
    spawn_local(async move {
        let Some(packed) = hand::packed(&file.get_value()).await else { return };
        let _ = link.try_set(Some([page.as_str(), "#r=", packed.as_str()].concat()));
    });
    let name = ["recibo-", statement.post.as_str(), "-", &statement.round.to_string(), ".json"].concat();
    let download = move || {
        hand::download(&name, &file.get_value());
    };
    view! {
        <article class="receipt">
            <header class="page-head">
                <h1>{lang.receipt_title()}</h1>
                <Button glyph=Glyph::Book on_press=hand::print>{lang.general_print()}</Button>
            </header>
            <p class="lead">{told.lead}</p>
            <div class="receipt-columns">
                <dl class="receipt-facts">
                    {facts.collect::<Vec<_>>()}
                    <dt>{lang.verify_content()}</dt>
                    <dd class="hash">{statement.content}</dd>
                    <dt>{lang.verify_post()}</dt>
                    <dd class="hash"><a href=back>{statement.post.to_string()}</a></dd>
                </dl>
                {move || link.get().map(|link| view! {
                    <figure class="receipt-code">
                        <Qr text=link.clone() label=lang.receipt_qr()/>
                        <figcaption>
                            {if fits(&link) { lang.receipt_qr_text() } else { lang.receipt_no_qr() }}
                        </figcaption>
                    </figure>
                })}
            </div>
            <div class="actions">
                <Button glyph=Glyph::Out on_press=download>{lang.receipt_download()}</Button>
                {move || link.get().map(|link| view! {
                    <a class="button" href=link target="_blank" rel="noopener">{lang.receipt_verify()}</a>
                })}
            </div>
            <p class="hint">{lang.receipt_verify_hint()}</p>
        </article>
    }
    .into_any()
}

/// Whether a link fits into a QR code: 2,953 bytes at the lowest correction (ISO/IEC 18004, version 40-L).
const fn fits(link: &str) -> bool {
    link.len() <= 2_953
}

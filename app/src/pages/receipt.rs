//! The receipt of a decision, or of a word in an emergency: what it proves, on paper and as a file, and the way to verify it
//! as anybody would.

use domain::{
    DecisionId, EmergencyId, Moment, PostId,
    attestation::Attestation,
    emergency::{Said, Statement as Word},
    party::Person,
    round::Envelope,
    statement::{Statement, Verdict},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;
use serde::Deserialize;
use wire::{
    Nothing,
    emergencies::{self, WordReceipt},
    posts::{self, AttestedReceipt, Receipt},
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

/// What a receipt is asked of.
#[derive(Debug, Clone, PartialEq)]
enum Asked {
    Decision(DecisionId),
    Word(EmergencyId, Said),
}

impl Asked {
    /// As the address names it: a decision, or an emergency and what was said in it.
    fn read(text: &str) -> Option<Self> {
        match text.split_once('-') {
            Some((emergency, said)) => Some(Self::Word(emergency.parse().ok()?, Said::of_name(said)?)),
            None => Some(Self::Decision(text.parse().ok()?)),
        }
    }
}

/// What came.
#[derive(Debug, Clone, PartialEq)]
enum Proof {
    Decision(Receipt),
    Word(WordReceipt),
}

/// The page.
#[component]
pub fn ReceiptPage() -> AnyView {
    let lang = lang();
    let params = use_params_map();
    let asked = Memo::new(move |_| {
        params.with(|params| Some((params.get("id")?.parse::<PostId>().ok()?, Asked::read(&params.get("decision")?)?)))
    });
    (move || match asked.get() {
        Some((post, asked)) => view! { <Page post asked /> }.into_any(),
        None => around::said(words::refusal(lang, &domain::Refusal::NotFound)),
    })
    .into_any()
}

#[component]
fn Page(post: PostId, asked: Asked) -> AnyView {
    let lang = lang();
    let title = match asked {
        Asked::Decision(_) => lang.receipt_title(),
        Asked::Word(..) => lang.receipt_word_title(),
    };
    around::title(title);
    let back = routes::post(&post);
    let receipt = Fetched::new(move || {
        let (post, asked) = (post.clone(), asked.clone());
        async move {
            match asked {
                Asked::Decision(decision) => {
                    let parts = [post.as_str(), decision.as_str()];
                    api::call(&posts::RECEIPT, &parts, &Nothing {}).await.map(Proof::Decision)
                }
                Asked::Word(emergency, said) => {
                    let parts = [post.as_str(), emergency.as_str(), said.as_str()];
                    api::call(&emergencies::RECEIPT, &parts, &Nothing {}).await.map(Proof::Word)
                }
            }
        }
    });
    receipt.draw(move |receipt| {
        let told = match &receipt {
            Proof::Decision(receipt) => of_decision(receipt),
            Proof::Word(receipt) => of_word(receipt),
        };
        match told {
            Some(told) => draw(title, told, back.clone()),
            None => around::said(words::refusal(lang, &domain::Refusal::Unavailable)),
        }
    })
}

/// What the page tells of an enrolment; who verifies reads the rest.
#[derive(Deserialize)]
struct Enrolment {
    name: String,
    enrolled_at: Moment,
    how: EnrolledHow,
    origin: String,
}

/// Who stands behind a receipt, and how that is known.
struct Vouched {
    who: String,
    means: String,
    rows: Vec<(&'static str, String)>,
    origin: String,
    file: String,
}

/// All that a receipt says.
struct Told {
    lead: &'static str,
    facts: Vec<(&'static str, Option<String>)>,
    content: String,
    post: PostId,
    /// What tells the file from another of the same post.
    mark: String,
    origin: String,
    file: String,
}

fn full(at: Moment) -> String {
    around::when(at, Form::Full)
}

fn signed(enrolment: &str, file: String) -> Option<Vouched> {
    let lang = lang();
    let enrolment: Enrolment = serde_json::from_str(enrolment).ok()?;
    let enrolled = lang.receipt_enrolled(full(enrolment.enrolled_at), how_name(lang, enrolment.how));
    Some(Vouched {
        who: enrolment.name,
        means: lang.outside_by_passkey().to_owned(),
        rows: vec![(lang.verify_enrolled(), enrolled)],
        origin: enrolment.origin,
        file,
    })
}

fn attested(receipt: &AttestedReceipt, statement: &Statement) -> Option<Vouched> {
    let lang = lang();
    let said: Attestation = serde_json::from_str(&receipt.attestation).ok()?;
    let address = match &statement.by {
        Person::Outside { mailbox } => mailbox.as_str(),
        Person::Member { member } => member.as_str(),
    };
    let rows =
        vec![(lang.outside_asked_at(), full(said.asked_at)), (lang.outside_confirmed_at(), full(said.confirmed_at))];
    Some(Vouched {
        who: said.name.unwrap_or_else(|| address.to_owned()),
        means: lang.outside_by_code(said.mailbox),
        rows,
        origin: said.origin,
        file: serde_json::to_string(receipt).ok()?,
    })
}

/// What comes after what was said: how its author was known, and where.
fn behind(rows: Vec<(&'static str, String)>, origin: &str) -> impl Iterator<Item = (&'static str, Option<String>)> {
    let site = (lang().receipt_site(), origin.to_owned());
    rows.into_iter().chain([site]).map(|(name, what)| (name, Some(what)))
}

fn of_decision(receipt: &Receipt) -> Option<Told> {
    let lang = lang();
    let (statement, choice) = match receipt {
        Receipt::Signed(receipt) => (&receipt.statement, &receipt.choice),
        Receipt::Attested(receipt) => (&receipt.statement, &receipt.choice),
    };
    let statement = Statement::parse(statement).ok()?;
    let (lead, vouched) = match receipt {
        Receipt::Signed(receipt) => {
            (lang.receipt_lead(), signed(&receipt.enrolment, serde_json::to_string(receipt).ok()?)?)
        }
        Receipt::Attested(receipt) => (lang.outside_receipt_lead(), attested(receipt, &statement)?),
    };
    let decision = match statement.decision {
        Verdict::Approve => lang.verify_approve(),
        Verdict::Reserve => lang.verify_reserve(),
        Verdict::Return => lang.verify_return(),
    };
    let between = match statement.envelope {
        Envelope::Times { from, until } => {
            Some(lang.receipt_between_times(around::when(from, Form::Date), around::when(until, Form::Date)))
        }
        Envelope::Series { .. } => None,
    };
    let together = match receipt {
        Receipt::Signed(receipt) if !receipt.together.is_empty() => Some(receipt.together.len().to_string()),
        _ => None,
    };
    let Vouched { who, means, rows, origin, file } = vouched;
    let facts = [
        (lang.verify_who(), Some(who)),
        (lang.outside_means(), Some(means)),
        (lang.verify_together(), together),
        (lang.receipt_role(), statement.role.map(|role| role_name(lang, role).to_owned())),
        (lang.verify_decision(), Some(decision.to_owned())),
        (lang.verify_comment(), choice.comment().map(str::to_owned)),
        (lang.verify_when(), Some(full(statement.at))),
        (lang.verify_round(), Some(statement.round.to_string())),
        (lang.receipt_between(), between),
    ];
    Some(Told {
        lead,
        facts: facts.into_iter().chain(behind(rows, &origin)).collect(),
        content: statement.content,
        post: statement.post,
        mark: statement.round.to_string(),
        origin,
        file,
    })
}

fn of_word(receipt: &WordReceipt) -> Option<Told> {
    let lang = lang();
    let statement = Word::parse(&receipt.statement).ok()?;
    let said = match statement.said {
        Said::Ask => lang.verify_said_ask(),
        Said::Agree => lang.verify_said_agree(),
        Said::Decline => lang.verify_said_decline(),
        Said::Ratify => lang.verify_said_ratify(),
        Said::Disown => lang.verify_said_disown(),
    };
    let Vouched { who, means, rows, origin, file } = signed(&receipt.enrolment, serde_json::to_string(receipt).ok()?)?;
    let facts = [
        (lang.verify_who(), Some(who)),
        (lang.outside_means(), Some(means)),
        (lang.receipt_role(), Some(role_name(lang, statement.role).to_owned())),
        (lang.verify_said(), Some(said.to_owned())),
        (lang.verify_reason(), receipt.reason.clone()),
        (lang.verify_when(), Some(full(statement.at))),
    ];
    Some(Told {
        lead: lang.receipt_word_lead(),
        facts: facts.into_iter().chain(behind(rows, &origin)).collect(),
        content: statement.content,
        post: statement.post,
        mark: statement.said.as_str().to_owned(),
        origin,
        file,
    })
}

fn draw(title: &'static str, told: Told, back: String) -> AnyView {
    let lang = lang();
    let Told { lead, facts, content, post, mark, origin, file } = told;
    let facts = facts.into_iter().filter_map(|(name, what)| Some(view! { <dt>{name}</dt><dd>{what?}</dd> }));
    let slug = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.slug.to_string()));
    let page = [origin.as_str(), "/verify?org=", slug.unwrap_or_default().as_str()].concat();
    let file = StoredValue::new(file);
    // Behind `#`: that part of an address never leaves the browser.
    let link = RwSignal::new(None::<String>);
    spawn_local(async move {
        let Some(packed) = hand::packed(&file.get_value()).await else { return };
        let _ = link.try_set(Some([page.as_str(), "#r=", packed.as_str()].concat()));
    });
    let name = ["recibo-", post.as_str(), "-", &mark, ".json"].concat();
    let download = move || {
        hand::download(&name, &file.get_value());
    };
    view! {
        <article class="receipt">
            <header class="page-head">
                <h1>{title}</h1>
                <Button glyph=Glyph::Book on_press=hand::print>{lang.general_print()}</Button>
            </header>
            <p class="lead">{lead}</p>
            <div class="receipt-columns">
                <dl class="receipt-facts">
                    {facts.collect::<Vec<_>>()}
                    <dt>{lang.verify_content()}</dt>
                    <dd class="hash">{content}</dd>
                    <dt>{lang.verify_post()}</dt>
                    <dd class="hash"><a href=back>{post.to_string()}</a></dd>
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_decision_or_a_word() {
        let id = DecisionId::from_bits(7);
        assert_eq!(Asked::read(id.as_str()), Some(Asked::Decision(id.clone())));
        let word = [id.as_str(), "-ratify"].concat();
        assert_eq!(Asked::read(&word), Some(Asked::Word(EmergencyId::from_bits(7), Said::Ratify)));
        for bad in ["", "x", "-ratify", &[id.as_str(), "-approve"].concat()] {
            assert_eq!(Asked::read(bad), None, "{bad}");
        }
    }
}

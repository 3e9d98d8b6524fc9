//! Deciding from outside: what is chosen is shown again as it will be kept, a code over exactly that goes to the mailbox,
//! and with it the decision is taken. Afterwards the receipt is here.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use domain::{
    Ballot, Choice, Refusal, Round,
    guidance::{Checked, Guide, Side, Ticked},
    round::Decision,
    statement::{Statement, Verdict},
};
use maud::{Markup, html};

use super::{Call, Guest, checklist, door, frame, paper, thread};
use crate::{
    answer::Refused,
    clock,
    codes::{self, Pending, verdict},
    http::posts::asking,
    mail,
    passkeys::Party,
    public::visit::Trouble,
    settle::{self, Court, Proven},
    store::{StoreError, Unit, outside as store},
};

/// What is being said, as the form has it.
#[derive(Default)]
pub struct Draft {
    verdict: Option<Verdict>,
    comment: String,
    checked: Option<Checked>,
}

impl Draft {
    fn of(call: &Call) -> Self {
        let verdict = match call.field("choice") {
            "approve" => Some(Verdict::Approve),
            "reserve" => Some(Verdict::Reserve),
            "return" => Some(Verdict::Return),
            _ => None,
        };
        // Browsers send lines ended as mails end them.
        let comment = call.field("comment").replace("\r\n", "\n");
        Self { verdict, comment, checked: checklist::ticked(call) }
    }

    /// The choice, if it says what it must.
    fn choice(&self) -> Result<Choice, Refusal> {
        let comment = self.comment.clone();
        match self.verdict {
            Some(Verdict::Approve) => Choice::Approve,
            Some(Verdict::Reserve) => Choice::Reserve { comment },
            Some(Verdict::Return) => Choice::Return { comment, place: None },
            None => return Err(Refusal::Malformed { field: "choice".to_owned() }),
        }
        .parse()
    }
}

/// The form under what waits.
pub fn form(guest: &Guest, csrf: &str, guide: &Guide, said: &Draft, wrong: bool) -> Markup {
    let l = guest.lang;
    let ticked = said.checked.as_ref().map(|checked| checked.items.clone()).unwrap_or_default();
    let options = [
        ("approve", Verdict::Approve, l.approvals_approve(), l.outside_approve_hint()),
        ("reserve", Verdict::Reserve, l.approvals_reserve(), l.outside_reserve_hint()),
        ("return", Verdict::Return, l.approvals_return(), l.outside_return_hint()),
    ];
    html! {
        form.deciding #deciding method="post" action=(guest.path("decision")) {
            input type="hidden" name="csrf" value=(csrf);
            (checklist::boxes(guest, guide, &ticked))
            fieldset {
                legend { h2 { (l.outside_decide()) } }
                @for (name, which, label, hint) in options {
                    label.option {
                        input type="radio" name="choice" value=(name) required checked[said.verdict == Some(which)];
                        span { strong { (label) } br; span.hint { (hint) } }
                    }
                }
                label for="comment" { (l.outside_comment()) }
                textarea #comment name="comment" rows="4" maxlength="1900" aria-describedby=(if wrong { "comment-hint alert" } else { "comment-hint" })
                    aria-invalid=[wrong.then_some("true")] { (said.comment) }
                p.hint #comment-hint { (l.outside_comment_hint()) }
            }
            button.button.strong { (l.outside_go_on()) }
            p.hint { (l.outside_go_on_hint()) }
        }
    }
}

/// What would be decided, as it is taken down, before a code goes out for it.
fn statement(guest: &Guest, round: &Round, choice: &Choice) -> Result<Statement, Refusal> {
    let ballot = Ballot {
        by: guest.door.link.person(),
        acting_for: None,
        step: guest.whole.stored.post.round()?.waiting(guest.bench.now()).ok_or(Refusal::StepClosed)?.step,
        content_hash: guest.door.link.content_hash.clone(),
        choice: choice.clone(),
    };
    // Why not, if it cannot be: before anybody waits for a mail.
    round.clone().decide(ballot.clone(), guest.bench.now())?;
    let org = &guest.door.organisation.id;
    Statement::of(org, round, &ballot, &guest.bench.people, codes::draw(), guest.bench.at)
}

/// Takes what was chosen, and sends the code that confirms it.
pub async fn ask(call: Call) -> Result<Response<Body>, Trouble> {
    let (guest, _) = match Guest::inside(call).await? {
        Ok(inside) => inside,
        Err(response) => return Ok(response),
    };
    let draft = Draft::of(&guest.call);
    let choice = match draft.choice() {
        Ok(choice) => choice,
        Err(refusal) => return bad(&guest, &draft, &refusal).await,
    };
    let post = &guest.whole.stored.post;
    let statement = match post.round().and_then(|round| statement(&guest, round, &choice)) {
        Ok(statement) => statement,
        Err(refusal) => return bad(&guest, &draft, &refusal).await,
    };
    // Now, and not when the code comes back: nobody types a code for nothing.
    if let Err(refusal) = gone_through(&guest, &choice, draft.checked.as_ref()) {
        return bad(&guest, &draft, &refusal).await;
    }
    let app = &guest.call.app;
    let party = Party::of(app, &guest.call.uri, &guest.call.headers)?;
    let (link, organisation) = (&guest.door.link, &guest.door.organisation);
    let letter = codes::Letter {
        org: &organisation.id,
        organisation: &organisation.name,
        mailbox: &link.mailbox,
        language: &link.language,
    };
    let (mut unit, said) = (Unit::new(), (&statement, &choice, draft.checked.as_ref()));
    if let Err(Refused(fault)) = codes::send(app, &mut unit, &letter, said, &party).await {
        return bad(&guest, &draft, &fault.refusal).await;
    }
    app.db.commit(unit).await?;
    mail::soon(app);
    Ok(guest.to("decision"))
}

/// Goes through the checklist, as it is asked of a member who decides.
fn gone_through(guest: &Guest, choice: &Choice, checked: Option<&Checked>) -> Result<Vec<Ticked>, Refusal> {
    if checked.is_none() && guest.whole.bylaws.guidance.checklist.is_empty() {
        return Ok(Vec::new());
    }
    let content = guest.content().ok_or(Refusal::OtherContent)?;
    let (organisation, agrees) = (&guest.door.organisation, choice.agrees());
    checklist::looking(guest, content, |look| {
        asking::go_through(organisation, &guest.whole, look, Side::Approver, checked, agrees)
    })
}

/// What was chosen, and why it cannot be.
async fn bad(guest: &Guest, draft: &Draft, refusal: &Refusal) -> Result<Response<Body>, Trouble> {
    let sentence = door::of_code(guest, refusal);
    paper::waiting(guest, StatusCode::UNPROCESSABLE_ENTITY, Some(&sentence), draft).await
}

/// The page on which the code for the decision is typed, under what it confirms.
pub async fn page(call: Call) -> Result<Response<Body>, Trouble> {
    let guest = Guest::at(call).await?;
    let Some(visit) = guest.visit.clone().filter(|_| guest.standing == domain::outside::Standing::Open) else {
        return Ok(guest.to(""));
    };
    match pending(&guest).await? {
        Some(pending) => Ok(asking(&guest, &visit, &pending, None)),
        None => Ok(guest.to("")),
    }
}

async fn pending(guest: &Guest) -> Result<Option<Pending>, Trouble> {
    let (app, org) = (&guest.call.app, &guest.door.organisation.id);
    let found = codes::waiting(app, org, &guest.door.post, &guest.door.link.person()).await;
    found.map_err(|Refused(fault)| fault.refusal.into())
}

fn asking(guest: &Guest, visit: &str, pending: &Pending, refusal: Option<&Refusal>) -> Response<Body> {
    let l = guest.lang;
    let csrf = codes::csrf(visit);
    let statement = &pending.statement;
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let name = match statement.decision {
        Verdict::Approve => "approve",
        Verdict::Reserve => "reserve",
        Verdict::Return => "return",
    };
    let body = html! {
        h1 { (l.outside_confirm_title()) }
        @if let Some(refusal) = refusal { (frame::alert(&door::of_code(guest, refusal))) }
        p.lead { (l.outside_confirm_sent(guest.door.link.mailbox.masked())) }
        (said(guest, statement.decision, &pending.choice))
        @if let Some(content) = guest.content() {
            (checklist::said(guest, &checklist::guide(guest, content), pending.checked.as_ref()))
        }
        dl.facts {
            @if let Some(content) = guest.content() {
                div { dt { (l.outside_what()) } dd { (paper::heading(guest, content)) } }
            }
            div { dt { (l.outside_fingerprint()) } dd { code { (codes::fingerprint(&statement.content)) } } }
        }
        (frame::code_form(&guest.path("confirmation"), &csrf, l.outside_code_label(), l.outside_confirm(), refusal.is_some()))
        form.again method="post" action=(guest.path("decision")) {
            input type="hidden" name="csrf" value=(csrf);
            input type="hidden" name="choice" value=(name);
            input type="hidden" name="comment" value=(pending.choice.comment().unwrap_or_default());
            (checklist::hidden(pending.checked.as_ref()))
            p.hint { (l.outside_code_hint()) }
            button.button { (l.outside_code_again()) }
        }
        p { a href=(guest.path("")) { (l.outside_back()) } }
        details {
            summary { (l.outside_statement()) }
            p.hint { (l.outside_statement_hint()) }
            pre { code { (pending.attested.statement) } }
        }
    };
    guest.page(status, l.outside_confirm_title(), body)
}

/// A decision in words.
fn said(guest: &Guest, decision: Verdict, choice: &Choice) -> Markup {
    html! {
        blockquote.said {
            p { strong { (verdict(guest.lang, decision)) } }
            @if let Some(comment) = choice.comment() {
                @for line in comment.lines().filter(|line| !line.trim().is_empty()) { p { (line) } }
            }
        }
    }
}

/// Takes the decision with its code.
pub async fn confirm(call: Call) -> Result<Response<Body>, Trouble> {
    let (guest, visit) = match Guest::inside(call).await? {
        Ok(inside) => inside,
        Err(response) => return Ok(response),
    };
    let (app, org, link) = (&guest.call.app, &guest.door.organisation.id, &guest.door.link);
    let given = codes::give_back(app, org, &guest.door.post, &link.person(), guest.call.field("code")).await;
    let given = match given {
        Ok(given) => given,
        Err(Refused(fault)) => return wrong(&guest, &visit, &fault.refusal).await,
    };
    let corrected = match take(&guest, &given).await {
        Ok(corrected) => corrected,
        Err(Refusal::Unavailable) => return Err(Trouble::Down),
        // The list is another since the code was asked for: what was chosen stands, and the new list under it.
        Err(refusal @ (Refusal::OtherChecklist { .. } | Refusal::Unticked { .. })) => {
            let comment = given.choice.comment().unwrap_or_default().to_owned();
            let draft = Draft { verdict: Some(given.statement.decision), comment, checked: given.checked };
            return bad(&guest, &draft, &refusal).await;
        }
        // It changed between the code and now: the first page says what became of it.
        Err(_) => return Ok(guest.to("")),
    };
    if corrected {
        clock::hand_over(app, 1).await?;
    }
    Ok(guest.to(""))
}

/// A code that was wrong, or none: what it confirms stays in view while it may be tried again.
async fn wrong(guest: &Guest, visit: &str, refusal: &Refusal) -> Result<Response<Body>, Trouble> {
    if *refusal == Refusal::Unavailable {
        return Err(Trouble::Down);
    }
    match pending(guest).await? {
        Some(pending) => Ok(asking(guest, visit, &pending, Some(refusal))),
        None => {
            let spent = door::of_code(guest, &Refusal::SpentLink);
            paper::waiting(guest, StatusCode::UNPROCESSABLE_ENTITY, Some(&spent), &Draft::default()).await
        }
    }
}

async fn take(guest: &Guest, given: &Pending) -> Result<bool, Refusal> {
    let (app, organisation, link) = (&guest.call.app, &guest.door.organisation, &guest.door.link);
    let round = guest.whole.stored.post.round()?;
    let (people, asked) = (&guest.bench.people, given.attested.asked_at);
    let ballot =
        given.statement.ballot(&organisation.id, round, given.choice.clone(), people, asked, guest.bench.at)?;
    if ballot.by != link.person() || ballot.content_hash != link.content_hash {
        return Err(Refusal::OtherContent);
    }
    let ticked = gone_through(guest, &given.choice, given.checked.as_ref())?;
    let of = (guest.whole.stored.post.rounds, ballot.content_hash.clone());
    let (by, at) = (ballot.by.clone(), guest.bench.at);
    let checks = asking::kept(ticked, &guest.whole, Side::Approver, by, of, at);
    let court = Court { app, organisation, whole: &guest.whole, bench: &guest.bench };
    let mut unit = Unit::new();
    codes::take_within(&mut unit, &organisation.id, given);
    store::decided(app, &mut unit, &organisation.id, &link.id);
    let proven = Proven::Attested(given.attested.clone());
    let corrected = settle::take(&court, None, ballot, (&proven, checks.as_ref()), &mut unit)
        .await
        .map_err(|Refused(fault)| fault.refusal)?;
    match app.db.commit(unit).await {
        Ok(_) => Ok(corrected),
        Err(StoreError::Guard | StoreError::Unique) => Err(Refusal::Stale { current: 0 }),
        Err(error) => Err(error.into()),
    }
}

/// What they decided, for whoever comes back.
pub async fn done(guest: &Guest) -> Result<Response<Body>, Trouble> {
    let (l, link) = (guest.lang, &guest.door.link);
    let own = |decision: &&Decision| decision.round == link.round && decision.by == link.person();
    let taken = guest.whole.decisions.iter().map(|decided| &decided.decision).rfind(own);
    let Some(decision) = taken else { return Ok(door::closed(guest)) };
    let csrf = guest.visit.as_deref().map(codes::csrf).unwrap_or_default();
    let verify = format!("/verify?org={}&lang={}", guest.door.organisation.slug, l.tag());
    let content = guest.content().filter(|_| paper::stands(guest));
    let thread = thread::of(guest).await?;
    let body = html! {
        h1 { (l.outside_done_title()) }
        p.lead { (l.outside_done_lead(guest.written(decision.at))) }
        (said(guest, Verdict::from(&decision.choice), &decision.choice))
        p { (l.outside_done_receipt()) }
        p.pages {
            a.button.strong href=(guest.path("receipt")) download { (l.receipt_download()) }
            a.button href=(verify) { (l.receipt_verify()) }
        }
        @if let Some(content) = content { (paper::going(guest, content)) }
        @if !thread.is_empty() { (thread::shown(guest, &thread, &csrf)) }
        (paper::leaving(guest, &csrf))
    };
    Ok(guest.page(StatusCode::OK, l.outside_done_title(), body))
}

/// Their receipt, as a file.
pub async fn receipt(call: Call) -> Result<Response<Body>, Trouble> {
    let guest = Guest::at(call).await?;
    if guest.visit.is_none() || !guest.standing.opens() {
        return Ok(guest.to(""));
    }
    let (app, org, link) = (&guest.call.app, &guest.door.organisation.id, &guest.door.link);
    let decision = store::decision_of(&app.db, org, &guest.door.post, link).await?.ok_or(Trouble::NotFound)?;
    let made = crate::http::posts::receipt::make(app, org, &guest.door.post, &decision).await;
    let receipt = made.map_err(|Refused(fault)| Trouble::from(fault.refusal))?;
    let mut response = serde_json::to_string(&receipt).unwrap_or_default().into_response();
    let headers = response.headers_mut();
    super::dress(headers);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let name = format!("attachment; filename=\"recibo-{}-{}.json\"", guest.door.post, link.round);
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    Ok(response)
}

//! The door: what a link says before anybody is let in, the code, and the way out.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use domain::{Refusal, attestation::CODE_TRIES, json, outside::Standing, record::Subject};
use maud::{Markup, html};
use words::Sentence;

use super::{Call, Guest, frame, with_cookie};
use crate::{
    answer::Refused,
    codes, mail,
    public::visit::Trouble,
    store::{StoreError, Unit, outside as store, records, throttle},
};

/// What is said to whoever is not in. Of the post, nothing.
pub fn closed(guest: &Guest) -> Response<Body> {
    let (l, organisation) = (guest.lang, &guest.door.organisation.name);
    if !guest.standing.opens() {
        let Sentence { what, next } = gone(guest);
        let body = html! { h1 { (what) } p.lead { (next) } };
        return guest.page(StatusCode::GONE, &what, body);
    }
    let lead = match guest.standing {
        Standing::Decided => l.outside_door_decided(organisation),
        _ => l.outside_door_lead(organisation),
    };
    let csrf = codes::csrf(guest.call.token());
    let body = html! {
        h1 { (l.outside_door_title()) }
        p.lead { (lead) }
        p { (l.outside_door_code(guest.door.link.mailbox.masked())) }
        form method="post" action=(guest.path("code")) {
            input type="hidden" name="csrf" value=(csrf);
            button.button.strong { (l.outside_door_send()) }
        }
        p.hint { (l.outside_door_hint()) }
    };
    guest.page(StatusCode::OK, l.outside_door_title(), body)
}

/// Why a link leads nowhere, and what to do.
fn gone(guest: &Guest) -> Sentence {
    let l = guest.lang;
    let (what, next) = match guest.standing {
        Standing::Changed => (l.outside_changed_what(), l.outside_changed_next()),
        Standing::Withdrawn => (l.outside_withdrawn_what(), l.outside_withdrawn_next()),
        Standing::Expired => (l.outside_expired_what(), l.outside_expired_next()),
        Standing::Revoked => (l.outside_revoked_what(), l.outside_revoked_next()),
        Standing::Settled | Standing::Open | Standing::Decided => (l.outside_settled_what(), l.outside_settled_next()),
    };
    Sentence { what: what.into(), next: next.into() }
}

/// Sends the code that opens the link, to the mailbox that the link was sent to.
pub async fn send(call: Call) -> Result<Response<Body>, Trouble> {
    let guest = Guest::at(call).await?;
    if !guest.standing.opens() || !guest.call.knows(guest.call.token()) {
        return Ok(closed(&guest));
    }
    let (app, link, l) = (&guest.call.app, &guest.door.link, guest.lang);
    if let Err(Refused(fault)) = throttle::count(app, throttle::OPENING_CODES, link.id.as_str()).await {
        return Ok(asking(&guest, Some(&fault.refusal)));
    }
    let (org, name, code) = (&guest.door.organisation.id, &guest.door.organisation.name, codes::eight_digits());
    let mut unit = Unit::new();
    store::keep_code(app, &mut unit, org, &link.id, &code);
    let (subject, text) = (l.mail_opening_code_subject(name), l.mail_opening_code_text(code));
    mail::write(app, &mut unit, org, &format!("code:{}", app.salt()), link.mailbox.as_str(), &subject, &text);
    app.db.commit(unit).await?;
    mail::soon(app);
    Ok(guest.to("code"))
}

/// The page on which the code is typed.
pub async fn page(call: Call) -> Result<Response<Body>, Trouble> {
    let guest = Guest::at(call).await?;
    if guest.visit.is_some() && guest.standing.opens() {
        return Ok(guest.to(""));
    }
    Ok(if guest.standing.opens() { asking(&guest, None) } else { closed(&guest) })
}

fn asking(guest: &Guest, refusal: Option<&Refusal>) -> Response<Body> {
    let l = guest.lang;
    let csrf = codes::csrf(guest.call.token());
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let body = html! {
        h1 { (l.outside_code_title()) }
        @if let Some(refusal) = refusal { (frame::alert(&of_code(guest, refusal))) }
        p.lead { (l.outside_code_sent(guest.door.link.mailbox.masked())) }
        (frame::code_form(&guest.path("open"), &csrf, l.outside_code_label(), l.outside_code_open(), refusal.is_some()))
        (again(&guest.path("code"), &csrf, l.outside_code_hint(), l.outside_code_again()))
    };
    guest.page(status, l.outside_code_title(), body)
}

/// Asks for another code.
pub fn again(action: &str, csrf: &str, hint: &str, button: &str) -> Markup {
    html! {
        form.again method="post" action=(action) {
            input type="hidden" name="csrf" value=(csrf);
            p.hint { (hint) }
            button.button { (button) }
        }
    }
}

/// What a refusal means to somebody with a code in their hand.
pub fn of_code(guest: &Guest, refusal: &Refusal) -> Sentence {
    let l = guest.lang;
    match refusal {
        Refusal::SpentLink => {
            Sentence { what: l.outside_code_spent_what().into(), next: l.outside_code_spent_next().into() }
        }
        Refusal::TooMany { until } => {
            Sentence { what: l.refusal_too_many_what().into(), next: l.outside_code_wait(guest.written(*until)).into() }
        }
        other => words::refusal(l, other),
    }
}

/// Lets in whoever has the code: a visit of its own, and an opening that counts.
pub async fn open(call: Call) -> Result<Response<Body>, Trouble> {
    let guest = Guest::at(call).await?;
    if !guest.standing.opens() || !guest.call.knows(guest.call.token()) {
        return Ok(closed(&guest));
    }
    let (app, org, link) = (&guest.call.app, &guest.door.organisation.id, &guest.door.link);
    let Some(tried) = store::try_code(app, org, &link.id).await? else {
        return Ok(asking(&guest, Some(&Refusal::SpentLink)));
    };
    if store::hash_code(&link.id, guest.call.field("code")) != tried.code_hash {
        let left = CODE_TRIES.saturating_sub(tried.tries);
        return Ok(asking(&guest, Some(&Refusal::WrongCode { left })));
    }
    let mut unit = Unit::new();
    let secret = store::open(app, &mut unit, org, &link.id, &tried.code_hash);
    let body = json!({ "what": "link_opened", "post": guest.door.post, "round": link.round, "to": [&link.mailbox] });
    records::keep(app, &mut unit, org, Subject::Outside, &body);
    match app.db.commit(unit).await {
        Ok(_) => Ok(with_cookie(guest.to(""), &guest.set_cookie(&secret))),
        // Used in another window, or taken back, a moment ago.
        Err(StoreError::Guard) => Ok(asking(&guest, Some(&Refusal::SpentLink))),
        Err(error) => Err(error.into()),
    }
}

/// Ends the visit.
pub async fn close(call: Call) -> Result<Response<Body>, Trouble> {
    let (guest, _) = match Guest::inside(call).await? {
        Ok(inside) => inside,
        Err(response) => return Ok(response),
    };
    if let Some(session) = &guest.door.session {
        store::leave(&guest.call.app.db, &guest.door.organisation.id, session).await?;
    }
    Ok(with_cookie(guest.to(""), &guest.clear_cookie()))
}

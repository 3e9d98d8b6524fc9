//! The thread that people outside read too: what was said in their round, and a form to say something. It decides nothing.

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use domain::{
    CommentId, Notice, Refusal,
    comment::{Anchor, Comment, External, ExternalComment, Remark, room},
    outside::Standing,
    party::Person,
};
use maud::{Markup, html};

use super::{Call, Guest, deciding::Draft, door, paper};
use crate::{
    answer::Refused,
    perform,
    public::{prose, visit::Trouble},
    store::{StoreError, Unit, comments, throttle},
};

/// What was said in the round of the link.
///
/// # Errors
/// `Down`, `Row`.
pub async fn of(guest: &Guest) -> Result<Vec<ExternalComment>, StoreError> {
    let (org, round) = (&guest.door.organisation.id, guest.door.link.round);
    comments::external(&guest.call.app.db, org, &guest.door.post, Some(round)).await
}

/// The thread, and the form under it while the round waits for them.
pub fn shown(guest: &Guest, thread: &[ExternalComment], csrf: &str) -> Markup {
    let l = guest.lang;
    html! {
        h2 { (l.outside_comments()) }
        @if thread.is_empty() { p.hint { (l.outside_comments_none()) } }
        @else { ol.thread { @for comment in thread { li { (one(guest, comment)) } } } }
        @if guest.standing == Standing::Open {
            // Folded away: whoever has nothing to ask comes to the decision sooner.
            details {
                summary { (l.outside_comments_write()) }
                form method="post" action=(guest.path("comments")) {
                    input type="hidden" name="csrf" value=(csrf);
                    label for="remark" { (l.outside_comments_text()) }
                    textarea #remark name="text" rows="3" maxlength="1900" required aria-describedby="remark-hint" {}
                    p.hint #remark-hint { (l.outside_comments_hint()) }
                    button.button { (l.outside_comments_send()) }
                }
            }
        }
    }
}

fn one(guest: &Guest, comment: &ExternalComment) -> Markup {
    let l = guest.lang;
    html! {
        p { strong { (who(guest, &comment.by)) } " · " span.hint { (guest.written(comment.at())) } }
        @if let Anchor::Text { place } = &comment.anchor { p lang=(place.language) { q { (place.quote) } } }
        @match comment.text() {
            Some(text) => (prose::whole(text)),
            None => p.hint { (l.outside_comments_gone()) },
        }
    }
}

/// A member by name; somebody else outside only so that who knows them knows them again.
fn who(guest: &Guest, person: &Person) -> String {
    match person {
        Person::Member { member } => {
            let found = guest.whole.names.iter().find(|(id, _)| id == member);
            found.map_or_else(|| guest.lang.general_unknown().to_owned(), |(_, name)| name.clone())
        }
        Person::Outside { mailbox } if *mailbox == guest.door.link.mailbox => mailbox.as_str().to_owned(),
        Person::Outside { mailbox } => mailbox.masked(),
    }
}

/// Takes a comment. Whoever submitted is told.
pub async fn say(call: Call) -> Result<Response<Body>, Trouble> {
    let (guest, _) = match Guest::inside(call).await? {
        Ok(inside) => inside,
        Err(response) => return Ok(response),
    };
    match write(&guest).await {
        Ok(()) => Ok(guest.to("")),
        Err(Refused(fault)) if fault.refusal == Refusal::Unavailable => Err(Trouble::Down),
        Err(Refused(fault)) => {
            let sentence = door::of_code(&guest, &fault.refusal);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            paper::waiting(&guest, status, Some(&sentence), &Draft::default()).await
        }
    }
}

async fn write(guest: &Guest) -> Result<(), Refused> {
    if guest.standing != Standing::Open {
        return Err(Refusal::StepClosed.into());
    }
    let (app, organisation, link) = (&guest.call.app, &guest.door.organisation, &guest.door.link);
    throttle::count(app, throttle::OUTSIDE_COMMENTS, link.id.as_str()).await?;
    room(comments::external(&app.db, &organisation.id, &guest.door.post, None).await?.len())?;
    let text = guest.call.field("text").replace("\r\n", "\n");
    let (id, remark) = (CommentId::from_bits(app.bits()), Remark::<External>::new(&text));
    let comment = Comment::write(id, &guest.door.post, link.round, remark, None, link.person(), app.now())?;
    let mut unit = Unit::new();
    comments::write(app, &mut unit, &organisation.id, &comment);
    let submitted = guest.whole.stored.post.round()?.by.clone();
    if guest.whole.people.colleague(&submitted).is_some() {
        let (post, by, to) = (comment.post.clone(), comment.by.clone(), BTreeSet::from([submitted]));
        let notice = Notice::Mentioned { post, comment: comment.id, by, to };
        perform::tell(app, &mut unit, organisation, &notice).await?;
    }
    app.db.commit(unit).await?;
    Ok(())
}

//! Links of approvers outside, from the desk: looked over, sent again, taken back. What is done stands in the record. Sending them in the first
//! place is the round's own doing (`store::outside::invite`).

use domain::{LinkId, Moment, Refusal, json, outside::Link, record::Subject};
use wire::{Nothing, posts};

use super::{finish, whole, within_reach};
use crate::{
    answer::Refused,
    app::App,
    ask::Ask,
    caller::Caller,
    mail,
    store::{
        Unit,
        outside::{self, Host},
        posts::Whole,
        records, throttle,
    },
};

/// The link of the path, on a post that the caller may touch.
async fn find(ask: &Ask<Nothing>, caller: &Caller) -> Result<(Whole, Link), Refused> {
    let whole = whole(ask, caller).await?;
    let content = &whole.stored.post.content;
    within_reach(caller, content, content)?;
    let id: LinkId = ask.part("link")?;
    let link = whole.links.iter().find(|link| link.id == id).cloned().ok_or(Refusal::NotFound)?;
    Ok((whole, link))
}

fn keep(app: &App, unit: &mut Unit, caller: &Caller, (whole, link): (&Whole, &Link), what: &str) {
    let post = &whole.stored.post.id;
    let body = json!({ "what": what, "post": post, "round": link.round, "to": [&link.mailbox], "by": caller.member });
    records::keep(app, unit, caller.org(), Subject::Outside, &body);
}

/// Those of whoever asked for the approval: where each is.
pub async fn list(ask: Ask<Nothing>) -> Result<Vec<posts::OutsideLink>, Refused> {
    let caller = ask.caller()?;
    let found = outside::of_asker(&ask.app.db, caller.org(), &caller.member).await?;
    let seen = found.into_iter().filter(|(_, going)| caller.sees(going.iter()));
    Ok(seen.map(|(link, _)| link).collect())
}

/// Only for the round that waits: a link to what is over would lead nowhere.
pub async fn send_again(ask: Ask<Nothing>) -> Result<posts::PostView, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let (whole, link) = find(&ask, caller).await?;
    let bench = super::bench_of(app, caller, &whole)?;
    let renewed = Link { revoked: None, expires: Moment(i64::MAX), ..link.clone() };
    if !renewed.standing(&whole.stored.post, bench.now()).opens() {
        return Err(Refusal::StepClosed.into());
    }
    if !mail::is_there(app) {
        return Err(Refusal::CodeForbidden.into());
    }
    throttle::count(app, throttle::INVITATIONS, caller.member.as_str()).await?;
    let mut unit = Unit::new();
    outside::send_again(app, &mut unit, &Host::of(&caller.organisation), &link);
    keep(app, &mut unit, caller, (&whole, &link), "link_sent_again");
    let view = finish(&ask, caller, unit).await?;
    mail::soon(app);
    Ok(view)
}

/// A second time nothing happens.
pub async fn revoke(ask: Ask<Nothing>) -> Result<posts::PostView, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let (whole, link) = find(&ask, caller).await?;
    let mut unit = Unit::new();
    if link.revoked.is_none() {
        outside::revoke(app, &mut unit, caller.org(), &link.id);
        keep(app, &mut unit, caller, (&whole, &link), "link_revoked");
    }
    finish(&ask, caller, unit).await
}

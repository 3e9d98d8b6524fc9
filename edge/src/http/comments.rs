//! Handlers of `wire::comments`: what is said about a post, and what becomes of it. Every act answers both threads as
//! they are behind it, read in the trip that writes.

use domain::{
    CommentId, Notice, PostId, Refusal,
    comment::{Audience, Comment, External, Internal, room},
    party::Person,
};
use wire::{
    Nothing,
    comments::{self, Resolve, Reword, Say, Shown, Threads, Voice},
};

use crate::{
    answer::Refused,
    app::App,
    ask::{Api, Ask, mount},
    caller::Caller,
    mail, perform,
    store::{
        Answer, StoreError, Unit,
        comments::{self as store, Either, Found, Saying, Stored},
    },
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &comments::LIST, list);
    let api = mount(api, &comments::SAY_INSIDE, say::<Internal>);
    let api = mount(api, &comments::SAY_OUTSIDE, say::<External>);
    let api = mount(api, &comments::REWORD, reword);
    let api = mount(api, &comments::DELETE, delete);
    mount(api, &comments::RESOLVE, resolve)
}

/// Whether somebody reads the thread of the house.
fn is_of_the_house(caller: &Caller) -> bool {
    Internal::opens_to(caller.role)
}

async fn list(ask: Ask<Nothing>) -> Result<Threads, Refused> {
    let (caller, post) = (ask.caller()?, ask.part::<PostId>("post")?);
    finish(&ask.app, caller, &post, Unit::new()).await
}

async fn say<A: Audience>(ask: Ask<Say<A>>) -> Result<Threads, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let (post, id): (PostId, CommentId) = (ask.part("post")?, ask.part("comment")?);
    let (org, now) = (caller.org(), app.now());
    let Say { remark, answers } = ask.body.clone();
    let saying = Saying {
        comment: &id,
        post: &post,
        answers: answers.as_ref(),
        anchor: &remark.anchor,
        attached: &remark.attached,
    };
    let ground = store::ground::<A>(&app.db, org, &saying).await?.ok_or(Refusal::NotFound)?;
    if !A::opens_to(caller.role) || !caller.sees(ground.channels.iter()) {
        return Err(Refusal::OutOfReach.into());
    }
    let by: Person = caller.member.clone().into();
    if let Some(same) = &ground.same {
        // The same words, sent twice.
        own(same, &by)?;
        return finish(app, caller, &post, Unit::new()).await;
    }
    if !ground.own_pictures || (answers.is_some() && ground.answered.is_none()) {
        return Err(Refusal::NotFound.into());
    }
    room(ground.count)?;
    let comment = Comment::write(id, &post, ground.round, remark, ground.answered.as_ref(), by.clone(), now)?;
    let to = comment.calls(&ground.people, &ground.channels, now)?;
    let mut unit = Unit::new();
    store::write(app, &mut unit, org, &comment);
    if !to.is_empty() {
        let notice = Notice::Mentioned { post: post.clone(), comment: comment.id.clone(), by: by.clone(), to };
        perform::tell(app, &mut unit, &caller.organisation, &notice).await?;
    }
    match committed(app, caller, &post, unit).await {
        // Another organisation's identity, which is not told, or the same words at the same time.
        Err(StoreError::Unique) => {
            let ground = store::ground::<A>(&app.db, org, &saying_of(&comment)).await?.ok_or(Refusal::NotFound)?;
            own(ground.same.as_ref().ok_or_else(doubled)?, &by)?;
            finish(app, caller, &post, Unit::new()).await
        }
        answers => shown(caller, answers?, now),
    }
}

fn saying_of<A: Audience>(comment: &Comment<A>) -> Saying<'_> {
    let Comment { id, post, answers, anchor, attached, .. } = comment;
    Saying { comment: id, post, answers: answers.as_ref(), anchor, attached }
}

fn doubled() -> Refusal {
    Refusal::Doubled { field: "comment".to_owned() }
}

/// What stands under an identity that somebody drew must be theirs.
fn own<A: Audience>(stored: &Stored<A>, by: &Person) -> Result<(), Refusal> {
    if stored.comment.by == *by { Ok(()) } else { Err(doubled()) }
}

/// What is done to a comment, whichever thread it is of.
enum Deed<'a> {
    Reword(&'a str),
    Delete,
    Resolve(bool),
}

impl Deed<'_> {
    /// Does it, and answers what the record calls it.
    fn to<A: Audience>(
        &self,
        comment: Comment<A>,
        by: &Person,
        app: &App,
    ) -> Result<(Comment<A>, &'static str), Refusal> {
        let at = app.now();
        Ok(match self {
            Deed::Reword(text) => (comment.edit(text, by, at)?, "comment_reworded"),
            Deed::Delete => (comment.delete(by, at)?, "comment_deleted"),
            Deed::Resolve(done) => {
                (comment.resolve(*done, by, at)?, if *done { "comment_resolved" } else { "comment_reopened" })
            }
        })
    }

    fn add<A: Audience>(&self, app: &App, caller: &Caller, unit: &mut Unit, stored: Stored<A>) -> Result<(), Refusal> {
        let by = caller.member.clone().into();
        let (comment, what) = self.to(stored.comment.clone(), &by, app)?;
        // The same, sent twice, changes nothing and is not told twice.
        if comment != stored.comment {
            store::change(app, unit, caller.org(), &comment, stored.version, what);
        }
        Ok(())
    }
}

async fn reword(ask: Ask<Reword>) -> Result<Threads, Refused> {
    act(&ask, Deed::Reword(&ask.body.text)).await
}

async fn delete(ask: Ask<Nothing>) -> Result<Threads, Refused> {
    act(&ask, Deed::Delete).await
}

async fn resolve(ask: Ask<Resolve>) -> Result<Threads, Refused> {
    act(&ask, Deed::Resolve(ask.body.done)).await
}

async fn act<Q>(ask: &Ask<Q>, deed: Deed<'_>) -> Result<Threads, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let Found { comment, post, channels } =
        store::find(&app.db, caller.org(), &ask.part("comment")?).await?.ok_or(Refusal::NotFound)?;
    if !caller.sees(channels.iter()) {
        return Err(Refusal::OutOfReach.into());
    }
    let mut unit = Unit::new();
    match comment {
        // That there is something to read there is not told either.
        Either::Internal(_) if !is_of_the_house(caller) => return Err(Refusal::NotFound.into()),
        Either::Internal(stored) => deed.add(app, caller, &mut unit, stored)?,
        Either::External(stored) => deed.add(app, caller, &mut unit, stored)?,
    }
    finish(app, caller, &post, unit).await
}

async fn committed(app: &App, caller: &Caller, post: &PostId, mut unit: Unit) -> Result<Vec<Answer>, StoreError> {
    let writes = !unit.is_empty();
    store::then_read(&mut unit, caller.org(), post, is_of_the_house(caller));
    let answers = app.db.commit(unit).await?;
    if writes {
        mail::soon(app);
    }
    Ok(answers)
}

async fn finish(app: &App, caller: &Caller, post: &PostId, unit: Unit) -> Result<Threads, Refused> {
    match committed(app, caller, post, unit).await {
        // Somebody was faster: what they did is there when it is asked for again.
        Err(StoreError::Guard) => Err(Refusal::CommentElsewhere.into()),
        answers => shown(caller, answers?, app.now()),
    }
}

fn shown(caller: &Caller, answers: Vec<Answer>, now: domain::Moment) -> Result<Threads, Refused> {
    let threads = store::read(&answers, is_of_the_house(caller))?.ok_or(Refusal::NotFound)?;
    if !caller.sees(threads.channels.iter()) {
        return Err(Refusal::OutOfReach.into());
    }
    let voice = |(member, name): (domain::MemberId, String)| {
        let reaches = threads.people.reaches(&member.clone().into(), &threads.channels, now);
        let role = threads.people.colleague(&member).filter(|_| reaches).map(|colleague| colleague.role);
        Voice { internal: role.is_some_and(Internal::opens_to), external: role.is_some(), member, name }
    };
    Ok(Threads {
        people: threads.names.into_iter().map(voice).collect(),
        internal: threads.internal.map(|thread| thread.into_iter().map(Shown::from).collect()),
        external: threads.external.into_iter().map(Shown::from).collect(),
    })
}

//! The handler of `wire::pulse`: the one question that every open desk repeats, so what it costs is counted in rows.

use domain::{
    Act,
    comment::{Audience, Internal},
    may,
    rhythm::TOLD,
};
use wire::pulse::{Look, Looked, PULSE, Pulse};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    caller::Caller,
    store::pulse::{self as store, Marks},
};

/// Mounts it.
pub fn mount_all(api: Api) -> Api {
    mount(api, &PULSE, pulse)
}

async fn pulse(ask: Ask<Look>) -> Result<Pulse, Refused> {
    let caller = ask.caller()?;
    let inside = Internal::opens_to(caller.role);
    let (db, now) = (&ask.app.db, ask.app.now());
    let beat = store::hear(db, caller.org(), &caller.member, inside, &ask.body, now).await?;
    // Whoever does not see where it goes is told no more of it than of one that is not there.
    let marks = beat.post.filter(|marks| caller.sees(marks.channels.iter()));
    let post = match marks {
        Some(marks) => looked(&ask, caller, marks).await?,
        None => None,
    };
    Ok(Pulse { beats: beat.beats, kept: beat.kept, unread: beat.unread, now, heartbeat: caller.heartbeat, post })
}

async fn looked(ask: &Ask<Look>, caller: &Caller, marks: Marks) -> Result<Option<Looked>, Refused> {
    let Look { post: Some(post), writing, .. } = &ask.body else { return Ok(None) };
    let Marks { version, ledger, comments, going, open, .. } = marks;
    let now = ask.app.now();
    let (own, others): (Vec<_>, Vec<_>) = open.into_iter().partition(|editor| editor.member == caller.member);
    let is_told = own.iter().any(|own| now.since(own.seen) < TOLD);
    if *writing && !is_told && may(caller.role, Act::Contribute) {
        store::be_there(&ask.app.db, caller.org(), post, &caller.member, now).await?;
    }
    Ok(Some(Looked { post: post.clone(), version, ledger, comments, going, others }))
}

//! Handlers of `wire::session`: the desk's first request, signing in and out.
//! Enrolment, one's own devices and recovery are rooms of their own below.

mod me;

use wire::{Nothing, session};

pub use me::{me, me_of};

use crate::{
    answer::Refused,
    ask::{Api, Ask, Reply, mount},
    caller, mail,
    store::{self, sessions},
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &session::BOOT, boot);
    mount(api, &session::SIGN_OUT, sign_out)
}

async fn boot(ask: Ask<Nothing>) -> Result<session::Boot, Refused> {
    let caller = ask.seek_caller().await?;
    let town = store::organisations::any(&ask.app.db).await?;
    let me = match &caller {
        Some(caller) => Some(me(&ask.app, caller).await?),
        None => None,
    };
    Ok(session::Boot {
        set_up: town.set_up,
        demo: cfg!(feature = "rehearsal") && town.demo,
        mail: mail::is_there(&ask.app),
        now: ask.app.now(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        me,
    })
}

/// Who holds no session is as signed out as who has just ended one.
async fn sign_out(ask: Ask<Nothing>) -> Result<Reply<Nothing>, Refused> {
    if let Some(token) = caller::cookie(&ask.headers) {
        sessions::end_by_token(&ask.app.db, &token).await?;
    }
    Ok(Reply { body: Nothing {}, cookie: Some(caller::clear_cookie()) })
}

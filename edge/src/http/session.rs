//! Handlers of `wire::session`: the desk's first request, signing in and out.
//! Enrolment, one's own devices and recovery are rooms of their own below.

mod devices;
mod enrol;
mod grounds;
mod me;
mod recovery;
mod sign_in;

use domain::{
    clash,
    window::{View, Window},
};
use wire::{Nothing, session};

#[cfg(feature = "rehearsal")]
pub use me::me_of;
pub use recovery::running as running_recoveries;

use crate::{
    answer::Refused,
    ask::{Api, Ask, Reply, mount},
    caller, mail,
    store::{self, Unit, sessions},
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &session::BOOT, boot);
    let api = mount(api, &session::SIGN_OUT, sign_out);
    let api = mount(api, &session::SIGN_IN_OPTIONS, sign_in::options);
    let api = mount(api, &session::SIGN_IN, sign_in::sign_in);
    let api = mount(api, &session::ENROL_OPTIONS, enrol::options);
    let api = mount(api, &session::ENROL, enrol::enrol);
    let api = mount(api, &session::DEVICES, devices::devices);
    let api = mount(api, &session::END_SESSION, devices::end_session);
    let api = mount(api, &session::REMOVE_PASSKEY, devices::remove_passkey);
    let api = mount(api, &session::RENEW_CODES, devices::renew_codes);
    let api = mount(api, &session::MAIL_CODE, recovery::mail_code);
    let api = mount(api, &session::RECOVER, recovery::recover);
    let api = mount(api, &session::RECOVERIES, recovery::recoveries);
    let api = mount(api, &session::CONFIRM_RECOVERY, recovery::confirm);
    mount(api, &session::STOP_RECOVERY, recovery::stop)
}

async fn boot(ask: Ask<Nothing>) -> Result<session::Boot, Refused> {
    let caller = ask.seek_caller().await?;
    let town = store::organisations::any(&ask.app.db).await?;
    let me = match &caller {
        Some(caller) => Some(me::me(&ask.app, caller).await?),
        None => None,
    };
    let now = ask.app.now();
    let week = me.as_ref().map(|me| {
        let today = me.zone.civil(now).date();
        clash::reach(Window::around(View::Week, today).span(&me.zone))
    });
    Ok(session::Boot {
        set_up: town.set_up,
        demo: cfg!(feature = "rehearsal") && town.demo,
        mail: mail::is_there(&ask.app),
        now,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        me,
        week,
    })
}

/// Who holds no session is as signed out as who has just ended one.
async fn sign_out(ask: Ask<Nothing>) -> Result<Reply<Nothing>, Refused> {
    if let Some(caller) = ask.seek_caller().await? {
        let mut unit = Unit::new();
        sessions::end(&ask.app, &mut unit, &caller, &caller.session);
        ask.app.db.commit(unit).await?;
    }
    Ok(Reply { body: Nothing {}, cookie: Some(caller::clear_cookie()) })
}

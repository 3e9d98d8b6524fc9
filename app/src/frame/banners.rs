//! What is wrong with the whole: paused, no network, a silent clock. Above every page, because each makes a promise of
//! the page below untrue.

use domain::Millis;
use leptos::prelude::*;

use super::pause::PauseBanner;
use crate::{
    platform::time,
    state::{lang, session},
    ui::{Gravity, Notice},
};

/// The cron beats once a minute: five missed beats are no hiccup.
const SILENCE: Millis = Millis::minutes(5);

/// The banners.
#[component]
pub fn Banners() -> impl IntoView {
    let (lang, session) = (lang(), session());
    let silence = Memo::new(move |_| {
        // Reckoned anew with each answer of the engine.
        session.boot.track();
        let beat = session.me.with(|me| me.as_ref().and_then(|me| me.heartbeat))?;
        (session.online.get() && time::now().since(beat) > SILENCE).then_some(beat)
    });
    view! {
        <div class="banners">
            <PauseBanner/>
            {move || {
                (!session.online.get())
                    .then(|| {
                        view! {
                            <Notice gravity=Gravity::Warn spoken=true title=lang.trouble_offline_what()>
                                <p>{lang.trouble_offline_next()}</p>
                            </Notice>
                        }
                    })
            }}
            {move || {
                silence
                    .get()
                    .map(|beat| {
                        let since = time::moment(beat, &session.zone(), lang.tag(), time::Form::Full);
                        view! {
                            <Notice gravity=Gravity::Bad spoken=true title=lang.frame_silence_title()>
                                <p>{lang.frame_silence_text(since)}</p>
                            </Notice>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

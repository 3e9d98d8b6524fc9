//! The devices that listen, this one among them: switched on with a click, tried, and taken away. Why a browser does not
//! play along is said in plain words, with a way on.

use leptos::{prelude::*, task::spawn_local};
use wire::notices::{Delivery, Device, PUSH, Push, SUBSCRIBE, Subscribe, TEST, Tested, UNSUBSCRIBE};

use crate::{
    api,
    pages::around::{self, Fetched},
    parts::{ProblemNotice, Work},
    platform::{
        page,
        push::{self, Given, NoPush, Support},
        time::Form,
    },
    state::{lang, toasts},
    ui::{Button, Chip, Empty, Glyph, Gravity, Hue, Icon, Notice, TextField, Tone},
};

/// The card.
#[component]
pub fn DevicesCard() -> AnyView {
    let lang = lang();
    let devices = Fetched::new(move || async move { api::call(&PUSH, &[], &wire::Nothing {}).await });
    let own = RwSignal::new(None::<String>);
    let look = move || {
        spawn_local(async move {
            let found = push::own().await;
            let _ = own.try_set(found);
        });
    };
    if push::support() == Support::Ready {
        look();
    }
    view! {
        <section class="card notice-devices">
            <h2>{lang.notices_devices_title()}</h2>
            <p class="soft">{lang.notices_devices_text()}</p>
            {devices.draw(move |now| view! { <Listening now devices own look=Callback::new(move |()| look())/> }.into_any())}
        </section>
    }
    .into_any()
}

#[component]
fn Listening(now: Push, devices: Fetched<Push>, own: RwSignal<Option<String>>, look: Callback<()>) -> AnyView {
    let lang = lang();
    let Push { key, devices: rows } = now;
    let (none, work) = (rows.is_empty(), Work::new());
    let known: Vec<String> = rows.iter().map(|row| row.endpoint.clone()).collect();
    let listens = Memo::new(move |_| own.with(|own| own.as_ref().is_some_and(|own| known.contains(own))));
    let said = RwSignal::new(None::<Tested>);
    let test = move || {
        work.run(async move { api::call(&TEST, &[], &wire::Nothing {}).await }, move |tested: Tested| {
            let gone = tested.devices.iter().any(|(_, delivery)| *delivery == Delivery::Gone);
            said.set(Some(tested));
            if gone {
                devices.again();
            }
        });
    };
    view! {
        {none.then(|| view! {
            <Empty glyph=Glyph::Bell title=lang.notices_devices_none_title() text=lang.notices_devices_none_text()/>
        })}
        <ul class="lines">
            {rows.into_iter().map(|row| view! { <Line row devices own look/> }).collect_view()}
        </ul>
        {move || (!listens.get()).then(|| view! { <Enable key=key.clone() devices look/> })}
        <div role="status">
            {move || said.get().map(|tested| tested.devices.into_iter().map(tried).collect_view())}
        </div>
        <ProblemNotice problem=work.problem/>
        {(!none).then(|| view! {
            <div class="actions"><Button glyph=Glyph::Out busy=work.busy on_press=test>{lang.notices_test()}</Button></div>
        })}
    }
    .into_any()
}

/// What became of a test.
fn tried((device, delivery): (Device, Delivery)) -> AnyView {
    let (lang, name) = (lang(), device.label);
    let said = match delivery {
        Delivery::Taken => lang.notices_tested_taken(name),
        Delivery::Gone => lang.notices_tested_gone(name),
        Delivery::Later => lang.notices_tested_later(name),
        Delivery::Refused => lang.notices_tested_refused(name),
    };
    let gravity = if delivery == Delivery::Taken { Gravity::Good } else { Gravity::Warn };
    view! { <Notice gravity><p>{said}</p></Notice> }.into_any()
}

#[component]
fn Line(row: Device, devices: Fetched<Push>, own: RwSignal<Option<String>>, look: Callback<()>) -> AnyView {
    let lang = lang();
    let Device { id, label, endpoint, at, used } = row;
    let work = Work::new();
    let here = Memo::new(move |_| own.with(|own| own.as_deref() == Some(endpoint.as_str())));
    let name = [lang.notices_remove(), ": ", &label].concat();
    let remove = move || {
        let (id, here) = (id.clone(), here.get_untracked());
        let call = async move {
            let left = api::call(&UNSUBSCRIBE, &[id.as_str()], &wire::Nothing {}).await?;
            if here {
                push::forget().await;
            }
            Ok(left)
        };
        work.run(call, move |left| {
            toasts::done(crate::state::lang().notices_removed());
            look.run(());
            devices.put(left);
        });
    };
    let used = used.map(|at| lang.notices_used(around::when(at, Form::Full)));
    view! {
        <li>
            <Icon glyph=Glyph::Bell/>
            <div class="line-main">
                <strong>{label}</strong>
                <p class="post-facts"><span>{lang.notices_since(around::when(at, Form::Full))}</span><span>{used}</span></p>
                <ProblemNotice problem=work.problem/>
            </div>
            {move || here.get().then(|| view! { <Chip hue=Hue::Good text=lang.notices_this()/> })}
            <Button tone=Tone::Danger label=name busy=work.busy on_press=remove>{lang.notices_remove()}</Button>
        </li>
    }
    .into_any()
}

/// Switches this device on.
#[component]
fn Enable(key: String, devices: Fetched<Push>, look: Callback<()>) -> AnyView {
    let lang = lang();
    let cannot = match push::support() {
        Support::Ready => None,
        Support::Installed => Some(lang.notices_cannot_ios()),
        Support::Missing => Some(lang.notices_cannot_text()),
    };
    if let Some(text) = cannot {
        return view! { <Notice gravity=Gravity::Info title=lang.notices_cannot_title()><p>{text}</p></Notice> }
            .into_any();
    }
    let (label, work) = (RwSignal::new(page::device()), Work::new());
    let (asking, refused) = (RwSignal::new(false), RwSignal::new(None::<NoPush>));
    let enable = move || {
        if asking.get_untracked() {
            return;
        }
        asking.set(true);
        refused.set(None);
        let key = key.clone();
        spawn_local(async move {
            let given = push::subscribe(&key).await;
            if asking.try_set(false).is_some() {
                return;
            }
            match given {
                Err(why) => refused.set(Some(why)),
                Ok(Given { endpoint, p256dh, auth }) => {
                    let (label, lang) = (label.get_untracked(), crate::state::lang().tag().to_owned());
                    let subscribe = Subscribe { endpoint, p256dh, auth, label, lang };
                    work.run(async move { api::call(&SUBSCRIBE, &[], &subscribe).await }, move |now| {
                        toasts::done(crate::state::lang().notices_enabled());
                        look.run(());
                        devices.put(now);
                    });
                }
            }
        });
    };
    let said = move |why: NoPush| match why {
        NoPush::Denied => (lang.notices_denied_title(), lang.notices_denied_text()),
        NoPush::Dismissed => (lang.notices_failed_title(), lang.notices_dismissed()),
        NoPush::Failed => (lang.notices_failed_title(), lang.notices_failed_text()),
    };
    let busy = Signal::derive(move || asking.get() || work.busy.get());
    view! {
        <div class="notices-enable">
            <TextField label=lang.notices_label() value=label required=true most=60/>
            <Button tone=Tone::Primary glyph=Glyph::Bell busy=busy on_press=enable>{lang.notices_enable()}</Button>
        </div>
        {move || refused.get().map(|why| {
            let (title, text) = said(why);
            view! { <Notice gravity=Gravity::Warn spoken=true title=title><p>{text}</p></Notice> }
        })}
        <ProblemNotice problem=work.problem/>
    }
    .into_any()
}

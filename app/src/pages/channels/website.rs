//! Connecting the organisation's own website, in two steps: where it is, and the secret that has to be put into it. Separate from
//! the other networks: only here does the desk show a secret, once.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    platform::hand,
    state::{lang, toasts},
    ui::{Button, Glyph, Gravity, Notice, TextField},
};

/// A connection that the site has to prove: its name, and the secret.
pub type Proof = RwSignal<Option<(String, String)>>;

/// Where the site takes webhooks, and how the desk calls it.
pub fn fields(address: RwSignal<String>, name: RwSignal<String>) -> AnyView {
    let lang = lang();
    view! {
        <ol class="howto">
            <li>{lang.website_need_receiver()}</li>
            <li>{lang.website_need_secret()}</li>
            <li>{lang.website_need_check()}</li>
        </ol>
        <TextField
            label=lang.website_endpoint()
            hint=lang.website_endpoint_hint()
            kind="url"
            value=address
            required=true
            most=2_048
        />
        <TextField label=lang.channels_name() hint=lang.website_name_hint() value=name required=true/>
    }
    .into_any()
}

/// The secret, to be put into the site.
pub fn shown(secret: &str) -> AnyView {
    let lang = lang();
    let copied = secret.to_owned();
    let take = move || {
        let copied = copied.clone();
        spawn_local(async move {
            match hand::copy(&copied).await {
                true => toasts::done(lang.website_copied()),
                false => toasts::say(Gravity::Warn, lang.post_copy_failed()),
            }
        });
    };
    view! {
        <Notice gravity=Gravity::Info title=lang.website_once()><p>{lang.website_once_text()}</p></Notice>
        <p><code class="code" translate="no">{secret.to_owned()}</code></p>
        <div class="actions">
            <Button glyph=Glyph::Copy on_press=take>{lang.website_copy()}</Button>
        </div>
        <p>{lang.website_then()}</p>
    }
    .into_any()
}

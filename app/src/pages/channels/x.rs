//! Connecting an account of X: what it takes, and what it costs. Separate from the other networks: only X charges for each
//! post.

use domain::ChannelId;
use leptos::prelude::*;
use wire::channels::Connect;

use super::facebook::Access;
use crate::{platform::page, state::lang, ui::TextField};

/// What an access takes, to be read before.
pub fn guide() -> AnyView {
    let lang = lang();
    view! {
        <details class="guide" open>
            <summary>{lang.facebook_guide()}</summary>
            <ol class="stack small">
                <li>{lang.x_need_app()}</li>
                <li>
                    {lang.x_need_back()} " "
                    <code>{[&page::origin(), "/api/channels/x/return"].concat()}</code>
                </li>
                <li>{lang.x_need_scopes()}</li>
                <li>{lang.x_need_credits()}</li>
                <li>{lang.x_need_until()}</li>
            </ol>
        </details>
    }
    .into_any()
}

/// What is asked for.
pub fn fields(access: Access) -> AnyView {
    let lang = lang();
    view! {
        <TextField label=lang.x_client_id() hint=lang.x_client_id_hint() value=access.app_id required=true/>
        <TextField
            label=lang.x_client_secret()
            hint=lang.x_client_secret_hint()
            kind="password"
            value=access.app_secret
            required=true
        />
    }
    .into_any()
}

/// What is sent.
pub fn connect(access: Access, channel: Option<ChannelId>) -> Connect {
    let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
    Connect::X { client_id: text(access.app_id), client_secret: text(access.app_secret), channel }
}

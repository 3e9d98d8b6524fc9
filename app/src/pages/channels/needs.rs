//! What it takes to connect, told before anything is asked: what is needed and who owns it, why each right, how long, what it costs, how
//! it is taken back. Separate from the fields: it is read once, and folded away.

use domain::Network;
use leptos::prelude::*;

use crate::state::lang;

/// A line of it.
pub fn line(text: &'static str) -> AnyView {
    view! { <li>{text}</li> }.into_any()
}

/// Its lines, in the order in which they are done.
pub fn listed(lines: Vec<AnyView>) -> AnyView {
    view! {
        <details class="guide" open>
            <summary>{lang().facebook_guide()}</summary>
            <ol class="stack small">{lines}</ol>
        </details>
    }
    .into_any()
}

/// Where no developer app is needed; `signs_in`: at Bluesky, by signing in at its server.
pub fn without_app(network: Network, signs_in: bool) -> Option<AnyView> {
    let lang = lang();
    let lines = match network {
        Network::Bluesky if signs_in => vec![
            lang.channels_bluesky_need_account(),
            lang.channels_bluesky_sign_in_text(),
            lang.channels_bluesky_need_rights(),
            lang.channels_bluesky_need_until(),
        ],
        Network::Bluesky => vec![
            lang.channels_bluesky_need_account(),
            lang.channels_app_password_need(),
            lang.channels_app_password_rights(),
            lang.channels_app_password_until(),
        ],
        Network::Mastodon => vec![
            lang.channels_mastodon_need_account(),
            lang.channels_mastodon_text(),
            lang.channels_mastodon_need_rights(),
            lang.channels_mastodon_need_until(),
        ],
        Network::Telegram => vec![
            lang.channels_telegram_need_owner(),
            lang.channels_telegram_bot(),
            lang.channels_telegram_rights(),
            lang.channels_telegram_paste(),
            lang.channels_telegram_need_until(),
        ],
        _ => return None,
    };
    Some(listed(lines.into_iter().map(line).collect()))
}

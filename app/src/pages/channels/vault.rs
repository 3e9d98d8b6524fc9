//! The vault, for whoever looks after the channels: what no longer opens, and how far a change of keys has come. Says
//! nothing while there is nothing to do.

use domain::Channel;
use leptos::prelude::*;
use wire::channels::{KeyView, VaultView};

use crate::{
    pages::around,
    platform::time::Form,
    state::lang,
    ui::{Gravity, Notice},
};

/// What there is to say of it.
pub fn said(vault: VaultView, channels: &[Channel]) -> AnyView {
    let lang = lang();
    if vault.keys.is_empty() {
        return view! { <Notice gravity=Gravity::Bad title=lang.vault_none_title()><p>{lang.vault_none_text()}</p></Notice> }
            .into_any();
    }
    let names: Vec<&str> = channels
        .iter()
        .filter(|channel| vault.lost.contains(&channel.id))
        .map(|channel| channel.name.as_str())
        .collect();
    let lost = (!names.is_empty()).then(|| {
        let title = lang.vault_lost_title(names.join(", "));
        view! { <Notice gravity=Gravity::Bad title><p>{lang.vault_lost_text()}</p></Notice> }
    });
    let unopened = (names.is_empty() && vault.unopened > 0).then(|| {
        let title = lang.vault_unopened_title();
        view! { <Notice gravity=Gravity::Bad title><p>{lang.vault_unopened_text()}</p></Notice> }
    });
    let old: Vec<_> = vault.keys.iter().skip(1).map(|key| view! { <li>{left(key)}</li> }).collect();
    let rotation = (!old.is_empty()).then(|| {
        view! {
            <Notice title=lang.vault_title()>
                <p>{lang.vault_text()}</p>
                <ul>{old}</ul>
            </Notice>
        }
    });
    view! { {lost} {unopened} {rotation} }.into_any()
}

fn left(key: &KeyView) -> String {
    let lang = lang();
    match (key.secrets, key.spare) {
        (0, Some(at)) => lang.vault_spare(&key.id, around::when(at, Form::Full)),
        (0, None) => lang.vault_elsewhere(&key.id),
        (left, _) => lang.vault_left(left, &key.id),
    }
}

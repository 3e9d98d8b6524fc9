//! Who outside was sent a link to this post: when, whether they opened it, what became of it; sent again, or taken back.

use domain::{Act, outside::Link};
use leptos::prelude::*;
use wire::{Nothing, posts};

use super::{Sheet, acts::Doing};
use crate::{
    api,
    pages::around,
    platform::time::{Form, now},
    state::{lang, session},
    ui::{Button, Tone},
};

/// The links, newest round first; nothing where nobody outside was ever asked.
pub fn section(sheet: &Sheet, doing: Doing) -> Option<AnyView> {
    if sheet.view.links.is_empty() {
        return None;
    }
    let lang = lang();
    let open = sheet.view.post.round().ok().map(|round| round.number);
    let manages = session().me.with_untracked(|me| me.as_ref().is_some_and(|me| domain::may(me.role, Act::Submit)));
    let mut links = sheet.view.links.clone();
    links.reverse();
    let lines = links.into_iter().map(|link| {
        let acts = (manages && open == Some(link.round)).then(|| acts(sheet, &link, doing));
        view! {
            <li>
                <p><b>{link.mailbox.as_str().to_owned()}</b></p>
                <p class="hint">{told(&link)}</p>
                {acts}
            </li>
        }
    });
    Some(
        view! {
            <section aria-labelledby="post-links">
                <h2 id="post-links">{lang.outside_sent()}</h2>
                <ul class="post-links">{lines.collect::<Vec<_>>()}</ul>
            </section>
        }
        .into_any(),
    )
}

/// What became of a link, in the order in which it did.
pub fn told(link: &Link) -> String {
    let lang = lang();
    let when = |at| around::when(at, Form::Full);
    let mut told = vec![lang.outside_sent_at(when(link.sent))];
    if link.times > 1 {
        told.push(lang.outside_sent_times(link.times));
    }
    told.push(
        link.opened.map_or_else(|| lang.outside_never_opened().to_owned(), |at| lang.outside_opened_at(when(at))),
    );
    if let Some(at) = link.decided {
        told.push(lang.outside_decided_at(when(at)));
    }
    told.push(match link.revoked {
        Some(at) => lang.outside_revoked_at(when(at)),
        None if link.expires <= now() => lang.outside_expired_at(when(link.expires)),
        None => lang.outside_expires_at(when(link.expires)),
    });
    told.join(" · ")
}

/// Taking back needs no question: it is undone by sending again.
fn acts(sheet: &Sheet, link: &Link, doing: Doing) -> AnyView {
    let lang = lang();
    let ids = (sheet.view.post.id.clone(), link.id.clone());
    let of = ids.clone();
    let again = move || {
        let (post, link) = of.clone();
        let request = async move { api::call(&posts::SEND_LINK, &[post.as_str(), link.as_str()], &Nothing {}).await };
        doing.run(Box::pin(request), lang.outside_sent_again());
    };
    let revoke = move || {
        let (post, link) = ids.clone();
        let request = async move { api::call(&posts::REVOKE_LINK, &[post.as_str(), link.as_str()], &Nothing {}).await };
        doing.run(Box::pin(request), lang.outside_revoked());
    };
    view! {
        <div class="actions">
            <Button tone=Tone::Quiet busy=doing.work.busy on_press=again>{lang.outside_again()}</Button>
            {link.revoked.is_none().then(|| view! {
                <Button tone=Tone::Quiet busy=doing.work.busy on_press=revoke>{lang.outside_revoke()}</Button>
            })}
        </div>
    }
    .into_any()
}

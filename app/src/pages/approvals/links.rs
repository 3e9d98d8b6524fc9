//! What whoever looks has asked of people outside: where each link is, sent again or taken back from here. Separate from
//! what waits for their own decision: here they wait for somebody else's.

use domain::{Act, outside::Way};
use leptos::prelude::*;
use wire::{
    Endpoint, Nothing,
    posts::{self, OutsideLink, PostView},
};

use crate::{
    api,
    pages::{
        around::{Fetched, Load},
        post::links::told,
    },
    parts::{ProblemNotice, Work},
    platform::time::now,
    routes,
    state::{lang, session, toasts},
    ui::{Button, Chip, Hue, Tone},
};

/// The section; nothing where nobody outside is asked.
pub fn section() -> AnyView {
    let lang = lang();
    let may = session().me.with_untracked(|me| me.as_ref().is_some_and(|me| domain::may(me.role, Act::Submit)));
    if !may {
        return ().into_any();
    }
    let links = Fetched::new(|| async { api::call(&posts::LINKS, &[], &Nothing {}).await });
    links.follow();
    let work = Work::new();
    (move || {
        // What cannot be fetched is on the page of each post as well; the decisions above are what the page is for.
        let Load::Here(all) = links.state.get() else { return None };
        let lines = all.into_iter().map(|one| line(one, links, work)).collect::<Vec<_>>();
        (!lines.is_empty()).then(|| {
            view! {
                <section class="approvals-links" aria-labelledby="approvals-links">
                    <h2 id="approvals-links">{lang.approvals_links()}</h2>
                    <ProblemNotice problem=work.problem/>
                    <ul class="post-links">{lines}</ul>
                </section>
            }
        })
    })
    .into_any()
}

fn line(one: OutsideLink, links: Fetched<Vec<OutsideLink>>, work: Work) -> AnyView {
    let lang = lang();
    let OutsideLink { post, heading, link } = one;
    let heading = if heading.is_empty() { lang.post_untitled().to_owned() } else { heading };
    let way = link.way(now());
    let (hue, text) = match way {
        Way::Sent => (Hue::Warn, lang.approvals_link_sent()),
        Way::Opened => (Hue::Info, lang.approvals_link_opened()),
        Way::Decided => (Hue::Good, lang.approvals_link_decided()),
        Way::Expired => (Hue::Bad, lang.approvals_link_expired()),
        Way::Revoked => (Hue::Neutral, lang.approvals_link_revoked()),
    };
    let mailbox = link.mailbox.as_str().to_owned();
    let ids = StoredValue::new((post.clone(), link.id.clone()));
    let act = move |endpoint: &'static Endpoint<Nothing, PostView>, done: &'static str| {
        let (post, link) = ids.get_value();
        let request = async move { api::call(endpoint, &[post.as_str(), link.as_str()], &Nothing {}).await };
        work.run(request, move |_| {
            toasts::done(done);
            links.again();
        });
    };
    // Each of many buttons says whose link it is about.
    let of = |text: &str| [text, ": ", &mailbox].concat();
    let (again, revoke) = (of(lang.outside_again()), of(lang.outside_revoke()));
    let acts = (way != Way::Decided).then(|| {
        view! {
            <div class="actions">
                <Button tone=Tone::Quiet label=again busy=work.busy on_press=move || act(&posts::SEND_LINK, lang.outside_sent_again())>
                    {lang.outside_again()}
                </Button>
                {(way != Way::Revoked).then(|| view! {
                    <Button tone=Tone::Quiet label=revoke busy=work.busy on_press=move || act(&posts::REVOKE_LINK, lang.outside_revoked())>
                        {lang.outside_revoke()}
                    </Button>
                })}
            </div>
        }
    });
    view! {
        <li>
            <p class="post-facts"><b>{mailbox}</b> <Chip hue text/></p>
            <p><a href=routes::post(&post)>{heading}</a></p>
            <p class="hint">{told(&link)}</p>
            {acts}
        </li>
    }
    .into_any()
}

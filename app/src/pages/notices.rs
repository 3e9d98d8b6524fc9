//! Notices: what one was told, the newest first, one click from each thing; and how one wants to be told. The address
//! says which of the two.

mod choices;
mod devices;

use domain::telling::Way;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use wire::{
    Page,
    notices::{LIST, NoticeRow, Query, READ, READ_ALL, Until},
};
use words::notice_said;

use self::{choices::ChoicesCard, devices::DevicesCard};
use super::around::{self, Fetched, Load};
use crate::{
    api,
    parts::{ProblemNotice, Work},
    platform::time::{self, Form},
    routes,
    state::{lang, session, toasts},
    ui::{Button, Chip, Empty, Glyph, Hue, Tone},
};

/// The page.
#[component]
pub fn NoticesPage() -> AnyView {
    let (lang, query) = (lang(), use_query_map());
    around::title(lang.notices_title());
    let choosing = Memo::new(move |_| query.with(|query| query.get("view")).as_deref() == Some("choices"));
    let link = move |text: &'static str, href: String, here: bool| {
        view! { <a class="tab" href=href aria-current=move || (choosing.get() == here).then_some("page")>{text}</a> }
    };
    view! {
        <div class="notices">
            <header class="page-head">
                <div>
                    <h1>{lang.notices_title()}</h1>
                    <p>{lang.notices_lead()}</p>
                </div>
            </header>
            <nav class="tabs" aria-label=lang.notices_views()>
                {link(lang.notices_list(), routes::NOTICES.to_owned(), false)}
                {link(lang.notices_choices(), [routes::NOTICES, "?view=choices"].concat(), true)}
            </nav>
            {move || {
                if choosing.get() {
                    view! { <ChoicesCard/> <DevicesCard/> }.into_any()
                } else {
                    view! { <List/> }.into_any()
                }
            }}
        </div>
    }
    .into_any()
}

/// What was read here before the engine has said so.
type Seen = RwSignal<Vec<domain::NoticeId>>;

#[component]
fn List() -> AnyView {
    let lang = lang();
    let more = RwSignal::new(Vec::<NoticeRow>::new());
    let next = RwSignal::new(None::<String>);
    let seen: Seen = RwSignal::new(Vec::new());
    let (work, marking) = (Work::new(), Work::new());
    let list = Fetched::new(move || async move { api::call(&LIST, &[], &Query::default()).await });
    Effect::new(move |_| {
        if let Load::Here(page) = list.state.get() {
            next.set(page.next);
            more.set(Vec::new());
        }
    });
    let show_more = move || {
        let query = Query { cursor: next.get_untracked() };
        work.run(async move { api::call(&LIST, &[], &query).await }, move |page: Page<NoticeRow>| {
            more.update(|rows| rows.extend(page.items));
            next.set(page.next);
        });
    };
    // By the engine's clock and what is on the screen: what comes meanwhile stays unread.
    let newest = Memo::new(move |_| match list.state.get() {
        Load::Here(page) => page.items.first().map(|row| row.at),
        _ => None,
    });
    let all = move || {
        let until = Until { until: newest.get_untracked().unwrap_or_else(time::now) };
        marking.run(async move { api::call(&READ_ALL, &[], &until).await }, move |left| {
            session().accept_unread(left.unread);
            toasts::done(crate::state::lang().notices_marked());
            list.again();
        });
    };
    let unread = Memo::new(move |_| session().me.with(|me| me.as_ref().map_or(0, |me| me.unread)));
    view! {
        {list.draw(move |page| draw(page, more, seen))}
        <ProblemNotice problem=work.problem/>
        <ProblemNotice problem=marking.problem/>
        <div class="actions">
            {move || {
                (newest.get().is_some() && unread.get() > 0).then(|| {
                    view! { <Button glyph=Glyph::Check busy=marking.busy on_press=all>{lang.notices_mark_all()}</Button> }
                })
            }}
            {move || next.get().map(|_| view! {
                <Button busy=work.busy on_press=show_more>{lang.general_show_more()}</Button>
            })}
        </div>
    }
    .into_any()
}

fn draw(page: Page<NoticeRow>, more: RwSignal<Vec<NoticeRow>>, seen: Seen) -> AnyView {
    let lang = lang();
    if page.items.is_empty() {
        return view! {
            <Empty glyph=Glyph::Bell title=lang.notices_empty_title() text=lang.notices_empty_text()/>
        }
        .into_any();
    }
    view! {
        <ul class="lines card notice-list">
            {page.items.into_iter().map(|row| line(row, seen)).collect_view()}
            {move || more.get().into_iter().map(|row| line(row, seen)).collect_view()}
        </ul>
    }
    .into_any()
}

fn line(row: NoticeRow, seen: Seen) -> AnyView {
    let lang = lang();
    let NoticeRow { id, kind, at, read, post, heading, name, what, ways } = row;
    let what = match kind {
        // A date, as the engine keeps it: the line says when it was told, and that is near enough.
        domain::telling::Kind::Silence => String::new(),
        // What the mail says of it, as JSON: here its name is enough, for the line leads to it.
        domain::telling::Kind::Channel => {
            let kept: serde_json::Value = serde_json::from_str(&what).unwrap_or_default();
            kept["name"].as_str().unwrap_or_default().to_owned()
        }
        _ => what,
    };
    let said = notice_said(lang, kind, &heading, &name, &what);
    let open = {
        let id = id.clone();
        Memo::new(move |_| read.is_none() && !seen.with(|seen| seen.contains(&id)))
    };
    // The click goes on to the thing; that it was read may be told on the way, or not at all.
    let mark = Callback::new(move |()| {
        if !open.get_untracked() {
            return;
        }
        let id = id.clone();
        seen.update(|seen| seen.push(id.clone()));
        spawn_local(async move {
            if let Ok(left) = api::call(&READ, &[id.as_str()], &wire::Nothing {}).await {
                session().accept_unread(left.unread);
            }
        });
    });
    let way = |way: Way, text: &'static str| ways.contains(&way).then(|| view! { <span>{text}</span> });
    let ways = (
        way(Way::Push, lang.notices_by_push()),
        way(Way::Mail, lang.notices_by_mail()),
        way(Way::Digest, lang.notices_by_digest()),
    );
    let label = [lang.notices_mark(), ": ", &said].concat();
    let path = kind.path(post.as_ref());
    // The router would take the approver's own page for one of the desk's, and find nothing there.
    let rel = path.starts_with(wire::entry::DECIDE).then_some("external");
    view! {
        <li data-unread=move || open.get().then_some("true")>
            <div class="line-main">
                <a class="notice-link" href=path rel=rel on:click=move |_| mark.run(())>{said}</a>
                <p class="post-facts">
                    <time>{around::when(at, Form::Full)}</time>
                    {ways}
                </p>
            </div>
            {move || open.get().then(|| view! {
                <Chip hue=Hue::Info text=lang.notices_new()/>
                <Button tone=Tone::Quiet glyph=Glyph::Check bare=true label=label.clone() on_press=move || mark.run(())/>
            })}
        </li>
    }
    .into_any()
}

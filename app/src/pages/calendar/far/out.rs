//! The calendar out of the house: the view as a file, one's own address for a calendar program, and links for somebody
//! without an account. What has a secret is shown once.

use domain::{Act, ShareId, share::Share};
use leptos::{ev, prelude::*, task::spawn_local};
use wire::{
    Nothing,
    campaigns::THEMES,
    channels::CHANNELS,
    sharing::{FEED, MAKE_SHARE, MakeShare, Opened, RENEW_FEED, REVOKE_FEED, REVOKE_SHARE, SHARES, Shared},
};
use words::campaign_name;

use super::{
    super::Board,
    export::{drawn, export},
};
use crate::{
    api,
    pages::{
        around::{self, Fetched},
        leaving::{Format, Known},
    },
    parts::{ProblemNotice, Work},
    platform::{
        hand, page,
        time::{self, Form},
    },
    state::{lang, session},
    ui::{Button, Dialog, Glyph, Select, TextField, Tone},
};

const OWN: &str = "out-own";
const LINKS: &str = "out-links";

/// A link whose address is shown, for once.
#[derive(Clone)]
struct JustMade {
    id: ShareId,
    name: String,
    address: String,
}

/// How many days a link lasts, if nobody says another number.
const USUAL: &str = "30";

/// The dialog; open for as long as it is there.
pub fn out(board: Board) -> AnyView {
    let lang = lang();
    let open = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            board.asked.set(None);
        }
    });
    let (names, asking) = (RwSignal::new(Known::bare()), Work::new());
    let ask = async {
        let channels = api::call(&CHANNELS, &[], &Nothing {}).await?;
        let themes = api::call(&THEMES, &[], &Nothing {}).await?;
        Ok(Known { channels, themes, ..Known::bare() })
    };
    asking.run(ask, move |found| names.set(found));
    // A toast lies under an open dialog, and nobody is told of it.
    let said = RwSignal::new(String::new());
    view! {
        <Dialog open title=lang.sharing_title() close=lang.general_close() wide=true>
            <div class="stack">
                <ProblemNotice problem=asking.problem/>
                {files(board, open, names, asking, said)}
                <p class="hint" role="status">{move || said.get()}</p>
                {own(said)}
                {session().may(Act::Share).then(|| links(names, said))}
            </div>
        </Dialog>
    }
    .into_any()
}

/// The view as a file, or on paper.
fn files(board: Board, open: RwSignal<bool>, names: RwSignal<Known>, asking: Work, said: RwSignal<String>) -> AnyView {
    let lang = lang();
    let buttons = [
        (Format::Csv, lang.sharing_file_csv()),
        (Format::Xlsx, lang.sharing_file_xlsx()),
        (Format::Ics, lang.sharing_file_ics()),
        (Format::Json, lang.sharing_file_json()),
    ];
    let buttons = buttons.map(|(format, name)| {
        let save = move || {
            let names = names.get_untracked();
            spawn_local(async move {
                let failed = export(board, format, &names).await.err();
                let _ = said.try_set(failed.unwrap_or_default().to_owned());
            });
        };
        // Without the names a sheet would have empty columns.
        view! { <Button glyph=Glyph::Out disabled=asking.busy on_press=save>{name}</Button> }
    });
    let print = move || {
        open.set(false);
        // What lies over the calendar would be what is printed.
        request_animation_frame(hand::print);
    };
    view! {
        <section aria-labelledby="out-file">
            <h3 id="out-file">{lang.sharing_file()}</h3>
            <p class="hint">
                {move || {
                    board.shown.track();
                    lang.sharing_file_text(drawn(board).len())
                }}
            </p>
            <div class="actions">
                {buttons.into_iter().collect::<Vec<_>>()}
                <Button glyph=Glyph::Book on_press=print>{lang.general_print()}</Button>
            </div>
        </section>
    }
    .into_any()
}

/// A secret, once: to be copied.
fn once(name: String, address: String, said: RwSignal<String>) -> AnyView {
    let lang = lang();
    let kept = StoredValue::new(address.clone());
    let copy = move || {
        spawn_local(async move {
            let copied = hand::copy(&kept.get_value()).await;
            let _ = said.try_set(if copied { lang.general_copied() } else { lang.entry_not_copied() }.to_owned());
        });
    };
    view! {
        <div class="notice" data-hue="warn" role="status">
            <div class="notice-body">
                <strong>{name}</strong>
                <p>{lang.sharing_once()}</p>
                <p class="code">{address}</p>
                <Button glyph=Glyph::Copy on_press=copy>{lang.general_copy()}</Button>
            </div>
        </div>
    }
    .into_any()
}

/// One's own address.
fn own(said: RwSignal<String>) -> AnyView {
    let lang = lang();
    let feed = Fetched::new(|| async { api::call(&FEED, &[], &Nothing {}).await });
    let (work, made) = (Work::new(), RwSignal::new(None::<String>));
    let renew = move || {
        work.run(async move { api::call(&RENEW_FEED, &[], &Nothing {}).await }, move |address| {
            made.set(Some([page::origin(), address.path].concat()));
            feed.again();
        });
    };
    let revoke = move || {
        work.run(async move { api::call(&REVOKE_FEED, &[], &Nothing {}).await }, move |_| {
            made.set(None);
            feed.again();
            said.set(lang.sharing_own_revoked().to_owned());
        });
    };
    let shown = move || {
        made.get().map(|address| {
            // Calendar programs listen to this name; who has none copies the address.
            let place = address.split_once("//").map_or("", |(_, place)| place);
            let subscribe = ["webcal://", place].concat();
            view! {
                {once(lang.sharing_once_address().to_owned(), address, said)}
                <p><a class="button" href=subscribe rel="external">{lang.sharing_subscribe()}</a></p>
            }
        })
    };
    view! {
        <section aria-labelledby=OWN>
            <h3 id=OWN tabindex="-1">{lang.sharing_own()}</h3>
            <p class="hint">{lang.sharing_own_text()}</p>
            {shown}
            {feed.draw(move |feed| {
                // What was pressed is drawn anew.
                page::catch_focus(OWN.to_owned());
                match feed.made {
                None => view! {
                    <p>{lang.sharing_own_none()}</p>
                    <Button busy=work.busy on_press=renew>{lang.sharing_own_make()}</Button>
                }
                .into_any(),
                Some(at) => view! {
                    <p>{lang.sharing_own_made(around::when(at, Form::Full))}</p>
                    <div class="actions">
                        <Button busy=work.busy on_press=renew>{lang.sharing_own_renew()}</Button>
                        <Button tone=Tone::Danger busy=work.busy on_press=revoke>{lang.sharing_own_revoke()}</Button>
                    </div>
                }
                .into_any(),
                }
            })}
            <ProblemNotice problem=work.problem />
        </section>
    }
    .into_any()
}

/// Links for others.
fn links(names: RwSignal<Known>, said: RwSignal<String>) -> AnyView {
    let lang = lang();
    let all = Fetched::new(|| async { api::call(&SHARES, &[], &Nothing {}).await });
    let made = RwSignal::new(None::<JustMade>);
    let shown = move || {
        let JustMade { name, address, .. } = made.get()?;
        Some(once(lang.sharing_once_link(name), address, said))
    };
    view! {
        <section aria-labelledby=LINKS>
            <h3 id=LINKS tabindex="-1">{lang.sharing_links()}</h3>
            <p class="hint">{lang.sharing_links_text()}</p>
            {shown}
            {form(names, made, all)}
            {all.draw(move |shared: Vec<Shared>| {
                page::catch_focus(LINKS.to_owned());
                if shared.is_empty() {
                    return view! { <p class="hint">{lang.sharing_links_none()}</p> }.into_any();
                }
                let lines = shared.into_iter().map(|one| line(one, names, all, (made, said))).collect::<Vec<_>>();
                view! { <ul class="lines">{lines}</ul> }.into_any()
            })}
        </section>
    }
    .into_any()
}

fn form(names: RwSignal<Known>, made: RwSignal<Option<JustMade>>, all: Fetched<Vec<Shared>>) -> AnyView {
    let lang = lang();
    let (name, days) = (RwSignal::new(String::new()), RwSignal::new(USUAL.to_owned()));
    let (channel, campaign) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let work = Work::new();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let asked = MakeShare {
            name: name.get_untracked(),
            // The field takes numbers only: what is none is refused as no days at all.
            days: days.with_untracked(|days| days.trim().parse().unwrap_or_default()),
            channel: channel.with_untracked(|id| id.parse().ok()),
            campaign: campaign.with_untracked(|id| id.parse().ok()),
        };
        let named = asked.name.clone();
        work.run(async move { api::call(&MAKE_SHARE, &[], &asked).await }, move |answer| {
            let address = [page::origin(), answer.address.path].concat();
            made.set(Some(JustMade { id: answer.id, name: named, address }));
            name.set(String::new());
            all.again();
        });
    };
    let any = move || (String::new(), lang.calendar_any().to_owned());
    // Drawn anew when the names come: until then there is nothing to choose from.
    let choices = move || {
        names.with(|names| {
            let channels = names.channels.iter().map(|one| (one.id.to_string(), one.name.clone()));
            let campaigns = names.themes.campaigns.iter().map(|one| (one.id.to_string(), campaign_name(lang, one)));
            let (channels, campaigns) =
                (std::iter::once(any()).chain(channels).collect(), std::iter::once(any()).chain(campaigns).collect());
            view! {
                <Select label=lang.calendar_by_channel() value=channel options=channels />
                <Select label=lang.calendar_by_campaign() value=campaign options=campaigns />
            }
        })
    };
    view! {
        <form class="stack" on:submit=submit>
            <div class="columns">
                <TextField label=lang.sharing_for() hint=lang.sharing_for_hint() value=name required=true most=60 />
                <TextField label=lang.sharing_days() hint=lang.sharing_days_hint() value=days kind="number" required=true />
                {choices}
            </div>
            <ProblemNotice problem=work.problem />
            <div class="actions">
                <Button submit=true busy=work.busy glyph=Glyph::Link>{lang.sharing_make()}</Button>
            </div>
        </form>
    }
    .into_any()
}

fn line(
    Shared { share, opened }: Shared,
    names: RwSignal<Known>,
    all: Fetched<Vec<Shared>>,
    (made, said): (RwSignal<Option<JustMade>>, RwSignal<String>),
) -> AnyView {
    let lang = lang();
    let work = Work::new();
    let state = match share.revoked {
        Some(at) => lang.sharing_revoked(around::when(at, Form::Full)),
        None if share.is_open(time::now()) => lang.sharing_until(around::when(share.expires, Form::Full)),
        None => lang.sharing_over(around::when(share.expires, Form::Full)),
    };
    let revoke = share.is_open(time::now()).then(|| {
        let (id, name) = (share.id.clone(), share.name.clone());
        let label = lang.sharing_revoke_of(&name);
        let press = move || {
            let (id, name, gone) = (id.clone(), name.clone(), id.clone());
            work.run(async move { api::call(&REVOKE_SHARE, &[id.as_str()], &Nothing {}).await }, move |_| {
                said.set(lang.sharing_revoke_done(name));
                // Its address is no longer worth copying.
                made.update(|made| drop(made.take_if(|made| made.id == gone)));
                all.again();
            });
        };
        view! { <Button tone=Tone::Danger busy=work.busy label on_press=press>{lang.sharing_revoke()}</Button> }
    });
    let only = {
        let share = share.clone();
        move || names.with(|names| only(&share, names))
    };
    view! {
        <li>
            <div class="line-main">
                <b>{share.name}</b>
                <span class="hint">{state}</span>
                {only}
                {seen(&opened)}
                <ProblemNotice problem=work.problem />
            </div>
            {revoke}
        </li>
    }
    .into_any()
}

/// What of the calendar it shows, where that is not all.
fn only(share: &Share, names: &Known) -> Option<AnyView> {
    let lang = lang();
    let channel = names.channels.iter().find(|one| share.channel.as_ref() == Some(&one.id)).map(|one| one.name.clone());
    let campaign = names.themes.campaigns.iter().find(|one| share.campaign.as_ref() == Some(&one.id));
    let campaign = campaign.map(|one| campaign_name(lang, one));
    let what = channel.into_iter().chain(campaign).collect::<Vec<_>>().join(", ");
    (!what.is_empty()).then(|| view! { <span class="hint">{lang.sharing_only(what)}</span> }.into_any())
}

/// On which days it was opened, and how often.
fn seen(opened: &[Opened]) -> AnyView {
    let lang = lang();
    if opened.is_empty() {
        return view! { <span class="hint">{lang.sharing_opened_never()}</span> }.into_any();
    }
    let sum: u32 = opened.iter().map(|one| one.times).sum();
    let days = opened.iter().map(|one| {
        view! { <li>{lang.sharing_opened_on(time::date(one.day, lang.tag(), Form::DayYear), one.times)}</li> }
    });
    view! {
        <details>
            <summary>{lang.sharing_opened(sum as usize)}</summary>
            <ul>{days.collect::<Vec<_>>()}</ul>
        </details>
    }
    .into_any()
}

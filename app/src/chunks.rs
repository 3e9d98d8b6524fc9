//! The pages that are fetched when they are first opened, grouped by who opens them: bytes are the user's data plan, and
//! who looks at the week needs neither the composer nor the office. `cargo xtask` cuts the program along these
//! functions; what several groups share becomes files of their own. Separate because each function here is a border:
//! one name of a page used elsewhere, and its code is in the first load again.

use std::{future::Future, pin::Pin};

use domain::{import::Unreadable, workbook};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::{
    api::{json, trouble::Trouble},
    pages::{
        approvals::Approvals,
        brand::BrandPage,
        calendar::{Asking, Clock, Far, Marking, Panel, Promised, begin_clock},
        channels::Channels,
        circuits::CircuitsPage,
        compose::{Compose, Filling, FromLink},
        design::DesignPage,
        devices::Devices,
        home::Home,
        import::ImportPage,
        join::Join,
        leaving,
        library::{LibraryPage, LibraryPick},
        notices::NoticesPage,
        organisation::OrganisationPage,
        people::People,
        plan::PlanPage,
        post::PostPage,
        receipt::ReceiptPage,
        record::RecordPage,
        recover::Recover,
        repeat::Repeat,
        search::SearchPage,
        set_up::SetUp,
        sign_in::{SignIn, SignInForm},
        symbols::Symbols,
        tasks::TasksPage,
        texts::TextsPage,
        workshop::Workshop,
    },
    platform::page,
    state::{lang, second},
    ui::{Button, Gravity, Notice, Skeleton},
};

/// What draws a page, once its code is there. A plain function: only such a thing crosses the border.
type Draw = fn() -> AnyView;

type Fetch = Pin<Box<dyn Future<Output = Result<Draw, SplitLoaderError>>>>;

/// One component for each page, and the group that it is fetched with. Groups are few: what some of them share is a file for each
/// such few, and with eighteen groups there were 567 files, so many that the tool could no longer take the texts of each apart and
/// left all of them in the first (`xtask/src/desk/split.rs`, `LARGEST`).
macro_rules! fetched {
    ($($group:ident: $($name:ident $fetch:ident => $page:ident),+;)+) => {$($(
        #[wasm_split($group, fallible)]
        fn $fetch() -> Result<Draw, SplitLoaderError> {
            Ok(|| view! { <$page/> }.into_any())
        }

        /// The page, or what stands there until it has come.
        pub fn $name() -> AnyView {
            shown(|| Box::pin($fetch()))
        }
    )+)+};
}

fetched! {
    entry: sign_in fetch_sign_in => SignIn, sign_in_form fetch_sign_in_form => SignInForm,
        set_up fetch_set_up => SetUp, join fetch_join => Join, recover fetch_recover => Recover;
    home: home fetch_home => Home;
    compose: compose fetch_compose => Compose, filling fetch_filling => Filling,
        from_link fetch_from_link => FromLink,
        symbols fetch_symbols => Symbols,
        library_pick fetch_library_pick => LibraryPick;
    post: post fetch_post => PostPage, approvals fetch_approvals => Approvals,
        receipt fetch_receipt => ReceiptPage, tasks fetch_tasks => TasksPage;
    office: record fetch_record => RecordPage, channels fetch_channels => Channels, people fetch_people => People,
        organisation fetch_organisation => OrganisationPage, devices fetch_devices => Devices;
    notices: notices fetch_notices => NoticesPage;
    shelves: plan fetch_plan => PlanPage, import fetch_import => ImportPage, texts fetch_texts => TextsPage,
        library fetch_library => LibraryPage, search fetch_search => SearchPage, brand fetch_brand => BrandPage;
    circuits: circuits fetch_circuits => CircuitsPage;
    workshop: workshop fetch_workshop => Workshop;
    design: design fetch_design => DesignPage;
    calendar: far fetch_far => Far, panel fetch_panel => Panel, marking fetch_marking => Marking,
        asking fetch_asking => Asking, repeat fetch_repeat => Repeat, clock fetch_clock => Clock;
}

#[wasm_split(promised, fallible)]
fn fetch_promised() -> Result<Draw, SplitLoaderError> {
    Ok(|| view! { <Promised/> }.into_any())
}

/// The week is read first: on a slow line these pieces would come before its posts are painted.
const AFTER: u32 = 1_500;

/// What was promised for the week. Nobody asked for it: nothing stands there until it has come, or if it does not.
pub fn promised() -> AnyView {
    let brought = RwSignal::new(None::<Draw>);
    spawn_local(async move {
        TimeoutFuture::new(AFTER).await;
        // Who has turned on or gone elsewhere meanwhile does not need it.
        if brought.try_with_untracked(|_| ()).is_none() {
            return;
        }
        if let Ok(draw) = fetch_promised().await {
            let _ = brought.try_set(Some(draw));
        }
    });
    (move || brought.get().map(|draw| draw())).into_any()
}

/// What begins something by itself.
type Begin = fn();

#[wasm_split(calendar, fallible)]
fn fetch_begin_clock() -> Result<Begin, SplitLoaderError> {
    Ok(begin_clock)
}

/// Shows the second clock that was chosen at another visit; who chose none fetches nothing.
pub fn second_clock() {
    if second::is_missing() {
        spawn_local(async {
            if let Ok(begin) = fetch_begin_clock().await {
                begin();
            }
        });
    }
}

#[wasm_split(trouble, fallible)]
fn fetch_trouble() -> Result<Trouble, SplitLoaderError> {
    Ok(Trouble { read: json::read, say: words::refusal })
}

/// Reads and says why the engine said no. Ask `api::trouble`, which keeps it.
pub async fn trouble() -> Result<Trouble, SplitLoaderError> {
    fetch_trouble().await
}

/// What reads and writes workbooks. No page has it with it: most are opened for a text, or for no file at all.
#[derive(Debug, Clone, Copy)]
pub struct Workbooks {
    /// Opens one (`domain::workbook::open`).
    pub open: fn(&[u8], usize) -> Result<workbook::Opened, Unreadable>,
    /// Writes one (`domain::workbook::file`).
    pub file: fn(&str, &[workbook::Line]) -> Option<Vec<u8>>,
}

#[wasm_split(workbooks, fallible)]
fn fetch_workbooks() -> Result<Workbooks, SplitLoaderError> {
    Ok(Workbooks { open: workbook::open, file: workbook::file })
}

// With what writes workbooks: who takes a list out may want one, and each more group is files more of what it shares with others.
#[wasm_split(workbooks, fallible)]
fn fetch_leaving() -> Result<leaving::Draw, SplitLoaderError> {
    Ok(leaving::dialog)
}

/// The dialog by which a list leaves as a file.
pub async fn leaving() -> Result<leaving::Draw, SplitLoaderError> {
    fetch_leaving().await
}

/// What reads and writes workbooks.
pub async fn workbooks() -> Result<Workbooks, SplitLoaderError> {
    fetch_workbooks().await
}

/// Draws what `fetch` brings. It fails without a network, or when the desk was updated since this page was opened and
/// the file has gone: both are said, with a way on.
fn shown(fetch: fn() -> Fetch) -> AnyView {
    let brought = RwSignal::new(None::<Option<Draw>>);
    let bring = move || {
        spawn_local(async move {
            let draw = fetch().await.ok();
            // Whoever waited may have left.
            let _ = brought.try_set(Some(draw));
        });
    };
    bring();
    (move || match brought.get() {
        None => view! { <Skeleton label=lang().general_loading()/> }.into_any(),
        Some(Some(draw)) => draw(),
        Some(None) => view! {
            <Notice gravity=Gravity::Bad spoken=true title=lang().trouble_not_fetched_what()>
                <p>{lang().trouble_not_fetched_next()}</p>
                <div class="row">
                    <Button on_press=bring>{lang().general_retry()}</Button>
                    <Button on_press=page::reload>{lang().general_reload()}</Button>
                </div>
            </Notice>
        }
        .into_any(),
    })
    .into_any()
}

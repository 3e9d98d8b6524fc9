//! Every address of the desk, once, and which page it shows. The address holds what a colleague would want to paste.

use domain::PostId;
use leptos::prelude::*;
use leptos_router::{
    components::{ParentRoute, Route, Router, Routes},
    path,
};
use words::Lang;

use crate::{
    frame::Frame,
    pages::{
        approvals::Approvals, calendar::Calendar, channels::Channels, compose::Compose, devices::Devices, home::Home,
        join::Join, lost::Lost, organisation::OrganisationPage, people::People, post::PostPage, record::RecordPage,
        recover::Recover, set_up::SetUp, sign_in::SignIn,
    },
};

/// What needs me now.
pub const HOME: &str = "/desk/";
/// The week.
pub const CALENDAR: &str = "/desk/calendar";
/// A new post.
pub const COMPOSE: &str = "/desk/posts/new";
/// What waits for a decision.
pub const APPROVALS: &str = "/desk/approvals";
/// The record.
pub const RECORD: &str = "/desk/record";
/// The channels.
pub const CHANNELS: &str = "/desk/channels";
/// The people.
pub const PEOPLE: &str = "/desk/people";
/// The organisation.
pub const ORGANISATION: &str = "/desk/organisation";
/// One's own devices.
pub const DEVICES: &str = "/desk/devices";
/// Signing in.
pub const SIGN_IN: &str = "/desk/sign-in";
/// The first visit; the token stands behind `#`.
pub const SET_UP: &str = "/desk/setup";
/// Recovering access.
pub const RECOVER: &str = "/desk/recover";

/// The page of a post.
pub fn post(id: &PostId) -> String {
    ["/desk/posts/", id.as_str()].concat()
}

/// The composer of a post.
pub fn edit(id: &PostId) -> String {
    ["/desk/posts/", id.as_str(), "/edit"].concat()
}

/// The name of the place at an address.
pub fn title(lang: Lang, path: &str) -> &'static str {
    match path.trim_end_matches('/') {
        "/desk" => lang.frame_home(),
        CALENDAR => lang.frame_calendar(),
        APPROVALS => lang.frame_approvals(),
        RECORD => lang.frame_record(),
        CHANNELS => lang.frame_channels(),
        PEOPLE => lang.frame_people(),
        ORGANISATION => lang.frame_organisation(),
        DEVICES => lang.frame_devices(),
        path if path == COMPOSE || path.ends_with("/edit") => lang.frame_compose(),
        path if path.starts_with("/desk/posts/") => lang.frame_post(),
        _ => lang.frame_product(),
    }
}

/// The router.
#[component]
pub fn Desk() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=Lost>
                <Route path=path!("/desk/sign-in") view=SignIn/>
                <Route path=path!("/desk/setup") view=SetUp/>
                <Route path=path!("/desk/join") view=Join/>
                <Route path=path!("/desk/recover") view=Recover/>
                <ParentRoute path=path!("/desk") view=Frame>
                    <Route path=path!("") view=Home/>
                    <Route path=path!("calendar") view=Calendar/>
                    <Route path=path!("posts/new") view=Compose/>
                    <Route path=path!("posts/:id") view=PostPage/>
                    <Route path=path!("posts/:id/edit") view=Compose/>
                    <Route path=path!("approvals") view=Approvals/>
                    <Route path=path!("record") view=RecordPage/>
                    <Route path=path!("channels") view=Channels/>
                    <Route path=path!("people") view=People/>
                    <Route path=path!("organisation") view=OrganisationPage/>
                    <Route path=path!("devices") view=Devices/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

//! Connecting by a developer app of the organisation's own (Meta's networks, LinkedIn, X, Tumblr, YouTube, TikTok): what it takes, the
//! choice between an access and a person until there is one, and which page or account it is. Separate from the other
//! networks: only here is there an app to be made first.

use domain::Network;
use leptos::{ev, prelude::*};
use wire::channels::{CHOOSE, ChoosePage, Connect, PAGES};

use super::needs;
use crate::{
    api,
    parts::{ProblemNotice, Work},
    platform::page,
    state::lang,
    ui::{Button, Dialog, Select, Skeleton, TextField, Tone},
};

/// How a page is published, as the choice writes it.
pub const AUTOMATIC: &str = "automatic";

/// By a login of the network's own, where there is another one too.
const ITSELF: &str = "itself";

/// By a person, as the choice writes it.
pub const BY_HAND: &str = "by_hand";

/// What an access is asked for with.
#[derive(Debug, Clone, Copy)]
pub struct Access {
    /// [`AUTOMATIC`], [`ITSELF`] or [`BY_HAND`].
    pub way: RwSignal<String>,
    app_id: RwSignal<String>,
    app_secret: RwSignal<String>,
    configuration: RwSignal<String>,
}

impl Access {
    /// With nothing in it.
    pub fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self { way: text(), app_id: text(), app_secret: text(), configuration: text() }
    }

    /// Forgets the secret.
    pub fn forget(&self) {
        self.app_secret.set(String::new());
    }

    /// Whether an access is what is wanted.
    pub fn is_automatic(&self) -> bool {
        self.way.with(|way| way == AUTOMATIC || way == ITSELF)
    }

    /// Whether Instagram is asked by its own login.
    fn is_by_itself(&self, network: Network) -> bool {
        network == Network::Instagram && self.way.with(|way| way == ITSELF)
    }

    /// What is sent.
    pub fn connect(&self, network: Network, channel: Option<domain::ChannelId>) -> Connect {
        let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        let (app_id, app_secret) = (text(self.app_id), text(self.app_secret));
        let configuration = Some(text(self.configuration)).filter(|number| !number.is_empty());
        match network {
            Network::Instagram if self.way.with_untracked(|way| way == ITSELF) => {
                Connect::InstagramItself { app_id, app_secret, channel }
            }
            Network::Instagram => Connect::Instagram { app_id, app_secret, configuration, channel },
            Network::Threads => Connect::Threads { app_id, app_secret, channel },
            Network::X => Connect::X { client_id: app_id, client_secret: app_secret, channel },
            Network::Tumblr => Connect::Tumblr { client_id: app_id, client_secret: app_secret, channel },
            Network::Youtube => Connect::Youtube { client_id: app_id, client_secret: app_secret, channel },
            Network::Tiktok => Connect::Tiktok { client_id: app_id, client_secret: app_secret, channel },
            Network::Linkedin => Connect::Linkedin { client_id: app_id, client_secret: app_secret, channel },
            _ => Connect::Facebook { app_id, app_secret, configuration, channel },
        }
    }
}

/// Whether a network is one of these.
pub const fn is_one(network: Network) -> bool {
    is_meta(network)
        || matches!(network, Network::Linkedin | Network::X | Network::Tumblr | Network::Youtube | Network::Tiktok)
}

const fn is_meta(network: Network) -> bool {
    matches!(network, Network::Facebook | Network::Instagram | Network::Threads)
}

/// Chooses between an access and a person.
pub fn way(access: Access, network: Network) -> AnyView {
    let lang = lang();
    // Whoever turned to another network meanwhile has no such choice there.
    if network != Network::Instagram && access.way.with_untracked(|way| way == ITSELF) {
        access.way.set(AUTOMATIC.to_owned());
    }
    let itself = (network == Network::Instagram).then(|| (ITSELF, lang.instagram_by_itself()));
    let automatic = if itself.is_some() { lang.instagram_by_page() } else { lang.facebook_automatic() };
    let options = [(BY_HAND, lang.facebook_by_hand()), (AUTOMATIC, automatic)].into_iter().chain(itself);
    let options = options.map(|(value, name)| (value.to_owned(), name.to_owned())).collect::<Vec<_>>();
    view! {
        <Select label=lang.facebook_way() value=access.way options=options/>
        {move || guide(access.is_by_itself(network), network)}
    }
    .into_any()
}

/// What it takes, before anything is asked.
fn guide(itself: bool, network: Network) -> AnyView {
    let lang = lang();
    let (before, after, path) = match network {
        Network::Instagram if itself => (
            [lang.instagram_itself_account(), lang.instagram_itself_app(), lang.instagram_itself_back()],
            [lang.instagram_itself_review(), lang.instagram_itself_scopes(), lang.instagram_itself_limits()],
            "/api/channels/instagram/return",
        ),
        Network::Instagram => (
            [lang.instagram_need_account(), lang.facebook_need_app(), lang.facebook_need_back()],
            [lang.instagram_need_review(), lang.instagram_need_scopes(), lang.instagram_need_limits()],
            "/api/channels/facebook/return",
        ),
        Network::Threads => (
            [lang.threads_need_profile(), lang.threads_need_app(), lang.threads_need_back()],
            [lang.threads_need_review(), lang.threads_need_scopes(), lang.threads_need_limits()],
            "/api/channels/threads/return",
        ),
        Network::X => (
            [lang.x_need_app(), "", lang.x_need_back()],
            [lang.x_need_scopes(), lang.x_need_credits(), lang.x_need_until()],
            "/api/channels/x/return",
        ),
        Network::Tumblr => (
            [lang.tumblr_need_app(), "", lang.tumblr_need_back()],
            [lang.tumblr_need_scopes(), lang.tumblr_need_until(), ""],
            "/api/channels/tumblr/return",
        ),
        Network::Youtube => (
            [lang.youtube_need_channel(), lang.youtube_need_app(), lang.youtube_need_back()],
            [lang.youtube_need_review(), lang.youtube_need_scopes(), lang.youtube_need_limits()],
            "/api/channels/youtube/return",
        ),
        Network::Tiktok => (
            [lang.tiktok_need_account(), lang.tiktok_need_app(), lang.tiktok_need_back()],
            [lang.tiktok_need_review(), lang.tiktok_need_scopes(), lang.tiktok_need_until()],
            "/api/channels/tiktok/return",
        ),
        Network::Linkedin => (
            [lang.linkedin_need_page(), lang.linkedin_need_app(), lang.linkedin_need_back()],
            [lang.linkedin_need_review(), lang.linkedin_need_scopes(), lang.linkedin_need_until()],
            "/api/channels/linkedin/return",
        ),
        _ => (
            [lang.facebook_need_page(), lang.facebook_need_app(), lang.facebook_need_back()],
            [lang.facebook_need_review(), lang.facebook_need_scopes(), ""],
            "/api/channels/facebook/return",
        ),
    };
    let said = |text: &'static str| (!text.is_empty()).then(|| needs::line(text));
    let [first, second, back] = before;
    let back = view! { <li>{back} " " <code>{[&page::origin(), path].concat()}</code></li> }.into_any();
    let last = (is_meta(network) && !itself).then(|| [lang.facebook_need_cost(), lang.facebook_need_until()]);
    let ahead = [first, second].into_iter().filter_map(said).chain([back]);
    let behind = after.into_iter().chain(last.into_iter().flatten()).filter_map(said);
    needs::listed(ahead.chain(behind).collect())
}

/// Where the person is sent to agree.
pub fn go_there(access: Access, network: Network) -> &'static str {
    let lang = lang();
    match network {
        Network::Instagram if access.is_by_itself(network) => lang.instagram_go_there(),
        Network::Threads => lang.threads_go_there(),
        Network::X => lang.x_go_there(),
        Network::Linkedin => lang.linkedin_go_there(),
        Network::Tumblr => lang.tumblr_go_there(),
        Network::Youtube => lang.youtube_go_there(),
        Network::Tiktok => lang.tiktok_go_there(),
        _ => lang.facebook_go_there(),
    }
}

/// What an access takes.
pub fn fields(access: Access, network: Network) -> AnyView {
    let lang = lang();
    let ([id, id_hint], [secret, secret_hint]) = match network {
        Network::X => {
            ([lang.x_client_id(), lang.x_client_id_hint()], [lang.x_client_secret(), lang.x_client_secret_hint()])
        }
        Network::Tumblr => (
            [lang.tumblr_client_id(), lang.tumblr_client_id_hint()],
            [lang.tumblr_client_secret(), lang.x_client_secret_hint()],
        ),
        Network::Youtube => {
            ([lang.x_client_id(), lang.youtube_client_id_hint()], [lang.x_client_secret(), lang.x_client_secret_hint()])
        }
        Network::Tiktok => (
            [lang.tiktok_client_id(), lang.tiktok_client_id_hint()],
            [lang.x_client_secret(), lang.x_client_secret_hint()],
        ),
        Network::Linkedin => (
            [lang.x_client_id(), lang.linkedin_client_id_hint()],
            [lang.x_client_secret(), lang.x_client_secret_hint()],
        ),
        Network::Instagram if access.is_by_itself(network) => (
            [lang.facebook_app_id(), lang.instagram_itself_id_hint()],
            [lang.facebook_app_secret(), lang.instagram_itself_secret_hint()],
        ),
        _ => (
            [lang.facebook_app_id(), lang.facebook_app_id_hint()],
            [lang.facebook_app_secret(), lang.facebook_app_secret_hint()],
        ),
    };
    view! {
        <TextField label=id hint=id_hint value=access.app_id required=true/>
        <TextField label=secret hint=secret_hint kind="password" value=access.app_secret required=true/>
        {(matches!(network, Network::Facebook | Network::Instagram) && !access.is_by_itself(network))
            .then(|| {
                view! {
                    <TextField
                        label=lang.facebook_configuration()
                        hint=lang.facebook_configuration_hint()
                        value=access.configuration
                    />
                }
            })}
    }
    .into_any()
}

/// Chooses among the pages that an access opens; `connection` is its name, as the engine gave it in the address.
#[component]
pub fn PageChoice(
    /// The name of the choice.
    connection: String,
    /// What happens then.
    #[prop(into)]
    on_chosen: Callback<()>,
) -> impl IntoView {
    let lang = lang();
    let (open, chosen) = (RwSignal::new(true), RwSignal::new(String::new()));
    let pages = RwSignal::new(None::<Vec<(String, String)>>);
    let (loading, work) = (Work::new(), Work::new());
    let connection = StoredValue::new(connection);
    let asked = async move { api::call(&PAGES, &[connection.get_value().as_str()], &wire::Nothing {}).await };
    loading.run(asked, move |found| {
        chosen.set(found.first().map(|page| page.id.clone()).unwrap_or_default());
        pages.set(Some(found.into_iter().map(|page| (page.id, page.name)).collect()));
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let choose = ChoosePage { page: chosen.get_untracked() };
        let call = async move { api::call(&CHOOSE, &[connection.get_value().as_str()], &choose).await };
        work.run(call, move |_| {
            open.set(false);
            on_chosen.run(());
        });
    };
    view! {
        <Dialog open=open title=lang.facebook_choose() close=lang.general_close()>
            <form class="stack" on:submit=submit>
                <p>{lang.facebook_choose_text()}</p>
                {move || match (pages.get(), loading.problem.with(Option::is_some)) {
                    (Some(pages), _) => {
                        view! { <Select label=lang.facebook_page() value=chosen options=pages/> }.into_any()
                    }
                    (None, true) => ().into_any(),
                    (None, false) => view! { <Skeleton label=lang.general_loading()/> }.into_any(),
                }}
                <ProblemNotice problem=loading.problem/>
                <ProblemNotice problem=work.problem/>
                <div class="actions end">
                    <Button on_press=move || open.set(false)>{lang.general_cancel()}</Button>
                    {move || {
                        pages
                            .with(Option::is_some)
                            .then(|| {
                                view! {
                                    <Button tone=Tone::Primary submit=true busy=work.busy>
                                        {lang.facebook_chosen()}
                                    </Button>
                                }
                            })
                    }}
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

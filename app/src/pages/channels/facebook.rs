//! Connecting a Facebook page: what it takes, the choice between an access and a person until there is one, and which page
//! it is. Separate from the other networks: only here is there something to read before.

use leptos::{ev, prelude::*};
use wire::channels::{CHOOSE, ChoosePage, Connect, PAGES};

use crate::{
    api,
    parts::{ProblemNotice, Work},
    platform::page,
    state::lang,
    ui::{Button, Dialog, Select, Skeleton, TextField, Tone},
};

/// How a page is published, as the choice writes it.
pub const AUTOMATIC: &str = "automatic";

/// By a person, as the choice writes it.
pub const BY_HAND: &str = "by_hand";

/// What an access is asked for with.
#[derive(Debug, Clone, Copy)]
pub struct Access {
    /// [`AUTOMATIC`] or [`BY_HAND`].
    pub way: RwSignal<String>,
    /// The organisation's app.
    pub app_id: RwSignal<String>,
    /// Its secret.
    pub app_secret: RwSignal<String>,
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
        self.way.with(|way| way == AUTOMATIC)
    }

    /// What is sent.
    pub fn connect(&self, channel: Option<domain::ChannelId>) -> Connect {
        let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        Connect::Facebook {
            app_id: text(self.app_id),
            app_secret: text(self.app_secret),
            configuration: Some(text(self.configuration)).filter(|number| !number.is_empty()),
            channel,
        }
    }
}

/// Chooses between an access and a person.
pub fn way(access: Access) -> AnyView {
    let lang = lang();
    let options = [(BY_HAND, lang.facebook_by_hand()), (AUTOMATIC, lang.facebook_automatic())];
    let options = options.map(|(value, name)| (value.to_owned(), name.to_owned())).to_vec();
    view! { <Select label=lang.facebook_way() value=access.way options=options/> }.into_any()
}

/// What an access takes, to be read before.
pub fn guide() -> AnyView {
    let lang = lang();
    view! {
        <details class="guide" open>
            <summary>{lang.facebook_guide()}</summary>
            <ol class="stack small">
                <li>{lang.facebook_need_page()}</li>
                <li>{lang.facebook_need_app()}</li>
                <li>
                    {lang.facebook_need_back()} " "
                    <code>{[&page::origin(), "/api/channels/facebook/return"].concat()}</code>
                </li>
                <li>{lang.facebook_need_review()}</li>
                <li>{lang.facebook_need_scopes()}</li>
                <li>{lang.facebook_need_cost()}</li>
                <li>{lang.facebook_need_until()}</li>
            </ol>
        </details>
    }
    .into_any()
}

/// What an access takes.
pub fn fields(access: Access) -> AnyView {
    let lang = lang();
    view! {
        <TextField label=lang.facebook_app_id() hint=lang.facebook_app_id_hint() value=access.app_id required=true/>
        <TextField
            label=lang.facebook_app_secret()
            hint=lang.facebook_app_secret_hint()
            kind="password"
            value=access.app_secret
            required=true
        />
        <TextField
            label=lang.facebook_configuration()
            hint=lang.facebook_configuration_hint()
            value=access.configuration
        />
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

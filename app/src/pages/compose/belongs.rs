//! The campaign and the pillar that a post belongs to. Nothing of it is said to anybody: it is a fact of the stored post,
//! beside its content, so it is stored by itself.

use domain::{Belonging, CampaignId, PillarId, StageName, Themes};
use leptos::{prelude::*, task::spawn_local};
use wire::{
    Nothing,
    campaigns::{BELONG, Belong, THEMES},
};

use super::editor::{Editor, Saved};
use crate::{
    api,
    parts::{ProblemNotice, Work},
};

/// Both choices; nothing where the organisation keeps neither.
#[component]
pub fn Belongs(editor: Editor) -> AnyView {
    let themes = RwSignal::new(None::<Themes>);
    spawn_local(async move {
        // Without the list there is nothing to choose from, and the text matters more.
        if let Ok(found) = api::call(&THEMES, &[], &Nothing {}).await {
            let _ = themes.try_set(Some(found));
        }
    });
    let work = Work::new();
    (move || {
        let themes = themes.get()?;
        let now = editor.belongs.get_untracked();
        // What it is in already stays to be chosen, also when it is over.
        let campaigns = themes.campaigns.iter().filter(|one| !one.archived || Some(&one.id) == now.campaign.as_ref());
        let campaigns = campaigns.map(|one| (one.id.to_string(), words::campaign_name(editor.lang, one)));
        let pillars = themes.pillars.iter().filter(|one| !one.archived || Some(&one.id) == now.pillar.as_ref());
        let pillars = pillars.map(|one| (one.id.to_string(), words::pillar_name(editor.lang, one)));
        draw(editor, work, campaigns.collect(), pillars.collect())
    })
    .into_any()
}

fn draw(
    editor: Editor,
    work: Work,
    campaigns: Vec<(String, String)>,
    pillars: Vec<(String, String)>,
) -> Option<AnyView> {
    let lang = editor.lang;
    if campaigns.is_empty() && pillars.is_empty() {
        return None;
    }
    let nothing = Memo::new(move |_| {
        editor.saved.track();
        editor.is_blank() && editor.version() == 0
    });
    // Whoever types in what waits makes it a draft again.
    let open = Memo::new(move |_| {
        let typed = !matches!(editor.saved.get(), Saved::Fresh | Saved::Stored(_));
        !editor.correcting && editor.may_write() && (typed || editor.stage.get() == StageName::Draft)
    });
    let locked = Signal::derive(move || !open.get() || nothing.get() || work.busy.get());
    let hint = move || match (open.get(), nothing.get()) {
        (false, _) => lang.campaign_choose_fixed(),
        (true, true) => lang.campaign_choose_first(),
        (true, false) => lang.campaign_choose_hint(),
    };
    let send = move |wanted: Belonging| {
        let call = async move {
            editor.store().await?;
            let belong = Belong { version: editor.version(), belongs: wanted };
            api::call(&BELONG, &[editor.id.get_value().as_str()], &belong).await
        };
        work.run(call, move |view| editor.follow(&view));
    };
    let campaign = move |id: String| {
        let now = editor.belongs.get_untracked();
        send(Belonging { campaign: id.parse::<CampaignId>().ok(), ..now });
    };
    let pillar = move |id: String| {
        let now = editor.belongs.get_untracked();
        send(Belonging { pillar: id.parse::<PillarId>().ok(), ..now });
    };
    let of_campaign = Memo::new(move |_| editor.belongs.with(|one| text(one.campaign.as_ref())));
    let of_pillar = Memo::new(move |_| editor.belongs.with(|one| text(one.pillar.as_ref())));
    let campaigns = (!campaigns.is_empty()).then(|| {
        let ids = ("campaign", lang.campaign_choose(), lang.campaign_none());
        choice(ids, campaigns, of_campaign, locked, campaign)
    });
    let pillars = (!pillars.is_empty()).then(|| {
        let ids = ("pillar", lang.campaign_choose_pillar(), lang.campaign_pillar_none());
        choice(ids, pillars, of_pillar, locked, pillar)
    });
    let view = view! {
        <div class="belongs">{campaigns}{pillars}</div>
        <p class="hint" id="belongs-hint">{hint}</p>
        <ProblemNotice problem=work.problem/>
    };
    Some(view.into_any())
}

fn text<T: ToString>(id: Option<&T>) -> String {
    id.map(ToString::to_string).unwrap_or_default()
}

fn choice(
    (id, label, none): (&'static str, &'static str, &'static str),
    options: Vec<(String, String)>,
    value: Memo<String>,
    locked: Signal<bool>,
    changed: impl Fn(String) + 'static,
) -> AnyView {
    let options = std::iter::once((String::new(), none.to_owned())).chain(options).map(|(option, name)| {
        let own = option.clone();
        view! { <option value=option prop:selected=move || value.with(|value| *value == own)>{name}</option> }
    });
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id class="input" disabled=move || locked.get() aria-describedby="belongs-hint"
                on:change=move |event| changed(event_target_value(&event))>
                {options.collect::<Vec<_>>()}
            </select>
        </div>
    }
    .into_any()
}

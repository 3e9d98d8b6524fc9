//! The campaign and the pillar that a post belongs to, the message of that pillar that it carries, and the audience that it is
//! for. Nothing of it is said to anybody: it is a fact of the stored post, beside its content, so it is stored by itself.

use domain::{
    Audience, AudienceId, Belonging, CampaignId, Language, Message, MessageId, PillarId, StageName, Themes, utm::Tag,
};
use leptos::{prelude::*, task::spawn_local};
use wire::{
    Nothing,
    campaigns::{BELONG, Belong, THEMES},
};
use words::language_name;

use super::editor::{Editor, Saved};
use crate::{
    api,
    parts::{ProblemNotice, Work},
    platform::time,
    state::session,
};

/// The choices; nothing where the organisation keeps none of the three.
#[component]
pub fn Belongs(editor: Editor) -> AnyView {
    let themes = RwSignal::new(None::<Themes>);
    spawn_local(async move {
        // Without the list there is nothing to choose from, and the text matters more.
        if let Ok(found) = api::call(&THEMES, &[], &Nothing {}).await {
            let called = found.campaigns.iter().map(|one| (one.id.clone(), Tag::of(&one.name))).collect();
            let _ = editor.campaigns.try_set(Some(called));
            let _ = themes.try_set(Some(found));
        }
    });
    let work = Work::new();
    (move || {
        let themes = themes.get()?;
        let now = editor.belongs.get_untracked();
        // What it is in already stays to be chosen, also when it is over.
        let campaigns = themes.campaigns.iter().filter(|one| !one.archived || Some(&one.id) == now.campaign.as_ref());
        let campaigns = campaigns.map(|one| (one.id.to_string(), words::campaign_name(editor.lang, one))).collect();
        let pillars = themes.pillars.iter().filter(|one| !one.archived || Some(&one.id) == now.pillar.as_ref());
        let pillars = pillars.map(|one| (one.id.to_string(), words::pillar_name(editor.lang, one))).collect();
        let audiences = themes.audiences.into_iter();
        let audiences = audiences.filter(|one| !one.archived || Some(&one.id) == now.audience.as_ref()).collect();
        let today = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.civil(time::now()).date()));
        let is_over = |one: &Message| one.archived || today.is_some_and(|today| one.is_over(today));
        let messages = themes.messages.into_iter();
        let messages = messages.filter(|one| !is_over(one) || Some(&one.id) == now.message.as_ref()).collect();
        draw(editor, work, Kept { campaigns, pillars, audiences, messages })
    })
    .into_any()
}

/// What there is to choose from: identities with their names; audiences whole, for what they need is said, and messages, for they
/// are of a pillar.
struct Kept {
    campaigns: Vec<(String, String)>,
    pillars: Vec<(String, String)>,
    audiences: Vec<Audience>,
    messages: Vec<Message>,
}

fn draw(editor: Editor, work: Work, kept: Kept) -> Option<AnyView> {
    let lang = editor.lang;
    let Kept { campaigns, pillars, audiences, messages } = kept;
    if campaigns.is_empty() && pillars.is_empty() && audiences.is_empty() {
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
    // What it will belong to when it is stored is what is shown, and what a choice starts from.
    let shown = Memo::new(move |_| editor.wish.get().unwrap_or_else(|| editor.belongs.get()));
    let campaign = move |id: String| {
        send(Belonging { campaign: id.parse::<CampaignId>().ok(), ..shown.get_untracked() });
    };
    let pillar = move |id: String| {
        // A message is carried under its own pillar.
        send(Belonging { pillar: id.parse::<PillarId>().ok(), message: None, ..shown.get_untracked() });
    };
    let audience = move |id: String| {
        send(Belonging { audience: id.parse::<AudienceId>().ok(), ..shown.get_untracked() });
    };
    let message = move |id: String| {
        send(Belonging { message: id.parse::<MessageId>().ok(), ..shown.get_untracked() });
    };
    let of_campaign = Memo::new(move |_| shown.with(|one| text(one.campaign.as_ref())));
    let of_pillar = Memo::new(move |_| shown.with(|one| text(one.pillar.as_ref())));
    let of_audience = Memo::new(move |_| shown.with(|one| text(one.audience.as_ref())));
    let of_message = Memo::new(move |_| shown.with(|one| text(one.message.as_ref())));
    // Those of the pillar that are for the audience, if there is one; what is chosen stays to be seen.
    let offered = Memo::new(move |_| {
        shown.with(|now| {
            let fits = |one: &&Message| {
                let is_here = Some(&one.id) == now.message.as_ref();
                is_here || Some(&one.pillar) == now.pillar.as_ref() && now.audience.iter().all(|whom| one.is_for(whom))
            };
            let named = |one: &Message| (one.id.to_string(), words::message_name(lang, one));
            messages.iter().filter(fits).map(named).collect::<Vec<_>>()
        })
    });
    let messages = move || {
        let offered = offered.get();
        (!offered.is_empty()).then(|| {
            let ids = ("key-message", lang.message_choose(), lang.message_none());
            choice(ids, offered, of_message, locked, message)
        })
    };
    let (by_pillar, by_audience) = (!pillars.is_empty(), !audiences.is_empty());
    let campaigns = (!campaigns.is_empty()).then(|| {
        let ids = ("campaign", lang.campaign_choose(), lang.campaign_none());
        choice(ids, campaigns, of_campaign, locked, campaign)
    });
    let pillars = by_pillar.then(|| {
        let ids = ("pillar", lang.campaign_choose_pillar(), lang.campaign_pillar_none());
        choice(ids, pillars, of_pillar, locked, pillar)
    });
    let names = audiences.iter().map(|one| (one.id.to_string(), words::named_audience(lang, one))).collect();
    let choices = by_audience.then(|| {
        let ids = ("audience", lang.audience_choose(), lang.audience_none());
        choice(ids, names, of_audience, locked, audience)
    });
    // A hint and never a block: what is said to everybody about nothing in particular is said all the same.
    let says = move || {
        let (pillar, audience) = shown.with(|one| (one.pillar.is_some(), one.audience.is_some()));
        let text = match (by_pillar && !pillar, by_audience && !audience) {
            (true, true) => Some(lang.audience_says_neither()),
            (true, false) => Some(lang.audience_says_no_pillar()),
            (false, true) => Some(lang.audience_says_no_audience()),
            (false, false) => None,
        };
        let none = shown.with(|one| one.message.is_none()) && offered.with(|offered| !offered.is_empty());
        let texts = [text, none.then(|| lang.message_says_none())].into_iter().flatten();
        let texts = texts.map(|text| view! { <p class="hint belongs-says">{text}</p> }).collect::<Vec<_>>();
        (open.get() && !nothing.get()).then_some(texts)
    };
    let audiences = StoredValue::new(audiences);
    let needed = move || {
        let chosen = of_audience.get();
        audiences.with_value(|all| all.iter().find(|one| one.id.as_str() == chosen).map(|one| needed(editor, one)))
    };
    let view = view! {
        <div class="belongs">{campaigns}{pillars}{messages}{choices}</div>
        <p class="hint" id="belongs-hint">{hint}</p>
        {says}
        {needed}
        <ProblemNotice problem=work.problem/>
    };
    Some(view.into_any())
}

/// What an audience needs, and the languages that it reads and the text does not have.
fn needed(editor: Editor, audience: &Audience) -> AnyView {
    let lang = editor.lang;
    let needs = (!audience.needs.is_empty()).then(|| lang.audience_needs_here(&audience.name, &audience.needs));
    let name = audience.name.clone();
    let reads = audience.languages.clone();
    let unread = move || {
        let said = |language: &Language| {
            editor.seen.with(|content| content.texts.get(language).is_some_and(|text| !text.trim().is_empty()))
        };
        // One language that they read is enough.
        let none = !reads.is_empty() && !editor.is_blank() && !reads.iter().any(said);
        none.then(|| {
            let languages = reads.iter().map(|one| language_name(lang, one).to_string()).collect::<Vec<_>>();
            view! { <p class="hint">{lang.audience_unread(languages.join(", "), name.clone())}</p> }
        })
    };
    view! {
        {needs.map(|text| view! { <p class="hint">{text}</p> })}
        {unread}
    }
    .into_any()
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

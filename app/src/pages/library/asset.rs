//! One asset: what it looks like, what is said of it, who consented, where it is used.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    Act, Language, MediaId, Refusal,
    consent::Shows,
    library::{Asset, Licence, Said},
    may,
};
use leptos::{ev, prelude::*};
use wire::{
    Nothing,
    library::{ASSET, AssetView, Body, DESCRIBE, Describe, Filed},
};
use words::{language_name, licence_name, rights, shows_name};

use super::{alike, consents::Consents, delete, uses::Uses, versions};
use crate::{
    api::{self, Problem},
    chunks,
    pages::{
        around::{self, Fetched},
        workshop::{Bench, Kept, Place},
    },
    parts::{ProblemNotice, Work},
    platform::{page, time::Form},
    state::{lang, session, toasts},
    ui::{Button, Glyph, Gravity, LinkButton, Notice, Select, TextArea, TextField, Tone},
};

/// The asset as it stands; every act answers with the new one.
pub type View = Fetched<AssetView>;

/// What was held by an act, counted from before and after.
pub fn held(view: &AssetView) -> usize {
    use domain::delivery::PublicationState::Held;
    view.uses.iter().flat_map(|one| &one.going).filter(|out| out.state == Held && out.flaw.is_some()).count()
}

/// Its page, with the way back.
pub fn page(media: MediaId, back: String) -> AnyView {
    let view: View = Fetched::new(move || {
        let media = media.clone();
        async move { api::call(&ASSET, &[media.as_str()], &Nothing {}).await }
    });
    let list = back.clone();
    let whole = move || match view.now() {
        Some(first) => shown(view, first, list.clone()),
        None => ().into_any(),
    };
    view! {
        <div class="library-asset">
            <p><LinkButton href=back tone=Tone::Quiet glyph=Glyph::Before>{lang().library_back()}</LinkButton></p>
            {view.frame(whole)}
        </div>
    }
    .into_any()
}

/// Some part of what stands now. Tracked.
pub fn part<T: PartialEq + Clone + Send + Sync + 'static>(view: View, of: fn(&AssetView) -> T) -> Memo<Option<T>> {
    Memo::new(move |_| {
        view.state.with(|state| match state {
            around::Load::Here(view) => Some(of(view)),
            _ => None,
        })
    })
}

const TITLE: &str = "asset-title";

fn shown(view: View, first: AssetView, back: String) -> AnyView {
    let lang = lang();
    page::catch_focus(TITLE.to_owned());
    let name = part(view, |view| view.filed.asset.said.name.clone());
    let flaw = part(view, |view| view.flaw);
    let brought = lang.library_brought(&first.brought_by, around::when(first.filed.added, Form::Full));
    // Another version may be shown meanwhile.
    let body = part(view, |view| view.filed.clone());
    let look = move || {
        let filed = body.get()?;
        Some(match filed.body {
            Body::Picture { picture } => {
                let alt = picture.alt.into_values().next().unwrap_or_default();
                view! { <img src=api::picture_address(&picture.media) alt=alt/> }.into_any()
            }
            Body::Video { video } => view! {
                <video controls preload="metadata" src=api::video_address(&video.media) width=video.width.to_string()
                    height=video.height.to_string() aria-label=filed.asset.said.name></video>
            }
            .into_any(),
        })
    };
    let size = move || {
        Some(match body.get()?.body {
            Body::Picture { picture } => {
                format!("{} × {} · {} KB", picture.width, picture.height, picture.bytes / 1024)
            }
            Body::Video { video } => {
                format!("{} × {} · {} MB", video.width, video.height, video.bytes.div_ceil(1_000_000))
            }
        })
    };
    let brings = session().me.with_untracked(|me| me.as_ref().is_some_and(|me| may(me.role, Act::Upload)));
    let retouched = brings && matches!(first.filed.body, Body::Picture { .. });
    let why = move || {
        let flaw = flaw.get().flatten()?;
        Some(view! { <Notice gravity=Gravity::Bad title=rights(lang, flaw)/> })
    };
    view! {
        <h1 id=TITLE tabindex="-1">{move || name.get()}</h1>
        <div role="status">{why}</div>
        <figure class="library-look">
            {look}
            <figcaption class="hint">{size}" · "{brought}</figcaption>
        </figure>
        {retouched.then(|| retouch(view, body))}
        {description(view, &first)}
        {versions::section(view, &first)}
        <Consents view/>
        <Uses view/>
        {alike::section(first.filed.asset.media.clone(), first.look)}
        {delete::section(view, back)}
    }
    .into_any()
}

/// The way to the workshop. What comes of it is the newest version of the same asset, which is shown then.
fn retouch(view: View, body: Memo<Option<Filed>>) -> AnyView {
    let lang = lang();
    let bench = Bench::new(Place::Library, move |kept: Kept| {
        toasts::done(kept.said());
        match kept.filed {
            Some(filed) => view.put(filed),
            None => view.again(),
        }
    });
    // The version that is shown by then.
    let take = move || {
        if let Some(Filed { body: Body::Picture { picture }, .. }) = body.get_untracked() {
            bench.take(picture);
        }
    };
    provide_context(bench);
    // Fetched when somebody asks for it, and kept: it opens and closes itself.
    let asked = Memo::new(move |before: Option<&bool>| before.copied().unwrap_or_default() || bench.open.get());
    view! {
        <div class="actions">
            <Button glyph=Glyph::Pencil on_press=take>{lang.workshop_open()}</Button>
        </div>
        {move || asked.get().then(chunks::workshop)}
    }
    .into_any()
}

fn description(view: View, first: &AssetView) -> AnyView {
    let lang = lang();
    let (role, languages) =
        session().me.with_untracked(|me| me.as_ref().map(|me| (me.role, me.organisation.languages.clone()))).unzip();
    let says = role.is_some_and(|role| may(role, Act::Upload));
    let said = first.filed.asset.said.clone();
    let field = |text: &str| RwSignal::new(text.to_owned());
    let (name, author, folder) = (field(&said.name), field(&said.author), field(&said.folder));
    let (tags, note) = (field(&said.tags.join(", ")), field(&said.note));
    let until = RwSignal::new(said.until.map(|day| day.to_string()).unwrap_or_default());
    let place = |of: Option<usize>| RwSignal::new(of.unwrap_or_default().to_string());
    let licence = place(Licence::ALL.iter().position(|one| *one == said.licence));
    let shows = place(Shows::ALL.iter().position(|one| *one == said.shows));
    let mut spoken = languages.unwrap_or_default();
    spoken.extend(said.alt.keys().filter(|language| !spoken.contains(language)).cloned().collect::<Vec<_>>());
    let alts: Vec<(Language, RwSignal<String>)> = spoken
        .into_iter()
        .map(|language| {
            let text = said.alt.get(&language).cloned().unwrap_or_default();
            (language, RwSignal::new(text))
        })
        .collect();
    let work = Work::new();
    let fields = alts.clone();
    // What the fields were filled from: its version goes with them, so that what a colleague wrote since is not written over
    // unseen. Whoever registers a consent has said that people are seen: that field follows, and the version too.
    let from = StoredValue::new(first.filed.asset.clone());
    let asset = part(view, |view| view.filed.asset.clone());
    Effect::new(move |_| {
        let Some(Asset { media, version, said: now }) = asset.get() else { return };
        let before = from.get_value();
        if now.shows != before.said.shows {
            let place = Shows::ALL.iter().position(|one| *one == now.shows);
            shows.set(place.unwrap_or_default().to_string());
        }
        let said = Said { shows: now.shows, ..before.said };
        let version = if said == now { version } else { before.version };
        from.set_value(Asset { media, version, said });
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(now) = view.now() else { return };
        let at = |field: RwSignal<String>| field.get_untracked().parse::<usize>().unwrap_or_default();
        let alt: BTreeMap<Language, String> =
            fields.iter().map(|(language, text)| (language.clone(), text.get_untracked())).collect();
        let said = Said {
            name: name.get_untracked(),
            alt,
            tags: tags.get_untracked().split(',').map(|tag| tag.trim().to_owned()).collect(),
            folder: folder.get_untracked(),
            author: author.get_untracked(),
            licence: Licence::ALL.get(at(licence)).copied().unwrap_or_default(),
            until: until.get_untracked().parse::<NaiveDate>().ok(),
            note: note.get_untracked(),
            shows: Shows::ALL.get(at(shows)).copied().unwrap_or_default(),
        };
        let (asset, before) = (from.get_value(), held(&now));
        let asked = Describe { version: asset.version, said };
        let call = async move { api::call(&DESCRIBE, &[asset.media.as_str()], &asked).await };
        work.run(call, move |answer: AssetView| {
            match held(&answer).saturating_sub(before) {
                0 => toasts::done(lang.library_saved()),
                count => toasts::done(lang.library_saved_held(count)),
            }
            let _ = from.try_set_value(answer.filed.asset.clone());
            view.put(answer);
        });
    };
    let numbered = |names: Vec<&'static str>| {
        names.into_iter().enumerate().map(|(place, name)| (place.to_string(), name.to_owned())).collect::<Vec<_>>()
    };
    let licences = numbered(Licence::ALL.into_iter().map(|one| licence_name(lang, one)).collect());
    let kinds = numbered(Shows::ALL.into_iter().map(|one| shows_name(lang, one)).collect());
    let texts = alts.into_iter().map(|(language, text)| {
        let label = lang.library_alt(language_name(lang, &language));
        view! {
            <TextArea label hint=lang.library_alt_hint() value=text lang=language.to_string() rows=2 most=2_000/>
        }
    });
    let keep = says.then(|| {
        view! {
            <div class="actions"><Button tone=Tone::Primary submit=true busy=work.busy>{lang.general_save()}</Button></div>
        }
    });
    let is_stale = move || {
        let stale = |problem: &Problem| matches!(problem.refusal(), Some(Refusal::Stale { .. }));
        work.problem.with(|problem| problem.as_ref().is_some_and(stale))
    };
    let reload = move || {
        view.state.set(around::Load::Coming);
        view.again();
    };
    let latest = move || is_stale().then(|| view! { <Button on_press=reload>{lang.library_reload()}</Button> });
    view! {
        <section class="card">
            <h2>{lang.library_described()}</h2>
            <ProblemNotice problem=work.problem/>
            {latest}
            <form class="stack" on:submit=submit>
                <fieldset class="stack" disabled=!says>
                    <TextField label=lang.library_name() value=name required=true/>
                    {texts.collect_view()}
                    <Select label=lang.library_shows() hint=lang.library_shows_hint() value=shows options=kinds/>
                    <TextField label=lang.library_tags() hint=lang.library_tags_hint() value=tags most=500/>
                    <TextField label=lang.library_folder() value=folder/>
                    <TextField label=lang.library_author() value=author/>
                    <Select label=lang.library_licence() value=licence options=licences/>
                    <TextField label=lang.library_until() hint=lang.library_until_hint() kind="date" value=until/>
                    <TextArea label=lang.library_note() value=note rows=2 most=1_000/>
                    {keep}
                </fieldset>
            </form>
        </section>
    }
    .into_any()
}

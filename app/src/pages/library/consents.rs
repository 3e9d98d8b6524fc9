//! The consents of whoever is seen: the list, the form, and taking one back, which is asked twice: it cannot be undone.

use chrono::NaiveDate;
use domain::{
    Act, CampaignId, ConsentId,
    consent::{Age, Consent, Giver, Scope},
    may,
};
use leptos::{ev, prelude::*, task::spawn_local};
use wire::{
    Nothing,
    campaigns::THEMES,
    library::{AssetView, KEEP_CONSENT, KeepConsent, WITHDRAW, Withdraw},
};
use words::{Lang, age_name, giver_name, scope_name};

use super::{
    asset::{View, part},
    uses,
};
use crate::{
    api,
    pages::around,
    parts::{ProblemNotice, Work, kept_line},
    platform::{
        page,
        time::{self, Form},
    },
    state::{drafts, lang, session, toasts},
    ui::{Button, ConfirmDialog, ConfirmTexts, Glyph, Select, TextField, Tone},
};

/// What the parts share.
#[derive(Clone, Copy)]
struct Desk {
    view: View,
    work: Work,
    campaigns: RwSignal<Vec<(String, String)>>,
    open: RwSignal<bool>,
    erasing: RwSignal<bool>,
    which: StoredValue<Option<Consent>>,
    today: NaiveDate,
}

const TITLE: &str = "consents";

/// The section. Who does not keep them sees that they are kept.
#[component]
pub fn Consents(view: View) -> AnyView {
    let lang = lang();
    let me = session().me.with_untracked(|me| {
        me.as_ref().map(|me| (may(me.role, Act::KeepConsents), me.zone.civil(time::now()).date()))
    });
    let Some((keeps, today)) = me else { return ().into_any() };
    if !keeps {
        return view! {
            <section class="card">
                <h2>{lang.library_consents()}</h2>
                <p class="hint">{lang.library_consents_hidden()}</p>
            </section>
        }
        .into_any();
    }
    let desk = Desk {
        view,
        work: Work::new(),
        campaigns: RwSignal::new(Vec::new()),
        open: RwSignal::new(false),
        erasing: RwSignal::new(false),
        which: StoredValue::new(None),
        today,
    };
    spawn_local(async move {
        // Without them a consent is for any campaign, or for the one that it names already.
        if let Ok(themes) = api::call(&THEMES, &[], &Nothing {}).await {
            let open = themes.campaigns.iter().filter(|one| !one.archived);
            let _ = desk.campaigns.try_set(open.map(|one| (one.id.to_string(), one.name.clone())).collect());
        }
    });
    let all = part(view, |view| view.consents.clone().unwrap_or_default());
    let kept = Memo::new(move |_| all.with(|all| all.as_ref().map_or(0, Vec::len)));
    view! {
        <section class="card">
            <h2 id=TITLE tabindex="-1">{lang.library_consents()}</h2>
            <p class="hint">{lang.library_consents_text()}</p>
            <ProblemNotice problem=desk.work.problem/>
            {move || (kept.get() == 0).then(|| view! { <p>{lang.library_consents_none()}</p> })}
            <ul class="lines" hidden=move || kept.get() == 0>
                <For
                    each=move || all.get().unwrap_or_default()
                    key=|consent| (consent.id.clone(), consent.version)
                    children=move |consent| line(desk, consent)
                />
            </ul>
            <details>
                <summary>{lang.library_consent_new()}</summary>
                // A new one, with an identity of its own, each time that one was kept.
                {move || {
                    kept.track();
                    form(desk, None)
                }}
            </details>
            <p class="hint">{lang.library_consents_kept()}</p>
            {confirmation(desk)}
            {erasure(desk)}
        </section>
    }
    .into_any()
}

/// Whose it is.
pub fn whose(lang: Lang, consent: &Consent) -> String {
    if consent.who.is_empty() { lang.library_consent_nameless().to_owned() } else { consent.who.clone() }
}

/// How far it is, and what was consented to.
pub fn told(lang: Lang, consent: &Consent, today: NaiveDate) -> String {
    let day = |day: NaiveDate| time::date(day, lang.tag(), Form::Date);
    let more = lang.library_consent_line(
        age_name(lang, consent.age),
        day(consent.first),
        giver_name(lang, consent.giver),
        day(consent.last),
        if consent.proof.is_empty() { "—" } else { consent.proof.as_str() },
        scope_name(lang, consent.scope),
    );
    let state = match consent.withdrawn {
        Some(at) => lang.library_consent_withdrawn(around::when(at, Form::Date)),
        None if consent.last < today => lang.library_consent_ended().to_owned(),
        None if today < consent.first => lang.library_consent_coming().to_owned(),
        None => lang.library_consent_running().to_owned(),
    };
    [state, more].join(". ")
}

fn line(desk: Desk, consent: Consent) -> AnyView {
    let lang = lang();
    let more = told(lang, &consent, desk.today);
    let open = consent.withdrawn.is_none();
    let own = open.then(|| form(desk, Some(consent.clone())));
    let name = whose(lang, &consent);
    // Of one that was taken back, whose it was can be erased, once.
    let deed = (open || !consent.who.is_empty()).then(|| {
        let ask: Box<dyn Fn()> = Box::new(move || {
            desk.which.set_value(Some(consent.clone()));
            if open { desk.open.set(true) } else { desk.erasing.set(true) }
        });
        (if open { lang.library_withdraw() } else { lang.library_erase() }, ask)
    });
    kept_line(name, Some(more), None, own, deed)
}

/// Asks before a consent is taken back.
fn confirmation(desk: Desk) -> AnyView {
    let lang = lang();
    let texts = ConfirmTexts {
        title: lang.library_withdraw_title().to_owned(),
        text: lang.library_withdraw_text().to_owned(),
        act: lang.library_withdraw_do().to_owned(),
        close: lang.general_cancel().to_owned(),
    };
    let confirm = move || {
        let (Some(consent), Some(now)) = (desk.which.get_value(), desk.view.now()) else { return };
        let media = now.filed.asset.media;
        let asked = Withdraw { version: consent.version };
        let call = async move { api::call(&WITHDRAW, &[media.as_str(), consent.id.as_str()], &asked).await };
        desk.work.run(call, move |answer: AssetView| {
            desk.view.put(answer);
            toasts::done(lang.library_withdraw_done());
            page::catch_focus(uses::TITLE.to_owned());
        });
        desk.open.set(false);
    };
    view! {
        <ConfirmDialog open=desk.open texts=Signal::stored(texts) busy=desk.work.busy on_confirm=confirm/>
    }
    .into_any()
}

/// Asks before it is erased whose a consent was that was taken back.
fn erasure(desk: Desk) -> AnyView {
    let lang = lang();
    let texts = ConfirmTexts {
        title: lang.library_erase_title().to_owned(),
        text: lang.library_erase_text().to_owned(),
        act: lang.library_erase().to_owned(),
        close: lang.general_cancel().to_owned(),
    };
    let confirm = move || {
        let (Some(consent), Some(now)) = (desk.which.get_value(), desk.view.now()) else { return };
        let media = now.filed.asset.media;
        let Consent { id, version, age, giver, scope, campaign, first, last, .. } = consent;
        let (who, proof) = (String::new(), String::new());
        let asked = KeepConsent { version, who, age, giver, scope, campaign, first, last, proof };
        let call = async move { api::call(&KEEP_CONSENT, &[media.as_str(), id.as_str()], &asked).await };
        desk.work.run(call, move |answer: AssetView| {
            desk.view.put(answer);
            toasts::done(lang.library_erase_done());
            page::catch_focus(TITLE.to_owned());
        });
        desk.erasing.set(false);
    };
    view! {
        <ConfirmDialog open=desk.erasing texts=Signal::stored(texts) busy=desk.work.busy on_confirm=confirm/>
    }
    .into_any()
}

/// The form of a consent that is there, or of a new one.
fn form(desk: Desk, before: Option<Consent>) -> AnyView {
    let lang = lang();
    let new = before.is_none();
    let before = before.unwrap_or_else(|| Consent {
        // Drawn once for the form: sent twice, it is one.
        id: ConsentId::from_bits(drafts::chance()),
        version: 0,
        who: String::new(),
        age: Age::default(),
        giver: Giver::default(),
        scope: Scope::Any,
        campaign: None,
        first: desk.today,
        last: desk.today.checked_add_months(chrono::Months::new(12)).unwrap_or(desk.today),
        proof: String::new(),
        withdrawn: None,
    });
    let (who, proof) = (RwSignal::new(before.who.clone()), RwSignal::new(before.proof.clone()));
    let (first, last) = (RwSignal::new(before.first.to_string()), RwSignal::new(before.last.to_string()));
    let place = |of: Option<usize>| RwSignal::new(of.unwrap_or_default().to_string());
    let age = place(Age::ALL.iter().position(|one| *one == before.age));
    let giver = place(Giver::ALL.iter().position(|one| *one == before.giver));
    let scope = place(Scope::ALL.iter().position(|one| *one == before.scope));
    let campaign = RwSignal::new(before.campaign.as_ref().map(ToString::to_string).unwrap_or_default());
    let (id, version, stands) = (before.id.clone(), before.version, before.campaign.clone());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let day = |text: RwSignal<String>| text.get_untracked().parse::<NaiveDate>().ok();
        let (Some(first), Some(last), Some(now)) = (day(first), day(last), desk.view.now()) else { return };
        let at = |field: RwSignal<String>| field.get_untracked().parse::<usize>().unwrap_or_default();
        let asked = KeepConsent {
            version,
            who: who.get_untracked(),
            age: Age::ALL.get(at(age)).copied().unwrap_or_default(),
            giver: Giver::ALL.get(at(giver)).copied().unwrap_or_default(),
            scope: Scope::ALL.get(at(scope)).copied().unwrap_or_default(),
            campaign: campaign.get_untracked().parse::<CampaignId>().ok(),
            first,
            last,
            proof: proof.get_untracked(),
        };
        let (media, id) = (now.filed.asset.media, id.clone());
        let call = async move { api::call(&KEEP_CONSENT, &[media.as_str(), id.as_str()], &asked).await };
        desk.work.run(call, move |answer: AssetView| {
            desk.view.put(answer);
            toasts::done(lang.library_consent_saved());
            page::catch_focus(TITLE.to_owned());
        });
    };
    let numbered = |names: Vec<&'static str>| {
        names.into_iter().enumerate().map(|(place, name)| (place.to_string(), name.to_owned())).collect::<Vec<_>>()
    };
    let ages = numbered(Age::ALL.into_iter().map(|one| age_name(lang, one)).collect());
    let givers = numbered(Giver::ALL.into_iter().map(|one| giver_name(lang, one)).collect());
    let scopes = numbered(Scope::ALL.into_iter().map(|one| scope_name(lang, one)).collect());
    let campaigns = move || {
        let mut options = vec![(String::new(), lang.library_campaign_any().to_owned())];
        options.extend(desk.campaigns.get());
        // One that is over, or that has not come yet, is still the one that it is for.
        if let Some(stands) =
            stands.as_ref().map(ToString::to_string).filter(|id| options.iter().all(|(one, _)| one != id))
        {
            options.push((stands.clone(), stands));
        }
        (options.len() > 1).then(|| view! { <Select label=lang.library_campaign() value=campaign options/> })
    };
    let button = if new {
        view! { <Button glyph=Glyph::Plus submit=true busy=desk.work.busy>{lang.library_consent_add()}</Button> }
            .into_any()
    } else {
        view! { <Button tone=Tone::Quiet submit=true busy=desk.work.busy>{lang.general_save()}</Button> }.into_any()
    };
    view! {
        <form class="library-form" on:submit=submit>
            <TextField label=lang.library_who() hint=lang.library_who_hint() value=who required=true/>
            <Select label=lang.library_age() value=age options=ages/>
            <Select label=lang.library_giver() value=giver options=givers/>
            <Select label=lang.library_scope() value=scope options=scopes/>
            {campaigns}
            <TextField label=lang.library_first() value=first kind="date" required=true/>
            <TextField label=lang.library_last() value=last kind="date" required=true/>
            <TextField label=lang.library_proof() hint=lang.library_proof_hint() value=proof required=true/>
            <div class="actions">{button}</div>
        </form>
    }
    .into_any()
}

//! The page of a post: where it is, what to do now, what became of each destination, and everything that ever
//! happened to it.

mod acts;
pub mod emergency;
mod history;
mod kit;
mod ledger;
mod life;
pub mod links;
mod outcome;
mod series;

use domain::{Approval, Channel, Content, Millis, PostId, Stage, StageName, delivery::PublicationState, party::Person};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use wire::{
    Nothing,
    posts::{self, PostView, Submitted},
};
use words::{kind_name, stage_name};

use super::{
    around::{self, Fetched, Load},
    calendar::mood,
    repeat::Repeating,
};
use crate::{
    api,
    parts::{self, Comments, changed, checklist},
    platform::time::{Form, now},
    routes,
    state::{cache, lang, pulse, session},
    ui::{Chip, Hue},
};

/// What the parts of the page share.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The post with everything about it.
    pub view: PostView,
    /// The channels.
    pub channels: Vec<Channel>,
    /// What was submitted in the round before, if there was one.
    pub earlier: Option<Submitted>,
}

impl Sheet {
    /// The name of a channel, also of one that is no longer connected.
    pub fn channel_name(&self, id: &domain::ChannelId) -> String {
        parts::channel_name(&self.channels, id)
    }

    /// The name of who acted: a member's, or the address of somebody outside.
    pub fn person(&self, person: &Person) -> String {
        match person {
            Person::Member { member } => self.name(member),
            Person::Outside { mailbox } => mailbox.as_str().to_owned(),
        }
    }

    /// The name of a member.
    pub fn name(&self, member: &domain::MemberId) -> String {
        around::name_of(&self.view.names, member)
    }

    /// What is looked at: the correction if one waits, else the post's content.
    pub fn content(&self) -> &Content {
        match &self.view.post.stage {
            Stage::Out { correction: Some(correction), .. } => &correction.content,
            _ => &self.view.post.content,
        }
    }

    /// What changed since the round before, if there was one.
    pub fn since(&self) -> Option<AnyView> {
        self.earlier.as_ref().map(|earlier| parts::since(&self.view, &self.channels, earlier))
    }

    /// Whether who looks may let it out: their role does, and they are not kept apart from it.
    pub fn publishes(&self) -> bool {
        let apart = |member: &domain::MemberId| {
            self.view.publishers.as_ref().is_some_and(|publishers| !publishers.contains(member))
        };
        let may = |me: &wire::session::Me| domain::may(me.role, domain::Act::Publish) && !apart(&me.member);
        session().me.with_untracked(|me| me.as_ref().is_some_and(may))
    }

    /// Whether something of it is on its way out, or will be in a minute.
    fn is_going(&self) -> bool {
        match &self.view.post.stage {
            Stage::Placed { slot, .. } => slot.at.since(now()) <= Millis::minutes(1),
            Stage::Out { .. } => {
                has(self, |state| matches!(state, PublicationState::Waiting | PublicationState::Going))
            }
            _ => false,
        }
    }

    /// What the rules say of it.
    pub fn findings(&self) -> AnyView {
        parts::findings(&self.view.findings, &self.view.waivers, &self.view.names, &self.channels)
    }
}

/// Fetches a post with the channels it speaks of.
pub async fn fetch(post: PostId) -> api::Answer<Sheet> {
    let view = api::call(&posts::READ, &[post.as_str()], &Nothing {}).await?;
    let channels = cache::channels().await?;
    let earlier = parts::earlier(&view).await?;
    Ok(Sheet { view, channels, earlier })
}

/// The page.
#[component]
pub fn PostPage() -> AnyView {
    let params = use_params_map();
    let post = Memo::new(move |_| params.with(|params| params.get("id")).and_then(|id| id.parse::<PostId>().ok()));
    (move || match post.get() {
        Some(post) => view! { <Page post /> }.into_any(),
        None => around::said(words::refusal(lang(), &domain::Refusal::NotFound)),
    })
    .into_any()
}

#[component]
fn Page(post: PostId) -> AnyView {
    let (of, followed) = (post.clone(), post.clone());
    let sheet = Fetched::new(move || fetch(post.clone()));
    // What a colleague does is seen, and what goes out is seen to go out.
    pulse::on_post(followed, move || sheet.again());
    let going = Memo::new(move |_| sheet.state.with(|state| matches!(state, Load::Here(sheet) if sheet.is_going())));
    Effect::new(move |_| {
        if going.get() {
            pulse::hasten();
        }
    });
    let doing = acts::Doing::new(sheet);
    provide_context(Repeating { of: doing.repeating, made: Callback::new(|()| {}) });
    view! {
        {sheet.draw(move |sheet| draw(sheet, doing))}
        <acts::Dialogs doing />
        {series::section(sheet, doing)}
        {history::section(sheet, doing)}
        // Outside of what is drawn anew: somebody may be typing there.
        <Comments post=of content=content_of(sheet) />
    }
    .into_any()
}

/// The content that comments speak of, for as long as there is one.
pub fn content_of(sheet: Fetched<Sheet>) -> Memo<Option<Content>> {
    Memo::new(move |_| {
        sheet.state.with(|state| match state {
            Load::Here(sheet) => Some(sheet.content().clone()),
            _ => None,
        })
    })
}

fn draw(sheet: Sheet, doing: acts::Doing) -> AnyView {
    let lang = lang();
    let post = &sheet.view.post;
    let heading = match post.content.heading() {
        heading if heading.is_empty() => lang.post_untitled().to_owned(),
        heading => heading,
    };
    around::title(&heading);
    let stage = post.stage.name();
    let (chip, hue) = match worst(&sheet) {
        Some((text, hue)) => (text, hue),
        None => (stage_name(lang, stage), stage_hue(stage)),
    };
    let by = lang.post_by(sheet.name(&post.author));
    let campaign = sheet.view.campaign.as_ref().map(|one| lang.campaign_of_post(words::campaign_name(lang, one)));
    let pillar = sheet.view.pillar.as_ref().map(|one| lang.campaign_pillar_of_post(words::pillar_name(lang, one)));
    let audience = sheet.view.audience.as_ref().map(|one| lang.audience_of_post(words::named_audience(lang, one)));
    let message = sheet.view.message.as_ref().map(|one| lang.message_of_post(words::message_name(lang, one)));
    let slot = post.stage.slot().map(|slot| {
        let when = around::when(slot.at, Form::Full);
        let text = if stage == StageName::Placed {
            lang.post_goes_out(when, slot.zone.clone())
        } else {
            lang.post_went_out(when)
        };
        view! { <p class="post-slot">{text}</p> }
    });
    let (correction, since) = (correction(&sheet), sheet.since());
    let outcomes = (!sheet.view.publications.is_empty()).then(|| outcome::all(&sheet, doing));
    let findings = sheet.findings();
    let content = around::destinations(&post.content, &sheet.channels);
    let (described, basis) = (around::described(lang, &post.content), around::basis(lang, &post.content));
    let spoken = checklist::spoken(&sheet.view.sightings, &sheet.view.remarks, &sheet.view.names);
    let gone_through = (!sheet.view.checks.is_empty()).then(|| {
        view! {
            <h2>{lang.guide_gone_through()}</h2>
            {checklist::gone_through(&sheet.view.checks, &sheet.view.names)}
        }
    });
    let life = life::timeline(&sheet);
    let role = session().me.with_untracked(|me| me.as_ref().map(|me| me.role));
    let may_trail = role.is_some_and(|role| domain::may(role, domain::Act::ReadRecord));
    view! {
        <article class="post">
            <header class="page-head">
                <div>
                    <h1>{heading}</h1>
                    <p class="post-facts">
                        <Chip hue text=chip />
                        <span>{kind_name(lang, post.content.kind)}</span>
                        <span>{by}</span>
                        {campaign.map(|text| view! { <span>{text}</span> })}
                        {pillar.map(|text| view! { <span>{text}</span> })}
                        {audience.map(|text| view! { <span>{text}</span> })}
                        {message.map(|text| view! { <span>{text}</span> })}
                    </p>
                    {slot}
                    {parts::planned(post, &sheet.view.names, &sheet.view.placers)}
                </div>
            </header>
            {next(&sheet, doing)}
            {since}
            {emergency::stories(&sheet, doing)}
            {correction}
            {outcomes}
            {links::section(&sheet, doing)}
            <div class="post-columns">
                <section aria-labelledby="post-content">
                    <h2 id="post-content">{lang.post_content()}</h2>
                    {content}
                    {described}
                    {basis}
                    {findings}
                    {spoken}
                </section>
                <section aria-labelledby="post-life">
                    <h2 id="post-life">{lang.post_history()}</h2>
                    {life}
                    {may_trail.then(|| view! {
                        <p><a href=routes::trail(&post.id)>{lang.post_trail()}</a></p>
                    })}
                    {gone_through}
                </section>
            </div>
        </article>
    }
    .into_any()
}

fn stage_hue(stage: StageName) -> Hue {
    match stage {
        StageName::InReview => Hue::Warn,
        StageName::Approved | StageName::Out => Hue::Good,
        StageName::Placed => Hue::Info,
        StageName::Draft | StageName::Cancelled => Hue::Neutral,
    }
}

/// Once it is on its way, the destination that is worst off gives the post its state.
fn worst(sheet: &Sheet) -> Option<(&'static str, Hue)> {
    if sheet.view.post.stage.name() != StageName::Out {
        return None;
    }
    let rank = |hue: Hue| match hue {
        Hue::Bad => 4,
        Hue::Warn => 3,
        Hue::Info => 2,
        Hue::Good => 1,
        Hue::Neutral => 0,
    };
    let states = sheet.view.publications.iter().map(|publication| publication.state);
    let state = states.max_by_key(|state| rank(mood(*state)))?;
    Some((words::publication_state_name(lang(), state), mood(state)))
}

/// What to do now, in words, and the acts.
fn next(sheet: &Sheet, doing: acts::Doing) -> AnyView {
    let lang = lang();
    let text = match &sheet.view.post.stage {
        stage if stage.returned().is_some() => lang.post_next_returned(),
        Stage::Draft { .. } => lang.post_next_draft(),
        Stage::InReview { .. } => lang.post_next_review(),
        Stage::Approved { approval: Approval::Declared { .. } } => lang.post_next_declared(),
        Stage::Approved { approval: Approval::Emergency { .. } } => lang.post_next_emergency(),
        Stage::Approved { .. } => lang.post_next_approved(),
        Stage::Placed { .. } => lang.post_next_placed(),
        Stage::Out { correction: Some(_), .. } => lang.post_next_correction(),
        Stage::Out { .. } if sheet.view.publications.iter().any(needs_a_person) => lang.post_next_trouble(),
        Stage::Out { .. } if has(sheet, |state| state == PublicationState::Out) => lang.post_next_out(),
        Stage::Out { .. }
            if has(sheet, |state| matches!(state, PublicationState::Waiting | PublicationState::Going)) =>
        {
            lang.post_next_going()
        }
        Stage::Out { .. } => lang.post_next_down(),
        Stage::Cancelled { .. } => lang.post_next_cancelled(),
    };
    let reason = match &sheet.view.post.stage {
        Stage::Cancelled { reason, .. } => Some(reason.clone()),
        Stage::Approved { approval: Approval::Declared { reason, .. } }
        | Stage::Placed { approval: Approval::Declared { reason, .. }, .. } => Some(lang.compose_kind_declared(reason)),
        _ => None,
    };
    view! {
        <section class="post-next" aria-label=lang.post_next()>
            <p>{text}</p>
            {reason.map(|reason| view! { <p class="hint">{reason}</p> })}
            {awaited(sheet)}
            {apart(sheet)}
            {acts::bar(sheet, doing)}
        </section>
    }
    .into_any()
}

fn has(sheet: &Sheet, is: impl Fn(PublicationState) -> bool) -> bool {
    sheet.view.publications.iter().any(|publication| is(publication.state))
}

/// Who is asked now, how many have agreed, and who is missing if nobody can go on.
fn awaited(sheet: &Sheet) -> Option<AnyView> {
    let (lang, waiting) = (lang(), sheet.view.waiting.as_ref()?);
    let names = |persons: Vec<&Person>| {
        let mut names: Vec<String> = persons.into_iter().map(|person| sheet.person(person)).collect();
        names.dedup();
        names.join(", ")
    };
    let who = match waiting.movers.is_empty() {
        false => lang.circuits_waiting(names(waiting.movers.iter().map(|mover| &mover.person).collect())),
        true => {
            let away = waiting.missing.iter().flat_map(|missing| missing.people.iter().map(|(person, _)| person));
            lang.circuits_missing(names(away.collect()))
        }
    };
    let step = sheet.view.post.round().ok()?.steps.iter().find(|(step, _)| step.id == waiting.step)?.0.name.clone();
    let step = if step.is_empty() { lang.circuits_step_usual().to_owned() } else { step };
    let so_far = (waiting.needed > 1).then(|| lang.circuits_waiting_some(waiting.needed, step, waiting.taken));
    Some(view! { <p class="hint">{who} {so_far.map(|text| [" · ", text.as_str()].concat())}</p> }.into_any())
}

/// Who may let it out, where whoever writes or agrees does not.
fn apart(sheet: &Sheet) -> Option<AnyView> {
    let lang = lang();
    let publishers = sheet.view.publishers.as_ref()?;
    let waits = match &sheet.view.post.stage {
        Stage::Approved { .. } | Stage::Placed { .. } => true,
        Stage::Out { .. } => sheet.view.publications.iter().any(needs_a_person),
        _ => false,
    };
    let names = publishers.iter().map(|member| sheet.name(member)).collect::<Vec<_>>().join(", ");
    let text = if names.is_empty() { lang.post_duties_nobody().to_owned() } else { lang.post_duties(names) };
    waits.then(|| view! { <p class="hint">{text}</p> }.into_any())
}

fn needs_a_person(publication: &wire::publications::PublicationView) -> bool {
    publication.acts.iter().any(|act| act.state.needs_a_person())
}

/// A correction that waits: before and after.
fn correction(sheet: &Sheet) -> Option<AnyView> {
    let lang = lang();
    let Stage::Out { correction: Some(correction), .. } = &sheet.view.post.stage else { return None };
    Some(
        view! {
            <section class="notice correction" data-hue="warn">
                <div class="notice-body">
                    <strong>{lang.post_correction(sheet.name(&correction.round.by))}</strong>
                    <p>{correction.reason.clone()}</p>
                    {changed(lang, &sheet.channels, &sheet.view.post.content, &correction.content)}
                </div>
            </section>
        }
        .into_any(),
    )
}

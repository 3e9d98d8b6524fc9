//! Emergencies that wait for a word of who looks: before everything else that waits, exactly as it will go out or went
//! out, with two buttons. Separate from the decisions: what is said here is no approval, and is signed as what it is.

use domain::{
    PostId,
    emergency::{Owed, Said},
};
use leptos::{ev, prelude::*};
use wire::{
    Nothing,
    emergencies::{self, Pending, Story},
};

use crate::{
    api,
    pages::{
        around::{self, Fetched, Load, Road},
        post::{self, Sheet, emergency},
    },
    parts::{Ceremony, CeremonyNotice, urgent},
    routes,
    state::{lang, session, toasts},
    ui::{Button, Chip, Glyph, Hue, TextArea, Tone},
};

/// What waits.
#[derive(Clone, Copy)]
pub struct Urgent {
    pending: Fetched<Vec<Pending>>,
    /// The posts of those that are mine to answer, the one that a link named first.
    mine: Memo<Vec<PostId>>,
}

impl Urgent {
    /// Asks, and asks again when something has moved. Whoever cannot be in an emergency asks for nothing.
    pub fn new(named: Memo<Option<String>>) -> Self {
        let may = session()
            .me
            .with_untracked(|me| me.as_ref().is_some_and(|me| domain::may(me.role, domain::Act::Emergency)));
        let pending = Fetched::new(move || async move {
            if may { api::call(&emergencies::PENDING, &[], &Nothing {}).await } else { Ok(Vec::new()) }
        });
        pending.follow();
        // A memo: a half-written reason must not go when the list is asked for again.
        let mine = Memo::new(move |_| {
            let Load::Here(rows) = pending.state.get() else { return Vec::new() };
            let mut posts: Vec<PostId> = rows.into_iter().filter(|row| row.mine).map(|row| row.post).collect();
            posts.dedup();
            named.with(|named| {
                if let Some(place) = posts.iter().position(|post| Some(post.as_str()) == named.as_deref()) {
                    posts[..=place].rotate_right(1);
                }
            });
            posts
        });
        Self { pending, mine }
    }

    /// How many wait.
    pub fn count(self) -> usize {
        self.mine.with(Vec::len)
    }

    /// Draws them, all: there are never many.
    pub fn draw(self) -> AnyView {
        let lang = lang();
        (move || {
            let posts = self.mine.get();
            (!posts.is_empty()).then(|| {
                let papers = posts.into_iter().map(|post| paper(self, post)).collect::<Vec<_>>();
                view! {
                    <section class="urgent stack" aria-labelledby="urgent-title">
                        <h2 id="urgent-title">{lang.emergency_urgent()}</h2>
                        {papers}
                    </section>
                }
            })
        })
        .into_any()
    }
}

fn paper(urgent: Urgent, post: PostId) -> AnyView {
    let road = Road::here();
    let sheet = Fetched::new(move || post::fetch(post.clone()));
    sheet.draw(move |sheet| {
        let mine = sheet.view.emergencies.iter().find(|story| emergency::is_mine(story)).cloned();
        mine.map(|story| one(urgent, road, &sheet, story)).into_any()
    })
}

fn one(urgent: Urgent, road: Road, sheet: &Sheet, story: Story) -> AnyView {
    let lang = lang();
    let content = &sheet.view.post.content;
    let heading = Some(content.heading()).filter(|heading| !heading.is_empty());
    let heading = heading.unwrap_or_else(|| lang.post_untitled().to_owned());
    let by = sheet.name(&story.emergency.first.by);
    let before = matches!(story.owed, Owed::Second { .. });
    let wants = if before { lang.emergency_wants_second(by) } else { lang.emergency_wants_ratification(by) };
    let (hue, owed) = emergency::owed(&story);
    let hue = if hue == "bad" { Hue::Bad } else { Hue::Warn };
    let reason = lang.emergency_reason_given(story.emergency.reason.clone());
    view! {
        <article class="decision">
            <header class="decision-head">
                <h3>{heading}</h3>
                <p class="post-facts"><Chip hue text=lang.emergency_badge()/> <span>{wants}</span></p>
                <p>{reason}</p>
                <p>{owed}</p>
            </header>
            {around::destinations(content, &sheet.channels)}
            {around::described(lang, content)}
            {sheet.findings()}
            <p><a href=routes::post(&sheet.view.post.id)>{lang.approvals_whole()}</a></p>
            {answering(urgent, road, story, before)}
        </article>
    }
    .into_any()
}

/// The two buttons, and the reason of a no.
fn answering(urgent: Urgent, road: Road, story: Story, before: bool) -> AnyView {
    let lang = lang();
    let (ceremony, refusing, reason) = (Ceremony::new(), RwSignal::new(false), RwSignal::new(String::new()));
    let empty = Signal::derive(move || reason.with(|reason| reason.trim().is_empty()));
    let story = StoredValue::new(story);
    let say = move |said: Said, why: Option<String>| {
        let emergency = story.with_value(|story| story.emergency.clone());
        let post = emergency.post.clone();
        ceremony.run(urgent::answer(emergency, said, why), move |_| {
            toasts::done(match said {
                Said::Ask | Said::Agree => lang.emergency_agreed(),
                Said::Decline => lang.emergency_declined(),
                Said::Ratify => lang.emergency_ratified(),
                Said::Disown => lang.emergency_disowned(),
            });
            // What is out is taken down or corrected from its own page, at once.
            if said == Said::Disown {
                road.to(routes::post(&post));
            } else {
                urgent.pending.again();
            }
        });
    };
    let (yes, no) = if before { (Said::Agree, Said::Decline) } else { (Said::Ratify, Said::Disown) };
    let (yes_text, no_text, explained) = match before {
        true => (lang.emergency_agree(), lang.emergency_decline(), lang.emergency_decline_text()),
        false => (lang.emergency_ratify_do(), lang.emergency_disown(), lang.emergency_disown_text()),
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !empty.get_untracked() {
            say(no, Some(reason.get_untracked().trim().to_owned()));
        }
    };
    let buttons = move || {
        match refusing.get() {
        false => view! {
            <div class="decision-buttons">
                <Button tone=Tone::Primary glyph=Glyph::Check busy=ceremony.busy on_press=move || say(yes, None)>{yes_text}</Button>
                <Button on_press=move || refusing.set(true)>{no_text}</Button>
            </div>
        }
        .into_any(),
        true => view! {
            <form class="returning stack" on:submit=submit>
                <p>{explained}</p>
                <TextArea label=lang.general_reason() hint=lang.general_reason_hint() value=reason required=true first=true/>
                <div class="decision-buttons">
                    <Button tone=Tone::Danger submit=true busy=ceremony.busy disabled=empty>{no_text}</Button>
                    <Button on_press=move || refusing.set(false)>{lang.general_cancel()}</Button>
                </div>
            </form>
        }
        .into_any(),
    }
    };
    view! {
        <footer class="decision-bar">
            <CeremonyNotice ceremony/>
            {buttons}
        </footer>
    }
    .into_any()
}

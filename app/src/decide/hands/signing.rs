//! Deciding: what is missing for it, the passkey, and the forms of what is said besides yes.

use std::sync::Arc;

use domain::{
    Choice, Language, Refusal,
    guidance::{Checked, Side},
    outbox::Label,
    statement,
};
use leptos::prelude::*;
use serde_json::Value;

use super::{
    beside::guide,
    outgoing::{Parcel, outgoing},
    talk::Asking,
};
use crate::{
    api::{Problem, trouble},
    item::{Deciding, Saying, heading},
    page::go_on,
    parts::{Ceremony, CeremonyNotice, Reserving, Returning, Stop, arrange, checklist},
    platform::{passkey, time},
    state::{lang, session, toasts},
    waits::{Waits, object},
};

/// What is said while it is decided, and the forms. What was pressed before this was there is done now.
pub fn draw(deciding: Deciding) -> AnyView {
    let Deciding { waits, saying, seat, ticked, busy, .. } = deciding;
    let ceremony = Ceremony::showing(busy);
    let (asked, missing) = (StoredValue::new(waits.with_value(|waits| guide(waits))), RwSignal::new(false));
    let still_open =
        move || asked.with_value(|guide| ticked.with(|ticked| checklist::still_open(guide, Side::Approver, ticked)));
    let decide = Callback::new(move |choice: Choice| {
        // Said before anybody is asked for a finger.
        missing.set(choice.agrees() && untrack(still_open).is_some());
        if missing.get_untracked() {
            return;
        }
        let checked =
            asked.with_value(|guide| ticked.with_untracked(|ticked| checklist::checked(guide, Side::Approver, ticked)));
        ceremony.run(signed(waits.get_value(), seat.get_untracked(), (choice, checked)), |()| {});
    });
    Effect::new(move |_| {
        if saying.get() == Saying::Approve {
            saying.set(Saying::Nothing);
            decide.run(Choice::Approve);
        }
    });
    let close = move || saying.set(Saying::Nothing);
    view! {
        <CeremonyNotice ceremony />
        {move || missing.get().then(still_open).flatten().map(|text| view! {
            <p class="notice" data-hue="warn" role="alert">{text}</p>
        })}
        {move || match saying.get() {
            Saying::Nothing | Saying::Approve => ().into_any(),
            Saying::Ask => view! { <Asking deciding close /> }.into_any(),
            Saying::Return => view! { <Returning texts=waits.with_value(|waits| texts(waits)) busy decide close /> }.into_any(),
            Saying::Reserve => view! { <Reserving busy decide close /> }.into_any(),
        }}
    }
    .into_any()
}

/// What can be quoted, in the order of where it goes.
fn texts(waits: &Waits) -> Vec<(Language, String)> {
    let content = &waits.content;
    let mut texts: Vec<_> = content.texts.iter().map(|(language, text)| (language.clone(), text.clone())).collect();
    arrange(&mut texts, |(language, _)| content.destinations().position(|(_, other)| other == language));
    texts
}

/// Has the passkey sign, and puts it on its way. It asks nothing of the engine: where there is no coverage it is the same.
/// What was ticked goes beside what is signed.
async fn signed(waits: Arc<Waits>, seat: usize, (choice, checked): (Choice, Option<Checked>)) -> Result<(), Stop> {
    let me = session().me.get_untracked().ok_or(Problem::SignedOut)?;
    let (item, round) = (&waits.tree["item"], waits.round());
    // Nobody is asked to sign what they have not seen.
    let refused = match waits.seats().get(seat) {
        _ if !waits.is_what_it_says() => Err(Refusal::OtherContent),
        None => Err(Refusal::NotYourTurn),
        Some(seat) => {
            let nonce = item["nonce"].as_str().unwrap_or_default();
            let whose = (&me.organisation.id, &me.member);
            statement::of_answers(whose, (round, seat, nonce), choice, time::now()).map(|written| (seat, written))
        }
    };
    let (seat, (text, choice)) = match refused {
        Ok(written) => written,
        Err(refusal) => return Err(trouble::refused(refusal).await.into()),
    };
    let mut decide = vec![
        ("content_hash", round["content_hash"].clone()),
        ("choice", serde_json::to_value(&choice).unwrap_or_default()),
    ];
    if !seat["acting_for"].is_null() {
        decide.push(("acting_for", seat["acting_for"].clone()));
    }
    if let Some(checked) = checked {
        decide.push(("checked", serde_json::to_value(&checked).unwrap_or_default()));
    }
    if !item["options"].is_null() {
        let options = passkey::over(item["options"].clone(), &statement::challenge(&text));
        let credential = passkey::get(&options).await?;
        decide.push(("signed", object([("statement", text.into()), ("credential", credential)])));
    }
    let decide = Value::Object(decide.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
    let label = Label { member: me.member, signed: time::now(), refused: None };
    let (post, key) = (waits.post.to_string(), waits.key());
    outgoing().post(Parcel { label, post, key, heading: heading(&waits), decide }).await;
    // Here and not when the ceremony is over: by then this item, and the ceremony with it, has left the page.
    go_on(None);
    if !session().online.get_untracked() {
        toasts::done(lang().decide_signed());
    }
    Ok(())
}

//! A passkey ceremony: ask the engine for a challenge, the browser for an answer, the engine for its verdict. Separate
//! from `Work` because it can also stop at the browser, and a person must be told which of the two it was.

use std::future::Future;

use domain::{
    Ballot, Choice, MemberId, PostId, Refusal, attestation,
    guidance::Checked,
    statement::{Statement, challenge_together},
};
use leptos::{prelude::*, task::spawn_local};
use wire::{
    Nothing,
    posts::{self, AskCode, CodeSent, Decide, Item, PostView, Signed},
    session::{Answer, Enrol, EnrolBy, Enrolled, Me},
};
use words::Sentence;

use super::problem_sentence;
use crate::{
    api::{self, Problem, trouble},
    platform::{
        page,
        passkey::{self, NoPasskey},
        time,
    },
    state::{lang, session::session},
    ui::{Gravity, Notice},
};

/// Where a ceremony stopped.
#[derive(Debug, Clone, PartialEq)]
pub enum Stop {
    /// At the engine.
    Engine(Problem),
    /// At the browser.
    Browser(NoPasskey),
    /// At the browser, where a code could be sent to this mailbox (masked) instead.
    Codable(NoPasskey, String),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Stop::Engine(problem)
    }
}

impl From<NoPasskey> for Stop {
    fn from(why: NoPasskey) -> Self {
        Stop::Browser(why)
    }
}

/// Signs in with any passkey of this host.
///
/// # Errors
/// Where it stopped.
pub async fn sign_in() -> Result<Me, Stop> {
    let challenge = api::call(&wire::session::SIGN_IN_OPTIONS, &[], &wire::Nothing {}).await?;
    let credential = passkey::get(&challenge.options).await?;
    let answer = Answer { challenge: challenge.challenge, credential };
    Ok(api::call(&wire::session::SIGN_IN, &[], &answer).await?)
}

/// Enrols a passkey of this device on the given ground.
///
/// # Errors
/// Where it stopped.
pub async fn enrol(by: EnrolBy, label: String) -> Result<Enrolled, Stop> {
    let challenge = api::call(&wire::session::ENROL_OPTIONS, &[], &by).await?;
    let credential = passkey::create(&challenge.options).await?;
    let label = if label.trim().is_empty() { page::device() } else { label.trim().to_owned() };
    let answer = Enrol { challenge: challenge.challenge, credential, label };
    Ok(api::call(&wire::session::ENROL, &[], &answer).await?)
}

/// Decides on a post: the passkey signs the statement of this very decision on this very content. What was ticked goes
/// beside it.
///
/// # Errors
/// Where it stopped.
pub async fn decide(
    post: PostId,
    content_hash: String,
    choice: Choice,
    checked: Option<Checked>,
) -> Result<PostView, Stop> {
    let item = api::call(&posts::NONCE, &[post.as_str()], &Nothing {}).await?;
    let decide = Decide { checked, ..sign(item, 0, content_hash, choice).await? };
    Ok(api::call(&posts::DECIDE, &[post.as_str()], &decide).await?)
}

/// Signs a decision in the seat of that place among those of `item`. It asks nothing of the engine: what was fetched
/// with a connection can be signed without one.
///
/// # Errors
/// Where it stopped.
pub async fn sign(item: Item, seat: usize, content_hash: String, choice: Choice) -> Result<Decide, Stop> {
    let (statement, acting_for) = stated(&item, seat, &content_hash, &choice).await?;
    let signed = match item.options {
        None => None,
        Some(options) => {
            let credential = passkey::get(&passkey::over(options, &statement.challenge())).await;
            let credential = credential.map_err(|why| match item.code {
                Some(mailbox) => Stop::Codable(why, mailbox),
                None => Stop::Browser(why),
            })?;
            Some(Signed { statement: statement.canonical(), credential, together: Vec::new() })
        }
    };
    Ok(Decide { content_hash, choice, acting_for, checked: None, signed })
}

/// Signs one decision on several items, each in its first seat and over the content that was seen of it: the passkey is asked once,
/// over the list of what each would be signed as. What comes of it is sent one by one, in that order or in another.
///
/// # Errors
/// Where it stopped.
pub async fn sign_together(items: Vec<(Item, String)>, choice: Choice) -> Result<Vec<Decide>, Stop> {
    let (mut decides, mut texts) = (Vec::new(), Vec::new());
    for (item, seen) in &items {
        let (statement, acting_for) = stated(item, 0, seen, &choice).await?;
        texts.push(statement.canonical());
        let (content_hash, choice) = (seen.clone(), choice.clone());
        decides.push(Decide { content_hash, choice, acting_for, checked: None, signed: None });
    }
    let Some(options) = items.into_iter().find_map(|(item, _)| item.options) else { return Ok(decides) };
    let together: Vec<String> = texts.iter().map(|text| attestation::digest(text)).collect();
    let credential = passkey::get(&passkey::over(options, &challenge_together(&together))).await?;
    for (decide, statement) in decides.iter_mut().zip(texts) {
        decide.signed = Some(Signed { statement, credential: credential.clone(), together: together.clone() });
    }
    Ok(decides)
}

/// The statement of a decision in a seat of `item`, and for whom it is.
async fn stated(
    item: &Item,
    seat: usize,
    content_hash: &str,
    choice: &Choice,
) -> Result<(Statement, Option<MemberId>), Stop> {
    // Nobody is asked to sign what they have not seen.
    if item.round.content_hash != content_hash {
        return Err(trouble::refused(Refusal::OtherContent).await.into());
    }
    let Some(seat) = item.seats.get(seat).cloned() else {
        return Err(trouble::refused(Refusal::NotYourTurn).await.into());
    };
    let me = session().me.get_untracked().ok_or(Problem::SignedOut)?;
    let (by, content_hash, acting_for) = (me.member.into(), content_hash.to_owned(), seat.acting_for);
    let ballot = Ballot { by, acting_for: acting_for.clone(), step: seat.step, content_hash, choice: choice.clone() };
    let organisation = &me.organisation.id;
    let (nonce, at) = (item.nonce.clone(), time::now());
    match Statement::write(organisation, &item.round, &ballot, seat.sitting, nonce, at) {
        Ok(statement) => Ok((statement, acting_for)),
        Err(refusal) => Err(trouble::refused(refusal).await.into()),
    }
}

/// Asks for a code that confirms a decision, over the very statement that a passkey would sign.
///
/// # Errors
/// Where it stopped.
pub async fn ask_code(post: PostId, content_hash: String, choice: Choice) -> Result<CodeSent, Stop> {
    let item = api::call(&posts::NONCE, &[post.as_str()], &Nothing {}).await?;
    let (statement, _) = stated(&item, 0, &content_hash, &choice).await?;
    let ask = AskCode { statement: statement.canonical(), choice };
    Ok(api::call(&posts::CODE, &[post.as_str()], &ask).await?)
}

/// The two signals around a ceremony.
#[derive(Debug, Clone, Copy)]
pub struct Ceremony {
    /// Whether it runs.
    pub busy: RwSignal<bool>,
    stop: RwSignal<Option<Stop>>,
}

impl Default for Ceremony {
    fn default() -> Self {
        Self::new()
    }
}

impl Ceremony {
    /// Nothing under way.
    pub fn new() -> Self {
        Self::showing(RwSignal::new(false))
    }

    /// Nothing under way, and whether it runs is shown by a signal that is there already.
    pub fn showing(busy: RwSignal<bool>) -> Self {
        Self { busy, stop: RwSignal::new(None) }
    }

    /// To which mailbox a code could be sent instead of what the browser did not give.
    pub fn codable(self) -> Option<String> {
        match self.stop.get() {
            Some(Stop::Codable(_, mailbox)) => Some(mailbox),
            _ => None,
        }
    }

    /// Runs one, then `done`, unless one runs already or the page is gone.
    pub fn run<A: 'static>(
        self,
        ceremony: impl Future<Output = Result<A, Stop>> + 'static,
        done: impl FnOnce(A) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.stop.set(None);
        spawn_local(async move {
            let answer = ceremony.await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(answer) => done(answer),
                Err(stop) => self.stop.set(Some(stop)),
            }
        });
    }
}

fn sentence(stop: &Stop) -> Sentence {
    let lang = lang();
    let (what, next) = match stop {
        // On the pages of entry nobody has a session yet: "ended" would be wrong.
        Stop::Engine(Problem::SignedOut) if session().me.with_untracked(Option::is_none) => {
            (lang.refusal_bad_passkey_what(), lang.refusal_bad_passkey_next())
        }
        Stop::Engine(problem) => return problem_sentence(problem),
        Stop::Browser(NoPasskey::Unsupported) | Stop::Codable(NoPasskey::Unsupported, _) => {
            (lang.entry_unsupported_what(), lang.entry_unsupported_next())
        }
        Stop::Browser(NoPasskey::Dismissed) | Stop::Codable(NoPasskey::Dismissed, _) => {
            (lang.entry_dismissed_what(), lang.entry_dismissed_next())
        }
        Stop::Browser(NoPasskey::Already) | Stop::Codable(NoPasskey::Already, _) => {
            (lang.entry_already_what(), lang.entry_already_next())
        }
        Stop::Browser(NoPasskey::Refused) | Stop::Codable(NoPasskey::Refused, _) => {
            (lang.entry_refused_what(), lang.entry_refused_next())
        }
    };
    Sentence { what: what.into(), next: next.into() }
}

/// Where a ceremony stopped, and what to do. Nothing while it has not.
#[component]
pub fn CeremonyNotice(
    /// The ceremony.
    ceremony: Ceremony,
) -> impl IntoView {
    move || {
        ceremony.stop.get().map(|stop| {
            let sentence = sentence(&stop);
            view! { <Notice gravity=Gravity::Bad spoken=true title=sentence.what><p>{sentence.next}</p></Notice> }
        })
    }
}

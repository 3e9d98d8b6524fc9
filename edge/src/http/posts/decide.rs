//! Deciding: the number to sign with, and the decision as a signed act. Separate from the other acts on a post: it is
//! the one that is proven to people who have no access here.

use domain::{
    Ballot, Choice, Decision, PasskeyId, Post, Refusal, Round, StepId,
    bylaws::Codes,
    guidance::{Checked, Side},
    json,
    party::{Mailbox, Person},
    record::Subject,
    round::{Mover, State},
    statement::{self, LIFETIME, Sitting, Statement},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wire::{
    Nothing,
    posts::{self, Assertion, Signed},
};

use super::{afterwards, asking, bench_of, current, findings, stale_or, view, whole};
use crate::{
    answer::Refused,
    app::App,
    ask::Ask,
    binds,
    caller::Caller,
    clock, codes, mail,
    passkeys::{self, Party, Passkey},
    settle::{self, Court, Proven},
    store::{
        Answer, Bind, StoreError, Unit,
        challenges::{self, Purpose},
        id, json as parse,
        outside::Host,
        posts::{Bench, Whole},
        records, sittings,
    },
};

/// What is remembered with a nonce: for whom and what it was drawn, and when.
#[derive(Serialize, Deserialize)]
pub struct Drawn {
    /// For which post.
    pub post: domain::PostId,
    /// For whom.
    pub member: domain::MemberId,
    /// When.
    pub at: domain::Moment,
}

/// What is kept of a signature, in the column `decision.signed`.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    /// The statement, byte for byte.
    pub statement: String,
    /// What the authenticator answered.
    pub assertion: Assertion,
    /// Where it signed several statements: the hash of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together: Vec<String>,
    /// With which passkey.
    pub passkey: PasskeyId,
    /// On which site.
    pub party: Party,
}

/// A passkey of a member.
#[derive(Deserialize)]
pub struct PasskeyRow {
    id: String,
    credential_id: String,
    credential: String,
}

const PASSKEYS: &str =
    "SELECT id, credential_id, credential FROM passkey WHERE org = ?1 AND member = ?2 AND removed_at IS NULL";

/// Whether this session may decide without a signature: only one that a rehearsal opened, without a passkey.
pub fn is_excused(caller: &Caller) -> bool {
    cfg!(feature = "rehearsal") && caller.how == "rehearsal"
}

/// The query of the passkeys that a member can sign with.
pub fn passkeys_query(caller: &Caller) -> (String, Vec<Bind>) {
    (PASSKEYS.to_owned(), binds![caller.org(), &caller.member])
}

/// The credentials in the answer to [`passkeys_query`].
///
/// # Errors
/// `Row`.
pub fn allowed(answer: &Answer) -> Result<Vec<String>, StoreError> {
    Ok(answer.results::<PasskeyRow>()?.into_iter().map(|key| key.credential_id).collect())
}

/// What the browser is asked with: without a challenge, which is the statement's.
pub fn dressed(party: &Party, allowed: &[String]) -> serde_json::Value {
    let mut options = passkeys::ask_for_proof(party, allowed, &[0; 32]);
    options["challenge"] = json!("");
    options
}

/// As what a member can decide in the step that is open: for themselves first.
///
/// # Errors
/// `NoDelegation`.
pub fn seats(round: &Round, step: &StepId, bench: &Bench) -> Result<Vec<posts::Seat>, Refusal> {
    let seat = |mover: Mover| {
        let acting_for = mover.acting_for.as_ref();
        let sitting = Sitting::of(round, &mover.person, acting_for, step, &bench.people, bench.at)?;
        Ok(posts::Seat { step: step.clone(), acting_for: mover.acting_for.clone(), sitting })
    };
    round.moves_of(&bench.member, bench.now()).into_iter().map(seat).collect()
}

/// Draws a number for one decision in the open round, and says as what the member can take it.
pub async fn nonce(ask: Ask<Nothing>) -> Result<posts::Item, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let whole = whole(&ask, caller).await?;
    let bench = bench_of(app, caller, &whole)?;
    let post = whole.stored.post;
    let round = post.round()?.clone();
    let step = step_of(&round);
    let seats = seats(&round, &step, &bench)?;
    if seats.is_empty() {
        // Why not is the rules' to say.
        let content_hash = round.content_hash.clone();
        let by = caller.member.clone().into();
        let ballot = Ballot { by, acting_for: None, step, content_hash, choice: Choice::Approve };
        return Err(round.decide(ballot, bench.now()).err().unwrap_or(Refusal::NotYourTurn).into());
    }
    let nonce = codes::draw();
    let code = mailbox_of(app, caller, &bench).map(|mailbox| mailbox.masked());
    let options = options(&ask, caller).await?;
    let drawn = Drawn { post: post.id, member: caller.member.clone(), at: app.now() };
    challenges::remember_as(app, Purpose::Decision, nonce.as_str(), LIFETIME, &drawn).await?;
    Ok(posts::Item { round, seats, nonce, options, code })
}

/// What the browser is asked with, without the challenge: it is the statement's, and only the desk knows what is said.
/// Nothing for who may say it without.
pub async fn options<Q>(ask: &Ask<Q>, caller: &Caller) -> Result<Option<serde_json::Value>, Refused> {
    let app = &ask.app;
    let (sql, binds) = passkeys_query(caller);
    let keys: Vec<PasskeyRow> = app.db.all(&sql, binds).await?;
    let allowed: Vec<String> = keys.into_iter().map(|key| key.credential_id).collect();
    if allowed.is_empty() && is_excused(caller) {
        return Ok(None);
    }
    Ok(Some(dressed(&Party::of(app, &ask.uri, &ask.headers)?, &allowed)))
}

/// The step that is open; of a round that is closed, its last.
pub fn step_of(round: &Round) -> StepId {
    let place = match round.state() {
        State::Open { step } => step,
        _ => round.steps.len().saturating_sub(1),
    };
    round.steps.get(place).map_or_else(|| StepId::from_bits(0), |(step, _)| step.id.clone())
}

/// Where a code can be sent to a member: only where there is mail, they have a mailbox, and the organisation lets them.
fn mailbox_of(app: &App, caller: &Caller, bench: &Bench) -> Option<Mailbox> {
    if !mail::is_there(app) || bench.bylaws.codes == Codes::Forbidden {
        return None;
    }
    bench.people.colleague(&caller.member)?.mailbox.clone()
}

/// The same tap, twice: the round is over and this member has had their say in it.
fn not_again(whole: &Whole, by: &Person) -> Result<(), Refusal> {
    let post = &whole.stored.post;
    let mut taken = whole.decisions.iter().map(|decided| &decided.decision);
    let again = post.round().is_err() && taken.any(|decision| decision.round == post.rounds && decision.by == *by);
    if again { Err(Refusal::AlreadyDecided) } else { Ok(()) }
}

/// Takes a decision. Five trips: who asks, the post, the nonce with the passkey, the one batch of writes, the post as it
/// then is. One more where a late one looks for the next free hole. The very decision once more (a phone that was never
/// told that it arrived) changes nothing and is a success.
pub async fn decide(ask: Ask<posts::Decide>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let before = whole(&ask, caller).await?;
    let refused = match take(&ask, caller, &before).await {
        Ok(view) => return Ok(view),
        Err(refused) => refused,
    };
    if stands(&ask, caller, &before).await? {
        return view(&ask.app, caller, whole(&ask, caller).await?);
    }
    let Refusal::Stale { .. } = refused.0.refusal else { return Err(refused) };
    let after = whole(&ask, caller).await?;
    let current = after.stored.post.version;
    // The post is the one that was read, so something else moved meanwhile: the hole that it was to take, or the
    // substitutes. Looked at once more, with that.
    if current == before.stored.post.version {
        take(&ask, caller, &after).await
    } else {
        Err(Refusal::Stale { current }.into())
    }
}

/// Whether what is asked for was taken already: the same words, under the same statement.
async fn stands(ask: &Ask<posts::Decide>, caller: &Caller, whole: &Whole) -> Result<bool, Refused> {
    #[derive(Deserialize)]
    struct Row {
        data: String,
    }
    let Some(signed) = &ask.body.signed else { return Ok(false) };
    let sql = "SELECT data FROM decision
      WHERE org = ?1 AND post = ?2 AND by = ?3 AND json_extract(signed, '$.statement') = ?4";
    let binds = binds![caller.org(), &whole.stored.post.id, &caller.member, &signed.statement];
    let row: Option<Row> = ask.app.db.first(sql, binds).await?;
    let taken: Option<Decision> = row.map(|row| parse(&row.data)).transpose()?;
    Ok(taken.is_some_and(|taken| ask.body.choice.clone().parse().is_ok_and(|choice| choice == taken.choice)))
}

async fn take(ask: &Ask<posts::Decide>, caller: &Caller, whole: &Whole) -> Result<posts::PostView, Refused> {
    let post = &whole.stored.post;
    let by: Person = caller.member.clone().into();
    not_again(whole, &by)?;
    let bench = bench_of(&ask.app, caller, whole)?;
    let mut unit = Unit::new();
    let (ballot, proven) = match &ask.body.signed {
        Some(signed) => {
            let (ballot, kept) = check(ask, caller, post, signed, &bench, &mut unit).await?;
            (ballot, Proven::Signed(Box::new(kept)))
        }
        None if is_excused(caller) => (spoken(&ask.body, by, post.round()?), Proven::Not),
        None => return Err(Refusal::SignatureWanted.into()),
    };
    settle(ask, caller, (whole, &bench), ballot, (&proven, ask.body.checked.as_ref()), unit).await
}

async fn settle<Q>(
    ask: &Ask<Q>,
    caller: &Caller,
    (whole, bench): (&Whole, &Bench),
    ballot: Ballot,
    (proven, checked): (&Proven, Option<&Checked>),
    mut unit: Unit,
) -> Result<posts::PostView, Refused> {
    let post = &whole.stored.post;
    let (content, agrees) = (current(post), ballot.choice.agrees());
    let ticked = match checked {
        // Most organisations ask nothing: then nothing is looked for.
        None if whole.bylaws.guidance.checklist.is_empty() => Ok(Vec::new()),
        _ => {
            let found = findings(&caller.organisation, content, &whole.channels, whole.rights(None, bench.at));
            let seen = asking::Seen::of(whole, content);
            let look = seen.look(&caller.organisation, whole, content, &found);
            asking::go_through(&caller.organisation, whole, look, Side::Approver, checked, agrees)
        }
    };
    let ticked = match ticked {
        Ok(ticked) => ticked,
        // Whoever may not decide is told that, and not what they left unticked.
        Err(refusal) => return Err(post.clone().decide(ballot, bench.now()).err().unwrap_or(refusal).into()),
    };
    let of = (post.rounds, ballot.content_hash.clone());
    let checks = asking::kept(ticked, whole, Side::Approver, ballot.by.clone(), of, bench.at);
    let court = Court { app: &ask.app, organisation: &caller.organisation, whole, bench };
    let corrected = settle::take(&court, Some(&caller.member), ballot, (proven, checks.as_ref()), &mut unit).await?;
    sittings::end(&mut unit, caller.org(), &post.id);
    // Two taps at once are kept apart by the version, the nonce and the decision's own key, whichever is asked first.
    if let Err(error) = ask.app.db.commit(unit).await {
        let current = post.version;
        return Err(match error {
            StoreError::Guard | StoreError::Unique => Refusal::Stale { current }.into(),
            other => other.into(),
        });
    }
    let view = afterwards(ask, caller).await?;
    if corrected {
        clock::hand_over(&ask.app, 1).await?;
    }
    mail::soon(&ask.app);
    Ok(view)
}

/// Sends a code that confirms one statement, to the mailbox of the member who would sign it. Everything is asked now that
/// will be asked again when the code comes back, so that nobody is sent a code for nothing.
pub async fn code(ask: Ask<posts::AskCode>) -> Result<posts::CodeSent, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let whole = whole(&ask, caller).await?;
    let bench = bench_of(app, caller, &whole)?;
    let post = &whole.stored.post;
    let mailbox = mailbox_of(app, caller, &bench).ok_or(Refusal::CodeForbidden)?;
    let statement = Statement::parse(&ask.body.statement)?;
    let look = vec![challenges::look(app, Purpose::Decision, statement.nonce.as_str())];
    let answers = app.db.many(look).await?;
    let drawn: Drawn = remembered(answers.first())?;
    drawn.is_for(post, caller)?;
    let choice = ask.body.choice.clone().parse()?;
    let ballot = own(&statement, caller, post.round()?, choice.clone(), &bench, drawn.at)?;
    post.round()?.clone().decide(ballot, bench.now())?;
    let party = Party::of(app, &ask.uri, &ask.headers)?;
    let host = Host::of(&caller.organisation);
    let letter = codes::Letter { org: host.org, organisation: host.name, mailbox: &mailbox, language: &host.language };
    let mut unit = Unit::new();
    let expires = codes::send(app, &mut unit, &letter, (&statement, &choice, None), &party).await?;
    app.db.commit(unit).await?;
    mail::soon(app);
    Ok(posts::CodeSent { mailbox: mailbox.masked(), expires })
}

/// Decides by giving the code back. Five trips, as with a passkey.
pub async fn confirm(ask: Ask<posts::Confirm>) -> Result<posts::PostView, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let whole = whole(&ask, caller).await?;
    let by: Person = caller.member.clone().into();
    not_again(&whole, &by)?;
    let bench = bench_of(app, caller, &whole)?;
    mailbox_of(app, caller, &bench).ok_or(Refusal::CodeForbidden)?;
    let post = &whole.stored.post;
    let given = codes::give_back(app, caller.org(), &post.id, &by, &ask.body.code).await?;
    // That its time is true was found when the code was asked for.
    let issued = given.statement.at;
    let ballot = own(&given.statement, caller, post.round()?, given.choice.clone(), &bench, issued)?;
    let mut unit = Unit::new();
    codes::take_within(&mut unit, caller.org(), &given);
    challenges::take_within(&mut unit, Purpose::Decision, given.statement.nonce.as_str());
    let proven = Proven::Attested(given.attested);
    let settled = settle(&ask, caller, (&whole, &bench), ballot, (&proven, ask.body.checked.as_ref()), unit).await;
    match settled {
        // Somebody was faster: where the post is now.
        Err(Refused(fault)) if matches!(fault.refusal, Refusal::Stale { .. }) => {
            Err(stale_or(&ask, caller, StoreError::Guard).await)
        }
        settled => settled,
    }
}

impl Drawn {
    /// Whether it is this member's on this post.
    fn is_for(&self, post: &Post, caller: &Caller) -> Result<(), Refusal> {
        if (&self.post, &self.member) == (&post.id, &caller.member) { Ok(()) } else { Err(Refusal::SpentLink) }
    }
}

/// What was remembered with a number.
fn remembered<T: DeserializeOwned>(answer: Option<&Answer>) -> Result<T, Refused> {
    #[derive(Deserialize)]
    struct Row {
        state: String,
    }
    let rows: Vec<Row> = answer.map(|answer| answer.results()).transpose()?.unwrap_or_default();
    Ok(parse(&rows.first().ok_or(Refusal::SpentLink)?.state)?)
}

/// The ballot of a statement that must be the caller's own.
fn own(
    statement: &Statement,
    caller: &Caller,
    round: &Round,
    choice: Choice,
    bench: &Bench,
    issued: domain::Moment,
) -> Result<Ballot, Refusal> {
    let ballot = statement.ballot(caller.org(), round, choice, &bench.people, issued, bench.at)?;
    if ballot.by.member() == Some(&caller.member) {
        Ok(ballot)
    } else {
        Err(Refusal::Malformed { field: "statement".to_owned() })
    }
}

/// What is asked for without a signature.
fn spoken(body: &posts::Decide, by: Person, round: &Round) -> Ballot {
    Ballot {
        by,
        acting_for: body.acting_for.clone(),
        step: step_of(round),
        content_hash: body.content_hash.clone(),
        choice: body.choice.clone(),
    }
}

/// Checks that this member signed this very decision with a passkey that is theirs now, over a number that was drawn
/// for them and is taken with it.
async fn check(
    ask: &Ask<posts::Decide>,
    caller: &Caller,
    post: &Post,
    signed: &Signed,
    bench: &Bench,
    unit: &mut Unit,
) -> Result<(Ballot, Kept), Refused> {
    let statement = Statement::parse(&signed.statement)?;
    let number = (Purpose::Decision, statement.nonce.as_str());
    let challenge = match &signed.together[..] {
        [] => statement.challenge(),
        together => statement::challenge_within(&signed.statement, together)?,
    };
    let Drawing { drawn, key, again }: Drawing<Drawn> =
        look_up(&ask.app, caller, number, signed, of_the_same(caller, post, signed)?).await?;
    drawn.is_for(post, caller)?;
    let round = post.round()?;
    if ask.body.content_hash != round.content_hash {
        return Err(Refusal::OtherContent.into());
    }
    let ballot = own(&statement, caller, round, ask.body.choice.clone(), bench, drawn.at)?;
    if ballot.acting_for != ask.body.acting_for {
        return Err(Refusal::Malformed { field: "statement".to_owned() }.into());
    }
    let kept = prove(ask, caller, (number, &challenge), signed, (key, again), unit).await?;
    Ok((ballot, kept))
}

/// The query whether another decision of the list that a signature covers was taken with it already; nothing where it covers one.
fn of_the_same(caller: &Caller, post: &Post, signed: &Signed) -> Result<Option<(String, Vec<Bind>)>, Refusal> {
    if signed.together.is_empty() {
        return Ok(None);
    }
    // What says the same and is read at one go is of one series; nothing else is signed so.
    let turn = post.series.as_ref().ok_or_else(|| Refusal::Malformed { field: "together".to_owned() })?;
    let signature = passkeys::kept(&signed.credential)?.signature;
    let sql = "SELECT 1 AS taken FROM post p CROSS JOIN decision d ON d.org = p.org AND d.post = p.id
      WHERE p.org = ?1 AND p.series = ?2 AND d.by = ?3 AND json_extract(d.signed, '$.assertion.signature') = ?4 LIMIT 1";
    Ok(Some((sql.to_owned(), binds![caller.org(), &turn.series, &caller.member, signature])))
}

/// What was drawn under a number, and the passkey of the member that a signature names: one trip.
///
/// # Errors
/// `SpentLink`, `BadPasskey`, `Unavailable`.
pub async fn drawn<T: DeserializeOwned>(
    app: &App,
    caller: &Caller,
    (purpose, nonce): (Purpose, &str),
    signed: &Signed,
) -> Result<(T, Option<PasskeyRow>), Refused> {
    let Drawing { drawn, key, .. } = look_up(app, caller, (purpose, nonce), signed, None).await?;
    Ok((drawn, key))
}

/// What is known before a signature is looked at.
struct Drawing<T> {
    /// What was remembered with the number.
    drawn: T,
    /// The passkey that is named.
    key: Option<PasskeyRow>,
    /// Whether this very signature was taken before, for another of its list.
    again: bool,
}

/// `also` is [`of_the_same`].
async fn look_up<T: DeserializeOwned>(
    app: &App,
    caller: &Caller,
    (purpose, nonce): (Purpose, &str),
    signed: &Signed,
    also: Option<(String, Vec<Bind>)>,
) -> Result<Drawing<T>, Refused> {
    #[derive(Deserialize)]
    struct Taken {}
    let (credential, _) = passkeys::named_in(&signed.credential)?;
    let named = (format!("{PASSKEYS} AND credential_id = ?3"), binds![caller.org(), &caller.member, &credential]);
    let asked = [challenges::look(app, purpose, nonce), named].into_iter().chain(also).collect();
    let answers = app.db.many(asked).await?;
    let keys: Vec<PasskeyRow> = answers.get(1).map(|answer| answer.results()).transpose()?.unwrap_or_default();
    let taken: Vec<Taken> = answers.get(2).map(|answer| answer.results()).transpose()?.unwrap_or_default();
    Ok(Drawing { drawn: remembered(answers.first())?, key: keys.into_iter().next(), again: !taken.is_empty() })
}

/// Checks the signature itself, and adds to the unit of work that the number is taken and the passkey was live. A
/// counter that went back is flagged, not refused: the number is unused. A signature that covers several decisions comes `again`
/// with each of them; then its counter is known and says nothing.
///
/// # Errors
/// `BadPasskey`, `ForeignRequest`.
pub async fn prove<Q>(
    ask: &Ask<Q>,
    caller: &Caller,
    ((purpose, nonce), challenge): ((Purpose, &str), &[u8; 32]),
    signed: &Signed,
    (key, again): (Option<PasskeyRow>, bool),
    unit: &mut Unit,
) -> Result<Kept, Refused> {
    let (app, org) = (&ask.app, caller.org());
    let key = key.ok_or(Refusal::BadPasskey)?;
    let mut passkey: Passkey = parse(&key.credential)?;
    let party = Party::of(app, &ask.uri, &ask.headers)?;
    let proof = passkeys::check_proof(&party, challenge, &signed.credential, &passkey).await?;

    challenges::take_within(unit, purpose, nonce);
    let id: PasskeyId = id(&key.id)?;
    // It may have been removed since it was read.
    let live = "EXISTS (SELECT 1 FROM passkey WHERE org = ?1 AND id = ?2 AND removed_at IS NULL)";
    unit.expect(live, binds![org, &id]);
    passkey.counter = if again { passkey.counter.max(proof.counter) } else { proof.counter };
    let sql = "UPDATE passkey SET credential = ?3, used_at = ?4 WHERE org = ?1 AND id = ?2";
    unit.then(sql, binds![org, &id, Bind::json(&passkey), app.now()]);
    if proof.doubtful && !again {
        let body = json!({ "what": "counter_went_back", "passkey": id, "member": caller.member });
        records::keep(app, unit, org, Subject::Access, &body);
    }
    let assertion = passkeys::kept(&signed.credential)?;
    let (statement, together) = (signed.statement.clone(), signed.together.clone());
    Ok(Kept { statement, assertion, together, passkey: id, party })
}

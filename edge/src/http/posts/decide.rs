//! Deciding: the number to sign with, and the decision as a signed act. Separate from the other acts on a post: it is
//! the one that is proven to people who have no access here.

use domain::{
    Ballot, Choice, PasskeyId, Post, Refusal, Round, StepId,
    bylaws::Codes,
    json,
    party::{Mailbox, Person},
    record::Subject,
    round::{Mover, State},
    statement::{LIFETIME, Sitting, Statement},
};
use serde::{Deserialize, Serialize};
use wire::{
    Nothing,
    posts::{self, Assertion, Signed},
};

use super::{bench_of, finish, whole};
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
        Bind, Unit,
        challenges::{self, Purpose},
        id, json as parse,
        outside::Host,
        posts::{Bench, Whole},
        records,
    },
};

/// What is remembered with a nonce: for whom and what it was drawn, and when.
#[derive(Serialize, Deserialize)]
struct Drawn {
    post: domain::PostId,
    member: domain::MemberId,
    at: domain::Moment,
}

/// What is kept of a signature, in the column `decision.signed`.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    /// The statement, byte for byte.
    pub statement: String,
    /// What the authenticator answered.
    pub assertion: Assertion,
    /// With which passkey.
    pub passkey: PasskeyId,
    /// On which site.
    pub party: Party,
}

#[derive(Deserialize)]
struct PasskeyRow {
    id: String,
    credential_id: String,
    credential: String,
}

const PASSKEYS: &str =
    "SELECT id, credential_id, credential FROM passkey WHERE org = ?1 AND member = ?2 AND removed_at IS NULL";

/// Whether this session may decide without a signature: only one that a rehearsal opened, without a passkey.
fn is_excused(caller: &Caller) -> bool {
    cfg!(feature = "rehearsal") && caller.how == "rehearsal"
}

/// Draws a number for one decision in the open round, and says as what the member can take it.
pub async fn nonce(ask: Ask<Nothing>) -> Result<posts::Item, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let whole = whole(&ask, caller).await?;
    let bench = bench_of(app, caller, &whole)?;
    let post = whole.stored.post;
    let round = post.round()?.clone();
    let step = step_of(&round);
    let moves = round.moves_of(&caller.member, bench.now());
    if moves.is_empty() {
        // Why not is the rules' to say.
        let content_hash = round.content_hash.clone();
        let by = caller.member.clone().into();
        let ballot = Ballot { by, acting_for: None, step, content_hash, choice: Choice::Approve };
        return Err(round.decide(ballot, bench.now()).err().unwrap_or(Refusal::NotYourTurn).into());
    }
    let seat = |mover: Mover| {
        let acting_for = mover.acting_for.as_ref();
        let sitting = Sitting::of(&round, &mover.person, acting_for, &step, &bench.people, bench.at)?;
        Ok(posts::Seat { step: step.clone(), acting_for: mover.acting_for.clone(), sitting })
    };
    let seats = moves.into_iter().map(seat).collect::<Result<Vec<_>, Refusal>>()?;
    let keys: Vec<PasskeyRow> = app.db.all(PASSKEYS, binds![caller.org(), &caller.member]).await?;
    let nonce = codes::draw();
    let code = mailbox_of(app, caller, &bench).map(|mailbox| mailbox.masked());
    let allowed: Vec<String> = keys.into_iter().map(|key| key.credential_id).collect();
    let mut options = None;
    if !allowed.is_empty() || !is_excused(caller) {
        let party = Party::of(app, &ask.uri, &ask.headers)?;
        let mut asked = passkeys::ask_for_proof(&party, &allowed, &[0; 32]);
        asked["challenge"] = json!("");
        options = Some(asked);
    }
    let drawn = Drawn { post: post.id, member: caller.member.clone(), at: app.now() };
    challenges::remember_as(app, Purpose::Decision, nonce.as_str(), LIFETIME, &drawn).await?;
    Ok(posts::Item { round, seats, nonce, options, code })
}

/// The step that is open; of a round that is closed, its last.
fn step_of(round: &Round) -> StepId {
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
/// then is.
pub async fn decide(ask: Ask<posts::Decide>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    let post = &whole.stored.post;
    let by: Person = caller.member.clone().into();
    not_again(&whole, &by)?;
    let bench = bench_of(&ask.app, caller, &whole)?;
    let mut unit = Unit::new();
    let (ballot, proven) = match &ask.body.signed {
        Some(signed) => {
            let (ballot, kept) = check(&ask, caller, post, signed, &bench, &mut unit).await?;
            (ballot, Proven::Signed(Box::new(kept)))
        }
        None if is_excused(caller) => (spoken(&ask.body, by, post.round()?), Proven::Not),
        None => return Err(Refusal::SignatureWanted.into()),
    };
    settle(&ask, caller, (&whole, &bench), ballot, &proven, unit).await
}

async fn settle<Q>(
    ask: &Ask<Q>,
    caller: &Caller,
    (whole, bench): (&Whole, &Bench),
    ballot: Ballot,
    proven: &Proven,
    mut unit: Unit,
) -> Result<posts::PostView, Refused> {
    let court = Court { app: &ask.app, organisation: &caller.organisation, whole, bench };
    let corrected = settle::take(&court, Some(&caller.member), ballot, proven, &mut unit).await?;
    let view = finish(ask, caller, unit).await?;
    if corrected {
        clock::hand_over(&ask.app, 1).await?;
    }
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
    let looks = vec![challenges::look(app, Purpose::Decision, statement.nonce.as_str())];
    let answers = app.db.many(looks).await?;
    let drawn = drawn(answers.first().map(|answer| answer.results()).transpose()?, post, caller)?;
    let choice = ask.body.choice.clone().parse()?;
    let ballot = own(&statement, caller, post.round()?, choice.clone(), &bench, drawn.at)?;
    post.round()?.clone().decide(ballot, bench.now())?;
    let party = Party::of(app, &ask.uri, &ask.headers)?;
    let host = Host::of(&caller.organisation);
    let letter = codes::Letter { org: host.org, organisation: host.name, mailbox: &mailbox, language: &host.language };
    let mut unit = Unit::new();
    let expires = codes::send(app, &mut unit, &letter, &statement, &choice, &party).await?;
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
    settle(&ask, caller, (&whole, &bench), ballot, &proven, unit).await
}

/// What was remembered with a number, if it is this member's on this post.
fn drawn(rows: Option<Vec<StateRow>>, post: &Post, caller: &Caller) -> Result<Drawn, Refused> {
    let row = rows.and_then(|rows| rows.into_iter().next()).ok_or(Refusal::SpentLink)?;
    let drawn: Drawn = parse(&row.state)?;
    if (&drawn.post, &drawn.member) == (&post.id, &caller.member) { Ok(drawn) } else { Err(Refusal::SpentLink.into()) }
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

#[derive(Deserialize)]
struct StateRow {
    state: String,
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
/// for them and is taken with it. A counter that went back is flagged, not refused: the number is unused.
async fn check(
    ask: &Ask<posts::Decide>,
    caller: &Caller,
    post: &Post,
    signed: &Signed,
    bench: &Bench,
    unit: &mut Unit,
) -> Result<(Ballot, Kept), Refused> {
    let (app, org) = (&ask.app, caller.org());
    let statement = Statement::parse(&signed.statement)?;
    let (credential, _) = passkeys::named_in(&signed.credential)?;
    let nonce = statement.nonce.as_str();
    let named = (format!("{PASSKEYS} AND credential_id = ?3"), binds![org, &caller.member, &credential]);
    let answers = app.db.many(vec![challenges::look(app, Purpose::Decision, nonce), named]).await?;
    let mut answers = answers.iter();
    let rows = answers.next().map(|answer| answer.results()).transpose()?;
    let keys: Vec<PasskeyRow> = answers.next().map(|answer| answer.results()).transpose()?.unwrap_or_default();
    let drawn = drawn(rows, post, caller)?;
    let round = post.round()?;
    if ask.body.content_hash != round.content_hash {
        return Err(Refusal::OtherContent.into());
    }
    let ballot = own(&statement, caller, round, ask.body.choice.clone(), bench, drawn.at)?;
    if ballot.acting_for != ask.body.acting_for {
        return Err(Refusal::Malformed { field: "statement".to_owned() }.into());
    }
    let key = keys.first().ok_or(Refusal::BadPasskey)?;
    let mut passkey: Passkey = parse(&key.credential)?;
    let party = Party::of(app, &ask.uri, &ask.headers)?;
    let proof = passkeys::check_proof(&party, &statement.challenge(), &signed.credential, &passkey).await?;

    challenges::take_within(unit, Purpose::Decision, nonce);
    let id: PasskeyId = id(&key.id)?;
    // It may have been removed since it was read.
    let live = "EXISTS (SELECT 1 FROM passkey WHERE org = ?1 AND id = ?2 AND removed_at IS NULL)";
    unit.expect(live, binds![org, &id]);
    passkey.counter = proof.counter;
    let sql = "UPDATE passkey SET credential = ?3, used_at = ?4 WHERE org = ?1 AND id = ?2";
    unit.then(sql, binds![org, &id, Bind::json(&passkey), app.now()]);
    if proof.doubtful {
        let body = json!({ "what": "counter_went_back", "passkey": id, "member": caller.member });
        records::keep(app, unit, org, Subject::Access, &body);
    }
    let assertion = passkeys::kept(&signed.credential)?;
    Ok((ballot, Kept { statement: signed.statement.clone(), assertion, passkey: id, party }))
}

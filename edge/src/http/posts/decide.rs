//! Deciding: the number to sign with, and the decision as a signed act. Separate from the other acts on a post: it is
//! the one that is proven to people who have no access here.

use domain::{
    Ballot, Choice, DecisionId, Effect, PasskeyId, Post, Refusal, Round, Stage, StepId, json,
    party::Person,
    record::Subject,
    round::{Mover, State},
    statement::{LIFETIME, Nonce, Sitting, Statement},
};
use serde::{Deserialize, Serialize};
use wire::{
    Nothing,
    posts::{self, Assertion, Signed},
};

use super::{bench_of, finish, send_correction, whole, write};
use crate::{
    answer::Refused,
    app,
    ask::Ask,
    binds,
    caller::Caller,
    clock, mail,
    passkeys::{self, Party, Passkey},
    store::{
        Bind, Unit,
        challenges::{self, Purpose},
        id, json as parse,
        posts::Bench,
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
    let mut bits = [0; 16];
    app::fill(&mut bits);
    let nonce = Nonce::from_bits(u128::from_be_bytes(bits));
    let allowed: Vec<String> = keys.into_iter().map(|key| key.credential_id).collect();
    if allowed.is_empty() && is_excused(caller) {
        return Ok(posts::Item { round, seats, nonce, options: None });
    }
    let party = Party::of(app, &ask.uri, &ask.headers)?;
    let mut options = passkeys::ask_for_proof(&party, &allowed, &[0; 32]);
    options["challenge"] = json!("");
    let drawn = Drawn { post: post.id, member: caller.member.clone(), at: app.now() };
    challenges::remember_as(app, Purpose::Decision, nonce.as_str(), LIFETIME, &drawn).await?;
    Ok(posts::Item { round, seats, nonce, options: Some(options) })
}

/// The step that is open; of a round that is closed, its last.
fn step_of(round: &Round) -> StepId {
    let place = match round.state() {
        State::Open { step } => step,
        _ => round.steps.len().saturating_sub(1),
    };
    round.steps.get(place).map_or_else(|| StepId::from_bits(0), |(step, _)| step.id.clone())
}

/// Takes a decision. Five trips: who asks, the post, the nonce with the passkey, the one batch of writes, the post as it
/// then is.
pub async fn decide(ask: Ask<posts::Decide>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    let post = &whole.stored.post;
    let correcting = matches!(post.stage, Stage::Out { .. });
    // The same tap, twice: the round is over and this member has had their say in it.
    let by: Person = caller.member.clone().into();
    let mut taken = whole.decisions.iter().map(|decided| &decided.decision);
    if post.round().is_err() && taken.any(|decision| decision.round == post.rounds && decision.by == by) {
        return Err(Refusal::AlreadyDecided.into());
    }
    let bench = bench_of(&ask.app, caller, &whole)?;
    let mut unit = Unit::new();
    let (ballot, kept) = match &ask.body.signed {
        Some(signed) => {
            let (ballot, kept) = check(&ask, caller, post, signed, &bench, &mut unit).await?;
            (ballot, Some(kept))
        }
        None if is_excused(caller) => (spoken(&ask.body, by, post.round()?), None),
        None => return Err(Refusal::SignatureWanted.into()),
    };
    let (round, at_step, who) = (post.rounds, ballot.step.clone(), ballot.by.clone());
    let mut step = post.clone().decide(ballot, bench.now())?;
    // The proof stands in the chain, with what it proves.
    let mut data = serde_json::Value::Null;
    for effect in &mut step.effects {
        if let Effect::Keep { subject: Subject::Decision, body } = effect {
            data = body["decision"].clone();
            body["signed"] = json!(kept);
        }
    }
    let id = DecisionId::from_bits(ask.app.bits());
    let sql = "INSERT INTO decision (id, org, post, round, step, by, at, data, signed)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let who = who.member().map(ToString::to_string);
    let (data, signed) = (Bind::json(&data), kept.as_ref().map(Bind::json));
    unit.then(sql, binds![&id, caller.org(), &post.id, round, &at_step, who, bench.at, data, signed]);
    let corrected = correcting && step.post.content != whole.stored.post.content;
    if corrected {
        send_correction(&ask, caller, &mut unit, &whole, &step.post);
    }
    write(&ask, caller, &mut unit, &whole, step).await?;
    let view = finish(&ask, caller, unit).await?;
    if corrected {
        clock::hand_over(&ask.app, 1).await?;
    }
    mail::soon(&ask.app);
    Ok(view)
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
    #[derive(Deserialize)]
    struct Row {
        state: String,
    }
    let (app, org) = (&ask.app, caller.org());
    let statement = Statement::parse(&signed.statement)?;
    let (credential, _) = passkeys::named_in(&signed.credential)?;
    let nonce = statement.nonce.as_str();
    let named = (format!("{PASSKEYS} AND credential_id = ?3"), binds![org, &caller.member, &credential]);
    let answers = app.db.many(vec![challenges::look(app, Purpose::Decision, nonce), named]).await?;
    let mut answers = answers.iter();
    let drawn: Vec<Row> = answers.next().map(|answer| answer.results()).transpose()?.unwrap_or_default();
    let keys: Vec<PasskeyRow> = answers.next().map(|answer| answer.results()).transpose()?.unwrap_or_default();
    let drawn: Drawn = parse(&drawn.first().ok_or(Refusal::SpentLink)?.state)?;
    if (&drawn.post, &drawn.member) != (&post.id, &caller.member) {
        return Err(Refusal::SpentLink.into());
    }
    let round = post.round()?;
    if ask.body.content_hash != round.content_hash {
        return Err(Refusal::OtherContent.into());
    }
    let ballot = statement.ballot(org, round, ask.body.choice.clone(), &bench.people, drawn.at, bench.at)?;
    if ballot.by.member() != Some(&caller.member) || ballot.acting_for != ask.body.acting_for {
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

//! Deciding: the number to sign with, and the decision as a signed act. Separate from the other acts on a post: it is
//! the one that is proven to people who have no access here.

use domain::{
    DecisionId, Effect, PasskeyId, Post, Refusal, Stage,
    approval::Sitting,
    json,
    record::Subject,
    statement::{LIFETIME, Nonce, Statement},
};
use serde::{Deserialize, Serialize};
use wire::{
    Nothing,
    posts::{self, Assertion, Signed},
};

use super::{finish, send_correction, whole, write};
use crate::{
    answer::Refused,
    app,
    ask::Ask,
    binds,
    caller::Caller,
    clock,
    passkeys::{self, Party, Passkey},
    store::{
        Bind, Unit,
        challenges::{self, Purpose},
        id, json as parse, records,
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

/// Draws a number for one decision in the open round.
pub async fn nonce(ask: Ask<Nothing>) -> Result<posts::Item, Refused> {
    let (caller, app) = (ask.caller()?, &ask.app);
    let post = whole(&ask, caller).await?.stored.post;
    let round = post.round()?.clone();
    round.admit(&post.author, &caller.member)?;
    let keys: Vec<PasskeyRow> = app.db.all(PASSKEYS, binds![caller.org(), &caller.member]).await?;
    let mut bits = [0; 16];
    app::fill(&mut bits);
    let nonce = Nonce::from_bits(u128::from_be_bytes(bits));
    let allowed: Vec<String> = keys.into_iter().map(|key| key.credential_id).collect();
    if allowed.is_empty() && is_excused(caller) {
        return Ok(posts::Item { round, nonce, options: None });
    }
    let party = Party::of(app, &ask.uri, &ask.headers)?;
    let mut options = passkeys::ask_for_proof(&party, &allowed, &[0; 32]);
    options["challenge"] = json!("");
    let drawn = Drawn { post: post.id, member: caller.member.clone(), at: app.now() };
    challenges::remember_as(app, Purpose::Decision, nonce.as_str(), LIFETIME, &drawn).await?;
    Ok(posts::Item { round, nonce, options: Some(options) })
}

/// Takes a decision. Five trips: who asks, the post, the nonce with the passkey, the one batch of writes, the post as it
/// then is.
pub async fn decide(ask: Ask<posts::Decide>) -> Result<posts::PostView, Refused> {
    let caller = ask.caller()?;
    let whole = whole(&ask, caller).await?;
    let post = &whole.stored.post;
    let correcting = matches!(post.stage, Stage::Out { .. });
    // The same tap, twice: the round is over and this member ended it.
    let mut taken = whole.decisions.iter().map(|decided| &decided.decision);
    if taken.any(|decision| decision.round == post.rounds && decision.by == caller.member) {
        return Err(Refusal::AlreadyDecided.into());
    }
    let now = ask.app.now();
    let choice = ask.body.choice.clone();
    let mut step = post.clone().decide(&caller.member, &ask.body.content_hash, choice.clone(), now)?;
    let mut unit = Unit::new();
    let kept = match &ask.body.signed {
        Some(signed) => Some(check(&ask, caller, post, signed, &mut unit).await?),
        None if is_excused(caller) => None,
        None => return Err(Refusal::SignatureWanted.into()),
    };
    let id = DecisionId::from_bits(ask.app.bits());
    let sql = "INSERT INTO decision (id, org, post, round, by, at, content_hash, choice, signed)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let (round, hash) = (step.post.rounds, &ask.body.content_hash);
    unit.then(
        sql,
        binds![
            &id,
            caller.org(),
            &post.id,
            round,
            &caller.member,
            now,
            hash,
            Bind::json(&choice),
            kept.as_ref().map(Bind::json)
        ],
    );
    // The proof stands in the chain, with what it proves.
    for effect in &mut step.effects {
        if let Effect::Keep { subject: Subject::Decision, body } = effect {
            body["signed"] = json!(kept);
        }
    }
    let corrected = correcting && step.post.content != whole.stored.post.content;
    if corrected {
        send_correction(&ask, caller, &mut unit, &whole, &step.post);
    }
    write(&ask, caller, &mut unit, &whole, step).await?;
    let view = finish(&ask, caller, unit).await?;
    if corrected {
        clock::hand_over(&ask.app, 1).await?;
    }
    Ok(view)
}

/// Checks that this member signed this very decision with a passkey that is theirs now, over a number that was drawn
/// for them and is taken with it. A counter that went back is flagged, not refused: the number is unused.
async fn check(
    ask: &Ask<posts::Decide>,
    caller: &Caller,
    post: &Post,
    signed: &Signed,
    unit: &mut Unit,
) -> Result<Kept, Refused> {
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
    let sitting = Sitting { organisation: org, post: &post.id, by: &caller.member, role: caller.role };
    post.round()?.vouch(&statement, sitting, &ask.body.choice, &statement.nonce, drawn.at, app.now())?;

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
    Ok(Kept { statement: signed.statement.clone(), assertion, passkey: id, party })
}

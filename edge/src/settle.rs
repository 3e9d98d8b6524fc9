//! Taking a decision down, whoever takes it and however it was proven: one unit of work with the post, the decision, its
//! proof, the record, and who is told. Separate from the doors it comes through: the desk's, and that of people outside.

use domain::{
    Ballot, DecisionId, Effect, MemberId, Moment, Organisation, Stage, guidance::Checks, json, record::Subject,
};
use serde::{Deserialize, Serialize};

use crate::{
    answer::Refused,
    app::App,
    binds, codes,
    http::posts::{self, asking, decide::Kept},
    passkeys::Party,
    store::{
        Bind, Unit,
        posts::{Bench, Whole},
    },
};

/// What is kept of a confirmation by code, in the column `decision.attested`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attested {
    /// The statement, byte for byte.
    pub statement: String,
    /// Where the code was sent, masked.
    pub mailbox: String,
    /// When it was asked for.
    pub asked_at: Moment,
    /// On which site.
    pub party: Party,
}

/// How a decision was proven.
pub enum Proven {
    /// Not at all: only in a rehearsal.
    Not,
    /// By a passkey.
    Signed(Box<Kept>),
    /// By a code.
    Attested(Attested),
}

/// Before whom it is taken.
pub struct Court<'a> {
    /// The invocation.
    pub app: &'a App,
    /// The organisation.
    pub organisation: &'a Organisation,
    /// The post, as it was read.
    pub whole: &'a Whole,
    /// Who is there.
    pub bench: &'a Bench,
}

/// Adds a decision to a unit of work that carries what guards its proof, with the checklist that was gone through. Answers whether a correction goes out with it.
///
/// # Errors
/// What `Post::decide` refuses; `Unavailable`.
pub async fn take(
    court: &Court<'_>,
    by: Option<&MemberId>,
    ballot: Ballot,
    (proven, checks): (&Proven, Option<&Checks>),
    unit: &mut Unit,
) -> Result<bool, Refused> {
    let Court { app, organisation, whole, bench } = court;
    let (post, org) = (&whole.stored.post, &organisation.id);
    let correcting = matches!(post.stage, Stage::Out { .. });
    let (round, at_step, who) = (post.rounds, ballot.step.clone(), ballot.by.clone());
    if ballot.acting_for.is_some() {
        // The decree may have been revoked since it was read.
        let stands = "COALESCE((SELECT version FROM bylaws WHERE org = ?1), 0) = ?2";
        unit.expect(stands, binds![org, whole.law]);
    }
    let mut step = post.clone().decide(ballot, bench.now())?;
    let (signed, attested) = match proven {
        Proven::Not => (None, None),
        Proven::Signed(kept) => (Some(kept), None),
        Proven::Attested(attested) => (None, Some(attested)),
    };
    asking::keep(unit, org, whole, &mut step.effects, Subject::Decision, checks);
    // The proof stands in the chain, with what it proves.
    let mut data = serde_json::Value::Null;
    for effect in &mut step.effects {
        if let Effect::Keep { subject: Subject::Decision, body } = effect {
            data = body["decision"].clone();
            body["signed"] = json!(signed);
            body["attested"] = json!(attested);
        }
    }
    let id = DecisionId::from_bits(app.bits());
    let sql = "INSERT INTO decision (id, org, post, round, step, by, at, data, signed, attested)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let (signed, attested) = (signed.map(Bind::json), attested.map(Bind::json));
    let binds = binds![
        &id,
        org,
        &post.id,
        round,
        &at_step,
        codes::name_of(&who),
        bench.at,
        Bind::json(&data),
        signed,
        attested
    ];
    unit.then(sql, binds);
    let corrected = correcting && step.post.content != post.content;
    if corrected {
        posts::send_correction(app, organisation, unit, (whole, &step.post), by);
    }
    posts::write_by(court, by, unit, step).await?;
    Ok(corrected)
}

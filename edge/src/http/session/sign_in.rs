//! Signing in with a passkey: a challenge for any passkey of this host, and its proof.

use domain::{Access, MemberId, OrganisationId, Refusal, json, record::Subject};
use serde::{Deserialize, Serialize};
use wire::{
    Nothing,
    session::{Answer, Challenge, Me},
};

use super::me::me_of;
use crate::{
    answer::Refused,
    app::App,
    ask::{Ask, Reply},
    binds,
    caller::set_cookie,
    passkeys::{self, Party, Passkey, Proof},
    store::{
        self, Bind, Unit,
        challenges::{self, Purpose},
        id, records, sessions, throttle,
    },
};

/// What is remembered with the challenge.
#[derive(Serialize, Deserialize)]
struct Asked {
    challenge: [u8; 32],
    party: Party,
}

/// No passkey is named: the device offers those that it has for this site, so nobody learns who has one.
pub async fn options(ask: Ask<Nothing>) -> Result<Challenge, Refused> {
    let app = &ask.app;
    throttle::count(app, throttle::CHALLENGES, throttle::address(&ask.headers)).await?;
    let party = Party::of(app, &ask.uri, &ask.headers)?;
    let mut challenge = [0; 32];
    crate::app::fill(&mut challenge);
    let options = passkeys::ask_for_proof(&party, &[], &challenge);
    let id = challenges::remember(app, Purpose::SignIn, &Asked { challenge, party }).await?;
    Ok(Challenge { challenge: id, options })
}

#[derive(Deserialize)]
struct Row {
    id: String,
    org: String,
    member: String,
    handle: String,
    credential: String,
    access: String,
}

/// Every way of not being let in has the one answer `BadPasskey`.
pub async fn sign_in(ask: Ask<Answer>) -> Result<Reply<Me>, Refused> {
    let app = &ask.app;
    // Not counted: the challenge is a secret of ours that works once, and asking for one was counted.
    let asked: Asked = challenges::take(app, Purpose::SignIn, &ask.body.challenge).await?;
    let (credential, handle) = passkeys::named_in(&ask.body.credential)?;
    let sql =
        "SELECT p.id, p.org, p.member, COALESCE(p.handle, p.member) AS handle, p.credential, m.access FROM passkey p
      JOIN member m ON m.id = p.member AND m.org = p.org AND m.removed_at IS NULL
      WHERE p.credential_id = ?1 AND p.removed_at IS NULL";
    let row: Option<Row> = app.db.first(sql, binds![&credential]).await?;
    let row = row.ok_or(Refusal::BadPasskey)?;
    let (org, member): (OrganisationId, MemberId) = (id(&row.org)?, id(&row.member)?);
    let mut passkey: Passkey = store::json(&row.credential)?;
    let proof = match prove(&ask, &asked, &passkey, handle.is_some_and(|handle| handle == row.handle)).await {
        Ok(proof) => proof,
        Err(refused) => {
            note_refusal(app, &org, &member, &row.id, "not_proven").await?;
            return Err(refused);
        }
    };
    if !store::json::<Access>(&row.access)?.is_open(app.now()) {
        note_refusal(app, &org, &member, &row.id, "out_of_term").await?;
        return Err(Refusal::OutOfReach.into());
    }
    let mut unit = Unit::new();
    sessions::known_by(app, &member, &opened_with(&row.id), &ask.headers);
    passkey.counter = proof.counter;
    let sql = "UPDATE passkey SET credential = ?3, used_at = ?4 WHERE org = ?1 AND id = ?2";
    unit.then(sql, binds![&org, &row.id, Bind::json(&passkey), app.now()]);
    if proof.doubtful {
        let body = json!({ "what": "counter_went_back", "passkey": row.id, "member": member });
        records::keep(app, &mut unit, &org, Subject::Access, &body);
    }
    let token = sessions::open(app, &mut unit, &org, &member, &opened_with(&row.id), &ask.headers);
    app.db.commit(unit).await?;
    Ok(Reply { body: me_of(app, &token).await?, cookie: Some(set_cookie(&token)) })
}

async fn prove(ask: &Ask<Answer>, asked: &Asked, passkey: &Passkey, named: bool) -> Result<Proof, Refused> {
    if !named {
        return Err(Refusal::BadPasskey.into());
    }
    Ok(passkeys::check_proof(&asked.party, &asked.challenge, &ask.body.credential, passkey).await?)
}

/// Keeps that somebody was not let in who named a passkey of the organisation; of one that nobody here has, no
/// organisation is told. Ten an hour for each member: who tries on and on must not write the record full.
async fn note_refusal(
    app: &App,
    org: &OrganisationId,
    member: &MemberId,
    passkey: &str,
    reason: &str,
) -> Result<(), Refused> {
    if throttle::count(app, throttle::REFUSED_SIGN_INS, member.as_str()).await.is_err() {
        return Ok(());
    }
    let mut unit = Unit::new();
    let body = json!({ "what": "sign_in_refused", "member": member, "passkey": passkey, "reason": reason });
    records::keep(app, &mut unit, org, Subject::Access, &body);
    app.db.commit(unit).await?;
    Ok(())
}

/// How a session says which passkey opened it: so that it ends with the passkey.
pub fn opened_with(passkey: &str) -> String {
    format!("passkey {passkey}")
}

//! Enrolling a passkey: a challenge on a ground, and the new key with all that the ground brings, in one batch.

use domain::{PasskeyId, Refusal, json, record::Subject};
use serde::{Deserialize, Serialize};
use wire::session::{Challenge, Enrol, EnrolBy, Enrolled, EnrolledHow, RecoveryCodes};

use super::{
    grounds::{self, Grounded},
    me::{me, me_of},
    sign_in::opened_with,
};
use crate::{
    answer::Refused,
    app::App,
    ask::{Ask, Reply},
    binds,
    caller::set_cookie,
    http::people,
    mail,
    passkeys::{self, Holder, Party, Passkey},
    store::{
        Bind, StoreError, Unit,
        challenges::{self, Purpose},
        changes, name_of, records, sessions,
    },
};

/// What is remembered with the challenge.
#[derive(Serialize, Deserialize)]
struct Asked {
    challenge: [u8; 32],
    party: Party,
    who: Grounded,
}

pub async fn options(ask: Ask<EnrolBy>) -> Result<Challenge, Refused> {
    let app = &ask.app;
    let who = grounds::find(&ask).await?;
    let known = known(app, &who).await?;
    let party = Party::of(app, &ask.uri, &ask.headers)?;
    let mut challenge = [0; 32];
    crate::app::fill(&mut challenge);
    let label = format!("{} · {}", who.name, who.site);
    let holder = Holder { handle: who.member.as_str(), name: &label, site: &who.site };
    let options = passkeys::ask_for_new(&party, &holder, &known, &challenge);
    let id = challenges::remember(app, Purpose::Enrol, &Asked { challenge, party, who }).await?;
    Ok(Challenge { challenge: id, options })
}

/// The passkeys that the member has: a device that holds one of them offers itself no second time.
async fn known(app: &App, who: &Grounded) -> Result<Vec<String>, StoreError> {
    #[derive(Deserialize)]
    struct Row {
        credential_id: String,
    }
    if matches!(who.ground.how(), EnrolledHow::SetUp | EnrolledHow::Invitation) {
        return Ok(Vec::new());
    }
    let sql = "SELECT credential_id FROM passkey WHERE org = ?1 AND member = ?2 AND removed_at IS NULL";
    let rows: Vec<Row> = app.db.all(sql, binds![&who.org, &who.member]).await?;
    Ok(rows.into_iter().map(|row| row.credential_id).collect())
}

pub async fn enrol(ask: Ask<Enrol>) -> Result<Reply<Enrolled>, Refused> {
    let app = &ask.app;
    let label = people::parse_label(&ask.body.label)?;
    let asked: Asked = challenges::take(app, Purpose::Enrol, &ask.body.challenge).await?;
    let who = &asked.who;
    let how = who.ground.how();
    // A challenge that was asked for in a session is answered in a session of the same member.
    let caller = if how == EnrolledHow::Session { ask.seek_caller().await? } else { None };
    if how == EnrolledHow::Session && caller.as_ref().is_none_or(|caller| caller.member != who.member) {
        return Err(Refusal::SignedOut.into());
    }
    let passkey = passkeys::accept_new(&asked.party, &asked.challenge, &ask.body.credential).await?;

    let (mut unit, codes) = (Unit::new(), codes(app));
    if caller.is_none() {
        sessions::known_by(app, &who.member, &name_of(&how), &ask.headers);
    }
    grounds::spend(app, &mut unit, who).await?;
    let id = PasskeyId::from_bits(app.bits());
    add(app, &mut unit, who, &id, &passkey, &label);
    let token = match &caller {
        Some(_) => None,
        None => {
            let how = opened_with(id.as_str());
            Some(sessions::open(app, &mut unit, &who.org, &who.member, &how, &ask.headers))
        }
    };
    if !matches!(how, EnrolledHow::SetUp | EnrolledHow::Invitation) {
        mail::tell_of_key(app, &mut unit, &who.org, &who.member, &id);
    }
    keep_codes(app, &mut unit, who, &codes);
    let results = app.db.commit(unit).await.map_err(|error| match error {
        StoreError::Guard => who.ground.spent(),
        // The credential stands already, here or in another organisation.
        StoreError::Unique => Refusal::BadPasskey,
        other => other.into(),
    })?;
    let given = results.last().is_some_and(|result| changes(result) > 0);
    let codes = given.then_some(RecoveryCodes { codes });
    let me = match (&caller, &token) {
        (_, Some(token)) => me_of(app, token).await?,
        (Some(caller), None) => me(app, caller).await?,
        (None, None) => return Err(Refusal::SignedOut.into()),
    };
    Ok(Reply { body: Enrolled { me, codes }, cookie: token.as_deref().map(set_cookie) })
}

fn add(app: &App, unit: &mut Unit, who: &Grounded, id: &PasskeyId, passkey: &Passkey, label: &str) {
    let how = name_of(&who.ground.how());
    let sql = "INSERT INTO passkey
      (id, org, member, credential_id, credential, label, enrolled_how, enrolled_at, confirmed_by)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let confirmed = who.confirmed_by.as_ref();
    unit.then(
        sql,
        binds![
            id,
            &who.org,
            &who.member,
            &passkey.id,
            Bind::json(passkey),
            label,
            &how,
            app.now(),
            confirmed.map(|member| member.to_string())
        ],
    );
    let body = json!({
        "what": "passkey_enrolled", "passkey": id, "member": who.member, "how": how, "confirmed_by": confirmed,
    });
    records::keep(app, unit, &who.org, Subject::Access, &body);
}

/// Ten codes of 80 bits, in groups that can be read aloud.
pub fn codes(app: &App) -> Vec<String> {
    let code = || {
        let text = PasskeyId::from_bits(app.bits()).to_string();
        // The last 16 of 26 characters are the 80 bits of chance; before them stands the time.
        let tail = text.get(10..).unwrap_or_default();
        let groups: Vec<&str> = (0..4).filter_map(|group| tail.get(group * 4..group * 4 + 4)).collect();
        groups.join("-")
    };
    (0..10).map(|_| code()).collect()
}

/// The hash of a printed code, however it was typed: small or capital letters, with or without hyphens, and with the
/// letters that Crockford's alphabet leaves out for the digits they look like.
pub fn hash_printed(code: &str) -> String {
    let plain = code.chars().filter(char::is_ascii_alphanumeric).map(|letter| match letter.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    });
    domain::record::sha256_hex(plain.collect::<String>().as_bytes())
}

/// Adds the codes where the member has none that is unused. The last statement of its batch: `changes` tells whether.
pub fn keep_codes(app: &App, unit: &mut Unit, who: &Grounded, codes: &[String]) {
    let hashes: Vec<String> = codes.iter().map(|code| hash_printed(code)).collect();
    let sql = "INSERT INTO recovery_code (org, member, code_hash, created_at)
      SELECT ?1, ?2, value, ?4 FROM json_each(?3) WHERE NOT EXISTS
        (SELECT 1 FROM recovery_code WHERE org = ?1 AND member = ?2 AND used_at IS NULL AND created_at < ?4)";
    unit.then(sql, binds![&who.org, &who.member, Bind::json(&hashes), app.now()]);
}

#[cfg(test)]
mod tests {
    use super::hash_printed;

    #[test]
    fn a_printed_code_may_be_typed_as_it_is_read() {
        assert_eq!(hash_printed("01ab-cd00-1111-zzzz"), hash_printed("OLAB CDoo iIlL ZZZZ"));
        assert_ne!(hash_printed("01ab"), hash_printed("01ac"));
    }
}

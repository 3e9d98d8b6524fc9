//! Who answers for the account behind each channel: the rows, and what is written when somebody takes it or hands it over.

use domain::{
    ChannelId, MemberId, Moment, OrganisationId,
    custody::{Custodian, Custody, Handed, Keeper},
};
use serde::Deserialize;

use super::{Answer, Bind, Db, StoreError, Unit, id, json, name};
use crate::binds;

/// Everybody who was ever there, and the organisation's channels, as custody sees them.
#[derive(Debug)]
pub struct Kept {
    /// Each channel, the noticeboard first.
    pub all: Vec<Custody>,
    /// The members.
    pub keepers: Vec<Keeper>,
}

#[derive(Deserialize)]
struct ChannelRow {
    id: String,
    name: String,
    network: String,
    health: String,
    assisted: f64,
    connected_at: Option<f64>,
    connected_by: Option<String>,
}

#[derive(Deserialize)]
struct MemberRow {
    id: String,
    name: String,
    role: String,
    access: String,
    removed_at: Option<f64>,
}

#[derive(Deserialize)]
struct HeldRow {
    channel: String,
    member: String,
}

/// The queries of [`read`], for a trip with others.
pub fn queries(org: &OrganisationId) -> [(String, Vec<Bind>); 3] {
    [
        "SELECT id, name, network, health, assisted, connected_at, connected_by FROM channel WHERE org = ?1
          ORDER BY network <> 'noticeboard', created_at, id",
        "SELECT id, name, role, access, removed_at FROM member WHERE org = ?1",
        "SELECT channel, member FROM custody WHERE org = ?1 ORDER BY channel, since, member",
    ]
    .map(|sql| (sql.to_owned(), binds![org]))
}

/// Reads the answers of [`queries`].
///
/// # Errors
/// `Row`.
pub fn read(answers: &[Answer], now: Moment) -> Result<Kept, StoreError> {
    let [channels, members, held] = answers else { return Err(StoreError::Row("an answer is missing".to_owned())) };
    let keepers = members.results::<MemberRow>()?.into_iter().map(|row| {
        Ok(Keeper {
            id: id(&row.id)?,
            name: row.name,
            role: name(&row.role)?,
            access: json(&row.access)?,
            left: row.removed_at.is_some(),
        })
    });
    let keepers: Vec<Keeper> = keepers.collect::<Result<_, StoreError>>()?;
    let held: Vec<HeldRow> = held.results()?;
    let all = channels.results::<ChannelRow>()?.into_iter().map(|row| {
        let channel: ChannelId = id(&row.id)?;
        let known = |member: &str| keepers.iter().find(|keeper| keeper.id.as_str() == member);
        let custodians = held.iter().filter(|held| held.channel == row.id).filter_map(|held| {
            let keeper = known(&held.member)?;
            let standing = keeper.standing(&channel, now);
            Some(Custodian { member: keeper.id.clone(), name: keeper.name.clone(), standing })
        });
        let custodians = custodians.collect();
        let by = row.connected_by.as_deref().and_then(known).map(|keeper| (keeper.id.clone(), keeper.name.clone()));
        Ok(Custody {
            network: name(&row.network)?,
            state: name(&row.health)?,
            assisted: row.assisted > 0.0,
            connected: row.connected_at.map(|at| Moment(at as i64)),
            name: row.name,
            by,
            custodians,
            channel,
        })
    });
    let all = all.collect::<Result<_, StoreError>>()?;
    Ok(Kept { all, keepers })
}

/// The custody of an organisation, in one trip.
///
/// # Errors
/// `Down`, `Row`.
pub async fn of_organisation(db: &Db, org: &OrganisationId, now: Moment) -> Result<Kept, StoreError> {
    read(&db.many(queries(org).into()).await?, now)
}

/// Whoever has just connected a channel is the first to answer for it.
pub fn first(unit: &mut Unit, org: &OrganisationId, channel: &ChannelId, member: &MemberId, now: Moment) {
    let sql = "INSERT OR IGNORE INTO custody (org, channel, member, since, by) VALUES (?1, ?2, ?3, ?4, NULL)";
    unit.then(sql, binds![org, channel, member, now]);
}

/// Fails the unit of work unless custody is for every one of these channels what was read, and writes what is new of it:
/// whoever goes on answering keeps their place and their day.
pub fn write(unit: &mut Unit, org: &OrganisationId, handed: &[Handed], by: &MemberId, now: Moment) {
    let channels: Vec<&ChannelId> = handed.iter().map(|one| &one.channel).collect();
    let mut before: Vec<(&ChannelId, &MemberId)> = pairs(handed, |one| &one.before);
    before.sort();
    // As SQLite writes it: one text to compare, however many channels there are.
    let same = "(SELECT json_group_array(json_array(channel, member)) FROM
        (SELECT channel, member FROM custody WHERE org = ?1 AND channel IN (SELECT value FROM json_each(?2))
         ORDER BY channel, member)) = ?3";
    unit.expect(same, binds![org, Bind::json(&channels), Bind::json(&before)]);
    let after = pairs(handed, |one| &one.after);
    // Whoever takes over may have been removed since the members were read.
    let new: Vec<&MemberId> = after.iter().filter(|pair| !before.contains(pair)).map(|(_, member)| *member).collect();
    let all_here = "NOT EXISTS (SELECT 1 FROM json_each(?2) j JOIN member m ON m.id = j.value AND +m.org = ?1
      WHERE m.removed_at IS NOT NULL)";
    unit.expect(all_here, binds![org, Bind::json(&new)]);
    let gone: Vec<_> = before.iter().filter(|pair| !after.contains(pair)).collect();
    let sql = "DELETE FROM custody WHERE org = ?1
      AND (channel, member) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?2))";
    unit.then(sql, binds![org, Bind::json(&gone)]);
    let sql = "INSERT OR IGNORE INTO custody (org, channel, member, since, by)
      SELECT ?1, value ->> 0, value ->> 1, ?3, ?4 FROM json_each(?2)";
    unit.then(sql, binds![org, Bind::json(&after), now, by]);
}

fn pairs(handed: &[Handed], whose: impl Fn(&Handed) -> &Vec<MemberId>) -> Vec<(&ChannelId, &MemberId)> {
    handed.iter().flat_map(|one| whose(one).iter().map(move |member| (&one.channel, member))).collect()
}

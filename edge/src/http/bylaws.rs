//! Handlers of `wire::bylaws`. Each change is one new value of the whole, guarded by the version that it started from,
//! and stands in the record with who made it.

use domain::{
    Act, Bylaws, MemberId, Refusal,
    circuit::choice::Past,
    delegation::{Delegation, Term},
    json, may,
    people::{Absence, Colleague},
    record::Subject,
};
use serde_json::Value;
use wire::{
    Nothing,
    bylaws::{self, AllowCodes, Draw, Excuse, Group, Guide, Open, Prepare, Standing, Substitute},
};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    caller::Caller,
    store::{
        StoreError, Unit,
        bylaws::{self as store, MemberRow},
        records,
    },
    zones,
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &bylaws::BYLAWS, read);
    let api = mount(api, &bylaws::DRAW, draw);
    let api = mount(api, &bylaws::PAST, past);
    let api = mount(api, &bylaws::OPEN, open);
    let api = mount(api, &bylaws::GROUP, group);
    let api = mount(api, &bylaws::PREPARE, prepare);
    let api = mount(api, &bylaws::GUIDE, guide);
    let api = mount(api, &bylaws::SUBSTITUTE, substitute);
    let api = mount(api, &bylaws::REVOKE, revoke);
    let api = mount(api, &bylaws::EXCUSE, excuse);
    let api = mount(api, &bylaws::RECALL, recall);
    mount(api, &bylaws::CODES, codes)
}

/// What a change starts from.
struct Stand {
    version: u64,
    bylaws: Bylaws,
    rows: Vec<MemberRow>,
}

async fn stand<Q>(ask: &Ask<Q>, caller: &Caller) -> Result<Stand, Refused> {
    let ((version, bylaws), rows) = store::read(&ask.app.db, caller.org()).await?;
    Ok(Stand { version, bylaws, rows })
}

impl Stand {
    fn at(self, version: u64) -> Result<Self, Refusal> {
        if version == self.version { Ok(self) } else { Err(Refusal::Stale { current: self.version }) }
    }

    fn colleagues(&self) -> Result<Vec<Colleague>, StoreError> {
        store::colleagues(self.rows.iter())
    }

    fn shown(self, caller: &Caller) -> Result<Standing, Refused> {
        let mut colleagues = self.bylaws.people(self.colleagues()?).colleagues;
        if !may(caller.role, Act::ManageOrganisation) {
            colleagues.iter_mut().for_each(|colleague| colleague.mailbox = None);
        }
        let names = store::names(self.rows)?;
        Ok(Standing { version: self.version, bylaws: self.bylaws, colleagues, names })
    }

    /// Writes new bylaws, and what is kept of the change.
    async fn turn_into<Q>(
        self,
        ask: &Ask<Q>,
        caller: &Caller,
        bylaws: Bylaws,
        mut kept: Value,
    ) -> Result<Standing, Refused> {
        let (app, org) = (&ask.app, caller.org());
        kept["by"] = json!(caller.member);
        kept["version"] = json!(self.version + 1);
        let mut unit = Unit::new();
        store::write(&mut unit, org, self.version, &bylaws, app.now());
        records::keep(app, &mut unit, org, Subject::Bylaws, &kept);
        match app.db.commit(unit).await {
            Ok(_) => Stand { version: self.version + 1, bylaws, rows: self.rows }.shown(caller),
            // Somebody was faster: the one after this one, at least.
            Err(StoreError::Guard) => Err(Refusal::Stale { current: self.version + 1 }.into()),
            Err(error) => Err(error.into()),
        }
    }
}

async fn read(ask: Ask<Nothing>) -> Result<Standing, Refused> {
    let caller = ask.caller()?;
    stand(&ask, caller).await?.shown(caller)
}

async fn draw(ask: Ask<Draw>) -> Result<Standing, Refused> {
    let caller = ask.caller()?;
    let stand = stand(&ask, caller).await?.at(ask.body.version)?;
    let people = stand.bylaws.people(stand.colleagues()?);
    let bylaws = stand.bylaws.clone().draw(ask.body.draft.clone(), &people)?;
    let kept = json!({ "what": "circuits_drawn", "circuits": bylaws.circuits, "rules": bylaws.rules });
    stand.turn_into(&ask, caller, bylaws, kept).await
}

async fn past(ask: Ask<Nothing>) -> Result<Vec<Past>, Refused> {
    Ok(store::past(&ask.app.db, ask.caller()?.org()).await?)
}

async fn open(ask: Ask<Open>) -> Result<Standing, Refused> {
    let caller = ask.caller()?;
    let stand = stand(&ask, caller).await?.at(ask.body.version)?;
    let bylaws = stand.bylaws.clone().open(ask.body.hours.clone())?;
    let kept = json!({ "what": "hours_changed", "hours": bylaws.hours });
    stand.turn_into(&ask, caller, bylaws, kept).await
}

/// Whether members may confirm with a code. What waits for one then waits in vain: it is asked again when it comes back.
async fn codes(ask: Ask<AllowCodes>) -> Result<Standing, Refused> {
    let caller = ask.caller()?;
    let stand = stand(&ask, caller).await?.at(ask.body.version)?;
    let bylaws = Bylaws { codes: ask.body.codes, ..stand.bylaws.clone() };
    let kept = json!({ "what": "codes_changed", "codes": bylaws.codes });
    stand.turn_into(&ask, caller, bylaws, kept).await
}

async fn group(ask: Ask<Group>) -> Result<Standing, Refused> {
    let caller = ask.caller()?;
    let stand = stand(&ask, caller).await?.at(ask.body.version)?;
    for unit in &ask.body.units {
        unit.members.iter().try_for_each(|member| known(&stand, member))?;
    }
    let bylaws = stand.bylaws.clone().group(ask.body.units.clone(), stand.colleagues()?)?;
    let kept = json!({ "what": "units_changed", "units": bylaws.units });
    stand.turn_into(&ask, caller, bylaws, kept).await
}

async fn prepare(ask: Ask<Prepare>) -> Result<Standing, Refused> {
    let caller = ask.caller()?;
    let stand = stand(&ask, caller).await?.at(ask.body.version)?;
    let people = stand.bylaws.people(stand.colleagues()?);
    let bylaws = stand.bylaws.clone().prepare(ask.body.protocol.clone(), &people)?;
    let kept = json!({ "what": "emergencies_prepared", "protocol": bylaws.emergency });
    stand.turn_into(&ask, caller, bylaws, kept).await
}

async fn guide(ask: Ask<Guide>) -> Result<Standing, Refused> {
    let caller = ask.caller()?;
    let stand = stand(&ask, caller).await?.at(ask.body.version)?;
    let bylaws = stand.bylaws.clone().guide(ask.body.guidance.clone())?;
    let kept = json!({ "what": "guidance_changed", "guidance": bylaws.guidance });
    stand.turn_into(&ask, caller, bylaws, kept).await
}

fn known(stand: &Stand, member: &MemberId) -> Result<(), Refusal> {
    let here = stand.rows.iter().any(|row| row.id == member.as_str());
    if here { Ok(()) } else { Err(Refusal::NotFound) }
}

async fn substitute(ask: Ask<Substitute>) -> Result<Standing, Refused> {
    let (caller, now) = (ask.caller()?, ask.app.now());
    let stand = stand(&ask, caller).await?;
    let Substitute { id, of, to, reference, first, last, scope } = ask.body.clone();
    // The same form, sent twice.
    if stand.bylaws.delegations.iter().any(|one| one.id == id) {
        return stand.shown(caller);
    }
    known(&stand, &of)?;
    known(&stand, &to)?;
    let zone = zones::zone(&caller.organisation.zone, now)?;
    let term = Term::of_days(first, last, &zone, now)?;
    let delegation = Delegation { id, of, to, reference: reference.trim().to_owned(), term, scope, revoked: None };
    let bylaws = stand.bylaws.clone().substitute(delegation.clone(), now)?;
    stand.turn_into(&ask, caller, bylaws, json!({ "what": "substitute_named", "delegation": delegation })).await
}

async fn revoke(ask: Ask<Nothing>) -> Result<Standing, Refused> {
    let caller = ask.caller()?;
    let stand = stand(&ask, caller).await?;
    let delegation = ask.part("delegation")?;
    let bylaws = stand.bylaws.clone().revoke(&delegation, ask.app.now())?;
    stand.turn_into(&ask, caller, bylaws, json!({ "what": "substitute_revoked", "delegation": delegation })).await
}

/// Everybody for themselves; for others, who manages people.
fn on_behalf(caller: &Caller, member: &MemberId) -> Result<(), Refusal> {
    if caller.member == *member { Ok(()) } else { caller.needs(Act::ManagePeople) }
}

async fn excuse(ask: Ask<Excuse>) -> Result<Standing, Refused> {
    let (caller, now) = (ask.caller()?, ask.app.now());
    let Excuse { member, first, last } = ask.body.clone();
    on_behalf(caller, &member)?;
    let stand = stand(&ask, caller).await?;
    known(&stand, &member)?;
    let zone = zones::zone(&caller.organisation.zone, now)?;
    let absence = Absence { member, term: Term::of_days(first, last, &zone, now)? };
    if stand.bylaws.absences.contains(&absence) {
        return stand.shown(caller);
    }
    let bylaws = stand.bylaws.clone().excuse(absence.clone(), now)?;
    stand.turn_into(&ask, caller, bylaws, json!({ "what": "absence_named", "absence": absence })).await
}

async fn recall(ask: Ask<Absence>) -> Result<Standing, Refused> {
    let caller = ask.caller()?;
    on_behalf(caller, &ask.body.member)?;
    let stand = stand(&ask, caller).await?;
    let bylaws = stand.bylaws.clone().recall(&ask.body)?;
    stand.turn_into(&ask, caller, bylaws, json!({ "what": "absence_recalled", "absence": ask.body })).await
}

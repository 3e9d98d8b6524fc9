//! Handlers of `wire::contacts`: the book of who is mentioned.

use domain::{Access, Contact, ContactId, Refusal, contacts, json, record::Subject};
use serde_json::Value;
use wire::{
    Nothing,
    contacts::{BOOK, CONTACT_USES, DROP_CONTACT, KEEP_CONTACT, KeepContact, Uses},
};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    caller::Caller,
    store::{StoreError, Unit, contacts as store, records},
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    let api = mount(api, &BOOK, book);
    let api = mount(api, &KEEP_CONTACT, keep);
    let api = mount(api, &DROP_CONTACT, drop_one);
    mount(api, &CONTACT_USES, uses)
}

/// The book is the house's: an agency names whom it finds there.
fn of_the_house(caller: &Caller) -> Result<(), Refusal> {
    if matches!(caller.access, Access::Everywhere) { Ok(()) } else { Err(Refusal::OutOfReach) }
}

async fn book(ask: Ask<Nothing>) -> Result<Vec<Contact>, Refused> {
    Ok(store::book(&ask.app.db, ask.caller()?.org()).await?)
}

async fn keep(ask: Ask<KeepContact>) -> Result<Contact, Refused> {
    let caller = ask.caller()?;
    of_the_house(caller)?;
    let KeepContact { version, body } = ask.body.clone();
    let wanted = Contact { id: ask.part("contact")?, version, body };
    let all = store::book(&ask.app.db, caller.org()).await?;
    let before = all.iter().find(|one| one.id == wanted.id);
    let contact = contacts::keep(&all, wanted)?;
    // The same form, sent twice.
    if before == Some(&contact) {
        return Ok(contact);
    }
    let mut unit = Unit::new();
    store::keep(&mut unit, caller.org(), &contact, ask.app.now());
    let kept = json!({ "what": "contact_kept", "contact": contact, "name": contact.body.name });
    write(&ask, caller, unit, kept, contact.version).await?;
    Ok(contact)
}

async fn drop_one(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let caller = ask.caller()?;
    of_the_house(caller)?;
    let id: ContactId = ask.part("contact")?;
    let all = store::book(&ask.app.db, caller.org()).await?;
    let contact = all.into_iter().find(|one| one.id == id).ok_or(Refusal::NotFound)?;
    let mut unit = Unit::new();
    store::drop_one(&mut unit, caller.org(), &id, contact.version);
    let kept = json!({ "what": "contact_dropped", "contact": contact, "name": contact.body.name });
    write(&ask, caller, unit, kept, contact.version + 1).await?;
    Ok(Nothing {})
}

async fn uses(ask: Ask<Nothing>) -> Result<Uses, Refused> {
    let caller = ask.caller()?;
    of_the_house(caller)?;
    let id: ContactId = ask.part("contact")?;
    Ok(store::uses(&ask.app.db, caller.org(), &id).await?.ok_or(Refusal::NotFound)?)
}

/// Writes a unit of work with its entry in the record.
async fn write<Q>(ask: &Ask<Q>, caller: &Caller, mut unit: Unit, mut kept: Value, version: u64) -> Result<(), Refused> {
    kept["by"] = json!(caller.member);
    records::keep(&ask.app, &mut unit, caller.org(), Subject::Policy, &kept);
    match ask.app.db.commit(unit).await {
        Ok(_) => Ok(()),
        // Somebody was faster: with a change of the same, or with another one of that name.
        Err(StoreError::Guard) => Err(Refusal::Stale { current: version }.into()),
        Err(StoreError::Unique) => Err(Refusal::Doubled { field: "name".to_owned() }.into()),
        Err(error) => Err(error.into()),
    }
}

//! Handlers of `wire::people`: the members and how they come and go.

use domain::{Act, may};
use wire::{Nothing, people};

use crate::{
    answer::Refused,
    ask::{Api, Ask, mount},
    store,
};

/// Mounts them.
pub fn mount_all(api: Api) -> Api {
    mount(api, &people::MEMBERS, members)
}

async fn members(ask: Ask<Nothing>) -> Result<Vec<people::MemberRow>, Refused> {
    let caller = ask.caller()?;
    let mut rows = store::people::of_organisation(&ask.app.db, caller.org()).await?;
    if !may(caller.role, Act::ManagePeople) {
        rows.iter_mut().filter(|row| row.id != caller.member).for_each(|row| row.email = None);
    }
    Ok(rows)
}

//! Posts of any day, by their words.

use domain::{Refusal, library::Wanted};
use wire::{
    Page,
    posts::{Hit, Search},
};

use super::from_cursor;
use crate::{answer::Refused, ask::Ask, store::posts::search as store};

/// Finds them. What was written a moment ago is read first, so that nobody has to wait for the clock. Five trips at most: who
/// asks, what is not read yet, its words, what is found, and what became of it.
pub async fn search(ask: Ask<Search>) -> Result<Page<Hit>, Refused> {
    let (caller, db) = (ask.caller()?, &ask.app.db);
    let malformed = || Refusal::Malformed { field: "cursor".to_owned() };
    let after = ask.body.cursor.as_deref().map(|cursor| from_cursor(cursor).ok_or_else(malformed)).transpose()?;
    let wanted = Wanted::of(&ask.body.words, Vec::new());
    if wanted.is_all() {
        return Ok(Page { items: Vec::new(), next: None, left: None });
    }
    store::learn(db, Some(caller.org()), ask.app.now()).await?;
    let (mut items, next) = store::find(db, caller.org(), &wanted, after).await?;
    items.retain(|hit| caller.sees(hit.row.going.iter().map(|going| &going.channel)));
    Ok(Page { items, next: next.map(|(at, post)| format!("{}-{post}", at.0)), left: None })
}

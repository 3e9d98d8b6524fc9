//! What many pages read and that seldom changes: the channels. Separate so that a page says "the channels", and not
//! when and how they were fetched.

use std::cell::RefCell;

use domain::{Channel, MemberId, Millis, Moment};
use leptos::prelude::*;
use wire::{Nothing, channels};

use crate::{
    api::{self, Answer},
    platform::time,
    state::session,
};

/// How long they are believed. Who goes through the pages asks for them on each; channels change a few times a year.
const FRESH: Millis = Millis::minutes(1);

/// For whom, when, and what.
type Kept = (MemberId, Moment, Vec<Channel>);

thread_local! {
    static CHANNELS: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// The channels of the organisation.
///
/// # Errors
/// As `api::call`.
pub async fn channels() -> Answer<Vec<Channel>> {
    let member = session().me.with_untracked(|me| me.as_ref().map(|me| me.member.clone()));
    let fresh = CHANNELS.with_borrow(|kept| {
        let (whose, at, channels) = kept.as_ref()?;
        (Some(whose) == member.as_ref() && time::now().since(*at) < FRESH).then(|| channels.clone())
    });
    if let Some(channels) = fresh {
        return Ok(channels);
    }
    let found = api::call(&channels::CHANNELS, &[], &Nothing {}).await?;
    CHANNELS.set(member.map(|member| (member, time::now(), found.clone())));
    Ok(found)
}

/// Forgets them: one was connected, changed or lost.
pub fn forget_channels() {
    CHANNELS.set(None);
}

//! The words of an emergency: each is signed with the passkey, under a statement that says of itself that it is one.
//! Separate from `ceremony`: what is signed here is no decision.

use domain::{
    EmergencyId, PostId,
    emergency::{Before, Emergency, Said, statement::Setting},
};
use leptos::prelude::GetUntracked;
use wire::{
    Nothing,
    emergencies::{self, Answer, Ask, Item},
    posts::{PostView, Signed},
};

use super::ceremony::Stop;
use crate::{
    api::{self, Problem},
    platform::{passkey, time},
    state::session::session,
};

/// Publishes now, or asks a second person to agree to it.
///
/// # Errors
/// Where it stopped.
pub async fn ask(post: PostId, at: (u64, String), form: Before, reason: String) -> Result<PostView, Stop> {
    let (version, content) = at;
    let item = api::call(&emergencies::NONCE, &[post.as_str()], &Nothing {}).await?;
    let words = (Said::Ask, Some(reason.as_str()));
    let signed = sign(&post, item.emergency.clone(), (content, form), item, words).await?;
    Ok(api::call(&emergencies::ASK, &[post.as_str()], &Ask { version, reason, signed }).await?)
}

/// Gives the word that is owed.
///
/// # Errors
/// Where it stopped.
pub async fn answer(emergency: Emergency, said: Said, reason: Option<String>) -> Result<PostView, Stop> {
    let Emergency { id, post, content_hash, protocol, .. } = emergency;
    let item = api::call(&emergencies::NONCE, &[post.as_str()], &Nothing {}).await?;
    let words = (said, reason.as_deref());
    let signed = sign(&post, id.clone(), (content_hash, protocol.before), item, words).await?;
    let answer = Answer { said, reason, signed };
    Ok(api::call(&emergencies::ANSWER, &[post.as_str(), id.as_str()], &answer).await?)
}

async fn sign(
    post: &PostId,
    emergency: EmergencyId,
    (content, form): (String, Before),
    item: Item,
    (said, reason): (Said, Option<&str>),
) -> Result<Option<Signed>, Stop> {
    let Some(options) = item.options else { return Ok(None) };
    let me = session().me.get_untracked().ok_or(Problem::SignedOut)?;
    let (organisation, post) = (me.organisation.id, post.clone());
    let setting = Setting { organisation, post, emergency, content, form, by: me.member, role: item.role };
    let statement = setting.write(said, reason, item.nonce, time::now());
    let credential = passkey::get(&passkey::over(options, &statement.challenge())).await?;
    Ok(Some(Signed { statement: statement.canonical(), credential, together: Vec::new() }))
}

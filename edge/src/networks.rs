//! The networks behind one trait. An adapter is given exactly what goes out and tells exactly what came of it;
//! what follows is judged by `domain::delivery`, never here.

use domain::{
    ActId, ChannelId, Moment, Network as Name, OrganisationId, PostId, PublicationId, Rendition,
    delivery::{Deed, Outcome, Receipt, Sighting},
};
use serde_json::Value;

use crate::{
    app::App,
    store::{Unit, notices},
};

/// An act on its way: everything an adapter may know.
pub struct Errand<'a> {
    /// The invocation.
    pub app: &'a App,
    /// The organisation.
    pub org: &'a OrganisationId,
    /// The channel.
    pub channel: &'a ChannelId,
    /// Its network.
    pub network: Name,
    /// What the adapter keeps about the channel that is no secret (server, DID, account).
    pub settings: &'a Value,
    /// The post, for the noticeboard's own addresses.
    pub post: &'a PostId,
    /// The publication: the same at every try, so the noticeboard's row and every idempotency handle come from it.
    pub publication: &'a PublicationId,
    /// The act.
    pub act: &'a ActId,
    /// When the act was made: the same at every try (Bluesky's `createdAt` and `rkey`).
    pub made: Moment,
    /// What goes out.
    pub rendition: &'a Rendition,
    /// The receipt of what is out, for an edit or a delete.
    pub out: Option<&'a Receipt>,
}

/// A network: makes visible, replaces, takes down, looks.
#[allow(async_fn_in_trait, reason = "one thread; dispatched by `match`, never as an object")]
pub trait Network {
    /// Makes it visible.
    async fn create(&self, errand: &Errand<'_>) -> Outcome;
    /// Replaces what is visible.
    async fn edit(&self, errand: &Errand<'_>) -> Outcome;
    /// Takes it down. What is gone already is done.
    async fn delete(&self, errand: &Errand<'_>) -> Outcome;
    /// Looks whether an attempt whose answer never came is out.
    async fn look(&self, errand: &Errand<'_>) -> Sighting;
}

/// Sends an errand to its network.
pub async fn deliver(errand: &Errand<'_>, deed: Deed) -> Outcome {
    let accepted = |at: Moment| {
        let native_id = errand.publication.to_string();
        Outcome::Accepted(Receipt { at, native_id, address: None, revision: None, by: None })
    };
    if errand.network != Name::Noticeboard {
        return Outcome::Handed;
    }
    let (mut unit, now) = (Unit::new(), errand.app.now());
    match deed {
        Deed::Create => notices::publish(&mut unit, errand.org, errand.publication, errand.post, errand.rendition, now),
        Deed::Edit => notices::correct(&mut unit, errand.org, errand.publication, errand.rendition, now),
        Deed::Delete => notices::withdraw(&mut unit, errand.org, errand.publication, now),
    }
    match errand.app.db.commit(unit).await {
        Ok(_) => accepted(now),
        Err(error) => Outcome::NoAnswer { message: error.to_string(), status: None },
    }
}

/// Looks.
pub async fn look(errand: &Errand<'_>) -> Sighting {
    let _ = errand;
    Sighting::NotFound
}

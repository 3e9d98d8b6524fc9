//! The networks behind one trait. An adapter is given exactly what goes out and tells exactly what came of it;
//! what follows is judged by `domain::delivery`, never here.

pub mod assisted;
mod beside;
pub mod bluesky;
mod captions;
mod commenting;
mod containers;
pub mod facebook;
mod film;
mod instagram;
pub mod linkedin;
mod listed;
pub mod mastodon;
pub mod meta;
mod noticeboard;
pub mod oauth;
mod paper;
mod picture;
mod poster;
pub mod telegram;
pub mod threads;
pub mod tiktok;
pub mod tumblr;
pub mod website;
pub mod x;
pub mod youtube;

pub use meta::connect as by_meta;

use domain::{
    ActId, ChannelId, Limits, Moment, Network as Name, OrganisationId, PostId, PublicationId, Refusal, Rendition,
    delivery::{Container, Deed, Outcome, Receipt, Sighting},
    edits::Version,
    errors,
};
use serde_json::Value;

use crate::{
    app::App,
    faults,
    outbound::{Answer, Call, Trouble, too_long},
    store::acts::{self, Above},
    vault::{self, Kind, Secret, Turn},
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
    /// Whether a person publishes there by hand.
    pub assisted: bool,
    /// What the adapter keeps about the channel that is no secret (server, DID, account).
    pub settings: &'a Value,
    /// The post, for the noticeboard's own addresses.
    pub post: &'a PostId,
    /// The publication: the same at every try, so the noticeboard's row comes from it.
    pub publication: &'a PublicationId,
    /// The act: the same at every try, so the idempotency handles of the networks come from it.
    pub act: &'a ActId,
    /// When the first attempt began whose outcome is not surely "not posted": the same at every try that could double
    /// another (Bluesky's `createdAt` and `rkey`), and close to when readers see it.
    pub made: Moment,
    /// What goes out.
    pub rendition: &'a Rendition,
    /// The receipt of what is out, for an edit, a delete or a comment.
    pub out: Option<&'a Receipt>,
    /// Which part of a thread it is, from 1.
    pub part: u32,
    /// What it answers, if it is not the first.
    pub above: Option<&'a Above>,
    /// What an earlier try gave the network to prepare.
    pub container: Option<&'a Container>,
}

impl Errand<'_> {
    /// A receipt of now.
    fn receipt(&self, native_id: impl Into<String>, address: Option<String>, revision: Option<String>) -> Receipt {
        Receipt {
            at: self.app.now(),
            native_id: native_id.into(),
            address,
            revision,
            by: None,
            poster: None,
            unmentioned: Vec::new(),
        }
    }

    /// The receipt again, of something that is no longer there.
    fn gone(&self) -> Receipt {
        let native_id = self.out.map(|out| out.native_id.clone()).unwrap_or_default();
        self.receipt(native_id, None, None)
    }

    /// The network's own identity of what a part of a thread answers, if `read` knows it in its receipt; `None` for what answers
    /// nothing.
    ///
    /// # Errors
    /// `Handed`: the part before was put there by hand, and its link does not say what the interface calls it. So is this one.
    fn parent<A>(&self, read: impl FnOnce(&'_ Receipt) -> Option<A>) -> Result<Option<A>, Outcome> {
        match self.above {
            Some(above) => read(&above.parent).map(Some).ok_or(Outcome::Handed),
            None if self.part > 1 => Err(Outcome::Handed),
            None => Ok(None),
        }
    }

    /// What the network calls what other acts brought to the channel, of those that may have come since a moment. None of it is this
    /// one's, however alike it looks: the same words may be published twice in an hour.
    async fn taken(&self, since: Moment) -> Result<Vec<String>, Outcome> {
        let Self { app, org, channel, act, .. } = self;
        let taken = acts::taken(&app.db, org, channel, act, since.minus(acts::LONG_DUE)).await;
        taken.map_err(|error| unavailable(error.into()))
    }

    /// Whether the network was told to show an earlier version of what goes out now, or that by the interface what a person now puts there:
    /// whatever is agreed to now, that one may be out or come out, and another would be a second.
    fn is_told_otherwise(&self) -> bool {
        self.container.is_some_and(|kept| kept.told && (self.assisted || kept.of != self.rendition.hash()))
    }

    /// A setting of the channel.
    fn setting(&self, name: &str) -> &str {
        self.settings[name].as_str().unwrap_or_default()
    }
}

/// A network: makes visible, replaces, takes down, looks. Both branches are what it came to: `?` leaves with what ends it.
#[allow(async_fn_in_trait, reason = "one thread; dispatched by `match`, never as an object")]
pub trait Network {
    /// Makes it visible.
    async fn create(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome>;
    /// Replaces what is visible.
    async fn edit(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome>;
    /// Takes it down. What is gone already is done.
    async fn delete(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome>;
    /// Writes the first comment below what is out ([`domain::first_comment`]), unless it stands there already. Where the network's
    /// interface has no way, a person does.
    async fn comment(&self, _: &Errand<'_>) -> Result<Outcome, Outcome> {
        Ok(Outcome::Handed)
    }
    /// Looks whether an attempt whose answer never came was done: whether it is out, is as corrected, is gone. Where it
    /// cannot look, nothing is clear.
    async fn look(&self, errand: &Errand<'_>, deed: Deed) -> Result<Sighting, Outcome>;
}

/// Does a deed at the network of an errand.
pub async fn deliver(errand: &Errand<'_>, deed: Deed) -> Outcome {
    #[cfg(feature = "rehearsal")]
    if crate::rehearsal::fires("network_silent_before") {
        return Outcome::NoAnswer { message: "rehearsed, before anything was sent".to_owned(), status: None };
    }
    if deed == Deed::Create && errand.is_told_otherwise() {
        let message = "an earlier version was told to be shown".to_owned();
        return Outcome::NoAnswer { message, status: None };
    }
    let leaves_out = errand.rendition.is_left_out_of(errand.network) && deed != Deed::Delete;
    let outcome = match errand.network {
        // The channel was assisted when it was agreed to: a text without its video, its document or its poll is not what was approved.
        _ if errand.assisted || leaves_out => run(&assisted::Assisted, errand, deed).await,
        Name::Noticeboard => run(&noticeboard::Noticeboard, errand, deed).await,
        Name::Bluesky => run(&bluesky::Bluesky, errand, deed).await,
        Name::Mastodon => run(&mastodon::Mastodon, errand, deed).await,
        Name::Telegram => run(&telegram::Telegram, errand, deed).await,
        Name::Facebook => run(&facebook::Facebook, errand, deed).await,
        Name::X => run(&x::X, errand, deed).await,
        Name::Website => run(&website::Website, errand, deed).await,
        Name::Tumblr => run(&tumblr::Tumblr, errand, deed).await,
        Name::Youtube => run(&youtube::Youtube, errand, deed).await,
        Name::Tiktok => run(&tiktok::Tiktok, errand, deed).await,
        Name::Linkedin => run(&linkedin::Linkedin, errand, deed).await,
        Name::Instagram => run(&instagram::INSTAGRAM, errand, deed).await,
        Name::Threads => run(&threads::THREADS, errand, deed).await,
        Name::Whatsapp | Name::Nextdoor | Name::Parler | Name::Screen | Name::Paper | Name::Other => {
            run(&assisted::Assisted, errand, deed).await
        }
    };
    #[cfg(feature = "rehearsal")]
    if matches!(outcome, Outcome::Accepted(_)) && crate::rehearsal::fires("network_silent_after") {
        return Outcome::NoAnswer { message: "rehearsed, after it was accepted".to_owned(), status: None };
    }
    outcome
}

async fn run(network: &impl Network, errand: &Errand<'_>, deed: Deed) -> Outcome {
    let came = match deed {
        Deed::Create => network.create(errand).await,
        Deed::Edit => network.edit(errand).await,
        Deed::Delete => network.delete(errand).await,
        Deed::Comment => network.comment(errand).await,
    };
    came.unwrap_or_else(|ended| ended)
}

/// Looks whether a deed was done. Reads only, so it may be repeated at will.
pub async fn look(errand: &Errand<'_>, deed: Deed) -> Sighting {
    let seen = match errand.network {
        _ if errand.assisted => assisted::Assisted.look(errand, deed).await,
        Name::Noticeboard => noticeboard::Noticeboard.look(errand, deed).await,
        Name::Bluesky => bluesky::Bluesky.look(errand, deed).await,
        Name::Mastodon => mastodon::Mastodon.look(errand, deed).await,
        Name::Telegram => telegram::Telegram.look(errand, deed).await,
        Name::Facebook => facebook::Facebook.look(errand, deed).await,
        Name::X => x::X.look(errand, deed).await,
        Name::Website => website::Website.look(errand, deed).await,
        Name::Tumblr => tumblr::Tumblr.look(errand, deed).await,
        Name::Youtube => youtube::Youtube.look(errand, deed).await,
        Name::Tiktok => tiktok::Tiktok.look(errand, deed).await,
        Name::Linkedin => linkedin::Linkedin.look(errand, deed).await,
        Name::Instagram => instagram::INSTAGRAM.look(errand, deed).await,
        Name::Threads => threads::THREADS.look(errand, deed).await,
        Name::Whatsapp | Name::Nextdoor | Name::Parler | Name::Screen | Name::Paper | Name::Other => {
            assisted::Assisted.look(errand, deed).await
        }
    };
    match seen.unwrap_or(Sighting::Unclear) {
        // It says something else than this act: whether that is out is nothing that it tells.
        Sighting::Found(_) if deed == Deed::Create && errand.is_told_otherwise() => Sighting::ForAPerson,
        seen => seen,
    }
}

/// What readers can see of earlier versions of what is out, oldest first; empty where the network keeps none. Reads only.
pub async fn history(errand: &Errand<'_>, out: &Receipt) -> Result<Vec<Version>, Outcome> {
    match errand.network {
        Name::Mastodon => mastodon::history(errand, out).await,
        _ => Ok(Vec::new()),
    }
}

/// What a check of a channel found.
#[derive(Debug, Clone, PartialEq)]
pub enum Checked {
    /// The access works.
    Works {
        /// The account as the network writes it now.
        handle: String,
        /// What the server allows, where it says so.
        limits: Option<Limits>,
        /// When the access ends, where that is known.
        expires: Option<Moment>,
        /// What the adapter keeps, with what it learned.
        settings: Value,
    },
    /// The access is refused.
    Refused {
        /// What the network said.
        message: String,
    },
    /// Nobody knows: it could not be asked.
    Troubled {
        /// What happened.
        message: String,
    },
}

impl From<Outcome> for Checked {
    /// What the asking came to where it did not answer.
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Unauthorised { message, .. } | Outcome::Refused { message, .. } => Checked::Refused { message },
            Outcome::NotSent { message }
            | Outcome::Preparing { message }
            | Outcome::Throttled { message, .. }
            | Outcome::NoAnswer { message, .. } => Checked::Troubled { message },
            Outcome::Accepted(_) | Outcome::Handed => Checked::Troubled { message: String::new() },
        }
    }
}

/// Asks a network whether the access to a channel still works.
///
/// # Errors
/// `Unavailable`.
pub async fn check(
    app: &App,
    org: &OrganisationId,
    channel: &domain::Channel,
    settings: &Value,
) -> Result<Checked, Refusal> {
    match channel.network {
        Name::Bluesky => bluesky::check(app, org, &channel.id, settings).await,
        Name::Mastodon => mastodon::check(app, org, &channel.id, settings).await,
        Name::Telegram => telegram::check(app, org, &channel.id, settings).await,
        Name::Website => website::check(app, org, &channel.id, settings).await,
        Name::Facebook if !channel.assisted => facebook::check(app, org, &channel.id, settings).await,
        Name::X if !channel.assisted => x::check(app, org, &channel.id, settings).await,
        Name::Tumblr if !channel.assisted => tumblr::check(app, org, &channel.id, settings).await,
        Name::Youtube if !channel.assisted => youtube::check(app, org, &channel.id, settings).await,
        Name::Tiktok if !channel.assisted => tiktok::check(app, org, &channel.id, settings).await,
        Name::Linkedin if !channel.assisted => linkedin::check(app, org, &channel.id, settings).await,
        Name::Instagram if !channel.assisted => instagram::check(app, org, &channel.id, settings).await,
        Name::Threads if !channel.assisted => threads::check(app, org, &channel.id, settings).await,
        Name::Noticeboard
        | Name::Facebook
        | Name::Instagram
        | Name::Threads
        | Name::Linkedin
        | Name::X
        | Name::Tumblr
        | Name::Youtube
        | Name::Tiktok
        | Name::Whatsapp
        | Name::Nextdoor
        | Name::Parler
        | Name::Screen
        | Name::Paper
        | Name::Other => Ok(Checked::Works {
            handle: channel.handle.clone(),
            limits: None,
            expires: None,
            settings: settings.clone(),
        }),
    }
}

/// An account that was just connected.
#[derive(Debug, Clone)]
pub struct Account {
    /// What the adapter knows it by for ever; in the settings as `account`.
    pub account: String,
    /// The account as the network writes it.
    pub handle: String,
    /// Its display name.
    pub name: String,
    /// Where everybody can see it.
    pub address: String,
    /// What the server allows.
    pub limits: Limits,
    /// When the access ends, where that is known.
    pub expires: Option<Moment>,
    /// What the adapter keeps about it that is no secret.
    pub settings: Value,
}

/// What a connection is done with.
pub struct Connection {
    /// Its network.
    pub network: Name,
    /// The account.
    pub account: Account,
    /// What goes to the vault.
    pub secrets: Vec<(Kind, Secret)>,
    /// The channel that becomes automatic, if one was named.
    pub onto: Option<ChannelId>,
}

/// What the way back from a network leads to.
pub enum Finished {
    /// An account.
    Connected(Box<Connection>),
    /// A choice among several, under this name.
    ToChoose(String),
}

/// Whether a call makes something visible: only there is silence dangerous (house rule 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// A reading or a preparation: repeating it harms nobody.
    Safe,
    /// It changes what readers see.
    Visible,
}

impl Weight {
    /// The call, waited for as its weight deserves.
    fn wait(self, call: Call) -> Call {
        if self == Weight::Visible { call.patiently() } else { call }
    }

    /// What a call came to that brought no answer.
    fn of_trouble(self, trouble: Trouble) -> Outcome {
        match (self, trouble) {
            (_, Trouble::Forbidden) => Outcome::NotSent { message: "the address may not be called".to_owned() },
            (_, Trouble::NotSent(message)) | (Weight::Safe, Trouble::NoAnswer(message)) => Outcome::NotSent { message },
            (Weight::Visible, Trouble::NoAnswer(message)) => Outcome::NoAnswer { message, status: None },
            (Weight::Safe, Trouble::TooLong) => Outcome::NotSent { message: too_long() },
            (Weight::Visible, Trouble::TooLong) => Outcome::NoAnswer { message: too_long(), status: None },
        }
    }

    /// What an answer came to that is no success, by the network's table ([`errors`]). `until`: when it says that it
    /// may be asked again.
    fn of_answer(self, network: Name, answer: &Answer, until: Option<Moment>) -> Outcome {
        self.of_error(network, (answer.status, &answer.code()), answer.words(), until)
    }

    /// The same, for an adapter that has read its network's error itself: status and code.
    fn of_error(self, network: Name, (status, code): (u16, &str), message: String, until: Option<Moment>) -> Outcome {
        let class = errors::class(network, status, code);
        errors::outcome(class, status, message, until, self == Weight::Visible)
    }

    /// What an answer came to that is a success but not of the network's interface.
    fn of_nonsense(self, answer: &Answer) -> Outcome {
        let message = "the answer is not of this network's interface".to_owned();
        match self {
            Weight::Safe => Outcome::NotSent { message },
            Weight::Visible => Outcome::NoAnswer { message, status: Some(answer.status) },
        }
    }
}

/// Renews a session of the version `over` that many jobs may find at its end: one fetches the next, the others take what it
/// brought. Answers what stands then, and its version where somebody else brought it.
async fn renewed(
    app: &App,
    org: &OrganisationId,
    channel: &ChannelId,
    over: u64,
    fetch: impl AsyncFnOnce() -> Result<Secret, Outcome>,
) -> Result<(Secret, Option<u64>), Outcome> {
    let unsent = |message: &str| Outcome::NotSent { message: message.to_owned() };
    match vault::turn(app, org, channel, Kind::Session, over).await.map_err(unavailable)? {
        Turn::Busy => Err(unsent("the access is being renewed")),
        Turn::Done(secret, version) => Ok((secret, Some(version))),
        Turn::Ours(lease) => {
            if faults::point("during_renewal").is_err() {
                return Err(unsent("rehearsed: whoever renews it is gone"));
            }
            match fetch().await {
                Ok(secret) => {
                    // What brought it may work once only: it is not thrown away for a database that is not there for a moment,
                    // and even unkept it does for this errand.
                    lease.keep(app, org, channel, Kind::Session, &secret).await;
                    Ok((secret, None))
                }
                Err(outcome) => {
                    lease.give_back(app, org, channel, Kind::Session).await;
                    Err(outcome)
                }
            }
        }
    }
}

/// Part of the engine cannot be reached: nothing was sent.
fn unavailable(_: Refusal) -> Outcome {
    Outcome::NotSent { message: "part of the engine cannot be reached".to_owned() }
}

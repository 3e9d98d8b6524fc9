//! Jobs: what the queue carries. Each says how it is idempotent, for a message may come twice, late, or never.

mod deliver;
mod look;
mod pin;

use domain::{ActId, ChannelId, ForeignId, Millis, OrganisationId, PublicationId};
use serde::{Deserialize, Serialize};
use worker::{MessageBatch, MessageExt};

use crate::{
    agenda,
    app::App,
    clock, foreign, mail, networks, seal,
    store::{StoreError, acts::Loaded, posts::search},
    sweep, telling, vault, watch,
};

/// A message of the queue; it travels as JSON text, so that nothing else must know how to read it.
/// Without a tag inside: such a tag makes serde read everything in it by a second way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// Keeps the second clock going. Twice: two ticks, harmless.
    Wake,
    /// Goes on where a tick ran out of budget. Twice: harmless.
    Tick,
    /// Sends a claimed act. Twice or stale: the fence no longer matches at the point of no return.
    Deliver {
        /// The organisation.
        org: OrganisationId,
        /// The act.
        act: ActId,
        /// The fence of the claim.
        fence: u32,
    },
    /// Looks an unknown act up. Twice: reads only, and the settlement is a conditional update.
    Look {
        /// The organisation.
        org: OrganisationId,
        /// The act.
        act: ActId,
    },
    /// Pins what is out. Twice: the claim no longer matches.
    Pin {
        /// The organisation.
        org: OrganisationId,
        /// The publication.
        publication: PublicationId,
    },
    /// Seals the record. Twice: guarded by the head of the chain.
    Seal,
    /// Reminds, asks more people, and says when nobody decided in time. Twice: guarded by the time that was to strike.
    Rounds,
    /// Deletes what has served its purpose. Twice: harmless.
    Sweep,
    /// Reads the words by which posts are found. Twice: what is read is read no more, and the same words are there already.
    Words,
    /// Erases bytes that nothing names any more. Twice: erases what is still there.
    Erase,
    /// Seals again what stands under an old key of the vault. Twice: each row is written over the nonce that was read.
    Reseal,
    /// Renews accesses that are near their end. Twice: a lease in the secret's row, and one that was renewed is not due.
    Renew {
        /// Which channel they are behind, by their identity; empty for all.
        behind: String,
    },
    /// Asks a network whether it still lets us in. Twice: reads only, and what is told of it is told once.
    Watch {
        /// The organisation.
        org: OrganisationId,
        /// The channel.
        channel: ChannelId,
    },
    /// Asks for a calendar of others. Twice: what says the same is not written.
    Foreign {
        /// The organisation.
        org: OrganisationId,
        /// The calendar.
        foreign: ForeignId,
    },
    /// Tells people by the ways and at the hours that they chose, and others what stays unread. Twice: each row is leased
    /// first, and a mail has its row's key.
    Tell,
    /// Sends what the outbox has due. Twice: each mail is claimed first.
    Mail,
}

/// What a job may spend of the budget, at worst: an act with four pictures at a network that wants a fresh session, and
/// waits until somebody else has renewed it.
const fn cost(job: &Job) -> u32 {
    match job {
        Job::Deliver { .. } => 36,
        Job::Look { .. } => 10,
        Job::Pin { .. } => 12,
        Job::Watch { .. } => 20,
        // Few queries; but to read one takes most of the time that an invocation has, so that there are never two in one.
        Job::Foreign { .. }
        | Job::Wake
        | Job::Tick
        | Job::Seal
        | Job::Sweep
        | Job::Erase
        | Job::Words
        | Job::Mail
        | Job::Rounds
        | Job::Tell
        | Job::Reseal
        | Job::Renew { .. } => 40,
    }
}

/// As the record names whoever acted.
const fn name(job: &Job) -> &'static str {
    match job {
        Job::Wake | Job::Tick => "tick",
        Job::Deliver { .. } => "deliver",
        Job::Look { .. } => "look",
        Job::Pin { .. } => "pin",
        Job::Seal => "seal",
        Job::Rounds => "rounds",
        Job::Sweep => "sweep",
        Job::Erase => "erase",
        Job::Words => "words",
        Job::Reseal => "reseal",
        Job::Renew { .. } => "renew",
        Job::Watch { .. } => "watch",
        Job::Foreign { .. } => "foreign",
        Job::Tell => "tell",
        Job::Mail => "mail",
    }
}

/// Works a batch. One failing message never stops the others (house rule 7); what does not fit the budget of this
/// invocation is sent again.
///
/// # Errors
/// Never: every message is acknowledged or sent again by itself.
pub async fn work(batch: MessageBatch<String>, app: &App) -> worker::Result<()> {
    let (mut later, mut alone) = (Vec::new(), false);
    let read = |text: &str| crate::tree::read::<Job>(text).ok();
    #[cfg(feature = "rehearsal")]
    let _busy = crate::rehearsal::queue::received(batch.iter().filter_map(|message| read(message.ok()?.body())));
    #[cfg(feature = "rehearsal")]
    let mut work = String::new();
    for (place, message) in batch.iter().enumerate() {
        // A body that is no job (an older version's) is dropped: what it meant is found again in D1.
        let Ok(message) = message else { continue };
        message.ack();
        let Some(job) = read(message.body()) else { continue };
        if alone || (place > 0 && !app.ledger().affords(cost(&job))) {
            later.push((job, Millis(0)));
            continue;
        }
        // What reading a calendar leaves of an invocation's time is not enough to deliver by.
        alone = matches!(job, Job::Foreign { .. });
        run(app, &job).await;
        #[cfg(feature = "rehearsal")]
        crate::rehearsal::note_spent(&app.ledger(), name(&job), &mut work);
    }
    if !later.is_empty() {
        clock::send(app, later).await;
    }
    Ok(())
}

/// Looks an unknown act up at once, for a person who asks.
///
/// # Errors
/// `Down`.
pub async fn look_now(app: &App, org: &OrganisationId, loaded: &Loaded) -> Result<(), StoreError> {
    look::look_up(app, org, loaded).await
}

/// Reads the words of some posts; the others go in another invocation.
async fn read_words(app: &App) -> Result<(), StoreError> {
    if search::learn(&app.db, None, app.now()).await? {
        clock::send(app, vec![(Job::Words, Millis(0))]).await;
    }
    Ok(())
}

async fn run(app: &App, job: &Job) {
    let app = &app.job(name(job));
    let done = match job {
        Job::Wake => clock::tick(app, clock::Source::Wake).await,
        Job::Tick => clock::tick(app, clock::Source::Request).await,
        Job::Deliver { org, act, fence } => deliver::deliver(app, org, act, *fence).await,
        Job::Look { org, act } => look::look(app, org, act).await,
        Job::Pin { org, publication } => pin::pin(app, org, publication).await,
        Job::Seal => seal::seal_due(app).await,
        Job::Sweep => sweep::sweep(app).await,
        Job::Erase => sweep::erase(app).await,
        Job::Words => read_words(app).await,
        Job::Reseal => vault::reseal(app).await,
        Job::Renew { behind } => networks::meta::lasting::renew_due(app, behind).await,
        Job::Watch { org, channel } => watch::watch(app, org, channel).await,
        Job::Foreign { org, foreign } => foreign::fetch_due(app, org, foreign).await,
        Job::Rounds => agenda::strike(app).await,
        Job::Tell => telling::tell_due(app).await,
        Job::Mail => mail::send_due(app).await,
    };
    if let Err(trouble) = done {
        worker::console_error!("job: {trouble}");
    }
}

//! Everything the rules may ask of the world: one enum. Only the engine's `perform` turns it into acts.
//! Separate so that a rule can be tested by looking at what it asks for.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::{
    ChannelId, CommentId, MemberId, Moment, PostId, PublicationId, Slot, outside::Invitation, party::Person,
    plan::Missed, record::Subject, watch::Warning,
};

/// What a rule asks the engine to do, in the same unit of work as the change it goes with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "effect")]
pub enum Effect {
    /// Keep an entry in the record.
    Keep {
        /// What it tells of.
        subject: Subject,
        /// The body; becomes canonical JSON.
        body: serde_json::Value,
    },
    /// Tell people.
    Notify(Notice),
    /// Let people outside in, each by a link of their own.
    Invite(Invitation),
}

/// What people are told of, in the desk and by mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "notice")]
pub enum Notice {
    /// A post waits for a decision.
    Waiting {
        /// The post.
        post: PostId,
        /// Whoever can decide now.
        to: BTreeSet<MemberId>,
    },
    /// A post still waits for a decision, or more people may take it now.
    Reminder {
        /// The post.
        post: PostId,
        /// Whoever can decide now.
        to: BTreeSet<MemberId>,
        /// When the clock said so: each time is told once.
        at: Moment,
    },
    /// Nobody decided in time.
    Overdue {
        /// The post.
        post: PostId,
        /// Whoever submitted it, and who administers.
        to: BTreeSet<MemberId>,
        /// When the time was over.
        at: Moment,
    },
    /// Somebody wants to publish in an emergency, and a second person has to agree.
    Emergency {
        /// The post.
        post: PostId,
        /// Whoever can.
        to: BTreeSet<MemberId>,
    },
    /// Something went out in an emergency on the word of one, and has to be ratified.
    Ratification {
        /// The post.
        post: PostId,
        /// Whoever can.
        to: BTreeSet<MemberId>,
    },
    /// What was owed in an emergency did not come in time.
    Unanswered {
        /// The post.
        post: PostId,
        /// Whoever asked, and who administers.
        to: BTreeSet<MemberId>,
        /// When the time was over.
        at: Moment,
    },
    /// Somebody answered in an emergency: no, or what they make of it afterwards.
    Answered {
        /// The post.
        post: PostId,
        /// Whoever asked, and who administers.
        to: BTreeSet<MemberId>,
    },
    /// A post does not go out at the hour that was planned: somebody chooses another.
    HourLost {
        /// The post.
        post: PostId,
        /// Whoever planned it, submitted it, or may place it now.
        to: BTreeSet<MemberId>,
        /// The hour.
        slot: Slot,
        /// Why.
        why: Missed,
    },
    /// A post took the next free hole by itself.
    HourMoved {
        /// The post.
        post: PostId,
        /// Whoever planned it, and whoever submitted it.
        to: BTreeSet<MemberId>,
        /// The hour that was planned.
        from: Slot,
        /// The one that it took.
        slot: Slot,
    },
    /// A post came back.
    Returned {
        /// The post.
        post: PostId,
        /// Whom it comes back to.
        to: MemberId,
    },
    /// Somebody called people in a comment.
    Mentioned {
        /// The post.
        post: PostId,
        /// The comment: each is told once.
        comment: CommentId,
        /// Who called them.
        by: Person,
        /// Whom.
        to: BTreeSet<MemberId>,
    },
    /// A publication failed, was held, or could not be proven: a person is needed.
    NeedsAPerson {
        /// The post.
        post: PostId,
        /// The publication.
        publication: PublicationId,
    },
    /// An assisted publication is due: the person on duty has the kit.
    KitDue {
        /// The post.
        post: PostId,
        /// The publication.
        publication: PublicationId,
    },
    /// Nothing goes out on a channel any more, or soon nothing will.
    ChannelEnds {
        /// Which.
        channel: ChannelId,
        /// What it is called.
        name: String,
        /// From when on, on the town's clock.
        civil: NaiveDateTime,
        /// How much is placed there from then on.
        placed: u32,
        /// As what it is told.
        warning: Warning,
        /// When it last worked, or when its access ends: of each it is told once.
        of: Option<Moment>,
    },
    /// The engine was silent.
    Silence {
        /// The last sign of life.
        since: Moment,
    },
    /// Everything was paused.
    Paused,
    /// Somebody asks to recover access.
    Recovery {
        /// Who.
        member: MemberId,
    },
}

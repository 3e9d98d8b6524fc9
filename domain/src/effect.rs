//! Everything the rules may ask of the world: one enum. Only the engine's `perform` turns it into acts.
//! Separate so that a rule can be tested by looking at what it asks for.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{CommentId, MemberId, Moment, PostId, PublicationId, outside::Invitation, party::Person, record::Subject};

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

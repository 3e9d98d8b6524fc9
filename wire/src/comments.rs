//! Comments on a post: two threads, read together and written apart, so that nothing is said to the wrong people by a
//! field that somebody forgot.

use domain::{
    Act, CommentId, MediaId, MemberId, Moment,
    comment::{Anchor, Audience, Comment, External, For, Internal, Mark, Remark},
    party::Person,
};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// Both threads of a post; of the house's, nothing for who is not of the house.
pub const LIST: Endpoint<Nothing, Threads> = Endpoint::new(Get, "/api/posts/{post}/comments", Who::May(Act::Read));
/// Says something to the house. The desk draws the identity, so that what is sent twice is said once.
pub const SAY_INSIDE: Endpoint<Say<Internal>, Threads> =
    Endpoint::new(Put, "/api/posts/{post}/threads/internal/{comment}", Who::May(Act::Comment));
/// Says something to everybody in the round.
pub const SAY_OUTSIDE: Endpoint<Say<External>, Threads> =
    Endpoint::new(Put, "/api/posts/{post}/threads/external/{comment}", Who::May(Act::Comment));
/// Words an own comment anew. What it said stays in the record.
pub const REWORD: Endpoint<Reword, Threads> =
    Endpoint::new(Post, "/api/comments/{comment}/wordings", Who::May(Act::Comment));
/// Takes an own comment away. It stays in the record.
pub const DELETE: Endpoint<Nothing, Threads> = Endpoint::new(Delete, "/api/comments/{comment}", Who::May(Act::Comment));
/// Says that it is dealt with, or not after all.
pub const RESOLVE: Endpoint<Resolve, Threads> =
    Endpoint::new(Put, "/api/comments/{comment}/resolution", Who::May(Act::Comment));

/// All of them.
pub const LISTED: &[Listed] =
    &[LIST.listed(), SAY_INSIDE.listed(), SAY_OUTSIDE.listed(), REWORD.listed(), DELETE.listed(), RESOLVE.listed()];

/// Both threads of a post, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Threads {
    /// The house's; absent for who is not of the house.
    pub internal: Option<Vec<Shown<Internal>>>,
    /// The one that everybody in the round reads.
    pub external: Vec<Shown<External>>,
    /// Everybody by name, and where they can be called.
    pub people: Vec<Voice>,
}

/// A comment as it is read: what it says now, and not what it said before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "A: Audience")]
pub struct Shown<A: Audience> {
    /// Which thread it belongs to.
    pub audience: For<A>,
    /// Its identity.
    pub id: CommentId,
    /// In which round it was written.
    pub round: u32,
    /// The comment it answers.
    pub answers: Option<CommentId>,
    /// What it speaks of.
    pub anchor: Anchor,
    /// Who wrote it.
    pub by: Person,
    /// When.
    pub at: Moment,
    /// What it says; nothing once it was taken away.
    pub text: Option<String>,
    /// When it was last worded anew.
    pub edited: Option<Moment>,
    /// Whom it calls.
    pub mentions: Vec<Person>,
    /// What is attached.
    pub attached: Vec<MediaId>,
    /// Whether it is dealt with.
    pub resolved: Option<Mark>,
    /// Whether it was taken away.
    pub deleted: Option<Mark>,
}

impl<A: Audience> From<Comment<A>> for Shown<A> {
    fn from(comment: Comment<A>) -> Self {
        let (at, text) = (comment.at(), comment.text().map(str::to_owned));
        let edited = comment.wordings.last().filter(|_| comment.is_edited()).map(|last| last.at);
        let gone = comment.deleted.is_some();
        Self {
            audience: comment.audience,
            id: comment.id,
            round: comment.round,
            answers: comment.answers,
            // What was taken away is gone with all that it showed.
            anchor: if gone { Anchor::Post } else { comment.anchor },
            by: comment.by,
            at,
            text,
            edited,
            mentions: if gone { Vec::new() } else { comment.mentions },
            attached: if gone { Vec::new() } else { comment.attached },
            resolved: comment.resolved,
            deleted: comment.deleted,
        }
    }
}

/// Somebody who is or was a member, and whether a comment can call them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Voice {
    /// Who.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// Whether they read the thread of the house.
    pub internal: bool,
    /// Whether they read the other one.
    pub external: bool,
}

/// Says something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound = "A: Audience")]
pub struct Say<A: Audience> {
    /// What.
    pub remark: Remark<A>,
    /// The comment it answers, of the same thread.
    #[serde(default)]
    pub answers: Option<CommentId>,
}

/// Words a comment anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reword {
    /// How.
    pub text: String,
}

/// Whether a comment is dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolve {
    /// Yes, or not after all.
    pub done: bool,
}

#[cfg(test)]
mod tests {
    use domain::PostId;

    use super::*;

    #[test]
    fn what_was_taken_away_or_said_before_is_not_shown() {
        let by: Person = MemberId::from_bits(1).into();
        let remark = Remark::<External> { attached: vec![MediaId::from_bits(1)], ..Remark::new("Antes") };
        let (id, post) = (CommentId::from_bits(1), PostId::from_bits(1));
        let comment = Comment::write(id, &post, 1, remark, None, by.clone(), Moment(1)).unwrap();
        let comment = comment.edit("Ahora", &by, Moment(2)).unwrap();
        let shown = Shown::from(comment.clone());
        assert_eq!((shown.at, shown.text.as_deref(), shown.edited), (Moment(1), Some("Ahora"), Some(Moment(2))));
        let shown = serde_json::to_string(&Shown::from(comment.delete(&by, Moment(3)).unwrap())).unwrap();
        assert!(!shown.contains("Ahora") && !shown.contains("Antes") && shown.contains(r#""attached":[]"#), "{shown}");
    }

    #[test]
    fn what_the_house_says_cannot_be_sent_to_the_other_thread() {
        let say = serde_json::to_string(&Say { remark: Remark::<Internal>::new("Ojo"), answers: None }).unwrap();
        assert!(serde_json::from_str::<Say<Internal>>(&say).is_ok());
        assert!(serde_json::from_str::<Say<External>>(&say).is_err());
    }
}

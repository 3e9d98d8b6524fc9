//! A comment as it is drawn: of either thread, and it says of which. Separate: the desk draws both the same way, and
//! what is drawn can no longer be sent anywhere.

use domain::{
    CommentId, MediaId, MemberId, Moment,
    comment::{Anchor, Audience, Mark},
    party::Person,
};
use wire::comments::Shown;

use super::Thread;
use crate::parts::arrange;

/// A comment.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub thread: Thread,
    pub id: CommentId,
    pub answers: Option<CommentId>,
    pub round: u32,
    pub anchor: Anchor,
    pub by: Person,
    pub at: Moment,
    pub text: Option<String>,
    pub edited: Option<Moment>,
    pub mentions: Vec<MemberId>,
    pub attached: Vec<MediaId>,
    pub resolved: Option<Mark>,
}

impl Line {
    pub fn of<A: Audience>(thread: Thread, shown: &Shown<A>) -> Self {
        Self {
            thread,
            id: shown.id.clone(),
            answers: shown.answers.clone(),
            round: shown.round,
            anchor: shown.anchor.clone(),
            by: shown.by.clone(),
            at: shown.at,
            text: shown.text.clone(),
            edited: shown.edited,
            mentions: shown.mentions.iter().filter_map(Person::member).cloned().collect(),
            attached: shown.attached.clone(),
            resolved: shown.resolved.clone(),
        }
    }

    /// Whether it begins a conversation that is not dealt with.
    pub fn is_open_root(&self) -> bool {
        self.answers.is_none() && self.resolved.is_none() && self.text.is_some()
    }
}

/// A conversation: where it begins, and when something was last said in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    pub root: CommentId,
    pub last: Moment,
    pub open: bool,
}

/// The beginning of the conversation that a comment belongs to.
fn root_of<'a>(lines: &'a [Line], line: &'a Line) -> &'a CommentId {
    let mut here = line;
    // An answer is younger than what it answers: this ends.
    while let Some(next) = here.answers.as_ref().and_then(|id| lines.iter().find(|line| line.id == *id)) {
        here = next;
    }
    &here.id
}

/// The comments of a conversation, oldest first.
pub fn within(lines: &[Line], root: &CommentId) -> Vec<Line> {
    lines.iter().filter(|line| root_of(lines, line) == root).cloned().collect()
}

/// The conversations of a thread, the one in which something was said last first. What was taken away and nobody
/// answered is not one any more.
pub fn conversations(lines: &[Line]) -> Vec<Conversation> {
    let roots = lines.iter().filter(|line| root_of(lines, line) == &line.id);
    let mut found: Vec<Conversation> = roots
        .filter_map(|root| {
            let said = lines.iter().filter(|line| line.text.is_some() && root_of(lines, line) == &root.id);
            let last = said.map(|line| line.at).max()?;
            Some(Conversation { root: root.id.clone(), last, open: root.resolved.is_none() })
        })
        .collect();
    arrange(&mut found, |one| std::cmp::Reverse(one.last));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: u128, answers: Option<u128>, at: i64) -> Line {
        Line {
            thread: Thread::Internal,
            id: CommentId::from_bits(id),
            answers: answers.map(CommentId::from_bits),
            round: 1,
            anchor: Anchor::Post,
            by: MemberId::from_bits(1).into(),
            at: Moment(at),
            text: Some("Ojo".to_owned()),
            edited: None,
            mentions: Vec::new(),
            attached: Vec::new(),
            resolved: None,
        }
    }

    #[test]
    fn the_conversation_in_which_something_was_said_last_comes_first() {
        let lines = [line(1, None, 1), line(2, None, 2), line(3, Some(1), 3), line(4, Some(3), 4)];
        let roots: Vec<_> = conversations(&lines).into_iter().map(|one| one.root).collect();
        assert_eq!(roots, [CommentId::from_bits(1), CommentId::from_bits(2)]);
        assert_eq!(within(&lines, &CommentId::from_bits(1)).len(), 3);
    }

    #[test]
    fn what_was_taken_away_stays_only_where_somebody_answered() {
        let gone = |id| Line { text: None, ..line(id, None, 1) };
        let lines = [gone(1), gone(2), line(3, Some(2), 2)];
        let roots: Vec<_> = conversations(&lines).into_iter().map(|one| one.root).collect();
        assert_eq!(roots, [CommentId::from_bits(2)]);
    }
}

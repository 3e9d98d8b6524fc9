//! Messages: what of a pillar is to be understood, each in one short sentence. Separate from pillars: a pillar is what is spoken
//! of, and a message what whoever listened knows afterwards; a plan asks after both.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    AudienceId, MessageId, PillarId, Refusal, Themes,
    campaign::{named, next},
};

/// A message: a sentence that the organisation wants understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its identity: posts name it.
    pub id: MessageId,
    /// Counts its changes; 0 is not kept yet.
    pub version: u64,
    /// The pillar that it is of, for good: posts that carry it are filed there.
    pub pillar: PillarId,
    /// The sentence. It is what the message is called by.
    pub name: String,
    /// Whom it is for; everybody where nobody is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<AudienceId>,
    /// The first day on which it is to be said, if that is settled.
    pub first: Option<NaiveDate>,
    /// The last one, likewise.
    pub last: Option<NaiveDate>,
    /// Whether it was given up: nothing more carries it.
    pub archived: bool,
}

/// What people are to remember is little. The list is offered whole.
pub const MESSAGES: usize = 200;

impl Message {
    /// Whether it is to be said on some day from the first to the last.
    pub fn holds(&self, first: NaiveDate, last: NaiveDate) -> bool {
        !self.archived && self.first.is_none_or(|begins| begins <= last) && !self.is_over(first)
    }

    /// Whether its last day was before a day.
    pub fn is_over(&self, day: NaiveDate) -> bool {
        self.last.is_some_and(|last| last < day)
    }

    /// Whether it is for an audience: for everybody, or for that one among others.
    pub fn is_for(&self, audience: &AudienceId) -> bool {
        self.audiences.is_empty() || self.audiences.contains(audience)
    }
}

impl Themes {
    /// Takes a new message, or a changed one. Sent twice, it is one.
    ///
    /// # Errors
    /// As [`Themes::campaign`]; `NotFound` and `Archived` for the pillar and the audiences, `Malformed` for another pillar than
    /// before, `Doubled` for an audience that stands twice.
    pub fn message(&self, wanted: Message) -> Result<Message, Refusal> {
        if wanted.first.zip(wanted.last).is_some_and(|(first, last)| last < first) {
            return Err(Refusal::TermBackwards);
        }
        let all = &self.messages;
        let before = all.iter().find(|one| one.id == wanted.id);
        let others = all.iter().filter(|one| one.id != wanted.id).map(|one| one.name.as_str());
        let name = named(&wanted.name, others, ("messages", MESSAGES))?;
        self.under(before, &wanted.pillar)?;
        self.before_whom(before, &wanted.audiences)?;
        let wanted = Message { name, ..wanted };
        match before {
            Some(before) if (Message { version: before.version, ..wanted.clone() }) == *before => Ok(before.clone()),
            before => Ok(Message { version: next(before.map(|one| one.version), wanted.version)?, ..wanted }),
        }
    }

    /// Whether a message may stand under a pillar: where it stands already it stays, also when the pillar is given up.
    fn under(&self, before: Option<&Message>, pillar: &PillarId) -> Result<(), Refusal> {
        match before {
            Some(before) if before.pillar == *pillar => Ok(()),
            Some(_) => Err(Refusal::Malformed { field: "pillar".to_owned() }),
            None => match self.pillars.iter().find(|one| one.id == *pillar) {
                None => Err(Refusal::NotFound),
                Some(pillar) if pillar.archived => Err(Refusal::Archived),
                Some(_) => Ok(()),
            },
        }
    }

    /// Whether a message may be for these, likewise.
    fn before_whom(&self, before: Option<&Message>, wanted: &[AudienceId]) -> Result<(), Refusal> {
        for (place, audience) in wanted.iter().enumerate() {
            if wanted[..place].contains(audience) {
                return Err(Refusal::Doubled { field: "audiences".to_owned() });
            }
            let stays = before.is_some_and(|before| before.audiences.contains(audience));
            match self.audiences.iter().find(|one| one.id == *audience) {
                None => return Err(Refusal::NotFound),
                Some(one) if one.archived && !stays => return Err(Refusal::Archived),
                Some(_) => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Audience, Belonging, Pillar};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn message(n: u128, name: &str) -> Message {
        Message {
            id: MessageId::from_bits(n),
            version: 0,
            pillar: PillarId::from_bits(1),
            name: name.to_owned(),
            audiences: Vec::new(),
            first: None,
            last: None,
            archived: false,
        }
    }

    fn themes(messages: Vec<Message>) -> Themes {
        let pillar =
            |n: u128, archived| Pillar { id: PillarId::from_bits(n), version: 1, name: n.to_string(), archived };
        let audience = |n: u128, archived| Audience {
            id: AudienceId::from_bits(n),
            version: 1,
            name: n.to_string(),
            who: String::new(),
            found: String::new(),
            languages: Vec::new(),
            needs: String::new(),
            archived,
        };
        let (pillars, audiences) =
            (vec![pillar(1, false), pillar(2, true)], vec![audience(1, false), audience(2, true)]);
        Themes { pillars, audiences, messages, ..Themes::default() }
    }

    #[test]
    fn a_message_is_kept_once_under_its_pillar_and_stays_there() {
        let kept = themes(Vec::new()).message(message(1, "  El bus  es gratis ")).unwrap();
        assert_eq!((kept.version, kept.name.as_str()), (1, "El bus es gratis"));
        let all = themes(vec![kept.clone()]);
        assert_eq!(all.message(message(1, "El bus es gratis")), Ok(kept.clone()), "sent twice, it is one");
        assert_eq!(all.message(message(2, "EL BUS es gratis")), Err(Refusal::Doubled { field: "name".to_owned() }));
        let moved = Message { pillar: PillarId::from_bits(2), ..kept.clone() };
        assert_eq!(all.message(moved), Err(Refusal::Malformed { field: "pillar".to_owned() }));
        let changed = Message { archived: true, ..kept };
        assert_eq!(all.message(changed).unwrap().version, 2);
    }

    #[test]
    fn what_it_names_is_there_and_is_not_over() {
        let all = themes(Vec::new());
        let under = |n: u128| Message { pillar: PillarId::from_bits(n), ..message(1, "A") };
        assert_eq!(all.message(under(2)), Err(Refusal::Archived));
        assert_eq!(all.message(under(3)), Err(Refusal::NotFound));
        let to = |them: &[u128]| {
            let audiences = them.iter().map(|n| AudienceId::from_bits(*n)).collect();
            all.message(Message { audiences, ..message(1, "A") }).map(|one| one.version)
        };
        assert_eq!((to(&[1]), to(&[2]), to(&[3])), (Ok(1), Err(Refusal::Archived), Err(Refusal::NotFound)));
        assert_eq!(to(&[1, 1]), Err(Refusal::Doubled { field: "audiences".to_owned() }));
        let backwards = Message { first: Some(day("2026-06-02")), last: Some(day("2026-06-01")), ..message(1, "A") };
        assert_eq!(all.message(backwards), Err(Refusal::TermBackwards));
    }

    #[test]
    fn it_holds_on_its_days_and_for_those_that_it_names() {
        let from = Message { first: Some(day("2026-06-03")), last: Some(day("2026-06-10")), ..message(1, "A") };
        let holds = |first: &str, last: &str| from.holds(day(first), day(last));
        assert!(holds("2026-06-01", "2026-06-03") && holds("2026-06-10", "2026-06-20"));
        assert!(!holds("2026-06-01", "2026-06-02") && !holds("2026-06-11", "2026-06-20"));
        assert!(!Message { archived: true, ..from.clone() }.holds(day("2026-06-03"), day("2026-06-03")));
        let one = Message { audiences: vec![AudienceId::from_bits(1)], ..from.clone() };
        assert!(from.is_for(&AudienceId::from_bits(2)) && one.is_for(&AudienceId::from_bits(1)));
        assert!(!one.is_for(&AudienceId::from_bits(2)));
    }

    #[test]
    fn a_post_carries_a_message_of_its_own_pillar_alone() {
        let kept = Message { version: 1, ..message(1, "A") };
        let all = themes(vec![kept]);
        let carries = |pillar: Option<u128>, message: u128| Belonging {
            pillar: pillar.map(PillarId::from_bits),
            message: Some(MessageId::from_bits(message)),
            ..Belonging::default()
        };
        let admit = |wanted: &Belonging| all.admit(&Belonging::default(), wanted);
        assert_eq!(admit(&carries(Some(1), 1)), Ok(()));
        assert_eq!(admit(&carries(None, 1)), Err(Refusal::Malformed { field: "message".to_owned() }));
        assert_eq!(admit(&carries(Some(1), 2)), Err(Refusal::NotFound));
        let over = Themes { messages: vec![Message { archived: true, ..all.messages[0].clone() }], ..all.clone() };
        assert_eq!(over.admit(&Belonging::default(), &carries(Some(1), 1)), Err(Refusal::Archived));
        assert_eq!(over.admit(&carries(Some(1), 1), &carries(Some(1), 1)), Ok(()), "where it is it stays");
    }
}

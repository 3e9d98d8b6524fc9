//! Comments on a post: two threads, one for the house and one that people outside see too. They are two types.
//! Separate from `content`, which is all that a network adapter is ever given: nothing here becomes a `Rendition`, and
//! no comment of the house becomes one that outsiders read, neither by a function nor through JSON.

use std::{collections::BTreeSet, marker::PhantomData, ops::Range};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    ChannelId, CommentId, Content, MediaId, MemberId, Moment, PostId, Refusal, Role, approval::TextPlace,
    party::Person, people::People,
};

mod sealed {
    pub trait Sealed {}
}

/// Who reads a thread. There are two, and nobody can make a third.
pub trait Audience: sealed::Sealed + Clone + PartialEq + std::fmt::Debug {
    /// As JSON and the database write it.
    const NAME: &'static str;
    /// Whether somebody may write and be named there.
    fn admits(person: &Person) -> bool;
    /// Whether it is open to members of a role, if the post is any of their business.
    fn opens_to(role: Role) -> bool;
}

/// The house: members only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Internal {}

/// Everybody in the round, with or without an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum External {}

impl sealed::Sealed for Internal {}
impl sealed::Sealed for External {}

impl Audience for Internal {
    const NAME: &'static str = "internal";
    fn admits(person: &Person) -> bool {
        person.member().is_some()
    }
    fn opens_to(role: Role) -> bool {
        // An agency signs in, and is not of the house.
        role != Role::Agency
    }
}

impl Audience for External {
    const NAME: &'static str = "external";
    fn admits(_: &Person) -> bool {
        true
    }
    fn opens_to(_: Role) -> bool {
        true
    }
}

/// The mark of an audience: in JSON its name, which is read back only as itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct For<A>(PhantomData<A>);

impl<A: Audience> Serialize for For<A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(A::NAME)
    }
}

impl<'de, A: Audience> Deserialize<'de> for For<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        if name == A::NAME {
            Ok(For(PhantomData))
        } else {
            Err(serde::de::Error::custom("a comment of another thread"))
        }
    }
}

/// What a comment speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "anchor", deny_unknown_fields)]
pub enum Anchor {
    /// The whole post.
    Post,
    /// Words of a text. They are quoted, so that the comment still makes sense after an edit.
    Text {
        /// Where.
        place: TextPlace,
    },
    /// A point in a picture.
    Picture {
        /// The hash of its bytes: after a change of picture the point is of the old one.
        hash: String,
        /// From the left, in thousandths of the width.
        x: u16,
        /// From the top, in thousandths of the height.
        y: u16,
    },
}

impl Anchor {
    fn parse(self) -> Result<Self, Refusal> {
        let sound = match &self {
            Anchor::Post => true,
            Anchor::Text { place } => place.start <= place.end && place.quote.len() <= QUOTE_BYTES,
            Anchor::Picture { hash, x, y } => hash.len() == 64 && *x <= 1_000 && *y <= 1_000,
        };
        if sound { Ok(self) } else { Err(Refusal::Malformed { field: "anchor".to_owned() }) }
    }

    /// Where what it speaks of is in a content.
    pub fn spot(&self, content: &Content) -> Spot {
        match self {
            Anchor::Post => Spot::Whole,
            Anchor::Text { place } => {
                let text = content.texts.get(&place.language).map(String::as_str).unwrap_or_default();
                words_at(text, place).map_or(Spot::Gone, |range| Spot::Words { range })
            }
            Anchor::Picture { hash, .. } => {
                let found = content.pictures.iter().position(|picture| picture.hash == *hash);
                found.map_or(Spot::Gone, |place| Spot::Picture { place })
            }
        }
    }
}

/// Where what a comment speaks of is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// It speaks of all of it.
    Whole,
    /// Here in the text of its language, in bytes.
    Words {
        /// From and until.
        range: Range<usize>,
    },
    /// In this picture, from 0.
    Picture {
        /// Its place.
        place: usize,
    },
    /// Nowhere: the text or the picture changed since.
    Gone,
}

/// The quoted words where they stood; else where they stand now, if they do exactly once. Twice is a guess.
fn words_at(text: &str, place: &TextPlace) -> Option<Range<usize>> {
    let quote = place.quote.as_str();
    if quote.is_empty() {
        return None;
    }
    if text.get(place.start..).is_some_and(|rest| rest.starts_with(quote)) {
        // A long quote is cut; the place is not.
        let whole = place.start..place.end.max(place.start + quote.len());
        return Some(if text.get(whole.clone()).is_some() { whole } else { place.start..place.start + quote.len() });
    }
    let start = text.find(quote)?;
    (text.rfind(quote) == Some(start)).then(|| start..start + quote.len())
}

/// A wording of a comment. Earlier ones stay: what somebody decided upon must be found again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// The text.
    pub text: String,
    /// Since when.
    pub at: Moment,
}

/// What was done to a comment by somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// By whom.
    pub by: Person,
    /// When.
    pub at: Moment,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound = "A: Audience")]
pub struct Comment<A: Audience> {
    /// Which thread it belongs to.
    pub audience: For<A>,
    /// Its identity.
    pub id: CommentId,
    /// The post.
    pub post: PostId,
    /// In which round it was written.
    pub round: u32,
    /// The comment it answers.
    pub answers: Option<CommentId>,
    /// What it speaks of.
    pub anchor: Anchor,
    /// Who wrote it.
    pub by: Person,
    /// What it said, the last being what it says.
    pub wordings: Vec<Wording>,
    /// Whom it calls.
    pub mentions: Vec<Person>,
    /// What is attached.
    pub attached: Vec<MediaId>,
    /// Whether it is dealt with.
    pub resolved: Option<Mark>,
    /// Whether it was taken away. It stays in the record.
    pub deleted: Option<Mark>,
}

/// A comment of the house.
pub type InternalComment = Comment<Internal>;
/// A comment that people outside see too.
pub type ExternalComment = Comment<External>;

/// A comment is read on a phone in a corridor: this is already four screens of it.
const TEXT_BYTES: usize = 8_000;
/// 200 characters of four bytes.
const QUOTE_BYTES: usize = 800;
/// Whoever calls more people calls nobody.
const MENTIONS: usize = 20;
/// As many as a post has pictures.
const ATTACHED: usize = 20;
/// Whoever words it anew more often is writing another comment.
const WORDINGS: usize = 20;
/// Comments of one thread of a post: they are read together, within 10 ms.
pub const MOST: usize = 300;

/// What somebody wants to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound = "A: Audience")]
pub struct Remark<A: Audience> {
    /// In which thread. Said by whoever writes, never guessed.
    pub audience: For<A>,
    /// What it speaks of.
    pub anchor: Anchor,
    /// The text.
    pub text: String,
    /// Whom it calls.
    #[serde(default)]
    pub mentions: Vec<Person>,
    /// What is attached.
    #[serde(default)]
    pub attached: Vec<MediaId>,
}

fn parse_text(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::ReasonWanted);
    }
    bounded("comment", TEXT_BYTES, text.len())?;
    Ok(text.to_owned())
}

/// Refuses one comment more than a thread takes.
///
/// # Errors
/// `TooLarge`.
pub fn room(count: usize) -> Result<(), Refusal> {
    bounded("comments", MOST, count + 1)
}

fn bounded(field: &str, limit: usize, length: usize) -> Result<(), Refusal> {
    let (limit, length) = (limit as u64, length as u64);
    if length > limit { Err(Refusal::TooLarge { field: field.to_owned(), limit, length }) } else { Ok(()) }
}

impl<A: Audience> Comment<A> {
    /// Writes a comment, or an answer to one of the same thread.
    ///
    /// # Errors
    /// `OutOfReach` for somebody outside in the thread of the house, as author or called; `ReasonWanted`, `TooLarge`,
    /// `Malformed`; `NotFound` when it answers what is gone or elsewhere.
    pub fn write(
        id: CommentId,
        post: &PostId,
        round: u32,
        remark: Remark<A>,
        answers: Option<&Comment<A>>,
        by: Person,
        at: Moment,
    ) -> Result<Self, Refusal> {
        let Remark { audience, anchor, text, mentions, attached } = remark;
        if !A::admits(&by) || !mentions.iter().all(A::admits) {
            return Err(Refusal::OutOfReach);
        }
        bounded("mentions", MENTIONS, mentions.len())?;
        bounded("attached", ATTACHED, attached.len())?;
        if answers.is_some_and(|other| other.post != *post || other.deleted.is_some()) {
            return Err(Refusal::NotFound);
        }
        Ok(Self {
            audience,
            id,
            post: post.clone(),
            round,
            answers: answers.map(|other| other.id.clone()),
            anchor: anchor.parse()?,
            by,
            wordings: vec![Wording { text: parse_text(&text)?, at }],
            mentions,
            attached,
            resolved: None,
            deleted: None,
        })
    }

    /// When it was written.
    pub fn at(&self) -> Moment {
        self.wordings.first().map_or(Moment(0), |first| first.at)
    }

    /// Who is told that it calls them: not who wrote it. Whoever is called must be there and able to read it.
    ///
    /// # Errors
    /// `NotFound` for who is not there, `OutOfReach` for who cannot read it. Nobody outside can be called: the links
    /// are sent by the circuit, not by a comment.
    pub fn calls(&self, people: &People, channels: &[ChannelId], at: Moment) -> Result<BTreeSet<MemberId>, Refusal> {
        let mut told = BTreeSet::new();
        for person in &self.mentions {
            let member = person.member().ok_or(Refusal::OutOfReach)?;
            let colleague = people.colleague(member).ok_or(Refusal::NotFound)?;
            if !A::opens_to(colleague.role) || !people.reaches(person, channels, at) {
                return Err(Refusal::OutOfReach);
            }
            if *person != self.by {
                told.insert(member.clone());
            }
        }
        Ok(told)
    }

    /// What it says; nothing once it was taken away.
    pub fn text(&self) -> Option<&str> {
        self.wordings.last().filter(|_| self.deleted.is_none()).map(|wording| wording.text.as_str())
    }

    /// Whether it was changed after it was written.
    pub fn is_edited(&self) -> bool {
        self.wordings.len() > 1
    }

    /// Words it anew. What it said stays in the record.
    ///
    /// # Errors
    /// `NotYours`, `NotFound` when it was taken away, `ReasonWanted`, `TooLarge`.
    pub fn edit(mut self, text: &str, by: &Person, at: Moment) -> Result<Self, Refusal> {
        self.own(by)?;
        let text = parse_text(text)?;
        if self.text() != Some(&text) {
            bounded("wordings", WORDINGS, self.wordings.len() + 1)?;
            self.wordings.push(Wording { text, at });
        }
        Ok(self)
    }

    /// Takes it away from what is shown.
    ///
    /// # Errors
    /// `NotYours`, `NotFound` when it was taken away.
    pub fn delete(mut self, by: &Person, at: Moment) -> Result<Self, Refusal> {
        self.own(by)?;
        self.deleted = Some(Mark { by: by.clone(), at });
        Ok(self)
    }

    /// Says that it is dealt with, or that it is not after all. Anybody of the thread may. Saying it again changes
    /// nothing: who said it first has said it.
    ///
    /// # Errors
    /// `OutOfReach`, `NotFound` when it was taken away.
    pub fn resolve(mut self, done: bool, by: &Person, at: Moment) -> Result<Self, Refusal> {
        if !A::admits(by) {
            return Err(Refusal::OutOfReach);
        }
        if self.deleted.is_some() {
            return Err(Refusal::NotFound);
        }
        if done != self.resolved.is_some() {
            self.resolved = done.then(|| Mark { by: by.clone(), at });
        }
        Ok(self)
    }

    fn own(&self, by: &Person) -> Result<(), Refusal> {
        if self.deleted.is_some() {
            Err(Refusal::NotFound)
        } else if self.by == *by {
            Ok(())
        } else {
            Err(Refusal::NotYours)
        }
    }
}

impl<A: Audience> Remark<A> {
    /// A remark on the whole post.
    pub fn new(text: &str) -> Self {
        let (anchor, text) = (Anchor::Post, text.to_owned());
        Self { audience: For(PhantomData), anchor, text, mentions: Vec::new(), attached: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Access, Language, people::Colleague};

    fn member(n: u128) -> Person {
        MemberId::from_bits(n).into()
    }

    fn outside() -> Person {
        Person::Outside { mailbox: "a@agency.example".parse().unwrap() }
    }

    fn write<A: Audience>(remark: Remark<A>, by: Person) -> Result<Comment<A>, Refusal> {
        Comment::write(CommentId::from_bits(1), &PostId::from_bits(1), 1, remark, None, by, Moment(1))
    }

    #[test]
    fn nobody_outside_writes_or_is_called_in_the_thread_of_the_house() {
        assert_eq!(write::<Internal>(Remark::new("Ojo"), outside()), Err(Refusal::OutOfReach));
        let called = Remark::<Internal> { mentions: vec![outside()], ..Remark::new("Ojo") };
        assert_eq!(write(called, member(1)), Err(Refusal::OutOfReach));
        assert!(write::<External>(Remark::new("Ojo"), outside()).is_ok());
    }

    #[test]
    fn a_comment_of_the_house_is_not_read_as_one_for_outside() {
        let json = serde_json::to_string(&write::<Internal>(Remark::new("Ojo"), member(1)).unwrap()).unwrap();
        assert!(json.contains(r#""audience":"internal""#), "{json}");
        assert!(serde_json::from_str::<InternalComment>(&json).is_ok());
        assert!(serde_json::from_str::<ExternalComment>(&json).is_err());
        let unsaid = json.replace(r#""audience":"internal","#, "");
        assert!(serde_json::from_str::<ExternalComment>(&unsaid).is_err());
    }

    #[test]
    fn edited_and_deleted_ones_stay_in_the_record() {
        let comment = write::<Internal>(Remark::new("Falta la hora"), member(1)).unwrap();
        assert_eq!(comment.clone().edit("x", &member(2), Moment(2)), Err(Refusal::NotYours));
        let comment = comment.edit("Faltan hora y lugar", &member(1), Moment(2)).unwrap();
        assert!(comment.is_edited());
        let comment = comment.delete(&member(1), Moment(3)).unwrap();
        assert_eq!(comment.text(), None);
        let said: Vec<_> = comment.wordings.iter().map(|wording| wording.text.as_str()).collect();
        assert_eq!(said, ["Falta la hora", "Faltan hora y lugar"]);
        assert_eq!(comment.clone().edit("x", &member(1), Moment(4)), Err(Refusal::NotFound));
        assert_eq!(comment.resolve(true, &member(1), Moment(4)), Err(Refusal::NotFound));
    }

    #[test]
    fn a_comment_of_a_megabyte_or_of_nothing_is_refused() {
        let long = write::<Internal>(Remark::new(&"a".repeat(1 << 20)), member(1));
        assert_eq!(long, Err(Refusal::TooLarge { field: "comment".to_owned(), limit: 8_000, length: 1 << 20 }));
        assert_eq!(write::<Internal>(Remark::new(" \n"), member(1)), Err(Refusal::ReasonWanted));
    }

    #[test]
    fn an_anchor_is_in_the_picture_and_in_the_text() {
        let at = |anchor| write(Remark::<Internal> { anchor, ..Remark::new("Aquí") }, member(1)).map(|_| ());
        let malformed = Err(Refusal::Malformed { field: "anchor".to_owned() });
        let point = |x| Anchor::Picture { hash: "0".repeat(64), x, y: 0 };
        let words = |start| {
            let place = TextPlace { language: Language::spanish(), start, end: 5, quote: "agua".to_owned() };
            Anchor::Text { place }
        };
        assert_eq!((at(point(1_000)), at(point(1_001))), (Ok(()), malformed.clone()));
        assert_eq!((at(words(5)), at(words(6))), (Ok(()), malformed));
    }

    #[test]
    fn what_was_resolved_can_be_opened_again() {
        let comment = write::<External>(Remark::new("¿Seguro?"), outside()).unwrap();
        let comment = comment.resolve(true, &member(1), Moment(2)).unwrap();
        assert_eq!(comment.resolved, Some(Mark { by: member(1), at: Moment(2) }));
        assert_eq!(comment.resolve(false, &outside(), Moment(3)).unwrap().resolved, None);
    }

    #[test]
    fn an_answer_is_to_the_same_post() {
        let first = write::<Internal>(Remark::new("Ojo"), member(1)).unwrap();
        let answer = |post| {
            let (id, post) = (CommentId::from_bits(2), PostId::from_bits(post));
            Comment::write(id, &post, 1, Remark::new("Sí"), Some(&first), member(2), Moment(2))
        };
        assert_eq!(answer(1).unwrap().answers, Some(CommentId::from_bits(1)));
        assert_eq!(answer(2), Err(Refusal::NotFound));
    }

    fn quoting(quote: &str, start: usize) -> Anchor {
        let place =
            TextPlace { language: Language::spanish(), start, end: start + quote.len(), quote: quote.to_owned() };
        Anchor::Text { place }
    }

    fn saying(text: &str) -> Content {
        Content { texts: [(Language::spanish(), text.to_owned())].into(), ..Content::default() }
    }

    #[test]
    fn quoted_words_are_found_again_where_they_went_and_never_guessed() {
        let spot = |quote, start, text| quoting(quote, start).spot(&saying(text));
        assert_eq!(spot("a las 9", 6, "Corte a las 9."), Spot::Words { range: 6..13 });
        assert_eq!(spot("a las 9", 6, "Mañana, corte a las 9."), Spot::Words { range: 15..22 });
        assert_eq!(spot("a las 9", 6, "Corte a las 10."), Spot::Gone);
        assert_eq!(spot("agua", 0, "El agua es agua."), Spot::Gone);
        // A place in the middle of a letter of the new text is no place.
        assert_eq!(spot("agua", 1, "ñ agua"), Spot::Words { range: 3..7 });
        assert_eq!(Anchor::Post.spot(&Content::default()), Spot::Whole);
        let point = Anchor::Picture { hash: "0".repeat(64), x: 1, y: 1 };
        assert_eq!(point.spot(&Content::default()), Spot::Gone);
    }

    #[test]
    fn whoever_is_called_must_be_there_and_able_to_read_it() {
        let colleague = |n, role| Colleague {
            id: MemberId::from_bits(n),
            role,
            units: Vec::new(),
            access: Access::Everywhere,
            mailbox: None,
        };
        let agency = Access::Limited { channels: Vec::new(), from: Moment(0), until: Moment(9) };
        let mut colleagues = vec![colleague(1, Role::Author), colleague(2, Role::Approver)];
        colleagues.push(Colleague { access: agency, ..colleague(3, Role::Agency) });
        let people = People { colleagues, ..People::default() };
        fn calls<A: Audience>(whom: Person, people: &People, channels: &[ChannelId]) -> Result<usize, Refusal> {
            let remark = Remark::<A> { mentions: vec![whom], ..Remark::new("Ojo") };
            write(remark, member(1)).unwrap().calls(people, channels, Moment(1)).map(|told| told.len())
        }
        assert_eq!(calls::<Internal>(member(2), &people, &[]), Ok(1));
        assert_eq!(calls::<Internal>(member(1), &people, &[]), Ok(0), "nobody is told of their own words");
        assert_eq!(calls::<Internal>(member(3), &people, &[]), Err(Refusal::OutOfReach));
        assert_eq!(calls::<External>(member(3), &people, &[]), Ok(1));
        assert_eq!(calls::<External>(member(3), &people, &[ChannelId::from_bits(1)]), Err(Refusal::OutOfReach));
        assert_eq!(calls::<External>(member(4), &people, &[]), Err(Refusal::NotFound));
        assert_eq!(calls::<External>(outside(), &people, &[]), Err(Refusal::OutOfReach));
    }

    #[test]
    fn a_thread_and_a_comment_take_so_much_and_no_more() {
        assert_eq!(room(MOST - 1), Ok(()));
        assert!(matches!(room(MOST), Err(Refusal::TooLarge { limit: 300, length: 301, .. })));
        let mut comment = write::<Internal>(Remark::new("0"), member(1)).unwrap();
        for n in 1..WORDINGS {
            comment = comment.edit(&n.to_string(), &member(1), Moment(2)).unwrap();
        }
        let refusal = comment.edit("una más", &member(1), Moment(3));
        assert!(matches!(refusal, Err(Refusal::TooLarge { limit: 20, length: 21, .. })), "{refusal:?}");
    }

    #[test]
    fn resolving_again_leaves_it_to_who_resolved_it_first() {
        let comment = write::<Internal>(Remark::new("Ojo"), member(1)).unwrap();
        let comment = comment.resolve(true, &member(1), Moment(2)).unwrap().resolve(true, &member(2), Moment(3));
        assert_eq!(comment.unwrap().resolved, Some(Mark { by: member(1), at: Moment(2) }));
    }
}

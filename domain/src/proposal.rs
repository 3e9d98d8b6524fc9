//! Proposals: a line, a name if they like, and a photo, from anybody who works for the house and has its link.
//! Separate from comments and drafts: who proposes has no account and says nothing to citizens; an officer takes it up.

use serde::{Deserialize, Serialize};

use crate::{
    MemberId, Millis, Moment, ProposalId, ProposalLinkId, Refusal,
    party::Mailbox,
    text::{hidden::hides, is_blank, line},
};

/// A link that is passed around lasts a year; then somebody looks whether it still should.
pub const LONGEST: u16 = 366;
/// Links that are open at a time: one a department, and no more than somebody can answer for.
pub const LINKS: usize = 20;
/// Proposals that wait, of all links together: whoever has more than these reads none.
pub const WAITING: usize = 300;
/// After so long it is news no more, and who sent it need not be remembered.
pub const KEPT: Millis = Millis::days(90);
/// A line is a line, in bytes.
pub const LINE: usize = 1_500;
/// A name, in bytes.
const NAME: usize = 120;
/// A word of thanks, in bytes.
const THANKS: usize = 1_000;

/// A link by which the house's own people propose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its identity; the secret in the address is another thing.
    pub id: ProposalLinkId,
    /// Whom it was given to.
    pub name: String,
    /// Who made it.
    pub by: MemberId,
    /// When it was made.
    pub made: Moment,
    /// When it is over.
    pub expires: Moment,
    /// When it was taken back.
    pub revoked: Option<Moment>,
}

impl Link {
    /// Whether anything can be proposed by it.
    pub fn is_open(&self, at: Moment) -> bool {
        self.revoked.is_none() && at < self.expires
    }
}

/// When a link is over that lasts so many days.
///
/// # Errors
/// `Malformed` for none, `TooLarge`.
pub fn expires(days: u16, now: Moment) -> Result<Moment, Refusal> {
    match days {
        0 => Err(malformed("days")),
        1..=LONGEST => Ok(now.plus(Millis::days(days.into()))),
        _ => Err(too_large("days", LONGEST.into(), days.into())),
    }
}

/// What somebody proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The line.
    pub line: String,
    /// Who, if they said so.
    pub name: Option<String>,
    /// Where they would read what became of it.
    pub mailbox: Option<Mailbox>,
}

impl Said {
    /// What was typed into the page's fields.
    ///
    /// # Errors
    /// `Malformed` and `TooLarge` name the field.
    pub fn parse(line: &str, name: &str, email: &str) -> Result<Self, Refusal> {
        // A form of a page sends both ends of a line.
        let line = line.replace("\r\n", "\n").trim().to_owned();
        if is_blank(&line) || hides(&line) {
            return Err(malformed("text"));
        }
        bounded("text", LINE, &line)?;
        let name = line::line(name, "name", NAME)?;
        let email = email.trim();
        let mailbox = match email {
            "" => None,
            email => Some(email.parse().map_err(|_| malformed("email"))?),
        };
        Ok(Self { line, name: Some(name).filter(|name| !name.is_empty()), mailbox })
    }
}

/// A proposal that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its identity.
    pub id: ProposalId,
    /// By which link it came.
    pub link: String,
    /// The line.
    pub line: String,
    /// Who, if they said so.
    pub name: Option<String>,
    /// Whether they would be told what became of it.
    pub answers: bool,
    /// Whether there is a photo.
    pub pictured: bool,
    /// When it came.
    pub at: Moment,
}

impl Proposal {
    /// When it is deleted, if nobody does anything about it.
    pub fn goes(&self) -> Moment {
        self.at.plus(KEPT)
    }
}

/// A word of thanks.
///
/// # Errors
/// `Malformed` without one, or with what does not show; `TooLarge`.
pub fn thanks(word: &str) -> Result<String, Refusal> {
    let word = word.trim();
    if is_blank(word) || hides(word) {
        return Err(malformed("comment"));
    }
    bounded("comment", THANKS, word)?;
    Ok(word.to_owned())
}

fn malformed(field: &str) -> Refusal {
    Refusal::Malformed { field: field.to_owned() }
}

fn too_large(field: &str, limit: u64, length: u64) -> Refusal {
    Refusal::TooLarge { field: field.to_owned(), limit, length }
}

fn bounded(field: &str, limit: usize, text: &str) -> Result<(), Refusal> {
    if text.len() > limit { Err(too_large(field, limit as u64, text.len() as u64)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_all_that_is_needed() {
        let said = Said::parse("Han florecido los almendros.\r\nHay foto. ", " ", "").unwrap();
        assert_eq!(said.line, "Han florecido los almendros.\nHay foto.");
        assert_eq!((said.name, said.mailbox), (None, None));
        let said = Said::parse("Una", "  La   bibliotecaria ", " Ana@Villa.example ").unwrap();
        assert_eq!(said.name.as_deref(), Some("La bibliotecaria"));
        assert_eq!(said.mailbox.unwrap().as_str(), "ana@villa.example");
    }

    #[test]
    fn what_is_no_line_no_name_or_no_address_is_named() {
        let refused = |line: &str, name: &str, email: &str| Said::parse(line, name, email).unwrap_err();
        for line in ["", " \r\n", "\u{200B}", "al\u{202E}revés", "a\u{0}b"] {
            assert_eq!(refused(line, "", ""), malformed("text"), "{line:?}");
        }
        assert_eq!(refused("Una", "A\u{7}", ""), malformed("name"));
        assert!(Said::parse("می‌خواهم 🏴󠁧󠁢󠁳󠁣󠁴󠁿", "👨‍👩‍👧", "").is_ok());
        assert_eq!(refused("Una", "", "ana"), malformed("email"));
        assert_eq!(refused(&"a".repeat(1_501), "", ""), too_large("text", 1_500, 1_501));
        assert_eq!(thanks(" "), Err(malformed("comment")));
        assert_eq!(thanks(" Gracias. ").as_deref(), Ok("Gracias."));
    }

    #[test]
    fn a_link_is_open_until_it_is_over_or_taken_back() {
        assert_eq!(expires(0, Moment(0)), Err(malformed("days")));
        assert_eq!(expires(367, Moment(0)), Err(too_large("days", 366, 367)));
        let link = Link {
            id: ProposalLinkId::from_bits(1),
            name: "Todas las áreas".to_owned(),
            by: MemberId::from_bits(1),
            made: Moment(0),
            expires: expires(1, Moment(0)).unwrap(),
            revoked: None,
        };
        assert!(link.is_open(link.expires.minus(Millis(1))) && !link.is_open(link.expires));
        assert!(!Link { revoked: Some(Moment(1)), ..link }.is_open(Moment(2)));
    }
}

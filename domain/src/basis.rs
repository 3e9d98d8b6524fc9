//! By what right a post says what it says: the law, the ordinance, the agreement; and the template that it was begun with. Part of
//! the content although nothing of it goes out: whoever agrees agrees to that too, and the record keeps it with the words.
//!
//! The template is named as whoever wrote found it that day. It is not looked up again: it may be called otherwise since, or be gone,
//! and what was agreed to must read the same in ten years.

use serde::{Deserialize, Serialize};

use crate::{Refusal, Template, TemplateId, text::line};

/// A legal basis, in bytes: as of a template.
pub(crate) const TEXT: usize = 600;
/// The name of a template, in bytes: as of a template.
const NAME: usize = 200;
/// No template was changed so often.
const VERSIONS: u64 = 1_000_000;

/// By what right a post says what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// In the words of whoever wrote it; empty where a template says none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What it was begun with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Origin>,
}

/// The template that a post was begun with, as it was then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Which.
    pub template: TemplateId,
    /// The version that was filled in.
    pub version: u64,
    /// What it was called.
    pub name: String,
}

impl Basis {
    /// What there is to say; nothing where nobody says anything.
    pub fn said(text: String, from: Option<Origin>) -> Option<Self> {
        (!text.trim().is_empty() || from.is_some()).then_some(Self { text, from })
    }

    /// Refuses what could not be shown on a line. What was typed stays as it was typed: it is stored while somebody types.
    ///
    /// # Errors
    /// `Malformed`, `TooLarge`; both with the field.
    pub fn check(&self) -> Result<(), Refusal> {
        line::line(&self.text, "basis", TEXT)?;
        let Some(from) = &self.from else { return Ok(()) };
        line::name(&from.name, "template", NAME)?;
        // The raw length too: blanks are counted where they are stored.
        let fits = self.text.len() <= TEXT * 2 && from.name.len() <= NAME * 2 && from.version <= VERSIONS;
        if fits { Ok(()) } else { Err(Refusal::Malformed { field: "basis".to_owned() }) }
    }
}

impl Template {
    /// What a post that is begun with it has.
    pub fn basis(&self) -> Basis {
        let from = Origin { template: self.id.clone(), version: self.version, name: self.body.name.clone() };
        Basis { text: self.body.basis.clone(), from: Some(from) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Content;

    fn origin() -> Origin {
        Origin { template: TemplateId::from_bits(1), version: 3, name: "Corte de agua".to_owned() }
    }

    fn of(text: &str) -> Content {
        Content { basis: Basis::said(text.to_owned(), None), ..Content::default() }
    }

    #[test]
    fn it_is_agreed_to_and_what_has_none_keeps_its_hash() {
        let bare = of(" ");
        assert!(bare.basis.is_none() && !crate::record::canonical(&bare).contains("basis"));
        let (one, other) = (of("Ley 7/2022"), of("Ley 7/2023"));
        assert!(bare.hash() != one.hash() && one.hash() != other.hash());
        let begun = Content { basis: Basis::said("Ley 7/2022".to_owned(), Some(origin())), ..Content::default() };
        assert_ne!(begun.hash(), one.hash(), "what it was begun with is part of it");
        let written = serde_json::to_string(&begun).unwrap();
        assert_eq!(serde_json::from_str::<Content>(&written).unwrap(), begun);
    }

    #[test]
    fn it_is_short_and_turns_nothing() {
        let malformed = |field: &str| Err(Refusal::Malformed { field: field.to_owned() });
        assert!(of("Ley 7/2022, art. 12.5 ").parse().is_ok(), "as it is typed");
        assert_eq!(of("Ley \u{202E}7").parse().map(|_| ()), malformed("basis"));
        assert!(matches!(of(&"a".repeat(601)).parse(), Err(Refusal::TooLarge { limit: 600, length: 601, .. })));
        let named = |name: &str, version| {
            let from = Origin { name: name.to_owned(), version, ..origin() };
            Content { basis: Basis::said(String::new(), Some(from)), ..Content::default() }.parse().map(|_| ())
        };
        assert_eq!(named("Corte de agua", 1), Ok(()));
        assert_eq!((named(" ", 1), named("Corte", u64::MAX)), (malformed("template"), malformed("basis")));
    }
}

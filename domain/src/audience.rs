//! Audiences: the people whom the organisation wants to reach, and what they need to be reached.
//! Separate from pillars: a pillar is what is said, an audience whom for; a plan asks after both.

use serde::{Deserialize, Serialize};

use crate::{
    AudienceId, Language, Refusal, Themes,
    campaign::{named, next},
    text::line,
};

/// An audience: people whom the organisation wants to reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// Its identity: posts and promises name it.
    pub id: AudienceId,
    /// Counts its changes; 0 is not kept yet.
    pub version: u64,
    /// Its name.
    pub name: String,
    /// Who they are.
    pub who: String,
    /// Where they are: on which networks, in which places of the town.
    pub found: String,
    /// The languages that they read; nothing where that is not known.
    pub languages: Vec<Language>,
    /// What they need to be reached: subtitles, easy reading, paper.
    pub needs: String,
    /// Whether it was given up: nothing more is put before it.
    pub archived: bool,
}

/// Whoever speaks to everybody in particular speaks to nobody.
pub const AUDIENCES: usize = 50;
/// What is said of an audience, each in bytes: it stands beside a choice, and is no study.
const TEXT: usize = 500;
/// Nobody reads more; the list is offered whole.
const LANGUAGES: usize = 10;

impl Themes {
    /// Takes a new audience, or a changed one. Sent twice, it is one.
    ///
    /// # Errors
    /// As [`Themes::campaign`]; `Malformed` and `TooLarge` for what is said of it, `Doubled` for a language that stands
    /// twice.
    pub fn audience(&self, wanted: Audience) -> Result<Audience, Refusal> {
        let all = &self.audiences;
        let before = all.iter().find(|one| one.id == wanted.id);
        let others = all.iter().filter(|one| one.id != wanted.id).map(|one| one.name.as_str());
        let wanted = Audience {
            name: named(&wanted.name, others, ("audiences", AUDIENCES))?,
            who: said(&wanted.who, "who")?,
            found: said(&wanted.found, "found")?,
            needs: said(&wanted.needs, "needs")?,
            languages: apart(wanted.languages)?,
            ..wanted
        };
        match before {
            Some(before) if (Audience { version: before.version, ..wanted.clone() }) == *before => Ok(before.clone()),
            before => Ok(Audience { version: next(before.map(|one| one.version), wanted.version)?, ..wanted }),
        }
    }
}

/// Some words on one line, or none.
pub(crate) fn said(text: &str, field: &str) -> Result<String, Refusal> {
    line::line(text, field, TEXT)
}

fn apart(languages: Vec<Language>) -> Result<Vec<Language>, Refusal> {
    let field = || "languages".to_owned();
    if languages.len() > LANGUAGES {
        let (limit, length) = (LANGUAGES as u64, languages.len() as u64);
        return Err(Refusal::TooLarge { field: field(), limit, length });
    }
    let twice = languages.iter().enumerate().any(|(place, one)| languages[..place].contains(one));
    if twice { Err(Refusal::Doubled { field: field() }) } else { Ok(languages) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audience(n: u128, name: &str) -> Audience {
        Audience {
            id: AudienceId::from_bits(n),
            version: 0,
            name: name.to_owned(),
            who: String::new(),
            found: String::new(),
            languages: Vec::new(),
            needs: String::new(),
            archived: false,
        }
    }

    fn with(audience: Audience) -> Themes {
        Themes { audiences: vec![audience], ..Themes::default() }
    }

    #[test]
    fn an_audience_is_kept_once_and_changed_from_the_version_that_stands() {
        let wanted = Audience { who: " Viven \n solas ".to_owned(), ..audience(1, "  Personas   mayores ") };
        let kept = Themes::default().audience(wanted.clone()).unwrap();
        assert_eq!((kept.version, kept.name.as_str(), kept.who.as_str()), (1, "Personas mayores", "Viven solas"));
        assert_eq!(with(kept.clone()).audience(wanted), Ok(kept.clone()), "sent twice, it is one");
        let changed = Audience { needs: "Letra grande".to_owned(), ..kept.clone() };
        assert_eq!(with(kept.clone()).audience(changed.clone()).unwrap().version, 2);
        let stale = Audience { version: 0, ..changed };
        assert_eq!(with(kept).audience(stale), Err(Refusal::Stale { current: 1 }));
    }

    #[test]
    fn a_name_is_one_audience_s_and_what_is_said_of_it_is_short() {
        let all = with(Themes::default().audience(audience(1, "Familias")).unwrap());
        assert_eq!(all.audience(audience(2, "FAMILIAS")), Err(Refusal::Doubled { field: "name".to_owned() }));
        let long = Audience { needs: "ñ".repeat(251), ..audience(2, "Mayores") };
        assert!(matches!(all.audience(long), Err(Refusal::TooLarge { limit: 500, length: 502, .. })));
        let odd = Audience { found: "a\u{7}b".to_owned(), ..audience(2, "Mayores") };
        assert_eq!(all.audience(odd), Err(Refusal::Malformed { field: "found".to_owned() }));
        let hides = Audience { who: "al\u{202E}revés".to_owned(), ..audience(2, "Mayores") };
        assert_eq!(all.audience(hides), Err(Refusal::Malformed { field: "who".to_owned() }));
        let hides = audience(2, "Fami\u{202E}lias");
        assert_eq!(all.audience(hides), Err(Refusal::Malformed { field: "name".to_owned() }));
        let twice = Audience { languages: vec![Language::spanish(), Language::spanish()], ..audience(2, "Mayores") };
        assert_eq!(all.audience(twice), Err(Refusal::Doubled { field: "languages".to_owned() }));
    }

    #[test]
    fn there_is_an_end_to_how_many() {
        let audiences = (1..=AUDIENCES as u128).map(|n| Audience { version: 1, ..audience(n, &format!("Barrio {n}")) });
        let full = Themes { audiences: audiences.collect(), ..Themes::default() };
        assert!(matches!(full.audience(audience(99, "Otro")), Err(Refusal::TooLarge { limit: 50, length: 51, .. })));
    }
}

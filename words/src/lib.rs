//! The words: every text that a person reads, in every language of the desk, and the sentence for everything that
//! can go wrong. Separate because the desk says them on screen and the engine says the same ones in mails and pages.
//!
//! The texts stand in `locales/{es,en}/<noun>.toml`, flat or one level deep; `build.rs` makes one function a key:
//! `title = "Calendario"` in `calendar.toml` is `lang.calendar_title()`; `over = "{count} de {limit}"` is
//! `lang.compose_over(count, limit)` (placeholders in alphabetical order); a table of `one` and `other` is a plural,
//! `lang.home_waiting(3)`, whose number is `{n}` and comes first. A key or placeholder that only one language has
//! stops the build.
//!
//! Why not `leptos_i18n` or Fluent: the engine has no Leptos, needs the same sentences, and the desk pays for every
//! byte; a match on two string literals is the least that can be shipped and the most that can be checked.

mod basis;
mod choice;
mod contacts;
mod finding;
mod flaw;
mod gap;
mod import;
mod library;
mod missed;
mod names;
mod poll;
mod promise;
mod refusal;
mod telling;
mod trail;
mod utm;

use std::borrow::Cow;
use std::fmt::{Display, Write as _};

pub use basis::{basis, basis_changed};
pub use choice::{Named, condition, matter_name, otherwise_sentence, rule_sentence, step_sentence};
pub use contacts::{accounts, contacts_changed};
pub use finding::{finding, rights};
pub use flaw::flaw;
pub use gap::gap;
pub use import::{import_flaw, unreadable};
pub use library::{age_name, giver_name, licence_name, scope_name, shows_name};
pub use missed::missed;
pub use names::*;
pub use poll::{poll_changed, poll_open, poll_terms};
pub use promise::{Promised, progress, promised};
pub use refusal::{caption_fault, refusal};
pub use telling::{group_name, notice_said};
pub use trail::{Known, acted, happened, proven};
pub use utm::{utm, utm_changed, utm_explained};

/// A language of the desk (not of what is published: that is `domain::Language`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Spanish, the default.
    #[default]
    Es,
    /// English.
    En,
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

impl Lang {
    /// Every language, in the order in which the desk offers them.
    pub const ALL: [Lang; 2] = [Lang::Es, Lang::En];

    /// The BCP 47 tag, for `lang` attributes and for `Intl`.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::Es => "es",
            Lang::En => "en",
        }
    }

    /// Its own name.
    pub const fn name(self) -> &'static str {
        match self {
            Lang::Es => "Español",
            Lang::En => "English",
        }
    }

    /// The language of a tag (`en-GB` is English); nothing for one that the desk does not speak.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|lang| lang.tag().eq_ignore_ascii_case(primary))
    }
}

/// What happened, and what to do now. Nothing that fails is said without both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// What happened.
    pub what: Cow<'static, str>,
    /// The next step.
    pub next: Cow<'static, str>,
}

impl Sentence {
    fn new(what: impl Into<Cow<'static, str>>, next: impl Into<Cow<'static, str>>) -> Self {
        Self { what: what.into(), next: next.into() }
    }
}

impl Display for Sentence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.what, self.next)
    }
}

/// A number that a plural can be chosen by.
pub trait Count: Display {
    /// Whether it is exactly one: all that Spanish and English ask.
    fn is_one(&self) -> bool;
}

macro_rules! counts {
    ($($number:ty),+) => {$(
        impl Count for $number {
            fn is_one(&self) -> bool {
                *self == 1
            }
        }
    )+};
}
counts!(u32, u64, usize, i32, i64);

/// Fills `{0}`, `{1}` … of a text that `build.rs` wrote. One function for all of them, over `dyn`: the desk would
/// otherwise carry a copy a text.
fn fill(text: &str, values: &[&dyn Display]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut pieces = text.split('{');
    filled.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (number, rest) = piece.split_once('}').unwrap_or(("", piece));
        if let Some(value) = number.parse::<usize>().ok().and_then(|number| values.get(number)) {
            let _ = write!(filled, "{value}");
        }
        filled.push_str(rest);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_filled_where_its_numbers_stand() {
        assert_eq!(fill("{1} de {0}.", &[&300, &"12"]), "12 de 300.");
        assert_eq!(fill("nada", &[]), "nada");
    }

    #[test]
    fn a_plural_says_one_and_many() {
        assert_eq!(Lang::Es.general_posts(1_u32), "1 publicación");
        assert_eq!(Lang::En.general_posts(0_usize), "0 posts");
    }

    #[test]
    fn a_tag_with_a_region_is_its_language() {
        assert_eq!(Lang::of_tag("en-GB"), Some(Lang::En));
        assert_eq!(Lang::of_tag("de"), None);
    }
}

//! A notice: something the page has to say, with its gravity. Separate from `toast`: a notice stays.

use leptos::prelude::*;

use super::{Glyph, el, icon::icon};

/// How grave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gravity {
    /// Good to know.
    #[default]
    Info,
    /// It went well.
    Good,
    /// Mind this.
    Warn,
    /// Something is wrong.
    Bad,
}

impl Gravity {
    /// As the style sheet calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Gravity::Info => "info",
            Gravity::Good => "good",
            Gravity::Warn => "warn",
            Gravity::Bad => "bad",
        }
    }

    /// The picture beside it.
    pub const fn glyph(self) -> Glyph {
        match self {
            Gravity::Info => Glyph::Info,
            Gravity::Good => Glyph::Check,
            Gravity::Warn | Gravity::Bad => Glyph::Alert,
        }
    }
}

/// A notice: in bold what it is about, below it the rest.
#[component]
pub fn Notice(
    /// How grave it is.
    #[prop(optional)]
    gravity: Gravity,
    /// What it is about, in a few words.
    #[prop(optional, into)]
    title: Option<String>,
    /// Whether it came up just now and is to be spoken.
    #[prop(optional)]
    spoken: bool,
    /// The rest.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let title = title.map(|title| el("strong", "").put(title));
    let body = el("div", "notice-body").put(title).put(children.map(|children| children()));
    let mut notice = el("div", "notice").with("data-hue", gravity.name()).put(icon(gravity.glyph())).put(body);
    if spoken {
        notice = notice.with("role", if matches!(gravity, Gravity::Bad) { "alert" } else { "status" });
    }
    notice.into_any()
}

//! What the reader prefers on this device: the language and the theme. Separate from `session`: both are there before
//! anybody has signed in.

use std::cell::Cell;

use leptos::prelude::*;
use words::Lang;

use crate::platform::{page, storage};

const LANG: &str = "pregon.lang";
const THEME: &str = "pregon.theme";

/// The look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the device says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast.
    Contrast,
}

impl Theme {
    /// Every look, in the order in which the desk offers them.
    pub const ALL: [Theme; 4] = [Theme::System, Theme::Light, Theme::Dark, Theme::Contrast];

    /// As the style sheet and the storage call it.
    pub const fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Contrast => "contrast",
        }
    }

    fn of_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }
}

/// The signals of both.
#[derive(Debug, Clone, Copy)]
pub struct Preferences {
    /// The language. The whole desk is drawn anew when it changes, so texts are plain strings everywhere.
    pub lang: RwSignal<Lang>,
    /// The look.
    pub theme: RwSignal<Theme>,
}

thread_local! {
    static SPOKEN: Cell<Lang> = const { Cell::new(Lang::Es) };
}

/// The language of the desk now. It needs no owner, so it can be asked after an await.
pub fn lang() -> Lang {
    SPOKEN.get()
}

impl Preferences {
    /// What this device remembers; Spanish in the system's look until somebody chose otherwise.
    pub fn load() -> Self {
        let lang = storage::read(LANG).and_then(|tag| Lang::of_tag(&tag)).unwrap_or_default();
        let theme = storage::read(THEME).map_or(Theme::System, |name| Theme::of_name(&name));
        apply(lang, theme);
        Self { lang: RwSignal::new(lang), theme: RwSignal::new(theme) }
    }

    /// Changes the language.
    pub fn speak(self, lang: Lang) {
        storage::keep(LANG, lang.tag());
        apply(lang, self.theme.get_untracked());
        self.lang.set(lang);
    }

    /// Changes the look.
    pub fn look(self, theme: Theme) {
        storage::keep(THEME, theme.name());
        apply(self.lang.get_untracked(), theme);
        self.theme.set(theme);
    }
}

fn apply(lang: Lang, theme: Theme) {
    SPOKEN.set(lang);
    page::set_root("lang", Some(lang.tag()));
    page::set_root("data-theme", (theme != Theme::System).then(|| theme.name()));
}

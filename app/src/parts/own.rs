//! The menu of who is signed in: who they are, a way out of the page, language, look, leaving. The desk and the
//! approver's page have the same one.

use leptos::prelude::*;
use words::{Lang, role_name};

use crate::{
    state::{
        lang,
        preferences::{Preferences, Theme},
        session,
    },
    ui::{Glyph, Menu, MenuItem},
};

/// The menu.
#[component]
pub fn OwnMenu(
    /// Leaves.
    #[prop(into)]
    leave: Callback<()>,
    /// The way to another page.
    children: Children,
) -> AnyView {
    let lang = lang();
    let preferences = use_context::<Preferences>();
    let (name, role) = session()
        .me
        .with_untracked(|me| me.as_ref().map(|me| (me.name.clone(), role_name(lang, me.role))))
        .unwrap_or_default();
    let languages = Lang::ALL.into_iter().filter(move |other| *other != lang).map(move |other| {
        let speak = move || {
            if let Some(preferences) = preferences {
                preferences.speak(other);
            }
        };
        view! { <MenuItem glyph=Glyph::Waves on_press=speak><span lang=other.tag()>{other.name()}</span></MenuItem> }
    });
    let themes = Theme::ALL.into_iter().map(move |theme| {
        let look = move || {
            if let Some(preferences) = preferences {
                preferences.look(theme);
            }
        };
        let mark = move || preferences.filter(|preferences| preferences.theme.get() == theme).map(|_| " ✓");
        view! { <MenuItem glyph=Glyph::Theme on_press=look>{theme_name(lang, theme)}{mark}</MenuItem> }
    });
    view! {
        <Menu label=lang.frame_own() glyph=Glyph::Key>
            <p class="menu-head"><strong>{name}</strong> <br/> {role}</p>
            {children()}
            <hr/>
            {languages.collect_view()}
            <hr/>
            {themes.collect_view()}
            <hr/>
            <MenuItem glyph=Glyph::Leave on_press=leave>{lang.frame_sign_out()}</MenuItem>
        </Menu>
    }
    .into_any()
}

/// The name of a look.
fn theme_name(lang: Lang, theme: Theme) -> &'static str {
    match theme {
        Theme::System => lang.frame_theme_system(),
        Theme::Light => lang.frame_theme_light(),
        Theme::Dark => lang.frame_theme_dark(),
        Theme::Contrast => lang.frame_theme_contrast(),
    }
}

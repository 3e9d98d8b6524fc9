//! The menu of who is signed in, and leaving.

use leptos::{prelude::*, task::spawn_local};
use words::Lang;

use super::outgoing::outgoing;
use crate::{
    api, keep,
    page::DESK,
    pile::pile,
    state::{
        lang,
        preferences::{Preferences, Theme},
        session, toasts,
    },
    ui::{ConfirmDialog, ConfirmTexts, Glyph, Icon, Menu, MenuItem},
};

/// The menu of who is signed in: the desk, language, look, leaving.
pub fn draw() -> AnyView {
    let (lang, session) = (lang(), session());
    let preferences = use_context::<Preferences>();
    let (name, role) = session
        .me
        .with_untracked(|me| me.as_ref().map(|me| (me.name.clone(), words::role_name(lang, me.role))))
        .unwrap_or_default();
    let asking = RwSignal::new(false);
    let go = move || {
        asking.set(false);
        spawn_local(leave());
    };
    let wish = move || if outgoing().parcels.with_untracked(Vec::is_empty) { go() } else { asking.set(true) };
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
    let texts = ConfirmTexts {
        title: lang.decide_leave_title().to_owned(),
        text: lang.decide_leave_text().to_owned(),
        act: lang.decide_leave_do().to_owned(),
        close: lang.general_cancel().to_owned(),
    };
    view! {
        <Menu label=lang.frame_own() glyph=Glyph::Key>
            <p class="menu-head"><strong>{name}</strong> <br/> {role}</p>
            <a href=DESK class="button quiet"><Icon glyph=Glyph::Home/>{lang.decide_desk()}</a>
            <hr/>
            {languages.collect_view()}
            <hr/>
            {themes.collect_view()}
            <hr/>
            <MenuItem glyph=Glyph::Leave on_press=wish>{lang.frame_sign_out()}</MenuItem>
        </Menu>
        <ConfirmDialog open=asking texts=Signal::stored(texts) on_confirm=go />
    }
    .into_any()
}

/// Signs out, and leaves nothing on the device.
async fn leave() {
    match api::call(&wire::session::SIGN_OUT, &[], &wire::Nothing {}).await {
        Ok(_) => {
            pile().wipe();
            outgoing().empty();
            keep::forget_all().await;
            session().forget();
        }
        Err(problem) => toasts::trouble(&problem),
    }
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

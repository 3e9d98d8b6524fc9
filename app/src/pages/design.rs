//! Every part of `ui/` in every state, for whoever draws or changes one; the tests compare it with what it looked like.
//! Separate from the other pages: it is shown only on the machine on which one works, and knows nobody's data.

mod fields;
mod previews;

use leptos::prelude::*;
use words::Lang;

use self::{fields::fields, previews::previews};
use crate::{
    routes,
    state::{
        lang,
        preferences::{Preferences, Theme},
        toasts,
    },
    ui::{
        Button, Chip, ConfirmDialog, ConfirmTexts, Dialog, Empty, Glyph, Gravity, Hue, Icon, LinkButton, Menu,
        MenuItem, Notice, Qr, ReasonDialog, ReasonTexts, Skeleton, Tone,
    },
};

const GRAVITIES: [Gravity; 4] = [Gravity::Info, Gravity::Good, Gravity::Warn, Gravity::Bad];
const HUES: [Hue; 5] = [Hue::Neutral, Hue::Info, Hue::Good, Hue::Warn, Hue::Bad];

/// The page.
#[component]
pub fn DesignPage() -> impl IntoView {
    let lang = lang();
    let all = [
        (lang.design_buttons(), buttons(lang)),
        (lang.design_chips(), chips(lang)),
        (lang.design_dialogs(), dialogs(lang)),
        (lang.design_empties(), empties(lang)),
        (lang.design_fields(), fields(lang)),
        (lang.design_icons(), icons()),
        (lang.design_menus(), menus(lang)),
        (lang.design_notices(), notices(lang)),
        (lang.design_code(), code(lang)),
        (lang.design_toasts(), short_words(lang)),
        (lang.design_previews(), previews(lang)),
    ];
    let sections = all.into_iter().map(|(name, parts)| {
        view! {
            <section class="card">
                <h2>{name}</h2>
                {parts}
            </section>
        }
        .into_any()
    });
    view! {
        <main class="page stack" id="main">
            <h1>{lang.design_title()}</h1>
            <p class="hint">{lang.design_text()}</p>
            <div class="row">{looks(lang)} {languages(lang)}</div>
            {sections.collect_view()}
        </main>
    }
    .into_any()
}

/// The looks to choose from.
fn looks(lang: Lang) -> AnyView {
    let preferences = use_context::<Preferences>();
    let one = move |theme: Theme| {
        let name = match theme {
            Theme::System => lang.frame_theme_system(),
            Theme::Light => lang.frame_theme_light(),
            Theme::Dark => lang.frame_theme_dark(),
            Theme::Contrast => lang.frame_theme_contrast(),
        };
        let look = move || {
            if let Some(preferences) = preferences {
                preferences.look(theme);
            }
        };
        view! { <Button on_press=look>{name}</Button> }.into_any()
    };
    Theme::ALL.into_iter().map(one).collect_view().into_any()
}

/// The languages to choose from.
fn languages(here: Lang) -> AnyView {
    let preferences = use_context::<Preferences>();
    let one = move |lang: Lang| {
        let speak = move || {
            if let Some(preferences) = preferences {
                preferences.speak(lang);
            }
        };
        view! { <Button tone=Tone::Quiet on_press=speak><span lang=lang.tag()>{lang.name()}</span></Button> }.into_any()
    };
    Lang::ALL.into_iter().filter(move |lang| *lang != here).map(one).collect_view().into_any()
}

fn buttons(lang: Lang) -> AnyView {
    let one = move |tone: Tone| {
        view! {
            <div class="row">
                <Button tone=tone>{lang.general_save()}</Button>
                <Button tone=tone glyph=Glyph::Plus>{lang.general_add()}</Button>
                <Button tone=tone busy=true>{lang.design_busy()}</Button>
                <Button tone=tone disabled=true>{lang.design_off()}</Button>
                <Button tone=tone bare=true glyph=Glyph::Pencil label=lang.design_bare()/>
                <LinkButton tone=tone glyph=Glyph::Link href=routes::DESIGN>{lang.design_link()}</LinkButton>
            </div>
        }
        .into_any()
    };
    let wide = view! { <div class="wide-button"><Button tone=Tone::Primary>{lang.general_next()}</Button></div> };
    let all = [Tone::Plain, Tone::Primary, Tone::Quiet, Tone::Danger].map(one);
    view! { {all.into_iter().collect_view()} {wide} }.into_any()
}

fn chips(lang: Lang) -> AnyView {
    let one = move |hue: Hue| view! { <Chip hue=hue text=lang.design_chip()/> }.into_any();
    view! { <div class="row">{HUES.into_iter().map(one).collect_view()}</div> }.into_any()
}

/// Each is opened by its button: a dialog that is open makes the rest inert.
fn dialogs(lang: Lang) -> AnyView {
    let [plain, wide, why, sure] = [(); 4].map(|()| RwSignal::new(false));
    let opens = [
        (lang.design_dialog(), plain),
        (lang.design_dialog_wide(), wide),
        (lang.design_dialog_reason(), why),
        (lang.design_dialog_sure(), sure),
    ];
    let opens = opens
        .into_iter()
        .map(|(name, open)| view! { <Button on_press=move || open.set(true)>{name}</Button> }.into_any());
    let reason = ReasonTexts {
        title: lang.design_dialog_reason().to_owned(),
        text: lang.design_sentence().to_owned(),
        reason: lang.general_reason().to_owned(),
        hint: lang.general_reason_hint().to_owned(),
        act: lang.general_confirm().to_owned(),
        close: lang.general_cancel().to_owned(),
    };
    let texts = Signal::derive(move || ConfirmTexts {
        title: lang.design_dialog_sure().to_owned(),
        text: lang.design_sentence().to_owned(),
        act: lang.general_remove().to_owned(),
        close: lang.general_cancel().to_owned(),
    });
    view! {
        <div class="row">{opens.collect_view()}</div>
        <Dialog open=plain title=lang.design_dialog() close=lang.general_close()>
            <p>{lang.design_sentence()}</p>
        </Dialog>
        <Dialog open=wide wide=true title=lang.design_dialog_wide() close=lang.general_close()>
            <p>{lang.design_sentence()}</p>
        </Dialog>
        <ReasonDialog open=why texts=reason on_reason=move |_: String| why.set(false)/>
        <ConfirmDialog open=sure texts=texts on_confirm=move || sure.set(false)/>
    }
    .into_any()
}

fn empties(lang: Lang) -> AnyView {
    view! {
        <Empty title=lang.design_empty() text=lang.design_sentence()/>
        <Empty title=lang.design_empty() text=lang.design_sentence() glyph=Glyph::Calendar>
            <Button tone=Tone::Primary>{lang.general_add()}</Button>
        </Empty>
        <Skeleton label=lang.general_loading()/>
    }
    .into_any()
}

fn icons() -> AnyView {
    let one = |glyph: Glyph| view! { <Icon glyph=glyph/> }.into_any();
    view! { <div class="row">{Glyph::ALL.into_iter().map(one).collect_view()}</div> }.into_any()
}

fn menus(lang: Lang) -> AnyView {
    let nothing = || {};
    let items = move || {
        view! {
            <MenuItem glyph=Glyph::Copy on_press=nothing>{lang.general_copy()}</MenuItem>
            <MenuItem on_press=nothing>{lang.general_print()}</MenuItem>
            <MenuItem disabled=true on_press=nothing>{lang.design_off()}</MenuItem>
            <MenuItem glyph=Glyph::Bin danger=true on_press=nothing>{lang.general_remove()}</MenuItem>
        }
        .into_any()
    };
    view! {
        <div class="row">
            <Menu label=lang.design_menu()>{items()}</Menu>
            <Menu label=lang.design_menu() glyph=Glyph::Dots>{items()}</Menu>
            <Menu label=lang.design_menu() glyph=Glyph::Dots spelled=true>{items()}</Menu>
        </div>
    }
    .into_any()
}

fn notices(lang: Lang) -> AnyView {
    let one = move |gravity: Gravity| {
        view! {
            <Notice gravity=gravity title=lang.design_sentence()>
                <p>{lang.design_again()}</p>
            </Notice>
        }
        .into_any()
    };
    view! {
        {GRAVITIES.into_iter().map(one).collect_view()}
        <Notice title=lang.design_sentence()/>
    }
    .into_any()
}

fn code(lang: Lang) -> AnyView {
    view! { <Qr text=lang.design_sentence() label=lang.design_code()/> }.into_any()
}

/// As many as there are, where the desk shows them: each closes as it would anywhere.
fn short_words(lang: Lang) -> AnyView {
    let say = move || {
        for gravity in GRAVITIES {
            toasts::say(gravity, lang.design_sentence());
        }
        toasts::offer(lang.design_sentence(), lang.general_reload(), || {});
    };
    view! { <div class="row"><Button on_press=say>{lang.design_toast()}</Button></div> }.into_any()
}

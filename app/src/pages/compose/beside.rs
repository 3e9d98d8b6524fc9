//! The source of a translation, above it or beside it, with the words that changed in it since the translation was last written.
//! What changed stays in sight while somebody writes: the first letter would take away what the rest is written from.

use domain::{Language, difference::words::difference, translation::Original};
use leptos::prelude::*;
use wire::posts::{TRANSLATED, Translated};
use words::language_name;

use super::{editor::Editor, texts};
use crate::{
    api,
    parts::{ProblemNotice, Work, by_word},
    platform::page,
    state::toasts,
    ui::Button,
};

/// The source of what is written in a language; nothing of what is no translation.
#[component]
pub fn Beside(editor: Editor, language: Language) -> AnyView {
    let lang = editor.lang;
    let id = ["source-of-", language.as_str()].concat();
    let may_write = editor.may_text(&language);
    let key = StoredValue::new(language);
    let is_shown = Memo::new(move |_| key.with_value(|key| editor.language.with(|shown| shown == key)));
    // A key in the source is no business of a panel that nobody sees.
    let lag = Memo::new(move |_| if is_shown.get() { key.with_value(|key| editor.lag(key)) } else { None });
    let open = RwSignal::new(false);
    let from = RwSignal::new(None::<Original>);
    Effect::new(move |_| {
        if let Some(original) = lag.get() {
            from.set(Some(original));
            open.set(true);
        }
    });
    let now = Memo::new(move |_| {
        if !is_shown.get() {
            return None;
        }
        let made_from = from.with(|from| from.as_ref().map(|from| from.language.clone()));
        let source = made_from.or_else(|| editor.source())?;
        let is_other = key.with_value(|key| *key != source);
        is_other.then(|| editor.seen.with(|content| Original::of(content, &source)))
    });
    let tag = move || now.with(|now| now.as_ref().map(|now| now.language.to_string()));
    let name =
        move || now.with(|now| now.as_ref().map(|now| lang.translation_source(language_name(lang, &now.language))));
    let work = Work::new();
    let settle = move || {
        let language = key.get_value();
        let field = texts::text_id(&language);
        let call = async move {
            editor.store().await?;
            let translated = Translated { version: editor.version(), language };
            api::call(&TRANSLATED, &[editor.id.get_value().as_str()], &translated).await
        };
        work.run(call, move |view| {
            editor.follow(&view);
            from.set(None);
            toasts::done(lang.translation_settled());
            // What was pressed is gone.
            page::focus(&field);
        });
    };
    let told = move || {
        let source = language_name(lang, &lag.get()?.language).to_string();
        // A correction is proposed as a whole: what is behind in it is said, and nothing of it is stored before.
        let button = (may_write && !editor.correcting).then(|| {
            view! { <Button busy=work.busy on_press=settle>{lang.translation_settle()}</Button> }
        });
        Some(view! {
            <div class="notice" data-hue="warn">
                <div class="notice-body"><p>{lang.translation_behind(source)}</p></div>
                {button}
            </div>
        })
    };
    // Somebody has written since: that is taken for a translation of what stands there.
    let written = move || {
        let changed = from.with(|from| from.is_some() && now.with(|now| now.is_some() && now != from));
        (changed && lag.with(Option::is_none)).then(|| view! { <p class="hint">{lang.translation_written()}</p> })
    };
    let said = move |of: fn(&Original) -> &str| {
        now.with(|now| {
            from.with(|from| {
                let now = now.as_ref()?;
                Some(match from {
                    Some(from) => by_word(&difference(of(from), of(now))),
                    None => of(now).to_owned().into_any(),
                })
            })
        })
    };
    let controls = id.clone();
    view! {
        <Show when=move || now.with(Option::is_some)>
            <div class="source">
                <div role="status">{told}</div>
                <ProblemNotice problem=work.problem />
                <button type="button" class="button quiet" aria-expanded=move || open.get().to_string()
                    aria-controls=controls.clone() on:click=move |_| open.update(|open| *open = !*open)>
                    {name}
                </button>
                <section id=id.clone() class="source-said" hidden=move || !open.get() aria-label=name>
                    <p class="source-title" lang=tag>{move || said(|one| one.title.as_str())}</p>
                    <p lang=tag>{move || said(|one| one.text.as_str())}</p>
                </section>
                {written}
            </div>
        </Show>
    }
    .into_any()
}

//! Beginning from a link: a page is named, read by the engine and shown, and its words become the draft's. What is written already is never
//! written over without asking; where the page cannot be read, its address alone is a beginning too.
//!
//! Separate from the rest of the composer, as `filling` is: most posts begin with an empty sheet.

use domain::{
    content::is_web_address,
    webpage::{self, ADDRESS, Page},
};
use leptos::{ev, prelude::*};
use wire::webpages::{READ_PAGE, ReadPage};
use words::language_name;

use super::editor::Editor;
use crate::{
    api,
    parts::{ProblemNotice, Work},
    platform::{
        page,
        time::{self, Form},
    },
    state::{lang, toasts},
    ui::{Button, Dialog, Gravity, Notice, TextField, Tone},
};

/// What the field takes.
const MOST: u32 = ADDRESS as u32;

/// What the composer hands over: the draft, and whether the dialog is shown.
#[derive(Clone, Copy)]
pub struct Linking {
    /// The draft.
    pub editor: Editor,
    /// Whether the dialog is shown.
    pub open: RwSignal<bool>,
}

/// What the parts of the dialog share.
#[derive(Clone, Copy)]
struct Desk {
    editor: Editor,
    open: RwSignal<bool>,
    typed: RwSignal<String>,
    found: RwSignal<Option<Page>>,
    work: Work,
}

/// The dialog.
#[component]
pub fn FromLink() -> AnyView {
    let Some(Linking { editor, open: there }) = use_context::<Linking>() else { return ().into_any() };
    let lang = lang();
    // Closed first and taken away afterwards: the browser then gives the focus back to what opened it.
    let open = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            there.set(false);
        }
    });
    let (typed, found) = (RwSignal::new(String::new()), RwSignal::new(None));
    let desk = Desk { editor, open, typed, found, work: Work::new() };
    view! {
        <Dialog open title=lang.from_link_title() close=lang.general_close() wide=true>
            <div class="stack">
                {asking(desk)}
                {move || found.get().map(|page| said(desk, page))}
            </div>
        </Dialog>
    }
    .into_any()
}

/// The address, and what came of asking for it.
fn asking(desk: Desk) -> AnyView {
    let lang = lang();
    let Desk { typed, found, work, .. } = desk;
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let address = typed.get_untracked();
        let call = async move { api::call(&READ_PAGE, &[], &ReadPage { address }).await };
        found.set(None);
        work.run(call, move |page| found.set(Some(page)));
    };
    let empty = Signal::derive(move || typed.with(|typed| typed.trim().is_empty()));
    // An address that is none is no beginning either.
    let alone = move || {
        let address = webpage::address(&typed.get()).ok().filter(|address| is_web_address(address));
        address.filter(|_| work.problem.with(Option::is_some))
    };
    view! {
        <form class="stack" novalidate on:submit=submit>
            <TextField label=lang.from_link_address() hint=lang.from_link_hint() kind="url" value=typed most=MOST first=true required=true/>
            <div class="actions">
                <Button tone=Tone::Primary submit=true busy=work.busy disabled=empty>{lang.from_link_read()}</Button>
            </div>
            <ProblemNotice problem=work.problem/>
            {move || alone().map(|address| {
                let other = desk.editor.content.with(|content| content.link.as_ref().is_some_and(|link| *link != address));
                let act = if other { lang.from_link_alone_replace() } else { lang.from_link_alone() };
                view! {
                    <div class="actions">
                        <Button on_press=move || begin_alone(desk, &address)>{act}</Button>
                    </div>
                }
            })}
        </form>
    }
    .into_any()
}

/// What the page says, as its card will show it, and what is done with it.
fn said(desk: Desk, page: Page) -> AnyView {
    let lang = lang();
    let languages = desk.editor.me.with_value(|me| me.organisation.languages.clone());
    let over = desk.editor.content.with_untracked(|content| page.overwrites(content, &languages));
    let begins = page.begins_in(&languages).map(|language| lang.from_link_language(language_name(lang, language)));
    let foreign =
        page.language.as_ref().zip(page.begins_in(&languages)).filter(|(own, begun)| own.primary() != begun.primary());
    let foreign = foreign.map(|(own, _)| lang.from_link_foreign(language_name(lang, own)));
    let day = page.published.map(|day| lang.from_link_published(time::date(day, lang.tag(), Form::Date)));
    let tag = page.language.as_ref().map(ToString::to_string);
    let Page { address, title, description, site, picture, .. } = page.clone();
    let drawn = picture.is_some();
    let put = move || begin(desk, &page);
    let (act, tone) = match over {
        true => (lang.from_link_replace(), Tone::Danger),
        false => (lang.from_link_do(), Tone::Primary),
    };
    view! {
        <section class="stack" aria-labelledby="from-link-card">
            <h3 id="from-link-card">{lang.from_link_card()}</h3>
            <div class="from-link-card" lang=tag>
                {picture.map(|picture| view! { <img src=picture alt="" /> })}
                <div>
                    {(!site.is_empty()).then(|| view! { <p class="hint">{site}</p> })}
                    <p><strong>{title}</strong></p>
                    {(!description.is_empty()).then(|| view! { <p>{description}</p> })}
                    <p class="hint from-link-address">{address}</p>
                </div>
            </div>
            <ul class="hint">
                {begins.map(|text| view! { <li>{text}</li> })}
                {foreign.map(|text| view! { <li>{text}</li> })}
                {day.map(|text| view! { <li>{text}</li> })}
                <li>{if drawn { lang.from_link_picture() } else { lang.from_link_no_picture() }}</li>
                <li>{lang.from_link_words()}</li>
            </ul>
            {over.then(|| view! {
                <Notice gravity=Gravity::Warn spoken=true title=lang.from_link_over()><p>{lang.from_link_over_text()}</p></Notice>
            })}
            <div class="actions end">
                <Button on_press=move || desk.open.set(false)>{lang.general_cancel()}</Button>
                <Button tone on_press=put>{act}</Button>
            </div>
        </section>
    }
    .into_any()
}

/// Into the draft, which is stored as if it had been typed.
fn begin(desk: Desk, page: &Page) {
    let Desk { editor, open, .. } = desk;
    let languages = editor.me.with_value(|me| me.organisation.languages.clone());
    editor.content.update(|content| page.pour(content, &languages));
    open.set(false);
    toasts::done(lang().from_link_begun());
    if let Some(language) = page.begins_in(&languages).cloned() {
        let field = super::texts::text_id(&language);
        editor.language.set(language);
        request_animation_frame(move || page::focus(&field));
    }
}

/// The address alone. Whoever pressed this has read it in the field, and whether another is replaced.
fn begin_alone(desk: Desk, address: &str) {
    desk.editor.content.update(|content| content.link = Some(address.to_owned()));
    desk.open.set(false);
    toasts::done(lang().from_link_alone_done());
    request_animation_frame(|| page::focus("link"));
}

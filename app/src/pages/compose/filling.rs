//! Beginning with a template: choose one, fill in its blanks, see what comes of it, put it into the draft. What is written
//! already is never written over without asking.
//!
//! Separate from the rest of the composer, and fetched when it is asked for: most posts begin with an empty sheet.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    Belonging, Language, Refusal, Template, TemplateId,
    basis::Basis,
    template::{Blank, Filled, Takes, Value, Values},
};
use leptos::{ev, prelude::*};
use wire::{Nothing, texts::TEMPLATES};
use words::{language_name, takes_hint};

use super::editor::Editor;
use crate::{
    api::{self, Problem},
    pages::around::Fetched,
    parts::problem_sentence,
    platform::{page, time},
    routes,
    state::{lang, toasts},
    ui::{Button, Dialog, Gravity, Notice, Select, TextArea, TextField, Tone},
};

/// What the composer hands over: the draft, whether it is open, and the template that was asked for by the address.
#[derive(Clone)]
pub struct Beginning {
    /// The draft.
    pub editor: Editor,
    /// Whether the dialog is shown.
    pub open: RwSignal<bool>,
    /// The template to begin with.
    pub first: Option<TemplateId>,
}

/// What is typed into a blank: one field, or one for each language.
#[derive(Debug, Clone)]
struct Field {
    blank: Blank,
    each: Vec<(Option<Language>, RwSignal<String>)>,
}

/// What the parts of the dialog share.
#[derive(Clone, Copy)]
struct Desk {
    editor: Editor,
    open: RwSignal<bool>,
    today: NaiveDate,
    languages: StoredValue<Vec<Language>>,
}

/// The dialog.
#[component]
pub fn Filling() -> AnyView {
    let Some(Beginning { editor, open: there, first }) = use_context::<Beginning>() else { return ().into_any() };
    let lang = lang();
    // Closed first and taken away afterwards: the browser then gives the focus back to what opened it.
    let open = RwSignal::new(true);
    Effect::new(move |_| {
        if !open.get() {
            there.set(false);
        }
    });
    let (today, languages) = editor
        .me
        .with_value(|me| (me.zone.civil(time::now()).date(), StoredValue::new(me.organisation.languages.clone())));
    let desk = Desk { editor, open, today, languages };
    let all = Fetched::new(|| async { api::call(&TEMPLATES, &[], &Nothing {}).await });
    let first = StoredValue::new(first.map(|id| id.to_string()));
    view! {
        <Dialog open title=lang.texts_begin_title() close=lang.general_close() wide=true>
            {move || all.draw(move |templates: Vec<Template>| choosing(desk, templates, first.get_value()))}
        </Dialog>
    }
    .into_any()
}

/// Whether it can be used today, and says something in a language of the organisation.
fn is_for(desk: Desk, template: &Template) -> bool {
    let speaks = desk.languages.with_value(|all| template.body.texts.keys().any(|language| all.contains(language)));
    speaks && template.body.is_offered(desk.today)
}

fn choosing(desk: Desk, templates: Vec<Template>, first: Option<String>) -> AnyView {
    let lang = lang();
    // Somebody followed an address of one that is over: that is said, and not another shown in its place.
    let gone = first.as_ref().is_some_and(|id| !templates.iter().any(|one| one.id.as_str() == id && is_for(desk, one)));
    let usable: Vec<Template> = templates.into_iter().filter(|one| is_for(desk, one)).collect();
    let Some(head) = usable.first().map(|one| one.id.to_string()) else {
        return view! {
            <p>{lang.texts_begin_none()}</p>
            <p><a href=routes::TEXTS>{lang.texts_title()}</a></p>
        }
        .into_any();
    };
    let options: Vec<_> = usable.iter().map(|one| (one.id.to_string(), one.body.name.clone())).collect();
    let chosen = RwSignal::new(first.filter(|_| !gone).unwrap_or(head));
    let usable = StoredValue::new(usable);
    let form = move || {
        let id = chosen.get();
        let template = usable.with_value(|all| all.iter().find(|one| one.id.as_str() == id).cloned());
        template.map(|template| blanks(desk, template))
    };
    view! {
        <div class="stack">
            {gone.then(|| view! { <Notice gravity=Gravity::Warn title=lang.texts_begin_gone()/> })}
            <Select label=lang.texts_begin_which() value=chosen options/>
            {form}
        </div>
    }
    .into_any()
}

fn fields(desk: Desk, template: &Template) -> Vec<Field> {
    let languages: Vec<Language> = desk
        .languages
        .with_value(|all| all.iter().filter(|one| template.body.texts.contains_key(*one)).cloned().collect());
    let field = |blank: &Blank| {
        let new = || RwSignal::new(String::new());
        let each = if blank.takes == Takes::Text && languages.len() > 1 {
            languages.iter().map(|language| (Some(language.clone()), new())).collect()
        } else {
            vec![(None, new())]
        };
        Field { blank: blank.clone(), each }
    };
    template.body.blanks.iter().map(field).collect()
}

/// What was typed, as the rule takes it. Tracks.
fn values(fields: &[Field]) -> Values {
    let value = |field: &Field| match &field.each[..] {
        [(None, text)] => Value::Same(text.get()),
        each => {
            let texts = each.iter().filter_map(|(language, text)| Some((language.clone()?, text.get())));
            Value::Each(texts.collect::<BTreeMap<_, _>>())
        }
    };
    fields.iter().map(|field| (field.blank.name.clone(), value(field))).collect()
}

/// The name of the blank that a refusal speaks of.
fn blank_of(refusal: &Refusal) -> Option<&str> {
    match refusal {
        Refusal::BlankWanted { blank } | Refusal::BadBlank { blank } | Refusal::UnknownBlank { blank } => Some(blank),
        _ => None,
    }
}

fn said(refusal: &Refusal) -> String {
    problem_sentence(&Problem::from(refusal.clone())).to_string()
}

fn blanks(desk: Desk, template: Template) -> AnyView {
    let lang = lang();
    let fields = StoredValue::new(fields(desk, &template));
    let template = StoredValue::new(template);
    let outcome = Memo::new(move |_| {
        let values = fields.with_value(|fields| values(fields));
        template.with_value(|template| template.body.fill(&values, desk.today))
    });
    // Nobody is scolded for what they have not come to yet.
    let pressed = RwSignal::new(false);
    let asking = RwSignal::new(false);
    let controls =
        fields.with_value(|fields| fields.iter().map(|field| control(field, outcome, pressed)).collect::<Vec<_>>());
    let basis = move || template.with_value(Template::basis);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        pressed.set(true);
        if let Ok(filled) = outcome.get_untracked() {
            let over = desk.languages.with_value(|languages| {
                desk.editor.content.with_untracked(|content| filled.overwrites(content, languages))
            });
            if over { asking.set(true) } else { put(desk, &filled, basis()) }
        }
    };
    let replace = move || {
        if let Ok(filled) = outcome.get_untracked() {
            put(desk, &filled, basis());
        }
    };
    let by = template.with_value(|template| template.body.basis.clone());
    view! {
        <form class="stack" novalidate on:submit=submit>
            {(!by.is_empty()).then(|| view! { <p class="hint">{lang.texts_basis_is(by)}</p> })}
            {controls}
            {result(desk, outcome)}
            {move || asking.get().then(|| view! {
                <Notice gravity=Gravity::Warn spoken=true title=lang.texts_begin_over()>
                    <p>{lang.texts_begin_over_text()}</p>
                    <Button tone=Tone::Danger on_press=replace>{lang.texts_begin_replace()}</Button>
                </Notice>
            })}
            <p class="error" role="alert">
                {move || pressed.get().then(|| outcome.with(|outcome| outcome.as_ref().err().map(said)))}
            </p>
            <div class="actions end">
                <Button on_press=move || desk.open.set(false)>{lang.general_cancel()}</Button>
                <Button tone=Tone::Primary submit=true>{lang.texts_begin_do()}</Button>
            </div>
        </form>
    }
    .into_any()
}

/// The field of a blank, or one for each language.
fn control(field: &Field, outcome: Memo<Result<Filled, Refusal>>, pressed: RwSignal<bool>) -> AnyView {
    let lang = lang();
    let own: Vec<Language> = lang.tag().parse::<Language>().into_iter().collect();
    let Blank { name, takes, label, hint, required } = field.blank.clone();
    let label = label.read(&own).to_owned();
    let label = if required { label } else { [label.as_str(), " (", lang.general_optional(), ")"].concat() };
    let hint = match hint.read(&own) {
        "" => takes_hint(lang, takes).map(str::to_owned),
        hint => Some(hint.to_owned()),
    };
    let name = StoredValue::new(name);
    let error = Signal::derive(move || {
        let here = |refusal: &Refusal| name.with_value(|name| blank_of(refusal) == Some(name));
        outcome.with(|outcome| outcome.as_ref().err().filter(|refusal| pressed.get() && here(refusal)).map(said))
    });
    let each = field.each.iter().map(|(language, value)| {
        let value = *value;
        let label = match language {
            Some(language) => [label.as_str(), " (", &language_name(lang, language), ")"].concat(),
            None => label.clone(),
        };
        let hint = hint.clone();
        let kind = match takes {
            Takes::Text => {
                let tag = language.as_ref().map(ToString::to_string);
                return match (tag, hint) {
                    (Some(tag), Some(hint)) => {
                        view! { <TextArea label hint value error lang=tag rows=2 required/> }.into_any()
                    }
                    (Some(tag), None) => view! { <TextArea label value error lang=tag rows=2 required/> }.into_any(),
                    (None, Some(hint)) => view! { <TextArea label hint value error rows=2 required/> }.into_any(),
                    (None, None) => view! { <TextArea label value error rows=2 required/> }.into_any(),
                };
            }
            Takes::Date => "date",
            Takes::Time => "time",
            Takes::Link => "url",
            Takes::Number | Takes::Place => "text",
        };
        match hint {
            Some(hint) => view! { <TextField label hint value error kind required/> }.into_any(),
            None => view! { <TextField label value error kind required/> }.into_any(),
        }
    });
    each.collect::<Vec<_>>().into_any()
}

/// What comes of it, in each language of the draft.
fn result(desk: Desk, outcome: Memo<Result<Filled, Refusal>>) -> AnyView {
    let lang = lang();
    let shown = move || {
        let Ok(filled) = outcome.get() else {
            return view! { <p class="hint">{lang.texts_begin_not_yet()}</p> }.into_any();
        };
        let texts = filled.texts.iter().filter(|(language, _)| desk.languages.with_value(|all| all.contains(language)));
        let each = texts.map(|(language, text)| {
            let (tag, title) = (language.to_string(), filled.titles.get(language).cloned());
            view! {
                <div class="texts-result" lang=tag>
                    <p class="hint" lang=lang.tag()>{language_name(lang, language).to_string()}</p>
                    {title.map(|title| view! { <p><strong>{title}</strong></p> })}
                    <p class="texts-said">{text.clone()}</p>
                </div>
            }
        });
        each.collect::<Vec<_>>().into_any()
    };
    view! {
        <section aria-labelledby="texts-result">
            <h3 id="texts-result">{lang.texts_begin_result()}</h3>
            {shown}
        </section>
    }
    .into_any()
}

/// Into the draft, which is stored as if it had been typed.
fn put(desk: Desk, filled: &Filled, basis: Basis) {
    let editor = desk.editor;
    let now = editor.wish.get_untracked().unwrap_or_else(|| editor.belongs.get_untracked());
    // What somebody chose for this post stays.
    let Belonging { campaign, pillar, audience, message } = filled.belongs.clone();
    let under = now.pillar.clone().or_else(|| pillar.clone());
    let wish = Belonging {
        campaign: now.campaign.clone().or(campaign),
        audience: now.audience.clone().or(audience),
        // The template's message is of the template's pillar.
        message: now.message.clone().or_else(|| message.filter(|_| under == pillar)),
        pillar: under,
    };
    if wish != now {
        editor.wish.set(Some(wish));
    }
    desk.languages.with_value(|languages| {
        editor.content.update(|content| {
            filled.pour(content, languages);
            content.basis = Some(basis);
        });
    });
    desk.open.set(false);
    toasts::done(lang().texts_begun());
    let first = desk.languages.with_value(|all| all.iter().find(|one| filled.texts.contains_key(*one)).cloned());
    if let Some(language) = first {
        request_animation_frame(move || page::focus(&["text-", language.as_str()].concat()));
    }
}

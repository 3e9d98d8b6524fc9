//! A field in which a prepared text is written, with what the composer has beside its own: emoji and signs, and where what comes of it
//! may name somebody, the book. Separate from `ui`, whose fields know neither.

use leptos::{ev, html::Textarea, prelude::*};

use crate::{
    pages::{
        naming::{Book, Naming},
        symbols,
    },
    ui::unique,
};

/// What a field is called, and how much it takes.
pub struct Asked {
    /// Its name.
    pub label: String,
    /// What helps to fill it; nothing where it speaks for itself.
    pub hint: Option<String>,
    /// The language of what is written.
    pub tag: String,
    /// The most characters.
    pub most: u32,
}

/// A field of one line.
pub fn line(asked: Asked, value: RwSignal<String>) -> AnyView {
    let Asked { label, hint, tag, most } = asked;
    let id = unique("written");
    let (hint_id, hint) = described(&id, hint);
    view! {
        <div class="field">
            <label for=id.clone()>{label.clone()}</label>
            {hint}
            <input id=id.clone() class="input" type="text" autocomplete="off" lang=tag spellcheck="true" maxlength=most.to_string()
                aria-describedby=hint_id prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))/>
            {symbols::offered(&id, &label, false)}
        </div>
    }
    .into_any()
}

/// A field of so many lines; with a book, it may name whoever is in it.
pub fn lines(asked: Asked, value: RwSignal<String>, rows: u32, book: Option<Book>) -> AnyView {
    let Asked { label, hint, tag, most } = asked;
    let id = unique("written");
    let (hint_id, hint) = described(&id, hint);
    let area = NodeRef::<Textarea>::new();
    let naming = book.map(|book| Naming::new(book, area));
    let typed = move |event| {
        value.set(event_target_value(&event));
        if let Some(naming) = naming {
            naming.typed();
        }
    };
    let pressed = move |event: ev::KeyboardEvent| {
        if let Some(naming) = naming {
            naming.key(&event);
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label.clone()}</label>
            {hint}
            <textarea id=id.clone() class="input" rows=rows.to_string() lang=tag spellcheck="true" maxlength=most.to_string()
                node_ref=area aria-describedby=hint_id prop:value=move || value.get() on:input=typed on:keydown=pressed></textarea>
            {naming.map(Naming::draw)}
            {symbols::offered(&id, &label, false)}
        </div>
    }
    .into_any()
}

/// The hint of a field, and by what the field names it.
fn described(id: &str, hint: Option<String>) -> (Option<String>, Option<AnyView>) {
    let Some(hint) = hint else { return (None, None) };
    let hint_id = [id, "-hint"].concat();
    let drawn = view! { <p class="hint" id=hint_id.clone()>{hint}</p> }.into_any();
    (Some(hint_id), Some(drawn))
}

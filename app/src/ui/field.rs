//! Fields of a form: a label above, a hint below it, the error under the field and bound to it. Separate from the
//! forms: that a field is named and its error spoken is settled here, once.

use leptos::{ev, prelude::*};

use super::unique;

/// Whether a field's error is there.
fn invalid(error: Signal<Option<String>>) -> Option<&'static str> {
    error.with(Option::is_some).then_some("true")
}

/// The frame around a control, by its `id`: `make` is given that and what describes it.
fn framed(
    id: String,
    label: String,
    hint: Option<String>,
    error: Signal<Option<String>>,
    make: impl FnOnce(String, String) -> AnyView,
) -> AnyView {
    let (hint_id, error_id) = ([&id, "-hint"].concat(), [&id, "-error"].concat());
    let described = [hint_id.as_str(), error_id.as_str()].join(" ");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            {make(id, described)}
            <p class="error" id=error_id aria-live="polite">
                {move || error.get()}
            </p>
        </div>
    }
    .into_any()
}

/// A field of one line.
#[component]
pub fn TextField(
    /// Its name.
    #[prop(into)]
    label: String,
    /// What is in it.
    value: RwSignal<String>,
    /// What helps to fill it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether it may not stay empty.
    #[prop(optional)]
    required: bool,
    /// The most characters it takes.
    #[prop(default = 200)]
    most: u32,
    /// Whether it cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether it is where the writing begins.
    #[prop(optional)]
    first: bool,
    /// The language of what is written: it is spelled by that one, and read aloud in it.
    #[prop(optional, into)]
    lang: Option<String>,
    /// Its `id`, where something else puts the focus there.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let spelled = lang.is_some().then_some("true");
    framed(id.unwrap_or_else(|| unique("field")), label, hint, error, move |id, described| {
        view! {
            <input
                id=id
                class="input"
                type=kind
                autocomplete=autocomplete
                lang=lang
                spellcheck=spelled
                required=required
                maxlength=most.to_string()
                autofocus=first
                aria-describedby=described
                aria-invalid=move || invalid(error)
                disabled=move || disabled.get()
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            />
        }
        .into_any()
    })
}

/// A field of several lines.
#[component]
pub fn TextArea(
    /// Its name.
    #[prop(into)]
    label: String,
    /// What is in it.
    value: RwSignal<String>,
    /// What helps to fill it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The language of what is written: it is spelled by that one, and read aloud in it.
    #[prop(optional, into)]
    lang: Option<String>,
    /// Lines to show.
    #[prop(default = 3)]
    rows: u32,
    /// Whether it may not stay empty.
    #[prop(optional)]
    required: bool,
    /// Whether it is where the writing begins.
    #[prop(optional)]
    first: bool,
    /// The most characters it takes.
    #[prop(default = 2_000)]
    most: u32,
) -> impl IntoView {
    let spelled = lang.is_some().then_some("true");
    framed(unique("field"), label, hint, error, move |id, described| {
        view! {
            <textarea
                id=id
                class="input"
                rows=rows.to_string()
                lang=lang
                spellcheck=spelled
                required=required
                autofocus=first
                maxlength=most.to_string()
                aria-describedby=described
                aria-invalid=move || invalid(error)
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        }
        .into_any()
    })
}

/// A choice of one among few.
#[component]
pub fn Select(
    /// Its name.
    #[prop(into)]
    label: String,
    /// The value that is chosen.
    value: RwSignal<String>,
    /// Values and their names.
    options: Vec<(String, String)>,
    /// What helps to choose.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    framed(unique("field"), label, hint, error, move |id, described| {
        let options = options.into_iter().map(|(option, name)| {
            let own = option.clone();
            // `selected` on the option and not `value` on the select: the options come after the select.
            view! { <option value=option prop:selected=move || value.with(|value| *value == own)>{name}</option> }
        });
        view! {
            <select
                id=id
                class="input"
                aria-describedby=described
                aria-invalid=move || invalid(error)
                on:change=move |event| value.set(event_target_value(&event))
            >
                {options.collect_view()}
            </select>
        }
        .into_any()
    })
}

/// A yes or no.
#[component]
pub fn Checkbox(
    /// What is agreed to.
    #[prop(into)]
    label: String,
    /// Whether it is.
    #[prop(into)]
    checked: Signal<bool>,
    /// What happens when it changes.
    #[prop(into)]
    on_change: Callback<bool>,
    /// What helps to decide.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let change = move |event: ev::Event| on_change.run(event_target_checked(&event));
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || checked.get() on:change=change/>
            <span>{label} {hint.map(|hint| view! { <span class="hint">{hint}</span> })}</span>
        </label>
    }
    .into_any()
}

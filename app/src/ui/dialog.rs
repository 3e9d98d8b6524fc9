//! A dialog: the browser's own `<dialog>`, which keeps the focus, closes on Escape and makes the rest inert.
//! `ReasonDialog` asks the one question that many acts ask: why?

use leptos::{ev, html, prelude::*};

use super::{Button, Glyph, TextArea, Tone, unique};

/// A dialog that is shown while `open` is true. Its content is made when it opens and dropped when it closes.
#[component]
pub fn Dialog(
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: String,
    /// The name of the button that closes it.
    #[prop(into)]
    close: String,
    /// Whether it needs room.
    #[prop(optional)]
    wide: bool,
    /// Asked before it closes by Escape or by its button: whether it may. Without, it always may.
    #[prop(optional)]
    may_close: Option<Callback<(), bool>>,
    /// What is in it.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let may = move || may_close.is_none_or(|may| may.run(()));
    // A field for a file in it tells of its own cancelling, and that bubbles.
    let cancelled = move |event: ev::Event| {
        if event.target() == event.current_target() && !may() {
            event.prevent_default();
        }
    };
    let heading = unique("dialog");
    Effect::new(move |_| {
        let (shown, Some(dialog)) = (open.get(), node.get()) else { return };
        if !shown {
            dialog.close();
            return;
        }
        // After the content is there, so that `autofocus` in it is honoured.
        request_animation_frame(move || {
            if !dialog.open() {
                // Fails only for a dialog that is not in the page any more.
                let _ = dialog.show_modal();
            }
        });
    });
    let labelled = heading.clone();
    view! {
        <dialog
            class="dialog"
            class:wide=wide
            node_ref=node
            aria-labelledby=labelled
            on:cancel=cancelled
            on:close=move |_| open.set(false)
        >
            {move || {
                open.get()
                    .then(|| {
                        view! {
                            <header class="dialog-head">
                                <h2 id=heading.clone()>{title.clone()}</h2>
                                <Button
                                    tone=Tone::Quiet
                                    bare=true
                                    glyph=Glyph::Cross
                                    label=close.clone()
                                    on_press=move || {
                                        if may() {
                                            open.set(false);
                                        }
                                    }
                                />
                            </header>
                            <div class="dialog-body">{children()}</div>
                        }
                    })
            }}
        </dialog>
    }
    .into_any()
}

/// The texts of a question for a reason.
#[derive(Debug, Clone)]
pub struct ReasonTexts {
    /// The heading.
    pub title: String,
    /// What will happen.
    pub text: String,
    /// The name of the field.
    pub reason: String,
    /// What helps to fill it.
    pub hint: String,
    /// The button that does it.
    pub act: String,
    /// The button that does not.
    pub close: String,
}

/// Asks why, and does not go on without an answer.
#[component]
pub fn ReasonDialog(
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// Its texts.
    texts: ReasonTexts,
    /// How grave the act is.
    #[prop(default = Tone::Primary)]
    tone: Tone,
    /// Whether the act is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Does it, with the reason. Closing is left to whoever knows that it went well.
    #[prop(into)]
    on_reason: Callback<String>,
) -> impl IntoView {
    let ReasonTexts { title, text, reason: name, hint, act, close } = texts;
    let closing = close.clone();
    view! {
        <Dialog open=open title=title close=closing>
            {
                // Made with each opening: the reason of one act is not the reason of the next.
                let reason = RwSignal::new(String::new());
                let (close, act) = (close.clone(), act.clone());
                let empty = Signal::derive(move || reason.with(|reason| reason.trim().is_empty()));
                let submit = move |event: ev::SubmitEvent| {
                    event.prevent_default();
                    if !empty.get_untracked() {
                        on_reason.run(reason.get_untracked().trim().to_owned());
                    }
                };
                view! {
                    <form on:submit=submit class="stack">
                        <p>{text.clone()}</p>
                        <TextArea label=name.clone() hint=hint.clone() value=reason required=true first=true/>
                        <div class="actions end">
                            <Button on_press=move || open.set(false)>{close}</Button>
                            <Button tone=tone submit=true busy=busy disabled=empty>
                                {act}
                            </Button>
                        </div>
                    </form>
                }
            }
        </Dialog>
    }
    .into_any()
}

/// The texts of a yes or no.
#[derive(Debug, Clone)]
pub struct ConfirmTexts {
    /// The heading.
    pub title: String,
    /// What will happen.
    pub text: String,
    /// The button that does it.
    pub act: String,
    /// The button that does not.
    pub close: String,
}

/// Asks whether it is meant, before something is taken away.
#[component]
pub fn ConfirmDialog(
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// Its texts; read when it opens, so that they can name what is meant.
    #[prop(into)]
    texts: Signal<ConfirmTexts>,
    /// Whether the act is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Does it. Closing is left to whoever knows that it went well.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> impl IntoView {
    let ConfirmTexts { title, close, .. } = texts.get_untracked();
    view! {
        <Dialog open=open title=title close=close>
            {
                let ConfirmTexts { text, act, close, .. } = texts.get();
                view! {
                    <p>{text}</p>
                    <div class="actions end">
                        <Button on_press=move || open.set(false)>{close}</Button>
                        <Button tone=Tone::Danger busy=busy on_press=on_confirm>
                            {act}
                        </Button>
                    </div>
                }
            }
        </Dialog>
    }
    .into_any()
}

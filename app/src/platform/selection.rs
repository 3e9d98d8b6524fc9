//! What is selected on the page, where it stands in a text that we drew. Separate: the browser tells of it by an event
//! of the document alone.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Node};

/// Words that are selected within one element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    /// The language of the element.
    pub language: String,
    /// What stands before them in it.
    pub before: String,
    /// The words.
    pub words: String,
}

/// Calls `act` whenever the selection changes, for as long as the part that asks is on the page.
pub fn on_selection(act: impl Fn() + 'static) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let heard = Closure::<dyn Fn()>::new(act).into_js_value();
    // Both fail only for an event that has no name.
    let _ = document.add_event_listener_with_callback("selectionchange", heard.unchecked_ref());
    let kept = StoredValue::new_local((document, heard));
    on_cleanup(move || {
        let _ = kept.try_with_value(|(document, heard)| {
            document.remove_event_listener_with_callback("selectionchange", heard.unchecked_ref())
        });
    });
}

/// What is selected now, if it begins and ends in one element that the selector finds.
pub fn selected(selector: &str) -> Option<Selected> {
    let selection = web_sys::window()?.get_selection().ok()??;
    if selection.is_collapsed() || selection.range_count() == 0 {
        return None;
    }
    let range = selection.get_range_at(0).ok()?;
    let around = |node: Node| {
        let element = node.dyn_into::<Element>().or_else(|node| node.parent_element().ok_or(node)).ok()?;
        element.closest(selector).ok()?
    };
    let element = around(range.start_container().ok()?)?;
    if around(range.end_container().ok()?)? != element {
        return None;
    }
    let before = range.clone_range();
    before.select_node_contents(&element).ok()?;
    before.set_end(&range.start_container().ok()?, range.start_offset().ok()?).ok()?;
    let language = element.closest("[lang]").ok()??.get_attribute("lang")?;
    Some(Selected { language, before: before.to_string().into(), words: range.to_string().into() })
}

/// Forgets it.
pub fn clear() {
    if let Some(Ok(Some(selection))) = web_sys::window().map(|window| window.get_selection()) {
        // Fails only when there is nothing selected.
        let _ = selection.remove_all_ranges();
    }
}

//! The page itself: focus, the root element's language and theme, its address, whether there is a network.
//! Separate from `ui`: these reach beyond the element that is drawn.

use std::cell::RefCell;

use leptos::{
    ev,
    prelude::{request_animation_frame, window_event_listener},
    wasm_bindgen::JsCast,
};
use web_sys::{Document, Element, HtmlElement, Window};

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

/// Puts the focus on an element by its `id`.
pub fn focus(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Fails only for an element that is gone.
        let _ = element.focus();
    }
}

/// The `id` of what has the focus, empty without one; nothing while the focus is nowhere, as after what had it is gone.
pub fn focused() -> Option<String> {
    let active = document()?.active_element().filter(|active| active.tag_name() != "BODY")?;
    Some(active.id())
}

/// Puts the focus there once the next frame is drawn, if what had it was drawn anew: whoever has it stays where they are.
pub fn catch_focus(id: String) {
    request_animation_frame(move || {
        if focused().is_none() {
            focus(&id);
        }
    });
}

/// Moves the focus by `step` among the buttons and links within `list`, around its ends.
pub fn walk_focus(list: &Element, step: i32) -> Option<HtmlElement> {
    let all = list.query_selector_all("button:not(:disabled), a[href]").ok()?;
    let at = |place: u32| all.get(place).and_then(|node| node.dyn_into::<HtmlElement>().ok());
    let active = document()?.active_element();
    let count = i32::try_from(all.length()).ok().filter(|count| *count > 0)?;
    let here = (0..all.length()).find(|place| at(*place).map(Element::from) == active);
    let next = match here {
        Some(here) => (i32::try_from(here).ok()? + step).rem_euclid(count),
        None => 0,
    };
    let element = at(u32::try_from(next).ok()?)?;
    element.focus().ok()?;
    Some(element)
}

/// Closes the popover in which something was pressed.
pub fn close_popover(event: ev::MouseEvent) {
    let popover = event.current_target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if let (Some(popover), Some(pressed)) = (popover, pressed)
        && matches!(pressed.closest("button, a"), Ok(Some(_)))
    {
        // Fails only when it is closed already.
        let _ = popover.hide_popover();
    }
}

/// Sets an attribute of `<html>`; nothing takes it away.
pub fn set_root(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|document| document.document_element()) else { return };
    // Both fail only for names that are no attribute's.
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// Sets a custom property of the style sheet on `<html>`. Through the object model: a style attribute in the page
/// would need a hole in the content security policy.
pub fn set_property(name: &str, value: &str) {
    let root = document().and_then(|document| document.document_element());
    if let Some(root) = root.and_then(|root| root.dyn_into::<HtmlElement>().ok()) {
        let _ = root.style().set_property(name, value);
    }
}

/// Whether an element stands in the page and has an attribute.
pub fn has(id: &str, attribute: &str) -> bool {
    let element = document().and_then(|document| document.get_element_by_id(id));
    element.is_some_and(|element| element.has_attribute(attribute))
}

/// Takes an element out of the page.
pub fn remove(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        element.remove();
    }
}

/// Sets the title of the tab.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

thread_local! {
    static SECRET: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The part of the address behind `#`, taken out of the address bar and the history, for it carries a secret. It is
/// remembered until the page is left, because a change of language draws the page anew.
pub fn take_fragment() -> Option<String> {
    let found = fragment();
    SECRET.with_borrow_mut(|secret| {
        if found.is_some() {
            secret.clone_from(&found);
        }
        secret.clone()
    })
}

/// Whether the address names an element behind `#`: it comes later than the page, so the browser has not gone there.
pub fn is_named(id: &str) -> bool {
    let hash = window().and_then(|window| window.location().hash().ok());
    hash.is_some_and(|hash| hash.trim_start_matches('#') == id)
}

fn fragment() -> Option<String> {
    let window = window()?;
    let location = window.location();
    let fragment = location.hash().ok()?.trim_start_matches('#').to_owned();
    if fragment.is_empty() {
        return None;
    }
    let clean = location.pathname().ok()?;
    // Without it the secret stays visible; there is nothing better to do then.
    let _ = window.history().ok()?.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&clean));
    Some(fragment)
}

/// Takes what stands behind `?` out of the address, without a new entry in the history.
pub fn clean_query() {
    let Some(history) = window().and_then(|window| window.history().ok()) else { return };
    let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path()));
}

/// The path of the address.
pub fn path() -> String {
    window().and_then(|window| window.location().pathname().ok()).unwrap_or_default()
}

/// The site: scheme, host and port.
pub fn origin() -> String {
    window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}

/// Whether the site is on this very machine.
pub fn is_local() -> bool {
    let origin = origin();
    ["http://localhost:", "http://127.0.0.1:"].iter().any(|site| origin.starts_with(site))
}

/// Leaves the desk for another address (a network that asks for consent).
pub fn leave_for(address: &str) {
    if let Some(window) = window() {
        let _ = window.location().set_href(address);
    }
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

/// Whether the device says that there is a network.
pub fn is_online() -> bool {
    window().is_none_or(|window| window.navigator().on_line())
}

/// Whether the page can be seen now.
pub fn is_visible() -> bool {
    document().is_none_or(|document| !document.hidden())
}

/// Calls `act` whenever the network comes or goes, for as long as the desk lives.
pub fn on_network(act: impl Fn(bool) + Clone + 'static) {
    let gone = act.clone();
    // The handles are let go on purpose: the desk listens until it is closed.
    let _ = window_event_listener(ev::online, move |_| act(true));
    let _ = window_event_listener(ev::offline, move |_| gone(false));
}

/// The browser and the system in a few words, to name a device by.
pub fn device() -> String {
    let agent = window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default();
    let first =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    // Order matters: Edge and Chrome say "Safari" too, Android says "Linux".
    let browser = first(&[("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

//! What this device remembers by itself: small texts under a name. Separate because it may be full or forbidden, and
//! then nothing must break.

fn local() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What stands under a name.
pub fn read(name: &str) -> Option<String> {
    local()?.get_item(name).ok()?
}

/// Keeps a text under a name; answers whether it could.
pub fn keep(name: &str, text: &str) -> bool {
    local().is_some_and(|storage| storage.set_item(name, text).is_ok())
}

/// Every name that begins like this.
pub fn names(prefix: &str) -> Vec<String> {
    let Some(storage) = local() else { return Vec::new() };
    let names = (0..storage.length().unwrap_or(0)).filter_map(|place| storage.key(place).ok().flatten());
    names.filter(|name| name.starts_with(prefix)).collect()
}

/// Forgets a name.
pub fn forget(name: &str) {
    if let Some(storage) = local() {
        let _ = storage.remove_item(name);
    }
}

/// Forgets a whole database of the browser's: what the approver's page keeps goes with whoever signs out, wherever they do.
pub fn forget_database(name: &str) {
    use js_sys::{Function, Reflect};
    use wasm_bindgen::{JsCast, JsValue};
    let Some(window) = web_sys::window() else { return };
    // By name: the bindings are a kilobyte.
    let Ok(all) = Reflect::get(&window, &JsValue::from_str("indexedDB")) else { return };
    let forget =
        Reflect::get(&all, &JsValue::from_str("deleteDatabase")).ok().and_then(|act| act.dyn_into::<Function>().ok());
    if let Some(forget) = forget {
        // Where storage is forbidden there is nothing to forget.
        let _ = forget.call1(&all, &JsValue::from_str(name));
    }
}

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

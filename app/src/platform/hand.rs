//! What leaves the page by the reader's hand: copied, shared, downloaded, printed.
//! Separate because each may be refused by the browser, and the page must say so.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlAnchorElement, HtmlElement, ReadableWritablePair, Response, Url};

/// Copies a text; answers whether it could.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
}

/// Whether this device has a share sheet.
pub fn can_share() -> bool {
    share_function().is_some()
}

fn share_function() -> Option<(JsValue, Function)> {
    let navigator = JsValue::from(web_sys::window()?.navigator());
    let share = Reflect::get(&navigator, &JsValue::from_str("share")).ok()?.dyn_into::<Function>().ok()?;
    Some((navigator, share))
}

/// Opens the share sheet with a text; answers whether it was shared.
pub async fn share(text: &str) -> bool {
    let Some((navigator, share)) = share_function() else { return false };
    let data = Object::new();
    // Setting a field of a fresh object cannot fail.
    let _ = Reflect::set(&data, &JsValue::from_str("text"), &JsValue::from_str(text));
    let promise = share.call1(&navigator, &data).ok().and_then(|answer| answer.dyn_into::<Promise>().ok());
    match promise {
        Some(promise) => JsFuture::from(promise).await.is_ok(),
        None => false,
    }
}

/// Downloads a text as a file; answers whether it could.
pub fn download(name: &str, text: &str) -> bool {
    offer(name, &Array::of1(&JsValue::from_str(text))).is_some()
}

/// Downloads a text in parts as a file: one that is long need not stand in memory a second time.
pub fn download_parts(name: &str, parts: impl Iterator<Item = String>) -> bool {
    offer(name, &parts.map(|part| JsValue::from_str(&part)).collect()).is_some()
}

/// Downloads bytes as a file; answers whether it could.
pub fn download_bytes(name: &str, bytes: &[u8]) -> bool {
    offer(name, &Array::of1(&Uint8Array::from(bytes))).is_some()
}

/// Downloads what the browser keeps as a file; answers whether it could.
pub fn download_blob(name: &str, blob: &Blob) -> bool {
    offer(name, &Array::of1(blob)).is_some()
}

/// A file of these parts, each a text or bytes: the browser's own constructor takes both, under whichever of its names here.
fn offer(name: &str, parts: &Array) -> Option<()> {
    let blob = Blob::new_with_str_sequence(parts).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let document = web_sys::window()?.document()?;
    let anchor: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(&address);
    anchor.set_download(name);
    HtmlElement::click(&anchor);
    Url::revoke_object_url(&address).ok()
}

/// A text, compressed (raw DEFLATE) and in base64url: what fits into the part of an address that is sent nowhere.
/// Nothing where the browser cannot.
pub async fn packed(text: &str) -> Option<String> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&JsValue::from_str(text))).ok()?;
    // By name: the binding is still marked unstable.
    let class: Function = Reflect::get(&js_sys::global(), &"CompressionStream".into()).ok()?.dyn_into().ok()?;
    let squeeze = Reflect::construct(&class, &Array::of1(&"deflate-raw".into())).ok()?;
    let stream = blob.stream().pipe_through(squeeze.unchecked_ref::<ReadableWritablePair>());
    let response = Response::new_with_opt_readable_stream(Some(&stream)).ok()?;
    let bytes = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(base64url(&Uint8Array::new(&bytes).to_vec()))
}

/// base64url without padding. The browser's own base64 wants each byte as a letter; the alphabets differ in two letters
/// and the end.
pub fn base64url(bytes: &[u8]) -> String {
    let letters: String = bytes.iter().copied().map(char::from).collect();
    let base64 = web_sys::window().and_then(|window| window.btoa(&letters).ok()).unwrap_or_default();
    base64.trim_end_matches('=').replace('+', "-").replace('/', "_")
}

/// Opens the print dialog.
pub fn print() {
    if let Some(window) = web_sys::window() {
        let _ = window.print();
    }
}

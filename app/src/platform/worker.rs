//! The service worker's side of the page: registered after the first drawing, and heard when a new version waits.
//! Separate because the page must work exactly the same without one.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

fn field(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &JsValue::from_str(name)).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

fn container() -> Option<JsValue> {
    field(&web_sys::window()?.navigator().into(), "serviceWorker")
}

/// Registers the worker of a scope (each page has its own; public pages pass through none), and calls `act` when a newer
/// version is ready to take over.
pub async fn register(scope: &str, act: impl Fn() + 'static) {
    // Without a worker (private windows, plain http) the page needs the network: nothing else changes.
    let _ = try_register(scope, act).await;
}

/// The registration of the worker of a scope, once one is in charge; registers it if nobody has yet.
pub async fn ready(scope: &str) -> Option<JsValue> {
    let container = container()?;
    let register: Function = field(&container, "register")?.dyn_into().ok()?;
    let options = js_sys::Object::new();
    Reflect::set(&options, &JsValue::from_str("scope"), &JsValue::from_str(scope)).ok()?;
    let script = JsValue::from_str(&[scope, "sw.js"].concat());
    let promise = register.call2(&container, &script, &options).ok()?;
    JsFuture::from(promise.dyn_into::<Promise>().ok()?).await.ok()?;
    JsFuture::from(field(&container, "ready")?.dyn_into::<Promise>().ok()?).await.ok()
}

async fn try_register(scope: &str, act: impl Fn() + 'static) -> Option<()> {
    let container = container()?;
    let register: Function = field(&container, "register")?.dyn_into().ok()?;
    let options = js_sys::Object::new();
    Reflect::set(&options, &JsValue::from_str("scope"), &JsValue::from_str(scope)).ok()?;
    let script = JsValue::from_str(&[scope, "sw.js"].concat());
    let promise = register.call2(&container, &script, &options).ok()?;
    let registration = JsFuture::from(promise.dyn_into::<Promise>().ok()?).await.ok()?;

    // `updatefound` tells of a new worker; once it is installed while an old one is in charge, it waits for us.
    let watched = registration.clone();
    let act = std::rc::Rc::new(act);
    if field(&registration, "waiting").is_some() && field(&container, "controller").is_some() {
        act();
    }
    let found = Closure::<dyn FnMut()>::new(move || {
        let Some(worker) = field(&watched, "installing") else { return };
        let (act, own) = (act.clone(), worker.clone());
        let changed = Closure::<dyn FnMut()>::new(move || {
            let installed = field(&own, "state").and_then(|state| state.as_string()).as_deref() == Some("installed");
            if installed && self::container().is_some_and(|container| field(&container, "controller").is_some()) {
                act();
            }
        });
        let _ = Reflect::set(&worker, &JsValue::from_str("onstatechange"), changed.as_ref());
        // Lives as long as the worker: there is nobody to give it back to.
        changed.forget();
    });
    Reflect::set(&registration, &JsValue::from_str("onupdatefound"), found.as_ref()).ok()?;
    found.forget();
    Some(())
}

/// Says a word to the worker that is in charge, if there is one.
pub fn tell(word: &str) {
    let controller = container().and_then(|container| field(&container, "controller"));
    let post = controller.as_ref().and_then(|worker| field(worker, "postMessage")?.dyn_into::<Function>().ok());
    if let (Some(controller), Some(post)) = (controller, post) {
        // Fails only for what cannot be copied.
        let _ = post.call1(&controller, &JsValue::from_str(word));
    }
}

/// Lets the waiting version take over, then loads the page anew.
pub async fn take_over(scope: &str) {
    let _ = try_take_over(scope).await;
    super::page::reload();
}

async fn try_take_over(scope: &str) -> Option<()> {
    let container = container()?;
    let get: Function = field(&container, "getRegistration")?.dyn_into().ok()?;
    let promise = get.call1(&container, &JsValue::from_str(scope)).ok()?.dyn_into::<Promise>().ok()?;
    let registration = JsFuture::from(promise).await.ok()?;
    let waiting = field(&registration, "waiting")?;
    let post: Function = field(&waiting, "postMessage")?.dyn_into().ok()?;
    // The controller changes when it has taken over; only then does a reload bring the new version.
    let changed = Promise::new(&mut |done, _| {
        let _ = Reflect::set(&container, &JsValue::from_str("oncontrollerchange"), &done);
    });
    post.call1(&waiting, &JsValue::from_str("take over")).ok()?;
    JsFuture::from(changed).await.ok()?;
    Some(())
}

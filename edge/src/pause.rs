//! Waiting for a while, inside an invocation.
//! Separate because `worker::Delay` takes what `setTimeout` answers for a number, and since the compatibility date of
//! 2025 it is an object: the timer could not be taken back.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use domain::Millis;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Ends after a while. Dropped before, it takes its timer back, so that nothing outlives the answer.
pub struct Pause {
    ends: JsFuture,
    timer: JsValue,
}

impl Pause {
    /// Of so long.
    pub fn of(span: Millis) -> Self {
        let mut timer = JsValue::UNDEFINED;
        let promise = js_sys::Promise::new(&mut |resolve, _| {
            timer = call("setTimeout", &resolve, &JsValue::from_f64(span.0 as f64));
        });
        Self { ends: JsFuture::from(promise), timer }
    }
}

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.ends).poll(context).map(drop)
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        call("clearTimeout", &self.timer, &JsValue::UNDEFINED);
    }
}

/// Calls a function of the platform; it has both.
fn call(name: &str, first: &JsValue, second: &JsValue) -> JsValue {
    let global = js_sys::global();
    let found = js_sys::Reflect::get(&global, &JsValue::from_str(name)).unwrap_or_default();
    let function: Option<&js_sys::Function> = found.dyn_ref();
    function.and_then(|function| function.call2(&global, first, second).ok()).unwrap_or_default()
}

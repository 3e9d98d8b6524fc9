//! Drawing beside the page, in a worker of its own (`app/pictures.js`): decoding, cutting and writing a photo anew takes a phone
//! tasks of a fifth of a second, in which nobody could type. Separate, because the page must be able to do without.

use domain::media::{Cut, THUMBNAIL_BYTES, THUMBNAIL_SIDE, within};
use js_sys::{Array, Object, Promise, Reflect, Uint8ClampedArray};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, MessageEvent, Worker};

use super::{LIGHT, Laid, Order, QUALITIES};

/// Where its script is, for every page of ours.
const SCRIPT: &str = "/desk/pictures.js";

/// What came of it.
pub struct Made {
    /// The drawing as a file.
    pub blob: Blob,
    /// The small one, if it is light enough.
    pub small: Option<Blob>,
    /// The points of the small one, four bytes each, and its size.
    pub pixels: (Vec<u8>, (u32, u32)),
}

/// A worker that is over when it is dropped.
struct Beside(Worker);

impl Drop for Beside {
    fn drop(&mut self) {
        self.0.terminate();
    }
}

/// Draws the part of a picture that is kept. `None` where the browser has no such workers, or cannot decode the file: the page tries
/// by itself, and says which it was.
pub async fn made(file: &Blob, kept: impl Fn((u32, u32)) -> Cut, order: Order, laid: &Laid) -> Option<Made> {
    let worker = Beside(Worker::new(SCRIPT).ok()?);
    let size = worker.told(&object(&[("file", file.clone().into())])?).await?;
    let Cut { from, part, drawn } = kept(pair(&get(&size, "size")?)?);
    let shown = within(drawn, THUMBNAIL_SIDE);
    let small = object(&[
        ("drawn", list(&[shown.0, shown.1])),
        ("room", JsValue::from_f64(THUMBNAIL_BYTES as f64)),
        ("qualities", fractions(&LIGHT)),
    ])?;
    let over = Array::new();
    for layer in &laid.over {
        let at = list(&[layer.at.left, layer.at.top, layer.at.across, layer.at.down]);
        over.push(&object(&[("file", layer.file.clone().into()), ("at", at)])?);
    }
    let told = object(&[
        ("part", list(&[from.0, from.1, part.0, part.1])),
        ("drawn", list(&[drawn.0, drawn.1])),
        ("quarters", JsValue::from(laid.turn.quarters())),
        ("over", over.into()),
        ("mime", order.mime.mime().into()),
        ("room", JsValue::from_f64(order.room)),
        ("qualities", fractions(&QUALITIES)),
        ("small", small),
    ])?;
    let said = worker.told(&told).await?;
    let pixels: Uint8ClampedArray = get(&said, "pixels")?.dyn_into().ok()?;
    Some(Made {
        blob: get(&said, "blob")?.dyn_into().ok()?,
        small: get(&said, "small").and_then(|small| small.dyn_into().ok()),
        pixels: (pixels.to_vec(), shown),
    })
}

impl Beside {
    /// Tells it something, and waits for what it says to that.
    async fn told(&self, order: &JsValue) -> Option<JsValue> {
        let Self(worker) = self;
        let answer = Promise::new(&mut |resolve, _| {
            let gone = resolve.clone();
            // The resolver of a promise cannot throw.
            let heard = Closure::once_into_js(move |event: MessageEvent| {
                let _ = resolve.call1(&JsValue::UNDEFINED, &event.data());
            });
            let broken = Closure::once_into_js(move || {
                let _ = gone.call1(&JsValue::UNDEFINED, &JsValue::NULL);
            });
            worker.set_onmessage(Some(heard.unchecked_ref()));
            // Its script could not be had, or is not understood.
            worker.set_onerror(Some(broken.unchecked_ref()));
        });
        worker.post_message(order).ok()?;
        let said = JsFuture::from(answer).await.ok()?;
        said.is_object().then_some(said)
    }
}

fn object(fields: &[(&str, JsValue)]) -> Option<JsValue> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &JsValue::from_str(name), value).ok()?;
    }
    Some(object.into())
}

fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &JsValue::from_str(name)).ok()
}

fn list(numbers: &[u32]) -> JsValue {
    numbers.iter().copied().map(JsValue::from).collect::<Array>().into()
}

fn fractions(numbers: &[f64]) -> JsValue {
    numbers.iter().copied().map(JsValue::from_f64).collect::<Array>().into()
}

fn pair(list: &JsValue) -> Option<(u32, u32)> {
    let number = |place: u32| Some(Array::from(list).get(place).as_f64()? as u32);
    Some((number(0)?, number(1)?))
}

//! Objects of JSON, as the record keeps them and as networks are told.
//! Separate from `serde_json::json!`, which writes out, for each field, an allocation, a call and a panic, and needs every
//! type in a second form: in the engine that was 120 KB.

use serde::Serialize;
use serde_json::Map;
pub use serde_json::Value;

/// An object that is being written.
#[derive(Debug, Default)]
pub struct Object(Map<String, Value>);

impl Object {
    /// One more field.
    pub fn set<T: Serialize + ?Sized>(&mut self, name: &str, of: &T) {
        self.insert(name, value(of));
    }
    // Not part of `set`, which is made anew for each type.
    fn insert(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Value::Object(object.0)
    }
}

/// A value of JSON. Through text, as which every type is written anyway: a second way to write them is code for each
/// type. What cannot be written (no type of ours) is null.
pub fn value<T: Serialize + ?Sized>(of: &T) -> Value {
    of_text(&serde_json::to_string(of).unwrap_or_default())
}

fn of_text(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// `json!({ "name": value, … })`, `json!([value, …])`, `json!(value)`. As `serde_json`'s, but what is nested is a `json!`
/// of its own.
#[macro_export]
macro_rules! json {
    ({ $($name:literal: $value:expr),* $(,)? }) => {{
        #[allow(unused_mut)]
        let mut object = $crate::json::Object::default();
        $(object.set($name, &$value);)*
        $crate::json::Value::from(object)
    }};
    ($value:expr) => { $crate::json::value(&$value) };
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_writes_what_serde_json_writes() {
        let list = vec![Some(1_u64), None];
        let ours = json!({ "a": list, "b": json!({ "c": -1.5, "d": "ñ" }), "e": [u64::MAX], "f": () });
        let theirs = serde_json::json!({ "a": list, "b": { "c": -1.5, "d": "ñ" }, "e": [u64::MAX], "f": null });
        assert_eq!(ours, theirs);
        assert_eq!(json!({}), serde_json::json!({}));
    }
}

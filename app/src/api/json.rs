//! Reading what the engine answers. Separate from `serde_json`'s own typed reader for the sake of the first load: that
//! one carries a whole parser into every type and a message for every way to be wrong, a fifth of the desk's bytes.
//! Here the text is parsed once into values, and a type only picks from them; what does not fit is just that.

use std::fmt;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde_json::{Map, Value};

/// Reads a text as a value of a type; nothing if it is not one.
pub fn read<A: DeserializeOwned>(text: &str) -> Option<A> {
    pick(serde_json::from_str(text).ok()?)
}

/// Picks a value of a type from what was parsed; nothing if it is not one.
pub fn pick<A: DeserializeOwned>(value: Value) -> Option<A> {
    A::deserialize(Reader(value)).ok()
}

/// It does not fit. Where and why would be bytes that nobody reads: the engine and the desk are built together.
#[derive(Debug)]
struct Wrong;

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not of the contract")
    }
}

impl std::error::Error for Wrong {}

impl Error for Wrong {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Wrong
    }
}

struct Reader(Value);

impl Reader {
    fn number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let Value::Number(number) = self.0 else { return Err(Wrong) };
        match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => visitor.visit_u64(number),
            (None, Some(number)) => visitor.visit_i64(number),
            (None, None) => visitor.visit_f64(number.as_f64().ok_or(Wrong)?),
        }
    }
}

macro_rules! numbers {
    ($($name:ident),+) => {$(
        fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            self.number(visitor)
        }
    )+};
}

macro_rules! texts {
    ($($name:ident),+) => {$(
        fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            let Value::String(text) = self.0 else { return Err(Wrong) };
            visitor.visit_string(text)
        }
    )+};
}

impl<'de> Deserializer<'de> for Reader {
    type Error = Wrong;

    numbers! {
        deserialize_i8, deserialize_i16, deserialize_i32, deserialize_i64,
        deserialize_u8, deserialize_u16, deserialize_u32, deserialize_u64,
        deserialize_f32, deserialize_f64
    }

    texts! { deserialize_char, deserialize_str, deserialize_string, deserialize_identifier }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(yes) => visitor.visit_bool(yes),
            Value::Number(_) => self.number(visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            Value::Object(fields) => visitor.visit_map(Fields::of(fields)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.0.as_bool().map_or(Err(Wrong), |yes| visitor.visit_bool(yes))
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Wrong> {
        Err(Wrong)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Wrong> {
        Err(Wrong)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let Value::Array(items) = self.0 else { return Err(Wrong) };
        visitor.visit_seq(Items(items.into_iter()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let Value::Object(fields) = self.0 else { return Err(Wrong) };
        visitor.visit_map(Fields::of(fields))
    }

    // Never as a list: half of what a struct would otherwise bring along.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(name.into_deserializer()),
            Value::Object(fields) => {
                let (name, value) = fields.into_iter().next().ok_or(Wrong)?;
                visitor.visit_enum(Variant { name, value })
            }
            _ => Err(Wrong),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }
}

struct Items(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        self.0.next().map(|value| seed.deserialize(Reader(value))).transpose()
    }
}

struct Fields {
    fields: serde_json::map::IntoIter,
    value: Value,
}

impl Fields {
    fn of(fields: Map<String, Value>) -> Self {
        Self { fields: fields.into_iter(), value: Value::Null }
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some((name, value)) = self.fields.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(Reader(Value::String(name))).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        seed.deserialize(Reader(std::mem::take(&mut self.value)))
    }
}

/// A variant that carries something: `{"name": value}`.
struct Variant {
    name: String,
    value: Value,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Wrong;
    type Variant = Reader;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Reader), Wrong> {
        Ok((seed.deserialize(Reader(Value::String(self.name)))?, Reader(self.value)))
    }
}

impl<'de> VariantAccess<'de> for Reader {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::{Refusal, policy};
    use serde::{Deserialize, Serialize};

    use super::*;

    /// Whatever `serde_json` reads of what it wrote, `read` reads the same.
    fn survives<A: Serialize + DeserializeOwned + PartialEq + fmt::Debug>(value: &A) {
        let text = serde_json::to_string(value).unwrap();
        assert_eq!(read::<A>(&text).as_ref(), Some(value), "{text}");
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Shape {
        Point,
        Circle(i8),
        Box { width: f64, height: Option<u64> },
    }

    #[test]
    fn every_shape_of_the_contract_is_read_back() {
        survives(&vec![Shape::Point, Shape::Circle(-3), Shape::Box { width: 1.5, height: Some(u64::MAX) }]);
        survives(&BTreeMap::from([(policy::Rule::AltText, policy::Mode::Off)]));
        survives(&(true, Some("ñ\n".to_owned()), None::<u8>, [1_i64, -1]));
    }

    #[test]
    fn a_fault_is_read_with_what_is_flattened_into_it() {
        let refusal = Refusal::TooLarge { field: "text".to_owned(), limit: 300, length: 312 };
        let place = policy::Place {
            channel: None,
            language: Some(domain::Language::spanish()),
            field: policy::Field::Picture { index: 1 },
            range: Some((1, 4)),
        };
        let evidence = policy::Evidence::Over { limit: 300, count: 312 };
        let finding = policy::Finding { rule: policy::Rule::Length, mode: policy::Mode::Block, place, evidence };
        survives(&wire::Fault { refusal, findings: vec![finding] });
    }

    #[test]
    fn what_is_not_of_the_type_is_nothing() {
        assert!(read::<u8>("300").is_none());
        assert!(read::<Vec<u8>>("{}").is_none());
        assert!(read::<Shape>("\"Square\"").is_none());
        assert!(read::<u8>("<html>").is_none());
    }
}

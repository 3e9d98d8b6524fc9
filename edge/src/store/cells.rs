//! Rows of D1, from their JSON text to the structs that name their columns.
//! Separate from `serde_json`, which could do it in one step: that step is two kilobytes of code for each struct. Here
//! the text is taken apart once, by one function, into cells that borrow from it; a struct only picks its columns.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _, IntoDeserializer, MapAccess, Visitor, value::MapDeserializer},
    forward_to_deserialize_any,
};

use super::{StoreError, json_borrowed};

/// Reads rows.
///
/// # Errors
/// `Row`.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, StoreError> {
    let mut rows = Vec::new();
    for Line(cells) in json_borrowed::<Vec<Line<'_>>>(text)? {
        let row = T::deserialize(MapDeserializer::<_, serde_json::Error>::new(cells.into_iter()));
        rows.push(row.map_err(|error| StoreError::Row(error.to_string()))?);
    }
    Ok(rows)
}

/// A row: its columns by name, in their order.
struct Line<'a>(Vec<(Cow<'a, str>, Cell<'a>)>);

/// All that a column can hold.
enum Cell<'a> {
    Null,
    Integer(i64),
    Number(f64),
    Text(Cow<'a, str>),
}

impl<'de> Deserialize<'de> for Line<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Columns;
        impl<'de> Visitor<'de> for Columns {
            type Value = Line<'de>;
            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a row")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut row: A) -> Result<Line<'de>, A::Error> {
                let mut cells = Vec::with_capacity(16);
                // The name of a column has no letter that JSON would have to escape.
                while let Some((column, cell)) = row.next_entry::<&str, Cell<'de>>()? {
                    cells.push((Cow::Borrowed(column), cell));
                }
                Ok(Line(cells))
            }
        }
        deserializer.deserialize_map(Columns)
    }
}

impl<'de> Deserialize<'de> for Cell<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Cell<'de>;
            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a column")
            }
            fn visit_unit<E>(self) -> Result<Cell<'de>, E> {
                Ok(Cell::Null)
            }
            fn visit_i64<E>(self, number: i64) -> Result<Cell<'de>, E> {
                Ok(Cell::Integer(number))
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Cell<'de>, E> {
                i64::try_from(number).map(Cell::Integer).map_err(|_| E::custom("a number beyond SQLite's"))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Cell<'de>, E> {
                Ok(Cell::Number(number))
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cell<'de>, E> {
                Ok(Cell::Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Cell<'de>, E> {
                Ok(Cell::Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl<'de> IntoDeserializer<'de, serde_json::Error> for Cell<'_> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Cell<'_> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Cell::Null => visitor.visit_unit(),
            // What takes no negative number takes no signed one either.
            Cell::Integer(number) => match u64::try_from(number) {
                Ok(number) => visitor.visit_u64(number),
                Err(_) => visitor.visit_i64(number),
            },
            Cell::Number(number) => visitor.visit_f64(number),
            Cell::Text(Cow::Borrowed(text)) => visitor.visit_str(text),
            Cell::Text(Cow::Owned(text)) => visitor.visit_string(text),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self {
            Cell::Null => visitor.visit_none(),
            cell => visitor.visit_some(cell),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        match self {
            Cell::Text(text) => visitor.visit_enum(text.into_deserializer()),
            _ => Err(Self::Error::custom("a column that is no name")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Inner {
        id: String,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Row {
        count: u32,
        back: i64,
        share: f64,
        name: Option<String>,
        nothing: Option<String>,
        #[serde(flatten)]
        inner: Inner,
    }

    const ROW: &str = r#"{"count":3,"back":-2,"share":4,"name":"ñ \"a\"","nothing":null,"id":"7","more":1.5}"#;

    #[test]
    fn columns_are_found_by_their_names_whatever_else_is_there() {
        let rows: Vec<Row> = read(&format!("[{ROW}]")).unwrap();
        let inner = Inner { id: "7".to_owned() };
        let name = Some("ñ \"a\"".to_owned());
        assert_eq!(rows, [Row { count: 3, back: -2, share: 4.0, name, nothing: None, inner }]);
    }

    #[test]
    fn what_is_not_what_it_should_be_is_a_fault_of_the_row() {
        for text in ["[{}]", "[1]", "{", &format!("[{}]", ROW.replace(":3", ":-3"))] {
            assert!(matches!(read::<Row>(text), Err(StoreError::Row(_))), "{text}");
        }
    }
}

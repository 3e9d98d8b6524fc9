//! JSON text and rows of D1, read into any type: the text is taken apart once, by code that knows no type, into a tree
//! that borrows from it; a type then picks what it knows.
//! Separate from `serde_json`, which could do it in one step: that step is some kilobytes of code for each type, a third
//! of what the engine was. A struct here is a row of places: its fields come in the order it declares them, so what serde
//! derives to tell a map's keys apart is never compiled.

mod parse;
mod read;

use std::borrow::Cow;

use serde::{Deserialize, de::DeserializeOwned};

use read::{Manner, Node};

/// What JSON can say.
#[derive(Debug)]
enum Tree<'a> {
    Null,
    Truth(bool),
    Whole(u64),
    Negative(i64),
    Number(f64),
    Text(Cow<'a, str>),
    List(Vec<Tree<'a>>),
    Map(Fields<'a>),
}

/// An object, in the order it was written.
type Fields<'a> = Vec<(Cow<'a, str>, Tree<'a>)>;

/// Reads what was stored or answered: fields that a type does not know are left out.
///
/// # Errors
/// What `serde_json` says of text that is no JSON, or what a type says of JSON that is not it.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    T::deserialize(Node::new(serde_json::from_str(text)?, Manner::Lenient))
}

/// Reads what comes in at the door: a field that no type knows is refused, whether or not the type says so itself.
///
/// # Errors
/// As [`read()`].
pub fn admit<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    T::deserialize(Node::new(serde_json::from_str(text)?, Manner::Strict))
}

/// Reads rows: a list of objects whose values are no lists or objects. A field that is a struct, and no column, is made
/// of the same row.
///
/// # Errors
/// As [`read()`].
pub fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, serde_json::Error> {
    let rows: Vec<Tree<'_>> = Vec::deserialize(&mut serde_json::Deserializer::from_str(text))?;
    rows.into_iter().map(|row| T::deserialize(Node::new(row, Manner::Row))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::json;

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
        inner: Inner,
    }

    const ROW: &str = r#"{"count":3,"back":-2,"share":4,"name":"ñ \"a\"","nothing":null,"id":"7","more":1.5}"#;

    #[test]
    fn columns_are_found_by_their_names_whatever_else_is_there() {
        let found: Vec<Row> = rows(&format!("[{ROW}]")).unwrap();
        let inner = Inner { id: "7".to_owned() };
        let name = Some("ñ \"a\"".to_owned());
        assert_eq!(found, [Row { count: 3, back: -2, share: 4.0, name, nothing: None, inner }]);
    }

    #[test]
    fn what_is_not_what_it_should_be_is_no_row() {
        for text in ["[{}]", "[1]", "{", &format!("[{}]", ROW.replace(":3", ":-3")), &ROW.replace("\"id\"", "\"di\"")] {
            assert!(rows::<Row>(text).is_err(), "{text}");
        }
    }

    #[derive(Debug, Serialize, Deserialize, PartialEq)]
    #[serde(rename_all = "snake_case")]
    enum Plain {
        Unit,
        New(u8),
        Pair(i8, bool),
        Fields { one: u8, two: Option<u8> },
    }

    #[derive(Debug, Serialize, Deserialize, PartialEq)]
    #[serde(rename_all = "snake_case", tag = "is", deny_unknown_fields)]
    enum Tagged {
        Nothing,
        Some { part: Part, list: Vec<Plain> },
    }

    #[derive(Debug, Serialize, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Part {
        name: String,
        #[serde(default)]
        more: Vec<u64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maybe: Option<Box<Part>>,
        open: Option<i64>,
    }

    #[derive(Debug, Serialize, Deserialize, PartialEq)]
    struct Whole {
        tagged: Vec<Tagged>,
        names: BTreeMap<String, Plain>,
        free: serde_json::Value,
        bytes: [u8; 3],
        pair: (String, f64),
    }

    fn part(name: &str) -> Part {
        Part { name: name.to_owned(), more: vec![u64::MAX, 0], maybe: None, open: Some(i64::MIN) }
    }

    #[test]
    fn every_shape_comes_back_as_it_was_written() {
        let fields = Plain::Fields { one: 1, two: None };
        let list = vec![Plain::Unit, Plain::New(7), Plain::Pair(-1, true), fields];
        let whole = Whole {
            tagged: vec![Tagged::Nothing, Tagged::Some { part: part("a\nñ"), list }],
            names: [("ü \"".to_owned(), Plain::Unit), ("b".to_owned(), Plain::New(0))].into(),
            free: json!({ "a": [1, -1, 1.5, null, { "b": true }] }),
            bytes: [1, 2, 255],
            pair: ("x".to_owned(), 2.0),
        };
        let text = serde_json::to_string(&whole).unwrap();
        assert_eq!(read::<Whole>(&text).unwrap(), whole);
        assert_eq!(admit::<Whole>(&text).unwrap(), whole);
        assert_eq!(read::<Vec<Option<Plain>>>("[null, \"unit\"]").unwrap(), [None, Some(Plain::Unit)]);
    }

    #[test]
    fn what_may_be_left_out_is_made_up_and_all_else_is_named() {
        let bare = Part { name: "a".to_owned(), more: Vec::new(), maybe: None, open: None };
        assert_eq!(admit::<Part>(r#"{"name":"a"}"#).unwrap(), bare);
        let says = |text: &str| admit::<Part>(text).unwrap_err().to_string();
        assert!(says(r#"{"more":[]}"#).starts_with("missing field `name`"));
        assert!(says(r#"{"name":"a","x":1}"#).starts_with("unknown field `x`"));
        assert!(says(r#"{"name":"a","maybe":{"name":"b","y":1}}"#).starts_with("unknown field `y`"));
        assert!(says(r#"{"name":"a","name":"b"}"#).starts_with("duplicate field `name`"));
        // The first that is wrong is not the one that was left out before it.
        assert!(!says(r#"{"name":"a","open":"no"}"#).contains("missing"));
        assert!(!says(r#"["a",[],null,null]"#).contains("missing"));
    }

    #[test]
    fn what_was_stored_may_know_more_but_says_nothing_twice() {
        assert!(read::<Part>(r#"{"name":"a","x":1}"#).is_ok());
        assert!(read::<Part>(r#"{"name":"a","name":"b"}"#).is_err());
        for text in ["", "{", "1 2", r#"{"name":1}"#, r#"{"name":null}"#, r#"{"name":"a","more":[-1]}"#] {
            assert!(read::<Part>(text).is_err(), "{text}");
        }
        assert!(read::<Plain>(r#"{"new":1,"unit":null}"#).is_err());
        assert!(read::<Plain>(r#""new""#).is_err());
        assert!(read::<Plain>(r#"{"unit":1}"#).is_err());
    }

    #[test]
    fn nesting_has_an_end() {
        assert!(read::<serde_json::Value>(&"[".repeat(100_000)).is_err());
    }
}
